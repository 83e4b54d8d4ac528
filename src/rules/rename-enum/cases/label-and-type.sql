-- expect: 2 findings at lines 4, 5
-- before: CREATE TYPE "Role" AS ENUM ('ADMIN', 'GUEST'); CREATE TYPE "Mood" AS ENUM ('GOOD');
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, "role" "Role");
ALTER TYPE "Role" RENAME VALUE 'GUEST' TO 'VISITOR';
ALTER TYPE "Mood" RENAME TO "State";
