-- expect: none
-- before: CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT, "at" DATE, "text" TEXT);
-- before: CREATE INDEX "Post_authorId_at_idx" ON "Post" ("authorId", "at"); CREATE INDEX "Post_old_idx" ON "Post" ("at");
CREATE INDEX "Post_at_authorId_idx" ON "Post" ("at" DESC, "authorId");
CREATE UNIQUE INDEX "Post_authorId_key" ON "Post" ("authorId");
CREATE INDEX "Post_authorId_part" ON "Post" ("authorId") WHERE "at" IS NULL;
CREATE INDEX "Post_text_idx" ON "Post" USING gin ("text" gin_trgm_ops);
DROP INDEX "Post_old_idx";
CREATE INDEX "Post_new_idx" ON "Post" ("at");
