-- expect: 1 finding at line 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY); CREATE TABLE "Post" (id INT PRIMARY KEY);
ALTER TABLE "Post" ADD COLUMN "words" INT;
UPDATE "User" SET id = id;
ALTER TABLE "User" ADD COLUMN "active" BOOLEAN;
UPDATE "User" SET "active" = true;
