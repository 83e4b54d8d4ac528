-- expect: 1 finding at line 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, old TEXT); CREATE TABLE "Post" (id INT PRIMARY KEY, "userId" INT);
-- The types differ, so that it is no rename.
ALTER TABLE "User" DROP COLUMN old, ADD COLUMN age INT;
