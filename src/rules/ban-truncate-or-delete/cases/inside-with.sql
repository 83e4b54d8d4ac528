-- expect: 1 finding at line 2
WITH gone AS (DELETE FROM "Session" RETURNING *) SELECT count(*) FROM gone;
