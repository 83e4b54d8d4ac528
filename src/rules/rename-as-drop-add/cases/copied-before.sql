-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT);
ALTER TABLE "User" ADD COLUMN "fullName" TEXT;
UPDATE "User" SET "fullName" = trim("User".name);
ALTER TABLE "User" DROP COLUMN name;
