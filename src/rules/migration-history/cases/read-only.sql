-- expect: none
SELECT count(*) FROM "_prisma_migrations";
UPDATE "Migration" SET id = 1 WHERE id = 2;
