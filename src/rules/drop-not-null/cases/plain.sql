-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "name" TEXT NOT NULL);
ALTER TABLE "User" ALTER COLUMN "name" DROP NOT NULL;
