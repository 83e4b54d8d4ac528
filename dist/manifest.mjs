import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { a as discriminatedUnion, g as unknown, h as union, i as boolean, n as _enum, o as int, p as string, r as array, s as literal, u as object } from "./schemas.mjs";
import { t as datetime } from "./iso.mjs";
import { a as dumpFormats, r as backupTiers } from "./private-folder.mjs";
import { t as errnoOf } from "./errno.mjs";
import { s as bytesToHex, t as sha256$1, y as utf8ToBytes } from "./sha2.mjs";
// src/stages/backup/activity.ts
const count$1 = int().nonnegative();
const counterSchema = object({
	oid: count$1,
	schema: string(),
	name: string(),
	inserted: count$1,
	updated: count$1,
	deleted: count$1
}).readonly();
const activitySchema = discriminatedUnion("kind", [object({
	kind: literal("read"),
	at: datetime(),
	lsn: string().regex(/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/),
	timeline: count$1,
	databaseOid: count$1,
	databaseResetAt: string().nullable(),
	serverResetAt: string().nullable(),
	catalogChanges: count$1.describe("rows changed in the system catalog, which is what a change of the schema does"),
	counters: array(counterSchema).readonly().describe("row changes per table; tables without any are left out")
}).readonly(), object({
	kind: literal("unknown"),
	because: string()
}).readonly()]).describe("how much had been written by then");
const isoUtc = (time) => `pg_catalog.to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
async function readActivity(session) {
	try {
		return await read(session);
	} catch (thrown) {
		if (!(thrown instanceof FailureError) || thrown.failure.code !== "DATABASE.NO_PRIVILEGES") throw thrown;
		return {
			kind: "unknown",
			because: thrown.failure.why
		};
	}
}
async function read(session) {
	const [state] = await session.query(`SELECT pg_catalog.pg_is_in_recovery() AS replica, pg_catalog.current_setting('track_counts') = 'on' AS counts`);
	if (state === void 0) throw new Error("The server does not say whether it is a replica");
	if (state.replica) return {
		kind: "unknown",
		because: "A replica does not count what the primary server writes."
	};
	if (!state.counts) return {
		kind: "unknown",
		because: "The server counts nothing: `track_counts` is off."
	};
	const [position] = await session.query(`SELECT w.lsn::text AS lsn, ('x' || pg_catalog.substr(pg_catalog.pg_walfile_name(w.lsn), 1, 8))::bit(32)::int AS timeline,
            ${isoUtc("pg_catalog.clock_timestamp()")} AS at, d.datid::text AS "databaseOid",
            ${isoUtc("d.stats_reset")} AS "databaseResetAt", ${isoUtc("b.stats_reset")} AS "serverResetAt"
       FROM pg_catalog.pg_current_wal_insert_lsn() AS w(lsn), pg_catalog.pg_stat_bgwriter b, pg_catalog.pg_stat_database d
      WHERE d.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())`);
	if (position === void 0) throw new Error("The server does not describe its database");
	return {
		kind: "read",
		...position,
		databaseOid: Number(position.databaseOid),
		...await readCounters(session)
	};
}
const counterSql = `
SELECT s.relid::text AS oid, s.schemaname AS schema, s.relname AS name,
       s.schemaname = 'pg_catalog' AND s.relname NOT LIKE 'pg\\_largeobject%' AS catalog,
       s.n_tup_ins::text AS inserted, s.n_tup_upd::text AS updated, s.n_tup_del::text AS deleted
  FROM pg_catalog.pg_stat_all_tables s JOIN pg_catalog.pg_class c ON c.oid = s.relid
 WHERE s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0 AND NOT c.relisshared AND c.relpersistence <> 't' AND c.relkind <> 'm'
   AND s.schemaname NOT IN ('pg_toast', 'information_schema')
   AND (s.schemaname <> 'pg_catalog' OR s.relname NOT IN ('pg_statistic', 'pg_statistic_ext_data'))
 ORDER BY s.schemaname, s.relname`;
async function readCounters(session) {
	const all = (await session.query(counterSql)).map(({ catalog, oid, schema, name, inserted, updated, deleted }) => ({
		catalog,
		counter: {
			oid: Number(oid),
			schema,
			name,
			inserted: Number(inserted),
			updated: Number(updated),
			deleted: Number(deleted)
		}
	}));
	return {
		catalogChanges: all.filter(({ catalog }) => catalog).reduce((sum, { counter }) => sum + counter.inserted + counter.updated + counter.deleted, 0),
		counters: all.filter(({ catalog }) => !catalog).map(({ counter }) => counter)
	};
}
// src/stages/backup/content/content.ts
const contentMethod = "rows-1";
// src/stages/backup/manifest-checksum.ts
function checksumOf(manifest) {
	const { checksum: _, ...rest } = manifest;
	return bytesToHex(sha256$1(utf8ToBytes(JSON.stringify(sorted(rest)))));
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
// src/stages/backup/manifest.ts
const sha256 = string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in hexadecimal digits");
const md5 = string().regex(/^[0-9a-f]{32}$/, "an MD5 in hexadecimal digits");
const fileName = string().regex(/^[^/\\\0]+(\/[^/\\\0]+)?$/, "a file name with at most one folder").refine((name) => name.split("/").every((part) => !/^\.+$/.test(part)), "a name that is more than dots");
const count = int().nonnegative();
const tableSchema = object({
	schema: string(),
	name: string(),
	rows: count.nullable().describe("exact, in the same snapshot as the dump; null where it was not counted"),
	notCounted: string().optional().describe("why `rows` is null"),
	hash: string().nullable().describe("the sum of the hashes of its rows; null where they were only counted")
}).readonly();
const named = {
	schema: string(),
	name: string()
};
const position = object({
	lastValue: string(),
	isCalled: boolean()
}).readonly();
const contentSchema = object({
	method: literal(contentMethod),
	serverMajor: int(),
	sequences: array(discriminatedUnion("kind", [object({
		kind: literal("read"),
		...named,
		ascending: boolean(),
		cycles: boolean(),
		from: position,
		to: position
	}).readonly(), object({
		kind: literal("not-read"),
		...named,
		because: string()
	}).readonly()])).readonly(),
	largeObjects: discriminatedUnion("kind", [object({
		kind: literal("read"),
		count,
		hash: string()
	}).readonly(), object({
		kind: literal("not-read"),
		because: string()
	}).readonly()]),
	notComparable: array(string()).readonly()
}).readonly();
const sqlLines = array(string()).readonly();
const globalsSchema = object({
	roles: sqlLines,
	memberships: sqlLines,
	settings: sqlLines,
	grants: sqlLines
}).readonly();
const manifestSchema = object({
	manifestVersion: union([literal(1), literal(2)]),
	name: string(),
	airlock: string().describe("the version that made the backup"),
	environment: string().optional().describe("of airlock.yml, whose policy keeps or removes it; left out by earlier releases"),
	strategy: literal("pg_dump"),
	tier: _enum(backupTiers).describe("how far the backup was proven"),
	notChecked: array(string()).readonly(),
	startedAt: datetime(),
	finishedAt: datetime(),
	tookMs: object({
		dump: count,
		proof: count
	}).readonly().optional().describe("the dump with what was read beside it, and its proof; left out by earlier releases"),
	source: object({
		host: string(),
		port: int(),
		database: string().regex(/^\P{Cc}+$/u, "a name without control characters"),
		user: string(),
		serverVersion: string(),
		serverMajor: int(),
		systemIdentifier: string().nullable().describe("null where the role may not read it"),
		owner: string(),
		encoding: string(),
		localeProvider: _enum([
			"libc",
			"icu",
			"builtin"
		]),
		collate: string(),
		characterType: string(),
		locale: string().nullable().describe("of the providers icu and builtin"),
		bytes: count.describe("size of the database at the time")
	}).readonly(),
	client: object({
		version: string(),
		major: int()
	}).readonly(),
	format: _enum(dumpFormats),
	compression: string().nullable().describe("as in `zstd:1`; null where it was not recorded"),
	files: array(object({
		name: fileName,
		bytes: count,
		sha256,
		md5: md5.nullable().describe("null where it was not taken")
	}).readonly()).min(1).readonly().describe("what is stored: one file, or the files of the folder of a dump in the format `directory`"),
	encryption: object({
		kind: literal("age"),
		recipients: array(string()).min(1).readonly().describe("public keys"),
		plain: object({
			bytes: count,
			sha256
		}).readonly().describe("what is in the file: the dump, or a tar archive of its folder")
	}).readonly().nullable().describe("null: the dump lies there as it is"),
	migrations: object({
		head: string().nullable(),
		applied: count
	}).readonly().nullable().describe("null where there is no history of migrations that this release knows"),
	tables: array(tableSchema).readonly(),
	content: contentSchema.nullable().describe("null where only the rows were counted"),
	activity: activitySchema.nullable(),
	proof: object({ scratch: string().describe("kind and version of the server that it was restored into") }).readonly().nullable().describe("null where it was not restored"),
	globals: globalsSchema.nullable().describe("what belongs to the database and is in no dump of it, as SQL"),
	notIncluded: array(string()).readonly(),
	restoreByHand: array(string()).readonly(),
	checksum: sha256.nullable().describe("of all the rest, see manifest-checksum.ts; null in version 1")
}).readonly().superRefine((manifest, context) => {
	for (const message of filesProblems(manifest)) context.addIssue({
		code: "custom",
		path: ["files"],
		message
	});
});
function filesProblems(manifest) {
	const names = manifest.files.map(({ name }) => name);
	if (manifest.format === "custom" || manifest.encryption !== null) return names.length === 1 && !names.join().includes("/") ? [] : ["one file without a folder"];
	const folders = new Set(names.map((name) => name.slice(0, Math.max(0, name.indexOf("/")))));
	return [
		...folders.size === 1 && !folders.has("") ? [] : ["files in one folder"],
		...new Set(names).size === names.length ? [] : ["each file once"],
		...names.some((name) => name.endsWith("/toc.dat")) ? [] : ["the file toc.dat"]
	];
}
function dumpNameOf(manifest) {
	const name = manifest.files[0]?.name ?? "";
	if (manifest.encryption !== null) return name.replace(manifest.format === "directory" ? /\.tar\.age$/ : /\.age$/, "");
	return manifest.format === "directory" ? name.slice(0, name.indexOf("/")) : name;
}
function environmentOf({ environment }) {
	return environment ?? "production";
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
// src/stages/backup/store/failures.ts
function existsAlready(store, name) {
	return {
		code: "STORE.REFUSED",
		what: `${store} has another backup with the name \`${name}\` already.`,
		why: "What is there is never written over.",
		next: ["Compare the two manifests, and use another folder or prefix for this database."]
	};
}
function differs(store, what, because) {
	return {
		code: "STORE.CHECKSUM",
		what: `\`${what}\` and its copy in ${store} are not both what the manifest describes.`,
		why: because,
		next: ["Check the disk, then make the backup again; do not rely on this copy."]
	};
}
function notRemoved(store, name, left) {
	return {
		code: "STORE.LOCKED",
		what: `The backup \`${name}\` was not removed from ${store} completely.`,
		why: `The store took the request and still has ${left.join(", ")}.`,
		next: ["Look for a lock or a rule of the store that keeps them, then run this again."]
	};
}
function notThere(store, name) {
	return fail("STORE.REFUSED", {
		what: `${store} has no backup \`${name}\`.`,
		why: `There is no ${manifestFile(name)}.`,
		next: [`See what is there: airlock prune --dry-run --store STORE`]
	});
}
function notOwn(store, name, text) {
	const own = readOwnManifest(text, name);
	if (own.kind === "ok") return own.manifest;
	throw fail("STORE.CHECKSUM", {
		what: `The manifest of \`${name}\` in ${store} cannot be followed.`,
		why: own.because,
		next: ["Use another backup."]
	});
}
function folderFailure(folder, thrown) {
	if (thrown instanceof FailureError) return thrown;
	const options = { cause: thrown };
	const why = messageOf(thrown);
	switch (errnoOf(thrown)) {
		case "ENOENT": return fail("STORE.NO_BUCKET", {
			what: `The folder ${folder}, or a file that belongs into it, is not there.`,
			why,
			next: ["Check the path, and that the disk is mounted."]
		}, options);
		case "ENOSPC":
		case "EDQUOT": return refused(folder, why, "Free space there, or keep fewer backups: airlock prune", options);
		case "EACCES":
		case "EPERM":
		case "EROFS":
		case "ENOTDIR":
		case "EEXIST": return refused(folder, why, "Name a folder that this user may read and write.", options);
		case "EIO":
		case "ESTALE":
		case "ETIMEDOUT":
		case "EHOSTDOWN": return fail("STORE.UNREACHABLE", {
			what: `${folder} does not answer.`,
			why,
			next: ["Check the disk or the share, then run this again."]
		}, options);
		default: return thrown;
	}
}
function refused(folder, why, next, options) {
	return fail("STORE.REFUSED", {
		what: `${folder} cannot be used.`,
		why,
		next: [next]
	}, options);
}
// src/stages/backup/store/parallel.ts
async function parallel(items, width, work) {
	const results = new Array(items.length);
	const waiting = items.entries();
	const failures = [];
	const worker = async () => {
		for (const [index, item] of waiting) {
			if (failures.length > 0) return;
			try {
				results[index] = await work(item);
			} catch (thrown) {
				failures.push(thrown);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
	if (failures.length > 0) throw failures[0];
	return results;
}
// src/stages/backup/store/sort-files.ts
async function sortFiles(files, look) {
	const kinds = files.map((file) => ({
		file: file.name,
		...file.ordinary ? kindOfFile(file.name) : { kind: "stranger" }
	}));
	const manifests = kinds.filter((file) => file.kind === "manifest");
	const names = new Set(manifests.map(({ name }) => name));
	const removing = kinds.filter((file) => file.kind === "removing").filter(({ name }) => !names.has(name));
	const leaving = new Set(removing.map(({ name }) => name));
	const present = await readManifests(manifests, look);
	const halfRemoved = await readManifests(removing, look);
	const sizes = await sizesOf(files, present.own, look);
	const damaged = present.own.flatMap(({ name, manifest }) => {
		const because = whatIsMissing(manifest, sizes);
		return because === void 0 ? [] : [{
			name,
			file: name,
			because
		}];
	});
	return {
		backups: present.own.filter(({ name }) => !damaged.some((other) => other.name === name)),
		unreadable: [...present.unreadable, ...halfRemoved.unreadable],
		damaged: damaged.map(({ file, because }) => ({
			file,
			because
		})),
		halfRemoved: halfRemoved.own,
		withoutManifest: kinds.flatMap((file) => file.kind === "part" && !names.has(file.name) && !leaving.has(file.name) ? [file.file] : []),
		strangers: kinds.filter(({ kind }) => kind === "stranger").length
	};
}
async function readManifests(files, { read }) {
	const parsed = await parallel(files, 8, async ({ file, name }) => ({
		file,
		name,
		...readOwnManifest(await read(file), name)
	}));
	return {
		own: parsed.flatMap((one) => one.kind === "ok" ? [{
			name: one.name,
			manifest: one.manifest
		}] : []),
		unreadable: parsed.flatMap((one) => one.kind === "unreadable" ? [{
			file: one.file,
			because: one.because
		}] : [])
	};
}
async function sizesOf(files, backups, { inside }) {
	const folders = new Set(backups.flatMap(({ manifest }) => manifest.files.flatMap(({ name }) => name.includes("/") ? [name.slice(0, name.indexOf("/") + 1)] : [])));
	const nested = await parallel(files.filter(({ name, ordinary }) => ordinary && folders.has(name)), 8, ({ name }) => inside(name));
	return new Map([...files, ...nested.flat()].filter(({ ordinary }) => ordinary).map(({ name, bytes }) => [name, bytes]));
}
function whatIsMissing({ files }, sizes) {
	for (const { name, bytes } of files) {
		const has = sizes.get(name);
		if (has === void 0) return `${name} is not there`;
		if (has !== bytes) return `${name} has ${has} bytes; the manifest says ${bytes}`;
	}
}
export { contentMethod as _, folderFailure as a, notThere as c, manifestFile as d, removingFile as f, withChecksum as g, environmentOf as h, existsAlready as i, checkOwn as l, dumpNameOf as m, parallel as n, notOwn as o, parseManifest as p, differs as r, notRemoved as s, sortFiles as t, isPartOf as u, readActivity as v };
