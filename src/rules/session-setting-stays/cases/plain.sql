-- expect: 5 findings at lines 2, 3, 4, 5, 6
SET session_replication_role = replica;
SET lock_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
SET ROLE migrator;
SET search_path TO app;
