-- expect: 1 finding at line 4
-- Two tables that go in one statement are one thing to say.

DROP TABLE IF EXISTS "Invoice", app."Line";
