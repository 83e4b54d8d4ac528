-- expect: none
-- airlock: allow breaks-running-release because nothing can be known about it here
DROP TABLE "User";
