-- expect: 1 finding at line 4
-- before: CREATE TABLE "Team" (id INT PRIMARY KEY, name TEXT); CREATE TABLE "Member" (id INT PRIMARY KEY, "teamId" INT REFERENCES "Team"(id));
ALTER TABLE "Team" ALTER COLUMN name SET NOT NULL;
ALTER TABLE "Member" ADD COLUMN "note" TEXT;
ALTER TABLE "Member" ADD COLUMN "more" TEXT;
