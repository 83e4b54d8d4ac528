-- expect: none
-- execution: split
-- Neither can fail on a row.
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
ALTER TABLE "Post" ADD COLUMN "words" INT;
