import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
// src/prisma-engine/failures.ts
var EngineFailure = class extends Error {
	name = "EngineFailure";
	code;
	meta;
	constructor(code, message, meta = {}) {
		super(message);
		this.code = code;
		this.meta = meta;
	}
};
function toEngineFailure(thrown) {
	if (thrown instanceof EngineFailure) return thrown;
	if (!(thrown instanceof Error)) return new EngineFailure(void 0, String(thrown));
	const code = textField(thrown, "code");
	return new EngineFailure(code !== void 0 && /^P\d{4}$/.test(code) ? code : void 0, thrown.message);
}
function textField(value, name) {
	const field = value[name];
	return typeof field === "string" && field !== "" ? field : void 0;
}
const unreachable = /* @__PURE__ */ new Set([
	"ECONNREFUSED",
	"ENOTFOUND",
	"EAI_AGAIN",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"ETIMEDOUT",
	"ECONNRESET",
	"ENOENT",
	"EACCES"
]);
function connectionFailure(thrown, place) {
	if (thrown instanceof EngineFailure) return thrown;
	const error = thrown instanceof Error ? thrown : new Error(String(thrown));
	const code = textField(error, "code") ?? "";
	const server = `\`${place.host}:${place.port}\``;
	const said = error.message === "" ? code : error.message;
	const meta = {
		database_host: place.host,
		database_port: place.port
	};
	const isEmpty = /client password must be/.test(said);
	if (code === "28P01" || isEmpty) return new EngineFailure("P1000", `Authentication failed against the database server at ${server}: ${isEmpty ? `the URL has no password for \`${place.user}\`` : `the password of \`${place.user}\` is not valid`}.`, {
		...meta,
		database_user: place.user
	});
	if (code === "28000") return new EngineFailure("P1010", `\`${place.user}\` has no access to the database \`${place.database}\`: ${said}`, meta);
	if (code === "3D000") return new EngineFailure("P1003", `Database \`${place.database}\` does not exist on the database server at ${server}.`, {
		...meta,
		database_name: place.database
	});
	if (code === "53300") return new EngineFailure("P2037", `Too many database connections opened: ${said}`);
	if (isTls(error, code)) return new EngineFailure("P1011", `Error opening a TLS connection: ${said}`);
	if (unreachable.has(code) || code === "57P03" || /timeout expired|terminated unexpectedly/.test(said)) return new EngineFailure("P1001", `Can't reach database server at ${server}: ${said}`, meta);
	return new EngineFailure(void 0, code === "" ? said : `${said} (SQLSTATE ${code})`);
}
function isTls(error, code) {
	return /SSL|TLS|CERT|SELF_SIGNED|UNABLE_TO_/.test(code) || /\bSSL\b|\bTLS\b|certificate/i.test(error.message);
}
// src/prisma-engine/withheld-password.ts
const withheldPassword = "withheld-by-airlock";
const passwordVariable = "AIRLOCK_ENGINE_PASSWORD";
function revealed(password) {
	return password === "withheld-by-airlock" ? process.env["AIRLOCK_ENGINE_PASSWORD"] ?? password : password;
}
// src/prisma-engine/planned.ts
const plannedVariable = "AIRLOCK_PLANNED_MIGRATIONS";
async function readPlanned(plannedFile) {
	return JSON.parse(await readFile(plannedFile, "utf8"));
}
async function withGentleLimits(modelOf, plannedFile) {
	if (plannedFile === void 0) return modelOf;
	const { pending, gentle } = await readPlanned(plannedFile);
	if (gentle === void 0 || gentle.names.length === 0) return modelOf;
	const checksums = new Set(gentle.names.map((name) => pending[name]));
	const before = `SET lock_timeout = ${gentle.lockTimeoutMs}; SET statement_timeout = 0`;
	return (script) => {
		const model = modelOf(script);
		if (!checksums.has(sha256(script))) return model;
		const around = (sql) => ({
			sql,
			startByte: 0,
			endByte: 0
		});
		return {
			...model,
			pieces: [
				around(before),
				...model.pieces,
				around("RESET lock_timeout; RESET statement_timeout")
			]
		};
	};
}
function sha256(script) {
	return createHash("sha256").update(script).digest("hex");
}
async function onlyPlanned(params, plannedFile) {
	if (plannedFile === void 0) return params;
	const planned = await readPlanned(plannedFile);
	for (const { name, script } of migrationsIn(params)) {
		if (planned.applied.includes(name) || planned.leftOut.includes(name)) continue;
		const expected = planned.pending[name];
		if (expected === void 0) throw unplanned(`${name} was not there when the deploy was planned`);
		if (sha256(script) !== expected) throw unplanned(`${name}/migration.sql is not the file that was planned`);
	}
	return planned.leftOut.length === 0 ? params : without(planned.leftOut, params);
}
function without(leftOut, params) {
	const list = params.migrationsList;
	const kept = list.migrationDirectories.filter(({ path }) => !leftOut.includes(path));
	return {
		...params,
		migrationsList: {
			...list,
			migrationDirectories: kept
		}
	};
}
function unplanned(what) {
	return new EngineFailure(void 0, `${what}. Nothing was applied.`);
}
function migrationsIn(params) {
	const directories = at(at(params, "migrationsList"), "migrationDirectories");
	if (!Array.isArray(directories)) throw unplanned("Prisma does not say which migrations it read");
	return directories.map((directory) => {
		const name = at(directory, "path");
		const script = at(at(at(directory, "migrationFile"), "content"), "value");
		if (typeof name !== "string") throw unplanned("Prisma does not say which migrations it read");
		return {
			name,
			script: typeof script === "string" ? script : ""
		};
	});
}
function at(value, key) {
	return typeof value === "object" && value !== null ? value[key] : void 0;
}
// src/prisma-engine/script.ts
async function runScript(model, script, send) {
	for (const piece of model.pieces) try {
		await send(piece.sql);
	} catch (thrown) {
		return failureOf(thrown instanceof Error ? thrown : new Error(String(thrown)), script, piece);
	}
}
function failureOf(error, script, piece) {
	const severity = textField(error, "severity") ?? "ERROR";
	const position = Number(textField(error, "position"));
	const parts = [`${severity}: ${error.message}`];
	if (Number.isInteger(position) && position > 0) parts.push(place(script, piece, position));
	for (const [name, label] of [
		["detail", "DETAIL"],
		["hint", "HINT"],
		["where", "CONTEXT"]
	]) {
		const text = textField(error, name);
		if (text !== void 0) parts.push(`${label}: ${text}`);
	}
	return {
		sqlState: textField(error, "code"),
		severity,
		message: error.message,
		report: parts.join("\n\n")
	};
}
const linesBefore = 5;
function place(script, piece, position) {
	const file = Buffer.from(script);
	const before = Buffer.from([...piece.sql].slice(0, position - 1).join("")).length;
	const line = countLines(file.subarray(0, piece.startByte + before));
	const shown = script.split("\n").slice(Math.max(0, line - linesBefore), line + 1);
	const first = line - shown.length + 1;
	return `Position:\n${shown.map((text, index) => `${String(first + index + 1).padStart(3)} ${text}`.trimEnd()).join("\n")}`;
}
function countLines(bytes) {
	return bytes.reduce((count, byte) => byte === 10 ? count + 1 : count, 0);
}
function failedMigrationMessage(migration, failure) {
	return [
		`The migration \`${migration}\` failed, and no further one is applied before that is resolved (https://pris.ly/d/migrate-resolve).`,
		`Migration name: ${migration}`,
		`Database error code: ${failure.sqlState ?? "none"}`,
		`Database error:\n${failure.report}`
	].join("\n\n");
}
export { plannedVariable as a, revealed as c, connectionFailure as d, textField as f, onlyPlanned as i, withheldPassword as l, failureOf as n, withGentleLimits as o, toEngineFailure as p, runScript as r, passwordVariable as s, failedMigrationMessage as t, EngineFailure as u };
