import { n as fail } from "./errors.mjs";
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
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
export { writePassFile as n, removePassFilesOfTheDead as t };
