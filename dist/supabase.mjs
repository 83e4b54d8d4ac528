import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { i as boolean, l as number, p as string, r as array, u as object } from "./schemas.mjs";
import { n as ask } from "./provider-api.mjs";
import { a as sayMinutes, i as nextDelay, r as newestFirst } from "./snapshot-names.mjs";
import { setTimeout } from "node:timers/promises";
// src/stages/backup/providers/supabase/decide.ts
const supabaseCapabilities = {
	restore: "manual",
	automatic: false,
	incremental: "yes",
	proves: "nothing",
	notCaptured: [
		"files in Supabase Storage: only what the database knows of them",
		"passwords of roles of your own, in daily backups",
		"a copy outside of Supabase: it is gone when the project is"
	]
};
const backupsAnswer = object({
	region: string(),
	walg_enabled: boolean(),
	pitr_enabled: boolean(),
	backups: array(object({
		is_physical_backup: boolean(),
		status: string(),
		inserted_at: string().refine((text) => !Number.isNaN(Date.parse(text)), "a time")
	})).nullable(),
	physical_backup_data: object({
		earliest_physical_backup_date_unix: number().positive().nullish(),
		latest_physical_backup_date_unix: number().positive().nullish()
	}).nullish()
});
function projectIn(host, user) {
	const direct = /^db\.([a-z0-9]{20})\.supabase\.(?:co|com|in|net)$/.exec(host.toLowerCase())?.[1];
	if (direct !== void 0) return direct;
	if (!/\.pooler\.supabase\.com$/.test(host.toLowerCase())) return void 0;
	return /\.([a-z0-9]{20})$/.exec(user)?.[1];
}
function hostIsNotSupabases(host) {
	return {
		code: "CONFIG.INVALID",
		what: "`strategy: supabase` needs the address of a Supabase project in the connection URL.",
		why: `The host is ${host}, and neither it nor the user says which project it is.`,
		next: ["Use the connection string that the Supabase dashboard shows, or `strategy: pg_dump`."]
	};
}
function windowOf({ pitr_enabled: enabled, physical_backup_data: data }) {
	const from = data?.earliest_physical_backup_date_unix ?? null;
	const to = data?.latest_physical_backup_date_unix ?? null;
	if (!enabled || from === null || to === null || to < from) return null;
	return {
		from: /* @__PURE__ */ new Date(from * 1e3),
		to: /* @__PURE__ */ new Date(to * 1e3)
	};
}
function noRecovery(project) {
	return {
		code: "PROVIDER.REFUSED",
		what: `The Supabase project ${project} has no point-in-time recovery.`,
		why: "Its backups are made once a day, and none can be asked for: going back would lose what was written since the last one.",
		next: ["Use `strategy: pg_dump`.", "Or add point-in-time recovery to the project: https://supabase.com/docs/guides/platform/backups#point-in-time-recovery"]
	};
}
function restoreByHand(project, at) {
	return [`https://supabase.com/dashboard/project/${project}/database/backups/pitr → ${at.toISOString()}`, "The project is down while it is restored over; for a large one that takes hours. Everything written since is lost."];
}
// src/stages/backup/providers/supabase/supabase.ts
const credentialSteps = ["Make a personal access token (https://supabase.com/dashboard/account/tokens), store it as the secret SUPABASE_ACCESS_TOKEN, and hand it over to the step under `env:`."];
function supabaseStrategy(settings, access) {
	const found = projectIn(settings.host, settings.user);
	if (found === void 0) throw new FailureError(hostIsNotSupabases(settings.host));
	const project = found;
	const token = access.environment.SUPABASE_ACCESS_TOKEN?.trim() ?? "";
	if (token === "") throw fail("PROVIDER.CREDENTIALS", {
		what: "There is no token for Supabase.",
		why: "SUPABASE_ACCESS_TOKEN is not set.",
		next: credentialSteps
	});
	const api = {
		provider: "Supabase",
		secrets: [token],
		credentialSteps,
		patienceMs: access.patienceMs ?? 3e5,
		answerMs: access.answerMs ?? 6e4,
		reasonIn: (text) => text.trim().slice(0, 300) || "no reason given"
	};
	async function backups(signal) {
		const request = {
			method: "GET",
			url: new URL(`/v1/projects/${project}/database/backups`, access.origin ?? "https://api.supabase.com"),
			headers: {
				accept: "application/json",
				authorization: `Bearer ${token}`
			},
			body: null
		};
		const { text } = await ask(api, () => request, signal);
		return readBackups(text);
	}
	async function take({ name, signal, onProgress }) {
		const at = /* @__PURE__ */ new Date(Math.ceil(Date.now() / 1e3) * 1e3);
		const startedMs = performance.now();
		for (let asked = 0;; asked += 1) {
			const window = windowOf(await backups(signal));
			if (window === null) throw new FailureError(noRecovery(project));
			if (window.from <= at && at <= window.to) break;
			const waitedMs = performance.now() - startedMs;
			const delay = nextDelay(settings.patience, asked, waitedMs);
			if (delay === void 0) throw notStored(project, at, window.to, waitedMs);
			onProgress(`Supabase, after ${sayMinutes(waitedMs)}: the log is stored until ${window.to.toISOString()}`);
			await setTimeout(delay, void 0, { signal }).catch(() => void 0);
		}
		return {
			snapshot: {
				id: at.toISOString(),
				name,
				where: `point-in-time recovery of the Supabase project ${project}`,
				at,
				lsn: null,
				bytes: null,
				ours: false,
				restoreByHand: restoreByHand(project, at)
			},
			proven: supabaseCapabilities.proves,
			notChecked: ["whether it restores: Supabase restores over the running project only"]
		};
	}
	return {
		name: "supabase",
		capabilities: supabaseCapabilities,
		take,
		list: async (signal) => newestFirst(((await backups(signal)).backups ?? []).filter(({ status }) => status === "COMPLETED").map(({ inserted_at: at }) => ({
			id: at,
			name: at,
			where: `daily backup of the Supabase project ${project}`,
			at: new Date(at),
			lsn: null,
			bytes: null,
			ours: false,
			restoreByHand: [`https://supabase.com/dashboard/project/${project}/database/backups/scheduled`]
		}))),
		window: async (signal) => windowOf(await backups(signal))
	};
}
function readBackups(text) {
	try {
		return backupsAnswer.parse(JSON.parse(text));
	} catch (thrown) {
		throw fail("PROVIDER.UNEXPECTED", {
			what: "Supabase answered in a way that this release does not know.",
			why: `backups: ${messageOf(thrown).slice(0, 500)}`,
			next: ["Look for a newer release of Airlock, or use `strategy: pg_dump`, which needs no provider."]
		});
	}
}
function notStored(project, at, until, waitedMs) {
	return fail("PROVIDER.NOT_READY", {
		what: "Supabase has not stored its log up to the beginning of this run.",
		why: `After ${sayMinutes(waitedMs)} ${project} can go back to ${until.toISOString()}, and not to ${at.toISOString()}. A database that nobody writes to stores none.`,
		next: ["Run this again in some minutes, or use `strategy: pg_dump`."]
	});
}
export { supabaseStrategy };
