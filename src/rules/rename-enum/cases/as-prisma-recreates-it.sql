-- expect: none
-- before: CREATE TYPE "Role" AS ENUM ('ADMIN', 'GUEST');
CREATE TYPE "Role_new" AS ENUM ('ADMIN');
ALTER TYPE "Role" RENAME TO "Role_old";
ALTER TYPE "Role_new" RENAME TO "Role";
DROP TYPE "Role_old";
