-- expect: none
-- before: CREATE TYPE "Role" AS ENUM ('ADMIN', 'GUEST');
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "role" "Role"); CREATE TABLE "Setting" ("name" TEXT);
ALTER TYPE "Role" ADD VALUE 'OWNER';
INSERT INTO "Setting" VALUES ('OWNER');
