import { i as __toESM } from "./rolldown-runtime.mjs";
import { a as tokens, r as skipBlank } from "./lexer.mjs";
import { t as sourceText } from "./source-text.mjs";
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
export { parseMigration as n, loadParser as t };
