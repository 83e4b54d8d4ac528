-- expect: none
-- airlock: allow ban-drop-column because the field left the application with release 41
-- DropColumn
ALTER TABLE "User" DROP COLUMN a;
ALTER TABLE "User" DROP COLUMN b; -- airlock: allow ban-drop-column because of the same
ALTER TABLE "User"
  -- Airlock: allow ban-drop-column, add-not-null-without-default because the table is empty
  DROP COLUMN c,
  ADD COLUMN d TEXT NOT NULL;
/*
 * airlock: allow ban-drop-column because it takes
 * more than one line to say why
 */
ALTER TABLE "User" DROP COLUMN e; /* airlock: allow ban-drop-table because it is archived */ DROP TABLE "Old";
