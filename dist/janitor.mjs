import { i as messageOf, n as fail } from "./errors.mjs";
import { i as shellWord, n as quoteIdentifier, r as quoteLiteral } from "./quoting.mjs";
import { randomBytes } from "node:crypto";
import { isAbsolute, join, normalize, resolve, sep } from "node:path";
import { mkdir, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { spawn } from "node:child_process";
// src/janitor/script.ts
const janitorScript = `
trap '' INT TERM HUP QUIT PIPE USR1 USR2 ALRM TSTP TTIN TTOU
echo "$$"
while IFS= read -r line; do
  case $line in
    +*) set -- "$@" "\${line#+}" ;;
    -*)
      left=$#
      while [ "$left" -gt 0 ]; do
        entry=$1
        shift
        left=$((left - 1))
        case $entry in
          "\${line#-} "*) ;;
          *) set -- "$@" "$entry" ;;
        esac
      done
      ;;
  esac
done

groups=
for entry do
  entry=\${entry#* }
  case $entry in
    "g "*)
      entry=\${entry#g }
      kill "-\${entry%% *}" "-\${entry#* }" 2>/dev/null && groups="$groups \${entry#* }"
      ;;
  esac
done

# A group that is gone is not looked at again: its number may be given to somebody else.
waited=0
while [ -n "$groups" ]; do
  still=
  for group in $groups; do
    kill -0 "-$group" 2>/dev/null && still="$still $group"
  done
  groups=$still
  [ -z "$groups" ] && break
  if [ "$waited" -ge 80 ]; then
    for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
    sleep 0.2
    break
  fi
  waited=$((waited + 1))
  sleep 0.1
done

for entry do
  entry=\${entry#* }
  case $entry in
    "p "*)
      tried=0
      until rm -rf -- "\${entry#p }" 2>/dev/null || [ "$tried" -ge 20 ]; do
        tried=$((tried + 1))
        sleep 0.1
      done
      ;;
  esac
done
`;
const janitorArguments = ["-c", `/bin/sh -c 'eval "$AIRLOCK_JANITOR"' airlock-janitor <&3 3<&- &`];
// src/janitor/janitor.ts
async function startJanitor() {
	const child = spawn("/bin/sh", janitorArguments, {
		detached: true,
		cwd: "/",
		env: {
			PATH: [
				"/usr/bin",
				"/bin",
				process.env.PATH
			].filter(Boolean).join(":"),
			LC_ALL: "C",
			AIRLOCK_JANITOR: janitorScript
		},
		stdio: [
			"ignore",
			"pipe",
			"ignore",
			"pipe"
		]
	});
	const [, words, , orders] = child.stdio;
	if (!(words instanceof Socket && orders instanceof Socket)) throw new Error("A pipe to a child is no socket");
	orders.on("error", () => void 0);
	const gone = new Promise((ended) => words.once("close", ended));
	const processId = await firstLine(child, words);
	for (const handle of [
		child,
		words,
		orders
	]) handle.unref();
	return janitorBehind(processId, orders, words, gone);
}
function janitorBehind(processId, orders, words, gone) {
	let registrations = 0;
	const tell = (line) => new Promise((told, reject) => {
		if (orders.destroyed || !orders.writable || words.destroyed) reject(noJanitor("It is not there any more."));
		else orders.write(`${line}\n`, (error) => error ? reject(noJanitor(messageOf(error), error)) : told());
	});
	const register = async (order) => {
		registrations += 1;
		const id = registrations;
		await tell(`+${id} ${order}`);
		return { forget: () => tell(`-${id}`) };
	};
	const removeAtEnd = async (path) => register(`p ${removable(path)}`);
	return {
		processId,
		removeAtEnd,
		async endAtEnd(processGroup, signal) {
			if (!Number.isSafeInteger(processGroup) || processGroup < 2) throw new Error(`No process group: ${processGroup}`);
			return register(`g ${signal.replace(/^SIG/, "")} ${processGroup}`);
		},
		async folder(parent, prefix) {
			const path = join(resolve(parent), `${prefix}${randomBytes(8).toString("hex")}`);
			const registration = await removeAtEnd(path);
			try {
				await mkdir(path, { mode: 448 });
			} catch (thrown) {
				await registration.forget();
				throw thrown;
			}
			return {
				path,
				async [Symbol.asyncDispose]() {
					await rm(path, {
						recursive: true,
						force: true,
						maxRetries: 5,
						retryDelay: 50
					});
					await registration.forget().catch(() => void 0);
				}
			};
		},
		async [Symbol.asyncDispose]() {
			words.ref();
			orders.end();
			await gone;
		}
	};
}
function removable(path) {
	if (!(isAbsolute(path) && normalize(path) === path && !path.endsWith(sep) && !/[\n\0]/.test(path)) || path.split(sep).length < 3) throw new Error(`Not a path to remove: ${JSON.stringify(path)}`);
	return path;
}
function firstLine(child, words) {
	return new Promise((resolvePid, reject) => {
		let text = "";
		const fails = (why) => reject(noJanitor(why));
		child.once("error", (error) => fails(messageOf(error)));
		words.once("close", () => fails("/bin/sh ended before it watched."));
		words.setEncoding("utf8").on("data", (chunk) => {
			text += chunk;
			if (text.includes("\n")) resolvePid(Number(text.slice(0, text.indexOf("\n"))));
		});
	});
}
function noJanitor(why, cause) {
	return fail("RUN.NO_JANITOR", {
		what: "The process that cleans up after this run does not run.",
		why: `${why} Without it a run that is killed would leave data of the database on this machine.`,
		next: ["Check that /bin/sh can be run here and that nothing kills its processes, then run again."]
	}, { cause });
}
// src/stages/backup/content/decide-comparison.ts
function isEqual(comparison) {
	return comparison.differences.length === 0 && comparison.notRead.length === 0;
}
const nameOf = ({ schema, name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
function compareContent(source, copy) {
	const notComparable = [.../* @__PURE__ */ new Set([...source.notComparable, ...copy.notComparable])].toSorted();
	if (source.method !== copy.method || source.serverMajor !== copy.serverMajor) return {
		tables: 0,
		rows: 0,
		sequences: 0,
		largeObjects: 0,
		differences: [],
		notRead: [`the content: hashes of different ways cannot be compared (${`${source.method} of PostgreSQL ${source.serverMajor} and ${copy.method} of ${copy.serverMajor}`})`],
		notComparable
	};
	const tables = inPairs("table", source.tables, copy.tables);
	const sequences = inPairs("sequence", source.sequences, copy.sequences);
	const results = [
		...tables.pairs.map(([a, b]) => compareTable(a, b)),
		...sequences.pairs.map(([a, b]) => compareSequence(a, b)),
		compareLargeObjects(source.largeObjects, copy.largeObjects)
	];
	return {
		tables: tables.pairs.length,
		rows: source.tables.reduce((sum, table) => sum + (table.kind === "read" ? table.rows : 0), 0),
		sequences: sequences.pairs.length,
		largeObjects: source.largeObjects.kind === "read" ? source.largeObjects.count : 0,
		differences: [
			...tables.alone,
			...sequences.alone,
			...results.flatMap((result) => result.kind === "different" ? [result.difference] : [])
		],
		notRead: results.flatMap((result) => result.kind === "not-read" ? [result.what] : []),
		notComparable
	};
}
const equal = { kind: "equal" };
function inPairs(object, source, copy) {
	const copies = new Map(copy.map((one) => [nameOf(one), one]));
	const pairs = [];
	const alone = [];
	for (const one of source) {
		const name = nameOf(one);
		const other = copies.get(name);
		if (other === void 0) alone.push({
			kind: "missing",
			object,
			name
		});
		else pairs.push([one, other]);
		copies.delete(name);
	}
	for (const name of copies.keys()) alone.push({
		kind: "surplus",
		object,
		name
	});
	return {
		pairs,
		alone
	};
}
function compareTable(source, copy) {
	const name = nameOf(source);
	if (source.kind === "not-read") return {
		kind: "not-read",
		what: `${name} in the source: ${source.because}`
	};
	if (copy.kind === "not-read") return {
		kind: "not-read",
		what: `${name} in the copy: ${copy.because}`
	};
	if (source.rows !== copy.rows) return {
		kind: "different",
		difference: {
			kind: "rows",
			name,
			source: source.rows,
			copy: copy.rows
		}
	};
	if (source.hash !== copy.hash) return {
		kind: "different",
		difference: {
			kind: "content",
			name,
			rows: source.rows
		}
	};
	return equal;
}
function compareSequence(source, copy) {
	const name = nameOf(source);
	if (source.kind === "not-read") return {
		kind: "not-read",
		what: `${name} in the source: ${source.because}`
	};
	if (copy.kind === "not-read") return {
		kind: "not-read",
		what: `${name} in the copy: ${copy.because}`
	};
	const { from, to, ascending } = source;
	const up = (a, b) => ascending ? isNotAfter(a, b) : a.lastValue === b.lastValue ? isNotAfter(a, b) : !isNotAfter(a, b);
	if (!up(from, to)) return {
		kind: "not-read",
		what: `${name}: it was moved back while the dump was made`
	};
	if (up(from, copy.to) && up(copy.to, to)) return equal;
	return {
		kind: "different",
		difference: {
			kind: "sequence",
			name,
			source: from.lastValue === to.lastValue && from.isCalled === to.isCalled ? say(from) : `${say(from)} to ${say(to)}`,
			copy: say(copy.to)
		}
	};
}
function isNotAfter(a, b) {
	const [left, right] = [BigInt(a.lastValue), BigInt(b.lastValue)];
	return left < right || left === right && (!a.isCalled || b.isCalled);
}
function say({ lastValue, isCalled }) {
	return isCalled ? lastValue : `before ${lastValue}`;
}
function compareLargeObjects(source, copy) {
	if (source.kind === "not-read") return {
		kind: "not-read",
		what: `large objects in the source: ${source.because}`
	};
	if (copy.kind === "not-read") return {
		kind: "not-read",
		what: `large objects in the copy: ${copy.because}`
	};
	if (source.count === copy.count && source.hash === copy.hash) return equal;
	return {
		kind: "different",
		difference: {
			kind: "large-objects",
			source: source.count,
			copy: copy.count
		}
	};
}
function spanSequences(before, after) {
	const later = new Map(after.map((one) => [nameOf(one), one]));
	const spanned = before.map((one) => {
		const other = later.get(nameOf(one));
		later.delete(nameOf(one));
		const { schema, name } = one;
		if (other === void 0) return {
			kind: "not-read",
			schema,
			name,
			because: "it was dropped while the dump was made"
		};
		if (one.kind === "not-read") return one;
		if (other.kind === "not-read") return other;
		return {
			...one,
			to: other.to
		};
	});
	const made = [...later.values()].map(({ schema, name }) => ({
		kind: "not-read",
		schema,
		name,
		because: "it was created while the dump was made"
	}));
	return [...spanned, ...made];
}
function sayDifference(difference) {
	switch (difference.kind) {
		case "missing": return `${difference.name}: the ${difference.object} is not in the copy`;
		case "surplus": return `${difference.name}: the ${difference.object} is in the copy only`;
		case "rows": return `${difference.name}: ${difference.source} rows in the source, ${difference.copy} in the copy`;
		case "content": return `${difference.name}: ${difference.rows} rows in both, and not the same ones`;
		case "sequence": return `${difference.name}: the sequence stands at ${difference.source} in the source, at ${difference.copy} in the copy`;
		case "large-objects": return `large objects: ${difference.source} in the source, ${difference.copy} in the copy, and not the same`;
	}
}
// src/stages/restore/decide.ts
const longestName = 63;
function nameWithEnding(name, ending) {
	let kept = [...name];
	while (byteLength(kept.join("") + ending) > longestName) kept = kept.slice(0, -1);
	return kept.join("") + ending;
}
function byteLength(text) {
	return new TextEncoder().encode(text).length;
}
function swapSql(database, restored, at) {
	const aside = nameWithEnding(database, `_before_${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}`);
	const both = [database, restored];
	return [
		...both.map((name) => `ALTER DATABASE ${quoteIdentifier(name)} ALLOW_CONNECTIONS false;`),
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (${both.map(quoteLiteral).join(", ")});`,
		"BEGIN;",
		`ALTER DATABASE ${quoteIdentifier(database)} RENAME TO ${quoteIdentifier(aside)};`,
		`ALTER DATABASE ${quoteIdentifier(restored)} RENAME TO ${quoteIdentifier(database)};`,
		"COMMIT;",
		`ALTER DATABASE ${quoteIdentifier(database)} ALLOW_CONNECTIONS true;`,
		`-- ${quoteIdentifier(aside)} keeps what was there, shut to connections, until you drop it.`
	];
}
function swapNotes(database, manifest) {
	return [
		`Everything written to ${quoteIdentifier(database)} since ${manifest.startedAt} is not in the restored database and has to be carried over by hand.`,
		"Settings made with ALTER DATABASE … SET and privileges granted on the database itself do not follow a rename. Read them before the swap:",
		`SELECT setrole::regrole, setconfig FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = ${quoteLiteral(database)});`,
		`SELECT datacl FROM pg_database WHERE datname = ${quoteLiteral(database)};`
	];
}
function compareCounts(expected, found) {
	const key = ({ schema, name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
	const restored = new Map(found.map((table) => [key(table), table.rows]));
	const known = new Set(expected.map(key));
	const counted = expected.flatMap((table) => table.rows === null ? [] : [{
		table: key(table),
		expected: table.rows
	}]);
	return {
		compared: counted.length,
		differences: counted.map(({ table, expected: rows }) => ({
			table,
			expected: rows,
			found: restored.get(table) ?? null
		})).filter((row) => row.found !== row.expected),
		notCompared: [...expected.filter((table) => table.rows === null), ...found.filter((table) => !known.has(key(table)))].map(key)
	};
}
function restoreArguments(dbname, jobs, tolerant) {
	return [
		"--no-password",
		`--dbname=${dbname}`,
		...tolerant ? [] : ["--exit-on-error", `--jobs=${jobs}`]
	];
}
const restoreProblems = [
	{
		pattern: /role "([^"]+)" does not exist/,
		next: ([, role = ""]) => ["Roles are not in a dump. Create the missing one, then restore again:", `CREATE ROLE ${quoteIdentifier(role)};`]
	},
	{
		pattern: /must be (?:owner of|a superuser|member of|able to SET ROLE)|permission denied/,
		next: () => ["Restore with the URL of a role that may do what the message names: the owner of the objects, or a superuser."]
	},
	{
		pattern: /could not access file "([^"]+)"|extension "([^"]+)" is not available/,
		next: ([, file, extension]) => [`Install the extension ${extension ?? file} on the server, then restore again.`]
	},
	{
		pattern: /No space left on device/,
		next: () => ["Free space on the database server, then restore again."]
	}
];
function restoreFailed(into, stderr, after) {
	const matched = restoreProblems.map(({ pattern, next }) => ({
		match: stderr.match(pattern),
		next
	})).find(({ match }) => match !== null);
	return {
		code: "RESTORE.FAILED",
		what: `The backup could not be restored into ${quoteIdentifier(into)}. ${after}`,
		why: stderr === "" ? "pg_restore said nothing." : stderr,
		next: matched?.match ? matched.next(matched.match) : ["Correct what pg_restore says above, then restore again."]
	};
}
function countsDiffer(into, { differences }, after) {
	const shown = differences.slice(0, 20).map(({ table, expected, found }) => `${table}: ${expected} rows in the backup, ${found ?? "not countable"} restored`);
	const more = differences.length > shown.length ? [`and ${differences.length - shown.length} more`] : [];
	return {
		code: "RESTORE.FAILED",
		what: `What was restored into ${quoteIdentifier(into)} is not what was backed up. ${after}`,
		why: [...shown, ...more].join("\n"),
		next: ["Do not use this backup without finding out why. Restore an older one, or report this with both counts."]
	};
}
function contentDiffers(into, { differences }, after) {
	const shown = differences.slice(0, 20).map(sayDifference);
	const more = differences.length > shown.length ? [`and ${differences.length - shown.length} more`] : [];
	return {
		code: "RESTORE.FAILED",
		what: `What was restored into ${quoteIdentifier(into)} is not what was backed up. ${after}`,
		why: [...shown, ...more].join("\n"),
		next: ["Do not use this backup without finding out why. Restore an older one."]
	};
}
function targetExists(into) {
	return {
		code: "RESTORE.TARGET_EXISTS",
		what: `There is a database ${quoteIdentifier(into)} already.`,
		why: "A backup is only ever restored into a new database, so that nothing can be overwritten.",
		next: [`Name another one: --into ${shellWord(nameWithEnding(into, "_2"))}`]
	};
}
function restoredBefore(into) {
	return {
		code: "RESTORE.TARGET_EXISTS",
		what: `There is a database ${quoteIdentifier(into)} already, restored from this very backup.`,
		why: "An earlier run restored it and compared it.",
		next: ["Look at it. To put it in the place of the present database, run the same command with `--swap` added.", `To restore it once more, drop it first: DROP DATABASE ${quoteIdentifier(into)};`]
	};
}
function beingRestored(into) {
	return {
		code: "RESTORE.TARGET_EXISTS",
		what: `Another run is restoring into ${quoteIdentifier(into)} right now.`,
		why: "It holds a lock that disappears with its connection.",
		next: [`Wait for it, or name another database: --into ${shellWord(nameWithEnding(into, "_2"))}`]
	};
}
export { nameWithEnding as a, restoredBefore as c, targetExists as d, compareContent as f, startJanitor as g, spanSequences as h, countsDiffer as i, swapNotes as l, sayDifference as m, compareCounts as n, restoreArguments as o, isEqual as p, contentDiffers as r, restoreFailed as s, beingRestored as t, swapSql as u };
