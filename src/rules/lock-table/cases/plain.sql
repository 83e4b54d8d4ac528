-- expect: 3 findings at lines 2, 3, 4
LOCK TABLE "User";
LOCK TABLE "User", "Post" IN SHARE MODE;
LOCK TABLE "User" IN EXCLUSIVE MODE NOWAIT;
