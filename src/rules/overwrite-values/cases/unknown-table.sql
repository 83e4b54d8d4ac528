-- expect: 1 finding at line 4
ALTER TABLE "User" ADD COLUMN "slug" TEXT;
UPDATE "User" SET "slug" = lower("email");
UPDATE "User" SET "email" = lower("User"."email") FROM "Account" WHERE "Account".id = "User".id;
