-- expect: 2 findings at lines 2, 3
CREATE POLICY everybody ON "User" USING (true);
CREATE POLICY anybody ON "User" FOR INSERT WITH CHECK (true);
