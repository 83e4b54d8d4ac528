-- AlterTable
ALTER TABLE "Product" ALTER COLUMN "description" DROP NOT NULL;
