import { t as loadParser } from "./grammars.mjs";
import { t as fileStatements } from "./execution-statements.mjs";
import { a as modelOf, c as transactionRole, i as executionModel, r as asksParser, s as needsOwnTransaction, t as loadSqlParser } from "./execution-model.mjs";
// src/migrations/atomic-steps.ts
function atomicFile(sql) {
	const statements = fileStatements(sql);
	return runsTogether(statements) ? {
		kind: "steps",
		steps: [wholeFile(sql, statements.length)],
		resumable: true
	} : stepsOf(statements);
}
function fileInSteps(sql) {
	return stepsOf(fileStatements(sql));
}
function runsTogether(statements) {
	return statements.every((statement) => {
		const role = transactionRole(statement);
		return (role === "work" || role === "session") && ownTransaction(statement) === void 0 && notFollowed(statement) === void 0;
	}) && !usesNewLabel(statements);
}
function wholeFile(sql, count) {
	const piece = {
		sql,
		startByte: 0,
		endByte: Buffer.byteLength(sql)
	};
	return {
		kind: "transaction",
		open: "BEGIN",
		pieces: [piece],
		close: "COMMIT",
		commits: true,
		...of(piece, 0, count)
	};
}
const addedLabel = /\bALTER\s+TYPE\s+(\S+)\s+ADD\s+VALUE\s+(?:IF\s+NOT\s+EXISTS\s+)?('(?:[^']|'')*')/i;
function usesNewLabel(statements) {
	return statements.some(({ sql }, index) => {
		const [, type = "", label] = addedLabel.exec(sql) ?? [];
		if (label === void 0) return false;
		return !statements.slice(0, index).some(({ words, sql: text }) => isCreateType(words) && text.includes(type)) && statements.slice(index + 1).some(({ sql: later }) => later.includes(label));
	});
}
function isCreateType([first, second]) {
	return first === "CREATE" && second === "TYPE";
}
function stepsOf(statements) {
	const steps = [];
	let open;
	for (const [index, statement] of statements.entries()) {
		const what = notFollowed(statement);
		if (what !== void 0) return {
			kind: "unsupported",
			what,
			statement: index
		};
		const role = transactionRole(statement);
		if (open !== void 0) {
			if (role === "commit" || role === "rollback") {
				steps.push(explicitStep(open, statement, role === "commit"));
				open = void 0;
			} else if (role !== "begin") open.inner.push(statement);
		} else if (role === "begin") open = {
			at: index,
			begin: statement,
			inner: []
		};
		else steps.push(singleStep(statement, index));
	}
	if (open !== void 0) return {
		kind: "unsupported",
		what: "a transaction that is never committed",
		statement: open.at
	};
	return {
		kind: "steps",
		steps,
		resumable: !statements.some(outlivesNoSession)
	};
}
function explicitStep({ at, begin, inner }, end, commits) {
	return {
		kind: "transaction",
		open: begin.sql,
		pieces: inner.map(placed),
		close: end.sql,
		commits,
		...of({
			startByte: begin.startByte,
			endByte: end.endByte
		}, at, inner.length + 2),
		replay: commits ? inner.filter(setsLimit).map(({ sql }) => sql) : [],
		steers: inner.some(maySteer)
	};
}
function singleStep(statement, index) {
	const place = {
		...of(statement, index, 1),
		replay: setsLimit(statement) ? [statement.sql] : [],
		steers: maySteer(statement)
	};
	const role = transactionRole(statement);
	const piece = placed(statement);
	const what = ownTransaction(statement) ?? (role === "work-in-steps" ? statement.words[0] ?? "it" : void 0);
	if (what !== void 0) return {
		kind: "alone",
		piece,
		what,
		...place
	};
	if (role !== "work") return {
		kind: "session",
		piece,
		...place
	};
	return {
		kind: "transaction",
		open: "BEGIN",
		pieces: [piece],
		close: "COMMIT",
		commits: true,
		...place
	};
}
const limits = /^(?:lock_timeout|statement_timeout|idle_in_transaction_session_timeout|client_min_messages)$/i;
function setsLimit({ words }) {
	const [first, second = "", third = ""] = words;
	return first === "SET" && limits.test(second === "SESSION" ? third : second);
}
const plain = new Set("ALTER ANALYZE CLUSTER COMMENT CREATE DELETE DROP GRANT INSERT LOCK REASSIGN REFRESH REINDEX REVOKE SECURITY TRUNCATE UPDATE VACUUM".split(" "));
function maySteer(statement) {
	const [first = "", second = ""] = statement.words;
	if (/\bset_config\b/i.test(statement.sql)) return true;
	if (plain.has(first) || setsLimit(statement) || transactionRole(statement) !== "work") return first === "SET" && !setsLimit(statement) && ![
		"LOCAL",
		"TRANSACTION",
		"CONSTRAINTS"
	].includes(second);
	return true;
}
function outlivesNoSession({ words, sql }) {
	return words.includes("TEMP") || words.includes("TEMPORARY") || words.includes("HOLD") || /\bpg_temp\b/i.test(sql);
}
function ownTransaction({ words }) {
	const [first, second] = words;
	if (second === "SUBSCRIPTION" && (first === "CREATE" || first === "DROP" || first === "ALTER")) return `${first} SUBSCRIPTION`;
	if (first === "CLUSTER" && words.length === 1) return "CLUSTER";
	return needsOwnTransaction(words);
}
function notFollowed({ words }) {
	const [first, second] = words;
	if ((first === "COMMIT" || first === "ROLLBACK") && second === "PREPARED") return `${first} PREPARED`;
	if (first === "PREPARE" && second === "TRANSACTION") return "PREPARE TRANSACTION";
	return (first === "COMMIT" || first === "END" || first === "ROLLBACK" || first === "ABORT") && words.includes("CHAIN") && !words.includes("NO") ? `${first} AND CHAIN` : void 0;
}
function of({ startByte, endByte }, first, count) {
	return {
		first,
		count,
		startByte,
		endByte,
		replay: [],
		steers: false
	};
}
function placed({ sql, startByte, endByte }) {
	return {
		sql,
		startByte,
		endByte
	};
}
function commitsOnTheWay(steps) {
	const committing = steps.filter(leavesSomething);
	return committing.length > 1 || committing.some(({ kind }) => kind === "alone");
}
function leavesSomething(step) {
	return step.kind === "alone" || step.kind === "transaction" && step.commits;
}
// src/migrations/atomic-model.ts
function atomicModel(sql, resume) {
	const statements = fileStatements(sql);
	const file = resume === void 0 ? atomicFile(sql) : fileInSteps(sql);
	if (file.kind === "unsupported") {
		const model = modelOf("split", sql, statements, "Airlock runs every statement on its own");
		const because = `Airlock does not run a file with ${file.what}`;
		return {
			...model,
			atomic: false,
			because,
			refused: {
				statement: file.statement,
				what: file.what
			}
		};
	}
	if (resume === void 0 && !commitsOnTheWay(file.steps)) {
		const together = file.steps.length === 1 && statements.length === file.steps[0]?.count;
		const model = modelOf(together ? "batch" : "split", sql, statements, "Airlock");
		return {
			...model,
			atomic: true,
			because: "Airlock runs all of it and its row of the history in one transaction, and a failure leaves nothing behind.",
			refused: together ? void 0 : model.refused,
			stray: together ? [] : model.stray
		};
	}
	return {
		...modelOf("split", sql, statements, "Airlock runs every statement on its own and records how far it came"),
		atomic: false
	};
}
// src/migrations/grammars.ts
async function readHere(sql, prismaVersion) {
	const splitter = await loadSplitter(prismaVersion, sql);
	return {
		parser: await loadParser(),
		execution: () => executionOf(sql, prismaVersion, splitter)
	};
}
async function loadSplitter(prismaVersion, ...texts) {
	return prismaVersion !== void 0 && texts.some((sql) => asksParser(prismaVersion, sql)) ? await loadSqlParser() : neverAsked;
}
function executionOf(sql, prismaVersion, splitter) {
	if (prismaVersion === void 0) return atomicModel(sql);
	const { pieces: _, ...execution } = executionModel(prismaVersion, sql, splitter);
	return execution;
}
const neverAsked = { countStatements() {
	throw new Error("nobody splits these files");
} };
export { atomicFile as a, leavesSomething as c, atomicModel as i, loadSplitter as n, commitsOnTheWay as o, readHere as r, fileInSteps as s, executionOf as t };
