-- expect: none
CREATE TABLE "Draft" (id INT);
CREATE INDEX ON "Draft" (id);
CREATE INDEX CONCURRENTLY "Post_authorId_idx" ON "Post"("authorId");
