-- expect: 1 finding at line 2
ALTER TABLE "User" ADD COLUMN "country" TEXT NOT NULL;
