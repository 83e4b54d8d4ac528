import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { n as quoteIdentifier } from "./quoting.mjs";
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
export { nameBackup as a, explainDumpFailure as i, decideSpace as n, notIncludedInDump as o, dumpUnreadable as r, spaceRanOut as s, cannotWrite as t };
