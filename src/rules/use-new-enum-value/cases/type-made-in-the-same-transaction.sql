-- expect: 1 finding at line 4
CREATE TYPE "Mood" AS ENUM ('GOOD');
ALTER TYPE "Mood" ADD VALUE 'BAD';
CREATE TABLE "Day" (id INT PRIMARY KEY, "mood" "Mood" DEFAULT 'BAD', "other" "Mood" DEFAULT 'GOOD');
