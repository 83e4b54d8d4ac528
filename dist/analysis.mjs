import { n as fail } from "./errors.mjs";
import { i as atomicModel, r as readHere, s as fileInSteps } from "./atomic-steps.mjs";
import { n as parseMigration, t as loadParser } from "./grammars.mjs";
import { C as typeRef, D as quoted, P as setEngineFlags, S as strings, T as walk, _ as allOf, a as staysBehind, b as nameParts, c as permissionsIn, d as chosenName, f as distinct, g as clausesOf, h as withoutSchema, i as rules, j as lockModes, k as splitName, l as ruleOfComments, m as isNameTaken, o as stageOf, p as freeName, r as ruleIds, s as idle, t as documentationUrl, u as beside, v as as, w as visit, x as rangeVarParts, y as kindOf } from "./rules.mjs";
import { getHeapSpaceStatistics } from "node:v8";
// src/migrations/heap-size.ts
const newBytesEnough = 4e6;
function keepHeapSmall() {
	setEngineFlags([
		"--heap-growing-percent=30",
		"--semi-space-growth-factor=1",
		marksEarlier
	]);
}
const marksEarlier = "--incremental-marking-hard-trigger=45";
function hasGrownEnough() {
	const enough = (getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space")?.space_size ?? 0) >= newBytesEnough;
	setEngineFlags([`--semi-space-growth-factor=${enough ? 1 : 2}`]);
	return enough;
}
// src/sql/catalog/versioned-map.ts
var VersionedMap = class VersionedMap {
	#content;
	#older;
	constructor(from) {
		if (!(from instanceof VersionedMap)) this.#content = {
			kind: "entries",
			entries: new Map(from)
		};
		else if (from.#allEntries().size === 0) this.#content = {
			kind: "entries",
			entries: /* @__PURE__ */ new Map()
		};
		else {
			this.#content = {
				kind: "entries",
				entries: from.#ownEntries()
			};
			from.#content = {
				kind: "differences",
				from: this,
				values: /* @__PURE__ */ new Map()
			};
			this.#older = new WeakRef(from);
		}
	}
	get(key) {
		const content = this.#content;
		if (content.kind === "entries") return content.entries.get(key);
		return content.values.has(key) ? content.values.get(key) : content.from.get(key);
	}
	has(key) {
		return this.get(key) !== void 0;
	}
	set(key, value) {
		this.#entriesToChange(key).set(key, value);
		return this;
	}
	delete(key) {
		return this.#entriesToChange(key).delete(key);
	}
	get size() {
		return this.#allEntries().size;
	}
	entries() {
		return this.#allEntries().entries();
	}
	keys() {
		return this.#allEntries().keys();
	}
	values() {
		return this.#allEntries().values();
	}
	[Symbol.iterator]() {
		return this.entries();
	}
	forEach(work) {
		for (const [key, value] of this) work(value, key, this);
	}
	#entriesToChange(key) {
		const entries = this.#ownEntries();
		const older = this.#older?.deref();
		const content = older === void 0 ? void 0 : older.#content;
		if (content?.kind === "differences" && content.from === this && !content.values.has(key)) content.values.set(key, entries.get(key));
		return entries;
	}
	#ownEntries() {
		const entries = this.#allEntries();
		if (this.#content.kind === "differences") this.#content = {
			kind: "entries",
			entries
		};
		return entries;
	}
	#allEntries() {
		const content = this.#content;
		if (content.kind === "entries") return content.entries;
		const entries = new Map(content.from.#allEntries());
		for (const [key, value] of content.values) if (value === void 0) entries.delete(key);
		else entries.set(key, value);
		return entries;
	}
};
// src/sql/catalog/relations.ts
var Relations = class Relations extends VersionedMap {
	#pointing;
	#constrained;
	temporary;
	secured;
	#unread;
	constructor(from = /* @__PURE__ */ new Map(), part) {
		super(from);
		const known = from instanceof Relations ? from : void 0;
		this.#pointing = new VersionedMap(known === void 0 ? /* @__PURE__ */ new Map() : known.#pointing);
		this.#constrained = new VersionedMap(known === void 0 ? /* @__PURE__ */ new Map() : known.#constrained);
		this.temporary = new Set(known?.temporary);
		this.secured = new Set(known?.secured ?? part?.secured);
		this.#unread = known === void 0 ? part?.unread : known.#unread;
		if (known === void 0) for (const relation of from.values()) this.#note(relation.name, void 0, relation);
	}
	get(name) {
		const found = super.get(name);
		if (found === void 0) this.#unread?.askRelation(name);
		return found;
	}
	get size() {
		this.#unread?.askEverything();
		return super.size;
	}
	entries() {
		this.#unread?.askEverything();
		return super.entries();
	}
	keys() {
		this.#unread?.askEverything();
		return super.keys();
	}
	values() {
		this.#unread?.askEverything();
		return super.values();
	}
	pointingAt(name) {
		this.#unread?.askPointingAt(name);
		const found = [];
		for (const other of this.#pointing.get(name) ?? none$2) {
			const relation = this.get(other);
			if (relation !== void 0) found.push(relation);
		}
		return found;
	}
	withConstraint(name) {
		this.#unread?.askConstraint(name);
		return (this.#constrained.get(name) ?? none$2).map((table) => this.get(table)).filter((relation) => relation?.kind === "table");
	}
	set(name, relation) {
		this.#note(name, this.get(name), relation);
		if (name.startsWith("pg_temp.")) this.temporary.add(name);
		return super.set(name, relation);
	}
	delete(name) {
		this.#note(name, this.get(name), void 0);
		this.temporary.delete(name);
		return super.delete(name);
	}
	#note(name, before, now) {
		if (now?.kind === "table" && now.rowSecurity) this.secured.add(name);
		else this.secured.delete(name);
		if (before?.kind === "table" && now?.kind === "table" && before.constraints === now.constraints && before.parents === now.parents) return;
		move(this.#pointing, name, targetsOf(before), targetsOf(now));
		move(this.#constrained, name, constraintsOf(name, before), constraintsOf(name, now));
	}
};
function move(pointers, name, before, now) {
	for (const target of before) {
		if (now.includes(target)) continue;
		const left = (pointers.get(target) ?? none$2).filter((other) => other !== name);
		if (left.length === 0) pointers.delete(target);
		else pointers.set(target, left);
	}
	for (const target of now) {
		const known = pointers.get(target) ?? none$2;
		if (!known.includes(name)) pointers.set(target, [...known, name]);
	}
}
const none$2 = [];
function constraintsOf(name, relation) {
	return relation?.kind === "table" ? relation.constraints.map((constraint) => beside(name, constraint.name)) : none$2;
}
function targetsOf(relation) {
	switch (relation?.kind) {
		case void 0: return none$2;
		case "index": return [relation.table];
		case "sequence": return relation.ownedBy === void 0 ? none$2 : [relation.ownedBy.table];
		case "view":
		case "materialized-view": return relation.reads;
		case "table": return [...relation.parents, ...relation.constraints.flatMap(({ references }) => references?.table ?? [])];
	}
}
// src/sql/catalog/model.ts
const writeEvents = [
	"insert",
	"update",
	"delete",
	"truncate"
];
const unknownCatalog = emptyCatalogThat(false);
const emptyCatalog = emptyCatalogThat(true);
function emptyCatalogThat(complete) {
	return {
		complete,
		relations: new Relations(),
		types: /* @__PURE__ */ new Map(),
		functions: /* @__PURE__ */ new Map(),
		hidden: /* @__PURE__ */ new Set(),
		schemas: /* @__PURE__ */ new Set(["public"]),
		extensions: /* @__PURE__ */ new Map(),
		eventTriggers: /* @__PURE__ */ new Map(),
		parents: /* @__PURE__ */ new Set(),
		uncertain: /* @__PURE__ */ new Set(),
		doubtful: /* @__PURE__ */ new Set()
	};
}
// src/migrations/atomic-progress.ts
const mark = "airlock-progress: ";
function progressText(progress, forPeople) {
	return `${forPeople}\n${mark}${JSON.stringify(progress)}`;
}
function hasProgress(logs) {
	return logs.split("\n").some((one) => one.startsWith(mark));
}
function progressIn(logs) {
	const line = logs.split("\n").find((one) => one.startsWith(mark));
	if (line === void 0) return void 0;
	try {
		return asProgress(JSON.parse(line.slice(18)));
	} catch {
		return;
	}
}
function asProgress(value) {
	if (typeof value !== "object" || value === null) return void 0;
	const { doneBytes, doneChecksum, begun } = value;
	if (typeof doneBytes !== "number" || typeof doneChecksum !== "string") return void 0;
	if (begun === void 0) return {
		doneBytes,
		doneChecksum,
		begun: void 0
	};
	const { indexes, invalid, there, statement } = begun;
	if (!isNumbers(indexes) || !isNumbers(invalid) || typeof there !== "boolean" || typeof statement !== "string") return void 0;
	return {
		doneBytes,
		doneChecksum,
		begun: {
			indexes,
			invalid,
			there,
			statement
		}
	};
}
function isNumbers(value) {
	return Array.isArray(value) && value.every((one) => typeof one === "number");
}
function resumptionOf(row, migration, sha256) {
	const progress = progressIn(row.logs);
	if (progress === void 0) return hasProgress(row.logs) ? {
		kind: "not-resumable",
		because: "how far it came cannot be read"
	} : void 0;
	if (migration === void 0) return {
		kind: "not-resumable",
		because: "the folder no longer has it"
	};
	const { doneBytes, doneChecksum, begun } = progress;
	if (sha256(Buffer.from(migration.sql).subarray(0, doneBytes).toString()) !== doneChecksum) return {
		kind: "not-resumable",
		because: "the part of the file that is in force was changed since"
	};
	const file = fileInSteps(migration.sql);
	if (file.kind === "unsupported") return {
		kind: "not-resumable",
		because: `it has ${file.what}`
	};
	const doneSteps = doneBytes === 0 ? 0 : file.steps.findIndex(({ endByte }) => endByte === doneBytes) + 1;
	const done = file.steps.slice(0, doneSteps);
	if (doneBytes > 0 && doneSteps === 0) return {
		kind: "not-resumable",
		because: "what is in force ends in the middle of a statement of the file"
	};
	if (!file.resumable && doneSteps > 0) return {
		kind: "not-resumable",
		because: "it uses temporary tables or cursors, which ended with their session"
	};
	if (done.some(({ steers }) => steers)) return {
		kind: "not-resumable",
		because: "what is in force may have said something to its session, which is gone"
	};
	const next = file.steps[doneSteps];
	if (begun !== void 0 && (next?.kind !== "alone" || !tellsItself(next.what))) return {
		kind: "not-resumable",
		because: `whether ${next?.kind === "alone" ? next.what : "the statement that was begun"} is in force cannot be told`
	};
	if (begun !== void 0 && next?.kind === "alone" && sha256(next.piece.sql) !== begun.statement) return {
		kind: "not-resumable",
		because: "the statement that was begun and not finished was changed since"
	};
	const doneStatements = done.reduce((sum, { count }) => sum + count, 0);
	return {
		kind: "resumable",
		point: {
			rowId: row.id,
			doneSteps,
			doneStatements,
			doneBytes,
			begun
		},
		steps: file.steps
	};
}
function tellsItself(what) {
	return /^(CREATE INDEX|DROP INDEX|REINDEX|VACUUM|CLUSTER|ALTER SYSTEM|ALTER DATABASE|ALTER TABLE)/.test(what);
}
function withoutDone(sql, { doneBytes }) {
	const bytes = Buffer.from(sql);
	return blank(bytes.subarray(0, doneBytes)) + bytes.subarray(doneBytes).toString();
}
function blank(bytes) {
	return Buffer.from(bytes.map((byte) => byte === 10 ? byte : 32)).toString();
}
// src/migrations/read-ahead.ts
const batchCharacters = 5e4;
const longestAhead = 2e5;
function readerOf(texts, { prismaVersion, thread }) {
	return thread === void 0 ? { next: (sql) => readHere(sql, prismaVersion) } : new ReadAhead(texts, prismaVersion, thread);
}
var ReadAhead = class {
	#prismaVersion;
	#thread;
	#batches;
	#asked = [];
	#readings;
	#parser;
	#hasGrown = false;
	constructor(texts, prismaVersion, thread) {
		this.#prismaVersion = prismaVersion;
		this.#thread = thread;
		this.#batches = batchesOf(texts);
		this.#readings = this.#inOrder();
		this.#ask();
		this.#ask();
	}
	async next(sql) {
		this.#hasGrown ||= hasGrownEnough();
		this.#parser ??= await loadParser();
		const reading = (await this.#readings.next()).value;
		if (reading === void 0) return readHere(sql, this.#prismaVersion);
		return {
			parser: parserOf(sql, reading, this.#parser),
			execution: () => reading.execution
		};
	}
	async *#inOrder() {
		for (let readings = this.#asked.shift(); readings !== void 0; readings = this.#asked.shift()) {
			const next = await readings;
			this.#ask();
			yield* next;
		}
	}
	#ask() {
		const { value: texts, done } = this.#batches.next();
		if (done === true) return;
		const task = {
			texts: texts.map((text) => text.length > longestAhead ? "" : text),
			prismaVersion: this.#prismaVersion
		};
		this.#asked.push(this.#thread.read(task).then((readings) => texts.map((_, index) => readings[index])));
	}
};
function* batchesOf(texts) {
	let batch = [];
	let characters = 0;
	for (const text of texts) {
		batch.push(text);
		characters += text.length;
		if (characters < batchCharacters) continue;
		yield batch;
		batch = [];
		characters = 0;
	}
	if (batch.length > 0) yield batch;
}
function parserOf(sql, { tree }, parser) {
	return {
		...parser,
		parse: (text) => text === sql ? JSON.parse(tree) : parser.parse(text)
	};
}
// src/sql/catalog/change.ts
function certainly(change) {
	return change.kind === "uncertain" ? certainly(change.change) : change;
}
// src/rules/inside.ts
function unfolded(file) {
	const outers = /* @__PURE__ */ new Map();
	const outer = (statement) => outers.get(statement) ?? statement;
	if (file.every(({ inner }) => inner.length === 0)) return {
		statements: file,
		outer
	};
	const statements = [];
	const add = (made, of) => {
		const parts = new Set(made.inner.flatMap(({ changes }) => changes.map(certainly)));
		const own = {
			...made,
			index: statements.length,
			changes: made.changes.filter((change) => !parts.has(change))
		};
		outers.set(own, of);
		statements.push(own);
		for (const part of made.inner) add(asStatement(part, of), of);
	};
	for (const statement of file) add(statement, statement);
	return {
		statements,
		outer
	};
}
function asStatement({ changes, ...part }, { range }) {
	return {
		...part,
		kind: kindOf(part.node),
		index: 0,
		range,
		changes: changes.map(certainly)
	};
}
// src/rules/topics.ts
function topicsOf(statements) {
	const topics = /* @__PURE__ */ new Set();
	for (const { kind, changes, effects } of statements) {
		topics.add(kind);
		for (const change of changes) topics.add(change.kind);
		for (const loss of effects.loses) topics.add(`loses ${loss.kind}`);
		if (effects.scans.length > 0) topics.add("scans");
		if (effects.rewrites.length > 0) topics.add("rewrites");
		if (effects.unknown) topics.add("unknown");
	}
	return topics;
}
// src/rules/judge.ts
function judge$1(migration) {
	const permissions = permissionsIn(migration, migration.ruleIds).given;
	const used = /* @__PURE__ */ new Set();
	const findings = [];
	const allowed = [];
	const say = (rule, remark) => {
		if (migration.settings[rule] !== "off") findings.push(findingOf(rule, remark, migration));
	};
	const inside = unfolded(migration.statements);
	const topics = topicsOf(migration.statements);
	const topicsInside = inside.statements === migration.statements ? topics : topicsOf(inside.statements);
	const withoutPermission = {
		...migration,
		isAllowed: () => false
	};
	const withoutPermissionInside = {
		...withoutPermission,
		statements: inside.statements
	};
	for (const rule of rules) {
		if (migration.settings[rule.id] === "off") continue;
		const looksInside = rule.looksInside === true;
		const asked = rule.about === void 0 || hasOne(rule.about, topics) || looksInside && hasOne(rule.about, topicsInside);
		if (permissions.length === 0) {
			if (!asked) continue;
			const remarks = rule.check(looksInside ? withoutPermissionInside : withoutPermission);
			for (const remark of remarks) say(rule.id, looksInside ? inFile(remark, inside) : remark);
			continue;
		}
		const given = permissions.filter((one) => one.rule === rule.id);
		const permissionFor = (statement) => given.find((one) => one.statement === inside.outer(statement));
		const own = given.length === 0 ? withoutPermission : {
			...migration,
			isAllowed: (statement) => permissionFor(statement) !== void 0
		};
		const context = rule.looksInside === true ? {
			...own,
			statements: inside.statements
		} : own;
		const remarks = asked ? rule.check(context) : [];
		for (const remark of remarks.map((one) => inFile(one, inside))) {
			const permission = permissionFor(remark.statement);
			if (permission === void 0) say(rule.id, remark);
			else {
				used.add(permission);
				allowed.push(allowedOf(findingOf(rule.id, remark, migration), permission.reason));
			}
		}
		if (rule.judges?.(context) === false) continue;
		for (const permission of given.filter((one) => !used.has(one))) for (const remark of idle(permission, context)) say(ruleOfComments, remark);
	}
	const inOrder = (one, other) => one.line - other.line || one.column - other.column;
	return {
		findings: findings.toSorted(inOrder),
		allowed: allowed.toSorted((one, other) => one.line - other.line)
	};
}
function inFile(remark, { outer }) {
	const statement = outer(remark.statement);
	if (statement === remark.statement) return remark;
	const same = statement.sql === remark.statement.sql;
	return {
		...remark,
		statement,
		clause: same ? remark.clause : void 0
	};
}
function hasOne(about, topics) {
	for (const topic of about) if (topics.has(topic)) return true;
	return false;
}
function allowedOf({ rule, severity, migration, file, line, message }, reason) {
	return {
		rule,
		severity,
		migration,
		file,
		line,
		message,
		reason
	};
}
function findingOf(rule, remark, context) {
	const { migration, file, source, settings } = context;
	const { line, column } = placeOf(remark, source);
	const chosen = settings[rule];
	return {
		rule,
		severity: chosen === void 0 || chosen === "off" ? remark.severity : chosen,
		migration,
		file,
		line,
		column,
		message: remark.message,
		why: remark.mayFail === true ? `${remark.why}${staysBehind(remark.statement, context)}` : remark.why,
		instead: remark.instead,
		docs: `${documentationUrl}/rules/${rule}.md`,
		...remark.relation === void 0 ? {} : { relation: remark.relation }
	};
}
function placeOf({ statement, clause, at }, source) {
	const { range } = statement;
	if (at !== void 0) return at;
	if (clause === void 0) return range;
	const found = clausesOf(statement.sql)[clause];
	if (found === void 0) return range;
	return source.atOffset(source.atByte(range.startByte).offset + found.start);
}
// src/sql/catalog/inheritance.ts
function descendantsOf(catalog, name) {
	if (!catalog.parents.has(name)) return [];
	const found = [];
	const queue = [name];
	while (queue.length > 0) {
		const parent = queue.pop() ?? "";
		for (const relation of catalog.relations.pointingAt(parent)) {
			if (relation.kind !== "table" || !relation.parents.includes(parent) || found.includes(relation.name)) continue;
			found.push(relation.name);
			queue.push(relation.name);
		}
	}
	return found;
}
function changesBelow(catalog, change) {
	return isAlone(catalog, change) ? none$1 : findBelow(catalog, change);
}
const none$1 = [];
function isAlone(catalog, change) {
	if ("reaches" in change) return change.reaches.length === 0;
	if (change.kind === "create-table") return (tableOf(catalog, change.table.name)?.parents.length ?? 0) === 0;
	return change.kind !== "set-parents" && catalog.parents.size === 0;
}
function* findBelow(catalog, change) {
	switch (change.kind) {
		case "add-column":
		case "alter-column":
		case "validate-constraint":
			for (const table of change.reaches) if (!(change.kind === "add-column" && tableOf(catalog, table)?.columns.has(change.column.name) === true)) yield {
				...change,
				table,
				reaches: []
			};
			return;
		case "add-constraint":
			for (const child of change.reaches) yield* constraintOnChild(catalog, change, child);
			return;
		case "create-index":
			for (const child of change.reaches) yield* indexOnPartition(catalog, change.index, child);
			return;
		case "drop-index":
			if (change.known !== void 0) yield* indexesDropped(catalog, change.known);
			return;
		case "add-trigger":
			if (!change.trigger.forEachRow) return;
			for (const table of partitionsOf(catalog, change.table)) yield {
				...change,
				table
			};
			return;
		case "drop-trigger":
			for (const table of partitionsOf(catalog, change.table)) if (tableOf(catalog, table)?.triggers.get(change.name)?.forEachRow === true) yield {
				...change,
				table
			};
			return;
		case "create-table":
			yield* fromParents(catalog, change.table.name);
			return;
		case "set-parents":
			yield* fromParents(catalog, change.table);
			return;
	}
}
function* constraintOnChild(catalog, change, child) {
	const { constraint, table: parent } = change;
	const known = tableOf(catalog, child);
	if (isKey(constraint)) {
		if (constraint.kind !== "primary") return;
		for (const name of constraint.columns) yield {
			kind: "alter-column",
			clause: change.clause,
			typeChange: void 0,
			scans: void 0,
			table: child,
			name,
			known: known?.columns.get(name),
			set: { notNull: true },
			reaches: []
		};
		return;
	}
	if (constraint.references !== void 0 && tableOf(catalog, parent)?.partitioned !== true) return;
	if (known?.constraints.some((one) => constraint.kind === "check" ? one.name === constraint.name : isSame(one, constraint)) !== true) yield {
		...change,
		table: child,
		reaches: []
	};
}
function* fromParents(catalog, name) {
	for (const parent of tableOf(catalog, name)?.parents ?? []) {
		const above = tableOf(catalog, parent);
		if (above?.partitioned !== true) continue;
		for (const child of [name, ...descendantsOf(catalog, name)]) {
			for (const relation of catalog.relations.pointingAt(parent)) if (relation.kind === "index") yield* indexOnPartition(catalog, relation, child);
			for (const constraint of above.constraints) {
				if (constraint.references === void 0) continue;
				yield* constraintOnChild(catalog, {
					kind: "add-constraint",
					clause: 0,
					constraint,
					usingIndex: void 0,
					reaches: [],
					table: parent
				}, child);
			}
			for (const [trigger, one] of above.triggers) if (one.forEachRow) yield {
				kind: "add-trigger",
				table: child,
				name: trigger,
				trigger: one
			};
			yield {
				kind: "runs",
				relation: child,
				functions: above.runs
			};
		}
	}
}
const labels$1 = {
	primary: "pkey",
	unique: "key",
	exclusion: "excl"
};
function* indexOnPartition(catalog, index, partition) {
	const table = tableOf(catalog, partition);
	if (table === void 0) return;
	const key = keyOf(catalog, index);
	if (key === void 0) {
		if (alike(catalog, index, partition).length >= alike(catalog, index, index.table).length) return;
	} else if (table.constraints.some((one) => isSame(one, key))) return;
	const made = indexFor(catalog, index, {
		table: partition,
		createdBy: table.createdBy
	}, (columns, label) => freeName(partition, columns, label, (name) => isNameTaken(catalog, name)));
	const { constraint } = made;
	if (constraint !== void 0) yield {
		kind: "add-constraint",
		clause: 0,
		table: partition,
		constraint,
		usingIndex: void 0,
		reaches: []
	};
	yield {
		kind: "create-index",
		index: made.index,
		concurrently: false,
		ifNotExists: false,
		reaches: []
	};
}
function indexFor(catalog, index, of, choose) {
	const key = keyOf(catalog, index);
	const name = choose(key?.kind === "primary" ? [] : index.columns, labels$1[key?.kind ?? "check"] ?? "idx");
	const constraint = key === void 0 ? void 0 : {
		...key,
		name: withoutSchema(name)
	};
	return {
		index: {
			...index,
			...of,
			name
		},
		constraint
	};
}
function* indexesDropped(catalog, index) {
	for (const partition of partitionsOf(catalog, index.table)) {
		const known = alike(catalog, index, partition).at(-1);
		if (known !== void 0) yield {
			kind: "drop-index",
			name: known.name,
			known,
			concurrently: false
		};
	}
}
function alike(catalog, index, table) {
	const shape = ({ columns, unique, plain, btree }) => JSON.stringify([
		columns,
		unique,
		plain,
		btree
	]);
	return catalog.relations.pointingAt(table).filter((one) => one.kind === "index").filter((one) => shape(one) === shape(index));
}
function keyOf(catalog, index) {
	const name = withoutSchema(index.name);
	return tableOf(catalog, index.table)?.constraints.find((one) => isKey(one) && one.name === name);
}
function isKey({ kind }) {
	return kind === "primary" || kind === "unique" || kind === "exclusion";
}
function isSame(one, other) {
	const shape = ({ kind, columns, references }) => JSON.stringify([
		kind,
		columns,
		references
	]);
	return shape(one) === shape(other);
}
function partitionsOf(catalog, name) {
	return tableOf(catalog, name)?.partitioned === true ? descendantsOf(catalog, name) : [];
}
function tableOf(catalog, name) {
	const relation = catalog.relations.get(name);
	return relation?.kind === "table" ? relation : void 0;
}
// src/sql/catalog/draft-drops.ts
function dropTable$1(draft, name) {
	draft.relations.delete(name);
	for (const relation of draft.relations.pointingAt(name)) if (relation.kind === "index" || relation.kind === "sequence") draft.relations.delete(relation.name);
	else if (relation.kind === "table") draft.relations.set(relation.name, {
		...relation,
		constraints: relation.constraints.filter((constraint) => constraint.references?.table !== name)
	});
}
function dropColumn$1(draft, name, column) {
	draft.updateTable(name, (table) => ({
		...table,
		columns: new Map([...table.columns].filter(([key]) => key !== column)),
		constraints: table.constraints.filter((constraint) => !constraint.columns.includes(column))
	}));
	for (const relation of draft.relations.pointingAt(name)) if (relation.kind === "index" && relation.columns.includes(column) || relation.kind === "sequence" && relation.ownedBy?.column === column) draft.relations.delete(relation.name);
}
function dropConstraint$1(draft, { table, name, known }) {
	const relation = draft.relations.get(table);
	const constraints = relation?.kind === "table" ? relation.constraints : [];
	const gone = constraints.find((one) => one.name === name) ?? constraints.find((one) => known !== void 0 && known.kind !== "check" && isSame(one, known));
	draft.updateTable(table, (from) => ({
		...from,
		constraints: from.constraints.filter((one) => one !== gone)
	}));
	draft.relations.delete(beside(table, gone?.name ?? name));
}
function setParents(draft, { table, parents }) {
	draft.updateTable(table, (known) => {
		const left = known.parents.filter((parent) => !parents.includes(parent)).map((parent) => draft.relations.get(parent));
		const stays = (trigger) => !left.some((one) => one?.kind === "table" && one.triggers.has(trigger));
		return {
			...known,
			parents,
			triggers: new Map([...known.triggers].filter(([trigger]) => stays(trigger)))
		};
	});
}
function dropSchema$1(draft, schema) {
	draft.schemas.delete(schema);
	const inside = (name) => name.startsWith(`${schema}.`);
	for (const [name, relation] of [...draft.relations]) {
		if (!inside(name)) continue;
		if (relation.kind === "table") dropTable$1(draft, name);
		else draft.relations.delete(name);
	}
	for (const name of [...draft.types.keys()]) if (inside(name)) draft.types.delete(name);
	for (const name of [...draft.functions.keys()]) if (inside(name)) draft.functions.delete(name);
}
// src/sql/catalog/extensions.ts
function changeMembers(draft, { kind, extension: name, member }) {
	const known = draft.extensions.get(name) ?? unseenExtension(name, void 0);
	const others = known[member.kind].filter((one) => one !== member.name);
	const members = kind === "join-extension" ? [...others, member.name] : others;
	draft.extensions.set(name, {
		...known,
		[member.kind]: members
	});
}
function renameMember(draft, kind, from, to) {
	for (const [name, extension] of draft.extensions) {
		const schema = kind === "schemas" && extension.schema === from ? to : extension.schema;
		const members = extension[kind].map((one) => one === from ? to : one);
		draft.extensions.set(name, {
			...extension,
			schema,
			[kind]: members
		});
	}
}
function unseenExtension(name, schema) {
	return {
		name,
		schema,
		requires: [],
		relations: [],
		types: [],
		schemas: [],
		complete: false
	};
}
// src/sql/catalog/draft-renames.ts
function renameColumn(draft, name, from, to) {
	const renamed = (columns) => columns.map((column) => column === from ? to : column);
	draft.updateTable(name, (table) => ({
		...table,
		columns: new Map([...table.columns].map(([key, column]) => key === from ? [to, {
			...column,
			name: to
		}] : [key, column])),
		constraints: table.constraints.map((c) => ({
			...c,
			columns: renamed(c.columns),
			provesNotNull: renamed(c.provesNotNull)
		}))
	}));
	for (const relation of draft.relations.pointingAt(name)) if (relation.kind === "index") draft.relations.set(relation.name, {
		...relation,
		columns: renamed(relation.columns)
	});
	else if (relation.kind === "table") draft.relations.set(relation.name, {
		...relation,
		constraints: relation.constraints.map((c) => c.references?.table === name ? {
			...c,
			references: {
				table: name,
				columns: renamed(c.references.columns)
			}
		} : c)
	});
	else if (relation.kind === "sequence" && relation.ownedBy?.column === from) draft.relations.set(relation.name, {
		...relation,
		ownedBy: {
			table: name,
			column: to
		}
	});
	else if (relation.kind === "view" || relation.kind === "materialized-view") {
		const mentions = relation.mentions?.has(from) === true ? /* @__PURE__ */ new Set([...relation.mentions, to]) : relation.mentions;
		draft.relations.set(relation.name, {
			...relation,
			mentions
		});
	}
}
function renameRelation$1(draft, from, to) {
	const relation = draft.relations.get(from);
	if (relation === void 0) return;
	const pointing = draft.relations.pointingAt(from).filter((other) => other !== relation);
	const renamed = (name) => name === from ? to : name;
	draft.relations.delete(from);
	draft.relations.set(to, pointingAt({
		...relation,
		name: to
	}, renamed));
	for (const other of pointing) draft.relations.set(other.name, pointingAt(other, renamed));
	if (relation.kind !== "index" && relation.kind !== "sequence") renameTypeInUses(draft, from, to);
	if (draft.parents.has(from)) draft.parents.add(to);
	renameMember(draft, "relations", from, to);
	if (relation.kind === "sequence") renameInDefaults(draft, from, to);
	if (relation.kind === "index") {
		const label = (name) => name.slice(name.indexOf(".") + 1);
		draft.updateConstraint(relation.table, label(from), (constraint) => ({
			...constraint,
			name: label(to)
		}));
	}
}
function fills({ sequence, defaultUses }, name) {
	return sequence === name || defaultUses.includes(name);
}
function renamedIn(names, from, to) {
	return names.map((name) => name === from ? to : name);
}
function renameInDefaults(draft, from, to) {
	for (const [name, relation] of draft.relations) {
		if (relation.kind !== "table" || !hasColumn(relation.columns, (column) => fills(column, from))) continue;
		const columns = [...relation.columns].map(([key, column]) => {
			const sequence = column.sequence === from ? to : column.sequence;
			return [key, {
				...column,
				sequence,
				defaultUses: renamedIn(column.defaultUses, from, to)
			}];
		});
		draft.relations.set(name, {
			...relation,
			columns: new Map(columns)
		});
	}
}
function renameType(draft, from, to) {
	const type = draft.types.get(from);
	if (type !== void 0) {
		draft.types.delete(from);
		draft.types.set(to, {
			...type,
			name: to
		});
	}
	renameTypeInUses(draft, from, to);
	renameMember(draft, "types", from, to);
}
function renameTypeInUses(draft, from, to) {
	const renamed = (ref) => ref?.name === from ? {
		...ref,
		name: to
	} : ref;
	const uses = ({ type, defaultUses }) => type?.name === from || defaultUses.includes(from);
	for (const relation of draft.relations.values()) {
		if (relation.kind !== "table" || !(relation.ofType === from || hasColumn(relation.columns, uses))) continue;
		const columns = /* @__PURE__ */ new Map();
		for (const [key, column] of relation.columns) columns.set(key, {
			...column,
			type: renamed(column.type),
			defaultUses: renamedIn(column.defaultUses, from, to)
		});
		draft.relations.set(relation.name, {
			...relation,
			columns,
			ofType: relation.ofType === from ? to : relation.ofType
		});
	}
	for (const [name, known] of draft.types) {
		if (known.base?.name !== from && !known.attributes.some(({ type }) => type.name === from)) continue;
		const attributes = known.attributes.map((one) => ({
			...one,
			type: renamed(one.type) ?? one.type
		}));
		draft.types.set(name, {
			...known,
			base: renamed(known.base),
			attributes
		});
	}
	for (const [name, known] of draft.functions) {
		if (!known.bodies.some((body) => body.signature.includes(from))) continue;
		const bodies = known.bodies.map((body) => ({
			...body,
			signature: signatureWith(body.signature, from, to)
		}));
		draft.functions.set(name, {
			...known,
			bodies
		});
	}
}
function hasColumn(columns, isWanted) {
	for (const column of columns.values()) if (isWanted(column)) return true;
	return false;
}
function signatureWith(signature, from, to) {
	return renamedIn(renamedIn(signature.split(","), from, to), `${from}[]`, `${to}[]`).join();
}
function renameSchema(draft, from, to) {
	draft.schemas.delete(from);
	draft.schemas.add(to);
	renameMember(draft, "schemas", from, to);
	const moved = (name) => name.startsWith(`${from}.`) ? `${to}.${name.slice(from.length + 1)}` : name;
	for (const name of [...draft.relations.keys()]) if (moved(name) !== name) renameRelation$1(draft, name, moved(name));
	for (const name of [...draft.types.keys()]) if (moved(name) !== name) renameType(draft, name, moved(name));
	for (const name of [...draft.functions.keys()]) if (moved(name) !== name) renameFunction(draft, name, moved(name));
}
function renameFunction(draft, from, to) {
	const alone = (draft.functions.get(from)?.bodies.length ?? 0) <= 1;
	nameFunction(draft, from, to, alone ? [to] : [from, to]);
	if (alone) draft.functions.delete(from);
}
function nameFunction(draft, from, to, names) {
	const known = draft.functions.get(from);
	const there = draft.functions.get(to);
	if (known !== void 0) draft.functions.set(to, {
		...known,
		name: to,
		bodies: [...there?.bodies ?? [], ...known.bodies]
	});
	const renamed = (functions) => functions.includes(from) ? [...new Set(functions.flatMap((name) => name === from ? names : [name]))] : functions;
	if (draft.hidden.has(from)) draft.hidden.add(to);
	for (const [trigger, runs] of draft.eventTriggers) if (runs === from) draft.eventTriggers.set(trigger, to);
	for (const [name, relation] of draft.relations) {
		if (relation.kind === "index" || relation.kind === "sequence") continue;
		const triggers = new Map([...relation.triggers].map(([key, one]) => [key, {
			...one,
			runs: renamed(one.runs)
		}]));
		draft.relations.set(name, {
			...relation,
			triggers,
			runs: renamed(relation.runs)
		});
	}
	for (const [name, type] of draft.types) draft.types.set(name, {
		...type,
		runs: renamed(type.runs)
	});
}
function pointingAt(relation, renamed) {
	switch (relation.kind) {
		case "index": return {
			...relation,
			table: renamed(relation.table)
		};
		case "sequence": return relation.ownedBy === void 0 ? relation : {
			...relation,
			ownedBy: {
				...relation.ownedBy,
				table: renamed(relation.ownedBy.table)
			}
		};
		case "view":
		case "materialized-view": return {
			...relation,
			reads: relation.reads.map(renamed)
		};
		case "table": return {
			...relation,
			parents: relation.parents.map(renamed),
			constraints: relation.constraints.map((constraint) => constraint.references === void 0 ? constraint : {
				...constraint,
				references: {
					...constraint.references,
					table: renamed(constraint.references.table)
				}
			})
		};
	}
}
// src/sql/catalog/draft-uncertain.ts
function applyUncertain(draft, change) {
	if (change.kind === "uncertain") {
		applyUncertain(draft, change.change);
		return;
	}
	applyOne(draft, change);
	for (const below of changesBelow(draft, change)) applyUncertain(draft, below);
}
function applyOne(draft, change) {
	switch (change.kind) {
		case "create-table":
			createTable$1(draft, change.table);
			return;
		case "create-view":
			createView$1(draft, change);
			return;
		case "create-sequence":
			create$2(draft, change.sequence.name, change);
			return;
		case "create-index":
			create$2(draft, change.index.name, change);
			return;
		case "drop-table":
		case "drop-index":
		case "drop-view":
		case "drop-sequence":
			if (draft.relations.has(change.name)) draft.uncertain.add(change.name);
			for (const { kind, name } of draft.relations.pointingAt(change.name)) if (kind === "index" || kind === "sequence") draft.uncertain.add(name);
			return;
		case "rename-table":
		case "rename-index":
		case "rename-view":
		case "rename-sequence":
			draft.doubtful.add(change.from).add(change.to);
			return;
		case "rename-column":
			draft.doubtful.add(change.table);
			return;
		case "table-flag":
			if (change.set.unlogged !== void 0) draft.doubtful.add(change.table);
			if (change.set.rowSecurity === true) draft.apply(change);
			return;
		case "rename-schema":
			for (const name of [...draft.relations.keys()]) {
				if (!name.startsWith(`${change.from}.`)) continue;
				draft.doubtful.add(name).add(`${change.to}.${name.slice(change.from.length + 1)}`);
			}
			draft.schemas.add(change.to);
			return;
		case "rename-type":
			for (const relation of draft.relations.values()) {
				if (relation.kind !== "table") continue;
				if ([...relation.columns.values()].some((column) => column.type?.name === change.from)) draft.doubtful.add(relation.name);
			}
			return;
		case "set-parents":
			draft.updateTable(change.table, (table) => ({
				...table,
				parents: [.../* @__PURE__ */ new Set([...table.parents, ...change.parents])]
			}));
			for (const parent of change.parents) draft.parents.add(parent);
			return;
		case "add-column":
			addColumn$1(draft, change.table, change.column);
			return;
		case "drop-column":
			draft.uncertain.add(columnKey(change.table, change.name));
			return;
		case "alter-column":
			alterColumn$1(draft, change.table, change.name, change.set);
			return;
		case "add-constraint":
			addConstraint$1(draft, change.table, change.constraint);
			return;
		case "drop-constraint":
			draft.updateConstraint(change.table, change.name, unproven);
			return;
		case "rename-constraint":
			draft.updateTable(change.table, (table) => ({
				...table,
				constraints: table.constraints.flatMap((one) => one.name === change.from ? [unproven(one), unproven({
					...one,
					name: change.to
				})] : [one])
			}));
			return;
		case "validate-constraint":
		case "drop-type":
		case "drop-function":
		case "drop-trigger":
		case "drop-policy":
		case "drop-rule":
		case "drop-schema": return;
		case "create-type":
			createType$1(draft, change.type);
			return;
		case "create-function":
			draft.apply({
				...change,
				replaces: false
			});
			return;
		case "rename-label":
			draft.apply({
				kind: "add-label",
				type: change.type,
				label: change.to,
				beside: void 0
			});
			return;
		case "rename-function":
			nameFunction(draft, change.from, change.to, [change.from, change.to]);
			return;
		case "add-label":
		case "runs":
		case "hides":
		case "add-trigger":
		case "add-policy":
		case "add-rule":
		case "create-schema":
		case "create-event-trigger":
		case "create-extension":
		case "join-extension":
			draft.apply(change);
			return;
		case "drop-event-trigger":
		case "drop-extension":
		case "leave-extension":
		case "search-path": return;
	}
}
function columnKey(table, column) {
	return `${table}.${column}`;
}
function createdBy(draft, migration) {
	return draft.complete ? migration : void 0;
}
function createTable$1(draft, table) {
	if (draft.relations.has(table.name)) {
		draft.updateTable(table.name, (known) => ({
			...known,
			columnsKnown: false
		}));
		return;
	}
	draft.relations.set(table.name, {
		...table,
		createdBy: createdBy(draft, table.createdBy),
		columns: new Map([...table.columns].map(([name, column]) => [name, perhaps(draft, column)])),
		columnsKnown: draft.complete && table.columnsKnown,
		constraints: draft.complete ? table.constraints : table.constraints.map(unproven)
	});
	for (const parent of table.parents) draft.parents.add(parent);
	draft.uncertain.add(table.name);
}
function createType$1(draft, type) {
	const known = draft.types.get(type.name);
	const made = known === void 0 ? {
		...type,
		createdBy: createdBy(draft, type.createdBy)
	} : {
		...known,
		runs: [.../* @__PURE__ */ new Set([...known.runs, ...type.runs])],
		attributes: [...known.attributes, ...type.attributes.filter((one) => !known.attributes.includes(one))]
	};
	draft.types.set(type.name, made);
}
function createView$1(draft, change) {
	const known = draft.relations.get(change.view.name);
	if (known?.kind !== change.view.kind) {
		create$2(draft, change.view.name, change);
		return;
	}
	const mentions = known.mentions === void 0 || change.view.mentions === void 0 ? void 0 : /* @__PURE__ */ new Set([...known.mentions, ...change.view.mentions]);
	draft.relations.set(known.name, {
		...known,
		reads: [.../* @__PURE__ */ new Set([...known.reads, ...change.view.reads])],
		runs: [.../* @__PURE__ */ new Set([...known.runs, ...change.view.runs])],
		mentions
	});
}
function create$2(draft, name, change) {
	if (draft.relations.get(name) !== void 0) {
		if (change.kind !== "create-index") draft.doubtful.add(name);
		return;
	}
	draft.apply(change);
	const made = draft.relations.get(name);
	if (made !== void 0) draft.relations.set(name, {
		...made,
		createdBy: createdBy(draft, made.createdBy)
	});
	draft.uncertain.add(name);
}
function perhaps(draft, column) {
	return draft.complete ? column : {
		...column,
		notNull: false,
		createdBy: void 0
	};
}
function addColumn$1(draft, table, column) {
	draft.updateTable(table, (known) => {
		if (known.columns.has(column.name)) return known;
		draft.uncertain.add(columnKey(table, column.name));
		const added = {
			...column,
			notNull: false,
			createdBy: known.columnsKnown ? column.createdBy : void 0
		};
		return {
			...known,
			columns: new Map(known.columns).set(column.name, added)
		};
	});
}
function alterColumn$1(draft, table, name, set) {
	draft.updateTable(table, (known) => {
		const column = known.columns.get(name);
		if (column === void 0) return known;
		const altered = {
			...column,
			type: set.type === void 0 ? column.type : void 0,
			notNull: set.notNull === void 0 && set.type === void 0 ? column.notNull : false,
			sequence: set.sequence ?? column.sequence,
			defaultUses: [.../* @__PURE__ */ new Set([...column.defaultUses, ...set.defaultUses ?? []])],
			identity: set.identity === true || column.identity,
			hasDefault: set.hasDefault === void 0 ? column.hasDefault : column.hasDefault && set.hasDefault,
			generated: set.generated === true || column.generated
		};
		return {
			...known,
			columns: new Map(known.columns).set(name, altered)
		};
	});
}
function addConstraint$1(draft, name, constraint) {
	draft.updateTable(name, (table) => table.constraints.some((one) => one.name === constraint.name) ? table : {
		...table,
		constraints: [...table.constraints, unproven(constraint)]
	});
}
function unproven(constraint) {
	return {
		...constraint,
		validated: false,
		provesNotNull: []
	};
}
// src/sql/catalog/functions.ts
function withFunction(known, created) {
	const { bodies, ...made } = created.function;
	if (known === void 0) return created.function;
	const replaced = new Set(created.replaces ? bodies.map((one) => one.signature) : []);
	const kept = known.bodies.filter((one) => !replaced.has(one.signature));
	if (kept.length === 0 && known.bodies.length > 0) return created.function;
	return {
		...made,
		volatility: worst(known.volatility, made.volatility),
		bodies: [...kept, ...bodies]
	};
}
function dropFunction$1(functions, { name, signature }) {
	const known = functions.get(name);
	if (known === void 0 || signature === void 0 || known.bodies.length <= 1) functions.delete(name);
	else functions.set(name, {
		...known,
		bodies: known.bodies.filter((one) => one.signature !== signature)
	});
}
function worst(one, other) {
	const byStrength = [
		"immutable",
		"stable",
		"volatile"
	];
	return byStrength[Math.max(byStrength.indexOf(one), byStrength.indexOf(other))] ?? "volatile";
}
// src/sql/catalog/draft.ts
var CatalogDraft = class {
	complete;
	relations;
	types;
	functions;
	hidden;
	schemas;
	extensions;
	eventTriggers;
	parents;
	uncertain;
	doubtful;
	constructor(from) {
		this.complete = from.complete;
		this.relations = new Relations(from.relations);
		this.types = new VersionedMap(from.types);
		this.functions = new VersionedMap(from.functions);
		this.hidden = new Set(from.hidden);
		this.schemas = new Set(from.schemas);
		this.extensions = new Map(from.extensions);
		this.eventTriggers = new Map(from.eventTriggers);
		this.parents = new Set(from.parents);
		this.uncertain = new Set(from.uncertain);
		this.doubtful = new Set(from.doubtful);
	}
	apply(change) {
		if (change.kind === "uncertain") {
			applyUncertain(this, change.change);
			return;
		}
		this.#applyOne(change);
		for (const below of changesBelow(this, change)) this.apply(below);
	}
	#applyOne(change) {
		switch (change.kind) {
			case "create-table":
				this.uncertain.delete(change.table.name);
				if (change.ifNotExists && this.relations.has(change.table.name)) return;
				this.relations.set(change.table.name, change.table);
				for (const parent of change.table.parents) this.parents.add(parent);
				return;
			case "create-view":
				this.uncertain.delete(change.view.name);
				this.relations.set(change.view.name, change.view);
				return;
			case "create-sequence":
				this.uncertain.delete(change.sequence.name);
				this.relations.set(change.sequence.name, change.sequence);
				return;
			case "create-index":
				this.uncertain.delete(change.index.name);
				if (!(change.ifNotExists && this.relations.has(change.index.name))) this.relations.set(change.index.name, change.index);
				return;
			case "drop-table":
				dropTable$1(this, change.name);
				return;
			case "drop-index":
			case "drop-sequence":
				this.relations.delete(change.name);
				return;
			case "drop-view":
				for (const { kind, name } of this.relations.pointingAt(change.name)) if (kind === "index") this.relations.delete(name);
				this.relations.delete(change.name);
				return;
			case "rename-table":
			case "rename-index":
			case "rename-view":
			case "rename-sequence":
				renameRelation$1(this, change.from, change.to);
				return;
			case "add-column":
				this.uncertain.delete(columnKey(change.table, change.column.name));
				this.updateTable(change.table, (table) => ({
					...table,
					columns: withColumn(table.columns, change.column)
				}));
				return;
			case "drop-column":
				dropColumn$1(this, change.table, change.name);
				return;
			case "rename-column":
				renameColumn(this, change.table, change.from, change.to);
				return;
			case "alter-column":
				this.updateTable(change.table, (table) => {
					const column = table.columns.get(change.name);
					return column === void 0 ? table : {
						...table,
						columns: withColumn(table.columns, {
							...column,
							...change.set
						})
					};
				});
				return;
			case "add-constraint":
				this.#addConstraint(change.table, change.constraint);
				return;
			case "drop-constraint":
				dropConstraint$1(this, change);
				return;
			case "rename-constraint":
				this.updateConstraint(change.table, change.from, (constraint) => ({
					...constraint,
					name: change.to
				}));
				renameRelation$1(this, beside(change.table, change.from), beside(change.table, change.to));
				return;
			case "validate-constraint":
				this.updateConstraint(change.table, change.name, (constraint) => ({
					...constraint,
					validated: true
				}));
				return;
			case "table-flag":
				this.updateTable(change.table, (table) => ({
					...table,
					...change.set
				}));
				return;
			case "set-parents":
				setParents(this, change);
				for (const parent of change.parents) this.parents.add(parent);
				return;
			case "create-type":
				this.types.set(change.type.name, change.type);
				return;
			case "add-label":
				this.#labels(change.type, (labels) => withLabel(labels, change));
				return;
			case "rename-label":
				this.#labels(change.type, (labels) => labels.map((label) => label === change.from ? change.to : label));
				return;
			case "drop-type":
				this.types.delete(change.name);
				return;
			case "rename-type":
				renameType(this, change.from, change.to);
				return;
			case "create-function":
				this.functions.set(change.function.name, withFunction(this.functions.get(change.function.name), change));
				return;
			case "drop-function":
				dropFunction$1(this.functions, change);
				return;
			case "rename-function":
				renameFunction(this, change.from, change.to);
				return;
			case "runs":
				this.#update(change.relation, (relation) => ({
					...relation,
					runs: [.../* @__PURE__ */ new Set([...relation.runs, ...change.functions])]
				}));
				return;
			case "hides":
				for (const name of change.functions) this.hidden.add(name);
				return;
			case "add-trigger":
				this.#update(change.table, (relation) => ({
					...relation,
					triggers: new Map(relation.triggers).set(change.name, change.trigger)
				}));
				return;
			case "drop-trigger":
				this.#update(change.table, (relation) => ({
					...relation,
					triggers: new Map([...relation.triggers].filter(([name]) => name !== change.name))
				}));
				return;
			case "add-policy":
				this.updateTable(change.table, (table) => ({
					...table,
					policies: [...table.policies, change.name]
				}));
				return;
			case "drop-policy":
				this.updateTable(change.table, (table) => ({
					...table,
					policies: table.policies.filter((name) => name !== change.name)
				}));
				return;
			case "add-rule":
				this.#update(change.table, (relation) => ({
					...relation,
					rules: [...relation.rules, change.name]
				}));
				return;
			case "drop-rule":
				this.#update(change.table, (relation) => ({
					...relation,
					rules: relation.rules.filter((name) => name !== change.name)
				}));
				return;
			case "create-schema":
				this.schemas.add(change.name);
				return;
			case "drop-schema":
				dropSchema$1(this, change.name);
				return;
			case "rename-schema":
				renameSchema(this, change.from, change.to);
				return;
			case "create-event-trigger":
				this.eventTriggers.set(change.name, change.runs);
				return;
			case "drop-event-trigger":
				this.eventTriggers.delete(change.name);
				return;
			case "create-extension":
				this.extensions.set(change.extension.name, change.extension);
				return;
			case "drop-extension":
				this.extensions.delete(change.name);
				return;
			case "join-extension":
			case "leave-extension":
				changeMembers(this, change);
				return;
			case "search-path": return;
		}
	}
	endSession() {
		for (const name of this.relations.temporary) this.relations.delete(name);
	}
	updateTable(name, change) {
		const table = this.relations.get(name);
		if (table?.kind === "table") this.relations.set(name, change(table));
	}
	#update(name, change) {
		const relation = this.relations.get(name);
		if (relation !== void 0 && relation.kind !== "index" && relation.kind !== "sequence") this.relations.set(name, change(relation));
	}
	#addConstraint(name, constraint) {
		this.updateTable(name, (table) => {
			const columns = new Map(table.columns);
			if (constraint.kind === "primary" || constraint.kind === "not-null" && constraint.validated) for (const key of constraint.columns) {
				const column = columns.get(key);
				if (column !== void 0) columns.set(key, {
					...column,
					notNull: true
				});
			}
			return {
				...table,
				columns,
				constraints: [...table.constraints, constraint]
			};
		});
	}
	updateConstraint(name, wanted, change) {
		this.updateTable(name, (table) => ({
			...table,
			constraints: table.constraints.map((constraint) => constraint.name === wanted ? change(constraint) : constraint)
		}));
	}
	#labels(type, change) {
		const known = this.types.get(type);
		if (known !== void 0) this.types.set(type, {
			...known,
			labels: change(known.labels)
		});
	}
};
function withLabel(labels, { label, beside }) {
	if (labels.includes(label)) return labels;
	const neighbour = beside === void 0 ? -1 : labels.indexOf(beside.label);
	if (beside === void 0 || neighbour === -1) return [...labels, label];
	return labels.toSpliced(neighbour + (beside.after ? 1 : 0), 0, label);
}
function withColumn(columns, column) {
	return new Map(columns).set(column.name, column);
}
// src/sql/effects/index-columns.ts
function indexColumns(parts) {
	return distinct(parts.map((part) => part.name ?? nameOfValue(part.expr)?.name ?? "expr"));
}
const namedByKind = {
	CoalesceExpr: "coalesce",
	A_ArrayExpr: "array",
	RowExpr: "row",
	GroupingFunc: "grouping",
	JsonObjectConstructor: "json_object",
	JsonArrayConstructor: "json_array",
	XmlSerialize: "xmlserialize"
};
function nameOfValue(node) {
	const called = (name) => name === void 0 ? void 0 : {
		name,
		certain: true
	};
	const column = as(node, "ColumnRef");
	if (column !== void 0) return called(strings(column.fields).at(-1));
	const field = as(node, "A_Indirection");
	if (field !== void 0) return called(strings(field.indirection).at(-1)) ?? nameOfValue(field.arg);
	const call = as(node, "FuncCall");
	if (call !== void 0) return called(strings(call.funcname).at(-1));
	const collated = as(node, "CollateClause");
	if (collated !== void 0) return nameOfValue(collated.arg);
	const cast = as(node, "TypeCast");
	if (cast !== void 0) return weaker(nameOfValue(cast.arg), strings(cast.typeName?.names).at(-1));
	const choice = as(node, "CaseExpr");
	if (choice !== void 0) return weaker(nameOfValue(choice.defresult), "case");
	const extreme = as(node, "MinMaxExpr");
	if (extreme !== void 0) return called(extreme.op === "IS_LEAST" ? "least" : "greatest");
	if (as(node, "A_Expr")?.kind === "AEXPR_NULLIF") return called("nullif");
	return called(namedByKind[kindOf(node)]);
}
function weaker(inner, name) {
	return inner?.certain === true || name === void 0 ? inner : {
		name,
		certain: false
	};
}
// src/sql/effects/constraint-nodes.ts
const kinds = {
	CONSTR_PRIMARY: "primary",
	CONSTR_UNIQUE: "unique",
	CONSTR_FOREIGN: "foreign",
	CONSTR_CHECK: "check",
	CONSTR_EXCLUSION: "exclusion",
	CONSTR_NOTNULL: "not-null"
};
const writing$1 = /* @__PURE__ */ new Set([
	"c",
	"n",
	"d"
]);
function constraintOf(node, table, sink, ofColumn) {
	const kind = node.contype === void 0 ? void 0 : kinds[node.contype];
	if (kind === void 0 || kind === "not-null" && ofColumn !== void 0) return void 0;
	const columns = ofColumn === void 0 || kind === "check" ? columnsOf$3(node, kind, table, sink) : [ofColumn];
	return {
		name: nameOf(node, kind, columns, table, sink),
		kind,
		columns,
		references: node.pktable === void 0 ? void 0 : {
			table: sink.relationOf(node.pktable),
			columns: strings(node.pk_attrs)
		},
		writesOnDelete: writing$1.has(node.fk_del_action ?? "a"),
		writesOnUpdate: writing$1.has(node.fk_upd_action ?? "a"),
		deletesRows: node.fk_del_action === "c",
		validated: node.skip_validation !== true,
		provesNotNull: kind === "check" ? provenNotNull$1(node.raw_expr) : []
	};
}
function columnsOf$3(node, kind, table, sink) {
	if (kind === "foreign") return strings(node.fk_attrs);
	if (kind === "check") return [...columnsOfTable(node.raw_expr)];
	if (node.indexname !== void 0) {
		const index = sink.relation(beside(table, node.indexname));
		return index?.kind === "index" ? index.columns : [];
	}
	if (kind === "exclusion") {
		const parts = partsOf(node);
		const plain = parts.flatMap((part) => part.name ?? []);
		return [.../* @__PURE__ */ new Set([...plain, ...columnsOfTable([parts, node.where_clause])])];
	}
	return strings(node.keys);
}
function partsOf(exclusion) {
	return allOf(exclusion.exclusions, "List").flatMap(({ items }) => allOf(items, "IndexElem"));
}
function columnsOfTable(expression) {
	const found = /* @__PURE__ */ new Set();
	visit(expression, (kind, node) => {
		if (kind === "ColumnRef") for (const name of strings(node.fields).slice(-1)) found.add(name);
	});
	return found;
}
const labels = {
	primary: "pkey",
	unique: "key",
	foreign: "fkey",
	check: "check",
	exclusion: "excl",
	"not-null": "not_null"
};
function nameOf(node, kind, columns, table, sink) {
	const given = node.conname ?? node.indexname;
	const name = given === void 0 ? sink.freeName(table, named(), labels[kind]) : sink.claim(beside(table, given));
	return withoutSchema(name);
	function named() {
		if (kind === "primary" || kind === "check" && columns.length > 1) return [];
		if (kind === "exclusion") return indexColumns([...partsOf(node), ...included()]);
		return kind === "unique" ? distinct([...columns, ...strings(node.including)]) : columns;
	}
	function included() {
		return strings(node.including).map((name) => ({ name }));
	}
}
function constraintNamed(name, table, known) {
	const listed = known?.constraints.find((constraint) => constraint.name === name);
	if (listed !== void 0) return listed;
	for (const column of known?.columns.values() ?? []) {
		const implied = {
			...impliedNotNull,
			columns: [column.name],
			provesNotNull: [column.name]
		};
		const chosen = chosenName(withoutSchema(table), [column.name], labels["not-null"]);
		if (column.notNull && chosen === name) return {
			...implied,
			name
		};
	}
}
const impliedNotNull = {
	name: "",
	kind: "not-null",
	columns: [],
	references: void 0,
	writesOnDelete: false,
	writesOnUpdate: false,
	deletesRows: false,
	validated: true,
	provesNotNull: []
};
function provenNotNull$1(expression) {
	const test = as(expression, "NullTest");
	if (test?.nulltesttype === "IS_NOT_NULL") return strings(as(test.arg, "ColumnRef")?.fields).slice(-1);
	const all = as(expression, "BoolExpr");
	return all?.boolop === "AND_EXPR" ? (all.args ?? []).flatMap(provenNotNull$1) : [];
}
// src/sql/effects/builtin-functions.ts
const steady = new Set("inet_client_addr inet_client_port inet_server_addr inet_server_port pg_current_snapshot pg_current_xact_id pg_current_xact_id_if_assigned pg_trigger_depth pg_has_role pg_get_userbyid has_any_column_privilege has_column_privilege has_database_privilege has_function_privilege has_schema_privilege has_sequence_privilege has_type_privilege array_append array_cat array_prepend starts_with jsonb_concat jsonb_contains abbrev abs acos acosd acosh age any_value area array_agg array_dims array_fill array_length array_lower array_ndims array_position array_positions array_remove array_replace array_reverse array_sort array_to_json array_to_string array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d atand atanh avg bit bit_and bit_count bit_length bit_or bit_xor bool bool_and bool_or box bpchar btrim bytea cardinality casefold cbrt ceil ceiling center char char_length character_length chr cidr circle coalesce col_description concat concat_ws convert convert_from convert_to corr cos cosd cosh cot cotd count covar_pop covar_samp crc32 crc32c cume_dist current_database current_schema current_schemas current_setting current_user date date_add date_bin date_part date_subtract date_trunc datemultirange daterange daterange_canonical daterange_subdiff decode degrees dense_rank diagonal diameter div encode enum_first enum_last enum_range every exp extract factorial family first_value float8 floor format format_type gamma gcd generate_series generate_subscripts get_bit get_byte get_current_ts_config getdatabaseencoding getpgusername has_table_privilege height host hostmask icu_unicode_version initcap int2 int4 int4multirange int4range int4range_canonical int4range_subdiff int8 int8multirange int8range int8range_canonical int8range_subdiff interval is_normalized isclosed isempty isfinite ishorizontal isopen isparallel isperp isvertical json_agg json_agg_strict json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text json_object json_object_agg json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict json_object_keys json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_to_tsvector json_typeof jsonb_agg jsonb_agg_strict jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_insert jsonb_object jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_record_valid jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_to_tsvector jsonb_typeof justify_days justify_hours justify_interval lag last_value lcm lead left length lgamma like line ln log log10 lower lower_inc lower_inf lpad lseg ltrim macaddr macaddr8 make_date make_interval make_time make_timestamp make_timestamptz masklen max md5 min min_scale mod mode money multirange mxid_age name netmask network normalize now npoints nth_value ntile num_nonnulls num_nulls numeric nummultirange numnode numrange numrange_subdiff obj_description octet_length oid overlaps overlay parse_ident path percent_rank percentile_cont percentile_disc pg_backend_pid pg_column_size pg_get_constraintdef pg_get_expr pg_get_serial_sequence pg_get_viewdef pg_size_pretty pg_table_is_visible pg_typeof phraseto_tsquery pi plainto_tsquery point polygon position pow power querytree quote_ident quote_literal quote_nullable radians radius range_agg range_intersect_agg range_merge rank regclass regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse right round row_number row_security_active row_to_json rpad rtrim scale session_user set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 shobj_description sign similar_escape similar_to_escape sin sind sinh slope split_part sqrt statement_timestamp stddev stddev_pop stddev_samp string_agg string_to_array string_to_table strip strpos substr substring sum system_user tan tand tanh text time timestamp timestamptz timetz timezone to_ascii to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct to_regclass to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_regtypemod to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array trim_scale trunc ts_delete ts_filter ts_headline ts_lexize ts_rank ts_rank_cd tsmultirange tsquery_phrase tsrange tsrange_subdiff tstzmultirange tstzrange tstzrange_subdiff tsvector_to_array txid_current txid_current_if_assigned txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin txid_visible_in_snapshot unicode_assigned unicode_version unistr unnest upper upper_inc upper_inf uuid_extract_timestamp uuid_extract_version var_pop var_samp varbit varchar variance version websearch_to_tsquery width width_bucket xid xml xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlagg xmlcomment xmlexists xmltext xmlvalidate xpath".split(" "));
const restless = new Set("array_sample array_shuffle clock_timestamp current_query currval gen_random_uuid lastval nextval pg_notify pg_sleep random random_normal set_config setseed setval timeofday uuidv4 uuidv7 pg_advisory_lock pg_advisory_xact_lock pg_advisory_unlock pg_try_advisory_lock pg_try_advisory_xact_lock pg_relation_size pg_total_relation_size suppress_redundant_updates_trigger tsvector_update_trigger tsvector_update_trigger_column".split(" "));
const steadyOfExtensions = new Set("akeys avals crypt digest hmac hstore similarity unaccent uuid_nil uuid_ns_dns uuid_ns_url uuid_generate_v3 uuid_generate_v5".split(" "));
const restlessOfExtensions = new Set("gen_random_bytes gen_salt moddatetime uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4".split(" "));
function builtinVolatility(name) {
	if (steady.has(name)) return "steady";
	return restless.has(name) ? "volatile" : void 0;
}
function extensionVolatility(name) {
	if (steadyOfExtensions.has(name)) return "steady";
	return restlessOfExtensions.has(name) ? "volatile" : void 0;
}
// src/sql/effects/known-types.ts
const builtin = new Set("bit bool box bpchar bytea char cidr circle date float4 float8 inet int2 int4 int8 interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric oid path point polygon pg_lsn regclass regproc regtype text tid time timestamp timestamptz timetz tsquery tsvector uuid varbit varchar xid xid8 xml int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange serial serial2 serial4 serial8 bigserial smallserial".split(" "));
const ofExtensions = new Set("citext cube earth geography geometry halfvec hstore intbig isbn lo lquery ltree raster sparsevec vector".split(" "));
function isOfServer(name) {
	return builtin.has(name);
}
function isBaseType(name) {
	return builtin.has(name) || ofExtensions.has(name.slice(name.indexOf(".") + 1));
}
function plainName(name) {
	const last = name.slice(name.indexOf(".") + 1);
	return ofExtensions.has(last) ? last : name;
}
const serials = /* @__PURE__ */ new Map([
	["serial", "int4"],
	["serial4", "int4"],
	["bigserial", "int8"],
	["serial8", "int8"],
	["smallserial", "int2"],
	["serial2", "int2"]
]);
function serialBase(name) {
	return serials.get(name);
}
// src/sql/effects/own-code.ts
function ownFunctionsIn(root, sink) {
	const found = /* @__PURE__ */ new Set();
	const add = (names) => {
		for (const name of names) found.add(name);
	};
	let evaluates = false;
	visit(root, (kind, node) => {
		switch (kind) {
			case "A_Expr":
			case "TypeCast":
			case "A_Const":
				evaluates = true;
				return;
			case "FuncCall":
				add(functionsCalled(strings(node.funcname), sink));
				return;
			case "ColumnRef":
				evaluates = true;
				add(functionsInNotation(list(node.fields).slice(1), sink));
				return;
			case "A_Indirection":
				add(functionsInNotation(list(node.indirection), sink));
				return;
			case "TypeName":
				add(functionsOfType(typeRef(node).name, sink));
				return;
			case "RangeVar": add(functionsOfView(sink.relation(sink.relationOf(node)), sink));
		}
	});
	if (evaluates) for (const name of sink.catalog.hidden) found.add(name);
	return found;
}
const lastingCalls = /* @__PURE__ */ new Set(["pg_catalog.set_config", "pg_catalog.setval"]);
function functionsCalled(parts, sink) {
	const name = parts.at(-1) ?? "";
	const ofServer = builtinVolatility(name) !== void 0;
	const schema = parts.at(-2);
	const own = sink.functionsNamed(parts);
	if (own.length > 0) return own;
	const ofCatalog = `pg_catalog.${name}`;
	if (schema === "pg_catalog") return ofServer && !lastingCalls.has(ofCatalog) ? [] : [ofCatalog];
	if (schema === void 0 && lastingCalls.has(ofCatalog)) return [ofCatalog];
	if (schema === void 0 && ofServer || extensionVolatility(name) !== void 0) return [];
	const type = sink.resolveType({
		name: parts.join("."),
		modifiers: [],
		array: false
	}).name;
	return sink.catalog.types.has(type) ? functionsOfType(type, sink) : [sink.newName(parts)];
}
function functionsInNotation(fields, sink) {
	if (fields.length === 0) return none;
	return strings(fields).flatMap((name) => [...sink.functionsNamed([name]), ...functionsOfType(name, sink)]);
}
function functionsOfType(name, sink, seen) {
	if (isOfServer(name) && sink.tableOfType(name) === void 0) return [];
	const visited = seen ?? /* @__PURE__ */ new Set();
	const resolved = sink.resolveType({
		name,
		modifiers: [],
		array: false
	}).name;
	if (visited.has(resolved)) return [];
	visited.add(resolved);
	const type = sink.catalog.types.get(resolved);
	if (type !== void 0) return [
		...type.runs,
		...type.base === void 0 ? [] : functionsOfType(type.base.name, sink, visited),
		...type.attributes.flatMap((attribute) => functionsOfType(attribute.type.name, sink, visited))
	];
	return [...sink.tableOfType(name)?.columns.values() ?? []].flatMap((column) => column.type === void 0 ? [] : functionsOfType(column.type.name, sink, visited));
}
function functionsOfView(relation, sink) {
	if (relation?.kind !== "view") return [];
	return [...relation.runs, ...relation.reads.flatMap((read) => functionsOfView(sink.relation(read), sink))];
}
function hangOn(relation, root, sink) {
	const functions = [...ownFunctionsIn(root, sink)];
	if (functions.length > 0) sink.change({
		kind: "runs",
		relation,
		functions
	});
}
function runOnWrite(relation, event, sink) {
	for (const { name, triggers, rules } of [relation, ...above(relation, sink)]) {
		for (const [trigger, { events, runs }] of triggers) if (events.includes(event)) sink.runFunctions(runs, `the trigger ${trigger} of ${name}`);
		if (rules.length > 0 && event !== "truncate") sink.unknown(`rules of ${name} rewrite the statement (${rules.join(", ")})`);
	}
	sink.runFunctions([...relation.runs, ...sink.catalog.hidden], `what hangs on ${relation.name}`);
	if (relation.kind !== "table" || event === "delete" || event === "truncate") return;
	for (const { type } of relation.columns.values()) if (type !== void 0) sink.runFunctions(functionsOfType(type.name, sink), `the type ${type.name}`);
}
function above(relation, sink) {
	return (relation.kind === "table" ? relation.parents : []).flatMap((name) => {
		const parent = sink.table(name);
		return parent === void 0 ? [] : [parent, ...above(parent, sink)];
	});
}
const none = [];
function list(value) {
	return Array.isArray(value) ? value : [];
}
// src/sql/effects/sequences.ts
function losePosition(sequence, sink) {
	if (sink.existed(sequence)) sink.lose("sequence", sequence);
	sink.overwrite(sequence);
}
// src/sql/effects/settings.ts
const harmless = new Set("application_name bytea_output check_function_bodies client_min_messages constraint_exclusion datestyle deadlock_timeout default_statistics_target default_table_access_method default_tablespace default_toast_compression default_with_oids effective_cache_size effective_io_concurrency escape_string_warning extra_float_digits from_collapse_limit gin_fuzzy_search_limit gin_pending_list_limit hash_mem_multiplier idle_in_transaction_session_timeout idle_session_timeout intervalstyle jit join_collapse_limit lc_messages lc_monetary lc_numeric lc_time log_min_messages log_statement maintenance_io_concurrency maintenance_work_mem max_parallel_maintenance_workers max_parallel_workers max_parallel_workers_per_gather parallel_leader_participation random_page_cost row_security seed seq_page_cost statement_timeout synchronous_commit temp_buffers temp_tablespaces timezone tcp_keepalives_idle transaction_timeout vacuum_cost_delay vacuum_cost_limit wal_compression work_mem xmloption".split(" "));
const usual = {
	standard_conforming_strings: /^(on|true|yes|1)$/i,
	client_encoding: /^utf-?8$/i,
	names: /^utf-?8$/i,
	session_replication_role: /^origin$/i
};
const setVariable = (node, sink) => {
	const statement = as(node, "VariableSetStmt");
	const { name, kind } = statement ?? {};
	if (kind === "VAR_RESET_ALL") changePath(void 0, sink);
	else if (kind === "VAR_SET_MULTI") return;
	else if (kind === "VAR_RESET" && name?.toLowerCase() === "lock_timeout") return;
	else if (kind !== "VAR_SET_VALUE") changeSetting(name, void 0, sink);
	else {
		const values = (statement?.args ?? []).map((argument) => constantOf(as(argument, "A_Const")));
		const known = values.every((value) => value !== void 0);
		if (name?.toLowerCase() === "search_path") changePath(known ? {
			path: values,
			local: statement?.is_local
		} : void 0, sink);
		else changeSetting(name, known ? values.join() : void 0, sink);
	}
};
function changeSetting(name, value, sink, { certain, local } = {
	certain: true,
	local: false
}) {
	const setting = name?.toLowerCase();
	if (setting === void 0) {
		sink.unknown("which setting it changes is computed");
		changePath(void 0, sink);
	} else if (setting === "search_path") changePath(value === void 0 || !certain ? void 0 : {
		path: namesIn(value),
		local
	}, sink);
	else if (setting === "lock_timeout") {
		if (!isShort(value)) sink.unknown("how long it waits for locks, and queues the application: it changes lock_timeout");
	} else if (usual[setting] !== void 0) {
		if (value === void 0 || !usual[setting].test(value)) sink.unknown(`it changes ${setting}, and with it how the server takes later statements`);
	} else if (!harmless.has(setting) && !setting.startsWith("enable_") && !setting.includes(".")) sink.unknown(`it changes ${setting}, which can change what later statements do`);
}
const longestLockTimeoutMs = 5e3;
function isShort(timeout) {
	const [, amount, unit = "ms"] = /^\s*(\d+)\s*(ms|s)?\s*$/.exec(timeout ?? "") ?? [];
	const ms = Number(amount ?? 0) * (unit === "s" ? 1e3 : 1);
	return ms > 0 && ms <= longestLockTimeoutMs;
}
function changePath(to, sink) {
	const path = to === void 0 ? void 0 : schemasIn(to.path, sink.catalog);
	const same = path !== void 0 && path[0] === sink.context.path?.[0];
	sink.change({
		kind: "search-path",
		path: to?.local === true && !same ? void 0 : path
	});
}
function schemasIn(written, catalog) {
	const schemas = written.filter((schema) => schema !== "" && schema !== "$user");
	const at = written.indexOf("$user");
	const same = at === -1 ? [] : [...written.slice(0, at + 2), "public"];
	return at === -1 || [...catalog.schemas].every((schema) => same.includes(schema)) ? schemas : void 0;
}
function constantOf(constant) {
	if (constant?.sval !== void 0) return constant.sval.sval ?? "";
	return constant?.ival === void 0 ? void 0 : String(constant.ival.ival ?? 0);
}
function namesIn(list, between = ",") {
	const written = between === "," ? /"((?:[^"]|"")*)"|[^\s,]+/g : /"((?:[^"]|"")*)"|[^\s.]+/g;
	return [...list.matchAll(written)].map(([name, quoted]) => quoted === void 0 ? name.toLowerCase() : quoted.replaceAll("\"\"", "\""));
}
// src/sql/effects/expressions.ts
function steadinessOf(expression, sink) {
	let worst = { kind: "steady" };
	for (const { parts } of functionCalls(expression)) {
		const steadiness = steadinessOfCall(parts, sink);
		if (steadiness.kind === "volatile") return steadiness;
		if (steadiness.kind === "unknown") worst = steadiness;
	}
	return worst;
}
function steadinessOfCall(parts, sink) {
	const name = parts.at(-1) ?? "";
	const own = functionsCalled(parts, sink).map((one) => sink.catalog.functions.get(one)?.volatility);
	const known = own.length > 0 ? void 0 : builtinVolatility(name) ?? extensionVolatility(name);
	if (own.includes("volatile") || known === "volatile") return {
		kind: "volatile",
		because: `${name}() is volatile`
	};
	if (own.includes(void 0)) return {
		kind: "unknown",
		because: `nothing is known about the function ${parts.join(".")}()`
	};
	return { kind: "steady" };
}
function callsMadeOnce(root) {
	const { targetList, op: _op, limitOption: _limit, ...more } = as(root, "SelectStmt") ?? {};
	const bare = Object.keys(more).length === 0;
	return new Set(bare ? allOf(targetList, "ResTarget").map(({ val }) => as(val, "FuncCall")) : []);
}
function functionCalls(root) {
	const found = [];
	visit(root, (kind, node) => {
		if (kind !== "FuncCall") return;
		const { funcname, args } = node;
		found.push({
			node,
			parts: strings(funcname),
			arguments: args ?? []
		});
	});
	return found;
}
function sequencesUsed(root, sink) {
	return functionCalls(root).flatMap((call) => sequenceOf$1(call, sink) ?? []);
}
function defaultUses(root, sink) {
	const found = /* @__PURE__ */ new Set();
	visit(root, (kind, node) => {
		if (kind !== "TypeName") return;
		const { name } = sink.resolveType(typeRef(node));
		if (sink.catalog.types.has(name)) found.add(name);
	});
	for (const text of relationsNamed(root)) {
		const name = sink.name(namesIn(text, "."));
		if (sink.relation(name)?.kind === "sequence") found.add(name);
	}
	return [...found];
}
function relationsNamed(root) {
	const casts = [];
	visit(root, (kind, node) => {
		if (kind === "TypeCast") casts.push(node);
	});
	const toRelation = casts.filter(({ typeName }) => strings(typeName?.names).at(-1) === "regclass");
	const calls = functionCalls(root).filter(({ parts }) => /^(next|curr|set)val$/.test(parts.at(-1) ?? ""));
	return [...toRelation.map(({ arg }) => arg), ...calls.map((call) => call.arguments[0])].flatMap((node) => textConstant(node) ?? []);
}
function sequenceOf$1({ parts, arguments: [argument] }, sink) {
	const name = parts.at(-1);
	if (name !== "nextval" && name !== "setval") return void 0;
	const text = textConstant(argument);
	if (text === void 0) sink.unknown(`which sequence ${name}() uses is computed`);
	return text === void 0 ? void 0 : sink.name(namesIn(text, "."));
}
function textConstant(node) {
	const cast = as(node, "TypeCast");
	if (cast !== void 0) return textConstant(cast.arg);
	return as(node, "A_Const")?.sval?.sval;
}
function evaluate(root, sink) {
	const own = [...ownFunctionsIn(root, sink)].filter((name) => !lastingCalls.has(name));
	sink.runFunctions([...own, ...sink.catalog.hidden], "it");
	const calls = functionCalls(root);
	if (calls.length === 0) return;
	const once = callsMadeOnce(root);
	for (const call of calls) {
		const name = call.parts.at(-1);
		if (name === "set_config") {
			const [setting, value, local] = call.arguments;
			const boolean = as(local, "A_Const")?.boolval;
			changeSetting(textConstant(setting), textConstant(value), sink, {
				certain: boolean !== void 0 && once.has(call.node),
				local: boolean?.boolval === true
			});
		}
		if (/^(nextval|setval|dblink\w*)$/.test(name ?? "")) sink.reachBeyond(name ?? "");
		const sequence = sequenceOf$1(call, sink);
		if (sequence === void 0) continue;
		sink.lock(sequence, "RowExclusiveLock");
		if (name === "setval") losePosition(sequence, sink);
	}
}
function columnsMentioned(root) {
	const found = /* @__PURE__ */ new Set();
	let all = false;
	visit(root, (kind, node) => {
		if (kind !== "ColumnRef") return;
		const fields = node.fields ?? [];
		all ||= fields.some((field) => as(field, "A_Star") !== void 0);
		for (const name of fields.flatMap(nameParts)) found.add(name);
	});
	return all ? void 0 : found;
}
// src/sql/effects/columns.ts
function columnDefinition(definition, table, sink) {
	const name = definition.colname ?? "";
	const written = definition.typeName === void 0 ? void 0 : typeRef(definition.typeName);
	const base = written === void 0 ? void 0 : serialBase(written.name);
	const type = base === void 0 ? written === void 0 ? void 0 : sink.resolveType(written) : {
		name: base,
		modifiers: [],
		array: false
	};
	const parts = allOf(definition.constraints, "Constraint");
	const has = (kind) => parts.some((part) => part.contype === kind);
	const expression = parts.find((part) => part.contype === "CONSTR_DEFAULT")?.raw_expr;
	const stored = parts.some((part) => part.contype === "CONSTR_GENERATED" && part.generated_kind !== "v");
	const identity = has("CONSTR_IDENTITY");
	const userType = type === void 0 ? void 0 : sink.userType(type);
	const constrainedDomain = userType?.kind === "domain" && userType.constrained;
	const unseenType = type !== void 0 && userType === void 0 && !isBaseType(type.name) ? type : void 0;
	const steadiness = expression === void 0 ? void 0 : steadinessOf(expression, sink);
	const usesSequence = base !== void 0 || identity;
	const ownSequence = usesSequence ? sequenceOf(parts, table, name, sink) : void 0;
	const constraints = columnConstraints(parts, table, name, sink);
	return {
		column: {
			name,
			type,
			notNull: has("CONSTR_NOTNULL") || has("CONSTR_PRIMARY") || usesSequence,
			hasDefault: expression !== void 0 || usesSequence,
			generated: has("CONSTR_GENERATED"),
			identity,
			sequence: ownSequence ?? (expression === void 0 ? void 0 : sequencesUsed(expression, sink)[0]),
			defaultUses: defaultUses(parts.filter(({ contype }) => contype === "CONSTR_DEFAULT" || contype === "CONSTR_GENERATED"), sink),
			createdBy: sink.context.migration
		},
		filledBy: fill(),
		constraints,
		checks: has("CONSTR_CHECK"),
		builtIndexes: has("CONSTR_PRIMARY") || has("CONSTR_UNIQUE"),
		fillsEachRow: usesSequence || stored || constrainedDomain || steadiness !== void 0 && steadiness.kind !== "steady",
		doubt: steadiness?.kind === "unknown" ? `whether the default of the column ${name} is volatile is not known: ${steadiness.because}` : unseenType === void 0 ? void 0 : `nothing is known about the type ${unseenType.name} of the column ${name}; a domain with a constraint would rewrite the table`,
		ownSequence
	};
	function fill() {
		if (usesSequence) return "sequence";
		if (has("CONSTR_GENERATED")) return "generated";
		if (steadiness === void 0) return "none";
		return steadiness.kind === "steady" ? "constant" : "volatile";
	}
}
function sequenceOf(parts, table, column, sink) {
	const options = parts.flatMap((part) => part.contype === "CONSTR_IDENTITY" ? allOf(part.options, "DefElem") : []);
	const given = nameParts(options.find(({ defname }) => defname === "sequence_name")?.arg);
	if (given.length === 0) return sink.freeName(table, [column], "seq");
	return given.length === 1 ? beside(table, given[0] ?? "") : sink.newName(given);
}
function columnConstraints(parts, table, column, sink) {
	const found = [];
	for (const part of parts) {
		const constraint = constraintOf(part, table, sink, column);
		if (constraint !== void 0) found.push(constraint);
	}
	return found;
}
// src/sql/effects/partitions.ts
function lockDefaultPartition(parent, sink) {
	const partition = defaultPartitionOf(parent, sink);
	if (partition === void 0) return;
	for (const target of [partition, ...sink.descendants(partition)]) {
		sink.lock(target, "AccessExclusiveLock");
		sink.scan(target);
	}
}
function defaultPartitionOf(parent, sink) {
	return sink.descendants(parent).find((child) => {
		const table = sink.table(child);
		return table?.defaultPartition === true && table.parents.includes(parent);
	});
}
// src/sql/effects/type-uses.ts
function columnsOf$2(type, sink) {
	const found = [];
	for (const relation of sink.catalog.relations.values()) {
		if (relation.kind !== "table") continue;
		for (const { name, type: of } of relation.columns.values()) if (of?.name === type) found.push({
			table: relation.name,
			column: name,
			array: of.array
		});
	}
	return found;
}
function tablesOf(type, sink) {
	return [...sink.catalog.relations.values()].flatMap((relation) => relation.kind === "table" && relation.ofType === type ? relation.name : []);
}
function typesOver(type, sink) {
	return [...sink.catalog.types.values()].flatMap((other) => {
		if (other.base?.name === type) return {
			type: other,
			direct: other.kind === "domain" && !other.base.array
		};
		return other.attributes.some((attribute) => attribute.type.name === type) ? {
			type: other,
			direct: false
		} : [];
	});
}
function usesOfDomain(domain, sink) {
	const read = /* @__PURE__ */ new Set();
	const refused = /* @__PURE__ */ new Set();
	const seen = /* @__PURE__ */ new Set();
	const queue = [{
		name: domain,
		direct: true
	}];
	for (let one = queue.pop(); one !== void 0; one = queue.pop()) {
		const { name, direct } = one;
		const visit = `${name} ${direct}`;
		if (seen.has(visit)) continue;
		seen.add(visit);
		for (const { table, column, array } of columnsOf$2(name, sink)) {
			read.add(table);
			if (array || !direct) refused.add(`${table}.${column}`);
			queue.push({
				name: table,
				direct: false
			});
		}
		for (const over of typesOver(name, sink)) queue.push({
			name: over.type.name,
			direct: direct && over.direct
		});
	}
	return {
		read: [...read],
		refused: [...refused]
	};
}
// src/sql/effects/type-drops.ts
function doubtUnseenColumns(type, sink) {
	for (const relation of sink.catalog.relations.values()) if (relation.kind === "table" && !relation.columnsKnown) sink.unknown(`whether a column of ${relation.name} has the type ${type} is not known`);
}
function dropUsesOfType(type, going, sink) {
	if (going.has(`type ${type}`)) return;
	const goingNow = /* @__PURE__ */ new Set([...going, `type ${type}`]);
	doubtUnseenColumns(type, sink);
	for (const { table, column } of columnsOf$2(type, sink)) {
		if (going.has(table)) continue;
		sink.lock(table, "AccessExclusiveLock");
		if (sink.existed(table)) sink.lose("column", `${table}.${column}`);
		dropColumnDependents(table, column, true, sink, goingNow);
		sink.change({
			kind: "drop-column",
			clause: 0,
			table,
			name: column,
			known: sink.table(table)?.columns.get(column)
		});
	}
	for (const table of tablesOf(type, sink)) {
		if (going.has(table)) continue;
		sink.lock(table, "AccessExclusiveLock");
		if (sink.existed(table)) sink.lose("table", table);
		dropTableDependents(table, /* @__PURE__ */ new Set([...goingNow, table]), true, sink);
		sink.change({
			kind: "drop-table",
			name: table,
			known: sink.table(table)
		});
	}
	for (const { type: over } of typesOver(type, sink)) {
		if (over.kind === "composite") {
			dropAttributes(over.name, type, sink);
			continue;
		}
		if (over.createdBy !== sink.context.migration) sink.lose("type", over.name);
		dropUsesOfType(over.name, goingNow, sink);
		sink.change({
			kind: "drop-type",
			name: over.name,
			known: over
		});
	}
	dropDefaultsFrom(type, going, sink);
	dropFunctionsOn(type, sink);
}
function dropAttributes(name, type, sink) {
	const known = sink.catalog.types.get(name);
	if (known === void 0) return;
	for (const attribute of known.attributes) if (attribute.type.name === type && known.createdBy !== sink.context.migration) sink.lose("column", `${name}.${attribute.name}`);
	const attributes = known.attributes.filter((attribute) => attribute.type.name !== type);
	sink.change({
		kind: "create-type",
		type: {
			...known,
			attributes
		}
	});
}
function dropFunctionsOn(type, sink) {
	for (const { name, bodies } of sink.catalog.functions.values()) for (const { signature, text } of bodies) {
		if (!signature.split(",").some((one) => one === type || one === `${type}[]`)) {
			if (mayGiveBack(type, text, sink)) sink.unknown(`whether the function ${name}() returns the type ${type}, and goes with it, is not known`);
			continue;
		}
		sink.lose("function", name);
		sink.unknown(`which defaults, checks, views and indexes use ${name}() and go with it is not known`);
		sink.change({
			kind: "drop-function",
			name,
			signature
		});
	}
}
function mayGiveBack(type, text, sink) {
	const plain = withoutSchema(type);
	if (!text.includes(plain)) return false;
	let created;
	try {
		created = createdIn(text, sink);
	} catch {
		return true;
	}
	if (created === void 0 || created.sql_body !== void 0) return true;
	return [...walk([created.parameters, { returnType: created.returnType }])].some(({ kind, node }) => kind === "TypeName" && strings(node.names).at(-1) === plain);
}
function createdIn(text, sink) {
	return as(sink.context.parser.parse(text).stmts?.[0]?.stmt, "CreateFunctionStmt");
}
// src/sql/effects/dependents.ts
function dropTableDependents(name, dropped, cascade, sink) {
	const table = sink.table(name);
	if (table === void 0) {
		if (sink.relation(name) === void 0) sink.unknown(`the foreign keys of ${name} are not known; the tables they reference are locked too`);
	} else {
		for (const constraint of table.constraints) if (constraint.references !== void 0 && !isOfParent(constraint, table, sink)) sink.lock(constraint.references.table, "AccessExclusiveLock");
		for (const parent of table.parents) {
			if (sink.table(parent)?.partitioned !== true) continue;
			sink.lock(parent, "AccessExclusiveLock");
			const spare = defaultPartitionOf(parent, sink);
			if (spare !== void 0) sink.lock(spare, "AccessExclusiveLock");
		}
	}
	for (const relation of sink.catalog.relations.pointingAt(name)) {
		if (relation.kind !== "sequence" || relation.ownedBy?.table !== name) continue;
		sink.lock(relation.name, "AccessExclusiveLock");
		if (cascade) dropDefaultsFrom(relation.name, /* @__PURE__ */ new Set([...dropped, name]), sink);
	}
	if (table?.partitioned === true || cascade) for (const child of sink.descendants(name)) {
		if (dropped.has(child)) continue;
		sink.lock(child, "AccessExclusiveLock");
		if (sink.existed(child)) sink.lose("table", child);
		dropTableDependents(child, /* @__PURE__ */ new Set([
			...dropped,
			name,
			...sink.descendants(name)
		]), cascade, sink);
		sink.change({
			kind: "drop-table",
			name: child,
			known: sink.table(child)
		});
	}
	if (!cascade) return;
	for (const { table: other, constraint } of sink.referencing(name)) {
		if (dropped.has(other.name)) continue;
		dropForeignKey(other, constraint.name, sink);
	}
	dropUsesOfType(name, dropped, sink);
	dropViewsOn(name, void 0, sink, dropped);
}
function isOfParent(constraint, partition, sink) {
	return partition.parents.flatMap((parent) => sink.table(parent) ?? []).some((parent) => parent.partitioned && parent.constraints.some((one) => isSame(one, constraint)));
}
function dropDefaultsFrom(used, going, sink) {
	for (const relation of sink.catalog.relations.values()) {
		if (relation.kind !== "table" || going.has(relation.name)) continue;
		for (const column of relation.columns.values()) {
			if (column.sequence !== used && !column.defaultUses.includes(used)) continue;
			if (column.type?.name === used) continue;
			sink.lock(relation.name, "AccessExclusiveLock");
			if (column.generated) sink.unknown(`the generated column ${column.name} of ${relation.name} goes with ${used}`);
			sink.lose("default", `${relation.name}.${column.name}`);
			sink.change({
				kind: "alter-column",
				clause: 0,
				table: relation.name,
				name: column.name,
				known: column,
				set: {
					hasDefault: false,
					sequence: void 0,
					defaultUses: []
				},
				typeChange: void 0,
				scans: void 0,
				reaches: []
			});
		}
	}
}
function dropForeignKey(table, name, sink) {
	const partitions = table.partitioned ? sink.descendants(table.name) : [];
	for (const one of [table.name, ...partitions]) sink.lock(one, "AccessExclusiveLock");
	if (sink.existed(table.name)) sink.lose("constraint", `${table.name}.${name}`);
	const known = table.constraints.find((one) => one.name === name);
	sink.change({
		kind: "drop-constraint",
		clause: 0,
		table: table.name,
		name,
		known
	});
}
function dropColumnDependents(name, column, cascade, sink, going = /* @__PURE__ */ new Set()) {
	const table = sink.table(name);
	if (table === void 0) {
		sink.unknown(`the foreign keys of ${name} are not known; a table that the column ${column} references is locked too`);
		if (cascade) sink.unknown(`what depends on ${name}.${column} and goes with it is not known`);
		return;
	}
	for (const constraint of table.constraints) {
		if (constraint.references === void 0 || !constraint.columns.includes(column)) continue;
		sink.lock(constraint.references.table, "AccessExclusiveLock");
	}
	for (const relation of sink.catalog.relations.pointingAt(name)) {
		if (relation.kind !== "sequence" || relation.ownedBy?.table !== name || relation.ownedBy.column !== column) continue;
		sink.lock(relation.name, "AccessExclusiveLock");
		if (cascade) dropDefaultsFrom(relation.name, /* @__PURE__ */ new Set([name]), sink);
	}
	if (!cascade) return;
	for (const { table: other, constraint } of sink.referencing(name)) if (other.name !== name && referencesColumn(constraint, column, table)) dropForeignKey(other, constraint.name, sink);
	dropViewsOn(name, column, sink, going);
}
function dropViewsOn(name, column, sink, going = /* @__PURE__ */ new Set()) {
	for (const relation of sink.catalog.relations.pointingAt(name)) {
		if (relation.kind !== "view" && relation.kind !== "materialized-view") continue;
		if (column !== void 0 && relation.mentions !== void 0 && !relation.mentions.has(column)) continue;
		if (column !== void 0 && relation.mentions === void 0) sink.unknown(`whether the view ${relation.name} uses the column ${column} is not known`);
		dropView(relation.name, true, sink, going);
	}
}
function dropView(name, cascade, sink, going = /* @__PURE__ */ new Set()) {
	sink.lock(name, "AccessExclusiveLock");
	if (sink.existed(name)) sink.lose("view", name);
	if (cascade) dropUsesOfType(name, going, sink);
	dropViewsOn(name, void 0, sink, going);
	sink.change({
		kind: "drop-view",
		name
	});
}
function dropKeyDependents(name, columns, sink) {
	for (const { table: other, constraint } of sink.referencing(name)) {
		const wanted = constraint.references?.columns ?? [];
		if (wanted.length > 0 && wanted.toSorted().join() !== columns.toSorted().join()) continue;
		dropForeignKey(other, constraint.name, sink);
	}
}
function referencesColumn(constraint, column, table) {
	const columns = constraint.references?.columns ?? [];
	if (columns.length > 0) return columns.includes(column);
	const key = table?.constraints.find((one) => one.kind === "primary");
	return key === void 0 || key.columns.includes(column);
}
function dropUsesOfFunction(routine, sink) {
	for (const relation of sink.catalog.relations.values()) {
		if (relation.kind === "index" || relation.kind === "sequence") continue;
		for (const [trigger, { runs }] of relation.triggers) {
			if (!runs.includes(routine)) continue;
			sink.lock(relation.name, "AccessExclusiveLock");
			sink.lose("trigger", `${relation.name}.${trigger}`);
			sink.change({
				kind: "drop-trigger",
				table: relation.name,
				name: trigger
			});
		}
	}
	sink.unknown(`which defaults, checks, views and indexes use ${routine}() and go with it is not known`);
}
// src/sql/effects/copied-columns.ts
const likeOptions = {
	constraints: 4,
	defaults: 8,
	generated: 16,
	identity: 32,
	indexes: 64
};
function copies(like, what) {
	return ((like.options ?? 0) & likeOptions[what]) !== 0;
}
function columnsLike(like, table, sink) {
	return columnsOf$1(sink.relationOf(like.relation), sink).map((column) => {
		const identity = column.identity && copies(like, "identity");
		const filled = identity || !column.identity && !column.generated && copies(like, "defaults");
		const sequence = filled ? column.sequence : void 0;
		return {
			...column,
			identity,
			generated: column.generated && copies(like, "generated"),
			hasDefault: column.hasDefault && filled,
			defaultUses: filled || column.generated ? column.defaultUses : [],
			sequence: identity ? sink.freeName(table, [column.name], "seq") : sequence
		};
	});
}
function checksLike(like, sink) {
	return copies(like, "constraints") ? checksInherited(sink.relationOf(like.relation), sink) : [];
}
function indexesLike(like, table, sink) {
	if (!copies(like, "indexes")) return [];
	const of = {
		table,
		createdBy: sink.context.migration
	};
	const choose = (columns, label) => sink.freeName(table, columns, label);
	return sink.indexesOf(sink.relationOf(like.relation)).map((index) => indexFor(sink.catalog, index, of, choose));
}
function columnsInherited(parent, sink) {
	return columnsOf$1(parent, sink).map((column) => column.identity ? {
		...column,
		identity: false,
		hasDefault: false,
		sequence: void 0
	} : column);
}
function columnsOf$1(source, sink) {
	return [...sink.table(source)?.columns.values() ?? []].map((column) => ({
		...column,
		createdBy: sink.context.migration
	}));
}
function checksInherited(parent, sink) {
	return sink.table(parent)?.constraints.filter(({ kind }) => kind === "check") ?? [];
}
function columnsSelected(query, sink) {
	const select = as(query, "SelectStmt");
	const [from, ...more] = select?.fromClause ?? [];
	const range = as(from, "RangeVar");
	const source = range === void 0 ? void 0 : sink.table(sink.relationOf(range));
	if (more.length > 0 || source?.columnsKnown !== true || range?.alias?.colnames !== void 0) return void 0;
	const columns = /* @__PURE__ */ new Map();
	for (const { val, name } of allOf(select?.targetList, "ResTarget")) {
		const last = as(val, "ColumnRef")?.fields?.at(-1);
		const named = as(last, "String")?.sval;
		const chosen = as(last, "A_Star") !== void 0 ? [...source.columns.values()] : [source.columns.get(named ?? "")];
		for (const column of chosen) {
			if (column === void 0) return void 0;
			const { type, name: own } = column;
			columns.set(name ?? own, {
				...plainColumn,
				name: name ?? own,
				type,
				createdBy: sink.context.migration
			});
		}
	}
	return columns;
}
const plainColumn = {
	notNull: false,
	hasDefault: false,
	generated: false,
	identity: false,
	sequence: void 0,
	defaultUses: []
};
// src/sql/effects/queries.ts
function lockReads(query, sink, depth) {
	const found = relationsRead(query, sink);
	for (const one of found) lockRead(one.relation, one.mode, one.withChildren, sink, depth);
	if (depth === "views-too") evaluate(query, sink);
	return found.map((one) => one.relation);
}
function lockRead(name, mode, withChildren, sink, depth) {
	sink.lock(name, mode);
	const relation = sink.relation(name);
	if (depth === "views-too" && withChildren) for (const child of sink.descendants(name)) sink.lock(child, mode);
	if (depth === "names") return;
	if (relation?.kind === "table" && relation.foreign) sink.unknown(`reading ${name} runs a query on another server, and what that does is not known`);
	if (relation?.kind === "table" && relation.rowSecurity) sink.runFunctions(relation.runs, `what hangs on ${name}`);
	if (relation?.kind === "view") {
		sink.runFunctions(relation.runs, `the view ${name}`);
		for (const read of relation.reads) lockRead(read, "AccessShareLock", true, sink, depth);
	}
}
function leave(left, value, hidden, mode) {
	if (typeof value !== "object" || value === null) return;
	left.values.push(value);
	left.hidden.push(hidden);
	left.modes.push(mode);
}
const noNodes = [];
const noClause = {};
const nobody = /* @__PURE__ */ new Set();
function relationsRead(root, sink) {
	const found = [];
	const left = {
		values: [],
		hidden: [],
		modes: []
	};
	leave(left, root, nobody, "AccessShareLock");
	while (left.values.length > 0) {
		const value = left.values.pop();
		const hidden = left.hidden.pop() ?? nobody;
		const mode = left.modes.pop() ?? "AccessShareLock";
		if (Array.isArray(value)) {
			for (let index = value.length - 1; index >= 0; index -= 1) leave(left, value[index], hidden, mode);
			continue;
		}
		const node = value;
		const range = node.RangeVar;
		if (range === void 0) leaveBelow(left, node, hidden, mode);
		else if (range.schemaname !== void 0 || !hidden.has(range.relname ?? "")) found.push({
			relation: sink.relationOf(range),
			withChildren: range.inh === true,
			mode
		});
	}
	return found;
}
function leaveBelow(left, node, hidden, mode) {
	const { ctes = noNodes, recursive = false } = node.withClause ?? noClause;
	const named = ctes.length === 0 ? [] : ctes.map((cte) => as(cte, "CommonTableExpr"));
	const names = named.length === 0 ? hidden : /* @__PURE__ */ new Set([...hidden, ...named.map((cte) => cte?.ctename ?? "")]);
	const fromMode = Array.isArray(node.lockingClause) && node.lockingClause.length > 0 ? "RowShareLock" : mode;
	const keys = Object.keys(node);
	for (let index = keys.length - 1; index >= 0; index -= 1) {
		const key = keys[index] ?? "";
		if (key === "withClause" || key === "intoClause") continue;
		const aside = key === "whereClause" || key === "targetList";
		leave(left, node[key], names, key === "fromClause" ? fromMode : aside ? "AccessShareLock" : mode);
	}
	for (let index = named.length - 1; index >= 0; index -= 1) {
		const before = recursive ? named : named.slice(0, index);
		const seen = /* @__PURE__ */ new Set([...hidden, ...before.map((cte) => cte?.ctename ?? "")]);
		leave(left, named[index]?.ctequery, seen, "AccessShareLock");
	}
}
// src/sql/effects/tables.ts
const createTable = (node, sink) => {
	const statement = as(node, "CreateStmt");
	if (statement !== void 0) create$1(statement, false, sink);
};
const createForeignTable = (node, sink) => {
	const base = as(node, "CreateForeignTableStmt")?.base;
	if (base !== void 0) create$1(base, true, sink);
};
function create$1(statement, foreign, sink) {
	const name = sink.newRelation(statement.relation);
	if (statement.if_not_exists === true && sink.certainlyPresent(name)) return;
	const { definitions, constraints, included } = elementsOf(statement, name, sink);
	const likes = allOf(statement.tableElts, "TableLikeClause");
	const parents = allOf(statement.inhRelations, "RangeVar").map((parent) => sink.relationOf(parent));
	const partition = statement.partbound !== void 0;
	const columns = columnsOf(definitions, constraints);
	sink.runFunctions(ownFunctionsIn(statement.partbound, sink), "it");
	const inherited = [...likes.map((like) => sink.relationOf(like.relation)), ...parents];
	const copied = [...likes.flatMap((like) => columnsLike(like, name, sink)), ...parents.flatMap((parent) => columnsInherited(parent, sink))];
	for (const column of copied) columns.set(column.name, merged(columns.get(column.name), column));
	for (const parent of parents) constraints.push(...checksInherited(parent, sink));
	for (const like of likes) constraints.push(...checksLike(like, sink));
	const liked = likes.flatMap((like) => indexesLike(like, name, sink));
	sink.change({
		kind: "create-table",
		ifNotExists: statement.if_not_exists === true,
		table: {
			kind: "table",
			name,
			createdBy: sink.context.migration,
			partitioned: statement.partspec !== void 0,
			unlogged: statement.relation?.relpersistence === "u",
			rowSecurity: false,
			foreign,
			ofType: statement.ofTypename === void 0 ? void 0 : sink.resolveType(typeRef(statement.ofTypename)).name,
			columns,
			columnsKnown: inherited.every((source) => sink.table(source)?.columnsKnown === true) && statement.ofTypename === void 0,
			constraints: [...constraints, ...liked.flatMap(({ constraint }) => constraint ?? [])],
			parents,
			defaultPartition: statement.partbound?.is_default === true,
			triggers: /* @__PURE__ */ new Map(),
			policies: [],
			rules: [],
			runs: [...ownFunctionsIn([
				statement.tableElts,
				statement.partspec,
				{ typeName: statement.ofTypename }
			], sink), ...inherited.flatMap((source) => sink.table(source)?.runs ?? [])]
		}
	});
	for (const constraint of constraints) createConstraintIndex(name, constraint, sink, { included: included.get(constraint) ?? [] });
	for (const { index } of liked) sink.change({
		kind: "create-index",
		index,
		concurrently: false,
		ifNotExists: false,
		reaches: []
	});
	for (const one of definitions) createOwnSequence(one, name, sink);
	for (const { identity, sequence, name: column } of copied) if (identity && sequence !== void 0) createSequenceOf(sequence, name, column, sink);
	for (const constraint of constraints) if (constraint.references !== void 0) lockReferenced(constraint.references.table, sink);
	for (const like of likes) sink.lock(sink.relationOf(like.relation), "AccessShareLock");
	for (const parent of parents) lockParent(parent, partition, sink);
}
function elementsOf(statement, table, sink) {
	const definitions = [];
	const constraints = [];
	const included = /* @__PURE__ */ new Map();
	for (const element of statement.tableElts ?? []) {
		const [column, node] = [as(element, "ColumnDef"), as(element, "Constraint")];
		const definition = column === void 0 ? void 0 : columnDefinition(column, table, sink);
		if (definition !== void 0) definitions.push(definition);
		constraints.push(...definition?.constraints ?? []);
		const constraint = node === void 0 ? void 0 : constraintOf(node, table, sink);
		if (node === void 0 || constraint === void 0) continue;
		if (node.conname === void 0 && constraints.some((one) => one.kind === "unique" && isSame(one, constraint))) continue;
		const made = {
			...constraint,
			validated: true
		};
		constraints.push(made);
		included.set(made, strings(node.including));
	}
	return {
		definitions,
		constraints,
		included
	};
}
function merged(own, inherited) {
	if (own === void 0) return inherited;
	const hasDefault = own.hasDefault || inherited.hasDefault;
	const sequence = own.hasDefault ? own.sequence : inherited.sequence;
	return {
		...inherited,
		notNull: own.notNull || inherited.notNull,
		hasDefault,
		sequence
	};
}
function lockParent(parent, partition, sink) {
	sink.lock(parent, partition ? "AccessExclusiveLock" : "ShareUpdateExclusiveLock");
	if (!partition) return;
	lockDefaultPartition(parent, sink);
	for (const constraint of sink.table(parent)?.constraints ?? []) if (constraint.references !== void 0) lockReferenced(constraint.references.table, sink);
}
function lockReferenced(table, sink) {
	sink.lock(table, "ShareRowExclusiveLock");
	if (sink.table(table)?.partitioned === true) for (const child of sink.descendants(table)) sink.lock(child, "ShareRowExclusiveLock");
}
function columnsOf(definitions, constraints) {
	const keys = new Set(constraints.flatMap((one) => one.kind === "primary" || one.kind === "not-null" ? one.columns : []));
	return new Map(definitions.map(({ column }) => [column.name, keys.has(column.name) ? {
		...column,
		notNull: true
	} : column]));
}
function createConstraintIndex(table, constraint, sink, more = {}) {
	if (constraint.kind !== "primary" && constraint.kind !== "unique" && constraint.kind !== "exclusion") return;
	const included = more.included ?? [];
	sink.change({
		kind: "create-index",
		concurrently: false,
		ifNotExists: false,
		reaches: more.partitions ?? [],
		index: {
			kind: "index",
			name: beside(table, constraint.name),
			createdBy: sink.context.migration,
			table,
			columns: [.../* @__PURE__ */ new Set([...constraint.columns, ...included])],
			unique: constraint.kind !== "exclusion",
			plain: constraint.kind !== "exclusion",
			btree: constraint.kind !== "exclusion" && included.length === 0
		}
	});
}
function createOwnSequence(definition, table, sink) {
	if (definition.ownSequence !== void 0) createSequenceOf(definition.ownSequence, table, definition.column.name, sink);
}
function createSequenceOf(name, table, column, sink) {
	const { migration } = sink.context;
	sink.change({
		kind: "create-sequence",
		sequence: {
			kind: "sequence",
			name,
			createdBy: migration,
			ownedBy: {
				table,
				column
			}
		}
	});
}
const createTableAs = (node, sink) => {
	const statement = as(node, "CreateTableAsStmt");
	if (statement === void 0) return;
	const target = statement.into?.rel;
	const name = sink.newRelation(target);
	if (statement.if_not_exists === true && sink.certainlyPresent(name)) return;
	const run = statement.into?.skipData !== true;
	if (as(statement.query, "ExecuteStmt") !== void 0) sink.unknown("what the prepared statement does is not known");
	const reads = lockReads(statement.query, sink, run ? "views-too" : "names");
	if (statement.objtype === "OBJECT_MATVIEW") {
		const view = {
			kind: "materialized-view",
			name,
			createdBy: sink.context.migration,
			reads,
			mentions: columnsMentioned(statement.query),
			triggers: /* @__PURE__ */ new Map(),
			rules: [],
			runs: [...ownFunctionsIn(statement.query, sink)]
		};
		sink.change({
			kind: "create-view",
			view
		});
	} else {
		const columns = columnsSelected(statement.query, sink);
		const table = unseenColumns(name, target, sink);
		const made = columns === void 0 ? table : {
			...table,
			columns,
			columnsKnown: true
		};
		sink.change({
			kind: "create-table",
			table: made,
			ifNotExists: false
		});
	}
};
function unseenColumns(name, range, sink) {
	return {
		kind: "table",
		name,
		createdBy: sink.context.migration,
		partitioned: false,
		unlogged: range?.relpersistence === "u",
		rowSecurity: false,
		foreign: false,
		ofType: void 0,
		columns: /* @__PURE__ */ new Map(),
		columnsKnown: false,
		constraints: [],
		parents: [],
		defaultPartition: false,
		triggers: /* @__PURE__ */ new Map(),
		policies: [],
		rules: [],
		runs: []
	};
}
// src/sql/effects/type-change.ts
const kept = {
	rewrites: false,
	loses: false,
	mayFail: false,
	doubt: void 0
};
const rewritten = {
	...kept,
	rewrites: true
};
const narrowed = {
	...rewritten,
	mayFail: true
};
const rounded = {
	...rewritten,
	loses: true
};
const untold = (doubt) => ({
	rewrites: true,
	loses: false,
	mayFail: true,
	doubt
});
const sameBytes = new Set("text>varchar varchar>text xml>text xml>varchar cidr>inet int4>oid oid>int4 citext>text text>citext citext>varchar varchar>citext".split(" "));
const integers = [
	"int2",
	"int4",
	"int8"
];
const integerDigits = [
	5,
	10,
	19
];
const numbers = /* @__PURE__ */ new Set([
	...integers,
	"numeric",
	"float4",
	"float8"
]);
const texts = /* @__PURE__ */ new Set([
	"text",
	"varchar",
	"bpchar",
	"citext",
	"name"
]);
const bits = /* @__PURE__ */ new Set(["bit", "varbit"]);
const cutting = /* @__PURE__ */ new Set([
	"char",
	"name",
	"float4",
	"float8",
	"jsonb"
]);
const times = /* @__PURE__ */ new Set([
	"timestamp",
	"timestamptz",
	"date",
	"time",
	"timetz"
]);
const withFraction = /* @__PURE__ */ new Set([
	"timestamp",
	"timestamptz",
	"time",
	"timetz",
	"interval"
]);
function typeChange(from, to, using, sink) {
	return {
		from,
		to,
		...from === void 0 ? untold("the type that it has now is not known; a rewrite is assumed") : judgeChange({
			...from,
			name: plainName(from.name)
		}, {
			...to,
			name: plainName(to.name)
		}, using, sink)
	};
}
function judgeChange(from, to, using, sink) {
	return withUsing(judge(from, to, sink), from, to, using, sink);
}
function usingOf(expression, column) {
	if (expression === void 0) return { kind: "none" };
	const through = [];
	let node = expression;
	for (let cast = as(node, "TypeCast"); cast !== void 0; cast = as(node, "TypeCast")) {
		if (cast.typeName !== void 0) through.unshift(typeRef(cast.typeName));
		node = cast.arg;
	}
	const reference = as(node, "ColumnRef");
	return reference !== void 0 && strings(reference.fields).at(-1) === column ? {
		kind: "cast",
		through
	} : { kind: "computed" };
}
function withUsing(verdict, from, to, using, sink) {
	if (using.kind === "none") return verdict;
	if (using.kind === "computed") return {
		rewrites: true,
		loses: true,
		mayFail: true,
		doubt: void 0
	};
	const cuts = (texts.has(to.name) || bits.has(to.name)) && length(to) !== void 0 && verdict.mayFail && !verdict.loses;
	const stops = using.through.map((type) => ({
		...type,
		name: plainName(sink.resolveType(type).name)
	})).filter((type) => type.name !== to.name && type.name !== from.name);
	const detour = stops.length > 0;
	const changed = stops.some((type) => !texts.has(type.name) || length(type) !== void 0);
	return {
		...verdict,
		rewrites: verdict.rewrites || detour,
		loses: verdict.loses || cuts || changed,
		mayFail: verdict.mayFail && !cuts
	};
}
function judge(from, to, sink) {
	if (from.name === to.name && from.array === to.array && from.modifiers.join() === to.modifiers.join()) return kept;
	const fromUser = sink.userType(from);
	const toUser = sink.userType(to);
	if (fromUser?.kind === "domain" && fromUser.base !== void 0 && !from.array) return fromDomain(fromUser.base, to, sink);
	if (toUser?.kind === "domain" && toUser.base !== void 0 && !to.array) {
		const beneath = judge(from, toUser.base, sink);
		return toUser.constrained ? {
			...beneath,
			rewrites: true,
			mayFail: true
		} : beneath;
	}
	if (from.array || to.array) return from.array && to.array ? judgeArrays(from, to, sink) : narrowed;
	if (fromUser?.kind === "enum" && toUser?.kind === "enum") return fromUser.labels.filter((label) => !toUser.labels.includes(label)).length > 0 ? narrowed : rewritten;
	if (fromUser?.kind === "enum") return texts.has(to.name) ? length(to) === void 0 ? rewritten : narrowed : noCast(from, to);
	if (toUser?.kind === "enum") return narrowed;
	if (!isBaseType(from.name) || !isBaseType(to.name)) return noCast(from, to);
	return judgeBaseTypes(from, to);
}
function fromDomain(base, to, sink) {
	return {
		...judge(base, to, sink),
		rewrites: judge({
			...base,
			modifiers: []
		}, to, sink).rewrites
	};
}
function judgeBaseTypes(from, to) {
	const pair = `${from.name}>${to.name}`;
	if (from.name === "numeric" && to.name === "numeric") return judgeNumeric(from, to);
	if (from.name === "interval" && to.name === "interval" && !sameFields(from, to)) return rounded;
	if (from.name === to.name && withFraction.has(from.name)) return (to.modifiers.at(-1) ?? 6) >= (from.modifiers.at(-1) ?? 6) ? kept : rounded;
	if (from.name === to.name && (from.name === "varbit" || from.name === "varchar")) return fits(from, to) ? kept : narrowed;
	if (sameBytes.has(pair)) return length(to) === void 0 || fits(from, to) ? kept : narrowed;
	if (pair === "timestamp>timestamptz" || pair === "timestamptz>timestamp") return {
		...rewritten,
		doubt: "to which instants its values are converted, and whether the table is rewritten, depends on the TimeZone of the session"
	};
	if (texts.has(from.name) && isCut(to)) return {
		...rounded,
		mayFail: true
	};
	if (texts.has(to.name)) return length(to) === void 0 || texts.has(from.name) && fits(from, to) ? rewritten : narrowed;
	if (texts.has(from.name)) return narrowed;
	if (numbers.has(from.name) && numbers.has(to.name)) return judgeNumbers(from, to);
	if (times.has(from.name) && times.has(to.name)) return from.name === "date" ? rewritten : rounded;
	if (pair === "json>jsonb") return rounded;
	if (pair === "jsonb>json" || pair === "inet>cidr") return pair === "inet>cidr" ? narrowed : rewritten;
	return from.name === to.name ? narrowed : noCast(from, to);
}
function judgeArrays(from, to, sink) {
	return {
		...judge({
			...from,
			array: false
		}, {
			...to,
			array: false
		}, sink),
		rewrites: true
	};
}
function noCast(from, to) {
	return untold(`how ${from.name} is converted to ${to.name} is not known; a rewrite is assumed`);
}
function judgeNumeric(from, to) {
	const [toPrecision, toScale = 0] = to.modifiers;
	if (toPrecision === void 0) return kept;
	const [fromPrecision, fromScale = 0] = from.modifiers;
	if (fromPrecision === void 0) return {
		...rounded,
		mayFail: true
	};
	const fewerDigits = toPrecision - toScale < fromPrecision - fromScale;
	if (toScale === fromScale) return fewerDigits ? narrowed : kept;
	return toScale < fromScale ? {
		...rounded,
		mayFail: fewerDigits
	} : {
		...rewritten,
		mayFail: fewerDigits
	};
}
function judgeNumbers(from, to) {
	const fromWidth = integers.indexOf(from.name);
	const toWidth = integers.indexOf(to.name);
	if (fromWidth >= 0 && toWidth >= 0) return toWidth >= fromWidth ? rewritten : narrowed;
	if (toWidth >= 0) return {
		...rounded,
		mayFail: true
	};
	if (to.name === "numeric") {
		if (fromWidth < 0) return {
			...rounded,
			mayFail: to.modifiers.length > 0
		};
		const [precision, scale = 0] = to.modifiers;
		return precision === void 0 || precision - scale >= (integerDigits[fromWidth] ?? 19) ? rewritten : narrowed;
	}
	const exactDigits = to.name === "float8" ? "int4" : "int2";
	return fromWidth >= 0 && fromWidth <= integers.indexOf(exactDigits) || from.name === "float4" && to.name === "float8" ? rewritten : rounded;
}
function isCut({ name, modifiers }) {
	return cutting.has(name) || times.has(name) || modifiers.length > 0 && (name === "numeric" || name === "interval");
}
const allFields = 32767;
function sameFields(from, to) {
	const [fields = allFields] = to.modifiers;
	return fields === allFields || fields === (from.modifiers[0] ?? allFields);
}
function length(type) {
	return type.modifiers[0];
}
function fits(from, to) {
	const limit = length(to);
	const had = length(from);
	return limit === void 0 || had !== void 0 && had <= limit;
}
// src/sql/effects/alter-column.ts
function addColumn(command, sink) {
	const node = as(command.node.def, "ColumnDef");
	if (node === void 0) return;
	const known = sink.table(command.table)?.columns.has(node.colname ?? "") === true;
	if (command.missingOk && known && !sink.catalog.uncertain.has(columnKey(command.table, node.colname ?? ""))) return;
	const definition = columnDefinition(node, command.table, sink);
	const { column } = definition;
	const filled = definition.filledBy !== "none";
	for (const target of command.targets) {
		if (definition.fillsEachRow) sink.rewrite(target);
		const verifies = column.notNull && !filled;
		if (definition.fillsEachRow || verifies || definition.checks || definition.builtIndexes) sink.scan(target);
	}
	if (definition.doubt !== void 0) sink.unknown(definition.doubt);
	sink.change({
		kind: "add-column",
		clause: command.clause,
		table: command.table,
		column,
		filledBy: definition.filledBy,
		reaches: command.targets.slice(1)
	});
	for (const sequence of sequencesUsed(node.constraints, sink)) sink.lock(sequence, "RowExclusiveLock");
	createOwnSequence(definition, command.table, sink);
	for (const constraint of definition.constraints) {
		sink.change({
			kind: "add-constraint",
			clause: command.clause,
			table: command.table,
			constraint,
			usingIndex: void 0,
			reaches: command.targets.slice(1)
		});
		createConstraintIndex(command.table, constraint, sink, { partitions: partitionsBelow(command, sink) });
		if (constraint.references === void 0) continue;
		lockReferenced(constraint.references.table, sink);
		if (filled) sink.scan(command.table);
	}
}
function dropColumn(command, sink) {
	const name = command.node.name ?? "";
	const table = sink.table(command.table);
	const known = table?.columns.get(name);
	if (table?.columnsKnown === true && known === void 0 && command.missingOk) return;
	for (const target of command.only ? [command.table] : command.targets) {
		const column = sink.table(target)?.columns.get(name);
		if (column?.createdBy !== sink.context.migration && sink.existed(target)) sink.lose("column", `${target}.${name}`);
		dropColumnDependents(target, name, command.cascade, sink);
		sink.change({
			kind: "drop-column",
			clause: command.clause,
			table: target,
			name,
			known: column
		});
	}
}
function alterColumnType(command, sink) {
	const name = command.node.name ?? "";
	const node = as(command.node.def, "ColumnDef");
	if (node?.typeName === void 0) return;
	const table = sink.table(command.table);
	const known = table?.columns.get(name);
	const to = sink.resolveType(typeRef(node.typeName));
	const change = typeChange(known?.type, to, usingOf(node.raw_default, name), sink);
	const qualified = `${command.table}.${name}`;
	if (change.rewrites) for (const target of command.targets) {
		sink.rewrite(target);
		sink.scan(target);
	}
	else if (node.collClause !== void 0 || checksNeedProof(table, name)) sink.scan(command.table);
	if (change.loses && sink.existed(command.table)) sink.lose("precision", qualified);
	for (const label of lostLabels(known, change.to, sink)) sink.lose("enum-label", label);
	if (change.doubt !== void 0 && sink.existed(command.table)) sink.unknown(`the type of ${qualified} changes, and ${change.doubt}`);
	foreignKeysOfColumn(command.table, table, name, change.rewrites, sink);
	if (known?.identity === true && known.sequence !== void 0) sink.lock(known.sequence, "ShareRowExclusiveLock");
	sink.change({
		kind: "alter-column",
		clause: command.clause,
		table: command.table,
		name,
		known,
		set: {
			type: to,
			...known === void 0 ? {} : { defaultUses: usesWithCast(known, sink) }
		},
		typeChange: change,
		scans: void 0,
		reaches: command.targets.slice(1)
	});
}
function usesWithCast({ type, hasDefault, defaultUses }, sink) {
	return hasDefault && type !== void 0 && sink.catalog.types.has(type.name) ? [.../* @__PURE__ */ new Set([...defaultUses, type.name])] : defaultUses;
}
function checksNeedProof(table, column) {
	return table?.constraints.some((one) => one.kind === "check" && one.columns.includes(column)) === true;
}
function foreignKeysOfColumn(name, table, column, rewrites, sink) {
	for (const constraint of table?.constraints ?? []) {
		if (constraint.references === void 0 || !constraint.columns.includes(column)) continue;
		sink.lock(constraint.references.table, "AccessExclusiveLock");
	}
	for (const { table: other, constraint } of sink.referencing(name)) {
		if (!referencesColumn(constraint, column, table)) continue;
		const partitions = other.partitioned ? sink.descendants(other.name) : [];
		for (const one of [other.name, ...partitions]) {
			sink.lock(one, "AccessExclusiveLock");
			if (rewrites && constraint.validated) sink.scan(one);
		}
	}
}
function lostLabels(column, to, sink) {
	const from = column?.type === void 0 ? void 0 : sink.userType(column.type);
	const target = sink.catalog.types.get(to.name);
	if (from?.kind !== "enum" || target?.kind !== "enum") return [];
	return from.labels.filter((label) => !target.labels.includes(label)).map((label) => `${from.name}.${label}`);
}
function setNotNull(command, sink) {
	const name = command.node.name ?? "";
	let scans = false;
	for (const target of command.targets) {
		if (provenNotNull(target, name, command, sink)) continue;
		sink.scan(target);
		scans = scans || target === command.table;
	}
	alterColumn(command, { notNull: true }, sink, scans);
}
function provenNotNull(target, column, command, sink) {
	const table = sink.table(target);
	if (table?.columns.get(column)?.notNull === true) return true;
	if ((table?.constraints ?? []).some((one) => one.validated && one.provesNotNull.includes(column))) return true;
	return command.before.some((earlier) => as(earlier.def, "ColumnDef")?.colname === column && earlier.subtype === "AT_AddColumn");
}
function dropNotNull(command, sink) {
	sink.lose("constraint", `${command.table}.${command.node.name ?? ""} NOT NULL`);
	alterColumn(command, { notNull: false }, sink);
}
function alterColumnDefault(command, sink) {
	const drops = command.node.def === void 0;
	if (drops) sink.lose("default", `${command.table}.${command.node.name ?? ""}`);
	alterColumn(command, {
		hasDefault: !drops,
		sequence: drops ? void 0 : sequencesUsed(command.node.def, sink)[0],
		defaultUses: defaultUses(command.node.def, sink)
	}, sink);
}
function alterColumn(command, set, sink, scans) {
	const name = command.node.name ?? "";
	const known = sink.table(command.table)?.columns.get(name);
	sink.change({
		kind: "alter-column",
		clause: command.clause,
		table: command.table,
		name,
		known,
		set,
		typeChange: void 0,
		scans,
		reaches: set.identity === void 0 ? command.targets.slice(1) : []
	});
}
function partitionsBelow(command, sink) {
	return sink.table(command.table)?.partitioned === true ? command.targets.slice(1) : [];
}
// src/sql/effects/alter-constraint.ts
function addConstraint(command, sink) {
	const node = as(command.node.def, "Constraint");
	const constraint = node === void 0 ? void 0 : constraintOf(node, command.table, sink);
	if (node === void 0 || constraint === void 0) return;
	const usingIndex = node.indexname === void 0 ? void 0 : beside(command.table, node.indexname);
	if (constraint.references !== void 0) lockReferenced(constraint.references.table, sink);
	if (reads(constraint, usingIndex !== void 0, command, sink)) {
		sink.scan(command.table);
		for (const child of command.targets) if (readsChild(child, constraint, command, sink)) sink.scan(child);
	}
	const { clause, table, targets } = command;
	sink.change({
		kind: "add-constraint",
		clause,
		table,
		constraint,
		usingIndex,
		reaches: reachesOf(node, targets)
	});
	if (usingIndex !== void 0) sink.change({
		kind: "rename-index",
		from: usingIndex,
		to: beside(command.table, constraint.name)
	});
	else createConstraintIndex(command.table, constraint, sink, {
		included: strings(node.including),
		partitions: partitionsBelow(command, sink)
	});
}
function reachesOf(node, targets) {
	return node.is_no_inherit === true ? [] : targets.slice(1);
}
function reads(constraint, usesIndex, command, sink) {
	if (!constraint.validated) return false;
	if (!usesIndex) return true;
	const table = sink.table(command.table);
	return constraint.kind === "primary" && constraint.columns.some((column) => table?.columns.get(column)?.notNull !== true);
}
function readsChild(child, constraint, command, sink) {
	if (sink.table(command.table)?.partitioned === true) return true;
	if (constraint.kind !== "primary") return constraint.kind === "check" || constraint.kind === "not-null";
	const columns = sink.table(child)?.columns;
	return constraint.columns.some((column) => columns?.get(column)?.notNull !== true);
}
function dropConstraint(command, sink) {
	const name = command.node.name ?? "";
	const table = sink.table(command.table);
	const known = constraintNamed(name, command.table, table);
	if (known === void 0 && table?.columnsKnown === true && command.missingOk) return;
	if (known === void 0 && sink.existed(command.table)) sink.unknown(`what kind of constraint ${name} is, is not known; dropping a foreign key locks the table it references too`);
	if (known?.references !== void 0) sink.lock(known.references.table, "AccessExclusiveLock");
	if (known !== void 0 && command.cascade && (known.kind === "primary" || known.kind === "unique")) dropKeyDependents(command.table, known.columns, sink);
	if (known === void 0 && command.cascade) sink.unknown(`which foreign keys go with the constraint ${name} is not known`);
	if (sink.existed(command.table)) sink.lose("constraint", `${command.table}.${name}`);
	if (known?.kind === "not-null") for (const column of known.columns) alterColumn({
		...command,
		node: {
			...command.node,
			name: column
		}
	}, { notNull: false }, sink);
	for (const target of command.targets) sink.change({
		kind: "drop-constraint",
		clause: command.clause,
		table: target,
		name,
		known
	});
}
function validateConstraint(command, sink) {
	const name = command.node.name ?? "";
	const table = sink.table(command.table);
	const known = constraintNamed(name, command.table, table);
	if (known?.validated !== true) for (const target of command.targets) sink.scan(target);
	if (known?.references !== void 0 && !known.validated) sink.lock(known.references.table, "RowShareLock");
	if (known === void 0 && sink.existed(command.table)) sink.unknown(`what kind of constraint ${name} is, is not known; a foreign key also locks the table it references`);
	const { clause, targets } = command;
	sink.change({
		kind: "validate-constraint",
		clause,
		table: command.table,
		name,
		reaches: targets.slice(1)
	});
}
// src/sql/effects/alter-others.ts
function otherCommand(command, sink) {
	const { table, node } = command;
	const known = sink.table(table);
	switch (node.subtype) {
		case "AT_SetLogged":
		case "AT_SetUnLogged": {
			const unlogged = node.subtype === "AT_SetUnLogged";
			if (known?.unlogged === unlogged) return;
			sink.rewrite(table);
			sink.scan(table);
			for (const relation of sink.catalog.relations.pointingAt(table)) if (relation.kind === "sequence") sink.lock(relation.name, "AccessExclusiveLock");
			if (unlogged && sink.existed(table)) sink.lose("durability", table);
			sink.change({
				kind: "table-flag",
				table,
				set: { unlogged }
			});
			return;
		}
		case "AT_SetExpression":
			for (const target of command.targets) {
				sink.rewrite(target);
				sink.scan(target);
			}
			return;
		case "AT_DropExpression":
			sink.lose("default", `${table}.${node.name ?? ""}`);
			alterColumn(command, {
				generated: false,
				hasDefault: false
			}, sink);
			return;
		case "AT_SetAccessMethod":
		case "AT_SetTableSpace":
			sink.rewrite(table);
			sink.unknown("whether the table moves, which copies all of it, depends on where it is now");
			return;
		case "AT_ChangeOwner":
		case "AT_AddIdentity":
		case "AT_SetIdentity":
		case "AT_DropIdentity":
			for (const relation of sink.catalog.relations.pointingAt(table)) {
				if (relation.kind !== "sequence" || relation.ownedBy?.table !== table) continue;
				if (node.subtype === "AT_SetIdentity") {
					if (relation.ownedBy.column !== node.name) continue;
					sink.lock(relation.name, "ShareRowExclusiveLock");
					if (allOf(as(node.def, "List")?.items, "DefElem").some(({ defname }) => defname === "restart")) losePosition(relation.name, sink);
				} else if (node.subtype === "AT_ChangeOwner" || relation.ownedBy.column === node.name) sink.lock(relation.name, "AccessExclusiveLock");
			}
			identity(command, sink);
			return;
		case "AT_EnableRowSecurity":
			sink.change({
				kind: "table-flag",
				table,
				set: { rowSecurity: true }
			});
			return;
		case "AT_DisableRowSecurity":
		case "AT_NoForceRowSecurity":
			if (node.subtype === "AT_DisableRowSecurity") sink.change({
				kind: "table-flag",
				table,
				set: { rowSecurity: false }
			});
			if (sink.existed(table)) sink.lose("policy", `${table} row level security`);
			return;
		default: return;
	}
}
function identity(command, sink) {
	const name = command.node.name ?? "";
	const set = (to, sequence) => alterColumn(command, {
		identity: to,
		hasDefault: to,
		sequence
	}, sink);
	if (command.node.subtype === "AT_AddIdentity") {
		const definition = as(command.node.def, "Constraint");
		const sequence = sequenceOf(definition === void 0 ? [] : [definition], command.table, name, sink);
		const ownedBy = {
			table: command.table,
			column: name
		};
		sink.change({
			kind: "create-sequence",
			sequence: {
				kind: "sequence",
				name: sequence,
				createdBy: sink.context.migration,
				ownedBy
			}
		});
		set(true, sequence);
	} else if (command.node.subtype === "AT_DropIdentity") {
		const sequence = (sink.table(command.table)?.columns.get(name))?.sequence ?? beside(command.table, chosenName(withoutSchema(command.table), [name], "seq"));
		if (sink.existed(command.table)) sink.lose("sequence", sequence);
		sink.change({
			kind: "drop-sequence",
			name: sequence
		});
		set(false, void 0);
	}
}
function attachPartition(command, sink) {
	const range = as(command.node.def, "PartitionCmd")?.name;
	if (range === void 0) return;
	const partition = sink.relationOf(range);
	if (sink.relation(partition)?.kind === "index") return;
	sink.lock(partition, "AccessExclusiveLock");
	sink.scan(partition);
	lockDefaultPartition(command.table, sink);
	const parents = sink.table(partition)?.parents ?? [];
	const isDefault = as(command.node.def, "PartitionCmd")?.bound?.is_default === true;
	sink.change({
		kind: "set-parents",
		table: partition,
		parents: [...parents, command.table]
	});
	if (isDefault) sink.change({
		kind: "table-flag",
		table: partition,
		set: { defaultPartition: true }
	});
	for (const constraint of sink.table(command.table)?.constraints ?? []) if (constraint.references !== void 0) sink.lock(constraint.references.table, "ShareRowExclusiveLock");
}
function detachPartition(command, sink) {
	const node = as(command.node.def, "PartitionCmd");
	if (node?.name === void 0) return;
	const partition = sink.relationOf(node.name);
	sink.lock(partition, "AccessExclusiveLock");
	if (sink.existed(partition)) sink.lose("partition", partition);
	const spare = defaultPartitionOf(command.table, sink);
	if (spare !== void 0) sink.lock(spare, "AccessExclusiveLock");
	for (const constraint of sink.table(command.table)?.constraints ?? []) if (constraint.references !== void 0) sink.lock(constraint.references.table, "ShareRowExclusiveLock");
	const parents = (sink.table(partition)?.parents ?? []).filter((parent) => parent !== command.table);
	sink.change({
		kind: "set-parents",
		table: partition,
		parents
	});
	sink.change({
		kind: "table-flag",
		table: partition,
		set: { defaultPartition: false }
	});
}
function inherit(command, sink) {
	const range = as(command.node.def, "RangeVar");
	if (range === void 0) return;
	const parent = sink.relationOf(range);
	const adds = command.node.subtype === "AT_AddInherit";
	sink.lock(parent, adds ? "ShareUpdateExclusiveLock" : "AccessShareLock");
	if (!adds && sink.existed(command.table)) sink.lose("partition", command.table);
	const parents = (sink.table(command.table)?.parents ?? []).filter((one) => one !== parent);
	sink.change({
		kind: "set-parents",
		table: command.table,
		parents: adds ? [...parents, parent] : parents
	});
}
// src/sql/effects/alter-table-locks.ts
const strongest = "AccessExclusiveLock";
const light = "ShareUpdateExclusiveLock";
const onTable$1 = (mode) => ({
	mode,
	reach: "table"
});
const withChildren = (mode) => ({
	mode,
	reach: "children"
});
const withPartitions$1 = (mode) => ({
	mode,
	reach: "partitions"
});
const locks = {
	AT_AddColumn: withChildren(strongest),
	AT_ColumnDefault: withChildren(strongest),
	AT_DropNotNull: withChildren(strongest),
	AT_SetNotNull: withChildren(strongest),
	AT_SetExpression: withChildren(strongest),
	AT_DropExpression: withChildren(strongest),
	AT_SetStatistics: withChildren(light),
	AT_SetOptions: onTable$1(light),
	AT_ResetOptions: onTable$1(light),
	AT_SetStorage: withChildren(strongest),
	AT_SetCompression: onTable$1(strongest),
	AT_DropColumn: withChildren(strongest),
	AT_AddIndexConstraint: onTable$1(strongest),
	AT_AddConstraint: withChildren(strongest),
	AT_AlterConstraint: withPartitions$1(strongest),
	AT_ValidateConstraint: withChildren(light),
	AT_DropConstraint: withChildren(strongest),
	AT_AlterColumnType: withChildren(strongest),
	AT_AlterColumnGenericOptions: onTable$1(strongest),
	AT_ChangeOwner: onTable$1(strongest),
	AT_ClusterOn: onTable$1(light),
	AT_DropCluster: onTable$1(light),
	AT_SetLogged: onTable$1(strongest),
	AT_SetUnLogged: onTable$1(strongest),
	AT_SetAccessMethod: onTable$1(strongest),
	AT_SetTableSpace: onTable$1(strongest),
	AT_EnableTrig: withPartitions$1("ShareRowExclusiveLock"),
	AT_EnableAlwaysTrig: withPartitions$1("ShareRowExclusiveLock"),
	AT_EnableReplicaTrig: withPartitions$1("ShareRowExclusiveLock"),
	AT_DisableTrig: withPartitions$1("ShareRowExclusiveLock"),
	AT_EnableTrigAll: withPartitions$1("ShareRowExclusiveLock"),
	AT_DisableTrigAll: withPartitions$1("ShareRowExclusiveLock"),
	AT_EnableTrigUser: withPartitions$1("ShareRowExclusiveLock"),
	AT_DisableTrigUser: withPartitions$1("ShareRowExclusiveLock"),
	AT_EnableRule: onTable$1(strongest),
	AT_EnableAlwaysRule: onTable$1(strongest),
	AT_EnableReplicaRule: onTable$1(strongest),
	AT_DisableRule: onTable$1(strongest),
	AT_AddInherit: onTable$1(strongest),
	AT_DropInherit: onTable$1(strongest),
	AT_AddOf: onTable$1(strongest),
	AT_DropOf: onTable$1(strongest),
	AT_ReplicaIdentity: onTable$1(strongest),
	AT_EnableRowSecurity: onTable$1(strongest),
	AT_DisableRowSecurity: onTable$1(strongest),
	AT_ForceRowSecurity: onTable$1(strongest),
	AT_NoForceRowSecurity: onTable$1(strongest),
	AT_GenericOptions: onTable$1(strongest),
	AT_AttachPartition: onTable$1(light),
	AT_DetachPartition: onTable$1(strongest),
	AT_DetachPartitionFinalize: onTable$1(light),
	AT_AddIdentity: withPartitions$1(strongest),
	AT_SetIdentity: withPartitions$1(strongest),
	AT_DropIdentity: withPartitions$1(strongest)
};
const lightParameters = /^(fillfactor|toast_tuple_target|parallel_workers|vacuum_index_cleanup|vacuum_truncate|vacuum_max_eager_freeze_failure_rate|log_autovacuum_min_duration|autovacuum_\w+|n_distinct|n_distinct_inherited|deduplicate_items|fastupdate|gin_pending_list_limit|pages_per_range|autosummarize|buffering)$/;
function lockOfCommand(command) {
	switch (command.subtype) {
		case "AT_SetRelOptions":
		case "AT_ResetRelOptions": {
			const options = allOf(as(command.def, "List")?.items, "DefElem");
			return onTable$1(options.every((option) => lightParameters.test(option.defname ?? "")) ? light : strongest);
		}
		case "AT_AddConstraint": return as(command.def, "Constraint")?.contype === "CONSTR_FOREIGN" ? withChildren("ShareRowExclusiveLock") : withChildren(strongest);
		case "AT_DetachPartition": return onTable$1(as(command.def, "PartitionCmd")?.concurrent === true ? light : strongest);
		default: return command.subtype === void 0 ? void 0 : locks[command.subtype];
	}
}
// src/sql/effects/alter-table-reach.ts
function tablesBelow(command, reach, only, name, sink) {
	const all = sink.descendants(name);
	const table = sink.table(name);
	if (all.length === 0) return [];
	const partitioned = table?.partitioned === true;
	const direct = all.filter((child) => sink.table(child)?.parents.includes(name) === true);
	switch (command.subtype) {
		case "AT_DropColumn":
			if (command.missing_ok === true && certainlyWithout(table, command.name)) return [];
			return only ? direct : all;
		case "AT_AddColumn": return only || addsNothing(command, table) ? [] : all;
		case "AT_DropConstraint":
			if (partitioned) return all;
			if (!mayBeInherited(command, name, table)) return [];
			return only ? direct : all;
		case "AT_ValidateConstraint": return only || isValid(command, name, table) ? [] : all;
		case "AT_SetNotNull": return only || partitioned && table.columns.get(command.name ?? "")?.notNull === true ? [] : all;
		case "AT_DropNotNull": return only ? direct : all;
		default:
			if (isAboutTriggers(command) && !mayHaveTriggers(command, table, name, sink)) return [];
			return only || reach === "table" || reach === "partitions" && !partitioned ? [] : all;
	}
}
function certainlyWithout(table, column) {
	return table?.columnsKnown === true && !table.columns.has(column ?? "");
}
function addsNothing(command, table) {
	const definition = command.def !== void 0 && "ColumnDef" in command.def ? command.def.ColumnDef : void 0;
	return command.missing_ok === true && table?.columns.has(definition?.colname ?? "") === true;
}
function mayBeInherited(command, name, table) {
	const known = constraintNamed(command.name ?? "", name, table);
	if (known === void 0) return !(table?.columnsKnown === true && command.missing_ok === true);
	return known.kind === "check" || known.kind === "not-null";
}
function isValid(command, name, table) {
	return constraintNamed(command.name ?? "", name, table)?.validated === true;
}
function isAboutTriggers(command) {
	return /^AT_(Enable|Disable)(Always|Replica)?Trig/.test(command.subtype ?? "");
}
function mayHaveTriggers(command, table, name, sink) {
	if (table === void 0 || table.triggers.size > 0) return true;
	if (!/TrigAll$/.test(command.subtype ?? "")) return false;
	return table.constraints.some(({ references }) => references !== void 0) || sink.referencing(name).length > 0;
}
// src/sql/effects/types.ts
const createEnum = (node, sink) => {
	const statement = as(node, "CreateEnumStmt");
	if (statement === void 0) return;
	createType(strings(statement.typeName), {
		kind: "enum",
		labels: strings(statement.vals)
	}, sink);
};
const createDomain = (node, sink) => {
	const statement = as(node, "CreateDomainStmt");
	if (statement === void 0) return;
	const base = statement.typeName === void 0 ? void 0 : sink.resolveType(typeRef(statement.typeName));
	const constrained = allOf(statement.constraints, "Constraint").some((one) => one.contype === "CONSTR_CHECK" || one.contype === "CONSTR_NOTNULL");
	const runs = [...ownFunctionsIn(statement.constraints, sink)];
	createType(strings(statement.domainname), {
		kind: "domain",
		base,
		constrained,
		runs
	}, sink);
};
const createComposite = (node, sink) => {
	const { typevar: range, coldeflist } = as(node, "CompositeTypeStmt") ?? {};
	const runs = [...ownFunctionsIn(coldeflist, sink)];
	const attributes = allOf(coldeflist, "ColumnDef").flatMap((definition) => attributeOf(definition, sink));
	if (range !== void 0) createType(rangeVarParts(range), {
		kind: "composite",
		attributes,
		runs
	}, sink);
};
function attributeOf({ colname: name = "", typeName }, sink) {
	return typeName === void 0 ? [] : [{
		name,
		type: sink.resolveType(typeRef(typeName))
	}];
}
function alterCompositeType(type, statement, sink) {
	const known = sink.catalog.types.get(type);
	let attributes = known?.attributes ?? [];
	for (const { subtype, name, def, behavior } of allOf(statement.cmds, "AlterTableCmd")) {
		const definition = as(def, "ColumnDef");
		if (subtype === "AT_DropColumn") {
			if (known?.createdBy !== sink.context.migration) sink.lose("column", `${type}.${name ?? ""}`);
			attributes = attributes.filter((one) => one.name !== name);
		} else if (subtype === "AT_AddColumn" && definition !== void 0) attributes = [...attributes, ...attributeOf(definition, sink)];
		else {
			if (known?.createdBy !== sink.context.migration) sink.unknown(`what becomes of values of the type ${type} is not worked out`);
			const altered = definition === void 0 ? [] : attributeOf({
				...definition,
				colname: name ?? ""
			}, sink);
			attributes = attributes.flatMap((one) => one.name === name ? altered : one);
		}
		if (behavior !== "DROP_CASCADE") continue;
		for (const table of tablesOf(type, sink)) {
			sink.lock(table, "AccessExclusiveLock");
			if (subtype === "AT_DropColumn" && sink.existed(table)) sink.lose("column", `${table}.${name ?? ""}`);
			sink.unknown(`what becomes of ${table}, which is made of the type ${type}, is not worked out`);
		}
	}
	if (known !== void 0) {
		const runs = [.../* @__PURE__ */ new Set([...known.runs, ...ownFunctionsIn(statement.cmds, sink)])];
		sink.change({
			kind: "create-type",
			type: {
				...known,
				attributes,
				runs
			}
		});
	}
}
function renameAttribute(type, from, to, sink) {
	const known = sink.catalog.types.get(type);
	if (known === void 0) return;
	const attributes = known.attributes.map((one) => one.name === from ? {
		...one,
		name: to
	} : one);
	sink.change({
		kind: "create-type",
		type: {
			...known,
			attributes
		}
	});
}
const createRange = (node, sink) => {
	const statement = as(node, "CreateRangeStmt");
	const parts = strings(statement?.typeName);
	const option = allOf(statement?.params, "DefElem").find(({ defname }) => defname === "multirange_type_name");
	const given = nameParts(option?.arg);
	const subtype = as(allOf(statement?.params, "DefElem").find(({ defname }) => defname === "subtype")?.arg, "TypeName");
	createType(parts, {
		kind: "range",
		base: subtype === void 0 ? void 0 : sink.resolveType(typeRef(subtype)),
		runs: [...ownFunctionsIn(statement?.params, sink)]
	}, sink);
	createType(given.length > 0 ? given : [...parts.slice(0, -1), multirangeOf(parts.at(-1) ?? "")], {
		kind: "range",
		base: {
			name: sink.newName(parts),
			modifiers: [],
			array: false
		}
	}, sink);
};
function multirangeOf(range) {
	return range.includes("range") ? range.replace("range", "multirange") : `${range}_multirange`;
}
const bare = {
	labels: [],
	base: void 0,
	attributes: [],
	constrained: false,
	runs: []
};
function createType(parts, type, sink) {
	const name = sink.newName(parts);
	sink.change({
		kind: "create-type",
		type: {
			...bare,
			...type,
			name,
			createdBy: sink.context.migration
		}
	});
}
const alterEnum = (node, sink) => {
	const statement = as(node, "AlterEnumStmt");
	if (statement === void 0) return;
	const type = sink.name(strings(statement.typeName));
	const label = statement.newVal ?? "";
	const { newValNeighbor: neighbour, newValIsAfter: after = false } = statement;
	const beside = neighbour === void 0 ? void 0 : {
		label: neighbour,
		after
	};
	if (statement.oldVal === void 0) sink.change({
		kind: "add-label",
		type,
		label,
		beside
	});
	else sink.change({
		kind: "rename-label",
		type,
		from: statement.oldVal,
		to: label
	});
};
const alterDomain = (node, sink) => {
	const statement = as(node, "AlterDomainStmt");
	if (statement === void 0) return;
	const name = sink.name(strings(statement.typeName));
	const subtype = statement.subtype ?? "";
	const adds = subtype === "C" && as(statement.def, "Constraint")?.skip_validation !== true;
	if (subtype === "X") sink.lose("constraint", `${name}.${statement.name ?? ""}`);
	if (subtype === "T" && statement.def === void 0) sink.lose("default", name);
	const known = sink.catalog.types.get(name);
	if (known !== void 0 && (subtype === "C" || subtype === "O" || subtype === "T")) {
		const runs = [...known.runs, ...ownFunctionsIn(statement.def, sink)];
		sink.change({
			kind: "create-type",
			type: {
				...known,
				constrained: known.constrained || subtype !== "T",
				runs
			}
		});
	}
	if (!adds && subtype !== "O" && subtype !== "V") return;
	sink.runFunctions([...known?.runs ?? [], ...ownFunctionsIn(statement.def, sink)], "it");
	const { read, refused } = usesOfDomain(name, sink);
	for (const table of read) {
		sink.lock(table, "ShareLock");
		sink.scan(table);
	}
	if (refused.length > 0) sink.unknown(`PostgreSQL refuses it as long as ${refused.join(", ")} has ${name} inside an array, a row or a range`);
	if (known === void 0) sink.unknown(`which tables use the domain ${name}, and are read to check it, is not known`);
	doubtUnseenColumns(name, sink);
};
function dropType(parts, cascade, missingOk, sink) {
	const name = sink.name(parts);
	const known = sink.catalog.types.get(name);
	if (missingOk && sink.catalog.complete && known === void 0) return;
	if (known?.createdBy !== sink.context.migration) sink.lose("type", name);
	if (cascade) {
		if (known === void 0) sink.unknown(`which columns use the type ${name} and go with it is not known`);
		dropUsesOfType(name, /* @__PURE__ */ new Set(), sink);
	}
	sink.change({
		kind: "drop-type",
		name,
		known
	});
	for (const other of sink.catalog.types.values()) if (other.kind === "range" && other.base?.name === name && known?.kind === "range") sink.change({
		kind: "drop-type",
		name: other.name,
		known: other
	});
}
// src/sql/effects/alter-table.ts
const handlers$2 = {
	AT_AddColumn: addColumn,
	AT_DropColumn: dropColumn,
	AT_AlterColumnType: alterColumnType,
	AT_SetNotNull: setNotNull,
	AT_DropNotNull: dropNotNull,
	AT_ColumnDefault: alterColumnDefault,
	AT_AddConstraint: addConstraint,
	AT_DropConstraint: dropConstraint,
	AT_ValidateConstraint: validateConstraint,
	AT_AttachPartition: attachPartition,
	AT_DetachPartition: detachPartition,
	AT_AddInherit: inherit,
	AT_DropInherit: inherit
};
const alterTable = (node, sink) => {
	const statement = as(node, "AlterTableStmt");
	if (statement !== void 0) alter(statement, sink);
};
function alter(statement, sink) {
	const table = sink.relationOf(statement.relation);
	if (statement.missing_ok === true && sink.certainlyAbsent(table)) return;
	if (statement.objtype === "OBJECT_TYPE") {
		alterCompositeType(table, statement, sink);
		return;
	}
	const only = statement.relation?.inh !== true;
	const commands = allOf(statement.cmds, "AlterTableCmd");
	const evaluated = [...ownFunctionsIn(commands.map((command) => command.def), sink)];
	sink.runFunctions(evaluated, "it");
	commands.forEach((command, clause) => {
		const lock = lockOfCommand(command);
		if (lock === void 0) {
			sink.unknown(`the lock of ${command.subtype ?? "this ALTER TABLE command"} is not known`);
			sink.lock(table, "AccessExclusiveLock");
			return;
		}
		sink.lock(table, lock.mode);
		const reached = tablesBelow(command, lock.reach, only, table, sink);
		for (const child of reached) sink.lock(child, lock.mode);
		(handlers$2[command.subtype ?? ""] ?? otherCommand)({
			table,
			targets: [table, ...reached],
			only,
			node: command,
			clause,
			cascade: command.behavior === "DROP_CASCADE",
			missingOk: command.missing_ok === true,
			before: commands.slice(0, clause)
		}, sink);
	});
	if (evaluated.length > 0) for (const relation of [table, ...only ? [] : sink.descendants(table)]) sink.change({
		kind: "runs",
		relation,
		functions: evaluated
	});
	if (commands.length === 0) sink.unknown("the ALTER TABLE has no command that could be read");
}
// src/sql/effects/names.ts
const temporarySchema = "pg_temp";
var Names = class {
	context;
	#claimed;
	constructor(context) {
		this.context = context;
	}
	get catalog() {
		return this.context.catalog;
	}
	name(parts) {
		const last = parts.at(-1) ?? "";
		if (parts.length > 1) return this.newName(parts);
		const { relations, types, functions, uncertain, doubtful } = this.catalog;
		const inPath = [`${temporarySchema}.${last}`];
		for (const schema of this.context.path ?? []) inPath.push(`${schema}.${last}`);
		const known = inPath.filter((name) => relations.has(name));
		const named = new Set(known);
		for (const name of inPath) if (types.has(name) || functions.has(name)) named.add(name);
		const [first, second] = named;
		if (first === void 0) return last.startsWith("pg_") ? `pg_catalog.${last}` : this.newName(parts);
		const sure = known.includes(first) && !first.startsWith(`${temporarySchema}.`) && !uncertain.has(first);
		if (second !== void 0 && (!sure || doubtful.has(first) || !known.includes(second))) this.unknown(`whether ${last} is ${first} or ${second} is not certain`);
		return first;
	}
	newName(parts) {
		const last = parts.at(-1) ?? "";
		const schema = parts.at(-2);
		if (parts.some((part) => part.includes("."))) this.unknown(`names with a dot in them, like that of ${last}, are not told apart from a schema and a name`);
		if (schema !== void 0) return `${schema}.${last}`;
		const { path } = this.context;
		if (path !== void 0) return `${path[0] ?? "pg_catalog"}.${last}`;
		this.unknown("in which schema it looks is not known: the search path was changed");
		return `?.${last}`;
	}
	freeName(table, columns, label) {
		return this.claim(freeName(table, columns, label, (name) => this.#claimed?.has(name) === true || isNameTaken(this.catalog, name)));
	}
	claim(name) {
		this.#claimed ??= /* @__PURE__ */ new Set();
		this.#claimed.add(name);
		return name;
	}
	relationOf(range) {
		if (range?.relpersistence === "t") return `${temporarySchema}.${range.relname ?? ""}`;
		return this.name(range === void 0 ? [""] : rangeVarParts(range));
	}
	newRelation(range) {
		if (range?.relpersistence === "t") return `${temporarySchema}.${range.relname ?? ""}`;
		return this.newName(range === void 0 ? [""] : rangeVarParts(range));
	}
	functionsNamed(parts) {
		const last = parts.at(-1) ?? "";
		const { functions } = this.catalog;
		const schemas = parts.length > 1 ? parts.slice(-2, -1) : this.context.path && ["pg_catalog", ...this.context.path];
		if (schemas !== void 0) return schemas.map((schema) => `${schema}.${last}`).filter((name) => functions.has(name));
		return [...functions.keys()].filter((name) => splitName(name).name === last);
	}
	relation(name) {
		return this.catalog.relations.get(name);
	}
	table(name) {
		const relation = this.catalog.relations.get(name);
		return relation?.kind === "table" ? relation : void 0;
	}
	certainlyPresent(name) {
		return this.catalog.relations.has(name) && !this.catalog.uncertain.has(name) && !this.catalog.doubtful.has(name);
	}
	certainlyAbsent(name) {
		return this.catalog.complete && !this.catalog.relations.has(name) && !this.catalog.doubtful.has(name);
	}
	resolveType(type) {
		if (type.name.includes(".") || isOfServer(type.name)) return type;
		const schema = this.context.path?.find((one) => this.#isType(`${one}.${type.name}`));
		return schema === void 0 ? type : {
			...type,
			name: `${schema}.${type.name}`
		};
	}
	#isType(name) {
		const kind = this.catalog.relations.get(name)?.kind;
		return this.catalog.types.has(name) || kind !== void 0 && kind !== "index" && kind !== "sequence";
	}
	tableOfType(name) {
		if (name.includes(".")) return this.table(name);
		for (const schema of this.context.path ?? []) {
			const table = this.table(`${schema}.${name}`);
			if (table !== void 0) return table;
		}
	}
	userType(type) {
		return this.catalog.types.get(this.resolveType(type).name);
	}
	descendants(name) {
		return descendantsOf(this.catalog, name);
	}
	referencing(name) {
		const found = [];
		for (const relation of this.catalog.relations.pointingAt(name)) {
			if (relation.kind !== "table") continue;
			for (const constraint of relation.constraints) if (constraint.references?.table === name) found.push({
				table: relation,
				constraint
			});
		}
		return found;
	}
	indexesOf(table) {
		return this.catalog.relations.pointingAt(table).filter((relation) => relation.kind === "index");
	}
};
// src/sql/effects/sink.ts
var EffectSink = class extends Names {
	#locks;
	#rewrites;
	#scans;
	#overwrites;
	#losses;
	#reasons;
	#created;
	#bodies;
	#beyond;
	#inner;
	#changes = [];
	lock(relation, mode) {
		if (this.catalog.doubtful.has(relation)) this.unknown(`what ${relation} is like is not certain: a DO block or a function may have changed it`);
		if (!this.existed(relation)) return;
		this.#hold(relation, mode);
	}
	#hold(relation, mode) {
		this.#locks ??= /* @__PURE__ */ new Map();
		const held = this.#locks.get(relation);
		if (held === void 0 || lockModes.indexOf(mode) > lockModes.indexOf(held)) this.#locks.set(relation, mode);
	}
	rewrite(relation) {
		this.#runWhatHangsOn(relation);
		if (!this.existed(relation) || this.table(relation)?.partitioned === true) return;
		this.#rewrites ??= /* @__PURE__ */ new Set();
		this.#rewrites.add(relation);
	}
	scan(relation) {
		this.#runWhatHangsOn(relation);
		if (!this.existed(relation) || this.table(relation)?.partitioned === true) return;
		this.#scans ??= /* @__PURE__ */ new Set();
		this.#scans.add(relation);
	}
	#runWhatHangsOn(relation) {
		const known = this.relation(relation);
		if (known?.kind === "table" || known?.kind === "materialized-view") this.runFunctions([...known.runs, ...this.catalog.hidden], `what hangs on ${relation}`);
	}
	overwrite(relation) {
		if (!this.existed(relation)) return;
		this.#overwrites ??= /* @__PURE__ */ new Set();
		this.#overwrites.add(relation);
	}
	lose(kind, name) {
		this.#losses ??= /* @__PURE__ */ new Map();
		this.#losses.set(`${kind} ${name}`, {
			kind,
			name
		});
	}
	reachBeyond(call) {
		this.#beyond ??= /* @__PURE__ */ new Set();
		this.#beyond.add(call);
	}
	unknown(reason) {
		this.#reasons ??= [];
		if (!this.#reasons.includes(reason)) this.#reasons.push(reason);
	}
	change(change) {
		if (change.kind === "create-table") this.#create(change.table.name);
		if (change.kind === "create-view") this.#create(change.view.name);
		this.#changes.push(change);
	}
	#create(relation) {
		this.#created ??= /* @__PURE__ */ new Set();
		this.#created.add(relation);
	}
	run(body) {
		this.#bodies ??= /* @__PURE__ */ new Map();
		const key = body.kind === "call" ? body.name : "";
		if (!this.#bodies.has(key)) this.#bodies.set(key, body);
	}
	runFunctions(names, caller) {
		for (const name of names) this.run({
			kind: "call",
			name,
			because: `${caller} calls the function ${splitName(name).name}()`,
			certain: false
		});
	}
	contain(statement) {
		this.#inner ??= [];
		this.#inner.push(statement);
	}
	get bodies() {
		return listOf$1(this.#bodies?.values());
	}
	absorb(effects, where) {
		for (const { relation, mode } of effects.locks) this.#hold(relation, mode);
		if (effects.rewrites.length > 0) this.#rewrites = /* @__PURE__ */ new Set([...this.#rewrites ?? [], ...effects.rewrites]);
		if (effects.scans.length > 0) this.#scans = /* @__PURE__ */ new Set([...this.#scans ?? [], ...effects.scans]);
		if (effects.overwrites.length > 0) this.#overwrites = /* @__PURE__ */ new Set([...this.#overwrites ?? [], ...effects.overwrites]);
		for (const { kind, name } of effects.loses) this.lose(kind, name);
		for (const call of effects.beyond) this.reachBeyond(call);
		if (effects.unknown) this.unknown(`${where}: ${effects.unknownBecause ?? "no reason was recorded"}`);
	}
	outcome() {
		const locks = [];
		if (this.#locks !== void 0) for (const [relation, mode] of this.#locks) locks.push({
			relation,
			mode
		});
		return {
			effects: {
				locks,
				rewrites: listOf$1(this.#rewrites),
				scans: listOf$1(this.#scans),
				overwrites: listOf$1(this.#overwrites),
				loses: listOf$1(this.#losses?.values()),
				beyond: listOf$1(this.#beyond),
				unknown: this.#reasons !== void 0,
				unknownBecause: this.#reasons?.join("; ")
			},
			changes: this.#changes,
			runsCode: this.#bodies !== void 0,
			inner: this.#inner ?? []
		};
	}
	existed(relation) {
		if (this.#created?.has(relation) === true) return false;
		if (isSystem.test(relation)) return false;
		return this.catalog.relations.get(relation)?.createdBy !== this.context.migration || this.catalog.doubtful.has(relation);
	}
};
const isSystem = /^(?:pg_catalog|information_schema|pg_toast|pg_temp)\./;
const nothing$1 = [];
function listOf$1(found) {
	return found === void 0 ? nothing$1 : [...found];
}
// src/sql/effects/body.ts
var RunningCatalog = class {
	#from;
	#draft;
	#pending = [];
	constructor(from) {
		this.#from = from;
	}
	current() {
		if (this.#pending.length > 0) {
			this.#draft ??= new CatalogDraft(this.#from);
			for (const change of this.#pending) this.#draft.apply(change);
			this.#pending = [];
		}
		return this.#draft ?? this.#from;
	}
	apply(change) {
		this.#pending.push(change);
	}
};
var BodyRun = class {
	sink;
	#effectsOf;
	#catalog;
	#within;
	#path;
	constructor(sink, effectsOf, catalog, { path, within }) {
		this.sink = sink;
		this.#effectsOf = effectsOf;
		this.#catalog = catalog;
		this.#path = path;
		this.#within = within;
	}
	sql(text, place) {
		for (const { node, sql } of this.parsed(text, place) ?? []) this.statement(node, sql, place);
	}
	parsed(text, place) {
		const parsed = parseMigration(this.sink.context.parser, text);
		if (parsed.kind === "parsed") return parsed.statements;
		this.sink.unknown(`${place.where}: ${parsed.message}`);
	}
	isOwn(expression) {
		return ownFunctionsIn(expression, new EffectSink(this.#contextOf(""))).size > 0;
	}
	#contextOf(text) {
		const catalog = this.#catalog.current();
		return {
			...this.sink.context,
			catalog,
			path: this.#path,
			within: this.#within,
			text
		};
	}
	statement(node, text, { where, certain, repeated }) {
		const outcome = this.#effectsOf(node, this.#contextOf(text));
		const { effects, changes } = outcome;
		this.sink.absorb(effects, where);
		if (repeated !== true) this.sink.contain({
			...outcome,
			node,
			sql: text
		});
		for (const change of changes) {
			if (change.kind === "search-path") this.#path = certain ? change.path : void 0;
			const made = certain || change.kind === "uncertain" ? change : {
				kind: "uncertain",
				change
			};
			this.#catalog.apply(made);
			if (repeated !== true) this.sink.change(made);
		}
	}
};
// src/sql/effects/folding.ts
const noVariables = {
	texts: /* @__PURE__ */ new Map(),
	arrays: /* @__PURE__ */ new Map()
};
const mostTexts = 256;
function foldText(node, variables) {
	const constant = as(node, "A_Const");
	if (constant !== void 0) {
		const text = constant.sval?.sval ?? (constant.ival === void 0 ? void 0 : String(constant.ival.ival ?? 0));
		return text === void 0 ? constant.sval === void 0 ? void 0 : [""] : [text];
	}
	const cast = as(node, "TypeCast");
	if (cast !== void 0) {
		const type = strings(cast.typeName?.names).at(-1);
		return type === "text" || type === "varchar" && cast.typeName?.typmods === void 0 ? foldText(cast.arg, variables) : void 0;
	}
	const reference = as(node, "ColumnRef");
	if (reference !== void 0) {
		const fields = strings(reference.fields);
		return fields.length === 1 ? variables.texts.get(fields[0] ?? "") : void 0;
	}
	const operation = as(node, "A_Expr");
	if (operation !== void 0) {
		if (operation.kind !== "AEXPR_OP" || strings(operation.name).join(".") !== "||") return void 0;
		return joined([foldText(operation.lexpr, variables), foldText(operation.rexpr, variables)]);
	}
	const call = as(node, "FuncCall");
	return call === void 0 ? void 0 : foldCall(call, variables);
}
function foldArray(node, variables) {
	const cast = as(node, "TypeCast");
	if (cast !== void 0) return (cast.typeName?.arrayBounds ?? []).length > 0 ? foldArray(cast.arg, variables) : void 0;
	const reference = as(node, "ColumnRef");
	if (reference !== void 0) return variables.arrays.get(strings(reference.fields).join("."));
	const array = as(node, "A_ArrayExpr");
	if (array !== void 0) {
		const found = [];
		for (const element of array.elements ?? []) {
			const texts = foldText(element, variables);
			if (texts === void 0) return void 0;
			found.push(...texts);
		}
		return found;
	}
	const text = as(node, "A_Const")?.sval?.sval;
	return text !== void 0 && /^\{[\w$]+(,[\w$]+)*\}$/.test(text) && !/\bnull\b/i.test(text) ? text.slice(1, -1).split(",") : void 0;
}
function foldCall(call, variables) {
	const names = strings(call.funcname);
	if (names.length > 1 && names[0] !== "pg_catalog") return void 0;
	const texts = (call.args ?? []).map((argument) => foldText(argument, variables));
	if (call.func_variadic === true) return void 0;
	switch (names.at(-1)) {
		case "format": return foldFormat(texts);
		case "concat": return joined(texts);
		case "quote_ident": return texts.length === 1 ? texts[0]?.map(identifier$1) : void 0;
		case "quote_literal": return texts.length === 1 ? texts[0]?.map(quotedLiteral) : void 0;
		default: return;
	}
}
function foldFormat(texts) {
	const [formats, ...values] = texts;
	if (formats === void 0) return void 0;
	const found = [];
	for (const format of formats) {
		const parts = [];
		let next = 0;
		let at = 0;
		for (const match of format.matchAll(/%(?:(\d+)\$)?(.)?/gs)) {
			parts.push([format.slice(at, match.index)]);
			at = match.index + match[0].length;
			if (match[2] === "%" && match[1] === void 0) {
				parts.push(["%"]);
				continue;
			}
			if (match[1] !== void 0) next = Number(match[1]) - 1;
			const value = values[next];
			next += 1;
			if (match[2] === "s") parts.push(value);
			else if (match[2] === "I") parts.push(value?.map(identifier$1));
			else if (match[2] === "L") parts.push(value?.map(quotedLiteral));
			else return void 0;
		}
		parts.push([format.slice(at)]);
		const whole = joined(parts);
		if (whole === void 0) return void 0;
		found.push(...whole);
	}
	return found;
}
function joined(parts) {
	let texts = [""];
	for (const part of parts) {
		if (part === void 0 || texts.length * part.length > mostTexts) return void 0;
		texts = texts.flatMap((text) => part.map((more) => text + more));
	}
	return texts;
}
function identifier$1(name) {
	return `"${name.replaceAll("\"", "\"\"")}"`;
}
function quotedLiteral(text) {
	const quoted = `'${text.replaceAll("'", "''")}'`;
	return text.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}
// src/sql/effects/plpgsql-tree.ts
function plFunctionOf(tree) {
	const functions = isNode(tree) ? tree.plpgsql_funcs : void 0;
	if (!Array.isArray(functions) || functions.length !== 1) return void 0;
	const inner = isNode(functions[0]) ? functions[0].PLpgSQL_function : void 0;
	if (!isNode(inner)) return void 0;
	const action = one(inner.action);
	return action === void 0 ? void 0 : {
		datums: listOf(inner.datums),
		action
	};
}
function expressionOf(value) {
	const inner = isNode(value) ? value.PLpgSQL_expr : void 0;
	if (!isNode(inner) || typeof inner.query !== "string") return void 0;
	const mode = typeof inner.parseMode === "number" ? inner.parseMode : 0;
	return {
		query: inner.query,
		mode: mode >= 3 ? "assignment" : mode === 2 ? "expression" : "statement"
	};
}
function listOf(value) {
	if (!Array.isArray(value)) return [];
	return value.flatMap((item) => one(item) ?? []);
}
function one(value) {
	if (!isNode(value)) return void 0;
	const [kind] = Object.keys(value);
	const node = kind === void 0 ? void 0 : value[kind];
	if (kind === void 0 || !isNode(node)) return void 0;
	return {
		kind,
		node,
		line: typeof node.lineno === "number" ? node.lineno : void 0
	};
}
function isNode(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// src/sql/effects/plpgsql-variables.ts
const noNames = {
	byNumber: [],
	restless: /* @__PURE__ */ new Set(),
	loops: /* @__PURE__ */ new Set()
};
function namesOf(body) {
	const byNumber = body.datums.map(({ node }) => textOf(node.refname));
	const restless = new Set(byNumber.filter((name, index) => name !== void 0 && byNumber.indexOf(name) !== index));
	const loops = /* @__PURE__ */ new Set();
	const visit = (value) => {
		if (Array.isArray(value)) for (const item of value) visit(item);
		if (!isNode(value)) return;
		for (const [key, inner] of Object.entries(value)) {
			if (key === "PLpgSQL_stmt_foreach_a" && isNode(inner)) loops.add(nameAt(inner.varno));
			else if (isNode(inner)) restless.add(nameAt(inner.varno)).add(nameAt(inner.target)).add(textOf(inner.refname));
			if (key === "PLpgSQL_stmt_assign" && isNode(inner)) restless.add(assignedName(inner));
			if (key === "PLpgSQL_stmt_call" && isNode(inner)) for (const [word] of (expressionOf(inner.expr)?.query ?? "").matchAll(anyIdentifier)) restless.add(unquoted(word));
			if (key === "fields" && Array.isArray(inner)) {
				for (const field of inner) if (isNode(field)) restless.add(textOf(field.name));
			}
			visit(inner);
		}
	};
	const nameAt = (number) => typeof number === "number" ? byNumber[number] : void 0;
	visit(body.action.node);
	for (const { kind, node } of body.datums) if (kind === "PLpgSQL_row") visit(node);
	return {
		byNumber,
		restless: present(restless),
		loops: present(loops)
	};
}
function constantsOf(body, names, parse) {
	const texts = /* @__PURE__ */ new Map();
	const arrays = /* @__PURE__ */ new Map();
	for (const { kind, node } of body.datums) {
		const initial = expressionOf(node.default_val);
		const variable = textOf(node.refname);
		if (kind !== "PLpgSQL_var" || initial === void 0 || variable === void 0) continue;
		if (names.restless.has(variable) || names.loops.has(variable)) continue;
		const type = typeOf(node).toLowerCase().replace(/^pg_catalog\./, "");
		const value = parse(initial.query);
		const elements = type.endsWith("]") ? foldArray(value, {
			texts,
			arrays
		}) : void 0;
		if (elements !== void 0) arrays.set(variable, elements);
		const text = /^(text|varchar|character varying)$/.test(type) ? foldText(value, {
			texts,
			arrays
		}) : void 0;
		if (text !== void 0) texts.set(variable, text);
	}
	return {
		texts,
		arrays
	};
}
function loopedOver(loop, names, variables, parse) {
	const expression = expressionOf(loop.expr);
	const variable = typeof loop.varno === "number" ? names.byNumber[loop.varno] : void 0;
	if (expression === void 0 || variable === void 0 || names.restless.has(variable)) return variables;
	const elements = foldArray(parse(expression.query), variables);
	return elements === void 0 ? variables : {
		...variables,
		texts: new Map(variables.texts).set(variable, elements)
	};
}
const identifier = "(?:\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)";
const assignment = new RegExp(`^\\s*(${identifier})(?:\\s*\\.\\s*${identifier})*(?:\\s*\\[[^\\[\\]]*\\])*\\s*:?=`, "u");
const anyIdentifier = new RegExp(identifier, "gu");
function unquoted(written) {
	return written.startsWith("\"") ? written.slice(1, -1).replaceAll("\"\"", "\"") : written.toLowerCase();
}
function assignedValue(query) {
	const match = assignment.exec(query);
	return match === null ? void 0 : query.slice(match[0].length);
}
function assignedName(statement) {
	const written = assignment.exec(expressionOf(statement.expr)?.query ?? "")?.[1];
	return written === void 0 ? void 0 : unquoted(written);
}
function typeOf(datum) {
	const type = isNode(datum.datatype) ? datum.datatype.PLpgSQL_type : void 0;
	return isNode(type) ? textOf(type.typname) ?? "" : "";
}
function textOf(value) {
	return typeof value === "string" ? value : void 0;
}
function present(names) {
	return new Set([...names].filter((name) => name !== void 0));
}
// src/sql/effects/plpgsql.ts
function runPlPgSql(text, name, certain, run) {
	let body;
	try {
		body = plFunctionOf(run.sink.context.parser.parsePlPgSql(text));
	} catch (thrown) {
		if (!(thrown instanceof Error)) throw thrown;
		run.sink.unknown(`${name} cannot be read: ${thrown.message}`);
		return;
	}
	if (body === void 0) run.sink.unknown(`${name} cannot be read`);
	else new Walk(name, run, certain).body(body);
}
const branches = {
	PLpgSQL_stmt_if: [
		"then_body",
		"elsif_list",
		"else_body"
	],
	PLpgSQL_if_elsif: ["stmts"],
	PLpgSQL_stmt_case: ["case_when_list", "else_stmts"],
	PLpgSQL_case_when: ["stmts"],
	PLpgSQL_exception_block: ["exc_list"],
	PLpgSQL_exception: ["action"],
	PLpgSQL_stmt_loop: ["body"],
	PLpgSQL_stmt_while: ["body"],
	PLpgSQL_stmt_fori: ["body"],
	PLpgSQL_stmt_fors: ["body"],
	PLpgSQL_stmt_forc: ["body"],
	PLpgSQL_stmt_dynfors: ["body"],
	PLpgSQL_stmt_foreach_a: ["body"]
};
const loops = new Set(Object.keys(branches).filter((kind) => /_(loop|while|for)/.test(kind)));
const computed = {
	PLpgSQL_stmt_dynexecute: "query",
	PLpgSQL_stmt_dynfors: "query",
	PLpgSQL_stmt_return_query: "dynquery",
	PLpgSQL_stmt_open: "dynquery"
};
const plain$1 = /* @__PURE__ */ new Set([
	"PLpgSQL_stmt_assign",
	"PLpgSQL_stmt_execsql",
	"PLpgSQL_stmt_perform",
	"PLpgSQL_stmt_call",
	"PLpgSQL_stmt_exit",
	"PLpgSQL_stmt_return",
	"PLpgSQL_stmt_return_next",
	"PLpgSQL_stmt_raise",
	"PLpgSQL_stmt_assert",
	"PLpgSQL_stmt_getdiag",
	"PLpgSQL_stmt_fetch",
	"PLpgSQL_stmt_close",
	"PLpgSQL_stmt_commit"
]);
const leaves = /* @__PURE__ */ new Set(["PLpgSQL_stmt_exit", "PLpgSQL_stmt_return"]);
var Walk = class {
	#name;
	#run;
	#certain;
	#repeated = false;
	#variables = noVariables;
	#names = noNames;
	#line;
	constructor(name, run, certain) {
		this.#name = name;
		this.#run = run;
		this.#certain = certain;
	}
	body(body) {
		this.#names = namesOf(body);
		this.#variables = constantsOf(body, this.#names, (text) => this.#expression(text));
		for (const datum of body.datums) {
			this.#line = datum.line;
			this.#expressionsIn(datum.node, []);
			this.#type(typeOf(datum.node));
		}
		this.#statement(body.action);
	}
	get #place() {
		return {
			where: this.#line === void 0 ? this.#name : `line ${this.#line} of ${this.#name}`,
			certain: this.#certain,
			repeated: this.#repeated
		};
	}
	#statements(list) {
		for (const statement of list) this.#statement(statement);
	}
	#statement(statement) {
		const { kind, node } = statement;
		if (statement.line !== void 0) this.#line = statement.line;
		if (kind === "PLpgSQL_stmt_block") {
			this.#block(statement);
			return;
		}
		const below = branches[kind];
		const dynamic = computed[kind];
		this.#expressionsIn(node, [
			...below ?? [],
			"var",
			"target"
		]);
		if (dynamic !== void 0 && node[dynamic] !== void 0) this.#execute(expressionOf(node[dynamic]));
		if (kind === "PLpgSQL_stmt_rollback") this.#run.sink.unknown(`${this.#place.where}: ROLLBACK takes statements before it back, which is not followed`);
		else if (below === void 0 && dynamic === void 0 && !plain$1.has(kind)) this.#run.sink.unknown(`${this.#place.where}: ${kind.replace("PLpgSQL_stmt_", "").toUpperCase()} is not followed`);
		if (below !== void 0) this.#branches(statement, below);
		if (leaves.has(kind)) this.#certain = false;
	}
	#block({ node }) {
		const handlers = isNode(node.exceptions) ? listOf([node.exceptions]) : [];
		const before = this.#certain;
		if (handlers.length > 0) this.#certain = false;
		this.#statements(listOf(node.body));
		this.#statements(handlers);
		if (handlers.length > 0) this.#certain = before && !containsLeaving(node);
	}
	#branches({ kind, node }, keys) {
		const before = {
			certain: this.#certain,
			variables: this.#variables,
			repeated: this.#repeated
		};
		this.#certain = false;
		if (kind === "PLpgSQL_stmt_foreach_a") this.#variables = loopedOver(node, this.#names, this.#variables, (text) => this.#expression(text));
		for (const key of keys) this.#statements(listOf(node[key]));
		if (loops.has(kind) && !before.repeated) {
			this.#repeated = true;
			for (const key of keys) this.#statements(listOf(node[key]));
		}
		this.#variables = before.variables;
		this.#repeated = before.repeated;
		this.#certain = before.certain && !containsLeaving(node);
	}
	#type(written) {
		const type = written.replace(/(\.("([^"]|"")+"|[\w$]+))?%type$/i, "").replace(/%rowtype$/i, "");
		if (type !== "") this.#run.sql(`SELECT NULL::${type}`, {
			...this.#place,
			certain: false
		});
	}
	#expressionsIn(value, except) {
		const expression = expressionOf(value);
		if (expression !== void 0) this.#evaluate(expression);
		else if (Array.isArray(value)) for (const item of value) this.#expressionsIn(item, []);
		else if (isNode(value)) {
			for (const [key, inner] of Object.entries(value)) if (!except.includes(key)) this.#expressionsIn(inner, []);
		}
	}
	#evaluate({ query, mode }) {
		if (mode === "statement") {
			this.#run.sql(query, this.#place);
			return;
		}
		const value = mode === "assignment" ? assignedValue(query) : query;
		if (value?.length !== query.length && query.slice(0, -(value ?? "").length).includes("[")) this.#run.sql(`SELECT ${query.slice(0, -(value ?? "").length).replace(/:?=$/, "")}`, this.#place);
		if (value === void 0) this.#run.sink.unknown(`${this.#place.where}: the assignment ${query} is not read`);
		else this.#run.sql(`SELECT ${value}`, this.#place);
	}
	#execute(expression) {
		const texts = foldText(expression === void 0 ? void 0 : this.#expression(expression.query), this.#variables);
		const place = this.#place;
		if (texts === void 0) {
			this.#run.sink.unknown(`${place.where} runs text that is computed: ${oneLine(expression?.query ?? "")}`);
			return;
		}
		for (const text of texts) this.#run.sql(text, {
			...place,
			certain: place.certain && texts.length === 1
		});
	}
	#expression(text) {
		const [statement] = this.#run.parsed(`SELECT ${text}`, this.#place) ?? [];
		const value = as(as(statement?.node, "SelectStmt")?.targetList?.[0], "ResTarget")?.val;
		return value === void 0 || this.#run.isOwn(value) ? void 0 : value;
	}
};
function containsLeaving(value) {
	if (Array.isArray(value)) return value.some(containsLeaving);
	if (!isNode(value)) return false;
	return Object.entries(value).some(([key, inner]) => leaves.has(key) || containsLeaving(inner));
}
function oneLine(text) {
	const line = text.replaceAll(/\s+/g, " ").trim();
	return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
// src/sql/effects/bodies.ts
const deepest = 8;
function runBodies(sink, effectsOf) {
	const { context } = sink;
	const catalog = new RunningCatalog(context.catalog);
	for (const body of sink.bodies) {
		if (body.kind === "block") {
			runPlPgSql(context.text, "the DO block", true, new BodyRun(sink, effectsOf, catalog, context));
			continue;
		}
		const { because, name } = body;
		if (context.within.includes(name)) continue;
		const called = catalog.current().functions.get(name)?.bodies ?? [];
		if (called.length === 0) sink.unknown(`${because}, whose body is not known`);
		else if (context.within.length >= deepest) sink.unknown(`${because}, too many calls deep to be followed`);
		else {
			const certain = body.certain && called.length === 1;
			for (const one of called) {
				const { searchPath: own } = one;
				runFunction(one, name, certain, new BodyRun(sink, effectsOf, catalog, {
					path: own === void 0 ? context.path : schemasIn(own, catalog.current()),
					within: [...context.within, name]
				}));
			}
		}
	}
}
function runFunction(body, name, certain, run) {
	const called = `the function ${splitName(name).name}()`;
	evaluateAround(body, called, run);
	if (body.language === "plpgsql") runPlPgSql(body.text, called, certain, run);
	else if (body.language === "sql" && body.sql !== void 0) run.sql(body.sql, {
		where: called,
		certain
	});
	else run.sink.unknown(`${called} is written in ${body.language === "sql" ? "a form of SQL" : body.language} that is not read`);
}
function evaluateAround({ text }, where, run) {
	const place = {
		where,
		certain: false
	};
	const created = as(run.parsed(text, place)?.[0]?.node, "CreateFunctionStmt");
	const parameters = allOf(created?.parameters, "FunctionParameter");
	const casts = [created?.returnType, ...parameters.map(({ argType }) => argType)].flatMap((typeName) => typeName === void 0 ? [] : { TypeCast: { typeName } });
	const evaluated = [...parameters.flatMap(({ defexpr }) => defexpr ?? []), ...casts];
	run.statement({ SelectStmt: { targetList: evaluated.map((val) => ({ ResTarget: { val } })) } }, "", place);
	for (const { arg } of allOf(created?.options, "DefElem")) {
		const setting = as(arg, "VariableSetStmt");
		if (setting !== void 0 && setting.name !== "search_path") run.statement({ VariableSetStmt: setting }, "", place);
	}
}
// src/sql/effects/data.ts
const queryStatement = (node, sink) => {
	lockReads(node, sink, "views-too");
	visit(node, (kind, inner) => {
		if (writing.has(kind)) writeOf({ [kind]: inner }, sink);
	});
	const into = as(node, "SelectStmt")?.intoClause?.rel;
	if (into !== void 0) sink.change({
		kind: "create-table",
		table: unseenColumns(sink.relationOf(into), into, sink),
		ifNotExists: false
	});
};
const writing = /* @__PURE__ */ new Set([
	"InsertStmt",
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt"
]);
function writeOf(node, sink) {
	const insert = as(node, "InsertStmt");
	if (insert !== void 0) {
		const columns = insert.cols === void 0 ? void 0 : allOf(insert.cols, "ResTarget").map((target) => target.name ?? "");
		write(sink.relationOf(insert.relation), {
			kind: "insert",
			columns
		}, true, sink);
		const update = insert.onConflictClause;
		if (update?.action === "ONCONFLICT_UPDATE") write(sink.relationOf(insert.relation), {
			kind: "update",
			columns: assigned(update.targetList)
		}, true, sink);
	}
	const update = as(node, "UpdateStmt");
	if (update !== void 0) {
		const table = sink.relationOf(update.relation);
		write(table, {
			kind: "update",
			columns: assigned(update.targetList)
		}, update.relation?.inh === true, sink);
		if (update.whereClause === void 0) sink.scan(table);
	}
	const remove = as(node, "DeleteStmt");
	if (remove !== void 0) {
		const table = sink.relationOf(remove.relation);
		write(table, { kind: "delete" }, remove.relation?.inh === true, sink);
		if (remove.whereClause === void 0) sink.scan(table);
	}
	const merge = as(node, "MergeStmt");
	if (merge === void 0) return;
	const table = sink.relationOf(merge.relation);
	for (const clause of allOf(merge.mergeWhenClauses, "MergeWhenClause")) if (clause.commandType === "CMD_DELETE") write(table, { kind: "delete" }, true, sink);
	else if (clause.commandType === "CMD_UPDATE") write(table, {
		kind: "update",
		columns: assigned(clause.targetList)
	}, true, sink);
	else if (clause.commandType === "CMD_INSERT") write(table, {
		kind: "insert",
		columns: assigned(clause.targetList)
	}, true, sink);
	sink.lock(table, "RowExclusiveLock");
}
function assigned(targets) {
	return allOf(targets, "ResTarget").map((target) => target.name ?? "");
}
function write(name, what, withChildren, sink) {
	if (/^(pg_catalog|information_schema|pg_toast)\./.test(name)) sink.unknown(`it writes into ${name}, which is PostgreSQL's own`);
	if (sink.table(name)?.foreign === true) sink.unknown(`the rows of ${name} are on another server, which no backup of this database has`);
	const view = sink.relation(name);
	if (view?.kind === "view") {
		sink.lock(name, "RowExclusiveLock");
		runOnWrite(view, what.kind, sink);
		for (const read of view.reads) write(read, what, true, sink);
		return;
	}
	for (const target of withChildren ? [name, ...sink.descendants(name)] : [name]) {
		sink.lock(target, "RowExclusiveLock");
		if (what.kind === "delete" && sink.existed(target)) sink.lose("rows", target);
		if (what.kind === "update") sink.overwrite(target);
		const table = sink.table(target);
		if (table !== void 0) runOnWrite(table, what.kind, sink);
		if (table !== void 0 && what.kind === "update" && above(table, sink).some((parent) => parent.partitioned)) for (const event of ["delete", "insert"]) runOnWrite(table, event, sink);
		for (const parent of table === void 0 ? [] : above(table, sink)) if (parent.partitioned) sink.lock(parent.name, "AccessShareLock");
		lockOtherEnds(target, table, what, sink);
		if (what.kind === "update" && target !== name) lockOtherEnds(target, table, { kind: "delete" }, sink);
	}
}
function lockOtherEnds(name, table, what, sink, seen = /* @__PURE__ */ new Set()) {
	const visit = `${what.kind} ${name}`;
	if (seen.has(visit)) return;
	seen.add(visit);
	for (const constraint of table?.constraints ?? []) if (constraint.references !== void 0 && sets(what, constraint.columns)) sink.lock(constraint.references.table, "RowShareLock");
	if (what.kind === "insert") {
		for (const column of table?.columns.values() ?? []) {
			if (column.sequence === void 0 || what.columns?.includes(column.name) === true) continue;
			sink.lock(column.sequence, "RowExclusiveLock");
			sink.reachBeyond("nextval");
		}
		return;
	}
	for (const { table: other, constraint } of sink.referencing(name)) {
		if (what.kind === "update" && !keyColumns(constraint, table).some((column) => what.columns.includes(column))) continue;
		const writes = what.kind === "delete" ? constraint.writesOnDelete : constraint.writesOnUpdate;
		const mode = writes ? "RowExclusiveLock" : "RowShareLock";
		for (const target of [other.name, ...sink.descendants(other.name)]) sink.lock(target, mode);
		if (!writes) continue;
		const next = what.kind === "delete" && constraint.deletesRows ? what : {
			kind: "update",
			columns: constraint.columns
		};
		for (const target of [other.name, ...sink.descendants(other.name)]) runOnWrite(sink.table(target) ?? other, next.kind, sink);
		if (next.kind === "update") sink.overwrite(other.name);
		else if (sink.existed(other.name)) sink.lose("rows", other.name);
		lockOtherEnds(other.name, other, next, sink, seen);
	}
}
function keyColumns(constraint, table) {
	const named = constraint.references?.columns ?? [];
	return named.length > 0 ? named : [...table?.columns.keys() ?? []].filter((column) => referencesColumn(constraint, column, table));
}
function sets(what, columns) {
	if (what.kind === "delete") return false;
	return what.columns === void 0 || what.columns.some((column) => columns.includes(column));
}
const truncate = (node, sink) => {
	const statement = as(node, "TruncateStmt");
	if (statement === void 0) return;
	const queue = [];
	for (const range of allOf(statement.relations, "RangeVar")) {
		const table = sink.relationOf(range);
		queue.push(table, ...range.inh === true ? sink.descendants(table) : []);
		if (statement.behavior === "DROP_CASCADE" && sink.table(table) === void 0) sink.unknown(`which tables reference ${table}, and are emptied too, is not known`);
	}
	const emptied = /* @__PURE__ */ new Set();
	for (let table = queue.pop(); table !== void 0; table = queue.pop()) {
		if (emptied.has(table)) continue;
		emptied.add(table);
		empty(table, statement.restart_seqs === true, sink);
		if (statement.behavior !== "DROP_CASCADE") continue;
		for (const { table: other } of sink.referencing(table)) queue.push(other.name, ...other.partitioned ? sink.descendants(other.name) : []);
	}
};
function empty(name, restartSequences, sink) {
	const table = sink.table(name);
	sink.lock(name, "AccessExclusiveLock");
	if (table !== void 0) runOnWrite(table, "truncate", sink);
	if (table?.partitioned !== true) sink.rewrite(name);
	if (sink.existed(name)) sink.lose("rows", name);
	if (!restartSequences) return;
	for (const relation of sink.catalog.relations.pointingAt(name)) if (relation.kind === "sequence") {
		sink.lock(relation.name, "AccessExclusiveLock");
		losePosition(relation.name, sink);
	}
}
const lockTables = (node, sink) => {
	const statement = as(node, "LockStmt");
	const mode = lockModes[(statement?.mode ?? 8) - 1] ?? "AccessExclusiveLock";
	const lockAll = (name) => {
		sink.lock(name, mode);
		const relation = sink.relation(name);
		if (relation?.kind === "view") for (const read of relation.reads) lockAll(read);
	};
	for (const range of allOf(statement?.relations, "RangeVar")) {
		const name = sink.relationOf(range);
		lockAll(name);
		if (range.inh === true) for (const child of sink.descendants(name)) sink.lock(child, mode);
	}
};
const copy = (node, sink) => {
	const statement = as(node, "CopyStmt");
	if (statement === void 0) return;
	if (statement.is_program === true) sink.unknown("it runs a program on the server");
	else if (statement.filename !== void 0 && statement.is_from !== true) sink.unknown("it writes a file on the server");
	if (statement.query !== void 0) queryStatement(statement.query, sink);
	if (statement.relation === void 0) return;
	lockReads(statement.whereClause, sink, "views-too");
	const table = sink.relationOf(statement.relation);
	if (statement.is_from === true) write(table, {
		kind: "insert",
		columns: void 0
	}, false, sink);
	else sink.lock(table, "AccessShareLock");
};
// src/sql/effects/extensions.ts
const withoutTables = new Set("bloom btree_gin btree_gist citext cube dict_int dict_xsyn earthdistance fuzzystrmatch hstore intarray isn lo ltree pg_trgm pgcrypto pgrowlocks pgstattuple plpgsql seg tablefunc tsm_system_rows tsm_system_time unaccent uuid-ossp vector xml2 pg_stat_statements pg_uuidv7 pgvector rum hypopg pg_hint_plan pgjwt http".split(" "));
function isKnownExtension(name) {
	return withoutTables.has(name);
}
const createExtension = (node, sink) => {
	const { extname: name = "", options } = as(node, "CreateExtensionStmt") ?? {};
	if (name === "") sink.unknown("which extension is created is not known");
	else if (!sink.catalog.extensions.has(name)) {
		const schema = allOf(options, "DefElem").find(({ defname }) => defname === "schema")?.arg;
		const extension = unseenExtension(name, as(schema, "String")?.sval ?? sink.context.path?.[0]);
		sink.change({
			kind: "create-extension",
			extension
		});
	}
};
function moveExtension(name, schema, sink) {
	const known = sink.catalog.extensions.get(name) ?? unseenExtension(name, void 0);
	sink.change({
		kind: "create-extension",
		extension: {
			...known,
			schema
		}
	});
}
const alterExtensionContents = (node, sink) => {
	const { extname: extension = "", action, objtype, object } = as(node, "AlterExtensionContentsStmt") ?? {};
	const parts = nameParts(object);
	const kind = memberKinds[objtype ?? ""];
	sink.unknown("what belongs to an extension is dropped with it, and is in no dump");
	if (kind === void 0) return;
	const name = kind === "schemas" ? parts.at(-1) ?? "" : sink.name(parts);
	sink.change({
		kind: action === 1 ? "join-extension" : "leave-extension",
		extension,
		member: {
			kind,
			name
		}
	});
};
const memberKinds = {
	OBJECT_TABLE: "relations",
	OBJECT_FOREIGN_TABLE: "relations",
	OBJECT_VIEW: "relations",
	OBJECT_MATVIEW: "relations",
	OBJECT_SEQUENCE: "relations",
	OBJECT_TYPE: "types",
	OBJECT_DOMAIN: "types",
	OBJECT_SCHEMA: "schemas"
};
// src/sql/effects/drop-containers.ts
function dropSchema(name, cascade, sink, going = /* @__PURE__ */ new Set()) {
	if (going.has(`schema ${name}`)) return;
	sink.lose("schema", name);
	if (cascade) {
		const isInside = (one) => one.startsWith(`${name}.`);
		const inside = [...sink.catalog.relations.values()].filter((relation) => isInside(relation.name));
		const together = new Set(inside.map((relation) => relation.name));
		for (const relation of inside) {
			if (relation.kind !== "index") sink.lock(relation.name, "AccessExclusiveLock");
			if (relation.kind === "view" || relation.kind === "materialized-view") {
				dropViewsOn(relation.name, void 0, sink, together);
				dropUsesOfType(relation.name, together, sink);
			}
			if (relation.kind === "sequence") dropDefaultsFrom(relation.name, together, sink);
			if (relation.kind !== "table") continue;
			if (sink.existed(relation.name)) sink.lose("table", relation.name);
			dropTableDependents(relation.name, together, true, sink);
		}
		for (const extension of sink.catalog.extensions.values()) if (extension.schema === name) dropExtension(extension.name, true, sink, /* @__PURE__ */ new Set([...going, `schema ${name}`]));
		else if (extension.schema === void 0) sink.unknown(`whether the extension ${extension.name} is in the schema ${name}, and goes with it, is not known`);
		for (const type of [...sink.catalog.types.keys()].filter(isInside)) dropUsesOfType(type, together, sink);
		for (const routine of [...sink.catalog.functions.keys()].filter(isInside)) dropUsesOfFunction(routine, sink);
		if (!sink.catalog.complete) sink.unknown(`what else is in the schema ${name} and goes with it is not known`);
	}
	sink.change({
		kind: "drop-schema",
		name
	});
}
function dropExtension(name, cascade, sink, going = /* @__PURE__ */ new Set()) {
	if (going.has(`extension ${name}`)) return;
	const goingNow = /* @__PURE__ */ new Set([...going, `extension ${name}`]);
	const known = sink.catalog.extensions.get(name);
	sink.lose("extension", name);
	if (cascade) sink.unknown(`which columns, indexes and functions use the extension ${name} and go with it is not known`);
	else if (known?.complete !== true && !isKnownExtension(name)) sink.unknown(`whether the extension ${name} has tables of its own is not known`);
	const together = new Set(known?.relations);
	for (const relation of together) dropMember(relation, together, cascade, sink);
	if (cascade) for (const type of known?.types ?? []) dropUsesOfType(type, together, sink);
	for (const schema of known?.schemas ?? []) dropSchema(schema, cascade, sink, goingNow);
	sink.change({
		kind: "drop-extension",
		name
	});
	if (!cascade) return;
	for (const other of sink.catalog.extensions.values()) if (other.requires.includes(name)) dropExtension(other.name, true, sink, goingNow);
}
function dropMember(name, together, cascade, sink) {
	const relation = sink.relation(name);
	switch (relation?.kind) {
		case void 0:
		case "index": return;
		case "view":
		case "materialized-view":
			dropView(name, cascade, sink, together);
			return;
		case "sequence":
			sink.lock(name, "AccessExclusiveLock");
			if (sink.existed(name)) sink.lose("sequence", name);
			if (cascade) dropDefaultsFrom(name, together, sink);
			sink.change({
				kind: "drop-sequence",
				name
			});
			return;
		case "table":
			sink.lock(name, "AccessExclusiveLock");
			if (sink.existed(name)) sink.lose("table", name);
			dropTableDependents(name, together, cascade, sink);
			sink.change({
				kind: "drop-table",
				name,
				known: relation
			});
	}
}
// src/sql/effects/functions.ts
const createFunction = (node, sink) => {
	const statement = as(node, "CreateFunctionStmt");
	if (statement === void 0) return;
	if (statement.sql_body !== void 0) lockReads(statement.sql_body, sink, "names");
	const body = bodyOf(statement, sink);
	for (const option of allOf(statement.options, "DefElem")) {
		const setting = as(option.arg, "VariableSetStmt");
		if (setting !== void 0 && setting.name !== "search_path") setVariable({ VariableSetStmt: setting }, sink);
	}
	if (!readLanguages.has(body.language)) sink.unknown(`it brings a function written in ${body.language}, which is not read`);
	if (strings(statement.returnType?.names).at(-1) === "event_trigger") sink.unknown("an event trigger may run it with every later statement that changes the schema");
	create(sink.newName(strings(statement.funcname)), volatilityIn(statement.options), [body], statement.replace === true, sink);
};
const readLanguages = /* @__PURE__ */ new Set(["sql", "plpgsql"]);
function create(name, volatility, bodies, replaces, sink) {
	if (splitName(name).schema === "pg_catalog") sink.unknown(`it puts a function among those of PostgreSQL's own`);
	const made = {
		name,
		volatility,
		bodies,
		createdBy: sink.context.migration
	};
	sink.change({
		kind: "create-function",
		replaces,
		function: made
	});
}
function bodyOf(statement, sink) {
	const parameters = allOf(statement.parameters, "FunctionParameter").filter((one) => !/_(OUT|TABLE)$/.test(one.mode ?? ""));
	const option = (name) => allOf(statement.options, "DefElem").find((one) => one.defname === name)?.arg;
	return {
		signature: signatureOf(parameters.flatMap(({ argType }) => argType ?? []), sink),
		language: languageOf(statement.options) ?? "sql",
		text: sink.context.text,
		sql: strings(as(option("as"), "List")?.items)[0],
		searchPath: searchPathIn(statement.options, sink)
	};
}
function signatureOf(types, sink) {
	return types.map((written) => {
		const names = strings(written.names);
		const type = (written.pct_type === true ? sink.table(sink.name(names.slice(0, -1)))?.columns.get(names.at(-1) ?? "") : void 0)?.type ?? sink.resolveType(typeRef(written));
		return `${type.name}${type.array ? "[]" : ""}`;
	}).join();
}
function searchPathIn(options, sink) {
	const setting = allOf(options, "DefElem").flatMap((one) => as(one.arg, "VariableSetStmt") ?? []).find((one) => one.name === "search_path");
	if (setting?.kind === "VAR_SET_CURRENT") return sink.context.path;
	return setting?.args?.map((argument) => as(argument, "A_Const")?.sval?.sval ?? "").filter((schema) => schema !== "");
}
function languageOf(options) {
	const option = allOf(options, "DefElem").find((one) => one.defname === "language");
	return as(option?.arg, "String")?.sval?.toLowerCase();
}
function volatilityIn(options) {
	const option = allOf(options, "DefElem").find((one) => one.defname === "volatility");
	const said = as(option?.arg, "String")?.sval;
	return said === "immutable" || said === "stable" ? said : "volatile";
}
const alterFunction = (node, sink) => {
	const statement = as(node, "AlterFunctionStmt");
	const actions = allOf(statement?.actions, "DefElem");
	const settings = actions.flatMap((one) => as(one.arg, "VariableSetStmt") ?? []);
	const changesPath = settings.some((setting) => setting.name === void 0 || setting.name === "search_path");
	const changesVolatility = actions.some((one) => one.defname === "volatility");
	for (const setting of settings) if (setting.name !== "search_path") setVariable({ VariableSetStmt: setting }, sink);
	if (!changesPath && !changesVolatility) return;
	for (const name of sink.functionsNamed(strings(statement?.func?.objname))) {
		const known = sink.catalog.functions.get(name);
		if (known === void 0) continue;
		const alone = known.bodies.length === 1;
		const searchPath = searchPathIn(statement?.actions, sink);
		const moved = alone ? known.bodies.map((body) => ({
			...body,
			searchPath
		})) : [unread(name)];
		const volatility = alone && changesVolatility ? volatilityIn(statement?.actions) : changesVolatility ? "volatile" : known.volatility;
		sink.change({
			kind: "drop-function",
			name,
			signature: void 0
		});
		create(name, volatility, changesPath ? moved : known.bodies, false, sink);
	}
};
function unread(name) {
	return {
		signature: name,
		language: "a language",
		text: "",
		sql: void 0,
		searchPath: void 0
	};
}
const define = (node, sink) => {
	const statement = as(node, "DefineStmt");
	if (statement?.kind === "OBJECT_TYPE") {
		createType(strings(statement.defnames), { kind: "base" }, sink);
		sink.unknown("the functions that read and write values of the type are not read");
	} else if (statement?.kind === "OBJECT_AGGREGATE") {
		const name = sink.newName(strings(statement.defnames));
		create(name, "volatile", [unread(name)], false, sink);
	} else if (statement?.kind === "OBJECT_OPERATOR") {
		const named = allOf(statement.definition, "DefElem").filter(({ defname }) => /^(function|procedure)$/.test(defname ?? ""));
		sink.change({
			kind: "hides",
			functions: named.flatMap(({ arg }) => functionsCalled(nameParts(arg), sink))
		});
	}
};
const createCast = (node, sink) => {
	const called = as(node, "CreateCastStmt")?.func?.objname;
	if (called !== void 0) sink.change({
		kind: "hides",
		functions: functionsCalled(strings(called), sink)
	});
};
const createOperatorClass = (node, sink) => {
	const names = allOf(as(node, "CreateOpClassStmt")?.items, "CreateOpClassItem").map((item) => strings(item.name?.objname)).filter((parts) => /^\w/.test(parts.at(-1) ?? ""));
	sink.change({
		kind: "hides",
		functions: names.flatMap((parts) => functionsCalled(parts, sink))
	});
};
const doBlock = (node, sink) => {
	const language = languageOf(as(node, "DoStmt")?.args);
	if (language === void 0 || language === "plpgsql") sink.run({ kind: "block" });
	else sink.unknown(`the DO block is written in ${language}, which is not read`);
};
const call = (node, sink) => {
	const called = as(node, "CallStmt")?.funccall;
	lockReads(called?.args, sink, "views-too");
	const parts = strings(called?.funcname);
	for (const name of functionsCalled(parts, sink)) sink.run({
		kind: "call",
		name,
		because: `it calls the procedure ${parts.join(".")}()`,
		certain: true
	});
};
// src/sql/effects/drops.ts
const onTable = (kind) => (parts, _object, drop, sink) => {
	const name = parts.at(-1) ?? "";
	const table = sink.name(parts.slice(0, -1));
	if (drop.missingOk && sink.catalog.complete && !hangsOn(table, kind, name, sink)) return;
	for (const one of kind === "trigger" ? withPartitions(table, sink) : [table]) sink.lock(one, "AccessExclusiveLock");
	if (sink.existed(table) && kind !== "rule") sink.lose(kind, `${table}.${name}`);
	if (kind === "trigger") sink.change({
		kind: "drop-trigger",
		table,
		name
	});
	else sink.change({
		kind: kind === "policy" ? "drop-policy" : "drop-rule",
		table,
		name
	});
};
function withPartitions(table, sink) {
	return sink.table(table)?.partitioned === true ? [table, ...sink.descendants(table)] : [table];
}
function hangsOn(table, kind, name, sink) {
	const known = sink.table(table);
	if (kind === "trigger") return known?.triggers.has(name) === true;
	return (kind === "policy" ? known?.policies : known?.rules)?.includes(name) === true;
}
const handlers$1 = {
	OBJECT_TABLE: dropTable,
	OBJECT_FOREIGN_TABLE: dropTable,
	OBJECT_VIEW: (parts, _object, drop, sink) => dropViews(parts, drop, sink),
	OBJECT_MATVIEW: (parts, _object, drop, sink) => dropViews(parts, drop, sink),
	OBJECT_INDEX: dropIndex,
	OBJECT_SEQUENCE: dropSequence,
	OBJECT_TYPE: (parts, _object, drop, sink) => dropType(parts, drop.cascade, drop.missingOk, sink),
	OBJECT_DOMAIN: (parts, _object, drop, sink) => dropType(parts, drop.cascade, drop.missingOk, sink),
	OBJECT_SCHEMA: (parts, _object, drop, sink) => {
		const name = parts.at(-1) ?? "";
		if (!(drop.missingOk && sink.catalog.complete && !sink.catalog.schemas.has(name))) dropSchema(name, drop.cascade, sink);
	},
	OBJECT_EXTENSION: (parts, _object, drop, sink) => dropExtension(parts.at(-1) ?? "", drop.cascade, sink),
	OBJECT_FUNCTION: dropFunction,
	OBJECT_PROCEDURE: dropFunction,
	OBJECT_ROUTINE: dropFunction,
	OBJECT_AGGREGATE: dropFunction,
	OBJECT_TRIGGER: onTable("trigger"),
	OBJECT_POLICY: onTable("policy"),
	OBJECT_RULE: onTable("rule"),
	OBJECT_EVENT_TRIGGER: (parts, _object, _drop, sink) => sink.change({
		kind: "drop-event-trigger",
		name: parts.at(-1) ?? ""
	}),
	OBJECT_STATISTIC_EXT: (parts, _object, _drop, sink) => sink.unknown(`the table of the statistics ${parts.at(-1) ?? ""}, which is locked, is not known`)
};
const harmlessAlone = /* @__PURE__ */ new Set([
	"OBJECT_CAST",
	"OBJECT_COLLATION",
	"OBJECT_CONVERSION",
	"OBJECT_LANGUAGE",
	"OBJECT_OPCLASS",
	"OBJECT_OPERATOR",
	"OBJECT_OPFAMILY",
	"OBJECT_PUBLICATION",
	"OBJECT_TSCONFIGURATION",
	"OBJECT_TSDICTIONARY",
	"OBJECT_TSPARSER",
	"OBJECT_TSTEMPLATE",
	"OBJECT_TRANSFORM",
	"OBJECT_FDW",
	"OBJECT_FOREIGN_SERVER",
	"OBJECT_ACCESS_METHOD"
]);
const dropObjects = (node, sink) => {
	const statement = as(node, "DropStmt");
	if (statement?.removeType === void 0) return;
	const handler = handlers$1[statement.removeType];
	const drop = dropOf(statement, sink);
	if (handler === void 0) {
		if (!harmlessAlone.has(statement.removeType)) sink.unknown(`what dropping this kind of object (${statement.removeType}) takes along is not known`);
		else if (drop.cascade) sink.unknown("what depends on the dropped object and goes with it is not known");
		return;
	}
	for (const object of statement.objects ?? []) handler(nameParts(object), object, drop, sink);
};
function dropOf(statement, sink) {
	return {
		cascade: statement.behavior === "DROP_CASCADE",
		missingOk: statement.missing_ok === true,
		concurrently: statement.concurrent === true,
		together: new Set((statement.objects ?? []).map((object) => sink.name(nameParts(object))))
	};
}
function dropTable(parts, _object, drop, sink) {
	const name = sink.name(parts);
	if (drop.missingOk && sink.certainlyAbsent(name)) return;
	const known = sink.table(name);
	sink.lock(name, "AccessExclusiveLock");
	if (sink.existed(name)) sink.lose("table", name);
	dropTableDependents(name, drop.together, drop.cascade, sink);
	if (drop.cascade && sink.relation(name) === void 0) sink.unknown(`what depends on ${name} and goes with it is not known`);
	sink.change({
		kind: "drop-table",
		name,
		known
	});
}
function dropViews(parts, drop, sink) {
	const name = sink.name(parts);
	if (drop.missingOk && sink.certainlyAbsent(name)) return;
	if (drop.cascade && sink.relation(name) === void 0) sink.unknown(`what depends on ${name} and goes with it is not known`);
	dropView(name, drop.cascade, sink);
}
function dropIndex(parts, _object, drop, sink) {
	const name = sink.name(parts);
	if (drop.missingOk && sink.certainlyAbsent(name)) return;
	const relation = sink.relation(name);
	const known = relation?.kind === "index" ? relation : void 0;
	const mode = drop.concurrently ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock";
	sink.lock(name, mode);
	if (known === void 0) sink.unknown(`the table of the index ${name}, which is locked, is not known`);
	else for (const table of withPartitions(known.table, sink)) sink.lock(table, mode);
	if (known !== void 0 && drop.cascade && known.unique) dropKeyDependents(known.table, known.columns, sink);
	if (sink.existed(name)) sink.lose("index", name);
	sink.change({
		kind: "drop-index",
		name,
		known,
		concurrently: drop.concurrently
	});
}
function dropSequence(parts, _object, drop, sink) {
	const name = sink.name(parts);
	if (drop.missingOk && sink.certainlyAbsent(name)) return;
	sink.lock(name, "AccessExclusiveLock");
	if (sink.existed(name)) sink.lose("sequence", name);
	if (drop.cascade) {
		dropDefaultsFrom(name, /* @__PURE__ */ new Set(), sink);
		if (sink.relation(name) === void 0) sink.unknown(`which defaults use the sequence ${name} is not known`);
	}
	sink.change({
		kind: "drop-sequence",
		name
	});
}
function dropFunction(parts, object, drop, sink) {
	const name = sink.name(parts.length > 0 ? parts : nameParts(as(object, "ObjectWithArgs")?.objname?.[0]));
	sink.lose("function", name);
	if (drop.cascade) dropUsesOfFunction(name, sink);
	const { objargs, args_unspecified: anyArguments } = as(object, "ObjectWithArgs") ?? {};
	const signature = anyArguments === true ? void 0 : signatureOf(allOf(objargs, "TypeName"), sink);
	sink.change({
		kind: "drop-function",
		name,
		signature
	});
}
// src/sql/effects/event-triggers.ts
const createEventTrigger = (node, sink) => {
	const { trigname: name = "", funcname } = as(node, "CreateEventTrigStmt") ?? {};
	sink.unknown("its function runs with every later statement that changes the schema");
	sink.change({
		kind: "create-event-trigger",
		name,
		runs: sink.name(strings(funcname))
	});
};
function doubtEventTriggers(changes, sink) {
	const put = changes.flatMap(codeIn);
	if (put.length === 0) return;
	const reach = reachOf(sink.catalog);
	for (const { name, everywhere } of put) if (everywhere || reach === "anything" || reach.has(plain(name))) sink.unknown(`an event trigger may run what it makes of ${name} with every later statement that changes the schema`);
}
function codeIn(change) {
	const named = (...names) => names.map((name) => ({
		name,
		everywhere: false
	}));
	switch (change.kind) {
		case "create-function": return named(change.function.name);
		case "rename-function": return named(change.from, change.to);
		case "add-trigger":
		case "add-rule": return named(change.table);
		case "runs": return named(change.relation);
		case "create-table": return change.table.runs.length > 0 ? named(change.table.name) : [];
		case "create-view": return named(change.view.name);
		case "create-type": return change.type.runs.length > 0 ? named(change.type.name) : [];
		case "hides": return change.functions.map((name) => ({
			name,
			everywhere: true
		}));
		case "uncertain": return codeIn(change.change);
		default: return [];
	}
}
function reachOf(catalog) {
	const words = /* @__PURE__ */ new Set();
	const seen = /* @__PURE__ */ new Set();
	let round = [...catalog.eventTriggers.values(), ...catalog.hidden];
	while (round.length > 0) {
		for (const name of round) {
			seen.add(name);
			words.add(plain(name));
			for (const { text } of catalog.functions.get(name)?.bodies ?? []) {
				if (runsComputedCalls(text)) return "anything";
				for (const [word] of text.matchAll(/"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu)) words.add(word.replace(/^"|"$/g, "").replaceAll("\"\"", "\"").toLowerCase());
			}
		}
		round = namedBy(words, catalog).filter((name) => !seen.has(name));
	}
	return words;
}
function plain(name) {
	return withoutSchema(name).toLowerCase();
}
function namedBy(words, catalog) {
	const isNamed = (name) => words.has(plain(name));
	const hanging = [...catalog.relations.values()].flatMap((relation) => {
		if (relation.kind === "index" || relation.kind === "sequence" || !isNamed(relation.name)) return [];
		return [...relation.runs, ...[...relation.triggers.values()].flatMap(({ runs }) => runs)];
	});
	return [...[...catalog.functions.keys()].filter(isNamed), ...hanging];
}
function runsComputedCalls(text) {
	return [...text.replaceAll(/\bexecute\s+'(?:[^']|'')*'\s*(?=;|into\b|using\b)/gi, "").matchAll(/\bexecute\s+(?!function\b|procedure\b)(?:format\s*\(\s*)?(?:'|\$\w*\$)?\s*(\w*)/gi)].some(([, first = ""]) => !/^(alter|comment|drop|grant|notify|revoke|security)$/i.test(first));
}
// src/sql/effects/indexes.ts
const createIndex = (node, sink) => {
	const statement = as(node, "IndexStmt");
	if (statement === void 0) return;
	const table = sink.relationOf(statement.relation);
	const mode = statement.concurrent === true ? "ShareUpdateExclusiveLock" : "ShareLock";
	const parts = allOf(statement.indexParams, "IndexElem");
	const included = allOf(statement.indexIncludingParams, "IndexElem");
	const name = statement.idxname === void 0 ? sink.freeName(table, indexColumns([...parts, ...included]), "idx") : beside(table, statement.idxname);
	sink.lock(table, mode);
	const builds = !(statement.if_not_exists === true && sink.certainlyPresent(name));
	const children = statement.relation?.inh === true && sink.table(table)?.partitioned === true ? sink.descendants(table) : [];
	for (const child of children) sink.lock(child, mode);
	if (!builds) return;
	for (const target of [table, ...children]) sink.scan(target);
	const expressions = parts.some((part) => part.expr !== void 0) || statement.whereClause !== void 0;
	const columns = new Set(parts.flatMap((part) => part.name === void 0 ? [...columnsMentioned(part.expr) ?? []] : [part.name]));
	for (const part of included) if (part.name !== void 0) columns.add(part.name);
	for (const column of columnsMentioned(statement.whereClause) ?? []) columns.add(column);
	const evaluated = [...ownFunctionsIn([statement.indexParams, statement.whereClause], sink)];
	sink.runFunctions(evaluated, "it");
	if (evaluated.length > 0) for (const relation of [table, ...children]) sink.change({
		kind: "runs",
		relation,
		functions: evaluated
	});
	sink.change({
		kind: "create-index",
		concurrently: statement.concurrent === true,
		ifNotExists: statement.if_not_exists === true,
		reaches: children,
		index: {
			kind: "index",
			name,
			createdBy: sink.context.migration,
			table,
			columns: [...columns],
			unique: statement.unique === true,
			plain: !expressions,
			btree: !expressions && isOrdinary(statement, parts)
		}
	});
};
function isOrdinary(statement, parts) {
	if ((statement.accessMethod ?? "btree") !== "btree" || (statement.indexIncludingParams ?? []).length > 0) return false;
	return parts.every((part) => part.opclass === void 0 && part.collation === void 0 && part.ordering !== "SORTBY_DESC" && part.nulls_ordering !== "SORTBY_NULLS_FIRST");
}
const reindex = (node, sink) => {
	const statement = as(node, "ReindexStmt");
	if (statement === void 0) return;
	const concurrently = allOf(statement.params, "DefElem").some((option) => option.defname === "concurrently");
	const name = sink.relationOf(statement.relation);
	const mode = concurrently ? "ShareUpdateExclusiveLock" : "ShareLock";
	if (statement.kind === "REINDEX_OBJECT_TABLE") {
		const partitions = sink.table(name)?.partitioned === true ? sink.descendants(name) : [];
		for (const target of [name, ...partitions]) readUnder(target, mode, sink);
	} else if (statement.kind === "REINDEX_OBJECT_INDEX") {
		const index = sink.relation(name);
		sink.lock(name, concurrently ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock");
		if (index?.kind === "index") readUnder(index.table, mode, sink);
		else sink.unknown(`the table of the index ${name}, which is locked, is not known`);
	} else sink.unknown("every index of the schema or database is built anew; which tables that locks is not known");
};
function readUnder(table, mode, sink) {
	sink.lock(table, mode);
	sink.scan(table);
}
const cluster = (node, sink) => {
	const relation = as(node, "ClusterStmt")?.relation;
	if (relation === void 0) {
		sink.unknown("every table that was clustered before is rewritten; which those are is not known");
		return;
	}
	const table = sink.relationOf(relation);
	sink.lock(table, "AccessExclusiveLock");
	sink.rewrite(table);
	sink.scan(table);
};
const createStatistics = (node, sink) => {
	const statement = as(node, "CreateStatsStmt");
	for (const range of allOf(statement?.relations, "RangeVar")) {
		const table = sink.relationOf(range);
		sink.lock(table, "ShareUpdateExclusiveLock");
		hangOn(table, statement?.exprs, sink);
	}
};
// src/sql/effects/others.ts
const nothing = () => {};
const because = (reason) => (_node, sink) => sink.unknown(reason);
const createSequence = (node, sink) => {
	const statement = as(node, "CreateSeqStmt");
	const name = sink.newRelation(statement?.sequence);
	if (statement?.if_not_exists === true && sink.certainlyPresent(name)) return;
	const ownedBy = ownerOf(statement?.options, sink);
	if (ownedBy !== void 0) sink.lock(ownedBy.table, "AccessShareLock");
	sink.change({
		kind: "create-sequence",
		sequence: {
			kind: "sequence",
			name,
			createdBy: sink.context.migration,
			ownedBy
		}
	});
};
const alterSequence = (node, sink) => {
	const statement = as(node, "AlterSeqStmt");
	const name = sink.relationOf(statement?.sequence);
	if (statement?.missing_ok === true && sink.certainlyAbsent(name)) return;
	sink.lock(name, "ShareRowExclusiveLock");
	if (allOf(statement?.options, "DefElem").some((option) => option.defname === "restart")) losePosition(name, sink);
	if (!allOf(statement?.options, "DefElem").some((option) => option.defname === "owned_by")) return;
	const ownedBy = ownerOf(statement?.options, sink);
	if (ownedBy !== void 0) sink.lock(ownedBy.table, "AccessShareLock");
	const createdBy = sink.relation(name)?.createdBy;
	sink.change({
		kind: "create-sequence",
		sequence: {
			kind: "sequence",
			name,
			createdBy,
			ownedBy
		}
	});
};
function ownerOf(options, sink) {
	const option = allOf(options, "DefElem").find((one) => one.defname === "owned_by");
	const parts = nameParts(option?.arg);
	if (parts.length < 2) return void 0;
	return {
		table: sink.name(parts.slice(0, -1)),
		column: parts.at(-1) ?? ""
	};
}
const createSchema = (node, sink) => {
	const statement = as(node, "CreateSchemaStmt");
	sink.change({
		kind: "create-schema",
		name: statement?.schemaname ?? ""
	});
	if ((statement?.schemaElts ?? []).length > 0) sink.unknown("the objects created inside CREATE SCHEMA are not read");
};
const grant = (node, sink) => {
	const statement = as(node, "GrantStmt");
	if (statement?.is_grant === true) return;
	const objects = statement?.objects ?? [];
	for (const object of objects) {
		const range = as(object, "RangeVar");
		sink.lose("grant", range === void 0 ? nameParts(object).join(".") : sink.relationOf(range));
	}
};
const alterDefaultPrivileges = (node, sink) => {
	if ((as(node, "AlterDefaultPrivilegesStmt")?.action)?.is_grant !== true) sink.lose("grant", "default privileges");
};
const commentLocks = {
	OBJECT_TABLE: "ShareUpdateExclusiveLock",
	OBJECT_VIEW: "ShareUpdateExclusiveLock",
	OBJECT_MATVIEW: "ShareUpdateExclusiveLock",
	OBJECT_INDEX: "ShareUpdateExclusiveLock",
	OBJECT_SEQUENCE: "ShareUpdateExclusiveLock",
	OBJECT_FOREIGN_TABLE: "ShareUpdateExclusiveLock"
};
const comment = (node, sink) => {
	const statement = as(node, "CommentStmt");
	const parts = nameParts(statement?.object);
	const lock = commentLocks[statement?.objtype ?? ""];
	if (lock !== void 0) sink.lock(sink.name(parts), lock);
	else if (statement?.objtype === "OBJECT_COLUMN") sink.lock(sink.name(parts.slice(0, -1)), "ShareUpdateExclusiveLock");
	else if (/_(TABCONSTRAINT|TRIGGER|POLICY|RULE)$/.test(statement?.objtype ?? "")) sink.lock(sink.name(parts.slice(0, -1)), "AccessShareLock");
};
const transaction = (node, sink) => {
	const kind = as(node, "TransactionStmt")?.kind;
	if (kind === "TRANS_STMT_ROLLBACK" || kind === "TRANS_STMT_ROLLBACK_TO") sink.unknown("ROLLBACK takes statements before it back, which the effects of this file do not follow");
	else if (kind === "TRANS_STMT_PREPARE" || kind === "TRANS_STMT_COMMIT_PREPARED" || kind === "TRANS_STMT_ROLLBACK_PREPARED") sink.unknown("a prepared transaction goes on after the migration");
};
const vacuum = (node, sink) => {
	const statement = as(node, "VacuumStmt");
	const full = allOf(statement?.options, "DefElem").some((option) => option.defname === "full" && isOn(option.arg));
	const targets = allOf(statement?.rels, "VacuumRelation");
	const mode = full ? "AccessExclusiveLock" : "ShareUpdateExclusiveLock";
	if (targets.length === 0) sink.unknown("every table of the database is processed; which those are is not known");
	for (const target of targets) {
		const name = sink.relationOf(target.relation);
		for (const table of [name, ...sink.descendants(name)]) {
			sink.lock(table, mode);
			sink.runFunctions(sink.table(table)?.runs ?? [], `what hangs on ${table}`);
			if (full) sink.rewrite(table);
			if (full) sink.scan(table);
		}
	}
};
function isOn(argument) {
	const text = as(argument, "String")?.sval;
	return text === void 0 || /^(on|true|1)$/i.test(text);
}
const createPublication = (node, sink) => {
	const objects = as(node, "CreatePublicationStmt")?.pubobjects ?? as(node, "AlterPublicationStmt")?.pubobjects;
	for (const object of allOf(objects, "PublicationObjSpec")) {
		const range = object.pubtable?.relation;
		if (range === void 0) continue;
		const name = sink.relationOf(range);
		const below = range.inh === true && sink.table(name)?.partitioned !== true ? sink.descendants(name) : [];
		for (const table of [name, ...below]) sink.lock(table, "ShareUpdateExclusiveLock");
	}
	if (as(node, "AlterPublicationStmt")?.action === "AP_SetObjects") sink.unknown("which tables leave the publication, and are locked, is not known");
};
const explain = (node, sink) => {
	const statement = as(node, "ExplainStmt");
	if (allOf(statement?.options, "DefElem").some((option) => option.defname === "analyze")) sink.unknown("EXPLAIN ANALYZE runs the statement inside it, which is not followed");
	else lockReads(statement?.query, sink, "views-too");
};
// src/sql/effects/renames.ts
const withoutRelation = /* @__PURE__ */ new Set([
	"OBJECT_COLLATION",
	"OBJECT_CONVERSION",
	"OBJECT_DATABASE",
	"OBJECT_DOMCONSTRAINT",
	"OBJECT_EVENT_TRIGGER",
	"OBJECT_FDW",
	"OBJECT_FOREIGN_SERVER",
	"OBJECT_LANGUAGE",
	"OBJECT_OPCLASS",
	"OBJECT_OPFAMILY",
	"OBJECT_PUBLICATION",
	"OBJECT_ROLE",
	"OBJECT_SUBSCRIPTION",
	"OBJECT_STATISTIC_EXT",
	"OBJECT_TABLESPACE",
	"OBJECT_TSCONFIGURATION",
	"OBJECT_TSDICTIONARY",
	"OBJECT_TSPARSER",
	"OBJECT_TSTEMPLATE"
]);
const rename = (node, sink) => {
	const statement = as(node, "RenameStmt");
	if (statement?.renameType !== void 0) renameObject(statement, statement.renameType, sink);
};
function renameObject(statement, type, sink) {
	const from = statement.subname ?? "";
	const to = statement.newname ?? "";
	const relation = statement.relation === void 0 ? "" : sink.relationOf(statement.relation);
	if (statement.missing_ok === true && statement.relation !== void 0 && sink.certainlyAbsent(relation)) return;
	switch (type) {
		case "OBJECT_TABLE":
		case "OBJECT_FOREIGN_TABLE":
		case "OBJECT_VIEW":
		case "OBJECT_MATVIEW":
		case "OBJECT_SEQUENCE":
		case "OBJECT_INDEX":
			renameRelation(relation, to, type, sink);
			return;
		case "OBJECT_COLUMN":
			for (const target of [relation, ...statement.relation?.inh === true ? sink.descendants(relation) : []]) {
				sink.lock(target, "AccessExclusiveLock");
				sink.change({
					kind: "rename-column",
					table: target,
					from,
					to
				});
			}
			return;
		case "OBJECT_TABCONSTRAINT":
			for (const target of [relation, ...withSameCheck(relation, from, sink)]) {
				sink.lock(target, "AccessExclusiveLock");
				sink.change({
					kind: "rename-constraint",
					table: target,
					from,
					to
				});
			}
			return;
		case "OBJECT_TRIGGER": {
			const partitions = sink.table(relation)?.partitioned === true ? sink.descendants(relation) : [];
			for (const target of [relation, ...partitions]) sink.lock(target, "AccessExclusiveLock");
			const on = sink.relation(relation);
			const trigger = on?.kind === "index" || on?.kind === "sequence" ? void 0 : on?.triggers.get(from);
			sink.change({
				kind: "drop-trigger",
				table: relation,
				name: from
			});
			if (trigger !== void 0) sink.change({
				kind: "add-trigger",
				table: relation,
				name: to,
				trigger
			});
			return;
		}
		case "OBJECT_POLICY":
		case "OBJECT_RULE": {
			const what = type === "OBJECT_POLICY" ? "policy" : "rule";
			sink.lock(relation, "AccessExclusiveLock");
			sink.change({
				kind: `drop-${what}`,
				table: relation,
				name: from
			});
			sink.change({
				kind: `add-${what}`,
				table: relation,
				name: to
			});
			return;
		}
		case "OBJECT_TYPE":
		case "OBJECT_DOMAIN": {
			const name = sink.name(nameParts(statement.object));
			sink.change({
				kind: "rename-type",
				from: name,
				to: beside(name, to)
			});
			return;
		}
		case "OBJECT_FUNCTION":
		case "OBJECT_PROCEDURE":
		case "OBJECT_ROUTINE":
		case "OBJECT_AGGREGATE": {
			const name = sink.name(nameParts(statement.object));
			sink.change({
				kind: "rename-function",
				from: name,
				to: beside(name, to)
			});
			return;
		}
		case "OBJECT_SCHEMA":
			sink.change({
				kind: "rename-schema",
				from,
				to
			});
			return;
		case "OBJECT_ATTRIBUTE":
			renameAttribute(relation, from, to, sink);
			return;
		default: if (!withoutRelation.has(type)) sink.unknown(`what renaming this kind of object (${type}) locks is not known`);
	}
}
function withSameCheck(table, name, sink) {
	const kind = sink.table(table)?.constraints.find((one) => one.name === name)?.kind;
	return kind === void 0 || kind === "check" || kind === "not-null" ? sink.descendants(table) : [];
}
function renameRelation(name, to, type, sink) {
	const known = sink.relation(name);
	const index = type === "OBJECT_INDEX" && (known === void 0 || known.kind === "index");
	sink.lock(name, index ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock");
	const target = beside(name, to);
	const kind = known?.kind ?? (type === "OBJECT_INDEX" ? "index" : type === "OBJECT_SEQUENCE" ? "sequence" : "table");
	if (kind === "index") sink.change({
		kind: "rename-index",
		from: name,
		to: target
	});
	else if (kind === "sequence") sink.change({
		kind: "rename-sequence",
		from: name,
		to: target
	});
	else if (kind === "view" || kind === "materialized-view") sink.change({
		kind: "rename-view",
		from: name,
		to: target
	});
	else sink.change({
		kind: "rename-table",
		from: name,
		to: target
	});
}
const setSchema = (node, sink) => {
	const statement = as(node, "AlterObjectSchemaStmt");
	const schema = statement?.newschema ?? "";
	if (statement?.relation === void 0) {
		const type = statement?.objectType;
		const movesType = type === "OBJECT_TYPE" || type === "OBJECT_DOMAIN";
		const name = sink.name(nameParts(statement?.object));
		const to = `${schema}.${name.slice(name.indexOf(".") + 1)}`;
		if (movesType) sink.change({
			kind: "rename-type",
			from: name,
			to
		});
		else if (type === "OBJECT_EXTENSION") moveExtension(nameParts(statement?.object).at(-1) ?? "", schema, sink);
		else if (/FUNCTION|PROCEDURE|ROUTINE|AGGREGATE/.test(type ?? "")) sink.change({
			kind: "rename-function",
			from: name,
			to
		});
		return;
	}
	const name = sink.relationOf(statement.relation);
	if (statement.missing_ok === true && sink.certainlyAbsent(name)) return;
	sink.lock(name, "AccessExclusiveLock");
	const moved = (from) => `${schema}.${from.slice(from.indexOf(".") + 1)}`;
	for (const relation of sink.catalog.relations.pointingAt(name)) if (relation.kind === "sequence" && relation.ownedBy?.table === name) {
		sink.lock(relation.name, "AccessExclusiveLock");
		sink.change({
			kind: "rename-sequence",
			from: relation.name,
			to: moved(relation.name)
		});
	} else if (relation.kind === "index" && relation.table === name) sink.change({
		kind: "rename-index",
		from: relation.name,
		to: moved(relation.name)
	});
	sink.change({
		kind: "rename-table",
		from: name,
		to: moved(name)
	});
};
// src/sql/effects/views.ts
const createView = (node, sink) => {
	const statement = as(node, "ViewStmt");
	if (statement === void 0) return;
	const name = sink.newRelation(statement.view);
	const reads = lockReads(statement.query, sink, "names");
	if (statement.replace === true && sink.relation(name) !== void 0) sink.lock(name, "AccessExclusiveLock");
	else if (statement.replace === true && !sink.catalog.complete) sink.lock(name, "AccessExclusiveLock");
	sink.change({
		kind: "create-view",
		view: {
			kind: "view",
			name,
			createdBy: sink.relation(name)?.createdBy ?? sink.context.migration,
			reads,
			mentions: columnsMentioned(statement.query),
			triggers: /* @__PURE__ */ new Map(),
			rules: [],
			runs: [...ownFunctionsIn(statement.query, sink)]
		}
	});
};
const refresh = (node, sink) => {
	const statement = as(node, "RefreshMatViewStmt");
	if (statement === void 0) return;
	const name = sink.relationOf(statement.relation);
	const relation = sink.relation(name);
	sink.lock(name, statement.concurrent === true ? "ExclusiveLock" : "AccessExclusiveLock");
	if (statement.concurrent !== true) sink.rewrite(name);
	if (statement.skipData === true) return;
	if (relation?.kind !== "materialized-view") sink.unknown(`what the materialized view ${name} reads is not known`);
	else sink.runFunctions(relation.runs, `the materialized view ${name}`);
	for (const read of relation?.kind === "materialized-view" ? relation.reads : []) lockReads({ RangeVar: rangeOf(read) }, sink, "views-too");
};
function rangeOf(name) {
	const dot = name.indexOf(".");
	return {
		schemaname: name.slice(0, dot),
		relname: name.slice(dot + 1),
		inh: true
	};
}
const createTrigger = (node, sink) => {
	const statement = as(node, "CreateTrigStmt");
	if (statement === void 0) return;
	const table = sink.relationOf(statement.relation);
	const partitions = statement.row === true && sink.table(table)?.partitioned === true ? sink.descendants(table) : [];
	for (const target of [table, ...partitions]) sink.lock(target, "ShareRowExclusiveLock");
	if (statement.constrrel !== void 0) sink.lock(sink.relationOf(statement.constrrel), "AccessShareLock");
	sink.change({
		kind: "add-trigger",
		table,
		name: statement.trigname ?? "",
		trigger: {
			forEachRow: statement.row === true,
			events: eventsOf(statement.events ?? 0),
			runs: [...functionsCalled(strings(statement.funcname), sink), ...ownFunctionsIn(statement.whenClause, sink)]
		}
	});
};
const eventBits = {
	insert: 4,
	delete: 8,
	update: 16,
	truncate: 32
};
function eventsOf(bits) {
	return writeEvents.filter((event) => (bits & eventBits[event]) !== 0);
}
const createRule = (node, sink) => {
	const statement = as(node, "RuleStmt");
	if (statement === void 0) return;
	const table = sink.relationOf(statement.relation);
	for (const action of statement.actions ?? []) {
		lockReads(action, sink, "names");
		const kind = kindOf(action);
		const target = as(action, "InsertStmt")?.relation ?? as(action, "UpdateStmt")?.relation ?? as(action, "DeleteStmt")?.relation;
		if (kind !== "SelectStmt" && target !== void 0) sink.lock(sink.relationOf(target), "RowExclusiveLock");
	}
	sink.lock(table, "AccessExclusiveLock");
	if (statement.event === "CMD_SELECT") sink.unknown(`it changes what reading ${table} gives`);
	sink.change({
		kind: "add-rule",
		table,
		name: statement.rulename ?? ""
	});
};
const createPolicy = (node, sink) => {
	const statement = as(node, "CreatePolicyStmt");
	if (statement === void 0) return;
	const table = sink.relationOf(statement.table);
	for (const read of relationsRead([statement.qual, statement.with_check], sink)) sink.lock(read.relation, read.mode);
	sink.lock(table, "AccessExclusiveLock");
	sink.change({
		kind: "add-policy",
		table,
		name: statement.policy_name ?? ""
	});
	hangOn(table, [statement.qual, statement.with_check], sink);
};
const alterPolicy = (node, sink) => {
	const statement = as(node, "AlterPolicyStmt");
	if (statement === void 0) return;
	for (const read of relationsRead([statement.qual, statement.with_check], sink)) sink.lock(read.relation, read.mode);
	const table = sink.relationOf(statement.table);
	sink.lock(table, "AccessExclusiveLock");
	hangOn(table, [statement.qual, statement.with_check], sink);
	if (sink.existed(table)) sink.lose("policy", `${table}.${statement.policy_name ?? ""}`);
};
// src/sql/effects/effects-of.ts
const handlers = {
	AlterTableStmt: alterTable,
	AlterTableMoveAllStmt: because("which tables are moved to another tablespace is not known"),
	CreateStmt: createTable,
	CreateForeignTableStmt: createForeignTable,
	CreateTableAsStmt: createTableAs,
	DropStmt: dropObjects,
	RenameStmt: rename,
	AlterObjectSchemaStmt: setSchema,
	IndexStmt: createIndex,
	ReindexStmt: reindex,
	ClusterStmt: cluster,
	CreateStatsStmt: createStatistics,
	AlterStatsStmt: because("the table of the statistics, which is locked, is not known"),
	CreateEnumStmt: createEnum,
	CreateDomainStmt: createDomain,
	CompositeTypeStmt: createComposite,
	CreateRangeStmt: createRange,
	DefineStmt: define,
	AlterEnumStmt: alterEnum,
	AlterDomainStmt: alterDomain,
	AlterTypeStmt: because("it changes which functions read and write values of the type"),
	ViewStmt: createView,
	RefreshMatViewStmt: refresh,
	CreateTrigStmt: createTrigger,
	RuleStmt: createRule,
	CreatePolicyStmt: createPolicy,
	AlterPolicyStmt: alterPolicy,
	SelectStmt: queryStatement,
	InsertStmt: queryStatement,
	UpdateStmt: queryStatement,
	DeleteStmt: queryStatement,
	MergeStmt: queryStatement,
	TruncateStmt: truncate,
	LockStmt: lockTables,
	CopyStmt: copy,
	CreateSeqStmt: createSequence,
	AlterSeqStmt: alterSequence,
	CreateSchemaStmt: createSchema,
	CreateFunctionStmt: createFunction,
	AlterFunctionStmt: alterFunction,
	CreateExtensionStmt: createExtension,
	AlterExtensionStmt: because("what the update of an extension runs is not known"),
	AlterExtensionContentsStmt: alterExtensionContents,
	GrantStmt: grant,
	AlterDefaultPrivilegesStmt: alterDefaultPrivileges,
	CommentStmt: comment,
	VariableSetStmt: setVariable,
	TransactionStmt: transaction,
	DoStmt: doBlock,
	VacuumStmt: vacuum,
	CreatePublicationStmt: createPublication,
	AlterPublicationStmt: createPublication,
	ExplainStmt: explain,
	CallStmt: call,
	ExecuteStmt: because("what the prepared statement does is not known"),
	PrepareStmt: nothing,
	DeallocateStmt: nothing,
	DropOwnedStmt: because("which objects the role owns, and lose, is not known"),
	ReassignOwnedStmt: because("which objects the role owns is not known"),
	SecLabelStmt: because("which relation the label is for is not worked out"),
	ImportForeignSchemaStmt: because("which tables are created is not known"),
	CreateCastStmt: createCast,
	CreateOpClassStmt: createOperatorClass,
	DiscardStmt: because("it takes back what the session has set, prepared and made for itself"),
	AlterSystemStmt: because("it changes the configuration of the whole server"),
	AlterDatabaseSetStmt: because("it changes a setting of every later session in the database"),
	AlterRoleSetStmt: because("it changes a setting of every later session of the role"),
	GrantRoleStmt: because("it gives or takes membership in roles, which belong to the whole server"),
	AlterRoleStmt: because("it changes a role, which belongs to the whole server"),
	DropRoleStmt: because("it drops a role, which belongs to the whole server and is in no backup of the database"),
	CreateEventTrigStmt: createEventTrigger,
	AlterEventTrigStmt: because("an event trigger runs with every later statement that changes the schema"),
	AlterOperatorStmt: because("it changes what an operator runs"),
	CreatePLangStmt: because("it brings a language whose handler is not read"),
	CreateTransformStmt: because("its functions run wherever a value of the type reaches the language"),
	CreateConversionStmt: because("its function runs wherever text is converted"),
	CreateFdwStmt: because("it brings a handler that is not read"),
	AlterFdwStmt: because("it brings a handler that is not read"),
	VariableShowStmt: nothing,
	ConstraintsSetStmt: nothing,
	ListenStmt: nothing,
	UnlistenStmt: nothing,
	NotifyStmt: nothing,
	CheckPointStmt: nothing,
	AlterObjectDependsStmt: nothing,
	AlterOwnerStmt: nothing,
	AlterCollationStmt: nothing,
	AlterDatabaseStmt: nothing,
	AlterTSConfigurationStmt: nothing,
	AlterTSDictionaryStmt: nothing,
	AlterForeignServerStmt: nothing,
	AlterUserMappingStmt: nothing,
	CreateAmStmt: nothing,
	CreateForeignServerStmt: nothing,
	CreateOpFamilyStmt: nothing,
	CreateRoleStmt: nothing,
	CreateUserMappingStmt: nothing,
	DropUserMappingStmt: nothing
};
function effectsOf(node, context) {
	const sink = new EffectSink(context);
	const kind = kindOf(node);
	const handler = handlers[kind];
	if (handler === void 0) {
		sink.unknown(`the effects of ${kind} are not known`);
		return sink.outcome();
	}
	try {
		handler(node, sink);
		if (sink.catalog.eventTriggers.size > 0) doubtEventTriggers(sink.outcome().changes, sink);
		runBodies(sink, effectsOf);
	} catch (thrown) {
		if (!(thrown instanceof RangeError)) throw thrown;
		sink.unknown("the statement is nested too deeply to be read");
	}
	return sink.outcome();
}
// src/sql/analyse.ts
function replayMigration(parser, migration) {
	const parsed = parseMigration(parser, migration.sql);
	if (parsed.kind === "syntax-error") return parsed;
	const { draft } = replay$1(parser, parsed, migration);
	draft.endSession();
	return {
		kind: "replayed",
		catalogAfter: draft
	};
}
function analyseMigration(parser, migration, judging = judge$1) {
	const parsed = parseMigration(parser, migration.sql);
	if (parsed.kind === "syntax-error") return parsed;
	const { analysed, draft, creates, sessionAfter } = replay$1(parser, parsed, migration);
	if (migration.session === void 0) draft.endSession();
	const { findings, allowed } = judging({
		migration: migration.name,
		file: migration.file,
		schema: migration.schema,
		source: parsed.source,
		statements: analysed,
		catalogBefore: migration.catalog,
		catalogAfter: draft,
		catalogAtTheEnd: () => migration.replayRest?.(draft) ?? draft,
		execution: migration.execution,
		notYetInUse: migration.notYetInUse ?? /* @__PURE__ */ new Set(),
		running: migration.running,
		lateBehind: migration.lateBehind,
		settings: migration.settings ?? {},
		ruleIds
	});
	return {
		kind: "analysed",
		statements: analysed.map(({ index, kind, sql, range, effects, runsCode }) => ({
			index,
			kind,
			sql,
			range,
			effects,
			runsCode
		})),
		findings,
		allowed,
		stage: stageOf(analysed),
		catalogAfter: draft,
		creates,
		source: parsed.source,
		sessionAfter
	};
}
function replay$1(parser, parsed, migration) {
	const draft = new CatalogDraft(migration.catalog);
	const analysed = [];
	const creates = [];
	let { path } = migration.session ?? { path: [migration.schema] };
	for (const { index, kind, node, sql, range } of parsed.statements) {
		const { effects, changes, runsCode, inner } = effectsOf(node, {
			catalog: draft,
			path,
			migration: migration.name,
			text: sql,
			parser,
			within: []
		});
		analysed.push({
			index,
			kind,
			sql,
			range,
			effects,
			runsCode,
			inner,
			node,
			changes: changes.map(certainly)
		});
		for (const change of changes) {
			const made = certainly(change);
			if (made.kind === "create-table" && (change === made || draft.complete)) creates.push(made.table.name);
			if (made.kind === "search-path") path = made === change ? made.path : void 0;
			draft.apply(change);
		}
	}
	return {
		analysed,
		draft,
		creates,
		sessionAfter: { path }
	};
}
// src/stages/plan/obstacles.ts
function obstaclesOf({ name: migration, file }, execution) {
	const text = file.endsWith("/migration.sql") ? `${migration}/migration.sql` : file;
	const obstacles = [];
	if (execution.refused !== void 0) obstacles.push({
		migration,
		text: execution.because,
		instead: `Move ${execution.refused.what} into a migration of its own, with nothing else in the file.`
	});
	for (const { what } of execution.stray.filter(({ fails }) => fails)) obstacles.push({
		migration,
		text: `${what} can only be used inside a transaction, and none is open there: ${execution.because}`,
		instead: `Begin and end ${text} with BEGIN; and COMMIT;`
	});
	if (execution.leftOpen) obstacles.push({
		migration,
		text: execution.because,
		instead: `End ${text} with COMMIT;`
	});
	return obstacles;
}
function leftElsewhere(migration, schema, { path }) {
	if (path?.[0] === schema) return [];
	return [{
		migration,
		text: path === void 0 ? `it changes the search path, and where it leads afterwards is not known; Prisma then looks for its history there` : `it leaves the search path at ${path.length === 0 ? "nothing" : path.join(", ")}, where Prisma then looks for its history`,
		instead: `End ${migration}/migration.sql with SET search_path = ${quoted(schema)};`
	}];
}
// src/stages/plan/analyse.ts
async function analyse({ applied, pending }, options) {
	const { prismaVersion } = options;
	const atomic = options.apply === "atomic" || prismaVersion === void 0;
	const reader = readerOf([...applied, ...pending].map(stillToRun), options);
	const planned = [];
	const findings = [];
	const allowed = [];
	const obstacles = [];
	const syntaxErrors = [];
	const notYetInUse = /* @__PURE__ */ new Set();
	let session = options.oneRun === true && !atomic ? { path: [options.schema] } : void 0;
	let catalog = await replay(reader, applied, options);
	let atTheEnd;
	for (const [index, migration] of pending.entries()) {
		const { name, file, checksum, resume } = migration;
		const sql = stillToRun(migration);
		const { parser, execution: executionOf } = await reader.next(sql);
		const execution = atomic ? atomicModel(sql, resume) : executionOf();
		const analysis = analyseMigration(parser, {
			name,
			file,
			sql,
			schema: options.schema,
			catalog,
			session,
			execution,
			notYetInUse,
			running: options.running?.mustBear(name) === true ? options.running.release : void 0,
			lateBehind: options.late?.names.has(name) === true ? options.late.behind : void 0,
			replayRest: (here) => {
				atTheEnd ??= pending.slice(index + 1).reduce((before, later) => after(parser, later, options.schema, before), here);
				return atTheEnd;
			},
			settings: options.rules
		});
		if (analysis.kind === "syntax-error") {
			const hint = analysis.hint === void 0 ? "" : ` (${analysis.hint})`;
			syntaxErrors.push(`${file}:${analysis.line}:${analysis.column} ${analysis.message}${hint}`);
			continue;
		}
		catalog = analysis.catalogAfter;
		if (session !== void 0) session = analysis.sessionAfter;
		if (applied.length > 0 || options.oneRun === true) for (const table of analysis.creates) notYetInUse.add(table);
		obstacles.push(...obstaclesOf({
			name,
			file
		}, execution));
		if (!atomic) obstacles.push(...leftElsewhere(name, options.schema, analysis.sessionAfter));
		findings.push(...analysis.findings);
		allowed.push(...analysis.allowed);
		const { stage, statements } = analysis;
		planned.push({
			name,
			checksum,
			file,
			stage,
			execution,
			resumesAt: resume?.doneBytes,
			statements
		});
	}
	if (syntaxErrors.length > 0) throw unparsable(syntaxErrors);
	return {
		migrations: planned,
		findings,
		allowed,
		obstacles
	};
}
function stillToRun({ sql, resume }) {
	return resume === void 0 ? sql : withoutDone(sql, resume);
}
async function replay(reader, applied, { schema, start }) {
	let catalog = start;
	for (const migration of applied) {
		const { parser } = await reader.next(migration.sql);
		catalog = after(parser, migration, schema, catalog);
	}
	return catalog;
}
function after(parser, { name, sql }, schema, catalog) {
	const replayed = replayMigration(parser, {
		name,
		sql,
		schema,
		catalog
	});
	return replayed.kind === "replayed" ? replayed.catalogAfter : unknownCatalog;
}
function unparsable(errors) {
	return fail("SQL.SYNTAX", {
		what: errors.length === 1 ? "A migration does not parse as PostgreSQL SQL." : `${errors.length} migrations do not parse as PostgreSQL SQL.`,
		why: errors.join("\n"),
		next: ["Correct the SQL at the place named above. Commands of psql (\\copy, \\i) and COPY … FROM stdin do not work in a migration."]
	});
}
export { extensionVolatility as a, progressIn as c, emptyCatalog as d, writeEvents as f, builtinVolatility as i, progressText as l, keepHeapSmall as m, namesIn as n, provenNotNull$1 as o, Relations as p, lastingCalls as r, hasProgress as s, analyse as t, resumptionOf as u };
