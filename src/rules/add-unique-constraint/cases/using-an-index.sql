-- expect: none
ALTER TABLE "User" ADD CONSTRAINT "User_email_key" UNIQUE USING INDEX "User_email_key";
CREATE TABLE "Draft" (id INT, CONSTRAINT "Draft_pkey" PRIMARY KEY (id));
