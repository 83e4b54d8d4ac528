-- expect: none
GRANT SELECT ON "User" TO reporting;
CREATE SCHEMA reporting;
