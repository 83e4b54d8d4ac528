-- expect: 2 findings at lines 3, 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "name" TEXT, "active" BOOLEAN);
UPDATE "User" SET "active" = true;
UPDATE "User" SET "name" = '' WHERE "name" IS NULL;
