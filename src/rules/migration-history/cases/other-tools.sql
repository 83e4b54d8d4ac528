-- expect: 3 findings at lines 2, 3, 4
DELETE FROM drizzle.__drizzle_migrations WHERE id = 3;
TRUNCATE supabase_migrations.schema_migrations;
UPDATE _airlock_migrations SET finished_at = now();
INSERT INTO schema_migrations VALUES ('1');
