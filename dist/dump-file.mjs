import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { dirname } from "node:path";
import { open, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
// src/stages/backup/dump-file.ts
function measuring() {
	const hash = createHash("sha256");
	let bytes = 0;
	return {
		through: async function* (chunks) {
			for await (const chunk of chunks) {
				hash.update(chunk);
				bytes += chunk.length;
				yield chunk;
			}
		},
		content: () => ({
			bytes,
			sha256: hash.digest("hex")
		})
	};
}
async function writeStream(source, path) {
	const measured = measuring();
	await pipeline(source, measured.through, createWriteStream(path, {
		flags: "wx",
		mode: 384
	}));
	await withFile(path, "r+", (file) => file.sync());
	return measured.content();
}
async function readWhole(path) {
	const measured = measuring();
	await pipeline(createReadStream(path, { highWaterMark: 1048576 }), measured.through, async (chunks) => {
		for await (const _ of chunks);
	});
	return measured.content();
}
async function writeWhole(path, text) {
	const partial = `${path}.partial`;
	try {
		await withFile(partial, "wx", async (file) => {
			await file.writeFile(text);
			await file.sync();
		});
		await publish(partial, path);
	} catch (thrown) {
		await rm(partial, { force: true });
		throw thrown;
	}
}
async function publish(partial, path) {
	await rename(partial, path);
	await withFile(dirname(path), "r", (folder) => folder.sync());
}
async function withFile(path, flags, work) {
	const file = await open(path, flags, 384);
	try {
		await work(file);
	} finally {
		await file.close();
	}
}
export { writeWhole as a, writeStream as i, publish as n, readWhole as r, measuring as t };
