-- expect: 5 findings at lines 2, 3, 4, 5, 6
CREATE ROLE reporting LOGIN;
ALTER ROLE reporting SUPERUSER;
DROP ROLE reporting;
DROP DATABASE legacy;
ALTER SYSTEM SET work_mem = '1GB';
