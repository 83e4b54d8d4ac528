-- expect: 1 finding at line 4
-- before: CREATE TYPE mood AS ENUM ('a');
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, feels mood);
DROP TYPE mood CASCADE;
