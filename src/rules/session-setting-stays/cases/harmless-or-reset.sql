-- expect: none
SET lock_timeout = '2s';
SET statement_timeout = 0;
SET search_path TO app;
CREATE TABLE "Item" (id INT PRIMARY KEY);
RESET search_path;
SET LOCAL search_path TO shop;
SET client_min_messages = warning;
