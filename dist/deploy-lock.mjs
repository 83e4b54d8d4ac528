import { r as unlessCancelled } from "./cancellation.mjs";
import { n as fail } from "./errors.mjs";
import { setTimeout } from "node:timers/promises";
// src/postgres/deploy-lock.ts
const lockKey = "4702394921427289";
const pollMs = 500;
async function takeDeployLock(session, options) {
	await takeLock(session, lockKey, "The deploy lock", options);
}
async function takePrismaLock(session, options) {
	await takeLock(session, prismaLockKey, "The lock that Prisma takes while it applies", options);
}
async function takeLock(session, key, lock, options) {
	const startedAt = Date.now();
	let told = false;
	while (!await tryLock(session, key)) {
		const holder = await holderOf(session, key) ?? "a session that has just ended";
		if (Date.now() - startedAt >= options.waitMs) throw fail("DEPLOY.LOCKED", {
			what: "Another deploy to this database is running.",
			why: `${lock} is held by ${holder}; waited ${Math.round((Date.now() - startedAt) / 1e3)} s.`,
			next: ["Run again when that deploy has ended.", "The lock disappears with the connection that holds it; it never has to be cleaned up."]
		});
		if (!told) options.onWait(holder);
		told = true;
		await unlessCancelled(setTimeout(pollMs), options.signal);
	}
}
const prismaLockKey = "72707369";
async function whoApplies(session) {
	const [row] = await session.query(`SELECT a.pid, a.application_name AS name, pg_catalog.host(a.client_addr) AS client, a.backend_start::text AS since
       FROM pg_catalog.pg_stat_activity a
      WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
        AND (a.application_name LIKE 'airlock-apply-%' OR EXISTS (SELECT FROM pg_catalog.pg_locks l
              WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.granted
                AND ((l.classid::bigint << 32) | l.objid::bigint) IN (${lockKey}, ${prismaLockKey})))
      ORDER BY a.application_name LIKE 'airlock-apply-%' DESC`);
	return row === void 0 ? void 0 : describe(row);
}
async function tryLock(session, key) {
	const [row] = await session.query(`SELECT pg_catalog.pg_try_advisory_lock(${key}) AS locked`);
	return row?.locked === true;
}
async function keepPrismaOut(session) {
	if (await tryLock(session, prismaLockKey)) return void 0;
	return await holderOf(session, prismaLockKey) ?? "a session that has just ended";
}
async function holderOf(session, key) {
	const [row] = await session.query(`SELECT a.pid, a.application_name AS name, pg_catalog.host(a.client_addr) AS client, a.backend_start::text AS since
       FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        AND ((l.classid::bigint << 32) | l.objid::bigint) = ${key}`);
	return row === void 0 ? void 0 : describe(row);
}
function describe(row) {
	const from = row.client === null ? "" : ` from ${row.client}`;
	const since = row.since === null ? "" : `, connected since ${row.since}`;
	return `process ${row.pid} (${row.name}${from}${since})`;
}
export { whoApplies as i, takeDeployLock as n, takePrismaLock as r, keepPrismaOut as t };
