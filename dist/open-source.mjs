import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { n as readRegularText, t as readRegularFile } from "./regular-file.mjs";
import { i as shellWord, n as quoteIdentifier, r as quoteLiteral } from "./quoting.mjs";
import { t as errnoOf } from "./errno.mjs";
import { t as commentsOf } from "./comments.mjs";
import { a as tokens } from "./lexer.mjs";
import { t as fileStatements } from "./execution-statements.mjs";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, extname, join, relative, resolve as resolve$1, sep } from "node:path";
import { readdir } from "node:fs/promises";
// src/migrations/project-failures.ts
function shownSource({ source }) {
	const oneLine = source.replace(/\s+/g, " ").trim();
	if (oneLine.includes("://")) return "an expression that contains a URL";
	return `\`${oneLine.length > 80 ? `${oneLine.slice(0, 77)}…` : oneLine}\``;
}
function noProject(root, isFile) {
	return fail("PROJECT.NOT_FOUND", {
		what: `There is no folder \`${root}\`.`,
		why: isFile ? "What exists at that path is a file." : "Nothing exists at that path. In a workflow the repository has to be checked out first.",
		next: ["Check `working-directory` (or `--cwd`) and, in a workflow, that `actions/checkout` ran before this step."]
	});
}
function unreadableFile(error) {
	if (errnoOf(error) === "" || !(error instanceof Error) || !("path" in error)) return void 0;
	const path = String(error.path);
	return fail("PROJECT.UNREADABLE", {
		what: `\`${path}\` cannot be read.`,
		why: `${messageOf(error)}.`,
		next: [`Check what it is and who may read it: ls -ld ${shellWord(path)}`]
	}, { cause: error });
}
function noSchema(root) {
	return fail("PROJECT.NO_SCHEMA", {
		what: "No Prisma schema was found.",
		why: `Looked in ${root} for a path in prisma.config.ts or package.json, then for schema.prisma, prisma/schema.prisma and prisma/schema/.`,
		next: ["Run in the folder of the Prisma project: --cwd path/to/project"]
	});
}
function unreadableSetting(file, name, setting) {
	return fail("PROJECT.CONFIG_UNREADABLE", {
		what: `\`${name}\` in \`${file}\` cannot be told without running the file.`,
		why: `Line ${setting.line} has ${shownSource(setting)}. Airlock reads the configuration and never runs it: with the credentials of a deploy in reach, it is not its place to start the project's code.`,
		next: ["Name the folder: --migrations path/to/prisma/migrations (input `migrations`)", `Or write it as a text: ${name === "schema" ? "schema: 'prisma/schema.prisma'" : "migrations: { path: 'prisma/migrations' }"}`]
	});
}
function anotherFolder(root, given, own) {
	return fail("USAGE.INVALID", {
		what: `\`--migrations\` names \`${relative(root, given) || "."}\`, and Prisma applies \`${relative(root, own)}\`.`,
		why: "The plan would be made from one folder and another one applied.",
		next: ["Leave `--migrations` out.", `Or let Prisma use the same folder, in prisma.config.ts: migrations: { path: '${relative(root, given)}' }`]
	});
}
function noDatasource(schema, reading) {
	return fail("PROJECT.SCHEMA_UNREADABLE", {
		what: reading.kind === "none" ? `\`${schema}\` has no \`datasource\` block.` : `\`${schema}\` has ${reading.count} \`datasource\` blocks.`,
		why: "A Prisma schema has exactly one; it says which database it is for.",
		next: ["Check it with Prisma: npx prisma validate"]
	});
}
function notPostgresql(schema, provider) {
	return fail("PROJECT.NOT_POSTGRESQL", {
		what: provider === "" ? `The datasource in \`${schema}\` has no provider.` : `The provider in \`${schema}\` is \`${provider}\`.`,
		why: "Airlock takes migrations to PostgreSQL only.",
		next: ["Run in the folder of the project that uses PostgreSQL: --cwd path/to/project", "provider = \"postgresql\""]
	});
}
function noConfig(root) {
	return fail("PROJECT.URL_NOT_FROM_ENV", {
		what: "The project has Prisma 7 and no prisma.config.ts.",
		why: `Prisma 7 reads its connection URL from there and from nowhere else; none was found in ${root}.`,
		next: ["Create prisma.config.ts:", configExample]
	});
}
function noUrl(where, configFile) {
	return fail("PROJECT.URL_NOT_FROM_ENV", {
		what: `${capitalized(where)} names no connection URL.`,
		why: configFile === where ? "`datasource.url` is not in it." : "The `datasource` block has no `url`.",
		next: configFile === where ? ["Add it:", configExample] : ["Add it to the `datasource` block:", "url = env(\"DATABASE_URL\")"]
	});
}
function unreadableUrl(where, name, setting) {
	return fail("PROJECT.URL_NOT_FROM_ENV", {
		what: `Where \`${name}\` in ${where} comes from cannot be told without running it.`,
		why: `Line ${setting.line} has ${shownSource(setting)}. Airlock has to hand its own connection to Prisma, with a lock timeout in it, through the variable that Prisma reads.`,
		next: ["Read it from the environment directly:", envLine(where, name)]
	});
}
function writtenOutUrl(where, name) {
	return fail("PROJECT.URL_NOT_FROM_ENV", {
		what: `\`${name}\` in ${where} is written out instead of read from the environment.`,
		why: "Every environment would be deployed to the same database, and the password is in the repository.",
		next: ["Read it from the environment, and change the password that was committed:", envLine(where, name)]
	});
}
function driverAdapter(file) {
	return fail("PROJECT.URL_NOT_FROM_ENV", {
		what: `\`${file}\` connects through a driver adapter (\`engine: 'js'\`).`,
		why: "Prisma then takes no connection URL, so Airlock cannot tell where the migrations would go.",
		next: ["Use the schema engine for migrations: engine: 'classic', datasource: { url: env('DATABASE_URL') }"]
	});
}
const configExample = `import { defineConfig, env } from 'prisma/config'
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: env('DATABASE_URL') },
})`;
function capitalized(text) {
	return text.startsWith("the ") ? `T${text.slice(1)}` : `\`${text}\``;
}
function envLine(where, name) {
	const variable = name === "url" ? "DATABASE_URL" : "DIRECT_URL";
	return where === "the Prisma schema" ? `${name} = env("${variable}")` : `${name}: env('${variable}')`;
}
// src/migrations/config-location.ts
const extensions = [
	".js",
	".ts",
	".mjs",
	".cjs",
	".mts",
	".cts"
];
const forSeven = extensions.flatMap((extension) => [`prisma7.config${extension}`]).concat(extensions.map((extension) => `.config/prisma7${extension}`));
const forAll = [
	"prisma.config",
	".config/prisma",
	".config/prisma.config"
].flatMap((name) => [...extensions.map((extension) => `${name}${extension}`), ...extensions.map((extension) => `${name}/index${extension}`)]);
function locateConfig(root, major) {
	return (major === 6 ? forAll : [...forSeven, ...forAll]).map((name) => join(root, name)).find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}
