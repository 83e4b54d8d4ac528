-- expect: 1 finding at line 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
-- before: CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'audit') THEN
    CREATE TRIGGER audit AFTER UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION note_change();
  END IF;
END $$;
