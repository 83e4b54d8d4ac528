-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "name" TEXT); ALTER TABLE "User" ENABLE ROW LEVEL SECURITY; CREATE TABLE "Tag" (id INT);
CREATE VIEW people WITH (security_invoker = true) AS SELECT "name" FROM "User";
CREATE VIEW tags AS SELECT id FROM "Tag";
CREATE VIEW later AS SELECT id FROM "User";
ALTER VIEW later SET (security_invoker = on);
