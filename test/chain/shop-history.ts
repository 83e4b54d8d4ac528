/** Two migrations: the first is applied where a test needs a past, the second is what is to be deployed. */
export const initName = '20240101000000_init'
export const init = 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "email" TEXT NOT NULL);\n'
export const pendingName = '20240102000000_name'
export const additive = 'ALTER TABLE "User" ADD COLUMN "name" TEXT;\n'
