-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY); ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;
DO $$ BEGIN
  CREATE VIEW a AS SELECT id FROM "User";
  CREATE VIEW b WITH (security_invoker = true) AS SELECT id FROM "User";
END $$;
