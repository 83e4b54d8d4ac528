import { n as nothingPending, r as ofPlan, s as rehearsalFailed } from "./ended.mjs";
import { W as startJanitor } from "./scratch-server.mjs";
import { r as openSource } from "./open-source.mjs";
import { n as formatMs, r as plural } from "./words.mjs";
import { a as copyDatabase } from "./backup-stage.mjs";
import { t as planStage } from "./planning.mjs";
import { r as urlIfGiven } from "./postgres-url.mjs";
import { n as preflight, t as openTarget } from "./preflight.mjs";
import { n as openCopy, t as rehearse$1 } from "./rehearsal.mjs";
import { t as copyWords } from "./describe.mjs";
import { t as tryAgain } from "./next-steps.mjs";
import { r as openBackup, t as backupRequest } from "./request.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { tmpdir } from "node:os";
// src/commands/rehearse.ts
async function rehearse(context) {
	const { from } = context.invocation;
	return await (from === void 0 ? ofTheDatabase(context) : ofABackup(context, from));
}
async function ofTheDatabase(context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const target = _usingCtx$1.a(await openTarget(context, "read"));
		const facts = await preflight(context, target);
		if (facts.history.pending.length === 0) return nothingPending(facts);
		const plan = await planStage(context, target, facts);
		context.run.learn(ofPlan(facts, plan));
		const planned = {
			facts,
			plan,
			origin: {
				production: target.session,
				backup: void 0
			},
			manifestPath: void 0
		};
		if (context.policy.rehearse === "schema") return await onTheCopy(context, target, planned, void 0);
		const janitor = _usingCtx$1.a(await startJanitor());
		const folder = _usingCtx$1.a(await janitor.folder(context.invocation.env.RUNNER_TEMP ?? tmpdir(), "airlock-rehearsal-"));
		const made = _usingCtx$1.a(await copyDatabase(context, target.url, {
			folder: folder.path,
			janitor
		}));
		return await onTheCopy(context, target, {
			...planned,
			origin: {
				production: target.session,
				backup: made.backup
			}
		}, made.copy);
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function ofABackup(context, from) {
	try {
		var _usingCtx3 = _usingCtx();
		const source = await openSource(context.invocation, context.config);
		const janitor = _usingCtx3.a(await startJanitor());
		const request = await backupRequest(context, janitor, from, context.policy.backup.scratch);
		const { manifestPath } = request;
		const { copy } = _usingCtx3.a(await context.run.stage("restore", () => openBackup({
			...request,
			tier: "restored"
		}), ({ checked }) => ({
			outcome: "pass",
			summary: `the backup of ${checked.manifest.startedAt}`,
			detail: { manifest: manifestPath }
		})));
		if (copy === void 0) throw new Error("a backup that was restored leaves a copy");
		const apply = source.kind === "prisma" ? context.policy.apply : "atomic";
		const like = {
			url: await urlIfGiven(context, source.urls) ?? copy.url,
			source,
			apply
		};
		const planned = await planOn(context, like, copy);
		if (planned.plan === void 0) return {
			...nothingPending(planned.facts),
			target: void 0
		};
		const origin = {
			production: void 0,
			backup: void 0
		};
		return {
			...await onTheCopy(context, like, {
				...planned,
				plan: planned.plan,
				origin,
				manifestPath
			}, copy),
			target: void 0,
			digest: void 0
		};
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
async function planOn(context, like, copy) {
	try {
		var _usingCtx4 = _usingCtx();
		const target = _usingCtx4.a(await openCopy(context, like, copy));
		const facts = await preflight(context, target);
		if (facts.history.pending.length === 0) return {
			facts,
			plan: void 0
		};
		return {
			facts,
			plan: await planStage(context, target, facts)
		};
	} catch (_) {
		_usingCtx4.e = _;
	} finally {
		await _usingCtx4.d();
	}
}
async function onTheCopy(context, like, { facts, plan, origin, manifestPath }, copy) {
	const rehearsal = await rehearse$1({
		...context,
		policy: {
			...context.policy,
			rehearse: copy === void 0 ? "schema" : "data"
		}
	}, like, plan, copy, origin);
	if (rehearsal.kind === "not-made") return {
		...ofPlan(facts, plan),
		outcome: "refused",
		reasonCode: "rehearsal_failed",
		reason: rehearsal.because
	};
	if (rehearsal.kind === "failed") return rehearsalFailed(facts, plan, rehearsal, tryAgain(rehearsal, manifestPath));
	return {
		...ofPlan(facts, plan),
		outcome: "done",
		reasonCode: "rehearsed",
		reason: [`${plural(rehearsal.real.finished.length, "migration")} went through on ${copyWords[rehearsal.estimate.mode]} in ${formatMs(rehearsal.real.ms)}. The database itself was not changed.`, ...rehearsal.notChecked.map((what) => `not checked: ${what}`)].join("\n")
	};
}
export { rehearse };
