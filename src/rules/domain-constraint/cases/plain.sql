-- expect: 2 findings at lines 3, 4
-- before: CREATE DOMAIN email AS TEXT; CREATE TABLE "User" (id INT PRIMARY KEY, "email" email);
ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
ALTER DOMAIN email SET NOT NULL;
