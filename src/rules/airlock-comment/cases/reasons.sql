-- expect: 3 findings at lines 2, 4, 6
-- airlock: allow ban-drop-column
ALTER TABLE "User" DROP COLUMN a;
-- airlock: allow ban-drop-column because
ALTER TABLE "User" DROP COLUMN b;
ALTER TABLE "User" DROP COLUMN c; -- airlock: allow ban-drop-column - it is gone
