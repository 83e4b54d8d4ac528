-- expect: none
CREATE TABLE "Draft" (id INT);
INSERT INTO "Draft" VALUES (1);
DELETE FROM "Draft";
