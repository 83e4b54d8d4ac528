-- expect: 1 finding at line 4
-- execution: split
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
UPDATE "User" SET "nickname" = "name";
