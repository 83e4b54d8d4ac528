-- expect: 1 finding at line 3
-- late behind: 20240201000000_team
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
ALTER TABLE "User" ADD COLUMN "motto" TEXT;
