import { n as isCancellation, r as unlessCancelled } from "./cancellation.mjs";
import { n as fail, t as FailureError } from "./errors.mjs";
import { a as extensionVolatility, c as progressIn, f as writeEvents, i as builtinVolatility, n as namesIn$1, o as provenNotNull, p as Relations, r as lastingCalls, t as analyse, u as resumptionOf } from "./analysis.mjs";
import { f as compareNames, p as together, r as openSource } from "./open-source.mjs";
import { i as shellWord, n as quoteIdentifier } from "./quoting.mjs";
import { a as readSystemIdentifier, i as withoutRowValues, s as connect, t as connectTo } from "./postgres-url.mjs";
import { i as whoApplies } from "./deploy-lock.mjs";
import { r as snapshotSql } from "./catalog.mjs";
import { n as parseMigration, t as loadParser } from "./grammars.mjs";
import { E as listed, h as withoutSchema, k as splitName, v as as } from "./rules.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { setTimeout } from "node:timers/promises";
// src/migrations/atomic-history.ts
function withResumable(history, migrations, sha256) {
	const points = /* @__PURE__ */ new Map();
	const failed = [];
	for (const row of history.failed) {
		const migration = migrations.find(({ name }) => name === row.name);
		const resumption = resumptionOf(row, migration, sha256);
		if (resumption?.kind === "resumable") points.set(row.name, resumption.point);
		else failed.push(resumption === void 0 ? row : {
			...row,
			notResumable: resumption.because
		});
	}
	if (points.size === 0) return {
		...history,
		failed
	};
	const pending = new Set(history.pending.map(({ name }) => name));
	return {
		...history,
		failed,
		pending: migrations.flatMap((migration) => {
			const resume = points.get(migration.name);
			if (resume !== void 0) return [{
				...migration,
				resume
			}];
			return pending.has(migration.name) ? [migration] : [];
		})
	};
}
function movedSince(planned, rows) {
	const standing = rows.filter((row) => row.rolledBackAt === void 0);
	const expected = /* @__PURE__ */ new Set([...planned.applied.map(({ name }) => name), ...planned.missing]);
	for (const { name, resume } of planned.pending) {
		const own = standing.filter((row) => row.name === name);
		if (resume === void 0 && own.length > 0) return `${name} is no longer pending`;
		if (resume !== void 0 && !own.some((row) => isAt(resume, row))) return `${name} is no longer where it stopped`;
		expected.add(name);
	}
	const stranger = standing.find(({ name }) => !expected.has(name));
	if (stranger !== void 0) return `${stranger.name} was recorded by somebody else`;
	const finished = new Set(standing.filter(({ finishedAt }) => finishedAt !== void 0).map(({ name }) => name));
	const gone = planned.applied.find(({ name }) => !finished.has(name));
	return gone === void 0 ? void 0 : `${gone.name} is no longer recorded as applied`;
}
function isAt(resume, row) {
	const progress = progressIn(row.logs);
	return row.id === resume.rowId && row.finishedAt === void 0 && progress?.doneBytes === resume.doneBytes && JSON.stringify(progress.begun) === JSON.stringify(resume.begun);
}
// src/migrations/history.ts
function sqlStateIn(logs) {
	return /^Database error code: ([0-9A-Z]{5})\s*$/m.exec(logs)?.[1];
}
function decideHistory(rows, migrations, order = "locale") {
	const standing = rows.filter((row) => row.rolledBackAt === void 0);
	const finished = standing.filter((row) => row.finishedAt !== void 0);
	const standingNames = new Set(standing.map((row) => row.name));
	const finishedNames = new Set(finished.map((row) => row.name));
	const known = new Set(migrations.map((migration) => migration.name));
	const pending = migrations.filter((migration) => !standingNames.has(migration.name));
	const applied = migrations.filter((migration) => finishedNames.has(migration.name));
	const missing = [...finishedNames].filter((name) => !known.has(name));
	return {
		pending,
		applied,
		failed: standing.filter((row) => row.finishedAt === void 0),
		edited: applied.flatMap((migration) => editedBy(migration, finished)),
		missing: missing.sort(compareNames(order)),
		outOfOrder: pending.filter((migration) => isBefore(migration, applied, migrations)),
		head: applied.at(-1)?.name
	};
}
function editedBy(migration, finished) {
	const row = finished.find(({ name, checksum }) => name === migration.name && !matches(checksum, migration));
	return row === void 0 ? [] : [{
		migration,
		recorded: row.checksum
	}];
}
function matches(recorded, migration) {
	if (recorded === migration.checksum) return true;
	const own = [migration.checksum, ...migration.otherChecksums];
	if (recorded === "" || recorded.length === migration.checksum.length) return own.includes(recorded);
	return own.some((checksum) => checksum.replace(/0([0-9a-f])|([0-9a-f]{2})/g, "$1$2") === recorded);
}
function isBefore(migration, applied, migrations) {
	const last = applied.at(-1);
	return last !== void 0 && migrations.indexOf(migration) < migrations.indexOf(last);
}
// src/migrations/history-failures.ts
function historyFailures(history, words) {
	return [
		failedMigrations(history, words),
		editedMigrations(history.edited, words),
		missingMigrations(history.missing, words)
	].filter((failure) => failure !== void 0);
}
function failedMigrations({ failed, applied }, words) {
	const [first] = failed;
	if (first === void 0) return void 0;
	const names = [...new Set(failed.map((row) => row.name))];
	const finished = new Set(applied.map((migration) => migration.name));
	return {
		code: "HISTORY.FAILED_MIGRATION",
		what: names.length === 1 ? `\`${first.name}\` is recorded as failed.` : `${names.length} migrations are recorded as failed.`,
		why: `${failed.map((row) => whatHappened(row, words)).join("\n")}\n${words.blocked}`,
		next: [`Compare the database with the file: which of its statements are in force? Then say so to ${words.recorder}.`, ...names.flatMap((name) => waysOutOf(name, failed, finished, words))]
	};
}
function waysOutOf(name, failed, finished, words) {
	const running = failed.every((row) => row.name !== name || row.logs.trim() === "") ? ["It may still be running. See who is at work before resolving anything:", "SELECT pid, application_name, state, xact_start, left(query, 100) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle';"] : [];
	const rolledBack = [`If nothing of \`${name}\` is in force, or after undoing what is: it will be applied again.`, words.setRolledBack(name)];
	const applied = finished.has(name) ? [] : [`If all of \`${name}\` is in force, or after completing it by hand:`, words.setApplied(name)];
	return [
		...running,
		...rolledBack,
		...applied
	];
}
function whatHappened(row, words) {
	const why = row.notResumable === void 0 ? "" : ` It cannot go on from there: ${row.notResumable}.`;
	return `${withoutRowValues(errorIn(row, words))}${why}`;
}
function errorIn(row, { recorder }) {
	const started = `\`${row.name}\`, started at ${row.startedAt.toISOString()}`;
	const sqlState = sqlStateIn(row.logs);
	const message = /Database error:\s*\n\s*([^\n]+)/.exec(row.logs)?.[1]?.trim();
	if (row.logs.trim() === "") return `${started}: ${recorder} recorded no error, so it was interrupted or is still running, or it is in force and only the record of that is missing.`;
	if (message === void 0) return `${started}: ${row.logs.trim().split("\n")[0]}`;
	return `${started}: ${message}${sqlState === void 0 ? "" : ` (SQLSTATE ${sqlState})`}`;
}
function editedMigrations(edited, words) {
	const [first] = edited;
	if (first === void 0) return void 0;
	return {
		code: "HISTORY.EDITED",
		what: `${edited.map(({ migration }) => `\`${migration.name}\``).join(", ")} ${edited.length === 1 ? "was" : "were"} edited after being applied.`,
		why: `${edited.map(({ migration, recorded }) => `\`${migration.file}\` has the checksum ${migration.checksum}; applied was ${recorded}.`).join("\n")}\nWhat was changed will never run on this database, and ${words.reader} says nothing about it.`,
		next: [
			"Put the applied text back, and what was changed into a new migration:",
			...edited.map(({ migration }) => `git log --oneline -- ${shellWord(migration.file)}`),
			"If only comments or spaces changed, accept the new text:",
			...edited.map(words.acceptEdited)
		]
	};
}
function missingMigrations(missing, words) {
	if (missing.length === 0) return void 0;
	return {
		code: "HISTORY.MISSING_FROM_FOLDER",
		what: `The database is ahead of the folder: ${missing.map((name) => `\`${name}\``).join(", ")} ${missing.length === 1 ? "is" : "are"} applied and not in it.`,
		why: "Either this is an older commit or another branch than the one that was deployed last, or the folder was deleted or renamed. A plan made from it would be about another schema.",
		next: [
			"Find the commit that has it, and deploy that one or merge it:",
			...missing.map(words.findInGit),
			"If it was squashed into another migration on purpose, take its row out of the history:",
			words.forget(missing)
		]
	};
}
function notBaselined(absent, words, schema, migrations) {
	const { tables } = absent;
	const stops = words.reader === "Prisma" ? "so Prisma applies nothing (P3005)" : "so all of them would be applied";
	return {
		code: "HISTORY.NOT_BASELINED",
		what: `The schema \`${schema}\` has ${tables === 1 ? "a table" : `${tables} tables`} and no \`${words.name}\`.`,
		why: `Nothing says which migrations its tables come from, ${stops}.`,
		next: words.baseline(migrations[0], absent)
	};
}
// src/postgres/catalog-version.ts
const versionedCatalogs = [
	"pg_aggregate",
	"pg_am",
	"pg_amop",
	"pg_amproc",
	"pg_attrdef",
	"pg_attribute",
	"pg_cast",
	"pg_class",
	"pg_collation",
	"pg_constraint",
	"pg_conversion",
	"pg_depend",
	"pg_enum",
	"pg_event_trigger",
	"pg_extension",
	"pg_foreign_data_wrapper",
	"pg_foreign_server",
	"pg_foreign_table",
	"pg_index",
	"pg_inherits",
	"pg_language",
	"pg_namespace",
	"pg_opclass",
	"pg_operator",
	"pg_opfamily",
	"pg_partitioned_table",
	"pg_policy",
	"pg_proc",
	"pg_range",
	"pg_rewrite",
	"pg_sequence",
	"pg_statistic_ext",
	"pg_transform",
	"pg_trigger",
	"pg_ts_config",
	"pg_ts_config_map",
	"pg_ts_dict",
	"pg_ts_parser",
	"pg_ts_template",
	"pg_type"
];
const settings = [
	"DateStyle",
	"IntervalStyle",
	"TimeZone",
	"bytea_output",
	"extra_float_digits",
	"lc_monetary",
	"quote_all_identifiers",
	"search_path",
	"xmlbinary"
];
const roles = `SELECT pg_catalog.md5(coalesce(pg_catalog.string_agg(concat_ws(' ', oid, rolsuper, rolname), ',' ORDER BY oid), '')) FROM pg_catalog.pg_roles`;
const catalogVersionSql = `SELECT pg_catalog.concat_ws('/', ${[
	...versionedCatalogs.map((name) => `(SELECT concat(count(*), ' ', bit_xor(pg_catalog.hashtidextended(ctid, xmin::pg_catalog.text::pg_catalog.int8))) FROM pg_catalog.${name})`),
	`(${roles})`,
	"session_user, current_user",
	...settings.map((name) => `pg_catalog.current_setting('${name}')`)
].join(",\n")}) AS version`;
async function readCatalogVersion(session) {
	try {
		const [row] = await session.query(catalogVersionSql);
		return row?.version ?? void 0;
	} catch (error) {
		if (error instanceof FailureError && !isCancellation(error)) return void 0;
		throw error;
	}
}
// src/postgres/one-moment.ts
async function inOneMoment(session, work) {
	await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL jit = off; SET LOCAL idle_in_transaction_session_timeout = 0");
	try {
		const value = await work();
		await session.query("COMMIT");
		return value;
	} catch (thrown) {
		await session.query("ROLLBACK").catch(() => void 0);
		throw thrown;
	}
}
// src/postgres/packed-catalog.ts
const linesInPiece = 2e3;
const end = "\0";
async function packCatalog(session) {
	const hash = createHash("sha256");
	const pieces = [];
	await inOneMoment(session, async () => {
		for await (const lines of linesOf(session)) {
			hash.update(`${pieces.length === 0 ? "" : "\n"}${lines.join("\n")}`);
			pieces.push(deflateRawSync(lines.join(end), { level: 1 }));
		}
	});
	return {
		fingerprint: hash.digest("hex"),
		pieces
	};
}
async function differenceSince(before, session) {
	const added = /* @__PURE__ */ new Set();
	const removed = /* @__PURE__ */ new Set();
	let last = {};
	const was = before.pieces.values();
	const seeBefore = () => {
		const piece = was.next().value;
		for (const line of piece === void 0 ? [] : inflateRawSync(piece).toString("utf8").split(end)) {
			if (line === last.was) continue;
			last = {
				...last,
				was: line
			};
			if (!added.delete(line)) removed.add(line);
		}
		return piece !== void 0;
	};
	await inOneMoment(session, async () => {
		for await (const lines of linesOf(session)) {
			seeBefore();
			for (const line of lines) {
				if (line === last.is) continue;
				last = {
					...last,
					is: line
				};
				if (!removed.delete(line)) added.add(line);
			}
		}
	});
	while (seeBefore());
	return {
		added: [...added],
		removed: [...removed]
	};
}
async function* linesOf(session) {
	await session.query(`DECLARE airlock_lines NO SCROLL CURSOR FOR ${snapshotSql}`);
	for (;;) {
		const rows = await session.query(`FETCH ${linesInPiece} FROM airlock_lines`);
		if (rows.length > 0) yield rows.map((row) => row.line);
		if (rows.length < linesInPiece) return;
	}
}
// src/sql/catalog/unread.ts
var Unread = class {
	#relations;
	#pointedAt;
	#constraints;
	#relationsMissed = /* @__PURE__ */ new Set();
	#constraintsMissed = /* @__PURE__ */ new Set();
	#everythingMissed = false;
	constructor(unread) {
		this.#relations = unread.relations;
		this.#pointedAt = unread.pointedAt;
		this.#constraints = unread.constraints;
	}
	get missed() {
		const [relations, constraints] = [this.#relationsMissed, this.#constraintsMissed];
		return {
			relations,
			constraints,
			everything: this.#everythingMissed,
			nothing: relations.size === 0 && constraints.size === 0 && !this.#everythingMissed
		};
	}
	askRelation(name) {
		if (this.#relations.has(name)) this.#relationsMissed.add(name);
	}
	askPointingAt(name) {
		if (this.#relations.has(name) || this.#pointedAt.has(name)) this.#relationsMissed.add(name);
	}
	askConstraint(name) {
		if (this.#constraints.has(name)) this.#constraintsMissed.add(name);
	}
	askEverything() {
		this.#everythingMissed = true;
	}
};
// src/postgres/live-catalog/extensions.ts
function extensionsOf(rows, names) {
	return new Map(rows.extensions.map((row) => [row.name, {
		...row,
		relations: row.relations.flatMap((id) => names.relation(id) ?? []),
		types: row.types.map((type) => names.type({
			type,
			typmod: -1,
			written: null
		}).name),
		complete: true
	}]));
}
// src/postgres/live-catalog/grouped.ts
function groupedBy(rows, keyOf) {
	const groups = /* @__PURE__ */ new Map();
	for (const row of rows) {
		const key = keyOf(row);
		const group = groups.get(key);
		if (group === void 0) groups.set(key, [row]);
		else group.push(row);
	}
	return groups;
}
// src/postgres/live-catalog/functions.ts
function functionsOf(rows, names) {
	const functions = /* @__PURE__ */ new Map();
	for (const [name, overloads] of groupedBy(rows.functions, (row) => row.name)) {
		const bodies = overloads.map((row) => bodyOf(row, row.text ?? "", names));
		functions.set(name, {
			name,
			volatility: worstOf(overloads),
			bodies,
			createdBy: void 0
		});
	}
	return functions;
}
function bodyOf(row, text, names) {
	const path = row.settings?.find((setting) => setting.startsWith("search_path="));
	return {
		signature: row.arguments.map((type) => typeText(type, names)).join(),
		language: row.language,
		text,
		sql: row.sql ?? void 0,
		searchPath: path === void 0 ? void 0 : namesIn$1(path.slice(12)).filter(Boolean)
	};
}
function typeText(type, names) {
	const { name, array } = names.type({
		type,
		typmod: -1,
		written: null
	});
	return array ? `${name}[]` : name;
}
function worstOf(overloads) {
	const said = new Set(overloads.map((row) => row.volatility));
	return said.has("v") ? "volatile" : said.has("s") ? "stable" : "immutable";
}
// src/postgres/live-catalog/type-modifiers.ts
const header = 4;
const lengths = /* @__PURE__ */ new Set(["varchar", "bpchar"]);
const wholeInterval = 32767;
const fullPrecision = 65535;
function modifiersOf(name, { typmod, written }) {
	if (typmod < 0) return [];
	if (written !== null) return numbersIn(written);
	if (lengths.has(name)) return [typmod - header];
	if (name === "numeric") return [typmod - header >>> 16, scaleOf(typmod - header & 2047)];
	if (name === "interval") return intervalModifiers(typmod >>> 16 & wholeInterval, typmod & 65535);
	return [typmod];
}
function scaleOf(bits) {
	return (bits ^ 1024) - 1024;
}
function intervalModifiers(fields, precision) {
	return precision === fullPrecision ? [fields] : [fields, precision];
}
function numbersIn(written) {
	return (/\(([^()]*)\)(?:\[\])*$/.exec(written)?.[1] ?? "").split(",").flatMap((part) => /^\s*-?\d+\s*$/.test(part) ? [Number(part)] : []);
}
// src/postgres/live-catalog/names.ts
function namesIn(rows) {
	const relations = new Map(rows.relations.map((row) => [row.id, row.name]));
	const types = new Map(rows.typeNames.map((row) => [row.id, row]));
	const columns = new Map(rows.relations.map((row) => [row.id, /* @__PURE__ */ new Map()]));
	for (const row of rows.columns) columns.get(row.relation)?.set(row.number, row.name);
	return {
		relation: (id) => id === null ? void 0 : relations.get(id),
		columns: (relation, numbers) => (numbers ?? []).flatMap((number) => columns.get(relation)?.get(number) ?? []),
		type: (use) => {
			const { name, array } = types.get(use.type) ?? {
				name: `type ${use.type}`,
				array: false
			};
			return {
				name,
				modifiers: modifiersOf(name, use),
				array
			};
		}
	};
}
// src/postgres/live-catalog/columns.ts
function columnsIn(rows, names) {
	const key = (relation, column) => `${relation}.${column}`;
	const sequences = /* @__PURE__ */ new Map();
	for (const row of rows.fills) sequences.set(key(row.relation, row.column), names.relation(row.sequence));
	for (const row of rows.sequences) if (row.identity) sequences.set(key(row.table, row.column), names.relation(row.id));
	const uses = /* @__PURE__ */ new Map();
	const use = (column, name) => {
		if (name !== void 0) uses.set(column, [...uses.get(column) ?? [], name]);
	};
	for (const row of rows.fills) use(key(row.relation, row.column), names.relation(row.sequence));
	for (const row of rows.defaultTypes) use(key(row.relation, row.column), names.type({
		type: row.type,
		typmod: -1,
		written: null
	}).name);
	const unproven = /* @__PURE__ */ new Set();
	for (const row of rows.constraints) if (row.kind === "n" && !row.validated) for (const column of row.columns ?? []) unproven.add(key(row.relation, column));
	return (row) => {
		const { relation, number, name, hasDefault, generated, identity } = row;
		return {
			name,
			type: names.type(row),
			notNull: row.notNull && !unproven.has(key(relation, number)),
			hasDefault,
			generated,
			identity,
			sequence: sequences.get(key(relation, number)),
			defaultUses: uses.get(key(relation, number)) ?? [],
			createdBy: void 0
		};
	};
}
// src/postgres/live-catalog/constraints.ts
const kinds$1 = {
	p: "primary",
	u: "unique",
	f: "foreign",
	c: "check",
	x: "exclusion",
	n: "not-null"
};
const writing = /* @__PURE__ */ new Set([
	"c",
	"n",
	"d"
]);
function constraintOf(row, names, indexes, parser) {
	return {
		name: row.name,
		kind: kinds$1[row.kind],
		columns: (row.kind === "x" ? indexes.get(row.index)?.columns : void 0) ?? names.columns(row.relation, row.columns),
		references: referencesOf(row, names),
		writesOnDelete: writing.has(row.onDelete),
		writesOnUpdate: writing.has(row.onUpdate),
		deletesRows: row.onDelete === "c",
		validated: row.validated,
		provesNotNull: row.expression === null ? [] : provenBy(row.expression, parser)
	};
}
function referencesOf({ references, referencedColumns }, names) {
	const table = names.relation(references);
	if (references === null || table === void 0) return void 0;
	return {
		table,
		columns: names.columns(references, referencedColumns)
	};
}
function provenBy(expression, parser) {
	const parsed = parseMigration(parser, `SELECT ${expression}`);
	if (parsed.kind === "syntax-error") return [];
	const target = as(parsed.statements[0]?.node, "SelectStmt")?.targetList?.[0];
	return provenNotNull(as(target, "ResTarget")?.val);
}
// src/postgres/live-catalog/indexes.ts
function indexesIn(rows, names) {
	const computed = groupedBy(rows.computed, (row) => row.index);
	const collations = new Map(rows.columns.map((row) => [`${row.relation}.${row.number}`, row.collation]));
	const collatesAsItsColumns = ({ table, columns, collations: own }) => columns.every((column, index) => collations.get(`${table}.${column}`) === own[index]);
	return new Map(rows.indexes.map((row) => {
		const mentioned = (computed.get(row.id) ?? []).map(({ column }) => column);
		const plain = row.plain && !row.exclusion;
		const index = {
			kind: "index",
			name: names.relation(row.id) ?? "",
			createdBy: void 0,
			table: names.relation(row.table) ?? "",
			columns: [...new Set(names.columns(row.table, [...row.columns, ...mentioned]))],
			unique: row.unique,
			plain,
			btree: plain && row.ordinary && collatesAsItsColumns(row)
		};
		return [row.id, index];
	}));
}
// src/postgres/live-catalog/relations.ts
function relationsOf(rows, names, runs, parser) {
	const indexes = indexesIn(rows, names);
	const sequences = new Map(rows.sequences.map((row) => [row.id, row]));
	const tableOrView = tablesAndViewsIn(rows, names, runs, indexes, parser);
	return rows.relations.filter(({ whole }) => whole).map((row) => {
		const index = indexes.get(row.id);
		const sequence = sequences.get(row.id);
		return index ?? (sequence === void 0 ? tableOrView(row) : sequenceOf(row.name, sequence, names));
	});
}
function tablesAndViewsIn(rows, names, runs, indexes, parser) {
	const columnOf = columnsIn(rows, names);
	const columns = groupedBy(rows.columns, (row) => row.relation);
	const constraints = groupedBy(rows.constraints, (row) => row.relation);
	const triggers = groupedBy(rows.triggers, (row) => row.relation);
	const attachments = groupedBy(rows.attachments, (row) => row.relation);
	const parents = groupedBy(rows.inheritance, (row) => row.relation);
	const reads = groupedBy(rows.reads, (row) => row.view);
	return ({ id, name, kind, unlogged, rowSecurity, defaultPartition, ofType }) => {
		const attached = attachments.get(id) ?? [];
		const common = {
			name,
			createdBy: void 0,
			triggers: new Map((triggers.get(id) ?? []).map((row) => [row.name, triggerOf(row, runs)])),
			rules: attached.filter((row) => row.kind === "rule").map((row) => row.name),
			runs: runs.ofRelation(id)
		};
		if (kind === "v" || kind === "m") {
			const read = reads.get(id) ?? [];
			return {
				...common,
				kind: kind === "v" ? "view" : "materialized-view",
				reads: [...new Set(read.flatMap((row) => names.relation(row.relation) ?? []))],
				mentions: new Set(read.flatMap((row) => names.columns(row.relation, [row.column])))
			};
		}
		return {
			...common,
			kind: "table",
			partitioned: kind === "p",
			foreign: kind === "f",
			unlogged,
			rowSecurity,
			ofType: ofType === null ? void 0 : names.type({
				type: ofType,
				typmod: -1,
				written: null
			}).name,
			columns: new Map((columns.get(id) ?? []).map((row) => [row.name, columnOf(row)])),
			columnsKnown: true,
			constraints: (constraints.get(id) ?? []).map((row) => constraintOf(row, names, indexes, parser)),
			parents: (parents.get(id) ?? []).flatMap((row) => names.relation(row.parent) ?? []),
			defaultPartition,
			policies: attached.filter((row) => row.kind === "policy").map((row) => row.name)
		};
	};
}
const eventBits = {
	insert: 4,
	delete: 8,
	update: 16,
	truncate: 32
};
const rowBit = 1;
function triggerOf(row, runs) {
	return {
		forEachRow: (row.type & rowBit) !== 0,
		events: writeEvents.filter((event) => (row.type & eventBits[event]) !== 0),
		runs: runs.ofTrigger(row)
	};
}
function sequenceOf(name, row, names) {
	const table = names.relation(row.table);
	const [column] = row.table === null || row.column === null ? [] : names.columns(row.table, [row.column]);
	return {
		kind: "sequence",
		name,
		createdBy: void 0,
		ownedBy: table === void 0 || column === void 0 ? void 0 : {
			table,
			column
		}
	};
}
// src/postgres/live-catalog/runs.ts
function runsIn(rows) {
	const found = rows.runs.filter(mayDoAnything);
	const ofTriggers = groupedBy(found.filter((row) => row.trigger !== null), (row) => `${row.relation} ${row.trigger}`);
	const ofRelations = groupedBy(found.filter((row) => row.trigger === null), (row) => row.relation);
	const ofTypes = groupedBy(found, (row) => row.type);
	return {
		ofRelation: (id) => named(ofRelations.get(id)),
		ofType: (id) => named(ofTypes.get(id)),
		ofTrigger: (row) => [...ofServer(row.function), ...named(ofTriggers.get(`${row.relation} ${row.name}`))]
	};
}
function named(rows = []) {
	return [...new Set(rows.map((row) => row.function))];
}
function mayDoAnything(row) {
	if (row.ofServer) return isStrange(row.function);
	if (!row.ofExtension) return true;
	return !row.immutable && extensionVolatility(splitName(row.function).name) === void 0;
}
function ofServer(trigger) {
	return splitName(trigger).schema === "pg_catalog" && isStrange(trigger) ? [trigger] : [];
}
function isStrange(name) {
	return builtinVolatility(splitName(name).name) === void 0 || lastingCalls.has(name);
}
// src/postgres/live-catalog/shared-sql.ts
const firstOfSomebody = 16384;
const isOfExtension = (kind, id, owner) => `(EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${kind}'::regclass AND e.objid = ${id} AND e.deptype = 'e')
           AND EXISTS (SELECT FROM pg_roles r WHERE r.oid = ${owner} AND r.rolsuper))`;
const shared = `
schemas AS MATERIALIZED (
  SELECT oid, nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
),
functions AS (
  -- Without the constructors that come with a range type: they are named like it and only compute.
  -- What somebody put among PostgreSQL's own counts too.
  SELECT p.oid, s.nspname || '.' || p.proname AS name, p.provolatile = 'i' AS immutable,
         ${isOfExtension("pg_proc", "p.oid", "p.proowner")} AS of_extension
    FROM pg_proc p JOIN pg_namespace s ON s.oid = p.pronamespace
   WHERE (s.oid IN (SELECT oid FROM schemas) OR s.nspname = 'pg_catalog' AND p.oid >= ${firstOfSomebody})
     AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid
                       AND i.refclassid = 'pg_type'::regclass AND i.deptype = 'i')
),
by_hand AS (
  -- Operators, casts and classes that no extension of a superuser brought: what is behind them runs without being named.
  SELECT o.oprcode AS function FROM pg_operator o WHERE o.oid >= ${firstOfSomebody} AND NOT ${isOfExtension("pg_operator", "o.oid", "o.oprowner")}
  UNION
  -- A cast has no owner: it is that of an extension only where its function is too.
  SELECT c.castfunc FROM pg_cast c WHERE c.oid >= ${firstOfSomebody} AND NOT (
    EXISTS (SELECT FROM functions f WHERE f.oid = c.castfunc AND f.of_extension)
    AND EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_cast'::regclass AND e.objid = c.oid AND e.deptype = 'e'))
  UNION
  SELECT a.amproc FROM pg_amproc a JOIN pg_opfamily y ON y.oid = a.amprocfamily
   WHERE a.oid >= ${firstOfSomebody} AND NOT ${isOfExtension("pg_opfamily", "y.oid", "y.opfowner")}
),
calls AS (
  SELECT classid, objid, refobjid AS function FROM pg_depend WHERE refclassid = 'pg_proc'::regclass
  UNION ALL
  SELECT d.classid, d.objid, o.oprcode FROM pg_depend d JOIN pg_operator o ON o.oid = d.refobjid
   WHERE d.refclassid = 'pg_operator'::regclass
  UNION ALL
  SELECT d.classid, d.objid, a.amproc FROM pg_depend d JOIN pg_opclass o ON o.oid = d.refobjid
    JOIN pg_amproc a ON a.amprocfamily = o.opcfamily WHERE d.refclassid = 'pg_opclass'::regclass
  UNION ALL
  SELECT 'pg_policy'::regclass, p.policy, d.refobjid FROM policy_reads p JOIN pg_rewrite w ON w.ev_class = p.relation
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_proc'::regclass
),
policy_reads AS (
  SELECT objid AS policy, refobjid AS relation FROM pg_depend
   WHERE classid = 'pg_policy'::regclass AND refclassid = 'pg_class'::regclass AND deptype = 'n'
  UNION
  SELECT p.policy, d.refobjid FROM policy_reads p JOIN pg_rewrite w ON w.ev_class = p.relation AND w.rulename = '_RETURN'
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
),
parts AS (
  SELECT a.atttypid AS part, c.reltype AS whole FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
   WHERE c.reltype <> 0 AND c.oid >= ${firstOfSomebody} AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT typelem, oid FROM pg_type WHERE typelem <> 0
  UNION ALL SELECT typbasetype, oid FROM pg_type WHERE typbasetype <> 0
  UNION ALL SELECT rngsubtype, rngtypid FROM pg_range
  UNION ALL SELECT rngsubtype, rngmultitypid FROM pg_range
),
type_calls AS (
  -- The checks and the default of a domain, the functions of a range; and they are in every type that has one of those in it.
  SELECT contypid AS type, function, true AS own FROM calls
    JOIN pg_constraint ON classid = 'pg_constraint'::regclass AND oid = objid AND contypid <> 0
  UNION
  -- Not those that read and write values of a base type: they are written in C, by whoever owns the server.
  SELECT objid, function, true FROM calls JOIN pg_type b ON b.oid = objid AND b.typtype <> 'b' WHERE classid = 'pg_type'::regclass
  UNION
  SELECT p.whole, t.function, false FROM type_calls t JOIN parts p ON p.part = t.type
),
expressions AS (
  SELECT adrelid AS relation, NULL::name AS trigger, NULL::oid AS type, adbin::text AS tree FROM pg_attrdef
  UNION ALL SELECT conrelid, NULL, contypid, conbin::text FROM pg_constraint WHERE conbin IS NOT NULL
  UNION ALL SELECT indrelid, NULL, NULL, concat(indexprs, indpred) FROM pg_index WHERE indexprs IS NOT NULL OR indpred IS NOT NULL
  UNION ALL SELECT partrelid, NULL, NULL, partexprs::text FROM pg_partitioned_table WHERE partexprs IS NOT NULL
  UNION ALL SELECT stxrelid, NULL, NULL, stxexprs::text FROM pg_statistic_ext WHERE stxexprs IS NOT NULL
  UNION ALL SELECT polrelid, NULL, NULL, concat(polqual, polwithcheck) FROM pg_policy
  UNION ALL SELECT tgrelid, tgname, NULL, tgqual::text FROM pg_trigger WHERE tgqual IS NOT NULL
  UNION ALL SELECT NULL, NULL, oid, typdefaultbin::text FROM pg_type WHERE typdefaultbin IS NOT NULL
  UNION ALL SELECT ev_class, NULL, NULL, ev_action::text FROM pg_rewrite WHERE rulename = '_RETURN' AND ev_class >= ${firstOfSomebody}
)`;
const relationKinds = `('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S')`;
const classDepend = (kind) => `d.classid = '${kind}'::regclass AND d.refclassid = 'pg_class'::regclass`;
const part = `
wanted AS MATERIALIZED (
  SELECT c.oid FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
   WHERE c.relkind IN ${relationKinds} AND s.name || '.' || c.relname = ANY ($1::text[])
  UNION
  SELECT k.conrelid FROM pg_constraint k JOIN schemas s ON s.oid = k.connamespace
   WHERE k.conrelid <> 0 AND s.name || '.' || k.conname = ANY ($2::text[])
),
pointing AS MATERIALIZED (
  SELECT oid FROM wanted
  UNION SELECT inhrelid FROM pg_inherits WHERE inhparent IN (SELECT oid FROM wanted)
  UNION SELECT conrelid FROM pg_constraint WHERE contype = 'f' AND confrelid IN (SELECT oid FROM wanted)
  UNION SELECT w.ev_class FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
         WHERE ${classDepend("pg_rewrite")} AND d.refobjid IN (SELECT oid FROM wanted)
),
chosen AS MATERIALIZED (
  SELECT oid FROM pointing
  UNION SELECT indexrelid FROM pg_index WHERE indrelid IN (SELECT oid FROM pointing)
  UNION SELECT d.objid FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
         WHERE ${classDepend("pg_class")} AND d.refobjid IN (SELECT oid FROM pointing) AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
),
around AS MATERIALIZED (
  SELECT oid FROM chosen
  UNION SELECT indrelid FROM pg_index WHERE indexrelid IN (SELECT oid FROM chosen)
  UNION SELECT confrelid FROM pg_constraint WHERE contype = 'f' AND conrelid IN (SELECT oid FROM chosen)
  UNION SELECT inhparent FROM pg_inherits WHERE inhrelid IN (SELECT oid FROM chosen)
  UNION SELECT d.refobjid FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
         WHERE ${classDepend("pg_rewrite")} AND w.ev_class IN (SELECT oid FROM chosen)
  UNION SELECT d.refobjid FROM pg_depend d
         WHERE ${classDepend("pg_class")} AND d.objid IN (SELECT oid FROM chosen) AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  UNION SELECT d.refobjid FROM pg_depend d JOIN pg_attrdef x ON x.oid = d.objid
         WHERE ${classDepend("pg_attrdef")} AND x.adrelid IN (SELECT oid FROM chosen)
  UNION SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_extension'::regclass AND deptype = 'e'
),`;
// src/postgres/live-catalog/sql.ts
const ofSomebody = (relation) => `JOIN pg_class c ON c.oid = ${relation} AND c.relnamespace = ANY (ARRAY(SELECT oid FROM schemas))`;
const written = (type, modifier) => `CASE WHEN ${modifier} >= 0 AND ${type}.typnamespace <> 'pg_catalog'::regnamespace THEN format_type(${type}.oid, ${modifier}) END`;
const membersOf = (kind, what) => `ARRAY(SELECT ${what} FROM pg_depend d WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
                   AND d.deptype = 'e' AND d.classid = '${kind}'::regclass ORDER BY d.objid)`;
const sectionsOf = (extent, inPart) => ({
	schemas: "SELECT name FROM schemas ORDER BY oid",
	typeNames: `
    SELECT t.oid::int8 AS id, e.oid IS NOT NULL AS "array",
           CASE n.nspname WHEN 'pg_catalog' THEN coalesce(e.typname, t.typname)::text
             ELSE n.nspname || '.' || coalesce(e.typname, t.typname) END AS name
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
      LEFT JOIN pg_type e ON e.oid = t.typelem AND e.typarray = t.oid${extent === "whole" ? "" : typesInPart} ORDER BY t.oid`,
	relations: `
    SELECT c.oid::int8 AS id, ${extent === "whole" ? "true" : "c.oid IN (SELECT oid FROM chosen)"} AS whole, s.name || '.' || c.relname AS name, c.relkind AS kind, c.relpersistence = 'u' AS unlogged,
           c.relrowsecurity AS "rowSecurity", nullif(c.reloftype, 0)::int8 AS "ofType",
           coalesce(pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', false) AS "defaultPartition"
      FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
     WHERE c.relkind IN ${relationKinds} ${inPart("c.oid", "around")} ORDER BY c.oid`,
	columns: `
    SELECT c.oid::int8 AS relation, a.attnum AS number, a.attname AS name, a.atttypid::int8 AS type, a.atttypmod AS typmod,
           ${written("t", "a.atttypmod")} AS written, a.attcollation::int8 AS collation, a.attnotnull AS "notNull",
           a.attidentity <> '' AS identity, a.attgenerated <> '' AS generated,
           a.atthasdef AND a.attgenerated = '' OR a.attidentity <> '' AS "hasDefault"
      FROM pg_attribute a ${ofSomebody("a.attrelid")} JOIN pg_type t ON t.oid = a.atttypid
     WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped ${inPart("c.oid", "around")}
     ORDER BY c.oid, a.attnum`,
	constraints: `
    SELECT c.oid::int8 AS relation, k.conname AS name, k.contype AS kind, k.conkey AS columns, k.conindid::int8 AS index,
           nullif(k.confrelid, 0)::int8 AS references, k.confkey AS "referencedColumns", k.confdeltype AS "onDelete",
           k.confupdtype AS "onUpdate", k.convalidated AS validated,
           CASE WHEN k.contype = 'c' AND k.conbin::text LIKE '%{NULLTEST %' THEN pg_get_expr(k.conbin, k.conrelid) END AS expression
      FROM pg_constraint k ${ofSomebody("k.conrelid")} LEFT JOIN pg_constraint p ON p.oid = k.conparentid
     WHERE k.contype IN ('p', 'u', 'f', 'c', 'x', 'n') AND p.conrelid IS DISTINCT FROM k.conrelid ${inPart("c.oid")}
     ORDER BY k.oid`,
	indexes: `
    SELECT i.indexrelid::int8 AS id, i.indrelid::int8 AS "table", i.indkey::int2[] AS columns, i.indisunique AS "unique",
           i.indisexclusion AS exclusion, i.indexprs IS NULL AND i.indpred IS NULL AS plain,
           m.amname = 'btree' AND i.indnatts = i.indnkeyatts AND 0 = ALL (i.indoption::int2[])
             AND NOT i.indclass::oid[] && ARRAY(SELECT oid FROM pg_opclass WHERE NOT opcdefault) AS ordinary,
           i.indcollation::oid[]::int8[] AS collations
      FROM pg_index i ${ofSomebody("i.indexrelid")} JOIN pg_am m ON m.oid = c.relam WHERE true ${inPart("c.oid")}
     ORDER BY i.indexrelid`,
	computed: `
    SELECT DISTINCT d.objid::int8 AS index, d.refobjsubid AS "column"
      FROM pg_index i ${ofSomebody("i.indexrelid")}
      JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid
     WHERE (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL) AND d.refobjsubid > 0 ${inPart("c.oid")} ORDER BY 1, 2`,
	triggers: `
    SELECT c.oid::int8 AS relation, t.tgname AS name, t.tgtype AS type, n.nspname || '.' || p.proname AS function
      FROM pg_trigger t ${ofSomebody("t.tgrelid")} JOIN pg_proc p ON p.oid = t.tgfoid
      JOIN pg_namespace n ON n.oid = p.pronamespace LEFT JOIN pg_constraint k ON k.oid = t.tgconstraint
     WHERE (NOT t.tgisinternal OR t.tgparentid <> 0 AND coalesce(k.contype, 't') = 't') ${inPart("c.oid")} ORDER BY t.oid`,
	attachments: `
    SELECT relation::int8, kind, name
      FROM (SELECT oid, polrelid AS relation, 'policy' AS kind, polname AS name FROM pg_policy
            UNION ALL
            SELECT oid, ev_class, 'rule', rulename FROM pg_rewrite WHERE rulename <> '_RETURN') a
     WHERE true ${inPart("relation")} ORDER BY oid`,
	sequences: `
    SELECT c.oid::int8 AS id, d.refobjid::int8 AS "table", d.refobjsubid AS "column", coalesce(d.deptype = 'i', false) AS identity
      FROM pg_sequence q ${ofSomebody("q.seqrelid")}
      LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                           AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0 WHERE true ${inPart("c.oid")} ORDER BY c.oid`,
	fills: `
    SELECT x.adrelid::int8 AS relation, x.adnum AS "column", c.oid::int8 AS sequence
      FROM pg_attrdef x
      JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = x.oid AND d.refclassid = 'pg_class'::regclass
      ${ofSomebody("d.refobjid")} AND c.relkind = 'S' WHERE true ${inPart("x.adrelid")} ORDER BY c.oid`,
	defaultTypes: `
    SELECT x.adrelid::int8 AS relation, x.adnum AS "column", d.refobjid::int8 AS type
      FROM pg_attrdef x
      JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = x.oid AND d.refclassid = 'pg_type'::regclass
      ${ofSomebody("x.adrelid")} WHERE true ${inPart("c.oid")} ORDER BY x.oid, d.refobjid`,
	inheritance: `
    SELECT inhrelid::int8 AS relation, inhparent::int8 AS parent FROM pg_inherits ${ofSomebody("inhrelid")}
     WHERE c.relkind NOT IN ('i', 'I') ${inPart("inhrelid")} ORDER BY inhrelid, inhseqno`,
	parents: `
    SELECT DISTINCT s.name || '.' || p.relname AS name FROM pg_inherits ${ofSomebody("inhrelid")}
      JOIN pg_class p ON p.oid = inhparent JOIN schemas s ON s.oid = p.relnamespace
     WHERE c.relkind NOT IN ('i', 'I') AND p.relkind IN ${relationKinds} ORDER BY 1`,
	reads: `
    SELECT DISTINCT w.ev_class::int8 AS view, d.refobjid::int8 AS relation, d.refobjsubid AS "column"
      FROM pg_rewrite w ${ofSomebody("w.ev_class")}
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
     WHERE w.rulename = '_RETURN' AND d.refobjid <> w.ev_class ${inPart("w.ev_class")} ORDER BY 1, 2, 3`,
	runs: `
   SELECT * FROM (
    SELECT DISTINCT f.name AS function, f.of_extension AS "ofExtension", f.immutable, false AS "ofServer",
           CASE k.classid
             WHEN 'pg_attrdef'::regclass THEN (SELECT adrelid FROM pg_attrdef WHERE oid = k.objid)
             WHEN 'pg_constraint'::regclass THEN (SELECT conrelid FROM pg_constraint WHERE oid = k.objid)
             WHEN 'pg_class'::regclass THEN coalesce((SELECT indrelid FROM pg_index WHERE indexrelid = k.objid), k.objid)
             WHEN 'pg_policy'::regclass THEN (SELECT polrelid FROM pg_policy WHERE oid = k.objid)
             WHEN 'pg_rewrite'::regclass THEN (SELECT ev_class FROM pg_rewrite WHERE oid = k.objid AND rulename = '_RETURN')
             WHEN 'pg_trigger'::regclass THEN (SELECT tgrelid FROM pg_trigger WHERE oid = k.objid)
             WHEN 'pg_statistic_ext'::regclass THEN (SELECT stxrelid FROM pg_statistic_ext WHERE oid = k.objid)
           END::int8 AS relation,
           (SELECT tgname FROM pg_trigger WHERE k.classid = 'pg_trigger'::regclass AND oid = k.objid) AS trigger,
           NULL::int8 AS type
      FROM calls k JOIN functions f ON f.oid = k.function
    UNION ALL
    SELECT f.name, f.of_extension, f.immutable, false, NULL, NULL, r.type::int8
      FROM type_calls r JOIN functions f ON f.oid = r.function
     WHERE r.own OR NOT EXISTS (SELECT FROM pg_type WHERE oid = r.type AND typtype = 'd')
    UNION ALL
    SELECT DISTINCT 'pg_catalog.' || p.proname, false, false, true, e.relation::int8, e.trigger, e.type::int8
      FROM expressions e CROSS JOIN regexp_matches(e.tree, ':funcid (\\d+)', 'g') called
      JOIN pg_proc p ON p.oid = called[1]::oid
     WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.provolatile <> 'i' AND p.oid < ${firstOfSomebody}
   ) u WHERE coalesce(relation, 0) = 0 OR true ${inPart("relation")} ORDER BY relation, type, trigger, function`,
	types: `
    SELECT t.oid::int8 AS id, t.typtype AS kind,
           ARRAY(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels,
           CASE t.typtype WHEN 'd' THEN json_build_object('type', t.typbasetype::int8, 'typmod', t.typtypmod,
             'written', ${written("b", "t.typtypmod")})
             WHEN 'r' THEN (SELECT json_build_object('type', rngsubtype::int8, 'typmod', -1, 'written', NULL) FROM pg_range WHERE rngtypid = t.oid)
             WHEN 'm' THEN (SELECT json_build_object('type', rngtypid::int8, 'typmod', -1, 'written', NULL) FROM pg_range WHERE rngmultitypid = t.oid)
           END AS base,
           (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', a.atttypid::int8, 'typmod', a.atttypmod,
                     'written', ${written("y", "a.atttypmod")}) ORDER BY a.attnum), '[]')
              FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
             WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes,
           t.typnotnull OR EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') AS constrained
      FROM pg_type t JOIN schemas s ON s.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
      LEFT JOIN pg_type e ON e.oid = t.typelem AND e.typarray = t.oid LEFT JOIN pg_type b ON b.oid = t.typbasetype
     WHERE t.typisdefined AND CASE t.typtype WHEN 'c' THEN c.relkind = 'c' WHEN 'p' THEN false
             WHEN 'b' THEN e.oid IS NULL ELSE true END
     ORDER BY t.oid`,
	functions: `
    SELECT f.name, CASE p.prokind WHEN 'a' THEN 'v' ELSE p.provolatile END AS volatility, l.lanname AS language, p.proargtypes::oid[]::int8[] AS arguments,
           CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END AS text,
           CASE WHEN l.lanname = 'sql' AND p.prosqlbody IS NULL THEN p.prosrc END AS sql, p.proconfig AS settings
      FROM functions f JOIN pg_proc p ON p.oid = f.oid JOIN pg_language l ON l.oid = p.prolang
     WHERE NOT f.of_extension ORDER BY p.oid`,
	hidden: `
    SELECT DISTINCT name AS function, false AS "ofExtension", immutable, false AS "ofServer" FROM functions
     WHERE NOT of_extension AND oid IN (
       SELECT unnest(ARRAY[oprcode, oprrest, oprjoin]) FROM pg_operator
       UNION ALL SELECT castfunc FROM pg_cast UNION ALL SELECT amproc FROM pg_amproc)
    UNION
    SELECT name, true, immutable, false FROM functions WHERE of_extension AND oid IN (SELECT function FROM by_hand)
    UNION
    SELECT 'pg_catalog.' || proname, false, false, true FROM pg_proc
     WHERE pronamespace = 'pg_catalog'::regnamespace AND provolatile <> 'i' AND oid < ${firstOfSomebody}
       AND oid IN (SELECT function FROM by_hand) ORDER BY 1, 2, 3, 4`,
	eventTriggers: `
    SELECT e.evtname AS name, n.nspname || '.' || p.proname AS function
      FROM pg_event_trigger e JOIN pg_proc p ON p.oid = e.evtfoid JOIN pg_namespace n ON n.oid = p.pronamespace ORDER BY e.oid`,
	extensions: `
    SELECT e.extname AS name, n.nspname AS schema,
           ARRAY(SELECT r.extname FROM pg_depend d JOIN pg_extension r ON r.oid = d.refobjid
                  WHERE d.classid = 'pg_extension'::regclass AND d.objid = e.oid AND d.refclassid = 'pg_extension'::regclass) AS requires,
           ${membersOf("pg_class", "d.objid::int8")} AS relations, ${membersOf("pg_type", "d.objid::int8")} AS types,
           ${membersOf("pg_namespace", "(SELECT nspname FROM pg_namespace WHERE oid = d.objid)")} AS schemas
      FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace ORDER BY e.oid`
});
const typesInPart = `
     WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = coalesce(nullif(t.typrelid, 0), e.typrelid) AND c.relkind <> 'c'
                         AND c.oid NOT IN (SELECT oid FROM around))
        OR EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid = t.oid AND d.deptype = 'n')`;
function sqlOf(extent) {
	const inPart = (relation, set = "chosen") => extent === "whole" ? "" : `AND ${relation} IN (SELECT oid FROM ${set})`;
	return `WITH RECURSIVE ${extent === "whole" ? shared : shared.replace("functions AS (", `${part}\nfunctions AS (`)}
SELECT ${Object.entries(sectionsOf(extent, inPart)).map(([name, sql]) => `(SELECT coalesce(json_agg(s), '[]') FROM (${sql}) s) AS "${name}"`).join(",\n")}`;
}
const liveCatalogSql = sqlOf("whole");
const partOfCatalogSql = sqlOf("part");
// src/postgres/live-catalog/types.ts
const kinds = {
	e: "enum",
	c: "composite",
	d: "domain",
	r: "range",
	m: "range",
	b: "base"
};
function typeOf({ id, kind, labels, base, attributes, constrained }, names, runs) {
	return {
		kind: kinds[kind],
		name: names.type({
			type: id,
			typmod: -1,
			written: null
		}).name,
		labels,
		base: base === null ? void 0 : names.type(base),
		attributes: attributes.map((one) => ({
			name: one.name,
			type: names.type(one)
		})),
		constrained,
		runs: runs.ofType(id),
		createdBy: void 0
	};
}
// src/postgres/live-catalog.ts
async function readLiveCatalog(session) {
	await session.query("SET jit = off");
	const [[rows], parser] = await Promise.all([session.query(liveCatalogSql), loadParser()]);
	if (rows === void 0) throw new Error("a SELECT without FROM gave no row");
	return catalogOf(rows, parser);
}
const liveNamesSql = `
WITH schemas AS (SELECT oid, nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
live AS (SELECT c.oid, s.name || '.' || c.relname AS name, c.relrowsecurity FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
          WHERE c.relkind IN ${relationKinds})
SELECT (SELECT coalesce(json_agg(name), '[]') FROM live) AS relations,
       (SELECT coalesce(json_agg(s.name || '.' || k.conname), '[]') FROM pg_constraint k JOIN schemas s ON s.oid = k.connamespace
         WHERE k.conrelid <> 0 AND k.contype NOT IN ('p', 'u', 'x')) AS constraints,
       (SELECT coalesce(json_agg(name ORDER BY oid), '[]') FROM live WHERE relrowsecurity) AS secured,
       EXISTS (SELECT FROM schemas WHERE name LIKE '%.%') AS dotted`;
async function readLiveNames(session) {
	const [row] = await session.query(liveNamesSql);
	if (row === void 0) throw new Error("a SELECT without FROM gave no row");
	return row;
}
async function readPartOfCatalog(session, names, { relations, constraints }) {
	const [[rows], parser] = await Promise.all([session.query(partOfCatalogSql, [[...relations], [...constraints]]), loadParser()]);
	if (rows === void 0) throw new Error("a SELECT without FROM gave no row");
	const read = new Set(rows.relations.flatMap(({ whole, name }) => whole ? name : []));
	const unread = new Unread({
		relations: new Set(names.relations.filter((name) => !read.has(name))),
		pointedAt: new Set([...read].filter((name) => !relations.has(name))),
		constraints: new Set(names.constraints.filter((name) => !constraints.has(name)))
	});
	const doubtful = new Set(ambiguous(names.relations));
	return {
		catalog: catalogOf(rows, parser, {
			unread,
			secured: names.secured,
			doubtful
		}),
		unread
	};
}
function catalogOf(rows, parser, rest) {
	const names = namesIn(rows);
	const runs = runsIn(rows);
	const relations = relationsOf(rows, names, runs, parser);
	const types = rows.types.map((row) => typeOf(row, names, runs));
	return {
		complete: true,
		relations: new Relations(new Map(relations.map((relation) => [relation.name, relation])), rest),
		types: new Map(types.map((type) => [type.name, type])),
		functions: functionsOf(rows, names),
		hidden: new Set(rows.hidden.filter(mayDoAnything).map((row) => row.function)),
		schemas: new Set(rows.schemas.map((row) => row.name)),
		extensions: extensionsOf(rows, names),
		eventTriggers: new Map(rows.eventTriggers.map((row) => [row.name, row.function])),
		parents: new Set(rows.parents.map((row) => row.name)),
		uncertain: /* @__PURE__ */ new Set(),
		doubtful: rest?.doubtful ?? new Set(ambiguous(relations.map((relation) => relation.name)))
	};
}
function ambiguous(names) {
	const seen = /* @__PURE__ */ new Set();
	return names.filter((name) => seen.size === seen.add(name).size);
}
// src/stages/plan/analyse-live.ts
const fewRelations = 2e3;
const mostRounds = 4;
async function analyseLive(session, pending, options, few = fewRelations) {
	const analyseOn = (start) => analyse({
		applied: [],
		pending
	}, {
		...options,
		start
	});
	return await inOneMoment(session, async () => {
		return await onParts(session, await readLiveNames(session), pending, analyseOn, few) ?? await analyseOn(await readLiveCatalog(session));
	});
}
async function onParts(session, names, pending, analyseOn, few) {
	if (names.relations.length <= few || names.dotted) return void 0;
	let wanted = {
		relations: namedIn(pending, names),
		constraints: /* @__PURE__ */ new Set()
	};
	for (let round = 1; round <= mostRounds; round += 1) {
		const most = names.relations.length / 2;
		if (wanted.relations.size > most || wanted.constraints.size > most) return void 0;
		const { catalog, unread } = await readPartOfCatalog(session, names, wanted);
		const ended = await analyseOn(catalog).then((analysis) => ({ analysis }), (thrown) => ({ thrown }));
		const { missed } = unread;
		if (missed.nothing) {
			if ("thrown" in ended) throw ended.thrown;
			return ended.analysis;
		}
		if (missed.everything) return void 0;
		wanted = {
			relations: /* @__PURE__ */ new Set([...wanted.relations, ...missed.relations]),
			constraints: /* @__PURE__ */ new Set([...wanted.constraints, ...missed.constraints])
		};
	}
}
function namedIn(pending, names) {
	const words = /* @__PURE__ */ new Set();
	for (const { sql } of pending) for (const [word] of sql.matchAll(/"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu)) words.add(word.startsWith("\"") ? word.slice(1, -1).replaceAll("\"\"", "\"") : word.toLowerCase());
	return new Set(names.relations.filter((name) => words.has(withoutSchema(name))));
}
// src/stages/plan/last-look.ts
var LastLook = class {
	#last;
	async look(session, pending, options) {
		await session.query("SET jit = off");
		const version = await readCatalogVersion(session);
		const inputs = fingerprintOf([pending, options]);
		const last = version !== void 0 && version === this.#last?.version ? this.#last : void 0;
		this.#last = void 0;
		const analysis = last?.inputs !== void 0 && last.inputs === inputs ? last.analysis : await analyseLive(session, pending, options);
		const catalog = last?.catalog ?? await packCatalog(session);
		if (version !== void 0) this.#last = {
			version,
			inputs,
			analysis,
			catalog
		};
		return {
			analysis,
			catalog
		};
	}
};
function fingerprintOf(value) {
	let plain = true;
	const text = JSON.stringify(value, (_key, part) => {
		if (part instanceof Set) return [...part];
		if (!(part === null || typeof part !== "object" || Array.isArray(part) || Object.getPrototypeOf(part) === Object.prototype) || typeof part === "function" || typeof part === "bigint") plain = false;
		return typeof part === "bigint" ? String(part) : part;
	});
	return plain ? createHash("sha256").update(text).digest("hex") : void 0;
}
// src/stages/plan/part.ts
function decidePart(part, pending, applied, stageOf) {
	const { through, stages } = part;
	const last = through === void 0 ? pending.length - 1 : pending.findIndex(({ name }) => name === through);
	if (through !== void 0 && last === -1 && !applied.includes(through)) return {
		kind: "not-there",
		through
	};
	const other = stages === void 0 ? -1 : pending.findIndex(({ name }) => stageOf(name) !== stages);
	const count = Math.min(last + 1, other === -1 ? pending.length : other);
	return {
		kind: "part",
		pending: pending.slice(0, count),
		leftOut: pending.slice(count).map(({ name }) => name)
	};
}
// src/stages/plan/take-part.ts
async function takePart(context, target, facts) {
	const { through, stages } = context.invocation;
	if (through === void 0 && stages === void 0) return facts;
	refuseWithoutMeans(context, target);
	const { history } = facts;
	const found = stages === void 0 ? /* @__PURE__ */ new Map() : await stagesOf(context, target, facts);
	const applied = [...history.applied.map(({ name }) => name), ...history.missing];
	const decided = decidePart({
		through,
		stages
	}, history.pending, applied, (name) => found.get(name));
	if (decided.kind === "not-there") throw fail("USAGE.INVALID", {
		what: `There is no migration \`${decided.through}\` to stop behind.`,
		why: `Pending are ${history.pending.length === 0 ? "none" : listed(history.pending.map(({ name }) => `\`${name}\``))}.`,
		next: ["Name one of them as `through`, as its folder is called."]
	});
	const begun = history.pending.find(({ name, resume }) => resume !== void 0 && decided.leftOut.includes(name));
	if (begun !== void 0) throw fail("USAGE.INVALID", {
		what: `A part of \`${begun.name}\` is in force, and it would be left out.`,
		why: "A file that was begun is finished before anything stops in front of it.",
		next: [`Deploy without \`through\` and \`stages\`, or through \`${begun.name}\`.`]
	});
	return {
		...facts,
		history: {
			...history,
			pending: decided.pending
		},
		leftOut: decided.leftOut
	};
}
function refuseWithoutMeans({ invocation, config }, { apply }) {
	const engine = invocation.prismaEngine ?? config.prisma.engine;
	if (apply === "atomic" || engine === "wasm" || invocation.command !== "deploy") return;
	throw fail("USAGE.INVALID", {
		what: "With this configuration a part of the pending migrations cannot be applied.",
		why: "`prisma migrate deploy` with the engine that Prisma downloads applies all of them.",
		next: [
			"Let Airlock apply them, in airlock.yml under the environment:",
			"apply: atomic",
			"Or use the bundled engine:",
			"prisma: { engine: wasm }"
		]
	});
}
async function stagesOf({ policy }, { session, url, source, apply }, { history }) {
	const { migrations } = await analyseLive(session, history.pending, {
		prismaVersion: source.kind === "prisma" ? source.prisma.version : void 0,
		apply,
		schema: url.schema,
		rules: policy.rules,
		oneRun: true
	});
	return new Map(migrations.map(({ name, stage }) => [name, stage]));
}
// src/stages/preflight/observe.ts
async function observeHistory(session, url, source) {
	const recorded = source.historyIn(url.schema);
	const table = await recorded.read(session);
	const rows = table.kind === "present" ? table.rows : [];
	const reading = await source.readFolder(namesOfApplied(rows));
	if (reading.kind === "invalid") throw new FailureError(reading.failure);
	const { folder } = reading;
	if (table.kind === "absent" && table.tables > 0) throw new FailureError(notBaselined(table, recorded.words, url.schema, folder.migrations));
	return {
		folder,
		history: decideHistory(rows, folder.migrations, source.order)
	};
}
function namesOfApplied(rows) {
	return new Set(rows.filter((row) => row.finishedAt !== void 0 && row.rolledBackAt === void 0).map((row) => row.name));
}
async function observe(target) {
	try {
		var _usingCtx$1 = _usingCtx();
		return await observeHistory(_usingCtx$1.a(await connect(target.url)), target.url, target.source);
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function observeSince(before, target) {
	try {
		var _usingCtx3 = _usingCtx();
		const session = _usingCtx3.a(await connect(target.url));
		return {
			...await observeHistory(session, target.url, target.source),
			difference: await differenceSince(before, session)
		};
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
// src/stages/preflight/server.ts
const oldestMajor = 14;
function majorOf(server) {
	return Math.floor(server.versionNumber / 1e4);
}
async function readServer(session) {
	const [row] = await session.query(`SELECT current_setting('server_version_num')::int AS "versionNumber", current_setting('server_version') AS version,
            current_user::text AS "user", pg_catalog.pg_is_in_recovery() AS "inRecovery",
            current_setting('default_transaction_read_only')::bool AS "readOnly",
            current_setting('standard_conforming_strings')::bool AS "conformingStrings"`);
	if (row === void 0) throw new Error("a SELECT without FROM returned no row");
	return row;
}
function refuseVersion(server) {
	if (majorOf(server) < oldestMajor) throw fail("DATABASE.UNSUPPORTED", {
		what: `The server is PostgreSQL ${server.version}.`,
		why: `Airlock is tested on PostgreSQL ${oldestMajor} to 18; locks and rewrites of older versions differ.`,
		next: [`Upgrade the server to PostgreSQL ${oldestMajor} or newer.`]
	});
}
function refuseOtherStrings(server, url) {
	if (server.conformingStrings) return;
	throw fail("DATABASE.UNSUPPORTED", {
		what: `standard_conforming_strings is off for \`${server.user}\` in \`${url.database}\`.`,
		why: "The server then reads a backslash in a string as an escape, and where Airlock sees one statement it may see others.",
		next: [
			"See where it comes from:",
			"SELECT setdatabase, setrole::regrole, setconfig FROM pg_db_role_setting WHERE setconfig::text LIKE '%standard_conforming_strings%';",
			"Take it away, for example:",
			`ALTER DATABASE ${quoteIdentifier(url.database)} RESET standard_conforming_strings;`
		]
	});
}
function refuseReadOnly(server, url) {
	if (server.inRecovery || server.readOnly) throw fail("DATABASE.READ_ONLY", {
		what: `\`${url.database}\` on ${url.host}:${url.port} accepts no writes.`,
		why: server.inRecovery ? "The server is a replica (pg_is_in_recovery() is true)." : "default_transaction_read_only is on for this role or database.",
		next: server.inRecovery ? ["Use the URL of the primary server."] : [`Let this role write: ALTER ROLE ${quoteIdentifier(server.user)} SET default_transaction_read_only = off;`]
	});
}
async function readIdentity(session, url) {
	return await readSystemIdentifier(session) ?? `${url.host}:${url.port}`;
}
// src/stages/preflight/perform.ts
async function openTarget(context, intent) {
	const source = await openSource(context.invocation, context.config);
	const { apply } = context.policy;
	return {
		...await connectTo(context, source.urls),
		intent,
		apply: source.kind === "prisma" ? apply : "atomic",
		source,
		lastLook: new LastLook()
	};
}
async function preflight(context, target, settle) {
	const facts = await context.run.stage("preflight", async () => takePart(context, target, await factsSettled(context, target, settle)), ({ server, history, folder, leftOut }) => ({
		outcome: "pass",
		summary: `PostgreSQL ${server.version}, ${target.source.title}, ${history.applied.length} applied, ${history.pending.length} pending${leftOut.length === 0 ? "" : `, ${leftOut.length} left out`}`,
		detail: {
			server: server.version,
			...prismaVersion(target),
			notices: folder.notices
		}
	}));
	for (const { text } of facts.folder.notices) context.run.notice(text);
	return facts;
}
function prismaVersion({ source }) {
	return source.kind === "prisma" ? { prisma: source.prisma.version } : {};
}
async function factsSettled(context, target, settle) {
	try {
		return await factsAfterOthers(context, target);
	} catch (error) {
		if (!(error instanceof FailureError && error.failure.code === "HISTORY.FAILED_MIGRATION") || settle === void 0) throw error;
		await settle(context, target, error);
		return await factsAfterOthers(context, target);
	}
}
const lookAgainMs = 500;
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
async function factsAfterOthers({ run, policy }, target) {
	const giveUpAt = Date.now() + policy["lock-wait"];
	for (let told = false;; told = true) try {
		return await readFacts(target);
	} catch (error) {
		if (!(error instanceof FailureError && error.failure.code === "DEPLOY.LOCKED") || target.intent === "read" || Date.now() >= giveUpAt) throw error;
		if (!told) run.progress(`${error.failure.what} ${error.failure.why}`);
		await unlessCancelled(setTimeout(lookAgainMs), run.signal);
	}
}
async function readFacts({ session, url, source, intent, apply }) {
	const server = await readServer(session);
	refuseVersion(server);
	refuseOtherStrings(server, url);
	if (intent === "write") refuseReadOnly(server, url);
	let facts = await observeHistory(session, url, source);
	if (facts.history.failed.length > 0) {
		await refuseWhileApplied(session, facts.history.failed);
		facts = await observeHistory(session, url, source);
	}
	if (apply === "atomic") facts = {
		...facts,
		history: withResumable(facts.history, facts.folder.migrations, sha256)
	};
	const recorded = source.historyIn(url.schema);
	const failures = [...historyFailures(facts.history, recorded.words), ...recorded.problems(facts.history)];
	const failure = together(failures, "The migration history");
	if (failure !== void 0) throw new FailureError(failure);
	return {
		...facts,
		url,
		server,
		leftOut: []
	};
}
async function refuseWhileApplied(session, failed) {
	const [first] = failed;
	if (first === void 0) return;
	const who = await whoApplies(session);
	if (who === void 0) return;
	throw fail("DEPLOY.LOCKED", {
		what: `\`${first.name}\` is being applied right now.`,
		why: `At work in the database is ${who}.`,
		next: ["Run again when that has ended; then the history says what came of it.", "If nobody knows about it, see what it does: SELECT pid, state, xact_start, query FROM pg_stat_activity WHERE datname = current_database();"]
	});
}
export { readIdentity as a, observeSince as c, analyseLive as d, differenceSince as f, movedSince as h, majorOf as i, takePart as l, sqlStateIn as m, preflight as n, readServer as o, packCatalog as p, readFacts as r, observe as s, openTarget as t, LastLook as u };
