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
// src/prisma-engine/planned.ts
const plannedVariable = "AIRLOCK_PLANNED_MIGRATIONS";
async function refuseUnplanned(params, plannedFile) {
	if (plannedFile === void 0) return;
	const planned = JSON.parse(await readFile(plannedFile, "utf8"));
	for (const { name, script } of migrationsIn(params)) {
		if (planned.applied.includes(name)) continue;
		const expected = planned.pending[name];
		if (expected === void 0) throw unplanned(`${name} was not there when the deploy was planned`);
		if (createHash("sha256").update(script).digest("hex") !== expected) throw unplanned(`${name}/migration.sql is not the file that was planned`);
	}
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
// src/prisma-engine/withheld-password.ts
const withheldPassword = "withheld-by-airlock";
const passwordVariable = "AIRLOCK_ENGINE_PASSWORD";
function revealed(password) {
	return password === "withheld-by-airlock" ? process.env["AIRLOCK_ENGINE_PASSWORD"] ?? password : password;
}
export { refuseUnplanned as a, textField as c, plannedVariable as i, toEngineFailure as l, revealed as n, EngineFailure as o, withheldPassword as r, connectionFailure as s, passwordVariable as t };
