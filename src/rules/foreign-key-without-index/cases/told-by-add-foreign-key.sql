-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
-- before: CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT);
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"(id) ON DELETE CASCADE;
