-- expect: none
-- execution: batch
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
UPDATE "User" SET "nickname" = "name";
