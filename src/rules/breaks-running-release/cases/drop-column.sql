-- expect: 1 finding at line 9
-- running: model User {
-- running:   id    Int     @id @default(autoincrement())
-- running:   phone String? @db.VarChar(30)
-- running:   fax   String? @ignore
-- running: }
-- before: CREATE TABLE "User" (id SERIAL PRIMARY KEY, phone VARCHAR(30), fax TEXT, telex TEXT);
ALTER TABLE "User" DROP COLUMN fax,
  DROP COLUMN phone,
  DROP COLUMN telex;
