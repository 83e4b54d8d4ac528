import { t as endpointOf } from "./location.mjs";
// src/stages/backup/store/s3/endpoint.ts
function resolveEndpoint(location, env) {
	const problems = [];
	const own = location.endpoint ?? endpointOf(given(env, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"), problems);
	const region = location.region ?? given(env, "AWS_REGION", "AWS_DEFAULT_REGION") ?? (own === void 0 ? "" : "us-east-1");
	if (!/^[a-z0-9-]+$/i.test(region)) problems.push("the region of the bucket is not known: set AWS_REGION, or put `?region=…` at the end of the store");
	if (problems.length > 0) return {
		kind: "invalid",
		problems
	};
	const base = new URL(own ?? `https://s3.${region}.${region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"}`);
	const pathStyle = location.pathStyle ?? (own !== void 0 || location.bucket.includes("."));
	const host = pathStyle ? base.host : `${location.bucket}.${base.host}`;
	return {
		kind: "ok",
		endpoint: {
			origin: `${base.protocol}//${host}`,
			host,
			root: pathStyle ? `/${location.bucket}/` : "/",
			region
		}
	};
}
function given(env, ...names) {
	return names.map((name) => env[name]).find((value) => value !== void 0 && value !== "");
}
export { resolveEndpoint as n, given as t };
