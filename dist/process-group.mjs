import { spawn } from "node:child_process";
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
export { startGroup as t };
