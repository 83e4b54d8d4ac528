-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "name" TEXT);
ALTER TABLE "User" DROP COLUMN "name", ADD COLUMN "age" INTEGER;
