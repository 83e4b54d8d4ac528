-- expect: none
CREATE TABLE "Draft" (id INT);
ALTER TABLE "Draft" ADD COLUMN "title" TEXT NOT NULL;
