import { a as splitsFiles } from "./execution-model.mjs";
import { t as loadGrammars } from "./grammars.mjs";
import { parentPort } from "node:worker_threads";
// src/migrations/read-ahead-thread.ts
parentPort?.on("message", async ({ texts, prismaVersion }) => {
	const grammars = await loadGrammars(prismaVersion);
	parentPort?.postMessage(texts.map((text) => readingOf(text, grammars, splitsFiles(prismaVersion))));
});
function readingOf(text, { parser, splitter }, splits) {
	try {
		const tree = JSON.stringify(parser.parse(text));
		const count = splits ? splitter.countStatements(text) : void 0;
		return count === "unknown" ? void 0 : {
			tree,
			count
		};
	} catch {
		return;
	}
}
export {};
