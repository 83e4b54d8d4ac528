-- expect: 1 finding at line 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "name" TEXT);
-- AlterTable
ALTER TABLE "User" DROP COLUMN "name",
ADD COLUMN     "fullName" TEXT;
