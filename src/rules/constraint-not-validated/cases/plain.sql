-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY); CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT, words INT);
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") NOT VALID;
ALTER TABLE "Post" ADD CONSTRAINT "Post_words_check" CHECK (words >= 0) NOT VALID;
