-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
-- before: CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT CONSTRAINT "Post_authorId_fkey" REFERENCES "User"(id));
ALTER TABLE "Post" DROP CONSTRAINT "Post_authorId_fkey";
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"(id) ON DELETE CASCADE;
ALTER TABLE "Post" ADD COLUMN "editorId" INT;
ALTER TABLE "Post" ADD CONSTRAINT "Post_editorId_fkey" FOREIGN KEY ("editorId") REFERENCES "User"(id) ON DELETE RESTRICT;
