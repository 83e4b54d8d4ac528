-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
CREATE TABLE "Draft" (id INT);
ALTER TABLE "Draft" ADD COLUMN "title" TEXT;
INSERT INTO "Draft" (id) SELECT id FROM "User";
UPDATE "Draft" SET "title" = '';
