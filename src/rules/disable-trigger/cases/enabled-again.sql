-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
ALTER TABLE "User" DISABLE TRIGGER "audit";
UPDATE "User" SET id = id WHERE id = 7;
ALTER TABLE "User" ENABLE TRIGGER "audit";
