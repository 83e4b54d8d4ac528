import { i as messageOf, n as fail } from "./errors.mjs";
import { t as cannotWrite } from "./cannot-write.mjs";
import { i as writeStream, r as readWhole, t as measuring } from "./dump-file.mjs";
import { a as readHeader, c as decryptWithKey, i as runAge, l as encryptWithPackage, o as sealedSize, r as rt, s as decideSealer, t as packFolder } from "./age-and-tar.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join, resolve } from "node:path";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { once } from "node:events";
// src/stages/backup/seal/tar-hashes.ts
function tarHashes() {
	const hashes = /* @__PURE__ */ new Map();
	const parser = new rt({
		strict: true,
		onReadEntry: (entry) => {
			const hash = createHash("sha256");
			entry.on("data", (chunk) => hash.update(chunk));
			entry.on("end", () => hashes.set(entry.path, hash.digest("hex")));
		}
	});
	const ended = once(parser, "end");
	ended.catch(() => void 0);
	return {
		through: async function* (chunks) {
			for await (const chunk of chunks) {
				if (!parser.write(chunk)) await Promise.race([once(parser, "drain"), ended]);
				yield chunk;
			}
		},
		end: async () => {
			parser.end();
			await ended;
			return hashes;
		}
	};
}
// src/stages/backup/seal/seal-dump.ts
async function sealDump(request) {
	const { dumped, recipients, partial, janitor, signal } = request;
	const folder = dumped.shape.format === "directory";
	const plainBytes = request.files.reduce((sum, { bytes }) => sum + bytes, 0);
	const sealer = decideSealer({
		plainBytes,
		recipients,
		program: request.program,
		programFromBytes: request.programFromBytes
	});
	await janitor.removeAtEnd(resolve(partial));
	const plain = measuring();
	const entries = folder ? tarHashes() : void 0;
	const source = folder ? packFolder(dumped.path, dumped.name, dumped.files.map(({ name }) => name)) : createReadStream(dumped.path, { highWaterMark: 1048576 });
	const measured = Readable.from(entries === void 0 ? plain.through(source) : entries.through(plain.through(source)));
	let written;
	const md5 = createHash("md5");
	const take = async (output) => {
		written = {
			...await writeStream(Readable.from(updating(md5, output)), partial),
			md5: md5.digest("hex")
		};
	};
	let key;
	try {
		if (sealer.kind === "package") key = await encryptWithPackage(measured, recipients, take);
		else await encryptWithProgram(request, sealer.program, measured, take);
	} catch (thrown) {
		signal.throwIfAborted();
		throw cannotWrite(partial, thrown);
	}
	if (written === void 0) throw new Error("Nothing took what was sealed");
	const content = plain.content();
	requireSame(request.files, content, await entries?.end());
	await requireWhole(request, written, content);
	if (key !== void 0) await requireOpens(partial, key, content.sha256);
	return {
		file: {
			name: `${dumped.name}${folder ? ".tar" : ""}.age`,
			...written
		},
		encryption: {
			kind: "age",
			recipients,
			plain: content
		},
		notChecked: key !== void 0 ? [] : ["opened: the sealed file has the right length and recipients, and was not opened again"]
	};
}
async function* updating(hash, chunks) {
	for await (const chunk of chunks) {
		hash.update(chunk);
		yield chunk;
	}
}
async function encryptWithProgram({ recipients, janitor, signal }, program, source, take) {
	try {
		var _usingCtx$1 = _usingCtx();
		const folder = _usingCtx$1.a(await janitor.folder(tmpdir(), "airlock-seal-"));
		const list = join(folder.path, "recipients.txt");
		await writeFile(list, `${recipients.join("\n")}\n`, { mode: 384 });
		const exit = await runAge(program, [
			"--encrypt",
			"--recipients-file",
			list
		], source, take, signal);
		if (exit.kind === "failed") throw sealFailed(`age ${program.version}: ${exit.said}`);
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
function requireSame(files, plain, entries) {
	for (const { name, sha256 } of files) if ((entries === void 0 ? plain.sha256 : entries.get(name)) !== sha256) throw sealFailed(`The disk does not give ${name} back as pg_dump wrote it.`);
	if (entries !== void 0 && entries.size !== files.length) throw sealFailed("The archive has more files than the dump.");
}
async function requireWhole({ partial, recipients }, written, plain) {
	const [header, read] = await Promise.all([readHeader(partial), readWhole(partial)]);
	if (header === void 0) throw sealFailed("What was written does not begin like an age file.");
	if (header.stanzas !== recipients.length) throw sealFailed(`It was sealed for ${header.stanzas} recipients.`);
	const expected = sealedSize(header.bytes.length, plain.bytes);
	if (written.bytes !== expected) throw sealFailed(`It has ${written.bytes} bytes instead of ${expected}.`);
	if (read.sha256 !== written.sha256) throw sealFailed("The disk does not give the sealed file back as it was written.");
}
async function requireOpens(path, key, sha256) {
	const opened = measuring();
	try {
		for await (const _ of opened.through(await decryptWithKey(createReadStream(path), key)));
	} catch (thrown) {
		throw sealFailed(`It does not open: ${messageOf(thrown)}`);
	} finally {
		key.fill(0);
	}
	if (opened.content().sha256 !== sha256) throw sealFailed("What is in it is not what was sealed.");
}
function sealFailed(why) {
	return fail("BACKUP.SEAL_FAILED", {
		what: "The dump was written but could not be encrypted, so there is no backup.",
		why,
		next: ["Check the disk and the memory of this machine, then run again."]
	});
}
export { sealDump };
