-- expect: none
-- before: CREATE TABLE "Team" (id INT PRIMARY KEY, name TEXT); CREATE TABLE "Member" (id INT PRIMARY KEY, "teamId" INT REFERENCES "Team"(id));
-- before: CREATE TABLE "Other" (id INT PRIMARY KEY);
CREATE INDEX "Other_id_idx" ON "Other" (id);
ALTER TABLE "Team" ADD COLUMN "note" TEXT;
ALTER TABLE "Member" ADD COLUMN "note" TEXT;
CREATE INDEX "Other_id_again" ON "Other" (id);
