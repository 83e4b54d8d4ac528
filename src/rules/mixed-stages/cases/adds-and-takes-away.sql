-- expect: 1 finding at line 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, old TEXT); CREATE TABLE "Post" (id INT PRIMARY KEY, "userId" INT);
ALTER TABLE "User" ADD COLUMN age INT;
ALTER TABLE "User" DROP COLUMN old;
