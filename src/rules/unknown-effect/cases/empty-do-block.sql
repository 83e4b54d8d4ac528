-- expect: none
DO $$ BEGIN END $$;
