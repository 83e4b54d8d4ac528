-- expect: 3 findings at lines 3, 4, 5
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "email" TEXT, "role" TEXT, "boss" INT); CREATE TABLE "Account" (id INT PRIMARY KEY);
UPDATE "User" AS u SET "email" = (SELECT 'x' WHERE u.id > 1) WHERE u."role" IS DISTINCT FROM 'GUEST';
UPDATE "User" SET "role" = 'A' FROM "Account" a WHERE a.id = "User".id AND a.id > 7;
WITH old AS (SELECT id FROM "Account" WHERE id > 5) UPDATE "User" SET "role" = 'B' WHERE "boss" IN (SELECT id FROM old);
