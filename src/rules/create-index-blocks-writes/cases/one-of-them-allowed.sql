-- expect: 1 finding at line 4
-- airlock: allow create-index-blocks-writes because nobody writes posts at night
CREATE INDEX "Post_authorId_idx" ON "Post"("authorId");
CREATE INDEX "Post_slug_idx" ON "Post"("slug");
