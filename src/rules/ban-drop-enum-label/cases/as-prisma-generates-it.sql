-- expect: 1 finding at line 7
-- before: CREATE TYPE "Role" AS ENUM ('ADMIN', 'MEMBER', 'GUEST');
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "role" "Role" NOT NULL DEFAULT 'GUEST');
BEGIN;
CREATE TYPE "Role_new" AS ENUM ('ADMIN', 'MEMBER');
ALTER TABLE "User" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
ALTER TYPE "Role" RENAME TO "Role_old";
ALTER TYPE "Role_new" RENAME TO "Role";
DROP TYPE "Role_old";
ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'MEMBER';
COMMIT;
