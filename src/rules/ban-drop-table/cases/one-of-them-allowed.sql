-- expect: 1 finding at line 5
-- before: CREATE TABLE a (id INT); CREATE TABLE b (id INT);
-- airlock: allow ban-drop-table because release 41 stopped using it
DROP TABLE a;
DROP TABLE b;
