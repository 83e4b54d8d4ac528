-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT NOT NULL);
ALTER TABLE "User" RENAME COLUMN name TO "fullName";
ALTER TABLE "User" ALTER COLUMN "fullName" DROP NOT NULL;
