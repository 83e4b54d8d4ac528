import { c as reported } from "./ended.mjs";
import { n as fail, t as FailureError } from "./errors.mjs";
import { a as locateMigrations, n as openOther, o as locateSchemaPath, t as findSource, u as readMigrationsFolder } from "./open-source.mjs";
import { t as loadParser } from "./grammars.mjs";
import { d as emptyCatalog, m as keepHeapSmall, t as analyse } from "./analysis.mjs";
import { r as plural } from "./words.mjs";
import { t as secretsIn } from "./secrets.mjs";
import { n as recordCompatibility, t as readBase } from "./running-release.mjs";
import { t as risksOf } from "./risks.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { readdir } from "node:fs/promises";
import { Worker } from "node:worker_threads";
// src/migrations/reading-thread.ts
const fewestFiles = 100;
async function startReadingThread(path, folder) {
	if ((await readdir(folder).catch(() => [])).length < fewestFiles) return void 0;
	const thread = new ReadingThread(path);
	await Promise.all([thread.started, loadParser()]);
	return thread;
}
var ReadingThread = class {
	started;
	#worker;
	#waiting = [];
	#ended = false;
	constructor(path) {
		const resourceLimits = {
			maxYoungGenerationSizeMb: 2,
			maxOldGenerationSizeMb: 128,
			stackSizeMb: 1
		};
		this.#worker = new Worker(path, {
			resourceLimits,
			stdin: false,
			env: {},
			argv: [],
			execArgv: []
		});
		this.#worker.on("message", (readings) => this.#waiting.shift()?.(readings));
		this.started = new Promise((resolve) => {
			this.#worker.once("online", resolve).once("error", resolve).once("exit", resolve);
		}).then(keepHeapSmall);
		this.#worker.on("error", () => this.#end()).on("exit", () => this.#end());
	}
	read(task) {
		if (this.#ended) return Promise.resolve([]);
		return new Promise((resolve) => {
			this.#waiting.push(resolve);
			this.#worker.postMessage(task);
		});
	}
	#end() {
		this.#ended = true;
		for (const answer of this.#waiting.splice(0)) answer([]);
	}
	async [Symbol.asyncDispose]() {
		await this.#worker.terminate();
	}
};
// src/commands/check.ts
const assumedPrisma = "7.10.1";
async function check(context) {
	const { invocation, run, policy } = context;
	const files = await filesToJudge(context);
	const { version } = files;
	const apply = version === void 0 ? "atomic" : policy.apply;
	const base = await readBase(context, {
		schemaPath: async () => version === void 0 ? void 0 : await locateSchemaPath(invocation.cwd),
		migrationsPath: files.path,
		schema
	});
	const analysis = await run.stage("plan", async () => {
		try {
			var _usingCtx$1 = _usingCtx();
			const thread = _usingCtx$1.a(await startReadingThread(context.readAheadPath, files.path));
			const reading = await files.read();
			if (reading.kind === "invalid") throw new FailureError(reading.failure);
			for (const { text } of reading.folder.notices) run.notice(text);
			context.redactor.add(reading.folder.migrations.flatMap(({ sql }) => secretsIn(sql)));
			const { before, judged } = since(reading.folder.migrations, invocation.since);
			return await analyse({
				applied: before,
				pending: judged
			}, {
				prismaVersion: version,
				apply,
				schema,
				rules: policy.rules,
				start: emptyCatalog,
				running: runningIn(base),
				thread
			});
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}, ({ migrations, findings }) => ({
		outcome: "pass",
		summary: `${plural(migrations.length, "migration")} judged as ${apply === "atomic" ? "Airlock" : `Prisma ${version}`} runs them, ${plural(findings.length, "finding")}`
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
async function filesToJudge({ invocation, config }) {
	const { cwd } = invocation;
	const found = findSource(invocation, config);
	if (found.kind !== "prisma") {
		const source = await openOther(cwd, {
			...found,
			kind: found.kind
		});
		return {
			path: source.migrationsPath,
			version: void 0,
			read: source.readFolder
		};
	}
	const location = await locateMigrations(cwd, { migrations: found.folder });
	if (location.kind === "invalid") throw new FailureError(location.failure);
	const installed = location.prisma.kind === "installed" ? location.prisma.version : void 0;
	const version = invocation.prismaVersion ?? installed ?? assumedPrisma;
	const { path } = location;
	return {
		path,
		version,
		read: () => readMigrationsFolder(path, {
			root: cwd,
			prismaVersion: version
		})
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
export { filesToJudge as n, check as t };
