-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, email TEXT); CREATE INDEX "User_email_idx" ON "User" (email);
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'User_mail_idx') THEN
    CREATE INDEX "User_mail_idx" ON "User" (email);
  END IF;
END $$;
