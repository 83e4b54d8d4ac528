-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, old TEXT); CREATE TABLE "Post" (id INT PRIMARY KEY, "userId" INT);
CREATE TYPE "Role" AS ENUM ('ADMIN', 'MEMBER');
ALTER TABLE "User" ADD COLUMN role "Role";
CREATE TABLE "Team" (id INT PRIMARY KEY, name TEXT);
INSERT INTO "Team" VALUES (1, 'first');
CREATE INDEX "Post_userId_idx" ON "Post" ("userId");
