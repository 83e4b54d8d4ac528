-- expect: none
CREATE SCHEMA draft;
ALTER SCHEMA draft RENAME TO store;
