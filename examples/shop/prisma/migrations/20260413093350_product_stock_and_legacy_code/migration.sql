-- AlterTable
ALTER TABLE "Product" ADD COLUMN     "legacyCode" TEXT,
ADD COLUMN     "stock" INTEGER NOT NULL DEFAULT 0;
