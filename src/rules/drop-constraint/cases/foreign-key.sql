-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "team" INT, UNIQUE (id, "team"));
-- before: CREATE TABLE "Post" (id INT PRIMARY KEY, "team" INT, "userId" INT CONSTRAINT "Post_userId_fkey" REFERENCES "User"(id), "ownerId" INT CONSTRAINT "Post_ownerId_fkey" REFERENCES "User"(id) ON DELETE CASCADE);
ALTER TABLE "Post" DROP CONSTRAINT "Post_userId_fkey";
ALTER TABLE "Post" DROP CONSTRAINT "Post_ownerId_fkey";
ALTER TABLE "Post" ADD CONSTRAINT "Post_owner_fkey" FOREIGN KEY ("ownerId", "team") REFERENCES "User"(id, "team") ON DELETE CASCADE;
