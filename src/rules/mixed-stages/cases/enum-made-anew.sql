-- expect: none
-- before: CREATE TYPE "Role" AS ENUM ('ADMIN', 'GUEST'); CREATE TABLE "User" (id INT PRIMARY KEY, role "Role");
BEGIN;
CREATE TYPE "Role_new" AS ENUM ('ADMIN');
ALTER TABLE "User" ALTER COLUMN role TYPE "Role_new" USING (role::text::"Role_new");
ALTER TYPE "Role" RENAME TO "Role_old";
ALTER TYPE "Role_new" RENAME TO "Role";
DROP TYPE "Role_old";
COMMIT;
