-- expect: none
CREATE INDEX CONCURRENTLY "Post_slug_idx" ON "Post" ("slug");
CREATE INDEX IF NOT EXISTS "Post_title_idx" ON "Post" ("title");
DROP INDEX CONCURRENTLY IF EXISTS "Post_text_idx";
CREATE INDEX CONCURRENTLY IF NOT EXISTS "Post_text_idx" ON "Post" ("text");
