-- expect: 1 finding at line 3
-- before: CREATE SCHEMA legacy; CREATE TABLE legacy.old (id INT);
DROP SCHEMA legacy CASCADE;
