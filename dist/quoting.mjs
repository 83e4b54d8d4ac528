// src/postgres/quoting.ts
function quoteIdentifier(name) {
	return `"${name.replaceAll("\"", "\"\"")}"`;
}
function quoteLiteral(text) {
	const quoted = `'${text.replaceAll("'", "''")}'`;
	return text.includes("\\") ? ` E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}
function connectionStringFor(database) {
	return `dbname='${database.replaceAll(/['\\]/g, "\\$&")}'`;
}
function shellWord(text) {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
export { shellWord as i, quoteIdentifier as n, quoteLiteral as r, connectionStringFor as t };
