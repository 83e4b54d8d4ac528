-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY); ALTER TABLE "User" ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON "User" USING (id = 1);
DO $$ BEGIN
  DROP POLICY p ON "User";
  CREATE POLICY q ON "User" USING (id = 2);
END $$;
