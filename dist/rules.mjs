import { a as tokens } from "./lexer.mjs";
import { t as commentsOf } from "./comments.mjs";
import { setFlagsFromString } from "node:v8";
// src/engine-flags.ts
const v8Major = [
	11,
	12,
	13
].find((major) => process.versions.v8.startsWith(`${major}.`));
function setEngineFlags(flags) {
	if (v8Major !== void 0) for (const flag of flags) setFlagsFromString(flag);
}
// src/sql/model.ts
const lockModes = [
	"AccessShareLock",
	"RowShareLock",
	"RowExclusiveLock",
	"ShareUpdateExclusiveLock",
	"ShareLock",
	"ShareRowExclusiveLock",
	"ExclusiveLock",
	"AccessExclusiveLock"
];
const lossKinds = [
	"table",
	"column",
	"rows",
	"schema",
	"enum-label",
	"partition",
	"durability",
	"type",
	"precision",
	"constraint",
	"default",
	"index",
	"view",
	"sequence",
	"function",
	"trigger",
	"policy",
	"extension",
	"grant"
];
const dataLosses = /* @__PURE__ */ new Set([
	"table",
	"column",
	"rows",
	"schema",
	"enum-label",
	"partition",
	"durability",
	"precision"
]);
const migrationStages = [
	"expand",
	"data",
	"contract",
	"cleanup"
];
// src/sql/identifiers.ts
const reserved = new Set("all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character check coalesce collate collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout insert int integer intersect interval into is isnull join lateral leading least left like limit localtime localtimestamp merge national natural nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real references returning right row select session_user setof similar smallint some substring symmetric system_user table tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable".split(" "));
function quoted(name) {
	return /^[a-z_][a-z0-9_$]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll("\"", "\"\"")}"`;
}
function quotedRelation(relation, currentSchema) {
	const { schema, name } = splitName(relation);
	return schema === currentSchema || schema === "" ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}
