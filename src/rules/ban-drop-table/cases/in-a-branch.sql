-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT);
DO $$ BEGIN IF now() > '2030-01-01' THEN DROP TABLE "User"; END IF; END $$;
