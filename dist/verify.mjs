import { l as targetOf, t as noMigrations } from "./ended.mjs";
import { r as plural } from "./words.mjs";
import { n as preflight, t as openTarget } from "./preflight.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
// src/commands/verify.ts
async function verify(context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const target = _usingCtx$1.a(await openTarget(context, "read"));
		const facts = await preflight(context, target);
		const invalid = await context.run.stage("verify", () => target.session.query(`SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name FROM pg_catalog.pg_index i
           JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE NOT i.indisvalid AND n.nspname !~ '^pg_' ORDER BY 1`), (rows) => ({
			outcome: rows.length === 0 && facts.history.pending.length === 0 ? "pass" : "fail",
			summary: `history, checksums, invalid indexes; not checked: drift, required schema, data, application health`
		}));
		const problems = [...facts.history.pending.map(({ name }) => `${name} is pending`), ...invalid.map(({ name }) => `the index ${name} is invalid: it costs writes and serves no query`)];
		const common = {
			...noMigrations,
			target: targetOf(facts)
		};
		if (problems.length === 0) return {
			...common,
			outcome: "done",
			reasonCode: "verified",
			reason: `${plural(facts.history.applied.length, "migration")} applied, none pending, failed or edited.`,
			next: []
		};
		const failure = {
			code: "VERIFY.INCOMPLETE",
			what: "The database is not in the state that the migrations describe.",
			why: problems.join("\n"),
			next: [...facts.history.pending.length > 0 ? ["airlock plan"] : [], ...invalid.map(({ name }) => `REINDEX INDEX CONCURRENTLY ${name};`)]
		};
		return {
			...common,
			outcome: "failed",
			reasonCode: failure.code,
			reason: "",
			next: failure.next,
			failure
		};
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
export { verify };
