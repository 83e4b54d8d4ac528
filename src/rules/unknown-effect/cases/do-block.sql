-- expect: 1 finding at line 2
DO $$ DECLARE t text := current_setting('app.unused'); BEGIN EXECUTE format('DROP TABLE %I', t); END $$;
