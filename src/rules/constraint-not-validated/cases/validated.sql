-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY); CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT, words INT);
-- after: ALTER TABLE "Post" VALIDATE CONSTRAINT "Post_authorId_fkey";
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") NOT VALID;
ALTER TABLE "Post" ADD CONSTRAINT "Post_words_check" CHECK (words >= 0) NOT VALID;
ALTER TABLE "Post" VALIDATE CONSTRAINT "Post_words_check";
