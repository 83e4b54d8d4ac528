import { i as __toESM } from "./rolldown-runtime.mjs";
import { a as splitsFiles, c as fileStatements, d as skipBlank, f as tokens, i as modelOf, o as needsOwnTransaction, r as executionModel, s as transactionRole, t as loadSqlParser } from "./execution-model.mjs";
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
// src/sql/source-text.ts
const checkpointEvery = 512;
function sourceText(text) {
	return /[\u0080-\uffff]/.test(text) ? textOfManySizes(text) : textOfBytes(text);
}
function textOfBytes(text) {
	const lineOffsets = [0];
	lineEnd.lastIndex = 0;
	while (lineEnd.test(text)) lineOffsets.push(lineEnd.lastIndex);
	const locate = (target) => {
		const offset = Math.max(0, Math.min(target, text.length));
		const line = lastAtOrBefore(lineOffsets, offset);
		return {
			byte: offset,
			offset,
			line: line + 1,
			column: offset - (lineOffsets[line] ?? 0) + 1
		};
	};
	return {
		text,
		byteLength: text.length,
		atByte: locate,
		atCodePoint: locate,
		atOffset: locate,
		lineText: (wanted) => lineOf(text, lineOffsets, wanted)
	};
}
const lineEnd = /\r\n?|\n/g;
function lineOf(text, lineOffsets, wanted) {
	const from = lineOffsets[wanted - 1];
	if (from === void 0) return "";
	return text.slice(from, lineOffsets[wanted] ?? text.length).replace(/\r?\n$|\r$/, "");
}
function textOfManySizes(text) {
	const points = {
		byte: [0],
		codePoint: [0],
		offset: [0],
		line: [1],
		column: [1]
	};
	const lineOffsets = [0];
	let byte = 0;
	let codePoint = 0;
	let line = 1;
	let column = 1;
	let sinceCheckpoint = 0;
	for (let offset = 0; offset < text.length;) {
		const unit = text.charCodeAt(offset);
		const size = unitsAt(text, offset, unit);
		byte += bytesOf(unit, size);
		codePoint += 1;
		column += 1;
		offset += size;
		sinceCheckpoint += 1;
		const newLine = unit === 10 || unit === 13 && text.charCodeAt(offset) !== 10;
		if (newLine) {
			line += 1;
			column = 1;
			lineOffsets.push(offset);
		}
		if (newLine || sinceCheckpoint === checkpointEvery) {
			sinceCheckpoint = 0;
			points.byte.push(byte);
			points.codePoint.push(codePoint);
			points.offset.push(offset);
			points.line.push(line);
			points.column.push(column);
		}
	}
	const locate = (axis, target) => {
		const start = lastAtOrBefore(points[axis], target);
		const at = {
			byte: points.byte[start] ?? 0,
			codePoint: points.codePoint[start] ?? 0,
			offset: points.offset[start] ?? 0,
			column: points.column[start] ?? 1
		};
		while (at[axis] < target && at.offset < text.length) {
			const unit = text.charCodeAt(at.offset);
			const size = unitsAt(text, at.offset, unit);
			at.byte += bytesOf(unit, size);
			at.offset += size;
			at.codePoint += 1;
			at.column += 1;
		}
		return {
			byte: at.byte,
			offset: at.offset,
			line: points.line[start] ?? 1,
			column: at.column
		};
	};
	return {
		text,
		byteLength: byte,
		atByte: (target) => locate("byte", target),
		atCodePoint: (target) => locate("codePoint", target),
		atOffset: (target) => locate("offset", target),
		lineText: (wanted) => lineOf(text, lineOffsets, wanted)
	};
}
function unitsAt(text, offset, unit) {
	if (unit < 55296 || unit > 56319) return 1;
	const next = text.charCodeAt(offset + 1);
	return next >= 56320 && next <= 57343 ? 2 : 1;
}
function bytesOf(unit, units) {
	if (units === 2) return 4;
	if (unit < 128) return 1;
	return unit < 2048 ? 2 : 3;
}
function lastAtOrBefore(sorted, target) {
	let low = 0;
	let high = sorted.length - 1;
	while (low < high) {
		const middle = low + high + 1 >> 1;
		if ((sorted[middle] ?? 0) <= target) low = middle;
		else high = middle - 1;
	}
	return low;
}
// src/sql/split.ts
const wholeUpTo = 1e6;
const pieceSize = 5e5;
function splitForParsing(sql, from) {
	if (sql.length - from <= wholeUpTo) return [{
		start: from,
		end: sql.length
	}];
	const pieces = [];
	let start = from;
	let atomicDepth = 0;
	let lastWord = "";
	for (const token of tokens(sql, from)) {
		const word = token.kind === "word" && token.end - token.start <= 6 ? sql.slice(token.start, token.end).toLowerCase() : "";
		if (word === "atomic" && lastWord === "begin") atomicDepth = 1;
		else if (atomicDepth > 0 && word === "case") atomicDepth += 1;
		else if (atomicDepth > 0 && word === "end") atomicDepth -= 1;
		lastWord = word;
		if (token.kind === "symbol" && atomicDepth === 0 && sql[token.start] === ";" && token.end - start >= pieceSize) {
			pieces.push({
				start,
				end: token.end
			});
			start = token.end;
		}
	}
	if (start < sql.length) pieces.push({
		start,
		end: sql.length
	});
	return pieces;
}
// src/sql/parse.ts
function loadParser() {
	loading ??= load();
	return loading;
}
let loading;
async function load() {
	const grammar = await import("./postgres-grammar.mjs").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
	await grammar.loadModule();
	return {
		parse: remembered(grammar.parseSync),
		parsePlPgSql: remembered(grammar.parsePlPgSQLSync)
	};
}
const longestRemembered = 2e4;
const mostRemembered = 6e4;
function remembered(parse) {
	const trees = /* @__PURE__ */ new Map();
	let characters = 0;
	return (sql) => {
		const known = trees.get(sql);
		if (known !== void 0) return known;
		const tree = parse(sql);
		if (sql.length > longestRemembered) return tree;
		characters += sql.length;
		if (characters > mostRemembered) {
			trees.clear();
			characters = sql.length;
		}
		trees.set(sql, tree);
		return tree;
	};
}
const byteOrderMark = "﻿";
function parseMigration(parser, sql) {
	const source = sourceText(sql);
	const textStart = sql.startsWith(byteOrderMark) ? 1 : 0;
	const nul = sql.indexOf("\0");
	if (nul !== -1) return syntaxError(source, source.atOffset(nul).byte, "the file contains a NUL byte");
	const statements = [];
	for (const chunk of splitForParsing(sql, textStart)) {
		const text = sql.slice(chunk.start, chunk.end);
		if (isBlank(text)) continue;
		const chunkByte = source.atOffset(chunk.start).byte;
		let raw;
		try {
			raw = parser.parse(text).stmts ?? [];
		} catch (thrown) {
			return syntaxErrorOf(thrown, source, chunk.start);
		}
		for (const one of raw) {
			if (one.stmt === void 0) continue;
			const start = source.atOffset(skipBlank(sql, source.atByte(chunkByte + (one.stmt_location ?? 0)).offset));
			const limit = one.stmt_len === void 0 ? chunk.end : source.atByte(chunkByte + (one.stmt_location ?? 0) + one.stmt_len).offset;
			const end = source.atOffset(endOfLastToken(sql, start.offset, limit));
			statements.push({
				index: statements.length,
				kind: Object.keys(one.stmt)[0] ?? "unknown",
				node: one.stmt,
				sql: sql.slice(start.offset, end.offset),
				range: {
					startByte: start.byte,
					endByte: end.byte,
					line: start.line,
					column: start.column,
					endLine: end.line
				}
			});
		}
	}
	return {
		kind: "parsed",
		statements,
		source
	};
}
function isBlank(text) {
	return skipBlank(text, 0) >= text.length && skipBlank(`${text}\n;`, 0) === text.length + 1;
}
function endOfLastToken(text, start, limit) {
	const slice = text.slice(start, limit);
	if (!slice.includes("--") && !slice.includes("*/")) return start + slice.trimEnd().length;
	let end = start;
	for (const token of tokens(text, start, limit)) end = token.end;
	return Math.min(end, limit);
}
function syntaxErrorOf(thrown, source, chunkStart) {
	if (thrown instanceof RangeError) return syntaxError(source, source.atOffset(chunkStart).byte, "an expression is nested too deeply to be read");
	if (!(thrown instanceof Error)) throw thrown;
	const details = thrown.sqlDetails;
	if (details === void 0) throw thrown;
	const before = codePointsBefore(source, chunkStart);
	const at = source.atCodePoint(before + (details.cursorPosition ?? 0));
	if (goesOnBehindComment(source.text, at.offset)) {
		const { line, column, byte } = at;
		return {
			kind: "syntax-error",
			message: "a string that goes on behind a comment is not read here, though PostgreSQL takes it",
			hint: "Write it as one string, or put the comment above it.",
			line,
			column,
			byte,
			source
		};
	}
	return syntaxError(source, at.byte, thrown.message);
}
function goesOnBehindComment(text, offset) {
	if (text[offset] !== "'") return false;
	return /'[^\S\r\n]*(?:--[^\r\n]*)?(?:[\r\n][^\S\r\n]*(?:--[^\r\n]*)?)*[\r\n][^\S\r\n]*$/.exec(text.slice(Math.max(0, offset - 2e3), offset))?.[0].includes("--") === true;
}
function codePointsBefore(source, offset) {
	let count = 0;
	for (const _ of source.text.slice(0, offset)) count += 1;
	return count;
}
function syntaxError(source, byte, message) {
	const at = source.atByte(byte);
	return {
		kind: "syntax-error",
		message,
		hint: hintFor(source, at.line),
		line: at.line,
		column: at.column,
		byte,
		source
	};
}
function hintFor(source, line) {
	if (source.lineText(line).trimStart().startsWith("\\")) return "Lines that begin with a backslash are commands of psql; no server understands them.";
	const before = source.text.slice(0, source.text.length).split("\n", line - 1).join("\n");
	if (/\bfrom\s+stdin\b[^;]*;\s*[^;]*$/i.test(before.slice(-2e4))) return "Data after COPY … FROM stdin is a feature of psql; a migration needs INSERT statements.";
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
	const splitter = await loadSplitter(prismaVersion);
	return {
		parser: await loadParser(),
		execution: () => executionOf(sql, prismaVersion, splitter)
	};
}
async function loadSplitter(prismaVersion) {
	return prismaVersion !== void 0 && splitsFiles(prismaVersion) ? await loadSqlParser() : neverAsked;
}
function executionOf(sql, prismaVersion, splitter) {
	if (prismaVersion === void 0) return atomicModel(sql);
	const { pieces: _, ...execution } = executionModel(prismaVersion, sql, splitter);
	return execution;
}
const neverAsked = { countStatements() {
	throw new Error("nobody splits these files");
} };
export { loadParser as a, atomicFile as c, leavesSomething as d, atomicModel as i, commitsOnTheWay as l, loadSplitter as n, parseMigration as o, readHere as r, sourceText as s, executionOf as t, fileInSteps as u };
