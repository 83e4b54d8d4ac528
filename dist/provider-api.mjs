import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { t as Redactor } from "./redact.mjs";
import { setTimeout } from "node:timers/promises";
// src/stages/backup/providers/api/decide.ts
const firstDelayMs = 500;
const longestDelayMs = 15e3;
const longestAskedForMs = 6e4;
const nothingDone = /* @__PURE__ */ new Set([
	423,
	429,
	503
]);
const passing = /* @__PURE__ */ new Set([
	408,
	423,
	429,
	500,
	502,
	503,
	504
]);
function mayAskAgain(heard, { repeatable }) {
	if (heard.kind === "network") return repeatable || !heard.sent;
	return passing.has(heard.status) && (repeatable || nothingDone.has(heard.status));
}
function mayHaveHappened(heard) {
	return heard.kind === "network" ? heard.sent : heard.status >= 500 && !nothingDone.has(heard.status);
}
function delayBeforeNext(heard, asked, random, leftMs, now) {
	const jittered = random * Math.min(longestDelayMs, firstDelayMs * 2 ** asked);
	const wanted = heard.kind === "status" ? askedFor(heard.retryAfter, now) : 0;
	const delay = Math.round(Math.max(jittered, Math.min(wanted, longestAskedForMs)));
	return delay < leftMs ? delay : void 0;
}
function askedFor(retryAfter, now) {
	if (retryAfter === null) return 0;
	if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1e3;
	const at = Date.parse(retryAfter);
	return Number.isNaN(at) ? 0 : Math.max(0, at - now.getTime());
}
function codeFor(heard) {
	if (heard.kind === "network") return "PROVIDER.UNREACHABLE";
	const { status } = heard;
	if (status === 401 || status === 403) return "PROVIDER.CREDENTIALS";
	if (status === 423) return "PROVIDER.NOT_READY";
	if (status === 408 || status === 429 || status >= 500) return "PROVIDER.UNREACHABLE";
	return status >= 400 ? "PROVIDER.REFUSED" : "PROVIDER.UNEXPECTED";
}
// src/stages/backup/providers/api/ask.ts
var UncertainError = class extends FailureError {};
const longestAnswer = 16777216;
async function ask(api, request, signal) {
	const startedMs = performance.now();
	for (let asked = 1;; asked += 1) {
		const wanted = await request();
		const { heard, text } = await exchange(api, wanted, signal);
		if (heard.kind === "status" && heard.status < 300) return {
			status: heard.status,
			text
		};
		const repeatable = wanted.repeatable ?? wanted.method === "GET";
		const leftMs = api.patienceMs - (performance.now() - startedMs);
		const delay = mayAskAgain(heard, { repeatable }) ? delayBeforeNext(heard, asked, Math.random(), leftMs, /* @__PURE__ */ new Date()) : void 0;
		if (delay === void 0) throw failureOf(api, wanted, heard, text, asked);
		await setTimeout(delay, void 0, { signal }).catch(() => void 0);
		stopIfCancelled(api, signal);
	}
}
async function exchange(api, { method, url, headers, body }, signal) {
	stopIfCancelled(api, signal);
	try {
		const response = await fetch(url, {
			method,
			headers: {
				...headers,
				"user-agent": "airlock"
			},
			body,
			redirect: "error",
			signal: AbortSignal.any([signal, AbortSignal.timeout(api.answerMs)])
		});
		const text = await readText(response);
		return {
			heard: {
				kind: "status",
				status: api.statusIn?.(response.status, text) ?? response.status,
				retryAfter: response.headers.get("retry-after")
			},
			text
		};
	} catch (thrown) {
		stopIfCancelled(api, signal);
		return {
			heard: {
				kind: "network",
				sent: !neverSent.has(errnoIn(thrown))
			},
			text: sayNetwork(thrown)
		};
	}
}
async function readText(response) {
	const chunks = [];
	let bytes = 0;
	for await (const chunk of response.body ?? []) {
		bytes += chunk.length;
		if (bytes > longestAnswer) throw new Error(`an answer of more than ${longestAnswer} bytes`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString("utf8");
}
const neverSent = /* @__PURE__ */ new Set([
	"EAI_AGAIN",
	"ECONNREFUSED",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"ENOTFOUND",
	"UND_ERR_CONNECT_TIMEOUT"
]);
function errnoIn(thrown) {
	for (let error = thrown, depth = 0; error instanceof Error && depth < 4; error = error.cause, depth += 1) {
		if ("code" in error && typeof error.code === "string") return error.code;
		if (error instanceof AggregateError) return errnoIn(error.errors[0]);
	}
	return "";
}
function sayNetwork(thrown) {
	const cause = thrown instanceof Error ? thrown.cause : void 0;
	return [messageOf(thrown), ...cause === void 0 ? [] : [messageOf(cause) || errnoIn(cause)]].join(": ");
}
function stopIfCancelled({ provider }, signal) {
	if (!signal.aborted) return;
	throw fail("RUN.CANCELLED", {
		what: "The run was cancelled.",
		why: `It waited for ${provider}.`,
		next: [`Look at ${provider} for what was begun, then start the run again.`]
	}, { cause: signal.reason });
}
function failureOf(api, { method, url }, heard, text, asked) {
	const redactor = new Redactor();
	redactor.add(api.secrets);
	const code = codeFor(heard);
	const said = heard.kind === "status" ? `answered ${heard.status}: ${api.reasonIn(text)}` : `did not answer: ${text}`;
	const failure = {
		code,
		what: whatFor(code, api.provider),
		why: redactor.text(`${method} ${url.origin}${url.pathname} ${said}${asked > 1 ? ` (asked ${asked} times)` : ""}`),
		next: [
			...code === "PROVIDER.CREDENTIALS" ? api.credentialSteps : [],
			...code === "PROVIDER.REFUSED" ? ["Check the names in airlock.yml against those that the provider shows."] : [],
			...code === "PROVIDER.UNREACHABLE" || code === "PROVIDER.NOT_READY" ? [`Look at the status page of ${api.provider}, then run this again.`] : [],
			...code === "PROVIDER.UNEXPECTED" ? ["Use `strategy: pg_dump`, which needs no provider."] : []
		]
	};
	return mayHaveHappened(heard) && method !== "GET" ? new UncertainError(failure) : new FailureError(failure);
}
function whatFor(code, provider) {
	switch (code) {
		case "PROVIDER.CREDENTIALS": return `${provider} does not accept the credentials, or they do not allow this.`;
		case "PROVIDER.NOT_READY": return `${provider} is busy with another operation on this database.`;
		case "PROVIDER.UNREACHABLE": return `${provider} cannot be reached.`;
		case "PROVIDER.UNEXPECTED": return `${provider} answered in a way that this release does not know.`;
		default: return `${provider} refuses what was asked of it.`;
	}
}
export { ask as n, UncertainError as t };
