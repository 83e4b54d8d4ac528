-- expect: 4 findings at lines 2, 4, 6, 9
-- airlock: allow drop-column because nobody uses it
ALTER TABLE "User" DROP COLUMN a;
-- airlock: alow ban-drop-column because nobody uses it
ALTER TABLE "User" DROP COLUMN b;
/* airlock-disable ban-drop-column */
ALTER TABLE "User" DROP COLUMN c;

-- airlock: allow airlock-comment because it is in the way
ALTER TABLE "User" ADD COLUMN d TEXT;
