-- expect: 1 finding at line 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "name" TEXT);
-- before: ALTER TABLE "User" ADD CONSTRAINT "User_name_not_null" CHECK ("name" IS NOT NULL) NOT VALID;
ALTER TABLE "User" ALTER COLUMN "name" SET NOT NULL;
