import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { d as record, o as int, p as string, r as array, u as object } from "./schemas.mjs";
import { t as datetime } from "./iso.mjs";
import { n as ask, t as UncertainError } from "./provider-api.mjs";
import { a as sayMinutes, i as nextDelay, r as newestFirst, t as hasOwnName } from "./snapshot-names.mjs";
import { setTimeout } from "node:timers/promises";
// src/stages/backup/providers/neon/answers.ts
const branch = object({
	id: string().min(1),
	name: string(),
	parent_id: string().optional(),
	parent_lsn: string().optional(),
	current_state: string(),
	created_at: datetime({ offset: true }),
	logical_size: int().nonnegative().optional()
});
const operation = object({
	id: string().min(1),
	action: string(),
	status: string(),
	error: string().optional()
});
const annotation = object({ value: record(string(), string()) });
const endpointAnswer = object({ endpoint: object({
	id: string(),
	branch_id: string()
}) });
const projectAnswer = object({ project: object({ history_retention_seconds: int().nonnegative() }) });
const branchAnswer = object({
	branch,
	annotation: annotation.optional()
});
const branchesAnswer = object({
	branches: array(branch),
	annotations: record(string(), annotation),
	pagination: object({ next: string().optional() }).optional()
});
const changedAnswer = object({
	branch,
	operations: array(operation)
});
const operationAnswer = object({ operation });
function readAnswer(schema, text, question) {
	let json;
	try {
		json = JSON.parse(text);
	} catch (error) {
		throw unexpected(question, messageOf(error));
	}
	const parsed = schema.safeParse(json);
	if (parsed.success) return parsed.data;
	throw unexpected(question, parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
}
function unexpected(question, why) {
	return fail("PROVIDER.UNEXPECTED", {
		what: "Neon answered in a way that this release does not know.",
		why: `${question}: ${why}`,
		next: ["Look for a newer release of Airlock, or use `strategy: pg_dump`, which needs no provider."]
	});
}
// src/stages/backup/providers/neon/client.ts
const published = "https://console.neon.tech";
function neonClient({ environment, origin, patienceMs, answerMs }) {
	const key = environment.NEON_API_KEY?.trim() ?? "";
	const credentialSteps = ["Make a key for this project in the Neon console (https://neon.com/docs/manage/api-keys) and store it as the secret NEON_API_KEY.", "Hand it over to the step in the workflow, under `env:`, as NEON_API_KEY."];
	if (key === "") throw fail("PROVIDER.CREDENTIALS", {
		what: "There is no key for Neon.",
		why: "NEON_API_KEY is not set.",
		next: credentialSteps
	});
	const api = {
		provider: "Neon",
		secrets: [key],
		credentialSteps,
		patienceMs: patienceMs ?? 3e5,
		answerMs: answerMs ?? 6e4,
		reasonIn
	};
	const send = async (method, path, body, signal) => {
		const request = {
			method,
			url: new URL(`/api/v2${path}`, origin ?? published),
			headers: {
				accept: "application/json",
				authorization: `Bearer ${key}`,
				...body === null ? {} : { "content-type": "application/json" }
			},
			body: body === null ? null : JSON.stringify(body),
			repeatable: method !== "POST"
		};
		return (await ask(api, () => request, signal)).text;
	};
	return {
		get: (path, signal) => send("GET", path, null, signal),
		post: (path, body, signal) => send("POST", path, body, signal),
		remove: async (path, signal) => {
			await send("DELETE", path, null, signal);
		}
	};
}
function reasonIn(text) {
	try {
		const json = JSON.parse(text);
		if (typeof json === "object" && json !== null && "message" in json && typeof json.message === "string") return json.message.slice(0, 500);
	} catch {}
	return text.trim() === "" ? "no reason given" : text.trim().slice(0, 200);
}
// src/stages/backup/providers/neon/decide.ts
const neonCapabilities = {
	restore: "in-place",
	automatic: true,
	incremental: "yes",
	proves: "nothing",
	notCaptured: ["settings of computes and of the project", "a copy outside of Neon: the branch is gone when the project or the account is"]
};
const ownTag = {
	key: "made-by",
	value: "airlock"
};
function endpointIn(host) {
	const [label = "", ...rest] = host.toLowerCase().split(".");
	if (!/\.neon\.(tech|build)$/.test(`.${rest.join(".")}`) || !/^ep-[a-z0-9-]{1,57}$/.test(label)) return void 0;
	return label.replace(/-pooler$/, "");
}
function hostIsNotNeons(host) {
	return {
		code: "CONFIG.INVALID",
		what: "`strategy: neon` needs the address of a Neon compute in the connection URL.",
		why: `The host is ${host}, and only ep-….neon.tech says which branch the database is on; a branch of another one would be no backup of it.`,
		next: ["Use the connection string that the Neon console shows, or `strategy: pg_dump`."]
	};
}
function progressOf(operations) {
	const cancelled = operations.find(({ status }) => status === "cancelled" || status === "cancelling");
	if (cancelled !== void 0) return {
		kind: "over",
		failure: {
			code: "PROVIDER.REFUSED",
			what: "Neon cancelled the operation.",
			why: `${cancelled.action} (${cancelled.id}) is ${cancelled.status}${cancelled.error === void 0 ? "" : `: ${cancelled.error}`}`,
			next: ["Look at the operations of the project in the Neon console, then run this again."]
		}
	};
	const [first] = operations.filter(({ status }) => status !== "finished" && status !== "skipped");
	if (first === void 0) return { kind: "done" };
	return {
		kind: "waiting",
		for: `${first.action} is ${first.status}${first.error === void 0 ? "" : ` (${first.error})`}`
	};
}
function notReady(what, waitedMs, state) {
	return {
		code: "PROVIDER.NOT_READY",
		what: `Neon did not finish ${what}.`,
		why: `After ${sayMinutes(waitedMs)}: ${state}.`,
		next: ["Look at the operations of the project in the Neon console; run this again when they are through."]
	};
}
function isOwn({ name }, tags) {
	return hasOwnName(name) && tags?.[ownTag.key] === ownTag.value;
}
function snapshotOf(branch, tags, project) {
	return {
		id: branch.id,
		name: branch.name,
		where: `branch ${branch.name} (${branch.id}) of the Neon project ${project}`,
		at: new Date(branch.created_at),
		lsn: branch.parent_lsn ?? null,
		bytes: branch.logical_size ?? null,
		ours: isOwn(branch, tags),
		restoreByHand: [`neonctl branches restore ${branch.parent_id ?? "BRANCH"} ${branch.id} --preserve-under-name before-restore --project-id ${project}`]
	};
}
function branchProblem(branch, parent) {
	if (branch.parent_id !== parent) return `its parent is ${branch.parent_id ?? "nobody"}, not ${parent}`;
	if (branch.current_state !== "ready") return `it is ${branch.current_state}`;
}
// src/stages/backup/providers/neon/neon.ts
function neonStrategy(settings, access) {
	const endpoint = endpointIn(settings.host);
	if (endpoint === void 0) throw new FailureError(hostIsNotNeons(settings.host));
	const client = neonClient(access);
	const project = `/projects/${encodeURIComponent(settings.project)}`;
	const branchPath = (id) => `${project}/branches/${encodeURIComponent(id)}`;
	async function deployedBranch(signal) {
		const text = await client.get(`${project}/endpoints/${endpoint}`, signal);
		return readAnswer(endpointAnswer, text, "endpoint").endpoint.branch_id;
	}
	async function finish(what, begun, { signal, onProgress }) {
		const startedMs = performance.now();
		let operations = begun;
		for (let asked = 0;; asked += 1) {
			const progress = progressOf(operations);
			if (progress.kind === "done") return;
			if (progress.kind === "over") throw new FailureError(progress.failure);
			const waitedMs = performance.now() - startedMs;
			const delay = nextDelay(settings.patience, asked, waitedMs);
			if (delay === void 0) throw new FailureError(notReady(what, waitedMs, progress.for));
			if (asked > 0) onProgress(`Neon, after ${sayMinutes(waitedMs)}: ${progress.for}`);
			await setTimeout(delay, void 0, { signal }).catch(() => void 0);
			operations = await Promise.all(operations.map(async (operation) => {
				if (operation.status === "finished" || operation.status === "skipped") return operation;
				const text = await client.get(`${project}/operations/${encodeURIComponent(operation.id)}`, signal);
				return readAnswer(operationAnswer, text, "operation").operation;
			}));
		}
	}
	async function create(parent, { name, signal }) {
		const body = {
			branch: {
				parent_id: parent,
				name
			},
			annotation_value: { [ownTag.key]: ownTag.value }
		};
		try {
			const made = readAnswer(changedAnswer, await client.post(`${project}/branches`, body, signal), "new branch");
			return [made.branch.id, made.operations];
		} catch (thrown) {
			if (!(thrown instanceof UncertainError)) throw thrown;
			const there = (await branches(signal)).find(({ branch }) => branch.name === name);
			if (there === void 0) throw thrown;
			return [there.branch.id, []];
		}
	}
	async function take(request) {
		const { signal } = request;
		const parent = await deployedBranch(signal);
		const [id, operations] = await create(parent, request);
		await finish("the new branch", operations, request);
		const { branch, annotation } = await readyBranch(id, parent, request);
		return {
			snapshot: snapshotOf(branch, annotation?.value, settings.project),
			proven: neonCapabilities.proves,
			notChecked: ["whether the branch can be read: nothing was connected to it"]
		};
	}
	async function readyBranch(id, parent, { signal }) {
		const startedMs = performance.now();
		for (let asked = 0;; asked += 1) {
			const answer = readAnswer(branchAnswer, await client.get(branchPath(id), signal), "branch");
			const problem = branchProblem(answer.branch, parent);
			if (problem === void 0) return answer;
			const waitedMs = performance.now() - startedMs;
			const delay = answer.branch.parent_id === parent ? nextDelay(settings.patience, asked, waitedMs) : void 0;
			if (delay === void 0) throw new FailureError(notReady(`the branch ${id}`, waitedMs, problem));
			await setTimeout(delay, void 0, { signal }).catch(() => void 0);
		}
	}
	async function branches(signal) {
		const found = [];
		const seen = /* @__PURE__ */ new Set();
		for (let cursor = ""; cursor !== void 0;) {
			const query = new URLSearchParams({
				search: "airlock-",
				limit: "100",
				...cursor === "" ? {} : { cursor }
			});
			const page = readAnswer(branchesAnswer, await client.get(`${project}/branches?${query}`, signal), "branches");
			for (const branch of page.branches) found.push({
				branch,
				tags: page.annotations[branch.id]?.value
			});
			cursor = page.branches.length === 0 ? void 0 : page.pagination?.next;
			if (cursor !== void 0 && seen.has(cursor)) cursor = void 0;
			else if (cursor !== void 0) seen.add(cursor);
		}
		return found;
	}
	async function beginRestore(target, body, signal) {
		try {
			return await client.post(`${branchPath(target)}/restore`, body, signal);
		} catch (thrown) {
			if (!(thrown instanceof UncertainError)) throw thrown;
			const { failure } = thrown;
			const first = "Look in the Neon console whether the restore was begun, before anything else is done to this branch.";
			throw new FailureError({
				...failure,
				next: [first, ...failure.next]
			}, { cause: thrown });
		}
	}
	async function restore(request) {
		const { snapshot, name, signal } = request;
		const target = await deployedBranch(signal);
		const body = {
			source_branch_id: own(snapshot),
			preserve_under_name: name
		};
		await finish("the restore", readAnswer(changedAnswer, await beginRestore(target, body, signal), "restore").operations, request);
		const preserved = (await branches(signal)).find(({ branch }) => branch.name === name);
		if (preserved === void 0) throw fail("PROVIDER.UNEXPECTED", {
			what: "Neon restored the branch, and the state from before is not where it should be.",
			why: `No branch is named ${name}.`,
			next: ["Look at the branches of the project in the Neon console before anything is written or deleted."]
		});
		return {
			before: `branch ${name} (${preserved.branch.id})`,
			at: /* @__PURE__ */ new Date()
		};
	}
	async function remove(snapshot, signal) {
		const id = own(snapshot);
		const { branch, annotation } = readAnswer(branchAnswer, await client.get(branchPath(id), signal), "branch");
		if (!isOwn(branch, annotation?.value)) throw notOwn(snapshot);
		await client.remove(branchPath(id), signal);
	}
	return {
		name: "neon",
		capabilities: neonCapabilities,
		take,
		list: async (signal) => newestFirst((await branches(signal)).map(({ branch, tags }) => snapshotOf(branch, tags, settings.project))),
		window: async (signal) => {
			const { history_retention_seconds: seconds } = readAnswer(projectAnswer, await client.get(project, signal), "project").project;
			const to = /* @__PURE__ */ new Date();
			return seconds === 0 ? null : {
				from: /* @__PURE__ */ new Date(to.getTime() - seconds * 1e3),
				to
			};
		},
		restore,
		remove
	};
}
function own(snapshot) {
	if (snapshot.ours && snapshot.id !== null) return snapshot.id;
	throw notOwn(snapshot);
}
function notOwn({ name, where }) {
	return fail("PROVIDER.REFUSED", {
		what: `\`${name}\` was not made by Airlock and is left alone.`,
		why: `${where} has not both the name and the tag of a backup of Airlock’s.`,
		next: ["Restore or remove it in the Neon console where that is meant."]
	});
}
export { neonStrategy };
