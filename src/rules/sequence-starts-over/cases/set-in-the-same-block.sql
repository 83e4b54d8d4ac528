-- expect: none
-- before: CREATE TABLE "Post" (id SERIAL PRIMARY KEY);
DO $$ BEGIN
  INSERT INTO "Post" (id) VALUES (7);
  PERFORM setval('"Post_id_seq"', 7);
END $$;
