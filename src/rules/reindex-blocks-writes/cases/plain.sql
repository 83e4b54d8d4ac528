-- expect: 3 findings at lines 4, 5, 6
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "email" TEXT);
-- before: CREATE INDEX "User_email_idx" ON "User" ("email");
REINDEX TABLE "User";
REINDEX INDEX "User_email_idx";
REINDEX (VERBOSE) SCHEMA public;
