-- expect: none
-- the airlock is not addressed here, and airlock: allow inside a string is no comment
INSERT INTO "Note" (text) VALUES ('-- airlock: allow nothing');
