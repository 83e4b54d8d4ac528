-- expect: 1 finding at line 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
-- before: CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT, "editorId" INT);
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"(id) ON DELETE CASCADE NOT VALID;
ALTER TABLE "Post" ADD CONSTRAINT "Post_editorId_fkey" FOREIGN KEY ("editorId") REFERENCES "User"(id) ON DELETE CASCADE NOT VALID;
