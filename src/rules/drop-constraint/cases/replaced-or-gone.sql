-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "email" TEXT UNIQUE, "nick" TEXT UNIQUE, "name" TEXT);
-- before: ALTER TABLE "User" ADD CONSTRAINT "User_name_not_null" CHECK ("name" IS NOT NULL);
-- before: CREATE TABLE "Post" (id INT PRIMARY KEY, "userId" INT CONSTRAINT "Post_userId_fkey" REFERENCES "User"(id));
ALTER TABLE "Post" DROP CONSTRAINT "Post_userId_fkey";
ALTER TABLE "Post" ADD CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"(id) ON DELETE CASCADE;
ALTER TABLE "User" DROP CONSTRAINT "User_email_key", ADD CONSTRAINT "User_email_unique" UNIQUE ("email");
ALTER TABLE "User" DROP COLUMN "nick";
ALTER TABLE "User" ALTER COLUMN "name" SET NOT NULL, DROP CONSTRAINT "User_name_not_null";
