-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY); CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT);
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'Post_authorId_fkey') THEN
    ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User" (id) NOT VALID;
  END IF;
END $$;
