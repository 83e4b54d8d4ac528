import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { c as observeSince, f as differenceSince, p as packCatalog, r as readFacts, s as observe, u as LastLook } from "./preflight.mjs";
import { n as formatMs, r as plural, t as formatBytes } from "./words.mjs";
import { i as clearanceOnCopy, t as readRelations } from "./gate.mjs";
import { b as withDatabase, c as connectWithoutLimits, i as withoutRowValues, l as endWithClientSettings, o as serverVersionOf, s as connect, u as explain, x as withSessionOf, y as secretsOf } from "./postgres-url.mjs";
import { n as quoteIdentifier, r as quoteLiteral, t as connectionStringFor } from "./quoting.mjs";
import { i as sentenceOf, r as failedAmong } from "./data-check.mjs";
import { n as parseMigration, t as loadParser } from "./grammars.mjs";
import { A as isAnswerAboutData, B as scratchOpener, D as fixedOutputSql, L as runClient, N as attempt, O as openReading, U as connectionFor, W as startJanitor, g as restoreSucceeded, h as notRestorable, j as rowHash, k as listHashedTables, m as prove, p as copyOf, v as needsTolerance } from "./scratch-server.mjs";
import { _ as isRefusal, a as tableLoss, c as readObjects, d as decideUndo, f as pathOf$1, g as serverErrorOf, i as rowLosses, l as decideWrittenSince, m as findOwn, n as countValues, o as generateReverse, p as plainName, r as recreated, s as undoFile, t as columnLoss, u as pairUp, v as sqlStateOf } from "./row-losses.mjs";
import { a as prismaUrl, i as openMigratingSession, n as openApplySession, t as forgetSession } from "./session.mjs";
import { E as childEnvironment, T as runHook, d as nothingApplied, h as applyOnce, i as applicationLocks, n as lookAt, o as makesWait, p as recordedIn, r as changes$1, s as causeIn, t as decideLeftBehind, y as applySettings } from "./apply-and-recover.mjs";
import { O as quotedRelation, S as strings, _ as allOf, g as clausesOf, j as lockModes, v as as, w as visit, y as kindOf } from "./rules.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { s as ownTable } from "./open-source.mjs";
import { t as fileStatements } from "./execution-statements.mjs";
import { c as transactionRole, s as needsOwnTransaction } from "./execution-model.mjs";
import { n as describeRehearsal, r as notChecked } from "./describe.mjs";
import { a as tokens } from "./lexer.mjs";
import { i as explainDumpFailure, r as dumpUnreadable } from "./cannot-write.mjs";
import { c as openSnapshot, i as clientFor, l as readSource, s as closeSnapshot } from "./backup-stage.mjs";
import { r as unlessCancelled } from "./cancellation.mjs";
import { t as secretsIn } from "./secrets.mjs";
import { n as readCatalog, t as differenceOf } from "./catalog.mjs";
import { randomUUID } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { readFile, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { setTimeout } from "node:timers/promises";
// src/stages/rehearse/copy-target.ts
async function openCopy(context, like, copy) {
	return {
		...like,
		intent: "write",
		lastLook: new LastLook(),
		...await connected(context, withSessionOf(copy.url, like.url))
	};
}
async function connected(context, url) {
	context.redactor.add(secretsOf(url));
	const session = await connect(url, "airlock rehearsal", context.run.signal);
	return {
		url,
		session,
		[Symbol.asyncDispose]: () => session[Symbol.asyncDispose]()
	};
}
function namesOfProduction(url) {
	return `search_path = ${url.parameters.has("schema") ? quoteIdentifier(url.schema) : "DEFAULT"}`;
}
function onCopy(context) {
	return {
		...context,
		run: context.run.beside("on the copy: ")
	};
}
// src/stages/rehearse/data/decide-assertion.ts
const moments = ["before", "after"];
function isAskedFor({ expect, when = "after" }, moment) {
	return expect === "same" || when === "both" || when === moment;
}
function decideAssertion(assertion, answers) {
	const asked = moments.filter((moment) => isAskedFor(assertion, moment));
	const problems = asked.flatMap((moment) => {
		const answer = answers[moment];
		if (answer === void 0) return [`it was not asked ${moment} the migrations`];
		const problem = problemOf(assertion, answer);
		return problem === void 0 ? [] : [`${moment} the migrations ${problem}`];
	});
	const all = problems.length > 0 ? problems : differing$1(assertion, answers);
	return {
		kind: "assertion",
		name: assertion.name,
		outcome: all.length === 0 ? "pass" : "fail",
		text: all.length === 0 ? `holds ${asked.join(" and ")} the migrations` : all.join("; ")
	};
}
function problemOf({ expect }, answer) {
	if (answer.kind === "failed") return `its query fails: ${answer.because}`;
	const { rows, isValue } = answer;
	if (expect === "none") return rows === 0 ? void 0 : `it finds ${plural(rows, "row")}, and should find none`;
	if (expect === "rows") return rows > 0 ? void 0 : "it finds no row, and should find some";
	if (expect === "same" || isValue) return void 0;
	return rows === 1 ? "it answers with another value" : `it answers with ${plural(rows, "row")}, and should with one value`;
}
function differing$1({ expect }, { before, after }) {
	if (expect !== "same" || before?.kind !== "answered" || after?.kind !== "answered") return [];
	if (before.rows !== after.rows) return [`it answers with ${plural(before.rows, "row")} before the migrations and ${after.rows} after them`];
	return before.hash === after.hash ? [] : [`its answer after the migrations is another one than before (${plural(after.rows, "row")} both times)`];
}
// src/stages/rehearse/data/ask-assertions.ts
const limitMs = 6e4;
const row = "airlock_answer_row";
async function askAssertions({ session, url }, assertions, moment) {
	const answers = /* @__PURE__ */ new Map();
	const asked = assertions.filter((assertion) => isAskedFor(assertion, moment));
	if (asked.length === 0) return answers;
	await session.query("BEGIN READ ONLY");
	try {
		await session.query(`SET LOCAL ${namesOfProduction(url)}`);
		await session.query(`SET LOCAL statement_timeout = ${limitMs}`);
		for (const assertion of asked) answers.set(assertion, await ask(session, assertion));
	} finally {
		await session.query("ROLLBACK");
	}
	return answers;
}
async function ask(session, { sql, expect }) {
	const query = await onlySelect(sql);
	if (query === void 0) return {
		kind: "failed",
		because: "it is not one SELECT"
	};
	const value = typeof expect === "object" ? expect.value : void 0;
	let said = "";
	const read = await attempt(session, () => session.query(`WITH ${row} AS MATERIALIZED (${query}\n)
         SELECT pg_catalog.count(*)::text AS rows,
                coalesce(pg_catalog.sum(pg_catalog.hashtextextended(${row}::text COLLATE pg_catalog."C", 0)), 0)::text AS hash,
                ${value === void 0 ? "false" : isValueSql(value)} AS value
           FROM ${row}`).catch((thrown) => {
		said = serverErrorOf(thrown instanceof Error ? thrown.cause : void 0).message;
		throw thrown;
	}), isAnswerAboutData);
	if (read.kind === "refused") return {
		kind: "failed",
		because: said.split("\n").join(" ")
	};
	const [answer] = read.value;
	if (answer === void 0) return {
		kind: "failed",
		because: "the server gave no answer"
	};
	return {
		kind: "answered",
		rows: Number(answer.rows),
		hash: answer.hash,
		isValue: answer.value === true
	};
}
function isValueSql(value) {
	return `pg_catalog.count(*) = 1 AND pg_catalog.bool_and((
    SELECT pg_catalog.count(*) = 1 AND pg_catalog.bool_and(one.value = ${quoteLiteral(value)})
      FROM pg_catalog.json_each_text(pg_catalog.row_to_json(${row})) one))`;
}
async function onlySelect(sql) {
	const parsed = parseMigration(await loadParser(), sql);
	if (parsed.kind !== "parsed") return void 0;
	const [first, ...others] = parsed.statements;
	return others.length === 0 && first?.kind === "SelectStmt" ? first.sql : void 0;
}
// src/stages/rehearse/data/written.ts
function writtenBetween(before, after) {
	if (before === void 0 || after === void 0) return void 0;
	return [...after.values()].map((now) => {
		const was = before.get(now.oid);
		return {
			...now,
			inserted: now.inserted - (was?.inserted ?? 0),
			updated: now.updated - (was?.updated ?? 0),
			deleted: now.deleted - (was?.deleted ?? 0),
			newFile: was !== void 0 && was.file !== now.file,
			before: was === void 0 ? void 0 : nameOf$1(was)
		};
	}).filter(({ newFile, inserted, updated, deleted }) => newFile || inserted > 0 || updated > 0 || deleted > 0).toSorted((a, b) => nameOf$1(a) < nameOf$1(b) ? -1 : 1);
}
function nameOf$1({ schema, name }) {
	return `${schema}.${name}`;
}
// src/stages/rehearse/data/decide-seed.ts
function decideSeed(first, second, { schema, mode }) {
	if (first.failure !== void 0) return mode === "schema" ? check("not-checked", `it fails on a copy that has no rows, and may only miss those: ${said(first.failure)}`) : check("fail", `it fails on the copy: ${said(first.failure)}`);
	if (second === void 0) return check("not-checked", "it was run once only");
	const rows = rowsOf(first, second);
	if (second.failure !== void 0) return check("fail", `it fails when it runs again: ${said(second.failure)}`, rows);
	if (rows === void 0) return check("not-checked", "it runs twice; which rows it wrote is not known, the server does not count them");
	const again = rows.filter(({ counts: [, one, two] }) => one !== two);
	const say = ({ table, counts }) => `${quotedRelation(table, schema)} ${counts.map((count) => count ?? "not counted").join(" → ")}`;
	if (again.length > 0) return check("fail", `the second run changes the number of rows again: ${again.map(say).join(", ")}`, rows);
	if (rows.some(({ counts: [, one, two] }) => one === null || two === null)) return check("not-checked", "it runs twice; not every table that it writes could be counted", rows);
	return check("pass", rows.length === 0 ? "run twice, it writes nothing" : `run twice, and the second run leaves as many rows as the first: ${rows.map(say).join(", ")}${overwritten(second)}`, rows);
}
function seedNotRun(variable) {
	return check("not-checked", `it was not run: the variable ${variable} leads to production, and it could write there from the copy`);
}
function check(outcome, text, rows) {
	return {
		kind: "seed",
		name: "hooks.seed",
		outcome,
		text,
		...rows === void 0 || rows.length === 0 ? {} : { rows }
	};
}
function said(failure) {
	return `${failure.split("\n", 1).join()} What it said is in the log.`;
}
function rowsOf(first, second) {
	if (first.written === void 0 || second.written === void 0) return void 0;
	const runs = [new Map(first.written.map(named)), new Map(second.written.map(named))];
	return [.../* @__PURE__ */ new Set([...runs[0].keys(), ...runs[1].keys()])].toSorted().map((table) => {
		const two = second.counts.get(table) ?? null;
		const one = first.counts.get(table) ?? undone(two, runs[1].get(table));
		return {
			table,
			counts: [
				undone(one, runs[0].get(table)),
				one,
				two
			]
		};
	});
}
const named = (written) => [nameOf$1(written), written];
function undone(rows, written) {
	if (rows === null || written === void 0) return rows;
	return written.newFile ? null : rows - written.inserted + written.deleted;
}
function overwritten({ written = [] }) {
	const rows = written.reduce((all, one) => all + one.updated + one.deleted, 0);
	return rows === 0 ? "" : `; it writes over or replaces ${plural(rows, "row")} each time`;
}
// src/stages/rehearse/data/decide-seed-environment.ts
const libpqConnection = /^PG(?:HOST|HOSTADDR|PORT|DATABASE|USER|PASSWORD|PASSFILE|SERVICE|SERVICEFILE)$/;
const databaseUrl = /^\s*["']?(?:[a-z0-9.+:-]*postgres(?:ql)?[a-z0-9.+-]*:|prisma[a-z0-9.+-]*:\/\/)/i;
function onlyTheCopy(env, copyUrl) {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !libpqConnection.test(name)).map(([name, value]) => [name, databaseUrl.test(value ?? "") ? copyUrl : value]));
}
function leadsToProduction(env, copyUrl, production) {
	if (production === void 0) return void 0;
	return Object.entries(env).find(([name, value = ""]) => value !== copyUrl && !/^no_proxy$/i.test(name) && tells(value.toLowerCase(), production))?.[0];
}
function tells(value, { host, port, user, secrets }) {
	const given = value.trim();
	const at = host.toLowerCase();
	if (given === at || secrets.some((secret) => holds(value, secret.toLowerCase()))) return true;
	return (thisMachine.test(at) ? [`${at}:${port}`, `${user.toLowerCase()}@${at}`] : [at]).some((one) => standsIn(value, one));
}
const thisMachine = /^(?:localhost|127\.[\d.]+|::1|[/@].*)$/;
const shortestTelling = 8;
function holds(value, secret) {
	return secret.length < shortestTelling ? secret !== "" && value.trim() === secret : value.includes(secret);
}
function standsIn(value, word) {
	for (let at = value.indexOf(word); at >= 0; at = value.indexOf(word, at + 1)) if (!partOfName.test(value[at - 1] ?? "") && !partOfName.test(value[at + word.length] ?? "")) return true;
	return false;
}
const partOfName = /[\w.-]/;
// src/stages/rehearse/data/footprints.ts
const otherSessionsMs = 2e3;
async function readFootprints(session) {
	const [server] = await session.query(`SELECT pg_catalog.current_setting('server_version_num')::int >= 150000 AND pg_catalog.current_setting('track_counts') = 'on' AS dependable`);
	if (server?.dependable !== true || !await isAlone(session)) return void 0;
	const rows = await session.query(`SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relfilenode::text AS file,
            pg_catalog.pg_stat_get_tuples_inserted(c.oid)::float8 AS inserted,
            pg_catalog.pg_stat_get_tuples_updated(c.oid)::float8 AS updated,
            pg_catalog.pg_stat_get_tuples_deleted(c.oid)::float8 AS deleted, c.relispartition AS partition
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`);
	return new Map(rows.map((row) => [row.oid, row]));
}
async function isAlone(session) {
	const giveUpAt = performance.now() + otherSessionsMs;
	for (;;) {
		if ((await session.query(`SELECT FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database()
          AND backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()`)).length === 0) return true;
		if (performance.now() > giveUpAt) return false;
		await setTimeout(20);
	}
}
// src/stages/rehearse/data/run-seed.ts
async function seedTwice(context, { mode, copy, production }) {
	const { policy, invocation, run } = context;
	if (policy.hooks.seed.length === 0) return [];
	const url = prismaUrl(copy.url);
	const { urlVariables, directUrlVariable } = copy.source.urls;
	const names = directUrlVariable === void 0 ? urlVariables : [...urlVariables, directUrlVariable];
	const env = childEnvironment(onlyTheCopy(invocation.env, url), names, url);
	const leading = leadsToProduction(env, url, {
		...production,
		secrets: secretsOf(production)
	});
	if (leading !== void 0) return [seedNotRun(leading)];
	const inside = {
		...context,
		invocation: {
			...invocation,
			env
		}
	};
	run.progress("the seed runs, for the first time");
	const first = await seed(inside, copy, []);
	if (first.failure !== void 0) return [decideSeed(first, void 0, {
		schema: copy.url.schema,
		mode
	})];
	run.progress("the seed runs, for the second time");
	return [decideSeed(first, await seed(inside, copy, first.written ?? []), {
		schema: copy.url.schema,
		mode
	})];
}
async function seed(context, copy, already) {
	try {
		var _usingCtx$8 = _usingCtx();
		const before = await readFootprints(copy.session);
		const janitor = _usingCtx$8.a(await startJanitor());
		for (const argv of context.policy.hooks.seed) {
			const failure = await runHook(context, copy, janitor, {
				moment: "seed",
				argv
			});
			if (failure !== void 0) return {
				failure: failure.why,
				written: void 0,
				counts: /* @__PURE__ */ new Map()
			};
		}
		const written = writtenBetween(before, await readFootprints(copy.session));
		const tables = new Map([...already, ...written ?? []].map((one) => [nameOf$1(one), one]));
		return {
			failure: void 0,
			written,
			counts: await countRows$1(copy.session, [...tables.values()])
		};
	} catch (_) {
		_usingCtx$8.e = _;
	} finally {
		await _usingCtx$8.d();
	}
}
const countMs = 2e4;
async function countRows$1(session, tables) {
	const counts = /* @__PURE__ */ new Map();
	const deadline = performance.now() + countMs;
	await session.query("BEGIN READ ONLY");
	try {
		for (const table of tables) {
			const remainingMs = Math.max(1, Math.floor(deadline - performance.now()));
			const counted = await attempt(session, async () => {
				await session.query(`SET LOCAL statement_timeout = ${remainingMs}`);
				return await session.query(`SELECT pg_catalog.count(*)::text AS rows FROM ONLY ${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`);
			});
			const rows = counted.kind === "done" ? counted.value[0]?.rows : void 0;
			counts.set(nameOf$1(table), rows === void 0 ? null : Number(rows));
		}
	} finally {
		await session.query("ROLLBACK");
	}
	return counts;
}
// src/stages/rehearse/decide.ts
function otherState({ migrations }, pending) {
	const keyOf = ({ name, checksum }) => `${name} ${checksum}`;
	if (pending.map(keyOf).join("\n") === migrations.map(keyOf).join("\n")) return void 0;
	return {
		code: "REHEARSAL.OTHER_STATE",
		what: "On the copy other migrations are pending than in the plan.",
		why: `Planned: ${namesOf$2(migrations)}. Pending in the backup: ${namesOf$2(pending)}. The history or the files changed after the plan was made.`,
		next: ["Start again; the plan is then made on what is there now."]
	};
}
function namesOf$2(list) {
	return list.length === 0 ? "none" : list.map(({ name }) => name).join(", ");
}
function problemsOf(plan, { real, trace, apart }) {
	const { stopped } = trace;
	if (real.said !== void 0) return causeOf$1(stopped, real) ?? real.said.split("\n");
	const finished = new Set(real.finished);
	const missing = plan.migrations.filter(({ name }) => !finished.has(name)).map(({ name }) => name);
	const invalid = real.difference.added.filter((line) => line.startsWith("index ") && line.endsWith(" invalid"));
	return [
		...missing.map((name) => `${name} is not recorded as applied, although ${real.engine} reported success`),
		...real.failed.map((name) => `${name} is recorded as failed`),
		...invalid.map((line) => `invalid ${line}`),
		...stopped === void 0 ? twoEndings(real, apart) : [`${real.engine} went through, and statement by statement it did not: ${placeOf(stopped)} ${stopped.message}`]
	];
}
function causeOf$1(stopped, { failed }) {
	if (stopped === void 0 || !failed.includes(stopped.migration)) return void 0;
	const { cause, message, sqlState } = stopped;
	return [`${placeOf(stopped)} ${cause}`, `${message}${sqlState === void 0 ? "" : ` (SQLSTATE ${sqlState})`}`];
}
function mayNeedRows({ stopped }) {
	if (stopped?.sqlState === void 0 || !/^(?:02|21|22|23|P0)/.test(stopped.sqlState)) return void 0;
	return `${placeOf(stopped)} stopped on a copy that has no rows, and may only miss those; nothing is known of what stands behind it`;
}
function findOf({ stopped }, { failed }) {
	return stopped !== void 0 && failed.includes(stopped.migration) ? stopped.find : void 0;
}
function placeOf({ migration, line }) {
	return `${migration}:${line}`;
}
const mostLines$1 = 12;
function twoEndings({ engine }, { added, removed }) {
	const lines = [...added.map((line) => `only with ${engine}: ${line}`), ...removed.map((line) => `only statement by statement: ${line}`)];
	if (lines.length === 0) return [];
	const left = lines.length - mostLines$1;
	return [
		"Run twice, the migrations left two different schemas:",
		...lines.slice(0, mostLines$1),
		...left > 0 ? [`and ${left} more`] : []
	];
}
function unsaid({ disagreements }) {
	return disagreements.filter(({ what, seen }) => what !== "scan" && seen !== void 0).map(({ migration, line, text }) => `${migration}:${line} ${text}`);
}
function untold({ resolved }) {
	return resolved.map(({ migration, line, text }) => `${migration}:${line} what the plan could not tell: ${text}`);
}
// src/stages/rehearse/real-run.ts
const noWayBack = { kind: "waived-by-policy" };
async function runForReal(context, copy, clearance) {
	const { plan } = clearance;
	const { history } = await readFacts(copy);
	const planned = new Set(plan.migrations.map(({ name }) => name));
	const pending = history.pending.filter(({ name }) => planned.has(name));
	const other = otherState(plan, pending);
	if (other !== void 0) throw new FailureError(other);
	const before = await packCatalog(copy.session);
	const startedAt = performance.now();
	const exit = await applyOnce(context, copy, clearance, {
		...history,
		pending
	}, noWayBack);
	const ms = Math.round(performance.now() - startedAt);
	const { history: left, difference } = await observeSince(before, copy);
	const recorded = recordedIn(left);
	const finished = plan.migrations.filter(({ name, checksum }) => recorded.get(name) === checksum).map(({ name }) => name);
	const failed = [...left.failed.map(({ name }) => name), ...exit.stoppedIn === void 0 ? [] : [exit.stoppedIn.name]];
	const said = exit.code === 0 ? void 0 : withoutRowValues(context.redactor.text(causeIn(exit)));
	if (said !== void 0 && finished.length + failed.length === 0) throw new FailureError(nothingApplied(exit, said));
	return {
		engine: exit.engine,
		ms,
		finished,
		failed,
		said,
		difference
	};
}
// src/stages/rehearse/data/decide-second-deploy.ts
const mostLines = 3;
function decideSecondDeploy(second) {
	const problems = second.kind === "history" ? pendingAgain(second.pending) : changes(second);
	return {
		kind: "second-deploy",
		name: "a second deploy",
		outcome: problems.length === 0 ? "pass" : "fail",
		text: problems.length === 0 ? nothingToDo(second) : problems.join("; ")
	};
}
function nothingToDo(second) {
	if (second.kind === "history") return `nothing is pending, ${plural(second.applied, "migration")} applied`;
	const rows = second.written === void 0 ? "; whether it wrote rows is not known" : " and no row";
	return `${second.engine} finds nothing pending and changes neither the schema nor the history${rows}`;
}
function pendingAgain(pending) {
	return pending.length === 0 ? [] : [`pending again, although it was applied: ${pending.join(", ")}`];
}
function changes(second) {
	const { engine, said, applied, failed, difference, written = [] } = second;
	const lines = [...difference.added, ...difference.removed];
	return [
		...said === void 0 ? [] : [`${engine} fails: ${said.split("\n").join(" ")}`],
		...failed.map((name) => `${name} is recorded as failed`),
		...applied.before === applied.after ? [] : [`the history has ${applied.after} applied, and had ${applied.before}`],
		...lines.length === 0 ? [] : [`it changes the schema: ${first(lines)}`],
		...written.length === 0 ? [] : [`it writes rows: ${first(written.map(nameOf$1))}`]
	];
}
function first(lines) {
	const left = lines.length - mostLines;
	return [...lines.slice(0, mostLines), ...left > 0 ? [`and ${left} more`] : []].join(", ");
}
// src/stages/rehearse/data/second-deploy.ts
async function deployAgain(context, copy, plan, database) {
	const { history } = await readFacts(copy);
	const planned = new Set(plan.migrations.map(({ name }) => name));
	const pending = history.pending.filter(({ name }) => planned.has(name)).map(({ name }) => name);
	if (copy.apply === "atomic" || pending.length > 0) return decideSecondDeploy({
		kind: "history",
		pending,
		applied: history.applied.length
	});
	const before = await packCatalog(copy.session);
	const footprints = await readFootprints(copy.session);
	const clearance = clearanceOnCopy({
		...plan,
		migrations: []
	}, database);
	context.run.progress("a second deploy, which should find nothing pending");
	const exit = await applyOnce(context, copy, clearance, {
		...history,
		pending: []
	}, noWayBack);
	const { history: left } = await observe(copy);
	return decideSecondDeploy({
		kind: "engine",
		engine: exit.engine,
		said: exit.code === 0 ? void 0 : withoutRowValues(context.redactor.text(causeIn(exit))),
		applied: {
			before: history.applied.length,
			after: left.applied.length
		},
		failed: left.failed.map(({ name }) => name),
		difference: await differenceSince(before, copy.session),
		written: writtenBetween(footprints, await readFootprints(copy.session))
	});
}
// src/stages/rehearse/data/decide-touched.ts
const leastOfWriters = lockModes.indexOf("RowExclusiveLock");
function touchesOf({ migrations }, parser) {
	const all = /* @__PURE__ */ new Map();
	let unknown;
	for (const { name, statements } of migrations) for (const statement of statements) {
		if (statement.effects.unknown) unknown ??= `${name}:${statement.range.line}`;
		for (const [relation, touch] of touchesOfOne(statement, parser)) all.set(relation, both(all.get(relation), touch));
	}
	return {
		of: all,
		unknown
	};
}
function touchesOfOne(statement, parser) {
	const { effects, runsCode } = statement;
	const written = readWrites(statement.sql, parser);
	const anyOfThem = {
		inserts: [...written.values()].some(({ inserts }) => inserts),
		columns: new Set([...written.values()].flatMap(({ columns }) => [...columns]))
	};
	return [.../* @__PURE__ */ new Set([
		...effects.locks.filter(({ mode }) => lockModes.indexOf(mode) >= leastOfWriters).map(({ relation }) => relation),
		...effects.rewrites,
		...effects.overwrites
	])].map((relation) => {
		const own = written.get(relation.slice(relation.indexOf(".") + 1));
		const { inserts, columns } = own ?? anyOfThem;
		const loses = effects.loses.some((loss) => (loss.kind === "rows" || loss.kind === "table") && loss.name === relation);
		return [relation, {
			mayGrow: runsCode || inserts,
			mayShrink: runsCode || loses,
			columns: runsCode || effects.overwrites.includes(relation) && own === void 0 ? "any" : own !== void 0 || effects.rewrites.includes(relation) ? columns : /* @__PURE__ */ new Set()
		}];
	});
}
function touchOf({ of }, names) {
	return names.reduce((all, name) => {
		const touch = of.get(name ?? "");
		return touch === void 0 ? all : both(all, touch);
	}, void 0);
}
function readWrites(sql, parser) {
	const found = /* @__PURE__ */ new Map();
	const parsed = parseMigration(parser, sql);
	if (parsed.kind !== "parsed") return found;
	for (const { node } of parsed.statements) visit(node, (kind, inner) => {
		if (!writing$1.has(kind)) return;
		const table = textAt(inner.relation, "relname");
		const writes = found.get(table) ?? {
			inserts: false,
			columns: /* @__PURE__ */ new Set()
		};
		found.set(table, writes);
		if (kind === "InsertStmt" || kind === "MergeStmt" || kind === "CopyStmt") writes.inserts = true;
		for (const column of assignedIn(kind === "InsertStmt" ? inner.onConflictClause : inner)) writes.columns.add(column);
	});
	return found;
}
const writing$1 = /* @__PURE__ */ new Set([
	"InsertStmt",
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt",
	"CopyStmt",
	"AlterTableStmt"
]);
function assignedIn(node) {
	const names = [];
	const take = (targets) => {
		for (const target of Array.isArray(targets) ? targets : []) names.push(textAt(target.ResTarget, "name"));
	};
	take(node?.targetList);
	visit(node, (kind, inner) => {
		if (kind === "MergeWhenClause") take(inner.targetList);
		if (kind === "AlterTableCmd") names.push(textAt(inner, "name"));
	});
	return names;
}
function textAt(node, key) {
	const value = typeof node === "object" && node !== null ? node[key] : void 0;
	return typeof value === "string" ? value : "";
}
function both(a, b) {
	if (a === void 0) return b;
	return {
		mayGrow: a.mayGrow || b.mayGrow,
		mayShrink: a.mayShrink || b.mayShrink,
		columns: a.columns === "any" || b.columns === "any" ? "any" : /* @__PURE__ */ new Set([...a.columns, ...b.columns])
	};
}
// src/stages/rehearse/data/decide-tables.ts
function decideTables(touches, run, schema) {
	const { written, readings, history } = run;
	if (written === void 0) return [beside("not-checked", "the server does not say which tables were written (it does from PostgreSQL 15 on, when nobody else is connected)")];
	const there = written.filter((one) => one.before !== void 0 && !history.has(one.before));
	const planned = there.flatMap((one) => {
		const touch = touchOf(touches, [one.before, nameOf$1(one)]);
		return touch === void 0 ? [] : [{
			one,
			touch
		}];
	});
	return [...othersWritten(there.filter((one) => !planned.some((found) => found.one === one)), touches, schema), ...planned.map(({ one, touch }) => decideTable(one, touch, readings.get(one.oid), schema))];
}
function beside(outcome, text) {
	return {
		kind: "table",
		name: "tables beside the plan",
		outcome,
		text
	};
}
function othersWritten(others, { unknown }, schema) {
	if (others.length === 0) return [beside("pass", "no row of them was written")];
	const what = others.map((one) => `${quotedRelation(nameOf$1(one), schema)} (${counted(one)})`).join(", ");
	return unknown === void 0 ? [beside("fail", `rows were written that the plan does not name: ${what}`)] : [beside("not-checked", `written were ${what}; what ${unknown} does cannot be told from its text`)];
}
function decideTable(one, touch, reading, schema) {
	const check = (outcome, text) => ({
		kind: "table",
		name: quotedRelation(nameOf$1(one), schema),
		outcome,
		text
	});
	const moves = one.partition && touch.columns === "any";
	const { more, fewer } = change(one, reading);
	if (more > 0 && !touch.mayGrow && !moves) return check("fail", `it has ${plural(more, "row")} more, and the plan adds none`);
	if (fewer > 0 && !touch.mayShrink && !moves) return check("fail", `it has ${plural(fewer, "row")} fewer, and the plan removes none`);
	if (!one.newFile && one.updated === 0) return check("pass", `${counted(one)}; the other rows were not touched`);
	if (reading === void 0 || reading.kind === "not-read") return check("not-checked", `${counted(one)}; ${reading?.because ?? "its values of before were not read"}`);
	const { before, after, columns } = reading;
	const what = columns === 1 ? "the column that the plan leaves alone" : `the ${columns} columns that the plan leaves alone`;
	if (before.rows !== after.rows && after.rows === 0) return check("pass", `emptied: ${plural(before.rows, "row")} before`);
	if (before.rows !== after.rows) return check("not-checked", `${before.rows} rows before, ${after.rows} after: values of rows that come and go are not compared`);
	if (touch.columns === "any") return check("not-checked", `${counted(one)}, ${plural(after.rows, "row")} as before; which columns the plan leaves alone cannot be told`);
	if (columns === 0) return check("pass", `${counted(one)}, ${plural(after.rows, "row")} as before; the plan leaves none of its columns alone`);
	if (before.hash === after.hash) return check("pass", `${plural(after.rows, "row")}, and ${what} ${columns === 1 ? "has" : "have"} the same values`);
	const other = `${plural(after.rows, "row")}, and ${what} ${columns === 1 ? "has" : "have"} other values than before`;
	return touch.mayGrow && touch.mayShrink && (one.newFile || one.inserted > 0 && one.deleted > 0) ? check("not-checked", `${other}: the plan may replace its rows`) : check("fail", other);
}
function change(one, reading) {
	if (!one.newFile) return {
		more: one.inserted,
		fewer: one.deleted
	};
	if (reading?.kind !== "read") return {
		more: 0,
		fewer: 0
	};
	const by = reading.after.rows - reading.before.rows;
	return {
		more: Math.max(0, by),
		fewer: Math.max(0, -by)
	};
}
function counted({ inserted, updated, deleted, newFile }) {
	return [
		...newFile ? ["written anew"] : [],
		...inserted > 0 ? [`${inserted} inserted`] : [],
		...updated > 0 ? [`${updated} updated`] : [],
		...deleted > 0 ? [`${deleted} deleted`] : []
	].join(", ");
}
const readBytesPerMs = 5e4;
function whyTooLarge(bytes, remainingMs) {
	return bytes / readBytesPerMs <= remainingMs ? void 0 : `with ${formatBytes(bytes)} its values are not read within the time for it`;
}
// src/stages/rehearse/data/read-tables.ts
async function readStoredTables(session, oids) {
	const rows = await session.query(`WITH RECURSIVE bases AS (
       SELECT t.oid AS type, t.oid AS base FROM pg_catalog.pg_type t
       UNION ALL
       SELECT b.type, t.typbasetype FROM bases b JOIN pg_catalog.pg_type t ON t.oid = b.base WHERE t.typtype = 'd'
     )
     SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS table, pg_catalog.pg_table_size(c.oid)::float8 AS bytes,
            a.attnum::int AS number, a.attname AS name, a.atttypid::text || ' ' || a.atttypmod AS type,
            t.oid::text AS base, pg_catalog.format_type(t.oid, NULL) AS sql, t.typtype::text AS kind,
            EXISTS (SELECT FROM pg_catalog.pg_constraint k
                     WHERE k.contype = 'f' AND k.conrelid = c.oid AND k.confrelid = c.oid AND a.attnum = ANY (k.conkey)
                       AND (k.confupdtype IN ('c', 'n', 'd') OR k.confdeltype IN ('n', 'd'))) AS "writtenByKey"
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
       JOIN bases b ON b.type = a.atttypid JOIN pg_catalog.pg_type t ON t.oid = b.base AND t.typtype <> 'd'
      WHERE c.oid = ANY ($1::oid[]) ORDER BY c.oid, a.attnum`, [oids]);
	const tables = /* @__PURE__ */ new Map();
	for (const { oid, schema, table, bytes, number, name, type, base, sql, kind, writtenByKey } of rows) {
		const path = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
		const one = tables.get(oid) ?? {
			oid,
			name: `${schema}.${table}`,
			path,
			bytes,
			columns: []
		};
		tables.set(oid, one);
		one.columns.push({
			oid,
			number,
			name,
			type,
			writtenByKey,
			base: {
				oid: Number(base),
				sql,
				isEnum: kind === "e"
			}
		});
	}
	return [...tables.values()];
}
function columnsLeftAlone(before, after, { columns }) {
	if (columns === "any") return [];
	return before.columns.flatMap((was) => {
		const is = after.columns.find(({ number, type }) => number === was.number && type === was.type);
		if (is === void 0 || was.writtenByKey || is.writtenByKey) return [];
		return columns.has(was.name) || columns.has(is.name) ? [] : [{
			was,
			is
		}];
	});
}
const budgetMs = 8e3;
async function readTables(session, tables) {
	const reads = /* @__PURE__ */ new Map();
	if (tables.length === 0) return reads;
	const deadline = performance.now() + budgetMs;
	const serverMajor = (await serverVersionOf(session)).major;
	await openReading(session, {
		snapshot: void 0,
		lockTimeoutMs: 1e4,
		serverMajor,
		workers: 2
	});
	try {
		for (const table of tables.toSorted((a, b) => a.bytes - b.bytes)) reads.set(table.oid, await readTable(session, table, Math.floor(deadline - performance.now())));
	} finally {
		await session.query("ROLLBACK");
	}
	return reads;
}
async function readTable(session, { path, bytes, columns }, remainingMs) {
	const notRead = remainingMs <= 0 ? "the time for reading values was used up" : whyTooLarge(bytes, remainingMs);
	if (notRead !== void 0) return { notRead };
	const named = columns.map((column) => ({
		...column,
		as: `c${String(column.number).padStart(5, "0")}`
	}));
	const hash = rowHash(named.map(({ as, base }) => ({
		name: as,
		type: base
	})));
	const read = await attempt(session, async () => {
		await session.query(`SET LOCAL statement_timeout = ${remainingMs}`);
		return await session.query(`SELECT pg_catalog.count(*)::text AS rows, ${columns.length === 0 ? `''` : `coalesce(pg_catalog.sum(${hash}), 0)::text`} AS hash
           FROM (SELECT ${named.map(({ name, as }) => `${quoteIdentifier(name)} AS ${as}`).join(", ")} FROM ONLY ${path}) t`);
	}, isAnswerAboutData);
	const row = read.kind === "done" ? read.value[0] : void 0;
	if (row === void 0) return { notRead: "its values could not be read within the time for it" };
	return {
		rows: Number(row.rows),
		hash: row.hash
	};
}
function readingOf$1(before, after, columns) {
	if (before === void 0 || "notRead" in before) return notRead(before);
	if (after === void 0 || "notRead" in after) return notRead(after);
	return {
		kind: "read",
		before,
		after,
		columns
	};
}
function notRead(read) {
	return {
		kind: "not-read",
		because: read?.notRead ?? "its values were not read"
	};
}
// src/stages/rehearse/data/watch-tables.ts
async function tablesWrittenOver(session, before) {
	const over = (writtenBetween(before, await readFootprints(session)) ?? []).filter((one) => one.before !== void 0 && (one.newFile || one.updated > 0));
	return over.length === 0 ? [] : await readStoredTables(session, over.map(({ oid }) => oid));
}
async function watchTables(copy, plan, writtenOver) {
	const { session, source, url } = copy;
	const touches = touchesOf(plan, await loadParser());
	const alone = (await readStoredTables(session, writtenOver.map(({ oid }) => oid))).map((before) => {
		const after = writtenOver.find(({ oid }) => oid === before.oid);
		const touch = touchOf(touches, [before.name, after?.name]) ?? nothingTouched;
		return {
			before,
			columns: after === void 0 ? [] : columnsLeftAlone(before, after, touch)
		};
	});
	const first = await readTables(session, alone.map(({ before, columns }) => ({
		...before,
		columns: columns.map(({ was }) => was)
	})));
	const footprints = await readFootprints(session);
	const { schema, words } = source.historyIn(url.schema);
	return { async compare() {
		const written = writtenBetween(footprints, await readFootprints(session));
		const left = await readStoredTables(session, alone.map(({ before }) => before.oid));
		const second = await readTables(session, left.flatMap((table) => {
			const read = first.get(table.oid);
			const columns = alone.find(({ before }) => before.oid === table.oid)?.columns ?? [];
			return read === void 0 || "notRead" in read ? [] : [{
				...table,
				columns: columns.map(({ is }) => is)
			}];
		}));
		const readings = new Map(alone.map(({ before: { oid }, columns }) => [oid, readingOf$1(first.get(oid), second.get(oid), columns.length)]));
		const history = new Set([words.name, ownTable].map((name) => nameOf$1({
			schema,
			name
		})));
		return decideTables(touches, {
			written,
			readings,
			history
		}, url.schema);
	} };
}
const nothingTouched = {
	mayGrow: false,
	mayShrink: false,
	columns: /* @__PURE__ */ new Set()
};
// src/stages/rehearse/data/perform.ts
async function watchData(context, copy, plan, { mode, database, writtenOver, production }) {
	const again = async () => [await deployAgain(context, copy, plan, database), ...await seedTwice(context, {
		mode,
		copy,
		production
	})];
	if (mode === "schema") return { check: again };
	const { assertions } = context.policy;
	const tables = await watchTables(copy, plan, writtenOver);
	const before = await askAssertions(copy, assertions, "before");
	return { async check() {
		const compared = await tables.compare();
		const after = await askAssertions(copy, assertions, "after");
		return [
			...compared,
			...assertions.map((one) => decideAssertion(one, {
				before: before.get(one),
				after: after.get(one)
			})),
			...await again()
		];
	} };
}
// src/stages/rehearse/trace/decide-step.ts
function runsTogether({ execution, statements }, apply) {
	return execution.kind === "batch" && (statements.length > 1 || apply === "atomic");
}
function decideStep(sql, { open, together }) {
	const statement = fileStatements(sql)[0];
	if (statement === void 0) return {
		kind: "as-it-is",
		because: void 0
	};
	const { words } = statement;
	const what = reachesOut(words);
	if (what !== void 0) return {
		kind: "never",
		what
	};
	if (open === "own") return {
		kind: "as-it-is",
		because: void 0
	};
	const role = transactionRole(statement);
	if (open === "file") return isSavepoint(words) ? { kind: "refused-there" } : {
		kind: "as-it-is",
		because: void 0
	};
	if (role === "begin" || role === "commit" || role === "rollback") return {
		kind: "as-it-is",
		because: void 0
	};
	if (together) return isSavepoint(words) ? {
		kind: "as-it-is",
		because: void 0
	} : { kind: "of-the-file" };
	if (role === "session" || words[0] === "DECLARE") return {
		kind: "as-it-is",
		because: void 0
	};
	const alone = needsOwnTransaction(words) ?? (words[0] === "CLUSTER" && words.length === 1 ? "CLUSTER" : void 0);
	if (alone !== void 0) return {
		kind: "as-it-is",
		because: `${alone} cannot run inside a transaction`
	};
	if (role === "work-in-steps") return {
		kind: "as-it-is",
		because: `${words[0] ?? "it"} may commit on its way`
	};
	return { kind: "own-transaction" };
}
function isSavepoint([first, second]) {
	return first === "SAVEPOINT" || first === "RELEASE" || first === "ROLLBACK" && second === "TO";
}
function reachesOut([first, second]) {
	if (second === "SUBSCRIPTION" && (first === "CREATE" || first === "ALTER" || first === "DROP")) return `${first} SUBSCRIPTION speaks to another server`;
	if (first === "ALTER" && second === "SYSTEM") return "ALTER SYSTEM changes the server of the copy";
	if ((first === "CREATE" || first === "DROP") && (second === "DATABASE" || second === "TABLESPACE")) return `${first} ${second} is about the whole server of the copy`;
	if (first === "ALTER" && second === "DATABASE") return "ALTER DATABASE names a database, and the copy has another name";
}
// src/stages/rehearse/decide-possible.ts
function whyNotOnCopy({ migrations }, server) {
	for (const { name, statements } of migrations) for (const statement of statements) {
		const why = whyNot$1(statement, server);
		if (why !== void 0) return `${name}:${statement.range.line} ${why}`;
	}
}
function whyNot$1({ kind, sql }, { kind: where, extensions }) {
	const reaches = reachesOut(fileStatements(sql)[0]?.words ?? []);
	if (reaches !== void 0) return reaches;
	if (kind === "CreateExtensionStmt") {
		const [, quoted, plain] = /\bEXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:"([^"]+)"|([\w$]+))/i.exec(sql) ?? [];
		const extension = quoted ?? plain?.toLowerCase();
		if (extension === void 0 || !extensions.has(extension)) return `the extension ${extension ?? ""} is not on the scratch server`;
	}
	if (/^(?:GRANT|REVOKE)\b[\s\S]*\bON\s+DATABASE\b/i.test(sql)) return "it names the database, and the copy has another name";
	if (kind === "DropRoleStmt" || kind === "DropOwnedStmt" || kind === "ReassignOwnedStmt") return "it removes roles or what they own, and the second run would not meet them";
	if (kind === "RenameStmt" && /^ALTER\s+(?:ROLE|USER|GROUP)\b/i.test(sql)) return "it renames a role, and the second run would not meet it";
	if (kind === "CreateRoleStmt" && where === "url") return "a role that it creates would stay on the scratch server";
}
function notPossible(because) {
	return {
		code: "REHEARSAL.NOT_POSSIBLE",
		what: "What is pending cannot be rehearsed on a copy.",
		why: because,
		next: ["Take it out of the migrations, and do it by hand once they are applied.", "Or let this deploy go without a rehearsal, in airlock.yml under the environment: `rehearse: off`."]
	};
}
function noCopy() {
	return fail("REHEARSAL.NO_COPY", {
		what: "airlock.yml asks for a rehearsal on the data, and there is no copy of it.",
		why: "Only a backup that was restored for its proof leaves one: not a snapshot of the provider, not `strategy: none`, and not one that is proven to a lesser tier.",
		next: [
			"Have the backup proven by a restore, in airlock.yml under the environment:",
			"backup: { strategy: pg_dump, tier: compared }",
			"Or rehearse on the tables without their rows: `rehearse: schema`.",
			"Or say that nothing is rehearsed: `rehearse: off`."
		]
	});
}
// src/stages/rehearse/estimate/blocking.ts
const rowChangers = /* @__PURE__ */ new Set([
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt",
	"DoStmt",
	"CallStmt",
	"SelectStmt"
]);
function blockingOf(mode, statement) {
	if (makesWait(mode, applicationLocks.reads)) return "reads-and-writes";
	if (makesWait(mode, applicationLocks.rowLocks)) return "writes-and-row-locks";
	if (makesWait(mode, applicationLocks.writes)) return "writes";
	return mode === applicationLocks.writes && rowChangers.has(statement.kind) && statement.rows !== 0 ? "same-rows" : "nothing";
}
const changing = [
	"INSERT",
	"UPDATE",
	"DELETE",
	"MERGE"
];
const waitingStatements = {
	nothing: [],
	"same-rows": [
		"UPDATE",
		"DELETE",
		"MERGE",
		"SELECT … FOR UPDATE"
	],
	writes: changing,
	"writes-and-row-locks": [...changing, "SELECT … FOR UPDATE"],
	"reads-and-writes": [
		"SELECT",
		...changing,
		"SELECT … FOR UPDATE"
	]
};
// src/stages/rehearse/estimate/range.ts
const nothing = {
	low: 0,
	likely: 0,
	high: 0
};
function exactly(value) {
	return {
		low: value,
		likely: value,
		high: value
	};
}
function times({ low, likely, high }, factor) {
	return {
		low: low * factor,
		likely: likely * factor,
		high: high * factor
	};
}
function product(factors) {
	const likely = factors.reduce((all, factor) => all * factor.likely, 1);
	if (likely === 0) return nothing;
	const spread = (side) => Math.hypot(...factors.map((factor) => Math.log(factor[side] / factor.likely)));
	return {
		low: likely * Math.exp(-spread("low")),
		likely,
		high: likely * Math.exp(spread("high"))
	};
}
function independentSum(parts) {
	const likely = parts.reduce((all, part) => all + part.likely, 0);
	const spread = (side) => Math.hypot(...parts.map((part) => part[side] - part.likely));
	return {
		low: Math.max(0, likely - spread("low")),
		likely,
		high: likely + spread("high")
	};
}
function sum(parts) {
	return parts.reduce((all, part) => ({
		low: all.low + part.low,
		likely: all.likely + part.likely,
		high: all.high + part.high
	}), nothing);
}
// src/stages/rehearse/estimate/predict.ts
const mostConstantMs = 3;
const again = {
	low: .45,
	likely: 1,
	high: 1.5
};
const againWhenShort = {
	low: .1,
	likely: 1,
	high: 3
};
const interruptedMs = {
	low: 0,
	likely: .3,
	high: 15
};
const otherMemory = {
	low: .75,
	likely: 1,
	high: 1.6
};
function predict(copyMs, work, machines, { endsTransaction }) {
	const constantMs = work.kind === "constant" ? copyMs : Math.min(copyMs, mostConstantMs);
	const files = work.kind === "grows" ? work.filesMadeSafe : 0;
	const short = [
		uninterrupted(product([
			machines.computing,
			machines.load,
			againWhenShort
		]), constantMs),
		interruptedMs,
		machines.roundTripMs,
		times(machines.commitMs, endsTransaction ? 1 : 0),
		{
			...times(machines.commitMs, files),
			low: 0
		}
	];
	const growing = work.kind === "constant" ? [] : growingParts(copyMs - constantMs, work, machines);
	const reading = work.kind === "constant" ? nothing : times(machines.readMsPerMegabyte, work.readMegabytes);
	const warm = together(short, growing);
	const cold = together(short, [...growing, reading]);
	return {
		warm,
		cold,
		overall: {
			low: warm.low,
			likely: warm.likely,
			high: Math.max(warm.high, cold.likely)
		}
	};
}
function together(short, growing) {
	const { likely, high } = independentSum([...short, ...growing]);
	return {
		low: sum(short).low + independentSum(growing).low,
		likely,
		high
	};
}
function growingParts(ms, work, machines) {
	return [uninterrupted(product([
		machines.computing,
		machines.load,
		again,
		work.ratio,
		...work.buildsIndex ? [otherMemory] : []
	]), ms), writing(work.writeMegabytes, machines.writeMsPerMegabyte)];
}
function uninterrupted(factor, copyMs) {
	const workedMs = Math.max(Math.min(copyMs, mostConstantMs), copyMs - interruptedMs.high);
	return {
		...times(factor, copyMs),
		low: factor.low * workedMs
	};
}
function writing(megabytes, msPerMegabyte) {
	return {
		low: megabytes.low * msPerMegabyte.low,
		likely: megabytes.likely * msPerMegabyte.likely,
		high: megabytes.high * msPerMegabyte.high
	};
}
const engineMs = {
	low: 2,
	likely: 15,
	high: 60
};
function aroundFile({ roundTripMs, commitMs }) {
	return sum([engineMs, times(sum([roundTripMs, commitMs]), 2)]);
}
// src/stages/rehearse/estimate/row-work.ts
const rowKinds = /* @__PURE__ */ new Set([
	"UpdateStmt",
	"DeleteStmt",
	"InsertStmt",
	"MergeStmt",
	"SelectStmt",
	"DoStmt",
	"CallStmt",
	"CopyStmt",
	"ExecuteStmt",
	"CreateTableAsStmt",
	"RefreshMatViewStmt",
	"ReindexStmt",
	"ClusterStmt",
	"VacuumStmt"
]);
function worksOnRows(kind, planned) {
	if (!rowKinds.has(kind)) return false;
	if (planned === void 0 || planned.runsCode) return true;
	if (kind === "InsertStmt") return hasWord(planned.sql, "select") || hasWord(planned.sql, "table");
	return kind === "SelectStmt" ? hasWord(planned.sql, "from") || planned.effects.unknown : true;
}
function hasWord(sql, word) {
	for (const { kind, start, end } of tokens(sql)) if (kind === "word" && sql.slice(start, end).toLowerCase() === word) return true;
	return false;
}
// src/stages/rehearse/estimate/work.ts
const emptyIndexBytes = 16384;
function workOf({ trace, planned }, mode, sizes) {
	if (trace.kind === "TruncateStmt") return { kind: "constant" };
	const effects = planned?.effects ?? unplanned;
	const rewritten = /* @__PURE__ */ new Set([...trace.rewrites, ...effects.rewrites]);
	const built = trace.indexes.filter(({ relation, bytes }) => sizeOf(relation, sizes) !== void 0 || bytes > emptyIndexBytes);
	const indexed = new Set(built.map(({ relation }) => relation));
	const through = /* @__PURE__ */ new Set([
		...trace.scans,
		...effects.scans,
		...rewritten,
		...indexed
	]);
	const onRows = worksOnRows(trace.kind, planned);
	if (mode === "schema") {
		const inProduction = [...through].filter((relation) => sizes.production.has(relation));
		if (onRows) return {
			kind: "unknown",
			because: "it works on rows, and the copy has none"
		};
		if (effects.unknown) return {
			kind: "unknown",
			because: "what it does cannot be told, and the copy has no rows"
		};
		const [first] = inProduction;
		return first === void 0 ? { kind: "constant" } : {
			kind: "unknown",
			because: `it goes through ${first}, which is empty on the copy`
		};
	}
	if (onRows) {
		for (const { relation, mode: held } of trace.locks) if (held === "RowExclusiveLock") through.add(relation);
	}
	if (onRows) for (const { relation } of planned?.effects.locks ?? []) through.add(relation);
	if (through.size === 0 && !onRows) return { kind: "constant" };
	const megabytesOf = (relations) => [...relations].reduce((all, relation) => all + megabytes(sizeOf(relation, sizes)?.bytes ?? 0), 0);
	const ratio = ratioOf([...through], sizes);
	const newFiles = megabytesOf(rewritten) + built.reduce((all, { bytes }) => all + megabytes(bytes), 0) * ratio.likely;
	const wal = megabytes(trace.walBytes) * ratio.likely;
	const wholePages = onRows ? Math.min(megabytesOf(through), (trace.rows ?? 0) * ratio.likely * 8 / 1024) : 0;
	return {
		kind: "grows",
		ratio,
		readMegabytes: megabytesOf(through),
		writeMegabytes: {
			low: newFiles,
			likely: 2 * newFiles + wal + wholePages,
			high: 2 * newFiles + 2 * wal + 2 * wholePages
		},
		filesMadeSafe: rewritten.size + built.length,
		buildsIndex: built.length > 0
	};
}
const unplanned = {
	scans: [],
	rewrites: [],
	unknown: true
};
function sizeOf(relation, { production, copy }) {
	return production.get(relation) ?? copy.get(relation);
}
function ratioOf(relations, { production, copy }) {
	let ours = {
		bytes: 0,
		rows: 0
	};
	let theirs = {
		bytes: 0,
		rows: 0
	};
	let counted = true;
	for (const relation of relations) {
		const there = production.get(relation);
		const here = copy.get(relation);
		if (there === void 0 || here === void 0 || here.bytes === 0) continue;
		counted &&= there.rows !== null && here.rows !== null && here.rows > 0;
		theirs = {
			bytes: theirs.bytes + there.bytes,
			rows: theirs.rows + (there.rows ?? 0)
		};
		ours = {
			bytes: ours.bytes + here.bytes,
			rows: ours.rows + (here.rows ?? 0)
		};
	}
	if (ours.bytes === 0) return exactly(1);
	const byBytes = theirs.bytes / ours.bytes;
	const byRows = counted && ours.rows > 0 ? theirs.rows / ours.rows : byBytes;
	const [low, high] = [Math.min(byBytes, byRows, 1), Math.max(byBytes, byRows, 1)];
	return {
		low,
		likely: Math.sqrt(Math.max(byRows, .01) * Math.max(byBytes, .01)),
		high
	};
}
function megabytes(bytes) {
	return bytes / 1048576;
}
// src/stages/rehearse/estimate/estimate-deploy.ts
function relationsOf(trace, plan) {
	const seen = trace.files.flatMap(({ statements }) => statements.flatMap(({ locks, scans, rewrites, indexes }) => [
		...locks.map(({ relation }) => relation),
		...scans,
		...rewrites,
		...indexes.map(({ relation }) => relation)
	]));
	const planned = plan.flatMap(({ statements }) => statements.flatMap(({ effects }) => [
		...effects.locks.map(({ relation }) => relation),
		...effects.scans,
		...effects.rewrites
	]));
	return /* @__PURE__ */ new Set([...seen, ...planned]);
}
function estimateDeploy(request) {
	const { mode, trace, plan } = request;
	const files = trace.files.map((file) => estimateFile(file, request));
	const count = (all) => all.reduce((sumOf, { statements }) => sumOf + statements.length, 0);
	return {
		mode,
		files,
		total: totalOf(files.map(({ total }) => total)),
		notRun: trace.stopped === void 0 ? 0 : Math.max(0, count(plan) - count(files))
	};
}
function estimateFile(file, request) {
	const statements = statementsOf(file, request.plan.find(({ name }) => name === file.migration)?.statements ?? [], request);
	const own = totalOfDurations(statements.map(({ duration }) => duration));
	const around = {
		ms: aroundFile(request.machines),
		unknown: 0
	};
	return {
		migration: file.migration,
		copyMs: file.ms,
		total: totalOf([own, around]),
		statements
	};
}
function statementsOf(file, planned, request) {
	const timed = file.statements.map((trace, at) => {
		const ends = file.statements[at + 1]?.transaction !== trace.transaction;
		const statement = planned.find(({ index }) => index === trace.index);
		return {
			trace,
			planned: statement,
			...durationsOf(trace, statement, ends, request)
		};
	});
	return timed.map((one, at) => {
		const { trace, planned: statement, grows, duration, warm, cold } = one;
		const { index, line, kind, transaction, ms: copyMs, rows } = trace;
		const toTheEnd = timed.slice(at).filter((later) => later.trace.transaction === transaction);
		return {
			migration: file.migration,
			index,
			line,
			kind,
			transaction,
			copyMs,
			rows,
			grows,
			duration,
			warm,
			cold,
			waitsForOthers: /\bCONCURRENTLY\b/i.test(statement?.sql ?? ""),
			locks: locksOf(one, held(toTheEnd.map((later) => later.duration)))
		};
	});
}
function durationsOf(trace, planned, endsTransaction, { mode, sizes, machines }) {
	const work = workOf({
		trace,
		planned
	}, mode, sizes);
	if (work.kind === "unknown") return {
		grows: true,
		duration: work,
		warm: work,
		cold: work
	};
	const { overall, warm, cold } = predict(trace.ms, work, machines, { endsTransaction });
	return {
		grows: work.kind === "grows",
		duration: known(overall),
		warm: known(warm),
		cold: known(cold)
	};
}
function locksOf({ trace, planned }, heldFor) {
	const said = trace.notObserved.some((what) => what.startsWith("locks")) ? planned?.effects.locks ?? [] : [];
	const isWeaker = (one, others) => others.some(({ relation, mode }) => relation === one.relation && isStronger(mode, one.mode));
	const seen = trace.locks.filter((one) => !isWeaker(one, said));
	const known = new Set(seen.map(({ relation }) => relation));
	return [...seen.map(({ relation, mode }) => ({
		relation,
		mode,
		source: "observed"
	})), ...said.filter(({ relation }) => !known.has(relation)).map(({ relation, mode }) => ({
		relation,
		mode,
		source: "static"
	}))].map(({ relation, mode, source }) => {
		const blocks = blockingOf(mode, trace);
		return {
			relation,
			mode,
			source,
			blocks,
			waits: waitingStatements[blocks],
			held: heldFor
		};
	});
}
function isStronger(one, other) {
	return lockModes.indexOf(one) > lockModes.indexOf(other);
}
function held(durations) {
	const unknown = durations.find((duration) => duration.kind === "unknown");
	if (unknown !== void 0) return unknown;
	return known(sum(durations.map((duration) => duration.kind === "range" ? duration.ms : nothing)));
}
function totalOfDurations(durations) {
	const ranges = durations.flatMap((duration) => duration.kind === "range" ? [duration.ms] : []);
	return {
		ms: sum(ranges),
		unknown: durations.length - ranges.length
	};
}
function totalOf(totals) {
	return {
		ms: sum(totals.map(({ ms }) => ms)),
		unknown: totals.reduce((all, { unknown }) => all + unknown, 0)
	};
}
function known(ms) {
	return {
		kind: "range",
		ms
	};
}
// src/stages/rehearse/estimate/machines.ts
const nothingMeasured = {
	computing: null,
	roundTripMs: null,
	commitMs: null,
	readMsPerMegabyte: null
};
const slowestMsPerMegabyte = 20;
function machinesOf(measured) {
	const { computing, roundTripMs, commitMs, readMsPerMegabyte } = measured;
	return {
		computing: computing === null ? {
			low: .5,
			likely: 1,
			high: 2
		} : around(Math.sqrt(computing), 1.4),
		load: {
			low: .9,
			likely: 1,
			high: 1.4
		},
		roundTripMs: roundTripMs === null ? {
			low: .3,
			likely: 5,
			high: 60
		} : {
			low: roundTripMs / 5,
			likely: roundTripMs,
			high: roundTripMs * 3
		},
		commitMs: commitMs === null ? {
			low: .1,
			likely: 2,
			high: 30
		} : {
			low: 0,
			likely: commitMs * .8,
			high: commitMs * 3
		},
		writeMsPerMegabyte: {
			low: .2,
			likely: 1.5,
			high: 12
		},
		readMsPerMegabyte: readMsPerMegabyte === null ? {
			low: .5,
			likely: 4,
			high: slowestMsPerMegabyte
		} : around(Math.min(readMsPerMegabyte, slowestMsPerMegabyte) / 3, 3.5)
	};
}
function around(value, factor) {
	return {
		low: value / factor,
		likely: value,
		high: value * factor
	};
}
// src/stages/rehearse/estimate/measure-machines.ts
const computation = `SELECT pg_catalog.sum(pg_catalog.hashtext(i::pg_catalog.text)) FROM pg_catalog.generate_series(1, 30000) AS i`;
const computations = 11;
const roundTrips = 15;
const tellingBytes = 67108864;
async function measureMachines({ production, copy, backup }) {
	const there = [];
	const here = [];
	for (let turn = 0; turn < computations; turn += 1) {
		here.push(await timed(copy, computation));
		there.push(await timed(production, computation));
	}
	const trips = [];
	for (let turn = 0; turn < roundTrips; turn += 1) trips.push(await timed(production, "SELECT 1"));
	const roundTripMs = trips.toSorted((a, b) => a - b)[Math.floor(roundTrips / 2)] ?? 0;
	return {
		computing: Math.max(.1, Math.min(...there) - Math.min(...trips)) / Math.max(.1, Math.min(...here)),
		roundTripMs,
		commitMs: null,
		readMsPerMegabyte: backup === void 0 || backup.tableBytes < tellingBytes ? null : backup.ms / (backup.tableBytes / 1048576)
	};
}
async function timed(session, sql) {
	const startedMs = performance.now();
	await session.query(sql);
	return performance.now() - startedMs;
}
// src/stages/rehearse/estimate-on-copy.ts
async function estimateOnCopy(copy, { mode, trace, plan }, { production, backup }) {
	const names = [...relationsOf(trace, plan.migrations)];
	const sizesOn = async (session) => new Map((await readRelations(session, names)).map(({ name, bytes, rows }) => [name, {
		bytes,
		rows
	}]));
	const sizes = await sizesOn(copy);
	return estimateDeploy({
		mode,
		trace,
		plan: plan.migrations,
		sizes: {
			production: production === void 0 ? sizes : await sizesOn(production),
			copy: sizes
		},
		machines: machinesOf(production === void 0 ? nothingMeasured : await measureMachines({
			production,
			copy,
			backup: readingOf(backup)
		}))
	});
}
function readingOf(backup) {
	const took = backup?.manifest.tookMs;
	return backup === void 0 || took === void 0 ? void 0 : {
		tableBytes: backup.manifest.source.bytes,
		ms: took.dump
	};
}
// src/stages/rehearse/like-production.ts
const settings$1 = [
	"search_path",
	"TimeZone",
	"DateStyle",
	"IntervalStyle",
	"default_table_access_method",
	"check_function_bodies",
	"quote_all_identifiers",
	"row_security",
	"xmloption"
];
async function likeProduction(production, copy) {
	if (production === void 0) return { settle: async () => void 0 };
	const found = await production.query("SELECT name, reset_val AS value FROM pg_catalog.pg_settings WHERE name = ANY ($1::text[]) AND reset_val IS NOT NULL", [settings$1]);
	if (copy.scratch.kind !== "url") await createMissingRoles(production, copy);
	return { async settle(database) {
		try {
			var _usingCtx$7 = _usingCtx();
			const admin = _usingCtx$7.a(await connect(copy.scratch.url, "airlock rehearsal"));
			for (const { name, value } of found) {
				await admin.query("SELECT pg_catalog.set_config($1, $2, false)", [name, value]);
				await admin.query(`ALTER DATABASE ${quoteIdentifier(database)} SET ${quoteIdentifier(name)} FROM CURRENT`);
			}
		} catch (_) {
			_usingCtx$7.e = _;
		} finally {
			await _usingCtx$7.d();
		}
	} };
}
async function createMissingRoles(production, copy) {
	try {
		var _usingCtx3 = _usingCtx();
		const sql = `SELECT rolname AS name FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_'`;
		const wanted = await production.query(sql);
		const admin = _usingCtx3.a(await connect(copy.scratch.url, "airlock rehearsal"));
		const there = new Set((await admin.query(sql)).map(({ name }) => name));
		for (const { name } of wanted) if (!there.has(name)) await admin.query(`CREATE ROLE ${quoteIdentifier(name)} NOLOGIN`);
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
async function whyNoSpace(copy) {
	try {
		var _usingCtx4 = _usingCtx();
		if (copy.scratch.kind === "url") return void 0;
		const [row] = await _usingCtx4.a(await connect(copy.scratch.url, "airlock rehearsal")).query(`SELECT pg_catalog.current_setting('data_directory') AS folder, pg_catalog.pg_database_size($1::name)::text AS bytes`, [copy.url.database]);
		if (row === void 0) throw new Error("a SELECT without FROM gave no row");
		const { bavail, bsize } = await statfs(row.folder);
		const needed = Number(row.bytes) * 2;
		return bavail * bsize >= needed ? void 0 : `the disk of the scratch server has no room for a second copy and what the migrations write`;
	} catch (_) {
		_usingCtx4.e = _;
	} finally {
		await _usingCtx4.d();
	}
}
// src/stages/rehearse/mask.ts
async function maskCopy(context, like, copy) {
	try {
		var _usingCtx$6 = _usingCtx();
		const { mask } = context.policy;
		if (mask === void 0) return [];
		const sql = await textOf$1(mask, context.invocation.cwd);
		context.run.progress("masking the copy");
		const counting = _usingCtx$6.a(await connectWithoutLimits(copy.url, "airlock rehearsal", context.run.signal));
		const before = await readFootprints(counting);
		await runMask(context, like, copy, sql);
		const written = writtenBetween(before, await readFootprints(counting));
		for (const table of written ?? [void 0]) await counting.query(`VACUUM (FULL, ANALYZE) ${pathOf(table)}`);
		await refreshViews(counting);
		return [`what \`mask\` wrote: those values are not production’s${writtenWords(written, like.url.schema)}`];
	} catch (_) {
		_usingCtx$6.e = _;
	} finally {
		await _usingCtx$6.d();
	}
}
async function textOf$1(mask, cwd) {
	if (!/^\S+\.sql$/.test(mask)) return mask;
	const path = resolve(cwd, mask);
	try {
		return await readFile(path, "utf8");
	} catch (thrown) {
		throw failed(`${path} cannot be read: ${messageOf(thrown)}`);
	}
}
async function runMask(context, like, copy, sql) {
	try {
		var _usingCtx3 = _usingCtx();
		const session = _usingCtx3.a(await connectWithoutLimits(copy.url, "airlock rehearsal", context.run.signal));
		await session.query(`SET ${namesOfProduction(like.url)}`);
		try {
			await session.query(sql);
		} catch (thrown) {
			throw byTheServer(thrown);
		}
		const [open] = await session.query("SELECT pg_catalog.now() <> pg_catalog.statement_timestamp() AS open");
		if (open?.open !== false) throw failed("It leaves its transaction open, and nothing of it would stay.");
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
async function refreshViews(session) {
	const views = await session.query(`SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'm' AND c.relispopulated ORDER BY c.oid`);
	try {
		for (const view of views) {
			await session.query(`REFRESH MATERIALIZED VIEW ${pathOf(view)}`);
			await session.query(`ANALYZE ${pathOf(view)}`);
		}
	} catch (thrown) {
		throw byTheServer(thrown);
	}
}
function byTheServer(thrown) {
	if (!(thrown instanceof FailureError)) return thrown;
	const { message, sqlState } = serverErrorOf(thrown.cause);
	return sqlState === void 0 ? thrown : failed(`${message} (SQLSTATE ${sqlState})`);
}
function pathOf(table) {
	return table === void 0 ? "" : `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
}
function writtenWords(written, schema) {
	if (written === void 0) return "";
	if (written.length === 0) return " (it wrote none)";
	return ` (${written.map((one) => `${quotedRelation(nameOf$1(one), schema)}: ${plural(one.updated + one.inserted + one.deleted, "row")}`).join(", ")})`;
}
function failed(why) {
	return fail("REHEARSAL.MASK_FAILED", {
		what: "The copy could not be masked, so nothing was rehearsed on it.",
		why,
		next: ["Correct `mask` in airlock.yml: SQL, or the path of a file that ends in `.sql`, without commands of psql.", "The backup is there, and can be used to try it: airlock rehearse --from MANIFEST"]
	});
}
// src/stages/rehearse/rehearsal.ts
function reportedRehearsal(rehearsal, schema) {
	if (rehearsal.kind === "not-made") return void 0;
	const { real, trace, estimate, agreement, checks, undo, halfway, notChecked } = rehearsal;
	return {
		mode: estimate.mode,
		schema,
		engineMs: real.ms,
		trace,
		estimate,
		disagreements: agreement.disagreements,
		checks,
		undo,
		halfway,
		notChecked
	};
}
// src/stages/rehearse/schema-copy.ts
async function copySchema(context, like) {
	const held = [];
	const leave = async () => {
		for (let one = held.pop(); one !== void 0; one = held.pop()) await one[Symbol.asyncDispose]();
	};
	const hold = (resource) => {
		held.push(resource);
		return resource;
	};
	const { run, invocation, policy } = context;
	try {
		try {
			var _usingCtx$5 = _usingCtx();
			const janitor = hold(await startJanitor());
			const temporary = invocation.env.RUNNER_TEMP ?? tmpdir();
			const folder = hold(await janitor.folder(temporary, "airlock-schema-"));
			const dumpPath = join(folder.path, "schema.dump");
			const rowsPath = join(folder.path, "history.dump");
			const session = _usingCtx$5.a(await connect(like.url, "airlock rehearsal", run.signal));
			const server = await serverVersionOf(session);
			const client = await clientFor(context, server.major);
			const limitMs = policy["lock-timeout"];
			const snapshot = await openSnapshot(session, server.major, limitMs);
			const { source } = await readSource(session, server);
			const tables = await historyTables(session, like);
			const dump = (args) => runDump(client, like, {
				janitor,
				signal: run.signal,
				args: [
					"--format=custom",
					`--snapshot=${snapshot}`,
					`--lock-wait-timeout=${limitMs}`,
					"--no-password",
					...args
				]
			});
			run.progress(`pg_dump ${client.version} of the schema of ${like.url.database}, without its rows`);
			await dump(["--schema-only", `--file=${dumpPath}`]);
			if (tables.length > 0) await dump([
				"--data-only",
				`--file=${rowsPath}`,
				...tables.map((pattern) => `--table=${pattern}`)
			]);
			await closeSnapshot(session);
			const proof = hold(await prove({
				wanted: "restored",
				dumpPath,
				client,
				unreadable: (why) => dumpUnreadable(like.url.database, why),
				source,
				content: void 0,
				openScratch: () => scratchOpener(context, janitor, policy.backup.scratch)(server.major, source.systemIdentifier),
				janitor,
				temporary,
				jobs: 2,
				budgetMs: 0,
				signal: run.signal,
				onProgress: (text) => run.progress(text)
			}));
			const copy = copyOf(proof);
			if (copy === void 0) throw new Error("a dump that was restored leaves a copy");
			if (tables.length > 0) await restoreRows(client, copy, {
				janitor,
				signal: run.signal,
				path: rowsPath
			});
			return {
				copy,
				[Symbol.asyncDispose]: leave
			};
		} catch (_) {
			_usingCtx$5.e = _;
		} finally {
			await _usingCtx$5.d();
		}
	} catch (thrown) {
		await leave();
		throw thrown;
	}
}
async function historyTables(session, { source, url }) {
	const { schema, words } = source.historyIn(url.schema);
	const patterns = [words.name, ownTable].map((name) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`);
	return (await session.query("SELECT DISTINCT pattern FROM pg_catalog.unnest($1::text[]) pattern WHERE pg_catalog.to_regclass(pattern) IS NOT NULL", [patterns])).map(({ pattern }) => pattern);
}
async function runDump(client, { url }, { args, ...how }) {
	const exit = await runClient({
		program: client.dump,
		args,
		connection: connectionFor(url)(client),
		...how
	});
	if (exit.code !== 0) throw new FailureError(explainDumpFailure(exit.stderr, exit.code, url.user));
}
async function restoreRows(client, { url, scratch }, { path, ...how }) {
	const tolerant = needsTolerance(client.major, scratch.major);
	const exit = await runClient({
		program: client.restore,
		args: [
			"--data-only",
			...tolerant ? [] : ["--exit-on-error"],
			"--no-password",
			`--dbname=${connectionStringFor(url.database)}`,
			path
		],
		connection: connectionFor(url)(client),
		...how
	});
	if (!restoreSucceeded(exit, {
		jobs: 1,
		tolerant
	})) throw new FailureError(notRestorable(withoutRowValues(exit.stderr) || `pg_restore ended with ${exit.code}`));
}
// src/stages/rehearse/trace/decide-agreement.ts
const dependsOnRows = /* @__PURE__ */ new Set([
	"InsertStmt",
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt",
	"SelectStmt",
	"DoStmt",
	"CallStmt"
]);
const readsAsItLikes = /* @__PURE__ */ new Set([
	...dependsOnRows,
	"TruncateStmt",
	"CopyStmt",
	"CreateTableAsStmt",
	"RefreshMatViewStmt",
	"VacuumStmt"
]);
const looksOnly = /* @__PURE__ */ new Set(["GrantStmt", "CreateFunctionStmt"]);
const uncertainAfter = /* @__PURE__ */ new Set([
	"TransactionStmt",
	"RenameStmt",
	"AlterObjectSchemaStmt"
]);
function decideAgreement(planned, trace) {
	const disagreements = [];
	const resolved = [];
	let compared = 0;
	for (const file of trace.files) {
		const migration = planned.find(({ name }) => name === file.migration);
		const groups = /* @__PURE__ */ new Map();
		for (const seen of file.statements) {
			const statement = migration?.statements.find(({ index }) => index === seen.index);
			if (statement === void 0) continue;
			const held = groups.get(seen.transaction) ?? new Held();
			groups.set(seen.transaction, held);
			if (isUnseen(seen, "not run")) continue;
			const { effects, runsCode } = statement;
			const at = {
				migration: file.migration,
				line: seen.line
			};
			if (effects.unknown) resolved.push({
				...at,
				...resolution(effects, seen)
			});
			else {
				const branches = runsCode || dependsOnRows.has(seen.kind);
				for (const one of differences(effects, seen, held, branches)) disagreements.push({
					...at,
					...one
				});
				if (seen.notObserved.length === 0) compared += 1;
			}
			held.take(seen);
			if (uncertainAfter.has(seen.kind)) held.uncertain = true;
		}
	}
	return {
		disagreements,
		resolved,
		compared
	};
}
var Held = class {
	#locks = /* @__PURE__ */ new Map();
	uncertain = false;
	take({ locks }) {
		for (const { relation, mode } of locks) this.#locks.set(relation, mode);
	}
	has({ relation, mode }) {
		const held = this.#locks.get(relation);
		return held !== void 0 && strength(held) >= strength(mode);
	}
};
function differences(effects, seen, held, branches) {
	const found = [];
	if (!isUnseen(seen, "locks")) found.push(...lockDifferences(effects, seen, held, branches));
	else found.push(...lockDifferences(effects, seen, held, true));
	found.push(...namesDiffer("rewrite", effects.rewrites, seen.rewrites, branches || isUnseen(seen, "rewrites")));
	if (!readsAsItLikes.has(seen.kind)) {
		const chosen = (table) => isPlannersChoice(table, effects);
		const scans = seen.scans.filter((table) => effects.scans.includes(table) || !chosen(table));
		const said = effects.scans.filter((table) => seen.scans.includes(table) || !chosen(table));
		found.push(...namesDiffer("scan", said, scans, branches || isUnseen(seen, "scans")));
	}
	return found;
}
function lockDifferences(effects, seen, held, branches) {
	const found = [];
	const said = new Map(effects.locks.map((lock) => [lock.relation, lock.mode]));
	const seenModes = new Map(seen.locks.map((lock) => [lock.relation, lock.mode]));
	for (const { relation, mode } of seen.locks) {
		const expected = said.get(relation);
		if (looksOnly.has(seen.kind) && mode === "AccessShareLock") continue;
		if (expected === void 0 && mode === "RowShareLock" && writesAgain(effects, seen, held)) continue;
		const covered = expected !== void 0 && strength(expected) >= strength(mode);
		if (expected === mode || covered && (branches || isWeak(expected))) continue;
		found.push(lockDifference(relation, expected, mode));
	}
	for (const lock of effects.locks) {
		if (seenModes.has(lock.relation) || branches || held.uncertain || held.has(lock)) continue;
		found.push(lockDifference(lock.relation, lock.mode, void 0));
	}
	return found;
}
function writesAgain(effects, { kind }, held) {
	return (kind === "UpdateStmt" || kind === "MergeStmt" || kind === "InsertStmt") && (held.uncertain || effects.locks.some((lock) => lock.mode === "RowExclusiveLock" && held.has(lock)));
}
function lockDifference(relation, said, seen) {
	const words = (mode) => mode === void 0 ? void 0 : `${mode} on ${relation}`;
	const text = seen === void 0 ? `the plan says ${said} on ${relation}, and on the copy it was not taken` : said === void 0 ? `on the copy it took ${seen} on ${relation}, which the plan does not say` : `the plan says ${said} on ${relation}, and on the copy it took ${seen}`;
	return {
		what: "lock",
		said: words(said),
		seen: words(seen),
		text
	};
}
function namesDiffer(what, said, seen, mayDoLess) {
	const [is, was] = what === "rewrite" ? ["rewrites", "rewritten"] : ["reads all of", "read"];
	const more = seen.filter((relation) => !said.includes(relation)).map((relation) => ({
		what,
		said: void 0,
		seen: relation,
		text: `on the copy it ${is} ${relation}, which the plan does not say`
	}));
	const less = said.filter((relation) => !seen.includes(relation) && !mayDoLess).map((relation) => ({
		what,
		said: relation,
		seen: void 0,
		text: `the plan says that it ${is} ${relation}, and on the copy that was not ${was}`
	}));
	return [...more, ...less];
}
const ofForeignKeys = /* @__PURE__ */ new Set([
	"ShareRowExclusiveLock",
	"ShareUpdateExclusiveLock",
	"RowShareLock"
]);
function isPlannersChoice(table, effects) {
	return effects.locks.some((lock) => lock.relation === table && ofForeignKeys.has(lock.mode));
}
function resolution(effects, seen) {
	const locks = seen.locks.map(({ relation, mode }) => `${mode} on ${relation}`);
	const parts = [
		locks.length === 0 ? "locked nothing that was there" : `took ${locks.join(", ")}`,
		...seen.rewrites.length === 0 ? [] : [`rewrote ${seen.rewrites.join(", ")}`],
		...seen.scans.length === 0 ? [] : [`read all of ${seen.scans.join(", ")}`]
	];
	return {
		because: effects.unknownBecause ?? "its effects could not be told",
		text: `on the copy it ${parts.join(", ")}; production may take another branch`
	};
}
function isUnseen({ notObserved }, what) {
	return notObserved.some((text) => {
		return text.slice(0, text.indexOf(":")).split(", ").includes(what);
	});
}
function isWeak(mode) {
	return strength(mode) <= strength("RowExclusiveLock");
}
function strength(mode) {
	return lockModes.indexOf(mode);
}
// src/stages/rehearse/halfway/decide-ending.ts
function decideEnding(left, { inForce }) {
	const settlement = decideLeftBehind(left);
	const of = left.statements.length;
	switch (settlement.kind) {
		case "nothing-in-force": return {
			next: "again",
			says: settlement.because,
			wrong: inForce > 0
		};
		case "all-in-force": return {
			next: "recorded",
			says: settlement.because,
			wrong: inForce < of
		};
		case "for-a-person": return {
			next: "person",
			says: settlement.known.join(" "),
			wrong: left.statements.some(({ trace }, at) => trace.kind === (at < inForce ? "absent" : "there"))
		};
	}
}
// src/stages/rehearse/halfway/watch-halfway.ts
const mostStates = 40;
const mostMs = 1e4;
async function watchHalfway({ url, source, session, migrations }) {
	const records = source.historyIn(url.schema);
	const reading = await source.readFolder();
	const files = reading.kind === "read" ? reading.folder.migrations : [];
	if ((await records.read(session)).kind === "absent") for (const sql of records.create(await schemaExists(session, url.schema))) await session.query(sql);
	const seen = /* @__PURE__ */ new Map();
	let current;
	let [states, spentMs] = [0, 0];
	const look = async (planned, done) => {
		if (current === void 0) return;
		const { statements } = planned;
		const last = statements[done - 1];
		const inForce = statements.slice(0, done).filter(changes$1).length;
		if (current.states.at(-1)?.inForce === inForce) return;
		if (states >= mostStates || spentMs >= mostMs) {
			current.notTried.add(`what is left from line ${last?.range.line ?? 1} on: enough was looked at`);
			return;
		}
		const startedAt = performance.now();
		states += 1;
		const left = await lookAt({
			url,
			prisma: source.prisma
		}, session, current.row, current.migration).catch(unreadable);
		spentMs += performance.now() - startedAt;
		if (typeof left === "string") {
			current.notTried.add(left);
			return;
		}
		if (left === void 0) {
			current.notTried.add("it names the history itself, or cannot be read again");
			return;
		}
		const of = left.statements.length;
		current.states.push({
			line: last?.range.line ?? null,
			inForce,
			of,
			killed: decideEnding(left, { inForce }),
			refused: inForce === of ? void 0 : decideEnding({
				...left,
				refusedWith: "XX000"
			}, { inForce })
		});
	};
	return {
		async before(planned) {
			const migration = files.find(({ name, checksum }) => name === planned.name && checksum === planned.checksum);
			if (migration === void 0) {
				seen.set(planned.name, {
					migration: planned.name,
					states: [],
					notTried: ["its file is another one by now"]
				});
				return;
			}
			current = {
				migration,
				row: await started(session, records, migration),
				states: [],
				notTried: new Set(reasonsNot(planned))
			};
			await look(planned, 0);
		},
		between: (planned, done) => done < planned.statements.length ? look(planned, done) : Promise.resolve(),
		async after(planned) {
			await look(planned, planned.statements.length);
			if (current === void 0) return;
			const { migration, row, states: found, notTried } = current;
			current = void 0;
			await session.query(records.forget({
				...migration,
				id: row.id
			}));
			seen.set(planned.name, {
				migration: planned.name,
				states: found,
				notTried: [...notTried]
			});
		},
		halfway: () => migrations.map(({ name }) => seen.get(name) ?? {
			migration: name,
			states: [],
			notTried: ["the migration did not go through on the copy"]
		})
	};
}
function unreadable(error) {
	if (!(error instanceof FailureError)) throw error;
	return `it could not be looked at: ${withoutRowValues(error.failure.why)}`;
}
async function started(session, records, migration) {
	const { name, checksum } = migration;
	const id = randomUUID();
	await session.query(records.insertStarted({
		...migration,
		id
	}, ""));
	return {
		id,
		name,
		checksum,
		startedAt: /* @__PURE__ */ new Date(),
		finishedAt: void 0,
		rolledBackAt: void 0,
		logs: "",
		appliedSteps: 0
	};
}
function reasonsNot({ statements }) {
	return statements.filter(({ sql }) => /\bCONCURRENTLY\b/i.test(sql)).map(({ range }) => `what line ${range.line} leaves when it is ended itself: it commits on its way`);
}
async function schemaExists(session, schema) {
	return (await session.query("SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1", [schema])).length > 0;
}
// src/stages/rehearse/trace/statement-text.ts
function placed(sql) {
	let depth = 0;
	return [...tokens(sql)].map((token) => {
		const text = sql.slice(token.start, token.end);
		const symbol = token.kind === "symbol" ? text : "";
		if (symbol === ")" || symbol === "]") depth -= 1;
		const one = {
			...token,
			text,
			depth
		};
		if (symbol === "(" || symbol === "[") depth += 1;
		return one;
	});
}
function isWord(token, word) {
	return token.kind === "word" && token.depth === 0 && token.text.toLowerCase() === word;
}
function inParentheses(sql, word) {
	const all = placed(sql);
	const from = word === void 0 ? 0 : all.findIndex((token) => isWord(token, word));
	if (from === -1) return void 0;
	const open = all.findIndex((token, index) => index >= from && token.text === "(" && token.depth === 0);
	const close = all.findIndex((token, index) => index > open && token.text === ")" && token.depth === 0);
	return open === -1 || close === -1 ? void 0 : textOf(sql, all.slice(open + 1, close));
}
function behind(sql, word, until = []) {
	const all = placed(sql);
	const at = all.findIndex((token) => isWord(token, word));
	if (at === -1) return void 0;
	const rest = all.slice(at + 1);
	const end = rest.findIndex((token) => token.text === ";" || until.some((one) => isWord(token, one)));
	return textOf(sql, end === -1 ? rest : rest.slice(0, end));
}
function listItems(text) {
	const items = [[]];
	for (const token of placed(text)) if (token.text === "," && token.depth === 0) items.push([]);
	else items.at(-1)?.push(token);
	return items.map((item) => textOf(text, item));
}
function textOf(sql, all) {
	return sql.slice(all[0]?.start ?? 0, all.at(-1)?.end ?? 0);
}
function keysIn(sql, elements, word) {
	const list = inParentheses(sql, word);
	const items = list === void 0 ? [] : listItems(list);
	if (items.length !== elements.length) return void 0;
	const keys = items.map((item, index) => keyOf$1(item, elements[index]));
	return keys.every((key) => key !== void 0) ? keys : void 0;
}
function keyOf$1(item, element) {
	if (element === void 0) return void 0;
	const key = element.name === void 0 ? expressionAtStart(item) : quoteIdentifier(element.name);
	const collation = strings(element.collation);
	return key === void 0 || collation.length === 0 ? key : `${key} COLLATE ${collation.map(quoteIdentifier).join(".")}`;
}
function expressionAtStart(item) {
	const close = placed(item).find(({ text, depth }) => text === ")" && depth === 0);
	return close === void 0 ? void 0 : item.slice(0, close.end);
}
function exclusionsOf(nodes) {
	return allOf(nodes, "List").map(({ items }) => ({
		element: as(items?.[0], "IndexElem"),
		operator: operatorText(strings(as(items?.[1], "List")?.items))
	}));
}
function operatorText(names) {
	const [operator = "=", ...schemas] = names.toReversed();
	if (schemas.length === 0) return operator;
	return `OPERATOR(${[...schemas.toReversed().map(quoteIdentifier), operator].join(".")})`;
}
// src/stages/rehearse/trace/decide-conversions.ts
function conversionsIn(statement) {
	const table = tableOf$1(statement.node);
	if (table === void 0) return void 0;
	const changed = retypedColumns(statement);
	if (changed.length > 0) return {
		kind: "conversions",
		table,
		conversions: changed,
		where: void 0
	};
	const updated = updatedColumns(statement);
	const [first] = updated ?? [];
	if (updated === void 0 || first === void 0) return void 0;
	return {
		kind: "conversions",
		table,
		conversions: updated.map(({ column, sql }) => ({
			column,
			sql,
			type: void 0,
			plain: false
		})),
		where: first.where
	};
}
function tableOf$1(node) {
	const range = node && (as(node, "AlterTableStmt")?.relation ?? as(node, "UpdateStmt")?.relation);
	return range?.relname === void 0 ? void 0 : {
		schema: range.schemaname,
		name: range.relname
	};
}
function retypedColumns({ sql, node }) {
	const commands = allOf(node && as(node, "AlterTableStmt")?.cmds, "AlterTableCmd");
	const clauses = clausesOf(sql);
	if (clauses.length !== commands.length) return [];
	return commands.flatMap(({ subtype, name, def }, index) => {
		const clause = clauses[index]?.text ?? "";
		const type = behind(clause, "type", ["using", "collate"]);
		if (subtype !== "AT_AlterColumnType" || name === void 0 || type === void 0) return [];
		const using = as(def, "ColumnDef")?.raw_default;
		const expression = using === void 0 ? quoteIdentifier(name) : behind(clause, "using");
		return expression === void 0 ? [] : [{
			column: name,
			type,
			sql: expression,
			plain: isPlain(using, name)
		}];
	});
}
function isPlain(expression, column) {
	if (expression === void 0) return true;
	const cast = as(expression, "TypeCast");
	if (cast === void 0) return strings(as(expression, "ColumnRef")?.fields).at(-1) === column;
	return cast.arg !== void 0 && isPlain(cast.arg, column);
}
function updatedColumns({ sql, node }) {
	const update = node && as(node, "UpdateStmt");
	if (update === void 0 || update.withClause !== void 0 || update.fromClause !== void 0) return void 0;
	if (update.relation?.alias !== void 0) return void 0;
	const assignments = listItems(behind(sql, "set", ["where", "returning"]) ?? "");
	const targets = allOf(update.targetList, "ResTarget");
	if (targets.length !== assignments.length || targets.some(({ indirection }) => indirection !== void 0)) return void 0;
	const where = update.whereClause === void 0 ? void 0 : behind(sql, "where", ["returning"]);
	return targets.map(({ name = "" }, index) => {
		const assignment = assignments[index] ?? "";
		return {
			column: name,
			sql: assignment.slice(assignment.indexOf("=") + 1).trim(),
			where
		};
	});
}
// src/stages/rehearse/trace/decide-other-failure.ts
function decideOther(error, node) {
	const cause = causeOf(error);
	return {
		kind: "none",
		cause: cause.said,
		because: cause.because ?? becauseOf(error, node)
	};
}
const noRows = "no data stands in the way";
function causeOf(error) {
	if (error.raisedIn !== void 0) return {
		said: `Code of the database refuses it: ${error.raisedIn} raises an exception.`,
		because: `only ${error.raisedIn} knows which rows it refuses`
	};
	const said = `PostgreSQL refuses it: ${error.message}.`;
	switch (error.sqlState) {
		case "55P04": return {
			said: `${said} A label that is added to an enum can be used only when the transaction that adds it is committed; put the two into two migrations.`,
			because: noRows
		};
		case "2BP01": return {
			said: [said, ...error.objects.map((object) => `${object}.`)].join(" "),
			because: noRows
		};
		case "42P01":
		case "42703":
		case "42704":
		case "42883":
		case "3F000": return {
			said: `${said} It is not there in production, of which this is a copy.`,
			because: noRows
		};
		case "42P07":
		case "42701":
		case "42710":
		case "42P06":
		case "42723": return {
			said: `${said} It is there in production already, of which this is a copy.`,
			because: noRows
		};
		case "42501": return {
			said: `${said} The role that migrates lacks the privilege.`,
			because: noRows
		};
		case "40P01": return {
			said: `${said} The statement and another session wait for each other: a trigger or a function that it runs opens a session of its own, or somebody else is in the copy.`,
			because: "rows do not decide who waits for whom"
		};
		case "55P03": return {
			said: `${said} Somebody else has locked it.`,
			because: "rows do not decide who waits for whom"
		};
		case "57014": return {
			said: `${said} It takes longer than its statement_timeout allows.`,
			because: noRows
		};
		case "55006": return {
			said: `${said} Rows that its transaction changed before are still to be checked by a deferred constraint; put the two into two migrations, or SET CONSTRAINTS ALL IMMEDIATE between them.`,
			because: noRows
		};
		case "53100": return {
			said: `${said} The server of the copy has no room left, which says nothing about production but that it needs more than it has here.`,
			because: "the disk was full"
		};
		case "25001":
		case "25P01":
		case "42804":
		case "42601":
		case "0A000":
		case "42P16":
		case "42830": return {
			said,
			because: noRows
		};
		default: return { said };
	}
}
function becauseOf({ sqlState }, node) {
	if (sqlState === void 0 || !/^2[23]/.test(sqlState)) return "it is not known whether rows stand in the way";
	switch (kindOf(node)) {
		case "InsertStmt":
		case "CopyStmt":
		case "MergeStmt":
		case "UpdateStmt":
		case "CreateTableAsStmt":
		case "RefreshMatViewStmt": return "the rows are made by the statement itself and are in no table";
		case "DeleteStmt": return "which rows point to those that it deletes was not looked for";
		default: return "which rows it meets cannot be told from the statement";
	}
}
// src/stages/rehearse/trace/decide-failure.ts
function decideFailure(error, statement) {
	return questionFor(error, statement) ?? decideOther(error, statement.node);
}
function questionFor(error, statement) {
	if (error.raisedIn !== void 0) return void 0;
	switch (error.sqlState) {
		case "23505": return duplicates(error, statement);
		case "23502": return missing(error, statement);
		case "23503": return orphans(error, statement);
		case "23514": return violated(error, statement);
		case "23P01": return conflicts(error, statement);
		default: return error.sqlState?.startsWith("22") === true ? conversionsIn(statement) : void 0;
	}
}
function clausesIn({ sql, node }) {
	const commands = allOf(node && as(node, "AlterTableStmt")?.cmds, "AlterTableCmd");
	const clauses = clausesOf(sql);
	return clauses.length === commands.length ? commands.map((command, index) => ({
		command,
		text: clauses[index]?.text ?? ""
	})) : [];
}
function addedConstraint(error, statement, kinds) {
	const fitting = clausesIn(statement).flatMap(({ command, text }) => {
		const constraint = as(command.def, "Constraint");
		if (constraint !== void 0) return [{
			constraint,
			text,
			column: void 0
		}];
		const column = as(command.def, "ColumnDef");
		return allOf(column?.constraints, "Constraint").map((one) => ({
			constraint: one,
			text,
			column: column?.colname
		}));
	}).filter(({ constraint }) => kinds.includes(constraint.contype ?? ""));
	return fitting.find(({ constraint }) => constraint.conname !== void 0 && constraint.conname === error.constraint) ?? (fitting.length === 1 ? fitting[0] : void 0);
}
function tableOf(node) {
	return node && (as(node, "AlterTableStmt")?.relation ?? as(node, "IndexStmt")?.relation ?? as(node, "UpdateStmt")?.relation);
}
function tableIn(error, { node }) {
	if (error.table !== void 0) return {
		schema: error.schema,
		name: error.table
	};
	return asTable(tableOf(node));
}
function asTable(range) {
	return range?.relname === void 0 ? void 0 : {
		schema: range.schemaname,
		name: range.relname
	};
}
function duplicates(error, statement) {
	const table = tableIn(error, statement);
	if (table === void 0) return void 0;
	const index = statement.node && as(statement.node, "IndexStmt");
	if (index !== void 0) {
		const elements = allOf(index.indexParams, "IndexElem");
		const keys = keysIn(statement.sql, elements);
		const where = index.whereClause === void 0 ? void 0 : behind(statement.sql, "where");
		if (keys === void 0) return void 0;
		return {
			kind: "duplicates",
			table,
			keys,
			where,
			nullsNotDistinct: index.nulls_not_distinct === true
		};
	}
	const added = addedConstraint(error, statement, ["CONSTR_UNIQUE", "CONSTR_PRIMARY"]);
	const named = added === void 0 ? [] : added.column === void 0 ? strings(added.constraint.keys) : [added.column];
	if (added !== void 0 && named.length > 0) {
		const nullsNotDistinct = added.constraint.nulls_not_distinct === true;
		return {
			kind: "duplicates",
			table,
			keys: named.map(quote),
			where: void 0,
			nullsNotDistinct
		};
	}
	return standing(error, statement, table);
}
function missing(error, statement) {
	const { column } = error;
	const table = tableIn(error, statement);
	if (column === void 0 || table === void 0) return void 0;
	const clauses = clausesIn(statement);
	if (clauses.length === 0) {
		const updated = updatedColumns(statement)?.find((one) => one.column === column);
		if (updated === void 0) return void 0;
		const where = `${updated.where === void 0 ? "" : `(${updated.where}) AND `}(${updated.sql}) IS NULL`;
		const say = `would get no value in ${quote(column)}, which needs one`;
		return {
			kind: "rows",
			table,
			where,
			say: {
				one: say,
				many: say
			}
		};
	}
	const of = (kind) => clauses.find(({ command }) => command.subtype === kind && nameOf(command) === column);
	if (of("AT_AddColumn") !== void 0) {
		const say = `would have no value in ${quote(column)}, which is added NOT NULL without a default`;
		return {
			kind: "rows",
			table,
			where: void 0,
			say: {
				one: say,
				many: say
			}
		};
	}
	const using = of("AT_AlterColumnType");
	const expression = using === void 0 ? void 0 : behind(using.text, "using");
	if (expression !== void 0 && of("AT_SetNotNull") === void 0) {
		const say = `would have no value in ${quote(column)} in its new type`;
		return {
			kind: "rows",
			table,
			where: `(${expression}) IS NULL`,
			say: {
				one: say,
				many: say
			}
		};
	}
	const end = `no value in ${quote(column)}`;
	return {
		kind: "rows",
		table,
		where: `${quote(column)} IS NULL`,
		say: {
			one: `has ${end}`,
			many: `have ${end}`
		}
	};
}
function nameOf(command) {
	return command.name ?? as(command.def, "ColumnDef")?.colname;
}
function orphans(error, statement) {
	const table = tableIn(error, statement);
	const added = addedConstraint(error, statement, ["CONSTR_FOREIGN"]);
	if (table === void 0) return void 0;
	const to = asTable(added?.constraint.pktable);
	if (added === void 0 || to === void 0) return standing(error, statement, table);
	const { fk_attrs, pk_attrs, fk_matchtype } = added.constraint;
	const columns = added.column === void 0 ? strings(fk_attrs) : [added.column];
	const constraint = error.constraint ?? "";
	return {
		kind: "orphans",
		table,
		columns,
		to,
		toColumns: strings(pk_attrs),
		matchFull: fk_matchtype === "f",
		constraint
	};
}
function violated(error, statement) {
	const table = tableIn(error, statement);
	if (table === void 0) return void 0;
	const added = addedConstraint(error, statement, ["CONSTR_CHECK"]);
	const expression = added === void 0 ? void 0 : inParentheses(added.text, "check");
	if (expression === void 0) return standing(error, statement, table);
	return {
		kind: "rows",
		table,
		where: `(${expression}) IS FALSE`,
		say: violates(error.constraint)
	};
}
function violates(constraint) {
	const name = constraint === void 0 ? "the check" : `the check ${quote(constraint)}`;
	return {
		one: `violates ${name}`,
		many: `violate ${name}`
	};
}
function conflicts(error, statement) {
	const table = tableIn(error, statement);
	const added = addedConstraint(error, statement, ["CONSTR_EXCLUSION"]);
	if (table === void 0 || added === void 0) return void 0;
	const excluded = exclusionsOf(added.constraint.exclusions);
	const elements = excluded.map(({ element }) => element);
	const keys = keysIn(added.text, elements, "exclude")?.map((sql, index) => ({
		sql,
		operator: excluded[index]?.operator ?? "="
	}));
	if (keys === void 0) return void 0;
	return {
		kind: "conflicts",
		table,
		keys,
		where: added.constraint.where_clause === void 0 ? void 0 : inParentheses(added.text, "where"),
		constraint: error.constraint ?? added.constraint.conname ?? ""
	};
}
function standing(error, { sql, node, atItsEnd }, table) {
	const altered = node !== void 0 && as(node, "AlterTableStmt") !== void 0;
	const deleted = error.sqlState === "23503" && !atItsEnd ? deletedBy(sql, node) : void 0;
	if (error.constraint === void 0 || !(atItsEnd || altered || deleted !== void 0)) return void 0;
	return {
		kind: "constraint",
		table,
		name: error.constraint,
		deleted
	};
}
function deletedBy(sql, node) {
	const deletes = node && as(node, "DeleteStmt");
	if (deletes === void 0 || deletes.withClause !== void 0 || deletes.usingClause !== void 0) return void 0;
	if (deletes.relation?.alias !== void 0) return void 0;
	return { where: deletes.whereClause === void 0 ? void 0 : behind(sql, "where", ["returning"]) };
}
function quote(name) {
	return `"${name.replaceAll("\"", "\"\"")}"`;
}
// src/stages/rehearse/trace/known-table.ts
const tableSql = `
SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name, pg_catalog.pg_table_is_visible(c.oid) AS visible, c.relkind = 'p' AS partitioned,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_index i CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
              WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY k.place) AS key
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = pg_catalog.to_regclass($1)`;
async function knownTable(session, table) {
	const parts = table.schema === void 0 ? [table.name] : [table.schema, table.name];
	const [row] = await session.query(tableSql, [parts.map(quoteIdentifier).join(".")]);
	return row;
}
const names = (numbers, relation) => `
       ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(${numbers}) WITH ORDINALITY k(number, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number ORDER BY k.place)`;
const constraintSql = `
SELECT c.contype::text AS kind, pg_catalog.pg_get_expr(c.conbin, c.conrelid) AS expression, c.confmatchtype = 'f' AS "matchFull",
       pg_catalog.pg_get_constraintdef(c.oid) LIKE '%NULLS NOT DISTINCT%' AS "nullsNotDistinct",
       CASE WHEN c.confrelid <> 0 THEN (SELECT json_build_object('schema', n.nspname, 'name', t.relname) FROM pg_catalog.pg_class t
         JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace WHERE t.oid = c.confrelid) END AS to,
       ${names("c.conkey", "c.conrelid")} AS columns, ${names("c.confkey", "c.confrelid")} AS "toColumns"
  FROM pg_catalog.pg_constraint c WHERE c.conrelid = $1::pg_catalog.oid AND c.conname = $2`;
async function knownConstraint(session, table, name) {
	const [row] = await session.query(constraintSql, [table.oid, name]);
	return row;
}
async function knownType(session, table, column, written) {
	const [row] = await session.query(written === void 0 ? `SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) AS name, '{}'::text[] AS labels
           FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1::pg_catalog.oid AND a.attname = $2 AND NOT a.attisdropped` : `SELECT $2::text AS name, ARRAY(SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype($2) ORDER BY enumsortorder) AS labels
          WHERE $1::pg_catalog.oid IS NOT NULL`, [table.oid, written ?? column]);
	return row;
}
function qualified({ schema, name }) {
	return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
function spoken({ schema, name, visible }) {
	return visible ? quoteIdentifier(name) : qualified({
		schema,
		name
	});
}
// src/stages/rehearse/trace/decide-search.ts
const keyOf = (table, prefix = "") => (table.key.length === 0 ? ["ctid"] : table.key.map(quoteIdentifier)).map((name) => `${prefix}${name}`).join(", ");
const onlyOf = (table) => `${table.partitioned ? "" : "ONLY "}${qualified(table)}`;
const numbered = (rows) => rows === void 0 ? "Some rows" : rows === 1 ? "1 row" : `${rows} rows`;
const namesOf$1 = (names) => names.map(quoteIdentifier).join(", ");
function searchDuplicates(question, table) {
	const { keys, where, nullsNotDistinct } = question;
	const conditions = [...where === void 0 ? [] : [`(${where})`], ...nullsNotDistinct ? [] : keys.map((key) => `(${key}) IS NOT NULL`)];
	const from = `FROM ${onlyOf(table)}${conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`}`;
	return {
		prepare: void 0,
		count: `SELECT coalesce(sum(n), 0)::float8 AS rows FROM (SELECT count(*) AS n FROM (SELECT ${keys.map((key, index) => `(${key}) AS k${index}`).join(", ")} ${from}) k GROUP BY ${keys.map((_, index) => `k${index}`).join(", ")} HAVING count(*) > 1) d`,
		find: `SELECT ${keyOf(table)} FROM (SELECT ${keyOf(table)}, count(*) OVER (PARTITION BY ${keys.map((key) => `(${key})`).join(", ")}) AS rows_with_this_key ${from}) AS ${quoteIdentifier(table.name)} WHERE rows_with_this_key > 1;`,
		say: (rows) => `${numbered(rows)} of ${spoken(table)} have the same ${keys.join(", ")} as another one.`
	};
}
function searchRows({ where, say }, table) {
	const from = `FROM ${qualified(table)}${where === void 0 ? "" : ` WHERE ${where}`}`;
	return {
		prepare: void 0,
		count: `SELECT count(*)::float8 AS rows ${from}`,
		find: `SELECT ${keyOf(table)} ${from};`,
		say: (rows) => `${numbered(rows)} of ${spoken(table)} ${rows === 1 ? say.one : say.many}.`
	};
}
function searchOrphans({ columns, toColumns, matchFull }, table, to) {
	const theirs = toColumns.length === 0 ? to.key : toColumns;
	const own = columns.map((column) => `pointing.${quoteIdentifier(column)}`);
	const same = own.map((column, index) => `other.${quoteIdentifier(theirs[index] ?? "")} = ${column}`).join(" AND ");
	const found = `EXISTS (SELECT FROM ${onlyOf(to)} AS other WHERE ${same})`;
	const all = own.map((column) => `${column} IS NOT NULL`).join(" AND ");
	const some = own.map((column) => `${column} IS NOT NULL`).join(" OR ");
	const where = matchFull && own.length > 1 ? `(${some}) AND NOT (${all} AND ${found})` : `${all} AND NOT ${found}`;
	const from = `FROM ${onlyOf(table)} AS pointing WHERE ${where}`;
	return {
		prepare: void 0,
		count: `SELECT count(*)::float8 AS rows ${from}`,
		find: `SELECT ${keyOf(table, "pointing.")} ${from};`,
		say: (rows) => `${numbered(rows)} of ${spoken(table)} ${rows === 1 ? "has" : "have"} a ${namesOf$1(columns)} that no row of ${spoken(to)} has as its ${namesOf$1(theirs)}.`
	};
}
function searchPointing({ columns, toColumns }, table, to, deleted) {
	const target = quoteIdentifier(to.name);
	const same = columns.map((column, index) => `${target}.${quoteIdentifier(toColumns[index] ?? "")} = pointing.${quoteIdentifier(column)}`);
	const going = [...deleted === void 0 ? [] : [`(${deleted})`], ...same].join(" AND ");
	const from = `FROM ${onlyOf(table)} AS pointing WHERE EXISTS (SELECT FROM ${qualified(to)} WHERE ${going})`;
	return {
		prepare: void 0,
		count: `SELECT count(*)::float8 AS rows ${from}`,
		find: `SELECT ${keyOf(table, "pointing.")} ${from};`,
		say: (rows) => `${numbered(rows)} of ${spoken(table)} ${rows === 1 ? "points" : "point"} with ${namesOf$1(columns)} to rows of ${spoken(to)} that are to be deleted.`
	};
}
function searchConflicts({ keys, where, constraint }, table) {
	const columns = keys.map(({ sql }, index) => `(${sql}) AS k${index}`).join(", ");
	const one = `(SELECT ctid AS place, tableoid AS part, ${keyOf(table)}, ${columns} FROM ${onlyOf(table)}${where === void 0 ? "" : ` WHERE (${where})`})`;
	const from = `FROM ${one} AS one WHERE EXISTS (SELECT FROM ${one} AS other WHERE (other.place, other.part) <> (one.place, one.part) AND ${keys.map(({ operator }, index) => `other.k${index} ${operator} one.k${index}`).join(" AND ")})`;
	return {
		prepare: void 0,
		count: `SELECT count(*)::float8 AS rows ${from}`,
		find: `SELECT ${keyOf(table, "one.")} ${from};`,
		say: (rows) => `${numbered(rows)} of ${spoken(table)} ${rows === 1 ? "conflicts" : "conflict"} with another one under ${quoteIdentifier(constraint)}.`
	};
}
function searchConversion(conversion, table) {
	const { column, type, labels, sql, plain, where, sqlState, major } = conversion;
	const name = quoteIdentifier(column);
	const also = where === void 0 ? "" : `(${where}) AND `;
	const say = (rows) => `${numbered(rows)} of ${spoken(table)} ${rows === 1 ? "has" : "have"} ${becomes(sqlState, name, type, labels)}.`;
	if (plain && labels.length > 0) {
		const known = `ARRAY[${labels.map(quoteLiteral).join(", ")}]`;
		const from = `FROM ${qualified(table)} WHERE ${also}${name}::text <> ALL (${known})`;
		return {
			prepare: void 0,
			count: `SELECT count(*)::float8 AS rows ${from}`,
			find: `SELECT ${keyOf(table)} ${from};`,
			say
		};
	}
	const prepare = tryFunction(sql, type, table);
	const from = `FROM ${qualified(table)} AS ${quoteIdentifier(table.name)} WHERE ${also}NOT pg_temp.airlock_becomes(${quoteIdentifier(table.name)})`;
	const find = plain && major >= 16 && sqlState !== "22001" && sqlState !== "22003" ? `SELECT ${keyOf(table)} FROM ${qualified(table)} WHERE ${name} IS NOT NULL AND NOT pg_catalog.pg_input_is_valid(${name}::text, ${quoteLiteral(type)});` : `${prepare};\nSELECT ${keyOf(table)} ${from};`;
	return {
		prepare,
		count: `SELECT count(*)::float8 AS rows ${from}`,
		find,
		say
	};
}
function tryFunction(sql, type, table) {
	const body = `
#variable_conflict use_column
DECLARE became ${type};
BEGIN
  SELECT ${sql} INTO became FROM (SELECT (of_row).*) AS ${quoteIdentifier(table.name)};
  RETURN true;
EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
  RETURN false;
END `;
	return `CREATE FUNCTION pg_temp.airlock_becomes(of_row ${qualified(table)}) RETURNS boolean LANGUAGE plpgsql AS ${quotedBody(body)}`;
}
function quotedBody(body) {
	return body.includes("$airlock$") ? quoteLiteral(body) : `$airlock$${body}$airlock$`;
}
function becomes(sqlState, name, type, labels) {
	if (labels.length > 0) return `a ${name} that is no label of ${type}`;
	if (sqlState === "22001") return `a ${name} that is too long for ${type}`;
	if (sqlState === "22003") return `a ${name} that is out of the range of ${type}`;
	if (sqlState === "22012") return `values with which the new ${name} divides by zero`;
	return `a ${name} that does not become ${type}`;
}
// src/stages/rehearse/trace/count-offending.ts
async function countOffending(subject, question, error, { before, beforeMs }, budgetMs) {
	const fallback = `PostgreSQL refuses it: ${error.message}.`;
	if (question.kind === "none") return {
		cause: question.cause,
		offending: notCounted(question.because),
		find: question.find
	};
	if (beforeMs > budgetMs) return {
		cause: fallback,
		offending: notCounted(`what its transaction did before took ${Math.round(beforeMs)} ms, and counting may take ${budgetMs} ms with it`),
		find: void 0
	};
	const searches = { current: void 0 };
	try {
		const [first = "BEGIN", ...others] = before;
		for (const sql of [first, ...others]) await subject.send(sql);
		await subject.send(`SET LOCAL statement_timeout = ${Math.max(1, Math.round(budgetMs - beforeMs))}`);
		return await answer(subject, question, error, fallback, searches);
	} catch (thrown) {
		const { because, state } = reasonOf(thrown, budgetMs);
		if (state === void 0) throw thrown;
		const { current } = searches;
		return {
			cause: current?.say(void 0) ?? fallback,
			offending: notCounted(because),
			find: current?.find
		};
	} finally {
		if (subject.transaction() !== "idle") await subject.send("ROLLBACK");
	}
}
async function answer(subject, question, error, fallback, searches) {
	const table = await knownTable(subject, question.table);
	const found = table === void 0 ? [] : await searchesFor(subject, question, error, table);
	if (found.length === 0) return {
		cause: fallback,
		offending: notCounted(table === void 0 ? `there is no table ${question.table.name} before the statement` : becauseUnread),
		find: void 0
	};
	for (const search of found) {
		searches.current = search;
		await subject.send("SAVEPOINT airlock");
		if (search.prepare !== void 0) await subject.send(search.prepare);
		const [row] = await subject.query(search.count);
		await subject.send("ROLLBACK TO SAVEPOINT airlock");
		const rows = row?.rows ?? 0;
		if (rows > 0) return {
			cause: search.say(rows),
			offending: {
				kind: "counted",
				rows
			},
			find: search.find
		};
	}
	return {
		cause: fallback,
		offending: notCounted("the rows were not found again when they were looked for"),
		find: void 0
	};
}
const becauseUnread = "how the rows are to be looked for cannot be told from the statement and the catalog";
async function searchesFor(session, question, error, table) {
	switch (question.kind) {
		case "duplicates": return [searchDuplicates(question, table)];
		case "rows": return [searchRows(question, table)];
		case "conflicts": return [searchConflicts(question, table)];
		case "orphans": {
			const to = await knownTable(session, question.to);
			return to === void 0 ? [] : [searchOrphans(question, table, to)];
		}
		case "constraint": return searchesOfConstraint(session, question, table);
		case "conversions": {
			const searches = [];
			const { major } = await serverVersionOf(session);
			for (const { column, type, sql, plain } of question.conversions) {
				const known = await knownType(session, table, column, type);
				if (known === void 0) continue;
				const { where } = question;
				const { sqlState } = error;
				searches.push(searchConversion({
					column,
					type: known.name,
					labels: known.labels,
					sql,
					plain,
					where,
					sqlState,
					major
				}, table));
			}
			return searches;
		}
	}
}
async function searchesOfConstraint(session, { name, deleted }, table) {
	const constraint = await knownConstraint(session, table, name);
	if (constraint === void 0) return [];
	const { kind, columns, expression, to, toColumns, matchFull, nullsNotDistinct } = constraint;
	if (kind === "c" && expression !== null) return [searchRows({
		kind: "rows",
		table,
		where: `(${expression}) IS FALSE`,
		say: violates(name)
	}, table)];
	if (kind === "u" || kind === "p") return [searchDuplicates({
		kind: "duplicates",
		table,
		keys: columns.map((column) => `"${column.replaceAll("\"", "\"\"")}"`),
		where: void 0,
		nullsNotDistinct
	}, table)];
	const target = to === null ? void 0 : await knownTable(session, to);
	if (kind !== "f" || target === void 0) return [];
	return [deleted === void 0 ? searchOrphans({
		columns,
		toColumns,
		matchFull
	}, table, target) : searchPointing({
		columns,
		toColumns
	}, table, target, deleted.where)];
}
function notCounted(because) {
	return {
		kind: "not-counted",
		because
	};
}
function reasonOf(thrown, budgetMs) {
	const cause = thrown instanceof FailureError ? thrown.cause : thrown;
	const state = isRefusal(cause) ? sqlStateOf(cause) : void 0;
	if (state === "57014") return {
		because: `counting took longer than the ${budgetMs} ms that it may take`,
		state
	};
	if (state !== void 0 && /^42/.test(state)) return {
		because: becauseUnread,
		state
	};
	return {
		because: `counting was refused (SQLSTATE ${state ?? messageOf(thrown)})`,
		state
	};
}
// src/stages/rehearse/trace/explain-stop.ts
async function explainStop(subject, migration, stopped, budgetMs) {
	const { statement, error } = stopped;
	const { index, range, sql, kind } = statement;
	const said = serverErrorOf(error);
	const parsed = parseMigration(await loadParser(), sql);
	const { cause, offending, find } = await countOffending(subject, decideFailure(said, {
		sql,
		node: parsed.kind === "parsed" ? parsed.statements[0]?.node : void 0,
		atItsEnd: stopped.atItsEnd || kind === "TransactionStmt"
	}), said, stopped, budgetMs);
	return {
		migration,
		index,
		line: range.line,
		sql,
		sqlState: said.sqlState,
		message: said.message,
		cause,
		offending,
		find
	};
}
// src/stages/rehearse/trace/decide-seen.ts
const nothingSeen = {
	locks: [],
	rewrites: [],
	scans: [],
	indexes: []
};
const nothingLeft = {
	held: /* @__PURE__ */ new Map(),
	seen: /* @__PURE__ */ new Map()
};
function decideSight({ statement, old, left, held, seen }) {
	const now = new Map(seen.map((one) => [one.oid, one]));
	const modes = new Map(held.map(({ oid, modes: all }) => [oid, strongest(all)]));
	const before = /* @__PURE__ */ new Map();
	for (const { oid, committed } of held) {
		const known = left.seen.get(oid) ?? committed;
		if (known !== null) before.set(oid, known);
	}
	const nameOf = (oid) => nameFor(statement.kind, before.get(oid), now.get(oid));
	const locks = held.flatMap(({ oid }) => {
		const mode = modes.get(oid);
		const relation = nameOf(oid);
		const kind = (before.get(oid) ?? now.get(oid))?.kind ?? "";
		if (mode === void 0 || relation === void 0 || !old.has(oid)) return [];
		if (rank(mode) <= rank(left.held.get(oid)) || !countsFor(statement.sql, kind, relation)) return [];
		return [{
			relation,
			mode
		}];
	});
	if (statement.kind === "TransactionStmt") return {
		sight: nothingSeen,
		left: {
			held: modes,
			seen: now
		}
	};
	const ofBefore = seen.filter(({ oid, kind }) => old.has(oid) && (kind === "r" || kind === "m"));
	return {
		sight: {
			locks: locks.toSorted((a, b) => compare(a.relation, b.relation)),
			rewrites: namesOf(ofBefore.filter(({ oid, file }) => before.has(oid) && before.get(oid)?.file !== file)),
			scans: namesOf(ofBefore.filter(({ scans }) => scans > 0)),
			indexes: indexesBuilt(statement.kind, seen, before)
		},
		left: {
			held: modes,
			seen: now
		}
	};
}
function decideSightAtRest(statement, old, polled, atRest) {
	const before = new Map(atRest.before.map((one) => [one.oid, one]));
	const after = new Map(atRest.after.map((one) => [one.oid, one]));
	const locks = [...polled].flatMap(([oid, mode]) => {
		const one = before.get(oid) ?? after.get(oid);
		if (one === void 0 || !old.has(oid) || !countsFor(statement.sql, one.kind, one.name)) return [];
		return isDeadIndex(statement.sql, one, mode) ? [] : [{
			relation: one.name,
			mode
		}];
	});
	const both = atRest.after.filter(({ oid, kind }) => old.has(oid) && before.has(oid) && (kind === "r" || kind === "m"));
	return {
		locks: locks.toSorted((a, b) => compare(a.relation, b.relation)),
		rewrites: namesOf(both.filter(({ oid, file }) => before.get(oid)?.file !== file)),
		scans: namesOf(both.filter(({ oid, scans }) => scans > (before.get(oid)?.scans ?? 0))),
		indexes: indexesBuilt(statement.kind, atRest.after, before)
	};
}
function isDeadIndex(sql, { kind }, mode) {
	return /\bDROP\s+INDEX\s+CONCURRENTLY\b/i.test(sql) && kind === "i" && mode === "AccessExclusiveLock";
}
function strongest(modes) {
	return modes.reduce((best, mode) => rank(mode) > rank(best) ? mode : best, "AccessShareLock");
}
function rank(mode) {
	return mode === void 0 ? -1 : lockModes.indexOf(mode);
}
function nameFor(kind, before, now) {
	return kind === "RenameStmt" || kind === "AlterObjectSchemaStmt" ? before?.name ?? now?.name : now?.name ?? before?.name;
}
function countsFor(sql, kind, name) {
	if (kind !== "i" && kind !== "I") return true;
	return /\b(?:DROP|ALTER|REINDEX|COMMENT\s+ON)\s+INDEX\b/i.test(sql) && sql.includes(name.slice(name.indexOf(".") + 1));
}
function indexesBuilt(kind, seen, before) {
	if (kind === "TruncateStmt") return [];
	return seen.flatMap(({ oid, kind: what, name, file, bytes, of }) => what === "i" && of !== null && before.get(oid)?.file !== file ? [{
		name,
		relation: of,
		bytes: bytes ?? 0
	}] : []).toSorted((a, b) => compare(a.name, b.name));
}
function namesOf(relations) {
	return relations.map(({ name }) => name).toSorted(compare);
}
function compare(a, b) {
	return a < b ? -1 : Number(a > b);
}
// src/stages/rehearse/trace/look.ts
const isOurs = ">= 16384";
const heldSql = `
SELECT (pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_catalog.pg_lsn)::float8 AS "walPosition",
       coalesce((SELECT json_agg(json_build_object('oid', h.oid::int8, 'modes', h.modes, 'committed',
                  CASE WHEN c.oid IS NOT NULL THEN json_build_object('oid', c.oid::int8, 'name', n.nspname || '.' || c.relname,
                       'kind', c.relkind, 'file', pg_catalog.pg_relation_filenode(c.oid)::int8) END))
          FROM (SELECT relation AS oid, array_agg(mode) AS modes FROM pg_catalog.pg_locks
                 WHERE pid = $1 AND locktype = 'relation' AND granted AND relation ${isOurs} GROUP BY relation) h
          LEFT JOIN pg_catalog.pg_class c ON c.oid = h.oid
          LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IS DISTINCT FROM 't' AND c.relpersistence IS DISTINCT FROM 't' AND n.nspname IS DISTINCT FROM 'pg_toast'), '[]') AS held`;