function splitName(relation) {
	const dot = relation.indexOf(".");
	return dot === -1 ? {
		schema: "",
		name: relation
	} : {
		schema: relation.slice(0, dot),
		name: relation.slice(dot + 1)
	};
}
function literal(text) {
	return `'${text.replaceAll("'", "''")}'`;
}
function listed(names) {
	if (names.length <= 1) return names[0] ?? "";
	return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
// src/sql/effects/tree.ts
function kindOf(node) {
	return node === void 0 ? "" : Object.keys(node)[0] ?? "";
}
function as(node, kind) {
	return node?.[kind];
}
function allOf(nodes, kind) {
	const found = [];
	for (const node of nodes ?? []) {
		const inner = as(node, kind);
		if (inner !== void 0) found.push(inner);
	}
	return found;
}
function strings(nodes) {
	return allOf(nodes, "String").map((string) => string.sval ?? "");
}
function nameParts(node) {
	const list = as(node, "List");
	if (list !== void 0) return strings(list.items);
	const string = as(node, "String");
	if (string !== void 0) return [string.sval ?? ""];
	const type = as(node, "TypeName");
	if (type !== void 0) return strings(type.names);
	const withArguments = as(node, "ObjectWithArgs");
	return withArguments === void 0 ? [] : strings(withArguments.objname);
}
function rangeVarParts(range) {
	return range.schemaname === void 0 ? [range.relname ?? ""] : [range.schemaname, range.relname ?? ""];
}
function typeRef(type) {
	const names = strings(type.names);
	return {
		name: names.length > 1 && names[0] === "pg_catalog" ? names[1] ?? "" : names.join("."),
		modifiers: allOf(type.typmods, "A_Const").map((constant) => constant.ival?.ival ?? 0),
		array: (type.arrayBounds ?? []).length > 0
	};
}
const typeKeys = /* @__PURE__ */ new Set([
	"typeName",
	"argType",
	"returnType"
]);
function* walk(root) {
	const stack = [root];
	while (stack.length > 0) {
		const found = [];
		step(stack, (kind, node) => found.push({
			kind,
			node
		}));
		yield* found;
	}
}
function visit(root, see) {
	const stack = [root];
	while (stack.length > 0) step(stack, see);
}
function step(stack, see) {
	const top = stack.pop();
	if (Array.isArray(top)) for (let index = top.length - 1; index >= 0; index -= 1) stack.push(top[index]);
	else if (typeof top === "object" && top !== null) {
		const node = top;
		const keys = Object.keys(node);
		for (let index = keys.length - 1; index >= 0; index -= 1) {
			const key = keys[index] ?? "";
			const value = node[key];
			if (typeof value !== "object" || value === null) continue;
			if (isKind(key) && !Array.isArray(value)) see(key, value);
			else if (typeKeys.has(key)) see("TypeName", value);
			stack.push(value);
		}
	}
}
function isKind(key) {
	const first = key.charCodeAt(0);
	return first >= 65 && first <= 90;
}
// src/rules/empty.ts
function isEmptied(table, by, file) {
	return (milestonesOf(file).emptied.get(table) ?? Number.POSITIVE_INFINITY) < by.index;
}
function isEmpty(table, at, context) {
	if (isEmptied(table, at, context)) return true;
	if (context.settings["add-not-null-without-default"] === "off") return false;
	return (milestonesOf(context).proven.get(table) ?? Number.POSITIVE_INFINITY) <= at.index;
}
function holdsOnlyNulls(table, column, at, file) {
	const { added, written, unknown } = milestonesOf(file);
	const from = added.get(`${table}.${column}`);
	if (from === void 0 || from > at.index) return false;
	return ![...written.get(table) ?? [], ...unknown].some((index) => from <= index && index < at.index);
}
const known$1 = /* @__PURE__ */ new WeakMap();
function milestonesOf({ statements }) {
	const before = known$1.get(statements);
	if (before !== void 0) return before;
	const found = {
		emptied: /* @__PURE__ */ new Map(),
		proven: /* @__PURE__ */ new Map(),
		added: /* @__PURE__ */ new Map(),
		written: /* @__PURE__ */ new Map(),
		unknown: []
	};
	for (const statement of statements) note(statement, found);
	known$1.set(statements, found);
	return found;
}
function note(statement, { emptied, proven, added, written, unknown }) {
	const { index, kind, changes, effects } = statement;
	const first = (map, key) => {
		if (!map.has(key)) map.set(key, index);
	};
	const gone = emptiedBy(statement);
	if (gone !== void 0) first(emptied, gone);
	for (const change of changes) {
		if (change.kind !== "add-column" || change.filledBy !== "none") continue;
		if (kind === "AlterTableStmt" && change.column.notNull) first(proven, change.table);
		first(added, `${change.table}.${change.column.name}`);
	}
	for (const { relation, mode } of effects.locks) {
		if (mode !== "RowExclusiveLock") continue;
		const all = written.get(relation);
		if (all === void 0) written.set(relation, [index]);
		else all.push(index);
	}
	if (effects.unknown) unknown.push(index);
}
function emptiedBy({ kind, node, effects }) {
	const all = kind === "TruncateStmt" || kind === "DeleteStmt" && as(node, "DeleteStmt")?.whereClause === void 0;
	const [first] = effects.loses;
	return all && first?.kind === "rows" ? first.name : void 0;
}
// src/rules/grouped.ts
function groupedBy(all, keyOf, { isAllowed }) {
	const groups = /* @__PURE__ */ new Map();
	for (const one of all) {
		const key = `${isAllowed(one.statement) ? one.statement.index : ""} ${keyOf(one)}`;
		const group = groups.get(key);
		if (group === void 0) groups.set(key, [one]);
		else group.push(one);
	}
	return [...groups.values()];
}
function named(names) {
	return names.length > 12 ? `${names.slice(0, 10).join(", ")} and ${names.length - 10} more` : listed(names);
}
function atLines(group) {
	const lines = [...new Set(group.map(({ statement }) => statement.range.line))];
	if (lines.length > 8) return ` (${lines.length} statements from line ${lines[0]} on)`;
	return lines.length > 1 ? ` (lines ${listed(lines.map(String))})` : "";
}
// src/sql/clauses.ts
function clausesOf(sql) {
	const all = [...tokens(sql)];
	const word = (token) => token?.kind === "word" ? sql.slice(token.start, token.end).toLowerCase() : "";
	const symbol = (token) => token?.kind === "symbol" ? sql.slice(token.start, token.end) : "";
	let at = 0;
	const skip = (...words) => {
		if (words.every((expected, index) => word(all[at + index]) === expected)) at += words.length;
	};
	if (word(all[at]) !== "alter") return [{
		start: 0,
		end: sql.length,
		text: sql
	}];
	at += 1;
	skip("foreign");
	skip("table");
	skip("if", "exists");
	skip("only");
	at += 1;
	while (symbol(all[at]) === ".") at += 2;
	if (symbol(all[at]) === "*") at += 1;
	const clauses = [];
	let depth = 0;
	let first = all[at];
	let last = first;
	const close = () => {
		if (first !== void 0 && last !== void 0) clauses.push({
			start: first.start,
			end: last.end,
			text: sql.slice(first.start, last.end)
		});
	};
	for (const token of all.slice(at)) {
		const char = symbol(token);
		if (char === "(" || char === "[") depth += 1;
		else if (char === ")" || char === "]") depth -= 1;
		else if (char === "," && depth === 0) {
			close();
			first = void 0;
			continue;
		}
		first ??= token;
		last = token;
	}
	close();
	return clauses.length > 0 ? clauses : [{
		start: 0,
		end: sql.length,
		text: sql
	}];
}
// src/rules/in-use.ts
function isInUse(relation, statement, context) {
	return !context.notYetInUse.has(relation) && statement.effects.locks.some((lock) => lock.relation === relation);
}
function blocksWrites(relation, statement) {
	const lock = statement.effects.locks.find((one) => one.relation === relation);
	return lock !== void 0 && lockModes.indexOf(lock.mode) >= lockModes.indexOf("ShareLock");
}
function blocksReads(relation, statement) {
	return statement.effects.locks.some((lock) => lock.relation === relation && lock.mode === "AccessExclusiveLock");
}
function takesLong({ kind, effects }) {
	return [
		"UpdateStmt",
		"DeleteStmt",
		"MergeStmt"
	].includes(kind) && effects.locks.length > 0 || effects.scans.length > 0 || effects.rewrites.length > 0;
}
const bodyKinds = /* @__PURE__ */ new Set([
	"DoStmt",
	"CallStmt",
	"SelectStmt"
]);
function hasBody({ kind }) {
	return bodyKinds.has(kind);
}
function changesOf(context, kind) {
	const found = [];
	for (const statement of context.statements) for (const change of statement.changes) if (isOf(change, kind)) found.push({
		statement,
		change
	});
	return found;
}
function isOf(change, kind) {
	return change.kind === kind;
}
function clauseText(statement, clause) {
	return clausesOf(statement.sql)[clause]?.text ?? statement.sql;
}
// src/rules/naming.ts
function relation(name, context) {
	return quotedRelation(name, context.schema);
}
function relations(names, context) {
	return listed([...new Set(names)].map((name) => relation(name, context)));
}
function columnOf(qualified) {
	const second = qualified.indexOf(".", qualified.indexOf(".") + 1);
	return {
		table: qualified.slice(0, second),
		column: qualified.slice(second + 1)
	};
}
function suffixed(name, suffix, context) {
	const { schema, name: last } = splitName(name);
	return quotedRelation(`${schema}.${last}_${suffix}`, context.schema);
}
function keyOf(table, catalog) {
	const known = catalog.relations.get(table);
	return (known?.kind === "table" ? known.constraints.find((constraint) => constraint.kind === "primary") : void 0)?.columns ?? ["id"];
}
function rowOf(columns) {
	return columns.length === 1 ? columnList(columns) : `(${columnList(columns)})`;
}
function columnList(columns) {
	return columns.map(quoted).join(", ");
}
const spelled = {
	int2: "SMALLINT",
	int4: "INTEGER",
	int8: "BIGINT",
	float4: "REAL",
	float8: "DOUBLE PRECISION",
	bool: "BOOLEAN",
	bpchar: "CHAR",
	numeric: "DECIMAL",
	timestamptz: "TIMESTAMPTZ"
};
function typeText(type, context) {
	if (type === void 0) return "its type";
	return `${type.name.includes(".") ? quotedRelation(type.name, context.schema) : spelled[type.name] ?? plainType(type.name)}${type.modifiers.length > 0 && type.name !== "interval" ? `(${type.modifiers.join(",")})` : ""}${type.array ? "[]" : ""}`;
}
function plainType(name) {
	return /^[a-z_0-9]+$/.test(name) ? name.toUpperCase() : quoted(name);
}
// src/rules/add-check/rule.ts
const rule$58 = {
	id: "add-check",
	title: "Adding a CHECK stops reads and writes while every row is checked",
	group: "constraint",
	documentation: {
		summary: "ADD CHECK takes ACCESS EXCLUSIVE, so that not even SELECT gets through, and reads the whole table under it. Added NOT VALID the lock is held for an instant; VALIDATE CONSTRAINT in a later transaction reads the rows while everybody works on.",
		bad: "ALTER TABLE \"Order\" ADD CONSTRAINT \"Order_total_check\" CHECK (total >= 0);",
		good: "ALTER TABLE \"Order\" ADD CONSTRAINT \"Order_total_check\" CHECK (total >= 0) NOT VALID;"
	},
	growsWithTable: true,
	about: ["add-constraint"],
	check: (context) => {
		return groupedBy(changesOf(context, "add-constraint").filter((one) => readsAllRows(one, context)), ({ change }) => change.table, context).map((group) => remark$28(group, context));
	}
};
function readsAllRows({ statement, change: { constraint, table } }, context) {
	if (!(constraint.kind === "check" || constraint.kind === "not-null") || !statement.effects.scans.includes(table) || !isInUse(table, statement, context)) return false;
	return !isEmpty(table, statement, context);
}
function remark$28(group, context) {
	const [{ statement, change }] = group;
	const name = relation(change.table, context);
	const several = group.length > 1;
	const names = group.map((one) => quoted(one.change.constraint.name));
	return {
		statement,
		clause: change.clause,
		relation: change.table,
		severity: "warning",
		mayFail: true,
		message: `Adds the check${several ? "s" : ""} ${named(names)}${atLines(group)}: nobody can read or write ${name} until every row has been checked, and it fails on one that contradicts.`,
		why: "The lock (ACCESS EXCLUSIVE) is taken before the rows are read and is held until the transaction ends; every query that arrives meanwhile queues behind it.",
		instead: [
			...group.map((one) => notValid$1(one, context)),
			"-- in the next migration: reads the rows while everybody works on",
			...names.map((constraint) => `ALTER TABLE ${name} VALIDATE CONSTRAINT ${constraint};`)
		].join("\n")
	};
}
function notValid$1({ statement, change: { clause, constraint, table } }, context) {
	const name = relation(table, context);
	const inColumn = statement.changes.some((one) => one.kind === "add-column" && one.clause === clause);
	if (statement.kind === "AlterTableStmt" && !inColumn) return `ALTER TABLE ${name} ${clauseText(statement, clause)} NOT VALID;`;
	return `${inColumn ? "-- the column without its CHECK, then\n" : ""}ALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} CHECK (…) NOT VALID;`;
}
// src/sql/catalog/names.ts
const longest = 63;
function freeName(table, columns, label, isTaken) {
	const dot = table.indexOf(".");
	const [schema, name] = [table.slice(0, dot), table.slice(dot + 1)];
	const numbered = (count) => `${schema}.${chosenName(name, columns, `${label}${count === 0 ? "" : count}`)}`;
	let count = 0;
	while (isTaken(numbered(count))) count += 1;
	return numbered(count);
}
function chosenName(table, columns, label) {
	const column = columns.join("_");
	if (column === "") return `${cut(table, longest - label.length - 1)}_${label}`;
	const room = longest - label.length - 2;
	let [forTable, forColumn] = [byteLength(table), byteLength(column)];
	while (forTable + forColumn > room) if (forTable > forColumn) forTable -= 1;
	else forColumn -= 1;
	return `${cut(table, forTable)}_${cut(column, forColumn)}_${label}`;
}
function distinct(columns) {
	const found = [];
	for (const wanted of columns) {
		let free = wanted;
		for (let count = 1; found.includes(free); count += 1) free = `${cut(wanted, longest - String(count).length)}${count}`;
		found.push(free);
	}
	return found;
}
function isNameTaken({ relations, uncertain }, name) {
	if (relations.has(name) && !uncertain.has(name)) return true;
	return relations.withConstraint(name).some((table) => !uncertain.has(table.name));
}
function beside(table, name) {
	return `${table.slice(0, table.indexOf("."))}.${name}`;
}
function withoutSchema(name) {
	return name.slice(name.indexOf(".") + 1);
}
function cut(name, bytes) {
	let kept = "";
	for (const character of name) {
		if (byteLength(kept + character) > bytes) break;
		kept += character;
	}
	return kept;
}
function byteLength(text) {
	return new TextEncoder().encode(text).length;
}
// src/rules/foreign-keys.ts
function checksRows({ statement, change }, context) {
	if (change.constraint.references === void 0) return false;
	if (isEmpty(change.table, statement, context)) return false;
	return isInUse(change.table, statement, context) && statement.effects.scans.includes(change.table);
}
function lacksIndex({ statement, change }, indexes, context) {
	const { constraint, table } = change;
	if (constraint.references === void 0 || constraint.columns.length === 0 || !constraint.writesOnDelete) return false;
	if (!isInUse(table, statement, context)) return false;
	const after = context.catalogAfter.relations.get(table);
	if (after?.kind !== "table" || !after.columnsKnown) return false;
	if (!after.constraints.some((one) => one.name === constraint.name)) return false;
	const before = context.catalogBefore.relations.get(table);
	if ((before?.kind === "table" ? before.constraints : []).some((one) => one.kind === "foreign" && one.columns.join() === constraint.columns.join())) return false;
	return !isIndexed(constraint.columns, indexes(table));
}
function isIndexed(columns, indexes) {
	return indexes.some((index) => {
		const leading = new Set(index.columns.slice(0, columns.length));
		return index.plain && columns.every((column) => leading.has(column));
	});
}
function canMissItsParent({ statement, change: { table, constraint } }, context) {
	return !constraint.columns.some((column) => holdsOnlyNulls(table, column, statement, context));
}
function missingIndex({ change: { table, constraint } }, context) {
	const name = splitName(beside(table, `${splitName(table).name}_${constraint.columns.join("_")}_idx`)).name;
	return `CREATE INDEX CONCURRENTLY ${quoted(name)} ON ${quotedRelation(table, context.schema)} (${columnList(constraint.columns)});`;
}
function toldWithTheCheck({ settings }) {
	return settings["add-foreign-key"] !== "off" && settings["foreign-key-without-index"] === void 0;
}
// src/rules/table-indexes.ts
function indexesIn(catalog) {
	const known = /* @__PURE__ */ new Map();
	return (table) => {
		const before = known.get(table);
		if (before !== void 0) return before;
		const found = catalog.relations.pointingAt(table).filter((relation) => relation.kind === "index");
		known.set(table, found);
		return found;
	};
}
// src/rules/add-foreign-key/rule.ts
const rule$57 = {
	id: "add-foreign-key",
	title: "Adding a foreign key blocks writes to both tables while every row is checked",
	group: "constraint",
	documentation: {
		summary: "ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on the table and on the one it references, then reads every row to prove that its key exists. Writes to both tables wait that long. Added NOT VALID it reads nothing; VALIDATE CONSTRAINT in a later transaction reads the rows while writes go on.",
		bad: "ALTER TABLE \"Post\" ADD CONSTRAINT \"Post_authorId_fkey\" FOREIGN KEY (\"authorId\") REFERENCES \"User\"(\"id\");",
		good: "ALTER TABLE \"Post\" ADD CONSTRAINT \"Post_authorId_fkey\" FOREIGN KEY (\"authorId\") REFERENCES \"User\"(\"id\") NOT VALID;"
	},
	growsWithTable: true,
	about: ["add-constraint"],
	check: (context) => {
		const added = changesOf(context, "add-constraint").filter(({ change }) => change.constraint.references !== void 0);
		const checked = added.filter((one) => checksRows(one, context));
		const held = added.flatMap((one) => heldDuringWork(one, context) ?? []);
		const indexes = indexesIn(context.catalogAfter);
		return [...groupedBy(checked, ({ change }) => change.table, context).map((group) => ofCheck(group, indexes, context)), ...groupedBy(held, ({ slow }) => `${slow.index}`, context).map((group) => ofLock(group, context))];
	}
};
function ofCheck(group, indexes, context) {
	const [{ statement, change }] = group;
	const { table, clause } = change;
	const name = relation(table, context);
	const several = group.length > 1;
	const others = group.flatMap((one) => {
		const other = one.change.constraint.references?.table ?? table;
		return other !== table && isInUse(other, one.statement, context) ? [other] : [];
	});
	const bare = toldWithTheCheck(context) ? group.filter((one) => lacksIndex(one, indexes, context)) : [];
	const mayFail = group.some((one) => canMissItsParent(one, context));
	return {
		statement,
		clause,
		relation: table,
		severity: "warning",
		mayFail,
		message: `Adds the foreign key${several ? "s" : ""} ${named(group.map((one) => quoted(one.change.constraint.name)))}${atLines(group)}: writes to ${relations([table, ...others], context)} wait until every row of ${name} has been checked.`,
		why: `The lock (SHARE ROW EXCLUSIVE) is taken on both tables before the check starts and is held until the transaction ends.${mayFail ? " It fails if a row references one that is not there." : ""}${withoutIndex(bare, context)}`,
		instead: [
			...group.map((one) => notValid(one, context)),
			"-- in the next migration: reads the rows while writes go on",
			...group.map((one) => `ALTER TABLE ${name} VALIDATE CONSTRAINT ${quoted(one.change.constraint.name)};`),
			...bare.length > 0 ? [`-- ${bare.length > 1 ? "each " : ""}alone in a migration of its own, for what references a row that is deleted`] : [],
			...bare.map((one) => missingIndex(one, context))
		].join("\n")
	};
}
function withoutIndex(bare, context) {
	const [first] = bare;
	if (first === void 0) return "";
	const columns = bare.map((one) => rowOf(one.change.constraint.columns));
	const parents = relations(bare.map(({ change }) => change.constraint.references?.table ?? change.table), context);
	return ` There is no index on ${listed(columns)} either: from then on, deleting from ${parents} reads all of ${relation(first.change.table, context)}.`;
}
function notValid({ statement, change }, context) {
	const { constraint, table, clause } = change;
	const name = relation(table, context);
	const inColumn = statement.changes.some((one) => one.kind === "add-column" && one.clause === clause);
	if (statement.kind === "AlterTableStmt" && !inColumn) return `ALTER TABLE ${name} ${clauseText(statement, clause)} NOT VALID;`;
	const { table: other, columns } = constraint.references ?? {
		table,
		columns: []
	};
	const key = columns.length === 0 ? "" : ` (${columns.map(quoted).join(", ")})`;
	return `${inColumn ? "-- the column without REFERENCES, then\n" : ""}ALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} FOREIGN KEY (${constraint.columns.map(quoted).join(", ")}) REFERENCES ${relation(other, context)}${key} NOT VALID;`;
}
function heldDuringWork({ statement, change }, context) {
	const other = change.constraint.references?.table;
	if (isInUse(change.table, statement, context)) return void 0;
	if (other === void 0 || context.execution?.atomic === false || !isInUse(other, statement, context)) return void 0;
	const slow = context.statements.slice(statement.index + 1).find((later) => takesLong(later));
	return slow === void 0 ? void 0 : {
		statement,
		change,
		other,
		slow
	};
}
function ofLock(group, context) {
	const [{ statement, change, slow }] = group;
	const several = group.length > 1;
	const others = relations(group.map(({ other }) => other), context);
	return {
		statement,
		clause: change.clause,
		severity: "warning",
		message: `Adds the foreign key${several ? "s" : ""} ${named(group.map((one) => quoted(one.change.constraint.name)))}${atLines(group)}, which ${several ? "block" : "blocks"} writes to ${others} until the migration ends, and line ${slow.range.line} works on rows before that.`,
		why: "The lock on the referenced table (SHARE ROW EXCLUSIVE) is held until the transaction ends, however long the statements after it take.",
		instead: `Put the statement of line ${slow.range.line} into a migration of its own, or in front of this one.`
	};
}
// src/rules/rows-touched.ts
function rowsTouched(where, table, catalog) {
	if (where === void 0) return "all";
	const keys = keysOf(table, catalog);
	if (conjunctsOf(where).some((condition) => namesRows(condition, keys) || isLimited(condition))) return "few";
	return "matching";
}
function conjunctsOf(where) {
	const both = as(where, "BoolExpr");
	if (both?.boolop === "AND_EXPR") return (both.args ?? []).flatMap((one) => conjunctsOf(one));
	return where === void 0 ? [] : [where];
}
function columnNamed(node) {
	return strings(as(node, "ColumnRef")?.fields).at(-1);
}
function keysOf(name, catalog) {
	const keys = /* @__PURE__ */ new Set();
	const table = catalog.relations.get(name);
	const constraints = table?.kind === "table" ? table.constraints : [];
	for (const { kind, columns } of constraints) {
		const [only] = columns;
		if ((kind === "primary" || kind === "unique") && columns.length === 1 && only !== void 0) keys.add(only);
	}
	return table === void 0 ? /* @__PURE__ */ new Set(["id"]) : keys;
}
function namesRows(condition, keys) {
	const test = as(condition, "A_Expr");
	const column = columnNamed(test?.lexpr);
	if (test === void 0 || column === void 0 || !keys.has(column) || strings(test.name).at(-1) !== "=") return false;
	const right = as(test.rexpr, "List")?.items ?? (test.rexpr === void 0 ? [] : [test.rexpr]);
	return right.length > 0 && right.every((one) => isConstant(one));
}
function isConstant(node) {
	return as(node, "A_Const") !== void 0 || as(as(node, "TypeCast")?.arg, "A_Const") !== void 0;
}
function isLimited(condition) {
	for (const { kind, node } of walk(condition)) if (kind === "SelectStmt" && node.limitCount !== void 0) return true;
	return limits(as(condition, "SubLink")?.subselect);
}
function limits(query) {
	return as(query, "SelectStmt")?.limitCount !== void 0;
}
function assignments(targets) {
	return allOf(targets, "ResTarget").map(({ name, val }) => ({
		column: name ?? "",
		value: val
	}));
}
// src/rules/rename-as-drop-add/similarity.ts
function similarity(one, other) {
	const left = pairsOf(one);
	const right = pairsOf(other);
	if (left.length === 0 || right.length === 0) return 0;
	const rest = [...right];
	let shared = 0;
	for (const pair of left) {
		const at = rest.indexOf(pair);
		if (at === -1) continue;
		rest.splice(at, 1);
		shared += 1;
	}
	return 2 * shared / (left.length + right.length);
}
function pairsOf(name) {
	const letters = name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
	return Array.from({ length: Math.max(0, letters.length - 1) }, (_, index) => letters.slice(index, index + 2));
}
// src/rules/rename-as-drop-add/columns.ts
function renamedColumns(context) {
	const dropped = changesOf(context, "drop-column").filter(({ statement, change }) => statement.effects.loses.some((loss) => loss.kind === "column" && loss.name === `${change.table}.${change.name}`));
	const candidates = [];
	const added = changesOf(context, "add-column");
	for (const drop of dropped) {
		const copied = copyOf(drop.change.table, drop.change.name, drop.statement, context);
		for (const { change } of added) {
			if (change.table !== drop.change.table || change.column.name === drop.change.name) continue;
			if (!compatible(drop.change.known, change.column) || copied?.to === change.column.name) continue;
			candidates.push({
				table: change.table,
				from: drop.change.name,
				to: change.column.name,
				dropped: drop,
				added: change.column,
				score: similarity(drop.change.name, change.column.name)
			});
		}
	}
	const pairs = [];
	for (const candidate of candidates.toSorted((one, other) => other.score - one.score)) {
		const rivals = candidates.filter((other) => other.table === candidate.table);
		if (!pairs.some((pair) => pair.table === candidate.table && (pair.from === candidate.from || pair.to === candidate.to)) && (rivals.length === 1 || candidate.score >= .3)) pairs.push(candidate);
	}
	return pairs;
}
function copyOf(table, column, before, context) {
	for (const statement of context.statements.slice(0, before.index)) {
		const update = as(statement.node, "UpdateStmt");
		if (update === void 0 || !statement.effects.locks.some((lock) => lock.relation === table)) continue;
		const filled = assignments(update.targetList).find((one) => one.column !== column && mentions(one.value, column));
		if (filled !== void 0) return {
			statement,
			to: filled.column
		};
	}
}
function mentions(value, column) {
	if (columnNamed(value) === column) return true;
	for (const { kind, node } of walk(value)) if (kind === "ColumnRef" && columnNamed({ ColumnRef: node }) === column) return true;
	return false;
}
function compatible(dropped, added) {
	if (dropped?.type === void 0 || added.type === void 0) return false;
	const texts = /* @__PURE__ */ new Set([
		"text",
		"varchar",
		"bpchar",
		"citext"
	]);
	return (dropped.type.name === added.type.name || texts.has(dropped.type.name) && texts.has(added.type.name)) && dropped.type.array === added.type.array;
}
// src/rules/add-not-null-without-default/rule.ts
const rule$56 = {
	id: "add-not-null-without-default",
	title: "A required column without a default cannot be added to a table with rows",
	group: "data-dependent",
	documentation: {
		summary: "The rows that are there have no value for the new column, so PostgreSQL refuses a NOT NULL one without a default, and inserts of the running release, which does not know the column, would fail too. Add it optional, fill it, then require it.",
		bad: "ALTER TABLE \"User\" ADD COLUMN \"country\" TEXT NOT NULL;",
		good: "ALTER TABLE \"User\" ADD COLUMN \"country\" TEXT;"
	},
	about: ["add-column"],
	check: (context) => {
		const renamed = new Set(renamedColumns(context).map(({ table, to }) => `${table}.${to}`));
		return groupedBy(changesOf(context, "add-column").filter(({ statement, change: { column, filledBy, table } }) => column.notNull && filledBy === "none" && isInUse(table, statement, context) && !isEmptied(table, statement, context) && !renamed.has(`${table}.${column.name}`)), ({ change }) => change.table, context).map((group) => remark$27(group, context));
	}
};
function remark$27(group, context) {
	const [{ statement, change }] = group;
	const { table, clause } = change;
	const name = relation(table, context);
	const key = keyOf(table, context.catalogBefore);
	const columns = group.map((one) => one.change.column);
	const names = columns.map((column) => quoted(column.name));
	const several = columns.length > 1;
	return {
		statement,
		clause,
		severity: "warning",
		mayFail: true,
		message: `Adds the required column${several ? "s" : ""} ${listed(names)} to ${name} without a default${atLines(group)}: it fails if ${name} has a single row.`,
		why: `Rows that exist have nothing to put there, and inserts of the running release, which does not name the column${several ? "s" : ""}, fail as well.`,
		instead: [
			`ALTER TABLE ${name} ${columns.map((column) => `ADD COLUMN ${quoted(column.name)} ${typeText(column.type, context)}`).join(", ")};`,
			"-- in the next migration, repeated until no row is changed",
			`UPDATE ${name} SET ${names.map((one) => `${one} = …`).join(", ")} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${name} WHERE ${names.map((one) => `${one} IS NULL`).join(" OR ")} LIMIT 5000);`,
			`-- then, once every release that writes fills ${several ? "them" : "it"}`,
			...requireSteps(name, columns.map((column) => column.name), table)
		].join("\n")
	};
}
function requireSteps(name, columns, table) {
	const steps = columns.map((column) => ({
		column: quoted(column),
		check: quoted(`${table.slice(table.indexOf(".") + 1)}_${column}_not_null`)
	}));
	return [
		...steps.map(({ column, check }) => `ALTER TABLE ${name} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID;`),
		"-- in a migration after that",
		...steps.map(({ check }) => `ALTER TABLE ${name} VALIDATE CONSTRAINT ${check};`),
		...steps.map(({ column, check }) => `ALTER TABLE ${name} ALTER COLUMN ${column} SET NOT NULL, DROP CONSTRAINT ${check};`)
	];
}
// src/rules/add-unique-constraint/rule.ts
const words$1 = {
	primary: "primary key",
	unique: "unique constraint",
	exclusion: "exclusion constraint"
};
const rule$55 = {
	id: "add-unique-constraint",
	title: "Adding a unique constraint or primary key stops reads and writes while its index is built",
	group: "constraint",
	documentation: {
		summary: "ADD UNIQUE and ADD PRIMARY KEY build an index under ACCESS EXCLUSIVE: nobody can read the table until it is done, and the migration fails if two rows are equal. Build the index CONCURRENTLY first and turn it into the constraint.",
		bad: "ALTER TABLE \"User\" ADD CONSTRAINT \"User_email_key\" UNIQUE (\"email\");",
		good: "CREATE UNIQUE INDEX CONCURRENTLY \"User_email_key\" ON \"User\" (\"email\");"
	},
	growsWithTable: true,
	about: ["add-constraint"],
	check: (context) => changesOf(context, "add-constraint").flatMap((located) => remark$26(located, context))
};
function remark$26({ statement, change }, context) {
	const { constraint, table, clause } = change;
	const { kind } = constraint;
	if (kind !== "primary" && kind !== "unique" && kind !== "exclusion") return [];
	if (change.usingIndex !== void 0 || !isInUse(table, statement, context)) return [];
	if (isEmpty(table, statement, context)) return [];
	const name = relation(table, context);
	const columns = columnList(constraint.columns);
	const index = quoted(context.catalogBefore.relations.has(beside(table, constraint.name)) ? `${constraint.name}_new` : constraint.name);
	const fails = kind === "exclusion" ? "two rows conflict" : "two rows have the same values";
	return [{
		statement,
		clause,
		relation: table,
		severity: "warning",
		mayFail: true,
		message: `Adds the ${words$1[kind]} ${quoted(constraint.name)}: nobody can read or write ${name} until its index is built, and it fails if ${fails}.`,
		why: "The index is built under ACCESS EXCLUSIVE, which is held until the transaction ends; every query that arrives meanwhile queues behind it.",
		instead: kind === "exclusion" ? `An exclusion constraint cannot be built while others write: run this migration when ${name} is not in use, with a lock_timeout.` : [
			"-- what must come out empty",
			`SELECT ${columns} FROM ${name} GROUP BY ${columns} HAVING count(*) > 1;`,
			"-- alone in a migration of its own: builds while everybody works on",
			`CREATE UNIQUE INDEX CONCURRENTLY ${index} ON ${name} (${columns});`,
			"-- in the next migration",
			`ALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} ${kind === "primary" ? "PRIMARY KEY" : "UNIQUE"} USING INDEX ${index};`
		].join("\n")
	}];
}
// src/rules/permissions.ts
const ruleOfComments = "airlock-comment";
function permissionsIn(context, ruleIds) {
	const given = [];
	const unusable = [];
	if (!/airlock/i.test(context.source.text)) return {
		given,
		unusable
	};
	const allowable = new Set(ruleIds.filter((id) => id !== ruleOfComments));
	const find = statementFinder(context);
	for (const comment of commentsOf(context.source.text)) {
		const request = requestIn(comment.text);
		if (request === void 0) continue;
		const { line, column } = context.source.atOffset(comment.start);
		const where = {
			at: {
				line,
				column
			},
			statement: find(comment)
		};
		if (request.kind === "not-understood") {
			unusable.push({
				...where,
				problem: "not-understood",
				rule: "",
				text: comment.text
			});
			continue;
		}
		for (const rule of request.rules) if (!allowable.has(rule)) unusable.push({
			...where,
			problem: "unknown-rule",
			rule,
			text: comment.text
		});
		else if (request.reason === "") unusable.push({
			...where,
			problem: "no-reason",
			rule,
			text: comment.text
		});
		else given.push({
			...where,
			rule,
			reason: request.reason
		});
	}
	return {
		given,
		unusable
	};
}
function requestIn(text) {
	if (!/^airlock\s*(?::|[-\s]\s*(?:allow|ignore|disable|skip)\b)/i.test(text)) return void 0;
	const wanted = /^airlock\s*:\s*allow\s+([\w-]+(?:\s*(?:,|\band\b)\s*[\w-]+)*)\s*(.*)$/i.exec(text);
	if (wanted === null) return { kind: "not-understood" };
	const rules = (wanted[1] ?? "").split(/\s*,\s*|\s+and\s+/i);
	const reason = /^because\b\s*:?\s*(.*)$/i.exec(wanted[2] ?? "")?.[1] ?? "";
	return {
		kind: "allow",
		rules,
		reason: /\p{L}/u.test(reason) ? reason.trim() : ""
	};
}
function statementFinder({ source, statements }) {
	const placed = statements.map((statement) => ({
		statement,
		start: source.atByte(statement.range.startByte).offset,
		end: source.atByte(statement.range.endByte).offset
	}));
	const lineBreakBetween = (from, to) => source.text.slice(from, to).includes("\n");
	return ({ start, end }) => {
		const inside = placed.find((one) => one.start <= start && start < one.end);
		if (inside !== void 0) return inside.statement;
		const before = placed.findLast((one) => one.end <= start);
		const after = placed.find((one) => one.start >= end);
		const leads = after !== void 0 && !lineBreakBetween(end, after.start);
		return before !== void 0 && !lineBreakBetween(before.end, start) && !leads ? before.statement : after?.statement;
	};
}
// src/rules/airlock-comment/rule.ts
const rule$54 = {
	id: "airlock-comment",
	title: "A comment that should allow something does not",
	group: "unknown",
	documentation: {
		summary: "`-- airlock: allow RULE because REASON` above a statement, inside it or at the end of its line silences that rule for that statement; several rules are separated by commas. What was silenced stays in every report as allowed, with the reason. It never takes away a risk: what needs approval is decided by what the statement does, not by what is said about it. A comment without a reason or with a rule that does not exist allows nothing, and one that silences nothing is left over from something else.",
		bad: "-- airlock: allow ban-drop-column\nALTER TABLE \"User\" DROP COLUMN \"email\";",
		good: "-- airlock: allow ban-drop-column because the field left the application with release 41\nALTER TABLE \"User\" DROP COLUMN \"email\";"
	},
	check: (context) => permissionsIn(context, context.ruleIds).unusable.flatMap((comment) => ofUnusable(comment, context))
};
const form = "-- airlock: allow";
function ofUnusable(comment, context) {
	const { problem, rule: wanted, at } = comment;
	const statement = comment.statement ?? context.statements.at(-1);
	if (statement === void 0) return [];
	return [{
		statement,
		at,
		severity: "error",
		...{
			"not-understood": {
				message: "A comment addresses Airlock and is not understood, so it allows nothing.",
				instead: `${form} RULE because REASON`
			},
			"no-reason": {
				message: `A comment wants to allow ${wanted} without a reason, so it allows nothing.`,
				instead: `${form} ${wanted} because … (what makes it safe here)`
			},
			"unknown-rule": {
				message: `A comment wants to allow \`${wanted}\`, which is no rule that can be allowed, so it allows nothing.`,
				instead: `${form} RULE because REASON, where RULE is the name in brackets in front of a finding`
			}
		}[problem],
		why: "Whoever wrote it believes that somebody decided about this statement; the reason is what a reviewer and the report need."
	}];
}
function idle(permission, context) {
	const statement = permission.statement ?? context.statements.at(-1);
	if (statement === void 0) return [];
	const where = permission.statement === void 0 ? "no statement follows it" : `${permission.rule} says nothing about line ${permission.statement.range.line}`;
	return [{
		statement,
		at: permission.at,
		severity: "notice",
		message: `A comment allows ${permission.rule} where there is nothing to allow: ${where}.`,
		why: "A permission belongs to one statement. One that stays behind looks like a decision and would silence what is written there later.",
		instead: "Remove the comment, or move it to the line above the statement that it is about."
	}];
}
// src/rules/attach-partition/rule.ts
const rule$53 = {
	id: "attach-partition",
	title: "Attaching or detaching a partition stops others while its rows are checked",
	group: "lock",
	documentation: {
		summary: "ATTACH PARTITION reads every row of the new partition under ACCESS EXCLUSIVE on it, to see that it fits; a validated CHECK with the same bounds makes that unnecessary. Where the table has a default partition, that one is read too. DETACH PARTITION takes ACCESS EXCLUSIVE on the whole partitioned table; CONCURRENTLY (since version 14) does not.",
		bad: "ALTER TABLE \"Log\" DETACH PARTITION \"Log_2023\";",
		good: "ALTER TABLE \"Log\" DETACH PARTITION \"Log_2023\" CONCURRENTLY;"
	},
	growsWithTable: true,
	looksInside: true,
	about: ["AlterTableStmt"],
	check: (context) => context.statements.flatMap((statement) => allOf(as(statement.node, "AlterTableStmt")?.cmds, "AlterTableCmd").flatMap((command, clause) => {
		if (command.subtype === "AT_AttachPartition") return attach(statement, clause, command, context);
		return command.subtype === "AT_DetachPartition" ? detach(statement, clause, command, context) : [];
	}))
};
function partitionOf(command, context) {
	const range = as(command.def, "PartitionCmd")?.name;
	const parts = range === void 0 ? [""] : rangeVarParts(range);
	return parts.length > 1 ? parts.join(".") : `${context.schema}.${parts[0] ?? ""}`;
}
function attach(statement, clause, command, context) {
	const partition = partitionOf(command, context);
	if (!statement.effects.scans.includes(partition) || !isInUse(partition, statement, context)) return [];
	const known = context.catalogBefore.relations.get(partition);
	if (known?.kind === "table" && known.constraints.some((one) => one.kind === "check" && one.validated)) return [];
	const name = relation(partition, context);
	const check = quoted(`${splitName(partition).name}_bounds`);
	return [{
		statement,
		clause,
		relation: partition,
		severity: "warning",
		message: `Attaches ${name} as a partition: nobody can read or write it until every row has been checked against its bounds.`,
		why: "The rows are read under ACCESS EXCLUSIVE on the new partition; a default partition of the table is read in the same way.",
		instead: [
			`ALTER TABLE ${name} ADD CONSTRAINT ${check} CHECK (…) NOT VALID;`,
			"-- in the next migration: reads the rows while everybody works on",
			`ALTER TABLE ${name} VALIDATE CONSTRAINT ${check};`,
			"-- then, without reading them again",
			`${statement.sql};`
		].join("\n")
	}];
}
function detach(statement, clause, command, context) {
	if (as(command.def, "PartitionCmd")?.concurrent === true) return [];
	const partition = partitionOf(command, context);
	const table = statement.effects.locks.find((lock) => lock.relation !== partition)?.relation;
	if (table === void 0 || !isInUse(table, statement, context)) return [];
	const name = relation(table, context);
	return [{
		statement,
		clause,
		severity: "notice",
		message: `Detaches ${relation(partition, context)}: nobody can read or write ${name}, with all its partitions, until the transaction ends.`,
		why: "It takes ACCESS EXCLUSIVE on the partitioned table itself; every query that arrives meanwhile queues behind it.",
		instead: ["-- alone in a migration of its own", `ALTER TABLE ${name} ${clauseText(statement, clause)} CONCURRENTLY;`].join("\n")
	}];
}
// src/rules/autovacuum-off/rule.ts
const rule$52 = {
	id: "autovacuum-off",
	title: "Without autovacuum a table grows and its statistics grow old",
	group: "lock",
	documentation: {
		summary: "With autovacuum_enabled = false dead rows are never cleared away and statistics never renewed: the table grows with each UPDATE, queries get slower plans, and the vacuum that prevents transaction wraparound comes all the same, when there is most to do. Switched off for a bulk load, it has to be switched on in the same migration.",
		bad: "ALTER TABLE \"User\" SET (autovacuum_enabled = false);",
		good: "ALTER TABLE \"User\" SET (autovacuum_vacuum_scale_factor = 0.02);"
	},
	looksInside: true,
	about: ["AlterTableStmt"],
	check: (context) => context.statements.flatMap((statement) => {
		if (!switches(statement.node, "off")) return [];
		const table = statement.effects.locks[0]?.relation;
		if (table === void 0 || !isInUse(table, statement, context)) return [];
		if (context.statements.slice(statement.index + 1).some((later) => switches(later.node, "on") && later.effects.locks.some((lock) => lock.relation === table))) return [];
		const name = relation(table, context);
		return [{
			statement,
			severity: "warning",
			message: `Switches autovacuum of ${name} off for good: dead rows stay, and every query on ${name} gets slower.`,
			why: "The vacuum against transaction wraparound still comes, and then has everything to do at once.",
			instead: ["-- behind the bulk load, in the same migration", `ALTER TABLE ${name} RESET (autovacuum_enabled);`].join("\n")
		}];
	})
};
function switches(node, to) {
	return allOf(as(node, "AlterTableStmt")?.cmds, "AlterTableCmd").some((command) => {
		const option = allOf(as(command.def, "List")?.items, "DefElem").find((one) => one.defname === "autovacuum_enabled");
		if (option === void 0) return false;
		if (command.subtype === "AT_ResetRelOptions") return to === "on";
		const value = as(option.arg, "String")?.sval ?? as(option.arg, "TypeName")?.names?.map((one) => as(one, "String")?.sval).at(-1);
		const off = /^(false|off|no|0)$/i.test(value ?? String(as(option.arg, "Integer")?.ival ?? "true"));
		return command.subtype === "AT_SetRelOptions" && off === (to === "off");
	});
}
// src/rules/ban-drop-column/rule.ts
const rule$51 = {
	id: "ban-drop-column",
	title: "Dropping a column deletes what is in it",
	group: "destructive",
	documentation: {
		summary: "DROP COLUMN makes the values of the column unreachable in every row; only a backup brings them back. Prisma Client names every column of a model in each query, so the release that still knows the column fails on the whole model, not only where it uses the field. Take the field out of the application first (`@ignore`), keep a copy, then drop.",
		bad: "ALTER TABLE \"User\" DROP COLUMN \"email\";",
		good: "CREATE TABLE \"User_email_kept\" AS SELECT id, email FROM \"User\";"
	},
	about: ["loses column"],
	check: (context) => {
		const renamed = new Set(renamedColumns(context).map((pair) => `${pair.table}.${pair.from}`));
		return groupedBy(context.statements.flatMap((statement) => dropsOf$1(statement, renamed, context)), ({ table }) => table, context).map((group) => remark$25(group, context));
	}
};
function dropsOf$1(statement, renamed, context) {
	return statement.effects.loses.filter((loss) => loss.kind === "column" && !renamed.has(loss.name)).map(({ name }) => {
		const { table, column } = columnOf(name);
		return {
			statement,
			table,
			column,
			copy: copyOf(table, column, statement, context)
		};
	});
}
function remark$25(group, context) {
	const [{ statement, table, column: first }] = group;
	const columns = [...new Set(group.map(({ column }) => column))];
	const name = relation(table, context);
	const several = columns.length > 1;
	const clause = statement.changes.find((change) => change.kind === "drop-column" && change.name === first);
	const kept = suffixed(table, several ? "columns_kept" : `${first}_kept`, context);
	return {
		statement,
		clause: clause?.kind === "drop-column" && statement.kind === "AlterTableStmt" ? clause.clause : void 0,
		severity: "error",
		message: `Drops the column${several ? "s" : ""} ${listed(columns.map(quoted))} of ${name}${atLines(group)}: what is in ${several ? "them" : "it"} is deleted in every row.`,
		why: `${whatIsLeft(group)} Prisma Client of the release that is still running names the column in every query of the model, so all of them fail until the new release is everywhere.`,
		instead: [
			`-- now: mark the field${several ? "s" : ""} with @ignore in schema.prisma and release that`,
			"-- in a later migration, with a copy of what goes",
			`CREATE TABLE ${kept} AS SELECT ${columnList([...keyOf(table, context.catalogBefore), ...columns])} FROM ${name};`,
			`ALTER TABLE ${name} ${columns.map((column) => `DROP COLUMN ${quoted(column)}`).join(", ")};`
		].join("\n")
	};
}
function whatIsLeft(group) {
	const copies = group.flatMap(({ column, copy }) => copy === void 0 ? [] : [{
		column,
		...copy
	}]);
	if (copies.length < group.length) return "Only a backup brings the values back.";
	return `Before that ${listed(copies.map(({ statement, column, to }) => `line ${statement.range.line} copied ${quoted(column)} to ${quoted(to)}`))}; what the running release has written since then is in no copy.`;
}
// src/rules/ban-drop-enum-label/rule.ts
const rule$50 = {
	id: "ban-drop-enum-label",
	title: "Removing a label of an enum rewrites the table and fails on rows that have it",
	group: "destructive",
	documentation: {
		summary: "PostgreSQL cannot take a label out of an enum, so Prisma makes a new type and converts the column. That rewrites every row while nobody can read the table, fails on the first row that still has the label, and breaks the running release as soon as it writes it. Move the rows to another label before.",
		bad: "CREATE TYPE \"Role_new\" AS ENUM ('ADMIN', 'MEMBER');\nALTER TABLE \"User\" ALTER COLUMN \"role\" TYPE \"Role_new\" USING (\"role\"::text::\"Role_new\");",
		good: "UPDATE \"User\" SET \"role\" = 'MEMBER' WHERE \"role\" = 'GUEST';"
	},
	about: ["alter-column"],
	check: (context) => {
		return groupedBy(changesOf(context, "alter-column").flatMap((located) => removalOf(located, context) ?? []), ({ type }) => type, context).map((group) => remark$24(group, context));
	}
};
function removalOf({ statement, change }, context) {
	const from = change.typeChange?.from;
	const labels = statement.effects.loses.filter((loss) => loss.kind === "enum-label").map((loss) => columnOf(loss.name)).filter((label) => label.table === from?.name).map((label) => label.column);
	if (from === void 0 || labels.length === 0) return void 0;
	const column = quoted(change.name);
	const list = labels.map(literal).join(", ");
	const where = from.array ? `${column} && ARRAY[${list}]::${typeText(from, context)}` : `${column} IN (${list})`;
	return {
		statement,
		change,
		type: from.name,
		labels,
		table: relation(change.table, context),
		column,
		where
	};
}
function remark$24(group, context) {
	const [{ statement, change, type, labels }] = group;
	const several = labels.length > 1;
	const remaining = remainingLabel(type, labels, context);
	const places = group.map(({ table, column }) => `${table} (${column})`);
	const tables = listed([...new Set(group.map(({ table }) => table))]);
	return {
		statement,
		clause: change.clause,
		severity: "error",
		mayFail: true,
		message: `Removes the label${several ? "s" : ""} ${listed(labels.map(literal))} from the enum ${relation(type, context)}${atLines(group)}: it fails if a row of ${places.join(" or ")} still has ${several ? "one of them" : "it"}.`,
		why: `PostgreSQL has to rewrite every row of ${tables} for the new type, and nobody can read or write ${group.length > 1 ? "them" : "the table"} meanwhile. The running release fails as soon as it writes the old label.`,
		instead: [
			...asRename(change, labels, context),
			"-- in an earlier migration, after the application has stopped writing the label",
			...group.map((one) => `UPDATE ${one.table} SET ${one.column} = ${replaced$1(one, remaining)} WHERE ${one.where};`),
			"-- what must come out zero before this one may run",
			...group.map((one) => `SELECT count(*) FROM ${one.table} WHERE ${one.where};`)
		].join("\n")
	};
}
function replaced$1({ change, column, labels }, remaining) {
	if (change.typeChange?.from?.array !== true) return literal(remaining);
	return labels.reduce((value, label) => `array_replace(${value}, ${literal(label)}, ${literal(remaining)})`, column);
}
function asRename({ typeChange }, lost, context) {
	const from = typeChange?.from?.name ?? "";
	const before = context.catalogBefore.types.get(from)?.labels ?? [];
	const added = (changesOf(context, "create-type").find(({ change }) => change.type.name === typeChange?.to.name)?.change.type.labels ?? []).filter((label) => !before.includes(label));
	const [old, next] = [lost[0], added[0]];
	if (old === void 0 || next === void 0 || lost.length > 1 || added.length > 1) return [];
	return [
		"-- if that is a rename: no row changes, and the migration needs nothing else",
		`ALTER TYPE ${relation(from, context)} RENAME VALUE ${literal(old)} TO ${literal(next)};`,
		"-- if not:"
	];
}
function remainingLabel(type, lost, context) {
	return (context.catalogBefore.types.get(type)?.labels ?? []).find((label) => !lost.includes(label)) ?? "ANOTHER";
}
// src/rules/ban-drop-schema/rule.ts
const rule$49 = {
	id: "ban-drop-schema",
	title: "Dropping a schema deletes everything in it",
	group: "destructive",
	documentation: {
		summary: "DROP SCHEMA … CASCADE deletes every table, type and function of the schema, and whatever depends on them elsewhere. Renaming it keeps all of it, out of reach.",
		bad: "DROP SCHEMA legacy CASCADE;",
		good: "ALTER SCHEMA legacy RENAME TO legacy_unused;"
	},
	about: ["loses schema"],
	check: (context) => context.statements.flatMap((statement) => statement.effects.loses.filter((loss) => loss.kind === "schema").map(({ name }) => {
		const tables = statement.effects.loses.filter((loss) => loss.kind === "table").map((loss) => loss.name);
		const content = tables.length > 0 ? `, with ${relations(tables, context)} and all their rows` : " with everything in it";
		return {
			statement,
			severity: "error",
			message: `Drops the schema ${quoted(name)}${content}.`,
			why: "Only a backup brings any of it back, and objects elsewhere that depend on it go too when CASCADE is said.",
			instead: [
				`ALTER SCHEMA ${quoted(name)} RENAME TO ${quoted(`${name}_unused`)};`,
				"-- in a later migration, once nobody has missed it; without CASCADE, so that nothing goes unseen",
				`DROP SCHEMA ${quoted(`${name}_unused`)};`
			].join("\n")
		};
	}))
};
// src/rules/rename-as-drop-add/tables.ts
const alikeFrom = .7;
function renamedTables(context) {
	const created = changesOf(context, "create-table").map(({ change }) => change.table);
	const pairs = [];
	for (const dropped of changesOf(context, "drop-table")) {
		const before = dropped.change.known;
		if (before === void 0 || before.createdBy === context.migration || before.columns.size < 2) continue;
		const [best] = created.filter((table) => table.name !== before.name && !pairs.some((pair) => pair.to === table.name)).map((table) => ({
			table,
			score: likeness(before, table)
		})).filter(({ score }) => score >= alikeFrom).toSorted((one, other) => other.score - one.score);
		if (best !== void 0 && !copiesFrom(before, best.table, context)) pairs.push({
			from: before.name,
			to: best.table.name,
			before,
			after: best.table,
			dropped
		});
	}
	return pairs;
}
function likeness(before, after) {
	let same = 0;
	for (const [name, column] of before.columns) {
		const other = after.columns.get(name);
		if (other !== void 0 && other.type?.name === column.type?.name) same += 1;
	}
	return same / Math.max(before.columns.size, after.columns.size);
}
function copiesFrom(before, after, context) {
	return context.statements.some((statement) => statement.kind === "InsertStmt" && statement.effects.locks.some((lock) => lock.relation === before.name) && statement.sql.includes(after.name.slice(after.name.indexOf(".") + 1)));
}
// src/rules/ban-drop-table/rule.ts
const rule$48 = {
	id: "ban-drop-table",
	title: "Dropping a table deletes its rows",
	group: "destructive",
	documentation: {
		summary: "DROP TABLE deletes every row of the table at once, and nothing but a backup brings them back. Renaming the table first costs nothing, takes it away from whoever still uses it, and can be undone in a second.",
		bad: "DROP TABLE \"Invoice\";",
		good: "ALTER TABLE \"Invoice\" RENAME TO \"Invoice_unused\";"
	},
	about: ["loses table"],
	check: (context) => {
		const renamed = new Set(renamedTables(context).map((pair) => pair.from));
		return groupedBy(context.statements.flatMap((statement) => dropsOf(statement, renamed)), () => "the file", context).map((group) => remark$23(group, context));
	}
};
function dropsOf(statement, renamed) {
	if (statement.changes.some((change) => change.kind === "drop-schema")) return [];
	const tables = statement.effects.loses.filter((loss) => loss.kind === "table" && !renamed.has(loss.name)).map((loss) => loss.name);
	if (tables.length === 0) return [];
	const named = tables.filter((table) => statement.sql.includes(splitName(table).name));
	const asked = named.length > 0 ? named : tables;
	return [{
		statement,
		asked,
		along: tables.filter((table) => !asked.includes(table))
	}];
}
function remark$23(group, context) {
	const [{ statement }] = group;
	const asked = group.flatMap((drop) => drop.asked);
	const along = group.flatMap((drop) => drop.along);
	const tables = [.../* @__PURE__ */ new Set([...asked, ...along])];
	const too = along.length > 0 ? `, and ${relations(along, context)} with ${asked.length > 1 ? "them" : "it"}` : "";
	const one = tables.length === 1;
	return {
		statement,
		severity: "error",
		message: `Drops the table${asked.length > 1 ? "s" : ""} ${relations(asked, context)}${too}${atLines(group)}: all ${one ? "its" : "their"} rows are deleted.`,
		why: `Only a backup brings the rows back, and whatever was written since that backup is gone. The release that is still running fails on every query that names ${one ? "the table" : "one of the tables"}.`,
		instead: [
			"-- now: out of reach, and back in a second",
			...tables.map((table) => {
				const { schema, name } = splitName(table);
				return `ALTER TABLE ${relation(table, context)} RENAME TO ${suffixed(`${schema}.${name}`, "unused", { schema })};`;
			}),
			"-- in a later migration, once nobody has missed it",
			...tables.map((table) => `DROP TABLE ${suffixed(table, "unused", context)};`)
		].join("\n")
	};
}
// src/rules/ban-truncate-or-delete/rule.ts
const rule$47 = {
	id: "ban-truncate-or-delete",
	title: "Deleting rows in a migration cannot be undone",
	group: "destructive",
	documentation: {
		summary: "Rows that a migration deletes come back only from a backup. TRUNCATE also takes the strongest lock, and DELETE follows ON DELETE CASCADE into other tables. Keep a copy beside the table first.",
		bad: "DELETE FROM \"Session\" WHERE \"expiresAt\" < now();",
		good: "CREATE TABLE \"Session_deleted\" AS SELECT * FROM \"Session\" WHERE \"expiresAt\" < now();"
	},
	about: ["loses rows"],
	check: (context) => context.statements.flatMap((statement) => remark$22(statement, context))
};
const bodies$1 = /* @__PURE__ */ new Set([
	"DoStmt",
	"CallStmt",
	"SelectStmt"
]);
function remark$22(statement, context) {
	const tables = statement.effects.loses.filter((loss) => loss.kind === "rows").map((loss) => loss.name);
	const target = tables[0];
	if (target === void 0) return [];
	const truncates = statement.kind === "TruncateStmt";
	const inside = bodies$1.has(statement.kind);
	const along = inside ? [] : tables.slice(1);
	const which = inside || /\bwhere\b/i.test(statement.sql) ? "rows" : "every row";
	return [{
		statement,
		severity: "error",
		message: truncates ? `Empties ${relations(tables, context)}: every row is deleted.` : `Deletes ${which} of ${relations(inside ? tables : [target], context)}${along.length > 0 ? `, and rows of ${relations(along, context)} that reference them` : ""}.`,
		why: truncates ? "Only a backup brings the rows back, and nobody can read the table until the transaction ends." : "Only a backup brings the rows back. The deleted rows stay locked until the transaction ends, and whoever wants to change one waits.",
		instead: instead$2(statement, target, context)
	}];
}
function instead$2(statement, target, context) {
	const name = relation(target, context);
	const copy = suffixed(target, "deleted", context);
	const condition = conditionOf(statement.sql);
	if (condition === void 0) return [
		`-- first a copy of what goes`,
		`CREATE TABLE ${copy} AS SELECT * FROM ${name};`,
		`${statement.sql};`
	].join("\n");
	const key = keyOf(target, context.catalogBefore);
	return [
		"-- first a copy of what goes",
		`CREATE TABLE ${copy} AS SELECT * FROM ${name} WHERE ${condition};`,
		"-- then the rows that were copied",
		`DELETE FROM ${name} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${copy});`
	].join("\n");
}
function conditionOf(sql) {
	return /^delete\s+from\s+(?:only\s+)?[^\s;]+\s+where\s+([\s\S]+)$/i.exec(sql)?.[1]?.replace(/\s+returning\s[\s\S]*$/i, "");
}
// src/compatibility/usage.ts
function modelsOf(schema, table) {
	return schema.models.filter((model) => model.table === table);
}
function fieldsOfColumn(schema, table, column) {
	return modelsOf(schema, table).flatMap((model) => model.fields.filter((field) => field.column === column).map((field) => ({
		model,
		field
	})));
}
function joinTableOf(schema, table) {
	return schema.joinTables.find((one) => one.table === table);
}
function usedEnum(schema, type) {
	const used = schema.enums.find((one) => one.type === type);
	if (used === void 0) return void 0;
	const by = schema.models.flatMap((model) => model.fields.filter((field) => field.kind === "enum" && field.type === used.name).map((field) => ({
		model,
		field
	})));
	return by.length === 0 ? void 0 : {
		used,
		by
	};
}
function fieldNames(fields) {
	return listed([...new Set(fields.map(({ model, field }) => `${model.name}.${field.name}`))]);
}
function modelNames(models) {
	return listed([...new Set(models.map(({ name }) => name))]);
}
// src/compatibility/demands.ts
function demandsOf(statement, context, running) {
	return statement.changes.flatMap((change) => {
		if (change.kind === "add-column" && change.column.notNull && change.filledBy === "none") {
			const { table, column, clause } = change;
			const instead = `ALTER TABLE ${relation(table, context)} ADD COLUMN ${quoted(column.name)} ${typeText(column.type, context)};`;
			return ofColumn({
				table,
				column: column.name,
				clause,
				what: "Adds the required column",
				instead
			});
		}
		if (change.kind !== "alter-column") return [];
		const { table, name, set, known, clause } = change;
		const hasDefault = defaultAfter(table, name, context) ?? known?.hasDefault ?? false;
		const filled = hasDefault || known?.identity === true || known?.generated === true;
		if (set.notNull === true && !filled) return ofColumn({
			table,
			column: name,
			clause,
			what: "Makes required without a default",
			instead: `ALTER TABLE ${relation(table, context)} ALTER COLUMN ${quoted(name)} SET DEFAULT …;`
		});
		if (set.hasDefault === false && !hasDefault && known?.notNull === true) return ofColumn({
			table,
			column: name,
			clause,
			what: "Takes the default from the required column",
			instead: ""
		});
		return [];
	});
	function ofColumn(demand) {
		return remark$21(demand, statement, context, running);
	}
}
function defaultAfter(table, column, { statements }) {
	let last;
	for (const { changes } of statements) for (const change of changes) if (change.kind === "alter-column" && change.table === table && change.name === column) last = change.set.hasDefault ?? last;
	return last;
}
function remark$21({ table, column, clause, what, instead }, statement, context, { schema, ref }) {
	const models = modelsOf(schema, table);
	if (models.length === 0 || context.notYetInUse.has(table)) return [];
	const fields = fieldsOfColumn(schema, table, column);
	if (fields.filter(({ field }) => field.required && !field.filledByDatabase).length === models.length) return [];
	const creates = `creates of ${modelNames(models)}`;
	const because = fields.length === 0 ? `does not know the column, so all its ${creates} fail` : `has it as ${fieldNames(fields)} and need not send it, so its ${creates} without one fail`;
	return [{
		statement,
		clause,
		severity: "error",
		message: `${what} ${quoted(column)} of ${relation(table, context)}: the release that is running (${ref}) ${because}.`,
		why: `Prisma Client of the running release leaves the column out of the INSERT, PostgreSQL puts NULL there, and refuses the row; that lasts until the new release is everywhere.`,
		instead: [
			"-- now, and release an application that always fills it",
			...instead === "" ? ["-- leave the default as it is"] : [instead],
			"-- in a later migration, when that release runs everywhere",
			`${statement.sql};`
		].join("\n")
	}];
}
// src/compatibility/later.ts
function* changesFrom(statement, { statements }) {
	for (const later of statements.slice(statement.index)) yield* later.changes;
}
function relationAfter(name, statement, file) {
	let found;
	for (const change of changesFrom(statement, file)) {
		if (change.kind === "create-table" && change.table.name === name) found = {
			kind: "table",
			columns: change.table.columnsKnown ? change.table.columns : void 0
		};
		if (change.kind === "create-view" && change.view.name === name) found = {
			kind: "view",
			mentions: change.view.mentions
		};
		if (change.kind === "rename-table" && change.to === name) {
			const renamed = file.catalogBefore.relations.get(change.from);
			found = {
				kind: "table",
				columns: renamed?.kind === "table" && renamed.columnsKnown ? renamed.columns : void 0
			};
		}
		if (change.kind === "rename-view" && change.to === name) found = {
			kind: "view",
			mentions: void 0
		};
	}
	return found;
}
function columnAfter(table, name, statement, file) {
	let found;
	for (const change of changesFrom(statement, file)) {
		if (change.kind === "add-column" && change.table === table && change.column.name === name) found = { type: change.column.type };
		if (change.kind === "rename-column" && change.table === table && change.to === name) found = { type: typeBefore(change, file) };
	}
	return found;
}
function typeBefore({ table, from }, { statements, catalogBefore }) {
	const known = catalogBefore.relations.get(table);
	let type = known?.kind === "table" ? known.columns.get(from)?.type : void 0;
	for (const change of statements.flatMap(({ changes }) => changes)) if (change.kind === "add-column" && change.table === table && change.column.name === from) type = change.column.type;
	return type;
}
function typeNameAfter(name, statement, file) {
	let last = name;
	for (const change of changesFrom(statement, file)) if (change.kind === "rename-type" && change.from === last) last = change.to;
	return last;
}
function typeAfter(name, statement, file) {
	for (const change of changesFrom(statement, file)) {
		if (change.kind === "create-type" && change.type.name === name) return true;
		if (change.kind === "rename-type" && change.to === name) return true;
	}
	return false;
}
// src/compatibility/gone.ts
function goneFrom(statement, context, running) {
	return [...relationsGone(statement, running).flatMap((gone) => ofRelation(gone, statement, context, running)), ...ofColumns(statement, context, running)];
}
function relationsGone({ effects, changes }, { schema }) {
	const gone = [];
	for (const { kind, name } of effects.loses) if (kind === "table" || kind === "view") gone.push({ name });
	const inSchema = (name) => [...schema.models, ...schema.joinTables].map(({ table }) => table).filter((table) => splitName(table).schema === name);
	for (const loss of effects.loses) if (loss.kind === "schema") gone.push(...inSchema(loss.name).map((name) => ({ name })));
	for (const change of changes) {
		if (change.kind === "rename-table" || change.kind === "rename-view") gone.push({
			name: change.from,
			to: change.to
		});
		if (change.kind === "rename-schema") gone.push(...inSchema(change.from).map((name) => ({
			name,
			to: `${change.to}.${splitName(name).name}`
		})));
	}
	return [...new Map(gone.map((one) => [one.name, one])).values()];
}
function ofRelation({ name, to }, statement, context, { schema, ref }) {
	const models = modelsOf(schema, name);
	const join = joinTableOf(schema, name);
	if (models.length === 0 && join === void 0 || context.notYetInUse.has(name)) return [];
	const replacement = relationAfter(name, statement, context);
	const has = (column) => {
		if (replacement?.kind === "table") return replacement.columns?.has(column) ?? true;
		return replacement?.mentions?.has(column) ?? true;
	};
	const missing = models.flatMap((model) => model.fields.filter((field) => !has(field.column)).map((field) => ({
		model,
		field
	})));
	if (replacement !== void 0 && missing.length === 0) return [];
	const table = relation(name, context);
	const used = join === void 0 ? modelNames(models) : `the relation between ${join.models[0]} and ${join.models[1]}`;
	return [{
		statement,
		severity: "error",
		message: `${to === void 0 ? `Drops ${table}` : `Renames ${table} to ${relation(to, context)}`}: the release that is running (${ref}) still uses it for ${used}.${replacement === void 0 ? "" : ` What takes its place in this file has no ${fieldNames(missing)}.`}`,
		why: `Prisma Client of the running release sends every query of ${used} to ${table}; they fail until the new release is everywhere.`,
		instead: to === void 0 ? [
			`-- now: release an application that does not use ${used}`,
			"-- in a later migration, when that release runs everywhere",
			`DROP TABLE ${table};`
		].join("\n") : [
			`-- leave the table as it is and rename in schema.prisma only: @@map(${JSON.stringify(splitName(name).name)})`,
			"-- or keep the old name for as long as the running release needs it",
			"BEGIN;",
			`${statement.sql};`,
			`CREATE VIEW ${table} AS SELECT * FROM ${relation(to, context)};`,
			"COMMIT;"
		].join("\n")
	}];
}
function ofColumns(statement, context, running) {
	const gone = /* @__PURE__ */ new Map();
	const add = (table, one) => gone.set(table, [...gone.get(table) ?? [], one]);
	for (const loss of statement.effects.loses) {
		if (loss.kind !== "column") continue;
		const { table, column } = columnOf(loss.name);
		const drop = statement.changes.find((change) => change.kind === "drop-column" && change.name === column);
		add(table, {
			name: column,
			clause: drop?.kind === "drop-column" && statement.kind === "AlterTableStmt" ? drop.clause : void 0
		});
	}
	for (const change of statement.changes) if (change.kind === "rename-column") add(change.table, {
		name: change.from,
		to: change.to
	});
	return [...gone].flatMap(([table, columns]) => ofTable$1(table, columns, statement, context, running));
}
function ofTable$1(table, gone, statement, context, { schema, ref }) {
	if (context.notYetInUse.has(table)) return [];
	const missed = gone.filter(({ name }) => fieldsOfColumn(schema, table, name).length > 0 && columnAfter(table, name, statement, context) === void 0);
	const [first] = missed;
	if (first === void 0) return [];
	const fields = missed.flatMap(({ name }) => fieldsOfColumn(schema, table, name));
	const name = relations([table], context);
	const columns = missed.map((one) => quoted(one.name)).join(", ");
	const several = missed.length > 1;
	const what = first.to === void 0 ? `Drops ${columns} of ${name}` : `Renames ${columns} of ${name} to ${missed.map(({ to }) => quoted(to ?? "")).join(", ")}`;
	const models = modelNames(fields.map(({ model }) => model));
	return [{
		statement,
		clause: first.clause,
		severity: "error",
		message: `${what}: the release that is running (${ref}) still uses ${several ? "them" : "it"} as ${fieldNames(fields)}.`,
		why: `Prisma Client of the running release selects ${fieldNames(fields)} in every query of ${models} that does not list its fields; those queries, and writes that set the field, fail until the new release is everywhere.`,
		instead: first.to === void 0 ? [
			`-- now: mark ${fieldNames(fields)} with @ignore in schema.prisma, or remove ${several ? "them" : "it"} there, and release that`,
			"-- in a later migration, when that release runs everywhere",
			`ALTER TABLE ${name} ${missed.map((one) => `DROP COLUMN ${quoted(one.name)}`).join(", ")};`
		].join("\n") : `-- leave the column as it is and rename in schema.prisma only: ${first.to} … @map(${JSON.stringify(first.name)})`
	}];
}
// src/compatibility/column-types.ts
const defaultTypes = {
	String: "text",
	Boolean: "bool",
	Int: "int4",
	BigInt: "int8",
	Float: "float8",
	Decimal: "numeric",
	DateTime: "timestamp",
	Json: "jsonb",
	Bytes: "bytea"
};
const nativeTypes = {
	Char: "bpchar",
	SmallInt: "int2",
	Integer: "int4",
	BigInt: "int8",
	Real: "float4",
	DoublePrecision: "float8",
	Decimal: "numeric",
	Boolean: "bool"
};
const groups = [
	/* @__PURE__ */ new Set([
		"text",
		"varchar",
		"bpchar",
		"citext"
	]),
	/* @__PURE__ */ new Set(["int2", "int4"]),
	/* @__PURE__ */ new Set(["float4", "float8"]),
	/* @__PURE__ */ new Set(["timestamp", "timestamptz"]),
	/* @__PURE__ */ new Set(["json", "jsonb"])
];
function fitOf(field, column, schema) {
	if (column === void 0) return "unknown";
	const expected = expectedType(field, schema);
	if (expected === void 0) return "unknown";
	if (column.array !== field.list) return "does-not-fit";
	if (sameType(column.name, expected)) return "fits";
	return groups.some((group) => group.has(expected) && group.has(column.name)) ? "fits" : "does-not-fit";
}
function expectedType({ kind, type, nativeType }, schema) {
	if (kind === "enum") return schema.enums.find(({ name }) => name === type)?.type;
	if (nativeType !== void 0) return nativeTypes[nativeType] ?? nativeType.toLowerCase();
	return defaultTypes[type];
}
function sameType(column, expected) {
	return column === expected || column === `public.${expected}`;
}
// src/compatibility/retyped.ts
function retypedBy(statement, context, running) {
	return [...statement.changes.flatMap((change) => {
		switch (change.kind) {
			case "alter-column": return change.typeChange === void 0 ? [] : ofColumn(change.table, change.name, change.clause, change.typeChange.to);
			case "drop-column": return replaced(change.table, change.name, change.clause);
			case "rename-column": return replaced(change.table, change.from, void 0);
			case "rename-type": return typeAfter(change.from, statement, context) ? [] : renamedType(change.from, change.to);
			case "rename-label": return labelsGone(change.type, [change.from], `Renames the label ${literal(change.from)} to ${literal(change.to)}`);
			default: return [];
		}
	}), ...lostLabels()];
	function replaced(table, column, clause) {
		const after = columnAfter(table, column, statement, context);
		return after === void 0 ? [] : ofColumn(table, column, clause, after.type);
	}
	function ofColumn(table, column, clause, to) {
		if (context.notYetInUse.has(table)) return [];
		const type = to === void 0 ? void 0 : {
			...to,
			name: typeNameAfter(to.name, statement, context)
		};
		const fields = fieldsOfColumn(running.schema, table, column).filter(({ field }) => fitOf(field, type, running.schema) !== "fits");
		const [first] = fields;
		if (first === void 0) return [];
		const list = first.field.list ? "[]" : "";
		const kind = type === void 0 ? "a type that cannot be told" : typeText(type, context);
		return [{
			statement,
			clause: statement.kind === "AlterTableStmt" ? clause : void 0,
			severity: "error",
			message: `Makes ${quoted(column)} of ${relation(table, context)} ${kind}: the release that is running (${running.ref}) reads and writes it as ${fieldNames(fields)}, ${first.field.type}${list}.`,
			why: `Prisma Client of the running release sends and expects values of the old type; queries that touch ${fieldNames(fields)} fail until the new release is everywhere.`,
			instead: [`ALTER TABLE ${relation(table, context)} ADD COLUMN ${quoted(`${column}_new`)} ${type === void 0 ? "…" : kind};`, "-- release an application that writes both, fill the new column, release one that reads it, and drop the old one last"].join("\n")
		}];
	}
	function lostLabels() {
		const byType = /* @__PURE__ */ new Map();
		for (const loss of statement.effects.loses) {
			if (loss.kind !== "enum-label") continue;
			const { table: type, column: label } = columnOf(loss.name);
			byType.set(type, [...byType.get(type) ?? [], label]);
		}
		return [...byType].flatMap(([type, labels]) => labelsGone(type, labels, `Removes the label${labels.length > 1 ? "s" : ""} ${listed(labels.map(literal))}`));
	}
	function labelsGone(type, labels, what) {
		const found = usedEnum(running.schema, type);
		const gone = found?.used.labels.filter(({ label }) => labels.includes(label)) ?? [];
		if (found === void 0 || gone.length === 0) return [];
		const values = listed(gone.map(({ name }) => `${found.used.name}.${name}`));
		return [{
			statement,
			severity: "error",
			message: `${what} of the enum ${relation(type, context)}: the release that is running (${running.ref}) still has ${values}.`,
			why: `It may write ${values} to ${fieldNames(found.by)} or look for it there, and every such query fails until the new release is everywhere.`,
			instead: [`-- now: release an application that no longer uses ${values}, with the label still in the database`, "-- this migration after that, when the release runs everywhere"].join("\n")
		}];
	}
	function renamedType(from, to) {
		const found = usedEnum(running.schema, from);
		if (found === void 0) return [];
		return [{
			statement,
			severity: "error",
			message: `Renames the type ${relation(from, context)} to ${relation(to, context)}: the release that is running (${running.ref}) still has the enum ${found.used.name}.`,
			why: `Prisma Client of the running release casts values to the type by its name; writes and filters of ${fieldNames(found.by)} fail, and with them queries of ${modelNames(found.by.map(({ model }) => model))}, until the new release is everywhere.`,
			instead: `-- leave the type as it is and rename in schema.prisma only: enum … { … @@map(${JSON.stringify(from.slice(from.indexOf(".") + 1))}) }`
		}];
	}
}
// src/rules/breaks-running-release/rule.ts
const rule$46 = {
	id: "breaks-running-release",
	title: "The release that is running still uses what this changes",
	group: "application-compatibility",
	documentation: {
		summary: "Migrations are applied while the old release serves requests, and its Prisma Client knows the schema it was built with: it selects every field of a model, leaves out columns it does not know, and casts enums by their names. With a git ref (`--base REF`, `base-ref`, on pull requests the base branch) Airlock reads schema.prisma of the release that is running and names the models and fields that would break. What that release no longer has, or has with `@ignore`, is no finding.",
		bad: "ALTER TABLE \"User\" DROP COLUMN \"email\";",
		good: "ALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;"
	},
	judges: ({ running }) => running !== void 0,
	check: (context) => {
		const { running } = context;
		if (running === void 0) return [];
		if (running.schema.problems.length > 0) return notTold(context, running);
		return context.statements.flatMap((statement) => [
			...goneFrom(statement, context, running),
			...retypedBy(statement, context, running),
			...demandsOf(statement, context, running)
		]);
	}
};
function notTold(context, { ref, schema }) {
	const [statement] = context.statements;
	const [problem] = schema.problems;
	if (statement === void 0 || problem === void 0) return [];
	const more = schema.problems.length > 1 ? `, and ${schema.problems.length - 1} more` : "";
	return [{
		statement,
		severity: "error",
		message: `Whether the release that is running (${ref}) goes on working cannot be told: its Prisma schema could not be read to the end.`,
		why: `Not understood: ${problem.file}:${problem.line}, ${problem.text}${more}.`,
		instead: `git show ${ref}:${problem.file}   # line ${problem.line}; compare this migration with the models there by hand`
	}];
}
// src/rules/change-column-type/rule.ts
const rule$45 = {
	id: "change-column-type",
	title: "Changing the type of a column rewrites the table while nobody can use it",
	group: "rewrite",
	documentation: {
		summary: "Unless the old bytes are valid values of the new type (a longer VARCHAR, VARCHAR to TEXT, more digits before the point), PostgreSQL writes the whole table and all its indexes anew under ACCESS EXCLUSIVE. Values that do not fit make it fail or are rounded. A second column, filled in batches, needs no such lock.",
		bad: "ALTER TABLE \"Order\" ALTER COLUMN \"id\" TYPE BIGINT;",
		good: "ALTER TABLE \"Order\" ADD COLUMN \"id_new\" BIGINT;"
	},
	growsWithTable: true,
	about: ["alter-column"],
	check: (context) => {
		return groupedBy(changesOf(context, "alter-column").flatMap((located) => retyped(located, context) ?? []), sameForAll, context).map((group) => remark$20(group, context));
	}
};
function retyped({ statement, change }, context) {
	const type = change.typeChange;
	if (type === void 0 || !isInUse(change.table, statement, context)) return void 0;
	if (!type.rewrites && !type.loses && !type.mayFail) return void 0;
	if (isEmpty(change.table, statement, context)) return void 0;
	if (statement.effects.loses.some((loss) => loss.kind === "enum-label")) return void 0;
	return {
		statement,
		change,
		type,
		from: typeText(type.from, context),
		to: typeText(type.to, context)
	};
}
function sameForAll({ change, type: { rewrites, loses, mayFail, doubt }, from, to }) {
	return JSON.stringify([
		change.table,
		from,
		to,
		rewrites,
		loses,
		mayFail,
		doubt
	]);
}
function remark$20(group, context) {
	const [{ statement, change, type, from, to }] = group;
	const table = relation(change.table, context);
	const columns = listed(group.map((one) => quoted(one.change.name)));
	const consequences = [
		type.rewrites ? `nobody can read or write ${table} while ${type.doubt === void 0 ? "it is" : "it may be"} rewritten` : void 0,
		type.loses ? `values of ${columns} are changed for good` : void 0,
		type.mayFail ? `it fails on a value that does not fit` : void 0
	].filter((one) => one !== void 0);
	const key = keyOf(change.table, context.catalogBefore);
	const recreated = type.from?.name.includes(".") === true && type.to.name.includes(".");
	const why = [
		"The lock (ACCESS EXCLUSIVE) is held until the transaction ends.",
		type.doubt === void 0 ? void 0 : `It cannot be told for certain: ${type.doubt}.`,
		recreated ? void 0 : `The running release goes on sending and expecting ${from}.`
	];
	const pairs = group.map((one) => ({
		old: quoted(one.change.name),
		kept: quoted(`${one.change.name}_old`),
		next: quoted(`${one.change.name}_new`),
		value: /\busing\s+([\s\S]+)$/i.exec(clauseText(one.statement, one.change.clause))?.[1] ?? `${quoted(one.change.name)}::${to}`
	}));
	const missing = pairs.map(({ old, next }) => `(${next} IS NULL AND ${old} IS NOT NULL)`).join(" OR ");
	return {
		statement,
		clause: change.clause,
		relation: change.table,
		severity: type.loses ? "error" : "warning",
		mayFail: type.mayFail,
		message: `Changes ${columns} of ${table} from ${from} to ${to}${atLines(group)}: ${listed(consequences)}.`,
		why: why.filter((one) => one !== void 0).join(" "),
		instead: isOfTimeZone(type) ? inUtc(group, table, to) : [
			`ALTER TABLE ${table} ${pairs.map(({ next }) => `ADD COLUMN ${next} ${to}`).join(", ")};`,
			"-- release an application that writes both; then, repeated until no row is changed",
			`UPDATE ${table} SET ${pairs.map(({ next, value }) => `${next} = ${value}`).join(", ")} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${table} WHERE ${missing} LIMIT 5000);`,
			"-- once nothing reads the old",
			...pairs.flatMap(({ old, kept, next }) => [`ALTER TABLE ${table} RENAME COLUMN ${old} TO ${kept};`, `ALTER TABLE ${table} RENAME COLUMN ${next} TO ${old};`])
		].join("\n")
	};
}
function isOfTimeZone({ from, to }) {
	return from?.name === "timestamp" && to.name === "timestamptz" && from.modifiers.join() === to.modifiers.join();
}
function inUtc(group, table, to) {
	return [
		"-- where the values are UTC, as Prisma writes them: each keeps its instant, and nothing is rewritten",
		"SET TimeZone = 'UTC';",
		`ALTER TABLE ${table} ${group.map((one) => `ALTER COLUMN ${quoted(one.change.name)} TYPE ${to}`).join(", ")};`,
		"RESET TimeZone;"
	].join("\n");
}
// src/rules/constraint-not-validated/rule.ts
const rule$44 = {
	id: "constraint-not-validated",
	title: "A constraint that was added NOT VALID and never validated says nothing about the rows before it",
	group: "data-dependent",
	documentation: {
		summary: "NOT VALID is the right way to add a constraint: from then on PostgreSQL checks each row that is written. The rows that were there before may contradict it, and it is neither believed by the planner nor by SET NOT NULL, until VALIDATE CONSTRAINT has read them. That second half is easily forgotten. It belongs in a later migration, where it reads the rows while everybody works on.",
		bad: "ALTER TABLE \"Order\" ADD CONSTRAINT \"Order_total_check\" CHECK (total >= 0) NOT VALID;",
		good: "ALTER TABLE \"Order\" ADD CONSTRAINT \"Order_total_check\" CHECK (total >= 0) NOT VALID;\nALTER TABLE \"Order\" VALIDATE CONSTRAINT \"Order_total_check\";"
	},
	about: ["add-constraint"],
	check: (context) => {
		return groupedBy(changesOf(context, "add-constraint").filter((one) => isLeftOpen(one, context)), () => "the file", context).map((group) => remark$19(group, context));
	}
};
function isLeftOpen({ change }, context) {
	if (change.constraint.validated) return false;
	const open = (catalog) => {
		const table = catalog.relations.get(change.table);
		return table?.kind === "table" && table.constraints.some((one) => one.name === change.constraint.name && !one.validated);
	};
	return open(context.catalogAfter) && open(context.catalogAtTheEnd());
}
function remark$19(group, context) {
	const [{ statement, change }] = group;
	const several = group.length > 1;
	const named = group.map((one) => ({
		table: relation(one.change.table, context),
		constraint: quoted(one.change.constraint.name)
	}));
	return {
		statement,
		clause: change.clause,
		severity: "notice",
		message: `Adds ${listed(named.map(({ table, constraint }) => `${constraint} of ${table}`))} NOT VALID${atLines(group)}, and no migration after it validates ${several ? "them" : "it"}: rows that were there before may contradict ${several ? "them" : "it"}.`,
		why: "PostgreSQL checks what is written from now on, and relies on the constraint for nothing else until it is validated.",
		instead: ["-- in a later migration: reads the rows while everybody works on, and fails on one that contradicts", ...named.map(({ table, constraint }) => `ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint};`)].join("\n")
	};
}
// src/rules/create-extension/trusted.ts
const trustedExtensions = new Set("plpgsql btree_gin btree_gist citext cube dict_int fuzzystrmatch hstore intarray isn lo ltree pg_trgm pgcrypto seg tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp".split(" "));
// src/rules/create-extension/rule.ts
const rule$43 = {
	id: "create-extension",
	title: "An extension that only a superuser may create",
	group: "security",
	documentation: {
		summary: "Only extensions that are marked as trusted can be created by a role that may create in the database; all others need a superuser, or a managed service that allows them, and their files have to be on the server. On a developer machine that never shows. Have an administrator create it before, and keep IF NOT EXISTS in the migration.",
		bad: "CREATE EXTENSION IF NOT EXISTS postgis;",
		good: "CREATE EXTENSION IF NOT EXISTS pgcrypto;"
	},
	looksInside: true,
	about: ["CreateExtensionStmt"],
	check: (context) => context.statements.flatMap((statement) => {
		const name = as(statement.node, "CreateExtensionStmt")?.extname;
		if (name === void 0 || trustedExtensions.has(name)) return [];
		return [{
			statement,
			severity: "notice",
			message: `Creates the extension ${quoted(name)}: it fails unless the role that migrates is a superuser or the service allows it.`,
			why: "It is not among the extensions that PostgreSQL itself marks as trusted, and its files have to be installed on the server.",
			instead: [
				"-- what must come out with one row, on the server of production",
				`SELECT name, default_version, installed_version FROM pg_available_extensions WHERE name = '${name.replaceAll("'", "''")}';`,
				"-- once, as an administrator",
				`CREATE EXTENSION IF NOT EXISTS ${quoted(name)};`
			].join("\n")
		}];
	})
};
// src/rules/create-index-blocks-writes/rule.ts
const rule$42 = {
	id: "create-index-blocks-writes",
	title: "Creating an index blocks writes to the table until it is built",
	group: "lock",
	documentation: {
		summary: "CREATE INDEX reads the whole table under SHARE: reads go on, every INSERT, UPDATE and DELETE waits. CONCURRENTLY takes longer and blocks nobody; it must stand alone in its migration, and when it fails it leaves an invalid index to drop.",
		bad: "CREATE INDEX \"Post_authorId_idx\" ON \"Post\" (\"authorId\");",
		good: "CREATE INDEX CONCURRENTLY \"Post_authorId_idx\" ON \"Post\" (\"authorId\");"
	},
	growsWithTable: true,
	about: ["create-index"],
	check: (context) => {
		return groupedBy(changesOf(context, "create-index").filter((located) => blocks(located, context)), ({ change }) => change.index.table, context).map((group) => remark$18(group, context));
	}
};
function blocks({ statement, change: { index, concurrently } }, context) {
	if (!(statement.kind === "IndexStmt" || hasBody(statement)) || concurrently || statement.effects.scans.length === 0) return false;
	if (isEmpty(index.table, statement, context)) return false;
	return isInUse(index.table, statement, context) && !belongsToConstraint(index, statement);
}
function belongsToConstraint(index, { changes }) {
	return changes.some((change) => change.kind === "add-constraint" && beside(change.table, change.constraint.name) === index.name);
}
function remark$18(group, context) {
	const [{ statement, change }] = group;
	const table = relation(change.index.table, context);
	const several = group.length > 1;
	const names = group.map((one) => quoted(splitName(one.change.index.name).name));
	const renamings = {
		columns: changesOf(context, "rename-column"),
		dropped: changesOf(context, "drop-index")
	};
	const colliding = group.some((one) => renamedInstead(one, renamings) === void 0 && canCollide(one, context));
	const kept = group.flatMap((one) => {
		const old = renamedInstead(one, renamings);
		const name = quoted(splitName(one.change.index.name).name);
		return old === void 0 ? [] : [`ALTER INDEX ${relation(old, context)} RENAME TO ${name};`];
	});
	return {
		statement,
		relation: change.index.table,
		severity: "warning",
		mayFail: colliding,
		message: `Creates the ${several ? "indexes" : "index"} ${named(names)}${atLines(group)}: every write to ${table} waits until ${several ? "they are" : "it is"} built.`,
		why: `The lock (SHARE) is held while the whole table is read and until the transaction ends; writers queue behind it.${colliding ? ` It also fails if two rows have the same values${several ? " in a unique one" : ""}.` : ""}`,
		instead: [
			...kept.length > 0 ? [
				"-- the same index is there under another name",
				...kept,
				"-- else"
			] : [],
			`-- ${several ? "each " : ""}alone in a migration of its own: builds while everybody works on`,
			...group.map((one) => `${concurrently$1(one, context)};`),
			`-- only if ${several ? "one" : "that"} failed: it leaves an invalid index behind, to be dropped before the next attempt`,
			...group.map((one) => `DROP INDEX CONCURRENTLY IF EXISTS ${relation(one.change.index.name, context)};`)
		].join("\n")
	};
}
function canCollide({ statement, change: { index } }, context) {
	if (!index.unique) return false;
	if (!index.plain) return true;
	const table = context.catalogBefore.relations.get(index.table);
	const keys = table?.kind === "table" ? table.constraints : [];
	const has = (columns) => columns.length > 0 && columns.every((one) => index.columns.includes(one));
	if (keys.some(({ kind, columns }) => (kind === "primary" || kind === "unique") && has(columns))) return false;
	return !(!/\bnulls\s+not\s+distinct\b/i.test(statement.sql) && index.columns.some((column) => holdsOnlyNulls(index.table, column, statement, context)));
}
function renamedInstead({ change: { index } }, { columns, dropped }) {
	const renames = columns.filter(({ change }) => change.table === index.table);
	if (renames.length === 0 || !index.btree) return void 0;
	const before = index.columns.map((column) => renames.find(({ change }) => change.to === column)?.change.from ?? column);
	return dropped.find(({ change: { known } }) => {
		if (known?.table !== index.table || known.unique !== index.unique || !known.btree) return false;
		return [before.join(), index.columns.join()].includes(known.columns.join());
	})?.change.name;
}
function concurrently$1({ statement, change: { index } }, context) {
	const { kind, sql } = statement;
	if (kind !== "IndexStmt") {
		const columns = index.plain ? columnList(index.columns) : "…";
		return `CREATE ${index.unique ? "UNIQUE " : ""}INDEX CONCURRENTLY ${quoted(splitName(index.name).name)} ON ${relation(index.table, context)} (${columns})`;
	}
	for (const token of tokens(sql)) {
		if (token.kind !== "word" || sql.slice(token.start, token.end).toUpperCase() !== "INDEX") continue;
		return `${sql.slice(0, token.end)} CONCURRENTLY${sql.slice(token.end)}`;
	}
	return sql;
}
// src/rules/create-trigger/rule.ts
const rule$41 = {
	id: "create-trigger",
	title: "A new trigger runs with every write of the release that is running",
	group: "application-compatibility",
	documentation: {
		summary: "From the moment it commits, the function of a trigger runs with the writes of the release that is running, which was never tested with it: what it refuses or fails on fails there, and what it takes is added to every write. Prisma does not show triggers in schema.prisma, so nobody sees it there either.",
		bad: "CREATE TRIGGER audit AFTER UPDATE ON \"User\" FOR EACH ROW EXECUTE FUNCTION note_change();",
		good: "CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;"
	},
	about: ["add-trigger"],
	check: (context) => {
		return groupedBy(changesOf(context, "add-trigger").flatMap((located) => newTrigger(located, context) ?? []), ({ calls }) => calls, context).map((group) => remark$17(group, context));
	}
};
function newTrigger({ statement, change }, context) {
	const { table, name, trigger } = change;
	if (!isInUse(table, statement, context)) return void 0;
	const known = context.catalogBefore.relations.get(table);
	if (known?.kind === "table" && known.triggers.has(name)) return void 0;
	const node = as(statement.node, "CreateTrigStmt");
	return {
		statement,
		table,
		name,
		calls: node === void 0 ? relation(trigger.runs[0] ?? "", context) : strings(node.funcname).map(quoted).join("."),
		forEachRow: node === void 0 || node.row === true
	};
}
function remark$17(group, context) {
	const [{ statement, calls }] = group;
	return {
		statement,
		severity: "notice",
		message: `Runs ${calls}() with writes to ${listed([...new Set(group.map(({ table }) => relation(table, context)))])} from now on${atLines(group)}: where it fails or is slow, the writes of the running release are.`,
		why: `${group.some(({ forEachRow }) => forEachRow) ? "It runs once for each row, also for every row of an UPDATE in a later migration. " : ""}Nothing in schema.prisma shows it.`,
		instead: ["-- the way back, at once and without a deploy", ...group.map(({ table, name }) => `ALTER TABLE ${relation(table, context)} DISABLE TRIGGER ${quoted(name)};`)].join("\n")
	};
}
// src/rules/disable-trigger/rule.ts
const rule$40 = {
	id: "disable-trigger",
	title: "While a trigger is disabled, nobody checks what it checks",
	group: "constraint",
	documentation: {
		summary: "DISABLE TRIGGER ALL also switches off the triggers that keep foreign keys, and none of it is made up for when they are enabled again: a row without its parent stays. Where it is not enabled again in the same transaction, the writes of the running release go unchecked too.",
		bad: "ALTER TABLE \"User\" DISABLE TRIGGER ALL;",
		good: "ALTER TABLE \"User\" ENABLE TRIGGER ALL;"
	},
	looksInside: true,
	about: ["AlterTableStmt"],
	check: (context) => context.statements.flatMap((statement) => allOf(as(statement.node, "AlterTableStmt")?.cmds, "AlterTableCmd").flatMap((command, clause) => {
		if (command.subtype === void 0 || !disabling.has(command.subtype)) return [];
		const table = statement.effects.locks[0]?.relation;
		if (table === void 0 || !isInUse(table, statement, context)) return [];
		const all = command.subtype === "AT_DisableTrigAll";
		const name = relation(table, context);
		const which = all ? "ALL" : command.subtype === "AT_DisableTrigUser" ? "USER" : quoted(command.name ?? "");
		const again = enabledAgain(table, statement.index, context);
		if (again && !all) return [];
		return [{
			statement,
			clause,
			severity: "warning",
			message: `Switches ${all ? "all triggers and foreign keys" : which === "USER" ? "the triggers" : `the trigger ${which}`} of ${name} off${again ? "" : " and not on again"}: rows written meanwhile are not checked.`,
			why: `Enabling ${all ? "them" : "it"} again checks nothing that was written before${again ? "" : ", and the writes of the running release go unchecked from now on"}.`,
			instead: `BEGIN;\nALTER TABLE ${name} DISABLE TRIGGER ${all ? "USER" : which};\n-- only what needs it\nALTER TABLE ${name} ENABLE TRIGGER ${all ? "USER" : which};\nCOMMIT;`
		}];
	}))
};
const disabling = /* @__PURE__ */ new Set([
	"AT_DisableTrig",
	"AT_DisableTrigAll",
	"AT_DisableTrigUser"
]);
function enabledAgain(table, after, context) {
	return context.statements.slice(after + 1).some((later) => later.effects.locks.some((lock) => lock.relation === table) && allOf(as(later.node, "AlterTableStmt")?.cmds, "AlterTableCmd").some((one) => one.subtype?.startsWith("AT_Enable")));
}
// src/rules/domain-constraint/rule.ts
const rule$39 = {
	id: "domain-constraint",
	title: "A constraint of a domain is checked against every table that uses it",
	group: "constraint",
	documentation: {
		summary: "ALTER DOMAIN … ADD CONSTRAINT, and SET NOT NULL, read every table with a column of the domain under a lock against writes, one after the other in one transaction. Added NOT VALID a constraint goes for new values at once, and VALIDATE CONSTRAINT can wait for a quiet hour.",
		bad: "ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (VALUE LIKE '%@%');",
		good: "CREATE DOMAIN email AS TEXT CHECK (VALUE LIKE '%@%');"
	},
	growsWithTable: true,
	looksInside: true,
	about: ["AlterDomainStmt"],
	check: (context) => context.statements.flatMap((statement) => {
		const node = as(statement.node, "AlterDomainStmt");
		if (node === void 0 || ![
			"C",
			"O",
			"V"
		].includes(node.subtype ?? "")) return [];
		const tables = statement.effects.scans.filter((table) => isInUse(table, statement, context));
		if (tables.length === 0 && !statement.effects.unknown) return [];
		const domain = strings(node.typeName).map(quoted).join(".");
		const where = tables.length > 0 ? relations(tables, context) : `every table with a column of ${domain}`;
		const constraint = as(node.def, "Constraint")?.conname;
		const adds = node.subtype === "C" && constraint !== void 0;
		return [{
			statement,
			relation: tables.length === 1 ? tables[0] : void 0,
			severity: "warning",
			message: `Checks every value of the domain ${domain}: writes to ${where} wait until all rows have been read.`,
			why: "Each table is locked with SHARE before it is read, and all locks are held until the transaction ends.",
			instead: adds ? [
				`${statement.sql} NOT VALID;`,
				"-- in a later migration, at a quiet hour: it takes the same lock",
				`ALTER DOMAIN ${domain} VALIDATE CONSTRAINT ${quoted(constraint)};`
			].join("\n") : "A CHECK on the columns, added NOT VALID and validated later, proves the same while everybody works on."
		}];
	})
};
// src/rules/drop-constraint/rule.ts
const rule$38 = {
	id: "drop-constraint",
	title: "What a constraint kept out can come in, and then it cannot be added back",
	group: "irreversible",
	documentation: {
		summary: "A dropped unique constraint, primary key or check can be written again, but only while no row contradicts it; the first duplicate makes that fail. Prisma Client upserts with ON CONFLICT, which PostgreSQL refuses where the unique index is gone. Replaced in the same migration by one on the same columns, nothing is lost.",
		bad: "ALTER TABLE \"Ticket\" DROP CONSTRAINT \"Ticket_pkey\";",
		good: "ALTER TABLE \"Ticket\" DROP CONSTRAINT \"Ticket_pkey\", ADD CONSTRAINT \"Ticket_pkey\" PRIMARY KEY (\"number\", state);"
	},
	about: ["drop-constraint", "drop-index"],
	check: (context) => {
		const indexes = indexesIn(context.catalogAfter);
		return groupedBy([...droppedConstraints(context), ...droppedIndexes(context)].filter((one) => matters$1(one, indexes, context)).toSorted((one, other) => one.statement.index - other.statement.index), (one) => `${one.table} ${one.dropped.kind}`, context).map((group) => remark$16(group, context));
	}
};
const silent = /* @__PURE__ */ new Set(["not-null", "foreign"]);
const comesIn = {
	primary: "two rows may have the same key",
	unique: "two rows may have the same values",
	foreign: "rows stay behind when the row that they reference is deleted",
	check: "rows may come in that it refused",
	exclusion: "rows may come in that exclude each other",
	"not-null": "rows may come in without a value"
};
function droppedConstraints(context) {
	return changesOf(context, "drop-constraint").flatMap(({ statement, change: { known, table, clause } }) => known === void 0 ? [] : [{
		statement,
		clause,
		table,
		dropped: known
	}]);
}
function droppedIndexes(context) {
	return changesOf(context, "drop-index").flatMap(({ statement, change: { known } }) => {
		if (known === void 0 || !known.unique || !known.plain) return [];
		if (statement.kind !== "DropStmt" && !hasBody(statement)) return [];
		const { name } = splitName(known.name);
		const dropped = {
			name,
			kind: "unique",
			columns: known.columns
		};
		return [{
			statement,
			clause: void 0,
			table: known.table,
			dropped
		}];
	});
}
function matters$1({ statement, table, dropped }, indexes, context) {
	if (!isInUse(table, statement, context) || silent.has(dropped.kind)) return false;
	const after = context.catalogAfter.relations.get(table);
	return after?.kind === "table" && !isKept(dropped, after, indexes, isMadeAgain(dropped, table, context)) && !provesOnlyNotNull(dropped, after);
}
const words = {
	primary: ["primary key", "primary keys"],
	unique: ["unique constraint", "unique constraints"],
	foreign: ["foreign key", "foreign keys"],
	check: ["check", "checks"],
	exclusion: ["exclusion constraint", "exclusion constraints"],
	"not-null": ["constraint", "constraints"]
};
function remark$16(group, context) {
	const [{ statement, clause, table, dropped: first }] = group;
	const { kind } = first;
	const name = relation(table, context);
	const upserts = kind === "unique" || kind === "primary";
	const shown = group.map(({ dropped }) => dropped.columns.length > 0 ? `${quoted(dropped.name)} (${dropped.columns.map(quoted).join(", ")})` : quoted(dropped.name));
	const why = [
		"After the first such row it cannot be added back.",
		upserts ? "Upserts of the running release that rely on it (ON CONFLICT) fail at once." : void 0,
		kind === "primary" ? "Without a key logical replication refuses UPDATE and DELETE." : void 0
	];
	return {
		statement,
		clause: statement.kind === "AlterTableStmt" ? clause : void 0,
		severity: kind === "primary" ? "warning" : "notice",
		message: `Drops the ${words[kind][group.length === 1 ? 0 : 1]} ${listed(shown)} of ${name}: ${comesIn[kind]}.`,
		why: why.filter((one) => one !== void 0).join(" "),
		instead: upserts ? ["-- before it can be added back, what must come out empty", ...group.map(({ dropped: { columns } }) => duplicates(columns, name))].join("\n") : "Keep the ALTER TABLE that would add it again, with NOT VALID where it is a check: VALIDATE CONSTRAINT then finds the rows that came in meanwhile."
	};
}
function duplicates(columns, name) {
	return `SELECT ${columnList(columns)} FROM ${name} GROUP BY ${columnList(columns)} HAVING count(*) > 1;`;
}
function isKept(dropped, after, indexes, madeAgain) {
	const { kind, columns } = dropped;
	if (columns.some((column) => after.columnsKnown && !after.columns.has(column))) return true;
	const left = after.constraints.filter((one) => one.name !== dropped.name || madeAgain);
	const leftIndexes = indexes(after.name).filter((one) => splitName(one.name).name !== dropped.name || madeAgain);
	if (kind === "primary" && left.some((one) => one.kind === "primary")) return true;
	const same = (others) => others.length > 0 && others.every((column) => columns.includes(column));
	if ((kind === "unique" || kind === "primary") && leftIndexes.some((index) => index.unique && index.plain && same(index.columns))) return true;
	return left.some((one) => {
		if (one.kind !== kind) return false;
		if (kind === "check" || kind === "exclusion") return one.name === dropped.name || one.columns.join() === columns.join();
		return same(one.columns);
	});
}
function isMadeAgain({ name }, table, context) {
	return changesOf(context, "add-constraint").some(({ change }) => change.table === table && change.constraint.name === name) || changesOf(context, "create-index").some(({ change }) => splitName(change.index.name).name === name);
}
function provesOnlyNotNull(dropped, after) {
	const proves = dropped.provesNotNull ?? [];
	return proves.length > 0 && proves.every((column) => after.columns.get(column)?.notNull === true);
}
// src/rules/drop-default/rule.ts
const rule$37 = {
	id: "drop-default",
	title: "Without its sequence a required column is left empty by inserts of the running release",
	group: "application-compatibility",
	documentation: {
		summary: "Prisma Client sends most defaults itself, but leaves `autoincrement()` to the database. Taking the sequence away from a required column makes every insert of the running release fail, because it sends no value for it.",
		bad: "ALTER TABLE \"Ticket\" ALTER COLUMN \"number\" DROP DEFAULT;",
		good: "ALTER TABLE \"Order\" ALTER COLUMN \"total\" DROP DEFAULT;"
	},
	judges: ({ running }) => running === void 0,
	about: ["alter-column"],
	check: (context) => {
		if (context.running !== void 0) return [];
		return groupedBy(changesOf(context, "alter-column").flatMap((located) => withoutSequence(located, context) ?? []), () => "the file", context).map((group) => remark$15(group, context));
	}
};
function withoutSequence({ statement, change }, context) {
	const { known, table, set } = change;
	if (set.hasDefault !== false || known?.sequence === void 0 || !known.notNull) return void 0;
	if (!isInUse(table, statement, context)) return void 0;
	const after = context.catalogAfter.relations.get(table);
	const left = after?.kind === "table" ? after.columns.get(change.name) : void 0;
	if (left === void 0 || left.hasDefault || !left.notNull) return void 0;
	return {
		statement,
		change,
		sequence: known.sequence
	};
}
function remark$15(group, context) {
	const [{ statement, change }] = group;
	const several = group.length > 1;
	const columns = group.map((one) => `${quoted(one.change.name)} of ${relation(one.change.table, context)}`);
	const tables = relations(group.map((one) => one.change.table), context);
	return {
		statement,
		clause: change.clause,
		severity: "warning",
		message: `Takes the sequence${several ? "s" : ""} from ${listed(columns)}${atLines(group)}: every insert of the running release into ${tables} fails.`,
		why: "It leaves the value to the database (`autoincrement()`), which has none any more, and the column is required.",
		instead: ["-- release first an application that sends the value itself, and keep until then", ...group.map((one) => {
			return `ALTER TABLE ${relation(one.change.table, context)} ALTER COLUMN ${quoted(one.change.name)} SET DEFAULT nextval(${literal(relation(one.sequence, context))});`;
		})].join("\n")
	};
}
// src/rules/drop-not-null/rule.ts
const rule$36 = {
	id: "drop-not-null",
	title: "The running release cannot read a row without a value in a field it requires",
	group: "application-compatibility",
	documentation: {
		summary: "DROP NOT NULL itself costs nothing. But Prisma Client of the release that is running has the field as required and refuses every result in which it is NULL (P2032), so the first row that the new release writes without a value breaks the instances that are not replaced yet, and a release that is rolled back.",
		bad: "ALTER TABLE \"Ticket\" ALTER COLUMN \"state\" DROP NOT NULL;",
		good: "ALTER TABLE \"User\" ADD COLUMN \"displayName\" TEXT;"
	},
	about: ["alter-column"],
	check: (context) => {
		return groupedBy(changesOf(context, "alter-column").filter((located) => loosens(located, context)), ({ change }) => change.table, context).map((group) => remark$14(group, context));
	}
};
function loosens({ statement, change }, context) {
	if (change.set.notNull !== false || !isInUse(change.table, statement, context)) return false;
	if (change.known?.notNull === false || change.known?.createdBy === context.migration) return false;
	if (changesOf(context, "rename-column").some((one) => one.change.to === change.name && one.change.table === change.table)) return false;
	const after = context.catalogAfter.relations.get(change.table);
	if (after?.kind === "table" && after.columnsKnown && after.columns.get(change.name)?.notNull !== false) return false;
	return !optionalIn(context, change.table, change.name);
}
function remark$14(group, context) {
	const [{ statement, change }] = group;
	const columns = listed([...new Set(group.map((one) => quoted(one.change.name)))]);
	return {
		statement,
		clause: change.clause,
		severity: "notice",
		message: `Allows ${columns} of ${relation(change.table, context)} to be empty: the running release fails on every row that has no value there.`,
		why: "Its Prisma Client has the field as required and refuses the whole result (P2032) when one row has NULL.",
		instead: `Release this with an application that reads ${columns} as optional, and let it write NULL only in the release after that.`
	};
}
function optionalIn({ running }, table, column) {
	if (running === void 0 || running.schema.problems.length > 0) return false;
	return !fieldsOfColumn(running.schema, table, column).some(({ field }) => field.required);
}
// src/rules/drop-view/rule.ts
const rule$35 = {
	id: "drop-view",
	title: "Whoever reads a view that is dropped fails from then on",
	group: "application-compatibility",
	documentation: {
		summary: "No row is lost with a view, but its definition is, and the grants on it; every query of the running release, of reports and of other applications that reads it fails. Made again in the same migration nothing is missed but the grants.",
		bad: "DROP VIEW totals;",
		good: "CREATE OR REPLACE VIEW totals AS SELECT count(*) FROM \"User\";"
	},
	judges: ({ running }) => running === void 0,
	about: ["drop-view"],
	check: (context) => {
		if (context.running !== void 0) return [];
		return groupedBy(changesOf(context, "drop-view").filter(({ statement, change }) => statement.effects.loses.some((loss) => loss.kind === "view" && loss.name === change.name) && !context.catalogAfter.relations.has(change.name)), ({ statement }) => `${statement.index}`, context).map((group) => {
			const [{ statement }] = group;
			const names = group.map(({ change }) => change.name);
			return {
				statement,
				severity: "warning",
				message: `Drops ${relations(names, context)}: every query that reads ${names.length > 1 ? "them" : "it"} fails from then on, also those of the running release.`,
				why: "The definition and the grants are lost; only the migration that made it, or a backup, has them.",
				instead: names.map((name) => `ALTER VIEW ${quotedRelation(name, context.schema)} RENAME TO ${quotedRelation(`${context.schema}.${name.slice(name.indexOf(".") + 1)}_unused`, context.schema)};`).join("\n")
			};
		});
	}
};
// src/rules/duplicate-index/rule.ts
const rule$34 = {
	id: "duplicate-index",
	title: "An index that another one makes superfluous",
	group: "lock",
	documentation: {
		summary: "An index on (a, b) also answers what one on (a) answers, and a unique constraint brings an index of its own. A second index on the same leading columns is written with every INSERT and UPDATE, takes disk and memory, and is read for nothing.",
		bad: "CREATE INDEX \"Order_id_idx\" ON \"Order\" (id);",
		good: "CREATE INDEX \"Order_total_idx\" ON \"Order\" (total);"
	},
	about: ["create-index"],
	check: (context) => {
		const indexes = indexesIn(context.catalogAfter);
		return groupedBy(changesOf(context, "create-index").flatMap(({ statement, change }) => {
			const index = context.catalogAfter.relations.get(change.index.name);
			if (!(statement.kind === "IndexStmt" || hasBody(statement)) || index?.kind !== "index" || !index.btree) return [];
			const covering = coveringIndex(index, statement, indexes, context);
			return covering === void 0 ? [] : [{
				statement,
				index,
				covering
			}];
		}), ({ index }) => index.table, context).map((group) => remark$13(group, context));
	}
};
function coveringIndex(index, statement, indexes, context) {
	const inUse = isInUse(index.table, statement, context);
	return indexes(index.table).find((other) => other.name !== index.name && other.btree && covers(other, index) && (inUse || other.columns.length === index.columns.length));
}
function remark$13(group, context) {
	const [{ statement, index }] = group;
	const last = (one) => quoted(splitName(one.name).name);
	const created = listed(group.map((pair) => last(pair.index)));
	const because = group.map(({ index: narrow, covering }) => {
		const how = covering.columns.length === narrow.columns.length ? "has the same columns" : "begins with the same columns";
		return `${last(covering)} (${covering.columns.map(quoted).join(", ")}) ${how}${group.length > 1 ? ` as ${last(narrow)}` : ""}`;
	});
	return {
		statement,
		severity: "notice",
		message: `Creates ${created} on ${relation(index.table, context)}, which other indexes make superfluous: ${listed(because)}.`,
		why: "Both are written with every INSERT and with most UPDATEs, and hardly a query is faster with both than with one.",
		instead: `Leave ${created} out of the migration and, as @@index or @unique, out of schema.prisma.`
	};
}
function covers(wide, narrow) {
	if (narrow.unique) return wide.unique && wide.columns.join() === narrow.columns.join();
	return narrow.columns.every((column, position) => wide.columns[position] === column);
}
// src/rules/foreign-key-without-index/rule.ts
const rule$33 = {
	id: "foreign-key-without-index",
	title: "Without an index on a foreign key, deleting what it references reads the whole table",
	group: "constraint",
	documentation: {
		summary: "PostgreSQL makes no index for the columns of a foreign key, and Prisma adds none. Every DELETE of a referenced row, and every change of its key, then reads the referencing table from end to end to find what points at it, and holds its row lock so long. It shows first when the table has grown. Where add-foreign-key speaks about the same key, it says this too.",
		bad: "ALTER TABLE \"Order\" ADD COLUMN \"userId\" INT REFERENCES \"User\" (id) ON DELETE CASCADE;",
		good: "ALTER TABLE \"Order\" ADD COLUMN \"userId\" INT REFERENCES \"User\" (id) ON DELETE CASCADE;\nCREATE INDEX \"Order_userId_idx\" ON \"Order\" (\"userId\");"
	},
	growsWithTable: true,
	about: ["add-constraint"],
	check: (context) => {
		const indexes = indexesIn(context.catalogAfter);
		return groupedBy(changesOf(context, "add-constraint").filter((added) => lacksIndex(added, indexes, context) && !(checksRows(added, context) && toldWithTheCheck(context))), () => "the file", context).map((group) => remark$12(group, context));
	}
};
function remark$12(bare, context) {
	const [{ statement, change }] = bare;
	const parents = relations(bare.map((one) => one.change.constraint.references?.table ?? one.change.table), context);
	const children = relations(bare.map((one) => one.change.table), context);
	const keys = bare.map((one) => one.change.constraint.columns.map(quoted).join(", "));
	return {
		statement,
		clause: change.clause,
		relation: bare.length === 1 ? change.table : void 0,
		severity: "notice",
		message: `Adds ${bare.length === 1 ? "a foreign key" : `${bare.length} foreign keys`} without an index (${keys.join("; ")}): deleting from ${parents} reads all of ${children}.`,
		why: "PostgreSQL looks for the referencing rows with each DELETE, and with each change of the key, and has only the table itself to look in.",
		instead: ["-- each alone in a migration of its own: builds while everybody works on", ...bare.map((added) => missingIndex(added, context))].join("\n")
	};
}
// src/rules/grant-to-public/rule.ts
const rule$32 = {
	id: "grant-to-public",
	title: "A grant to PUBLIC is for every role there is and will be",
	group: "security",
	documentation: {
		summary: "PUBLIC is every role of the server, also the ones created later and those that other applications sign in with. A grant to PUBLIC therefore shows or opens the object to all of them. Name the roles that need it, or a group role.",
		bad: "GRANT SELECT ON \"User\" TO PUBLIC;",
		good: "GRANT SELECT ON \"User\" TO reporting;"
	},
	looksInside: true,
	about: ["GrantStmt", "AlterDefaultPrivilegesStmt"],
	check: (context) => context.statements.flatMap((statement) => {
		const grant = as(statement.node, "GrantStmt") ?? as(statement.node, "AlterDefaultPrivilegesStmt")?.action;
		if (grant?.is_grant !== true || !toPublic(grant)) return [];
		const later = statement.kind === "AlterDefaultPrivilegesStmt";
		return [{
			statement,
			severity: "warning",
			message: `Grants ${privilegesOf(grant)} on ${later ? "everything created from now on" : objectsOf(grant)} to PUBLIC: every role of the server has it, also those created later.`,
			why: "Nothing that is granted to PUBLIC can be kept from a single role, because there is no way to deny what PUBLIC has.",
			instead: `${statement.sql.replace(/\bto\s+(.*\s*,\s*)?public\b/i, "TO application")};`
		}];
	})
};
function toPublic(grant) {
	return (grant.grantees ?? []).some((one) => as(one, "RoleSpec")?.roletype === "ROLESPEC_PUBLIC");
}
function privilegesOf(grant) {
	const names = (grant.privileges ?? []).map((one) => (as(one, "AccessPriv")?.priv_name ?? "all").toUpperCase());
	return names.length === 0 ? "all privileges" : names.join(", ");
}
function objectsOf(grant) {
	const names = (grant.objects ?? []).map((object) => {
		const range = as(object, "RangeVar");
		return (range === void 0 ? nameParts(object) : rangeVarParts(range)).map(quoted).join(".");
	});
	if (grant.targtype === "ACL_TARGET_ALL_IN_SCHEMA") return `everything in ${names.join(", ")}`;
	return names.every((name) => name !== "") ? names.join(", ") : kindOf(grant.objects?.[0]);
}
// src/rules/hidden-invalid-index/rule.ts
const rule$31 = {
	id: "hidden-invalid-index",
	title: "IF NOT EXISTS takes an invalid index for the one that is wanted",
	group: "lock",
	documentation: {
		summary: "CREATE INDEX CONCURRENTLY that fails leaves an invalid index behind: no query uses it, and a unique one does not keep duplicates out. With IF NOT EXISTS the next attempt finds the name taken and succeeds without building anything, and nobody learns that there is no index. Dropping what may be left first makes the attempt honest.",
		bad: "CREATE INDEX CONCURRENTLY IF NOT EXISTS \"User_name_idx\" ON \"User\" (\"name\");",
		good: "CREATE INDEX CONCURRENTLY \"User_name_idx\" ON \"User\" (\"name\");"
	},
	about: ["create-index"],
	check: (context) => changesOf(context, "create-index").flatMap(({ statement, change }) => {
		const node = as(statement.node, "IndexStmt");
		if (node?.concurrent !== true || !change.ifNotExists || node.idxname === void 0) return [];
		const { index } = change;
		if (context.statements.some((one) => one.changes.some((other) => other.kind === "drop-index" && other.name === index.name))) return [];
		const name = relation(index.name, context);
		return [{
			statement,
			severity: "notice",
			message: `Skips ${name} if an index of that name exists, also an invalid one that a failed attempt left behind.`,
			why: `An invalid index answers no query${index.unique ? ", keeps no duplicates out" : ""} and still slows down every write; the migration counts as applied all the same.`,
			instead: [
				"-- what must come out empty",
				`SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid AND indexrelid = to_regclass(${literal(quotedRelation(index.name, ""))});`,
				"-- else alone in a migration before this one",
				`DROP INDEX CONCURRENTLY IF EXISTS ${name};`
			].join("\n")
		}];
	})
};
// src/sql/stage.ts
const strictness = [
	"cleanup",
	"expand",
	"data",
	"contract"
];
function stageOf(statements) {
	let strictest;
	for (const statement of statements) {
		const stage = stageOfStatement(statement);
		if (stage === void 0) continue;
		if (strictest === void 0 || strictness.indexOf(stage) > strictness.indexOf(strictest)) strictest = stage;
	}
	return strictest ?? "expand";
}
const writes = /* @__PURE__ */ new Set([
	"InsertStmt",
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt",
	"CopyStmt",
	"TruncateStmt"
]);
const bodies = /* @__PURE__ */ new Set(["DoStmt", "CallStmt"]);
const neutral = /* @__PURE__ */ new Set([
	"VariableSetStmt",
	"VariableShowStmt",
	"TransactionStmt",
	"LockStmt",
	"SelectStmt",
	"ConstraintsSetStmt"
]);
const tidying = /* @__PURE__ */ new Set([
	"VacuumStmt",
	"ReindexStmt",
	"ClusterStmt",
	"RefreshMatViewStmt"
]);
function stageOfStatement({ kind, effects, changes }) {
	if (effects.unknown && kind !== "SelectStmt") return "contract";
	if (effects.loses.some((loss) => dataLosses.has(loss.kind) && loss.kind !== "rows" && loss.kind !== "type")) return "contract";
	if (changes.some((change) => demandsOfTheApplication(change, effects))) return "contract";
	if (writes.has(kind) || bodies.has(kind) && effects.locks.some((lock) => lock.mode === "RowExclusiveLock")) return "data";
	if (neutral.has(kind) && effects.loses.every((loss) => loss.kind === "sequence")) return void 0;
	if (tidying.has(kind) || effects.loses.length > 0 || changes.some(finishes)) return "cleanup";
	return "expand";
}
function demandsOfTheApplication(change, effects) {
	const inUse = (name) => effects.locks.some((lock) => lock.relation === name);
	switch (change.kind) {
		case "rename-table":
		case "rename-view": return inUse(change.from);
		case "rename-column": return inUse(change.table);
		case "rename-label":
		case "rename-schema": return true;
		case "alter-column": return inUse(change.table) && (change.set.notNull === true || change.typeChange?.rewrites === true);
		case "add-column": return inUse(change.table) && change.column.notNull && change.filledBy === "none";
		default: return false;
	}
}
function finishes(change) {
	return change.kind === "validate-constraint" || change.kind === "rename-index" || change.kind === "rename-constraint";
}
// src/rules/steps.ts
const steps = [
	"expand",
	"data",
	"contract"
];
function splitOf(context) {
	const parts = context.statements.flatMap(partsOf);
	const stages = new Set(parts.map(({ stage }) => stage));
	if (steps.filter((step) => stages.has(step)).length < 2) return void 0;
	const candidates = parts.filter((part) => decides(part, context));
	if (candidates.length < 2) return void 0;
	const renames = renamesIn(context);
	const deciding = new Set(candidates.filter((part) => !renames.has(part.statement)));
	const last = steps.findLast((step) => [...deciding].some(({ stage }) => stage === step));
	if (last === void 0) return void 0;
	const placed = inSteps(parts, last);
	const found = steps.flatMap((step) => {
		const own = placed.filter((one) => one.step === step).map(({ part }) => part);
		if (!own.some((part) => deciding.has(part))) return [];
		return [{
			step,
			statements: [...new Set(own.map(({ statement }) => statement))],
			clause: own[0]?.clause,
			sql: sqlOf(own, context)
		}];
	});
	return found.length < 2 ? void 0 : { steps: found };
}
const headings = {
	expand: ["this migration: what the next release needs", "this migration: what the next release needs"],
	data: ["this migration: the rows", "the next migration: the rows"],
	contract: ["", "a later migration, once no running release needs the old"]
};
function splitText(split) {
	return split.steps.map(({ step, sql }, index) => `-- ${headings[step][index === 0 ? 0 : 1]}\n${sql}`).join("\n");
}
function partsOf(statement) {
	const { changes, kind, effects } = statement;
	const whole = () => [{
		statement,
		clause: void 0,
		changes,
		stage: stageOfWhole(statement)
	}];
	if (kind !== "AlterTableStmt" || effects.unknown) return whole();
	const clauses = [...new Set(changes.map((change) => "clause" in change ? change.clause : 0))];
	if (clauses.length < 2) return whole();
	return clauses.map((clause) => {
		const own = changes.filter((change) => ("clause" in change ? change.clause : 0) === clause);
		return {
			statement,
			clause,
			changes: own,
			stage: stageOfCommand(statement, own)
		};
	});
}
function stageOfWhole(statement) {
	const { changes, effects } = statement;
	const [change] = changes;
	if (change?.kind === "create-table" && isTemporary(change.table.name)) return "data";
	if (change?.kind.startsWith("drop-") && stageOfStatement(statement) === "expand") return "cleanup";
	if (effects.locks.length > 0 || change === void 0 || !changes.every(isAboutType)) return stageOfStatement(statement);
	if (change.kind === "drop-type") return "cleanup";
	const anew = change.kind === "create-type" && /_(new|old)$/.test(change.type.name);
	return change.kind === "rename-type" || anew ? void 0 : "expand";
}
function isAboutType({ kind }) {
	return kind === "create-type" || kind === "rename-type" || kind === "drop-type" || kind === "add-label";
}
function stageOfCommand({ kind, effects }, changes) {
	if (changes.some((change) => change.kind === "drop-column")) return "contract";
	if (changes.some((change) => change.kind === "drop-constraint")) return "cleanup";
	return stageOfStatement({
		kind,
		changes,
		effects: {
			...effects,
			loses: []
		}
	});
}
function renamesIn(context) {
	return new Set([...renamedColumns(context), ...renamedTables(context)].map(({ dropped }) => dropped.statement));
}
const rowWork = /* @__PURE__ */ new Set([
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt",
	"DoStmt",
	"CallStmt"
]);
function decides({ statement, stage, changes }, context) {
	if (stage === "expand") return changes.some(isNews);
	if (stage === "contract") return !statement.effects.unknown && !changes.some(isDoneOtherwise);
	const { locks } = statement.effects;
	const moves = rowWork.has(statement.kind) || locks.some((lock) => lock.mode === "AccessShareLock");
	return stage === "data" && moves && locks.some((lock) => isInUse(lock.relation, statement, context));
}
function isDoneOtherwise({ kind }) {
	return kind === "add-column" || kind.startsWith("rename-");
}
function isNews(change) {
	return change.kind === "create-table" && !isTemporary(change.table.name) || change.kind === "add-column";
}
function isTemporary(table) {
	return table.startsWith("pg_temp.");
}
function inSteps(parts, lastStep) {
	const placed = [];
	const waiting = [];
	const later = {
		names: /* @__PURE__ */ new Map(),
		relations: /* @__PURE__ */ new Map()
	};
	for (const part of parts) {
		if (part.statement.kind === "TransactionStmt" || part.statement.kind === "VariableSetStmt") continue;
		if (part.stage === void 0) {
			waiting.push(part);
			continue;
		}
		const step = lastOf([part.stage === "cleanup" ? lastStep : part.stage, ...neededBy(part, later)]);
		placed.push(...waiting.splice(0).map((companion) => ({
			part: companion,
			step
		})), {
			part,
			step
		});
		if (step !== "expand") remember(part, step, later);
	}
	const last = placed.at(-1)?.step ?? "expand";
	return [...placed, ...waiting.map((part) => ({
		part,
		step: last
	}))];
}
function lastOf(found) {
	return steps.findLast((step) => found.includes(step)) ?? "expand";
}
function remember({ statement, changes, stage }, step, { names, relations }) {
	for (const change of changes) names.set(nameOf(change), lastOf([step, names.get(nameOf(change))]));
	if (stage !== "data" && changes.every(({ kind }) => kind.startsWith("drop-"))) return;
	for (const relation of relationsOf({
		statement,
		changes
	})) relations.set(relation, lastOf([step, relations.get(relation)]));
}
function neededBy({ statement, changes, stage }, { names, relations }) {
	const needed = changes.map((change) => nameOf(change) === "" ? void 0 : names.get(nameOf(change)));
	if (stage === "data" || stage === "contract") return [...needed, ...[...relationsOf({
		statement,
		changes
	})].map((relation) => relations.get(relation))];
	return [...needed, ...changes.map((change) => {
		if (change.kind === "create-index") return relations.get(change.index.table);
		return change.kind === "add-constraint" || change.kind === "alter-column" ? relations.get(change.table) : void 0;
	})];
}
function nameOf(change) {
	switch (change.kind) {
		case "add-column": return `${change.table}.${change.column.name}`;
		case "drop-column":
		case "drop-constraint": return `${change.table}.${change.name}`;
		case "rename-column": return `${change.table}.${change.from}`;
		case "add-constraint": return `${change.table}.${change.constraint.name}`;
		case "create-index": return change.index.name;
		case "create-table": return change.table.name;
		case "drop-table":
		case "drop-index":
		case "drop-view": return change.name;
		case "create-view": return change.view.name;
		default: return "";
	}
}
function relationsOf({ statement, changes }) {
	const names = new Set(statement.effects.locks.map((lock) => lock.relation));
	for (const change of changes) {
		if ("table" in change) names.add(typeof change.table === "string" ? change.table : change.table.name);
		if (change.kind === "create-index") names.add(change.index.table);
		if (change.kind === "rename-table") names.add(change.from).add(change.to);
	}
	return names;
}
const mostStatements = 12;
function sqlOf(parts, context) {
	const byStatement = /* @__PURE__ */ new Map();
	for (const part of parts) byStatement.set(part.statement, [...byStatement.get(part.statement) ?? [], part]);
	const shown = [...byStatement].slice(0, mostStatements);
	const left = [...byStatement.keys()].slice(mostStatements).map(({ range }) => range.line);
	return [...shown.map(([statement, own]) => textOf(statement, own, context)), ...left.length > 0 ? [`-- and line${left.length > 1 ? "s" : ""} ${listed(left.map(String))}`] : []].join("\n");
}
const mostCharacters = 240;
function textOf(statement, [first, ...rest], context) {
	const table = first?.changes.map((change) => "table" in change ? change.table : void 0)[0];
	if (first?.clause === void 0 || typeof table !== "string") return shortened(statement);
	const commands = [first, ...rest].map(({ clause }) => clauseText(statement, clause ?? 0));
	return `ALTER TABLE ${relation(table, context)} ${commands.join(", ")};`;
}
function shortened({ sql, range: { line, endLine } }) {
	if (sql.length <= mostCharacters) return `${sql};`;
	return `-- ${endLine > line ? `lines ${line} to ${endLine}` : `line ${line}`}: ${sql.split("\n")[0]?.slice(0, mostCharacters / 4)} …`;
}
// src/rules/transactions.ts
function transactionsOf({ statements, execution }) {
	const oneByOne = execution?.kind === "split";
	const known = oneByOne ? sentOneByOne : sentTogether;
	const transactions = known.get(statements) ?? grouped(statements, oneByOne);
	known.set(statements, transactions);
	return transactions;
}
const sentOneByOne = /* @__PURE__ */ new WeakMap();
const sentTogether = /* @__PURE__ */ new WeakMap();
function grouped(statements, oneByOne) {
	const groups = [];
	let current = [];
	let explicit = false;
	const close = () => {
		if (current.length > 0) groups.push(current);
		current = [];
	};
	for (const statement of statements) {
		const edge = edgeOf(statement);
		if (edge === void 0) {
			current.push(statement);
			if (oneByOne && !explicit) close();
			continue;
		}
		if (edge === "end" || oneByOne) close();
		explicit = edge === "begin";
	}
	close();
	return groups;
}
function edgeOf(statement) {
	switch (as(statement.node, "TransactionStmt")?.kind) {
		case "TRANS_STMT_BEGIN":
		case "TRANS_STMT_START": return "begin";
		case "TRANS_STMT_COMMIT":
		case "TRANS_STMT_ROLLBACK":
		case "TRANS_STMT_PREPARE": return "end";
		default: return;
	}
}
// src/rules/lock-held-during-work/rule.ts
const rule$30 = {
	id: "lock-held-during-work",
	title: "A lock that stops others is held while rows are worked on",
	group: "lock",
	documentation: {
		summary: "A lock is held until the transaction ends, however short the statement was that took it. An ALTER TABLE that takes an instant therefore stops everybody for as long as an UPDATE, a DELETE or a validation takes that follows it in the same transaction. In a migration of its own the long work stops nobody.",
		bad: "ALTER TABLE \"User\" ADD COLUMN \"active\" BOOLEAN;\nUPDATE \"User\" SET \"active\" = true;",
		good: "ALTER TABLE \"User\" ADD COLUMN \"active\" BOOLEAN DEFAULT true;"
	},
	about: [
		"UpdateStmt",
		"DeleteStmt",
		"MergeStmt",
		"DoStmt",
		"InsertStmt",
		"CreateTableAsStmt",
		"validate-constraint"
	],
	check: (context) => transactionsOf(context).flatMap((statements) => inTransaction$2(statements, context))
};
function inTransaction$2(statements, context) {
	const first = firstWorkUnderLock(statements, context);
	return first === void 0 ? [] : [remark$11(first, statements, context)];
}
function firstWorkUnderLock(statements, context) {
	const held = [];
	for (const statement of statements) {
		const table = workOf(statement, context);
		const worst = held.find((lock) => lock.reads) ?? held[0];
		if (table !== void 0 && worst !== void 0) return {
			statement,
			table,
			held: worst
		};
		for (const { relation: locked } of statement.effects.locks) {
			if (!blocksWrites(locked, statement) || !isInUse(locked, statement, context)) continue;
			if (context.catalogBefore.relations.get(locked)?.kind === "index") continue;
			held.push({
				table: locked,
				by: statement,
				reads: blocksReads(locked, statement)
			});
		}
	}
}
function workOf(statement, context) {
	const { effects, kind } = statement;
	const worked = (table) => isInUse(table, statement, context);
	const lockedFor = (mode) => effects.locks.find((lock) => lock.mode === mode && worked(lock.relation))?.relation;
	switch (kind) {
		case "UpdateStmt":
		case "DeleteStmt":
		case "MergeStmt":
		case "DoStmt": return lockedFor("RowExclusiveLock");
		case "InsertStmt":
		case "CreateTableAsStmt": return lockedFor("AccessShareLock");
		case "AlterTableStmt": return statement.changes.some((change) => change.kind === "validate-constraint") ? effects.scans.find(worked) : void 0;
		default: return;
	}
}
function remark$11({ statement, table: work, held: { table, by, reads } }, statements, context) {
	const blocked = relation(table, context);
	const split = splitOf(context);
	const later = statements.slice(statements.indexOf(statement) + 1).length;
	return {
		statement,
		relation: work,
		severity: "warning",
		message: `Goes through the rows of ${relation(work, context)} while line ${by.range.line} holds its lock: nobody can ${reads ? "read or write" : "write"} ${blocked} until that is done.`,
		why: "Both are in one transaction, which gives back its locks only at its end; every query that arrives meanwhile queues behind them.",
		instead: split === void 0 ? [`-- this migration ends before line ${statement.range.line}; in the next one${later > 0 ? ", with what follows" : ""}`, `${statement.sql};`].join("\n") : splitText(split)
	};
}
// src/rules/lock-order/rule.ts
const rule$29 = {
	id: "lock-order",
	title: "Two tables are locked in the order in which an insert of the application deadlocks with them",
	group: "lock",
	documentation: {
		summary: "An INSERT into a table with a foreign key locks that table first and the table it references second. A transaction that takes the referenced table first and the referencing one second meets it half-way: each waits for what the other has, and PostgreSQL ends one of the two, the migration or the request of a user. The rule speaks where the first lock is held while rows are read or written, so that somebody is going to come. Locked the other way round, or in two transactions, nobody deadlocks.",
		bad: "ALTER TABLE \"Team\" ALTER COLUMN mail SET NOT NULL;\nALTER TABLE \"Member\" ADD COLUMN \"note\" TEXT;",
		good: "ALTER TABLE \"Member\" ADD COLUMN \"note\" TEXT;\nALTER TABLE \"Team\" ALTER COLUMN mail SET NOT NULL;"
	},
	about: [
		"UpdateStmt",
		"DeleteStmt",
		"MergeStmt",
		"scans",
		"rewrites"
	],
	check: (context) => transactionsOf(context).flatMap((statements) => inTransaction$1(statements, context))
};
function inTransaction$1(statements, context) {
	if (firstWorkUnderLock(statements, context) !== void 0) return [];
	const held = /* @__PURE__ */ new Map();
	for (const [at, statement] of statements.entries()) {
		const taken = statement.effects.locks.map((lock) => lock.relation).filter((table) => !held.has(table) && blocksReads(table, statement) && isInUse(table, statement, context));
		for (const child of taken) {
			const parent = parentsOf(child, context.catalogBefore).map((table) => held.get(table)).find((one) => one !== void 0 && statements.slice(statements.indexOf(one.by), at).some(takesLong));
			if (parent !== void 0) return [remark$10(statement, child, parent, context)];
		}
		for (const table of taken) held.set(table, {
			table,
			by: statement
		});
	}
	return [];
}
function parentsOf(child, catalog) {
	const table = catalog.relations.get(child);
	if (table?.kind !== "table") return [];
	return table.constraints.flatMap(({ references }) => references === void 0 || references.table === child ? [] : [references.table]);
}
function remark$10(statement, child, { table, by }, context) {
	const [inner, outer] = [relation(child, context), relation(table, context)];
	return {
		statement,
		severity: "notice",
		message: `Locks ${inner} while line ${by.range.line} holds ${outer}: an INSERT into ${inner} at that moment deadlocks with the migration.`,
		why: `The insert has ${inner} and waits for ${outer}, to check its foreign key; the migration has ${outer} and waits for ${inner}. PostgreSQL ends one of the two after a second (deadlock_timeout).`,
		instead: [
			`-- ${inner} first; or each in a migration of its own`,
			`${statement.sql};`,
			`${by.sql};`
		].join("\n")
	};
}
// src/rules/lock-table/rule.ts
const rule$28 = {
	id: "lock-table",
	title: "LOCK TABLE stops others until the migration ends",
	group: "lock",
	documentation: {
		summary: "LOCK TABLE without a mode takes ACCESS EXCLUSIVE: nobody can even read until the transaction ends. Every statement takes the lock that it needs by itself. Taken ahead it makes sense to fail early, with NOWAIT or a lock_timeout, and in an order that all transactions keep.",
		bad: "LOCK TABLE \"User\";",
		good: "LOCK TABLE \"User\" IN ROW EXCLUSIVE MODE;"
	},
	about: ["LockStmt"],
	check: (context) => context.statements.flatMap((statement) => {
		if (statement.kind !== "LockStmt") return [];
		const tables = statement.effects.locks.map((lock) => lock.relation).filter((table) => isInUse(table, statement, context) && blocksWrites(table, statement));
		if (tables.length === 0) return [];
		const reads = tables.some((table) => blocksReads(table, statement));
		const nowait = /\bnowait\s*$/i.test(statement.sql);
		return [{
			statement,
			severity: "warning",
			message: `Locks ${relations(tables, context)}: nobody can ${reads ? "read or write" : "write"} ${tables.length > 1 ? "them" : "it"} until the transaction ends.`,
			why: nowait ? "It is held for as long as all statements after it take." : "While it waits for its turn, every query that arrives queues behind it; then it is held for as long as all statements after it take.",
			instead: nowait ? "Leave it out where the statements after it take the lock that they need by themselves, and keep them few and short." : [
				"BEGIN;",
				"SET LOCAL lock_timeout = '2s';",
				`${statement.sql};`,
				"-- only what needs the lock",
				"COMMIT;"
			].join("\n")
		}];
	})
};
// src/rules/migration-history/rule.ts
const rule$27 = {
	id: "migration-history",
	title: "A migration changes the record of which migrations are applied",
	group: "irreversible",
	documentation: {
		summary: "Prisma keeps in `_prisma_migrations` what is applied, Drizzle in `__drizzle_migrations`, the Supabase CLI in `supabase_migrations.schema_migrations`, Airlock in `_airlock_migrations`. A migration that writes into it or drops it makes them run migrations again, or never, on some databases and not on others. With Prisma, corrections belong to `prisma migrate resolve`.",
		bad: "DELETE FROM \"_prisma_migrations\" WHERE migration_name = '20240101000000_init';",
		good: "SELECT migration_name FROM \"_prisma_migrations\";"
	},
	check: (context) => context.statements.flatMap((statement) => {
		const lock = statement.effects.locks.find(({ relation, mode }) => isHistory(splitName(relation)) && mode !== "AccessShareLock");
		if (lock === void 0) return [];
		const { name } = splitName(lock.relation);
		return [{
			statement,
			severity: "error",
			message: `Changes "${name}", the record of which migrations are applied: later deploys skip migrations or run them again.`,
			why: name === "_prisma_migrations" ? "Prisma writes into that table while this migration runs, and decides by it alone what is pending." : "A row is written into that table when this migration ends, and it alone decides what is pending.",
			instead: name === "_prisma_migrations" ? "Correct the record with `prisma migrate resolve --applied NAME` or `--rolled-back NAME`, on the database that needs it." : "Correct the record by hand, on the database that needs it."
		}];
	})
};
const tables = /* @__PURE__ */ new Set([
	"_prisma_migrations",
	"_airlock_migrations",
	"__drizzle_migrations"
]);
function isHistory({ schema, name }) {
	return tables.has(name) || schema === "supabase_migrations" && name === "schema_migrations";
}
// src/rules/half-applied.ts
function leavesSomething({ kind, changes, effects }) {
	return !(kind === "TransactionStmt" || kind === "VariableSetStmt") && (changes.length > 0 || effects.locks.length > 0 || effects.unknown);
}
const known = /* @__PURE__ */ new WeakMap();
function committedBefore(statement, file) {
	if (file.execution === void 0 || file.execution.atomic) return void 0;
	const firsts = known.get(file.statements) ?? firstsIn(file);
	known.set(file.statements, firsts);
	return firsts.get(statement);
}
function firstsIn(file) {
	const firsts = /* @__PURE__ */ new Map();
	let first;
	for (const transaction of transactionsOf(file)) {
		if (first !== void 0) for (const statement of transaction) firsts.set(statement, first);
		first ??= transaction.find(leavesSomething);
	}
	return firsts;
}
function staysBehind(statement, file) {
	const first = committedBefore(statement, file);
	if (first === void 0) return "";
	const { line } = first.range;
	return ` The file is not one transaction: if this fails, what ${statement.range.line - 1 > line ? `lines ${line} to ${statement.range.line - 1}` : `line ${line}`} did stays, and blocks every later deploy (P3009).`;
}
// src/rules/non-atomic-migration/rule.ts
const rule$26 = {
	id: "non-atomic-migration",
	title: "If this migration fails half-way, its first half stays",
	group: "transaction",
	documentation: {
		summary: "From Prisma 7.4 on the statements of a file are sent one by one and each commits on its own. When one fails, those before it stay, and the file can neither be run again nor counts as applied. An explicit BEGIN and COMMIT makes the file whole again, unless it contains something that cannot run in a transaction, which belongs in a file of its own. The rule speaks where a statement behind the first one can fail on the rows that are there; where another rule says that about the statement, what stays is said there. Every report shows for each file whether it is all or nothing.",
		bad: "ALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;\nUPDATE \"User\" SET \"nickname\" = \"name\";",
		good: "BEGIN;\nALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;\nUPDATE \"User\" SET \"nickname\" = \"name\";\nCOMMIT;"
	},
	check: (context) => {
		const failing = firstFailure(context);
		if (failing === void 0) return [];
		const first = committedBefore(failing, context);
		const count = context.statements.filter(leavesSomething).length;
		return [{
			statement: failing,
			severity: "warning",
			message: `If this fails on a row that it meets, what line ${first?.range.line ?? 1} did stays: the ${count} statements of the file are not one transaction.`,
			why: `${sentence(context.execution?.because ?? "")} A file that is half applied cannot be run again as it is, and blocks every later deploy (P3009).`,
			instead: instead$1(context)
		}];
	}
};
function firstFailure(context) {
	if (context.execution === void 0 || context.execution.atomic) return void 0;
	return context.statements.find((statement) => leavesSomething(statement) && canFail(statement, context) && committedBefore(statement, context) !== void 0);
}
function canFail(statement, context) {
	const { kind, node, effects, changes } = statement;
	if (changes.some((change) => change.kind === "validate-constraint")) return true;
	if (effects.unknown) return context.settings["unknown-effect"] === "off";
	if (as(node, "InsertStmt")?.onConflictClause?.action === "ONCONFLICT_NOTHING") return false;
	return (writing.has(kind) || hasBody(statement)) && effects.locks.some((lock) => lock.mode === "RowExclusiveLock" && isInUse(lock.relation, statement, context));
}
const writing = /* @__PURE__ */ new Set([
	"InsertStmt",
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt"
]);
function sentence(text) {
	return /[.]$/.test(text) ? text : `${text}.`;
}
function instead$1(context) {
	const split = splitOf(context);
	if (split !== void 0) return splitText(split);
	const outside = context.statements.find(cannotRunInTransaction);
	if (outside !== void 0) return `Put line ${outside.range.line} into a migration of its own, because it cannot run in a transaction, and begin and end the rest of this file with\nBEGIN;\n…\nCOMMIT;`;
	return "BEGIN;\n-- the statements of this file, as they are\nCOMMIT;";
}
function cannotRunInTransaction(statement) {
	if (/\bconcurrently\b/i.test(statement.sql)) return [
		"IndexStmt",
		"DropStmt",
		"ReindexStmt",
		"AlterTableStmt"
	].includes(statement.kind);
	return statement.kind === "VacuumStmt" && !/^analyze/i.test(statement.sql);
}
// src/rules/mixed-stages/rule.ts
const rule$25 = {
	id: "mixed-stages",
	title: "One file adds, moves rows and takes away, and there is no right moment for all of it",
	group: "application-compatibility",
	documentation: {
		summary: "What the next release needs has to be there before it starts; what the running release needs has to stay until the last instance of it has ended; and rows are best moved in between, when nothing waits for it. A file that does more than one of these comes at the wrong time for one of the two releases. Split into files, each is applied when it is due. Where lock-held-during-work or non-atomic-migration speaks about the file, the split is told there.",
		bad: "ALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;\nALTER TABLE \"Order\" DROP COLUMN total;",
		good: "ALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;\nALTER TABLE \"Order\" ADD COLUMN \"sum\" INT;"
	},
	check: (context) => {
		const split = splitOf(context);
		const second = split?.steps[1];
		const statement = second?.statements[0];
		if (split === void 0 || statement === void 0 || toldElsewhere(context)) return [];
		const has = (step) => split.steps.some((one) => one.step === step);
		return [{
			statement,
			clause: second?.clause,
			severity: "notice",
			message: `${sentenceStart(listed(split.steps.map(({ step, statements }) => `${does[step]} (${lines(statements)})`)))}, all in one file.`,
			why: !has("expand") ? "What the running release writes meanwhile is not among the rows that were moved: what relies on them waits until that release has ended." : has("contract") ? "What is added has to be there before the next release starts, and what the running one relies on has to stay until it has ended: no moment suits both." : "Moving rows takes as long as the table is large and can fail on one of them. In a file of its own it neither delays nor takes back what the next release needs.",
			instead: splitText(split)
		}];
	}
};
const does = {
	expand: "adds what the next release needs",
	data: "moves rows",
	contract: "changes what the running one relies on"
};
function sentenceStart(text) {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
function lines(statements) {
	const numbers = [...new Set(statements.map(({ range }) => String(range.line)))];
	return numbers.length > 5 ? `${numbers.length} statements from line ${numbers[0]} on` : `line${numbers.length > 1 ? "s" : ""} ${listed(numbers)}`;
}
function toldElsewhere(context) {
	const { settings } = context;
	if (settings["mixed-stages"] !== void 0) return false;
	const underLock = () => transactionsOf(context).some((one) => firstWorkUnderLock(one, context) !== void 0);
	return settings["lock-held-during-work"] !== "off" && underLock() || settings["non-atomic-migration"] !== "off" && firstFailure(context) !== void 0;
}
// src/rules/out-of-order/rule.ts
const rule$24 = {
	id: "out-of-order",
	title: "A migration is applied after a newer one",
	group: "irreversible",
	documentation: {
		summary: "Branches are merged late: a migration can be pending while a newer one is applied already. It is applied all the same, in this database after the newer one, in a new database before it. Where both touch the same thing the two databases come out different, and nothing says so. With a new timestamp the order is the same everywhere. Only `plan` and `deploy` see it, because only the history table of a database says what is applied.",
		bad: "-- 20240115090000_nickname, while 20240201000000_team is applied\nALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;",
		good: "-- 20240215090000_nickname, with 20240201000000_team before it\nALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;"
	},
	judges: ({ lateBehind }) => lateBehind !== void 0,
	check: (context) => {
		const { lateBehind, migration, statements } = context;
		const [statement] = statements;
		if (lateBehind === void 0 || statement === void 0) return [];
		return [{
			statement,
			severity: "notice",
			message: `Is older than ${lateBehind}, which is applied: ${migration} is applied after it here, and before it in a new database.`,
			why: "Where both touch the same thing, the databases come out different.",
			instead: `git mv ${folderOf(context)} ${newFolderOf(context)}`
		}];
	}
};
function folderOf({ file }) {
	return shellQuoted(file.replace(/\/[^/]*$/, ""));
}
function newFolderOf({ file, migration }) {
	return `${shellQuoted(file.replace(/\/[^/]*$/, "").slice(0, -migration.length))}$(date -u +%Y%m%d%H%M%S)_${shellQuoted(migration.replace(/^\d+_?/, ""))}`;
}
function shellQuoted(text) {
	return /^[\w./-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
// src/rules/update-text.ts
function updateText(sql) {
	let depth = 0;
	let last = "";
	const at = {};
	for (const token of tokens(sql)) {
		const text = sql.slice(token.start, token.end);
		if (token.kind === "symbol") {
			if (text === "(" || text === "[") depth += 1;
			else if (text === ")" || text === "]") depth -= 1;
		}
		const word = token.kind === "word" ? text.toLowerCase() : "";
		if (last === "" && word !== "update") return void 0;
		if (depth === 0 && word === "returning") return void 0;
		if (depth === 0 && word === "from" && last !== "distinct") at.from ??= token;
		if (depth === 0 && word === "where") at.where ??= token;
		last = word === "" ? text : word;
	}
	const end = sql.length;
	return {
		head: sql.slice(0, at.from?.start ?? at.where?.start ?? end).trim(),
		from: at.from === void 0 ? void 0 : sql.slice(at.from.end, at.where?.start ?? end).trim(),
		where: at.where === void 0 ? void 0 : sql.slice(at.where.end).trim()
	};
}
// src/rules/overwrite-values/rule.ts
const rule$23 = {
	id: "overwrite-values",
	title: "Values that an UPDATE overwrites come back only from a backup",
	group: "irreversible",
	documentation: {
		summary: "An UPDATE that fills a new or an empty column can be undone. One that overwrites values cannot: what was there before is gone, and where several old values become the same new one no later UPDATE can tell them apart. A copy of the key and the old values costs one statement.",
		bad: "UPDATE \"User\" SET \"email\" = lower(\"email\");",
		good: "UPDATE \"User\" SET \"email\" = '' WHERE \"email\" IS NULL;"
	},
	about: ["UpdateStmt"],
	check: (context) => {
		return groupedBy(context.statements.flatMap((statement) => overwriteOf(statement, context) ?? []), ({ table }) => table, context).map((group) => remark$9(group, context));
	}
};
function overwriteOf(statement, context) {
	const node = as(statement.node, "UpdateStmt");
	const table = statement.effects.locks.find((lock) => lock.mode === "RowExclusiveLock")?.relation;
	if (node === void 0 || table === void 0 || !isInUse(table, statement, context)) return void 0;
	if (isEmpty(table, statement, context)) return void 0;
	const touched = rowsTouched(node.whereClause, table, context.catalogBefore);
	if (touched === "few") return void 0;
	const filled = emptyBefore(node.whereClause);
	const columns = assignments(node.targetList).filter(({ column, value }) => !filled.has(column) && !keepsOld(value, column) && hadValues(table, column, context)).map(({ column }) => column);
	return columns.length === 0 ? void 0 : {
		statement,
		node,
		table,
		columns,
		every: touched === "all"
	};
}
function remark$9(group, context) {
	const [first] = group;
	const name = relation(first.table, context);
	const key = keyOf(first.table, context.catalogBefore);
	const kept = suffixed(first.table, "before", context);
	const columns = [...new Set(group.flatMap((one) => one.columns))];
	const saved = [.../* @__PURE__ */ new Set([...key, ...columns])];
	return {
		statement: first.statement,
		severity: "warning",
		message: `Overwrites ${listed(columns.map(quoted))} in ${group.some(({ every }) => every) ? "every row" : "rows"} of ${name}${atLines(group)}: only a backup brings the old values back.`,
		why: "Taking the migration back restores the structure, not the values, and from the new ones the old cannot be told.",
		instead: [
			"-- before it, a copy of what is overwritten",
			group.length === 1 ? `CREATE TABLE ${kept} AS ${selection(first.statement, first.node, saved, name)};` : `CREATE TABLE ${kept} AS SELECT ${columnList(saved)} FROM ${name};`,
			...group.map(({ statement }) => `${statement.sql};`)
		].join("\n")
	};
}
function selection(statement, node, columns, name) {
	const text = updateText(statement.sql);
	const alias = node.relation?.alias?.aliasname;
	const target = alias === void 0 ? name : `${name} AS ${quoted(alias)}`;
	const owner = alias === void 0 ? name : quoted(alias);
	if (text === void 0) return `SELECT ${columnList(columns)} FROM ${name}`;
	return `SELECT ${columns.map((column) => `${owner}.${quoted(column)}`).join(", ")} FROM ${text.from === void 0 ? target : `${target}, ${text.from}`}${text.where === void 0 ? "" : ` WHERE ${text.where}`}`;
}
function emptyBefore(where) {
	const columns = /* @__PURE__ */ new Set();
	for (const condition of conjunctsOf(where)) {
		const test = as(condition, "NullTest");
		const compared = as(condition, "A_Expr");
		const isEqual = compared?.kind === "AEXPR_OP" && as(compared.rexpr, "A_Const")?.sval?.sval === "" && strings(compared.name).join() === "=";
		const column = test?.nulltesttype === "IS_NULL" ? columnNamed(test.arg) : isEqual ? columnNamed(compared.lexpr) : void 0;
		if (column !== void 0) columns.add(column);
	}
	return columns;
}
function keepsOld(value, column) {
	const [first] = as(value, "CoalesceExpr")?.args ?? [];
	if (first !== void 0 && columnNamed(first) === column) return true;
	for (const { kind } of walk(value)) if (kind === "SetToDefault") return false;
	return columnNamed(value) === column;
}
function hadValues(table, column, context) {
	const known = context.catalogBefore.relations.get(table);
	if (known?.kind === "table" && known.columnsKnown) return known.columns.has(column);
	return !context.statements.some((one) => one.changes.some((change) => change.kind === "add-column" && change.table === table && change.column.name === column));
}
// src/rules/policy-always-true/rule.ts
const rule$22 = {
	id: "policy-always-true",
	title: "A policy that lets everybody write every row",
	group: "security",
	documentation: {
		summary: "A permissive policy with USING (true) for PUBLIC allows what it is for to every role with a grant, whatever other permissive policies say, because one that allows is enough. For SELECT that is sometimes meant; for writes it is as if row level security were off.",
		bad: "CREATE POLICY everybody ON \"User\" USING (true);",
		good: "CREATE POLICY administrators ON \"User\" TO administrator USING (true);"
	},
	looksInside: true,
	about: ["CreatePolicyStmt"],
	check: (context) => context.statements.flatMap((statement) => {
		const node = as(statement.node, "CreatePolicyStmt");
		const change = statement.changes.find((one) => one.kind === "add-policy");
		if (node === void 0 || change?.kind !== "add-policy" || node.permissive !== true || node.cmd_name === "select") return [];
		const everybody = (node.roles ?? []).every((one) => as(one, "RoleSpec")?.roletype === "ROLESPEC_PUBLIC");
		const open = [node.qual, node.with_check].filter((one) => one !== void 0).every((one) => kindOf(one) === "A_Const" && as(one, "A_Const")?.boolval?.boolval === true);
		if (!everybody || !open) return [];
		const name = relation(change.table, context);
		return [{
			statement,
			severity: "warning",
			message: `Lets every role ${node.cmd_name === "all" ? "read and write" : node.cmd_name ?? "write"} every row of ${name} (${quoted(change.name)}): other permissive policies no longer limit anything.`,
			why: "Permissive policies are joined by OR, so that one which is always true allows everything that it is for.",
			instead: `ALTER POLICY ${quoted(change.name)} ON ${name} TO application;`
		}];
	})
};
// src/rules/refresh-blocks-reads/rule.ts
const rule$21 = {
	id: "refresh-blocks-reads",
	title: "Refreshing a materialized view stops everybody who reads it",
	group: "lock",
	documentation: {
		summary: "REFRESH MATERIALIZED VIEW runs the query of the view under ACCESS EXCLUSIVE: nobody can read the view until it is done. CONCURRENTLY lets readers go on; it needs a unique index on plain columns of the view.",
		bad: "REFRESH MATERIALIZED VIEW totals;",
		good: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;"
	},
	looksInside: true,
	about: ["RefreshMatViewStmt"],
	check: (context) => context.statements.flatMap((statement) => {
		const node = as(statement.node, "RefreshMatViewStmt");
		const view = statement.effects.rewrites[0];
		if (node === void 0 || node.concurrent === true || node.skipData === true || view === void 0) return [];
		if (!isInUse(view, statement, context)) return [];
		const name = relation(view, context);
		const { name: last } = splitName(view);
		return [{
			statement,
			relation: view,
			severity: "warning",
			message: `Refreshes ${name}: nobody can read it until its query has run.`,
			why: "The lock (ACCESS EXCLUSIVE) is taken before the query of the view starts and is held until the transaction ends.",
			instead: [...hasUniqueIndex(view, context.catalogAfter) ? [] : ["-- what CONCURRENTLY needs, once: a unique index on plain columns, here those that make a row unique", `CREATE UNIQUE INDEX ${quoted(`${last}_key`)} ON ${name} (…);`], `REFRESH MATERIALIZED VIEW CONCURRENTLY ${name};`].join("\n")
		}];
	})
};
function hasUniqueIndex(view, catalog) {
	for (const index of catalog.relations.pointingAt(view)) if (index.kind === "index" && index.table === view && index.unique && index.plain) return true;
	return false;
}
// src/rules/reindex-blocks-writes/rule.ts
const rule$20 = {
	id: "reindex-blocks-writes",
	title: "REINDEX stops writes, and reads that want the index, until it is built anew",
	group: "lock",
	documentation: {
		summary: "REINDEX locks the table against writes and the index against everybody, also against the planner, which looks at every index of a table in a query. CONCURRENTLY builds the new one beside the old; it must stand alone in its migration.",
		bad: "REINDEX TABLE \"User\";",
		good: "REINDEX TABLE CONCURRENTLY \"User\";"
	},
	growsWithTable: true,
	looksInside: true,
	about: ["ReindexStmt"],
	check: (context) => context.statements.flatMap((statement) => remark$8(statement, context))
};
function remark$8(statement, context) {
	const node = as(statement.node, "ReindexStmt");
	if (node === void 0) return [];
	if (allOf(node.params, "DefElem").some((option) => option.defname === "concurrently")) return [];
	const tables = statement.effects.scans.filter((table) => isInUse(table, statement, context));
	const all = node.kind === "REINDEX_OBJECT_SCHEMA" || node.kind === "REINDEX_OBJECT_DATABASE" || node.kind === "REINDEX_OBJECT_SYSTEM";
	if (tables.length === 0 && !statement.effects.unknown) return [];
	const where = tables.length > 0 ? relations(tables, context) : all ? "every table that is reached" : "the table of the index";
	return [{
		statement,
		relation: tables.length === 1 ? tables[0] : void 0,
		severity: "warning",
		message: `Builds indexes anew: every write to ${where} waits until that is done, and most reads too.`,
		why: "The table is locked with SHARE and each index with ACCESS EXCLUSIVE while it is built; the planner looks at all indexes of a table and waits for them.",
		instead: ["-- alone in a migration of its own: builds beside the old one", `${concurrently(statement.sql)};`].join("\n")
	}];
}
function concurrently(sql) {
	for (const token of tokens(sql)) {
		if (token.kind !== "word" || !/^(index|table|schema|database|system)$/i.test(sql.slice(token.start, token.end))) continue;
		return `${sql.slice(0, token.end)} CONCURRENTLY${sql.slice(token.end)}`;
	}
	return sql;
}
// src/rules/rename-as-drop-add/rule.ts
const rule$19 = {
	id: "rename-as-drop-add",
	title: "A rename that became DROP and ADD deletes the data",
	group: "destructive",
	documentation: {
		summary: "Prisma cannot know that a field or a model was renamed: it compares two schemas, sees that one is gone and another is new, and generates DROP and ADD. The data does not move over. Edit the migration so that it renames, or keep the old name in the database with `@map` and change nothing there.",
		bad: "ALTER TABLE \"User\" DROP COLUMN \"name\", ADD COLUMN \"fullName\" TEXT;",
		good: "ALTER TABLE \"User\" RENAME COLUMN \"name\" TO \"fullName\";"
	},
	about: ["drop-column", "drop-table"],
	check: (context) => [...renamedColumns(context).map((pair) => ofColumn(pair, context)), ...renamedTables(context).map((pair) => ofTable(pair, context))]
};
function ofColumn(pair, context) {
	const table = relation(pair.table, context);
	const from = quoted(pair.from);
	const to = quoted(pair.to);
	return {
		statement: pair.dropped.statement,
		clause: pair.dropped.statement.kind === "AlterTableStmt" ? pair.dropped.change.clause : void 0,
		severity: "error",
		mayFail: isRequired(pair),
		message: isRequired(pair) ? `Drops ${from} of ${table} and adds the required ${to} of the same type: it fails if ${table} has a single row, and if that is a rename, the data of ${from} is to stay.` : `Drops ${from} of ${table} and adds ${to} of the same type: if that is a rename, this deletes the data of ${from}.`,
		why: "Prisma writes DROP and ADD for a renamed field, because it cannot tell a rename from two changes. The new column starts out empty.",
		instead: [`ALTER TABLE ${table} RENAME COLUMN ${from} TO ${to};`, `-- or leave the database as it is and rename in schema.prisma only: ${pair.to} … @map(${JSON.stringify(pair.from)})`].join("\n")
	};
}
function isRequired({ added }) {
	return added.notNull && !added.hasDefault && !added.generated && !added.identity;
}
function ofTable(pair, context) {
	const from = relation(pair.from, context);
	const to = relation(pair.to, context);
	return {
		statement: pair.dropped.statement,
		severity: "error",
		message: `Drops ${from} and creates ${to} with the same columns: if that is a rename, this deletes the data of ${from}.`,
		why: "Prisma writes DROP TABLE and CREATE TABLE for a renamed model, because it cannot tell a rename from two changes. The new table starts out empty.",
		instead: [
			`ALTER TABLE ${from} RENAME TO ${quoted(splitName(pair.to).name)};`,
			...renamedConstraints(pair, context),
			`-- or leave the database as it is and rename in schema.prisma only: @@map(${JSON.stringify(splitName(pair.from).name)})`
		].join("\n")
	};
}
function renamedConstraints(pair, context) {
	const [from, to] = [splitName(pair.from).name, splitName(pair.to).name];
	const moved = (name) => name.startsWith(`${from}_`) ? `${to}${name.slice(from.length)}` : void 0;
	const lines = [];
	for (const { name } of pair.before.constraints) {
		const target = moved(name);
		if (target !== void 0) lines.push(`ALTER TABLE ${relation(pair.to, context)} RENAME CONSTRAINT ${quoted(name)} TO ${quoted(target)};`);
	}
	for (const other of context.catalogBefore.relations.pointingAt(pair.from)) {
		if (other.kind !== "index" || other.table !== pair.from) continue;
		const { name } = splitName(other.name);
		const target = moved(name);
		if (target === void 0 || pair.before.constraints.some((constraint) => constraint.name === name)) continue;
		lines.push(`ALTER INDEX ${relation(beside(pair.from, name), context)} RENAME TO ${quoted(target)};`);
	}
	return lines;
}
// src/rules/rename-column/rule.ts
const rule$18 = {
	id: "rename-column",
	title: "Renaming a column breaks the release that is running",
	group: "application-compatibility",
	documentation: {
		summary: "Prisma Client names every column of a model in each query, so the release that is running fails on the whole model as soon as one of its columns has another name. A field can have a new name and keep its column (`@map`), which needs no migration. Else a second column takes over step by step.",
		bad: "ALTER TABLE \"User\" RENAME COLUMN \"name\" TO \"fullName\";",
		good: "ALTER TABLE \"User\" ADD COLUMN \"fullName\" TEXT;"
	},
	judges: ({ running }) => running === void 0,
	about: ["rename-column"],
	check: (context) => {
		if (context.running !== void 0) return [];
		const told = new Set(changesOf(context, "rename-table").map(({ change }) => change.to));
		return groupedBy(changesOf(context, "rename-column").filter((located) => breaks(located, told, context)), ({ change }) => change.table, context).map((group) => remark$7(group, context));
	}
};
function breaks({ statement, change }, told, context) {
	const { table, from } = change;
	if (!isInUse(table, statement, context)) return false;
	if (statement.changes.find((one) => one.kind === "rename-column") !== change) return false;
	if (told.has(table)) return false;
	const known = context.catalogBefore.relations.get(table);
	return known?.kind !== "table" || !known.columnsKnown || known.columns.has(from);
}
function remark$7(renamings, context) {
	const [{ statement, change }] = renamings;
	const { table } = change;
	const known = context.catalogBefore.relations.get(table);
	const name = relation(table, context);
	const key = keyOf(table, context.catalogBefore);
	const pairs = renamings.map(({ change: { from, to } }) => {
		const type = known?.kind === "table" ? known.columns.get(from)?.type : void 0;
		return {
			from,
			before: quoted(from),
			after: quoted(to),
			type: type === void 0 ? "…" : typeText(type, context)
		};
	});
	return {
		statement,
		severity: "warning",
		message: `Renames ${listed(pairs.map(({ before, after }) => `${before} to ${after}`))} in ${name}: every query of the running release on ${name} fails from then on.`,
		why: "Prisma Client names all columns of a model in each query, also where the field itself is not used. A release that is rolled back would fail in the same way.",
		instead: [
			`-- without a migration: the field gets its new name in schema.prisma, with ${pairs.map(({ from }) => `@map("${from}")`).join(", ")}`,
			`-- else ${pairs.length === 1 ? "a second column" : "second columns"}`,
			`ALTER TABLE ${name} ${pairs.map(({ after, type }) => `ADD COLUMN ${after} ${type}`).join(", ")};`,
			"-- release an application that writes both; then, repeated until no row is changed",
			...pairs.map(({ before, after }) => `UPDATE ${name} SET ${after} = ${before} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${name} WHERE ${after} IS NULL AND ${before} IS NOT NULL LIMIT 5000);`),
			"-- in a later migration, once no release reads the old",
			`ALTER TABLE ${name} ${pairs.map(({ before }) => `DROP COLUMN ${before}`).join(", ")};`
		].join("\n")
	};
}
// src/rules/rename-enum/rule.ts
const rule$17 = {
	id: "rename-enum",
	title: "Renaming an enum or one of its labels breaks the release that is running",
	group: "application-compatibility",
	documentation: {
		summary: "The release that is running sends the old label and the old type name with its queries, and does not know the new label when it reads one. In schema.prisma a label can have a new name and keep the old one in the database (`@map`), and so can the enum (`@@map`): neither needs a migration.",
		bad: "ALTER TYPE \"Role\" RENAME VALUE 'GUEST' TO 'VISITOR';",
		good: "ALTER TYPE \"Role\" ADD VALUE 'VISITOR';"
	},
	judges: ({ running }) => running === void 0,
	about: ["rename-label", "rename-type"],
	check: (context) => context.running !== void 0 ? [] : [...changesOf(context, "rename-label").flatMap((located) => ofLabel(located, context)), ...changesOf(context, "rename-type").flatMap((located) => ofType(located, context))]
};
const why = "Instances of the old release go on until the last one is replaced, and a release that is rolled back would fail in the same way.";
function isNew(type, context) {
	return changesOf(context, "create-type").some(({ change }) => change.type.name === type);
}
function ofLabel({ statement, change }, context) {
	if (isNew(change.type, context)) return [];
	const type = relation(change.type, context);
	const moves = [...context.catalogBefore.relations.values()].flatMap((table) => table.kind === "table" ? [...table.columns.values()].flatMap((column) => column.type?.name === change.type ? [{
		table: table.name,
		column: column.name
	}] : []) : []).map(({ table, column }) => `UPDATE ${relation(table, context)} SET ${quoted(column)} = ${literal(change.to)} WHERE ${quoted(column)} = ${literal(change.from)};`);
	return [{
		statement,
		severity: "warning",
		message: `Renames the label ${literal(change.from)} of ${type} to ${literal(change.to)}: the running release fails when it writes the old label or reads the new one.`,
		why,
		instead: [
			`-- without a migration: the label gets its new name in schema.prisma, with @map("${change.from}")`,
			"-- else a second label, alone in a migration",
			`ALTER TYPE ${type} ADD VALUE ${literal(change.to)};`,
			"-- release an application that reads both and writes the new one; then, in a later migration",
			...moves.length > 0 ? moves : ["-- an UPDATE for each column of the type"]
		].join("\n")
	}];
}
function ofType({ statement, change }, context) {
	if (isNew(change.from, context) || context.catalogAfter.types.has(change.from)) return [];
	return [{
		statement,
		severity: "warning",
		message: `Renames the type ${relation(change.from, context)} to ${relation(change.to, context)}: queries of the running release that name it fail from then on.`,
		why: `Prisma Client casts the values of an enum to its type by name. ${why}`,
		instead: `Give the enum its new name in schema.prisma and keep the type, with @@map("${splitName(change.from).name}"): no migration is needed.`
	}];
}
// src/rules/rename-schema/rule.ts
const rule$16 = {
	id: "rename-schema",
	title: "Renaming a schema breaks whoever still uses the old name",
	group: "application-compatibility",
	documentation: {
		summary: "Every table, type and function of the schema has another name from then on: queries of the running release fail, and a connection URL with `?schema=` finds nothing. It is a good last step for a schema that nobody uses any more.",
		bad: "ALTER SCHEMA shop RENAME TO store;",
		good: "CREATE SCHEMA store;"
	},
	judges: ({ running }) => running === void 0,
	about: ["rename-schema"],
	check: (context) => context.running !== void 0 ? [] : changesOf(context, "rename-schema").flatMap(({ statement, change }) => {
		if (context.statements.some((one) => one.changes.some((other) => other.kind === "create-schema" && other.name === change.from))) return [];
		if (context.catalogAfter.schemas.has(change.from)) return [];
		return [{
			statement,
			severity: "warning",
			message: `Renames the schema ${quoted(change.from)} to ${quoted(change.to)}: every query that names something in ${quoted(change.from)} fails from then on.`,
			why: "That goes for the release that is running and for every connection URL and search_path with the old name.",
			instead: ["-- what is still used there; none of these may be needed by the release that is running", `SELECT relname, n_live_tup, seq_scan + coalesce(idx_scan, 0) AS reads FROM pg_stat_user_tables WHERE schemaname = '${change.from.replaceAll("'", "''")}';`].join("\n")
		}];
	})
};
// src/rules/rename-table/rule.ts
const rule$15 = {
	id: "rename-table",
	title: "Renaming a table breaks the release that is running",
	group: "application-compatibility",
	documentation: {
		summary: "From the moment a rename commits, every query with the old name fails, and the release that is running knows no other. A model can have a new name and keep its table (`@@map`), which needs no migration. Where the table itself has to be renamed, a view with the old name, made in the same transaction, keeps reads and writes of the old release working.",
		bad: "ALTER TABLE \"User\" RENAME TO \"Customer\";",
		good: "BEGIN;\nALTER TABLE \"User\" RENAME TO \"Customer\";\nCREATE VIEW \"User\" AS SELECT * FROM \"Customer\";\nCOMMIT;"
	},
	judges: ({ running }) => running === void 0,
	about: ["rename-table", "rename-view"],
	check: (context) => context.running !== void 0 ? [] : [...changesOf(context, "rename-table").flatMap((located) => remark$6(located, context)), ...changesOf(context, "rename-view").flatMap((located) => remark$6(located, context))]
};
function remark$6({ statement, change }, context) {
	const { from, to } = change;
	if (!isInUse(from, statement, context) || context.catalogAfter.relations.has(from)) return [];
	const before = relation(from, context);
	const after = relation(to, context);
	const table = context.catalogBefore.relations.get(from);
	const secured = table?.kind === "table" && table.rowSecurity ? " WITH (security_invoker = true)" : "";
	return [{
		statement,
		severity: "warning",
		message: `Renames ${before} to ${after}: every query of the running release on ${before} fails from then on.`,
		why: "Instances of the old release go on until the last one is replaced, and a release that is rolled back would fail in the same way.",
		instead: [
			`-- without a migration: the model gets its new name in schema.prisma, with @@map(${literal(splitName(from).name).replaceAll("'", "\"")})`,
			"-- else with a view under the old name, which takes reads and writes",
			"BEGIN;",
			`${statement.sql};`,
			`CREATE VIEW ${before}${secured} AS SELECT * FROM ${after};`,
			"COMMIT;",
			"-- in a later migration, once no release uses the old name",
			`DROP VIEW ${before};`
		].join("\n")
	}];
}
// src/rules/row-security-off/rule.ts
const rule$14 = {
	id: "row-security-off",
	title: "Rows that a policy kept from a role become visible, or invisible",
	group: "security",
	documentation: {
		summary: "DISABLE ROW LEVEL SECURITY shows every row to every role with a grant on the table, at once and to the release that is running. Dropping a policy takes away what it allowed, or, if it was restrictive, what it forbade. A policy that is replaced belongs in one transaction with its successor.",
		bad: "ALTER TABLE \"User\" DISABLE ROW LEVEL SECURITY;",
		good: "ALTER POLICY own_rows ON \"User\" USING (id = 1);"
	},
	looksInside: true,
	about: ["loses policy"],
	check: (context) => context.statements.flatMap((statement) => [...switchedOff(statement, context), ...dropped(statement, context)])
};
function switchedOff(statement, context) {
	return allOf(as(statement.node, "AlterTableStmt")?.cmds, "AlterTableCmd").flatMap((command, clause) => {
		const off = command.subtype === "AT_DisableRowSecurity";
		if (!off && command.subtype !== "AT_NoForceRowSecurity") return [];
		const table = statement.effects.loses.find((loss) => loss.kind === "policy")?.name.replace(/ row level security$/, "");
		if (table === void 0) return [];
		if (off && isOnAgain(table, statement, context)) return [];
		const name = relation(table, context);
		return [{
			statement,
			clause,
			severity: "warning",
			message: off ? `Switches row level security of ${name} off: every role with a grant on ${name} sees and changes all of its rows.` : `Frees the owner of ${name} from its policies: whoever signs in as the owner sees and changes all of its rows.`,
			why: off ? "The policies stay and do nothing. It takes effect at once, also for the release that is running." : "Applications often sign in with the role that also migrates, which is the owner.",
			instead: ["-- to let one role see more, a policy for it instead", `CREATE POLICY reporting_reads ON ${name} FOR SELECT TO reporting USING (true);`].join("\n")
		}];
	});
}
function isOnAgain(table, { index }, { statements }) {
	return statements.slice(index + 1).some(({ changes }) => changes.some((change) => change.kind === "table-flag" && change.table === table && change.set.rowSecurity === true));
}
function dropped(statement, context) {
	if (as(statement.node, "DropStmt")?.removeType !== "OBJECT_POLICY") return [];
	const lost = statement.effects.loses.filter((loss) => loss.kind === "policy").map((loss) => columnOf(loss.name));
	const remarks = [];
	for (const { table, column: policy } of lost) {
		const after = context.catalogAfter.relations.get(table);
		if (after?.kind === "table" ? after.policies.includes(policy) : context.catalogBefore.relations.has(table)) continue;
		if (replaced(table, policy, statement, context)) continue;
		const name = relation(table, context);
		const left = after?.kind === "table" ? after.policies : void 0;
		remarks.push({
			statement,
			severity: "warning",
			message: `Drops the policy ${quoted(policy)} of ${name}: ${left?.length === 0 ? `no policy is left, so that nobody but the owner sees a row` : "what it allowed is refused, and what it forbade, if it was restrictive, is allowed"}.`,
			why: `It takes effect at once, also for the release that is running.${left !== void 0 && left.length > 0 ? ` What is left: ${listed(left.map(quoted))}.` : ""}`,
			instead: ["-- what the policy says, to write its successor in the same transaction", `SELECT permissive, roles, cmd, qual, with_check FROM pg_policies WHERE policyname = '${policy.replaceAll("'", "''")}';`].join("\n")
		});
	}
	return remarks;
}
function replaced(table, policy, statement, context) {
	return context.statements.some((other) => other.changes.some((change) => change.kind === "add-policy" && change.table === table && (change.name === policy || other.index > statement.index)));
}
// src/rules/row-security-on/rule.ts
const rule$13 = {
	id: "row-security-on",
	title: "Row level security without a policy hides every row from the running release",
	group: "application-compatibility",
	documentation: {
		summary: "Once row level security is enabled, a role other than the owner of the table sees and writes only what a policy allows, and without a policy nothing: queries do not fail, they come back empty. Where the application signs in with a role of its own, the policies have to be there in the same transaction.",
		bad: "ALTER TABLE \"User\" ENABLE ROW LEVEL SECURITY;",
		good: "CREATE POLICY app ON \"User\" TO application USING (true);\nALTER TABLE \"User\" ENABLE ROW LEVEL SECURITY;"
	},
	looksInside: true,
	about: ["AlterTableStmt"],
	check: (context) => context.statements.flatMap((statement) => allOf(as(statement.node, "AlterTableStmt")?.cmds, "AlterTableCmd").flatMap((command, clause) => {
		const force = command.subtype === "AT_ForceRowSecurity";
		if (command.subtype !== "AT_EnableRowSecurity" && !force) return [];
		const table = statement.effects.locks[0]?.relation;
		if (table === void 0 || !isInUse(table, statement, context)) return [];
		const after = context.catalogAfter.relations.get(table);
		if ((after?.kind === "table" ? after.policies : []).length > 0 || after?.kind === "table" && !after.rowSecurity) return [];
		const name = relation(table, context);
		return [{
			statement,
			clause,
			severity: "warning",
			message: `Enables row level security of ${name} without a policy: ${force ? "every role, the owner too," : "every role but the owner"} finds the table empty from then on.`,
			why: "Queries of the running release do not fail, they return no rows, and inserts are refused.",
			instead: ["-- in front of it, in the same transaction, for the role that the application signs in with", `CREATE POLICY application_all ON ${name} TO application USING (true);`].join("\n")
		}];
	}))
};
// src/rules/security-definer-search-path/rule.ts
const rule$12 = {
	id: "security-definer-search-path",
	title: "A SECURITY DEFINER function finds its tables where its caller says",
	group: "security",
	documentation: {
		summary: "A SECURITY DEFINER function runs with the rights of its owner, but with the search_path of whoever calls it. A caller who may create objects anywhere can put a table or function of the same name in front, and the function uses it with the rights of the owner. A search_path of its own closes that (manual, CREATE FUNCTION, \"Writing SECURITY DEFINER Functions Safely\").",
		bad: "CREATE FUNCTION total() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM \"User\"';",
		good: "CREATE FUNCTION total() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT count(*) FROM \"User\"';"
	},
	looksInside: true,
	about: ["CreateFunctionStmt", "AlterFunctionStmt"],
	check: (context) => context.statements.flatMap((statement) => remark$5(statement, context))
};
function remark$5(statement, context) {
	const created = as(statement.node, "CreateFunctionStmt");
	const altered = as(statement.node, "AlterFunctionStmt");
	const options = allOf(created?.options ?? altered?.actions, "DefElem");
	const named = created === void 0 ? altered?.func?.objname ?? [] : created.funcname ?? [];
	if (!options.some((one) => one.defname === "security" && as(one.arg, "Boolean")?.boolval === true)) return [];
	if (created?.sql_body !== void 0 || options.some(setsPath)) return [];
	const name = strings(named);
	if (context.statements.some((other) => setsPathOf(name, other))) return [];
	const shown = name.map(quoted).join(".");
	const types = created === void 0 ? "" : typesOf(created);
	return [{
		statement,
		severity: "warning",
		message: `Lets ${shown} run with the rights of its owner and the search_path of its caller: a caller can make it use other tables and functions.`,
		why: "Names without a schema are looked up where the caller says, temporary tables first, and used with the rights of the owner.",
		instead: `ALTER FUNCTION ${shown}${types} SET search_path = ${quoted(context.schema)}, pg_temp;`
	}];
}
function setsPath(option) {
	const set = option.arg?.VariableSetStmt;
	return option.defname === "set" && set?.name === "search_path";
}
function setsPathOf(name, statement) {
	const altered = as(statement.node, "AlterFunctionStmt");
	if (altered === void 0 || strings(altered.func?.objname).at(-1) !== name.at(-1)) return false;
	return allOf(altered.actions, "DefElem").some(setsPath);
}
function typesOf(created) {
	const parameters = allOf(created.parameters, "FunctionParameter").filter((one) => one.mode !== "FUNC_PARAM_TABLE" && one.mode !== "FUNC_PARAM_OUT");
	const types = parameters.map((one) => strings(one.argType?.names).filter((part) => part !== "pg_catalog").map(quoted).join("."));
	return parameters.some((one) => (one.argType?.arrayBounds ?? []).length > 0) ? "" : `(${types.join(", ")})`;
}
// src/rules/sequence-starts-over/rule.ts
const rule$11 = {
	id: "sequence-starts-over",
	title: "A sequence that starts behind the rows that are there hands out their numbers again",
	group: "data-dependent",
	documentation: {
		summary: "A sequence knows nothing of the values in its column. Made an identity or given a new sequence, a column with rows gets 1, 2, 3 again, and rows that a migration inserts with their own numbers are met by the sequence later: inserts of the application then fail as duplicates, one after the other. setval() after the largest value prevents it.",
		bad: "ALTER TABLE \"User\" ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;",
		good: "ALTER TABLE \"User\" ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;\nSELECT setval(pg_get_serial_sequence('\"User\"', 'id'), (SELECT max(id) FROM \"User\"));"
	},
	looksInside: true,
	about: ["alter-column", "InsertStmt"],
	check: (context) => {
		const said = saidIn(context);
		return [...newSequences(said, context), ...insertedNumbers(said, context)];
	}
};
function newSequences(said, context) {
	return changesOf(context, "alter-column").flatMap(({ statement, change }) => {
		const { set, table, name: column, clause, known } = change;
		if (set.sequence === void 0 || known?.sequence === set.sequence || !isInUse(table, statement, context)) return [];
		if (!(set.identity === true || context.catalogAfter.relations.get(set.sequence)?.createdBy === context.migration) || known?.createdBy === context.migration || isStartSaid(statement, said)) return [];
		return [remark$4({
			statement,
			clause,
			table,
			column,
			message: `Numbers ${quoted(column)} of ${relation(table, context)} from a new sequence, which starts at 1: inserts fail as duplicates where the rows have those numbers.`
		}, context)];
	});
}
function insertedNumbers(said, context) {
	return groupedBy(context.statements.flatMap((statement) => {
		const found = numberedInsert(statement, context);
		return found === void 0 ? [] : [{
			statement,
			...found
		}];
	}), ({ table }) => table, context).flatMap((group) => {
		const [{ statement, table, column }] = group;
		if (isStartSaid(group.at(-1)?.statement ?? statement, said)) return [];
		return [remark$4({
			statement,
			clause: void 0,
			table,
			column,
			message: `Inserts rows into ${relation(table, context)} with their own ${quoted(column)}: when its sequence comes to those numbers, inserts of the application fail as duplicates.`
		}, context)];
	});
}
function numberedInsert(statement, context) {
	const node = as(statement.node, "InsertStmt");
	const range = node?.relation;
	if (node === void 0 || range === void 0) return void 0;
	const table = `${range.schemaname ?? context.schema}.${range.relname ?? ""}`;
	const after = context.catalogAfter.relations.get(table);
	if (after?.kind !== "table") return void 0;
	const key = after.constraints.find((one) => one.kind === "primary")?.columns ?? [];
	const columns = node.cols === void 0 ? [...after.columns.keys()] : allOf(node.cols, "ResTarget").map((one) => one.name ?? "");
	const at = columns.findIndex((column) => key.includes(column) && after.columns.get(column)?.sequence !== void 0);
	const column = columns[at];
	const rows = allOf(as(node.selectStmt, "SelectStmt")?.valuesLists, "List");
	return column !== void 0 && rows.some((row) => isPositive(row.items?.[at])) ? {
		table,
		column
	} : void 0;
}
function isPositive(value) {
	return (as(value, "A_Const")?.ival?.ival ?? 0) > 0;
}
const start = /\bstart\s+(with\s+)?\d+/i;
function saidIn({ statements }) {
	const last = statements.findLastIndex(({ sql }) => /\brestart\s+with\b|\bsetval\s*\(/i.test(sql));
	return {
		atCreation: statements.some(({ kind, sql }) => kind === "CreateSeqStmt" && start.test(sql)),
		last
	};
}
function isStartSaid(statement, { atCreation, last }) {
	return atCreation || last > statement.index || start.test(statement.sql);
}
function remark$4({ statement, clause, table, column, message }, context) {
	const name = relation(table, context);
	return {
		statement,
		clause,
		severity: "warning",
		message,
		why: "A sequence counts what it has handed out and looks at no row; each failed insert takes it one number further.",
		instead: ["-- behind it, in the same migration", `SELECT setval(pg_get_serial_sequence(${literal(name)}, ${literal(column)}), (SELECT coalesce(max(${quoted(column)}), 0) + 1 FROM ${name}), false);`].join("\n")
	};
}
// src/rules/server-wide-statement/rule.ts
const rule$10 = {
	id: "server-wide-statement",
	title: "Roles, databases and server settings are outside of what a backup of the database holds",
	group: "irreversible",
	documentation: {
		summary: "Roles, databases, tablespaces and ALTER SYSTEM belong to the whole server: other databases on it are affected, a dump of this database does not contain them, and restoring it does not take them back. Managed services mostly refuse them. They belong in the tool that sets up the server.",
		bad: "CREATE ROLE reporting LOGIN SUPERUSER;",
		good: "GRANT SELECT ON \"User\" TO reporting;"
	},
	looksInside: true,
	about: [
		"CreateRoleStmt",
		"AlterRoleStmt",
		"DropRoleStmt",
		"DropdbStmt",
		"CreatedbStmt",
		"AlterSystemStmt"
	],
	check: (context) => context.statements.flatMap((statement) => {
		const what = whatOf(statement);
		if (what === void 0) return [];
		return [{
			statement,
			severity: what.severity,
			message: `${what.message} on the whole server, for all of its databases.`,
			why: "It is not part of a backup of this database, and neither an undo nor a restore takes it back. The role that migrates rarely may do it.",
			instead: "Do it where the server is set up (its provisioning code, or once by hand as an administrator), and grant in the migration only what the roles may do here."
		}];
	})
};
function whatOf({ node }) {
	const created = as(node, "CreateRoleStmt");
	const altered = as(node, "AlterRoleStmt");
	const role = created?.role ?? altered?.role?.rolename;
	if (role !== void 0) {
		const power = allOf(created?.options ?? altered?.options, "DefElem").filter((one) => one.defname === "superuser" || one.defname === "bypassrls").filter((one) => as(one.arg, "Boolean")?.boolval === true).length > 0 ? ", with rights that no grant and no policy limits," : "";
		return {
			message: `${created === void 0 ? "Changes" : "Creates"} the role ${quoted(role)}${power}`,
			severity: "warning"
		};
	}
	if (as(node, "DropRoleStmt") !== void 0) return {
		message: "Drops a role",
		severity: "warning"
	};
	const database = as(node, "DropdbStmt")?.dbname;
	if (database !== void 0) return {
		message: `Drops the database ${quoted(database)} with everything in it`,
		severity: "error"
	};
	const made = as(node, "CreatedbStmt")?.dbname;
	if (made !== void 0) return {
		message: `Creates the database ${quoted(made)}`,
		severity: "warning"
	};
	const setting = as(node, "AlterSystemStmt")?.setstmt?.name;
	if (as(node, "AlterSystemStmt") !== void 0) return {
		message: `Changes the setting ${setting ?? "of every name"}`,
		severity: "warning"
	};
}
// src/rules/session-setting-stays/rule.ts
const rule$9 = {
	id: "session-setting-stays",
	title: "A setting goes on to the migrations after this one, or takes a protection away",
	group: "transaction",
	documentation: {
		summary: "Prisma runs all pending migrations in one session, so a SET without LOCAL holds for those after it too, and for the records that Prisma keeps. An emptied search_path (as pg_dump writes it) makes them miss their tables; session_replication_role = replica switches foreign keys and triggers off; lock_timeout = 0 lets a waiting statement queue every query behind it without end.",
		bad: "SET session_replication_role = 'replica';\nUPDATE \"User\" SET \"name\" = 'x' WHERE id = 1;",
		good: "SET lock_timeout = '2s';\nALTER TABLE \"User\" ADD COLUMN \"note\" TEXT;"
	},
	about: ["VariableSetStmt", "SelectStmt"],
	check: (context) => context.statements.flatMap((statement) => remark$3(statement, context))
};
function remark$3(statement, context) {
	const setting = settingOf(statement);
	if (setting === void 0) return [];
	const { name, value, local } = setting;
	if (name === "session_replication_role" && value !== "origin") return [{
		statement,
		severity: "warning",
		message: `Switches foreign keys and triggers off (session_replication_role = ${value}): rows written from here on are not checked${local || isReset(name, statement, context) ? "" : ", in the migrations after this one too"}.`,
		why: "PostgreSQL takes foreign keys for proven and never checks them again, so a row without its parent stays unnoticed. Only a superuser may set it.",
		instead: ["-- what has no parent, to be found before and after, for each foreign key", "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'f';"].join("\n")
	}];
	if (name === "lock_timeout" && /^0(\s*\w+)?$/.test(value)) return [{
		statement,
		severity: "warning",
		message: `Waits for locks without end (${name} = ${value}): while a statement waits, every query on its table queues behind it.`,
		why: "A lock that is waited for stops also those who come later, reads included; the time limit that the deploy sets is taken away by this.",
		instead: `-- the limit of the deploy holds without this line; another one for this file\nSET lock_timeout = '2s';`
	}];
	if (local || !matters.has(name) || isReset(name, statement, context)) return [];
	return [{
		statement,
		severity: "warning",
		message: `Sets ${name === "role" ? "the role" : name} for the session: the migrations after this one run with it too${name === "search_path" ? ", and do not find their tables where they expect them" : ""}.`,
		why: "Prisma runs all pending migrations, and writes its own records, in one session; SET lasts until the session ends.",
		instead: `RESET ${name};\n-- as the last statement of the file, or SET LOCAL between BEGIN and COMMIT`
	}];
}
const matters = /* @__PURE__ */ new Set([
	"search_path",
	"role",
	"session_authorization",
	"row_security",
	"default_transaction_read_only"
]);
function settingOf(statement) {
	const set = as(statement.node, "VariableSetStmt");
	if (set?.kind === "VAR_SET_VALUE") {
		const constant = as(set.args?.[0], "A_Const");
		const value = constant?.sval?.sval ?? String(constant?.ival?.ival ?? (constant?.ival === void 0 ? "" : 0));
		return {
			name: set.name ?? "",
			value,
			local: set.is_local === true
		};
	}
	const call = as(as(as(statement.node, "SelectStmt")?.targetList?.[0], "ResTarget")?.val, "FuncCall");
	if (call === void 0 || strings(call.funcname).at(-1) !== "set_config") return void 0;
	const [name, value, local] = (call.args ?? []).map((argument) => as(argument, "A_Const"));
	return {
		name: name?.sval?.sval ?? "",
		value: value?.sval?.sval ?? "",
		local: local?.boolval?.boolval === true
	};
}
function isReset(name, statement, context) {
	return context.statements.slice(statement.index + 1).some((later) => {
		const set = as(later.node, "VariableSetStmt");
		if (later.kind === "DiscardStmt" || set?.kind === "VAR_RESET_ALL") return true;
		return set?.name === name && (set.kind === "VAR_RESET" || set.kind === "VAR_SET_DEFAULT");
	});
}
// src/rules/set-local-without-transaction/rule.ts
const rule$8 = {
	id: "set-local-without-transaction",
	title: "SET LOCAL protects nobody where each statement is a transaction of its own",
	group: "transaction",
	documentation: {
		summary: "SET LOCAL, SET CONSTRAINTS and SET TRANSACTION hold until the transaction ends. From Prisma 7.4 on each statement of a file is a transaction of its own, so that nothing comes after them: PostgreSQL gives a warning that nobody sees, and a lock_timeout that was set this way limits nothing. Between BEGIN and COMMIT they do what they say.",
		bad: "SET LOCAL lock_timeout = '1s';\nALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;",
		good: "BEGIN;\nSET LOCAL lock_timeout = '1s';\nALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;\nCOMMIT;"
	},
	check: ({ statements, execution }) => (execution?.stray ?? []).flatMap(({ statement: index, what, fails }) => {
		const statement = statements[index];
		if (fails || statement === void 0) return [];
		return [{
			statement,
			severity: "warning",
			message: `${what} has no effect here: no transaction is open.`,
			why: `${execution?.because ?? ""} What it was meant to protect runs without it.`,
			instead: `BEGIN;\n${statement.sql};\n-- the statements that it is for\nCOMMIT;`
		}];
	})
};
// src/rules/set-not-null/rule.ts
const rule$7 = {
	id: "set-not-null",
	title: "SET NOT NULL stops reads and writes while every row is checked",
	group: "lock",
	documentation: {
		summary: "SET NOT NULL reads the whole table under ACCESS EXCLUSIVE and fails on the first row without a value. A CHECK that was added NOT VALID and validated while others work proves the same, and SET NOT NULL then reads nothing.",
		bad: "ALTER TABLE \"User\" ALTER COLUMN \"name\" SET NOT NULL;",
		good: "ALTER TABLE \"User\" ADD CONSTRAINT \"User_name_not_null\" CHECK (\"name\" IS NOT NULL) NOT VALID;"
	},
	growsWithTable: true,
	about: ["alter-column"],
	check: (context) => {
		return groupedBy(changesOf(context, "alter-column").filter(({ statement, change: { scans, table } }) => scans === true && isInUse(table, statement, context) && !isEmpty(table, statement, context)), ({ change }) => change.table, context).map((group) => remark$2(group, context));
	}
};
function remark$2(group, context) {
	const [{ statement, change }] = group;
	const name = relation(change.table, context);
	const columns = group.map((one) => one.change.name);
	const empty = columns.map((column) => `${quoted(column)} IS NULL`).join(" OR ");
	return {
		statement,
		relation: change.table,
		clause: change.clause,
		severity: "warning",
		mayFail: true,
		message: `Makes ${listed(columns.map(quoted))} of ${name} required${atLines(group)}: nobody can read or write ${name} until every row has been checked, and it fails if one has no value.`,
		why: `The lock (ACCESS EXCLUSIVE) is taken before the rows are read and is held until the transaction ends. Inserts of the running release that leave ${columns.length > 1 ? "one of them" : "the column"} out fail afterwards.`,
		instead: [
			"-- what must come out zero",
			`SELECT count(*) FROM ${name} WHERE ${empty};`,
			...requireSteps(name, columns, change.table)
		].join("\n")
	};
}
// src/rules/table-rewrite/rule.ts
const rule$6 = {
	id: "table-rewrite",
	title: "The whole table is written anew while nobody can use it",
	group: "rewrite",
	documentation: {
		summary: "A new column with a default that differs from row to row (gen_random_uuid(), a serial, an identity, a stored expression) makes PostgreSQL write every row anew under ACCESS EXCLUSIVE; so do SET LOGGED, SET UNLOGGED, CLUSTER and VACUUM FULL. A constant default, and now(), costs nothing.",
		bad: "ALTER TABLE \"User\" ADD COLUMN \"token\" UUID NOT NULL DEFAULT gen_random_uuid();",
		good: "ALTER TABLE \"User\" ADD COLUMN \"token\" UUID;"
	},
	growsWithTable: true,
	about: ["rewrites"],
	check: (context) => context.statements.flatMap((statement) => remarks(statement, context))
};
function remarks(statement, context) {
	const tables = statement.effects.rewrites.filter((table) => isInUse(table, statement, context) && !isEmpty(table, statement, context));
	const emptied = statement.effects.loses.filter((loss) => loss.kind === "rows").map((loss) => loss.name);
	if (tables.every((table) => emptied.includes(table)) || statement.kind === "TruncateStmt" || statement.kind === "RefreshMatViewStmt") return [];
	if (statement.changes.some((change) => change.kind === "alter-column" && change.typeChange !== void 0)) return [];
	const columns = statement.changes.filter((change) => change.kind === "add-column" && change.filledBy !== "none" && change.filledBy !== "constant");
	if (columns.length > 0) return columns.map((change) => forColumn(statement, change, context));
	return [{
		statement,
		relation: tables.length === 1 ? tables[0] : void 0,
		severity: "warning",
		message: `Writes ${relations(tables, context)} anew: nobody can read or write ${tables.length > 1 ? "them" : "it"} until that is done.`,
		why: "The whole table and its indexes are copied under ACCESS EXCLUSIVE, which needs as much free disk again.",
		instead: "Run it when nobody uses the table, with a lock_timeout; where it is to win back space, pg_repack does it while everybody works on."
	}];
}
function forColumn(statement, change, context) {
	const table = relation(change.table, context);
	const column = quoted(change.column.name);
	const type = typeText(change.column.type, context);
	const sequence = relation(`${change.table}_${change.column.name}_seq`, context);
	const next = `nextval(${literal(sequence)})`;
	const filled = change.filledBy === "sequence" ? next : defaultText(clauseText(statement, change.clause));
	const key = keyOf(change.table, context.catalogBefore);
	const reason = change.filledBy === "none" || change.filledBy === "constant" ? "" : {
		volatile: `its default is evaluated for every row`,
		sequence: "every row gets its own number",
		generated: "its value is computed and stored for every row"
	}[change.filledBy];
	return {
		statement,
		clause: change.clause,
		relation: change.table,
		severity: "warning",
		message: `Adds ${column} to ${table} and writes the whole table anew: nobody can read or write ${table} meanwhile.`,
		why: `PostgreSQL cannot keep one value for all rows, because ${reason}; the lock (ACCESS EXCLUSIVE) is held until the transaction ends.`,
		instead: change.filledBy === "generated" ? [
			`ALTER TABLE ${table} ADD COLUMN ${column} ${type};`,
			"-- kept by the application or a trigger; then fill it, repeated until no row is changed",
			`UPDATE ${table} SET ${column} = … WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${table} WHERE ${column} IS NULL LIMIT 5000);`
		].join("\n") : [
			`ALTER TABLE ${table} ADD COLUMN ${column} ${type};`,
			...change.filledBy === "sequence" ? [`CREATE SEQUENCE ${sequence} OWNED BY ${table}.${column};`] : [],
			`ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${filled};`,
			"-- in the next migration, repeated until no row is changed",
			`UPDATE ${table} SET ${column} = ${filled} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${table} WHERE ${column} IS NULL LIMIT 5000);`
		].join("\n")
	};
}
function defaultText(clause) {
	return (/\bdefault\s+([\s\S]+)$/i.exec(clause)?.[1] ?? "DEFAULT").replace(/\s+(not\s+null|null|unique|primary\s+key|check|references|constraint)\b[\s\S]*$/i, "").trim();
}
// src/rules/table-without-row-security/rule.ts
const rule$5 = {
	id: "table-without-row-security",
	title: "A new table is open where the tables beside it are secured by row",
	group: "security",
	documentation: {
		summary: "Where tables of a schema have row level security, roles sign in that must not see every row. A new table starts without it, and default privileges often grant it to the same roles: all of its rows are open to them until somebody notices. The same goes for a policy on a table where row level security is not enabled: it does nothing.",
		bad: "ALTER TABLE \"User\" ENABLE ROW LEVEL SECURITY;\nCREATE TABLE \"Note\" (id INT PRIMARY KEY);",
		good: "ALTER TABLE \"User\" ENABLE ROW LEVEL SECURITY;\nCREATE TABLE \"Note\" (id INT PRIMARY KEY);\nALTER TABLE \"Note\" ENABLE ROW LEVEL SECURITY;"
	},
	about: ["create-table", "add-policy"],
	check: (context) => [...openTables(context), ...idlePolicies(context)]
};
function openTables(context) {
	const created = changesOf(context, "create-table");
	if (created.length === 0 || context.catalogAfter.relations.secured.size === 0) return [];
	const secured = /* @__PURE__ */ new Map();
	for (const name of context.catalogAfter.relations.secured) {
		const { schema } = splitName(name);
		secured.set(schema, [...secured.get(schema) ?? [], name]);
	}
	return created.flatMap(({ statement, change }) => {
		const table = context.catalogAfter.relations.get(change.table.name);
		const beside = secured.get(splitName(change.table.name).schema) ?? [];
		if (table?.kind !== "table" || table.rowSecurity || table.parents.length > 0 || beside.length === 0) return [];
		const name = relation(table.name, context);
		return [{
			statement,
			severity: "warning",
			message: `Creates ${name} without row level security, which ${listed(beside.slice(0, 3).map((one) => relation(one, context)))}${beside.length > 3 ? " and others" : ""} beside it ${beside.length === 1 ? "has" : "have"}: every role with a grant sees all of its rows.`,
			why: "Default privileges may grant the new table to the roles that the policies of the other tables are for.",
			instead: [
				`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`,
				`-- without a policy only the owner sees a row`,
				`CREATE POLICY own_rows ON ${name} USING (current_setting('app.user_id', true) IS NOT NULL);`
			].join("\n")
		}];
	});
}
function idlePolicies(context) {
	return context.statements.flatMap((statement) => statement.changes.flatMap((change) => {
		if (change.kind !== "add-policy" || statement.kind !== "CreatePolicyStmt") return [];
		const table = context.catalogAfter.relations.get(change.table);
		if (table?.kind !== "table" || table.rowSecurity) return [];
		const name = relation(change.table, context);
		return [{
			statement,
			severity: "warning",
			message: `Creates a policy for ${name}, whose row level security is not enabled: the policy does nothing.`,
			why: "Policies are kept and ignored until row level security is enabled for the table.",
			instead: `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`
		}];
	}));
}
// src/rules/unknown-effect/rule.ts
const rule$4 = {
	id: "unknown-effect",
	title: "What this statement does cannot be told from the migration",
	group: "unknown",
	documentation: {
		summary: "SQL that is put together while it runs, functions and procedures whose bodies no migration contains, and tables that no migration created leave a part of the effect open. Airlock never takes that for harmless: somebody has to look, or a rehearsal on real data has to show it.",
		bad: "DO $$ DECLARE t text := current_setting('app.unused'); BEGIN EXECUTE format('DROP TABLE %I', t); END $$;",
		good: "ALTER TABLE \"User\" RENAME TO \"User_unused\";"
	},
	about: ["unknown"],
	check: (context) => context.statements.filter((statement) => statement.effects.unknown && !isToldByType(statement, context)).map((statement) => ({
		statement,
		severity: "warning",
		mayFail: true,
		message: `What this statement does cannot be told: ${statement.effects.unknownBecause ?? "no reason was recorded"}.`,
		why: "A part that is not known is never counted as harmless: it may lock, rewrite or delete more than is listed.",
		instead: instead(statement)
	}))
};
function isToldByType({ effects, changes }, { settings }) {
	if (settings["change-column-type"] === "off") return false;
	const doubts = changes.flatMap((change) => change.kind === "alter-column" ? change.typeChange?.doubt ?? [] : []);
	const reasons = effects.unknownBecause?.split("; ") ?? [];
	return doubts.length > 0 && reasons.every((reason) => doubts.some((doubt) => reason.endsWith(doubt)));
}
function instead(statement) {
	switch (statement.kind) {
		case "DoStmt": return "Write the text that is computed as statements of the block or of the migration itself; IF EXISTS and IF NOT EXISTS often replace conditions.";
		case "InsertStmt":
		case "UpdateStmt":
		case "DeleteStmt":
		case "MergeStmt": return "Read the functions and triggers that it calls, then let the rehearsal on a copy of the data show what they do.";
		case "AlterTableStmt":
		case "DropStmt": return "Put a migration that creates the missing objects in front, as a baseline (`prisma migrate diff --from-empty … --script`), so that their keys and types are known.";
		default: return "Let the rehearsal on a copy of the data show what it does before it is approved.";
	}
}
// src/rules/unlogged-table/rule.ts
const rule$3 = {
	id: "unlogged-table",
	title: "An UNLOGGED table is empty after a crash and on every replica",
	group: "destructive",
	documentation: {
		summary: "PostgreSQL does not write the rows of an UNLOGGED table to the write-ahead log: after a crash or a failover the table is empty, replicas never have its rows, and a physical backup restores it empty. That suits a cache and nothing else.",
		bad: "ALTER TABLE \"User\" SET UNLOGGED;",
		good: "ALTER TABLE \"User\" SET (fillfactor = 90);"
	},
	looksInside: true,
	about: ["CreateStmt", "AlterTableStmt"],
	check: (context) => context.statements.flatMap((statement) => {
		if ((as(statement.node, "CreateStmt")?.relation)?.relpersistence === "u") {
			const made = statement.changes.find((change) => change.kind === "create-table");
			if (made?.kind !== "create-table") return [];
			const name = relation(made.table.name, context);
			return [{
				statement,
				severity: "notice",
				message: `Creates ${name} UNLOGGED: its rows are gone after a crash or a failover.`,
				why: "They are not in the write-ahead log, so neither recovery nor a replica nor a physical backup has them.",
				instead: `ALTER TABLE ${name} SET LOGGED;`
			}];
		}
		const clause = allOf(as(statement.node, "AlterTableStmt")?.cmds, "AlterTableCmd").findIndex((command) => command.subtype === "AT_SetUnLogged");
		const table = clause < 0 ? void 0 : statement.effects.locks[0]?.relation;
		if (table === void 0 || !isInUse(table, statement, context)) return [];
		const known = context.catalogBefore.relations.get(table);
		if (known?.kind === "table" && known.unlogged) return [];
		return [{
			statement,
			clause,
			severity: "error",
			message: `Makes ${relation(table, context)} UNLOGGED: all of its rows are gone after the next crash or failover, and on every replica at once.`,
			why: "They are no longer in the write-ahead log, so neither recovery nor a replica nor a physical backup has them.",
			instead: `-- to write less for a while, for this session only, and only where the last commits may be lost in a crash\nSET synchronous_commit = off;`
		}];
	})
};
// src/rules/update-all-rows/rule.ts
const rule$2 = {
	id: "update-all-rows",
	title: "One UPDATE of many rows keeps all of them locked until it is done",
	group: "lock",
	documentation: {
		summary: "Every row that an UPDATE changes stays locked until the transaction ends, is written anew in full with its index entries, and leaves a dead copy: the table can double. In batches of some thousand rows, each committed on its own, the application waits for none of it, and a failure loses one batch.",
		bad: "UPDATE \"User\" SET \"name\" = trim(\"name\");",
		good: "UPDATE \"User\" SET \"name\" = trim(\"name\") WHERE id IN (SELECT id FROM \"User\" WHERE \"name\" <> trim(\"name\") LIMIT 5000);"
	},
	growsWithTable: true,
	about: ["UpdateStmt"],
	check: (context) => {
		const told = new Set(transactionsOf(context).filter((one) => firstWorkUnderLock(one, context) !== void 0).flat());
		return groupedBy(context.statements.flatMap((statement) => told.has(statement) ? [] : updateOf(statement, context) ?? []), ({ table }) => table, context).map((group) => remark$1(group, context));
	}
};
function updateOf(statement, context) {
	const node = as(statement.node, "UpdateStmt");
	const table = statement.effects.locks.find((lock) => lock.mode === "RowExclusiveLock")?.relation;
	if (node === void 0 || table === void 0 || !isInUse(table, statement, context)) return void 0;
	if (isEmpty(table, statement, context)) return void 0;
	const touched = rowsTouched(node.whereClause, table, context.catalogBefore);
	if (touched === "few" || touched === "matching" && filters(node.whereClause)) return void 0;
	return {
		statement,
		table,
		every: touched === "all"
	};
}
function remark$1(group, context) {
	const [{ statement, table }] = group;
	const name = relation(table, context);
	const key = keyOf(table, context.catalogBefore);
	const every = group.some((update) => update.every);
	const how = group.length > 1 ? `, ${group.length} times over${atLines(group)}` : " in one statement";
	return {
		statement,
		relation: table,
		severity: "warning",
		message: every ? `Changes every row of ${name}${how}: whoever wants to change one waits until all are done.` : `Changes all rows of ${name} that match${how}: whoever wants to change one of them waits until all are done.`,
		why: "The rows stay locked until the transaction ends, and each leaves a dead copy in the table and in its indexes.",
		instead: [...new Set(group.map((update) => batched(update.statement, name, key)))].join("\n")
	};
}
function filters(where) {
	return conjunctsOf(where).some((condition) => {
		const test = as(condition, "A_Expr");
		return test !== void 0 && (columnNamed(test.lexpr) === void 0 || columnNamed(test.rexpr) === void 0);
	});
}
function batched(statement, name, key) {
	const text = updateText(statement.sql);
	if (text === void 0 || text.from !== void 0) return `Take some thousand rows of ${name} at a time (${columnList(key)} between two values), each batch in a transaction of its own, by a job outside of the migration.`;
	const condition = text.where === void 0 ? "" : `(${text.where}) AND `;
	return ["-- by a job outside of the migration, each batch on its own, going on from the last key of the one before", `${text.head} WHERE ${condition}${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${name} WHERE ${rowOf(key)} > (…) ORDER BY ${columnList(key)} LIMIT 5000);`].join("\n");
}
// src/rules/use-new-enum-value/rule.ts
const rule$1 = {
	id: "use-new-enum-value",
	title: "A label cannot be used in the transaction that adds it",
	group: "transaction",
	documentation: {
		summary: "PostgreSQL lets ALTER TYPE … ADD VALUE run in a transaction, but refuses every use of the label until that has been committed (55P04, unsafe use of new value). As a default, in an UPDATE or in an INSERT it makes the whole migration fail, so the label belongs in a migration of its own before.",
		bad: "ALTER TYPE \"Role\" ADD VALUE 'OWNER';\nALTER TABLE \"User\" ALTER COLUMN \"role\" SET DEFAULT 'OWNER';",
		good: "ALTER TYPE \"Role\" ADD VALUE 'OWNER';"
	},
	about: ["add-label"],
	check: (context) => transactionsOf(context).flatMap((statements) => inTransaction(statements, context))
};
function inTransaction(statements, context) {
	const remarks = [];
	for (const [at, statement] of statements.entries()) for (const change of statement.changes) {
		if (change.kind !== "add-label") continue;
		const use = statements.slice(at + 1).find((later) => uses(later, change, context));
		if (use === void 0) continue;
		const isNew = madeBefore(change.type, statements.slice(0, at));
		remarks.push(isNew ? ofNewType(statement, change, use, context) : remark(statement, change, use, context));
	}
	return remarks;
}
function madeBefore(type, earlier) {
	return earlier.some(({ changes }) => changes.some((one) => one.kind === "create-type" && one.type.name === type));
}
function uses(statement, { type, label }, context) {
	if (statement.kind === "CreateFunctionStmt" || statement.kind === "AlterEnumStmt" || statement.kind === "CommentStmt") return false;
	let says = false;
	let names = false;
	const { schema, name } = splitName(type);
	for (const { kind, node } of walk(statement.node)) {
		if (kind === "A_Const") says = says || node.sval?.sval === label;
		if (kind === "RangeVar") names = names || hasColumnOf(type, `${node.schemaname ?? context.schema}.${node.relname}`, context);
	}
	if (!says) says = JSON.stringify(statement.node).includes(`"sval":{"sval":${JSON.stringify(label)}}`);
	if (!says) return false;
	return names || mentionsType(statement.node, schema, name) || touches(statement, type, context);
}
function hasColumnOf(type, table, context) {
	const before = context.catalogBefore.relations.get(table);
	const after = context.catalogAfter.relations.get(table);
	if (before === void 0 && after === void 0) return !context.catalogBefore.complete;
	return [before, after].some((one) => columnsOf(one).some((column) => column === type));
}
function columnsOf(relation) {
	return relation?.kind === "table" ? [...relation.columns.values()].map((column) => column.type?.name ?? "") : [];
}
function mentionsType(node, schema, name) {
	for (const { kind, node: inner } of walk({ node })) {
		const parts = kind === "TypeName" ? strings(inner.names) : typeNamesOf(inner);
		if (parts.at(-1) === name && (parts.length === 1 || parts.at(-2) === schema)) return true;
	}
	return false;
}
function typeNamesOf(node) {
	const type = node.typeName;
	return strings(type?.names);
}
function touches(statement, type, context) {
	return statement.effects.locks.some((lock) => hasColumnOf(type, lock.relation, context));
}
function remark(statement, { type, label }, use, context) {
	return {
		statement: use,
		severity: "error",
		message: `Uses the label ${literal(label)} of ${relation(type, context)} in the transaction that adds it (line ${statement.range.line}): the migration fails.`,
		why: "PostgreSQL refuses a new label until the transaction that added it is committed (55P04, unsafe use of new value).",
		instead: [
			"-- alone in a migration before this one",
			`${statement.sql};`,
			"-- what uses the label stays in this one",
			`${use.sql};`
		].join("\n")
	};
}
function ofNewType(statement, { type, label }, use, context) {
	return {
		statement: use,
		severity: "warning",
		message: `Uses the label ${literal(label)} of ${relation(type, context)} in the transaction that adds it (line ${statement.range.line}): up to PostgreSQL 16 the migration fails.`,
		why: "Before version 17 a label that was added in the same transaction is refused (55P04), also where the type itself is new.",
		instead: `Write ${literal(label)} into the CREATE TYPE of ${relation(type, context)} and leave line ${statement.range.line} out.`
	};
}
// src/rules/view-bypasses-row-security/rule.ts
const rule = {
	id: "view-bypasses-row-security",
	title: "A view reads with the rights of its owner, past the policies of its tables",
	group: "security",
	documentation: {
		summary: "A view looks at its tables as the role that owns the view, not as the one that asks. Where the tables have row level security and the owner is not bound by it, whoever may read the view sees every row. `security_invoker` (since version 15) lets the policies go for the one that asks; a materialized view has no such option and needs its grants kept close.",
		bad: "ALTER TABLE \"User\" ENABLE ROW LEVEL SECURITY;\nCREATE VIEW people AS SELECT id, name FROM \"User\";",
		good: "ALTER TABLE \"User\" ENABLE ROW LEVEL SECURITY;\nCREATE VIEW people WITH (security_invoker = true) AS SELECT id, name FROM \"User\";"
	},
	looksInside: true,
	about: ["create-view"],
	check: (context) => changesOf(context, "create-view").flatMap(({ statement, change: { view } }) => {
		if (invokes(as(statement.node, "ViewStmt")?.options)) return [];
		const secured = view.reads.filter((name) => {
			const table = context.catalogAfter.relations.get(name);
			return table?.kind === "table" && table.rowSecurity;
		});
		if (secured.length === 0) return [];
		const name = relation(view.name, context);
		if (context.statements.some((other) => other.index > statement.index && /security_invoker/i.test(other.sql) && other.sql.includes(view.name.slice(view.name.indexOf(".") + 1)))) return [];
		return [{
			statement,
			severity: "warning",
			message: `Lets ${name} read ${relations(secured, context)} as the owner of the view: whoever may read ${name} sees rows that policies keep from them.`,
			why: "Row level security is applied for the owner of a view, who mostly owns the tables too and is not bound by it.",
			instead: view.kind === "view" ? `ALTER VIEW ${name} SET (security_invoker = true);` : ["-- only those who may see every row", `REVOKE ALL ON ${name} FROM PUBLIC;`].join("\n")
		}];
	})
};
function invokes(options) {
	return allOf(options, "DefElem").some((option) => {
		if (option.defname !== "security_invoker") return false;
		return option.arg === void 0 || /^(true|on|yes|1)$/i.test(as(option.arg, "String")?.sval ?? String(as(option.arg, "Integer")?.ival ?? ""));
	});
}
// src/rules/index.ts
const rules = [
	rule$58,
	rule$57,
	rule$56,
	rule$55,
	rule$54,
	rule$53,
	rule$52,
	rule$51,
	rule$50,
	rule$49,
	rule$48,
	rule$47,
	rule$46,
	rule$45,
	rule$44,
	rule$43,
	rule$42,
	rule$41,
	rule$40,
	rule$39,
	rule$38,
	rule$37,
	rule$36,
	rule$35,
	rule$34,
	rule$33,
	rule$32,
	rule$31,
	rule$30,
	rule$29,
	rule$28,
	rule$27,
	rule$25,
	rule$26,
	rule$24,
	rule$23,
	rule$22,
	rule$21,
	rule$20,
	rule$19,
	rule$18,
	rule$17,
	rule$16,
	rule$15,
	rule$14,
	rule$13,
	rule$12,
	rule$11,
	rule$10,
	rule$9,
	rule$8,
	rule$7,
	rule$6,
	rule$5,
	rule$4,
	rule$3,
	rule$2,
	rule$1,
	rule
];
const ruleIds = rules.map((rule) => rule.id);
// src/version.ts
const version = "1.0.0";
const documentationUrl = `https://github.com/airlock-deploy/airlock/blob/${tagOf(version)}/docs`;
function tagOf(release) {
	return /^\d+\.\d+\.\d+$/.test(release) ? `v${release}` : "main";
}
export { dataLosses as A, typeRef as C, quoted as D, listed as E, v8Major as F, lossKinds as M, migrationStages as N, quotedRelation as O, setEngineFlags as P, strings as S, walk as T, allOf as _, staysBehind as a, nameParts as b, permissionsIn as c, chosenName as d, distinct as f, clausesOf as g, withoutSchema as h, rules as i, lockModes as j, splitName as k, ruleOfComments as l, isNameTaken as m, version as n, stageOf as o, freeName as p, ruleIds as r, idle as s, documentationUrl as t, beside as u, as as v, visit as w, rangeVarParts as x, kindOf as y };
