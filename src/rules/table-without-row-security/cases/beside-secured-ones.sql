-- expect: 1 finding at line 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY); ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;
CREATE TABLE "Note" (id INT PRIMARY KEY);
