-- expect: 1 finding at line 2
CREATE INDEX CONCURRENTLY IF NOT EXISTS "Post_slug_idx" ON "Post" ("slug");
