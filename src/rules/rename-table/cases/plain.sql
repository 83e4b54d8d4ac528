-- expect: 2 findings at lines 3, 4
-- before: CREATE TABLE "Client" (id INT PRIMARY KEY); CREATE TABLE app."Item" (id INT PRIMARY KEY);
ALTER TABLE "Client" RENAME TO "Customer";
ALTER TABLE app."Item" SET SCHEMA shop;
