-- expect: 1 finding at line 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, old TEXT); CREATE TABLE "Post" (id INT PRIMARY KEY, "userId" INT);
-- execution: batch
UPDATE "User" SET name = '' WHERE name IS NULL;
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
