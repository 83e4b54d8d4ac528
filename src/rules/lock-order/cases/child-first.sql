-- expect: none
-- before: CREATE TABLE "Team" (id INT PRIMARY KEY); CREATE TABLE "Member" (id INT PRIMARY KEY, "teamId" INT REFERENCES "Team"(id));
-- before: CREATE TABLE "Other" (id INT PRIMARY KEY);
ALTER TABLE "Member" ADD COLUMN "note" TEXT;
ALTER TABLE "Team" ADD COLUMN "note" TEXT;
ALTER TABLE "Other" ADD COLUMN "note" TEXT;
