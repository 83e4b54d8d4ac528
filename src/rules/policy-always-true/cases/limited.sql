-- expect: none
CREATE POLICY readers ON "User" FOR SELECT USING (true);
CREATE POLICY administrators ON "User" TO administrator USING (true);
CREATE POLICY own_rows ON "User" USING (id = 1) WITH CHECK (true);
CREATE POLICY never_deleted ON "User" AS RESTRICTIVE FOR DELETE USING (true);
