-- expect: 1 finding at line 4
-- before: CREATE TABLE "Client" (id INT NOT NULL, "name" TEXT, "city" TEXT, CONSTRAINT "Client_pkey" PRIMARY KEY (id));
-- DropTable
DROP TABLE "Client";
-- CreateTable
CREATE TABLE "Customer" (id INT NOT NULL, "name" TEXT, "city" TEXT, CONSTRAINT "Customer_pkey" PRIMARY KEY (id));
