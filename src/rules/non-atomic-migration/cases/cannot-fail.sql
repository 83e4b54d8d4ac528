-- expect: none
-- execution: split
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT); CREATE TABLE "Flag" (name TEXT PRIMARY KEY);
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
INSERT INTO "Flag" VALUES ('nicknames') ON CONFLICT DO NOTHING;
