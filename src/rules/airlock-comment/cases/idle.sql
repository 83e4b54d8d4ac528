-- expect: 3 findings at lines 2, 5, 7
-- airlock: allow ban-drop-column because it stands above BEGIN
BEGIN;
ALTER TABLE "User" DROP COLUMN a;
-- airlock: allow ban-drop-table because the statement is about a column
ALTER TABLE "User" DROP COLUMN b;
COMMIT; -- airlock: allow ban-drop-column because it comes too late
