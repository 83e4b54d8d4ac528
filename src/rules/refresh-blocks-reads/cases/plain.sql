-- expect: 1 finding at line 3
-- before: CREATE TABLE "Order" (id INT PRIMARY KEY); CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM "Order";
REFRESH MATERIALIZED VIEW totals;
