-- expect: 1 finding at line 4
ALTER TABLE "User" DROP COLUMN a;

-- airlock: allow ban-drop-column because it is below
