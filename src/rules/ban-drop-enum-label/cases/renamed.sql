-- expect: 1 finding at line 5
-- before: CREATE TYPE "Role" AS ENUM ('ADMIN', 'GUEST');
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "role" "Role" NOT NULL);
CREATE TYPE "Role_new" AS ENUM ('ADMIN', 'VISITOR');
ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
