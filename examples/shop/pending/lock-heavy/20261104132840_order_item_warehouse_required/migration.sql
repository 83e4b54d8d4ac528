/*
  Warnings:

  - Made the column `warehouseId` on table `OrderItem` required. This step will fail if there are existing NULL values in that column.

*/
-- AlterTable
ALTER TABLE "OrderItem" ALTER COLUMN "warehouseId" SET NOT NULL;

-- CreateIndex
CREATE INDEX "OrderItem_warehouseId_idx" ON "OrderItem"("warehouseId");

-- AddForeignKey
ALTER TABLE "OrderItem" ADD CONSTRAINT "OrderItem_warehouseId_fkey" FOREIGN KEY ("warehouseId") REFERENCES "Warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
