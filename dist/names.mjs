import { i as messageOf } from "./errors.mjs";
import { h as unknown, r as array, s as literal, u as object } from "./schemas.mjs";
import { i as manifestSchema } from "./manifest.mjs";
import { s as bytesToHex, t as sha256, y as utf8ToBytes } from "./sha2.mjs";
// src/stages/backup/manifest-checksum.ts
function checksumOf(manifest) {
	const { checksum: _, ...rest } = manifest;
	return bytesToHex(sha256(utf8ToBytes(JSON.stringify(sorted(rest)))));
}
function withChecksum(said) {
	return {
		...said,
		checksum: checksumOf({ ...said })
	};
}
function sorted(value) {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== "object" || value === null) return value;
	const entries = Object.entries(value).filter(([, inner]) => inner !== void 0);
	return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]).toSorted(byKey));
}
function byKey([a], [b]) {
	return String(a) < String(b) ? -1 : 1;
}
// src/stages/backup/parse-manifest.ts
function parseManifest(text, path) {
	const invalid = (why) => ({
		kind: "invalid",
		failure: {
			code: "RESTORE.MANIFEST_INVALID",
			what: `${path} is not a backup manifest that can be used.`,
			why,
			next: ["Check that `--from` names the file NAME.manifest.json beside NAME.dump, whole and unedited.", "A dump can be restored without its manifest: pg_restore --exit-on-error --dbname=NEW_DATABASE NAME.dump"]
		}
	});
	let json;
	try {
		json = JSON.parse(text);
	} catch (error) {
		return invalid(`It is not JSON: ${messageOf(error)}`);
	}
	const version = object({ manifestVersion: unknown() }).loose().safeParse(json);
	if (version.success && version.data.manifestVersion !== 1 && version.data.manifestVersion !== 2) return invalid(`Its manifestVersion is ${JSON.stringify(version.data.manifestVersion)}; this release of Airlock reads the versions 1 and 2.`);
	const parsed = manifestSchema.safeParse(version.success ? asCurrent(version.data) : json);
	if (parsed.success) {
		const { manifestVersion, checksum } = parsed.data;
		const said = version.success ? version.data : {};
		const fits = manifestVersion === 1 ? !("checksum" in said) : checksum === checksumOf(said);
		if (fits && manifestVersion === 2 && !text.endsWith("\n")) return invalid("It is cut off: its last line has no end.");
		if (fits) return {
			kind: "ok",
			manifest: parsed.data
		};
		return invalid("Its own checksum does not fit: it was edited or damaged since it was written.");
	}
	return invalid(parsed.error.issues.map(({ path: at, message }) => `${at.join(".") || "the file"}: ${message}`).join("\n"));
}
const notSaidByVersion1 = {
	format: "custom",
	compression: null,
	encryption: null,
	content: null,
	activity: null,
	proof: null,
	globals: null,
	checksum: null
};
function asCurrent(json) {
	const old = object({
		manifestVersion: literal(1),
		files: array(object({}).loose()),
		tables: array(object({}).loose())
	}).loose().safeParse(json);
	if (!old.success) return json;
	return {
		...old.data,
		files: old.data.files.map((file) => ({
			...file,
			md5: null
		})),
		tables: old.data.tables.map((table) => ({
			...table,
			hash: null
		})),
		...notSaidByVersion1
	};
}
// src/stages/backup/store/names.ts
const backupName = /^[A-Za-z0-9_-]+-\d{8}T\d{6}Z(?:-\d+)?$/;
const ending = {
	manifest: ".manifest.json",
	removing: ".manifest.removing.json"
};
function manifestFile(name) {
	return `${name}${ending.manifest}`;
}
function removingFile(name) {
	return `${name}${ending.removing}`;
}
function kindOfFile(file) {
	for (const kind of ["manifest", "removing"]) {
		const name = file.endsWith(ending[kind]) ? file.slice(0, -ending[kind].length) : "";
		if (backupName.test(name)) return {
			kind,
			name
		};
	}
	const at = file.indexOf(".dump");
	const name = file.slice(0, Math.max(at, 0));
	return backupName.test(name) && isPartOf(name, file.replace(/\/$/, "")) ? {
		kind: "part",
		name
	} : { kind: "stranger" };
}
function isPartOf(name, file) {
	if (!file.startsWith(`${name}.dump`)) return false;
	const rest = file.slice(`${name}.dump`.length);
	return /^(?:\.[A-Za-z0-9]+)*(?:\/(?!\.+$)[^/\\\0]+)?$/.test(rest);
}
function readOwnManifest(text, name) {
	const parsed = parseManifest(text, manifestFile(name));
	if (parsed.kind === "invalid") return {
		kind: "unreadable",
		because: parsed.failure.why
	};
	return checkOwn(parsed.manifest, name);
}
function checkOwn(manifest, name) {
	if (!backupName.test(name)) return {
		kind: "unreadable",
		because: `\`${name}\` is not the name of a backup`
	};
	if (manifest.name !== name) return {
		kind: "unreadable",
		because: `it describes the backup \`${manifest.name}\``
	};
	const foreign = manifest.files.find((file) => !isPartOf(name, file.name));
	if (foreign !== void 0) return {
		kind: "unreadable",
		because: `it names the file \`${foreign.name}\`, which does not belong to it`
	};
	const names = manifest.files.map((file) => file.name);
	if (new Set(names).size !== names.length) return {
		kind: "unreadable",
		because: "it names a file twice"
	};
	return {
		kind: "ok",
		manifest
	};
}
export { readOwnManifest as a, withChecksum as c, manifestFile as i, isPartOf as n, removingFile as o, kindOfFile as r, parseManifest as s, checkOwn as t };
