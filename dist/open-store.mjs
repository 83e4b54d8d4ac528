import { n as fail, t as FailureError } from "./errors.mjs";
import { r as unlessCancelled } from "./cancellation.mjs";
import { t as errnoOf } from "./errno.mjs";
import { t as makeFolder } from "./private-folder.mjs";
import { n as readRegularText } from "./regular-file.mjs";
import { t as formatBytes } from "./words.mjs";
import { a as writeWhole, i as writeStream, n as publish, r as readWhole } from "./dump-file.mjs";
import { a as folderFailure, c as notThere, d as manifestFile, f as removingFile, i as existsAlready, l as checkOwn, n as parallel, o as notOwn, r as differs, t as sortFiles, u as isPartOf } from "./manifest.mjs";
import { n as parseStore } from "./location.mjs";
import { n as resolveEndpoint } from "./endpoint.mjs";
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { lstat, mkdir, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
// src/stages/backup/store/folder.ts
var FolderStore = class {
	describe;
	#folder;
	#access;
	constructor(folder, access) {
		this.#folder = resolve(folder);
		this.describe = this.#folder;
		this.#access = access;
	}
	async put({ manifestPath, manifest }) {
		const from = dirname(resolve(manifestPath));
		await this.#answering(async () => {
			await makeFolder(this.#folder);
			const text = await readRegularText(manifestPath);
			await copyBackup({
				manifest,
				from,
				into: this.#folder,
				text,
				store: this.describe,
				access: this.#access
			});
		});
	}
	async list() {
		return this.#answering(async () => {
			return sortFiles(await this.#files(""), {
				read: (file) => readRegularText(join(this.#folder, file)),
				inside: (folder) => this.#files(folder)
			});
		});
	}
	async #files(below) {
		const entries = await readdir(join(this.#folder, below), { withFileTypes: true });
		return parallel(entries, 16, async (entry) => {
			const found = entry.isFile() ? await lstat(join(this.#folder, below, entry.name)).catch(unlessGone) : void 0;
			return {
				name: `${below}${entry.name}${entry.isDirectory() ? "/" : ""}`,
				bytes: found?.size ?? 0,
				ordinary: entry.isDirectory() || found !== void 0
			};
		});
	}
	async fetch(name, into) {
		return this.#answering(async () => {
			const path = join(this.#folder, manifestFile(name));
			const text = await readRegularText(path).catch((thrown) => {
				throw errnoOf(thrown) === "ENOENT" ? notThere(this.describe, name) : thrown;
			});
			const manifest = notOwn(this.describe, name, text);
			await makeFolder(resolve(into));
			await copyBackup({
				manifest,
				from: this.#folder,
				into,
				text,
				store: this.describe,
				access: this.#access
			});
			return join(into, manifestFile(name));
		});
	}
	async remove({ name, manifest }) {
		const own = checkOwn(manifest, name);
		if (own.kind === "unreadable") throw new Error(`Not a backup of ours: ${own.because}`);
		const removing = join(this.#folder, removingFile(name));
		await this.#answering(async () => {
			await rename(join(this.#folder, manifestFile(name)), removing).catch(unlessGone);
			for (const entry of await readdir(this.#folder, { withFileTypes: true })) {
				if (!isPartOf(name, entry.name)) continue;
				const path = join(this.#folder, entry.name);
				if (entry.isDirectory()) await this.#removeFolder(name, entry.name);
				else await rm(path, { force: true });
			}
			await rm(removing, { force: true });
		});
	}
	async #removeFolder(name, folder) {
		for (const entry of await readdir(join(this.#folder, folder), { withFileTypes: true })) {
			if (entry.isDirectory() || !isPartOf(name, `${folder}/${entry.name}`)) continue;
			await rm(join(this.#folder, folder, entry.name), { force: true });
		}
		await rmdir(join(this.#folder, folder)).catch(unlessGone);
	}
	async #answering(work) {
		try {
			return await unlessCancelled(work(), this.#access.signal);
		} catch (thrown) {
			throw folderFailure(this.describe, thrown);
		}
	}
};
function unlessGone(thrown) {
	if (errnoOf(thrown) !== "ENOENT") throw thrown;
}
async function copyBackup({ manifest, from, into, text, store, access }) {
	const own = checkOwn(manifest, manifest.name);
	if (own.kind === "unreadable") throw new FailureError(differs(store, manifest.name, own.because));
	const target = join(into, manifestFile(manifest.name));
	const present = await readRegularText(target).catch(() => void 0);
	if (present !== void 0 && present !== text) throw new FailureError(existsAlready(store, manifest.name));
	for (const file of manifest.files) {
		access.signal.throwIfAborted();
		access.onProgress(`${file.name} (${formatBytes(file.bytes)})`);
		await copyFile(file, join(from, file.name), join(into, file.name), store);
	}
	if (present === void 0) await writeWhole(target, text);
}
async function copyFile(file, from, to, store) {
	if (file.name.includes("/")) await mkdir(dirname(to), { mode: 448 }).catch(unlessThere);
	if (await stat(to).catch(() => void 0) === void 0) {
		const partial = `${to}.partial${randomBytes(4).toString("hex")}`;
		try {
			await writeStream(createReadStream(from, { highWaterMark: 1048576 }), partial);
			await compare(file, partial, store);
			await publish(partial, to);
		} finally {
			await rm(partial, { force: true });
		}
		return;
	}
	await compare(file, to, store);
}
async function compare(file, path, store) {
	const { bytes, sha256 } = await readWhole(path);
	if (bytes === file.bytes && sha256 === file.sha256) return;
	throw new FailureError(differs(store, file.name, `The manifest says ${file.bytes} bytes with SHA-256 ${file.sha256}; ${bytes} bytes with ${sha256} were read.`));
}
function unlessThere(thrown) {
	if (errnoOf(thrown) !== "EEXIST") throw thrown;
}
// src/stages/backup/store/open-store.ts
async function openStore(location, cwd, access) {
	if (location.kind === "folder") return new FolderStore(resolve(cwd, location.path), access);
	const resolved = resolveEndpoint(location, access.env);
	if (resolved.kind === "invalid") throw notAStore(`s3://${location.bucket}/${location.prefix}`, resolved.problems);
	const { S3Store } = await import("./s3-store.mjs");
	return new S3Store(location, resolved.endpoint, access);
}
async function openStoreText(text, cwd, access) {
	const parsed = parseStore(text);
	if (parsed.kind === "invalid") throw notAStore(withoutCredentials(text), parsed.problems);
	return openStore(parsed.location, cwd, access);
}
function notAStore(text, problems) {
	return fail("USAGE.INVALID", {
		what: `\`${text}\` cannot be used as a store.`,
		why: problems.join("\n"),
		next: ["A folder, or s3://bucket/prefix with settings behind a `?`: s3://backups/shop?region=eu-central-1"]
	});
}
function withoutCredentials(text) {
	return text.replaceAll(/\/\/[^/?#]*@/g, "//***@");
}
export { openStoreText as t };
