-- expect: none
-- before: CREATE TABLE "User" (id INT PRIMARY KEY, zone TEXT);
UPDATE "User" SET zone = NULL WHERE zone = '';
