-- expect: 3 findings at lines 13, 15, 17
-- running: enum Role {
-- running:   ADMIN
-- running:   MEMBER
-- running: }
-- running: model User {
-- running:   id   Int    @id
-- running:   name String @db.VarChar(50)
-- running:   age  Int
-- running:   tags String[]
-- running:   role Role
-- running: }
ALTER TABLE "User" ALTER COLUMN age TYPE TEXT;
ALTER TABLE "User" ALTER COLUMN name TYPE TEXT;
ALTER TABLE "User" ALTER COLUMN tags TYPE TEXT USING tags[1];
ALTER TABLE "User" ALTER COLUMN age TYPE SMALLINT;
ALTER TABLE "User" DROP COLUMN role, ADD COLUMN role TEXT;
