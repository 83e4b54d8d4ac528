-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "name" TEXT, "active" BOOLEAN);
UPDATE "User" SET "active" = true WHERE id = 7 AND "name" = 'Ada';
UPDATE "User" SET "active" = true WHERE id IN (7, 8);
UPDATE "User" SET "name" = '' WHERE id IN (SELECT id FROM "User" WHERE "name" IS NULL LIMIT 5000);
CREATE TABLE "Draft" (id INT, "title" TEXT);
UPDATE "Draft" SET "title" = '';
UPDATE "User" SET "name" = '' WHERE "name" = 'nobody';
