import { i as messageOf, n as fail, t as FailureError } from "./postgres.mjs";
// src/postgres/quoting.ts
function quoteIdentifier(name) {
	return `"${name.replaceAll("\"", "\"\"")}"`;
}
function quoteLiteral(text) {
	const quoted = `'${text.replaceAll("'", "''")}'`;
	return text.includes("\\") ? ` E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}
function connectionStringFor(database) {
	return `dbname='${database.replaceAll(/['\\]/g, "\\$&")}'`;
}
function shellWord(text) {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
// \0@oxc-project+runtime@0.158.0/helpers/esm/usingCtx.js
function _usingCtx() {
	var r = "function" == typeof SuppressedError ? SuppressedError : function(r, e) {
		var n = Error();
		return n.name = "SuppressedError", n.error = r, n.suppressed = e, n;
	}, e = {}, n = [];
	function using(r, e) {
		if (null != e) {
			if (Object(e) !== e) throw new TypeError("using declarations can only be used with objects, functions, null, or undefined.");
			if (r) var o = e[Symbol.asyncDispose || Symbol["for"]("Symbol.asyncDispose")];
			if (void 0 === o && (o = e[Symbol.dispose || Symbol["for"]("Symbol.dispose")], r)) var t = o;
			if ("function" != typeof o) throw new TypeError("Object is not disposable.");
			t && (o = function o() {
				try {
					t.call(e);
				} catch (r) {
					return Promise.reject(r);
				}
			}), n.push({
				v: e,
				d: o,
				a: r
			});
		} else r && n.push({
			d: e,
			a: r
		});
		return e;
	}
	return {
		e,
		u: using.bind(null, !1),
		a: using.bind(null, !0),
		d: function d() {
			var o, t = this.e, s = 0;
			function next() {
				for (; o = n.pop();) try {
					if (!o.a && 1 === s) return s = 0, n.push(o), Promise.resolve().then(next);
					if (o.d) {
						var r = o.d.call(o.v);
						if (o.a) return s |= 2, Promise.resolve(r).then(next, err);
					} else s |= 1;
				} catch (r) {
					return err(r);
				}
				if (1 === s) return t !== e ? Promise.reject(t) : Promise.resolve();
				if (t !== e) throw t;
			}
			function err(n) {
				return t = t !== e ? new r(n, t) : n, next();
			}
			return next();
		}
	};
}
// src/stages/backup/decide.ts
function nameBackup(database, startedAt) {
	const stamp = startedAt.toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "");
	return `${database.replaceAll(/[^A-Za-z0-9_-]+/g, "_").slice(0, 60)}-${stamp}`;
}
function decideSpace(tableBytes, freeBytes, directory) {
	if (freeBytes >= tableBytes) return void 0;
	return {
		code: "BACKUP.NO_SPACE",
		what: `${directory} has too little free space for the backup.`,
		why: `The tables take ${inMebibytes(tableBytes)}, ${inMebibytes(freeBytes)} are free. Nothing was written.`,
		next: nextForSpace
	};
}
function spaceRanOut(directory, said) {
	return {
		code: "BACKUP.NO_SPACE",
		what: `${directory} ran out of space while the backup was written.`,
		why: `${said}. What was written has been removed.`,
		next: nextForSpace
	};
}
const nextForSpace = ["Free space there, or write to a larger disk: --backup-dir DIR (the action’s input `backup-dir`)."];
function inMebibytes(bytes) {
	return `${(bytes / 1048576).toFixed(1)} MiB`;
}
const dumpProblems = [
	{
		pattern: /query would be affected by row-level security policy for table "([^"]+)"/,
		next: ([, table = ""], user) => [
			`Row-level security hides rows of ${quoteIdentifier(table)} from ${quoteIdentifier(user)}: a dump by this role would be incomplete.`,
			`Let a superuser allow the role to read everything: ALTER ROLE ${quoteIdentifier(user)} BYPASSRLS;`,
			"Or back up with the URL of a role that has BYPASSRLS."
		]
	},
	{
		pattern: /permission denied for (?:table|relation|sequence|schema|view|materialized view|large object) "?([^\s"]+)"?/,
		next: (_, user) => [`Back up as the owner of the tables, or let the role read everything: GRANT pg_read_all_data TO ${quoteIdentifier(user)};`]
	},
	{
		pattern: /canceling statement due to (?:lock|statement) timeout\n.*LOCK TABLE/,
		next: () => [
			"Another session holds a lock on a table that the dump has to read. See which:",
			"SELECT pid, relation::regclass, mode FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock';",
			"Then run again."
		]
	},
	{
		pattern: /could not obtain lock on relation "(.+)"$/m,
		next: ([, table = ""]) => [`A session asked for a strong lock on ${table} while several jobs were dumping. Run again when it is through.`, "Or dump with one job: backup: { jobs: 1 }."]
	},
	{
		pattern: /No space left on device/,
		next: () => nextForSpace
	}
];
function explainDumpFailure(stderr, code, user) {
	const matched = dumpProblems.map(({ pattern, next }) => ({
		match: stderr.match(pattern),
		next
	})).find(({ match }) => match !== null);
	const next = matched?.match ? matched.next(matched.match, user) : ["Correct what pg_dump says above, then run again."];
	return {
		code: "BACKUP.DUMP_FAILED",
		what: `pg_dump did not finish (${code === null ? "it was killed" : `exit code ${code}`}), so there is no backup.`,
		why: stderr === "" ? "It said nothing." : stderr,
		next
	};
}
function dumpUnreadable(dump, why) {
	return {
		code: "BACKUP.UNREADABLE",
		what: `The dump of ${dump} was written but cannot be read back, so it was removed.`,
		why,
		next: ["Check the disk it was written to, then run again."]
	};
}
const notIncludedInDump = [
	"roles and their passwords, tablespaces (pg_dumpall --globals-only writes them)",
	"settings made with ALTER DATABASE … SET and privileges on the database itself, unless restored with pg_restore --create",
	"replication slots, subscriptions’ positions, statistics"
];
// src/stages/backup/cannot-write.ts
function cannotWrite(directory, thrown) {
	if (thrown instanceof FailureError || !(thrown instanceof Error) || !("code" in thrown)) return thrown;
	switch (thrown.code) {
		case "ENOSPC":
		case "EDQUOT": return new FailureError(spaceRanOut(directory, messageOf(thrown)));
		case "EACCES":
		case "EPERM":
		case "EROFS":
		case "ENOTDIR":
		case "EEXIST": return fail("BACKUP.CANNOT_WRITE", {
			what: `The backup cannot be written to ${directory}.`,
			why: messageOf(thrown),
			next: ["Name a folder that this user may write to: --backup-dir DIR (the action’s input `backup-dir`)."]
		}, { cause: thrown });
		default: return thrown;
	}
}
export { nameBackup as a, _usingCtx as c, quoteLiteral as d, shellWord as f, explainDumpFailure as i, connectionStringFor as l, decideSpace as n, notIncludedInDump as o, dumpUnreadable as r, spaceRanOut as s, cannotWrite as t, quoteIdentifier as u };
