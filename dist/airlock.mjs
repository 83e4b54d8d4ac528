#!/usr/bin/env node
import { _ as isLater, a as triggerOf, d as slackFrom, h as commands, l as plainLines, m as execute, n as writeReports, o as readContext, r as render, t as cancelSignal, u as spinner, v as notAvailable } from "./core.mjs";
import { t as noMigrations } from "./ended.mjs";
import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { t as Redactor } from "./redact.mjs";
import { n as version } from "./rules.mjs";
import { r as backupTiers } from "./private-folder.mjs";
import { i as parseAcceptedLoss } from "./decide.mjs";
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
// src/entry/arguments.ts
const formats = [
	"text",
	"json",
	"sarif",
	"markdown"
];
const options = {
	format: {
		type: "string",
		value: "FORMAT",
		help: "text, json; check and plan also sarif, markdown"
	},
	cwd: {
		type: "string",
		value: "DIR",
		help: "folder of the project (default: here)"
	},
	migrations: {
		type: "string",
		value: "DIR",
		help: "migrations folder (default: read from the project)"
	},
	config: {
		type: "string",
		value: "FILE",
		help: "path of airlock.yml (default: airlock.yml)"
	},
	environment: {
		type: "string",
		value: "NAME",
		help: "environment of airlock.yml (default: production)",
		only: [
			"check",
			"plan",
			"deploy",
			"backup",
			"rehearse",
			"undo",
			"prune",
			"verify",
			"doctor"
		]
	},
	confirm: {
		type: "string",
		value: "CONFIRM",
		help: "exactly CONFIRM, where the run was started by hand",
		only: ["plan", "deploy"]
	},
	approve: {
		type: "string",
		value: "DIGEST",
		help: "the digest of the plan that was approved",
		only: ["plan", "deploy"]
	},
	through: {
		type: "string",
		value: "MIGRATION",
		help: "the last pending migration to apply; those behind it stay pending",
		only: ["plan", "deploy"]
	},
	stages: {
		type: "string",
		value: "STAGES",
		help: "expand: only what comes before the first migration that moves rows or takes something away",
		only: ["plan", "deploy"]
	},
	"backup-dir": {
		type: "string",
		value: "DIR",
		help: "where the backup is written (default: .airlock/backups)",
		only: ["deploy"]
	},
	out: {
		type: "string",
		value: "DIR",
		help: "where the backup is written",
		only: ["backup"]
	},
	from: {
		type: "string",
		value: "MANIFEST",
		help: "the manifest of the backup; with --store its name there",
		only: [
			"restore",
			"rehearse",
			"undo"
		]
	},
	into: {
		type: "string",
		value: "DATABASE",
		help: "name of the new database to restore into",
		only: ["restore"]
	},
	identity: {
		type: "string",
		value: "FILE",
		help: "the age identity that opens an encrypted backup",
		only: [
			"restore",
			"rehearse",
			"undo"
		]
	},
	tier: {
		type: "string",
		value: "TIER",
		help: "how far to prove it: checksum, decoded, restored, compared (backup: as airlock.yml says; restore: as far as it goes)",
		only: ["backup", "restore"]
	},
	"encrypt-to": {
		type: "string",
		value: "RECIPIENT",
		multiple: true,
		help: "an age public key that can open the backup, besides those of airlock.yml; may be given several times",
		only: ["backup"]
	},
	swap: {
		type: "boolean",
		help: "then put the new database in the place of the one that the URL names, which is kept",
		only: ["restore"]
	},
	"accept-loss": {
		type: "string",
		value: "CHANGES",
		help: "with --swap: how many row changes since the backup may be lost (a refused swap counts them), or unknown",
		only: ["restore"]
	},
	"dry-run": {
		type: "boolean",
		help: "restore: prove that the backup can be read; prune: show what would be removed",
		only: ["restore", "prune"]
	},
	store: {
		type: "string",
		value: "STORE",
		help: "where backups are kept, in place of what airlock.yml says: a folder or s3://bucket/prefix",
		only: [
			"backup",
			"deploy",
			"restore",
			"rehearse",
			"undo",
			"prune"
		]
	},
	"prisma-engine": {
		type: "string",
		value: "ENGINE",
		help: "native, or wasm (bundled, needs no download)",
		only: [
			"deploy",
			"rehearse",
			"verify"
		]
	},
	"prisma-version": {
		type: "string",
		value: "VERSION",
		help: "judge the migrations as this Prisma version runs them",
		only: ["check"]
	},
	write: {
		type: "boolean",
		help: "put the proven SQL beside the migration",
		only: ["undo"]
	},
	overwrite: {
		type: "boolean",
		help: "generate one although there is one already; with --write in its place",
		only: ["undo"]
	},
	"server-version": {
		type: "string",
		value: "MAJOR",
		help: "of the PostgreSQL to prove it on: 14 to 18 (default: that of the database, else the newest there is)",
		only: ["undo"]
	},
	since: {
		type: "string",
		value: "MIGRATION",
		help: "judge only what comes after this migration",
		only: ["check"]
	},
	base: {
		type: "string",
		value: "REF",
		help: "git ref of the release that is running: judge what its Prisma Client still uses",
		only: ["check", "plan"]
	},
	"report-dir": {
		type: "string",
		value: "DIR",
		help: "where the report is written (deploy: .airlock/reports, others: none)"
	},
	help: {
		type: "boolean",
		help: "print this"
	},
	version: {
		type: "boolean",
		help: "print the version of Airlock"
	}
};
function readArguments(argv, env, here) {
	const [first] = argv;
	if (isLater(first) && !argv.includes("--help")) throw notAvailable(first);
	const { values, positionals } = parse(argv);
	const [name, ...words] = positionals;
	const command = commands.find((candidate) => candidate === name);
	const [migration, ...rest] = words;
	const extra = command === "undo" ? rest : words;
	if (values.version === true) return { kind: "version" };
	if (values.help === true || name === void 0 || name === "help") return {
		kind: "help",
		command
	};
	const problems = [
		...unknownCommand(name, command),
		...surplus(extra),
		...misplaced(values, command),
		...badValues(values, command)
	];
	if (command === void 0 || problems.length > 0) throw usage(problems, command);
	const cwd = resolve(here, values.cwd ?? ".");
	return {
		kind: "run",
		format: formats.find((candidate) => candidate === values.format) ?? "text",
		invocation: {
			command,
			cwd,
			migrations: values.migrations,
			config: values.config ?? "airlock.yml",
			environment: values.environment ?? "production",
			confirm: values.confirm ?? "",
			approve: values.approve ?? "",
			planned: "",
			migration: command === "undo" ? migration : void 0,
			write: values.write ?? false,
			overwrite: values.overwrite ?? false,
			serverVersion: values["server-version"] === void 0 ? void 0 : Number(values["server-version"]),
			through: values.through,
			stages: values.stages === "expand" ? values.stages : void 0,
			backupDir: values["backup-dir"],
			out: values.out,
			from: values.from,
			into: values.into,
			dryRun: values["dry-run"] ?? false,
			identity: values.identity,
			tier: backupTiers.find((known) => known === values.tier),
			encryptTo: values["encrypt-to"] ?? [],
			swap: values.swap ?? false,
			acceptLoss: values["accept-loss"],
			store: values.store,
			prismaEngine: values["prisma-engine"] === "wasm" || values["prisma-engine"] === "native" ? values["prisma-engine"] : void 0,
			prismaVersion: values["prisma-version"],
			since: values.since,
			base: values.base,
			baseBranch: void 0,
			trigger: triggerFor(command, env),
			reportDir: reportDirOf(values["report-dir"] ?? (command === "deploy" ? ".airlock/reports" : void 0), cwd),
			databaseUrl: void 0,
			directUrl: void 0,
			slackWebhookUrl: env.SLACK_WEBHOOK_URL,
			env
		}
	};
}
function triggerFor(command, env) {
	return triggerOf(command === "plan" || command === "deploy" ? readContext(env) : { kind: "elsewhere" });
}
function reportDirOf(wanted, cwd) {
	return wanted === void 0 ? void 0 : resolve(cwd, wanted);
}
function parse(argv) {
	try {
		return parseArgs({
			args: [...argv],
			options,
			allowPositionals: true,
			strict: true
		});
	} catch (error) {
		throw usage([messageOf(error).split(". ")[0] ?? ""], void 0);
	}
}
function unknownCommand(name, command) {
	return command === void 0 ? [`There is no command \`${name}\`.`] : [];
}
function surplus(extra) {
	return extra.length === 0 ? [] : [`Not understood: ${extra.map((word) => `\`${word}\``).join(", ")}.`];
}
function misplaced(values, command) {
	if (command === void 0) return [];
	return Object.keys(values).flatMap((option) => {
		const spec = options[option];
		if (spec?.only === void 0 || spec.only.includes(command)) return [];
		return [`\`--${option}\` does not belong to \`${command}\`, but to ${spec.only.map((other) => `\`${other}\``).join(", ")}.`];
	});
}
function badValues(values, command) {
	const problems = [];
	const known = command === "check" || command === "plan" ? formats : ["text", "json"];
	if (values.format !== void 0 && !known.includes(values.format)) problems.push(`\`--format ${values.format}\`: \`${command ?? "this command"}\` can write ${known.join(", ")}.`);
	const engine = values["prisma-engine"];
	if (engine !== void 0 && engine !== "native" && engine !== "wasm") problems.push(`\`--prisma-engine ${engine}\`: must be native or wasm.`);
	if (values.stages !== void 0 && values.stages !== "expand") problems.push(`\`--stages ${values.stages}\`: must be expand.`);
	if (values.tier !== void 0 && !backupTiers.some((known) => known === values.tier)) problems.push(`\`--tier ${values.tier}\`: must be one of ${backupTiers.join(", ")}.`);
	const major = values["server-version"];
	if (major !== void 0 && !/^1[4-8]$/.test(major)) problems.push(`\`--server-version ${major}\`: must be 14, 15, 16, 17 or 18.`);
	if (major !== void 0 && values.from !== void 0) problems.push("`--server-version` means nothing with `--from`: the backup says it.");
	return [...problems, ...badSwap(values)];
}
function badSwap({ swap, into, "dry-run": dryRun, "accept-loss": loss }) {
	const problems = [];
	if (swap === true && (into === void 0 || dryRun === true)) problems.push("`--swap` needs `--into DATABASE`, and cannot be tried with `--dry-run`.");
	if (loss !== void 0 && swap !== true) problems.push("`--accept-loss` means nothing without `--swap`.");
	if (loss !== void 0 && parseAcceptedLoss(loss) === void 0) problems.push(`\`--accept-loss ${loss}\`: must be a number, or unknown.`);
	return problems;
}
function usage(problems, command) {
	return fail("USAGE.INVALID", {
		what: "The command line cannot be understood.",
		why: problems.join("\n"),
		next: [`airlock ${command === void 0 ? "" : `${command} `}--help`]
	});
}
// src/entry/help.ts
const summaries = {
	check: "judge the migrations without a database",
	plan: "show what a deploy would do, and its digest",
	deploy: "the whole way: plan, gate, backup, apply, verify",
	backup: "write a backup and read it back",
	rehearse: "run what is pending on a copy: of the database as it is, or of a backup",
	restore: "put a backup into a new database, or prove that it can be read",
	prune: "remove backups that the policy does not keep",
	undo: "write the way back of a migration, and prove it by running it",
	verify: "compare database and migrations",
	doctor: "check configuration and readiness"
};
function helpText(version, command) {
	const rows = Object.entries(options).filter(([, spec]) => command === void 0 || !("only" in spec) || spec.only.includes(command));
	const names = rows.map(([name, spec]) => `--${name}${"value" in spec ? ` ${spec.value}` : ""}`);
	const width = Math.max(...names.map((name) => name.length));
	return [
		`airlock ${version}: Prisma migrations to production PostgreSQL, nothing applied that cannot be undone`,
		"",
		command === void 0 ? "airlock COMMAND [options]" : `airlock ${command}${command === "undo" ? " MIGRATION" : ""} [options]    ${summaries[command] ?? "not in this release"}`,
		...command === void 0 ? ["", ...Object.entries(summaries).map(([name, text]) => `  ${name.padEnd(10)} ${text}`)] : [],
		"",
		...rows.map(([, spec], index) => `  ${(names[index] ?? "").padEnd(width)}  ${spec.help}`),
		"",
		"The connection URL comes from the environment (DATABASE_URL, DIRECT_URL or what the project names), never from the command line.",
		"Exit codes: 0 done or clear, 2 failed, 3 refused, 4 recovered, 5 needs a human, 1 a bug in Airlock.",
		""
	].join("\n");
}
// src/entry/cli.ts
const redactor = new Redactor();
function progressOn(stream) {
	const write = (text) => stream.write(redactor.text(text));
	if (!stream.isTTY || process.env.CI !== void 0 || process.env.TERM === "dumb") return plainLines((line) => write(`${line}\n`));
	return spinner({
		write,
		columns: () => stream.columns ?? 80,
		now: () => performance.now(),
		everyMs: (ms, work) => {
			const timer = setInterval(work, ms);
			return () => clearInterval(timer);
		}
	});
}
function ask() {
	const argv = process.argv.slice(2);
	redactor.add(argv.filter((argument) => argument.includes("://")));
	try {
		return readArguments(argv, process.env, process.cwd());
	} catch (error) {
		if (!(error instanceof FailureError)) throw error;
		const failure = redactor.value(error.failure);
		if (/(^| )--format[ =]json( |$)/.test(argv.join(" "))) process.stdout.write(`${JSON.stringify(misused(argv, failure))}\n`);
		process.stderr.write([
			`${failure.code}: ${failure.what}`,
			failure.why,
			...failure.next,
			""
		].join("\n"));
		return 2;
	}
}
function misused(argv, failure) {
	const command = commands.find((candidate) => candidate === argv[0]);
	return {
		schemaVersion: 1,
		...command === void 0 ? {} : { command },
		outcome: "failed",
		reasonCode: failure.code,
		reason: "",
		...noMigrations,
		stages: [],
		notices: [],
		next: failure.next,
		failure,
		startedAt: (/* @__PURE__ */ new Date()).toISOString(),
		ms: 0
	};
}
async function runCommand(invocation, format) {
	const slack = slackFrom(invocation, redactor, { kind: "elsewhere" });
	const { result, exitCode, runId } = await execute(invocation, {
		emit: progressOn(process.stderr),
		signal: cancelSignal(),
		redactor,
		version,
		schemaEnginePath: fileURLToPath(new URL("./schema-engine.mjs", import.meta.url)),
		readAheadPath: fileURLToPath(new URL("./read-ahead.mjs", import.meta.url)),
		announce: slack.started,
		onBug: (stack) => process.stderr.write(`${stack}\n`)
	});
	const report = invocation.reportDir === void 0 ? void 0 : await writeReports(result, invocation.reportDir, runId);
	process.stdout.write(await render(result, format, {
		colour: process.stdout.isTTY && process.env.NO_COLOR === void 0,
		width: Math.min(process.stdout.columns ?? 100, 120),
		cwd: invocation.cwd
	}));
	if (report?.kind === "written") process.stderr.write(`  report   ${report.path}\n`);
	if (report?.kind === "not-written") process.stderr.write(`  the report could not be written: ${report.reason}\n`);
	for (const line of await slack.ended(result)) process.stderr.write(`  ${line}\n`);
	return exitCode;
}
const asked = ask();
if (typeof asked === "number") process.exitCode = asked;
else if (asked.kind === "version") process.stdout.write(`${version}\n`);
else if (asked.kind === "help") process.stdout.write(helpText(version, asked.command));
else process.exitCode = await runCommand(asked.invocation, asked.format);
export {};
