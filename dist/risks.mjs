import { t as formatBytes } from "./words.mjs";
import { A as dataLosses, j as lockModes } from "./rules.mjs";
// src/stages/plan/risks.ts
const firstModeThatBlocksWrites = lockModes.indexOf("ShareLock");
function risksOf(migrations, sizes, largeBytes) {
	return migrations.flatMap((migration) => migration.statements.flatMap((statement) => risksOfStatement(statement, sizes, largeBytes).map((risk) => ({
		...risk,
		migration: migration.name,
		line: statement.range.line
	}))));
}
const ofRunningRelease = "breaks-running-release";
function risksOfFindings(findings, migrations, risks) {
	return findings.filter(({ rule, severity }) => severity === "error" && rule !== ofRunningRelease).flatMap(({ rule, migration, line, message }) => {
		const statement = migrations.find(({ name }) => name === migration)?.statements.find(({ range }) => range.line <= line && line <= range.endLine);
		return risks.some((risk) => risk.migration === migration && risk.line === statement?.range.line) ? [] : [{
			reason: "finding",
			migration,
			line,
			text: `${rule}: ${message}`
		}];
	});
}
function risksOfStatement(statement, sizes, largeBytes) {
	const { effects } = statement;
	const risks = effects.loses.filter((loss) => dataLosses.has(loss.kind)).map((loss) => ({
		reason: "destructive",
		text: `loses ${loss.kind.replace("-", " ")} ${loss.name}`
	}));
	const sequences = effects.loses.filter((loss) => loss.kind === "sequence").map((loss) => loss.name);
	for (const sequence of sequences) risks.push({
		reason: "irreversible",
		text: `loses the position of sequence ${sequence}; which number came next is only in the backup`
	});
	for (const relation of effects.overwrites.filter((one) => !sequences.includes(one))) risks.push({
		reason: "irreversible",
		text: `overwrites rows of ${relation}; their old values are only in the backup`
	});
	for (const relation of /* @__PURE__ */ new Set([...effects.rewrites, ...effects.scans])) {
		const mode = effects.locks.find((lock) => lock.relation === relation && blocksWrites(lock.mode))?.mode;
		const bytes = sizes.get(relation);
		const emptied = effects.loses.some((loss) => loss.kind === "rows" && loss.name === relation);
		if (mode === void 0 || emptied || bytes !== void 0 && bytes < largeBytes) continue;
		const work = effects.rewrites.includes(relation) ? "rewrites" : "reads all of";
		const size = bytes === void 0 ? "of unknown size" : `of ${formatBytes(bytes)}`;
		risks.push({
			reason: "long-lock",
			text: `${work} ${relation} ${size} while it holds ${mode}`
		});
	}
	if (effects.unknown) risks.push({
		reason: "unknown",
		text: `what it does cannot be told: ${effects.unknownBecause ?? "no reason recorded"}`
	});
	return risks;
}
function blocksWrites(mode) {
	return lockModes.indexOf(mode) >= firstModeThatBlocksWrites;
}
export { risksOfFindings as n, risksOf as t };
