-- expect: 1 finding at line 3
-- before: CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT, slug TEXT);
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'Post_authorId_idx') THEN
    CREATE INDEX "Post_authorId_idx" ON "Post"("authorId");
  END IF;
  ALTER TABLE "Post" ADD CONSTRAINT "Post_slug_key" UNIQUE (slug);
END $$;
