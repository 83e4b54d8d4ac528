-- expect: 1 finding at line 2
ALTER TABLE "User" RENAME "name" TO "fullName";
