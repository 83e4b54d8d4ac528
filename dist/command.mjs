import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { c as looseObject, h as union, i as boolean, l as number, p as string, r as array } from "./schemas.mjs";
import { r as newestFirst, t as hasOwnName } from "./snapshot-names.mjs";
import { n as writePassFile } from "./pass-file.mjs";
import { t as startGroup } from "./process-group.mjs";
import { t as Redactor } from "./redact.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
// src/stages/backup/providers/command/decide.ts
function capabilitiesOf(settings) {
	return {
		restore: "manual",
		automatic: false,
		incremental: "unknown",
		proves: settings.verify === void 0 ? "nothing" : "checksum",
		notCaptured: ["what the program leaves out: Airlock does not know it"]
	};
}
function fillIn(argv, known) {
	return argv.map((argument) => fillInText(argument, known));
}
function fillInText(text, { name, id }) {
	const named = text.replaceAll("{name}", name);
	return id === null ? named : named.replaceAll("{id}", id);
}
function settingsProblem({ take, verify, verifySays, list }) {
	if (verifySays === void 0 && verify?.some((argument) => /(^|\/)pgbackrest$/.test(argument))) return "`pgbackrest verify` ends with exit code 0 on a damaged repository: add `--output=text` and `--verbose` to `verify`, and `verify-says: \"status: ok\"`";
	if (verifySays !== void 0 && verify === void 0) return "`verify-says` is set, and there is no `verify`";
	if (take.some((argument) => argument.includes("{id}"))) return "`take` has `{id}`, which is known only afterwards";
	return (verify?.some((argument) => argument.includes("{id}")) ?? false) && list === void 0 ? "`verify` has `{id}`, and there is no `list` to read it from" : void 0;
}
const ownVariables = /^(?:AIRLOCK_|INPUT_)|^(?:DATABASE_URL|DIRECT_URL|SHADOW_DATABASE_URL|GITHUB_TOKEN|GH_TOKEN)$/;
function environmentFor(environment, secrets) {
	const telling = secrets.filter((secret) => secret !== "");
	return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => value === void 0 || ownVariables.test(name) || name.startsWith("PG") && libpqVariable.test(name) || telling.some((secret) => value.includes(secret)) ? [] : [[name, value]]));
}
const libpqVariable = /^PG(?!BACKREST)[A-Z]+$/;
const whatItWas = {
	take: "The program that makes the backup failed.",
	verify: "The program that checks the backup failed.",
	list: "The program that lists the backups failed."
};
function commandFailed(part, program, exit, said) {
	return {
		code: "BACKUP.COMMAND_FAILED",
		what: whatItWas[part],
		why: [`\`${program}\` ${sayExit(exit)}`, lastLines(said)].filter((line) => line !== "").join("\n"),
		next: [`Run what \`backup.command.${part}\` in airlock.yml says on the same runner, as the same user, and correct what it complains about.`, ...part === "verify" ? ["Do not rely on this backup: make a full one, and check that."] : []]
	};
}
function sayExit(exit) {
	switch (exit.kind) {
		case "ended": return `ended with exit code ${exit.code}.`;
		case "killed": return "was ended by a signal.";
		case "not-started": return `could not be started: ${exit.because}`;
		case "too-long": return `was stopped after ${exit.timeLimitMs / 1e3} s, the \`time-limit\` of airlock.yml.`;
		case "did-not-say": return `ended with exit code 0 and did not say \`${exit.line}\`, which is \`verify-says\` in airlock.yml. It said:`;
		case "too-much": return `wrote more than ${exit.bytes} bytes, which is no list of backups.`;
	}
}
function says(output, line) {
	return output.split("\n").some((said) => said.trim() === line.trim());
}
function lastLines(said) {
	return said.split("\n").filter((line) => line.trim() !== "").slice(-20).map((line) => line.length > 500 ? `${line.slice(0, 500)} …` : line).join("\n");
}
// src/stages/backup/providers/command/listing.ts
const pgbackrest = array(looseObject({
	name: string(),
	backup: array(looseObject({
		label: string().min(1),
		error: boolean().nullish(),
		timestamp: looseObject({ stop: number() }),
		lsn: looseObject({ stop: string() }).nullish(),
		info: looseObject({ size: number() }).nullish()
	})),
	status: looseObject({
		code: number(),
		message: string()
	})
})).min(1);
const walg = array(looseObject({
	backup_name: string().min(1),
	time: string(),
	finish_time: string().nullish(),
	finish_lsn: union([number(), string()]).nullish(),
	uncompressed_size: number().nullish()
}));
const readableStatus = /* @__PURE__ */ new Set([0, 2]);
function readListing(text, program) {
	const trimmed = text.trim();
	if (!/^[[{]/.test(trimmed)) return readLines(trimmed, program);
	let json;
	try {
		json = JSON.parse(trimmed);
	} catch (error) {
		return unreadable(program, `It looks like JSON and is none: ${messageOf(error)}`);
	}
	const stanzas = pgbackrest.safeParse(json);
	if (stanzas.success) {
		const bad = stanzas.data.find(({ status }) => !readableStatus.has(status.code));
		if (bad !== void 0) return unreadable(program, `Stanza ${bad.name}: ${bad.status.message}`);
		if (stanzas.data.length > 1) return unreadable(program, `It lists ${stanzas.data.length} stanzas: name one with --stanza`);
		return {
			kind: "read",
			backups: stanzas.data.flatMap(({ backup }) => backup.map(fromPgbackrest))
		};
	}
	const backups = walg.safeParse(json);
	if (backups.success) return {
		kind: "read",
		backups: backups.data.map(fromWalg)
	};
	return unreadable(program, "It is JSON, and of neither pgBackRest’s nor WAL-G’s form.");
}
function fromPgbackrest({ label, error, timestamp, lsn, info }) {
	return {
		id: label,
		at: /* @__PURE__ */ new Date(timestamp.stop * 1e3),
		lsn: lsn?.stop ?? null,
		bytes: info?.size ?? null,
		damaged: error ?? false
	};
}
function fromWalg(entry) {
	const at = Date.parse(entry.finish_time ?? entry.time);
	return {
		id: entry.backup_name,
		at: Number.isNaN(at) ? null : new Date(at),
		lsn: typeof entry.finish_lsn === "number" ? sayLsn(entry.finish_lsn) : entry.finish_lsn ?? null,
		bytes: entry.uncompressed_size ?? null,
		damaged: false
	};
}
function sayLsn(lsn) {
	if (!Number.isSafeInteger(lsn) || lsn < 0) return null;
	return `${Math.floor(lsn / 2 ** 32).toString(16)}/${(lsn % 2 ** 32).toString(16)}`.toUpperCase();
}
function readLines(text, program) {
	const ids = text.split("\n").flatMap((line) => line.trim().split(/\s+/)[0] || []);
	if (new Set(ids).size !== ids.length) return unreadable(program, "Lines start with the same word; the first word of each has to name one backup.");
	return {
		kind: "read",
		backups: ids.map((id) => ({
			id,
			at: null,
			lsn: null,
			bytes: null,
			damaged: false
		}))
	};
}
function unreadable(program, why) {
	return {
		kind: "unreadable",
		failure: {
			code: "BACKUP.COMMAND_FAILED",
			what: `The list of backups that \`${program}\` prints cannot be read.`,
			why,
			next: ["Let `backup.command.list` print one backup in each line, its name first; or the JSON of `pgbackrest info --output=json` or `wal-g backup-list --json`."]
		}
	};
}
function newBackup(before, after, program) {
	const known = new Set(before.map(({ id }) => id));
	const fresh = after.filter(({ id }) => !known.has(id));
	const [backup] = fresh;
	if (backup !== void 0 && fresh.length === 1 && !backup.damaged) return {
		kind: "new",
		backup
	};
	return {
		kind: "none",
		failure: {
			code: "BACKUP.COMMAND_FAILED",
			what: "The program made no backup that can be named.",
			why: backup === void 0 ? `\`${program}\` ended well, and the list shows no backup that was not there before.` : fresh.length > 1 ? `The list shows ${fresh.length} new backups (${fresh.map(({ id }) => id).join(", ")}): somebody else made one at the same time.` : `The list says that ${backup.id} has errors.`,
			next: ["Check that `take` and `list` in airlock.yml are about the same repository, and run again."]
		}
	};
}
// src/stages/backup/providers/command/run.ts
const longestOutput = 4194304;
async function runCommand({ part, argv, name, timeLimitMs, signal }, { environment, connection, cwd, janitor }) {
	const [program = "", ...args] = argv;
	signal.throwIfAborted();
	const password = connection.password ?? "";
	const passFile = writePassFile(connection.password);
	const tooLong = AbortSignal.timeout(timeLimitMs);
	const redactor = new Redactor();
	redactor.add([password, encodeURIComponent(password)].filter((secret) => secret !== ""));
	try {
		try {
			var _usingCtx$1 = _usingCtx();
			const group = _usingCtx$1.u(startGroup(program, args, {
				cwd,
				signal: AbortSignal.any([signal, tooLong]),
				janitor,
				env: {
					...environmentFor(environment, [password, encodeURIComponent(password)]),
					PGAPPNAME: "airlock",
					...connection.environment,
					...passFile.environment,
					AIRLOCK_BACKUP_NAME: name
				}
			}));
			const output = collect(group.stdout, longestOutput, group.stop);
			const errors = collect(group.stderr, Number.POSITIVE_INFINITY, group.stop);
			const ended = await group.ended.then((code) => code === null ? { kind: "killed" } : {
				kind: "ended",
				code
			}, (thrown) => {
				if (thrown instanceof FailureError) throw thrown;
				return {
					kind: "not-started",
					because: messageOf(thrown)
				};
			});
			if (signal.aborted) throw cancelled(program, signal);
			const exit = tooLong.aborted ? {
				kind: "too-long",
				timeLimitMs
			} : output.tooMuch() ? {
				kind: "too-much",
				bytes: longestOutput
			} : ended;
			if (exit.kind === "ended" && exit.code === 0) return redactor.text(output.text());
			throw new FailureError(commandFailed(part, program, exit, redactor.text(`${output.end()}\n${errors.end()}`)));
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			_usingCtx$1.d();
		}
	} finally {
		passFile.remove();
	}
}
function collect(stream, most, stop) {
	let text = "";
	let tail = "";
	let tooMuch = false;
	stream.setEncoding("utf8").on("data", (chunk) => {
		tail = (tail + chunk).slice(-32e3);
		if (most === Number.POSITIVE_INFINITY || tooMuch) return;
		text += chunk;
		if (text.length <= most) return;
		tooMuch = true;
		text = "";
		stop();
	});
	return {
		text: () => text,
		end: () => tail,
		tooMuch: () => tooMuch
	};
}
function cancelled(program, signal) {
	return fail("RUN.CANCELLED", {
		what: "The run was cancelled.",
		why: `${program} was stopped before its end.`,
		next: ["Look whether the program left half a backup, then start the run again."]
	}, { cause: signal.reason });
}
// src/stages/backup/providers/command/command.ts
function commandStrategy(settings, surroundings) {
	const problem = settingsProblem(settings);
	if (problem !== void 0) throw fail("CONFIG.INVALID", {
		what: "`backup.command` in airlock.yml cannot be followed.",
		why: problem,
		next: ["Correct it; docs/recipes/pgbackrest.md has a whole example."]
	});
	const capabilities = capabilitiesOf(settings);
	const { timeLimitMs } = settings;
	const program = settings.take[0] ?? "";
	async function listed(signal, name) {
		if (settings.list === void 0) return [];
		const argv = fillIn(settings.list, {
			name,
			id: null
		});
		const listing = readListing(await runCommand({
			part: "list",
			argv,
			name,
			timeLimitMs,
			signal
		}, surroundings), argv[0] ?? "");
		if (listing.kind === "unreadable") throw new FailureError(listing.failure);
		return listing.backups;
	}
	function snapshotOf(backup, name, at) {
		const id = backup?.id ?? null;
		return {
			id,
			name,
			where: `made by \`${settings.take.join(" ")}\``,
			at: backup?.at ?? at,
			lsn: backup?.lsn ?? null,
			bytes: backup?.bytes ?? null,
			ours: hasOwnName(name),
			restoreByHand: fillInText(settings.restore, {
				name,
				id
			}).trimEnd().split("\n")
		};
	}
	async function take({ name, signal, onProgress }) {
		const before = await listed(signal, name);
		onProgress(`${program}: making the backup`);
		const startedAt = /* @__PURE__ */ new Date();
		await runCommand({
			part: "take",
			argv: fillIn(settings.take, {
				name,
				id: null
			}),
			name,
			timeLimitMs,
			signal
		}, surroundings);
		let backup;
		if (settings.list !== void 0) {
			const found = newBackup(before, await listed(signal, name), program);
			if (found.kind === "none") throw new FailureError(found.failure);
			backup = found.backup;
		}
		if (settings.verify !== void 0) {
			const argv = fillIn(settings.verify, {
				name,
				id: backup?.id ?? null
			});
			onProgress(`${argv[0]}: checking the backup`);
			const said = await runCommand({
				part: "verify",
				argv,
				name,
				timeLimitMs,
				signal
			}, surroundings);
			const line = settings.verifySays;
			if (line !== void 0 && !says(said, line)) throw new FailureError(commandFailed("verify", argv[0] ?? "", {
				kind: "did-not-say",
				line
			}, said));
		}
		return {
			snapshot: snapshotOf(backup, name, startedAt),
			proven: capabilities.proves,
			notChecked: [
				...backup === void 0 ? ["whether the backup is there: airlock.yml names no `list`"] : [],
				...settings.verify === void 0 ? ["whether it can be read: airlock.yml names no `verify`"] : [],
				"whether it restores: only a restore tells"
			]
		};
	}
	return {
		name: "command",
		capabilities,
		take,
		list: async (signal) => newestFirst((await listed(signal, "")).map((backup) => snapshotOf(backup, backup.id, null)))
	};
}
export { commandStrategy };
