-- expect: none
-- before: CREATE TABLE "Client" (id INT NOT NULL, "name" TEXT, "city" TEXT);
CREATE TABLE "Customer" (id INT NOT NULL, "name" TEXT, "city" TEXT);
INSERT INTO "Customer" SELECT * FROM "Client";
DROP TABLE "Client";
