-- expect: none
-- before: CREATE TABLE "Ticket" ("number" SERIAL PRIMARY KEY, "state" TEXT NOT NULL DEFAULT 'new');
CREATE SEQUENCE "Ticket_other_seq";
ALTER TABLE "Ticket" ALTER COLUMN "number" DROP DEFAULT;
ALTER TABLE "Ticket" ALTER COLUMN "number" SET DEFAULT nextval('"Ticket_other_seq"');
ALTER TABLE "Ticket" ALTER COLUMN "state" DROP DEFAULT;
