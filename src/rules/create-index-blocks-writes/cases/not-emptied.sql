-- expect: 2 findings at lines 4, 6
-- before: CREATE TABLE "Post" (id INT PRIMARY KEY, slug TEXT); CREATE TABLE "Like" (id INT PRIMARY KEY, "postId" INT);
DELETE FROM "Like" WHERE "postId" IS NULL;
CREATE INDEX "Like_postId_idx" ON "Like"("postId");
ALTER TABLE "Post" ADD COLUMN "authorId" INT NOT NULL DEFAULT 0;
CREATE INDEX "Post_authorId_idx" ON "Post"("authorId");
DELETE FROM "Post";
