-- expect: 2 findings at lines 4, 7
-- before: CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT, "at" DATE, "slug" TEXT UNIQUE, "tag" TEXT);
-- before: CREATE INDEX "Post_authorId_at_idx" ON "Post" ("authorId", "at"); CREATE INDEX "Post_tag_idx" ON "Post" ("tag");
CREATE INDEX "Post_authorId_idx" ON "Post" ("authorId");
CREATE UNIQUE INDEX "Post_slug_unique" ON "Post" ("slug");
CREATE TABLE "Draft" (id INT PRIMARY KEY, "a" INT, "b" INT, UNIQUE ("a", "b"));
CREATE UNIQUE INDEX "Draft_id_key" ON "Draft" (id);
CREATE INDEX "Draft_a_idx" ON "Draft" ("a");
