-- expect: 2 findings at lines 7, 8
-- running: model User {
-- running:   id    Int    @id
-- running:   email String @map("email_address")
-- running:   @@map("users")
-- running: }
ALTER TABLE users RENAME COLUMN email_address TO email;
ALTER TABLE users RENAME TO members;
ALTER TABLE "User" DROP COLUMN email;
