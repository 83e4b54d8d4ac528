-- AlterEnum
ALTER TYPE "OrderStatus" ADD VALUE 'DELIVERED';
