import { r as plural } from "./words.mjs";
import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { n as readRegularText } from "./regular-file.mjs";
import { n as quoteIdentifier, r as quoteLiteral, t as connectionStringFor } from "./quoting.mjs";
import { B as scratchOpener, C as countRows, F as isEqual, H as createDatabaseSql, L as runClient, P as compareContent, T as readContent, _ as isOnlyUnknownTimeout, b as reaches, c as restoredBefore, d as targetExists, f as findAge, i as countsDiffer, l as swapNotes, m as prove, n as compareCounts, o as restoreArguments, p as copyOf, r as contentDiffers, s as restoreFailed, t as beingRestored, u as swapSql, v as needsTolerance, w as listTables, x as contentOf } from "./scratch-server.mjs";
import { i as withoutRowValues, o as serverVersionOf } from "./postgres-url.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { a as chooseClient, n as findClients, t as describeMachine } from "./client-tools.mjs";
import { m as dumpNameOf, p as parseManifest } from "./manifest.mjs";
import { r as readWhole } from "./dump-file.mjs";
import { t as openStoreText } from "./open-store.mjs";
import { dirname, join, resolve } from "node:path";
import { readdir, stat } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
// src/stages/restore/compare.ts
const budgetMs$1 = 36e5;
const lockTimeoutMs = 1e4;
const definitions = "definitions: restored without an error, and not compared with those of the backup";
async function compareWithManifest(request, manifest, serverMajor, after) {
	try {
		var _usingCtx$3 = _usingCtx();
		const session = _usingCtx$3.a(await request.openSession(request.into));
		await session.query("ANALYZE");
		const content = contentOf(manifest);
		if (content === void 0) return await compareRows(request, session, manifest, after, "the backup counted rows only");
		if (content.serverMajor !== serverMajor) return await compareRows(request, session, manifest, after, `the backup is of PostgreSQL ${content.serverMajor}, this server is ${serverMajor}`);
		return await compareRowContents(request, session, content, after);
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
async function compareRowContents(request, session, content, after) {
	const { into, jobs, signal, onProgress } = request;
	onProgress(`comparing the content of ${into} with the backup`);
	const others = [];
	try {
		while (others.length < jobs - 1) others.push(await request.openSession(into));
		const found = await readContent({
			sessions: [session, ...others],
			budgetMs: budgetMs$1,
			lockTimeoutMs,
			signal,
			onProgress
		});
		const comparison = compareContent(content, found);
		if (comparison.differences.length > 0) throw new FailureError(contentDiffers(into, comparison, after));
		return {
			tier: isEqual(comparison) ? "compared" : "restored",
			summary: `${plural(comparison.tables, "table")} with the same rows as in the backup`,
			notChecked: [
				definitions,
				...comparison.notRead,
				...comparison.notComparable
			]
		};
	} finally {
		for (const other of others) await other[Symbol.asyncDispose]();
	}
}
async function compareRows({ into, signal, onProgress }, session, manifest, after, why) {
	onProgress(`counting rows in ${into}`);
	await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
	await session.query("SET LOCAL row_security = off");
	const counted = await countRows(session, await listTables(session), {
		budgetMs: budgetMs$1,
		lockTimeoutMs
	}, signal);
	await session.query("ROLLBACK");
	const counts = compareCounts(manifest.tables, counted);
	if (counts.differences.length > 0) throw new FailureError(countsDiffer(into, counts, after));
	return {
		tier: "restored",
		summary: `${plural(counts.compared, "table")} with the same number of rows as in the backup`,
		notChecked: [
			definitions,
			`compared: row counts were compared, the data in the rows was not (${why})`,
			...counts.notCompared.map((table) => `${table}: its rows were not counted when the backup was made`)
		]
	};
}
function keptAsItIs(into) {
	return `${quoteIdentifier(into)} was restored by an earlier run and somebody changed it since; it was not touched.`;
}
// src/stages/restore/read-backup.ts
async function readBackup(manifestPath, opening) {
	const manifest = await readManifest(manifestPath);
	await requireFiles(manifestPath, manifest);
	const name = dumpNameOf(manifest);
	const { encryption, format, files } = manifest;
	if (encryption === null) return {
		manifestPath,
		dumpPath: join(dirname(manifestPath), name),
		manifest,
		[Symbol.asyncDispose]: async () => {}
	};
	const sealedPath = join(dirname(manifestPath), files[0]?.name ?? "");
	const folder = await opening.janitor.folder(tmpdir(), "airlock-opened-");
	try {
		const { openSealed } = await import("./open-sealed.mjs");
		return {
			manifestPath,
			dumpPath: await openSealed({
				...opening,
				sealedPath,
				format,
				encryption,
				folder: folder.path,
				name
			}),
			manifest,
			[Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]()
		};
	} catch (thrown) {
		await folder[Symbol.asyncDispose]();
		throw thrown;
	}
}
async function requireFiles(manifestPath, { files, format, encryption }) {
	const beside = dirname(manifestPath);
	for (const file of files) {
		const path = join(beside, file.name);
		const found = await stat(path).catch(() => void 0);
		if (found === void 0 || !found.isFile()) throw mismatch(manifestPath, `${path} is not there or cannot be read.`);
		if (found.size !== file.bytes) throw mismatch(manifestPath, `${path} has ${found.size} bytes; the manifest says ${file.bytes}.`);
		const { sha256 } = await readWhole(path).catch((thrown) => {
			throw mismatch(manifestPath, `${path} cannot be read: ${messageOf(thrown)}.`);
		});
		if (sha256 !== file.sha256) throw mismatch(manifestPath, `${path} has the SHA-256 ${sha256}; the manifest says ${file.sha256}.`);
	}
	if (format === "custom" || encryption !== null) return;
	const folder = dumpNameOf({
		files,
		format,
		encryption
	});
	const known = new Set(files.map(({ name }) => name));
	const surplus = (await readdir(join(beside, folder))).filter((name) => !known.has(`${folder}/${name}`));
	if (surplus.length > 0) throw mismatch(manifestPath, `${folder} also contains ${surplus.join(", ")}, which the manifest does not have.`);
}
async function readManifest(manifestPath) {
	const parsed = parseManifest(await readText(manifestPath), manifestPath);
	if (parsed.kind === "invalid") throw new FailureError(parsed.failure);
	return parsed.manifest;
}
async function readText(path) {
	try {
		return await readRegularText(path);
	} catch (thrown) {
		throw fail("RESTORE.MANIFEST_INVALID", {
			what: `${path} cannot be read.`,
			why: messageOf(thrown),
			next: ["Name the file NAME.manifest.json beside NAME.dump: --from DIR/NAME.manifest.json"]
		}, { cause: thrown });
	}
}
function mismatch(manifestPath, why) {
	return fail("RESTORE.CHECKSUM", {
		what: `The dump beside ${manifestPath} is not the one that was backed up.`,
		why: `${why} It was changed, cut or swapped since.`,
		next: ["Fetch manifest and dump again from where they are kept, or use another backup."]
	});
}
// src/stages/restore/swap/mark.ts
const states = {
	filling: "not whole, to be dropped unless a restore is running",
	whole: "whole, and compared with the backup"
};
function restoreMark({ backup, sha256, state }) {
	return `airlock restore of ${backup} sha256:${sha256}: ${states[state]}`;
}
function parseRestoreMark(comment) {
	const found = /^airlock restore of (\S+) sha256:([0-9a-f]{64}): (.*)$/.exec(comment ?? "");
	const state = found?.[3] === states.whole ? "whole" : found?.[3] === states.filling ? "filling" : void 0;
	if (found === null || state === void 0) return void 0;
	return {
		backup: found[1] ?? "",
		sha256: found[2] ?? "",
		state
	};
}
function swapMark({ name, at, successorOid, backup, sha256 }, comment) {
	const first = `airlock swap: ${JSON.stringify(name)} until ${at}, then replaced by database ${successorOid} from ${backup} sha256:${sha256}`;
	return comment === null ? first : `${first}\n${comment}`;
}
function parseSwapMark(comment) {
	const found = /^airlock swap: ("(?:[^"\\]|\\.)*") until (\S+), then replaced by database (\d+) from (\S+) sha256:([0-9a-f]{64})$/m.exec((comment ?? "").split("\n")[0] ?? "");
	if (found === null) return void 0;
	const [, name = "\"\"", at = "", oid, backup = "", sha256 = ""] = found;
	return {
		name: String(JSON.parse(name)),
		at,
		successorOid: Number(oid),
		backup,
		sha256
	};
}
function withoutMark(comment) {
	if (parseRestoreMark(comment) !== void 0) return null;
	if (parseSwapMark(comment) === void 0) return comment;
	const [, ...own] = (comment ?? "").split("\n");
	return own.length === 0 ? null : own.join("\n");
}
// src/stages/restore/target.ts
async function lockTarget({ admin, into }) {
	const [row] = await admin.query(`SELECT pg_catalog.pg_try_advisory_lock(${keyOf}) AS locked`, [into]);
	if (row?.locked !== true) throw new FailureError(beingRestored(into));
	const [elsewhere] = await admin.query(`SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND pid <> pg_catalog.pg_backend_pid()
        AND (classid::bigint << 32) | objid::bigint = ${keyOf}`, [into]);
	if (elsewhere !== void 0) {
		await admin.query(`SELECT pg_catalog.pg_advisory_unlock(${keyOf})`, [into]);
		throw new FailureError(beingRestored(into));
	}
	return { async [Symbol.asyncDispose]() {
		await admin.query(`SELECT pg_catalog.pg_advisory_unlock(${keyOf})`, [into]).catch(() => void 0);
	} };
}
const keyOf = `pg_catalog.hashtextextended('airlock restore into ' || $1, 0)`;
async function openTarget(request, manifest, serverMajor) {
	const { admin, into, onProgress } = request;
	const [there] = await admin.query(`SELECT pg_catalog.shobj_description(oid, 'pg_database') AS comment FROM pg_catalog.pg_database WHERE datname = $1`, [into]);
	if (there !== void 0) {
		const mark = parseRestoreMark(there.comment);
		if (mark === void 0 || !isOf(mark, manifest)) throw new FailureError(targetExists(into));
		if (mark.state === "whole") {
			if (request.successor === void 0) throw new FailureError(restoredBefore(into));
			return { kind: "restored-before" };
		}
		onProgress(`dropping ${into}, which an interrupted restore of this backup left half-filled`);
		await admin.query(`DROP DATABASE ${quoteIdentifier(into)} WITH (FORCE)`);
	}
	await createDatabase(request, manifest, serverMajor);
	try {
		await markTarget(request, manifest, "filling");
	} catch (thrown) {
		await dropHalfRestored(request, thrown);
		throw thrown;
	}
	return { kind: "created" };
}
function isOf(mark, manifest) {
	return mark.backup === manifest.name && mark.sha256 === manifest.files[0]?.sha256;
}
async function markTarget({ admin, into }, manifest, state) {
	const mark = restoreMark({
		backup: manifest.name,
		sha256: manifest.files[0]?.sha256 ?? "",
		state
	});
	await admin.query(`COMMENT ON DATABASE ${quoteIdentifier(into)} IS ${quoteLiteral(mark)}`);
}
async function createDatabase({ admin, into, successor }, manifest, serverMajor) {
	try {
		await admin.query(createDatabaseSql(into, manifest.source, serverMajor) + await tablespaceClause(admin, successor?.tablespace));
	} catch (thrown) {
		const reason = thrown instanceof FailureError ? thrown.failure.why : messageOf(thrown);
		throw fail("RESTORE.FAILED", {
			what: `The database ${quoteIdentifier(into)} could not be created, so nothing was restored.`,
			why: reason,
			next: [`Restore with the URL of a role that has CREATEDB, on a server that knows the locale \`${manifest.source.locale ?? manifest.source.collate}\`.`]
		}, { cause: thrown });
	}
}
async function tablespaceClause(admin, tablespace) {
	const [template] = await admin.query(`SELECT t.spcname AS tablespace FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace
      WHERE d.datname = 'template0'`);
	return tablespace === void 0 || tablespace === template?.tablespace ? "" : ` TABLESPACE ${quoteIdentifier(tablespace)}`;
}
async function dropHalfRestored({ admin, into }, reason) {
	try {
		await admin.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(into)} WITH (FORCE)`);
	} catch (thrown) {
		throw fail("RESTORE.FAILED", {
			what: `The restore did not finish, and the half-restored database ${quoteIdentifier(into)} could not be dropped.`,
			why: `${messageOf(reason)}\nDropping it: ${messageOf(thrown)}`,
			next: [`DROP DATABASE IF EXISTS ${quoteIdentifier(into)} WITH (FORCE);`, "Then restore again."]
		}, { cause: reason });
	}
}
// src/stages/restore/perform.ts
async function restoreBackup(request) {
	try {
		var _usingCtx$2 = _usingCtx();
		const { admin, into } = request;
		const startedMs = performance.now();
		const backup = _usingCtx$2.a(await readBackup(request.manifestPath, request));
		const { manifest } = backup;
		const server = await serverVersionOf(admin);
		const client = clientFor(request, Math.max(server.major, manifest.client.major));
		_usingCtx$2.a(await lockTarget(request));
		return {
			database: into,
			...(await openTarget(request, manifest, server.major)).kind === "restored-before" ? await compareWithManifest(request, manifest, server.major, keptAsItIs(into)) : await fillAndCompare(request, backup, client, server.major),
			swap: swapSql(request.replaces, into, /* @__PURE__ */ new Date()),
			notes: swapNotes(request.replaces, manifest),
			manifest,
			ms: Math.round(performance.now() - startedMs)
		};
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
async function fillAndCompare(request, backup, client, serverMajor) {
	try {
		await fill(request, backup, client, serverMajor);
		const compared = await compareWithManifest(request, backup.manifest, serverMajor, dropped(request.into));
		await markTarget(request, backup.manifest, "whole");
		return compared;
	} catch (thrown) {
		await dropHalfRestored(request, thrown);
		throw thrown;
	}
}
function clientFor({ clients, machine }, major) {
	const choice = chooseClient(clients, major, machine);
	if (choice.kind === "none") throw new FailureError(choice.failure);
	return choice.client;
}
async function fill(request, { dumpPath }, client, serverMajor) {
	const { into } = request;
	const tolerant = needsTolerance(client.major, serverMajor);
	request.onProgress(`pg_restore ${client.version} into ${into}`);
	const exit = await runClient({
		program: client.restore,
		args: [...restoreArguments(connectionStringFor(into), request.jobs, tolerant), dumpPath],
		connection: request.connectionFor(client),
		janitor: request.janitor,
		signal: request.signal
	});
	if (exit.code === 0) return;
	if (tolerant && isOnlyUnknownTimeout(exit.stderr)) return;
	throw new FailureError(restoreFailed(into, withoutRowValues(exit.stderr), dropped(into)));
}
function dropped(into) {
	return `${quoteIdentifier(into)} was dropped again; nothing else was touched.`;
}
// src/stages/restore/check.ts
const budgetMs = 36e5;
async function checkBackup(request) {
	try {
		var _usingCtx$1 = _usingCtx();
		return _usingCtx$1.a(await openBackup(request)).checked;
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function openBackup(request) {
	try {
		var _usingCtx3 = _usingCtx();
		request.onProgress(`reading ${request.manifestPath}`);
		const { manifest, dumpPath } = _usingCtx3.a(await readBackup(request.manifestPath, request));
		const content = contentOf(manifest);
		const comparable = content !== void 0 && reaches(manifest.tier, "compared");
		const proof = await prove({
			...request,
			wanted: request.tier ?? (comparable ? "compared" : "restored"),
			dumpPath,
			unreadable: (why) => damagedBefore(dumpPath, why),
			client: clientFor(request, manifest.client.major),
			source: manifest.source,
			content,
			openScratch: () => request.openScratch(manifest.source.serverMajor, manifest.source.systemIdentifier),
			budgetMs
		});
		const { tier, notChecked } = proof;
		return {
			checked: {
				tier,
				notChecked,
				manifest,
				dumpPath
			},
			copy: copyOf(proof),
			[Symbol.asyncDispose]: () => proof[Symbol.asyncDispose]()
		};
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
function damagedBefore(dumpPath, why) {
	return {
		code: "BACKUP.UNREADABLE",
		what: `${dumpPath} cannot be decoded, although it is the file that its manifest describes.`,
		why,
		next: ["Restore another backup: this one was damaged before its checksum was taken."]
	};
}
// src/stages/restore/request.ts
async function backupRequest(context, janitor, from, wish = "auto") {
	const { invocation, run } = context;
	return {
		clients: await findClients(invocation.env),
		machine: await describeMachine(invocation.env),
		manifestPath: await manifestFor(context, janitor, from),
		signal: run.signal,
		onProgress: (text) => run.progress(text),
		identityFile: invocation.identity === void 0 ? void 0 : resolve(invocation.cwd, invocation.identity),
		program: await findAge(invocation.env),
		janitor,
		tier: invocation.tier,
		openScratch: scratchOpener(context, janitor, wish),
		temporary: invocation.env.RUNNER_TEMP ?? tmpdir(),
		jobs: Math.min(4, availableParallelism())
	};
}
async function manifestFor(context, janitor, from) {
	const { invocation, run } = context;
	if (invocation.store === void 0) return resolve(invocation.cwd, from);
	const access = {
		env: invocation.env,
		signal: run.signal,
		onProgress: (text) => run.progress(text)
	};
	const store = await openStoreText(invocation.store, invocation.cwd, access);
	const folder = await janitor.folder(invocation.env.RUNNER_TEMP ?? tmpdir(), "airlock-fetched-");
	run.progress(`fetching ${from} from ${store.describe}`);
	return store.fetch(from.replace(/\.manifest\.json$/, ""), folder.path);
}
export { parseSwapMark as a, readManifest as c, restoreBackup as i, checkBackup as n, swapMark as o, openBackup as r, withoutMark as s, backupRequest as t };
