-- expect: none
-- late behind: 20240201000000_team
-- airlock: allow out-of-order because both only add columns to other tables
ALTER TABLE "User" ADD COLUMN "nickname" TEXT;
