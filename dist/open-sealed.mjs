import { i as messageOf, n as fail } from "./errors.mjs";
import { i as writeStream, t as measuring } from "./dump-file.mjs";
import { a as readHeader, c as decryptWithKey, i as runAge, n as unpackFolder, s as decideSealer, u as fileKeyOf } from "./age-and-tar.mjs";
import { i as Decrypter } from "./age.mjs";
import { n as readRegularText } from "./regular-file.mjs";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { statfs } from "node:fs/promises";
import { Readable } from "node:stream";
// src/stages/backup/seal/identities.ts
async function readIdentities(path, recipients) {
	if (path === void 0) throw missing("The backup is encrypted, and no identity was given to open it.", forRecipients(recipients));
	const text = await readRegularText(path).catch((thrown) => {
		throw missing(`The identity file ${path} cannot be read.`, `${messageOf(thrown)}. ${forRecipients(recipients)}`);
	});
	if (/^(age-encryption\.org\/v1|-----BEGIN AGE ENCRYPTED FILE-----)/.test(text)) throw unusable(path, "It is encrypted with a passphrase itself.", [`Open it first, into a file that only you read: (umask 077; age --decrypt --output identity.txt ${path})`]);
	if (text.includes("PRIVATE KEY-----")) throw unusable(path, "It is an SSH or TLS key; backups are encrypted to age public keys only.", [nextForIdentity]);
	const keys = text.split(/\r?\n/).map((line, index) => ({
		line: line.trim(),
		number: index + 1
	})).filter(({ line }) => line !== "" && !line.startsWith("#"));
	if (keys.length === 0) throw missing(`There is no secret key in ${path}.`, forRecipients(recipients));
	for (const { line, number } of keys) try {
		new Decrypter().addIdentity(line);
	} catch {
		throw unusable(path, `Line ${number} is not an age secret key, or not a whole one.`, [nextForIdentity]);
	}
	return keys.map(({ line }) => line);
}
function wrongIdentity(path, recipients) {
	return fail("RESTORE.WRONG_IDENTITY", {
		what: `The identity in ${path} does not open the backup.`,
		why: forRecipients(recipients),
		next: [nextForIdentity, "`age-keygen -y IDENTITY_FILE` prints the public key that a file belongs to."]
	});
}
const nextForIdentity = "Name the file with the secret key of one of these recipients: --identity FILE";
function forRecipients(recipients) {
	return `It was encrypted to ${recipients.join(", ")}.`;
}
function missing(what, why) {
	return fail("RESTORE.IDENTITY_MISSING", {
		what,
		why,
		next: [nextForIdentity]
	});
}
function unusable(path, why, next) {
	return fail("RESTORE.WRONG_IDENTITY", {
		what: `${path} cannot be used as an identity.`,
		why,
		next
	});
}
// src/stages/backup/seal/open-sealed.ts
async function openSealed(request) {
	const { sealedPath, encryption, format, folder, name, signal } = request;
	const identities = await readIdentities(request.identityFile, encryption.recipients);
	const header = await readHeader(sealedPath);
	if (header === void 0) throw damaged(sealedPath, "It does not begin like an age file.");
	const key = await fileKeyOf(header.bytes, identities);
	if (key === void 0) throw wrongIdentity(request.identityFile ?? "", encryption.recipients);
	await requireSpace(folder, encryption.plain.bytes);
	const path = join(folder, name);
	const plain = measuring();
	const take = async (opened) => {
		const chunks = plain.through(opened);
		if (format === "directory") await unpackFolder(chunks, folder, name);
		else await writeStream(Readable.from(chunks), path);
	};
	try {
		await decrypt(request, key, take);
	} catch (thrown) {
		signal.throwIfAborted();
		if (isOfTheDisk(thrown)) throw thrown;
		throw damaged(sealedPath, `It does not open: ${messageOf(thrown)}.`, thrown);
	} finally {
		key.fill(0);
	}
	const { bytes, sha256 } = plain.content();
	if (sha256 !== encryption.plain.sha256 || bytes !== encryption.plain.bytes) throw damaged(sealedPath, `What is in it has ${bytes} bytes and the SHA-256 ${sha256}; the manifest says ${encryption.plain.bytes} bytes and ${encryption.plain.sha256}.`);
	return path;
}
async function decrypt({ sealedPath, encryption, identityFile, program, signal }, key, take) {
	const { plain, recipients } = encryption;
	const sealer = decideSealer({
		plainBytes: plain.bytes,
		recipients,
		program
	});
	if (sealer.kind === "package" || identityFile === void 0) {
		const source = createReadStream(sealedPath, { highWaterMark: 1048576 });
		return await take(await decryptWithKey(source, key));
	}
	const exit = await runAge(sealer.program, [
		"--decrypt",
		"--identity",
		identityFile,
		sealedPath
	], void 0, take, signal);
	if (exit.kind === "failed") throw new Error(exit.said);
}
async function requireSpace(folder, bytes) {
	const { bavail, bsize } = await statfs(folder);
	if (bavail * bsize >= bytes) return;
	throw fail("BACKUP.NO_SPACE", {
		what: `${folder} has too little free space to decrypt the backup.`,
		why: `The decrypted dump takes ${bytes} bytes, ${bavail * bsize} are free. Nothing was written.`,
		next: ["Free space there, or name a larger disk for temporary files with the environment variable TMPDIR."]
	});
}
function isOfTheDisk(thrown) {
	return thrown instanceof Error && "code" in thrown && [
		"ENOSPC",
		"EDQUOT",
		"EIO",
		"EACCES"
	].includes(String(thrown.code));
}
function damaged(path, why, cause) {
	return fail("RESTORE.CHECKSUM", {
		what: `${path} is not the encrypted dump that was backed up.`,
		why,
		next: ["Fetch manifest and dump again from where they are kept, or use another backup."]
	}, { cause });
}
export { openSealed };
