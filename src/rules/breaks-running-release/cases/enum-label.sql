-- expect: 1 finding at line 14
-- running: enum Role {
-- running:   ADMIN
-- running:   GUEST @map("guest")
-- running: }
-- running: model User {
-- running:   id   Int  @id
-- running:   role Role @default(ADMIN)
-- running: }
-- before: CREATE TYPE "Role" AS ENUM ('ADMIN', 'guest', 'OLD');
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "role" "Role" NOT NULL);
BEGIN;
CREATE TYPE "Role_new" AS ENUM ('ADMIN');
ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
ALTER TYPE "Role" RENAME TO "Role_old";
ALTER TYPE "Role_new" RENAME TO "Role";
DROP TYPE "Role_old";
COMMIT;
