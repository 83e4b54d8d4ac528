// src/report/words.ts
function formatMs(ms) {
	if (Math.round(ms) < 1e3) return `${Math.round(ms)} ms`;
	const tenths = Math.round(ms / 100);
	if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
	const seconds = Math.round(ms / 1e3);
	return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
function formatBytes(bytes) {
	const units = [
		"B",
		"kB",
		"MB",
		"GB",
		"TB"
	];
	let value = bytes;
	let unit = 0;
	while (value >= 1024 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
function plural(count, word, many = `${word}s`) {
	return `${count} ${count === 1 ? word : many}`;
}
export { formatMs as n, plural as r, formatBytes as t };
