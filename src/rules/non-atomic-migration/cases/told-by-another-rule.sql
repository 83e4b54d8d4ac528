-- expect: none
-- execution: split
-- What stays is said by set-not-null.
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
ALTER TABLE "User" ALTER COLUMN "name" SET NOT NULL;
