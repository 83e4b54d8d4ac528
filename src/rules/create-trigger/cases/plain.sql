-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
CREATE TRIGGER audit AFTER UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION note_change();
