-- expect: 2 findings at lines 3, 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
ALTER TABLE "User" DISABLE TRIGGER ALL;
ALTER TABLE "User" DISABLE TRIGGER "audit";
