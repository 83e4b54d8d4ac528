-- expect: 1 finding at line 2
ALTER TYPE "Role" RENAME VALUE 'GUEST' TO 'VISITOR';
