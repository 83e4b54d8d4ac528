-- expect: 2 findings at lines 2, 3
ALTER TABLE "User" SET (autovacuum_enabled = false);
ALTER TABLE "Post" SET (autovacuum_enabled = off, fillfactor = 90);