// src/migrations/config-interference.ts
function interferencesIn(source, tokens, { imports }) {
	const text = (index) => tokens[index]?.text;
	const shown = (from, to) => source.slice(tokens[from]?.start ?? 0, tokens[to]?.end ?? source.length);
	const found = [];
	const dotenv = [...imports.values()].some((name) => name.startsWith("dotenv#"));
	tokens.forEach((token, index) => {
		const note = (variable, to) => found.push({
			variable,
			source: shown(index, to),
			at: token.start
		});
		if (dotenv && token.text === "override" && token.kind !== "template" && text(index + 1) !== void 0) {
			if (text(index + 1) !== ":" || text(index + 2) !== "false") note(void 0, index + 2);
			return;
		}
		const end = environmentAt(tokens, index, imports);
		if (end === void 0) return;
		if (text(index - 1) === "(" && text(index - 2) === "assign") note(void 0, end - 1);
		else if (assigns(tokens, end)) note(void 0, end);
		else if (text(end) === "." || text(end) === "?.") {
			if (assigns(tokens, end + 2) || text(index - 1) === "delete") note(text(end + 1), end + 2);
		} else if (text(end) === "[") {
			const plain = tokens[end + 1]?.kind === "text" && text(end + 2) === "]";
			const close = plain ? end + 2 : closingOf(tokens, end);
			if (assigns(tokens, close + 1) || text(index - 1) === "delete") note(plain ? text(end + 1) : void 0, close + 1);
		}
	});
	return found;
}
function environmentAt(tokens, index, imports) {
	const [first, dot, second] = [
		tokens[index],
		tokens[index + 1],
		tokens[index + 2]
	];
	if (first?.kind !== "name") return void 0;
	if (first.text === "process" && /^\??\.$/.test(dot?.text ?? "") && second?.text === "env") return index + 3;
	return imports.get(first.text) === "process#env" && tokens[index - 1]?.text !== "." ? index + 1 : void 0;
}
function assigns(tokens, index) {
	const is = (at, ...texts) => tokens[at]?.kind === "mark" && texts.includes(tokens[at].text);
	return is(index, "=") || is(index, "+", "&&") && is(index + 1, "=");
}
function closingOf(tokens, open) {
	let depth = 0;
	for (let index = open; index < tokens.length; index++) {
		const token = tokens[index];
		if (token?.kind !== "mark") continue;
		if (token.text === "[") depth++;
		else if (token.text === "]" && --depth === 0) return index;
	}
	return tokens.length;
}
// src/migrations/config-tokens.ts
const marks = [
	"...",
	"===",
	"!==",
	"=>",
	"?.",
	"??",
	"||",
	"&&",
	"==",
	"!="
];
const beforeRegex = /[=(,[{:;!&|?+\-*%<>~^]/;
function tokenize(source) {
	const tokens = [];
	let at = source.startsWith("#!") ? lineEnd(source, 0) : 0;
	while (at < source.length) {
		const start = at;
		const character = source[at] ?? "";
		if (/\s|\uFEFF/.test(character)) at++;
		else if (source.startsWith("//", at)) at = lineEnd(source, at);
		else if (source.startsWith("/*", at)) {
			const end = source.indexOf("*/", at + 2);
			at = end < 0 ? source.length : end + 2;
		} else if (character === "\"" || character === "'") {
			at = quoteEnd(source, at, character);
			tokens.push({
				kind: "text",
				text: withoutEscapes(source.slice(start + 1, at - 1)),
				start,
				end: at
			});
		} else if (character === "`") {
			at = templateEnd(source, at);
			tokens.push({
				kind: "template",
				text: source.slice(start + 1, at - 1),
				start,
				end: at
			});
		} else if (/[\p{L}_$]/u.test(character)) {
			at = matchEnd(source, at, /[\p{L}\p{N}_$]*/uy);
			tokens.push({
				kind: "name",
				text: source.slice(start, at),
				start,
				end: at
			});
		} else if (/\d/.test(character)) {
			at = matchEnd(source, at, /[\w.]*/y);
			tokens.push({
				kind: "other",
				text: source.slice(start, at),
				start,
				end: at
			});
		} else if (character === "/" && beforeRegex.test(tokens.at(-1)?.text.at(-1) ?? "=")) {
			at = matchEnd(source, at, /\/(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\\\n])+\/\w*|\//y);
			tokens.push({
				kind: "other",
				text: source.slice(start, at),
				start,
				end: at
			});
		} else {
			const mark = marks.find((one) => source.startsWith(one, at)) ?? character;
			at += mark.length;
			tokens.push({
				kind: "mark",
				text: mark,
				start,
				end: at
			});
		}
	}
	return tokens;
}
function lineOf$1(source, offset) {
	return source.slice(0, offset).split("\n").length;
}
function lineEnd(source, at) {
	const end = source.indexOf("\n", at);
	return end < 0 ? source.length : end;
}
function quoteEnd(source, at, quote) {
	for (let index = at + 1; index < source.length; index++) if (source[index] === "\\") index++;
	else if (source[index] === quote || source[index] === "\n") return index + 1;
	return source.length;
}
function templateEnd(source, at) {
	for (let index = at + 1; index < source.length; index++) if (source[index] === "\\") index++;
	else if (source[index] === "`") return index + 1;
	else if (source.startsWith("${", index)) index = substitutionEnd(source, index + 2);
	return source.length;
}
function substitutionEnd(source, at) {
	let depth = 1;
	let index = at;
	for (; index < source.length; index++) {
		const character = source[index] ?? "";
		if (character === "\"" || character === "'") index = quoteEnd(source, index, character) - 1;
		else if (character === "`") index = templateEnd(source, index) - 1;
		else if (character === "{") depth++;
		else if (character === "}" && --depth === 0) return index;
	}
	return index;
}
function matchEnd(source, at, pattern) {
	pattern.lastIndex = at;
	const length = pattern.exec(source)?.[0].length ?? 0;
	return at + Math.max(length, 1);
}
const escapes = {
	n: "\n",
	t: "	",
	r: "\r",
	"0": "\0",
	b: "\b",
	f: "\f",
	v: "\v"
};
function withoutEscapes(text) {
	return text.replace(/\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/g, (_all, code, unit, byte, one) => {
		const hex = code ?? unit ?? byte;
		if (hex !== void 0) return String.fromCodePoint(Number.parseInt(hex, 16));
		return one === void 0 ? "" : escapes[one] ?? one;
	});
}
// src/migrations/config-names.ts
function nameOf(path, { imports, constants }) {
	const [first = "", ...rest] = path.split(".");
	const variable = /^(?:globalThis\.)?process\.env\.(\w+)$/.exec(path)?.[1];
	if (variable !== void 0) return {
		kind: "env",
		name: variable
	};
	if (imports.get(first) === "process#env" && rest.length === 1) return {
		kind: "env",
		name: rest[0] ?? ""
	};
	if (path === "__dirname" || path === "import.meta.dirname") return {
		kind: "path",
		path: "",
		base: "config"
	};
	if (path === "undefined" || path === "null") return { kind: "nothing" };
	return rest.length === 0 ? constants.get(first) : void 0;
}
function callOf(path, values, { imports }) {
	const [first = "", ...rest] = path.split(".");
	const called = [imports.get(first) ?? first, ...rest].join(".");
	const [argument] = values;
	if (called === "prisma/config#env" && argument?.kind === "text") return {
		kind: "env",
		name: argument.text
	};
	if (called === "prisma/config#defineConfig" && values.length === 1) return argument;
	if (called === "drizzle-kit#defineConfig" && values.length === 1) return argument;
	if (called === "process.cwd") return {
		kind: "path",
		path: "",
		base: "cwd"
	};
	if (/^path#(?:(?:\*|default)\.)?join$/.test(called)) return joined(values, "config");
	if (/^path#(?:(?:\*|default)\.)?resolve$/.test(called)) return joined(values, "cwd");
}
function joined(values, base) {
	const parts = values.map((value) => value.kind === "text" ? value.text : value.kind === "path" ? value.path : void 0);
	if (parts.length === 0 || parts.some((part) => part === void 0)) return void 0;
	const [first] = values;
	return {
		kind: "path",
		path: parts.filter((part) => part !== "").join("/"),
		base: first?.kind === "path" ? first.base : base
	};
}
// src/migrations/config-values.ts
const closing = {
	"(": ")",
	"[": "]",
	"{": "}"
};
var ValueReader = class ValueReader {
	#source;
	#tokens;
	#scope;
	position;
	constructor(source, tokens, scope, position = 0) {
		this.#source = source;
		this.#tokens = tokens;
		this.#scope = scope;
		this.position = position;
	}
	peek(offset = 0) {
		return this.#tokens[this.position + offset];
	}
	is(text, offset = 0) {
		const token = this.peek(offset);
		return token?.text === text && token.kind !== "text" && token.kind !== "template";
	}
	take(text) {
		if (!this.is(text)) return false;
		this.position++;
		return true;
	}
	expression() {
		const start = this.position;
		const values = [this.#operand()];
		while (this.take("??") || this.take("||")) values.push(this.#operand());
		if (!this.#atEnd()) return this.#unknownFrom(start);
		const [only, ...others] = values;
		return only !== void 0 && others.length === 0 ? only : {
			kind: "either",
			values
		};
	}
	#operand() {
		const start = this.position;
		const value = this.#primary();
		while (this.take("!") || this.is("as") || this.is("satisfies")) if (this.take("as") || this.take("satisfies")) this.#skipType();
		return value.kind === "unknown" ? this.#unknownFrom(start) : value;
	}
	#primary() {
		const token = this.peek();
		if (token === void 0) return this.#unknownFrom(this.position);
		if (token.kind === "text") {
			this.position++;
			return {
				kind: "text",
				text: token.text
			};
		}
		if (token.kind === "template") return this.#template(token);
		if (this.is("{")) return this.#object();
		if (this.take("(")) {
			const start = this.position;
			const value = this.expression();
			if (this.take(")")) return value;
			while (this.peek() !== void 0 && !this.is(")")) this.#skipOne();
			this.take(")");
			return {
				kind: "unknown",
				source: "(…)",
				at: this.#tokens[start]?.start ?? this.#source.length
			};
		}
		return token.kind === "name" ? this.#named() : this.#unknownFrom(this.position);
	}
	#template(token) {
		this.position++;
		if (!token.text.includes("${")) return {
			kind: "text",
			text: token.text
		};
		const inner = /^\$\{([^{}`]*)\}$/.exec(token.text)?.[1];
		if (inner === void 0) return {
			kind: "unknown",
			source: `\`${token.text}\``,
			at: token.start
		};
		return new ValueReader(inner, tokenize(inner), this.#scope).expression();
	}
	#named() {
		const start = this.position;
		let path = this.peek()?.text ?? "";
		this.position++;
		for (;;) if (this.take(".") || this.take("?.")) {
			if (this.is("[")) continue;
			path += `.${this.peek()?.text ?? ""}`;
			this.position++;
		} else if (this.is("[") && this.peek(1)?.kind === "text" && this.is("]", 2)) {
			path += `.${this.peek(1)?.text ?? ""}`;
			this.position += 3;
		} else break;
		this.#skipTypeArguments();
		return (this.take("(") ? callOf(path, this.#arguments(), this.#scope) : nameOf(path, this.#scope)) ?? this.#unknownFrom(start);
	}
	#arguments() {
		const values = [];
		while (this.peek() !== void 0 && !this.take(")")) {
			values.push(this.expression());
			if (!this.take(",") && !this.is(")")) this.position++;
		}
		return values;
	}
	#object() {
		const entries = /* @__PURE__ */ new Map();
		let complete = true;
		this.position++;
		while (this.peek() !== void 0 && !this.take("}")) {
			const key = this.peek();
			if ((key?.kind === "name" || key?.kind === "text") && this.is(":", 1)) {
				this.position += 2;
				entries.set(key.text, this.expression());
			} else if (key?.kind === "name" && (this.is(",", 1) || this.is("}", 1))) entries.set(key.text, this.expression());
			else if (this.take("...")) complete = this.#spread(entries) && complete;
			else complete = this.#unreadMember(entries) && complete;
			this.take(",");
		}
		return {
			kind: "object",
			entries,
			complete
		};
	}
	#unreadMember(entries) {
		const start = this.position;
		const first = this.peek();
		const unread = (name) => ({
			kind: "unknown",
			source: `${name}(…)`,
			at: first?.start ?? 0
		});
		let names = 0;
		for (let key = this.peek(); key?.kind === "name" || key?.kind === "text"; key = this.peek(++names)) entries.set(key.text, unread(key.text));
		const computed = names === 0 || this.is("[", names);
		if (computed) for (const name of entries.keys()) entries.set(name, unread(name));
		this.#skip();
		if (this.position === start) this.position++;
		return !computed;
	}
	#spread(entries) {
		const start = this.position;
		const inline = this.is("(");
		const value = this.expression();
		if (value.kind === "object") {
			for (const [name, entry] of value.entries) entries.set(name, entry);
			return value.complete;
		}
		const tokens = this.#tokens.slice(start, this.position);
		const keys = new Set(tokens.filter((_token, index) => tokens[index + 1]?.text === ":").map(({ text }) => text));
		const nested = tokens.some(({ text }) => text === "...");
		for (const name of entries.keys()) {
			if (inline && !nested && !keys.has(name)) continue;
			const first = tokens[0];
			entries.set(name, {
				kind: "unknown",
				source: `...${first?.text ?? ""}`,
				at: first?.start ?? 0
			});
		}
		return false;
	}
	#atEnd() {
		const token = this.peek();
		if (token === void 0 || [
			",",
			")",
			"]",
			"}",
			";"
		].some((mark) => this.is(mark))) return true;
		const before = this.peek(-1);
		return token.kind === "name" && this.#source.slice(before?.end ?? 0, token.start).includes("\n");
	}
	#skip() {
		while (!this.#atEnd() || this.peek()?.kind === "name") this.#skipOne();
	}
	#skipTypeArguments() {
		if (!this.is("<")) return;
		let end = 1;
		while (this.peek(end) !== void 0 && /^[\w$.,|[\]]+$/.test(this.peek(end)?.text ?? "")) end++;
		if (this.is(">", end) && this.is("(", end + 1)) this.position += end + 1;
	}
	#skipType() {
		while (!this.#atEnd() && !this.is("??") && !this.is("||")) this.#skipOne();
	}
	#skipOne() {
		const close = closing[this.peek()?.kind === "mark" ? this.peek()?.text ?? "" : ""];
		this.position++;
		if (close === void 0) return;
		while (this.peek() !== void 0 && !this.is(close)) this.#skipOne();
		this.position++;
	}
	#unknownFrom(start) {
		const first = this.#tokens[start];
		while (!this.#atEnd()) this.#skipOne();
		const last = this.#tokens[this.position - 1];
		const at = first?.start ?? this.#source.length;
		return {
			kind: "unknown",
			source: this.#source.slice(at, Math.max(at, last?.end ?? at)),
			at
		};
	}
};
// src/migrations/config-statements.ts
const understood = /* @__PURE__ */ new Map([
	["prisma/config", "prisma/config"],
	["@prisma/config", "prisma/config"],
	["drizzle-kit", "drizzle-kit"],
	["path", "path"],
	["node:path", "path"],
	["process", "process"],
	["node:process", "process"],
	["dotenv", "dotenv"],
	["@dotenvx/dotenvx", "dotenv"]
]);
function importsOf(tokens) {
	const imports = /* @__PURE__ */ new Map();
	tokens.forEach((token, index) => {
		if (token.kind !== "text") return;
		const module = understood.get(token.text);
		if (module === void 0) return;
		const before = tokens[index - 1]?.text;
		const isImport = before === "from";
		const isRequire = before === "(" && tokens[index - 2]?.text === "require";
		if (!isImport && !isRequire) return;
		const end = isImport ? index - 1 : index - 3;
		for (const [local, exported] of bindingsBefore(tokens, end)) imports.set(local, `${module}#${exported}`);
	});
	return imports;
}
function bindingsBefore(tokens, end) {
	let start = end - 1;
	while (start >= 0 && ![
		"import",
		"const",
		"let",
		"var"
	].includes(tokens[start]?.text ?? "")) start--;
	const words = tokens.slice(start + 1, end).map(({ text }) => text);
	const open = words.indexOf("{");
	const outside = open < 0 ? words : words.slice(0, open);
	const inside = open < 0 ? [] : words.slice(open + 1, words.lastIndexOf("}"));
	const bindings = outside.filter((word) => /^[\w$]+$/.test(word) && word !== "as" && word !== "type").map((local) => [local, outside.includes("*") ? "*" : "default"]);
	for (const entry of inside.join(" ").split(",")) {
		const [exported, local = exported] = entry.trim().split(/\s+(?:as|:)\s+/);
		if (exported !== void 0 && exported !== "" && local !== void 0) bindings.push([local, exported]);
	}
	return bindings;
}
function readStatements(source) {
	const tokens = tokenize(source);
	const scope = {
		imports: importsOf(tokens),
		constants: /* @__PURE__ */ new Map()
	};
	let config;
	let envFile = tokens.some(({ kind, text }) => kind === "text" && /^(?:dotenv|@dotenvx\/dotenvx)\/config$/.test(text)) ? ".env" : void 0;
	const reader = new ValueReader(source, tokens, scope);
	const touched = /* @__PURE__ */ new Set();
	const takeConfig = (marks) => {
		reader.position += marks;
		const value = reader.expression();
		config = config === void 0 ? value : {
			kind: "unknown",
			source: "a second configuration",
			at: 0
		};
	};
	while (reader.peek() !== void 0) if (reader.is("const")) {
		const start = reader.position++;
		if (!readConstant(reader, scope)) for (const token of tokens.slice(start, reader.position)) note(touched, token);
	} else if (reader.is("export") && reader.is("default", 1)) takeConfig(2);
	else if (reader.is("module") && reader.is(".", 1) && reader.is("exports", 2) && reader.is("=", 3)) takeConfig(4);
	else {
		envFile ??= envFileLoadedAt(reader, scope);
		if (!reader.is(".", -1) && !reader.is("?.", -1)) note(touched, reader.peek());
		reader.position++;
	}
	const changed = [...scope.constants].find(([name, value]) => value.kind === "object" && touched.has(name))?.[0];
	if (changed !== void 0) config = {
		kind: "unknown",
		source: changed,
		at: placeOf(tokens, changed)
	};
	return {
		config,
		envFile,
		interferences: interferencesIn(source, tokens, scope)
	};
}
function note(touched, token) {
	if (token?.kind === "name") touched.add(token.text);
}
function placeOf(tokens, name) {
	return tokens.findLast((token) => token.kind === "name" && token.text === name)?.start ?? 0;
}
function readConstant(reader, scope) {
	if (reader.take("{")) {
		readPattern(reader, scope);
		return true;
	}
	const name = reader.peek()?.text ?? "";
	reader.position++;
	while (reader.peek() !== void 0 && !reader.is("=") && !reader.is(";")) reader.position++;
	if (!reader.take("=")) return true;
	const value = reader.expression();
	setConstant(scope, name, value);
	return value.kind !== "unknown";
}
function readPattern(reader, scope) {
	const variables = [];
	while (reader.peek() !== void 0 && !reader.take("}")) {
		const name = reader.peek()?.text ?? "";
		const local = reader.is(":", 1) ? reader.peek(2)?.text ?? "" : name;
		const next = reader.is(":", 1) ? 3 : 1;
		if (reader.is(",", next) || reader.is("}", next)) variables.push([local, name]);
		reader.position += reader.is("}") ? 0 : next;
	}
	if (![
		"=",
		"process",
		".",
		"env"
	].every((word, index) => reader.is(word, index)) || reader.is(".", 4) || reader.is("[", 4)) return;
	for (const [local, name] of variables) setConstant(scope, local, {
		kind: "env",
		name
	});
}
function setConstant({ constants }, name, value) {
	constants.set(name, constants.has(name) ? {
		kind: "unknown",
		source: name,
		at: 0
	} : value);
}
function envFileLoadedAt(reader, { imports }) {
	const word = (offset) => reader.peek(offset)?.text ?? "";
	const imported = imports.get(word(0)) ?? "";
	if (imported === "dotenv#config" && word(1) === "(") return envPath(reader, 2);
	if (imported.startsWith("dotenv#") && word(2) === "config" && word(3) === "(") return envPath(reader, 4);
	if (word(0) === "process" && word(2) === "loadEnvFile") return envPath(reader, 4);
	if (word(0) === "require" && understood.get(word(2)) === "dotenv" && word(5) === "config") return envPath(reader, 7);
}
function envPath(reader, offset) {
	if (reader.is(")", offset)) return ".env";
	const first = reader.peek(offset);
	if (first?.kind === "text") return first.text;
	const named = reader.is("{", offset) && reader.is("path", offset + 1) ? reader.peek(offset + 3) : void 0;
	return named?.kind === "text" ? named.text : void 0;
}
// src/migrations/config-file.ts
function readDrizzleConfig(source) {
	const { config, envFile } = readStatements(source);
	const line = (offset) => lineOf$1(source, offset);
	const text = (path) => asSetting(settingAt(config, path), textOf, line);
	return {
		dialect: text(["dialect"]),
		out: asSetting(settingAt(config, ["out"]), pathOf$1, line),
		url: asSetting(settingAt(config, ["dbCredentials", "url"]), urlOf, line),
		table: text(["migrations", "table"]),
		schema: text(["migrations", "schema"]),
		envFile
	};
}
function textOf(value) {
	return value.kind === "text" ? value.text : void 0;
}
function readConfig(source) {
	const { config, envFile, interferences } = readStatements(source);
	const at = (path) => settingAt(config, path);
	const line = (offset) => lineOf$1(source, offset);
	const url = (path) => {
		const setting = asSetting(at(path), urlOf, line);
		const changed = interferences.find(({ variable }) => isRead(setting, variable));
		return changed === void 0 ? setting : {
			kind: "unreadable",
			source: changed.source,
			line: line(changed.at)
		};
	};
	return {
		schema: asSetting(at(["schema"]), pathOf$1, line),
		migrations: asSetting(at(["migrations", "path"]), pathOf$1, line),
		url: url(["datasource", "url"]),
		directUrl: url(["datasource", "directUrl"]),
		engine: asSetting(at(["engine"]), textOf, line),
		envFile
	};
}
function isRead(setting, variable) {
	if (setting.kind !== "known" || setting.value.kind !== "env") return false;
	return variable === void 0 || setting.value.variables.includes(variable);
}
function settingAt(config, path) {
	let value = config ?? {
		kind: "unknown",
		source: "the default export",
		at: 0
	};
	for (const name of path) {
		if (value.kind !== "object") return value.kind === "nothing" ? value : asUnknown(value);
		const next = value.entries.get(name);
		if (next === void 0) return value.complete ? { kind: "nothing" } : {
			kind: "unknown",
			source: `… (\`${path.join(".")}\` may be in what is spread there)`,
			at: 0
		};
		value = next;
	}
	return value;
}
function asUnknown(value) {
	return value.kind === "unknown" ? value : {
		kind: "unknown",
		source: "something other than an object",
		at: 0
	};
}
function asSetting(value, read, line) {
	if (value.kind === "nothing") return { kind: "absent" };
	const known = read(value);
	if (known !== void 0) return {
		kind: "known",
		value: known
	};
	if (value.kind === "unknown") return {
		kind: "unreadable",
		source: value.source,
		line: line(value.at)
	};
	return {
		kind: "unreadable",
		source: `a value that is ${value.kind === "env" ? `the variable ${value.name}` : "put together"}`,
		line: 1
	};
}
function pathOf$1(value) {
	if (value.kind === "text") return {
		path: value.text,
		base: "config"
	};
	return value.kind === "path" ? {
		path: value.path,
		base: value.base
	} : void 0;
}
function urlOf(value) {
	if (value.kind === "text") return { kind: "written-out" };
	if (value.kind === "env") return {
		kind: "env",
		variables: [value.name]
	};
	if (value.kind !== "either") return void 0;
	const variables = value.values.flatMap((one) => one.kind === "env" ? [one.name] : []);
	return value.values.every(({ kind }) => kind === "env" || kind === "text" || kind === "nothing") && variables.length > 0 ? {
		kind: "env",
		variables
	} : void 0;
}
// src/migrations/drizzle-project.ts
const configNames = [
	"ts",
	"js",
	"mjs",
	"cjs",
	"mts",
	"cts",
	"json"
].map((ending) => `drizzle.config.${ending}`);
function locateDrizzleConfig(root) {
	return configNames.map((name) => join(root, name)).find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}
async function readDrizzleProject(root, folder) {
	const configFile = locateDrizzleConfig(root);
	const shown = configFile === void 0 ? "drizzle.config.ts" : relative(root, configFile);
	const config = configFile === void 0 ? void 0 : await readConfigFile(configFile);
	const dialect = config === void 0 ? void 0 : known(config.dialect);
	if (dialect !== void 0 && dialect !== "postgresql") throw fail("PROJECT.NOT_POSTGRESQL", {
		what: `The dialect in \`${shown}\` is \`${dialect}\`.`,
		why: "Airlock takes migrations to PostgreSQL only.",
		next: ["Run in the folder of the project that uses PostgreSQL: --cwd path/to/project"]
	});
	return {
		configFile,
		migrationsPath: folder ?? folderIn(root, configFile, config, shown),
		history: {
			schema: textOr("drizzle", config?.schema, shown, "migrations.schema"),
			table: textOr("__drizzle_migrations", config?.table, shown, "migrations.table")
		},
		urls: {
			urlVariables: variablesIn$1(config),
			directUrlVariable: void 0,
			envFiles: {
				paths: config?.envFile === void 0 ? [] : [resolve$1(root, config.envFile)],
				expands: false
			}
		}
	};
}
async function readConfigFile(path) {
	try {
		const text = await readRegularText(path);
		return readDrizzleConfig(path.endsWith(".json") ? `export default ${text}` : text);
	} catch (error) {
		if (error instanceof FailureError) throw error;
		throw unreadableFile(error) ?? error;
	}
}
function folderIn(root, configFile, config, shown) {
	if (configFile === void 0 || config === void 0 || config.out.kind === "absent") return join(root, "drizzle");
	if (config.out.kind === "unreadable") throw unreadable$3(shown, "out", config.out, "out: './drizzle'");
	return resolve$1(config.out.value.base === "cwd" ? root : dirname(configFile), config.out.value.path);
}
function textOr(usual, setting, shown, name) {
	if (setting === void 0 || setting.kind === "absent") return usual;
	if (setting.kind === "known") return setting.value;
	throw unreadable$3(shown, name, setting, `${name.split(".").at(-1)}: '${usual}'`);
}
function variablesIn$1(config) {
	const url = config === void 0 ? void 0 : known(config.url);
	return url?.kind === "env" ? url.variables : ["DATABASE_URL"];
}
function known(setting) {
	return setting.kind === "known" ? setting.value : void 0;
}
function unreadable$3(shown, name, { line }, example) {
	return fail("PROJECT.CONFIG_UNREADABLE", {
		what: `\`${name}\` in \`${shown}\` cannot be told without running the file.`,
		why: `Line ${line} puts it together. Airlock reads the configuration and never runs it: with the credentials of a deploy in reach, it is not its place to start the project's code.`,
		next: [...name === "out" ? ["Name the folder in airlock.yml: migrations: { kind: drizzle, folder: drizzle }"] : [], `Write it as a text: ${example}`]
	});
}
function hasJournal(folder) {
	return existsSync(join(folder, "meta/_journal.json"));
}
// src/migrations/numbered-names.ts
function judgeName(fileName) {
	if (!/\.sql$/i.test(fileName)) return { kind: "other" };
	if (/\.(?:down|undo|rollback)\.sql$/i.test(fileName)) return {
		kind: "left-out",
		because: "takes a migration back, so it is not applied"
	};
	const digits = /^\d+(?:[-_.]\d+(?=[-_.]))*/.exec(fileName)?.[0];
	if (digits === void 0) return {
		kind: "left-out",
		because: "does not begin with a number, so it is not applied"
	};
	const number = digits.split(/[-_.]/).map(BigInt);
	return {
		kind: "migration",
		file: {
			name: fileName.slice(0, -4),
			fileName,
			number
		}
	};
}
function compareNumbers({ number: a }, { number: b }) {
	for (let index = 0; index < Math.max(a.length, b.length); index++) {
		const [left = -1n, right = -1n] = [a[index], b[index]];
		if (left !== right) return left < right ? -1 : 1;
	}
	return 0;
}
const supabaseName = /^([0-9]+)_(.*)\.sql$/;
const oldInit = /^([0-9]{14})_init\.sql$/;
function judgeSupabaseName(fileName, isFirst) {
	const version = supabaseName.exec(fileName)?.[1];
	if (version === void 0) {
		if (!/\.sql$/i.test(fileName)) return { kind: "other" };
		return {
			kind: "left-out",
			because: "is not called `<timestamp>_name.sql`, so the Supabase CLI does not apply it"
		};
	}
	const old = oldInit.exec(fileName)?.[1];
	if (isFirst && old !== void 0 && BigInt(old) < 20211209000000n) return {
		kind: "left-out",
		because: "is the first of an old project, which the Supabase CLI does not apply"
	};
	return {
		kind: "migration",
		file: {
			name: fileName.slice(0, -4),
			fileName,
			number: [BigInt(version)]
		},
		version
	};
}
// src/migrations/detect-source.ts
function detectSource(root, { kind, folder }) {
	if (kind !== void 0) return {
		kind,
		folder: folder ?? usualFolder(root, kind)
	};
	if (folder !== void 0) return {
		kind: kindOfFolder(root, resolve$1(root, folder)),
		folder
	};
	const traces = tracesIn(root);
	const [first, ...others] = traces;
	if (first === void 0) return withoutTrace(root);
	if (others.length > 0) throw several(traces);
	return {
		kind: first.kind,
		folder: void 0
	};
}
function tracesIn(root) {
	const drizzle = locateDrizzleConfig(root);
	return [
		...prismaTrace(root),
		...drizzle !== void 0 ? [{
			kind: "drizzle",
			by: relative(root, drizzle)
		}] : hasJournal(join(root, "drizzle")) ? [{
			kind: "drizzle",
			by: "drizzle/meta/_journal.json"
		}] : [],
		...hasNumberedFiles(join(root, "supabase/migrations")) ? [{
			kind: "supabase",
			by: "supabase/migrations"
		}] : []
	];
}
function prismaTrace(root) {
	const path = locateConfig(root, void 0) ?? [
		"schema.prisma",
		"prisma/schema.prisma",
		"prisma/schema"
	].map((name) => join(root, name)).find(existsSync);
	if (path !== void 0) return [{
		kind: "prisma",
		by: relative(root, path)
	}];
	return isNamedByPackage(root) ? [{
		kind: "prisma",
		by: "package.json"
	}] : [];
}
function isNamedByPackage(root) {
	try {
		const content = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
		return typeof content === "object" && content !== null && "prisma" in content;
	} catch {
		return false;
	}
}
const plainFolders = [
	"migrations",
	"db/migrations",
	"sql/migrations"
];
function withoutTrace(root) {
	const folder = plainFolders.find((name) => isPlain(join(root, name)));
	return folder === void 0 ? {
		kind: "prisma",
		folder: void 0
	} : {
		kind: "sql",
		folder
	};
}
function usualFolder(root, kind) {
	return kind === "sql" ? plainFolders.find((name) => isPlain(join(root, name))) : void 0;
}
function kindOfFolder(root, path) {
	if (hasJournal(path)) return "drizzle";
	if (!isPlain(path)) return "prisma";
	return path === resolve$1(root, "supabase/migrations") || /[/\\]supabase[/\\]migrations[/\\]?$/.test(path) ? "supabase" : "sql";
}
function isPlain(path) {
	return !existsSync(join(path, "migration_lock.toml")) && hasNumberedFiles(path);
}
function hasNumberedFiles(path) {
	return namesIn(path).some((name) => judgeName(name).kind === "migration");
}
function namesIn(path) {
	try {
		return readdirSync(path);
	} catch {
		return [];
	}
}
function several(traces) {
	const kinds = traces.map(({ kind, by }) => `${kind} (\`${by}\`)`).join(" and ");
	return fail("PROJECT.SEVERAL_SOURCES", {
		what: `The project has migrations of more than one kind: ${kinds}.`,
		why: "Which of them make up the database cannot be told, and a plan must not be made from the wrong ones.",
		next: ["Say which, in airlock.yml:", `migrations: { kind: ${traces[0]?.kind ?? "prisma"} }`]
	});
}
// src/migrations/drizzle-journal.ts
function journalOf(folder) {
	return join(folder, "meta/_journal.json");
}
function readJournal(folder, shown) {
	let content;
	try {
		const path = journalOf(folder);
		if (!statSync(path).isFile()) throw unreadable$2(shown, "What exists at that path is not a file.");
		content = JSON.parse(readFileSync(path, "utf8"));
	} catch (error) {
		if (["ENOENT", "ENOTDIR"].includes(errnoOf(error))) return void 0;
		if (error instanceof SyntaxError || errnoOf(error) !== "") throw unreadable$2(shown, `${messageOf(error)}.`);
		throw error;
	}
	const { dialect, entries } = content ?? {};
	if (dialect !== "postgresql" && dialect !== "pg") throw fail("MIGRATIONS.NOT_POSTGRESQL", {
		what: `\`${shown}\` is for ${typeof dialect === "string" ? `\`${dialect}\`` : "no database"}.`,
		why: "Airlock takes migrations to PostgreSQL only.",
		next: ["Run in the folder of the project that uses PostgreSQL: --cwd path/to/project"]
	});
	if (!Array.isArray(entries)) throw unreadable$2(shown, "It has no list `entries`.");
	return entries.map((entry, index) => asEntry(entry) ?? refuse(shown, index));
}
function asEntry(entry) {
	const { tag, when } = entry ?? {};
	return typeof tag === "string" && tag !== "" && !/[/\\]/.test(tag) && typeof when === "number" && Number.isSafeInteger(when) ? {
		tag,
		when
	} : void 0;
}
function refuse(shown, index) {
	throw unreadable$2(shown, `Entry ${index} has no \`tag\` that names a file, or no whole number as \`when\`.`);
}
function unreadable$2(shown, why) {
	return fail("MIGRATIONS.JOURNAL_UNREADABLE", {
		what: `\`${shown}\` cannot be read.`,
		why,
		next: [`Restore it: git log --oneline -- ${shellWord(shown)}`]
	});
}
// src/migrations/lock-file.ts
function checkLockFile(text, file) {
	if (/^(?:<{7}|={7}|>{7})/m.test(text)) return unreadable$1(file, "It contains the marks of a merge that was not finished.");
	const line = text.split(/\r?\n/).find((one) => one.startsWith("provider"));
	if (line === void 0) return unreadable$1(file, "It has no line that begins with `provider`.");
	const written = /^provider\s*=\s*["']?([^"'\s#]*)/.exec(line)?.[1] ?? "";
	if (line === `provider = "postgresql"`) return void 0;
	if (written === "postgresql") return unreadable$1(file, `Prisma reads the provider only as \`provider = "postgresql"\`; the line is \`${line.trim()}\`.`);
	if (written === "") return unreadable$1(file, `The line \`${line.trim()}\` names no provider.`);
	return {
		code: "MIGRATIONS.NOT_POSTGRESQL",
		what: `The migrations are for ${written}, not for PostgreSQL.`,
		why: `\`${file}\` says \`${line.trim()}\`. SQL that was generated for another database does not run on PostgreSQL.`,
		next: [
			"Point `--migrations` to the folder of the PostgreSQL migrations.",
			"After a change of the provider, start a new history: move the old folder away and create the first migration again:",
			"npx prisma migrate dev --create-only --name init"
		]
	};
}
function unreadable$1(file, why) {
	return {
		code: "MIGRATIONS.LOCK_FILE_UNREADABLE",
		what: `\`${file}\` cannot be read.`,
		why,
		next: ["Write it again and commit it:", writeLockFile(file)]
	};
}
function writeLockFile(file) {
	return `printf 'provider = "postgresql"\\n' > ${shellWord(file)}`;
}
// src/migrations/folder-failures.ts
function noFolder(folder, because, next = prismaFolder) {
	return {
		code: "MIGRATIONS.NO_FOLDER",
		what: `There is no migrations folder \`${folder}\`.`,
		why: because,
		next
	};
}
const prismaFolder = ["Name the folder that holds `migration_lock.toml`: --migrations path/to/prisma/migrations", "A project without migrations creates its first one: npx prisma migrate dev --name init"];
function noLockFile(folder, hint) {
	return {
		code: "MIGRATIONS.NO_LOCK_FILE",
		what: `\`${folder}\` has no \`migration_lock.toml\`.`,
		why: hint ?? "Without it nothing says for which database the SQL was written; Prisma creates it beside the first migration.",
		next: [
			...hint === void 0 ? [] : ["Name the migrations folder itself: --migrations path/to/prisma/migrations"],
			"If this is the folder, write the file and commit it:",
			writeLockFile(`${folder}/migration_lock.toml`)
		]
	};
}
function noSql(file) {
	const folder = file.replace(/\/[^/]*$/, "");
	return {
		code: "MIGRATIONS.NO_SQL",
		what: `\`${folder}\` has no \`migration.sql\`.`,
		why: "Prisma takes every folder beside `migration_lock.toml` for a migration and stops with P3015 at one without its file.",
		next: [`Restore the file: git checkout -- ${shellWord(file)}`, `Or remove what is left of the folder: rm -r ${shellWord(folder)}`]
	};
}
function unreadable(file, message) {
	return {
		code: "MIGRATIONS.UNREADABLE",
		what: `\`${file}\` cannot be read.`,
		why: message,
		next: [`Check what it is and who may read it: ls -ld ${shellWord(file)}`]
	};
}
function strangeName(name, folder) {
	return {
		code: "MIGRATIONS.STRANGE_NAME",
		what: `A folder in \`${folder}\` has a name with characters that cannot be seen: ${JSON.stringify(visible(name))}.`,
		why: "Line breaks, control characters and marks that turn the direction of writing make a report show something else than what is there.",
		next: ["Rename the folder: letters, digits, `_` and `-`, as `npx prisma migrate dev` writes them."]
	};
}
function visible(name) {
	return name.replaceAll(invisible, (character) => `<U+${character.codePointAt(0)?.toString(16).padStart(4, "0")}>`);
}
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
function canBeSeen(name) {
	return name.search(invisible) === -1;
}
function empty(file, bytes) {
	return {
		code: "MIGRATIONS.EMPTY",
		what: `\`${file}\` is empty.`,
		why: `${bytes === 0 ? "It has no content at all" : "It has nothing but white space"}, which is rather a lost migration than one that does nothing. Prisma would record it as applied.`,
		next: [`Restore the SQL: git log --oneline -- ${shellWord(file)}`, `A migration that is meant to do nothing says so: echo '-- This migration does nothing.' > ${shellWord(file)}`]
	};
}
function notText(file, problem) {
	switch (problem.kind) {
		case "utf-16": return {
			code: "MIGRATIONS.NOT_UTF8",
			what: `\`${file}\` is ${problem.encoding}, not UTF-8.`,
			why: "PowerShell 5 writes UTF-16 when the output of `prisma migrate diff --script` is redirected with `>`. PostgreSQL does not take it.",
			next: [
				"Convert it:",
				`iconv -f UTF-16${problem.encoding.includes("little") ? "LE" : "BE"} -t UTF-8 ${shellWord(file)} | sed '1s/^\\xEF\\xBB\\xBF//' > ${shellWord(`${file}.utf8`)} && mv ${shellWord(`${file}.utf8`)} ${shellWord(file)}`,
				"Next time let Prisma write the file itself: --output instead of >"
			]
		};
		case "byte-order-mark": return {
			code: "MIGRATIONS.BYTE_ORDER_MARK",
			what: `\`${file}\` starts with a byte order mark.`,
			why: "Prisma sends it along, and PostgreSQL takes it for the beginning of a name: the first statement fails with a syntax error.",
			next: ["Remove the three bytes:", `sed -i '1s/^\\xEF\\xBB\\xBF//' ${shellWord(file)}`]
		};
		case "nul": return {
			code: "MIGRATIONS.NOT_UTF8",
			what: `\`${file}\` is not a text file.`,
			why: `Byte ${problem.byte} (line ${problem.line}) is NUL, which no PostgreSQL text can contain.`,
			next: [`See what it is: file ${shellWord(file)}`, `Restore it: git log --oneline -- ${shellWord(file)}`]
		};
		case "not-utf-8": return {
			code: "MIGRATIONS.NOT_UTF8",
			what: `\`${file}\` is not UTF-8.`,
			why: `Byte ${problem.byte} (line ${problem.line}) does not belong to any UTF-8 character. Prisma would replace it and write something else into the database.`,
			next: ["If it was saved in the Western European encoding of Windows, convert it:", `iconv -f WINDOWS-1252 -t UTF-8 ${shellWord(file)} > ${shellWord(`${file}.utf8`)} && mv ${shellWord(`${file}.utf8`)} ${shellWord(file)}`]
		};
	}
}
function together(failures, subject) {
	const [first, ...others] = failures;
	if (first === void 0 || others.length === 0) return first;
	return {
		code: first.code,
		what: `${subject} has ${failures.length} problems.`,
		why: failures.map(({ code, what, why }) => `${code}: ${what} ${why}`).join("\n"),
		next: [...new Set(failures.flatMap(({ next }) => next))]
	};
}
// src/migrations/file-text.ts
function readText$1(bytes) {
	const sql = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
	const problem = encodingProblem(bytes);
	if (problem !== void 0) return {
		kind: "not-text",
		sql,
		problem
	};
	if (sql.trim() === "") return {
		kind: "empty",
		sql
	};
	return {
		kind: "text",
		sql,
		emptiness: withoutComments$1(sql).trim() === "" ? "comments-only" : "statements"
	};
}
function encodingProblem(bytes) {
	const utf16 = utf16Of(bytes);
	if (utf16 !== void 0) return {
		kind: "utf-16",
		encoding: utf16,
		byte: 0,
		line: 1
	};
	if (bytes[0] === 239 && bytes[1] === 187 && bytes[2] === 191) return {
		kind: "byte-order-mark",
		encoding: "UTF-8 with a byte order mark",
		byte: 0,
		line: 1
	};
	const invalid = firstInvalidByte(bytes);
	if (invalid !== void 0) return {
		kind: "not-utf-8",
		encoding: "not UTF-8",
		byte: invalid,
		line: lineOf(bytes, invalid)
	};
	const nul = bytes.indexOf(0);
	if (nul >= 0) return {
		kind: "nul",
		encoding: "binary",
		byte: nul,
		line: lineOf(bytes, nul)
	};
}
function utf16Of(bytes) {
	if (bytes[0] === 255 && bytes[1] === 254) return "UTF-16 (little endian)";
	if (bytes[0] === 254 && bytes[1] === 255) return "UTF-16 (big endian)";
	if (bytes.length < 4) return void 0;
	if (bytes[0] !== 0 && bytes[1] === 0 && bytes[2] !== 0 && bytes[3] === 0) return "UTF-16 (little endian)";
	if (bytes[0] === 0 && bytes[1] !== 0 && bytes[2] === 0 && bytes[3] !== 0) return "UTF-16 (big endian)";
}
function firstInvalidByte(bytes) {
	if (isUtf8(bytes)) return void 0;
	let index = 0;
	while (index < bytes.length) {
		const length = sequenceLength(bytes, index);
		if (length === 0) return index;
		index += length;
	}
}
function isUtf8(bytes) {
	try {
		strict.decode(bytes);
		return true;
	} catch (error) {
		if (error instanceof TypeError) return false;
		throw error;
	}
}
const strict = new TextDecoder("utf-8", { fatal: true });
function sequenceLength(bytes, index) {
	const first = bytes[index] ?? 0;
	if (first < 128) return 1;
	const second = bytes[index + 1] ?? 0;
	const continues = (offset) => ((bytes[index + offset] ?? 0) & 192) === 128;
	if (first >= 194 && first <= 223) return continues(1) ? 2 : 0;
	if (first >= 224 && first <= 239) {
		const [low, high] = [first === 224 ? 160 : 128, first === 237 ? 159 : 191];
		return second >= low && second <= high && continues(2) ? 3 : 0;
	}
	if (first >= 240 && first <= 244) {
		const [low, high] = [first === 240 ? 144 : 128, first === 244 ? 143 : 191];
		return second >= low && second <= high && continues(2) && continues(3) ? 4 : 0;
	}
	return 0;
}
function lineOf(bytes, offset) {
	let line = 1;
	for (let index = 0; index < offset; index++) if (bytes[index] === 10) line++;
	return line;
}
function withoutComments$1(sql) {
	let rest = "";
	let depth = 0;
	for (let index = 0; index < sql.length; index++) {
		const pair = sql.slice(index, index + 2);
		if (pair === "/*") {
			depth++;
			index++;
		} else if (pair === "*/" && depth > 0) {
			depth--;
			index++;
		} else if (depth === 0 && pair === "--") {
			const end = sql.indexOf("\n", index);
			if (end < 0) return rest;
			index = end;
		} else if (depth === 0) {
			rest += sql[index];
			if (/\S/.test(sql[index] ?? "") && pair !== "/*") return rest;
		}
	}
	return rest;
}
// src/migrations/migration.ts
function asMigrationName(folder) {
	return folder;
}
// src/migrations/migration-file.ts
function migrationIn(folder, name) {
	return {
		name,
		at: join(folder, name, "migration.sql"),
		file: `${name}/migration.sql`,
		tolerated: false,
		absent: noSql
	};
}
function readMigration({ name, at, file, tolerated, absent }) {
	let bytes;
	try {
		const found = statSync(at);
		if (!found.isFile() && !found.isDirectory()) return {
			problem: unreadable(file, "What exists at that path is not a file."),
			notices: []
		};
		bytes = readFileSync(at);
	} catch (error) {
		return {
			problem: errnoOf(error) === "ENOENT" ? absent(file) : unreadable(file, `${messageOf(error)}.`),
			notices: []
		};
	}
	const text = readText$1(bytes);
	const problem = contentProblem(text, file, bytes.length);
	if (problem !== void 0 && !tolerated) return {
		problem,
		notices: []
	};
	return {
		migration: {
			name: asMigrationName(name),
			path: dirname(at),
			file,
			sql: text.sql,
			bytes: bytes.length,
			checksum: sha256(text.sql),
			get otherChecksums() {
				return [text.sql.replaceAll("\r\n", "\n"), text.sql.replaceAll("\n", "\r\n")].map(sha256);
			}
		},
		notices: noticesOf(text, problem, file)
	};
}
function contentProblem(text, file, bytes) {
	if (text.kind === "empty") return empty(file, bytes);
	return text.kind === "not-text" ? notText(file, text.problem) : void 0;
}
function noticesOf(text, problem, file) {
	if (problem !== void 0) return [{
		kind: "tolerated",
		file,
		text: `${problem.what} It is applied already, so it stays as it is.`
	}];
	if (text.kind === "text" && text.emptiness === "comments-only") return [{
		kind: "does-nothing",
		file,
		text: `\`${file}\` holds comments only: it is recorded as applied and does nothing.`
	}];
	return [];
}
function sha256(text) {
	return createHash("sha256").update(text, "utf8").digest("hex");
}
// src/migrations/order.ts
function orderOf(prismaVersion) {
	const [, major, minor] = /^(\d+)\.(\d+)\./.exec(prismaVersion ?? "") ?? [];
	return major === "6" && Number(minor) < 6 ? "bytes" : "locale";
}
function compareNames(order) {
	return order === "locale" ? (a, b) => a.localeCompare(b) : compareBytes;
}
function compareBytes(a, b) {
	const left = [...a];
	const right = [...b];
	for (let index = 0; index < Math.min(left.length, right.length); index++) {
		const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
		if (difference !== 0) return difference;
	}
	return left.length - right.length;
}
function disputedPair(names) {
	const byLocale = names.toSorted(compareNames("locale"));
	const byBytes = names.toSorted(compareNames("bytes"));
	const index = byLocale.findIndex((name, position) => name !== byBytes[position]);
	const [first, second] = [byLocale[index], byBytes[index]];
	return first === void 0 || second === void 0 ? void 0 : [first, second];
}
// src/migrations/folder.ts
async function readMigrationsFolder(path, options) {
	const shown = (...parts) => shownPath(options.root, join(path, ...parts));
	const entries = await list(path);
	if (!Array.isArray(entries)) return {
		kind: "invalid",
		failure: noFolder(shown(), entries.because)
	};
	const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
	names.sort(compareNames(orderOf(options.prismaVersion)));
	const files = names.map((name) => readMigration({
		...migrationIn(path, name),
		file: shown(name, "migration.sql"),
		tolerated: options.applied?.has(name) === true
	}));
	const failure = together([
		await lockFileProblem(path, entries, shown),
		...names.filter((name) => options.applied?.has(name) !== true && !canBeSeen(name)).map((name) => strangeName(name, shown())),
		...files.map(({ problem }) => problem)
	].filter((one) => one !== void 0), `\`${shown()}\``);
	if (failure !== void 0) return {
		kind: "invalid",
		failure
	};
	return {
		kind: "read",
		folder: {
			path,
			migrations: files.map(({ migration }) => migration).filter((one) => one !== void 0),
			notices: [
				...entries.flatMap((entry) => noticeOf(entry, shown(entry.name))),
				...files.flatMap(({ notices }) => notices),
				...disputedOrder(names.filter((name) => options.applied?.has(name) !== true), shown())
			]
		}
	};
}
function shownPath(root, path) {
	const inside = relative(root, path);
	return (inside === "" ? "." : inside.startsWith("..") ? path : inside).split(sep).join("/");
}
async function list(path) {
	try {
		return await readdir(path, { withFileTypes: true });
	} catch (error) {
		switch (errnoOf(error)) {
			case "ENOENT": return { because: "Nothing exists at that path." };
			case "ENOTDIR": return { because: "What exists at that path is a file." };
			default: return { because: `It cannot be listed: ${messageOf(error)}.` };
		}
	}
}
async function lockFileProblem(path, entries, shown) {
	const file = shown("migration_lock.toml");
	try {
		return checkLockFile(await readRegularText(join(path, "migration_lock.toml")), file);
	} catch (error) {
		if (errnoOf(error) === "ENOENT") return noLockFile(shown(), wrongLevel(path, entries));
		return {
			code: "MIGRATIONS.LOCK_FILE_UNREADABLE",
			what: `\`${file}\` cannot be read.`,
			why: `${messageOf(error)}.`,
			next: [`Check what it is and who may read it: ls -ld ${shellWord(file)}`]
		};
	}
}
function wrongLevel(path, entries) {
	if (entries.some(({ name }) => name === "migration.sql")) return "It holds a `migration.sql` itself, so it is one migration.";
	return existsSync(join(path, "migrations", "migration_lock.toml")) ? "The folder `migrations` inside it has one." : void 0;
}
function noticeOf(entry, file) {
	if (entry.isSymbolicLink()) return [{
		kind: "ignored-link",
		file,
		text: `\`${file}\` is a symbolic link; Prisma ignores it and whatever it leads to.`
	}];
	if (entry.isFile() && entry.name.endsWith(".sql")) return [{
		kind: "loose-file",
		file,
		text: `\`${file}\` lies beside the migrations; Prisma runs only \`migration.sql\` in a folder of its own.`
	}];
	return [];
}
function disputedOrder(names, file) {
	const pair = disputedPair(names);
	if (pair === void 0) return [];
	return [{
		kind: "disputed-order",
		file,
		text: `\`${pair[0]}\` and \`${pair[1]}\` sort differently by locale (Prisma from 6.6 on) and by bytes (before): rename them to begin with full timestamps before they are applied anywhere.`
	}];
}
// src/migrations/drizzle-folder.ts
const marker = "--> statement-breakpoint";
async function readDrizzleFolder(path, root, applied = /* @__PURE__ */ new Set()) {
	const shown = (...parts) => shownPath(root, join(path, ...parts));
	try {
		const entries = readJournal(path, shown("meta", "_journal.json"));
		if (entries === void 0) return {
			kind: "invalid",
			failure: await noJournal(path, shown())
		};
		const known = new Set(entries.map(({ tag }) => `${tag}.sql`));
		const files = entries.map(({ tag, when }) => {
			const file = shown(`${tag}.sql`);
			const one = readMigration({
				name: tag,
				at: join(path, `${tag}.sql`),
				file,
				tolerated: applied.has(tag),
				absent
			});
			return one.migration === void 0 ? one : {
				...one,
				...asDrizzleRunsIt(one.migration, when)
			};
		});
		const failure = together([...entries.filter(({ tag }) => !canBeSeen(tag)).map(({ tag }) => strangeName(tag, shown())), ...files.map(({ problem }) => problem)].filter((one) => one !== void 0), `\`${shown()}\``);
		if (failure !== void 0) return {
			kind: "invalid",
			failure
		};
		const listed = await list(path);
		const loose = Array.isArray(listed) ? listed.filter(({ name }) => name.endsWith(".sql") && !known.has(name)) : [];
		return {
			kind: "read",
			folder: {
				path,
				migrations: files.flatMap(({ migration }) => migration === void 0 ? [] : [migration]),
				notices: [...loose.map(({ name }) => ({
					kind: "loose-file",
					file: shown(name),
					text: `\`${shown(name)}\` is not in the journal, so neither Drizzle nor Airlock applies it.`
				})), ...files.flatMap(({ notices }) => notices)]
			}
		};
	} catch (error) {
		if (error instanceof FailureError) return {
			kind: "invalid",
			failure: error.failure
		};
		throw error;
	}
}
function asDrizzleRunsIt(migration, when) {
	const { sql, file } = migration;
	const recordedAs = String(when);
	if (!sql.includes(marker)) return { migration: withText(migration, sql, recordedAs) };
	const places = new Set([...commentsOf(sql)].map(({ start }) => start));
	let text = "";
	let from = 0;
	for (let at = sql.indexOf(marker); at >= 0; at = sql.indexOf(marker, from)) {
		if (!places.has(at)) return { problem: splitInside(file, sql.slice(0, at).split("\n").length) };
		const before = sql.slice(from, at);
		text += before;
		text += before.trimEnd().endsWith(";") || before.trim() === "" ? marker : marker.replace("-->", ";--");
		from = at + 24;
	}
	return { migration: withText(migration, text + sql.slice(from), recordedAs) };
}
function withText(migration, sql, recordedAs) {
	return {
		name: migration.name,
		path: migration.path,
		file: migration.file,
		sql,
		bytes: migration.bytes,
		checksum: migration.checksum,
		get otherChecksums() {
			return migration.otherChecksums;
		},
		recordedAs
	};
}
function splitInside(file, line) {
	return {
		code: "MIGRATIONS.UNSUPPORTED_LAYOUT",
		what: `\`${file}\` has \`${marker}\` in the middle of a text, in line ${line}.`,
		why: "Drizzle cuts the file there, whatever stands around it, and sends two halves that mean nothing.",
		next: [`Put the marker between two statements, on a line of its own: ${shellWord(file)}`]
	};
}
function absent(file) {
	return {
		code: "MIGRATIONS.NO_SQL",
		what: `There is no \`${file}\`, and the journal names it.`,
		why: "Drizzle stops at such an entry and applies nothing.",
		next: [`Restore the file: git checkout -- ${shellWord(file)}`]
	};
}
async function noJournal(path, shown) {
	const entries = await list(path);
	if (!Array.isArray(entries)) return noFolder(shown, entries.because, drizzleNext);
	if (entries.some((entry) => entry.isDirectory() && isFile$1(join(path, entry.name, "migration.sql")))) return {
		code: "MIGRATIONS.UNSUPPORTED_LAYOUT",
		what: `\`${shown}\` has a folder for each migration, as drizzle-kit 1.0 writes them.`,
		why: "That version is a release candidate and records migrations in another way; Airlock applies what drizzle-orm 0.45 applies.",
		next: ["Use drizzle-kit 0.31 and drizzle-orm 0.45 until 1.0 is released."]
	};
	return noFolder(`${shown}/meta/_journal.json`, "Drizzle reads from it which files are migrations.", drizzleNext);
}
const drizzleNext = ["Name the folder that holds `meta/_journal.json`: --migrations path/to/drizzle", "A project without migrations creates its first one: npx drizzle-kit generate"];
function isFile$1(path) {
	return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
// src/migrations/history-record.ts
function recordsIn(schemaName, tableName) {
	const table = `${quoteIdentifier(schemaName)}.${quoteIdentifier(tableName)}`;
	return {
		create: (schemaExists) => [...schemaExists ? [] : [`CREATE SCHEMA ${quoteIdentifier(schemaName)}`], createHistorySql(table)],
		insertFinished: ({ id, name, checksum }) => `INSERT INTO ${table} ("id", "checksum", "started_at", "migration_name", "applied_steps_count", "finished_at") VALUES (${[id, checksum].map(quoteLiteral).join(", ")}, pg_catalog.transaction_timestamp(), ${quoteLiteral(name)}, 1, pg_catalog.clock_timestamp())`,
		insertStarted: ({ id, name, checksum }, logs) => `INSERT INTO ${table} ("id", "checksum", "started_at", "migration_name", "logs") VALUES (${[id, checksum].map(quoteLiteral).join(", ")}, pg_catalog.clock_timestamp(), ${[name, logs].map(quoteLiteral).join(", ")})`,
		progress: ({ id, checksum }, logs) => `UPDATE ${table} SET "logs" = ${quoteLiteral(logs)}, "checksum" = ${quoteLiteral(checksum)} WHERE "id" = ${quoteLiteral(id)}`,
		finish: ({ id, checksum }) => `UPDATE ${table} SET "logs" = NULL, "checksum" = ${quoteLiteral(checksum)}, "applied_steps_count" = 1, "finished_at" = pg_catalog.clock_timestamp() WHERE "id" = ${quoteLiteral(id)}`,
		forget: ({ id }) => `DELETE FROM ${table} WHERE "id" = ${quoteLiteral(id)}`
	};
}
function createHistorySql(table, unlessThere = false) {
	return `CREATE TABLE ${unlessThere ? "IF NOT EXISTS " : ""}${table} (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
);`;
}
const asOurselves = "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL role TO DEFAULT";
function onItsOwn(sql) {
	return `BEGIN READ WRITE; ${asOurselves}; ${sql}; COMMIT`;
}
// src/migrations/history-table.ts
async function readHistory(session, schema) {
	return readRecords(session, {
		schema,
		table: "_prisma_migrations",
		reader: "Prisma",
		dataSchema: schema
	});
}
async function readRecords(session, place) {
	const found = await readTable(session, place, {
		columns: "m.id, m.checksum, m.migration_name, m.logs, m.started_at, m.finished_at, m.rolled_back_at, m.applied_steps_count",
		key: "id",
		order: "m.started_at, m.id"
	});
	return found.kind === "present" ? {
		kind: "present",
		rows: found.rows.map(asHistoryRow)
	} : found;
}
async function readTable(session, place, select) {
	const table = quotedTable(place);
	let rows;
	try {
		rows = await session.query(historySql(table, select));
	} catch (error) {
		return await withoutTable(error, session, place);
	}
	if (rows[0]?.rowSecurity === true) throw hiddenRows(table);
	return {
		kind: "present",
		rows: rows.filter((row) => row.historyRow)
	};
}
function historySql(table, { columns, key, order }) {
	return `
SELECT pg_catalog.row_security_active(c.oid) AS "rowSecurity", m.${key} IS NOT NULL AS "historyRow",
       ${columns}
  FROM pg_catalog.pg_class c LEFT JOIN ${table} m ON true
 WHERE c.oid = ${quoteLiteral(table)}::pg_catalog.regclass
 ORDER BY ${order}`;
}
function quotedTable({ schema, table }) {
	return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
}
async function withoutTable(error, session, place) {
	const table = quotedTable(place);
	switch (sqlStateOf(error)) {
		case "42P01": return await lookAround(session, place);
		case "42501": throw noPrivilege(error, await roleOf(session), place);
		case "42703": throw fail("DATABASE.QUERY_FAILED", {
			what: `${table} is not a history table of ${place.reader}.`,
			why: `${serverMessageOf(error)}.`,
			next: [`See what it is: \\d ${table}`, "Check the schema in the connection URL (`?schema=…`)."]
		}, { cause: error });
		default: throw error;
	}
}
async function roleOf(session) {
	const [row] = await session.query("SELECT current_user AS role");
	return quoteIdentifier(row?.role ?? "");
}
function noPrivilege(error, role, place) {
	const { schema, reader } = place;
	const table = quotedTable(place);
	const consequence = reader === "Prisma" ? " Prisma would take this for a database without a history." : "";
	return fail("DATABASE.NO_PRIVILEGES", {
		what: `The role ${role} may not read the migration history ${table}.`,
		why: `${serverMessageOf(error)}.${consequence}`,
		next: ["Connect as the role that owns the tables, or let its owner grant:", `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${role}; GRANT SELECT, INSERT, UPDATE ON ${table} TO ${role};`]
	}, { cause: error });
}
async function lookAround(session, { schema, table, dataSchema }) {
	const [found] = await session.query(`
SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1) AS "schemaExists",
       (SELECT pg_catalog.count(*)::pg_catalog.int4
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = $3 AND c.relkind = 'r'
           AND c.relname !~* '^(spatial_ref_sys|geometry_columns|geography_columns|raster_columns|raster_overviews)$') AS tables,
       ARRAY(SELECT n.nspname::pg_catalog.text
               FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relname = $2 AND c.relkind IN ('r', 'p') AND n.nspname <> $1
              ORDER BY 1) AS elsewhere`, [
		schema,
		table,
		dataSchema
	]);
	if (found === void 0) throw new Error("The catalog query returned no row.");
	return {
		kind: "absent",
		...found
	};
}
function hiddenRows(table) {
	return fail("DATABASE.NO_PRIVILEGES", {
		what: `Row-level security hides rows of ${table} from this role.`,
		why: "A migration that cannot be seen would look pending and be applied again.",
		next: ["Connect as the owner of the table, or switch it off there:", `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY;`]
	});
}
function asHistoryRow(row) {
	return {
		id: row.id ?? "",
		name: row.migration_name,
		checksum: row.checksum,
		startedAt: new Date(row.started_at),
		finishedAt: row.finished_at === null ? void 0 : new Date(row.finished_at),
		rolledBackAt: row.rolled_back_at === null ? void 0 : new Date(row.rolled_back_at),
		logs: row.logs ?? "",
		appliedSteps: row.applied_steps_count
	};
}
function sqlStateOf(error) {
	for (let one = error; one instanceof Error; one = one.cause) if (!(one instanceof FailureError) && "code" in one && typeof one.code === "string") return one.code;
}
function serverMessageOf(error) {
	const innermost = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	return messageOf(innermost).replace(/\.$/, "");
}
// src/migrations/own-records.ts
const ownTable = "_airlock_migrations";
function ownTableIn(schema) {
	return `${quoteIdentifier(schema)}.${quoteIdentifier(ownTable)}`;
}
function ownHistory(schema) {
	return {
		...recordsIn(schema, ownTable),
		schema,
		words: ownWords(schema),
		read: (session) => readRecords(session, {
			schema,
			table: ownTable,
			reader: "Airlock",
			dataSchema: schema
		}),
		problems: () => []
	};
}
const blockedByFailure = "Until this is resolved, Airlock applies nothing.";
function ownWords(schema) {
	const table = ownTableIn(schema);
	const unfinished = (name) => `migration_name = ${quoteLiteral(name)} AND finished_at IS NULL AND rolled_back_at IS NULL`;
	return {
		name: ownTable,
		reader: "Airlock",
		recorder: "Airlock",
		blocked: blockedByFailure,
		setApplied: (name) => `UPDATE ${table} SET finished_at = now(), logs = NULL, applied_steps_count = 1 WHERE ${unfinished(name)};`,
		setRolledBack: (name) => `UPDATE ${table} SET rolled_back_at = now() WHERE ${unfinished(name)};`,
		acceptEdited: ({ migration, recorded }) => `UPDATE ${table} SET checksum = ${quoteLiteral(migration.checksum)} WHERE migration_name = ${quoteLiteral(migration.name)} AND checksum = ${quoteLiteral(recorded)};`,
		forget: (names) => `DELETE FROM ${table} WHERE migration_name IN (${names.map(quoteLiteral).join(", ")});`,
		findInGit: (name) => `git log --all --oneline -- ${shellWord(`*/${name}.sql`)}`,
		baseline: (first, { schemaExists, elsewhere: [other] }) => [
			...other === void 0 ? [] : [`There is a history in the schema \`${other}\`. If that is the one, name it in the connection URL: ?schema=${other}`],
			"Make the history. As it is then, every migration is pending:",
			...schemaExists ? [] : [`CREATE SCHEMA ${quoteIdentifier(schema)};`],
			createHistorySql(table).replaceAll(/\s+/g, " "),
			...first === void 0 ? [] : ["Record every migration that this database already contains, beginning with:", `INSERT INTO ${table} (id, checksum, migration_name, applied_steps_count, finished_at) VALUES (gen_random_uuid(), ${quoteLiteral(first.checksum)}, ${quoteLiteral(first.name)}, 1, now());`]
		]
	};
}
// src/migrations/foreign-history.ts
function foreignHistory(foreign) {
	const { schema, table, dataSchema, reader } = foreign;
	const quoted = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
	const own = recordsIn(schema, ownTable);
	const insert = (record) => insertInto(foreign, quoted, record);
	return {
		schema,
		words: wordsOf(foreign, quoted),
		problems: foreign.problems,
		create: (schemaExists) => schemaExists ? foreign.create : [`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`, ...foreign.create],
		insertFinished: insert,
		insertStarted: (record, logs) => `${createHistorySql(ownTableIn(schema), true)} ${own.insertStarted(record, logs)}`,
		progress: own.progress,
		finish: (record) => `${own.forget(record)}; ${insert(record)}`,
		forget: own.forget,
		async read(session) {
			const found = await readTable(session, {
				schema,
				table,
				reader,
				dataSchema
			}, {
				columns: `m.${foreign.key}::text AS key, ${foreign.content("m")} AS content`,
				key: foreign.key === "created_at" ? "id" : foreign.key,
				order: `m.${foreign.key}`
			});
			if (found.kind === "absent") return found;
			await foreign.look(session);
			const names = foreign.names();
			return {
				kind: "present",
				rows: [...found.rows.map((row) => asRow(row, names, foreign.checksumOf)), ...await readBegun(session, foreign)]
			};
		}
	};
}
function insertInto({ row: rowOf }, quoted, record) {
	const row = rowOf(record);
	return `INSERT INTO ${quoted} (${Object.keys(row).map(quoteIdentifier).join(", ")}) VALUES (${Object.values(row).join(", ")})`;
}
function asRow({ key, content }, names, checksumOf) {
	const known = key ?? "NULL";
	const at = /* @__PURE__ */ new Date(0);
	return {
		id: known,
		name: names.get(known) ?? known,
		checksum: checksumOf(content),
		startedAt: at,
		finishedAt: at,
		rolledBackAt: void 0,
		logs: "",
		appliedSteps: 1
	};
}
async function readBegun(session, { schema, dataSchema }) {
	const [there] = await session.query("SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there", [ownTableIn(schema)]);
	if (there?.there !== true) return [];
	const found = await readRecords(session, {
		schema,
		table: ownTable,
		reader: "Airlock",
		dataSchema
	});
	return found.kind === "present" ? found.rows : [];
}
function wordsOf(foreign, quoted) {
	const own = ownTableIn(foreign.schema);
	const unfinished = (name) => `migration_name = ${quoteLiteral(name)} AND finished_at IS NULL`;
	return {
		name: foreign.table,
		reader: foreign.reader,
		recorder: "Airlock",
		blocked: blockedByFailure,
		setApplied: (name) => {
			const key = [...foreign.names()].find(([, one]) => one === name)?.[0] ?? name;
			return `${foreign.insertFrom(key, `${own} WHERE ${unfinished(name)}`)}; DELETE FROM ${own} WHERE ${unfinished(name)};`;
		},
		setRolledBack: (name) => `DELETE FROM ${own} WHERE ${unfinished(name)};`,
		acceptEdited: foreign.acceptEdited,
		forget: (keys) => `DELETE FROM ${quoted} WHERE ${foreign.key} IN (${keys.map(quoteLiteral).join(", ")});`,
		findInGit: foreign.findInGit,
		baseline: (first, { schemaExists }) => [
			"Make the history. As it is then, every migration is pending:",
			...[...schemaExists ? [] : [`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(foreign.schema)}`], ...foreign.create].map((sql) => `${sql.replaceAll(/\s+/g, " ").trim()};`),
			...first === void 0 ? [] : ["Record every migration that this database already contains, beginning with:", `${insertInto(foreign, quoted, {
				id: "",
				...first
			})};`]
		]
	};
}
// src/migrations/drizzle-history.ts
function drizzleHistory({ schema, table }, dataSchema, names) {
	const quoted = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
	return foreignHistory({
		schema,
		table,
		dataSchema,
		reader: "Drizzle",
		key: "created_at",
		content: (rows) => `${rows}.hash`,
		create: [`CREATE TABLE IF NOT EXISTS ${quoted} (
				id SERIAL PRIMARY KEY,
				hash text NOT NULL,
				created_at bigint
			)`],
		row: ({ checksum, recordedAs = "" }) => ({
			hash: quoteLiteral(checksum),
			created_at: quoteLiteral(recordedAs)
		}),
		checksumOf: (hash) => hash,
		names,
		async look(session) {
			const [newer] = await session.query(`SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass($1) AND attname = 'name' AND NOT attisdropped`, [quoted]);
			if (newer !== void 0) throw ofAnotherVersion(quoted);
		},
		problems: (history) => [neverApplied(history.pending, history), notAscending(history.pending)].filter(isThere),
		acceptEdited: ({ migration, recorded }) => `UPDATE ${quoted} SET hash = ${quoteLiteral(migration.checksum)} WHERE created_at = ${migration.recordedAs} AND hash = ${quoteLiteral(recorded)};`,
		insertFrom: (when, own) => `INSERT INTO ${quoted} (hash, created_at) SELECT checksum, ${quoteLiteral(when)} FROM ${own}`,
		findInGit: (when) => `git log --all --oneline -S ${shellWord(when)} -- ${shellWord("*_journal.json")}`
	});
}
function ofAnotherVersion(table) {
	return fail("MIGRATIONS.UNSUPPORTED_LAYOUT", {
		what: `${table} has been upgraded by drizzle-orm 1.0.`,
		why: "That version is a release candidate and records migrations by their names; Airlock applies what drizzle-orm 0.45 applies.",
		next: ["Apply with drizzle-kit 1.0 itself until it is released: npx drizzle-kit migrate"]
	});
}
const whenOf = ({ recordedAs }) => Number(recordedAs);
const isThere = (failure) => failure !== void 0;
function neverApplied(pending, { applied, missing }) {
	const newest = Math.max(...applied.map(whenOf), ...missing.map(Number).filter(Number.isSafeInteger));
	const late = pending.filter((migration) => migration.resume === void 0 && whenOf(migration) <= newest);
	const [first] = late;
	if (first === void 0) return void 0;
	return {
		code: "HISTORY.NEVER_APPLIED",
		what: `${late.map(({ name }) => `\`${name}\``).join(", ")} ${late.length === 1 ? "is" : "are"} not applied, and Drizzle is never going to apply ${late.length === 1 ? "it" : "them"}.`,
		why: `In the journal \`when\` of \`${first.name}\` is ${whenOf(first)}; the newest applied one has ${newest}, and Drizzle applies only what is newer. This happens where two branches generated migrations.`,
		next: [
			"Generate it anew, on top of what is applied: remove the file, its snapshot and its entry in meta/_journal.json, then",
			"npx drizzle-kit generate",
			"Or give it a `when` in meta/_journal.json that is later than all others, where nothing of it is in force anywhere."
		]
	};
}
function notAscending(pending) {
	const index = pending.findIndex((migration, at) => {
		const before = pending[at - 1];
		return before !== void 0 && whenOf(migration) <= whenOf(before);
	});
	const [before, first] = [pending[index - 1], pending[index]];
	if (before === void 0 || first === void 0) return void 0;
	return {
		code: "MIGRATIONS.AMBIGUOUS_ORDER",
		what: `\`${first.name}\` stands behind \`${before.name}\` in the journal and is not newer.`,
		why: `\`when\` is ${whenOf(before)} and then ${whenOf(first)}. Once the first is applied, Drizzle passes over the second.`,
		next: ["Correct `when` in meta/_journal.json, so that it rises from entry to entry."]
	};
}
// src/migrations/numbered-folder.ts
async function readNumberedFolder(path, root, kind, applied = /* @__PURE__ */ new Set()) {
	const shown = (...parts) => shownPath(root, join(path, ...parts));
	const entries = await list(path);
	if (!Array.isArray(entries)) return {
		kind: "invalid",
		failure: noFolder(shown(), entries.because, folderNext)
	};
	const judged = judgedIn(entries, kind);
	const files = judged.flatMap(({ verdict }) => verdict.kind === "migration" ? [verdict.file] : []);
	const ordered = kind === "sql" ? files.toSorted(compareNumbers) : files;
	const read = ordered.map((file) => {
		const tolerated = applied.has(file.name);
		const at = join(path, file.fileName);
		const one = readMigration({
			name: file.name,
			at,
			file: shown(file.fileName),
			tolerated,
			absent: noSql
		});
		return {
			...one,
			twoWays: !tolerated && one.migration !== void 0 ? twoWays(one.migration) : void 0
		};
	});
	const failure = together([
		...ordered.filter(({ name }) => !applied.has(name) && !canBeSeen(name)).map(({ name }) => strangeName(name, shown())),
		sameNumber(ordered, shown()),
		...kind === "supabase" ? [foldersInside(entries, shown())] : [],
		...read.flatMap(({ problem, twoWays: both }) => [problem, both])
	].filter((one) => one !== void 0), `\`${shown()}\``);
	if (failure !== void 0) return {
		kind: "invalid",
		failure
	};
	const notices = judged.flatMap(({ fileName, verdict }) => verdict.kind === "left-out" ? [{
		kind: "loose-file",
		file: shown(fileName),
		text: `\`${shown(fileName)}\` ${verdict.because}.`
	}] : []);
	const migrations = read.flatMap(({ migration }) => migration === void 0 ? [] : [migration]);
	return {
		kind: "read",
		folder: {
			path,
			migrations: kind === "sql" ? migrations : migrations.map(asSupabase),
			notices: [...notices, ...read.flatMap(({ notices: own }) => own)]
		}
	};
}
function judgedIn(entries, kind) {
	return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map((fileName, index) => ({
		fileName,
		verdict: kind === "sql" ? judgeName(fileName) : judgeSupabaseName(fileName, index === 0)
	}));
}
function supabaseNames(path) {
	const judged = judgedIn(readdirSync(path, { withFileTypes: true }), "supabase");
	return new Map(judged.flatMap(({ verdict }) => verdict.kind === "migration" ? [[versionOf(verdict.file.name), verdict.file.name]] : []));
}
function versionOf(name) {
	return /^[0-9]+/.exec(name)?.[0] ?? name;
}
function asSupabase(migration) {
	return {
		...migration,
		otherChecksums: [
			...migration.otherChecksums,
			contentChecksum(migration.sql),
			""
		],
		recordedAs: versionOf(migration.name)
	};
}
function contentChecksum(sql) {
	const hash = createHash("sha256");
	for (const { start, end } of tokens(sql)) {
		const text = sql.slice(start, end);
		if (text !== ";") hash.update(`${text}\0`);
	}
	return hash.digest("hex");
}
function sameNumber(files, shown) {
	const index = files.findIndex((file, at) => {
		const before = files[at - 1];
		return before !== void 0 && compareNumbers(before, file) === 0;
	});
	const [one, two] = [files[index - 1], files[index]];
	if (one === void 0 || two === void 0) return void 0;
	return {
		code: "MIGRATIONS.AMBIGUOUS_ORDER",
		what: `\`${one.fileName}\` and \`${two.fileName}\` in \`${shown}\` have the same number.`,
		why: "Which of them is applied first would depend on how their names sort, and on nothing that anybody decided.",
		next: ["Give the one that is not applied anywhere a number of its own:", `git mv ${shellWord(`${shown}/${two.fileName}`)} …`]
	};
}
function foldersInside(entries, shown) {
	const folder = entries.find((entry) => entry.isDirectory() && /^[0-9]+_/.test(entry.name));
	if (folder === void 0) return void 0;
	return {
		code: "MIGRATIONS.UNSUPPORTED_LAYOUT",
		what: `\`${shown}/${folder.name}\` is a folder where a file is expected.`,
		why: "Airlock applies the files `<timestamp>_name.sql` that lie in the folder itself.",
		next: [`Move its SQL into a file: ${shellWord(`${shown}/${folder.name}.sql`)}`]
	};
}
const wayBack = /^[ \t]*--[ \t]*(?:\+goose[ \t]+down|migrate:down|\+migrate[ \t]+down|\/\/[ \t]*@undo)\b.*$/im;
function twoWays({ sql, file }) {
	const found = wayBack.exec(sql);
	if (found === null) return void 0;
	const line = sql.slice(0, found.index).split("\n").length;
	return {
		code: "MIGRATIONS.TWO_WAYS",
		what: `\`${file}\` holds the way back as well: \`${found[0].trim()}\` in line ${line}.`,
		why: "Airlock runs a file as a whole, and that would take back at once what it does.",
		next: ["Leave only the way forward in the file; the way back may lie beside it as `NAME.down.sql`."]
	};
}
const folderNext = ["Name the folder that holds the numbered files: --migrations path/to/migrations", "Or say what wrote the migrations, in airlock.yml: migrations: { kind: …, folder: … }"];
// src/migrations/prisma-package.ts
function foldersUpwards(folder) {
	const parent = dirname(folder);
	return parent === folder ? [folder] : [folder, ...foldersUpwards(parent)];
}
async function findPrisma(root) {
	for (const folder of foldersUpwards(root)) {
		const found = await readPackage(join(folder, "node_modules", "prisma"));
		if (found !== void 0) return judge(found.path, found.package, root);
	}
	return {
		kind: "not-installed",
		failure: notInstalled(root)
	};
}
async function readPackage(path) {
	try {
		return {
			path,
			package: JSON.parse(await readRegularText(join(path, "package.json")))
		};
	} catch (error) {
		if (["ENOENT", "ENOTDIR"].includes(errnoOf(error))) return void 0;
		if (error instanceof SyntaxError) return {
			path,
			package: {}
		};
		throw error;
	}
}
function judge(path, { version, bin }, root) {
	const written = typeof version === "string" ? version : "";
	const major = Number(/^(\d+)\./.exec(written)?.[1] ?? NaN);
	const cli = cliIn(bin);
	const cliPath = join(path, cli ?? "");
	if (Number.isNaN(major) || cli === void 0 || !existsSync(cliPath)) return {
		kind: "not-installed",
		failure: incomplete(path, root)
	};
	if (major === 6 || major === 7) return {
		kind: "installed",
		version: written,
		major,
		cliPath
	};
	return {
		kind: "unsupported",
		version: written,
		major,
		failure: unsupported(written, major)
	};
}
function cliIn(bin) {
	if (typeof bin === "string") return bin;
	if (typeof bin !== "object" || bin === null || !("prisma" in bin)) return void 0;
	return typeof bin.prisma === "string" ? bin.prisma : void 0;
}
function unsupported(version, major) {
	const why = major > 7 ? "Prisma 8 is a different tool: it has no `migrate deploy` and no SQL files to read. Airlock supports Prisma 6 and 7." : "Its schema engine is spoken to in another way. Airlock supports Prisma 6 and 7.";
	return {
		code: "PRISMA.UNSUPPORTED",
		what: `The project has Prisma ${version}.`,
		why,
		next: major > 7 ? ["Stay on Prisma 7 for the migrations that Airlock deploys: npm install --save-dev prisma@7 @prisma/client@7"] : ["Upgrade: npm install --save-dev prisma@6 @prisma/client@6", "https://www.prisma.io/docs/orm/more/upgrade-guides"]
	};
}
function notInstalled(root) {
	const pnp = foldersUpwards(root).some((folder) => existsSync(join(folder, ".pnp.cjs")));
	return {
		code: "PRISMA.NOT_INSTALLED",
		what: "Prisma is not installed in the project.",
		why: pnp ? "Yarn keeps packages in archives here (Plug’n’Play), where no other program finds them." : `There is no \`node_modules/prisma\` in ${root} or above it. Airlock applies migrations with the project’s own Prisma.`,
		next: pnp ? ["Let Yarn write a folder: yarn config set nodeLinker node-modules && yarn install --immutable"] : ["Install the project before this step, development dependencies included:", installCommand(root)]
	};
}
function incomplete(path, root) {
	return {
		code: "PRISMA.NOT_INSTALLED",
		what: "Prisma is installed only in part.",
		why: `\`${path}\` has no readable package.json or no CLI.`,
		next: ["Install the project again:", installCommand(root)]
	};
}
const lockFiles = [
	["package-lock.json", "npm ci --include=dev"],
	["npm-shrinkwrap.json", "npm ci --include=dev"],
	["pnpm-lock.yaml", "pnpm install --frozen-lockfile --prod=false"],
	["yarn.lock", "yarn install --immutable"],
	["bun.lock", "bun install --frozen-lockfile"],
	["bun.lockb", "bun install --frozen-lockfile"]
];
function installCommand(root) {
	for (const folder of foldersUpwards(root)) {
		const found = lockFiles.find(([file]) => existsSync(join(folder, file)));
		if (found !== void 0) return found[1];
	}
	return "npm install --save-dev prisma";
}
// src/migrations/project-urls.ts
function urlsOf({ root, config, configFile, datasource, major }) {
	const engine = config?.engine.kind === "known" ? config.engine.value : void 0;
	if (engine === "js") throw driverAdapter(configFile ?? "prisma.config.ts");
	const configured = config !== void 0 && config.url.kind !== "absent";
	if (!(major === 7 || (major === 6 ? engine === "classic" : configured))) return variablesOf(datasource.url, datasource.directUrl, "the Prisma schema", configFile);
	if (config === void 0 || configFile === void 0) throw noConfig(root);
	const directUrl = major === 6 ? config.directUrl : { kind: "absent" };
	return variablesOf(config.url, directUrl, configFile, configFile);
}
function variablesOf(url, directUrl, where, configFile) {
	const urlVariables = variablesIn(url, "url", where);
	const [urlVariable] = urlVariables;
	if (urlVariable === void 0) throw noUrl(where, configFile);
	return {
		urlVariable,
		urlVariables,
		directUrlVariable: variablesIn(directUrl, "directUrl", where)[0]
	};
}
function variablesIn(setting, name, where) {
	if (setting.kind === "absent") return [];
	if (setting.kind === "unreadable") throw unreadableUrl(where, name, setting);
	if (setting.value.kind === "written-out") throw writtenOutUrl(where, name);
	return setting.value.variables;
}
// src/migrations/schema-file.ts
function readSchema(texts) {
	const blocks = texts.flatMap((text) => datasourceBlocks(withoutComments(text)));
	const [block] = blocks;
	if (block === void 0) return { kind: "none" };
	if (blocks.length > 1) return {
		kind: "several",
		count: blocks.length
	};
	return {
		kind: "datasource",
		datasource: {
			provider: /^\s*provider\s*=\s*"([^"]*)"/m.exec(block)?.[1] ?? "",
			url: urlIn(block, "url"),
			directUrl: urlIn(block, "directUrl")
		}
	};
}
function hasDatasource(text) {
	return datasourceBlocks(withoutComments(text)).length > 0;
}
function withoutComments(text) {
	return text.replace(/("(?:\\.|[^"\\\n])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_all, quoted) => quoted ?? "");
}
function datasourceBlocks(text) {
	return [...text.matchAll(/^\s*datasource\s+\w+\s*\{((?:"(?:\\.|[^"\\\n])*"|[^}"])*)\}/gm)].map((match) => match[1] ?? "");
}
function urlIn(block, property) {
	const written = new RegExp(`^\\s*${property}\\s*=\\s*(.*?)\\s*$`, "m").exec(block)?.[1];
	if (written === void 0) return { kind: "absent" };
	const variable = /^env\(\s*"([^"]*)"\s*\)$/.exec(written)?.[1];
	if (variable !== void 0) return {
		kind: "known",
		value: {
			kind: "env",
			variables: [variable]
		}
	};
	if (/^"/.test(written)) return {
		kind: "known",
		value: { kind: "written-out" }
	};
	return {
		kind: "unreadable",
		source: written,
		line: 1
	};
}
// src/migrations/schema-location.ts
async function locateSchema(root, configured, major) {
	if (configured !== void 0) return await readLocation(root, configured, "the configuration");
	const packaged = major === 7 ? void 0 : await schemaOfPackage(root);
	if (packaged !== void 0) return await readLocation(root, packaged, "package.json");
	for (const file of ["schema.prisma", "prisma/schema.prisma"]) {
		const path = join(root, file);
		if (isFile(path)) return await read(root, path, false);
	}
	const folder = join(root, "prisma/schema");
	return existsSync(folder) ? await read(root, folder, true) : void 0;
}
async function readLocation(root, path, namedBy) {
	if (existsSync(path)) return await read(root, path, false);
	throw fail("PROJECT.NO_SCHEMA", {
		what: `There is no Prisma schema at \`${relative(root, path)}\`.`,
		why: `That is the path in ${namedBy}, and nothing exists there.`,
		next: ["Correct the path, or run in the folder of the Prisma project: --cwd path/to/project"]
	});
}
async function read(root, path, mustBeNamed) {
	const files = isFile(path) ? [path] : await schemaFilesIn(path);
	const texts = await Promise.all(files.map((file) => readText(root, file)));
	const owner = files[texts.findIndex(hasDatasource)];
	const folder = isFile(path) ? dirname(path) : path;
	return {
		path,
		folder,
		datasourceFolder: owner === void 0 ? folder : dirname(owner),
		texts,
		mustBeNamed
	};
}
async function schemaFilesIn(folder) {
	return (await readdir(folder, { recursive: true })).filter((name) => extname(name) === ".prisma").sort().map((name) => join(folder, name));
}
async function readText(root, file) {
	const bytes = await readRegularFile(file);
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (error) {
		const shown = relative(root, file);
		throw fail("PROJECT.SCHEMA_UNREADABLE", {
			what: `\`${shown}\` is not UTF-8.`,
			why: "Prisma’s schema engine stops at such a file, while `prisma migrate deploy` applies nothing and reports success.",
			next: ["If it was saved in the Western European encoding of Windows, convert it:", `iconv -f WINDOWS-1252 -t UTF-8 ${shellWord(shown)} > ${shellWord(`${shown}.utf8`)} && mv ${shellWord(`${shown}.utf8`)} ${shellWord(shown)}`]
		}, { cause: error });
	}
}
async function schemaOfPackage(root) {
	const folder = foldersUpwards(root).find((one) => isFile(join(one, "package.json")));
	if (folder === void 0) return void 0;
	const path = join(folder, "package.json");
	let content;
	try {
		content = JSON.parse(await readRegularText(path));
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		throw fail("PROJECT.CONFIG_UNREADABLE", {
			what: `\`${relative(root, path) || path}\` is not JSON.`,
			why: error.message,
			next: [`Correct it: node -e ${shellWord(`JSON.parse(require("fs").readFileSync(${JSON.stringify(path)}, "utf8"))`)}`]
		}, { cause: error });
	}
	const schema = property(property(content, "prisma"), "schema");
	return typeof schema === "string" ? resolve$1(folder, schema) : void 0;
}
function property(value, name) {
	return typeof value === "object" && value !== null ? Reflect.get(value, name) : void 0;
}
function isFile(path) {
	return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
// src/migrations/prisma-project.ts
async function locateMigrations(root, options = {}) {
	return await orFailure(async () => {
		requireFolder(root);
		const prisma = await findPrisma(root);
		if (isGiven$1(options.migrations)) return {
			kind: "found",
			path: resolve$1(root, options.migrations),
			prisma
		};
		const { config, configFile, schema } = await readFiles(root, prisma);
		if (schema !== void 0) datasourceOf(root, schema);
		return {
			kind: "found",
			path: migrationsPath(root, config, configFile, schema, prisma),
			prisma
		};
	});
}
async function locateSchemaPath(root) {
	return (await readFiles(root, await findPrisma(root))).schema?.path;
}
async function readPrismaProject(root, options = {}) {
	return await orFailure(async () => {
		requireFolder(root);
		const prisma = await findPrisma(root);
		const { config, configFile, schema } = await readFiles(root, prisma);
		if (schema === void 0) throw noSchema(root);
		const datasource = datasourceOf(root, schema);
		const urls = urlsOf({
			root,
			config,
			configFile: configFile === void 0 ? void 0 : relative(root, configFile),
			datasource,
			major: majorOf(prisma)
		});
		return {
			kind: "read",
			project: {
				root,
				prisma,
				configFile,
				schemaPath: schema.path,
				migrationsPath: deployedFolder(root, options, () => migrationsPath(root, config, configFile, schema, prisma)),
				...urls,
				envFiles: envFilesOf(root, config, schema),
				cliArguments: schema.mustBeNamed ? ["--schema", relative(root, schema.path)] : []
			}
		};
	});
}
async function orFailure(work) {
	try {
		return await work();
	} catch (error) {
		const failure = error instanceof FailureError ? error : unreadableFile(error);
		if (failure === void 0) throw error;
		return {
			kind: "invalid",
			failure: failure.failure
		};
	}
}
function requireFolder(root) {
	const found = statSync(root, { throwIfNoEntry: false });
	if (found?.isDirectory() !== true) throw noProject(root, found !== void 0);
}
async function readFiles(root, prisma) {
	const major = majorOf(prisma);
	const configFile = locateConfig(root, major);
	const config = configFile === void 0 ? void 0 : readConfig(await readRegularText(configFile));
	return {
		config,
		configFile,
		schema: await locateSchema(root, pathOf(root, configFile, config?.schema, "schema"), major)
	};
}
function pathOf(root, configFile, setting, name) {
	if (setting === void 0 || configFile === void 0 || setting.kind === "absent") return void 0;
	if (setting.kind === "unreadable") throw unreadableSetting(relative(root, configFile), name, setting);
	return resolve$1(setting.value.base === "cwd" ? root : dirname(configFile), setting.value.path);
}
function migrationsPath(root, config, configFile, schema, prisma) {
	const configured = pathOf(root, configFile, config?.migrations, "migrations.path");
	if (configured !== void 0) return configured;
	const besides = majorOf(prisma) === 7 ? schema?.folder : schema?.datasourceFolder;
	return join(besides ?? join(root, "prisma"), "migrations");
}
function deployedFolder(root, { migrations }, ofPrisma) {
	if (!isGiven$1(migrations)) return ofPrisma();
	const given = resolve$1(root, migrations);
	let own;
	try {
		own = ofPrisma();
	} catch (error) {
		if (error instanceof FailureError && error.failure.code === "PROJECT.CONFIG_UNREADABLE") return given;
		throw error;
	}
	if (own !== given) throw anotherFolder(root, given, own);
	return given;
}
function datasourceOf(root, schema) {
	const shown = relative(root, schema.path);
	const reading = readSchema(schema.texts);
	if (reading.kind !== "datasource") throw noDatasource(shown, reading);
	const { provider } = reading.datasource;
	if (provider !== "postgresql" && provider !== "postgres") throw notPostgresql(shown, provider);
	return reading.datasource;
}
function envFilesOf(root, config, schema) {
	if (config !== void 0) return {
		paths: config.envFile === void 0 ? [] : [resolve$1(root, config.envFile)],
		expands: false
	};
	const packageFolder = foldersUpwards(root).find((folder) => existsSync(join(folder, "package.json")));
	const ofProject = packageFolder === void 0 ? [] : [join(packageFolder, ".env")];
	const ofSchema = [
		join(dirname(schema.path), ".env"),
		join(root, "prisma/.env"),
		join(root, ".env")
	].find(existsSync);
	return {
		paths: [.../* @__PURE__ */ new Set([...ofProject, ...ofSchema === void 0 ? [] : [ofSchema]])],
		expands: true
	};
}
function majorOf(prisma) {
	return prisma.kind === "not-installed" ? void 0 : prisma.major;
}
function isGiven$1(text) {
	return text !== void 0 && text.trim() !== "";
}
// src/migrations/prisma-history.ts
function prismaHistory(schema) {
	return {
		...recordsIn(schema, "_prisma_migrations"),
		schema,
		words: prismaWords(schema),
		read: (session) => readHistory(session, schema),
		problems: () => []
	};
}
function prismaWords(schema) {
	const table = `${quoteIdentifier(schema)}."_prisma_migrations"`;
	const setApplied = (name) => resolve("--applied", name);
	return {
		name: "_prisma_migrations",
		reader: "Prisma",
		recorder: "Prisma",
		blocked: "Until this is resolved, Prisma applies nothing (P3009).",
		setApplied,
		setRolledBack: (name) => resolve("--rolled-back", name),
		acceptEdited: ({ migration, recorded }) => `UPDATE ${table} SET checksum = ${quoteLiteral(migration.checksum)} WHERE migration_name = ${quoteLiteral(migration.name)} AND checksum = ${quoteLiteral(recorded)};`,
		forget: (names) => `DELETE FROM ${table} WHERE migration_name IN (${names.map(quoteLiteral).join(", ")});`,
		findInGit: (name) => `git log --all --oneline -- ${shellWord(`*/${name}/migration.sql`)}`,
		baseline: (first, { elsewhere: [other] }) => [
			...other === void 0 ? [] : [`There is a history in the schema \`${other}\`. If that is the one, name it in the connection URL: ?schema=${encodeURIComponent(other)}`],
			"Record every migration that this database already contains, in their order, beginning with:",
			setApplied(first?.name ?? "0_init")
		]
	};
}
function resolve(flag, name) {
	return `npx prisma migrate resolve ${flag} ${shellWord(name)}`;
}
// src/migrations/prisma-source.ts
async function openPrismaSource(root, options) {
	const reading = await readPrismaProject(root, options);
	if (reading.kind === "invalid") throw new FailureError(reading.failure);
	const { project } = reading;
	const { prisma, migrationsPath } = project;
	if (prisma.kind !== "installed") throw new FailureError(prisma.failure);
	return {
		kind: "prisma",
		root,
		migrationsPath,
		title: `Prisma ${prisma.version}`,
		urls: project,
		order: orderOf(prisma.version),
		readFolder: (applied) => readMigrationsFolder(migrationsPath, {
			root,
			prismaVersion: prisma.version,
			...applied === void 0 ? {} : { applied }
		}),
		historyIn: prismaHistory,
		project,
		prisma
	};
}
// src/migrations/supabase-history.ts
function supabaseHistory(dataSchema, names) {
	const schema = "supabase_migrations";
	const table = "schema_migrations";
	const quoted = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
	return foreignHistory({
		schema,
		table,
		dataSchema,
		reader: "the Supabase CLI",
		key: "version",
		content: statementsSql,
		create: [
			`CREATE TABLE IF NOT EXISTS ${quoted} (version text NOT NULL PRIMARY KEY)`,
			`ALTER TABLE ${quoted} ADD COLUMN IF NOT EXISTS statements text[]`,
			`ALTER TABLE ${quoted} ADD COLUMN IF NOT EXISTS name text`
		],
		row: ({ name, sql, recordedAs = "" }) => ({
			version: quoteLiteral(recordedAs),
			name: quoteLiteral(name.slice(recordedAs.length + 1)),
			statements: `ARRAY[${supabaseStatements(sql).map(quoteLiteral).join(", ")}]::text[]`
		}),
		checksumOf: (content) => content === "" ? "" : contentChecksum(content),
		names,
		look: async () => void 0,
		problems: () => [],
		acceptEdited: ({ migration }) => `UPDATE ${quoted} SET statements = NULL WHERE version = ${quoteLiteral(migration.recordedAs ?? "")};`,
		insertFrom: (version) => `INSERT INTO ${quoted} (version) VALUES (${quoteLiteral(version)})`,
		findInGit: (version) => `git log --all --oneline -- '*/${version}_*.sql'`
	});
}
function statementsSql(row) {
	const kept = `pg_catalog.to_jsonb(${row}) -> 'statements'`;
	return `coalesce((SELECT pg_catalog.string_agg(s.text, E';\\n' ORDER BY s.at) FROM pg_catalog.jsonb_array_elements_text(
       CASE pg_catalog.jsonb_typeof(${kept}) WHEN 'array' THEN ${kept} ELSE '[]'::pg_catalog.jsonb END) WITH ORDINALITY AS s(text, at)), '')`;
}
function supabaseStatements(sql) {
	const bytes = Buffer.from(sql);
	const statements = fileStatements(sql);
	const rest = bytes.subarray(statements.at(-1)?.endByte ?? 0).toString();
	return [...statements.map((statement) => statement.sql), rest].map((text) => text.trimEnd().replace(/;+$/, "").trim()).filter((text) => text !== "");
}
// src/migrations/open-source.ts
function findSource({ cwd, migrations }, { migrations: settings }) {
	const folder = isGiven(migrations) ? migrations : settings.folder;
	return detectSource(cwd, {
		kind: settings.kind,
		folder
	});
}
async function openSource(asked, config) {
	const found = findSource(asked, config);
	return found.kind === "prisma" ? await openPrismaSource(asked.cwd, { migrations: found.folder }) : await openOther(asked.cwd, {
		...found,
		kind: found.kind
	});
}
async function urlNamesOf(root, config) {
	try {
		const { kind, folder } = findSource({
			cwd: root,
			migrations: void 0
		}, config);
		if (kind === "drizzle") return (await readDrizzleProject(root, folder)).urls;
		if (kind !== "prisma") return usualUrls;
	} catch (error) {
		if (!(error instanceof FailureError)) throw error;
	}
	const reading = await readPrismaProject(root);
	return reading.kind === "read" ? reading.project : usualUrls;
}
const usualUrls = {
	urlVariables: ["DATABASE_URL"],
	directUrlVariable: void 0,
	envFiles: {
		paths: [],
		expands: false
	}
};
async function openOther(root, { kind, folder }) {
	const given = folder === void 0 ? void 0 : resolve$1(root, folder);
	if (kind === "drizzle") {
		const { migrationsPath, history, urls } = await readDrizzleProject(root, given);
		const journal = relative(root, migrationsPath);
		const names = () => new Map(readJournal(migrationsPath, `${journal}/meta/_journal.json`)?.map(({ tag, when }) => [`${when}`, tag]));
		return {
			kind,
			root,
			migrationsPath,
			title: "Drizzle",
			urls,
			order: "bytes",
			readFolder: (applied) => readDrizzleFolder(migrationsPath, root, applied),
			historyIn: (schema) => drizzleHistory(history, schema, names)
		};
	}
	const migrationsPath = given ?? resolve$1(root, kind === "supabase" ? "supabase/migrations" : "migrations");
	return {
		kind,
		root,
		migrationsPath,
		title: kind === "supabase" ? "Supabase migrations" : "plain SQL",
		urls: usualUrls,
		order: "bytes",
		readFolder: (applied) => readNumberedFolder(migrationsPath, root, kind, applied),
		historyIn: (schema) => kind === "supabase" ? supabaseHistory(schema, () => supabaseNames(migrationsPath)) : ownHistory(schema)
	};
}
function isGiven(text) {
	return text !== void 0 && text.trim() !== "";
}
export { locateMigrations as a, asOurselves as c, shownPath as d, compareNames as f, urlNamesOf as i, onItsOwn as l, unreadableFile as m, openOther as n, locateSchemaPath as o, together as p, openSource as r, ownTable as s, findSource as t, readMigrationsFolder as u };
