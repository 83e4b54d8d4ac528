-- AlterTable
ALTER TABLE "Order" ADD COLUMN     "paidAt" TIMESTAMP(3);

-- The payment provider's time was the only record of when an order was paid.
UPDATE "Order"
SET "paidAt" = "captured"."createdAt"
FROM (
    SELECT "orderId", min("createdAt") AS "createdAt"
    FROM "Payment"
    WHERE "status" = 'CAPTURED'
    GROUP BY "orderId"
) AS "captured"
WHERE "captured"."orderId" = "Order"."id";
