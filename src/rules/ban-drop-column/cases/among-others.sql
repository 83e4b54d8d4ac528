-- expect: 1 finding at line 4
-- The finding points at the command, not at the statement.
ALTER TABLE "User" ADD COLUMN "note" TEXT,
  DROP COLUMN "email",
  DROP COLUMN "phone";
