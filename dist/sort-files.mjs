import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { t as errnoOf } from "./errno.mjs";
import { a as readOwnManifest, i as manifestFile, r as kindOfFile } from "./manifest.mjs";
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
export { folderFailure as a, notThere as c, existsAlready as i, parallel as n, notOwn as o, differs as r, notRemoved as s, sortFiles as t };
