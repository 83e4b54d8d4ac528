import { t as noMigrations } from "./ended.mjs";
import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { U as connectionFor, W as startJanitor, a as nameWithEnding, u as swapSql } from "./scratch-server.mjs";
import { a as readSystemIdentifier, b as withDatabase, c as connectWithoutLimits, d as withoutLimits, n as openDatabase, o as serverVersionOf, s as connect } from "./postgres-url.mjs";
import { a as parseSwapMark, c as readManifest, i as restoreBackup, n as checkBackup, o as swapMark, s as withoutMark, t as backupRequest } from "./request.mjs";
import { n as takeDeployLock } from "./deploy-lock.mjs";
import { n as formatMs, r as plural } from "./words.mjs";
import { n as quoteIdentifier, r as quoteLiteral } from "./quoting.mjs";
import { i as parseAcceptedLoss, n as describeWrites, r as moreWritten, t as decideLoss } from "./decide.mjs";
import { v as readActivity } from "./manifest.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
// src/postgres/open-beside.ts
const mostTried = 5;
async function databasesBeside(session, not) {
	return (await session.query(`SELECT datname AS name FROM pg_catalog.pg_database
      WHERE datallowconn AND datname <> ALL ($1) AND datname <> 'template0'
        AND pg_catalog.has_database_privilege(oid, 'CONNECT')
      ORDER BY datname <> 'postgres', datistemplate, datname LIMIT ${mostTried}`, [not])).map(({ name }) => name);
}
async function openBeside(url, candidates, applicationName) {
	const refusals = [];
	for (const name of candidates) try {
		return await connect(withDatabase(url, name), applicationName);
	} catch (thrown) {
		if (!(thrown instanceof FailureError)) throw thrown;
		refusals.push(`${name}: ${thrown.failure.why}`);
	}
	throw fail("RESTORE.CANNOT_SWAP", {
		what: "There is no other database on the server to connect to while the two are renamed.",
		why: refusals.length === 0 ? "The role may connect to no other one." : refusals.join("\n"),
		next: ["Let the role connect to the database `postgres`, or make an empty one for it: CREATE DATABASE airlock;"]
	});
}
// src/stages/restore/swap/earlier.ts
async function findEarlierSwap(session, database, sha256) {
	return (await session.query(`SELECT o.datname AS aside, pg_catalog.shobj_description(o.oid, 'pg_database') AS comment, d.oid::text AS oid
       FROM pg_catalog.pg_database o, pg_catalog.pg_database d
      WHERE d.datname = $1 AND o.datname <> $1 AND pg_catalog.shobj_description(o.oid, 'pg_database') LIKE 'airlock swap: %'`, [database])).flatMap(({ aside, comment, oid }) => {
		const mark = parseSwapMark(comment);
		return mark === void 0 ? [] : [{
			aside,
			mark,
			oid: Number(oid)
		}];
	}).find(({ mark, oid }) => mark.name === database && mark.successorOid === oid && mark.sha256 === sha256);
}
// src/stages/restore/writes-since/count.ts
function writesBetween(then, now) {
	const unknown = (because, walBytes = null) => ({
		kind: "unknown",
		because,
		walBytes
	});
	if (then.activity === void 0) return unknown("The manifest does not say how much had been written by then.");
	if (then.activity.kind === "unknown") return unknown(`When the backup was made: ${then.activity.because}`);
	if (now.activity === void 0 || now.activity.kind === "unknown") return unknown(now.activity?.because ?? "The server was not asked.");
	if (then.systemIdentifier === null || now.systemIdentifier === null) return unknown("It cannot be told whether this is the server that was backed up: it keeps its identifier to itself.");
	if (then.systemIdentifier !== now.systemIdentifier) return unknown("The backup is of another server.");
	if (then.activity.timeline !== now.activity.timeline) return unknown("The server was promoted or put back to an earlier moment since the backup.");
	const walBytes = bytesBetween(then.activity.lsn, now.activity.lsn);
	if (walBytes < 0) return unknown("The server’s log is shorter than it was then: it was put back to an earlier moment.");
	if (then.activity.databaseOid !== now.activity.databaseOid) return unknown("The database is not the one that was backed up: it is another, or was replaced since.", walBytes);
	return countedBetween(then.activity, now.activity, walBytes) ?? unknown(countersLost, walBytes);
}
const countersLost = "The server’s counters do not go back to the backup: they were reset, or emptied by a crash of the server.";
function countedBetween(then, now, walBytes) {
	if (then.databaseResetAt !== now.databaseResetAt || then.serverResetAt !== now.serverResetAt) return void 0;
	const before = new Map(then.counters.map((counter) => [counter.oid, counter]));
	const tables = now.counters.map(({ oid, schema, name, inserted, updated, deleted }) => ({
		table: `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
		inserted: inserted - (before.get(oid)?.inserted ?? 0),
		updated: updated - (before.get(oid)?.updated ?? 0),
		deleted: deleted - (before.get(oid)?.deleted ?? 0)
	})).filter((table) => table.inserted !== 0 || table.updated !== 0 || table.deleted !== 0);
	const catalogChanges = now.catalogChanges - then.catalogChanges;
	if (catalogChanges < 0 || tables.some((table) => Math.min(table.inserted, table.updated, table.deleted) < 0)) return;
	const rows = tables.reduce((sum, table) => sum + changesOf(table), 0);
	return {
		kind: "counted",
		since: then.at,
		changes: rows + catalogChanges,
		catalogChanges,
		tables: tables.toSorted((a, b) => changesOf(b) - changesOf(a)),
		walBytes
	};
}
function changesOf({ inserted, updated, deleted }) {
	return inserted + updated + deleted;
}
function bytesBetween(from, to) {
	const position = (lsn) => {
		const [high = "", low = ""] = lsn.split("/");
		return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
	};
	return Number(position(to) - position(from));
}
// src/stages/restore/writes-since/read.ts
async function readMoment(session) {
	return {
		systemIdentifier: await readSystemIdentifier(session),
		activity: await readActivity(session)
	};
}
async function readTotal(session, databaseOid) {
	const [row] = await session.query("SELECT (tup_inserted + tup_updated + tup_deleted)::text AS total FROM pg_catalog.pg_stat_database WHERE datid = $1::oid", [databaseOid]);
	return row?.total ?? null;
}
// src/stages/restore/swap/carry-over.ts
function carryOver(from, to) {
	const name = quoteIdentifier(to.name);
	const alter = (what, clause) => ({
		what,
		sql: [`ALTER DATABASE ${name} ${clause}`]
	});
	return [
		...to.tablespace === from.tablespace ? [] : [alter(`tablespace ${from.tablespace}`, `SET TABLESPACE ${quoteIdentifier(from.tablespace)}`)],
		...resetSteps(to),
		...from.settings.map((setting) => settingStep(setting, to.name)),
		...from.labels.map(({ provider, label }) => ({
			what: `security label of ${provider}`,
			sql: [`SECURITY LABEL FOR ${quoteIdentifier(provider)} ON DATABASE ${name} IS ${quoteLiteral(label)}`]
		})),
		...to.connectionLimit === from.connectionLimit ? [] : [alter("connection limit", `CONNECTION LIMIT ${from.connectionLimit}`)],
		...to.isTemplate === from.isTemplate ? [] : [alter("IS_TEMPLATE", `IS_TEMPLATE ${from.isTemplate}`)],
		...to.owner === from.owner ? [] : [alter(`owner ${from.owner}`, `OWNER TO ${quoteIdentifier(from.owner)}`)],
		...privilegeSteps(from, to)
	];
}
function resetSteps({ name, settings }) {
	return [...new Set(settings.map(({ role }) => role))].map((role) => ({
		what: `settings of ${role ?? "the database"}`,
		sql: [`${alterFor(role, name)} RESET ALL`]
	}));
}
function alterFor(role, database) {
	return role === null ? `ALTER DATABASE ${quoteIdentifier(database)}` : `ALTER ROLE ${quoteIdentifier(role)} IN DATABASE ${quoteIdentifier(database)}`;
}
function settingStep({ role, name, value }, database) {
	const quoted = name.split(".").map(quoteIdentifier).join(".");
	return {
		what: `setting ${name}${role === null ? "" : ` of the role ${role}`}`,
		sql: [`${alterFor(role, database)} SET ${quoted} TO ${settingValue(name, value)}`]
	};
}
const listsOfNames = /* @__PURE__ */ new Set([
	"local_preload_libraries",
	"search_path",
	"session_preload_libraries",
	"shared_preload_libraries",
	"temp_tablespaces",
	"unix_socket_directories"
]);
function settingValue(name, value) {
	if (!listsOfNames.has(name.toLowerCase())) return quoteLiteral(value).trim();
	const names = [...value.matchAll(/"((?:[^"]|"")*)"|[^\s,"]+/g)].map(([whole, inner]) => inner === void 0 ? whole : inner.replaceAll("\"\"", "\""));
	return names.length === 0 ? "''" : names.map((part) => quoteLiteral(part).trim()).join(", ");
}
function privilegeSteps(from, to) {
	if (from.privileges === null && to.privileges === null) return [];
	const name = quoteIdentifier(to.name);
	const holders = [
		...to.privileges ?? [],
		{ grantee: from.owner },
		{ grantee: to.owner }
	].flatMap(({ grantee }) => grantee === null ? [] : [quoteIdentifier(grantee)]);
	const revoke = `REVOKE ALL ON DATABASE ${name} FROM ${["PUBLIC", ...new Set(holders)].join(", ")} CASCADE`;
	const wanted = from.privileges ?? defaultPrivileges(from.owner);
	return [{
		what: "privileges",
		sql: [revoke]
	}, ...inGrantingOrder(wanted, from.owner).map((privilege) => ({
		what: `privilege ${privilege.privilege} of ${privilege.grantee ?? "PUBLIC"}`,
		sql: grantSql(privilege, name, from.owner)
	}))];
}
function defaultPrivileges(owner) {
	const by = {
		grantor: owner,
		grantable: false
	};
	return [
		{
			...by,
			grantee: null,
			privilege: "CONNECT"
		},
		{
			...by,
			grantee: null,
			privilege: "TEMPORARY"
		},
		{
			...by,
			grantee: owner,
			privilege: "CONNECT"
		},
		{
			...by,
			grantee: owner,
			privilege: "CREATE"
		},
		{
			...by,
			grantee: owner,
			privilege: "TEMPORARY"
		}
	];
}
function inGrantingOrder(privileges, owner) {
	const ordered = [];
	let waiting = privileges;
	while (waiting.length > 0) {
		const mayGrant = ({ grantor, privilege }) => grantor === owner || ordered.some((given) => given.grantable && given.grantee === grantor && given.privilege === privilege);
		const ready = waiting.filter(mayGrant);
		ordered.push(...ready.length === 0 ? waiting : ready);
		waiting = ready.length === 0 ? [] : waiting.filter((privilege) => !ready.includes(privilege));
	}
	return ordered;
}
function grantSql({ grantor, grantee, privilege, grantable }, name, owner) {
	const grant = `GRANT ${privilege} ON DATABASE ${name} TO ${grantee === null ? "PUBLIC" : quoteIdentifier(grantee)}${grantable ? " WITH GRANT OPTION" : ""}`;
	return grantor === owner ? [grant] : [
		`SET ROLE ${quoteIdentifier(grantor)}`,
		grant,
		"RESET ROLE"
	];
}
function differencesBetween(wanted, found) {
	const settings = ({ settings: of }) => new Map(of.map(({ role, name, value }) => [`setting ${name}${role === null ? "" : ` of the role ${role}`}`, value]));
	const labels = ({ labels: of }) => new Map(of.map(({ provider, label }) => [`security label of ${provider}`, label]));
	const privileges = ({ privileges: of, owner }) => new Map((of ?? defaultPrivileges(owner)).map(({ grantor, grantee, privilege, grantable }) => [`privilege ${privilege} of ${grantee ?? "PUBLIC"} from ${grantor}`, grantable]));
	return [
		...wanted.owner === found.owner ? [] : ["owner"],
		...wanted.tablespace === found.tablespace ? [] : ["tablespace"],
		...wanted.connectionLimit === found.connectionLimit ? [] : ["connection limit"],
		...wanted.isTemplate === found.isTemplate ? [] : ["IS_TEMPLATE"],
		...[
			settings,
			privileges,
			labels
		].flatMap((of) => different(of(wanted), of(found)))
	];
}
function different(wanted, found) {
	return [.../* @__PURE__ */ new Set([...wanted.keys(), ...found.keys()])].filter((key) => wanted.get(key) !== found.get(key));
}
// src/stages/restore/swap/decide.ts
function decideSwap(facts) {
	const obstacles = obstaclesOf(facts);
	if (obstacles.length === 0) return void 0;
	return {
		code: "RESTORE.CANNOT_SWAP",
		what: `${quoteIdentifier(facts.database)} cannot be renamed by ${quoteIdentifier(facts.role)}. Nothing was changed.`,
		why: obstacles.map(({ why }) => why).join("\n"),
		next: [...new Set(obstacles.flatMap(({ next }) => next))]
	};
}
function obstaclesOf(facts) {
	const { database, role, preparedTransactions, foreignSessions } = facts;
	const asOwner = `Swap with the URL of the owner of ${quoteIdentifier(database)}, who must have CREATEDB, or of a superuser.`;
	return [
		...facts.owns ? [] : [{
			why: `It does not belong to ${quoteIdentifier(role)}.`,
			next: [asOwner]
		}],
		...facts.mayCreateDatabases ? [] : [{
			why: `${quoteIdentifier(role)} lacks CREATEDB.`,
			next: [asOwner]
		}],
		...preparedTransactions.length === 0 ? [] : [{
			why: `${plural(preparedTransactions.length, "prepared transaction")} in it: ${preparedTransactions.join(", ")}.`,
			next: preparedTransactions.map((gid) => `COMMIT PREPARED ${quoteLiteral(gid).trim()}; -- or ROLLBACK PREPARED`)
		}],
		...foreignSessions.length === 0 ? [] : [{
			why: `Sessions that ${quoteIdentifier(role)} may not end: ${foreignSessions.map(({ pid, role: of }) => `${pid} of ${quoteIdentifier(of)}`).join(", ")}.`,
			next: [`GRANT pg_signal_backend TO ${quoteIdentifier(role)}; -- ends all sessions but those of superusers`, ...foreignSessions.map(({ pid }) => `SELECT pg_terminate_backend(${pid}); -- as a superuser`)]
		}]
	];
}
function breaksWithSwap({ slots, subscriptions }, aside) {
	return [...slots.map((slot) => `The replication slot ${quoteIdentifier(slot)} stays with ${quoteIdentifier(aside)} and keeps the server’s log from being removed: make it anew, then SELECT pg_drop_replication_slot(${quoteLiteral(slot).trim()});`), ...subscriptions.map((subscription) => `The subscription ${quoteIdentifier(subscription)} stays with ${quoteIdentifier(aside)} and receives nothing there; the restored one is disabled: copy its data anew, then ALTER SUBSCRIPTION ${quoteIdentifier(subscription)} ENABLE;`)];
}
const moreWrittenState = "ALK01";
function cutoverSql(cutover) {
	const { database, restored, aside, comment, asideComment } = cutover;
	const literal = (text) => text === null ? "NULL" : quoteLiteral(text).trim();
	return [
		"BEGIN",
		`ALTER DATABASE ${quoteIdentifier(database)} RENAME TO ${quoteIdentifier(aside)}`,
		...cutover.limit === null ? [] : [limitSql(cutover, cutover.limit)],
		`ALTER DATABASE ${quoteIdentifier(aside)} ALLOW_CONNECTIONS false`,
		`COMMENT ON DATABASE ${quoteIdentifier(aside)} IS ${literal(asideComment)}`,
		`ALTER DATABASE ${quoteIdentifier(restored)} RENAME TO ${quoteIdentifier(database)}`,
		`COMMENT ON DATABASE ${quoteIdentifier(database)} IS ${literal(comment)}`,
		"COMMIT"
	].join(";\n");
}
function limitSql({ databaseOid, serverMajor }, { counted, more }) {
	return `DO $airlock$ DECLARE written bigint; BEGIN
  ${serverMajor < 15 ? "PERFORM pg_catalog.pg_sleep(0.6);" : ""}
  SELECT tup_inserted + tup_updated + tup_deleted - ${counted} INTO written FROM pg_catalog.pg_stat_database WHERE datid = ${databaseOid};
  IF written IS NULL OR written < 0 OR written > ${more} THEN
    RAISE EXCEPTION USING ERRCODE = '${moreWrittenState}', MESSAGE = coalesce(written::text, 'unknown');
  END IF; END $airlock$`;
}
function stillInUse(database, said) {
	return {
		code: "RESTORE.CANNOT_SWAP",
		what: `${quoteIdentifier(database)} or the restored database stayed in use. Nothing was swapped, both are as they were.`,
		why: said,
		next: ["See who is connected, then swap again:", `SELECT pid, usename, application_name, backend_type, state FROM pg_stat_activity WHERE datname = ${quoteLiteral(database).trim()};`]
	};
}
function notCarriedOver(what, restored, said) {
	return {
		code: "RESTORE.CANNOT_SWAP",
		what: `The ${what} could not be given to ${quoteIdentifier(restored)}. Nothing was swapped.`,
		why: said,
		next: ["Swap with the URL of a role that may do that, or of a superuser; the restored database is kept and used again."]
	};
}
function carriedOverOtherwise(restored, differences) {
	return {
		code: "RESTORE.CANNOT_SWAP",
		what: `${quoteIdentifier(restored)} did not get everything that belongs to the present database. Nothing was swapped.`,
		why: `Not the same: ${differences.join(", ")}.`,
		next: ["Report this with the names above; the SQL for a swap by hand is printed by `restore` without `--swap`."]
	};
}
// src/stages/restore/swap/observe.ts
const endableSql = `
SELECT a.pid FROM pg_catalog.pg_stat_activity a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
 WHERE a.datid = ANY ($1::oid[]) AND a.pid <> pg_catalog.pg_backend_pid() AND ${mayEnd("a", "r")}`;
function mayEnd(activity, role) {
	return `((SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
    OR (${activity}.usesysid IS NOT NULL AND NOT ${role}.rolsuper
        AND (pg_catalog.pg_has_role(current_user, 'pg_signal_backend', 'USAGE')
             OR pg_catalog.pg_has_role(current_user, ${activity}.usesysid, 'USAGE'))))`;
}
async function observeSwap(session, database) {
	const [own] = await session.query(`SELECT current_user AS role, pg_catalog.pg_has_role(current_user, d.datdba, 'USAGE') AS owns,
            r.rolcreatedb OR r.rolsuper AS "mayCreateDatabases"
       FROM pg_catalog.pg_database d, pg_catalog.pg_roles r WHERE d.datname = $1 AND r.rolname = current_user`, [database]);
	if (own === void 0) throw new Error("The database that the URL names is not in the catalog");
	const names = async (sql) => (await session.query(sql, [database])).map(({ name }) => name);
	return {
		database,
		...own,
		preparedTransactions: await names("SELECT gid AS name FROM pg_catalog.pg_prepared_xacts WHERE database = $1 ORDER BY gid"),
		foreignSessions: await session.query(`SELECT a.pid, a.usename AS role
         FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
        WHERE a.datname = $1 AND NOT ${mayEnd("a", "r")} ORDER BY a.pid`, [database]),
		slots: await names("SELECT slot_name AS name FROM pg_catalog.pg_replication_slots WHERE database = $1 ORDER BY slot_name"),
		subscriptions: await names(`SELECT s.subname AS name FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
        WHERE d.datname = $1 ORDER BY s.subname`)
	};
}
// src/stages/restore/swap/sql-state.ts
function serverErrorOf(thrown) {
	let error = thrown;
	for (let depth = 0; depth < 5 && error instanceof Error; depth += 1) {
		if ("code" in error && typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code)) return {
			sqlState: error.code,
			message: error.message
		};
		error = error.cause;
	}
}
// src/stages/restore/swap/cutover.ts
const endEveryMs = 15;
async function cutOver(sessions, cutover, restoredOid) {
	const { rename, end } = sessions;
	const [own] = await rename.query(`SELECT pg_catalog.pg_backend_pid() AS pid, pg_catalog.set_config('lock_timeout', '3s', false),
            pg_catalog.set_config('statement_timeout', '15s', false),
            CASE WHEN pg_catalog.current_setting('synchronous_commit') = 'off' THEN pg_catalog.set_config('synchronous_commit', 'on', false) END`);
	if (own === void 0) throw new Error("The session does not know its own process");
	const oids = [cutover.databaseOid, restoredOid];
	const progress = {
		settledAtMs: void 0,
		lockedAtMs: void 0,
		ended: /* @__PURE__ */ new Set()
	};
	const startedAtMs = performance.now();
	const renaming = rename.query(cutoverSql(cutover)).finally(() => {
		progress.settledAtMs = performance.now();
	});
	const [renamed, ending] = await Promise.allSettled([renaming, endSessions(end, own.pid, oids, cutover.databaseOid, progress)]);
	const ms = Math.ceil((progress.settledAtMs ?? performance.now()) - (progress.lockedAtMs ?? startedAtMs));
	if (renamed.status === "fulfilled") return {
		kind: "swapped",
		ms,
		ended: progress.ended.size
	};
	const said = serverErrorOf(renamed.reason);
	if (said === void 0 || said.sqlState.startsWith("08") || said.sqlState.startsWith("57P")) return {
		kind: "no-answer",
		because: messageOf(renamed.reason)
	};
	await rename.query("ROLLBACK");
	if (said.sqlState === "ALK01") {
		const more = Number(said.message);
		return {
			kind: "refused",
			moreWritten: Number.isFinite(more) && more >= 0 ? more : null
		};
	}
	if (said.sqlState === "55006" || said.sqlState === "55P03" || said.sqlState === "57014") {
		const why = ending.status === "rejected" ? `${said.message}\n${messageOf(ending.reason)}` : said.message;
		throw new FailureError(stillInUse(cutover.database, why), { cause: renamed.reason });
	}
	throw renamed.reason;
}
async function endSessions(session, renamingPid, oids, databaseOid, progress) {
	while (progress.settledAtMs === void 0) if (progress.lockedAtMs === void 0) {
		const asked = performance.now();
		if (await holdsDatabase(session, renamingPid, databaseOid)) progress.lockedAtMs = asked;
		else await setTimeout(2);
	} else {
		const ended = await session.query(`SELECT e.pid, pg_catalog.pg_terminate_backend(e.pid) AS ended FROM (${endableSql}) e`, [oids]);
		for (const { pid } of ended) progress.ended.add(pid);
		await setTimeout(endEveryMs);
	}
}
async function holdsDatabase(session, pid, databaseOid) {
	const [row] = await session.query(`SELECT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.pid = $1 AND l.granted AND l.locktype = 'object'
        AND l.classid = 'pg_catalog.pg_database'::pg_catalog.regclass AND l.objid = $2::oid AND l.mode = 'AccessExclusiveLock') AS holds`, [pid, databaseOid]);
	return row?.holds === true;
}
// src/stages/restore/swap/last-writes.ts
const collectorIntervalMs = 600;
async function collected(serverMajor) {
	if (serverMajor < 15) await setTimeout(collectorIntervalMs);
}
async function withLastWrites(request, oid, writes, before) {
	if (writes.kind === "unknown" || before === null) return writes;
	const after = await lastTotal(request, oid);
	if (after === null || BigInt(after) < BigInt(before)) return {
		kind: "unknown",
		walBytes: writes.walBytes,
		because: "The counters of the old database could not be read once more after the swap."
	};
	return {
		...writes,
		changes: writes.changes + Number(BigInt(after) - BigInt(before))
	};
}
async function lastTotal({ openBeside, serverMajor }, oid) {
	try {
		try {
			var _usingCtx$5 = _usingCtx();
			const session = _usingCtx$5.a(await openBeside());
			return serverMajor < 15 ? await settledTotal(session, oid) : await readTotal(session, oid);
		} catch (_) {
			_usingCtx$5.e = _;
		} finally {
			await _usingCtx$5.d();
		}
	} catch (thrown) {
		if (thrown instanceof FailureError) return null;
		throw thrown;
	}
}
const mostReadings = 10;
async function settledTotal(session, oid) {
	let total = await readTotal(session, oid);
	for (let reading = 1; reading < mostReadings; reading += 1) {
		await setTimeout(collectorIntervalMs);
		const next = await readTotal(session, oid);
		if (next === total) return total;
		total = next;
	}
	return null;
}
// src/stages/restore/swap/properties.ts
async function readProperties(session, name) {
	const [row] = await session.query(`SELECT d.oid::text AS oid, d.datname AS name, pg_catalog.pg_get_userbyid(d.datdba) AS owner,
            d.datallowconn AS "allowsConnections", d.datconnlimit AS "connectionLimit", d.datistemplate AS "isTemplate",
            t.spcname AS tablespace, pg_catalog.shobj_description(d.oid, 'pg_database') AS comment,
            d.datacl IS NOT NULL AS "hasPrivileges"
       FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = $1`, [name]);
	if (row === void 0) return void 0;
	const { hasPrivileges, ...rest } = row;
	return {
		...rest,
		oid: Number(row.oid),
		comment: withoutMark(row.comment),
		settings: await session.query(settingsSql, [row.oid]),
		privileges: hasPrivileges ? await session.query(privilegesSql, [row.oid]) : null,
		labels: await session.query(labelsSql, [row.oid])
	};
}
const settingsSql = `
SELECT r.rolname AS role, pg_catalog.split_part(c.entry, '=', 1) AS name,
       pg_catalog.substr(c.entry, pg_catalog.strpos(c.entry, '=') + 1) AS value
  FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole,
       pg_catalog.unnest(s.setconfig) WITH ORDINALITY AS c(entry, place)
 WHERE s.setdatabase = $1::oid ORDER BY r.rolname NULLS FIRST, c.place`;
const privilegesSql = `
SELECT pg_catalog.pg_get_userbyid(a.grantor) AS grantor,
       CASE a.grantee WHEN 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(a.grantee) END AS grantee,
       a.privilege_type AS privilege, a.is_grantable AS grantable
  FROM pg_catalog.pg_database d, pg_catalog.aclexplode(d.datacl) a WHERE d.oid = $1::oid
 ORDER BY 1, 2 NULLS FIRST, 3`;
const labelsSql = `
SELECT provider, label FROM pg_catalog.pg_shseclabel
 WHERE classoid = 'pg_catalog.pg_database'::pg_catalog.regclass AND objoid = $1::oid ORDER BY provider`;
// src/stages/restore/swap/verify.ts
const settleMs = 6e4;
async function settleSwap(connections, outcome, because) {
	const { database, target, present } = outcome;
	const deadline = performance.now() + settleMs;
	for (;;) {
		const oid = await oidOf(connections, database).catch((thrown) => thrown);
		if (oid === target.oid) return;
		if (oid === present.oid) throw fail("RESTORE.CANNOT_SWAP", {
			what: `The connection was lost during the swap. ${quoteIdentifier(database)} is the database that it was before.`,
			why: because,
			next: ["Run the same command again: the restored database is kept, and is swapped without being restored again."]
		});
		if (performance.now() > deadline) throw unverified(outcome, `${because}\n${messageOf(oid)}`);
		await setTimeout(250);
	}
}
async function oidOf({ openBeside }, database) {
	try {
		var _usingCtx$4 = _usingCtx();
		const session = _usingCtx$4.a(await openBeside());
		await session.query("BEGIN");
		await session.query(`COMMENT ON DATABASE ${quoteIdentifier(database)} IS NULL`);
		const [row] = await session.query("SELECT oid::text AS oid FROM pg_catalog.pg_database WHERE datname = $1", [database]);
		await session.query("ROLLBACK");
		return row === void 0 ? void 0 : Number(row.oid);
	} catch (_) {
		_usingCtx$4.e = _;
	} finally {
		await _usingCtx$4.d();
	}
}
async function verifySwap(connections, outcome) {
	const deadline = performance.now() + settleMs;
	for (;;) {
		const found = await problemsOf(connections, outcome).then((problems) => ({
			problems,
			answered: true
		}), (thrown) => ({
			problems: [messageOf(thrown)],
			answered: false
		}));
		if (found.problems.length === 0) return;
		if (found.answered || performance.now() > deadline) throw unverified(outcome, found.problems.join("\n"));
		await setTimeout(250);
	}
}
async function problemsOf(connections, outcome) {
	try {
		var _usingCtx3 = _usingCtx();
		const { database, aside, present, target } = outcome;
		const session = _usingCtx3.a(await connections.openBeside());
		const [now, old] = [await readProperties(session, database), await readProperties(session, aside)];
		if (now?.oid !== target.oid) return [`${quoteIdentifier(database)} is not the restored database.`];
		const problems = [
			...now.allowsConnections ? [] : [`${quoteIdentifier(database)} lets nobody in.`],
			...differencesBetween(present, now).map((what) => `${quoteIdentifier(database)}: ${what} is not as before.`),
			...now.comment === present.comment ? [] : [`${quoteIdentifier(database)}: the comment is not as before.`],
			...old?.oid === present.oid ? [] : [`${quoteIdentifier(aside)} is not the database from before.`],
			...old?.allowsConnections === false ? [] : [`${quoteIdentifier(aside)} is not shut.`]
		];
		if (problems.length > 0) return problems;
		const [row] = await _usingCtx3.a(await connections.openSession(database)).query(`SELECT oid::text AS oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()`);
		return Number(row?.oid) === target.oid ? [] : ["A new connection does not come to the restored database."];
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
function unverified({ database, aside, present, target }, why) {
	return fail("RESTORE.SWAP_UNVERIFIED", {
		what: `It is not certain that ${quoteIdentifier(database)} is the restored database now, with all that belongs to it.`,
		why,
		next: [
			`See which database has the name (${target.oid} is the restored one, ${present.oid} the one from before):`,
			`SELECT oid, datname, datallowconn FROM pg_database WHERE oid IN (${target.oid}, ${present.oid}) OR datname = ${quoteLiteral(database).trim()};`,
			"To go back, as a role that owns both, connected to neither:",
			...swapSql(database, aside, /* @__PURE__ */ new Date())
		]
	});
}
// src/stages/restore/swap/perform.ts
async function requireSwappable(request) {
	const { database, present } = request;
	const obstacle = decideSwap(await observeSwap(present, database));
	if (obstacle !== void 0) throw new FailureError(obstacle);
	return (await requireAcceptedLoss(request)).writes;
}
async function requireAcceptedLoss({ database, backup, accepted, present }) {
	const writes = writesBetween(backup.moment, await readMoment(present));
	const decision = decideLoss(database, writes, accepted);
	if (decision.kind === "refused") throw new FailureError(decision.failure);
	return {
		writes,
		most: decision.most
	};
}
async function performSwap(request) {
	try {
		var _usingCtx$3 = _usingCtx();
		const { database, restored, backup } = request;
		const rename = _usingCtx$3.a(await request.openBeside());
		const end = _usingCtx$3.a(await request.openBeside());
		const facts = await observeSwap(rename, database);
		const obstacle = decideSwap(facts);
		if (obstacle !== void 0) throw new FailureError(obstacle);
		const [present, target] = [await existing(rename, database), await existing(rename, restored)];
		request.onProgress(`giving ${restored} what belongs to ${database}: settings, privileges, owner`);
		await giveProperties(rename, present, target);
		await collected(request.serverMajor);
		const total = await readTotal(end, present.oid);
		await collected(request.serverMajor);
		const { writes, most } = await requireAcceptedLoss(request);
		request.throwIfCancelled();
		const at = /* @__PURE__ */ new Date();
		const aside = await freeName(rename, database, at);
		const mark = {
			name: database,
			at: at.toISOString(),
			successorOid: target.oid,
			backup: backup.name,
			sha256: backup.sha256
		};
		const cutover = {
			database,
			databaseOid: present.oid,
			restored,
			aside,
			comment: present.comment,
			asideComment: swapMark(mark, present.comment),
			limit: limitOf(writes, most, total),
			serverMajor: request.serverMajor
		};
		request.onProgress(`ending the sessions in ${database} and renaming`);
		const outcome = await cutOver({
			rename,
			end
		}, cutover, target.oid);
		if (outcome.kind === "refused") throw new FailureError(lossAtTheEnd(database, writes, most, outcome.moreWritten));
		const expected = {
			database,
			aside,
			present,
			target
		};
		if (outcome.kind === "no-answer") await settleSwap(request, expected, outcome.because);
		await verifySwap(request, expected);
		return {
			database,
			aside,
			...timesOf(outcome),
			lost: await withLastWrites(request, present.oid, writes, total),
			breaks: breaksWithSwap(facts, aside)
		};
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
function timesOf(outcome) {
	return outcome.kind === "swapped" ? {
		cutoverMs: outcome.ms,
		sessionsEnded: outcome.ended
	} : {
		cutoverMs: 0,
		sessionsEnded: 0
	};
}
async function existing(session, name) {
	const found = await readProperties(session, name);
	if (found !== void 0) return found;
	throw fail("RESTORE.CANNOT_SWAP", {
		what: `There is no database ${quoteIdentifier(name)} any more. Nothing was swapped.`,
		why: "Somebody else dropped or renamed it in the meantime.",
		next: ["See which databases there are: SELECT datname FROM pg_database;"]
	});
}
async function giveProperties(session, from, to) {
	for (const { what, sql } of carryOver(from, to)) try {
		for (const statement of sql) await session.query(statement);
	} catch (thrown) {
		const said = serverErrorOf(thrown);
		if (said === void 0) throw thrown;
		const why = what.startsWith("setting ") ? `The server refused it (SQLSTATE ${said.sqlState}).` : said.message;
		throw new FailureError(notCarriedOver(what, to.name, why), { cause: thrown });
	}
	const differences = differencesBetween(from, await existing(session, to.name));
	if (differences.length > 0) throw new FailureError(carriedOverOtherwise(to.name, differences));
}
async function freeName(session, database, at) {
	const stamp = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
	for (let attempt = 1;; attempt += 1) {
		const name = nameWithEnding(database, `_before_${stamp}${attempt === 1 ? "" : `_${attempt}`}`);
		if (await readProperties(session, name) === void 0) return name;
	}
}
function limitOf(writes, most, total) {
	if (writes.kind === "unknown" || most === null) return null;
	return {
		counted: total ?? "0",
		more: total === null ? -1 : most - writes.changes
	};
}
function lossAtTheEnd(database, writes, most, more) {
	if (writes.kind === "counted" && more !== null) return moreWritten(database, writes.changes + more, most ?? 0);
	return {
		code: "RESTORE.WRITES_SINCE",
		what: `It cannot be told what was written to ${quoteIdentifier(database)} at the end. Nothing was swapped.`,
		why: "The server’s counters were reset meanwhile. The sessions were ended, and the application can connect again.",
		next: ["Stop the application, then swap again."]
	};
}
// src/commands/restore-swap.ts
const deployLockWaitMs = 1e4;
async function restoreAndSwap(context, request, into) {
	try {
		var _usingCtx$2 = _usingCtx();
		const manifest = await readManifest(request.manifestPath);
		const database = _usingCtx$2.a(await openDatabase(context));
		const known = {
			...noMigrations,
			target: {
				host: database.url.host,
				database: database.url.database
			},
			next: []
		};
		try {
			const earlier = await earlierSwap(database, manifest, into);
			if (earlier !== void 0) return {
				...known,
				...swappedBefore(database.url.database, earlier)
			};
			return {
				...known,
				...await restoreThenSwap(context, {
					request,
					database,
					manifest,
					into
				})
			};
		} catch (thrown) {
			const outcome = thrown instanceof FailureError ? outcomes[thrown.failure.code] : void 0;
			if (!(thrown instanceof FailureError) || outcome === void 0) throw thrown;
			return {
				...known,
				...endedWith(outcome, thrown.failure)
			};
		}
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
const outcomes = {
	"RESTORE.WRITES_SINCE": "refused",
	"RESTORE.SWAP_UNVERIFIED": "needs-human"
};
function endedWith(outcome, failure) {
	return {
		outcome,
		reasonCode: failure.code,
		reason: "",
		next: failure.next,
		failure
	};
}
async function restoreThenSwap(context, { request, database, manifest, into }) {
	try {
		var _usingCtx3 = _usingCtx();
		const { run, invocation } = context;
		const { url, session } = database;
		await withoutLimits(session);
		await takeDeployLock(session, {
			waitMs: deployLockWaitMs,
			onWait: (holder) => run.progress(`waiting for the deploy lock, held by ${holder}`),
			signal: run.signal
		});
		const beside = await databasesBeside(session, [url.database, into]);
		const admin = _usingCtx3.a(await openBeside(url, beside, "airlock restore"));
		await withoutLimits(admin);
		const swap = {
			database: url.database,
			restored: into,
			backup: {
				name: manifest.name,
				sha256: manifest.files[0]?.sha256 ?? "",
				moment: {
					systemIdentifier: manifest.source.systemIdentifier,
					activity: manifest.activity ?? void 0
				}
			},
			accepted: invocation.acceptLoss === void 0 ? void 0 : parseAcceptedLoss(invocation.acceptLoss),
			present: session,
			openBeside: () => openBeside(url, beside, "airlock swap"),
			openSession: (name) => connectWithoutLimits(withDatabase(url, name), "airlock restore"),
			serverMajor: (await serverVersionOf(admin)).major,
			throwIfCancelled: () => run.throwIfCancelled(),
			onProgress: (text) => run.progress(text)
		};
		const present = await readProperties(admin, url.database);
		const restored = await run.stage("restore", async () => {
			const writes = await requireSwappable(swap);
			for (const line of describeWrites(writes)) run.progress(line);
			return restoreBackup({
				...request,
				into,
				replaces: url.database,
				admin,
				openSession: swap.openSession,
				connectionFor: connectionFor(url),
				jobs: Math.min(4, availableParallelism()),
				successor: { tablespace: present?.tablespace ?? "pg_default" }
			});
		}, ({ summary, notChecked }) => ({
			outcome: "pass",
			summary,
			detail: { notChecked }
		}));
		const swapped = await run.stage("swap", () => performSwap(swap), ({ aside, cutoverMs, sessionsEnded, lost }) => ({
			outcome: "pass",
			summary: `nobody could connect for ${formatMs(cutoverMs)}; ${plural(sessionsEnded, "session")} ended`,
			detail: {
				aside,
				cutoverMs,
				sessionsEnded,
				lost
			}
		}), "to-its-end");
		return ended(request.manifestPath, url.database, restored, swapped);
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
async function earlierSwap({ session, url }, manifest, into) {
	if (await readProperties(session, into) !== void 0) return void 0;
	return findEarlierSwap(session, url.database, manifest.files[0]?.sha256 ?? "");
}
function swappedBefore(database, { aside, mark }) {
	return {
		outcome: "refused",
		reasonCode: "swapped_before",
		reason: `\`${database}\` is this backup, restored, since ${mark.at}: an earlier run put it there. Nothing was done.`,
		next: [`\`${aside}\` is the database from before. To put the backup in place once more, rename or drop that one first.`]
	};
}
function ended(manifestPath, database, restored, swapped) {
	const { aside, cutoverMs, sessionsEnded, lost, breaks } = swapped;
	return {
		outcome: "done",
		reasonCode: "restored_and_swapped",
		reason: [
			`The backup is in \`${database}\` now. The database from before is \`${aside}\`, shut to connections.`,
			`Nobody could connect for ${formatMs(cutoverMs)}; ${plural(sessionsEnded, "session")} ended.`,
			...lost.kind === "counted" ? [`${plural(lost.changes, "row change")} since the backup are only in \`${aside}\`.`] : [],
			...describeWrites(lost),
			...restored.notChecked.map((what) => `not checked: ${what}`)
		].join("\n"),
		backup: {
			manifest: manifestPath,
			tier: restored.tier,
			bytes: restored.manifest.files.reduce((sum, { bytes }) => sum + bytes, 0)
		},
		next: [
			...breaks,
			"To go back, as a role that owns both, connected to neither:",
			...swapSql(database, aside, /* @__PURE__ */ new Date()),
			`When nothing of the old one is needed any more: DROP DATABASE "${aside.replaceAll("\"", "\"\"")}";`
		]
	};
}
// src/commands/restore.ts
async function restore(context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { invocation } = context;
		const { from, into, dryRun } = invocation;
		if (from === void 0) throw incomplete("`--from` is missing: which backup?");
		if (!dryRun && into === void 0) throw incomplete("Either `--into DATABASE` or `--dry-run` is needed.");
		const janitor = _usingCtx$1.a(await startJanitor());
		const request = await backupRequest(context, janitor, from);
		if (into === void 0 || dryRun) return await prove(context, request);
		return await (invocation.swap ? restoreAndSwap(context, request, into) : restoreInto(context, request, into));
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function prove(context, request) {
	const checked = await context.run.stage("restore", () => checkBackup(request), ({ tier, notChecked }) => ({
		outcome: "pass",
		summary: `proven to the tier \`${tier}\``,
		detail: {
			tier,
			notChecked
		}
	}));
	return {
		...noMigrations,
		outcome: "done",
		reasonCode: "backup_readable",
		reason: [provenUpTo[checked.tier](checked.dumpPath), ...checked.notChecked.map((what) => `not checked: ${what}`)].join("\n"),
		backup: {
			manifest: request.manifestPath,
			tier: checked.tier,
			bytes: bytesOf(checked.manifest)
		},
		next: []
	};
}
const provenUpTo = {
	checksum: (dump) => `${dump} is byte for byte what was backed up.`,
	decoded: (dump) => `Every byte of ${dump} was read and decoded.`,
	restored: (dump) => `${dump} was restored into a scratch server; its definitions are those of the dump.`,
	compared: (dump) => `${dump} was restored into a scratch server; definitions, rows and contents are those of the moment of the backup.`
};
async function restoreInto(context, request, into) {
	try {
		var _usingCtx3 = _usingCtx();
		const { url } = _usingCtx3.a(await openDatabase(context));
		const admin = _usingCtx3.a(await connectWithoutLimits(url, "airlock restore"));
		const restored = await context.run.stage("restore", () => restoreBackup({
			...request,
			into,
			replaces: url.database,
			admin,
			openSession: (name) => connectWithoutLimits(withDatabase(url, name), "airlock restore"),
			connectionFor: connectionFor(url)
		}), ({ summary, notChecked }) => ({
			outcome: "pass",
			summary,
			detail: { notChecked }
		}));
		return {
			...noMigrations,
			outcome: "done",
			reasonCode: "restored_into_new_database",
			reason: [`The backup is in the new database \`${into}\`. \`${url.database}\` was not touched.`, ...restored.notChecked.map((what) => `not checked: ${what}`)].join("\n"),
			target: {
				host: url.host,
				database: into
			},
			backup: {
				manifest: request.manifestPath,
				tier: restored.tier,
				bytes: bytesOf(restored.manifest)
			},
			next: [
				"Look at it. To put it in the place of the present database, stop the application and run the same command with `--swap` added.",
				"Or by hand, as a role that owns both, connected to neither:",
				...restored.swap,
				...restored.notes
			]
		};
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
function bytesOf(manifest) {
	return manifest.files.reduce((sum, file) => sum + file.bytes, 0);
}
function incomplete(why) {
	return fail("USAGE.INVALID", {
		what: "`restore` cannot be understood.",
		why,
		next: [
			"airlock restore --from MANIFEST --dry-run",
			"airlock restore --from MANIFEST --into NEW_DATABASE",
			"airlock restore --from MANIFEST --into NEW_DATABASE --swap"
		]
	});
}
export { restore };
