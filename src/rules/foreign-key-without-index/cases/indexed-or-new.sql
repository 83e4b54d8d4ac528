-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
-- before: CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT, "at" DATE, "editorId" INT);
-- before: CREATE UNIQUE INDEX ON "Post" ("authorId", "at");
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"(id);
ALTER TABLE "Post" ADD CONSTRAINT "Post_editorId_fkey" FOREIGN KEY ("editorId") REFERENCES "User"(id);
CREATE INDEX "Post_editorId_idx" ON "Post" ("editorId");
CREATE TABLE "Draft" (id INT PRIMARY KEY, "userId" INT REFERENCES "User"(id));
ALTER TABLE "Unknown" ADD CONSTRAINT "Unknown_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"(id);
