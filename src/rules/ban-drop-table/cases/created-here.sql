-- expect: none
-- Nobody had the time to put anything in.
CREATE TABLE "Draft" (id INT);
DROP TABLE "Draft";
