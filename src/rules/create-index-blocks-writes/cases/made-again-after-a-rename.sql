-- expect: 1 finding at line 6
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "slackId" TEXT, org INT);
-- before: CREATE UNIQUE INDEX "User_slackId_org_key" ON "User" ("slackId", org);
DROP INDEX "User_slackId_org_key";
ALTER TABLE "User" RENAME COLUMN "slackId" TO "externalId";
CREATE UNIQUE INDEX "User_externalId_org_key" ON "User" ("externalId", org);
