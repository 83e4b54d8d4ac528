-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_policies WHERE policyname = 'everybody') THEN
    CREATE POLICY everybody ON "User" USING (true);
  END IF;
  CREATE POLICY one ON "User" USING (id = 1);
END $$;
