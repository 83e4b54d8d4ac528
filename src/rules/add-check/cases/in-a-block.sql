-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, email TEXT, name TEXT NOT NULL);
DO $$ BEGIN
  IF current_setting('app.step', true) = '2' THEN
    ALTER TABLE "User" ADD CONSTRAINT "User_email_check" CHECK (email <> '');
  END IF;
END $$;
