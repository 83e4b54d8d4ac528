-- expect: none
-- running: model User {
-- running:   id   Int    @id
-- running:   name String
-- running: }
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL);
ALTER TABLE "User" RENAME COLUMN "name" TO "fullName";
