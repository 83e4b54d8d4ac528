// src/stages/rehearse/data/data-check.ts
const dataCheckKinds = [
	"table",
	"assertion",
	"second-deploy",
	"seed"
];
const dataCheckOutcomes = [
	"pass",
	"fail",
	"not-checked"
];
function sentenceOf({ name, text }) {
	return `${name}: ${text}`;
}
function failedAmong(checks) {
	return checks.filter(({ outcome }) => outcome === "fail");
}
export { sentenceOf as i, dataCheckOutcomes as n, failedAmong as r, dataCheckKinds as t };
