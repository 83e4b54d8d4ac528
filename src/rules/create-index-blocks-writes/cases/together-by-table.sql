-- expect: 2 findings at lines 2, 3
CREATE INDEX "Post_authorId_idx" ON "Post"("authorId");
CREATE INDEX "User_name_idx" ON "User"("name");
CREATE UNIQUE INDEX "Post_slug_key" ON "Post"("slug");
