-- expect: none
-- before: CREATE TABLE "Order" (id INT PRIMARY KEY); CREATE VIEW totals AS SELECT count(*) FROM "Order";
DROP VIEW totals;
CREATE VIEW totals AS SELECT count(*) AS orders FROM "Order";
