#!/usr/bin/env node
import { n as __exportAll, t as __commonJSMin } from "./rolldown-runtime.mjs";
import { r as esm_default } from "./postgres-client.mjs";
import { a as plannedVariable, c as revealed, d as connectionFailure, f as textField, i as onlyPlanned, o as withGentleLimits, p as toEngineFailure, r as runScript, t as failedMigrationMessage, u as EngineFailure } from "./engine-agreement.mjs";
import { i as executionModel, n as wasmBytes, o as splitsFiles, t as loadSqlParser } from "./execution-model.mjs";
import { i as messageOf } from "./errors.mjs";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { readFile, realpath } from "node:fs/promises";
import { createInterface } from "node:readline";
// src/prisma-engine/connection.ts
async function openConnection(settings) {
	try {
		const client = await connectWithTls(settings);
		if (settings.schema !== void 0) await client.query(`SET search_path = ${esm_default.escapeIdentifier(settings.schema)}`);
		return client;
	} catch (thrown) {
		throw connectionFailure(thrown, settings);
	}
}
async function connectWithTls(settings) {
	const { tls, host } = settings;
	const wanted = host.startsWith("/") ? "disable" : tls.mode;
	if (settings.channelBinding === "require" && wanted === "disable") throw new EngineFailure("P1011", "Error opening a TLS connection: `channel_binding=require` needs TLS, and it is off.");
	if (wanted === "disable") return connect(settings, false);
	const options = await tlsOptions(tls);
	try {
		return await connect(settings, options);
	} catch (thrown) {
		const refused = thrown instanceof Error && thrown.message === "The server does not support SSL connections";
		if (wanted === "prefer" && refused && settings.channelBinding !== "require") return connect(settings, false);
		throw thrown;
	}
}
async function connect(settings, tls) {
	const client = new esm_default.Client({
		host: settings.host,
		port: settings.port,
		user: settings.user,
		password: () => settings.password,
		database: settings.database,
		options: settings.options,
		application_name: settings.applicationName,
		connectionTimeoutMillis: settings.connectTimeoutMs,
		ssl: tls,
		keepAlive: true,
		enableChannelBinding: tls !== false && settings.channelBinding !== "disable"
	});
	if (settings.channelBinding === "require") refuseWithoutChannelBinding(client);
	client.on("error", () => void 0);
	try {
		await client.connect();
		return client;
	} catch (thrown) {
		client.end().catch(() => void 0);
		throw thrown;
	}
}
function refuseWithoutChannelBinding(client) {
	const { connection } = client;
	const refuse = () => {
		connection.emit("error", new EngineFailure("P1011", "Error opening a TLS connection: the server offers no channel binding, and the URL requires it."));
	};
	connection.prependListener("authenticationCleartextPassword", refuse);
	connection.prependListener("authenticationMD5Password", refuse);
	connection.prependListener("authenticationSASL", ({ mechanisms }) => {
		if (!mechanisms.includes("SCRAM-SHA-256-PLUS")) refuse();
	});
}
async function tlsOptions(tls) {
	return {
		rejectUnauthorized: tls.verify,
		...tls.rootCertificate === void 0 ? {} : { ca: await readTlsFile(tls.rootCertificate, "sslcert") },
		...tls.identity === void 0 ? {} : { pfx: await readTlsFile(tls.identity, "sslidentity") },
		...tls.identityPassword === void 0 ? {} : { passphrase: tls.identityPassword }
	};
}
async function readTlsFile(path, parameter) {
	try {
		return await readFile(path);
	} catch {
		throw new EngineFailure("P1011", `Error opening a TLS connection: the file of \`${parameter}\` (${path}) cannot be read.`);
	}
}
var OneConnection = class extends esm_default.Pool {
	#client;
	#socketTimeoutMs;
	#lost = false;
	constructor(client, socketTimeoutMs) {
		super({ max: 1 });
		this.#client = client;
		this.#socketTimeoutMs = socketTimeoutMs;
		client.once("end", () => {
			this.#lost = true;
		});
		this.query = ((query, values) => this.#run(query, values));
		this.connect = (() => Promise.resolve(Object.assign(client, { release: () => void 0 })));
		this.end = (() => client.end());
	}
	async send(sql) {
		await this.#client.query(sql);
	}
	async #run(query, values) {
		const limited = this.#socketTimeoutMs === void 0 || typeof query === "string" ? query : {
			...query,
			query_timeout: this.#socketTimeoutMs
		};
		try {
			return withReadableTypes(await this.#client.query(limited, values));
		} catch (thrown) {
			throw asSocketError(thrown, this.#lost);
		}
	}
};
const charOid = 18;
const textOid = 25;
function withReadableTypes(result) {
	for (const field of result.fields ?? []) if (field.dataTypeID === charOid) field.dataTypeID = textOid;
	return result;
}
function asSocketError(thrown, lost) {
	if (!(thrown instanceof Error)) return thrown;
	if (thrown.message === "Query read timeout") return Object.assign(thrown, {
		code: "ETIMEDOUT",
		syscall: "read",
		errno: -110
	});
	if (lost || /not queryable|Connection terminated/.test(thrown.message)) return Object.assign(thrown, {
		code: "ECONNRESET",
		syscall: "read",
		errno: -104
	});
	return thrown;
}
// src/prisma-engine/connection-url.ts
const defaultConnectTimeoutSeconds = 5;
function readConnectionUrl(text) {
	const url = parseUrl(text);
	const parameters = url.searchParams;
	const parameter = (name) => parameters.getAll(name).at(-1);
	const connectSeconds = seconds(parameter("connect_timeout"), "connect_timeout") ?? defaultConnectTimeoutSeconds;
	const socketSeconds = seconds(parameter("socket_timeout"), "socket_timeout");
	const host = parameter("host") ?? url.hostname.replace(/^\[(.*)\]$/, "$1");
	return {
		host: host === "" ? "localhost" : host,
		port: url.port === "" ? 5432 : Number(url.port),
		user: decode(url.username),
		password: revealed(decode(url.password)),
		database: decode(url.pathname.split("/")[1] ?? "") || "postgres",
		schema: parameter("schema"),
		options: parameter("options"),
		applicationName: parameter("application_name"),
		connectTimeoutMs: connectSeconds === 0 ? void 0 : connectSeconds * 1e3,
		socketTimeoutMs: socketSeconds === void 0 ? void 0 : socketSeconds * 1e3,
		tls: {
			mode: oneOf(parameter("sslmode"), ["disable", "require"]) ?? "prefer",
			verify: parameters.has("sslaccept") && parameter("sslaccept") !== "accept_invalid_certs",
			rootCertificate: parameter("sslcert"),
			identity: parameter("sslidentity"),
			identityPassword: parameter("sslpassword")
		},
		channelBinding: oneOf(parameter("channel_binding"), ["disable", "require"]) ?? "prefer"
	};
}
function parseUrl(text) {
	if (!URL.canParse(text)) throw invalid("it is not a URL");
	const url = new URL(text);
	if (url.protocol !== "postgresql:" && url.protocol !== "postgres:") throw invalid(`it begins with \`${url.protocol}//\`, and the offline schema engine speaks to PostgreSQL only`);
	return url;
}
function invalid(why) {
	return new EngineFailure("P1013", `The provided database string is invalid: ${why}.`);
}
function seconds(value, name) {
	if (value === void 0) return void 0;
	if (!/^\d+$/.test(value)) throw invalid(`\`${name}\` is not a whole number of seconds`);
	return Number(value);
}
function oneOf(value, values) {
	return values.find((known) => known === value);
}
function decode(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
// src/prisma-engine/cli-commands.ts
async function runCliCommand(command, url) {
	const settings = readConnectionUrl(url);
	if (command === "create-database") {
		await createDatabase(settings);
		return `Database '${settings.database}' was successfully created.`;
	}
	await (await openConnection(settings)).end();
	return "Connection successful";
}
const startingPoints = [
	"postgres",
	"template1",
	"defaultdb"
];
async function createDatabase(settings) {
	const client = await connectToAny(settings);
	try {
		await client.query(`CREATE DATABASE ${esm_default.escapeIdentifier(settings.database)}`);
	} catch (thrown) {
		const code = thrown instanceof Error && "code" in thrown ? thrown.code : void 0;
		if (code === "42P04" || code === "23505") throw new EngineFailure("P1009", `Database \`${settings.database}\` already exists on the database server.`);
		throw thrown;
	} finally {
		await client.end();
	}
}
async function connectToAny(settings) {
	for (const database of startingPoints) try {
		return await openConnection({
			...settings,
			database,
			schema: void 0
		});
	} catch (thrown) {
		if (!(thrown instanceof EngineFailure && (thrown.code === "P1003" || thrown.code === "P1010"))) throw thrown;
	}
	const tried = startingPoints.join(", ");
	throw new EngineFailure("P3000", `The database cannot be created: no database to connect to first (tried ${tried}).`);
}
// src/prisma-engine/schema-datasource.ts
function readSchemaFiles(files) {
	const urls = {
		url: void 0,
		directUrl: void 0,
		shadowDatabaseUrl: void 0
	};
	let hadUrls = false;
	return {
		files: files.map(([path, content]) => {
			let inside = false;
			return [path, content.split("\n").map((line) => {
				if (!inside) {
					inside = /^\s*datasource\s+\w+\s*\{/.test(line);
					return line;
				}
				if (/^\s*\}/.test(line)) {
					inside = false;
					return line;
				}
				const [, name, value] = /^\s*(url|directUrl|shadowDatabaseUrl)\s*=\s*(.*)$/.exec(line) ?? [];
				if (name === void 0 || value === void 0) return line;
				urls[name] = readReference(name, value);
				hadUrls = true;
				return "";
			}).join("\n")];
		}),
		hadUrls,
		urls
	};
}
function readReference(field, text) {
	const [, name] = /^env\(\s*"([^"]+)"\s*\)/.exec(text) ?? [];
	if (name !== void 0) return {
		kind: "environment",
		name
	};
	const [, literal] = /^("(?:[^"\\]|\\.)*")/.exec(text) ?? [];
	if (literal !== void 0) return {
		kind: "literal",
		value: String(JSON.parse(literal))
	};
	throw new EngineFailure("P1012", `The datasource's \`${field}\` is neither \`env("NAME")\` nor a string.`);
}
function resolveUrl(reference, environment) {
	if (reference === void 0) return void 0;
	return reference.kind === "literal" ? reference.value : environment[reference.name];
}
function requireUrl(reference, environment) {
	const url = resolveUrl(reference, environment);
	if (url !== void 0 && url !== "") return url;
	const name = reference.kind === "environment" ? reference.name : "url";
	throw new EngineFailure("P1012", `Environment variable not found: ${name}.`);
}
// src/prisma-engine/datasources.ts
var Datasources = class {
	#arguments;
	#schema;
	#environment;
	constructor(fromArguments, fromSchema, environment) {
		this.#arguments = fromArguments;
		this.#schema = fromSchema;
		this.#environment = environment;
	}
	own() {
		return {
			main: this.#ownSettings(),
			shadow: this.shadow(void 0)
		};
	}
	of(parameter) {
		const url = parameter?.url;
		return typeof url === "string" ? {
			main: readConnectionUrl(url),
			shadow: void 0
		} : this.own();
	}
	ofDiff(database) {
		if (database === "own") return this.#ownSettings();
		if ("url" in database) return readConnectionUrl(database.url);
		const reference = database.urls.directUrl ?? database.urls.url;
		return reference === void 0 ? this.#ownSettings() : readConnectionUrl(requireUrl(reference, this.#environment));
	}
	shadow(fromRequest) {
		const url = fromRequest ?? this.#arguments.shadowDatabaseUrl ?? resolveUrl(this.#schema.shadowDatabaseUrl, this.#environment);
		return url === void 0 || url === "" ? void 0 : readConnectionUrl(url);
	}
	#ownSettings() {
		const passed = this.#arguments.directUrl ?? this.#arguments.url;
		if (passed !== void 0) return readConnectionUrl(passed);
		const reference = this.#schema.directUrl ?? this.#schema.url;
		if (reference !== void 0) return readConnectionUrl(requireUrl(reference, this.#environment));
		throw new EngineFailure("P1013", "The schema engine was started without a connection URL.");
	}
};
// src/prisma-engine/diff.ts
function planDiff(given) {
	const sides = [readTarget(given.from, "from"), readTarget(given.to, "to")];
	const databases = sides.map(({ database }) => database).filter((database) => database !== void 0);
	if (databases.length > 1) throw new EngineFailure(void 0, "The offline schema engine cannot compare two databases with each other");
	const [from, to] = sides.map(({ target }) => target);
	const { shadowDatabaseUrl, ...rest } = given;
	return {
		params: {
			...rest,
			from,
			to
		},
		database: databases[0],
		needsShadow: sides.some(({ target }) => target.tag === "migrations"),
		shadowUrl: typeof shadowDatabaseUrl === "string" && shadowDatabaseUrl !== "" ? shadowDatabaseUrl : void 0
	};
}
const connectedDatabase = {
	tag: "schemaDatasource",
	files: [{
		path: "schema.prisma",
		content: "datasource db {\n  provider = \"postgresql\"\n}\n"
	}],
	configDir: ""
};
function readTarget(given, side) {
	const target = given ?? {};
	switch (target.tag) {
		case "empty":
		case "schemaDatamodel":
		case "migrations": return {
			target,
			database: void 0
		};
		case "url": return {
			target: connectedDatabase,
			database: { url: String(target.url) }
		};
		case "schemaDatasource": {
			const { urls, ...files } = target;
			return {
				target: files,
				database: urls === void 0 ? "own" : { urls }
			};
		}
		default: throw new EngineFailure(void 0, `The offline schema engine cannot compare \`${String(target.tag)}\` (${side})`);
	}
}
function withoutUrls(params) {
	return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, withoutUrlsInside(value)]));
}
function withoutUrlsInside(value) {
	if (typeof value !== "object" || value === null || !("files" in value) || !Array.isArray(value.files)) return value;
	const source = readSchemaFiles(value.files.map(({ path, content }) => [path, content]));
	const cleaned = {
		...value,
		files: source.files.map(([path, content]) => ({
			path,
			content
		}))
	};
	return source.hadUrls && "tag" in value && value.tag === "schemaDatasource" ? {
		...cleaned,
		urls: source.urls
	} : cleaned;
}
// src/prisma-engine/execution.ts
async function modelsFor(prismaVersion) {
	if (prismaVersion === void 0) throw new EngineFailure(void 0, "Which version of Prisma this is decides how a migration is executed, and it cannot be told. Set AIRLOCK_PRISMA_VERSION to what `prisma --version` says.");
	const parser = splitsFiles(prismaVersion) ? await loadSqlParser() : { countStatements: () => void 0 };
	return (script) => executionModel(prismaVersion, script, parser);
}
// node_modules/@prisma/debug/dist/index.mjs
var __defProp = Object.defineProperty;
var __export = (target, all) => {
	for (var name in all) __defProp(target, name, {
		get: all[name],
		enumerable: true
	});
};
var colors_exports = {};
__export(colors_exports, {
	$: () => $,
	bgBlack: () => bgBlack,
	bgBlue: () => bgBlue,
	bgCyan: () => bgCyan,
	bgGreen: () => bgGreen,
	bgMagenta: () => bgMagenta,
	bgRed: () => bgRed,
	bgWhite: () => bgWhite,
	bgYellow: () => bgYellow,
	black: () => black,
	blue: () => blue,
	bold: () => bold,
	cyan: () => cyan,
	dim: () => dim,
	gray: () => gray,
	green: () => green,
	grey: () => grey,
	hidden: () => hidden,
	inverse: () => inverse,
	italic: () => italic,
	magenta: () => magenta,
	red: () => red,
	reset: () => reset,
	strikethrough: () => strikethrough,
	underline: () => underline,
	white: () => white,
	yellow: () => yellow
});
var FORCE_COLOR;
var NODE_DISABLE_COLORS;
var NO_COLOR;
var TERM;
var isTTY = true;
if (typeof process !== "undefined") {
	({FORCE_COLOR, NODE_DISABLE_COLORS, NO_COLOR, TERM} = process.env || {});
	isTTY = process.stdout && process.stdout.isTTY;
}
var $ = { enabled: !NODE_DISABLE_COLORS && NO_COLOR == null && TERM !== "dumb" && (FORCE_COLOR != null && FORCE_COLOR !== "0" || isTTY) };
function init(x, y) {
	let rgx = new RegExp(`\\x1b\\[${y}m`, "g");
	let open = `\x1B[${x}m`, close = `\x1B[${y}m`;
	return function(txt) {
		if (!$.enabled || txt == null) return txt;
		return open + (!!~("" + txt).indexOf(close) ? txt.replace(rgx, close + open) : txt) + close;
	};
}
var reset = init(0, 0);
var bold = init(1, 22);
var dim = init(2, 22);
var italic = init(3, 23);
var underline = init(4, 24);
var inverse = init(7, 27);
var hidden = init(8, 28);
var strikethrough = init(9, 29);
var black = init(30, 39);
var red = init(31, 39);
var green = init(32, 39);
var yellow = init(33, 39);
var blue = init(34, 39);
var magenta = init(35, 39);
var cyan = init(36, 39);
var white = init(37, 39);
var gray = init(90, 39);
var grey = init(90, 39);
var bgBlack = init(40, 49);
var bgRed = init(41, 49);
var bgGreen = init(42, 49);
var bgYellow = init(43, 49);
var bgBlue = init(44, 49);
var bgMagenta = init(45, 49);
var bgCyan = init(46, 49);
var bgWhite = init(47, 49);
var MAX_ARGS_HISTORY = 100;
var COLORS = [
	"green",
	"yellow",
	"blue",
	"magenta",
	"cyan",
	"red"
];
var argsHistory = [];
var lastTimestamp = Date.now();
var lastColor = 0;
var processEnv = typeof process !== "undefined" ? process.env : {};
globalThis.DEBUG ??= processEnv.DEBUG ?? "";
globalThis.DEBUG_COLORS ??= processEnv.DEBUG_COLORS ? processEnv.DEBUG_COLORS === "true" : true;
var topProps = {
	enable(namespace) {
		if (typeof namespace === "string") globalThis.DEBUG = namespace;
	},
	disable() {
		const prev = globalThis.DEBUG;
		globalThis.DEBUG = "";
		return prev;
	},
	enabled(namespace) {
		const listenedNamespaces = globalThis.DEBUG.split(",").map((s) => {
			return s.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
		});
		const isListened = listenedNamespaces.some((listenedNamespace) => {
			if (listenedNamespace === "" || listenedNamespace[0] === "-") return false;
			return namespace.match(RegExp(listenedNamespace.split("*").join(".*") + "$"));
		});
		const isExcluded = listenedNamespaces.some((listenedNamespace) => {
			if (listenedNamespace === "" || listenedNamespace[0] !== "-") return false;
			return namespace.match(RegExp(listenedNamespace.slice(1).split("*").join(".*") + "$"));
		});
		return isListened && !isExcluded;
	},
	log: (...args) => {
		const [namespace, format, ...rest] = args;
		(console.warn ?? console.log)(`${namespace} ${format}`, ...rest);
	},
	formatters: {}
};
function debugCreate(namespace) {
	const instanceProps = {
		color: COLORS[lastColor++ % COLORS.length],
		enabled: topProps.enabled(namespace),
		namespace,
		log: topProps.log,
		extend: () => {}
	};
	const debugCall = (...args) => {
		const { enabled, namespace: namespace2, color, log } = instanceProps;
		if (args.length !== 0) argsHistory.push([namespace2, ...args]);
		if (argsHistory.length > MAX_ARGS_HISTORY) argsHistory.shift();
		if (topProps.enabled(namespace2) || enabled) {
			const stringArgs = args.map((arg) => {
				if (typeof arg === "string") return arg;
				return safeStringify(arg);
			});
			const ms = `+${Date.now() - lastTimestamp}ms`;
			lastTimestamp = Date.now();
			if (globalThis.DEBUG_COLORS) log(colors_exports[color](bold(namespace2)), ...stringArgs, colors_exports[color](ms));
			else log(namespace2, ...stringArgs, ms);
		}
	};
	return new Proxy(debugCall, {
		get: (_, prop) => instanceProps[prop],
		set: (_, prop, value) => instanceProps[prop] = value
	});
}
var Debug = new Proxy(debugCreate, {
	get: (_, prop) => topProps[prop],
	set: (_, prop, value) => topProps[prop] = value
});
function safeStringify(value, indent = 2) {
	const cache = /* @__PURE__ */ new Set();
	return JSON.stringify(value, (key, value2) => {
		if (typeof value2 === "object" && value2 !== null) {
			if (cache.has(value2)) return `[Circular *]`;
			cache.add(value2);
		} else if (typeof value2 === "bigint") return value2.toString();
		return value2;
	}, indent);
}
// node_modules/@prisma/driver-adapter-utils/dist/index.mjs
var DriverAdapterError = class extends Error {
	name = "DriverAdapterError";
	cause;
	constructor(payload) {
		super(typeof payload["message"] === "string" ? payload["message"] : payload.kind);
		this.cause = payload;
	}
};
function isDriverAdapterError(error) {
	return error["name"] === "DriverAdapterError" && typeof error["cause"] === "object";
}
function ok(value) {
	return {
		ok: true,
		value,
		map(fn) {
			return ok(fn(value));
		},
		flatMap(fn) {
			return fn(value);
		}
	};
}
function err(error) {
	return {
		ok: false,
		error,
		map() {
			return err(error);
		},
		flatMap() {
			return err(error);
		}
	};
}
var debug$1 = Debug("driver-adapter-utils");
var ErrorRegistryInternal = class {
	registeredErrors = [];
	consumeError(id) {
		return this.registeredErrors[id];
	}
	registerNewError(error) {
		let i = 0;
		while (this.registeredErrors[i] !== void 0) i++;
		this.registeredErrors[i] = { error };
		return i;
	}
};
function copySymbolsFromSource(source, target) {
	const symbols = Object.getOwnPropertySymbols(source);
	const symbolObject = Object.fromEntries(symbols.map((symbol) => [symbol, true]));
	Object.assign(target, symbolObject);
}
var bindMigrationAwareSqlAdapterFactory = (adapterFactory) => {
	const errorRegistry = new ErrorRegistryInternal();
	const boundFactory = {
		adapterName: adapterFactory.adapterName,
		provider: adapterFactory.provider,
		errorRegistry,
		connect: async (...args) => {
			return (await wrapAsync(errorRegistry, adapterFactory.connect.bind(adapterFactory))(...args)).map((ctx2) => bindAdapter(ctx2, errorRegistry));
		},
		connectToShadowDb: async (...args) => {
			return (await wrapAsync(errorRegistry, adapterFactory.connectToShadowDb.bind(adapterFactory))(...args)).map((ctx2) => bindAdapter(ctx2, errorRegistry));
		}
	};
	copySymbolsFromSource(adapterFactory, boundFactory);
	return boundFactory;
};
var bindAdapter = (adapter, errorRegistry = new ErrorRegistryInternal()) => {
	const boundAdapter = {
		adapterName: adapter.adapterName,
		errorRegistry,
		queryRaw: wrapAsync(errorRegistry, adapter.queryRaw.bind(adapter)),
		executeRaw: wrapAsync(errorRegistry, adapter.executeRaw.bind(adapter)),
		executeScript: wrapAsync(errorRegistry, adapter.executeScript.bind(adapter)),
		dispose: wrapAsync(errorRegistry, adapter.dispose.bind(adapter)),
		provider: adapter.provider,
		startTransaction: async (...args) => {
			return (await wrapAsync(errorRegistry, adapter.startTransaction.bind(adapter))(...args)).map((ctx2) => bindTransaction(errorRegistry, ctx2));
		}
	};
	if (adapter.getConnectionInfo) boundAdapter.getConnectionInfo = wrapSync(errorRegistry, adapter.getConnectionInfo.bind(adapter));
	return boundAdapter;
};
var bindTransaction = (errorRegistry, transaction) => {
	const boundTransaction = {
		adapterName: transaction.adapterName,
		provider: transaction.provider,
		options: transaction.options,
		queryRaw: wrapAsync(errorRegistry, transaction.queryRaw.bind(transaction)),
		executeRaw: wrapAsync(errorRegistry, transaction.executeRaw.bind(transaction)),
		commit: wrapAsync(errorRegistry, transaction.commit.bind(transaction)),
		rollback: wrapAsync(errorRegistry, transaction.rollback.bind(transaction))
	};
	if (transaction.createSavepoint) boundTransaction.createSavepoint = wrapAsync(errorRegistry, transaction.createSavepoint.bind(transaction));
	if (transaction.rollbackToSavepoint) boundTransaction.rollbackToSavepoint = wrapAsync(errorRegistry, transaction.rollbackToSavepoint.bind(transaction));
	if (transaction.releaseSavepoint) boundTransaction.releaseSavepoint = wrapAsync(errorRegistry, transaction.releaseSavepoint.bind(transaction));
	return boundTransaction;
};
function wrapAsync(registry, fn) {
	return async (...args) => {
		try {
			return ok(await fn(...args));
		} catch (error) {
			debug$1("[error@wrapAsync]", error);
			if (isDriverAdapterError(error)) return err(error.cause);
			return err({
				kind: "GenericJs",
				id: registry.registerNewError(error)
			});
		}
	};
}
function wrapSync(registry, fn) {
	return (...args) => {
		try {
			return ok(fn(...args));
		} catch (error) {
			debug$1("[error@wrapSync]", error);
			if (isDriverAdapterError(error)) return err(error.cause);
			return err({
				kind: "GenericJs",
				id: registry.registerNewError(error)
			});
		}
	};
}
var ColumnTypeEnum = {
	Int32: 0,
	Int64: 1,
	Float: 2,
	Double: 3,
	Numeric: 4,
	Boolean: 5,
	Character: 6,
	Text: 7,
	Date: 8,
	Time: 9,
	DateTime: 10,
	Json: 11,
	Enum: 12,
	Bytes: 13,
	Set: 14,
	Uuid: 15,
	Int32Array: 64,
	Int64Array: 65,
	FloatArray: 66,
	DoubleArray: 67,
	NumericArray: 68,
	BooleanArray: 69,
	CharacterArray: 70,
	TextArray: 71,
	DateArray: 72,
	TimeArray: 73,
	DateTimeArray: 74,
	JsonArray: 75,
	EnumArray: 76,
	BytesArray: 77,
	UuidArray: 78,
	UnknownNumber: 128
};
// node_modules/@prisma/adapter-pg/dist/index.mjs
var import_postgres_array = (/* @__PURE__ */ __commonJSMin(((exports) => {
	const BACKSLASH = "\\";
	const DQUOT = "\"";
	const LBRACE = "{";
	const RBRACE = "}";
	const LBRACKET = "[";
	const EQUALS = "=";
	const COMMA = ",";
	const NULL_STRING = "NULL";
	function makeParseArrayWithTransform(transform) {
		const haveTransform = transform != null;
		return function parseArray(str) {
			const rbraceIndex = str.length - 1;
			if (rbraceIndex === 1) return [];
			if (str[rbraceIndex] !== RBRACE) throw new Error("Invalid array text - must end with }");
			let position = 0;
			if (str[position] === LBRACKET) position = str.indexOf(EQUALS) + 1;
			if (str[position++] !== LBRACE) throw new Error("Invalid array text - must start with {");
			const output = [];
			let current = output;
			const stack = [];
			let currentStringStart = position;
			let currentString = "";
			let expectValue = true;
			for (; position < rbraceIndex; ++position) {
				let char = str[position];
				if (char === DQUOT) {
					currentStringStart = ++position;
					let dquot = str.indexOf(DQUOT, currentStringStart);
					let backSlash = str.indexOf(BACKSLASH, currentStringStart);
					while (backSlash !== -1 && backSlash < dquot) {
						position = backSlash;
						const part = str.slice(currentStringStart, position);
						currentString += part;
						currentStringStart = ++position;
						if (dquot === position++) dquot = str.indexOf(DQUOT, position);
						backSlash = str.indexOf(BACKSLASH, position);
					}
					position = dquot;
					const part = str.slice(currentStringStart, position);
					currentString += part;
					current.push(haveTransform ? transform(currentString) : currentString);
					currentString = "";
					expectValue = false;
				} else if (char === LBRACE) {
					const newArray = [];
					current.push(newArray);
					stack.push(current);
					current = newArray;
					currentStringStart = position + 1;
					expectValue = true;
				} else if (char === COMMA) expectValue = true;
				else if (char === RBRACE) {
					expectValue = false;
					const arr = stack.pop();
					if (arr === void 0) throw new Error("Invalid array text - too many '}'");
					current = arr;
				} else if (expectValue) {
					currentStringStart = position;
					while ((char = str[position]) !== COMMA && char !== RBRACE && position < rbraceIndex) ++position;
					const part = str.slice(currentStringStart, position--);
					current.push(part === NULL_STRING ? null : haveTransform ? transform(part) : part);
					expectValue = false;
				} else throw new Error("Was expecting delimeter");
			}
			return output;
		};
	}
	const parseArray = makeParseArrayWithTransform();
	exports.parse = (source, transform) => transform != null ? makeParseArrayWithTransform(transform)(source) : parseArray(source);
})))();
var name = "@prisma/adapter-pg";
var FIRST_NORMAL_OBJECT_ID = 16384;
var { types } = esm_default;
var { builtins: ScalarColumnType, getTypeParser } = types;
var AdditionalScalarColumnType = { NAME: 19 };
var ArrayColumnType = {
	BIT_ARRAY: 1561,
	BOOL_ARRAY: 1e3,
	BYTEA_ARRAY: 1001,
	BPCHAR_ARRAY: 1014,
	CHAR_ARRAY: 1002,
	CIDR_ARRAY: 651,
	DATE_ARRAY: 1182,
	FLOAT4_ARRAY: 1021,
	FLOAT8_ARRAY: 1022,
	INET_ARRAY: 1041,
	INT2_ARRAY: 1005,
	INT4_ARRAY: 1007,
	INT8_ARRAY: 1016,
	JSONB_ARRAY: 3807,
	JSON_ARRAY: 199,
	MONEY_ARRAY: 791,
	NUMERIC_ARRAY: 1231,
	OID_ARRAY: 1028,
	TEXT_ARRAY: 1009,
	TIMESTAMP_ARRAY: 1115,
	TIMESTAMPTZ_ARRAY: 1185,
	TIME_ARRAY: 1183,
	UUID_ARRAY: 2951,
	VARBIT_ARRAY: 1563,
	VARCHAR_ARRAY: 1015,
	XML_ARRAY: 143
};
var UnsupportedNativeDataType = class _UnsupportedNativeDataType extends Error {
	static typeNames = {
		16: "bool",
		17: "bytea",
		18: "char",
		19: "name",
		20: "int8",
		21: "int2",
		22: "int2vector",
		23: "int4",
		24: "regproc",
		25: "text",
		26: "oid",
		27: "tid",
		28: "xid",
		29: "cid",
		30: "oidvector",
		32: "pg_ddl_command",
		71: "pg_type",
		75: "pg_attribute",
		81: "pg_proc",
		83: "pg_class",
		114: "json",
		142: "xml",
		194: "pg_node_tree",
		269: "table_am_handler",
		325: "index_am_handler",
		600: "point",
		601: "lseg",
		602: "path",
		603: "box",
		604: "polygon",
		628: "line",
		650: "cidr",
		700: "float4",
		701: "float8",
		705: "unknown",
		718: "circle",
		774: "macaddr8",
		790: "money",
		829: "macaddr",
		869: "inet",
		1033: "aclitem",
		1042: "bpchar",
		1043: "varchar",
		1082: "date",
		1083: "time",
		1114: "timestamp",
		1184: "timestamptz",
		1186: "interval",
		1266: "timetz",
		1560: "bit",
		1562: "varbit",
		1700: "numeric",
		1790: "refcursor",
		2202: "regprocedure",
		2203: "regoper",
		2204: "regoperator",
		2205: "regclass",
		2206: "regtype",
		2249: "record",
		2275: "cstring",
		2276: "any",
		2277: "anyarray",
		2278: "void",
		2279: "trigger",
		2280: "language_handler",
		2281: "internal",
		2283: "anyelement",
		2287: "_record",
		2776: "anynonarray",
		2950: "uuid",
		2970: "txid_snapshot",
		3115: "fdw_handler",
		3220: "pg_lsn",
		3310: "tsm_handler",
		3361: "pg_ndistinct",
		3402: "pg_dependencies",
		3500: "anyenum",
		3614: "tsvector",
		3615: "tsquery",
		3642: "gtsvector",
		3734: "regconfig",
		3769: "regdictionary",
		3802: "jsonb",
		3831: "anyrange",
		3838: "event_trigger",
		3904: "int4range",
		3906: "numrange",
		3908: "tsrange",
		3910: "tstzrange",
		3912: "daterange",
		3926: "int8range",
		4072: "jsonpath",
		4089: "regnamespace",
		4096: "regrole",
		4191: "regcollation",
		4451: "int4multirange",
		4532: "nummultirange",
		4533: "tsmultirange",
		4534: "tstzmultirange",
		4535: "datemultirange",
		4536: "int8multirange",
		4537: "anymultirange",
		4538: "anycompatiblemultirange",
		4600: "pg_brin_bloom_summary",
		4601: "pg_brin_minmax_multi_summary",
		5017: "pg_mcv_list",
		5038: "pg_snapshot",
		5069: "xid8",
		5077: "anycompatible",
		5078: "anycompatiblearray",
		5079: "anycompatiblenonarray",
		5080: "anycompatiblerange"
	};
	type;
	constructor(code) {
		super();
		this.type = _UnsupportedNativeDataType.typeNames[code] || "Unknown";
		this.message = `Unsupported column type ${this.type}`;
	}
};
function fieldToColumnType(fieldTypeId) {
	switch (fieldTypeId) {
		case ScalarColumnType.INT2:
		case ScalarColumnType.INT4: return ColumnTypeEnum.Int32;
		case ScalarColumnType.INT8: return ColumnTypeEnum.Int64;
		case ScalarColumnType.FLOAT4: return ColumnTypeEnum.Float;
		case ScalarColumnType.FLOAT8: return ColumnTypeEnum.Double;
		case ScalarColumnType.BOOL: return ColumnTypeEnum.Boolean;
		case ScalarColumnType.DATE: return ColumnTypeEnum.Date;
		case ScalarColumnType.TIME:
		case ScalarColumnType.TIMETZ: return ColumnTypeEnum.Time;
		case ScalarColumnType.TIMESTAMP:
		case ScalarColumnType.TIMESTAMPTZ: return ColumnTypeEnum.DateTime;
		case ScalarColumnType.NUMERIC:
		case ScalarColumnType.MONEY: return ColumnTypeEnum.Numeric;
		case ScalarColumnType.JSON:
		case ScalarColumnType.JSONB: return ColumnTypeEnum.Json;
		case ScalarColumnType.UUID: return ColumnTypeEnum.Uuid;
		case ScalarColumnType.OID: return ColumnTypeEnum.Int64;
		case ScalarColumnType.BPCHAR:
		case ScalarColumnType.TEXT:
		case ScalarColumnType.VARCHAR:
		case ScalarColumnType.BIT:
		case ScalarColumnType.VARBIT:
		case ScalarColumnType.INET:
		case ScalarColumnType.CIDR:
		case ScalarColumnType.XML:
		case AdditionalScalarColumnType.NAME: return ColumnTypeEnum.Text;
		case ScalarColumnType.BYTEA: return ColumnTypeEnum.Bytes;
		case ArrayColumnType.INT2_ARRAY:
		case ArrayColumnType.INT4_ARRAY: return ColumnTypeEnum.Int32Array;
		case ArrayColumnType.FLOAT4_ARRAY: return ColumnTypeEnum.FloatArray;
		case ArrayColumnType.FLOAT8_ARRAY: return ColumnTypeEnum.DoubleArray;
		case ArrayColumnType.NUMERIC_ARRAY:
		case ArrayColumnType.MONEY_ARRAY: return ColumnTypeEnum.NumericArray;
		case ArrayColumnType.BOOL_ARRAY: return ColumnTypeEnum.BooleanArray;
		case ArrayColumnType.CHAR_ARRAY: return ColumnTypeEnum.CharacterArray;
		case ArrayColumnType.BPCHAR_ARRAY:
		case ArrayColumnType.TEXT_ARRAY:
		case ArrayColumnType.VARCHAR_ARRAY:
		case ArrayColumnType.VARBIT_ARRAY:
		case ArrayColumnType.BIT_ARRAY:
		case ArrayColumnType.INET_ARRAY:
		case ArrayColumnType.CIDR_ARRAY:
		case ArrayColumnType.XML_ARRAY: return ColumnTypeEnum.TextArray;
		case ArrayColumnType.DATE_ARRAY: return ColumnTypeEnum.DateArray;
		case ArrayColumnType.TIME_ARRAY: return ColumnTypeEnum.TimeArray;
		case ArrayColumnType.TIMESTAMP_ARRAY: return ColumnTypeEnum.DateTimeArray;
		case ArrayColumnType.TIMESTAMPTZ_ARRAY: return ColumnTypeEnum.DateTimeArray;
		case ArrayColumnType.JSON_ARRAY:
		case ArrayColumnType.JSONB_ARRAY: return ColumnTypeEnum.JsonArray;
		case ArrayColumnType.BYTEA_ARRAY: return ColumnTypeEnum.BytesArray;
		case ArrayColumnType.UUID_ARRAY: return ColumnTypeEnum.UuidArray;
		case ArrayColumnType.INT8_ARRAY:
		case ArrayColumnType.OID_ARRAY: return ColumnTypeEnum.Int64Array;
		default:
			if (fieldTypeId >= FIRST_NORMAL_OBJECT_ID) return ColumnTypeEnum.Text;
			throw new UnsupportedNativeDataType(fieldTypeId);
	}
}
function normalize_array(element_normalizer) {
	return (str) => (0, import_postgres_array.parse)(str, element_normalizer);
}
function normalize_numeric(numeric) {
	return numeric;
}
function normalize_date(date) {
	return date;
}
function normalize_timestamp(time) {
	return `${time.replace(" ", "T")}+00:00`;
}
function normalize_timestamptz(time) {
	return time.replace(" ", "T").replace(/[+-]\d{2}(:\d{2})?$/, "+00:00");
}
function normalize_time(time) {
	return time;
}
function normalize_timez(time) {
	return time.replace(/[+-]\d{2}(:\d{2})?$/, "");
}
function normalize_money(money) {
	return money.slice(1);
}
function normalize_xml(xml) {
	return xml;
}
function toJson(json) {
	return json;
}
var parsePgBytes = getTypeParser(ScalarColumnType.BYTEA);
var normalizeByteaArray = getTypeParser(ArrayColumnType.BYTEA_ARRAY);
function convertBytes(serializedBytes) {
	return parsePgBytes(serializedBytes);
}
function normalizeBit(bit) {
	return bit;
}
var customParsers = {
	[ScalarColumnType.NUMERIC]: normalize_numeric,
	[ArrayColumnType.NUMERIC_ARRAY]: normalize_array(normalize_numeric),
	[ScalarColumnType.TIME]: normalize_time,
	[ArrayColumnType.TIME_ARRAY]: normalize_array(normalize_time),
	[ScalarColumnType.TIMETZ]: normalize_timez,
	[ScalarColumnType.DATE]: normalize_date,
	[ArrayColumnType.DATE_ARRAY]: normalize_array(normalize_date),
	[ScalarColumnType.TIMESTAMP]: normalize_timestamp,
	[ArrayColumnType.TIMESTAMP_ARRAY]: normalize_array(normalize_timestamp),
	[ScalarColumnType.TIMESTAMPTZ]: normalize_timestamptz,
	[ArrayColumnType.TIMESTAMPTZ_ARRAY]: normalize_array(normalize_timestamptz),
	[ScalarColumnType.MONEY]: normalize_money,
	[ArrayColumnType.MONEY_ARRAY]: normalize_array(normalize_money),
	[ScalarColumnType.JSON]: toJson,
	[ArrayColumnType.JSON_ARRAY]: normalize_array(toJson),
	[ScalarColumnType.JSONB]: toJson,
	[ArrayColumnType.JSONB_ARRAY]: normalize_array(toJson),
	[ScalarColumnType.BYTEA]: convertBytes,
	[ArrayColumnType.BYTEA_ARRAY]: normalizeByteaArray,
	[ArrayColumnType.BIT_ARRAY]: normalize_array(normalizeBit),
	[ArrayColumnType.VARBIT_ARRAY]: normalize_array(normalizeBit),
	[ArrayColumnType.XML_ARRAY]: normalize_array(normalize_xml)
};
function mapArg(arg, argType) {
	if (arg === null) return null;
	if (Array.isArray(arg) && argType.arity === "list") return arg.map((value) => mapArg(value, argType));
	if (typeof arg === "string" && argType.scalarType === "datetime") arg = new Date(arg);
	if (arg instanceof Date) switch (argType.dbType) {
		case "TIME":
		case "TIMETZ": return formatTime(arg);
		case "DATE": return formatDate(arg);
		default: return formatDateTime(arg);
	}
	if (typeof arg === "string" && argType.scalarType === "bytes") return Buffer.from(arg, "base64");
	if (ArrayBuffer.isView(arg)) return new Uint8Array(arg.buffer, arg.byteOffset, arg.byteLength);
	return arg;
}
function formatDateTime(date) {
	const pad = (n, z = 2) => String(n).padStart(z, "0");
	const ms = date.getUTCMilliseconds();
	return pad(date.getUTCFullYear(), 4) + "-" + pad(date.getUTCMonth() + 1) + "-" + pad(date.getUTCDate()) + " " + pad(date.getUTCHours()) + ":" + pad(date.getUTCMinutes()) + ":" + pad(date.getUTCSeconds()) + (ms ? "." + String(ms).padStart(3, "0") : "");
}
function formatDate(date) {
	const pad = (n, z = 2) => String(n).padStart(z, "0");
	return pad(date.getUTCFullYear(), 4) + "-" + pad(date.getUTCMonth() + 1) + "-" + pad(date.getUTCDate());
}
function formatTime(date) {
	const pad = (n, z = 2) => String(n).padStart(z, "0");
	const ms = date.getUTCMilliseconds();
	return pad(date.getUTCHours()) + ":" + pad(date.getUTCMinutes()) + ":" + pad(date.getUTCSeconds()) + (ms ? "." + String(ms).padStart(3, "0") : "");
}
var TLS_ERRORS = /* @__PURE__ */ new Set([
	"UNABLE_TO_GET_ISSUER_CERT",
	"UNABLE_TO_GET_CRL",
	"UNABLE_TO_DECRYPT_CERT_SIGNATURE",
	"UNABLE_TO_DECRYPT_CRL_SIGNATURE",
	"UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
	"CERT_SIGNATURE_FAILURE",
	"CRL_SIGNATURE_FAILURE",
	"CERT_NOT_YET_VALID",
	"CERT_HAS_EXPIRED",
	"CRL_NOT_YET_VALID",
	"CRL_HAS_EXPIRED",
	"ERROR_IN_CERT_NOT_BEFORE_FIELD",
	"ERROR_IN_CERT_NOT_AFTER_FIELD",
	"ERROR_IN_CRL_LAST_UPDATE_FIELD",
	"ERROR_IN_CRL_NEXT_UPDATE_FIELD",
	"DEPTH_ZERO_SELF_SIGNED_CERT",
	"SELF_SIGNED_CERT_IN_CHAIN",
	"UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
	"UNABLE_TO_VERIFY_LEAF_SIGNATURE",
	"CERT_CHAIN_TOO_LONG",
	"CERT_REVOKED",
	"INVALID_CA",
	"INVALID_PURPOSE",
	"CERT_UNTRUSTED",
	"CERT_REJECTED",
	"HOSTNAME_MISMATCH",
	"ERR_TLS_CERT_ALTNAME_FORMAT",
	"ERR_TLS_CERT_ALTNAME_INVALID"
]);
var SOCKET_ERRORS = /* @__PURE__ */ new Set([
	"ENOTFOUND",
	"ECONNREFUSED",
	"ECONNRESET",
	"ETIMEDOUT"
]);
function convertDriverError(error) {
	if (isSocketError(error)) return mapSocketError(error);
	if (isTlsError(error)) return {
		kind: "TlsConnectionError",
		reason: error.message
	};
	if (isDriverError(error)) return {
		originalCode: error.code,
		originalMessage: error.message,
		...mapDriverError(error)
	};
	throw error;
}
function mapDriverError(error) {
	switch (error.code) {
		case "22001": return {
			kind: "LengthMismatch",
			column: error.column
		};
		case "22003": return {
			kind: "ValueOutOfRange",
			cause: error.message
		};
		case "22P02": return {
			kind: "InvalidInputValue",
			message: error.message
		};
		case "23505": {
			const fields = error.detail?.match(/Key \(([^)]+)\)/)?.at(1)?.split(", ");
			let constraint;
			if (error.constraint) constraint = { index: error.constraint };
			else if (fields !== void 0) constraint = { fields };
			let table = error.table;
			if (table === void 0 && fields !== void 0 && fields.length > 0) {
				const suffix = `_${fields.join("_")}_key`;
				if (error.constraint?.endsWith(suffix)) table = error.constraint.slice(0, -suffix.length);
			}
			return {
				kind: "UniqueConstraintViolation",
				constraint,
				table
			};
		}
		case "23502": {
			const fields = error.detail?.match(/Key \(([^)]+)\)/)?.at(1)?.split(", ");
			return {
				kind: "NullConstraintViolation",
				constraint: fields !== void 0 ? { fields } : void 0
			};
		}
		case "23503": {
			let constraint;
			if (error.column) constraint = { fields: [error.column] };
			else if (error.constraint) constraint = { index: error.constraint };
			return {
				kind: "ForeignKeyConstraintViolation",
				constraint
			};
		}
		case "23001": {
			let constraint;
			if (error.column) constraint = { fields: [error.column] };
			else if (error.constraint) constraint = { index: error.constraint };
			return {
				kind: "RestrictViolation",
				constraint
			};
		}
		case "3D000": return {
			kind: "DatabaseDoesNotExist",
			db: error.message.split(" ").at(1)?.split("\"").at(1)
		};
		case "28000": return {
			kind: "DatabaseAccessDenied",
			db: error.message.split(",").find((s) => s.startsWith(" database"))?.split("\"").at(1)
		};
		case "28P01": return {
			kind: "AuthenticationFailed",
			user: error.message.split(" ").pop()?.split("\"").at(1)
		};
		case "40001":
		case "40P01": return { kind: "TransactionWriteConflict" };
		case "42P01": return {
			kind: "TableDoesNotExist",
			table: error.message.split(" ").at(1)?.split("\"").at(1)
		};
		case "42703": return {
			kind: "ColumnNotFound",
			column: (error.message.match(/^column (.+) does not exist$/)?.at(1))?.replace(/"((?:""|[^"])*)"/g, (_, id) => id.replaceAll("\"\"", "\""))
		};
		case "42P04": return {
			kind: "DatabaseAlreadyExists",
			db: error.message.split(" ").at(1)?.split("\"").at(1)
		};
		case "53300": return {
			kind: "TooManyConnections",
			cause: error.message
		};
		default: return {
			kind: "postgres",
			code: error.code ?? "N/A",
			severity: error.severity ?? "N/A",
			message: error.message,
			detail: error.detail,
			column: error.column,
			hint: error.hint
		};
	}
}
function isDriverError(error) {
	return typeof error.code === "string" && typeof error.message === "string" && typeof error.severity === "string" && (typeof error.detail === "string" || error.detail === void 0) && (typeof error.column === "string" || error.column === void 0) && (typeof error.hint === "string" || error.hint === void 0);
}
function mapSocketError(error) {
	switch (error.code) {
		case "ENOTFOUND":
		case "ECONNREFUSED": return {
			kind: "DatabaseNotReachable",
			host: error.address ?? error.hostname,
			port: error.port
		};
		case "ECONNRESET": return { kind: "ConnectionClosed" };
		case "ETIMEDOUT": return { kind: "SocketTimeout" };
	}
}
function isSocketError(error) {
	return typeof error.code === "string" && typeof error.syscall === "string" && typeof error.errno === "number" && SOCKET_ERRORS.has(error.code);
}
function isTlsError(error) {
	if (typeof error.code === "string") return TLS_ERRORS.has(error.code);
	switch (error.message) {
		case "The server does not support SSL connections":
		case "There was an error establishing an SSL connection": return true;
	}
	return false;
}
var types2 = esm_default.types;
var debug = Debug("prisma:driver-adapter:pg");
var PgQueryable = class {
	constructor(client, pgOptions) {
		this.client = client;
		this.pgOptions = pgOptions;
	}
	provider = "postgres";
	adapterName = name;
	async queryRaw(query) {
		debug(`[js::query_raw] %O`, query);
		const { fields, rows } = await this.performIO(query);
		const columnNames = fields.map((field) => field.name);
		let columnTypes = [];
		try {
			columnTypes = fields.map((field) => fieldToColumnType(field.dataTypeID));
		} catch (e) {
			if (e instanceof UnsupportedNativeDataType) throw new DriverAdapterError({
				kind: "UnsupportedNativeDataType",
				type: e.type
			});
			throw e;
		}
		const udtParser = this.pgOptions?.userDefinedTypeParser;
		if (udtParser) for (let i = 0; i < fields.length; i++) {
			const field = fields[i];
			if (field.dataTypeID >= FIRST_NORMAL_OBJECT_ID && !Object.hasOwn(customParsers, field.dataTypeID)) for (let j = 0; j < rows.length; j++) rows[j][i] = await udtParser(field.dataTypeID, rows[j][i], this);
		}
		return {
			columnNames,
			columnTypes,
			rows
		};
	}
	async executeRaw(query) {
		debug(`[js::execute_raw] %O`, query);
		return (await this.performIO(query)).rowCount ?? 0;
	}
	async performIO(query) {
		const { sql, args } = query;
		const values = args.map((arg, i) => mapArg(arg, query.argTypes[i]));
		try {
			return await this.client.query({
				name: this.pgOptions?.statementNameGenerator?.(query),
				text: sql,
				values,
				rowMode: "array",
				types: { getTypeParser: (oid, format) => {
					if (format === "text" && customParsers[oid]) return customParsers[oid];
					return types2.getTypeParser(oid, format);
				} }
			});
		} catch (e) {
			this.onError(e);
		}
	}
	onError(error) {
		debug("Error in performIO: %O", error);
		throw new DriverAdapterError(convertDriverError(error));
	}
};
var PgTransaction = class extends PgQueryable {
	constructor(client, options, pgOptions, cleanup) {
		super(client, pgOptions);
		this.options = options;
		this.pgOptions = pgOptions;
		this.cleanup = cleanup;
	}
	async commit() {
		debug(`[js::commit]`);
		this.cleanup?.();
		this.client.release();
	}
	async rollback() {
		debug(`[js::rollback]`);
		this.cleanup?.();
		this.client.release();
	}
	async createSavepoint(name2) {
		await this.executeRaw({
			sql: `SAVEPOINT ${name2}`,
			args: [],
			argTypes: []
		});
	}
	async rollbackToSavepoint(name2) {
		await this.executeRaw({
			sql: `ROLLBACK TO SAVEPOINT ${name2}`,
			args: [],
			argTypes: []
		});
	}
	async releaseSavepoint(name2) {
		await this.executeRaw({
			sql: `RELEASE SAVEPOINT ${name2}`,
			args: [],
			argTypes: []
		});
	}
};
var PrismaPgAdapter = class extends PgQueryable {
	constructor(client, pgOptions, release) {
		super(client);
		this.pgOptions = pgOptions;
		this.release = release;
	}
	async startTransaction(isolationLevel) {
		const options = { usePhantomQuery: false };
		debug("%s options: %O", "[js::startTransaction]", options);
		const conn = await this.client.connect().catch((error) => this.onError(error));
		const onError = (err) => {
			debug(`Error from pool connection: ${err.message} %O`, err);
			this.pgOptions?.onConnectionError?.(err);
		};
		conn.on("error", onError);
		const cleanup = () => {
			conn.removeListener("error", onError);
		};
		try {
			const tx = new PgTransaction(conn, options, this.pgOptions, cleanup);
			await tx.executeRaw({
				sql: "BEGIN",
				args: [],
				argTypes: []
			});
			if (isolationLevel) await tx.executeRaw({
				sql: `SET TRANSACTION ISOLATION LEVEL ${isolationLevel}`,
				args: [],
				argTypes: []
			});
			return tx;
		} catch (error) {
			cleanup();
			conn.release(error);
			this.onError(error);
		}
	}
	async executeScript(script) {
		const statements = script.split(";").map((stmt) => stmt.trim()).filter((stmt) => stmt.length > 0);
		for (const stmt of statements) try {
			await this.client.query(stmt);
		} catch (error) {
			this.onError(error);
		}
	}
	getConnectionInfo() {
		return {
			schemaName: this.pgOptions?.schema,
			supportsRelationJoins: true
		};
	}
	async dispose() {
		return this.release?.();
	}
	underlyingDriver() {
		return this.client;
	}
};
var PrismaPgAdapterFactory = class {
	constructor(poolOrConfig, options) {
		this.options = options;
		if (poolOrConfig instanceof esm_default.Pool) {
			this.externalPool = poolOrConfig;
			this.config = poolOrConfig.options;
		} else if (typeof poolOrConfig === "string") {
			this.externalPool = null;
			this.config = { connectionString: poolOrConfig };
		} else {
			this.externalPool = null;
			this.config = poolOrConfig;
		}
	}
	provider = "postgres";
	adapterName = name;
	config;
	externalPool;
	async connect() {
		const client = this.externalPool ?? new esm_default.Pool(this.config);
		const onIdleClientError = (err) => {
			debug(`Error from idle pool client: ${err.message} %O`, err);
			this.options?.onPoolError?.(err);
		};
		client.on("error", onIdleClientError);
		return new PrismaPgAdapter(client, this.options, async () => {
			if (this.externalPool) {
				if (this.options?.disposeExternalPool) {
					await this.externalPool.end();
					this.externalPool = null;
				} else this.externalPool.removeListener("error", onIdleClientError);
			} else await client.end();
		});
	}
	async connectToShadowDb() {
		const conn = await this.connect();
		const database = `prisma_migrate_shadow_db_${globalThis.crypto.randomUUID()}`;
		await conn.executeScript(`CREATE DATABASE "${database}"`);
		const client = new esm_default.Pool({
			...this.config,
			database
		});
		return new PrismaPgAdapter(client, void 0, async () => {
			await conn.executeScript(`DROP DATABASE "${database}"`);
			await client.end();
		});
	}
};
// src/prisma-engine/adapter.ts
async function connectAdapter(settings, models, mishaps) {
	return migrationAdapter(new OneConnection(await openConnection(settings), settings.socketTimeoutMs), settings.schema, models, mishaps);
}
async function migrationAdapter(connection, schema, models, mishaps) {
	const adapter = await new PrismaPgAdapterFactory(connection, {
		disposeExternalPool: true,
		...schema === void 0 ? {} : { schema }
	}).connect();
	const queryRaw = adapter.queryRaw.bind(adapter);
	let migration = "";
	let lastFailure;
	adapter.executeScript = async (script) => {
		const modelOf = await models();
		lastFailure = await runScript(modelOf(script), script, (sql) => connection.send(sql));
		if (lastFailure === void 0) return;
		await connection.send("ROLLBACK").catch(() => void 0);
		if (lastFailure.sqlState !== void 0) mishaps.failedMigration = {
			name: migration,
			failure: lastFailure
		};
		throw new DriverAdapterError(asAdapterError(lastFailure));
	};
	adapter.queryRaw = async (query) => {
		migration = startedMigration(query) ?? migration;
		const failure = lastFailure;
		const asked = failure === void 0 ? query : withLogs(query, () => failedMigrationMessage(migration, failure));
		try {
			return await queryRaw(asked);
		} catch (thrown) {
			noteUnreadableHistory(query, thrown, mishaps);
			throw thrown;
		}
	};
	return adapter;
}
const historyTable = "\"_prisma_migrations\"";
function startedMigration({ sql, args }) {
	if (!sql.startsWith("INSERT INTO") || !sql.includes(historyTable)) return void 0;
	const name = args[(/\(([^)]*)\) VALUES/.exec(sql)?.[1]?.split(",") ?? []).findIndex((column) => column.trim() === "\"migration_name\"")];
	return typeof name === "string" ? name : void 0;
}
function withLogs(query, logs) {
	return query.sql.startsWith("UPDATE") && query.sql.includes(historyTable) && query.sql.includes("SET \"logs\" = $1") ? {
		...query,
		args: [logs(), ...query.args.slice(1)]
	} : query;
}
function noteUnreadableHistory({ sql }, thrown, mishaps) {
	if (!sql.startsWith("SELECT \"id\", \"checksum\"") || !sql.includes(historyTable)) return;
	const cause = thrown instanceof DriverAdapterError ? thrown.cause : void 0;
	if ((typeof cause === "object" && cause !== null ? textField(cause, "originalCode") : void 0) !== "42P01") mishaps.unreadableHistory = messageOf(thrown);
}
function asAdapterError({ sqlState, severity, message }) {
	const said = {
		severity,
		message,
		detail: void 0,
		column: void 0,
		hint: void 0
	};
	if (sqlState === void 0) return {
		kind: "ConnectionClosed",
		originalMessage: message
	};
	return {
		kind: "postgres",
		code: sqlState,
		...said,
		originalCode: sqlState,
		originalMessage: message
	};
}
function detachedAdapter() {
	const noDatabase = () => {
		throw new DriverAdapterError({
			kind: "postgres",
			code: "none",
			severity: "ERROR",
			message: "This needs a database, and no connection URL was given",
			detail: void 0,
			column: void 0,
			hint: void 0
		});
	};
	return {
		provider: "postgres",
		adapterName: "airlock-detached",
		queryRaw: async (query) => query.sql.includes("server_version_num") ? {
			columnNames: [
				"exists",
				"version",
				"numeric_version"
			],
			columnTypes: [
				ColumnTypeEnum.Boolean,
				ColumnTypeEnum.Text,
				ColumnTypeEnum.Int32
			],
			rows: [[
				true,
				"PostgreSQL 17",
				17e4
			]]
		} : noDatabase(),
		executeRaw: noDatabase,
		executeScript: noDatabase,
		startTransaction: noDatabase,
		getConnectionInfo: () => ({ supportsRelationJoins: true }),
		dispose: async () => void 0
	};
}
// src/prisma-engine/shadow.ts
async function connectToShadow({ main, shadow }, models) {
	if (shadow !== void 0) {
		refuseMain(main, shadow);
		await onServer(shadow, (client) => empty(client, shadow));
		return connectAdapter(shadow, models, {});
	}
	if (main === void 0) throw new EngineFailure(void 0, "A shadow database is needed, and there is no URL for one.");
	const temporary = {
		...main,
		database: `prisma_migrate_shadow_db_${randomUUID()}`
	};
	const name = esm_default.escapeIdentifier(temporary.database);
	await onServer(main, (client) => client.query(`CREATE DATABASE ${name}`));
	const drop = () => onServer(main, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
	try {
		const adapter = await connectAdapter(temporary, models, {});
		const disconnect = adapter.dispose.bind(adapter);
		adapter.dispose = async () => {
			await disconnect();
			await drop();
		};
		return adapter;
	} catch (thrown) {
		await drop();
		throw thrown;
	}
}
function refuseMain(main, shadow) {
	if (main?.host === shadow.host && main.port === shadow.port && main.database === shadow.database) throw new EngineFailure(void 0, "The shadow database you configured appears to be the same as the main database, and it would be emptied. Specify another one.");
}
async function empty(client, { database, schema = "public" }) {
	if ((await client.query("SELECT 1 FROM pg_class WHERE relname = '_prisma_migrations' AND relkind = 'r'")).rows.length > 0) throw new EngineFailure(void 0, `The shadow database \`${database}\` has a migration history (_prisma_migrations), so it may be one that is in use, and it would be emptied. Specify another one.`);
	const { rows } = await client.query(`SELECT nspname FROM pg_namespace
      WHERE nspname = $1
         OR (nspname !~ '^pg_' AND nspname <> 'information_schema' AND pg_has_role(nspowner, 'USAGE'))`, [schema]);
	for (const { nspname } of rows) await client.query(`DROP SCHEMA ${esm_default.escapeIdentifier(nspname)} CASCADE`);
	await client.query(`CREATE SCHEMA ${esm_default.escapeIdentifier(schema)}`);
}
async function onServer(settings, work) {
	const client = await openConnection(settings);
	try {
		await work(client);
	} catch (thrown) {
		if (thrown instanceof EngineFailure) throw thrown;
		throw new EngineFailure("P3014", `The shadow database cannot be prepared or dropped: ${messageOf(thrown)}`);
	} finally {
		await client.end();
	}
}
// node_modules/@prisma/schema-engine-wasm/schema_engine_bg.js
var schema_engine_bg_exports = /* @__PURE__ */ __exportAll({
	SchemaEngine: () => SchemaEngine,
	__wbg_Error_e83987f665cf5504: () => __wbg_Error_e83987f665cf5504,
	__wbg_Number_bb48ca12f395cd08: () => __wbg_Number_bb48ca12f395cd08,
	__wbg_String_8f0eb39a4a4c2f66: () => __wbg_String_8f0eb39a4a4c2f66,
	__wbg___wbindgen_bigint_get_as_i64_f3ebc5a755000afd: () => __wbg___wbindgen_bigint_get_as_i64_f3ebc5a755000afd,
	__wbg___wbindgen_boolean_get_6d5a1ee65bab5f68: () => __wbg___wbindgen_boolean_get_6d5a1ee65bab5f68,
	__wbg___wbindgen_debug_string_df47ffb5e35e6763: () => __wbg___wbindgen_debug_string_df47ffb5e35e6763,
	__wbg___wbindgen_in_bb933bd9e1b3bc0f: () => __wbg___wbindgen_in_bb933bd9e1b3bc0f,
	__wbg___wbindgen_is_bigint_cb320707dcd35f0b: () => __wbg___wbindgen_is_bigint_cb320707dcd35f0b,
	__wbg___wbindgen_is_function_ee8a6c5833c90377: () => __wbg___wbindgen_is_function_ee8a6c5833c90377,
	__wbg___wbindgen_is_object_c818261d21f283a4: () => __wbg___wbindgen_is_object_c818261d21f283a4,
	__wbg___wbindgen_is_string_fbb76cb2940daafd: () => __wbg___wbindgen_is_string_fbb76cb2940daafd,
	__wbg___wbindgen_is_undefined_2d472862bd29a478: () => __wbg___wbindgen_is_undefined_2d472862bd29a478,
	__wbg___wbindgen_jsval_eq_6b13ab83478b1c50: () => __wbg___wbindgen_jsval_eq_6b13ab83478b1c50,
	__wbg___wbindgen_jsval_loose_eq_b664b38a2f582147: () => __wbg___wbindgen_jsval_loose_eq_b664b38a2f582147,
	__wbg___wbindgen_number_get_a20bf9b85341449d: () => __wbg___wbindgen_number_get_a20bf9b85341449d,
	__wbg___wbindgen_string_get_e4f06c90489ad01b: () => __wbg___wbindgen_string_get_e4f06c90489ad01b,
	__wbg___wbindgen_throw_b855445ff6a94295: () => __wbg___wbindgen_throw_b855445ff6a94295,
	__wbg__wbg_cb_unref_2454a539ea5790d9: () => __wbg__wbg_cb_unref_2454a539ea5790d9,
	__wbg_call_525440f72fbfc0ea: () => __wbg_call_525440f72fbfc0ea,
	__wbg_call_e762c39fa8ea36bf: () => __wbg_call_e762c39fa8ea36bf,
	__wbg_crypto_805be4ce92f1e370: () => __wbg_crypto_805be4ce92f1e370,
	__wbg_done_2042aa2670fb1db1: () => __wbg_done_2042aa2670fb1db1,
	__wbg_entries_e171b586f8f6bdbf: () => __wbg_entries_e171b586f8f6bdbf,
	__wbg_exec_fdeec61d47617356: () => __wbg_exec_fdeec61d47617356,
	__wbg_getRandomValues_f6a868620c8bab49: () => __wbg_getRandomValues_f6a868620c8bab49,
	__wbg_getTime_14776bfb48a1bff9: () => __wbg_getTime_14776bfb48a1bff9,
	__wbg_get_7bed016f185add81: () => __wbg_get_7bed016f185add81,
	__wbg_get_ece95cf6585650d9: () => __wbg_get_ece95cf6585650d9,
	__wbg_get_efcb449f58ec27c2: () => __wbg_get_efcb449f58ec27c2,
	__wbg_get_with_ref_key_1dc361bd10053bfe: () => __wbg_get_with_ref_key_1dc361bd10053bfe,
	__wbg_has_787fafc980c3ccdb: () => __wbg_has_787fafc980c3ccdb,
	__wbg_instanceof_ArrayBuffer_70beb1189ca63b38: () => __wbg_instanceof_ArrayBuffer_70beb1189ca63b38,
	__wbg_instanceof_Map_8579b5e2ab5437c7: () => __wbg_instanceof_Map_8579b5e2ab5437c7,
	__wbg_instanceof_Promise_001fdd42afa1b7ef: () => __wbg_instanceof_Promise_001fdd42afa1b7ef,
	__wbg_instanceof_Uint8Array_20c8e73002f7af98: () => __wbg_instanceof_Uint8Array_20c8e73002f7af98,
	__wbg_isArray_96e0af9891d0945d: () => __wbg_isArray_96e0af9891d0945d,
	__wbg_isSafeInteger_d216eda7911dde36: () => __wbg_isSafeInteger_d216eda7911dde36,
	__wbg_iterator_e5822695327a3c39: () => __wbg_iterator_e5822695327a3c39,
	__wbg_length_69bca3cb64fc8748: () => __wbg_length_69bca3cb64fc8748,
	__wbg_length_cdd215e10d9dd507: () => __wbg_length_cdd215e10d9dd507,
	__wbg_msCrypto_2ac4d17c4748234a: () => __wbg_msCrypto_2ac4d17c4748234a,
	__wbg_new_0_f9740686d739025c: () => __wbg_new_0_f9740686d739025c,
	__wbg_new_1acc0b6eea89d040: () => __wbg_new_1acc0b6eea89d040,
	__wbg_new_23fa8b12a239f036: () => __wbg_new_23fa8b12a239f036,
	__wbg_new_3c3d849046688a66: () => __wbg_new_3c3d849046688a66,
	__wbg_new_5a79be3ab53b8aa5: () => __wbg_new_5a79be3ab53b8aa5,
	__wbg_new_68651c719dcda04e: () => __wbg_new_68651c719dcda04e,
	__wbg_new_a7442b4b19c1a356: () => __wbg_new_a7442b4b19c1a356,
	__wbg_new_e17d9f43105b08be: () => __wbg_new_e17d9f43105b08be,
	__wbg_new_from_slice_92f4d78ca282a2d2: () => __wbg_new_from_slice_92f4d78ca282a2d2,
	__wbg_new_no_args_ee98eee5275000a4: () => __wbg_new_no_args_ee98eee5275000a4,
	__wbg_new_with_length_01aa0dc35aa13543: () => __wbg_new_with_length_01aa0dc35aa13543,
	__wbg_next_020810e0ae8ebcb0: () => __wbg_next_020810e0ae8ebcb0,
	__wbg_next_2c826fe5dfec6b6a: () => __wbg_next_2c826fe5dfec6b6a,
	__wbg_node_ecc8306b9857f33d: () => __wbg_node_ecc8306b9857f33d,
	__wbg_now_793306c526e2e3b6: () => __wbg_now_793306c526e2e3b6,
	__wbg_now_7fd00a794a07d388: () => __wbg_now_7fd00a794a07d388,
	__wbg_process_5cff2739921be718: () => __wbg_process_5cff2739921be718,
	__wbg_prototypesetcall_2a6620b6922694b2: () => __wbg_prototypesetcall_2a6620b6922694b2,
	__wbg_push_df81a39d04db858c: () => __wbg_push_df81a39d04db858c,
	__wbg_queueMicrotask_5a8a9131f3f0b37b: () => __wbg_queueMicrotask_5a8a9131f3f0b37b,
	__wbg_queueMicrotask_6d79674585219521: () => __wbg_queueMicrotask_6d79674585219521,
	__wbg_randomFillSync_d3c85af7e31cf1f8: () => __wbg_randomFillSync_d3c85af7e31cf1f8,
	__wbg_require_0c566c6f2eef6c79: () => __wbg_require_0c566c6f2eef6c79,
	__wbg_resolve_caf97c30b83f7053: () => __wbg_resolve_caf97c30b83f7053,
	__wbg_schemaengine_new: () => __wbg_schemaengine_new,
	__wbg_setTimeout_5d6a1d4fc51ea450: () => __wbg_setTimeout_5d6a1d4fc51ea450,
	__wbg_set_3f1d0b984ed272ed: () => __wbg_set_3f1d0b984ed272ed,
	__wbg_set_907fb406c34a251d: () => __wbg_set_907fb406c34a251d,
	__wbg_set_c213c871859d6500: () => __wbg_set_c213c871859d6500,
	__wbg_set_c2abbebe8b9ebee1: () => __wbg_set_c2abbebe8b9ebee1,
	__wbg_set_message_f18c00fbf3b3e80e: () => __wbg_set_message_f18c00fbf3b3e80e,
	__wbg_set_name_d94846a29e626702: () => __wbg_set_name_d94846a29e626702,
	__wbg_set_wasm: () => __wbg_set_wasm,
	__wbg_static_accessor_GLOBAL_89e1d9ac6a1b250e: () => __wbg_static_accessor_GLOBAL_89e1d9ac6a1b250e,
	__wbg_static_accessor_GLOBAL_THIS_8b530f326a9e48ac: () => __wbg_static_accessor_GLOBAL_THIS_8b530f326a9e48ac,
	__wbg_static_accessor_SELF_6fdf4b64710cc91b: () => __wbg_static_accessor_SELF_6fdf4b64710cc91b,
	__wbg_static_accessor_WINDOW_b45bfc5a37f6cfa2: () => __wbg_static_accessor_WINDOW_b45bfc5a37f6cfa2,
	__wbg_subarray_480600f3d6a9f26c: () => __wbg_subarray_480600f3d6a9f26c,
	__wbg_then_4f46f6544e6b4a28: () => __wbg_then_4f46f6544e6b4a28,
	__wbg_then_70d05cf780a18d77: () => __wbg_then_70d05cf780a18d77,
	__wbg_valueOf_9eee4828c11458ca: () => __wbg_valueOf_9eee4828c11458ca,
	__wbg_value_692627309814bb8c: () => __wbg_value_692627309814bb8c,
	__wbg_versions_a8e5a362e1f16442: () => __wbg_versions_a8e5a362e1f16442,
	__wbindgen_cast_2241b6af4c4b2941: () => __wbindgen_cast_2241b6af4c4b2941,
	__wbindgen_cast_4625c577ab2ec9ee: () => __wbindgen_cast_4625c577ab2ec9ee,
	__wbindgen_cast_9ae0607507abb057: () => __wbindgen_cast_9ae0607507abb057,
	__wbindgen_cast_a9993887db3ced61: () => __wbindgen_cast_a9993887db3ced61,
	__wbindgen_cast_cb9088102bce6b30: () => __wbindgen_cast_cb9088102bce6b30,
	__wbindgen_cast_d6cd19b81560fd6e: () => __wbindgen_cast_d6cd19b81560fd6e,
	__wbindgen_init_externref_table: () => __wbindgen_init_externref_table,
	version: () => version
});
let wasm;
function __wbg_set_wasm(val) {
	wasm = val;
}
let cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
	if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
	return cachedUint8ArrayMemory0;
}
let cachedTextDecoder = new TextDecoder("utf-8", {
	ignoreBOM: true,
	fatal: true
});
cachedTextDecoder.decode();
const MAX_SAFARI_DECODE_BYTES = 2146435072;
let numBytesDecoded = 0;
function decodeText(ptr, len) {
	numBytesDecoded += len;
	if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
		cachedTextDecoder = new TextDecoder("utf-8", {
			ignoreBOM: true,
			fatal: true
		});
		cachedTextDecoder.decode();
		numBytesDecoded = len;
	}
	return cachedTextDecoder.decode(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}
