-- expect: 2 findings at lines 2, 3
DELETE FROM "_prisma_migrations" WHERE finished_at IS NULL;
DROP TABLE "_prisma_migrations";
