import { i as __toESM } from "./rolldown-runtime.mjs";
import { n as loadSplitter, t as executionOf } from "./atomic-steps.mjs";
import { t as require_libpg_query } from "./postgres-grammar-glue.mjs";
import { parentPort } from "node:worker_threads";
// src/migrations/tree-text.ts
var import_libpg_query = /* @__PURE__ */ __toESM(require_libpg_query(), 1);
async function loadTreeText() {
	const grammar = await (0, import_libpg_query.default)();
	return (sql) => {
		const size = grammar.lengthBytesUTF8(sql) + 1;
		const text = grammar._malloc(size);
		let result = 0;
		try {
			grammar.stringToUTF8(sql, text, size);
			result = grammar._wasm_parse_query_raw(text);
			if (result === 0) return void 0;
			const [tree, error] = [grammar.getValue(result, "i32"), grammar.getValue(result + 8, "i32")];
			return error !== 0 || tree === 0 ? void 0 : grammar.UTF8ToString(tree);
		} finally {
			grammar._free(text);
			if (result !== 0) grammar._wasm_free_parse_result(result);
		}
	};
}
// src/migrations/read-ahead-thread.ts
const loading = loadTreeText();
parentPort?.on("message", async ({ texts, prismaVersion }) => {
	const [treeOf, splitter] = [await loading, unlessBroken(await loadSplitter(prismaVersion, ...texts))];
	parentPort?.postMessage(texts.map((text) => readingOf(text, prismaVersion, treeOf, splitter)));
});
function readingOf(text, prismaVersion, treeOf, splitter) {
	try {
		const tree = text === "" ? void 0 : treeOf(text);
		return tree === void 0 ? void 0 : {
			tree,
			execution: executionOf(text, prismaVersion, splitter)
		};
	} catch {
		return;
	}
}
function unlessBroken(splitter) {
	return { countStatements: (sql) => {
		const count = splitter.countStatements(sql);
		if (count === "unknown") throw new Error("the parser broke");
		return count;
	} };
}
export {};
