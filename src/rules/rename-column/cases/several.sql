-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "firstName" TEXT, "lastName" TEXT); CREATE TABLE "Client" (id INT PRIMARY KEY, "name" TEXT);
ALTER TABLE "User" RENAME COLUMN "firstName" TO "first_name";
ALTER TABLE "User" RENAME COLUMN "lastName" TO "last_name";
ALTER TABLE "Client" RENAME TO "Customer";
ALTER TABLE "Customer" RENAME COLUMN "name" TO "fullName";
