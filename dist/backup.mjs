import { t as noMigrations } from "./ended.mjs";
import { n as fail } from "./errors.mjs";
import { t as formatBytes } from "./words.mjs";
import { d as chosenStrategy, n as stepsBack, r as backUp, t as backupOf, u as takeSnapshot } from "./backup-stage.mjs";
import { n as openDatabase } from "./postgres-url.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { resolve } from "node:path";
// src/commands/backup.ts
async function backup(context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { out, backupDir, cwd } = context.invocation;
		const snapshot = out === void 0 ? chosenStrategy(context.policy.backup) : void 0;
		const folder = out ?? backupDir;
		if (snapshot === void 0 && folder === void 0) throw fail("USAGE.INVALID", {
			what: "`backup` needs a folder to write to.",
			why: "`--out` is missing.",
			next: ["airlock backup --out backups"]
		});
		const database = _usingCtx$1.a(await openDatabase(context));
		const target = {
			host: database.url.host,
			database: database.url.database
		};
		const made = snapshot === void 0 ? await dumped(context, database.url, resolve(cwd, folder ?? "")) : await snapped(context, database.url, snapshot);
		return {
			...noMigrations,
			outcome: "done",
			target,
			...made
		};
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function dumped(context, url, folder) {
	try {
		var _usingCtx3 = _usingCtx();
		const written = _usingCtx3.a(await backUp(context, url, folder)).backup;
		return {
			reasonCode: "backup_written",
			reason: [`${written.dumpPath} (${formatBytes(written.bytes)})`, ...written.notChecked.map((what) => `not checked: ${what}`)].join("\n"),
			backup: backupOf(written),
			next: ["Prove that it can be read on another machine:", `airlock restore --from ${written.manifestPath} --dry-run`]
		};
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
async function snapped(context, url, chosen) {
	const taken = await takeSnapshot(context, url, chosen);
	return {
		reasonCode: "snapshot_taken",
		reason: [taken.snapshot.where, ...taken.notChecked.map((what) => `not checked: ${what}`)].join("\n"),
		next: stepsBack(taken, url)
	};
}
export { backup };
