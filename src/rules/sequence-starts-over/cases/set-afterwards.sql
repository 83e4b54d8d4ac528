-- expect: none
-- before: CREATE TABLE "Ticket" ("number" SERIAL PRIMARY KEY, "state" TEXT);
INSERT INTO "Ticket" ("number", "state") VALUES (1, 'new');
SELECT setval('"Ticket_number_seq"', 1);
