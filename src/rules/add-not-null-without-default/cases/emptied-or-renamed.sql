-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT); CREATE TABLE "Session" (id INT PRIMARY KEY);
-- The second is told by rename-as-drop-add.
TRUNCATE "Session";
ALTER TABLE "Session" ADD COLUMN token TEXT NOT NULL;
ALTER TABLE "User" DROP COLUMN name, ADD COLUMN "fullName" TEXT NOT NULL;
