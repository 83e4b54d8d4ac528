-- expect: 2 findings at lines 2, 3
ALTER TABLE "Order" ADD CONSTRAINT "Order_total_check" CHECK (total >= 0), ADD CONSTRAINT "Order_paid_check" CHECK (paid >= 0);
ALTER TABLE "Item" ADD CONSTRAINT "Item_count_check" CHECK (count > 0);
ALTER TABLE "Order" ADD CONSTRAINT "Order_both_check" CHECK (paid <= total);
