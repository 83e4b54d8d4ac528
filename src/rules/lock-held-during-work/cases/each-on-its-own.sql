-- expect: none
-- execution: split
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
ALTER TABLE "User" ADD COLUMN "active" BOOLEAN;
UPDATE "User" SET "active" = true;
BEGIN;
UPDATE "User" SET "active" = false;
ALTER TABLE "User" ADD COLUMN "note" TEXT;
COMMIT;
