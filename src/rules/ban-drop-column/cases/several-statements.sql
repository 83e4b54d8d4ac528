-- expect: 2 findings at lines 3, 4
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, a INT, b INT); CREATE TABLE "Post" (id INT PRIMARY KEY, c INT);
ALTER TABLE "User" DROP COLUMN a;
ALTER TABLE "Post" DROP COLUMN c;
ALTER TABLE "User" DROP COLUMN b;
