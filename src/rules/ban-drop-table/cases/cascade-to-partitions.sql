-- expect: 1 finding at line 4
-- before: CREATE TABLE log (at date) PARTITION BY RANGE (at);
-- before: CREATE TABLE log_2024 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
DROP TABLE log;
