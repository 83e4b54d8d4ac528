import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { t as makeFolder } from "./private-folder.mjs";
import { n as readRegularText } from "./regular-file.mjs";
import { t as formatBytes } from "./words.mjs";
import { a as writeWhole, n as publish, r as readWhole } from "./dump-file.mjs";
import { a as folderFailure, c as notThere, d as manifestFile, f as removingFile, i as existsAlready, l as checkOwn, n as parallel, o as notOwn, r as differs, s as notRemoved, t as sortFiles, u as isPartOf } from "./manifest.mjs";
import { t as cancellation } from "./cancellation.mjs";
import { a as credentialsFrom, c as readText, d as encodeXml, f as textOf, i as sign, l as delayBeforeNext, n as encodeQuery, o as exchange, r as sha256Of, s as networkErrno, t as encodePath, u as elementsOf } from "./aws-signature.mjs";
import { createHash, randomBytes } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { mkdir, open, rm, stat } from "node:fs/promises";
import { setMaxListeners } from "node:events";
import { setTimeout } from "node:timers/promises";
// src/stages/backup/store/s3/explain.ts
const notTheKeys = /* @__PURE__ */ new Set([
	"InvalidAccessKeyId",
	"SignatureDoesNotMatch",
	"InvalidToken",
	"TokenRefreshRequired",
	"InvalidClientTokenId"
]);
function explainRefusal(refused, asked) {
	const { code, status, message, region } = refused;
	const why = `${asked.action} was answered with ${[String(status), code].filter((part) => part !== "").join(" ")}${message === "" ? "" : `: ${message.replace(/\.+$/, "")}`}.`;
	if (/expired/i.test(code)) return {
		code: "STORE.CREDENTIALS",
		what: `The credentials for ${asked.store} have expired.`,
		why,
		next: ["Get new ones right before this step. Session credentials must last for the whole upload: raise the session’s duration for large backups.", "Or let Airlock get and renew them itself: AWS_ROLE_ARN together with `permissions: { id-token: write }`."]
	};
	if (code === "RequestTimeTooSkewed") return {
		code: "STORE.CREDENTIALS",
		what: `${asked.store} does not accept the signature: the clocks differ.`,
		why,
		next: ["Set the clock of this machine: a signature is valid for 15 minutes."]
	};
	if (notTheKeys.has(code)) return {
		code: "STORE.CREDENTIALS",
		what: `${asked.store} does not accept the credentials.`,
		why,
		next: ["Check that AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together and to this store, without spaces around them.", "Session credentials need AWS_SESSION_TOKEN as well."]
	};
	if (code === "NoSuchBucket") return {
		code: "STORE.NO_BUCKET",
		what: `There is no bucket \`${asked.bucket}\`.`,
		why,
		next: ["Check its name, the region and the endpoint. Airlock makes no buckets: who may read one is yours to decide."]
	};
	if (region !== void 0 && region !== asked.region) return {
		code: "STORE.REFUSED",
		what: `The bucket \`${asked.bucket}\` is in the region ${region}, not in ${asked.region}.`,
		why,
		next: [`Name it: AWS_REGION=${region}, or \`?region=${region}\` at the end of the store.`]
	};
	if (isLocked(refused)) return {
		code: "STORE.LOCKED",
		what: `\`${asked.key}\` is locked against removal.`,
		why,
		next: ["Wait until the lock ends, or ask whoever set it; a compliance lock nobody can lift."]
	};
	if ([
		"BadDigest",
		"InvalidDigest",
		"XAmzContentSHA256Mismatch",
		"XAmzContentChecksumMismatch"
	].includes(code)) return {
		code: "STORE.CHECKSUM",
		what: `${asked.store} received other bytes of \`${asked.key}\` than were sent.`,
		why,
		next: ["Run this again. If it happens again, something on the way changes what is sent: a proxy, or this machine’s memory."]
	};
	if (code === "AccessDenied" || status === 403) return {
		code: "STORE.REFUSED",
		what: `${asked.store} does not allow ${asked.action}.`,
		why,
		next: [`Allow ${asked.action} on arn:aws:s3:::${asked.bucket}${asked.action === "s3:ListBucket" ? "" : "/*"} to these credentials.`]
	};
	if (status === 429 || status >= 500) return unreachable(asked.store, why);
	return {
		code: "STORE.REFUSED",
		what: `${asked.store} refuses ${asked.action}.`,
		why,
		next: nextForRefused
	};
}
const nextForRefused = ["Compare the settings of the store with what its server supports (docs/stores.md): lock, encryption, storage class, `checksum=signed`."];
function unreachable(store, why) {
	return {
		code: "STORE.UNREACHABLE",
		what: `${store} cannot be reached.`,
		why: `${why} It was tried several times.`,
		next: ["Check endpoint, DNS and firewall, then run this again.", "A certificate of your own: NODE_EXTRA_CA_CERTS=FILE"]
	};
}
function isLocked({ code, message }) {
	return /ObjectLocked|ObjectLockedByBucketPolicy/.test(code) || /object[ -]lock|WORM|retention|legal hold/i.test(message);
}
function notS3(store, why) {
	return fail("STORE.REFUSED", {
		what: `What answers for ${store} does not speak S3.`,
		why,
		next: ["Check the endpoint: its S3 port, not that of a web console."]
	});
}
// src/stages/backup/store/s3/client.ts
const silenceMs = 6e4;
const nothing = {
	content: {
		kind: "bytes",
		bytes: /* @__PURE__ */ new Uint8Array()
	},
	sha256: sha256Of("")
};
var S3Client = class {
	store;
	#bucket;
	#endpoint;
	#credentials;
	#signal;
	constructor(place) {
		this.store = place.store;
		this.#bucket = place.bucket;
		this.#endpoint = place.endpoint;
		this.#credentials = place.credentials;
		this.#signal = place.signal;
		setMaxListeners(0, place.signal);
	}
	async text(call) {
		return this.take(call, readText);
	}
	async take(call, use) {
		const signal = call.signal ?? this.#signal;
		for (let attempt = 1;; attempt += 1) {
			let outcome;
			let failure;
			try {
				const response = await this.#send(call, signal);
				const status = response.statusCode ?? 0;
				if (status >= 200 && status < 300) return {
					kind: "ok",
					value: await use(response),
					headers: response.headers
				};
				const refused = await readRefusal(response);
				if (isExpected(call, refused)) return {
					kind: "refused",
					refused
				};
				outcome = {
					kind: "status",
					...refused,
					retryAfter: response.headers["retry-after"]
				};
				failure = new FailureError(explainRefusal(refused, this.#asked(call)));
			} catch (thrown) {
				if (signal.aborted) throw cancellation(signal.reason);
				const errno = networkErrno(thrown);
				if (thrown instanceof FailureError || errno === "" || isOfFiles(errno)) throw thrown;
				outcome = {
					kind: "network",
					errno
				};
				failure = new FailureError(unreachable(this.store, `${call.action}: ${messageOf(thrown)} (${errno}).`), { cause: thrown });
			}
			const delayMs = delayBeforeNext(outcome, attempt, Math.random());
			if (delayMs === void 0) throw failure;
			await setTimeout(delayMs, void 0, { signal }).catch(() => {
				throw cancellation(signal.reason);
			});
		}
	}
	refusal(xml, call) {
		const refused = {
			status: 200,
			code: textOf(xml, "Code") ?? "",
			message: textOf(xml, "Message") ?? "",
			region: void 0
		};
		return new FailureError(explainRefusal(refused, this.#asked(call)));
	}
	async #send(call, signal) {
		const { content, sha256 } = call.body ?? nothing;
		const path = encodePath(`${this.#endpoint.root}${call.key}`);
		const query = call.query ?? [];
		const headers = sign({
			method: call.method,
			host: this.#endpoint.host,
			path,
			query,
			headers: call.headers ?? {},
			payloadSha256: sha256
		}, await this.#credentials.get(signal), {
			region: this.#endpoint.region,
			service: "s3",
			at: /* @__PURE__ */ new Date()
		});
		return exchange({
			method: call.method,
			origin: this.#endpoint.origin,
			path: query.length === 0 ? path : `${path}?${encodeQuery(query)}`,
			headers,
			body: content,
			idleMs: call.idleMs ?? silenceMs,
			signal
		});
	}
	#asked({ action, key }) {
		return {
			store: this.store,
			bucket: this.#bucket,
			region: this.#endpoint.region,
			action,
			key
		};
	}
};
async function readRefusal(response) {
	const xml = await readText(response);
	const region = response.headers["x-amz-bucket-region"];
	return {
		status: response.statusCode ?? 0,
		code: textOf(xml, "Code") ?? "",
		message: textOf(xml, "Message") ?? "",
		region: textOf(xml, "Region") ?? (typeof region === "string" ? region : void 0)
	};
}
function isExpected({ expected = [] }, { status, code }) {
	return expected.includes(code) || expected.includes(status);
}
function isOfFiles(errno) {
	return /^(ENOENT|EACCES|EPERM|EIO|EISDIR|ENOSPC|EDQUOT|EMFILE|EROFS|EEXIST)$|^ERR_/.test(errno);
}
// src/stages/backup/store/s3/download.ts
async function downloadFile({ client, key, path, file }) {
	const wrong = (why) => new FailureError(differs(client.store, file.name, why));
	if (await stat(path).catch(() => void 0) !== void 0) {
		const has = await readWhole(path);
		if (has.bytes === file.bytes && has.sha256 === file.sha256) return;
		throw wrong(`${path} exists already, and has other contents.`);
	}
	const partial = `${path}.partial${randomBytes(4).toString("hex")}`;
	const handle = await open(partial, "wx", 384);
	try {
		const hash = createHash("sha256");
		let bytes = 0;
		let tag;
		do {
			const from = bytes;
			if ((await client.take({
				method: "GET",
				key,
				headers: from === 0 ? {} : {
					range: `bytes=${from}-`,
					...tag === void 0 ? {} : { "if-match": tag }
				},
				action: "s3:GetObject",
				expected: [
					404,
					412,
					416
				]
			}, async (response) => {
				tag = response.headers.etag;
				let known = response.statusCode === 206 ? 0 : from;
				try {
					for await (const chunk of response) {
						const fresh = chunk.subarray(Math.min(known, chunk.length));
						known -= chunk.length - fresh.length;
						if (bytes + fresh.length > file.bytes) throw wrong("It is longer than the manifest says.");
						hash.update(fresh);
						await handle.write(fresh);
						bytes += fresh.length;
					}
				} catch (thrown) {
					if (bytes === from || thrown instanceof FailureError) throw thrown;
				}
			})).kind === "refused") throw wrong("It is not there, or was replaced meanwhile.");
			if (bytes === from && bytes < file.bytes) throw wrong(`It ends after ${bytes} bytes; the manifest says ${file.bytes}.`);
		} while (bytes < file.bytes);
		await handle.sync();
		const sha256 = hash.digest("hex");
		if (sha256 !== file.sha256) throw wrong(`Its SHA-256 is ${sha256}; the manifest says ${file.sha256}.`);
		await publish(partial, path);
	} finally {
		await handle.close();
		await rm(partial, { force: true });
	}
}
// src/stages/backup/store/s3/list.ts
async function listKeys(client, base, start, delimiter) {
	const files = [];
	let next;
	do {
		const answer = await client.text({
			method: "GET",
			key: "",
			query: [
				["list-type", "2"],
				["prefix", `${base}${start}`],
				["encoding-type", "url"],
				...delimiter === void 0 ? [] : [["delimiter", delimiter]],
				...next === void 0 ? [] : [["continuation-token", next]]
			],
			action: "s3:ListBucket"
		});
		const xml = answer.kind === "ok" ? answer.value : "";
		if (!xml.includes("<ListBucketResult")) throw notS3(client.store, "s3:ListBucket was answered with something that is no list.");
		const encoded = textOf(xml, "EncodingType") === "url";
		const entries = [...elementsOf(xml, "Contents").map((entry) => ({
			key: textOf(entry, "Key"),
			bytes: Number(textOf(entry, "Size"))
		})), ...elementsOf(xml, "CommonPrefixes").map((entry) => ({
			key: textOf(entry, "Prefix"),
			bytes: 0
		}))];
		for (const { key = "", bytes } of entries) {
			const name = encoded ? decodeURIComponent(key.replaceAll("+", " ")) : key;
			if (name.startsWith(base) && name !== base) files.push({
				name: name.slice(base.length),
				bytes,
				ordinary: true
			});
		}
		const truncated = textOf(xml, "IsTruncated") === "true";
		next = truncated ? textOf(xml, "NextContinuationToken") : void 0;
		if (truncated && next === void 0) throw notS3(client.store, "It cut its list and does not say where it goes on.");
	} while (next !== void 0);
	return files;
}
// src/stages/backup/store/s3/parts.ts
const mebibyte = 1048576;
const smallestPartBytes = 16 * mebibyte;
const mostParts = 1e4;
function partsOf(bytes) {
	const size = Math.max(smallestPartBytes, Math.ceil(bytes / mostParts / mebibyte) * mebibyte);
	const count = Math.max(1, Math.ceil(bytes / size));
	return Array.from({ length: count }, (_, index) => {
		const start = index * size;
		return {
			number: index + 1,
			start,
			bytes: Math.min(size, bytes - start)
		};
	});
}
// src/stages/backup/store/s3/hashed-parts.ts
async function hashParts(path, file, store, signal) {
	const whole = createHash("sha256");
	const parts = [];
	const handle = await open(path, "r");
	try {
		const { size } = await handle.stat();
		if (size !== file.bytes) throw changed(store, file, `It has ${size} bytes; the manifest says ${file.bytes}.`);
		const buffer = Buffer.allocUnsafe(1048576);
		for (const part of partsOf(file.bytes)) {
			const own = createHash("sha256");
			for (let at = 0; at < part.bytes;) {
				signal.throwIfAborted();
				const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, part.bytes - at), part.start + at);
				if (bytesRead === 0) throw changed(store, file, "It became shorter while it was read.");
				const bytes = buffer.subarray(0, bytesRead);
				own.update(bytes);
				whole.update(bytes);
				at += bytesRead;
			}
			parts.push({
				...part,
				sha256: own.digest()
			});
		}
	} finally {
		await handle.close();
	}
	const sha256 = whole.digest("hex");
	if (sha256 !== file.sha256) throw changed(store, file, `Its SHA-256 is ${sha256}; the manifest says ${file.sha256}.`);
	return parts;
}
function changed(store, { name }, why) {
	return new FailureError(differs(store, name, `${why} Nothing was sent.`));
}
function expectedChecksum(parts) {
	const [only] = parts;
	if (parts.length === 1 && only !== void 0) return only.sha256.toString("base64");
	const all = createHash("sha256");
	for (const { sha256 } of parts) all.update(sha256);
	return `${all.digest("base64")}-${parts.length}`;
}
// src/stages/backup/store/s3/upload.ts
const partsAtATime = 4;
const completeSilenceMs = 6e5;
const abortLimitMs = 3e3;
async function uploadFile(upload) {
	const parts = await hashParts(upload.path, upload.file, upload.client.store, upload.signal);
	if ((await askBack(upload, parts)).kind === "same") return;
	const [only] = parts;
	if (parts.length === 1 && only !== void 0) await putWhole(upload, only);
	else await putInParts(upload, parts);
	if ((await askBack(upload, parts)).kind === "absent") throw new FailureError(differs(upload.client.store, upload.file.name, "After the upload it is not there."));
}
async function putWhole(upload, part) {
	const { client, key, location } = upload;
	await onlyIfAbsent(client, {
		method: "PUT",
		key,
		headers: {
			...objectHeaders(location),
			...checksumHeader(location, part)
		},
		body: bodyOf(upload, part),
		action: "s3:PutObject"
	});
	upload.onProgress(part.bytes);
}
async function putInParts(upload, parts) {
	const { client, key, location } = upload;
	const begun = await client.text({
		method: "POST",
		key,
		query: [["uploads", ""]],
		headers: {
			...objectHeaders(location),
			...location.checksum === "sha256" ? { "x-amz-checksum-algorithm": "SHA256" } : {}
		},
		action: "s3:PutObject"
	});
	const id = begun.kind === "ok" ? textOf(begun.value, "UploadId") : void 0;
	if (id === void 0) throw notS3(client.store, "It began an upload and gave it no name.");
	let completed = false;
	try {
		completed = await complete(upload, parts, await parallelParts(upload, parts, id), id);
	} finally {
		const givingUp = {
			query: [["uploadId", id]],
			signal: AbortSignal.timeout(abortLimitMs),
			expected: [404]
		};
		if (!completed) await client.text({
			method: "DELETE",
			key,
			action: "s3:AbortMultipartUpload",
			...givingUp
		}).catch(() => void 0);
	}
}
async function parallelParts(upload, parts, id) {
	const { client, key, location } = upload;
	let sent = 0;
	return parallel(parts, partsAtATime, async (part) => {
		const answer = await client.text({
			method: "PUT",
			key,
			query: [["partNumber", String(part.number)], ["uploadId", id]],
			headers: checksumHeader(location, part),
			body: bodyOf(upload, part),
			action: "s3:PutObject"
		});
		sent += part.bytes;
		upload.onProgress(sent);
		const tag = answer.kind === "ok" ? answer.headers.etag : void 0;
		if (tag === void 0) throw notS3(client.store, "It took a part and gave it no ETag.");
		return tag;
	});
}
async function complete(upload, parts, tags, id) {
	const { client, key, location } = upload;
	const listed = parts.map((part, index) => {
		const checksum = location.checksum === "sha256" ? `<ChecksumSHA256>${part.sha256.toString("base64")}</ChecksumSHA256>` : "";
		return `<Part><PartNumber>${part.number}</PartNumber><ETag>${encodeXml(tags[index] ?? "")}</ETag>${checksum}</Part>`;
	});
	const xml = Buffer.from(`<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${listed.join("")}</CompleteMultipartUpload>`);
	const call = {
		method: "POST",
		key,
		query: [["uploadId", id]],
		headers: { "content-type": "application/xml" },
		body: {
			content: {
				kind: "bytes",
				bytes: xml
			},
			sha256: createHash("sha256").update(xml).digest("hex")
		},
		action: "s3:PutObject",
		expected: ["NoSuchUpload"],
		idleMs: completeSilenceMs
	};
	const answer = await onlyIfAbsent(client, call);
	if (answer.kind === "ok" && textOf(answer.value, "Code") !== void 0) throw client.refusal(answer.value, call);
	return answer.kind === "ok";
}
async function onlyIfAbsent(client, call) {
	const expected = [
		...call.expected ?? [],
		412,
		"NotImplemented"
	];
	const answer = await client.text({
		...call,
		headers: {
			...call.headers,
			"if-none-match": "*"
		},
		expected
	});
	return answer.kind === "refused" && answer.refused.code === "NotImplemented" ? client.text(call) : answer;
}
async function askBack({ client, key, location, file }, parts) {
	const answer = await client.text({
		method: "HEAD",
		key,
		headers: location.checksum === "sha256" ? { "x-amz-checksum-mode": "ENABLED" } : {},
		action: "s3:GetObject",
		expected: [404]
	});
	if (answer.kind === "refused") return { kind: "absent" };
	const bytes = answer.headers["content-length"];
	const has = answer.headers["x-amz-checksum-sha256"];
	const expected = expectedChecksum(parts);
	if (bytes !== String(file.bytes) || typeof has === "string" && has !== expected) {
		const found = `${bytes ?? "an unknown number of"} bytes with the checksum ${has ?? "unknown"}`;
		throw new FailureError(differs(client.store, file.name, `The store has ${found} under that name; this file has ${file.bytes} bytes with ${expected}.`));
	}
	return { kind: "same" };
}
function bodyOf({ path }, { start, bytes, sha256 }) {
	return {
		content: bytes === 0 ? {
			kind: "bytes",
			bytes: /* @__PURE__ */ new Uint8Array()
		} : {
			kind: "file",
			path,
			start,
			bytes
		},
		sha256: sha256.toString("hex")
	};
}
function checksumHeader(location, { sha256 }) {
	return location.checksum === "sha256" ? { "x-amz-checksum-sha256": sha256.toString("base64") } : {};
}
function objectHeaders({ encryption, lock, storageClass }) {
	return {
		"content-type": "application/octet-stream",
		...encryption === void 0 ? {} : { "x-amz-server-side-encryption": encryption.kind },
		...encryption?.kind === "aws:kms" && encryption.keyId !== void 0 ? { "x-amz-server-side-encryption-aws-kms-key-id": encryption.keyId } : {},
		...storageClass === void 0 ? {} : { "x-amz-storage-class": storageClass },
		...lock === void 0 ? {} : {
			"x-amz-object-lock-mode": lock.mode,
			"x-amz-object-lock-retain-until-date": new Date(Date.now() + lock.days * 864e5).toISOString()
		}
	};
}
// src/stages/backup/store/s3/s3-store.ts
var S3Store = class {
	describe;
	#client;
	#location;
	#access;
	constructor(location, endpoint, access) {
		this.describe = `s3://${location.bucket}/${location.prefix}`;
		this.#location = location;
		this.#access = access;
		this.#client = new S3Client({
			store: this.describe,
			bucket: location.bucket,
			endpoint,
			credentials: credentialsFrom(access.env, endpoint.region, this.describe),
			signal: access.signal
		});
	}
	async put({ manifestPath, manifest }) {
		const own = checkOwn(manifest, manifest.name);
		if (own.kind === "unreadable") throw new FailureError(differs(this.describe, manifest.name, own.because));
		const text = await readRegularText(manifestPath);
		const present = await this.#read(manifestFile(manifest.name));
		if (present === text) return;
		if (present !== void 0) throw new FailureError(existsAlready(this.describe, manifest.name));
		await parallel(manifest.files, 4, (file) => {
			const say = (bytes) => this.#access.onProgress(`${file.name}: ${formatBytes(bytes)} of ${formatBytes(file.bytes)}`);
			return uploadFile({
				client: this.#client,
				location: this.#location,
				key: this.#key(file.name),
				path: join(dirname(resolve(manifestPath)), file.name),
				file,
				signal: this.#access.signal,
				onProgress: say
			});
		});
		await this.#putText(manifestFile(manifest.name), text);
		if (await this.#read(manifestFile(manifest.name)) !== text) throw new FailureError(existsAlready(this.describe, manifest.name));
	}
	async list() {
		const { prefix } = this.#location;
		return sortFiles(await listKeys(this.#client, prefix, "", "/"), {
			read: async (file) => await this.#read(file) ?? "",
			inside: (folder) => listKeys(this.#client, prefix, folder, void 0)
		});
	}
	async fetch(name, into) {
		const text = await this.#read(manifestFile(name));
		if (text === void 0) throw notThere(this.describe, name);
		const manifest = notOwn(this.describe, name, text);
		try {
			await makeFolder(resolve(into));
			for (const file of manifest.files) {
				this.#access.onProgress(`${file.name} (${formatBytes(file.bytes)})`);
				const path = join(into, file.name);
				if (file.name.includes("/")) await mkdir(dirname(path), {
					mode: 448,
					recursive: true
				});
				await downloadFile({
					client: this.#client,
					key: this.#key(file.name),
					path,
					file
				});
			}
			const path = join(into, manifestFile(name));
			const present = await readRegularText(path).catch(() => void 0);
			if (present !== void 0 && present !== text) throw new FailureError(existsAlready(into, name));
			if (present === void 0) await writeWhole(path, text);
			return path;
		} catch (thrown) {
			throw folderFailure(into, thrown);
		}
	}
	async remove({ name, manifest }) {
		const own = checkOwn(manifest, name);
		if (own.kind === "unreadable") throw new Error(`Not a backup of ours: ${own.because}`);
		const text = await this.#read(manifestFile(name));
		if (text !== void 0) {
			await this.#putText(removingFile(name), text);
			await this.#delete(manifestFile(name)).catch(async (thrown) => {
				await this.#delete(removingFile(name)).catch(() => void 0);
				throw thrown;
			});
		}
		await parallel(await this.#parts(name), 8, (file) => this.#delete(file));
		const left = await this.#parts(name);
		if (left.length > 0) throw new FailureError(notRemoved(this.describe, name, left));
		await this.#delete(removingFile(name));
	}
	async #parts(name) {
		return (await listKeys(this.#client, this.#location.prefix, `${name}.dump`, void 0)).map((file) => file.name).filter((file) => isPartOf(name, file));
	}
	#key(file) {
		return `${this.#location.prefix}${file}`;
	}
	async #read(file) {
		const answer = await this.#client.text({
			method: "GET",
			key: this.#key(file),
			action: "s3:GetObject",
			expected: ["NoSuchKey"]
		});
		return answer.kind === "ok" ? answer.value : void 0;
	}
	async #putText(file, text) {
		const bytes = Buffer.from(text);
		const sha256 = sha256Of(bytes);
		const location = file.endsWith(removingFile("")) ? {
			...this.#location,
			lock: void 0
		} : this.#location;
		await onlyIfAbsent(this.#client, {
			method: "PUT",
			key: this.#key(file),
			headers: {
				...objectHeaders(location),
				"content-type": "application/json",
				...location.checksum === "sha256" ? { "x-amz-checksum-sha256": Buffer.from(sha256, "hex").toString("base64") } : {}
			},
			body: {
				content: {
					kind: "bytes",
					bytes
				},
				sha256
			},
			action: "s3:PutObject"
		});
	}
	async #delete(file) {
		await this.#client.text({
			method: "DELETE",
			key: this.#key(file),
			action: "s3:DeleteObject",
			expected: ["NoSuchKey"]
		});
	}
};
export { S3Store };
