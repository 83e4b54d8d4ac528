// src/stages/backup/providers/decide.ts
const ownPrefix = "airlock-";
function nameSnapshot(database, at) {
	const stamp = at.toISOString().replaceAll(/[-:]|\.\d+/g, "").toLowerCase();
	const room = 52 - stamp.length - 1;
	const label = database.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").slice(0, room).replaceAll(/^-+|-+$/g, "");
	return `${ownPrefix}${label === "" ? "" : `${label}-`}${stamp}`;
}
function hasOwnName(name) {
	return /^airlock-(?:[a-z0-9]+-)*\d{8}t\d{6}z$/.test(name);
}
function newestFirst(snapshots) {
	const time = ({ at }) => at?.getTime() ?? Number.NEGATIVE_INFINITY;
	return [...snapshots].sort((a, b) => time(a) === time(b) ? 0 : time(b) > time(a) ? 1 : -1);
}
function nextDelay({ firstDelayMs, longestDelayMs, deadlineMs }, asked, waitedMs) {
	if (waitedMs >= deadlineMs) return void 0;
	const growing = Math.min(longestDelayMs, firstDelayMs * 1.5 ** asked);
	return Math.min(growing, deadlineMs - waitedMs);
}
function sayMinutes(ms) {
	return ms < 6e4 ? `${Math.round(ms / 1e3)} s` : `${Math.round(ms / 6e4)} min`;
}
export { sayMinutes as a, nextDelay as i, nameSnapshot as n, newestFirst as r, hasOwnName as t };
