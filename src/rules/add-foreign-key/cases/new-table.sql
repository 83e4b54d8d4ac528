-- expect: none
-- Empty, so nothing is checked, and nothing slow follows.
CREATE TABLE "Comment" (id INT, "postId" INT);
ALTER TABLE "Comment" ADD CONSTRAINT "Comment_postId_fkey" FOREIGN KEY ("postId") REFERENCES "Post"("id");
