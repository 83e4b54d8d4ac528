import { l as oneLine, t as copyWords } from "./describe.mjs";
import { r as plural } from "./words.mjs";
// src/ended.ts
function targetOf({ url }) {
	return {
		host: url.host,
		database: url.database
	};
}
function nothingPending(facts) {
	return {
		outcome: "nothing-pending",
		reasonCode: "nothing_pending",
		reason: facts.leftOut.length === 0 ? `All ${plural(facts.history.applied.length, "migration")} of the folder are applied.` : `Nothing of what was asked for is pending. Still pending, because it was not asked for: ${facts.leftOut.join(", ")}.`,
		target: targetOf(facts),
		...noMigrations,
		next: []
	};
}
const noMigrations = {
	migrations: [],
	applied: [],
	findings: [],
	allowed: []
};
function ofPlan(facts, plan) {
	return {
		target: targetOf(facts),
		digest: plan.digest,
		migrations: plan.migrations.map(reported),
		applied: [],
		findings: plan.findings,
		allowed: plan.allowed,
		next: []
	};
}
function refused(facts, plan, refusal) {
	return {
		...ofPlan(facts, plan),
		outcome: "refused",
		reasonCode: refusal.code,
		reason: reasonOf(refusal),
		next: refusal.next
	};
}
function reasonOf({ reason, risks }) {
	return [reason, ...risks.map((risk) => oneLine(`${risk.migration}:${risk.line} ${risk.text}`))].join("\n");
}
function planChanged(facts, before, now) {
	const was = before.migrations.map((migration) => migration.name).join(", ");
	const is = now.migrations.map((migration) => migration.name).join(", ");
	return {
		...ofPlan(facts, now),
		outcome: "refused",
		reasonCode: "plan_changed",
		reason: ["The plan is no longer the one that passed the gate: the database, the history or the files changed in between.", was === is ? `The same migrations are pending (${is}), on another schema or with other contents.` : `Pending was ${was}; pending is ${is}.`].join("\n"),
		next: ["Read the new plan, then start again:", "airlock plan"]
	};
}
function rehearsalFailed(facts, plan, { problems, real, approvable, estimate }, next) {
	return {
		...ofPlan(facts, plan),
		outcome: "refused",
		reasonCode: "rehearsal_failed",
		reason: [`${whatWentWrong(copyWords[estimate.mode], real.said !== void 0, approvable)} Nothing was applied to the database itself.`, ...problems].join("\n"),
		next
	};
}
function whatWentWrong(copy, engineFailed, approvable) {
	if (engineFailed) return `On ${copy} the migrations did not go through.`;
	if (approvable) return `On ${copy} the migrations went through, and did what the plan does not say.`;
	return `On ${copy} the migrations went through, and what they left is not what it should be.`;
}
function reported(migration) {
	return {
		name: migration.name,
		checksum: migration.checksum,
		atomic: migration.execution.atomic,
		stage: migration.stage,
		statements: migration.statements.map(({ index, range, kind, sql, effects }) => ({
			index,
			line: range.line,
			kind,
			sql,
			effects
		}))
	};
}
export { reasonOf as a, reported as c, planChanged as i, targetOf as l, nothingPending as n, refused as o, ofPlan as r, rehearsalFailed as s, noMigrations as t };
