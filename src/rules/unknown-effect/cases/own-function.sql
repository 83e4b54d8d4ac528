-- expect: 1 finding at line 3
-- before: CREATE FUNCTION tidy(t text) RETURNS int LANGUAGE plpgsql AS 'BEGIN EXECUTE $s$DELETE FROM $s$ || t; RETURN 1; END';
SELECT tidy('User');
