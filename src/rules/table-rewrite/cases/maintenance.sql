-- expect: 2 findings at lines 2, 3
VACUUM FULL "User";
ALTER TABLE "User" SET UNLOGGED;
