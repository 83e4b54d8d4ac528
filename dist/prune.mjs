import { t as noMigrations } from "./ended.mjs";
import { n as fail, t as FailureError } from "./errors.mjs";
import { r as plural } from "./words.mjs";
import { h as environmentOf } from "./manifest.mjs";
import { t as openStoreText } from "./open-store.mjs";
// src/stages/backup/retention/decide.ts
const ranks = {
	checksum: 0,
	decoded: 1,
	restored: 2,
	compared: 3
};
function decideRetention(backups, keep, now) {
	return [...grouped(backups).values()].flatMap((series) => decideSeries(series, keep, now.getTime()));
}
function seriesOf({ source }) {
	return `${source.systemIdentifier ?? `${source.host}:${source.port}`}/${source.database}`;
}
function grouped(backups) {
	const series = /* @__PURE__ */ new Map();
	for (const backup of backups) {
		const { startedAt, tier } = backup.manifest;
		const dated = {
			backup,
			at: Date.parse(startedAt),
			rank: ranks[tier]
		};
		const key = seriesOf(backup.manifest);
		const others = series.get(key);
		if (others === void 0) series.set(key, [dated]);
		else others.push(dated);
	}
	for (const dated of series.values()) dated.sort(newestFirst);
	return series;
}
function decideSeries(all, keep, now) {
	const reasons = new Map(all.map((dated) => [dated, []]));
	const say = (dated, reason) => {
		if (dated !== void 0) reasons.get(dated)?.push(reason);
	};
	const past = all.filter(({ at }) => at <= now);
	for (const dated of all) if (!past.includes(dated)) say(dated, "dated in the future");
	say(past[0], "newest");
	const proven = [...past].sort(bestFirst)[0];
	if (proven !== void 0) say(proven, `newest that is ${proven.backup.manifest.tier}`);
	for (const dated of past) if (now - dated.at < keep["min-age"]) say(dated, `younger than ${inDays(keep["min-age"])}`);
	for (const [count, word, periodOf] of periods) for (const [period, best] of bestOfEach(past, periodOf).slice(0, keep[count])) say(best, `${word} ${period}`);
	const kept = past.filter((dated) => (reasons.get(dated)?.length ?? 0) > 0);
	const fill = past.filter((dated) => !kept.includes(dated)).sort(bestFirst);
	for (const dated of fill.slice(0, Math.max(0, keep["min-count"] - kept.length))) say(dated, `one of the last ${keep["min-count"]}`);
	return all.map((dated) => {
		const because = reasons.get(dated) ?? [];
		return because.length > 0 ? {
			kind: "keep",
			backup: dated.backup,
			because
		} : {
			kind: "remove",
			backup: dated.backup,
			because: [`older than ${inDays(keep["min-age"])}, and no day, week or month needs it`]
		};
	});
}
const periods = [
	[
		"daily",
		"day",
		(at) => new Date(at).toISOString().slice(0, 10)
	],
	[
		"weekly",
		"week",
		isoWeek
	],
	[
		"monthly",
		"month",
		(at) => new Date(at).toISOString().slice(0, 7)
	]
];
function bestOfEach(past, periodOf) {
	const best = /* @__PURE__ */ new Map();
	for (const dated of past) {
		const period = periodOf(dated.at);
		const other = best.get(period);
		if (other === void 0 || dated.rank > other.rank) best.set(period, dated);
	}
	return [...best];
}
function isoWeek(at) {
	const day = new Date(at);
	const thursday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + 4 - (day.getUTCDay() || 7)));
	const firstDay = Date.UTC(thursday.getUTCFullYear(), 0, 1);
	const week = Math.floor((thursday.getTime() - firstDay) / 6048e5) + 1;
	return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}
