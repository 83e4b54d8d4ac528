import { i as shellWord } from "./quoting.mjs";
// src/stages/rehearse/next-steps.ts
function tryAgain({ find, approvable }, manifestPath) {
	if (approvable) return ["Read what it did. If that may happen, approve the plan by its digest: `--approve`, or the input `approve`."];
	const rows = find === void 0 ? [] : ["The rows that stand in its way:", find];
	if (manifestPath === void 0) return [...rows, "Correct the migration, or the data that stands in its way, then start again."];
	return [
		...rows,
		"Correct the migration, and try it on the same data; the database is not needed for that:",
		`airlock rehearse --from ${shellWord(manifestPath)}`,
		"Or correct the data that stands in its way, then deploy again."
	];
}
export { tryAgain as t };
