-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, old TEXT); CREATE VIEW people AS SELECT id, name, old FROM "User";
DROP VIEW people;
ALTER TABLE "User" DROP COLUMN old;
CREATE VIEW people AS SELECT id, name FROM "User";
CREATE INDEX "User_name_idx" ON "User" (name);
