import { b as nameParts, j as lockModes, v as as, y as kindOf } from "./rules.mjs";
import { l as oneLine } from "./describe.mjs";
import { n as formatMs, r as plural } from "./words.mjs";
import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { n as isCancellation, r as unlessCancelled, t as cancellation } from "./cancellation.mjs";
import { i as shellWord, n as quoteIdentifier } from "./quoting.mjs";
import { a as plannedVariable, l as withheldPassword, n as failureOf, s as passwordVariable } from "./engine-agreement.mjs";
import { n as parseMigration, t as loadParser } from "./grammars.mjs";
import { a as atomicFile, c as leavesSomething, o as commitsOnTheWay, s as fileInSteps } from "./atomic-steps.mjs";
import { n as stepsBack, t as backupOf } from "./backup-stage.mjs";
import { W as startJanitor } from "./scratch-server.mjs";
import { i as withoutRowValues, l as endWithClientSettings, s as connect, v as passwordOf } from "./postgres-url.mjs";
import { a as prismaUrl, n as openApplySession, r as takeYourTime, t as forgetSession } from "./session.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { t as startGroup } from "./process-group.mjs";
import { c as asOurselves, l as onItsOwn } from "./open-source.mjs";
import { l as progressText, u as resumptionOf } from "./analysis.mjs";
import { c as observeSince, d as analyseLive, h as movedSince, m as sqlStateIn, s as observe } from "./preflight.mjs";
import { r as takePrismaLock, t as keepPrismaOut } from "./deploy-lock.mjs";
import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { chmod, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
// src/stages/apply/prisma-cli.ts
async function runPrisma(args, command) {
	try {
		var _usingCtx$6 = _usingCtx();
		const prisma = _usingCtx$6.u(startGroup(process.execPath, [command.cliPath, ...args], command));
		let output = "";
		const take = (line) => {
			output = `${output}${line}\n`.slice(-64e3);
			if (line.trim() !== "") command.onLine(line.trimEnd());
		};
		createInterface({ input: prisma.stdout }).on("line", take);
		createInterface({ input: prisma.stderr }).on("line", take);
		return {
			code: await prisma.ended,
			output: output.trim()
		};
	} catch (_) {
		_usingCtx$6.e = _;
	} finally {
		_usingCtx$6.d();
	}
}
const quietPrisma = {
	CHECKPOINT_DISABLE: "1",
	PRISMA_HIDE_UPDATE_MESSAGE: "1",
	NO_COLOR: "1"
};
// src/stages/apply/child-environment.ts
const withheld = /^(AIRLOCK_|INPUT_|ACTIONS_|SLACK_WEBHOOK_URL$|GITHUB_TOKEN$|GH_TOKEN$)/;
function childEnvironment(env, urlVariables, url, extra = {}) {
	const kept = Object.entries(env).filter(([name]) => !withheld.test(name));
	return {
		...Object.fromEntries(kept),
		...quietPrisma,
		...Object.fromEntries(urlVariables.map((name) => [name, url])),
		...extra
	};
}
// src/stages/hooks/run-hook.ts
const keptLines = 20;
async function runHook({ run, policy, invocation }, { url, source }, janitor, { moment, argv }) {
	try {
		var _usingCtx$5 = _usingCtx();
		const [program = "", ...args] = argv;
		const limitMs = policy.hooks["time-limit"];
		const tooLong = AbortSignal.timeout(limitMs);
		const { urlVariables, directUrlVariable } = source.urls;
		run.progress(`${moment}: ${program}`);
		const hook = _usingCtx$5.u(startGroup(program, args, {
			cwd: source.root,
			env: childEnvironment(invocation.env, directUrlVariable === void 0 ? urlVariables : [...urlVariables, directUrlVariable], prismaUrl(url)),
			signal: AbortSignal.any([run.signal, tooLong]),
			janitor
		}));
		const lines = [];
		for (const stream of [hook.stdout, hook.stderr]) createInterface({ input: stream }).on("line", (line) => {
			if (line.trim() === "") return;
			const said = withoutRowValues(line.trimEnd());
			run.progress(said);
			lines.push(said);
			lines.splice(0, lines.length - keptLines);
		});
		const ended = await hook.ended.then((code) => code === null ? "was ended by a signal" : `ended with exit code ${code}`, (thrown) => `could not be started: ${messageOf(thrown)}`);
		if (run.signal.aborted) throw cancellation();
		if (ended === "ended with exit code 0" && !tooLong.aborted) return void 0;
		const how = tooLong.aborted ? `was stopped after ${limitMs / 1e3} s, \`hooks.time-limit\` in airlock.yml` : ended;
		return {
			code: "HOOK.FAILED",
			what: `A program of \`hooks.${moment}\` failed${moment === "before-deploy" ? ", so nothing was applied" : ""}.`,
			why: [`\`${program}\` ${how}.`, ...lines].join("\n"),
			next: [`Run it in ${source.root} as the same user, and correct what it complains about. No shell reads the command; for pipes and variables: [sh, -c, "…"].`]
		};
	} catch (_) {
		_usingCtx$5.e = _;
	} finally {
		_usingCtx$5.d();
	}
}
// src/stages/blockers/observe.ts
const holdersSql = `
WITH wanted AS (
  SELECT c.oid, n.nspname || '.' || c.relname AS name,
         pg_catalog.age(c.relfrozenxid) >= pg_catalog.current_setting('autovacuum_freeze_max_age')::bigint AS old
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname || '.' || c.relname = ANY ($1::text[])
), held AS (
  SELECT w.name AS relation, w.old, l.mode, l.pid, l.virtualtransaction
    FROM pg_catalog.pg_locks l JOIN wanted w ON w.oid = l.relation
   WHERE l.granted AND l.locktype = 'relation'
     AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
  UNION ALL
  SELECT NULL, false, 'AccessShareLock', l.pid, l.virtualtransaction
    FROM pg_catalog.pg_locks l WHERE $2 AND l.granted AND l.locktype = 'virtualxid'
)
SELECT h.relation, h.mode, h.pid, h.virtualtransaction AS transaction,
       coalesce(a.application_name, '') AS name, coalesce(a.usename, '')::text AS "user", a.state,
       coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), extract(epoch FROM clock_timestamp() - p.prepared))::float8 * 1000 AS "transactionMs",
       coalesce(a.xact_start, p.prepared)::timestamptz(0)::text AS since,
       CASE WHEN a.state IS NOT NULL THEN a.backend_xmin IS NOT NULL END AS "hasSnapshot",
       h.pid IS NOT NULL AND a.usesysid IS NULL AS worker, h.old AS "antiWraparound",
       CASE WHEN p.gid IS NOT NULL THEN json_build_object('gid', p.gid, 'owner', p.owner) END AS prepared
  FROM held h
  LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = h.pid
  LEFT JOIN pg_catalog.pg_locks x ON h.pid IS NULL AND x.pid IS NULL AND x.locktype = 'transactionid' AND x.granted
        AND x.virtualtransaction = h.virtualtransaction
  LEFT JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = x.transactionid
 WHERE h.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
   AND (h.relation IS NOT NULL OR (a.datname = pg_catalog.current_database() AND a.usesysid IS NOT NULL))`;
function readHolders(session, relations, concurrently) {
	return session.query(holdersSql, [relations, concurrently]);
}
async function readHeadroom(session) {
	const [row] = await session.query(`WITH used AS (
       SELECT count(*) AS all, count(*) FILTER (WHERE a.datname = pg_catalog.current_database()) AS here,
              count(*) FILTER (WHERE a.usename = current_user) AS mine
         FROM pg_catalog.pg_stat_activity a WHERE a.usesysid IS NOT NULL
     ), limits AS (
       SELECT pg_catalog.current_setting('max_connections')::int - CASE WHEN r.rolsuper THEN 0 ELSE
                pg_catalog.current_setting('superuser_reserved_connections')::int
                + coalesce(pg_catalog.current_setting('reserved_connections', true)::int, 0) END - used.all AS free, 'max_connections' AS ceiling
         FROM used, pg_catalog.pg_roles r WHERE r.rolname = current_user
       UNION ALL SELECT d.datconnlimit - used.here, 'the connection limit of the database' FROM used, pg_catalog.pg_database d
         WHERE d.datname = pg_catalog.current_database() AND d.datconnlimit >= 0
       UNION ALL SELECT r.rolconnlimit - used.mine, 'the connection limit of the role' FROM used, pg_catalog.pg_roles r
         WHERE r.rolname = current_user AND r.rolconnlimit >= 0 AND NOT r.rolsuper
     )
     SELECT free::int, ceiling FROM limits ORDER BY free LIMIT 1`);
	if (row === void 0) throw new Error("The server does not say how many connections it lets in");
	return row;
}
function readInvalidIndexes(session, relations) {
	return session.query(`SELECT n.nspname || '.' || c.relname AS "table",
            pg_catalog.quote_ident(ni.nspname) || '.' || pg_catalog.quote_ident(ic.relname) AS "index",
            pg_catalog.pg_get_indexdef(i.indexrelid) AS definition
       FROM pg_catalog.pg_index i
       JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid JOIN pg_catalog.pg_namespace ni ON ni.oid = ic.relnamespace
      WHERE NOT i.indisvalid AND c.relkind <> 'p' AND n.nspname || '.' || c.relname = ANY ($1::text[])
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)`, [relations]);
}
function readReplicas(session) {
	return session.query(`SELECT coalesce(application_name, '') AS name, coalesce(pg_catalog.host(client_addr), 'local') AS address,
            (extract(epoch FROM replay_lag) * 1000)::float8 AS "lagMs", state IS NULL AS hidden
       FROM pg_catalog.pg_stat_replication`);
}
// src/stages/blockers/replicas.ts
const lookEveryMs$1 = 250;
async function replicasInTheWay(session, mostMs) {
	return (await readReplicas(session)).filter(({ lagMs }) => lagMs !== null && lagMs > mostMs).map(({ name, address, lagMs }) => ({
		code: "DEPLOY.REPLICA_BEHIND",
		key: `replica ${name} ${address}`,
		text: `replica ${name} (${address}) is ${formatMs(lagMs ?? 0)} behind, and ${formatMs(mostMs)} are allowed`,
		next: "SELECT application_name, client_addr, state, replay_lag FROM pg_stat_replication;"
	}));
}
async function letReplicasCatchUp({ run, policy }, session) {
	if (policy.blockers === "ignore") return;
	const startedAt = Date.now();
	for (let told = false;; told = true) {
		const behind = await replicasInTheWay(session, policy["replica-lag"]);
		if (behind.length === 0) return;
		const who = behind.map(({ text }) => text).join("; ");
		if (policy.blockers === "refuse" || Date.now() - startedAt >= policy["blocker-wait"]) return run.notice(`The next migration was begun although ${who}.`);
		if (!told) run.progress(`waiting before the next migration: ${who}`);
		await unlessCancelled(setTimeout(lookEveryMs$1), run.signal);
	}
}
// src/stages/recover/beyond-transactions.ts
function beyondTransactions(statements) {
	const calls = [...statements.flatMap(({ sql }) => [...sql.matchAll(/\b(nextval|setval|dblink\w*)\s*\(/gi)]).map(([, name = ""]) => name.toLowerCase()), ...statements.flatMap(({ effects }) => effects.beyond)];
	const unread = statements.some(({ effects, runsCode }) => runsCode && effects.unknown);
	return [...[...new Set(calls)].map((name) => name === "nextval" ? "Numbers that it took from sequences stay taken." : `What ${name}() did stays: no transaction takes that back.`), ...unread ? ["It runs code that could not be read to its end: a sequence that this moved stays where it is."] : []];
}
// src/stages/apply/gentle.ts
const strongest = lockModes.indexOf("ShareUpdateExclusiveLock");
function isGentle({ statements }) {
	const effects = statements.map((statement) => statement.effects);
	return effects.every(({ unknown, locks }) => !unknown && locks.every(({ mode }) => lockModes.indexOf(mode) <= strongest)) && effects.some(({ locks }) => locks.some(({ mode }) => mode === "ShareUpdateExclusiveLock"));
}
// src/stages/apply/session-settings.ts
function applicationNameOf(runId) {
	return `airlock-apply-${runId}`;
}
function applySettings(policy, runId, endWithClient, pending = []) {
	return {
		...endWithClient,
		application_name: applicationNameOf(runId),
		...limitsFor(policy, pending)
	};
}
function gentleLockTimeoutMs(policy) {
	return Math.max(policy["lock-timeout"], policy["blocker-wait"]);
}
function limitsFor(policy, pending) {
	if (pending.length > 0 && pending.every(isGentle)) return {
		lock_timeout: `${gentleLockTimeoutMs(policy)}ms`,
		statement_timeout: "0"
	};
	const limit = policy["statement-timeout"];
	return {
		lock_timeout: `${policy["lock-timeout"]}ms`,
		...limit === void 0 ? {} : { statement_timeout: `${limit}ms` }
	};
}
// src/stages/apply/atomic/evidence.ts
async function seenBefore(session, step, sha256) {
	const node = await nodeOf(step);
	const table = node && as(node, "IndexStmt")?.relation;
	const name = table && quotedName([table.schemaname, table.relname]);
	const [row] = await session.query(`SELECT ARRAY(SELECT indexrelid::pg_catalog.int8::pg_catalog.float8 FROM pg_catalog.pg_index WHERE indrelid = pg_catalog.to_regclass($1)) AS indexes,
            ARRAY(SELECT indexrelid::pg_catalog.int8::pg_catalog.float8 FROM pg_catalog.pg_index WHERE NOT indisvalid) AS invalid`, [name ?? null]);
	if (row === void 0) throw new Error("The server does not say which indexes there are");
	return {
		...row,
		there: await isThere(session, step, node),
		statement: sha256(step.piece.sql)
	};
}
async function isThere(session, step, node) {
	if (step.what === "DROP INDEX CONCURRENTLY") return existing(session, node && as(node, "DropStmt")?.objects?.[0]);
	if (step.what.startsWith("ALTER TABLE")) return await partitionState(session, node) !== "none";
	return true;
}
async function settle(session, step, before) {
	const node = await nodeOf(step);
	const index = node && as(node, "IndexStmt");
	if (index?.relation !== void 0) return settleIndex(session, {
		table: quotedName([index.relation.schemaname, index.relation.relname]),
		name: index.idxname,
		unique: index.unique === true
	}, before);
	if (step.what === "DROP INDEX CONCURRENTLY") {
		const object = node && as(node, "DropStmt")?.objects?.[0];
		if (object === void 0) return "not-known";
		return before.there && !await existing(session, object) ? "in-force" : "not-in-force";
	}
	if (step.what.startsWith("REINDEX")) return settleReindex(session, node, before);
	if (step.what.startsWith("ALTER TABLE")) return settleDetach(session, node, before);
	return /^(VACUUM|CLUSTER|ALTER SYSTEM|ALTER DATABASE)/.test(step.what) ? "not-in-force" : "not-known";
}
async function nodeOf({ piece }) {
	const parsed = parseMigration(await loadParser(), piece.sql);
	return parsed.kind === "syntax-error" ? void 0 : parsed.statements[0]?.node;
}
async function settleIndex(session, { table, name, unique }, before) {
	const [only, ...others] = await session.query(`SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS index, i.indisvalid AS valid, i.indisunique AS unique
       FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE i.indrelid = pg_catalog.to_regclass($1) AND NOT i.indexrelid::pg_catalog.int8 = ANY ($2::pg_catalog.int8[])
        AND ($3::pg_catalog.text IS NULL OR c.relname = $3)`, [
		table,
		before.indexes,
		name ?? null
	]);
	if (only === void 0) return "not-in-force";
	if (name === void 0 || others.length > 0 || only.unique !== unique) return "not-known";
	if (only.valid) return "in-force";
	await session.send(`DROP INDEX CONCURRENTLY ${only.index}`);
	return "not-in-force";
}
async function existing(session, object) {
	if (object === void 0) return false;
	const [row] = await session.query("SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there", [quotedName(nameParts(object))]);
	return row?.there === true;
}
async function settleReindex(session, node, before) {
	const named = node && as(node, "ReindexStmt")?.relation;
	if (named === void 0) return "not-in-force";
	const left = await session.query(`SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS index
       FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND n.nspname <> 'pg_toast'
        AND i.indrelid = coalesce((SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass($2)), pg_catalog.to_regclass($2))
        AND NOT i.indexrelid::pg_catalog.int8 = ANY ($1::pg_catalog.int8[])`, [before.invalid, quotedName([named.schemaname, named.relname])]);
	for (const { index } of left) await session.send(`DROP INDEX CONCURRENTLY ${index}`);
	return "not-in-force";
}
async function settleDetach(session, node, before) {
	const names = partitionOf(node);
	if (names === void 0) return "not-known";
	switch (await partitionState(session, node)) {
		case "none": return before.there ? "in-force" : "not-in-force";
		case "attached": return "not-in-force";
		case "pending":
			await session.send(`ALTER TABLE ${names.table} DETACH PARTITION ${names.partition} FINALIZE`);
			return "in-force";
	}
}
async function partitionState(session, node) {
	const names = partitionOf(node);
	if (names === void 0) return "none";
	const [row] = await session.query(`SELECT inhdetachpending AS pending FROM pg_catalog.pg_inherits
      WHERE inhparent = pg_catalog.to_regclass($1) AND inhrelid = pg_catalog.to_regclass($2)`, [names.table, names.partition]);
	if (row === void 0) return "none";
	return row.pending ? "pending" : "attached";
}
function partitionOf(node) {
	const statement = node && as(node, "AlterTableStmt");
	const command = statement?.cmds?.[0] && as(statement.cmds[0], "AlterTableCmd");
	const part = command?.def && as(command.def, "PartitionCmd")?.name;
	const parent = statement?.relation;
	if (part === void 0 || parent === void 0) return void 0;
	return {
		table: quotedName([parent.schemaname, parent.relname]),
		partition: quotedName([part.schemaname, part.relname])
	};
}
function quotedName(parts) {
	return parts.flatMap((part) => part === void 0 || part === "" ? [] : [quoteIdentifier(part)]).join(".");
}
// src/stages/apply/atomic/apply-file.ts
var RefusedStep = class extends Error {
	piece;
	left;
	constructor(piece, cause) {
		super("the server refused a step", { cause });
		this.piece = piece;
	}
	get sqlState() {
		const { code } = this.cause;
		return typeof code === "string" ? code : void 0;
	}
};
async function applyFile(file, around) {
	if (file.resume === void 0 && !commitsOnTheWay(file.steps)) return applyWhole(file, around);
	return new InSteps(file, around).run();
}
async function applyWhole({ migration, history, steps }, around) {
	const last = steps.find(leavesSomething);
	const needed = last === void 0 ? steps : steps.slice(0, steps.indexOf(last) + 1);
	const record = history.insertFinished(recordOf(migration, randomUUID()));
	await around.attempt(async () => {
		try {
			for (const step of needed) {
				around.onStep(step);
				if (step.kind !== "transaction") await sendPiece(around.session, step.piece);
				else if (step === last) await runTransaction(around.session, step, record, forgetSession);
				else await runTransaction(around.session, step, void 0);
			}
			if (last === void 0) await around.session.send(`${onItsOwn(record)}; ${forgetSession}`);
		} catch (error) {
			if (error instanceof RefusedStep) await around.session.send(forgetSession);
			throw error;
		}
	});
}
function recordOf({ name, checksum, sql, recordedAs }, id) {
	return {
		id,
		name,
		checksum,
		sql,
		recordedAs
	};
}
async function runTransaction(session, { open, pieces, close }, record, behind) {
	const ending = `${record === void 0 ? "" : `${asOurselves}; ${record};\n`}${close}\n${behind === void 0 ? "" : `;${behind}`}`;
	const [only, ...others] = pieces;
	if (only !== void 0 && others.length === 0 && open === "BEGIN") {
		await sendPiece(session, {
			sql: `BEGIN;${only.sql}\n;${ending}`,
			startByte: only.startByte - 6,
			endByte: only.endByte
		});
		return;
	}
	const first = pieces[0];
	await session.send(open);
	for (const piece of pieces) await sendPiece(session, piece);
	await sendPiece(session, {
		sql: ending,
		startByte: pieces.at(-1)?.endByte ?? first?.startByte ?? 0,
		endByte: 0
	});
}
async function sendPiece(session, piece) {
	try {
		await session.send(piece.sql);
	} catch (error) {
		if (!isRefusal(error)) throw error;
		await session.send("ROLLBACK");
		throw new RefusedStep(piece, error);
	}
}
function isRefusal(error) {
	const code = error instanceof Error && "code" in error ? error.code : void 0;
	return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && !/^(57P|08)/.test(code) && code !== "25P04";
}
var InSteps = class {
	#file;
	#around;
	#history;
	#row;
	constructor(file, around) {
		const { migration, history, resume } = file;
		this.#file = file;
		this.#around = around;
		this.#history = history;
		this.#row = recordOf(migration, resume?.rowId ?? randomUUID());
	}
	async run() {
		const { steps, resume } = this.#file;
		const { session } = this.#around;
		let done = resume?.doneSteps ?? 0;
		if (resume === void 0) await session.send(onItsOwn(this.#history.insertStarted(this.#row, this.#logs(0))));
		for (const { replay } of steps.slice(0, done)) for (const sql of replay) await session.send(sql);
		const next = steps[done];
		if (resume?.begun !== void 0 && next?.kind === "alone" && await this.#settled(next, done, resume.begun)) done += 1;
		for (const step of steps.slice(done, steps.findLastIndex(leavesSomething) + 1)) {
			this.#around.onStep(step);
			await this.#apply(step, done);
			done += 1;
		}
		await session.send(`${onItsOwn(this.#history.finish(this.#row))}; ${forgetSession}`);
	}
	async #apply(step, done) {
		const { session, attempt } = this.#around;
		try {
			await attempt(async () => {
				if (step.kind === "session") await sendPiece(session, step.piece);
				else if (step.kind === "transaction") await runTransaction(session, step, this.#progress(done + 1));
				else await this.#runAlone(step, done);
			});
		} catch (error) {
			if (error instanceof RefusedStep) await this.#stopped(done, error);
			throw error;
		}
	}
	async #runAlone(step, done) {
		const { session } = this.#around;
		const before = await seenBefore(session, step, this.#around.sha256);
		await session.send(onItsOwn(this.#progress(done, before)));
		try {
			await this.#sendAlone(step);
		} catch (error) {
			if (!(error instanceof RefusedStep)) throw error;
			const inForce = await this.#settled(step, done, before).catch(() => void 0);
			if (inForce === true) return;
			if (inForce === void 0) error.left = before;
			throw error;
		}
		await session.send(onItsOwn(this.#progress(done + 1)));
	}
	async #sendAlone({ what, piece }) {
		const { session } = this.#around;
		if (!what.includes("CONCURRENTLY")) return sendPiece(session, piece);
		const changed = await takeYourTime(session, this.#around.gentleLockTimeoutMs);
		try {
			await sendPiece(session, piece);
		} finally {
			for (const name of changed) await session.send(`RESET ${name}`).catch(() => void 0);
		}
	}
	async #settled(step, done, before) {
		const { session } = this.#around;
		const evidence = await settle(session, step, before);
		if (evidence === "not-known") throw new Error(`Whether ${step.what} is in force cannot be told.`);
		const inForce = evidence === "in-force";
		await session.send(onItsOwn(this.#progress(inForce ? done + 1 : done)));
		return inForce;
	}
	async #stopped(done, { cause, left }) {
		const nothing = left === void 0 && !this.#file.steps.slice(0, done).some(leavesSomething);
		const { code = "", message = "" } = cause;
		const said = `Database error code: ${code}\n\nDatabase error:\n${message}`;
		const record = nothing ? this.#history.forget(this.#row) : this.#history.progress(this.#row, `${this.#logs(done, left)}\n\n${said}`);
		await this.#around.session.send(onItsOwn(record));
	}
	#progress(done, begun) {
		return this.#history.progress(this.#row, this.#logs(done, begun));
	}
	#logs(done, begun) {
		const { migration, steps } = this.#file;
		const doneBytes = steps[done - 1]?.endByte ?? 0;
		const text = Buffer.from(migration.sql).subarray(0, doneBytes).toString();
		const progress = {
			doneBytes,
			doneChecksum: this.#around.sha256(text),
			begun
		};
		const count = steps.slice(0, done).reduce((sum, step) => sum + step.count, 0);
		const all = steps.reduce((sum, step) => sum + step.count, 0);
		const line = text.split("\n").length;
		return progressText(progress, `Airlock applies this file statement by statement: ${count} of ${all} are in force, up to line ${line}. The next deploy with \`apply: atomic\` goes on behind them.`);
	}
};
// src/stages/apply/retry.ts
const passing = /* @__PURE__ */ new Map([
	["55P03", "a lock was not free in time"],
	["40P01", "it and another session waited for each other"],
	["40001", "another transaction changed what it had read"]
]);
const firstWaitMs = 500;
const longestWaitMs = 15e3;
function decideRetry(failed, soFar, policy, random) {
	if (!failed.cancelledByWatchdog && !passing.has(failed.sqlState ?? "")) return {
		kind: "stop",
		because: "another attempt would fail the same way"
	};
	if (soFar.attempts >= policy.attempts) return {
		kind: "stop",
		because: `${soFar.attempts} of ${policy.attempts} attempts are made`
	};
	const waitMs = Math.min(firstWaitMs * 2 ** (soFar.attempts - 1), longestWaitMs);
	const afterMs = Math.round(waitMs * (.5 + .5 * random()));
	if (soFar.spentMs + afterMs >= policy.budget) return {
		kind: "stop",
		because: `the ${policy.budget / 1e3} s for all attempts are over`
	};
	return {
		kind: "again",
		afterMs
	};
}
function whyAgain(sqlState) {
	return passing.get(sqlState ?? "") ?? `SQLSTATE ${sqlState ?? "not known"}`;
}
// src/stages/apply/atomic/retries.ts
const cancelledState = "57014";
function retriesFor({ run, policy }, watching) {
	const startedAt = Date.now();
	let most = 1;
	return {
		get most() {
			return most;
		},
		attemptsOf(migration, { repeatable }) {
			let attempts = 1;
			return async (work) => {
				for (;;) {
					const before = watching.cancelled;
					try {
						return await work();
					} catch (error) {
						if (!(error instanceof RefusedStep) || error.left !== void 0 || !repeatable) throw error;
						const { sqlState } = error;
						const cancelled = sqlState === cancelledState && watching.cancelled !== before ? watching.cancelled : void 0;
						if (cancelled?.while === "holding") throw error;
						const decision = decideRetry({
							sqlState,
							cancelledByWatchdog: cancelled !== void 0
						}, {
							attempts,
							spentMs: Date.now() - startedAt
						}, policy.retry, Math.random);
						if (decision.kind === "stop") throw error;
						attempts += 1;
						most = Math.max(most, attempts);
						run.progress(`${migration}: ${cancelled?.because ?? whyAgain(sqlState)}. PostgreSQL took it back; attempt ${attempts} of ${policy.retry.attempts} in ${formatMs(decision.afterMs)}`);
						await unlessCancelled(setTimeout(decision.afterMs), run.signal);
					}
				}
			};
		}
	};
}
// src/stages/apply/atomic/perform.ts
async function applyAtomically(context, target, { plan, history, endWithClient, watching }) {
	try {
		var _usingCtx$4 = _usingCtx();
		const { run, policy, runId } = context;
		const retries = retriesFor(context, watching);
		const settings = applySettings(policy, runId, endWithClient);
		const onWarning = (text) => run.progress(`the server warns: ${oneLine(text)}`);
		const session = _usingCtx$4.a(await openApplySession(target.url, settings, onWarning, run.signal));
		await takePrismaLock(session, {
			waitMs: policy["lock-wait"],
			onWait: (holder) => run.progress(`migrations are being applied: ${holder}`),
			signal: run.signal
		});
		const migrations = planned(plan, history);
		const recorded = target.source.historyIn(target.url.schema);
		await makeHistory(session, recorded, history);
		let current;
		try {
			for (const [index, migration] of migrations.entries()) {
				run.throwIfCancelled();
				if (index > 0) await letReplicasCatchUp(context, target.session);
				current = migration;
				watching.begins(migration.name);
				await applyOne(context, session, recorded, {
					migration,
					planned: plan.migrations.find(({ name }) => name === migration.name)
				}, retries);
				current = void 0;
			}
			return {
				engine: "Airlock",
				code: 0,
				output: "",
				stoppedIn: void 0,
				attempts: retries.most
			};
		} catch (error) {
			const { output, refusedWith } = wordsFor(error, current);
			const stoppedIn = current && {
				name: current.name,
				refusedWith
			};
			const code = error instanceof RefusedStep ? 1 : null;
			const { cancelled } = watching;
			return {
				engine: "Airlock",
				code,
				output,
				cancelled,
				stoppedIn,
				attempts: retries.most
			};
		}
	} catch (_) {
		_usingCtx$4.e = _;
	} finally {
		await _usingCtx$4.d();
	}
}
function planned(plan, history) {
	return plan.migrations.map(({ name, checksum }) => {
		const migration = history.pending.find((one) => one.name === name);
		if (migration?.checksum !== checksum) throw new Error(`${name} is not the file that was planned. Nothing was applied.`);
		return migration;
	});
}
async function makeHistory(session, recorded, history) {
	const table = await recorded.read(session);
	if (table.kind === "present") {
		const moved = movedSince(history, table.rows);
		if (moved === void 0) return;
		throw fail("DEPLOY.LOCKED", {
			what: "The history changed after the plan was made.",
			why: `${moved}. Nothing was applied.`,
			next: ["See what is pending now, then deploy again:", "airlock plan"]
		});
	}
	for (const sql of recorded.create(table.schemaExists)) await session.query(sql);
}
async function applyOne({ run, policy }, session, history, { migration, planned }, retries) {
	const { resume, sql } = migration;
	const repeatable = planned !== void 0 && beyondTransactions(planned.statements).length === 0;
	const gentle = planned !== void 0 && isGentle(planned);
	const attempt = retries.attemptsOf(migration.name, { repeatable });
	const file = resume === void 0 ? atomicFile(sql) : fileInSteps(sql);
	if (file.kind === "unsupported") throw new Error(`${migration.name} has ${file.what}. Nothing of it was applied.`);
	await applyFile({
		migration,
		history,
		steps: file.steps,
		resume
	}, {
		session,
		sha256: (text) => createHash("sha256").update(text).digest("hex"),
		attempt: (work) => attempt(async () => {
			if (gentle) await takeYourTime(session, gentleLockTimeoutMs(policy));
			await work();
		}),
		gentleLockTimeoutMs: gentleLockTimeoutMs(policy),
		onStep: (step) => {
			if (file.steps.length > 1) run.progress(`${migration.name}, statement ${step.first + 1}`);
		}
	});
}
function wordsFor(error, migration) {
	if (error instanceof RefusedStep && migration !== void 0) {
		const cause = error.cause instanceof Error ? error.cause : new Error(String(error.cause));
		const { report, sqlState } = failureOf(cause, migration.sql, error.piece);
		return {
			output: `Migration ${migration.name}, SQLSTATE ${sqlState}\n${report}`,
			refusedWith: sqlState
		};
	}
	if (error instanceof FailureError) return {
		output: `${error.failure.what} ${error.failure.why}`,
		refusedWith: void 0
	};
	return {
		output: messageOf(error),
		refusedWith: void 0
	};
}
// src/stages/apply/schema-engine.ts
async function engineEnvironment(context, prisma, url, planned) {
	if ((context.invocation.prismaEngine ?? context.config.prisma.engine) === "native") return {
		variables: {},
		standIn: void 0,
		async [Symbol.asyncDispose]() {}
	};
	const janitor = await startJanitor();
	const { path: folder } = await janitor.folder(context.invocation.env.RUNNER_TEMP ?? tmpdir(), "airlock-run-engine-");
	const launcher = join(folder, "schema-engine");
	await writeFile(launcher, `#!/bin/sh\nexec '${quoted(process.execPath)}' '${quoted(context.schemaEnginePath)}' "$@"\n`);
	await chmod(launcher, 448);
	const queryEngine = join(folder, "query-engine.cjs");
	await writeFile(queryEngine, "exports.version = () => ({ commit: 'none', version: 'none' })\n");
	const plannedFile = join(folder, "planned.json");
	if (planned !== void 0) await writeFile(plannedFile, JSON.stringify(planned));
	return {
		variables: {
			...planned === void 0 ? {} : { [plannedVariable]: plannedFile },
			PRISMA_SCHEMA_ENGINE_BINARY: launcher,
			PRISMA_QUERY_ENGINE_LIBRARY: queryEngine,
			AIRLOCK_PRISMA_VERSION: prisma.version,
			[passwordVariable]: passwordOf(url)
		},
		standIn: withheldPassword,
		async [Symbol.asyncDispose]() {
			await janitor[Symbol.asyncDispose]();
		}
	};
}
function quoted(path) {
	return path.replaceAll("'", `'\\''`);
}
// src/stages/apply/watch/decide.ts
function decideCancel(session, policy, mayHold) {
	const { queued, queuedMs, waitingMs } = session;
	if (queued === 0 || queuedMs < longestQueueMs(policy)) return void 0;
	const because = `${queued === 1 ? "a session" : `${queued} sessions`} of the application waited for it, ${formatMs(queuedMs)} by then`;
	if (waitingMs !== null) return {
		while: "waiting",
		because
	};
	if (mayHold || isConcurrent(session.query)) return void 0;
	return {
		while: "holding",
		because
	};
}
function isConcurrent(query) {
	const text = query.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ").trim().replace(/;$/, "");
	return !text.includes(";") && /^(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY|DROP\s+INDEX\s+CONCURRENTLY|REINDEX\b[^']*\bCONCURRENTLY|ALTER\s+TABLE\b[^']*\bDETACH\s+PARTITION\b[^']*\bCONCURRENTLY$)/i.test(text);
}
function longestQueueMs(policy) {
	return policy.queue.longest ?? policy["lock-timeout"];
}
function mayHoldLocks(migration, plan, policy) {
	switch (policy.queue["while-holding"]) {
		case "allow": return true;
		case "cancel": return false;
		case "unless-approved": return policy["require-approval"].includes("long-lock") && plan.risks.some((risk) => risk.reason === "long-lock" && risk.migration === migration);
	}
}
// src/stages/apply/watch/observation.ts
const sessionsSql = `
WITH ours AS (
  SELECT pid, query, query_start FROM pg_catalog.pg_stat_activity
   WHERE application_name = $1 AND state = 'active' AND pid <> pg_catalog.pg_backend_pid()
), waiting AS MATERIALIZED (
  SELECT pid, min(waitstart) AS since, bool_or(locktype NOT IN ('advisory', 'virtualxid')) AS queues
    FROM pg_catalog.pg_locks WHERE NOT granted GROUP BY pid
), waits AS MATERIALIZED (
  SELECT w.pid, w.queues, pg_catalog.pg_blocking_pids(w.pid) AS blockers, a.application_name AS name, a.usesysid,
         coalesce(extract(epoch FROM clock_timestamp() - w.since) * 1000, 0)::float8 AS ms
    FROM waiting w JOIN pg_catalog.pg_stat_activity a ON a.pid = w.pid
   WHERE EXISTS (SELECT FROM ours)
)
SELECT o.pid, o.query, o.query_start::text AS "queryStart",
       (extract(epoch FROM clock_timestamp() - o.query_start) * 1000)::float8 AS "statementMs",
       (SELECT w.ms FROM waits w WHERE w.pid = o.pid) AS "waitingMs",
       coalesce((SELECT json_agg(json_build_object('pid', b.pid, 'name', b.application_name, 'state', coalesce(b.state, ''),
                                  'transactionMs', extract(epoch FROM clock_timestamp() - b.xact_start) * 1000))
          FROM waits w JOIN pg_catalog.pg_stat_activity b ON b.pid = ANY (w.blockers) WHERE w.pid = o.pid), '[]') AS blockers,
       q.queued, q.ms AS "queuedMs", (
         SELECT json_build_object('work', p.work, 'phase', p.phase, 'done', p.done, 'total', p.total) FROM (
           SELECT pid, command AS work, phase,
                  CASE WHEN phase LIKE 'waiting%' THEN lockers_done WHEN phase LIKE '%scanning%' THEN blocks_done ELSE tuples_done END AS done,
                  CASE WHEN phase LIKE 'waiting%' THEN lockers_total WHEN phase LIKE '%scanning%' THEN blocks_total ELSE tuples_total END AS total
             FROM pg_catalog.pg_stat_progress_create_index
           UNION ALL SELECT pid, command, phase, heap_blks_scanned, heap_blks_total FROM pg_catalog.pg_stat_progress_cluster
           UNION ALL SELECT pid, 'VACUUM', phase, heap_blks_scanned, heap_blks_total FROM pg_catalog.pg_stat_progress_vacuum
         ) p WHERE p.pid = o.pid LIMIT 1) AS progress
  FROM ours o CROSS JOIN LATERAL (
    SELECT count(*)::int AS queued, coalesce(max(w.ms), 0) AS ms FROM waits w
     WHERE o.pid = ANY (w.blockers) AND w.queues AND w.usesysid IS NOT NULL AND w.name NOT LIKE 'airlock%') q`;
function readApplyingSessions(session, applicationName) {
	return session.query(sessionsSql, [applicationName]);
}
async function runningMigration(session, schema) {
	const table = `${quoteIdentifier(schema)}._prisma_migrations`;
	const [there] = await session.query("SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there", [table]);
	if (there?.there !== true) return void 0;
	const [row] = await session.query(`SELECT migration_name AS name FROM ${table} WHERE finished_at IS NULL AND rolled_back_at IS NULL ORDER BY started_at DESC LIMIT 1`);
	return row?.name;
}
async function cancelStatement(session, { pid, query, queryStart }) {
	return (await session.query(`SELECT pg_catalog.pg_cancel_backend(pid) AS cancelled FROM pg_catalog.pg_stat_activity
      WHERE pid = $1 AND query = $2 AND query_start = $3::timestamptz AND state = 'active'`, [
		pid,
		query,
		queryStart
	]))[0]?.cancelled === true;
}
// src/stages/apply/watch/describe.ts
const mostCharacters$1 = 100;
function describeSession(session) {
	const { query, statementMs, waitingMs, blockers, queued, queuedMs, progress } = session;
	const waiting = waitingMs === null ? "" : `; waits ${formatMs(waitingMs)} for ${blockers.map(describeBlocker).join(", ") || "a lock"}`;
	const behind = queued === 0 ? "" : `; ${queued} ${queued === 1 ? "session waits" : "sessions wait"} behind it, up to ${formatMs(queuedMs)}`;
	return {
		key: [
			waitingMs === null ? "works" : `waits for ${blockers.map(({ pid }) => pid).join(",")}`,
			queued > 0,
			progress?.phase
		].join("|"),
		text: `${cut$1(statementIn(query))} ${formatMs(statementMs)}${progress === null ? "" : `, ${describeWork(progress)}`}${waiting}${behind}`
	};
}
function describeBlocker({ pid, name, state, transactionMs }) {
	const facts = [
		...name === "" ? [] : [name],
		...state === "" ? [] : [state],
		...transactionMs === null ? [] : [`in its transaction for ${formatMs(transactionMs)}`]
	];
	return `process ${pid}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
}
function describeWork({ work, phase, done, total }) {
	return `${work}: ${phase}${total > 0 ? `, ${Math.min(100, Math.floor(done / total * 100))} %` : ""}`;
}
function statementIn(query) {
	return oneLine(query.replaceAll(/^\s*--.*$/gm, "").trim());
}
function cut$1(text) {
	return text.length > mostCharacters$1 ? `${text.slice(0, mostCharacters$1)}…` : text;
}
// src/stages/apply/watch/tell.ts
const atLeastEveryMs = 1e4;
const atMostEveryMs = 1e3;
function tellerOf({ run, redactor }, now = Date.now) {
	let statement = "";
	let told = /* @__PURE__ */ new Set();
	let lastAt = now();
	return (seen, when) => {
		const { key, text } = describeSession(seen);
		if (statement !== `${seen.pid} ${seen.queryStart}`) {
			statement = `${seen.pid} ${seen.queryStart}`;
			told = /* @__PURE__ */ new Set();
		}
		const worthIt = seen.waitingMs !== null || seen.queued > 0 || seen.progress !== null;
		const soon = now() - lastAt < atMostEveryMs && told.size > 0;
		const isNew = worthIt && !told.has(key) && !soon;
		if (when !== "now" && !isNew && now() - lastAt < atLeastEveryMs) return;
		told.add(key);
		lastAt = now();
		run.progress(withoutRowValues(redactor.text(text)));
	};
}
// src/stages/apply/watch/watch.ts
const lookEveryMs = 200;
const goodbyeMs = 1e3;
async function watch(context, target, plan) {
	let session = await connect(target.url, "airlock-watch");
	const ended = new AbortController();
	let cancelled;
	const names = plan.migrations.map(({ name }) => name);
	const begun = /* @__PURE__ */ new Set();
	let running;
	const tell = tellerOf(context);
	let told;
	const begins = (migration) => {
		told = migration;
		if (begun.has(migration) || !names.includes(migration)) return;
		begun.add(migration);
		context.run.progress(`migration ${names.indexOf(migration) + 1} of ${names.length}: ${migration}`);
	};
	const migrationOf = async (on, { queryStart }) => {
		if (running?.queryStart !== queryStart) {
			running = {
				queryStart,
				migration: await runningMigration(on, target.url.schema)
			};
			if (running.migration !== void 0) begins(running.migration);
		}
		return running.migration ?? (target.apply === "atomic" ? told : void 0);
	};
	const look = async (on) => {
		for (const seen of await readApplyingSessions(on, applicationNameOf(context.runId))) {
			const migration = await migrationOf(on, seen);
			const decided = decideCancel(seen, context.policy, mayHoldLocks(migration, plan, context.policy));
			if (decided === void 0) tell(seen, "if-new");
			else {
				const before = cancelled;
				cancelled = {
					...decided,
					queryStart: seen.queryStart
				};
				if (!await cancelStatement(on, seen)) cancelled = before;
				else if (before?.queryStart !== seen.queryStart) {
					tell(seen, "now");
					context.run.progress(`${migration ?? "the statement"} was cancelled: ${decided.because}`);
				}
			}
		}
	};
	const lookOn = async () => {
		for (;;) {
			if (await pause(ended.signal)) return;
			try {
				session ??= await connect(target.url, "airlock-watch");
				await look(session);
			} catch (error) {
				if (!(error instanceof FailureError)) {
					context.run.notice(`Nobody looked any more who waits for the migrations: ${messageOf(error)}`);
					return;
				}
				context.run.notice(`For a time nobody could look who waits for the migrations: ${error.failure.what}`);
				await session?.[Symbol.asyncDispose]();
				session = void 0;
			}
		}
	};
	const looking = lookOn();
	return {
		get cancelled() {
			return cancelled;
		},
		begins,
		async [Symbol.asyncDispose]() {
			ended.abort();
			await Promise.race([looking, setTimeout(goodbyeMs, void 0, { ref: false })]);
			await session?.[Symbol.asyncDispose]();
		}
	};
}
async function pause(signal) {
	await setTimeout(lookEveryMs, void 0, { signal }).catch(() => void 0);
	return signal.aborted;
}
// src/stages/apply/perform.ts
async function applyOnce(context, target, { plan }, history, _wayBack) {
	try {
		var _usingCtx$3 = _usingCtx();
		const { run } = context;
		const endWithClient = await endWithClientSettings(target.session);
		const watching = _usingCtx$3.a(await watch(context, target, plan));
		const { source } = target;
		if (target.apply === "atomic" || source.kind !== "prisma") return await applyAtomically(context, target, {
			plan,
			history,
			endWithClient,
			watching
		});
		const names = plan.migrations.map((migration) => migration.name);
		const planned = {
			applied: history.applied.map(({ name }) => name),
			leftOut: plan.leftOut,
			pending: Object.fromEntries(plan.migrations.map(({ name, checksum }) => [name, checksum])),
			gentle: {
				names: plan.migrations.filter((one) => isGentle(one) && one.statements.every(({ kind }) => kind !== "VariableSetStmt")).map(({ name }) => name),
				lockTimeoutMs: gentleLockTimeoutMs(context.policy)
			}
		};
		const how = {
			signal: run.signal,
			onLine: (line) => {
				for (const name of names) if (line.includes(name)) watching.begins(name);
			}
		};
		try {
			const settings = applySettings(context.policy, context.runId, endWithClient, plan.migrations);
			run.progress(`prisma migrate deploy (${source.title}, lock timeout ${settings.lock_timeout})`);
			return {
				engine: "Prisma",
				...await prisma(context, {
					url: target.url,
					source
				}, ["migrate", "deploy"], settings, planned, how),
				cancelled: watching.cancelled,
				stoppedIn: void 0,
				attempts: 1
			};
		} catch (error) {
			return {
				engine: "Prisma",
				code: null,
				output: messageOf(error),
				stoppedIn: void 0,
				attempts: 1
			};
		}
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
async function resolve(context, target, flag, migration) {
	const signal = new AbortController().signal;
	const settings = applySettings(context.policy, context.runId, {});
	return prisma(context, target, [
		"migrate",
		"resolve",
		flag,
		migration
	], settings, void 0, {
		signal,
		onLine: () => void 0
	});
}
async function prisma(context, { url, source: { project, prisma: installed } }, args, settings, planned, how) {
	try {
		var _usingCtx3 = _usingCtx();
		const engine = _usingCtx3.a(await engineEnvironment(context, installed, url, planned));
		return await runPrisma([...args, ...project.cliArguments], {
			cliPath: installed.cliPath,
			cwd: project.root,
			env: childEnvironment(context.invocation.env, project.directUrlVariable === void 0 ? project.urlVariables : [...project.urlVariables, project.directUrlVariable], prismaUrl(url, settings, engine.standIn), engine.variables),
			...how
		});
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
// src/stages/recover/half-index.ts
function halfIndexes({ difference }) {
	return difference.added.flatMap((line) => {
		const [, index, schema] = /^index CREATE (?:UNIQUE )?INDEX ("(?:[^"]|"")+"|\S+) ON (?:ONLY )?("(?:[^"]|"")+"|[^\s.]+)\..* invalid$/.exec(line) ?? [];
		if (index === void 0 || schema === void 0) return [];
		return [{
			name: index.startsWith("\"") ? index.slice(1, -1).replaceAll("\"\"", "\"") : index,
			drop: `DROP INDEX CONCURRENTLY ${schema}.${index};`
		}];
	});
}
function firstBuilt(parser, [first]) {
	if (first === void 0) return void 0;
	const parsed = parseMigration(parser, first.sql);
	const node = parsed.kind === "syntax-error" ? void 0 : parsed.statements[0]?.node;
	const statement = node === void 0 ? void 0 : as(node, "IndexStmt");
	return statement?.concurrent === true && statement.if_not_exists !== true ? statement.idxname : void 0;
}
function onlyHalfIndex(failed, state) {
	const name = failed.planned?.firstBuilt;
	if (name === void 0 || failed.refusedWith === void 0 || failed.succeeded) return void 0;
	const [only, ...others] = halfIndexes(state).filter((index) => index.name === name);
	return others.length === 0 ? only : void 0;
}
// src/stages/recover/stopped-state.ts
function fateOf(failed, stopped) {
	if (failed.resumption?.kind === "resumable") {
		const { point, steps } = failed.resumption;
		return {
			kind: "goes-on",
			statements: point.doneStatements,
			of: steps.reduce((sum, { count }) => sum + count, 0)
		};
	}
	if (failed.resumption?.kind === "not-resumable") return {
		kind: "not-known",
		because: failed.resumption.because
	};
	if (failed.planned === void 0) return {
		kind: "not-known",
		because: "what was run is not the text that was planned"
	};
	if (failed.succeeded) return { kind: "committed" };
	if (!failed.planned.atomic) {
		if (failed.refusedWith === void 0 || !failed.planned.firstMustShow || !isUnchanged(stopped)) return { kind: "in-parts" };
		return {
			kind: "taken-back",
			because: `the server refused its first statement (SQLSTATE ${failed.refusedWith}), of which nothing is there`
		};
	}
	if (failed.refusedWith !== void 0) return {
		kind: "taken-back",
		because: `it ran as one transaction, the server refused it (SQLSTATE ${failed.refusedWith})`
	};
	if (failed.rolledBack) return {
		kind: "taken-back",
		because: "it ran as one transaction and was ended in the middle of it, which the server rolled back"
	};
	if (failed.planned.mustShow && isUnchanged(stopped)) return {
		kind: "taken-back",
		because: "it ran as one transaction, none of what it does to the schema is there"
	};
	return {
		kind: "not-known",
		because: "Prisma recorded no error of the server, and the schema does not show whether its transaction was committed"
	};
}
function isUnchanged({ difference }) {
	return difference.added.length === 0 && difference.removed.length === 0;
}
// src/stages/recover/next-steps.ts
function nextFor(state, plan, invocation, words) {
	if (state.atWork !== void 0) return ["When that has ended, look at what was applied:", airlock("plan", invocation)];
	const { takenBack } = state;
	if (takenBack !== void 0 && state.historyInDoubt === void 0) return ["What was applied stands, and the next deploy goes on behind it.", beforeTheNext(takenBack.refusedWith)];
	if (state.failed.length > 0) return [...withoutHalfIndexes(state), ...state.failed.flatMap((failed) => waysOutOf(failed, state, plan, invocation, words))];
	if (state.historyInDoubt === void 0 && state.notAsPlanned.length === 0) return ["Deploy again to apply what was not reached."];
	return ["Compare the database with the migrations before anything else is applied:", airlock("verify", invocation)];
}
function withoutHalfIndexes(state) {
	const drops = halfIndexes(state).map(({ drop }) => drop);
	return drops.length === 0 ? [] : ["Drop what is left of an index that was not finished:", ...drops];
}
function beforeTheNext(refusedWith) {
	switch (refusedWith) {
		case void 0: return "See in the server’s log what ended it, then deploy again.";
		case "55P03": return "A lock was not free in time. Deploy again when fewer transactions are open, or allow more with `lock-timeout` in airlock.yml.";
		case "40P01": return "It and another session waited for each other. Deploy again.";
		case "57014": return "It was cancelled: by `statement_timeout` (`statement-timeout` in airlock.yml, or that of the role), or by somebody. Find out which, then deploy again.";
		default: return "Correct the migration or the data, then deploy again.";
	}
}
function afterTheWatchdog(cancelled) {
	switch (cancelled?.while) {
		case void 0: return;
		case "waiting": return ["Deploy again when fewer transactions are open."];
		case "holding": return [
			"See the findings of the plan for a way that holds no lock while it works:",
			"airlock check",
			"Or deploy when nobody uses the table, or let the application wait for it, in airlock.yml under the environment:",
			"queue: { while-holding: allow }"
		];
	}
}
function airlock(command, { environment }) {
	return environment === "production" ? `airlock ${command}` : `airlock ${command} --environment ${shellWord(environment)}`;
}
function waysOutOf(failed, state, plan, invocation, words) {
	const { name } = failed;
	const fate = fateOf(failed, state).kind;
	switch (fate === "not-known" && failed.resumption !== void 0 ? "in-parts" : fate) {
		case "taken-back": return [
			"To keep what was applied: correct the migration or the data, then",
			words.setRolledBack(name),
			"and deploy again."
		];
		case "goes-on": return [
			...failed.refusedWith === void 0 ? [] : ["Correct the data, or the statements of the file that are not in force yet. Those that are must stay as they are."],
			"The next deploy goes on behind what is in force:",
			airlock("deploy", invocation)
		];
		case "committed": return [`${name} must not run again. Tell ${words.recorder} that it is finished, then deploy what is left:`, words.setApplied(name)];
		case "in-parts": return [
			"To keep what was applied, finish the rest of the failed file by hand, then",
			words.setApplied(name),
			"or undo its first half by hand, then",
			words.setRolledBack(name)
		];
		case "not-known": return [
			`Find out whether ${name} is in force before anything else: what is applied twice may be wrong twice. Look for what its statements do:`,
			...statementsOf(failed, plan, words),
			"If they are in force:",
			words.setApplied(name),
			"If none of them is:",
			words.setRolledBack(name),
			"and deploy again."
		];
	}
}
const mostStatements = 5;
const mostCharacters = 160;
function statementsOf({ name, planned }, { migrations }, words) {
	if (planned === void 0) return [`- the checksum in ${words.name} is that of the text that was run`];
	const migration = migrations.find((one) => one.name === name);
	if (migration === void 0) return [];
	const lines = migration.statements.filter(({ kind }) => kind !== "TransactionStmt" && kind !== "VariableSetStmt").map(({ sql, range }) => `- line ${range.line}: ${cut(oneLine(sql))}`);
	const left = lines.length - mostStatements;
	return [...lines.slice(0, mostStatements), ...left > 0 ? [`- and ${left} more in ${migration.file}`] : []];
}
function cut(text) {
	return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}
// src/stages/verify/decide.ts
const notChecked = [
	"drift between the schema in the project and the database",
	"row counts",
	"application health"
];
function decideVerification(seen) {
	const planned = new Set(seen.planned.map(({ name }) => name));
	const applied = [...seen.finished.keys()].filter((name) => planned.has(name) || !seen.finishedBefore.has(name));
	const unplanned = applied.filter((name) => !planned.has(name));
	const problems = [
		...seen.planned.flatMap(({ name, checksum }) => {
			const recorded = seen.finished.get(name);
			if (recorded === void 0) return [`${name} is not recorded as finished in ${seen.history}`];
			return recorded === checksum ? [] : [`${name} was recorded with another checksum than the file that was planned`];
		}),
		...unplanned.map((name) => `${name} was applied during this run and was in no plan`),
		...seen.failed.map((name) => `${name} is recorded as failed`),
		...seen.stillPending.map((name) => `${name} is still pending`),
		...seen.difference.added.filter((line) => line.startsWith("index ") && line.endsWith(" invalid")).map((line) => `invalid ${line}`)
	];
	if (problems.length > 0) {
		const finished = seen.failed.length === 0 && seen.planned.every(({ name }) => seen.finished.has(name));
		return {
			kind: "broken",
			problems,
			applied,
			failed: seen.failed,
			finished
		};
	}
	return {
		kind: "verified",
		checked: [
			"history",
			"checksums",
			"pending migrations",
			"nothing beside the plan",
			"new invalid indexes"
		],
		notChecked
	};
}
// src/stages/verify/perform.ts
async function verify(context, target, done, ending) {
	const { said, recover } = ending;
	let verification;
	try {
		verification = await look(context, target, done);
	} catch (error) {
		if (!(error instanceof FailureError) || isCancellation(error)) throw error;
		return {
			outcome: "needs-human",
			reasonCode: "state_unknown",
			reason: `${said}, and the state of the database could not be read: ${error.failure.what} ${error.failure.why}`,
			applied: [],
			next: ["When the database answers again, compare it with the migrations:", airlock("verify", context.invocation)],
			backup: backupOf(done.wayBack)
		};
	}
	const backup = backupOf(done.wayBack);
	if (verification.kind === "verified") {
		const names = done.plan.migrations.map((migration) => migration.name);
		return {
			outcome: "applied",
			reasonCode: "applied",
			reason: `${plural(names.length, "migration")} applied ${target.apply === "atomic" ? "by Airlock" : `with ${target.source.title}`}.${leftOutOf(done.plan)}`,
			applied: names,
			next: [],
			backup
		};
	}
	if (recover !== void 0 && !verification.finished) return await recover();
	return {
		outcome: "needs-human",
		reasonCode: "verification_failed",
		reason: [`${said}, but the database is not in the state that was planned.`, ...verification.problems].join("\n"),
		applied: verification.applied,
		failed: verification.failed,
		next: stepsBack(done.wayBack, target.url),
		backup
	};
}
function leftOutOf({ leftOut }) {
	return leftOut.length === 0 ? "" : ` Still pending, because it was not asked for: ${leftOut.join(", ")}.`;
}
function look({ run }, target, done) {
	return run.stage("verify", async () => {
		const seen = await observeSince(done.before, target);
		return decideVerification({
			history: target.source.historyIn(target.url.schema).words.name,
			planned: done.plan.migrations,
			finishedBefore: done.finishedBefore,
			finished: recordedIn(seen.history),
			failed: seen.history.failed.map((row) => row.name),
			stillPending: seen.history.pending.map(({ name }) => name).filter((name) => !done.plan.leftOut.includes(name)),
			difference: seen.difference
		});
	}, (result) => result.kind === "verified" ? {
		outcome: "pass",
		summary: `${result.checked.join(", ")}; not checked: ${result.notChecked.join(", ")}`,
		detail: {
			checked: result.checked,
			notChecked: result.notChecked
		}
	} : {
		outcome: "fail",
		summary: result.problems[0] ?? "",
		detail: { problems: result.problems }
	}, "to-its-end");
}
function recordedIn({ applied, edited, missing }) {
	return new Map([
		...applied.map(({ name, checksum }) => [name, checksum]),
		...edited.map(({ migration, recorded }) => [migration.name, recorded]),
		...missing.map((name) => [name, ""])
	]);
}
function finishedNames({ applied, missing }) {
	return /* @__PURE__ */ new Set([...applied.map(({ name }) => name), ...missing]);
}
// src/stages/recover/describe.ts
const mostLines$1 = 20;
const wasTakenBack = "its row of the history is committed together with what it does, and there is none: nothing of it is in force";
function describeStopped(stopped) {
	const { applied, notAsPlanned, failed, notReached, difference, atWork, historyInDoubt, takenBack } = stopped;
	const changes = [...difference.removed.map((line) => `- ${line}`), ...difference.added.map((line) => `+ ${line}`)];
	return [
		...atWork === void 0 ? [] : [`still at work, so that this is not the end of it: ${atWork}`],
		...historyInDoubt === void 0 ? [] : [historyInDoubt],
		...applied.map((name) => `applied, and it stands: ${name}`),
		...notAsPlanned,
		...failed.map((one) => `failed: ${one.name}; ${describeFailed(one, stopped)}`),
		...takenBack === void 0 ? [] : [`failed: ${takenBack.name}; ${wasTakenBack}`],
		...notReached.map((name) => `not reached: ${name}`),
		changes.length === 0 ? "The schema is the same as before. Rows were not compared." : "What changed in the schema since before this run:",
		...changes.slice(0, mostLines$1),
		...changes.length > mostLines$1 ? [`and ${changes.length - mostLines$1} more, in the JSON report`] : []
	];
}
function goesOn({ statements, of }, refused) {
	const verb = statements === 1 ? "is" : "are";
	const count = `${statements} of its ${plural(of, "statement")} ${verb}`;
	if (refused || statements === of) return `${count} in force, and the next deploy goes on behind them`;
	return `${count} recorded as in force, whether the one behind is as well was not seen, and the next deploy finds out and goes on`;
}
function describeFailed(failed, stopped) {
	const fate = fateOf(failed, stopped);
	switch (fate.kind) {
		case "taken-back": return fate.because;
		case "goes-on": return goesOn(fate, failed.refusedWith !== void 0);
		case "committed": return "all of it is in force, and only Prisma’s record that it is finished is missing";
		case "in-parts": return failed.refusedWith === void 0 ? "it runs statement by statement, and which of them were committed is not known, changed rows included" : "it runs statement by statement, so what came before the failing statement stayed, changed rows included";
		case "not-known": return `whether its changes are in force is not known: ${fate.because}`;
	}
}
// src/stages/recover/decide.ts
function decideRecovery(stopped) {
	const { applied, failed, notReached, atWork, historyInDoubt, takenBack } = stopped;
	if (atWork === void 0 && historyInDoubt === void 0) {
		if (failed.length === 0 && notReached.length === 0 && takenBack === void 0) return { kind: "all-applied" };
		if (applied.length === 0 && isUnchanged(stopped)) {
			const [only, ...others] = failed;
			if (only === void 0) return takenBack === void 0 ? { kind: "nothing-to-do" } : {
				kind: "taken-back",
				stoppedIn: takenBack
			};
			const fate = fateOf(only, stopped);
			if (others.length === 0 && fate.kind === "taken-back") return {
				kind: "clean-history",
				failed: only,
				because: fate.because
			};
		}
	}
	return {
		kind: "needs-human",
		state: describeStopped(stopped)
	};
}
// src/stages/recover/nothing-applied.ts
function nothingApplied({ engine, output }, said) {
	if (isDownloadFailure(output)) return {
		code: "PRISMA.ENGINE_UNREACHABLE",
		what: "Prisma could not download its schema engine, so nothing was applied.",
		why: said,
		next: ["Use the engine that comes with Airlock, in airlock.yml:", "prisma: { engine: wasm }"]
	};
	return {
		code: "PRISMA.FAILED",
		what: `${engine} stopped before it applied anything; history and schema are the same as before.`,
		why: said,
		next: ["See what Prisma says when it only looks:", "npx prisma migrate status"]
	};
}
function isDownloadFailure(output) {
	return /binaries\.prisma\.sh|\/all_commits\/[0-9a-f]{40}\/|PRISMA_ENGINES_CHECKSUM_IGNORE_MISSING|Failed to fetch.*engine|Could not (?:find|locate).*schema[- ]engine/i.test(output);
}
// src/stages/recover/must-show.ts
function mustShow(parser, { statements }) {
	const steps = [];
	for (const statement of statements) {
		const own = stepsIn(parser, statement);
		if (own === void 0) return false;
		steps.push(...own);
	}
	return steps.some((step) => step.certain && !steps.some((other) => other.way !== step.way && mayUndo(other, step)));
}
function madeBy(parser, statements) {
	const each = statements.map((statement) => stepsIn(parser, statement));
	const all = each.flatMap((steps) => steps ?? []);
	if (each.includes(void 0)) return statements.map(() => []);
	return each.map((steps = []) => steps.flatMap((step) => {
		return step.way === "comes" && step.certain && !all.some((other) => other.way === "goes" && mayUndo(other, step)) && step.name !== void 0 ? [{
			kind: step.kind,
			name: step.name,
			table: step.table
		}] : [];
	}));
}
function stepsIn(parser, { sql, effects, runsCode }) {
	if (/\bpg_temp\b/i.test(sql)) return void 0;
	const parsed = parseMigration(parser, sql);
	if (parsed.kind === "syntax-error") return void 0;
	const [only, ...others] = parsed.statements;
	const steps = only === void 0 || others.length > 0 ? void 0 : stepsOf(only.node);
	return runsCode || effects.unknown && steps?.length === 0 ? void 0 : steps;
}
function mayUndo(other, step) {
	if (other.name === void 0 || step.name === void 0 || other.name === step.name) return true;
	if (other.kind === "relation") return other.name === step.table;
	return step.kind === "attached" && other.kind === "column" && other.table === step.table;
}
const changesNoSchema = /* @__PURE__ */ new Set([
	"InsertStmt",
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt",
	"SelectStmt",
	"VariableSetStmt",
	"TransactionStmt",
	"LockStmt",
	"CommentStmt",
	"GrantStmt",
	"CreateFunctionStmt"
]);
function stepsOf(node) {
	if (changesNoSchema.has(kindOf(node))) return [];
	return createTable(node) ?? createIndex(node) ?? createEnum(node) ?? alterTable(node) ?? rename(node) ?? drop(node);
}
function createTable(node) {
	const statement = as(node, "CreateStmt");
	if (statement === void 0 || statement.relation?.relpersistence === "t") return void 0;
	const name = statement.relation?.relname;
	return [{
		way: "comes",
		kind: "relation",
		name,
		certain: statement.if_not_exists !== true && !isHistory(name)
	}];
}
function createIndex(node) {
	const statement = as(node, "IndexStmt");
	if (statement === void 0 || statement.concurrent === true) return void 0;
	const table = statement.relation?.relname;
	const certain = statement.if_not_exists !== true && !isHistory(table);
	return [{
		way: "comes",
		kind: "attached",
		name: statement.idxname,
		table,
		certain
	}];
}
function createEnum(node) {
	const type = as(node, "CreateEnumStmt");
	if (type !== void 0) return [{
		way: "comes",
		kind: "relation",
		name: lastOf(type.typeName),
		certain: true
	}];
	const label = as(node, "AlterEnumStmt");
	if (label === void 0 || label.oldVal !== void 0) return void 0;
	const certain = label.skipIfNewValExists !== true;
	return [{
		way: "comes",
		kind: "column",
		name: label.newVal,
		table: lastOf(label.typeName),
		certain
	}];
}
function alterTable(node) {
	const statement = as(node, "AlterTableStmt");
	if (statement?.objtype !== "OBJECT_TABLE") return void 0;
	const table = statement.relation?.relname;
	const steps = [];
	for (const one of statement.cmds ?? []) {
		const command = as(one, "AlterTableCmd");
		const own = command === void 0 ? void 0 : alterTableSteps(command, table);
		if (own === void 0) return void 0;
		const exists = statement.missing_ok !== true && !isHistory(table);
		steps.push(...own.map((step) => ({
			...step,
			certain: step.certain && exists
		})));
	}
	return steps;
}
function alterTableSteps(command, table) {
	const certain = command.missing_ok !== true;
	if (command.behavior === "DROP_CASCADE") return void 0;
	switch (command.subtype) {
		case "AT_AddColumn": return [{
			way: "comes",
			kind: "column",
			name: as(command.def, "ColumnDef")?.colname,
			table,
			certain
		}];
		case "AT_DropColumn": return [{
			way: "goes",
			kind: "column",
			name: command.name,
			table,
			certain
		}];
		case "AT_AddConstraint": {
			const constraint = as(command.def, "Constraint");
			const shown = constraint?.contype !== "CONSTR_NOTNULL";
			return [{
				way: "comes",
				kind: "attached",
				name: constraint?.conname,
				table,
				certain: shown
			}];
		}
		case "AT_DropConstraint": return [{
			way: "goes",
			kind: "attached",
			name: command.name,
			table,
			certain
		}];
		case "AT_AlterColumnType":
		case "AT_ColumnDefault":
		case "AT_SetNotNull":
		case "AT_DropNotNull":
		case "AT_ValidateConstraint": return [];
		default: return;
	}
}
function rename(node) {
	const statement = as(node, "RenameStmt");
	if (statement === void 0) return void 0;
	const table = statement.relation?.relname;
	const certain = statement.missing_ok !== true && !isHistory(table);
	switch (statement.renameType) {
		case "OBJECT_TABLE": return renamed({
			kind: "relation",
			certain
		}, table, statement.newname);
		case "OBJECT_TYPE": return renamed({
			kind: "relation",
			certain
		}, nameParts(statement.object).at(-1), statement.newname);
		case "OBJECT_COLUMN": return renamed({
			kind: "column",
			table,
			certain
		}, statement.subname, statement.newname);
		default: return;
	}
}
function renamed(what, from, to) {
	return [{
		...what,
		way: "goes",
		name: from
	}, {
		...what,
		way: "comes",
		name: to
	}];
}
function drop(node) {
	const statement = as(node, "DropStmt");
	if (statement === void 0 || statement.behavior === "DROP_CASCADE" || statement.concurrent === true) return void 0;
	const relation = statement.removeType === "OBJECT_TABLE" || statement.removeType === "OBJECT_TYPE";
	if (!relation && statement.removeType !== "OBJECT_INDEX") return void 0;
	return (statement.objects ?? []).map((object) => {
		const name = nameParts(object).at(-1);
		const certain = statement.missing_ok !== true && !isHistory(name);
		return {
			way: "goes",
			kind: relation ? "relation" : "attached",
			name,
			certain
		};
	});
}
function lastOf(names) {
	return as(names?.at(-1), "String")?.sval;
}
function isHistory(name) {
	return name === void 0 || /^_(?:prisma|airlock|_drizzle)_migrations/.test(name);
}
// src/stages/recover/observe-stopped.ts
async function observeStopped(target, done, { stoppedIn }, rolledBack) {
	try {
		var _usingCtx$2 = _usingCtx();
		const guard = _usingCtx$2.a(await connect(target.url));
		const atWork = await keepPrismaOut(guard);
		const { history, folder, difference } = await observeSince(done.before, target);
		const { plan, finishedBefore } = done;
		const recorded = recordedIn(history);
		const planned = new Map(plan.migrations.map((migration) => [migration.name, migration]));
		const begun = new Set(history.failed.map(({ name }) => name));
		const withoutRow = stoppedIn === void 0 || recorded.has(stoppedIn.name) || begun.has(stoppedIn.name) ? void 0 : stoppedIn;
		const takenBack = withoutRow && {
			...withoutRow,
			beyond: beyondTransactions(planned.get(withoutRow.name)?.statements ?? [])
		};
		const applied = [...recorded].filter(([name]) => planned.has(name) || !finishedBefore.has(name));
		return {
			applied: applied.map(([name]) => name),
			notAsPlanned: applied.flatMap(([name, checksum]) => {
				const migration = planned.get(name);
				if (migration === void 0) return [`${name} was applied during this run and was in no plan`];
				return checksum === migration.checksum ? [] : [`what was applied as ${name} is not the file that was planned`];
			}),
			failed: await Promise.all(history.failed.map(async (row) => ({
				...await failedMigration(row, planned.get(row.name), rolledBack),
				resumption: target.apply === "atomic" ? resumptionIn(row, folder.migrations) : void 0
			}))),
			takenBack,
			notReached: plan.migrations.map(({ name }) => name).filter((name) => !recorded.has(name) && !begun.has(name) && name !== takenBack?.name),
			difference,
			atWork,
			historyInDoubt: doubtIn(plan, target.source.historyIn(target.url.schema).words.name, [...finishedBefore].filter((name) => !recorded.has(name)))
		};
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
async function failedMigration(row, planned, rolledBack) {
	const known = planned?.checksum === row.checksum ? planned : void 0;
	const parser = await loadParser();
	return {
		name: row.name,
		planned: known && {
			atomic: known.execution.atomic,
			mustShow: mustShow(parser, known),
			firstMustShow: mustShow(parser, { statements: firstChange(known.statements) }),
			firstBuilt: firstBuilt(parser, firstChange(known.statements)),
			beyond: beyondTransactions(known.statements)
		},
		refusedWith: sqlStateIn(row.logs),
		succeeded: row.appliedSteps > 0,
		rolledBack
	};
}
function firstChange(statements) {
	const first = statements.find(({ kind }) => kind !== "VariableSetStmt" && kind !== "TransactionStmt");
	return first === void 0 ? [] : [first];
}
function resumptionIn(row, migrations) {
	const sha256 = (text) => createHash("sha256").update(text).digest("hex");
	return resumptionOf(row, migrations.find(({ name }) => name === row.name), sha256);
}
function doubtIn(plan, table, vanished) {
	const [gone] = vanished;
	if (gone !== void 0) return `${gone} was recorded as applied before this run and no longer is`;
	const named = table.toLowerCase();
	const writer = plan.migrations.find(({ statements }) => statements.some(({ sql }) => sql.toLowerCase().includes(named)));
	return writer && `${writer.name} names ${table} itself, so what that table says proves nothing`;
}
// src/stages/recover/end-sessions.ts
const sessionsEndMs = 2e3;
async function endSessions(session, applicationName) {
	const left = await session.query(`SELECT pid, backend_xid::text AS xid,
            coalesce(query = '' OR state = 'disabled' OR query LIKE '%\\_prisma\\_migrations%', true) AS bookkeeping,
            pg_catalog.pg_terminate_backend(pid, ${sessionsEndMs}) AS ended
       FROM pg_catalog.pg_stat_activity WHERE application_name = $1 AND pid <> pg_catalog.pg_backend_pid()`, [applicationName]);
	const stubborn = await stillThere(session, applicationName, left);
	if (stubborn.length > 0) throw fail("PRISMA.FAILED", {
		what: "Prisma was stopped, and its statement goes on in the database.",
		why: `Server process ${stubborn.join(", ")} did not end within ${sessionsEndMs} ms.`,
		next: stubborn.map((pid) => `SELECT pg_terminate_backend(${pid});`)
	});
	const [only, ...others] = left;
	if (only === void 0 || only.xid === null || only.bookkeeping || others.length > 0) return false;
	return isRolledBack(session, only.xid);
}
async function stillThere(session, applicationName, left) {
	const asked = left.filter(({ ended }) => !ended).map(({ pid }) => pid);
	if (asked.length === 0) return [];
	return (await session.query("SELECT pid FROM pg_catalog.pg_stat_activity WHERE pid = ANY ($1) AND application_name = $2", [asked, applicationName])).map(({ pid }) => pid);
}
async function isRolledBack(session, xid) {
	const [row] = await session.query(`SELECT pg_catalog.pg_xact_status((next - ((next - $1::bigint) & 4294967295))::text::xid8) AS status
       FROM (SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::bigint AS next) s`, [xid]);
	return row?.status === "aborted";
}
// src/stages/recover/take-back.ts
async function takeBack(context, target, done, rolledBack, worthIt) {
	const { url, source } = target;
	if (source.kind !== "prisma") return void 0;
	try {
		const state = await observeStopped(target, done, { stoppedIn: void 0 }, rolledBack);
		const failed = onlyOneFailed(state);
		if (failed === void 0) return void 0;
		const half = onlyHalfIndex(failed, state);
		if (half === void 0 && fateOf(failed, state).kind !== "taken-back") return void 0;
		const takenBack = {
			migration: failed.name,
			sqlState: failed.refusedWith
		};
		if (!worthIt(takenBack)) return void 0;
		if (half !== void 0) await dropHalfIndex(context, target, half);
		await resolve(context, {
			url,
			source
		}, "--rolled-back", failed.name);
		const { history } = await observe(target);
		return history.failed.length === 0 ? takenBack : void 0;
	} catch (error) {
		if (error instanceof FailureError) return void 0;
		throw error;
	}
}
function onlyOneFailed(state) {
	const [failed, ...others] = state.failed;
	const strange = state.atWork !== void 0 || state.historyInDoubt !== void 0 || state.notAsPlanned.length > 0;
	if (failed === void 0 || others.length > 0 || strange) return void 0;
	return failed.planned?.beyond.length === 0 ? failed : void 0;
}
async function dropHalfIndex({ run }, { url }, { drop }) {
	try {
		var _usingCtx$1 = _usingCtx();
		run.progress(drop);
		await _usingCtx$1.a(await connect(url)).query(drop);
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function endStatements(context, target) {
	try {
		var _usingCtx3 = _usingCtx();
		return await endSessions(_usingCtx3.a(await connect(target.url)), applicationNameOf(context.runId));
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
async function endStatementsIfPossible(context, target) {
	try {
		return await endStatements(context, target);
	} catch (error) {
		if (error instanceof FailureError) return false;
		throw error;
	}
}
// src/stages/recover/perform.ts
async function recover(context, target, stopped) {
	const backup = backupOf(stopped.wayBack);
	const { engine } = stopped.exit;
	const said = context.run.signal.aborted ? `The run was cancelled while ${engine} was applying.` : [...stopped.exit.cancelled === void 0 ? [] : [`Airlock cancelled it: ${stopped.exit.cancelled.because}.`], withoutRowValues(context.redactor.text(causeIn(stopped.exit)))].join("\n");
	try {
		return {
			backup,
			...await lookAndRecover(context, target, stopped, said)
		};
	} catch (error) {
		if (!(error instanceof FailureError) || isCancellation(error)) throw error;
		return {
			outcome: "needs-human",
			reasonCode: "state_unknown",
			reason: `${engine} stopped, and the state of the database could not be read: ${error.failure.what} ${error.failure.why}\n${said}`,
			applied: [],
			next: [
				...error.failure.next,
				"When the database answers again, look at what was applied:",
				airlock("plan", context.invocation),
				...stepsBack(stopped.wayBack, target.url)
			],
			backup
		};
	}
}
function wordsOf({ source, url }) {
	return source.historyIn(url.schema).words;
}
async function lookAndRecover(context, target, stopped, said) {
	const { state, recovery, cleaned } = await context.run.stage("recover", () => lookAndClean(context, target, stopped), describeRecovery, "to-its-end");
	const cancelled = context.run.signal.aborted;
	switch (recovery.kind) {
		case "all-applied": return await verify(context, target, stopped, {
			said: `${stopped.exit.engine} stopped after its last migration`,
			recover: void 0
		});
		case "clean-history": return takenBack(context, recovery, {
			cleaned,
			said,
			nextAfter: afterTheWatchdog(stopped.exit.cancelled),
			words: wordsOf(target)
		});
		case "taken-back": return takenBackWithoutRow(context, recovery, said, afterTheWatchdog(stopped.exit.cancelled));
		case "nothing-to-do": {
			if (cancelled) throw cancellation();
			if (stopped.exit.code === 0) return appliedElsewhere(target);
			const failure = nothingApplied(stopped.exit, said);
			return {
				outcome: "failed",
				reasonCode: failure.code,
				reason: "",
				applied: [],
				next: failure.next,
				failure
			};
		}
		case "needs-human": return {
			outcome: "needs-human",
			reasonCode: reasonCodeOf(state),
			reason: [
				...recovery.state,
				stopped.exit.engine === "Prisma" ? "What Prisma said:" : "What the server said:",
				said
			].join("\n"),
			applied: state.applied,
			failed: state.failed.map(({ name }) => name),
			next: [...nextFor(state, stopped.plan, context.invocation, wordsOf(target)), ...stepsBack(stopped.wayBack, target.url)]
		};
	}
}
async function lookAndClean(context, target, stopped) {
	const rolledBack = await endStatements(context, target) || stopped.exit.rolledBack === true;
	const state = await observeStopped(target, stopped, stopped.exit, rolledBack);
	const recovery = decideRecovery(state);
	return {
		state,
		recovery,
		cleaned: recovery.kind === "clean-history" && await cleanHistory(context, target, stopped, recovery.failed.name)
	};
}
async function cleanHistory(context, target, stopped, migration) {
	const { url, source } = target;
	if (source.kind !== "prisma") return false;
	await resolve(context, {
		url,
		source
	}, "--rolled-back", migration);
	return (await observeStopped(target, stopped, stopped.exit, false)).failed.length === 0;
}
function takenBack({ run, invocation }, { failed, because }, { cleaned, said, nextAfter, words }) {
	const cancelled = run.signal.aborted;
	const { name, refusedWith, planned } = failed;
	const beyond = (planned?.beyond ?? []).map((sentence) => ` ${sentence}`);
	const what = `${name} ${cancelled ? "was stopped" : "failed"}, and PostgreSQL took it back: ${because}, and the schema is the same as before.${beyond.join("")}`;
	if (cleaned) return {
		outcome: "recovered",
		reasonCode: "rolled_back_by_postgresql",
		reason: `${what} It is marked as rolled back, so that the next deploy is not blocked.\n${said}`,
		applied: [],
		next: nextAfter ?? [cancelled ? airlock("deploy", invocation) : beforeTheNext(refusedWith)]
	};
	return {
		outcome: "needs-human",
		reasonCode: "history_not_clean",
		reason: `${what} It could not be marked as rolled back in ${words.name}, and until it is, the next deploy is blocked.\n${said}`,
		applied: [],
		failed: [name],
		next: [`Mark it when nothing holds a lock on ${words.name} any more:`, words.setRolledBack(name)]
	};
}
function takenBackWithoutRow({ run, invocation }, { stoppedIn: { name, refusedWith, beyond } }, said, nextAfter) {
	const cancelled = run.signal.aborted;
	return {
		outcome: "recovered",
		reasonCode: "rolled_back_by_postgresql",
		reason: `${[`${name} ${cancelled ? "was stopped" : "failed"}, and ${wasTakenBack}. The schema is the same as before.`, ...beyond].join(" ")}\n${said}`,
		applied: [],
		next: nextAfter ?? [cancelled ? airlock("deploy", invocation) : beforeTheNext(refusedWith)]
	};
}
function appliedElsewhere({ url }) {
	return {
		outcome: "needs-human",
		reasonCode: "verification_failed",
		reason: `Prisma reported success, and history and schema of \`${url.database}\` are the same as before: it applied nothing, or it applied to another database.`,
		applied: [],
		next: ["See which database Prisma is connected to, and what it says of it:", "npx prisma migrate status"]
	};
}
function reasonCodeOf({ atWork, historyInDoubt, failed, takenBack }) {
	if (atWork !== void 0) return "still_at_work";
	if (failed.length > 0 || takenBack !== void 0 && historyInDoubt === void 0) return "migration_failed";
	return historyInDoubt === void 0 ? "stopped_between_migrations" : "history_in_doubt";
}
function describeRecovery({ state, recovery, cleaned }) {
	switch (recovery.kind) {
		case "clean-history": return cleaned ? {
			outcome: "pass",
			summary: "PostgreSQL took it back; the history is clean again"
		} : {
			outcome: "fail",
			summary: "PostgreSQL took it back; the history could not be cleaned"
		};
		case "taken-back": return {
			outcome: "pass",
			summary: "PostgreSQL took it back, and the history never had it"
		};
		case "nothing-to-do": return {
			outcome: "pass",
			summary: "nothing took effect"
		};
		case "all-applied": return {
			outcome: "pass",
			summary: "everything was applied before it stopped"
		};
		case "needs-human": return {
			outcome: "fail",
			summary: "a person has to decide",
			detail: { ...state.difference }
		};
	}
}
const mostLines = 12;
function causeIn({ code, output }) {
	if (output === "") return code === null ? "It was ended by a signal and said nothing." : `Nothing: exit code ${code}.`;
	const lines = output.split("\n").map((line) => line.trimEnd());
	const start = lines.findIndex((line) => /^Error: |\bP\d{4}\b/.test(line));
	return lines.slice(Math.max(0, start)).filter((line) => line !== "").slice(0, mostLines).join("\n");
}
// src/sql/lock-conflicts.ts
const conflicts = {
	AccessShareLock: ["AccessExclusiveLock"],
	RowShareLock: ["ExclusiveLock", "AccessExclusiveLock"],
	RowExclusiveLock: [
		"ShareLock",
		"ShareRowExclusiveLock",
		"ExclusiveLock",
		"AccessExclusiveLock"
	],
	ShareUpdateExclusiveLock: [
		"ShareUpdateExclusiveLock",
		"ShareLock",
		"ShareRowExclusiveLock",
		"ExclusiveLock",
		"AccessExclusiveLock"
	],
	ShareLock: [
		"RowExclusiveLock",
		"ShareUpdateExclusiveLock",
		"ShareRowExclusiveLock",
		"ExclusiveLock",
		"AccessExclusiveLock"
	],
	ShareRowExclusiveLock: [
		"RowExclusiveLock",
		"ShareUpdateExclusiveLock",
		"ShareLock",
		"ShareRowExclusiveLock",
		"ExclusiveLock",
		"AccessExclusiveLock"
	],
	ExclusiveLock: [
		"RowShareLock",
		"RowExclusiveLock",
		"ShareUpdateExclusiveLock",
		"ShareLock",
		"ShareRowExclusiveLock",
		"ExclusiveLock",
		"AccessExclusiveLock"
	],
	AccessExclusiveLock: lockModes
};
const applicationLocks = {
	reads: "AccessShareLock",
	writes: "RowExclusiveLock",
	rowLocks: "RowShareLock"
};
function makesWait(held, wanted) {
	return conflicts[held].includes(wanted);
}
// src/stages/recover/left-behind/evidence.ts
function changes({ kind }) {
	return kind !== "VariableSetStmt" && kind !== "TransactionStmt";
}
async function tracesOf(session, schema, row, { parser, statements }) {
	const changing = statements.filter(changes);
	const alone = changing.length === 1 ? concurrentIndex(parser, changing) : void 0;
	const made = alone === void 0 ? madeBy(parser, changing) : [[alone]];
	const changesRows = changing.some(({ kind }) => rowChanging.has(kind));
	const seen = [];
	for (const [at, { range }] of changing.entries()) {
		const traces = [];
		for (const one of made[at] ?? []) traces.push(await traceOf(session, schema, row, one, changesRows));
		const [first, ...others] = traces;
		const alike = first !== void 0 && others.every(({ kind }) => kind === first.kind);
		seen.push({
			line: range.line,
			trace: alike ? first : { kind: "not known" }
		});
	}
	return seen;
}
const rowChanging = /* @__PURE__ */ new Set([
	"InsertStmt",
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt",
	"SelectStmt"
]);
function concurrentIndex(parser, [statement]) {
	const parsed = parseMigration(parser, statement?.sql ?? "");
	const node = parsed.kind === "syntax-error" ? void 0 : parsed.statements[0]?.node;
	const index = node && as(node, "IndexStmt");
	if (index?.concurrent !== true || index.if_not_exists === true || index.idxname === void 0) return void 0;
	return {
		kind: "attached",
		name: index.idxname,
		table: index.relation?.relname
	};
}
async function traceOf(session, schema, row, { kind, name, table }, changesRows) {
	const [seen] = await session.query(seenSql(schema), [
		row.id,
		kind,
		name,
		table ?? null
	]);
	if (seen === void 0 || seen.found > 1) return { kind: "not known" };
	if (seen.found === 1) {
		if (seen.young !== true) return { kind: "not known" };
		return seen.whole === true ? { kind: "there" } : {
			kind: "half",
			index: seen.index ?? name
		};
	}
	if (seen.dropped || changesRows && kind !== "column") return { kind: "not known" };
	return { kind: "absent" };
}
function seenSql(schema) {
	return `
WITH began AS (SELECT pg_catalog.age(xmin) AS age FROM ${quoteIdentifier(schema)}."_prisma_migrations" WHERE id = $1),
relations AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.xmin FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
),
found AS (
  SELECT xmin, true AS whole, NULL AS index FROM relations WHERE $2 = 'relation' AND relname = $3 AND relkind <> 'i'
  UNION ALL
  SELECT t.xmin, true, NULL FROM pg_catalog.pg_type t WHERE $2 = 'relation' AND t.typname = $3 AND t.typtype IN ('e', 'd', 'r')
  UNION ALL
  SELECT a.xmin, true, NULL FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = a.attrelid
   WHERE $2 = 'column' AND r.relname = $4 AND a.attname = $3 AND NOT a.attisdropped
  UNION ALL
  SELECT e.xmin, true, NULL FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
   WHERE $2 = 'column' AND t.typname = $4 AND e.enumlabel = $3
  UNION ALL
  SELECT r.xmin, i.indisvalid, pg_catalog.quote_ident(r.nspname) || '.' || pg_catalog.quote_ident(r.relname) FROM relations r JOIN pg_catalog.pg_index i ON i.indexrelid = r.oid
   WHERE $2 = 'attached' AND r.relname = $3 AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = r.oid AND k.conname = $3)
  UNION ALL
  SELECT k.xmin, true, NULL FROM pg_catalog.pg_constraint k JOIN relations r ON r.oid = k.conrelid WHERE $2 = 'attached' AND k.conname = $3
)
SELECT pg_catalog.count(*)::pg_catalog.int4 AS found,
       pg_catalog.bool_and(pg_catalog.age(f.xmin) < (SELECT age FROM began)) AS young,
       pg_catalog.bool_and(f.whole) AS whole, pg_catalog.min(f.index) AS index,
       EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = a.attrelid
                WHERE r.relname = $4 AND a.attisdropped AND pg_catalog.age(a.xmin) < (SELECT age FROM began)) AS dropped
  FROM found f`;
}
// src/stages/recover/left-behind/look.ts
async function lookAt({ url, prisma }, session, row, migration) {
	const parser = await loadParser();
	const options = {
		prismaVersion: prisma.version,
		schema: url.schema,
		rules: {},
		oneRun: true
	};
	const [planned] = (await analyseLive(session, [migration], options).catch((error) => {
		if (error instanceof FailureError) return void 0;
		throw error;
	}))?.migrations ?? [];
	if (planned === void 0 || /_prisma_migrations/i.test(migration.sql)) return void 0;
	return {
		atomic: planned.execution.atomic,
		succeeded: row.appliedSteps > 0,
		refusedWith: sqlStateIn(row.logs),
		statements: await tracesOf(session, url.schema, row, {
			parser,
			statements: planned.statements
		}),
		beyond: beyondTransactions(planned.statements)
	};
}
// src/stages/recover/left-behind/decide.ts
function decideLeftBehind(left) {
	const { atomic, succeeded, refusedWith, statements, beyond } = left;
	const traces = statements.map(({ trace }) => trace.kind);
	const [first] = statements;
	if (succeeded) return {
		kind: "all-in-force",
		because: "Prisma recorded that its script had succeeded"
	};
	if (first?.trace.kind === "half" && statements.length === 1) return once(beyond, "the index that it builds was not finished", `DROP INDEX CONCURRENTLY ${first.trace.index}`);
	if (contradict(left)) return {
		kind: "for-a-person",
		known: describe(left)
	};
	if (atomic ? traces.includes("absent") : traces[0] === "absent") return once(beyond, whyNothing(left));
	if (atomic && refusedWith !== void 0 && !traces.includes("there")) return once(beyond, `it ran as one transaction, and the server refused it (SQLSTATE ${refusedWith})`);
	if (refusedWith === void 0 && (atomic ? traces.includes("there") : traces.at(-1) === "there")) return {
		kind: "all-in-force",
		because: whyAll(left)
	};
	return {
		kind: "for-a-person",
		known: describe(left)
	};
}
function contradict({ atomic, statements, refusedWith }) {
	const traces = statements.map(({ trace }) => trace.kind);
	if (atomic) return traces.includes("there") && (traces.includes("absent") || refusedWith !== void 0);
	const firstAbsent = traces.indexOf("absent");
	return firstAbsent >= 0 && traces.lastIndexOf("there") > firstAbsent;
}
function once(beyond, because, drop) {
	return beyond.length === 0 ? {
		kind: "nothing-in-force",
		because,
		drop
	} : {
		kind: "for-a-person",
		known: beyond
	};
}
function whyNothing({ atomic, statements }) {
	const line = statements.find(({ trace }) => trace.kind === "absent")?.line ?? 1;
	return atomic ? `it ran as one transaction, and what its statement in line ${line} makes is not there` : "what its first statement makes is not there";
}
function whyAll({ atomic, statements }) {
	const line = statements.findLast(({ trace }) => trace.kind === "there")?.line ?? 1;
	return atomic ? `it ran as one transaction, and what its statement in line ${line} makes is there since` : "what its last statement makes is there since, and Prisma sends that only after all others succeeded";
}
function describe({ atomic, statements }) {
	const lastThere = statements.findLastIndex(({ trace }) => trace.kind === "there");
	const firstAbsent = statements.findIndex(({ trace }) => trace.kind === "absent");
	if (atomic) return lastThere >= 0 && firstAbsent >= 0 ? ["Some of what it makes is there and some is not, although it ran as one transaction: somebody changed it since."] : ["It ran as one transaction, so all of it is in force or nothing; it makes nothing that shows which."];
	return [
		...lastThere < 0 ? [] : [`In force are its statements up to line ${statements[lastThere]?.line}.`],
		...firstAbsent < 0 ? [] : [`Not in force are its statements from line ${statements[firstAbsent]?.line} on.`],
		...unsaid(statements.slice(lastThere + 1, firstAbsent < 0 ? void 0 : firstAbsent))
	];
}
function unsaid(statements) {
	const lines = statements.filter(({ trace }) => trace.kind === "not known").map(({ line }) => line);
	return lines.length === 0 ? [] : [`Whether what stands in line ${lines.join(", ")} is in force cannot be seen in the schema.`];
}
export { readInvalidIndexes as C, childEnvironment as E, readHolders as S, runHook as T, decideRetry as _, conflicts as a, replicasInTheWay as b, recover as c, nothingApplied as d, finishedNames as f, resolve as g, applyOnce as h, applicationLocks as i, endStatementsIfPossible as l, verify as m, lookAt as n, makesWait as o, recordedIn as p, changes as r, causeIn as s, decideLeftBehind as t, takeBack as u, whyAgain as v, readReplicas as w, readHeadroom as x, applySettings as y };
