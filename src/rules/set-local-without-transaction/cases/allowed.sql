-- expect: none
-- execution: split
-- airlock: allow set-local-without-transaction because it is for older versions of Prisma
SET LOCAL lock_timeout = '1s';
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
