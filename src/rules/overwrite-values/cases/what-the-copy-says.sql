-- expect: 3 findings at lines 5, 6, 7
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "email" TEXT, "role" TEXT); CREATE TABLE "Account" (id INT PRIMARY KEY);
-- before: CREATE TABLE "Member" (id INT PRIMARY KEY, "role" TEXT);
-- before: CREATE TABLE "Worker" (id INT PRIMARY KEY, "role" TEXT, "boss" INT);
UPDATE "User" AS u SET "email" = (SELECT 'x' WHERE u.id > 1) WHERE u."role" IS DISTINCT FROM 'GUEST';
UPDATE "Member" SET "role" = 'A' FROM "Account" a WHERE a.id = "Member".id AND a.id > 7;
WITH old AS (SELECT id FROM "Account" WHERE id > 5) UPDATE "Worker" SET "role" = 'B' WHERE "boss" IN (SELECT id FROM old);
