-- expect: none
-- before: CREATE TABLE "Post" (id INT PRIMARY KEY, slug TEXT); CREATE TABLE "Like" (id INT PRIMARY KEY, "postId" INT);
-- Either the table has no rows, or the migration ends at the required column.
ALTER TABLE "Post" ADD COLUMN "authorId" INT NOT NULL;
CREATE INDEX "Post_authorId_idx" ON "Post"("authorId");
DELETE FROM "Like";
CREATE INDEX "Like_postId_idx" ON "Like"("postId");
