-- expect: 1 finding at line 2
DO $$ BEGIN EXECUTE 'DROP TABLE "User"'; END $$;
