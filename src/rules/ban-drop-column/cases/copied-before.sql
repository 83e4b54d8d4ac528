-- expect: 1 finding at line 5
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT);
ALTER TABLE "User" ADD COLUMN "fullName" TEXT;
UPDATE "User" SET "fullName" = name;
ALTER TABLE "User" DROP COLUMN name;