function newestFirst(a, b) {
	return b.at - a.at || (a.backup.name < b.backup.name ? 1 : -1);
}
function bestFirst(a, b) {
	return b.rank - a.rank || newestFirst(a, b);
}
function inDays(ms) {
	const hours = Math.round(ms / 36e5);
	return hours % 24 === 0 ? `${hours / 24} d` : `${hours} h`;
}
// src/commands/prune.ts
async function prune(context) {
	const { invocation, run, policy } = context;
	const { cwd, env, dryRun } = invocation;
	const text = invocation.store ?? policy.backup.store;
	if (text === void 0) throw fail("USAGE.INVALID", {
		what: "`prune` needs the store to look into.",
		why: "Neither `--store` nor `store` in airlock.yml says which.",
		next: ["airlock prune --store backups --dry-run", "airlock prune --store s3://bucket/prefix --dry-run"]
	});
	const access = {
		env,
		signal: run.signal,
		onProgress: (progress) => run.progress(progress)
	};
	const store = await openStoreText(text, cwd, access);
	const isOurs = ({ manifest }) => environmentOf(manifest) === invocation.environment;
	const pruned = await run.stage("prune", async () => {
		const listing = await store.list();
		const decided = decideRetention(listing.backups.filter(isOurs), policy.backup.keep, /* @__PURE__ */ new Date());
		const leaving = decided.filter(({ kind }) => kind === "remove").map(({ backup }) => backup);
		const wanted = [...listing.halfRemoved, ...leaving];
		return {
			listing,
			ofOthers: listing.backups.filter((backup) => !isOurs(backup)),
			decided,
			wanted,
			...dryRun ? {
				removed: [],
				locked: []
			} : await removeAll(store, wanted, run)
		};
	}, (it) => ({
		outcome: "pass",
		summary: summaryOf(it, dryRun),
		detail: detailOf(it)
	}));
	for (const notice of noticesOf(pruned, store.describe)) run.notice(notice);
	const went = dryRun ? pruned.wanted : pruned.removed;
	return {
		...noMigrations,
		outcome: "done",
		reasonCode: went.length === 0 ? "nothing_to_prune" : dryRun ? "would_prune" : "pruned",
		reason: [`${store.describe}: ${summaryOf(pruned, dryRun)}`, ...pruned.decided.map(lineOf)].join("\n"),
		next: dryRun && went.length > 0 ? ["Remove them: the same command without --dry-run"] : []
	};
}
async function removeAll(store, wanted, run) {
	const removed = [];
	const locked = [];
	for (const backup of wanted) {
		run.throwIfCancelled();
		run.progress(`removing ${backup.name}`);
		try {
			await store.remove(backup);
			removed.push(backup);
		} catch (thrown) {
			if (!(thrown instanceof FailureError)) throw thrown;
			const { failure } = thrown;
			if (failure.code === "STORE.LOCKED") locked.push({
				name: backup.name,
				because: failure.why
			});
			else {
				const sofar = `${removed.length} of ${plural(wanted.length, "backup")} had been removed before.`;
				throw new FailureError({
					...failure,
					why: `${failure.why} ${sofar}`
				}, { cause: thrown });
			}
		}
	}
	return {
		removed,
		locked
	};
}
function summaryOf({ decided, wanted, removed }, dryRun) {
	const kept = decided.filter(({ kind }) => kind === "keep").length;
	return dryRun ? `${plural(wanted.length, "backup")} to remove, ${kept} to keep` : `${plural(removed.length, "backup")} removed, ${kept} kept`;
}
function lineOf({ kind, backup, because }) {
	return `${kind === "keep" ? "keep  " : "remove"} ${backup.name} (${backup.manifest.tier}): ${because.join(", ")}`;
}
function detailOf({ listing, ofOthers, decided, removed, locked }) {
	const named = (kind) => decided.filter((one) => one.kind === kind).map(({ backup, because }) => ({
		name: backup.name,
		tier: backup.manifest.tier,
		because
	}));
	return {
		keep: named("keep"),
		remove: named("remove"),
		removed: removed.map(({ name }) => name),
		locked,
		ofOtherEnvironments: ofOthers.map(({ name, manifest }) => ({
			name,
			environment: environmentOf(manifest)
		})),
		halfRemoved: listing.halfRemoved.map(({ name }) => name),
		unreadable: listing.unreadable,
		damaged: listing.damaged,
		withoutManifest: listing.withoutManifest,
		strangers: listing.strangers
	};
}
function noticesOf({ listing, ofOthers, locked }, store) {
	return [
		...listing.unreadable.map(({ file, because }) => `${file} in ${store} cannot be read and was left: ${because}`),
		...listing.damaged.map(({ file, because }) => `The backup ${file} in ${store} is damaged and was left: ${because}`),
		...listing.withoutManifest.map((file) => `${file} in ${store} has no manifest and was left: an upload that is under way, or was cut off`),
		...[...new Set(ofOthers.map(({ manifest }) => environmentOf(manifest)))].map((environment) => `Backups of the environment \`${environment}\` in ${store} were left: --environment ${environment} judges them by its policy`),
		...locked.map(({ name, because }) => `${name} is locked and was left: ${because}`),
		...listing.strangers === 0 ? [] : [`${store} has ${plural(listing.strangers, "file")} besides backups, not looked into`]
	];
}
export { prune };
