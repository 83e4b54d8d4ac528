-- expect: 1 finding at line 7
-- execution: split
-- before: CREATE TYPE "Role" AS ENUM ('ADMIN', 'GUEST');
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "role" "Role");
BEGIN;
ALTER TYPE "Role" ADD VALUE 'OWNER';
UPDATE "User" SET "role" = 'OWNER'::"Role";
COMMIT;
