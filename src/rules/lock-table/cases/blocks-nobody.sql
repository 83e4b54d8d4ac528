-- expect: none
LOCK TABLE "User" IN ACCESS SHARE MODE;
CREATE TABLE "Draft" (id INT);
LOCK TABLE "Draft";
