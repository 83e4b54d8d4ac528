import { i as shellWord } from "./quoting.mjs";
import { i as manifestFile, t as checkOwn } from "./manifest.mjs";
import { a as nameWithEnding } from "./janitor.mjs";
import { dirname, resolve } from "node:path";
// src/stages/backup/store/sealed.ts
function isSealed(manifest) {
	const encryption = "encryption" in manifest ? manifest.encryption : null;
	return typeof encryption === "object" && encryption !== null && "kind" in encryption && encryption.kind === "age";
}
function requireSealed(manifest, store) {
	if (isSealed(manifest)) return void 0;
	return {
		code: "STORE.PLAINTEXT",
		what: `The backup \`${manifest.name}\` is not encrypted and was not put into ${store}.`,
		why: "Whoever can read that store would read the whole database.",
		next: ["Make a key pair, keep the identity file away from the repository: age-keygen -o airlock-identity.txt", "Name its public key under `backup` in airlock.yml: encrypt-to: [age1…]"]
	};
}
function artifactFiles(manifest) {
	const plaintext = requireSealed(manifest, "an artifact of the workflow run");
	if (plaintext !== void 0) return {
		kind: "refused",
		failure: plaintext
	};
	const own = checkOwn(manifest, manifest.name);
	const unsealed = manifest.files.find((file) => !file.name.endsWith(".age") || file.name.includes("/"));
	if (own.kind === "ok" && unsealed === void 0) return {
		kind: "files",
		files: [...manifest.files.map((file) => file.name), manifestFile(manifest.name)]
	};
	return {
		kind: "refused",
		failure: {
			code: "STORE.PLAINTEXT",
			what: `The backup \`${manifest.name}\` was not put into an artifact of the workflow run.`,
			why: own.kind === "unreadable" ? `Its manifest cannot be followed: ${own.because}.` : `Its manifest says that it is encrypted, and names \`${unsealed?.name ?? ""}\`, which is not.`,
			next: ["Make the backup again: airlock backup --out DIR"]
		}
	};
}
// src/stages/recover/steps-back.ts
function backupOf(wayBack) {
	if (wayBack.kind !== "backup") return void 0;
	const { manifestPath, manifest, tier, bytes } = wayBack;
	const artifact = artifactFiles(manifest);
	return {
		manifest: manifestPath,
		tier,
		bytes,
		artifactFiles: artifact.kind === "refused" ? [] : artifact.files.map((name) => resolve(dirname(manifestPath), name))
	};
}
function stepsBack(wayBack, url) {
	if (wayBack.kind === "waived-by-policy") return ["There is no backup of this run: airlock.yml says `backup: { strategy: none }`."];
	if (wayBack.kind === "snapshot") return [
		`To go back to the moment before this run there is ${wayBack.snapshot.where}. It was not restored to prove it.`,
		...wayBack.snapshot.restoreByHand,
		...wayBack.notCaptured.map((what) => `Not in it: ${what}.`)
	];
	const restored = nameWithEnding(url.database, "_restored");
	return [
		"To go back to the moment before this run, put the backup into a new database beside this one (it changes nothing here):",
		`airlock restore --from ${shellWord(wayBack.manifestPath)} --into ${shellWord(restored)}`,
		"It prints how to swap the two. What was written since the backup is only in the present database."
	];
}
export { stepsBack as n, requireSealed as r, backupOf as t };
