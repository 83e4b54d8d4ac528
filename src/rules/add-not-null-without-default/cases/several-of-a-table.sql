-- expect: 1 finding at line 2
ALTER TABLE "User" ADD COLUMN "country" TEXT NOT NULL, ADD COLUMN "language" TEXT NOT NULL;
ALTER TABLE "User" ADD COLUMN "zone" TEXT NOT NULL;
