-- expect: 2 findings at lines 3, 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "firstName" TEXT, "lastName" TEXT);
ALTER TABLE "User" DROP COLUMN "firstName", DROP COLUMN "lastName", ADD COLUMN "first_name" TEXT, ADD COLUMN "last_name" TEXT;
