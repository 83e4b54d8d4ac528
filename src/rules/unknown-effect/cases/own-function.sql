-- expect: 1 finding at line 3
-- before: CREATE FUNCTION tidy() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM "User"; RETURN 1; END';
SELECT tidy();
