-- expect: none
-- before: CREATE TABLE "User" (id INT); CREATE FUNCTION tidy() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM "User"; RETURN 1; END';
SELECT tidy();
