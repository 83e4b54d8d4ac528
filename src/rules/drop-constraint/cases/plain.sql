-- expect: 3 findings at lines 4, 5, 6
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "email" TEXT, "age" INT CHECK (age > 0));
-- before: CREATE UNIQUE INDEX "User_email_key" ON "User" ("email"); CREATE TABLE "Post" (id INT PRIMARY KEY, "userId" INT CONSTRAINT "Post_userId_fkey" REFERENCES "User"(id) ON DELETE CASCADE);
DROP INDEX "User_email_key";
ALTER TABLE "Post" DROP CONSTRAINT "Post_pkey";
ALTER TABLE "User" DROP CONSTRAINT "User_age_check";
