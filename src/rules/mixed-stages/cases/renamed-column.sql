-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT);
-- rename-column says how to do without.
ALTER TABLE "User" RENAME COLUMN name TO "fullName";
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
