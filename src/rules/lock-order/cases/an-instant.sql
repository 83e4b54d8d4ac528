-- expect: none
-- before: CREATE TABLE "Team" (id INT PRIMARY KEY, name TEXT); CREATE TABLE "Member" (id INT PRIMARY KEY, "teamId" INT REFERENCES "Team"(id));
-- Both locks are held for an instant.
ALTER TABLE "Team" ADD COLUMN "note" TEXT;
ALTER TABLE "Member" ADD COLUMN "note" TEXT;
