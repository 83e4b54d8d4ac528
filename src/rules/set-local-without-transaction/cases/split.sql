-- expect: 1 finding at line 3
-- execution: split
SET LOCAL lock_timeout = '1s';
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
