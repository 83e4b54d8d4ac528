-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
ALTER TABLE "User" DROP COLUMN IF EXISTS "email";
