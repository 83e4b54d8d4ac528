-- expect: 3 findings at lines 14, 15, 17
-- running: enum Role {
-- running:   ADMIN
-- running:   OWNER @map("owner")
-- running: }
-- running: enum Unused {
-- running:   ONE
-- running: }
-- running: model User {
-- running:   id   Int  @id
-- running:   role Role
-- running:   @@schema("app")
-- running: }
ALTER SCHEMA app RENAME TO core;
ALTER TYPE "Role" RENAME VALUE 'owner' TO 'OWNER';
ALTER TYPE "Unused" RENAME VALUE 'ONE' TO 'TWO';
ALTER TYPE "Role" RENAME TO "UserRole";
