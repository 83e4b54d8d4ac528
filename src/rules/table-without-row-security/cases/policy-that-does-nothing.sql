-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
CREATE POLICY own_rows ON "User" USING (id = 1);
