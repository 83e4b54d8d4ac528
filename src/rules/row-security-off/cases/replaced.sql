-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY); ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;
-- before: CREATE POLICY own_rows ON "User" USING (id = 1);
DROP POLICY own_rows ON "User";
CREATE POLICY team_rows ON "User" USING (id < 10);
CREATE TABLE "Draft" (id INT);
ALTER TABLE "Draft" DISABLE ROW LEVEL SECURITY;
