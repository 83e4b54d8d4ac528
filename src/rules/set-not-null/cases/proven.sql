-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "name" TEXT);
-- before: ALTER TABLE "User" ADD CONSTRAINT "User_name_not_null" CHECK ("name" IS NOT NULL) NOT VALID;
-- before: ALTER TABLE "User" VALIDATE CONSTRAINT "User_name_not_null";
ALTER TABLE "User" ALTER COLUMN "name" SET NOT NULL, DROP CONSTRAINT "User_name_not_null";
ALTER TABLE "User" ALTER COLUMN id SET NOT NULL;
