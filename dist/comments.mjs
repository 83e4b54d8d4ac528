import { a as tokens, n as endOfLine, t as endOfBlockComment } from "./lexer.mjs";
// src/sql/comments.ts
function* commentsOf(sql) {
	let from = 0;
	for (const token of tokens(sql)) {
		if (token.start - from >= 2) yield* between(sql, from, token.start);
		from = token.end;
	}
	yield* between(sql, from, sql.length);
}
function* between(sql, from, to) {
	for (let at = from; at < to;) if (sql.startsWith("--", at)) {
		const end = endOfLine(sql, at);
		yield {
			start: at,
			end,
			text: sql.slice(at + 2, end).trim()
		};
		at = end;
	} else if (sql.startsWith("/*", at)) {
		const end = endOfBlockComment(sql, at);
		yield {
			start: at,
			end,
			text: blockText(sql.slice(at + 2, end))
		};
		at = end;
	} else at += 1;
}
function blockText(inside) {
	return inside.replace(/\*\/$/, "").split(/\r\n?|\n/).map((line) => line.trim().replace(/^\*+\s*/, "")).join(" ").trim();
}
export { commentsOf as t };
