-- expect: none
-- before: CREATE TABLE "User" (id INT);
DO $$ BEGIN EXECUTE 'ALTER TABLE "User" ADD COLUMN a INT'; EXCEPTION WHEN duplicate_column THEN NULL; END $$;
