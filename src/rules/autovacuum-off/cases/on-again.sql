-- expect: none
ALTER TABLE "User" SET (autovacuum_enabled = false);
UPDATE "User" SET id = id WHERE id = 7;
ALTER TABLE "User" RESET (autovacuum_enabled);
ALTER TABLE "Post" SET (autovacuum_enabled = true);
