import { n as formatMs, r as plural } from "./words.mjs";
// src/report/findings-width.ts
const wide = [
	[4352, 4447],
	[11904, 12350],
	[12353, 13311],
	[13312, 19903],
	[19968, 40959],
	[40960, 42191],
	[44032, 55203],
	[63744, 64255],
	[65072, 65135],
	[65280, 65376],
	[65504, 65510],
	[127744, 128591],
	[128640, 128767],
	[129280, 129535],
	[131072, 262141]
];
const firstOfOtherWidth = 173;
function charWidth(char) {
	const code = char.codePointAt(0) ?? 0;
	if (code < firstOfOtherWidth) return 1;
	if (/^(\p{Mn}|\p{Me}|\p{Cf})$/u.test(char)) return 0;
	return wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}
function textWidth(text) {
	if (isNarrow(text)) return text.length;
	let width = 0;
	for (const char of text) width += charWidth(char);
	return width;
}
function isNarrow(text) {
	for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) >= firstOfOtherWidth) return false;
	return true;
}
const unprintable = /(?![\t\n])\p{Cc}|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
function printable(text) {
	return text.replaceAll(unprintable, "�");
}
function wrapped(text, width) {
	const lines = [];
	for (const paragraph of text.split("\n")) {
		let line = "";
		let columns = 0;
		for (const word of paragraph.split(/ +/)) {
			const more = textWidth(word);
			if (line !== "" && columns + 1 + more > width) {
				lines.push(line);
				line = word;
				columns = more;
			} else {
				columns = line === "" ? more : columns + 1 + more;
				line = line === "" ? word : `${line} ${word}`;
			}
		}
		lines.push(line);
	}
	return lines;
}
// src/report/markdown-text.ts
const nothing = "​";
const lineMarks = /^(\s*)(?=[#>|=+*-]|`{3}|~{3}|\d+[.)])/gm;
function prose(text) {
	return html(clean(text)).replaceAll("@", `@${nothing}`).replaceAll(/\](?=[([:])/g, `]${nothing}`).replaceAll(lineMarks, `$1${nothing}`);
}
function line(text) {
	return prose(oneLine(text));
}
function cell(text) {
	return line(text).replaceAll("|", "\\|");
}
function code(text) {
	const shown = oneLine(clean(text));
	const fence = "`".repeat(longestRun(shown) + 1);
	const space = shown === "" || shown.startsWith("`") || shown.endsWith("`") ? " " : "";
	return `${fence}${space}${shown}${space}${fence}`;
}
function codeCell(text) {
	return code(text).replaceAll("|", "\\|");
}
function quote(text) {
	return prose(text).split("\n").map((one) => `> ${one}`).join("\n");
}
function fenced(text, language) {
	const fence = "`".repeat(Math.max(2, longestRun(text)) + 1);
	return `${fence}${language}\n${clean(text)}\n${fence}`;
}
function table(head, rows) {
	const row = (cells) => `| ${cells.join(" | ")} |`;
	return [
		row(head),
		`|${head.map(() => " --- |").join("")}`,
		...rows.map(row)
	].join("\n");
}
function html(text) {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
function oneLine(text) {
	return text.replaceAll(/\s*[\r\n]+\s*/g, " ");
}
function clean(text) {
	return printable(text.replaceAll("\r\n", "\n"));
}
function longestRun(text) {
	return Math.max(0, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
}
// src/stages/rehearse/describe.ts
const copyWords = {
	data: "a copy of the data",
	schema: "an empty copy of the schema"
};
const always = ["privileges and row-level security: the copy is used by a role that may do everything", "limits and load of the server"];
const notChecked = {
	data: always,
	schema: [
		"whether the rows allow it: the copy has none (duplicates, values that are missing or do not fit, orphans)",
		"how long it takes where it goes through rows, and how the planner would go through them: it counts the pages of a file, and those are empty",
		"rows and assertions: what the migrations do to values",
		...always
	]
};
function describeRehearsal(rehearsal) {
	switch (rehearsal.kind) {
		case "passed": return {
			outcome: "pass",
			summary: `${plural(rehearsal.real.finished.length, "migration")} in ${formatMs(rehearsal.real.ms)} on ${copyWords[rehearsal.estimate.mode]}; not checked: ${rehearsal.notChecked.map((what) => what.split(":")[0]).join(", ")}`,
			detail: {
				ms: rehearsal.real.ms,
				notChecked: rehearsal.notChecked
			}
		};
		case "failed": return {
			outcome: "fail",
			summary: rehearsal.problems[0] ?? "",
			detail: { problems: rehearsal.problems }
		};
		case "not-made": return {
			outcome: "skipped",
			summary: rehearsal.because
		};
	}
}
export { code as a, line as c, quote as d, table as f, wrapped as g, textWidth as h, cell as i, oneLine as l, printable as m, describeRehearsal as n, codeCell as o, charWidth as p, notChecked as r, fenced as s, copyWords as t, prose as u };
