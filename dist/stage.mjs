import { a as decideGate } from "./gate.mjs";
// src/stages/gate/stage.ts
async function gate({ run, policy, invocation }, plan) {
	return run.stage("gate", async () => decideGate(plan, policy, invocation.trigger, invocation), (verdict) => verdict.kind === "clear" ? {
		outcome: "pass",
		summary: verdict.clearance.because,
		detail: { risks: plan.risks }
	} : {
		outcome: "fail",
		summary: verdict.reason.split("\n")[0] ?? "",
		detail: {
			code: verdict.code,
			risks: plan.risks
		}
	});
}
export { gate as t };
