import { t as FailureError } from "./errors.mjs";
import { d as parseDatabaseUrl, n as chooseUrl, o as connect, t as withEnvFiles, v as secretsOf } from "./postgres-url.mjs";
import { i as urlNamesOf } from "./open-source.mjs";
// src/stages/preflight/database.ts
async function openDatabase(context) {
	return connectTo(context, await urlNamesOf(context.invocation.cwd, context.config));
}
async function connectTo(context, names) {
	const url = await databaseUrl(context, names);
	context.run.learn({ target: {
		host: url.host,
		database: url.database
	} });
	const session = await connect(url, "airlock", context.run.signal);
	return {
		url,
		session,
		[Symbol.asyncDispose]: () => session[Symbol.asyncDispose]()
	};
}
async function databaseUrl({ invocation, redactor, run }, names) {
	const environment = await withEnvFiles(invocation.env, names.envFiles);
	const chosen = chooseUrl({
		...names,
		environment,
		inputs: {
			databaseUrl: invocation.databaseUrl,
			directUrl: invocation.directUrl
		}
	});
	if (chosen.kind === "none") throw new FailureError(chosen.failure);
	redactor.add([chosen.raw]);
	const parsed = parseDatabaseUrl(chosen.raw, chosen.variable);
	if (parsed.kind === "invalid") throw new FailureError(parsed.failure);
	redactor.add(secretsOf(parsed.url));
	for (const warning of parsed.warnings) run.notice(warning);
	return parsed.url;
}
export { openDatabase as n, connectTo as t };
