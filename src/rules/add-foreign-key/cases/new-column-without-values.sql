-- expect: none
-- A column that holds only NULLs is not checked: measured on 14 to 18.
ALTER TABLE "Post" ADD COLUMN "editorId" INT REFERENCES "User"("id");
