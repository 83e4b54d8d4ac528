-- expect: 2 findings at lines 2, 3
ALTER TABLE "User" ADD CONSTRAINT "User_email_key" UNIQUE ("email");
ALTER TABLE "Log" ADD PRIMARY KEY ("id");
