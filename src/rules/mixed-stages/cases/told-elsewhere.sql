-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, old TEXT); CREATE TABLE "Post" (id INT PRIMARY KEY, "userId" INT);
-- execution: batch
-- lock-held-during-work says how to split it.
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
UPDATE "User" SET "nickname" = name;
ALTER TABLE "User" DROP COLUMN old;
