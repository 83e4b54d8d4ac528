import { t as noMigrations } from "./ended.mjs";
import { t as FailureError } from "./errors.mjs";
import { t as errnoOf } from "./errno.mjs";
import { m as unreadableFile } from "./open-source.mjs";
import { a as chooseClient, n as findClients, t as describeMachine } from "./client-tools.mjs";
import { C as problem, f as parseDatabaseUrl } from "./postgres-url.mjs";
import { n as readRegularText } from "./regular-file.mjs";
import { r as plural } from "./words.mjs";
import { i as majorOf, o as readServer, r as readFacts, t as openTarget } from "./preflight.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { join } from "node:path";
import { readdir } from "node:fs/promises";
import { parseEnv } from "node:util";
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
		return checkEnvFile(await readRegularText(join(cwd, name)), name).map(({ line, variable, failure }) => ({
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
			var _usingCtx$1 = _usingCtx();
			const target = _usingCtx$1.a(await openTarget(context, "write"));
			return [...await inClients(context, target), ...await ailmentsOf("history", async () => void await readFacts(target))];
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
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
export { doctor };
