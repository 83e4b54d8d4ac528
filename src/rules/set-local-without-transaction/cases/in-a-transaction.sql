-- expect: none
-- execution: split
BEGIN;
SET LOCAL lock_timeout = '1s';
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
COMMIT;
