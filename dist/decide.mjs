import { n as quoteIdentifier } from "./quoting.mjs";
import { r as plural, t as formatBytes } from "./words.mjs";
// src/stages/restore/writes-since/decide.ts
function parseAcceptedLoss(text) {
	if (text === "unknown") return { kind: "unknown" };
	const most = Number(text);
	return /^\d{1,15}$/.test(text) && Number.isSafeInteger(most) ? {
		kind: "changes",
		most
	} : void 0;
}
function largestAnswer(changes) {
	return 2 * changes + 1e3;
}
function decideLoss(database, writes, accepted) {
	if (writes.kind === "unknown") return accepted?.kind === "unknown" ? {
		kind: "allowed",
		most: null
	} : refused(database, writes, unknownNext);
	const { changes } = writes;
	if (accepted?.kind === "changes" && accepted.most >= changes && accepted.most <= largestAnswer(changes)) return {
		kind: "allowed",
		most: accepted.most
	};
	if (changes === 0 && accepted?.kind !== "changes") return {
		kind: "allowed",
		most: 0
	};
	return refused(database, writes, nextFor(changes, accepted));
}
const stopFirst = "Stop the application first: while it writes, there is more to lose every second.";
const unknownNext = [stopFirst, "To go on although nobody can say what is lost, add: --accept-loss unknown"];
function nextFor(changes, accepted) {
	const add = `To go on and lose that, add: --accept-loss ${changes}`;
	if (accepted === void 0) return [stopFirst, add];
	if (accepted.kind === "unknown") return [`It is not unknown here. ${add}`];
	return accepted.most < changes ? [stopFirst, add] : [`\`--accept-loss ${accepted.most}\` is not about this database: name a number from ${changes} to ${largestAnswer(changes)}.`];
}
function refused(database, writes, next) {
	const name = quoteIdentifier(database);
	return {
		kind: "refused",
		failure: {
			code: "RESTORE.WRITES_SINCE",
			what: writes.kind === "counted" ? `${plural(writes.changes, "row change")} since the backup would be lost with ${name}. Nothing was swapped.` : `It cannot be told what was written to ${name} since the backup. Nothing was swapped.`,
			why: describeWrites(writes).join("\n"),
			next
		}
	};
}
function moreWritten(database, found, most) {
	return {
		code: "RESTORE.WRITES_SINCE",
		what: `${plural(found, "row change")} since the backup would be lost with ${quoteIdentifier(database)}. Nothing was swapped.`,
		why: `${most} may be lost. The rest was written until the last session ended; the sessions were ended, and the application can connect again.`,
		next: [stopFirst, `To go on and lose that, add: --accept-loss ${found}`]
	};
}
const longestList = 20;
function describeWrites(writes) {
	const log = writes.walBytes === null ? [] : [`The server, with all its databases, wrote ${formatBytes(writes.walBytes)} of log since then.`];
	if (writes.kind === "unknown") return [writes.because, ...log];
	const shown = writes.tables.slice(0, longestList).map(describeTable);
	const more = writes.tables.length - shown.length;
	return [
		...shown,
		...more > 0 ? [`and ${plural(more, "more table")}`] : [],
		...writes.catalogChanges > 0 ? [`system catalog: ${plural(writes.catalogChanges, "row")} (the schema was changed, or a table emptied with TRUNCATE)`] : [],
		...writes.changes > 0 ? ["Rows that a rolled-back transaction wrote are counted as well."] : [],
		...log
	];
}
function describeTable({ table, inserted, updated, deleted }) {
	return `${table}: ${[
		[inserted, "inserted"],
		[updated, "updated"],
		[deleted, "deleted"]
	].filter(([rows]) => rows > 0).map(([rows, what]) => `${rows} ${what}`).join(", ")}`;
}
export { parseAcceptedLoss as i, describeWrites as n, moreWritten as r, decideLoss as t };
