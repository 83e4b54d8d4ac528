-- expect: 2 findings at lines 12, 16
-- running: model User {
-- running:   id    Int @id
-- running:   total Int
-- running:   sum   Int
-- running:   name  String
-- running: }
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, total INT, sum INT, sum_new BIGINT, name VARCHAR(20), name_new TEXT);
BEGIN;
ALTER TABLE "User" RENAME COLUMN name TO name_old;
ALTER TABLE "User" RENAME COLUMN name_new TO name;
ALTER TABLE "User" RENAME COLUMN sum TO sum_old;
ALTER TABLE "User" RENAME COLUMN sum_new TO sum;
ALTER TABLE "User" DROP COLUMN total, ADD COLUMN total SMALLINT NOT NULL DEFAULT 0;
COMMIT;
ALTER TABLE "User" RENAME TO "Person";
CREATE VIEW "User" AS SELECT id, total, sum FROM "Person";
