-- expect: 1 finding at line 2
ALTER SCHEMA shop RENAME TO store;
