// src/sql/lexer.ts
const blank = 1;
const wordStart = 2;
const wordPart = 4;
const digit = 8;
const numberPart = 16;
const classes = /* @__PURE__ */ new Uint8Array(128);
for (const code of [
	9,
	10,
	11,
	12,
	13,
	32
]) classes[code] = blank;
for (let code = 48; code <= 57; code += 1) classes[code] = 28;
for (let code = 65; code <= 90; code += 1) {
	classes[code] = 22;
	classes[code + 32] = 22;
}
classes[95] = 22;
classes[36] = wordPart;
classes[46] = numberPart;
function is(wanted, text, at) {
	const code = text.charCodeAt(at);
	return ((code < 128 ? classes[code] ?? 0 : 6) & wanted) !== 0 && at < text.length;
}
function endWhile(wanted, text, from) {
	let at = from;
	while (is(wanted, text, at)) at += 1;
	return at;
}
function tokenAt(text, from) {
	const start = skipBlank(text, from);
	if (start >= text.length) return void 0;
	const char = text[start];
	if (char === "'") return {
		kind: "string",
		start,
		end: endOfQuoted(text, start)
	};
	if (char === "\"") return {
		kind: "quoted",
		start,
		end: endOfQuoted(text, start)
	};
	if (text[start + 1] === "'") {
		if (char === "e" || char === "E") return {
			kind: "string",
			start,
			end: endOfEscapeString(text, start + 1)
		};
		if (char !== void 0 && "bBxXnN".includes(char)) return {
			kind: "string",
			start,
			end: endOfQuoted(text, start + 1)
		};
	}
	if (char === "$") {
		const end = endOfDollarQuoted(text, start);
		if (end !== void 0) return {
			kind: "string",
			start,
			end
		};
	}
	if (is(wordStart, text, start)) return {
		kind: "word",
		start,
		end: endWhile(wordPart, text, start + 1)
	};
	if (is(digit, text, start)) return {
		kind: "number",
		start,
		end: endWhile(numberPart, text, start + 1)
	};
	return {
		kind: "symbol",
		start,
		end: start + 1
	};
}
function* tokens(text, from = 0, to = text.length) {
	for (let at = from;;) {
		const token = tokenAt(text, at);
		if (token === void 0 || token.start >= to) return;
		yield token;
		at = token.end;
	}
}
function skipBlank(text, from) {
	let at = from;
	for (;;) {
		at = endWhile(blank, text, at);
		if (text.startsWith("--", at)) at = endOfLine(text, at);
		else if (text.startsWith("/*", at)) at = endOfBlockComment(text, at);
		else return at;
	}
}
const lineBreak = /[\n\r]/g;
function endOfLine(text, from) {
	lineBreak.lastIndex = from;
	return lineBreak.exec(text)?.index ?? text.length;
}
const commentMark = /\/\*|\*\//g;
function endOfBlockComment(text, start) {
	let depth = 0;
	commentMark.lastIndex = start;
	for (let mark = commentMark.exec(text); mark !== null; mark = commentMark.exec(text)) {
		depth += mark[0] === "/*" ? 1 : -1;
		if (depth === 0) return commentMark.lastIndex;
	}
	return text.length;
}
function endOfQuoted(text, open) {
	const quote = text.charAt(open);
	for (let close = text.indexOf(quote, open + 1); close !== -1; close = text.indexOf(quote, close + 2)) if (text[close + 1] !== quote) return close + 1;
	return text.length;
}
const continued = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'/y;
function endOfEscapeString(text, open) {
	for (let at = open + 1; at < text.length; at += 1) if (text[at] === "\\") at += 1;
	else if (text[at] === "'") {
		if (text[at + 1] === "'") at += 1;
		else {
			continued.lastIndex = at + 1;
			if (!continued.test(text)) return at + 1;
			at = continued.lastIndex - 1;
		}
	}
	return text.length;
}
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
function endOfDollarQuoted(text, start) {
	dollarTag.lastIndex = start;
	const tag = dollarTag.exec(text)?.[0];
	if (tag === void 0) return void 0;
	const close = text.indexOf(tag, start + tag.length);
	return close === -1 ? text.length : close + tag.length;
}
export { tokens as a, tokenAt as i, endOfLine as n, skipBlank as r, endOfBlockComment as t };
