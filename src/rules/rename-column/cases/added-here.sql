-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
ALTER TABLE "User" ADD COLUMN "nick" TEXT;
ALTER TABLE "User" RENAME COLUMN "nick" TO "nickname";
CREATE TABLE "Draft" (id INT, "title" TEXT);
ALTER TABLE "Draft" RENAME COLUMN "title" TO "name";
