-- expect: 1 finding at line 3
CREATE TABLE "Comment" (id INT, "postId" INT);
ALTER TABLE "Comment" ADD CONSTRAINT "Comment_postId_fkey" FOREIGN KEY ("postId") REFERENCES "Post"("id");
UPDATE "User" SET "name" = trim("name");
