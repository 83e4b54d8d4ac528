-- expect: none
ALTER TABLE "Order" ADD CONSTRAINT "Order_total_check" CHECK (total >= 0) NOT VALID;
CREATE TABLE "Draft" (id INT, CHECK (id > 0));
