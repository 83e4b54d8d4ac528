import { i as planChanged, l as targetOf, n as nothingPending, o as refused, r as ofPlan, s as rehearsalFailed, t as noMigrations } from "./ended.mjs";
import { i as whoApplies, n as takeDeployLock } from "./deploy-lock.mjs";
import { n as isCancellation, r as unlessCancelled } from "./cancellation.mjs";
import { n as fail, t as FailureError } from "./errors.mjs";
import { n as formatMs, r as plural } from "./words.mjs";
import { C as readInvalidIndexes, S as readHolders, T as runHook, _ as decideRetry, a as conflicts, b as replicasInTheWay, c as recover, f as finishedNames, g as resolve, h as applyOnce, l as endStatementsIfPossible, m as verify, n as lookAt, t as decideLeftBehind, u as takeBack, v as whyAgain, w as readReplicas, x as readHeadroom } from "./apply-and-recover.mjs";
import { o as makeWayBack, t as backupOf } from "./backup-stage.mjs";
import { n as quoteIdentifier } from "./quoting.mjs";
import { o as refuseOutsiders } from "./gate.mjs";
import { t as gate } from "./stage.mjs";
import { W as startJanitor } from "./scratch-server.mjs";
import { c as connectWithoutLimits, s as connect } from "./postgres-url.mjs";
import { j as lockModes } from "./rules.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { n as replan, t as planStage } from "./planning.mjs";
import { m as sqlStateIn, n as preflight, s as observe, t as openTarget } from "./preflight.mjs";
import { s as hasProgress } from "./analysis.mjs";
import { t as tryAgain } from "./next-steps.mjs";
import { setTimeout } from "node:timers/promises";
// src/stages/apply/attempts.ts
const cancelledState = "57014";
async function apply(context, target, clearance, history, done) {
	const { exit } = await context.run.stage("apply", async () => {
		const once = () => applyOnce(context, target, clearance, history, done.wayBack);
		if (target.apply === "prisma") return attempt(context, target, done, once);
		const exit = await once();
		return {
			exit,
			attempts: exit.attempts,
			again: []
		};
	}, ({ exit: { engine, code, stoppedIn }, attempts, again }) => {
		const times = attempts === 1 ? "" : `, ${attempts} attempts`;
		const detail = {
			attempts,
			again
		};
		if (engine === "Airlock") {
			const stopped = stoppedIn === void 0 ? "nothing was begun" : `stopped in ${stoppedIn.name}`;
			return {
				outcome: code === 0 ? "pass" : "fail",
				summary: `${code === 0 ? "by Airlock itself" : stopped}${times}`,
				detail
			};
		}
		if (code === 0) return {
			outcome: "pass",
			summary: `prisma migrate deploy, ${target.source.title}${times}`,
			detail
		};
		return {
			outcome: "fail",
			summary: `${code === null ? "Prisma was ended by a signal" : `Prisma ended with exit code ${code}`}${times}`,
			detail
		};
	});
	return exit;
}
async function attempt(context, target, done, once) {
	const { run, policy } = context;
	const startedAt = Date.now();
	const again = [];
	for (;;) {
		const ended = again.length === 0 ? await once() : await evenIfItFails(once);
		const attempts = again.length + 1;
		if (ended.code === 0 || run.signal.aborted) return {
			exit: ended,
			attempts,
			again
		};
		const rolledBack = await endStatementsIfPossible(context, target);
		const exit = {
			...ended,
			rolledBack
		};
		let afterMs = 0;
		const { cancelled } = exit;
		const takenBack = await takeBack(context, target, done, rolledBack, ({ migration, sqlState }) => {
			const byWatchdog = cancelled !== void 0 && sqlState === cancelledState;
			if (byWatchdog && cancelled.while === "holding") return false;
			const ofThis = again.filter((one) => one.migration === migration).length + 1;
			const decision = decideRetry({
				sqlState,
				cancelledByWatchdog: byWatchdog
			}, {
				attempts: ofThis,
				spentMs: Date.now() - startedAt
			}, policy.retry, Math.random);
			if (decision.kind === "again") afterMs = decision.afterMs;
			else run.progress(`${migration} is not tried again: ${decision.because}`);
			return decision.kind === "again";
		});
		if (takenBack === void 0) return {
			exit,
			attempts,
			again
		};
		const { migration, sqlState } = takenBack;
		const because = sqlState === cancelledState && cancelled !== void 0 ? cancelled.because : whyAgain(sqlState);
		again.push({
			migration,
			because,
			afterMs
		});
		run.progress(`${migration}: ${because}. PostgreSQL took it back; attempt ${again.filter((one) => one.migration === migration).length + 1} of ${policy.retry.attempts} in ${formatMs(afterMs)}`);
		if (!await waited(afterMs, run.signal)) return {
			exit,
			attempts,
			again
		};
	}
}
async function evenIfItFails(once) {
	try {
		return await once();
	} catch (error) {
		if (error instanceof FailureError) return {
			engine: "Prisma",
			code: null,
			output: `Error: ${error.failure.what} ${error.failure.why}`,
			stoppedIn: void 0,
			attempts: 1
		};
		throw error;
	}
}
async function waited(ms, signal) {
	try {
		await unlessCancelled(setTimeout(ms), signal);
		return true;
	} catch (error) {
		if (isCancellation(error)) return false;
		throw error;
	}
}
// src/stages/blockers/decide.ts
function wantedBy(migrations) {
	const modes = /* @__PURE__ */ new Map();
	let concurrently = false;
	let unknown = 0;
	for (const { effects, sql } of migrations.flatMap(({ statements }) => statements)) {
		if (effects.unknown) unknown += 1;
		const own = /\bCONCURRENTLY\b/i.test(sql);
		concurrently ||= own;
		for (const { relation, mode } of effects.locks) {
			const known = modes.get(relation) ?? /* @__PURE__ */ new Set();
			modes.set(relation, known.add(mode));
			if (own) known.add("ShareLock");
		}
	}
	return {
		modes,
		concurrently,
		unknown
	};
}
function decideBlockers(wanted, holders, { longMs, seenForMs }) {
	const inTheWay = holders.filter((holder) => isInTheWay(holder, wanted));
	const ageOf = (holder) => holder.transactionMs ?? seenForMs(holder.transaction);
	return {
		blockers: grouped(inTheWay.filter((holder) => ageOf(holder) >= longMs)).map((group) => describe(group, Math.max(...group.map(ageOf)))),
		notYet: inTheWay.filter((holder) => ageOf(holder) < longMs).map(({ transaction }) => transaction)
	};
}
function isInTheWay(holder, wanted) {
	if (holder.worker && !holder.antiWraparound) return false;
	if (holder.relation === null) return wanted.concurrently && holder.hasSnapshot !== false;
	return [...wanted.modes.get(holder.relation) ?? []].some((mode) => conflicts[mode].includes(holder.mode));
}
function grouped(holders) {
	const groups = /* @__PURE__ */ new Map();
	for (const holder of holders) {
		const group = groups.get(holder.transaction);
		if (group === void 0) groups.set(holder.transaction, [holder]);
		else group.push(holder);
	}
	return [...groups.values()];
}
function describe(group, ms) {
	const [first] = group;
	const tables = [...new Set(group.flatMap(({ relation }) => relation ?? []))];
	const what = tables.length === 0 ? "an old view of the database, which CONCURRENTLY waits for" : `a lock on ${tables.join(", ")}`;
	const age = first.transactionMs === null ? `for at least ${formatMs(ms)}` : `for ${formatMs(ms)}${first.since === null ? "" : `, since ${first.since}`}`;
	const { prepared, pid, transaction: key } = first;
	if (prepared !== null) {
		const gid = prepared.gid.replaceAll("'", "''");
		return {
			key,
			text: `the prepared transaction ${prepared.gid} of ${prepared.owner} holds ${what} ${age}`,
			next: `COMMIT PREPARED '${gid}'; -- or ROLLBACK PREPARED '${gid}';`
		};
	}
	if (first.worker) return {
		key,
		text: `autovacuum to prevent wraparound holds ${what} ${age}`,
		next: `Let it end; it does not give way. See how far it is: SELECT * FROM pg_stat_progress_vacuum WHERE pid = ${pid};`
	};
	return {
		key,
		text: `${`process ${pid} (${[
			first.name,
			first.user,
			first.state
		].filter((fact) => fact !== null && fact !== "").join(", ")})`} holds ${what} ${age}`,
		next: first.name === "pg_dump" ? `Let the dump end, or end it: SELECT pg_terminate_backend(${pid});` : `SELECT pid, state, xact_start, query FROM pg_stat_activity WHERE pid = ${pid}; -- to end it: SELECT pg_terminate_backend(${pid});`
	};
}
// src/stages/blockers/perform.ts
const lookEveryMs = 250;
const tellEveryMs = 15e3;
const leastConnections = 3;
async function clearTheWay(context, target, plan) {
	const { run, policy } = context;
	if (policy.blockers === "ignore") return run.skip("blockers", "airlock.yml says `blockers: ignore`");
	const wanted = wantedBy(plan.migrations);
	await run.stage("blockers", () => waitForAll(context, target, wanted), (waitedMs) => ({
		outcome: "pass",
		summary: [waitedMs < lookEveryMs ? "nobody is in the way" : `nobody is in the way any more, after ${formatMs(waitedMs)}`, ...wanted.unknown === 0 ? [] : [`not checked: ${plural(wanted.unknown, "statement")} whose locks cannot be told`]].join("; "),
		detail: {
			tables: [...wanted.modes.keys()],
			waitedMs
		}
	}));
}
async function waitForAll(context, target, wanted) {
	const { run, policy } = context;
	await tellOthers(context, target, wanted);
	const startedAt = Date.now();
	const look = lookout(context, target, wanted);
	let told = {
		who: "",
		at: 0
	};
	for (;;) {
		const { inTheWay, decided } = await look();
		const waitedMs = Date.now() - startedAt;
		if (inTheWay.length === 0 && decided) return waitedMs;
		if (inTheWay.length > 0 && (policy.blockers === "refuse" || waitedMs >= policy["blocker-wait"])) throw inTheWayFailure(inTheWay, waitedMs);
		const who = inTheWay.map(({ key }) => key).join("; ");
		if (who !== "" && (who !== told.who || Date.now() - told.at >= tellEveryMs)) {
			run.progress(`waiting: ${inTheWay.map(({ text }) => text).join("; ")}`);
			told = {
				who,
				at: Date.now()
			};
		}
		await unlessCancelled(setTimeout(lookEveryMs), run.signal);
	}
}
function lookout({ policy }, { session }, wanted) {
	const firstSeen = /* @__PURE__ */ new Map();
	let suspects;
	return async () => {
		const now = Date.now();
		const holders = wanted.modes.size === 0 && !wanted.concurrently ? [] : await readHolders(session, [...wanted.modes.keys()], wanted.concurrently);
		for (const { transaction } of holders) if (!firstSeen.has(transaction)) firstSeen.set(transaction, now);
		const { blockers, notYet } = decideBlockers(wanted, holders, {
			longMs: policy["lock-timeout"],
			seenForMs: (transaction) => now - (firstSeen.get(transaction) ?? now)
		});
		suspects ??= new Set(notYet);
		return {
			inTheWay: [
				...blockers.map((blocker) => ({
					...blocker,
					code: "DEPLOY.BLOCKED"
				})),
				...await connectionsInTheWay(session),
				...await replicasInTheWay(session, policy["replica-lag"])
			],
			decided: !notYet.some((transaction) => suspects?.has(transaction))
		};
	};
}
async function connectionsInTheWay(session) {
	const { free, ceiling } = await readHeadroom(session);
	if (free >= leastConnections) return [];
	return [{
		code: "DEPLOY.NO_CONNECTIONS",
		key: "connections",
		text: `${plural(Math.max(0, free), "connection")} free within ${ceiling}, and a deploy needs ${leastConnections}`,
		next: "SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC;"
	}];
}
async function tellOthers({ run }, { session, url }, wanted) {
	for (const { index, table } of await readInvalidIndexes(session, [...wanted.modes.keys()])) run.notice(`${table} has the invalid index ${index}, which costs writes and serves nobody: DROP INDEX CONCURRENTLY ${index};`);
	const hidden = (await readReplicas(session)).filter((replica) => replica.hidden);
	if (hidden.length > 0) run.notice(`How far ${plural(hidden.length, "replica")} ${hidden.length === 1 ? "is" : "are"} behind is hidden from this role, and was not checked: GRANT pg_monitor TO ${quoteIdentifier(url.user)};`);
}
function inTheWayFailure(inTheWay, waitedMs) {
	const code = inTheWay[0]?.code ?? "DEPLOY.BLOCKED";
	const waited = waitedMs < lookEveryMs ? "" : ` after ${formatMs(waitedMs)}`;
	return fail(code, {
		what: `Nothing was applied: ${code === "DEPLOY.BLOCKED" ? "somebody is" : "something is"} still in the way of the migrations${waited}.`,
		why: inTheWay.map(({ text }) => text).join("\n"),
		next: [...new Set(inTheWay.map(({ next }) => next)), "Then deploy again. To begin all the same, within the lock timeout, in airlock.yml under the environment: `blockers: ignore`."]
	});
}
// src/stages/hooks/perform.ts
async function beforeDeploy(context, target) {
	const commands = context.policy.hooks["before-deploy"];
	if (commands.length === 0) return;
	await context.run.stage("before-deploy", async () => {
		try {
			var _usingCtx$3 = _usingCtx();
			const janitor = _usingCtx$3.a(await startJanitor());
			for (const argv of commands) {
				const failure = await runHook(context, target, janitor, {
					moment: "before-deploy",
					argv
				});
				if (failure !== void 0) throw new FailureError(failure);
			}
		} catch (_) {
			_usingCtx$3.e = _;
		} finally {
			await _usingCtx$3.d();
		}
	}, () => ({
		outcome: "pass",
		summary: plural(commands.length, "program")
	}));
}
async function afterDeploy(context, target, plan) {
	const { run, policy } = context;
	const commands = [...policy.hooks.seed.map((argv) => ({
		moment: "seed",
		argv
	})), ...policy.hooks["after-deploy"].map((argv) => ({
		moment: "after-deploy",
		argv
	}))];
	if (commands.length === 0 && !policy.analyze) return;
	await run.stage("after-deploy", async () => {
		try {
			var _usingCtx3 = _usingCtx();
			const problems = [];
			if (policy.analyze) problems.push(...await analyzeTables(context, target, changedBy(plan)));
			if (commands.length === 0) return problems;
			const janitor = _usingCtx3.a(await startJanitor());
			for (const hook of commands) {
				if (run.signal.aborted) return [...problems, `${hook.argv[0]} was not run: the run was cancelled`];
				const failure = await runUnlessCancelled(() => runHook(context, target, janitor, hook));
				if (failure !== void 0) problems.push(`${failure.what} ${failure.why}`);
			}
			return problems;
		} catch (_) {
			_usingCtx3.e = _;
		} finally {
			await _usingCtx3.d();
		}
	}, (problems) => {
		for (const problem of problems) run.notice(problem);
		return problems.length === 0 ? {
			outcome: "pass",
			summary: [...policy.analyze ? ["ANALYZE"] : [], plural(commands.length, "program")].join(", ")
		} : {
			outcome: "fail",
			summary: `${plural(problems.length, "problem")}; the deploy stands`,
			detail: { problems }
		};
	}, "to-its-end");
}
async function runUnlessCancelled(hook) {
	try {
		return await hook();
	} catch (error) {
		if (error instanceof FailureError) return error.failure;
		throw error;
	}
}
const leastOfWriters = lockModes.indexOf("RowExclusiveLock");
function changedBy(plan) {
	const locks = plan.migrations.flatMap(({ statements }) => statements.flatMap(({ effects }) => effects.locks));
	return [...new Set(locks.filter(({ mode }) => lockModes.indexOf(mode) >= leastOfWriters).map(({ relation }) => relation))];
}
async function analyzeTables({ run }, { url }, relations) {
	const problems = [];
	try {
		try {
			var _usingCtx4 = _usingCtx();
			const session = _usingCtx4.a(await connectWithoutLimits(url, "airlock", run.signal));
			const tables = await session.query(`SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname || '.' || c.relname = ANY ($1::text[]) ORDER BY 1, 2`, [relations]);
			for (const { schema, name } of tables) {
				run.progress(`ANALYZE ${schema}.${name}`);
				await session.query(`ANALYZE ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`);
			}
		} catch (_) {
			_usingCtx4.e = _;
		} finally {
			await _usingCtx4.d();
		}
	} catch (error) {
		if (!(error instanceof FailureError)) throw error;
		problems.push(`ANALYZE: ${error.failure.what} ${error.failure.why}`);
	}
	return problems;
}
// src/stages/recover/left-behind/for-a-person.ts
function leftForAPerson(error) {
	if (!(error instanceof FailureError) || error.failure.code !== "HISTORY.FAILED_MIGRATION") throw error;
	const { failure } = error;
	return {
		...noMigrations,
		outcome: "needs-human",
		reasonCode: failure.code,
		reason: "",
		next: failure.next,
		failure
	};
}
// src/stages/recover/left-behind/perform.ts
async function settleLeftBehind(context, target, refused) {
	const settled = await settle(context, target);
	if (settled.kind === "settled") return "settled";
	throw withKnown(refused, settled.known);
}
async function settle(context, target) {
	try {
		var _usingCtx$2 = _usingCtx();
		const { run, policy } = context;
		const { url, source } = target;
		if (source.kind !== "prisma") return {
			kind: "open",
			known: []
		};
		const guard = _usingCtx$2.a(await connect(url));
		await takeDeployLock(guard, {
			waitMs: policy["lock-wait"],
			onWait: (holder) => run.progress(`another deploy is running: ${holder}`),
			signal: run.signal
		});
		const { history, migrations } = await now({
			url,
			source
		});
		const [row, ...others] = history.failed;
		if (row === void 0) return { kind: "settled" };
		const migration = migrations.find(({ name }) => name === row.name);
		if (others.length > 0 || migration === void 0 || !isText(row, migration)) return {
			kind: "open",
			known: []
		};
		if (await whoApplies(guard) !== void 0) return {
			kind: "open",
			known: []
		};
		const left = await lookAt({
			url,
			prisma: source.prisma
		}, guard, row, migration);
		if (left === void 0) return {
			kind: "open",
			known: []
		};
		const settlement = decideLeftBehind(left);
		if (settlement.kind === "for-a-person") return {
			kind: "open",
			known: settlement.known
		};
		if (settlement.kind === "nothing-in-force" && settlement.drop !== void 0) {
			run.progress(settlement.drop);
			await guard.query(settlement.drop);
		}
		return await record(context, {
			url,
			source
		}, row.name, settlement) ? { kind: "settled" } : {
			kind: "open",
			known: []
		};
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
async function now(target) {
	const { history, folder } = await observe(target);
	return {
		history,
		migrations: folder.migrations
	};
}
function isText(row, { checksum, otherChecksums }) {
	return (row.logs.trim() === "" || !hasProgress(row.logs) && sqlStateIn(row.logs) !== void 0) && [checksum, ...otherChecksums].includes(row.checksum);
}
async function record(context, target, name, { kind, because }) {
	const nothing = kind === "nothing-in-force";
	await resolve(context, target, nothing ? "--rolled-back" : "--applied", name);
	const { history } = await now(target);
	if (history.failed.length > 0) return false;
	context.run.notice(nothing ? `An earlier run stopped in ${name}, and nothing of it is in force: ${because}. It is marked as rolled back and applied again.` : `An earlier run stopped in ${name}, and all of it is in force: ${because}. It is marked as applied.`);
	return true;
}
function withKnown(error, known) {
	if (known.length === 0) return error;
	const { failure } = error;
	return new FailureError({
		...failure,
		why: [
			failure.why,
			"What the catalog says:",
			...known
		].join("\n")
	});
}
// src/pipeline.ts
async function deploy(context) {
	try {
		var _usingCtx$1 = _usingCtx();
		refuseOutsiders(context.invocation.trigger);
		const target = _usingCtx$1.a(await openTarget(context, "write"));
		const facts = await preflight(context, target, settleLeftBehind).catch(leftForAPerson);
		if ("outcome" in facts) return facts;
		if (facts.history.pending.length === 0) return nothingPending(facts);
		const plan = await planStage(context, target, facts);
		context.run.learn(ofPlan(facts, plan));
		const verdict = await gate(context, plan);
		if (verdict.kind !== "clear") return refused(facts, plan, verdict);
		await takeDeployLock(target.session, {
			waitMs: context.policy["lock-wait"],
			onWait: (holder) => context.run.progress(`another deploy is running: ${holder}`),
			signal: context.run.signal
		});
		const locked = await replan(context, target);
		if (locked.kind === "nothing-pending") return nothingPending(locked.facts);
		if (locked.plan.digest !== plan.digest) return planChanged(facts, plan, locked.plan);
		context.announce({
			target: targetOf(facts),
			pending: plan.migrations.map((migration) => migration.name)
		});
		const { wayBack, rehearsal } = await backUpAndRehearse(context, target, plan);
		const backup = backupOf(wayBack);
		if (rehearsal.kind === "failed") return {
			...rehearsalFailed(facts, plan, rehearsal, tryAgain(rehearsal, backup?.manifest)),
			backup
		};
		await beforeDeploy(context, target);
		await clearTheWay(context, target, plan);
		const current = await replan(context, target);
		if (current.kind === "nothing-pending") return {
			...nothingPending(current.facts),
			backup
		};
		if (current.plan.digest !== plan.digest) return {
			...planChanged(facts, plan, current.plan),
			backup
		};
		const finishedBefore = finishedNames(current.facts.history);
		const done = {
			plan,
			before: current.catalog,
			finishedBefore,
			wayBack
		};
		const applied = await apply(context, target, verdict.clearance, current.facts.history, done);
		const recovered = () => recover(context, target, {
			...done,
			exit: applied
		});
		const ended = applied.code === 0 ? await verify(context, target, done, {
			said: `${applied.engine} reported success`,
			recover: recovered
		}) : await recovered();
		if (ended.outcome === "applied") await afterDeploy(context, target, plan);
		return {
			...ofPlan(facts, plan),
			...ended
		};
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function backUpAndRehearse(context, target, plan) {
	try {
		var _usingCtx3 = _usingCtx();
		const made = _usingCtx3.a(await makeWayBack(context, target.url));
		context.run.learn({ backup: backupOf(made.wayBack) });
		const { wayBack, copy } = made;
		const { rehearse } = await import("./perform.mjs");
		return {
			wayBack,
			rehearsal: await rehearse(context, target, plan, copy, {
				production: target.session,
				backup: wayBack.kind === "backup" ? wayBack : void 0
			})
		};
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
export { deploy };
