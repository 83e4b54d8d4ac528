import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { n as ask, t as UncertainError } from "./provider-api.mjs";
import { a as sayMinutes, i as nextDelay, r as newestFirst, t as hasOwnName } from "./snapshot-names.mjs";
import { a as credentialsFrom, f as textOf, i as sign, r as sha256Of, u as elementsOf } from "./aws-signature.mjs";
import { setTimeout } from "node:timers/promises";
// src/stages/backup/providers/rds/answers.ts
function resultOf(action, xml) {
	const [result] = elementsOf(xml, `${action}Result`);
	if (result !== void 0) return result;
	throw unexpected(action, `there is no ${action}Result`);
}
function databasesIn(kind, result) {
	return elementsOf(result, kind === "instance" ? "DBInstance" : "DBCluster").map((xml) => ({
		database: {
			kind,
			id: needed(xml, kind === "instance" ? "DBInstanceIdentifier" : "DBClusterIdentifier"),
			engine: needed(xml, "Engine"),
			subnetGroup: textOf(xml, kind === "instance" ? "DBSubnetGroupName" : "DBSubnetGroup") ?? null,
			securityGroups: elementsOf(xml, "VpcSecurityGroupId")
		},
		cluster: kind === "instance" ? textOf(xml, "DBClusterIdentifier") : void 0,
		address: kind === "instance" ? textOf(xml, "Address") : textOf(xml, "Endpoint"),
		earliest: textOf(xml, "EarliestRestorableTime"),
		latest: textOf(xml, "LatestRestorableTime")
	}));
}
function snapshotsIn(kind, result) {
	return elementsOf(result, kind === "instance" ? "DBSnapshot" : "DBClusterSnapshot").map((xml) => ({
		id: needed(xml, kind === "instance" ? "DBSnapshotIdentifier" : "DBClusterSnapshotIdentifier"),
		of: needed(xml, kind === "instance" ? "DBInstanceIdentifier" : "DBClusterIdentifier"),
		status: needed(xml, "Status"),
		createdAt: textOf(xml, "SnapshotCreateTime") ?? null,
		tags: new Map(elementsOf(xml, "Tag").map((tag) => [textOf(tag, "Key") ?? "", textOf(tag, "Value") ?? ""]))
	}));
}
function windowIn(result) {
	const [window] = elementsOf(result, "RestoreWindow");
	return {
		earliest: window === void 0 ? void 0 : textOf(window, "EarliestTime"),
		latest: window === void 0 ? void 0 : textOf(window, "LatestTime")
	};
}
function codeIn(xml) {
	return textOf(xml, "Code");
}
function reasonIn(xml) {
	const code = codeIn(xml);
	if (code !== void 0) return `${code}: ${(textOf(xml, "Message") ?? "no reason given").slice(0, 500)}`;
	return xml.trim() === "" ? "no reason given" : xml.trim().slice(0, 200);
}
function needed(xml, name) {
	const text = textOf(xml, name);
	if (text !== void 0 && text !== "") return text;
	throw unexpected(name, "it is missing");
}
function unexpected(what, why) {
	return fail("PROVIDER.UNEXPECTED", {
		what: "Amazon RDS answered in a way that this release does not know.",
		why: `${what}: ${why}`,
		next: ["Look for a newer release of Airlock, or use `strategy: pg_dump`, which needs no provider."]
	});
}
// src/stages/backup/providers/rds/decide.ts
const rdsCapabilities = {
	restore: "new-endpoint",
	automatic: false,
	incremental: "yes",
	proves: "nothing",
	notCaptured: ["parameter groups, security groups and the address: a restore is a new instance", "a copy outside of the account and region, unless the snapshot is copied there"]
};
const ownTag = {
	key: "made-by",
	value: "airlock"
};
function addressIn(host) {
	const [, id, cluster, , region] = /^([a-z][a-z0-9-]{0,62})\.(cluster-)?([a-z0-9]+)\.([a-z0-9-]+)\.rds\.amazonaws\.com(?:\.cn)?$/.exec(host.toLowerCase()) ?? [];
	if (id === void 0 || region === void 0) return void 0;
	return {
		kind: cluster === void 0 ? "instance" : "cluster",
		id,
		region
	};
}
function hostIsNotAmazons(host) {
	return {
		code: "CONFIG.INVALID",
		what: "`strategy: rds` needs the address of an RDS instance or of the writer of an Aurora cluster in the connection URL.",
		why: `The host is ${host}, which does not say which instance it is; a snapshot of another one would be no backup of it.`,
		next: ["Use the endpoint that the RDS console shows (NAME.….REGION.rds.amazonaws.com), or `strategy: pg_dump`."]
	};
}
function stateOf(status) {
	if (status === "available") return { kind: "ready" };
	return { kind: status === "failed" || status === "deleting" ? "failed" : "waiting" };
}
function isOwn({ id, tags }) {
	return hasOwnName(id) && tags.get(ownTag.key) === ownTag.value;
}
function snapshotOf(snapshot, database, region) {
	return {
		id: snapshot.id,
		name: snapshot.id,
		where: `${database.kind === "cluster" ? "cluster " : ""}snapshot ${snapshot.id} of ${snapshot.of}, Amazon RDS in ${region}`,
		at: snapshot.createdAt === null ? null : new Date(snapshot.createdAt),
		lsn: null,
		bytes: null,
		ours: isOwn(snapshot),
		restoreByHand: restoreCommands(snapshot.id, database, region)
	};
}
function restoreCommands(snapshot, { kind, id, engine, subnetGroup, securityGroups }, region) {
	const copy = `${id.slice(0, 54)}-restored`;
	const network = [
		...subnetGroup === null ? [] : [`--db-subnet-group-name ${subnetGroup}`],
		...securityGroups.length === 0 ? [] : [`--vpc-security-group-ids ${securityGroups.join(" ")}`],
		`--region ${region}`
	].join(" ");
	if (kind === "instance") return [`aws rds restore-db-instance-from-db-snapshot --db-instance-identifier ${copy} --db-snapshot-identifier ${snapshot} ${network}`, `aws rds wait db-instance-available --db-instance-identifier ${copy} --region ${region}`];
	return [`aws rds restore-db-cluster-from-snapshot --db-cluster-identifier ${copy} --snapshot-identifier ${snapshot} --engine ${engine} ${network}`, `aws rds create-db-instance --db-instance-identifier ${copy}-1 --db-cluster-identifier ${copy} --engine ${engine} --db-instance-class CLASS --region ${region}`];
}
const meanings = new Map([
	...[
		"AccessDenied",
		"AccessDeniedException",
		"AuthFailure",
		"ExpiredToken",
		"ExpiredTokenException",
		"IncompleteSignature",
		"InvalidClientTokenId",
		"MissingAuthenticationToken",
		"NotAuthorized",
		"OptInRequired",
		"RequestExpired",
		"SignatureDoesNotMatch",
		"UnrecognizedClientException"
	].map((code) => [code, 403]),
	...[
		"RequestLimitExceeded",
		"Throttling",
		"ThrottlingException"
	].map((code) => [code, 429]),
	...["InvalidDBInstanceState", "InvalidDBClusterStateFault"].map((code) => [code, 423])
]);
function meaningOf(status, code) {
	return code === void 0 ? status : meanings.get(code) ?? status;
}
// src/stages/backup/providers/rds/client.ts
const version = "2014-10-31";
const credentialSteps = ["The role needs rds:CreateDBSnapshot, rds:CreateDBClusterSnapshot, rds:AddTagsToResource and rds:Describe*.", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where there is one), or AWS_ROLE_ARN in a job with `permissions: { id-token: write }`."];
function rdsCall(region, { environment, patienceMs, answerMs }) {
	const source = asProvider(() => credentialsFrom(environment, region, "Amazon RDS"));
	const api = {
		provider: "Amazon RDS",
		secrets: ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"].flatMap((name) => environment[name] || []),
		credentialSteps,
		patienceMs: patienceMs ?? 3e5,
		answerMs: answerMs ?? 6e4,
		reasonIn,
		statusIn: (status, text) => status < 400 ? status : meaningOf(status, codeIn(text))
	};
	const url = new URL(endpointOf(environment, region));
	return async (action, parameters, signal) => {
		const body = new URLSearchParams({
			Action: action,
			Version: version,
			...parameters
		}).toString();
		const { text } = await ask(api, async () => {
			const credentials = await asProvider(() => source.get(signal));
			const unsigned = {
				method: "POST",
				host: url.host,
				path: "/",
				query: [],
				headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
				payloadSha256: sha256Of(body)
			};
			const { host: _, ...headers } = sign(unsigned, credentials, {
				region,
				service: "rds",
				at: /* @__PURE__ */ new Date()
			});
			return {
				method: "POST",
				url,
				headers,
				body,
				repeatable: action.startsWith("Describe")
			};
		}, signal);
		return resultOf(action, text);
	};
}
function endpointOf(environment, region) {
	const own = environment.AWS_ENDPOINT_URL_RDS ?? environment.AWS_ENDPOINT_URL;
	if (own !== void 0 && URL.canParse(own)) return own;
	return `https://rds.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}/`;
}
function asProvider(read) {
	const rename = (thrown) => {
		if (!(thrown instanceof FailureError) || thrown.failure.code !== "STORE.CREDENTIALS") throw thrown;
		throw new FailureError({
			...thrown.failure,
			code: "PROVIDER.CREDENTIALS"
		}, { cause: messageOf(thrown) });
	};
	try {
		const value = read();
		return value instanceof Promise ? value.catch(rename) : value;
	} catch (thrown) {
		return rename(thrown);
	}
}
// src/stages/backup/providers/rds/rds.ts
const words = {
	instance: {
		database: "DBInstanceIdentifier",
		snapshot: "DBSnapshotIdentifier",
		noun: "DBSnapshot",
		list: "DBInstances"
	},
	cluster: {
		database: "DBClusterIdentifier",
		snapshot: "DBClusterSnapshotIdentifier",
		noun: "DBClusterSnapshot",
		list: "DBClusters"
	}
};
function rdsStrategy({ host, patience }, access) {
	const address = addressIn(host);
	if (address === void 0) throw new FailureError(hostIsNotAmazons(host));
	const { region } = address;
	const call = rdsCall(region, access);
	async function describe(kind, id, signal) {
		const { database, list } = words[kind];
		const [found] = databasesIn(kind, await call(`Describe${list}`, { [database]: id }, signal));
		if (found !== void 0) return found;
		throw fail("PROVIDER.REFUSED", {
			what: `Amazon RDS knows no ${kind} ${id} in ${region}.`,
			why: `The host of the connection URL is ${host}.`,
			next: ["Check that the credentials are those of the account that the database is in."]
		});
	}
	async function deployed(signal) {
		const found = await describe(address?.kind ?? "instance", address?.id ?? "", signal);
		if (found.address?.toLowerCase() !== host.toLowerCase()) throw fail("PROVIDER.REFUSED", {
			what: "The database of the connection URL is not in this account.",
			why: `The ${found.database.kind} ${found.database.id} has the address ${found.address ?? "(none yet)"}, the URL has ${host}.`,
			next: ["Check that the credentials are those of the account that the database is in."]
		});
		return found.cluster === void 0 ? found : describe("cluster", found.cluster, signal);
	}
	async function snapshots(kind, wanted, signal) {
		const found = [];
		const seen = /* @__PURE__ */ new Set();
		for (let marker = ""; marker !== void 0;) {
			const page = marker === "" ? {} : { Marker: marker };
			const result = await call(`Describe${words[kind].noun}s`, {
				...wanted,
				SnapshotType: "manual",
				...page
			}, signal);
			found.push(...snapshotsIn(kind, result));
			const next = /<Marker>([^<]+)<\/Marker>/.exec(result)?.[1];
			marker = next === void 0 || seen.has(next) ? void 0 : next;
			if (marker !== void 0) seen.add(marker);
		}
		return found;
	}
	const named = async ({ kind, id }, name, signal) => (await snapshots(kind, { [words[kind].database]: id }, signal)).find((snapshot) => snapshot.id === name);
	async function create(database, { name, signal }) {
		const { kind, id } = database;
		const parameters = {
			[words[kind].database]: id,
			[words[kind].snapshot]: name,
			"Tags.Tag.1.Key": ownTag.key,
			"Tags.Tag.1.Value": ownTag.value
		};
		await call(`Create${words[kind].noun}`, parameters, signal).catch(async (thrown) => {
			if ((thrown instanceof UncertainError ? await named(database, name, signal).catch(() => void 0) : void 0) === void 0) throw thrown;
		});
	}
	async function take(request) {
		const { database } = await deployed(request.signal);
		await create(database, request);
		return {
			snapshot: snapshotOf(await ready(database, request), database, region),
			proven: rdsCapabilities.proves,
			notChecked: ["whether the snapshot restores: it was not restored"]
		};
	}
	async function ready(database, { name, signal, onProgress }) {
		const startedMs = performance.now();
		for (let asked = 0;; asked += 1) {
			const snapshot = await named(database, name, signal);
			const status = snapshot?.status ?? "not listed yet";
			const state = stateOf(status);
			const waitedMs = performance.now() - startedMs;
			const delay = nextDelay(patience, asked, waitedMs);
			if (snapshot !== void 0 && state.kind === "ready") return snapshot;
			if (state.kind === "failed") throw notFinished("PROVIDER.REFUSED", name, `it is ${status}`);
			if (delay === void 0) throw notFinished("PROVIDER.NOT_READY", name, `after ${sayMinutes(waitedMs)} it is ${status}`);
			onProgress(`Amazon RDS, after ${sayMinutes(waitedMs)}: the snapshot is ${status}`);
			await setTimeout(delay, void 0, { signal }).catch(() => void 0);
		}
	}
	async function remove(snapshot, signal) {
		const { database } = await deployed(signal);
		const { kind } = database;
		const found = snapshot.ours && snapshot.id !== null ? await named(database, snapshot.id, signal) : void 0;
		if (found === void 0 || !isOwn(found) || found.of !== database.id) throw fail("PROVIDER.REFUSED", {
			what: `\`${snapshot.name}\` was not made by Airlock, or not of this database, and is left alone.`,
			why: `${snapshot.where} has not both the name and the tag of a backup of Airlock’s.`,
			next: ["Remove it in the RDS console where that is meant."]
		});
		await call(`Delete${words[kind].noun}`, { [words[kind].snapshot]: found.id }, signal);
	}
	return {
		name: "rds",
		capabilities: rdsCapabilities,
		take,
		list: async (signal) => {
			const { database } = await deployed(signal);
			const found = await snapshots(database.kind, { [words[database.kind].database]: database.id }, signal);
			return newestFirst(found.map((snapshot) => snapshotOf(snapshot, database, region)));
		},
		window: async (signal) => {
			const found = await deployed(signal);
			const { earliest, latest } = found.database.kind === "cluster" ? found : windowIn(await call("DescribeDBInstanceAutomatedBackups", { DBInstanceIdentifier: found.database.id }, signal));
			return earliest === void 0 || latest === void 0 ? null : {
				from: new Date(earliest),
				to: new Date(latest)
			};
		},
		remove
	};
}
function notFinished(code, name, why) {
	return fail(code, {
		what: "Amazon RDS did not finish the snapshot.",
		why: `${name}: ${why}.`,
		next: ["Look at the snapshot and the events of the instance in the RDS console, then run this again."]
	});
}
export { rdsStrategy };
