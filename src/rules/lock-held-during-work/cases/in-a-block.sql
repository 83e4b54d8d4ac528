-- expect: 1 finding at line 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "name" TEXT); CREATE TABLE "Post" (id INT PRIMARY KEY);
ALTER TABLE "Post" ADD COLUMN "words" INT;
DO $$ BEGIN
  UPDATE "User" SET "name" = '';
END $$;
