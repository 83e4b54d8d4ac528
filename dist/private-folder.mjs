import { t as errnoOf } from "./errno.mjs";
import { dirname, join, resolve, sep } from "node:path";
import { mkdir, stat, writeFile } from "node:fs/promises";
// src/private-folder.ts
const home = ".airlock";
async function makePrivateFolder(folder) {
	await makeFolder(resolve(folder));
	const parts = resolve(folder).split(sep);
	const at = parts.lastIndexOf(home);
	if (at > 0) await writeNew(join(parts.slice(0, at + 1).join(sep), ".gitignore"), "*\n");
}
async function makeFolder(path) {
	try {
		await mkdir(path, { mode: 448 });
	} catch (error) {
		const parent = dirname(path);
		if (errnoOf(error) === "EEXIST" && await isFolder(path)) return;
		if (errnoOf(error) !== "ENOENT" || parent === path || await isFolder(parent)) throw error;
		await makeFolder(parent);
		await mkdir(path, { mode: 448 });
	}
}
async function isFolder(path) {
	return (await stat(path).catch(() => void 0))?.isDirectory() === true;
}
async function writeNew(path, text) {
	try {
		await writeFile(path, text, { flag: "wx" });
	} catch (error) {
		if (errnoOf(error) !== "EEXIST") throw error;
	}
}
export { makePrivateFolder as n, makeFolder as t };
