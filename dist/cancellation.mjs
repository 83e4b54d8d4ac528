import { n as fail, t as FailureError } from "./errors.mjs";
// src/cancellation.ts
function cancellation(cause) {
	return fail("RUN.CANCELLED", {
		what: "The run was cancelled.",
		why: "It received an interrupt or termination signal, before any migration was applied.",
		next: ["Run `airlock plan` to see what is applied and what is still pending, then deploy again."]
	}, { cause });
}
function isCancellation(error) {
	return error instanceof FailureError && error.failure.code === "RUN.CANCELLED";
}
async function unlessCancelled(work, signal) {
	if (signal === void 0) return work;
	let giveUp = () => {};
	const cancelled = new Promise((_, reject) => {
		giveUp = () => reject(cancellation(signal.reason));
	});
	signal.addEventListener("abort", giveUp, { once: true });
	if (signal.aborted) giveUp();
	try {
		return await Promise.race([work, cancelled]);
	} finally {
		signal.removeEventListener("abort", giveUp);
	}
}
export { isCancellation as n, unlessCancelled as r, cancellation as t };
