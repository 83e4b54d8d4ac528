import { t as noMigrations } from "./ended.mjs";
import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { B as scratchOpener, M as tableHashSql, O as openReading, V as findServerPrograms, W as startJanitor, j as rowHash, k as listHashedTables } from "./scratch-server.mjs";
import { t as errnoOf } from "./errno.mjs";
import { d as shownPath, i as urlNamesOf, r as openSource, t as findSource } from "./open-source.mjs";
import { r as plural } from "./words.mjs";
import { d as emptyCatalog, t as analyse } from "./analysis.mjs";
import { t as secretsIn } from "./secrets.mjs";
import { c as connectWithoutLimits, f as parseDatabaseUrl, o as serverVersionOf, r as urlIfGiven, s as connect, x as withSessionOf, y as secretsOf } from "./postgres-url.mjs";
import { l as oneLine } from "./describe.mjs";
import { a as tableLoss, c as readObjects, d as decideUndo, f as pathOf, g as serverErrorOf, h as placesOf, i as rowLosses, l as decideWrittenSince, m as findOwn, n as countValues, o as generateReverse, p as plainName, r as recreated, s as undoFile, t as columnLoss, u as pairUp } from "./row-losses.mjs";
import { n as readCatalog, t as differenceOf } from "./catalog.mjs";
import { n as quoteIdentifier, r as quoteLiteral } from "./quoting.mjs";
import { t as fileStatements } from "./execution-statements.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { i as atomicModel } from "./atomic-steps.mjs";
import { i as executionModel, t as loadSqlParser } from "./execution-model.mjs";
import { n as filesToJudge } from "./check.mjs";
import { n as openApplySession } from "./session.mjs";
import { r as openBackup, t as backupRequest } from "./request.mjs";
import { basename, dirname } from "node:path";
import { mkdir, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
// src/stages/rehearse/undo/header.ts
function fileWithHeader(undo, { migration, server, airlock, forget }) {
	return `${[
		`Takes back ${migration}. Airlock ${airlock} wrote it and ran it on ${server}: up, down, up again.`,
		...undo.checked.map((what) => `checked: ${what}`),
		...undo.notChecked.map((what) => `not checked: ${what}`),
		...undo.kind === "proven" ? ["Nothing that was there before the migration is lost."] : [],
		...undo.loses.map(({ text }) => `LOST: ${text}`),
		...undo.writtenSince.length === 0 ? [] : ["Count first what was written since and is lost with it:"],
		...undo.writtenSince.flatMap(({ what, sql }) => [what, `  ${sql};`]),
		"Afterwards the history has to forget the migration:",
		`  ${forget}`
	].map((line) => `-- ${line.startsWith("  ") ? `  ${oneLine(line.trim())}` : oneLine(line)}`).join("\n")}\n\n${undo.sql}`;
}
// src/stages/rehearse/undo/count-differing.ts
const batch = 1e4;
async function countDiffering(was, is, columns) {
	const [before, after] = [walk(was.session, was.table, columns), walk(is.session, is.table, columns)];
	let [one, other] = [await next(before), await next(after)];
	let missing = 0;
	while (one !== void 0) if (other === void 0 || one < other) {
		missing += 1;
		one = await next(before);
	} else if (one > other) other = await next(after);
	else [one, other] = [await next(before), await next(after)];
	await before.return(void 0);
	await after.return(void 0);
	return missing;
}
async function next(walk) {
	const { value, done } = await walk.next();
	return done === true ? void 0 : value;
}
async function* walk(session, { schema, name }, columns) {
	const from = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
	await session.query(`DECLARE airlock_rows NO SCROLL CURSOR FOR SELECT (${rowHash(columns)})::text AS hash FROM ONLY ${from} t ORDER BY (${rowHash(columns)})`);
	try {
		for (;;) {
			const rows = await session.query(`FETCH ${batch} FROM airlock_rows`);
			for (const { hash } of rows) yield BigInt(hash);
			if (rows.length < batch) return;
		}
	} finally {
		await session.query("CLOSE airlock_rows");
	}
}
// src/stages/rehearse/undo/compare-rows.ts
async function compareRows(request) {
	const { before, after, serverMajor, touched, mayRefill } = request;
	const reading = {
		snapshot: void 0,
		lockTimeoutMs: 1e4,
		serverMajor,
		workers: 2
	};
	await openReading(before.session, reading);
	await openReading(after.session, reading);
	try {
		const now = new Map((await listHashedTables(after.session)).map((table) => [plainName(table), table]));
		const loses = [];
		const filled = /* @__PURE__ */ new Set();
		let [tables, rows] = [0, 0];
		for (const table of await listHashedTables(before.session)) {
			const name = plainName(table);
			const was = before.objects.tables.find((one) => plainName(one) === name);
			const is = after.objects.tables.find((one) => plainName(one) === name);
			const other = now.get(name);
			if (was === void 0 || is === void 0 || other === void 0) continue;
			const anew = recreated(was, is, request.tablesUp);
			if (touched !== void 0 && !touched.has(name) && anew.kind === "same") {
				if (await hasRows(before.session, was)) filled.add(name);
				continue;
			}
			tables += 1;
			const [here, there] = [await hashOf(before.session, table), await hashOf(after.session, other)];
			rows += here.rows;
			if (here.rows > 0) filled.add(name);
			const same = here.rows === there.rows && here.hash === there.hash;
			if (same && (anew.kind === "same" || mayRefill && here.rows > 0)) continue;
			if (anew.kind === "table") loses.push(tableLoss(name, here.rows, there.rows));
			else {
				for (const column of anew.columns) loses.push(await lostColumn(before.session, was, column, same));
				if (!same) loses.push(...await lostRows(before, after, {
					was: table,
					is: other
				}, anew.columns));
			}
		}
		return {
			loses,
			tables,
			rows,
			filled,
			notCompared: []
		};
	} finally {
		await before.session.query("ROLLBACK");
		await after.session.query("ROLLBACK");
	}
}
async function hashOf(session, table) {
	const [row] = await session.query(tableHashSql(table));
	if (row === void 0) throw new Error(`The server gave no hash of ${plainName(table)}`);
	return {
		rows: Number(row.rows),
		hash: row.hash
	};
}
async function hasRows(session, table) {
	return (await session.query(`SELECT FROM ONLY ${pathOf(table)} LIMIT 1`)).length > 0;
}
async function lostColumn(session, table, name, same) {
	const column = table.columns.find((one) => one.name === name);
	if (column === void 0) throw new Error(`${plainName(table)} has no column ${name}`);
	const { values, others } = countValues(column);
	const [row] = await session.query(`SELECT ${values} AS values, ${others} AS others FROM ONLY ${pathOf(table)}`);
	return columnLoss(`${plainName(table)}.${name}`, Number(row?.values ?? 0), same || row?.others === "0");
}
async function lostRows(before, after, { was, is }, except) {
	const columns = was.columns.filter(({ name }) => !except.includes(name) && is.columns.some((one) => one.name === name));
	const rows = await countDiffering({
		session: before.session,
		table: was
	}, {
		session: after.session,
		table: is
	}, columns);
	const surplus = await countDiffering({
		session: after.session,
		table: is
	}, {
		session: before.session,
		table: was
	}, columns);
	return rowLosses(plainName(was), rows, surplus);
}
// src/stages/rehearse/undo/run-file.ts
async function runFile(session, sql, execution) {
	const pieces = execution === "batch" ? [sql] : fileStatements(sql).map((statement) => statement.sql);
	for (const piece of pieces) try {
		await session.send(piece);
	} catch (error) {
		const { sqlState, message } = serverErrorOf(error);
		if (sqlState === void 0 || /^(?:57P|08)/.test(sqlState)) throw error;
		await session.send("ROLLBACK");
		return {
			kind: "failed",
			sqlState,
			because: `${message} (SQLSTATE ${sqlState}), at: ${(piece.replaceAll(/^\s*(?:--.*\n\s*)*/g, "").split("\n")[0] ?? "").slice(0, 120)}`
		};
	}
	return { kind: "done" };
}
// src/stages/rehearse/undo/touched.ts
async function touchedTables(before, after, ended, serverMajor) {
	if (serverMajor < 15 || !await hasEnded(after, ended)) return void 0;
	const [setting] = await after.query("SELECT pg_catalog.current_setting('track_counts') = 'on' AS on");
	if (setting?.on !== true) return void 0;
	const files = new Map((await filesOf(before)).map((one) => [plainName(one), one.file]));
	const now = await filesOf(after);
	return new Set(now.filter((one) => Number(one.writes) > 0 || files.get(plainName(one)) !== one.file).map(plainName));
}
function filesOf(session) {
	return session.query(`SELECT n.nspname AS schema, c.relname AS name, c.relfilenode::text AS file,
            (pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid) + pg_catalog.pg_stat_get_tuples_deleted(c.oid))::text AS writes
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'`);
}
async function hasEnded(session, pids) {
	for (let tries = 0; tries < 100; tries += 1) {
		if ((await session.query("SELECT FROM pg_catalog.pg_stat_activity WHERE pid = ANY ($1)", [pids])).length === 0) return true;
		await setTimeout(20);
	}
	return false;
}
// src/stages/rehearse/undo/prove.ts
async function proveUndo(request) {
	try {
		var _usingCtx$5 = _usingCtx();
		const { own, onProgress } = request;
		const { catalog, objects } = await readState(request.before);
		const clone = _usingCtx$5.a(await request.clone());
		const session = _usingCtx$5.a(await clone.open());
		const origin = own === void 0 ? { kind: "generated" } : {
			kind: "own",
			file: own.file
		};
		onProgress("up");
		const up = await run(clone, request.sql, request.execution);
		if (up.outcome.kind === "failed") return {
			kind: "not-proven",
			origin,
			because: `The migration itself fails: ${up.outcome.because}`,
			sql: own?.sql ?? ""
		};
		const catalogUp = await readCatalog(session);
		const objectsUp = await readObjects(session);
		const pairs = pairUp(objects, objectsUp);
		const written = own === void 0 ? await generated(session, objects, {
			now: objectsUp,
			pairs
		}) : own.sql;
		if (typeof written !== "string") return {
			kind: "impossible",
			origin,
			because: written.because
		};
		onProgress("down");
		const down = await run(clone, written, "split");
		if (down.outcome.kind === "failed") return decideUndo({
			...down.outcome,
			kind: "down-failed",
			origin,
			sql: written
		});
		const differs = differenceOf(catalog, await readCatalog(session));
		if (differs.added.length + differs.removed.length > 0) return decideUndo({
			kind: "differs",
			origin,
			sql: written,
			differs
		});
		const after = await readObjects(session);
		onProgress("comparing rows");
		const before = _usingCtx$5.a(await request.before.open());
		const major = (await serverVersionOf(before)).major;
		const touched = await touchedTables(before, session, [up.pid, down.pid], major);
		const rows = await compareRows({
			before: {
				session: before,
				objects
			},
			after: {
				session,
				objects: after
			},
			tablesUp: new Set(objectsUp.tables.map(({ oid }) => oid)),
			serverMajor: major,
			touched,
			mayRefill: own !== void 0
		});
		onProgress("up again");
		const again = await run(clone, request.sql, request.execution);
		return decideUndo({
			kind: "ran",
			origin,
			sql: written,
			statements: request.statements,
			before: objects,
			after,
			rows: request.rowsAre === "real" ? rows : {
				...rows,
				filled: /* @__PURE__ */ new Set()
			},
			writtenSince: decideWrittenSince(pairs),
			again: again.outcome.kind === "failed" ? again.outcome : {
				kind: "ran",
				differs: differenceOf(catalogUp, await readCatalog(session))
			}
		});
	} catch (_) {
		_usingCtx$5.e = _;
	} finally {
		await _usingCtx$5.d();
	}
}
async function readState(database) {
	try {
		var _usingCtx3 = _usingCtx();
		const session = _usingCtx3.a(await database.open());
		return {
			catalog: await readCatalog(session),
			objects: await readObjects(session)
		};
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
async function generated(session, before, now) {
	const reverse = await generateReverse(session, before, now);
	return reverse.kind === "sql" ? undoFile(reverse.statements) : reverse;
}
async function run(clone, sql, execution) {
	try {
		var _usingCtx4 = _usingCtx();
		const session = _usingCtx4.a(await clone.openRun());
		const [row] = await session.query("SELECT pg_catalog.pg_backend_pid() AS pid");
		return {
			pid: row?.pid ?? 0,
			outcome: await runFile(session, sql, execution)
		};
	} catch (_) {
		_usingCtx4.e = _;
	} finally {
		await _usingCtx4.d();
	}
}
// src/stages/rehearse/undo/replay.ts
async function executionOf(sql, prismaVersion) {
	if (prismaVersion === void 0) return atomicModel(sql).kind;
	return executionModel(prismaVersion, sql, await loadSqlParser()).kind;
}
async function replay(database, request) {
	const { migrations, onto, signal, onProgress } = request;
	if (migrations.length > 0) onProgress(`replaying ${plural(migrations.length, "migration")} on ${onto}`);
	for (const { name, file, sql } of migrations) try {
		var _usingCtx$4 = _usingCtx();
		signal.throwIfAborted();
		const outcome = await runFile(_usingCtx$4.a(await database.openRun()), sql, await executionOf(sql, request.prismaVersion));
		if (outcome.kind === "failed") throw notReplayed(name, file, onto, outcome.because);
	} catch (_) {
		_usingCtx$4.e = _;
	} finally {
		await _usingCtx$4.d();
	}
}
function notReplayed(name, file, onto, because) {
	return fail("UNDO.NOT_REPLAYED", {
		what: `\`${file}\` does not go through on ${onto}, so the state before the migration cannot be made.`,
		why: `${because}\n\`${name}\` comes before the migration; it may need what is in your database and in no file: roles, schemas, extensions, rows.`,
		next: ["Take the state before the migration from a backup that was made before it:", "airlock undo MIGRATION --from NAME.manifest.json"]
	});
}
// src/commands/undo-files.ts
async function readUndoFiles(context, wanted) {
	const { kind } = findSource(context.invocation, context.config);
	const files = await filesToJudge(context);
	const reading = await files.read();
	if (reading.kind === "invalid") throw new FailureError(reading.failure);
	const { migrations } = reading.folder;
	const named = basename(wanted.replace(/[/\\]migration\.sql$/, ""));
	const at = migrations.findIndex(({ name }) => name === named || `${name}.sql` === named);
	const migration = migrations[at];
	if (migration === void 0) throw unknown(named, migrations);
	const atomic = files.version === void 0 || context.policy.apply === "atomic";
	return {
		kind,
		migrationsPath: files.path,
		prismaVersion: atomic ? void 0 : files.version,
		before: migrations.slice(0, at),
		migration
	};
}
function unknown(name, migrations) {
	const last = migrations.at(-1);
	const alike = migrations.filter((one) => one.name.includes(name)).map((one) => `\`${one.name}\``);
	return fail("USAGE.INVALID", {
		what: `There is no migration \`${name}\`.`,
		why: `The folder has ${plural(migrations.length, "migration")}${last === void 0 ? "" : `, the last is \`${last.name}\``}.${alike.length === 0 ? "" : ` Close to it: ${alike.slice(0, 5).join(", ")}.`}`,
		next: ["Give the name of a migration as its folder or file has it."]
	});
}
function forgetIn(kind, schema, name) {
	const own = (table) => `DELETE FROM ${quoteIdentifier(schema)}.${quoteIdentifier(table)} WHERE migration_name = ${quoteLiteral(name)};`;
	switch (kind) {
		case "prisma": return own("_prisma_migrations");
		case "sql": return own("_airlock_migrations");
		case "supabase": return `DELETE FROM supabase_migrations.schema_migrations WHERE version = ${quoteLiteral(/^\d+/.exec(name)?.[0] ?? name)};`;
		case "drizzle": return "delete its row, the last one, from drizzle.__drizzle_migrations";
	}
}
// src/stages/rehearse/undo/scratch-database.ts
function undoDatabase(url, signal) {
	return {
		open: () => connectWithoutLimits(url, "airlock undo", signal),
		openRun: () => openApplySession(url, { application_name: "airlock undo" }, () => void 0, signal)
	};
}
// src/stages/rehearse/undo/server-major.ts
const newestKnown = 18;
const oldestKnown = 14;
async function chooseMajor(context, url) {
	const { invocation, run, policy, redactor } = context;
	if (invocation.serverVersion !== void 0) return {
		major: invocation.serverVersion,
		because: "as asked for"
	};
	const named = invocation.env.AIRLOCK_SCRATCH_URL ?? "";
	if (named !== "" && (policy.backup.scratch === "url" || policy.backup.scratch === "auto")) {
		redactor.add([named]);
		const parsed = parseDatabaseUrl(named, "AIRLOCK_SCRATCH_URL");
		if (parsed.kind === "invalid") throw new FailureError(parsed.failure);
		redactor.add(secretsOf(parsed.url));
		return {
			major: await majorOf(parsed.url, run.signal),
			because: "that of AIRLOCK_SCRATCH_URL"
		};
	}
	if (url !== void 0) return {
		major: await majorOf(url, run.signal),
		because: "that of the database"
	};
	const { programs } = await findServerPrograms(invocation.env);
	const installed = programs.map(({ major }) => major).filter((major) => major >= oldestKnown && major <= newestKnown);
	return installed.length > 0 && policy.backup.scratch !== "embedded" ? {
		major: Math.max(...installed),
		because: "the newest on this machine; no connection URL says another"
	} : {
		major: newestKnown,
		because: "the newest; no connection URL says another"
	};
}
async function majorOf(url, signal) {
	try {
		var _usingCtx$3 = _usingCtx();
		const session = _usingCtx$3.a(await connect(url, "airlock undo", signal));
		return (await serverVersionOf(session)).major;
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
// src/commands/undo-state.ts
async function openStateBefore(context, janitor, { files, url }) {
	const { from } = context.invocation;
	return from === void 0 ? fromFiles(context, janitor, files, url) : fromBackup(context, janitor, {
		files,
		from,
		url
	});
}
const traits = {
	encoding: "UTF8",
	localeProvider: "libc",
	collate: "C",
	characterType: "C",
	locale: null
};
async function fromFiles(context, janitor, files, url) {
	const { run, policy } = context;
	const { major, because } = await chooseMajor(context, url);
	const scratch = await scratchOpener(context, janitor, policy.backup.scratch)(major, null);
	let made;
	try {
		const database = await scratch.createDatabase(traits);
		made = database;
		const state = stateOn(context, scratch, scratch.databaseUrl(database.name), url);
		await createSchema(state);
		await replay(state.database, {
			...files,
			migrations: files.before,
			onto: "an empty server",
			signal: run.signal,
			onProgress: (text) => run.progress(text)
		});
		return {
			...state,
			summary: `${files.before.length} migrations replayed on an empty PostgreSQL ${scratch.version} (${because}); rows: only those that they insert`,
			rows: "replayed",
			[Symbol.asyncDispose]: () => disposeAll(database, scratch)
		};
	} catch (thrown) {
		await made?.[Symbol.asyncDispose]();
		await scratch[Symbol.asyncDispose]();
		throw thrown;
	}
}
async function fromBackup(context, janitor, { files, from, url }) {
	const { run, invocation, config } = context;
	const request = await backupRequest(context, janitor, from, context.policy.backup.scratch);
	const opened = await openBackup({
		...request,
		tier: "restored"
	});
	try {
		const { copy, checked } = opened;
		if (copy === void 0) throw new Error("a backup that was restored leaves a copy");
		const state = stateOn(context, copy.scratch, copy.url, url);
		const source = await openSource(invocation, config);
		const recorded = await recordedOn(copy.url, source.historyIn(state.schema), run.signal);
		const nameOf = ({ name, recordedAs }) => [name, recordedAs ?? name];
		if (nameOf(files.migration).some((name) => recorded.has(name))) throw tooLate(files.migration.name, from);
		const missing = files.before.filter((one) => !nameOf(one).some((name) => recorded.has(name)));
		await replay(state.database, {
			...files,
			migrations: missing,
			onto: "the copy",
			signal: run.signal,
			onProgress: (text) => run.progress(text)
		});
		return {
			...state,
			summary: `the backup of ${checked.manifest.startedAt}, PostgreSQL ${copy.scratch.version}, and ${missing.length} migrations that it does not have`,
			rows: "real",
			[Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]()
		};
	} catch (thrown) {
		await opened[Symbol.asyncDispose]();
		throw thrown;
	}
}
async function recordedOn(url, history, signal) {
	try {
		var _usingCtx$2 = _usingCtx();
		const session = _usingCtx$2.a(await connect(url, "airlock undo", signal));
		const table = await history.read(session);
		if (table.kind === "absent") return /* @__PURE__ */ new Set();
		return new Set(table.rows.filter(({ rolledBackAt }) => rolledBackAt === void 0).map(({ name }) => name));
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
function tooLate(name, from) {
	return fail("UNDO.ALREADY_APPLIED", {
		what: `The backup ${from} has \`${name}\` in it already.`,
		why: "The way back is proven by going there and back, which begins with the state before the migration.",
		next: ["Name a backup that was made before it was applied, or leave out --from."]
	});
}
function stateOn({ run }, scratch, at, like) {
	const here = (url) => like === void 0 ? url : withSessionOf(url, like);
	const url = here(at);
	return {
		database: undoDatabase(url, run.signal),
		clone: async () => {
			const clone = await scratch.cloneDatabase(url.database);
			return {
				...undoDatabase(here(scratch.databaseUrl(clone.name)), run.signal),
				[Symbol.asyncDispose]: () => clone[Symbol.asyncDispose]()
			};
		},
		schema: url.schema,
		server: `PostgreSQL ${scratch.version}`
	};
}
async function createSchema({ database, schema }) {
	try {
		var _usingCtx3 = _usingCtx();
		if (schema === "public") return;
		await _usingCtx3.a(await database.open()).query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`);
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
async function disposeAll(...all) {
	for (const one of all) await one[Symbol.asyncDispose]();
}
// src/commands/undo.ts
async function undo(context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { invocation, run } = context;
		if (invocation.migration === void 0) throw noName();
		const files = await readUndoFiles(context, invocation.migration);
		context.redactor.add([...files.before, files.migration].flatMap(({ sql }) => secretsIn(sql)));
		const place = {
			...files,
			root: invocation.cwd
		};
		const [own, ...others] = invocation.overwrite ? [] : await findOwn(place);
		if (own !== void 0 && others.length > 0) run.notice(`There is more than one way back: \`${own.file}\` counts, not ${others.map(({ file }) => `\`${file}\``).join(", ")}.`);
		const url = await urlIfGiven(context, await urlNamesOf(invocation.cwd, context.config));
		const statements = await analysed(context, files, url?.schema ?? "public");
		const janitor = _usingCtx$1.a(await startJanitor());
		const state = _usingCtx$1.a(await run.stage("restore", () => openStateBefore(context, janitor, {
			files,
			url
		}), ({ summary }) => ({
			outcome: "pass",
			summary
		})));
		const proven = await run.stage("rehearse", () => prove(context, {
			files,
			statements,
			own
		}, state), describe);
		if (proven.kind === "impossible") throw impossible(files, proven);
		if (proven.kind === "not-proven") throw notProven(files, proven);
		const written = invocation.write ? await write(context, place, proven, state) : void 0;
		return {
			...noMigrations,
			outcome: "done",
			reasonCode: proven.kind === "proven" ? "undo_proven" : "undo_lossy",
			reason: reasonOf(files.migration.name, proven, written),
			undo: {
				...proven,
				migration: files.migration.name,
				server: state.server,
				file: written
			},
			next: written === void 0 && proven.origin.kind === "generated" ? [`airlock undo ${files.migration.name} --write`] : []
		};
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function analysed({ run }, { before, migration, prismaVersion }, schema) {
	return run.stage("plan", async () => {
		const { migrations } = await analyse({
			applied: before,
			pending: [migration]
		}, {
			prismaVersion,
			schema,
			rules: {},
			start: emptyCatalog
		});
		return migrations.flatMap(({ statements }) => statements);
	}, (statements) => ({
		outcome: "pass",
		summary: plural(statements.length, "statement")
	}));
}
async function prove({ run }, { files: { migration, prismaVersion }, statements, own }, state) {
	return proveUndo({
		sql: migration.sql,
		execution: await executionOf(migration.sql, prismaVersion),
		statements,
		own,
		before: state.database,
		clone: state.clone,
		rowsAre: state.rows,
		onProgress: (text) => run.progress(text)
	});
}
function describe(undo) {
	const outcome = undo.kind === "proven" || undo.kind === "lossy" ? "pass" : "fail";
	const lost = undo.kind === "lossy" ? `, ${plural(undo.loses.length, "loss", "losses")}` : "";
	return {
		outcome,
		summary: `the way back is ${undo.kind}${lost}`,
		detail: { kind: undo.kind }
	};
}
function reasonOf(name, undo, written) {
	const whose = undo.origin.kind === "own" ? `Your own ${undo.origin.file}` : "The way back";
	return [
		undo.kind === "proven" ? `${whose} takes \`${name}\` back and loses nothing that was there before it.` : `${whose} takes the structure of \`${name}\` back, and not everything that was in it:`,
		...undo.loses.map(({ text }) => `lost: ${text}`),
		...undo.checked.map((what) => `checked: ${what}`),
		...undo.notChecked.map((what) => `not checked: ${what}`),
		...undo.writtenSince.map(({ what, sql }) => `lost as well, to be counted before it is run: ${what}: ${sql};`),
		...undo.sql.trim() === "" ? ["There is nothing to take back: the file is empty."] : [],
		...written === void 0 ? [] : [`Written to ${written}.`]
	].join("\n");
}
async function write(context, place, undo, state) {
	const { invocation, run, version } = context;
	if (undo.origin.kind === "own") {
		run.notice(`Nothing was written: ${undo.origin.file} is there already, and it is yours. --overwrite puts a generated one in its place.`);
		return;
	}
	const path = (invocation.overwrite ? (await findOwn(place))[0]?.path : void 0) ?? placesOf(place)[0] ?? "";
	const file = shownPath(place.root, path);
	const { name } = place.migration;
	const text = fileWithHeader(undo, {
		migration: name,
		server: state.server,
		airlock: version,
		forget: forgetIn(place.kind, state.schema, name)
	});
	await mkdir(dirname(path), { recursive: true }).catch((error) => {
		throw notWritten(file, messageOf(error));
	});
	try {
		await writeFile(path, text, { flag: invocation.overwrite ? "w" : "wx" });
	} catch (error) {
		throw notWritten(file, errnoOf(error) === "EEXIST" ? "It appeared while the undo was proven." : messageOf(error));
	}
	return file;
}
function noName() {
	return fail("USAGE.INVALID", {
		what: "`undo` needs the name of a migration.",
		why: "One migration is taken back at a time.",
		next: ["airlock undo 20240131120000_add_name"]
	});
}
function impossible({ migration }, { because }) {
	return fail("UNDO.IMPOSSIBLE", {
		what: `No SQL takes \`${migration.name}\` back.`,
		why: because,
		next: ["Put a backup into a new database instead: airlock restore --from MANIFEST --into NAME"]
	});
}
function notProven({ migration }, { because, origin }) {
	return fail("UNDO.NOT_PROVEN", {
		what: origin.kind === "own" ? `\`${origin.file}\` is no way back from \`${migration.name}\`.` : `No way back from \`${migration.name}\` could be proven.`,
		why: because,
		next: origin.kind === "own" ? ["Correct the file, or have one generated in its place:", `airlock undo ${migration.name} --overwrite`] : ["Write it by hand beside the migration and have it proven by the same command.", "Where code depends on rows: airlock undo MIGRATION --from NAME.manifest.json"]
	});
}
function notWritten(file, why) {
	return fail("UNDO.NOT_WRITTEN", {
		what: `The way back was proven, and \`${file}\` could not be written.`,
		why,
		next: ["Check the folder and who may write there; without --write the SQL is only printed."]
	});
}
export { undo };
