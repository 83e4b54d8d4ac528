-- expect: 1 finding at line 2
TRUNCATE "Session" RESTART IDENTITY;
