export { t as Client, n as Query } from "./postgres-client.mjs";
