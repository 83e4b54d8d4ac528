import { a as reasonOf, n as nothingPending, r as ofPlan } from "./ended.mjs";
import { r as plural } from "./words.mjs";
import { t as gate } from "./stage.mjs";
import { n as recordCompatibility, t as readBase } from "./running-release.mjs";
import { t as planStage } from "./planning.mjs";
import { n as preflight, t as openTarget } from "./preflight.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
// src/commands/plan.ts
async function plan(context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const target = _usingCtx$1.a(await openTarget(context, "read"));
		const facts = await preflight(context, target);
		if (facts.history.pending.length === 0) return nothingPending(facts);
		const { source } = target;
		const base = await readBase(context, {
			schemaPath: async () => source.kind === "prisma" ? source.project.schemaPath : void 0,
			migrationsPath: source.migrationsPath,
			schema: target.url.schema
		});
		const planned = await planStage(context, target, facts, base.kind === "read" ? base.running : void 0);
		await recordCompatibility(context.run, base, planned.findings);
		context.run.learn(ofPlan(facts, planned));
		const verdict = await gate(context, planned);
		if (verdict.kind === "clear") return {
			...ofPlan(facts, planned),
			outcome: "clear",
			reasonCode: "clear",
			reason: `${plural(planned.migrations.length, "migration")} may be applied: ${verdict.clearance.because}.`,
			next: ["airlock deploy"]
		};
		return {
			...ofPlan(facts, planned),
			outcome: verdict.kind,
			reasonCode: verdict.code,
			reason: reasonOf(verdict),
			next: verdict.next
		};
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
export { plan };
