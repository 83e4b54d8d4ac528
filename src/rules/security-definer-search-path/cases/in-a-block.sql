-- expect: 1 finding at line 2
DO $do$ BEGIN
  CREATE FUNCTION a() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
  CREATE FUNCTION b() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
  ALTER FUNCTION b() SET search_path = public, pg_temp;
END $do$;
