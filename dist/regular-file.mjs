import { readFile, stat } from "node:fs/promises";
// src/regular-file.ts
async function readRegularFile(path) {
	const found = await stat(path);
	if (!found.isFile() && !found.isDirectory()) throw Object.assign(/* @__PURE__ */ new Error("What exists at that path is not a file"), {
		code: "EINVAL",
		path
	});
	return await readFile(path);
}
async function readRegularText(path) {
	return (await readRegularFile(path)).toString("utf8");
}
export { readRegularText as n, readRegularFile as t };
