-- expect: 2 findings at lines 3, 4
-- before: CREATE TABLE "Order" (id INT PRIMARY KEY, total NUMERIC(10,4), note TEXT);
ALTER TABLE "Order" ALTER COLUMN "id" TYPE BIGINT;
ALTER TABLE "Order" ALTER COLUMN "total" SET DATA TYPE NUMERIC(10,2);
