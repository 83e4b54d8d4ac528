// src/spellings.ts
const shortestPart = 4;
function spellingsOf(secrets) {
	const found = /* @__PURE__ */ new Set();
	for (const secret of secrets) {
		const whole = secret.trim();
		if (whole === "") continue;
		for (const part of [
			secret,
			whole,
			...lines(whole),
			...passwords(whole),
			...webhookParts(whole)
		]) if (part.length >= shortestPart) found.add(part);
	}
	return [...found].sort((a, b) => b.length - a.length);
}
function lines(text) {
	return text.split(/\r\n|\r|\n/).map((line) => line.trim());
}
function passwords(text) {
	const authority = /^[^:/?#]*:\/\/([^/?#]*)/.exec(text)?.[1] ?? "";
	const loose = /^[^:/?#]*:\/\/(.*)@/s.exec(text)?.[1] ?? "";
	const fromUser = [authority.slice(0, Math.max(0, authority.lastIndexOf("@"))), loose].filter((user) => user.includes(":")).map((user) => user.slice(user.indexOf(":") + 1));
	const fromQuery = [...text.matchAll(/[?&](?:password|sslpassword|passfile)=([^&#]*)/gi)].map(([, value]) => value ?? "");
	return [...fromUser, ...fromQuery].flatMap((raw) => [
		raw,
		decoded(raw),
		encodeURIComponent(decoded(raw))
	]);
}
function webhookParts(text) {
	const path = /^https:\/\/[^/?#]+\/((?:services|workflows|triggers)\/[^?#\s]+)/.exec(text)?.[1];
	return path === void 0 ? [] : [path, path.slice(path.lastIndexOf("/") + 1)];
}
function decoded(raw) {
	return raw.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
		try {
			return decodeURIComponent(run);
		} catch {
			return run;
		}
	});
}
// src/redact.ts
var Redactor = class {
	#secrets = /* @__PURE__ */ new Set();
	#ordered = [];
	#onAdd;
	constructor(onAdd = () => void 0) {
		this.#onAdd = onAdd;
	}
	add(secrets) {
		const spellings = spellingsOf(secrets);
		for (const spelling of spellings) this.#secrets.add(spelling);
		this.#ordered = [...this.#secrets].sort((a, b) => b.length - a.length);
		this.#onAdd(spellings);
	}
	text(text) {
		let clean = text;
		for (const secret of this.#ordered) if (clean.includes(secret)) clean = clean.replaceAll(secret, "***");
		return clean;
	}
	value(value) {
		return this.#ordered.length === 0 ? value : this.#walk(value);
	}
	#walk(value) {
		if (typeof value === "string") return this.text(value);
		if (value === null || typeof value !== "object") return value;
		if (Array.isArray(value)) {
			let clean;
			for (let index = 0; index < value.length; index += 1) {
				const item = value[index];
				const now = this.#walk(item);
				if (now === item) continue;
				clean ??= [...value];
				clean[index] = now;
			}
			return clean ?? value;
		}
		let changed;
		for (const key of Object.keys(value)) {
			const item = value[key];
			const now = this.#walk(item);
			if (now === item) continue;
			changed ??= new Map(Object.entries(value));
			changed.set(key, now);
		}
		return changed === void 0 ? value : Object.fromEntries(changed);
	}
};
const secretVariables = [
	"AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN",
	"ACTIONS_ID_TOKEN_REQUEST_TOKEN",
	"NEON_API_KEY",
	"SUPABASE_ACCESS_TOKEN"
];
function environmentSecrets(env) {
	return secretVariables.map((name) => env[name]?.trim() ?? "").filter((secret) => secret !== "");
}
export { environmentSecrets as n, spellingsOf as r, Redactor as t };
