import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { t as errnoOf } from "./errno.mjs";
import { n as readRegularText } from "./regular-file.mjs";
import { n as quoteIdentifier, r as quoteLiteral } from "./quoting.mjs";
import { i as withoutRowValues } from "./postgres-url.mjs";
import { d as shownPath } from "./open-source.mjs";
import { basename, dirname, join } from "node:path";
// src/stages/rehearse/trace/refusal.ts
function isRefusal(error) {
	const state = sqlStateOf(error);
	return state !== void 0 && !/^(?:57P|08)/.test(state) && state !== "25P04";
}
function sqlStateOf(error) {
	const code = error instanceof Error && "code" in error ? error.code : void 0;
	return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : void 0;
}
// src/stages/rehearse/trace/server-error.ts
function serverErrorOf(error) {
	const text = (name) => {
		const value = error instanceof Error ? Reflect.get(error, name) : void 0;
		return typeof value === "string" ? value : void 0;
	};
	const sqlState = sqlStateOf(error);
	const raisedIn = raisedBy(text("routine"), text("where") ?? "");
	return {
		sqlState,
		message: messageFor(sqlState, error instanceof Error ? error.message : String(error), raisedIn),
		objects: sqlState === "2BP01" ? (text("detail") ?? "").split("\n").filter((line) => line !== "") : [],
		schema: text("schema"),
		table: text("table"),
		column: text("column"),
		dataType: text("dataType"),
		constraint: text("constraint"),
		raisedIn
	};
}
function raisedBy(routine, where) {
	if (routine !== "exec_stmt_raise" && routine !== "exec_stmt_assert") return void 0;
	return /(?:function|procedure) (.+?) line \d+/.exec(where)?.[1] ?? "a DO block";
}
function messageFor(sqlState, message, raisedIn) {
	if (raisedIn !== void 0) return `RAISE in ${raisedIn} (what it says is left out, since it can quote rows)`;
	const without = withoutRowValues(message);
	return sqlState?.startsWith("22") === true ? without.replace(/: "(?!…"$)[\s\S]*"/, ": \"…\"").replace(/\b(value|Token) "(?!…")[\s\S]*"(?= is )/, "$1 \"…\"") : without;
}
// src/stages/rehearse/undo/own-files.ts
function placesOf({ kind, root, migrationsPath, migration }) {
	const { name, path } = migration;
	const base = name.replace(/\.up$/i, "");
	const beside = kind === "prisma" ? [
		"down.sql",
		"rollback.sql",
		"undo.sql"
	].map((file) => join(path, file)) : [
		"down",
		"undo",
		"rollback"
	].map((word) => join(path, `${base}.${word}.sql`));
	const apart = [.../* @__PURE__ */ new Set([join(dirname(migrationsPath), "rollbacks"), join(root, "rollbacks")])].flatMap((folder) => [`${base}_rollback.sql`, `${base}.sql`].map((file) => join(folder, file)));
	return kind === "supabase" ? apart : [...beside, ...apart];
}
async function findOwn(place) {
	const found = [];
	for (const path of placesOf(place)) {
		const file = shownPath(place.root, path);
		try {
			found.push({
				path,
				file,
				sql: await readRegularText(path)
			});
		} catch (error) {
			if (error instanceof FailureError || errnoOf(error) !== "ENOENT" && errnoOf(error) !== "ENOTDIR") throw unreadable(file, messageOf(error));
		}
	}
	return found;
}
function unreadable(file, why) {
	return fail("UNDO.UNREADABLE", {
		what: `\`${basename(file)}\`, the way back of a migration, cannot be read: \`${file}\`.`,
		why,
		next: [`Check what it is and who may read it: ls -ld ${file}`]
	});
}
// src/stages/rehearse/undo/steps.ts
const phases = [
	"drop-triggers",
	"drop-functions-of-views",
	"drop-views",
	"drop-foreign-keys",
	"drop-constraints",
	"drop-indexes",
	"drop-tables",
	"drop-functions-in-the-way",
	"create-extensions",
	"create-types",
	"create-sequences",
	"create-tables",
	"drop-defaults",
	"change-columns",
	"set-defaults",
	"own-sequences",
	"add-constraints",
	"create-indexes",
	"add-foreign-keys",
	"table-properties",
	"create-views",
	"create-functions-of-views",
	"create-triggers",
	"drop-functions",
	"drop-sequences",
	"drop-types",
	"drop-extensions",
	"drop-schemas"
];
function inOrder(steps) {
	const place = new Map(phases.map((phase, index) => [phase, index]));
	return steps.toSorted((a, b) => (place.get(a.phase) ?? 0) - (place.get(b.phase) ?? 0) || Number(a.oid) - Number(b.oid)).map(({ sql }) => sql);
}
function pathOf({ schema, name }) {
	return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
function plainName({ schema, name }) {
	return `${schema}.${name}`;
}
// src/stages/rehearse/undo/unseen.ts
const kinds$1 = /* @__PURE__ */ new Map([
	["GrantStmt", "privileges"],
	["GrantRoleStmt", "memberships of roles"],
	["AlterDefaultPrivilegesStmt", "default privileges"],
	["AlterOwnerStmt", "an owner"],
	["CommentStmt", "a comment"],
	["SecLabelStmt", "a security label"],
	["CreateRoleStmt", "roles"],
	["AlterRoleStmt", "roles"],
	["AlterRoleSetStmt", "settings of a role"],
	["DropRoleStmt", "roles"],
	["DropOwnedStmt", "what a role owns"],
	["ReassignOwnedStmt", "what a role owns"],
	["AlterDatabaseStmt", "the database itself"],
	["AlterDatabaseSetStmt", "settings of the database"],
	["AlterSystemStmt", "settings of the server"],
	["CreatePublicationStmt", "a publication"],
	["AlterPublicationStmt", "a publication"],
	["CreateSubscriptionStmt", "a subscription"],
	["AlterSubscriptionStmt", "a subscription"],
	["DropSubscriptionStmt", "a subscription"],
	["CreateEventTrigStmt", "an event trigger"],
	["AlterEventTrigStmt", "an event trigger"],
	["AlterExtensionStmt", "the version of an extension"],
	["CreateRangeStmt", "a range type"],
	["CreateForeignServerStmt", "a foreign server"],
	["CreateUserMappingStmt", "a user mapping"]
]);
const parts = [
	[/\bOWNER\s+TO\b/i, "an owner"],
	[/\b(?:NO\s+)?INHERIT\b/i, "inheritance"],
	[/\bsecurity_(?:invoker|barrier)\b/i, "options of a view"],
	[/\bDROP\s+(?:PUBLICATION|EVENT\s+TRIGGER)\b/i, "a publication or an event trigger"]
];
function notInTheCatalog(statements) {
	for (const { kind, sql, range, effects } of statements) {
		const what = kinds$1.get(kind) ?? parts.find(([pattern]) => pattern.test(sql))?.[1];
		if (what !== void 0) return `Line ${range.line} changes ${what}, which the catalogs that are compared leave out.`;
		if (effects.beyond.length > 0) return `Line ${range.line} calls ${effects.beyond.join(", ")}, and what that does is not compared.`;
	}
}
// src/stages/rehearse/undo/decide-undo.ts
function decideUndo(run) {
	const { origin, sql } = run;
	const notProven = (because) => ({
		kind: "not-proven",
		origin,
		sql,
		because
	});
	switch (run.kind) {
		case "down-failed": return origin.kind === "generated" && isAboutRows(run.sqlState) ? {
			kind: "impossible",
			origin,
			because: `The rows of now do not fit into the schema of before: ${run.because}`
		} : notProven(`The way back fails: ${run.because}`);
		case "differs": return notProven(`Up and down do not lead to the same catalog.\n${sayDifference(run.differs)}`);
		case "ran": return decideLoss(run, notProven);
	}
}
function isAboutRows(sqlState) {
	return sqlState !== void 0 && /^2[23]/.test(sqlState);
}
function decideLoss(run, notProven) {
	const { origin, sql, again, rows, writtenSince, before, after } = run;
	if (again.kind === "failed") return notProven(`After up and down the migration cannot be applied again: ${again.because}`);
	if (again.kind === "ran" && again.differs.added.length + again.differs.removed.length > 0) return notProven(`After up, down and up the catalog is not the one of the first up.\n${sayDifference(again.differs)}`);
	const unknown = run.statements.find(({ effects }) => effects.unknown);
	if (unknown !== void 0 && rows.filled.size === 0) return notProven(`What it does to rows cannot be told (${unknown.effects.unknownBecause ?? "a part of it cannot be told"}), and there were no rows to see it on.`);
	const unseen = notInTheCatalog(run.statements);
	if (unseen !== void 0) return notProven(unseen);
	if (rows.notCompared.length > 0 && sql.trim() === "" && run.statements.some(changesRows)) return {
		kind: "impossible",
		origin,
		because: `The migration changes rows and no SQL brings them back, only a backup does. ${rows.notCompared.join(" ")}`
	};
	if (rows.notCompared.length > 0) return notProven([
		"The schema comes back; of the rows that is not known.",
		...rows.notCompared,
		...rows.loses.map(({ text }) => text)
	].join(" "));
	const loses = [...rows.loses, ...lostUnseen(run)];
	const common = {
		origin,
		sql,
		checked: checkedIn(run),
		notChecked: [...notCheckedIn(run), ...otherOrder(before, after)],
		writtenSince
	};
	if (loses.length === 0) return {
		...common,
		kind: "proven",
		loses: []
	};
	if (sql.trim() === "") return {
		kind: "impossible",
		origin,
		because: `${loses.every(({ kind }) => kind === "rows") && !run.statements.some(mayChangeRows) ? "The migration adds rows, and nothing in the catalog says which: a DELETE in a file of your own takes them away." : "The migration changes rows and no SQL brings them back, only a backup does."} ${loses.map(({ text }) => text).join(" ")}`
	};
	return {
		...common,
		kind: "lossy",
		loses
	};
}
function changesRows({ effects }) {
	return effects.overwrites.length > 0 || effects.loses.some(({ kind }) => kind === "rows");
}
function mayChangeRows(statement) {
	return statement.effects.unknown || changesRows(statement);
}
function lostUnseen({ statements, before, rows }) {
	const tables = new Set(before.tables.map(plainName));
	const empty = (table) => tables.has(table) && !rows.filled.has(table);
	const seen = new Set(rows.loses.map(({ name }) => name));
	const found = /* @__PURE__ */ new Map();
	const add = (kind, name, what) => {
		if (seen.has(name) || found.has(name)) return;
		found.set(name, {
			kind,
			name,
			rows: null,
			text: `${what} (not counted: the table had no rows here).`
		});
	};
	for (const { effects } of statements) {
		for (const name of effects.overwrites) if (empty(name)) add("values", name, `Values of ${name} that the migration writes over do not come back`);
		for (const { kind, name } of effects.loses) {
			if (kind === "rows" && empty(name)) add("rows", name, `Rows of ${name} that the migration deletes do not come back`);
			const table = name.split(".").slice(0, 2).join(".");
			if (kind === "precision" && empty(table)) add("values", name, `Values of ${name} that the migration cuts do not come back as they were`);
		}
	}
	return [...found.values()];
}
function checkedIn({ rows, again }) {
	return [
		"up and down lead to the catalog of before",
		...again.kind === "not-run" ? [] : ["up again leads to the catalog of the first up"],
		...rows.filled.size === 0 || rows.tables === 0 ? [] : [`the ${rows.rows} rows of ${rows.tables} tables that it writes to or changes, by hash`]
	];
}
function notCheckedIn({ rows, before, after, again }) {
	const oids = new Set(after.sequences.map(({ oid }) => oid));
	const anew = before.sequences.filter(({ oid }) => !oids.has(oid));
	return [
		...again.kind === "not-run" ? [`whether it can be applied again: ${again.because}`] : [],
		...rows.filled.size === 0 ? ["rows: there were none"] : [],
		"owners, privileges and comments of what is made again",
		...anew.map((one) => `the position of the sequence ${plainName(one)}: it goes on behind the highest value`)
	];
}
function otherOrder(before, after) {
	return before.tables.flatMap((table) => {
		const now = after.tables.find((one) => plainName(one) === plainName(table));
		const names = (columns) => columns.map(({ name }) => name).join();
		if (now === void 0 || names(now.columns) === names(table.columns)) return [];
		return [`the order of the columns of ${plainName(table)}: a column that is added again comes last`];
	});
}
const mostLines = 12;
function sayDifference({ added, removed }) {
	const lines = [...removed.map((line) => `missing: ${line}`), ...added.map((line) => `left over: ${line}`)];
	const rest = lines.length - mostLines;
	return [...lines.slice(0, mostLines), ...rest > 0 ? [`and ${rest} more`] : []].join("\n");
}
// src/stages/rehearse/undo/pairs.ts
function pairUp(before, after) {
	const tables = match(before.tables, after.tables, full);
	const tableNow = new Map(tables.both.map(({ was, is }) => [was.oid, is.oid]));
	const viewNow = match(before.views, after.views, full);
	for (const { was, is } of viewNow.both) tableNow.set(was.oid, is.oid);
	const partOf = (table, name) => `${table} ${name}`;
	const parts = (was, is) => match(was, is, ({ table, name }) => partOf(tableNow.get(table) ?? `gone ${table}`, name), ({ table, name }) => partOf(table, name));
	return {
		schemas: match(before.schemas, after.schemas, ({ name }) => name),
		extensions: match(before.extensions, after.extensions, ({ name }) => name),
		types: match(before.types, after.types, (type) => `${full(type)} ${type.kind} ${labelsOf(type)} ${type.definition}`),
		sequences: match(before.sequences, after.sequences, full),
		tables,
		views: viewNow,
		constraints: parts(before.constraints, after.constraints),
		indexes: parts(before.indexes, after.indexes),
		statistics: match(before.statistics, after.statistics, full),
		triggers: parts(before.triggers, after.triggers),
		rules: parts(before.rules, after.rules),
		policies: parts(before.policies, after.policies),
		functions: match(before.functions, after.functions, (one) => `${full(one)}(${one.arguments})`)
	};
}
function pairColumns({ was, is }) {
	const keyed = (column) => ({
		...column,
		oid: String(column.number)
	});
	const numbered = was.oid === is.oid;
	const { both, gone, made } = match(was.columns.map(keyed), is.columns.map((column) => numbered ? keyed(column) : {
		...column,
		oid: `new ${column.number}`
	}), ({ name, type, category, isArray }) => JSON.stringify([
		name,
		category,
		isArray,
		category === "U" || category === "A" ? type : ""
	]));
	return {
		both,
		gone,
		made
	};
}
function labelsOf({ labels }) {
	return JSON.stringify(labels.map(({ label }) => label));
}
function full({ schema, name }) {
	return JSON.stringify([schema, name]);
}
function match(before, after, keyOf, keyNow = keyOf) {
	const left = new Map(after.map((one) => [one.oid, one]));
	const both = [];
	const unmatched = [];
	for (const was of before) {
		const is = left.get(was.oid);
		if (is === void 0) unmatched.push(was);
		else both.push({
			was,
			is
		});
		left.delete(was.oid);
	}
	const byKey = new Map([...left.values()].map((one) => [keyNow(one), one]));
	const gone = [];
	for (const was of unmatched) {
		const is = byKey.get(keyOf(was));
		if (is === void 0) gone.push(was);
		else both.push({
			was,
			is
		});
		if (is !== void 0) {
			byKey.delete(keyOf(was));
			left.delete(is.oid);
		}
	}
	return {
		both,
		gone,
		made: [...left.values()]
	};
}
// src/stages/rehearse/undo/decide-columns.ts
function columnSteps({ before, pairs, retyped }) {
	return pairs.tables.both.filter(({ is }) => is.parents.length === 0).flatMap((table) => {
		const path = pathOf(table.was);
		const { both, gone, made } = pairColumns(table);
		const step = (phase, change) => ({
			phase,
			oid: table.was.oid,
			sql: `ALTER TABLE ${path} ${change}`
		});
		const others = retyped.filter((one) => one.table.is.oid === table.is.oid);
		return [
			...made.map(({ name }) => step("change-columns", `DROP COLUMN ${quoteIdentifier(name)}`)),
			...both.flatMap((column) => changedColumn(column, others.some(({ is }) => is.number === column.is.number), sequenceOf(before, table.was, column.was), step)),
			...gone.flatMap((column) => goneColumn(column, sequenceOf(before, table.was, column), before, step))
		];
	});
}
function changedColumn({ was, is }, retyped, sequence, step) {
	const column = `ALTER COLUMN ${quoteIdentifier(was.name)}`;
	const steps = [];
	if (was.generated !== "" && (retyped || was.generated !== is.generated || was.expression !== is.expression)) return [step("change-columns", `DROP COLUMN ${quoteIdentifier(is.name)}`), step("change-columns", `ADD COLUMN ${columnText(was, sequence)}`)];
	if (is.generated !== "" && was.generated === "") steps.push(step("drop-defaults", `${column} DROP EXPRESSION`));
	const otherDefault = retyped || was.expression !== is.expression || was.generated !== is.generated;
	if (is.expression !== void 0 && is.generated === "" && otherDefault) steps.push(step("drop-defaults", `${column} DROP DEFAULT`));
	if (is.identity !== "" && was.identity === "") steps.push(step("drop-defaults", `${column} DROP IDENTITY`));
	if (retyped) steps.push(step("change-columns", `${column} TYPE ${was.type}${collate(was)} USING ${cast({
		was,
		is
	})}`));
	if (was.notNull !== is.notNull) steps.push(step("set-defaults", `${column} ${was.notNull ? "SET" : "DROP"} NOT NULL`));
	if (was.expression !== void 0 && otherDefault) steps.push(step("set-defaults", `${column} SET DEFAULT ${was.expression}`));
	if (was.identity !== "" && is.identity === "") steps.push(step("set-defaults", `${column} ADD ${identity(was, sequence)}`));
	else if (was.identity !== "" && was.identity !== is.identity) steps.push(step("set-defaults", `${column} SET GENERATED ${was.identity === "a" ? "ALWAYS" : "BY DEFAULT"}`));
	return steps;
}
function goneColumn(column, sequence, before, step) {
	const fill = needsFill(column) ? fillFor(column, before) : void 0;
	if (fill === void 0) return [step("change-columns", `ADD COLUMN ${columnText(column, sequence)}`)];
	return [step("change-columns", `ADD COLUMN ${columnText({
		...column,
		expression: fill
	}, sequence)}`), step("set-defaults", `ALTER COLUMN ${quoteIdentifier(column.name)} DROP DEFAULT`)];
}
function needsFill({ notNull, expression, identity: generated }) {
	return notNull && expression === void 0 && generated === "";
}
function fillFor(column, before) {
	const literal = (text) => `${quoteLiteral(text)}::${column.type}`;
	if (column.isArray) return literal("{}");
	const enumType = before.types.find(({ oid }) => oid === column.typeOid);
	if (enumType?.kind === "enum") return literal(enumType.labels[0]?.label ?? "");
	switch (column.category) {
		case "N": return literal("0");
		case "S": return literal("");
		case "B": return literal("false");
		case "T": return literal("0");
		case "D": return /^time\b/.test(column.type) ? literal("00:00") : literal("epoch");
		default: return otherFills.get(column.type)?.(literal);
	}
}
const otherFills = /* @__PURE__ */ new Map([
	["uuid", () => "pg_catalog.gen_random_uuid()"],
	["jsonb", (literal) => literal("{}")],
	["json", (literal) => literal("{}")],
	["bytea", (literal) => literal("")]
]);
function columnText(column, sequence = "") {
	const { name, type, notNull, expression, generated } = column;
	const value = generated !== "" ? ` GENERATED ALWAYS AS (${expression}) ${generated === "v" ? "VIRTUAL" : "STORED"}` : column.identity !== "" ? ` ${identity(column, sequence)}` : expression === void 0 ? "" : ` DEFAULT ${expression}`;
	return `${quoteIdentifier(name)} ${type}${collate(column)}${value}${notNull ? " NOT NULL" : ""}`;
}
function identity({ identity: kind }, sequence) {
	return `GENERATED ${kind === "a" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY${sequence === "" ? "" : ` (${sequence})`}`;
}
function sequenceOf({ sequences }, table, column) {
	const found = sequences.find(({ owner }) => owner?.identity === true && owner.table === table.oid && owner.column === column.number);
	return found === void 0 ? "" : `SEQUENCE NAME ${pathOf(found)} ${found.definition.replace(/^AS \S+ /, "")}`;
}
function collate({ collation }) {
	return collation === void 0 ? "" : ` COLLATE ${collation}`;
}
function cast({ was, is }, value = quoteIdentifier(was.name)) {
	if (is.isArray || was.isArray) {
		if (is.isArray !== was.isArray) return `${value}::text::${was.type}`;
		return `${value}::text[]::${was.type}`;
	}
	const isEnum = was.category === "E" || is.category === "E";
	const isText = was.category === "S" || is.category === "S";
	const isLike = was.category === is.category && /^[NDT]$/.test(was.category);
	if (!isEnum && (was.typeOid === is.typeOid || isText || isLike)) return `${value}::${was.type}`;
	if (is.category === "B" && was.category === "N") return `${value}::int::${was.type}`;
	return `${value}::text::${was.type}`;
}
// src/stages/rehearse/undo/reverse.ts
function rebuiltTypesIn(pairs) {
	const changed = pairs.types.both.filter(({ was, is }) => was.definition !== is.definition || was.labels.length !== is.labels.length || was.labels.some(({ label }, index) => is.labels[index]?.label !== label));
	return new Set(changed.map(({ is }) => is.oid));
}
function retypedIn(pairs) {
	const rebuilt = rebuiltTypesIn(pairs);
	const same = new Map(pairs.types.both.map(({ was, is }) => [is.oid, was.oid]));
	return pairs.tables.both.filter(({ is }) => is.parents.length === 0).flatMap((table) => pairColumns(table).both.filter(({ was, is }) => was.type !== is.type || was.collation !== is.collation || was.typeOid !== (same.get(is.typeOid) ?? is.typeOid) || rebuilt.has(is.typeOid)).map((column) => ({
		...column,
		table
	})));
}
function changingIn(pairs, retyped, rebuiltTypes) {
	const whole = (kind, oid) => ({
		kind,
		oid,
		column: 0
	});
	return [
		...retyped.map(({ table, is }) => ({
			kind: "relation",
			oid: table.is.oid,
			column: is.number
		})),
		...[...rebuiltTypes].map((oid) => whole("type", oid)),
		...pairs.types.made.map(({ oid }) => whole("type", oid)),
		...pairs.views.both.filter(isOtherView).map(({ is }) => whole("relation", is.oid)),
		...pairs.views.made.map(({ oid }) => whole("relation", oid)),
		...pairs.functions.both.filter(({ was, is }) => was.result !== is.result).map(({ is }) => whole("function", is.oid))
	];
}
function isOtherView({ was, is }) {
	return was.definition !== is.definition || was.materialized !== is.materialized || was.options.join() !== is.options.join();
}
// src/stages/rehearse/undo/decide-written-since.ts
function decideWrittenSince(pairs) {
	const enums = new Set([...pairs.types.both.map(({ is }) => is), ...pairs.types.made].map(({ oid }) => oid));
	return [
		...pairs.tables.made.filter(({ partitionBound }) => partitionBound === void 0).map((table) => ({
			what: `rows of ${plainName(table)}, a table that is dropped`,
			sql: `SELECT count(*) FROM ${pathOf(table)}`
		})),
		...pairs.tables.both.filter(({ is }) => is.parents.length === 0).flatMap((pair) => pairColumns(pair).made.filter(({ generated }) => generated === "").map(({ name }) => ({
			what: `values in ${plainName(pair.is)}.${name}, a column that is dropped`,
			sql: `SELECT count(${quoteIdentifier(name)}) FROM ${pathOf(pair.is)}`
		}))),
		...retypedIn(pairs).filter(({ was, is }) => !enums.has(is.typeOid) && !enums.has(was.typeOid) && was.type !== is.type).map(({ table, was, is }) => ({
			what: `values in ${plainName(table.is)}.${is.name} that do not fit into ${was.type}`,
			sql: `SELECT count(*) FROM ${pathOf(table.is)} WHERE (${cast({
				was,
				is
			}, quoteIdentifier(is.name))})::text IS DISTINCT FROM ${quoteIdentifier(is.name)}::text`
		}))
	];
}
// src/stages/rehearse/undo/decide-renames.ts
function decideRenames(before, pairs) {
	const schemas = new Map(pairs.schemas.both.map(({ was, is }) => [is.name, was.name]));
	const schemaNow = (name) => schemas.get(name) ?? name;
	const aside = /* @__PURE__ */ new Map();
	const wanted = namesWanted(before);
	const statements = [...pairs.schemas.gone.map(({ name }) => `CREATE SCHEMA ${quoteIdentifier(name)}`), ...swap(pairs.schemas.both.map(({ was, is }) => ({
		from: is.name,
		to: was.name,
		oid: is.oid,
		rename: (now, to) => `ALTER SCHEMA ${quoteIdentifier(now)} RENAME TO ${quoteIdentifier(to)}`
	})))];
	for (const made of madeThings(pairs)) {
		const schema = schemaNow(made.schema);
		if (wanted.has(key(made.space, schema, made.name))) aside.set(made.oid, {
			...made,
			schema
		});
	}
	for (const one of aside.values()) statements.push(one.rename(path(one.schema, one.name), temporary(one.oid)));
	const things = survivors(pairs);
	for (const { was, is } of things) {
		const schema = schemaNow(is.schema);
		if (schema === was.schema || is.move === void 0) continue;
		statements.push(is.move(path(schema, is.name), was.schema));
	}
	statements.push(...swap(things.filter(({ is, was }) => is.name !== was.name).map(({ was, is }) => ({
		from: is.name,
		to: was.name,
		oid: is.oid,
		rename: (now, to) => is.rename(path(was.schema, now), to)
	}))), ...pairs.tables.both.flatMap((table) => renamedParts(table, pairs)), ...pairs.types.both.flatMap(({ was, is }) => was.labels.flatMap(({ oid, label }) => {
		const now = is.labels.find((other) => other.oid === oid);
		if (now === void 0 || now.label === label) return [];
		return [`ALTER TYPE ${path(was.schema, was.name)} RENAME VALUE ${quoteLiteral(now.label)} TO ${quoteLiteral(label)}`];
	})));
	return statements;
}
function swap(all) {
	const changes = all.filter(({ from, to }) => from !== to);
	const taken = new Set(changes.map(({ from }) => from));
	const detours = changes.filter(({ to }) => taken.has(to));
	return [
		...detours.map(({ from, oid, rename }) => rename(from, temporary(oid))),
		...changes.filter((one) => !detours.includes(one)).map(({ from, to, rename }) => rename(from, to)),
		...detours.map(({ oid, to, rename }) => rename(temporary(oid), to))
	];
}
function renamedParts({ was, is }, pairs) {
	const table = path(was.schema, was.name);
	const columns = pairColumns({
		was,
		is
	});
	const wanted = new Set(was.columns.map(({ name }) => name));
	const own = (both, rename) => swap(both.filter((pair) => pair.was.table === was.oid).map((pair) => ({
		oid: pair.is.oid,
		from: pair.is.name,
		to: pair.was.name,
		rename
	})));
	return [
		...columns.made.filter(({ name }) => wanted.has(name)).map(({ name, number }) => `ALTER TABLE ${table} RENAME COLUMN ${quoteIdentifier(name)} TO ${quoteIdentifier(temporary(String(number)))}`),
		...swap(columns.both.map((pair) => ({
			oid: String(pair.is.number),
			from: pair.is.name,
			to: pair.was.name,
			rename: (now, to) => `ALTER TABLE ${table} RENAME COLUMN ${quoteIdentifier(now)} TO ${quoteIdentifier(to)}`
		}))),
		...own(pairs.constraints.both.filter((pair) => !pair.is.inherited), (now, to) => `ALTER TABLE ${table} RENAME CONSTRAINT ${quoteIdentifier(now)} TO ${quoteIdentifier(to)}`),
		...own(pairs.triggers.both, (now, to) => `ALTER TRIGGER ${quoteIdentifier(now)} ON ${table} RENAME TO ${quoteIdentifier(to)}`),
		...own(pairs.policies.both, (now, to) => `ALTER POLICY ${quoteIdentifier(now)} ON ${table} RENAME TO ${quoteIdentifier(to)}`),
		...own(pairs.rules.both, (now, to) => `ALTER RULE ${quoteIdentifier(now)} ON ${table} RENAME TO ${quoteIdentifier(to)}`)
	];
}
const kinds = {
	tables: "TABLE",
	views: "VIEW",
	sequences: "SEQUENCE",
	indexes: "INDEX",
	types: "TYPE",
	statistics: "STATISTICS"
};
function survivors(pairs) {
	const functions = pairs.functions.both.map(({ was, is }) => ({
		was: routine(was),
		is: routine(is)
	}));
	return [...Object.keys(kinds).flatMap((kind) => pairs[kind].both.map(({ was, is }) => ({
		was: thing(kind, was),
		is: thing(kind, is)
	}))), ...functions];
}
function madeThings(pairs) {
	return [...Object.keys(kinds).flatMap((kind) => pairs[kind].made.map((one) => thing(kind, one))), ...pairs.constraints.made.filter(isIndexed).map((one) => ({
		...one,
		space: "relation",
		rename: (_, to) => {
			const table = [...pairs.tables.both.map(({ is }) => is), ...pairs.tables.made].find(({ oid }) => oid === one.table);
			return `ALTER TABLE ${path(one.schema, table?.name ?? "")} RENAME CONSTRAINT ${quoteIdentifier(one.name)} TO ${quoteIdentifier(to)}`;
		}
	}))];
}
function isIndexed({ kind }) {
	return kind === "p" || kind === "u" || kind === "x";
}
function thing(kind, one) {
	const materialized = "materialized" in one && one.materialized === true;
	const domain = "kind" in one && one.kind === "domain";
	const what = materialized ? "MATERIALIZED VIEW" : domain ? "DOMAIN" : kinds[kind];
	return {
		oid: one.oid,
		space: kind === "statistics" ? kind : "relation",
		schema: one.schema,
		name: one.name,
		rename: (now, to) => `ALTER ${what} ${now} RENAME TO ${quoteIdentifier(to)}`,
		...kind === "indexes" || "owner" in one && one.owner !== void 0 ? {} : { move: (now, to) => `ALTER ${what} ${now} SET SCHEMA ${quoteIdentifier(to)}` }
	};
}
function routine(one) {
	return {
		oid: one.oid,
		space: "routine",
		schema: one.schema,
		name: one.name,
		rename: (now, to) => `ALTER ROUTINE ${now}(${one.arguments}) RENAME TO ${quoteIdentifier(to)}`,
		move: (now, to) => `ALTER ROUTINE ${now}(${one.arguments}) SET SCHEMA ${quoteIdentifier(to)}`
	};
}
function namesWanted(before) {
	const relations = [
		...before.tables,
		...before.views,
		...before.sequences,
		...before.indexes,
		...before.types,
		...before.constraints.filter(isIndexed)
	];
	return /* @__PURE__ */ new Set([...relations.map(({ schema, name }) => key("relation", schema, name)), ...before.statistics.map(({ schema, name }) => key("statistics", schema, name))]);
}
function key(space, schema, name) {
	return JSON.stringify([
		space,
		schema,
		name
	]);
}
function path(schema, name) {
	return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
function temporary(oid) {
	return `airlock_undo_${oid}`;
}
// src/stages/rehearse/undo/decide-code.ts
function viewSteps({ pairs, dependents }) {
	const { both, gone, made } = pairs.views;
	const changed = both.filter((pair) => isOtherView(pair) || dependents.has(pair.is.oid));
	const drop = [...made, ...changed.map(({ is }) => is)];
	const dropAll = (materialized) => {
		const some = drop.filter((view) => view.materialized === materialized);
		if (some.length === 0) return [];
		return [{
			phase: "drop-views",
			oid: materialized ? "0" : "1",
			sql: `DROP ${materialized ? "MATERIALIZED VIEW" : "VIEW"} ${some.map(pathOf).join(", ")}`
		}];
	};
	return [
		...dropAll(true),
		...dropAll(false),
		...[...gone, ...changed.map(({ was }) => was)].map((view) => ({
			phase: "create-views",
			oid: view.oid,
			sql: createView(view)
		}))
	];
}
function createView(view) {
	const options = view.options.length === 0 ? "" : ` WITH (${view.options.join(", ")})`;
	const query = view.definition.trim().replace(/;$/, "");
	return `CREATE ${view.materialized ? "MATERIALIZED " : ""}VIEW ${pathOf(view)}${options} AS\n${query}`;
}
function functionSteps({ pairs, dependents }) {
	const { both, gone, made } = pairs.functions;
	const otherResult = ({ was, is }) => was.result !== is.result || dependents.has(is.oid);
	const changed = both.filter((pair) => pair.was.definition !== pair.is.definition || otherResult(pair));
	const inTheWay = (one) => gone.some(({ schema, name }) => schema === one.schema && name === one.name);
	const views = [...pairs.views.made, ...pairs.views.both.map(({ is }) => is)];
	const ofView = ({ oid, result, arguments: list }) => dependents.has(oid) && views.some((view) => namesOf(view).some((name) => `${result} ${list}`.includes(name)));
	const drop = (phase, one) => ({
		phase,
		oid: one.oid,
		sql: `DROP ROUTINE ${pathOf(one)}(${one.arguments})`
	});
	return [
		...made.map((one) => drop(ofView(one) ? "drop-functions-of-views" : inTheWay(one) ? "drop-functions-in-the-way" : "drop-functions", one)),
		...changed.filter(otherResult).map(({ is }) => drop(ofView(is) ? "drop-functions-of-views" : "drop-functions-in-the-way", is)),
		...[...gone, ...changed.map(({ was }) => was)].flatMap((one) => {
			const phase = pairs.views.gone.concat(pairs.views.both.map(({ was }) => was)).some((view) => namesOf(view).some((name) => `${one.result} ${one.arguments}`.includes(name))) ? "create-functions-of-views" : "create-tables";
			return one.definition === void 0 ? [] : [{
				phase,
				oid: one.oid,
				sql: one.definition.trimEnd()
			}];
		})
	];
}
function namesOf(view) {
	return [
		plainName(view),
		pathOf(view),
		`${view.schema}."${view.name}"`
	];
}
// src/stages/rehearse/undo/decide-parts.ts
function partSteps(difference) {
	const { pairs, now } = difference;
	const places = placesIn(difference);
	const constraints = without(pairs.constraints, ({ inherited, kind }) => inherited || kind === "t");
	const indexes = without(pairs.indexes, ({ inherited }) => inherited);
	const triggers = without(pairs.triggers, ({ inherited }) => inherited);
	const on = (part) => pathOf(places.pathNow(part.table));
	const change = changerOf(difference, places);
	const isPartitioned = (part) => difference.before.tables.some(({ oid, kind }) => oid === part.table && kind === "p");
	return [
		...change(constraints, {
			drop: (one) => [one.kind === "f" ? "drop-foreign-keys" : "drop-constraints", `ALTER TABLE ${on(one)} DROP CONSTRAINT ${quoteIdentifier(one.name)}`],
			create: (one) => [one.kind === "f" ? "add-foreign-keys" : "add-constraints", `ALTER TABLE ${pathOf(places.pathBefore(one.table))} ADD CONSTRAINT ${quoteIdentifier(one.name)} ${one.definition}`]
		}),
		...change(indexes, {
			drop: (one) => ["drop-indexes", `DROP INDEX ${pathOf(one)}`],
			create: (one) => [places.isView(one.table) ? "create-triggers" : "create-indexes", isPartitioned(one) ? one.definition.replace(" ON ONLY ", " ON ") : one.definition]
		}),
		...change(pairs.statistics, {
			drop: (one) => ["drop-indexes", `DROP STATISTICS ${pathOf(one)}`],
			create: (one) => ["create-indexes", one.definition]
		}),
		...change(triggers, {
			drop: (one) => ["drop-triggers", `DROP TRIGGER ${quoteIdentifier(one.name)} ON ${on(one)}`],
			create: (one) => ["create-triggers", one.definition]
		}, ({ definition, enabled }) => `${definition} ${enabled}`),
		...triggers.gone.flatMap((one) => enabled(one, places)),
		...triggers.both.filter(({ was, is }) => was.enabled !== is.enabled || places.isDropped(is.table)).flatMap(({ was }) => enabled(was, places)),
		...change(pairs.rules, {
			drop: (one) => ["drop-triggers", `DROP RULE ${quoteIdentifier(one.name)} ON ${on(one)}`],
			create: (one) => ["create-triggers", one.definition.replace(/;\s*$/, "")]
		}),
		...change(pairs.policies, {
			drop: (one) => ["drop-triggers", `DROP POLICY ${quoteIdentifier(one.name)} ON ${on(one)}`],
			create: (one) => ["create-triggers", one.definition]
		})
	];
	function changerOf({ dependents }, { isDropped }) {
		return ({ both, gone, made }, ways, textOf = ({ definition }) => definition) => {
			const changed = both.filter(({ was, is }) => textOf(was) !== textOf(is) || dependents.has(is.oid) || isDropped(is.table));
			const step = (part, [phase, sql]) => ({
				phase,
				oid: part.oid,
				sql
			});
			return [...[...made, ...changed.map(({ is }) => is)].filter(({ table }) => !isDropped(table) && knows(table)).map((part) => step(part, ways.drop(part))), ...[...gone, ...changed.map(({ was }) => was)].map((part) => step(part, ways.create(part)))];
		};
	}
	function knows(table) {
		return now.tables.some(({ oid }) => oid === table) || now.views.some(({ oid }) => oid === table);
	}
}
function without(matched, skip) {
	return {
		both: matched.both.filter(({ was, is }) => !skip(was) && !skip(is)),
		gone: matched.gone.filter((part) => !skip(part)),
		made: matched.made.filter((part) => !skip(part))
	};
}
function placesIn({ before, now, pairs, dependents }) {
	const was = new Map([...before.tables, ...before.views].map((one) => [one.oid, one]));
	const is = new Map([...now.tables, ...now.views].map((one) => [one.oid, one]));
	const views = new Set(before.views.map(({ oid }) => oid));
	const dropped = /* @__PURE__ */ new Set([
		...pairs.tables.made.map(({ oid }) => oid),
		...pairs.views.made.map(({ oid }) => oid),
		...pairs.views.both.filter((pair) => isOtherView(pair) || dependents.has(pair.is.oid)).map((pair) => pair.is.oid)
	]);
	const nowhere = {
		schema: "",
		name: ""
	};
	return {
		pathNow: (oid) => is.get(oid) ?? nowhere,
		pathBefore: (oid) => was.get(oid) ?? nowhere,
		isView: (oid) => views.has(oid),
		isDropped: (oid) => dropped.has(oid)
	};
}
const states = {
	D: "DISABLE",
	R: "ENABLE REPLICA",
	A: "ENABLE ALWAYS"
};
function enabled(trigger, places) {
	const state = states[trigger.enabled];
	if (state === void 0) return [];
	const table = pathOf(places.pathBefore(trigger.table));
	return [{
		phase: "create-triggers",
		oid: trigger.oid,
		sql: `ALTER TABLE ${table} ${state} TRIGGER ${quoteIdentifier(trigger.name)}`
	}];
}
// src/stages/rehearse/undo/decide-tables.ts
function tableSteps({ before, pairs }) {
	const { made, gone, both } = pairs.tables;
	const plain = made.filter(({ kind }) => kind !== "f");
	return [
		...plain.length === 0 ? [] : [{
			phase: "drop-tables",
			oid: "0",
			sql: `DROP TABLE ${plain.map(pathOf).join(", ")}`
		}],
		...made.filter(({ kind }) => kind === "f").map(({ oid, ...one }) => ({
			phase: "drop-tables",
			oid,
			sql: `DROP FOREIGN TABLE ${pathOf(one)}`
		})),
		...gone.flatMap((table) => createTable(table, before)),
		...both.flatMap((pair) => tableProperties(pair, before))
	];
}
function createTable(table, before) {
	const path = pathOf(table);
	const parents = before.tables.filter(({ oid }) => table.parents.includes(oid));
	const columns = table.columns.map((column) => columnText(column.generated === "" ? {
		...column,
		expression: void 0
	} : column, sequenceOf(before, table, column)));
	const unlogged = table.unlogged ? "UNLOGGED " : "";
	const options = table.options.length === 0 ? "" : ` WITH (${table.options.join(", ")})`;
	const by = table.partitionKey === void 0 ? "" : ` PARTITION BY ${table.partitionKey}`;
	const [parent] = parents;
	const create = table.partitionBound !== void 0 && parent !== void 0 ? `CREATE ${unlogged}TABLE ${path} PARTITION OF ${pathOf(parent)} ${table.partitionBound}${by}${options}` : `CREATE ${unlogged}TABLE ${path} (\n  ${columns.join(",\n  ")}\n)${parents.length === 0 ? "" : ` INHERITS (${parents.map(pathOf).join(", ")})`}${by}${options}`;
	const defaults = table.columns.filter(({ generated, expression }) => generated === "" && expression !== void 0).map((column) => {
		const sql = `ALTER TABLE ${path} ALTER COLUMN ${quoteIdentifier(column.name)} SET DEFAULT ${column.expression}`;
		return {
			phase: "set-defaults",
			oid: table.oid,
			sql
		};
	});
	const bare = {
		...table,
		options: [],
		unlogged: false,
		rowSecurity: false,
		forced: false,
		replicaIdentity: "d"
	};
	return [
		{
			phase: "create-tables",
			oid: table.oid,
			sql: create
		},
		...defaults,
		...tableProperties({
			was: {
				...table,
				options: [],
				unlogged: false
			},
			is: bare
		}, before)
	];
}
function tableProperties({ was, is }, before) {
	const changes = [];
	if (was.unlogged !== is.unlogged) changes.push(`SET ${was.unlogged ? "UNLOGGED" : "LOGGED"}`);
	if (was.rowSecurity !== is.rowSecurity) changes.push(`${was.rowSecurity ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY`);
	if (was.forced !== is.forced) changes.push(`${was.forced ? "" : "NO "}FORCE ROW LEVEL SECURITY`);
	const nameOf = (option) => option.split("=")[0] ?? option;
	const surplus = is.options.map(nameOf).filter((name) => !was.options.some((option) => nameOf(option) === name));
	if (surplus.length > 0) changes.push(`RESET (${surplus.join(", ")})`);
	const missing = was.options.filter((option) => !is.options.includes(option));
	if (missing.length > 0) changes.push(`SET (${missing.join(", ")})`);
	if (was.replicaIdentity !== is.replicaIdentity || was.replicaIndex !== is.replicaIndex) changes.push(`REPLICA IDENTITY ${replicaIdentity(was)}`);
	const path = pathOf(was);
	const steps = changes.map((change) => ({
		phase: "table-properties",
		oid: was.oid,
		sql: `ALTER TABLE ${path} ${change}`
	}));
	const parent = before.tables.find(({ oid }) => [...was.parents, ...is.parents].includes(oid));
	if (parent === void 0 || was.partitionBound === is.partitionBound) return steps;
	const change = was.partitionBound === void 0 ? `DETACH PARTITION ${path}` : `ATTACH PARTITION ${path} ${was.partitionBound}`;
	return [...steps, {
		phase: "table-properties",
		oid: was.oid,
		sql: `ALTER TABLE ${pathOf(parent)} ${change}`
	}];
}
function replicaIdentity({ replicaIdentity: kind, replicaIndex }) {
	if (kind === "i" && replicaIndex !== void 0) return `USING INDEX ${quoteIdentifier(replicaIndex)}`;
	return kind === "f" ? "FULL" : kind === "n" ? "NOTHING" : "DEFAULT";
}
function sequenceSteps({ before, now, pairs }) {
	const { made, gone, both } = pairs.sequences;
	const goesAlong = ({ owner }) => {
		if (owner === void 0) return false;
		if (owner.identity || pairs.tables.made.some(({ oid }) => oid === owner.table)) return true;
		const table = pairs.tables.both.find(({ is }) => is.oid === owner.table);
		return table !== void 0 && pairColumns(table).made.some(({ number }) => number === owner.column);
	};
	const ownedBy = (sequence) => {
		const column = columnOf(before, sequence);
		return column === void 0 ? "NONE" : `${pathOf(column.table)}.${quoteIdentifier(column.name)}`;
	};
	const sameOwner = (was, is) => {
		const [one, other] = [columnOf(before, was), columnOf(now, is)];
		return one?.table.name === other?.table.name && one?.name === other?.name;
	};
	return [
		...made.filter((one) => !goesAlong(one)).map((one) => ({
			phase: "drop-sequences",
			oid: one.oid,
			sql: `DROP SEQUENCE ${pathOf(one)}`
		})),
		...gone.filter(({ owner }) => owner?.identity !== true).flatMap((one) => [{
			phase: "create-sequences",
			oid: one.oid,
			sql: `CREATE SEQUENCE ${pathOf(one)} ${one.definition}`
		}, {
			phase: "own-sequences",
			oid: one.oid,
			sql: `ALTER SEQUENCE ${pathOf(one)} OWNED BY ${ownedBy(one)}`
		}]),
		...gone.flatMap((one) => goesOn(one, before)),
		...both.flatMap(({ was, is }) => [...was.definition === is.definition ? [] : [{
			phase: "own-sequences",
			oid: was.oid,
			sql: `ALTER SEQUENCE ${pathOf(was)} ${was.definition}`
		}], ...was.owner?.identity === true || is.owner?.identity === true || sameOwner(was, is) ? [] : [{
			phase: "own-sequences",
			oid: was.oid,
			sql: `ALTER SEQUENCE ${pathOf(was)} OWNED BY ${ownedBy(was)}`
		}]])
	];
}
function goesOn(sequence, before) {
	const column = columnOf(before, sequence);
	if (column === void 0 || sequence.definition.includes("INCREMENT BY -")) return [];
	const sql = `SELECT pg_catalog.setval(${`'${pathOf(sequence).replaceAll("'", "''")}'::pg_catalog.regclass`}, last) FROM (SELECT max(${quoteIdentifier(column.name)})::bigint AS last FROM ${pathOf(column.table)}) AS t WHERE last > 0`;
	return [{
		phase: "own-sequences",
		oid: sequence.oid,
		sql
	}];
}
function columnOf({ tables }, { owner }) {
	if (owner === void 0) return void 0;
	const table = tables.find(({ oid }) => oid === owner.table);
	const column = table?.columns.find(({ number }) => number === owner.column);
	return table === void 0 || column === void 0 ? void 0 : {
		table,
		name: column.name
	};
}
// src/stages/rehearse/undo/decide-types.ts
function typeSteps({ pairs, rebuiltTypes }) {
	const { types, extensions, schemas } = pairs;
	return [
		...extensions.gone.map(({ oid, schema, name }) => {
			return {
				phase: "create-extensions",
				oid,
				sql: `CREATE EXTENSION ${quoteIdentifier(name)} WITH SCHEMA ${quoteIdentifier(schema)}`
			};
		}),
		...extensions.made.map(({ oid, name }) => ({
			phase: "drop-extensions",
			oid,
			sql: `DROP EXTENSION ${quoteIdentifier(name)}`
		})),
		...schemas.made.map(({ oid, name }) => ({
			phase: "drop-schemas",
			oid,
			sql: `DROP SCHEMA ${quoteIdentifier(name)}`
		})),
		...types.gone.map((type) => ({
			phase: "create-types",
			oid: type.oid,
			sql: createType(type)
		})),
		...types.made.map((type) => ({
			phase: "drop-types",
			oid: type.oid,
			sql: dropType(type)
		})),
		...types.both.filter(({ is }) => rebuiltTypes.has(is.oid)).flatMap(({ was, is }) => {
			const aside = {
				...is,
				name: `airlock_undo_${is.oid}`
			};
			const what = is.kind === "domain" ? "DOMAIN" : "TYPE";
			return [
				{
					phase: "create-types",
					oid: was.oid,
					sql: `ALTER ${what} ${pathOf(is)} RENAME TO ${quoteIdentifier(aside.name)}`
				},
				{
					phase: "create-types",
					oid: was.oid,
					sql: createType(was)
				},
				{
					phase: "drop-types",
					oid: is.oid,
					sql: dropType(aside)
				}
			];
		})
	];
}
function createType(type) {
	const name = pathOf(type);
	switch (type.kind) {
		case "enum": return `CREATE TYPE ${name} AS ENUM (${type.labels.map(({ label }) => quoteLiteral(label)).join(", ")})`;
		case "domain": return `CREATE DOMAIN ${name} AS ${type.definition}`;
		default: return `CREATE TYPE ${name} AS (${type.definition})`;
	}
}
function dropType(type) {
	return `DROP ${type.kind === "domain" ? "DOMAIN" : "TYPE"} ${pathOf(type)}`;
}
// src/stages/rehearse/undo/decide-reverse.ts
function decideReverse(difference) {
	const because = unwritable(difference);
	if (because !== void 0) return {
		kind: "impossible",
		because
	};
	return {
		kind: "sql",
		statements: inOrder([
			...typeSteps(difference),
			...sequenceSteps(difference),
			...tableSteps(difference),
			...columnSteps(difference),
			...partSteps(difference),
			...viewSteps(difference),
			...functionSteps(difference)
		])
	};
}
function unwritable({ pairs, rebuiltTypes }) {
	const aggregate = pairs.functions.gone.find(({ definition }) => definition === void 0);
	if (aggregate !== void 0) return `The server does not write the definition of the aggregate ${plainName(aggregate)}.`;
	const type = pairs.types.gone.find(({ kind }) => kind === "other") ?? pairs.types.both.find(({ is }) => is.kind === "other" && rebuiltTypes.has(is.oid))?.was;
	if (type !== void 0) return `The range type ${plainName(type)} is not written again from the catalog.`;
	const foreign = pairs.tables.gone.find(({ kind }) => kind === "f");
	if (foreign !== void 0) return `The foreign table ${plainName(foreign)} is not written again from the catalog.`;
}
// src/stages/rehearse/undo/read-dependents.ts
const rowType = "(SELECT r.reltype FROM pg_catalog.pg_class r WHERE r.oid = w.oid)";
const catalogs = {
	relation: "pg_class",
	type: "pg_type",
	function: "pg_proc"
};
async function readDependents(session, changing) {
	const found = /* @__PURE__ */ new Set();
	let next = changing;
	while (next.length > 0) {
		const edges = [];
		for (const kind of [
			"relation",
			"type",
			"function"
		]) {
			const some = next.filter((one) => one.kind === kind);
			if (some.length > 0) edges.push(...await dependentsOf(session, kind, some));
		}
		const rows = next.filter(({ kind, column }) => kind === "relation" && column === 0);
		if (rows.length > 0) edges.push(...await dependentsOf(session, "type", rows, rowType));
		const fresh = edges.filter(({ oid }) => !found.has(oid));
		for (const { oid } of fresh) found.add(oid);
		next = fresh.flatMap(({ kind, oid }) => {
			if (kind === "view") return [{
				kind: "relation",
				oid,
				column: 0
			}];
			return kind === "function" ? [{
				kind: "function",
				oid,
				column: 0
			}] : [];
		});
	}
	return found;
}
async function dependentsOf(session, kind, changing, refers = "w.oid") {
	return session.query(`SELECT DISTINCT CASE WHEN u.rulename = '_RETURN' THEN 'view' WHEN u.oid IS NOT NULL THEN 'rule' WHEN k.oid IS NOT NULL THEN 'constraint'
              WHEN d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass THEN 'index' WHEN d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass THEN 'policy'
              WHEN d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass THEN 'trigger' WHEN d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass THEN 'function'
              ELSE 'default' END AS kind,
            (CASE WHEN u.rulename = '_RETURN' THEN u.ev_class ELSE d.objid END)::text AS oid
       FROM unnest($1::pg_catalog.oid[], $2::int[]) AS w (oid, sub)
       JOIN pg_catalog.pg_depend d ON d.refclassid = $3::pg_catalog.regclass AND d.refobjid = ${refers} AND (w.sub = 0 OR d.refobjsubid = w.sub)
       LEFT JOIN pg_catalog.pg_rewrite u ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND u.oid = d.objid
       LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND k.oid = d.objid
       LEFT JOIN pg_catalog.pg_class c ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = d.objid
      WHERE d.deptype IN ('n', 'a') AND d.objid >= 16384
        AND d.classid IN ('pg_catalog.pg_rewrite'::pg_catalog.regclass, 'pg_catalog.pg_constraint'::pg_catalog.regclass, 'pg_catalog.pg_policy'::pg_catalog.regclass,
                          'pg_catalog.pg_trigger'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_class'::pg_catalog.regclass)
        AND (c.oid IS NULL OR c.relkind IN ('i', 'I'))
        -- A view is not its own dependent, and a unique key follows the type of its column.
        AND (u.oid IS NULL OR u.ev_class <> d.refobjid) AND (k.oid IS NULL OR k.contype IN ('c', 'x', 'f'))`, [
		changing.map(({ oid }) => oid),
		changing.map(({ column }) => column),
		`pg_catalog.${catalogs[kind]}`
	]);
}
// src/stages/rehearse/undo/read-objects-sql.ts
const common = `
WITH schemas AS (
  SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
),
members AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'),
relations AS (
  SELECT c.*, s.nspname FROM pg_catalog.pg_class c JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relname !~ '^_(prisma|airlock|_drizzle)_migrations' AND (s.nspname <> 'supabase_migrations' OR c.relname !~ '^schema_migrations')
    AND NOT EXISTS (SELECT FROM members e WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid)
)`;
const schemasSql = `${common}
SELECT oid::text AS oid, nspname AS schema, nspname AS name FROM schemas WHERE nspname NOT IN ('drizzle', 'supabase_migrations') ORDER BY oid`;
const extensionsSql = `
SELECT e.oid::text AS oid, n.nspname AS schema, e.extname AS name, e.extversion AS version
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace ORDER BY e.oid`;
const typesSql = `${common}
SELECT t.oid::text AS oid, s.nspname AS schema, t.typname AS name,
       CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite' ELSE 'other' END AS kind,
       coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('oid', e.oid::text, 'label', e.enumlabel) ORDER BY e.enumsortorder)
          FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid), '[]') AS labels,
       CASE t.typtype
         WHEN 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod)
           || CASE WHEN t.typcollation <> b.typcollation THEN ' COLLATE ' || t.typcollation::pg_catalog.regcollation::text ELSE '' END
           || coalesce(' DEFAULT ' || t.typdefault, '') || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
           || coalesce((SELECT pg_catalog.string_agg(' CONSTRAINT ' || pg_catalog.quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid), '' ORDER BY k.conname)
                FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype <> 'n'), '')
         WHEN 'c' THEN (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
                FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
         ELSE '' END AS definition
  FROM pg_catalog.pg_type t JOIN schemas s ON s.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
 WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
   AND NOT EXISTS (SELECT FROM members e WHERE e.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND e.objid = t.oid)
 ORDER BY t.oid`;
const sequencesSql = `${common}
SELECT r.oid::text AS oid, r.nspname AS schema, r.relname AS name,
       'AS ' || pg_catalog.format_type(q.seqtypid, NULL) || ' START WITH ' || q.seqstart || ' INCREMENT BY ' || q.seqincrement
         || ' MINVALUE ' || q.seqmin || ' MAXVALUE ' || q.seqmax || ' CACHE ' || q.seqcache || CASE WHEN q.seqcycle THEN ' CYCLE' ELSE ' NO CYCLE' END AS definition,
       (SELECT pg_catalog.json_build_object('table', d.refobjid::text, 'column', d.refobjsubid, 'identity', d.deptype = 'i')
          FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = r.oid
           AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') LIMIT 1) AS owner
  FROM pg_catalog.pg_sequence q JOIN relations r ON r.oid = q.seqrelid ORDER BY r.oid`;
const tablesSql = `${common}
SELECT r.oid::text AS oid, r.nspname AS schema, r.relname AS name, r.relkind::text AS kind, r.relpersistence = 'u' AS unlogged,
       r.relrowsecurity AS "rowSecurity", r.relforcerowsecurity AS forced, coalesce(r.reloptions, '{}') AS options,
       r.relreplident::text AS "replicaIdentity",
       (SELECT x.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = r.oid AND i.indisreplident) AS "replicaIndex",
       CASE WHEN r.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(r.oid) END AS "partitionKey",
       pg_catalog.pg_get_expr(r.relpartbound, r.oid) AS "partitionBound",
       ARRAY(SELECT h.inhparent::text FROM pg_catalog.pg_inherits h WHERE h.inhrelid = r.oid ORDER BY h.inhseqno) AS parents
  FROM relations r WHERE r.relkind IN ('r', 'p', 'f') ORDER BY r.oid`;
const columnsSql = `${common}
SELECT r.oid::text AS table, a.attnum AS number, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       (CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE a.atttypid END)::text AS "typeOid",
       t.typcategory = 'A' AND t.typelem <> 0 AS "isArray", t.typcategory::text AS category,
       CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::pg_catalog.regcollation::text END AS collation,
       a.attnotnull AS "notNull", pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression,
       a.attgenerated::text AS generated, a.attidentity::text AS identity
  FROM relations r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE r.relkind IN ('r', 'p', 'f') ORDER BY r.oid, a.attnum`;
const viewsSql = `${common}
SELECT oid::text AS oid, nspname AS schema, relname AS name, relkind = 'm' AS materialized,
       pg_catalog.pg_get_viewdef(oid) AS definition, coalesce(reloptions, '{}') AS options
  FROM relations WHERE relkind IN ('v', 'm') ORDER BY oid`;
const constraintsSql = `${common}
SELECT k.oid::text AS oid, r.nspname AS schema, k.conname AS name, r.oid::text AS table, k.contype::text AS kind,
       pg_catalog.pg_get_constraintdef(k.oid) AS definition, k.conparentid <> 0 OR NOT k.conislocal AS inherited
  FROM pg_catalog.pg_constraint k JOIN relations r ON r.oid = k.conrelid WHERE k.contype <> 'n' ORDER BY k.oid`;
const indexesSql = `${common}
SELECT i.indexrelid::text AS oid, r.nspname AS schema, x.relname AS name, r.oid::text AS table,
       pg_catalog.pg_get_indexdef(i.indexrelid) AS definition, x.relispartition AS inherited
  FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indrelid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
 ORDER BY i.indexrelid`;
const statisticsSql = `${common}
SELECT x.oid::text AS oid, n.nspname AS schema, x.stxname AS name, r.oid::text AS table,
       pg_catalog.pg_get_statisticsobjdef(x.oid) AS definition, false AS inherited
  FROM pg_catalog.pg_statistic_ext x JOIN relations r ON r.oid = x.stxrelid JOIN pg_catalog.pg_namespace n ON n.oid = x.stxnamespace ORDER BY x.oid`;
const triggersSql = `${common}
SELECT t.oid::text AS oid, r.nspname AS schema, t.tgname AS name, r.oid::text AS table,
       pg_catalog.pg_get_triggerdef(t.oid) AS definition, t.tgenabled::text AS enabled, t.tgparentid <> 0 AS inherited
  FROM pg_catalog.pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal ORDER BY t.oid`;
const rulesSql = `${common}
SELECT u.oid::text AS oid, r.nspname AS schema, u.rulename AS name, r.oid::text AS table,
       pg_catalog.pg_get_ruledef(u.oid) AS definition, false AS inherited
  FROM pg_catalog.pg_rewrite u JOIN relations r ON r.oid = u.ev_class WHERE u.rulename <> '_RETURN' ORDER BY u.oid`;
const policiesSql = `${common}
SELECT p.oid::text AS oid, r.nspname AS schema, p.polname AS name, r.oid::text AS table, false AS inherited,
       'CREATE POLICY ' || pg_catalog.quote_ident(p.polname) || ' ON ' || pg_catalog.quote_ident(r.nspname) || '.' || pg_catalog.quote_ident(r.relname)
         || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END
         || CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' ELSE '' END
         || ' TO ' || (SELECT pg_catalog.string_agg(CASE o WHEN 0 THEN 'public' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(o)) END, ', ' ORDER BY o) FROM pg_catalog.unnest(p.polroles) AS o)
         || coalesce(' USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')', '')
         || coalesce(' WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') AS definition
  FROM pg_catalog.pg_policy p JOIN relations r ON r.oid = p.polrelid ORDER BY p.oid`;
const functionsSql = `${common}
SELECT p.oid::text AS oid, s.nspname AS schema, p.proname AS name, pg_catalog.pg_get_function_identity_arguments(p.oid) AS arguments,
       CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid) END AS definition,
       coalesce(pg_catalog.pg_get_function_result(p.oid), '') AS result
  FROM pg_catalog.pg_proc p JOIN schemas s ON s.oid = p.pronamespace
 WHERE NOT EXISTS (SELECT FROM members e WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = p.oid) ORDER BY p.oid`;
// src/stages/rehearse/undo/read-objects.ts
async function readObjects(session) {
	const columns = /* @__PURE__ */ new Map();
	for (const { table, ...column } of await session.query(columnsSql)) {
		const known = columns.get(table) ?? [];
		columns.set(table, known);
		known.push(withoutNulls(column));
	}
	const tables = await session.query(tablesSql);
	const sequences = await session.query(sequencesSql);
	const functions = await session.query(functionsSql);
	return {
		schemas: await session.query(schemasSql),
		extensions: await session.query(extensionsSql),
		types: await session.query(typesSql),
		sequences: sequences.map((one) => withoutNulls(one)),
		tables: tables.map((one) => ({
			...withoutNulls(one),
			columns: columns.get(one.oid) ?? []
		})),
		views: await session.query(viewsSql),
		constraints: await session.query(constraintsSql),
		indexes: await session.query(indexesSql),
		statistics: await session.query(statisticsSql),
		triggers: await session.query(triggersSql),
		rules: await session.query(rulesSql),
		policies: await session.query(policiesSql),
		functions: functions.map((one) => withoutNulls(one))
	};
}
function withoutNulls(row) {
	return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? void 0]));
}
// src/stages/rehearse/undo/generate.ts
async function generateReverse(session, before, { now, pairs }) {
	const renames = decideRenames(before, pairs);
	if (renames.length === 0) return decideReverse(await differenceTo(session, before, now));
	await session.query("BEGIN");
	try {
		for (const rename of renames) await session.query(rename);
		const reverse = decideReverse(await differenceTo(session, before, await readObjects(session)));
		return reverse.kind === "sql" ? {
			...reverse,
			statements: [...renames, ...reverse.statements]
		} : reverse;
	} finally {
		await session.query("ROLLBACK");
	}
}
async function differenceTo(session, before, now) {
	const pairs = pairUp(before, now);
	const retyped = retypedIn(pairs);
	const rebuiltTypes = rebuiltTypesIn(pairs);
	return {
		before,
		now,
		pairs,
		retyped,
		rebuiltTypes,
		dependents: await readDependents(session, changingIn(pairs, retyped, rebuiltTypes))
	};
}
function undoFile(statements) {
	if (statements.length === 0) return "";
	return `BEGIN;\n\n${[...statements.some((sql) => /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\b/.test(sql)) ? ["SET LOCAL check_function_bodies = off"] : [], ...statements].map((sql) => `${sql};\n`).join("")}\nCOMMIT;\n`;
}
// src/stages/rehearse/undo/row-losses.ts
function recreated(was, is, tablesUp) {
	if (!tablesUp.has(is.oid)) return { kind: "table" };
	if (was.oid !== is.oid) return {
		kind: "same",
		columns: []
	};
	const columns = was.columns.filter(({ name, number, generated }) => generated === "" && !is.columns.some((one) => one.name === name && one.number === number)).map(({ name }) => name);
	return {
		kind: columns.length === 0 ? "same" : "columns",
		columns
	};
}
function tableLoss(name, had, has) {
	return {
		kind: "table",
		name,
		rows: had,
		text: `The table ${name} ${has === 0 ? "comes back empty" : `comes back with ${has} rows`}: it had ${had} rows before the migration.`
	};
}
function columnLoss(name, values, same) {
	const here = values === 0 ? "here it had none" : same ? "here they were all its default" : `${values} rows had one`;
	return {
		kind: "column",
		name,
		rows: same ? 0 : values,
		text: `The column ${name} comes back without its values: ${here}.`
	};
}
function countValues({ name, expression }) {
	const column = quoteIdentifier(name);
	const other = isLiteral(expression) ? `${column}::text IS DISTINCT FROM (${expression})::text` : "true";
	return {
		values: `count(${column})::text`,
		others: `count(${column}) FILTER (WHERE ${other})::text`
	};
}
function isLiteral(expression) {
	return expression !== void 0 && /^(?:'(?:[^']|'')*'(?:::[\w." ]+(?:\(\d+\))?(?:\[\])?)?|-?[\d.]+|true|false)$/.test(expression);
}
function rowLosses(name, missing, surplus) {
	if (missing === 0 && surplus === 0) return [];
	if (missing === 0) return [{
		kind: "rows",
		name,
		rows: surplus,
		text: `${surplus} rows of ${name} that the migration wrote stay there.`
	}];
	if (surplus === 0) return [{
		kind: "rows",
		name,
		rows: missing,
		text: `${missing} rows of ${name} that the migration deleted do not come back.`
	}];
	return [{
		kind: "values",
		name,
		rows: missing,
		text: `${missing} rows of ${name} keep what the migration wrote over their values.`
	}];
}
export { isRefusal as _, tableLoss as a, readObjects as c, decideUndo as d, pathOf as f, serverErrorOf as g, placesOf as h, rowLosses as i, decideWrittenSince as l, findOwn as m, countValues as n, generateReverse as o, plainName as p, recreated as r, undoFile as s, columnLoss as t, pairUp as u, sqlStateOf as v };
