-- expect: 1 finding at line 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, old TEXT);
-- execution: batch
CREATE TEMP TABLE picked AS SELECT id FROM "User" WHERE old IS NULL;
UPDATE "User" SET name = '' WHERE id IN (SELECT id FROM picked);
DROP TABLE picked;
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
