-- expect: 1 finding at line 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY); CREATE TABLE "Post" (id INT PRIMARY KEY);
ALTER TABLE "Post" ADD COLUMN "authorId" INT NOT NULL;
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") ON DELETE CASCADE;
