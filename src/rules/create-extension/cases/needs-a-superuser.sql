-- expect: 2 findings at lines 2, 3
CREATE EXTENSION postgis;
CREATE EXTENSION IF NOT EXISTS "vector" WITH SCHEMA extensions;
