-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT); CREATE FUNCTION tidy() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM "User" WHERE id = 1; RETURN 1; END';
SELECT tidy();
