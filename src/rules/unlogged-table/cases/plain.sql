-- expect: 2 findings at lines 2, 3
ALTER TABLE "User" SET UNLOGGED;
CREATE UNLOGGED TABLE "Cache" (id INT PRIMARY KEY);
