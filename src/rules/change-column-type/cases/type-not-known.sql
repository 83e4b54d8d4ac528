-- expect: 1 finding at line 2
ALTER TABLE "Order" ALTER COLUMN "id" TYPE BIGINT;
