-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, email TEXT);
ALTER TABLE "User" DROP COLUMN "email";
