-- expect: none
-- before: CREATE TABLE "Post" (id INT); CREATE INDEX "Post_id_idx" ON "Post" (id);
CREATE INDEX IF NOT EXISTS "Post_id_idx" ON "Post" (id);
