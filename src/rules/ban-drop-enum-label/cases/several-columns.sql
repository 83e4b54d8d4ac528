-- expect: 1 finding at line 6
-- before: CREATE TYPE "Role" AS ENUM ('ADMIN', 'MEMBER', 'GUEST');
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "role" "Role" NOT NULL);
-- before: CREATE TABLE "Invite" (id INT PRIMARY KEY, "roles" "Role"[]);
CREATE TYPE "Role_new" AS ENUM ('ADMIN', 'MEMBER');
ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
ALTER TABLE "Invite" ALTER COLUMN "roles" TYPE "Role_new"[] USING ("roles"::text::"Role_new"[]);
