-- expect: none
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
