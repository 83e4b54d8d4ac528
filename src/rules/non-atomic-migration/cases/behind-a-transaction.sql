-- expect: 1 finding at line 7
-- execution: split
BEGIN;
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
UPDATE "User" SET "nickname" = "name";
COMMIT;
DELETE FROM "Session";
