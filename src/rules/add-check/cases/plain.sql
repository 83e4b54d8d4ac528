-- expect: 1 finding at line 2
ALTER TABLE "Order" ADD CONSTRAINT "Order_total_check" CHECK (total >= 0);