async function lookFromOutside(witness, pid) {
	const [row] = await witness.query(heldSql, [pid]);
	if (row === void 0) throw new Error("The server does not say what a session has locked");
	return row;
}
async function walPosition(witness) {
	const [row] = await witness.query("SELECT (pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_catalog.pg_lsn)::float8 AS position");
	if (row === void 0) throw new Error("The server does not say how much it has written");
	return row.position;
}
const columns = (scans) => `
       c.oid::int8::float8 AS oid, n.nspname || '.' || c.relname AS name, c.relkind::text AS kind,
       pg_catalog.pg_relation_filenode(c.oid)::int8::float8 AS file,
       CASE WHEN c.relkind IN ('r', 'm') THEN ${scans}(c.oid)::float8 ELSE 0 END AS scans,
       CASE WHEN c.relkind = 'i' THEN pg_catalog.pg_relation_size(c.oid)::float8 END AS bytes,
       tn.nspname || '.' || t.relname AS of`;
const joined = `
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
  LEFT JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
  LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
 WHERE c.relkind <> 't' AND c.relpersistence <> 't' AND n.nspname <> 'pg_toast'`;
async function lookFromInside(subject, oids) {
	const [row] = await subject.query(`SELECT pg_catalog.pg_stat_get_xact_numscans('pg_catalog.pg_am'::pg_catalog.regclass)::float8 AS mark,
            (SELECT count(*) FROM pg_catalog.pg_am) AS "readOnce", coalesce((SELECT json_agg(s) FROM (
       SELECT ${columns("pg_catalog.pg_stat_get_xact_numscans")} FROM pg_catalog.pg_class c ${joined} AND c.oid = ANY ($1::pg_catalog.oid[])) s), '[]') AS seen`, [oids]);
	if (row === void 0) throw new Error("The server does not say what a transaction made");
	return row;
}
function lookAtRest(witness, names, oids) {
	return witness.query(`WITH wanted AS (
       SELECT c.oid FROM pg_catalog.unnest($1::text[]) AS w(name)
         JOIN pg_catalog.pg_namespace n ON w.name LIKE replace(replace(n.nspname, '\\', '\\\\'), '_', '\\_') || '.%'
         JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = pg_catalog.substr(w.name, pg_catalog.length(n.nspname::text) + 2)
       UNION SELECT pg_catalog.unnest($2::pg_catalog.oid[])
     ), all_wanted AS (SELECT oid FROM wanted UNION SELECT indexrelid FROM pg_catalog.pg_index WHERE indrelid IN (SELECT oid FROM wanted))
     SELECT ${columns("pg_catalog.pg_stat_get_numscans")} FROM all_wanted a JOIN pg_catalog.pg_class c ON c.oid = a.oid ${joined}`, [names, oids]);
}
function lookAtLocks(witness, pid) {
	return witness.query(`SELECT relation::int8::float8 AS oid, mode FROM pg_catalog.pg_locks
      WHERE pid = $1 AND locktype = 'relation' AND granted AND relation ${isOurs}`, [pid]);
}
async function relationsThere(witness) {
	const [row] = await witness.query(`SELECT pg_catalog.string_agg(oid::text, ' ') AS oids FROM pg_catalog.pg_class WHERE oid ${isOurs} AND relkind <> 't' AND relkind <> 'c'`);
	return new Set((row?.oids ?? "").split(" ").filter(Boolean).map(Number));
}
// src/stages/rehearse/trace/temporary-bytes.ts
var TemporaryBytes = class {
	#bytes = 0;
	take({ routine, message }) {
		if (routine !== "ReportTemporaryFileUsage") return;
		this.#bytes += Number(/(\d+)\D*$/.exec(message)?.[1] ?? 0);
	}
	since() {
		const bytes = this.#bytes;
		this.#bytes = 0;
		return bytes;
	}
};
const settings = ["log_temp_files", "client_min_messages"];
async function whileSayingTemporaryFiles(witness, open) {
	const [here] = await witness.query(`SELECT d.datname AS name, r.rolsuper AS may,
            EXISTS (SELECT FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c
                     WHERE s.setdatabase = d.oid AND s.setrole = 0 AND pg_catalog.split_part(c, '=', 1) = ANY ($1)) AS taken
       FROM pg_catalog.pg_database d, pg_catalog.pg_roles r
      WHERE d.datname = pg_catalog.current_database() AND r.rolname = current_user`, [settings]);
	if (here === void 0 || !here.may || here.taken) return open();
	const database = `ALTER DATABASE ${quoteIdentifier(here.name)}`;
	await witness.query(`${database} SET log_temp_files = 0`);
	await witness.query(`${database} SET client_min_messages = log`);
	try {
		return await open();
	} finally {
		for (const name of settings) await witness.query(`${database} RESET ${name}`);
	}
}
async function temporaryFilesUnsaid(subject) {
	const [row] = await subject.query(`SELECT pg_catalog.current_setting('log_temp_files') AS logged, pg_catalog.current_setting('client_min_messages') AS level`);
	if (row?.logged !== "0") return "temporaryBytes: only a superuser can have the server say how large its temporary files are";
	if (!/^(?:log|debug\d)$/.test(row.level)) return "temporaryBytes: client_min_messages is set to something else";
}
// src/stages/rehearse/trace/eyes.ts
const firstPollMs = 1;
const longestPollMs = 50;
var Eyes = class Eyes {
	#subject;
	#witness;
	#temporary;
	#server;
	#unsaid;
	#old = /* @__PURE__ */ new Set();
	#walAt = 0;
	#counted = /* @__PURE__ */ new Map();
	#mark = -1;
	constructor(subject, witness, temporary, server, unsaid) {
		this.#subject = subject;
		this.#witness = witness;
		this.#temporary = temporary;
		this.#server = server;
		this.#unsaid = unsaid;
	}
	static async open(subject, witness, temporary) {
		const [row] = await witness.query(`SELECT pg_catalog.current_setting('server_version_num')::int / 10000 AS major, pg_catalog.current_setting('wal_level') AS "walLevel"`);
		if (row === void 0) throw new Error("The server does not say what it is");
		return new Eyes(subject, witness, temporary, row, await temporaryFilesUnsaid(subject));
	}
	get old() {
		return this.#old;
	}
	async newFile() {
		this.#old = await relationsThere(this.#witness);
		this.#walAt = await walPosition(this.#witness);
		this.#temporary.since();
	}
	temporaryBytes() {
		return this.#temporary.since();
	}
	neverObserved({ sql }) {
		const temporary = /\bclient_min_messages\b|\blog_temp_files\b/i.test(sql) ? "temporaryBytes: the statement changes what the server says of them" : this.#unsaid;
		return [...temporary === void 0 ? [] : [temporary], ...this.#server.walLevel === "minimal" ? ["walBytes: wal_level is minimal on this server, and new files are not written to it"] : []];
	}
	async walSince() {
		return this.#moveWal(await walPosition(this.#witness));
	}
	#moveWal(position) {
		const bytes = position - this.#walAt;
		this.#walAt = position;
		return bytes;
	}
	async look({ kind }, heldBefore) {
		if (kind === "VariableSetStmt" || kind === "VariableShowStmt" || kind === "ConstraintsSetStmt") return {
			held: asHeld(heldBefore),
			seen: void 0,
			walBytes: 0,
			notObserved: []
		};
		try {
			const { held, walPosition: position } = await lookFromOutside(this.#witness, this.#subject.pid);
			const walBytes = this.#moveWal(position);
			return {
				held,
				seen: kind === "LockStmt" || held.length === 0 ? void 0 : await this.#lookInside(held.map(({ oid }) => oid)),
				walBytes,
				notObserved: []
			};
		} catch (thrown) {
			if (!isBlocked(thrown)) throw thrown;
			return {
				held: asHeld(heldBefore),
				seen: void 0,
				walBytes: 0,
				notObserved: ["locks, rewrites, scans, indexes: the catalog itself is locked until the transaction ends"]
			};
		}
	}
	async #lookInside(oids) {
		const { seen, mark } = await lookFromInside(this.#subject, oids);
		if (mark <= this.#mark) this.#counted.clear();
		this.#mark = mark;
		return seen.map((one) => {
			const scans = one.scans - (this.#counted.get(one.oid) ?? 0);
			this.#counted.set(one.oid, one.scans);
			return {
				...one,
				scans
			};
		});
	}
	async watch({ kind, sql, effects }, because, run) {
		const names = [.../* @__PURE__ */ new Set([
			...effects.locks.map(({ relation }) => relation),
			...effects.rewrites,
			...effects.scans
		])];
		await this.#flushStatistics();
		const before = await lookAtRest(this.#witness, names, []);
		const { result, polled } = await this.#poll(run);
		await this.#flushStatistics();
		const after = await lookAtRest(this.#witness, names, [...polled.keys()]);
		await this.#lookInside([...after.map(({ oid }) => oid)]);
		const sight = decideSightAtRest({
			kind,
			sql
		}, this.#old, polled, {
			before,
			after
		});
		const late = this.#server.major < 15;
		return {
			result,
			sight: late ? {
				...sight,
				scans: []
			} : sight,
			walBytes: await this.walSince(),
			notObserved: [
				`locks: ${because}, so they were looked for every few milliseconds while it ran; one that was held for less can be missing`,
				...effects.unknown ? [`rewrites, scans: ${because}, and which relations it would touch was not known`] : [],
				...late ? [`scans: ${because}, and PostgreSQL ${this.#server.major} counts them only half a second later`] : []
			]
		};
	}
	async #flushStatistics() {
		if (this.#server.major >= 15) await this.#subject.query("SELECT pg_catalog.pg_stat_force_next_flush()");
	}
	async #poll(run) {
		const polled = /* @__PURE__ */ new Map();
		const over = new AbortController();
		const running = run().finally(() => over.abort());
		const polling = this.#pollUntil(over.signal, polled);
		const [result, polls] = await Promise.allSettled([running, polling]);
		if (result.status === "rejected") throw result.reason;
		if (polls.status === "rejected") throw polls.reason;
		return {
			result: result.value,
			polled
		};
	}
	async #pollUntil(over, polled) {
		for (let pauseMs = firstPollMs; !over.aborted; pauseMs = Math.min(pauseMs * 1.2, longestPollMs)) {
			for (const { oid, mode } of await lookAtLocks(this.#witness, this.#subject.pid)) {
				const known = polled.get(oid);
				polled.set(oid, known === void 0 ? mode : strongest([known, mode]));
			}
			await setTimeout(pauseMs);
		}
	}
};
function asHeld(held) {
	return [...held].map(([oid, mode]) => ({
		oid,
		modes: [mode],
		committed: null
	}));
}
function isBlocked(thrown) {
	return thrown instanceof FailureError && thrown.failure.code === "DATABASE.BLOCKED";
}
// src/stages/rehearse/trace/trace-file.ts
const noTransaction = { open: "none" };
var FileRun = class {
	#subject;
	#eyes;
	#planned;
	#together;
	#between;
	#ran = [];
	#open = noTransaction.open;
	#transaction = -1;
	#left = nothingLeft;
	#before = [];
	#beforeMs = 0;
	constructor(subject, eyes, planned, together, between) {
		this.#subject = subject;
		this.#eyes = eyes;
		this.#planned = planned;
		this.#together = together;
		this.#between = between;
	}
	async run() {
		let stopped;
		for (const [at, statement] of this.#planned.statements.entries()) {
			stopped = await this.#attempt(statement, () => this.#run(statement));
			if (stopped !== void 0) break;
			if (this.#open === "none") await this.#between(at + 1);
		}
		const last = this.#planned.statements.at(-1);
		if (stopped === void 0 && last !== void 0 && this.#open !== "none") stopped = await this.#attempt(last, () => this.#endOfFile());
		const statements = this.#ran.map((one) => this.#traced(one));
		const ms = statements.reduce((sum, one) => sum + one.ms, 0);
		return {
			trace: {
				migration: this.#planned.name,
				ms,
				statements
			},
			stopped
		};
	}
	async #attempt(statement, work) {
		try {
			await work();
			return;
		} catch (error) {
			if (!isRefusal(error)) throw error;
			const atItsEnd = this.#ran.at(-1)?.statement === statement;
			if (this.#subject.transaction() !== "idle") await this.#subject.send("ROLLBACK");
			return {
				statement,
				error,
				before: this.#before,
				beforeMs: this.#beforeMs,
				atItsEnd
			};
		}
	}
	async #run(statement) {
		const step = decideStep(statement.sql, {
			open: this.#open,
			together: this.#together
		});
		switch (step.kind) {
			case "never":
				if (this.#open === "none") this.#begin([]);
				this.#add(statement, {
					rows: null,
					ms: 0
				}, nothingSeen, 0, [`not run: ${step.what}`]);
				return;
			case "refused-there":
				await this.#subject.send("ROLLBACK");
				this.#open = "none";
				this.#begin([]);
				await this.#inside(statement);
				return;
			case "of-the-file":
				await this.#subject.send("BEGIN");
				this.#open = "file";
				this.#begin(["BEGIN"]);
				await this.#inside(statement);
				return;
			case "own-transaction":
				await this.#subject.send("BEGIN");
				this.#begin(["BEGIN"]);
				await this.#inside(statement);
				await this.#commit();
				return;
			case "as-it-is":
				if (this.#open !== "none") return this.#inside(statement);
				this.#begin([]);
				if (step.because !== void 0) return this.#atRest(statement, step.because);
				await this.#inside(statement);
		}
	}
	#begin(before) {
		this.#transaction += 1;
		this.#left = nothingLeft;
		this.#before = [...before];
		this.#beforeMs = 0;
	}
	async #inside(statement) {
		const measured = await this.#send(statement.sql);
		if (this.#subject.transaction() === "idle") {
			const wal = await this.#eyes.walSince();
			this.#add(statement, measured, nothingSeen, wal, []);
			this.#open = "none";
			return;
		}
		const chained = endsTransaction(statement.sql);
		if (this.#open === "none" && this.#before.length === 0) this.#open = "own";
		if (opensTransaction(statement.sql)) this.#open = "own";
		const { held, seen, walBytes, notObserved } = await this.#eyes.look(statement, this.#left.held);
		const { sight, left } = decideSight({
			statement,
			old: this.#eyes.old,
			left: this.#left,
			held,
			seen: seen ?? []
		});
		this.#left = seen === void 0 ? {
			held: left.held,
			seen: this.#left.seen
		} : left;
		this.#add(statement, measured, seen === void 0 ? {
			...nothingSeen,
			locks: sight.locks
		} : sight, walBytes, notObserved);
		this.#before.push(statement.sql);
		this.#beforeMs += measured.ms;
		if (chained) this.#begin(["BEGIN"]);
	}
	async #atRest(statement, because) {
		const seen = await this.#eyes.watch(statement, because, () => this.#send(statement.sql));
		this.#add(statement, seen.result, seen.sight, seen.walBytes, seen.notObserved);
	}
	async #commit() {
		const { ms } = await this.#send("COMMIT");
		this.#open = "none";
		const last = this.#ran.at(-1);
		if (last === void 0) return;
		last.ms += ms;
		last.walBytes += await this.#eyes.walSince();
	}
	async #endOfFile() {
		if (this.#open === "file") return this.#commit();
		await this.#subject.send("ROLLBACK");
		this.#open = "none";
	}
	async #send(sql) {
		const start = performance.now();
		const { rows } = await this.#subject.send(sql);
		return {
			rows,
			ms: performance.now() - start
		};
	}
	#add(statement, measured, sight, walBytes, notObserved) {
		this.#ran.push({
			statement,
			...measured,
			...sight,
			transaction: this.#transaction,
			walBytes,
			temporaryBytes: this.#eyes.temporaryBytes(),
			notObserved: [...notObserved, ...this.#eyes.neverObserved(statement)]
		});
	}
	#traced({ statement, ms, locks, ...rest }) {
		const heldMs = this.#ran.filter((other) => other.transaction === rest.transaction && other.statement.index >= statement.index).reduce((sum, other) => sum + other.ms, 0);
		const { index, kind, range } = statement;
		return {
			index,
			line: range.line,
			kind,
			ms,
			...rest,
			locks: locks.map((lock) => ({
				...lock,
				heldMs
			}))
		};
	}
};
function roleOf(sql) {
	const statement = fileStatements(sql)[0];
	return statement && transactionRole(statement);
}
function opensTransaction(sql) {
	return roleOf(sql) === "begin";
}
function endsTransaction(sql) {
	const role = roleOf(sql);
	return role === "commit" || role === "rollback";
}
// src/stages/rehearse/trace/perform.ts
async function traceMigrations(request) {
	try {
		var _usingCtx$4 = _usingCtx();
		const witness = _usingCtx$4.a(await request.openWitness());
		const temporary = new TemporaryBytes();
		const subject = _usingCtx$4.a(await whileSayingTemporaryFiles(witness, () => request.openSubject((notice) => temporary.take(notice))));
		const eyes = await Eyes.open(subject, witness, temporary);
		const files = [];
		for (const migration of request.migrations) {
			if (request.apply === "atomic" && files.length > 0) for (const sql of forgetSession.split("; ")) await subject.send(sql);
			await request.around?.before(migration);
			await eyes.newFile();
			const { trace, stopped } = await new FileRun(subject, eyes, migration, runsTogether(migration, request.apply), (done) => between(request.around, migration, done)).run();
			files.push(trace);
			if (stopped === void 0) await request.around?.after(migration, trace.ms);
			else return {
				files,
				stopped: await explainStop(subject, migration.name, stopped, request.countBudgetMs)
			};
		}
		return {
			files,
			stopped: void 0
		};
	} catch (_) {
		_usingCtx$4.e = _;
	} finally {
		await _usingCtx$4.d();
	}
}
async function between(around, migration, done) {
	await around?.between?.(migration, done);
}
// src/stages/rehearse/trace/subject.ts
const states = {
	I: "idle",
	T: "open",
	E: "failed"
};
async function openSubjectSession(url, settings, signal, onNotice) {
	const session = await openMigratingSession(url, settings, signal, ({ message = "", routine = "" }) => onNotice({
		message,
		routine
	}));
	const { client } = session;
	const { Query } = await import("./postgres-driver.mjs");
	const send = (sql) => new Promise((resolve, reject) => {
		const sent = new Query(sql);
		sent.on("row", () => void 0);
		sent.on("error", reject);
		sent.on("end", ({ command, rowCount }) => resolve({
			command: command ?? "",
			rows: rowCount ?? null
		}));
		client.query(sent);
	});
	return {
		...session,
		pid: await processOf(session),
		async send(sql) {
			try {
				return await unlessCancelled(send(sql), signal);
			} catch (error) {
				throw isRefusal(error) ? error : explain(error, url);
			}
		},
		transaction() {
			const state = states[client.getTransactionStatus() ?? ""];
			if (state === void 0) throw new Error("The driver does not say whether a transaction is open");
			return state;
		}
	};
}
async function processOf(session) {
	const [row] = await session.query("SELECT pg_catalog.pg_backend_pid() AS pid");
	if (row === void 0) throw new Error("The server does not say which of its processes serves the session");
	return row.pid;
}
// src/stages/rehearse/warm-up.ts
async function warmUp(clone, serverMajor, { migrations }) {
	const tables = await tablesCalled(clone, migrations.flatMap(({ statements }) => statements.flatMap(({ effects: { scans, rewrites, locks } }) => scans.length + rewrites.length === 0 ? [] : [
		...scans,
		...rewrites,
		...locks.map(({ relation }) => relation)
	])));
	if (tables.length === 0) return;
	const keeps = serverMajor >= 16 ? ", BUFFER_USAGE_LIMIT 0" : "";
	await clone.query(`VACUUM (ANALYZE, INDEX_CLEANUP OFF, TRUNCATE OFF${keeps}) ${tables.join(", ")}`);
}
const onRows = /* @__PURE__ */ new Set([
	"InsertStmt",
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt",
	"SelectStmt",
	"DoStmt",
	"CallStmt",
	"CreateTableAsStmt",
	"RefreshMatViewStmt"
]);
async function analyseRead({ url }, { migrations }) {
	try {
		var _usingCtx$3 = _usingCtx();
		const working = migrations.flatMap(({ statements }) => statements.filter(({ kind }) => onRows.has(kind)));
		if (working.length === 0) return;
		const session = _usingCtx$3.a(await connect(url, "airlock rehearsal"));
		if (working.some(({ effects, runsCode }) => runsCode || effects.unknown)) {
			await session.query("ANALYZE");
			return;
		}
		const tables = await tablesCalled(session, working.flatMap(({ effects }) => effects.locks.map(({ relation }) => relation)));
		if (tables.length > 0) await session.query(`ANALYZE ${tables.join(", ")}`);
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
async function tablesCalled(session, names) {
	return (await session.query(`SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS path
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname || '.' || c.relname = ANY ($1::text[]) AND c.relkind IN ('r', 'm', 'p')`, [[...new Set(names)]])).map(({ path }) => path);
}
// src/stages/rehearse/undo/decide-reach.ts
function whyReachesOut(sql) {
	for (const statement of fileStatements(sql)) {
		const reaches = reachesOut(statement.words);
		if (reaches !== void 0) return reaches;
		if (/\b(?:CREATE|ALTER|DROP)\s+SUBSCRIPTION\b/i.test(statement.sql)) return "a SUBSCRIPTION speaks to another server";
		if (/\bdblink\w*"?\s*\(/i.test(statement.sql)) return "dblink() speaks to another server";
		if (/\bCOPY\b[\s\S]*\bPROGRAM\b/i.test(statement.sql)) return "COPY … PROGRAM runs a command";
		if (/\bCOPY\b[\s\S]*\bTO\s+(?:E|U&)?'/i.test(statement.sql)) return "COPY … TO writes a file";
	}
}
// src/stages/rehearse/undo/in-one-transaction.ts
function inOneTransaction(sql) {
	const pieces = [];
	for (const statement of fileStatements(sql)) {
		const role = transactionRole(statement);
		if (role === "begin" || role === "commit") continue;
		const because = whyNot(statement, role);
		if (because !== void 0) return {
			kind: "refused",
			because
		};
		pieces.push(statement.sql);
	}
	return {
		kind: "pieces",
		pieces
	};
}
function whyNot({ words }, role) {
	const alone = needsOwnTransaction(words);
	if (alone !== void 0) return `${alone} cannot run inside of a transaction`;
	if (role === "rollback") return "it has a ROLLBACK of its own";
	return role === "work-in-steps" ? `${words[0] ?? "it"} may commit on its way` : void 0;
}
// src/stages/rehearse/undo/decide-rows-to-keep.ts
function decideRowsToKeep(statements, before, mayRefill) {
	const names = new Map(before.tables.map((table) => [plainName(table), table]));
	const sequences = new Set(before.sequences.map(plainName));
	const tables = /* @__PURE__ */ new Set();
	const added = /* @__PURE__ */ new Set();
	const counted = /* @__PURE__ */ new Set();
	const columns = /* @__PURE__ */ new Map();
	let all = statements.some(({ effects, runsCode }) => effects.unknown || runsCode);
	const renames = statements.some(({ kind }) => kind === "RenameStmt" || kind === "AlterObjectSchemaStmt");
	const makes = renames || statements.some(({ kind }) => kind === "CreateStmt" || kind === "CreateTableAsStmt");
	const find = (name) => {
		const table = names.get(name);
		if (table === void 0) all ||= renames;
		return table === void 0 ? [] : withParts(table, before);
	};
	const keep = (name) => {
		for (const { oid } of find(name)) tables.add(oid);
	};
	for (const { effects } of statements) {
		for (const name of [...effects.overwrites, ...effects.rewrites]) keep(name);
		for (const { relation, mode } of effects.locks) if (mode === "RowExclusiveLock" && !sequences.has(relation)) for (const { oid } of find(relation)) added.add(oid);
		for (const { kind, name } of effects.loses) {
			const table = name.split(".").slice(0, 2).join(".");
			if (kind === "rows") keep(name);
			if (kind === "precision") keep(table);
			if (kind === "table") for (const { oid } of find(name)) (mayRefill || makes ? tables : counted).add(oid);
			if (kind === "column") for (const { oid } of find(table)) columns.set(oid, (columns.get(oid) ?? /* @__PURE__ */ new Set()).add(name.slice(table.length + 1)));
		}
	}
	if (mayRefill) for (const oid of columns.keys()) tables.add(oid);
	if (all) {
		for (const { oid, kind } of before.tables) if (kind === "r") tables.add(oid);
	}
	return {
		tables,
		added,
		counted,
		columns
	};
}
function withParts(table, { tables }) {
	return [table, ...tables.filter(({ parents }) => parents.includes(table.oid)).flatMap((part) => withParts(part, { tables }))];
}
// src/stages/rehearse/undo/kept-rows.ts
const timeIsOver = "the time for it was over";
const mostHashedBytes = 33554432;
async function keepRows(session, request) {
	const { before, statements, mayRefill, limit } = request;
	const wanted = decideRowsToKeep(statements, before, mayRefill);
	const tables = /* @__PURE__ */ new Map();
	const left = /* @__PURE__ */ new Map();
	const files = await filesOf(session);
	const hashed = await formsOf(session);
	const ofInterest = before.tables.filter(({ oid, kind }) => kind === "r" && [
		wanted.tables,
		wanted.added,
		wanted.counted,
		wanted.columns
	].some((those) => those.has(oid))).toSorted((a, b) => Number(files.get(a.oid)?.bytes ?? 0) - Number(files.get(b.oid)?.bytes ?? 0));
	for (const table of ofInterest) {
		const form = hashed.get(plainName(table));
		const timeoutMs = limit();
		if (form === void 0 || timeoutMs === void 0) {
			left.set(table.oid, form === void 0 ? "it cannot be read" : timeIsOver);
			continue;
		}
		const bytes = Number(files.get(table.oid)?.bytes ?? 0);
		const [whole, added] = [wanted.tables.has(table.oid), wanted.added.has(table.oid)];
		const large = (whole || added) && bytes > mostHashedBytes;
		if (large) left.set(table.oid, `reading all of its ${formatBytes(bytes)} three times is too much for a rehearsal`);
		if (large && !added) continue;
		const place = (whole || added) && !large ? `pg_temp.airlock_rows_${table.oid}` : void 0;
		const kept = await inTime(session, timeoutMs, () => keepTable(session, table, form, {
			place,
			columns: wanted.columns.get(table.oid) ?? /* @__PURE__ */ new Set()
		}));
		if (kept === void 0) left.set(table.oid, timeIsOver);
		else tables.set(table.oid, kept);
	}
	return {
		tables,
		left,
		files
	};
}
async function formsOf(session) {
	await session.query("BEGIN");
	try {
		await session.query(fixedOutputSql);
		return new Map((await listHashedTables(session)).map((table) => [plainName(table), table]));
	} finally {
		await session.query("ROLLBACK");
	}
}
async function inTime(session, timeoutMs, work) {
	await session.query("BEGIN");
	try {
		await session.query(`${fixedOutputSql} SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`);
		const value = await work();
		await session.query("COMMIT");
		return value;
	} catch (error) {
		await session.query("ROLLBACK");
		if (isTimeout(error)) return void 0;
		throw error;
	}
}
function isTimeout(error) {
	const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	return cause instanceof Error && "code" in cause && cause.code === "57014";
}
async function keepTable(session, table, form, { place, columns }) {
	const dropped = table.columns.filter(({ name, generated }) => columns.has(name) && generated === "");
	const counts = dropped.flatMap((column, at) => {
		const { values, others } = countValues(column);
		return [`${values} AS v${at}`, `${others} AS o${at}`];
	});
	const [counted] = await session.query(`SELECT ${["count(*)::text AS rows", ...counts].join(", ")} FROM ONLY ${pathOf$1(table)}`);
	if (place !== void 0) {
		const rest = form.columns.filter(({ name }) => !columns.has(name));
		await session.query(`CREATE TEMPORARY TABLE ${place.replace("pg_temp.", "")} AS SELECT ${rowHash(form.columns)} AS whole, ${dropped.length === 0 ? "0" : rowHash(rest)} AS rest FROM ONLY ${pathOf$1(table)} t`);
	}
	const values = dropped.map(({ name }, at) => {
		const [all, others] = [Number(counted?.[`v${at}`]), Number(counted?.[`o${at}`])];
		return [name, {
			values: all,
			others
		}];
	});
	return {
		rows: Number(counted?.rows),
		place,
		dropped: new Map(values)
	};
}
async function compareKept(session, request) {
	const { kept, before, after, up, mayRefill } = request;
	const loses = [];
	const notCompared = [];
	const filled = /* @__PURE__ */ new Set();
	const now = new Map((await listHashedTables(session)).map((table) => [plainName(table), table]));
	const files = await filesOf(session);
	let [tables, rows] = [0, 0];
	for (const was of before.tables.filter(({ kind }) => kind === "r")) {
		const name = plainName(was);
		const is = after.tables.find((one) => plainName(one) === name);
		const form = now.get(name);
		const had = kept.tables.get(was.oid);
		const bytes = Number(kept.files.get(was.oid)?.bytes ?? 0);
		if (had === void 0 ? bytes > 0 : had.rows > 0) filled.add(name);
		if (is === void 0) continue;
		if (form === void 0) {
			if (had !== void 0 || kept.left.has(was.oid)) notCompared.push(`Rows of ${name} were not compared: it cannot be read.`);
			continue;
		}
		const anew = recreated(was, is, up.tables);
		if (had === void 0) {
			const other = kept.files.get(was.oid)?.file !== up.files.get(was.oid)?.file;
			const written = mayRefill && (Number(files.get(is.oid)?.writes) > 0 || files.get(is.oid)?.file !== up.files.get(is.oid)?.file);
			const grown = Number(up.files.get(was.oid)?.bytes ?? 0) > bytes;
			if (kept.left.has(was.oid) || written || grown || bytes > 0 && (anew.kind !== "same" || other)) notCompared.push(`Rows of ${name} were not compared: ${kept.left.get(was.oid) ?? "nothing said before that they would change"}.`);
			continue;
		}
		const onlyCounted = had.place === void 0 ? kept.left.get(was.oid) : void 0;
		if (onlyCounted === void 0) tables += 1;
		if (onlyCounted === void 0) rows += had.rows;
		const whole = had.place === void 0 ? void 0 : await differing(session, had.place, form, "whole");
		if (anew.kind === "table") {
			if (mayRefill && whole?.missing === 0 && whole.surplus === 0 && had.rows > 0) continue;
			loses.push(tableLoss(name, had.rows, await countRows(session, is)));
			continue;
		}
		if (mayRefill && whole?.missing === 0 && whole.surplus === 0 && had.rows > 0) continue;
		const unknown = anew.columns.filter((column) => !had.dropped.has(column));
		const unforeseen = anew.kind === "same" && had.place === void 0 && had.dropped.size === 0;
		if (unknown.length > 0 || unforeseen && onlyCounted === void 0) {
			notCompared.push(`Rows of ${name} were not compared: nothing said before that ${unknown.join(", ") || "they"} would go.`);
			continue;
		}
		for (const column of anew.columns) {
			const { values = 0, others = 0 } = had.dropped.get(column) ?? {};
			loses.push(columnLoss(`${name}.${column}`, values, others === 0));
		}
		if (onlyCounted !== void 0) {
			const more = await countRows(session, is) - had.rows;
			loses.push(...rowLosses(name, Math.max(-more, 0), Math.max(more, 0)));
			if (more === 0 || mayRefill) notCompared.push(`Rows of ${name} were counted and not compared: ${onlyCounted}.`);
		}
		if (had.place === void 0) continue;
		const rest = anew.columns.length === 0 ? whole : await differing(session, had.place, without(form, had.dropped), "rest");
		loses.push(...rowLosses(name, rest?.missing ?? 0, rest?.surplus ?? 0));
	}
	return {
		loses,
		tables,
		rows,
		filled,
		notCompared
	};
}
function without(form, dropped) {
	return {
		...form,
		columns: form.columns.filter(({ name }) => !dropped.has(name))
	};
}
async function differing(session, place, form, hash) {
	await session.query("SET LOCAL work_mem = '64MB'");
	const [row] = await session.query(`SELECT coalesce(sum(greatest(was - now, 0)), 0)::text AS missing, coalesce(sum(greatest(now - was, 0)), 0)::text AS surplus
       FROM (SELECT hash, sum(was) AS was, sum(now) AS now
               FROM (SELECT ${hash} AS hash, 1 AS was, 0 AS now FROM ${place}
                     UNION ALL SELECT ${rowHash(form.columns)}, 0, 1 FROM ONLY ${pathOf$1(form)} t) r
              GROUP BY hash) h`);
	if (row === void 0) throw new Error("an aggregate returned no row");
	return {
		missing: Number(row.missing),
		surplus: Number(row.surplus)
	};
}
async function countRows(session, table) {
	const [row] = await session.query(`SELECT count(*)::text AS rows FROM ONLY ${pathOf$1(table)}`);
	return Number(row?.rows);
}
async function filesOf(session) {
	const rows = await session.query(`SELECT c.oid::text AS oid, pg_catalog.pg_relation_filenode(c.oid)::text AS file, pg_catalog.pg_relation_size(c.oid)::text AS bytes,
            (pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid))::text AS writes
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`);
	return new Map(rows.map((row) => [row.oid, row]));
}
// src/stages/rehearse/undo/prove-in-place.ts
const mostAgainMs = 1e3;
var WaysBack = class {
	#database;
	#limit;
	#reading;
	#state;
	#begun;
	#run;
	constructor(database, limit) {
		this.#database = database;
		this.#limit = limit;
	}
	async before({ migration, own }) {
		if (this.#limit() === void 0) return;
		const before = this.#state ?? await readState(await this.#reader());
		this.#state = void 0;
		const run = await this.#session();
		const wanted = {
			statements: migration.statements,
			mayRefill: own !== void 0,
			limit: this.#limit
		};
		this.#begun = {
			kept: await keepRows(run, {
				...wanted,
				before: before.objects
			}),
			run
		};
		this.#state = before;
	}
	async after(request, upMs) {
		const origin = request.own === void 0 ? { kind: "generated" } : {
			kind: "own",
			file: request.own.file
		};
		const [before, begun] = [this.#state, this.#begun];
		this.#begun = void 0;
		this.#state = void 0;
		if (before === void 0 || begun === void 0) return timeOver(origin);
		const { run } = begun;
		const up = await readState(await this.#reader());
		this.#state = up;
		return await this.#down(run, {
			request,
			origin,
			before,
			up,
			kept: begun.kept,
			upMs
		});
	}
	async #down(run, proving) {
		const { request, origin, before, up } = proving;
		const pairs = pairUp(before.objects, up.objects);
		const one = {
			...proving,
			pairs
		};
		const reverse = request.own === void 0 ? await generateReverse(await this.#reader(), before.objects, {
			now: up.objects,
			pairs
		}) : void 0;
		if (reverse?.kind === "impossible") return {
			kind: "impossible",
			origin,
			because: reverse.because
		};
		const sql = request.own?.sql ?? undoFile(reverse?.statements ?? []);
		const reaches = request.own === void 0 ? void 0 : whyReachesOut(sql);
		if (reaches !== void 0) return {
			kind: "not-proven",
			origin,
			because: `A rehearsal does not run what reaches out of the copy: ${reaches}.`,
			sql
		};
		const pieces = inOneTransaction(sql);
		if (pieces.kind === "refused") return {
			kind: "not-proven",
			origin,
			because: `A rehearsal tries the way back in one transaction, and ${pieces.because}; \`airlock undo\` runs it as it is.`,
			sql
		};
		const timeoutMs = this.#limit();
		if (timeoutMs === void 0) return timeOver(origin, sql);
		const files = await filesOf(await this.#reader());
		await run.send(`BEGIN; SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`);
		const undo = await this.#inside(run, one, {
			sql,
			pieces: pieces.pieces,
			files
		}).catch((error) => {
			if (isTimeout(error)) return timeOver(origin, sql);
			throw error;
		});
		await run.send("ROLLBACK");
		return undo;
	}
	async #inside(run, one, down) {
		const { request, origin, before, up } = one;
		const { sql, pieces, files } = down;
		const failed = await sendAll(run, pieces);
		if (failed !== void 0) return decideUndo({
			kind: "down-failed",
			origin,
			sql,
			...failed
		});
		const seen = await looking(run, () => readState(run));
		if ("sqlState" in seen) return decideUndo({
			kind: "down-failed",
			origin,
			sql,
			...seen
		});
		const differs = differenceOf(before.catalog, seen.catalog);
		if (differs.added.length + differs.removed.length > 0) return decideUndo({
			kind: "differs",
			origin,
			sql,
			differs
		});
		const rows = await looking(run, () => compareKept(run, {
			kept: one.kept,
			before: before.objects,
			after: seen.objects,
			up: {
				tables: new Set(up.objects.tables.map(({ oid }) => oid)),
				files
			},
			mayRefill: request.own !== void 0
		}));
		if ("sqlState" in rows) return decideUndo({
			kind: "down-failed",
			origin,
			sql,
			...rows
		});
		return decideUndo({
			kind: "ran",
			origin,
			sql,
			statements: request.migration.statements,
			before: before.objects,
			after: seen.objects,
			rows,
			writtenSince: decideWrittenSince(one.pairs),
			again: await this.#again(run, one, sql)
		});
	}
	async #again(run, { request, up, upMs }, down) {
		if (down.trim() === "") return {
			kind: "not-run",
			because: "there is nothing to take back"
		};
		if (upMs > mostAgainMs) return {
			kind: "not-run",
			because: `it took ${formatMs(upMs)} the first time`
		};
		const pieces = request.migration.statements.map(({ sql }) => inOneTransaction(sql));
		const refused = pieces.find(({ kind }) => kind === "refused");
		if (refused?.kind === "refused") return {
			kind: "not-run",
			because: refused.because
		};
		if (this.#limit() === void 0) return {
			kind: "not-run",
			because: "the time for ways back was over"
		};
		const failed = await sendAll(run, pieces.flatMap((one) => one.kind === "pieces" ? one.pieces : []));
		if (failed !== void 0) return onlyHere.has(failed.sqlState) ? {
			kind: "not-run",
			because: `in one transaction with the way back it cannot run (SQLSTATE ${failed.sqlState})`
		} : {
			kind: "failed",
			because: failed.because
		};
		const seen = await looking(run, () => readCatalog(run));
		if ("sqlState" in seen) return {
			kind: "failed",
			because: seen.because
		};
		return {
			kind: "ran",
			differs: differenceOf(up.catalog, seen)
		};
	}
	async #session() {
		if (this.#run === void 0) this.#run = await this.#database.openRun();
		else for (const sql of forgetSession.split("; ")) await this.#run.send(sql);
		return this.#run;
	}
	async #reader() {
		this.#reading ??= await this.#database.open();
		return this.#reading;
	}
	async forget() {
		const sessions = [this.#run, this.#reading];
		this.#run = void 0;
		this.#reading = void 0;
		this.#begun = void 0;
		this.#state = void 0;
		await Promise.allSettled(sessions.map((session) => session?.[Symbol.asyncDispose]()));
	}
	async [Symbol.asyncDispose]() {
		await this.forget();
	}
};
const onlyHere = /* @__PURE__ */ new Set([
	"55P04",
	"55006",
	"25001"
]);
async function sendAll(run, pieces) {
	for (const piece of pieces) try {
		await run.send(piece);
	} catch (error) {
		return refusalOf(error, piece);
	}
}
function refusalOf(error, piece) {
	const { sqlState, message } = serverErrorOf(error instanceof FailureError ? error.cause : error);
	if (sqlState === void 0 || /^(?:57|08)/.test(sqlState)) throw error;
	return {
		sqlState,
		because: `${message} (SQLSTATE ${sqlState}), at: ${(piece.replaceAll(/^\s*(?:--.*\n\s*)*/g, "").split("\n")[0] ?? "").slice(0, 120)}`
	};
}
async function looking(run, look) {
	await run.send("SAVEPOINT airlock_look");
	try {
		await run.send("SET CONSTRAINTS ALL IMMEDIATE");
	} catch (error) {
		return refusalOf(error, "COMMIT");
	}
	await run.send(fixedOutputSql);
	const seen = await look();
	await run.send("ROLLBACK TO airlock_look");
	return seen;
}
async function readState(session) {
	return {
		catalog: await readCatalog(session),
		objects: await readObjects(session)
	};
}
function timeOver(origin, sql = "") {
	return {
		kind: "not-proven",
		origin,
		because: "It was not tried: the time for ways back was over.",
		sql
	};
}
// src/stages/rehearse/ways-back.ts
const allowanceMs = 5e3;
async function openWaysBack(context, like, plan, database) {
	const { run, redactor } = context;
	const found = /* @__PURE__ */ new Map();
	let [migrationsMs, spentMs] = [0, 0];
	const limit = () => {
		const leftMs = allowanceMs + migrationsMs / 2 - spentMs - sinceMs();
		return leftMs > 0 ? leftMs : void 0;
	};
	let startedAt;
	const sinceMs = () => startedAt === void 0 ? 0 : performance.now() - startedAt;
	const spending = async (work) => {
		startedAt = performance.now();
		try {
			return await work();
		} finally {
			spentMs += sinceMs();
			startedAt = void 0;
		}
	};
	const ways = new WaysBack(database, limit);
	const own = /* @__PURE__ */ new Map();
	const trying = (migration, work) => spending(work).catch(async (error) => {
		if (run.signal.aborted) throw error;
		found.set(migration.name, {
			...notReached,
			migration: migration.name,
			because: notTried(error)
		});
		await ways.forget();
	});
	return {
		before: (migration) => trying(migration, async () => {
			const file = await ownUndo(like, migration);
			redactor.add(secretsIn(file?.sql ?? ""));
			own.set(migration.name, file);
			await ways.before({
				migration,
				own: file
			});
		}),
		after: (migration, ms) => trying(migration, async () => {
			migrationsMs += ms;
			if (found.has(migration.name)) return;
			run.progress(`${migration.name}: its way back`);
			const proven = await ways.after({
				migration,
				own: own.get(migration.name)
			}, ms);
			found.set(migration.name, {
				migration: migration.name,
				...begunBefore(migration) ?? proven
			});
		}),
		undo: () => plan.migrations.map(({ name }) => found.get(name) ?? {
			migration: name,
			...notReached
		}),
		[Symbol.asyncDispose]: () => ways[Symbol.asyncDispose]()
	};
}
function notTried(error) {
	const { failure, cause } = error instanceof FailureError ? error : {
		failure: void 0,
		cause: error
	};
	return `It could not be tried: ${cause === void 0 && failure !== void 0 ? `${failure.what} ${failure.why}` : serverErrorOf(cause).message}`;
}
async function ownUndo({ source }, { name, file }) {
	const path = resolve(source.root, dirname(file));
	const { kind, root, migrationsPath } = source;
	const [first] = await findOwn({
		kind,
		root,
		migrationsPath,
		migration: {
			name,
			path
		}
	});
	return first !== void 0 && fileStatements(first.sql).length > 0 ? first : void 0;
}
const notReached = {
	kind: "not-proven",
	origin: { kind: "generated" },
	because: "The migration did not go through on the copy.",
	sql: ""
};
function begunBefore({ resumesAt }) {
	if (resumesAt === void 0) return void 0;
	return {
		...notReached,
		because: "An earlier run began it: the state before it is not on the copy."
	};
}
// src/stages/rehearse/trace-on-clone.ts
const countBudgetMs = 2e4;
async function traceOnClone(context, like, plan, { copy, settle }) {
	try {
		var _usingCtx$2 = _usingCtx();
		const { run, policy } = context;
		await analyseRead(copy, plan);
		_usingCtx$2.a(await newRolesGo(copy));
		const clone = _usingCtx$2.a(await copy.scratch.cloneDatabase(copy.url.database));
		await settle(clone.name);
		const url = withDatabase(withSessionOf(copy.url, like.url), clone.name);
		const open = () => connectWithoutLimits(url, "airlock rehearsal");
		const session = _usingCtx$2.a(await open());
		if (like.url.parameters.has("schema")) await session.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(like.url.schema)}`);
		await warmUp(session, copy.scratch.major, plan);
		const settings = applySettings(policy, context.runId, await endWithClientSettings(session), plan.migrations);
		const footprints = await readFootprints(session);
		run.progress(`${plan.migrations.length} to be looked at statement by statement`);
		const database = {
			open,
			openRun: () => openApplySession(url, settings, () => void 0, run.signal)
		};
		const { source } = like;
		const observed = async () => {
			try {
				var _usingCtx3 = _usingCtx();
				const ways = _usingCtx3.a(policy.undo === "off" ? void 0 : await openWaysBack(context, like, plan, database));
				const halfway = like.apply === "prisma" && source.kind === "prisma" ? await watchHalfway({
					url,
					source,
					session,
					migrations: plan.migrations
				}) : void 0;
				return {
					trace: await traceMigrations({
						migrations: plan.migrations,
						apply: like.apply,
						openSubject: (onNotice) => openSubjectSession(url, settings, run.signal, onNotice),
						openWitness: open,
						countBudgetMs,
						around: inside(halfway, ways)
					}),
					undo: ways?.undo() ?? [],
					halfway: halfway?.halfway() ?? []
				};
			} catch (_) {
				_usingCtx3.e = _;
			} finally {
				await _usingCtx3.d();
			}
		};
		const seen = await observed();
		const writtenOver = seen.trace.stopped === void 0 ? await tablesWrittenOver(session, footprints) : [];
		return {
			...seen,
			writtenOver,
			after: await packCatalog(session)
		};
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
function inside(outer, inner) {
	return {
		async before(migration) {
			await outer?.before(migration);
			await inner?.before(migration);
		},
		between: async (migration, done) => outer?.between?.(migration, done),
		async after(migration, ms) {
			await inner?.after(migration, ms);
			await outer?.after(migration, ms);
		}
	};
}
async function newRolesGo({ scratch }) {
	try {
		var _usingCtx4 = _usingCtx();
		if (scratch.kind === "url") return { async [Symbol.asyncDispose]() {} };
		const first = _usingCtx4.a(await connect(scratch.url, "airlock rehearsal"));
		const before = new Set(await rolesOn(first));
		return { async [Symbol.asyncDispose]() {
			try {
				var _usingCtx5 = _usingCtx();
				const last = _usingCtx5.a(await connect(scratch.url, "airlock rehearsal"));
				for (const name of await rolesOn(last)) if (!before.has(name)) await last.query(`DROP ROLE ${quoteIdentifier(name)}`);
			} catch (_) {
				_usingCtx5.e = _;
			} finally {
				await _usingCtx5.d();
			}
		} };
	} catch (_) {
		_usingCtx4.e = _;
	} finally {
		await _usingCtx4.d();
	}
}
async function rolesOn(session) {
	return (await session.query("SELECT rolname AS name FROM pg_catalog.pg_roles")).map(({ name }) => name);
}
// src/stages/rehearse/perform.ts
async function rehearse(context, target, plan, copy, origin) {
	const { run, policy } = context;
	if (policy.rehearse === "off") return notMade(context, "airlock.yml says `rehearse: off`");
	if (policy.rehearse === "schema") return await inStage(context, target, () => onTheSchema(context, target, plan, origin));
	if (copy === void 0) {
		if (policy.rehearse === "data") throw noCopy();
		return notMade(context, "the backup was not restored, so there is no copy to rehearse on");
	}
	const because = whyNotOnCopy(plan, copy.scratch) ?? await whyNoSpace(copy);
	if (because !== void 0) {
		if (policy.rehearse === "data") throw new FailureError(notPossible(because));
		run.notice(`Nothing was rehearsed: ${because}.`);
		return notMade(context, because);
	}
	return await inStage(context, target, () => onTheCopy(onCopy(context), target, plan, {
		mode: "data",
		copy,
		origin
	}));
}
async function inStage(context, { url }, work) {
	const { run } = context;
	const rehearsal = await run.stage("rehearse", work, describeRehearsal);
	if (rehearsal.kind === "not-made") {
		run.notice(`Nothing was rehearsed to its end: ${rehearsal.because}.`);
		noticeSeed(context, rehearsal.because);
	}
	run.learn({ rehearsal: reportedRehearsal(rehearsal, url.schema) });
	return rehearsal;
}
async function onTheSchema(context, target, plan, origin) {
	try {
		var _usingCtx$1 = _usingCtx();
		const made = _usingCtx$1.a(await copySchema(context, target));
		const because = whyNotOnCopy(plan, made.copy.scratch);
		if (because !== void 0) throw new FailureError(notPossible(because));
		if (context.policy.assertions.length > 0) context.run.notice(assertionsNotChecked(context, "the copy has no rows"));
		return await onTheCopy(onCopy(context), target, plan, {
			mode: "schema",
			copy: made.copy,
			origin
		});
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function onTheCopy(context, like, plan, { mode, copy, origin }) {
	try {
		var _usingCtx3 = _usingCtx();
		const approved = context.invocation.approve === plan.digest;
		const { settle } = await likeProduction(origin.production, copy);
		await settle(copy.url.database);
		const masked = mode === "data" ? await maskCopy(context, like, copy) : [];
		const { trace, after, writtenOver, undo, halfway } = await traceOnClone(context, like, plan, {
			copy,
			settle
		});
		const target = _usingCtx3.a(await openCopy(context, like, copy));
		const estimate = await estimateOnCopy(target.session, {
			mode,
			trace,
			plan
		}, origin);
		const watched = await watchData(context, target, plan, {
			mode,
			database: copy,
			writtenOver,
			production: like.url
		});
		const real = await runForReal(context, target, clearanceOnCopy(plan, copy));
		const agreement = decideAgreement(plan.migrations, trace);
		const stopped = problemsOf(plan, {
			real,
			trace,
			apart: await differenceSince(after, target.session)
		});
		const checks = stopped.length > 0 ? [] : await watched.check();
		const seen = {
			real,
			trace,
			estimate,
			agreement,
			checks,
			undo,
			halfway,
			notChecked: [
				...notChecked[mode],
				...masked,
				...context.policy.undo === "off" ? ["the way back: airlock.yml says `undo: off`"] : [],
				...untold(agreement)
			]
		};
		const needsRows = mode === "schema" && stopped.length > 0 ? mayNeedRows(trace) : void 0;
		if (needsRows !== void 0 && approved) return {
			kind: "not-made",
			because: needsRows
		};
		const failed = failedAmong(checks);
		const problems = [
			...stopped,
			...needsRows === void 0 ? [] : [needsRows],
			...failed.filter(({ kind }) => kind !== "table").map(sentenceOf)
		];
		if (problems.length > 0) return {
			kind: "failed",
			...seen,
			problems,
			find: findOf(trace, real),
			approvable: needsRows !== void 0
		};
		const more = approved ? [] : [...unsaid(agreement), ...failed.map(sentenceOf)];
		if (more.length > 0) return {
			kind: "failed",
			...seen,
			problems: more,
			find: void 0,
			approvable: true
		};
		return {
			kind: "passed",
			...seen
		};
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
function notMade(context, because) {
	if (context.policy.assertions.length > 0) context.run.notice(assertionsNotChecked(context, because));
	noticeSeed(context, because);
	context.run.skip("rehearse", because);
	return {
		kind: "not-made",
		because
	};
}
function noticeSeed({ run, policy }, because) {
	if (policy.hooks.seed.length > 0) run.notice(`\`hooks.seed\` was not tried on a copy: ${because}.`);
}
function assertionsNotChecked({ policy }, because) {
	return `${plural(policy.assertions.length, "assertion")} of airlock.yml not checked: ${because}.`;
}
export { openCopy as n, rehearse as t };
