-- expect: 1 finding at line 8
-- running: model User {
-- running:   id    Int     @id
-- running:   name  String
-- running:   email String?
-- running: }
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL);
ALTER TABLE "User" ALTER COLUMN "name" DROP NOT NULL;
ALTER TABLE "User" ALTER COLUMN "email" DROP NOT NULL;
