-- expect: 2 findings at lines 3, 3
-- before: CREATE TABLE "User" (id INT PRIMARY KEY);
DO $$ BEGIN
  GRANT SELECT ON "User" TO PUBLIC;
  FOR i IN 1..2 LOOP
    EXECUTE 'GRANT UPDATE ON "User" TO PUBLIC';
  END LOOP;
END $$;
