import { i as messageOf } from "./errors.mjs";
import { constants } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { access, readdir, realpath } from "node:fs/promises";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
// src/postgres/client-choice.ts
function chooseClient(found, serverMajor, machine) {
	const [client] = found.usable.filter(({ major }) => major >= serverMajor).toSorted((a, b) => a.major - b.major || newestFirst(a.version, b.version));
	if (client !== void 0) return {
		kind: "found",
		client
	};
	const next = [...installCommands(serverMajor, machine), `Or set AIRLOCK_PG_BIN to the folder that holds pg_dump and pg_restore ${serverMajor} or newer.`];
	const broken = found.unusable.map(({ path, because }) => `${path}: ${because}`);
	if (found.usable.length === 0) return {
		kind: "none",
		failure: {
			code: "BACKUP.NO_CLIENT",
			what: `There is no pg_dump for PostgreSQL ${serverMajor} on this machine.`,
			why: [`Looked in ${found.searched.join(", ")}.`, ...broken].join("\n"),
			next
		}
	};
	const listed = found.usable.map(({ dump, version }) => `${version} (${dump})`);
	return {
		kind: "none",
		failure: {
			code: "BACKUP.CLIENT_TOO_OLD",
			what: `The server is PostgreSQL ${serverMajor} and the newest pg_dump on this machine is ${newestOf(found.usable)}.`,
			why: [
				"pg_dump refuses a server that is newer than itself.",
				`Found ${[...new Set(listed)].join(", ")}.`,
				...broken
			].join("\n"),
			next
		}
	};
}
function newestFirst(a, b) {
	const minor = (version) => Number(version.split(".")[1] ?? 0);
	return minor(b) - minor(a);
}
function newestOf(clients) {
	return clients.toSorted((a, b) => b.major - a.major || newestFirst(a.version, b.version))[0]?.version ?? "none";
}
function installCommands(major, { packageManager, isRoot }) {
	const sudo = isRoot ? "" : "sudo ";
	switch (packageManager) {
		case "apt": return [[
			`${sudo}apt-get update`,
			`${sudo}apt-get install -y ca-certificates postgresql-common`,
			`${sudo}/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y`,
			`${sudo}apt-get install -y postgresql-client-${major}`
		].join(" && ")];
		case "dnf": return [`${sudo}dnf install -y postgresql${major}`, "Where the distribution has no such package, https://www.postgresql.org/download/linux/redhat/ gives the repository to add first."];
		case "apk": return [`${sudo}apk add postgresql${major}-client`];
		case "brew": return [`brew install postgresql@${major}`];
		case "unknown": return [`Install the client programs of PostgreSQL ${major}: https://www.postgresql.org/download/`];
	}
}
// src/postgres/client-tools.ts
const versionedFolders = [
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/usr/libexec/postgresql*",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/opt/homebrew/opt/libpq/bin",
	"/usr/local/opt/postgresql@*/bin",
	"/usr/local/opt/libpq/bin",
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
	"/home/linuxbrew/.linuxbrew/opt/libpq/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin"
];
async function findClients(environment) {
	const { override, searched, folders } = await programFolders(environment);
	const usable = [];
	const unusable = [];
	const seen = /* @__PURE__ */ new Set();
	for (const folder of folders) {
		const dump = join(folder, "pg_dump");
		const real = await realpath(dump).catch(() => void 0);
		if (real === void 0) {
			if (override.length > 0 && !await isExecutable(join(folder, "postgres"))) unusable.push({
				path: dump,
				because: "does not exist"
			});
			continue;
		}
		if (seen.has(real) || basename(real) === "pg_wrapper") continue;
		seen.add(real);
		const read = await readTools(folder);
		if ("because" in read) unusable.push({
			path: dump,
			because: read.because
		});
		else usable.push(read);
	}
	return {
		usable,
		unusable,
		searched
	};
}
async function programFolders(environment) {
	const override = foldersIn(environment.AIRLOCK_PG_BIN);
	if (override.length > 0) return {
		override,
		searched: override,
		folders: override
	};
	const searched = [...foldersIn(environment.PATH), ...versionedFolders];
	return {
		override,
		searched,
		folders: (await Promise.all(searched.map(expand))).flat()
	};
}
async function describeMachine(environment) {
	const managers = process.platform === "darwin" ? [["brew", "brew"]] : [
		["apt", "apt-get"],
		["dnf", "dnf"],
		["apk", "apk"],
		["brew", "brew"]
	];
	const isRoot = process.getuid?.() === 0;
	for (const [packageManager, program] of managers) for (const folder of foldersIn(environment.PATH)) if (await isExecutable(join(folder, program))) return {
		packageManager,
		isRoot
	};
	return {
		packageManager: "unknown",
		isRoot
	};
}
function foldersIn(path) {
	return [...new Set((path ?? "").split(delimiter).filter((folder) => folder !== ""))];
}
async function expand(pattern) {
	const segments = pattern.split("/");
	const wild = segments.findIndex((segment) => segment.includes("*"));
	if (wild === -1) return [pattern];
	const parent = segments.slice(0, wild).join("/");
	const [before, after] = segments[wild]?.split("*") ?? [];
	return (await readdir(parent).catch(() => [])).filter((name) => name.startsWith(before ?? "") && name.endsWith(after ?? "")).map((name) => [
		parent,
		name,
		...segments.slice(wild + 1)
	].join("/"));
}
async function isExecutable(path) {
	return access(path, constants.X_OK).then(() => true, () => false);
}
async function readTools(folder) {
	const [dump, restore] = [join(folder, "pg_dump"), join(folder, "pg_restore")];
	try {
		const [dumpVersion, restoreVersion] = await Promise.all([versionOf(dump), versionOf(restore)]);
		if (dumpVersion.major !== restoreVersion.major) return { because: `is ${dumpVersion.version} but pg_restore beside it is ${restoreVersion.version}` };
		return {
			folder,
			dump,
			restore,
			...dumpVersion
		};
	} catch (thrown) {
		return { because: messageOf(thrown).trim() };
	}
}
async function versionOf(program) {
	const { stdout } = await promisify(execFile)(program, ["--version"], { timeout: 1e4 });
	const version = /\(PostgreSQL\) ((\d+)\S*)/.exec(stdout);
	if (version?.[1] === void 0) throw new Error(`${program} --version says ${JSON.stringify(stdout.trim())}`);
	return {
		major: Number(version[2]),
		version: version[1]
	};
}
export { chooseClient as a, versionOf as i, findClients as n, programFolders as r, describeMachine as t };
