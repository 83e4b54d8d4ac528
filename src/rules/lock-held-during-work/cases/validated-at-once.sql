-- expect: 1 finding at line 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY); CREATE TABLE "Post" (id INT PRIMARY KEY, "userId" INT);
ALTER TABLE "Post" ADD CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" (id) NOT VALID;
ALTER TABLE "Post" VALIDATE CONSTRAINT "Post_userId_fkey";
