-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, old TEXT); CREATE TABLE "Post" (id INT PRIMARY KEY, "userId" INT);
-- Written as a rename it is one step.
ALTER TABLE "User" DROP COLUMN name, ADD COLUMN "fullName" TEXT;
