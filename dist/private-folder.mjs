import { t as errnoOf } from "./errno.mjs";
import { dirname, join, resolve, sep } from "node:path";
import { mkdir, stat, writeFile } from "node:fs/promises";
// src/stages/backup/dump/shape.ts
const dumpFormats = ["custom", "directory"];
const compressionMethods = [
	"zstd",
	"lz4",
	"gzip",
	"none"
];
const levels = {
	zstd: [1, 22],
	lz4: [1, 12],
	gzip: [1, 9],
	none: null
};
function parseCompression(text) {
	if (text === "auto") return {
		kind: "ok",
		compression: "auto"
	};
	const [name = "", level, ...more] = text.split(":");
	const method = compressionMethods.find((known) => known === name);
	if (method === void 0 || more.length > 0) return {
		kind: "invalid",
		because: `\`${text}\` is none of auto, ${compressionMethods.join(", ")}, with a level as in zstd:3`
	};
	if (level === void 0) return {
		kind: "ok",
		compression: {
			method,
			level: null
		}
	};
	const range = levels[method];
	if (range === null) return {
		kind: "invalid",
		because: "`none` has no level"
	};
	if (!/^\d{1,2}$/.test(level) || Number(level) < range[0] || Number(level) > range[1]) return {
		kind: "invalid",
		because: `the level of ${method} is a number from ${range[0]} to ${range[1]}`
	};
	return {
		kind: "ok",
		compression: {
			method,
			level: Number(level)
		}
	};
}
function writeCompression({ method, level }) {
	return level === null ? method : `${method}:${level}`;
}
function compressionArgument(compression, clientMajor) {
	if (clientMajor >= 16) return `--compress=${writeCompression(compression)}`;
	return `--compress=${compression.method === "none" ? 0 : compression.level ?? 6}`;
}
// src/stages/backup/tiers.ts
const backupTiers = [
	"checksum",
	"decoded",
	"restored",
	"compared"
];
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
export { dumpFormats as a, compressionArgument as i, makePrivateFolder as n, parseCompression as o, backupTiers as r, writeCompression as s, makeFolder as t };
