-- expect: 2 findings at lines 3, 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "name" TEXT); ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;
CREATE VIEW people AS SELECT "name" FROM "User";
CREATE MATERIALIZED VIEW names AS SELECT "name" FROM "User";
