import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { t as errnoOf } from "./errno.mjs";
import { n as readRegularText } from "./regular-file.mjs";
import { r as unlessCancelled } from "./cancellation.mjs";
import { n as quoteIdentifier } from "./quoting.mjs";
import { i as urlNamesOf, m as unreadableFile } from "./open-source.mjs";
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { setTimeout } from "node:timers/promises";
// src/postgres/url/say.ts
function example(shown = {}) {
	const { user = "USER", host = "HOST", port = 5432, database = "DATABASE", query = "" } = shown;
	return `postgresql://${user}:***@${host.includes(":") ? `[${host}]` : host}:${port}/${database}${query}`;
}
function problem(code, what, why, next) {
	return {
		kind: "invalid",
		failure: {
			code,
			what,
			why,
			next
		}
	};
}
function setting(variable, shown = {}) {
	return /^[A-Z0-9_]+$/i.test(variable) ? `${variable}=${example(shown)}` : `${variable}: ${example(shown)}`;
}
// src/postgres/url/structure.ts
function takeApart(text) {
	const { head, query } = splitQuery(text.slice(text.indexOf("://") + 3));
	const at = head.lastIndexOf("@");
	const credentials = at < 0 ? void 0 : head.slice(0, at);
	const location = head.slice(at + 1);
	const slash = location.indexOf("/");
	const authority = slash < 0 ? location : location.slice(0, slash);
	return {
		...splitCredentials(credentials),
		...splitAuthority(authority),
		path: slash < 0 ? void 0 : location.slice(slash + 1),
		query
	};
}
function splitQuery(rest) {
	for (let mark = rest.indexOf("?"); mark >= 0; mark = rest.indexOf("?", mark + 1)) {
		const query = rest.slice(mark + 1);
		const before = rest.slice(0, mark);
		if (!isParameterList(query)) continue;
		if (query.includes("@") && (/@[^&]*\//.test(query) || !/@[^@]*\/[^@]*$/.test(before))) continue;
		return {
			head: before,
			query
		};
	}
	return {
		head: rest,
		query: void 0
	};
}
function isParameterList(query) {
	return query === "" || query.split("&").every((pair) => pair === "" || /^[A-Za-z_][\w.-]*(?:=|$)/.test(pair));
}
function splitCredentials(credentials) {
	if (credentials === void 0) return {
		user: void 0,
		password: void 0
	};
	const colon = credentials.indexOf(":");
	if (colon < 0) return {
		user: credentials,
		password: void 0
	};
	return {
		user: credentials.slice(0, colon),
		password: credentials.slice(colon + 1)
	};
}
function splitAuthority(authority) {
	const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(authority);
	if (bracketed !== null) return {
		host: `[${bracketed[1] ?? ""}]`,
		port: bracketed[2]
	};
	const colon = authority.indexOf(":");
	if (colon < 0) return {
		host: authority,
		port: void 0
	};
	return {
		host: authority.slice(0, colon),
		port: authority.slice(colon + 1)
	};
}
const mustBeEncoded = /* @__PURE__ */ new Map([
	["@", "%40"],
	[":", "%3A"],
	["/", "%2F"],
	["#", "%23"],
	["?", "%3F"],
	["[", "%5B"],
	["]", "%5D"],
	["\\", "%5C"],
	["\"", "%22"],
	["<", "%3C"],
	[">", "%3E"],
	["^", "%5E"],
	["`", "%60"],
	["{", "%7B"],
	["}", "%7D"],
	["|", "%7C"],
	[" ", "%20"],
	["	", "%09"],
	["\n", "%0A"],
	["\r", "%0D"]
]);
function unescapedIn(component) {
	const found = /* @__PURE__ */ new Map();
	for (const character of component) {
		const encoding = mustBeEncoded.get(character);
		if (encoding !== void 0) found.set(character, encoding);
	}
	if (/%(?![0-9A-Fa-f]{2})/.test(component)) found.set("%", "%25");
	return [...found].map(([character, encoding]) => ({
		character,
		encoding
	}));
}
function decode(component) {
	try {
		return decodeURIComponent(component);
	} catch (error) {
		if (error instanceof URIError) return void 0;
		throw error;
	}
}
// src/postgres/url/encoding.ts
const encoder = "node -e \"process.stdin.once('data', (text) => console.log(encodeURIComponent(String(text).trim())))\"";
function checkEncoding(structure, variable) {
	const { user, password, path, query } = structure;
	const bad = password === void 0 ? [] : unescapedIn(password);
	if (password !== void 0 && bad.length > 0) return unescaped("password", bad, variable, bracketHint(password));
	if (password !== void 0 && decode(password) === void 0) return undecodable("password", variable);
	if (user !== void 0 && unescapedIn(user).length > 0) return unescaped("user name", unescapedIn(user), variable, []);
	if (user !== void 0 && decode(user) === void 0) return undecodable("user name", variable);
	const database = path?.replace(/\/$/, "");
	if (database !== void 0 && unescapedIn(database).length > 0) return unescaped("database name", unescapedIn(database), variable, []);
	if (database !== void 0 && decode(database) === void 0) return undecodable("database name", variable);
	if (query?.includes("#") === true) return unescaped("parameters", [{
		character: "#",
		encoding: "%23"
	}], variable, []);
}
function bracketHint(password) {
	return /^\[.*\]$/.test(password) ? ["If the brackets come from the provider’s `[YOUR-PASSWORD]`, they belong to the placeholder: remove them."] : [];
}
const spelled = /* @__PURE__ */ new Map([
	[" ", "a space"],
	["	", "a tab"],
	["\n", "a line break"],
	["\r", "a carriage return"]
]);
function unescaped(part, found, variable, hints) {
	const list = found.map(({ character, encoding }) => `${spelled.get(character) ?? `\`${character}\``} is written \`${encoding}\``);
	return problem("URL.UNESCAPED", `The ${part} in \`${variable}\` contains ${found.map(({ character }) => spelled.get(character) ?? `\`${character}\``).join(", ")} unescaped.`, `In a URL such a character ends a part or has a meaning of its own, so the rest would be read as something else: ${list.join(", ")}.`, [
		...hints,
		`Encode the ${part} and store the URL again. This prints the encoded form of what is typed into it, and leaves no trace in the shell's history:`,
		encoder
	]);
}
function undecodable(part, variable) {
	return problem("URL.UNESCAPED", `The percent-encoding of the ${part} in \`${variable}\` is not UTF-8.`, "It was encoded in another character set, as `%E9` for `é`, or a `%` of the text itself was left unescaped (`%25`).", [`Encode the ${part} again as UTF-8 and store the URL:`, encoder]);
}
// src/postgres/url/model.ts
const secretParameters = /* @__PURE__ */ new Set([
	"password",
	"sslpassword",
	"sslkeypassword",
	"api_key",
	"passfile"
]);
var DatabaseUrl = class {
	#secrets;
	host;
	port;
	database;
	user;
	schema;
	sslmode;
	parameters;
	constructor(parts) {
		const all = [...parts.parameters];
		this.host = parts.host;
		this.port = parts.port;
		this.database = parts.database;
		this.user = parts.user;
		this.schema = parts.parameters.get("schema") || "public";
		this.sslmode = parts.sslmode;
		this.parameters = new Map(all.filter(([name]) => !secretParameters.has(name)));
		this.#secrets = {
			raw: parts.raw,
			password: parts.password,
			encodedPassword: parts.encodedPassword,
			parameters: new Map(all.filter(([name]) => secretParameters.has(name)))
		};
	}
	static secretsIn(url) {
		return url.#secrets;
	}
	toString() {
		const password = this.#secrets.password === "" ? "" : ":***";
		return writeUrl(this, password, this.parameters);
	}
	toJSON() {
		return this.toString();
	}
	[Symbol.for("nodejs.util.inspect.custom")]() {
		return this.toString();
	}
};
function passwordOf(url) {
	return DatabaseUrl.secretsIn(url).password;
}
function allParametersOf(url) {
	return new Map([...url.parameters, ...DatabaseUrl.secretsIn(url).parameters]);
}
function secretsOf(url) {
	const { raw, password, encodedPassword, parameters } = DatabaseUrl.secretsIn(url);
	const texts = [
		raw,
		raw.trim(),
		password,
		encodedPassword,
		encodeURIComponent(password)
	];
	for (const value of parameters.values()) texts.push(value, encodeURIComponent(value));
	return [...new Set(texts)].filter((text) => text !== "").sort((a, b) => b.length - a.length);
}
function withDatabase(url, database) {
	return rewritten(url, database, allParametersOf(url));
}
function withSessionOf(url, like) {
	const parameters = new Map(allParametersOf(url));
	for (const name of ["schema", "options"]) {
		const value = like.parameters.get(name);
		if (value === void 0) parameters.delete(name);
		else parameters.set(name, value);
	}
	return rewritten(url, url.database, parameters);
}
function rewritten(url, database, parameters) {
	const secrets = DatabaseUrl.secretsIn(url);
	const { host, port, user, sslmode } = url;
	const parts = {
		...secrets,
		host,
		port,
		user,
		sslmode,
		database,
		parameters
	};
	const changed = new DatabaseUrl({
		...parts,
		raw: ""
	});
	return new DatabaseUrl({
		...parts,
		raw: writeUrl(changed, `:${secrets.encodedPassword}`, parameters)
	});
}
function isSocket(host) {
	return host.startsWith("/") || host.startsWith("@");
}
function writeUrl(url, password, parameters) {
	const query = new Map(parameters);
	query.delete("host");
	if (isSocket(url.host)) query.set("host", url.host);
	const host = isSocket(url.host) ? "localhost" : url.host.includes(":") ? `[${url.host}]` : url.host;
	const pairs = [...query].map(([name, value]) => `${name}=${encodeParameter(value)}`);
	return `postgresql://${`${encodeURIComponent(url.user)}${password}`}@${`${host}:${url.port}/${encodeURIComponent(url.database)}`}${pairs.length === 0 ? "" : `?${pairs.join("&")}`}`;
}
function encodeParameter(value) {
	return encodeURIComponent(value).replaceAll("%2F", "/").replaceAll("%3A", ":");
}
// src/postgres/url/location.ts
const defaultPort$1 = 5432;
function readLocation(structure, parameters, variable) {
	const port = readPort(structure.port);
	if (port === void 0) return badPort(structure, variable);
	const named = parameters.get("host");
	const host = named === void 0 || named === "" ? structure.host : named;
	if (host.includes(",") || structure.port?.includes(",")) return severalHosts(variable);
	if (host === "") return noHost(variable);
	const bracketed = /^\[([0-9a-f:.]+)(?:%25[\w.-]+)?\]$/i.exec(host);
	if (bracketed?.[1] !== void 0) return {
		kind: "ok",
		host: bracketed[1].toLowerCase(),
		port
	};
	const decoded = decode(host) ?? host;
	if (isSocket(decoded)) return {
		kind: "ok",
		host: decoded,
		port
	};
	if (!/^[\p{L}\p{N}._-]+$/u.test(host)) return badHost(variable);
	return {
		kind: "ok",
		host: host.toLowerCase(),
		port
	};
}
function readPort(text) {
	if (text === void 0 || text === "") return defaultPort$1;
	const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	return port >= 1 && port <= 65535 ? port : void 0;
}
function badPort(structure, variable) {
	if (structure.port?.includes(",") || structure.host.includes(",")) return severalHosts(variable);
	return problem("URL.MALFORMED", `The port${structure.user !== void 0 && /^\d+$/.test(structure.port ?? "") ? ` \`${structure.port}\`` : ""} in \`${variable}\` is not a number from 1 to 65535.`, structure.user === void 0 ? "What follows the first `:` is read as the port, because the URL has no `@` between password and host." : "It stands between the host and the database name.", [setting(variable)]);
}
function severalHosts(variable) {
	return problem("URL.MALFORMED", `\`${variable}\` names several hosts.`, "libpq can try them in turn; Prisma cannot, and migrations belong to the primary alone.", ["Keep the host of the primary server:", setting(variable)]);
}
function noHost(variable) {
	return problem("URL.NO_HOST", `\`${variable}\` names no host.`, "Nothing stands between the `@` and the port or the database. libpq would use a local socket, Prisma `localhost`.", [
		"Write the host:",
		setting(variable),
		"For a Unix socket, name its folder: postgresql://USER:***@localhost/DATABASE?host=/var/run/postgresql"
	]);
}
function badHost(variable) {
	return problem("URL.MALFORMED", `The host in \`${variable}\` is neither a name nor an address.`, "It contains a character that no host name has. An unescaped `@` in the password moves the beginning of the host; an IPv6 address needs brackets.", ["Encode special characters of the password (`@` is `%40`), write IPv6 as `[::1]`:", setting(variable)]);
}
function noDatabase(variable, shown) {
	const host = shown.host === "localhost" || shown.host?.includes(".") === true ? shown.host : void 0;
	return problem("URL.NO_DATABASE", `\`${variable}\` names no database.`, "Prisma would fall back to the database `postgres`, libpq to one named like the user. Migrations must not go to a database by accident.", ["Put the name of the database after the host:", setting(variable, {
		...shown,
		host
	})]);
}
function noUser(parameters, variable, shown) {
	const why = parameters.has("user") ? "It has a parameter `user`; Prisma reads user and password only from in front of the host." : "libpq would use the name of the operating system’s user, Prisma none at all.";
	return problem("URL.NO_USER", `\`${variable}\` names no user.`, why, ["Put user and password in front of the host:", setting(variable, {
		database: shown.database,
		port: shown.port
	})]);
}
// src/postgres/url/network.ts
const localNames = /* @__PURE__ */ new Set([
	"host.docker.internal",
	"gateway.docker.internal",
	"host.containers.internal"
]);
const privateSuffixes = [
	".internal",
	".local",
	".lan",
	".home.arpa",
	".intranet",
	".svc",
	".flycast"
];
function networkOf(host) {
	const name = host.toLowerCase().replace(/\.$/, "");
	if (name.startsWith("/") || name.startsWith("@") || localNames.has(name)) return "local";
	if (name === "localhost" || name.endsWith(".localhost")) return "local";
	const v4 = ipv4(name);
	if (v4 !== void 0) return networkOfV4(v4);
	if (name.includes(":")) return networkOfV6(name);
	if (!name.includes(".")) return "local";
	return privateSuffixes.some((suffix) => name.endsWith(suffix)) ? "private" : "public";
}
function ipv4(name) {
	const match = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/.exec(name);
	return match === null ? void 0 : [Number(match[1]), Number(match[2])];
}
function networkOfV4([first, second]) {
	if (first === 127 || first === 0) return "local";
	if (first === 10) return "private";
	if (first === 172 && second >= 16 && second <= 31) return "private";
	if (first === 192 && second === 168) return "private";
	if (first === 169 && second === 254) return "private";
	if (first === 100 && second >= 64 && second <= 127) return "private";
	return "public";
}
function networkOfV6(name) {
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(name)?.[1];
	const v4 = mapped === void 0 ? void 0 : ipv4(mapped);
	if (v4 !== void 0) return networkOfV4(v4);
	if (name === "::1" || name === "::") return "local";
	return /^f[cd]|^fe[89ab]/.test(name) ? "private" : "public";
}
// src/postgres/url/placeholder.ts
const bracketed = /^(?:<[^>]*>|\[[^\]]*\]|\{[^}]*\})$/;
const instructionWord = /your|pass|pwd|secret|user|name|host|server|port|database|project|ref|endpoint|region|key|here/i;
const filler = /^(?:x{3,}|\*{3,}|\.{3}|…|_{3,}|-{3,}|•+)$/i;
const passwordWords = /^(?:change_?(?:me|this|it|now|in_production)(?:_.*)?|(?:your|insert|enter|replace|paste)_.*|your(?:super)?(?:strong)?(?:secret|secure|db|database|postgres)?(?:password|pass|passwd|pwd|secret)|.*(?:password|passwd|pwd|secret)_?(?:goes_)?here|replace_?me|fill_?me(?:_in)?|to_?do|tbd|fix_?me|place_?holder|redacted|random_?password)$/;
const passwordWordsElsewhere = /^(?:dummy|example|sample|foo|bar|foobar)$/;
const capitals = {
	user: /^(?:DB_?|DATABASE_|POSTGRES_|PG)?USER(?:NAME|_NAME)?$/,
	password: /^(?:DB_?|DATABASE_|POSTGRES_|PG|MY_?)?(?:PASSWORD|PASS|PASSWD|PWD|SECRET)$/,
	host: /^(?:DB_?|DATABASE_|POSTGRES_|PG)?(?:HOST|HOSTNAME|SERVER|ENDPOINT)$/,
	port: /^(?:DB_?|PG)?PORT$/i,
	database: /^(?:DB|DATABASE|DB_?NAME|DATABASE_NAME|POSTGRES_DB|PGDATABASE)$/
};
const hostWords = /^(?:host|hostname|(?:your|insert|enter)[-_.].*|.*[-_.]?your[-_]?(?:db|database|project|host|server|endpoint|instance)[-_.]?.*|change_?me.*)$/i;
const nameWords = /^(?:(?:your|insert|enter|replace)_.*|your(?:user|username|db|database|dbname)|change_?me)$/;
const documentationHost = /(?:^|\.)example\.(?:com|net|org|edu)$|\.(?:example|invalid)$|^example$/i;
function placeholderIn(structure) {
	const { user, password, host, port, path } = structure;
	return passwordPlaceholder(user, password, host) ?? namePlaceholder("user", user, nameWords) ?? namePlaceholder("host", host, hostWords) ?? namePlaceholder("port", port, void 0) ?? namePlaceholder("database", path?.replace(/\/$/, ""), nameWords);
}
function documentationHostIn(host) {
	if (!documentationHost.test(host)) return void 0;
	return {
		part: "host",
		shown: host,
		hint: "Names under `example` are reserved for documentation (RFC 2606): no server has one."
	};
}
function passwordPlaceholder(user, raw, host) {
	if (raw === void 0 || raw === "") return void 0;
	const password = decode(raw) ?? raw;
	const word = wordOf(password);
	const here = networkOf(host) === "local";
	if (!(bracketed.test(password) && instructionWord.test(password) || filler.test(password) || capitals.password.test(password) || passwordWords.test(word) || !here && passwordWordsElsewhere.test(word) || user === "johndoe" && /^(?:randompassword|mypassword)$/.test(word))) return void 0;
	return {
		part: "password",
		shown: void 0,
		hint: "It is a word from an instruction or a template, so nobody has put the real one in yet."
	};
}
function namePlaceholder(part, raw, words) {
	if (raw === void 0 || raw === "") return void 0;
	const text = decode(raw) ?? raw;
	const isAddress = part === "host" && /^\[[0-9a-f:.%]*\]$/i.test(text);
	return bracketed.test(text) && !isAddress || /[<>[\]]/.test(text) && !isAddress && instructionWord.test(text) || filler.test(text) || capitals[part].test(text) || (words?.test(part === "host" ? text : wordOf(text)) ?? false) || part === "host" && /(?:^|\.)x{4,}\./i.test(text) ? {
		part,
		shown: text,
		hint: "It is a word from an instruction or a template."
	} : void 0;
}
function wordOf(text) {
	return text.toLowerCase().replace(/^[<[{(*"']+|[>\]})*"']+$/g, "").replace(/[\s-]+/g, "_");
}
// src/postgres/url/pooler.ts
const defaultPort = 5432;
const poolerPorts = /* @__PURE__ */ new Set([6432, 6543]);
const poolerNames = /(?:^|[.\-_])(pgbouncer|pgcat|pgpool|pgdog|supavisor|odyssey)(?:[.\-_\d]|$)/i;
const known = [
	{
		applies: ({ host, port }) => /\.supabase\.(?:co|com)$/.test(host) && port === 6543,
		describe: (target) => {
			const project = /^postgres\.([a-z0-9]+)$/.exec(target.user)?.[1];
			const direct = project === void 0 ? "" : ` (or the direct one, \`db.${project}.supabase.co:5432\`, from a runner with IPv6)`;
			return {
				name: "Supabase’s pooler in transaction mode",
				sign: `port ${target.port} of \`${target.host}\``,
				direct: `Use port 5432, the session mode${direct}:`,
				instead: exampleOf(target, { port: defaultPort })
			};
		}
	},
	{
		applies: ({ host }) => host.includes("-pooler."),
		describe: (target) => ({
			name: /\.neon\.(?:tech|build)$/.test(target.host) ? "Neon’s pooler" : "a pooler",
			sign: `\`-pooler\` in \`${target.host}\``,
			direct: "Remove `-pooler` from the host:",
			instead: exampleOf(target, { host: target.host.replace("-pooler.", ".") })
		})
	},
	{
		applies: ({ host }) => host === "pooled.db.prisma.io",
		describe: (target) => ({
			name: "the pooler of Prisma Postgres",
			sign: `the host \`${target.host}\``,
			direct: "Use the direct host:",
			instead: exampleOf(target, { host: "db.prisma.io" })
		})
	},
	{
		applies: ({ host, port }) => host.endsWith(".db.ondigitalocean.com") && port === 25061,
		describe: (target) => ({
			name: "a DigitalOcean connection pool",
			sign: `port ${target.port}`,
			direct: "Use port 25060 and the name of the database instead of the name of the pool:",
			instead: example({
				user: target.user,
				host: target.host,
				port: 25060
			})
		})
	},
	{
		applies: ({ host }) => /\.proxy-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com(?:\.cn)?$/.test(host),
		describe: (target) => ({
			name: "an RDS Proxy",
			sign: `\`.proxy-\` in \`${target.host}\``,
			direct: "Use the endpoint of the instance or the writer endpoint of the cluster, as the RDS console shows it.",
			instead: void 0
		})
	},
	{
		applies: ({ host, port }) => host.endsWith(".db.postgresbridge.com") && port === 5431,
		describe: (target) => ({
			name: "Crunchy Bridge’s PgBouncer",
			sign: `port ${target.port}`,
			direct: "Use port 5432:",
			instead: exampleOf(target, { port: defaultPort })
		})
	},
	{
		applies: ({ host }) => poolerNames.test(host),
		describe: (target) => ({
			name: poolerNames.exec(target.host)?.[1] ?? "a pooler",
			sign: `the host name \`${target.host}\``,
			direct: "Use the host of the PostgreSQL server behind it.",
			instead: void 0
		})
	},
	{
		applies: ({ host, port }) => poolerPorts.has(port) && networkOf(host) !== "local",
		describe: (target) => ({
			name: "a pooler",
			sign: `port ${target.port}, where PgBouncer, PgCat and Supavisor listen`,
			direct: "Use the port of the PostgreSQL server itself, usually 5432:",
			instead: exampleOf(target, { port: defaultPort })
		})
	},
	{
		applies: ({ parameters }) => /^(?:true|1)$/i.test(parameters.get("pgbouncer") ?? ""),
		describe: () => ({
			name: "PgBouncer",
			sign: "`pgbouncer=true`",
			direct: "Use the URL of the PostgreSQL server itself, without `pgbouncer=true`.",
			instead: void 0
		})
	}
];
function poolerOf(target) {
	return known.find((one) => one.applies(target))?.describe(target);
}
function refusePooler(target, variable) {
	const pooler = poolerOf(target);
	if (pooler === void 0) return void 0;
	const alternative = variable === "DATABASE_URL" || variable === "database-url" ? ["Keep the pooled URL for the application and give the direct one to Airlock as DIRECT_URL (input `direct-url`)."] : [];
	return problem("URL.POOLED", `\`${variable}\` goes through ${pooler.name}.`, `The sign is ${pooler.sign}. A pooler hands each transaction to another connection, so a session lock, a \`lock_timeout\` and a consistent dump cannot be relied on.`, [
		pooler.direct,
		...pooler.instead === void 0 ? [setting("DIRECT_URL", shownOf(target))] : [`${nameFor(variable)}=${pooler.instead}`],
		...alternative
	]);
}
function nameFor(variable) {
	return /^DATABASE_URL$|^database-url$/.test(variable) ? "DIRECT_URL" : variable;
}
function shownOf(target) {
	return {
		user: target.user,
		database: target.database
	};
}
function exampleOf(target, change) {
	return example({
		user: target.user,
		host: target.host,
		port: target.port,
		database: target.database,
		...change
	});
}
// src/postgres/url/scheme.ts
const otherDatabases = /* @__PURE__ */ new Map([
	["mysql", "a MySQL URL"],
	["mariadb", "a MariaDB URL"],
	["mongodb", "a MongoDB URL"],
	["mongodb+srv", "a MongoDB URL"],
	["sqlserver", "a SQL Server URL"],
	["file", "a SQLite file"],
	["sqlite", "a SQLite file"],
	["libsql", "a libSQL URL"],
	["cockroachdb", "a CockroachDB URL"],
	["redis", "a Redis URL"],
	["rediss", "a Redis URL"]
]);
const otherDoors = /* @__PURE__ */ new Map([
	["prisma", ["It is a Prisma Accelerate URL, which carries queries over HTTP and no migrations.", "Use the direct URL of the database behind it:"]],
	["prisma+postgres", ["It is the URL of Prisma Postgres or of `prisma dev`, which no PostgreSQL client can open.", "Copy the direct connection of the database from the Prisma Console (it starts with `postgres://`):"]],
	["jdbc", ["It is a JDBC URL.", "Remove `jdbc:` and put user and password in front of the host:"]],
	["http", ["It is the address of a web page.", "Copy the connection string that the provider shows for PostgreSQL:"]],
	["https", ["It is the address of a web page.", "Copy the connection string that the provider shows for PostgreSQL:"]]
]);
function wrongScheme(text, variable) {
	if (/^postgres(?:ql)?:\/\//i.test(text)) return void 0;
	const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
	const known = scheme === void 0 ? void 0 : explain$1(scheme);
	if (known !== void 0) {
		const [why, instead] = known;
		return problem("URL.WRONG_SCHEME", `\`${variable}\` starts with \`${scheme}:\`.`, why, [instead, setting(variable)]);
	}
	if (scheme === "postgres" || scheme === "postgresql") return problem("URL.MALFORMED", `\`${variable}\` lacks the two slashes after \`${scheme}:\`.`, "A connection URL starts with `postgresql://`.", [setting(variable)]);
	return problem("URL.WRONG_SCHEME", `\`${variable}\` does not start with \`postgresql://\`.`, "Without the scheme it is not a connection URL, and Prisma reads nothing else.", ["Write the URL from its beginning:", setting(variable)]);
}
function explain$1(scheme) {
	const database = otherDatabases.get(scheme);
	if (database === void 0) return otherDoors.get(scheme);
	return [`It is ${database}.`, "Airlock takes migrations to PostgreSQL only. Use the URL of the PostgreSQL database:"];
}
// src/postgres/url/unexpanded.ts
const expansions = [
	{
		pattern: /\$\{\{\s*([\w.[\]'-]*)/,
		shown: (match) => `\${{ ${match[1] ?? ""} }}`,
		why: "GitHub evaluates such an expression in a workflow file only; in a script, an env file or a secret it stays text."
	},
	{
		pattern: /\{\{\s*([\w.-]*)/,
		shown: (match) => `{{ ${match[1] ?? ""} }}`,
		why: "It is a template that no tool has filled in."
	},
	{
		pattern: /\$\{([A-Za-z_]\w*)?(:?[-=?+])?/,
		shown: (match) => `\${${match[1] ?? ""}${match[2] === void 0 ? "" : `${match[2]}…`}}`,
		why: "A shell or Docker Compose would expand it; a secret, the `env:` of a workflow and most env file readers do not."
	},
	{
		pattern: /\$\([a-z][\w ./'"-]*\)/i,
		shown: () => "$(…)",
		why: "A shell would run the command; here it stays text."
	},
	{
		pattern: /(?:^|:\/\/|[:@/])\$([A-Z_][A-Z0-9_]{2,}|[a-z]+_[a-z_]+)(?=$|[:@/?])/,
		shown: (match) => `$${match[1] ?? ""}`,
		why: "A shell would expand it; a secret, the `env:` of a workflow and most env file readers do not."
	},
	{
		pattern: /(?:^|:\/\/|[:@/])%([A-Za-z_]\w{2,})%(?=$|[:@/?])/,
		shown: (match) => `%${match[1] ?? ""}%`,
		why: "The Windows command prompt would expand it; here it stays text."
	},
	{
		pattern: /<%=?\s|#\{\w+\}/,
		shown: () => "a template expression",
		why: "It is a template that no tool has filled in."
	}
];
function unexpanded(text, variable) {
	for (const { pattern, shown, why } of expansions) {
		const match = pattern.exec(text);
		if (match === null) continue;
		return problem("URL.UNEXPANDED", `\`${variable}\` still contains \`${shown(match)}\`.`, why, [
			"Store the finished URL in the secret and hand it over in the workflow:",
			`${variable}: \${{ secrets.${/^[A-Z0-9_]+$/.test(variable) ? variable : "DATABASE_URL"} }}`,
			`The value of the secret looks like this: ${example()}`
		]);
	}
}
// src/postgres/url/raw.ts
function checkRawText(text, variable) {
	return pastedLine(text, variable) ?? quoted(text, variable) ?? unexpanded(text, variable) ?? severalUrls(text, variable) ?? wrongScheme(text, variable);
}
function pastedLine(text, variable) {
	if (/^(?:[$#]\s+)?(?:sudo\s+)?(?:psql|pg_dump|pgcli|npx|prisma)\s/i.test(text)) return problem("URL.MALFORMED", `\`${variable}\` holds a whole command, not a connection URL.`, "It starts with a program such as `psql`, as providers show it for copying.", ["Keep only the URL between the quotes of that command:", setting(variable)]);
	const assignment = /^(?:export\s+|set\s+)?([A-Z][A-Z0-9_]*)\s*=\s*["']?[a-z][a-z+]*:\/\//i.exec(text);
	if (assignment !== null) return problem("URL.MALFORMED", `\`${variable}\` holds a whole line of an env file, not a connection URL.`, `The value itself starts with \`${assignment[1]}=\`.`, ["Keep only what stands after the `=`, without quotes:", setting(variable)]);
	if (/^\s*(?:host|hostaddr|user|dbname|port|password)\s*=/i.test(text)) return problem("URL.MALFORMED", `\`${variable}\` holds a keyword/value connection string.`, "libpq reads `host=… dbname=…`; Prisma reads URLs only.", ["Write the same as a URL:", setting(variable)]);
	if (/^\s*(?:Server|Data Source|User ID|Host)\s*=[^;]*;/i.test(text)) return problem("URL.MALFORMED", `\`${variable}\` holds an ADO.NET connection string.`, "It is a list of `Name=Value;` pairs; Prisma reads URLs only.", ["Write the same as a URL:", setting(variable)]);
}
const quotePairs = /* @__PURE__ */ new Map([
	["\"", "\""],
	["'", "'"],
	["`", "`"],
	["“", "”"],
	["‘", "’"],
	["„", "“"],
	["«", "»"]
]);
function quoted(text, variable) {
	const first = text.at(0) ?? "";
	const last = text.at(-1) ?? "";
	const closing = new Set(quotePairs.values());
	if (!quotePairs.has(first) && !closing.has(last)) return void 0;
	const where = quotePairs.has(first) && closing.has(last) ? `starts with ${first} and ends with ${last}` : quotePairs.has(first) ? `starts with ${first}` : `ends with ${last}`;
	return problem("URL.QUOTED", `\`${variable}\` has quotes around the connection URL.`, `The value ${where}. Quotes belong into an env file or a shell; in a secret or a variable of GitHub they become part of the value.`, ["Store it again without the quotes:", setting(variable)]);
}
function severalUrls(text, variable) {
	const starts = text.match(/(?:postgres(?:ql)?|mysql|prisma(?:\+postgres)?|mongodb(?:\+srv)?):\/\//gi) ?? [];
	if (starts.length < 2) return void 0;
	return problem("URL.MALFORMED", `\`${variable}\` holds ${starts.length} connection URLs.`, "Airlock takes one database at a time, and which of them is meant cannot be told.", ["Keep the one of the primary server; put another into a variable of its own, such as DIRECT_URL:", setting(variable)]);
}
// src/postgres/url/tls.ts
const givenModes = [
	"disable",
	"allow",
	"prefer",
	"require",
	"verify-ca",
	"verify-full"
];
function decideTls(host, parameters, variable, shown) {
	const written = parameters.get("sslmode");
	if (written !== void 0 && !isGivenMode(written)) return problem("URL.MALFORMED", `\`${variable}\` has \`sslmode=${written}\`.`, `The modes are ${givenModes.join(", ")}. Prisma takes any other word for \`prefer\`, which can silently go without TLS.`, [setting(variable, {
		...shown,
		query: "?sslmode=require"
	})]);
	const given = written ?? modeOfSslParameter(parameters.get("ssl"));
	const network = networkOf(host);
	if (given === "disable") return withoutTls(network, variable, shown);
	const verified = verifiedMode(given, parameters);
	if (verified !== void 0) return {
		kind: "ok",
		sslmode: verified,
		warnings: []
	};
	if (given === "require") return {
		kind: "ok",
		sslmode: "require",
		warnings: []
	};
	if (network === "local") return {
		kind: "ok",
		sslmode: "prefer",
		warnings: []
	};
	return {
		kind: "ok",
		sslmode: "require",
		warnings: [`\`${variable}\` ${given === void 0 ? "says nothing about TLS" : `has \`sslmode=${given}\`, which can silently go without TLS`}; Airlock connects with \`sslmode=require\`. Write it into the URL to make every tool do so.`]
	};
}
function isGivenMode(text) {
	return givenModes.some((mode) => mode === text);
}
function modeOfSslParameter(ssl) {
	if (ssl === void 0) return void 0;
	return /^(?:false|0|off|no)$/i.test(ssl) ? "disable" : "require";
}
function verifiedMode(given, parameters) {
	if (given === "verify-full" || given === "verify-ca") return given;
	const accept = parameters.get("sslaccept");
	if (accept !== void 0 && accept !== "accept_invalid_certs") return "verify-full";
	const root = parameters.get("sslrootcert");
	if (root === "system") return "verify-full";
	return given === "require" && root !== void 0 ? "verify-ca" : void 0;
}
function withoutTls(network, variable, shown) {
	if (network === "public") return problem("URL.NO_TLS", `\`${variable}\` switches TLS off for \`${shown.host ?? "a remote host"}\`.`, "Password and data would cross public networks readable by everybody in between.", [
		"Switch TLS on:",
		setting(variable, {
			...shown,
			query: "?sslmode=require"
		}),
		"A server inside a private network is reached by its private address or its `.internal` name; there `sslmode=disable` is accepted."
	]);
	return {
		kind: "ok",
		sslmode: "disable",
		warnings: network === "private" ? [`\`${variable}\` switches TLS off; everybody in that private network can read along.`] : []
	};
}
function tlsPathsOf(sslmode, parameters) {
	const key = parameters.get("sslkey");
	const sslcert = parameters.get("sslcert");
	const verifies = sslmode === "verify-ca" || sslmode === "verify-full";
	const root = parameters.get("sslrootcert") ?? (key === void 0 ? sslcert : void 0);
	return {
		root: verifies ? root ?? "system" : void 0,
		certificate: key === void 0 ? void 0 : sslcert,
		key
	};
}
// src/postgres/url/client.ts
function clientConfig(url, readText = readCertificate) {
	const { parameters } = url;
	const application = parameters.get("application_name");
	const options = parameters.get("options");
	const timeoutSeconds = Number(parameters.get("connect_timeout") ?? NaN);
	const binding = parameters.get("channel_binding");
	return {
		host: url.host,
		port: url.port,
		user: url.user,
		password: passwordOf(url),
		database: url.database,
		ssl: tlsOf(url, readText),
		...application === void 0 ? {} : { application_name: application },
		...options === void 0 ? {} : { options },
		...timeoutSeconds > 0 ? { connectionTimeoutMillis: timeoutSeconds * 1e3 } : {},
		...binding === "require" || binding === "prefer" ? { enableChannelBinding: true } : {}
	};
}
function tlsOf(url, readText) {
	if (url.sslmode === "disable" || url.sslmode === "prefer" || isSocket(url.host)) return false;
	const files = readFiles(tlsPathsOf(url.sslmode, url.parameters), readText);
	switch (url.sslmode) {
		case "require": return {
			rejectUnauthorized: false,
			host: url.host,
			...files
		};
		case "verify-ca": return {
			rejectUnauthorized: true,
			host: url.host,
			...files,
			checkServerIdentity: () => void 0
		};
		case "verify-full": return {
			rejectUnauthorized: true,
			host: url.host,
			...files
		};
	}
}
function readFiles(paths, readText) {
	return {
		...paths.root === void 0 || paths.root === "system" ? {} : { ca: readText(paths.root) },
		...paths.certificate === void 0 ? {} : { cert: readText(paths.certificate) },
		...paths.key === void 0 ? {} : { key: readText(paths.key) }
	};
}
function readCertificate(path) {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		throw fail("DATABASE.TLS", {
			what: `The certificate file \`${path}\` of the connection URL cannot be read.`,
			why: `${messageOf(error)}. A relative path counts from the working directory, ${process.cwd()}.`,
			next: ["Write the absolute path of the file into the URL: ?sslmode=verify-full&sslrootcert=/path/to/ca.pem"]
		}, { cause: error });
	}
}
// src/postgres/url.ts
function parseDatabaseUrl(raw, variable, options = {}) {
	if (raw === void 0) return missing(variable);
	const text = raw.trim();
	if (text === "") return empty(variable);
	const unusable = checkRawText(text, variable);
	if (unusable !== void 0) return unusable;
	const structure = takeApart(text);
	return checkPlaceholder(structure, variable) ?? checkEncoding(structure, variable) ?? build(raw, structure, variable, options);
}
function missing(variable) {
	return problem("URL.MISSING", `\`${variable}\` is not set.`, "Airlock reads the connection URL from the environment, never from the command line.", [
		"In a workflow, hand the secret over:",
		`${variable}: \${{ secrets.${/^[A-Z0-9_]+$/.test(variable) ? variable : "DATABASE_URL"} }}`,
		`In a terminal: export ${setting(/^[A-Z0-9_]+$/.test(variable) ? variable : "DATABASE_URL")}`
	]);
}
function empty(variable) {
	return problem("URL.EMPTY", `\`${variable}\` is set but empty.`, "GitHub puts an empty text in place of a secret that does not exist, that belongs to another environment, or that a pull request from a fork may not read.", ["Check the name of the secret and the `environment:` of the job, then store the URL in it:", `gh secret set ${/^[A-Z0-9_]+$/.test(variable) ? variable : "DATABASE_URL"} --env production`]);
}
function checkPlaceholder(structure, variable) {
	const found = placeholderIn(structure);
	return found === void 0 ? void 0 : placeholderProblem(found, variable);
}
function placeholderProblem(found, variable) {
	const named = found.shown === void 0 ? "" : `, \`${found.shown}\``;
	return problem("URL.PLACEHOLDER", `The ${found.part} in \`${variable}\`${named} is a placeholder.`, found.hint, [`Put the real ${found.part} in, percent-encoded where it contains special characters:`, setting(variable)]);
}
function build(raw, structure, variable, options) {
	const parameters = new Map(new URLSearchParams(structure.query ?? ""));
	const location = readLocation(structure, parameters, variable);
	if (location.kind === "invalid") return location;
	const { host, port } = location;
	const user = decode(structure.user ?? "") ?? "";
	const database = decode(structure.path?.replace(/\/$/, "") ?? "") ?? "";
	const shown = {
		user: user === "" ? void 0 : structure.user,
		host: isSocket(host) ? void 0 : host,
		port,
		database: database === "" ? void 0 : encodeURIComponent(database)
	};
	if (user === "") return noUser(parameters, variable, shown);
	if (database === "") return noDatabase(variable, shown);
	const tls = decideTls(host, parameters, variable, shown);
	if (tls.kind === "invalid") return tls;
	const target = {
		host,
		port,
		user,
		database,
		parameters
	};
	const refused = options.pooled === "allow" ? void 0 : refusePooler(target, variable);
	if (refused !== void 0) return refused;
	const documentation = documentationHostIn(host);
	if (documentation !== void 0) return placeholderProblem(documentation, variable);
	const encodedPassword = structure.password ?? "";
	return {
		kind: "ok",
		url: new DatabaseUrl({
			...target,
			sslmode: tls.sslmode,
			raw,
			password: decode(encodedPassword) ?? "",
			encodedPassword
		}),
		warnings: [...raw === raw.trim() ? [] : [`\`${variable}\` has white space around the URL; it is ignored. Store the secret again without it.`], ...tls.warnings]
	};
}
// src/postgres/connection.ts
const connectTimeoutMs = 1e4;
const lockTimeoutMs = 5e3;
const goodbyeMs = 1e3;
const endWithClientSql = "SELECT CASE WHEN pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '1s', false) END";
async function endWithClientSettings(session) {
	const name = "client_connection_check_interval";
	const [row] = await session.query(`SELECT pg_catalog.current_setting('${name}') AS value`);
	return row === void 0 || row.value === "0" ? {} : { [name]: row.value };
}
async function connect(url, applicationName = "airlock", signal) {
	const { Client } = await import("./postgres-driver.mjs");
	const client = new Client({
		connectionTimeoutMillis: connectTimeoutMs,
		...clientConfig(url),
		application_name: applicationName
	});
	client.on("error", () => void 0);
	try {
		await unlessCancelled(client.connect(), signal);
		await client.query(`SET search_path = ''; SET lock_timeout = ${lockTimeoutMs}; ${endWithClientSql}`);
	} catch (error) {
		client.connection.stream.destroy();
		throw explain(error, url);
	}
	return {
		async query(text, values = []) {
			try {
				return (await unlessCancelled(client.query(text, [...values]), signal)).rows;
			} catch (error) {
				throw explain(error, url);
			}
		},
		async [Symbol.asyncDispose]() {
			await Promise.race([client.end(), setTimeout(goodbyeMs, void 0, { ref: false })]);
			client.connection.stream.destroy();
		}
	};
}
async function withoutLimits(session) {
	await session.query("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0");
}
async function connectWithoutLimits(...where) {
	const session = await connect(...where);
	try {
		await withoutLimits(session);
		return session;
	} catch (thrown) {
		await session[Symbol.asyncDispose]();
		throw thrown;
	}
}
function codeOf(error) {
	const code = error instanceof Error && "code" in error ? error.code : void 0;
	return typeof code === "string" ? code : "";
}
function explain(error, url) {
	if (error instanceof FailureError) return error;
	const { code, what, next } = explanationFor(codeOf(error), messageOf(error), url);
	return fail(code, {
		what,
		why: messageOf(error),
		next
	}, { cause: error });
}
function explanationFor(code, message, url) {
	const server = `${url.host}:${url.port}`;
	const database = `\`${url.database}\` on ${server}`;
	switch (code) {
		case "ECONNREFUSED":
		case "ENOTFOUND":
		case "EAI_AGAIN":
		case "EHOSTUNREACH":
		case "ENETUNREACH":
		case "ETIMEDOUT":
		case "ENOENT": return {
			code: "DATABASE.UNREACHABLE",
			what: `No PostgreSQL server answers at ${server}.`,
			next: ["Check host and port in the connection URL.", `Check that the runner may reach the server (firewall, allow list, VPN): pg_isready -h ${url.host} -p ${url.port}`]
		};
		case "28P01": return {
			code: "DATABASE.WRONG_PASSWORD",
			what: `The server at ${server} rejected the password of \`${url.user}\`.`,
			next: ["Copy the connection URL again into the secret; special characters of the password must be percent-encoded."]
		};
		case "28000": return {
			code: "DATABASE.NO_ACCESS",
			what: `The server does not let \`${url.user}\` into ${database}.`,
			next: ["Check pg_hba.conf or the provider’s access rules; where TLS is required, add `sslmode=require` to the URL."]
		};
		case "3D000": return {
			code: "DATABASE.NOT_FOUND",
			what: `There is no database ${database}.`,
			next: ["Check the database name at the end of the connection URL.", `A new environment needs it once: CREATE DATABASE ${quoteIdentifier(url.database)};`]
		};
		case "42501": return {
			code: "DATABASE.NO_PRIVILEGES",
			what: `The role \`${url.user}\` lacks a privilege in ${database}.`,
			next: ["Connect as the role that owns the tables, or grant what the server’s message names."]
		};
		case "25006": return {
			code: "DATABASE.READ_ONLY",
			what: `${database} accepts no writes.`,
			next: ["Use the URL of the primary server; a replica and a database that is read-only cannot be migrated."]
		};
		case "53300": return {
			code: "DATABASE.TOO_MANY_CONNECTIONS",
			what: `The server at ${server} has no free connection.`,
			next: ["See who holds them: SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC;"]
		};
		case "55P03": return {
			code: "DATABASE.BLOCKED",
			what: `Another session holds a lock in ${database} that even reading the catalog waits for.`,
			next: [
				"See who holds locks, and since when:",
				"SELECT a.pid, a.application_name, a.state, a.xact_start, l.relation::regclass, l.mode, left(a.query, 80) AS query FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.mode = 'AccessExclusiveLock' AND l.granted AND l.relation IS NOT NULL;",
				"Run again when that session is done."
			]
		};
		case "57P03": return {
			code: "DATABASE.UNREACHABLE",
			what: `The server at ${server} is starting up or shutting down.`,
			next: ["Run again when it accepts connections."]
		};
		default: return explanationForTheRest(code, message, url);
	}
}
function explanationForTheRest(code, message, url) {
	const server = `${url.host}:${url.port}`;
	if (/client password must be/.test(message)) return {
		code: "DATABASE.WRONG_PASSWORD",
		what: `The server at ${server} wants a password, and the connection URL has none for \`${url.user}\`.`,
		next: ["Put the password between the user and the `@`, percent-encoded: postgresql://USER:***@HOST:5432/DATABASE"]
	};
	if (/timeout expired/i.test(message)) return {
		code: "DATABASE.UNREACHABLE",
		what: `No PostgreSQL server answered at ${server} within ${connectTimeoutMs / 1e3} s.`,
		next: ["Check host, port and whether the runner may reach the server (firewall, allow list, VPN)."]
	};
	if (/SSL|TLS|certificate|self[- ]signed/i.test(`${message} ${code}`)) return {
		code: "DATABASE.TLS",
		what: `No TLS connection to ${server} could be made.`,
		next: ["Check `sslmode` and `sslrootcert` in the connection URL against what the server offers."]
	};
	if (/terminated|ECONNRESET|EPIPE|closed|not queryable/i.test(`${message} ${code}`) || code.startsWith("57P") || code.startsWith("08")) return {
		code: "DATABASE.CONNECTION_LOST",
		what: `The connection to ${server} was lost.`,
		next: ["See the server’s log for the reason, then run again: the history table says what was applied."]
	};
	return {
		code: "DATABASE.QUERY_FAILED",
		what: `A query on \`${url.database}\` at ${server} failed${code === "" ? "" : ` (SQLSTATE ${code})`}.`,
		next: ["This query is Airlock’s own. Report it with the message above."]
	};
}
// src/postgres/server-identity.ts
async function serverVersionOf(session) {
	const [row] = await session.query(`SELECT pg_catalog.current_setting('server_version') AS version, pg_catalog.current_setting('server_version_num') AS num`);
	if (row === void 0) throw new Error("The server does not say its version");
	return {
		version: row.version,
		major: Math.floor(Number(row.num) / 1e4)
	};
}
async function readSystemIdentifier(session) {
	const [allowed] = await session.query("SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AS allowed");
	if (allowed?.allowed !== true) return null;
	const [row] = await session.query("SELECT system_identifier::text AS id FROM pg_catalog.pg_control_system()");
	return row?.id ?? null;
}
// src/postgres/row-values.ts
function withoutRowValues(text) {
	return text.replaceAll(/(Key \((?:[^()]|\([^()]*\))*\))=\((?:.*|[\s\S]*)\)(?= (?:already exists|is duplicated|is not present|is still referenced|conflicts))/g, "$1=(…)").replaceAll(/(conflicts with (?:existing )?key \((?:[^()]|\([^()]*\))*\))=\((?:.*\)|[\s\S]*\))/g, "$1=(…)").replaceAll(/(Failing row contains) \((?:.*\)\.?$|[\s\S]*\))/gm, "$1 (…)").replaceAll(/(failing row contains \([^()\n]*\)) = \((?:.*\)\.?$|[\s\S]*\))/gm, "$1 = (…)").replaceAll(/(invalid input (?:syntax|value) for [^:\n]*): "(?:.*"|[\s\S]*")/g, "$1: \"…\"").replaceAll(/((?:malformed \w+ literal|out of range|(?:syntax error|no operand) in tsquery)): "(?:.*"|[\s\S]*")/g, "$1: \"…\"").replaceAll(/\b(value|Token|unit|time zone|invalid type name) "(?:.*|[\s\S]*)"(?= is |$| not recognized)/gm, "$1 \"…\"").replaceAll(/(CONTEXT: +COPY [^\n]*?, line \d+(?:, column [^\n]*?)?): .*/g, "$1: …").replaceAll(/(JSON data, line \d+): .*/g, "$1: …");
}
// src/migrations/choose-url.ts
function chooseUrl({ urlVariables, directUrlVariable, environment, inputs }) {
	const named = (variable) => ({
		variable,
		raw: environment[variable]
	});
	const given = [{
		variable: "direct-url",
		raw: inputs.directUrl
	}, {
		variable: "database-url",
		raw: inputs.databaseUrl
	}];
	const direct = unique([...directUrlVariable === void 0 ? [] : [directUrlVariable], "DIRECT_URL"]).map(named);
	const usual = unique([...urlVariables, "DATABASE_URL"]).map(named);
	const chosen = [
		...given,
		...direct,
		...usual
	].find(isGiven);
	if (chosen === void 0) return {
		kind: "none",
		failure: nothingGiven([...direct, ...usual], urlVariables)
	};
	const other = given.some(isGiven) ? given.find((one) => one !== chosen && isGiven(one)) : usual.find(isGiven);
	const conflict = other === void 0 || other === chosen ? void 0 : conflictBetween(chosen, other);
	return conflict === void 0 ? {
		kind: "chosen",
		...chosen
	} : {
		kind: "none",
		failure: conflict
	};
}
function isGiven(candidate) {
	return candidate.raw !== void 0 && candidate.raw.trim() !== "";
}
function unique(names) {
	return [...new Set(names)];
}
function conflictBetween(chosen, other) {
	const [one, two] = [chosen, other].map(({ raw, variable }) => parseDatabaseUrl(raw, variable, { pooled: "allow" }));
	if (one?.kind !== "ok" || two?.kind !== "ok") return void 0;
	if (poolerOf(two.url) !== void 0 || one.url.database === two.url.database) return void 0;
	return {
		code: "URL.CONFLICT",
		what: `\`${chosen.variable}\` and \`${other.variable}\` name different databases.`,
		why: `\`${chosen.variable}\` leads to \`${one.url.database}\` on ${one.url.host}, \`${other.variable}\` to \`${two.url.database}\` on ${two.url.host}. Which of them the migrations are meant for cannot be told.`,
		next: [`Correct the one that is wrong; both belong to the same environment.`, `Or leave \`${other.variable}\` unset for this step.`]
	};
}
function nothingGiven(looked, urlVariables) {
	const variable = urlVariables[0] ?? "DATABASE_URL";
	const empty = looked.find(({ raw }) => raw !== void 0);
	const parsed = parseDatabaseUrl(empty?.raw, empty?.variable ?? variable);
	const names = looked.map((one) => `\`${one.variable}\``).join(", ");
	if (parsed.kind === "ok") throw new Error("An empty text cannot be a connection URL.");
	return {
		...parsed.failure,
		why: `${parsed.failure.why} Looked at: ${names}.`
	};
}
// src/migrations/env-file.ts
async function withEnvFiles(environment, { paths, expands }) {
	let known = environment;
	for (const path of paths) {
		const values = await readValues(path);
		const visible = {
			...values,
			...withoutUnset(known)
		};
		known = {
			...expands ? Object.fromEntries(Object.entries(values).map(([name, value]) => [name, expand(value, visible)])) : values,
			...withoutUnset(known)
		};
	}
	return known;
}
async function readValues(path) {
	try {
		const values = parseEnv(await readRegularText(path));
		return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? ""]));
	} catch (error) {
		if ([
			"ENOENT",
			"ENOTDIR",
			"EISDIR"
		].includes(errnoOf(error))) return {};
		throw unreadableFile(error) ?? error;
	}
}
function withoutUnset(environment) {
	return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== void 0));
}
function expand(value, environment, depth = 0) {
	if (depth > 9) return value;
	return value.replace(/(\\?)\$\{(\w+)\}/g, (_all, escaped, name) => escaped === "" ? expand(environment[name] ?? "", environment, depth + 1) : `\${${name}}`);
}
// src/stages/preflight/database.ts
async function openDatabase(context) {
	return connectTo(context, await urlNamesOf(context.invocation.cwd, context.config));
}
async function connectTo(context, names) {
	const url = await databaseUrl(context, names);
	context.run.learn({ target: {
		host: url.host,
		database: url.database
	} });
	const session = await connect(url, "airlock", context.run.signal);
	return {
		url,
		session,
		[Symbol.asyncDispose]: () => session[Symbol.asyncDispose]()
	};
}
async function databaseUrl(context, names) {
	const given = await readUrl(context, names, "refuse");
	if (given.kind === "none") throw new FailureError(given.failure);
	return given.url;
}
async function urlIfGiven(context, names) {
	const given = await readUrl(context, names, "allow");
	return given.kind === "none" ? void 0 : given.url;
}
async function readUrl({ invocation, redactor, run }, names, pooled) {
	const environment = await withEnvFiles(invocation.env, names.envFiles);
	const chosen = chooseUrl({
		...names,
		environment,
		inputs: {
			databaseUrl: invocation.databaseUrl,
			directUrl: invocation.directUrl
		}
	});
	if (chosen.kind === "none") return chosen;
	redactor.add([chosen.raw]);
	const parsed = parseDatabaseUrl(chosen.raw, chosen.variable, { pooled });
	if (parsed.kind === "invalid") throw new FailureError(parsed.failure);
	redactor.add(secretsOf(parsed.url));
	for (const warning of parsed.warnings) run.notice(warning);
	return {
		kind: "given",
		url: parsed.url
	};
}
export { problem as C, writeUrl as S, isSocket as _, readSystemIdentifier as a, withDatabase as b, connectWithoutLimits as c, withoutLimits as d, parseDatabaseUrl as f, allParametersOf as g, DatabaseUrl as h, withoutRowValues as i, endWithClientSettings as l, tlsPathsOf as m, openDatabase as n, serverVersionOf as o, clientConfig as p, urlIfGiven as r, connect as s, connectTo as t, explain as u, passwordOf as v, withSessionOf as x, secretsOf as y };
