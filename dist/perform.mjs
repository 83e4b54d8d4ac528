export { t as rehearse } from "./rehearsal.mjs";
