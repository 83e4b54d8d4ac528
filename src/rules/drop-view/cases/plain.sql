-- expect: 2 findings at lines 4, 5
-- before: CREATE TABLE "Order" (id INT PRIMARY KEY); CREATE VIEW totals AS SELECT count(*) FROM "Order";
-- before: CREATE VIEW open_orders AS SELECT id FROM "Order";
DROP VIEW totals;
DROP TABLE "Order" CASCADE;
