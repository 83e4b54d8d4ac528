-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "email" TEXT, "role" TEXT);
UPDATE "User" SET "email" = lower("email");
UPDATE "User" SET "role" = 'MEMBER', "email" = NULL WHERE "role" = 'GUEST';
