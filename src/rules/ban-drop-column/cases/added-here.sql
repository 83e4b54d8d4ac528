-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
ALTER TABLE "User" ADD COLUMN "note" TEXT;
ALTER TABLE "User" DROP COLUMN "note";
