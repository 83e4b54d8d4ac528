-- expect: 2 findings at lines 3, 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
DO $$ BEGIN
  CREATE UNLOGGED TABLE spare (id INT);
  ALTER TABLE "User" SET UNLOGGED;
END $$;
