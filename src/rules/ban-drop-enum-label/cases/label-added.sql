-- expect: none
-- before: CREATE TYPE "Role" AS ENUM ('ADMIN', 'MEMBER');
ALTER TYPE "Role" ADD VALUE 'GUEST';
