-- expect: 1 finding at line 2
ALTER TABLE "Client" RENAME TO "Customer";
