// src/stages/backup/store/location.ts
const bucketPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/;
const loopback = /* @__PURE__ */ new Set([
	"localhost",
	"127.0.0.1",
	"[::1]"
]);
const known = [
	"region",
	"endpoint",
	"path-style",
	"encryption",
	"kms-key",
	"lock",
	"lock-days",
	"storage-class",
	"checksum"
];
function parseStore(text) {
	if (text.trim() === "") return invalid(["it is empty"]);
	if (/[\0\n\r]/.test(text)) return invalid(["it contains a line break or a zero byte"]);
	const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):\/\//.exec(text)?.[1]?.toLowerCase();
	if (scheme === void 0) return {
		kind: "ok",
		location: {
			kind: "folder",
			path: text
		}
	};
	if (scheme !== "s3") return invalid([`there is no store \`${scheme}://\`: a folder or \`s3://bucket/prefix\``]);
	return parseS3(text);
}
function parseS3(text) {
	const [, authority = "", path = "", query = ""] = /^[^:]+:\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(text) ?? [];
	const problems = [];
	if (authority.includes("@")) problems.push("it contains credentials: they belong into the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)");
	else if (!bucketPattern.test(authority)) problems.push(`\`${authority}\` is not the name of a bucket`);
	const parts = path.split("/").filter((part) => part !== "");
	if (parts.some((part) => part === "." || part === "..")) problems.push("its prefix contains `.` or `..`");
	if (/[^\x20-\x7e]/.test(path)) problems.push("its prefix contains characters other than printable ASCII");
	if (text.includes("#")) problems.push("it contains a `#`");
	const settings = readSettings(query, problems);
	const location = {
		kind: "s3",
		bucket: authority,
		prefix: parts.length === 0 ? "" : `${parts.join("/")}/`,
		region: settings.get("region"),
		endpoint: endpointOf(settings.get("endpoint"), problems),
		pathStyle: chosen(settings, "path-style", {
			true: true,
			false: false
		}, problems),
		encryption: encryptionOf(settings, problems),
		lock: lockOf(settings, problems),
		storageClass: settings.get("storage-class"),
		checksum: chosen(settings, "checksum", {
			sha256: "sha256",
			signed: "signed"
		}, problems) ?? "sha256"
	};
	for (const name of [
		"region",
		"storage-class",
		"kms-key"
	]) {
		const value = settings.get(name);
		if (value !== void 0 && !/^[\w:/.-]+$/.test(value)) problems.push(`\`${name}=${value}\` contains other characters`);
	}
	return problems.length === 0 ? {
		kind: "ok",
		location
	} : invalid(problems);
}
function readSettings(query, problems) {
	const settings = /* @__PURE__ */ new Map();
	for (const [given, value] of new URLSearchParams(query)) {
		const name = known.find((candidate) => candidate === given);
		if (name === void 0) problems.push(`\`${given}\` is not a setting; there are ${known.join(", ")}`);
		else if (settings.has(name)) problems.push(`\`${name}\` is there twice`);
		else if (value === "") problems.push(`\`${name}\` is empty`);
		else settings.set(name, value);
	}
	return settings;
}
function endpointOf(text, problems) {
	if (text === void 0) return void 0;
	const url = URL.canParse(text) ? new URL(text) : void 0;
	if (url === void 0 || !/^https?:$/.test(url.protocol)) problems.push(`the endpoint \`${text}\` is not a URL that begins with https://`);
	else if (url.username !== "" || url.password !== "") problems.push("the endpoint contains credentials");
	else if (url.pathname !== "/" || url.search !== "" || url.hash !== "") problems.push("the endpoint has more than a host and a port");
	else if (url.protocol === "http:" && !loopback.has(url.hostname)) problems.push(`the endpoint \`${text}\` has no TLS: anybody on the way could read and replace backups`);
	return url?.origin;
}
function encryptionOf(settings, problems) {
	const kind = chosen(settings, "encryption", {
		AES256: "AES256",
		"aws:kms": "aws:kms"
	}, problems);
	const keyId = settings.get("kms-key");
	if (kind === "aws:kms") return {
		kind,
		keyId
	};
	if (keyId !== void 0) problems.push("`kms-key` needs `encryption=aws:kms`");
	return kind === void 0 ? void 0 : { kind };
}
function lockOf(settings, problems) {
	const mode = chosen(settings, "lock", {
		governance: "GOVERNANCE",
		compliance: "COMPLIANCE"
	}, problems);
	const days = settings.get("lock-days");
	if (mode === void 0) {
		if (days !== void 0) problems.push("`lock-days` needs `lock=governance` or `lock=compliance`");
		return;
	}
	if (days === void 0 || !/^[1-9]\d{0,4}$/.test(days)) {
		problems.push("`lock` needs `lock-days`, a number of days from 1 on");
		return;
	}
	return {
		mode,
		days: Number(days)
	};
}
function chosen(settings, name, values, problems) {
	const text = settings.get(name);
	if (text === void 0) return void 0;
	if (Object.hasOwn(values, text)) return values[text];
	problems.push(`\`${name}=${text}\`: must be ${Object.keys(values).join(" or ")}`);
}
function invalid(problems) {
	return {
		kind: "invalid",
		problems
	};
}
export { parseStore as n, endpointOf as t };
