-- expect: 2 findings at lines 4, 5
-- before: CREATE TABLE "Log" (id INT PRIMARY KEY, "from" TIMESTAMP(3), "to" TIMESTAMP(3), size INT);
-- Those with one story are told together.
ALTER TABLE "Log" ALTER COLUMN "from" TYPE TIMESTAMPTZ(3), ALTER COLUMN "to" TYPE TIMESTAMPTZ(3);
ALTER TABLE "Log" ALTER COLUMN size TYPE BIGINT;
