-- expect: 2 findings at lines 2, 3
CREATE INDEX "Post_authorId_idx" ON "Post"("authorId");
CREATE UNIQUE INDEX IF NOT EXISTS "User_slug_key" ON "User"("slug");
