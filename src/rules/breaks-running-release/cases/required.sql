-- expect: 3 findings at lines 10, 12, 14
-- running: model User {
-- running:   id      Int     @id
-- running:   name    String
-- running:   country String?
-- running:   city    String?
-- running:   code    Int     @default(autoincrement())
-- running: }
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, name TEXT, country TEXT, city TEXT DEFAULT 'Oslo', zip TEXT, code SERIAL);
ALTER TABLE "User" ALTER COLUMN country SET NOT NULL;
ALTER TABLE "User" ALTER COLUMN name SET NOT NULL, ALTER COLUMN city SET NOT NULL;
ALTER TABLE "User" ALTER COLUMN zip SET NOT NULL;
ALTER TABLE "User" ADD COLUMN age INT NOT NULL DEFAULT 0;
ALTER TABLE "User" ALTER COLUMN code DROP DEFAULT;
