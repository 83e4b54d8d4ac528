import { i as __toESM, r as __require, t as __commonJSMin } from "./rolldown-runtime.mjs";
import { a as endOfBlockComment, c as errnoOf, d as withheldPassword, f as esm_default, g as messageOf, h as failureTitles, i as splitsFiles, l as passwordVariable, m as fail, o as skipBlank, p as FailureError, r as executionModel, s as tokens, t as loadSqlParser } from "./postgres.mjs";
import { createHash, randomBytes } from "node:crypto";
import { constants, createReadStream, createWriteStream, existsSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { access, chmod, mkdir, mkdtemp, open as open$1, readFile, readdir, realpath, rename as rename$2, rm, stat, statfs, writeFile } from "node:fs/promises";
import { basename, delimiter, dirname, extname, join, relative, resolve as resolve$1, sep } from "node:path";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { createInterface } from "node:readline";
import { execFile, spawn } from "node:child_process";
import { availableParallelism, constants as constants$1, tmpdir } from "node:os";
import { parseEnv, promisify } from "node:util";
import { pipeline } from "node:stream/promises";
import { relative as relative$1, sep as sep$1 } from "node:path/posix";
// src/report/words.ts
function formatMs(ms) {
	if (Math.round(ms) < 1e3) return `${Math.round(ms)} ms`;
	const tenths = Math.round(ms / 100);
	if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
	const seconds = Math.round(ms / 1e3);
	return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
function formatBytes(bytes) {
	const units = [
		"B",
		"kB",
		"MB",
		"GB",
		"TB"
	];
	let value = bytes;
	let unit = 0;
	while (value >= 1024 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
function plural(count, word, many = `${word}s`) {
	return `${count} ${count === 1 ? word : many}`;
}
// src/ended.ts
function targetOf$1({ url }) {
	return {
		host: url.host,
		database: url.database
	};
}
function nothingPending(facts) {
	return {
		outcome: "nothing-pending",
		reasonCode: "nothing_pending",
		reason: `All ${plural(facts.history.applied.length, "migration")} of the folder are applied.`,
		target: targetOf$1(facts),
		...noMigrations,
		next: []
	};
}
const noMigrations = {
	migrations: [],
	applied: [],
	findings: [],
	allowed: []
};
function ofPlan(facts, plan) {
	return {
		target: targetOf$1(facts),
		digest: plan.digest,
		migrations: plan.migrations.map(reported),
		applied: [],
		findings: plan.findings,
		allowed: plan.allowed,
		next: []
	};
}
function refused(facts, plan, refusal) {
	return {
		...ofPlan(facts, plan),
		outcome: "refused",
		reasonCode: refusal.code,
		reason: reasonOf$1(refusal),
		next: refusal.next
	};
}
function reasonOf$1({ reason, risks }) {
	return [reason, ...risks.map((risk) => `${risk.migration}:${risk.line} ${risk.text}`)].join("\n");
}
function planChanged(facts, before, now) {
	const was = before.migrations.map((migration) => migration.name).join(", ");
	const is = now.migrations.map((migration) => migration.name).join(", ");
	return {
		...ofPlan(facts, now),
		outcome: "refused",
		reasonCode: "plan_changed",
		reason: ["The plan is no longer the one that passed the gate: the database, the history or the files changed in between.", was === is ? `The same migrations are pending (${is}), on another schema or with other contents.` : `Pending was ${was}; pending is ${is}.`].join("\n"),
		next: ["Read the new plan, then start again:", "airlock plan"]
	};
}
function reported(migration) {
	return {
		name: migration.name,
		checksum: migration.checksum,
		atomic: migration.execution.atomic,
		stage: migration.stage,
		statements: migration.statements.map(({ index, range, kind, sql, effects }) => ({
			index,
			line: range.line,
			kind,
			sql,
			effects
		}))
	};
}
// src/cancellation.ts
function cancellation(cause) {
	return fail("RUN.CANCELLED", {
		what: "The run was cancelled.",
		why: "It received an interrupt or termination signal, before any migration was applied.",
		next: ["Run `airlock plan` to see what is applied and what is still pending, then deploy again."]
	}, { cause });
}
function isCancellation(error) {
	return error instanceof FailureError && error.failure.code === "RUN.CANCELLED";
}
async function unlessCancelled(work, signal) {
	if (signal === void 0) return work;
	let giveUp = () => {};
	const cancelled = new Promise((_, reject) => {
		giveUp = () => reject(cancellation(signal.reason));
	});
	signal.addEventListener("abort", giveUp, { once: true });
	if (signal.aborted) giveUp();
	try {
		return await Promise.race([work, cancelled]);
	} finally {
		signal.removeEventListener("abort", giveUp);
	}
}
// src/postgres/deploy-lock.ts
const lockKey = "4702394921427289";
const pollMs = 500;
async function takeDeployLock(session, options) {
	const startedAt = Date.now();
	let told = false;
	while (!await tryLock(session)) {
		const holder = await describeHolder(session);
		if (Date.now() - startedAt >= options.waitMs) throw fail("DEPLOY.LOCKED", {
			what: "Another deploy to this database is running.",
			why: `The deploy lock is held by ${holder}; waited ${Math.round((Date.now() - startedAt) / 1e3)} s.`,
			next: ["Run again when that deploy has ended.", "The lock disappears with the connection that holds it; it never has to be cleaned up."]
		});
		if (!told) options.onWait(holder);
		told = true;
		await unlessCancelled(setTimeout$1(pollMs), options.signal);
	}
}
const prismaLockKey = "72707369";
async function whoApplies(session) {
	const [row] = await session.query(`SELECT a.pid, a.application_name AS name, pg_catalog.host(a.client_addr) AS client, a.backend_start::text AS since
       FROM pg_catalog.pg_stat_activity a
      WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
        AND (a.application_name LIKE 'airlock-apply-%' OR EXISTS (SELECT FROM pg_catalog.pg_locks l
              WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.granted
                AND ((l.classid::bigint << 32) | l.objid::bigint) IN (${lockKey}, ${prismaLockKey})))
      ORDER BY a.application_name LIKE 'airlock-apply-%' DESC`);
	return row === void 0 ? void 0 : describe$1(row);
}
async function tryLock(session) {
	const [row] = await session.query(`SELECT pg_catalog.pg_try_advisory_lock(${lockKey}) AS locked`);
	return row?.locked === true;
}
async function describeHolder(session) {
	const [row] = await session.query(`SELECT a.pid, a.application_name AS name, pg_catalog.host(a.client_addr) AS client, a.backend_start::text AS since
       FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        AND ((l.classid::bigint << 32) | l.objid::bigint) = ${lockKey}`);
	return row === void 0 ? "a session that has just ended" : describe$1(row);
}
function describe$1(row) {
	const from = row.client === null ? "" : ` from ${row.client}`;
	const since = row.since === null ? "" : `, connected since ${row.since}`;
	return `process ${row.pid} (${row.name}${from}${since})`;
}
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
function decode$1(component) {
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
	if (password !== void 0 && decode$1(password) === void 0) return undecodable("password", variable);
	if (user !== void 0 && unescapedIn(user).length > 0) return unescaped("user name", unescapedIn(user), variable, []);
	if (user !== void 0 && decode$1(user) === void 0) return undecodable("user name", variable);
	const database = path?.replace(/\/$/, "");
	if (database !== void 0 && unescapedIn(database).length > 0) return unescaped("database name", unescapedIn(database), variable, []);
	if (database !== void 0 && decode$1(database) === void 0) return undecodable("database name", variable);
	if (query?.includes("#") === true) return unescaped("parameters", [{
		character: "#",
		encoding: "%23"
	}], variable, []);
}
function bracketHint(password) {
	return /^\[.*\]$/.test(password) ? ["If the brackets come from the provider’s `[YOUR-PASSWORD]`, they belong to the placeholder: remove them."] : [];
}
const spelled$1 = /* @__PURE__ */ new Map([
	[" ", "a space"],
	["	", "a tab"],
	["\n", "a line break"],
	["\r", "a carriage return"]
]);
function unescaped(part, found, variable, hints) {
	const list = found.map(({ character, encoding }) => `${spelled$1.get(character) ?? `\`${character}\``} is written \`${encoding}\``);
	return problem("URL.UNESCAPED", `The ${part} in \`${variable}\` contains ${found.map(({ character }) => spelled$1.get(character) ?? `\`${character}\``).join(", ")} unescaped.`, `In a URL such a character ends a part or has a meaning of its own, so the rest would be read as something else: ${list.join(", ")}.`, [
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
	const secrets = DatabaseUrl.secretsIn(url);
	const { host, port, user, sslmode } = url;
	const parts = {
		...secrets,
		host,
		port,
		user,
		sslmode,
		database,
		parameters: allParametersOf(url)
	};
	const changed = new DatabaseUrl({
		...parts,
		raw: ""
	});
	return new DatabaseUrl({
		...parts,
		raw: writeUrl(changed, `:${secrets.encodedPassword}`, parts.parameters)
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
function readLocation$1(structure, parameters, variable) {
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
	const decoded = decode$1(host) ?? host;
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
	const v4 = ipv4$1(name);
	if (v4 !== void 0) return networkOfV4(v4);
	if (name.includes(":")) return networkOfV6(name);
	if (!name.includes(".")) return "local";
	return privateSuffixes.some((suffix) => name.endsWith(suffix)) ? "private" : "public";
}
function ipv4$1(name) {
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
	const v4 = mapped === void 0 ? void 0 : ipv4$1(mapped);
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
	const password = decode$1(raw) ?? raw;
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
	const text = decode$1(raw) ?? raw;
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
	const known = scheme === void 0 ? void 0 : explain$3(scheme);
	if (known !== void 0) {
		const [why, instead] = known;
		return problem("URL.WRONG_SCHEME", `\`${variable}\` starts with \`${scheme}:\`.`, why, [instead, setting(variable)]);
	}
	if (scheme === "postgres" || scheme === "postgresql") return problem("URL.MALFORMED", `\`${variable}\` lacks the two slashes after \`${scheme}:\`.`, "A connection URL starts with `postgresql://`.", [setting(variable)]);
	return problem("URL.WRONG_SCHEME", `\`${variable}\` does not start with \`postgresql://\`.`, "Without the scheme it is not a connection URL, and Prisma reads nothing else.", ["Write the URL from its beginning:", setting(variable)]);
}
function explain$3(scheme) {
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
	return pastedLine(text, variable) ?? quoted$2(text, variable) ?? unexpanded(text, variable) ?? severalUrls(text, variable) ?? wrongScheme(text, variable);
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
function quoted$2(text, variable) {
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
	const files = readFiles$1(tlsPathsOf(url.sslmode, url.parameters), readText);
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
function readFiles$1(paths, readText) {
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
// src/postgres/url/libpq.ts
const passedOn = /* @__PURE__ */ new Map([
	["options", "PGOPTIONS"],
	["connect_timeout", "PGCONNECT_TIMEOUT"],
	["application_name", "PGAPPNAME"],
	["channel_binding", "PGCHANNELBINDING"],
	["target_session_attrs", "PGTARGETSESSIONATTRS"],
	["sslcrl", "PGSSLCRL"],
	["sslcrldir", "PGSSLCRLDIR"],
	["sslsni", "PGSSLSNI"],
	["ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"],
	["ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"],
	["sslnegotiation", "PGSSLNEGOTIATION"],
	["gssencmode", "PGGSSENCMODE"],
	["krbsrvname", "PGKRBSRVNAME"],
	["require_auth", "PGREQUIREAUTH"],
	["requirepeer", "PGREQUIREPEER"],
	["client_encoding", "PGCLIENTENCODING"]
]);
function libpqEnvironment(url, systemRoots = "system") {
	const environment = {
		PGHOST: url.host,
		PGPORT: String(url.port),
		PGUSER: url.user,
		PGDATABASE: url.database,
		PGSSLMODE: url.sslmode
	};
	const { root, certificate, key } = tlsPathsOf(url.sslmode, url.parameters);
	if (root !== void 0) environment.PGSSLROOTCERT = root === "system" ? systemRoots : root;
	if (certificate !== void 0) environment.PGSSLCERT = certificate;
	if (key !== void 0) environment.PGSSLKEY = key;
	for (const [parameter, variable] of passedOn) {
		const value = url.parameters.get(parameter);
		if (value !== void 0 && value !== "") environment[variable] = value;
	}
	return environment;
}
// src/postgres/url/prisma.ts
function prismaUrl(url, settings = {}, standIn) {
	const parameters = new Map(allParametersOf(url));
	parameters.delete("ssl");
	parameters.delete("sslmode");
	for (const [name, value] of prismaTls(url)) parameters.set(name, value);
	const options = [parameters.get("options") ?? "", ...Object.entries(settings).map(asOption)].filter((text) => text.trim() !== "");
	if (options.length > 0) parameters.set("options", options.join(" "));
	const { encodedPassword } = DatabaseUrl.secretsIn(url);
	return writeUrl(url, encodedPassword === "" ? "" : `:${standIn ?? encodedPassword}`, parameters);
}
function prismaTls(url) {
	if (isSocket(url.host)) return [["sslmode", "disable"]];
	if (url.sslmode !== "verify-ca" && url.sslmode !== "verify-full") return [["sslmode", url.sslmode]];
	const { root, key } = tlsPathsOf(url.sslmode, url.parameters);
	const strict = [["sslmode", "require"], ["sslaccept", "strict"]];
	return root === void 0 || root === "system" || key !== void 0 ? strict : [...strict, ["sslcert", root]];
}
function asOption([name, value]) {
	return `-c ${name}=${value.replaceAll("\\", "\\\\").replaceAll(" ", "\\ ")}`;
}
// src/postgres/url.ts
function parseDatabaseUrl(raw, variable, options = {}) {
	if (raw === void 0) return missing(variable);
	const text = raw.trim();
	if (text === "") return empty$2(variable);
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
function empty$2(variable) {
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
	const location = readLocation$1(structure, parameters, variable);
	if (location.kind === "invalid") return location;
	const { host, port } = location;
	const user = decode$1(structure.user ?? "") ?? "";
	const database = decode$1(structure.path?.replace(/\/$/, "") ?? "") ?? "";
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
			password: decode$1(encodedPassword) ?? "",
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
	const client = new esm_default.Client({
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
		throw explain$2(error, url);
	}
	return {
		async query(text, values = []) {
			try {
				return (await unlessCancelled(client.query(text, [...values]), signal)).rows;
			} catch (error) {
				throw explain$2(error, url);
			}
		},
		async [Symbol.asyncDispose]() {
			await Promise.race([client.end(), setTimeout$1(goodbyeMs, void 0, { ref: false })]);
			client.connection.stream.destroy();
		}
	};
}
function codeOf$1(error) {
	const code = error instanceof Error && "code" in error ? error.code : void 0;
	return typeof code === "string" ? code : "";
}
function explain$2(error, url) {
	if (error instanceof FailureError) return error;
	const { code, what, next } = explanationFor(codeOf$1(error), messageOf(error), url);
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
// src/process-group.ts
const killAfterMs = 3e3;
function startGroup(program, args, options) {
	const { env, cwd, signal } = options;
	const child = spawn(program, [...args], {
		env: { ...env },
		...cwd === void 0 ? {} : { cwd },
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		],
		detached: true
	});
	const ended = new Promise((resolve, reject) => {
		child.once("error", reject);
		child.once("close", resolve);
	});
	ended.catch(() => void 0);
	const stop = () => {
		killGroup(child.pid, "SIGTERM");
		setTimeout(() => killGroup(child.pid, "SIGKILL"), killAfterMs).unref();
	};
	const killAtExit = () => killGroup(child.pid, "SIGKILL");
	process.once("exit", killAtExit);
	signal.addEventListener("abort", stop, { once: true });
	if (signal.aborted) stop();
	return {
		stdout: child.stdout,
		stderr: child.stderr,
		ended,
		stop,
		[Symbol.dispose]() {
			process.off("exit", killAtExit);
			signal.removeEventListener("abort", stop);
		}
	};
}
function killGroup(pid, signal) {
	if (pid === void 0) return;
	try {
		process.kill(-pid, signal);
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
	}
}
// \0@oxc-project+runtime@0.158.0/helpers/esm/usingCtx.js
function _usingCtx() {
	var r = "function" == typeof SuppressedError ? SuppressedError : function(r, e) {
		var n = Error();
		return n.name = "SuppressedError", n.error = r, n.suppressed = e, n;
	}, e = {}, n = [];
	function using(r, e) {
		if (null != e) {
			if (Object(e) !== e) throw new TypeError("using declarations can only be used with objects, functions, null, or undefined.");
			if (r) var o = e[Symbol.asyncDispose || Symbol["for"]("Symbol.asyncDispose")];
			if (void 0 === o && (o = e[Symbol.dispose || Symbol["for"]("Symbol.dispose")], r)) var t = o;
			if ("function" != typeof o) throw new TypeError("Object is not disposable.");
			t && (o = function o() {
				try {
					t.call(e);
				} catch (r) {
					return Promise.reject(r);
				}
			}), n.push({
				v: e,
				d: o,
				a: r
			});
		} else r && n.push({
			d: e,
			a: r
		});
		return e;
	}
	return {
		e,
		u: using.bind(null, !1),
		a: using.bind(null, !0),
		d: function d() {
			var o, t = this.e, s = 0;
			function next() {
				for (; o = n.pop();) try {
					if (!o.a && 1 === s) return s = 0, n.push(o), Promise.resolve().then(next);
					if (o.d) {
						var r = o.d.call(o.v);
						if (o.a) return s |= 2, Promise.resolve(r).then(next, err);
					} else s |= 1;
				} catch (r) {
					return err(r);
				}
				if (1 === s) return t !== e ? Promise.reject(t) : Promise.resolve();
				if (t !== e) throw t;
			}
			function err(n) {
				return t = t !== e ? new r(n, t) : n, next();
			}
			return next();
		}
	};
}
// src/stages/apply/prisma-cli.ts
async function runPrisma(args, command) {
	try {
		var _usingCtx$12 = _usingCtx();
		const prisma = _usingCtx$12.u(startGroup(process.execPath, [command.cliPath, ...args], command));
		let output = "";
		const take = (line) => {
			output = `${output}${line}\n`.slice(-64e3);
			if (line.trim() !== "") command.onLine(line.trimEnd());
		};
		createInterface({ input: prisma.stdout }).on("line", take);
		createInterface({ input: prisma.stderr }).on("line", take);
		return {
			code: await prisma.ended,
			output: output.trim()
		};
	} catch (_) {
		_usingCtx$12.e = _;
	} finally {
		_usingCtx$12.d();
	}
}
const quietPrisma = {
	CHECKPOINT_DISABLE: "1",
	PRISMA_HIDE_UPDATE_MESSAGE: "1",
	NO_COLOR: "1"
};
// src/stages/apply/child-environment.ts
const withheld = /^(AIRLOCK_|INPUT_|ACTIONS_|SLACK_WEBHOOK_URL$|GITHUB_TOKEN$|GH_TOKEN$)/;
function childEnvironment(env, urlVariables, url, extra = {}) {
	const kept = Object.entries(env).filter(([name]) => !withheld.test(name));
	return {
		...Object.fromEntries(kept),
		...quietPrisma,
		...Object.fromEntries(urlVariables.map((name) => [name, url])),
		...extra
	};
}
// src/stages/apply/schema-engine.ts
async function engineEnvironment(context, prisma, url) {
	if ((context.invocation.prismaEngine ?? context.config.prisma.engine) === "native") return {
		variables: {},
		standIn: void 0,
		async [Symbol.asyncDispose]() {}
	};
	const folder = await mkdtemp(join(context.invocation.env.RUNNER_TEMP ?? tmpdir(), "airlock-run-engine-"));
	const launcher = join(folder, "schema-engine");
	await writeFile(launcher, `#!/bin/sh\nexec '${quoted$1(process.execPath)}' '${quoted$1(context.schemaEnginePath)}' "$@"\n`);
	await chmod(launcher, 448);
	const queryEngine = join(folder, "query-engine.cjs");
	await writeFile(queryEngine, "exports.version = () => ({ commit: 'none', version: 'none' })\n");
	return {
		variables: {
			PRISMA_SCHEMA_ENGINE_BINARY: launcher,
			PRISMA_QUERY_ENGINE_LIBRARY: queryEngine,
			AIRLOCK_PRISMA_VERSION: prisma.version,
			[passwordVariable]: passwordOf(url)
		},
		standIn: withheldPassword,
		async [Symbol.asyncDispose]() {
			await rm(folder, {
				recursive: true,
				force: true
			});
		}
	};
}
function quoted$1(path) {
	return path.replaceAll("'", `'\\''`);
}
// src/stages/apply/session-settings.ts
function applicationNameOf(runId) {
	return `airlock-apply-${runId}`;
}
function applySettings(policy, runId, endWithClient) {
	return {
		...endWithClient,
		application_name: applicationNameOf(runId),
		lock_timeout: `${policy["lock-timeout"]}ms`
	};
}
// src/stages/apply/perform.ts
async function apply(context, target, clearance, _wayBack) {
	return context.run.stage("apply", () => deploy$1(context, target, clearance), ({ code }) => code === 0 ? {
		outcome: "pass",
		summary: `prisma migrate deploy, Prisma ${target.prisma.version}`
	} : {
		outcome: "fail",
		summary: code === null ? "Prisma was ended by a signal" : `Prisma ended with exit code ${code}`
	});
}
async function deploy$1(context, target, clearance) {
	const { run } = context;
	run.progress(`prisma migrate deploy (Prisma ${target.prisma.version}, lock timeout ${context.policy["lock-timeout"]} ms)`);
	const names = new Set(clearance.plan.migrations.map((migration) => migration.name));
	const exit = await prisma(context, target, ["migrate", "deploy"], await endWithClientSettings(target.session), {
		signal: run.signal,
		onLine: (line) => {
			const name = [...names].find((candidate) => line.includes(candidate));
			if (name === void 0) return;
			names.delete(name);
			run.progress(`migration ${name}`);
		}
	});
	if (exit.code !== 0 && isDownloadFailure(exit.output)) throw engineUnreachable(context.redactor.text(exit.output));
	return exit;
}
async function resolveRolledBack(context, target, migration) {
	const signal = new AbortController().signal;
	return prisma(context, target, [
		"migrate",
		"resolve",
		"--rolled-back",
		migration
	], {}, {
		signal,
		onLine: () => void 0
	});
}
async function prisma(context, { url, project, prisma: installed }, args, endWithClient, how) {
	try {
		var _usingCtx$11 = _usingCtx();
		const engine = _usingCtx$11.a(await engineEnvironment(context, installed, url));
		return await runPrisma([...args, ...project.cliArguments], {
			cliPath: installed.cliPath,
			cwd: project.root,
			env: childEnvironment(context.invocation.env, project.directUrlVariable === void 0 ? project.urlVariables : [...project.urlVariables, project.directUrlVariable], prismaUrl(url, applySettings(context.policy, context.runId, endWithClient), engine.standIn), engine.variables),
			...how
		});
	} catch (_) {
		_usingCtx$11.e = _;
	} finally {
		await _usingCtx$11.d();
	}
}
const sessionsEndMs = 2e3;
async function endSessions(context, session) {
	const stubborn = (await session.query(`SELECT pid, pg_catalog.pg_terminate_backend(pid, ${sessionsEndMs}) AS ended FROM pg_catalog.pg_stat_activity
      WHERE application_name = $1 AND pid <> pg_catalog.pg_backend_pid()`, [applicationNameOf(context.runId)])).filter(({ ended }) => !ended).map(({ pid }) => pid);
	if (stubborn.length === 0) return;
	throw fail("PRISMA.FAILED", {
		what: "Prisma was stopped, and its statement goes on in the database.",
		why: `Server process ${stubborn.join(", ")} did not end within ${sessionsEndMs} ms.`,
		next: stubborn.map((pid) => `SELECT pg_terminate_backend(${pid});`)
	});
}
function isDownloadFailure(output) {
	return /binaries\.prisma\.sh|\/all_commits\/[0-9a-f]{40}\/|PRISMA_ENGINES_CHECKSUM_IGNORE_MISSING|Failed to fetch.*engine|Could not (?:find|locate).*schema[- ]engine/i.test(output);
}
function engineUnreachable(output) {
	return fail("PRISMA.ENGINE_UNREACHABLE", {
		what: "Prisma could not download its schema engine, so nothing was applied.",
		why: output.split("\n").slice(-6).join("\n"),
		next: ["Use the engine that comes with Airlock, in airlock.yml:", "prisma: { engine: wasm }"]
	});
}
// src/postgres/client-connection.ts
const systemRootFiles = [
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/cert.pem"
];
function connectionFor(url) {
	return (client) => {
		const systemRoots = client.major >= 16 ? "system" : systemRootFiles.find((path) => existsSync(path)) ?? "system";
		const password = passwordOf(url);
		return {
			environment: libpqEnvironment(url, systemRoots),
			password: password === "" ? void 0 : password
		};
	};
}
// src/postgres/client-tools.ts
const versionedFolders = [
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/usr/libexec/postgresql*",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/opt/homebrew/opt/libpq/bin",
	"/usr/local/opt/postgresql@*/bin",
	"/usr/local/opt/libpq/bin",
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
	"/home/linuxbrew/.linuxbrew/opt/libpq/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin"
];
async function findClients(environment) {
	const override = foldersIn(environment.AIRLOCK_PG_BIN);
	const searched = override.length > 0 ? override : [...foldersIn(environment.PATH), ...versionedFolders];
	const folders = override.length > 0 ? override : (await Promise.all(searched.map(expand$1))).flat();
	const usable = [];
	const unusable = [];
	const seen = /* @__PURE__ */ new Set();
	for (const folder of folders) {
		const dump = join(folder, "pg_dump");
		const real = await realpath(dump).catch(() => void 0);
		if (real === void 0) {
			if (override.length > 0) unusable.push({
				path: dump,
				because: "does not exist"
			});
			continue;
		}
		if (seen.has(real) || basename(real) === "pg_wrapper") continue;
		seen.add(real);
		const read = await readTools(folder);
		if ("because" in read) unusable.push({
			path: dump,
			because: read.because
		});
		else usable.push(read);
	}
	return {
		usable,
		unusable,
		searched
	};
}
async function describeMachine(environment) {
	const managers = process.platform === "darwin" ? [["brew", "brew"]] : [
		["apt", "apt-get"],
		["dnf", "dnf"],
		["apk", "apk"],
		["brew", "brew"]
	];
	const isRoot = process.getuid?.() === 0;
	for (const [packageManager, program] of managers) for (const folder of foldersIn(environment.PATH)) if (await isExecutable(join(folder, program))) return {
		packageManager,
		isRoot
	};
	return {
		packageManager: "unknown",
		isRoot
	};
}
function foldersIn(path) {
	return [...new Set((path ?? "").split(delimiter).filter((folder) => folder !== ""))];
}
async function expand$1(pattern) {
	const segments = pattern.split("/");
	const wild = segments.findIndex((segment) => segment.includes("*"));
	if (wild === -1) return [pattern];
	const parent = segments.slice(0, wild).join("/");
	const [before, after] = segments[wild]?.split("*") ?? [];
	return (await readdir(parent).catch(() => [])).filter((name) => name.startsWith(before ?? "") && name.endsWith(after ?? "")).map((name) => [
		parent,
		name,
		...segments.slice(wild + 1)
	].join("/"));
}
async function isExecutable(path) {
	return access(path, constants.X_OK).then(() => true, () => false);
}
async function readTools(folder) {
	const [dump, restore] = [join(folder, "pg_dump"), join(folder, "pg_restore")];
	try {
		const [dumpVersion, restoreVersion] = await Promise.all([versionOf(dump), versionOf(restore)]);
		if (dumpVersion.major !== restoreVersion.major) return { because: `is ${dumpVersion.version} but pg_restore beside it is ${restoreVersion.version}` };
		return {
			folder,
			dump,
			restore,
			...dumpVersion
		};
	} catch (thrown) {
		return { because: messageOf(thrown).trim() };
	}
}
async function versionOf(program) {
	const { stdout } = await promisify(execFile)(program, ["--version"], { timeout: 1e4 });
	const version = /\(PostgreSQL\) ((\d+)\S*)/.exec(stdout);
	if (version?.[1] === void 0) throw new Error(`${program} --version says ${JSON.stringify(stdout.trim())}`);
	return {
		major: Number(version[2]),
		version: version[1]
	};
}
// src/private-folder.ts
const home = ".airlock";
async function makePrivateFolder(folder) {
	await mkdir(folder, {
		recursive: true,
		mode: 448
	});
	const parts = resolve$1(folder).split(sep);
	const at = parts.lastIndexOf(home);
	if (at > 0) await writeFile(join(parts.slice(0, at + 1).join(sep), ".gitignore"), "*\n");
}
// src/postgres/client-choice.ts
function chooseClient(found, serverMajor, machine) {
	const [client] = found.usable.filter(({ major }) => major >= serverMajor).toSorted((a, b) => a.major - b.major || newestFirst(a.version, b.version));
	if (client !== void 0) return {
		kind: "found",
		client
	};
	const next = [...installCommands(serverMajor, machine), `Or set AIRLOCK_PG_BIN to the folder that holds pg_dump and pg_restore ${serverMajor} or newer.`];
	const broken = found.unusable.map(({ path, because }) => `${path}: ${because}`);
	if (found.usable.length === 0) return {
		kind: "none",
		failure: {
			code: "BACKUP.NO_CLIENT",
			what: `There is no pg_dump for PostgreSQL ${serverMajor} on this machine.`,
			why: [`Looked in ${found.searched.join(", ")}.`, ...broken].join("\n"),
			next
		}
	};
	const listed = found.usable.map(({ dump, version }) => `${version} (${dump})`);
	return {
		kind: "none",
		failure: {
			code: "BACKUP.CLIENT_TOO_OLD",
			what: `The server is PostgreSQL ${serverMajor} and the newest pg_dump on this machine is ${newestOf(found.usable)}.`,
			why: [
				"pg_dump refuses a server that is newer than itself.",
				`Found ${[...new Set(listed)].join(", ")}.`,
				...broken
			].join("\n"),
			next
		}
	};
}
function newestFirst(a, b) {
	const minor = (version) => Number(version.split(".")[1] ?? 0);
	return minor(b) - minor(a);
}
function newestOf(clients) {
	return clients.toSorted((a, b) => b.major - a.major || newestFirst(a.version, b.version))[0]?.version ?? "none";
}
function installCommands(major, { packageManager, isRoot }) {
	const sudo = isRoot ? "" : "sudo ";
	switch (packageManager) {
		case "apt": return [[
			`${sudo}apt-get update`,
			`${sudo}apt-get install -y ca-certificates postgresql-common`,
			`${sudo}/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y`,
			`${sudo}apt-get install -y postgresql-client-${major}`
		].join(" && ")];
		case "dnf": return [`${sudo}dnf install -y postgresql${major}`, "Where the distribution has no such package, https://www.postgresql.org/download/linux/redhat/ gives the repository to add first."];
		case "apk": return [`${sudo}apk add postgresql${major}-client`];
		case "brew": return [`brew install postgresql@${major}`];
		case "unknown": return [`Install the client programs of PostgreSQL ${major}: https://www.postgresql.org/download/`];
	}
}
// src/spellings.ts
const shortestPart = 4;
function spellingsOf(secrets) {
	const found = /* @__PURE__ */ new Set();
	for (const secret of secrets) {
		const whole = secret.trim();
		if (whole === "") continue;
		for (const part of [
			secret,
			whole,
			...lines(whole),
			...passwords(whole),
			...webhookParts(whole)
		]) if (part.length >= shortestPart) found.add(part);
	}
	return [...found].sort((a, b) => b.length - a.length);
}
function lines(text) {
	return text.split(/\r\n|\r|\n/).map((line) => line.trim());
}
function passwords(text) {
	const authority = /^[^:/?#]*:\/\/([^/?#]*)/.exec(text)?.[1] ?? "";
	const loose = /^[^:/?#]*:\/\/(.*)@/s.exec(text)?.[1] ?? "";
	const fromUser = [authority.slice(0, Math.max(0, authority.lastIndexOf("@"))), loose].filter((user) => user.includes(":")).map((user) => user.slice(user.indexOf(":") + 1));
	const fromQuery = [...text.matchAll(/[?&](?:password|sslpassword|passfile)=([^&#]*)/gi)].map(([, value]) => value ?? "");
	return [...fromUser, ...fromQuery].flatMap((raw) => [
		raw,
		decoded$1(raw),
		encodeURIComponent(decoded$1(raw))
	]);
}
function webhookParts(text) {
	const path = /^https:\/\/[^/?#]+\/((?:services|workflows|triggers)\/[^?#\s]+)/.exec(text)?.[1];
	return path === void 0 ? [] : [path, path.slice(path.lastIndexOf("/") + 1)];
}
function decoded$1(raw) {
	return raw.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
		try {
			return decodeURIComponent(run);
		} catch {
			return run;
		}
	});
}
// src/redact.ts
var Redactor = class {
	#secrets = /* @__PURE__ */ new Set();
	#onAdd;
	constructor(onAdd = () => void 0) {
		this.#onAdd = onAdd;
	}
	add(secrets) {
		const spellings = spellingsOf(secrets);
		for (const spelling of spellings) this.#secrets.add(spelling);
		this.#onAdd(spellings);
	}
	text(text) {
		return [...this.#secrets].sort((a, b) => b.length - a.length).reduce((clean, secret) => clean.replaceAll(secret, "***"), text);
	}
	value(value) {
		return this.#walk(value);
	}
	#walk(value) {
		if (typeof value === "string") return this.text(value);
		if (Array.isArray(value)) return value.map((item) => this.#walk(item));
		if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#walk(item)]));
		return value;
	}
};
// src/postgres/pass-file.ts
function writePassFile(password) {
	if (password === void 0 || password === "") return {
		environment: {},
		remove: () => void 0
	};
	if (/[\n\r\0]/.test(password)) throw fail("URL.UNESCAPED", {
		what: "The password in the connection URL contains a line break or a zero byte.",
		why: "A PostgreSQL password file holds one password on one line, so pg_dump and pg_restore cannot be given this one.",
		next: ["Check the end of the secret for a `%0A` or `%0D` that came with copying it."]
	});
	removePassFilesOfTheDead();
	const folder = mkdtempSync(join(tmpdir(), `airlock-pass-${process.pid}-`));
	const remove = () => {
		process.off("exit", remove);
		rmSync(folder, {
			recursive: true,
			force: true
		});
	};
	process.once("exit", remove);
	const path = join(folder, "pgpass");
	writeFileSync(path, `*:*:*:*:${password.replace(/[\\:]/g, "\\$&")}\n`, { mode: 384 });
	return {
		environment: { PGPASSFILE: path },
		remove
	};
}
function removePassFilesOfTheDead() {
	for (const name of readdirSync(tmpdir())) {
		const pid = Number(/^airlock-pass-(\d+)-/.exec(name)?.[1]);
		const path = join(tmpdir(), name);
		if (Number.isNaN(pid) || isAlive(pid)) continue;
		if (lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.()) rmSync(path, {
			recursive: true,
			force: true
		});
	}
}
function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return !(error instanceof Error && "code" in error && error.code === "ESRCH");
	}
}
// src/postgres/client-process.ts
function withSettings(connection, settings) {
	const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
	if (options.length === 0) return connection;
	const all = [connection.environment.PGOPTIONS ?? "", ...options].join(" ").trim();
	return {
		...connection,
		environment: {
			...connection.environment,
			PGOPTIONS: all
		}
	};
}
const keptCharacters = 16e3;
const inherited = [
	"PATH",
	"HOME",
	"TMPDIR",
	"LD_LIBRARY_PATH",
	"DYLD_LIBRARY_PATH",
	"SSL_CERT_FILE",
	"SSL_CERT_DIR",
	"KRB5_CONFIG",
	"KRB5CCNAME"
];
async function runClient(command) {
	if (command.signal.aborted) throw stopped(command.program, command.signal);
	const passFile = writePassFile(command.connection?.password);
	try {
		return await runToEnd(command, passFile.remove, {
			...Object.fromEntries(inherited.flatMap((name) => process.env[name] ? [[name, process.env[name]]] : [])),
			LC_ALL: "C",
			PGAPPNAME: "airlock",
			...command.connection?.environment,
			...passFile.environment
		});
	} finally {
		passFile.remove();
	}
}
async function runToEnd(command, removePassword, env) {
	try {
		var _usingCtx$10 = _usingCtx();
		const { takeOutput, signal } = command;
		const client = _usingCtx$10.u(startGroup(command.program, command.args, {
			env,
			signal
		}));
		const stderr = collect(client.stderr, command.connection?.password);
		let broken;
		const taken = takeOutput?.(client.stdout);
		if (taken === void 0) client.stdout.resume();
		if (command.connectsOnce === true) client.stdout.once("data", removePassword);
		await taken?.catch((reason) => {
			broken = { reason };
			client.stop();
		});
		const code = await client.ended;
		if (signal.aborted) throw stopped(command.program, signal);
		if (broken !== void 0) throw broken.reason;
		return {
			code,
			stderr: stderr()
		};
	} catch (_) {
		_usingCtx$10.e = _;
	} finally {
		_usingCtx$10.d();
	}
}
function collect(stream, password) {
	let head = "";
	let tail = "";
	stream.setEncoding("utf8").on("data", (chunk) => {
		const room = keptCharacters - head.length;
		head += chunk.slice(0, room);
		tail = (tail + chunk.slice(room)).slice(-16e3);
	});
	const redactor = new Redactor();
	if (password !== void 0) redactor.add([password, encodeURIComponent(password)]);
	return () => redactor.text(tail.length < keptCharacters ? head + tail : `${head}\n…\n${tail}`).trim();
}
function stopped(program, signal) {
	return fail("RUN.CANCELLED", {
		what: "The run was cancelled.",
		why: `${basename(program)} was stopped before its end.`,
		next: ["Start the run again: what was half done has been removed."]
	}, { cause: signal.reason });
}
// src/postgres/create-database.ts
function createDatabaseSql(database, source, serverMajor) {
	const settings = [
		"TEMPLATE template0",
		`ENCODING ${quoteLiteral(source.encoding)}`,
		`LC_COLLATE ${quoteLiteral(source.collate)}`,
		`LC_CTYPE ${quoteLiteral(source.characterType)}`
	];
	if (serverMajor >= 15) settings.push(`LOCALE_PROVIDER ${source.localeProvider}`);
	if (source.locale !== null && source.localeProvider === "icu") settings.push(`ICU_LOCALE ${quoteLiteral(source.locale)}`);
	if (source.locale !== null && source.localeProvider === "builtin") settings.push(`BUILTIN_LOCALE ${quoteLiteral(source.locale)}`);
	return `CREATE DATABASE ${quoteIdentifier(database)} ${settings.join(" ")}`;
}
// src/postgres/transaction-timeout.ts
function needsTolerance(clientMajor, serverMajor) {
	return clientMajor >= 17 && serverMajor < 17;
}
function isOnlyUnknownTimeout(stderr) {
	const errors = stderr.split("\n").filter((line) => /^pg_restore: (?:error|fatal)/.test(line));
	const commands = stderr.split("\n").filter((line) => line.startsWith("Command was: "));
	const ignored = /errors ignored on restore: (\d+)/.exec(stderr)?.[1];
	return errors.length === 1 && /could not execute query: .*unrecognized configuration parameter "transaction_timeout"/.test(errors[0] ?? "") && commands.length === 1 && commands[0] === "Command was: SET transaction_timeout = 0;" && ignored === "1";
}
// src/stages/backup/decide.ts
function nameBackup(database, startedAt) {
	const stamp = startedAt.toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "");
	return `${database.replaceAll(/[^A-Za-z0-9_-]+/g, "_").slice(0, 60)}-${stamp}`;
}
function dumpArguments(snapshot, lockTimeoutMs) {
	return [
		"--format=custom",
		"--no-password",
		`--snapshot=${snapshot}`,
		`--lock-wait-timeout=${lockTimeoutMs}`
	];
}
function decideSpace(tableBytes, freeBytes, directory) {
	if (freeBytes >= tableBytes) return void 0;
	return {
		code: "BACKUP.NO_SPACE",
		what: `${directory} has too little free space for the backup.`,
		why: `The tables take ${inMebibytes(tableBytes)}, ${inMebibytes(freeBytes)} are free. Nothing was written.`,
		next: nextForSpace
	};
}
function spaceRanOut(directory, said) {
	return {
		code: "BACKUP.NO_SPACE",
		what: `${directory} ran out of space while the backup was written.`,
		why: `${said}. What was written has been removed.`,
		next: nextForSpace
	};
}
const nextForSpace = ["Free space there, or write to a larger disk: --backup-dir DIR (the action’s input `backup-dir`)."];
function inMebibytes(bytes) {
	return `${(bytes / 1048576).toFixed(1)} MiB`;
}
const dumpProblems = [
	{
		pattern: /query would be affected by row-level security policy for table "([^"]+)"/,
		next: ([, table = ""], user) => [
			`Row-level security hides rows of ${quoteIdentifier(table)} from ${quoteIdentifier(user)}: a dump by this role would be incomplete.`,
			`Let a superuser allow the role to read everything: ALTER ROLE ${quoteIdentifier(user)} BYPASSRLS;`,
			"Or back up with the URL of a role that has BYPASSRLS."
		]
	},
	{
		pattern: /permission denied for (?:table|relation|sequence|schema|view|materialized view|large object) "?([^\s"]+)"?/,
		next: (_, user) => [`Back up as the owner of the tables, or let the role read everything: GRANT pg_read_all_data TO ${quoteIdentifier(user)};`]
	},
	{
		pattern: /canceling statement due to (?:lock|statement) timeout\n.*LOCK TABLE/,
		next: () => [
			"Another session holds a lock on a table that the dump has to read. See which:",
			"SELECT pid, relation::regclass, mode FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock';",
			"Then run again."
		]
	},
	{
		pattern: /No space left on device/,
		next: () => nextForSpace
	}
];
function explainDumpFailure(stderr, code, user) {
	const matched = dumpProblems.map(({ pattern, next }) => ({
		match: stderr.match(pattern),
		next
	})).find(({ match }) => match !== null);
	const next = matched?.match ? matched.next(matched.match, user) : ["Correct what pg_dump says above, then run again."];
	return {
		code: "BACKUP.DUMP_FAILED",
		what: `pg_dump did not finish (${code === null ? "it was killed" : `exit code ${code}`}), so there is no backup.`,
		why: stderr === "" ? "It said nothing." : stderr,
		next
	};
}
function dumpUnreadable(dump, why) {
	return {
		code: "BACKUP.UNREADABLE",
		what: `The dump of ${dump} was written but cannot be read back, so it was removed.`,
		why,
		next: ["Check the disk it was written to, then run again."]
	};
}
function instructionsByHand(dump, source, clientMajor) {
	const create = createDatabaseSql("NEW_DATABASE", source, source.serverMajor);
	const tolerant = needsTolerance(clientMajor, source.serverMajor);
	return [
		`# pg_restore ${clientMajor} or newer; PGHOST, PGPORT and PGUSER in the environment`,
		`echo ${shellWord(`${dump.sha256}  ${dump.name}`)} | sha256sum --check`,
		`psql --dbname=postgres --command=${shellWord(create)}`,
		...tolerant ? [`# on PostgreSQL ${source.serverMajor} exactly one error is expected: transaction_timeout is not known there`] : [],
		`pg_restore ${tolerant ? "" : "--exit-on-error "}--dbname=NEW_DATABASE ${shellWord(dump.name)}`,
		"vacuumdb --analyze-only --dbname=NEW_DATABASE"
	];
}
const notIncludedInDump = [
	"roles and their passwords, tablespaces (pg_dumpall --globals-only writes them)",
	"settings made with ALTER DATABASE … SET and privileges on the database itself, unless restored with pg_restore --create",
	"replication slots, subscriptions’ positions, statistics"
];
const notCheckedByDecoding = ["restored: the dump was decoded to its end but not restored into a database", "compared: no data was compared with the source"];
// src/stages/backup/cannot-write.ts
function cannotWrite(directory, thrown) {
	if (thrown instanceof FailureError || !(thrown instanceof Error) || !("code" in thrown)) return thrown;
	switch (thrown.code) {
		case "ENOSPC":
		case "EDQUOT": return new FailureError(spaceRanOut(directory, messageOf(thrown)));
		case "EACCES":
		case "EPERM":
		case "EROFS":
		case "ENOTDIR":
		case "EEXIST": return fail("BACKUP.CANNOT_WRITE", {
			what: `The backup cannot be written to ${directory}.`,
			why: messageOf(thrown),
			next: ["Name a folder that this user may write to: --backup-dir DIR (the action’s input `backup-dir`)."]
		}, { cause: thrown });
		default: return thrown;
	}
}
// src/stages/backup/attempt.ts
const answerable = /* @__PURE__ */ new Set([
	"42501",
	"57014",
	"55P03",
	"42883"
]);
async function attempt$2(session, ask) {
	await session.query("SAVEPOINT attempt");
	try {
		const value = await ask();
		await session.query("ROLLBACK TO SAVEPOINT attempt");
		return {
			kind: "done",
			value
		};
	} catch (thrown) {
		const { sqlState, message } = serverErrorIn(thrown);
		if (sqlState === void 0 || !answerable.has(sqlState)) throw thrown;
		await session.query("ROLLBACK TO SAVEPOINT attempt");
		return {
			kind: "refused",
			because: message
		};
	}
}
function serverErrorIn(thrown) {
	let error = thrown;
	for (let depth = 0; depth < 5 && error instanceof Error; depth += 1) {
		if ("code" in error && typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code)) return {
			sqlState: error.code,
			message: error.message
		};
		error = error.cause;
	}
	return {
		sqlState: void 0,
		message: String(thrown)
	};
}
// src/stages/backup/count-rows.ts
async function listTables(session) {
	return session.query(`SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
              WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY c.relpages, n.nspname, c.relname`);
}
async function countRows(session, tables, limits, signal) {
	const deadline = performance.now() + limits.budgetMs;
	const counted = [];
	for (const { schema, name } of tables) {
		const remainingMs = Math.floor(deadline - performance.now());
		if (remainingMs <= 0) {
			counted.push({
				schema,
				name,
				rows: null,
				notCounted: `the ${limits.budgetMs / 1e3} s for counting were used up`
			});
			continue;
		}
		const count = await unlessCancelled(attempt$2(session, async () => {
			await session.query(`SET LOCAL statement_timeout = ${remainingMs}`);
			await session.query(`SET LOCAL lock_timeout = ${limits.lockTimeoutMs}`);
			return session.query(`SELECT pg_catalog.count(*)::text AS rows FROM ONLY ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`);
		}), signal);
		if (count.kind === "refused") counted.push({
			schema,
			name,
			rows: null,
			notCounted: count.because
		});
		else counted.push({
			schema,
			name,
			rows: Number(count.value[0]?.rows)
		});
	}
	return counted;
}
// src/stages/backup/dump-file.ts
function measuring() {
	const hash = createHash("sha256");
	let bytes = 0;
	return {
		through: async function* (chunks) {
			for await (const chunk of chunks) {
				hash.update(chunk);
				bytes += chunk.length;
				yield chunk;
			}
		},
		content: () => ({
			bytes,
			sha256: hash.digest("hex")
		})
	};
}
async function writeStream(source, path) {
	const measured = measuring();
	await pipeline(source, measured.through, createWriteStream(path, {
		flags: "wx",
		mode: 384
	}));
	await withFile(path, "r+", (file) => file.sync());
	return measured.content();
}
async function readWhole(path) {
	const measured = measuring();
	await pipeline(createReadStream(path, { highWaterMark: 1048576 }), measured.through, async (chunks) => {
		for await (const _ of chunks);
	});
	return measured.content();
}
async function writeWhole(path, text) {
	const partial = `${path}.partial`;
	try {
		await withFile(partial, "wx", async (file) => {
			await file.writeFile(text);
			await file.sync();
		});
		await publish(partial, path);
	} catch (thrown) {
		await rm(partial, { force: true });
		throw thrown;
	}
}
async function publish(partial, path) {
	await rename$2(partial, path);
	await withFile(dirname(path), "r", (folder) => folder.sync());
}
async function withFile(path, flags, work) {
	const file = await open$1(path, flags, 384);
	try {
		await work(file);
	} finally {
		await file.close();
	}
}
// src/stages/backup/paths.ts
async function freshPaths(directory, wanted) {
	try {
		await mkdir(directory, {
			recursive: true,
			mode: 448
		});
	} catch (thrown) {
		throw cannotWrite(directory, thrown);
	}
	for (let attempt = 1;; attempt += 1) {
		const name = attempt === 1 ? wanted : `${wanted}-${attempt}`;
		const path = (ending) => join(directory, `${name}${ending}`);
		const paths = {
			name,
			dump: path(".dump"),
			partial: path(".dump.partial"),
			manifest: path(".manifest.json")
		};
		if ((await Promise.all([
			paths.dump,
			paths.partial,
			paths.manifest
		].map((file) => stat(file).catch(() => null)))).every((file) => file === null)) return paths;
	}
}
// src/stages/backup/decode-dump.ts
async function decodeDump(client, path, signal) {
	const exit = await runClient({
		program: client.restore,
		args: ["--file=/dev/null", path],
		signal
	});
	if (exit.code === 0) return { kind: "decoded" };
	return {
		kind: "unreadable",
		because: exit.stderr || `pg_restore ended with ${exit.code}`
	};
}
// src/stages/backup/prove-dump.ts
async function proveDump(database, client, path, written, signal) {
	const [read, decoded] = await Promise.all([readWhole(path), decodeDump(client, path, signal)]);
	if (read.sha256 !== written.sha256) throw new FailureError(dumpUnreadable(database, `pg_dump wrote ${written.bytes} bytes with SHA-256 ${written.sha256}; the disk gives back ${read.bytes} bytes with ${read.sha256}.`));
	if (decoded.kind === "unreadable") throw new FailureError(dumpUnreadable(database, decoded.because));
}
// src/stages/backup/source.ts
const localeProviders = {
	c: "libc",
	i: "icu",
	b: "builtin"
};
async function openSnapshot(session, serverMajor, lockTimeoutMs) {
	await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
	const limits = ["statement_timeout", "idle_in_transaction_session_timeout"];
	for (const limit of serverMajor >= 17 ? [...limits, "transaction_timeout"] : limits) await session.query(`SET LOCAL ${limit} = 0`);
	await session.query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
	await session.query("SET LOCAL row_security = off");
	const [row] = await session.query("SELECT pg_catalog.pg_export_snapshot() AS snapshot");
	if (row === void 0) throw new Error("pg_export_snapshot() returned no row");
	return row.snapshot;
}
async function closeSnapshot(session) {
	await session.query("ROLLBACK");
}
async function serverVersionOf(session) {
	const [row] = await session.query(`SELECT pg_catalog.current_setting('server_version') AS version, pg_catalog.current_setting('server_version_num') AS num`);
	if (row === void 0) throw new Error("The server does not say its version");
	return {
		version: row.version,
		major: Math.floor(Number(row.num) / 1e4)
	};
}
async function readSource(session, server) {
	const provider = server.major >= 15 ? "d.datlocprovider::text" : `'c'`;
	const locale = server.major >= 17 ? "d.datlocale" : server.major >= 15 ? "d.daticulocale" : "NULL";
	const [row] = await session.query(`SELECT d.datname AS database, pg_catalog.pg_get_userbyid(d.datdba) AS owner,
            pg_catalog.pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate, d.datctype AS ctype,
            ${provider} AS provider, ${locale}::text AS locale, pg_catalog.pg_database_size(d.oid)::text AS bytes
       FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()`);
	const localeProvider = row === void 0 ? void 0 : localeProviders[row.provider];
	if (row === void 0 || localeProvider === void 0) throw new Error("The catalog does not describe the database");
	const [indexes] = await session.query(`SELECT coalesce(sum(c.relpages::bigint), 0) * pg_catalog.current_setting('block_size')::int AS bytes
       FROM pg_catalog.pg_class c WHERE c.relkind = 'i'`);
	return {
		source: {
			database: row.database,
			owner: row.owner,
			encoding: row.encoding,
			localeProvider,
			collate: row.collate,
			characterType: row.ctype,
			locale: row.locale,
			bytes: Number(row.bytes),
			serverVersion: server.version,
			serverMajor: server.major,
			systemIdentifier: await readSystemIdentifier(session)
		},
		tableBytes: Math.max(0, Number(row.bytes) - Number(indexes?.bytes ?? NaN))
	};
}
async function readSystemIdentifier(session) {
	const read = await attempt$2(session, () => session.query("SELECT system_identifier::text AS id FROM pg_catalog.pg_control_system()"));
	if (read.kind === "refused") return null;
	return read.value[0]?.id ?? null;
}
async function readMigrations(session, schema) {
	const table = `${quoteIdentifier(schema)}._prisma_migrations`;
	const [there] = await session.query("SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there", [table]);
	if (there?.there !== true) return null;
	const applied = await session.query(`SELECT migration_name AS name FROM ${table} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL
      ORDER BY started_at, migration_name`);
	return {
		head: applied.at(-1)?.name ?? null,
		applied: applied.length
	};
}
// src/stages/backup/perform.ts
async function performBackup(request) {
	const { session, directory } = request;
	const startedAt = /* @__PURE__ */ new Date();
	const startedMs = performance.now();
	const server = await serverVersionOf(session);
	const choice = chooseClient(request.clients, server.major, request.machine);
	if (choice.kind === "none") throw new FailureError(choice.failure);
	const { client } = choice;
	const snapshot = await openSnapshot(session, server.major, request.lockTimeoutMs);
	const paths = await freshPaths(directory, nameBackup(request.target.database, startedAt));
	try {
		const facts = await readSource(session, server);
		await requireSpace(directory, facts.tableBytes);
		const migrations = await readMigrations(session, request.historySchema);
		request.onProgress(`pg_dump ${client.version} of ${request.target.database} (PostgreSQL ${server.version})`);
		const [written, tables] = await dumpAndCount(request, client, snapshot, paths.partial);
		await closeSnapshot(session);
		request.onProgress(`reading the dump back (${written.bytes} bytes)`);
		await proveDump(request.target.database, client, paths.partial, written, request.signal);
		await publish(paths.partial, paths.dump);
		const { host, port, user } = request.target;
		const manifest = {
			manifestVersion: 1,
			name: paths.name,
			airlock: request.airlockVersion,
			strategy: "pg_dump",
			tier: "decoded",
			notChecked: notCheckedByDecoding,
			startedAt: startedAt.toISOString(),
			finishedAt: (/* @__PURE__ */ new Date()).toISOString(),
			source: {
				host,
				port,
				user,
				...facts.source
			},
			client: {
				version: client.version,
				major: client.major
			},
			files: [{
				name: basename(paths.dump),
				...written
			}],
			migrations,
			tables,
			notIncluded: notIncludedInDump,
			restoreByHand: instructionsByHand({
				name: basename(paths.dump),
				sha256: written.sha256
			}, facts.source, client.major)
		};
		await writeWhole(paths.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
		return {
			kind: "backup",
			manifestPath: paths.manifest,
			dumpPath: paths.dump,
			tier: manifest.tier,
			notChecked: manifest.notChecked,
			bytes: written.bytes,
			ms: Math.round(performance.now() - startedMs),
			manifest
		};
	} catch (thrown) {
		for (const path of [paths.partial, paths.dump]) await rm(path, { force: true });
		throw thrown;
	}
}
async function requireSpace(directory, tableBytes) {
	const { bavail, bsize } = await statfs(directory);
	const problem = decideSpace(tableBytes, bavail * bsize, directory);
	if (problem !== void 0) throw new FailureError(problem);
}
async function dumpAndCount(request, client, snapshot, partial) {
	const stop = new AbortController();
	const signal = AbortSignal.any([request.signal, stop.signal]);
	const endWithClient = await endWithClientSettings(request.session);
	const stopOther = (thrown) => {
		stop.abort(thrown);
		throw thrown;
	};
	const both = await Promise.allSettled([dump(request, {
		client,
		snapshot,
		partial,
		endWithClient
	}, signal).catch(stopOther), count$1(request, signal).catch(stopOther)]);
	if (stop.signal.aborted) throw stop.signal.reason;
	const [written, tables] = both;
	if (written.status === "rejected") throw written.reason;
	if (tables.status === "rejected") throw tables.reason;
	return [written.value, tables.value];
}
async function count$1(request, signal) {
	const tables = await listTables(request.session);
	return countRows(request.session, tables, {
		budgetMs: request.countBudgetMs,
		lockTimeoutMs: request.lockTimeoutMs
	}, signal);
}
async function dump(request, { client, snapshot, partial, endWithClient }, signal) {
	let written;
	const exit = await runClient({
		program: client.dump,
		args: dumpArguments(snapshot, request.lockTimeoutMs),
		connection: withSettings(request.connectionFor(client), endWithClient),
		connectsOnce: true,
		signal,
		takeOutput: async (output) => {
			written = await writeStream(output, partial);
		}
	}).catch((thrown) => {
		throw cannotWrite(request.directory, thrown);
	});
	if (exit.code !== 0) throw new FailureError(explainDumpFailure(exit.stderr, exit.code, request.target.user));
	if (written === void 0 || written.bytes === 0) throw new FailureError(dumpUnreadable(request.target.database, "pg_dump reported success and wrote nothing."));
	return written;
}
// src/stages/backup/stage.ts
const countBudgetMs = 6e4;
async function makeWayBack(context, url) {
	if (context.policy.backup.strategy === "none") {
		context.run.skip("backup", "airlock.yml says `backup: { strategy: none }`");
		return { kind: "waived-by-policy" };
	}
	const { invocation, policy } = context;
	return backUp(context, url, invocation.backupDir ?? policy.backup.dir ?? resolve$1(invocation.cwd, ".airlock", "backups"));
}
async function backUp(context, url, directory) {
	const { run, invocation, policy } = context;
	return run.stage("backup", async () => {
		try {
			var _usingCtx$9 = _usingCtx();
			const folder = resolve$1(invocation.cwd, directory);
			await makePrivateFolder(folder);
			const session = _usingCtx$9.a(await connect(url, "airlock backup", run.signal));
			return await performBackup({
				directory: folder,
				target: url,
				historySchema: url.schema,
				session,
				connectionFor: connectionFor(url),
				clients: await findClients(invocation.env),
				machine: await describeMachine(invocation.env),
				lockTimeoutMs: policy["lock-timeout"],
				countBudgetMs,
				airlockVersion: context.version,
				signal: run.signal,
				onProgress: (text) => run.progress(text)
			});
		} catch (_) {
			_usingCtx$9.e = _;
		} finally {
			await _usingCtx$9.d();
		}
	}, (backup) => ({
		outcome: "pass",
		summary: `${formatBytes(backup.bytes)}, proven to the tier \`${backup.tier}\`; ${backup.notChecked.map((what) => what.split(":")[0]).join(", ")} not checked`,
		detail: {
			manifest: backup.manifestPath,
			tier: backup.tier,
			notChecked: backup.notChecked
		}
	}));
}
// src/stages/gate/decide.ts
function decideGate(plan, policy, trigger, given) {
	return refuseConfirmation(trigger, given.confirm) ?? refuseCertainFailure(plan) ?? refuseOtherThanPlanned(plan, given.planned) ?? refuseApproval(plan, policy, given.approve) ?? {
		kind: "clear",
		clearance: {
			plan,
			because: clearedBecause(plan, policy, given)
		}
	};
}
function refuseConfirmation(trigger, confirm) {
	if (trigger.kind === "manual" && trigger.attempt > 1) return blocked("confirm_replayed", "This is a re-run: it repeats the CONFIRM that was typed for an earlier attempt.", ["Start a new run of the workflow and type CONFIRM there."]);
	if (confirm === "CONFIRM" || confirm === "" && trigger.kind !== "manual") return void 0;
	if (confirm === "") return blocked("confirm_missing", "A manual run needs CONFIRM in the input `confirm`.", ["Start a new run of the workflow and type CONFIRM."]);
	return blocked("confirm_not_exact", "The input `confirm` is not exactly CONFIRM: seven capital letters, nothing before or after.", ["Start again and type CONFIRM."]);
}
function refuseCertainFailure({ obstacles }) {
	if (obstacles.length === 0) return void 0;
	return blocked("will_fail", obstacles.map(({ migration, text }) => `${migration}: ${text}`).join("\n"), obstacles.map(({ instead }) => instead));
}
function refuseOtherThanPlanned(plan, planned) {
	const same = planned === plan.digest;
	if (planned === "" || same) return void 0;
	return blocked("plan_changed", `The plan job showed ${planned}; this plan is ${plan.digest}. The migrations, the database, the history or the policy changed in between.`, ["Start the workflow again and read the new plan."]);
}
function refuseApproval(plan, policy, approve) {
	const approved = approve === plan.digest;
	if (approve !== "" && !approved) return blocked("approval_of_another_plan", `The approved digest ${approve} is not the digest of this plan. The migrations, the database, the history or the policy are not what was approved.`, ["Read the plan again, then approve this one:", `airlock deploy --approve ${plan.digest}`]);
	const risks = risksToApprove(plan, policy);
	if (risks.length === 0 || approved) return void 0;
	return {
		kind: "needs-approval",
		code: "approval_missing",
		reason: `${countOf(risks.length)} in this plan ${risks.length === 1 ? "needs" : "need"} approval (${reasonsOf(risks).join(", ")}).`,
		risks,
		next: ["Read the plan. If this is what should happen to this database, approve exactly this plan; in a workflow the input is `approve`:", `airlock deploy --approve ${plan.digest}`]
	};
}
function risksToApprove(plan, policy) {
	return plan.risks.filter((risk) => policy["require-approval"].includes(risk.reason));
}
function clearedBecause(plan, policy, given) {
	const risks = risksToApprove(plan, policy);
	if (risks.length > 0) return `approved by digest (${reasonsOf(risks).join(", ")})`;
	const waived = reasonsOf(plan.risks);
	const base = given.approve === "" ? "nothing in it needs approval" : "approved by digest";
	return waived.length === 0 ? base : `${base}; the policy waives approval for ${waived.join(", ")}`;
}
function reasonsOf(risks) {
	return [...new Set(risks.map((risk) => risk.reason))];
}
function countOf(count) {
	return count === 1 ? "One statement" : `${count} things`;
}
function blocked(code, reason, next) {
	return {
		kind: "blocked",
		code,
		reason,
		risks: [],
		next
	};
}
// src/stages/gate/stage.ts
async function gate({ run, policy, invocation }, plan) {
	return run.stage("gate", async () => decideGate(plan, policy, invocation.trigger, invocation), (verdict) => verdict.kind === "clear" ? {
		outcome: "pass",
		summary: verdict.clearance.because,
		detail: { risks: plan.risks }
	} : {
		outcome: "fail",
		summary: verdict.reason.split("\n")[0] ?? "",
		detail: {
			code: verdict.code,
			risks: plan.risks
		}
	});
}
// src/postgres/catalog.ts
function differenceOf(before, after) {
	const was = new Set(before.lines);
	const is = new Set(after.lines);
	return {
		added: after.lines.filter((line) => !was.has(line)),
		removed: before.lines.filter((line) => !is.has(line))
	};
}
function fingerprintOf(snapshot, sha256) {
	return sha256(snapshot.lines.join("\n"));
}
async function readCatalog(session) {
	return { lines: (await session.query(snapshotSql)).map((row) => row.line) };
}
const snapshotSql = `
WITH schemas AS (
  SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'airlock')
),
extension_objects AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'),
relations AS (
  SELECT c.*, s.nspname, quote_ident(s.nspname) || '.' || quote_ident(c.relname) AS name
  FROM pg_catalog.pg_class c JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relname NOT LIKE '\\_prisma\\_migrations%'
    AND NOT EXISTS (SELECT FROM extension_objects e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid)
),
lines AS (
  SELECT 'schema ' || quote_ident(nspname) AS line FROM schemas
  UNION ALL
  SELECT CASE relkind WHEN 'p' THEN 'partitioned table ' WHEN 'f' THEN 'foreign table ' ELSE 'table ' END || name
      || CASE relpersistence WHEN 'u' THEN ' unlogged' ELSE '' END
      || CASE WHEN relrowsecurity THEN ' row security' ELSE '' END || CASE WHEN relforcerowsecurity THEN ' forced' ELSE '' END
      || coalesce(' ' || pg_catalog.pg_get_expr(relpartbound, oid), '')
    FROM relations WHERE relkind IN ('r', 'p', 'f')
  UNION ALL
  SELECT 'column ' || r.name || '.' || quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
      || CASE a.attgenerated WHEN '' THEN coalesce(' default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), '')
           ELSE ' generated ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) END
      || CASE a.attidentity WHEN '' THEN '' ELSE ' identity ' || a.attidentity::text END
    FROM relations r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE r.relkind IN ('r', 'p', 'f', 'c')
  UNION ALL
  SELECT 'constraint ' || r.name || '.' || quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid)
    FROM pg_catalog.pg_constraint k JOIN relations r ON r.oid = k.conrelid WHERE k.contype <> 'n'
  UNION ALL
  SELECT 'index ' || pg_catalog.pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
    FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indrelid
  UNION ALL
  SELECT CASE relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || name || ' ' || pg_catalog.pg_get_viewdef(oid)
    FROM relations WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT 'sequence ' || r.name || ' ' || pg_catalog.format_type(q.seqtypid, NULL) || ' by ' || q.seqincrement
    FROM pg_catalog.pg_sequence q JOIN relations r ON r.oid = q.seqrelid
  UNION ALL
  SELECT 'trigger ' || pg_catalog.pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
    FROM pg_catalog.pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
  UNION ALL
  SELECT 'policy ' || r.name || '.' || quote_ident(p.polname) || ' ' || p.polcmd::text || ' ' || p.polpermissive::text
      || ' to ' || (SELECT string_agg(CASE o WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(o)::text END, ',' ORDER BY o) FROM unnest(p.polroles) AS o)
      || coalesce(' using ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid), '')
      || coalesce(' check ' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '')
    FROM pg_catalog.pg_policy p JOIN relations r ON r.oid = p.polrelid
  UNION ALL
  SELECT 'enum ' || quote_ident(s.nspname) || '.' || quote_ident(t.typname) || ' '
      || (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)
    FROM pg_catalog.pg_type t JOIN schemas s ON s.oid = t.typnamespace WHERE t.typtype = 'e'
  UNION ALL
  SELECT 'domain ' || quote_ident(s.nspname) || '.' || quote_ident(t.typname) || ' ' || pg_catalog.format_type(t.typbasetype, t.typtypmod)
    FROM pg_catalog.pg_type t JOIN schemas s ON s.oid = t.typnamespace WHERE t.typtype = 'd'
  UNION ALL
  SELECT 'function ' || quote_ident(s.nspname) || '.' || quote_ident(p.proname) || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid)
      || ') ' || md5(p.prosrc || coalesce(p.probin, '') || p.prosecdef::text || p.provolatile::text || coalesce(p.proconfig::text, ''))
    FROM pg_catalog.pg_proc p JOIN schemas s ON s.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM extension_objects e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid)
  UNION ALL
  SELECT 'extension ' || quote_ident(extname) FROM pg_catalog.pg_extension
)
SELECT line FROM lines ORDER BY line COLLATE "C"`;
// src/sql/catalog/model.ts
const unknownCatalog = emptyCatalogThat(false);
const emptyCatalog = emptyCatalogThat(true);
function emptyCatalogThat(complete) {
	return {
		complete,
		relations: /* @__PURE__ */ new Map(),
		types: /* @__PURE__ */ new Map(),
		functions: /* @__PURE__ */ new Map(),
		schemas: /* @__PURE__ */ new Set(["public"]),
		parents: /* @__PURE__ */ new Set(),
		uncertain: /* @__PURE__ */ new Set(),
		doubtful: /* @__PURE__ */ new Set()
	};
}
// src/migrations/lock-file.ts
function checkLockFile(text, file) {
	if (/^(?:<{7}|={7}|>{7})/m.test(text)) return unreadable$1(file, "It contains the marks of a merge that was not finished.");
	const line = text.split(/\r?\n/).find((one) => one.startsWith("provider"));
	if (line === void 0) return unreadable$1(file, "It has no line that begins with `provider`.");
	const written = /^provider\s*=\s*["']?([^"'\s#]*)/.exec(line)?.[1] ?? "";
	if (line === `provider = "postgresql"`) return void 0;
	if (written === "postgresql") return unreadable$1(file, `Prisma reads the provider only as \`provider = "postgresql"\`; the line is \`${line.trim()}\`.`);
	if (written === "") return unreadable$1(file, `The line \`${line.trim()}\` names no provider.`);
	return {
		code: "MIGRATIONS.NOT_POSTGRESQL",
		what: `The migrations are for ${written}, not for PostgreSQL.`,
		why: `\`${file}\` says \`${line.trim()}\`. SQL that was generated for another database does not run on PostgreSQL.`,
		next: [
			"Point `--migrations` to the folder of the PostgreSQL migrations.",
			"After a change of the provider, start a new history: move the old folder away and create the first migration again:",
			"npx prisma migrate dev --create-only --name init"
		]
	};
}
function unreadable$1(file, why) {
	return {
		code: "MIGRATIONS.LOCK_FILE_UNREADABLE",
		what: `\`${file}\` cannot be read.`,
		why,
		next: ["Write it again and commit it:", writeLockFile(file)]
	};
}
function writeLockFile(file) {
	return `printf 'provider = "postgresql"\\n' > ${file}`;
}
// src/migrations/folder-failures.ts
function noFolder(folder, because) {
	return {
		code: "MIGRATIONS.NO_FOLDER",
		what: `There is no migrations folder \`${folder}\`.`,
		why: because,
		next: ["Name the folder that holds `migration_lock.toml`: --migrations path/to/prisma/migrations", "A project without migrations creates its first one: npx prisma migrate dev --name init"]
	};
}
function noLockFile(folder, hint) {
	return {
		code: "MIGRATIONS.NO_LOCK_FILE",
		what: `\`${folder}\` has no \`migration_lock.toml\`.`,
		why: hint ?? "Without it nothing says for which database the SQL was written; Prisma creates it beside the first migration.",
		next: [
			...hint === void 0 ? [] : ["Name the migrations folder itself: --migrations path/to/prisma/migrations"],
			"If this is the folder, write the file and commit it:",
			writeLockFile(`${folder}/migration_lock.toml`)
		]
	};
}
function noSql(file) {
	const folder = file.replace(/\/[^/]*$/, "");
	return {
		code: "MIGRATIONS.NO_SQL",
		what: `\`${folder}\` has no \`migration.sql\`.`,
		why: "Prisma takes every folder beside `migration_lock.toml` for a migration and stops with P3015 at one without its file.",
		next: [`Restore the file: git checkout -- ${file}`, `Or remove what is left of the folder: rm -r ${folder}`]
	};
}
function unreadable(file, message) {
	return {
		code: "MIGRATIONS.UNREADABLE",
		what: `\`${file}\` cannot be read.`,
		why: message,
		next: [`Check what it is and who may read it: ls -ld ${file}`]
	};
}
function empty$1(file, bytes) {
	return {
		code: "MIGRATIONS.EMPTY",
		what: `\`${file}\` is empty.`,
		why: `${bytes === 0 ? "It has no content at all" : "It has nothing but white space"}, which is rather a lost migration than one that does nothing. Prisma would record it as applied.`,
		next: [`Restore the SQL: git log --oneline -- ${file}`, `A migration that is meant to do nothing says so: echo '-- This migration does nothing.' > ${file}`]
	};
}
function notText(file, problem) {
	switch (problem.kind) {
		case "utf-16": return {
			code: "MIGRATIONS.NOT_UTF8",
			what: `\`${file}\` is ${problem.encoding}, not UTF-8.`,
			why: "PowerShell 5 writes UTF-16 when the output of `prisma migrate diff --script` is redirected with `>`. PostgreSQL does not take it.",
			next: [
				"Convert it:",
				`iconv -f UTF-16${problem.encoding.includes("little") ? "LE" : "BE"} -t UTF-8 ${file} | sed '1s/^\\xEF\\xBB\\xBF//' > ${file}.utf8 && mv ${file}.utf8 ${file}`,
				"Next time let Prisma write the file itself: --output instead of >"
			]
		};
		case "byte-order-mark": return {
			code: "MIGRATIONS.BYTE_ORDER_MARK",
			what: `\`${file}\` starts with a byte order mark.`,
			why: "Prisma sends it along, and PostgreSQL takes it for the beginning of a name: the first statement fails with a syntax error.",
			next: ["Remove the three bytes:", `sed -i '1s/^\\xEF\\xBB\\xBF//' ${file}`]
		};
		case "nul": return {
			code: "MIGRATIONS.NOT_UTF8",
			what: `\`${file}\` is not a text file.`,
			why: `Byte ${problem.byte} (line ${problem.line}) is NUL, which no PostgreSQL text can contain.`,
			next: [`See what it is: file ${file}`, `Restore it: git log --oneline -- ${file}`]
		};
		case "not-utf-8": return {
			code: "MIGRATIONS.NOT_UTF8",
			what: `\`${file}\` is not UTF-8.`,
			why: `Byte ${problem.byte} (line ${problem.line}) does not belong to any UTF-8 character. Prisma would replace it and write something else into the database.`,
			next: ["If it was saved in the Western European encoding of Windows, convert it:", `iconv -f WINDOWS-1252 -t UTF-8 ${file} > ${file}.utf8 && mv ${file}.utf8 ${file}`]
		};
	}
}
function together(failures, subject) {
	const [first, ...others] = failures;
	if (first === void 0 || others.length === 0) return first;
	return {
		code: first.code,
		what: `${subject} has ${failures.length} problems.`,
		why: failures.map(({ code, what, why }) => `${code}: ${what} ${why}`).join("\n"),
		next: [...new Set(failures.flatMap(({ next }) => next))]
	};
}
// src/postgres/row-values.ts
function withoutRowValues(text) {
	return text.replaceAll(/(Key \((?:[^()]|\([^()]*\))*\))=\(.*\)(?= (?:already exists|is duplicated|is not present|is still referenced|conflicts))/g, "$1=(…)").replaceAll(/(conflicts with existing key \((?:[^()]|\([^()]*\))*\))=\(.*\)/g, "$1=(…)").replaceAll(/(Failing row contains) \(.*\)/g, "$1 (…)").replaceAll(/(invalid input (?:syntax|value) for [^:\n]*): ".*"/g, "$1: \"…\"");
}
// src/migrations/history-failures.ts
function table$1(schema) {
	return `${quoteIdentifier(schema)}."_prisma_migrations"`;
}
function resolve(flag, name) {
	return `npx prisma migrate resolve ${flag} ${shellWord(name)}`;
}
function historyFailures(history, schema) {
	return [
		failedMigrations(history),
		editedMigrations(history.edited, schema),
		missingMigrations(history.missing, schema)
	].filter((failure) => failure !== void 0);
}
function failedMigrations({ failed, applied }) {
	const [first] = failed;
	if (first === void 0) return void 0;
	const names = [...new Set(failed.map((row) => row.name))];
	const finished = new Set(applied.map((migration) => migration.name));
	return {
		code: "HISTORY.FAILED_MIGRATION",
		what: names.length === 1 ? `\`${first.name}\` is recorded as failed.` : `${names.length} migrations are recorded as failed.`,
		why: `${failed.map(whatHappened).join("\n")}\nUntil this is resolved, Prisma applies nothing (P3009).`,
		next: ["Compare the database with the file: which of its statements are in force? Then say so to Prisma.", ...names.flatMap((name) => waysOutOf(name, failed, finished))]
	};
}
function waysOutOf(name, failed, finished) {
	const running = failed.every((row) => row.name !== name || row.logs.trim() === "") ? ["It may still be running. See who is at work before resolving anything:", "SELECT pid, application_name, state, xact_start, left(query, 100) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle';"] : [];
	const rolledBack = [`If nothing of \`${name}\` is in force, or after undoing what is: it will be applied again.`, resolve("--rolled-back", name)];
	const applied = finished.has(name) ? [] : [`If all of \`${name}\` is in force, or after completing it by hand:`, resolve("--applied", name)];
	return [
		...running,
		...rolledBack,
		...applied
	];
}
function whatHappened(row) {
	return withoutRowValues(errorIn(row));
}
function errorIn(row) {
	const started = `\`${row.name}\`, started at ${row.startedAt.toISOString()}`;
	const sqlState = /Database error code: (\w+)/.exec(row.logs)?.[1];
	const message = /Database error:\s*\n\s*([^\n]+)/.exec(row.logs)?.[1]?.trim();
	if (row.logs.trim() === "") return `${started}: Prisma recorded no error, so it was interrupted or is still running.`;
	if (message === void 0) return `${started}: ${row.logs.trim().split("\n")[0]}`;
	return `${started}: ${message}${sqlState === void 0 ? "" : ` (SQLSTATE ${sqlState})`}`;
}
function editedMigrations(edited, schema) {
	const [first] = edited;
	if (first === void 0) return void 0;
	return {
		code: "HISTORY.EDITED",
		what: `${edited.map(({ migration }) => `\`${migration.name}\``).join(", ")} ${edited.length === 1 ? "was" : "were"} edited after being applied.`,
		why: `${edited.map(({ migration, recorded }) => `\`${migration.file}\` has the checksum ${migration.checksum}; applied was ${recorded}.`).join("\n")}\nWhat was changed will never run on this database, and Prisma says nothing about it.`,
		next: [
			"Put the applied text back, and what was changed into a new migration:",
			...edited.map(({ migration }) => `git log --oneline -- ${migration.file}`),
			"If only comments or spaces changed, accept the new text:",
			...edited.map(({ migration, recorded }) => `UPDATE ${table$1(schema)} SET checksum = ${quoteLiteral(migration.checksum)} WHERE migration_name = ${quoteLiteral(migration.name)} AND checksum = ${quoteLiteral(recorded)};`)
		]
	};
}
function missingMigrations(missing, schema) {
	if (missing.length === 0) return void 0;
	return {
		code: "HISTORY.MISSING_FROM_FOLDER",
		what: `The database is ahead of the folder: ${missing.map((name) => `\`${name}\``).join(", ")} ${missing.length === 1 ? "is" : "are"} applied and not in it.`,
		why: "Either this is an older commit or another branch than the one that was deployed last, or the folder was deleted or renamed. A plan made from it would be about another schema.",
		next: [
			"Find the commit that has it, and deploy that one or merge it:",
			...missing.map((name) => `git log --all --oneline -- '*/${name}/migration.sql'`),
			"If it was squashed into another migration on purpose, take its row out of the history:",
			`DELETE FROM ${table$1(schema)} WHERE migration_name IN (${missing.map(quoteLiteral).join(", ")});`
		]
	};
}
function outOfOrder({ outOfOrder: late, head }) {
	if (late.length === 0 || head === void 0) return void 0;
	return {
		what: `${late.map((migration) => `\`${migration.name}\``).join(", ")} ${late.length === 1 ? "is" : "are"} pending and older than \`${head}\`, which is applied.`,
		why: "Prisma applies them now, after the newer ones; a new database gets them in the other order. The two can end up different.",
		next: ["Give each a new timestamp, so that the order is the same everywhere:", ...late.map(rename$1)]
	};
}
function rename$1(migration) {
	const folder = migration.file.replace(/\/[^/]*$/, "");
	const label = migration.name.replace(/^\d+_?/, "");
	return `git mv ${folder} ${folder.slice(0, -migration.name.length)}$(date -u +%Y%m%d%H%M%S)_${label}`;
}
function notBaselined(tables, elsewhere, schema, migrations) {
	const other = elsewhere[0];
	const first = migrations[0]?.name ?? "0_init";
	return {
		code: "HISTORY.NOT_BASELINED",
		what: `The schema \`${schema}\` has ${tables === 1 ? "a table" : `${tables} tables`} and no \`_prisma_migrations\`.`,
		why: "Nothing says which migrations its tables come from, so Prisma applies nothing (P3005).",
		next: [
			...other === void 0 ? [] : [`There is a history in the schema \`${other}\`. If that is the one, name it in the connection URL: ?schema=${encodeURIComponent(other)}`],
			"Record every migration that this database already contains, in their order, beginning with:",
			resolve("--applied", first)
		]
	};
}
// src/migrations/config-tokens.ts
const marks$1 = [
	"...",
	"===",
	"!==",
	"=>",
	"?.",
	"??",
	"||",
	"&&",
	"==",
	"!="
];
const beforeRegex = /[=(,[{:;!&|?+\-*%<>~^]/;
function tokenize(source) {
	const tokens = [];
	let at = source.startsWith("#!") ? lineEnd(source, 0) : 0;
	while (at < source.length) {
		const start = at;
		const character = source[at] ?? "";
		if (/\s|\uFEFF/.test(character)) at++;
		else if (source.startsWith("//", at)) at = lineEnd(source, at);
		else if (source.startsWith("/*", at)) {
			const end = source.indexOf("*/", at + 2);
			at = end < 0 ? source.length : end + 2;
		} else if (character === "\"" || character === "'") {
			at = quoteEnd(source, at, character);
			tokens.push({
				kind: "text",
				text: withoutEscapes(source.slice(start + 1, at - 1)),
				start,
				end: at
			});
		} else if (character === "`") {
			at = templateEnd(source, at);
			tokens.push({
				kind: "template",
				text: source.slice(start + 1, at - 1),
				start,
				end: at
			});
		} else if (/[\p{L}_$]/u.test(character)) {
			at = matchEnd(source, at, /[\p{L}\p{N}_$]*/uy);
			tokens.push({
				kind: "name",
				text: source.slice(start, at),
				start,
				end: at
			});
		} else if (/\d/.test(character)) {
			at = matchEnd(source, at, /[\w.]*/y);
			tokens.push({
				kind: "other",
				text: source.slice(start, at),
				start,
				end: at
			});
		} else if (character === "/" && beforeRegex.test(tokens.at(-1)?.text.at(-1) ?? "=")) {
			at = matchEnd(source, at, /\/(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\\\n])+\/\w*|\//y);
			tokens.push({
				kind: "other",
				text: source.slice(start, at),
				start,
				end: at
			});
		} else {
			const mark = marks$1.find((one) => source.startsWith(one, at)) ?? character;
			at += mark.length;
			tokens.push({
				kind: "mark",
				text: mark,
				start,
				end: at
			});
		}
	}
	return tokens;
}
function lineOf$3(source, offset) {
	return source.slice(0, offset).split("\n").length;
}
function lineEnd(source, at) {
	const end = source.indexOf("\n", at);
	return end < 0 ? source.length : end;
}
function quoteEnd(source, at, quote) {
	for (let index = at + 1; index < source.length; index++) if (source[index] === "\\") index++;
	else if (source[index] === quote || source[index] === "\n") return index + 1;
	return source.length;
}
function templateEnd(source, at) {
	for (let index = at + 1; index < source.length; index++) if (source[index] === "\\") index++;
	else if (source[index] === "`") return index + 1;
	else if (source.startsWith("${", index)) index = substitutionEnd(source, index + 2);
	return source.length;
}
function substitutionEnd(source, at) {
	let depth = 1;
	let index = at;
	for (; index < source.length; index++) {
		const character = source[index] ?? "";
		if (character === "\"" || character === "'") index = quoteEnd(source, index, character) - 1;
		else if (character === "`") index = templateEnd(source, index) - 1;
		else if (character === "{") depth++;
		else if (character === "}" && --depth === 0) return index;
	}
	return index;
}
function matchEnd(source, at, pattern) {
	pattern.lastIndex = at;
	const length = pattern.exec(source)?.[0].length ?? 0;
	return at + Math.max(length, 1);
}
const escapes$1 = {
	n: "\n",
	t: "	",
	r: "\r",
	"0": "\0",
	b: "\b",
	f: "\f",
	v: "\v"
};
function withoutEscapes(text) {
	return text.replace(/\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/g, (_all, code, unit, byte, one) => {
		const hex = code ?? unit ?? byte;
		if (hex !== void 0) return String.fromCodePoint(Number.parseInt(hex, 16));
		return one === void 0 ? "" : escapes$1[one] ?? one;
	});
}
// src/migrations/config-names.ts
function nameOf(path, { imports, constants }) {
	const [first = "", ...rest] = path.split(".");
	const variable = /^(?:globalThis\.)?process\.env\.(\w+)$/.exec(path)?.[1];
	if (variable !== void 0) return {
		kind: "env",
		name: variable
	};
	if (imports.get(first) === "process#env" && rest.length === 1) return {
		kind: "env",
		name: rest[0] ?? ""
	};
	if (path === "__dirname" || path === "import.meta.dirname") return {
		kind: "path",
		path: "",
		base: "config"
	};
	if (path === "undefined" || path === "null") return { kind: "nothing" };
	return rest.length === 0 ? constants.get(first) : void 0;
}
function callOf(path, values, { imports }) {
	const [first = "", ...rest] = path.split(".");
	const called = [imports.get(first) ?? first, ...rest].join(".");
	const [argument] = values;
	if (called === "prisma/config#env" && argument?.kind === "text") return {
		kind: "env",
		name: argument.text
	};
	if (called === "prisma/config#defineConfig" && values.length === 1) return argument;
	if (called === "process.cwd") return {
		kind: "path",
		path: "",
		base: "cwd"
	};
	if (/^path#(?:(?:\*|default)\.)?join$/.test(called)) return joined$1(values, "config");
	if (/^path#(?:(?:\*|default)\.)?resolve$/.test(called)) return joined$1(values, "cwd");
}
function joined$1(values, base) {
	const parts = values.map((value) => value.kind === "text" ? value.text : value.kind === "path" ? value.path : void 0);
	if (parts.length === 0 || parts.some((part) => part === void 0)) return void 0;
	const [first] = values;
	return {
		kind: "path",
		path: parts.filter((part) => part !== "").join("/"),
		base: first?.kind === "path" ? first.base : base
	};
}
// src/migrations/config-values.ts
const closing = {
	"(": ")",
	"[": "]",
	"{": "}"
};
var ValueReader = class ValueReader {
	#source;
	#tokens;
	#scope;
	position;
	constructor(source, tokens, scope, position = 0) {
		this.#source = source;
		this.#tokens = tokens;
		this.#scope = scope;
		this.position = position;
	}
	peek(offset = 0) {
		return this.#tokens[this.position + offset];
	}
	is(text, offset = 0) {
		const token = this.peek(offset);
		return token?.text === text && token.kind !== "text" && token.kind !== "template";
	}
	take(text) {
		if (!this.is(text)) return false;
		this.position++;
		return true;
	}
	expression() {
		const start = this.position;
		const values = [this.#operand()];
		while (this.take("??") || this.take("||")) values.push(this.#operand());
		if (!this.#atEnd()) return this.#unknownFrom(start);
		const [only, ...others] = values;
		return only !== void 0 && others.length === 0 ? only : {
			kind: "either",
			values
		};
	}
	#operand() {
		const start = this.position;
		const value = this.#primary();
		while (this.take("!") || this.is("as") || this.is("satisfies")) if (this.take("as") || this.take("satisfies")) this.#skipType();
		return value.kind === "unknown" ? this.#unknownFrom(start) : value;
	}
	#primary() {
		const token = this.peek();
		if (token === void 0) return this.#unknownFrom(this.position);
		if (token.kind === "text") {
			this.position++;
			return {
				kind: "text",
				text: token.text
			};
		}
		if (token.kind === "template") return this.#template(token);
		if (this.is("{")) return this.#object();
		if (this.take("(")) {
			const value = this.expression();
			return this.take(")") ? value : this.#unknownFrom(this.position);
		}
		return token.kind === "name" ? this.#named() : this.#unknownFrom(this.position);
	}
	#template(token) {
		this.position++;
		if (!token.text.includes("${")) return {
			kind: "text",
			text: token.text
		};
		const inner = /^\$\{([^{}`]*)\}$/.exec(token.text)?.[1];
		if (inner === void 0) return {
			kind: "unknown",
			source: `\`${token.text}\``,
			at: token.start
		};
		return new ValueReader(inner, tokenize(inner), this.#scope).expression();
	}
	#named() {
		const start = this.position;
		let path = this.peek()?.text ?? "";
		this.position++;
		for (;;) if (this.take(".") || this.take("?.")) {
			if (this.is("[")) continue;
			path += `.${this.peek()?.text ?? ""}`;
			this.position++;
		} else if (this.is("[") && this.peek(1)?.kind === "text" && this.is("]", 2)) {
			path += `.${this.peek(1)?.text ?? ""}`;
			this.position += 3;
		} else break;
		this.#skipTypeArguments();
		return (this.take("(") ? callOf(path, this.#arguments(), this.#scope) : nameOf(path, this.#scope)) ?? this.#unknownFrom(start);
	}
	#arguments() {
		const values = [];
		while (this.peek() !== void 0 && !this.take(")")) {
			values.push(this.expression());
			if (!this.take(",") && !this.is(")")) this.position++;
		}
		return values;
	}
	#object() {
		const entries = /* @__PURE__ */ new Map();
		let complete = true;
		this.position++;
		while (this.peek() !== void 0 && !this.take("}")) {
			const key = this.peek();
			const named = key?.kind === "name" || key?.kind === "text";
			if (named && this.is(":", 1)) {
				this.position += 2;
				entries.set(key.text, this.expression());
			} else if (key?.kind === "name" && (this.is(",", 1) || this.is("}", 1))) entries.set(key.text, this.expression());
			else if (this.take("...")) complete = this.#spread(entries) && complete;
			else {
				if (named) entries.set(key.text, {
					kind: "unknown",
					source: `${key.text}(…)`,
					at: key.start
				});
				else complete = false;
				this.#skip();
			}
			this.take(",");
		}
		return {
			kind: "object",
			entries,
			complete
		};
	}
	#spread(entries) {
		const start = this.position;
		const inline = this.is("(");
		const value = this.expression();
		if (value.kind === "object") {
			for (const [name, entry] of value.entries) entries.set(name, entry);
			return value.complete;
		}
		const tokens = this.#tokens.slice(start, this.position);
		const keys = new Set(tokens.filter((_token, index) => tokens[index + 1]?.text === ":").map(({ text }) => text));
		const nested = tokens.some(({ text }) => text === "...");
		for (const name of entries.keys()) {
			if (inline && !nested && !keys.has(name)) continue;
			const first = tokens[0];
			entries.set(name, {
				kind: "unknown",
				source: `...${first?.text ?? ""}`,
				at: first?.start ?? 0
			});
		}
		return false;
	}
	#atEnd() {
		const token = this.peek();
		if (token === void 0 || [
			",",
			")",
			"]",
			"}",
			";"
		].some((mark) => this.is(mark))) return true;
		const before = this.peek(-1);
		return token.kind === "name" && this.#source.slice(before?.end ?? 0, token.start).includes("\n");
	}
	#skip() {
		while (!this.#atEnd() || this.peek()?.kind === "name") this.#skipOne();
	}
	#skipTypeArguments() {
		if (!this.is("<")) return;
		let end = 1;
		while (this.peek(end) !== void 0 && /^[\w$.,|[\]]+$/.test(this.peek(end)?.text ?? "")) end++;
		if (this.is(">", end) && this.is("(", end + 1)) this.position += end + 1;
	}
	#skipType() {
		while (!this.#atEnd() && !this.is("??") && !this.is("||")) this.#skipOne();
	}
	#skipOne() {
		const close = closing[this.peek()?.kind === "mark" ? this.peek()?.text ?? "" : ""];
		this.position++;
		if (close === void 0) return;
		while (this.peek() !== void 0 && !this.is(close)) this.#skipOne();
		this.position++;
	}
	#unknownFrom(start) {
		const first = this.#tokens[start];
		while (!this.#atEnd()) this.#skipOne();
		const last = this.#tokens[this.position - 1];
		const at = first?.start ?? this.#source.length;
		return {
			kind: "unknown",
			source: this.#source.slice(at, Math.max(at, last?.end ?? at)),
			at
		};
	}
};
// src/migrations/config-statements.ts
const understood = /* @__PURE__ */ new Map([
	["prisma/config", "prisma/config"],
	["@prisma/config", "prisma/config"],
	["path", "path"],
	["node:path", "path"],
	["process", "process"],
	["node:process", "process"],
	["dotenv", "dotenv"],
	["@dotenvx/dotenvx", "dotenv"]
]);
function importsOf(tokens) {
	const imports = /* @__PURE__ */ new Map();
	tokens.forEach((token, index) => {
		if (token.kind !== "text") return;
		const module = understood.get(token.text);
		if (module === void 0) return;
		const before = tokens[index - 1]?.text;
		const isImport = before === "from";
		const isRequire = before === "(" && tokens[index - 2]?.text === "require";
		if (!isImport && !isRequire) return;
		const end = isImport ? index - 1 : index - 3;
		for (const [local, exported] of bindingsBefore(tokens, end)) imports.set(local, `${module}#${exported}`);
	});
	return imports;
}
function bindingsBefore(tokens, end) {
	let start = end - 1;
	while (start >= 0 && ![
		"import",
		"const",
		"let",
		"var"
	].includes(tokens[start]?.text ?? "")) start--;
	const words = tokens.slice(start + 1, end).map(({ text }) => text);
	const open = words.indexOf("{");
	const outside = open < 0 ? words : words.slice(0, open);
	const inside = open < 0 ? [] : words.slice(open + 1, words.lastIndexOf("}"));
	const bindings = outside.filter((word) => /^[\w$]+$/.test(word) && word !== "as" && word !== "type").map((local) => [local, outside.includes("*") ? "*" : "default"]);
	for (const entry of inside.join(" ").split(",")) {
		const [exported, local = exported] = entry.trim().split(/\s+(?:as|:)\s+/);
		if (exported !== void 0 && exported !== "" && local !== void 0) bindings.push([local, exported]);
	}
	return bindings;
}
function readStatements(source) {
	const tokens = tokenize(source);
	const scope = {
		imports: importsOf(tokens),
		constants: /* @__PURE__ */ new Map()
	};
	let config;
	let envFile = tokens.some(({ kind, text }) => kind === "text" && /^(?:dotenv|@dotenvx\/dotenvx)\/config$/.test(text)) ? ".env" : void 0;
	const reader = new ValueReader(source, tokens, scope);
	while (reader.peek() !== void 0) if (reader.is("const")) {
		reader.position++;
		readConstant(reader, scope);
	} else if (reader.is("export") && reader.is("default", 1)) {
		reader.position += 2;
		config = reader.expression();
	} else if (reader.is("module") && reader.is(".", 1) && reader.is("exports", 2) && reader.is("=", 3)) {
		reader.position += 4;
		config = reader.expression();
	} else {
		envFile ??= envFileLoadedAt(reader, scope);
		reader.position++;
	}
	return {
		config,
		envFile
	};
}
function readConstant(reader, scope) {
	if (reader.take("{")) {
		readPattern(reader, scope);
		return;
	}
	const name = reader.peek()?.text ?? "";
	reader.position++;
	while (reader.peek() !== void 0 && !reader.is("=") && !reader.is(";")) reader.position++;
	if (reader.take("=")) setConstant(scope, name, reader.expression());
}
function readPattern(reader, scope) {
	const variables = [];
	while (reader.peek() !== void 0 && !reader.take("}")) {
		const name = reader.peek()?.text ?? "";
		const local = reader.is(":", 1) ? reader.peek(2)?.text ?? "" : name;
		const next = reader.is(":", 1) ? 3 : 1;
		if (reader.is(",", next) || reader.is("}", next)) variables.push([local, name]);
		reader.position += reader.is("}") ? 0 : next;
	}
	if (![
		"=",
		"process",
		".",
		"env"
	].every((word, index) => reader.is(word, index)) || reader.is(".", 4) || reader.is("[", 4)) return;
	for (const [local, name] of variables) setConstant(scope, local, {
		kind: "env",
		name
	});
}
function setConstant({ constants }, name, value) {
	constants.set(name, constants.has(name) ? {
		kind: "unknown",
		source: name,
		at: 0
	} : value);
}
function envFileLoadedAt(reader, { imports }) {
	const word = (offset) => reader.peek(offset)?.text ?? "";
	const imported = imports.get(word(0)) ?? "";
	if (imported === "dotenv#config" && word(1) === "(") return envPath(reader, 2);
	if (imported.startsWith("dotenv#") && word(2) === "config" && word(3) === "(") return envPath(reader, 4);
	if (word(0) === "process" && word(2) === "loadEnvFile") return envPath(reader, 4);
	if (word(0) === "require" && understood.get(word(2)) === "dotenv" && word(5) === "config") return envPath(reader, 7);
}
function envPath(reader, offset) {
	if (reader.is(")", offset)) return ".env";
	const first = reader.peek(offset);
	if (first?.kind === "text") return first.text;
	const named = reader.is("{", offset) && reader.is("path", offset + 1) ? reader.peek(offset + 3) : void 0;
	return named?.kind === "text" ? named.text : void 0;
}
// src/migrations/config-file.ts
function readConfig$1(source) {
	const { config, envFile } = readStatements(source);
	const at = (path) => settingAt(config, path);
	const line = (offset) => lineOf$3(source, offset);
	return {
		schema: asSetting(at(["schema"]), pathOf$1, line),
		migrations: asSetting(at(["migrations", "path"]), pathOf$1, line),
		url: asSetting(at(["datasource", "url"]), urlOf, line),
		directUrl: asSetting(at(["datasource", "directUrl"]), urlOf, line),
		engine: asSetting(at(["engine"]), (value) => value.kind === "text" ? value.text : void 0, line),
		envFile
	};
}
function settingAt(config, path) {
	let value = config ?? {
		kind: "unknown",
		source: "the default export",
		at: 0
	};
	for (const name of path) {
		if (value.kind !== "object") return value.kind === "nothing" ? value : asUnknown(value);
		const next = value.entries.get(name);
		if (next === void 0) return value.complete ? { kind: "nothing" } : {
			kind: "unknown",
			source: `… (\`${path.join(".")}\` may be in what is spread there)`,
			at: 0
		};
		value = next;
	}
	return value;
}
function asUnknown(value) {
	return value.kind === "unknown" ? value : {
		kind: "unknown",
		source: "something other than an object",
		at: 0
	};
}
function asSetting(value, read, line) {
	if (value.kind === "nothing") return { kind: "absent" };
	const known = read(value);
	if (known !== void 0) return {
		kind: "known",
		value: known
	};
	if (value.kind === "unknown") return {
		kind: "unreadable",
		source: value.source,
		line: line(value.at)
	};
	return {
		kind: "unreadable",
		source: `a value that is ${value.kind === "env" ? `the variable ${value.name}` : "put together"}`,
		line: 1
	};
}
function pathOf$1(value) {
	if (value.kind === "text") return {
		path: value.text,
		base: "config"
	};
	return value.kind === "path" ? {
		path: value.path,
		base: value.base
	} : void 0;
}
function urlOf(value) {
	if (value.kind === "text") return { kind: "written-out" };
	if (value.kind === "env") return {
		kind: "env",
		variables: [value.name]
	};
	if (value.kind !== "either") return void 0;
	const variables = value.values.flatMap((one) => one.kind === "env" ? [one.name] : []);
	return value.values.every(({ kind }) => kind === "env" || kind === "text" || kind === "nothing") && variables.length > 0 ? {
		kind: "env",
		variables
	} : void 0;
}
// src/migrations/config-location.ts
const extensions = [
	".js",
	".ts",
	".mjs",
	".cjs",
	".mts",
	".cts"
];
const forSeven = extensions.flatMap((extension) => [`prisma7.config${extension}`]).concat(extensions.map((extension) => `.config/prisma7${extension}`));
const forAll = [
	"prisma.config",
	".config/prisma",
	".config/prisma.config"
].flatMap((name) => [...extensions.map((extension) => `${name}${extension}`), ...extensions.map((extension) => `${name}/index${extension}`)]);
function locateConfig(root, major) {
	return (major === 6 ? forAll : [...forSeven, ...forAll]).map((name) => join(root, name)).find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}
// src/migrations/prisma-package.ts
function foldersUpwards(folder) {
	const parent = dirname(folder);
	return parent === folder ? [folder] : [folder, ...foldersUpwards(parent)];
}
async function findPrisma(root) {
	for (const folder of foldersUpwards(root)) {
		const found = await readPackage(join(folder, "node_modules", "prisma"));
		if (found !== void 0) return judge$2(found.path, found.package, root);
	}
	return {
		kind: "not-installed",
		failure: notInstalled(root)
	};
}
async function readPackage(path) {
	try {
		return {
			path,
			package: JSON.parse(await readFile(join(path, "package.json"), "utf8"))
		};
	} catch (error) {
		if (["ENOENT", "ENOTDIR"].includes(errnoOf(error))) return void 0;
		if (error instanceof SyntaxError) return {
			path,
			package: {}
		};
		throw error;
	}
}
function judge$2(path, { version, bin }, root) {
	const written = typeof version === "string" ? version : "";
	const major = Number(/^(\d+)\./.exec(written)?.[1] ?? NaN);
	const cli = cliIn(bin);
	const cliPath = join(path, cli ?? "");
	if (Number.isNaN(major) || cli === void 0 || !existsSync(cliPath)) return {
		kind: "not-installed",
		failure: incomplete$1(path, root)
	};
	if (major === 6 || major === 7) return {
		kind: "installed",
		version: written,
		major,
		cliPath
	};
	return {
		kind: "unsupported",
		version: written,
		major,
		failure: unsupported(written, major)
	};
}
function cliIn(bin) {
	if (typeof bin === "string") return bin;
	if (typeof bin !== "object" || bin === null || !("prisma" in bin)) return void 0;
	return typeof bin.prisma === "string" ? bin.prisma : void 0;
}
function unsupported(version, major) {
	const why = major > 7 ? "Prisma 8 is a different tool: it has no `migrate deploy` and no SQL files to read. Airlock supports Prisma 6 and 7." : "Its schema engine is spoken to in another way. Airlock supports Prisma 6 and 7.";
	return {
		code: "PRISMA.UNSUPPORTED",
		what: `The project has Prisma ${version}.`,
		why,
		next: major > 7 ? ["Stay on Prisma 7 for the migrations that Airlock deploys: npm install --save-dev prisma@7 @prisma/client@7"] : ["Upgrade: npm install --save-dev prisma@6 @prisma/client@6", "https://www.prisma.io/docs/orm/more/upgrade-guides"]
	};
}
function notInstalled(root) {
	const pnp = foldersUpwards(root).some((folder) => existsSync(join(folder, ".pnp.cjs")));
	return {
		code: "PRISMA.NOT_INSTALLED",
		what: "Prisma is not installed in the project.",
		why: pnp ? "Yarn keeps packages in archives here (Plug’n’Play), where no other program finds them." : `There is no \`node_modules/prisma\` in ${root} or above it. Airlock applies migrations with the project’s own Prisma.`,
		next: pnp ? ["Let Yarn write a folder: yarn config set nodeLinker node-modules && yarn install --immutable"] : ["Install the project before this step, development dependencies included:", installCommand(root)]
	};
}
function incomplete$1(path, root) {
	return {
		code: "PRISMA.NOT_INSTALLED",
		what: "Prisma is installed only in part.",
		why: `\`${path}\` has no readable package.json or no CLI.`,
		next: ["Install the project again:", installCommand(root)]
	};
}
const lockFiles = [
	["package-lock.json", "npm ci --include=dev"],
	["npm-shrinkwrap.json", "npm ci --include=dev"],
	["pnpm-lock.yaml", "pnpm install --frozen-lockfile --prod=false"],
	["yarn.lock", "yarn install --immutable"],
	["bun.lock", "bun install --frozen-lockfile"],
	["bun.lockb", "bun install --frozen-lockfile"]
];
function installCommand(root) {
	for (const folder of foldersUpwards(root)) {
		const found = lockFiles.find(([file]) => existsSync(join(folder, file)));
		if (found !== void 0) return found[1];
	}
	return "npm install --save-dev prisma";
}
// src/migrations/project-failures.ts
function shownSource({ source }) {
	const oneLine = source.replace(/\s+/g, " ").trim();
	if (oneLine.includes("://")) return "an expression that contains a URL";
	return `\`${oneLine.length > 80 ? `${oneLine.slice(0, 77)}…` : oneLine}\``;
}
function noProject(root, isFile) {
	return fail("PROJECT.NOT_FOUND", {
		what: `There is no folder \`${root}\`.`,
		why: isFile ? "What exists at that path is a file." : "Nothing exists at that path. In a workflow the repository has to be checked out first.",
		next: ["Check `working-directory` (or `--cwd`) and, in a workflow, that `actions/checkout` ran before this step."]
	});
}
function unreadableFile(error) {
	if (errnoOf(error) === "" || !(error instanceof Error) || !("path" in error)) return void 0;
	const path = String(error.path);
	return fail("PROJECT.UNREADABLE", {
		what: `\`${path}\` cannot be read.`,
		why: `${messageOf(error)}.`,
		next: [`Check what it is and who may read it: ls -ld ${shellWord(path)}`]
	}, { cause: error });
}
function noSchema(root) {
	return fail("PROJECT.NO_SCHEMA", {
		what: "No Prisma schema was found.",
		why: `Looked in ${root} for a path in prisma.config.ts or package.json, then for schema.prisma, prisma/schema.prisma and prisma/schema/.`,
		next: ["Run in the folder of the Prisma project: --cwd path/to/project"]
	});
}
function unreadableSetting(file, name, setting) {
	return fail("PROJECT.CONFIG_UNREADABLE", {
		what: `\`${name}\` in \`${file}\` cannot be told without running the file.`,
		why: `Line ${setting.line} has ${shownSource(setting)}. Airlock reads the configuration and never runs it: with the credentials of a deploy in reach, it is not its place to start the project's code.`,
		next: ["Name the folder: --migrations path/to/prisma/migrations (input `migrations`)", `Or write it as a text: ${name === "schema" ? "schema: 'prisma/schema.prisma'" : "migrations: { path: 'prisma/migrations' }"}`]
	});
}
function anotherFolder(root, given, own) {
	return fail("USAGE.INVALID", {
		what: `\`--migrations\` names \`${relative(root, given) || "."}\`, and Prisma applies \`${relative(root, own)}\`.`,
		why: "The plan would be made from one folder and another one applied.",
		next: ["Leave `--migrations` out.", `Or let Prisma use the same folder, in prisma.config.ts: migrations: { path: '${relative(root, given)}' }`]
	});
}
function noDatasource(schema, reading) {
	return fail("PROJECT.SCHEMA_UNREADABLE", {
		what: reading.kind === "none" ? `\`${schema}\` has no \`datasource\` block.` : `\`${schema}\` has ${reading.count} \`datasource\` blocks.`,
		why: "A Prisma schema has exactly one; it says which database it is for.",
		next: ["Check it with Prisma: npx prisma validate"]
	});
}
function notPostgresql(schema, provider) {
	return fail("PROJECT.NOT_POSTGRESQL", {
		what: provider === "" ? `The datasource in \`${schema}\` has no provider.` : `The provider in \`${schema}\` is \`${provider}\`.`,
		why: "Airlock takes migrations to PostgreSQL only.",
		next: ["Run in the folder of the project that uses PostgreSQL: --cwd path/to/project", "provider = \"postgresql\""]
	});
}
function noConfig(root) {
	return fail("PROJECT.URL_NOT_FROM_ENV", {
		what: "The project has Prisma 7 and no prisma.config.ts.",
		why: `Prisma 7 reads its connection URL from there and from nowhere else; none was found in ${root}.`,
		next: ["Create prisma.config.ts:", configExample]
	});
}
function noUrl(where, configFile) {
	return fail("PROJECT.URL_NOT_FROM_ENV", {
		what: `${capitalized(where)} names no connection URL.`,
		why: configFile === where ? "`datasource.url` is not in it." : "The `datasource` block has no `url`.",
		next: configFile === where ? ["Add it:", configExample] : ["Add it to the `datasource` block:", "url = env(\"DATABASE_URL\")"]
	});
}
function unreadableUrl(where, name, setting) {
	return fail("PROJECT.URL_NOT_FROM_ENV", {
		what: `Where \`${name}\` in ${where} comes from cannot be told without running it.`,
		why: `Line ${setting.line} has ${shownSource(setting)}. Airlock has to hand its own connection to Prisma, with a lock timeout in it, through the variable that Prisma reads.`,
		next: ["Read it from the environment directly:", envLine(where, name)]
	});
}
function writtenOutUrl(where, name) {
	return fail("PROJECT.URL_NOT_FROM_ENV", {
		what: `\`${name}\` in ${where} is written out instead of read from the environment.`,
		why: "Every environment would be deployed to the same database, and the password is in the repository.",
		next: ["Read it from the environment, and change the password that was committed:", envLine(where, name)]
	});
}
function driverAdapter(file) {
	return fail("PROJECT.URL_NOT_FROM_ENV", {
		what: `\`${file}\` connects through a driver adapter (\`engine: 'js'\`).`,
		why: "Prisma then takes no connection URL, so Airlock cannot tell where the migrations would go.",
		next: ["Use the schema engine for migrations: engine: 'classic', datasource: { url: env('DATABASE_URL') }"]
	});
}
const configExample = `import { defineConfig, env } from 'prisma/config'
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: env('DATABASE_URL') },
})`;
function capitalized(text) {
	return text.startsWith("the ") ? `T${text.slice(1)}` : `\`${text}\``;
}
function envLine(where, name) {
	const variable = name === "url" ? "DATABASE_URL" : "DIRECT_URL";
	return where === "the Prisma schema" ? `${name} = env("${variable}")` : `${name}: env('${variable}')`;
}
// src/migrations/project-urls.ts
function urlsOf({ root, config, configFile, datasource, major }) {
	const engine = config?.engine.kind === "known" ? config.engine.value : void 0;
	if (engine === "js") throw driverAdapter(configFile ?? "prisma.config.ts");
	const configured = config !== void 0 && config.url.kind !== "absent";
	if (!(major === 7 || (major === 6 ? engine === "classic" : configured))) return variablesOf(datasource.url, datasource.directUrl, "the Prisma schema", configFile);
	if (config === void 0 || configFile === void 0) throw noConfig(root);
	const directUrl = major === 6 ? config.directUrl : { kind: "absent" };
	return variablesOf(config.url, directUrl, configFile, configFile);
}
function variablesOf(url, directUrl, where, configFile) {
	const urlVariables = variablesIn(url, "url", where);
	const [urlVariable] = urlVariables;
	if (urlVariable === void 0) throw noUrl(where, configFile);
	return {
		urlVariable,
		urlVariables,
		directUrlVariable: variablesIn(directUrl, "directUrl", where)[0]
	};
}
function variablesIn(setting, name, where) {
	if (setting.kind === "absent") return [];
	if (setting.kind === "unreadable") throw unreadableUrl(where, name, setting);
	if (setting.value.kind === "written-out") throw writtenOutUrl(where, name);
	return setting.value.variables;
}
// src/migrations/schema-file.ts
function readSchema(texts) {
	const blocks = texts.flatMap((text) => datasourceBlocks(withoutComments$1(text)));
	const [block] = blocks;
	if (block === void 0) return { kind: "none" };
	if (blocks.length > 1) return {
		kind: "several",
		count: blocks.length
	};
	return {
		kind: "datasource",
		datasource: {
			provider: /^\s*provider\s*=\s*"([^"]*)"/m.exec(block)?.[1] ?? "",
			url: urlIn(block, "url"),
			directUrl: urlIn(block, "directUrl")
		}
	};
}
function hasDatasource(text) {
	return datasourceBlocks(withoutComments$1(text)).length > 0;
}
function withoutComments$1(text) {
	return text.replace(/("(?:\\.|[^"\\\n])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_all, quoted) => quoted ?? "");
}
function datasourceBlocks(text) {
	return [...text.matchAll(/^\s*datasource\s+\w+\s*\{((?:"(?:\\.|[^"\\\n])*"|[^}"])*)\}/gm)].map((match) => match[1] ?? "");
}
function urlIn(block, property) {
	const written = new RegExp(`^\\s*${property}\\s*=\\s*(.*?)\\s*$`, "m").exec(block)?.[1];
	if (written === void 0) return { kind: "absent" };
	const variable = /^env\(\s*"([^"]*)"\s*\)$/.exec(written)?.[1];
	if (variable !== void 0) return {
		kind: "known",
		value: {
			kind: "env",
			variables: [variable]
		}
	};
	if (/^"/.test(written)) return {
		kind: "known",
		value: { kind: "written-out" }
	};
	return {
		kind: "unreadable",
		source: written,
		line: 1
	};
}
// src/migrations/schema-location.ts
async function locateSchema(root, configured, major) {
	if (configured !== void 0) return await readLocation(root, configured, "the configuration");
	const packaged = major === 7 ? void 0 : await schemaOfPackage(root);
	if (packaged !== void 0) return await readLocation(root, packaged, "package.json");
	for (const file of ["schema.prisma", "prisma/schema.prisma"]) {
		const path = join(root, file);
		if (isFile(path)) return await read(root, path, false);
	}
	const folder = join(root, "prisma/schema");
	return existsSync(folder) ? await read(root, folder, true) : void 0;
}
async function readLocation(root, path, namedBy) {
	if (existsSync(path)) return await read(root, path, false);
	throw fail("PROJECT.NO_SCHEMA", {
		what: `There is no Prisma schema at \`${relative(root, path)}\`.`,
		why: `That is the path in ${namedBy}, and nothing exists there.`,
		next: ["Correct the path, or run in the folder of the Prisma project: --cwd path/to/project"]
	});
}
async function read(root, path, mustBeNamed) {
	const files = isFile(path) ? [path] : await schemaFilesIn(path);
	const texts = await Promise.all(files.map((file) => readText$1(root, file)));
	const owner = files[texts.findIndex(hasDatasource)];
	const folder = isFile(path) ? dirname(path) : path;
	return {
		path,
		folder,
		datasourceFolder: owner === void 0 ? folder : dirname(owner),
		texts,
		mustBeNamed
	};
}
async function schemaFilesIn(folder) {
	return (await readdir(folder, { recursive: true })).filter((name) => extname(name) === ".prisma").sort().map((name) => join(folder, name));
}
async function readText$1(root, file) {
	const bytes = await readFile(file);
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (error) {
		const shown = relative(root, file);
		throw fail("PROJECT.SCHEMA_UNREADABLE", {
			what: `\`${shown}\` is not UTF-8.`,
			why: "Prisma’s schema engine stops at such a file, while `prisma migrate deploy` applies nothing and reports success.",
			next: ["If it was saved in the Western European encoding of Windows, convert it:", `iconv -f WINDOWS-1252 -t UTF-8 ${shown} > ${shown}.utf8 && mv ${shown}.utf8 ${shown}`]
		}, { cause: error });
	}
}
async function schemaOfPackage(root) {
	const folder = foldersUpwards(root).find((one) => isFile(join(one, "package.json")));
	if (folder === void 0) return void 0;
	const path = join(folder, "package.json");
	let content;
	try {
		content = JSON.parse(await readFile(path, "utf8"));
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		throw fail("PROJECT.CONFIG_UNREADABLE", {
			what: `\`${relative(root, path) || path}\` is not JSON.`,
			why: error.message,
			next: [`Correct it: node -e "JSON.parse(require('fs').readFileSync('${path}', 'utf8'))"`]
		}, { cause: error });
	}
	const schema = property(property(content, "prisma"), "schema");
	return typeof schema === "string" ? resolve$1(folder, schema) : void 0;
}
function property(value, name) {
	return typeof value === "object" && value !== null ? Reflect.get(value, name) : void 0;
}
function isFile(path) {
	return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
// src/migrations/prisma-project.ts
async function locateMigrations(root, options = {}) {
	return await orFailure(async () => {
		requireFolder(root);
		const prisma = await findPrisma(root);
		if (isGiven$1(options.migrations)) return {
			kind: "found",
			path: resolve$1(root, options.migrations),
			prisma
		};
		const { config, configFile, schema } = await readFiles(root, prisma);
		if (schema !== void 0) datasourceOf(root, schema);
		return {
			kind: "found",
			path: migrationsPath(root, config, configFile, schema, prisma),
			prisma
		};
	});
}
async function locateSchemaPath(root) {
	return (await readFiles(root, await findPrisma(root))).schema?.path;
}
async function readPrismaProject(root, options = {}) {
	return await orFailure(async () => {
		requireFolder(root);
		const prisma = await findPrisma(root);
		const { config, configFile, schema } = await readFiles(root, prisma);
		if (schema === void 0) throw noSchema(root);
		const datasource = datasourceOf(root, schema);
		const urls = urlsOf({
			root,
			config,
			configFile: configFile === void 0 ? void 0 : relative(root, configFile),
			datasource,
			major: majorOf$1(prisma)
		});
		return {
			kind: "read",
			project: {
				root,
				prisma,
				configFile,
				schemaPath: schema.path,
				migrationsPath: deployedFolder(root, options, () => migrationsPath(root, config, configFile, schema, prisma)),
				...urls,
				envFiles: envFilesOf(root, config, schema),
				cliArguments: schema.mustBeNamed ? ["--schema", relative(root, schema.path)] : []
			}
		};
	});
}
async function orFailure(work) {
	try {
		return await work();
	} catch (error) {
		const failure = error instanceof FailureError ? error : unreadableFile(error);
		if (failure === void 0) throw error;
		return {
			kind: "invalid",
			failure: failure.failure
		};
	}
}
function requireFolder(root) {
	const found = statSync(root, { throwIfNoEntry: false });
	if (found?.isDirectory() !== true) throw noProject(root, found !== void 0);
}
async function readFiles(root, prisma) {
	const major = majorOf$1(prisma);
	const configFile = locateConfig(root, major);
	const config = configFile === void 0 ? void 0 : readConfig$1(await readFile(configFile, "utf8"));
	return {
		config,
		configFile,
		schema: await locateSchema(root, pathOf(root, configFile, config?.schema, "schema"), major)
	};
}
function pathOf(root, configFile, setting, name) {
	if (setting === void 0 || configFile === void 0 || setting.kind === "absent") return void 0;
	if (setting.kind === "unreadable") throw unreadableSetting(relative(root, configFile), name, setting);
	return resolve$1(setting.value.base === "cwd" ? root : dirname(configFile), setting.value.path);
}
function migrationsPath(root, config, configFile, schema, prisma) {
	const configured = pathOf(root, configFile, config?.migrations, "migrations.path");
	if (configured !== void 0) return configured;
	const besides = majorOf$1(prisma) === 7 ? schema?.folder : schema?.datasourceFolder;
	return join(besides ?? join(root, "prisma"), "migrations");
}
function deployedFolder(root, { migrations }, ofPrisma) {
	if (!isGiven$1(migrations)) return ofPrisma();
	const given = resolve$1(root, migrations);
	let own;
	try {
		own = ofPrisma();
	} catch (error) {
		if (error instanceof FailureError && error.failure.code === "PROJECT.CONFIG_UNREADABLE") return given;
		throw error;
	}
	if (own !== given) throw anotherFolder(root, given, own);
	return given;
}
function datasourceOf(root, schema) {
	const shown = relative(root, schema.path);
	const reading = readSchema(schema.texts);
	if (reading.kind !== "datasource") throw noDatasource(shown, reading);
	const { provider } = reading.datasource;
	if (provider !== "postgresql" && provider !== "postgres") throw notPostgresql(shown, provider);
	return reading.datasource;
}
function envFilesOf(root, config, schema) {
	if (config !== void 0) return {
		paths: config.envFile === void 0 ? [] : [resolve$1(root, config.envFile)],
		expands: false
	};
	const packageFolder = foldersUpwards(root).find((folder) => existsSync(join(folder, "package.json")));
	const ofProject = packageFolder === void 0 ? [] : [join(packageFolder, ".env")];
	const ofSchema = [
		join(dirname(schema.path), ".env"),
		join(root, "prisma/.env"),
		join(root, ".env")
	].find(existsSync);
	return {
		paths: [.../* @__PURE__ */ new Set([...ofProject, ...ofSchema === void 0 ? [] : [ofSchema]])],
		expands: true
	};
}
function majorOf$1(prisma) {
	return prisma.kind === "not-installed" ? void 0 : prisma.major;
}
function isGiven$1(text) {
	return text !== void 0 && text.trim() !== "";
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
		const values = parseEnv(await readFile(path, "utf8"));
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
	const reading = await readPrismaProject(context.invocation.cwd);
	return connectTo(context, reading.kind === "read" ? reading.project : withoutProject);
}
const withoutProject = {
	urlVariables: ["DATABASE_URL"],
	directUrlVariable: void 0,
	envFiles: {
		paths: [],
		expands: false
	}
};
async function connectTo(context, names) {
	const url = await databaseUrl(context, names);
	const session = await connect(url, "airlock", context.run.signal);
	return {
		url,
		session,
		[Symbol.asyncDispose]: () => session[Symbol.asyncDispose]()
	};
}
async function databaseUrl({ invocation, redactor, run }, names) {
	const environment = await withEnvFiles(invocation.env, names.envFiles);
	const chosen = chooseUrl({
		...names,
		environment,
		inputs: {
			databaseUrl: invocation.databaseUrl,
			directUrl: invocation.directUrl
		}
	});
	if (chosen.kind === "none") throw new FailureError(chosen.failure);
	redactor.add([chosen.raw]);
	const parsed = parseDatabaseUrl(chosen.raw, chosen.variable);
	if (parsed.kind === "invalid") throw new FailureError(parsed.failure);
	redactor.add(secretsOf(parsed.url));
	for (const warning of parsed.warnings) run.progress(warning);
	return parsed.url;
}
// src/migrations/file-text.ts
function readText(bytes) {
	const sql = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
	const problem = encodingProblem(bytes);
	if (problem !== void 0) return {
		kind: "not-text",
		sql,
		problem
	};
	if (sql.trim() === "") return {
		kind: "empty",
		sql
	};
	return {
		kind: "text",
		sql,
		emptiness: withoutComments(sql).trim() === "" ? "comments-only" : "statements"
	};
}
function encodingProblem(bytes) {
	const utf16 = utf16Of(bytes);
	if (utf16 !== void 0) return {
		kind: "utf-16",
		encoding: utf16,
		byte: 0,
		line: 1
	};
	if (bytes[0] === 239 && bytes[1] === 187 && bytes[2] === 191) return {
		kind: "byte-order-mark",
		encoding: "UTF-8 with a byte order mark",
		byte: 0,
		line: 1
	};
	const invalid = firstInvalidByte(bytes);
	if (invalid !== void 0) return {
		kind: "not-utf-8",
		encoding: "not UTF-8",
		byte: invalid,
		line: lineOf$2(bytes, invalid)
	};
	const nul = bytes.indexOf(0);
	if (nul >= 0) return {
		kind: "nul",
		encoding: "binary",
		byte: nul,
		line: lineOf$2(bytes, nul)
	};
}
function utf16Of(bytes) {
	if (bytes[0] === 255 && bytes[1] === 254) return "UTF-16 (little endian)";
	if (bytes[0] === 254 && bytes[1] === 255) return "UTF-16 (big endian)";
	if (bytes.length < 4) return void 0;
	if (bytes[0] !== 0 && bytes[1] === 0 && bytes[2] !== 0 && bytes[3] === 0) return "UTF-16 (little endian)";
	if (bytes[0] === 0 && bytes[1] !== 0 && bytes[2] === 0 && bytes[3] !== 0) return "UTF-16 (big endian)";
}
function firstInvalidByte(bytes) {
	if (isUtf8(bytes)) return void 0;
	let index = 0;
	while (index < bytes.length) {
		const length = sequenceLength(bytes, index);
		if (length === 0) return index;
		index += length;
	}
}
function isUtf8(bytes) {
	try {
		strict.decode(bytes);
		return true;
	} catch (error) {
		if (error instanceof TypeError) return false;
		throw error;
	}
}
const strict = new TextDecoder("utf-8", { fatal: true });
function sequenceLength(bytes, index) {
	const first = bytes[index] ?? 0;
	if (first < 128) return 1;
	const second = bytes[index + 1] ?? 0;
	const continues = (offset) => ((bytes[index + offset] ?? 0) & 192) === 128;
	if (first >= 194 && first <= 223) return continues(1) ? 2 : 0;
	if (first >= 224 && first <= 239) {
		const [low, high] = [first === 224 ? 160 : 128, first === 237 ? 159 : 191];
		return second >= low && second <= high && continues(2) ? 3 : 0;
	}
	if (first >= 240 && first <= 244) {
		const [low, high] = [first === 240 ? 144 : 128, first === 244 ? 143 : 191];
		return second >= low && second <= high && continues(2) && continues(3) ? 4 : 0;
	}
	return 0;
}
function lineOf$2(bytes, offset) {
	let line = 1;
	for (let index = 0; index < offset; index++) if (bytes[index] === 10) line++;
	return line;
}
function withoutComments(sql) {
	let rest = "";
	let depth = 0;
	for (let index = 0; index < sql.length; index++) {
		const pair = sql.slice(index, index + 2);
		if (pair === "/*") {
			depth++;
			index++;
		} else if (pair === "*/" && depth > 0) {
			depth--;
			index++;
		} else if (depth === 0 && pair === "--") {
			const end = sql.indexOf("\n", index);
			if (end < 0) return rest;
			index = end;
		} else if (depth === 0) {
			rest += sql[index];
			if (/\S/.test(sql[index] ?? "") && pair !== "/*") return rest;
		}
	}
	return rest;
}
// src/migrations/migration.ts
function asMigrationName(folder) {
	return folder;
}
// src/migrations/migration-file.ts
function readMigration(path, name, file, tolerated) {
	let bytes;
	try {
		bytes = readFileSync(join(path, "migration.sql"));
	} catch (error) {
		return {
			problem: errnoOf(error) === "ENOENT" ? noSql(file) : unreadable(file, `${messageOf(error)}.`),
			notices: []
		};
	}
	const text = readText(bytes);
	const problem = contentProblem(text, file, bytes.length);
	if (problem !== void 0 && !tolerated) return {
		problem,
		notices: []
	};
	return {
		migration: {
			name: asMigrationName(name),
			path,
			file,
			sql: text.sql,
			bytes: bytes.length,
			checksum: sha256$2(text.sql),
			get otherChecksums() {
				return [text.sql.replaceAll("\r\n", "\n"), text.sql.replaceAll("\n", "\r\n")].map(sha256$2);
			}
		},
		notices: noticesOf(text, problem, file)
	};
}
function contentProblem(text, file, bytes) {
	if (text.kind === "empty") return empty$1(file, bytes);
	return text.kind === "not-text" ? notText(file, text.problem) : void 0;
}
function noticesOf(text, problem, file) {
	if (problem !== void 0) return [{
		kind: "tolerated",
		file,
		text: `${problem.what} It is applied already, so it stays as it is.`
	}];
	if (text.kind === "text" && text.emptiness === "comments-only") return [{
		kind: "does-nothing",
		file,
		text: `\`${file}\` holds comments only: it is recorded as applied and does nothing.`
	}];
	return [];
}
function sha256$2(text) {
	return createHash("sha256").update(text, "utf8").digest("hex");
}
// src/migrations/order.ts
function orderOf(prismaVersion) {
	const [, major, minor] = /^(\d+)\.(\d+)\./.exec(prismaVersion ?? "") ?? [];
	return major === "6" && Number(minor) < 6 ? "bytes" : "locale";
}
function compareNames(order) {
	return order === "locale" ? (a, b) => a.localeCompare(b) : compareBytes;
}
function compareBytes(a, b) {
	const left = [...a];
	const right = [...b];
	for (let index = 0; index < Math.min(left.length, right.length); index++) {
		const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
		if (difference !== 0) return difference;
	}
	return left.length - right.length;
}
function disputedPair(names) {
	const byLocale = names.toSorted(compareNames("locale"));
	const byBytes = names.toSorted(compareNames("bytes"));
	const index = byLocale.findIndex((name, position) => name !== byBytes[position]);
	const [first, second] = [byLocale[index], byBytes[index]];
	return first === void 0 || second === void 0 ? void 0 : [first, second];
}
// src/migrations/folder.ts
async function readMigrationsFolder(path, options) {
	const shown = (...parts) => shownPath(options.root, join(path, ...parts));
	const entries = await list$3(path);
	if (!Array.isArray(entries)) return {
		kind: "invalid",
		failure: noFolder(shown(), entries.because)
	};
	const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
	names.sort(compareNames(orderOf(options.prismaVersion)));
	const files = names.map((name) => readMigration(join(path, name), name, shown(name, "migration.sql"), options.applied?.has(name) === true));
	const failure = together([await lockFileProblem(path, entries, shown), ...files.map(({ problem }) => problem)].filter((one) => one !== void 0), `\`${shown()}\``);
	if (failure !== void 0) return {
		kind: "invalid",
		failure
	};
	return {
		kind: "read",
		folder: {
			path,
			migrations: files.map(({ migration }) => migration).filter((one) => one !== void 0),
			notices: [
				...entries.flatMap((entry) => noticeOf(entry, shown(entry.name))),
				...files.flatMap(({ notices }) => notices),
				...disputedOrder(names.filter((name) => options.applied?.has(name) !== true), shown())
			]
		}
	};
}
function shownPath(root, path) {
	const inside = relative(root, path);
	return (inside === "" ? "." : inside.startsWith("..") ? path : inside).split(sep).join("/");
}
async function list$3(path) {
	try {
		return await readdir(path, { withFileTypes: true });
	} catch (error) {
		switch (errnoOf(error)) {
			case "ENOENT": return { because: "Nothing exists at that path." };
			case "ENOTDIR": return { because: "What exists at that path is a file." };
			default: return { because: `It cannot be listed: ${messageOf(error)}.` };
		}
	}
}
async function lockFileProblem(path, entries, shown) {
	const file = shown("migration_lock.toml");
	try {
		return checkLockFile(await readFile(join(path, "migration_lock.toml"), "utf8"), file);
	} catch (error) {
		if (errnoOf(error) === "ENOENT") return noLockFile(shown(), wrongLevel(path, entries));
		return {
			code: "MIGRATIONS.LOCK_FILE_UNREADABLE",
			what: `\`${file}\` cannot be read.`,
			why: `${messageOf(error)}.`,
			next: [`Check what it is and who may read it: ls -ld ${file}`]
		};
	}
}
function wrongLevel(path, entries) {
	if (entries.some(({ name }) => name === "migration.sql")) return "It holds a `migration.sql` itself, so it is one migration.";
	return existsSync(join(path, "migrations", "migration_lock.toml")) ? "The folder `migrations` inside it has one." : void 0;
}
function noticeOf(entry, file) {
	if (entry.isSymbolicLink()) return [{
		kind: "ignored-link",
		file,
		text: `\`${file}\` is a symbolic link; Prisma ignores it and whatever it leads to.`
	}];
	if (entry.isFile() && entry.name.endsWith(".sql")) return [{
		kind: "loose-file",
		file,
		text: `\`${file}\` lies beside the migrations; Prisma runs only \`migration.sql\` in a folder of its own.`
	}];
	return [];
}
function disputedOrder(names, file) {
	const pair = disputedPair(names);
	if (pair === void 0) return [];
	return [{
		kind: "disputed-order",
		file,
		text: `\`${pair[0]}\` and \`${pair[1]}\` sort differently by locale (Prisma from 6.6 on) and by bytes (before): rename them to begin with full timestamps before they are applied anywhere.`
	}];
}
// src/migrations/history.ts
function decideHistory(rows, migrations, order = "locale") {
	const standing = rows.filter((row) => row.rolledBackAt === void 0);
	const finished = standing.filter((row) => row.finishedAt !== void 0);
	const standingNames = new Set(standing.map((row) => row.name));
	const finishedNames = new Set(finished.map((row) => row.name));
	const known = new Set(migrations.map((migration) => migration.name));
	const pending = migrations.filter((migration) => !standingNames.has(migration.name));
	const applied = migrations.filter((migration) => finishedNames.has(migration.name));
	const missing = [...finishedNames].filter((name) => !known.has(name));
	return {
		pending,
		applied,
		failed: standing.filter((row) => row.finishedAt === void 0),
		edited: applied.flatMap((migration) => editedBy(migration, finished)),
		missing: missing.sort(compareNames(order)),
		outOfOrder: pending.filter((migration) => isBefore(migration, applied, migrations)),
		head: applied.at(-1)?.name
	};
}
function editedBy(migration, finished) {
	const row = finished.find(({ name, checksum }) => name === migration.name && !matches(checksum, migration));
	return row === void 0 ? [] : [{
		migration,
		recorded: row.checksum
	}];
}
function matches(recorded, migration) {
	if (recorded === migration.checksum) return true;
	const own = [migration.checksum, ...migration.otherChecksums];
	if (recorded === "" || recorded.length === migration.checksum.length) return own.includes(recorded);
	return own.some((checksum) => checksum.replace(/0([0-9a-f])|([0-9a-f]{2})/g, "$1$2") === recorded);
}
function isBefore(migration, applied, migrations) {
	const last = applied.at(-1);
	return last !== void 0 && migrations.indexOf(migration) < migrations.indexOf(last);
}
// src/migrations/history-table.ts
async function readHistory(session, schema) {
	const table = `${quoteIdentifier(schema)}."_prisma_migrations"`;
	let rows;
	try {
		rows = await session.query(historySql(table));
	} catch (error) {
		return await withoutTable(error, session, schema, table);
	}
	if (rows[0]?.rowSecurity === true) throw hiddenRows(table);
	return {
		kind: "present",
		rows: rows.filter((row) => row.id !== null).map(asHistoryRow)
	};
}
function historySql(table) {
	return `
SELECT pg_catalog.row_security_active(c.oid) AS "rowSecurity",
       m.id, m.checksum, m.migration_name, m.logs, m.started_at, m.finished_at, m.rolled_back_at, m.applied_steps_count
  FROM pg_catalog.pg_class c LEFT JOIN ${table} m ON true
 WHERE c.oid = ${quoteLiteral(table)}::pg_catalog.regclass
 ORDER BY m.started_at, m.id`;
}
async function withoutTable(error, session, schema, table) {
	switch (sqlStateOf(error)) {
		case "42P01": return await lookAround(session, schema);
		case "42501": throw noPrivilege(error, await roleOf(session), schema, table);
		case "42703": throw fail("DATABASE.QUERY_FAILED", {
			what: `${table} is not a history table of Prisma.`,
			why: `${serverMessageOf(error)}.`,
			next: [`See what it is: \\d ${table}`, "Check the schema in the connection URL (`?schema=…`)."]
		}, { cause: error });
		default: throw error;
	}
}
async function roleOf(session) {
	const [row] = await session.query("SELECT current_user AS role");
	return quoteIdentifier(row?.role ?? "");
}
function noPrivilege(error, role, schema, table) {
	return fail("DATABASE.NO_PRIVILEGES", {
		what: `The role ${role} may not read the migration history ${table}.`,
		why: `${serverMessageOf(error)}. Prisma would take this for a database without a history.`,
		next: ["Connect as the role that owns the tables, or let its owner grant:", `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${role}; GRANT SELECT, INSERT, UPDATE ON ${table} TO ${role};`]
	}, { cause: error });
}
async function lookAround(session, schema) {
	const [found] = await session.query(`
SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1) AS "schemaExists",
       (SELECT pg_catalog.count(*)::pg_catalog.int4
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = $1 AND c.relkind = 'r'
           AND c.relname !~* '^(spatial_ref_sys|geometry_columns|geography_columns|raster_columns|raster_overviews)$') AS tables,
       ARRAY(SELECT n.nspname::pg_catalog.text
               FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relname = '_prisma_migrations' AND c.relkind IN ('r', 'p') AND n.nspname <> $1
              ORDER BY 1) AS elsewhere`, [schema]);
	if (found === void 0) throw new Error("The catalog query returned no row.");
	return {
		kind: "absent",
		...found
	};
}
function hiddenRows(table) {
	return fail("DATABASE.NO_PRIVILEGES", {
		what: `Row-level security hides rows of ${table} from this role.`,
		why: "A migration that cannot be seen would look pending and be applied again.",
		next: ["Connect as the owner of the table, or switch it off there:", `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY;`]
	});
}
function asHistoryRow(row) {
	return {
		id: row.id ?? "",
		name: row.migration_name,
		checksum: row.checksum,
		startedAt: new Date(row.started_at),
		finishedAt: row.finished_at === null ? void 0 : new Date(row.finished_at),
		rolledBackAt: row.rolled_back_at === null ? void 0 : new Date(row.rolled_back_at),
		logs: row.logs ?? "",
		appliedSteps: row.applied_steps_count
	};
}
function sqlStateOf(error) {
	for (let one = error; one instanceof Error; one = one.cause) if (!(one instanceof FailureError) && "code" in one && typeof one.code === "string") return one.code;
}
function serverMessageOf(error) {
	const innermost = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	return messageOf(innermost).replace(/\.$/, "");
}
// src/stages/preflight/observe.ts
async function observeHistory(session, url, project) {
	const table = await readHistory(session, url.schema);
	const rows = table.kind === "present" ? table.rows : [];
	const version = project.prisma.kind === "installed" ? project.prisma.version : void 0;
	const reading = await readMigrationsFolder(project.migrationsPath, {
		root: project.root,
		prismaVersion: version,
		applied: namesOfApplied(rows)
	});
	if (reading.kind === "invalid") throw new FailureError(reading.failure);
	const { folder } = reading;
	if (table.kind === "absent" && table.tables > 0) throw new FailureError(notBaselined(table.tables, table.elsewhere, url.schema, folder.migrations));
	return {
		folder,
		history: decideHistory(rows, folder.migrations, orderOf(version))
	};
}
function namesOfApplied(rows) {
	return new Set(rows.filter((row) => row.finishedAt !== void 0 && row.rolledBackAt === void 0).map((row) => row.name));
}
async function observe(target) {
	try {
		var _usingCtx$8 = _usingCtx();
		const session = _usingCtx$8.a(await connect(target.url));
		const { history } = await observeHistory(session, target.url, target.project);
		return {
			history,
			catalog: await readCatalog(session)
		};
	} catch (_) {
		_usingCtx$8.e = _;
	} finally {
		await _usingCtx$8.d();
	}
}
// src/stages/preflight/server.ts
const oldestMajor = 14;
function majorOf(server) {
	return Math.floor(server.versionNumber / 1e4);
}
async function readServer(session) {
	const [row] = await session.query(`SELECT current_setting('server_version_num')::int AS "versionNumber", current_setting('server_version') AS version,
            current_user::text AS "user", pg_catalog.pg_is_in_recovery() AS "inRecovery",
            current_setting('default_transaction_read_only')::bool AS "readOnly"`);
	if (row === void 0) throw new Error("a SELECT without FROM returned no row");
	return row;
}
function refuseVersion(server) {
	if (majorOf(server) < oldestMajor) throw fail("DATABASE.UNSUPPORTED", {
		what: `The server is PostgreSQL ${server.version}.`,
		why: `Airlock is tested on PostgreSQL ${oldestMajor} to 18; locks and rewrites of older versions differ.`,
		next: [`Upgrade the server to PostgreSQL ${oldestMajor} or newer.`]
	});
}
function refuseReadOnly(server, url) {
	if (server.inRecovery || server.readOnly) throw fail("DATABASE.READ_ONLY", {
		what: `\`${url.database}\` on ${url.host}:${url.port} accepts no writes.`,
		why: server.inRecovery ? "The server is a replica (pg_is_in_recovery() is true)." : "default_transaction_read_only is on for this role or database.",
		next: server.inRecovery ? ["Use the URL of the primary server."] : [`Let this role write: ALTER ROLE ${quoteIdentifier(server.user)} SET default_transaction_read_only = off;`]
	});
}
async function readIdentity(session, url) {
	const [allowed] = await session.query("SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AS allowed");
	if (allowed?.allowed !== true) return `${url.host}:${url.port}`;
	const [row] = await session.query("SELECT system_identifier::text AS identifier FROM pg_catalog.pg_control_system()");
	return row?.identifier ?? `${url.host}:${url.port}`;
}
// src/stages/preflight/perform.ts
async function openTarget(context, intent) {
	const { cwd, migrations } = context.invocation;
	const reading = await readPrismaProject(cwd, { migrations });
	if (reading.kind === "invalid") throw new FailureError(reading.failure);
	const { project } = reading;
	if (project.prisma.kind !== "installed") throw new FailureError(project.prisma.failure);
	return {
		...await connectTo(context, project),
		intent,
		project,
		prisma: project.prisma
	};
}
async function preflight(context, target) {
	return context.run.stage("preflight", () => factsAfterOthers(context, target), ({ server, history, folder }) => ({
		outcome: "pass",
		summary: `PostgreSQL ${server.version}, Prisma ${target.prisma.version}, ${history.applied.length} applied, ${history.pending.length} pending`,
		detail: {
			server: server.version,
			prisma: target.prisma.version,
			notices: folder.notices
		}
	}));
}
const lookAgainMs = 500;
async function factsAfterOthers({ run, policy }, target) {
	const giveUpAt = Date.now() + policy["lock-wait"];
	for (let told = false;; told = true) try {
		return await readFacts(target);
	} catch (error) {
		if (!(error instanceof FailureError && error.failure.code === "DEPLOY.LOCKED") || target.intent === "read" || Date.now() >= giveUpAt) throw error;
		if (!told) run.progress(`${error.failure.what} ${error.failure.why}`);
		await unlessCancelled(setTimeout$1(lookAgainMs), run.signal);
	}
}
async function readFacts({ session, url, project, intent }) {
	const server = await readServer(session);
	refuseVersion(server);
	if (intent === "write") refuseReadOnly(server, url);
	let facts = await observeHistory(session, url, project);
	if (facts.history.failed.length > 0) {
		await refuseWhileApplied(session, facts.history.failed);
		facts = await observeHistory(session, url, project);
	}
	const failure = together(historyFailures(facts.history, url.schema), "The migration history");
	if (failure !== void 0) throw new FailureError(failure);
	return {
		...facts,
		url,
		server
	};
}
async function refuseWhileApplied(session, failed) {
	const [first] = failed;
	if (first === void 0) return;
	const who = await whoApplies(session);
	if (who === void 0) return;
	throw fail("DEPLOY.LOCKED", {
		what: `\`${first.name}\` is being applied right now.`,
		why: `At work in the database is ${who}.`,
		next: ["Run again when that has ended; then the history says what came of it.", "If nobody knows about it, see what it does: SELECT pid, state, xact_start, query FROM pg_stat_activity WHERE datname = current_database();"]
	});
}
// src/stages/preflight/relations.ts
async function readRelations(session, names) {
	if (names.length === 0) return [];
	return session.query(`WITH RECURSIVE wanted AS (
       SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relowner
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname || '.' || c.relname = ANY ($1::text[])
     ), parts AS (
       SELECT oid AS root, oid FROM wanted
       UNION SELECT parts.root, i.inhrelid FROM parts JOIN pg_catalog.pg_inherits i ON i.inhparent = parts.oid
     ), sizes AS (
       SELECT parts.root, sum(pg_catalog.pg_table_size(parts.oid))::float8 AS bytes,
              CASE WHEN bool_and(c.relkind = 'p' OR c.reltuples >= 0)
                   THEN sum(c.reltuples) FILTER (WHERE c.relkind <> 'p') END::float8 AS rows
         FROM parts JOIN pg_catalog.pg_class c ON c.oid = parts.oid GROUP BY parts.root
     )
     SELECT wanted.name, sizes.bytes, sizes.rows, pg_catalog.pg_get_userbyid(wanted.relowner)::text AS owner,
            pg_catalog.pg_has_role(wanted.relowner, 'USAGE') AS owned
       FROM wanted JOIN sizes ON sizes.root = wanted.oid`, [names]);
}
const ownerStatements = /* @__PURE__ */ new Set([
	"AlterTableStmt",
	"IndexStmt",
	"RenameStmt"
]);
function relationsThatNeedTheirOwner(statements) {
	return new Set(statements.flatMap(({ kind, effects }) => {
		if (kind === "DropStmt") return effects.loses.filter((loss) => loss.kind === "table").map((loss) => loss.name);
		return ownerStatements.has(kind) ? effects.locks.slice(0, 1).map((lock) => lock.relation) : [];
	}));
}
async function refuseMissingPrivileges(session, url, relations, needOwner) {
	const foreign = relations.filter((relation) => needOwner.has(relation.name) && !relation.owned);
	const problems = foreign.map((relation) => `${relation.name} belongs to \`${relation.owner}\`; only its owner may change it`);
	const next = foreign.map(({ name, owner }) => `Connect as ${quoteIdentifier(owner)}, or let the role act as it: GRANT ${quoteIdentifier(owner)} TO ${quoteIdentifier(url.user)}; -- for ${name}`);
	const [schema] = await session.query(`SELECT n.oid IS NOT NULL AS exists, pg_catalog.has_schema_privilege(n.oid, 'CREATE') AS create,
            pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS database
       FROM (SELECT $1::text AS name) wanted LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.name`, [url.schema]);
	if (schema?.exists === true && schema.create !== true) {
		problems.push(`it may not create anything in schema \`${url.schema}\``);
		next.push(`GRANT CREATE ON SCHEMA ${quoteIdentifier(url.schema)} TO ${quoteIdentifier(url.user)};`);
	}
	if (schema?.exists !== true && schema?.database !== true) {
		problems.push(`schema \`${url.schema}\` does not exist and it may not create one`);
		next.push(`CREATE SCHEMA ${quoteIdentifier(url.schema)} AUTHORIZATION ${quoteIdentifier(url.user)};`);
	}
	if (problems.length === 0) return;
	throw fail("DATABASE.NO_PRIVILEGES", {
		what: `The role \`${url.user}\` lacks privileges that these migrations need in \`${url.database}\`.`,
		why: problems.join("\n"),
		next: [...new Set(next)]
	});
}
// src/sql/identifiers.ts
const reserved = new Set("all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character check coalesce collate collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout insert int integer intersect interval into is isnull join lateral leading least left like limit localtime localtimestamp merge national natural nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real references returning right row select session_user setof similar smallint some substring symmetric system_user table tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable".split(" "));
function quoted(name) {
	return /^[a-z_][a-z0-9_$]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll("\"", "\"\"")}"`;
}
function quotedRelation(relation, currentSchema) {
	const { schema, name } = splitName(relation);
	return schema === currentSchema || schema === "" ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}
function splitName(relation) {
	const dot = relation.indexOf(".");
	return dot === -1 ? {
		schema: "",
		name: relation
	} : {
		schema: relation.slice(0, dot),
		name: relation.slice(dot + 1)
	};
}
function literal$1(text) {
	return `'${text.replaceAll("'", "''")}'`;
}
function listed(names) {
	if (names.length <= 1) return names[0] ?? "";
	return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
// src/sql/clauses.ts
function clausesOf(sql) {
	const all = [...tokens(sql)];
	const word = (token) => token?.kind === "word" ? sql.slice(token.start, token.end).toLowerCase() : "";
	const symbol = (token) => token?.kind === "symbol" ? sql.slice(token.start, token.end) : "";
	let at = 0;
	const skip = (...words) => {
		if (words.every((expected, index) => word(all[at + index]) === expected)) at += words.length;
	};
	if (word(all[at]) !== "alter") return [{
		start: 0,
		end: sql.length,
		text: sql
	}];
	at += 1;
	skip("foreign");
	skip("table");
	skip("if", "exists");
	skip("only");
	at += 1;
	while (symbol(all[at]) === ".") at += 2;
	if (symbol(all[at]) === "*") at += 1;
	const clauses = [];
	let depth = 0;
	let first = all[at];
	let last = first;
	const close = () => {
		if (first !== void 0 && last !== void 0) clauses.push({
			start: first.start,
			end: last.end,
			text: sql.slice(first.start, last.end)
		});
	};
	for (const token of all.slice(at)) {
		const char = symbol(token);
		if (char === "(" || char === "[") depth += 1;
		else if (char === ")" || char === "]") depth -= 1;
		else if (char === "," && depth === 0) {
			close();
			first = void 0;
			continue;
		}
		first ??= token;
		last = token;
	}
	close();
	return clauses.length > 0 ? clauses : [{
		start: 0,
		end: sql.length,
		text: sql
	}];
}
// src/sql/model.ts
const lockModes = [
	"AccessShareLock",
	"RowShareLock",
	"RowExclusiveLock",
	"ShareUpdateExclusiveLock",
	"ShareLock",
	"ShareRowExclusiveLock",
	"ExclusiveLock",
	"AccessExclusiveLock"
];
const lossKinds = [
	"table",
	"column",
	"rows",
	"schema",
	"enum-label",
	"type",
	"precision",
	"constraint",
	"default",
	"index",
	"view",
	"sequence",
	"function",
	"trigger",
	"policy",
	"extension",
	"grant"
];
const dataLosses = /* @__PURE__ */ new Set([
	"table",
	"column",
	"rows",
	"schema",
	"enum-label",
	"precision"
]);
const migrationStages = [
	"expand",
	"data",
	"contract",
	"cleanup"
];
// src/rules/in-use.ts
function isInUse(relation, statement, context) {
	return !context.notYetInUse.has(relation) && statement.effects.locks.some((lock) => lock.relation === relation);
}
function blocksWrites$1(relation, statement) {
	const lock = statement.effects.locks.find((one) => one.relation === relation);
	return lock !== void 0 && lockModes.indexOf(lock.mode) >= lockModes.indexOf("ShareLock");
}
function blocksReads(relation, statement) {
	return statement.effects.locks.some((lock) => lock.relation === relation && lock.mode === "AccessExclusiveLock");
}
function changesOf(context, kind) {
	const found = [];
	for (const statement of context.statements) for (const change of statement.changes) if (isOf(change, kind)) found.push({
		statement,
		change
	});
	return found;
}
function isOf(change, kind) {
	return change.kind === kind;
}
function clauseText(statement, clause) {
	return clausesOf(statement.sql)[clause]?.text ?? statement.sql;
}
// src/rules/naming.ts
function relation(name, context) {
	return quotedRelation(name, context.schema);
}
function relations(names, context) {
	return listed([...new Set(names)].map((name) => relation(name, context)));
}
function columnOf(qualified) {
	const second = qualified.indexOf(".", qualified.indexOf(".") + 1);
	return {
		table: qualified.slice(0, second),
		column: qualified.slice(second + 1)
	};
}
function suffixed(name, suffix, context) {
	const { schema, name: last } = splitName(name);
	return quotedRelation(`${schema}.${last}_${suffix}`, context.schema);
}
function keyOf(table, catalog) {
	const known = catalog.relations.get(table);
	return (known?.kind === "table" ? known.constraints.find((constraint) => constraint.kind === "primary") : void 0)?.columns ?? ["id"];
}
function rowOf(columns) {
	return columns.length === 1 ? columnList(columns) : `(${columnList(columns)})`;
}
function columnList(columns) {
	return columns.map(quoted).join(", ");
}
const spelled = {
	int2: "SMALLINT",
	int4: "INTEGER",
	int8: "BIGINT",
	float4: "REAL",
	float8: "DOUBLE PRECISION",
	bool: "BOOLEAN",
	bpchar: "CHAR",
	numeric: "DECIMAL",
	timestamptz: "TIMESTAMPTZ"
};
function typeText(type, context) {
	if (type === void 0) return "its type";
	return `${type.name.includes(".") ? quotedRelation(type.name, context.schema) : spelled[type.name] ?? plainType(type.name)}${type.modifiers.length > 0 && type.name !== "interval" ? `(${type.modifiers.join(",")})` : ""}${type.array ? "[]" : ""}`;
}
function plainType(name) {
	return /^[a-z_0-9]+$/.test(name) ? name.toUpperCase() : quoted(name);
}
// src/rules/add-check/rule.ts
const rule$39 = {
	id: "add-check",
	title: "Adding a CHECK stops reads and writes while every row is checked",
	group: "constraint",
	documentation: {
		summary: "ADD CHECK takes ACCESS EXCLUSIVE, so that not even SELECT gets through, and reads the whole table under it. Added NOT VALID the lock is held for an instant; VALIDATE CONSTRAINT in a later transaction reads the rows while everybody works on.",
		bad: "ALTER TABLE \"Order\" ADD CONSTRAINT \"Order_total_check\" CHECK (total >= 0);",
		good: "ALTER TABLE \"Order\" ADD CONSTRAINT \"Order_total_check\" CHECK (total >= 0) NOT VALID;"
	},
	growsWithTable: true,
	check: (context) => changesOf(context, "add-constraint").flatMap(({ statement, change }) => {
		const { constraint, table, clause } = change;
		if (!(constraint.kind === "check" || constraint.kind === "not-null") || !statement.effects.scans.includes(table) || !isInUse(table, statement, context)) return [];
		const name = relation(table, context);
		const inColumn = statement.changes.some((one) => one.kind === "add-column" && one.clause === clause);
		return [{
			statement,
			clause,
			relation: table,
			severity: "warning",
			message: `Adds the check ${quoted(constraint.name)}: nobody can read or write ${name} until every row has been checked.`,
			why: "The lock (ACCESS EXCLUSIVE) is taken before the rows are read and is held until the transaction ends; every query that arrives meanwhile queues behind it.",
			instead: [
				inColumn ? `-- the column without its CHECK, then\nALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} CHECK (…) NOT VALID;` : `ALTER TABLE ${name} ${clauseText(statement, clause)} NOT VALID;`,
				"-- in the next migration: reads the rows while everybody works on",
				`ALTER TABLE ${name} VALIDATE CONSTRAINT ${quoted(constraint.name)};`
			].join("\n")
		}];
	})
};
// src/rules/add-foreign-key/rule.ts
const rule$38 = {
	id: "add-foreign-key",
	title: "Adding a foreign key blocks writes to both tables while every row is checked",
	group: "constraint",
	documentation: {
		summary: "ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on the table and on the one it references, then reads every row to prove that its key exists. Writes to both tables wait that long. Added NOT VALID it reads nothing; VALIDATE CONSTRAINT in a later transaction reads the rows while writes go on.",
		bad: "ALTER TABLE \"Post\" ADD CONSTRAINT \"Post_authorId_fkey\" FOREIGN KEY (\"authorId\") REFERENCES \"User\"(\"id\");",
		good: "ALTER TABLE \"Post\" ADD CONSTRAINT \"Post_authorId_fkey\" FOREIGN KEY (\"authorId\") REFERENCES \"User\"(\"id\") NOT VALID;"
	},
	growsWithTable: true,
	check: (context) => changesOf(context, "add-constraint").flatMap((located) => {
		const { constraint } = located.change;
		if (constraint.references === void 0) return [];
		if (isInUse(located.change.table, located.statement, context)) return onExistingTable(located, context);
		return onNewTable(located, context);
	})
};
function onExistingTable({ statement, change }, context) {
	const { constraint, table, clause } = change;
	if (!statement.effects.scans.includes(table)) return [];
	const other = constraint.references?.table ?? table;
	const blocked = [table, ...other !== table && isInUse(other, statement, context) ? [other] : []];
	const name = relation(table, context);
	const wholeClause = statement.changes.some((one) => one.kind === "add-column" && one.clause === clause);
	return [{
		statement,
		clause,
		relation: table,
		severity: "warning",
		message: `Adds the foreign key ${quoted(constraint.name)}: writes to ${relations(blocked, context)} wait until every row of ${name} has been checked.`,
		why: "The lock (SHARE ROW EXCLUSIVE) is taken on both tables before the check starts and is held until the transaction ends.",
		instead: [
			wholeClause ? `-- the column without REFERENCES, then\nALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} FOREIGN KEY (${constraint.columns.map(quoted).join(", ")}) REFERENCES ${relation(other, context)} NOT VALID;` : `ALTER TABLE ${name} ${clauseText(statement, clause)} NOT VALID;`,
			"-- in the next migration: reads the rows while writes go on",
			`ALTER TABLE ${name} VALIDATE CONSTRAINT ${quoted(constraint.name)};`
		].join("\n")
	}];
}
function onNewTable({ statement, change }, context) {
	const other = change.constraint.references?.table;
	if (other === void 0 || context.execution?.atomic === false || !isInUse(other, statement, context)) return [];
	const slow = context.statements.slice(statement.index + 1).find((later) => takesLong(later));
	if (slow === void 0) return [];
	return [{
		statement,
		clause: change.clause,
		severity: "warning",
		message: `Adds the foreign key ${quoted(change.constraint.name)}, which blocks writes to ${relation(other, context)} until the migration ends, and line ${slow.range.line} works on rows before that.`,
		why: "The lock on the referenced table (SHARE ROW EXCLUSIVE) is held until the transaction ends, however long the statements after it take.",
		instead: `Put the statement of line ${slow.range.line} into a migration of its own, or in front of this one.`
	}];
}
function takesLong(statement) {
	return [
		"UpdateStmt",
		"DeleteStmt",
		"MergeStmt"
	].includes(statement.kind) && statement.effects.locks.length > 0 || statement.effects.scans.length > 0 || statement.effects.rewrites.length > 0;
}
// src/rules/add-not-null-without-default/rule.ts
const rule$37 = {
	id: "add-not-null-without-default",
	title: "A required column without a default cannot be added to a table with rows",
	group: "data-dependent",
	documentation: {
		summary: "The rows that are there have no value for the new column, so PostgreSQL refuses a NOT NULL one without a default, and inserts of the running release, which does not know the column, would fail too. Add it optional, fill it, then require it.",
		bad: "ALTER TABLE \"User\" ADD COLUMN \"country\" TEXT NOT NULL;",
		good: "ALTER TABLE \"User\" ADD COLUMN \"country\" TEXT;"
	},
	check: (context) => changesOf(context, "add-column").flatMap(({ statement, change }) => {
		const { column, table, clause } = change;
		if (!column.notNull || change.filledBy !== "none" || !isInUse(table, statement, context)) return [];
		const name = relation(table, context);
		const key = keyOf(table, context.catalogBefore);
		const to = quoted(column.name);
		return [{
			statement,
			clause,
			severity: "warning",
			message: `Adds the required column ${to} to ${name} without a default: it fails if ${name} has a single row.`,
			why: "Rows that exist have nothing to put there, and inserts of the running release, which does not name the column, fail as well.",
			instead: [
				`ALTER TABLE ${name} ADD COLUMN ${to} ${typeText(column.type, context)};`,
				"-- in the next migration, repeated until no row is changed",
				`UPDATE ${name} SET ${to} = … WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${name} WHERE ${to} IS NULL LIMIT 5000);`,
				"-- then, once every release that writes fills it",
				...requireSteps(name, column.name, table)
			].join("\n")
		}];
	})
};
function requireSteps(name, column, table) {
	const check = quoted(`${table.slice(table.indexOf(".") + 1)}_${column}_not_null`);
	return [
		`ALTER TABLE ${name} ADD CONSTRAINT ${check} CHECK (${quoted(column)} IS NOT NULL) NOT VALID;`,
		"-- in a migration after that",
		`ALTER TABLE ${name} VALIDATE CONSTRAINT ${check};`,
		`ALTER TABLE ${name} ALTER COLUMN ${quoted(column)} SET NOT NULL, DROP CONSTRAINT ${check};`
	];
}
// src/sql/catalog/draft-drops.ts
function dropTable$1(draft, name) {
	draft.relations.delete(name);
	for (const [other, relation] of draft.relations) if (relation.kind === "index" && relation.table === name) draft.relations.delete(other);
	else if (relation.kind === "sequence" && relation.ownedBy?.table === name) draft.relations.delete(other);
	else if (relation.kind === "table" && relation.constraints.some((c) => c.references?.table === name)) draft.relations.set(other, {
		...relation,
		constraints: relation.constraints.filter((constraint) => constraint.references?.table !== name)
	});
}
function dropColumn$1(draft, name, column) {
	draft.updateTable(name, (table) => ({
		...table,
		columns: new Map([...table.columns].filter(([key]) => key !== column)),
		constraints: table.constraints.filter((constraint) => !constraint.columns.includes(column))
	}));
	for (const [other, relation] of draft.relations) if (relation.kind === "index" && relation.table === name && relation.columns.includes(column)) draft.relations.delete(other);
	else if (relation.kind === "sequence" && relation.ownedBy?.table === name && relation.ownedBy.column === column) draft.relations.delete(other);
}
function dropSchema$1(draft, schema) {
	draft.schemas.delete(schema);
	const inside = (name) => name.startsWith(`${schema}.`);
	for (const [name, relation] of [...draft.relations]) {
		if (!inside(name)) continue;
		if (relation.kind === "table") dropTable$1(draft, name);
		else draft.relations.delete(name);
	}
	for (const name of [...draft.types.keys()]) if (inside(name)) draft.types.delete(name);
	for (const name of [...draft.functions.keys()]) if (inside(name)) draft.functions.delete(name);
}
// src/sql/catalog/draft-renames.ts
function renameColumn(draft, name, from, to) {
	const renamed = (columns) => columns.map((column) => column === from ? to : column);
	draft.updateTable(name, (table) => ({
		...table,
		columns: new Map([...table.columns].map(([key, column]) => key === from ? [to, {
			...column,
			name: to
		}] : [key, column])),
		constraints: table.constraints.map((c) => ({
			...c,
			columns: renamed(c.columns),
			provesNotNull: renamed(c.provesNotNull)
		}))
	}));
	for (const [other, relation] of draft.relations) if (relation.kind === "index" && relation.table === name && relation.columns.includes(from)) draft.relations.set(other, {
		...relation,
		columns: renamed(relation.columns)
	});
	else if (relation.kind === "table" && relation.constraints.some((c) => c.references?.table === name)) draft.relations.set(other, {
		...relation,
		constraints: relation.constraints.map((c) => c.references?.table === name ? {
			...c,
			references: {
				table: name,
				columns: renamed(c.references.columns)
			}
		} : c)
	});
	else if (relation.kind === "sequence" && relation.ownedBy?.table === name && relation.ownedBy.column === from) draft.relations.set(other, {
		...relation,
		ownedBy: {
			table: name,
			column: to
		}
	});
}
function renameRelation$1(draft, from, to) {
	const relation = draft.relations.get(from);
	if (relation === void 0) return;
	draft.relations.delete(from);
	draft.relations.set(to, {
		...relation,
		name: to
	});
	if (draft.parents.has(from)) draft.parents.add(to);
	if (relation.kind === "index") {
		const label = (name) => name.slice(name.indexOf(".") + 1);
		draft.updateConstraint(relation.table, label(from), (constraint) => ({
			...constraint,
			name: label(to)
		}));
	}
	const renamed = (name) => name === from ? to : name;
	for (const [name, other] of draft.relations) draft.relations.set(name, pointingAt(other, renamed));
}
function renameType(draft, from, to) {
	const type = draft.types.get(from);
	if (type !== void 0) {
		draft.types.delete(from);
		draft.types.set(to, {
			...type,
			name: to
		});
	}
	const renamed = (ref) => ref?.name === from ? {
		...ref,
		name: to
	} : ref;
	for (const [name, relation] of draft.relations) {
		if (relation.kind !== "table" || ![...relation.columns.values()].some((column) => column.type?.name === from)) continue;
		const columns = /* @__PURE__ */ new Map();
		for (const [key, column] of relation.columns) columns.set(key, {
			...column,
			type: renamed(column.type)
		});
		draft.relations.set(name, {
			...relation,
			columns
		});
	}
}
function renameSchema(draft, from, to) {
	draft.schemas.delete(from);
	draft.schemas.add(to);
	const moved = (name) => name.startsWith(`${from}.`) ? `${to}.${name.slice(from.length + 1)}` : name;
	for (const name of [...draft.relations.keys()]) if (moved(name) !== name) renameRelation$1(draft, name, moved(name));
	for (const name of [...draft.types.keys()]) if (moved(name) !== name) renameType(draft, name, moved(name));
}
function pointingAt(relation, renamed) {
	switch (relation.kind) {
		case "index": return {
			...relation,
			table: renamed(relation.table)
		};
		case "sequence": return relation.ownedBy === void 0 ? relation : {
			...relation,
			ownedBy: {
				...relation.ownedBy,
				table: renamed(relation.ownedBy.table)
			}
		};
		case "view":
		case "materialized-view": return {
			...relation,
			reads: relation.reads.map(renamed)
		};
		case "table": return {
			...relation,
			parents: relation.parents.map(renamed),
			constraints: relation.constraints.map((constraint) => constraint.references === void 0 ? constraint : {
				...constraint,
				references: {
					...constraint.references,
					table: renamed(constraint.references.table)
				}
			})
		};
	}
}
// src/sql/catalog/draft-uncertain.ts
function applyUncertain(draft, change) {
	switch (change.kind) {
		case "uncertain":
			applyUncertain(draft, change.change);
			return;
		case "create-table":
			createTable$1(draft, change.table);
			return;
		case "create-view":
			createView$1(draft, change);
			return;
		case "create-sequence":
			create$2(draft, change.sequence.name, change);
			return;
		case "create-index":
			create$2(draft, change.index.name, change);
			return;
		case "drop-table":
		case "drop-index":
		case "drop-view":
		case "drop-sequence":
			if (draft.relations.has(change.name)) draft.uncertain.add(change.name);
			return;
		case "rename-table":
		case "rename-index":
		case "rename-view":
		case "rename-sequence":
			draft.doubtful.add(change.from).add(change.to);
			return;
		case "rename-column":
			draft.doubtful.add(change.table);
			return;
		case "table-flag":
			if (change.set.unlogged !== void 0) draft.doubtful.add(change.table);
			if (change.set.rowSecurity === true) draft.apply(change);
			return;
		case "rename-schema":
			for (const name of [...draft.relations.keys()]) {
				if (!name.startsWith(`${change.from}.`)) continue;
				draft.doubtful.add(name).add(`${change.to}.${name.slice(change.from.length + 1)}`);
			}
			draft.schemas.add(change.to);
			return;
		case "rename-type":
			for (const relation of draft.relations.values()) {
				if (relation.kind !== "table") continue;
				if ([...relation.columns.values()].some((column) => column.type?.name === change.from)) draft.doubtful.add(relation.name);
			}
			return;
		case "set-parents":
			draft.updateTable(change.table, (table) => ({
				...table,
				parents: [.../* @__PURE__ */ new Set([...table.parents, ...change.parents])]
			}));
			for (const parent of change.parents) draft.parents.add(parent);
			return;
		case "add-column":
			addColumn$1(draft, change.table, change.column);
			return;
		case "drop-column":
			draft.uncertain.add(columnKey(change.table, change.name));
			return;
		case "alter-column":
			alterColumn(draft, change.table, change.name, change.set);
			return;
		case "add-constraint":
			addConstraint$1(draft, change.table, change.constraint);
			return;
		case "drop-constraint":
			draft.updateConstraint(change.table, change.name, unproven);
			return;
		case "rename-constraint":
			draft.updateTable(change.table, (table) => ({
				...table,
				constraints: table.constraints.flatMap((one) => one.name === change.from ? [unproven(one), unproven({
					...one,
					name: change.to
				})] : [one])
			}));
			return;
		case "validate-constraint":
		case "drop-type":
		case "drop-function":
		case "drop-trigger":
		case "drop-policy":
		case "drop-rule":
		case "drop-schema": return;
		case "create-type":
			if (!draft.types.has(change.type.name)) draft.types.set(change.type.name, {
				...change.type,
				createdBy: createdBy(draft, change.type.createdBy)
			});
			return;
		case "create-function":
			draft.apply({
				...change,
				replaces: false
			});
			return;
		case "rename-label":
			draft.apply({
				kind: "add-label",
				type: change.type,
				label: change.to
			});
			return;
		case "add-label":
		case "add-trigger":
		case "add-policy":
		case "add-rule":
		case "create-schema":
			draft.apply(change);
			return;
		case "search-path": return;
	}
}
function columnKey(table, column) {
	return `${table}.${column}`;
}
function createdBy(draft, migration) {
	return draft.complete ? migration : void 0;
}
function createTable$1(draft, table) {
	if (draft.relations.has(table.name)) {
		draft.updateTable(table.name, (known) => ({
			...known,
			columnsKnown: false
		}));
		return;
	}
	draft.relations.set(table.name, {
		...table,
		createdBy: createdBy(draft, table.createdBy),
		columns: new Map([...table.columns].map(([name, column]) => [name, perhaps(draft, column)])),
		columnsKnown: draft.complete && table.columnsKnown,
		constraints: draft.complete ? table.constraints : table.constraints.map(unproven)
	});
	for (const parent of table.parents) draft.parents.add(parent);
	draft.uncertain.add(table.name);
}
function createView$1(draft, change) {
	const known = draft.relations.get(change.view.name);
	if (known?.kind !== change.view.kind) {
		create$2(draft, change.view.name, change);
		return;
	}
	const mentions = known.mentions === void 0 || change.view.mentions === void 0 ? void 0 : /* @__PURE__ */ new Set([...known.mentions, ...change.view.mentions]);
	draft.relations.set(known.name, {
		...known,
		reads: [.../* @__PURE__ */ new Set([...known.reads, ...change.view.reads])],
		mentions
	});
}
function create$2(draft, name, change) {
	if (draft.relations.get(name) !== void 0) {
		if (change.kind !== "create-index") draft.doubtful.add(name);
		return;
	}
	draft.apply(change);
	const made = draft.relations.get(name);
	if (made !== void 0) draft.relations.set(name, {
		...made,
		createdBy: createdBy(draft, made.createdBy)
	});
	draft.uncertain.add(name);
}
function perhaps(draft, column) {
	return draft.complete ? column : {
		...column,
		notNull: false,
		createdBy: void 0
	};
}
function addColumn$1(draft, table, column) {
	draft.updateTable(table, (known) => {
		if (known.columns.has(column.name)) return known;
		draft.uncertain.add(columnKey(table, column.name));
		const added = {
			...column,
			notNull: false,
			createdBy: known.columnsKnown ? column.createdBy : void 0
		};
		return {
			...known,
			columns: new Map(known.columns).set(column.name, added)
		};
	});
}
function alterColumn(draft, table, name, set) {
	draft.updateTable(table, (known) => {
		const column = known.columns.get(name);
		if (column === void 0) return known;
		const altered = {
			...column,
			type: set.type === void 0 ? column.type : void 0,
			notNull: set.notNull === void 0 && set.type === void 0 ? column.notNull : false,
			sequence: set.sequence ?? column.sequence,
			identity: set.identity === true || column.identity,
			hasDefault: set.hasDefault === void 0 ? column.hasDefault : column.hasDefault && set.hasDefault,
			generated: set.generated === true || column.generated
		};
		return {
			...known,
			columns: new Map(known.columns).set(name, altered)
		};
	});
}
function addConstraint$1(draft, name, constraint) {
	draft.updateTable(name, (table) => table.constraints.some((one) => one.name === constraint.name) ? table : {
		...table,
		constraints: [...table.constraints, unproven(constraint)]
	});
}
function unproven(constraint) {
	return {
		...constraint,
		validated: false,
		provesNotNull: []
	};
}
// src/sql/catalog/functions.ts
function withFunction(known, created) {
	const { bodies, ...made } = created.function;
	if (known === void 0) return created.function;
	const replaced = new Set(created.replaces ? bodies.map((one) => one.signature) : []);
	const kept = known.bodies.filter((one) => !replaced.has(one.signature));
	if (kept.length === 0 && known.bodies.length > 0) return created.function;
	return {
		...made,
		volatility: worst(known.volatility, made.volatility),
		bodies: [...kept, ...bodies]
	};
}
function worst(one, other) {
	const byStrength = [
		"immutable",
		"stable",
		"volatile"
	];
	return byStrength[Math.max(byStrength.indexOf(one), byStrength.indexOf(other))] ?? "volatile";
}
// src/sql/catalog/draft.ts
var CatalogDraft = class {
	complete;
	relations;
	types;
	functions;
	schemas;
	parents;
	uncertain;
	doubtful;
	constructor(from) {
		this.complete = from.complete;
		this.relations = new Map(from.relations);
		this.types = new Map(from.types);
		this.functions = new Map(from.functions);
		this.schemas = new Set(from.schemas);
		this.parents = new Set(from.parents);
		this.uncertain = new Set(from.uncertain);
		this.doubtful = new Set(from.doubtful);
	}
	apply(change) {
		switch (change.kind) {
			case "uncertain":
				applyUncertain(this, change.change);
				return;
			case "create-table":
				this.uncertain.delete(change.table.name);
				if (change.ifNotExists && this.relations.has(change.table.name)) return;
				this.relations.set(change.table.name, change.table);
				for (const parent of change.table.parents) this.parents.add(parent);
				return;
			case "create-view":
				this.uncertain.delete(change.view.name);
				this.relations.set(change.view.name, change.view);
				return;
			case "create-sequence":
				this.uncertain.delete(change.sequence.name);
				this.relations.set(change.sequence.name, change.sequence);
				return;
			case "create-index":
				this.uncertain.delete(change.index.name);
				if (!(change.ifNotExists && this.relations.has(change.index.name))) this.relations.set(change.index.name, change.index);
				return;
			case "drop-table":
				dropTable$1(this, change.name);
				return;
			case "drop-index":
			case "drop-view":
			case "drop-sequence":
				this.relations.delete(change.name);
				return;
			case "rename-table":
			case "rename-index":
			case "rename-view":
			case "rename-sequence":
				renameRelation$1(this, change.from, change.to);
				return;
			case "add-column":
				this.uncertain.delete(columnKey(change.table, change.column.name));
				this.updateTable(change.table, (table) => ({
					...table,
					columns: withColumn(table.columns, change.column)
				}));
				return;
			case "drop-column":
				dropColumn$1(this, change.table, change.name);
				return;
			case "rename-column":
				renameColumn(this, change.table, change.from, change.to);
				return;
			case "alter-column":
				this.updateTable(change.table, (table) => {
					const column = table.columns.get(change.name);
					return column === void 0 ? table : {
						...table,
						columns: withColumn(table.columns, {
							...column,
							...change.set
						})
					};
				});
				return;
			case "add-constraint":
				this.#addConstraint(change.table, change.constraint);
				return;
			case "drop-constraint":
				this.updateTable(change.table, (table) => ({
					...table,
					constraints: table.constraints.filter((c) => c.name !== change.name)
				}));
				this.relations.delete(beside(change.table, change.name));
				return;
			case "rename-constraint":
				this.updateConstraint(change.table, change.from, (constraint) => ({
					...constraint,
					name: change.to
				}));
				renameRelation$1(this, beside(change.table, change.from), beside(change.table, change.to));
				return;
			case "validate-constraint":
				this.updateConstraint(change.table, change.name, (constraint) => ({
					...constraint,
					validated: true
				}));
				return;
			case "table-flag":
				this.updateTable(change.table, (table) => ({
					...table,
					...change.set
				}));
				return;
			case "set-parents":
				this.updateTable(change.table, (table) => ({
					...table,
					parents: change.parents
				}));
				for (const parent of change.parents) this.parents.add(parent);
				return;
			case "create-type":
				this.types.set(change.type.name, change.type);
				return;
			case "add-label":
				this.#labels(change.type, (labels) => labels.includes(change.label) ? labels : [...labels, change.label]);
				return;
			case "rename-label":
				this.#labels(change.type, (labels) => labels.map((label) => label === change.from ? change.to : label));
				return;
			case "drop-type":
				this.types.delete(change.name);
				return;
			case "rename-type":
				renameType(this, change.from, change.to);
				return;
			case "create-function":
				this.functions.set(change.function.name, withFunction(this.functions.get(change.function.name), change));
				return;
			case "drop-function":
				this.functions.delete(change.name);
				return;
			case "add-trigger":
				this.updateTable(change.table, (table) => ({
					...table,
					triggers: new Map(table.triggers).set(change.name, change.calls)
				}));
				return;
			case "drop-trigger":
				this.updateTable(change.table, (table) => ({
					...table,
					triggers: new Map([...table.triggers].filter(([name]) => name !== change.name))
				}));
				return;
			case "add-policy":
				this.updateTable(change.table, (table) => ({
					...table,
					policies: [...table.policies, change.name]
				}));
				return;
			case "drop-policy":
				this.updateTable(change.table, (table) => ({
					...table,
					policies: table.policies.filter((name) => name !== change.name)
				}));
				return;
			case "add-rule":
				this.updateTable(change.table, (table) => ({
					...table,
					rules: [...table.rules, change.name]
				}));
				return;
			case "drop-rule":
				this.updateTable(change.table, (table) => ({
					...table,
					rules: table.rules.filter((name) => name !== change.name)
				}));
				return;
			case "create-schema":
				this.schemas.add(change.name);
				return;
			case "drop-schema":
				dropSchema$1(this, change.name);
				return;
			case "rename-schema":
				renameSchema(this, change.from, change.to);
				return;
			case "search-path": return;
		}
	}
	endSession() {
		for (const name of [...this.relations.keys()]) if (name.startsWith("pg_temp.")) this.relations.delete(name);
	}
	updateTable(name, change) {
		const table = this.relations.get(name);
		if (table?.kind === "table") this.relations.set(name, change(table));
	}
	#addConstraint(name, constraint) {
		this.updateTable(name, (table) => {
			const columns = new Map(table.columns);
			if (constraint.kind === "primary" || constraint.kind === "not-null") for (const key of constraint.columns) {
				const column = columns.get(key);
				if (column !== void 0) columns.set(key, {
					...column,
					notNull: true
				});
			}
			return {
				...table,
				columns,
				constraints: [...table.constraints, constraint]
			};
		});
	}
	updateConstraint(name, wanted, change) {
		this.updateTable(name, (table) => ({
			...table,
			constraints: table.constraints.map((constraint) => constraint.name === wanted ? change(constraint) : constraint)
		}));
	}
	#labels(type, change) {
		const known = this.types.get(type);
		if (known !== void 0) this.types.set(type, {
			...known,
			labels: change(known.labels)
		});
	}
};
function withColumn(columns, column) {
	return new Map(columns).set(column.name, column);
}
function beside(table, name) {
	return `${table.slice(0, table.indexOf("."))}.${name}`;
}
// src/rules/add-unique-constraint/rule.ts
const words = {
	primary: "primary key",
	unique: "unique constraint",
	exclusion: "exclusion constraint"
};
const rule$36 = {
	id: "add-unique-constraint",
	title: "Adding a unique constraint or primary key stops reads and writes while its index is built",
	group: "constraint",
	documentation: {
		summary: "ADD UNIQUE and ADD PRIMARY KEY build an index under ACCESS EXCLUSIVE: nobody can read the table until it is done, and the migration fails if two rows are equal. Build the index CONCURRENTLY first and turn it into the constraint.",
		bad: "ALTER TABLE \"User\" ADD CONSTRAINT \"User_email_key\" UNIQUE (\"email\");",
		good: "CREATE UNIQUE INDEX CONCURRENTLY \"User_email_key\" ON \"User\" (\"email\");"
	},
	growsWithTable: true,
	check: (context) => changesOf(context, "add-constraint").flatMap((located) => remark$16(located, context))
};
function remark$16({ statement, change }, context) {
	const { constraint, table, clause } = change;
	const { kind } = constraint;
	if (kind !== "primary" && kind !== "unique" && kind !== "exclusion") return [];
	if (change.usingIndex !== void 0 || !isInUse(table, statement, context)) return [];
	const name = relation(table, context);
	const columns = columnList(constraint.columns);
	const index = quoted(context.catalogBefore.relations.has(beside(table, constraint.name)) ? `${constraint.name}_new` : constraint.name);
	const fails = kind === "exclusion" ? "two rows conflict" : "two rows have the same values";
	return [{
		statement,
		clause,
		relation: table,
		severity: "warning",
		message: `Adds the ${words[kind]} ${quoted(constraint.name)}: nobody can read or write ${name} until its index is built, and it fails if ${fails}.`,
		why: "The index is built under ACCESS EXCLUSIVE, which is held until the transaction ends; every query that arrives meanwhile queues behind it.",
		instead: kind === "exclusion" ? `An exclusion constraint cannot be built while others write: run this migration when ${name} is not in use, with a lock_timeout.` : [
			"-- what must come out empty",
			`SELECT ${columns} FROM ${name} GROUP BY ${columns} HAVING count(*) > 1;`,
			"-- alone in a migration of its own: builds while everybody works on",
			`CREATE UNIQUE INDEX CONCURRENTLY ${index} ON ${name} (${columns});`,
			"-- in the next migration",
			`ALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} ${kind === "primary" ? "PRIMARY KEY" : "UNIQUE"} USING INDEX ${index};`
		].join("\n")
	}];
}
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
		const newLine = sql.indexOf("\n", at);
		const end = newLine === -1 ? to : newLine;
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
	return inside.replace(/\*\/$/, "").split("\n").map((line) => line.trim().replace(/^\*+\s*/, "")).join(" ").trim();
}
// src/rules/permissions.ts
const ruleOfComments = "airlock-comment";
function permissionsIn(context, ruleIds) {
	const given = [];
	const unusable = [];
	if (!/airlock/i.test(context.source.text)) return {
		given,
		unusable
	};
	const allowable = new Set(ruleIds.filter((id) => id !== ruleOfComments));
	const find = statementFinder(context);
	for (const comment of commentsOf(context.source.text)) {
		const request = requestIn(comment.text);
		if (request === void 0) continue;
		const { line, column } = context.source.atOffset(comment.start);
		const where = {
			at: {
				line,
				column
			},
			statement: find(comment)
		};
		if (request.kind === "not-understood") {
			unusable.push({
				...where,
				problem: "not-understood",
				rule: "",
				text: comment.text
			});
			continue;
		}
		for (const rule of request.rules) if (!allowable.has(rule)) unusable.push({
			...where,
			problem: "unknown-rule",
			rule,
			text: comment.text
		});
		else if (request.reason === "") unusable.push({
			...where,
			problem: "no-reason",
			rule,
			text: comment.text
		});
		else given.push({
			...where,
			rule,
			reason: request.reason
		});
	}
	return {
		given,
		unusable
	};
}
function requestIn(text) {
	if (!/^airlock\s*(?::|[-\s]\s*(?:allow|ignore|disable|skip)\b)/i.test(text)) return void 0;
	const wanted = /^airlock\s*:\s*allow\s+([\w-]+(?:\s*(?:,|\band\b)\s*[\w-]+)*)\s*(.*)$/i.exec(text);
	if (wanted === null) return { kind: "not-understood" };
	const rules = (wanted[1] ?? "").split(/\s*,\s*|\s+and\s+/i);
	const reason = /^because\b\s*:?\s*(.*)$/i.exec(wanted[2] ?? "")?.[1] ?? "";
	return {
		kind: "allow",
		rules,
		reason: /\p{L}/u.test(reason) ? reason.trim() : ""
	};
}
function statementFinder({ source, statements }) {
	const placed = statements.map((statement) => ({
		statement,
		start: source.atByte(statement.range.startByte).offset,
		end: source.atByte(statement.range.endByte).offset
	}));
	const lineBreakBetween = (from, to) => source.text.slice(from, to).includes("\n");
	return ({ start, end }) => {
		const inside = placed.find((one) => one.start <= start && start < one.end);
		if (inside !== void 0) return inside.statement;
		const before = placed.findLast((one) => one.end <= start);
		const after = placed.find((one) => one.start >= end);
		const leads = after !== void 0 && !lineBreakBetween(end, after.start);
		return before !== void 0 && !lineBreakBetween(before.end, start) && !leads ? before.statement : after?.statement;
	};
}
// src/rules/airlock-comment/rule.ts
const rule$35 = {
	id: "airlock-comment",
	title: "A comment that should allow something does not",
	group: "unknown",
	documentation: {
		summary: "`-- airlock: allow RULE because REASON` above a statement, inside it or at the end of its line silences that rule for that statement; several rules are separated by commas. What was silenced stays in every report as allowed, with the reason. It never takes away a risk: what needs approval is decided by what the statement does, not by what is said about it. A comment without a reason or with a rule that does not exist allows nothing, and one that silences nothing is left over from something else.",
		bad: "-- airlock: allow ban-drop-column\nALTER TABLE \"User\" DROP COLUMN \"email\";",
		good: "-- airlock: allow ban-drop-column because the field left the application with release 41\nALTER TABLE \"User\" DROP COLUMN \"email\";"
	},
	check: (context) => permissionsIn(context, context.ruleIds).unusable.flatMap((comment) => ofUnusable(comment, context))
};
const form = "-- airlock: allow";
function ofUnusable(comment, context) {
	const { problem, rule: wanted, at } = comment;
	const statement = comment.statement ?? context.statements.at(-1);
	if (statement === void 0) return [];
	return [{
		statement,
		at,
		severity: "error",
		...{
			"not-understood": {
				message: "A comment addresses Airlock and is not understood, so it allows nothing.",
				instead: `${form} RULE because REASON`
			},
			"no-reason": {
				message: `A comment wants to allow ${wanted} without a reason, so it allows nothing.`,
				instead: `${form} ${wanted} because … (what makes it safe here)`
			},
			"unknown-rule": {
				message: `A comment wants to allow \`${wanted}\`, which is no rule that can be allowed, so it allows nothing.`,
				instead: `${form} RULE because REASON, where RULE is the name in brackets in front of a finding`
			}
		}[problem],
		why: "Whoever wrote it believes that somebody decided about this statement; the reason is what a reviewer and the report need."
	}];
}
function idle(permission, context) {
	const statement = permission.statement ?? context.statements.at(-1);
	if (statement === void 0) return [];
	const where = permission.statement === void 0 ? "no statement follows it" : `${permission.rule} says nothing about line ${permission.statement.range.line}`;
	return [{
		statement,
		at: permission.at,
		severity: "notice",
		message: `A comment allows ${permission.rule} where there is nothing to allow: ${where}.`,
		why: "A permission belongs to one statement. One that stays behind looks like a decision and would silence what is written there later.",
		instead: "Remove the comment, or move it to the line above the statement that it is about."
	}];
}
// src/rules/rename-as-drop-add/similarity.ts
function similarity(one, other) {
	const left = pairsOf(one);
	const right = pairsOf(other);
	if (left.length === 0 || right.length === 0) return 0;
	const rest = [...right];
	let shared = 0;
	for (const pair of left) {
		const at = rest.indexOf(pair);
		if (at === -1) continue;
		rest.splice(at, 1);
		shared += 1;
	}
	return 2 * shared / (left.length + right.length);
}
function pairsOf(name) {
	const letters = name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
	return Array.from({ length: Math.max(0, letters.length - 1) }, (_, index) => letters.slice(index, index + 2));
}
// src/rules/rename-as-drop-add/columns.ts
function renamedColumns(context) {
	const dropped = changesOf(context, "drop-column").filter(({ statement, change }) => statement.effects.loses.some((loss) => loss.kind === "column" && loss.name === `${change.table}.${change.name}`));
	const candidates = [];
	const added = changesOf(context, "add-column");
	for (const drop of dropped) for (const { change } of added) {
		if (change.table !== drop.change.table || change.column.name === drop.change.name) continue;
		if (!compatible(drop.change.known, change.column)) continue;
		candidates.push({
			table: change.table,
			from: drop.change.name,
			to: change.column.name,
			dropped: drop,
			added: change.column,
			score: similarity(drop.change.name, change.column.name)
		});
	}
	const pairs = [];
	for (const candidate of candidates.toSorted((one, other) => other.score - one.score)) {
		const rivals = candidates.filter((other) => other.table === candidate.table);
		if (!pairs.some((pair) => pair.table === candidate.table && (pair.from === candidate.from || pair.to === candidate.to)) && (rivals.length === 1 || candidate.score >= .3)) pairs.push(candidate);
	}
	return pairs;
}
function compatible(dropped, added) {
	if (dropped?.type === void 0 || added.type === void 0) return false;
	const texts = /* @__PURE__ */ new Set([
		"text",
		"varchar",
		"bpchar",
		"citext"
	]);
	return (dropped.type.name === added.type.name || texts.has(dropped.type.name) && texts.has(added.type.name)) && dropped.type.array === added.type.array;
}
// src/rules/ban-drop-column/rule.ts
const rule$34 = {
	id: "ban-drop-column",
	title: "Dropping a column deletes what is in it",
	group: "destructive",
	documentation: {
		summary: "DROP COLUMN makes the values of the column unreachable in every row; only a backup brings them back. Prisma Client names every column of a model in each query, so the release that still knows the column fails on the whole model, not only where it uses the field. Take the field out of the application first (`@ignore`), keep a copy, then drop.",
		bad: "ALTER TABLE \"User\" DROP COLUMN \"email\";",
		good: "CREATE TABLE \"User_email_kept\" AS SELECT id, email FROM \"User\";"
	},
	check: (context) => {
		const renamed = new Set(renamedColumns(context).map((pair) => `${pair.table}.${pair.from}`));
		return context.statements.flatMap((statement) => remarks$1(statement, renamed, context));
	}
};
function remarks$1(statement, renamed, context) {
	const byTable = /* @__PURE__ */ new Map();
	for (const loss of statement.effects.loses) {
		if (loss.kind !== "column" || renamed.has(loss.name)) continue;
		const { table, column } = columnOf(loss.name);
		byTable.set(table, [...byTable.get(table) ?? [], column]);
	}
	return [...byTable].map(([table, columns]) => remark$15(statement, table, columns, context));
}
function remark$15(statement, table, columns, context) {
	const name = relation(table, context);
	const several = columns.length > 1;
	const clause = statement.changes.find((change) => change.kind === "drop-column" && change.name === columns[0]);
	const kept = suffixed(table, several ? "columns_kept" : `${columns[0] ?? ""}_kept`, context);
	return {
		statement,
		clause: clause?.kind === "drop-column" && statement.kind === "AlterTableStmt" ? clause.clause : void 0,
		severity: "error",
		message: `Drops the column${several ? "s" : ""} ${listed(columns.map(quoted))} of ${name}: what is in ${several ? "them" : "it"} is deleted in every row.`,
		why: "Only a backup brings the values back. Prisma Client of the release that is still running names the column in every query of the model, so all of them fail until the new release is everywhere.",
		instead: [
			`-- now: mark the field${several ? "s" : ""} with @ignore in schema.prisma and release that`,
			"-- in a later migration, with a copy of what goes",
			`CREATE TABLE ${kept} AS SELECT ${columnList([...keyOf(table, context.catalogBefore), ...columns])} FROM ${name};`,
			`ALTER TABLE ${name} ${columns.map((column) => `DROP COLUMN ${quoted(column)}`).join(", ")};`
		].join("\n")
	};
}
// src/rules/ban-drop-enum-label/rule.ts
const rule$33 = {
	id: "ban-drop-enum-label",
	title: "Removing a label of an enum rewrites the table and fails on rows that have it",
	group: "destructive",
	documentation: {
		summary: "PostgreSQL cannot take a label out of an enum, so Prisma makes a new type and converts the column. That rewrites every row while nobody can read the table, fails on the first row that still has the label, and breaks the running release as soon as it writes it. Move the rows to another label before.",
		bad: "CREATE TYPE \"Role_new\" AS ENUM ('ADMIN', 'MEMBER');\nALTER TABLE \"User\" ALTER COLUMN \"role\" TYPE \"Role_new\" USING (\"role\"::text::\"Role_new\");",
		good: "UPDATE \"User\" SET \"role\" = 'MEMBER' WHERE \"role\" = 'GUEST';"
	},
	check: (context) => changesOf(context, "alter-column").flatMap(({ statement, change }) => remark$14(statement, change, context))
};
function remark$14(statement, change, context) {
	const lost = statement.effects.loses.filter((loss) => loss.kind === "enum-label").map((loss) => columnOf(loss.name));
	const from = change.typeChange?.from;
	const labels = lost.filter((label) => label.table === from?.name).map((label) => label.column);
	if (from === void 0 || labels.length === 0) return [];
	const table = relation(change.table, context);
	const column = quoted(change.name);
	const several = labels.length > 1;
	const remaining = remainingLabel(from.name, labels, context);
	return [{
		statement,
		clause: change.clause,
		severity: "error",
		message: `Removes the label${several ? "s" : ""} ${listed(labels.map(literal$1))} from the enum ${relation(from.name, context)}: it fails if a row of ${table} still has ${several ? "one of them" : "it"} in ${column}.`,
		why: `PostgreSQL has to rewrite every row of ${table} for the new type, and nobody can read or write the table meanwhile. The running release fails as soon as it writes the old label.`,
		instead: [
			"-- in an earlier migration, after the application has stopped writing the label",
			`UPDATE ${table} SET ${column} = ${literal$1(remaining)} WHERE ${column} IN (${labels.map(literal$1).join(", ")});`,
			"-- what must come out empty before this one may run",
			`SELECT count(*) FROM ${table} WHERE ${column} IN (${labels.map(literal$1).join(", ")});`
		].join("\n")
	}];
}
function remainingLabel(type, lost, context) {
	return (context.catalogBefore.types.get(type)?.labels ?? []).find((label) => !lost.includes(label)) ?? "ANOTHER";
}
// src/rules/ban-drop-schema/rule.ts
const rule$32 = {
	id: "ban-drop-schema",
	title: "Dropping a schema deletes everything in it",
	group: "destructive",
	documentation: {
		summary: "DROP SCHEMA … CASCADE deletes every table, type and function of the schema, and whatever depends on them elsewhere. Renaming it keeps all of it, out of reach.",
		bad: "DROP SCHEMA legacy CASCADE;",
		good: "ALTER SCHEMA legacy RENAME TO legacy_unused;"
	},
	check: (context) => context.statements.flatMap((statement) => statement.effects.loses.filter((loss) => loss.kind === "schema").map(({ name }) => {
		const tables = statement.effects.loses.filter((loss) => loss.kind === "table").map((loss) => loss.name);
		const content = tables.length > 0 ? `, with ${relations(tables, context)} and all their rows` : " with everything in it";
		return {
			statement,
			severity: "error",
			message: `Drops the schema ${quoted(name)}${content}.`,
			why: "Only a backup brings any of it back, and objects elsewhere that depend on it go too when CASCADE is said.",
			instead: [
				`ALTER SCHEMA ${quoted(name)} RENAME TO ${quoted(`${name}_unused`)};`,
				"-- in a later migration, once nobody has missed it; without CASCADE, so that nothing goes unseen",
				`DROP SCHEMA ${quoted(`${name}_unused`)};`
			].join("\n")
		};
	}))
};
// src/rules/rename-as-drop-add/tables.ts
const alikeFrom = .7;
function renamedTables(context) {
	const created = changesOf(context, "create-table").map(({ change }) => change.table);
	const pairs = [];
	for (const dropped of changesOf(context, "drop-table")) {
		const before = dropped.change.known;
		if (before === void 0 || before.createdBy === context.migration || before.columns.size < 2) continue;
		const [best] = created.filter((table) => table.name !== before.name && !pairs.some((pair) => pair.to === table.name)).map((table) => ({
			table,
			score: likeness(before, table)
		})).filter(({ score }) => score >= alikeFrom).toSorted((one, other) => other.score - one.score);
		if (best !== void 0 && !copiesFrom(before, best.table, context)) pairs.push({
			from: before.name,
			to: best.table.name,
			before,
			after: best.table,
			dropped
		});
	}
	return pairs;
}
function likeness(before, after) {
	let same = 0;
	for (const [name, column] of before.columns) {
		const other = after.columns.get(name);
		if (other !== void 0 && other.type?.name === column.type?.name) same += 1;
	}
	return same / Math.max(before.columns.size, after.columns.size);
}
function copiesFrom(before, after, context) {
	return context.statements.some((statement) => statement.kind === "InsertStmt" && statement.effects.locks.some((lock) => lock.relation === before.name) && statement.sql.includes(after.name.slice(after.name.indexOf(".") + 1)));
}
// src/rules/ban-drop-table/rule.ts
const rule$31 = {
	id: "ban-drop-table",
	title: "Dropping a table deletes its rows",
	group: "destructive",
	documentation: {
		summary: "DROP TABLE deletes every row of the table at once, and nothing but a backup brings them back. Renaming the table first costs nothing, takes it away from whoever still uses it, and can be undone in a second.",
		bad: "DROP TABLE \"Invoice\";",
		good: "ALTER TABLE \"Invoice\" RENAME TO \"Invoice_unused\";"
	},
	check: (context) => {
		const renamed = new Set(renamedTables(context).map((pair) => pair.from));
		return context.statements.flatMap((statement) => remark$13(statement, renamed, context));
	}
};
function remark$13(statement, renamed, context) {
	if (statement.changes.some((change) => change.kind === "drop-schema")) return [];
	const tables = statement.effects.loses.filter((loss) => loss.kind === "table" && !renamed.has(loss.name)).map((loss) => loss.name);
	if (tables.length === 0) return [];
	const named = tables.filter((table) => statement.sql.includes(splitName(table).name));
	const asked = named.length > 0 ? named : tables;
	const along = tables.filter((table) => !asked.includes(table));
	const too = along.length > 0 ? `, and ${relations(along, context)} with ${asked.length > 1 ? "them" : "it"}` : "";
	const one = tables.length === 1;
	return [{
		statement,
		severity: "error",
		message: `Drops the table${asked.length > 1 ? "s" : ""} ${relations(asked, context)}${too}: all ${one ? "its" : "their"} rows are deleted.`,
		why: `Only a backup brings the rows back, and whatever was written since that backup is gone. The release that is still running fails on every query that names ${one ? "the table" : "the tables"}.`,
		instead: [
			"-- now: out of reach, and back in a second",
			...tables.map((table) => {
				const { schema, name } = splitName(table);
				return `ALTER TABLE ${relation(table, context)} RENAME TO ${suffixed(`${schema}.${name}`, "unused", { schema })};`;
			}),
			"-- in a later migration, once nobody has missed it",
			...tables.map((table) => `DROP TABLE ${suffixed(table, "unused", context)};`)
		].join("\n")
	}];
}
// src/rules/ban-truncate-or-delete/rule.ts
const rule$30 = {
	id: "ban-truncate-or-delete",
	title: "Deleting rows in a migration cannot be undone",
	group: "destructive",
	documentation: {
		summary: "Rows that a migration deletes come back only from a backup. TRUNCATE also takes the strongest lock, and DELETE follows ON DELETE CASCADE into other tables. Keep a copy beside the table first.",
		bad: "DELETE FROM \"Session\" WHERE \"expiresAt\" < now();",
		good: "CREATE TABLE \"Session_deleted\" AS SELECT * FROM \"Session\" WHERE \"expiresAt\" < now();"
	},
	check: (context) => context.statements.flatMap((statement) => remark$12(statement, context))
};
const bodies$1 = /* @__PURE__ */ new Set([
	"DoStmt",
	"CallStmt",
	"SelectStmt"
]);
function remark$12(statement, context) {
	const tables = statement.effects.loses.filter((loss) => loss.kind === "rows").map((loss) => loss.name);
	const target = tables[0];
	if (target === void 0) return [];
	const truncates = statement.kind === "TruncateStmt";
	const inside = bodies$1.has(statement.kind);
	const along = inside ? [] : tables.slice(1);
	const which = inside || /\bwhere\b/i.test(statement.sql) ? "rows" : "every row";
	return [{
		statement,
		severity: "error",
		message: truncates ? `Empties ${relations(tables, context)}: every row is deleted.` : `Deletes ${which} of ${relations(inside ? tables : [target], context)}${along.length > 0 ? `, and rows of ${relations(along, context)} that reference them` : ""}.`,
		why: truncates ? "Only a backup brings the rows back, and nobody can read the table until the transaction ends." : "Only a backup brings the rows back. The deleted rows stay locked until the transaction ends, and whoever wants to change one waits.",
		instead: instead$3(statement, target, context)
	}];
}
function instead$3(statement, target, context) {
	const name = relation(target, context);
	const copy = suffixed(target, "deleted", context);
	const condition = conditionOf(statement.sql);
	if (condition === void 0) return [
		`-- first a copy of what goes`,
		`CREATE TABLE ${copy} AS SELECT * FROM ${name};`,
		`${statement.sql};`
	].join("\n");
	const key = keyOf(target, context.catalogBefore);
	return [
		"-- first a copy of what goes",
		`CREATE TABLE ${copy} AS SELECT * FROM ${name} WHERE ${condition};`,
		"-- then the rows that were copied",
		`DELETE FROM ${name} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${copy});`
	].join("\n");
}
function conditionOf(sql) {
	return /^delete\s+from\s+(?:only\s+)?[^\s;]+\s+where\s+([\s\S]+)$/i.exec(sql)?.[1]?.replace(/\s+returning\s[\s\S]*$/i, "");
}
// src/compatibility/usage.ts
function modelsOf(schema, table) {
	return schema.models.filter((model) => model.table === table);
}
function fieldsOfColumn(schema, table, column) {
	return modelsOf(schema, table).flatMap((model) => model.fields.filter((field) => field.column === column).map((field) => ({
		model,
		field
	})));
}
function joinTableOf(schema, table) {
	return schema.joinTables.find((one) => one.table === table);
}
function usedEnum(schema, type) {
	const used = schema.enums.find((one) => one.type === type);
	if (used === void 0) return void 0;
	const by = schema.models.flatMap((model) => model.fields.filter((field) => field.kind === "enum" && field.type === used.name).map((field) => ({
		model,
		field
	})));
	return by.length === 0 ? void 0 : {
		used,
		by
	};
}
function fieldNames(fields) {
	return listed([...new Set(fields.map(({ model, field }) => `${model.name}.${field.name}`))]);
}
function modelNames(models) {
	return listed([...new Set(models.map(({ name }) => name))]);
}
// src/compatibility/demands.ts
function demandsOf(statement, context, running) {
	return statement.changes.flatMap((change) => {
		if (change.kind === "add-column" && change.column.notNull && change.filledBy === "none") {
			const { table, column, clause } = change;
			const instead = `ALTER TABLE ${relation(table, context)} ADD COLUMN ${quoted(column.name)} ${typeText(column.type, context)};`;
			return ofColumn({
				table,
				column: column.name,
				clause,
				what: "Adds the required column",
				instead
			});
		}
		if (change.kind !== "alter-column") return [];
		const { table, name, set, known, clause } = change;
		const hasDefault = defaultAfter(table, name, context) ?? known?.hasDefault ?? false;
		const filled = hasDefault || known?.identity === true || known?.generated === true;
		if (set.notNull === true && !filled) return ofColumn({
			table,
			column: name,
			clause,
			what: "Makes required without a default",
			instead: `ALTER TABLE ${relation(table, context)} ALTER COLUMN ${quoted(name)} SET DEFAULT …;`
		});
		if (set.hasDefault === false && !hasDefault && known?.notNull === true) return ofColumn({
			table,
			column: name,
			clause,
			what: "Takes the default from the required column",
			instead: ""
		});
		return [];
	});
	function ofColumn(demand) {
		return remark$11(demand, statement, context, running);
	}
}
function defaultAfter(table, column, { statements }) {
	let last;
	for (const { changes } of statements) for (const change of changes) if (change.kind === "alter-column" && change.table === table && change.name === column) last = change.set.hasDefault ?? last;
	return last;
}
function remark$11({ table, column, clause, what, instead }, statement, context, { schema, ref }) {
	const models = modelsOf(schema, table);
	if (models.length === 0 || context.notYetInUse.has(table)) return [];
	const fields = fieldsOfColumn(schema, table, column);
	if (fields.filter(({ field }) => field.required && !field.filledByDatabase).length === models.length) return [];
	const creates = `creates of ${modelNames(models)}`;
	const because = fields.length === 0 ? `does not know the column, so all its ${creates} fail` : `has it as ${fieldNames(fields)} and need not send it, so its ${creates} without one fail`;
	return [{
		statement,
		clause,
		severity: "error",
		message: `${what} ${quoted(column)} of ${relation(table, context)}: the release that is running (${ref}) ${because}.`,
		why: `Prisma Client of the running release leaves the column out of the INSERT, PostgreSQL puts NULL there, and refuses the row; that lasts until the new release is everywhere.`,
		instead: [
			"-- now, and release an application that always fills it",
			...instead === "" ? ["-- leave the default as it is"] : [instead],
			"-- in a later migration, when that release runs everywhere",
			`${statement.sql};`
		].join("\n")
	}];
}
// src/compatibility/later.ts
function* changesFrom(statement, { statements }) {
	for (const later of statements.slice(statement.index)) yield* later.changes;
}
function relationAfter(name, statement, file) {
	let found;
	for (const change of changesFrom(statement, file)) {
		if (change.kind === "create-table" && change.table.name === name) found = {
			kind: "table",
			columns: change.table.columnsKnown ? change.table.columns : void 0
		};
		if (change.kind === "create-view" && change.view.name === name) found = {
			kind: "view",
			mentions: change.view.mentions
		};
		if (change.kind === "rename-table" && change.to === name) {
			const renamed = file.catalogBefore.relations.get(change.from);
			found = {
				kind: "table",
				columns: renamed?.kind === "table" && renamed.columnsKnown ? renamed.columns : void 0
			};
		}
		if (change.kind === "rename-view" && change.to === name) found = {
			kind: "view",
			mentions: void 0
		};
	}
	return found;
}
function columnAfter(table, name, statement, file) {
	let found;
	for (const change of changesFrom(statement, file)) {
		if (change.kind === "add-column" && change.table === table && change.column.name === name) found = { type: change.column.type };
		if (change.kind === "rename-column" && change.table === table && change.to === name) found = { type: typeBefore(change, file) };
	}
	return found;
}
function typeBefore({ table, from }, { statements, catalogBefore }) {
	const known = catalogBefore.relations.get(table);
	let type = known?.kind === "table" ? known.columns.get(from)?.type : void 0;
	for (const change of statements.flatMap(({ changes }) => changes)) if (change.kind === "add-column" && change.table === table && change.column.name === from) type = change.column.type;
	return type;
}
function typeNameAfter(name, statement, file) {
	let last = name;
	for (const change of changesFrom(statement, file)) if (change.kind === "rename-type" && change.from === last) last = change.to;
	return last;
}
function typeAfter(name, statement, file) {
	for (const change of changesFrom(statement, file)) {
		if (change.kind === "create-type" && change.type.name === name) return true;
		if (change.kind === "rename-type" && change.to === name) return true;
	}
	return false;
}
// src/compatibility/gone.ts
function goneFrom(statement, context, running) {
	return [...relationsGone(statement, running).flatMap((gone) => ofRelation(gone, statement, context, running)), ...ofColumns(statement, context, running)];
}
function relationsGone({ effects, changes }, { schema }) {
	const gone = [];
	for (const { kind, name } of effects.loses) if (kind === "table" || kind === "view") gone.push({ name });
	const inSchema = (name) => [...schema.models, ...schema.joinTables].map(({ table }) => table).filter((table) => splitName(table).schema === name);
	for (const loss of effects.loses) if (loss.kind === "schema") gone.push(...inSchema(loss.name).map((name) => ({ name })));
	for (const change of changes) {
		if (change.kind === "rename-table" || change.kind === "rename-view") gone.push({
			name: change.from,
			to: change.to
		});
		if (change.kind === "rename-schema") gone.push(...inSchema(change.from).map((name) => ({
			name,
			to: `${change.to}.${splitName(name).name}`
		})));
	}
	return [...new Map(gone.map((one) => [one.name, one])).values()];
}
function ofRelation({ name, to }, statement, context, { schema, ref }) {
	const models = modelsOf(schema, name);
	const join = joinTableOf(schema, name);
	if (models.length === 0 && join === void 0 || context.notYetInUse.has(name)) return [];
	const replacement = relationAfter(name, statement, context);
	const has = (column) => {
		if (replacement?.kind === "table") return replacement.columns?.has(column) ?? true;
		return replacement?.mentions?.has(column) ?? true;
	};
	const missing = models.flatMap((model) => model.fields.filter((field) => !has(field.column)).map((field) => ({
		model,
		field
	})));
	if (replacement !== void 0 && missing.length === 0) return [];
	const table = relation(name, context);
	const used = join === void 0 ? modelNames(models) : `the relation between ${join.models[0]} and ${join.models[1]}`;
	return [{
		statement,
		severity: "error",
		message: `${to === void 0 ? `Drops ${table}` : `Renames ${table} to ${relation(to, context)}`}: the release that is running (${ref}) still uses it for ${used}.${replacement === void 0 ? "" : ` What takes its place in this file has no ${fieldNames(missing)}.`}`,
		why: `Prisma Client of the running release sends every query of ${used} to ${table}; they fail until the new release is everywhere.`,
		instead: to === void 0 ? [
			`-- now: release an application that does not use ${used}`,
			"-- in a later migration, when that release runs everywhere",
			`DROP TABLE ${table};`
		].join("\n") : [
			`-- leave the table as it is and rename in schema.prisma only: @@map(${JSON.stringify(splitName(name).name)})`,
			"-- or keep the old name for as long as the running release needs it",
			"BEGIN;",
			`${statement.sql};`,
			`CREATE VIEW ${table} AS SELECT * FROM ${relation(to, context)};`,
			"COMMIT;"
		].join("\n")
	}];
}
function ofColumns(statement, context, running) {
	const gone = /* @__PURE__ */ new Map();
	const add = (table, one) => gone.set(table, [...gone.get(table) ?? [], one]);
	for (const loss of statement.effects.loses) {
		if (loss.kind !== "column") continue;
		const { table, column } = columnOf(loss.name);
		const drop = statement.changes.find((change) => change.kind === "drop-column" && change.name === column);
		add(table, {
			name: column,
			clause: drop?.kind === "drop-column" && statement.kind === "AlterTableStmt" ? drop.clause : void 0
		});
	}
	for (const change of statement.changes) if (change.kind === "rename-column") add(change.table, {
		name: change.from,
		to: change.to
	});
	return [...gone].flatMap(([table, columns]) => ofTable$1(table, columns, statement, context, running));
}
function ofTable$1(table, gone, statement, context, { schema, ref }) {
	if (context.notYetInUse.has(table)) return [];
	const missed = gone.filter(({ name }) => fieldsOfColumn(schema, table, name).length > 0 && columnAfter(table, name, statement, context) === void 0);
	const [first] = missed;
	if (first === void 0) return [];
	const fields = missed.flatMap(({ name }) => fieldsOfColumn(schema, table, name));
	const name = relations([table], context);
	const columns = missed.map((one) => quoted(one.name)).join(", ");
	const several = missed.length > 1;
	const what = first.to === void 0 ? `Drops ${columns} of ${name}` : `Renames ${columns} of ${name} to ${missed.map(({ to }) => quoted(to ?? "")).join(", ")}`;
	const models = modelNames(fields.map(({ model }) => model));
	return [{
		statement,
		clause: first.clause,
		severity: "error",
		message: `${what}: the release that is running (${ref}) still uses ${several ? "them" : "it"} as ${fieldNames(fields)}.`,
		why: `Prisma Client of the running release selects ${fieldNames(fields)} in every query of ${models} that does not list its fields; those queries, and writes that set the field, fail until the new release is everywhere.`,
		instead: first.to === void 0 ? [
			`-- now: mark ${fieldNames(fields)} with @ignore in schema.prisma, or remove ${several ? "them" : "it"} there, and release that`,
			"-- in a later migration, when that release runs everywhere",
			`ALTER TABLE ${name} ${missed.map((one) => `DROP COLUMN ${quoted(one.name)}`).join(", ")};`
		].join("\n") : `-- leave the column as it is and rename in schema.prisma only: ${first.to} … @map(${JSON.stringify(first.name)})`
	}];
}
// src/compatibility/column-types.ts
const defaultTypes = {
	String: "text",
	Boolean: "bool",
	Int: "int4",
	BigInt: "int8",
	Float: "float8",
	Decimal: "numeric",
	DateTime: "timestamp",
	Json: "jsonb",
	Bytes: "bytea"
};
const nativeTypes = {
	Char: "bpchar",
	SmallInt: "int2",
	Integer: "int4",
	BigInt: "int8",
	Real: "float4",
	DoublePrecision: "float8",
	Decimal: "numeric",
	Boolean: "bool"
};
const groups = [
	/* @__PURE__ */ new Set([
		"text",
		"varchar",
		"bpchar",
		"citext"
	]),
	/* @__PURE__ */ new Set(["int2", "int4"]),
	/* @__PURE__ */ new Set(["float4", "float8"]),
	/* @__PURE__ */ new Set(["timestamp", "timestamptz"]),
	/* @__PURE__ */ new Set(["json", "jsonb"])
];
function fitOf(field, column, schema) {
	if (column === void 0) return "unknown";
	const expected = expectedType(field, schema);
	if (expected === void 0) return "unknown";
	if (column.array !== field.list) return "does-not-fit";
	if (sameType(column.name, expected)) return "fits";
	return groups.some((group) => group.has(expected) && group.has(column.name)) ? "fits" : "does-not-fit";
}
function expectedType({ kind, type, nativeType }, schema) {
	if (kind === "enum") return schema.enums.find(({ name }) => name === type)?.type;
	if (nativeType !== void 0) return nativeTypes[nativeType] ?? nativeType.toLowerCase();
	return defaultTypes[type];
}
function sameType(column, expected) {
	return column === expected || column === `public.${expected}`;
}
// src/compatibility/retyped.ts
function retypedBy(statement, context, running) {
	return [...statement.changes.flatMap((change) => {
		switch (change.kind) {
			case "alter-column": return change.typeChange === void 0 ? [] : ofColumn(change.table, change.name, change.clause, change.typeChange.to);
			case "drop-column": return replaced(change.table, change.name, change.clause);
			case "rename-column": return replaced(change.table, change.from, void 0);
			case "rename-type": return typeAfter(change.from, statement, context) ? [] : renamedType(change.from, change.to);
			case "rename-label": return labelsGone(change.type, [change.from], `Renames the label ${literal$1(change.from)} to ${literal$1(change.to)}`);
			default: return [];
		}
	}), ...lostLabels()];
	function replaced(table, column, clause) {
		const after = columnAfter(table, column, statement, context);
		return after === void 0 ? [] : ofColumn(table, column, clause, after.type);
	}
	function ofColumn(table, column, clause, to) {
		if (context.notYetInUse.has(table)) return [];
		const type = to === void 0 ? void 0 : {
			...to,
			name: typeNameAfter(to.name, statement, context)
		};
		const fields = fieldsOfColumn(running.schema, table, column).filter(({ field }) => fitOf(field, type, running.schema) !== "fits");
		const [first] = fields;
		if (first === void 0) return [];
		const list = first.field.list ? "[]" : "";
		const kind = type === void 0 ? "a type that cannot be told" : typeText(type, context);
		return [{
			statement,
			clause: statement.kind === "AlterTableStmt" ? clause : void 0,
			severity: "error",
			message: `Makes ${quoted(column)} of ${relation(table, context)} ${kind}: the release that is running (${running.ref}) reads and writes it as ${fieldNames(fields)}, ${first.field.type}${list}.`,
			why: `Prisma Client of the running release sends and expects values of the old type; queries that touch ${fieldNames(fields)} fail until the new release is everywhere.`,
			instead: [`ALTER TABLE ${relation(table, context)} ADD COLUMN ${quoted(`${column}_new`)} ${type === void 0 ? "…" : kind};`, "-- release an application that writes both, fill the new column, release one that reads it, and drop the old one last"].join("\n")
		}];
	}
	function lostLabels() {
		const byType = /* @__PURE__ */ new Map();
		for (const loss of statement.effects.loses) {
			if (loss.kind !== "enum-label") continue;
			const { table: type, column: label } = columnOf(loss.name);
			byType.set(type, [...byType.get(type) ?? [], label]);
		}
		return [...byType].flatMap(([type, labels]) => labelsGone(type, labels, `Removes the label${labels.length > 1 ? "s" : ""} ${listed(labels.map(literal$1))}`));
	}
	function labelsGone(type, labels, what) {
		const found = usedEnum(running.schema, type);
		const gone = found?.used.labels.filter(({ label }) => labels.includes(label)) ?? [];
		if (found === void 0 || gone.length === 0) return [];
		const values = listed(gone.map(({ name }) => `${found.used.name}.${name}`));
		return [{
			statement,
			severity: "error",
			message: `${what} of the enum ${relation(type, context)}: the release that is running (${running.ref}) still has ${values}.`,
			why: `It may write ${values} to ${fieldNames(found.by)} or look for it there, and every such query fails until the new release is everywhere.`,
			instead: [`-- now: release an application that no longer uses ${values}, with the label still in the database`, "-- this migration after that, when the release runs everywhere"].join("\n")
		}];
	}
	function renamedType(from, to) {
		const found = usedEnum(running.schema, from);
		if (found === void 0) return [];
		return [{
			statement,
			severity: "error",
			message: `Renames the type ${relation(from, context)} to ${relation(to, context)}: the release that is running (${running.ref}) still has the enum ${found.used.name}.`,
			why: `Prisma Client of the running release casts values to the type by its name; writes and filters of ${fieldNames(found.by)} fail, and with them queries of ${modelNames(found.by.map(({ model }) => model))}, until the new release is everywhere.`,
			instead: `-- leave the type as it is and rename in schema.prisma only: enum … { … @@map(${JSON.stringify(from.slice(from.indexOf(".") + 1))}) }`
		}];
	}
}
// src/rules/breaks-running-release/rule.ts
const rule$29 = {
	id: "breaks-running-release",
	title: "The release that is running still uses what this changes",
	group: "application-compatibility",
	documentation: {
		summary: "Migrations are applied while the old release serves requests, and its Prisma Client knows the schema it was built with: it selects every field of a model, leaves out columns it does not know, and casts enums by their names. With a git ref (`--base REF`, `base-ref`, on pull requests the base branch) Airlock reads schema.prisma of the release that is running and names the models and fields that would break. What that release no longer has, or has with `@ignore`, is no finding.",
		bad: "ALTER TABLE \"User\" DROP COLUMN \"email\";",
		good: "ALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;"
	},
	judges: ({ running }) => running !== void 0,
	check: (context) => {
		const { running } = context;
		if (running === void 0) return [];
		if (running.schema.problems.length > 0) return notTold(context, running);
		return context.statements.flatMap((statement) => [
			...goneFrom(statement, context, running),
			...retypedBy(statement, context, running),
			...demandsOf(statement, context, running)
		]);
	}
};
function notTold(context, { ref, schema }) {
	const [statement] = context.statements;
	const [problem] = schema.problems;
	if (statement === void 0 || problem === void 0) return [];
	const more = schema.problems.length > 1 ? `, and ${schema.problems.length - 1} more` : "";
	return [{
		statement,
		severity: "error",
		message: `Whether the release that is running (${ref}) goes on working cannot be told: its Prisma schema could not be read to the end.`,
		why: `Not understood: ${problem.file}:${problem.line}, ${problem.text}${more}.`,
		instead: `git show ${ref}:${problem.file}   # line ${problem.line}; compare this migration with the models there by hand`
	}];
}
// src/rules/byte-order-mark/rule.ts
const rule$28 = {
	id: "byte-order-mark",
	title: "A byte-order mark makes PostgreSQL refuse the file",
	group: "data-dependent",
	documentation: {
		summary: "Some editors on Windows put an invisible mark (U+FEFF) in front of the text. PostgreSQL reads it as part of the first word and answers with a syntax error, which leaves a failed migration in the history. Save the file as UTF-8 without it.",
		bad: "﻿ALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;",
		good: "ALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;"
	},
	check: (context) => {
		const [statement] = context.statements;
		if (!context.byteOrderMark || statement === void 0) return [];
		return [{
			statement,
			severity: "error",
			message: "The file begins with a byte-order mark: PostgreSQL refuses the first statement with a syntax error.",
			why: "The server reads the invisible character as part of the first word, and the failed migration then blocks every later deploy (P3009).",
			instead: `sed -i '1s/^\\xEF\\xBB\\xBF//' ${shellQuoted(context.file)}`
		}];
	}
};
function shellQuoted(path) {
	return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
// src/rules/change-column-type/rule.ts
const rule$27 = {
	id: "change-column-type",
	title: "Changing the type of a column rewrites the table while nobody can use it",
	group: "rewrite",
	documentation: {
		summary: "Unless the old bytes are valid values of the new type (a longer VARCHAR, VARCHAR to TEXT, more digits before the point), PostgreSQL writes the whole table and all its indexes anew under ACCESS EXCLUSIVE. Values that do not fit make it fail or are rounded. A second column, filled in batches, needs no such lock.",
		bad: "ALTER TABLE \"Order\" ALTER COLUMN \"id\" TYPE BIGINT;",
		good: "ALTER TABLE \"Order\" ADD COLUMN \"id_new\" BIGINT;"
	},
	growsWithTable: true,
	check: (context) => changesOf(context, "alter-column").flatMap((located) => remark$10(located, context))
};
function remark$10({ statement, change }, context) {
	const { typeChange } = change;
	if (typeChange === void 0 || !isInUse(change.table, statement, context)) return [];
	if (!typeChange.rewrites && !typeChange.loses && !typeChange.mayFail) return [];
	if (statement.effects.loses.some((loss) => loss.kind === "enum-label")) return [];
	const table = relation(change.table, context);
	const column = quoted(change.name);
	const from = typeText(typeChange.from, context);
	const to = typeText(typeChange.to, context);
	const consequences = [
		typeChange.rewrites ? `nobody can read or write ${table} while ${typeChange.doubt === void 0 ? "it is" : "it may be"} rewritten` : void 0,
		typeChange.loses ? `values of ${column} are changed for good` : void 0,
		typeChange.mayFail ? `it fails on a value that does not fit` : void 0
	].filter((one) => one !== void 0);
	const key = keyOf(change.table, context.catalogBefore);
	const recreated = typeChange.from?.name.includes(".") === true && typeChange.to.name.includes(".");
	const why = [
		"The lock (ACCESS EXCLUSIVE) is held until the transaction ends.",
		typeChange.doubt === void 0 ? void 0 : `It cannot be told for certain: ${typeChange.doubt}.`,
		recreated ? void 0 : `The running release goes on sending and expecting ${from}.`
	];
	const using = /\busing\s+([\s\S]+)$/i.exec(clauseText(statement, change.clause))?.[1] ?? `${column}::${to}`;
	const next = quoted(`${change.name}_new`);
	return [{
		statement,
		clause: change.clause,
		relation: change.table,
		severity: typeChange.loses ? "error" : "warning",
		message: `Changes ${column} of ${table} from ${from} to ${to}: ${listed(consequences)}.`,
		why: why.filter((one) => one !== void 0).join(" "),
		instead: [
			`ALTER TABLE ${table} ADD COLUMN ${next} ${to};`,
			"-- release an application that writes both; then, repeated until no row is changed",
			`UPDATE ${table} SET ${next} = ${using} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${table} WHERE ${next} IS NULL AND ${column} IS NOT NULL LIMIT 5000);`,
			"-- once nothing reads the old one",
			`ALTER TABLE ${table} RENAME COLUMN ${column} TO ${quoted(`${change.name}_old`)};`,
			`ALTER TABLE ${table} RENAME COLUMN ${next} TO ${column};`
		].join("\n")
	}];
}
// src/sql/effects/tree.ts
function kindOf(node) {
	return node === void 0 ? "" : Object.keys(node)[0] ?? "";
}
function as(node, kind) {
	return node?.[kind];
}
function allOf(nodes, kind) {
	const found = [];
	for (const node of nodes ?? []) {
		const inner = as(node, kind);
		if (inner !== void 0) found.push(inner);
	}
	return found;
}
function strings(nodes) {
	return allOf(nodes, "String").map((string) => string.sval ?? "");
}
function nameParts(node) {
	const list = as(node, "List");
	if (list !== void 0) return strings(list.items);
	const string = as(node, "String");
	if (string !== void 0) return [string.sval ?? ""];
	const type = as(node, "TypeName");
	if (type !== void 0) return strings(type.names);
	const withArguments = as(node, "ObjectWithArgs");
	return withArguments === void 0 ? [] : strings(withArguments.objname);
}
function rangeVarParts(range) {
	return range.schemaname === void 0 ? [range.relname ?? ""] : [range.schemaname, range.relname ?? ""];
}
function typeRef(type) {
	const names = strings(type.names);
	return {
		name: names.length > 1 && names[0] === "pg_catalog" ? names[1] ?? "" : names.join("."),
		modifiers: allOf(type.typmods, "A_Const").map((constant) => constant.ival?.ival ?? 0),
		array: (type.arrayBounds ?? []).length > 0
	};
}
function* walk(root) {
	const stack = [root];
	while (stack.length > 0) {
		const top = stack.pop();
		if (Array.isArray(top)) for (let index = top.length - 1; index >= 0; index -= 1) stack.push(top[index]);
		else if (typeof top === "object" && top !== null) {
			const entries = Object.entries(top);
			for (let index = entries.length - 1; index >= 0; index -= 1) {
				const [key, value] = entries[index] ?? ["", void 0];
				if (typeof value !== "object" || value === null) continue;
				if (/^[A-Z]/.test(key) && !Array.isArray(value)) yield {
					kind: key,
					node: value
				};
				stack.push(value);
			}
		}
	}
}
// src/rules/create-extension/rule.ts
const rule$26 = {
	id: "create-extension",
	title: "An extension that only a superuser may create",
	group: "security",
	documentation: {
		summary: "Only extensions that are marked as trusted can be created by a role that may create in the database; all others need a superuser, or a managed service that allows them, and their files have to be on the server. On a developer machine that never shows. Have an administrator create it before, and keep IF NOT EXISTS in the migration.",
		bad: "CREATE EXTENSION IF NOT EXISTS postgis;",
		good: "CREATE EXTENSION IF NOT EXISTS pgcrypto;"
	},
	check: (context) => context.statements.flatMap((statement) => {
		const name = as(statement.node, "CreateExtensionStmt")?.extname;
		if (name === void 0 || trusted.has(name)) return [];
		return [{
			statement,
			severity: "notice",
			message: `Creates the extension ${quoted(name)}: it fails unless the role that migrates is a superuser or the service allows it.`,
			why: "It is not among the extensions that PostgreSQL itself marks as trusted, and its files have to be installed on the server.",
			instead: [
				"-- what must come out with one row, on the server of production",
				`SELECT name, default_version, installed_version FROM pg_available_extensions WHERE name = '${name.replaceAll("'", "''")}';`,
				"-- once, as an administrator",
				`CREATE EXTENSION IF NOT EXISTS ${quoted(name)};`
			].join("\n")
		}];
	})
};
const trusted = new Set("plpgsql btree_gin btree_gist citext cube dict_int fuzzystrmatch hstore intarray isn lo ltree pg_trgm pgcrypto seg tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp".split(" "));
// src/rules/create-index-blocks-writes/rule.ts
const rule$25 = {
	id: "create-index-blocks-writes",
	title: "Creating an index blocks writes to the table until it is built",
	group: "lock",
	documentation: {
		summary: "CREATE INDEX reads the whole table under SHARE: reads go on, every INSERT, UPDATE and DELETE waits. CONCURRENTLY takes longer and blocks nobody; it must stand alone in its migration, and when it fails it leaves an invalid index to drop.",
		bad: "CREATE INDEX \"Post_authorId_idx\" ON \"Post\" (\"authorId\");",
		good: "CREATE INDEX CONCURRENTLY \"Post_authorId_idx\" ON \"Post\" (\"authorId\");"
	},
	growsWithTable: true,
	check: (context) => changesOf(context, "create-index").flatMap(({ statement, change }) => {
		const { index } = change;
		if (statement.kind !== "IndexStmt" || change.concurrently || !isInUse(index.table, statement, context)) return [];
		if (!statement.effects.scans.includes(index.table) && !statement.effects.scans.some((table) => table !== index.table)) return [];
		const table = relation(index.table, context);
		const name = quoted(splitName(index.name).name);
		const fails = index.unique ? " It also fails if two rows have the same values." : "";
		return [{
			statement,
			relation: index.table,
			severity: "warning",
			message: `Creates the index ${name}: every write to ${table} waits until it is built.`,
			why: `The lock (SHARE) is held while the whole table is read and until the transaction ends; writers queue behind it.${fails}`,
			instead: [
				"-- alone in a migration of its own: builds while everybody works on",
				`${concurrently(statement.sql)};`,
				"-- only if that failed: it leaves an invalid index behind, to be dropped before the next attempt",
				`DROP INDEX CONCURRENTLY IF EXISTS ${relation(index.name, context)};`
			].join("\n")
		}];
	})
};
function concurrently(sql) {
	for (const token of tokens(sql)) {
		if (token.kind !== "word" || sql.slice(token.start, token.end).toUpperCase() !== "INDEX") continue;
		return `${sql.slice(0, token.end)} CONCURRENTLY${sql.slice(token.end)}`;
	}
	return sql;
}
// src/rules/disable-trigger/rule.ts
const rule$24 = {
	id: "disable-trigger",
	title: "While a trigger is disabled, nobody checks what it checks",
	group: "constraint",
	documentation: {
		summary: "DISABLE TRIGGER ALL also switches off the triggers that keep foreign keys, and none of it is made up for when they are enabled again: a row without its parent stays. Where it is not enabled again in the same transaction, the writes of the running release go unchecked too.",
		bad: "ALTER TABLE \"User\" DISABLE TRIGGER ALL;",
		good: "ALTER TABLE \"User\" ENABLE TRIGGER ALL;"
	},
	check: (context) => context.statements.flatMap((statement) => allOf(as(statement.node, "AlterTableStmt")?.cmds, "AlterTableCmd").flatMap((command, clause) => {
		if (command.subtype === void 0 || !disabling.has(command.subtype)) return [];
		const table = statement.effects.locks[0]?.relation;
		if (table === void 0 || !isInUse(table, statement, context)) return [];
		const all = command.subtype === "AT_DisableTrigAll";
		const name = relation(table, context);
		const which = all ? "ALL" : command.subtype === "AT_DisableTrigUser" ? "USER" : quoted(command.name ?? "");
		const again = enabledAgain(table, statement.index, context);
		if (again && !all) return [];
		return [{
			statement,
			clause,
			severity: "warning",
			message: `Switches ${all ? "all triggers and foreign keys" : which === "USER" ? "the triggers" : `the trigger ${which}`} of ${name} off${again ? "" : " and not on again"}: rows written meanwhile are not checked.`,
			why: `Enabling ${all ? "them" : "it"} again checks nothing that was written before${again ? "" : ", and the writes of the running release go unchecked from now on"}.`,
			instead: `BEGIN;\nALTER TABLE ${name} DISABLE TRIGGER ${all ? "USER" : which};\n-- only what needs it\nALTER TABLE ${name} ENABLE TRIGGER ${all ? "USER" : which};\nCOMMIT;`
		}];
	}))
};
const disabling = /* @__PURE__ */ new Set([
	"AT_DisableTrig",
	"AT_DisableTrigAll",
	"AT_DisableTrigUser"
]);
function enabledAgain(table, after, context) {
	return context.statements.slice(after + 1).some((later) => later.effects.locks.some((lock) => lock.relation === table) && allOf(as(later.node, "AlterTableStmt")?.cmds, "AlterTableCmd").some((one) => one.subtype?.startsWith("AT_Enable")));
}
// src/rules/drop-default/rule.ts
const rule$23 = {
	id: "drop-default",
	title: "Without its sequence a required column is left empty by inserts of the running release",
	group: "application-compatibility",
	documentation: {
		summary: "Prisma Client sends most defaults itself, but leaves `autoincrement()` to the database. Taking the sequence away from a required column makes every insert of the running release fail, because it sends no value for it.",
		bad: "ALTER TABLE \"Ticket\" ALTER COLUMN \"number\" DROP DEFAULT;",
		good: "ALTER TABLE \"Order\" ALTER COLUMN \"total\" DROP DEFAULT;"
	},
	judges: ({ running }) => running === void 0,
	check: (context) => context.running !== void 0 ? [] : changesOf(context, "alter-column").flatMap((located) => remark$9(located, context))
};
function remark$9({ statement, change }, context) {
	const { known, table, set } = change;
	if (set.hasDefault !== false || known?.sequence === void 0 || !known.notNull) return [];
	if (!isInUse(table, statement, context)) return [];
	const after = context.catalogAfter.relations.get(table);
	const left = after?.kind === "table" ? after.columns.get(change.name) : void 0;
	if (left === void 0 || left.hasDefault || !left.notNull) return [];
	const name = relation(table, context);
	const column = quoted(change.name);
	return [{
		statement,
		clause: change.clause,
		severity: "warning",
		message: `Takes the sequence from ${column} of ${name}: every insert of the running release into ${name} fails.`,
		why: "It leaves the value to the database (`autoincrement()`), which has none any more, and the column is required.",
		instead: ["-- release first an application that sends the value itself, and keep until then", `ALTER TABLE ${name} ALTER COLUMN ${column} SET DEFAULT nextval(${literal$1(relation(known.sequence, context))});`].join("\n")
	}];
}
// src/rules/drop-not-null/rule.ts
const rule$22 = {
	id: "drop-not-null",
	title: "The running release cannot read a row without a value in a field it requires",
	group: "application-compatibility",
	documentation: {
		summary: "DROP NOT NULL itself costs nothing. But Prisma Client of the release that is running has the field as required and refuses every result in which it is NULL (P2032), so the first row that the new release writes without a value breaks the instances that are not replaced yet, and a release that is rolled back.",
		bad: "ALTER TABLE \"Ticket\" ALTER COLUMN \"state\" DROP NOT NULL;",
		good: "ALTER TABLE \"User\" ADD COLUMN \"displayName\" TEXT;"
	},
	check: (context) => changesOf(context, "alter-column").flatMap((located) => remark$8(located, context))
};
function remark$8({ statement, change }, context) {
	if (change.set.notNull !== false || !isInUse(change.table, statement, context)) return [];
	if (change.known?.notNull === false || change.known?.createdBy === context.migration) return [];
	const after = context.catalogAfter.relations.get(change.table);
	const left = after?.kind === "table" ? after.columns.get(change.name) : void 0;
	if (after?.kind === "table" && after.columnsKnown && left?.notNull !== false) return [];
	if (optionalIn(context, change.table, change.name)) return [];
	const name = relation(change.table, context);
	const column = quoted(change.name);
	return [{
		statement,
		clause: change.clause,
		severity: "notice",
		message: `Allows ${column} of ${name} to be empty: the running release fails on every row that has no value there.`,
		why: "Its Prisma Client has the field as required and refuses the whole result (P2032) when one row has NULL.",
		instead: `Release this with an application that reads ${column} as optional, and let it write NULL only in the release after that.`
	}];
}
function optionalIn({ running }, table, column) {
	if (running === void 0 || running.schema.problems.length > 0) return false;
	return !fieldsOfColumn(running.schema, table, column).some(({ field }) => field.required);
}
// src/rules/grant-to-public/rule.ts
const rule$21 = {
	id: "grant-to-public",
	title: "A grant to PUBLIC is for every role there is and will be",
	group: "security",
	documentation: {
		summary: "PUBLIC is every role of the server, also the ones created later and those that other applications sign in with. A grant to PUBLIC therefore shows or opens the object to all of them. Name the roles that need it, or a group role.",
		bad: "GRANT SELECT ON \"User\" TO PUBLIC;",
		good: "GRANT SELECT ON \"User\" TO reporting;"
	},
	check: (context) => context.statements.flatMap((statement) => {
		const grant = as(statement.node, "GrantStmt") ?? as(statement.node, "AlterDefaultPrivilegesStmt")?.action;
		if (grant?.is_grant !== true || !toPublic(grant)) return [];
		const later = statement.kind === "AlterDefaultPrivilegesStmt";
		return [{
			statement,
			severity: "warning",
			message: `Grants ${privilegesOf(grant)} on ${later ? "everything created from now on" : objectsOf(grant)} to PUBLIC: every role of the server has it, also those created later.`,
			why: "Nothing that is granted to PUBLIC can be kept from a single role, because there is no way to deny what PUBLIC has.",
			instead: `${statement.sql.replace(/\bto\s+(.*\s*,\s*)?public\b/i, "TO application")};`
		}];
	})
};
function toPublic(grant) {
	return (grant.grantees ?? []).some((one) => as(one, "RoleSpec")?.roletype === "ROLESPEC_PUBLIC");
}
function privilegesOf(grant) {
	const names = (grant.privileges ?? []).map((one) => (as(one, "AccessPriv")?.priv_name ?? "all").toUpperCase());
	return names.length === 0 ? "all privileges" : names.join(", ");
}
function objectsOf(grant) {
	const names = (grant.objects ?? []).map((object) => {
		const range = as(object, "RangeVar");
		return (range === void 0 ? nameParts(object) : rangeVarParts(range)).map(quoted).join(".");
	});
	if (grant.targtype === "ACL_TARGET_ALL_IN_SCHEMA") return `everything in ${names.join(", ")}`;
	return names.every((name) => name !== "") ? names.join(", ") : kindOf(grant.objects?.[0]);
}
// src/rules/hidden-invalid-index/rule.ts
const rule$20 = {
	id: "hidden-invalid-index",
	title: "IF NOT EXISTS takes an invalid index for the one that is wanted",
	group: "lock",
	documentation: {
		summary: "CREATE INDEX CONCURRENTLY that fails leaves an invalid index behind: no query uses it, and a unique one does not keep duplicates out. With IF NOT EXISTS the next attempt finds the name taken and succeeds without building anything, and nobody learns that there is no index. Dropping what may be left first makes the attempt honest.",
		bad: "CREATE INDEX CONCURRENTLY IF NOT EXISTS \"User_name_idx\" ON \"User\" (\"name\");",
		good: "CREATE INDEX CONCURRENTLY \"User_name_idx\" ON \"User\" (\"name\");"
	},
	check: (context) => changesOf(context, "create-index").flatMap(({ statement, change }) => {
		const node = as(statement.node, "IndexStmt");
		if (node?.concurrent !== true || !change.ifNotExists || node.idxname === void 0) return [];
		const { index } = change;
		if (context.statements.some((one) => one.changes.some((other) => other.kind === "drop-index" && other.name === index.name))) return [];
		const name = relation(index.name, context);
		return [{
			statement,
			severity: "notice",
			message: `Skips ${name} if an index of that name exists, also an invalid one that a failed attempt left behind.`,
			why: `An invalid index answers no query${index.unique ? ", keeps no duplicates out" : ""} and still slows down every write; the migration counts as applied all the same.`,
			instead: [
				"-- what must come out empty",
				`SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid AND indexrelid = to_regclass(${literal$1(quotedRelation(index.name, ""))});`,
				"-- else alone in a migration before this one",
				`DROP INDEX CONCURRENTLY IF EXISTS ${name};`
			].join("\n")
		}];
	})
};
// src/rules/transactions.ts
function transactionsOf(context) {
	const oneByOne = context.execution?.kind === "split";
	const groups = [];
	let current = [];
	let explicit = false;
	const close = () => {
		if (current.length > 0) groups.push(current);
		current = [];
	};
	for (const statement of context.statements) {
		const edge = edgeOf(statement);
		if (edge === void 0) {
			current.push(statement);
			if (oneByOne && !explicit) close();
			continue;
		}
		if (edge === "end" || oneByOne) close();
		explicit = edge === "begin";
	}
	close();
	return groups;
}
function edgeOf(statement) {
	switch (as(statement.node, "TransactionStmt")?.kind) {
		case "TRANS_STMT_BEGIN":
		case "TRANS_STMT_START": return "begin";
		case "TRANS_STMT_COMMIT":
		case "TRANS_STMT_ROLLBACK":
		case "TRANS_STMT_PREPARE": return "end";
		default: return;
	}
}
// src/rules/lock-held-during-work/rule.ts
const rule$19 = {
	id: "lock-held-during-work",
	title: "A lock that stops others is held while rows are worked on",
	group: "lock",
	documentation: {
		summary: "A lock is held until the transaction ends, however short the statement was that took it. An ALTER TABLE that takes an instant therefore stops everybody for as long as an UPDATE, a DELETE or a validation takes that follows it in the same transaction. In a migration of its own the long work stops nobody.",
		bad: "ALTER TABLE \"User\" ADD COLUMN \"active\" BOOLEAN;\nUPDATE \"User\" SET \"active\" = true;",
		good: "ALTER TABLE \"User\" ADD COLUMN \"active\" BOOLEAN DEFAULT true;"
	},
	check: (context) => transactionsOf(context).flatMap((statements) => inTransaction$1(statements, context))
};
function inTransaction$1(statements, context) {
	const first = firstWorkUnderLock(statements, context);
	return first === void 0 ? [] : [remark$7(first, statements, context)];
}
function firstWorkUnderLock(statements, context) {
	const held = [];
	for (const statement of statements) {
		const table = workOf(statement, context);
		const worst = held.find((lock) => lock.reads) ?? held[0];
		if (table !== void 0 && worst !== void 0) return {
			statement,
			table,
			held: worst
		};
		for (const { relation: locked } of statement.effects.locks) {
			if (!blocksWrites$1(locked, statement) || !isInUse(locked, statement, context)) continue;
			if (context.catalogBefore.relations.get(locked)?.kind === "index") continue;
			held.push({
				table: locked,
				by: statement,
				reads: blocksReads(locked, statement)
			});
		}
	}
}
function workOf(statement, context) {
	const { effects, kind } = statement;
	const worked = (table) => isInUse(table, statement, context);
	const lockedFor = (mode) => effects.locks.find((lock) => lock.mode === mode && worked(lock.relation))?.relation;
	switch (kind) {
		case "UpdateStmt":
		case "DeleteStmt":
		case "MergeStmt": return lockedFor("RowExclusiveLock");
		case "InsertStmt":
		case "CreateTableAsStmt": return lockedFor("AccessShareLock");
		case "AlterTableStmt": return statement.changes.some((change) => change.kind === "validate-constraint") ? effects.scans.find(worked) : void 0;
		default: return;
	}
}
function remark$7({ statement, table: work, held: { table, by, reads } }, statements, context) {
	const blocked = relation(table, context);
	const later = statements.slice(statements.indexOf(statement) + 1).length;
	return {
		statement,
		relation: work,
		severity: "warning",
		message: `Goes through the rows of ${relation(work, context)} while line ${by.range.line} holds its lock: nobody can ${reads ? "read or write" : "write"} ${blocked} until that is done.`,
		why: "Both are in one transaction, which gives back its locks only at its end; every query that arrives meanwhile queues behind them.",
		instead: [`-- this migration ends before line ${statement.range.line}; in the next one${later > 0 ? ", with what follows" : ""}`, `${statement.sql};`].join("\n")
	};
}
// src/rules/migration-history/rule.ts
const rule$18 = {
	id: "migration-history",
	title: "A migration changes the record of which migrations are applied",
	group: "irreversible",
	documentation: {
		summary: "Prisma keeps in `_prisma_migrations` what is applied. A migration that writes into it or drops it makes Prisma run migrations again, or never, on some databases and not on others. Corrections belong to `prisma migrate resolve`.",
		bad: "DELETE FROM \"_prisma_migrations\" WHERE migration_name = '20240101000000_init';",
		good: "SELECT migration_name FROM \"_prisma_migrations\";"
	},
	check: (context) => context.statements.flatMap((statement) => {
		if (statement.effects.locks.find(({ relation, mode }) => splitName(relation).name === "_prisma_migrations" && mode !== "AccessShareLock") === void 0) return [];
		return [{
			statement,
			severity: "error",
			message: "Changes \"_prisma_migrations\", the record of which migrations are applied: later deploys skip migrations or run them again.",
			why: "Prisma writes into that table while this migration runs, and decides by it alone what is pending.",
			instead: "Correct the record with `prisma migrate resolve --applied NAME` or `--rolled-back NAME`, on the database that needs it."
		}];
	})
};
// src/rules/non-atomic-migration/rule.ts
const rule$17 = {
	id: "non-atomic-migration",
	title: "If this migration fails half-way, its first half stays",
	group: "transaction",
	documentation: {
		summary: "From Prisma 7.4 on the statements of a file are sent one by one and each commits on its own. When one fails, those before it stay, and the file can neither be run again nor counts as applied. An explicit BEGIN and COMMIT makes the file whole again, unless it contains something that cannot run in a transaction, which belongs in a file of its own.",
		bad: "ALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;\nUPDATE \"User\" SET \"nickname\" = \"name\";",
		good: "BEGIN;\nALTER TABLE \"User\" ADD COLUMN \"nickname\" TEXT;\nUPDATE \"User\" SET \"nickname\" = \"name\";\nCOMMIT;"
	},
	check: (context) => {
		const { execution } = context;
		if (execution === void 0 || execution.atomic) return [];
		const matter = context.statements.filter(leavesSomething);
		const [first, second] = matter;
		if (first === void 0 || second === void 0) return [];
		return [{
			statement: second,
			severity: matter.some((statement) => statement.effects.locks.length > 0 || statement.effects.loses.length > 0) ? "warning" : "notice",
			message: `If this statement or one after it fails, what line ${first.range.line} did stays: the ${matter.length} statements of the file are not one transaction.`,
			why: `${sentence(execution.because)} A file that is half applied cannot be run again as it is, and blocks every later deploy (P3009).`,
			instead: instead$2(context)
		}];
	}
};
function leavesSomething(statement) {
	return !(statement.kind === "TransactionStmt" || statement.kind === "VariableSetStmt") && (statement.changes.length > 0 || statement.effects.locks.length > 0 || statement.effects.unknown);
}
function sentence(text) {
	return /[.]$/.test(text) ? text : `${text}.`;
}
function instead$2(context) {
	const outside = context.statements.find(cannotRunInTransaction);
	if (outside !== void 0) return `Put line ${outside.range.line} into a migration of its own, because it cannot run in a transaction, and begin and end the rest of this file with\nBEGIN;\n…\nCOMMIT;`;
	return "BEGIN;\n-- the statements of this file, as they are\nCOMMIT;";
}
function cannotRunInTransaction(statement) {
	if (/\bconcurrently\b/i.test(statement.sql)) return [
		"IndexStmt",
		"DropStmt",
		"ReindexStmt",
		"AlterTableStmt"
	].includes(statement.kind);
	return statement.kind === "VacuumStmt" && !/^analyze/i.test(statement.sql);
}
// src/rules/rows-touched.ts
function rowsTouched(where, table, catalog) {
	if (where === void 0) return "all";
	const keys = keysOf(table, catalog);
	if (conjunctsOf(where).some((condition) => namesRows(condition, keys) || isLimited(condition))) return "few";
	return "matching";
}
function conjunctsOf(where) {
	const both = as(where, "BoolExpr");
	if (both?.boolop === "AND_EXPR") return (both.args ?? []).flatMap((one) => conjunctsOf(one));
	return where === void 0 ? [] : [where];
}
function columnNamed(node) {
	return strings(as(node, "ColumnRef")?.fields).at(-1);
}
function keysOf(name, catalog) {
	const keys = /* @__PURE__ */ new Set();
	const table = catalog.relations.get(name);
	const constraints = table?.kind === "table" ? table.constraints : [];
	for (const { kind, columns } of constraints) {
		const [only] = columns;
		if ((kind === "primary" || kind === "unique") && columns.length === 1 && only !== void 0) keys.add(only);
	}
	return table === void 0 ? /* @__PURE__ */ new Set(["id"]) : keys;
}
function namesRows(condition, keys) {
	const test = as(condition, "A_Expr");
	const column = columnNamed(test?.lexpr);
	if (test === void 0 || column === void 0 || !keys.has(column) || strings(test.name).at(-1) !== "=") return false;
	const right = as(test.rexpr, "List")?.items ?? (test.rexpr === void 0 ? [] : [test.rexpr]);
	return right.length > 0 && right.every((one) => isConstant(one));
}
function isConstant(node) {
	return as(node, "A_Const") !== void 0 || as(as(node, "TypeCast")?.arg, "A_Const") !== void 0;
}
function isLimited(condition) {
	for (const { kind, node } of walk(condition)) if (kind === "SelectStmt" && node.limitCount !== void 0) return true;
	return limits(as(condition, "SubLink")?.subselect);
}
function limits(query) {
	return as(query, "SelectStmt")?.limitCount !== void 0;
}
function assignments(targets) {
	return allOf(targets, "ResTarget").map(({ name, val }) => ({
		column: name ?? "",
		value: val
	}));
}
// src/rules/update-text.ts
function updateText(sql) {
	let depth = 0;
	let last = "";
	const at = {};
	for (const token of tokens(sql)) {
		const text = sql.slice(token.start, token.end);
		if (token.kind === "symbol") {
			if (text === "(" || text === "[") depth += 1;
			else if (text === ")" || text === "]") depth -= 1;
		}
		const word = token.kind === "word" ? text.toLowerCase() : "";
		if (last === "" && word !== "update") return void 0;
		if (depth === 0 && word === "returning") return void 0;
		if (depth === 0 && word === "from" && last !== "distinct") at.from ??= token;
		if (depth === 0 && word === "where") at.where ??= token;
		last = word === "" ? text : word;
	}
	const end = sql.length;
	return {
		head: sql.slice(0, at.from?.start ?? at.where?.start ?? end).trim(),
		from: at.from === void 0 ? void 0 : sql.slice(at.from.end, at.where?.start ?? end).trim(),
		where: at.where === void 0 ? void 0 : sql.slice(at.where.end).trim()
	};
}
// src/rules/overwrite-values/rule.ts
const rule$16 = {
	id: "overwrite-values",
	title: "Values that an UPDATE overwrites come back only from a backup",
	group: "irreversible",
	documentation: {
		summary: "An UPDATE that fills a new or an empty column can be undone. One that overwrites values cannot: what was there before is gone, and where several old values become the same new one no later UPDATE can tell them apart. A copy of the key and the old values costs one statement.",
		bad: "UPDATE \"User\" SET \"email\" = lower(\"email\");",
		good: "UPDATE \"User\" SET \"email\" = '' WHERE \"email\" IS NULL;"
	},
	check: (context) => context.statements.flatMap((statement) => remark$6(statement, context))
};
function remark$6(statement, context) {
	const node = as(statement.node, "UpdateStmt");
	const table = statement.effects.locks.find((lock) => lock.mode === "RowExclusiveLock")?.relation;
	if (node === void 0 || table === void 0 || !isInUse(table, statement, context)) return [];
	const touched = rowsTouched(node.whereClause, table, context.catalogBefore);
	if (touched === "few") return [];
	const filled = emptyBefore(node.whereClause);
	const columns = assignments(node.targetList).filter(({ column, value }) => !filled.has(column) && !keepsOld(value, column) && hadValues(table, column, context)).map(({ column }) => column);
	if (columns.length === 0) return [];
	const name = relation(table, context);
	const key = keyOf(table, context.catalogBefore);
	const kept = suffixed(table, "before", context);
	const every = touched === "all";
	return [{
		statement,
		severity: "warning",
		message: `Overwrites ${listed(columns.map(quoted))} in ${every ? "every row" : "rows"} of ${name}: only a backup brings the old values back.`,
		why: "Taking the migration back restores the structure, not the values, and from the new ones the old cannot be told.",
		instead: [
			"-- before it, a copy of what is overwritten",
			`CREATE TABLE ${kept} AS ${selection(statement, node, [.../* @__PURE__ */ new Set([...key, ...columns])], name)};`,
			`${statement.sql};`
		].join("\n")
	}];
}
function selection(statement, node, columns, name) {
	const text = updateText(statement.sql);
	const alias = node.relation?.alias?.aliasname;
	const target = alias === void 0 ? name : `${name} AS ${quoted(alias)}`;
	const owner = alias === void 0 ? name : quoted(alias);
	if (text === void 0) return `SELECT ${columnList(columns)} FROM ${name}`;
	return `SELECT ${columns.map((column) => `${owner}.${quoted(column)}`).join(", ")} FROM ${text.from === void 0 ? target : `${target}, ${text.from}`}${text.where === void 0 ? "" : ` WHERE ${text.where}`}`;
}
function emptyBefore(where) {
	const columns = /* @__PURE__ */ new Set();
	for (const condition of conjunctsOf(where)) {
		const test = as(condition, "NullTest");
		const column = test?.nulltesttype === "IS_NULL" ? columnNamed(test.arg) : void 0;
		if (column !== void 0) columns.add(column);
	}
	return columns;
}
function keepsOld(value, column) {
	const [first] = as(value, "CoalesceExpr")?.args ?? [];
	if (first !== void 0 && columnNamed(first) === column) return true;
	for (const { kind } of walk(value)) if (kind === "SetToDefault") return false;
	return columnNamed(value) === column;
}
function hadValues(table, column, context) {
	const known = context.catalogBefore.relations.get(table);
	if (known?.kind === "table" && known.columnsKnown) return known.columns.has(column);
	return !context.statements.some((one) => one.changes.some((change) => change.kind === "add-column" && change.table === table && change.column.name === column));
}
// src/rules/rename-as-drop-add/rule.ts
const rule$15 = {
	id: "rename-as-drop-add",
	title: "A rename that became DROP and ADD deletes the data",
	group: "destructive",
	documentation: {
		summary: "Prisma cannot know that a field or a model was renamed: it compares two schemas, sees that one is gone and another is new, and generates DROP and ADD. The data does not move over. Edit the migration so that it renames, or keep the old name in the database with `@map` and change nothing there.",
		bad: "ALTER TABLE \"User\" DROP COLUMN \"name\", ADD COLUMN \"fullName\" TEXT;",
		good: "ALTER TABLE \"User\" RENAME COLUMN \"name\" TO \"fullName\";"
	},
	check: (context) => [...renamedColumns(context).map((pair) => ofColumn(pair, context)), ...renamedTables(context).map((pair) => ofTable(pair, context))]
};
function ofColumn(pair, context) {
	const table = relation(pair.table, context);
	const from = quoted(pair.from);
	const to = quoted(pair.to);
	return {
		statement: pair.dropped.statement,
		clause: pair.dropped.statement.kind === "AlterTableStmt" ? pair.dropped.change.clause : void 0,
		severity: "error",
		message: `Drops ${from} of ${table} and adds ${to} of the same type: if that is a rename, this deletes the data of ${from}.`,
		why: "Prisma writes DROP and ADD for a renamed field, because it cannot tell a rename from two changes. The new column starts out empty.",
		instead: [`ALTER TABLE ${table} RENAME COLUMN ${from} TO ${to};`, `-- or leave the database as it is and rename in schema.prisma only: ${pair.to} … @map(${JSON.stringify(pair.from)})`].join("\n")
	};
}
function ofTable(pair, context) {
	const from = relation(pair.from, context);
	const to = relation(pair.to, context);
	return {
		statement: pair.dropped.statement,
		severity: "error",
		message: `Drops ${from} and creates ${to} with the same columns: if that is a rename, this deletes the data of ${from}.`,
		why: "Prisma writes DROP TABLE and CREATE TABLE for a renamed model, because it cannot tell a rename from two changes. The new table starts out empty.",
		instead: [
			`ALTER TABLE ${from} RENAME TO ${quoted(splitName(pair.to).name)};`,
			...renamedConstraints(pair, context),
			`-- or leave the database as it is and rename in schema.prisma only: @@map(${JSON.stringify(splitName(pair.from).name)})`
		].join("\n")
	};
}
function renamedConstraints(pair, context) {
	const [from, to] = [splitName(pair.from).name, splitName(pair.to).name];
	const moved = (name) => name.startsWith(`${from}_`) ? `${to}${name.slice(from.length)}` : void 0;
	const lines = [];
	for (const { name } of pair.before.constraints) {
		const target = moved(name);
		if (target !== void 0) lines.push(`ALTER TABLE ${relation(pair.to, context)} RENAME CONSTRAINT ${quoted(name)} TO ${quoted(target)};`);
	}
	for (const other of context.catalogBefore.relations.values()) {
		if (other.kind !== "index" || other.table !== pair.from) continue;
		const { name } = splitName(other.name);
		const target = moved(name);
		if (target === void 0 || pair.before.constraints.some((constraint) => constraint.name === name)) continue;
		lines.push(`ALTER INDEX ${relation(beside(pair.from, name), context)} RENAME TO ${quoted(target)};`);
	}
	return lines;
}
// src/rules/rename-column/rule.ts
const rule$14 = {
	id: "rename-column",
	title: "Renaming a column breaks the release that is running",
	group: "application-compatibility",
	documentation: {
		summary: "Prisma Client names every column of a model in each query, so the release that is running fails on the whole model as soon as one of its columns has another name. A field can have a new name and keep its column (`@map`), which needs no migration. Else a second column takes over step by step.",
		bad: "ALTER TABLE \"User\" RENAME COLUMN \"name\" TO \"fullName\";",
		good: "ALTER TABLE \"User\" ADD COLUMN \"fullName\" TEXT;"
	},
	judges: ({ running }) => running === void 0,
	check: (context) => context.running !== void 0 ? [] : changesOf(context, "rename-column").flatMap((located) => remark$5(located, context))
};
function remark$5({ statement, change }, context) {
	const { table, from, to } = change;
	if (!isInUse(table, statement, context)) return [];
	if (statement.changes.find((one) => one.kind === "rename-column") !== change) return [];
	const known = context.catalogBefore.relations.get(table);
	const column = known?.kind === "table" ? known.columns.get(from) : void 0;
	if (known?.kind === "table" && known.columnsKnown && column === void 0) return [];
	const name = relation(table, context);
	const [before, after] = [quoted(from), quoted(to)];
	const key = keyOf(table, context.catalogBefore);
	const type = column?.type === void 0 ? "…" : typeText(column.type, context);
	return [{
		statement,
		severity: "warning",
		message: `Renames ${before} of ${name} to ${after}: every query of the running release on ${name} fails from then on.`,
		why: "Prisma Client names all columns of a model in each query, also where the field itself is not used. A release that is rolled back would fail in the same way.",
		instead: [
			`-- without a migration: the field gets its new name in schema.prisma, with @map("${from}")`,
			"-- else a second column",
			`ALTER TABLE ${name} ADD COLUMN ${after} ${type};`,
			"-- release an application that writes both; then, repeated until no row is changed",
			`UPDATE ${name} SET ${after} = ${before} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${name} WHERE ${after} IS NULL AND ${before} IS NOT NULL LIMIT 5000);`,
			"-- in a later migration, once no release reads the old one",
			`ALTER TABLE ${name} DROP COLUMN ${before};`
		].join("\n")
	}];
}
// src/rules/rename-enum/rule.ts
const rule$13 = {
	id: "rename-enum",
	title: "Renaming an enum or one of its labels breaks the release that is running",
	group: "application-compatibility",
	documentation: {
		summary: "The release that is running sends the old label and the old type name with its queries, and does not know the new label when it reads one. In schema.prisma a label can have a new name and keep the old one in the database (`@map`), and so can the enum (`@@map`): neither needs a migration.",
		bad: "ALTER TYPE \"Role\" RENAME VALUE 'GUEST' TO 'VISITOR';",
		good: "ALTER TYPE \"Role\" ADD VALUE 'VISITOR';"
	},
	judges: ({ running }) => running === void 0,
	check: (context) => context.running !== void 0 ? [] : [...changesOf(context, "rename-label").flatMap((located) => ofLabel(located, context)), ...changesOf(context, "rename-type").flatMap((located) => ofType(located, context))]
};
const why = "Instances of the old release go on until the last one is replaced, and a release that is rolled back would fail in the same way.";
function isNew(type, context) {
	return changesOf(context, "create-type").some(({ change }) => change.type.name === type);
}
function ofLabel({ statement, change }, context) {
	if (isNew(change.type, context)) return [];
	const type = relation(change.type, context);
	const moves = [...context.catalogBefore.relations.values()].flatMap((table) => table.kind === "table" ? [...table.columns.values()].flatMap((column) => column.type?.name === change.type ? [{
		table: table.name,
		column: column.name
	}] : []) : []).map(({ table, column }) => `UPDATE ${relation(table, context)} SET ${quoted(column)} = ${literal$1(change.to)} WHERE ${quoted(column)} = ${literal$1(change.from)};`);
	return [{
		statement,
		severity: "warning",
		message: `Renames the label ${literal$1(change.from)} of ${type} to ${literal$1(change.to)}: the running release fails when it writes the old label or reads the new one.`,
		why,
		instead: [
			`-- without a migration: the label gets its new name in schema.prisma, with @map("${change.from}")`,
			"-- else a second label, alone in a migration",
			`ALTER TYPE ${type} ADD VALUE ${literal$1(change.to)};`,
			"-- release an application that reads both and writes the new one; then, in a later migration",
			...moves.length > 0 ? moves : ["-- an UPDATE for each column of the type"]
		].join("\n")
	}];
}
function ofType({ statement, change }, context) {
	if (isNew(change.from, context) || context.catalogAfter.types.has(change.from)) return [];
	return [{
		statement,
		severity: "warning",
		message: `Renames the type ${relation(change.from, context)} to ${relation(change.to, context)}: queries of the running release that name it fail from then on.`,
		why: `Prisma Client casts the values of an enum to its type by name. ${why}`,
		instead: `Give the enum its new name in schema.prisma and keep the type, with @@map("${splitName(change.from).name}"): no migration is needed.`
	}];
}
// src/rules/rename-schema/rule.ts
const rule$12 = {
	id: "rename-schema",
	title: "Renaming a schema breaks whoever still uses the old name",
	group: "application-compatibility",
	documentation: {
		summary: "Every table, type and function of the schema has another name from then on: queries of the running release fail, and a connection URL with `?schema=` finds nothing. It is a good last step for a schema that nobody uses any more.",
		bad: "ALTER SCHEMA shop RENAME TO store;",
		good: "CREATE SCHEMA store;"
	},
	judges: ({ running }) => running === void 0,
	check: (context) => context.running !== void 0 ? [] : changesOf(context, "rename-schema").flatMap(({ statement, change }) => {
		if (context.statements.some((one) => one.changes.some((other) => other.kind === "create-schema" && other.name === change.from))) return [];
		if (context.catalogAfter.schemas.has(change.from)) return [];
		return [{
			statement,
			severity: "warning",
			message: `Renames the schema ${quoted(change.from)} to ${quoted(change.to)}: every query that names something in ${quoted(change.from)} fails from then on.`,
			why: "That goes for the release that is running and for every connection URL and search_path with the old name.",
			instead: ["-- what is still used there; none of these may be needed by the release that is running", `SELECT relname, n_live_tup, seq_scan + coalesce(idx_scan, 0) AS reads FROM pg_stat_user_tables WHERE schemaname = '${change.from.replaceAll("'", "''")}';`].join("\n")
		}];
	})
};
// src/rules/rename-table/rule.ts
const rule$11 = {
	id: "rename-table",
	title: "Renaming a table breaks the release that is running",
	group: "application-compatibility",
	documentation: {
		summary: "From the moment a rename commits, every query with the old name fails, and the release that is running knows no other. A model can have a new name and keep its table (`@@map`), which needs no migration. Where the table itself has to be renamed, a view with the old name, made in the same transaction, keeps reads and writes of the old release working.",
		bad: "ALTER TABLE \"User\" RENAME TO \"Customer\";",
		good: "BEGIN;\nALTER TABLE \"User\" RENAME TO \"Customer\";\nCREATE VIEW \"User\" AS SELECT * FROM \"Customer\";\nCOMMIT;"
	},
	judges: ({ running }) => running === void 0,
	check: (context) => context.running !== void 0 ? [] : [...changesOf(context, "rename-table").flatMap((located) => remark$4(located, context)), ...changesOf(context, "rename-view").flatMap((located) => remark$4(located, context))]
};
function remark$4({ statement, change }, context) {
	const { from, to } = change;
	if (!isInUse(from, statement, context) || context.catalogAfter.relations.has(from)) return [];
	const before = relation(from, context);
	const after = relation(to, context);
	const table = context.catalogBefore.relations.get(from);
	const secured = table?.kind === "table" && table.rowSecurity ? " WITH (security_invoker = true)" : "";
	return [{
		statement,
		severity: "warning",
		message: `Renames ${before} to ${after}: every query of the running release on ${before} fails from then on.`,
		why: "Instances of the old release go on until the last one is replaced, and a release that is rolled back would fail in the same way.",
		instead: [
			`-- without a migration: the model gets its new name in schema.prisma, with @@map(${literal$1(splitName(from).name).replaceAll("'", "\"")})`,
			"-- else with a view under the old name, which takes reads and writes",
			"BEGIN;",
			`${statement.sql};`,
			`CREATE VIEW ${before}${secured} AS SELECT * FROM ${after};`,
			"COMMIT;",
			"-- in a later migration, once no release uses the old name",
			`DROP VIEW ${before};`
		].join("\n")
	}];
}
// src/rules/row-security-off/rule.ts
const rule$10 = {
	id: "row-security-off",
	title: "Rows that a policy kept from a role become visible, or invisible",
	group: "security",
	documentation: {
		summary: "DISABLE ROW LEVEL SECURITY shows every row to every role with a grant on the table, at once and to the release that is running. Dropping a policy takes away what it allowed, or, if it was restrictive, what it forbade. A policy that is replaced belongs in one transaction with its successor.",
		bad: "ALTER TABLE \"User\" DISABLE ROW LEVEL SECURITY;",
		good: "ALTER POLICY own_rows ON \"User\" USING (id = 1);"
	},
	check: (context) => context.statements.flatMap((statement) => [...switchedOff(statement, context), ...dropped$1(statement, context)])
};
function switchedOff(statement, context) {
	return allOf(as(statement.node, "AlterTableStmt")?.cmds, "AlterTableCmd").flatMap((command, clause) => {
		const off = command.subtype === "AT_DisableRowSecurity";
		if (!off && command.subtype !== "AT_NoForceRowSecurity") return [];
		const table = statement.effects.loses.find((loss) => loss.kind === "policy")?.name.replace(/ row level security$/, "");
		if (table === void 0) return [];
		const after = context.catalogAfter.relations.get(table);
		if (off && after?.kind === "table" && after.rowSecurity) return [];
		const name = relation(table, context);
		return [{
			statement,
			clause,
			severity: "warning",
			message: off ? `Switches row level security of ${name} off: every role with a grant on ${name} sees and changes all of its rows.` : `Frees the owner of ${name} from its policies: whoever signs in as the owner sees and changes all of its rows.`,
			why: off ? "The policies stay and do nothing. It takes effect at once, also for the release that is running." : "Applications often sign in with the role that also migrates, which is the owner.",
			instead: ["-- to let one role see more, a policy for it instead", `CREATE POLICY reporting_reads ON ${name} FOR SELECT TO reporting USING (true);`].join("\n")
		}];
	});
}
function dropped$1(statement, context) {
	if (as(statement.node, "DropStmt")?.removeType !== "OBJECT_POLICY") return [];
	const lost = statement.effects.loses.filter((loss) => loss.kind === "policy").map((loss) => columnOf(loss.name));
	const remarks = [];
	for (const { table, column: policy } of lost) {
		const after = context.catalogAfter.relations.get(table);
		if (after?.kind === "table" ? after.policies.includes(policy) : context.catalogBefore.relations.has(table)) continue;
		if (replaced(table, policy, statement, context)) continue;
		const name = relation(table, context);
		const left = after?.kind === "table" ? after.policies : void 0;
		remarks.push({
			statement,
			severity: "warning",
			message: `Drops the policy ${quoted(policy)} of ${name}: ${left?.length === 0 ? `no policy is left, so that nobody but the owner sees a row` : "what it allowed is refused, and what it forbade, if it was restrictive, is allowed"}.`,
			why: `It takes effect at once, also for the release that is running.${left !== void 0 && left.length > 0 ? ` What is left: ${listed(left.map(quoted))}.` : ""}`,
			instead: ["-- what the policy says, to write its successor in the same transaction", `SELECT permissive, roles, cmd, qual, with_check FROM pg_policies WHERE policyname = '${policy.replaceAll("'", "''")}';`].join("\n")
		});
	}
	return remarks;
}
function replaced(table, policy, statement, context) {
	return context.statements.some((other) => other.changes.some((change) => change.kind === "add-policy" && change.table === table && (change.name === policy || other.index > statement.index)));
}
// src/rules/security-definer-search-path/rule.ts
const rule$9 = {
	id: "security-definer-search-path",
	title: "A SECURITY DEFINER function finds its tables where its caller says",
	group: "security",
	documentation: {
		summary: "A SECURITY DEFINER function runs with the rights of its owner, but with the search_path of whoever calls it. A caller who may create objects anywhere can put a table or function of the same name in front, and the function uses it with the rights of the owner. A search_path of its own closes that (manual, CREATE FUNCTION, \"Writing SECURITY DEFINER Functions Safely\").",
		bad: "CREATE FUNCTION total() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM \"User\"';",
		good: "CREATE FUNCTION total() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT count(*) FROM \"User\"';"
	},
	check: (context) => context.statements.flatMap((statement) => remark$3(statement, context))
};
function remark$3(statement, context) {
	const created = as(statement.node, "CreateFunctionStmt");
	const altered = as(statement.node, "AlterFunctionStmt");
	const options = allOf(created?.options ?? altered?.actions, "DefElem");
	const named = created === void 0 ? altered?.func?.objname ?? [] : created.funcname ?? [];
	if (!options.some((one) => one.defname === "security" && as(one.arg, "Boolean")?.boolval === true)) return [];
	if (created?.sql_body !== void 0 || options.some(setsPath)) return [];
	const name = strings(named);
	if (context.statements.some((other) => setsPathOf(name, other))) return [];
	const shown = name.map(quoted).join(".");
	const types = created === void 0 ? "" : typesOf(created);
	return [{
		statement,
		severity: "warning",
		message: `Lets ${shown} run with the rights of its owner and the search_path of its caller: a caller can make it use other tables and functions.`,
		why: "Names without a schema are looked up where the caller says, temporary tables first, and used with the rights of the owner.",
		instead: `ALTER FUNCTION ${shown}${types} SET search_path = ${quoted(context.schema)}, pg_temp;`
	}];
}
function setsPath(option) {
	const set = option.arg?.VariableSetStmt;
	return option.defname === "set" && set?.name === "search_path";
}
function setsPathOf(name, statement) {
	const altered = as(statement.node, "AlterFunctionStmt");
	if (altered === void 0 || strings(altered.func?.objname).at(-1) !== name.at(-1)) return false;
	return allOf(altered.actions, "DefElem").some(setsPath);
}
function typesOf(created) {
	const parameters = allOf(created.parameters, "FunctionParameter").filter((one) => one.mode !== "FUNC_PARAM_TABLE" && one.mode !== "FUNC_PARAM_OUT");
	const types = parameters.map((one) => strings(one.argType?.names).filter((part) => part !== "pg_catalog").map(quoted).join("."));
	return parameters.some((one) => (one.argType?.arrayBounds ?? []).length > 0) ? "" : `(${types.join(", ")})`;
}
// src/rules/server-wide-statement/rule.ts
const rule$8 = {
	id: "server-wide-statement",
	title: "Roles, databases and server settings are outside of what a backup of the database holds",
	group: "irreversible",
	documentation: {
		summary: "Roles, databases, tablespaces and ALTER SYSTEM belong to the whole server: other databases on it are affected, a dump of this database does not contain them, and restoring it does not take them back. Managed services mostly refuse them. They belong in the tool that sets up the server.",
		bad: "CREATE ROLE reporting LOGIN SUPERUSER;",
		good: "GRANT SELECT ON \"User\" TO reporting;"
	},
	check: (context) => context.statements.flatMap((statement) => {
		const what = whatOf(statement);
		if (what === void 0) return [];
		return [{
			statement,
			severity: what.severity,
			message: `${what.message} on the whole server, for all of its databases.`,
			why: "It is not part of a backup of this database, and neither an undo nor a restore takes it back. The role that migrates rarely may do it.",
			instead: "Do it where the server is set up (its provisioning code, or once by hand as an administrator), and grant in the migration only what the roles may do here."
		}];
	})
};
function whatOf({ node }) {
	const created = as(node, "CreateRoleStmt");
	const altered = as(node, "AlterRoleStmt");
	const role = created?.role ?? altered?.role?.rolename;
	if (role !== void 0) {
		const power = allOf(created?.options ?? altered?.options, "DefElem").filter((one) => one.defname === "superuser" || one.defname === "bypassrls").filter((one) => as(one.arg, "Boolean")?.boolval === true).length > 0 ? ", with rights that no grant and no policy limits," : "";
		return {
			message: `${created === void 0 ? "Changes" : "Creates"} the role ${quoted(role)}${power}`,
			severity: "warning"
		};
	}
	if (as(node, "DropRoleStmt") !== void 0) return {
		message: "Drops a role",
		severity: "warning"
	};
	const database = as(node, "DropdbStmt")?.dbname;
	if (database !== void 0) return {
		message: `Drops the database ${quoted(database)} with everything in it`,
		severity: "error"
	};
	const made = as(node, "CreatedbStmt")?.dbname;
	if (made !== void 0) return {
		message: `Creates the database ${quoted(made)}`,
		severity: "warning"
	};
	const setting = as(node, "AlterSystemStmt")?.setstmt?.name;
	if (as(node, "AlterSystemStmt") !== void 0) return {
		message: `Changes the setting ${setting ?? "of every name"}`,
		severity: "warning"
	};
}
// src/rules/session-setting-stays/rule.ts
const rule$7 = {
	id: "session-setting-stays",
	title: "A setting goes on to the migrations after this one, or takes a protection away",
	group: "transaction",
	documentation: {
		summary: "Prisma runs all pending migrations in one session, so a SET without LOCAL holds for those after it too, and for the records that Prisma keeps. An emptied search_path (as pg_dump writes it) makes them miss their tables; session_replication_role = replica switches foreign keys and triggers off; lock_timeout = 0 lets a waiting statement queue every query behind it without end.",
		bad: "SET session_replication_role = 'replica';\nUPDATE \"User\" SET \"name\" = 'x' WHERE id = 1;",
		good: "SET lock_timeout = '2s';\nALTER TABLE \"User\" ADD COLUMN \"note\" TEXT;"
	},
	check: (context) => context.statements.flatMap((statement) => remark$2(statement, context))
};
function remark$2(statement, context) {
	const setting = settingOf(statement);
	if (setting === void 0) return [];
	const { name, value, local } = setting;
	if (name === "session_replication_role" && value !== "origin") return [{
		statement,
		severity: "warning",
		message: `Switches foreign keys and triggers off (session_replication_role = ${value}): rows written from here on are not checked${local || isReset(name, statement, context) ? "" : ", in the migrations after this one too"}.`,
		why: "PostgreSQL takes foreign keys for proven and never checks them again, so a row without its parent stays unnoticed. Only a superuser may set it.",
		instead: ["-- what has no parent, to be found before and after, for each foreign key", "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'f';"].join("\n")
	}];
	if (name === "lock_timeout" && /^0(\s*\w+)?$/.test(value)) return [{
		statement,
		severity: "warning",
		message: `Waits for locks without end (${name} = ${value}): while a statement waits, every query on its table queues behind it.`,
		why: "A lock that is waited for stops also those who come later, reads included; the time limit that the deploy sets is taken away by this.",
		instead: `-- the limit of the deploy holds without this line; another one for this file\nSET lock_timeout = '2s';`
	}];
	if (local || !matters.has(name) || isReset(name, statement, context)) return [];
	return [{
		statement,
		severity: "warning",
		message: `Sets ${name === "role" ? "the role" : name} for the session: the migrations after this one run with it too${name === "search_path" ? ", and do not find their tables where they expect them" : ""}.`,
		why: "Prisma runs all pending migrations, and writes its own records, in one session; SET lasts until the session ends.",
		instead: `RESET ${name};\n-- as the last statement of the file, or SET LOCAL between BEGIN and COMMIT`
	}];
}
const matters = /* @__PURE__ */ new Set([
	"search_path",
	"role",
	"session_authorization",
	"row_security",
	"default_transaction_read_only"
]);
function settingOf(statement) {
	const set = as(statement.node, "VariableSetStmt");
	if (set?.kind === "VAR_SET_VALUE") {
		const constant = as(set.args?.[0], "A_Const");
		const value = constant?.sval?.sval ?? String(constant?.ival?.ival ?? (constant?.ival === void 0 ? "" : 0));
		return {
			name: set.name ?? "",
			value,
			local: set.is_local === true
		};
	}
	const call = as(as(as(statement.node, "SelectStmt")?.targetList?.[0], "ResTarget")?.val, "FuncCall");
	if (call === void 0 || strings(call.funcname).at(-1) !== "set_config") return void 0;
	const [name, value, local] = (call.args ?? []).map((argument) => as(argument, "A_Const"));
	return {
		name: name?.sval?.sval ?? "",
		value: value?.sval?.sval ?? "",
		local: local?.boolval?.boolval === true
	};
}
function isReset(name, statement, context) {
	return context.statements.slice(statement.index + 1).some((later) => {
		const set = as(later.node, "VariableSetStmt");
		if (later.kind === "DiscardStmt" || set?.kind === "VAR_RESET_ALL") return true;
		return set?.name === name && (set.kind === "VAR_RESET" || set.kind === "VAR_SET_DEFAULT");
	});
}
// src/rules/set-not-null/rule.ts
const rule$6 = {
	id: "set-not-null",
	title: "SET NOT NULL stops reads and writes while every row is checked",
	group: "lock",
	documentation: {
		summary: "SET NOT NULL reads the whole table under ACCESS EXCLUSIVE and fails on the first row without a value. A CHECK that was added NOT VALID and validated while others work proves the same, and SET NOT NULL then reads nothing.",
		bad: "ALTER TABLE \"User\" ALTER COLUMN \"name\" SET NOT NULL;",
		good: "ALTER TABLE \"User\" ADD CONSTRAINT \"User_name_not_null\" CHECK (\"name\" IS NOT NULL) NOT VALID;"
	},
	growsWithTable: true,
	check: (context) => changesOf(context, "alter-column").flatMap(({ statement, change }) => {
		if (change.scans !== true || !isInUse(change.table, statement, context)) return [];
		const name = relation(change.table, context);
		const column = quoted(change.name);
		return [{
			statement,
			relation: change.table,
			clause: change.clause,
			severity: "warning",
			message: `Makes ${column} of ${name} required: nobody can read or write ${name} until every row has been checked, and it fails if one has no value.`,
			why: "The lock (ACCESS EXCLUSIVE) is taken before the rows are read and is held until the transaction ends. Inserts of the running release that leave the column out fail afterwards.",
			instead: [
				"-- what must come out zero",
				`SELECT count(*) FROM ${name} WHERE ${column} IS NULL;`,
				...requireSteps(name, change.name, change.table)
			].join("\n")
		}];
	})
};
// src/rules/table-rewrite/rule.ts
const rule$5 = {
	id: "table-rewrite",
	title: "The whole table is written anew while nobody can use it",
	group: "rewrite",
	documentation: {
		summary: "A new column with a default that differs from row to row (gen_random_uuid(), a serial, an identity, a stored expression) makes PostgreSQL write every row anew under ACCESS EXCLUSIVE; so do SET LOGGED, SET UNLOGGED, CLUSTER and VACUUM FULL. A constant default, and now(), costs nothing.",
		bad: "ALTER TABLE \"User\" ADD COLUMN \"token\" UUID NOT NULL DEFAULT gen_random_uuid();",
		good: "ALTER TABLE \"User\" ADD COLUMN \"token\" UUID;"
	},
	growsWithTable: true,
	check: (context) => context.statements.flatMap((statement) => remarks(statement, context))
};
function remarks(statement, context) {
	const tables = statement.effects.rewrites.filter((table) => isInUse(table, statement, context));
	const emptied = statement.effects.loses.filter((loss) => loss.kind === "rows").map((loss) => loss.name);
	if (tables.every((table) => emptied.includes(table)) || statement.kind === "TruncateStmt" || statement.kind === "RefreshMatViewStmt") return [];
	if (statement.changes.some((change) => change.kind === "alter-column" && change.typeChange !== void 0)) return [];
	const columns = statement.changes.filter((change) => change.kind === "add-column" && change.filledBy !== "none" && change.filledBy !== "constant");
	if (columns.length > 0) return columns.map((change) => forColumn(statement, change, context));
	return [{
		statement,
		relation: tables.length === 1 ? tables[0] : void 0,
		severity: "warning",
		message: `Writes ${relations(tables, context)} anew: nobody can read or write ${tables.length > 1 ? "them" : "it"} until that is done.`,
		why: "The whole table and its indexes are copied under ACCESS EXCLUSIVE, which needs as much free disk again.",
		instead: "Run it when nobody uses the table, with a lock_timeout; where it is to win back space, pg_repack does it while everybody works on."
	}];
}
function forColumn(statement, change, context) {
	const table = relation(change.table, context);
	const column = quoted(change.column.name);
	const type = typeText(change.column.type, context);
	const sequence = relation(`${change.table}_${change.column.name}_seq`, context);
	const next = `nextval(${literal$1(sequence)})`;
	const filled = change.filledBy === "sequence" ? next : defaultText(clauseText(statement, change.clause));
	const key = keyOf(change.table, context.catalogBefore);
	const reason = change.filledBy === "none" || change.filledBy === "constant" ? "" : {
		volatile: `its default is evaluated for every row`,
		sequence: "every row gets its own number",
		generated: "its value is computed and stored for every row"
	}[change.filledBy];
	return {
		statement,
		clause: change.clause,
		relation: change.table,
		severity: "warning",
		message: `Adds ${column} to ${table} and writes the whole table anew: nobody can read or write ${table} meanwhile.`,
		why: `PostgreSQL cannot keep one value for all rows, because ${reason}; the lock (ACCESS EXCLUSIVE) is held until the transaction ends.`,
		instead: change.filledBy === "generated" ? [
			`ALTER TABLE ${table} ADD COLUMN ${column} ${type};`,
			"-- kept by the application or a trigger; then fill it, repeated until no row is changed",
			`UPDATE ${table} SET ${column} = … WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${table} WHERE ${column} IS NULL LIMIT 5000);`
		].join("\n") : [
			`ALTER TABLE ${table} ADD COLUMN ${column} ${type};`,
			...change.filledBy === "sequence" ? [`CREATE SEQUENCE ${sequence} OWNED BY ${table}.${column};`] : [],
			`ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${filled};`,
			"-- in the next migration, repeated until no row is changed",
			`UPDATE ${table} SET ${column} = ${filled} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${table} WHERE ${column} IS NULL LIMIT 5000);`
		].join("\n")
	};
}
function defaultText(clause) {
	return (/\bdefault\s+([\s\S]+)$/i.exec(clause)?.[1] ?? "DEFAULT").replace(/\s+(not\s+null|null|unique|primary\s+key|check|references|constraint)\b[\s\S]*$/i, "").trim();
}
// src/rules/table-without-row-security/rule.ts
const rule$4 = {
	id: "table-without-row-security",
	title: "A new table is open where the tables beside it are secured by row",
	group: "security",
	documentation: {
		summary: "Where tables of a schema have row level security, roles sign in that must not see every row. A new table starts without it, and default privileges often grant it to the same roles: all of its rows are open to them until somebody notices. The same goes for a policy on a table where row level security is not enabled: it does nothing.",
		bad: "ALTER TABLE \"User\" ENABLE ROW LEVEL SECURITY;\nCREATE TABLE \"Note\" (id INT PRIMARY KEY);",
		good: "ALTER TABLE \"User\" ENABLE ROW LEVEL SECURITY;\nCREATE TABLE \"Note\" (id INT PRIMARY KEY);\nALTER TABLE \"Note\" ENABLE ROW LEVEL SECURITY;"
	},
	check: (context) => [...openTables(context), ...idlePolicies(context)]
};
function openTables(context) {
	const created = changesOf(context, "create-table");
	if (created.length === 0) return [];
	const secured = /* @__PURE__ */ new Map();
	for (const table of context.catalogAfter.relations.values()) {
		if (table.kind !== "table" || !table.rowSecurity) continue;
		const { schema } = splitName(table.name);
		secured.set(schema, [...secured.get(schema) ?? [], table]);
	}
	return created.flatMap(({ statement, change }) => {
		const table = context.catalogAfter.relations.get(change.table.name);
		const beside = secured.get(splitName(change.table.name).schema) ?? [];
		if (table?.kind !== "table" || table.rowSecurity || table.parents.length > 0 || beside.length === 0) return [];
		const name = relation(table.name, context);
		return [{
			statement,
			severity: "warning",
			message: `Creates ${name} without row level security, which ${listed(beside.slice(0, 3).map((one) => relation(one.name, context)))}${beside.length > 3 ? " and others" : ""} beside it ${beside.length === 1 ? "has" : "have"}: every role with a grant sees all of its rows.`,
			why: "Default privileges may grant the new table to the roles that the policies of the other tables are for.",
			instead: [
				`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`,
				`-- without a policy only the owner sees a row`,
				`CREATE POLICY own_rows ON ${name} USING (current_setting('app.user_id', true) IS NOT NULL);`
			].join("\n")
		}];
	});
}
function idlePolicies(context) {
	return context.statements.flatMap((statement) => statement.changes.flatMap((change) => {
		if (change.kind !== "add-policy" || statement.kind !== "CreatePolicyStmt") return [];
		const table = context.catalogAfter.relations.get(change.table);
		if (table?.kind !== "table" || table.rowSecurity) return [];
		const name = relation(change.table, context);
		return [{
			statement,
			severity: "warning",
			message: `Creates a policy for ${name}, whose row level security is not enabled: the policy does nothing.`,
			why: "Policies are kept and ignored until row level security is enabled for the table.",
			instead: `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`
		}];
	}));
}
// src/rules/unknown-effect/rule.ts
const rule$3 = {
	id: "unknown-effect",
	title: "What this statement does cannot be told from the migration",
	group: "unknown",
	documentation: {
		summary: "SQL that is put together while it runs, functions and procedures whose bodies no migration contains, and tables that no migration created leave a part of the effect open. Airlock never takes that for harmless: somebody has to look, or a rehearsal on real data has to show it.",
		bad: "DO $$ DECLARE t text := current_setting('app.unused'); BEGIN EXECUTE format('DROP TABLE %I', t); END $$;",
		good: "ALTER TABLE \"User\" RENAME TO \"User_unused\";"
	},
	check: (context) => context.statements.filter((statement) => statement.effects.unknown).map((statement) => ({
		statement,
		severity: "warning",
		message: `What this statement does cannot be told: ${statement.effects.unknownBecause ?? "no reason was recorded"}.`,
		why: "A part that is not known is never counted as harmless: it may lock, rewrite or delete more than is listed.",
		instead: instead$1(statement)
	}))
};
function instead$1(statement) {
	switch (statement.kind) {
		case "DoStmt": return "Write the text that is computed as statements of the block or of the migration itself; IF EXISTS and IF NOT EXISTS often replace conditions.";
		case "InsertStmt":
		case "UpdateStmt":
		case "DeleteStmt":
		case "MergeStmt": return "Read the functions and triggers that it calls, then let the rehearsal on a copy of the data show what they do.";
		case "AlterTableStmt":
		case "DropStmt": return "Put a migration that creates the missing objects in front, as a baseline (`prisma migrate diff --from-empty … --script`), so that their keys and types are known.";
		default: return "Let the rehearsal on a copy of the data show what it does before it is approved.";
	}
}
// src/rules/unlogged-table/rule.ts
const rule$2 = {
	id: "unlogged-table",
	title: "An UNLOGGED table is empty after a crash and on every replica",
	group: "destructive",
	documentation: {
		summary: "PostgreSQL does not write the rows of an UNLOGGED table to the write-ahead log: after a crash or a failover the table is empty, replicas never have its rows, and a physical backup restores it empty. That suits a cache and nothing else.",
		bad: "ALTER TABLE \"User\" SET UNLOGGED;",
		good: "ALTER TABLE \"User\" SET (fillfactor = 90);"
	},
	check: (context) => context.statements.flatMap((statement) => {
		if ((as(statement.node, "CreateStmt")?.relation)?.relpersistence === "u") {
			const made = statement.changes.find((change) => change.kind === "create-table");
			if (made?.kind !== "create-table") return [];
			const name = relation(made.table.name, context);
			return [{
				statement,
				severity: "notice",
				message: `Creates ${name} UNLOGGED: its rows are gone after a crash or a failover.`,
				why: "They are not in the write-ahead log, so neither recovery nor a replica nor a physical backup has them.",
				instead: `ALTER TABLE ${name} SET LOGGED;`
			}];
		}
		const clause = allOf(as(statement.node, "AlterTableStmt")?.cmds, "AlterTableCmd").findIndex((command) => command.subtype === "AT_SetUnLogged");
		const table = clause < 0 ? void 0 : statement.effects.locks[0]?.relation;
		if (table === void 0 || !isInUse(table, statement, context)) return [];
		const known = context.catalogBefore.relations.get(table);
		if (known?.kind === "table" && known.unlogged) return [];
		return [{
			statement,
			clause,
			severity: "error",
			message: `Makes ${relation(table, context)} UNLOGGED: all of its rows are gone after the next crash or failover, and on every replica at once.`,
			why: "They are no longer in the write-ahead log, so neither recovery nor a replica nor a physical backup has them.",
			instead: `-- to write less for a while, for this session only, and only where the last commits may be lost in a crash\nSET synchronous_commit = off;`
		}];
	})
};
// src/rules/update-all-rows/rule.ts
const rule$1 = {
	id: "update-all-rows",
	title: "One UPDATE of many rows keeps all of them locked until it is done",
	group: "lock",
	documentation: {
		summary: "Every row that an UPDATE changes stays locked until the transaction ends, is written anew in full with its index entries, and leaves a dead copy: the table can double. In batches of some thousand rows, each committed on its own, the application waits for none of it, and a failure loses one batch.",
		bad: "UPDATE \"User\" SET \"name\" = trim(\"name\");",
		good: "UPDATE \"User\" SET \"name\" = trim(\"name\") WHERE id IN (SELECT id FROM \"User\" WHERE \"name\" <> trim(\"name\") LIMIT 5000);"
	},
	growsWithTable: true,
	check: (context) => {
		const told = new Set(transactionsOf(context).filter((one) => firstWorkUnderLock(one, context) !== void 0).flat());
		return context.statements.flatMap((statement) => told.has(statement) ? [] : remark$1(statement, context));
	}
};
function remark$1(statement, context) {
	const node = as(statement.node, "UpdateStmt");
	if (node === void 0) return [];
	const table = statement.effects.locks.filter((lock) => lock.mode === "RowExclusiveLock")[0]?.relation;
	if (table === void 0 || !isInUse(table, statement, context)) return [];
	const touched = rowsTouched(node.whereClause, table, context.catalogBefore);
	if (touched === "few" || touched === "matching" && filters(node.whereClause)) return [];
	const name = relation(table, context);
	const key = keyOf(table, context.catalogBefore);
	return [{
		statement,
		relation: table,
		severity: "warning",
		message: touched === "all" ? `Changes every row of ${name} in one statement: whoever wants to change one waits until all are done.` : `Changes all rows of ${name} that match, in one statement: whoever wants to change one of them waits until all are done.`,
		why: "The rows stay locked until the transaction ends, and each leaves a dead copy in the table and in its indexes.",
		instead: batched(statement, name, key)
	}];
}
function filters(where) {
	return conjunctsOf(where).some((condition) => {
		const test = as(condition, "A_Expr");
		return test !== void 0 && (columnNamed(test.lexpr) === void 0 || columnNamed(test.rexpr) === void 0);
	});
}
function batched(statement, name, key) {
	const text = updateText(statement.sql);
	if (text === void 0 || text.from !== void 0) return `Take some thousand rows of ${name} at a time (${columnList(key)} between two values), each batch in a transaction of its own, by a job outside of the migration.`;
	const condition = text.where === void 0 ? "" : `(${text.where}) AND `;
	return ["-- by a job outside of the migration, each batch on its own, going on from the last key of the one before", `${text.head} WHERE ${condition}${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${name} WHERE ${rowOf(key)} > (…) ORDER BY ${columnList(key)} LIMIT 5000);`].join("\n");
}
// src/rules/use-new-enum-value/rule.ts
const rule = {
	id: "use-new-enum-value",
	title: "A label cannot be used in the transaction that adds it",
	group: "transaction",
	documentation: {
		summary: "PostgreSQL lets ALTER TYPE … ADD VALUE run in a transaction, but refuses every use of the label until that has been committed (55P04, unsafe use of new value). As a default, in an UPDATE or in an INSERT it makes the whole migration fail, so the label belongs in a migration of its own before.",
		bad: "ALTER TYPE \"Role\" ADD VALUE 'OWNER';\nALTER TABLE \"User\" ALTER COLUMN \"role\" SET DEFAULT 'OWNER';",
		good: "ALTER TYPE \"Role\" ADD VALUE 'OWNER';"
	},
	check: (context) => transactionsOf(context).flatMap((statements) => inTransaction(statements, context))
};
function inTransaction(statements, context) {
	const remarks = [];
	for (const [at, statement] of statements.entries()) for (const change of statement.changes) {
		if (change.kind !== "add-label" || madeBefore(change.type, statements.slice(0, at))) continue;
		const use = statements.slice(at + 1).find((later) => uses(later, change, context));
		if (use !== void 0) remarks.push(remark(statement, change, use, context));
	}
	return remarks;
}
function madeBefore(type, earlier) {
	return earlier.some(({ changes }) => changes.some((one) => one.kind === "create-type" && one.type.name === type));
}
function uses(statement, { type, label }, context) {
	if (statement.kind === "CreateFunctionStmt" || statement.kind === "AlterEnumStmt" || statement.kind === "CommentStmt") return false;
	let says = false;
	let names = false;
	const { schema, name } = splitName(type);
	for (const { kind, node } of walk(statement.node)) {
		if (kind === "A_Const") says = says || node.sval?.sval === label;
		if (kind === "RangeVar") names = names || hasColumnOf(type, `${node.schemaname ?? context.schema}.${node.relname}`, context);
	}
	if (!says) says = JSON.stringify(statement.node).includes(`"sval":{"sval":${JSON.stringify(label)}}`);
	if (!says) return false;
	return names || mentionsType(statement.node, schema, name) || touches(statement, type, context);
}
function hasColumnOf(type, table, context) {
	const before = context.catalogBefore.relations.get(table);
	const after = context.catalogAfter.relations.get(table);
	if (before === void 0 && after === void 0) return !context.catalogBefore.complete;
	return [before, after].some((one) => columnsOf$3(one).some((column) => column === type));
}
function columnsOf$3(relation) {
	return relation?.kind === "table" ? [...relation.columns.values()].map((column) => column.type?.name ?? "") : [];
}
function mentionsType(node, schema, name) {
	for (const { kind, node: inner } of walk({ node })) {
		const parts = kind === "TypeName" ? strings(inner.names) : typeNamesOf(inner);
		if (parts.at(-1) === name && (parts.length === 1 || parts.at(-2) === schema)) return true;
	}
	return false;
}
function typeNamesOf(node) {
	const type = node.typeName;
	return strings(type?.names);
}
function touches(statement, type, context) {
	return statement.effects.locks.some((lock) => hasColumnOf(type, lock.relation, context));
}
function remark(statement, { type, label }, use, context) {
	return {
		statement: use,
		severity: "error",
		message: `Uses the label ${literal$1(label)} of ${relation(type, context)} in the transaction that adds it (line ${statement.range.line}): the migration fails.`,
		why: "PostgreSQL refuses a new label until the transaction that added it is committed (55P04, unsafe use of new value).",
		instead: [
			"-- alone in a migration before this one",
			`${statement.sql};`,
			"-- what uses the label stays in this one",
			`${use.sql};`
		].join("\n")
	};
}
// src/rules/index.ts
const rules = [
	rule$39,
	rule$38,
	rule$37,
	rule$36,
	rule$35,
	rule$34,
	rule$33,
	rule$32,
	rule$31,
	rule$30,
	rule$29,
	rule$28,
	rule$27,
	rule$26,
	rule$25,
	rule$24,
	rule$23,
	rule$22,
	rule$21,
	rule$20,
	rule$19,
	rule$18,
	rule$17,
	rule$16,
	rule$15,
	rule$14,
	rule$13,
	rule$12,
	rule$11,
	rule$10,
	rule$9,
	rule$8,
	rule$7,
	rule$6,
	rule$5,
	rule$4,
	rule$3,
	rule$2,
	rule$1,
	rule
];
const ruleIds = rules.map((rule) => rule.id);
const documentationUrl = `https://github.com/airlock-deploy/airlock/blob/main/docs`;
// src/rules/judge.ts
function judge$1(context) {
	const permissions = permissionsIn(context, context.ruleIds).given;
	const used = /* @__PURE__ */ new Set();
	const findings = [];
	const allowed = [];
	for (const rule of rules) for (const remark of rule.check(context)) {
		const finding = findingOf(rule.id, remark, context);
		const permission = permissions.find((one) => one.rule === rule.id && one.statement === remark.statement);
		if (permission === void 0) findings.push(finding);
		else {
			used.add(permission);
			allowed.push(allowedOf(finding, permission.reason));
		}
	}
	for (const permission of permissions.filter((one) => !used.has(one) && isJudged(one.rule, context))) findings.push(...idle(permission, context).map((remark) => findingOf(ruleOfComments, remark, context)));
	const inOrder = (one, other) => one.line - other.line || one.column - other.column;
	return {
		findings: findings.toSorted(inOrder),
		allowed: allowed.toSorted((one, other) => one.line - other.line)
	};
}
function isJudged(id, context) {
	return rules.find((one) => one.id === id)?.judges?.(context) !== false;
}
function allowedOf({ rule, severity, migration, file, line, message }, reason) {
	return {
		rule,
		severity,
		migration,
		file,
		line,
		message,
		reason
	};
}
function findingOf(rule, remark, context) {
	const { line, column } = placeOf$1(remark, context);
	return {
		rule,
		severity: remark.severity,
		migration: context.migration,
		file: context.file,
		line,
		column,
		message: remark.message,
		why: remark.why,
		instead: remark.instead,
		docs: `${documentationUrl}/rules/${rule}.md`,
		...remark.relation === void 0 ? {} : { relation: remark.relation }
	};
}
function placeOf$1({ statement, clause, at }, context) {
	const { range } = statement;
	if (at !== void 0) return at;
	if (clause === void 0) return range;
	const found = clausesOf(statement.sql)[clause];
	if (found === void 0) return range;
	return context.source.atOffset(context.source.atByte(range.startByte).offset + found.start);
}
// src/sql/catalog/change.ts
function certainly(change) {
	return change.kind === "uncertain" ? certainly(change.change) : change;
}
// src/sql/effects/builtin-functions.ts
const steady = new Set("array_append array_cat array_prepend starts_with jsonb_concat jsonb_contains abbrev abs acos acosd acosh age any_value area array_agg array_dims array_fill array_length array_lower array_ndims array_position array_positions array_remove array_replace array_reverse array_sort array_to_json array_to_string array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d atand atanh avg bit bit_and bit_count bit_length bit_or bit_xor bool bool_and bool_or box bpchar btrim bytea cardinality casefold cbrt ceil ceiling center char char_length character_length chr cidr circle coalesce col_description concat concat_ws convert convert_from convert_to corr cos cosd cosh cot cotd count covar_pop covar_samp crc32 crc32c cume_dist current_database current_schema current_schemas current_setting current_user date date_add date_bin date_part date_subtract date_trunc datemultirange daterange daterange_canonical daterange_subdiff decode degrees dense_rank diagonal diameter div encode enum_first enum_last enum_range every exp extract factorial family first_value float8 floor format format_type gamma gcd generate_series generate_subscripts get_bit get_byte get_current_ts_config getdatabaseencoding getpgusername has_table_privilege height host hostmask icu_unicode_version initcap int2 int4 int4multirange int4range int4range_canonical int4range_subdiff int8 int8multirange int8range int8range_canonical int8range_subdiff interval is_normalized isclosed isempty isfinite ishorizontal isopen isparallel isperp isvertical json_agg json_agg_strict json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text json_object json_object_agg json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict json_object_keys json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_to_tsvector json_typeof jsonb_agg jsonb_agg_strict jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_insert jsonb_object jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_record_valid jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_to_tsvector jsonb_typeof justify_days justify_hours justify_interval lag last_value lcm lead left length lgamma like line ln log log10 lower lower_inc lower_inf lpad lseg ltrim macaddr macaddr8 make_date make_interval make_time make_timestamp make_timestamptz masklen max md5 min min_scale mod mode money multirange mxid_age name netmask network normalize now npoints nth_value ntile num_nonnulls num_nulls numeric nummultirange numnode numrange numrange_subdiff obj_description octet_length oid overlaps overlay parse_ident path percent_rank percentile_cont percentile_disc pg_backend_pid pg_column_size pg_get_constraintdef pg_get_expr pg_get_serial_sequence pg_get_viewdef pg_size_pretty pg_table_is_visible pg_typeof phraseto_tsquery pi plainto_tsquery point polygon position pow power querytree quote_ident quote_literal quote_nullable radians radius range_agg range_intersect_agg range_merge rank regclass regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse right round row_number row_security_active row_to_json rpad rtrim scale session_user set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 shobj_description sign similar_escape similar_to_escape sin sind sinh slope split_part sqrt statement_timestamp stddev stddev_pop stddev_samp string_agg string_to_array string_to_table strip strpos substr substring sum system_user tan tand tanh text time timestamp timestamptz timetz timezone to_ascii to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct to_regclass to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_regtypemod to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array trim_scale trunc ts_delete ts_filter ts_headline ts_lexize ts_rank ts_rank_cd tsmultirange tsquery_phrase tsrange tsrange_subdiff tstzmultirange tstzrange tstzrange_subdiff tsvector_to_array txid_current txid_current_if_assigned txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin txid_visible_in_snapshot unicode_assigned unicode_version unistr unnest upper upper_inc upper_inf uuid_extract_timestamp uuid_extract_version var_pop var_samp varbit varchar variance version websearch_to_tsquery width width_bucket xid xml xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlagg xmlcomment xmlexists xmltext xmlvalidate xpath".split(" "));
const restless = new Set("array_sample array_shuffle clock_timestamp currval gen_random_uuid lastval nextval pg_notify pg_sleep random random_normal set_config setseed setval timeofday uuidv4 uuidv7 pg_advisory_lock pg_advisory_xact_lock pg_advisory_unlock pg_try_advisory_lock pg_try_advisory_xact_lock pg_relation_size pg_total_relation_size".split(" "));
const steadyOfExtensions = new Set("crypt digest hmac similarity unaccent uuid_nil uuid_ns_dns uuid_ns_url uuid_generate_v3 uuid_generate_v5".split(" "));
const restlessOfExtensions = new Set("gen_random_bytes gen_salt uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4".split(" "));
function builtinVolatility(name) {
	if (steady.has(name) || steadyOfExtensions.has(name)) return "steady";
	return restless.has(name) || restlessOfExtensions.has(name) ? "volatile" : void 0;
}
// src/sql/effects/expressions.ts
function steadinessOf(expression, sink) {
	let worst = { kind: "steady" };
	for (const call of functionCalls(expression)) {
		const steadiness = steadinessOfCall(call, sink);
		if (steadiness.kind === "volatile") return steadiness;
		if (steadiness.kind === "unknown") worst = steadiness;
	}
	return worst;
}
function steadinessOfCall(parts, sink) {
	const name = parts.at(-1) ?? "";
	const qualified = parts.length > 1 && parts[0] !== "pg_catalog";
	const own = sink.catalog.functions.get(sink.name(parts));
	if (own !== void 0) return own.volatility === "volatile" ? {
		kind: "volatile",
		because: `${name}() is volatile`
	} : { kind: "steady" };
	const builtin = builtinVolatility(name);
	if (builtin === "volatile") return {
		kind: "volatile",
		because: `${name}() is volatile`
	};
	if (builtin === "steady" && !qualified) return { kind: "steady" };
	return {
		kind: "unknown",
		because: `nothing is known about the function ${parts.join(".")}()`
	};
}
function functionCalls(root) {
	const calls = [];
	for (const { kind, node } of walk(root)) if (kind === "FuncCall") calls.push(strings(node.funcname));
	return calls;
}
function sequencesUsed(root, sink) {
	const found = [];
	for (const { kind, node } of walk(root)) {
		if (kind !== "FuncCall") continue;
		const name = strings(node.funcname).at(-1);
		if (name !== "nextval" && name !== "setval") continue;
		const argument = node.args?.[0];
		const text = textConstant(argument);
		if (text === void 0) sink.unknown(`which sequence ${name}() uses is computed`);
		else found.push(sink.name(text.split(".").map((part) => part.replace(/^"(.*)"$/, "$1"))));
	}
	return found;
}
function textConstant(node) {
	const cast = as(node, "TypeCast");
	if (cast !== void 0) return textConstant(cast.arg);
	return as(node, "A_Const")?.sval?.sval;
}
function noteCalls(root, sink) {
	for (const parts of functionCalls(root)) {
		const name = parts.at(-1) ?? "";
		const own = sink.catalog.functions.get(sink.name(parts));
		if (own !== void 0) {
			if (own.volatility === "volatile") sink.run({
				kind: "call",
				name: own.name,
				because: `it calls the function ${parts.join(".")}()`,
				certain: false
			});
		} else if (builtinVolatility(name) === void 0) sink.unknown(`it calls ${parts.join(".")}(), about which nothing is known`);
	}
	for (const sequence of sequencesUsed(root, sink)) sink.lock(sequence, "RowExclusiveLock");
}
function columnsMentioned(root) {
	const found = /* @__PURE__ */ new Set();
	for (const { kind, node } of walk(root)) {
		if (kind !== "ColumnRef") continue;
		const fields = node.fields ?? [];
		if (fields.some((field) => as(field, "A_Star") !== void 0)) return void 0;
		for (const name of fields.flatMap(nameParts)) found.add(name);
	}
	return found;
}
// src/sql/effects/constraint-nodes.ts
const kinds = {
	CONSTR_PRIMARY: "primary",
	CONSTR_UNIQUE: "unique",
	CONSTR_FOREIGN: "foreign",
	CONSTR_CHECK: "check",
	CONSTR_EXCLUSION: "exclusion",
	CONSTR_NOTNULL: "not-null"
};
const writing = /* @__PURE__ */ new Set([
	"c",
	"n",
	"d"
]);
function constraintOf(node, table, sink, ofColumn) {
	const kind = node.contype === void 0 ? void 0 : kinds[node.contype];
	if (kind === void 0 || kind === "not-null" && ofColumn !== void 0) return void 0;
	const columns = ofColumn === void 0 ? columnsOf$2(node, kind, table, sink) : [ofColumn];
	const bare = {
		name: node.conname ?? "",
		kind,
		columns,
		references: node.pktable === void 0 ? void 0 : {
			table: sink.relationOf(node.pktable),
			columns: strings(node.pk_attrs)
		},
		writesOnDelete: writing.has(node.fk_del_action ?? "a"),
		writesOnUpdate: writing.has(node.fk_upd_action ?? "a"),
		deletesRows: node.fk_del_action === "c",
		validated: node.skip_validation !== true,
		provesNotNull: kind === "check" ? provenNotNull$1(node.raw_expr) : []
	};
	return bare.name === "" ? {
		...bare,
		name: defaultConstraintName(bare, table)
	} : bare;
}
function columnsOf$2(node, kind, table, sink) {
	if (kind === "foreign") return strings(node.fk_attrs);
	if (kind === "check") return [...columnsMentioned(node.raw_expr) ?? []];
	if (node.indexname !== void 0) {
		const index = sink.relation(`${splitName(table).schema}.${node.indexname}`);
		return index?.kind === "index" ? index.columns : [];
	}
	if (kind === "exclusion") return [...columnsMentioned(node.exclusions) ?? []];
	return strings(node.keys);
}
function defaultConstraintName(constraint, table) {
	const { name } = splitName(table);
	const columns = constraint.columns.join("_");
	return `${name}_${{
		primary: "pkey",
		unique: `${columns}_key`,
		foreign: `${columns}_fkey`,
		check: columns === "" || constraint.columns.length > 1 ? "check" : `${columns}_check`,
		exclusion: `${columns}_excl`,
		"not-null": `${columns}_not_null`
	}[constraint.kind]}`;
}
function provenNotNull$1(expression) {
	const test = as(expression, "NullTest");
	if (test?.nulltesttype === "IS_NOT_NULL") return strings(as(test.arg, "ColumnRef")?.fields).slice(-1);
	const all = as(expression, "BoolExpr");
	return all?.boolop === "AND_EXPR" ? (all.args ?? []).flatMap(provenNotNull$1) : [];
}
// src/sql/effects/known-types.ts
const builtin = new Set("bit bool box bpchar bytea char cidr circle date float4 float8 inet int2 int4 int8 interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric oid path point polygon pg_lsn regclass regproc regtype text tid time timestamp timestamptz timetz tsquery tsvector uuid varbit varchar xid xid8 xml int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange serial serial2 serial4 serial8 bigserial smallserial".split(" "));
const ofExtensions = new Set("citext cube earth geography geometry halfvec hstore intbig isbn lo lquery ltree raster sparsevec vector".split(" "));
function isBaseType(name) {
	return builtin.has(name) || ofExtensions.has(name.slice(name.indexOf(".") + 1));
}
const serials = /* @__PURE__ */ new Map([
	["serial", "int4"],
	["serial4", "int4"],
	["bigserial", "int8"],
	["serial8", "int8"],
	["smallserial", "int2"],
	["serial2", "int2"]
]);
function serialBase(name) {
	return serials.get(name);
}
// src/sql/effects/columns.ts
function columnDefinition(definition, table, sink) {
	const name = definition.colname ?? "";
	const written = definition.typeName === void 0 ? void 0 : typeRef(definition.typeName);
	const base = written === void 0 ? void 0 : serialBase(written.name);
	const type = base === void 0 ? written === void 0 ? void 0 : sink.resolveType(written) : {
		name: base,
		modifiers: [],
		array: false
	};
	const parts = allOf(definition.constraints, "Constraint");
	const has = (kind) => parts.some((part) => part.contype === kind);
	const expression = parts.find((part) => part.contype === "CONSTR_DEFAULT")?.raw_expr;
	const stored = parts.some((part) => part.contype === "CONSTR_GENERATED" && part.generated_kind !== "v");
	const identity = has("CONSTR_IDENTITY");
	const userType = type === void 0 ? void 0 : sink.userType(type);
	const constrainedDomain = userType?.kind === "domain" && userType.constrained;
	const unseenType = type !== void 0 && userType === void 0 && !isBaseType(type.name) ? type : void 0;
	const steadiness = expression === void 0 ? void 0 : steadinessOf(expression, sink);
	const usesSequence = base !== void 0 || identity;
	const ownSequence = usesSequence ? `${table}_${name}_seq` : void 0;
	const constraints = columnConstraints(parts, table, name, sink);
	return {
		column: {
			name,
			type,
			notNull: has("CONSTR_NOTNULL") || has("CONSTR_PRIMARY") || usesSequence,
			hasDefault: expression !== void 0 || usesSequence,
			generated: has("CONSTR_GENERATED"),
			identity,
			sequence: ownSequence ?? (expression === void 0 ? void 0 : sequencesUsed(expression, sink)[0]),
			createdBy: sink.context.migration
		},
		filledBy: fill(),
		constraints,
		checks: has("CONSTR_CHECK"),
		builtIndexes: has("CONSTR_PRIMARY") || has("CONSTR_UNIQUE"),
		fillsEachRow: usesSequence || stored || constrainedDomain || steadiness !== void 0 && steadiness.kind !== "steady",
		doubt: steadiness?.kind === "unknown" ? `whether the default of the column ${name} is volatile is not known: ${steadiness.because}` : unseenType === void 0 ? void 0 : `nothing is known about the type ${unseenType.name} of the column ${name}; a domain with a constraint would rewrite the table`,
		ownSequence
	};
	function fill() {
		if (usesSequence) return "sequence";
		if (has("CONSTR_GENERATED")) return "generated";
		if (steadiness === void 0) return "none";
		return steadiness.kind === "steady" ? "constant" : "volatile";
	}
}
function columnConstraints(parts, table, column, sink) {
	const found = [];
	for (const part of parts) {
		const constraint = constraintOf(part, table, sink, column);
		if (constraint !== void 0) found.push(constraint);
	}
	return found;
}
// src/sql/effects/dependents.ts
function dropTableDependents(name, dropped, cascade, sink) {
	const table = sink.table(name);
	if (table === void 0) {
		if (sink.relation(name) === void 0) sink.unknown(`the foreign keys of ${name} are not known; the tables they reference are locked too`);
	} else {
		for (const constraint of table.constraints) if (constraint.references !== void 0) sink.lock(constraint.references.table, "AccessExclusiveLock");
		for (const parent of table.parents) if (sink.table(parent)?.partitioned === true) sink.lock(parent, "AccessExclusiveLock");
	}
	for (const relation of sink.catalog.relations.values()) if (relation.kind === "sequence" && relation.ownedBy?.table === name) sink.lock(relation.name, "AccessExclusiveLock");
	for (const child of sink.descendants(name)) {
		if (table?.partitioned !== true && !cascade) continue;
		sink.lock(child, "AccessExclusiveLock");
		if (sink.existed(child)) sink.lose("table", child);
		sink.change({
			kind: "drop-table",
			name: child,
			known: sink.table(child)
		});
	}
	if (!cascade) return;
	for (const { table: other, constraint } of sink.referencing(name)) {
		if (dropped.has(other.name)) continue;
		dropForeignKey(other, constraint.name, sink);
	}
	dropViewsOn(name, void 0, sink);
}
function dropForeignKey(table, name, sink) {
	sink.lock(table.name, "AccessExclusiveLock");
	if (sink.existed(table.name)) sink.lose("constraint", `${table.name}.${name}`);
	const known = table.constraints.find((one) => one.name === name);
	sink.change({
		kind: "drop-constraint",
		clause: 0,
		table: table.name,
		name,
		known
	});
}
function dropColumnDependents(name, column, cascade, sink) {
	const table = sink.table(name);
	if (table === void 0) {
		sink.unknown(`the foreign keys of ${name} are not known; a table that the column ${column} references is locked too`);
		if (cascade) sink.unknown(`what depends on ${name}.${column} and goes with it is not known`);
		return;
	}
	for (const constraint of table.constraints) {
		if (constraint.references === void 0 || !constraint.columns.includes(column)) continue;
		sink.lock(constraint.references.table, "AccessExclusiveLock");
	}
	for (const relation of sink.catalog.relations.values()) if (relation.kind === "sequence" && relation.ownedBy?.table === name && relation.ownedBy.column === column) sink.lock(relation.name, "AccessExclusiveLock");
	if (!cascade) return;
	for (const { table: other, constraint } of sink.referencing(name)) if (other.name !== name && referencesColumn(constraint, column, table)) dropForeignKey(other, constraint.name, sink);
	dropViewsOn(name, column, sink);
}
function dropViewsOn(name, column, sink) {
	for (const relation of sink.catalog.relations.values()) {
		if (relation.kind !== "view" && relation.kind !== "materialized-view") continue;
		if (!relation.reads.includes(name)) continue;
		if (column !== void 0 && relation.mentions !== void 0 && !relation.mentions.has(column)) continue;
		if (column !== void 0 && relation.mentions === void 0) sink.unknown(`whether the view ${relation.name} uses the column ${column} is not known`);
		dropView(relation.name, sink);
	}
}
function dropView(name, sink) {
	sink.lock(name, "AccessExclusiveLock");
	if (sink.existed(name)) sink.lose("view", name);
	dropViewsOn(name, void 0, sink);
	sink.change({
		kind: "drop-view",
		name
	});
}
function dropKeyDependents(name, columns, sink) {
	for (const { table: other, constraint } of sink.referencing(name)) {
		const wanted = constraint.references?.columns ?? [];
		if (wanted.length > 0 && wanted.toSorted().join() !== columns.toSorted().join()) continue;
		dropForeignKey(other, constraint.name, sink);
	}
}
function referencesColumn(constraint, column, table) {
	const columns = constraint.references?.columns ?? [];
	if (columns.length > 0) return columns.includes(column);
	const key = table?.constraints.find((one) => one.kind === "primary");
	return key === void 0 || key.columns.includes(column);
}
// src/sql/effects/queries.ts
function lockReads(query, sink, depth) {
	const found = relationsRead(query, sink);
	for (const one of found) lockRead(one.relation, one.mode, one.withChildren, sink, depth);
	if (depth === "views-too") noteCalls(query, sink);
	return found.map((one) => one.relation);
}
function lockRead(name, mode, withChildren, sink, depth) {
	sink.lock(name, mode);
	const relation = sink.relation(name);
	if (depth === "views-too" && withChildren) for (const child of sink.descendants(name)) sink.lock(child, mode);
	if (depth === "views-too" && relation?.kind === "view") for (const read of relation.reads) lockRead(read, "AccessShareLock", true, sink, depth);
}
function relationsRead(root, sink) {
	const found = [];
	const stack = [{
		value: root,
		hidden: /* @__PURE__ */ new Set(),
		mode: "AccessShareLock"
	}];
	for (let visit = stack.pop(); visit !== void 0; visit = stack.pop()) {
		const { value, hidden, mode } = visit;
		if (Array.isArray(value)) {
			for (const item of value.toReversed()) stack.push({
				value: item,
				hidden,
				mode
			});
			continue;
		}
		if (typeof value !== "object" || value === null) continue;
		const node = value;
		const range = node.RangeVar;
		if (range === void 0) stack.push(...below(node, hidden, mode).toReversed());
		else if (range.schemaname !== void 0 || !hidden.has(range.relname ?? "")) found.push({
			relation: sink.relationOf(range),
			withChildren: range.inh === true,
			mode
		});
	}
	return found;
}
function below(node, hidden, mode) {
	const visits = [];
	let names = hidden;
	const withClause = node.withClause;
	if (withClause !== void 0) {
		const expressions = (withClause.ctes ?? []).map((cte) => as(cte, "CommonTableExpr"));
		const seen = new Set(hidden);
		if (withClause.recursive === true) for (const cte of expressions) seen.add(cte?.ctename ?? "");
		for (const cte of expressions) {
			visits.push({
				value: cte?.ctequery,
				hidden: new Set(seen),
				mode: "AccessShareLock"
			});
			seen.add(cte?.ctename ?? "");
		}
		names = seen;
	}
	const fromMode = Array.isArray(node.lockingClause) && node.lockingClause.length > 0 ? "RowShareLock" : mode;
	for (const [key, value] of Object.entries(node)) {
		if (key === "withClause" || key === "intoClause" || typeof value !== "object") continue;
		const aside = key === "whereClause" || key === "targetList";
		visits.push({
			value,
			hidden: names,
			mode: key === "fromClause" ? fromMode : aside ? "AccessShareLock" : mode
		});
	}
	return visits;
}
// src/sql/effects/tables.ts
const createTable = (node, sink) => {
	const statement = as(node, "CreateStmt");
	if (statement !== void 0) create$1(statement, false, sink);
};
const createForeignTable = (node, sink) => {
	const base = as(node, "CreateForeignTableStmt")?.base;
	if (base !== void 0) create$1(base, true, sink);
};
function create$1(statement, foreign, sink) {
	const name = sink.relationOf(statement.relation);
	if (statement.if_not_exists === true && sink.certainlyPresent(name)) return;
	const definitions = allOf(statement.tableElts, "ColumnDef").map((one) => columnDefinition(one, name, sink));
	const constraints = definitions.flatMap((one) => [...one.constraints]);
	for (const one of allOf(statement.tableElts, "Constraint")) {
		const constraint = constraintOf(one, name, sink);
		if (constraint !== void 0) constraints.push({
			...constraint,
			validated: true
		});
	}
	const likes = allOf(statement.tableElts, "TableLikeClause");
	const parents = allOf(statement.inhRelations, "RangeVar").map((parent) => sink.relationOf(parent));
	const partition = statement.partbound !== void 0;
	const columns = columnsOf$1(definitions, constraints);
	const inherited = [...likes.map((like) => sink.relationOf(like.relation)), ...parents];
	for (const source of inherited) for (const [key, column] of inheritedColumns(source, sink)) columns.set(key, column);
	sink.change({
		kind: "create-table",
		ifNotExists: statement.if_not_exists === true,
		table: {
			kind: "table",
			name,
			createdBy: sink.context.migration,
			partitioned: statement.partspec !== void 0,
			unlogged: statement.relation?.relpersistence === "u",
			rowSecurity: false,
			foreign,
			columns,
			columnsKnown: inherited.every((source) => sink.table(source)?.columnsKnown === true) && statement.ofTypename === void 0,
			constraints,
			parents,
			triggers: /* @__PURE__ */ new Map(),
			policies: [],
			rules: []
		}
	});
	for (const constraint of constraints) createConstraintIndex(name, constraint, sink);
	for (const one of definitions) createOwnSequence(one, name, sink);
	for (const constraint of constraints) if (constraint.references !== void 0) lockReferenced(constraint.references.table, sink);
	for (const like of likes) sink.lock(sink.relationOf(like.relation), "AccessShareLock");
	for (const parent of parents) lockParent(parent, partition, sink);
}
function lockParent(parent, partition, sink) {
	sink.lock(parent, partition ? "AccessExclusiveLock" : "ShareUpdateExclusiveLock");
	if (!partition) return;
	for (const constraint of sink.table(parent)?.constraints ?? []) if (constraint.references !== void 0) lockReferenced(constraint.references.table, sink);
}
function lockReferenced(table, sink) {
	sink.lock(table, "ShareRowExclusiveLock");
	if (sink.table(table)?.partitioned === true) for (const child of sink.descendants(table)) sink.lock(child, "ShareRowExclusiveLock");
}
function columnsOf$1(definitions, constraints) {
	const keys = new Set(constraints.flatMap((one) => one.kind === "primary" || one.kind === "not-null" ? one.columns : []));
	return new Map(definitions.map(({ column }) => [column.name, keys.has(column.name) ? {
		...column,
		notNull: true
	} : column]));
}
function inheritedColumns(source, sink) {
	const columns = /* @__PURE__ */ new Map();
	for (const [key, column] of sink.table(source)?.columns ?? []) columns.set(key, {
		...column,
		createdBy: sink.context.migration
	});
	return columns;
}
function createConstraintIndex(table, constraint, sink) {
	if (constraint.kind !== "primary" && constraint.kind !== "unique" && constraint.kind !== "exclusion") return;
	sink.change({
		kind: "create-index",
		concurrently: false,
		ifNotExists: false,
		index: {
			kind: "index",
			name: beside(table, constraint.name),
			createdBy: sink.context.migration,
			table,
			columns: constraint.columns,
			unique: constraint.kind !== "exclusion",
			plain: constraint.kind !== "exclusion",
			btree: constraint.kind !== "exclusion"
		}
	});
}
function createOwnSequence(definition, table, sink) {
	if (definition.ownSequence === void 0) return;
	sink.change({
		kind: "create-sequence",
		sequence: {
			kind: "sequence",
			name: definition.ownSequence,
			createdBy: sink.context.migration,
			ownedBy: {
				table,
				column: definition.column.name
			}
		}
	});
}
const createTableAs = (node, sink) => {
	const statement = as(node, "CreateTableAsStmt");
	if (statement === void 0) return;
	const target = statement.into?.rel;
	const name = sink.relationOf(target);
	if (statement.if_not_exists === true && sink.certainlyPresent(name)) return;
	const run = statement.into?.skipData !== true;
	const reads = lockReads(statement.query, sink, run ? "views-too" : "names");
	if (statement.objtype === "OBJECT_MATVIEW") {
		const view = {
			kind: "materialized-view",
			name,
			createdBy: sink.context.migration,
			reads,
			mentions: columnsMentioned(statement.query)
		};
		sink.change({
			kind: "create-view",
			view
		});
	} else sink.change({
		kind: "create-table",
		table: unseenColumns(name, target, sink),
		ifNotExists: false
	});
};
function unseenColumns(name, range, sink) {
	return {
		kind: "table",
		name,
		createdBy: sink.context.migration,
		partitioned: false,
		unlogged: range?.relpersistence === "u",
		rowSecurity: false,
		foreign: false,
		columns: /* @__PURE__ */ new Map(),
		columnsKnown: false,
		constraints: [],
		parents: [],
		triggers: /* @__PURE__ */ new Map(),
		policies: [],
		rules: []
	};
}
// src/sql/effects/type-change.ts
const kept = {
	rewrites: false,
	loses: false,
	mayFail: false,
	doubt: void 0
};
const rewritten = {
	...kept,
	rewrites: true
};
const narrowed = {
	...rewritten,
	mayFail: true
};
const rounded = {
	...rewritten,
	loses: true
};
const untold = (doubt) => ({
	rewrites: true,
	loses: false,
	mayFail: true,
	doubt
});
const sameBytes = new Set("text>varchar varchar>text xml>text xml>varchar cidr>inet int4>oid oid>int4 citext>text text>citext citext>varchar varchar>citext".split(" "));
const integers = [
	"int2",
	"int4",
	"int8"
];
const integerDigits = [
	5,
	10,
	19
];
const numbers = /* @__PURE__ */ new Set([
	...integers,
	"numeric",
	"float4",
	"float8"
]);
const texts = /* @__PURE__ */ new Set([
	"text",
	"varchar",
	"bpchar",
	"citext",
	"name"
]);
const times = /* @__PURE__ */ new Set([
	"timestamp",
	"timestamptz",
	"date",
	"time",
	"timetz"
]);
const withFraction = /* @__PURE__ */ new Set([
	"timestamp",
	"timestamptz",
	"time",
	"timetz",
	"interval"
]);
function typeChange(from, to, using, sink) {
	return {
		from,
		to,
		...from === void 0 ? untold("the type that it has now is not known; a rewrite is assumed") : withUsing(judge(from, to, sink), from, to, using)
	};
}
function usingOf(expression, column) {
	if (expression === void 0) return { kind: "none" };
	const through = [];
	let node = expression;
	for (let cast = as(node, "TypeCast"); cast !== void 0; cast = as(node, "TypeCast")) {
		if (cast.typeName !== void 0) through.unshift(typeRef(cast.typeName));
		node = cast.arg;
	}
	const reference = as(node, "ColumnRef");
	return reference !== void 0 && strings(reference.fields).at(-1) === column ? {
		kind: "cast",
		through
	} : { kind: "computed" };
}
function withUsing(verdict, from, to, using) {
	if (using.kind === "none") return verdict;
	if (using.kind === "computed") return {
		rewrites: true,
		loses: true,
		mayFail: true,
		doubt: void 0
	};
	const cuts = texts.has(to.name) && length(to) !== void 0 && verdict.mayFail && !verdict.loses;
	const detour = using.through.some((type) => type.name !== to.name && type.name !== from.name);
	return {
		...verdict,
		rewrites: verdict.rewrites || detour,
		loses: verdict.loses || cuts,
		mayFail: verdict.mayFail && !cuts
	};
}
function judge(from, to, sink) {
	if (from.name === to.name && from.array === to.array && from.modifiers.join() === to.modifiers.join()) return kept;
	const fromUser = sink.userType(from);
	const toUser = sink.userType(to);
	if (from.array || to.array) return from.array && to.array ? judgeArrays(from, to, sink) : narrowed;
	if (fromUser?.kind === "enum" && toUser?.kind === "enum") return fromUser.labels.filter((label) => !toUser.labels.includes(label)).length > 0 ? narrowed : rewritten;
	if (fromUser?.kind === "enum") return texts.has(to.name) ? length(to) === void 0 ? rewritten : narrowed : noCast(from, to);
	if (toUser?.kind === "enum") return narrowed;
	if (fromUser?.kind === "domain" && fromUser.base !== void 0) return judge(fromUser.base, to, sink);
	if (toUser?.kind === "domain" && toUser.base !== void 0) {
		const beneath = judge(from, toUser.base, sink);
		return toUser.constrained ? {
			...beneath,
			rewrites: true,
			mayFail: true
		} : beneath;
	}
	if (!isBaseType(from.name) || !isBaseType(to.name)) return noCast(from, to);
	return judgeBaseTypes(from, to);
}
function judgeBaseTypes(from, to) {
	const pair = `${from.name}>${to.name}`;
	if (from.name === "numeric" && to.name === "numeric") return judgeNumeric(from, to);
	if (from.name === to.name && withFraction.has(from.name)) return (to.modifiers.at(-1) ?? 6) >= (from.modifiers.at(-1) ?? 6) ? kept : rounded;
	if (from.name === to.name && (from.name === "varbit" || from.name === "varchar")) return fits(from, to) ? kept : narrowed;
	if (sameBytes.has(pair)) return length(to) === void 0 || fits(from, to) ? kept : narrowed;
	if (pair === "timestamp>timestamptz" || pair === "timestamptz>timestamp") return {
		...rewritten,
		doubt: "to which instants its values are converted, and whether the table is rewritten, depends on the TimeZone of the session"
	};
	if (texts.has(to.name)) return length(to) === void 0 || texts.has(from.name) && fits(from, to) ? rewritten : narrowed;
	if (texts.has(from.name)) return narrowed;
	if (numbers.has(from.name) && numbers.has(to.name)) return judgeNumbers(from, to);
	if (times.has(from.name) && times.has(to.name)) return from.name === "date" ? rewritten : rounded;
	if (pair === "json>jsonb" || pair === "jsonb>json" || pair === "inet>cidr") return pair === "inet>cidr" ? narrowed : rewritten;
	return from.name === to.name ? narrowed : noCast(from, to);
}
function judgeArrays(from, to, sink) {
	return {
		...judge({
			...from,
			array: false
		}, {
			...to,
			array: false
		}, sink),
		rewrites: true
	};
}
function noCast(from, to) {
	return untold(`how ${from.name} is converted to ${to.name} is not known; a rewrite is assumed`);
}
function judgeNumeric(from, to) {
	const [toPrecision, toScale = 0] = to.modifiers;
	if (toPrecision === void 0) return kept;
	const [fromPrecision, fromScale = 0] = from.modifiers;
	if (fromPrecision === void 0) return {
		...rounded,
		mayFail: true
	};
	const fewerDigits = toPrecision - toScale < fromPrecision - fromScale;
	if (toScale === fromScale) return fewerDigits ? narrowed : kept;
	return toScale < fromScale ? {
		...rounded,
		mayFail: fewerDigits
	} : {
		...rewritten,
		mayFail: fewerDigits
	};
}
function judgeNumbers(from, to) {
	const fromWidth = integers.indexOf(from.name);
	const toWidth = integers.indexOf(to.name);
	if (fromWidth >= 0 && toWidth >= 0) return toWidth >= fromWidth ? rewritten : narrowed;
	if (toWidth >= 0) return {
		...rounded,
		mayFail: true
	};
	if (to.name === "numeric") {
		if (fromWidth < 0) return {
			...rounded,
			mayFail: to.modifiers.length > 0
		};
		const [precision, scale = 0] = to.modifiers;
		return precision === void 0 || precision - scale >= (integerDigits[fromWidth] ?? 19) ? rewritten : narrowed;
	}
	const exactDigits = to.name === "float8" ? "int4" : "int2";
	return fromWidth >= 0 && fromWidth <= integers.indexOf(exactDigits) || from.name === "float4" && to.name === "float8" ? rewritten : rounded;
}
function length(type) {
	return type.modifiers[0];
}
function fits(from, to) {
	const limit = length(to);
	const had = length(from);
	return limit === void 0 || had !== void 0 && had <= limit;
}
// src/sql/effects/alter-column.ts
function addColumn(command, sink) {
	const node = as(command.node.def, "ColumnDef");
	if (node === void 0) return;
	const known = sink.table(command.table)?.columns.has(node.colname ?? "") === true;
	if (command.missingOk && known && !sink.catalog.uncertain.has(columnKey(command.table, node.colname ?? ""))) return;
	const definition = columnDefinition(node, command.table, sink);
	const { column } = definition;
	const filled = definition.filledBy !== "none";
	for (const target of command.targets) {
		if (definition.fillsEachRow) sink.rewrite(target);
		const verifies = column.notNull && !filled;
		if (definition.fillsEachRow || verifies || definition.checks || definition.builtIndexes) sink.scan(target);
	}
	if (definition.doubt !== void 0) sink.unknown(definition.doubt);
	sink.change({
		kind: "add-column",
		clause: command.clause,
		table: command.table,
		column,
		filledBy: definition.filledBy
	});
	for (const sequence of sequencesUsed(node.constraints, sink)) sink.lock(sequence, "RowExclusiveLock");
	createOwnSequence(definition, command.table, sink);
	for (const constraint of definition.constraints) {
		sink.change({
			kind: "add-constraint",
			clause: command.clause,
			table: command.table,
			constraint,
			usingIndex: void 0
		});
		createConstraintIndex(command.table, constraint, sink);
		if (constraint.references === void 0) continue;
		lockReferenced(constraint.references.table, sink);
		if (filled) sink.scan(command.table);
	}
}
function dropColumn(command, sink) {
	const name = command.node.name ?? "";
	const table = sink.table(command.table);
	const known = table?.columns.get(name);
	if (table?.columnsKnown === true && known === void 0 && command.missingOk) return;
	for (const target of command.targets) {
		const column = sink.table(target)?.columns.get(name);
		if (column?.createdBy !== sink.context.migration && sink.existed(target)) sink.lose("column", `${target}.${name}`);
		dropColumnDependents(target, name, command.cascade, sink);
		sink.change({
			kind: "drop-column",
			clause: command.clause,
			table: target,
			name,
			known: column
		});
	}
}
function alterColumnType(command, sink) {
	const name = command.node.name ?? "";
	const node = as(command.node.def, "ColumnDef");
	if (node?.typeName === void 0) return;
	const table = sink.table(command.table);
	const known = table?.columns.get(name);
	const to = sink.resolveType(typeRef(node.typeName));
	const change = typeChange(known?.type, to, usingOf(node.raw_default, name), sink);
	const qualified = `${command.table}.${name}`;
	if (change.rewrites) for (const target of command.targets) {
		sink.rewrite(target);
		sink.scan(target);
	}
	else if (node.collClause !== void 0 || checksNeedProof(table, name)) sink.scan(command.table);
	if (change.loses && sink.existed(command.table)) sink.lose("precision", qualified);
	for (const label of lostLabels(known, change.to, sink)) sink.lose("enum-label", label);
	if (change.doubt !== void 0 && sink.existed(command.table)) sink.unknown(`the type of ${qualified} changes, and ${change.doubt}`);
	foreignKeysOfColumn(command.table, table, name, change.rewrites, sink);
	if (known?.identity === true && known.sequence !== void 0) sink.lock(known.sequence, "ShareRowExclusiveLock");
	sink.change({
		kind: "alter-column",
		clause: command.clause,
		table: command.table,
		name,
		known,
		set: { type: to },
		typeChange: change,
		scans: void 0
	});
}
function checksNeedProof(table, column) {
	return table?.constraints.some((one) => one.kind === "check" && one.columns.includes(column)) === true;
}
function foreignKeysOfColumn(name, table, column, rewrites, sink) {
	for (const constraint of table?.constraints ?? []) {
		if (constraint.references === void 0 || !constraint.columns.includes(column)) continue;
		sink.lock(constraint.references.table, "AccessExclusiveLock");
	}
	for (const { table: other, constraint } of sink.referencing(name)) {
		if (!referencesColumn(constraint, column, table)) continue;
		sink.lock(other.name, "AccessExclusiveLock");
		if (rewrites) sink.scan(other.name);
	}
}
function lostLabels(column, to, sink) {
	const from = column?.type === void 0 ? void 0 : sink.userType(column.type);
	const target = sink.catalog.types.get(to.name);
	if (from?.kind !== "enum" || target?.kind !== "enum") return [];
	return from.labels.filter((label) => !target.labels.includes(label)).map((label) => `${from.name}.${label}`);
}
function setNotNull(command, sink) {
	const name = command.node.name ?? "";
	let scans = false;
	for (const target of command.targets) {
		if (provenNotNull(target, name, command, sink)) continue;
		sink.scan(target);
		scans = scans || target === command.table;
	}
	alter$1(command, { notNull: true }, sink, scans);
}
function provenNotNull(target, column, command, sink) {
	const table = sink.table(target);
	if (table?.columns.get(column)?.notNull === true) return true;
	if ((table?.constraints ?? []).some((one) => one.validated && one.provesNotNull.includes(column))) return true;
	return command.before.some((earlier) => as(earlier.def, "ColumnDef")?.colname === column && earlier.subtype === "AT_AddColumn");
}
function dropNotNull(command, sink) {
	sink.lose("constraint", `${command.table}.${command.node.name ?? ""} NOT NULL`);
	alter$1(command, { notNull: false }, sink);
}
function alterColumnDefault(command, sink) {
	const drops = command.node.def === void 0;
	if (drops) sink.lose("default", `${command.table}.${command.node.name ?? ""}`);
	alter$1(command, {
		hasDefault: !drops,
		sequence: drops ? void 0 : sequencesUsed(command.node.def, sink)[0]
	}, sink);
}
function alter$1(command, set, sink, scans) {
	const name = command.node.name ?? "";
	const known = sink.table(command.table)?.columns.get(name);
	sink.change({
		kind: "alter-column",
		clause: command.clause,
		table: command.table,
		name,
		known,
		set,
		typeChange: void 0,
		scans
	});
}
// src/sql/effects/alter-constraint.ts
function addConstraint(command, sink) {
	const node = as(command.node.def, "Constraint");
	const constraint = node === void 0 ? void 0 : constraintOf(node, command.table, sink);
	if (node === void 0 || constraint === void 0) return;
	const usingIndex = node.indexname === void 0 ? void 0 : beside(command.table, node.indexname);
	if (constraint.references !== void 0) lockReferenced(constraint.references.table, sink);
	for (const target of command.targets) if (reads(constraint, usingIndex !== void 0, command, sink)) sink.scan(target);
	sink.change({
		kind: "add-constraint",
		clause: command.clause,
		table: command.table,
		constraint,
		usingIndex
	});
	if (usingIndex !== void 0) sink.change({
		kind: "rename-index",
		from: usingIndex,
		to: beside(command.table, constraint.name)
	});
	else createConstraintIndex(command.table, constraint, sink);
}
function reads(constraint, usesIndex, command, sink) {
	if (!constraint.validated) return false;
	if (!usesIndex) return true;
	const table = sink.table(command.table);
	return constraint.kind === "primary" && constraint.columns.some((column) => table?.columns.get(column)?.notNull !== true);
}
function dropConstraint(command, sink) {
	const name = command.node.name ?? "";
	const table = sink.table(command.table);
	const known = table?.constraints.find((constraint) => constraint.name === name);
	if (known === void 0 && table?.columnsKnown === true && command.missingOk) return;
	if (known === void 0 && sink.existed(command.table)) sink.unknown(`what kind of constraint ${name} is, is not known; dropping a foreign key locks the table it references too`);
	if (known?.references !== void 0) sink.lock(known.references.table, "AccessExclusiveLock");
	if (known !== void 0 && command.cascade && (known.kind === "primary" || known.kind === "unique")) dropKeyDependents(command.table, known.columns, sink);
	if (known === void 0 && command.cascade) sink.unknown(`which foreign keys go with the constraint ${name} is not known`);
	if (sink.existed(command.table)) sink.lose("constraint", `${command.table}.${name}`);
	sink.change({
		kind: "drop-constraint",
		clause: command.clause,
		table: command.table,
		name,
		known
	});
}
function validateConstraint(command, sink) {
	const name = command.node.name ?? "";
	const known = sink.table(command.table)?.constraints.find((constraint) => constraint.name === name);
	if (known?.validated !== true) for (const target of command.targets) sink.scan(target);
	if (known?.references !== void 0 && !known.validated) sink.lock(known.references.table, "RowShareLock");
	if (known === void 0 && sink.existed(command.table)) sink.unknown(`what kind of constraint ${name} is, is not known; a foreign key also locks the table it references`);
	sink.change({
		kind: "validate-constraint",
		clause: command.clause,
		table: command.table,
		name
	});
}
// src/sql/effects/alter-others.ts
function otherCommand(command, sink) {
	const { table, node } = command;
	const known = sink.table(table);
	switch (node.subtype) {
		case "AT_SetLogged":
		case "AT_SetUnLogged": {
			const unlogged = node.subtype === "AT_SetUnLogged";
			if (known?.unlogged === unlogged) return;
			sink.rewrite(table);
			sink.scan(table);
			sink.change({
				kind: "table-flag",
				table,
				set: { unlogged }
			});
			return;
		}
		case "AT_SetExpression":
			for (const target of command.targets) {
				sink.rewrite(target);
				sink.scan(target);
			}
			return;
		case "AT_DropExpression":
			sink.lose("default", `${table}.${node.name ?? ""}`);
			return;
		case "AT_SetAccessMethod":
		case "AT_SetTableSpace":
			sink.rewrite(table);
			sink.unknown("whether the table moves, which copies all of it, depends on where it is now");
			return;
		case "AT_ChangeOwner":
		case "AT_AddIdentity":
		case "AT_SetIdentity":
		case "AT_DropIdentity":
			for (const relation of sink.catalog.relations.values()) {
				if (relation.kind !== "sequence" || relation.ownedBy?.table !== table) continue;
				if (node.subtype === "AT_SetIdentity") {
					if (relation.ownedBy.column === node.name) sink.lock(relation.name, "ShareRowExclusiveLock");
				} else if (node.subtype === "AT_ChangeOwner" || relation.ownedBy.column === node.name) sink.lock(relation.name, "AccessExclusiveLock");
			}
			identity(command, sink);
			return;
		case "AT_EnableRowSecurity":
			sink.change({
				kind: "table-flag",
				table,
				set: { rowSecurity: true }
			});
			return;
		case "AT_DisableRowSecurity":
		case "AT_NoForceRowSecurity":
			if (node.subtype === "AT_DisableRowSecurity") sink.change({
				kind: "table-flag",
				table,
				set: { rowSecurity: false }
			});
			if (sink.existed(table)) sink.lose("policy", `${table} row level security`);
			return;
		default: return;
	}
}
function identity(command, sink) {
	const name = command.node.name ?? "";
	const sequence = `${command.table}_${name}_seq`;
	const set = (to) => sink.change({
		kind: "alter-column",
		clause: command.clause,
		table: command.table,
		name,
		known: sink.table(command.table)?.columns.get(name),
		set: {
			identity: to,
			hasDefault: to,
			sequence: to ? sequence : void 0
		},
		typeChange: void 0,
		scans: void 0
	});
	if (command.node.subtype === "AT_AddIdentity") {
		const ownedBy = {
			table: command.table,
			column: name
		};
		sink.change({
			kind: "create-sequence",
			sequence: {
				kind: "sequence",
				name: sequence,
				createdBy: sink.context.migration,
				ownedBy
			}
		});
		set(true);
	} else if (command.node.subtype === "AT_DropIdentity") {
		if (sink.existed(command.table)) sink.lose("sequence", sequence);
		sink.change({
			kind: "drop-sequence",
			name: sequence
		});
		set(false);
	}
}
function attachPartition(command, sink) {
	const range = as(command.node.def, "PartitionCmd")?.name;
	if (range === void 0) return;
	const partition = sink.relationOf(range);
	if (sink.relation(partition)?.kind === "index") return;
	sink.lock(partition, "AccessExclusiveLock");
	sink.scan(partition);
	const parents = sink.table(partition)?.parents ?? [];
	sink.change({
		kind: "set-parents",
		table: partition,
		parents: [...parents, command.table]
	});
	for (const constraint of sink.table(command.table)?.constraints ?? []) if (constraint.references !== void 0) sink.lock(constraint.references.table, "ShareRowExclusiveLock");
}
function detachPartition(command, sink) {
	const node = as(command.node.def, "PartitionCmd");
	if (node?.name === void 0) return;
	const partition = sink.relationOf(node.name);
	sink.lock(partition, "AccessExclusiveLock");
	for (const constraint of sink.table(command.table)?.constraints ?? []) if (constraint.references !== void 0) sink.lock(constraint.references.table, "AccessExclusiveLock");
	const parents = (sink.table(partition)?.parents ?? []).filter((parent) => parent !== command.table);
	sink.change({
		kind: "set-parents",
		table: partition,
		parents
	});
}
function inherit(command, sink) {
	const range = as(command.node.def, "RangeVar");
	if (range === void 0) return;
	const parent = sink.relationOf(range);
	const adds = command.node.subtype === "AT_AddInherit";
	sink.lock(parent, adds ? "ShareUpdateExclusiveLock" : "AccessShareLock");
	const parents = (sink.table(command.table)?.parents ?? []).filter((one) => one !== parent);
	sink.change({
		kind: "set-parents",
		table: command.table,
		parents: adds ? [...parents, parent] : parents
	});
}
// src/sql/effects/alter-table-locks.ts
const strongest = "AccessExclusiveLock";
const light = "ShareUpdateExclusiveLock";
const onTable$1 = (mode) => ({
	mode,
	reach: "table"
});
const withChildren = (mode) => ({
	mode,
	reach: "children"
});
const withPartitions = (mode) => ({
	mode,
	reach: "partitions"
});
const locks = {
	AT_AddColumn: withChildren(strongest),
	AT_ColumnDefault: withChildren(strongest),
	AT_DropNotNull: withChildren(strongest),
	AT_SetNotNull: withChildren(strongest),
	AT_SetExpression: withChildren(strongest),
	AT_DropExpression: withChildren(strongest),
	AT_SetStatistics: withChildren(light),
	AT_SetOptions: onTable$1(light),
	AT_ResetOptions: onTable$1(light),
	AT_SetStorage: withChildren(strongest),
	AT_SetCompression: onTable$1(strongest),
	AT_DropColumn: withChildren(strongest),
	AT_AddIndexConstraint: onTable$1(strongest),
	AT_AddConstraint: withChildren(strongest),
	AT_AlterConstraint: withPartitions(strongest),
	AT_ValidateConstraint: withChildren(light),
	AT_DropConstraint: withChildren(strongest),
	AT_AlterColumnType: withChildren(strongest),
	AT_AlterColumnGenericOptions: onTable$1(strongest),
	AT_ChangeOwner: onTable$1(strongest),
	AT_ClusterOn: onTable$1(light),
	AT_DropCluster: onTable$1(light),
	AT_SetLogged: onTable$1(strongest),
	AT_SetUnLogged: onTable$1(strongest),
	AT_SetAccessMethod: onTable$1(strongest),
	AT_SetTableSpace: onTable$1(strongest),
	AT_EnableTrig: withPartitions("ShareRowExclusiveLock"),
	AT_EnableAlwaysTrig: withPartitions("ShareRowExclusiveLock"),
	AT_EnableReplicaTrig: withPartitions("ShareRowExclusiveLock"),
	AT_DisableTrig: withPartitions("ShareRowExclusiveLock"),
	AT_EnableTrigAll: withPartitions("ShareRowExclusiveLock"),
	AT_DisableTrigAll: withPartitions("ShareRowExclusiveLock"),
	AT_EnableTrigUser: withPartitions("ShareRowExclusiveLock"),
	AT_DisableTrigUser: withPartitions("ShareRowExclusiveLock"),
	AT_EnableRule: onTable$1(strongest),
	AT_EnableAlwaysRule: onTable$1(strongest),
	AT_EnableReplicaRule: onTable$1(strongest),
	AT_DisableRule: onTable$1(strongest),
	AT_AddInherit: onTable$1(strongest),
	AT_DropInherit: onTable$1(strongest),
	AT_AddOf: onTable$1(strongest),
	AT_DropOf: onTable$1(strongest),
	AT_ReplicaIdentity: onTable$1(strongest),
	AT_EnableRowSecurity: onTable$1(strongest),
	AT_DisableRowSecurity: onTable$1(strongest),
	AT_ForceRowSecurity: onTable$1(strongest),
	AT_NoForceRowSecurity: onTable$1(strongest),
	AT_GenericOptions: onTable$1(strongest),
	AT_AttachPartition: onTable$1(light),
	AT_DetachPartition: onTable$1(strongest),
	AT_DetachPartitionFinalize: onTable$1(light),
	AT_AddIdentity: withPartitions(strongest),
	AT_SetIdentity: withPartitions(strongest),
	AT_DropIdentity: withPartitions(strongest)
};
const lightParameters = /^(fillfactor|toast_tuple_target|parallel_workers|vacuum_index_cleanup|vacuum_truncate|vacuum_max_eager_freeze_failure_rate|log_autovacuum_min_duration|autovacuum_\w+|n_distinct|n_distinct_inherited|deduplicate_items|fastupdate|gin_pending_list_limit|pages_per_range|autosummarize|buffering)$/;
function lockOfCommand(command) {
	switch (command.subtype) {
		case "AT_SetRelOptions":
		case "AT_ResetRelOptions": {
			const options = allOf(as(command.def, "List")?.items, "DefElem");
			return onTable$1(options.every((option) => lightParameters.test(option.defname ?? "")) ? light : strongest);
		}
		case "AT_AddConstraint": return as(command.def, "Constraint")?.contype === "CONSTR_FOREIGN" ? withPartitions("ShareRowExclusiveLock") : withChildren(strongest);
		case "AT_DetachPartition": return onTable$1(as(command.def, "PartitionCmd")?.concurrent === true ? light : strongest);
		default: return command.subtype === void 0 ? void 0 : locks[command.subtype];
	}
}
// src/sql/effects/alter-table.ts
const handlers$2 = {
	AT_AddColumn: addColumn,
	AT_DropColumn: dropColumn,
	AT_AlterColumnType: alterColumnType,
	AT_SetNotNull: setNotNull,
	AT_DropNotNull: dropNotNull,
	AT_ColumnDefault: alterColumnDefault,
	AT_AddConstraint: addConstraint,
	AT_DropConstraint: dropConstraint,
	AT_ValidateConstraint: validateConstraint,
	AT_AttachPartition: attachPartition,
	AT_DetachPartition: detachPartition,
	AT_AddInherit: inherit,
	AT_DropInherit: inherit
};
const alterTable = (node, sink) => {
	const statement = as(node, "AlterTableStmt");
	if (statement !== void 0) alter(statement, sink);
};
function alter(statement, sink) {
	const table = sink.relationOf(statement.relation);
	if (statement.missing_ok === true && sink.certainlyAbsent(table)) return;
	if (statement.objtype === "OBJECT_TYPE") return;
	const only = statement.relation?.inh !== true;
	const commands = allOf(statement.cmds, "AlterTableCmd");
	const children = only ? [] : sink.descendants(table);
	const partitioned = sink.table(table)?.partitioned === true;
	commands.forEach((command, clause) => {
		const lock = lockOfCommand(command);
		if (lock === void 0) {
			sink.unknown(`the lock of ${command.subtype ?? "this ALTER TABLE command"} is not known`);
			sink.lock(table, "AccessExclusiveLock");
			return;
		}
		sink.lock(table, lock.mode);
		const reached = lock.reach === "children" || lock.reach === "partitions" && partitioned ? children : [];
		for (const child of reached) sink.lock(child, lock.mode);
		(handlers$2[command.subtype ?? ""] ?? otherCommand)({
			table,
			targets: [table, ...reached],
			node: command,
			clause,
			cascade: command.behavior === "DROP_CASCADE",
			missingOk: command.missing_ok === true,
			before: commands.slice(0, clause)
		}, sink);
	});
	if (commands.length === 0) sink.unknown("the ALTER TABLE has no command that could be read");
}
// src/sql/source-text.ts
const checkpointEvery = 512;
function sourceText(text) {
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
		byte += bytesOf$1(unit, size);
		codePoint += 1;
		column += 1;
		offset += size;
		sinceCheckpoint += 1;
		const newLine = unit === 10;
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
			at.byte += bytesOf$1(unit, size);
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
		lineText: (wanted) => {
			const from = lineOffsets[wanted - 1];
			if (from === void 0) return "";
			return text.slice(from, lineOffsets[wanted] ?? text.length).replace(/\r?\n$|\r$/, "");
		}
	};
}
function unitsAt(text, offset, unit) {
	if (unit < 55296 || unit > 56319) return 1;
	const next = text.charCodeAt(offset + 1);
	return next >= 56320 && next <= 57343 ? 2 : 1;
}
function bytesOf$1(unit, units) {
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
async function loadParser() {
	const grammar = await import("./postgres-grammar.mjs").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
	await grammar.loadModule();
	return {
		parse: grammar.parseSync,
		parsePlPgSql: grammar.parsePlPgSQLSync
	};
}
const byteOrderMark = "﻿";
function parseMigration(parser, sql) {
	const source = sourceText(sql);
	const marked = sql.startsWith(byteOrderMark);
	const textStart = marked ? 1 : 0;
	const nul = sql.indexOf("\0");
	if (nul !== -1) return syntaxError(source, source.atOffset(nul).byte, "the file contains a NUL byte");
	const statements = [];
	for (const chunk of splitForParsing(sql, textStart)) {
		const text = sql.slice(chunk.start, chunk.end);
		if (skipBlank(text, 0) >= text.length) continue;
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
		source,
		byteOrderMark: marked
	};
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
	return syntaxError(source, source.atCodePoint(before + (details.cursorPosition ?? 0)).byte, thrown.message);
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
// src/sql/effects/body.ts
var RunningCatalog = class {
	#from;
	#draft;
	#pending = [];
	constructor(from) {
		this.#from = from;
	}
	current() {
		if (this.#pending.length > 0) {
			this.#draft ??= new CatalogDraft(this.#from);
			for (const change of this.#pending) this.#draft.apply(change);
			this.#pending = [];
		}
		return this.#draft ?? this.#from;
	}
	apply(change) {
		this.#pending.push(change);
	}
};
var BodyRun = class {
	sink;
	#effectsOf;
	#catalog;
	#within;
	#schema;
	constructor(sink, effectsOf, catalog, { schema, within }) {
		this.sink = sink;
		this.#effectsOf = effectsOf;
		this.#catalog = catalog;
		this.#schema = schema;
		this.#within = within;
	}
	sql(text, place) {
		for (const { node, sql } of this.parsed(text, place) ?? []) this.#statement(node, sql, place);
	}
	parsed(text, place) {
		const parsed = parseMigration(this.sink.context.parser, text);
		if (parsed.kind === "parsed") return parsed.statements;
		this.sink.unknown(`${place.where}: ${parsed.message}`);
	}
	#statement(node, text, { where, certain, repeated }) {
		const { effects, changes } = this.#effectsOf(node, {
			...this.sink.context,
			catalog: this.#catalog.current(),
			schema: this.#schema,
			within: this.#within,
			text
		});
		this.sink.absorb(effects, where);
		for (const change of changes) {
			if (change.kind === "search-path") {
				this.#schema = change.schema;
				if (!certain) this.sink.unknown(`${where}: whether the search path is ${change.schema} afterwards is not certain`);
			}
			const made = certain || change.kind === "uncertain" ? change : {
				kind: "uncertain",
				change
			};
			this.#catalog.apply(made);
			if (repeated !== true) this.sink.change(made);
		}
	}
};
// src/sql/effects/folding.ts
const noVariables = {
	texts: /* @__PURE__ */ new Map(),
	arrays: /* @__PURE__ */ new Map()
};
const mostTexts = 256;
function foldText(node, variables) {
	const constant = as(node, "A_Const");
	if (constant !== void 0) {
		const text = constant.sval?.sval ?? (constant.ival === void 0 ? void 0 : String(constant.ival.ival ?? 0));
		return text === void 0 ? constant.sval === void 0 ? void 0 : [""] : [text];
	}
	const cast = as(node, "TypeCast");
	if (cast !== void 0) {
		const type = strings(cast.typeName?.names).at(-1);
		return type === "text" || type === "varchar" && cast.typeName?.typmods === void 0 ? foldText(cast.arg, variables) : void 0;
	}
	const reference = as(node, "ColumnRef");
	if (reference !== void 0) {
		const fields = strings(reference.fields);
		return fields.length === 1 ? variables.texts.get(fields[0] ?? "") : void 0;
	}
	const operation = as(node, "A_Expr");
	if (operation !== void 0) {
		if (operation.kind !== "AEXPR_OP" || strings(operation.name).join(".") !== "||") return void 0;
		return joined([foldText(operation.lexpr, variables), foldText(operation.rexpr, variables)]);
	}
	const call = as(node, "FuncCall");
	return call === void 0 ? void 0 : foldCall(call, variables);
}
function foldArray(node, variables) {
	const cast = as(node, "TypeCast");
	if (cast !== void 0) return (cast.typeName?.arrayBounds ?? []).length > 0 ? foldArray(cast.arg, variables) : void 0;
	const reference = as(node, "ColumnRef");
	if (reference !== void 0) return variables.arrays.get(strings(reference.fields).join("."));
	const array = as(node, "A_ArrayExpr");
	if (array !== void 0) {
		const found = [];
		for (const element of array.elements ?? []) {
			const texts = foldText(element, variables);
			if (texts === void 0) return void 0;
			found.push(...texts);
		}
		return found;
	}
	const text = as(node, "A_Const")?.sval?.sval;
	return text !== void 0 && /^\{[\w$]+(,[\w$]+)*\}$/.test(text) ? text.slice(1, -1).split(",") : void 0;
}
function foldCall(call, variables) {
	const names = strings(call.funcname);
	if (names.length > 1 && names[0] !== "pg_catalog") return void 0;
	const texts = (call.args ?? []).map((argument) => foldText(argument, variables));
	if (call.func_variadic === true) return void 0;
	switch (names.at(-1)) {
		case "format": return foldFormat(texts);
		case "concat": return joined(texts);
		case "quote_ident": return texts.length === 1 ? texts[0]?.map(identifier$1) : void 0;
		case "quote_literal": return texts.length === 1 ? texts[0]?.map(quotedLiteral) : void 0;
		default: return;
	}
}
function foldFormat(texts) {
	const [formats, ...values] = texts;
	if (formats === void 0) return void 0;
	const found = [];
	for (const format of formats) {
		const parts = [];
		let next = 0;
		let at = 0;
		for (const match of format.matchAll(/%(?:(\d+)\$)?(.)?/gs)) {
			parts.push([format.slice(at, match.index)]);
			at = match.index + match[0].length;
			if (match[2] === "%" && match[1] === void 0) {
				parts.push(["%"]);
				continue;
			}
			if (match[1] !== void 0) next = Number(match[1]) - 1;
			const value = values[next];
			next += 1;
			if (match[2] === "s") parts.push(value);
			else if (match[2] === "I") parts.push(value?.map(identifier$1));
			else if (match[2] === "L") parts.push(value?.map(quotedLiteral));
			else return void 0;
		}
		parts.push([format.slice(at)]);
		const whole = joined(parts);
		if (whole === void 0) return void 0;
		found.push(...whole);
	}
	return found;
}
function joined(parts) {
	let texts = [""];
	for (const part of parts) {
		if (part === void 0 || texts.length * part.length > mostTexts) return void 0;
		texts = texts.flatMap((text) => part.map((more) => text + more));
	}
	return texts;
}
function identifier$1(name) {
	return `"${name.replaceAll("\"", "\"\"")}"`;
}
function quotedLiteral(text) {
	const quoted = `'${text.replaceAll("'", "''")}'`;
	return text.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}
// src/sql/effects/plpgsql-tree.ts
function plFunctionOf(tree) {
	const functions = isNode(tree) ? tree.plpgsql_funcs : void 0;
	if (!Array.isArray(functions) || functions.length !== 1) return void 0;
	const inner = isNode(functions[0]) ? functions[0].PLpgSQL_function : void 0;
	if (!isNode(inner)) return void 0;
	const action = one(inner.action);
	return action === void 0 ? void 0 : {
		datums: listOf(inner.datums),
		action
	};
}
function expressionOf(value) {
	const inner = isNode(value) ? value.PLpgSQL_expr : void 0;
	if (!isNode(inner) || typeof inner.query !== "string") return void 0;
	const mode = typeof inner.parseMode === "number" ? inner.parseMode : 0;
	return {
		query: inner.query,
		mode: mode >= 3 ? "assignment" : mode === 2 ? "expression" : "statement"
	};
}
function listOf(value) {
	if (!Array.isArray(value)) return [];
	return value.flatMap((item) => one(item) ?? []);
}
function one(value) {
	if (!isNode(value)) return void 0;
	const [kind] = Object.keys(value);
	const node = kind === void 0 ? void 0 : value[kind];
	if (kind === void 0 || !isNode(node)) return void 0;
	return {
		kind,
		node,
		line: typeof node.lineno === "number" ? node.lineno : void 0
	};
}
function isNode(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// src/sql/effects/plpgsql-variables.ts
const noNames = {
	byNumber: [],
	restless: /* @__PURE__ */ new Set(),
	loops: /* @__PURE__ */ new Set()
};
function namesOf(body) {
	const byNumber = body.datums.map(({ node }) => textOf(node.refname));
	const restless = new Set(byNumber.filter((name, index) => name !== void 0 && byNumber.indexOf(name) !== index));
	const loops = /* @__PURE__ */ new Set();
	const visit = (value) => {
		if (Array.isArray(value)) for (const item of value) visit(item);
		if (!isNode(value)) return;
		for (const [key, inner] of Object.entries(value)) {
			if (key === "PLpgSQL_stmt_foreach_a" && isNode(inner)) loops.add(nameAt(inner.varno));
			else if (isNode(inner)) restless.add(nameAt(inner.varno)).add(nameAt(inner.target)).add(textOf(inner.refname));
			if (key === "PLpgSQL_stmt_assign" && isNode(inner)) restless.add(assignedName(inner));
			if (key === "fields" && Array.isArray(inner)) {
				for (const field of inner) if (isNode(field)) restless.add(textOf(field.name));
			}
			visit(inner);
		}
	};
	const nameAt = (number) => typeof number === "number" ? byNumber[number] : void 0;
	visit(body.action.node);
	for (const { kind, node } of body.datums) if (kind === "PLpgSQL_row") visit(node);
	return {
		byNumber,
		restless: present(restless),
		loops: present(loops)
	};
}
function constantsOf(body, names, parse) {
	const texts = /* @__PURE__ */ new Map();
	const arrays = /* @__PURE__ */ new Map();
	for (const { kind, node } of body.datums) {
		const initial = expressionOf(node.default_val);
		const variable = textOf(node.refname);
		if (kind !== "PLpgSQL_var" || initial === void 0 || variable === void 0) continue;
		if (names.restless.has(variable) || names.loops.has(variable)) continue;
		const type = typeOf(node);
		const value = parse(initial.query);
		const elements = type.endsWith("]") ? foldArray(value, {
			texts,
			arrays
		}) : void 0;
		if (elements !== void 0) arrays.set(variable, elements);
		const text = /^(text|varchar|character varying)$/.test(type) ? foldText(value, {
			texts,
			arrays
		}) : void 0;
		if (text !== void 0) texts.set(variable, text);
	}
	return {
		texts,
		arrays
	};
}
function loopedOver(loop, names, variables, parse) {
	const expression = expressionOf(loop.expr);
	const variable = typeof loop.varno === "number" ? names.byNumber[loop.varno] : void 0;
	if (expression === void 0 || variable === void 0 || names.restless.has(variable)) return variables;
	const elements = foldArray(parse(expression.query), variables);
	return elements === void 0 ? variables : {
		...variables,
		texts: new Map(variables.texts).set(variable, elements)
	};
}
const identifier = "(?:\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)";
const assignment = new RegExp(`^\\s*(${identifier})(?:\\s*\\.\\s*${identifier})*(?:\\s*\\[[^\\[\\]]*\\])*\\s*:?=`, "u");
function assignedValue(query) {
	const match = assignment.exec(query);
	return match === null ? void 0 : query.slice(match[0].length);
}
function assignedName(statement) {
	const written = assignment.exec(expressionOf(statement.expr)?.query ?? "")?.[1];
	return written?.startsWith("\"") === true ? written.slice(1, -1).replaceAll("\"\"", "\"") : written?.toLowerCase();
}
function typeOf(datum) {
	const type = isNode(datum.datatype) ? datum.datatype.PLpgSQL_type : void 0;
	return (isNode(type) ? textOf(type.typname) ?? "" : "").toLowerCase().replace(/^pg_catalog\./, "");
}
function textOf(value) {
	return typeof value === "string" ? value : void 0;
}
function present(names) {
	return new Set([...names].filter((name) => name !== void 0));
}
// src/sql/effects/plpgsql.ts
function runPlPgSql(text, name, certain, run) {
	let body;
	try {
		body = plFunctionOf(run.sink.context.parser.parsePlPgSql(text));
	} catch (thrown) {
		if (!(thrown instanceof Error)) throw thrown;
		run.sink.unknown(`${name} cannot be read: ${thrown.message}`);
		return;
	}
	if (body === void 0) run.sink.unknown(`${name} cannot be read`);
	else new Walk(name, run, certain).body(body);
}
const branches = {
	PLpgSQL_stmt_if: [
		"then_body",
		"elsif_list",
		"else_body"
	],
	PLpgSQL_if_elsif: ["stmts"],
	PLpgSQL_stmt_case: ["case_when_list", "else_stmts"],
	PLpgSQL_case_when: ["stmts"],
	PLpgSQL_exception_block: ["exc_list"],
	PLpgSQL_exception: ["action"],
	PLpgSQL_stmt_loop: ["body"],
	PLpgSQL_stmt_while: ["body"],
	PLpgSQL_stmt_fori: ["body"],
	PLpgSQL_stmt_fors: ["body"],
	PLpgSQL_stmt_forc: ["body"],
	PLpgSQL_stmt_dynfors: ["body"],
	PLpgSQL_stmt_foreach_a: ["body"]
};
const loops = new Set(Object.keys(branches).filter((kind) => /_(loop|while|for)/.test(kind)));
const computed = {
	PLpgSQL_stmt_dynexecute: "query",
	PLpgSQL_stmt_dynfors: "query",
	PLpgSQL_stmt_return_query: "dynquery",
	PLpgSQL_stmt_open: "dynquery"
};
const plain = /* @__PURE__ */ new Set([
	"PLpgSQL_stmt_assign",
	"PLpgSQL_stmt_execsql",
	"PLpgSQL_stmt_perform",
	"PLpgSQL_stmt_call",
	"PLpgSQL_stmt_exit",
	"PLpgSQL_stmt_return",
	"PLpgSQL_stmt_return_next",
	"PLpgSQL_stmt_raise",
	"PLpgSQL_stmt_assert",
	"PLpgSQL_stmt_getdiag",
	"PLpgSQL_stmt_fetch",
	"PLpgSQL_stmt_close",
	"PLpgSQL_stmt_commit"
]);
const leaves = /* @__PURE__ */ new Set(["PLpgSQL_stmt_exit", "PLpgSQL_stmt_return"]);
var Walk = class {
	#name;
	#run;
	#certain;
	#repeated = false;
	#variables = noVariables;
	#names = noNames;
	#line;
	constructor(name, run, certain) {
		this.#name = name;
		this.#run = run;
		this.#certain = certain;
	}
	body(body) {
		this.#names = namesOf(body);
		this.#variables = constantsOf(body, this.#names, (text) => this.#expression(text));
		for (const datum of body.datums) {
			this.#line = datum.line;
			this.#expressionsIn(datum.node, []);
		}
		this.#statement(body.action);
	}
	get #place() {
		return {
			where: this.#line === void 0 ? this.#name : `line ${this.#line} of ${this.#name}`,
			certain: this.#certain,
			repeated: this.#repeated
		};
	}
	#statements(list) {
		for (const statement of list) this.#statement(statement);
	}
	#statement(statement) {
		const { kind, node } = statement;
		if (statement.line !== void 0) this.#line = statement.line;
		if (kind === "PLpgSQL_stmt_block") {
			this.#block(statement);
			return;
		}
		const below = branches[kind];
		const dynamic = computed[kind];
		this.#expressionsIn(node, [
			...below ?? [],
			"var",
			"target"
		]);
		if (dynamic !== void 0 && node[dynamic] !== void 0) this.#execute(expressionOf(node[dynamic]));
		if (kind === "PLpgSQL_stmt_rollback") this.#run.sink.unknown(`${this.#place.where}: ROLLBACK takes statements before it back, which is not followed`);
		else if (below === void 0 && dynamic === void 0 && !plain.has(kind)) this.#run.sink.unknown(`${this.#place.where}: ${kind.replace("PLpgSQL_stmt_", "").toUpperCase()} is not followed`);
		if (below !== void 0) this.#branches(statement, below);
		if (leaves.has(kind)) this.#certain = false;
	}
	#block({ node }) {
		const handlers = isNode(node.exceptions) ? listOf([node.exceptions]) : [];
		const before = this.#certain;
		if (handlers.length > 0) this.#certain = false;
		this.#statements(listOf(node.body));
		this.#statements(handlers);
		if (handlers.length > 0) this.#certain = before && !containsLeaving(node);
	}
	#branches({ kind, node }, keys) {
		const before = {
			certain: this.#certain,
			variables: this.#variables,
			repeated: this.#repeated
		};
		this.#certain = false;
		if (kind === "PLpgSQL_stmt_foreach_a") this.#variables = loopedOver(node, this.#names, this.#variables, (text) => this.#expression(text));
		for (const key of keys) this.#statements(listOf(node[key]));
		if (loops.has(kind) && !before.repeated) {
			this.#repeated = true;
			for (const key of keys) this.#statements(listOf(node[key]));
		}
		this.#variables = before.variables;
		this.#repeated = before.repeated;
		this.#certain = before.certain && !containsLeaving(node);
	}
	#expressionsIn(value, except) {
		const expression = expressionOf(value);
		if (expression !== void 0) this.#evaluate(expression);
		else if (Array.isArray(value)) for (const item of value) this.#expressionsIn(item, []);
		else if (isNode(value)) {
			for (const [key, inner] of Object.entries(value)) if (!except.includes(key)) this.#expressionsIn(inner, []);
		}
	}
	#evaluate({ query, mode }) {
		if (mode === "statement") {
			this.#run.sql(query, this.#place);
			return;
		}
		const value = mode === "assignment" ? assignedValue(query) : query;
		if (value === void 0) this.#run.sink.unknown(`${this.#place.where}: the assignment ${query} is not read`);
		else this.#run.sql(`SELECT ${value}`, this.#place);
	}
	#execute(expression) {
		const texts = foldText(expression === void 0 ? void 0 : this.#expression(expression.query), this.#variables);
		const place = this.#place;
		if (texts === void 0) {
			this.#run.sink.unknown(`${place.where} runs text that is computed: ${oneLine$1(expression?.query ?? "")}`);
			return;
		}
		for (const text of texts) this.#run.sql(text, {
			...place,
			certain: place.certain && texts.length === 1
		});
	}
	#expression(text) {
		const [statement] = this.#run.parsed(`SELECT ${text}`, this.#place) ?? [];
		return as(as(statement?.node, "SelectStmt")?.targetList?.[0], "ResTarget")?.val;
	}
};
function containsLeaving(value) {
	if (Array.isArray(value)) return value.some(containsLeaving);
	if (!isNode(value)) return false;
	return Object.entries(value).some(([key, inner]) => leaves.has(key) || containsLeaving(inner));
}
function oneLine$1(text) {
	const line = text.replaceAll(/\s+/g, " ").trim();
	return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
// src/sql/effects/bodies.ts
const deepest = 8;
function runBodies(sink, effectsOf) {
	const { context } = sink;
	const catalog = new RunningCatalog(context.catalog);
	for (const body of sink.bodies) {
		if (body.kind === "block") {
			runPlPgSql(context.text, "the DO block", true, new BodyRun(sink, effectsOf, catalog, context));
			continue;
		}
		const { because, name } = body;
		if (context.within.includes(name)) continue;
		const called = catalog.current().functions.get(name)?.bodies ?? [];
		if (called.length === 0) sink.unknown(`${because}, whose body is not known`);
		else if (context.within.length >= deepest) sink.unknown(`${because}, too many calls deep to be followed`);
		else {
			const certain = body.certain && called.length === 1;
			for (const one of called) runFunction(one, name, certain, new BodyRun(sink, effectsOf, catalog, {
				schema: one.searchPath ?? context.schema,
				within: [...context.within, name]
			}));
		}
	}
}
function runFunction(body, name, certain, run) {
	const called = `the function ${splitName(name).name}()`;
	if (body.language === "plpgsql") runPlPgSql(body.text, called, certain, run);
	else if (body.language === "sql" && body.sql !== void 0) run.sql(body.sql, {
		where: called,
		certain
	});
	else run.sink.unknown(`${called} is written in ${body.language === "sql" ? "a form of SQL" : body.language} that is not read`);
}
// src/sql/effects/data.ts
const queryStatement = (node, sink) => {
	lockReads(node, sink, "views-too");
	for (const { kind, node: inner } of walk(node)) writeOf(kind, { [kind]: inner }, sink);
	const into = as(node, "SelectStmt")?.intoClause?.rel;
	if (into !== void 0) sink.change({
		kind: "create-table",
		table: unseenColumns(sink.relationOf(into), into, sink),
		ifNotExists: false
	});
};
function writeOf(kind, node, sink) {
	const insert = kind === "InsertStmt" ? as(node, "InsertStmt") : void 0;
	if (insert !== void 0) {
		const columns = insert.cols === void 0 ? void 0 : allOf(insert.cols, "ResTarget").map((target) => target.name ?? "");
		write(sink.relationOf(insert.relation), {
			kind: "insert",
			columns
		}, true, sink);
		const update = insert.onConflictClause;
		if (update?.action === "ONCONFLICT_UPDATE") write(sink.relationOf(insert.relation), {
			kind: "update",
			columns: assigned(update.targetList)
		}, true, sink);
	}
	const update = kind === "UpdateStmt" ? as(node, "UpdateStmt") : void 0;
	if (update !== void 0) {
		const table = sink.relationOf(update.relation);
		write(table, {
			kind: "update",
			columns: assigned(update.targetList)
		}, update.relation?.inh === true, sink);
		if (update.whereClause === void 0) sink.scan(table);
	}
	const remove = kind === "DeleteStmt" ? as(node, "DeleteStmt") : void 0;
	if (remove !== void 0) {
		const table = sink.relationOf(remove.relation);
		write(table, { kind: "delete" }, remove.relation?.inh === true, sink);
		if (remove.whereClause === void 0) sink.scan(table);
	}
	const merge = kind === "MergeStmt" ? as(node, "MergeStmt") : void 0;
	if (merge === void 0) return;
	const table = sink.relationOf(merge.relation);
	for (const clause of allOf(merge.mergeWhenClauses, "MergeWhenClause")) if (clause.commandType === "CMD_DELETE") write(table, { kind: "delete" }, true, sink);
	else if (clause.commandType === "CMD_UPDATE") write(table, {
		kind: "update",
		columns: assigned(clause.targetList)
	}, true, sink);
	else if (clause.commandType === "CMD_INSERT") write(table, {
		kind: "insert",
		columns: assigned(clause.targetList)
	}, true, sink);
	sink.lock(table, "RowExclusiveLock");
}
function assigned(targets) {
	return allOf(targets, "ResTarget").map((target) => target.name ?? "");
}
function write(name, what, withChildren, sink) {
	const view = sink.relation(name);
	if (view?.kind === "view") {
		sink.lock(name, "RowExclusiveLock");
		for (const read of view.reads) write(read, what, true, sink);
		return;
	}
	for (const target of withChildren ? [name, ...sink.descendants(name)] : [name]) {
		sink.lock(target, "RowExclusiveLock");
		if (what.kind === "delete" && sink.existed(target)) sink.lose("rows", target);
		const table = sink.table(target);
		if (table !== void 0) noteTriggers(table, sink);
		lockOtherEnds(target, table, what, sink);
	}
}
function noteTriggers(table, sink) {
	const names = [...table.triggers.keys()];
	if (names.length > 0) sink.unknown(`triggers of ${table.name} may run (${names.join(", ")}), whose functions are not read`);
	if (table.rules.length > 0) sink.unknown(`rules of ${table.name} rewrite the statement (${table.rules.join(", ")})`);
}
function lockOtherEnds(name, table, what, sink, seen = /* @__PURE__ */ new Set()) {
	if (seen.has(name)) return;
	seen.add(name);
	for (const constraint of table?.constraints ?? []) if (constraint.references !== void 0 && sets(what, constraint.columns)) sink.lock(constraint.references.table, "RowShareLock");
	if (what.kind === "insert") {
		for (const column of table?.columns.values() ?? []) if (column.sequence !== void 0 && what.columns?.includes(column.name) !== true) sink.lock(column.sequence, "RowExclusiveLock");
		return;
	}
	for (const { table: other, constraint } of sink.referencing(name)) {
		if (what.kind === "update" && !keyColumns(constraint, table).some((column) => what.columns.includes(column))) continue;
		const writes = what.kind === "delete" ? constraint.writesOnDelete : constraint.writesOnUpdate;
		const mode = writes ? "RowExclusiveLock" : "RowShareLock";
		for (const target of [other.name, ...sink.descendants(other.name)]) sink.lock(target, mode);
		if (!writes) continue;
		noteTriggers(other, sink);
		if (what.kind === "delete" && constraint.deletesRows && sink.existed(other.name)) sink.lose("rows", other.name);
		const next = what.kind === "delete" && constraint.deletesRows ? what : {
			kind: "update",
			columns: constraint.columns
		};
		lockOtherEnds(other.name, other, next, sink, seen);
	}
}
function keyColumns(constraint, table) {
	const named = constraint.references?.columns ?? [];
	return named.length > 0 ? named : [...table?.columns.keys() ?? []].filter((column) => referencesColumn(constraint, column, table));
}
function sets(what, columns) {
	if (what.kind === "delete") return false;
	return what.columns === void 0 || what.columns.some((column) => columns.includes(column));
}
const truncate = (node, sink) => {
	const statement = as(node, "TruncateStmt");
	if (statement === void 0) return;
	const queue = [];
	for (const range of allOf(statement.relations, "RangeVar")) {
		const table = sink.relationOf(range);
		queue.push(table, ...range.inh === true ? sink.descendants(table) : []);
		if (statement.behavior === "DROP_CASCADE" && sink.table(table) === void 0) sink.unknown(`which tables reference ${table}, and are emptied too, is not known`);
	}
	const emptied = /* @__PURE__ */ new Set();
	for (let table = queue.pop(); table !== void 0; table = queue.pop()) {
		if (emptied.has(table)) continue;
		emptied.add(table);
		empty(table, statement.restart_seqs === true, sink);
		if (statement.behavior !== "DROP_CASCADE") continue;
		for (const { table: other } of sink.referencing(table)) queue.push(other.name, ...sink.descendants(other.name));
	}
};
function empty(name, restartSequences, sink) {
	const table = sink.table(name);
	sink.lock(name, "AccessExclusiveLock");
	if (table?.partitioned !== true) sink.rewrite(name);
	if (sink.existed(name)) sink.lose("rows", name);
	if (!restartSequences) return;
	for (const relation of sink.catalog.relations.values()) if (relation.kind === "sequence" && relation.ownedBy?.table === name) sink.lock(relation.name, "AccessExclusiveLock");
}
const modesByNumber = [
	"AccessShareLock",
	"RowShareLock",
	"RowExclusiveLock",
	"ShareUpdateExclusiveLock",
	"ShareLock",
	"ShareRowExclusiveLock",
	"ExclusiveLock",
	"AccessExclusiveLock"
];
const lockTables = (node, sink) => {
	const statement = as(node, "LockStmt");
	const mode = modesByNumber[(statement?.mode ?? 8) - 1] ?? "AccessExclusiveLock";
	const lockAll = (name) => {
		sink.lock(name, mode);
		const relation = sink.relation(name);
		if (relation?.kind === "view") for (const read of relation.reads) lockAll(read);
	};
	for (const range of allOf(statement?.relations, "RangeVar")) {
		const name = sink.relationOf(range);
		lockAll(name);
		if (range.inh === true) for (const child of sink.descendants(name)) sink.lock(child, mode);
	}
};
const copy = (node, sink) => {
	const statement = as(node, "CopyStmt");
	if (statement === void 0) return;
	if (statement.query !== void 0) lockReads(statement.query, sink, "views-too");
	if (statement.relation === void 0) return;
	const table = sink.relationOf(statement.relation);
	if (statement.is_from === true) write(table, {
		kind: "insert",
		columns: void 0
	}, false, sink);
	else sink.lock(table, "AccessShareLock");
};
// src/sql/effects/extensions.ts
const withoutTables = new Set("bloom btree_gin btree_gist citext cube dict_int dict_xsyn earthdistance fuzzystrmatch hstore intarray isn lo ltree pg_trgm pgcrypto pgrowlocks pgstattuple plpgsql seg tablefunc tsm_system_rows tsm_system_time unaccent uuid-ossp vector xml2 pg_stat_statements pg_uuidv7 pgvector rum hypopg pg_hint_plan pgjwt http".split(" "));
function isKnownExtension(name) {
	return withoutTables.has(name);
}
// src/sql/effects/types.ts
const createEnum = (node, sink) => {
	const statement = as(node, "CreateEnumStmt");
	if (statement === void 0) return;
	const labels = strings(statement.vals);
	create(strings(statement.typeName), "enum", labels, void 0, false, sink);
};
const createDomain = (node, sink) => {
	const statement = as(node, "CreateDomainStmt");
	if (statement === void 0) return;
	const base = statement.typeName === void 0 ? void 0 : sink.resolveType(typeRef(statement.typeName));
	const constrained = allOf(statement.constraints, "Constraint").some((one) => one.contype === "CONSTR_CHECK" || one.contype === "CONSTR_NOTNULL");
	create(strings(statement.domainname), "domain", [], base, constrained, sink);
};
const createComposite = (node, sink) => {
	const range = as(node, "CompositeTypeStmt")?.typevar;
	if (range !== void 0) create([...range.schemaname === void 0 ? [] : [range.schemaname], range.relname ?? ""], "composite", [], void 0, false, sink);
};
const createRange = (node, sink) => create(strings(as(node, "CreateRangeStmt")?.typeName), "range", [], void 0, false, sink);
const define = (node, sink) => {
	const statement = as(node, "DefineStmt");
	if (statement?.kind === "OBJECT_TYPE") create(strings(statement.defnames), "base", [], void 0, false, sink);
};
function create(parts, kind, labels, base, constrained, sink) {
	const name = sink.name(parts);
	sink.change({
		kind: "create-type",
		type: {
			kind,
			name,
			labels,
			base,
			constrained,
			createdBy: sink.context.migration
		}
	});
}
const alterEnum = (node, sink) => {
	const statement = as(node, "AlterEnumStmt");
	if (statement === void 0) return;
	const type = sink.name(strings(statement.typeName));
	const label = statement.newVal ?? "";
	if (statement.oldVal === void 0) sink.change({
		kind: "add-label",
		type,
		label
	});
	else sink.change({
		kind: "rename-label",
		type,
		from: statement.oldVal,
		to: label
	});
};
const alterDomain = (node, sink) => {
	const statement = as(node, "AlterDomainStmt");
	if (statement === void 0) return;
	const name = sink.name(strings(statement.typeName));
	const subtype = statement.subtype ?? "";
	const adds = subtype === "C" && as(statement.def, "Constraint")?.skip_validation !== true;
	if (subtype === "X") sink.lose("constraint", `${name}.${statement.name ?? ""}`);
	if (subtype === "T" && statement.def === void 0) sink.lose("default", name);
	const known = sink.catalog.types.get(name);
	if (known !== void 0 && (subtype === "C" || subtype === "O")) sink.change({
		kind: "create-type",
		type: {
			...known,
			constrained: true
		}
	});
	if (!adds && subtype !== "O" && subtype !== "V") return;
	for (const table of new Set(columnsOf(name, sink).map((one) => one.table))) {
		sink.lock(table, "ShareLock");
		sink.scan(table);
	}
	if (known === void 0) sink.unknown(`which tables use the domain ${name}, and are read to check it, is not known`);
};
function dropType(parts, cascade, missingOk, sink) {
	const name = sink.name(parts);
	const known = sink.catalog.types.get(name);
	if (missingOk && sink.catalog.complete && known === void 0) return;
	if (known?.createdBy !== sink.context.migration) sink.lose("type", name);
	if (cascade) {
		if (known === void 0) sink.unknown(`which columns use the type ${name} and go with it is not known`);
		for (const { table, column } of columnsOf(name, sink)) {
			sink.lock(table, "AccessExclusiveLock");
			if (sink.existed(table)) sink.lose("column", `${table}.${column}`);
			dropColumnDependents(table, column, true, sink);
			sink.change({
				kind: "drop-column",
				clause: 0,
				table,
				name: column,
				known: sink.table(table)?.columns.get(column)
			});
		}
	}
	sink.change({
		kind: "drop-type",
		name,
		known
	});
}
function columnsOf(type, sink) {
	const found = [];
	for (const relation of sink.catalog.relations.values()) {
		if (relation.kind !== "table") continue;
		for (const column of relation.columns.values()) if (column.type?.name === type) found.push({
			table: relation.name,
			column: column.name
		});
	}
	return found;
}
// src/sql/effects/drops.ts
const onTable = (kind) => (parts, _object, drop, sink) => {
	const name = parts.at(-1) ?? "";
	const table = sink.name(parts.slice(0, -1));
	if (drop.missingOk && sink.catalog.complete && !hangsOn(table, kind, name, sink)) return;
	sink.lock(table, "AccessExclusiveLock");
	if (sink.existed(table) && kind !== "rule") sink.lose(kind, `${table}.${name}`);
	if (kind === "trigger") sink.change({
		kind: "drop-trigger",
		table,
		name
	});
	else sink.change({
		kind: kind === "policy" ? "drop-policy" : "drop-rule",
		table,
		name
	});
};
function hangsOn(table, kind, name, sink) {
	const known = sink.table(table);
	if (kind === "trigger") return known?.triggers.has(name) === true;
	return (kind === "policy" ? known?.policies : known?.rules)?.includes(name) === true;
}
const handlers$1 = {
	OBJECT_TABLE: dropTable,
	OBJECT_FOREIGN_TABLE: dropTable,
	OBJECT_VIEW: (parts, _object, drop, sink) => dropViews(parts, drop, sink),
	OBJECT_MATVIEW: (parts, _object, drop, sink) => dropViews(parts, drop, sink),
	OBJECT_INDEX: dropIndex,
	OBJECT_SEQUENCE: dropSequence,
	OBJECT_TYPE: (parts, _object, drop, sink) => dropType(parts, drop.cascade, drop.missingOk, sink),
	OBJECT_DOMAIN: (parts, _object, drop, sink) => dropType(parts, drop.cascade, drop.missingOk, sink),
	OBJECT_SCHEMA: dropSchema,
	OBJECT_EXTENSION: dropExtension,
	OBJECT_FUNCTION: dropFunction,
	OBJECT_PROCEDURE: dropFunction,
	OBJECT_ROUTINE: dropFunction,
	OBJECT_AGGREGATE: dropFunction,
	OBJECT_TRIGGER: onTable("trigger"),
	OBJECT_POLICY: onTable("policy"),
	OBJECT_RULE: onTable("rule"),
	OBJECT_STATISTIC_EXT: (parts, _object, _drop, sink) => sink.unknown(`the table of the statistics ${parts.at(-1) ?? ""}, which is locked, is not known`)
};
const harmlessAlone = /* @__PURE__ */ new Set([
	"OBJECT_CAST",
	"OBJECT_COLLATION",
	"OBJECT_CONVERSION",
	"OBJECT_EVENT_TRIGGER",
	"OBJECT_LANGUAGE",
	"OBJECT_OPCLASS",
	"OBJECT_OPERATOR",
	"OBJECT_OPFAMILY",
	"OBJECT_PUBLICATION",
	"OBJECT_TSCONFIGURATION",
	"OBJECT_TSDICTIONARY",
	"OBJECT_TSPARSER",
	"OBJECT_TSTEMPLATE",
	"OBJECT_TRANSFORM",
	"OBJECT_FDW",
	"OBJECT_FOREIGN_SERVER",
	"OBJECT_ACCESS_METHOD"
]);
const dropObjects = (node, sink) => {
	const statement = as(node, "DropStmt");
	if (statement?.removeType === void 0) return;
	const handler = handlers$1[statement.removeType];
	const drop = dropOf(statement, sink);
	if (handler === void 0) {
		if (!harmlessAlone.has(statement.removeType)) sink.unknown(`what dropping this kind of object (${statement.removeType}) takes along is not known`);
		else if (drop.cascade) sink.unknown("what depends on the dropped object and goes with it is not known");
		return;
	}
	for (const object of statement.objects ?? []) handler(nameParts(object), object, drop, sink);
};
function dropOf(statement, sink) {
	return {
		cascade: statement.behavior === "DROP_CASCADE",
		missingOk: statement.missing_ok === true,
		concurrently: statement.concurrent === true,
		together: new Set((statement.objects ?? []).map((object) => sink.name(nameParts(object))))
	};
}
function dropTable(parts, _object, drop, sink) {
	const name = sink.name(parts);
	if (drop.missingOk && sink.certainlyAbsent(name)) return;
	const known = sink.table(name);
	sink.lock(name, "AccessExclusiveLock");
	if (sink.existed(name)) sink.lose("table", name);
	dropTableDependents(name, drop.together, drop.cascade, sink);
	if (drop.cascade && sink.relation(name) === void 0) sink.unknown(`what depends on ${name} and goes with it is not known`);
	sink.change({
		kind: "drop-table",
		name,
		known
	});
}
function dropViews(parts, drop, sink) {
	const name = sink.name(parts);
	if (drop.missingOk && sink.certainlyAbsent(name)) return;
	if (drop.cascade && sink.relation(name) === void 0) sink.unknown(`what depends on ${name} and goes with it is not known`);
	dropView(name, sink);
}
function dropIndex(parts, _object, drop, sink) {
	const name = sink.name(parts);
	if (drop.missingOk && sink.certainlyAbsent(name)) return;
	const relation = sink.relation(name);
	const known = relation?.kind === "index" ? relation : void 0;
	const mode = drop.concurrently ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock";
	sink.lock(name, mode);
	if (known === void 0) sink.unknown(`the table of the index ${name}, which is locked, is not known`);
	else sink.lock(known.table, mode);
	if (known !== void 0 && drop.cascade && known.unique) dropKeyDependents(known.table, known.columns, sink);
	if (sink.existed(name)) sink.lose("index", name);
	sink.change({
		kind: "drop-index",
		name,
		known,
		concurrently: drop.concurrently
	});
}
function dropSequence(parts, _object, drop, sink) {
	const name = sink.name(parts);
	if (drop.missingOk && sink.certainlyAbsent(name)) return;
	sink.lock(name, "AccessExclusiveLock");
	if (sink.existed(name)) sink.lose("sequence", name);
	if (drop.cascade) {
		let users = 0;
		for (const relation of sink.catalog.relations.values()) {
			if (relation.kind !== "table") continue;
			for (const column of relation.columns.values()) {
				if (column.sequence !== name) continue;
				users += 1;
				sink.lock(relation.name, "AccessExclusiveLock");
				sink.lose("default", `${relation.name}.${column.name}`);
			}
		}
		if (users === 0 && sink.relation(name) === void 0) sink.unknown(`which defaults use the sequence ${name} is not known`);
	}
	sink.change({
		kind: "drop-sequence",
		name
	});
}
function dropSchema(parts, _object, drop, sink) {
	const name = parts.at(-1) ?? "";
	if (drop.missingOk && sink.catalog.complete && !sink.catalog.schemas.has(name)) return;
	sink.lose("schema", name);
	if (drop.cascade) {
		const inside = [...sink.catalog.relations.values()].filter((relation) => relation.name.startsWith(`${name}.`));
		const together = new Set(inside.map((relation) => relation.name));
		for (const relation of inside) {
			if (relation.kind !== "index") sink.lock(relation.name, "AccessExclusiveLock");
			if (relation.kind !== "table") continue;
			if (sink.existed(relation.name)) sink.lose("table", relation.name);
			dropTableDependents(relation.name, together, true, sink);
		}
		if (!sink.catalog.complete) sink.unknown(`what else is in the schema ${name} and goes with it is not known`);
	}
	sink.change({
		kind: "drop-schema",
		name
	});
}
function dropExtension(parts, _object, drop, sink) {
	const name = parts.at(-1) ?? "";
	sink.lose("extension", name);
	if (drop.cascade) sink.unknown(`which columns, indexes and functions use the extension ${name} and go with it is not known`);
	else if (!isKnownExtension(name)) sink.unknown(`whether the extension ${name} has tables of its own is not known`);
}
function dropFunction(parts, object, drop, sink) {
	const name = sink.name(parts.length > 0 ? parts : nameParts(as(object, "ObjectWithArgs")?.objname?.[0]));
	sink.lose("function", name);
	if (drop.cascade) {
		for (const relation of sink.catalog.relations.values()) {
			if (relation.kind !== "table") continue;
			for (const [trigger, calls] of relation.triggers) {
				if (calls !== name) continue;
				sink.lock(relation.name, "AccessExclusiveLock");
				sink.lose("trigger", `${relation.name}.${trigger}`);
				sink.change({
					kind: "drop-trigger",
					table: relation.name,
					name: trigger
				});
			}
		}
		sink.unknown(`which defaults, checks, views and indexes use ${name}() and go with it is not known`);
	}
	sink.change({
		kind: "drop-function",
		name
	});
}
// src/sql/effects/functions.ts
const createFunction = (node, sink) => {
	const statement = as(node, "CreateFunctionStmt");
	if (statement === void 0) return;
	if (statement.sql_body !== void 0) lockReads(statement.sql_body, sink, "names");
	const name = sink.name(strings(statement.funcname));
	sink.change({
		kind: "create-function",
		replaces: statement.replace === true,
		function: {
			name,
			volatility: volatilityOf(statement),
			bodies: [bodyOf(statement, sink)],
			createdBy: sink.context.migration
		}
	});
};
function bodyOf(statement, sink) {
	const parameters = allOf(statement.parameters, "FunctionParameter").filter((one) => !/_(OUT|TABLE)$/.test(one.mode ?? ""));
	const option = (name) => allOf(statement.options, "DefElem").find((one) => one.defname === name)?.arg;
	const searchPath = allOf(statement.options, "DefElem").flatMap((one) => as(one.arg, "VariableSetStmt") ?? []).find((setting) => setting.name === "search_path");
	return {
		signature: parameters.map((one) => JSON.stringify(one.argType ?? null, withoutPlaces)).join(),
		language: languageOf(statement.options) ?? "sql",
		text: sink.context.text,
		sql: strings(as(option("as"), "List")?.items)[0],
		searchPath: searchPath === void 0 ? void 0 : as(searchPath.args?.[0], "A_Const")?.sval?.sval ?? "pg_catalog"
	};
}
function withoutPlaces(key, value) {
	return key === "location" ? void 0 : value;
}
function languageOf(options) {
	return as(allOf(options, "DefElem").find((one) => one.defname === "language")?.arg, "String")?.sval?.toLowerCase();
}
function volatilityOf(statement) {
	const said = as(allOf(statement.options, "DefElem").find((one) => one.defname === "volatility")?.arg, "String")?.sval;
	return said === "immutable" || said === "stable" ? said : "volatile";
}
const doBlock = (node, sink) => {
	const language = languageOf(as(node, "DoStmt")?.args);
	if (language === void 0 || language === "plpgsql") sink.run({ kind: "block" });
	else sink.unknown(`the DO block is written in ${language}, which is not read`);
};
const call = (node, sink) => {
	const called = as(node, "CallStmt")?.funccall;
	lockReads(called?.args, sink, "views-too");
	const parts = strings(called?.funcname);
	sink.run({
		kind: "call",
		name: sink.name(parts),
		because: `it calls the procedure ${parts.join(".")}()`,
		certain: true
	});
};
// src/sql/effects/indexes.ts
const createIndex = (node, sink) => {
	const statement = as(node, "IndexStmt");
	if (statement === void 0) return;
	const table = sink.relationOf(statement.relation);
	const mode = statement.concurrent === true ? "ShareUpdateExclusiveLock" : "ShareLock";
	const name = beside(table, statement.idxname ?? defaultName(table, statement));
	sink.lock(table, mode);
	const builds = !(statement.if_not_exists === true && sink.certainlyPresent(name));
	const children = statement.relation?.inh === true && sink.table(table)?.partitioned === true ? sink.descendants(table) : [];
	if (!builds) return;
	for (const target of [table, ...children]) {
		sink.lock(target, mode);
		sink.scan(target);
	}
	const parts = allOf(statement.indexParams, "IndexElem");
	const expressions = parts.some((part) => part.expr !== void 0) || statement.whereClause !== void 0;
	const columns = new Set(parts.flatMap((part) => part.name === void 0 ? [...columnsMentioned(part.expr) ?? []] : [part.name]));
	for (const part of allOf(statement.indexIncludingParams, "IndexElem")) if (part.name !== void 0) columns.add(part.name);
	for (const column of columnsMentioned(statement.whereClause) ?? []) columns.add(column);
	sink.change({
		kind: "create-index",
		concurrently: statement.concurrent === true,
		ifNotExists: statement.if_not_exists === true,
		index: {
			kind: "index",
			name,
			createdBy: sink.context.migration,
			table,
			columns: [...columns],
			unique: statement.unique === true,
			plain: !expressions,
			btree: !expressions && isOrdinary(statement, parts)
		}
	});
};
function isOrdinary(statement, parts) {
	if ((statement.accessMethod ?? "btree") !== "btree" || (statement.indexIncludingParams ?? []).length > 0) return false;
	return parts.every((part) => part.opclass === void 0 && part.collation === void 0 && part.ordering !== "SORTBY_DESC" && (part.nulls_ordering ?? "SORTBY_NULLS_DEFAULT") === "SORTBY_NULLS_DEFAULT");
}
function defaultName(table, statement) {
	const columns = allOf(statement.indexParams, "IndexElem").map((part) => part.name ?? "expr");
	return [
		splitName(table).name,
		...columns,
		"idx"
	].join("_");
}
const reindex = (node, sink) => {
	const statement = as(node, "ReindexStmt");
	if (statement === void 0) return;
	const concurrently = allOf(statement.params, "DefElem").some((option) => option.defname === "concurrently");
	const name = sink.relationOf(statement.relation);
	const mode = concurrently ? "ShareUpdateExclusiveLock" : "ShareLock";
	if (statement.kind === "REINDEX_OBJECT_TABLE") for (const target of [name, ...sink.descendants(name)]) readUnder(target, mode, sink);
	else if (statement.kind === "REINDEX_OBJECT_INDEX") {
		const index = sink.relation(name);
		sink.lock(name, concurrently ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock");
		if (index?.kind === "index") readUnder(index.table, mode, sink);
		else sink.unknown(`the table of the index ${name}, which is locked, is not known`);
	} else sink.unknown("every index of the schema or database is built anew; which tables that locks is not known");
};
function readUnder(table, mode, sink) {
	sink.lock(table, mode);
	sink.scan(table);
}
const cluster = (node, sink) => {
	const relation = as(node, "ClusterStmt")?.relation;
	if (relation === void 0) {
		sink.unknown("every table that was clustered before is rewritten; which those are is not known");
		return;
	}
	const table = sink.relationOf(relation);
	sink.lock(table, "AccessExclusiveLock");
	sink.rewrite(table);
	sink.scan(table);
};
const createStatistics = (node, sink) => {
	for (const range of allOf(as(node, "CreateStatsStmt")?.relations, "RangeVar")) sink.lock(sink.relationOf(range), "ShareUpdateExclusiveLock");
};
// src/sql/effects/others.ts
const nothing = () => {};
const because = (reason) => (_node, sink) => sink.unknown(reason);
const createSequence = (node, sink) => {
	const statement = as(node, "CreateSeqStmt");
	const name = sink.relationOf(statement?.sequence);
	if (statement?.if_not_exists === true && sink.certainlyPresent(name)) return;
	const ownedBy = ownerOf(statement?.options, sink);
	if (ownedBy !== void 0) sink.lock(ownedBy.table, "AccessShareLock");
	sink.change({
		kind: "create-sequence",
		sequence: {
			kind: "sequence",
			name,
			createdBy: sink.context.migration,
			ownedBy
		}
	});
};
const alterSequence = (node, sink) => {
	const statement = as(node, "AlterSeqStmt");
	const name = sink.relationOf(statement?.sequence);
	if (statement?.missing_ok === true && sink.certainlyAbsent(name)) return;
	sink.lock(name, "ShareRowExclusiveLock");
	const ownedBy = ownerOf(statement?.options, sink);
	if (ownedBy === void 0) return;
	sink.lock(ownedBy.table, "AccessShareLock");
	const createdBy = sink.relation(name)?.createdBy;
	sink.change({
		kind: "create-sequence",
		sequence: {
			kind: "sequence",
			name,
			createdBy,
			ownedBy
		}
	});
};
function ownerOf(options, sink) {
	const parts = nameParts(allOf(options, "DefElem").find((one) => one.defname === "owned_by")?.arg);
	if (parts.length < 2) return void 0;
	return {
		table: sink.name(parts.slice(0, -1)),
		column: parts.at(-1) ?? ""
	};
}
const createSchema = (node, sink) => {
	const statement = as(node, "CreateSchemaStmt");
	sink.change({
		kind: "create-schema",
		name: statement?.schemaname ?? ""
	});
	if ((statement?.schemaElts ?? []).length > 0) sink.unknown("the objects created inside CREATE SCHEMA are not read");
};
const grant = (node, sink) => {
	const statement = as(node, "GrantStmt");
	if (statement?.is_grant === true) return;
	const objects = statement?.objects ?? [];
	for (const object of objects) {
		const range = as(object, "RangeVar");
		sink.lose("grant", range === void 0 ? nameParts(object).join(".") : sink.relationOf(range));
	}
};
const alterDefaultPrivileges = (node, sink) => {
	if ((as(node, "AlterDefaultPrivilegesStmt")?.action)?.is_grant !== true) sink.lose("grant", "default privileges");
};
const commentLocks = {
	OBJECT_TABLE: "ShareUpdateExclusiveLock",
	OBJECT_VIEW: "ShareUpdateExclusiveLock",
	OBJECT_MATVIEW: "ShareUpdateExclusiveLock",
	OBJECT_INDEX: "ShareUpdateExclusiveLock",
	OBJECT_SEQUENCE: "ShareUpdateExclusiveLock",
	OBJECT_FOREIGN_TABLE: "ShareUpdateExclusiveLock"
};
const comment = (node, sink) => {
	const statement = as(node, "CommentStmt");
	const parts = nameParts(statement?.object);
	const lock = commentLocks[statement?.objtype ?? ""];
	if (lock !== void 0) sink.lock(sink.name(parts), lock);
	else if (statement?.objtype === "OBJECT_COLUMN") sink.lock(sink.name(parts.slice(0, -1)), "ShareUpdateExclusiveLock");
	else if (/_(TABCONSTRAINT|TRIGGER|POLICY|RULE)$/.test(statement?.objtype ?? "")) sink.lock(sink.name(parts.slice(0, -1)), "AccessShareLock");
};
const setVariable = (node, sink) => {
	const statement = as(node, "VariableSetStmt");
	if (statement?.name !== "search_path" || statement.kind !== "VAR_SET_VALUE") return;
	const schema = as(statement.args?.[0], "A_Const")?.sval?.sval;
	if (schema !== void 0 && schema !== "") sink.change({
		kind: "search-path",
		schema
	});
};
const transaction = (node, sink) => {
	const kind = as(node, "TransactionStmt")?.kind;
	if (kind === "TRANS_STMT_ROLLBACK" || kind === "TRANS_STMT_ROLLBACK_TO") sink.unknown("ROLLBACK takes statements before it back, which the effects of this file do not follow");
	else if (kind === "TRANS_STMT_PREPARE" || kind === "TRANS_STMT_COMMIT_PREPARED" || kind === "TRANS_STMT_ROLLBACK_PREPARED") sink.unknown("a prepared transaction goes on after the migration");
};
const vacuum = (node, sink) => {
	const statement = as(node, "VacuumStmt");
	const full = allOf(statement?.options, "DefElem").some((option) => option.defname === "full" && isOn(option.arg));
	const targets = allOf(statement?.rels, "VacuumRelation");
	const mode = full ? "AccessExclusiveLock" : "ShareUpdateExclusiveLock";
	if (targets.length === 0) sink.unknown("every table of the database is processed; which those are is not known");
	for (const target of targets) {
		const name = sink.relationOf(target.relation);
		for (const table of [name, ...sink.descendants(name)]) {
			sink.lock(table, mode);
			if (full) sink.rewrite(table);
			if (full) sink.scan(table);
		}
	}
};
function isOn(argument) {
	const text = as(argument, "String")?.sval;
	return text === void 0 || /^(on|true|1)$/i.test(text);
}
const createPublication = (node, sink) => {
	const objects = as(node, "CreatePublicationStmt")?.pubobjects ?? as(node, "AlterPublicationStmt")?.pubobjects;
	for (const object of allOf(objects, "PublicationObjSpec")) if (object.pubtable?.relation !== void 0) sink.lock(sink.relationOf(object.pubtable.relation), "ShareUpdateExclusiveLock");
	if (as(node, "AlterPublicationStmt")?.action === "AP_SetObjects") sink.unknown("which tables leave the publication, and are locked, is not known");
};
const explain$1 = (node, sink) => {
	const statement = as(node, "ExplainStmt");
	if (allOf(statement?.options, "DefElem").some((option) => option.defname === "analyze")) sink.unknown("EXPLAIN ANALYZE runs the statement inside it, which is not followed");
	else lockReads(statement?.query, sink, "views-too");
};
const createExtension = (node, sink) => {
	if ((as(node, "CreateExtensionStmt")?.extname ?? "") === "") sink.unknown("which extension is created is not known");
};
// src/sql/effects/renames.ts
const withoutRelation = /* @__PURE__ */ new Set([
	"OBJECT_AGGREGATE",
	"OBJECT_COLLATION",
	"OBJECT_CONVERSION",
	"OBJECT_DATABASE",
	"OBJECT_DOMCONSTRAINT",
	"OBJECT_EVENT_TRIGGER",
	"OBJECT_FDW",
	"OBJECT_FOREIGN_SERVER",
	"OBJECT_FUNCTION",
	"OBJECT_LANGUAGE",
	"OBJECT_OPCLASS",
	"OBJECT_OPFAMILY",
	"OBJECT_PROCEDURE",
	"OBJECT_PUBLICATION",
	"OBJECT_ROLE",
	"OBJECT_ROUTINE",
	"OBJECT_SUBSCRIPTION",
	"OBJECT_STATISTIC_EXT",
	"OBJECT_TABLESPACE",
	"OBJECT_TSCONFIGURATION",
	"OBJECT_TSDICTIONARY",
	"OBJECT_TSPARSER",
	"OBJECT_TSTEMPLATE"
]);
const rename = (node, sink) => {
	const statement = as(node, "RenameStmt");
	if (statement?.renameType !== void 0) renameObject(statement, statement.renameType, sink);
};
function renameObject(statement, type, sink) {
	const from = statement.subname ?? "";
	const to = statement.newname ?? "";
	const relation = statement.relation === void 0 ? "" : sink.relationOf(statement.relation);
	if (statement.missing_ok === true && statement.relation !== void 0 && sink.certainlyAbsent(relation)) return;
	switch (type) {
		case "OBJECT_TABLE":
		case "OBJECT_FOREIGN_TABLE":
		case "OBJECT_VIEW":
		case "OBJECT_MATVIEW":
		case "OBJECT_SEQUENCE":
		case "OBJECT_INDEX":
			renameRelation(relation, to, type, sink);
			return;
		case "OBJECT_COLUMN":
			for (const target of [relation, ...statement.relation?.inh === true ? sink.descendants(relation) : []]) {
				sink.lock(target, "AccessExclusiveLock");
				sink.change({
					kind: "rename-column",
					table: target,
					from,
					to
				});
			}
			return;
		case "OBJECT_TABCONSTRAINT":
			for (const target of [relation, ...sink.descendants(relation)]) sink.lock(target, "AccessExclusiveLock");
			sink.change({
				kind: "rename-constraint",
				table: relation,
				from,
				to
			});
			return;
		case "OBJECT_TRIGGER": {
			sink.lock(relation, "AccessExclusiveLock");
			const calls = sink.table(relation)?.triggers.get(from);
			sink.change({
				kind: "drop-trigger",
				table: relation,
				name: from
			});
			if (calls !== void 0) sink.change({
				kind: "add-trigger",
				table: relation,
				name: to,
				calls
			});
			return;
		}
		case "OBJECT_POLICY":
		case "OBJECT_RULE": {
			const what = type === "OBJECT_POLICY" ? "policy" : "rule";
			sink.lock(relation, "AccessExclusiveLock");
			sink.change({
				kind: `drop-${what}`,
				table: relation,
				name: from
			});
			sink.change({
				kind: `add-${what}`,
				table: relation,
				name: to
			});
			return;
		}
		case "OBJECT_TYPE":
		case "OBJECT_DOMAIN": {
			const name = sink.name(nameParts(statement.object));
			sink.change({
				kind: "rename-type",
				from: name,
				to: beside(name, to)
			});
			return;
		}
		case "OBJECT_SCHEMA":
			sink.change({
				kind: "rename-schema",
				from,
				to
			});
			return;
		case "OBJECT_ATTRIBUTE": return;
		default: if (!withoutRelation.has(type)) sink.unknown(`what renaming this kind of object (${type}) locks is not known`);
	}
}
function renameRelation(name, to, type, sink) {
	const known = sink.relation(name);
	const index = type === "OBJECT_INDEX" && (known === void 0 || known.kind === "index");
	sink.lock(name, index ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock");
	const target = beside(name, to);
	const kind = known?.kind ?? (type === "OBJECT_INDEX" ? "index" : type === "OBJECT_SEQUENCE" ? "sequence" : "table");
	if (kind === "index") sink.change({
		kind: "rename-index",
		from: name,
		to: target
	});
	else if (kind === "sequence") sink.change({
		kind: "rename-sequence",
		from: name,
		to: target
	});
	else if (kind === "view" || kind === "materialized-view") sink.change({
		kind: "rename-view",
		from: name,
		to: target
	});
	else sink.change({
		kind: "rename-table",
		from: name,
		to: target
	});
}
const setSchema = (node, sink) => {
	const statement = as(node, "AlterObjectSchemaStmt");
	const schema = statement?.newschema ?? "";
	if (statement?.relation === void 0) {
		const type = statement?.objectType;
		const movesType = type === "OBJECT_TYPE" || type === "OBJECT_DOMAIN";
		const name = sink.name(nameParts(statement?.object));
		if (movesType) sink.change({
			kind: "rename-type",
			from: name,
			to: `${schema}.${name.slice(name.indexOf(".") + 1)}`
		});
		return;
	}
	const name = sink.relationOf(statement.relation);
	if (statement.missing_ok === true && sink.certainlyAbsent(name)) return;
	sink.lock(name, "AccessExclusiveLock");
	const moved = (from) => `${schema}.${from.slice(from.indexOf(".") + 1)}`;
	for (const relation of sink.catalog.relations.values()) if (relation.kind === "sequence" && relation.ownedBy?.table === name) {
		sink.lock(relation.name, "AccessExclusiveLock");
		sink.change({
			kind: "rename-sequence",
			from: relation.name,
			to: moved(relation.name)
		});
	} else if (relation.kind === "index" && relation.table === name) sink.change({
		kind: "rename-index",
		from: relation.name,
		to: moved(relation.name)
	});
	sink.change({
		kind: "rename-table",
		from: name,
		to: moved(name)
	});
};
// src/sql/effects/sink.ts
const temporarySchema = "pg_temp";
var EffectSink = class {
	context;
	#locks = /* @__PURE__ */ new Map();
	#rewrites = /* @__PURE__ */ new Set();
	#scans = /* @__PURE__ */ new Set();
	#losses = /* @__PURE__ */ new Map();
	#reasons = [];
	#changes = [];
	#created = /* @__PURE__ */ new Set();
	#bodies = [];
	constructor(context) {
		this.context = context;
	}
	get catalog() {
		return this.context.catalog;
	}
	lock(relation, mode) {
		if (!this.existed(relation)) return;
		if (this.catalog.doubtful.has(relation)) this.unknown(`what ${relation} is like is not certain: a DO block or a function may have changed it`);
		this.#hold(relation, mode);
	}
	#hold(relation, mode) {
		const held = this.#locks.get(relation);
		if (held === void 0 || lockModes.indexOf(mode) > lockModes.indexOf(held)) this.#locks.set(relation, mode);
	}
	rewrite(relation) {
		if (this.existed(relation) && this.table(relation)?.partitioned !== true) this.#rewrites.add(relation);
	}
	scan(relation) {
		if (this.existed(relation) && this.table(relation)?.partitioned !== true) this.#scans.add(relation);
	}
	lose(kind, name) {
		this.#losses.set(`${kind} ${name}`, {
			kind,
			name
		});
	}
	unknown(reason) {
		if (!this.#reasons.includes(reason)) this.#reasons.push(reason);
	}
	change(change) {
		if (change.kind === "create-table") this.#created.add(change.table.name);
		if (change.kind === "create-view") this.#created.add(change.view.name);
		this.#changes.push(change);
	}
	run(body) {
		if (body.kind === "call" && this.#bodies.some((one) => one.kind === "call" && one.name === body.name)) return;
		this.#bodies.push(body);
	}
	get bodies() {
		return this.#bodies;
	}
	absorb(effects, where) {
		for (const { relation, mode } of effects.locks) this.#hold(relation, mode);
		for (const relation of effects.rewrites) this.#rewrites.add(relation);
		for (const relation of effects.scans) this.#scans.add(relation);
		for (const { kind, name } of effects.loses) this.lose(kind, name);
		if (effects.unknown) this.unknown(`${where}: ${effects.unknownBecause ?? "no reason was recorded"}`);
	}
	outcome() {
		return {
			effects: {
				locks: [...this.#locks].map(([relation, mode]) => ({
					relation,
					mode
				})),
				rewrites: [...this.#rewrites],
				scans: [...this.#scans],
				loses: [...this.#losses.values()],
				unknown: this.#reasons.length > 0,
				unknownBecause: this.#reasons.length > 0 ? this.#reasons.join("; ") : void 0
			},
			changes: this.#changes
		};
	}
	existed(relation) {
		if (this.#created.has(relation)) return false;
		if (/^(pg_catalog|information_schema|pg_toast|pg_temp)\./.test(relation)) return false;
		const known = this.catalog.relations.get(relation);
		return known === void 0 ? true : known.createdBy !== this.context.migration;
	}
	name(parts) {
		const last = parts.at(-1) ?? "";
		const schema = parts.at(-2);
		if (schema !== void 0) return `${schema}.${last}`;
		const temporary = `${temporarySchema}.${last}`;
		if (this.catalog.relations.has(temporary)) return temporary;
		const here = `${this.context.schema}.${last}`;
		return last.startsWith("pg_") && !this.catalog.relations.has(here) ? `pg_catalog.${last}` : here;
	}
	relationOf(range) {
		if (range === void 0) return this.name([""]);
		if (range.relpersistence === "t") return `${temporarySchema}.${range.relname ?? ""}`;
		return this.name(rangeVarParts(range));
	}
	relation(name) {
		return this.catalog.relations.get(name);
	}
	table(name) {
		const relation = this.catalog.relations.get(name);
		return relation?.kind === "table" ? relation : void 0;
	}
	certainlyPresent(name) {
		return this.catalog.relations.has(name) && !this.catalog.uncertain.has(name) && !this.catalog.doubtful.has(name);
	}
	certainlyAbsent(name) {
		return this.catalog.complete && !this.catalog.relations.has(name) && !this.catalog.doubtful.has(name);
	}
	resolveType(type) {
		if (type.name.includes(".")) return type;
		const here = `${this.context.schema}.${type.name}`;
		return this.catalog.types.has(here) ? {
			...type,
			name: here
		} : type;
	}
	userType(type) {
		return this.catalog.types.get(this.resolveType(type).name);
	}
	descendants(name) {
		if (!this.catalog.parents.has(name)) return [];
		const found = [];
		const queue = [name];
		while (queue.length > 0) {
			const parent = queue.pop() ?? "";
			for (const relation of this.catalog.relations.values()) {
				if (relation.kind !== "table" || !relation.parents.includes(parent) || found.includes(relation.name)) continue;
				found.push(relation.name);
				queue.push(relation.name);
			}
		}
		return found;
	}
	referencing(name) {
		const found = [];
		for (const relation of this.catalog.relations.values()) {
			if (relation.kind !== "table") continue;
			for (const constraint of relation.constraints) if (constraint.references?.table === name) found.push({
				table: relation,
				constraint
			});
		}
		return found;
	}
	indexesOf(table) {
		const found = [];
		for (const relation of this.catalog.relations.values()) if (relation.kind === "index" && relation.table === table) found.push(relation);
		return found;
	}
};
// src/sql/effects/views.ts
const createView = (node, sink) => {
	const statement = as(node, "ViewStmt");
	if (statement === void 0) return;
	const name = sink.relationOf(statement.view);
	const reads = lockReads(statement.query, sink, "names");
	if (statement.replace === true && sink.relation(name) !== void 0) sink.lock(name, "AccessExclusiveLock");
	else if (statement.replace === true && !sink.catalog.complete) sink.lock(name, "AccessExclusiveLock");
	sink.change({
		kind: "create-view",
		view: {
			kind: "view",
			name,
			createdBy: sink.relation(name)?.createdBy ?? sink.context.migration,
			reads,
			mentions: columnsMentioned(statement.query)
		}
	});
};
const refresh = (node, sink) => {
	const statement = as(node, "RefreshMatViewStmt");
	if (statement === void 0) return;
	const name = sink.relationOf(statement.relation);
	const relation = sink.relation(name);
	sink.lock(name, statement.concurrent === true ? "ExclusiveLock" : "AccessExclusiveLock");
	if (statement.concurrent !== true) sink.rewrite(name);
	if (statement.skipData === true) return;
	if (relation?.kind !== "materialized-view") sink.unknown(`what the materialized view ${name} reads is not known`);
	else for (const read of relation.reads) lockReads({ RangeVar: rangeOf(read) }, sink, "views-too");
};
function rangeOf(name) {
	const dot = name.indexOf(".");
	return {
		schemaname: name.slice(0, dot),
		relname: name.slice(dot + 1),
		inh: true
	};
}
const createTrigger = (node, sink) => {
	const statement = as(node, "CreateTrigStmt");
	if (statement === void 0) return;
	const table = sink.relationOf(statement.relation);
	const partitions = sink.table(table)?.partitioned === true ? sink.descendants(table) : [];
	for (const target of [table, ...partitions]) sink.lock(target, "ShareRowExclusiveLock");
	if (statement.constrrel !== void 0) sink.lock(sink.relationOf(statement.constrrel), "AccessShareLock");
	sink.change({
		kind: "add-trigger",
		table,
		name: statement.trigname ?? "",
		calls: sink.name(strings(statement.funcname))
	});
};
const createRule = (node, sink) => {
	const statement = as(node, "RuleStmt");
	if (statement === void 0) return;
	const table = sink.relationOf(statement.relation);
	for (const action of statement.actions ?? []) {
		lockReads(action, sink, "names");
		const kind = kindOf(action);
		const target = as(action, "InsertStmt")?.relation ?? as(action, "UpdateStmt")?.relation ?? as(action, "DeleteStmt")?.relation;
		if (kind !== "SelectStmt" && target !== void 0) sink.lock(sink.relationOf(target), "RowExclusiveLock");
	}
	sink.lock(table, "AccessExclusiveLock");
	sink.change({
		kind: "add-rule",
		table,
		name: statement.rulename ?? ""
	});
};
const createPolicy = (node, sink) => {
	const statement = as(node, "CreatePolicyStmt");
	if (statement === void 0) return;
	const table = sink.relationOf(statement.table);
	for (const read of relationsRead([statement.qual, statement.with_check], sink)) sink.lock(read.relation, read.mode);
	sink.lock(table, "AccessExclusiveLock");
	sink.change({
		kind: "add-policy",
		table,
		name: statement.policy_name ?? ""
	});
};
const alterPolicy = (node, sink) => {
	const statement = as(node, "AlterPolicyStmt");
	if (statement === void 0) return;
	for (const read of relationsRead([statement.qual, statement.with_check], sink)) sink.lock(read.relation, read.mode);
	const table = sink.relationOf(statement.table);
	sink.lock(table, "AccessExclusiveLock");
	if (sink.existed(table)) sink.lose("policy", `${table}.${statement.policy_name ?? ""}`);
};
// src/sql/effects/effects-of.ts
const handlers = {
	AlterTableStmt: alterTable,
	AlterTableMoveAllStmt: because("which tables are moved to another tablespace is not known"),
	CreateStmt: createTable,
	CreateForeignTableStmt: createForeignTable,
	CreateTableAsStmt: createTableAs,
	DropStmt: dropObjects,
	RenameStmt: rename,
	AlterObjectSchemaStmt: setSchema,
	IndexStmt: createIndex,
	ReindexStmt: reindex,
	ClusterStmt: cluster,
	CreateStatsStmt: createStatistics,
	AlterStatsStmt: because("the table of the statistics, which is locked, is not known"),
	CreateEnumStmt: createEnum,
	CreateDomainStmt: createDomain,
	CompositeTypeStmt: createComposite,
	CreateRangeStmt: createRange,
	DefineStmt: define,
	AlterEnumStmt: alterEnum,
	AlterDomainStmt: alterDomain,
	AlterTypeStmt: nothing,
	ViewStmt: createView,
	RefreshMatViewStmt: refresh,
	CreateTrigStmt: createTrigger,
	RuleStmt: createRule,
	CreatePolicyStmt: createPolicy,
	AlterPolicyStmt: alterPolicy,
	SelectStmt: queryStatement,
	InsertStmt: queryStatement,
	UpdateStmt: queryStatement,
	DeleteStmt: queryStatement,
	MergeStmt: queryStatement,
	TruncateStmt: truncate,
	LockStmt: lockTables,
	CopyStmt: copy,
	CreateSeqStmt: createSequence,
	AlterSeqStmt: alterSequence,
	CreateSchemaStmt: createSchema,
	CreateFunctionStmt: createFunction,
	CreateExtensionStmt: createExtension,
	AlterExtensionStmt: because("what the update of an extension runs is not known"),
	AlterExtensionContentsStmt: nothing,
	GrantStmt: grant,
	AlterDefaultPrivilegesStmt: alterDefaultPrivileges,
	CommentStmt: comment,
	VariableSetStmt: setVariable,
	TransactionStmt: transaction,
	DoStmt: doBlock,
	VacuumStmt: vacuum,
	CreatePublicationStmt: createPublication,
	AlterPublicationStmt: createPublication,
	ExplainStmt: explain$1,
	CallStmt: call,
	ExecuteStmt: because("what the prepared statement does is not known"),
	PrepareStmt: nothing,
	DeallocateStmt: nothing,
	DropOwnedStmt: because("which objects the role owns, and lose, is not known"),
	ReassignOwnedStmt: because("which objects the role owns is not known"),
	SecLabelStmt: because("which relation the label is for is not worked out"),
	ImportForeignSchemaStmt: because("which tables are created is not known"),
	VariableShowStmt: nothing,
	ConstraintsSetStmt: nothing,
	DiscardStmt: nothing,
	ListenStmt: nothing,
	UnlistenStmt: nothing,
	NotifyStmt: nothing,
	CheckPointStmt: nothing,
	AlterFunctionStmt: nothing,
	AlterObjectDependsStmt: nothing,
	AlterOwnerStmt: nothing,
	AlterOperatorStmt: nothing,
	AlterCollationStmt: nothing,
	AlterEventTrigStmt: nothing,
	AlterRoleStmt: nothing,
	AlterRoleSetStmt: nothing,
	AlterDatabaseStmt: nothing,
	AlterDatabaseSetStmt: nothing,
	AlterSystemStmt: nothing,
	AlterTSConfigurationStmt: nothing,
	AlterTSDictionaryStmt: nothing,
	AlterFdwStmt: nothing,
	AlterForeignServerStmt: nothing,
	AlterUserMappingStmt: nothing,
	CreateAmStmt: nothing,
	CreateCastStmt: nothing,
	CreateConversionStmt: nothing,
	CreateEventTrigStmt: nothing,
	CreateFdwStmt: nothing,
	CreateForeignServerStmt: nothing,
	CreateOpClassStmt: nothing,
	CreateOpFamilyStmt: nothing,
	CreatePLangStmt: nothing,
	CreateRoleStmt: nothing,
	CreateTransformStmt: nothing,
	CreateUserMappingStmt: nothing,
	DropRoleStmt: nothing,
	DropUserMappingStmt: nothing,
	GrantRoleStmt: nothing
};
function effectsOf(node, context) {
	const sink = new EffectSink(context);
	const kind = kindOf(node);
	const handler = handlers[kind];
	if (handler === void 0) {
		sink.unknown(`the effects of ${kind} are not known`);
		return sink.outcome();
	}
	try {
		handler(node, sink);
		runBodies(sink, effectsOf);
	} catch (thrown) {
		if (!(thrown instanceof RangeError)) throw thrown;
		sink.unknown("the statement is nested too deeply to be read");
	}
	return sink.outcome();
}
// src/sql/stage.ts
const strictness = [
	"cleanup",
	"expand",
	"data",
	"contract"
];
function stageOf(statements) {
	let strictest;
	for (const statement of statements) {
		const stage = stageOfStatement(statement);
		if (stage === void 0) continue;
		if (strictest === void 0 || strictness.indexOf(stage) > strictness.indexOf(strictest)) strictest = stage;
	}
	return strictest ?? "expand";
}
const writes = /* @__PURE__ */ new Set([
	"InsertStmt",
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt",
	"CopyStmt",
	"TruncateStmt"
]);
const bodies = /* @__PURE__ */ new Set(["DoStmt", "CallStmt"]);
const neutral = /* @__PURE__ */ new Set([
	"VariableSetStmt",
	"VariableShowStmt",
	"TransactionStmt",
	"LockStmt",
	"SelectStmt",
	"ConstraintsSetStmt"
]);
const tidying = /* @__PURE__ */ new Set([
	"VacuumStmt",
	"ReindexStmt",
	"ClusterStmt",
	"RefreshMatViewStmt"
]);
function stageOfStatement({ kind, effects, changes }) {
	if (effects.unknown && kind !== "SelectStmt") return "contract";
	if (effects.loses.some((loss) => dataLosses.has(loss.kind) && loss.kind !== "rows" && loss.kind !== "type")) return "contract";
	if (changes.some((change) => demandsOfTheApplication(change, effects))) return "contract";
	if (writes.has(kind) || bodies.has(kind) && effects.locks.some((lock) => lock.mode === "RowExclusiveLock")) return "data";
	if (neutral.has(kind) && effects.loses.length === 0) return void 0;
	if (tidying.has(kind) || effects.loses.length > 0 || changes.some(finishes)) return "cleanup";
	return "expand";
}
function demandsOfTheApplication(change, effects) {
	const inUse = (name) => effects.locks.some((lock) => lock.relation === name);
	switch (change.kind) {
		case "rename-table":
		case "rename-view": return inUse(change.from);
		case "rename-column": return inUse(change.table);
		case "rename-label":
		case "rename-schema": return true;
		case "alter-column": return inUse(change.table) && (change.set.notNull === true || change.typeChange?.rewrites === true);
		case "add-column": return inUse(change.table) && change.column.notNull && change.filledBy === "none";
		default: return false;
	}
}
function finishes(change) {
	return change.kind === "validate-constraint" || change.kind === "rename-index" || change.kind === "rename-constraint";
}
// src/sql/analyse.ts
function replayMigration(parser, migration) {
	const parsed = parseMigration(parser, migration.sql);
	return parsed.kind === "syntax-error" ? parsed : {
		kind: "replayed",
		catalogAfter: replay$1(parser, parsed, migration).draft
	};
}
function analyseMigration(parser, migration) {
	const parsed = parseMigration(parser, migration.sql);
	if (parsed.kind === "syntax-error") return parsed;
	const { analysed, draft, creates } = replay$1(parser, parsed, migration);
	const { findings, allowed } = judge$1({
		migration: migration.name,
		file: migration.file,
		schema: migration.schema,
		source: parsed.source,
		byteOrderMark: parsed.byteOrderMark,
		statements: analysed,
		catalogBefore: migration.catalog,
		catalogAfter: draft,
		execution: migration.execution,
		notYetInUse: migration.notYetInUse ?? /* @__PURE__ */ new Set(),
		running: migration.running,
		ruleIds
	});
	return {
		kind: "analysed",
		statements: analysed.map(({ changes: _changes, node: _node, ...statement }) => statement),
		findings,
		allowed,
		stage: stageOf(analysed),
		catalogAfter: draft,
		creates,
		source: parsed.source
	};
}
function replay$1(parser, parsed, migration) {
	const draft = new CatalogDraft(migration.catalog);
	const analysed = [];
	const creates = [];
	let { schema } = migration;
	for (const { node, ...statement } of parsed.statements) {
		const { effects, changes } = effectsOf(node, {
			catalog: draft,
			schema,
			migration: migration.name,
			text: statement.sql,
			parser,
			within: []
		});
		analysed.push({
			...statement,
			node,
			effects,
			changes: changes.map(certainly)
		});
		for (const change of changes) {
			const made = certainly(change);
			if (made.kind === "create-table" && (change === made || draft.complete)) creates.push(made.table.name);
			if (change.kind === "search-path") schema = change.schema;
			draft.apply(change);
		}
	}
	draft.endSession();
	return {
		analysed,
		draft,
		creates
	};
}
// src/stages/plan/obstacles.ts
function obstaclesOf(migration, execution) {
	const obstacles = [];
	if (execution.refused !== void 0) obstacles.push({
		migration,
		text: execution.because,
		instead: `Move ${execution.refused.what} into a migration of its own, with nothing else in the file.`
	});
	for (const { what } of execution.stray.filter(({ fails }) => fails)) obstacles.push({
		migration,
		text: `${what} can only be used inside a transaction, and none is open there: ${execution.because}`,
		instead: `Begin and end ${migration}/migration.sql with BEGIN; and COMMIT;`
	});
	if (execution.leftOpen) obstacles.push({
		migration,
		text: execution.because,
		instead: `End ${migration}/migration.sql with COMMIT;`
	});
	return obstacles;
}
// src/stages/plan/stray.ts
function findingsOfStray(migration, execution) {
	return execution.stray.flatMap(({ statement, what, fails }) => {
		const found = migration.statements[statement];
		if (fails || found === void 0) return [];
		return [{
			rule: "set-local-without-transaction",
			severity: "warning",
			migration: migration.name,
			file: migration.file,
			line: found.range.line,
			column: found.range.column,
			message: `${what} has no effect here: no transaction is open.`,
			why: `${execution.because} What it was meant to protect runs without it.`,
			instead: `BEGIN;\n${found.sql};\n-- the statements that it is for\nCOMMIT;`,
			docs: `${documentationUrl}/rules/non-atomic-migration.md`
		}];
	});
}
// src/stages/plan/analyse.ts
async function analyse({ applied, pending }, options) {
	const parser = await loadParser();
	const splitter = splitsFiles(options.prismaVersion) ? await loadSqlParser() : neverAsked;
	const planned = [];
	const findings = [];
	const allowed = [];
	const obstacles = [];
	const syntaxErrors = [];
	const notYetInUse = /* @__PURE__ */ new Set();
	let catalog = replay(parser, applied, options);
	for (const { name, file, sql, checksum } of pending) {
		const execution = executionModel(options.prismaVersion, sql, splitter);
		const analysis = analyseMigration(parser, {
			name,
			file,
			sql,
			schema: options.schema,
			catalog,
			execution,
			notYetInUse,
			running: options.running?.mustBear(name) === true ? options.running.release : void 0
		});
		if (analysis.kind === "syntax-error") {
			const hint = analysis.hint === void 0 ? "" : ` (${analysis.hint})`;
			syntaxErrors.push(`${file}:${analysis.line}:${analysis.column} ${analysis.message}${hint}`);
			continue;
		}
		catalog = analysis.catalogAfter;
		if (applied.length > 0) for (const table of analysis.creates) notYetInUse.add(table);
		obstacles.push(...obstaclesOf(name, execution));
		const { statements } = analysis;
		const said = [...analysis.findings, ...findingsOfStray({
			name,
			file,
			statements
		}, execution)];
		findings.push(...said.flatMap((finding) => atSeverity(finding, options.rules[finding.rule])));
		allowed.push(...analysis.allowed.filter(({ rule }) => options.rules[rule] !== "off"));
		planned.push({
			name,
			checksum,
			file,
			stage: analysis.stage,
			execution,
			statements: analysis.statements
		});
	}
	if (syntaxErrors.length > 0) throw unparsable(syntaxErrors);
	return {
		migrations: planned,
		findings,
		allowed,
		obstacles
	};
}
function replay(parser, applied, { schema, start }) {
	let catalog = start;
	for (const { name, sql } of applied) {
		const replayed = replayMigration(parser, {
			name,
			sql,
			schema,
			catalog
		});
		catalog = replayed.kind === "replayed" ? replayed.catalogAfter : unknownCatalog;
	}
	return catalog;
}
const neverAsked = { countStatements() {
	throw new Error("this version of Prisma does not split files");
} };
function atSeverity(finding, severity) {
	if (severity === "off") return [];
	return [severity === void 0 ? finding : {
		...finding,
		severity
	}];
}
function unparsable(errors) {
	return fail("SQL.SYNTAX", {
		what: errors.length === 1 ? "A migration does not parse as PostgreSQL SQL." : `${errors.length} migrations do not parse as PostgreSQL SQL.`,
		why: errors.join("\n"),
		next: ["Correct the SQL at the place named above. Commands of psql (\\copy, \\i) and COPY … FROM stdin do not work in a migration."]
	});
}
// src/stages/plan/digest.ts
const ruleSetVersion = 1;
function digestOf(input, sha256) {
	return `sha256:${sha256(canonicalJson({
		ruleSetVersion,
		migrations: input.migrations.map(({ name, checksum, execution }) => ({
			name,
			checksum,
			kind: execution.kind,
			atomic: execution.atomic
		})),
		historyHead: input.historyHead ?? null,
		schemaFingerprint: input.schemaFingerprint,
		target: input.target,
		policy: input.policy,
		rules: input.rules
	}))}`;
}
function canonicalJson(value) {
	return JSON.stringify(value, (_key, part) => part !== null && typeof part === "object" && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1)) : part);
}
// src/stages/plan/order.ts
function findingsOfOrder(history) {
	return history.outOfOrder.flatMap((migration) => {
		const said = outOfOrder({
			...history,
			outOfOrder: [migration]
		});
		if (said === void 0) return [];
		return [{
			rule: "out-of-order",
			severity: "notice",
			migration: migration.name,
			file: migration.file,
			line: 1,
			column: 1,
			message: said.what,
			why: said.why,
			instead: said.next.at(-1) ?? "",
			docs: `${documentationUrl}/reference/errors.md`
		}];
	});
}
// src/stages/plan/risks.ts
const firstModeThatBlocksWrites = lockModes.indexOf("ShareLock");
function risksOf(migrations, sizes, largeBytes) {
	return migrations.flatMap((migration) => migration.statements.flatMap((statement) => risksOfStatement(statement, sizes, largeBytes).map((risk) => ({
		...risk,
		migration: migration.name,
		line: statement.range.line
	}))));
}
function risksOfStatement(statement, sizes, largeBytes) {
	const { effects } = statement;
	const risks = effects.loses.filter((loss) => dataLosses.has(loss.kind)).map((loss) => ({
		reason: "destructive",
		text: `loses ${loss.kind.replace("-", " ")} ${loss.name}`
	}));
	for (const relation of overwrittenRelations(statement)) risks.push({
		reason: "irreversible",
		text: `overwrites rows of ${relation}; their old values are only in the backup`
	});
	for (const relation of /* @__PURE__ */ new Set([...effects.rewrites, ...effects.scans])) {
		const mode = effects.locks.find((lock) => lock.relation === relation && blocksWrites(lock.mode))?.mode;
		const bytes = sizes.get(relation);
		const emptied = effects.loses.some((loss) => loss.kind === "rows" && loss.name === relation);
		if (mode === void 0 || emptied || bytes !== void 0 && bytes < largeBytes) continue;
		const work = effects.rewrites.includes(relation) ? "rewrites" : "reads all of";
		const size = bytes === void 0 ? "of unknown size" : `of ${formatBytes(bytes)}`;
		risks.push({
			reason: "long-lock",
			text: `${work} ${relation} ${size} while it holds ${mode}`
		});
	}
	if (effects.unknown) risks.push({
		reason: "unknown",
		text: `what it does cannot be told: ${effects.unknownBecause ?? "no reason recorded"}`
	});
	return risks;
}
function overwrittenRelations(statement) {
	if (statement.kind !== "UpdateStmt" && statement.kind !== "MergeStmt") return [];
	return statement.effects.locks.filter((lock) => lock.mode === "RowExclusiveLock").map((lock) => lock.relation);
}
function blocksWrites(mode) {
	return lockModes.indexOf(mode) >= firstModeThatBlocksWrites;
}
// src/stages/plan/sizes.ts
const growing = new Set(rules.filter((rule) => rule.growsWithTable === true).map(({ id }) => id));
function findingsWithSizes(findings, measured) {
	return findings.map((finding) => growing.has(finding.rule) ? withSize(finding, measured) : finding);
}
function withSize(finding, { sizes, largeBytes, schema, settings }) {
	const { relation } = finding;
	if (relation === void 0) return finding;
	const name = quotedRelation(relation, schema);
	const size = sizes.get(relation);
	if (size === void 0) return {
		...finding,
		why: `${finding.why} The size of ${name} is not known and counts as large.`
	};
	const small = size.bytes < largeBytes;
	const lowered = small && finding.severity === "warning" && settings[finding.rule] === void 0;
	const verdict = small ? `, which is less than ${formatBytes(largeBytes)} and counts as small` : "";
	return {
		...finding,
		severity: lowered ? "notice" : finding.severity,
		why: `${finding.why} ${name} has ${formatBytes(size.bytes)} and ${rowsText(size.rows)}${verdict}.`
	};
}
const scales = [
	{
		from: 1e9,
		word: " billion"
	},
	{
		from: 1e6,
		word: " million"
	},
	{
		from: 1e3,
		word: " thousand"
	}
];
function rowsText(rows) {
	if (rows === null) return "an unknown number of rows";
	const rounded = Number(rows.toPrecision(2));
	const scale = scales.find(({ from }) => rounded >= from);
	if (scale === void 0) return `about ${rounded} ${rounded === 1 ? "row" : "rows"}`;
	return `about ${Number((rounded / scale.from).toPrecision(2))}${scale.word} rows`;
}
// src/stages/plan/perform.ts
const sha256$1 = (text) => createHash("sha256").update(text).digest("hex");
async function planStage(context, target, facts, running) {
	return context.run.stage("plan", async () => (await makePlan(context, target, facts, running)).plan, (plan) => ({
		outcome: "pass",
		summary: `${plural(plan.migrations.length, "migration")}, ${plural(statementsIn(plan), "statement")}, ${plural(plan.findings.length, "finding")}`,
		detail: {
			digest: plan.digest,
			risks: plan.risks.length
		}
	}));
}
async function replan(context, target) {
	const facts = await readFacts(target);
	if (facts.history.pending.length === 0) return {
		kind: "nothing-pending",
		facts
	};
	return {
		kind: "planned",
		facts,
		...await makePlan(context, target, facts)
	};
}
async function makePlan(context, { session, url, prisma, intent }, facts, running) {
	const { policy } = context;
	const analysis = await analyse(facts.history, {
		prismaVersion: prisma.version,
		schema: url.schema,
		rules: policy.rules,
		start: unknownCatalog,
		running: running === void 0 ? void 0 : {
			release: running,
			mustBear: () => true
		}
	});
	const statements = analysis.migrations.flatMap((migration) => migration.statements);
	const relations = await readRelations(session, [...new Set(statements.flatMap(({ effects }) => [
		...effects.locks.map((lock) => lock.relation),
		...effects.scans,
		...effects.rewrites
	]))]);
	if (intent === "write") await refuseMissingPrivileges(session, url, relations, relationsThatNeedTheirOwner(statements));
	const catalog = await readCatalog(session);
	const digest = digestOf({
		migrations: analysis.migrations,
		historyHead: facts.history.head,
		schemaFingerprint: fingerprintOf(catalog, sha256$1),
		target: {
			systemIdentifier: await readIdentity(session, url),
			database: url.database
		},
		policy,
		rules: policy.rules
	}, sha256$1);
	const largeBytes = policy.thresholds["large-table"];
	const sizes = new Map(relations.map((relation) => [relation.name, relation.bytes]));
	const sized = findingsWithSizes(analysis.findings, {
		sizes: new Map(relations.map((relation) => [relation.name, relation])),
		largeBytes,
		schema: url.schema,
		settings: policy.rules
	});
	const findings = [...findingsOfOrder(facts.history), ...sized];
	return {
		plan: {
			...analysis,
			findings,
			risks: risksOf(analysis.migrations, sizes, largeBytes),
			digest
		},
		catalog
	};
}
function statementsIn(plan) {
	return plan.migrations.reduce((sum, migration) => sum + migration.statements.length, 0);
}
// src/stages/recover/steps-back.ts
function backupOf(wayBack) {
	if (wayBack.kind === "waived-by-policy") return void 0;
	return {
		manifest: wayBack.manifestPath,
		tier: wayBack.tier,
		bytes: wayBack.bytes
	};
}
function stepsBack(wayBack, url) {
	if (wayBack.kind === "waived-by-policy") return ["There is no backup of this run: airlock.yml says `backup: { strategy: none }`."];
	return [
		"To go back to the moment before this run, put the backup into a new database beside this one (it changes nothing here):",
		`airlock restore --from ${wayBack.manifestPath} --into ${url.database}_restored`,
		"It prints how to swap the two. What was written since the backup is only in the present database."
	];
}
// src/stages/verify/decide.ts
const notChecked = [
	"drift between schema.prisma and the database",
	"row counts",
	"application health"
];
function decideVerification(seen) {
	const problems = [
		...seen.planned.flatMap(({ name, checksum }) => {
			const recorded = seen.finished.get(name);
			if (recorded === void 0) return [`${name} is not recorded as finished in _prisma_migrations`];
			return recorded === checksum ? [] : [`${name} was recorded with another checksum than the file that was planned`];
		}),
		...seen.failed.map((name) => `${name} is recorded as failed`),
		...seen.stillPending.map((name) => `${name} is still pending`),
		...seen.difference.added.filter((line) => line.startsWith("index ") && line.endsWith(" invalid")).map((line) => `invalid ${line}`)
	];
	if (problems.length > 0) return {
		kind: "broken",
		problems
	};
	return {
		kind: "verified",
		checked: [
			"history",
			"checksums",
			"pending migrations",
			"new invalid indexes"
		],
		notChecked
	};
}
// src/stages/verify/perform.ts
async function verify$1(context, target, done) {
	try {
		return await lookAndVerify(context, target, done);
	} catch (error) {
		if (!(error instanceof FailureError) || isCancellation(error)) throw error;
		return {
			outcome: "needs-human",
			reasonCode: "state_unknown",
			reason: `Prisma reported success, and the state of the database could not be read: ${error.failure.what} ${error.failure.why}`,
			applied: [],
			next: ["When the database answers again, compare it with the migrations:", "airlock verify"],
			backup: backupOf(done.wayBack)
		};
	}
}
async function lookAndVerify(context, target, done) {
	const { run } = context;
	const names = done.plan.migrations.map((migration) => migration.name);
	const verification = await run.stage("verify", async () => {
		const seen = await observe(target);
		return decideVerification({
			planned: done.plan.migrations,
			finished: new Map(seen.history.applied.map((migration) => [migration.name, migration.checksum])),
			failed: seen.history.failed.map((row) => row.name),
			stillPending: seen.history.pending.map((migration) => migration.name),
			difference: differenceOf(done.before, seen.catalog)
		});
	}, (result) => result.kind === "verified" ? {
		outcome: "pass",
		summary: `${result.checked.join(", ")}; not checked: ${result.notChecked.join(", ")}`,
		detail: {
			checked: result.checked,
			notChecked: result.notChecked
		}
	} : {
		outcome: "fail",
		summary: result.problems[0] ?? "",
		detail: { problems: result.problems }
	}, "to-its-end");
	const backup = backupOf(done.wayBack);
	if (verification.kind === "verified") return {
		outcome: "applied",
		reasonCode: "applied",
		reason: `${plural(names.length, "migration")} applied with Prisma ${target.prisma.version}.`,
		applied: names,
		next: [],
		backup
	};
	return {
		outcome: "needs-human",
		reasonCode: "verification_failed",
		reason: ["Prisma reported success, but the database is not in the state that was planned.", ...verification.problems].join("\n"),
		applied: names,
		next: stepsBack(done.wayBack, target.url),
		backup
	};
}
// src/stages/recover/decide.ts
function decideRecovery(stopped) {
	if (stopped.failed === void 0 && stopped.notReached.length === 0) return { kind: "all-applied" };
	const unchanged = stopped.difference.added.length === 0 && stopped.difference.removed.length === 0;
	if (stopped.applied.length === 0 && unchanged) {
		if (stopped.failed === void 0) return { kind: "nothing-to-do" };
		if (stopped.failed.atomic) return {
			kind: "clean-history",
			migration: stopped.failed.name
		};
	}
	return {
		kind: "needs-human",
		state: describe(stopped)
	};
}
const mostLines$1 = 20;
function describe({ applied, failed, notReached, difference }) {
	const changes = [...difference.removed.map((line) => `- ${line}`), ...difference.added.map((line) => `+ ${line}`)];
	return [
		...applied.map((name) => `applied, and it stands: ${name}`),
		...failed === void 0 ? [] : [describeFailed(failed)],
		...notReached.map((name) => `not reached: ${name}`),
		changes.length === 0 ? "The schema is the same as before." : "What changed in the schema since before this run:",
		...changes.slice(0, mostLines$1),
		...changes.length > mostLines$1 ? [`and ${changes.length - mostLines$1} more, in the JSON report`] : []
	];
}
function describeFailed({ name, atomic }) {
	return atomic ? `failed: ${name}; it runs as one transaction, so nothing of it stayed` : `failed: ${name}; it runs statement by statement, so what came before the failing statement stayed, changed rows included`;
}
// src/stages/recover/perform.ts
async function recover(context, target, stopped) {
	const backup = backupOf(stopped.wayBack);
	const said = context.run.signal.aborted ? "The run was cancelled while Prisma was applying." : withoutRowValues(context.redactor.text(causeIn(stopped.exit.output)));
	try {
		return {
			backup,
			...await lookAndRecover(context, target, stopped, said)
		};
	} catch (error) {
		if (!(error instanceof FailureError) || isCancellation(error)) throw error;
		return {
			outcome: "needs-human",
			reasonCode: "state_unknown",
			reason: `Prisma stopped, and the state of the database could not be read: ${error.failure.what} ${error.failure.why}\n${said}`,
			applied: [],
			next: [
				"When the database answers again, look at what was applied:",
				"airlock plan",
				...stepsBack(stopped.wayBack, target.url)
			],
			backup
		};
	}
}
async function lookAndRecover(context, target, stopped, said) {
	const { state, recovery } = await context.run.stage("recover", async () => {
		if (context.run.signal.aborted || stopped.exit.code === null) await endStatements(context, target);
		const state = await stoppedState(target, stopped);
		const recovery = decideRecovery(state);
		if (recovery.kind === "clean-history") await cleanHistory(context, target, stopped, recovery.migration);
		return {
			state,
			recovery
		};
	}, ({ recovery }) => describeRecovery(recovery), "to-its-end");
	const cancelled = context.run.signal.aborted;
	const next = cancelled ? ["airlock deploy"] : ["Correct the migration or the data, then deploy again."];
	switch (recovery.kind) {
		case "all-applied": return await verify$1(context, target, stopped);
		case "clean-history": return {
			outcome: "recovered",
			reasonCode: "rolled_back_by_postgresql",
			reason: `${recovery.migration} ${cancelled ? "was stopped" : "failed"} and left nothing behind: it ran as one transaction, and the schema is the same as before. It is marked as rolled back, so that the next deploy is not blocked.\n${said}`,
			applied: [],
			next
		};
		case "nothing-to-do":
			if (cancelled) throw cancellation();
			return {
				outcome: "failed",
				reasonCode: "PRISMA.FAILED",
				reason: "",
				applied: [],
				next: ["Run the same command by hand to see what it needs:", "npx prisma migrate deploy"],
				failure: {
					code: "PRISMA.FAILED",
					what: "Prisma stopped before it applied anything; history and schema are the same as before.",
					why: said,
					next: ["npx prisma migrate deploy"]
				}
			};
		case "needs-human": return {
			outcome: "needs-human",
			reasonCode: state.failed === void 0 ? "stopped_between_migrations" : "migration_failed",
			reason: [
				...recovery.state,
				"What Prisma said:",
				said
			].join("\n"),
			applied: state.applied,
			next: [...nextFor(state), ...stepsBack(stopped.wayBack, target.url)]
		};
	}
}
async function endStatements(context, target) {
	try {
		var _usingCtx$7 = _usingCtx();
		await endSessions(context, _usingCtx$7.a(await connect(target.url)));
	} catch (_) {
		_usingCtx$7.e = _;
	} finally {
		await _usingCtx$7.d();
	}
}
async function stoppedState(target, { plan, before }) {
	const seen = await observe(target);
	const finished = new Set(seen.history.applied.map((migration) => migration.name));
	const failedNames = new Set(seen.history.failed.map((row) => row.name));
	const failed = plan.migrations.find((migration) => failedNames.has(migration.name));
	return {
		applied: plan.migrations.filter((migration) => finished.has(migration.name)).map((migration) => migration.name),
		failed: failed === void 0 ? void 0 : {
			name: failed.name,
			atomic: failed.execution.atomic
		},
		notReached: plan.migrations.filter((migration) => !finished.has(migration.name) && !failedNames.has(migration.name)).map((migration) => migration.name),
		difference: differenceOf(before, seen.catalog)
	};
}
async function cleanHistory(context, target, stopped, migration) {
	await resolveRolledBack(context, target, migration);
	if ((await stoppedState(target, stopped)).failed === void 0) return;
	throw new FailureError({
		code: "PRISMA.FAILED",
		what: `${migration} could not be marked as rolled back.`,
		why: "It is still recorded as failed in _prisma_migrations, which blocks the next deploy.",
		next: [`npx prisma migrate resolve --rolled-back ${migration}`]
	});
}
function describeRecovery(recovery) {
	switch (recovery.kind) {
		case "clean-history": return {
			outcome: "pass",
			summary: "nothing took effect; the history is clean again"
		};
		case "nothing-to-do": return {
			outcome: "pass",
			summary: "nothing took effect"
		};
		case "all-applied": return {
			outcome: "pass",
			summary: "everything was applied before Prisma stopped"
		};
		case "needs-human": return {
			outcome: "fail",
			summary: "a person has to decide",
			detail: { state: recovery.state }
		};
	}
}
function nextFor(state) {
	if (state.failed === void 0) return ["Deploy again to apply what was not reached."];
	if (state.failed.atomic) return [
		"To keep what was applied: correct the migration or the data, then",
		`npx prisma migrate resolve --rolled-back ${state.failed.name}`,
		"and deploy again."
	];
	return [
		"To keep what was applied, finish the rest of the failed file by hand, then",
		`npx prisma migrate resolve --applied ${state.failed.name}`,
		"or undo its first half by hand, then",
		`npx prisma migrate resolve --rolled-back ${state.failed.name}`
	];
}
const mostLines = 12;
function causeIn(output) {
	const lines = output.split("\n").map((line) => line.trimEnd());
	const start = lines.findIndex((line) => /^Error: |\bP\d{4}\b/.test(line));
	return lines.slice(Math.max(0, start)).filter((line) => line !== "").slice(0, mostLines).join("\n");
}
// src/pipeline.ts
async function deploy(context) {
	try {
		var _usingCtx$6 = _usingCtx();
		const target = _usingCtx$6.a(await openTarget(context, "write"));
		const facts = await preflight(context, target);
		if (facts.history.pending.length === 0) return nothingPending(facts);
		const plan = await planStage(context, target, facts);
		const verdict = await gate(context, plan);
		if (verdict.kind !== "clear") return refused(facts, plan, verdict);
		await takeDeployLock(target.session, {
			waitMs: context.policy["lock-wait"],
			onWait: (holder) => context.run.progress(`another deploy is running: ${holder}`),
			signal: context.run.signal
		});
		const locked = await replan(context, target);
		if (locked.kind === "nothing-pending") return nothingPending(locked.facts);
		if (locked.plan.digest !== plan.digest) return planChanged(facts, plan, locked.plan);
		context.announce({
			target: targetOf$1(facts),
			pending: plan.migrations.map((migration) => migration.name)
		});
		const wayBack = await makeWayBack(context, target.url);
		context.run.skip("rehearse", "rehearsal is not in this release");
		const current = await replan(context, target);
		const backup = backupOf(wayBack);
		if (current.kind === "nothing-pending") return {
			...nothingPending(current.facts),
			backup
		};
		if (current.plan.digest !== plan.digest) return {
			...planChanged(facts, plan, current.plan),
			backup
		};
		const applied = await apply(context, target, verdict.clearance, wayBack);
		const ended = applied.code === 0 ? await verify$1(context, target, {
			plan,
			before: current.catalog,
			wayBack
		}) : await recover(context, target, {
			plan,
			before: current.catalog,
			wayBack,
			exit: applied
		});
		return {
			...ofPlan(facts, plan),
			...ended
		};
	} catch (_) {
		_usingCtx$6.e = _;
	} finally {
		await _usingCtx$6.d();
	}
}
// src/commands/backup.ts
async function backup$1(context) {
	try {
		var _usingCtx$5 = _usingCtx();
		const { out, cwd } = context.invocation;
		if (out === void 0) throw fail("USAGE.INVALID", {
			what: "`backup` needs a folder to write to.",
			why: "`--out` is missing.",
			next: ["airlock backup --out backups"]
		});
		const database = _usingCtx$5.a(await openDatabase(context));
		const written = await backUp(context, database.url, resolve$1(cwd, out));
		return {
			...noMigrations,
			outcome: "done",
			reasonCode: "backup_written",
			reason: [`${written.dumpPath} (${formatBytes(written.bytes)})`, ...written.notChecked.map((what) => `not checked: ${what}`)].join("\n"),
			target: {
				host: database.url.host,
				database: database.url.database
			},
			backup: backupOf(written),
			next: ["Prove that it can be read on another machine:", `airlock restore --from ${written.manifestPath} --dry-run`]
		};
	} catch (_) {
		_usingCtx$5.e = _;
	} finally {
		await _usingCtx$5.d();
	}
}
// src/stages/plan/compatibility.ts
async function recordCompatibility(run, base, findings) {
	if (base.kind === "not-checked") run.skip("compatibility", base.because);
	else await run.stage("compatibility", async () => compatibilityReport(base, findings), (report) => report);
}
function compatibilityReport({ running, commit }, findings) {
	const { ref, schema } = running;
	const detail = {
		ref,
		commit,
		models: schema.models.length
	};
	const release = `the release at ${ref} (${commit.slice(0, 12)}, ${plural(schema.models.length, "model")})`;
	const [problem] = schema.problems;
	if (problem !== void 0) return {
		outcome: "unknown",
		summary: `the schema of ${release} could not be read to the end: ${`${problem.file}:${problem.line} ${problem.text}`}`,
		detail
	};
	const count = findings.filter(({ rule, severity }) => rule === "breaks-running-release" && severity !== "notice").length;
	return count === 0 ? {
		outcome: "pass",
		summary: `nothing that ${release} uses is taken away`,
		detail
	} : {
		outcome: "fail",
		summary: `${plural(count, "finding")} about what ${release} still uses`,
		detail
	};
}
// src/compatibility/join-tables.ts
function joinTablesOf(relations, models) {
	const tables = /* @__PURE__ */ new Map();
	const lists = relations.filter(({ list }) => list);
	for (const one of lists) {
		if (!lists.some((other) => other !== one && other.model === one.to && other.to === one.model && other.relation === one.relation)) continue;
		const [first, second] = one.model <= one.to ? [one.model, one.to] : [one.to, one.model];
		const owner = models.find(({ name }) => name === first);
		if (owner === void 0 || !models.some(({ name }) => name === second)) continue;
		const table = `${splitName(owner.table).schema}._${one.relation ?? `${first}To${second}`}`;
		tables.set(table, {
			table,
			models: [first, second]
		});
	}
	return [...tables.values()];
}
// src/compatibility/schema-tokens.ts
const patterns = [
	{
		kind: "blank",
		pattern: /[ \t\r\f\v\uFEFF]+/y
	},
	{
		kind: "blank",
		pattern: /\/\/[^\n]*/y
	},
	{
		kind: "blank",
		pattern: /\/\*[\s\S]*?\*\//y
	},
	{
		kind: "line-end",
		pattern: /\n/y
	},
	{
		kind: "text",
		pattern: /"(?:\\.|[^"\\\n])*"/y
	},
	{
		kind: "name",
		pattern: /[\p{L}_][\p{L}\p{N}_-]*/uy
	},
	{
		kind: "number",
		pattern: /-?\d+(?:\.\d+)?/y
	},
	{
		kind: "mark",
		pattern: /@@|[@{}()[\]=,.:?!]/y
	}
];
function schemaTokens(source) {
	const tokens = [];
	let line = 1;
	for (let at = 0; at < source.length;) {
		const { kind, text } = matchAt(source, at);
		at += text.length;
		if (kind !== "blank") tokens.push({
			kind,
			text: kind === "text" ? unquoted(text) : text,
			line
		});
		line += text.split("\n").length - 1;
	}
	return [...tokens, {
		kind: "line-end",
		text: "\n",
		line
	}];
}
function matchAt(source, at) {
	for (const { kind, pattern } of patterns) {
		pattern.lastIndex = at;
		const text = pattern.exec(source)?.[0];
		if (text !== void 0) return {
			kind,
			text
		};
	}
	return {
		kind: "other",
		text: String.fromCodePoint(source.codePointAt(at) ?? 0)
	};
}
const escapes = {
	n: "\n",
	t: "	",
	r: "\r"
};
function unquoted(text) {
	return text.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_all, code, one) => code === void 0 ? escapes[one ?? ""] ?? one ?? "" : String.fromCharCode(Number.parseInt(code, 16)));
}
// src/compatibility/schema-blocks.ts
const passedOver = /* @__PURE__ */ new Set([
	"datasource",
	"generator",
	"type"
]);
function readBlocks({ path, text }) {
	const tokens = schemaTokens(text);
	const blocks = [];
	const problems = [];
	let at = 0;
	while (at < tokens.length) {
		const token = tokens[at];
		if (token === void 0) break;
		if (token.kind === "line-end") {
			at += 1;
			continue;
		}
		const name = tokens[at + 1];
		const end = name?.kind === "name" && tokens[at + 2]?.text === "{" && tokens[at + 2]?.kind === "mark" ? closingBrace(tokens, at + 2) : -1;
		const keyword = keywordOf(token.text);
		if (name === void 0 || end === -1 || keyword === void 0 && !passedOver.has(token.text)) {
			problems.push({
				file: path,
				line: token.line,
				text: `\`${token.text}\` begins nothing that is known`
			});
			at = nextBlock(tokens, at + 1);
			continue;
		}
		if (keyword !== void 0) {
			const lines = linesOf(tokens.slice(at + 3, end), path, problems);
			blocks.push({
				keyword,
				name: name.text,
				file: path,
				line: token.line,
				lines
			});
		}
		at = end + 1;
	}
	return {
		blocks,
		problems
	};
}
function keywordOf(text) {
	return text === "model" || text === "view" || text === "enum" ? text : void 0;
}
function closingBrace(tokens, open) {
	let depth = 0;
	for (let at = open; at < tokens.length; at += 1) {
		const token = tokens[at];
		if (token?.kind !== "mark") continue;
		if (token.text === "{") depth += 1;
		if (token.text === "}") depth -= 1;
		if (depth === 0) return at;
	}
	return -1;
}
function nextBlock(tokens, from) {
	for (let at = from; at < tokens.length; at += 1) {
		const word = tokens[at]?.text ?? "";
		if (tokens[at - 1]?.kind === "line-end" && tokens[at + 2]?.text === "{" && (keywordOf(word) !== void 0 || passedOver.has(word))) return at;
	}
	return tokens.length;
}
function linesOf(tokens, file, problems) {
	const lines = [];
	for (const line of splitLines(tokens)) {
		const first = line[0];
		if (first === void 0) continue;
		const read = lineOf$1(line);
		if (read === void 0) problems.push({
			file,
			line: first.line,
			text: `\`${first.text} …\` cannot be read`
		});
		else lines.push(read);
	}
	return lines;
}
function splitLines(tokens) {
	const lines = [[]];
	let depth = 0;
	for (const token of tokens) {
		if (token.kind === "mark" && /[([{]/.test(token.text)) depth += 1;
		if (token.kind === "mark" && /[)\]}]/.test(token.text)) depth -= 1;
		if (token.kind !== "line-end") lines.at(-1)?.push(token);
		else if (depth <= 0) lines.push([]);
	}
	return lines;
}
function lineOf$1(tokens) {
	const isAt = (token) => token.kind === "mark" && token.text.startsWith("@");
	const firstAt = tokens.findIndex(isAt);
	const head = firstAt === -1 ? tokens : tokens.slice(0, firstAt);
	const attributes = [];
	for (let at = firstAt === -1 ? tokens.length : firstAt; at < tokens.length;) {
		const mark = tokens[at];
		if (mark === void 0 || !isAt(mark) || tokens[at + 1]?.kind !== "name") return void 0;
		let name = `${mark.text.slice(1)}${tokens[at + 1]?.text ?? ""}`;
		at += 2;
		while (tokens[at]?.text === "." && tokens[at + 1]?.kind === "name") {
			name += `.${tokens[at + 1]?.text ?? ""}`;
			at += 2;
		}
		let argumentTokens = [];
		if (tokens[at]?.kind === "mark" && tokens[at]?.text === "(") {
			const close = closingParenthesis(tokens, at);
			if (close === -1) return void 0;
			argumentTokens = tokens.slice(at + 1, close);
			at = close + 1;
		}
		attributes.push({
			name,
			argumentTokens
		});
	}
	return {
		line: tokens[0]?.line ?? 0,
		head,
		attributes
	};
}
function closingParenthesis(tokens, open) {
	let depth = 0;
	for (let at = open; at < tokens.length; at += 1) {
		const token = tokens[at];
		if (token?.kind !== "mark") continue;
		if (token.text === "(") depth += 1;
		if (token.text === ")") depth -= 1;
		if (depth === 0) return at;
	}
	return -1;
}
function textArgument(attribute, name) {
	const [first, colon, value] = attribute?.argumentTokens ?? [];
	if (first?.kind === "text") return first.text;
	if (first?.text === name && colon?.text === ":" && value?.kind === "text") return value.text;
}
// src/compatibility/read-schema.ts
const scalars = /* @__PURE__ */ new Set([
	"String",
	"Boolean",
	"Int",
	"BigInt",
	"Float",
	"Decimal",
	"DateTime",
	"Json",
	"Bytes"
]);
function readPrismaSchema(files, defaultSchema) {
	const readings = files.map(readBlocks);
	const problems = readings.flatMap((reading) => reading.problems);
	const blocks = readings.flatMap((reading) => reading.blocks);
	const names = {
		models: new Set(blocks.filter(({ keyword }) => keyword !== "enum").map(({ name }) => name)),
		enums: new Set(blocks.filter(({ keyword }) => keyword === "enum").map(({ name }) => name))
	};
	const models = [];
	const enums = [];
	const relations = [];
	for (const block of blocks) {
		const inDatabase = databaseName(block, defaultSchema);
		if (block.keyword === "enum") {
			enums.push({
				name: block.name,
				type: inDatabase,
				labels: labelsOf(block, problems)
			});
			continue;
		}
		const fields = fieldsOf(block, names, problems);
		if (!block.lines.some(({ attributes }) => has(attributes, "@ignore"))) models.push({
			name: block.name,
			table: inDatabase,
			fields: fields.columns
		});
		relations.push(...fields.relations);
	}
	return {
		models,
		enums,
		joinTables: joinTablesOf(relations, models),
		problems
	};
}
function fieldsOf(block, names, problems) {
	const columns = [];
	const relations = [];
	for (const line of block.lines) {
		if (line.head.length === 0) continue;
		const head = headOf(line);
		if (head === void 0) {
			problems.push({
				file: block.file,
				line: line.line,
				text: `a field of ${block.name} cannot be read`
			});
			continue;
		}
		const { name, type, list, optional } = head;
		if (type === "Unsupported" || has(line.attributes, "ignore")) continue;
		if (names.models.has(type)) {
			const relation = find(line.attributes, "relation");
			relations.push({
				model: block.name,
				to: type,
				list,
				relation: textArgument(relation, "name")
			});
			continue;
		}
		const kind = names.enums.has(type) ? "enum" : scalars.has(type) ? "scalar" : void 0;
		if (kind === void 0) {
			const text = `the type \`${type}\` of ${block.name}.${name} is not known`;
			problems.push({
				file: block.file,
				line: line.line,
				text
			});
			continue;
		}
		columns.push({
			name,
			column: textArgument(find(line.attributes, "map"), "name") ?? name,
			type,
			kind,
			nativeType: line.attributes.find((one) => one.name.startsWith("db."))?.name.slice(3),
			list,
			required: !optional && !list,
			filledByDatabase: /^(autoincrement|dbgenerated|sequence)$/.test(defaultOf(line.attributes))
		});
	}
	return {
		columns,
		relations
	};
}
function headOf({ head }) {
	const [name, type, ...rest] = head;
	if (name?.kind !== "name" || type?.kind !== "name") return void 0;
	const modifier = rest.map((token) => token.kind === "text" ? "\"" : token.text).join("");
	if (!(type.text === "Unsupported" ? /^\("\)(\?|\[\])?$/ : /^(\?|\[\])?$/).test(modifier)) return void 0;
	return {
		name: name.text,
		type: type.text,
		list: modifier.endsWith("[]"),
		optional: modifier.endsWith("?")
	};
}
function labelsOf(block, problems) {
	return block.lines.flatMap(({ head, attributes, line }) => {
		const [name, ...rest] = head;
		if (name === void 0) return [];
		if (name.kind !== "name" || rest.length > 0) {
			problems.push({
				file: block.file,
				line,
				text: `a value of ${block.name} cannot be read`
			});
			return [];
		}
		return [{
			name: name.text,
			label: textArgument(find(attributes, "map"), "name") ?? name.text
		}];
	});
}
function databaseName(block, defaultSchema) {
	const own = block.lines.filter(({ head }) => head.length === 0).flatMap(({ attributes }) => attributes);
	return `${textArgument(find(own, "@schema"), "map") ?? defaultSchema}.${textArgument(find(own, "@map"), "name") ?? block.name}`;
}
function defaultOf(attributes) {
	return find(attributes, "default")?.argumentTokens.find((token) => token.text !== "value" && token.text !== ":")?.text ?? "";
}
function find(attributes, name) {
	return attributes.find((one) => one.name === name);
}
function has(attributes, name) {
	return find(attributes, name) !== void 0;
}
// src/git/run-git.ts
const mostBytes = 67108864;
const quiet = {
	GIT_TERMINAL_PROMPT: "0",
	GIT_OPTIONAL_LOCKS: "0",
	GIT_NO_LAZY_FETCH: "1",
	GIT_LITERAL_PATHSPECS: "1",
	LC_ALL: "C"
};
async function runGit(args, { cwd, env, signal }) {
	return await new Promise((resolve, reject) => {
		const options = {
			cwd,
			env: {
				...env,
				...quiet
			},
			signal,
			maxBuffer: mostBytes,
			encoding: "buffer"
		};
		execFile("git", [...args], options, (error, stdout, stderr) => {
			const code = error === null ? 0 : error.code;
			if (typeof code === "number") resolve({
				code,
				stdout,
				stderr: stderr.toString("utf8")
			});
			else reject(signal.aborted ? error : notRun(error));
		});
	});
}
function notRun(error) {
	return fail("GIT.NOT_AVAILABLE", {
		what: "Git could not be run.",
		why: messageOf(error),
		next: ["Install git, or leave out the ref of the running release: what it still uses is then not checked."]
	}, { cause: error });
}
// src/git/tree.ts
function refuseStrangeRef(ref) {
	if (!/^-|\.\.|[\s:?*[\\\u0000-\u001f\u007f]/.test(ref) && ref !== "") return;
	throw fail("USAGE.INVALID", {
		what: `\`${ref}\` is no git ref.`,
		why: "A ref does not begin with `-` and has no blank, no colon and no `..` in it.",
		next: ["Give a branch, a tag or a commit: --base origin/main"]
	});
}
async function commitOf(ref, options) {
	const { code, stdout, stderr } = await runGit([
		"rev-parse",
		"--verify",
		"--quiet",
		"--end-of-options",
		`${ref}^{commit}`
	], options);
	if (code === 0) return stdout.toString("utf8").trim();
	if (stderr.trim() !== "") throw notARepository(stderr);
}
async function filesAt(commit, path, options) {
	const { stdout } = await mustRun(["rev-parse", "--show-prefix"], options);
	const fromRoot = relative$1("/", `/${stdout.toString("utf8").replace(/\n$/, "")}${path}`);
	if (fromRoot === "" || fromRoot.startsWith("..")) return [];
	return (await mustRun([
		"ls-tree",
		"-r",
		"-z",
		"--full-tree",
		commit,
		"--",
		fromRoot
	], options)).stdout.toString("utf8").split("\0").flatMap((entry) => {
		const [, type, blob, name] = /^\d+ (\w+) ([0-9a-f]+)\t([\s\S]+)$/.exec(entry) ?? [];
		return type === "blob" && blob !== void 0 && name !== void 0 ? [{
			path: name,
			blob
		}] : [];
	});
}
async function contentOf({ blob }, options) {
	return (await mustRun([
		"cat-file",
		"blob",
		blob
	], options)).stdout;
}
async function mustRun(args, options) {
	const answer = await runGit(args, options);
	if (answer.code !== 0) throw notARepository(answer.stderr);
	return answer;
}
function notARepository(stderr) {
	return fail("GIT.NOT_AVAILABLE", {
		what: "Git cannot read the repository of this project.",
		why: stderr.trim(),
		next: ["Check out the repository with its .git folder (actions/checkout does), and run as the user that owns it.", "Or leave out the ref of the running release: what it still uses is then not checked."]
	});
}
function asGitPath(path, separator) {
	return separator === sep$1 ? path : path.split(separator).join(sep$1);
}
// src/stages/plan/running-release.ts
const noRef = "nobody said which release is running (--base REF, or the input `base-ref`)";
async function readBase({ invocation, run }, project) {
	const options = {
		cwd: invocation.cwd,
		env: invocation.env,
		signal: run.signal
	};
	const { base, baseBranch } = invocation;
	if (base !== void 0) {
		refuseStrangeRef(base);
		const commit = await commitOf(base, options);
		if (commit === void 0) throw refNotFound(base);
		return await readAt(base, commit, project, options);
	}
	if (baseBranch === void 0) return {
		kind: "not-checked",
		because: noRef
	};
	try {
		const found = await baseBranchIn(baseBranch, options);
		if (found !== void 0) return await readAt(found.ref, found.commit, project, options);
	} catch (error) {
		if (!(error instanceof FailureError) || run.signal.aborted) throw error;
		return {
			kind: "not-checked",
			because: `${error.failure.what} ${error.failure.why}`
		};
	}
	return {
		kind: "not-checked",
		because: `the base branch \`${baseBranch}\` is not in this clone (actions/checkout with \`fetch-depth: 0\` brings it)`
	};
}
async function baseBranchIn(branch, options) {
	refuseStrangeRef(branch);
	for (const [ref, full] of [[`origin/${branch}`, `refs/remotes/origin/${branch}`], [branch, `refs/heads/${branch}`]]) {
		const commit = await commitOf(full, options);
		if (commit !== void 0) return {
			ref,
			commit
		};
	}
	if (!/^refs\/pull\/\d+\/merge$/.test(options.env.GITHUB_REF ?? "") || await commitOf("HEAD^2", options) === void 0) return void 0;
	const commit = await commitOf("HEAD^1", options);
	return commit === void 0 ? void 0 : {
		ref: "HEAD^1",
		commit
	};
}
async function readAt(ref, commit, project, options) {
	const toGit = (path) => asGitPath(relative(options.cwd, path), sep);
	const usual = [
		"schema.prisma",
		"prisma/schema.prisma",
		"prisma/schema"
	];
	const today = await project.schemaPath();
	const candidates = [.../* @__PURE__ */ new Set([...today === void 0 ? [] : [toGit(today)], ...usual])];
	for (const path of candidates) {
		const files = (await filesAt(commit, path, options)).filter((file) => extname(file.path) === ".prisma");
		if (files.length === 0) continue;
		const read = (await Promise.all(files.map(async (file) => ({
			file,
			bytes: await contentOf(file, options)
		})))).map(({ file, bytes }) => decoded(file.path, bytes));
		const schema = readPrismaSchema(read.flatMap((one) => one.kind === "text" ? [one.file] : []), project.schema);
		const unreadable = read.flatMap((one) => one.kind === "problem" ? [one.problem] : []);
		return {
			kind: "read",
			running: {
				ref,
				schema: {
					...schema,
					problems: [...unreadable, ...schema.problems]
				}
			},
			commit,
			migrations: await migrationsAt(commit, toGit(project.migrationsPath), options)
		};
	}
	throw fail("GIT.NO_SCHEMA", {
		what: `There is no Prisma schema at \`${ref}\`.`,
		why: `Looked for at commit ${commit.slice(0, 12)}: ${candidates.join(", ")}.`,
		next: ["Give the ref of the release that is running: --base REF", "Where that release has no Prisma schema, leave it out: what it still uses is then not checked."]
	});
}
function decoded(path, bytes) {
	const text = bytes.toString("utf8");
	if (Buffer.from(text, "utf8").equals(bytes)) return {
		kind: "text",
		file: {
			path,
			text
		}
	};
	return {
		kind: "problem",
		problem: {
			file: path,
			line: 1,
			text: "the file is not UTF-8"
		}
	};
}
async function migrationsAt(commit, path, options) {
	const files = await filesAt(commit, path, options);
	return new Set(files.flatMap((file) => /([^/]+)\/migration\.sql$/.exec(file.path)?.[1] ?? []));
}
function refNotFound(ref) {
	return fail("GIT.REF_NOT_FOUND", {
		what: `There is no git ref \`${ref}\` in this clone.`,
		why: "A shallow clone has only the commit that was checked out.",
		next: ["In a workflow, check out with history: actions/checkout with `fetch-depth: 0`", `Or fetch that one: git fetch --depth=1 origin ${ref.replace(/^origin\//, "")}`]
	});
}
// src/commands/check.ts
const assumedPrisma = "7.10.1";
async function check(context) {
	const { invocation, run, policy } = context;
	const location = await locateMigrations(invocation.cwd, { migrations: invocation.migrations });
	if (location.kind === "invalid") throw new FailureError(location.failure);
	const installed = location.prisma.kind === "installed" ? location.prisma.version : void 0;
	const version = invocation.prismaVersion ?? installed ?? assumedPrisma;
	const base = await readBase(context, {
		schemaPath: () => locateSchemaPath(invocation.cwd),
		migrationsPath: location.path,
		schema
	});
	const analysis = await run.stage("plan", async () => {
		const reading = await readMigrationsFolder(location.path, {
			root: invocation.cwd,
			prismaVersion: version
		});
		if (reading.kind === "invalid") throw new FailureError(reading.failure);
		const { before, judged } = since(reading.folder.migrations, invocation.since);
		return analyse({
			applied: before,
			pending: judged
		}, {
			prismaVersion: version,
			schema,
			rules: policy.rules,
			start: emptyCatalog,
			running: runningIn(base)
		});
	}, ({ migrations, findings }) => ({
		outcome: "pass",
		summary: `${plural(migrations.length, "migration")} judged as Prisma ${version} runs them, ${plural(findings.length, "finding")}`
	}));
	await recordCompatibility(run, base, analysis.findings);
	const noSizes = /* @__PURE__ */ new Map();
	const allRisks = risksOf(analysis.migrations, noSizes, policy.thresholds["large-table"]).filter(({ reason }) => reason !== "long-lock");
	const risks = allRisks.filter(({ reason }) => policy["require-approval"].includes(reason));
	const common = {
		migrations: analysis.migrations.map(reported),
		applied: [],
		findings: analysis.findings,
		allowed: analysis.allowed,
		next: []
	};
	if (analysis.obstacles.length > 0) return {
		...common,
		outcome: "blocked",
		reasonCode: "will_fail",
		reason: analysis.obstacles.map(({ migration, text }) => `${migration}: ${text}`).join("\n"),
		next: analysis.obstacles.map(({ instead }) => instead)
	};
	if (risks.length > 0 || analysis.findings.some((finding) => finding.severity === "error")) {
		const reason = risks.map((risk) => `${risk.migration}:${risk.line} ${risk.text}`).join("\n");
		return {
			...common,
			outcome: "needs-approval",
			reasonCode: "approval_missing",
			reason: reason === "" ? "There are findings of severity error." : reason,
			next: ["Correct the migrations, or see what this needs on a database and which digest approves it:", "airlock plan"]
		};
	}
	return {
		...common,
		outcome: "clear",
		reasonCode: "clear",
		reason: `${clearBecause(allRisks)} How long locks last depends on sizes that only \`airlock plan\` sees.`
	};
}
function clearBecause(waived) {
	if (waived.length === 0) return "Nothing here loses data.";
	return `airlock.yml waives approval for what is here (${[...new Set(waived.map(({ reason }) => reason))].join(", ")}).`;
}
const schema = "public";
function runningIn(base) {
	if (base.kind === "not-checked") return void 0;
	return {
		release: base.running,
		mustBear: (migration) => !base.migrations.has(migration)
	};
}
function since(migrations, name) {
	if (name === void 0) return {
		before: [],
		judged: migrations
	};
	const at = migrations.findIndex((migration) => migration.name === name);
	if (at < 0) throw fail("USAGE.INVALID", {
		what: `There is no migration \`${name}\`.`,
		why: `The folder has ${plural(migrations.length, "migration")}${migrations.length > 0 ? `, the last is \`${migrations.at(-1)?.name}\`` : ""}.`,
		next: ["Give the name of the last migration that is already applied: --since NAME"]
	});
	return {
		before: migrations.slice(0, at + 1),
		judged: migrations.slice(at + 1)
	};
}
// src/postgres/url/variables.ts
const databaseSegment = /^(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|DIRECT|SHADOW)$/;
const urlSegment = /^(?:URL|URI|DSN)$/;
const directSegment = /^(?:DIRECT|UNPOOLED|SHADOW)$/;
const pooledSegment = /^(?:POOLED|POOL|POOLER|PRISMA)$/;
function isUrlVariable(name, value) {
	if (/^(?:postgres(?:ql)?|prisma(?:\+postgres)?):\/\//i.test(value.trim())) return !/ACCELERATE/.test(name);
	const segments = name.toUpperCase().split("_");
	return segments.some((one) => urlSegment.test(one)) && segments.some((one) => databaseSegment.test(one));
}
function isDirect(name) {
	const upper = name.toUpperCase();
	return upper.includes("NON_POOLING") || upper.split("_").some((segment) => directSegment.test(segment));
}
function mayBePooled(name, names) {
	if (isDirect(name)) return false;
	return name.toUpperCase().split("_").some((segment) => pooledSegment.test(segment)) || names.some(isDirect);
}
function checkUrlVariables(variables, text, path) {
	const urls = [...variables].filter(([name, value]) => isUrlVariable(name, value));
	const names = urls.filter(([, value]) => value.trim() !== "").map(([name]) => name);
	return urls.flatMap(([name, value]) => {
		const { line, written } = placeOf(name, text);
		const failure = cutOff(name, written) ?? failureOf(name, value, names);
		return failure === void 0 ? [] : [{
			path,
			line,
			variable: name,
			failure
		}];
	}).sort((a, b) => a.line - b.line);
}
function failureOf(name, value, names) {
	const parsed = parseDatabaseUrl(value, name, { pooled: mayBePooled(name, names) ? "allow" : "refuse" });
	return parsed.kind === "invalid" ? parsed.failure : void 0;
}
function placeOf(name, text) {
	const lines = text.split(/\r?\n/);
	const assignment = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=(.*)$`);
	const index = lines.findLastIndex((line) => assignment.test(line));
	return {
		line: index + 1,
		written: assignment.exec(lines[index] ?? "")?.[1]?.trim() ?? ""
	};
}
function cutOff(name, written) {
	if (/^["'`]/.test(written) || !/^\S*#\S*@/.test(written)) return void 0;
	return problem("URL.UNESCAPED", `The value of \`${name}\` is cut off at a \`#\`.`, "In an env file a `#` outside quotes begins a comment, and in a URL it has to be percent-encoded anyway.", ["Write the `#` of the password as `%23`."]).failure;
}
// src/postgres/url/env-file.ts
function checkEnvFile(text, path) {
	return checkUrlVariables(parsed(text), text, path);
}
function parsed(text) {
	return new Map(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? ""]));
}
// src/commands/doctor.ts
async function doctor(context) {
	const ailments = await context.run.stage("preflight", async () => [...await inEnvFiles(context.invocation.cwd), ...await inTarget(context)], (found) => ({
		outcome: found.length === 0 ? "pass" : "fail",
		summary: found.length === 0 ? "project, env files, connection, history and client tools" : plural(found.length, "problem"),
		detail: { problems: found }
	}));
	const [first] = ailments;
	if (first === void 0) return {
		...noMigrations,
		outcome: "done",
		reasonCode: "ready",
		reason: "Project, env files, connection, history and client tools are in order. Not checked: what is pending, and the privileges it needs.",
		next: ["airlock plan"]
	};
	const failure = {
		code: first.failure.code,
		what: ailments.length === 1 ? first.failure.what : `${ailments.length} things stand in the way of a deploy.`,
		why: ailments.map(({ where, failure: { code, what, why } }) => `${where}: ${code}: ${what} ${why}`).join("\n"),
		next: [...new Set(ailments.flatMap(({ failure: { next } }) => next))]
	};
	return {
		...noMigrations,
		outcome: "failed",
		reasonCode: failure.code,
		reason: "",
		next: failure.next,
		failure
	};
}
async function inEnvFiles(cwd) {
	const names = (await filesIn(cwd)).filter((name) => /^\.env(\.|$)/.test(name) && !/\.(example|sample|template)$/.test(name));
	return (await Promise.all(names.sort().map((name) => inEnvFile(cwd, name)))).flat();
}
async function filesIn(cwd) {
	try {
		return (await readdir(cwd, { withFileTypes: true })).flatMap((entry) => entry.isDirectory() ? [] : [entry.name]);
	} catch (error) {
		if (["ENOENT", "ENOTDIR"].includes(errnoOf(error))) return [];
		throw unreadableFile(error) ?? error;
	}
}
async function inEnvFile(cwd, name) {
	try {
		return checkEnvFile(await readFile(join(cwd, name), "utf8"), name).map(({ line, variable, failure }) => ({
			where: `${name}:${line} ${variable}`,
			failure
		}));
	} catch (error) {
		const unreadable = unreadableFile(error);
		if (unreadable === void 0) throw error;
		return [{
			where: name,
			failure: unreadable.failure
		}];
	}
}
async function inTarget(context) {
	try {
		try {
			var _usingCtx$4 = _usingCtx();
			const target = _usingCtx$4.a(await openTarget(context, "write"));
			return [...await inClients(context, target), ...await ailmentsOf("history", async () => void await readFacts(target))];
		} catch (_) {
			_usingCtx$4.e = _;
		} finally {
			await _usingCtx$4.d();
		}
	} catch (error) {
		if (error instanceof FailureError) return [{
			where: "project",
			failure: error.failure
		}];
		throw error;
	}
}
async function inClients({ invocation, policy }, target) {
	if (policy.backup.strategy === "none") return [];
	const choice = chooseClient(await findClients(invocation.env), majorOf(await readServer(target.session)), await describeMachine(invocation.env));
	return choice.kind === "none" ? [{
		where: "client tools",
		failure: choice.failure
	}] : [];
}
async function ailmentsOf(where, work) {
	try {
		await work();
		return [];
	} catch (error) {
		if (error instanceof FailureError) return [{
			where,
			failure: error.failure
		}];
		throw error;
	}
}
// src/commands/later.ts
const instead = {
	prune: "Remove old backups by hand; a backup is its .dump and its .manifest.json.",
	rehearse: "Restore a backup beside a copy and deploy there: airlock restore --from MANIFEST --into NAME",
	rollback: "Put the backup into a new database: airlock restore --from MANIFEST --into NAME",
	undo: "Write the reverse SQL by hand and keep it beside the migration.",
	health: "Check the application after the step that deploys it.",
	baseline: "Mark migrations as applied with Prisma: npx prisma migrate resolve --applied NAME"
};
function isLater(name) {
	return name !== void 0 && Object.hasOwn(instead, name);
}
function notAvailable(command) {
	return fail("COMMAND.NOT_AVAILABLE", {
		what: `\`airlock ${command}\` is not in this release.`,
		why: "Its name is reserved for a later one, and nothing was done.",
		next: [instead[command]]
	});
}
// src/commands/plan.ts
async function plan(context) {
	try {
		var _usingCtx$3 = _usingCtx();
		const target = _usingCtx$3.a(await openTarget(context, "read"));
		const facts = await preflight(context, target);
		if (facts.history.pending.length === 0) return nothingPending(facts);
		const { schemaPath, migrationsPath } = target.project;
		const base = await readBase(context, {
			schemaPath: async () => schemaPath,
			migrationsPath,
			schema: target.url.schema
		});
		const planned = await planStage(context, target, facts, base.kind === "read" ? base.running : void 0);
		await recordCompatibility(context.run, base, planned.findings);
		const verdict = await gate(context, planned);
		if (verdict.kind === "clear") return {
			...ofPlan(facts, planned),
			outcome: "clear",
			reasonCode: "clear",
			reason: `${plural(planned.migrations.length, "migration")} may be applied: ${verdict.clearance.because}.`,
			next: ["airlock deploy"]
		};
		return {
			...ofPlan(facts, planned),
			outcome: verdict.kind,
			reasonCode: verdict.code,
			reason: reasonOf$1(verdict),
			next: verdict.next
		};
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
// src/stages/restore/decide.ts
const longestName = 63;
function nameWithEnding(name, ending) {
	let kept = [...name];
	while (byteLength(kept.join("") + ending) > longestName) kept = kept.slice(0, -1);
	return kept.join("") + ending;
}
function byteLength(text) {
	return new TextEncoder().encode(text).length;
}
function swapSql(database, restored, at) {
	const aside = nameWithEnding(database, `_before_${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}`);
	const both = [database, restored];
	return [
		...both.map((name) => `ALTER DATABASE ${quoteIdentifier(name)} ALLOW_CONNECTIONS false;`),
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (${both.map(quoteLiteral).join(", ")});`,
		"BEGIN;",
		`ALTER DATABASE ${quoteIdentifier(database)} RENAME TO ${quoteIdentifier(aside)};`,
		`ALTER DATABASE ${quoteIdentifier(restored)} RENAME TO ${quoteIdentifier(database)};`,
		"COMMIT;",
		`ALTER DATABASE ${quoteIdentifier(database)} ALLOW_CONNECTIONS true;`,
		`-- ${quoteIdentifier(aside)} keeps what was there, shut to connections, until you drop it.`
	];
}
function swapNotes(database, manifest) {
	return [
		`Everything written to ${quoteIdentifier(database)} since ${manifest.startedAt} is not in the restored database and has to be carried over by hand.`,
		"Settings made with ALTER DATABASE … SET and privileges granted on the database itself do not follow a rename. Read them before the swap:",
		`SELECT setrole::regrole, setconfig FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = ${quoteLiteral(database)});`,
		`SELECT datacl FROM pg_database WHERE datname = ${quoteLiteral(database)};`
	];
}
function compareCounts(expected, found) {
	const key = ({ schema, name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
	const restored = new Map(found.map((table) => [key(table), table.rows]));
	const counted = expected.flatMap((table) => table.rows === null ? [] : [{
		table: key(table),
		expected: table.rows
	}]);
	return {
		compared: counted.length,
		differences: counted.map(({ table, expected: rows }) => ({
			table,
			expected: rows,
			found: restored.get(table) ?? null
		})).filter((row) => row.found !== row.expected),
		notCompared: expected.filter((table) => table.rows === null).map(key)
	};
}
function restoreArguments(dbname, jobs, tolerant) {
	return [
		"--no-password",
		`--dbname=${dbname}`,
		...tolerant ? [] : ["--exit-on-error", `--jobs=${jobs}`]
	];
}
const restoreProblems = [
	{
		pattern: /role "([^"]+)" does not exist/,
		next: ([, role = ""]) => ["Roles are not in a dump. Create the missing one, then restore again:", `CREATE ROLE ${quoteIdentifier(role)};`]
	},
	{
		pattern: /must be (?:owner of|a superuser|member of|able to SET ROLE)|permission denied/,
		next: () => ["Restore with the URL of a role that may do what the message names: the owner of the objects, or a superuser."]
	},
	{
		pattern: /could not access file "([^"]+)"|extension "([^"]+)" is not available/,
		next: ([, file, extension]) => [`Install the extension ${extension ?? file} on the server, then restore again.`]
	},
	{
		pattern: /No space left on device/,
		next: () => ["Free space on the database server, then restore again."]
	}
];
function restoreFailed(into, stderr, after) {
	const matched = restoreProblems.map(({ pattern, next }) => ({
		match: stderr.match(pattern),
		next
	})).find(({ match }) => match !== null);
	return {
		code: "RESTORE.FAILED",
		what: `The backup could not be restored into ${quoteIdentifier(into)}. ${after}`,
		why: stderr === "" ? "pg_restore said nothing." : stderr,
		next: matched?.match ? matched.next(matched.match) : ["Correct what pg_restore says above, then restore again."]
	};
}
function countsDiffer(into, { differences }, after) {
	const shown = differences.slice(0, 20).map(({ table, expected, found }) => `${table}: ${expected} rows in the backup, ${found ?? "not countable"} restored`);
	const more = differences.length > shown.length ? [`and ${differences.length - shown.length} more`] : [];
	return {
		code: "RESTORE.FAILED",
		what: `What was restored into ${quoteIdentifier(into)} is not what was backed up. ${after}`,
		why: [...shown, ...more].join("\n"),
		next: ["Do not use this backup without finding out why. Restore an older one, or report this with both counts."]
	};
}
function targetExists(into) {
	return {
		code: "RESTORE.TARGET_EXISTS",
		what: `There is a database ${quoteIdentifier(into)} already.`,
		why: "A backup is only ever restored into a new database, so that nothing can be overwritten.",
		next: [`Name another one: --into ${shellWord(nameWithEnding(into, "_2"))}`]
	};
}
// node_modules/zod/v4/core/util.js
function getEnumValues(entries) {
	const numericValues = Object.values(entries).filter((v) => typeof v === "number");
	return Object.entries(entries).filter(([k, _]) => numericValues.indexOf(+k) === -1).map(([_, v]) => v);
}
function joinValues(array, separator = "|") {
	return array.map((val) => stringifyPrimitive(val)).join(separator);
}
function jsonStringifyReplacer(_, value) {
	if (typeof value === "bigint") return value.toString();
	return value;
}
var Cached = class {
	constructor(getter) {
		this._getter = getter;
		this._value = void 0;
	}
	get value() {
		const getter = this._getter;
		if (getter !== void 0) {
			this._value = getter();
			this._getter = void 0;
		}
		return this._value;
	}
};
function cached(getter) {
	return new Cached(getter);
}
function nullish(input) {
	return input === null || input === void 0;
}
function cleanRegex(source) {
	const start = source.startsWith("^") ? 1 : 0;
	const end = source.endsWith("$") ? source.length - 1 : source.length;
	return source.slice(start, end);
}
function floatSafeRemainder(val, step) {
	const ratio = val / step;
	const roundedRatio = Math.round(ratio);
	const tolerance = 4 * Number.EPSILON * Math.max(Math.abs(ratio), 1);
	if (Math.abs(ratio - roundedRatio) < tolerance) return 0;
	return ratio - roundedRatio;
}
function assignProp(target, prop, value) {
	Object.defineProperty(target, prop, {
		value,
		writable: true,
		enumerable: true,
		configurable: true
	});
}
function rawShape(def) {
	const desc = Object.getOwnPropertyDescriptor(def, "shape");
	return desc?.get ? desc.get.raw : desc?.value;
}
function sourceShape(schema) {
	return rawShape(schema._zod.def) ?? schema._zod.def.shape;
}
function deferProp(target, key, getter) {
	Object.defineProperty(target, key, {
		get() {
			const value = getter();
			assignProp(this, key, value);
			return value;
		},
		enumerable: true,
		configurable: true
	});
}
function putProp(target, key, value) {
	if (key in target) assignProp(target, key, value);
	else target[key] = value;
}
function mirrorShape(target, source, keys, wrap) {
	const raw = sourceShape(source);
	for (const key of keys) {
		const desc = Object.getOwnPropertyDescriptor(raw, key);
		if (!desc.enumerable) continue;
		if (desc.get) deferProp(target, key, () => {
			const value = source._zod.def.shape[key];
			return wrap ? wrap(value, key) : value;
		});
		else putProp(target, key, wrap ? wrap(desc.value, key) : desc.value);
	}
}
function mirrorProps(target, source) {
	for (const key of Reflect.ownKeys(source)) {
		const desc = Object.getOwnPropertyDescriptor(source, key);
		if (!desc.enumerable) continue;
		if (desc.get) deferProp(target, key, () => source[key]);
		else putProp(target, key, desc.value);
	}
}
function mergeDefs(...defs) {
	const mergedDescriptors = {};
	for (const def of defs) {
		const descriptors = Object.getOwnPropertyDescriptors(def);
		Object.assign(mergedDescriptors, descriptors);
	}
	return Object.defineProperties({}, mergedDescriptors);
}
function esc(str) {
	return JSON.stringify(str);
}
function slugify(input) {
	return input.toLowerCase().trim().replace(/[^\w\s-]/g, "").replace(/[\s_-]+/g, "-").replace(/^-+|-+$/g, "");
}
const captureStackTrace = "captureStackTrace" in Error ? Error.captureStackTrace : (..._args) => {};
function isObject(data) {
	return typeof data === "object" && data !== null && !Array.isArray(data);
}
const allowsEval = /* @__PURE__*/ cached(() => {
	if (globalConfig.jitless) return false;
	if (typeof navigator !== "undefined" && navigator?.userAgent?.includes("Cloudflare")) return false;
	try {
		new Function("");
		return true;
	} catch (_) {
		return false;
	}
});
function isPlainObject(o) {
	if (isObject(o) === false) return false;
	const ctor = o.constructor;
	if (ctor === void 0) return true;
	if (typeof ctor !== "function") return true;
	const prot = ctor.prototype;
	if (isObject(prot) === false) return false;
	if (Object.prototype.hasOwnProperty.call(prot, "isPrototypeOf") === false) return false;
	return true;
}
function shallowClone(o) {
	if (isPlainObject(o)) return { ...o };
	if (Array.isArray(o)) return [...o];
	if (o instanceof Map) return new Map(o);
	if (o instanceof Set) return new Set(o);
	return o;
}
const propertyKeyTypes = /* @__PURE__*/ new Set([
	"string",
	"number",
	"symbol"
]);
function escapeRegex(str) {
	return str.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
function clone(inst, def, params) {
	const cl = new inst._zod.constr(def ?? inst._zod.def);
	if (!def || params?.parent) cl._zod.parent = inst;
	return cl;
}
function normalizeParams(_params) {
	const params = _params;
	if (!params) return {};
	if (typeof params === "string") return { error: () => params };
	if (params?.message !== void 0) {
		if (params?.error !== void 0) throw new Error("Cannot specify both `message` and `error` params");
		params.error = params.message;
	}
	delete params.message;
	if (typeof params.error === "string") return {
		...params,
		error: () => params.error
	};
	return params;
}
function stringifyPrimitive(value) {
	if (typeof value === "bigint") return value.toString() + "n";
	if (typeof value === "string") return `"${value}"`;
	return `${value}`;
}
function optionalKeys(shape) {
	return Object.keys(shape).filter((k) => {
		return shape[k]._zod.optin !== void 0 && shape[k]._zod.optout === "optional";
	});
}
const NUMBER_FORMAT_RANGES = /*@__PURE__*/ (() => ({
	safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
	int32: [-2147483648, 2147483647],
	uint32: [0, 4294967295],
	float32: [-34028234663852886e22, 34028234663852886e22],
	float64: [-Number.MAX_VALUE, Number.MAX_VALUE]
}))();
const BIGINT_FORMAT_RANGES = {
	int64: [/* @__PURE__*/ BigInt("-9223372036854775808"), /* @__PURE__*/ BigInt("9223372036854775807")],
	uint64: [/* @__PURE__*/ BigInt(0), /* @__PURE__*/ BigInt("18446744073709551615")]
};
function pick(schema, mask) {
	const currDef = schema._zod.def;
	const checks = currDef.checks;
	if (checks && checks.length > 0) throw new Error(".pick() cannot be used on object schemas containing refinements");
	const newShape = {};
	mirrorShape(newShape, schema, maskedKeys(schema, mask));
	return clone(schema, mergeDefs(currDef, {
		shape: newShape,
		checks: []
	}));
}
function maskedKeys(schema, mask) {
	const raw = sourceShape(schema);
	const keys = [];
	for (const key of Reflect.ownKeys(mask)) {
		if (!Object.getOwnPropertyDescriptor(raw, key)?.enumerable) throw new Error(`Unrecognized key: "${String(key)}"`);
		if (mask[key]) keys.push(key);
	}
	return keys;
}
function omit(schema, mask) {
	const currDef = schema._zod.def;
	const checks = currDef.checks;
	if (checks && checks.length > 0) throw new Error(".omit() cannot be used on object schemas containing refinements");
	const omitted = new Set(maskedKeys(schema, mask));
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)).filter((key) => !omitted.has(key)));
	return clone(schema, mergeDefs(currDef, {
		shape: newShape,
		checks: []
	}));
}
function extend(schema, shape) {
	if (!isPlainObject(shape)) throw new Error("Invalid input to extend: expected a plain object");
	const checks = schema._zod.def.checks;
	if (checks && checks.length > 0) {
		const existingShape = sourceShape(schema);
		for (const key of Reflect.ownKeys(shape)) if (Object.getOwnPropertyDescriptor(existingShape, key) !== void 0) throw new Error("Cannot overwrite keys on object schemas containing refinements. Use `.safeExtend()` instead.");
	}
	return clone(schema, mergeDefs(schema._zod.def, { shape: extended(schema, shape) }));
}
function extended(schema, shape) {
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)));
	mirrorProps(newShape, shape);
	return newShape;
}
function safeExtend(schema, shape) {
	if (!isPlainObject(shape)) throw new Error("Invalid input to safeExtend: expected a plain object");
	return clone(schema, mergeDefs(schema._zod.def, { shape: extended(schema, shape) }));
}
function merge(a, b) {
	if (!b?._zod?.def) throw new Error("Invalid input to merge: expected an object schema. To merge a plain shape, use `.extend()`.");
	if (a._zod.def.checks?.length) throw new Error(".merge() cannot be used on object schemas containing refinements. Use .safeExtend() instead.");
	const newShape = {};
	mirrorShape(newShape, a, Reflect.ownKeys(sourceShape(a)));
	mirrorShape(newShape, b, Reflect.ownKeys(sourceShape(b)));
	return clone(a, mergeDefs(a._zod.def, {
		shape: newShape,
		get catchall() {
			return b._zod.def.catchall;
		},
		checks: b._zod.def.checks ?? []
	}));
}
function partial(Class, schema, mask, name = "partial") {
	const checks = schema._zod.def.checks;
	if (checks && checks.length > 0) throw new Error(`.${name}() cannot be used on object schemas containing refinements`);
	const selected = mask ? new Set(maskedKeys(schema, mask)) : void 0;
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)), Class && ((value, key) => selected && !selected.has(key) ? value : new Class({
		type: "optional",
		innerType: value
	})));
	return clone(schema, mergeDefs(schema._zod.def, {
		shape: newShape,
		checks: []
	}));
}
function required(Class, schema, mask) {
	const selected = mask ? new Set(maskedKeys(schema, mask)) : void 0;
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)), (value, key) => selected && !selected.has(key) ? value : new Class({
		type: "nonoptional",
		innerType: value
	}));
	return clone(schema, mergeDefs(schema._zod.def, { shape: newShape }));
}
function aborted(x, startIndex = 0) {
	if (x.aborted === true) return true;
	for (let i = startIndex; i < x.issues.length; i++) if (x.issues[i]?.continue !== true) return true;
	return false;
}
function explicitlyAborted(x, startIndex = 0) {
	if (x.aborted === true) return true;
	for (let i = startIndex; i < x.issues.length; i++) if (x.issues[i]?.continue === false) return true;
	return false;
}
function prefixIssues(path, issues) {
	return issues.map((iss) => {
		var _a;
		(_a = iss).path ?? (_a.path = []);
		iss.path.unshift(path);
		return iss;
	});
}
function unwrapMessage(message) {
	return typeof message === "string" ? message : message?.message;
}
function sizeCaps(defChecks) {
	const caps = [];
	for (const ch of defChecks ?? []) {
		const d = ch._zod.def;
		if (!/_(length|size)$|_equals$/.test(d.check)) break;
		const max = d.maximum ?? d.length ?? d.size;
		if (max >= 0) caps.push([max, ch]);
	}
	return caps;
}
function attachSchema(issues, start, inst) {
	var _a;
	for (let i = start; i < issues.length; i++) (_a = issues[i]).schema ?? (_a.schema = inst);
}
function finalizeIssue(iss, ctx, config) {
	var _a;
	const traits = iss.inst?._zod?.traits;
	if (traits?.has("$ZodType")) {
		if (traits.has("$ZodCheck")) (_a = iss).schema ?? (_a.schema = iss.inst);
		else iss.schema = iss.inst;
	}
	const schemaError = iss.schema !== iss.inst ? iss.schema?._zod.def?.error : void 0;
	const message = iss.message ? iss.message : unwrapMessage(iss.inst?._zod.def?.error?.(iss)) ?? unwrapMessage(schemaError?.(iss)) ?? unwrapMessage(ctx?.error?.(iss)) ?? unwrapMessage(config.customError?.(iss)) ?? unwrapMessage(config.localeError?.(iss)) ?? "Invalid input";
	const full = {};
	for (const k of Object.keys(iss)) {
		if (k === "inst" || k === "schema" || k === "continue" || k === "input" || k === "__proto__") continue;
		full[k] = iss[k];
	}
	full.path ?? (full.path = []);
	full.message = message;
	if (ctx?.reportInput) full.input = iss.input;
	return full;
}
const highSurrogate = /[\uD800-\uDBFF]/;
function codePointLength(str) {
	const units = str.length;
	if (!highSurrogate.test(str)) return units;
	let count = units;
	for (let i = 0; i < units - 1; i++) if ((str.charCodeAt(i) & 64512) === 55296 && (str.charCodeAt(i + 1) & 64512) === 56320) {
		count--;
		i++;
	}
	return count;
}
function getLengthableOrigin(input) {
	if (Array.isArray(input)) return "array";
	if (typeof input === "string") return "string";
	return "unknown";
}
function parsedType(data) {
	const t = typeof data;
	switch (t) {
		case "number": return Number.isNaN(data) ? "nan" : "number";
		case "object": {
			if (data === null) return "null";
			if (Array.isArray(data)) return "array";
			const obj = data;
			if (obj && Object.getPrototypeOf(obj) !== Object.prototype && "constructor" in obj && obj.constructor) return obj.constructor.name;
		}
	}
	return t;
}
function issue(...args) {
	const [iss, input, inst] = args;
	if (typeof iss === "string") return {
		message: iss,
		code: "custom",
		input,
		inst
	};
	return { ...iss };
}
function members(proto, table) {
	for (const key in table) {
		const desc = Object.getOwnPropertyDescriptor(table, key);
		if (desc.get) Object.defineProperty(proto, key, {
			...desc,
			enumerable: false
		});
		else defineBound(proto, key, desc.value);
	}
}
function own(inst, key, value, enumerable = true) {
	Object.defineProperty(inst, key, {
		configurable: true,
		writable: true,
		enumerable,
		value
	});
	return value;
}
function hide(inst, key, value) {
	return own(inst, key, value, false);
}
/* @__NO_SIDE_EFFECTS__ */
function derived(computes, table) {
	for (const key in computes) {
		const compute = computes[key];
		Object.defineProperty(table, key, {
			configurable: true,
			enumerable: true,
			get() {
				return own(this, key, compute(this));
			},
			set(value) {
				own(this, key, value);
			}
		});
	}
	return table;
}
function defineBound(proto, key, fn) {
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			return this == null ? fn : own(this, key, fn.bind(this));
		},
		set(value) {
			own(this, key, value);
		}
	});
}
function claim(inst, sentinel) {
	const proto = Object.getPrototypeOf(inst);
	return sentinel in proto ? void 0 : proto;
}
let installing;
let broke = false;
const breaker = {
	configurable: true,
	get() {
		broke = true;
	}
};
function defineLazyInternal(inst, key, compute) {
	const proto = Object.getPrototypeOf(inst._zod);
	if (key in proto && installing !== inst._zod) {
		installing = void 0;
		return;
	}
	installing = inst._zod;
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			Object.defineProperty(this, key, breaker);
			const outer = broke;
			broke = false;
			try {
				const value = compute(this);
				if (broke) delete this[key];
				else Object.defineProperty(this, key, {
					configurable: true,
					writable: true,
					value
				});
				broke = broke || outer;
				return value;
			} catch (err) {
				delete this[key];
				broke = broke || outer;
				throw err;
			}
		},
		set(value) {
			Object.defineProperty(this, key, {
				configurable: true,
				writable: true,
				value
			});
		}
	});
}
function installLazyProp(inst, key, make, enumerable) {
	const proto = claim(inst, key);
	if (!proto) return;
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			const desc = {
				configurable: true,
				writable: true,
				enumerable,
				value: void 0
			};
			Object.defineProperty(this, key, desc);
			desc.value = make(this);
			Object.defineProperty(this, key, desc);
			return desc.value;
		},
		set(value) {
			Object.defineProperty(this, key, {
				configurable: true,
				writable: true,
				enumerable,
				value
			});
		}
	});
}
const CONSTANT_CATCH = "~constantCatch";
function constantCatch(value) {
	const fn = () => value;
	fn[CONSTANT_CATCH] = true;
	return fn;
}
// node_modules/zod/v4/core/core.js
var _a$1;
const _zodDesc = {
	value: void 0,
	enumerable: false
};
let _E = "captureStackTrace" in Error ? Error : null;
function newError(Definition) {
	const E = _E;
	if (E) {
		const saved = E.stackTraceLimit;
		if (typeof saved === "number") {
			try {
				E.stackTraceLimit = 0;
			} catch {
				_E = null;
				return new Definition();
			}
			try {
				return new Definition();
			} finally {
				E.stackTraceLimit = saved;
			}
		}
	}
	return new Definition();
}
/* @__NO_SIDE_EFFECTS__ */
function $constructor(name, initializer, proto, params) {
	const zodProto = {};
	function Internals(def) {
		this.def = def;
		this.constr = _;
		this.traits = /* @__PURE__ */ new Set();
	}
	Internals.prototype = zodProto;
	const protoMembers = proto;
	const initialized = protoMembers && /* @__PURE__ */ new WeakSet();
	function init(inst, def) {
		if (!inst._zod) {
			_zodDesc.value = new Internals(def);
			try {
				Object.defineProperty(inst, "_zod", _zodDesc);
			} finally {
				_zodDesc.value = void 0;
			}
		} else if (inst._zod.traits.has(name)) return;
		inst._zod.traits.add(name);
		initializer(inst, def);
		if (initialized) {
			const own = Object.getPrototypeOf(inst);
			const ctorProto = inst._zod.constr.prototype;
			let up = own;
			while (up && up !== ctorProto) up = Object.getPrototypeOf(up);
			const target = up ?? own;
			if (!initialized.has(target)) {
				initialized.add(target);
				members(target, protoMembers);
			}
		}
		const proto = _.prototype;
		for (const k in proto) {
			if (!Object.prototype.hasOwnProperty.call(proto, k)) continue;
			if (!(k in inst)) inst[k] = proto[k].bind(inst);
		}
	}
	const Parent = params?.Parent ?? Object;
	class Definition extends Parent {}
	Object.defineProperty(Definition, "name", { value: name });
	function _(def) {
		const inst = params?.Parent ? newError(Definition) : this;
		init(inst, def);
		const deferred = inst._zod.deferred;
		if (deferred) {
			for (const fn of deferred) fn();
			inst._zod.deferred = void 0;
		}
		const pp = globalThis.__zod_globalConfig?.postProcessor;
		if (pp) pp(inst);
		return inst;
	}
	Object.defineProperty(_, "init", { value: init });
	Object.defineProperty(_, Symbol.hasInstance, { value: (inst) => {
		if (params?.Parent && inst instanceof params.Parent) return true;
		return inst?._zod?.traits?.has(name);
	} });
	Object.defineProperty(_, "name", { value: name });
	return _;
}
var $ZodAsyncError = class extends Error {
	constructor() {
		super(`Encountered Promise during synchronous parse. Use .parseAsync() instead.`);
	}
};
var $ZodEncodeError = class extends Error {
	constructor(name) {
		super(`Encountered unidirectional transform during encode: ${name}`);
		this.name = "ZodEncodeError";
	}
};
(_a$1 = globalThis).__zod_globalConfig ?? (_a$1.__zod_globalConfig = {});
const globalConfig = globalThis.__zod_globalConfig;
function config(newConfig) {
	if (newConfig) Object.assign(globalConfig, newConfig);
	return globalConfig;
}
// node_modules/zod/v4/core/errors.js
function _getMessage() {
	const internals = this._zod;
	internals.message ?? (internals.message = JSON.stringify(internals.def, jsonStringifyReplacer, 2));
	return internals.message;
}
function _setMessage(value) {
	this._zod.message = value;
}
const _messageDesc = {
	get: _getMessage,
	set: _setMessage,
	enumerable: true,
	configurable: true
};
const _issuesDesc = {
	value: void 0,
	enumerable: false
};
const _installedToString = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
const initializer$1 = (inst, def) => {
	inst.name = "$ZodError";
	_issuesDesc.value = def;
	Object.defineProperty(inst, "issues", _issuesDesc);
	_issuesDesc.value = void 0;
	Object.defineProperty(inst, "message", _messageDesc);
	const proto = Object.getPrototypeOf(inst);
	if (!_installedToString.has(proto)) {
		_installedToString.add(proto);
		Object.defineProperty(proto, "toString", {
			configurable: true,
			enumerable: false,
			get() {
				const value = () => this.message;
				Object.defineProperty(this, "toString", {
					value,
					configurable: true,
					writable: true
				});
				return value;
			},
			set(value) {
				Object.defineProperty(this, "toString", {
					value,
					configurable: true,
					writable: true
				});
			}
		});
	}
};
const $ZodError = /* @__PURE__ */ $constructor("$ZodError", initializer$1);
function node(obj, key, make) {
	if (!Object.prototype.hasOwnProperty.call(obj, key)) {
		if (key === "__proto__") Object.defineProperty(obj, key, {
			value: make(),
			writable: true,
			enumerable: true,
			configurable: true
		});
		else obj[key] = make();
	}
	return obj[key];
}
function flattenError(error, mapper = (issue) => issue.message) {
	const fieldErrors = {};
	const formErrors = [];
	for (const sub of error.issues) if (sub.path.length > 0) node(fieldErrors, sub.path[0], () => []).push(mapper(sub));
	else formErrors.push(mapper(sub));
	return {
		formErrors,
		fieldErrors
	};
}
function formatError(error, mapper = (issue) => issue.message) {
	const fieldErrors = { _errors: [] };
	const processError = (error, path = []) => {
		for (const issue of error.issues) if (issue.code === "invalid_union" && issue.errors.length) issue.errors.map((issues) => processError({ issues }, [...path, ...issue.path]));
		else if (issue.code === "invalid_key") processError({ issues: issue.issues }, [...path, ...issue.path]);
		else if (issue.code === "invalid_element") processError({ issues: issue.issues }, [...path, ...issue.path]);
		else {
			const fullpath = [...path, ...issue.path];
			if (fullpath.length === 0) fieldErrors._errors.push(mapper(issue));
			else {
				let curr = fieldErrors;
				let i = 0;
				while (i < fullpath.length) {
					const el = fullpath[i];
					const terminal = i === fullpath.length - 1;
					if (el === "_errors") {
						if (terminal) curr._errors.push(mapper(issue));
						i++;
						continue;
					}
					if (!Object.prototype.hasOwnProperty.call(curr, el)) Object.defineProperty(curr, el, {
						value: { _errors: [] },
						enumerable: true,
						writable: true,
						configurable: true
					});
					const node = curr[el];
					if (terminal) node._errors.push(mapper(issue));
					curr = node;
					i++;
				}
			}
		}
	};
	processError(error);
	return fieldErrors;
}
// node_modules/zod/v4/core/parse.js
function finalizeParams(callee, params) {
	return {
		callee: params?.callee ?? callee,
		Err: params?.Err
	};
}
const _parse = (_Err) => {
	const fn = (schema, value, _ctx, _params) => {
		const ctx = _ctx ? {
			..._ctx,
			async: false
		} : { async: false };
		const result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) throw new $ZodAsyncError();
		if (result.issues.length) {
			const e = new ((_params?.Err) ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
			captureStackTrace(e, _params?.callee ?? fn);
			throw e;
		}
		return result.value;
	};
	return fn;
};
const _parseAsync = (_Err) => {
	const fn = async (schema, value, _ctx, params) => {
		const ctx = _ctx ? {
			..._ctx,
			async: true
		} : { async: true };
		let result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) result = await result;
		if (result.issues.length) {
			const e = new ((params?.Err) ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
			captureStackTrace(e, params?.callee ?? fn);
			throw e;
		}
		return result.value;
	};
	return fn;
};
const _safeParse = (_Err) => (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: false
	} : { async: false };
	const result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) throw new $ZodAsyncError();
	return result.issues.length ? failure$1(_Err, result.issues, ctx) : {
		success: true,
		data: result.value
	};
};
function failure$1(Err, issues, ctx) {
	let error;
	return {
		success: false,
		get error() {
			if (!error) {
				error = new Err(issues.map((iss) => finalizeIssue(iss, ctx, config())));
				issues = void 0;
				ctx = void 0;
			}
			return error;
		},
		set error(e) {
			error = e;
			issues = void 0;
			ctx = void 0;
		}
	};
}
const _safeParseAsync = (_Err) => async (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: true
	} : { async: true };
	let result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) result = await result;
	return result.issues.length ? failure$1(_Err, result.issues, ctx) : {
		success: true,
		data: result.value
	};
};
const COMPILE_INVALID = /* @__PURE__ */ Symbol.for("zod.compile.invalid");
const COMPILE_FALLBACK = /* @__PURE__ */ Symbol.for("zod.compile.fallback");
const validate = ((schema, value, _ctx) => {
	const validator = schema._zod.bag.validator;
	if (validator !== void 0) {
		if (validator(value) !== COMPILE_INVALID) return true;
		if (validator.definite === true && _ctx === void 0) return false;
	}
	return validateFallback(schema, value, _ctx);
});
function validateFallback(schema, value, _ctx) {
	const ctx = _ctx ? {
		..._ctx,
		async: false,
		abortEarly: true
	} : {
		async: false,
		abortEarly: true
	};
	const fallbackRun = schema._zod.bag.fallbackRun;
	let result;
	if (fallbackRun) {
		ctx[COMPILE_FALLBACK] = true;
		result = fallbackRun({
			value,
			issues: []
		}, ctx);
	} else result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) throw new $ZodAsyncError();
	return result.issues.length === 0;
}
const validateAsync$1 = async (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: true,
		abortEarly: true
	} : {
		async: true,
		abortEarly: true
	};
	let result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) result = await result;
	return result.issues.length === 0;
};
const _encode = (_Err) => {
	const parse = _parse(_Err);
	const fn = (schema, value, _ctx, _params) => {
		const ctx = _ctx ? {
			..._ctx,
			direction: "backward"
		} : { direction: "backward" };
		return parse(schema, value, ctx, finalizeParams(fn, _params));
	};
	return fn;
};
const _decode = (_Err) => {
	const parse = _parse(_Err);
	const fn = (schema, value, _ctx, _params) => {
		return parse(schema, value, _ctx, finalizeParams(fn, _params));
	};
	return fn;
};
const _encodeAsync = (_Err) => {
	const parseAsync = _parseAsync(_Err);
	const fn = async (schema, value, _ctx, _params) => {
		const ctx = _ctx ? {
			..._ctx,
			direction: "backward"
		} : { direction: "backward" };
		return await parseAsync(schema, value, ctx, finalizeParams(fn, _params));
	};
	return fn;
};
const _decodeAsync = (_Err) => {
	const parseAsync = _parseAsync(_Err);
	const fn = async (schema, value, _ctx, _params) => {
		return await parseAsync(schema, value, _ctx, finalizeParams(fn, _params));
	};
	return fn;
};
const _safeEncode = (_Err) => (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		direction: "backward"
	} : { direction: "backward" };
	return _safeParse(_Err)(schema, value, ctx);
};
const _safeDecode = (_Err) => (schema, value, _ctx) => {
	return _safeParse(_Err)(schema, value, _ctx);
};
const _safeEncodeAsync = (_Err) => async (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		direction: "backward"
	} : { direction: "backward" };
	return _safeParseAsync(_Err)(schema, value, ctx);
};
const _safeDecodeAsync = (_Err) => async (schema, value, _ctx) => {
	return _safeParseAsync(_Err)(schema, value, _ctx);
};
// node_modules/zod/v4/core/regexes.js
const cuid = /^[cC][0-9a-z]{6,}$/;
const cuid2 = /^[0-9a-z]+$/;
const ulid = /^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$/;
const xid = /^[0-9a-vA-V]{20}$/;
const ksuid = /^[A-Za-z0-9]{27}$/;
const nanoid = /^[a-zA-Z0-9_-]{21}$/;
function nanoidOfLength(length) {
	return new RegExp(`^[a-zA-Z0-9_-]{${length}}$`);
}
const duration$1 = /^P(?:(\d+W)|(?!.*W)(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$/;
const guid = /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$/;
const uuid = (version) => {
	if (!version) return /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$/;
	return new RegExp(`^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-${version}[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$`);
};
const email = /^(?:[A-Za-z0-9_'+\-]+\.)*[A-Za-z0-9_'+\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$/;
const _emoji$1 = `^(?=[\\s\\S]*[\\p{Extended_Pictographic}\\p{Regional_Indicator}\\u20E3])[\\p{Extended_Pictographic}\\p{Emoji_Component}]+$`;
function emoji() {
	return new RegExp(_emoji$1, "u");
}
const ipv4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])$/;
const ipv6 = /^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))$/;
const cidrv4 = /^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\/([0-9]|[1-2][0-9]|3[0-2])$/;
const cidrv6 = /^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))\/(12[0-8]|1[01][0-9]|[1-9]?[0-9])$/;
const base64 = /^$|^(?:[0-9a-zA-Z+/]{4})*(?:(?:[0-9a-zA-Z+/]{2}==)|(?:[0-9a-zA-Z+/]{3}=))?$/;
const base64url = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$/;
const httpProtocol = /^https?$/;
const e164 = /^\+[1-9]\d{6,14}$/;
const dateSource = `(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))`;
function anchor(source) {
	return new RegExp(`^${source}$`);
}
const date = /*@__PURE__*/ anchor(dateSource);
function timeSource(args) {
	const hhmm = `(?:[01]\\d|2[0-3]):[0-5]\\d`;
	return typeof args.precision === "number" ? args.precision === -1 ? `${hhmm}` : args.precision === 0 ? `${hhmm}:[0-5]\\d` : `${hhmm}:[0-5]\\d\\.\\d{${args.precision}}` : args.seconds ? `${hhmm}:[0-5]\\d(?:\\.\\d+)?` : `${hhmm}(?::[0-5]\\d(?:\\.\\d+)?)?`;
}
function time(args) {
	return new RegExp(`^${timeSource(args)}$`);
}
function datetime$1(args) {
	const opts = ["Z"];
	if (args.offset) opts.push(`([+-](?:[01]\\d|2[0-3]):[0-5]\\d)`);
	const qualified = `${timeSource({
		precision: args.precision,
		seconds: true
	})}(?:${opts.join("|")})`;
	const timeRegex = args.local ? `${qualified}|${timeSource({ precision: args.precision })}` : qualified;
	return new RegExp(`^${dateSource}T(?:${timeRegex})$`);
}
const anyString = /^[\s\S]{0,}$/;
const integer = /^-?\d+$/;
const number = /^-?\d+(?:\.\d+)?$/;
const boolean$1 = /^(?:true|false)$/i;
const lowercase = /^[^A-Z]*$/;
const uppercase = /^[^a-z]*$/;
// node_modules/zod/v4/core/checks.js
const $ZodCheck = /*@__PURE__*/ $constructor("$ZodCheck", (inst, def) => {
	var _a;
	inst._zod ?? (inst._zod = {});
	inst._zod.def = def;
	(_a = inst._zod).onattach ?? (_a.onattach = []);
});
const _whenHasLength = (payload) => {
	const val = payload.value;
	return !nullish(val) && val.length !== void 0;
};
const numericOriginMap = {
	number: "number",
	bigint: "bigint",
	object: "date"
};
const $ZodCheckLessThan = /*@__PURE__*/ $constructor("$ZodCheckLessThan", (inst, def) => {
	$ZodCheck.init(inst, def);
	const origin = numericOriginMap[typeof def.value];
	inst._zod.check = (payload) => {
		if (def.inclusive ? payload.value <= def.value : payload.value < def.value) return;
		payload.issues.push({
			origin: numericOriginMap[typeof payload.value] ?? origin,
			code: "too_big",
			maximum: typeof def.value === "object" ? def.value.getTime() : def.value,
			input: payload.value,
			inclusive: def.inclusive,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckGreaterThan = /*@__PURE__*/ $constructor("$ZodCheckGreaterThan", (inst, def) => {
	$ZodCheck.init(inst, def);
	const origin = numericOriginMap[typeof def.value];
	inst._zod.check = (payload) => {
		if (def.inclusive ? payload.value >= def.value : payload.value > def.value) return;
		payload.issues.push({
			origin: numericOriginMap[typeof payload.value] ?? origin,
			code: "too_small",
			minimum: typeof def.value === "object" ? def.value.getTime() : def.value,
			input: payload.value,
			inclusive: def.inclusive,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckMultipleOf = /*@__PURE__*/ $constructor("$ZodCheckMultipleOf", (inst, def) => {
	$ZodCheck.init(inst, def);
	inst._zod.check = (payload) => {
		if (typeof payload.value !== typeof def.value) throw new Error("Cannot mix number and bigint in multiple_of check.");
		if (typeof payload.value === "bigint" ? def.value !== BigInt(0) && payload.value % def.value === BigInt(0) : floatSafeRemainder(payload.value, def.value) === 0) return;
		payload.issues.push({
			origin: typeof payload.value,
			code: "not_multiple_of",
			divisor: def.value,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckNumberFormat = /*@__PURE__*/ $constructor("$ZodCheckNumberFormat", (inst, def) => {
	$ZodCheck.init(inst, def);
	def.format = def.format || "float64";
	const isInt = def.format?.includes("int");
	const origin = isInt ? "int" : "number";
	const [minimum, maximum] = NUMBER_FORMAT_RANGES[def.format];
	inst._zod.check = (payload) => {
		const input = payload.value;
		if (isInt) {
			if (!Number.isInteger(input)) {
				payload.issues.push({
					expected: origin,
					format: def.format,
					code: "invalid_type",
					continue: false,
					input,
					inst
				});
				return;
			}
			if (!Number.isSafeInteger(input)) {
				if (input > 0) payload.issues.push({
					input,
					code: "too_big",
					maximum: Number.MAX_SAFE_INTEGER,
					note: "Integers must be within the safe integer range.",
					inst,
					origin,
					inclusive: true,
					continue: !def.abort
				});
				else payload.issues.push({
					input,
					code: "too_small",
					minimum: Number.MIN_SAFE_INTEGER,
					note: "Integers must be within the safe integer range.",
					inst,
					origin,
					inclusive: true,
					continue: !def.abort
				});
				return;
			}
		}
		if (input < minimum) payload.issues.push({
			origin: "number",
			input,
			code: "too_small",
			minimum,
			inclusive: true,
			inst,
			continue: !def.abort
		});
		if (input > maximum) payload.issues.push({
			origin: "number",
			input,
			code: "too_big",
			maximum,
			inclusive: true,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckMaxLength = /*@__PURE__*/ $constructor("$ZodCheckMaxLength", (inst, def) => {
	var _a;
	$ZodCheck.init(inst, def);
	(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
	inst._zod.check = (payload) => {
		const input = payload.value;
		const units = input.length;
		if ((typeof input === "string" && units > def.maximum ? codePointLength(input) : units) <= def.maximum) return;
		const origin = getLengthableOrigin(input);
		payload.issues.push({
			origin,
			code: "too_big",
			maximum: def.maximum,
			inclusive: true,
			input,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckMinLength = /*@__PURE__*/ $constructor("$ZodCheckMinLength", (inst, def) => {
	var _a;
	$ZodCheck.init(inst, def);
	(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
	inst._zod.check = (payload) => {
		const input = payload.value;
		const units = input.length;
		if ((typeof input === "string" && units >= def.minimum && units < def.minimum * 2 ? codePointLength(input) : units) >= def.minimum) return;
		const origin = getLengthableOrigin(input);
		payload.issues.push({
			origin,
			code: "too_small",
			minimum: def.minimum,
			inclusive: true,
			input,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckLengthEquals = /*@__PURE__*/ $constructor("$ZodCheckLengthEquals", (inst, def) => {
	var _a;
	$ZodCheck.init(inst, def);
	(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
	inst._zod.check = (payload) => {
		const input = payload.value;
		const units = input.length;
		const length = typeof input === "string" && units >= def.length && units <= def.length * 2 ? codePointLength(input) : units;
		if (length === def.length) return;
		const origin = getLengthableOrigin(input);
		const tooBig = length > def.length;
		payload.issues.push({
			origin,
			...tooBig ? {
				code: "too_big",
				maximum: def.length
			} : {
				code: "too_small",
				minimum: def.length
			},
			inclusive: true,
			exact: true,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckStringFormat = /*@__PURE__*/ $constructor("$ZodCheckStringFormat", (inst, def) => {
	var _a, _b;
	$ZodCheck.init(inst, def);
	if (def.pattern) (_a = inst._zod).check ?? (_a.check = (payload) => {
		def.pattern.lastIndex = 0;
		if (def.pattern.test(payload.value)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: def.format,
			input: payload.value,
			...def.pattern ? { pattern: def.pattern.toString() } : {},
			inst,
			continue: !def.abort
		});
	});
	else (_b = inst._zod).check ?? (_b.check = () => {});
});
const $ZodCheckRegex = /*@__PURE__*/ $constructor("$ZodCheckRegex", (inst, def) => {
	$ZodCheckStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		def.pattern.lastIndex = 0;
		if (def.pattern.test(payload.value)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "regex",
			input: payload.value,
			pattern: def.pattern.toString(),
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckLowerCase = /*@__PURE__*/ $constructor("$ZodCheckLowerCase", (inst, def) => {
	def.pattern ?? (def.pattern = lowercase);
	$ZodCheckStringFormat.init(inst, def);
});
const $ZodCheckUpperCase = /*@__PURE__*/ $constructor("$ZodCheckUpperCase", (inst, def) => {
	def.pattern ?? (def.pattern = uppercase);
	$ZodCheckStringFormat.init(inst, def);
});
const $ZodCheckIncludes = /*@__PURE__*/ $constructor("$ZodCheckIncludes", (inst, def) => {
	$ZodCheck.init(inst, def);
	const escapedRegex = escapeRegex(def.includes);
	def.pattern = new RegExp(typeof def.position === "number" ? `^.{${def.position},}${escapedRegex}` : escapedRegex);
	inst._zod.check = (payload) => {
		if (payload.value.includes(def.includes, def.position)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "includes",
			includes: def.includes,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckStartsWith = /*@__PURE__*/ $constructor("$ZodCheckStartsWith", (inst, def) => {
	$ZodCheck.init(inst, def);
	const pattern = new RegExp(`^${escapeRegex(def.prefix)}.*`);
	def.pattern ?? (def.pattern = pattern);
	inst._zod.check = (payload) => {
		if (payload.value.startsWith(def.prefix)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "starts_with",
			prefix: def.prefix,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckEndsWith = /*@__PURE__*/ $constructor("$ZodCheckEndsWith", (inst, def) => {
	$ZodCheck.init(inst, def);
	const pattern = new RegExp(`.*${escapeRegex(def.suffix)}$`);
	def.pattern ?? (def.pattern = pattern);
	inst._zod.check = (payload) => {
		if (payload.value.endsWith(def.suffix)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "ends_with",
			suffix: def.suffix,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckOverwrite = /*@__PURE__*/ $constructor("$ZodCheckOverwrite", (inst, def) => {
	$ZodCheck.init(inst, def);
	inst._zod.check = (payload) => {
		payload.value = def.tx(payload.value);
	};
});
// node_modules/zod/v4/core/doc.js
var Doc = class {
	constructor(args = [], closed = {}) {
		this.content = [];
		this.indent = 0;
		this.args = args;
		this.closed = closed;
	}
	indented(fn) {
		this.indent += 1;
		try {
			fn(this);
		} finally {
			this.indent -= 1;
		}
	}
	write(arg) {
		if (typeof arg === "function") {
			arg(this, { execution: "sync" });
			arg(this, { execution: "async" });
			return;
		}
		const lines = arg.split("\n").filter((x) => x);
		const minIndent = Math.min(...lines.map((x) => x.length - x.trimStart().length));
		const dedented = lines.map((x) => x.slice(minIndent)).map((x) => " ".repeat(this.indent * 2) + x);
		for (const line of dedented) this.content.push(line);
	}
	compile() {
		const F = Function;
		const content = this?.content ?? [``];
		return new F(...Object.keys(this.closed), `return function (${this.args.join(", ")}) {\n${content.join("\n")}\n};`)(...Object.values(this.closed));
	}
};
// node_modules/zod/v4/core/versions.js
const version$1 = {
	major: 4,
	minor: 6,
	patch: 7
};
// node_modules/zod/v4/core/schemas.js
const $ZodType = /*@__PURE__*/ $constructor("$ZodType", (inst, def) => {
	var _a;
	inst ?? (inst = {});
	inst._zod.def = def;
	inst._zod.bag = inst._zod.bag || {};
	inst._zod.version = version$1;
	const defChecks = inst._zod.def.checks;
	const checks = inst._zod.traits.has("$ZodCheck") ? [inst, ...defChecks ?? []] : defChecks?.length ? [...defChecks] : [];
	for (const ch of checks) for (const fn of ch._zod.onattach) fn(inst);
	if (checks.length === 0) {
		(_a = inst._zod).deferred ?? (_a.deferred = []);
		inst._zod.deferred?.push(() => {
			inst._zod.run = inst._zod.parse;
		});
	} else {
		const runChecks = (payload, checks, ctx) => {
			if (payload.memo) return payload;
			let isAborted = aborted(payload);
			let asyncResult;
			for (const ch of checks) {
				if (ch._zod.def.when) {
					if (explicitlyAborted(payload)) continue;
					if (!ch._zod.def.when(payload)) continue;
				} else if (isAborted) continue;
				const currLen = payload.issues.length;
				const _ = ch._zod.check(payload);
				if (_ instanceof Promise && ctx?.async === false) throw new $ZodAsyncError();
				if (asyncResult || _ instanceof Promise) asyncResult = (asyncResult ?? Promise.resolve()).then(async () => {
					await _;
					if (payload.issues.length === currLen) return;
					attachSchema(payload.issues, currLen, inst);
					if (!isAborted) isAborted = aborted(payload, currLen);
				});
				else {
					if (payload.issues.length === currLen) continue;
					attachSchema(payload.issues, currLen, inst);
					if (!isAborted) isAborted = aborted(payload, currLen);
				}
			}
			if (asyncResult) return asyncResult.then(() => {
				return payload;
			});
			return payload;
		};
		const handleCanaryResult = (canary, payload, ctx) => {
			if (aborted(canary)) {
				canary.aborted = true;
				return canary;
			}
			const checkResult = runChecks(payload, checks, ctx);
			if (checkResult instanceof Promise) {
				if (ctx.async === false) throw new $ZodAsyncError();
				return checkResult.then((checkResult) => inst._zod.parse(checkResult, ctx));
			}
			return inst._zod.parse(checkResult, ctx);
		};
		inst._zod.run = (payload, ctx) => {
			if (ctx.skipChecks) return inst._zod.parse(payload, ctx);
			if (ctx.direction === "backward") {
				const canary = inst._zod.parse({
					value: payload.value,
					issues: []
				}, {
					...ctx,
					skipChecks: true
				});
				if (canary instanceof Promise) return canary.then((canary) => {
					return handleCanaryResult(canary, payload, ctx);
				});
				return handleCanaryResult(canary, payload, ctx);
			}
			const result = inst._zod.parse(payload, ctx);
			if (result instanceof Promise) {
				if (ctx.async === false) throw new $ZodAsyncError();
				return result.then((result) => runChecks(result, checks, ctx));
			}
			return runChecks(result, checks, ctx);
		};
	}
}, {
	get "~standard"() {
		return hide(this, "~standard", standardProps(this));
	},
	set "~standard"(value) {
		own(this, "~standard", value);
	}
});
const toStandardResult = (r, ctx) => r.issues.length ? { issues: r.issues.map((iss) => finalizeIssue(iss, ctx, config())) } : { value: r.value };
async function validateAsync(inst, value) {
	const ctx = { async: true };
	return toStandardResult(await inst._zod.run({
		value,
		issues: []
	}, ctx), ctx);
}
function standardProps(inst) {
	return {
		validate: (value) => {
			const ctx = { async: false };
			try {
				const r = inst._zod.run({
					value,
					issues: []
				}, ctx);
				if (!(r instanceof Promise)) return toStandardResult(r, ctx);
			} catch (_) {}
			return validateAsync(inst, value);
		},
		vendor: "zod",
		version: 1
	};
}
const $ZodString = /*@__PURE__*/ $constructor("$ZodString", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = def.pattern ?? anyString;
	inst._zod.parse = (payload, _) => {
		if (def.coerce) try {
			payload.value = String(payload.value);
		} catch (_) {}
		if (typeof payload.value === "string") return payload;
		payload.issues.push({
			expected: "string",
			code: "invalid_type",
			input: payload.value,
			inst
		});
		return payload;
	};
});
const $ZodStringFormat = /*@__PURE__*/ $constructor("$ZodStringFormat", (inst, def) => {
	$ZodCheckStringFormat.init(inst, def);
	$ZodString.init(inst, def);
});
const $ZodGUID = /*@__PURE__*/ $constructor("$ZodGUID", (inst, def) => {
	def.pattern ?? (def.pattern = guid);
	$ZodStringFormat.init(inst, def);
});
const $ZodUUID = /*@__PURE__*/ $constructor("$ZodUUID", (inst, def) => {
	if (def.version) {
		const v = {
			v1: 1,
			v2: 2,
			v3: 3,
			v4: 4,
			v5: 5,
			v6: 6,
			v7: 7,
			v8: 8
		}[def.version];
		if (v === void 0) throw new Error(`Invalid UUID version: "${def.version}"`);
		def.pattern ?? (def.pattern = uuid(v));
	} else def.pattern ?? (def.pattern = uuid());
	$ZodStringFormat.init(inst, def);
});
const $ZodEmail = /*@__PURE__*/ $constructor("$ZodEmail", (inst, def) => {
	def.pattern ?? (def.pattern = email);
	$ZodStringFormat.init(inst, def);
});
function canParseURL(input) {
	try {
		if (typeof URL !== "undefined" && typeof URL.canParse === "function") return URL.canParse(input);
		new URL(input);
		return true;
	} catch {
		return false;
	}
}
function validateURL(trimmed, def) {
	if (!("normalize" in def) && !("hostname" in def) && !("protocol" in def)) return canParseURL(trimmed) || 2;
	return parseURLObject(trimmed, def);
}
function parseURLObject(trimmed, def) {
	if (!def.normalize && def.protocol?.source === httpProtocol.source && !/^https?:\/\//i.test(trimmed)) return 1;
	try {
		if (typeof URL !== "undefined") {
			const URLStatic = URL;
			if (typeof URLStatic.parse === "function") return URLStatic.parse(trimmed) ?? 2;
		}
		return new URL(trimmed);
	} catch {
		return 2;
	}
}
const asciiTabOrNewline = /[\t\n\r]/g;
function stripTabAndNewline(value) {
	return value.replace(asciiTabOrNewline, "");
}
function urlHostnameOk(url, hostname) {
	hostname.lastIndex = 0;
	return hostname.test(url.hostname);
}
function urlProtocolOk(url, protocol) {
	protocol.lastIndex = 0;
	return protocol.test(url.protocol.endsWith(":") ? url.protocol.slice(0, -1) : url.protocol);
}
const $ZodURL = /*@__PURE__*/ $constructor("$ZodURL", (inst, def) => {
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		try {
			const trimmed = payload.value.trim();
			const url = validateURL(trimmed, def);
			if (url === 1) {
				payload.issues.push({
					code: "invalid_format",
					format: "url",
					note: "Invalid URL format",
					input: payload.value,
					inst,
					continue: !def.abort
				});
				return;
			}
			if (url === 2) {
				payload.issues.push({
					code: "invalid_format",
					format: "url",
					input: payload.value,
					inst,
					continue: !def.abort
				});
				return;
			}
			if (url === true) {
				payload.value = stripTabAndNewline(trimmed);
				return;
			}
			if (def.hostname && !urlHostnameOk(url, def.hostname)) payload.issues.push({
				code: "invalid_format",
				format: "url",
				note: "Invalid hostname",
				pattern: def.hostname.source,
				input: payload.value,
				inst,
				continue: !def.abort
			});
			if (def.protocol && !urlProtocolOk(url, def.protocol)) payload.issues.push({
				code: "invalid_format",
				format: "url",
				note: "Invalid protocol",
				pattern: def.protocol.source,
				input: payload.value,
				inst,
				continue: !def.abort
			});
			payload.value = def.normalize ? url.href : stripTabAndNewline(trimmed);
			return;
		} catch (_) {
			payload.issues.push({
				code: "invalid_format",
				format: "url",
				input: payload.value,
				inst,
				continue: !def.abort
			});
		}
	};
});
const $ZodEmoji = /*@__PURE__*/ $constructor("$ZodEmoji", (inst, def) => {
	def.pattern ?? (def.pattern = emoji());
	$ZodStringFormat.init(inst, def);
});
const $ZodNanoID = /*@__PURE__*/ $constructor("$ZodNanoID", (inst, def) => {
	if (def.length !== void 0 && (!Number.isInteger(def.length) || def.length < 1)) throw new Error(`Invalid nanoid length: ${def.length}`);
	def.pattern ?? (def.pattern = def.length === void 0 ? nanoid : nanoidOfLength(def.length));
	$ZodStringFormat.init(inst, def);
});
const $ZodCUID = /*@__PURE__*/ $constructor("$ZodCUID", (inst, def) => {
	def.pattern ?? (def.pattern = cuid);
	$ZodStringFormat.init(inst, def);
});
const $ZodCUID2 = /*@__PURE__*/ $constructor("$ZodCUID2", (inst, def) => {
	def.pattern ?? (def.pattern = cuid2);
	$ZodStringFormat.init(inst, def);
});
const $ZodULID = /*@__PURE__*/ $constructor("$ZodULID", (inst, def) => {
	def.pattern ?? (def.pattern = ulid);
	$ZodStringFormat.init(inst, def);
});
const $ZodXID = /*@__PURE__*/ $constructor("$ZodXID", (inst, def) => {
	def.pattern ?? (def.pattern = xid);
	$ZodStringFormat.init(inst, def);
});
const $ZodKSUID = /*@__PURE__*/ $constructor("$ZodKSUID", (inst, def) => {
	def.pattern ?? (def.pattern = ksuid);
	$ZodStringFormat.init(inst, def);
});
const $ZodISODateTime = /*@__PURE__*/ $constructor("$ZodISODateTime", (inst, def) => {
	def.pattern ?? (def.pattern = datetime$1(def));
	$ZodStringFormat.init(inst, def);
});
const $ZodISODate = /*@__PURE__*/ $constructor("$ZodISODate", (inst, def) => {
	def.pattern ?? (def.pattern = date);
	$ZodStringFormat.init(inst, def);
});
const $ZodISOTime = /*@__PURE__*/ $constructor("$ZodISOTime", (inst, def) => {
	def.pattern ?? (def.pattern = time(def));
	$ZodStringFormat.init(inst, def);
});
const $ZodISODuration = /*@__PURE__*/ $constructor("$ZodISODuration", (inst, def) => {
	def.pattern ?? (def.pattern = duration$1);
	$ZodStringFormat.init(inst, def);
});
const $ZodIPv4 = /*@__PURE__*/ $constructor("$ZodIPv4", (inst, def) => {
	def.pattern ?? (def.pattern = ipv4);
	$ZodStringFormat.init(inst, def);
});
const ipv6Alphabet = /^[0-9a-fA-F:.]+$/;
function isValidIPv6(value) {
	if (!ipv6Alphabet.test(value)) return false;
	return canParseURL(`http://[${value}]`);
}
const $ZodIPv6 = /*@__PURE__*/ $constructor("$ZodIPv6", (inst, def) => {
	def.pattern ?? (def.pattern = ipv6);
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (!isValidIPv6(payload.value)) payload.issues.push({
			code: "invalid_format",
			format: "ipv6",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCIDRv4 = /*@__PURE__*/ $constructor("$ZodCIDRv4", (inst, def) => {
	def.pattern ?? (def.pattern = cidrv4);
	$ZodStringFormat.init(inst, def);
});
function isValidCIDRv6(value) {
	const parts = value.split("/");
	if (parts.length !== 2) return false;
	const [address, prefix] = parts;
	if (!prefix) return false;
	const prefixNum = Number(prefix);
	if (`${prefixNum}` !== prefix) return false;
	if (prefixNum < 0 || prefixNum > 128) return false;
	return isValidIPv6(address);
}
const $ZodCIDRv6 = /*@__PURE__*/ $constructor("$ZodCIDRv6", (inst, def) => {
	def.pattern ?? (def.pattern = cidrv6);
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (!isValidCIDRv6(payload.value)) payload.issues.push({
			code: "invalid_format",
			format: "cidrv6",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
function isValidBase64(data) {
	if (data === "") return true;
	if (/\s/.test(data)) return false;
	if (data.length % 4 !== 0) return false;
	try {
		atob(data);
		return true;
	} catch {
		return false;
	}
}
const base64Charset = /^[0-9a-zA-Z+/]*={0,2}$/;
const $ZodBase64 = /*@__PURE__*/ $constructor("$ZodBase64", (inst, def) => {
	def.pattern ?? (def.pattern = base64Charset);
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (isValidBase64(payload.value)) return;
		payload.issues.push({
			code: "invalid_format",
			format: "base64",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const base64urlCharset = /^[A-Za-z0-9_-]*$/;
function isValidBase64URL(data) {
	if (!base64urlCharset.test(data)) return false;
	const base64 = data.replace(/[-_]/g, (c) => c === "-" ? "+" : "/");
	return isValidBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, "="));
}
const $ZodBase64URL = /*@__PURE__*/ $constructor("$ZodBase64URL", (inst, def) => {
	def.pattern ?? (def.pattern = base64urlCharset);
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (isValidBase64URL(payload.value)) return;
		payload.issues.push({
			code: "invalid_format",
			format: "base64url",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodE164 = /*@__PURE__*/ $constructor("$ZodE164", (inst, def) => {
	def.pattern ?? (def.pattern = e164);
	$ZodStringFormat.init(inst, def);
});
function isValidJWT(token, algorithm = null) {
	try {
		const tokensParts = token.split(".");
		if (tokensParts.length !== 3) return false;
		const [header] = tokensParts;
		if (!header) return false;
		const parsedHeader = JSON.parse(atob(header));
		if ("typ" in parsedHeader && parsedHeader?.typ !== "JWT") return false;
		if (!parsedHeader.alg) return false;
		if (algorithm && (!("alg" in parsedHeader) || parsedHeader.alg !== algorithm)) return false;
		return true;
	} catch {
		return false;
	}
}
const $ZodJWT = /*@__PURE__*/ $constructor("$ZodJWT", (inst, def) => {
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (isValidJWT(payload.value, def.alg)) return;
		payload.issues.push({
			code: "invalid_format",
			format: "jwt",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodNumber = /*@__PURE__*/ $constructor("$ZodNumber", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = number;
	inst._zod.parse = (payload, _ctx) => {
		if (def.coerce) try {
			payload.value = Number(payload.value);
		} catch (_) {}
		const input = payload.value;
		if (typeof input === "number" && !Number.isNaN(input) && Number.isFinite(input)) return payload;
		const received = typeof input === "number" ? Number.isNaN(input) ? "NaN" : !Number.isFinite(input) ? String(input) : void 0 : void 0;
		payload.issues.push({
			expected: "number",
			code: "invalid_type",
			input,
			inst,
			...received ? { received } : {}
		});
		return payload;
	};
});
const $ZodNumberFormat = /*@__PURE__*/ $constructor("$ZodNumberFormat", (inst, def) => {
	$ZodCheckNumberFormat.init(inst, def);
	$ZodNumber.init(inst, def);
});
const $ZodBoolean = /*@__PURE__*/ $constructor("$ZodBoolean", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = boolean$1;
	inst._zod.parse = (payload, _ctx) => {
		if (def.coerce) try {
			payload.value = Boolean(payload.value);
		} catch (_) {}
		const input = payload.value;
		if (typeof input === "boolean") return payload;
		payload.issues.push({
			expected: "boolean",
			code: "invalid_type",
			input,
			inst
		});
		return payload;
	};
});
const $ZodUnknown = /*@__PURE__*/ $constructor("$ZodUnknown", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.parse = (payload) => payload;
});
const $ZodNever = /*@__PURE__*/ $constructor("$ZodNever", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.parse = (payload, _ctx) => {
		payload.issues.push({
			expected: "never",
			code: "invalid_type",
			input: payload.value,
			inst
		});
		return payload;
	};
});
function capSize(inst, size) {
	const caps = sizeCaps(inst._zod.def.checks);
	if (!caps.length) return;
	const cap = Math.min(...caps.map((c) => c[0]));
	const parse = inst._zod.parse;
	inst._zod.parse = (payload, ctx) => {
		const n = size(payload.value);
		if (n > cap && !ctx?.skipChecks && ctx?.direction !== "backward") {
			for (const [max, ch] of sizeCaps(inst._zod.def.checks)) if (n > max && ch._zod.def.when(payload)) {
				const start = payload.issues.length;
				ch._zod.check(payload);
				payload.issues[start].continue = false;
				attachSchema(payload.issues, start, inst);
				return payload;
			}
		}
		return parse(payload, ctx);
	};
}
const arraySize = (input) => Array.isArray(input) ? input.length : -1;
function handleArrayResult(result, final, index) {
	if (result.issues.length) final.issues.push(...prefixIssues(index, result.issues));
	final.value[index] = result.value;
}
const $ZodArray = /*@__PURE__*/ $constructor("$ZodArray", (inst, def) => {
	$ZodType.init(inst, def);
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!Array.isArray(input)) {
			payload.issues.push({
				expected: "array",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		payload.value = memo ? memo.alloc(inst, payload, Array(input.length), ctx) : Array(input.length);
		const proms = [];
		const abortEarly = ctx?.abortEarly;
		for (let i = 0; i < input.length; i++) {
			const item = input[i];
			const result = def.element._zod.run({
				value: item,
				issues: []
			}, ctx);
			if (result instanceof Promise) proms.push(result.then((result) => handleArrayResult(result, payload, i)));
			else {
				handleArrayResult(result, payload, i);
				if (abortEarly && result.issues.length !== 0 && aborted(result)) break;
			}
		}
		if (proms.length) return Promise.all(proms).then(() => payload);
		return payload;
	};
	capSize(inst, arraySize);
});
function handlePropertyResult(result, final, key, input, optin, optout) {
	const isPresent = key in input;
	const isOptionalOut = optout === "optional";
	if (!isPresent && isOptionalOut && optin === "optional") return;
	if (result.issues.length) {
		if (optin !== void 0 && isOptionalOut && !isPresent) return;
		final.issues.push(...prefixIssues(key, result.issues));
	}
	if (!isPresent && optin === void 0) {
		if (!result.issues.length) final.issues.push({
			code: "invalid_type",
			expected: "nonoptional",
			input: void 0,
			path: [key]
		});
		return;
	}
	if (result.value === void 0) {
		if (isPresent || optin === "defaulted" && !isOptionalOut) final.value[key] = void 0;
	} else final.value[key] = result.value;
}
const NO_SYMBOL_KEYS = [];
function normalizeDef(def) {
	const keys = Object.keys(def.shape);
	const ownSymbols = Object.getOwnPropertySymbols(def.shape);
	const symbolKeys = ownSymbols.length ? ownSymbols : NO_SYMBOL_KEYS;
	const allKeys = symbolKeys.length ? [...keys, ...symbolKeys] : keys;
	for (const k of allKeys) if (!def.shape?.[k]?._zod?.traits?.has("$ZodType")) throw new Error(`Invalid element at key "${String(k)}": expected a Zod schema`);
	const okeys = optionalKeys(def.shape);
	return {
		...def,
		allKeys,
		symbolKeys,
		keySet: new Set(keys),
		numKeys: keys.length,
		optionalKeys: new Set(okeys)
	};
}
function handleCatchall(proms, input, payload, ctx, def, inst, abortEarly) {
	const unrecognized = [];
	const keySet = def.keySet;
	const _catchall = def.catchall._zod;
	const t = _catchall.def.type;
	const optin = _catchall.optin;
	const optout = _catchall.optout;
	let seen = 0;
	for (const key in input) {
		if (abortEarly && payload.issues.length !== seen) {
			if (aborted(payload, seen)) break;
			seen = payload.issues.length;
		}
		if (keySet.has(key)) continue;
		if (key === "__proto__") {
			if (t === "never") unrecognized.push(key);
			continue;
		}
		if (t === "never") {
			unrecognized.push(key);
			continue;
		}
		const r = _catchall.run({
			value: input[key],
			issues: []
		}, ctx);
		if (r instanceof Promise) proms.push(r.then((r) => handlePropertyResult(r, payload, key, input, optin, optout)));
		else handlePropertyResult(r, payload, key, input, optin, optout);
	}
	if (unrecognized.length) payload.issues.push({
		code: "unrecognized_keys",
		keys: unrecognized,
		input,
		inst,
		continue: true
	});
	if (!proms.length) return payload;
	return Promise.all(proms).then(() => {
		return payload;
	});
}
const $ZodObject = /*@__PURE__*/ $constructor("$ZodObject", (inst, def) => {
	$ZodType.init(inst, def);
	const desc = Object.getOwnPropertyDescriptor(def, "shape");
	const sh = desc?.get ? desc.get.raw : def.shape ?? {};
	if (sh) {
		const get = () => {
			const newSh = { ...sh };
			Object.defineProperty(def, "shape", { value: newSh });
			get.raw = newSh;
			return newSh;
		};
		get.raw = sh;
		Object.defineProperty(def, "shape", { get });
	}
	const _normalized = cached(() => normalizeDef(def));
	defineLazyInternal(inst, "propValues", (zod) => {
		const shape = zod.def.shape;
		const propValues = {};
		for (const key in shape) {
			const field = shape[key]._zod;
			if (field.values) {
				if (!Object.prototype.hasOwnProperty.call(propValues, key)) assignProp(propValues, key, /* @__PURE__ */ new Set());
				for (const v of field.values) propValues[key].add(v);
				if (field.optin !== void 0) propValues[key].add(void 0);
			}
		}
		return propValues;
	});
	const isObject$1 = isObject;
	const catchall = def.catchall;
	let value;
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		value ?? (value = _normalized.value);
		const input = payload.value;
		if (!isObject$1(input)) {
			payload.issues.push({
				expected: "object",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
		const proms = [];
		const shape = value.shape;
		const abortEarly = ctx?.abortEarly;
		let seen = payload.issues.length;
		for (const key of value.allKeys) {
			if (abortEarly && payload.issues.length !== seen) {
				if (aborted(payload, seen)) break;
				seen = payload.issues.length;
			}
			if (key === "__proto__") continue;
			const el = shape[key];
			const optin = el._zod.optin;
			const optout = el._zod.optout;
			const r = el._zod.run({
				value: input[key],
				issues: []
			}, ctx);
			if (r instanceof Promise) proms.push(r.then((r) => handlePropertyResult(r, payload, key, input, optin, optout)));
			else handlePropertyResult(r, payload, key, input, optin, optout);
		}
		if (!catchall) return proms.length ? Promise.all(proms).then(() => payload) : payload;
		return handleCatchall(proms, input, payload, ctx, _normalized.value, inst, abortEarly === true);
	};
});
const $ZodObjectJIT = /*@__PURE__*/ $constructor("$ZodObjectJIT", (inst, def) => {
	$ZodObject.init(inst, def);
	const superParse = inst._zod.parse;
	const _normalized = cached(() => normalizeDef(def));
	const memo = globalConfig.memoizer;
	const generateFastpass = (shape) => {
		const normalized = _normalized.value;
		const syms = normalized.symbolKeys;
		const doc = new Doc(["payload", "ctx"], {
			shape,
			inst,
			memo,
			syms
		});
		const parseStr = (k) => `shape[${k}]._zod.run({ value: input[${k}], issues: [] }, ctx)`;
		const prefixStr = (id, k) => `
          let ${id}_ab = false;
          for (let i = 0; i < ${id}.issues.length; i++) {
            const iss = ${id}.issues[i];
            iss.path = iss.path ? [${k}, ...iss.path] : [${k}];
            payload.issues.push(iss);
            if (iss.continue !== true) ${id}_ab = true;
          }
          if (${id}_ab && ctx && ctx.abortEarly) {
            payload.value = newResult;
            return payload;
          }`;
		doc.write(`const input = payload.value;`);
		const ids = Object.create(null);
		let counter = 0;
		for (const key of normalized.allKeys) ids[key] = `key_${counter++}`;
		doc.write(memo ? `const newResult = memo.alloc(inst, payload, {}, ctx);` : `const newResult = {};`);
		for (const key of normalized.allKeys) {
			if (key === "__proto__") continue;
			const id = ids[key];
			const k = typeof key === "symbol" ? `syms[${syms.indexOf(key)}]` : esc(key);
			const isPresent = `${k} in input`;
			const schema = shape[key];
			const optin = schema?._zod?.optin;
			const isOptionalIn = optin !== void 0;
			const isOptionalOut = schema?._zod?.optout === "optional";
			doc.write(`const ${id} = ${parseStr(k)};`);
			if (isOptionalIn && isOptionalOut) {
				const assign = optin === "optional" ? `${id}_present` : `${id}.value !== undefined || ${id}_present`;
				doc.write(`
        const ${id}_present = ${isPresent};
        if (!${id}.issues.length || ${id}_present) {
          if (${id}.issues.length) {${prefixStr(id, k)}
          }

          if (${assign}) {
            newResult[${k}] = ${id}.value;
          }
        }

      `);
			} else if (!isOptionalIn) doc.write(`
        const ${id}_present = ${isPresent};
        if (${id}.issues.length) {${prefixStr(id, k)}
        }
        if (!${id}_present && !${id}.issues.length) {
          payload.issues.push({
            code: "invalid_type",
            expected: "nonoptional",
            input: undefined,
            path: [${k}]
          });
          if (ctx && ctx.abortEarly) {
            payload.value = newResult;
            return payload;
          }
        }

        if (${id}_present) {
          newResult[${k}] = ${id}.value;
        }

      `);
			else {
				doc.write(`
        if (${id}.issues.length) {${prefixStr(id, k)}
        }
      `);
				if (optin === "defaulted") doc.write(`newResult[${k}] = ${id}.value;`);
				else doc.write(`
        if (${id}.value !== undefined || ${isPresent}) {
          newResult[${k}] = ${id}.value;
        }
      `);
			}
		}
		doc.write(`payload.value = newResult;`);
		doc.write(`return payload;`);
		return doc.compile();
	};
	let fastpass;
	const isObject$2 = isObject;
	const jit = !globalConfig.jitless;
	const fastEnabled = jit && allowsEval.value;
	const catchall = def.catchall;
	let value;
	inst._zod.parse = (payload, ctx) => {
		value ?? (value = _normalized.value);
		const input = payload.value;
		if (!isObject$2(input)) {
			payload.issues.push({
				expected: "object",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		if (jit && fastEnabled && ctx?.async === false && ctx.jitless !== true) {
			if (!fastpass) fastpass = generateFastpass(def.shape);
			payload = fastpass(payload, ctx);
			if (!catchall) return payload;
			return handleCatchall([], input, payload, ctx, value, inst, ctx?.abortEarly === true);
		}
		return superParse(payload, ctx);
	};
});
function handleUnionResults(results, final, inst, ctx) {
	for (const result of results) if (result.issues.length === 0) {
		final.value = result.value;
		return final;
	}
	const nonaborted = results.filter((r) => !aborted(r));
	if (nonaborted.length === 1) {
		final.value = nonaborted[0].value;
		return nonaborted[0];
	}
	final.issues.push({
		code: "invalid_union",
		input: final.value,
		inst,
		errors: results.map((result) => result.issues.map((iss) => finalizeIssue(iss, ctx, config())))
	});
	return final;
}
const $ZodUnion = /*@__PURE__*/ $constructor("$ZodUnion", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.options.some((o) => o._zod.optin === "defaulted") ? "defaulted" : zod.def.options.some((o) => o._zod.optin !== void 0) ? "optional" : void 0);
	defineLazyInternal(inst, "optout", (zod) => zod.def.options.some((o) => o._zod.optout === "optional") ? "optional" : void 0);
	defineLazyInternal(inst, "values", (zod) => {
		if (zod.def.options.every((o) => o._zod.values)) return new Set(zod.def.options.flatMap((option) => Array.from(option._zod.values)));
	});
	defineLazyInternal(inst, "pattern", (zod) => {
		if (zod.def.options.every((o) => o._zod.pattern)) {
			const patterns = zod.def.options.map((o) => o._zod.pattern);
			return new RegExp(`^(${patterns.map((p) => cleanRegex(p.source)).join("|")})$`);
		}
	});
	const first = def.options.length === 1 ? def.options[0]._zod.run : null;
	inst._zod.parse = (payload, ctx) => {
		if (first) return first(payload, ctx);
		let async = false;
		const results = [];
		for (const option of def.options) {
			const result = option._zod.run({
				value: payload.value,
				issues: []
			}, ctx);
			if (result instanceof Promise) {
				results.push(result);
				async = true;
			} else {
				if (result.issues.length === 0) return result;
				results.push(result);
			}
		}
		if (!async) return handleUnionResults(results, payload, inst, ctx);
		return Promise.all(results).then((results) => {
			return handleUnionResults(results, payload, inst, ctx);
		});
	};
});
const $ZodIntersection = /*@__PURE__*/ $constructor("$ZodIntersection", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		const left = def.left._zod.run({
			value: input,
			issues: []
		}, ctx);
		const right = def.right._zod.run({
			value: input,
			issues: []
		}, ctx);
		if (left instanceof Promise || right instanceof Promise) return Promise.all([left, right]).then(([left, right]) => {
			return handleIntersectionResults(payload, left, right);
		});
		return handleIntersectionResults(payload, left, right);
	};
});
function mergeValues(a, b) {
	if (a === b) return {
		valid: true,
		data: a
	};
	if (a instanceof Date && b instanceof Date && +a === +b) return {
		valid: true,
		data: a
	};
	if (isPlainObject(a) && isPlainObject(b)) {
		const bKeys = Object.keys(b);
		const sharedKeys = Object.keys(a).filter((key) => bKeys.indexOf(key) !== -1);
		const newObj = {
			...a,
			...b
		};
		if (Object.prototype.hasOwnProperty.call(newObj, "__proto__")) delete newObj.__proto__;
		for (const key of sharedKeys) {
			if (key === "__proto__") continue;
			const sharedValue = mergeValues(a[key], b[key]);
			if (!sharedValue.valid) return {
				valid: false,
				mergeErrorPath: [key, ...sharedValue.mergeErrorPath]
			};
			newObj[key] = sharedValue.data;
		}
		return {
			valid: true,
			data: newObj
		};
	}
	if (Array.isArray(a) && Array.isArray(b)) {
		if (a.length !== b.length) return {
			valid: false,
			mergeErrorPath: []
		};
		const newArray = [];
		for (let index = 0; index < a.length; index++) {
			const itemA = a[index];
			const itemB = b[index];
			const sharedValue = mergeValues(itemA, itemB);
			if (!sharedValue.valid) return {
				valid: false,
				mergeErrorPath: [index, ...sharedValue.mergeErrorPath]
			};
			newArray.push(sharedValue.data);
		}
		return {
			valid: true,
			data: newArray
		};
	}
	return {
		valid: false,
		mergeErrorPath: []
	};
}
function handleIntersectionResults(result, left, right) {
	const unrecKeys = /* @__PURE__ */ new Map();
	let unrecIssue;
	const keyIssues = /* @__PURE__ */ new Map();
	const collect = (iss, side) => {
		let keys;
		if (iss.code === "unrecognized_keys" && !iss.path?.length) {
			unrecIssue ?? (unrecIssue = iss);
			keys = iss.keys;
		} else if (iss.code === "invalid_key" && iss.origin === "record" && iss.path?.length === 1) {
			const k = String(iss.path[0]);
			if (!keyIssues.has(k)) keyIssues.set(k, iss);
			keys = [k];
		} else return false;
		for (const k of keys) {
			if (!unrecKeys.has(k)) unrecKeys.set(k, {});
			unrecKeys.get(k)[side] = true;
		}
		return true;
	};
	for (const iss of left.issues) if (!collect(iss, "l")) result.issues.push(iss);
	for (const iss of right.issues) if (!collect(iss, "r")) result.issues.push(iss);
	const bothKeys = [...unrecKeys].filter(([, f]) => f.l && f.r).map(([k]) => k);
	if (bothKeys.length) {
		const aggregated = unrecIssue ? bothKeys.filter((k) => unrecIssue.keys.includes(k)) : [];
		if (aggregated.length) result.issues.push({
			...unrecIssue,
			keys: aggregated
		});
		for (const k of bothKeys) if (!aggregated.includes(k) && keyIssues.has(k)) result.issues.push(keyIssues.get(k));
	}
	const merged = mergeValues(left.value, right.value);
	if (!merged.valid) {
		if (aborted(result)) return result;
		throw new Error(`Unmergable intersection. Error path: ${JSON.stringify(merged.mergeErrorPath)}`);
	}
	result.value = merged.data;
	return result;
}
const $ZodRecord = /*@__PURE__*/ $constructor("$ZodRecord", (inst, def) => {
	$ZodType.init(inst, def);
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!isPlainObject(input)) {
			payload.issues.push({
				expected: "record",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		const proms = [];
		const values = def.keyType._zod.values;
		if (values && !def.partial) {
			payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
			const recordKeys = /* @__PURE__ */ new Set();
			for (const key of values) if (typeof key === "string" || typeof key === "number" || typeof key === "symbol") {
				recordKeys.add(typeof key === "number" ? key.toString() : key);
				if (key === "__proto__") continue;
				const keyResult = def.keyType._zod.run({
					value: key,
					issues: []
				}, ctx);
				if (keyResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
				if (keyResult.issues.length) {
					payload.issues.push({
						code: "invalid_key",
						origin: "record",
						issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
						input: key,
						path: [key],
						inst
					});
					continue;
				}
				const outKey = keyResult.value;
				if (outKey === "__proto__") continue;
				const result = def.valueType._zod.run({
					value: input[key],
					issues: []
				}, ctx);
				if (result instanceof Promise) proms.push(result.then((result) => {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}));
				else {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}
			}
			let unrecognized;
			for (const key in input) if (!recordKeys.has(key)) {
				if (def.mode === "loose") {
					if (key === "__proto__") continue;
					payload.value[key] = input[key];
				} else {
					unrecognized = unrecognized ?? [];
					unrecognized.push(key);
				}
			}
			if (unrecognized && unrecognized.length > 0) payload.issues.push({
				code: "unrecognized_keys",
				input,
				inst,
				keys: unrecognized,
				continue: true
			});
		} else {
			payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
			let unrecognized;
			for (const key of Reflect.ownKeys(input)) {
				if (key === "__proto__") continue;
				if (!Object.prototype.propertyIsEnumerable.call(input, key)) continue;
				let keyResult = def.keyType._zod.run({
					value: key,
					issues: []
				}, ctx);
				if (keyResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
				if (typeof key === "string" && number.test(key) && keyResult.issues.length) {
					const retryResult = def.keyType._zod.run({
						value: Number(key),
						issues: []
					}, ctx);
					if (retryResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
					if (retryResult.issues.length === 0) keyResult = retryResult;
				}
				if (keyResult.issues.length) {
					if (def.mode === "loose") payload.value[key] = input[key];
					else if (values) {
						unrecognized = unrecognized ?? [];
						unrecognized.push(key);
					} else payload.issues.push({
						code: "invalid_key",
						origin: "record",
						issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
						input: key,
						path: [key],
						inst
					});
					continue;
				}
				const outKey = keyResult.value;
				if (outKey === "__proto__") continue;
				const result = def.valueType._zod.run({
					value: input[key],
					issues: []
				}, ctx);
				if (result instanceof Promise) proms.push(result.then((result) => {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}));
				else {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}
			}
			if (unrecognized && unrecognized.length > 0) payload.issues.push({
				code: "unrecognized_keys",
				input,
				inst,
				keys: unrecognized,
				continue: true
			});
		}
		if (proms.length) return Promise.all(proms).then(() => payload);
		return payload;
	};
});
const $ZodEnum = /*@__PURE__*/ $constructor("$ZodEnum", (inst, def) => {
	$ZodType.init(inst, def);
	const values = getEnumValues(def.entries);
	const valuesSet = new Set(values);
	inst._zod.values = valuesSet;
	defineLazyInternal(inst, "pattern", (zod) => {
		const patternValues = getEnumValues(zod.def.entries).filter((k) => propertyKeyTypes.has(typeof k));
		return new RegExp(patternValues.length ? `^(${patternValues.map((o) => escapeRegex(o.toString())).join("|")})$` : "^[^\\s\\S]$");
	});
	inst._zod.parse = (payload, _ctx) => {
		const input = payload.value;
		if (valuesSet.has(input)) return payload;
		payload.issues.push({
			code: "invalid_value",
			values,
			input,
			inst
		});
		return payload;
	};
});
const $ZodLiteral = /*@__PURE__*/ $constructor("$ZodLiteral", (inst, def) => {
	$ZodType.init(inst, def);
	const values = new Set(def.values);
	inst._zod.values = values;
	defineLazyInternal(inst, "pattern", (zod) => {
		const vals = zod.def.values;
		return new RegExp(vals.length ? `^(${vals.map((o) => typeof o === "string" ? escapeRegex(o) : o ? escapeRegex(o.toString()) : String(o)).join("|")})$` : "^[^\\s\\S]$");
	});
	inst._zod.parse = (payload, _ctx) => {
		const input = payload.value;
		if (values.has(input)) return payload;
		payload.issues.push({
			code: "invalid_value",
			values: def.values,
			input,
			inst
		});
		return payload;
	};
});
const $ZodTransform = /*@__PURE__*/ $constructor("$ZodTransform", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.optin = "optional";
	globalConfig.memoizer?.guard(inst);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") throw new $ZodEncodeError(inst.constructor.name);
		const _out = def.transform(payload.value, payload);
		if (ctx.async) return (_out instanceof Promise ? _out : Promise.resolve(_out)).then((output) => {
			payload.value = output;
			return payload;
		});
		if (_out instanceof Promise) throw new $ZodAsyncError();
		payload.value = _out;
		return payload;
	};
});
function handleOptionalResult(payload, result) {
	payload.value = result.issues.length ? void 0 : result.value;
	return payload;
}
const $ZodOptional = /*@__PURE__*/ $constructor("$ZodOptional", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
	inst._zod.optout = "optional";
	defineLazyInternal(inst, "values", (zod) => {
		const values = zod.def.innerType._zod.values;
		return values ? /* @__PURE__ */ new Set([...values, void 0]) : void 0;
	});
	defineLazyInternal(inst, "pattern", (zod) => {
		const pattern = zod.def.innerType._zod.pattern;
		return pattern ? new RegExp(`^(${cleanRegex(pattern.source)})?$`) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		if (payload.value === void 0) {
			if (def.innerType._zod.optin !== "defaulted") return payload;
			const result = def.innerType._zod.run({
				value: payload.value,
				issues: []
			}, ctx);
			if (result instanceof Promise) return result.then((result) => handleOptionalResult(payload, result));
			return handleOptionalResult(payload, result);
		}
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodExactOptional = /*@__PURE__*/ $constructor("$ZodExactOptional", (inst, def) => {
	$ZodOptional.init(inst, def);
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	defineLazyInternal(inst, "pattern", (zod) => zod.def.innerType._zod.pattern);
	inst._zod.parse = (payload, ctx) => {
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodNullable = /*@__PURE__*/ $constructor("$ZodNullable", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
	defineLazyInternal(inst, "pattern", (zod) => {
		const pattern = zod.def.innerType._zod.pattern;
		return pattern ? new RegExp(`^(${cleanRegex(pattern.source)}|null)$`) : void 0;
	});
	defineLazyInternal(inst, "values", (zod) => {
		return zod.def.innerType._zod.values ? /* @__PURE__ */ new Set([...zod.def.innerType._zod.values, null]) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		if (payload.value === null) return payload;
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodDefault = /*@__PURE__*/ $constructor("$ZodDefault", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.optin = "defaulted";
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		if (payload.value === void 0) {
			payload.value = def.defaultValue;
			return payload;
		}
		const result = def.innerType._zod.run(payload, ctx);
		if (result instanceof Promise) return result.then((result) => handleDefaultResult(result, def));
		return handleDefaultResult(result, def);
	};
});
function handleDefaultResult(payload, def) {
	if (payload.value === void 0) payload.value = def.defaultValue;
	return payload;
}
const $ZodPrefault = /*@__PURE__*/ $constructor("$ZodPrefault", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.optin = "defaulted";
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		if (payload.value === void 0) payload.value = def.defaultValue;
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodNonOptional = /*@__PURE__*/ $constructor("$ZodNonOptional", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "values", (zod) => {
		const v = zod.def.innerType._zod.values;
		return v ? new Set([...v].filter((x) => x !== void 0)) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		const result = def.innerType._zod.run(payload, ctx);
		if (result instanceof Promise) return result.then((result) => handleNonOptionalResult(result, inst));
		return handleNonOptionalResult(result, inst);
	};
});
function handleNonOptionalResult(payload, inst) {
	if (!payload.issues.length && payload.value === void 0) payload.issues.push({
		code: "invalid_type",
		expected: "nonoptional",
		input: payload.value,
		inst
	});
	return payload;
}
function handleCatchResult(payload, result, def, ctx) {
	if (!result.issues.length) {
		payload.value = result.value;
		if (result.memo) payload.memo = true;
		return payload;
	}
	payload.value = def.catchValue({
		...result,
		value: payload.value,
		error: { issues: result.issues.map((iss) => finalizeIssue(iss, ctx, config())) },
		input: payload.value
	});
	return payload;
}
const $ZodCatch = /*@__PURE__*/ $constructor("$ZodCatch", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		const result = def.innerType._zod.run({
			value: payload.value,
			issues: []
		}, ctx);
		if (result instanceof Promise) return result.then((result) => handleCatchResult(payload, result, def, ctx));
		return handleCatchResult(payload, result, def, ctx);
	};
});
const $ZodPipe = /*@__PURE__*/ $constructor("$ZodPipe", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "values", (zod) => zod.def.in._zod.values);
	defineLazyInternal(inst, "optin", (zod) => zod.def.in._zod.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.out._zod.optout);
	defineLazyInternal(inst, "propValues", (zod) => zod.def.in._zod.propValues);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") {
			const right = def.out._zod.run(payload, ctx);
			if (right instanceof Promise) return right.then((right) => handlePipeResult(right, def.in, ctx));
			return handlePipeResult(right, def.in, ctx);
		}
		const left = def.in._zod.run(payload, ctx);
		if (left instanceof Promise) return left.then((left) => handlePipeResult(left, def.out, ctx));
		return handlePipeResult(left, def.out, ctx);
	};
});
function handlePipeResult(left, next, ctx) {
	if (left.issues.some((iss) => iss.code !== "unrecognized_keys")) {
		left.aborted = true;
		return left;
	}
	return next._zod.run({
		value: left.value,
		issues: left.issues
	}, ctx);
}
const $ZodReadonly = /*@__PURE__*/ $constructor("$ZodReadonly", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "propValues", (zod) => zod.def.innerType._zod.propValues);
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType?._zod?.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType?._zod?.optout);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		const result = def.innerType._zod.run(payload, ctx);
		if (result instanceof Promise) return result.then(handleReadonlyResult);
		return handleReadonlyResult(result);
	};
});
function handleReadonlyResult(payload) {
	if (!payload.memo) payload.value = Object.freeze(payload.value);
	return payload;
}
const $ZodCustom = /*@__PURE__*/ $constructor("$ZodCustom", (inst, def) => {
	$ZodCheck.init(inst, def);
	$ZodType.init(inst, def);
	inst._zod.parse = (payload, _) => {
		return payload;
	};
	inst._zod.check = (payload) => {
		const input = payload.value;
		const r = def.fn(input);
		if (r instanceof Promise) return r.then((r) => handleRefineResult(r, payload, input, inst));
		handleRefineResult(r, payload, input, inst);
	};
});
function handleRefineResult(result, payload, input, inst) {
	if (!result) {
		const _iss = {
			code: "custom",
			input,
			inst,
			path: [...inst._zod.def.path ?? []],
			continue: !inst._zod.def.abort
		};
		if (inst._zod.def.params) _iss.params = inst._zod.def.params;
		payload.issues.push(issue(_iss));
	}
}
// node_modules/zod/v4/core/memoizer.js
var $ZodCyclicError = class extends Error {
	constructor() {
		super(`Cannot parse a reference cycle that closes through a transform`);
		this.name = "ZodCyclicError";
	}
};
const STATE = "~memo";
const NO_ISSUES = [];
function isRef(value) {
	return value !== null && typeof value === "object";
}
function cloneIssues(issues) {
	return issues.map((iss) => iss.path ? {
		...iss,
		path: iss.path.slice()
	} : { ...iss });
}
const recursive = /*@__PURE__*/ new WeakMap();
const NONE = 0;
const ASSUMED = 1;
const PROVEN = 2;
function isRecursive(inst, stack, resolve) {
	const cached = recursive.get(inst);
	if (cached !== void 0) return cached ? PROVEN : NONE;
	if (stack.has(inst)) return PROVEN;
	stack.add(inst);
	let result = NONE;
	const check = (child) => {
		if (result !== PROVEN && child?._zod) {
			const answer = isRecursive(child, stack, resolve);
			if (answer > result) result = answer;
		}
	};
	const shape = (sh, spread) => {
		let answer = NONE;
		for (const key of Reflect.ownKeys(sh)) {
			const desc = Object.getOwnPropertyDescriptor(sh, key);
			if (spread && !desc.enumerable) continue;
			const child = desc.get ? ASSUMED : desc.value?._zod ? isRecursive(desc.value, stack, resolve) : NONE;
			if (child > answer) answer = child;
		}
		return answer;
	};
	const merge = (answer) => {
		if (answer > result) result = answer;
	};
	const def = inst._zod.def;
	switch (def.type) {
		case "object": {
			const raw = rawShape(def);
			merge(raw ? shape(raw, true) : ASSUMED);
			check(def.catchall);
			break;
		}
		case "array":
			check(def.element);
			break;
		case "tuple":
			for (const el of def.items) check(el);
			check(def.rest);
			break;
		case "record":
		case "map":
			check(def.keyType);
			check(def.valueType);
			break;
		case "set":
			check(def.valueType);
			break;
		case "union":
			for (const el of def.options) check(el);
			break;
		case "intersection":
			check(def.left);
			check(def.right);
			break;
		case "optional":
		case "nullable":
		case "default":
		case "prefault":
		case "catch":
		case "readonly":
		case "nonoptional":
		case "promise":
		case "success":
			check(def.innerType);
			break;
		case "pipe":
			check(def.in);
			check(def.out);
			break;
		case "function":
			check(def.input);
			check(def.output);
			break;
		case "lazy": {
			const inner = def._cachedInner ?? (resolve ? inst._zod.innerType : void 0);
			merge(inner ? isRecursive(inner, stack, false) : ASSUMED);
			break;
		}
		case "template_literal":
		case "string":
		case "number":
		case "int":
		case "boolean":
		case "bigint":
		case "symbol":
		case "undefined":
		case "null":
		case "void":
		case "never":
		case "any":
		case "unknown":
		case "date":
		case "nan":
		case "enum":
		case "literal":
		case "file":
		case "transform":
		case "custom": break;
		default: for (const key in def) {
			const desc = Object.getOwnPropertyDescriptor(def, key);
			if (!desc || desc.get) continue;
			const value = desc.value;
			if (!value || typeof value !== "object") continue;
			if (value._zod) check(value);
			else if (Array.isArray(value)) for (const el of value) check(el);
		}
	}
	stack.delete(inst);
	return settle(inst, result);
}
function settle(inst, answer) {
	if (answer !== ASSUMED) recursive.set(inst, answer === PROVEN);
	return answer;
}
function bucketFor(state, inst) {
	let bucket = state.buckets.get(inst);
	if (!bucket) {
		bucket = /* @__PURE__ */ new WeakMap();
		state.buckets.set(inst, bucket);
	}
	return bucket;
}
let handoff;
const open = [];
const memo = {
	alloc(_inst, payload, empty) {
		const bucket = handoff;
		if (!bucket) return empty;
		handoff = void 0;
		const entry = {
			value: empty,
			issues: null
		};
		bucket.set(payload.value, entry);
		open.push(entry);
		return empty;
	},
	guard(inst) {
		var _a;
		(_a = inst._zod).deferred ?? (_a.deferred = []);
		inst._zod.deferred.push(() => {
			const base = inst._zod.parse;
			const wrapped = (payload, ctx) => {
				if (ctx.direction !== "backward" && isBackEdge(ctx, payload.value)) throw new $ZodCyclicError();
				return base(payload, ctx);
			};
			inst._zod.parse = wrapped;
			if (inst._zod.run === base) inst._zod.run = wrapped;
		});
	},
	attach(inst) {
		var _a;
		let isRecursiveInst;
		let rechecked = false;
		let lastCtx;
		let lastBucket;
		(_a = inst._zod).deferred ?? (_a.deferred = []);
		inst._zod.deferred.push(() => {
			const base = inst._zod.parse;
			const wrapped = (payload, ctx) => {
				if (isRecursiveInst === void 0) {
					const walked = isRecursive(inst, /* @__PURE__ */ new Set(), false);
					if (walked === NONE) {
						inst._zod.parse = base;
						if (inst._zod.run === wrapped) inst._zod.run = base;
						return base(payload, ctx);
					}
					if (walked === PROVEN || rechecked) isRecursiveInst = true;
					else rechecked = true;
				}
				const input = payload.value;
				if (!isRef(input)) return base(payload, ctx);
				let state = ctx[STATE];
				if (!state) {
					state = {
						buckets: /* @__PURE__ */ new WeakMap(),
						backEdges: void 0
					};
					ctx[STATE] = state;
				}
				let bucket;
				if (lastCtx === ctx) bucket = lastBucket;
				else {
					bucket = bucketFor(state, inst);
					lastCtx = ctx;
					lastBucket = bucket;
				}
				const hit = bucket.get(input);
				if (hit) {
					payload.value = hit.value;
					if (hit.issues) {
						if (hit.issues.length) payload.issues.push(...cloneIssues(hit.issues));
					} else {
						payload.memo = true;
						state.backEdges ?? (state.backEdges = /* @__PURE__ */ new WeakSet());
						state.backEdges.add(hit.value);
					}
					return payload;
				}
				handoff = bucket;
				const depth = open.length;
				const result = base(payload, ctx);
				handoff = void 0;
				const entry = open.length > depth ? open.pop() : void 0;
				if (result instanceof Promise) return result.then((r) => {
					if (entry) entry.issues = r.issues.length ? cloneIssues(r.issues) : NO_ISSUES;
					return r;
				});
				if (entry) entry.issues = result.issues.length ? cloneIssues(result.issues) : NO_ISSUES;
				return result;
			};
			inst._zod.parse = wrapped;
			if (inst._zod.run === base) inst._zod.run = wrapped;
		});
	}
};
function memoizer() {
	return memo;
}
function isBackEdge(ctx, value) {
	const backEdges = ctx[STATE]?.backEdges;
	return backEdges !== void 0 && isRef(value) && backEdges.has(value);
}
// node_modules/zod/v4/locales/en.js
const error = () => {
	const Sizable = {
		string: {
			unit: "characters",
			verb: "to have"
		},
		file: {
			unit: "bytes",
			verb: "to have"
		},
		array: {
			unit: "items",
			verb: "to have"
		},
		set: {
			unit: "items",
			verb: "to have"
		},
		map: {
			unit: "entries",
			verb: "to have"
		}
	};
	function getSizing(origin) {
		return Sizable[origin] ?? null;
	}
	const FormatDictionary = {
		regex: "input",
		email: "email address",
		url: "URL",
		emoji: "emoji",
		uuid: "UUID",
		uuidv4: "UUIDv4",
		uuidv6: "UUIDv6",
		nanoid: "nanoid",
		guid: "GUID",
		cuid: "cuid",
		cuid2: "cuid2",
		ulid: "ULID",
		xid: "XID",
		ksuid: "KSUID",
		datetime: "ISO datetime",
		date: "ISO date",
		time: "ISO time",
		duration: "ISO duration",
		ipv4: "IPv4 address",
		ipv6: "IPv6 address",
		mac: "MAC address",
		cidrv4: "IPv4 range",
		cidrv6: "IPv6 range",
		base64: "base64-encoded string",
		base64url: "base64url-encoded string",
		json_string: "JSON string",
		e164: "E.164 number",
		currency_code: "currency code",
		credit_card: "credit card number",
		iban: "IBAN",
		jwt: "JWT",
		template_literal: "input"
	};
	const TypeDictionary = { nan: "NaN" };
	function getTypeName(type, input) {
		if (type === "number" && typeof input === "number" && !Number.isFinite(input)) return String(input);
		return TypeDictionary[type] ?? type;
	}
	return (issue) => {
		switch (issue.code) {
			case "invalid_type": return `Invalid input: expected ${getTypeName(issue.expected)}, received ${getTypeName(parsedType(issue.input), issue.input)}`;
			case "invalid_value":
				if (issue.values.length === 1) return `Invalid input: expected ${stringifyPrimitive(issue.values[0])}`;
				return `Invalid option: expected one of ${joinValues(issue.values, "|")}`;
			case "too_big": {
				const adj = issue.exact ? "exactly " : issue.inclusive ? "<=" : "<";
				const sizing = getSizing(issue.origin);
				if (sizing) return `Too big: expected ${issue.origin ?? "value"} to have ${adj}${issue.maximum.toString()} ${sizing.unit ?? "elements"}`;
				return `Too big: expected ${issue.origin ?? "value"} to be ${adj}${issue.maximum.toString()}`;
			}
			case "too_small": {
				const adj = issue.exact ? "exactly " : issue.inclusive ? ">=" : ">";
				const sizing = getSizing(issue.origin);
				if (sizing) return `Too small: expected ${issue.origin} to have ${adj}${issue.minimum.toString()} ${sizing.unit}`;
				return `Too small: expected ${issue.origin} to be ${adj}${issue.minimum.toString()}`;
			}
			case "invalid_format": {
				const _issue = issue;
				if (_issue.format === "starts_with") return `Invalid string: must start with "${_issue.prefix}"`;
				if (_issue.format === "ends_with") return `Invalid string: must end with "${_issue.suffix}"`;
				if (_issue.format === "includes") return `Invalid string: must include "${_issue.includes}"`;
				if (_issue.format === "regex") return `Invalid string: must match pattern ${_issue.pattern}`;
				return `Invalid ${FormatDictionary[_issue.format] ?? issue.format}`;
			}
			case "not_multiple_of": return `Invalid number: must be a multiple of ${issue.divisor}`;
			case "unrecognized_keys": return `Unrecognized key${issue.keys.length > 1 ? "s" : ""}: ${joinValues(issue.keys, ", ")}`;
			case "invalid_key": return `Invalid key in ${issue.origin}`;
			case "invalid_union":
				if (issue.options && Array.isArray(issue.options) && issue.options.length > 0) return `Invalid discriminator value. Expected ${issue.options.map((o) => `'${o}'`).join(" | ")}`;
				if (issue.inclusive === false) return "Invalid input: more than one option matched";
				return "Invalid input";
			case "invalid_element": return `Invalid value in ${issue.origin}`;
			default: return `Invalid input`;
		}
	};
};
function en_default() {
	return { localeError: error() };
}
// node_modules/zod/v4/core/registries.js
var _a;
var $ZodRegistry = class {
	constructor() {
		this._map = /* @__PURE__ */ new WeakMap();
		this._idmap = /* @__PURE__ */ new Map();
	}
	add(schema, ..._meta) {
		const meta = _meta[0];
		this._map.set(schema, meta);
		if (meta && typeof meta === "object" && "id" in meta) this._idmap.set(meta.id, schema);
		return this;
	}
	clear() {
		this._map = /* @__PURE__ */ new WeakMap();
		this._idmap = /* @__PURE__ */ new Map();
		return this;
	}
	remove(schema) {
		const meta = this._map.get(schema);
		if (meta && typeof meta === "object" && "id" in meta) this._idmap.delete(meta.id);
		this._map.delete(schema);
		return this;
	}
	get(schema) {
		const p = schema._zod.parent;
		if (p) {
			const pm = { ...this.get(p) ?? {} };
			delete pm.id;
			const f = {
				...pm,
				...this._map.get(schema)
			};
			return Object.keys(f).length ? f : void 0;
		}
		return this._map.get(schema);
	}
	has(schema) {
		return this._map.has(schema);
	}
};
function registry() {
	return new $ZodRegistry();
}
(_a = globalThis).__zod_globalRegistry ?? (_a.__zod_globalRegistry = registry());
const globalRegistry = globalThis.__zod_globalRegistry;
// node_modules/zod/v4/core/api.js
function snapshotChecks(def) {
	if (def.checks) def.checks = [...def.checks];
	return def;
}
// @__NO_SIDE_EFFECTS__
function _string(Class, params) {
	return new Class(snapshotChecks({
		type: "string",
		...normalizeParams(params)
	}));
}
// @__NO_SIDE_EFFECTS__
function _email(Class, params) {
	return new Class({
		type: "string",
		format: "email",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _guid(Class, params) {
	return new Class({
		type: "string",
		format: "guid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuid(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuidv4(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		version: "v4",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuidv6(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		version: "v6",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuidv7(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		version: "v7",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _url(Class, params) {
	return new Class({
		type: "string",
		format: "url",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _emoji(Class, params) {
	return new Class({
		type: "string",
		format: "emoji",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _nanoid(Class, params) {
	return new Class({
		type: "string",
		format: "nanoid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cuid(Class, params) {
	return new Class({
		type: "string",
		format: "cuid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cuid2(Class, params) {
	return new Class({
		type: "string",
		format: "cuid2",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ulid(Class, params) {
	return new Class({
		type: "string",
		format: "ulid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _xid(Class, params) {
	return new Class({
		type: "string",
		format: "xid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ksuid(Class, params) {
	return new Class({
		type: "string",
		format: "ksuid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ipv4(Class, params) {
	return new Class({
		type: "string",
		format: "ipv4",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ipv6(Class, params) {
	return new Class({
		type: "string",
		format: "ipv6",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cidrv4(Class, params) {
	return new Class({
		type: "string",
		format: "cidrv4",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cidrv6(Class, params) {
	return new Class({
		type: "string",
		format: "cidrv6",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _base64(Class, params) {
	return new Class({
		type: "string",
		format: "base64",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _base64url(Class, params) {
	return new Class({
		type: "string",
		format: "base64url",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _e164(Class, params) {
	return new Class({
		type: "string",
		format: "e164",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _jwt(Class, params) {
	return new Class({
		type: "string",
		format: "jwt",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoDateTime(Class, params) {
	return new Class({
		type: "string",
		format: "datetime",
		check: "string_format",
		offset: false,
		local: false,
		precision: null,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoDate(Class, params) {
	return new Class({
		type: "string",
		format: "date",
		check: "string_format",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoTime(Class, params) {
	return new Class({
		type: "string",
		format: "time",
		check: "string_format",
		precision: null,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoDuration(Class, params) {
	return new Class({
		type: "string",
		format: "duration",
		check: "string_format",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _int(Class, params) {
	return new Class({
		type: "number",
		check: "number_format",
		abort: false,
		format: "safeint",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _boolean(Class, params) {
	return new Class({
		type: "boolean",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _unknown(Class) {
	return new Class({ type: "unknown" });
}
// @__NO_SIDE_EFFECTS__
function _never(Class, params) {
	return new Class({
		type: "never",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _lt(value, params) {
	return new $ZodCheckLessThan({
		check: "less_than",
		...normalizeParams(params),
		value,
		inclusive: false
	});
}
// @__NO_SIDE_EFFECTS__
function _lte(value, params) {
	return new $ZodCheckLessThan({
		check: "less_than",
		...normalizeParams(params),
		value,
		inclusive: true
	});
}
// @__NO_SIDE_EFFECTS__
function _gt(value, params) {
	return new $ZodCheckGreaterThan({
		check: "greater_than",
		...normalizeParams(params),
		value,
		inclusive: false
	});
}
// @__NO_SIDE_EFFECTS__
function _gte(value, params) {
	return new $ZodCheckGreaterThan({
		check: "greater_than",
		...normalizeParams(params),
		value,
		inclusive: true
	});
}
// @__NO_SIDE_EFFECTS__
function _multipleOf(value, params) {
	return new $ZodCheckMultipleOf({
		check: "multiple_of",
		...normalizeParams(params),
		value
	});
}
// @__NO_SIDE_EFFECTS__
function _maxLength(maximum, params) {
	return new $ZodCheckMaxLength({
		check: "max_length",
		...normalizeParams(params),
		maximum
	});
}
// @__NO_SIDE_EFFECTS__
function _minLength(minimum, params) {
	return new $ZodCheckMinLength({
		check: "min_length",
		...normalizeParams(params),
		minimum
	});
}
// @__NO_SIDE_EFFECTS__
function _length(length, params) {
	return new $ZodCheckLengthEquals({
		check: "length_equals",
		...normalizeParams(params),
		length
	});
}
// @__NO_SIDE_EFFECTS__
function _regex(pattern, params) {
	return new $ZodCheckRegex({
		check: "string_format",
		format: "regex",
		...normalizeParams(params),
		pattern
	});
}
// @__NO_SIDE_EFFECTS__
function _lowercase(params) {
	return new $ZodCheckLowerCase({
		check: "string_format",
		format: "lowercase",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uppercase(params) {
	return new $ZodCheckUpperCase({
		check: "string_format",
		format: "uppercase",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _includes(includes, params) {
	return new $ZodCheckIncludes({
		check: "string_format",
		format: "includes",
		...normalizeParams(params),
		includes
	});
}
// @__NO_SIDE_EFFECTS__
function _startsWith(prefix, params) {
	return new $ZodCheckStartsWith({
		check: "string_format",
		format: "starts_with",
		...normalizeParams(params),
		prefix
	});
}
// @__NO_SIDE_EFFECTS__
function _endsWith(suffix, params) {
	return new $ZodCheckEndsWith({
		check: "string_format",
		format: "ends_with",
		...normalizeParams(params),
		suffix
	});
}
// @__NO_SIDE_EFFECTS__
function _overwrite(tx) {
	return new $ZodCheckOverwrite({
		check: "overwrite",
		tx
	});
}
// @__NO_SIDE_EFFECTS__
function _normalize(form) {
	return /* @__PURE__ */ _overwrite((input) => input.normalize(form));
}
// @__NO_SIDE_EFFECTS__
function _trim() {
	return /* @__PURE__ */ _overwrite((input) => input.trim());
}
// @__NO_SIDE_EFFECTS__
function _toLowerCase() {
	return /* @__PURE__ */ _overwrite((input) => input.toLowerCase());
}
// @__NO_SIDE_EFFECTS__
function _toUpperCase() {
	return /* @__PURE__ */ _overwrite((input) => input.toUpperCase());
}
// @__NO_SIDE_EFFECTS__
function _slugify() {
	return /* @__PURE__ */ _overwrite((input) => slugify(input));
}
// @__NO_SIDE_EFFECTS__
function _array(Class, element, params) {
	return new Class({
		type: "array",
		element,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _refine(Class, fn, _params) {
	return new Class({
		type: "custom",
		check: "custom",
		fn,
		...normalizeParams(_params)
	});
}
// @__NO_SIDE_EFFECTS__
function _superRefine(fn, params) {
	const ch = /* @__PURE__ */ _check((payload) => {
		payload.addIssue = (issue$2) => {
			if (typeof issue$2 === "string") payload.issues.push(issue(issue$2, payload.value, ch._zod.def));
			else {
				const _issue = issue$2;
				if (_issue.fatal) _issue.continue = false;
				_issue.code ?? (_issue.code = "custom");
				if (!("input" in _issue)) _issue.input = payload.value;
				_issue.inst ?? (_issue.inst = ch);
				_issue.continue ?? (_issue.continue = !ch._zod.def.abort);
				payload.issues.push(issue(_issue));
			}
		};
		return fn(payload.value, payload);
	}, params);
	return ch;
}
// @__NO_SIDE_EFFECTS__
function _check(fn, params) {
	const ch = new $ZodCheck({
		check: "custom",
		...normalizeParams(params)
	});
	ch._zod.check = fn;
	return ch;
}
// node_modules/zod/v4/core/to-json-schema.js
function assignProps(target, ...sources) {
	for (const source of sources) for (const key of Reflect.ownKeys(source)) if (Object.prototype.propertyIsEnumerable.call(source, key)) assignProp(target, key, source[key]);
	return target;
}
function initializeContext(params) {
	let target = params?.target ?? "draft-2020-12";
	if (target === "draft-4") target = "draft-04";
	if (target === "draft-7") target = "draft-07";
	return {
		processors: params.processors ?? {},
		metadataRegistry: params?.metadata ?? globalRegistry,
		target,
		unrepresentable: params?.unrepresentable ?? "throw",
		override: params?.override ?? (() => {}),
		io: params?.io ?? "output",
		counter: 0,
		seen: /* @__PURE__ */ new Map(),
		sharedDefsExtractedFor: void 0,
		sharedEmitDoneFor: void 0,
		cycles: params?.cycles ?? "ref",
		reused: params?.reused ?? "inline",
		intersections: [],
		deferred: [],
		external: params?.external ?? void 0
	};
}
function handleUnrepresentable(schema, ctx, json, params, message) {
	const result = typeof ctx.unrepresentable === "function" ? ctx.unrepresentable({
		zodSchema: schema,
		path: params.path,
		message
	}) : ctx.unrepresentable;
	if (result === "any") return false;
	if (result === void 0 || result === "throw") throw new Error(message);
	Object.assign(json, result);
	return true;
}
function processSchema(schema, ctx, _params = {
	path: [],
	schemaPath: []
}) {
	var _a;
	const def = schema._zod.def;
	const seen = ctx.seen.get(schema);
	if (seen) {
		seen.count++;
		if (_params.schemaPath.includes(schema)) seen.cycle = _params.path;
		return seen.schema;
	}
	const result = {
		schema: {},
		count: 1,
		cycle: void 0,
		path: _params.path
	};
	ctx.seen.set(schema, result);
	ctx.sharedDefsExtractedFor = void 0;
	ctx.sharedEmitDoneFor = void 0;
	const overrideSchema = schema._zod.toJSONSchema?.();
	if (overrideSchema) result.schema = overrideSchema;
	else {
		const params = {
			..._params,
			schemaPath: [..._params.schemaPath, schema],
			path: _params.path
		};
		if (schema._zod.processJSONSchema) schema._zod.processJSONSchema(ctx, result.schema, params);
		else {
			const _json = result.schema;
			const processor = ctx.processors[def.type];
			if (!processor) throw new Error(`[toJSONSchema]: Non-representable type encountered: ${def.type}`);
			processor(schema, ctx, _json, params);
		}
		const parent = schema._zod.parent;
		if (parent) {
			if (!result.ref) result.ref = parent;
			processSchema(parent, ctx, params);
			ctx.seen.get(parent).isParent = true;
		}
	}
	const meta = ctx.metadataRegistry.get(schema);
	if (meta) assignProps(result.schema, meta);
	if (ctx.io === "input" && isTransforming(schema)) {
		delete result.schema.examples;
		delete result.schema.default;
	}
	if (ctx.io === "input" && "_prefault" in result.schema) (_a = result.schema).default ?? (_a.default = result.schema._prefault);
	delete result.schema._prefault;
	return ctx.seen.get(schema).schema;
}
function encodeJSONPointerSegment(segment) {
	return segment.replace(/~/g, "~0").replace(/\//g, "~1");
}
function extractDefs(ctx, schema) {
	const root = ctx.seen.get(schema);
	if (!root) throw new Error("Unprocessed schema. This is a bug in Zod.");
	if (ctx.external && ctx.sharedDefsExtractedFor === ctx.external) return;
	const idToSchema = /* @__PURE__ */ new Map();
	for (const entry of ctx.seen.entries()) {
		const id = ctx.metadataRegistry.get(entry[0])?.id;
		if (id) {
			const existing = idToSchema.get(id);
			if (existing && existing !== entry[0]) throw new Error(`Duplicate schema id "${id}" detected during JSON Schema conversion. Two different schemas cannot share the same id when converted together.`);
			idToSchema.set(id, entry[0]);
		}
	}
	const makeURI = (entry) => {
		const defsSegment = ctx.target === "draft-2020-12" ? "$defs" : "definitions";
		if (ctx.external) {
			const externalId = ctx.external.registry.get(entry[0])?.id;
			const uriGenerator = ctx.external.uri ?? ((id) => id);
			if (externalId) return { ref: uriGenerator(externalId) };
			const id = entry[1].defId ?? entry[1].schema.id ?? `schema${ctx.counter++}`;
			entry[1].defId = id;
			return {
				defId: id,
				ref: `${uriGenerator("__shared")}#/${defsSegment}/${encodeJSONPointerSegment(id)}`
			};
		}
		const uriPrefix = `#`;
		const defUriPrefix = `${uriPrefix}/${defsSegment}/`;
		if (entry[1] === root && !entry[1].schema.id) return { ref: uriPrefix };
		const defId = entry[1].schema.id ?? `__schema${ctx.counter++}`;
		return {
			defId,
			ref: defUriPrefix + encodeJSONPointerSegment(defId)
		};
	};
	const extractToDef = (entry) => {
		if (entry[1].schema.$ref) return;
		const seen = entry[1];
		const { ref, defId } = makeURI(entry);
		seen.def = { ...seen.schema };
		if (defId) seen.defId = defId;
		const schema = seen.schema;
		for (const key in schema) delete schema[key];
		schema.$ref = ref;
	};
	if (ctx.cycles === "throw") for (const entry of ctx.seen.entries()) {
		const seen = entry[1];
		if (seen.cycle) throw new Error(`Cycle detected: #/${seen.cycle?.join("/")}/<root>

Set the \`cycles\` parameter to \`"ref"\` to resolve cyclical schemas with defs.`);
	}
	for (const entry of ctx.seen.entries()) {
		const seen = entry[1];
		if (schema === entry[0]) {
			extractToDef(entry);
			continue;
		}
		if (ctx.external) {
			const ext = ctx.external.registry.get(entry[0])?.id;
			if (schema !== entry[0] && ext) {
				extractToDef(entry);
				continue;
			}
		}
		if (ctx.metadataRegistry.get(entry[0])?.id) {
			extractToDef(entry);
			continue;
		}
		if (seen.cycle) {
			extractToDef(entry);
			continue;
		}
		if (seen.count > 1) {
			if (ctx.reused === "ref") extractToDef(entry);
		}
	}
	if (ctx.external) ctx.sharedDefsExtractedFor = ctx.external;
}
function compactTypeUnion(schema) {
	const options = schema.anyOf;
	if (!Array.isArray(options) || options.length === 0 || schema.type !== void 0) return;
	const types = [];
	for (const option of options) {
		if (!option || typeof option !== "object") return;
		compactTypeUnion(option);
		const keys = Object.keys(option);
		if (keys.length !== 1 || keys[0] !== "type") return;
		const type = option.type;
		for (const member of Array.isArray(type) ? type : [type]) {
			if (typeof member !== "string") return;
			if (!types.includes(member)) types.push(member);
		}
	}
	delete schema.anyOf;
	schema.type = types.length === 1 ? types[0] : types;
}
const FOLDABLE_KEYS = /* @__PURE__ */ new Set([
	"type",
	"properties",
	"required",
	"additionalProperties"
]);
const UNION_KEYS = ["oneOf", "anyOf"];
function undeclaredConstraint(member) {
	const extra = member.additionalProperties;
	if (extra === void 0 || extra === false || typeof extra !== "object" || extra === null) return null;
	return Object.keys(extra).length ? extra : null;
}
function foldObjects(members) {
	const objects = [];
	for (const member of members) {
		if (typeof member !== "object" || member.type !== "object") return null;
		for (const key in member) if (!FOLDABLE_KEYS.has(key)) return null;
		objects.push(member);
	}
	const properties = {};
	const required = /* @__PURE__ */ new Set();
	for (const object of objects) {
		for (const key in object.properties) {
			if (Object.prototype.hasOwnProperty.call(properties, key)) continue;
			const parts = [];
			for (const other of objects) {
				const part = other.properties?.[key] ?? undeclaredConstraint(other);
				if (part === null || part === void 0) continue;
				if (!parts.some((seen) => JSON.stringify(seen) === JSON.stringify(part))) parts.push(part);
			}
			assignProp(properties, key, parts.length === 1 ? parts[0] : foldObjects(parts) ?? { allOf: parts });
		}
		for (const key of object.required ?? []) required.add(key);
	}
	const folded = {
		type: "object",
		properties
	};
	if (required.size) folded.required = [...required];
	if (objects.every((object) => object.additionalProperties === false)) folded.additionalProperties = false;
	else {
		const constraints = [];
		for (const object of objects) {
			const constraint = undeclaredConstraint(object);
			if (constraint && !constraints.some((seen) => JSON.stringify(seen) === JSON.stringify(constraint))) constraints.push(constraint);
		}
		if (constraints.length === 1) folded.additionalProperties = constraints[0];
		else if (constraints.length > 1) folded.additionalProperties = { allOf: constraints };
	}
	return folded;
}
function foldIntersection(json) {
	const allOf = json.allOf;
	if (!Array.isArray(allOf) || allOf.length < 2) return;
	for (const key of FOLDABLE_KEYS) if (key in json) return;
	const unions = allOf.filter((m) => UNION_KEYS.some((k) => Array.isArray(m[k])));
	let folded = null;
	if (!unions.length) folded = foldObjects(allOf);
	else {
		const union = unions[0];
		const keyword = UNION_KEYS.find((k) => Array.isArray(union[k]));
		if (Object.keys(union).length !== 1) return;
		const rest = allOf.filter((m) => m !== union);
		const branches = union[keyword].map((branch) => foldObjects([...rest, branch]));
		if (branches.some((b) => !b)) return;
		folded = { [keyword]: branches };
	}
	if (!folded) return;
	delete json.allOf;
	assignProps(json, folded);
}
function finalize(ctx, schema) {
	const root = ctx.seen.get(schema);
	if (!root) throw new Error("Unprocessed schema. This is a bug in Zod.");
	const flattenRef = (zodSchema) => {
		const seen = ctx.seen.get(zodSchema);
		if (seen.ref === null) return;
		const schema = seen.def ?? seen.schema;
		const _cached = { ...schema };
		const ref = seen.ref;
		seen.ref = null;
		if (ref) {
			flattenRef(ref);
			const refSeen = ctx.seen.get(ref);
			const refSchema = refSeen.schema;
			if (refSchema.$ref && (ctx.target === "draft-07" || ctx.target === "draft-04" || ctx.target === "openapi-3.0")) {
				schema.allOf = schema.allOf ?? [];
				schema.allOf.push(refSchema);
			} else assignProps(schema, refSchema);
			assignProps(schema, _cached);
			if (zodSchema._zod.parent === ref) for (const key in schema) {
				if (key === "$ref" || key === "allOf") continue;
				if (!(key in _cached)) delete schema[key];
			}
			if (refSchema.$ref && refSeen.def) for (const key in schema) {
				if (key === "$ref" || key === "allOf") continue;
				if (key in refSeen.def && JSON.stringify(schema[key]) === JSON.stringify(refSeen.def[key])) delete schema[key];
			}
		}
		const parent = zodSchema._zod.parent;
		if (parent && parent !== ref) {
			flattenRef(parent);
			const parentSeen = ctx.seen.get(parent);
			if (parentSeen?.schema.$ref) {
				schema.$ref = parentSeen.schema.$ref;
				if (parentSeen.def) for (const key in schema) {
					if (key === "$ref" || key === "allOf") continue;
					if (key in parentSeen.def && JSON.stringify(schema[key]) === JSON.stringify(parentSeen.def[key])) delete schema[key];
				}
			}
		}
		ctx.override({
			zodSchema,
			jsonSchema: schema,
			path: seen.path ?? []
		});
	};
	if (!ctx.external || ctx.sharedEmitDoneFor !== ctx.external) {
		for (const entry of [...ctx.seen.entries()].reverse()) flattenRef(entry[0]);
		if (ctx.target !== "openapi-3.0") for (const entry of ctx.seen.entries()) compactTypeUnion(entry[1].def ?? entry[1].schema);
		for (const rewrite of ctx.deferred) rewrite();
		if (ctx.intersections.length) {
			const carriers = /* @__PURE__ */ new Map();
			for (const seen of ctx.seen.values()) for (const json of [seen.schema, seen.def]) {
				const allOf = json?.allOf;
				if (!Array.isArray(allOf)) continue;
				const existing = carriers.get(allOf);
				if (existing) existing.push(json);
				else carriers.set(allOf, [json]);
			}
			for (const allOf of ctx.intersections) for (const json of carriers.get(allOf) ?? []) foldIntersection(json);
		}
	}
	const result = {};
	if (ctx.target === "draft-2020-12") result.$schema = "https://json-schema.org/draft/2020-12/schema";
	else if (ctx.target === "draft-07") result.$schema = "http://json-schema.org/draft-07/schema#";
	else if (ctx.target === "draft-04") result.$schema = "http://json-schema.org/draft-04/schema#";
	else if (ctx.target === "openapi-3.0") {}
	if (ctx.external?.uri) {
		const id = ctx.external.registry.get(schema)?.id;
		if (!id) throw new Error("Schema is missing an `id` property");
		result.$id = ctx.external.uri(id);
	}
	assignProps(result, root.defId ? root.schema : root.def ?? root.schema);
	const rootMetaId = ctx.metadataRegistry.get(schema)?.id;
	if (rootMetaId !== void 0 && result.id === rootMetaId) delete result.id;
	const defs = ctx.external?.defs ?? {};
	if (!ctx.external || ctx.sharedEmitDoneFor !== ctx.external) for (const entry of ctx.seen.entries()) {
		const seen = entry[1];
		if (seen.def && seen.defId) {
			if (seen.def.id === seen.defId) delete seen.def.id;
			assignProp(defs, seen.defId, seen.def);
		}
	}
	if (ctx.external) ctx.sharedEmitDoneFor = ctx.external;
	if (ctx.external) {} else if (Object.keys(defs).length > 0) {
		if (ctx.target === "draft-2020-12") result.$defs = defs;
		else result.definitions = defs;
	}
	try {
		const finalized = JSON.parse(JSON.stringify(result));
		Object.defineProperty(finalized, "~standard", {
			value: {
				...schema["~standard"],
				jsonSchema: {
					input: createStandardJSONSchemaMethod(schema, "input", ctx.processors),
					output: createStandardJSONSchemaMethod(schema, "output", ctx.processors)
				}
			},
			enumerable: false,
			writable: false
		});
		return finalized;
	} catch (_err) {
		throw new Error("Error converting schema to JSON.");
	}
}
function isTransforming(_schema, _ctx) {
	const ctx = _ctx ?? { seen: /* @__PURE__ */ new Set() };
	if (ctx.seen.has(_schema)) return false;
	ctx.seen.add(_schema);
	const def = _schema._zod.def;
	if (def.type === "transform") return true;
	if (def.type === "array") return isTransforming(def.element, ctx);
	if (def.type === "set") return isTransforming(def.valueType, ctx);
	if (def.type === "lazy") return isTransforming(def.getter(), ctx);
	if (def.type === "promise" || def.type === "optional" || def.type === "nonoptional" || def.type === "nullable" || def.type === "readonly" || def.type === "default" || def.type === "prefault" || def.type === "catch") return isTransforming(def.innerType, ctx);
	if (def.type === "intersection") return isTransforming(def.left, ctx) || isTransforming(def.right, ctx);
	if (def.type === "record" || def.type === "map") return isTransforming(def.keyType, ctx) || isTransforming(def.valueType, ctx);
	if (def.type === "pipe") {
		if (_schema._zod.traits.has("$ZodCodec")) return true;
		return isTransforming(def.in, ctx) || isTransforming(def.out, ctx);
	}
	if (def.type === "object") {
		for (const key in def.shape) if (isTransforming(def.shape[key], ctx)) return true;
		return false;
	}
	if (def.type === "union") {
		for (const option of def.options) if (isTransforming(option, ctx)) return true;
		return false;
	}
	if (def.type === "tuple") {
		for (const item of def.items) if (isTransforming(item, ctx)) return true;
		if (def.rest && isTransforming(def.rest, ctx)) return true;
		return false;
	}
	return false;
}
const createToJSONSchemaMethod = (schema, processors = {}) => (params) => {
	const ctx = initializeContext({
		...params,
		processors
	});
	processSchema(schema, ctx);
	extractDefs(ctx, schema);
	return finalize(ctx, schema);
};
const createStandardJSONSchemaMethod = (schema, io, processors = {}) => (params) => {
	const { libraryOptions, target } = params ?? {};
	const ctx = initializeContext({
		...libraryOptions ?? {},
		target,
		io,
		processors
	});
	processSchema(schema, ctx);
	extractDefs(ctx, schema);
	return finalize(ctx, schema);
};
// node_modules/zod/v4/core/json-schema-processors.js
const narrowMin = (agg, key, value) => {
	if (agg[key] === void 0 || value > agg[key]) agg[key] = value;
};
const narrowMax = (agg, key, value) => {
	if (agg[key] === void 0 || value < agg[key]) agg[key] = value;
};
const narrowBoth = (agg, value) => {
	narrowMin(agg, "minimum", value);
	narrowMax(agg, "maximum", value);
};
const addDivisor = (agg, value) => {
	agg.multipleOf ?? (agg.multipleOf = []);
	if (!agg.multipleOf.includes(value)) agg.multipleOf.push(value);
};
const addPattern = (agg, pattern) => {
	agg.patterns ?? (agg.patterns = /* @__PURE__ */ new Set());
	agg.patterns.add(pattern);
};
const intersectMime = (agg, mime) => {
	agg.mime = agg.mime ? agg.mime.filter((m) => mime.includes(m)) : [...mime];
};
const setFormat = (agg, format) => {
	agg.format = format;
	if (format.includes("int")) agg.isInt = true;
};
const minContributor = (agg, def) => narrowMin(agg, "minimum", def.minimum);
const maxContributor = (agg, def) => narrowMax(agg, "maximum", def.maximum);
const formatContributor = (ranges) => (agg, def) => {
	setFormat(agg, def.format);
	const [minimum, maximum] = ranges[def.format];
	narrowMin(agg, "minimum", minimum);
	narrowMax(agg, "maximum", maximum);
};
const contributors = {
	greater_than: (agg, def) => narrowMin(agg, def.inclusive ? "minimum" : "exclusiveMinimum", def.value),
	less_than: (agg, def) => narrowMax(agg, def.inclusive ? "maximum" : "exclusiveMaximum", def.value),
	multiple_of: (agg, def) => addDivisor(agg, def.value),
	number_format: formatContributor(NUMBER_FORMAT_RANGES),
	bigint_format: formatContributor(BIGINT_FORMAT_RANGES),
	min_length: minContributor,
	max_length: maxContributor,
	length_equals: (agg, def) => narrowBoth(agg, def.length),
	min_size: minContributor,
	max_size: maxContributor,
	size_equals: (agg, def) => narrowBoth(agg, def.size),
	string_format: (agg, def) => {
		setFormat(agg, def.format);
		if (def.pattern) addPattern(agg, def.pattern);
		if (def.format === "base64" || def.format === "base64url") agg.contentEncoding = def.format;
		if (def.local || def.precision === -1) agg.laxFormat = true;
	},
	mime_type: (agg, def) => intersectMime(agg, def.mime)
};
function aggregateChecks(schema) {
	const agg = {};
	const def = schema._zod.def;
	const list = schema._zod.traits.has("$ZodCheck") ? [schema, ...def.checks ?? []] : def.checks ?? [];
	for (const ch of list) contributors[ch._zod.def.check]?.(agg, ch._zod.def);
	const bag = schema._zod.bag;
	if (bag.minimum !== void 0) narrowMin(agg, "minimum", bag.minimum);
	if (bag.exclusiveMinimum !== void 0) narrowMin(agg, "exclusiveMinimum", bag.exclusiveMinimum);
	if (bag.maximum !== void 0) narrowMax(agg, "maximum", bag.maximum);
	if (bag.exclusiveMaximum !== void 0) narrowMax(agg, "exclusiveMaximum", bag.exclusiveMaximum);
	if (bag.multipleOf !== void 0) addDivisor(agg, bag.multipleOf);
	if (bag.format !== void 0) {
		agg.format ?? (agg.format = bag.format);
		if (bag.format.includes("int")) agg.isInt = true;
	}
	if (bag.mime) intersectMime(agg, bag.mime);
	for (const pattern of bag.patterns ?? []) addPattern(agg, pattern);
	return agg;
}
const formatMap = {
	guid: "uuid",
	url: "uri",
	datetime: "date-time",
	json_string: "json-string",
	regex: ""
};
const exactPatterns = /* @__PURE__ */ new Map([[base64Charset, base64], [base64urlCharset, base64url]]);
const exactPattern = (p) => exactPatterns.get(p) ?? p;
const stringProcessor = (schema, ctx, _json, _params) => {
	const json = _json;
	json.type = "string";
	const { minimum, maximum, format, patterns, contentEncoding, laxFormat } = aggregateChecks(schema);
	if (typeof minimum === "number") json.minLength = minimum;
	if (typeof maximum === "number") json.maxLength = maximum;
	if (format) {
		json.format = formatMap[format] ?? format;
		if (json.format === "") delete json.format;
		if (format === "time" || laxFormat) delete json.format;
	}
	if (contentEncoding) json.contentEncoding = contentEncoding;
	if (patterns && patterns.size > 0) {
		const patternList = [...patterns].map(exactPattern);
		if (patternList.length === 1) json.pattern = patternList[0].source;
		else if (patternList.length > 1) json.allOf = [...patternList.map((regex) => ({
			...ctx.target === "draft-07" || ctx.target === "draft-04" || ctx.target === "openapi-3.0" ? { type: "string" } : {},
			pattern: regex.source
		}))];
	}
};
const numberProcessor = (schema, ctx, _json, params) => {
	const json = _json;
	const { minimum, maximum, multipleOf, exclusiveMaximum, exclusiveMinimum, isInt } = aggregateChecks(schema);
	json.type = isInt ? "integer" : "number";
	const exMin = typeof exclusiveMinimum === "number" && exclusiveMinimum >= (minimum ?? Number.NEGATIVE_INFINITY);
	const exMax = typeof exclusiveMaximum === "number" && exclusiveMaximum <= (maximum ?? Number.POSITIVE_INFINITY);
	const legacy = ctx.target === "draft-04" || ctx.target === "openapi-3.0";
	if (exMin) {
		if (legacy) {
			json.minimum = exclusiveMinimum;
			json.exclusiveMinimum = true;
		} else json.exclusiveMinimum = exclusiveMinimum;
	} else if (typeof minimum === "number") json.minimum = minimum;
	if (exMax) {
		if (legacy) {
			json.maximum = exclusiveMaximum;
			json.exclusiveMaximum = true;
		} else json.exclusiveMaximum = exclusiveMaximum;
	} else if (typeof maximum === "number") json.maximum = maximum;
	if (multipleOf) {
		const divisors = /* @__PURE__ */ new Set();
		for (const divisor of multipleOf) if (Number.isFinite(divisor) && divisor !== 0) divisors.add(Math.abs(divisor));
		else handleUnrepresentable(schema, ctx, json, params, `A multipleOf divisor of ${divisor} cannot be represented in JSON Schema`);
		const [first, ...rest] = divisors;
		if (first !== void 0) json.multipleOf = first;
		if (rest.length) json.allOf = [...json.allOf ?? [], ...rest.map((m) => ({ multipleOf: m }))];
	}
};
const booleanProcessor = (_schema, _ctx, json, _params) => {
	json.type = "boolean";
};
const neverProcessor = (_schema, _ctx, json, _params) => {
	json.not = {};
};
const enumProcessor = (schema, _ctx, json, _params) => {
	const def = schema._zod.def;
	const values = getEnumValues(def.entries);
	if (values.length === 0) {
		json.not = {};
		return;
	}
	if (values.every((v) => typeof v === "number")) json.type = "number";
	if (values.every((v) => typeof v === "string")) json.type = "string";
	json.enum = values;
};
const literalProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	if (def.values.length === 0) {
		json.not = {};
		return;
	}
	const vals = [];
	for (const val of def.values) if (val === void 0) {
		if (handleUnrepresentable(schema, ctx, json, params, "Literal `undefined` cannot be represented in JSON Schema")) return;
	} else if (typeof val === "bigint") {
		if (handleUnrepresentable(schema, ctx, json, params, "BigInt literals cannot be represented in JSON Schema")) return;
		vals.push(Number(val));
	} else vals.push(val);
	if (vals.length === 0) {} else if (vals.length === 1) {
		const val = vals[0];
		json.type = val === null ? "null" : typeof val;
		if (ctx.target === "draft-04" || ctx.target === "openapi-3.0") json.enum = [val];
		else json.const = val;
	} else {
		if (vals.every((v) => typeof v === "number")) json.type = "number";
		if (vals.every((v) => typeof v === "string")) json.type = "string";
		if (vals.every((v) => typeof v === "boolean")) json.type = "boolean";
		if (vals.every((v) => v === null)) json.type = "null";
		json.enum = vals;
	}
};
const customProcessor = (schema, ctx, json, params) => {
	handleUnrepresentable(schema, ctx, json, params, "Custom types cannot be represented in JSON Schema");
};
const transformProcessor = (schema, ctx, json, params) => {
	handleUnrepresentable(schema, ctx, json, params, "Transforms cannot be represented in JSON Schema");
};
const arrayProcessor = (schema, ctx, _json, params) => {
	const json = _json;
	const def = schema._zod.def;
	const { minimum, maximum } = aggregateChecks(schema);
	if (typeof minimum === "number") json.minItems = minimum;
	if (typeof maximum === "number") json.maxItems = maximum;
	json.type = "array";
	json.items = processSchema(def.element, ctx, {
		...params,
		path: [...params.path, "items"]
	});
};
function inputOptin(schema) {
	const def = schema._zod.def;
	if (def.type === "pipe" && def.in._zod.traits.has("$ZodTransform")) return inputOptin(def.out);
	if (def.type === "catch") return inputOptin(def.innerType);
	return schema._zod.optin;
}
const objectProcessor = (schema, ctx, _json, params) => {
	const json = _json;
	const def = schema._zod.def;
	const shape = def.shape;
	if (Object.getOwnPropertySymbols(shape).length && handleUnrepresentable(schema, ctx, json, params, "Symbol keys cannot be represented in JSON Schema")) return;
	json.type = "object";
	json.properties = {};
	for (const key in shape) assignProp(json.properties, key, processSchema(shape[key], ctx, {
		...params,
		path: [
			...params.path,
			"properties",
			key
		]
	}));
	const requiredKeys = [];
	for (const key of Object.keys(shape)) {
		const field = def.shape[key];
		if (ctx.io === "input" ? inputOptin(field) === void 0 : field._zod.optout === void 0) requiredKeys.push(key);
	}
	if (requiredKeys.length > 0) json.required = requiredKeys;
	if (def.catchall?._zod.def.type === "never") json.additionalProperties = false;
	else if (!def.catchall) {
		if (ctx.io === "output") json.additionalProperties = false;
	} else if (def.catchall) json.additionalProperties = processSchema(def.catchall, ctx, {
		...params,
		path: [...params.path, "additionalProperties"]
	});
};
const unionProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	const isExclusive = def.inclusive === false;
	const options = def.options.map((x, i) => processSchema(x, ctx, {
		...params,
		path: [
			...params.path,
			isExclusive ? "oneOf" : "anyOf",
			i
		]
	}));
	if (isExclusive) json.oneOf = options;
	else json.anyOf = options;
};
const intersectionProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	const a = processSchema(def.left, ctx, {
		...params,
		path: [
			...params.path,
			"allOf",
			0
		]
	});
	const b = processSchema(def.right, ctx, {
		...params,
		path: [
			...params.path,
			"allOf",
			1
		]
	});
	const isSimpleIntersection = (val) => "allOf" in val && Object.keys(val).length === 1;
	const allOf = [...isSimpleIntersection(a) ? a.allOf : [a], ...isSimpleIntersection(b) ? b.allOf : [b]];
	json.allOf = allOf;
	ctx.intersections.push(allOf);
};
function stringifyKeyNames(bySchema, json, visited) {
	if (json.$ref) {
		if (visited.has(json)) return json;
		visited.add(json);
		const def = bySchema.get(json)?.def;
		if (!def) return json;
		const inlined = stringifyKeyNames(bySchema, def, visited);
		return inlined === def ? json : inlined;
	}
	for (const keyword of ["anyOf", "oneOf"]) {
		const branches = json[keyword];
		if (!Array.isArray(branches)) continue;
		const mapped = branches.map((branch) => stringifyKeyNames(bySchema, branch, visited));
		if (mapped.some((branch, i) => branch !== branches[i])) json = {
			...json,
			[keyword]: mapped
		};
	}
	const types = Array.isArray(json.type) ? json.type : [json.type];
	const numericType = !types.includes("string") && types.some((t) => t === "number" || t === "integer");
	const values = json.enum ?? (json.const !== void 0 ? [json.const] : void 0);
	if (!numericType && !values?.some((v) => typeof v === "number")) return json;
	const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format, id, ...rest } = json;
	if (rest.enum) rest.enum = rest.enum.map((v) => typeof v === "number" ? String(v) : v);
	else if (typeof rest.const === "number") rest.const = String(rest.const);
	if (!numericType) return rest;
	rest.type = "string";
	if (!values) rest.pattern = (types.includes("number") ? number : integer).source;
	return rest;
}
const pendingRecords = /* @__PURE__ */ new WeakMap();
function rewriteKeyNames(ctx) {
	const bySchema = /* @__PURE__ */ new Map();
	for (const entry of ctx.seen.values()) if (entry.def && !bySchema.has(entry.schema)) bySchema.set(entry.schema, entry);
	const rewrites = /* @__PURE__ */ new Map();
	for (const record of pendingRecords.get(ctx) ?? []) {
		const seen = ctx.seen.get(record);
		const names = (seen?.def ?? seen?.schema)?.propertyNames;
		if (!names || names === true || rewrites.has(names)) continue;
		const rewritten = stringifyKeyNames(bySchema, names, /* @__PURE__ */ new Set());
		if (rewritten !== names) rewrites.set(names, rewritten);
	}
	if (!rewrites.size) return;
	for (const entry of ctx.seen.values()) for (const carrier of [entry.schema, entry.def]) {
		const rewritten = carrier && rewrites.get(carrier.propertyNames);
		if (rewritten) carrier.propertyNames = rewritten;
	}
}
const recordProcessor = (schema, ctx, _json, params) => {
	const json = _json;
	const def = schema._zod.def;
	json.type = "object";
	const keyType = def.keyType;
	const patterns = aggregateChecks(keyType).patterns;
	if (def.mode === "loose" && patterns && patterns.size > 0) {
		const valueSchema = processSchema(def.valueType, ctx, {
			...params,
			path: [
				...params.path,
				"patternProperties",
				"*"
			]
		});
		json.patternProperties = {};
		for (const pattern of patterns) assignProp(json.patternProperties, exactPattern(pattern).source, valueSchema);
	} else {
		if (ctx.target === "draft-07" || ctx.target === "draft-2020-12") {
			json.propertyNames = processSchema(def.keyType, ctx, {
				...params,
				path: [...params.path, "propertyNames"]
			});
			let pending = pendingRecords.get(ctx);
			if (!pending) {
				pending = [];
				pendingRecords.set(ctx, pending);
				ctx.deferred.push(() => rewriteKeyNames(ctx));
			}
			pending.push(schema);
		}
		json.additionalProperties = processSchema(def.valueType, ctx, {
			...params,
			path: [...params.path, "additionalProperties"]
		});
	}
	const keyValues = keyType._zod.values;
	const omittableOnInput = ctx.io === "input" && inputOptin(def.valueType) !== void 0;
	if (keyValues && !def.partial && !omittableOnInput) {
		const validKeyValues = [...keyValues].filter((v) => typeof v === "string" || typeof v === "number");
		if (validKeyValues.length > 0) json.required = validKeyValues.map(String);
	}
};
const nullableProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	const inner = processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	if (ctx.target === "openapi-3.0") {
		seen.ref = def.innerType;
		json.nullable = true;
	} else json.anyOf = [inner, { type: "null" }];
};
const nonoptionalProcessor = (schema, ctx, _json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
};
const UNREPRESENTABLE_DEFAULT = Symbol();
function serializeDefaultValue(value, schema, ctx, json, params) {
	let unrepresentable = false;
	const serialized = JSON.stringify(value, (_, val) => {
		if (typeof val !== "bigint") return val;
		unrepresentable = true;
		return null;
	});
	if (!unrepresentable) return JSON.parse(serialized);
	handleUnrepresentable(schema, ctx, json, params, "BigInt defaults cannot be represented in JSON Schema");
	return UNREPRESENTABLE_DEFAULT;
}
const defaultProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
	const value = serializeDefaultValue(def.defaultValue, schema, ctx, json, params);
	if (value !== UNREPRESENTABLE_DEFAULT) json.default = value;
};
const prefaultProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
	if (ctx.io !== "input") return;
	const value = serializeDefaultValue(def.defaultValue, schema, ctx, json, params);
	if (value !== UNREPRESENTABLE_DEFAULT) json._prefault = value;
};
const catchProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
	let catchValue;
	try {
		catchValue = def.catchValue(void 0);
	} catch {
		handleUnrepresentable(schema, ctx, json, params, "Dynamic catch values are not supported in JSON Schema");
		return;
	}
	json.default = catchValue;
};
const pipeProcessor = (schema, ctx, _json, params) => {
	const def = schema._zod.def;
	const inIsTransform = def.in._zod.traits.has("$ZodTransform");
	const innerType = ctx.io === "input" ? inIsTransform ? def.out : def.in : def.out;
	processSchema(innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = innerType;
};
const readonlyProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
	json.readOnly = true;
};
const optionalProcessor = (schema, ctx, _json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
};
// node_modules/zod/v4/classic/errors.js
const _installedErrorProtos = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
function _lazyMethod(proto, key, make) {
	Object.defineProperty(proto, key, {
		configurable: true,
		enumerable: false,
		get() {
			const value = make(this);
			Object.defineProperty(this, key, {
				value,
				configurable: true,
				writable: true
			});
			return value;
		},
		set(value) {
			Object.defineProperty(this, key, {
				value,
				configurable: true,
				writable: true
			});
		}
	});
}
const initializer = (inst, issues) => {
	$ZodError.init(inst, issues);
	inst.name = "ZodError";
	const proto = Object.getPrototypeOf(inst);
	if (_installedErrorProtos.has(proto)) return;
	_installedErrorProtos.add(proto);
	_lazyMethod(proto, "format", (self) => (mapper) => formatError(self, mapper));
	_lazyMethod(proto, "flatten", (self) => (mapper) => flattenError(self, mapper));
	_lazyMethod(proto, "addIssue", (self) => (issue) => {
		self.issues.push(issue);
		self.message = JSON.stringify(self.issues, jsonStringifyReplacer, 2);
	});
	_lazyMethod(proto, "addIssues", (self) => (issues) => {
		self.issues.push(...issues);
		self.message = JSON.stringify(self.issues, jsonStringifyReplacer, 2);
	});
	Object.defineProperty(proto, "isEmpty", {
		configurable: true,
		enumerable: false,
		get() {
			return this.issues.length === 0;
		}
	});
};
const ZodRealError = /*@__PURE__*/ $constructor("ZodError", initializer, void 0, { Parent: Error });
// node_modules/zod/v4/classic/parse.js
const parse = /* @__PURE__ */ _parse(ZodRealError);
const parseAsync = /* @__PURE__ */ _parseAsync(ZodRealError);
const safeParse = /* @__PURE__ */ _safeParse(ZodRealError);
const safeParseAsync = /* @__PURE__ */ _safeParseAsync(ZodRealError);
const encode = /* @__PURE__ */ _encode(ZodRealError);
const decode = /* @__PURE__ */ _decode(ZodRealError);
const encodeAsync = /* @__PURE__ */ _encodeAsync(ZodRealError);
const decodeAsync = /* @__PURE__ */ _decodeAsync(ZodRealError);
const safeEncode = /* @__PURE__ */ _safeEncode(ZodRealError);
const safeDecode = /* @__PURE__ */ _safeDecode(ZodRealError);
const safeEncodeAsync = /* @__PURE__ */ _safeEncodeAsync(ZodRealError);
const safeDecodeAsync = /* @__PURE__ */ _safeDecodeAsync(ZodRealError);
// node_modules/zod/v4/classic/schemas.js
function _ensureDefaultLocale() {
	if (!globalConfig.localeError) config(en_default());
}
function _ensureDefaultMemoizer() {
	if (!globalConfig.memoizer) config({ memoizer: memoizer() });
}
const ZodType = /*@__PURE__*/ $constructor("ZodType", (inst, def) => {
	_ensureDefaultLocale();
	$ZodType.init(inst, def);
	inst.def = def;
	inst.type = def.type;
	return inst;
}, {
	check(...chks) {
		const def = this.def;
		return this.clone(mergeDefs(def, { checks: [...def.checks ?? [], ...chks.map((ch) => typeof ch === "function" ? { _zod: {
			check: ch,
			def: { check: "custom" },
			onattach: []
		} } : ch)] }), { parent: true });
	},
	with(...chks) {
		return this.check(...chks);
	},
	clone(def, params) {
		return clone(this, def, params);
	},
	brand() {
		return this;
	},
	register(reg, meta) {
		reg.add(this, meta);
		return this;
	},
	refine(check, params) {
		return this.check(refine(check, params));
	},
	superRefine(refinement, params) {
		return this.check(superRefine(refinement, params));
	},
	overwrite(fn) {
		return this.check(/* @__PURE__ */ _overwrite(fn));
	},
	optional() {
		return optional(this);
	},
	exactOptional() {
		return exactOptional(this);
	},
	nullable() {
		return nullable(this);
	},
	nullish() {
		return optional(nullable(this));
	},
	nonoptional(params) {
		return nonoptional(this, params);
	},
	array() {
		return array(this);
	},
	or(arg) {
		return union([this, arg]);
	},
	and(arg) {
		return intersection(this, arg);
	},
	transform(tx) {
		return pipe(this, transform(tx));
	},
	default(d) {
		return _default(this, d);
	},
	prefault(d) {
		return prefault(this, d);
	},
	catch(params) {
		return _catch(this, params);
	},
	pipe(target) {
		return pipe(this, target);
	},
	readonly() {
		return readonly(this);
	},
	describe(description) {
		const cl = this.clone();
		globalRegistry.add(cl, { description });
		return cl;
	},
	meta(...args) {
		if (args.length === 0) return globalRegistry.get(this);
		const cl = this.clone();
		globalRegistry.add(cl, args[0]);
		return cl;
	},
	isOptional() {
		return this.safeParse(void 0).success;
	},
	isNullable() {
		return this.safeParse(null).success;
	},
	apply(fn, ...args) {
		return args.length === 0 ? fn(this) : fn(this, ...args);
	},
	get "~standard"() {
		return hide(this, "~standard", {
			...standardProps(this),
			jsonSchema: {
				input: createStandardJSONSchemaMethod(this, "input"),
				output: createStandardJSONSchemaMethod(this, "output")
			}
		});
	},
	set "~standard"(value) {
		own(this, "~standard", value);
	},
	parse: function _parse(data, params) {
		return parse(this, data, params, { callee: _parse });
	},
	parseAsync: async function _parseAsync(data, params) {
		return await parseAsync(this, data, params, { callee: _parseAsync });
	},
	safeParse(data, params) {
		return safeParse(this, data, params);
	},
	async safeParseAsync(data, params) {
		return safeParseAsync(this, data, params);
	},
	get spa() {
		return this?.safeParseAsync;
	},
	set spa(value) {
		own(this, "spa", value);
	},
	validate(data, params) {
		return validate(this, data, params);
	},
	validateAsync(data, params) {
		return validateAsync$1(this, data, params);
	},
	encode: function _encode(data, params) {
		return encode(this, data, params, { callee: _encode });
	},
	decode: function _decode(data, params) {
		return decode(this, data, params, { callee: _decode });
	},
	encodeAsync: async function _encodeAsync(data, params) {
		return await encodeAsync(this, data, params, { callee: _encodeAsync });
	},
	decodeAsync: async function _decodeAsync(data, params) {
		return await decodeAsync(this, data, params, { callee: _decodeAsync });
	},
	safeEncode(data, params) {
		return safeEncode(this, data, params);
	},
	safeDecode(data, params) {
		return safeDecode(this, data, params);
	},
	async safeEncodeAsync(data, params) {
		return safeEncodeAsync(this, data, params);
	},
	async safeDecodeAsync(data, params) {
		return safeDecodeAsync(this, data, params);
	},
	toJSONSchema(params) {
		return createToJSONSchemaMethod(this, {})(params);
	},
	get description() {
		return globalRegistry.get(this)?.description;
	},
	get _def() {
		return this._zod.def;
	}
});
const _ZodString = /*@__PURE__*/ $constructor("_ZodString", (inst, def) => {
	$ZodString.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => stringProcessor(inst, ctx, json, params);
}, /*@__PURE__*/ derived({
	format: (inst) => aggregateChecks(inst).format ?? null,
	minLength: (inst) => aggregateChecks(inst).minimum ?? null,
	maxLength: (inst) => aggregateChecks(inst).maximum ?? null
}, {
	regex(...args) {
		return this.check(/* @__PURE__ */ _regex(...args));
	},
	includes(...args) {
		return this.check(/* @__PURE__ */ _includes(...args));
	},
	startsWith(...args) {
		return this.check(/* @__PURE__ */ _startsWith(...args));
	},
	endsWith(...args) {
		return this.check(/* @__PURE__ */ _endsWith(...args));
	},
	min(...args) {
		return this.check(/* @__PURE__ */ _minLength(...args));
	},
	max(...args) {
		return this.check(/* @__PURE__ */ _maxLength(...args));
	},
	length(...args) {
		return this.check(/* @__PURE__ */ _length(...args));
	},
	nonempty(...args) {
		return this.check(/* @__PURE__ */ _minLength(1, ...args));
	},
	lowercase(params) {
		return this.check(/* @__PURE__ */ _lowercase(params));
	},
	uppercase(params) {
		return this.check(/* @__PURE__ */ _uppercase(params));
	},
	trim() {
		return this.check(/* @__PURE__ */ _trim());
	},
	normalize(...args) {
		return this.check(/* @__PURE__ */ _normalize(...args));
	},
	toLowerCase() {
		return this.check(/* @__PURE__ */ _toLowerCase());
	},
	toUpperCase() {
		return this.check(/* @__PURE__ */ _toUpperCase());
	},
	slugify() {
		return this.check(/* @__PURE__ */ _slugify());
	}
}));
const ZodString = /*@__PURE__*/ $constructor("ZodString", (inst, def) => {
	$ZodString.init(inst, def);
	_ZodString.init(inst, def);
}, {
	email(params) {
		return this.check(/* @__PURE__ */ _email(ZodEmail, params));
	},
	url(params) {
		return this.check(/* @__PURE__ */ _url(ZodURL, params));
	},
	jwt(params) {
		return this.check(/* @__PURE__ */ _jwt(ZodJWT, params));
	},
	emoji(params) {
		return this.check(/* @__PURE__ */ _emoji(ZodEmoji, params));
	},
	guid(params) {
		return this.check(/* @__PURE__ */ _guid(ZodGUID, params));
	},
	uuid(params) {
		return this.check(/* @__PURE__ */ _uuid(ZodUUID, params));
	},
	uuidv4(params) {
		return this.check(/* @__PURE__ */ _uuidv4(ZodUUID, params));
	},
	uuidv6(params) {
		return this.check(/* @__PURE__ */ _uuidv6(ZodUUID, params));
	},
	uuidv7(params) {
		return this.check(/* @__PURE__ */ _uuidv7(ZodUUID, params));
	},
	nanoid(params) {
		return this.check(/* @__PURE__ */ _nanoid(ZodNanoID, params));
	},
	cuid(params) {
		return this.check(/* @__PURE__ */ _cuid(ZodCUID, params));
	},
	cuid2(params) {
		return this.check(/* @__PURE__ */ _cuid2(ZodCUID2, params));
	},
	ulid(params) {
		return this.check(/* @__PURE__ */ _ulid(ZodULID, params));
	},
	base64(params) {
		return this.check(/* @__PURE__ */ _base64(ZodBase64, params));
	},
	base64url(params) {
		return this.check(/* @__PURE__ */ _base64url(ZodBase64URL, params));
	},
	xid(params) {
		return this.check(/* @__PURE__ */ _xid(ZodXID, params));
	},
	ksuid(params) {
		return this.check(/* @__PURE__ */ _ksuid(ZodKSUID, params));
	},
	ipv4(params) {
		return this.check(/* @__PURE__ */ _ipv4(ZodIPv4, params));
	},
	ipv6(params) {
		return this.check(/* @__PURE__ */ _ipv6(ZodIPv6, params));
	},
	cidrv4(params) {
		return this.check(/* @__PURE__ */ _cidrv4(ZodCIDRv4, params));
	},
	cidrv6(params) {
		return this.check(/* @__PURE__ */ _cidrv6(ZodCIDRv6, params));
	},
	e164(params) {
		return this.check(/* @__PURE__ */ _e164(ZodE164, params));
	},
	datetime(params) {
		return this.check(/* @__PURE__ */ _isoDateTime(ZodISODateTime, params));
	},
	date(params) {
		return this.check(/* @__PURE__ */ _isoDate(ZodISODate, params));
	},
	time(params) {
		return this.check(/* @__PURE__ */ _isoTime(ZodISOTime, params));
	},
	duration(params) {
		return this.check(/* @__PURE__ */ _isoDuration(ZodISODuration, params));
	}
});
function string(params) {
	return /* @__PURE__ */ _string(ZodString, params);
}
const ZodStringFormat = /*@__PURE__*/ $constructor("ZodStringFormat", (inst, def) => {
	$ZodStringFormat.init(inst, def);
	_ZodString.init(inst, def);
});
const ZodISODateTime = /*@__PURE__*/ $constructor("ZodISODateTime", (inst, def) => {
	$ZodISODateTime.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodISODate = /*@__PURE__*/ $constructor("ZodISODate", (inst, def) => {
	$ZodISODate.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodISOTime = /*@__PURE__*/ $constructor("ZodISOTime", (inst, def) => {
	$ZodISOTime.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodISODuration = /*@__PURE__*/ $constructor("ZodISODuration", (inst, def) => {
	$ZodISODuration.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodEmail = /*@__PURE__*/ $constructor("ZodEmail", (inst, def) => {
	$ZodEmail.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodGUID = /*@__PURE__*/ $constructor("ZodGUID", (inst, def) => {
	$ZodGUID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodUUID = /*@__PURE__*/ $constructor("ZodUUID", (inst, def) => {
	$ZodUUID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodURL = /*@__PURE__*/ $constructor("ZodURL", (inst, def) => {
	$ZodURL.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodEmoji = /*@__PURE__*/ $constructor("ZodEmoji", (inst, def) => {
	$ZodEmoji.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodNanoID = /*@__PURE__*/ $constructor("ZodNanoID", (inst, def) => {
	$ZodNanoID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodCUID = /*@__PURE__*/ $constructor("ZodCUID", (inst, def) => {
	$ZodCUID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodCUID2 = /*@__PURE__*/ $constructor("ZodCUID2", (inst, def) => {
	$ZodCUID2.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodULID = /*@__PURE__*/ $constructor("ZodULID", (inst, def) => {
	$ZodULID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodXID = /*@__PURE__*/ $constructor("ZodXID", (inst, def) => {
	$ZodXID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodKSUID = /*@__PURE__*/ $constructor("ZodKSUID", (inst, def) => {
	$ZodKSUID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodIPv4 = /*@__PURE__*/ $constructor("ZodIPv4", (inst, def) => {
	$ZodIPv4.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodIPv6 = /*@__PURE__*/ $constructor("ZodIPv6", (inst, def) => {
	$ZodIPv6.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodCIDRv4 = /*@__PURE__*/ $constructor("ZodCIDRv4", (inst, def) => {
	$ZodCIDRv4.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodCIDRv6 = /*@__PURE__*/ $constructor("ZodCIDRv6", (inst, def) => {
	$ZodCIDRv6.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodBase64 = /*@__PURE__*/ $constructor("ZodBase64", (inst, def) => {
	$ZodBase64.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodBase64URL = /*@__PURE__*/ $constructor("ZodBase64URL", (inst, def) => {
	$ZodBase64URL.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodE164 = /*@__PURE__*/ $constructor("ZodE164", (inst, def) => {
	$ZodE164.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodJWT = /*@__PURE__*/ $constructor("ZodJWT", (inst, def) => {
	$ZodJWT.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodNumber = /*@__PURE__*/ $constructor("ZodNumber", (inst, def) => {
	$ZodNumber.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => numberProcessor(inst, ctx, json, params);
	inst.isFinite = true;
}, /*@__PURE__*/ derived({
	minValue: (inst) => {
		const { minimum, exclusiveMinimum } = aggregateChecks(inst);
		return Math.max(minimum ?? Number.NEGATIVE_INFINITY, exclusiveMinimum ?? Number.NEGATIVE_INFINITY);
	},
	maxValue: (inst) => {
		const { maximum, exclusiveMaximum } = aggregateChecks(inst);
		return Math.min(maximum ?? Number.POSITIVE_INFINITY, exclusiveMaximum ?? Number.POSITIVE_INFINITY);
	},
	isInt: (inst) => {
		const { isInt, multipleOf } = aggregateChecks(inst);
		return !!isInt || !!multipleOf?.some(Number.isSafeInteger);
	},
	format: (inst) => aggregateChecks(inst).format ?? null
}, {
	gt(value, params) {
		return this.check(/* @__PURE__ */ _gt(value, params));
	},
	gte(value, params) {
		return this.check(/* @__PURE__ */ _gte(value, params));
	},
	min(value, params) {
		return this.check(/* @__PURE__ */ _gte(value, params));
	},
	lt(value, params) {
		return this.check(/* @__PURE__ */ _lt(value, params));
	},
	lte(value, params) {
		return this.check(/* @__PURE__ */ _lte(value, params));
	},
	max(value, params) {
		return this.check(/* @__PURE__ */ _lte(value, params));
	},
	int(params) {
		return this.check(int(params));
	},
	safe(params) {
		return this.check(int(params));
	},
	positive(params) {
		return this.check(/* @__PURE__ */ _gt(0, params));
	},
	nonnegative(params) {
		return this.check(/* @__PURE__ */ _gte(0, params));
	},
	negative(params) {
		return this.check(/* @__PURE__ */ _lt(0, params));
	},
	nonpositive(params) {
		return this.check(/* @__PURE__ */ _lte(0, params));
	},
	multipleOf(value, params) {
		return this.check(/* @__PURE__ */ _multipleOf(value, params));
	},
	step(value, params) {
		return this.check(/* @__PURE__ */ _multipleOf(value, params));
	},
	finite() {
		return this;
	}
}));
const ZodNumberFormat = /*@__PURE__*/ $constructor("ZodNumberFormat", (inst, def) => {
	$ZodNumberFormat.init(inst, def);
	ZodNumber.init(inst, def);
});
function int(params) {
	return /* @__PURE__ */ _int(ZodNumberFormat, params);
}
const ZodBoolean = /*@__PURE__*/ $constructor("ZodBoolean", (inst, def) => {
	$ZodBoolean.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => booleanProcessor(inst, ctx, json, params);
});
function boolean(params) {
	return /* @__PURE__ */ _boolean(ZodBoolean, params);
}
const ZodUnknown = /*@__PURE__*/ $constructor("ZodUnknown", (inst, def) => {
	$ZodUnknown.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => void 0;
});
function unknown() {
	return /* @__PURE__ */ _unknown(ZodUnknown);
}
const ZodNever = /*@__PURE__*/ $constructor("ZodNever", (inst, def) => {
	$ZodNever.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => neverProcessor(inst, ctx, json, params);
});
function never(params) {
	return /* @__PURE__ */ _never(ZodNever, params);
}
const ZodArray = /*@__PURE__*/ $constructor("ZodArray", (inst, def) => {
	_ensureDefaultMemoizer();
	$ZodArray.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => arrayProcessor(inst, ctx, json, params);
	inst.element = def.element;
}, {
	min(n, params) {
		return this.check(/* @__PURE__ */ _minLength(n, params));
	},
	nonempty(params) {
		return this.check(/* @__PURE__ */ _minLength(1, params));
	},
	max(n, params) {
		return this.check(/* @__PURE__ */ _maxLength(n, params));
	},
	length(n, params) {
		return this.check(/* @__PURE__ */ _length(n, params));
	},
	unwrap() {
		return this.element;
	}
});
function array(element, params) {
	return /* @__PURE__ */ _array(ZodArray, element, params);
}
const ZodObject = /*@__PURE__*/ $constructor("ZodObject", (inst, def) => {
	_ensureDefaultMemoizer();
	$ZodObjectJIT.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => objectProcessor(inst, ctx, json, params);
	installLazyProp(inst, "shape", (self) => self._zod.def.shape, false);
}, {
	keyof() {
		return _enum(Object.keys(this._zod.def.shape));
	},
	catchall(catchall) {
		return this.clone(mergeDefs(this._zod.def, { catchall }));
	},
	passthrough() {
		return this.clone(mergeDefs(this._zod.def, { catchall: unknown() }));
	},
	loose() {
		return this.clone(mergeDefs(this._zod.def, { catchall: unknown() }));
	},
	strict() {
		return this.clone(mergeDefs(this._zod.def, { catchall: never() }));
	},
	strip() {
		return this.clone(mergeDefs(this._zod.def, { catchall: void 0 }));
	},
	extend(incoming) {
		return extend(this, incoming);
	},
	safeExtend(incoming) {
		return safeExtend(this, incoming);
	},
	merge(other) {
		return merge(this, other);
	},
	pick(mask) {
		return pick(this, mask);
	},
	omit(mask) {
		return omit(this, mask);
	},
	partial(...args) {
		return partial(ZodOptional, this, args[0]);
	},
	exactPartial(...args) {
		return partial(ZodExactOptional, this, args[0], "exactPartial");
	},
	required(...args) {
		return required(ZodNonOptional, this, args[0]);
	}
});
function object(shape, params) {
	const def = {
		type: "object",
		shape: shape ?? {},
		...normalizeParams(params)
	};
	return new ZodObject(def);
}
function strictObject(shape, params) {
	return new ZodObject({
		type: "object",
		shape,
		catchall: never(),
		...normalizeParams(params)
	});
}
const ZodUnion = /*@__PURE__*/ $constructor("ZodUnion", (inst, def) => {
	$ZodUnion.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => unionProcessor(inst, ctx, json, params);
	inst.options = def.options;
});
function union(options, params) {
	return new ZodUnion({
		type: "union",
		options,
		...normalizeParams(params)
	});
}
const ZodIntersection = /*@__PURE__*/ $constructor("ZodIntersection", (inst, def) => {
	$ZodIntersection.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => intersectionProcessor(inst, ctx, json, params);
});
function intersection(left, right) {
	return new ZodIntersection({
		type: "intersection",
		left,
		right
	});
}
const ZodRecord = /*@__PURE__*/ $constructor("ZodRecord", (inst, def) => {
	_ensureDefaultMemoizer();
	$ZodRecord.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => recordProcessor(inst, ctx, json, params);
	inst.keyType = def.keyType;
	inst.valueType = def.valueType;
});
function record(keyType, valueType, params) {
	if (!valueType || !valueType._zod) return new ZodRecord({
		type: "record",
		keyType: string(),
		valueType: keyType,
		...normalizeParams(valueType)
	});
	return new ZodRecord({
		type: "record",
		keyType,
		valueType,
		...normalizeParams(params)
	});
}
const ZodEnum = /*@__PURE__*/ $constructor("ZodEnum", (inst, def) => {
	$ZodEnum.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => enumProcessor(inst, ctx, json, params);
	inst.enum = def.entries;
	inst.options = [...inst._zod.values];
	const keys = new Set(Object.keys(def.entries));
	inst.extract = (values, params) => {
		const newEntries = {};
		for (const value of values) if (keys.has(value)) newEntries[value] = def.entries[value];
		else throw new Error(`Key ${value} not found in enum`);
		return new ZodEnum({
			...def,
			checks: [],
			...normalizeParams(params),
			entries: newEntries
		});
	};
	inst.exclude = (values, params) => {
		const newEntries = { ...def.entries };
		for (const value of values) if (keys.has(value)) delete newEntries[value];
		else throw new Error(`Key ${value} not found in enum`);
		return new ZodEnum({
			...def,
			checks: [],
			...normalizeParams(params),
			entries: newEntries
		});
	};
});
function _enum(values, params) {
	const entries = Array.isArray(values) ? Object.fromEntries(values.map((v) => [v, v])) : values;
	return new ZodEnum({
		type: "enum",
		entries,
		...normalizeParams(params)
	});
}
const ZodLiteral = /*@__PURE__*/ $constructor("ZodLiteral", (inst, def) => {
	$ZodLiteral.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => literalProcessor(inst, ctx, json, params);
	inst.values = new Set(def.values);
	Object.defineProperty(inst, "value", { get() {
		if (def.values.length > 1) throw new Error("This schema contains multiple valid literal values. Use `.values` instead.");
		return def.values[0];
	} });
});
function literal(value, params) {
	return new ZodLiteral({
		type: "literal",
		values: Array.isArray(value) ? value : [value],
		...normalizeParams(params)
	});
}
const ZodTransform = /*@__PURE__*/ $constructor("ZodTransform", (inst, def) => {
	_ensureDefaultMemoizer();
	$ZodTransform.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => transformProcessor(inst, ctx, json, params);
	inst._zod.parse = (payload, _ctx) => {
		if (_ctx.direction === "backward") throw new $ZodEncodeError(inst.constructor.name);
		payload.addIssue = (issue$1) => {
			if (typeof issue$1 === "string") payload.issues.push(issue(issue$1, payload.value, def));
			else {
				const _issue = issue$1;
				if (_issue.fatal) _issue.continue = false;
				_issue.code ?? (_issue.code = "custom");
				if (!("input" in _issue)) _issue.input = payload.value;
				_issue.inst ?? (_issue.inst = inst);
				payload.issues.push(issue(_issue));
			}
		};
		const output = def.transform(payload.value, payload);
		if (output instanceof Promise) return output.then((output) => {
			payload.value = output;
			return payload;
		});
		payload.value = output;
		return payload;
	};
});
function transform(fn) {
	return new ZodTransform({
		type: "transform",
		transform: fn
	});
}
const ZodOptional = /*@__PURE__*/ $constructor("ZodOptional", (inst, def) => {
	$ZodOptional.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => optionalProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function optional(innerType) {
	return new ZodOptional({
		type: "optional",
		innerType
	});
}
const ZodExactOptional = /*@__PURE__*/ $constructor("ZodExactOptional", (inst, def) => {
	$ZodExactOptional.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => optionalProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function exactOptional(innerType) {
	return new ZodExactOptional({
		type: "optional",
		innerType
	});
}
const ZodNullable = /*@__PURE__*/ $constructor("ZodNullable", (inst, def) => {
	$ZodNullable.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => nullableProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function nullable(innerType) {
	return new ZodNullable({
		type: "nullable",
		innerType
	});
}
const ZodDefault = /*@__PURE__*/ $constructor("ZodDefault", (inst, def) => {
	$ZodDefault.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => defaultProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
	inst.removeDefault = inst.unwrap;
});
function _default(innerType, defaultValue) {
	return new ZodDefault({
		type: "default",
		innerType,
		get defaultValue() {
			return typeof defaultValue === "function" ? defaultValue() : shallowClone(defaultValue);
		}
	});
}
const ZodPrefault = /*@__PURE__*/ $constructor("ZodPrefault", (inst, def) => {
	$ZodPrefault.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => prefaultProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function prefault(innerType, defaultValue) {
	return new ZodPrefault({
		type: "prefault",
		innerType,
		get defaultValue() {
			return typeof defaultValue === "function" ? defaultValue() : shallowClone(defaultValue);
		}
	});
}
const ZodNonOptional = /*@__PURE__*/ $constructor("ZodNonOptional", (inst, def) => {
	$ZodNonOptional.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => nonoptionalProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function nonoptional(innerType, params) {
	return new ZodNonOptional({
		type: "nonoptional",
		innerType,
		...normalizeParams(params)
	});
}
const ZodCatch = /*@__PURE__*/ $constructor("ZodCatch", (inst, def) => {
	$ZodCatch.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => catchProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
	inst.removeCatch = inst.unwrap;
});
function _catch(innerType, catchValue) {
	return new ZodCatch({
		type: "catch",
		innerType,
		catchValue: typeof catchValue === "function" ? catchValue : constantCatch(catchValue)
	});
}
const ZodPipe = /*@__PURE__*/ $constructor("ZodPipe", (inst, def) => {
	$ZodPipe.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => pipeProcessor(inst, ctx, json, params);
	inst.in = def.in;
	inst.out = def.out;
});
function pipe(in_, out) {
	return new ZodPipe({
		type: "pipe",
		in: in_,
		out
	});
}
const ZodReadonly = /*@__PURE__*/ $constructor("ZodReadonly", (inst, def) => {
	$ZodReadonly.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => readonlyProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function readonly(innerType) {
	return new ZodReadonly({
		type: "readonly",
		innerType
	});
}
const ZodCustom = /*@__PURE__*/ $constructor("ZodCustom", (inst, def) => {
	$ZodCustom.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => customProcessor(inst, ctx, json, params);
});
function refine(fn, _params = {}) {
	return /* @__PURE__ */ _refine(ZodCustom, fn, _params);
}
function superRefine(fn, params) {
	return /* @__PURE__ */ _superRefine(fn, params);
}
// node_modules/zod/v4/classic/iso.js
function datetime(params) {
	return /* @__PURE__ */ _isoDateTime(ZodISODateTime, params);
}
// src/stages/backup/manifest.ts
const backupTiers = [
	"checksum",
	"decoded",
	"restored",
	"compared"
];
const sha256 = string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in hexadecimal digits");
const fileName = string().regex(/^[^/\\\0]+$/, "a file name without a folder").refine((name) => !/^\.+$/.test(name));
const count = int().nonnegative();
const tableSchema = object({
	schema: string(),
	name: string(),
	rows: count.nullable().describe("exact, in the same snapshot as the dump; null where it was not counted"),
	notCounted: string().optional().describe("why `rows` is null")
}).readonly();
const manifestSchema = object({
	manifestVersion: literal(1),
	name: string(),
	airlock: string().describe("the version that made the backup"),
	strategy: literal("pg_dump"),
	tier: _enum(backupTiers).describe("how far the backup was proven"),
	notChecked: array(string()).readonly(),
	startedAt: datetime(),
	finishedAt: datetime(),
	source: object({
		host: string(),
		port: int(),
		database: string(),
		user: string(),
		serverVersion: string(),
		serverMajor: int(),
		systemIdentifier: string().nullable().describe("null where the role may not read it"),
		owner: string(),
		encoding: string(),
		localeProvider: _enum([
			"libc",
			"icu",
			"builtin"
		]),
		collate: string(),
		characterType: string(),
		locale: string().nullable().describe("of the providers icu and builtin"),
		bytes: count.describe("size of the database at the time")
	}).readonly(),
	client: object({
		version: string(),
		major: int()
	}).readonly(),
	files: array(object({
		name: fileName,
		bytes: count,
		sha256
	}).readonly()).length(1).readonly(),
	migrations: object({
		head: string().nullable(),
		applied: count
	}).readonly().nullable().describe("null where there is no Prisma history table"),
	tables: array(tableSchema).readonly(),
	notIncluded: array(string()).readonly(),
	restoreByHand: array(string()).readonly()
}).readonly();
function parseManifest(text, path) {
	const invalid = (why) => ({
		kind: "invalid",
		failure: {
			code: "RESTORE.MANIFEST_INVALID",
			what: `${path} is not a backup manifest that can be used.`,
			why,
			next: ["Check that `--from` names the file NAME.manifest.json beside NAME.dump, whole and unedited.", "A dump can be restored without its manifest: pg_restore --exit-on-error --dbname=NEW_DATABASE NAME.dump"]
		}
	});
	let json;
	try {
		json = JSON.parse(text);
	} catch (error) {
		return invalid(`It is not JSON: ${messageOf(error)}`);
	}
	const version = object({ manifestVersion: unknown() }).safeParse(json);
	if (version.success && version.data.manifestVersion !== 1) return invalid(`Its manifestVersion is ${JSON.stringify(version.data.manifestVersion)}; this release of Airlock reads version 1.`);
	const parsed = manifestSchema.safeParse(json);
	if (parsed.success) return {
		kind: "ok",
		manifest: parsed.data
	};
	return invalid(parsed.error.issues.map(({ path: at, message }) => `${at.join(".") || "the file"}: ${message}`).join("\n"));
}
// src/stages/restore/read-backup.ts
async function readBackup(manifestPath) {
	const parsed = parseManifest(await readManifest(manifestPath), manifestPath);
	if (parsed.kind === "invalid") throw new FailureError(parsed.failure);
	const [file] = parsed.manifest.files;
	if (file === void 0) throw new Error("The manifest schema asks for exactly one file");
	const dumpPath = join(dirname(manifestPath), file.name);
	const found = await stat(dumpPath).catch(() => void 0);
	if (found === void 0) throw mismatch(manifestPath, `${dumpPath} is not there or cannot be read.`);
	if (found.size !== file.bytes) throw mismatch(manifestPath, `${dumpPath} has ${found.size} bytes; the manifest says ${file.bytes}.`);
	const { sha256 } = await readWhole(dumpPath);
	if (sha256 !== file.sha256) throw mismatch(manifestPath, `${dumpPath} has the SHA-256 ${sha256}; the manifest says ${file.sha256}.`);
	return {
		manifestPath,
		dumpPath,
		manifest: parsed.manifest
	};
}
async function decodeBackup(backup, client, signal) {
	const decoded = await decodeDump(client, backup.dumpPath, signal);
	if (decoded.kind === "decoded") return;
	throw fail("BACKUP.UNREADABLE", {
		what: `${backup.dumpPath} cannot be decoded, although it is the file that its manifest describes.`,
		why: decoded.because,
		next: ["Restore another backup: this one was damaged before its checksum was taken."]
	});
}
async function readManifest(path) {
	try {
		return await readFile(path, "utf8");
	} catch (thrown) {
		throw fail("RESTORE.MANIFEST_INVALID", {
			what: `${path} cannot be read.`,
			why: messageOf(thrown),
			next: ["Name the file NAME.manifest.json beside NAME.dump: --from DIR/NAME.manifest.json"]
		}, { cause: thrown });
	}
}
function mismatch(manifestPath, why) {
	return fail("RESTORE.CHECKSUM", {
		what: `The dump beside ${manifestPath} is not the one that was backed up.`,
		why: `${why} It was changed, cut or swapped since.`,
		next: ["Fetch manifest and dump again from where they are kept, or use another backup."]
	});
}
// src/stages/restore/perform.ts
async function checkBackup(request) {
	request.onProgress(`reading ${request.manifestPath}`);
	const backup = await readBackup(request.manifestPath);
	const client = clientFor(request, backup.manifest.client.major);
	request.onProgress(`decoding ${backup.dumpPath} with pg_restore ${client.version}`);
	await decodeBackup(backup, client, request.signal);
	return {
		tier: "decoded",
		notChecked: ["restored: the dump was decoded to its end but not restored into a database", "compared: no data was compared"],
		manifest: backup.manifest,
		dumpPath: backup.dumpPath
	};
}
async function restoreBackup(request) {
	const { admin, into } = request;
	const startedMs = performance.now();
	const backup = await readBackup(request.manifestPath);
	const { manifest } = backup;
	const server = await serverVersionOf(admin);
	const client = clientFor(request, Math.max(server.major, manifest.client.major));
	await createDatabase(request, manifest, server.major);
	try {
		await fill(request, backup, client, server.major);
		const counts = await compare(request, manifest);
		if (counts.differences.length > 0) throw new FailureError(countsDiffer(into, counts, dropped(into)));
		return {
			tier: "restored",
			database: into,
			counts,
			notChecked: ["compared: row counts were compared, the data in the rows was not", ...counts.notCompared.map((table) => `${table}: its rows were not counted when the backup was made`)],
			swap: swapSql(manifest.source.database, into, /* @__PURE__ */ new Date()),
			notes: swapNotes(manifest.source.database, manifest),
			manifest,
			ms: Math.round(performance.now() - startedMs)
		};
	} catch (thrown) {
		await dropHalfRestored(admin, into, thrown);
		throw thrown;
	}
}
function clientFor({ clients, machine }, major) {
	const choice = chooseClient(clients, major, machine);
	if (choice.kind === "none") throw new FailureError(choice.failure);
	return choice.client;
}
async function createDatabase({ admin, into }, manifest, serverMajor) {
	const [there] = await admin.query("SELECT FROM pg_catalog.pg_database WHERE datname = $1", [into]);
	if (there !== void 0) throw new FailureError(targetExists(into));
	try {
		await admin.query(createDatabaseSql(into, manifest.source, serverMajor));
	} catch (thrown) {
		const reason = thrown instanceof FailureError ? thrown.failure.why : messageOf(thrown);
		throw fail("RESTORE.FAILED", {
			what: `The database ${quoteIdentifier(into)} could not be created, so nothing was restored.`,
			why: reason,
			next: [`Restore with the URL of a role that has CREATEDB, on a server that knows the locale \`${manifest.source.locale ?? manifest.source.collate}\`.`]
		}, { cause: thrown });
	}
}
async function fill(request, { dumpPath }, client, serverMajor) {
	const { into } = request;
	const tolerant = needsTolerance(client.major, serverMajor);
	request.onProgress(`pg_restore ${client.version} into ${into}`);
	const exit = await runClient({
		program: client.restore,
		args: [...restoreArguments(connectionStringFor(into), request.jobs, tolerant), dumpPath],
		connection: request.connectionFor(client),
		signal: request.signal
	});
	if (exit.code === 0) return;
	if (tolerant && isOnlyUnknownTimeout(exit.stderr)) return;
	throw new FailureError(restoreFailed(into, exit.stderr, dropped(into)));
}
async function compare(request, manifest) {
	const { into, signal } = request;
	request.onProgress(`counting rows in ${into}`);
	const session = await request.openSession(into);
	try {
		await session.query("ANALYZE");
		await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
		await session.query("SET LOCAL row_security = off");
		const counted = await countRows(session, await listTables(session), {
			budgetMs: 36e5,
			lockTimeoutMs: 1e4
		}, signal);
		await session.query("ROLLBACK");
		return compareCounts(manifest.tables, counted);
	} finally {
		await session[Symbol.asyncDispose]();
	}
}
function dropped(into) {
	return `${quoteIdentifier(into)} was dropped again; nothing else was touched.`;
}
async function dropHalfRestored(admin, into, reason) {
	try {
		await admin.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(into)} WITH (FORCE)`);
	} catch (thrown) {
		throw fail("RESTORE.FAILED", {
			what: `The restore did not finish, and the half-restored database ${quoteIdentifier(into)} could not be dropped.`,
			why: `${messageOf(reason)}\nDropping it: ${messageOf(thrown)}`,
			next: [`DROP DATABASE IF EXISTS ${quoteIdentifier(into)} WITH (FORCE);`, "Then restore again."]
		}, { cause: reason });
	}
}
// src/commands/restore.ts
async function restore(context) {
	const { invocation, run } = context;
	const { from, into, dryRun } = invocation;
	if (from === void 0) throw incomplete("`--from` is missing: which backup?");
	if (!dryRun && into === void 0) throw incomplete("Either `--into DATABASE` or `--dry-run` is needed.");
	const request = {
		clients: await findClients(invocation.env),
		machine: await describeMachine(invocation.env),
		manifestPath: resolve$1(invocation.cwd, from),
		signal: run.signal,
		onProgress: (text) => run.progress(text)
	};
	return into === void 0 || dryRun ? prove(context, request) : restoreInto(context, request, into);
}
async function prove(context, request) {
	const checked = await context.run.stage("restore", () => checkBackup(request), ({ tier, notChecked }) => ({
		outcome: "pass",
		summary: `proven to the tier \`${tier}\``,
		detail: {
			tier,
			notChecked
		}
	}));
	return {
		...noMigrations,
		outcome: "done",
		reasonCode: "backup_readable",
		reason: [`Every byte of ${checked.dumpPath} was read and decoded.`, ...checked.notChecked.map((what) => `not checked: ${what}`)].join("\n"),
		backup: {
			manifest: request.manifestPath,
			tier: checked.tier,
			bytes: bytesOf(checked.manifest)
		},
		next: []
	};
}
async function restoreInto(context, request, into) {
	try {
		var _usingCtx$2 = _usingCtx();
		const database = _usingCtx$2.a(await openDatabase(context));
		const { url } = database;
		const restored = await context.run.stage("restore", () => restoreBackup({
			...request,
			into,
			admin: database.session,
			openSession: (name) => connect(withDatabase(url, name), "airlock restore"),
			connectionFor: connectionFor(url),
			jobs: Math.min(4, availableParallelism())
		}), ({ counts, notChecked }) => ({
			outcome: "pass",
			summary: `${plural(counts.compared, "table")} with the same number of rows as in the backup`,
			detail: { notChecked }
		}));
		return {
			...noMigrations,
			outcome: "done",
			reasonCode: "restored_into_new_database",
			reason: [`The backup is in the new database \`${into}\`. \`${url.database}\` was not touched.`, ...restored.notChecked.map((what) => `not checked: ${what}`)].join("\n"),
			target: {
				host: url.host,
				database: into
			},
			backup: {
				manifest: request.manifestPath,
				tier: restored.tier,
				bytes: bytesOf(restored.manifest)
			},
			next: [
				"Look at it. To put it in the place of the present database, stop the application and run as a role that owns both, connected to neither:",
				...restored.swap,
				...restored.notes
			]
		};
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
function bytesOf(manifest) {
	return manifest.files.reduce((sum, file) => sum + file.bytes, 0);
}
function incomplete(why) {
	return fail("USAGE.INVALID", {
		what: "`restore` cannot be understood.",
		why,
		next: ["airlock restore --from MANIFEST --dry-run", "airlock restore --from MANIFEST --into NEW_DATABASE"]
	});
}
// src/commands/verify.ts
async function verify(context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const target = _usingCtx$1.a(await openTarget(context, "read"));
		const facts = await preflight(context, target);
		const invalid = await context.run.stage("verify", () => target.session.query(`SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name FROM pg_catalog.pg_index i
           JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE NOT i.indisvalid AND n.nspname !~ '^pg_' ORDER BY 1`), (rows) => ({
			outcome: rows.length === 0 && facts.history.pending.length === 0 ? "pass" : "fail",
			summary: `history, checksums, invalid indexes; not checked: drift, required schema, data, application health`
		}));
		const problems = [...facts.history.pending.map(({ name }) => `${name} is pending`), ...invalid.map(({ name }) => `the index ${name} is invalid: it costs writes and serves no query`)];
		const common = {
			...noMigrations,
			target: targetOf$1(facts)
		};
		if (problems.length === 0) return {
			...common,
			outcome: "done",
			reasonCode: "verified",
			reason: `${plural(facts.history.applied.length, "migration")} applied, none pending, failed or edited.`,
			next: []
		};
		const failure = {
			code: "VERIFY.INCOMPLETE",
			what: "The database is not in the state that the migrations describe.",
			why: problems.join("\n"),
			next: [...facts.history.pending.length > 0 ? ["airlock plan"] : [], ...invalid.map(({ name }) => `REINDEX INDEX CONCURRENTLY ${name};`)]
		};
		return {
			...common,
			outcome: "failed",
			reasonCode: failure.code,
			reason: "",
			next: failure.next,
			failure
		};
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
// src/commands/table.ts
const later = (command) => async () => {
	throw notAvailable(command);
};
const commandTable = {
	check,
	plan,
	deploy,
	backup: backup$1,
	restore,
	verify,
	doctor,
	prune: later("prune"),
	rehearse: later("rehearse"),
	rollback: later("rollback"),
	undo: later("undo"),
	health: later("health"),
	baseline: later("baseline")
};
// node_modules/yaml/dist/nodes/identity.js
var require_identity = /* @__PURE__ */ __commonJSMin(((exports) => {
	const ALIAS = Symbol.for("yaml.alias");
	const DOC = Symbol.for("yaml.document");
	const MAP = Symbol.for("yaml.map");
	const PAIR = Symbol.for("yaml.pair");
	const SCALAR = Symbol.for("yaml.scalar");
	const SEQ = Symbol.for("yaml.seq");
	const NODE_TYPE = Symbol.for("yaml.node.type");
	const isAlias = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === ALIAS;
	const isDocument = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === DOC;
	const isMap = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === MAP;
	const isPair = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === PAIR;
	const isScalar = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SCALAR;
	const isSeq = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SEQ;
	function isCollection(node) {
		if (node && typeof node === "object") switch (node[NODE_TYPE]) {
			case MAP:
			case SEQ: return true;
		}
		return false;
	}
	function isNode(node) {
		if (node && typeof node === "object") switch (node[NODE_TYPE]) {
			case ALIAS:
			case MAP:
			case SCALAR:
			case SEQ: return true;
		}
		return false;
	}
	const hasAnchor = (node) => (isScalar(node) || isCollection(node)) && !!node.anchor;
	exports.ALIAS = ALIAS;
	exports.DOC = DOC;
	exports.MAP = MAP;
	exports.NODE_TYPE = NODE_TYPE;
	exports.PAIR = PAIR;
	exports.SCALAR = SCALAR;
	exports.SEQ = SEQ;
	exports.hasAnchor = hasAnchor;
	exports.isAlias = isAlias;
	exports.isCollection = isCollection;
	exports.isDocument = isDocument;
	exports.isMap = isMap;
	exports.isNode = isNode;
	exports.isPair = isPair;
	exports.isScalar = isScalar;
	exports.isSeq = isSeq;
}));
// node_modules/yaml/dist/visit.js
var require_visit = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	const BREAK = Symbol("break visit");
	const SKIP = Symbol("skip children");
	const REMOVE = Symbol("remove node");
	function visit(node, visitor) {
		const visitor_ = initVisitor(visitor);
		if (identity.isDocument(node)) {
			if (visit_(null, node.contents, visitor_, Object.freeze([node])) === REMOVE) node.contents = null;
		} else visit_(null, node, visitor_, Object.freeze([]));
	}
	visit.BREAK = BREAK;
	visit.SKIP = SKIP;
	visit.REMOVE = REMOVE;
	function visit_(key, node, visitor, path) {
		const ctrl = callVisitor(key, node, visitor, path);
		if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
			replaceNode(key, path, ctrl);
			return visit_(key, ctrl, visitor, path);
		}
		if (typeof ctrl !== "symbol") {
			if (identity.isCollection(node)) {
				path = Object.freeze(path.concat(node));
				for (let i = 0; i < node.items.length; ++i) {
					const ci = visit_(i, node.items[i], visitor, path);
					if (typeof ci === "number") i = ci - 1;
					else if (ci === BREAK) return BREAK;
					else if (ci === REMOVE) {
						node.items.splice(i, 1);
						i -= 1;
					}
				}
			} else if (identity.isPair(node)) {
				path = Object.freeze(path.concat(node));
				const ck = visit_("key", node.key, visitor, path);
				if (ck === BREAK) return BREAK;
				else if (ck === REMOVE) node.key = null;
				const cv = visit_("value", node.value, visitor, path);
				if (cv === BREAK) return BREAK;
				else if (cv === REMOVE) node.value = null;
			}
		}
		return ctrl;
	}
	async function visitAsync(node, visitor) {
		const visitor_ = initVisitor(visitor);
		if (identity.isDocument(node)) {
			if (await visitAsync_(null, node.contents, visitor_, Object.freeze([node])) === REMOVE) node.contents = null;
		} else await visitAsync_(null, node, visitor_, Object.freeze([]));
	}
	visitAsync.BREAK = BREAK;
	visitAsync.SKIP = SKIP;
	visitAsync.REMOVE = REMOVE;
	async function visitAsync_(key, node, visitor, path) {
		const ctrl = await callVisitor(key, node, visitor, path);
		if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
			replaceNode(key, path, ctrl);
			return visitAsync_(key, ctrl, visitor, path);
		}
		if (typeof ctrl !== "symbol") {
			if (identity.isCollection(node)) {
				path = Object.freeze(path.concat(node));
				for (let i = 0; i < node.items.length; ++i) {
					const ci = await visitAsync_(i, node.items[i], visitor, path);
					if (typeof ci === "number") i = ci - 1;
					else if (ci === BREAK) return BREAK;
					else if (ci === REMOVE) {
						node.items.splice(i, 1);
						i -= 1;
					}
				}
			} else if (identity.isPair(node)) {
				path = Object.freeze(path.concat(node));
				const ck = await visitAsync_("key", node.key, visitor, path);
				if (ck === BREAK) return BREAK;
				else if (ck === REMOVE) node.key = null;
				const cv = await visitAsync_("value", node.value, visitor, path);
				if (cv === BREAK) return BREAK;
				else if (cv === REMOVE) node.value = null;
			}
		}
		return ctrl;
	}
	function initVisitor(visitor) {
		if (typeof visitor === "object" && (visitor.Collection || visitor.Node || visitor.Value)) return Object.assign({
			Alias: visitor.Node,
			Map: visitor.Node,
			Scalar: visitor.Node,
			Seq: visitor.Node
		}, visitor.Value && {
			Map: visitor.Value,
			Scalar: visitor.Value,
			Seq: visitor.Value
		}, visitor.Collection && {
			Map: visitor.Collection,
			Seq: visitor.Collection
		}, visitor);
		return visitor;
	}
	function callVisitor(key, node, visitor, path) {
		if (typeof visitor === "function") return visitor(key, node, path);
		if (identity.isMap(node)) return visitor.Map?.(key, node, path);
		if (identity.isSeq(node)) return visitor.Seq?.(key, node, path);
		if (identity.isPair(node)) return visitor.Pair?.(key, node, path);
		if (identity.isScalar(node)) return visitor.Scalar?.(key, node, path);
		if (identity.isAlias(node)) return visitor.Alias?.(key, node, path);
	}
	function replaceNode(key, path, node) {
		const parent = path[path.length - 1];
		if (identity.isCollection(parent)) parent.items[key] = node;
		else if (identity.isPair(parent)) {
			if (key === "key") parent.key = node;
			else parent.value = node;
		} else if (identity.isDocument(parent)) parent.contents = node;
		else {
			const pt = identity.isAlias(parent) ? "alias" : "scalar";
			throw new Error(`Cannot replace node with ${pt} parent`);
		}
	}
	exports.visit = visit;
	exports.visitAsync = visitAsync;
}));
// node_modules/yaml/dist/doc/directives.js
var require_directives = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var visit = require_visit();
	const escapeChars = {
		"!": "%21",
		",": "%2C",
		"[": "%5B",
		"]": "%5D",
		"{": "%7B",
		"}": "%7D"
	};
	const escapeTagName = (tn) => tn.replace(/[!,[\]{}]/g, (ch) => escapeChars[ch]);
	var Directives = class Directives {
		constructor(yaml, tags) {
			this.docStart = null;
			this.docEnd = false;
			this.yaml = Object.assign({}, Directives.defaultYaml, yaml);
			this.tags = Object.assign({}, Directives.defaultTags, tags);
		}
		clone() {
			const copy = new Directives(this.yaml, this.tags);
			copy.docStart = this.docStart;
			return copy;
		}
		atDocument() {
			const res = new Directives(this.yaml, this.tags);
			switch (this.yaml.version) {
				case "1.1":
					this.atNextDocument = true;
					break;
				case "1.2":
					this.atNextDocument = false;
					this.yaml = {
						explicit: Directives.defaultYaml.explicit,
						version: "1.2"
					};
					this.tags = Object.assign({}, Directives.defaultTags);
			}
			return res;
		}
		add(line, onError) {
			if (this.atNextDocument) {
				this.yaml = {
					explicit: Directives.defaultYaml.explicit,
					version: "1.1"
				};
				this.tags = Object.assign({}, Directives.defaultTags);
				this.atNextDocument = false;
			}
			const parts = line.trim().split(/[ \t]+/);
			const name = parts.shift();
			switch (name) {
				case "%TAG": {
					if (parts.length !== 2) {
						onError(0, "%TAG directive should contain exactly two parts");
						if (parts.length < 2) return false;
					}
					const [handle, prefix] = parts;
					this.tags[handle] = prefix;
					return true;
				}
				case "%YAML": {
					this.yaml.explicit = true;
					if (parts.length !== 1) {
						onError(0, "%YAML directive should contain exactly one part");
						return false;
					}
					const [version] = parts;
					if (version === "1.1" || version === "1.2") {
						this.yaml.version = version;
						return true;
					} else {
						const isValid = /^\d+\.\d+$/.test(version);
						onError(6, `Unsupported YAML version ${version}`, isValid);
						return false;
					}
				}
				default:
					onError(0, `Unknown directive ${name}`, true);
					return false;
			}
		}
		tagName(source, onError) {
			if (source === "!") return "!";
			if (source[0] !== "!") {
				onError(`Not a valid tag: ${source}`);
				return null;
			}
			if (source[1] === "<") {
				const verbatim = source.slice(2, -1);
				if (verbatim === "!" || verbatim === "!!") {
					onError(`Verbatim tags aren't resolved, so ${source} is invalid.`);
					return null;
				}
				if (source[source.length - 1] !== ">") onError("Verbatim tags must end with a >");
				return verbatim;
			}
			const [, handle, suffix] = source.match(/^(.*!)([^!]*)$/s);
			if (!suffix) onError(`The ${source} tag has no suffix`);
			const prefix = this.tags[handle];
			if (prefix) try {
				return prefix + decodeURIComponent(suffix);
			} catch (error) {
				onError(String(error));
				return null;
			}
			if (handle === "!") return source;
			onError(`Could not resolve tag: ${source}`);
			return null;
		}
		tagString(tag) {
			for (const [handle, prefix] of Object.entries(this.tags)) if (tag.startsWith(prefix)) return handle + escapeTagName(tag.substring(prefix.length));
			return tag[0] === "!" ? tag : `!<${tag}>`;
		}
		toString(doc) {
			const lines = this.yaml.explicit ? [`%YAML ${this.yaml.version || "1.2"}`] : [];
			const tagEntries = Object.entries(this.tags);
			let tagNames;
			if (doc && tagEntries.length > 0 && identity.isNode(doc.contents)) {
				const tags = {};
				visit.visit(doc.contents, (_key, node) => {
					if (identity.isNode(node) && node.tag) tags[node.tag] = true;
				});
				tagNames = Object.keys(tags);
			} else tagNames = [];
			for (const [handle, prefix] of tagEntries) {
				if (handle === "!!" && prefix === "tag:yaml.org,2002:") continue;
				if (!doc || tagNames.some((tn) => tn.startsWith(prefix))) lines.push(`%TAG ${handle} ${prefix}`);
			}
			return lines.join("\n");
		}
	};
	Directives.defaultYaml = {
		explicit: false,
		version: "1.2"
	};
	Directives.defaultTags = { "!!": "tag:yaml.org,2002:" };
	exports.Directives = Directives;
}));
// node_modules/yaml/dist/doc/anchors.js
var require_anchors = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var visit = require_visit();
	function anchorIsValid(anchor) {
		if (/[\x00-\x19\s,[\]{}]/.test(anchor)) {
			const msg = `Anchor must not contain whitespace or control characters: ${JSON.stringify(anchor)}`;
			throw new Error(msg);
		}
		return true;
	}
	function anchorNames(root) {
		const anchors = /* @__PURE__ */ new Set();
		visit.visit(root, { Value(_key, node) {
			if (node.anchor) anchors.add(node.anchor);
		} });
		return anchors;
	}
	function findNewAnchor(prefix, exclude) {
		for (let i = 1;; ++i) {
			const name = `${prefix}${i}`;
			if (!exclude.has(name)) return name;
		}
	}
	function createNodeAnchors(doc, prefix) {
		const aliasObjects = [];
		const sourceObjects = /* @__PURE__ */ new Map();
		let prevAnchors = null;
		return {
			onAnchor: (source) => {
				aliasObjects.push(source);
				prevAnchors ?? (prevAnchors = anchorNames(doc));
				const anchor = findNewAnchor(prefix, prevAnchors);
				prevAnchors.add(anchor);
				return anchor;
			},
			setAnchors: () => {
				for (const source of aliasObjects) {
					const ref = sourceObjects.get(source);
					if (typeof ref === "object" && ref.anchor && (identity.isScalar(ref.node) || identity.isCollection(ref.node))) ref.node.anchor = ref.anchor;
					else {
						const error = /* @__PURE__ */ new Error("Failed to resolve repeated object (this should not happen)");
						error.source = source;
						throw error;
					}
				}
			},
			sourceObjects
		};
	}
	exports.anchorIsValid = anchorIsValid;
	exports.anchorNames = anchorNames;
	exports.createNodeAnchors = createNodeAnchors;
	exports.findNewAnchor = findNewAnchor;
}));
// node_modules/yaml/dist/doc/applyReviver.js
var require_applyReviver = /* @__PURE__ */ __commonJSMin(((exports) => {
	function applyReviver(reviver, obj, key, val) {
		if (val && typeof val === "object") {
			if (Array.isArray(val)) for (let i = 0, len = val.length; i < len; ++i) {
				const v0 = val[i];
				const v1 = applyReviver(reviver, val, String(i), v0);
				if (v1 === void 0) delete val[i];
				else if (v1 !== v0) val[i] = v1;
			}
			else if (val instanceof Map) for (const k of Array.from(val.keys())) {
				const v0 = val.get(k);
				const v1 = applyReviver(reviver, val, k, v0);
				if (v1 === void 0) val.delete(k);
				else if (v1 !== v0) val.set(k, v1);
			}
			else if (val instanceof Set) for (const v0 of Array.from(val)) {
				const v1 = applyReviver(reviver, val, v0, v0);
				if (v1 === void 0) val.delete(v0);
				else if (v1 !== v0) {
					val.delete(v0);
					val.add(v1);
				}
			}
			else for (const [k, v0] of Object.entries(val)) {
				const v1 = applyReviver(reviver, val, k, v0);
				if (v1 === void 0) delete val[k];
				else if (v1 !== v0) val[k] = v1;
			}
		}
		return reviver.call(obj, key, val);
	}
	exports.applyReviver = applyReviver;
}));
// node_modules/yaml/dist/nodes/toJS.js
var require_toJS = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	function toJS(value, arg, ctx) {
		if (Array.isArray(value)) return value.map((v, i) => toJS(v, String(i), ctx));
		if (value && typeof value.toJSON === "function") {
			if (!ctx || !identity.hasAnchor(value)) return value.toJSON(arg, ctx);
			const data = {
				aliasCount: 0,
				count: 1,
				res: void 0
			};
			ctx.anchors.set(value, data);
			ctx.onCreate = (res) => {
				data.res = res;
				delete ctx.onCreate;
			};
			const res = value.toJSON(arg, ctx);
			if (ctx.onCreate) ctx.onCreate(res);
			return res;
		}
		if (typeof value === "bigint" && !ctx?.keep) return Number(value);
		return value;
	}
	exports.toJS = toJS;
}));
// node_modules/yaml/dist/nodes/Node.js
var require_Node = /* @__PURE__ */ __commonJSMin(((exports) => {
	var applyReviver = require_applyReviver();
	var identity = require_identity();
	var toJS = require_toJS();
	var NodeBase = class {
		constructor(type) {
			Object.defineProperty(this, identity.NODE_TYPE, { value: type });
		}
		clone() {
			const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
			if (this.range) copy.range = this.range.slice();
			return copy;
		}
		toJS(doc, { mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
			if (!identity.isDocument(doc)) throw new TypeError("A document argument is required");
			const ctx = {
				anchors: /* @__PURE__ */ new Map(),
				doc,
				keep: true,
				mapAsMap: mapAsMap === true,
				mapKeyWarned: false,
				maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
			};
			const res = toJS.toJS(this, "", ctx);
			if (typeof onAnchor === "function") for (const { count, res } of ctx.anchors.values()) onAnchor(res, count);
			return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
		}
	};
	exports.NodeBase = NodeBase;
}));
// node_modules/yaml/dist/nodes/Alias.js
var require_Alias = /* @__PURE__ */ __commonJSMin(((exports) => {
	var anchors = require_anchors();
	var visit = require_visit();
	var identity = require_identity();
	var Node = require_Node();
	var toJS = require_toJS();
	var Alias = class extends Node.NodeBase {
		constructor(source) {
			super(identity.ALIAS);
			this.source = source;
			Object.defineProperty(this, "tag", { set() {
				throw new Error("Alias nodes cannot have tags");
			} });
		}
		resolve(doc, ctx) {
			if (ctx?.maxAliasCount === 0) throw new ReferenceError("Alias resolution is disabled");
			let nodes;
			if (ctx?.aliasResolveCache) nodes = ctx.aliasResolveCache;
			else {
				nodes = [];
				visit.visit(doc, { Node: (_key, node) => {
					if (identity.isAlias(node) || identity.hasAnchor(node)) nodes.push(node);
				} });
				if (ctx) ctx.aliasResolveCache = nodes;
			}
			let found = void 0;
			for (const node of nodes) {
				if (node === this) break;
				if (node.anchor === this.source) found = node;
			}
			if (found && ctx) {
				const { anchors, doc, maxAliasCount } = ctx;
				let data = anchors.get(found);
				if (!data) {
					toJS.toJS(found, null, ctx);
					data = anchors.get(found);
				}
				/* istanbul ignore if */
				if (data?.res === void 0) throw new ReferenceError("This should not happen: Alias anchor was not resolved?");
				if (maxAliasCount >= 0) {
					data.count += 1;
					if (data.aliasCount === 0) data.aliasCount = getAliasCount(doc, found, anchors);
					if (data.count * data.aliasCount > maxAliasCount) throw new ReferenceError("Excessive alias count indicates a resource exhaustion attack");
				}
			}
			return found;
		}
		toJSON(_arg, ctx) {
			if (!ctx) return { source: this.source };
			const source = this.resolve(ctx.doc, ctx);
			if (!source) {
				const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
				throw new ReferenceError(msg);
			}
			return ctx.anchors.get(source).res;
		}
		toString(ctx, _onComment, _onChompKeep) {
			const src = `*${this.source}`;
			if (ctx) {
				anchors.anchorIsValid(this.source);
				if (ctx.options.verifyAliasOrder && !ctx.anchors.has(this.source)) {
					const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
					throw new Error(msg);
				}
				if (ctx.implicitKey) return `${src} `;
			}
			return src;
		}
	};
	function getAliasCount(doc, node, anchors) {
		if (identity.isAlias(node)) {
			const source = node.resolve(doc);
			const anchor = anchors && source && anchors.get(source);
			return anchor ? anchor.count * anchor.aliasCount : 0;
		} else if (identity.isCollection(node)) {
			let count = 0;
			for (const item of node.items) {
				const c = getAliasCount(doc, item, anchors);
				if (c > count) count = c;
			}
			return count;
		} else if (identity.isPair(node)) {
			const kc = getAliasCount(doc, node.key, anchors);
			const vc = getAliasCount(doc, node.value, anchors);
			return Math.max(kc, vc);
		}
		return 1;
	}
	exports.Alias = Alias;
}));
// node_modules/yaml/dist/nodes/Scalar.js
var require_Scalar = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Node = require_Node();
	var toJS = require_toJS();
	const isScalarValue = (value) => !value || typeof value !== "function" && typeof value !== "object";
	var Scalar = class extends Node.NodeBase {
		constructor(value) {
			super(identity.SCALAR);
			this.value = value;
		}
		toJSON(arg, ctx) {
			return ctx?.keep ? this.value : toJS.toJS(this.value, arg, ctx);
		}
		toString() {
			return String(this.value);
		}
	};
	Scalar.BLOCK_FOLDED = "BLOCK_FOLDED";
	Scalar.BLOCK_LITERAL = "BLOCK_LITERAL";
	Scalar.PLAIN = "PLAIN";
	Scalar.QUOTE_DOUBLE = "QUOTE_DOUBLE";
	Scalar.QUOTE_SINGLE = "QUOTE_SINGLE";
	exports.Scalar = Scalar;
	exports.isScalarValue = isScalarValue;
}));
// node_modules/yaml/dist/doc/createNode.js
var require_createNode = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Alias = require_Alias();
	var identity = require_identity();
	var Scalar = require_Scalar();
	const defaultTagPrefix = "tag:yaml.org,2002:";
	function findTagObject(value, tagName, tags) {
		if (tagName) {
			const match = tags.filter((t) => t.tag === tagName);
			const tagObj = match.find((t) => !t.format) ?? match[0];
			if (!tagObj) throw new Error(`Tag ${tagName} not found`);
			return tagObj;
		}
		return tags.find((t) => t.identify?.(value) && !t.format);
	}
	function createNode(value, tagName, ctx) {
		if (identity.isDocument(value)) value = value.contents;
		if (identity.isNode(value)) return value;
		if (identity.isPair(value)) {
			const map = ctx.schema[identity.MAP].createNode?.(ctx.schema, null, ctx);
			map.items.push(value);
			return map;
		}
		if (value instanceof String || value instanceof Number || value instanceof Boolean || typeof BigInt !== "undefined" && value instanceof BigInt) value = value.valueOf();
		const { aliasDuplicateObjects, onAnchor, onTagObj, schema, sourceObjects } = ctx;
		let ref = void 0;
		if (aliasDuplicateObjects && value && typeof value === "object") {
			ref = sourceObjects.get(value);
			if (ref) {
				ref.anchor ?? (ref.anchor = onAnchor(value));
				return new Alias.Alias(ref.anchor);
			} else {
				ref = {
					anchor: null,
					node: null
				};
				sourceObjects.set(value, ref);
			}
		}
		if (tagName?.startsWith("!!")) tagName = defaultTagPrefix + tagName.slice(2);
		let tagObj = findTagObject(value, tagName, schema.tags);
		if (!tagObj) {
			if (value && typeof value.toJSON === "function") value = value.toJSON();
			if (!value || typeof value !== "object") {
				const node = new Scalar.Scalar(value);
				if (ref) ref.node = node;
				return node;
			}
			tagObj = value instanceof Map ? schema[identity.MAP] : Symbol.iterator in Object(value) ? schema[identity.SEQ] : schema[identity.MAP];
		}
		if (onTagObj) {
			onTagObj(tagObj);
			delete ctx.onTagObj;
		}
		const node = tagObj?.createNode ? tagObj.createNode(ctx.schema, value, ctx) : typeof tagObj?.nodeClass?.from === "function" ? tagObj.nodeClass.from(ctx.schema, value, ctx) : new Scalar.Scalar(value);
		if (tagName) node.tag = tagName;
		else if (!tagObj.default) node.tag = tagObj.tag;
		if (ref) ref.node = node;
		return node;
	}
	exports.createNode = createNode;
}));
// node_modules/yaml/dist/nodes/Collection.js
var require_Collection = /* @__PURE__ */ __commonJSMin(((exports) => {
	var createNode = require_createNode();
	var identity = require_identity();
	var Node = require_Node();
	function collectionFromPath(schema, path, value) {
		let v = value;
		for (let i = path.length - 1; i >= 0; --i) {
			const k = path[i];
			if (typeof k === "number" && Number.isInteger(k) && k >= 0) {
				const a = [];
				a[k] = v;
				v = a;
			} else v = /* @__PURE__ */ new Map([[k, v]]);
		}
		return createNode.createNode(v, void 0, {
			aliasDuplicateObjects: false,
			keepUndefined: false,
			onAnchor: () => {
				throw new Error("This should not happen, please report a bug.");
			},
			schema,
			sourceObjects: /* @__PURE__ */ new Map()
		});
	}
	const isEmptyPath = (path) => path == null || typeof path === "object" && !!path[Symbol.iterator]().next().done;
	var Collection = class extends Node.NodeBase {
		constructor(type, schema) {
			super(type);
			Object.defineProperty(this, "schema", {
				value: schema,
				configurable: true,
				enumerable: false,
				writable: true
			});
		}
		clone(schema) {
			const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
			if (schema) copy.schema = schema;
			copy.items = copy.items.map((it) => identity.isNode(it) || identity.isPair(it) ? it.clone(schema) : it);
			if (this.range) copy.range = this.range.slice();
			return copy;
		}
		addIn(path, value) {
			if (isEmptyPath(path)) this.add(value);
			else {
				const [key, ...rest] = path;
				const node = this.get(key, true);
				if (identity.isCollection(node)) node.addIn(rest, value);
				else if (node === void 0 && this.schema) this.set(key, collectionFromPath(this.schema, rest, value));
				else throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
			}
		}
		deleteIn(path) {
			const [key, ...rest] = path;
			if (rest.length === 0) return this.delete(key);
			const node = this.get(key, true);
			if (identity.isCollection(node)) return node.deleteIn(rest);
			else throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
		}
		getIn(path, keepScalar) {
			const [key, ...rest] = path;
			const node = this.get(key, true);
			if (rest.length === 0) return !keepScalar && identity.isScalar(node) ? node.value : node;
			else return identity.isCollection(node) ? node.getIn(rest, keepScalar) : void 0;
		}
		hasAllNullValues(allowScalar) {
			return this.items.every((node) => {
				if (!identity.isPair(node)) return false;
				const n = node.value;
				return n == null || allowScalar && identity.isScalar(n) && n.value == null && !n.commentBefore && !n.comment && !n.tag;
			});
		}
		hasIn(path) {
			const [key, ...rest] = path;
			if (rest.length === 0) return this.has(key);
			const node = this.get(key, true);
			return identity.isCollection(node) ? node.hasIn(rest) : false;
		}
		setIn(path, value) {
			const [key, ...rest] = path;
			if (rest.length === 0) this.set(key, value);
			else {
				const node = this.get(key, true);
				if (identity.isCollection(node)) node.setIn(rest, value);
				else if (node === void 0 && this.schema) this.set(key, collectionFromPath(this.schema, rest, value));
				else throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
			}
		}
	};
	exports.Collection = Collection;
	exports.collectionFromPath = collectionFromPath;
	exports.isEmptyPath = isEmptyPath;
}));
// node_modules/yaml/dist/stringify/stringifyComment.js
var require_stringifyComment = /* @__PURE__ */ __commonJSMin(((exports) => {
	const stringifyComment = (str) => str.replace(/^(?!$)(?: $)?/gm, "#");
	function indentComment(comment, indent) {
		if (/^\n+$/.test(comment)) return comment.substring(1);
		return indent ? comment.replace(/^(?! *$)/gm, indent) : comment;
	}
	const lineComment = (str, indent, comment) => str.endsWith("\n") ? indentComment(comment, indent) : comment.includes("\n") ? "\n" + indentComment(comment, indent) : (str.endsWith(" ") ? "" : " ") + comment;
	exports.indentComment = indentComment;
	exports.lineComment = lineComment;
	exports.stringifyComment = stringifyComment;
}));
// node_modules/yaml/dist/stringify/foldFlowLines.js
var require_foldFlowLines = /* @__PURE__ */ __commonJSMin(((exports) => {
	const FOLD_FLOW = "flow";
	const FOLD_BLOCK = "block";
	const FOLD_QUOTED = "quoted";
	function foldFlowLines(text, indent, mode = "flow", { indentAtStart, lineWidth = 80, minContentWidth = 20, onFold, onOverflow } = {}) {
		if (!lineWidth || lineWidth < 0) return text;
		if (lineWidth < minContentWidth) minContentWidth = 0;
		const endStep = Math.max(1 + minContentWidth, 1 + lineWidth - indent.length);
		if (text.length <= endStep) return text;
		const folds = [];
		const escapedFolds = {};
		let end = lineWidth - indent.length;
		if (typeof indentAtStart === "number") {
			if (indentAtStart > lineWidth - Math.max(2, minContentWidth)) folds.push(0);
			else end = lineWidth - indentAtStart;
		}
		let split = void 0;
		let prev = void 0;
		let overflow = false;
		let i = -1;
		let escStart = -1;
		let escEnd = -1;
		if (mode === FOLD_BLOCK) {
			i = consumeMoreIndentedLines(text, i, indent.length);
			if (i !== -1) end = i + endStep;
		}
		for (let ch; ch = text[i += 1];) {
			if (mode === FOLD_QUOTED && ch === "\\") {
				escStart = i;
				switch (text[i + 1]) {
					case "x":
						i += 3;
						break;
					case "u":
						i += 5;
						break;
					case "U":
						i += 9;
						break;
					default: i += 1;
				}
				escEnd = i;
			}
			if (ch === "\n") {
				if (mode === FOLD_BLOCK) i = consumeMoreIndentedLines(text, i, indent.length);
				end = i + indent.length + endStep;
				split = void 0;
			} else {
				if (ch === " " && prev && prev !== " " && prev !== "\n" && prev !== "	") {
					const next = text[i + 1];
					if (next && next !== " " && next !== "\n" && next !== "	") split = i;
				}
				if (i >= end) {
					if (split) {
						folds.push(split);
						end = split + endStep;
						split = void 0;
					} else if (mode === FOLD_QUOTED) {
						while (prev === " " || prev === "	") {
							prev = ch;
							ch = text[i += 1];
							overflow = true;
						}
						const j = i > escEnd + 1 ? i - 2 : escStart - 1;
						if (escapedFolds[j]) return text;
						folds.push(j);
						escapedFolds[j] = true;
						end = j + endStep;
						split = void 0;
					} else overflow = true;
				}
			}
			prev = ch;
		}
		if (overflow && onOverflow) onOverflow();
		if (folds.length === 0) return text;
		if (onFold) onFold();
		let res = text.slice(0, folds[0]);
		for (let i = 0; i < folds.length; ++i) {
			const fold = folds[i];
			const end = folds[i + 1] || text.length;
			if (fold === 0) res = `\n${indent}${text.slice(0, end)}`;
			else {
				if (mode === FOLD_QUOTED && escapedFolds[fold]) res += `${text[fold]}\\`;
				res += `\n${indent}${text.slice(fold + 1, end)}`;
			}
		}
		return res;
	}
	function consumeMoreIndentedLines(text, i, indent) {
		let end = i;
		let start = i + 1;
		let ch = text[start];
		while (ch === " " || ch === "	") if (i < start + indent) ch = text[++i];
		else {
			do
				ch = text[++i];
			while (ch && ch !== "\n");
			end = i;
			start = i + 1;
			ch = text[start];
		}
		return end;
	}
	exports.FOLD_BLOCK = FOLD_BLOCK;
	exports.FOLD_FLOW = FOLD_FLOW;
	exports.FOLD_QUOTED = FOLD_QUOTED;
	exports.foldFlowLines = foldFlowLines;
}));
// node_modules/yaml/dist/stringify/stringifyString.js
var require_stringifyString = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	var foldFlowLines = require_foldFlowLines();
	const getFoldOptions = (ctx, isBlock) => ({
		indentAtStart: isBlock ? ctx.indent.length : ctx.indentAtStart,
		lineWidth: ctx.options.lineWidth,
		minContentWidth: ctx.options.minContentWidth
	});
	const containsDocumentMarker = (str) => /^(%|---|\.\.\.)/m.test(str);
	function lineLengthOverLimit(str, lineWidth, indentLength) {
		if (!lineWidth || lineWidth < 0) return false;
		const limit = lineWidth - indentLength;
		const strLen = str.length;
		if (strLen <= limit) return false;
		for (let i = 0, start = 0; i < strLen; ++i) if (str[i] === "\n") {
			if (i - start > limit) return true;
			start = i + 1;
			if (strLen - start <= limit) return false;
		}
		return true;
	}
	function doubleQuotedString(value, ctx) {
		const json = JSON.stringify(value);
		if (ctx.options.doubleQuotedAsJSON) return json;
		const { implicitKey } = ctx;
		const minMultiLineLength = ctx.options.doubleQuotedMinMultiLineLength;
		const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
		let str = "";
		let start = 0;
		for (let i = 0, ch = json[i]; ch; ch = json[++i]) {
			if (ch === " " && json[i + 1] === "\\" && json[i + 2] === "n") {
				str += json.slice(start, i) + "\\ ";
				i += 1;
				start = i;
				ch = "\\";
			}
			if (ch === "\\") switch (json[i + 1]) {
				case "u":
					{
						str += json.slice(start, i);
						const code = json.substr(i + 2, 4);
						switch (code) {
							case "0000":
								str += "\\0";
								break;
							case "0007":
								str += "\\a";
								break;
							case "000b":
								str += "\\v";
								break;
							case "001b":
								str += "\\e";
								break;
							case "0085":
								str += "\\N";
								break;
							case "00a0":
								str += "\\_";
								break;
							case "2028":
								str += "\\L";
								break;
							case "2029":
								str += "\\P";
								break;
							default: if (code.substr(0, 2) === "00") str += "\\x" + code.substr(2);
							else str += json.substr(i, 6);
						}
						i += 5;
						start = i + 1;
					}
					break;
				case "n":
					if (implicitKey || json[i + 2] === "\"" || json.length < minMultiLineLength) i += 1;
					else {
						str += json.slice(start, i) + "\n\n";
						while (json[i + 2] === "\\" && json[i + 3] === "n" && json[i + 4] !== "\"") {
							str += "\n";
							i += 2;
						}
						str += indent;
						if (json[i + 2] === " ") str += "\\";
						i += 1;
						start = i + 1;
					}
					break;
				default: i += 1;
			}
		}
		str = start ? str + json.slice(start) : json;
		return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_QUOTED, getFoldOptions(ctx, false));
	}
	function singleQuotedString(value, ctx) {
		if (ctx.options.singleQuote === false || ctx.implicitKey && value.includes("\n") || /[ \t]\n|\n[ \t]/.test(value)) return doubleQuotedString(value, ctx);
		const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
		const res = "'" + value.replace(/'/g, "''").replace(/\n+/g, `$&\n${indent}`) + "'";
		return ctx.implicitKey ? res : foldFlowLines.foldFlowLines(res, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
	}
	function quotedString(value, ctx) {
		const { singleQuote } = ctx.options;
		let qs;
		if (singleQuote === false) qs = doubleQuotedString;
		else {
			const hasDouble = value.includes("\"");
			const hasSingle = value.includes("'");
			if (hasDouble && !hasSingle) qs = singleQuotedString;
			else if (hasSingle && !hasDouble) qs = doubleQuotedString;
			else qs = singleQuote ? singleQuotedString : doubleQuotedString;
		}
		return qs(value, ctx);
	}
	let blockEndNewlines;
	try {
		blockEndNewlines = /* @__PURE__ */ new RegExp("(^|(?<!\n))\n+(?!\n|$)", "g");
	} catch {
		blockEndNewlines = /\n+(?!\n|$)/g;
	}
	function blockString({ comment, type, value }, ctx, onComment, onChompKeep) {
		const { blockQuote, commentString, lineWidth } = ctx.options;
		if (!blockQuote || /\n[\t ]+$/.test(value)) return quotedString(value, ctx);
		const indent = ctx.indent || (ctx.forceBlockIndent || containsDocumentMarker(value) ? "  " : "");
		const literal = blockQuote === "literal" ? true : blockQuote === "folded" || type === Scalar.Scalar.BLOCK_FOLDED ? false : type === Scalar.Scalar.BLOCK_LITERAL ? true : !lineLengthOverLimit(value, lineWidth, indent.length);
		if (!value) return literal ? "|\n" : ">\n";
		let chomp;
		let endStart;
		for (endStart = value.length; endStart > 0; --endStart) {
			const ch = value[endStart - 1];
			if (ch !== "\n" && ch !== "	" && ch !== " ") break;
		}
		let end = value.substring(endStart);
		const endNlPos = end.indexOf("\n");
		if (endNlPos === -1) chomp = "-";
		else if (value === end || endNlPos !== end.length - 1) {
			chomp = "+";
			if (onChompKeep) onChompKeep();
		} else chomp = "";
		if (end) {
			value = value.slice(0, -end.length);
			if (end[end.length - 1] === "\n") end = end.slice(0, -1);
			end = end.replace(blockEndNewlines, `$&${indent}`);
		}
		let startWithSpace = false;
		let startEnd;
		let startNlPos = -1;
		for (startEnd = 0; startEnd < value.length; ++startEnd) {
			const ch = value[startEnd];
			if (ch === " ") startWithSpace = true;
			else if (ch === "\n") startNlPos = startEnd;
			else break;
		}
		let start = value.substring(0, startNlPos < startEnd ? startNlPos + 1 : startEnd);
		if (start) {
			value = value.substring(start.length);
			start = start.replace(/\n+/g, `$&${indent}`);
		}
		let header = (startWithSpace ? indent ? "2" : "1" : "") + chomp;
		if (comment) {
			header += " " + commentString(comment.replace(/ ?[\r\n]+/g, " "));
			if (onComment) onComment();
		}
		if (!literal) {
			const foldedValue = value.replace(/\n+/g, "\n$&").replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g, "$1$2").replace(/\n+/g, `$&${indent}`);
			let literalFallback = false;
			const foldOptions = getFoldOptions(ctx, true);
			if (blockQuote !== "folded" && type !== Scalar.Scalar.BLOCK_FOLDED) foldOptions.onOverflow = () => {
				literalFallback = true;
			};
			const body = foldFlowLines.foldFlowLines(`${start}${foldedValue}${end}`, indent, foldFlowLines.FOLD_BLOCK, foldOptions);
			if (!literalFallback) return `>${header}\n${indent}${body}`;
		}
		value = value.replace(/\n+/g, `$&${indent}`);
		return `|${header}\n${indent}${start}${value}${end}`;
	}
	function plainString(item, ctx, onComment, onChompKeep) {
		const { type, value } = item;
		const { actualString, implicitKey, indent, indentStep, inFlow } = ctx;
		if (implicitKey && value.includes("\n") || inFlow && /[[\]{},]/.test(value)) return quotedString(value, ctx);
		if (/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.test(value)) return implicitKey || inFlow || !value.includes("\n") ? quotedString(value, ctx) : blockString(item, ctx, onComment, onChompKeep);
		if (!implicitKey && !inFlow && type !== Scalar.Scalar.PLAIN && value.includes("\n")) return blockString(item, ctx, onComment, onChompKeep);
		if (containsDocumentMarker(value)) {
			if (indent === "") {
				ctx.forceBlockIndent = true;
				return blockString(item, ctx, onComment, onChompKeep);
			} else if (implicitKey && indent === indentStep) return quotedString(value, ctx);
		}
		const str = value.replace(/\n+/g, `$&\n${indent}`);
		if (actualString) {
			const test = (tag) => tag.default && tag.tag !== "tag:yaml.org,2002:str" && tag.test?.test(str);
			const { compat, tags } = ctx.doc.schema;
			if (tags.some(test) || compat?.some(test)) return quotedString(value, ctx);
		}
		return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
	}
	function stringifyString(item, ctx, onComment, onChompKeep) {
		const { implicitKey, inFlow } = ctx;
		const ss = typeof item.value === "string" ? item : Object.assign({}, item, { value: String(item.value) });
		let { type } = item;
		if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
			if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(ss.value)) type = Scalar.Scalar.QUOTE_DOUBLE;
		}
		const _stringify = (_type) => {
			switch (_type) {
				case Scalar.Scalar.BLOCK_FOLDED:
				case Scalar.Scalar.BLOCK_LITERAL: return implicitKey || inFlow ? quotedString(ss.value, ctx) : blockString(ss, ctx, onComment, onChompKeep);
				case Scalar.Scalar.QUOTE_DOUBLE: return doubleQuotedString(ss.value, ctx);
				case Scalar.Scalar.QUOTE_SINGLE: return singleQuotedString(ss.value, ctx);
				case Scalar.Scalar.PLAIN: return plainString(ss, ctx, onComment, onChompKeep);
				default: return null;
			}
		};
		let res = _stringify(type);
		if (res === null) {
			const { defaultKeyType, defaultStringType } = ctx.options;
			const t = implicitKey && defaultKeyType || defaultStringType;
			res = _stringify(t);
			if (res === null) throw new Error(`Unsupported default string type ${t}`);
		}
		return res;
	}
	exports.stringifyString = stringifyString;
}));
// node_modules/yaml/dist/stringify/stringify.js
var require_stringify = /* @__PURE__ */ __commonJSMin(((exports) => {
	var anchors = require_anchors();
	var identity = require_identity();
	var stringifyComment = require_stringifyComment();
	var stringifyString = require_stringifyString();
	function createStringifyContext(doc, options) {
		const opt = Object.assign({
			blockQuote: true,
			commentString: stringifyComment.stringifyComment,
			defaultKeyType: null,
			defaultStringType: "PLAIN",
			directives: null,
			doubleQuotedAsJSON: false,
			doubleQuotedMinMultiLineLength: 40,
			falseStr: "false",
			flowCollectionPadding: true,
			indentSeq: true,
			lineWidth: 80,
			minContentWidth: 20,
			nullStr: "null",
			simpleKeys: false,
			singleQuote: null,
			trailingComma: false,
			trueStr: "true",
			verifyAliasOrder: true
		}, doc.schema.toStringOptions, options);
		let inFlow;
		switch (opt.collectionStyle) {
			case "block":
				inFlow = false;
				break;
			case "flow":
				inFlow = true;
				break;
			default: inFlow = null;
		}
		return {
			anchors: /* @__PURE__ */ new Set(),
			doc,
			flowCollectionPadding: opt.flowCollectionPadding ? " " : "",
			indent: "",
			indentStep: typeof opt.indent === "number" ? " ".repeat(opt.indent) : "  ",
			inFlow,
			options: opt
		};
	}
	function getTagObject(tags, item) {
		if (item.tag) {
			const match = tags.filter((t) => t.tag === item.tag);
			if (match.length > 0) return match.find((t) => t.format === item.format) ?? match[0];
		}
		let tagObj = void 0;
		let obj;
		if (identity.isScalar(item)) {
			obj = item.value;
			let match = tags.filter((t) => t.identify?.(obj));
			if (match.length > 1) {
				const testMatch = match.filter((t) => t.test);
				if (testMatch.length > 0) match = testMatch;
			}
			tagObj = match.find((t) => t.format === item.format) ?? match.find((t) => !t.format);
		} else {
			obj = item;
			tagObj = tags.find((t) => t.nodeClass && obj instanceof t.nodeClass);
		}
		if (!tagObj) {
			const name = obj?.constructor?.name ?? (obj === null ? "null" : typeof obj);
			throw new Error(`Tag not resolved for ${name} value`);
		}
		return tagObj;
	}
	function stringifyProps(node, tagObj, { anchors: anchors$1, doc }) {
		if (!doc.directives) return "";
		const props = [];
		const anchor = (identity.isScalar(node) || identity.isCollection(node)) && node.anchor;
		if (anchor && anchors.anchorIsValid(anchor)) {
			anchors$1.add(anchor);
			props.push(`&${anchor}`);
		}
		const tag = node.tag ?? (tagObj.default ? null : tagObj.tag);
		if (tag) props.push(doc.directives.tagString(tag));
		return props.join(" ");
	}
	function stringify(item, ctx, onComment, onChompKeep) {
		if (identity.isPair(item)) return item.toString(ctx, onComment, onChompKeep);
		if (identity.isAlias(item)) {
			if (ctx.doc.directives) return item.toString(ctx);
			if (ctx.resolvedAliases?.has(item)) throw new TypeError(`Cannot stringify circular structure without alias nodes`);
			else {
				if (ctx.resolvedAliases) ctx.resolvedAliases.add(item);
				else ctx.resolvedAliases = /* @__PURE__ */ new Set([item]);
				item = item.resolve(ctx.doc);
			}
		}
		let tagObj = void 0;
		const node = identity.isNode(item) ? item : ctx.doc.createNode(item, { onTagObj: (o) => tagObj = o });
		tagObj ?? (tagObj = getTagObject(ctx.doc.schema.tags, node));
		const props = stringifyProps(node, tagObj, ctx);
		if (props.length > 0) ctx.indentAtStart = (ctx.indentAtStart ?? 0) + props.length + 1;
		const str = typeof tagObj.stringify === "function" ? tagObj.stringify(node, ctx, onComment, onChompKeep) : identity.isScalar(node) ? stringifyString.stringifyString(node, ctx, onComment, onChompKeep) : node.toString(ctx, onComment, onChompKeep);
		if (!props) return str;
		return identity.isScalar(node) || str[0] === "{" || str[0] === "[" ? `${props} ${str}` : `${props}\n${ctx.indent}${str}`;
	}
	exports.createStringifyContext = createStringifyContext;
	exports.stringify = stringify;
}));
// node_modules/yaml/dist/stringify/stringifyPair.js
var require_stringifyPair = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Scalar = require_Scalar();
	var stringify = require_stringify();
	var stringifyComment = require_stringifyComment();
	function stringifyPair({ key, value }, ctx, onComment, onChompKeep) {
		const { allNullValues, doc, indent, indentStep, options: { commentString, indentSeq, simpleKeys } } = ctx;
		let keyComment = identity.isNode(key) && key.comment || null;
		if (simpleKeys) {
			if (keyComment) throw new Error("With simple keys, key nodes cannot have comments");
			if (identity.isCollection(key) || !identity.isNode(key) && typeof key === "object") throw new Error("With simple keys, collection cannot be used as a key value");
		}
		let explicitKey = !simpleKeys && (!key || keyComment && value == null && !ctx.inFlow || identity.isCollection(key) || (identity.isScalar(key) ? key.type === Scalar.Scalar.BLOCK_FOLDED || key.type === Scalar.Scalar.BLOCK_LITERAL : typeof key === "object"));
		ctx = Object.assign({}, ctx, {
			allNullValues: false,
			implicitKey: !explicitKey && (simpleKeys || !allNullValues),
			indent: indent + indentStep
		});
		let keyCommentDone = false;
		let chompKeep = false;
		let str = stringify.stringify(key, ctx, () => keyCommentDone = true, () => chompKeep = true);
		if (!explicitKey && !ctx.inFlow && str.length > 1024) {
			if (simpleKeys) throw new Error("With simple keys, single line scalar must not span more than 1024 characters");
			explicitKey = true;
		}
		if (ctx.inFlow) {
			if (allNullValues || value == null) {
				if (keyCommentDone && onComment) onComment();
				return str === "" ? "?" : explicitKey ? `? ${str}` : str;
			}
		} else if (allNullValues && !simpleKeys || value == null && explicitKey) {
			str = `? ${str}`;
			if (keyComment && !keyCommentDone) str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
			else if (chompKeep && onChompKeep) onChompKeep();
			return str;
		}
		if (keyCommentDone) keyComment = null;
		if (explicitKey) {
			if (keyComment) str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
			str = `? ${str}\n${indent}:`;
		} else {
			str = `${str}:`;
			if (keyComment) str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
		}
		let vsb, vcb, valueComment;
		if (identity.isNode(value)) {
			vsb = !!value.spaceBefore;
			vcb = value.commentBefore;
			valueComment = value.comment;
		} else {
			vsb = false;
			vcb = null;
			valueComment = null;
			if (value && typeof value === "object") value = doc.createNode(value);
		}
		ctx.implicitKey = false;
		if (!explicitKey && !keyComment && identity.isScalar(value)) ctx.indentAtStart = str.length + 1;
		chompKeep = false;
		if (!indentSeq && indentStep.length >= 2 && !ctx.inFlow && !explicitKey && identity.isSeq(value) && !value.flow && !value.tag && !value.anchor) ctx.indent = ctx.indent.substring(2);
		let valueCommentDone = false;
		const valueStr = stringify.stringify(value, ctx, () => valueCommentDone = true, () => chompKeep = true);
		let ws = " ";
		if (keyComment || vsb || vcb) {
			ws = vsb ? "\n" : "";
			if (vcb) {
				const cs = commentString(vcb);
				ws += `\n${stringifyComment.indentComment(cs, ctx.indent)}`;
			}
			if (valueStr === "" && !ctx.inFlow) {
				if (ws === "\n" && valueComment) ws = "\n\n";
			} else ws += `\n${ctx.indent}`;
		} else if (!explicitKey && identity.isCollection(value)) {
			const vs0 = valueStr[0];
			const nl0 = valueStr.indexOf("\n");
			const hasNewline = nl0 !== -1;
			const flow = ctx.inFlow ?? value.flow ?? value.items.length === 0;
			if (hasNewline || !flow) {
				let hasPropsLine = false;
				if (hasNewline && (vs0 === "&" || vs0 === "!")) {
					let sp0 = valueStr.indexOf(" ");
					if (vs0 === "&" && sp0 !== -1 && sp0 < nl0 && valueStr[sp0 + 1] === "!") sp0 = valueStr.indexOf(" ", sp0 + 1);
					if (sp0 === -1 || nl0 < sp0) hasPropsLine = true;
				}
				if (!hasPropsLine) ws = `\n${ctx.indent}`;
			}
		} else if (valueStr === "" || valueStr[0] === "\n") ws = "";
		str += ws + valueStr;
		if (ctx.inFlow) {
			if (valueCommentDone && onComment) onComment();
		} else if (valueComment && !valueCommentDone) str += stringifyComment.lineComment(str, ctx.indent, commentString(valueComment));
		else if (chompKeep && onChompKeep) onChompKeep();
		return str;
	}
	exports.stringifyPair = stringifyPair;
}));
// node_modules/yaml/dist/log.js
var require_log = /* @__PURE__ */ __commonJSMin(((exports) => {
	var node_process = __require("process");
	function debug(logLevel, ...messages) {
		if (logLevel === "debug") console.log(...messages);
	}
	function warn(logLevel, warning) {
		if (logLevel === "debug" || logLevel === "warn") {
			if (typeof node_process.emitWarning === "function") node_process.emitWarning(warning);
			else console.warn(warning);
		}
	}
	exports.debug = debug;
	exports.warn = warn;
}));
// node_modules/yaml/dist/schema/yaml-1.1/merge.js
var require_merge = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Scalar = require_Scalar();
	const MERGE_KEY = "<<";
	const merge = {
		identify: (value) => value === MERGE_KEY || typeof value === "symbol" && value.description === MERGE_KEY,
		default: "key",
		tag: "tag:yaml.org,2002:merge",
		test: /^<<$/,
		resolve: () => Object.assign(new Scalar.Scalar(Symbol(MERGE_KEY)), { addToJSMap: addMergeToJSMap }),
		stringify: () => MERGE_KEY
	};
	const isMergeKey = (ctx, key) => (merge.identify(key) || identity.isScalar(key) && (!key.type || key.type === Scalar.Scalar.PLAIN) && merge.identify(key.value)) && ctx?.doc.schema.tags.some((tag) => tag.tag === merge.tag && tag.default);
	function addMergeToJSMap(ctx, map, value) {
		const source = resolveAliasValue(ctx, value);
		if (identity.isSeq(source)) for (const it of source.items) mergeValue(ctx, map, it);
		else if (Array.isArray(source)) for (const it of source) mergeValue(ctx, map, it);
		else mergeValue(ctx, map, source);
	}
	function mergeValue(ctx, map, value) {
		const source = resolveAliasValue(ctx, value);
		if (!identity.isMap(source)) throw new Error("Merge sources must be maps or map aliases");
		const srcMap = source.toJSON(null, ctx, Map);
		for (const [key, value] of srcMap) if (map instanceof Map) {
			if (!map.has(key)) map.set(key, value);
		} else if (map instanceof Set) map.add(key);
		else if (!Object.prototype.hasOwnProperty.call(map, key)) Object.defineProperty(map, key, {
			value,
			writable: true,
			enumerable: true,
			configurable: true
		});
		return map;
	}
	function resolveAliasValue(ctx, value) {
		return ctx && identity.isAlias(value) ? value.resolve(ctx.doc, ctx) : value;
	}
	exports.addMergeToJSMap = addMergeToJSMap;
	exports.isMergeKey = isMergeKey;
	exports.merge = merge;
}));
// node_modules/yaml/dist/nodes/addPairToJSMap.js
var require_addPairToJSMap = /* @__PURE__ */ __commonJSMin(((exports) => {
	var log = require_log();
	var merge = require_merge();
	var stringify = require_stringify();
	var identity = require_identity();
	var toJS = require_toJS();
	function addPairToJSMap(ctx, map, { key, value }) {
		if (identity.isNode(key) && key.addToJSMap) key.addToJSMap(ctx, map, value);
		else if (merge.isMergeKey(ctx, key)) merge.addMergeToJSMap(ctx, map, value);
		else {
			const jsKey = toJS.toJS(key, "", ctx);
			if (map instanceof Map) map.set(jsKey, toJS.toJS(value, jsKey, ctx));
			else if (map instanceof Set) map.add(jsKey);
			else {
				const stringKey = stringifyKey(key, jsKey, ctx);
				const jsValue = toJS.toJS(value, stringKey, ctx);
				if (stringKey in map) Object.defineProperty(map, stringKey, {
					value: jsValue,
					writable: true,
					enumerable: true,
					configurable: true
				});
				else map[stringKey] = jsValue;
			}
		}
		return map;
	}
	function stringifyKey(key, jsKey, ctx) {
		if (jsKey === null) return "";
		if (typeof jsKey !== "object") return String(jsKey);
		if (identity.isNode(key) && ctx?.doc) {
			const strCtx = stringify.createStringifyContext(ctx.doc, {});
			strCtx.anchors = /* @__PURE__ */ new Set();
			for (const node of ctx.anchors.keys()) strCtx.anchors.add(node.anchor);
			strCtx.inFlow = true;
			strCtx.inStringifyKey = true;
			const strKey = key.toString(strCtx);
			if (!ctx.mapKeyWarned) {
				let jsonStr = JSON.stringify(strKey);
				if (jsonStr.length > 40) jsonStr = jsonStr.substring(0, 36) + "...\"";
				log.warn(ctx.doc.options.logLevel, `Keys with collection values will be stringified due to JS Object restrictions: ${jsonStr}. Set mapAsMap: true to use object keys.`);
				ctx.mapKeyWarned = true;
			}
			return strKey;
		}
		return JSON.stringify(jsKey);
	}
	exports.addPairToJSMap = addPairToJSMap;
}));
// node_modules/yaml/dist/nodes/Pair.js
var require_Pair = /* @__PURE__ */ __commonJSMin(((exports) => {
	var createNode = require_createNode();
	var stringifyPair = require_stringifyPair();
	var addPairToJSMap = require_addPairToJSMap();
	var identity = require_identity();
	function createPair(key, value, ctx) {
		return new Pair(createNode.createNode(key, void 0, ctx), createNode.createNode(value, void 0, ctx));
	}
	var Pair = class Pair {
		constructor(key, value = null) {
			Object.defineProperty(this, identity.NODE_TYPE, { value: identity.PAIR });
			this.key = key;
			this.value = value;
		}
		clone(schema) {
			let { key, value } = this;
			if (identity.isNode(key)) key = key.clone(schema);
			if (identity.isNode(value)) value = value.clone(schema);
			return new Pair(key, value);
		}
		toJSON(_, ctx) {
			const pair = ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
			return addPairToJSMap.addPairToJSMap(ctx, pair, this);
		}
		toString(ctx, onComment, onChompKeep) {
			return ctx?.doc ? stringifyPair.stringifyPair(this, ctx, onComment, onChompKeep) : JSON.stringify(this);
		}
	};
	exports.Pair = Pair;
	exports.createPair = createPair;
}));
// node_modules/yaml/dist/stringify/stringifyCollection.js
var require_stringifyCollection = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var stringify = require_stringify();
	var stringifyComment = require_stringifyComment();
	function stringifyCollection(collection, ctx, options) {
		return (ctx.inFlow ?? collection.flow ? stringifyFlowCollection : stringifyBlockCollection)(collection, ctx, options);
	}
	function stringifyBlockCollection({ comment, items }, ctx, { blockItemPrefix, flowChars, itemIndent, onChompKeep, onComment }) {
		const { indent, options: { commentString } } = ctx;
		const itemCtx = Object.assign({}, ctx, {
			indent: itemIndent,
			type: null
		});
		let chompKeep = false;
		const lines = [];
		for (let i = 0; i < items.length; ++i) {
			const item = items[i];
			let comment = null;
			if (identity.isNode(item)) {
				if (!chompKeep && item.spaceBefore) lines.push("");
				addCommentBefore(ctx, lines, item.commentBefore, chompKeep);
				if (item.comment) comment = item.comment;
			} else if (identity.isPair(item)) {
				const ik = identity.isNode(item.key) ? item.key : null;
				if (ik) {
					if (!chompKeep && ik.spaceBefore) lines.push("");
					addCommentBefore(ctx, lines, ik.commentBefore, chompKeep);
				}
			}
			chompKeep = false;
			let str = stringify.stringify(item, itemCtx, () => comment = null, () => chompKeep = true);
			if (comment) str += stringifyComment.lineComment(str, itemIndent, commentString(comment));
			if (chompKeep && comment) chompKeep = false;
			lines.push(blockItemPrefix + str);
		}
		let str;
		if (lines.length === 0) str = flowChars.start + flowChars.end;
		else {
			str = lines[0];
			for (let i = 1; i < lines.length; ++i) {
				const line = lines[i];
				str += line ? `\n${indent}${line}` : "\n";
			}
		}
		if (comment) {
			str += "\n" + stringifyComment.indentComment(commentString(comment), indent);
			if (onComment) onComment();
		} else if (chompKeep && onChompKeep) onChompKeep();
		return str;
	}
	function stringifyFlowCollection({ items }, ctx, { flowChars, itemIndent }) {
		const { indent, indentStep, flowCollectionPadding: fcPadding, options: { commentString } } = ctx;
		itemIndent += indentStep;
		const itemCtx = Object.assign({}, ctx, {
			indent: itemIndent,
			inFlow: true,
			type: null
		});
		let reqNewline = false;
		let linesAtValue = 0;
		const lines = [];
		for (let i = 0; i < items.length; ++i) {
			const item = items[i];
			let comment = null;
			if (identity.isNode(item)) {
				if (item.spaceBefore) lines.push("");
				addCommentBefore(ctx, lines, item.commentBefore, false);
				if (item.comment) comment = item.comment;
			} else if (identity.isPair(item)) {
				const ik = identity.isNode(item.key) ? item.key : null;
				if (ik) {
					if (ik.spaceBefore) lines.push("");
					addCommentBefore(ctx, lines, ik.commentBefore, false);
					if (ik.comment) reqNewline = true;
				}
				const iv = identity.isNode(item.value) ? item.value : null;
				if (iv) {
					if (iv.comment) comment = iv.comment;
					if (iv.commentBefore) reqNewline = true;
				} else if (item.value == null && ik?.comment) comment = ik.comment;
			}
			if (comment) reqNewline = true;
			let str = stringify.stringify(item, itemCtx, () => comment = null);
			reqNewline || (reqNewline = lines.length > linesAtValue || str.includes("\n"));
			if (i < items.length - 1) str += ",";
			else if (ctx.options.trailingComma) {
				if (ctx.options.lineWidth > 0) reqNewline || (reqNewline = lines.reduce((sum, line) => sum + line.length + 2, 2) + (str.length + 2) > ctx.options.lineWidth);
				if (reqNewline) str += ",";
			}
			if (comment) str += stringifyComment.lineComment(str, itemIndent, commentString(comment));
			lines.push(str);
			linesAtValue = lines.length;
		}
		const { start, end } = flowChars;
		if (lines.length === 0) return start + end;
		else {
			if (!reqNewline) {
				const len = lines.reduce((sum, line) => sum + line.length + 2, 2);
				reqNewline = ctx.options.lineWidth > 0 && len > ctx.options.lineWidth;
			}
			if (reqNewline) {
				let str = start;
				for (const line of lines) str += line ? `\n${indentStep}${indent}${line}` : "\n";
				return `${str}\n${indent}${end}`;
			} else return `${start}${fcPadding}${lines.join(" ")}${fcPadding}${end}`;
		}
	}
	function addCommentBefore({ indent, options: { commentString } }, lines, comment, chompKeep) {
		if (comment && chompKeep) comment = comment.replace(/^\n+/, "");
		if (comment) {
			const ic = stringifyComment.indentComment(commentString(comment), indent);
			lines.push(ic.trimStart());
		}
	}
	exports.stringifyCollection = stringifyCollection;
}));
// node_modules/yaml/dist/nodes/YAMLMap.js
var require_YAMLMap = /* @__PURE__ */ __commonJSMin(((exports) => {
	var stringifyCollection = require_stringifyCollection();
	var addPairToJSMap = require_addPairToJSMap();
	var Collection = require_Collection();
	var identity = require_identity();
	var Pair = require_Pair();
	var Scalar = require_Scalar();
	function findPair(items, key) {
		const k = identity.isScalar(key) ? key.value : key;
		for (const it of items) if (identity.isPair(it)) {
			if (it.key === key || it.key === k) return it;
			if (identity.isScalar(it.key) && it.key.value === k) return it;
		}
	}
	var YAMLMap = class extends Collection.Collection {
		static get tagName() {
			return "tag:yaml.org,2002:map";
		}
		constructor(schema) {
			super(identity.MAP, schema);
			this.items = [];
		}
		static from(schema, obj, ctx) {
			const { keepUndefined, replacer } = ctx;
			const map = new this(schema);
			const add = (key, value) => {
				if (typeof replacer === "function") value = replacer.call(obj, key, value);
				else if (Array.isArray(replacer) && !replacer.includes(key)) return;
				if (value !== void 0 || keepUndefined) map.items.push(Pair.createPair(key, value, ctx));
			};
			if (obj instanceof Map) for (const [key, value] of obj) add(key, value);
			else if (obj && typeof obj === "object") for (const key of Object.keys(obj)) add(key, obj[key]);
			if (typeof schema.sortMapEntries === "function") map.items.sort(schema.sortMapEntries);
			return map;
		}
		add(pair, overwrite) {
			let _pair;
			if (identity.isPair(pair)) _pair = pair;
			else if (!pair || typeof pair !== "object" || !("key" in pair)) _pair = new Pair.Pair(pair, pair?.value);
			else _pair = new Pair.Pair(pair.key, pair.value);
			const prev = findPair(this.items, _pair.key);
			const sortEntries = this.schema?.sortMapEntries;
			if (prev) {
				if (!overwrite) throw new Error(`Key ${_pair.key} already set`);
				if (identity.isScalar(prev.value) && Scalar.isScalarValue(_pair.value)) prev.value.value = _pair.value;
				else prev.value = _pair.value;
			} else if (sortEntries) {
				const i = this.items.findIndex((item) => sortEntries(_pair, item) < 0);
				if (i === -1) this.items.push(_pair);
				else this.items.splice(i, 0, _pair);
			} else this.items.push(_pair);
		}
		delete(key) {
			const it = findPair(this.items, key);
			if (!it) return false;
			return this.items.splice(this.items.indexOf(it), 1).length > 0;
		}
		get(key, keepScalar) {
			const node = findPair(this.items, key)?.value;
			return (!keepScalar && identity.isScalar(node) ? node.value : node) ?? void 0;
		}
		has(key) {
			return !!findPair(this.items, key);
		}
		set(key, value) {
			this.add(new Pair.Pair(key, value), true);
		}
		toJSON(_, ctx, Type) {
			const map = Type ? new Type() : ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
			if (ctx?.onCreate) ctx.onCreate(map);
			for (const item of this.items) addPairToJSMap.addPairToJSMap(ctx, map, item);
			return map;
		}
		toString(ctx, onComment, onChompKeep) {
			if (!ctx) return JSON.stringify(this);
			for (const item of this.items) if (!identity.isPair(item)) throw new Error(`Map items must all be pairs; found ${JSON.stringify(item)} instead`);
			if (!ctx.allNullValues && this.hasAllNullValues(false)) ctx = Object.assign({}, ctx, { allNullValues: true });
			return stringifyCollection.stringifyCollection(this, ctx, {
				blockItemPrefix: "",
				flowChars: {
					start: "{",
					end: "}"
				},
				itemIndent: ctx.indent || "",
				onChompKeep,
				onComment
			});
		}
	};
	exports.YAMLMap = YAMLMap;
	exports.findPair = findPair;
}));
// node_modules/yaml/dist/schema/common/map.js
var require_map = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var YAMLMap = require_YAMLMap();
	exports.map = {
		collection: "map",
		default: true,
		nodeClass: YAMLMap.YAMLMap,
		tag: "tag:yaml.org,2002:map",
		resolve(map, onError) {
			if (!identity.isMap(map)) onError("Expected a mapping for this tag");
			return map;
		},
		createNode: (schema, obj, ctx) => YAMLMap.YAMLMap.from(schema, obj, ctx)
	};
}));
// node_modules/yaml/dist/nodes/YAMLSeq.js
var require_YAMLSeq = /* @__PURE__ */ __commonJSMin(((exports) => {
	var createNode = require_createNode();
	var stringifyCollection = require_stringifyCollection();
	var Collection = require_Collection();
	var identity = require_identity();
	var Scalar = require_Scalar();
	var toJS = require_toJS();
	var YAMLSeq = class extends Collection.Collection {
		static get tagName() {
			return "tag:yaml.org,2002:seq";
		}
		constructor(schema) {
			super(identity.SEQ, schema);
			this.items = [];
		}
		add(value) {
			this.items.push(value);
		}
		delete(key) {
			const idx = asItemIndex(key);
			if (typeof idx !== "number") return false;
			return this.items.splice(idx, 1).length > 0;
		}
		get(key, keepScalar) {
			const idx = asItemIndex(key);
			if (typeof idx !== "number") return void 0;
			const it = this.items[idx];
			return !keepScalar && identity.isScalar(it) ? it.value : it;
		}
		has(key) {
			const idx = asItemIndex(key);
			return typeof idx === "number" && idx < this.items.length;
		}
		set(key, value) {
			const idx = asItemIndex(key);
			if (typeof idx !== "number") throw new Error(`Expected a valid index, not ${key}.`);
			const prev = this.items[idx];
			if (identity.isScalar(prev) && Scalar.isScalarValue(value)) prev.value = value;
			else this.items[idx] = value;
		}
		toJSON(_, ctx) {
			const seq = [];
			if (ctx?.onCreate) ctx.onCreate(seq);
			let i = 0;
			for (const item of this.items) seq.push(toJS.toJS(item, String(i++), ctx));
			return seq;
		}
		toString(ctx, onComment, onChompKeep) {
			if (!ctx) return JSON.stringify(this);
			return stringifyCollection.stringifyCollection(this, ctx, {
				blockItemPrefix: "- ",
				flowChars: {
					start: "[",
					end: "]"
				},
				itemIndent: (ctx.indent || "") + "  ",
				onChompKeep,
				onComment
			});
		}
		static from(schema, obj, ctx) {
			const { replacer } = ctx;
			const seq = new this(schema);
			if (obj && Symbol.iterator in Object(obj)) {
				let i = 0;
				for (let it of obj) {
					if (typeof replacer === "function") {
						const key = obj instanceof Set ? it : String(i++);
						it = replacer.call(obj, key, it);
					}
					seq.items.push(createNode.createNode(it, void 0, ctx));
				}
			}
			return seq;
		}
	};
	function asItemIndex(key) {
		let idx = identity.isScalar(key) ? key.value : key;
		if (idx && typeof idx === "string") idx = Number(idx);
		return typeof idx === "number" && Number.isInteger(idx) && idx >= 0 ? idx : null;
	}
	exports.YAMLSeq = YAMLSeq;
}));
// node_modules/yaml/dist/schema/common/seq.js
var require_seq = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var YAMLSeq = require_YAMLSeq();
	exports.seq = {
		collection: "seq",
		default: true,
		nodeClass: YAMLSeq.YAMLSeq,
		tag: "tag:yaml.org,2002:seq",
		resolve(seq, onError) {
			if (!identity.isSeq(seq)) onError("Expected a sequence for this tag");
			return seq;
		},
		createNode: (schema, obj, ctx) => YAMLSeq.YAMLSeq.from(schema, obj, ctx)
	};
}));
// node_modules/yaml/dist/schema/common/string.js
var require_string = /* @__PURE__ */ __commonJSMin(((exports) => {
	var stringifyString = require_stringifyString();
	exports.string = {
		identify: (value) => typeof value === "string",
		default: true,
		tag: "tag:yaml.org,2002:str",
		resolve: (str) => str,
		stringify(item, ctx, onComment, onChompKeep) {
			ctx = Object.assign({ actualString: true }, ctx);
			return stringifyString.stringifyString(item, ctx, onComment, onChompKeep);
		}
	};
}));
// node_modules/yaml/dist/schema/common/null.js
var require_null = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	const nullTag = {
		identify: (value) => value == null,
		createNode: () => new Scalar.Scalar(null),
		default: true,
		tag: "tag:yaml.org,2002:null",
		test: /^(?:~|[Nn]ull|NULL)?$/,
		resolve: () => new Scalar.Scalar(null),
		stringify: ({ source }, ctx) => typeof source === "string" && nullTag.test.test(source) ? source : ctx.options.nullStr
	};
	exports.nullTag = nullTag;
}));
// node_modules/yaml/dist/schema/core/bool.js
var require_bool$1 = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	const boolTag = {
		identify: (value) => typeof value === "boolean",
		default: true,
		tag: "tag:yaml.org,2002:bool",
		test: /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
		resolve: (str) => new Scalar.Scalar(str[0] === "t" || str[0] === "T"),
		stringify({ source, value }, ctx) {
			if (source && boolTag.test.test(source)) {
				if (value === (source[0] === "t" || source[0] === "T")) return source;
			}
			return value ? ctx.options.trueStr : ctx.options.falseStr;
		}
	};
	exports.boolTag = boolTag;
}));
// node_modules/yaml/dist/stringify/stringifyNumber.js
var require_stringifyNumber = /* @__PURE__ */ __commonJSMin(((exports) => {
	function stringifyNumber({ format, minFractionDigits, tag, value }) {
		if (typeof value === "bigint") return String(value);
		const num = typeof value === "number" ? value : Number(value);
		if (!isFinite(num)) return isNaN(num) ? ".nan" : num < 0 ? "-.inf" : ".inf";
		let n = Object.is(value, -0) ? "-0" : JSON.stringify(value);
		if (!format && minFractionDigits && (!tag || tag === "tag:yaml.org,2002:float") && /^-?\d/.test(n) && !n.includes("e")) {
			let i = n.indexOf(".");
			if (i < 0) {
				i = n.length;
				n += ".";
			}
			let d = minFractionDigits - (n.length - i - 1);
			while (d-- > 0) n += "0";
		}
		return n;
	}
	exports.stringifyNumber = stringifyNumber;
}));
// node_modules/yaml/dist/schema/core/float.js
var require_float$1 = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	var stringifyNumber = require_stringifyNumber();
	const floatNaN = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
		resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
		stringify: stringifyNumber.stringifyNumber
	};
	const floatExp = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		format: "EXP",
		test: /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,
		resolve: (str) => parseFloat(str),
		stringify(node) {
			const num = Number(node.value);
			return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
		}
	};
	exports.float = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		test: /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,
		resolve(str) {
			const node = new Scalar.Scalar(parseFloat(str));
			const dot = str.indexOf(".");
			if (dot !== -1 && str[str.length - 1] === "0") node.minFractionDigits = str.length - dot - 1;
			return node;
		},
		stringify: stringifyNumber.stringifyNumber
	};
	exports.floatExp = floatExp;
	exports.floatNaN = floatNaN;
}));
// node_modules/yaml/dist/schema/core/int.js
var require_int$1 = /* @__PURE__ */ __commonJSMin(((exports) => {
	var stringifyNumber = require_stringifyNumber();
	const intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
	const intResolve = (str, offset, radix, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str.substring(offset), radix);
	function intStringify(node, radix, prefix) {
		const { value } = node;
		if (intIdentify(value) && value >= 0) return prefix + value.toString(radix);
		return stringifyNumber.stringifyNumber(node);
	}
	const intOct = {
		identify: (value) => intIdentify(value) && value >= 0,
		default: true,
		tag: "tag:yaml.org,2002:int",
		format: "OCT",
		test: /^0o[0-7]+$/,
		resolve: (str, _onError, opt) => intResolve(str, 2, 8, opt),
		stringify: (node) => intStringify(node, 8, "0o")
	};
	const int = {
		identify: intIdentify,
		default: true,
		tag: "tag:yaml.org,2002:int",
		test: /^[-+]?[0-9]+$/,
		resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
		stringify: stringifyNumber.stringifyNumber
	};
	const intHex = {
		identify: (value) => intIdentify(value) && value >= 0,
		default: true,
		tag: "tag:yaml.org,2002:int",
		format: "HEX",
		test: /^0x[0-9a-fA-F]+$/,
		resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
		stringify: (node) => intStringify(node, 16, "0x")
	};
	exports.int = int;
	exports.intHex = intHex;
	exports.intOct = intOct;
}));
// node_modules/yaml/dist/schema/core/schema.js
var require_schema$2 = /* @__PURE__ */ __commonJSMin(((exports) => {
	var map = require_map();
	var _null = require_null();
	var seq = require_seq();
	var string = require_string();
	var bool = require_bool$1();
	var float = require_float$1();
	var int = require_int$1();
	exports.schema = [
		map.map,
		seq.seq,
		string.string,
		_null.nullTag,
		bool.boolTag,
		int.intOct,
		int.int,
		int.intHex,
		float.floatNaN,
		float.floatExp,
		float.float
	];
}));
// node_modules/yaml/dist/schema/json/schema.js
var require_schema$1 = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	var map = require_map();
	var seq = require_seq();
	function intIdentify(value) {
		return typeof value === "bigint" || Number.isInteger(value);
	}
	const stringifyJSON = ({ value }) => JSON.stringify(value);
	const jsonScalars = [
		{
			identify: (value) => typeof value === "string",
			default: true,
			tag: "tag:yaml.org,2002:str",
			resolve: (str) => str,
			stringify: stringifyJSON
		},
		{
			identify: (value) => value == null,
			createNode: () => new Scalar.Scalar(null),
			default: true,
			tag: "tag:yaml.org,2002:null",
			test: /^null$/,
			resolve: () => null,
			stringify: stringifyJSON
		},
		{
			identify: (value) => typeof value === "boolean",
			default: true,
			tag: "tag:yaml.org,2002:bool",
			test: /^true$|^false$/,
			resolve: (str) => str === "true",
			stringify: stringifyJSON
		},
		{
			identify: intIdentify,
			default: true,
			tag: "tag:yaml.org,2002:int",
			test: /^-?(?:0|[1-9][0-9]*)$/,
			resolve: (str, _onError, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str, 10),
			stringify: ({ value }) => intIdentify(value) ? value.toString() : JSON.stringify(value)
		},
		{
			identify: (value) => typeof value === "number",
			default: true,
			tag: "tag:yaml.org,2002:float",
			test: /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,
			resolve: (str) => parseFloat(str),
			stringify: stringifyJSON
		}
	];
	exports.schema = [map.map, seq.seq].concat(jsonScalars, {
		default: true,
		tag: "",
		test: /^/,
		resolve(str, onError) {
			onError(`Unresolved plain scalar ${JSON.stringify(str)}`);
			return str;
		}
	});
}));
// node_modules/yaml/dist/schema/yaml-1.1/binary.js
var require_binary = /* @__PURE__ */ __commonJSMin(((exports) => {
	var node_buffer = __require("buffer");
	var Scalar = require_Scalar();
	var stringifyString = require_stringifyString();
	exports.binary = {
		identify: (value) => value instanceof Uint8Array,
		default: false,
		tag: "tag:yaml.org,2002:binary",
		resolve(src, onError) {
			if (typeof node_buffer.Buffer === "function") return node_buffer.Buffer.from(src, "base64");
			else if (typeof atob === "function") {
				const str = atob(src.replace(/[\n\r]/g, ""));
				const buffer = new Uint8Array(str.length);
				for (let i = 0; i < str.length; ++i) buffer[i] = str.charCodeAt(i);
				return buffer;
			} else {
				onError("This environment does not support reading binary tags; either Buffer or atob is required");
				return src;
			}
		},
		stringify({ comment, type, value }, ctx, onComment, onChompKeep) {
			if (!value) return "";
			const buf = value;
			let str;
			if (typeof node_buffer.Buffer === "function") str = buf instanceof node_buffer.Buffer ? buf.toString("base64") : node_buffer.Buffer.from(buf.buffer).toString("base64");
			else if (typeof btoa === "function") {
				let s = "";
				for (let i = 0; i < buf.length; ++i) s += String.fromCharCode(buf[i]);
				str = btoa(s);
			} else throw new Error("This environment does not support writing binary tags; either Buffer or btoa is required");
			type ?? (type = Scalar.Scalar.BLOCK_LITERAL);
			if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
				const lineWidth = Math.max(ctx.options.lineWidth - ctx.indent.length, ctx.options.minContentWidth);
				const n = Math.ceil(str.length / lineWidth);
				const lines = new Array(n);
				for (let i = 0, o = 0; i < n; ++i, o += lineWidth) lines[i] = str.substr(o, lineWidth);
				str = lines.join(type === Scalar.Scalar.BLOCK_LITERAL ? "\n" : " ");
			}
			return stringifyString.stringifyString({
				comment,
				type,
				value: str
			}, ctx, onComment, onChompKeep);
		}
	};
}));
// node_modules/yaml/dist/schema/yaml-1.1/pairs.js
var require_pairs = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Pair = require_Pair();
	var Scalar = require_Scalar();
	var YAMLSeq = require_YAMLSeq();
	function resolvePairs(seq, onError) {
		if (identity.isSeq(seq)) for (let i = 0; i < seq.items.length; ++i) {
			let item = seq.items[i];
			if (identity.isPair(item)) continue;
			else if (identity.isMap(item)) {
				if (item.items.length > 1) onError("Each pair must have its own sequence indicator");
				const pair = item.items[0] || new Pair.Pair(new Scalar.Scalar(null));
				if (item.commentBefore) pair.key.commentBefore = pair.key.commentBefore ? `${item.commentBefore}\n${pair.key.commentBefore}` : item.commentBefore;
				if (item.comment) {
					const cn = pair.value ?? pair.key;
					cn.comment = cn.comment ? `${item.comment}\n${cn.comment}` : item.comment;
				}
				item = pair;
			}
			seq.items[i] = identity.isPair(item) ? item : new Pair.Pair(item);
		}
		else onError("Expected a sequence for this tag");
		return seq;
	}
	function createPairs(schema, iterable, ctx) {
		const { replacer } = ctx;
		const pairs = new YAMLSeq.YAMLSeq(schema);
		pairs.tag = "tag:yaml.org,2002:pairs";
		let i = 0;
		if (iterable && Symbol.iterator in Object(iterable)) for (let it of iterable) {
			if (typeof replacer === "function") it = replacer.call(iterable, String(i++), it);
			let key, value;
			if (Array.isArray(it)) {
				if (it.length === 2) {
					key = it[0];
					value = it[1];
				} else throw new TypeError(`Expected [key, value] tuple: ${it}`);
			} else if (it && it instanceof Object) {
				const keys = Object.keys(it);
				if (keys.length === 1) {
					key = keys[0];
					value = it[key];
				} else throw new TypeError(`Expected tuple with one key, not ${keys.length} keys`);
			} else key = it;
			pairs.items.push(Pair.createPair(key, value, ctx));
		}
		return pairs;
	}
	const pairs = {
		collection: "seq",
		default: false,
		tag: "tag:yaml.org,2002:pairs",
		resolve: resolvePairs,
		createNode: createPairs
	};
	exports.createPairs = createPairs;
	exports.pairs = pairs;
	exports.resolvePairs = resolvePairs;
}));
// node_modules/yaml/dist/schema/yaml-1.1/omap.js
var require_omap = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var toJS = require_toJS();
	var YAMLMap = require_YAMLMap();
	var YAMLSeq = require_YAMLSeq();
	var pairs = require_pairs();
	var YAMLOMap = class YAMLOMap extends YAMLSeq.YAMLSeq {
		constructor() {
			super();
			this.add = YAMLMap.YAMLMap.prototype.add.bind(this);
			this.delete = YAMLMap.YAMLMap.prototype.delete.bind(this);
			this.get = YAMLMap.YAMLMap.prototype.get.bind(this);
			this.has = YAMLMap.YAMLMap.prototype.has.bind(this);
			this.set = YAMLMap.YAMLMap.prototype.set.bind(this);
			this.tag = YAMLOMap.tag;
		}
		toJSON(_, ctx) {
			if (!ctx) return super.toJSON(_);
			const map = /* @__PURE__ */ new Map();
			if (ctx?.onCreate) ctx.onCreate(map);
			for (const pair of this.items) {
				let key, value;
				if (identity.isPair(pair)) {
					key = toJS.toJS(pair.key, "", ctx);
					value = toJS.toJS(pair.value, key, ctx);
				} else key = toJS.toJS(pair, "", ctx);
				if (map.has(key)) throw new Error("Ordered maps must not include duplicate keys");
				map.set(key, value);
			}
			return map;
		}
		static from(schema, iterable, ctx) {
			const pairs$1 = pairs.createPairs(schema, iterable, ctx);
			const omap = new this();
			omap.items = pairs$1.items;
			return omap;
		}
	};
	YAMLOMap.tag = "tag:yaml.org,2002:omap";
	const omap = {
		collection: "seq",
		identify: (value) => value instanceof Map,
		nodeClass: YAMLOMap,
		default: false,
		tag: "tag:yaml.org,2002:omap",
		resolve(seq, onError) {
			const pairs$1 = pairs.resolvePairs(seq, onError);
			const seenKeys = [];
			for (const { key } of pairs$1.items) if (identity.isScalar(key)) {
				if (seenKeys.includes(key.value)) onError(`Ordered maps must not include duplicate keys: ${key.value}`);
				else seenKeys.push(key.value);
			}
			return Object.assign(new YAMLOMap(), pairs$1);
		},
		createNode: (schema, iterable, ctx) => YAMLOMap.from(schema, iterable, ctx)
	};
	exports.YAMLOMap = YAMLOMap;
	exports.omap = omap;
}));
// node_modules/yaml/dist/schema/yaml-1.1/bool.js
var require_bool = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	function boolStringify({ value, source }, ctx) {
		if (source && (value ? trueTag : falseTag).test.test(source)) return source;
		return value ? ctx.options.trueStr : ctx.options.falseStr;
	}
	const trueTag = {
		identify: (value) => value === true,
		default: true,
		tag: "tag:yaml.org,2002:bool",
		test: /^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
		resolve: () => new Scalar.Scalar(true),
		stringify: boolStringify
	};
	const falseTag = {
		identify: (value) => value === false,
		default: true,
		tag: "tag:yaml.org,2002:bool",
		test: /^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
		resolve: () => new Scalar.Scalar(false),
		stringify: boolStringify
	};
	exports.falseTag = falseTag;
	exports.trueTag = trueTag;
}));
// node_modules/yaml/dist/schema/yaml-1.1/float.js
var require_float = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	var stringifyNumber = require_stringifyNumber();
	const floatNaN = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
		resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
		stringify: stringifyNumber.stringifyNumber
	};
	const floatExp = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		format: "EXP",
		test: /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
		resolve: (str) => parseFloat(str.replace(/_/g, "")),
		stringify(node) {
			const num = Number(node.value);
			return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
		}
	};
	exports.float = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		test: /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,
		resolve(str) {
			const node = new Scalar.Scalar(parseFloat(str.replace(/_/g, "")));
			const dot = str.indexOf(".");
			if (dot !== -1) {
				const f = str.substring(dot + 1).replace(/_/g, "");
				if (f[f.length - 1] === "0") node.minFractionDigits = f.length;
			}
			return node;
		},
		stringify: stringifyNumber.stringifyNumber
	};
	exports.floatExp = floatExp;
	exports.floatNaN = floatNaN;
}));
// node_modules/yaml/dist/schema/yaml-1.1/int.js
var require_int = /* @__PURE__ */ __commonJSMin(((exports) => {
	var stringifyNumber = require_stringifyNumber();
	const intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
	function intResolve(str, offset, radix, { intAsBigInt }) {
		const sign = str[0];
		if (sign === "-" || sign === "+") offset += 1;
		str = str.substring(offset).replace(/_/g, "");
		if (intAsBigInt) {
			switch (radix) {
				case 2:
					str = `0b${str}`;
					break;
				case 8:
					str = `0o${str}`;
					break;
				case 16: str = `0x${str}`;
			}
			const n = BigInt(str);
			return sign === "-" ? BigInt(-1) * n : n;
		}
		const n = parseInt(str, radix);
		return sign === "-" ? -1 * n : n;
	}
	function intStringify(node, radix, prefix) {
		const { value } = node;
		if (intIdentify(value)) {
			const str = value.toString(radix);
			return value < 0 ? "-" + prefix + str.substr(1) : prefix + str;
		}
		return stringifyNumber.stringifyNumber(node);
	}
	const intBin = {
		identify: intIdentify,
		default: true,
		tag: "tag:yaml.org,2002:int",
		format: "BIN",
		test: /^[-+]?0b[0-1_]+$/,
		resolve: (str, _onError, opt) => intResolve(str, 2, 2, opt),
		stringify: (node) => intStringify(node, 2, "0b")
	};
	const intOct = {
		identify: intIdentify,
		default: true,
		tag: "tag:yaml.org,2002:int",
		format: "OCT",
		test: /^[-+]?0[0-7_]+$/,
		resolve: (str, _onError, opt) => intResolve(str, 1, 8, opt),
		stringify: (node) => intStringify(node, 8, "0")
	};
	const int = {
		identify: intIdentify,
		default: true,
		tag: "tag:yaml.org,2002:int",
		test: /^[-+]?[0-9][0-9_]*$/,
		resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
		stringify: stringifyNumber.stringifyNumber
	};
	const intHex = {
		identify: intIdentify,
		default: true,
		tag: "tag:yaml.org,2002:int",
		format: "HEX",
		test: /^[-+]?0x[0-9a-fA-F_]+$/,
		resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
		stringify: (node) => intStringify(node, 16, "0x")
	};
	exports.int = int;
	exports.intBin = intBin;
	exports.intHex = intHex;
	exports.intOct = intOct;
}));
// node_modules/yaml/dist/schema/yaml-1.1/set.js
var require_set = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Pair = require_Pair();
	var YAMLMap = require_YAMLMap();
	var YAMLSet = class YAMLSet extends YAMLMap.YAMLMap {
		constructor(schema) {
			super(schema);
			this.tag = YAMLSet.tag;
		}
		add(key) {
			let pair;
			if (identity.isPair(key)) pair = key;
			else if (key && typeof key === "object" && "key" in key && "value" in key && key.value === null) pair = new Pair.Pair(key.key, null);
			else pair = new Pair.Pair(key, null);
			if (!YAMLMap.findPair(this.items, pair.key)) this.items.push(pair);
		}
		get(key, keepPair) {
			const pair = YAMLMap.findPair(this.items, key);
			return !keepPair && identity.isPair(pair) ? identity.isScalar(pair.key) ? pair.key.value : pair.key : pair;
		}
		set(key, value) {
			if (typeof value !== "boolean") throw new Error(`Expected boolean value for set(key, value) in a YAML set, not ${typeof value}`);
			const prev = YAMLMap.findPair(this.items, key);
			if (prev && !value) this.items.splice(this.items.indexOf(prev), 1);
			else if (!prev && value) this.items.push(new Pair.Pair(key));
		}
		toJSON(_, ctx) {
			return super.toJSON(_, ctx, Set);
		}
		toString(ctx, onComment, onChompKeep) {
			if (!ctx) return JSON.stringify(this);
			if (this.hasAllNullValues(true)) return super.toString(Object.assign({}, ctx, { allNullValues: true }), onComment, onChompKeep);
			else throw new Error("Set items must all have null values");
		}
		static from(schema, iterable, ctx) {
			const { replacer } = ctx;
			const set = new this(schema);
			if (iterable && Symbol.iterator in Object(iterable)) for (let value of iterable) {
				if (typeof replacer === "function") value = replacer.call(iterable, value, value);
				set.items.push(Pair.createPair(value, null, ctx));
			}
			return set;
		}
	};
	YAMLSet.tag = "tag:yaml.org,2002:set";
	const set = {
		collection: "map",
		identify: (value) => value instanceof Set,
		nodeClass: YAMLSet,
		default: false,
		tag: "tag:yaml.org,2002:set",
		createNode: (schema, iterable, ctx) => YAMLSet.from(schema, iterable, ctx),
		resolve(map, onError) {
			if (identity.isMap(map)) {
				if (map.hasAllNullValues(true)) return Object.assign(new YAMLSet(), map);
				else onError("Set items must all have null values");
			} else onError("Expected a mapping for this tag");
			return map;
		}
	};
	exports.YAMLSet = YAMLSet;
	exports.set = set;
}));
// node_modules/yaml/dist/schema/yaml-1.1/timestamp.js
var require_timestamp = /* @__PURE__ */ __commonJSMin(((exports) => {
	var stringifyNumber = require_stringifyNumber();
	function parseSexagesimal(str, asBigInt) {
		const sign = str[0];
		const parts = sign === "-" || sign === "+" ? str.substring(1) : str;
		const num = (n) => asBigInt ? BigInt(n) : Number(n);
		const res = parts.replace(/_/g, "").split(":").reduce((res, p) => res * num(60) + num(p), num(0));
		return sign === "-" ? num(-1) * res : res;
	}
	function stringifySexagesimal(node) {
		let { value } = node;
		let num = (n) => n;
		if (typeof value === "bigint") num = (n) => BigInt(n);
		else if (isNaN(value) || !isFinite(value)) return stringifyNumber.stringifyNumber(node);
		let sign = "";
		if (value < 0) {
			sign = "-";
			value *= num(-1);
		}
		const _60 = num(60);
		const parts = [value % _60];
		if (value < 60) parts.unshift(0);
		else {
			value = (value - parts[0]) / _60;
			parts.unshift(value % _60);
			if (value >= 60) {
				value = (value - parts[0]) / _60;
				parts.unshift(value);
			}
		}
		return sign + parts.map((n) => String(n).padStart(2, "0")).join(":").replace(/000000\d*$/, "");
	}
	const intTime = {
		identify: (value) => typeof value === "bigint" || Number.isInteger(value),
		default: true,
		tag: "tag:yaml.org,2002:int",
		format: "TIME",
		test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,
		resolve: (str, _onError, { intAsBigInt }) => parseSexagesimal(str, intAsBigInt),
		stringify: stringifySexagesimal
	};
	const floatTime = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		format: "TIME",
		test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
		resolve: (str) => parseSexagesimal(str, false),
		stringify: stringifySexagesimal
	};
	const timestamp = {
		identify: (value) => value instanceof Date,
		default: true,
		tag: "tag:yaml.org,2002:timestamp",
		test: RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),
		resolve(str) {
			const match = str.match(timestamp.test);
			if (!match) throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");
			const [, year, month, day, hour, minute, second] = match.map(Number);
			const millisec = match[7] ? Number((match[7] + "00").substr(1, 3)) : 0;
			let date = Date.UTC(year, month - 1, day, hour || 0, minute || 0, second || 0, millisec);
			const tz = match[8];
			if (tz && tz !== "Z") {
				let d = parseSexagesimal(tz, false);
				if (Math.abs(d) < 30) d *= 60;
				date -= 6e4 * d;
			}
			return new Date(date);
		},
		stringify: ({ value }) => value?.toISOString().replace(/(T00:00:00)?\.000Z$/, "") ?? ""
	};
	exports.floatTime = floatTime;
	exports.intTime = intTime;
	exports.timestamp = timestamp;
}));
// node_modules/yaml/dist/schema/yaml-1.1/schema.js
var require_schema = /* @__PURE__ */ __commonJSMin(((exports) => {
	var map = require_map();
	var _null = require_null();
	var seq = require_seq();
	var string = require_string();
	var binary = require_binary();
	var bool = require_bool();
	var float = require_float();
	var int = require_int();
	var merge = require_merge();
	var omap = require_omap();
	var pairs = require_pairs();
	var set = require_set();
	var timestamp = require_timestamp();
	exports.schema = [
		map.map,
		seq.seq,
		string.string,
		_null.nullTag,
		bool.trueTag,
		bool.falseTag,
		int.intBin,
		int.intOct,
		int.int,
		int.intHex,
		float.floatNaN,
		float.floatExp,
		float.float,
		binary.binary,
		merge.merge,
		omap.omap,
		pairs.pairs,
		set.set,
		timestamp.intTime,
		timestamp.floatTime,
		timestamp.timestamp
	];
}));
// node_modules/yaml/dist/schema/tags.js
var require_tags = /* @__PURE__ */ __commonJSMin(((exports) => {
	var map = require_map();
	var _null = require_null();
	var seq = require_seq();
	var string = require_string();
	var bool = require_bool$1();
	var float = require_float$1();
	var int = require_int$1();
	var schema = require_schema$2();
	var schema$1 = require_schema$1();
	var binary = require_binary();
	var merge = require_merge();
	var omap = require_omap();
	var pairs = require_pairs();
	var schema$2 = require_schema();
	var set = require_set();
	var timestamp = require_timestamp();
	const schemas = /* @__PURE__ */ new Map([
		["core", schema.schema],
		["failsafe", [
			map.map,
			seq.seq,
			string.string
		]],
		["json", schema$1.schema],
		["yaml11", schema$2.schema],
		["yaml-1.1", schema$2.schema]
	]);
	const tagsByName = {
		binary: binary.binary,
		bool: bool.boolTag,
		float: float.float,
		floatExp: float.floatExp,
		floatNaN: float.floatNaN,
		floatTime: timestamp.floatTime,
		int: int.int,
		intHex: int.intHex,
		intOct: int.intOct,
		intTime: timestamp.intTime,
		map: map.map,
		merge: merge.merge,
		null: _null.nullTag,
		omap: omap.omap,
		pairs: pairs.pairs,
		seq: seq.seq,
		set: set.set,
		timestamp: timestamp.timestamp
	};
	const coreKnownTags = {
		"tag:yaml.org,2002:binary": binary.binary,
		"tag:yaml.org,2002:merge": merge.merge,
		"tag:yaml.org,2002:omap": omap.omap,
		"tag:yaml.org,2002:pairs": pairs.pairs,
		"tag:yaml.org,2002:set": set.set,
		"tag:yaml.org,2002:timestamp": timestamp.timestamp
	};
	function getTags(customTags, schemaName, addMergeTag) {
		const schemaTags = schemas.get(schemaName);
		if (schemaTags && !customTags) return addMergeTag && !schemaTags.includes(merge.merge) ? schemaTags.concat(merge.merge) : schemaTags.slice();
		let tags = schemaTags;
		if (!tags) {
			if (Array.isArray(customTags)) tags = [];
			else {
				const keys = Array.from(schemas.keys()).filter((key) => key !== "yaml11").map((key) => JSON.stringify(key)).join(", ");
				throw new Error(`Unknown schema "${schemaName}"; use one of ${keys} or define customTags array`);
			}
		}
		if (Array.isArray(customTags)) for (const tag of customTags) tags = tags.concat(tag);
		else if (typeof customTags === "function") tags = customTags(tags.slice());
		if (addMergeTag) tags = tags.concat(merge.merge);
		return tags.reduce((tags, tag) => {
			const tagObj = typeof tag === "string" ? tagsByName[tag] : tag;
			if (!tagObj) {
				const tagName = JSON.stringify(tag);
				const keys = Object.keys(tagsByName).map((key) => JSON.stringify(key)).join(", ");
				throw new Error(`Unknown custom tag ${tagName}; use one of ${keys}`);
			}
			if (!tags.includes(tagObj)) tags.push(tagObj);
			return tags;
		}, []);
	}
	exports.coreKnownTags = coreKnownTags;
	exports.getTags = getTags;
}));
// node_modules/yaml/dist/schema/Schema.js
var require_Schema = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var map = require_map();
	var seq = require_seq();
	var string = require_string();
	var tags = require_tags();
	const sortMapEntriesByKey = (a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
	exports.Schema = class Schema {
		constructor({ compat, customTags, merge, resolveKnownTags, schema, sortMapEntries, toStringDefaults }) {
			this.compat = Array.isArray(compat) ? tags.getTags(compat, "compat") : compat ? tags.getTags(null, compat) : null;
			this.name = typeof schema === "string" && schema || "core";
			this.knownTags = resolveKnownTags ? tags.coreKnownTags : {};
			this.tags = tags.getTags(customTags, this.name, merge);
			this.toStringOptions = toStringDefaults ?? null;
			Object.defineProperty(this, identity.MAP, { value: map.map });
			Object.defineProperty(this, identity.SCALAR, { value: string.string });
			Object.defineProperty(this, identity.SEQ, { value: seq.seq });
			this.sortMapEntries = typeof sortMapEntries === "function" ? sortMapEntries : sortMapEntries === true ? sortMapEntriesByKey : null;
		}
		clone() {
			const copy = Object.create(Schema.prototype, Object.getOwnPropertyDescriptors(this));
			copy.tags = this.tags.slice();
			return copy;
		}
	};
}));
// node_modules/yaml/dist/stringify/stringifyDocument.js
var require_stringifyDocument = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var stringify = require_stringify();
	var stringifyComment = require_stringifyComment();
	function stringifyDocument(doc, options) {
		const lines = [];
		let hasDirectives = options.directives === true;
		if (options.directives !== false && doc.directives) {
			const dir = doc.directives.toString(doc);
			if (dir) {
				lines.push(dir);
				hasDirectives = true;
			} else if (doc.directives.docStart) hasDirectives = true;
		}
		if (hasDirectives) lines.push("---");
		const ctx = stringify.createStringifyContext(doc, options);
		const { commentString } = ctx.options;
		if (doc.commentBefore) {
			if (lines.length !== 1) lines.unshift("");
			const cs = commentString(doc.commentBefore);
			lines.unshift(stringifyComment.indentComment(cs, ""));
		}
		let chompKeep = false;
		let contentComment = null;
		if (doc.contents) {
			if (identity.isNode(doc.contents)) {
				if (doc.contents.spaceBefore && hasDirectives) lines.push("");
				if (doc.contents.commentBefore) {
					const cs = commentString(doc.contents.commentBefore);
					lines.push(stringifyComment.indentComment(cs, ""));
				}
				ctx.forceBlockIndent = !!doc.comment;
				contentComment = doc.contents.comment;
			}
			const onChompKeep = contentComment ? void 0 : () => chompKeep = true;
			let body = stringify.stringify(doc.contents, ctx, () => contentComment = null, onChompKeep);
			if (contentComment) body += stringifyComment.lineComment(body, "", commentString(contentComment));
			if ((body[0] === "|" || body[0] === ">") && lines[lines.length - 1] === "---") lines[lines.length - 1] = `--- ${body}`;
			else lines.push(body);
		} else lines.push(stringify.stringify(doc.contents, ctx));
		if (doc.directives?.docEnd) {
			if (doc.comment) {
				const cs = commentString(doc.comment);
				if (cs.includes("\n")) {
					lines.push("...");
					lines.push(stringifyComment.indentComment(cs, ""));
				} else lines.push(`... ${cs}`);
			} else lines.push("...");
		} else {
			let dc = doc.comment;
			if (dc && chompKeep) dc = dc.replace(/^\n+/, "");
			if (dc) {
				if ((!chompKeep || contentComment) && lines[lines.length - 1] !== "") lines.push("");
				lines.push(stringifyComment.indentComment(commentString(dc), ""));
			}
		}
		return lines.join("\n") + "\n";
	}
	exports.stringifyDocument = stringifyDocument;
}));
// node_modules/yaml/dist/doc/Document.js
var require_Document = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Alias = require_Alias();
	var Collection = require_Collection();
	var identity = require_identity();
	var Pair = require_Pair();
	var toJS = require_toJS();
	var Schema = require_Schema();
	var stringifyDocument = require_stringifyDocument();
	var anchors = require_anchors();
	var applyReviver = require_applyReviver();
	var createNode = require_createNode();
	var directives = require_directives();
	var Document = class Document {
		constructor(value, replacer, options) {
			this.commentBefore = null;
			this.comment = null;
			this.errors = [];
			this.warnings = [];
			Object.defineProperty(this, identity.NODE_TYPE, { value: identity.DOC });
			let _replacer = null;
			if (typeof replacer === "function" || Array.isArray(replacer)) _replacer = replacer;
			else if (options === void 0 && replacer) {
				options = replacer;
				replacer = void 0;
			}
			const opt = Object.assign({
				intAsBigInt: false,
				keepSourceTokens: false,
				logLevel: "warn",
				prettyErrors: true,
				strict: true,
				stringKeys: false,
				uniqueKeys: true,
				version: "1.2"
			}, options);
			this.options = opt;
			let { version } = opt;
			if (options?._directives) {
				this.directives = options._directives.atDocument();
				if (this.directives.yaml.explicit) version = this.directives.yaml.version;
			} else this.directives = new directives.Directives({ version });
			this.setSchema(version, options);
			this.contents = value === void 0 ? null : this.createNode(value, _replacer, options);
		}
		clone() {
			const copy = Object.create(Document.prototype, { [identity.NODE_TYPE]: { value: identity.DOC } });
			copy.commentBefore = this.commentBefore;
			copy.comment = this.comment;
			copy.errors = this.errors.slice();
			copy.warnings = this.warnings.slice();
			copy.options = Object.assign({}, this.options);
			if (this.directives) copy.directives = this.directives.clone();
			copy.schema = this.schema.clone();
			copy.contents = identity.isNode(this.contents) ? this.contents.clone(copy.schema) : this.contents;
			if (this.range) copy.range = this.range.slice();
			return copy;
		}
		add(value) {
			if (assertCollection(this.contents)) this.contents.add(value);
		}
		addIn(path, value) {
			if (assertCollection(this.contents)) this.contents.addIn(path, value);
		}
		createAlias(node, name) {
			if (!node.anchor) {
				const prev = anchors.anchorNames(this);
				node.anchor = !name || prev.has(name) ? anchors.findNewAnchor(name || "a", prev) : name;
			}
			return new Alias.Alias(node.anchor);
		}
		createNode(value, replacer, options) {
			let _replacer = void 0;
			if (typeof replacer === "function") {
				value = replacer.call({ "": value }, "", value);
				_replacer = replacer;
			} else if (Array.isArray(replacer)) {
				const keyToStr = (v) => typeof v === "number" || v instanceof String || v instanceof Number;
				const asStr = replacer.filter(keyToStr).map(String);
				if (asStr.length > 0) replacer = replacer.concat(asStr);
				_replacer = replacer;
			} else if (options === void 0 && replacer) {
				options = replacer;
				replacer = void 0;
			}
			const { aliasDuplicateObjects, anchorPrefix, flow, keepUndefined, onTagObj, tag } = options ?? {};
			const { onAnchor, setAnchors, sourceObjects } = anchors.createNodeAnchors(this, anchorPrefix || "a");
			const ctx = {
				aliasDuplicateObjects: aliasDuplicateObjects ?? true,
				keepUndefined: keepUndefined ?? false,
				onAnchor,
				onTagObj,
				replacer: _replacer,
				schema: this.schema,
				sourceObjects
			};
			const node = createNode.createNode(value, tag, ctx);
			if (flow && identity.isCollection(node)) node.flow = true;
			setAnchors();
			return node;
		}
		createPair(key, value, options = {}) {
			const k = this.createNode(key, null, options);
			const v = this.createNode(value, null, options);
			return new Pair.Pair(k, v);
		}
		delete(key) {
			return assertCollection(this.contents) ? this.contents.delete(key) : false;
		}
		deleteIn(path) {
			if (Collection.isEmptyPath(path)) {
				if (this.contents == null) return false;
				this.contents = null;
				return true;
			}
			return assertCollection(this.contents) ? this.contents.deleteIn(path) : false;
		}
		get(key, keepScalar) {
			return identity.isCollection(this.contents) ? this.contents.get(key, keepScalar) : void 0;
		}
		getIn(path, keepScalar) {
			if (Collection.isEmptyPath(path)) return !keepScalar && identity.isScalar(this.contents) ? this.contents.value : this.contents;
			return identity.isCollection(this.contents) ? this.contents.getIn(path, keepScalar) : void 0;
		}
		has(key) {
			return identity.isCollection(this.contents) ? this.contents.has(key) : false;
		}
		hasIn(path) {
			if (Collection.isEmptyPath(path)) return this.contents !== void 0;
			return identity.isCollection(this.contents) ? this.contents.hasIn(path) : false;
		}
		set(key, value) {
			if (this.contents == null) this.contents = Collection.collectionFromPath(this.schema, [key], value);
			else if (assertCollection(this.contents)) this.contents.set(key, value);
		}
		setIn(path, value) {
			if (Collection.isEmptyPath(path)) this.contents = value;
			else if (this.contents == null) this.contents = Collection.collectionFromPath(this.schema, Array.from(path), value);
			else if (assertCollection(this.contents)) this.contents.setIn(path, value);
		}
		setSchema(version, options = {}) {
			if (typeof version === "number") version = String(version);
			let opt;
			switch (version) {
				case "1.1":
					if (this.directives) this.directives.yaml.version = "1.1";
					else this.directives = new directives.Directives({ version: "1.1" });
					opt = {
						resolveKnownTags: false,
						schema: "yaml-1.1"
					};
					break;
				case "1.2":
				case "next":
					if (this.directives) this.directives.yaml.version = version;
					else this.directives = new directives.Directives({ version });
					opt = {
						resolveKnownTags: true,
						schema: "core"
					};
					break;
				case null:
					if (this.directives) delete this.directives;
					opt = null;
					break;
				default: {
					const sv = JSON.stringify(version);
					throw new Error(`Expected '1.1', '1.2' or null as first argument, but found: ${sv}`);
				}
			}
			if (options.schema instanceof Object) this.schema = options.schema;
			else if (opt) this.schema = new Schema.Schema(Object.assign(opt, options));
			else throw new Error(`With a null YAML version, the { schema: Schema } option is required`);
		}
		toJS({ json, jsonArg, mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
			const ctx = {
				anchors: /* @__PURE__ */ new Map(),
				doc: this,
				keep: !json,
				mapAsMap: mapAsMap === true,
				mapKeyWarned: false,
				maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
			};
			const res = toJS.toJS(this.contents, jsonArg ?? "", ctx);
			if (typeof onAnchor === "function") for (const { count, res } of ctx.anchors.values()) onAnchor(res, count);
			return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
		}
		toJSON(jsonArg, onAnchor) {
			return this.toJS({
				json: true,
				jsonArg,
				mapAsMap: false,
				onAnchor
			});
		}
		toString(options = {}) {
			if (this.errors.length > 0) throw new Error("Document with errors cannot be stringified");
			if ("indent" in options && (!Number.isInteger(options.indent) || Number(options.indent) <= 0)) {
				const s = JSON.stringify(options.indent);
				throw new Error(`"indent" option must be a positive integer, not ${s}`);
			}
			return stringifyDocument.stringifyDocument(this, options);
		}
	};
	function assertCollection(contents) {
		if (identity.isCollection(contents)) return true;
		throw new Error("Expected a YAML collection as document contents");
	}
	exports.Document = Document;
}));
// node_modules/yaml/dist/errors.js
var require_errors$1 = /* @__PURE__ */ __commonJSMin(((exports) => {
	var YAMLError = class extends Error {
		constructor(name, pos, code, message) {
			super();
			this.name = name;
			this.code = code;
			this.message = message;
			this.pos = pos;
		}
	};
	var YAMLParseError = class extends YAMLError {
		constructor(pos, code, message) {
			super("YAMLParseError", pos, code, message);
		}
	};
	var YAMLWarning = class extends YAMLError {
		constructor(pos, code, message) {
			super("YAMLWarning", pos, code, message);
		}
	};
	const prettifyError = (src, lc) => (error) => {
		if (error.pos[0] === -1) return;
		error.linePos = error.pos.map((pos) => lc.linePos(pos));
		const { line, col } = error.linePos[0];
		error.message += ` at line ${line}, column ${col}`;
		let ci = col - 1;
		let lineStr = src.substring(lc.lineStarts[line - 1], lc.lineStarts[line]).replace(/[\n\r]+$/, "");
		if (ci >= 60 && lineStr.length > 80) {
			const trimStart = Math.min(ci - 39, lineStr.length - 79);
			lineStr = "…" + lineStr.substring(trimStart);
			ci -= trimStart - 1;
		}
		if (lineStr.length > 80) lineStr = lineStr.substring(0, 79) + "…";
		if (line > 1 && /^ *$/.test(lineStr.substring(0, ci))) {
			let prev = src.substring(lc.lineStarts[line - 2], lc.lineStarts[line - 1]);
			if (prev.length > 80) prev = prev.substring(0, 79) + "…\n";
			lineStr = prev + lineStr;
		}
		if (/[^ ]/.test(lineStr)) {
			let count = 1;
			const end = error.linePos[1];
			if (end?.line === line && end.col > col) count = Math.max(1, Math.min(end.col - col, 80 - ci));
			const pointer = " ".repeat(ci) + "^".repeat(count);
			error.message += `:\n\n${lineStr}\n${pointer}\n`;
		}
	};
	exports.YAMLError = YAMLError;
	exports.YAMLParseError = YAMLParseError;
	exports.YAMLWarning = YAMLWarning;
	exports.prettifyError = prettifyError;
}));
// node_modules/yaml/dist/compose/resolve-props.js
var require_resolve_props = /* @__PURE__ */ __commonJSMin(((exports) => {
	function resolveProps(tokens, { flow, indicator, next, offset, onError, parentIndent, startOnNewline }) {
		let spaceBefore = false;
		let atNewline = startOnNewline;
		let hasSpace = startOnNewline;
		let comment = "";
		let commentSep = "";
		let hasNewline = false;
		let reqSpace = false;
		let tab = null;
		let anchor = null;
		let tag = null;
		let newlineAfterProp = null;
		let comma = null;
		let found = null;
		let start = null;
		for (const token of tokens) {
			if (reqSpace) {
				if (token.type !== "space" && token.type !== "newline" && token.type !== "comma") onError(token.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
				reqSpace = false;
			}
			if (tab) {
				if (atNewline && token.type !== "comment" && token.type !== "newline") onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
				tab = null;
			}
			switch (token.type) {
				case "space":
					if (!flow && (indicator !== "doc-start" || next?.type !== "flow-collection") && token.source.includes("	")) tab = token;
					hasSpace = true;
					break;
				case "comment": {
					if (!hasSpace) onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
					const cb = token.source.substring(1) || " ";
					if (!comment) comment = cb;
					else comment += commentSep + cb;
					commentSep = "";
					atNewline = false;
					break;
				}
				case "newline":
					if (atNewline) {
						if (comment) comment += token.source;
						else if (!found || indicator !== "seq-item-ind") spaceBefore = true;
					} else commentSep += token.source;
					atNewline = true;
					hasNewline = true;
					if (anchor || tag) newlineAfterProp = token;
					hasSpace = true;
					break;
				case "anchor":
					if (anchor) onError(token, "MULTIPLE_ANCHORS", "A node can have at most one anchor");
					if (token.source.endsWith(":")) onError(token.offset + token.source.length - 1, "BAD_ALIAS", "Anchor ending in : is ambiguous", true);
					anchor = token;
					start ?? (start = token.offset);
					atNewline = false;
					hasSpace = false;
					reqSpace = true;
					break;
				case "tag":
					if (tag) onError(token, "MULTIPLE_TAGS", "A node can have at most one tag");
					tag = token;
					start ?? (start = token.offset);
					atNewline = false;
					hasSpace = false;
					reqSpace = true;
					break;
				case indicator:
					if (anchor || tag) onError(token, "BAD_PROP_ORDER", `Anchors and tags must be after the ${token.source} indicator`);
					if (found) onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.source} in ${flow ?? "collection"}`);
					found = token;
					atNewline = indicator === "seq-item-ind" || indicator === "explicit-key-ind";
					hasSpace = false;
					break;
				case "comma": if (flow) {
					if (comma) onError(token, "UNEXPECTED_TOKEN", `Unexpected , in ${flow}`);
					comma = token;
					atNewline = false;
					hasSpace = false;
					break;
				}
				default:
					onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.type} token`);
					atNewline = false;
					hasSpace = false;
			}
		}
		const last = tokens[tokens.length - 1];
		const end = last ? last.offset + last.source.length : offset;
		if (reqSpace && next && next.type !== "space" && next.type !== "newline" && next.type !== "comma" && (next.type !== "scalar" || next.source !== "")) onError(next.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
		if (tab && (atNewline && tab.indent <= parentIndent || next?.type === "block-map" || next?.type === "block-seq")) onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
		return {
			comma,
			found,
			spaceBefore,
			comment,
			hasNewline,
			anchor,
			tag,
			newlineAfterProp,
			end,
			start: start ?? end
		};
	}
	exports.resolveProps = resolveProps;
}));
// node_modules/yaml/dist/compose/util-contains-newline.js
var require_util_contains_newline = /* @__PURE__ */ __commonJSMin(((exports) => {
	function containsNewline(key) {
		if (!key) return null;
		switch (key.type) {
			case "alias":
			case "scalar":
			case "double-quoted-scalar":
			case "single-quoted-scalar":
				if (key.source.includes("\n")) return true;
				if (key.end) {
					for (const st of key.end) if (st.type === "newline") return true;
				}
				return false;
			case "flow-collection":
				for (const it of key.items) {
					for (const st of it.start) if (st.type === "newline") return true;
					if (it.sep) {
						for (const st of it.sep) if (st.type === "newline") return true;
					}
					if (containsNewline(it.key) || containsNewline(it.value)) return true;
				}
				return false;
			default: return true;
		}
	}
	exports.containsNewline = containsNewline;
}));
// node_modules/yaml/dist/compose/util-flow-indent-check.js
var require_util_flow_indent_check = /* @__PURE__ */ __commonJSMin(((exports) => {
	var utilContainsNewline = require_util_contains_newline();
	function flowIndentCheck(indent, fc, onError) {
		if (fc?.type === "flow-collection") {
			const end = fc.end[0];
			if (end.indent === indent && (end.source === "]" || end.source === "}") && utilContainsNewline.containsNewline(fc)) onError(end, "BAD_INDENT", "Flow end indicator should be more indented than parent", true);
		}
	}
	exports.flowIndentCheck = flowIndentCheck;
}));
// node_modules/yaml/dist/compose/util-map-includes.js
var require_util_map_includes = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	function mapIncludes(ctx, items, search) {
		const { uniqueKeys } = ctx.options;
		if (uniqueKeys === false) return false;
		const isEqual = typeof uniqueKeys === "function" ? uniqueKeys : (a, b) => a === b || identity.isScalar(a) && identity.isScalar(b) && a.value === b.value;
		return items.some((pair) => isEqual(pair.key, search));
	}
	exports.mapIncludes = mapIncludes;
}));
// node_modules/yaml/dist/compose/resolve-block-map.js
var require_resolve_block_map = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Pair = require_Pair();
	var YAMLMap = require_YAMLMap();
	var resolveProps = require_resolve_props();
	var utilContainsNewline = require_util_contains_newline();
	var utilFlowIndentCheck = require_util_flow_indent_check();
	var utilMapIncludes = require_util_map_includes();
	const startColMsg = "All mapping items must start at the same column";
	function resolveBlockMap({ composeNode, composeEmptyNode }, ctx, bm, onError, tag) {
		const map = new ((tag?.nodeClass) ?? YAMLMap.YAMLMap)(ctx.schema);
		if (ctx.atRoot) ctx.atRoot = false;
		let offset = bm.offset;
		let commentEnd = null;
		for (const collItem of bm.items) {
			const { start, key, sep, value } = collItem;
			const keyProps = resolveProps.resolveProps(start, {
				indicator: "explicit-key-ind",
				next: key ?? sep?.[0],
				offset,
				onError,
				parentIndent: bm.indent,
				startOnNewline: true
			});
			const implicitKey = !keyProps.found;
			if (implicitKey) {
				if (key) {
					if (key.type === "block-seq") onError(offset, "BLOCK_AS_IMPLICIT_KEY", "A block sequence may not be used as an implicit map key");
					else if ("indent" in key && key.indent !== bm.indent) onError(offset, "BAD_INDENT", startColMsg);
				}
				if (!keyProps.anchor && !keyProps.tag && !sep) {
					commentEnd = keyProps.end;
					if (keyProps.comment) {
						if (map.comment) map.comment += "\n" + keyProps.comment;
						else map.comment = keyProps.comment;
					}
					continue;
				}
				if (keyProps.newlineAfterProp || utilContainsNewline.containsNewline(key)) onError(key ?? start[start.length - 1], "MULTILINE_IMPLICIT_KEY", "Implicit keys need to be on a single line");
			} else if (keyProps.found?.indent !== bm.indent) onError(offset, "BAD_INDENT", startColMsg);
			ctx.atKey = true;
			const keyStart = keyProps.end;
			const keyNode = key ? composeNode(ctx, key, keyProps, onError) : composeEmptyNode(ctx, keyStart, start, null, keyProps, onError);
			if (ctx.schema.compat) utilFlowIndentCheck.flowIndentCheck(bm.indent, key, onError);
			ctx.atKey = false;
			if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode)) onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
			const valueProps = resolveProps.resolveProps(sep ?? [], {
				indicator: "map-value-ind",
				next: value,
				offset: keyNode.range[2],
				onError,
				parentIndent: bm.indent,
				startOnNewline: !key || key.type === "block-scalar"
			});
			offset = valueProps.end;
			if (valueProps.found) {
				if (implicitKey) {
					if (value?.type === "block-map" && !valueProps.hasNewline) onError(offset, "BLOCK_AS_IMPLICIT_KEY", "Nested mappings are not allowed in compact mappings");
					if (ctx.options.strict && keyProps.start < valueProps.found.offset - 1024) onError(keyNode.range, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit block mapping key");
				}
				const valueNode = value ? composeNode(ctx, value, valueProps, onError) : composeEmptyNode(ctx, offset, sep, null, valueProps, onError);
				if (ctx.schema.compat) utilFlowIndentCheck.flowIndentCheck(bm.indent, value, onError);
				offset = valueNode.range[2];
				const pair = new Pair.Pair(keyNode, valueNode);
				if (ctx.options.keepSourceTokens) pair.srcToken = collItem;
				map.items.push(pair);
			} else {
				if (implicitKey) onError(keyNode.range, "MISSING_CHAR", "Implicit map keys need to be followed by map values");
				if (valueProps.comment) {
					if (keyNode.comment) keyNode.comment += "\n" + valueProps.comment;
					else keyNode.comment = valueProps.comment;
				}
				const pair = new Pair.Pair(keyNode);
				if (ctx.options.keepSourceTokens) pair.srcToken = collItem;
				map.items.push(pair);
			}
		}
		if (commentEnd && commentEnd < offset) onError(commentEnd, "IMPOSSIBLE", "Map comment with trailing content");
		map.range = [
			bm.offset,
			offset,
			commentEnd ?? offset
		];
		return map;
	}
	exports.resolveBlockMap = resolveBlockMap;
}));
// node_modules/yaml/dist/compose/resolve-block-seq.js
var require_resolve_block_seq = /* @__PURE__ */ __commonJSMin(((exports) => {
	var YAMLSeq = require_YAMLSeq();
	var resolveProps = require_resolve_props();
	var utilFlowIndentCheck = require_util_flow_indent_check();
	function resolveBlockSeq({ composeNode, composeEmptyNode }, ctx, bs, onError, tag) {
		const seq = new ((tag?.nodeClass) ?? YAMLSeq.YAMLSeq)(ctx.schema);
		if (ctx.atRoot) ctx.atRoot = false;
		if (ctx.atKey) ctx.atKey = false;
		let offset = bs.offset;
		let commentEnd = null;
		for (const { start, value } of bs.items) {
			const props = resolveProps.resolveProps(start, {
				indicator: "seq-item-ind",
				next: value,
				offset,
				onError,
				parentIndent: bs.indent,
				startOnNewline: true
			});
			if (!props.found) {
				if (props.anchor || props.tag || value) {
					if (value?.type === "block-seq") onError(props.end, "BAD_INDENT", "All sequence items must start at the same column");
					else onError(offset, "MISSING_CHAR", "Sequence item without - indicator");
				} else {
					commentEnd = props.end;
					if (props.comment) seq.comment = props.comment;
					continue;
				}
			}
			const node = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, start, null, props, onError);
			if (ctx.schema.compat) utilFlowIndentCheck.flowIndentCheck(bs.indent, value, onError);
			offset = node.range[2];
			seq.items.push(node);
		}
		seq.range = [
			bs.offset,
			offset,
			commentEnd ?? offset
		];
		return seq;
	}
	exports.resolveBlockSeq = resolveBlockSeq;
}));
// node_modules/yaml/dist/compose/resolve-end.js
var require_resolve_end = /* @__PURE__ */ __commonJSMin(((exports) => {
	function resolveEnd(end, offset, reqSpace, onError) {
		let comment = "";
		if (end) {
			let hasSpace = false;
			let sep = "";
			for (const token of end) {
				const { source, type } = token;
				switch (type) {
					case "space":
						hasSpace = true;
						break;
					case "comment": {
						if (reqSpace && !hasSpace) onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
						const cb = source.substring(1) || " ";
						if (!comment) comment = cb;
						else comment += sep + cb;
						sep = "";
						break;
					}
					case "newline":
						if (comment) sep += source;
						hasSpace = true;
						break;
					default: onError(token, "UNEXPECTED_TOKEN", `Unexpected ${type} at node end`);
				}
				offset += source.length;
			}
		}
		return {
			comment,
			offset
		};
	}
	exports.resolveEnd = resolveEnd;
}));
// node_modules/yaml/dist/compose/resolve-flow-collection.js
var require_resolve_flow_collection = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Pair = require_Pair();
	var YAMLMap = require_YAMLMap();
	var YAMLSeq = require_YAMLSeq();
	var resolveEnd = require_resolve_end();
	var resolveProps = require_resolve_props();
	var utilContainsNewline = require_util_contains_newline();
	var utilMapIncludes = require_util_map_includes();
	const blockMsg = "Block collections are not allowed within flow collections";
	const isBlock = (token) => token && (token.type === "block-map" || token.type === "block-seq");
	function resolveFlowCollection({ composeNode, composeEmptyNode }, ctx, fc, onError, tag) {
		const isMap = fc.start.source === "{";
		const fcName = isMap ? "flow map" : "flow sequence";
		const coll = new ((tag?.nodeClass) ?? (isMap ? YAMLMap.YAMLMap : YAMLSeq.YAMLSeq))(ctx.schema);
		coll.flow = true;
		const atRoot = ctx.atRoot;
		if (atRoot) ctx.atRoot = false;
		if (ctx.atKey) ctx.atKey = false;
		let offset = fc.offset + fc.start.source.length;
		for (let i = 0; i < fc.items.length; ++i) {
			const collItem = fc.items[i];
			const { start, key, sep, value } = collItem;
			const props = resolveProps.resolveProps(start, {
				flow: fcName,
				indicator: "explicit-key-ind",
				next: key ?? sep?.[0],
				offset,
				onError,
				parentIndent: fc.indent,
				startOnNewline: false
			});
			if (!props.found) {
				if (!props.anchor && !props.tag && !sep && !value) {
					if (i === 0 && props.comma) onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
					else if (i < fc.items.length - 1) onError(props.start, "UNEXPECTED_TOKEN", `Unexpected empty item in ${fcName}`);
					if (props.comment) {
						if (coll.comment) coll.comment += "\n" + props.comment;
						else coll.comment = props.comment;
					}
					offset = props.end;
					continue;
				}
				if (!isMap && ctx.options.strict && utilContainsNewline.containsNewline(key)) onError(key, "MULTILINE_IMPLICIT_KEY", "Implicit keys of flow sequence pairs need to be on a single line");
			}
			if (i === 0) {
				if (props.comma) onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
			} else {
				if (!props.comma) onError(props.start, "MISSING_CHAR", `Missing , between ${fcName} items`);
				if (props.comment) {
					let prevItemComment = "";
					loop: for (const st of start) switch (st.type) {
						case "comma":
						case "space": break;
						case "comment":
							prevItemComment = st.source.substring(1);
							break loop;
						default: break loop;
					}
					if (prevItemComment) {
						let prev = coll.items[coll.items.length - 1];
						if (identity.isPair(prev)) prev = prev.value ?? prev.key;
						if (prev.comment) prev.comment += "\n" + prevItemComment;
						else prev.comment = prevItemComment;
						props.comment = props.comment.substring(prevItemComment.length + 1);
					}
				}
			}
			if (!isMap && !sep && !props.found) {
				const valueNode = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, sep, null, props, onError);
				coll.items.push(valueNode);
				offset = valueNode.range[2];
				if (isBlock(value)) onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
			} else {
				ctx.atKey = true;
				const keyStart = props.end;
				const keyNode = key ? composeNode(ctx, key, props, onError) : composeEmptyNode(ctx, keyStart, start, null, props, onError);
				if (isBlock(key)) onError(keyNode.range, "BLOCK_IN_FLOW", blockMsg);
				ctx.atKey = false;
				const valueProps = resolveProps.resolveProps(sep ?? [], {
					flow: fcName,
					indicator: "map-value-ind",
					next: value,
					offset: keyNode.range[2],
					onError,
					parentIndent: fc.indent,
					startOnNewline: false
				});
				if (valueProps.found) {
					if (!isMap && !props.found && ctx.options.strict) {
						if (sep) for (const st of sep) {
							if (st === valueProps.found) break;
							if (st.type === "newline") {
								onError(st, "MULTILINE_IMPLICIT_KEY", "Implicit keys of flow sequence pairs need to be on a single line");
								break;
							}
						}
						if (props.start < valueProps.found.offset - 1024) onError(valueProps.found, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit flow sequence key");
					}
				} else if (value) {
					if ("source" in value && value.source?.[0] === ":") onError(value, "MISSING_CHAR", `Missing space after : in ${fcName}`);
					else onError(valueProps.start, "MISSING_CHAR", `Missing , or : between ${fcName} items`);
				}
				const valueNode = value ? composeNode(ctx, value, valueProps, onError) : valueProps.found ? composeEmptyNode(ctx, valueProps.end, sep, null, valueProps, onError) : null;
				if (valueNode) {
					if (isBlock(value)) onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
				} else if (valueProps.comment) {
					if (keyNode.comment) keyNode.comment += "\n" + valueProps.comment;
					else keyNode.comment = valueProps.comment;
				}
				const pair = new Pair.Pair(keyNode, valueNode);
				if (ctx.options.keepSourceTokens) pair.srcToken = collItem;
				if (isMap) {
					const map = coll;
					if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode)) onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
					map.items.push(pair);
				} else {
					const map = new YAMLMap.YAMLMap(ctx.schema);
					map.flow = true;
					map.items.push(pair);
					const endRange = (valueNode ?? keyNode).range;
					map.range = [
						keyNode.range[0],
						endRange[1],
						endRange[2]
					];
					coll.items.push(map);
				}
				offset = valueNode ? valueNode.range[2] : valueProps.end;
			}
		}
		const expectedEnd = isMap ? "}" : "]";
		const [ce, ...ee] = fc.end;
		let cePos = offset;
		if (ce?.source === expectedEnd) cePos = ce.offset + ce.source.length;
		else {
			const name = fcName[0].toUpperCase() + fcName.substring(1);
			const msg = atRoot ? `${name} must end with a ${expectedEnd}` : `${name} in block collection must be sufficiently indented and end with a ${expectedEnd}`;
			onError(offset, atRoot ? "MISSING_CHAR" : "BAD_INDENT", msg);
			if (ce && ce.source.length !== 1) ee.unshift(ce);
		}
		if (ee.length > 0) {
			const end = resolveEnd.resolveEnd(ee, cePos, ctx.options.strict, onError);
			if (end.comment) {
				if (coll.comment) coll.comment += "\n" + end.comment;
				else coll.comment = end.comment;
			}
			coll.range = [
				fc.offset,
				cePos,
				end.offset
			];
		} else coll.range = [
			fc.offset,
			cePos,
			cePos
		];
		return coll;
	}
	exports.resolveFlowCollection = resolveFlowCollection;
}));
// node_modules/yaml/dist/compose/compose-collection.js
var require_compose_collection = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Scalar = require_Scalar();
	var YAMLMap = require_YAMLMap();
	var YAMLSeq = require_YAMLSeq();
	var resolveBlockMap = require_resolve_block_map();
	var resolveBlockSeq = require_resolve_block_seq();
	var resolveFlowCollection = require_resolve_flow_collection();
	function resolveCollection(CN, ctx, token, onError, tagName, tag) {
		const coll = token.type === "block-map" ? resolveBlockMap.resolveBlockMap(CN, ctx, token, onError, tag) : token.type === "block-seq" ? resolveBlockSeq.resolveBlockSeq(CN, ctx, token, onError, tag) : resolveFlowCollection.resolveFlowCollection(CN, ctx, token, onError, tag);
		const Coll = coll.constructor;
		if (tagName === "!" || tagName === Coll.tagName) {
			coll.tag = Coll.tagName;
			return coll;
		}
		if (tagName) coll.tag = tagName;
		return coll;
	}
	function composeCollection(CN, ctx, token, props, onError) {
		const tagToken = props.tag;
		const tagName = !tagToken ? null : ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg));
		if (token.type === "block-seq") {
			const { anchor, newlineAfterProp: nl } = props;
			const lastProp = anchor && tagToken ? anchor.offset > tagToken.offset ? anchor : tagToken : anchor ?? tagToken;
			if (lastProp && (!nl || nl.offset < lastProp.offset)) onError(lastProp, "MISSING_CHAR", "Missing newline after block sequence props");
		}
		const expType = token.type === "block-map" ? "map" : token.type === "block-seq" ? "seq" : token.start.source === "{" ? "map" : "seq";
		if (!tagToken || !tagName || tagName === "!" || tagName === YAMLMap.YAMLMap.tagName && expType === "map" || tagName === YAMLSeq.YAMLSeq.tagName && expType === "seq") return resolveCollection(CN, ctx, token, onError, tagName);
		let tag = ctx.schema.tags.find((t) => t.tag === tagName && t.collection === expType);
		if (!tag) {
			const kt = ctx.schema.knownTags[tagName];
			if (kt?.collection === expType) {
				ctx.schema.tags.push(Object.assign({}, kt, { default: false }));
				tag = kt;
			} else {
				if (kt) onError(tagToken, "BAD_COLLECTION_TYPE", `${kt.tag} used for ${expType} collection, but expects ${kt.collection ?? "scalar"}`, true);
				else onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, true);
				return resolveCollection(CN, ctx, token, onError, tagName);
			}
		}
		const coll = resolveCollection(CN, ctx, token, onError, tagName, tag);
		const res = tag.resolve?.(coll, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg), ctx.options) ?? coll;
		const node = identity.isNode(res) ? res : new Scalar.Scalar(res);
		node.range = coll.range;
		node.tag = tagName;
		if (tag?.format) node.format = tag.format;
		return node;
	}
	exports.composeCollection = composeCollection;
}));
// node_modules/yaml/dist/compose/resolve-block-scalar.js
var require_resolve_block_scalar = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	function resolveBlockScalar(ctx, scalar, onError) {
		const start = scalar.offset;
		const header = parseBlockScalarHeader(scalar, ctx.options.strict, onError);
		if (!header) return {
			value: "",
			type: null,
			comment: "",
			range: [
				start,
				start,
				start
			]
		};
		const type = header.mode === ">" ? Scalar.Scalar.BLOCK_FOLDED : Scalar.Scalar.BLOCK_LITERAL;
		const lines = scalar.source ? splitLines(scalar.source) : [];
		let chompStart = lines.length;
		for (let i = lines.length - 1; i >= 0; --i) {
			const content = lines[i][1];
			if (content === "" || content === "\r") chompStart = i;
			else break;
		}
		if (chompStart === 0) {
			const value = header.chomp === "+" && lines.length > 0 ? "\n".repeat(Math.max(1, lines.length - 1)) : "";
			let end = start + header.length;
			if (scalar.source) end += scalar.source.length;
			return {
				value,
				type,
				comment: header.comment,
				range: [
					start,
					end,
					end
				]
			};
		}
		let trimIndent = scalar.indent + header.indent;
		let offset = scalar.offset + header.length;
		let contentStart = 0;
		for (let i = 0; i < chompStart; ++i) {
			const [indent, content] = lines[i];
			if (content === "" || content === "\r") {
				if (header.indent === 0 && indent.length > trimIndent) trimIndent = indent.length;
			} else {
				if (indent.length < trimIndent) onError(offset + indent.length, "MISSING_CHAR", "Block scalars with more-indented leading empty lines must use an explicit indentation indicator");
				if (header.indent === 0) trimIndent = indent.length;
				contentStart = i;
				if (trimIndent === 0 && !ctx.atRoot) onError(offset, "BAD_INDENT", "Block scalar values in collections must be indented");
				break;
			}
			offset += indent.length + content.length + 1;
		}
		for (let i = lines.length - 1; i >= chompStart; --i) if (lines[i][0].length > trimIndent) chompStart = i + 1;
		let value = "";
		let sep = "";
		let prevMoreIndented = false;
		for (let i = 0; i < contentStart; ++i) value += lines[i][0].slice(trimIndent) + "\n";
		for (let i = contentStart; i < chompStart; ++i) {
			let [indent, content] = lines[i];
			offset += indent.length + content.length + 1;
			const crlf = content[content.length - 1] === "\r";
			if (crlf) content = content.slice(0, -1);
			/* istanbul ignore if already caught in lexer */
			if (content && indent.length < trimIndent) {
				const message = `Block scalar lines must not be less indented than their ${header.indent ? "explicit indentation indicator" : "first line"}`;
				onError(offset - content.length - (crlf ? 2 : 1), "BAD_INDENT", message);
				indent = "";
			}
			if (type === Scalar.Scalar.BLOCK_LITERAL) {
				value += sep + indent.slice(trimIndent) + content;
				sep = "\n";
			} else if (indent.length > trimIndent || content[0] === "	") {
				if (sep === " ") sep = "\n";
				else if (!prevMoreIndented && sep === "\n") sep = "\n\n";
				value += sep + indent.slice(trimIndent) + content;
				sep = "\n";
				prevMoreIndented = true;
			} else if (content === "") {
				if (sep === "\n") value += "\n";
				else sep = "\n";
			} else {
				value += sep + content;
				sep = " ";
				prevMoreIndented = false;
			}
		}
		switch (header.chomp) {
			case "-": break;
			case "+":
				for (let i = chompStart; i < lines.length; ++i) value += "\n" + lines[i][0].slice(trimIndent);
				if (value[value.length - 1] !== "\n") value += "\n";
				break;
			default: value += "\n";
		}
		const end = start + header.length + scalar.source.length;
		return {
			value,
			type,
			comment: header.comment,
			range: [
				start,
				end,
				end
			]
		};
	}
	function parseBlockScalarHeader({ offset, props }, strict, onError) {
		/* istanbul ignore if should not happen */
		if (props[0].type !== "block-scalar-header") {
			onError(props[0], "IMPOSSIBLE", "Block scalar header not found");
			return null;
		}
		const { source } = props[0];
		const mode = source[0];
		let indent = 0;
		let chomp = "";
		let error = -1;
		for (let i = 1; i < source.length; ++i) {
			const ch = source[i];
			if (!chomp && (ch === "-" || ch === "+")) chomp = ch;
			else {
				const n = Number(ch);
				if (!indent && n) indent = n;
				else if (error === -1) error = offset + i;
			}
		}
		if (error !== -1) onError(error, "UNEXPECTED_TOKEN", `Block scalar header includes extra characters: ${source}`);
		let hasSpace = false;
		let comment = "";
		let length = source.length;
		for (let i = 1; i < props.length; ++i) {
			const token = props[i];
			switch (token.type) {
				case "space": hasSpace = true;
				case "newline":
					length += token.source.length;
					break;
				case "comment":
					if (strict && !hasSpace) onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
					length += token.source.length;
					comment = token.source.substring(1);
					break;
				case "error":
					onError(token, "UNEXPECTED_TOKEN", token.message);
					length += token.source.length;
					break;
				/* istanbul ignore next should not happen */
				default: {
					onError(token, "UNEXPECTED_TOKEN", `Unexpected token in block scalar header: ${token.type}`);
					const ts = token.source;
					if (ts && typeof ts === "string") length += ts.length;
				}
			}
		}
		return {
			mode,
			indent,
			chomp,
			comment,
			length
		};
	}
	function splitLines(source) {
		const split = source.split(/\n( *)/);
		const first = split[0];
		const m = first.match(/^( *)/);
		const lines = [m?.[1] ? [m[1], first.slice(m[1].length)] : ["", first]];
		for (let i = 1; i < split.length; i += 2) lines.push([split[i], split[i + 1]]);
		return lines;
	}
	exports.resolveBlockScalar = resolveBlockScalar;
}));
// node_modules/yaml/dist/compose/resolve-flow-scalar.js
var require_resolve_flow_scalar = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	var resolveEnd = require_resolve_end();
	function resolveFlowScalar(scalar, strict, onError) {
		const { offset, type, source, end } = scalar;
		let _type;
		let value;
		const _onError = (rel, code, msg) => onError(offset + rel, code, msg);
		switch (type) {
			case "scalar":
				_type = Scalar.Scalar.PLAIN;
				value = plainValue(source, _onError);
				break;
			case "single-quoted-scalar":
				_type = Scalar.Scalar.QUOTE_SINGLE;
				value = singleQuotedValue(source, _onError);
				break;
			case "double-quoted-scalar":
				_type = Scalar.Scalar.QUOTE_DOUBLE;
				value = doubleQuotedValue(source, _onError);
				break;
			/* istanbul ignore next should not happen */
			default:
				onError(scalar, "UNEXPECTED_TOKEN", `Expected a flow scalar value, but found: ${type}`);
				return {
					value: "",
					type: null,
					comment: "",
					range: [
						offset,
						offset + source.length,
						offset + source.length
					]
				};
		}
		const valueEnd = offset + source.length;
		const re = resolveEnd.resolveEnd(end, valueEnd, strict, onError);
		return {
			value,
			type: _type,
			comment: re.comment,
			range: [
				offset,
				valueEnd,
				re.offset
			]
		};
	}
	function plainValue(source, onError) {
		let badChar = "";
		switch (source[0]) {
			/* istanbul ignore next should not happen */
			case "	":
				badChar = "a tab character";
				break;
			case ",":
				badChar = "flow indicator character ,";
				break;
			case "%":
				badChar = "directive indicator character %";
				break;
			case "|":
			case ">":
				badChar = `block scalar indicator ${source[0]}`;
				break;
			case "@":
			case "`": badChar = `reserved character ${source[0]}`;
		}
		if (badChar) onError(0, "BAD_SCALAR_START", `Plain value cannot start with ${badChar}`);
		return unfoldLines(source);
	}
	function singleQuotedValue(source, onError) {
		if (source[source.length - 1] !== "'" || source.length === 1) onError(source.length, "MISSING_CHAR", "Missing closing 'quote");
		return unfoldLines(source.slice(1, -1)).replace(/''/g, "'");
	}
	function unfoldLines(source) {
		const line = /(.*?)\r?\n/sy;
		let match = line.exec(source);
		if (!match) return source;
		let trimEnd, trimBoth;
		try {
			trimEnd = /* @__PURE__ */ new RegExp("(?<![ 	])[ 	]+$");
			trimBoth = /* @__PURE__ */ new RegExp("^[ 	]+|(?<![ 	])[ 	]+$", "g");
		} catch {
			trimEnd = /[ \t]+$/;
			trimBoth = /^[ \t]+|[ \t]+$/g;
		}
		let res = match[1].replace(trimEnd, "");
		let sep = " ";
		let pos = line.lastIndex;
		while (match = line.exec(source)) {
			const lm = match[1].replace(trimBoth, "");
			if (lm === "") {
				if (sep === "\n") res += sep;
				else sep = "\n";
			} else {
				res += sep + lm;
				sep = " ";
			}
			pos = line.lastIndex;
		}
		const last = /[ \t]*(.*)/sy;
		last.lastIndex = pos;
		match = last.exec(source);
		return res + sep + (match?.[1] ?? "");
	}
	function doubleQuotedValue(source, onError) {
		let res = "";
		for (let i = 1; i < source.length - 1; ++i) {
			const ch = source[i];
			if (ch === "\r" && source[i + 1] === "\n") continue;
			if (ch === "\n") {
				const { fold, offset } = foldNewline(source, i);
				res += fold;
				i = offset;
			} else if (ch === "\\") {
				let next = source[++i];
				const cc = escapeCodes[next];
				if (cc) res += cc;
				else if (next === "\n") {
					next = source[i + 1];
					while (next === " " || next === "	") next = source[++i + 1];
				} else if (next === "\r" && source[i + 1] === "\n") {
					next = source[++i + 1];
					while (next === " " || next === "	") next = source[++i + 1];
				} else if (next === "x" || next === "u" || next === "U") {
					const length = next === "x" ? 2 : next === "u" ? 4 : 8;
					res += parseCharCode(source, i + 1, length, onError);
					i += length;
				} else {
					const raw = source.substr(i - 1, 2);
					onError(i - 1, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
					res += raw;
				}
			} else if (ch === " " || ch === "	") {
				const wsStart = i;
				let next = source[i + 1];
				while (next === " " || next === "	") next = source[++i + 1];
				if (next !== "\n" && !(next === "\r" && source[i + 2] === "\n")) res += i > wsStart ? source.slice(wsStart, i + 1) : ch;
			} else res += ch;
		}
		if (source[source.length - 1] !== "\"" || source.length === 1) onError(source.length, "MISSING_CHAR", "Missing closing \"quote");
		return res;
	}
	function foldNewline(source, offset) {
		let fold = "";
		let ch = source[offset + 1];
		while (ch === " " || ch === "	" || ch === "\n" || ch === "\r") {
			if (ch === "\r" && source[offset + 2] !== "\n") break;
			if (ch === "\n") fold += "\n";
			offset += 1;
			ch = source[offset + 1];
		}
		if (!fold) fold = " ";
		return {
			fold,
			offset
		};
	}
	const escapeCodes = {
		"0": "\0",
		a: "\x07",
		b: "\b",
		e: "\x1B",
		f: "\f",
		n: "\n",
		r: "\r",
		t: "	",
		v: "\v",
		N: "",
		_: "\xA0",
		L: "\u2028",
		P: "\u2029",
		" ": " ",
		"\"": "\"",
		"/": "/",
		"\\": "\\",
		"	": "	"
	};
	function parseCharCode(source, offset, length, onError) {
		const cc = source.substr(offset, length);
		const code = cc.length === length && /^[0-9a-fA-F]+$/.test(cc) ? parseInt(cc, 16) : NaN;
		try {
			return String.fromCodePoint(code);
		} catch {
			const raw = source.substr(offset - 2, length + 2);
			onError(offset - 2, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
			return raw;
		}
	}
	exports.resolveFlowScalar = resolveFlowScalar;
}));
// node_modules/yaml/dist/compose/compose-scalar.js
var require_compose_scalar = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Scalar = require_Scalar();
	var resolveBlockScalar = require_resolve_block_scalar();
	var resolveFlowScalar = require_resolve_flow_scalar();
	function composeScalar(ctx, token, tagToken, onError) {
		const { value, type, comment, range } = token.type === "block-scalar" ? resolveBlockScalar.resolveBlockScalar(ctx, token, onError) : resolveFlowScalar.resolveFlowScalar(token, ctx.options.strict, onError);
		const tagName = tagToken ? ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg)) : null;
		let tag;
		if (ctx.options.stringKeys && ctx.atKey) tag = ctx.schema[identity.SCALAR];
		else if (tagName) tag = findScalarTagByName(ctx.schema, value, tagName, tagToken, onError);
		else if (token.type === "scalar") tag = findScalarTagByTest(ctx, value, token, onError);
		else tag = ctx.schema[identity.SCALAR];
		let scalar;
		try {
			const res = tag.resolve(value, (msg) => onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg), ctx.options);
			scalar = identity.isScalar(res) ? res : new Scalar.Scalar(res);
		} catch (error) {
			const msg = error instanceof Error ? error.message : String(error);
			onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg);
			scalar = new Scalar.Scalar(value);
		}
		scalar.range = range;
		scalar.source = value;
		if (type) scalar.type = type;
		if (tagName) scalar.tag = tagName;
		if (tag.format) scalar.format = tag.format;
		if (comment) scalar.comment = comment;
		return scalar;
	}
	function findScalarTagByName(schema, value, tagName, tagToken, onError) {
		if (tagName === "!") return schema[identity.SCALAR];
		const matchWithTest = [];
		for (const tag of schema.tags) if (!tag.collection && tag.tag === tagName) {
			if (tag.default && tag.test) matchWithTest.push(tag);
			else return tag;
		}
		for (const tag of matchWithTest) if (tag.test?.test(value)) return tag;
		const kt = schema.knownTags[tagName];
		if (kt && !kt.collection) {
			schema.tags.push(Object.assign({}, kt, {
				default: false,
				test: void 0
			}));
			return kt;
		}
		onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, tagName !== "tag:yaml.org,2002:str");
		return schema[identity.SCALAR];
	}
	function findScalarTagByTest({ atKey, directives, schema }, value, token, onError) {
		const tag = schema.tags.find((tag) => (tag.default === true || atKey && tag.default === "key") && tag.test?.test(value)) || schema[identity.SCALAR];
		if (schema.compat) {
			const compat = schema.compat.find((tag) => tag.default && tag.test?.test(value)) ?? schema[identity.SCALAR];
			if (tag.tag !== compat.tag) onError(token, "TAG_RESOLVE_FAILED", `Value may be parsed as either ${directives.tagString(tag.tag)} or ${directives.tagString(compat.tag)}`, true);
		}
		return tag;
	}
	exports.composeScalar = composeScalar;
}));
// node_modules/yaml/dist/compose/util-empty-scalar-position.js
var require_util_empty_scalar_position = /* @__PURE__ */ __commonJSMin(((exports) => {
	function emptyScalarPosition(offset, before, pos) {
		if (before) {
			pos ?? (pos = before.length);
			for (let i = pos - 1; i >= 0; --i) {
				let st = before[i];
				switch (st.type) {
					case "space":
					case "comment":
					case "newline":
						offset -= st.source.length;
						continue;
				}
				st = before[++i];
				while (st?.type === "space") {
					offset += st.source.length;
					st = before[++i];
				}
				break;
			}
		}
		return offset;
	}
	exports.emptyScalarPosition = emptyScalarPosition;
}));
// node_modules/yaml/dist/compose/compose-node.js
var require_compose_node = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Alias = require_Alias();
	var identity = require_identity();
	var composeCollection = require_compose_collection();
	var composeScalar = require_compose_scalar();
	var resolveEnd = require_resolve_end();
	var utilEmptyScalarPosition = require_util_empty_scalar_position();
	const CN = {
		composeNode,
		composeEmptyNode
	};
	function composeNode(ctx, token, props, onError) {
		const atKey = ctx.atKey;
		const { spaceBefore, comment, anchor, tag } = props;
		let node;
		let isSrcToken = true;
		switch (token.type) {
			case "alias":
				node = composeAlias(ctx, token, onError);
				if (anchor || tag) onError(token, "ALIAS_PROPS", "An alias node must not specify any properties");
				break;
			case "scalar":
			case "single-quoted-scalar":
			case "double-quoted-scalar":
			case "block-scalar":
				node = composeScalar.composeScalar(ctx, token, tag, onError);
				if (anchor) node.anchor = anchor.source.substring(1);
				break;
			case "block-map":
			case "block-seq":
			case "flow-collection":
				try {
					node = composeCollection.composeCollection(CN, ctx, token, props, onError);
					if (anchor) node.anchor = anchor.source.substring(1);
				} catch (error) {
					onError(token, "RESOURCE_EXHAUSTION", error instanceof Error ? error.message : String(error));
				}
				break;
			default:
				onError(token, "UNEXPECTED_TOKEN", token.type === "error" ? token.message : `Unsupported token (type: ${token.type})`);
				isSrcToken = false;
		}
		node ?? (node = composeEmptyNode(ctx, token.offset, void 0, null, props, onError));
		if (anchor && node.anchor === "") onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
		if (atKey && ctx.options.stringKeys && (!identity.isScalar(node) || typeof node.value !== "string" || node.tag && node.tag !== "tag:yaml.org,2002:str")) onError(tag ?? token, "NON_STRING_KEY", "With stringKeys, all keys must be strings");
		if (spaceBefore) node.spaceBefore = true;
		if (comment) {
			if (token.type === "scalar" && token.source === "") node.comment = comment;
			else node.commentBefore = comment;
		}
		if (ctx.options.keepSourceTokens && isSrcToken) node.srcToken = token;
		return node;
	}
	function composeEmptyNode(ctx, offset, before, pos, { spaceBefore, comment, anchor, tag, end }, onError) {
		const token = {
			type: "scalar",
			offset: utilEmptyScalarPosition.emptyScalarPosition(offset, before, pos),
			indent: -1,
			source: ""
		};
		const node = composeScalar.composeScalar(ctx, token, tag, onError);
		if (anchor) {
			node.anchor = anchor.source.substring(1);
			if (node.anchor === "") onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
		}
		if (spaceBefore) node.spaceBefore = true;
		if (comment) {
			node.comment = comment;
			node.range[2] = end;
		}
		return node;
	}
	function composeAlias({ options }, { offset, source, end }, onError) {
		const alias = new Alias.Alias(source.substring(1));
		if (alias.source === "") onError(offset, "BAD_ALIAS", "Alias cannot be an empty string");
		if (alias.source.endsWith(":")) onError(offset + source.length - 1, "BAD_ALIAS", "Alias ending in : is ambiguous", true);
		const valueEnd = offset + source.length;
		const re = resolveEnd.resolveEnd(end, valueEnd, options.strict, onError);
		alias.range = [
			offset,
			valueEnd,
			re.offset
		];
		if (re.comment) alias.comment = re.comment;
		return alias;
	}
	exports.composeEmptyNode = composeEmptyNode;
	exports.composeNode = composeNode;
}));
// node_modules/yaml/dist/compose/compose-doc.js
var require_compose_doc = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Document = require_Document();
	var composeNode = require_compose_node();
	var resolveEnd = require_resolve_end();
	var resolveProps = require_resolve_props();
	function composeDoc(options, directives, { offset, start, value, end }, onError) {
		const opts = Object.assign({ _directives: directives }, options);
		const doc = new Document.Document(void 0, opts);
		const ctx = {
			atKey: false,
			atRoot: true,
			directives: doc.directives,
			options: doc.options,
			schema: doc.schema
		};
		const props = resolveProps.resolveProps(start, {
			indicator: "doc-start",
			next: value ?? end?.[0],
			offset,
			onError,
			parentIndent: 0,
			startOnNewline: true
		});
		if (props.found) {
			doc.directives.docStart = true;
			if (value && (value.type === "block-map" || value.type === "block-seq") && !props.hasNewline) onError(props.end, "MISSING_CHAR", "Block collection cannot start on same line with directives-end marker");
		}
		doc.contents = value ? composeNode.composeNode(ctx, value, props, onError) : composeNode.composeEmptyNode(ctx, props.end, start, null, props, onError);
		const contentEnd = doc.contents.range[2];
		const re = resolveEnd.resolveEnd(end, contentEnd, false, onError);
		if (re.comment) doc.comment = re.comment;
		doc.range = [
			offset,
			contentEnd,
			re.offset
		];
		return doc;
	}
	exports.composeDoc = composeDoc;
}));
// node_modules/yaml/dist/compose/composer.js
var require_composer = /* @__PURE__ */ __commonJSMin(((exports) => {
	var node_process = __require("process");
	var directives = require_directives();
	var Document = require_Document();
	var errors = require_errors$1();
	var identity = require_identity();
	var composeDoc = require_compose_doc();
	var resolveEnd = require_resolve_end();
	function getErrorPos(src) {
		if (typeof src === "number") return [src, src + 1];
		if (Array.isArray(src)) return src.length === 2 ? src : [src[0], src[1]];
		const { offset, source } = src;
		return [offset, offset + (typeof source === "string" ? source.length : 1)];
	}
	function parsePrelude(prelude) {
		let comment = "";
		let atComment = false;
		let afterEmptyLine = false;
		for (let i = 0; i < prelude.length; ++i) {
			const source = prelude[i];
			switch (source[0]) {
				case "#":
					comment += (comment === "" ? "" : afterEmptyLine ? "\n\n" : "\n") + (source.substring(1) || " ");
					atComment = true;
					afterEmptyLine = false;
					break;
				case "%":
					if (prelude[i + 1]?.[0] !== "#") i += 1;
					atComment = false;
					break;
				default:
					if (!atComment) afterEmptyLine = true;
					atComment = false;
			}
		}
		return {
			comment,
			afterEmptyLine
		};
	}
	var Composer = class {
		constructor(options = {}) {
			this.doc = null;
			this.atDirectives = false;
			this.prelude = [];
			this.errors = [];
			this.warnings = [];
			this.onError = (source, code, message, warning) => {
				const pos = getErrorPos(source);
				if (warning) this.warnings.push(new errors.YAMLWarning(pos, code, message));
				else this.errors.push(new errors.YAMLParseError(pos, code, message));
			};
			this.directives = new directives.Directives({ version: options.version || "1.2" });
			this.options = options;
		}
		decorate(doc, afterDoc) {
			const { comment, afterEmptyLine } = parsePrelude(this.prelude);
			if (comment) {
				const dc = doc.contents;
				if (afterDoc) doc.comment = doc.comment ? `${doc.comment}\n${comment}` : comment;
				else if (afterEmptyLine || doc.directives.docStart || !dc) doc.commentBefore = comment;
				else if (identity.isCollection(dc) && !dc.flow && dc.items.length > 0) {
					let it = dc.items[0];
					if (identity.isPair(it)) it = it.key;
					const cb = it.commentBefore;
					it.commentBefore = cb ? `${comment}\n${cb}` : comment;
				} else {
					const cb = dc.commentBefore;
					dc.commentBefore = cb ? `${comment}\n${cb}` : comment;
				}
			}
			if (afterDoc) {
				for (let i = 0; i < this.errors.length; ++i) doc.errors.push(this.errors[i]);
				for (let i = 0; i < this.warnings.length; ++i) doc.warnings.push(this.warnings[i]);
			} else {
				doc.errors = this.errors;
				doc.warnings = this.warnings;
			}
			this.prelude = [];
			this.errors = [];
			this.warnings = [];
		}
		streamInfo() {
			return {
				comment: parsePrelude(this.prelude).comment,
				directives: this.directives,
				errors: this.errors,
				warnings: this.warnings
			};
		}
		*compose(tokens, forceDoc = false, endOffset = -1) {
			for (const token of tokens) yield* this.next(token);
			yield* this.end(forceDoc, endOffset);
		}
		*next(token) {
			if (node_process.env.LOG_STREAM) console.dir(token, { depth: null });
			switch (token.type) {
				case "directive":
					this.directives.add(token.source, (offset, message, warning) => {
						const pos = getErrorPos(token);
						pos[0] += offset;
						this.onError(pos, "BAD_DIRECTIVE", message, warning);
					});
					this.prelude.push(token.source);
					this.atDirectives = true;
					break;
				case "document": {
					const doc = composeDoc.composeDoc(this.options, this.directives, token, this.onError);
					if (this.atDirectives && !doc.directives.docStart) this.onError(token, "MISSING_CHAR", "Missing directives-end/doc-start indicator line");
					this.decorate(doc, false);
					if (this.doc) yield this.doc;
					this.doc = doc;
					this.atDirectives = false;
					break;
				}
				case "byte-order-mark":
				case "space": break;
				case "comment":
				case "newline":
					this.prelude.push(token.source);
					break;
				case "error": {
					const msg = token.source ? `${token.message}: ${JSON.stringify(token.source)}` : token.message;
					const error = new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg);
					if (this.atDirectives || !this.doc) this.errors.push(error);
					else this.doc.errors.push(error);
					break;
				}
				case "doc-end": {
					if (!this.doc) {
						this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", "Unexpected doc-end without preceding document"));
						break;
					}
					this.doc.directives.docEnd = true;
					const end = resolveEnd.resolveEnd(token.end, token.offset + token.source.length, this.doc.options.strict, this.onError);
					this.decorate(this.doc, true);
					if (end.comment) {
						const dc = this.doc.comment;
						this.doc.comment = dc ? `${dc}\n${end.comment}` : end.comment;
					}
					this.doc.range[2] = end.offset;
					break;
				}
				default: this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", `Unsupported token ${token.type}`));
			}
		}
		*end(forceDoc = false, endOffset = -1) {
			if (this.doc) {
				this.decorate(this.doc, true);
				yield this.doc;
				this.doc = null;
			} else if (forceDoc) {
				const opts = Object.assign({ _directives: this.directives }, this.options);
				const doc = new Document.Document(void 0, opts);
				if (this.atDirectives) this.onError(endOffset, "MISSING_CHAR", "Missing directives-end indicator line");
				doc.range = [
					0,
					endOffset,
					endOffset
				];
				this.decorate(doc, false);
				yield doc;
			}
		}
	};
	exports.Composer = Composer;
}));
// node_modules/yaml/dist/parse/cst-scalar.js
var require_cst_scalar = /* @__PURE__ */ __commonJSMin(((exports) => {
	var resolveBlockScalar = require_resolve_block_scalar();
	var resolveFlowScalar = require_resolve_flow_scalar();
	var errors = require_errors$1();
	var stringifyString = require_stringifyString();
	function resolveAsScalar(token, strict = true, onError) {
		if (token) {
			const _onError = (pos, code, message) => {
				const offset = typeof pos === "number" ? pos : Array.isArray(pos) ? pos[0] : pos.offset;
				if (onError) onError(offset, code, message);
				else throw new errors.YAMLParseError([offset, offset + 1], code, message);
			};
			switch (token.type) {
				case "scalar":
				case "single-quoted-scalar":
				case "double-quoted-scalar": return resolveFlowScalar.resolveFlowScalar(token, strict, _onError);
				case "block-scalar": return resolveBlockScalar.resolveBlockScalar({ options: { strict } }, token, _onError);
			}
		}
		return null;
	}
	function createScalarToken(value, context) {
		const { implicitKey = false, indent, inFlow = false, offset = -1, type = "PLAIN" } = context;
		const source = stringifyString.stringifyString({
			type,
			value
		}, {
			implicitKey,
			indent: indent > 0 ? " ".repeat(indent) : "",
			inFlow,
			options: {
				blockQuote: true,
				lineWidth: -1
			}
		});
		const end = context.end ?? [{
			type: "newline",
			offset: -1,
			indent,
			source: "\n"
		}];
		switch (source[0]) {
			case "|":
			case ">": {
				const he = source.indexOf("\n");
				const head = source.substring(0, he);
				const body = source.substring(he + 1) + "\n";
				const props = [{
					type: "block-scalar-header",
					offset,
					indent,
					source: head
				}];
				if (!addEndtoBlockProps(props, end)) props.push({
					type: "newline",
					offset: -1,
					indent,
					source: "\n"
				});
				return {
					type: "block-scalar",
					offset,
					indent,
					props,
					source: body
				};
			}
			case "\"": return {
				type: "double-quoted-scalar",
				offset,
				indent,
				source,
				end
			};
			case "'": return {
				type: "single-quoted-scalar",
				offset,
				indent,
				source,
				end
			};
			default: return {
				type: "scalar",
				offset,
				indent,
				source,
				end
			};
		}
	}
	function setScalarValue(token, value, context = {}) {
		let { afterKey = false, implicitKey = false, inFlow = false, type } = context;
		let indent = "indent" in token ? token.indent : null;
		if (afterKey && typeof indent === "number") indent += 2;
		if (!type) switch (token.type) {
			case "single-quoted-scalar":
				type = "QUOTE_SINGLE";
				break;
			case "double-quoted-scalar":
				type = "QUOTE_DOUBLE";
				break;
			case "block-scalar": {
				const header = token.props[0];
				if (header.type !== "block-scalar-header") throw new Error("Invalid block scalar header");
				type = header.source[0] === ">" ? "BLOCK_FOLDED" : "BLOCK_LITERAL";
				break;
			}
			default: type = "PLAIN";
		}
		const source = stringifyString.stringifyString({
			type,
			value
		}, {
			implicitKey: implicitKey || indent === null,
			indent: indent !== null && indent > 0 ? " ".repeat(indent) : "",
			inFlow,
			options: {
				blockQuote: true,
				lineWidth: -1
			}
		});
		switch (source[0]) {
			case "|":
			case ">":
				setBlockScalarValue(token, source);
				break;
			case "\"":
				setFlowScalarValue(token, source, "double-quoted-scalar");
				break;
			case "'":
				setFlowScalarValue(token, source, "single-quoted-scalar");
				break;
			default: setFlowScalarValue(token, source, "scalar");
		}
	}
	function setBlockScalarValue(token, source) {
		const he = source.indexOf("\n");
		const head = source.substring(0, he);
		const body = source.substring(he + 1) + "\n";
		if (token.type === "block-scalar") {
			const header = token.props[0];
			if (header.type !== "block-scalar-header") throw new Error("Invalid block scalar header");
			header.source = head;
			token.source = body;
		} else {
			const { offset } = token;
			const indent = "indent" in token ? token.indent : -1;
			const props = [{
				type: "block-scalar-header",
				offset,
				indent,
				source: head
			}];
			if (!addEndtoBlockProps(props, "end" in token ? token.end : void 0)) props.push({
				type: "newline",
				offset: -1,
				indent,
				source: "\n"
			});
			for (const key of Object.keys(token)) if (key !== "type" && key !== "offset") delete token[key];
			Object.assign(token, {
				type: "block-scalar",
				indent,
				props,
				source: body
			});
		}
	}
	function addEndtoBlockProps(props, end) {
		if (end) for (const st of end) switch (st.type) {
			case "space":
			case "comment":
				props.push(st);
				break;
			case "newline":
				props.push(st);
				return true;
		}
		return false;
	}
	function setFlowScalarValue(token, source, type) {
		switch (token.type) {
			case "scalar":
			case "double-quoted-scalar":
			case "single-quoted-scalar":
				token.type = type;
				token.source = source;
				break;
			case "block-scalar": {
				const end = token.props.slice(1);
				let oa = source.length;
				if (token.props[0].type === "block-scalar-header") oa -= token.props[0].source.length;
				for (const tok of end) tok.offset += oa;
				delete token.props;
				Object.assign(token, {
					type,
					source,
					end
				});
				break;
			}
			case "block-map":
			case "block-seq": {
				const nl = {
					type: "newline",
					offset: token.offset + source.length,
					indent: token.indent,
					source: "\n"
				};
				delete token.items;
				Object.assign(token, {
					type,
					source,
					end: [nl]
				});
				break;
			}
			default: {
				const indent = "indent" in token ? token.indent : -1;
				const end = "end" in token && Array.isArray(token.end) ? token.end.filter((st) => st.type === "space" || st.type === "comment" || st.type === "newline") : [];
				for (const key of Object.keys(token)) if (key !== "type" && key !== "offset") delete token[key];
				Object.assign(token, {
					type,
					indent,
					source,
					end
				});
			}
		}
	}
	exports.createScalarToken = createScalarToken;
	exports.resolveAsScalar = resolveAsScalar;
	exports.setScalarValue = setScalarValue;
}));
// node_modules/yaml/dist/parse/cst-stringify.js
var require_cst_stringify = /* @__PURE__ */ __commonJSMin(((exports) => {
	const stringify = (cst) => "type" in cst ? stringifyToken(cst) : stringifyItem(cst);
	function stringifyToken(token) {
		switch (token.type) {
			case "block-scalar": {
				let res = "";
				for (const tok of token.props) res += stringifyToken(tok);
				return res + token.source;
			}
			case "block-map":
			case "block-seq": {
				let res = "";
				for (const item of token.items) res += stringifyItem(item);
				return res;
			}
			case "flow-collection": {
				let res = token.start.source;
				for (const item of token.items) res += stringifyItem(item);
				for (const st of token.end) res += st.source;
				return res;
			}
			case "document": {
				let res = stringifyItem(token);
				if (token.end) for (const st of token.end) res += st.source;
				return res;
			}
			default: {
				let res = token.source;
				if ("end" in token && token.end) for (const st of token.end) res += st.source;
				return res;
			}
		}
	}
	function stringifyItem({ start, key, sep, value }) {
		let res = "";
		for (const st of start) res += st.source;
		if (key) res += stringifyToken(key);
		if (sep) for (const st of sep) res += st.source;
		if (value) res += stringifyToken(value);
		return res;
	}
	exports.stringify = stringify;
}));
// node_modules/yaml/dist/parse/cst-visit.js
var require_cst_visit = /* @__PURE__ */ __commonJSMin(((exports) => {
	const BREAK = Symbol("break visit");
	const SKIP = Symbol("skip children");
	const REMOVE = Symbol("remove item");
	function visit(cst, visitor) {
		if ("type" in cst && cst.type === "document") cst = {
			start: cst.start,
			value: cst.value
		};
		_visit(Object.freeze([]), cst, visitor);
	}
	visit.BREAK = BREAK;
	visit.SKIP = SKIP;
	visit.REMOVE = REMOVE;
	visit.itemAtPath = (cst, path) => {
		let item = cst;
		for (const [field, index] of path) {
			const tok = item?.[field];
			if (tok && "items" in tok) item = tok.items[index];
			else return void 0;
		}
		return item;
	};
	visit.parentCollection = (cst, path) => {
		const parent = visit.itemAtPath(cst, path.slice(0, -1));
		const field = path[path.length - 1][0];
		const coll = parent?.[field];
		if (coll && "items" in coll) return coll;
		throw new Error("Parent collection not found");
	};
	function _visit(path, item, visitor) {
		let ctrl = visitor(item, path);
		if (typeof ctrl === "symbol") return ctrl;
		for (const field of ["key", "value"]) {
			const token = item[field];
			if (token && "items" in token) {
				for (let i = 0; i < token.items.length; ++i) {
					const ci = _visit(Object.freeze(path.concat([[field, i]])), token.items[i], visitor);
					if (typeof ci === "number") i = ci - 1;
					else if (ci === BREAK) return BREAK;
					else if (ci === REMOVE) {
						token.items.splice(i, 1);
						i -= 1;
					}
				}
				if (typeof ctrl === "function" && field === "key") ctrl = ctrl(item, path);
			}
		}
		return typeof ctrl === "function" ? ctrl(item, path) : ctrl;
	}
	exports.visit = visit;
}));
// node_modules/yaml/dist/parse/cst.js
var require_cst = /* @__PURE__ */ __commonJSMin(((exports) => {
	var cstScalar = require_cst_scalar();
	var cstStringify = require_cst_stringify();
	var cstVisit = require_cst_visit();
	const BOM = "﻿";
	const DOCUMENT = "";
	const FLOW_END = "";
	const SCALAR = "";
	const isCollection = (token) => !!token && "items" in token;
	const isScalar = (token) => !!token && (token.type === "scalar" || token.type === "single-quoted-scalar" || token.type === "double-quoted-scalar" || token.type === "block-scalar");
	/* istanbul ignore next */
	function prettyToken(token) {
		switch (token) {
			case BOM: return "<BOM>";
			case DOCUMENT: return "<DOC>";
			case FLOW_END: return "<FLOW_END>";
			case SCALAR: return "<SCALAR>";
			default: return JSON.stringify(token);
		}
	}
	function tokenType(source) {
		switch (source) {
			case BOM: return "byte-order-mark";
			case DOCUMENT: return "doc-mode";
			case FLOW_END: return "flow-error-end";
			case SCALAR: return "scalar";
			case "---": return "doc-start";
			case "...": return "doc-end";
			case "":
			case "\n":
			case "\r\n": return "newline";
			case "-": return "seq-item-ind";
			case "?": return "explicit-key-ind";
			case ":": return "map-value-ind";
			case "{": return "flow-map-start";
			case "}": return "flow-map-end";
			case "[": return "flow-seq-start";
			case "]": return "flow-seq-end";
			case ",": return "comma";
		}
		switch (source[0]) {
			case " ":
			case "	": return "space";
			case "#": return "comment";
			case "%": return "directive-line";
			case "*": return "alias";
			case "&": return "anchor";
			case "!": return "tag";
			case "'": return "single-quoted-scalar";
			case "\"": return "double-quoted-scalar";
			case "|":
			case ">": return "block-scalar-header";
		}
		return null;
	}
	exports.createScalarToken = cstScalar.createScalarToken;
	exports.resolveAsScalar = cstScalar.resolveAsScalar;
	exports.setScalarValue = cstScalar.setScalarValue;
	exports.stringify = cstStringify.stringify;
	exports.visit = cstVisit.visit;
	exports.BOM = BOM;
	exports.DOCUMENT = DOCUMENT;
	exports.FLOW_END = FLOW_END;
	exports.SCALAR = SCALAR;
	exports.isCollection = isCollection;
	exports.isScalar = isScalar;
	exports.prettyToken = prettyToken;
	exports.tokenType = tokenType;
}));
// node_modules/yaml/dist/parse/lexer.js
var require_lexer = /* @__PURE__ */ __commonJSMin(((exports) => {
	var cst = require_cst();
	function isEmpty(ch) {
		switch (ch) {
			case void 0:
			case " ":
			case "\n":
			case "\r":
			case "	": return true;
			default: return false;
		}
	}
	const hexDigits = /* @__PURE__ */ new Set("0123456789ABCDEFabcdef");
	const tagChars = /* @__PURE__ */ new Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()");
	const flowIndicatorChars = /* @__PURE__ */ new Set(",[]{}");
	const invalidAnchorChars = /* @__PURE__ */ new Set(" ,[]{}\n\r	");
	const isNotAnchorChar = (ch) => !ch || invalidAnchorChars.has(ch);
	var Lexer = class {
		constructor() {
			this.atEnd = false;
			this.blockScalarIndent = -1;
			this.blockScalarKeep = false;
			this.buffer = "";
			this.flowKey = false;
			this.flowLevel = 0;
			this.indentNext = 0;
			this.indentValue = 0;
			this.lineEndPos = null;
			this.next = null;
			this.pos = 0;
		}
		*lex(source, incomplete = false) {
			if (source) {
				if (typeof source !== "string") throw TypeError("source is not a string");
				this.buffer = this.buffer ? this.buffer + source : source;
				this.lineEndPos = null;
			}
			this.atEnd = !incomplete;
			let next = this.next ?? "stream";
			while (next && (incomplete || this.hasChars(1))) next = yield* this.parseNext(next);
		}
		atLineEnd() {
			let i = this.pos;
			let ch = this.buffer[i];
			while (ch === " " || ch === "	") ch = this.buffer[++i];
			if (!ch || ch === "#" || ch === "\n") return true;
			if (ch === "\r") return this.buffer[i + 1] === "\n";
			return false;
		}
		charAt(n) {
			return this.buffer[this.pos + n];
		}
		continueScalar(offset) {
			let ch = this.buffer[offset];
			if (this.indentNext > 0) {
				let indent = 0;
				while (ch === " ") ch = this.buffer[++indent + offset];
				if (ch === "\r") {
					const next = this.buffer[indent + offset + 1];
					if (next === "\n" || !next && !this.atEnd) return offset + indent + 1;
				}
				return ch === "\n" || indent >= this.indentNext || !ch && !this.atEnd ? offset + indent : -1;
			}
			if (ch === "-" || ch === ".") {
				const dt = this.buffer.substr(offset, 3);
				if ((dt === "---" || dt === "...") && isEmpty(this.buffer[offset + 3])) return -1;
			}
			return offset;
		}
		getLine() {
			let end = this.lineEndPos;
			if (typeof end !== "number" || end !== -1 && end < this.pos) {
				end = this.buffer.indexOf("\n", this.pos);
				this.lineEndPos = end;
			}
			if (end === -1) return this.atEnd ? this.buffer.substring(this.pos) : null;
			if (this.buffer[end - 1] === "\r") end -= 1;
			return this.buffer.substring(this.pos, end);
		}
		hasChars(n) {
			return this.pos + n <= this.buffer.length;
		}
		setNext(state) {
			this.buffer = this.buffer.substring(this.pos);
			this.pos = 0;
			this.lineEndPos = null;
			this.next = state;
			return null;
		}
		peek(n) {
			return this.buffer.substr(this.pos, n);
		}
		*parseNext(next) {
			switch (next) {
				case "stream": return yield* this.parseStream();
				case "line-start": return yield* this.parseLineStart();
				case "block-start": return yield* this.parseBlockStart();
				case "doc": return yield* this.parseDocument();
				case "flow": return yield* this.parseFlowCollection();
				case "quoted-scalar": return yield* this.parseQuotedScalar();
				case "block-scalar": return yield* this.parseBlockScalar();
				case "plain-scalar": return yield* this.parsePlainScalar();
			}
		}
		*parseStream() {
			let line = this.getLine();
			if (line === null) return this.setNext("stream");
			if (line[0] === cst.BOM) {
				yield* this.pushCount(1);
				line = line.substring(1);
			}
			if (line[0] === "%") {
				let dirEnd = line.length;
				let cs = line.indexOf("#");
				while (cs !== -1) {
					const ch = line[cs - 1];
					if (ch === " " || ch === "	") {
						dirEnd = cs - 1;
						break;
					} else cs = line.indexOf("#", cs + 1);
				}
				while (true) {
					const ch = line[dirEnd - 1];
					if (ch === " " || ch === "	") dirEnd -= 1;
					else break;
				}
				const n = (yield* this.pushCount(dirEnd)) + (yield* this.pushSpaces(true));
				yield* this.pushCount(line.length - n);
				this.pushNewline();
				return "stream";
			}
			if (this.atLineEnd()) {
				const sp = yield* this.pushSpaces(true);
				yield* this.pushCount(line.length - sp);
				yield* this.pushNewline();
				return "stream";
			}
			yield cst.DOCUMENT;
			return yield* this.parseLineStart();
		}
		*parseLineStart() {
			const ch = this.charAt(0);
			if (!ch && !this.atEnd) return this.setNext("line-start");
			if (ch === "-" || ch === ".") {
				if (!this.atEnd && !this.hasChars(4)) return this.setNext("line-start");
				const s = this.peek(3);
				if ((s === "---" || s === "...") && isEmpty(this.charAt(3))) {
					yield* this.pushCount(3);
					this.indentValue = 0;
					this.indentNext = 0;
					return s === "---" ? "doc" : "stream";
				}
			}
			this.indentValue = yield* this.pushSpaces(false);
			if (this.indentNext > this.indentValue && !isEmpty(this.charAt(1))) this.indentNext = this.indentValue;
			return yield* this.parseBlockStart();
		}
		*parseBlockStart() {
			const [ch0, ch1] = this.peek(2);
			if (!ch1 && !this.atEnd) return this.setNext("block-start");
			if ((ch0 === "-" || ch0 === "?" || ch0 === ":") && isEmpty(ch1)) {
				const n = (yield* this.pushCount(1)) + (yield* this.pushSpaces(true));
				this.indentNext = this.indentValue + 1;
				this.indentValue += n;
				return "block-start";
			}
			return "doc";
		}
		*parseDocument() {
			yield* this.pushSpaces(true);
			const line = this.getLine();
			if (line === null) return this.setNext("doc");
			let n = yield* this.pushIndicators();
			switch (line[n]) {
				case "#": yield* this.pushCount(line.length - n);
				case void 0:
					yield* this.pushNewline();
					return yield* this.parseLineStart();
				case "{":
				case "[":
					yield* this.pushCount(1);
					this.flowKey = false;
					this.flowLevel = 1;
					return "flow";
				case "}":
				case "]":
					yield* this.pushCount(1);
					return "doc";
				case "*":
					yield* this.pushUntil(isNotAnchorChar);
					return "doc";
				case "\"":
				case "'": return yield* this.parseQuotedScalar();
				case "|":
				case ">":
					n += yield* this.parseBlockScalarHeader();
					n += yield* this.pushSpaces(true);
					yield* this.pushCount(line.length - n);
					yield* this.pushNewline();
					return yield* this.parseBlockScalar();
				default: return yield* this.parsePlainScalar();
			}
		}
		*parseFlowCollection() {
			let nl, sp;
			let indent = -1;
			do {
				nl = yield* this.pushNewline();
				if (nl > 0) {
					sp = yield* this.pushSpaces(false);
					this.indentValue = indent = sp;
				} else sp = 0;
				sp += yield* this.pushSpaces(true);
			} while (nl + sp > 0);
			const line = this.getLine();
			if (line === null) return this.setNext("flow");
			if (indent !== -1 && indent < this.indentNext && line[0] !== "#" || indent === 0 && (line.startsWith("---") || line.startsWith("...")) && isEmpty(line[3])) {
				if (!(indent === this.indentNext - 1 && this.flowLevel === 1 && (line[0] === "]" || line[0] === "}"))) {
					this.flowLevel = 0;
					yield cst.FLOW_END;
					return yield* this.parseLineStart();
				}
			}
			let n = 0;
			while (line[n] === ",") {
				n += yield* this.pushCount(1);
				n += yield* this.pushSpaces(true);
				this.flowKey = false;
			}
			n += yield* this.pushIndicators();
			switch (line[n]) {
				case void 0: return "flow";
				case "#":
					yield* this.pushCount(line.length - n);
					return "flow";
				case "{":
				case "[":
					yield* this.pushCount(1);
					this.flowKey = false;
					this.flowLevel += 1;
					return "flow";
				case "}":
				case "]":
					yield* this.pushCount(1);
					this.flowKey = true;
					this.flowLevel -= 1;
					return this.flowLevel ? "flow" : "doc";
				case "*":
					yield* this.pushUntil(isNotAnchorChar);
					return "flow";
				case "\"":
				case "'":
					this.flowKey = true;
					return yield* this.parseQuotedScalar();
				case ":": {
					const next = this.charAt(1);
					if (this.flowKey || isEmpty(next) || next === ",") {
						this.flowKey = false;
						yield* this.pushCount(1);
						yield* this.pushSpaces(true);
						return "flow";
					}
				}
				default:
					this.flowKey = false;
					return yield* this.parsePlainScalar();
			}
		}
		*parseQuotedScalar() {
			const quote = this.charAt(0);
			let end = this.buffer.indexOf(quote, this.pos + 1);
			if (quote === "'") while (end !== -1 && this.buffer[end + 1] === "'") end = this.buffer.indexOf("'", end + 2);
			else while (end !== -1) {
				let n = 0;
				while (this.buffer[end - 1 - n] === "\\") n += 1;
				if (n % 2 === 0) break;
				end = this.buffer.indexOf("\"", end + 1);
			}
			const qb = this.buffer.substring(0, end);
			let nl = qb.indexOf("\n", this.pos);
			if (nl !== -1) {
				while (nl !== -1) {
					const cs = this.continueScalar(nl + 1);
					if (cs === -1) break;
					nl = qb.indexOf("\n", cs);
				}
				if (nl !== -1) end = nl - (qb[nl - 1] === "\r" ? 2 : 1);
			}
			if (end === -1) {
				if (!this.atEnd) return this.setNext("quoted-scalar");
				end = this.buffer.length;
			}
			yield* this.pushToIndex(end + 1, false);
			return this.flowLevel ? "flow" : "doc";
		}
		*parseBlockScalarHeader() {
			this.blockScalarIndent = -1;
			this.blockScalarKeep = false;
			let i = this.pos;
			while (true) {
				const ch = this.buffer[++i];
				if (ch === "+") this.blockScalarKeep = true;
				else if (ch > "0" && ch <= "9") this.blockScalarIndent = Number(ch) - 1;
				else if (ch !== "-") break;
			}
			return yield* this.pushUntil((ch) => isEmpty(ch) || ch === "#");
		}
		*parseBlockScalar() {
			let nl = this.pos - 1;
			let indent = 0;
			let ch;
			loop: for (let i = this.pos; ch = this.buffer[i]; ++i) switch (ch) {
				case " ":
					indent += 1;
					break;
				case "\n":
					nl = i;
					indent = 0;
					break;
				case "\r": {
					const next = this.buffer[i + 1];
					if (!next && !this.atEnd) return this.setNext("block-scalar");
					if (next === "\n") break;
				}
				default: break loop;
			}
			if (!ch && !this.atEnd) return this.setNext("block-scalar");
			if (indent >= this.indentNext) {
				if (this.blockScalarIndent === -1) this.indentNext = indent;
				else this.indentNext = this.blockScalarIndent + (this.indentNext === 0 ? 1 : this.indentNext);
				do {
					const cs = this.continueScalar(nl + 1);
					if (cs === -1) break;
					nl = this.buffer.indexOf("\n", cs);
				} while (nl !== -1);
				if (nl === -1) {
					if (!this.atEnd) return this.setNext("block-scalar");
					nl = this.buffer.length;
				}
			}
			let i = nl + 1;
			ch = this.buffer[i];
			while (ch === " ") ch = this.buffer[++i];
			if (ch === "	") {
				while (ch === "	" || ch === " " || ch === "\r" || ch === "\n") ch = this.buffer[++i];
				nl = i - 1;
			} else if (!this.blockScalarKeep) do {
				let i = nl - 1;
				let ch = this.buffer[i];
				if (ch === "\r") ch = this.buffer[--i];
				const lastChar = i;
				while (ch === " ") ch = this.buffer[--i];
				if (ch === "\n" && i >= this.pos && i + 1 + indent > lastChar) nl = i;
				else break;
			} while (true);
			yield cst.SCALAR;
			yield* this.pushToIndex(nl + 1, true);
			return yield* this.parseLineStart();
		}
		*parsePlainScalar() {
			const inFlow = this.flowLevel > 0;
			let end = this.pos - 1;
			let i = this.pos - 1;
			let ch;
			while (ch = this.buffer[++i]) if (ch === ":") {
				const next = this.buffer[i + 1];
				if (isEmpty(next) || inFlow && flowIndicatorChars.has(next)) break;
				end = i;
			} else if (isEmpty(ch)) {
				let next = this.buffer[i + 1];
				if (ch === "\r") {
					if (next === "\n") {
						i += 1;
						ch = "\n";
						next = this.buffer[i + 1];
					} else end = i;
				}
				if (next === "#" || inFlow && flowIndicatorChars.has(next)) break;
				if (ch === "\n") {
					const cs = this.continueScalar(i + 1);
					if (cs === -1) break;
					i = Math.max(i, cs - 2);
				}
			} else {
				if (inFlow && flowIndicatorChars.has(ch)) break;
				end = i;
			}
			if (!ch && !this.atEnd) return this.setNext("plain-scalar");
			yield cst.SCALAR;
			yield* this.pushToIndex(end + 1, true);
			return inFlow ? "flow" : "doc";
		}
		*pushCount(n) {
			if (n > 0) {
				yield this.buffer.substr(this.pos, n);
				this.pos += n;
				return n;
			}
			return 0;
		}
		*pushToIndex(i, allowEmpty) {
			const s = this.buffer.slice(this.pos, i);
			if (s) {
				yield s;
				this.pos += s.length;
				return s.length;
			} else if (allowEmpty) yield "";
			return 0;
		}
		*pushIndicators() {
			let n = 0;
			loop: while (true) {
				switch (this.charAt(0)) {
					case "!":
						n += yield* this.pushTag();
						n += yield* this.pushSpaces(true);
						continue loop;
					case "&":
						n += yield* this.pushUntil(isNotAnchorChar);
						n += yield* this.pushSpaces(true);
						continue loop;
					case "-":
					case "?":
					case ":": {
						const inFlow = this.flowLevel > 0;
						const ch1 = this.charAt(1);
						if (isEmpty(ch1) || inFlow && flowIndicatorChars.has(ch1)) {
							if (!inFlow) this.indentNext = this.indentValue + 1;
							else if (this.flowKey) this.flowKey = false;
							n += yield* this.pushCount(1);
							n += yield* this.pushSpaces(true);
							continue loop;
						}
					}
				}
				break loop;
			}
			return n;
		}
		*pushTag() {
			if (this.charAt(1) === "<") {
				let i = this.pos + 2;
				let ch = this.buffer[i];
				while (!isEmpty(ch) && ch !== ">") ch = this.buffer[++i];
				return yield* this.pushToIndex(ch === ">" ? i + 1 : i, false);
			} else {
				let i = this.pos + 1;
				let ch = this.buffer[i];
				while (ch) if (tagChars.has(ch)) ch = this.buffer[++i];
				else if (ch === "%" && hexDigits.has(this.buffer[i + 1]) && hexDigits.has(this.buffer[i + 2])) ch = this.buffer[i += 3];
				else break;
				return yield* this.pushToIndex(i, false);
			}
		}
		*pushNewline() {
			const ch = this.buffer[this.pos];
			if (ch === "\n") return yield* this.pushCount(1);
			else if (ch === "\r" && this.charAt(1) === "\n") return yield* this.pushCount(2);
			else return 0;
		}
		*pushSpaces(allowTabs) {
			let i = this.pos - 1;
			let ch;
			do
				ch = this.buffer[++i];
			while (ch === " " || allowTabs && ch === "	");
			const n = i - this.pos;
			if (n > 0) {
				yield this.buffer.substr(this.pos, n);
				this.pos = i;
			}
			return n;
		}
		*pushUntil(test) {
			let i = this.pos;
			let ch = this.buffer[i];
			while (!test(ch)) ch = this.buffer[++i];
			return yield* this.pushToIndex(i, false);
		}
	};
	exports.Lexer = Lexer;
}));
// node_modules/yaml/dist/parse/line-counter.js
var require_line_counter = /* @__PURE__ */ __commonJSMin(((exports) => {
	var LineCounter = class {
		constructor() {
			this.lineStarts = [];
			this.addNewLine = (offset) => this.lineStarts.push(offset);
			this.linePos = (offset) => {
				let low = 0;
				let high = this.lineStarts.length;
				while (low < high) {
					const mid = low + high >> 1;
					if (this.lineStarts[mid] < offset) low = mid + 1;
					else high = mid;
				}
				if (this.lineStarts[low] === offset) return {
					line: low + 1,
					col: 1
				};
				if (low === 0) return {
					line: 0,
					col: offset
				};
				const start = this.lineStarts[low - 1];
				return {
					line: low,
					col: offset - start + 1
				};
			};
		}
	};
	exports.LineCounter = LineCounter;
}));
// node_modules/yaml/dist/parse/parser.js
var require_parser = /* @__PURE__ */ __commonJSMin(((exports) => {
	var node_process = __require("process");
	var cst = require_cst();
	var lexer = require_lexer();
	function includesToken(list, type) {
		for (let i = 0; i < list.length; ++i) if (list[i].type === type) return true;
		return false;
	}
	function findNonEmptyIndex(list) {
		for (let i = 0; i < list.length; ++i) switch (list[i].type) {
			case "space":
			case "comment":
			case "newline": break;
			default: return i;
		}
		return -1;
	}
	function isFlowToken(token) {
		switch (token?.type) {
			case "alias":
			case "scalar":
			case "single-quoted-scalar":
			case "double-quoted-scalar":
			case "flow-collection": return true;
			default: return false;
		}
	}
	function getPrevProps(parent) {
		switch (parent.type) {
			case "document": return parent.start;
			case "block-map": {
				const it = parent.items[parent.items.length - 1];
				return it.sep ?? it.start;
			}
			case "block-seq": return parent.items[parent.items.length - 1].start;
			/* istanbul ignore next should not happen */
			default: return [];
		}
	}
	function getFirstKeyStartProps(prev) {
		if (prev.length === 0) return [];
		let i = prev.length;
		loop: while (--i >= 0) switch (prev[i].type) {
			case "doc-start":
			case "explicit-key-ind":
			case "map-value-ind":
			case "seq-item-ind":
			case "newline": break loop;
		}
		while (prev[++i]?.type === "space");
		return prev.splice(i, prev.length);
	}
	function arrayPushArray(target, source) {
		if (source.length < 1e5) Array.prototype.push.apply(target, source);
		else for (let i = 0; i < source.length; ++i) target.push(source[i]);
	}
	function fixFlowSeqItems(fc) {
		if (fc.start.type === "flow-seq-start") {
			for (const it of fc.items) if (it.sep && !it.value && !includesToken(it.start, "explicit-key-ind") && !includesToken(it.sep, "map-value-ind")) {
				if (it.key) it.value = it.key;
				delete it.key;
				if (isFlowToken(it.value)) {
					if (it.value.end) arrayPushArray(it.value.end, it.sep);
					else it.value.end = it.sep;
				} else arrayPushArray(it.start, it.sep);
				delete it.sep;
			}
		}
	}
	var Parser = class {
		constructor(onNewLine) {
			this.atNewLine = true;
			this.atScalar = false;
			this.indent = 0;
			this.offset = 0;
			this.onKeyLine = false;
			this.stack = [];
			this.source = "";
			this.type = "";
			this.lexer = new lexer.Lexer();
			this.onNewLine = onNewLine;
		}
		*parse(source, incomplete = false) {
			if (this.onNewLine && this.offset === 0) this.onNewLine(0);
			for (const lexeme of this.lexer.lex(source, incomplete)) yield* this.next(lexeme);
			if (!incomplete) yield* this.end();
		}
		*next(source) {
			this.source = source;
			if (node_process.env.LOG_TOKENS) console.log("|", cst.prettyToken(source));
			if (this.atScalar) {
				this.atScalar = false;
				yield* this.step();
				this.offset += source.length;
				return;
			}
			const type = cst.tokenType(source);
			if (!type) {
				const message = `Not a YAML token: ${source}`;
				yield* this.pop({
					type: "error",
					offset: this.offset,
					message,
					source
				});
				this.offset += source.length;
			} else if (type === "scalar") {
				this.atNewLine = false;
				this.atScalar = true;
				this.type = "scalar";
			} else {
				this.type = type;
				yield* this.step();
				switch (type) {
					case "newline":
						this.atNewLine = true;
						this.indent = 0;
						if (this.onNewLine) this.onNewLine(this.offset + source.length);
						break;
					case "space":
						if (this.atNewLine && source[0] === " ") this.indent += source.length;
						break;
					case "explicit-key-ind":
					case "map-value-ind":
					case "seq-item-ind":
						if (this.atNewLine) this.indent += source.length;
						break;
					case "doc-mode":
					case "flow-error-end": return;
					default: this.atNewLine = false;
				}
				this.offset += source.length;
			}
		}
		*end() {
			while (this.stack.length > 0) yield* this.pop();
		}
		get sourceToken() {
			return {
				type: this.type,
				offset: this.offset,
				indent: this.indent,
				source: this.source
			};
		}
		*step() {
			const top = this.peek(1);
			if (this.type === "doc-end" && top?.type !== "doc-end") {
				while (this.stack.length > 0) yield* this.pop();
				this.stack.push({
					type: "doc-end",
					offset: this.offset,
					source: this.source
				});
				return;
			}
			if (!top) return yield* this.stream();
			switch (top.type) {
				case "document": return yield* this.document(top);
				case "alias":
				case "scalar":
				case "single-quoted-scalar":
				case "double-quoted-scalar": return yield* this.scalar(top);
				case "block-scalar": return yield* this.blockScalar(top);
				case "block-map": return yield* this.blockMap(top);
				case "block-seq": return yield* this.blockSequence(top);
				case "flow-collection": return yield* this.flowCollection(top);
				case "doc-end": return yield* this.documentEnd(top);
			}
			/* istanbul ignore next should not happen */
			yield* this.pop();
		}
		peek(n) {
			return this.stack[this.stack.length - n];
		}
		*pop(error) {
			const token = error ?? this.stack.pop();
			/* istanbul ignore if should not happen */
			if (!token) yield {
				type: "error",
				offset: this.offset,
				source: "",
				message: "Tried to pop an empty stack"
			};
			else if (this.stack.length === 0) yield token;
			else {
				const top = this.peek(1);
				if (token.type === "block-scalar") token.indent = "indent" in top ? top.indent : 0;
				else if (token.type === "flow-collection" && top.type === "document") token.indent = 0;
				if (token.type === "flow-collection") fixFlowSeqItems(token);
				switch (top.type) {
					case "document":
						top.value = token;
						break;
					case "block-scalar":
						top.props.push(token);
						break;
					case "block-map": {
						const it = top.items[top.items.length - 1];
						if (it.value) {
							top.items.push({
								start: [],
								key: token,
								sep: []
							});
							this.onKeyLine = true;
							return;
						} else if (it.sep) it.value = token;
						else {
							Object.assign(it, {
								key: token,
								sep: []
							});
							this.onKeyLine = !it.explicitKey;
							return;
						}
						break;
					}
					case "block-seq": {
						const it = top.items[top.items.length - 1];
						if (it.value) top.items.push({
							start: [],
							value: token
						});
						else it.value = token;
						break;
					}
					case "flow-collection": {
						const it = top.items[top.items.length - 1];
						if (!it || it.value) top.items.push({
							start: [],
							key: token,
							sep: []
						});
						else if (it.sep) it.value = token;
						else Object.assign(it, {
							key: token,
							sep: []
						});
						return;
					}
					/* istanbul ignore next should not happen */
					default:
						yield* this.pop();
						yield* this.pop(token);
				}
				if ((top.type === "document" || top.type === "block-map" || top.type === "block-seq") && (token.type === "block-map" || token.type === "block-seq")) {
					const last = token.items[token.items.length - 1];
					if (last && !last.sep && !last.value && last.start.length > 0 && findNonEmptyIndex(last.start) === -1 && (token.indent === 0 || last.start.every((st) => st.type !== "comment" || st.indent < token.indent))) {
						if (top.type === "document") top.end = last.start;
						else top.items.push({ start: last.start });
						token.items.splice(-1, 1);
					}
				}
			}
		}
		*stream() {
			switch (this.type) {
				case "directive-line":
					yield {
						type: "directive",
						offset: this.offset,
						source: this.source
					};
					return;
				case "byte-order-mark":
				case "space":
				case "comment":
				case "newline":
					yield this.sourceToken;
					return;
				case "doc-mode":
				case "doc-start": {
					const doc = {
						type: "document",
						offset: this.offset,
						start: []
					};
					if (this.type === "doc-start") doc.start.push(this.sourceToken);
					this.stack.push(doc);
					return;
				}
			}
			yield {
				type: "error",
				offset: this.offset,
				message: `Unexpected ${this.type} token in YAML stream`,
				source: this.source
			};
		}
		*document(doc) {
			if (doc.value) return yield* this.lineEnd(doc);
			switch (this.type) {
				case "doc-start":
					if (findNonEmptyIndex(doc.start) !== -1) {
						yield* this.pop();
						yield* this.step();
					} else doc.start.push(this.sourceToken);
					return;
				case "anchor":
				case "tag":
				case "space":
				case "comment":
				case "newline":
					doc.start.push(this.sourceToken);
					return;
			}
			const bv = this.startBlockValue(doc);
			if (bv) this.stack.push(bv);
			else yield {
				type: "error",
				offset: this.offset,
				message: `Unexpected ${this.type} token in YAML document`,
				source: this.source
			};
		}
		*scalar(scalar) {
			if (this.type === "map-value-ind") {
				const start = getFirstKeyStartProps(getPrevProps(this.peek(2)));
				let sep;
				if (scalar.end) {
					sep = scalar.end;
					sep.push(this.sourceToken);
					delete scalar.end;
				} else sep = [this.sourceToken];
				const map = {
					type: "block-map",
					offset: scalar.offset,
					indent: scalar.indent,
					items: [{
						start,
						key: scalar,
						sep
					}]
				};
				this.onKeyLine = true;
				this.stack[this.stack.length - 1] = map;
			} else yield* this.lineEnd(scalar);
		}
		*blockScalar(scalar) {
			switch (this.type) {
				case "space":
				case "comment":
				case "newline":
					scalar.props.push(this.sourceToken);
					return;
				case "scalar":
					scalar.source = this.source;
					this.atNewLine = true;
					this.indent = 0;
					if (this.onNewLine) {
						let nl = this.source.indexOf("\n") + 1;
						while (nl !== 0) {
							this.onNewLine(this.offset + nl);
							nl = this.source.indexOf("\n", nl) + 1;
						}
					}
					yield* this.pop();
					break;
				/* istanbul ignore next should not happen */
				default:
					yield* this.pop();
					yield* this.step();
			}
		}
		*blockMap(map) {
			const it = map.items[map.items.length - 1];
			switch (this.type) {
				case "newline":
					this.onKeyLine = false;
					if (it.value) {
						const end = "end" in it.value ? it.value.end : void 0;
						if ((Array.isArray(end) ? end[end.length - 1] : void 0)?.type === "comment") end?.push(this.sourceToken);
						else map.items.push({ start: [this.sourceToken] });
					} else if (it.sep) it.sep.push(this.sourceToken);
					else it.start.push(this.sourceToken);
					return;
				case "space":
				case "comment":
					if (it.value) map.items.push({ start: [this.sourceToken] });
					else if (it.sep) it.sep.push(this.sourceToken);
					else {
						if (this.atIndentedComment(it.start, map.indent)) {
							const end = map.items[map.items.length - 2]?.value?.end;
							if (Array.isArray(end)) {
								arrayPushArray(end, it.start);
								end.push(this.sourceToken);
								map.items.pop();
								return;
							}
						}
						it.start.push(this.sourceToken);
					}
					return;
			}
			if (this.indent >= map.indent) {
				const atMapIndent = !this.onKeyLine && this.indent === map.indent;
				const atNextItem = atMapIndent && (it.sep || it.explicitKey) && this.type !== "seq-item-ind";
				let start = [];
				if (atNextItem && it.sep && !it.value) {
					const nl = [];
					for (let i = 0; i < it.sep.length; ++i) {
						const st = it.sep[i];
						switch (st.type) {
							case "newline":
								nl.push(i);
								break;
							case "space": break;
							case "comment":
								if (st.indent > map.indent) nl.length = 0;
								break;
							default: nl.length = 0;
						}
					}
					if (nl.length >= 2) start = it.sep.splice(nl[1]);
				}
				switch (this.type) {
					case "anchor":
					case "tag":
						if (atNextItem || it.value) {
							start.push(this.sourceToken);
							map.items.push({ start });
							this.onKeyLine = true;
						} else if (it.sep) it.sep.push(this.sourceToken);
						else it.start.push(this.sourceToken);
						return;
					case "explicit-key-ind":
						if (!it.sep && !it.explicitKey) {
							it.start.push(this.sourceToken);
							it.explicitKey = true;
						} else if (atNextItem || it.value) {
							start.push(this.sourceToken);
							map.items.push({
								start,
								explicitKey: true
							});
						} else this.stack.push({
							type: "block-map",
							offset: this.offset,
							indent: this.indent,
							items: [{
								start: [this.sourceToken],
								explicitKey: true
							}]
						});
						this.onKeyLine = true;
						return;
					case "map-value-ind":
						if (it.explicitKey) {
							if (!it.sep) {
								if (includesToken(it.start, "newline")) Object.assign(it, {
									key: null,
									sep: [this.sourceToken]
								});
								else {
									const start = getFirstKeyStartProps(it.start);
									this.stack.push({
										type: "block-map",
										offset: this.offset,
										indent: this.indent,
										items: [{
											start,
											key: null,
											sep: [this.sourceToken]
										}]
									});
								}
							} else if (it.value) map.items.push({
								start: [],
								key: null,
								sep: [this.sourceToken]
							});
							else if (includesToken(it.sep, "map-value-ind")) this.stack.push({
								type: "block-map",
								offset: this.offset,
								indent: this.indent,
								items: [{
									start,
									key: null,
									sep: [this.sourceToken]
								}]
							});
							else if (isFlowToken(it.key) && !includesToken(it.sep, "newline")) {
								const start = getFirstKeyStartProps(it.start);
								const key = it.key;
								const sep = it.sep;
								sep.push(this.sourceToken);
								delete it.key;
								delete it.sep;
								this.stack.push({
									type: "block-map",
									offset: this.offset,
									indent: this.indent,
									items: [{
										start,
										key,
										sep
									}]
								});
							} else if (start.length > 0) it.sep = it.sep.concat(start, this.sourceToken);
							else it.sep.push(this.sourceToken);
						} else if (!it.sep) Object.assign(it, {
							key: null,
							sep: [this.sourceToken]
						});
						else if (it.value || atNextItem) map.items.push({
							start,
							key: null,
							sep: [this.sourceToken]
						});
						else if (includesToken(it.sep, "map-value-ind")) this.stack.push({
							type: "block-map",
							offset: this.offset,
							indent: this.indent,
							items: [{
								start: [],
								key: null,
								sep: [this.sourceToken]
							}]
						});
						else it.sep.push(this.sourceToken);
						this.onKeyLine = true;
						return;
					case "alias":
					case "scalar":
					case "single-quoted-scalar":
					case "double-quoted-scalar": {
						const fs = this.flowScalar(this.type);
						if (atNextItem || it.value) {
							map.items.push({
								start,
								key: fs,
								sep: []
							});
							this.onKeyLine = true;
						} else if (it.sep) this.stack.push(fs);
						else {
							Object.assign(it, {
								key: fs,
								sep: []
							});
							this.onKeyLine = true;
						}
						return;
					}
					default: {
						const bv = this.startBlockValue(map);
						if (bv) {
							if (bv.type === "block-seq") {
								if (!it.explicitKey && it.sep && !includesToken(it.sep, "newline")) {
									yield* this.pop({
										type: "error",
										offset: this.offset,
										message: "Unexpected block-seq-ind on same line with key",
										source: this.source
									});
									return;
								}
							} else if (atMapIndent) map.items.push({ start });
							this.stack.push(bv);
							return;
						}
					}
				}
			}
			yield* this.pop();
			yield* this.step();
		}
		*blockSequence(seq) {
			const it = seq.items[seq.items.length - 1];
			switch (this.type) {
				case "newline":
					if (it.value) {
						const end = "end" in it.value ? it.value.end : void 0;
						if ((Array.isArray(end) ? end[end.length - 1] : void 0)?.type === "comment") end?.push(this.sourceToken);
						else seq.items.push({ start: [this.sourceToken] });
					} else it.start.push(this.sourceToken);
					return;
				case "space":
				case "comment":
					if (it.value) seq.items.push({ start: [this.sourceToken] });
					else {
						if (this.atIndentedComment(it.start, seq.indent)) {
							const end = seq.items[seq.items.length - 2]?.value?.end;
							if (Array.isArray(end)) {
								arrayPushArray(end, it.start);
								end.push(this.sourceToken);
								seq.items.pop();
								return;
							}
						}
						it.start.push(this.sourceToken);
					}
					return;
				case "anchor":
				case "tag":
					if (it.value || this.indent <= seq.indent) break;
					it.start.push(this.sourceToken);
					return;
				case "seq-item-ind":
					if (this.indent !== seq.indent) break;
					if (it.value || includesToken(it.start, "seq-item-ind")) seq.items.push({ start: [this.sourceToken] });
					else it.start.push(this.sourceToken);
					return;
			}
			if (this.indent > seq.indent) {
				const bv = this.startBlockValue(seq);
				if (bv) {
					this.stack.push(bv);
					return;
				}
			}
			yield* this.pop();
			yield* this.step();
		}
		*flowCollection(fc) {
			const it = fc.items[fc.items.length - 1];
			if (this.type === "flow-error-end") {
				let top;
				do {
					yield* this.pop();
					top = this.peek(1);
				} while (top?.type === "flow-collection");
			} else if (fc.end.length === 0) {
				switch (this.type) {
					case "comma":
					case "explicit-key-ind":
						if (!it || it.sep) fc.items.push({ start: [this.sourceToken] });
						else it.start.push(this.sourceToken);
						return;
					case "map-value-ind":
						if (!it || it.value) fc.items.push({
							start: [],
							key: null,
							sep: [this.sourceToken]
						});
						else if (it.sep) it.sep.push(this.sourceToken);
						else Object.assign(it, {
							key: null,
							sep: [this.sourceToken]
						});
						return;
					case "space":
					case "comment":
					case "newline":
					case "anchor":
					case "tag":
						if (!it || it.value) fc.items.push({ start: [this.sourceToken] });
						else if (it.sep) it.sep.push(this.sourceToken);
						else it.start.push(this.sourceToken);
						return;
					case "alias":
					case "scalar":
					case "single-quoted-scalar":
					case "double-quoted-scalar": {
						const fs = this.flowScalar(this.type);
						if (!it || it.value) fc.items.push({
							start: [],
							key: fs,
							sep: []
						});
						else if (it.sep) this.stack.push(fs);
						else Object.assign(it, {
							key: fs,
							sep: []
						});
						return;
					}
					case "flow-map-end":
					case "flow-seq-end":
						fc.end.push(this.sourceToken);
						return;
				}
				const bv = this.startBlockValue(fc);
				/* istanbul ignore else should not happen */
				if (bv) this.stack.push(bv);
				else {
					yield* this.pop();
					yield* this.step();
				}
			} else {
				const parent = this.peek(2);
				if (parent.type === "block-map" && (this.type === "map-value-ind" && parent.indent === fc.indent || this.type === "newline" && !parent.items[parent.items.length - 1].sep)) {
					yield* this.pop();
					yield* this.step();
				} else if (this.type === "map-value-ind" && parent.type !== "flow-collection") {
					const start = getFirstKeyStartProps(getPrevProps(parent));
					fixFlowSeqItems(fc);
					const sep = fc.end.splice(1, fc.end.length);
					sep.push(this.sourceToken);
					const map = {
						type: "block-map",
						offset: fc.offset,
						indent: fc.indent,
						items: [{
							start,
							key: fc,
							sep
						}]
					};
					this.onKeyLine = true;
					this.stack[this.stack.length - 1] = map;
				} else yield* this.lineEnd(fc);
			}
		}
		flowScalar(type) {
			if (this.onNewLine) {
				let nl = this.source.indexOf("\n") + 1;
				while (nl !== 0) {
					this.onNewLine(this.offset + nl);
					nl = this.source.indexOf("\n", nl) + 1;
				}
			}
			return {
				type,
				offset: this.offset,
				indent: this.indent,
				source: this.source
			};
		}
		startBlockValue(parent) {
			switch (this.type) {
				case "alias":
				case "scalar":
				case "single-quoted-scalar":
				case "double-quoted-scalar": return this.flowScalar(this.type);
				case "block-scalar-header": return {
					type: "block-scalar",
					offset: this.offset,
					indent: this.indent,
					props: [this.sourceToken],
					source: ""
				};
				case "flow-map-start":
				case "flow-seq-start": return {
					type: "flow-collection",
					offset: this.offset,
					indent: this.indent,
					start: this.sourceToken,
					items: [],
					end: []
				};
				case "seq-item-ind": return {
					type: "block-seq",
					offset: this.offset,
					indent: this.indent,
					items: [{ start: [this.sourceToken] }]
				};
				case "explicit-key-ind": {
					this.onKeyLine = true;
					const start = getFirstKeyStartProps(getPrevProps(parent));
					start.push(this.sourceToken);
					return {
						type: "block-map",
						offset: this.offset,
						indent: this.indent,
						items: [{
							start,
							explicitKey: true
						}]
					};
				}
				case "map-value-ind": {
					this.onKeyLine = true;
					const start = getFirstKeyStartProps(getPrevProps(parent));
					return {
						type: "block-map",
						offset: this.offset,
						indent: this.indent,
						items: [{
							start,
							key: null,
							sep: [this.sourceToken]
						}]
					};
				}
			}
			return null;
		}
		atIndentedComment(start, indent) {
			if (this.type !== "comment") return false;
			if (this.indent <= indent) return false;
			return start.every((st) => st.type === "newline" || st.type === "space");
		}
		*documentEnd(docEnd) {
			if (this.type !== "doc-mode") {
				if (docEnd.end) docEnd.end.push(this.sourceToken);
				else docEnd.end = [this.sourceToken];
				if (this.type === "newline") yield* this.pop();
			}
		}
		*lineEnd(token) {
			switch (this.type) {
				case "comma":
				case "doc-start":
				case "doc-end":
				case "flow-seq-end":
				case "flow-map-end":
				case "map-value-ind":
					yield* this.pop();
					yield* this.step();
					break;
				case "newline": this.onKeyLine = false;
				default:
					if (token.end) token.end.push(this.sourceToken);
					else token.end = [this.sourceToken];
					if (this.type === "newline") yield* this.pop();
			}
		}
	};
	exports.Parser = Parser;
}));
// node_modules/yaml/dist/public-api.js
var require_public_api = /* @__PURE__ */ __commonJSMin(((exports) => {
	var composer = require_composer();
	var Document = require_Document();
	var errors = require_errors$1();
	var log = require_log();
	var identity = require_identity();
	var lineCounter = require_line_counter();
	var parser = require_parser();
	function parseOptions(options) {
		const prettyErrors = options.prettyErrors !== false;
		return {
			lineCounter: options.lineCounter || prettyErrors && new lineCounter.LineCounter() || null,
			prettyErrors
		};
	}
	function parseAllDocuments(source, options = {}) {
		const { lineCounter, prettyErrors } = parseOptions(options);
		const parser$1 = new parser.Parser(lineCounter?.addNewLine);
		const composer$1 = new composer.Composer(options);
		const docs = Array.from(composer$1.compose(parser$1.parse(source)));
		if (prettyErrors && lineCounter) for (const doc of docs) {
			doc.errors.forEach(errors.prettifyError(source, lineCounter));
			doc.warnings.forEach(errors.prettifyError(source, lineCounter));
		}
		if (docs.length > 0) return docs;
		return Object.assign([], { empty: true }, composer$1.streamInfo());
	}
	function parseDocument(source, options = {}) {
		const { lineCounter, prettyErrors } = parseOptions(options);
		const parser$1 = new parser.Parser(lineCounter?.addNewLine);
		const composer$1 = new composer.Composer(options);
		let doc = null;
		for (const _doc of composer$1.compose(parser$1.parse(source), true, source.length)) if (!doc) doc = _doc;
		else if (doc.options.logLevel !== "silent") {
			doc.errors.push(new errors.YAMLParseError(_doc.range.slice(0, 2), "MULTIPLE_DOCS", "Source contains multiple documents; please use YAML.parseAllDocuments()"));
			break;
		}
		if (prettyErrors && lineCounter) {
			doc.errors.forEach(errors.prettifyError(source, lineCounter));
			doc.warnings.forEach(errors.prettifyError(source, lineCounter));
		}
		return doc;
	}
	function parse(src, reviver, options) {
		let _reviver = void 0;
		if (typeof reviver === "function") _reviver = reviver;
		else if (options === void 0 && reviver && typeof reviver === "object") options = reviver;
		const doc = parseDocument(src, options);
		if (!doc) return null;
		doc.warnings.forEach((warning) => log.warn(doc.options.logLevel, warning));
		if (doc.errors.length > 0) {
			if (doc.options.logLevel !== "silent") throw doc.errors[0];
			else doc.errors = [];
		}
		return doc.toJS(Object.assign({ reviver: _reviver }, options));
	}
	function stringify(value, replacer, options) {
		let _replacer = null;
		if (typeof replacer === "function" || Array.isArray(replacer)) _replacer = replacer;
		else if (options === void 0 && replacer) options = replacer;
		if (typeof options === "string") options = options.length;
		if (typeof options === "number") {
			const indent = Math.round(options);
			options = indent < 1 ? void 0 : indent > 8 ? { indent: 8 } : { indent };
		}
		if (value === void 0) {
			const { keepUndefined } = options ?? replacer ?? {};
			if (!keepUndefined) return void 0;
		}
		if (identity.isDocument(value) && !_replacer) return value.toString(options);
		return new Document.Document(value, _replacer, options).toString(options);
	}
	exports.parse = parse;
	exports.parseAllDocuments = parseAllDocuments;
	exports.parseDocument = parseDocument;
	exports.stringify = stringify;
}));
// src/config.ts
var import_dist$1 = (/* @__PURE__ */ __commonJSMin(((exports) => {
	var composer = require_composer();
	var Document = require_Document();
	var Schema = require_Schema();
	var errors = require_errors$1();
	var Alias = require_Alias();
	var identity = require_identity();
	var Pair = require_Pair();
	var Scalar = require_Scalar();
	var YAMLMap = require_YAMLMap();
	var YAMLSeq = require_YAMLSeq();
	require_cst();
	var lexer = require_lexer();
	var lineCounter = require_line_counter();
	var parser = require_parser();
	var publicApi = require_public_api();
	var visit = require_visit();
	exports.Composer = composer.Composer;
	exports.Document = Document.Document;
	exports.Schema = Schema.Schema;
	exports.YAMLError = errors.YAMLError;
	exports.YAMLParseError = errors.YAMLParseError;
	exports.YAMLWarning = errors.YAMLWarning;
	exports.Alias = Alias.Alias;
	exports.isAlias = identity.isAlias;
	exports.isCollection = identity.isCollection;
	exports.isDocument = identity.isDocument;
	exports.isMap = identity.isMap;
	exports.isNode = identity.isNode;
	exports.isPair = identity.isPair;
	exports.isScalar = identity.isScalar;
	exports.isSeq = identity.isSeq;
	exports.Pair = Pair.Pair;
	exports.Scalar = Scalar.Scalar;
	exports.YAMLMap = YAMLMap.YAMLMap;
	exports.YAMLSeq = YAMLSeq.YAMLSeq;
	exports.Lexer = lexer.Lexer;
	exports.LineCounter = lineCounter.LineCounter;
	exports.Parser = parser.Parser;
	exports.parse = publicApi.parse;
	exports.parseAllDocuments = publicApi.parseAllDocuments;
	exports.parseDocument = publicApi.parseDocument;
	exports.stringify = publicApi.stringify;
	exports.visit = visit.visit;
	exports.visitAsync = visit.visitAsync;
})))();
const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
const unitMs = {
	ms: 1,
	s: 1e3,
	m: 6e4,
	h: 36e5
};
function milliseconds$1(text) {
	const [, amount, unit] = durationPattern.exec(text) ?? [];
	return Math.round(Number(amount) * unitMs[unit]);
}
const duration = string().regex(durationPattern, "a duration such as `500ms`, `2s` or `10m`");
const approvalReasons = [
	"destructive",
	"irreversible",
	"long-lock",
	"unknown"
];
const sizePattern = /^(\d+(?:\.\d+)?)(kB|MB|GB|TB)$/;
const unitBytes = {
	kB: 1024,
	MB: 1024 ** 2,
	GB: 1024 ** 3,
	TB: 1024 ** 4
};
function bytesIn(text) {
	const [, amount, unit] = sizePattern.exec(text) ?? [];
	return Math.round(Number(amount) * unitBytes[unit]);
}
const size = string().regex(sizePattern, "a size such as `500kB`, `100MB` or `2GB`");
const rulesSchema = record(string(), _enum([
	"off",
	"notice",
	"warning",
	"error"
]).describe("severity of a rule, or `off`"));
const thresholdsSchema = strictObject({ "large-table": size.optional().describe("a table of this size or more is large (100MB where nothing is said); so is one whose size is not known").transform((text) => text === void 0 ? void 0 : bytesIn(text)) });
const defaultLargeTableBytes = bytesIn("100MB");
const environmentSchema = strictObject({
	apply: _enum(["prisma"]).default("prisma").describe("`prisma`: the project’s own `prisma migrate deploy`"),
	"lock-timeout": duration.refine((text) => milliseconds$1(text) > 0, "must be more than 0 (PostgreSQL reads 0 as \"no limit\")").default("2s").describe("how long a statement may wait for a lock, and with it queue the application").transform(milliseconds$1),
	"lock-wait": duration.default("60s").describe("how long to wait for another deploy to end").transform(milliseconds$1),
	backup: strictObject({
		strategy: _enum(["pg_dump", "none"]).default("pg_dump").describe("`none` is the explicit waiver: nothing to restore from"),
		dir: string().min(1).optional().describe("where backups are written")
	}).prefault({}),
	rehearse: _enum(["off"]).optional().describe("rehearsal is not in this release; only `off` is accepted"),
	"require-approval": array(_enum(approvalReasons)).readonly().default(approvalReasons).describe("what needs the plan digest before it is applied"),
	thresholds: thresholdsSchema.optional().describe("in place of those for all environments"),
	rules: rulesSchema.optional().describe("in place of those for all environments, rule by rule")
});
const configSchema = strictObject({
	version: literal(1).default(1).describe("version of this file’s format"),
	prisma: strictObject({ engine: _enum(["native", "wasm"]).default("native").describe("`wasm`: bundled with Airlock, needs no download") }).prefault({}),
	environments: record(string().regex(/^[\w.-]+$/, "letters, digits, `.`, `_` and `-`"), environmentSchema).default({}),
	thresholds: thresholdsSchema.prefault({}),
	rules: rulesSchema.default({})
});
const defaultConfig = configSchema.parse({});
const laterKeys = /* @__PURE__ */ new Set([
	"encrypt-to",
	"store",
	"keep",
	"rollback",
	"health",
	"required",
	"freeze",
	"verify",
	"windows"
]);
function parseConfig(text, path, knownRules) {
	const lines = new import_dist$1.LineCounter();
	const document = (0, import_dist$1.parseDocument)(text, {
		lineCounter: lines,
		uniqueKeys: true
	});
	const problems = document.errors.map((error) => `line ${error.linePos?.[0].line ?? "?"}: ${error.message.split("\n")[0]}`);
	if (problems.length > 0) throw invalid(path, problems);
	const parsed = configSchema.safeParse(document.toJS() ?? {});
	if (!parsed.success) throw invalid(path, parsed.error.issues.flatMap((issue) => explain(issue, document, lines)));
	const strangers = rulePaths(parsed.data).filter((place) => !knownRules.includes(place.at(-1) ?? ""));
	if (strangers.length > 0) throw invalid(path, strangers.map((place) => `line ${lineOf(document, lines, place)}: there is no rule \`${place.at(-1)}\``));
	return parsed.data;
}
function rulePaths({ rules, environments }) {
	return [...Object.keys(rules).map((rule) => ["rules", rule]), ...Object.entries(environments).flatMap(([name, environment]) => Object.keys(environment.rules ?? {}).map((rule) => [
		"environments",
		name,
		"rules",
		rule
	]))];
}
function policyFor(config, environment) {
	const found = config.environments[environment];
	if (found !== void 0) return withShared(found, config);
	const names = Object.keys(config.environments);
	if (names.length === 0) return withShared(environmentSchema.parse({}), config);
	throw fail("CONFIG.UNKNOWN_ENVIRONMENT", {
		what: `airlock.yml has no environment \`${environment}\`.`,
		why: `It names ${names.map((name) => `\`${name}\``).join(", ")}. A misspelt environment must not fall back to another policy.`,
		next: [`Use one of these names: ${names.join(", ")}.`, `Or add \`${environment}: {}\` under \`environments\` for the defaults.`]
	});
}
function withShared({ rules, thresholds, ...own }, shared) {
	const largeTable = thresholds?.["large-table"] ?? shared.thresholds["large-table"] ?? defaultLargeTableBytes;
	return {
		...own,
		rules: {
			...shared.rules,
			...rules
		},
		thresholds: { "large-table": largeTable }
	};
}
function invalid(path, problems) {
	return fail("CONFIG.INVALID", {
		what: `${path} has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}.`,
		why: problems.join("\n"),
		next: [`Correct ${path}. Every key is optional; the reference is docs/reference/configuration.md.`]
	});
}
function explain(issue, document, lines) {
	const path = issue.path.map(String);
	if (issue.code !== "unrecognized_keys") {
		const name = path.length === 0 ? "the file" : `\`${path.join(".")}\``;
		return [`line ${lineOf(document, lines, path)}: ${name}: ${issue.message}`];
	}
	return issue.keys.map((key) => {
		const name = `\`${[...path, key].join(".")}\``;
		const line = lineOf(document, lines, [...path, key]);
		return laterKeys.has(key) ? `line ${line}: ${name} is not in this release and would protect nothing: remove it` : `line ${line}: ${name} is not a setting`;
	});
}
function lineOf(document, lines, path) {
	for (let length = path.length; length > 0; length--) {
		const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
		if (!(0, import_dist$1.isMap)(parent)) continue;
		const pair = parent.items.find((item) => (0, import_dist$1.isScalar)(item.key) && String(item.key.value) === path[length - 1]);
		if (pair !== void 0 && (0, import_dist$1.isScalar)(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
	}
	return 1;
}
// src/rules/finding.ts
const severities = [
	"notice",
	"warning",
	"error"
];
// src/result.ts
const commands = [
	"check",
	"plan",
	"deploy",
	"backup",
	"restore",
	"prune",
	"rehearse",
	"verify",
	"rollback",
	"undo",
	"health",
	"doctor",
	"baseline"
];
const outcomes = [
	"clear",
	"needs-approval",
	"blocked",
	"applied",
	"nothing-pending",
	"done",
	"refused",
	"recovered",
	"needs-human",
	"failed"
];
const stageNames = [
	"preflight",
	"plan",
	"compatibility",
	"gate",
	"backup",
	"rehearse",
	"apply",
	"verify",
	"recover",
	"restore",
	"report"
];
const stageOutcomes = [
	"pass",
	"fail",
	"unknown",
	"skipped"
];
const list$2 = (item) => array(item).readonly();
const effects = object({
	locks: list$2(object({
		relation: string(),
		mode: _enum(lockModes)
	}).readonly()),
	rewrites: list$2(string()),
	scans: list$2(string()),
	loses: list$2(object({
		kind: _enum(lossKinds),
		name: string()
	}).readonly()),
	unknown: boolean().describe("true where any part of the effect could not be told"),
	unknownBecause: string().optional()
}).readonly();
const migration = object({
	name: string(),
	checksum: string(),
	atomic: boolean().describe("whether a failure inside the file leaves nothing of it behind"),
	stage: _enum(migrationStages),
	statements: list$2(object({
		index: int(),
		line: int(),
		kind: string().describe("node name of the PostgreSQL grammar"),
		sql: string(),
		effects
	}).readonly())
}).readonly();
const finding = object({
	rule: string(),
	severity: _enum(severities),
	migration: string(),
	file: string(),
	line: int(),
	column: int(),
	message: string(),
	why: string(),
	instead: string(),
	docs: string(),
	relation: string().optional().describe("the table whose size decides how long it takes")
}).readonly();
const allowed = object({
	rule: string(),
	severity: _enum(severities),
	migration: string(),
	file: string(),
	line: int(),
	message: string(),
	reason: string().describe("what the comment in the migration says after \"because\"")
}).readonly();
const stage = object({
	name: _enum(stageNames),
	outcome: _enum(stageOutcomes),
	ms: int(),
	summary: string().describe("one line for people; says \"not checked\" where nothing was checked"),
	detail: record(string(), unknown()).readonly()
}).readonly();
const failure = object({
	code: _enum(Object.keys(failureTitles)).or(literal("BUG")),
	what: string(),
	why: string(),
	next: list$2(string())
}).readonly();
const backup = object({
	manifest: string(),
	tier: _enum(backupTiers),
	bytes: int()
}).readonly();
object({
	schemaVersion: literal(1),
	command: _enum(commands),
	outcome: _enum(outcomes),
	reasonCode: string().describe("stable, for scripts; the sentence for people is `reason`"),
	reason: string(),
	environment: string().optional(),
	target: object({
		host: string(),
		database: string()
	}).readonly().optional(),
	digest: string().optional().describe("what an approver approves: `--approve sha256:…`"),
	migrations: list$2(migration),
	applied: list$2(string()).describe("names of the migrations that this run applied"),
	findings: list$2(finding),
	allowed: list$2(allowed).describe("findings that a comment in the migration silenced"),
	stages: list$2(stage),
	backup: backup.optional(),
	next: list$2(string()).describe("what to do now, ready to paste"),
	failure: failure.optional(),
	truncated: list$2(string()).optional().describe("what was left out to fit into an output of the action; never set elsewhere"),
	startedAt: string(),
	ms: int()
}).readonly();
const exitCodes = {
	clear: 0,
	applied: 0,
	"nothing-pending": 0,
	done: 0,
	failed: 2,
	"needs-approval": 3,
	blocked: 3,
	refused: 3,
	recovered: 4,
	"needs-human": 5
};
// src/run.ts
var Run = class {
	startedAt = /* @__PURE__ */ new Date();
	signal;
	#emit;
	#records = [];
	constructor(emit, signal) {
		this.#emit = emit;
		this.signal = signal;
	}
	get records() {
		return this.#records;
	}
	progress(text) {
		this.#emit({
			kind: "progress",
			text
		});
	}
	async stage(name, work, describe, how = "cancellable") {
		const cancellable = how === "cancellable";
		if (cancellable) this.throwIfCancelled();
		const startedAt = performance.now();
		this.#emit({
			kind: "stage-started",
			stage: name
		});
		try {
			const value = await work();
			this.#end(name, startedAt, describe(value));
			return value;
		} catch (error) {
			const cancelled = cancellable && this.signal.aborted;
			const summary = cancelled ? "cancelled" : error instanceof FailureError ? error.failure.what : "ended by a bug";
			this.#end(name, startedAt, {
				outcome: "fail",
				summary
			});
			if (cancelled && !isCancellation(error)) throw cancellation(error);
			throw error;
		}
	}
	skip(name, why) {
		this.#end(name, performance.now(), {
			outcome: "skipped",
			summary: `not checked: ${why}`
		});
	}
	throwIfCancelled() {
		if (this.signal.aborted) throw cancellation();
	}
	#end(name, startedAt, report) {
		const ms = Math.round(performance.now() - startedAt);
		const record = {
			name,
			outcome: report.outcome,
			ms,
			summary: report.summary,
			detail: report.detail ?? {}
		};
		this.#records.push(record);
		this.#emit({
			kind: "stage-ended",
			record
		});
	}
};
// src/execute.ts
const bugExitCode = 1;
async function execute(invocation, surface) {
	const run = new Run(surface.emit, surface.signal);
	const runId = `${run.startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, "")}-${invocation.command}-${randomBytes(3).toString("hex")}`;
	const ended = await attempt$1(invocation, surface, run, runId);
	const { target, digest, backup, failure, ...rest } = ended;
	const result = {
		schemaVersion: 1,
		command: invocation.command,
		environment: followsPolicy(invocation) ? invocation.environment : void 0,
		...surface.redactor.value(rest),
		outcome: ended.outcome,
		reasonCode: ended.reasonCode,
		target,
		digest,
		backup,
		failure: surface.redactor.value(failure),
		stages: run.records.map((record) => ({
			...record,
			summary: surface.redactor.text(record.summary),
			detail: surface.redactor.value(record.detail)
		})),
		startedAt: run.startedAt.toISOString(),
		ms: Date.now() - run.startedAt.getTime()
	};
	return {
		result,
		runId,
		exitCode: failure?.code === "BUG" ? bugExitCode : exitCodes[result.outcome]
	};
}
async function attempt$1(invocation, surface, run, runId) {
	try {
		const config = await readConfig(invocation);
		const context = {
			run,
			runId,
			invocation,
			config,
			get policy() {
				return policyFor(config, invocation.environment);
			},
			redactor: surface.redactor,
			version: surface.version,
			schemaEnginePath: surface.schemaEnginePath,
			announce: surface.announce
		};
		return await commandTable[invocation.command](context);
	} catch (error) {
		if (error instanceof FailureError) return failed(error);
		surface.onBug(surface.redactor.text(error instanceof Error ? error.stack ?? error.message : String(error)));
		return bug(error);
	}
}
async function readConfig(invocation) {
	const path = resolve$1(invocation.cwd, invocation.config);
	try {
		return parseConfig(await readFile(path, "utf8"), invocation.config, ruleIds);
	} catch (error) {
		const code = errnoOf(error);
		if (error instanceof FailureError || code === "") throw error;
		if (code === "ENOENT" && invocation.config === "airlock.yml") {
			if (existsSync(resolve$1(invocation.cwd, "airlock.yaml"))) throw otherEnding();
			return defaultConfig;
		}
		throw fail("CONFIG.UNREADABLE", {
			what: `${invocation.config} cannot be read.`,
			why: messageOf(error),
			next: ["Check the path; without `config` Airlock reads airlock.yml in the project folder, where there is one."]
		});
	}
}
function otherEnding() {
	return fail("CONFIG.UNREADABLE", {
		what: "There is an airlock.yaml, and Airlock reads airlock.yml.",
		why: "Settings that nobody reads protect nobody, so they are not passed over in silence.",
		next: ["git mv airlock.yaml airlock.yml"]
	});
}
function followsPolicy({ command }) {
	return command !== "restore";
}
function failed({ failure }) {
	return {
		outcome: "failed",
		reasonCode: failure.code,
		reason: "",
		...noMigrations,
		next: failure.next,
		failure
	};
}
function bug(thrown) {
	const failure = {
		code: "BUG",
		what: "Airlock itself is wrong here.",
		why: messageOf(thrown),
		next: ["Report this with the output above. Run `airlock plan` to see the state of the database."]
	};
	return {
		outcome: "failed",
		reasonCode: failure.code,
		reason: "",
		...noMigrations,
		next: failure.next,
		failure
	};
}
// node_modules/@slack/webhook/dist/errors.js
var require_errors = /* @__PURE__ */ __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.WebhookTriggerHTTPError = exports.WebhookTriggerRequestError = exports.IncomingWebhookHTTPError = exports.IncomingWebhookRequestError = exports.SlackWebhookError = exports.ErrorCode = void 0;
	var ErrorCode;
	(function(ErrorCode) {
		ErrorCode["RequestError"] = "slack_webhook_request_error";
		ErrorCode["HTTPError"] = "slack_webhook_http_error";
	})(ErrorCode || (exports.ErrorCode = ErrorCode = {}));
	var SlackWebhookError = class extends Error {
		constructor(message, options) {
			super(message, options);
			this.name = this.constructor.name;
			Object.setPrototypeOf(this, new.target.prototype);
		}
	};
	exports.SlackWebhookError = SlackWebhookError;
	var IncomingWebhookRequestError = class extends SlackWebhookError {
		code = ErrorCode.RequestError;
		original;
		constructor(original) {
			super(`A request error occurred: ${original.message}`, { cause: original });
			this.original = original;
		}
	};
	exports.IncomingWebhookRequestError = IncomingWebhookRequestError;
	var IncomingWebhookHTTPError = class extends SlackWebhookError {
		code = ErrorCode.HTTPError;
		statusCode;
		statusMessage;
		body;
		constructor(statusCode, statusMessage, body) {
			super(`An HTTP protocol error occurred: statusCode = ${statusCode}`);
			this.statusCode = statusCode;
			this.statusMessage = statusMessage;
			this.body = body;
		}
	};
	exports.IncomingWebhookHTTPError = IncomingWebhookHTTPError;
	var WebhookTriggerRequestError = class extends SlackWebhookError {
		code = ErrorCode.RequestError;
		original;
		constructor(original) {
			super(`A request error occurred: ${original.message}`, { cause: original });
			this.original = original;
		}
	};
	exports.WebhookTriggerRequestError = WebhookTriggerRequestError;
	var WebhookTriggerHTTPError = class extends SlackWebhookError {
		code = ErrorCode.HTTPError;
		statusCode;
		statusMessage;
		body;
		constructor(statusCode, statusMessage, body) {
			super(`An HTTP protocol error occurred: statusCode = ${statusCode}`);
			this.statusCode = statusCode;
			this.statusMessage = statusMessage;
			this.body = body;
		}
	};
	exports.WebhookTriggerHTTPError = WebhookTriggerHTTPError;
}));
// node_modules/retry/lib/retry_operation.js
var require_retry_operation = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	function RetryOperation(timeouts, options) {
		if (typeof options === "boolean") options = { forever: options };
		this._originalTimeouts = JSON.parse(JSON.stringify(timeouts));
		this._timeouts = timeouts;
		this._options = options || {};
		this._maxRetryTime = options && options.maxRetryTime || 1e400;
		this._fn = null;
		this._errors = [];
		this._attempts = 1;
		this._operationTimeout = null;
		this._operationTimeoutCb = null;
		this._timeout = null;
		this._operationStart = null;
		this._timer = null;
		if (this._options.forever) this._cachedTimeouts = this._timeouts.slice(0);
	}
	module.exports = RetryOperation;
	RetryOperation.prototype.reset = function() {
		this._attempts = 1;
		this._timeouts = this._originalTimeouts.slice(0);
	};
	RetryOperation.prototype.stop = function() {
		if (this._timeout) clearTimeout(this._timeout);
		if (this._timer) clearTimeout(this._timer);
		this._timeouts = [];
		this._cachedTimeouts = null;
	};
	RetryOperation.prototype.retry = function(err) {
		if (this._timeout) clearTimeout(this._timeout);
		if (!err) return false;
		var currentTime = (/* @__PURE__ */ new Date()).getTime();
		if (err && currentTime - this._operationStart >= this._maxRetryTime) {
			this._errors.push(err);
			this._errors.unshift(/* @__PURE__ */ new Error("RetryOperation timeout occurred"));
			return false;
		}
		this._errors.push(err);
		var timeout = this._timeouts.shift();
		if (timeout === void 0) {
			if (this._cachedTimeouts) {
				this._errors.splice(0, this._errors.length - 1);
				timeout = this._cachedTimeouts.slice(-1);
			} else return false;
		}
		var self = this;
		this._timer = setTimeout(function() {
			self._attempts++;
			if (self._operationTimeoutCb) {
				self._timeout = setTimeout(function() {
					self._operationTimeoutCb(self._attempts);
				}, self._operationTimeout);
				if (self._options.unref) self._timeout.unref();
			}
			self._fn(self._attempts);
		}, timeout);
		if (this._options.unref) this._timer.unref();
		return true;
	};
	RetryOperation.prototype.attempt = function(fn, timeoutOps) {
		this._fn = fn;
		if (timeoutOps) {
			if (timeoutOps.timeout) this._operationTimeout = timeoutOps.timeout;
			if (timeoutOps.cb) this._operationTimeoutCb = timeoutOps.cb;
		}
		var self = this;
		if (this._operationTimeoutCb) this._timeout = setTimeout(function() {
			self._operationTimeoutCb();
		}, self._operationTimeout);
		this._operationStart = (/* @__PURE__ */ new Date()).getTime();
		this._fn(this._attempts);
	};
	RetryOperation.prototype.try = function(fn) {
		console.log("Using RetryOperation.try() is deprecated");
		this.attempt(fn);
	};
	RetryOperation.prototype.start = function(fn) {
		console.log("Using RetryOperation.start() is deprecated");
		this.attempt(fn);
	};
	RetryOperation.prototype.start = RetryOperation.prototype.try;
	RetryOperation.prototype.errors = function() {
		return this._errors;
	};
	RetryOperation.prototype.attempts = function() {
		return this._attempts;
	};
	RetryOperation.prototype.mainError = function() {
		if (this._errors.length === 0) return null;
		var counts = {};
		var mainError = null;
		var mainErrorCount = 0;
		for (var i = 0; i < this._errors.length; i++) {
			var error = this._errors[i];
			var message = error.message;
			var count = (counts[message] || 0) + 1;
			counts[message] = count;
			if (count >= mainErrorCount) {
				mainError = error;
				mainErrorCount = count;
			}
		}
		return mainError;
	};
}));
// node_modules/retry/lib/retry.js
var require_retry$1 = /* @__PURE__ */ __commonJSMin(((exports) => {
	var RetryOperation = require_retry_operation();
	exports.operation = function(options) {
		return new RetryOperation(exports.timeouts(options), {
			forever: options && (options.forever || options.retries === 1e400),
			unref: options && options.unref,
			maxRetryTime: options && options.maxRetryTime
		});
	};
	exports.timeouts = function(options) {
		if (options instanceof Array) return [].concat(options);
		var opts = {
			retries: 10,
			factor: 2,
			minTimeout: 1e3,
			maxTimeout: 1e400,
			randomize: false
		};
		for (var key in options) opts[key] = options[key];
		if (opts.minTimeout > opts.maxTimeout) throw new Error("minTimeout is greater than maxTimeout");
		var timeouts = [];
		for (var i = 0; i < opts.retries; i++) timeouts.push(this.createTimeout(i, opts));
		if (options && options.forever && !timeouts.length) timeouts.push(this.createTimeout(i, opts));
		timeouts.sort(function(a, b) {
			return a - b;
		});
		return timeouts;
	};
	exports.createTimeout = function(attempt, opts) {
		var random = opts.randomize ? Math.random() + 1 : 1;
		var timeout = Math.round(random * Math.max(opts.minTimeout, 1) * Math.pow(opts.factor, attempt));
		timeout = Math.min(timeout, opts.maxTimeout);
		return timeout;
	};
	exports.wrap = function(obj, options, methods) {
		if (options instanceof Array) {
			methods = options;
			options = null;
		}
		if (!methods) {
			methods = [];
			for (var key in obj) if (typeof obj[key] === "function") methods.push(key);
		}
		for (var i = 0; i < methods.length; i++) {
			var method = methods[i];
			var original = obj[method];
			obj[method] = function retryWrapper(original) {
				var op = exports.operation(options);
				var args = Array.prototype.slice.call(arguments, 1);
				var callback = args.pop();
				args.push(function(err) {
					if (op.retry(err)) return;
					if (err) arguments[0] = op.mainError();
					callback.apply(this, arguments);
				});
				op.attempt(function() {
					original.apply(obj, args);
				});
			}.bind(obj, original);
			obj[method].options = options;
		}
	};
}));
// node_modules/retry/index.js
var require_retry = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = require_retry$1();
}));
// node_modules/p-retry/index.js
var require_p_retry = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	const retry = require_retry();
	const networkErrorMsgs = [
		"Failed to fetch",
		"NetworkError when attempting to fetch resource.",
		"The Internet connection appears to be offline.",
		"Network request failed"
	];
	var AbortError = class extends Error {
		constructor(message) {
			super();
			if (message instanceof Error) {
				this.originalError = message;
				({message} = message);
			} else {
				this.originalError = new Error(message);
				this.originalError.stack = this.stack;
			}
			this.name = "AbortError";
			this.message = message;
		}
	};
	const decorateErrorWithCounts = (error, attemptNumber, options) => {
		const retriesLeft = options.retries - (attemptNumber - 1);
		error.attemptNumber = attemptNumber;
		error.retriesLeft = retriesLeft;
		return error;
	};
	const isNetworkError = (errorMessage) => networkErrorMsgs.includes(errorMessage);
	const pRetry = (input, options) => new Promise((resolve, reject) => {
		options = {
			onFailedAttempt: () => {},
			retries: 10,
			...options
		};
		const operation = retry.operation(options);
		operation.attempt(async (attemptNumber) => {
			try {
				resolve(await input(attemptNumber));
			} catch (error) {
				if (!(error instanceof Error)) {
					reject(/* @__PURE__ */ new TypeError(`Non-error was thrown: "${error}". You should only throw errors.`));
					return;
				}
				if (error instanceof AbortError) {
					operation.stop();
					reject(error.originalError);
				} else if (error instanceof TypeError && !isNetworkError(error.message)) {
					operation.stop();
					reject(error);
				} else {
					decorateErrorWithCounts(error, attemptNumber, options);
					try {
						await options.onFailedAttempt(error);
					} catch (error) {
						reject(error);
						return;
					}
					if (!operation.retry(error)) reject(operation.mainError());
				}
			}
		});
	});
	module.exports = pRetry;
	module.exports.default = pRetry;
	module.exports.AbortError = AbortError;
}));
// node_modules/@slack/webhook/package.json
var require_package = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = {
		"name": "@slack/webhook",
		"version": "8.0.2",
		"description": "Official library for using the Slack Platform's Incoming Webhooks",
		"author": "Slack Technologies, LLC",
		"license": "MIT",
		"keywords": [
			"slack",
			"request",
			"client",
			"http",
			"api",
			"proxy"
		],
		"main": "dist/index.js",
		"types": "./dist/index.d.ts",
		"files": ["dist/**/*"],
		"engines": {
			"node": ">= 20",
			"npm": ">=9.6.4"
		},
		"repository": {
			"type": "git",
			"url": "git+https://github.com/slackapi/node-slack-sdk.git"
		},
		"homepage": "https://docs.slack.dev/tools/node-slack-sdk/webhook/",
		"publishConfig": { "access": "public" },
		"bugs": { "url": "https://github.com/slackapi/node-slack-sdk/issues" },
		"scripts": {
			"build": "npm run build:clean && tsc",
			"build:clean": "shx rm -rf ./dist",
			"docs": "npx typedoc --plugin typedoc-plugin-markdown",
			"prepack": "npm run build",
			"test": "npm run build && node --test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=test-results.xml --import tsx --test src/IncomingWebhook.test.ts src/WebhookTrigger.test.ts src/instrument.test.ts src/retry-policies.test.ts",
			"test:coverage": "npm run build && node --experimental-test-coverage --test-reporter=spec --test-reporter-destination=stdout --test-reporter=lcov --test-reporter-destination=lcov.info --test-reporter=junit --test-reporter-destination=test-results.xml --import tsx --test src/IncomingWebhook.test.ts src/WebhookTrigger.test.ts src/instrument.test.ts src/retry-policies.test.ts"
		},
		"dependencies": {
			"@slack/types": "^3.1.0",
			"@types/node": ">=20",
			"@types/retry": "0.12.5",
			"p-retry": "^4.6.2",
			"retry": "^0.13.1"
		},
		"devDependencies": { "nock": "^14.0.17" }
	};
}));
// node_modules/@slack/webhook/dist/instrument.js
var require_instrument = /* @__PURE__ */ __commonJSMin(((exports, module, this$4) => {
	var __createBinding = this$4 && this$4.__createBinding || (Object.create ? (function(o, m, k, k2) {
		if (k2 === void 0) k2 = k;
		var desc = Object.getOwnPropertyDescriptor(m, k);
		if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) desc = {
			enumerable: true,
			get: function() {
				return m[k];
			}
		};
		Object.defineProperty(o, k2, desc);
	}) : (function(o, m, k, k2) {
		if (k2 === void 0) k2 = k;
		o[k2] = m[k];
	}));
	var __setModuleDefault = this$4 && this$4.__setModuleDefault || (Object.create ? (function(o, v) {
		Object.defineProperty(o, "default", {
			enumerable: true,
			value: v
		});
	}) : function(o, v) {
		o["default"] = v;
	});
	var __importStar = this$4 && this$4.__importStar || (function() {
		var ownKeys = function(o) {
			ownKeys = Object.getOwnPropertyNames || function(o) {
				var ar = [];
				for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
				return ar;
			};
			return ownKeys(o);
		};
		return function(mod) {
			if (mod && mod.__esModule) return mod;
			var result = {};
			if (mod != null) {
				for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
			}
			__setModuleDefault(result, mod);
			return result;
		};
	})();
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.addAppMetadata = addAppMetadata;
	exports.getUserAgent = getUserAgent;
	const os = __importStar(__require("node:os"));
	const packageJson = require_package();
	function replaceSlashes(s) {
		return s.replace("/", ":");
	}
	const baseUserAgent = `${replaceSlashes(packageJson.name)}/${packageJson.version} node/${process.version.replace("v", "")} ${os.platform()}/${os.release()}`;
	const appMetadata = {};
	function addAppMetadata({ name, version }) {
		appMetadata[replaceSlashes(name)] = version;
	}
	function getUserAgent() {
		const appIdentifier = Object.entries(appMetadata).map(([name, version]) => `${name}/${version}`).join(" ");
		return (appIdentifier.length > 0 ? `${appIdentifier} ` : "") + baseUserAgent;
	}
}));
// node_modules/@slack/webhook/dist/IncomingWebhook.js
var require_IncomingWebhook = /* @__PURE__ */ __commonJSMin(((exports, module, this$3) => {
	var __createBinding = this$3 && this$3.__createBinding || (Object.create ? (function(o, m, k, k2) {
		if (k2 === void 0) k2 = k;
		var desc = Object.getOwnPropertyDescriptor(m, k);
		if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) desc = {
			enumerable: true,
			get: function() {
				return m[k];
			}
		};
		Object.defineProperty(o, k2, desc);
	}) : (function(o, m, k, k2) {
		if (k2 === void 0) k2 = k;
		o[k2] = m[k];
	}));
	var __setModuleDefault = this$3 && this$3.__setModuleDefault || (Object.create ? (function(o, v) {
		Object.defineProperty(o, "default", {
			enumerable: true,
			value: v
		});
	}) : function(o, v) {
		o["default"] = v;
	});
	var __importStar = this$3 && this$3.__importStar || (function() {
		var ownKeys = function(o) {
			ownKeys = Object.getOwnPropertyNames || function(o) {
				var ar = [];
				for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
				return ar;
			};
			return ownKeys(o);
		};
		return function(mod) {
			if (mod && mod.__esModule) return mod;
			var result = {};
			if (mod != null) {
				for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
			}
			__setModuleDefault(result, mod);
			return result;
		};
	})();
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.IncomingWebhook = void 0;
	const p_retry_1 = __importStar(require_p_retry());
	const errors_1 = require_errors();
	const instrument_1 = require_instrument();
	var IncomingWebhook = class {
		url;
		defaults;
		fetchFn;
		timeout;
		headers;
		retryConfig;
		constructor(url, defaults = { timeout: 0 }) {
			if (url === void 0) throw new Error("Incoming webhook URL is required");
			this.url = url;
			this.fetchFn = defaults.fetch ?? globalThis.fetch;
			this.timeout = defaults.timeout ?? 0;
			this.retryConfig = defaults.retryConfig ?? { retries: 0 };
			this.headers = { "User-Agent": (0, instrument_1.getUserAgent)() };
			const { fetch: _fetch, timeout: _timeout, retryConfig: _retryConfig, ...messageDefaults } = defaults;
			this.defaults = messageDefaults;
		}
		async send(message) {
			let payload = { ...this.defaults };
			if (typeof message === "string") payload.text = message;
			else payload = Object.assign(payload, message);
			return (0, p_retry_1.default)(async () => {
				const signal = this.timeout > 0 ? AbortSignal.timeout(this.timeout) : void 0;
				try {
					const response = await this.fetchFn(this.url, {
						method: "POST",
						headers: {
							...this.headers,
							"Content-Type": "application/json"
						},
						body: JSON.stringify(payload),
						redirect: "error",
						signal
					});
					if (!response.ok) {
						const body = await response.text();
						const httpError = new errors_1.IncomingWebhookHTTPError(response.status, response.statusText, body);
						throw response.status >= 500 ? httpError : new p_retry_1.AbortError(httpError);
					}
					return await this.buildResult(response);
				} catch (error) {
					if (error instanceof p_retry_1.AbortError || error instanceof errors_1.SlackWebhookError) throw error;
					throw new errors_1.IncomingWebhookRequestError(error instanceof Error ? error : new Error(String(error)));
				}
			}, this.retryConfig);
		}
		async buildResult(response) {
			return { text: await response.text() };
		}
	};
	exports.IncomingWebhook = IncomingWebhook;
}));
// node_modules/@slack/webhook/dist/retry-policies.js
var require_retry_policies = /* @__PURE__ */ __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.rapidRetryPolicy = exports.fiveRetriesInFiveMinutes = exports.tenRetriesInAboutThirtyMinutes = void 0;
	exports.tenRetriesInAboutThirtyMinutes = {
		retries: 10,
		factor: 1.96821,
		randomize: true
	};
	exports.fiveRetriesInFiveMinutes = {
		retries: 5,
		factor: 3.86
	};
	exports.rapidRetryPolicy = {
		minTimeout: 0,
		maxTimeout: 1
	};
	exports.default = {
		tenRetriesInAboutThirtyMinutes: exports.tenRetriesInAboutThirtyMinutes,
		fiveRetriesInFiveMinutes: exports.fiveRetriesInFiveMinutes,
		rapidRetryPolicy: exports.rapidRetryPolicy
	};
}));
// node_modules/@slack/webhook/dist/WebhookTrigger.js
var require_WebhookTrigger = /* @__PURE__ */ __commonJSMin(((exports, module, this$2) => {
	var __createBinding = this$2 && this$2.__createBinding || (Object.create ? (function(o, m, k, k2) {
		if (k2 === void 0) k2 = k;
		var desc = Object.getOwnPropertyDescriptor(m, k);
		if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) desc = {
			enumerable: true,
			get: function() {
				return m[k];
			}
		};
		Object.defineProperty(o, k2, desc);
	}) : (function(o, m, k, k2) {
		if (k2 === void 0) k2 = k;
		o[k2] = m[k];
	}));
	var __setModuleDefault = this$2 && this$2.__setModuleDefault || (Object.create ? (function(o, v) {
		Object.defineProperty(o, "default", {
			enumerable: true,
			value: v
		});
	}) : function(o, v) {
		o["default"] = v;
	});
	var __importStar = this$2 && this$2.__importStar || (function() {
		var ownKeys = function(o) {
			ownKeys = Object.getOwnPropertyNames || function(o) {
				var ar = [];
				for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
				return ar;
			};
			return ownKeys(o);
		};
		return function(mod) {
			if (mod && mod.__esModule) return mod;
			var result = {};
			if (mod != null) {
				for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
			}
			__setModuleDefault(result, mod);
			return result;
		};
	})();
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.WebhookTrigger = void 0;
	const p_retry_1 = __importStar(require_p_retry());
	const errors_1 = require_errors();
	const instrument_1 = require_instrument();
	var WebhookTrigger = class {
		url;
		fetchFn;
		timeout;
		headers;
		retryConfig;
		constructor(url, defaults = { timeout: 0 }) {
			if (!url) throw new Error("Webhook trigger URL is required");
			this.url = url;
			this.fetchFn = defaults.fetch ?? globalThis.fetch;
			this.timeout = defaults.timeout ?? 0;
			this.retryConfig = defaults.retryConfig ?? { retries: 0 };
			this.headers = { "User-Agent": (0, instrument_1.getUserAgent)() };
		}
		async send(payload = {}) {
			return (0, p_retry_1.default)(async () => {
				const signal = this.timeout > 0 ? AbortSignal.timeout(this.timeout) : void 0;
				try {
					const response = await this.fetchFn(this.url, {
						method: "POST",
						headers: {
							...this.headers,
							"Content-Type": "application/json"
						},
						body: JSON.stringify(payload),
						redirect: "error",
						signal
					});
					if (!response.ok) {
						const body = await response.text();
						const httpError = new errors_1.WebhookTriggerHTTPError(response.status, response.statusText, body);
						throw response.status >= 500 ? httpError : new p_retry_1.AbortError(httpError);
					}
					return await this.buildResult(response);
				} catch (error) {
					if (error instanceof p_retry_1.AbortError || error instanceof errors_1.SlackWebhookError) throw error;
					throw new errors_1.WebhookTriggerRequestError(error instanceof Error ? error : new Error(String(error)));
				}
			}, this.retryConfig);
		}
		async buildResult(response) {
			const text = await response.text();
			try {
				if (!text) return { ok: true };
				return JSON.parse(text);
			} catch {
				return { ok: true };
			}
		}
	};
	exports.WebhookTrigger = WebhookTrigger;
}));
// src/notify/slack-text.ts
var import_dist = (/* @__PURE__ */ __commonJSMin(((exports, module, this$1) => {
	var __importDefault = this$1 && this$1.__importDefault || function(mod) {
		return mod && mod.__esModule ? mod : { "default": mod };
	};
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.WebhookTrigger = exports.retryPolicies = exports.addAppMetadata = exports.IncomingWebhook = exports.WebhookTriggerRequestError = exports.WebhookTriggerHTTPError = exports.SlackWebhookError = exports.IncomingWebhookRequestError = exports.IncomingWebhookHTTPError = exports.ErrorCode = void 0;
	var errors_1 = require_errors();
	Object.defineProperty(exports, "ErrorCode", {
		enumerable: true,
		get: function() {
			return errors_1.ErrorCode;
		}
	});
	Object.defineProperty(exports, "IncomingWebhookHTTPError", {
		enumerable: true,
		get: function() {
			return errors_1.IncomingWebhookHTTPError;
		}
	});
	Object.defineProperty(exports, "IncomingWebhookRequestError", {
		enumerable: true,
		get: function() {
			return errors_1.IncomingWebhookRequestError;
		}
	});
	Object.defineProperty(exports, "SlackWebhookError", {
		enumerable: true,
		get: function() {
			return errors_1.SlackWebhookError;
		}
	});
	Object.defineProperty(exports, "WebhookTriggerHTTPError", {
		enumerable: true,
		get: function() {
			return errors_1.WebhookTriggerHTTPError;
		}
	});
	Object.defineProperty(exports, "WebhookTriggerRequestError", {
		enumerable: true,
		get: function() {
			return errors_1.WebhookTriggerRequestError;
		}
	});
	var IncomingWebhook_1 = require_IncomingWebhook();
	Object.defineProperty(exports, "IncomingWebhook", {
		enumerable: true,
		get: function() {
			return IncomingWebhook_1.IncomingWebhook;
		}
	});
	var instrument_1 = require_instrument();
	Object.defineProperty(exports, "addAppMetadata", {
		enumerable: true,
		get: function() {
			return instrument_1.addAppMetadata;
		}
	});
	var retry_policies_1 = require_retry_policies();
	Object.defineProperty(exports, "retryPolicies", {
		enumerable: true,
		get: function() {
			return __importDefault(retry_policies_1).default;
		}
	});
	var WebhookTrigger_1 = require_WebhookTrigger();
	Object.defineProperty(exports, "WebhookTrigger", {
		enumerable: true,
		get: function() {
			return WebhookTrigger_1.WebhookTrigger;
		}
	});
})))();
const entities = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;"
};
function escapeText(text) {
	return text.replace(/[&<>]/g, (character) => entities[character] ?? character);
}
function clipEscaped(text, limit) {
	const whole = escapeText(text);
	if (whole.length <= limit) return whole;
	let cut = "";
	for (const character of text) {
		const escaped = entities[character] ?? character;
		if (cut.length + escaped.length > limit - 1) break;
		cut += escaped;
	}
	return `${cut}…`;
}
function inlineCode(text, limit = 300) {
	return `\`${clipEscaped(oneLine(text).replaceAll("`", "'"), limit)}\``;
}
function link(url, label) {
	const safe = url.replaceAll("|", "%7C").replaceAll("<", "%3C").replaceAll(">", "%3E").replaceAll(/\s/g, "");
	return /^https?:\/\//.test(safe) ? `<${safe.replaceAll("&", "&amp;")}|${clipEscaped(oneLine(label), 200)}>` : escapeText(label);
}
function joinLines(lines, room, rest) {
	const kept = [];
	let used = 0;
	for (const [index, line] of lines.entries()) {
		const left = lines.length - index;
		const reserve = left > 1 ? rest(left - 1).length + 1 : 0;
		if (index >= room.lines || used + line.length + 1 + reserve > room.characters) return [...kept, rest(left)].join("\n");
		kept.push(line);
		used += line.length + 1;
	}
	return kept.join("\n");
}
function oneLine(text) {
	return text.replace(/\s+/g, " ").trim();
}
// src/notify/slack-message.ts
const slackLimits = {
	blocks: 50,
	section: 3e3,
	header: 150,
	context: 2e3,
	fallback: 3e3
};
const listedMigrations = 15;
const listedSteps = 8;
const titles = {
	started: "Migration started",
	refused: "Migration refused",
	applied: "Migration applied",
	failed: "Migration failed",
	recovered: "Migration failed, database recovered",
	"needs-human": "Migration stopped, a human is needed",
	unreported: "Run ended without a report"
};
function slackMessage(event) {
	const title = `${titles[event.kind]}: ${event.run.environment}`;
	const lead = leadSentence(event);
	const blocks = [
		{
			type: "header",
			text: {
				type: "plain_text",
				text: clipPlain(title, slackLimits.header),
				emoji: false
			}
		},
		section(clipEscaped(lead, slackLimits.section)),
		...list$1("Migrations", migrationLines$1(event.migrations), listedMigrations, (count) => `and ${count} more`),
		...list$1("What to do now", stepLines(event), listedSteps, (count) => `and ${count} more in the report`),
		...facts(event.run)
	];
	return {
		text: clipEscaped(`${title}. ${lead}`, slackLimits.fallback),
		blocks: blocks.slice(0, slackLimits.blocks),
		unfurl_links: false,
		unfurl_media: false
	};
}
function shortDigest(digest) {
	return /^sha256:[0-9a-f]{13,}$/.test(digest) ? `${digest.slice(0, 19)}…` : digest;
}
function leadSentence(event) {
	switch (event.kind) {
		case "started": return event.migrations.length === 0 ? "Looking for pending migrations." : `${plural(event.migrations.length, "migration")} to apply.`;
		case "applied": return `${`${plural(event.migrations.length, "migration")} applied in ${formatMs(event.ms)}.`} ${event.backup === void 0 ? "No backup was taken." : `Backup: ${event.backup}.`}${event.notChecked.length === 0 ? "" : ` Not checked: ${event.notChecked.join(", ")}.`}`;
		default: return `${event.reason} (${event.reasonCode})`;
	}
}
function migrationLines$1(names) {
	return names.map((name) => `• ${inlineCode(name)}`);
}
function stepLines(event) {
	if (event.kind === "started" || event.kind === "applied") return [];
	return event.next.map((step) => `• ${clipEscaped(step, 600)}`);
}
function list$1(title, lines, most, rest) {
	if (lines.length === 0) return [];
	const heading = `*${title}*\n`;
	return [section(`${heading}${joinLines(lines, {
		lines: most,
		characters: slackLimits.section - heading.length
	}, rest)}`)];
}
function facts(run) {
	const parts = [
		run.target === void 0 ? void 0 : `Database ${inlineCode(run.target.database)} on ${inlineCode(run.target.host)}`,
		run.digest === void 0 ? void 0 : `Plan ${inlineCode(shortDigest(run.digest))}`,
		run.repository === void 0 ? void 0 : escapeText(run.repository),
		run.ref === void 0 ? void 0 : inlineCode(run.ref.replace(/^refs\/(heads|tags)\//, "")),
		run.actor === void 0 ? void 0 : `by ${clipEscaped(run.actor, 100)}`,
		run.runUrl === void 0 ? void 0 : link(run.runUrl, "Open the run")
	].filter((part) => part !== void 0);
	if (parts.length === 0) return [];
	return [{
		type: "context",
		elements: [markdown(joinFacts(parts))]
	}];
}
function joinFacts(parts) {
	const kept = [];
	for (const part of parts) if ([...kept, part].join(" · ").length <= slackLimits.context) kept.push(part);
	return kept.join(" · ");
}
function section(text) {
	return {
		type: "section",
		text: markdown(text)
	};
}
function markdown(text) {
	return {
		type: "mrkdwn",
		text,
		verbatim: true
	};
}
function clipPlain(text, limit) {
	return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
// src/notify/slack.ts
const pauseBeforeRetryMs = 1e3;
function createSlack(webhookUrl, options = {}) {
	const { messageTimeoutMs = 5e3, flushTimeoutMs = 7e3, redactor = new Redactor() } = options;
	redactor.add([webhookUrl]);
	const url = webhookUrl.trim();
	const problem = problemWith(url);
	const giveUp = new AbortController();
	const deliveries = [];
	const tell = (event) => {
		const previous = deliveries.at(-1);
		deliveries.push((async () => {
			try {
				await previous;
				if (problem !== void 0) return {
					kind: "not-told",
					event: event.kind,
					reason: problem
				};
				const message = slackMessage(redacted(event, redactor));
				await deliver(url, {
					...message,
					blocks: [...message.blocks]
				}, messageTimeoutMs, giveUp.signal);
				return {
					kind: "told",
					event: event.kind
				};
			} catch (thrown) {
				return {
					kind: "not-told",
					event: event.kind,
					reason: reasonOf(thrown)
				};
			}
		})());
	};
	const flush = async () => {
		const timer = setTimeout(() => giveUp.abort(new OutOfTime(flushTimeoutMs)), flushTimeoutMs);
		try {
			return await Promise.all(deliveries);
		} finally {
			clearTimeout(timer);
		}
	};
	return {
		tell,
		flush
	};
}
function describeDelivery(delivery) {
	return delivery.kind === "told" ? `Slack was told: ${delivery.event}.` : `Slack was not told (${delivery.event}): ${delivery.reason}.`;
}
function redacted(event, redactor) {
	return {
		...redactor.value(event),
		kind: event.kind
	};
}
async function deliver(url, message, timeoutMs, giveUp) {
	const deadline = Date.now() + timeoutMs;
	const first = await attempt(url, message, timeoutMs, giveUp);
	if (first.kind === "sent") return;
	const waitMs = first.retryAfterMs;
	if (waitMs >= deadline - Date.now()) throw first.error;
	await pause(waitMs, giveUp);
	const second = await attempt(url, message, deadline - Date.now(), giveUp);
	if (second.kind === "again") throw second.error;
}
async function attempt(url, message, timeoutMs, giveUp) {
	let retryAfter = null;
	const abort = new AbortController();
	const timer = setTimeout(() => abort.abort(new OutOfTime(timeoutMs)), timeoutMs);
	const stop = () => abort.abort(giveUp.reason);
	giveUp.addEventListener("abort", stop, { once: true });
	if (giveUp.aborted) stop();
	try {
		await new import_dist.IncomingWebhook(url, { async fetch(address, init) {
			const response = await fetch(address, {
				...init,
				redirect: "manual",
				signal: abort.signal
			});
			retryAfter = response.headers.get("retry-after");
			return response;
		} }).send(message);
		return { kind: "sent" };
	} catch (thrown) {
		if (abort.signal.aborted) throw abort.signal.reason;
		if (!(thrown instanceof import_dist.IncomingWebhookHTTPError)) throw thrown;
		if (!(thrown.statusCode === 429 || thrown.statusCode >= 500)) throw thrown;
		return {
			kind: "again",
			retryAfterMs: milliseconds(retryAfter),
			error: thrown
		};
	} finally {
		clearTimeout(timer);
		giveUp.removeEventListener("abort", stop);
	}
}
function milliseconds(retryAfter) {
	if (retryAfter === null) return pauseBeforeRetryMs;
	if (/^\d+$/.test(retryAfter.trim())) return Number(retryAfter) * 1e3;
	const at = Date.parse(retryAfter);
	return Number.isNaN(at) ? pauseBeforeRetryMs : Math.max(0, at - Date.now());
}
async function pause(ms, giveUp) {
	await new Promise((resolve, reject) => {
		const stop = () => {
			clearTimeout(timer);
			reject(giveUp.reason);
		};
		const timer = setTimeout(() => {
			giveUp.removeEventListener("abort", stop);
			resolve();
		}, ms);
		giveUp.addEventListener("abort", stop, { once: true });
		if (giveUp.aborted) stop();
	});
}
var OutOfTime = class extends Error {
	name = "OutOfTime";
	constructor(ms) {
		super(`no answer within ${(Math.max(0, ms) / 1e3).toFixed(1)} s`);
	}
};
function problemWith(url) {
	if (!URL.canParse(url)) return "the webhook URL cannot be read as a URL";
	const { protocol, hostname } = new URL(url);
	return protocol === "https:" || protocol === "http:" && (hostname === "127.0.0.1" || hostname === "[::1]" || hostname === "localhost") ? void 0 : "the webhook URL does not begin with https://";
}
function reasonOf(thrown) {
	if (thrown instanceof OutOfTime) return thrown.message;
	if (thrown instanceof import_dist.IncomingWebhookHTTPError) return httpReason(thrown);
	const code = codeOf(thrown);
	return code === void 0 ? "the request could not be made" : `the connection failed (${code})`;
}
function httpReason({ statusCode, body }) {
	if (statusCode >= 300 && statusCode < 400) return `it answered HTTP ${statusCode}, a redirect, which is not followed`;
	const word = /^[a-z][a-z0-9_]{2,59}$/.exec(String(body ?? "").trim())?.[0];
	return `it answered HTTP ${statusCode}${word === void 0 ? "" : ` (${word})`}`;
}
function codeOf(thrown) {
	for (let error = thrown, depth = 0; error instanceof Error && depth < 5; depth++) {
		if ("code" in error && typeof error.code === "string" && /^[A-Z][A-Z0-9_]+$/.test(error.code)) return error.code;
		error = "original" in error ? error.original : error.cause;
	}
}
// src/notify/slack-run.ts
function slackFrom(invocation, redactor, github) {
	const url = invocation.slackWebhookUrl ?? "";
	if (url === "" || invocation.command !== "deploy") return {
		started: () => void 0,
		ended: async () => []
	};
	const slack = createSlack(url, { redactor });
	const run = (target, digest) => ({
		environment: invocation.environment,
		target,
		digest,
		...github.kind === "elsewhere" ? {} : {
			repository: github.repository,
			ref: github.ref,
			actor: github.triggeringActor,
			runUrl: github.runUrl
		}
	});
	return {
		started: ({ target, pending }) => slack.tell({
			kind: "started",
			run: run(target),
			migrations: pending
		}),
		async ended(result) {
			const event = endedEvent(result, run(result.target, result.digest));
			if (event !== void 0) slack.tell(event);
			return (await slack.flush()).map(describeDelivery);
		}
	};
}
function endedEvent(result, run) {
	const { outcome, reasonCode, next, failure } = result;
	const ended = {
		run,
		migrations: result.migrations.map((migration) => migration.name),
		reasonCode,
		reason: failure?.what ?? result.reason,
		next
	};
	switch (outcome) {
		case "nothing-pending":
		case "clear":
		case "done": return;
		case "applied": return {
			kind: "applied",
			run,
			migrations: result.applied,
			ms: result.ms,
			backup: result.backup?.tier,
			notChecked: result.stages.filter((stage) => stage.outcome === "skipped").map((stage) => stage.name)
		};
		case "needs-approval":
		case "blocked":
		case "refused": return {
			kind: "refused",
			...ended
		};
		case "failed":
		case "recovered":
		case "needs-human": return {
			kind: outcome,
			...ended
		};
	}
}
// src/report/progress.ts
const marks = {
	pass: "ok",
	fail: "FAILED",
	unknown: "UNKNOWN",
	skipped: "skipped"
};
function plainLines(write) {
	return (event) => {
		if (event.kind === "progress") write(`    ${event.text}`);
		if (event.kind === "stage-ended") write(stageLine(event));
	};
}
function githubGroups(write, foreign) {
	let open = false;
	return (event) => {
		if (event.kind === "stage-started") {
			write(`::group::${event.stage}`);
			open = true;
		}
		if (event.kind === "progress") write(foreign(event.text));
		if (event.kind === "stage-ended") {
			if (open) write("::endgroup::");
			open = false;
			write(foreign(stageLine(event)));
		}
	};
}
const frames = [
	"⠋",
	"⠙",
	"⠹",
	"⠸",
	"⠼",
	"⠴",
	"⠦",
	"⠧",
	"⠇",
	"⠏"
];
const clearLine = "\r\x1B[2K";
function spinner(terminal) {
	let frame = 0;
	let stop;
	let last = "";
	return (event) => {
		if (event.kind === "stage-started") {
			const startedAt = terminal.now();
			last = "";
			const draw = () => {
				frame = (frame + 1) % frames.length;
				const line = `${frames[frame]} ${event.stage.padEnd(10)} ${formatMs(terminal.now() - startedAt).padStart(7)}  ${last}`;
				terminal.write(clearLine + line.slice(0, terminal.columns() - 1));
			};
			draw();
			stop = terminal.everyMs(100, draw);
		}
		if (event.kind === "progress") last = event.text;
		if (event.kind === "stage-ended") {
			stop?.();
			stop = void 0;
			terminal.write(`${clearLine}${stageLine(event)}\n`);
		}
	};
}
function stageLine({ record }) {
	const time = record.outcome === "skipped" ? "" : formatMs(record.ms);
	return `  ${record.name.padEnd(10)} ${marks[record.outcome].padEnd(8)} ${time.padStart(7)}  ${record.summary}`;
}
// src/report/findings-sarif.ts
const levels = {
	error: "error",
	warning: "warning",
	notice: "note"
};
function findingsSarif(findings, rules, version) {
	const used = rules.filter((rule) => findings.some((finding) => finding.rule === rule.id));
	const log = {
		$schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		version: "2.1.0",
		runs: [{
			tool: { driver: {
				name: "Airlock",
				semanticVersion: version,
				rules: used.map(descriptor)
			} },
			columnKind: "unicodeCodePoints",
			originalUriBaseIds: { "%SRCROOT%": { description: { text: "The root of the repository." } } },
			results: findings.map((finding) => result(finding, used))
		}]
	};
	return `${JSON.stringify(log, void 0, 2)}\n`;
}
function descriptor(rule) {
	const { summary, bad, good } = rule.documentation;
	return {
		id: rule.id,
		shortDescription: { text: rule.title },
		fullDescription: { text: summary },
		help: {
			text: `${summary}\n\nInstead of:\n${bad}\n\nwrite:\n${good}`,
			markdown: `${summary}\n\nInstead of\n\n\`\`\`sql\n${bad}\n\`\`\`\n\nwrite\n\n\`\`\`sql\n${good}\n\`\`\``
		},
		helpUri: `${documentationUrl}/rules/${rule.id}.md`,
		properties: { tags: [
			rule.group,
			"migration",
			"postgresql"
		] }
	};
}
function result(finding, used) {
	const ruleIndex = used.findIndex((rule) => rule.id === finding.rule);
	return {
		ruleId: finding.rule,
		...ruleIndex === -1 ? {} : { ruleIndex },
		level: levels[finding.severity],
		message: { text: `${finding.message}\n\n${finding.why}\n\nInstead:\n${finding.instead}` },
		locations: [{ physicalLocation: {
			artifactLocation: {
				uri: uriOf(finding.file),
				uriBaseId: "%SRCROOT%"
			},
			region: {
				startLine: finding.line,
				startColumn: finding.column
			}
		} }],
		partialFingerprints: { "airlockFinding/v1": fingerprint([
			finding.rule,
			finding.migration,
			finding.message
		].join("\n")) }
	};
}
function uriOf(file) {
	return file.replaceAll("\\", "/").replace(/^\.\//, "").split("/").map(encodeURIComponent).join("/");
}
function fingerprint(text) {
	return [2166136261, 2538058380].map((start) => {
		let hash = start;
		for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
		return (hash >>> 0).toString(16).padStart(8, "0");
	}).join("");
}
// src/report/findings-width.ts
const wide = [
	[4352, 4447],
	[11904, 12350],
	[12353, 13311],
	[13312, 19903],
	[19968, 40959],
	[40960, 42191],
	[44032, 55203],
	[63744, 64255],
	[65072, 65135],
	[65280, 65376],
	[65504, 65510],
	[127744, 128591],
	[128640, 128767],
	[129280, 129535],
	[131072, 262141]
];
function charWidth(char) {
	const code = char.codePointAt(0) ?? 0;
	if (/^(\p{Mn}|\p{Me}|\p{Cf})$/u.test(char)) return 0;
	return wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}
function textWidth(text) {
	let width = 0;
	for (const char of text) width += charWidth(char);
	return width;
}
function printable(text) {
	return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "�");
}
function wrapped(text, width) {
	const lines = [];
	for (const paragraph of text.split("\n")) {
		let line = "";
		for (const word of paragraph.split(/ +/)) if (line !== "" && textWidth(line) + 1 + textWidth(word) > width) {
			lines.push(line);
			line = word;
		} else line = line === "" ? word : `${line} ${word}`;
		lines.push(line);
	}
	return lines;
}
// src/report/findings-text.ts
const codes = {
	red: 31,
	yellow: 33,
	cyan: 36,
	dim: 2,
	bold: 1
};
const colourOf = {
	error: "red",
	warning: "yellow",
	notice: "cyan"
};
const narrowest = 40;
function findingText(finding, source, style) {
	const width = Math.max(style.width, narrowest);
	const paint = (text, ...colours) => painted(text, colours, style);
	const gutter = " ".repeat(String(finding.line).length);
	const bar = paint("|", "dim");
	const head = `${finding.severity}[${finding.rule}]`;
	const [first = "", ...rest] = wrapped(printable(`${head}: ${finding.message}`), width);
	const section = (title, lines) => [`${gutter} ${paint("=", "dim")} ${paint(`${title}:`, "bold")}`, ...lines.map((line) => `${gutter}   ${line}`)];
	return [
		first.startsWith(head) ? `${paint(head, colourOf[finding.severity], "bold")}${paint(first.slice(head.length), "bold")}` : first,
		...rest.map((line) => paint(line, "bold")),
		`${gutter}${paint("-->", "dim")} ${printable(finding.file)}:${finding.line}:${finding.column}`,
		...excerpt(finding, source, width - gutter.length - 3).map((line, index) => {
			return `${index === 1 ? paint(String(finding.line), "dim") : gutter} ${bar}${line === "" ? "" : ` ${index === 2 ? paint(line, colourOf[finding.severity]) : line}`}`;
		}),
		...section("why", wrapped(printable(finding.why), width - gutter.length - 3)),
		...section("instead", printable(finding.instead).split("\n")),
		`${gutter} ${paint("=", "dim")} ${paint(finding.docs, "dim")}`
	].join("\n");
}
function excerpt(finding, source, width) {
	if (source === void 0) return [];
	const line = source.lineText(finding.line);
	if (line.trim() === "") return [];
	const chars = [...line];
	const from = Math.min(finding.column - 1, chars.length);
	const shown = cut(chars, from, Math.max(endOfClause(line, chars.slice(0, from).join("").length, chars), from + 1), width);
	const before = shown.before + printable(chars.slice(shown.start, from).join("").replaceAll("	", " "));
	const marked = printable(chars.slice(from, shown.end).join("").replaceAll("	", " "));
	return [
		"",
		`${before}${marked}${printable(chars.slice(Math.max(shown.end, from), shown.last).join("").replaceAll("	", " ")) + shown.after}`,
		`${" ".repeat(textWidth(before))}${"^".repeat(Math.max(1, textWidth(marked)))}`
	];
}
function endOfClause(line, offset, chars) {
	let depth = 0;
	let end = offset;
	for (const token of tokens(line, offset)) {
		const symbol = token.kind === "symbol" ? line.charAt(token.start) : "";
		if (symbol === "(") depth += 1;
		if (symbol === ")") depth -= 1;
		if (depth < 0 || depth === 0 && (symbol === "," || symbol === ";")) break;
		end = token.end;
	}
	return Math.min([...line.slice(0, end)].length, chars.length);
}
function cut(chars, from, to, width) {
	const widthOf = (start, end) => chars.slice(start, end).reduce((sum, char) => sum + charWidth(char), 0);
	if (widthOf(0, chars.length) <= width) return {
		start: 0,
		end: to,
		last: chars.length,
		before: "",
		after: ""
	};
	let start = from;
	while (start > 0 && widthOf(start - 1, from) <= Math.floor(width / 3)) start -= 1;
	const before = start > 0 ? "…" : "";
	let last = start;
	while (last < chars.length && widthOf(start, last + 1) <= width - before.length - 1) last += 1;
	return {
		start,
		end: Math.min(to, last),
		last,
		before,
		after: last < chars.length ? "…" : ""
	};
}
function painted(text, colours, style) {
	if (!style.colour || text === "") return text;
	return `\u001b[${colours.map((colour) => codes[colour]).join(";")}m${text}\u001b[0m`;
}
// src/report/headline.ts
const headlines = {
	clear: "clear to deploy",
	"needs-approval": "needs approval",
	blocked: "blocked",
	applied: "applied and verified",
	"nothing-pending": "nothing pending",
	done: "done",
	refused: "refused, nothing was changed",
	recovered: "did not stand, the database is back where it was",
	"needs-human": "stopped, a person has to decide",
	failed: "failed"
};
function headlineOf(result) {
	return headlines[result.outcome];
}
function targetOf(result) {
	const database = result.target === void 0 ? "" : `${result.target.database} on ${result.target.host}`;
	if (result.environment === void 0) return database;
	return database === "" ? result.environment : `${database} (${result.environment})`;
}
// src/report/markdown.ts
const stageMarks = {
	pass: "pass",
	fail: "**fail**",
	unknown: "**unknown**",
	skipped: "not checked"
};
const mostFindings = 100;
const mostSqlCharacters = 2e3;
function markdownReport(result) {
	const target = targetOf(result);
	return [
		`## Airlock ${result.command}: ${headlineOf(result)}`,
		target === "" ? "" : `**${cell(target)}**`,
		...reasonSection(result.reason),
		...failureSection(result),
		...nextSection(result),
		...findingsSection(result),
		...allowedSection(result),
		...migrationsSection(result),
		...stagesSection(result.stages),
		...backupSection(result),
		result.digest === void 0 ? "" : `Plan digest: \`${result.digest}\``,
		`<sub>${result.startedAt} · ${formatMs(result.ms)}</sub>`
	].filter((part) => part !== "").join("\n\n").concat("\n");
}
function reasonSection(reason) {
	const [first = "", ...details] = reason.split("\n").filter((line) => line.trim() !== "");
	if (first === "") return [];
	return [prose(first), ...details.length === 0 ? [] : [fenced(details.join("\n"), "text")]];
}
function failureSection({ failure }) {
	if (failure === void 0) return [];
	return [`**\`${failure.code}\`** ${prose(failure.what)}`, quote(failure.why)];
}
function nextSection({ next }) {
	if (next.length === 0) return [];
	return ["### Next", ...paragraphs(next)];
}
const command = /^(?:airlock|npx|npm|git|gh|sudo|export|pg_isready|psql|node|echo) |^[A-Z]+ .*;|^[A-Z]+;|^--/;
function paragraphs(lines) {
	const parts = [];
	for (const line of lines) {
		const code = command.test(line);
		const last = parts.at(-1);
		if (code && last?.code === true) last.lines.push(line);
		else parts.push({
			code,
			lines: [line]
		});
	}
	return parts.map((part) => part.code ? fenced(part.lines.join("\n"), "sh") : prose(part.lines.join("\n")));
}
function findingsSection({ findings }) {
	if (findings.length === 0) return [];
	const shown = findings.slice(0, mostFindings).map((finding) => [
		`#### ${finding.severity}: ${prose(finding.message)}`,
		`\`${finding.file}:${finding.line}\` · [${finding.rule}](${finding.docs})`,
		prose(finding.why),
		fenced(finding.instead, "sql")
	].join("\n\n"));
	const left = findings.length - shown.length;
	return [
		"### Findings",
		...shown,
		...left > 0 ? [`${plural(left, "more finding")} in the JSON report.`] : []
	];
}
function allowedSection({ allowed }) {
	if (allowed.length === 0) return [];
	const shown = allowed.slice(0, mostFindings).map(({ rule, file, line, message, reason }) => `- allowed: ${prose(message)} (${rule}, \`${file}:${line}\`) because ${prose(reason)}`);
	const left = allowed.length - shown.length;
	const rest = left > 0 ? [`${plural(left, "more permission")} in the JSON report.`] : [];
	return [
		"### Allowed",
		shown.join("\n"),
		...rest
	];
}
function migrationsSection({ command, migrations, applied }) {
	if (migrations.length === 0) return [];
	const done = new Set(applied);
	return [
		"### Migrations",
		table([
			"migration",
			"state",
			"stage",
			"if it fails",
			"locks",
			"loses"
		], migrations.map((migration) => {
			const effects = migration.statements.map((statement) => statement.effects);
			const locks = new Set(effects.flatMap((effect) => effect.locks.map((lock) => `${lock.relation}: ${lock.mode}`)));
			const loses = effects.flatMap((effect) => effect.loses.map((loss) => `${loss.kind} ${loss.name}`));
			const unknown = effects.some((effect) => effect.unknown) ? ["something that cannot be told"] : [];
			return [
				`\`${migration.name}\``,
				command === "check" ? "not known" : done.has(migration.name) ? "applied" : "pending",
				migration.stage,
				migration.atomic ? "all or nothing" : "statement by statement",
				list([...locks]),
				list([...loses, ...unknown])
			];
		})),
		...migrations.map(sqlDetails)
	];
}
function sqlDetails(migration) {
	const sql = migration.statements.map((statement) => `${statement.sql};`).join("\n");
	const cut = sql.length > mostSqlCharacters ? `${sql.slice(0, mostSqlCharacters)}\n-- … cut here` : sql;
	return `<details><summary>SQL of ${html(migration.name)}</summary>\n\n${fenced(cut, "sql")}\n\n</details>`;
}
function stagesSection(stages) {
	if (stages.length === 0) return [];
	return ["### Stages", table([
		"stage",
		"result",
		"time",
		""
	], stages.map((stage) => [
		stage.name,
		stageMarks[stage.outcome],
		stage.outcome === "skipped" ? "" : formatMs(stage.ms),
		stage.summary
	]))];
}
function backupSection({ backup }) {
	if (backup === void 0) return [];
	return [`Backup: \`${backup.manifest}\` (${formatBytes(backup.bytes)}, proven to the tier **${backup.tier}**)`];
}
function table(head, rows) {
	const line = (cells) => `| ${cells.map(cell).join(" | ")} |`;
	return [
		line(head),
		`|${head.map(() => " --- |").join("")}`,
		...rows.map(line)
	].join("\n");
}
function list(items) {
	const shown = items.slice(0, 5);
	const left = items.length - shown.length;
	return [...shown, ...left > 0 ? [`and ${left} more`] : []].join("; ");
}
function cell(text) {
	return html(text).replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}
function prose(text) {
	return html(text).replaceAll("@", "@​");
}
function html(text) {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
function quote(text) {
	return prose(text).split("\n").map((line) => `> ${line}`).join("\n");
}
function fenced(text, language) {
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
	const fence = "`".repeat(longest + 1);
	return `${fence}${language}\n${text}\n${fence}`;
}
// src/report/text.ts
const colours = {
	clear: 32,
	applied: 32,
	"nothing-pending": 32,
	done: 32,
	"needs-approval": 33,
	blocked: 33,
	refused: 33,
	recovered: 33,
	"needs-human": 31,
	failed: 31
};
function textReport(result, style) {
	const target = targetOf(result);
	const headline = paint(headlineOf(result), colours[result.outcome], style);
	return [
		...findingLines(result, style),
		...allowedLines(result, style),
		...migrationLines(result),
		`${result.command}: ${headline}${target === "" ? "" : `  ${paint(target, 2, style)}`}`,
		...result.reason === "" ? [] : [indent(result.reason)],
		...failureLines(result),
		...result.backup === void 0 ? [] : [indent(`backup   ${result.backup.manifest} (${formatBytes(result.backup.bytes)}, tier ${result.backup.tier})`)],
		...result.digest === void 0 ? [] : [indent(`digest   ${result.digest}`)],
		...result.next.length === 0 ? [] : [
			"",
			"Next:",
			...result.next.map(indent)
		],
		""
	].join("\n");
}
function findingLines({ outcome, findings }, style) {
	return outcome === "applied" || outcome === "recovered" || outcome === "needs-human" ? [] : findings.map((finding) => `${style.finding(finding)}\n`);
}
function allowedLines({ allowed }, style) {
	if (allowed.length === 0) return [];
	return [...allowed.flatMap(({ rule, file, line, message, reason }) => [
		`${paint(`allowed[${rule}]`, 36, style)}: ${printable(message)}`,
		indent(`because ${printable(reason)}`),
		indent(paint(`--> ${printable(file)}:${line}`, 2, style))
	]), ""];
}
function migrationLines({ command, migrations, applied }) {
	const done = new Set(applied);
	const lines = migrations.map((migration) => {
		const execution = migration.atomic ? "all or nothing" : "statement by statement";
		return `  ${command === "check" ? "" : done.has(migration.name) ? "applied  " : "pending  "}${migration.name}  (${migration.stage}, ${plural(migration.statements.length, "statement")}, ${execution})`;
	});
	return lines.length === 0 ? [] : [...lines, ""];
}
function failureLines({ failure }) {
	return failure === void 0 ? [] : [indent(`${failure.code}: ${failure.what}`), ...failure.why === "" ? [] : [indent(failure.why)]];
}
function indent(text) {
	return text.replaceAll(/^/gm, "  ");
}
function paint(text, code, style) {
	return style.colour ? `\u001b[${code}m${text}\u001b[0m` : text;
}
// src/entry/version.ts
const version = "0.1.0";
// src/entry/render.ts
async function render(result, format, options) {
	switch (format) {
		case "json": return `${JSON.stringify(result)}\n`;
		case "sarif": return findingsSarif(result.findings, rules, version);
		case "markdown": return markdownReport(result);
		case "text": {
			const sources = await readSources(result, options.cwd);
			return textReport(result, {
				colour: options.colour,
				finding: (finding) => findingText(finding, sources.get(finding.file), options)
			});
		}
	}
}
async function readSources(result, cwd) {
	const files = [...new Set(result.findings.map((finding) => finding.file))];
	const texts = await Promise.all(files.map(async (file) => [file, await readFile(resolve$1(cwd, file), "utf8").catch(() => void 0)]));
	return new Map(texts.flatMap(([file, text]) => text === void 0 ? [] : [[file, sourceText(text)]]));
}
// src/entry/report-files.ts
async function writeReports(result, folder, runId) {
	const path = join(folder, `${runId}.md`);
	try {
		await makePrivateFolder(folder);
		await writeFile(path, markdownReport(result));
		await writeFile(join(folder, `${runId}.json`), `${JSON.stringify(result, void 0, 2)}\n`);
		return {
			kind: "written",
			path
		};
	} catch (thrown) {
		return {
			kind: "not-written",
			reason: messageOf(thrown)
		};
	}
}
// src/entry/signals.ts
function cancelSignal() {
	const controller = new AbortController();
	for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => {
		controller.abort();
		process.once(signal, () => process.exit(128 + constants$1.signals[signal]));
	});
	return controller.signal;
}
export { spellingsOf as C, Redactor as S, record as _, markdownReport as a, notAvailable as b, spinner as c, describeDelivery as d, execute as f, object as g, _enum as h, version as i, slackFrom as l, severities as m, writeReports as n, githubGroups as o, commands as p, render as r, plainLines as s, cancelSignal as t, createSlack as u, string as v, removePassFilesOfTheDead as x, isLater as y };
