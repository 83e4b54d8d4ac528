-- expect: 3 findings at lines 2, 3, 4
ALTER TABLE "User" ADD COLUMN "token" UUID NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE "User" ADD COLUMN "number" SERIAL;
ALTER TABLE "User" ADD COLUMN "twice" INT GENERATED ALWAYS AS (id * 2) STORED;
