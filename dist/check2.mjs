export { t as check } from "./check.mjs";
