-- expect: none
-- before: CREATE TABLE "Client" (id INT PRIMARY KEY); CREATE TABLE "Log" (id INT PRIMARY KEY);
ALTER TABLE "Client" RENAME TO "Customer";
CREATE VIEW "Client" AS SELECT * FROM "Customer";
-- A swap: what is read under the name afterwards is the other table.
CREATE TABLE "Log_new" (id BIGINT PRIMARY KEY);
ALTER TABLE "Log" RENAME TO "Log_old";
ALTER TABLE "Log_new" RENAME TO "Log";
