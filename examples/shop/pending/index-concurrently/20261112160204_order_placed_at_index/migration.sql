-- CreateIndex
CREATE INDEX CONCURRENTLY "Order_placedAt_idx" ON "Order"("placedAt");
