import { i as messageOf, n as fail } from "./errors.mjs";
import { t as errnoOf } from "./errno.mjs";
import { n as readRegularText } from "./regular-file.mjs";
import { t as given } from "./endpoint.mjs";
import { createHash, createHmac } from "node:crypto";
import { createReadStream } from "node:fs";
import { Agent, request } from "node:http";
import { setTimeout } from "node:timers/promises";
import { Agent as Agent$1, request as request$1 } from "node:https";
// src/stages/backup/store/s3/xml.ts
function elementsOf(xml, name) {
	return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, "g"))].map(([, inside]) => inside ?? "");
}
function textOf(xml, name) {
	const [inside] = elementsOf(xml, name);
	return inside === void 0 ? void 0 : decode(inside);
}
const entities = {
	amp: "&",
	lt: "<",
	gt: ">",
	quot: "\"",
	apos: "'"
};
function decode(text) {
	return text.replaceAll(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) => {
		if (name !== void 0) return entities[name] ?? whole;
		const point = Number.parseInt(hex ?? decimal, hex === void 0 ? 10 : 16);
		return point <= 1114111 ? String.fromCodePoint(point) : whole;
	});
}
function encodeXml(text) {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\"", "&quot;");
}
const firstDelayMs = 200;
const longestDelayMs = 1e4;
const longestWaitAskedForMs = 3e4;
const passingCodes = /* @__PURE__ */ new Set([
	"InternalError",
	"OperationAborted",
	"RequestTimeout",
	"ServiceUnavailable",
	"SlowDown",
	"Throttling",
	"TooManyRequests"
]);
const passingErrnos = /* @__PURE__ */ new Set([
	"EAI_AGAIN",
	"ECONNABORTED",
	"ECONNREFUSED",
	"ECONNRESET",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"EPIPE",
	"ETIMEDOUT",
	"HPE_INVALID_CONSTANT"
]);
function isPassing(outcome) {
	if (outcome.kind === "network") return passingErrnos.has(outcome.errno);
	return [
		408,
		429,
		500,
		502,
		503,
		504
	].includes(outcome.status) || passingCodes.has(outcome.code);
}
function delayBeforeNext(outcome, attempt, random) {
	if (attempt >= 6 || !isPassing(outcome)) return void 0;
	const asked = outcome.kind === "status" && /^\d+$/.test(outcome.retryAfter ?? "") ? Number(outcome.retryAfter) : 0;
	const jittered = random * Math.min(longestDelayMs, firstDelayMs * 2 ** attempt);
	return Math.max(Math.min(asked * 1e3, longestWaitAskedForMs), Math.round(jittered));
}
// src/stages/backup/store/s3/http.ts
const connections = {
	"http:": new Agent({
		keepAlive: true,
		maxSockets: 16
	}),
	"https:": new Agent$1({
		keepAlive: true,
		maxSockets: 16
	})
};
async function exchange(wanted) {
	const url = new URL(wanted.origin);
	const secure = url.protocol === "https:";
	const length = wanted.body.kind === "bytes" ? wanted.body.bytes.length : wanted.body.bytes;
	const options = {
		method: wanted.method,
		hostname: url.hostname.replaceAll(/[[\]]/g, ""),
		port: url.port === "" ? void 0 : Number(url.port),
		path: wanted.path,
		headers: {
			...wanted.headers,
			"content-length": String(length)
		},
		signal: wanted.signal
	};
	const request$2 = secure ? request$1({
		...options,
		agent: connections["https:"]
	}) : request({
		...options,
		agent: connections["http:"]
	});
	request$2.setTimeout(wanted.idleMs, () => {
		request$2.destroy(networkError("ETIMEDOUT", `no answer for ${wanted.idleMs / 1e3} s`));
	});
	return new Promise((resolve, reject) => {
		let answered = false;
		request$2.on("response", (response) => {
			answered = true;
			resolve(response);
		});
		request$2.on("error", (error) => {
			if (!answered) reject(error);
		});
		send(request$2, wanted.body);
	});
}
function send(request, body) {
	if (body.kind === "bytes") {
		request.end(body.bytes);
		return;
	}
	const file = createReadStream(body.path, {
		start: body.start,
		end: body.start + body.bytes - 1,
		highWaterMark: 262144
	});
	file.on("error", (error) => request.destroy(error));
	request.on("close", () => file.destroy());
	file.pipe(request);
}
async function askAgain(wanted) {
	for (let attempt = 1;; attempt += 1) {
		let delayMs;
		try {
			const response = await exchange(wanted);
			const status = response.statusCode ?? 0;
			const text = await readText(response);
			delayMs = delayBeforeNext({
				kind: "status",
				status,
				code: "",
				retryAfter: void 0
			}, attempt, Math.random());
			if (delayMs === void 0) return {
				status,
				text
			};
		} catch (thrown) {
			delayMs = delayBeforeNext({
				kind: "network",
				errno: networkErrno(thrown)
			}, attempt, Math.random());
			if (delayMs === void 0) throw thrown;
		}
		await setTimeout(delayMs, void 0, { signal: wanted.signal });
	}
}
const longestText = 67108864;
async function readText(response) {
	const chunks = [];
	let bytes = 0;
	for await (const chunk of response) {
		bytes += chunk.length;
		if (bytes > longestText) {
			response.destroy();
			throw networkError("EMSGSIZE", `an answer of more than ${longestText} bytes`);
		}
		chunks.push(chunk);
	}
	if (!response.complete) throw networkError("ECONNRESET", "the answer was cut off");
	return Buffer.concat(chunks).toString("utf8");
}
function networkError(code, message) {
	return Object.assign(new Error(message), { code });
}
function networkErrno(thrown) {
	const own = errnoOf(thrown);
	if (own !== "") return own;
	return thrown instanceof AggregateError ? thrown.errors.map(errnoOf).find((code) => code !== "") ?? "" : "";
}
// src/stages/backup/store/s3/credentials.ts
function credentialsFrom(env, region, store) {
	const accessKeyId = given(env, "AWS_ACCESS_KEY_ID");
	const secretAccessKey = given(env, "AWS_SECRET_ACCESS_KEY");
	if (accessKeyId !== void 0 && secretAccessKey !== void 0) {
		const credentials = {
			accessKeyId: accessKeyId.trim(),
			secretAccessKey: secretAccessKey.trim(),
			sessionToken: given(env, "AWS_SESSION_TOKEN")
		};
		return { get: async () => credentials };
	}
	if (accessKeyId !== void 0 || secretAccessKey !== void 0) throw missing(store, `Of the two keys only one is set: ${accessKeyId === void 0 ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY"} is missing.`);
	const role = given(env, "AWS_ROLE_ARN");
	const token = tokenFrom(env);
	if (role === void 0 || token === void 0) throw missing(store, "The environment has neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor AWS_ROLE_ARN with a token.");
	return new AssumedRole({
		role,
		token,
		store,
		origin: stsOrigin(env, region),
		session: given(env, "AWS_ROLE_SESSION_NAME") ?? "airlock"
	});
}
function tokenFrom(env) {
	const file = given(env, "AWS_WEB_IDENTITY_TOKEN_FILE");
	if (file !== void 0) return async () => (await readRegularText(file)).trim();
	const url = given(env, "ACTIONS_ID_TOKEN_REQUEST_URL");
	const bearer = given(env, "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
	if (url === void 0 || bearer === void 0) return void 0;
	return (signal) => githubToken(url, bearer, signal);
}
async function githubToken(requestUrl, bearer, signal) {
	const url = new URL(requestUrl);
	url.searchParams.set("audience", "sts.amazonaws.com");
	const { status, text } = await askAgain({
		method: "GET",
		origin: url.origin,
		path: `${url.pathname}${url.search}`,
		headers: {
			authorization: `bearer ${bearer}`,
			accept: "application/json"
		},
		body: {
			kind: "bytes",
			bytes: /* @__PURE__ */ new Uint8Array()
		},
		idleMs: 3e4,
		signal
	});
	if (status !== 200) throw new Error(`GitHub gave no token: ${status}`);
	const answer = JSON.parse(text);
	if (typeof answer === "object" && answer !== null && "value" in answer && typeof answer.value === "string") return answer.value;
	throw new Error("GitHub gave no token");
}
function stsOrigin(env, region) {
	const own = given(env, "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL");
	if (own !== void 0 && URL.canParse(own)) return new URL(own).origin;
	return `https://sts.${region}.${region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"}`;
}
const renewBeforeMs = 3e5;
var AssumedRole = class {
	#role;
	#held;
	constructor(role) {
		this.#role = role;
	}
	async get(signal) {
		const held = await this.#held?.catch(() => void 0);
		if (held === void 0 || held.until - renewBeforeMs < Date.now()) this.#held = assume(this.#role, signal);
		return (await (this.#held ?? assume(this.#role, signal))).credentials;
	}
};
async function assume({ role, token, store, origin, session }, signal) {
	try {
		const form = new URLSearchParams({
			Action: "AssumeRoleWithWebIdentity",
			Version: "2011-06-15",
			RoleArn: role,
			RoleSessionName: session,
			WebIdentityToken: await token(signal)
		});
		const { status, text: xml } = await askAgain({
			method: "POST",
			origin,
			path: "/",
			headers: { "content-type": "application/x-www-form-urlencoded" },
			body: {
				kind: "bytes",
				bytes: Buffer.from(form.toString())
			},
			idleMs: 3e4,
			signal
		});
		const [accessKeyId, secretAccessKey, sessionToken, expires] = [
			"AccessKeyId",
			"SecretAccessKey",
			"SessionToken",
			"Expiration"
		].map((name) => textOf(xml, name));
		if (status === 200 && accessKeyId !== void 0 && secretAccessKey !== void 0) {
			const until = Date.parse(expires ?? "");
			return {
				credentials: {
					accessKeyId,
					secretAccessKey,
					sessionToken
				},
				until: Number.isNaN(until) ? Date.now() + 9e5 : until
			};
		}
		throw notAssumed(store, role, `${status} ${textOf(xml, "Code") ?? ""}: ${textOf(xml, "Message") ?? "no reason given"}`);
	} catch (thrown) {
		if (!(thrown instanceof Error) || thrown.name === "FailureError") throw thrown;
		throw notAssumed(store, role, networkErrno(thrown) === "" ? messageOf(thrown) : `${origin}: ${messageOf(thrown)}`);
	}
}
function notAssumed(store, role, why) {
	return fail("STORE.CREDENTIALS", {
		what: `The role ${role} for ${store} could not be assumed.`,
		why,
		next: ["Check that the role’s trust policy names this repository and environment, and the audience sts.amazonaws.com.", "In a workflow the job needs `permissions: { id-token: write }`."]
	});
}
function missing(store, why) {
	return fail("STORE.CREDENTIALS", {
		what: `There are no credentials for ${store}.`,
		why,
		next: ["Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where there is one) from secrets, in `env:` of the step.", "Or set AWS_ROLE_ARN in a job with `permissions: { id-token: write }`: then no secret is needed."]
	});
}
// src/stages/backup/store/s3/sign.ts
function sign(request, credentials, { region, service, at }) {
	const stamp = at.toISOString().replaceAll(/[-:]|\.\d+/g, "");
	const day = stamp.slice(0, 8);
	const headers = {
		...request.headers,
		host: request.host,
		"x-amz-content-sha256": request.payloadSha256,
		"x-amz-date": stamp,
		...credentials.sessionToken === void 0 ? {} : { "x-amz-security-token": credentials.sessionToken }
	};
	const names = Object.keys(headers).sort();
	const canonical = [
		request.method,
		request.path,
		encodeQuery(request.query),
		...names.map((name) => `${name}:${(headers[name] ?? "").trim().replaceAll(/ +/g, " ")}`),
		"",
		names.join(";"),
		request.payloadSha256
	].join("\n");
	const scope = `${day}/${region}/${service}/aws4_request`;
	const text = [
		"AWS4-HMAC-SHA256",
		stamp,
		scope,
		sha256Of(canonical)
	].join("\n");
	const key = [
		day,
		region,
		service,
		"aws4_request"
	].reduce((previous, part) => hmac(previous, part), `AWS4${credentials.secretAccessKey}`);
	const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${hmac(key, text).toString("hex")}`;
	return {
		...headers,
		authorization
	};
}
function sha256Of(data) {
	return createHash("sha256").update(data).digest("hex");
}
function encodeQuery(query) {
	return query.map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`).sort().join("&");
}
function encodePath(path) {
	return path.split("/").map(encodePart).join("/");
}
function encodePart(text) {
	return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
function hmac(key, text) {
	return createHmac("sha256", key).update(text).digest();
}
export { credentialsFrom as a, readText as c, encodeXml as d, textOf as f, sign as i, delayBeforeNext as l, encodeQuery as n, exchange as o, sha256Of as r, networkErrno as s, encodePath as t, elementsOf as u };
