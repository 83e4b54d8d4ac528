import { k as splitName } from "./rules.mjs";
import { r as plural } from "./words.mjs";
import { i as messageOf, n as fail, t as FailureError } from "./errors.mjs";
import { extname, relative, sep } from "node:path";
import { execFile } from "node:child_process";
import { relative as relative$1, sep as sep$1 } from "node:path/posix";
// src/stages/plan/compatibility.ts
async function recordCompatibility(run, base, findings) {
	if (base.kind === "not-checked") run.skip("compatibility", base.because);
	else await run.stage("compatibility", async () => compatibilityReport(base, findings), (report) => report);
}
function compatibilityReport({ running, commit }, findings) {
	const { ref, schema } = running;
	const detail = {
		ref,
		commit,
		models: schema.models.length
	};
	const release = `the release at ${ref} (${commit.slice(0, 12)}, ${plural(schema.models.length, "model")})`;
	const [problem] = schema.problems;
	if (problem !== void 0) return {
		outcome: "unknown",
		summary: `the schema of ${release} could not be read to the end: ${`${problem.file}:${problem.line} ${problem.text}`}`,
		detail
	};
	const count = findings.filter(({ rule, severity }) => rule === "breaks-running-release" && severity !== "notice").length;
	return count === 0 ? {
		outcome: "pass",
		summary: `nothing that ${release} uses is taken away`,
		detail
	} : {
		outcome: "fail",
		summary: `${plural(count, "finding")} about what ${release} still uses`,
		detail
	};
}
// src/compatibility/join-tables.ts
function joinTablesOf(relations, models) {
	const tables = /* @__PURE__ */ new Map();
	const lists = relations.filter(({ list }) => list);
	for (const one of lists) {
		if (!lists.some((other) => other !== one && other.model === one.to && other.to === one.model && other.relation === one.relation)) continue;
		const [first, second] = one.model <= one.to ? [one.model, one.to] : [one.to, one.model];
		const owner = models.find(({ name }) => name === first);
		if (owner === void 0 || !models.some(({ name }) => name === second)) continue;
		const table = `${splitName(owner.table).schema}._${one.relation ?? `${first}To${second}`}`;
		tables.set(table, {
			table,
			models: [first, second]
		});
	}
	return [...tables.values()];
}
// src/compatibility/schema-tokens.ts
const patterns = [
	{
		kind: "blank",
		pattern: /[ \t\r\f\v\uFEFF]+/y
	},
	{
		kind: "blank",
		pattern: /\/\/[^\n]*/y
	},
	{
		kind: "blank",
		pattern: /\/\*[\s\S]*?\*\//y
	},
	{
		kind: "line-end",
		pattern: /\n/y
	},
	{
		kind: "text",
		pattern: /"(?:\\.|[^"\\\n])*"/y
	},
	{
		kind: "name",
		pattern: /[\p{L}_][\p{L}\p{N}_-]*/uy
	},
	{
		kind: "number",
		pattern: /-?\d+(?:\.\d+)?/y
	},
	{
		kind: "mark",
		pattern: /@@|[@{}()[\]=,.:?!]/y
	}
];
function schemaTokens(source) {
	const tokens = [];
	let line = 1;
	for (let at = 0; at < source.length;) {
		const { kind, text } = matchAt(source, at);
		at += text.length;
		if (kind !== "blank") tokens.push({
			kind,
			text: kind === "text" ? unquoted(text) : text,
			line
		});
		line += text.split("\n").length - 1;
	}
	return [...tokens, {
		kind: "line-end",
		text: "\n",
		line
	}];
}
function matchAt(source, at) {
	for (const { kind, pattern } of patterns) {
		pattern.lastIndex = at;
		const text = pattern.exec(source)?.[0];
		if (text !== void 0) return {
			kind,
			text
		};
	}
	return {
		kind: "other",
		text: String.fromCodePoint(source.codePointAt(at) ?? 0)
	};
}
const escapes = {
	n: "\n",
	t: "	",
	r: "\r"
};
function unquoted(text) {
	return text.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_all, code, one) => code === void 0 ? escapes[one ?? ""] ?? one ?? "" : String.fromCharCode(Number.parseInt(code, 16)));
}
// src/compatibility/schema-blocks.ts
const passedOver = /* @__PURE__ */ new Set([
	"datasource",
	"generator",
	"type"
]);
function readBlocks({ path, text }) {
	const tokens = schemaTokens(text);
	const blocks = [];
	const problems = [];
	let at = 0;
	while (at < tokens.length) {
		const token = tokens[at];
		if (token === void 0) break;
		if (token.kind === "line-end") {
			at += 1;
			continue;
		}
		const name = tokens[at + 1];
		const end = name?.kind === "name" && tokens[at + 2]?.text === "{" && tokens[at + 2]?.kind === "mark" ? closingBrace(tokens, at + 2) : -1;
		const keyword = keywordOf(token.text);
		if (name === void 0 || end === -1 || keyword === void 0 && !passedOver.has(token.text)) {
			problems.push({
				file: path,
				line: token.line,
				text: `\`${token.text}\` begins nothing that is known`
			});
			at = nextBlock(tokens, at + 1);
			continue;
		}
		if (keyword !== void 0) {
			const lines = linesOf(tokens.slice(at + 3, end), path, problems);
			blocks.push({
				keyword,
				name: name.text,
				file: path,
				line: token.line,
				lines
			});
		}
		at = end + 1;
	}
	return {
		blocks,
		problems
	};
}
function keywordOf(text) {
	return text === "model" || text === "view" || text === "enum" ? text : void 0;
}
function closingBrace(tokens, open) {
	let depth = 0;
	for (let at = open; at < tokens.length; at += 1) {
		const token = tokens[at];
		if (token?.kind !== "mark") continue;
		if (token.text === "{") depth += 1;
		if (token.text === "}") depth -= 1;
		if (depth === 0) return at;
	}
	return -1;
}
function nextBlock(tokens, from) {
	for (let at = from; at < tokens.length; at += 1) {
		const word = tokens[at]?.text ?? "";
		if (tokens[at - 1]?.kind === "line-end" && tokens[at + 2]?.text === "{" && (keywordOf(word) !== void 0 || passedOver.has(word))) return at;
	}
	return tokens.length;
}
function linesOf(tokens, file, problems) {
	const lines = [];
	for (const line of splitLines(tokens)) {
		const first = line[0];
		if (first === void 0) continue;
		const read = lineOf(line);
		if (read === void 0) problems.push({
			file,
			line: first.line,
			text: `\`${first.text} …\` cannot be read`
		});
		else lines.push(read);
	}
	return lines;
}
function splitLines(tokens) {
	const lines = [[]];
	let depth = 0;
	for (const token of tokens) {
		if (token.kind === "mark" && /[([{]/.test(token.text)) depth += 1;
		if (token.kind === "mark" && /[)\]}]/.test(token.text)) depth -= 1;
		if (token.kind !== "line-end") lines.at(-1)?.push(token);
		else if (depth <= 0) lines.push([]);
	}
	return lines;
}
function lineOf(tokens) {
	const isAt = (token) => token.kind === "mark" && token.text.startsWith("@");
	const firstAt = tokens.findIndex(isAt);
	const head = firstAt === -1 ? tokens : tokens.slice(0, firstAt);
	const attributes = [];
	for (let at = firstAt === -1 ? tokens.length : firstAt; at < tokens.length;) {
		const mark = tokens[at];
		if (mark === void 0 || !isAt(mark) || tokens[at + 1]?.kind !== "name") return void 0;
		let name = `${mark.text.slice(1)}${tokens[at + 1]?.text ?? ""}`;
		at += 2;
		while (tokens[at]?.text === "." && tokens[at + 1]?.kind === "name") {
			name += `.${tokens[at + 1]?.text ?? ""}`;
			at += 2;
		}
		let argumentTokens = [];
		if (tokens[at]?.kind === "mark" && tokens[at]?.text === "(") {
			const close = closingParenthesis(tokens, at);
			if (close === -1) return void 0;
			argumentTokens = tokens.slice(at + 1, close);
			at = close + 1;
		}
		attributes.push({
			name,
			argumentTokens
		});
	}
	return {
		line: tokens[0]?.line ?? 0,
		head,
		attributes
	};
}
function closingParenthesis(tokens, open) {
	let depth = 0;
	for (let at = open; at < tokens.length; at += 1) {
		const token = tokens[at];
		if (token?.kind !== "mark") continue;
		if (token.text === "(") depth += 1;
		if (token.text === ")") depth -= 1;
		if (depth === 0) return at;
	}
	return -1;
}
function textArgument(attribute, name) {
	const [first, colon, value] = attribute?.argumentTokens ?? [];
	if (first?.kind === "text") return first.text;
	if (first?.text === name && colon?.text === ":" && value?.kind === "text") return value.text;
}
// src/compatibility/read-schema.ts
const scalars = /* @__PURE__ */ new Set([
	"String",
	"Boolean",
	"Int",
	"BigInt",
	"Float",
	"Decimal",
	"DateTime",
	"Json",
	"Bytes"
]);
function readPrismaSchema(files, defaultSchema) {
	const readings = files.map(readBlocks);
	const problems = readings.flatMap((reading) => reading.problems);
	const blocks = readings.flatMap((reading) => reading.blocks);
	const names = {
		models: new Set(blocks.filter(({ keyword }) => keyword !== "enum").map(({ name }) => name)),
		enums: new Set(blocks.filter(({ keyword }) => keyword === "enum").map(({ name }) => name))
	};
	const models = [];
	const enums = [];
	const relations = [];
	for (const block of blocks) {
		const inDatabase = databaseName(block, defaultSchema);
		if (block.keyword === "enum") {
			enums.push({
				name: block.name,
				type: inDatabase,
				labels: labelsOf(block, problems)
			});
			continue;
		}
		const fields = fieldsOf(block, names, problems);
		if (!block.lines.some(({ attributes }) => has(attributes, "@ignore"))) models.push({
			name: block.name,
			table: inDatabase,
			fields: fields.columns
		});
		relations.push(...fields.relations);
	}
	return {
		models,
		enums,
		joinTables: joinTablesOf(relations, models),
		problems
	};
}
function fieldsOf(block, names, problems) {
	const columns = [];
	const relations = [];
	for (const line of block.lines) {
		if (line.head.length === 0) continue;
		const head = headOf(line);
		if (head === void 0) {
			problems.push({
				file: block.file,
				line: line.line,
				text: `a field of ${block.name} cannot be read`
			});
			continue;
		}
		const { name, type, list, optional } = head;
		if (type === "Unsupported" || has(line.attributes, "ignore")) continue;
		if (names.models.has(type)) {
			const relation = find(line.attributes, "relation");
			relations.push({
				model: block.name,
				to: type,
				list,
				relation: textArgument(relation, "name")
			});
			continue;
		}
		const kind = names.enums.has(type) ? "enum" : scalars.has(type) ? "scalar" : void 0;
		if (kind === void 0) {
			const text = `the type \`${type}\` of ${block.name}.${name} is not known`;
			problems.push({
				file: block.file,
				line: line.line,
				text
			});
			continue;
		}
		columns.push({
			name,
			column: textArgument(find(line.attributes, "map"), "name") ?? name,
			type,
			kind,
			nativeType: line.attributes.find((one) => one.name.startsWith("db."))?.name.slice(3),
			list,
			required: !optional && !list,
			filledByDatabase: /^(autoincrement|dbgenerated|sequence)$/.test(defaultOf(line.attributes))
		});
	}
	return {
		columns,
		relations
	};
}
function headOf({ head }) {
	const [name, type, ...rest] = head;
	if (name?.kind !== "name" || type?.kind !== "name") return void 0;
	const modifier = rest.map((token) => token.kind === "text" ? "\"" : token.text).join("");
	if (!(type.text === "Unsupported" ? /^\("\)(\?|\[\])?$/ : /^(\?|\[\])?$/).test(modifier)) return void 0;
	return {
		name: name.text,
		type: type.text,
		list: modifier.endsWith("[]"),
		optional: modifier.endsWith("?")
	};
}
function labelsOf(block, problems) {
	return block.lines.flatMap(({ head, attributes, line }) => {
		const [name, ...rest] = head;
		if (name === void 0) return [];
		if (name.kind !== "name" || rest.length > 0) {
			problems.push({
				file: block.file,
				line,
				text: `a value of ${block.name} cannot be read`
			});
			return [];
		}
		return [{
			name: name.text,
			label: textArgument(find(attributes, "map"), "name") ?? name.text
		}];
	});
}
function databaseName(block, defaultSchema) {
	const own = block.lines.filter(({ head }) => head.length === 0).flatMap(({ attributes }) => attributes);
	return `${textArgument(find(own, "@schema"), "map") ?? defaultSchema}.${textArgument(find(own, "@map"), "name") ?? block.name}`;
}
function defaultOf(attributes) {
	return find(attributes, "default")?.argumentTokens.find((token) => token.text !== "value" && token.text !== ":")?.text ?? "";
}
function find(attributes, name) {
	return attributes.find((one) => one.name === name);
}
function has(attributes, name) {
	return find(attributes, name) !== void 0;
}
// src/git/run-git.ts
const mostBytes = 67108864;
const quiet = {
	GIT_TERMINAL_PROMPT: "0",
	GIT_OPTIONAL_LOCKS: "0",
	GIT_NO_LAZY_FETCH: "1",
	GIT_LITERAL_PATHSPECS: "1",
	LC_ALL: "C"
};
async function runGit(args, { cwd, env, signal }) {
	return await new Promise((resolve, reject) => {
		const options = {
			cwd,
			env: {
				...env,
				...quiet
			},
			signal,
			maxBuffer: mostBytes,
			encoding: "buffer"
		};
		execFile("git", [...args], options, (error, stdout, stderr) => {
			const code = error === null ? 0 : error.code;
			if (typeof code === "number") resolve({
				code,
				stdout,
				stderr: stderr.toString("utf8")
			});
			else reject(signal.aborted ? error : notRun(error));
		});
	});
}
function notRun(error) {
	return fail("GIT.NOT_AVAILABLE", {
		what: "Git could not be run.",
		why: messageOf(error),
		next: ["Install git, or leave out the ref of the running release: what it still uses is then not checked."]
	}, { cause: error });
}
// src/git/tree.ts
function refuseStrangeRef(ref) {
	if (!/^-|\.\.|[\s:?*[\\\u0000-\u001f\u007f]/.test(ref) && ref !== "") return;
	throw fail("USAGE.INVALID", {
		what: `\`${ref}\` is no git ref.`,
		why: "A ref does not begin with `-` and has no blank, no colon and no `..` in it.",
		next: ["Give a branch, a tag or a commit: --base origin/main"]
	});
}
async function commitOf(ref, options) {
	const { code, stdout, stderr } = await runGit([
		"rev-parse",
		"--verify",
		"--quiet",
		"--end-of-options",
		`${ref}^{commit}`
	], options);
	if (code === 0) return stdout.toString("utf8").trim();
	if (stderr.trim() !== "") throw notARepository(stderr);
}
async function filesAt(commit, path, options) {
	const { stdout } = await mustRun(["rev-parse", "--show-prefix"], options);
	const fromRoot = relative$1("/", `/${stdout.toString("utf8").replace(/\n$/, "")}${path}`);
	if (fromRoot === "" || fromRoot.startsWith("..")) return [];
	return (await mustRun([
		"ls-tree",
		"-r",
		"-z",
		"--full-tree",
		commit,
		"--",
		fromRoot
	], options)).stdout.toString("utf8").split("\0").flatMap((entry) => {
		const [, type, blob, name] = /^\d+ (\w+) ([0-9a-f]+)\t([\s\S]+)$/.exec(entry) ?? [];
		return type === "blob" && blob !== void 0 && name !== void 0 ? [{
			path: name,
			blob
		}] : [];
	});
}
async function contentOf({ blob }, options) {
	return (await mustRun([
		"cat-file",
		"blob",
		blob
	], options)).stdout;
}
async function mustRun(args, options) {
	const answer = await runGit(args, options);
	if (answer.code !== 0) throw notARepository(answer.stderr);
	return answer;
}
function notARepository(stderr) {
	return fail("GIT.NOT_AVAILABLE", {
		what: "Git cannot read the repository of this project.",
		why: stderr.trim(),
		next: ["Check out the repository with its .git folder (actions/checkout does), and run as the user that owns it.", "Or leave out the ref of the running release: what it still uses is then not checked."]
	});
}
function asGitPath(path, separator) {
	return separator === sep$1 ? path : path.split(separator).join(sep$1);
}
// src/stages/plan/running-release.ts
const noRef = "nobody said which release is running (--base REF, or the input `base-ref`)";
async function readBase({ invocation, run }, project) {
	const options = {
		cwd: invocation.cwd,
		env: invocation.env,
		signal: run.signal
	};
	const { base, baseBranch } = invocation;
	if (base !== void 0) {
		refuseStrangeRef(base);
		const commit = await commitOf(base, options);
		if (commit === void 0) throw refNotFound(base);
		return await readAt(base, commit, project, options);
	}
	if (baseBranch === void 0) return {
		kind: "not-checked",
		because: noRef
	};
	try {
		const found = await baseBranchIn(baseBranch, options);
		if (found !== void 0) return await readAt(found.ref, found.commit, project, options);
	} catch (error) {
		if (!(error instanceof FailureError) || run.signal.aborted) throw error;
		return {
			kind: "not-checked",
			because: `${error.failure.what} ${error.failure.why}`
		};
	}
	return {
		kind: "not-checked",
		because: `the base branch \`${baseBranch}\` is not in this clone (actions/checkout with \`fetch-depth: 0\` brings it)`
	};
}
async function baseBranchIn(branch, options) {
	refuseStrangeRef(branch);
	for (const [ref, full] of [[`origin/${branch}`, `refs/remotes/origin/${branch}`], [branch, `refs/heads/${branch}`]]) {
		const commit = await commitOf(full, options);
		if (commit !== void 0) return {
			ref,
			commit
		};
	}
	if (!/^refs\/pull\/\d+\/merge$/.test(options.env.GITHUB_REF ?? "") || await commitOf("HEAD^2", options) === void 0) return void 0;
	const commit = await commitOf("HEAD^1", options);
	return commit === void 0 ? void 0 : {
		ref: "HEAD^1",
		commit
	};
}
async function readAt(ref, commit, project, options) {
	const toGit = (path) => asGitPath(relative(options.cwd, path), sep);
	const usual = [
		"schema.prisma",
		"prisma/schema.prisma",
		"prisma/schema"
	];
	const today = await project.schemaPath();
	const candidates = [.../* @__PURE__ */ new Set([...today === void 0 ? [] : [toGit(today)], ...usual])];
	for (const path of candidates) {
		const files = (await filesAt(commit, path, options)).filter((file) => extname(file.path) === ".prisma");
		if (files.length === 0) continue;
		const read = (await Promise.all(files.map(async (file) => ({
			file,
			bytes: await contentOf(file, options)
		})))).map(({ file, bytes }) => decoded(file.path, bytes));
		const schema = readPrismaSchema(read.flatMap((one) => one.kind === "text" ? [one.file] : []), project.schema);
		const unreadable = read.flatMap((one) => one.kind === "problem" ? [one.problem] : []);
		return {
			kind: "read",
			running: {
				ref,
				schema: {
					...schema,
					problems: [...unreadable, ...schema.problems]
				}
			},
			commit,
			migrations: await migrationsAt(commit, toGit(project.migrationsPath), options)
		};
	}
	throw fail("GIT.NO_SCHEMA", {
		what: `There is no Prisma schema at \`${ref}\`.`,
		why: `Looked for at commit ${commit.slice(0, 12)}: ${candidates.join(", ")}.`,
		next: ["Give the ref of the release that is running: --base REF", "Where that release has no Prisma schema, leave it out: what it still uses is then not checked."]
	});
}
function decoded(path, bytes) {
	const text = bytes.toString("utf8");
	if (Buffer.from(text, "utf8").equals(bytes)) return {
		kind: "text",
		file: {
			path,
			text
		}
	};
	return {
		kind: "problem",
		problem: {
			file: path,
			line: 1,
			text: "the file is not UTF-8"
		}
	};
}
async function migrationsAt(commit, path, options) {
	const files = await filesAt(commit, path, options);
	return new Set(files.flatMap((file) => /([^/]+)\/migration\.sql$/.exec(file.path)?.[1] ?? []));
}
function refNotFound(ref) {
	return fail("GIT.REF_NOT_FOUND", {
		what: `There is no git ref \`${ref}\` in this clone.`,
		why: "A shallow clone has only the commit that was checked out.",
		next: ["In a workflow, check out with history: actions/checkout with `fetch-depth: 0`", `Or fetch that one: git fetch --depth=1 origin ${ref.replace(/^origin\//, "")}`]
	});
}
export { recordCompatibility as n, readBase as t };
