-- expect: 1 finding at line 2
DROP TABLE "Invoice";
