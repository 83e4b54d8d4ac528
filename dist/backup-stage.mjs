import { t as formatBytes } from "./words.mjs";
import { i as messageOf, t as FailureError } from "./errors.mjs";
import { i as compressionArgument, n as makePrivateFolder, o as parseCompression, s as writeCompression, t as makeFolder } from "./private-folder.mjs";
import { t as errnoOf } from "./errno.mjs";
import { r as unlessCancelled, t as cancellation } from "./cancellation.mjs";
import { i as shellWord, n as quoteIdentifier, r as quoteLiteral } from "./quoting.mjs";
import { B as scratchOpener, C as countRows, E as readSequences, H as createDatabaseSql, I as spanSequences, L as runClient, N as attempt, R as withSettings, S as describeContent, T as readContent, U as connectionFor, W as startJanitor, a as nameWithEnding, b as reaches, f as findAge, m as prove, p as copyOf, v as needsTolerance, w as listTables, y as decideTier, z as bothAtOnce } from "./scratch-server.mjs";
import { a as readSystemIdentifier, l as endWithClientSettings, o as serverVersionOf, s as connect } from "./postgres-url.mjs";
import { n as nameSnapshot } from "./snapshot-names.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { a as chooseClient, n as findClients, t as describeMachine } from "./client-tools.mjs";
import { d as manifestFile, g as withChecksum, l as checkOwn, m as dumpNameOf, v as readActivity } from "./manifest.mjs";
import { a as nameBackup, i as explainDumpFailure, n as decideSpace, o as notIncludedInDump, r as dumpUnreadable, s as spaceRanOut, t as cannotWrite } from "./cannot-write.mjs";
import { a as writeWhole, i as writeStream, n as publish } from "./dump-file.mjs";
import { t as openStoreText } from "./open-store.mjs";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { chmod, readdir, rm, stat, statfs, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { pipeline } from "node:stream/promises";
// src/stages/backup/providers/open-strategy.ts
function chosenStrategy({ strategy, command, neon }) {
	if (strategy === "pg_dump" || strategy === "none") return void 0;
	if (strategy === "rds" || strategy === "supabase") return { kind: strategy };
	if (strategy === "command" && command !== void 0) return {
		kind: "command",
		settings: command
	};
	if (strategy === "neon" && neon !== void 0) return {
		kind: "neon",
		project: neon.project
	};
	throw new Error(`The strategy ${strategy} came without its settings`);
}
const minute = 6e4;
const patience = {
	neon: {
		firstDelayMs: 500,
		longestDelayMs: 1e4,
		deadlineMs: 15 * minute
	},
	rds: {
		firstDelayMs: 5e3,
		longestDelayMs: 3e4,
		deadlineMs: 120 * minute
	},
	supabase: {
		firstDelayMs: 5e3,
		longestDelayMs: 2e4,
		deadlineMs: 10 * minute
	}
};
async function openStrategy(chosen, { target, environment, connection, cwd, janitor }) {
	switch (chosen.kind) {
		case "command": {
			const { commandStrategy } = await import("./command.mjs");
			return commandStrategy(chosen.settings, {
				environment,
				connection,
				cwd,
				janitor
			});
		}
		case "neon": {
			const { neonStrategy } = await import("./neon.mjs");
			return neonStrategy({
				project: chosen.project,
				host: target.host,
				patience: patience.neon
			}, { environment });
		}
		case "rds": {
			const { rdsStrategy } = await import("./rds.mjs");
			return rdsStrategy({
				host: target.host,
				patience: patience.rds
			}, { environment });
		}
		case "supabase": {
			const { supabaseStrategy } = await import("./supabase.mjs");
			return supabaseStrategy({
				...target,
				patience: patience.supabase
			}, { environment });
		}
	}
}
// src/stages/backup/providers/decide-trust.ts
function trustProblem(proven, { tier, trustProvider }) {
	if (trustProvider || proven === "checksum" && tier === "checksum") return void 0;
	return {
		code: "BACKUP.TIER_NOT_REACHED",
		what: `The backup was to be \`${tier}\`, and what airlock.yml names as its strategy ${proven === "checksum" ? "is proven to `checksum` only" : "is proven by nothing but its maker’s word"}.`,
		why: "It is not restored before the deploy, so nobody knows whether it can be.",
		next: [
			"Use `strategy: pg_dump`, which restores and compares.",
			...proven === "checksum" ? ["Or be content with less, in airlock.yml: backup: { tier: checksum }"] : [],
			"Or say that its word is enough, in airlock.yml: backup: { trust-provider: true }"
		]
	};
}
// src/stages/backup/providers/stage.ts
const oldestLibpq = {
	folder: "",
	dump: "",
	restore: "",
	major: 14,
	version: "14"
};
async function takeSnapshot(context, url, chosen) {
	const { run, invocation, policy } = context;
	return run.stage("backup", async () => {
		try {
			var _usingCtx$5 = _usingCtx();
			const janitor = _usingCtx$5.a(await startJanitor());
			const strategy = await openStrategy(chosen, {
				target: url,
				environment: invocation.env,
				connection: connectionFor(url)(oldestLibpq),
				cwd: invocation.cwd,
				janitor
			});
			const { capabilities } = strategy;
			const wanted = {
				tier: invocation.tier ?? policy.backup.tier,
				trustProvider: invocation.tier === void 0 && policy.backup["trust-provider"]
			};
			const problem = trustProblem(capabilities.proves, wanted);
			if (problem !== void 0) throw new FailureError(problem);
			const taken = await strategy.take({
				name: nameSnapshot(url.database, /* @__PURE__ */ new Date()),
				signal: run.signal,
				onProgress: (text) => run.progress(text)
			});
			const less = trustProblem(taken.proven, wanted);
			if (less !== void 0) throw new FailureError(less);
			const { notCaptured } = capabilities;
			return {
				kind: "snapshot",
				strategy: strategy.name,
				notCaptured,
				...taken
			};
		} catch (_) {
			_usingCtx$5.e = _;
		} finally {
			await _usingCtx$5.d();
		}
	}, ({ strategy, snapshot, proven, notChecked, notCaptured }) => ({
		outcome: "pass",
		summary: `${snapshot.where}; ${proven === "checksum" ? "its files were checked" : "not proven"}, not restored`,
		detail: {
			strategy,
			proven,
			notChecked,
			notCaptured,
			snapshot: {
				...snapshot,
				at: snapshot.at?.toISOString() ?? null
			}
		}
	}));
}
// src/postgres/client-advisories.ts
const advisories = [
	{
		names: "CVE-2026-116314",
		what: "a crafted dump runs programs as the user of pg_restore",
		fixedIn: {
			14: 25,
			15: 20,
			16: 16,
			17: 12,
			18: 7
		}
	},
	{
		names: "CVE-2026-18408",
		what: "a superuser of the source can have programs run where the dump is restored with psql",
		fixedIn: {
			14: 24,
			15: 19,
			16: 15,
			17: 11,
			18: 6
		}
	},
	{
		names: "CVE-2026-6477",
		what: "a superuser of the source can overwrite the memory of pg_dump through large objects",
		fixedIn: {
			14: 23,
			15: 18,
			16: 14,
			17: 10,
			18: 4
		}
	},
	{
		names: "CVE-2025-8714, CVE-2025-8715",
		what: "names and data of the source can have programs and SQL run where the dump is restored",
		fixedIn: {
			13: 22,
			14: 19,
			15: 14,
			16: 10,
			17: 6
		}
	}
];
function clientNotice(client, machine) {
	const minor = /^\d+\.(\d+)/.exec(client.version)?.[1];
	if (minor === void 0) return void 0;
	const open = advisories.filter(({ fixedIn }) => Number(minor) < (fixedIn[client.major] ?? 0));
	const [newest] = open;
	if (newest === void 0) return void 0;
	const faults = open.map(({ names, what }) => `${what} (${names})`);
	return [`${client.dump} is ${client.version}, which has known security faults: ${faults.join("; ")}.`, `Update to ${client.major}.${newest.fixedIn[client.major]} or newer: ${upgradeCommand(client.major, machine)}`].join(" ");
}
function upgradeCommand(major, { packageManager, isRoot }) {
	const sudo = isRoot ? "" : "sudo ";
	switch (packageManager) {
		case "apt": return `${sudo}apt-get update && ${sudo}apt-get install -y --only-upgrade postgresql-client-${major}`;
		case "dnf": return `${sudo}dnf upgrade -y postgresql${major}`;
		case "apk": return `${sudo}apk upgrade postgresql${major}-client`;
		case "brew": return `brew upgrade postgresql@${major}`;
		case "unknown": return "https://www.postgresql.org/download/";
	}
}
// src/postgres/client-install/decide.ts
const limitSeconds = 300;
function decideInstall(major, installer) {
	const { packageManager, isRoot, maySudo, foldersNamed } = installer;
	if (foldersNamed) return {
		kind: "not-possible",
		because: "AIRLOCK_PG_BIN names the folders of the client programs."
	};
	const ways = waysOf(packageManager, major);
	if (ways === void 0) return {
		kind: "not-possible",
		because: "Airlock installs client programs with apt, dnf and apk alone."
	};
	if (!isRoot && !maySudo) return {
		kind: "not-possible",
		because: "Installing needs root, and `sudo -n` asks for a password or is not there."
	};
	return {
		kind: "ways",
		ways: ways.map((commands) => commands.map((command) => asRoot(command, isRoot)))
	};
}
function asRoot(command, isRoot) {
	const limited = [
		"env",
		...["DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"],
		"timeout",
		"-k",
		"10",
		String(limitSeconds),
		...command
	];
	return isRoot ? [...limited] : [
		"sudo",
		"-n",
		...limited
	];
}
function waysOf(packageManager, major) {
	switch (packageManager) {
		case "apt": {
			const install = (...packages) => [...[
				"apt-get",
				"-q",
				"-o",
				"DPkg::Lock::Timeout=120",
				"install",
				"-y",
				"--no-install-recommends",
				...packages
			]];
			const client = install(`postgresql-client-${major}`);
			return [
				[client],
				[[
					"apt-get",
					"-q",
					"update"
				], client],
				[
					install("ca-certificates", "postgresql-common"),
					["/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh", "-y"],
					client
				]
			];
		}
		case "dnf": return [[[
			"dnf",
			"install",
			"-y",
			`postgresql${major}`
		]]];
		case "apk": return [[[
			"apk",
			"add",
			"--no-cache",
			`postgresql${major}-client`
		]]];
		case "brew":
		case "unknown": return;
	}
}
// src/postgres/client-install/perform.ts
async function ensureClient(request) {
	const { serverMajor, environment, machine, onProgress } = request;
	const choice = chooseClient(await findClients(environment), serverMajor, machine);
	if (choice.kind === "found" || !request.install) return choice;
	const plan = decideInstall(serverMajor, {
		...machine,
		maySudo: !machine.isRoot && await run([
			"sudo",
			"-n",
			"true"
		], request) === void 0,
		foldersNamed: (environment.AIRLOCK_PG_BIN ?? "") !== ""
	});
	if (plan.kind === "not-possible") return notInstalled(choice, [plan.because]);
	onProgress(`installing the client programs of PostgreSQL ${serverMajor}`);
	const problems = [];
	for (const commands of plan.ways) {
		for (const command of commands) {
			const problem = await run(command, request);
			if (problem !== void 0) problems.push(problem);
		}
		const now = chooseClient(await findClients(environment), serverMajor, machine);
		if (now.kind === "found") return now;
	}
	return notInstalled(choice, problems);
}
async function run([program, ...args], { environment, signal }) {
	if (signal.aborted) throw cancellation(signal.reason);
	const { PATH, HOME, http_proxy, https_proxy, no_proxy } = environment;
	const options = {
		env: {
			PATH,
			HOME,
			http_proxy,
			https_proxy,
			no_proxy
		},
		detached: true,
		cwd: "/",
		maxBuffer: 67108864
	};
	const running = promisify(execFile)(program, args, options);
	try {
		await unlessCancelled(running, signal);
		return;
	} catch (thrown) {
		if (signal.aborted) throw thrown;
		const said = thrown instanceof Error && "stderr" in thrown ? String(thrown.stderr).trim() : "";
		return `${args.slice(args.indexOf("timeout") === -1 ? 0 : args.indexOf("timeout") + 4).join(" ")}: ${(said || messageOf(thrown)).split("\n").slice(-3).join(" ")}`;
	}
}
function notInstalled(choice, problems) {
	const why = [
		choice.failure.why,
		"It could not be installed:",
		...new Set(problems)
	].join("\n");
	return {
		kind: "none",
		failure: {
			...choice.failure,
			why
		}
	};
}
// src/stages/backup/dump/read-back.ts
async function readBack(database, dumped, signal) {
	const files = [];
	for (const file of dumped.files) {
		const path = dumped.shape.format === "custom" ? dumped.path : join(dumped.path, file.name.split("/")[1] ?? "");
		files.push(await readFile(database, file, path, signal));
	}
	return files;
}
async function readFile(database, file, path, signal) {
	const [sha256, md5] = [createHash("sha256"), createHash("md5")];
	let bytes = 0;
	await pipeline(createReadStream(path, { highWaterMark: 1048576 }), async (chunks) => {
		for await (const chunk of chunks) {
			sha256.update(chunk);
			md5.update(chunk);
			bytes += chunk.length;
		}
	}, { signal });
	const found = sha256.digest("hex");
	if (bytes !== file.bytes || file.sha256 !== null && found !== file.sha256) {
		const wrote = file.sha256 === null ? "" : ` with SHA-256 ${file.sha256}`;
		throw new FailureError(dumpUnreadable(database, `pg_dump wrote ${file.bytes} bytes${wrote} to ${file.name}; the disk gives back ${bytes} bytes with ${found}.`));
	}
	return {
		...file,
		sha256: found,
		md5: md5.digest("hex")
	};
}
// src/stages/backup/content/read-content-while.ts
async function readContentWhile(request, work) {
	const [first] = request.sessions;
	const sequences = async () => {
		await first.query("BEGIN");
		await first.query(`SET LOCAL lock_timeout = ${request.lockTimeoutMs}`);
		const read = await readSequences(first);
		await first.query("ROLLBACK");
		return read;
	};
	const before = await sequences();
	const [value, content] = await bothAtOnce(request.signal, [work, (signal) => readContent({
		...request,
		signal
	})]);
	const after = await sequences();
	const dumped = new Set(content.sequences.map(keyOf));
	const inDump = (read) => read.filter((one) => dumped.has(keyOf(one)));
	const spanned = spanSequences(inDump(before), inDump(after));
	return {
		value,
		content: {
			...content,
			sequences: spanned
		}
	};
}
function keyOf({ schema, name }) {
	return JSON.stringify([schema, name]);
}
// src/stages/backup/dump/compressions.ts
async function compressionsOf(client, signal) {
	const always = ["gzip", "none"];
	if (client.major < 16) return always;
	return [...(await Promise.all(["zstd", "lz4"].map(async (method) => await has(client, method, signal) ? [method] : []))).flat(), ...always];
}
async function has(client, method, signal) {
	const exit = await runClient({
		program: client.dump,
		args: [
			"--format=custom",
			`--compress=${method}`,
			"--no-password"
		],
		connection: {
			environment: {
				PGHOST: "/nonexistent/airlock",
				PGPORT: "5432"
			},
			password: void 0
		},
		signal
	});
	return exit.code !== 0 && exit.stderr.includes("/nonexistent/airlock");
}
// src/stages/backup/dump/decide-shape.ts
const directoryFromBytes = 67108864;
const mostJobs = 4;
const fewestJobs = 2;
function decideShape(facts, wanted) {
	const jobsWanted = wanted.jobs === "auto" ? void 0 : wanted.jobs;
	if (wanted.format === "custom" && jobsWanted !== void 0 && jobsWanted > 1) return impossible(`The format \`custom\` is one file, which pg_dump writes with one job; ${jobsWanted} were asked for.`, ["Say `format: directory` for several jobs, or leave `jobs` away."]);
	const { compressions, major } = facts.client;
	const compression = wanted.compression === "auto" ? bestCompression(compressions, facts.travels) : wanted.compression;
	if (!compressions.includes(compression.method)) return impossible(`This pg_dump ${major} has no ${compression.method}; it has ${compressions.join(", ")}.`, major >= 16 ? ["Say `compression: auto`, or install a pg_dump that was built with it."] : ["Say `compression: auto`, or install pg_dump 16 or newer, which reads older servers too."]);
	const jobs = jobsWanted ?? (wanted.format === "custom" ? 1 : jobsFor(facts));
	return {
		kind: "shape",
		shape: {
			format: wanted.format === "directory" || wanted.format === "auto" && jobs > 1 ? "directory" : "custom",
			jobs,
			compression
		}
	};
}
function jobsFor({ tableBytes, tables, cpus }) {
	if (!(tableBytes >= directoryFromBytes)) return 1;
	return Math.max(1, Math.min(Math.max(cpus, fewestJobs), tables, mostJobs));
}
function bestCompression(has, travels) {
	const zstd = {
		method: "zstd",
		level: 1
	};
	if (has.includes("zstd") && (travels || !has.includes("lz4"))) return zstd;
	if (has.includes("lz4")) return {
		method: "lz4",
		level: null
	};
	return {
		method: "gzip",
		level: 1
	};
}
function impossible(why, next) {
	return {
		kind: "impossible",
		failure: {
			code: "BACKUP.SHAPE_IMPOSSIBLE",
			what: "The dump cannot be written as airlock.yml asks for; nothing was written.",
			why,
			next
		}
	};
}
function dumpArguments({ shape, clientMajor, snapshot, lockTimeoutMs, folder }) {
	return [
		`--format=${shape.format}`,
		...shape.format === "directory" ? [`--jobs=${shape.jobs}`, `--file=${folder}`] : [],
		compressionArgument(shape.compression, clientMajor),
		"--verbose",
		"--no-password",
		`--snapshot=${snapshot}`,
		`--lock-wait-timeout=${lockTimeoutMs}`
	];
}
function describeShape({ format, jobs, compression }) {
	return `${format}, ${jobs === 1 ? "one job" : `${jobs} jobs`}, ${writeCompression(compression)}`;
}
// src/stages/backup/dump/verbose.ts
function readDumpLine(line) {
	const said = /^\S+: (.*)$/.exec(line)?.[1];
	if (said === void 0 || /^(error|warning|detail|hint|fatal):/.test(said)) return { kind: "said" };
	const table = /^dumping contents of table "(.*)"$/.exec(said)?.[1];
	if (table !== void 0) return {
		kind: "started",
		table
	};
	return { kind: "chatter" };
}
const usualShare = {
	zstd: .3,
	lz4: .45,
	gzip: .3,
	none: .9
};
function describeProgress(progress) {
	const { tables, tablesStarted, tableBytes, writtenBytes, method, elapsedMs } = progress;
	const expected = Math.max(1, tableBytes * usualShare[method]);
	const done = Math.min(.99, writtenBytes / expected);
	const parts = [`pg_dump: table ${tablesStarted} of ${tables}`, `${inMebibytes(writtenBytes)} written of about ${inMebibytes(Math.max(expected, writtenBytes))}`];
	if (done > .02 && elapsedMs > 5e3 && writtenBytes < expected) parts.push(`about ${inWords(elapsedMs / done * (1 - done))} left`);
	return parts.join(", ");
}
function inMebibytes(bytes) {
	return `${Math.round(bytes / 1048576)} MiB`;
}
function inWords(ms) {
	return ms < 9e4 ? `${Math.max(1, Math.round(ms / 1e3))} s` : `${Math.round(ms / 6e4)} min`;
}
// src/stages/backup/dump/write-dump.ts
const progressEveryMs = 1e4;
async function writeDump(request, shape) {
	await request.janitor.removeAtEnd(resolve(request.partial));
	const written = shape.format === "custom" ? await writeCustom(request, shape) : await writeDirectory(request, shape);
	if (written.length === 0 || written.some(({ bytes }) => bytes === 0 && shape.format === "custom")) throw new FailureError(dumpUnreadable(request.database, "pg_dump reported success and wrote nothing."));
	return {
		shape,
		name: request.name,
		path: request.partial,
		files: written
	};
}
async function writeCustom(request, shape) {
	try {
		var _usingCtx$4 = _usingCtx();
		const told = telling(request, shape.compression.method, async () => (await stat(request.partial)).size);
		_usingCtx$4.u(told);
		let file;
		await runDump(request, shape, {
			connectsOnce: true,
			janitor: request.janitor,
			takeLine: told.takeLine,
			takeOutput: async (output) => {
				file = {
					name: request.name,
					...await writeStream(output, request.partial)
				};
			}
		});
		return file === void 0 ? [] : [file];
	} catch (_) {
		_usingCtx$4.e = _;
	} finally {
		_usingCtx$4.d();
	}
}
async function writeDirectory(request, shape) {
	try {
		var _usingCtx3 = _usingCtx();
		const told = telling(request, shape.compression.method, async () => bytesOf(await listFolder(request.partial)));
		_usingCtx3.u(told);
		await runDump(request, shape, {
			takeLine: told.takeLine,
			janitor: request.janitor
		});
		const files = await listFolder(request.partial);
		for (const { name } of files) await chmod(join(request.partial, name), 384);
		return files.map(({ name, bytes }) => ({
			name: `${request.name}/${name}`,
			bytes,
			sha256: null
		}));
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		_usingCtx3.d();
	}
}
async function listFolder(folder) {
	const names = (await readdir(folder)).toSorted();
	return Promise.all(names.map(async (name) => ({
		name,
		bytes: (await stat(join(folder, name))).size
	})));
}
function bytesOf(files) {
	return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
async function runDump(request, shape, how) {
	const { client, connection, snapshot, lockTimeoutMs, partial, signal } = request;
	const exit = await runClient({
		program: client.dump,
		args: dumpArguments({
			shape,
			clientMajor: client.major,
			snapshot,
			lockTimeoutMs,
			folder: partial
		}),
		connection,
		signal,
		...how
	}).catch((thrown) => {
		throw cannotWrite(partial, thrown);
	});
	const full = /^.*could not (?:write|open|create|close)\b.*No space left on device.*$/m.exec(exit.stderr)?.[0];
	if (full !== void 0) throw new FailureError(spaceRanOut(dirname(partial), full));
	if (exit.code !== 0) throw new FailureError(explainDumpFailure(exit.stderr, exit.code, request.user));
}
function telling({ tables, tableBytes, onProgress }, method, written) {
	const startedMs = performance.now();
	let tablesStarted = 0;
	const tell = async () => {
		const writtenBytes = await written().catch(() => 0);
		const elapsedMs = performance.now() - startedMs;
		onProgress(describeProgress({
			tables,
			tablesStarted,
			tableBytes,
			writtenBytes,
			method,
			elapsedMs
		}));
	};
	const timer = setInterval(() => void tell(), progressEveryMs).unref();
	return {
		takeLine: (line) => {
			const read = readDumpLine(line);
			if (read.kind === "started") tablesStarted += 1;
			return read.kind !== "said";
		},
		[Symbol.dispose]: () => clearInterval(timer)
	};
}
// src/stages/backup/dump-with-content.ts
async function describeDump(request, client, tableBytes) {
	const tables = await listTables(request.session);
	const compressions = await compressionsOf(client, request.signal);
	const decided = decideShape({
		tableBytes,
		tables: tables.length,
		cpus: request.cpus,
		travels: request.travels,
		client: {
			major: client.major,
			compressions
		}
	}, request.shape);
	if (decided.kind === "impossible") throw new FailureError(decided.failure);
	return {
		shape: decided.shape,
		text: describeShape(decided.shape),
		tableBytes,
		tables
	};
}
async function dumpWithContent(request, dump) {
	const endWithClient = await endWithClientSettings(request.session);
	const write = (signal) => writeDump({
		...request,
		...dump,
		connection: withSettings(request.connectionFor(dump.client), endWithClient),
		database: request.target.database,
		user: request.target.user,
		tables: dump.tables.length,
		signal
	}, dump.shape);
	return dump.wanted === "compared" ? whileContent(request, dump, write) : whileCounting(request, dump, write);
}
async function whileContent(request, dump, write) {
	try {
		var _usingCtx$3 = _usingCtx();
		const first = _usingCtx$3.a(await request.openSession());
		const second = _usingCtx$3.a(dump.shape.jobs > 1 ? await request.openSession() : void 0);
		const { value, content } = await readContentWhile({
			sessions: second === void 0 ? [first] : [first, second],
			snapshot: dump.snapshot,
			budgetMs: request.contentBudgetMs,
			lockTimeoutMs: request.lockTimeoutMs,
			signal: request.signal,
			onProgress: () => void 0
		}, write);
		return {
			dumped: value,
			read: {
				kind: "hashed",
				content
			}
		};
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
async function whileCounting(request, dump, write) {
	const limits = {
		budgetMs: request.contentBudgetMs,
		lockTimeoutMs: request.lockTimeoutMs
	};
	const [dumped, tables] = await bothAtOnce(request.signal, [write, (signal) => countRows(request.session, dump.tables, limits, signal)]);
	return {
		dumped,
		read: {
			kind: "counted",
			tables
		}
	};
}
// src/stages/backup/globals.ts
const here = "(SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";
const concerned = `
  SELECT r.oid FROM pg_catalog.pg_roles r
   WHERE r.rolname !~ '^pg_'
     AND (r.oid = (SELECT datdba FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
       OR EXISTS (SELECT FROM pg_catalog.pg_shdepend d
            WHERE d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND d.refobjid = r.oid
              AND (d.dbid = ${here} OR (d.classid = 'pg_catalog.pg_database'::pg_catalog.regclass AND d.objid = ${here})))
       OR EXISTS (SELECT FROM pg_catalog.pg_db_role_setting s WHERE s.setdatabase = ${here} AND s.setrole = r.oid))`;
async function readGlobals(session) {
	const roles = await session.query(`SELECT rolname AS name, rolsuper AS "SUPERUSER", rolcreatedb AS "CREATEDB", rolcreaterole AS "CREATEROLE", rolcanlogin AS "LOGIN",
            rolinherit AS "INHERIT", rolreplication AS "REPLICATION", rolbypassrls AS "BYPASSRLS", rolconnlimit AS connections
       FROM pg_catalog.pg_roles WHERE oid IN (${concerned}) ORDER BY rolname`);
	const memberships = await session.query(`SELECT DISTINCT g.rolname AS role, m.rolname AS member, a.admin_option AS admin FROM pg_catalog.pg_auth_members a
       JOIN pg_catalog.pg_roles g ON g.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member
      WHERE m.oid IN (${concerned}) AND (g.oid IN (${concerned}) OR g.rolname ~ '^pg_') ORDER BY 1, 2, 3`);
	const settings = await session.query(`SELECT r.rolname AS role, u.setting FROM pg_catalog.pg_db_role_setting s
       CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) WITH ORDINALITY AS u (setting, at)
       LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = ${here} ORDER BY r.rolname NULLS FIRST, u.at`);
	const grants = await session.query(`SELECT r.rolname AS grantee, x.privilege_type AS privilege, x.is_grantable AS grantable FROM pg_catalog.pg_database d
       CROSS JOIN LATERAL pg_catalog.aclexplode(d.datacl) x LEFT JOIN pg_catalog.pg_roles r ON r.oid = x.grantee
      WHERE d.datname = pg_catalog.current_database() AND x.grantee <> d.datdba ORDER BY 1 NULLS FIRST, 2`);
	return {
		roles: roles.map(createRole),
		memberships: memberships.map(({ role, member, admin }) => `GRANT ${quoteIdentifier(role)} TO ${quoteIdentifier(member)}${admin ? " WITH ADMIN OPTION" : ""};`),
		settings: settings.map(({ role, setting }) => setSetting(role, setting)),
		grants: grants.map(({ grantee, privilege, grantable }) => `GRANT ${privilege} ON DATABASE ${placeholder} TO ${grantee === null ? "PUBLIC" : quoteIdentifier(grantee)}${grantable ? " WITH GRANT OPTION" : ""};`)
	};
}
const placeholder = "NEW_DATABASE";
const attributes = [
	"SUPERUSER",
	"CREATEDB",
	"CREATEROLE",
	"LOGIN",
	"INHERIT",
	"REPLICATION",
	"BYPASSRLS"
];
function createRole(row) {
	const flags = attributes.map((attribute) => row[attribute] ? attribute : `NO${attribute}`);
	const limit = row.connections < 0 ? "" : ` CONNECTION LIMIT ${row.connections}`;
	return `CREATE ROLE ${quoteIdentifier(row.name)} ${flags.join(" ")}${limit};`;
}
const listSettings = /* @__PURE__ */ new Set([
	"search_path",
	"temp_tablespaces",
	"local_preload_libraries",
	"session_preload_libraries",
	"shared_preload_libraries",
	"unix_socket_directories"
]);
function setSetting(role, setting) {
	const at = setting.indexOf("=");
	const [name, value] = [setting.slice(0, at), setting.slice(at + 1)];
	if (name.includes(".")) {
		const whose = role === null ? "the database" : `${quoteIdentifier(role)} in the database`;
		return `-- not in the backup, because its value may be a secret: ${quoteIdentifier(name)} of ${whose}`;
	}
	const who = role === null ? `ALTER DATABASE ${placeholder}` : `ALTER ROLE ${quoteIdentifier(role)} IN DATABASE ${placeholder}`;
	const written = listSettings.has(name.toLowerCase()) ? value : quoteLiteral(value);
	return `${who} SET ${quoteIdentifier(name)} TO ${written === "" ? "''" : written};`;
}
// src/stages/backup/paths.ts
async function freshPaths(directory, wanted) {
	try {
		await makeFolder(resolve(directory));
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
			sealed: {
				custom: path(".dump.age"),
				directory: path(".dump.tar.age")
			},
			manifest: path(".manifest.json"),
			reserved: path(".reserved")
		};
		if ((await Promise.all([
			paths.dump,
			paths.partial,
			paths.sealed.custom,
			paths.sealed.directory,
			paths.manifest
		].map((file) => stat(file).catch(() => null)))).every((file) => file === null) && await reserve(paths.reserved, directory)) return paths;
	}
}
async function reserve(path, directory) {
	try {
		await writeFile(path, "", {
			flag: "wx",
			mode: 384
		});
		return true;
	} catch (thrown) {
		if (errnoOf(thrown) === "EEXIST") return false;
		throw cannotWrite(directory, thrown);
	}
}
// src/stages/backup/prove/open-ahead.ts
function openAhead(open, begin) {
	let opening = begin ? open() : void 0;
	opening?.catch(() => void 0);
	return {
		take() {
			const taken = opening ?? open();
			opening = void 0;
			return taken;
		},
		async [Symbol.asyncDispose]() {
			await (await opening?.catch(() => void 0))?.[Symbol.asyncDispose]();
		}
	};
}
// src/stages/backup/seal/instructions.ts
function instructionsByHand(stored, source, clientMajor) {
	const create = createDatabaseSql("NEW_DATABASE", source, source.serverMajor);
	const tolerant = needsTolerance(clientMajor, source.serverMajor);
	const dump = shellWord(dumpNameOf(stored));
	return [
		`# pg_restore ${clientMajor} or newer; PGHOST, PGPORT and PGUSER in the environment`,
		...checkFiles(stored),
		...decrypt(stored),
		`psql --dbname=postgres --command=${shellWord(create)}`,
		...tolerant ? [`# on PostgreSQL ${source.serverMajor} exactly one error is expected: transaction_timeout is not known there`] : [],
		`pg_restore ${tolerant ? "" : "--exit-on-error "}--dbname=NEW_DATABASE ${dump}`,
		"vacuumdb --analyze-only --dbname=NEW_DATABASE",
		...stored.encryption === null ? [] : [`rm -r ${dump}`]
	];
}
function checkFiles({ files }) {
	const lines = files.map(({ name, sha256 }) => `${sha256}  ${name}`);
	const [only] = lines;
	if (lines.length === 1 && only !== void 0) return [`echo ${shellWord(only)} | sha256sum --check`];
	return [
		"sha256sum --check --quiet <<'END'",
		...lines,
		"END"
	];
}
function decrypt({ encryption, files, ...stored }) {
	if (encryption === null) return [];
	const sealed = shellWord(files[0]?.name ?? "");
	const dump = dumpNameOf({
		...stored,
		files,
		encryption
	});
	return [
		"# IDENTITY_FILE has the secret key of one of these recipients:",
		...encryption.recipients.map((recipient) => `# ${recipient}`),
		"umask 077",
		...stored.format === "directory" ? [
			`age --decrypt --identity IDENTITY_FILE --output ${shellWord(`${dump}.tar`)} ${sealed}`,
			`echo ${shellWord(`${encryption.plain.sha256}  ${dump}.tar`)} | sha256sum --check`,
			`tar -xf ${shellWord(`${dump}.tar`)} && rm ${shellWord(`${dump}.tar`)}`
		] : [`age --decrypt --identity IDENTITY_FILE --output ${shellWord(dump)} ${sealed}`, `echo ${shellWord(`${encryption.plain.sha256}  ${dump}`)} | sha256sum --check`]
	];
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
async function readMigrations(session, schema) {
	for (const history of historiesIn(schema)) {
		const names = history.isOfOthers ? await attempt(session, () => appliedIn(session, history)) : {
			kind: "done",
			value: await appliedIn(session, history)
		};
		if (names.kind === "done" && names.value !== void 0) return {
			head: names.value.at(-1) ?? null,
			applied: names.value.length
		};
	}
	return null;
}
async function appliedIn(session, { table, name, applied }) {
	const [there] = await session.query("SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there", [table]);
	if (there?.there !== true) return void 0;
	return (await session.query(`SELECT ${name} AS name FROM ${table} ${applied}`)).map((row) => row.name);
}
function historiesIn(schema) {
	const likePrisma = {
		name: "migration_name",
		applied: "WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY started_at, migration_name",
		isOfOthers: false
	};
	return [
		{
			table: `${quoteIdentifier(schema)}._prisma_migrations`,
			...likePrisma
		},
		{
			table: `${quoteIdentifier(schema)}._airlock_migrations`,
			...likePrisma
		},
		{
			table: "drizzle.__drizzle_migrations",
			name: "created_at::text",
			applied: "ORDER BY created_at",
			isOfOthers: true
		},
		{
			table: "supabase_migrations.schema_migrations",
			name: "version",
			applied: "ORDER BY version",
			isOfOthers: true
		}
	];
}
// src/stages/backup/perform.ts
async function performBackup(request) {
	try {
		var _usingCtx$2 = _usingCtx();
		const { session, directory } = request;
		const startedAt = /* @__PURE__ */ new Date();
		const startedMs = performance.now();
		if (request.recipients.length > 0) await requireRecipients(request.recipients);
		const server = await serverVersionOf(session);
		const client = await request.clientFor(server.major);
		const activity = await readActivity(session);
		const snapshot = await openSnapshot(session, server.major, request.lockTimeoutMs);
		const paths = await freshPaths(directory, nameBackup(request.target.database, startedAt));
		const reservation = await request.janitor.removeAtEnd(resolve(paths.reserved));
		const sealing = request.recipients.length > 0;
		const plain = _usingCtx$2.a(sealing ? await request.janitor.folder(request.temporary, "airlock-plain-") : void 0);
		try {
			try {
				var _usingCtx3 = _usingCtx();
				const facts = await readSource(session, server);
				await requireSpace(plain?.path ?? directory, facts.tableBytes);
				const migrations = await readMigrations(session, request.historySchema);
				const globals = await readGlobals(session);
				const wanted = decideTier(request.tier, facts.tableBytes);
				const what = await describeDump(request, client, facts.tableBytes);
				request.onProgress(`pg_dump ${client.version} of ${request.target.database} (PostgreSQL ${server.version}): ${what.text}`);
				const scratch = _usingCtx3.a(openAhead(() => request.openScratch(server.major, facts.source.systemIdentifier), reaches(wanted, "restored")));
				const partial = plain === void 0 ? paths.partial : join(plain.path, basename(paths.dump));
				const dumpStartedMs = performance.now();
				const { dumped, read } = await dumpWithContent(request, {
					...what,
					client,
					snapshot,
					partial,
					wanted,
					name: basename(paths.dump)
				});
				await closeSnapshot(session);
				const dumpedMs = performance.now();
				request.onProgress("reading the dump back");
				const reading = readBack(request.target.database, dumped, request.signal);
				reading.catch(() => void 0);
				const proof = await prove({
					...request,
					wanted,
					client,
					dumpPath: dumped.path,
					unreadable: (why) => dumpUnreadable(request.target.database, why),
					source: facts.source,
					content: read.kind === "hashed" ? read.content : void 0,
					openScratch: scratch.take,
					jobs: Math.max(2, what.shape.jobs),
					budgetMs: request.contentBudgetMs
				});
				return await withCopy(proof, async () => {
					const plainFiles = await reading;
					const proofMs = Math.round(performance.now() - dumpedMs);
					const sealed = sealing ? await seal(request, {
						dumped,
						files: plainFiles
					}, paths.partial) : void 0;
					const stored = sealed === void 0 ? paths.dump : paths.sealed[dumped.shape.format];
					await publish(paths.partial, stored);
					const { host, port, user } = request.target;
					const files = sealed === void 0 ? plainFiles : [sealed.file];
					const kept = {
						format: dumped.shape.format,
						encryption: sealed?.encryption ?? null,
						files
					};
					const manifest = withChecksum({
						manifestVersion: 2,
						name: paths.name,
						airlock: request.airlockVersion,
						environment: request.environment,
						strategy: "pg_dump",
						tier: proof.tier,
						notChecked: [...proof.notChecked, ...sealed?.notChecked ?? []],
						startedAt: startedAt.toISOString(),
						finishedAt: (/* @__PURE__ */ new Date()).toISOString(),
						tookMs: {
							dump: Math.round(dumpedMs - dumpStartedMs),
							proof: proofMs
						},
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
						...kept,
						compression: writeCompression(dumped.shape.compression),
						migrations,
						...describeContent(read),
						activity,
						proof: proof.scratch === void 0 ? null : { scratch: `${proof.scratch.kind} ${proof.scratch.version}` },
						globals,
						notIncluded: notIncludedInDump,
						restoreByHand: instructionsByHand(kept, facts.source, client.major)
					});
					await writeWhole(paths.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
					return {
						kind: "backup",
						manifestPath: paths.manifest,
						dumpPath: stored,
						tier: manifest.tier,
						notChecked: manifest.notChecked,
						bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
						ms: Math.round(performance.now() - startedMs),
						manifest
					};
				});
			} catch (_) {
				_usingCtx3.e = _;
			} finally {
				await _usingCtx3.d();
			}
		} catch (thrown) {
			for (const path of [
				paths.partial,
				paths.dump,
				paths.sealed.custom,
				paths.sealed.directory
			]) await rm(path, {
				recursive: true,
				force: true
			});
			throw thrown;
		} finally {
			await rm(paths.reserved, { force: true });
			await reservation.forget().catch(() => void 0);
		}
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
async function withCopy(proof, rest) {
	try {
		return {
			backup: await rest(),
			copy: copyOf(proof),
			[Symbol.asyncDispose]: () => proof[Symbol.asyncDispose]()
		};
	} catch (thrown) {
		await proof[Symbol.asyncDispose]();
		throw thrown;
	}
}
async function requireRecipients(recipients) {
	const { recipientsInvalid } = await import("./recipients.mjs");
	const invalid = recipientsInvalid(recipients, "encrypt-to");
	if (invalid !== void 0) throw new FailureError(invalid);
}
async function seal(request, proven, partial) {
	const { sealDump } = await import("./seal.mjs");
	const { age, sealWithProgramFromBytes } = request;
	return sealDump({
		...request,
		...proven,
		program: age,
		programFromBytes: sealWithProgramFromBytes,
		partial
	});
}
async function requireSpace(directory, tableBytes) {
	const { bavail, bsize } = await statfs(directory);
	const problem = decideSpace(tableBytes, bavail * bsize, directory);
	if (problem !== void 0) throw new FailureError(problem);
}
// src/stages/backup/store/sealed.ts
function isSealed(manifest) {
	const encryption = "encryption" in manifest ? manifest.encryption : null;
	return typeof encryption === "object" && encryption !== null && "kind" in encryption && encryption.kind === "age";
}
function requireSealed(manifest, store) {
	if (isSealed(manifest)) return void 0;
	return {
		code: "STORE.PLAINTEXT",
		what: `The backup \`${manifest.name}\` is not encrypted and was not put into ${store}.`,
		why: "Whoever can read that store would read the whole database.",
		next: ["Make a key pair, keep the identity file away from the repository: age-keygen -o airlock-identity.txt", "Name its public key under `backup` in airlock.yml: encrypt-to: [age1…]"]
	};
}
function artifactFiles(manifest) {
	const plaintext = requireSealed(manifest, "an artifact of the workflow run");
	if (plaintext !== void 0) return {
		kind: "refused",
		failure: plaintext
	};
	const own = checkOwn(manifest, manifest.name);
	const unsealed = manifest.files.find((file) => !file.name.endsWith(".age") || file.name.includes("/"));
	if (own.kind === "ok" && unsealed === void 0) return {
		kind: "files",
		files: [...manifest.files.map((file) => file.name), manifestFile(manifest.name)]
	};
	return {
		kind: "refused",
		failure: {
			code: "STORE.PLAINTEXT",
			what: `The backup \`${manifest.name}\` was not put into an artifact of the workflow run.`,
			why: own.kind === "unreadable" ? `Its manifest cannot be followed: ${own.because}.` : `Its manifest says that it is encrypted, and names \`${unsealed?.name ?? ""}\`, which is not.`,
			next: ["Make the backup again: airlock backup --out DIR"]
		}
	};
}
// src/stages/backup/stage.ts
async function makeWayBack(context, url) {
	const { invocation, policy } = context;
	if (policy.backup.strategy === "none") {
		context.run.skip("backup", "airlock.yml says `backup: { strategy: none }`");
		return withoutCopy({ kind: "waived-by-policy" });
	}
	const chosen = chosenStrategy(policy.backup);
	if (chosen !== void 0) return withoutCopy(await takeSnapshot(context, url, chosen));
	const made = await backUp(context, url, invocation.backupDir ?? policy.backup.dir ?? resolve(invocation.cwd, ".airlock", "backups"));
	return {
		wayBack: made.backup,
		copy: made.copy,
		[Symbol.asyncDispose]: () => made[Symbol.asyncDispose]()
	};
}
function withoutCopy(wayBack) {
	return {
		wayBack,
		copy: void 0,
		async [Symbol.asyncDispose]() {}
	};
}
async function backUp(context, url, directory) {
	return context.run.stage("backup", async () => {
		const janitor = await startJanitor();
		try {
			const made = await dumpAndProve(context, url, directory, janitor);
			try {
				await keepInStore(context, made.backup);
			} catch (thrown) {
				await made[Symbol.asyncDispose]();
				throw thrown;
			}
			return {
				...made,
				async [Symbol.asyncDispose]() {
					await made[Symbol.asyncDispose]();
					await janitor[Symbol.asyncDispose]();
				}
			};
		} catch (thrown) {
			await janitor[Symbol.asyncDispose]();
			throw thrown;
		}
	}, ({ backup }) => ({
		outcome: "pass",
		summary: summaryOf(backup),
		detail: {
			manifest: backup.manifestPath,
			tier: backup.tier,
			notChecked: backup.notChecked
		}
	}));
}
async function copyDatabase(context, url, { folder, janitor }) {
	const policy = {
		...context.policy,
		backup: {
			...context.policy.backup,
			store: void 0,
			"encrypt-to": []
		}
	};
	const invocation = {
		...context.invocation,
		tier: "restored",
		store: void 0,
		encryptTo: []
	};
	return context.run.stage("backup", () => dumpAndProve({
		...context,
		policy,
		invocation
	}, url, folder, janitor), ({ backup }) => ({
		outcome: "pass",
		summary: `a copy of the database, ${formatBytes(backup.bytes)} as a dump`
	}));
}
async function dumpAndProve(context, url, directory, janitor) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { run, invocation, policy } = context;
		const folder = resolve(invocation.cwd, directory);
		await makePrivateFolder(folder);
		const session = _usingCtx$1.a(await connect(url, "airlock backup", run.signal));
		return await performBackup({
			directory: folder,
			target: url,
			historySchema: url.schema,
			session,
			openSession: () => connect(url, "airlock backup", run.signal),
			connectionFor: connectionFor(url),
			clientFor: (major) => clientFor(context, major),
			lockTimeoutMs: policy["lock-timeout"],
			contentBudgetMs: policy.backup["content-budget"],
			shape: shapeFrom(policy.backup),
			cpus: availableParallelism(),
			tier: invocation.tier === void 0 ? policy.backup : { tier: invocation.tier },
			openScratch: scratchOpener(context, janitor, policy.backup.scratch),
			travels: (invocation.store ?? policy.backup.store) !== void 0 || policy.backup["encrypt-to"].length + invocation.encryptTo.length > 0,
			recipients: [.../* @__PURE__ */ new Set([...policy.backup["encrypt-to"], ...invocation.encryptTo])],
			age: await findAge(invocation.env),
			temporary: invocation.env.RUNNER_TEMP ?? tmpdir(),
			janitor,
			airlockVersion: context.version,
			environment: invocation.environment,
			signal: run.signal,
			onProgress: (text) => run.progress(text)
		});
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function keepInStore({ run, invocation, policy }, backup) {
	const text = invocation.store ?? policy.backup.store;
	if (text === void 0) return;
	const access = {
		env: invocation.env,
		signal: run.signal,
		onProgress: (line) => run.progress(line)
	};
	const store = await openStoreText(text, invocation.cwd, access);
	if (requireSealed(backup.manifest, store.describe) !== void 0) run.notice(`The backup lies in ${store.describe} as it is: whoever reads that store reads the database. \`encrypt-to\` in airlock.yml encrypts it.`);
	run.progress(`copying the backup to ${store.describe}`);
	await store.put({
		manifestPath: backup.manifestPath,
		manifest: backup.manifest
	});
}
async function clientFor({ run, invocation, policy }, serverMajor) {
	const machine = await describeMachine(invocation.env);
	const choice = await ensureClient({
		serverMajor,
		environment: invocation.env,
		machine,
		install: policy.backup["install-client"] ?? invocation.env.RUNNER_ENVIRONMENT === "github-hosted",
		signal: run.signal,
		onProgress: (text) => run.progress(text)
	});
	if (choice.kind === "none") throw new FailureError(choice.failure);
	const notice = clientNotice(choice.client, machine);
	if (notice !== void 0) run.notice(notice);
	return choice.client;
}
function shapeFrom(backup) {
	return {
		format: backup.format,
		jobs: backup.jobs ?? "auto",
		compression: compressionFrom(backup.compression)
	};
}
function compressionFrom(text) {
	const parsed = parseCompression(text);
	if (parsed.kind === "invalid") throw new Error(`airlock.yml was read, and ${parsed.because}`);
	return parsed.compression;
}
function summaryOf({ bytes, tier, notChecked, manifest }) {
	const sealed = manifest.encryption === null ? "" : ", encrypted";
	const open = notChecked.map((what) => what.split(":")[0]);
	return `${formatBytes(bytes)}${sealed}, proven to the tier \`${tier}\`${open.length === 0 ? "" : `; ${open.join(", ")} not checked`}`;
}
// src/stages/recover/steps-back.ts
function backupOf(wayBack) {
	if (wayBack.kind !== "backup") return void 0;
	const { manifestPath, manifest, tier, bytes } = wayBack;
	const artifact = artifactFiles(manifest);
	return {
		manifest: manifestPath,
		tier,
		bytes,
		artifactFiles: artifact.kind === "refused" ? [] : artifact.files.map((name) => resolve(dirname(manifestPath), name))
	};
}
function stepsBack(wayBack, url) {
	if (wayBack.kind === "waived-by-policy") return ["There is no backup of this run: airlock.yml says `backup: { strategy: none }`."];
	if (wayBack.kind === "snapshot") return [
		`To go back to the moment before this run there is ${wayBack.snapshot.where}. It was not restored to prove it.`,
		...wayBack.snapshot.restoreByHand,
		...wayBack.notCaptured.map((what) => `Not in it: ${what}.`)
	];
	const restored = nameWithEnding(url.database, "_restored");
	return [
		"To go back to the moment before this run, put the backup into a new database beside this one (it changes nothing here):",
		`airlock restore --from ${shellWord(wayBack.manifestPath)} --into ${shellWord(restored)}`,
		"It prints how to swap the two. What was written since the backup is only in the present database."
	];
}
export { copyDatabase as a, openSnapshot as c, chosenStrategy as d, clientFor as i, readSource as l, stepsBack as n, makeWayBack as o, backUp as r, closeSnapshot as s, backupOf as t, takeSnapshot as u };
