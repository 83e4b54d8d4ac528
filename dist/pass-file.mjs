import { n as fail } from "./postgres.mjs";
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
// src/process-group.ts
const gate = [
	"-c",
	"read -r go && exec \"$@\" </dev/null",
	"airlock-gate"
];
function startGroup(program, args, options) {
	const { env, cwd, signal, janitor, user } = options;
	const [file, ...rest] = janitor === void 0 ? [program, ...args] : [
		"/bin/sh",
		...gate,
		program,
		...args
	];
	const how = {
		env: { ...env },
		...cwd === void 0 ? {} : { cwd },
		...user,
		detached: true
	};
	const child = janitor === void 0 ? spawn(file, rest, {
		...how,
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		]
	}) : spawn(file, rest, {
		...how,
		stdio: [
			"pipe",
			"pipe",
			"pipe"
		]
	});
	const ended = new Promise((resolve, reject) => {
		child.once("error", reject);
		child.once("close", resolve);
		if (janitor !== void 0) watch(child, janitor, stopSignalOf(options)).catch(reject);
	});
	ended.catch(() => void 0);
	const stop = () => {
		killGroup(child.pid, stopSignalOf(options));
		const kill = setTimeout(() => killGroup(child.pid, "SIGKILL"), options.killAfterMs ?? 3e3).unref();
		child.once("close", () => isThere(child.pid) ? void 0 : clearTimeout(kill));
	};
	const killAtExit = () => janitor === void 0 ? killGroup(child.pid, "SIGKILL") : void 0;
	process.once("exit", killAtExit);
	signal?.addEventListener("abort", stop, { once: true });
	if (signal?.aborted) stop();
	return {
		stdout: child.stdout,
		stderr: child.stderr,
		id: child.pid,
		ended,
		stop,
		[Symbol.dispose]() {
			process.off("exit", killAtExit);
			signal?.removeEventListener("abort", stop);
		}
	};
}
function stopSignalOf({ stopSignal }) {
	return stopSignal ?? "SIGTERM";
}
async function watch(child, janitor, signal) {
	child.stdin?.on("error", () => void 0);
	if (child.pid === void 0) return;
	try {
		const registration = await janitor.endAtEnd(child.pid, signal);
		child.once("close", () => registration.forget().catch(() => void 0));
		if (child.exitCode !== null || child.signalCode !== null) await registration.forget();
		child.stdin?.end("go\n");
	} catch (thrown) {
		killGroup(child.pid, "SIGKILL");
		throw thrown;
	}
}
function killGroup(pid, signal) {
	if (pid === void 0) return;
	try {
		process.kill(-pid, signal);
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
	}
}
function isThere(pid) {
	try {
		return pid !== void 0 && process.kill(-pid, 0);
	} catch {
		return false;
	}
}
// src/postgres/pass-file.ts
function writePassFile(password, parent = tmpdir()) {
	if (password === void 0 || password === "") return {
		environment: {},
		remove: () => void 0
	};
	if (/[\n\r\0]/.test(password)) throw fail("URL.UNESCAPED", {
		what: "The password in the connection URL contains a line break or a zero byte.",
		why: "A PostgreSQL password file holds one password on one line, so pg_dump and pg_restore cannot be given this one.",
		next: ["Check the end of the secret for a `%0A` or `%0D` that came with copying it."]
	});
	removePassFilesOfTheDead();
	const folder = mkdtempSync(join(parent, `airlock-pass-${process.pid}-`));
	const remove = () => {
		process.off("exit", remove);
		rmSync(folder, {
			recursive: true,
			force: true
		});
	};
	process.once("exit", remove);
	const path = join(folder, "pgpass");
	writeFileSync(path, `*:*:*:*:${password.replace(/[\\:]/g, "\\$&")}\n`, { mode: 384 });
	return {
		environment: { PGPASSFILE: path },
		remove
	};
}
function removePassFilesOfTheDead() {
	for (const name of readdirSync(tmpdir())) {
		const pid = Number(/^airlock-pass-(\d+)-/.exec(name)?.[1]);
		const path = join(tmpdir(), name);
		if (Number.isNaN(pid) || isAlive(pid)) continue;
		if (lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.()) rmSync(path, {
			recursive: true,
			force: true
		});
	}
}
function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return !(error instanceof Error && "code" in error && error.code === "ESRCH");
	}
}
export { writePassFile as n, startGroup as r, removePassFilesOfTheDead as t };
