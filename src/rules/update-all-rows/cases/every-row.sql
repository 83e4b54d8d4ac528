-- expect: 2 findings at lines 4, 6
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "name" TEXT, "active" BOOLEAN);
-- before: CREATE TABLE "Post" (id INT PRIMARY KEY, words INT);
UPDATE "User" SET "active" = true;
UPDATE "User" SET "name" = '' WHERE "name" IS NULL;
UPDATE "Post" SET words = 0;
