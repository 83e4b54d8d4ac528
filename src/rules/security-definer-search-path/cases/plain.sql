-- expect: 2 findings at lines 2, 3
CREATE OR REPLACE FUNCTION app.total(since date, "kind" "Kind") RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
ALTER FUNCTION app.other() SECURITY DEFINER;
