-- expect: none
-- execution: split
-- before: CREATE TYPE "Role" AS ENUM ('ADMIN', 'GUEST');
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "role" "Role");
ALTER TYPE "Role" ADD VALUE 'OWNER';
ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'OWNER';
