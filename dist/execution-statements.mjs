import { i as tokenAt } from "./lexer.mjs";
// src/migrations/execution-statements.ts
const mostWords = 60;
function fileStatements(sql) {
	const statements = [];
	const bytes = byteCounter(sql);
	let current = emptyStatement(0);
	const finish = (end) => {
		if (!current.hasContent) return;
		const start = firstVisible(sql, current.from);
		const { words, bodies } = current;
		statements.push({
			sql: sql.slice(start, end),
			startByte: bytes(start),
			endByte: bytes(end),
			words,
			bodies
		});
	};
	for (let token = tokenAt(sql, 0); token !== void 0; token = tokenAt(sql, token.end)) {
		const text = sql.slice(token.start, token.end);
		if (token.kind === "symbol" && text === ";" && current.parens <= 0 && current.blocks <= 0) {
			finish(token.end);
			current = emptyStatement(token.end);
		} else take(current, token.kind, text);
	}
	finish(sql.length);
	return statements;
}
function emptyStatement(from) {
	return {
		from,
		hasContent: false,
		parens: 0,
		blocks: 0,
		words: [],
		before: "",
		bodies: []
	};
}
const visible = /\S/g;
function firstVisible(sql, from) {
	visible.lastIndex = from;
	return visible.exec(sql)?.index ?? sql.length;
}
function take(statement, kind, text) {
	statement.hasContent = true;
	if (text === "(") statement.parens += 1;
	if (text === ")") statement.parens -= 1;
	if (kind === "string" && (text.startsWith("$") || statement.words[0] === "DO")) statement.bodies.push(text);
	if (kind === "word") takeWord(statement, text.toUpperCase());
}
function takeWord(statement, word) {
	const { before } = statement;
	statement.before = word;
	if (statement.words.length < mostWords) statement.words.push(word);
	if (statement.words[0] !== "CREATE" || !isRoutine(statement.words)) return;
	if (word === "ATOMIC" && before === "BEGIN" && statement.blocks === 0) statement.blocks = 1;
	else if (statement.blocks > 0 && word === "CASE") statement.blocks += 1;
	else if (statement.blocks > 0 && word === "END") statement.blocks -= 1;
}
function isRoutine([create, second, third, fourth]) {
	const kind = second === "OR" && third === "REPLACE" ? fourth : second;
	return create === "CREATE" && (kind === "FUNCTION" || kind === "PROCEDURE");
}
function byteCounter(sql) {
	let position = 0;
	let bytes = 0;
	return (asked) => {
		bytes += Buffer.byteLength(sql.slice(position, asked));
		position = asked;
		return bytes;
	};
}
export { fileStatements as t };
