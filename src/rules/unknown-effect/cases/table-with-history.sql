-- expect: none
-- before: CREATE TABLE "Invoice" (id INT);
DROP TABLE "Invoice";
