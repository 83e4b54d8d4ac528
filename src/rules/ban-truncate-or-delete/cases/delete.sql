-- expect: 2 findings at lines 2, 3
DELETE FROM "Session";
DELETE FROM "Session" WHERE "expiresAt" < now();
