// src/sql/secrets.ts
function secretsIn(sql) {
	const found = /* @__PURE__ */ new Set();
	for (const [, literal = ""] of sql.matchAll(/\bpassw(?:or)?d\s*(?:=>|:?=)?\s*(?:[EN]|U&)?'((?:[^']|'')+)'/gi)) {
		found.add(literal);
		found.add(literal.replaceAll("''", "'"));
	}
	for (const [, word = ""] of sql.matchAll(/\bpassword=([^\s'"&;]+)/gi)) found.add(word);
	for (const [url] of sql.matchAll(/\b[a-z][\w+.-]*:\/\/[^\s'"/@]*:[^\s'"/@]+@[^\s'"]*/gi)) found.add(url);
	return [...found];
}
export { secretsIn as t };
