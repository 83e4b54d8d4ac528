-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "name" TEXT, "email" TEXT NOT NULL);
ALTER TABLE "User" ALTER COLUMN "name" DROP NOT NULL;
ALTER TABLE "User" ALTER COLUMN "email" DROP NOT NULL;
ALTER TABLE "User" DROP COLUMN "email";
