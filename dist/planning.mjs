import { r as plural, t as formatBytes } from "./words.mjs";
import { t as secretsIn } from "./secrets.mjs";
import { a as readIdentity, l as takePart, r as readFacts } from "./preflight.mjs";
import { n as refuseMissingPrivileges, r as relationsThatNeedTheirOwner, t as readRelations } from "./gate.mjs";
import { n as risksOfFindings, t as risksOf } from "./risks.mjs";
import { O as quotedRelation, i as rules } from "./rules.mjs";
import { createHash } from "node:crypto";
// src/stages/plan/digest.ts
const ruleSetVersion = 1;
function digestOf(input, sha256) {
	return `sha256:${sha256(canonicalJson({
		ruleSetVersion,
		migrations: input.migrations.map(({ name, checksum, execution, resumesAt }) => ({
			name,
			checksum,
			kind: execution.kind,
			atomic: execution.atomic,
			resumesAt
		})),
		historyHead: input.historyHead ?? null,
		schemaFingerprint: input.schemaFingerprint,
		target: input.target,
		risks: input.risks.map(({ reason, migration, line }) => ({
			reason,
			migration,
			line
		})),
		policy: input.policy,
		rules: input.rules
	}))}`;
}
function canonicalJson(value) {
	return JSON.stringify(value, (_key, part) => part !== null && typeof part === "object" && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1)) : part);
}
// src/stages/plan/order.ts
function lateAmong({ outOfOrder, head }) {
	if (head === void 0) return void 0;
	return {
		names: new Set(outOfOrder.map(({ name }) => name)),
		behind: head
	};
}
// src/stages/plan/sizes.ts
const growing = new Set(rules.filter((rule) => rule.growsWithTable === true).map(({ id }) => id));
function findingsWithSizes(findings, measured) {
	return findings.map((finding) => growing.has(finding.rule) ? withSize(finding, measured) : finding);
}
function withSize(finding, { sizes, largeBytes, schema, settings }) {
	const { relation } = finding;
	if (relation === void 0) return finding;
	const name = quotedRelation(relation, schema);
	const size = sizes.get(relation);
	if (size === void 0) return {
		...finding,
		why: `${finding.why} The size of ${name} is not known and counts as large.`
	};
	const small = size.bytes < largeBytes;
	const lowered = small && finding.severity === "warning" && settings[finding.rule] === void 0;
	const verdict = small ? `, which is less than ${formatBytes(largeBytes)} and counts as small` : "";
	return {
		...finding,
		severity: lowered ? "notice" : finding.severity,
		why: `${finding.why} ${name} has ${formatBytes(size.bytes)} and ${rowsText(size.rows)}${verdict}.`
	};
}
const scales = [
	{
		from: 1e9,
		word: " billion"
	},
	{
		from: 1e6,
		word: " million"
	},
	{
		from: 1e3,
		word: " thousand"
	}
];
function rowsText(rows) {
	if (rows === null) return "an unknown number of rows";
	const rounded = Number(rows.toPrecision(2));
	const scale = scales.find(({ from }) => rounded >= from);
	if (scale === void 0) return `about ${rounded} ${rounded === 1 ? "row" : "rows"}`;
	return `about ${Number((rounded / scale.from).toPrecision(2))}${scale.word} rows`;
}
// src/stages/plan/perform.ts
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
async function planStage(context, target, facts, running) {
	return context.run.stage("plan", async () => (await makePlan(context, target, facts, running)).plan, (plan) => ({
		outcome: "pass",
		summary: `${plural(plan.migrations.length, "migration")}, ${plural(statementsIn(plan), "statement")}, ${plural(plan.findings.length, "finding")}`,
		detail: {
			digest: plan.digest,
			risks: plan.risks.length
		}
	}));
}
async function replan(context, target) {
	const facts = await takePart(context, target, await readFacts(target));
	if (facts.history.pending.length === 0) return {
		kind: "nothing-pending",
		facts
	};
	return {
		kind: "planned",
		facts,
		...await makePlan(context, target, facts)
	};
}
async function makePlan(context, { session, url, source, intent, apply, lastLook }, facts, running) {
	const { policy } = context;
	const recorded = source.historyIn(url.schema);
	context.redactor.add(facts.history.pending.flatMap(({ sql }) => secretsIn(sql)));
	const { analysis, catalog } = await lastLook.look(session, facts.history.pending, {
		prismaVersion: source.kind === "prisma" ? source.prisma.version : void 0,
		apply,
		schema: url.schema,
		rules: policy.rules,
		oneRun: true,
		running: running === void 0 ? void 0 : {
			release: running,
			mustBear: () => true
		},
		late: lateAmong(facts.history)
	});
	const statements = analysis.migrations.flatMap((migration) => migration.statements);
	const names = new Set(statements.flatMap(({ effects }) => [
		...effects.locks.map((lock) => lock.relation),
		...effects.scans,
		...effects.rewrites
	]));
	const relations = await readRelations(session, [...names]);
	if (intent === "write") await refuseMissingPrivileges(session, url, relations, relationsThatNeedTheirOwner(statements), recorded.schema);
	const largeBytes = policy.thresholds["large-table"];
	const sizes = new Map(relations.map((relation) => [relation.name, relation]));
	const findings = findingsWithSizes(analysis.findings, {
		sizes,
		largeBytes,
		schema: url.schema,
		settings: policy.rules
	});
	const effectRisks = risksOf(analysis.migrations, new Map(relations.map(({ name, bytes }) => [name, bytes])), largeBytes);
	const risks = [...effectRisks, ...risksOfFindings(findings, analysis.migrations, effectRisks)];
	const digest = digestOf({
		migrations: analysis.migrations,
		historyHead: facts.history.head,
		schemaFingerprint: catalog.fingerprint,
		target: {
			systemIdentifier: await readIdentity(session, url),
			database: url.database,
			schema: url.schema,
			history: source.kind === "prisma" ? void 0 : recorded.words.name
		},
		risks,
		policy,
		rules: policy.rules
	}, sha256);
	return {
		plan: {
			...analysis,
			findings,
			risks,
			digest,
			leftOut: facts.leftOut
		},
		catalog
	};
}
function statementsIn(plan) {
	return plan.migrations.reduce((sum, migration) => sum + migration.statements.length, 0);
}
export { replan as n, planStage as t };
