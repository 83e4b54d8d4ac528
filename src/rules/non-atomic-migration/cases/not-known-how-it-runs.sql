-- expect: none
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
UPDATE "User" SET "nickname" = "name";
