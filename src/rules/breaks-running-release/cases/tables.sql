-- expect: 2 findings at lines 14, 15
-- running: model Post {
-- running:   id   Int @id
-- running:   tags Tag[]
-- running: }
-- running: model Tag {
-- running:   id    Int @id
-- running:   posts Post[]
-- running: }
-- running: model Draft {
-- running:   id Int @id
-- running:   @@ignore
-- running: }
DROP TABLE "_PostToTag";
DROP TABLE "Tag";
DROP TABLE "Draft";
DROP TABLE "Old";
