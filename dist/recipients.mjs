export { r as recipientsInvalid } from "./age.mjs";