function getStringFromWasm0(ptr, len) {
	ptr = ptr >>> 0;
	return decodeText(ptr, len);
}
let WASM_VECTOR_LEN = 0;
const cachedTextEncoder = new TextEncoder();
if (!("encodeInto" in cachedTextEncoder)) cachedTextEncoder.encodeInto = function(arg, view) {
	const buf = cachedTextEncoder.encode(arg);
	view.set(buf);
	return {
		read: arg.length,
		written: buf.length
	};
};
function passStringToWasm0(arg, malloc, realloc) {
	if (realloc === void 0) {
		const buf = cachedTextEncoder.encode(arg);
		const ptr = malloc(buf.length, 1) >>> 0;
		getUint8ArrayMemory0().subarray(ptr, ptr + buf.length).set(buf);
		WASM_VECTOR_LEN = buf.length;
		return ptr;
	}
	let len = arg.length;
	let ptr = malloc(len, 1) >>> 0;
	const mem = getUint8ArrayMemory0();
	let offset = 0;
	for (; offset < len; offset++) {
		const code = arg.charCodeAt(offset);
		if (code > 127) break;
		mem[ptr + offset] = code;
	}
	if (offset !== len) {
		if (offset !== 0) arg = arg.slice(offset);
		ptr = realloc(ptr, len, len = offset + arg.length * 3, 1) >>> 0;
		const view = getUint8ArrayMemory0().subarray(ptr + offset, ptr + len);
		const ret = cachedTextEncoder.encodeInto(arg, view);
		offset += ret.written;
		ptr = realloc(ptr, len, offset, 1) >>> 0;
	}
	WASM_VECTOR_LEN = offset;
	return ptr;
}
let cachedDataViewMemory0 = null;
function getDataViewMemory0() {
	if (cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || cachedDataViewMemory0.buffer.detached === void 0 && cachedDataViewMemory0.buffer !== wasm.memory.buffer) cachedDataViewMemory0 = new DataView(wasm.memory.buffer);
	return cachedDataViewMemory0;
}
function isLikeNone(x) {
	return x === void 0 || x === null;
}
function debugString(val) {
	const type = typeof val;
	if (type == "number" || type == "boolean" || val == null) return `${val}`;
	if (type == "string") return `"${val}"`;
	if (type == "symbol") {
		const description = val.description;
		if (description == null) return "Symbol";
		else return `Symbol(${description})`;
	}
	if (type == "function") {
		const name = val.name;
		if (typeof name == "string" && name.length > 0) return `Function(${name})`;
		else return "Function";
	}
	if (Array.isArray(val)) {
		const length = val.length;
		let debug = "[";
		if (length > 0) debug += debugString(val[0]);
		for (let i = 1; i < length; i++) debug += ", " + debugString(val[i]);
		debug += "]";
		return debug;
	}
	const builtInMatches = /\[object ([^\]]+)\]/.exec(toString.call(val));
	let className;
	if (builtInMatches && builtInMatches.length > 1) className = builtInMatches[1];
	else return toString.call(val);
	if (className == "Object") try {
		return "Object(" + JSON.stringify(val) + ")";
	} catch (_) {
		return "Object";
	}
	if (val instanceof Error) return `${val.name}: ${val.message}\n${val.stack}`;
	return className;
}
function addToExternrefTable0(obj) {
	const idx = wasm.__externref_table_alloc();
	wasm.__wbindgen_externrefs.set(idx, obj);
	return idx;
}
function handleError(f, args) {
	try {
		return f.apply(this, args);
	} catch (e) {
		const idx = addToExternrefTable0(e);
		wasm.__wbindgen_exn_store(idx);
	}
}
function getArrayU8FromWasm0(ptr, len) {
	ptr = ptr >>> 0;
	return getUint8ArrayMemory0().subarray(ptr / 1, ptr / 1 + len);
}
const CLOSURE_DTORS = typeof FinalizationRegistry === "undefined" ? {
	register: () => {},
	unregister: () => {}
} : new FinalizationRegistry((state) => state.dtor(state.a, state.b));
function makeMutClosure(arg0, arg1, dtor, f) {
	const state = {
		a: arg0,
		b: arg1,
		cnt: 1,
		dtor
	};
	const real = (...args) => {
		state.cnt++;
		const a = state.a;
		state.a = 0;
		try {
			return f(a, state.b, ...args);
		} finally {
			state.a = a;
			real._wbg_cb_unref();
		}
	};
	real._wbg_cb_unref = () => {
		if (--state.cnt === 0) {
			state.dtor(state.a, state.b);
			state.a = 0;
			CLOSURE_DTORS.unregister(state);
		}
	};
	CLOSURE_DTORS.register(real, state, state);
	return real;
}
function version() {
	let deferred1_0;
	let deferred1_1;
	try {
		const ret = wasm.version();
		deferred1_0 = ret[0];
		deferred1_1 = ret[1];
		return getStringFromWasm0(ret[0], ret[1]);
	} finally {
		wasm.__wbindgen_free(deferred1_0, deferred1_1, 1);
	}
}
function wasm_bindgen_353b96ef71864b03___convert__closures_____invoke___wasm_bindgen_353b96ef71864b03___JsValue_____(arg0, arg1, arg2) {
	wasm.wasm_bindgen_353b96ef71864b03___convert__closures_____invoke___wasm_bindgen_353b96ef71864b03___JsValue_____(arg0, arg1, arg2);
}
function wasm_bindgen_353b96ef71864b03___convert__closures_____invoke___wasm_bindgen_353b96ef71864b03___JsValue__wasm_bindgen_353b96ef71864b03___JsValue_____(arg0, arg1, arg2, arg3) {
	wasm.wasm_bindgen_353b96ef71864b03___convert__closures_____invoke___wasm_bindgen_353b96ef71864b03___JsValue__wasm_bindgen_353b96ef71864b03___JsValue_____(arg0, arg1, arg2, arg3);
}
const SchemaEngineFinalization = typeof FinalizationRegistry === "undefined" ? {
	register: () => {},
	unregister: () => {}
} : new FinalizationRegistry((ptr) => wasm.__wbg_schemaengine_free(ptr >>> 0, 1));
var SchemaEngine = class SchemaEngine {
	static __wrap(ptr) {
		ptr = ptr >>> 0;
		const obj = Object.create(SchemaEngine.prototype);
		obj.__wbg_ptr = ptr;
		SchemaEngineFinalization.register(obj, obj.__wbg_ptr, obj);
		return obj;
	}
	__destroy_into_raw() {
		const ptr = this.__wbg_ptr;
		this.__wbg_ptr = 0;
		SchemaEngineFinalization.unregister(this);
		return ptr;
	}
	free() {
		const ptr = this.__destroy_into_raw();
		wasm.__wbg_schemaengine_free(ptr, 0);
	}
	dbExecute(params) {
		return wasm.schemaengine_dbExecute(this.__wbg_ptr, params);
	}
	introspect(params) {
		return wasm.schemaengine_introspect(this.__wbg_ptr, params);
	}
	schemaPush(input) {
		return wasm.schemaengine_schemaPush(this.__wbg_ptr, input);
	}
	devDiagnostic(input) {
		return wasm.schemaengine_devDiagnostic(this.__wbg_ptr, input);
	}
	introspectSql(params) {
		return wasm.schemaengine_introspectSql(this.__wbg_ptr, params);
	}
	applyMigrations(input) {
		return wasm.schemaengine_applyMigrations(this.__wbg_ptr, input);
	}
	createMigration(input) {
		return wasm.schemaengine_createMigration(this.__wbg_ptr, input);
	}
	evaluateDataLoss(input) {
		return wasm.schemaengine_evaluateDataLoss(this.__wbg_ptr, input);
	}
	markMigrationApplied(input) {
		return wasm.schemaengine_markMigrationApplied(this.__wbg_ptr, input);
	}
	diagnoseMigrationHistory(input) {
		return wasm.schemaengine_diagnoseMigrationHistory(this.__wbg_ptr, input);
	}
	ensureConnectionValidity(_params) {
		return wasm.schemaengine_ensureConnectionValidity(this.__wbg_ptr, _params);
	}
	markMigrationRolledBack(input) {
		return wasm.schemaengine_markMigrationRolledBack(this.__wbg_ptr, input);
	}
	static new(options, callback, adapter) {
		return wasm.schemaengine_new(options, callback, adapter);
	}
	diff(params) {
		return wasm.schemaengine_diff(this.__wbg_ptr, params);
	}
	reset(input) {
		return wasm.schemaengine_reset(this.__wbg_ptr, input);
	}
	version(_params) {
		return wasm.schemaengine_version(this.__wbg_ptr, isLikeNone(_params) ? 0 : addToExternrefTable0(_params));
	}
	debugPanic() {
		wasm.schemaengine_debugPanic(this.__wbg_ptr);
	}
};
if (Symbol.dispose) SchemaEngine.prototype[Symbol.dispose] = SchemaEngine.prototype.free;
function __wbg_Error_e83987f665cf5504(arg0, arg1) {
	return Error(getStringFromWasm0(arg0, arg1));
}
function __wbg_Number_bb48ca12f395cd08(arg0) {
	return Number(arg0);
}
function __wbg_String_8f0eb39a4a4c2f66(arg0, arg1) {
	const ptr1 = passStringToWasm0(String(arg1), wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
	const len1 = WASM_VECTOR_LEN;
	getDataViewMemory0().setInt32(arg0 + 4, len1, true);
	getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
}
function __wbg___wbindgen_bigint_get_as_i64_f3ebc5a755000afd(arg0, arg1) {
	const v = arg1;
	const ret = typeof v === "bigint" ? v : void 0;
	getDataViewMemory0().setBigInt64(arg0 + 8, isLikeNone(ret) ? BigInt(0) : ret, true);
	getDataViewMemory0().setInt32(arg0 + 0, !isLikeNone(ret), true);
}
function __wbg___wbindgen_boolean_get_6d5a1ee65bab5f68(arg0) {
	const v = arg0;
	const ret = typeof v === "boolean" ? v : void 0;
	return isLikeNone(ret) ? 16777215 : ret ? 1 : 0;
}
function __wbg___wbindgen_debug_string_df47ffb5e35e6763(arg0, arg1) {
	const ptr1 = passStringToWasm0(debugString(arg1), wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
	const len1 = WASM_VECTOR_LEN;
	getDataViewMemory0().setInt32(arg0 + 4, len1, true);
	getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
}
function __wbg___wbindgen_in_bb933bd9e1b3bc0f(arg0, arg1) {
	return arg0 in arg1;
}
function __wbg___wbindgen_is_bigint_cb320707dcd35f0b(arg0) {
	return typeof arg0 === "bigint";
}
function __wbg___wbindgen_is_function_ee8a6c5833c90377(arg0) {
	return typeof arg0 === "function";
}
function __wbg___wbindgen_is_object_c818261d21f283a4(arg0) {
	const val = arg0;
	return typeof val === "object" && val !== null;
}
function __wbg___wbindgen_is_string_fbb76cb2940daafd(arg0) {
	return typeof arg0 === "string";
}
function __wbg___wbindgen_is_undefined_2d472862bd29a478(arg0) {
	return arg0 === void 0;
}
function __wbg___wbindgen_jsval_eq_6b13ab83478b1c50(arg0, arg1) {
	return arg0 === arg1;
}
function __wbg___wbindgen_jsval_loose_eq_b664b38a2f582147(arg0, arg1) {
	return arg0 == arg1;
}
function __wbg___wbindgen_number_get_a20bf9b85341449d(arg0, arg1) {
	const obj = arg1;
	const ret = typeof obj === "number" ? obj : void 0;
	getDataViewMemory0().setFloat64(arg0 + 8, isLikeNone(ret) ? 0 : ret, true);
	getDataViewMemory0().setInt32(arg0 + 0, !isLikeNone(ret), true);
}
function __wbg___wbindgen_string_get_e4f06c90489ad01b(arg0, arg1) {
	const obj = arg1;
	const ret = typeof obj === "string" ? obj : void 0;
	var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
	var len1 = WASM_VECTOR_LEN;
	getDataViewMemory0().setInt32(arg0 + 4, len1, true);
	getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
}
function __wbg___wbindgen_throw_b855445ff6a94295(arg0, arg1) {
	throw new Error(getStringFromWasm0(arg0, arg1));
}
function __wbg__wbg_cb_unref_2454a539ea5790d9(arg0) {
	arg0._wbg_cb_unref();
}
function __wbg_call_525440f72fbfc0ea() {
	return handleError(function(arg0, arg1, arg2) {
		return arg0.call(arg1, arg2);
	}, arguments);
}
function __wbg_call_e762c39fa8ea36bf() {
	return handleError(function(arg0, arg1) {
		return arg0.call(arg1);
	}, arguments);
}
function __wbg_crypto_805be4ce92f1e370(arg0) {
	return arg0.crypto;
}
function __wbg_done_2042aa2670fb1db1(arg0) {
	return arg0.done;
}
function __wbg_entries_e171b586f8f6bdbf(arg0) {
	return Object.entries(arg0);
}
function __wbg_exec_fdeec61d47617356(arg0, arg1, arg2) {
	const ret = arg0.exec(getStringFromWasm0(arg1, arg2));
	return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
}
function __wbg_getRandomValues_f6a868620c8bab49() {
	return handleError(function(arg0, arg1) {
		arg0.getRandomValues(arg1);
	}, arguments);
}
function __wbg_getTime_14776bfb48a1bff9(arg0) {
	return arg0.getTime();
}
function __wbg_get_7bed016f185add81(arg0, arg1) {
	return arg0[arg1 >>> 0];
}
function __wbg_get_ece95cf6585650d9() {
	return handleError(function(arg0, arg1) {
		return arg0[arg1];
	}, arguments);
}
function __wbg_get_efcb449f58ec27c2() {
	return handleError(function(arg0, arg1) {
		return Reflect.get(arg0, arg1);
	}, arguments);
}
function __wbg_get_with_ref_key_1dc361bd10053bfe(arg0, arg1) {
	return arg0[arg1];
}
function __wbg_has_787fafc980c3ccdb() {
	return handleError(function(arg0, arg1) {
		return Reflect.has(arg0, arg1);
	}, arguments);
}
function __wbg_instanceof_ArrayBuffer_70beb1189ca63b38(arg0) {
	let result;
	try {
		result = arg0 instanceof ArrayBuffer;
	} catch (_) {
		result = false;
	}
	return result;
}
function __wbg_instanceof_Map_8579b5e2ab5437c7(arg0) {
	let result;
	try {
		result = arg0 instanceof Map;
	} catch (_) {
		result = false;
	}
	return result;
}
function __wbg_instanceof_Promise_001fdd42afa1b7ef(arg0) {
	let result;
	try {
		result = arg0 instanceof Promise;
	} catch (_) {
		result = false;
	}
	return result;
}
function __wbg_instanceof_Uint8Array_20c8e73002f7af98(arg0) {
	let result;
	try {
		result = arg0 instanceof Uint8Array;
	} catch (_) {
		result = false;
	}
	return result;
}
function __wbg_isArray_96e0af9891d0945d(arg0) {
	return Array.isArray(arg0);
}
function __wbg_isSafeInteger_d216eda7911dde36(arg0) {
	return Number.isSafeInteger(arg0);
}
function __wbg_iterator_e5822695327a3c39() {
	return Symbol.iterator;
}
function __wbg_length_69bca3cb64fc8748(arg0) {
	return arg0.length;
}
function __wbg_length_cdd215e10d9dd507(arg0) {
	return arg0.length;
}
function __wbg_msCrypto_2ac4d17c4748234a(arg0) {
	return arg0.msCrypto;
}
function __wbg_new_0_f9740686d739025c() {
	return /* @__PURE__ */ new Date();
}
function __wbg_new_1acc0b6eea89d040() {
	return /* @__PURE__ */ new Object();
}
function __wbg_new_23fa8b12a239f036(arg0, arg1, arg2, arg3) {
	return new RegExp(getStringFromWasm0(arg0, arg1), getStringFromWasm0(arg2, arg3));
}
function __wbg_new_3c3d849046688a66(arg0, arg1) {
	try {
		var state0 = {
			a: arg0,
			b: arg1
		};
		var cb0 = (arg0, arg1) => {
			const a = state0.a;
			state0.a = 0;
			try {
				return wasm_bindgen_353b96ef71864b03___convert__closures_____invoke___wasm_bindgen_353b96ef71864b03___JsValue__wasm_bindgen_353b96ef71864b03___JsValue_____(a, state0.b, arg0, arg1);
			} finally {
				state0.a = a;
			}
		};
		return new Promise(cb0);
	} finally {
		state0.a = state0.b = 0;
	}
}
function __wbg_new_5a79be3ab53b8aa5(arg0) {
	return new Uint8Array(arg0);
}
function __wbg_new_68651c719dcda04e() {
	return /* @__PURE__ */ new Map();
}
function __wbg_new_a7442b4b19c1a356(arg0, arg1) {
	return new Error(getStringFromWasm0(arg0, arg1));
}
function __wbg_new_e17d9f43105b08be() {
	return new Array();
}
function __wbg_new_from_slice_92f4d78ca282a2d2(arg0, arg1) {
	return new Uint8Array(getArrayU8FromWasm0(arg0, arg1));
}
function __wbg_new_no_args_ee98eee5275000a4(arg0, arg1) {
	return new Function(getStringFromWasm0(arg0, arg1));
}
function __wbg_new_with_length_01aa0dc35aa13543(arg0) {
	return new Uint8Array(arg0 >>> 0);
}
function __wbg_next_020810e0ae8ebcb0() {
	return handleError(function(arg0) {
		return arg0.next();
	}, arguments);
}
function __wbg_next_2c826fe5dfec6b6a(arg0) {
	return arg0.next;
}
function __wbg_node_ecc8306b9857f33d(arg0) {
	return arg0.node;
}
function __wbg_now_793306c526e2e3b6() {
	return Date.now();
}
function __wbg_now_7fd00a794a07d388(arg0) {
	return arg0.now();
}
function __wbg_process_5cff2739921be718(arg0) {
	return arg0.process;
}
function __wbg_prototypesetcall_2a6620b6922694b2(arg0, arg1, arg2) {
	Uint8Array.prototype.set.call(getArrayU8FromWasm0(arg0, arg1), arg2);
}
function __wbg_push_df81a39d04db858c(arg0, arg1) {
	return arg0.push(arg1);
}
function __wbg_queueMicrotask_5a8a9131f3f0b37b(arg0) {
	return arg0.queueMicrotask;
}
function __wbg_queueMicrotask_6d79674585219521(arg0) {
	queueMicrotask(arg0);
}
function __wbg_randomFillSync_d3c85af7e31cf1f8() {
	return handleError(function(arg0, arg1) {
		arg0.randomFillSync(arg1);
	}, arguments);
}
function __wbg_require_0c566c6f2eef6c79() {
	return handleError(function() {
		return module.require;
	}, arguments);
}
function __wbg_resolve_caf97c30b83f7053(arg0) {
	return Promise.resolve(arg0);
}
function __wbg_schemaengine_new(arg0) {
	return SchemaEngine.__wrap(arg0);
}
function __wbg_setTimeout_5d6a1d4fc51ea450(arg0, arg1) {
	return setTimeout(arg0, arg1 >>> 0);
}
function __wbg_set_3f1d0b984ed272ed(arg0, arg1, arg2) {
	arg0[arg1] = arg2;
}
function __wbg_set_907fb406c34a251d(arg0, arg1, arg2) {
	return arg0.set(arg1, arg2);
}
function __wbg_set_c213c871859d6500(arg0, arg1, arg2) {
	arg0[arg1 >>> 0] = arg2;
}
function __wbg_set_c2abbebe8b9ebee1() {
	return handleError(function(arg0, arg1, arg2) {
		return Reflect.set(arg0, arg1, arg2);
	}, arguments);
}
function __wbg_set_message_f18c00fbf3b3e80e(arg0, arg1) {
	global.PRISMA_WASM_PANIC_REGISTRY.set_message(getStringFromWasm0(arg0, arg1));
}
function __wbg_set_name_d94846a29e626702(arg0, arg1, arg2) {
	arg0.name = getStringFromWasm0(arg1, arg2);
}
function __wbg_static_accessor_GLOBAL_89e1d9ac6a1b250e() {
	const ret = typeof global === "undefined" ? null : global;
	return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
}
function __wbg_static_accessor_GLOBAL_THIS_8b530f326a9e48ac() {
	const ret = typeof globalThis === "undefined" ? null : globalThis;
	return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
}
function __wbg_static_accessor_SELF_6fdf4b64710cc91b() {
	const ret = typeof self === "undefined" ? null : self;
	return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
}
function __wbg_static_accessor_WINDOW_b45bfc5a37f6cfa2() {
	const ret = typeof window === "undefined" ? null : window;
	return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
}
function __wbg_subarray_480600f3d6a9f26c(arg0, arg1, arg2) {
	return arg0.subarray(arg1 >>> 0, arg2 >>> 0);
}
function __wbg_then_4f46f6544e6b4a28(arg0, arg1) {
	return arg0.then(arg1);
}
function __wbg_then_70d05cf780a18d77(arg0, arg1, arg2) {
	return arg0.then(arg1, arg2);
}
function __wbg_valueOf_9eee4828c11458ca(arg0) {
	return arg0.valueOf();
}
function __wbg_value_692627309814bb8c(arg0) {
	return arg0.value;
}
function __wbg_versions_a8e5a362e1f16442(arg0) {
	return arg0.versions;
}
function __wbindgen_cast_2241b6af4c4b2941(arg0, arg1) {
	return getStringFromWasm0(arg0, arg1);
}
function __wbindgen_cast_4625c577ab2ec9ee(arg0) {
	return BigInt.asUintN(64, arg0);
}
function __wbindgen_cast_9ae0607507abb057(arg0) {
	return arg0;
}
function __wbindgen_cast_a9993887db3ced61(arg0, arg1) {
	return makeMutClosure(arg0, arg1, wasm.wasm_bindgen_353b96ef71864b03___closure__destroy___dyn_core_9b3796e30d99ddb7___ops__function__FnMut__wasm_bindgen_353b96ef71864b03___JsValue____Output_______, wasm_bindgen_353b96ef71864b03___convert__closures_____invoke___wasm_bindgen_353b96ef71864b03___JsValue_____);
}
function __wbindgen_cast_cb9088102bce6b30(arg0, arg1) {
	return getArrayU8FromWasm0(arg0, arg1);
}
function __wbindgen_cast_d6cd19b81560fd6e(arg0) {
	return arg0;
}
function __wbindgen_init_externref_table() {
	const table = wasm.__wbindgen_externrefs;
	const offset = table.grow(4);
	table.set(0, void 0);
	table.set(offset + 0, void 0);
	table.set(offset + 1, null);
	table.set(offset + 2, true);
	table.set(offset + 3, false);
}
// src/prisma-engine/wasm.ts
let loaded;
let panic;
async function wasmEngine(schemaFiles, adapters) {
	await load();
	const datamodels = schemaFiles.length === 0 ? void 0 : schemaFiles.map(([path, content]) => [path, content]);
	return SchemaEngine.new({ datamodels }, () => void 0, adapters);
}
async function engineHash() {
	await load();
	return version();
}
function enginePanic() {
	return panic === void 0 ? void 0 : new EngineFailure(void 0, `The schema engine stopped: ${panic}`);
}
function load() {
	loaded ??= instantiate();
	return loaded;
}
async function instantiate() {
	const bytes = await wasmBytes("schema_engine_bg.wasm", {
		packageName: "@prisma/schema-engine-wasm",
		fromEntry: "."
	});
	const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { "./schema_engine_bg.js": schema_engine_bg_exports });
	__wbg_set_wasm(exports);
	const start = exports.__wbindgen_start;
	start();
	Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message) => panic = message } });
}
// src/prisma-engine/session.ts
async function openSession(target, schemaFiles, models) {
	const mishaps = {};
	const { main } = target;
	const adapter = main === void 0 ? detachedAdapter() : await connectAdapter(main, models, mishaps);
	const factory = bindMigrationAwareSqlAdapterFactory({
		provider: "postgres",
		adapterName: adapter.adapterName,
		connect: async () => adapter,
		connectToShadowDb: () => connectToShadow(target, models)
	});
	try {
		const engine = await wasmEngine(schemaFiles, factory);
		const lostError = (id) => factory.errorRegistry.consumeError(id)?.error;
		return {
			call: (method, params) => callEngine(engine, {
				mishaps,
				lostError
			}, method, params),
			dispose: () => adapter.dispose()
		};
	} catch (thrown) {
		await adapter.dispose();
		throw thrown;
	}
}
async function callEngine(engine, { mishaps, lostError }, method, params) {
	delete mishaps.failedMigration;
	delete mishaps.unreadableHistory;
	const methods = engine;
	try {
		const result = await replayedIfNeeded(methods, () => methods[method]?.call(engine, params), params);
		throwUnreadableHistory(mishaps);
		return result;
	} catch (thrown) {
		const panic = enginePanic();
		if (panic !== void 0) throw panic;
		if (method === "applyMigrations") throwFailedMigration(mishaps);
		const [, id] = /External error id#(\d+)/.exec(messageOf(thrown)) ?? [];
		throw (id === void 0 ? void 0 : lostError(Number(id))) ?? thrown;
	}
}
async function replayedIfNeeded(engine, call, params) {
	try {
		return await call();
	} catch (thrown) {
		if (!messageOf(thrown).includes("must be provided through an external factory")) throw thrown;
		await engine.devDiagnostic?.call(engine, params);
		return call();
	}
}
function throwUnreadableHistory({ unreadableHistory }) {
	if (unreadableHistory === void 0) return;
	throw new EngineFailure(void 0, `The migration history cannot be read: ${unreadableHistory}`);
}
function throwFailedMigration({ failedMigration }) {
	if (failedMigration === void 0) return;
	const { name, failure } = failedMigration;
	throw new EngineFailure("P3018", failedMigrationMessage(name, failure), {
		migration_name: name,
		database_error_code: failure.sqlState ?? "none",
		database_error: failure.report
	});
}
// src/prisma-engine/engine.ts
const passedOn = /* @__PURE__ */ new Set([
	"applyMigrations",
	"createMigration",
	"devDiagnostic",
	"diagnoseMigrationHistory",
	"evaluateDataLoss",
	"introspectSql",
	"markMigrationApplied",
	"markMigrationRolledBack",
	"reset",
	"schemaPush"
]);
const extensionAware = /* @__PURE__ */ new Set([
	"createMigration",
	"devDiagnostic",
	"diff",
	"evaluateDataLoss",
	"introspect",
	"schemaPush"
]);
const executesMigrations = /* @__PURE__ */ new Set([
	"applyMigrations",
	"createMigration",
	"devDiagnostic"
]);
var Engine = class Engine {
	#schema;
	#datasources;
	#models;
	#hasExtensionTypes;
	#plannedFile;
	#sessions = /* @__PURE__ */ new Map();
	constructor(invocation, surroundings, schema) {
		this.#schema = schema;
		this.#datasources = new Datasources(invocation.datasource, schema.urls, surroundings.environment);
		const plannedFile = surroundings.environment[plannedVariable];
		this.#models = async () => withGentleLimits(await modelsFor(surroundings.prismaVersion), plannedFile);
		this.#hasExtensionTypes = invocation.hasExtensionTypes;
		this.#plannedFile = plannedFile;
	}
	static async start(invocation, surroundings) {
		const files = invocation.datamodels.map(async (path) => [path, await readFile(path, "utf8")]);
		return new Engine(invocation, surroundings, readSchemaFiles(await Promise.all(files)));
	}
	async answer(method, given, print) {
		if (this.#hasExtensionTypes && extensionAware.has(method)) throw new EngineFailure(void 0, `The offline schema engine cannot do \`${method}\` with types from extensions.`);
		if (executesMigrations.has(method)) await this.#models();
		const asked = withoutUrls(typeof given === "object" && given !== null ? given : {});
		const params = method === "applyMigrations" ? await onlyPlanned(asked, this.#plannedFile) : asked;
		if (passedOn.has(method)) return this.#call(this.#datasources.own(), method, params);
		switch (method) {
			case "diff": return this.#diff(params, print);
			case "ensureConnectionValidity":
				await this.#session(this.#datasources.of(params.datasource));
				return {};
			case "getDatabaseVersion": return this.#call(this.#datasources.own(), "version", void 0);
			case "createDatabase": {
				const { main } = this.#datasources.of(params.datasource);
				await createDatabase(main);
				return { databaseName: main.database };
			}
			case "dbExecute": return this.#call(this.#datasources.of(params.datasourceType), "dbExecute", params);
			case "introspect":
				if (this.#schema.hadUrls) throw new EngineFailure(void 0, "The offline schema engine has no `db pull` for Prisma 6.");
				return this.#call(this.#datasources.own(), "introspect", params);
			default: throw new EngineFailure(void 0, `The offline schema engine has no method \`${method}\`.`);
		}
	}
	async dispose() {
		const sessions = await Promise.allSettled(this.#sessions.values());
		await Promise.allSettled(sessions.map((session) => session.status === "fulfilled" ? session.value.dispose() : void 0));
	}
	async #diff(params, print) {
		const plan = planDiff(params);
		const shadow = plan.needsShadow ? this.#datasources.shadow(plan.shadowUrl) : void 0;
		if (plan.needsShadow && shadow === void 0) throw new EngineFailure(void 0, "A comparison with a migrations directory needs a shadow database: set `datasource.shadowDatabaseUrl` in prisma.config.ts, or pass --shadow-database-url with Prisma 6.");
		const main = plan.database === void 0 ? void 0 : this.#datasources.ofDiff(plan.database);
		const { stdout, exitCode } = await this.#call({
			main,
			shadow
		}, "diff", plan.params);
		if (stdout !== void 0 && stdout !== "") print(stdout.replace(/\n$/, ""));
		return {
			exitCode,
			stdout: null
		};
	}
	async #call(target, method, params) {
		return (await this.#session(target)).call(method, params);
	}
	#session(target) {
		const key = JSON.stringify(target);
		const known = this.#sessions.get(key);
		if (known !== void 0) return known;
		const opening = openSession(target, this.#schema.files, this.#models);
		this.#sessions.set(key, opening);
		opening.catch(() => this.#sessions.delete(key));
		return opening;
	}
};
// src/prisma-engine/invocation.ts
const noUrls = {
	url: void 0,
	directUrl: void 0,
	shadowDatabaseUrl: void 0
};
function readInvocation(args) {
	let datasource;
	let extensionTypes;
	const datamodels = [];
	const words = [];
	for (let at = 0; at < args.length; at += 1) {
		const arg = args[at] ?? "";
		const [name, inlineValue] = splitAtEquals(arg);
		const value = () => {
			const found = inlineValue ?? args[++at];
			if (found === void 0) throw new EngineFailure(void 0, `The schema engine was started with ${name} and no value`);
			return found;
		};
		if (name === "--version" || name === "-V") return { kind: "version" };
		if (name === "--datasource") datasource = value();
		else if (name === "--datamodels" || name === "-d") datamodels.push(value());
		else if (name === "--extension-types") extensionTypes = value();
		else if (name === "--enabled-preview-features") value();
		else if (name.startsWith("-")) throw new EngineFailure(void 0, `The schema engine does not know the argument ${name}`);
		else words.push(arg);
	}
	const urls = datasource === void 0 ? noUrls : readDatasource(datasource);
	if (words.length === 0) return {
		kind: "serve",
		datasource: urls,
		datamodels,
		hasExtensionTypes: hasTypes(extensionTypes)
	};
	return {
		kind: "command",
		...readCommand(words, urls.url)
	};
}
function splitAtEquals(arg) {
	const at = arg.startsWith("--") ? arg.indexOf("=") : -1;
	return at === -1 ? [arg, void 0] : [arg.slice(0, at), arg.slice(at + 1)];
}
function readDatasource(text) {
	if (!text.trimStart().startsWith("{")) return {
		...noUrls,
		url: text
	};
	const fields = readJsonObject(text, "--datasource");
	const string = (name) => {
		const value = fields[name];
		return typeof value === "string" && value !== "" ? value : void 0;
	};
	return {
		url: string("url"),
		directUrl: string("directUrl"),
		shadowDatabaseUrl: string("shadowDatabaseUrl")
	};
}
function hasTypes(text) {
	if (text === void 0) return false;
	const { types } = readJsonObject(text, "--extension-types");
	return Array.isArray(types) && types.length > 0;
}
function readJsonObject(text, argument) {
	try {
		const value = JSON.parse(text);
		if (typeof value === "object" && value !== null) return value;
	} catch {}
	throw new EngineFailure(void 0, `The schema engine was started with ${argument} and a value that is not a JSON object`);
}
function readCommand(words, url) {
	const [cli, command] = words;
	if (cli !== "cli" || command !== "can-connect-to-database" && command !== "create-database") throw new EngineFailure(void 0, `The offline schema engine has no command \`${words.join(" ")}\``);
	if (url === void 0) throw new EngineFailure("P1013", "The schema engine was started without a connection URL");
	return {
		command,
		url
	};
}
// src/prisma-engine/json-rpc.ts
var RpcConnection = class {
	#input;
	#output;
	#pending = [];
	#printed = 0;
	constructor(input, output) {
		this.#input = input;
		this.#output = output;
	}
	async serve(answer) {
		let last = Promise.resolve();
		for await (const line of createInterface({
			input: this.#input,
			crlfDelay: Number.POSITIVE_INFINITY
		})) {
			if (line.trim() === "") continue;
			const request = readRequest(line);
			if (request === "acknowledgement") continue;
			if (request === void 0) {
				this.#send({
					id: null,
					error: {
						code: -32700,
						message: "Parse error"
					}
				});
				continue;
			}
			const { id, method, params } = request;
			this.#pending.push(id);
			last = last.then(() => answer(method, params, (text) => this.#print(text))).then((result) => this.#reply(id, { result: result ?? null })).catch((thrown) => this.#reply(id, { error: errorOf(toEngineFailure(thrown)) }));
		}
	}
	abandon(failure) {
		for (const id of [...this.#pending]) this.#reply(id, { error: errorOf(failure) });
	}
	#reply(id, outcome) {
		const at = this.#pending.indexOf(id);
		if (at === -1) return;
		this.#pending.splice(at, 1);
		this.#send({
			id,
			...outcome
		});
	}
	#print(content) {
		this.#send({
			id: this.#printed++,
			method: "print",
			params: { content }
		});
	}
	#send(message) {
		this.#output.write(`${JSON.stringify({
			jsonrpc: "2.0",
			...message
		})}\n`);
	}
};
function readRequest(line) {
	let message;
	try {
		message = JSON.parse(line);
	} catch {
		return;
	}
	if (typeof message !== "object" || message === null) return void 0;
	const { id, method, params } = message;
	if (typeof method === "string") return {
		id: id ?? null,
		method,
		params
	};
	return "result" in message || "error" in message ? "acknowledgement" : void 0;
}
function errorOf(failure) {
	const known = failure.code === void 0 ? {} : {
		error_code: failure.code,
		meta: failure.meta
	};
	return {
		code: 4466,
		message: "An error happened. Check the data field for details.",
		data: {
			is_panic: false,
			message: failure.message,
			...known
		}
	};
}
// src/prisma-engine/log.ts
function writeLog(level, message, fields = {}) {
	const target = level === "ERROR" ? "schema_engine::logger" : "schema_engine";
	const line = {
		timestamp: (/* @__PURE__ */ new Date()).toISOString(),
		level,
		fields: {
			...fields,
			message
		},
		target
	};
	process.stderr.write(`${JSON.stringify(line)}\n`);
}
// src/prisma-engine/prisma-version.ts
async function servedPrismaVersion(environment, folder) {
	const told = environment.AIRLOCK_PRISMA_VERSION;
	if (told !== void 0 && told !== "") return told;
	return await versionOfParent() ?? await versionInstalledFor(folder);
}
async function versionOfParent() {
	const command = await readIfThere(`/proc/${process.ppid}/cmdline`);
	for (const argument of command?.split("\0") ?? []) {
		if (!argument.startsWith("/")) continue;
		for (const folder of upwards(dirname(await realPathOf(argument)))) {
			const version = versionIn(await readIfThere(join(folder, "package.json")));
			if (version !== void 0) return version;
		}
	}
}
async function versionInstalledFor(start) {
	for (const folder of upwards(start)) {
		const version = versionIn(await readIfThere(join(folder, "node_modules", "prisma", "package.json")));
		if (version !== void 0) return version;
	}
}
async function realPathOf(path) {
	try {
		return await realpath(path);
	} catch {
		return path;
	}
}
function versionIn(manifest) {
	if (manifest === void 0) return void 0;
	try {
		const { name, version } = JSON.parse(manifest);
		return name === "prisma" && typeof version === "string" ? version : void 0;
	} catch {
		return;
	}
}
function* upwards(start) {
	for (let folder = start;; folder = dirname(folder)) {
		yield folder;
		if (dirname(folder) === folder) return;
	}
}
async function readIfThere(path) {
	try {
		return await readFile(path, "utf8");
	} catch {
		return;
	}
}
// src/prisma-engine/main.ts
async function main() {
	process.removeAllListeners("warning");
	const environment = { ...process.env };
	for (const name of Object.keys(process.env)) if (name.startsWith("PG")) delete process.env[name];
	const invocation = readInvocation(process.argv.slice(2));
	switch (invocation.kind) {
		case "version":
			process.stdout.write(`schema-engine-cli ${await engineHash()}\n`);
			return;
		case "command":
			writeLog("INFO", "Starting schema engine CLI");
			writeLog("INFO", await runCliCommand(invocation.command, invocation.url));
			return;
		case "serve": return serve(invocation, environment);
	}
}
const connection = new RpcConnection(process.stdin, process.stdout);
async function serve(invocation, environment) {
	const prismaVersion = await servedPrismaVersion(environment, process.cwd());
	const engine = await Engine.start(invocation, {
		environment,
		prismaVersion
	});
	for (const signal of [
		"SIGINT",
		"SIGTERM",
		"SIGHUP"
	]) process.once(signal, () => leave(engine));
	await connection.serve((method, params, print) => engine.answer(method, params, print));
	leave(engine);
}
const patienceMs = 500;
function leave(engine) {
	setTimeout(() => process.exit(0), patienceMs);
	engine.dispose().finally(() => process.exit(0));
}
function reportAndExit(thrown) {
	const failure = enginePanic() ?? toEngineFailure(thrown);
	connection.abandon(failure);
	writeLog("ERROR", failure.message, {
		is_panic: false,
		error_code: failure.code ?? ""
	});
	process.exit(1);
}
process.on("uncaughtException", reportAndExit);
process.on("unhandledRejection", reportAndExit);
process.stdout.on("error", () => process.exit(0));
process.stderr.on("error", () => process.exit(0));
main().catch(reportAndExit);
export {};
