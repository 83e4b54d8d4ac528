-- expect: 1 finding at line 5
-- running: model User {
-- running:   id Geography @id
-- running: }
ALTER TABLE "Post" ADD COLUMN x INT;
