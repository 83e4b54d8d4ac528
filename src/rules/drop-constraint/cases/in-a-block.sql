-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, email TEXT); CREATE UNIQUE INDEX "User_email_key" ON "User" (email);
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'User_email_key') THEN
    DROP INDEX "User_email_key";
  END IF;
END $$;
