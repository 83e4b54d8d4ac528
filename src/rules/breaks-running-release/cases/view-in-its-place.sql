-- expect: none
-- running: model User { 
-- running:   id Int @id
-- running: }
BEGIN;
ALTER TABLE "User" RENAME TO "Person";
CREATE VIEW "User" AS SELECT * FROM "Person";
COMMIT;
