export { t as Client } from "./postgres-client.mjs";
