-- expect: 2 findings at lines 2, 3
ALTER TABLE "User" DISABLE ROW LEVEL SECURITY;
DROP POLICY own_rows ON "User";
