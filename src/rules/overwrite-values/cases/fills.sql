-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "email" TEXT, "name" TEXT);
ALTER TABLE "User" ADD COLUMN "slug" TEXT;
UPDATE "User" SET "slug" = lower("email");
UPDATE "User" SET "email" = '' WHERE "email" IS NULL AND id > 7;
UPDATE "User" SET "name" = coalesce("name", 'nobody');
CREATE TABLE "Draft" (id INT, "title" TEXT);
UPDATE "Draft" SET "title" = '';
