import { n as fail } from "./errors.mjs";
import { n as quoteIdentifier } from "./quoting.mjs";
// src/stages/gate/decide.ts
function clearanceOnCopy(plan, _copy) {
	return {
		plan,
		because: "it runs on a copy"
	};
}
function decideGate(plan, policy, trigger, given) {
	return refuseConfirmation(trigger, given.confirm) ?? refuseCertainFailure(plan) ?? refuseOtherThanPlanned(plan, given.planned) ?? refuseApproval(plan, policy, given) ?? {
		kind: "clear",
		clearance: {
			plan,
			because: clearedBecause(plan, policy, given)
		}
	};
}
function refuseConfirmation(trigger, confirm) {
	if (trigger.kind === "manual" && trigger.attempt > 1) return blocked("confirm_replayed", "This is a re-run: it repeats the CONFIRM that was typed for an earlier attempt.", ["Start a new run of the workflow and type CONFIRM there."]);
	if (confirm === "CONFIRM" || confirm === "" && trigger.kind !== "manual") return void 0;
	if (confirm === "") return blocked("confirm_missing", "A manual run needs CONFIRM in the input `confirm`.", ["Start a new run of the workflow and type CONFIRM."]);
	return blocked("confirm_not_exact", "The input `confirm` is not exactly CONFIRM: seven capital letters, nothing before or after.", ["Start again and type CONFIRM."]);
}
function refuseCertainFailure({ obstacles }) {
	if (obstacles.length === 0) return void 0;
	return blocked("will_fail", obstacles.map(({ migration, text }) => `${migration}: ${text}`).join("\n"), obstacles.map(({ instead }) => instead));
}
function refuseOtherThanPlanned(plan, planned) {
	const same = planned === plan.digest;
	if (planned === "" || same) return void 0;
	return blocked("plan_changed", `The plan job showed ${planned}; this plan is ${plan.digest}. The migrations, the database, the history or the policy changed in between.`, ["Start the workflow again and read the new plan."]);
}
function refuseApproval(plan, policy, { approve, environment }) {
	const command = `airlock deploy${environment === "production" ? "" : ` --environment ${environment}`} --approve ${plan.digest}`;
	const approved = approve === plan.digest;
	if (approve !== "" && !approved) return blocked("approval_of_another_plan", `The approved digest ${approve} is not the digest of this plan. The migrations, the database, the history or the policy are not what was approved.`, ["Read the plan again, then approve this one:", command]);
	const risks = risksToApprove(plan, policy);
	if (risks.length === 0 || approved) return void 0;
	return {
		kind: "needs-approval",
		code: "approval_missing",
		reason: `${countOf(risks.length)} in this plan ${risks.length === 1 ? "needs" : "need"} approval (${reasonsOf(risks).join(", ")}).`,
		risks,
		next: ["Read the plan. If this is what should happen to this database, approve exactly this plan; in a workflow the input is `approve`:", command]
	};
}
function risksToApprove(plan, policy) {
	return plan.risks.filter((risk) => policy["require-approval"].includes(risk.reason));
}
function clearedBecause(plan, policy, given) {
	const risks = risksToApprove(plan, policy);
	if (risks.length > 0) return `approved by digest (${reasonsOf(risks).join(", ")})`;
	const waived = reasonsOf(plan.risks);
	const base = given.approve === "" ? "nothing in it needs approval" : "approved by digest";
	return waived.length === 0 ? base : `${base}; the policy waives approval for ${waived.join(", ")}`;
}
function reasonsOf(risks) {
	return [...new Set(risks.map((risk) => risk.reason))];
}
function countOf(count) {
	return count === 1 ? "One statement" : `${count} things`;
}
function blocked(code, reason, next) {
	return {
		kind: "blocked",
		code,
		reason,
		risks: [],
		next
	};
}
function refuseOutsiders(trigger) {
	if (trigger.kind !== "outsider") return;
	throw fail("GITHUB.EVENT_REFUSED", {
		what: `A run of the event \`${trigger.eventName}\` does not deploy.`,
		why: "People who may not deploy can cause it: with a pull request, a comment or an issue. With `pull_request_target` their code would even meet the secrets of this repository.",
		next: ["Deploy on `release`, `push`, `schedule`, or by hand with `workflow_dispatch` and CONFIRM.", "On pull requests use the commands `check` and `plan`."]
	});
}
// src/stages/preflight/relations.ts
async function readRelations(session, names) {
	if (names.length === 0) return [];
	return session.query(`WITH RECURSIVE wanted AS (
       SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relowner
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname || '.' || c.relname = ANY ($1::text[])
     ), parts AS (
       SELECT oid AS root, oid FROM wanted
       UNION SELECT parts.root, i.inhrelid FROM parts JOIN pg_catalog.pg_inherits i ON i.inhparent = parts.oid
     ), sizes AS (
       SELECT parts.root, sum(pg_catalog.pg_table_size(parts.oid))::float8 AS bytes,
              CASE WHEN bool_and(c.relkind = 'p' OR c.reltuples >= 0)
                   THEN sum(c.reltuples) FILTER (WHERE c.relkind <> 'p') END::float8 AS rows
         FROM parts JOIN pg_catalog.pg_class c ON c.oid = parts.oid GROUP BY parts.root
     )
     SELECT wanted.name, sizes.bytes, sizes.rows, pg_catalog.pg_get_userbyid(wanted.relowner)::text AS owner,
            pg_catalog.pg_has_role(wanted.relowner, 'USAGE') AS owned
       FROM wanted JOIN sizes ON sizes.root = wanted.oid`, [names]);
}
const ownerStatements = /* @__PURE__ */ new Set([
	"AlterTableStmt",
	"IndexStmt",
	"RenameStmt"
]);
function relationsThatNeedTheirOwner(statements) {
	return new Set(statements.flatMap(({ kind, effects }) => {
		if (kind === "DropStmt") return effects.loses.filter((loss) => loss.kind === "table").map((loss) => loss.name);
		return ownerStatements.has(kind) ? effects.locks.slice(0, 1).map((lock) => lock.relation) : [];
	}));
}
async function refuseMissingPrivileges(session, url, relations, needOwner, historySchema = url.schema) {
	const foreign = relations.filter((relation) => needOwner.has(relation.name) && !relation.owned);
	const problems = foreign.map((relation) => `${relation.name} belongs to \`${relation.owner}\`; only its owner may change it`);
	const next = foreign.map(({ name, owner }) => `Connect as ${quoteIdentifier(owner)}, or let the role act as it: GRANT ${quoteIdentifier(owner)} TO ${quoteIdentifier(url.user)}; -- for ${name}`);
	const [schema] = await session.query(`SELECT n.oid IS NOT NULL AS exists, pg_catalog.has_schema_privilege(n.oid, 'CREATE') AS create,
            pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS database
       FROM (SELECT $1::text AS name) wanted LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.name`, [url.schema]);
	if (schema?.exists === true && schema.create !== true) {
		problems.push(`it may not create anything in schema \`${url.schema}\``);
		next.push(`GRANT CREATE ON SCHEMA ${quoteIdentifier(url.schema)} TO ${quoteIdentifier(url.user)};`);
	}
	if (schema?.exists !== true && schema?.database !== true) {
		problems.push(`schema \`${url.schema}\` does not exist and it may not create one`);
		next.push(`CREATE SCHEMA ${quoteIdentifier(url.schema)} AUTHORIZATION ${quoteIdentifier(url.user)};`);
	}
	if (historySchema !== url.schema && schema?.database !== true && !await schemaExists(session, historySchema)) {
		problems.push(`schema \`${historySchema}\`, where the history belongs, does not exist and it may not create one`);
		next.push(`CREATE SCHEMA ${quoteIdentifier(historySchema)} AUTHORIZATION ${quoteIdentifier(url.user)};`);
	}
	if (problems.length === 0) return;
	throw fail("DATABASE.NO_PRIVILEGES", {
		what: `The role \`${url.user}\` lacks privileges that these migrations need in \`${url.database}\`.`,
		why: problems.join("\n"),
		next: [...new Set(next)]
	});
}
async function schemaExists(session, name) {
	return (await session.query("SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1", [name])).length > 0;
}
export { decideGate as a, clearanceOnCopy as i, refuseMissingPrivileges as n, refuseOutsiders as o, relationsThatNeedTheirOwner as r, readRelations as t };
