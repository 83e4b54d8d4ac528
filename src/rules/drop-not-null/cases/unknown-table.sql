-- expect: 1 finding at line 2
ALTER TABLE "User" ALTER COLUMN "name" DROP NOT NULL;
