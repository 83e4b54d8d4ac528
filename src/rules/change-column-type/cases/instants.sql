-- expect: 1 finding at line 3
-- before: CREATE TABLE "Log" (id INT PRIMARY KEY, at TIMESTAMP(3));
ALTER TABLE "Log" ALTER COLUMN at TYPE TIMESTAMPTZ(3);
