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
export { writeCompression as a, parseCompression as i, compressionArgument as n, dumpFormats as r, backupTiers as t };
