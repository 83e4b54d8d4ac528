-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT);
ALTER TABLE "User" DROP COLUMN name, ADD COLUMN "fullName" TEXT NOT NULL;
