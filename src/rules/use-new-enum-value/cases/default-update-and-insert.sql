-- expect: 3 findings at lines 5, 7, 9
-- before: CREATE TYPE "Role" AS ENUM ('ADMIN', 'GUEST');
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "role" "Role");
ALTER TYPE "Role" ADD VALUE 'OWNER';
ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'OWNER';
ALTER TYPE "Role" ADD VALUE 'ROOT';
UPDATE "User" SET "role" = 'ROOT' WHERE "role" = 'ADMIN';
ALTER TYPE "Role" ADD VALUE 'BOT';
CREATE TABLE "Service" (id INT PRIMARY KEY, "role" "Role" NOT NULL DEFAULT 'BOT');
