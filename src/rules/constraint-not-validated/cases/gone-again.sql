-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY); CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT, words INT);
-- after: ALTER TABLE "Post" DROP CONSTRAINT "Post_words_check";
ALTER TABLE "Post" ADD CONSTRAINT "Post_words_check" CHECK (words >= 0) NOT VALID;
