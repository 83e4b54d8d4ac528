-- expect: none
ALTER SCHEMA legacy RENAME TO legacy_unused;
