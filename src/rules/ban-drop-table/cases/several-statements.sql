-- expect: 1 finding at line 3
-- before: CREATE TABLE a (id INT); CREATE TABLE b (id INT); CREATE TABLE c (id INT);
DROP TABLE a;
DROP TABLE b;
CREATE TABLE d (id INT);
DROP TABLE c;
