import { r as unlessCancelled } from "./cancellation.mjs";
import { S as writeUrl, _ as isSocket, g as allParametersOf, h as DatabaseUrl, m as tlsPathsOf, p as clientConfig, u as explain } from "./postgres-url.mjs";
import { setTimeout } from "node:timers/promises";
// src/postgres/url/prisma.ts
function prismaUrl(url, settings = {}, standIn) {
	const parameters = new Map(allParametersOf(url));
	parameters.delete("ssl");
	parameters.delete("sslmode");
	for (const [name, value] of prismaTls(url)) parameters.set(name, value);
	const options = optionsWith(parameters.get("options"), settings);
	if (options !== void 0) parameters.set("options", options);
	const { encodedPassword } = DatabaseUrl.secretsIn(url);
	return writeUrl(url, encodedPassword === "" ? "" : `:${standIn ?? encodedPassword}`, parameters);
}
function prismaTls(url) {
	if (isSocket(url.host)) return [["sslmode", "disable"]];
	if (url.sslmode !== "verify-ca" && url.sslmode !== "verify-full") return [["sslmode", url.sslmode]];
	const { root, key } = tlsPathsOf(url.sslmode, url.parameters);
	const strict = [["sslmode", "require"], ["sslaccept", "strict"]];
	return root === void 0 || root === "system" || key !== void 0 ? strict : [...strict, ["sslcert", root]];
}
function optionsWith(given, settings) {
	const options = [given ?? "", ...Object.entries(settings).map(asOption)].filter((text) => text.trim() !== "");
	return options.length > 0 ? options.join(" ") : void 0;
}
function asOption([name, value]) {
	return `-c ${name}=${value.replaceAll("\\", "\\\\").replaceAll(" ", "\\ ")}`;
}
// src/postgres/migrating-session.ts
const connectTimeoutMs = 1e4;
const goodbyeMs = 1e3;
async function openMigratingSession(url, settings, signal, onNotice) {
	const { Client } = await import("./postgres-driver.mjs");
	const { application_name, ...options } = settings;
	const config = clientConfig(url);
	const client = new Client({
		connectionTimeoutMillis: connectTimeoutMs,
		...config,
		keepAlive: true,
		application_name,
		options: optionsWith(config.options, {
			...options,
			...searchPath(url)
		})
	});
	client.on("error", () => void 0);
	client.on("notice", onNotice);
	try {
		await unlessCancelled(client.connect(), signal);
	} catch (error) {
		client.connection.stream.destroy();
		throw explain(error, url);
	}
	return {
		client,
		async query(text, values = []) {
			try {
				return (await unlessCancelled(client.query(text, [...values]), signal)).rows;
			} catch (error) {
				throw explain(error, url);
			}
		},
		async [Symbol.asyncDispose]() {
			if (!signal.aborted) await Promise.race([client.end(), setTimeout(goodbyeMs, void 0, { ref: false })]);
			client.connection.stream.destroy();
		}
	};
}
function searchPath(url) {
	return url.parameters.has("schema") ? { search_path: `"${url.schema.replaceAll("\"", "\"\"")}"` } : {};
}
// src/stages/apply/atomic/session.ts
async function openApplySession(url, settings, onWarning, signal) {
	const session = await openMigratingSession(url, settings, signal, ({ severity, code, message }) => {
		if (severity === "WARNING" && code !== "25P01" && message !== void 0) onWarning(message);
	});
	return {
		...session,
		async send(sql) {
			const results = await unlessCancelled(session.client.query(sql), signal);
			return Array.isArray(results) ? results : [results];
		}
	};
}
async function takeYourTime(session, lockTimeoutMs) {
	return (await session.query(`SELECT name, pg_catalog.set_config(name, CASE name WHEN 'lock_timeout' THEN $1 ELSE '0' END, false)
       FROM pg_catalog.pg_settings WHERE name IN ('lock_timeout', 'statement_timeout') AND setting = reset_val`, [`${lockTimeoutMs}ms`])).map(({ name }) => name);
}
const forgetSession = "SET SESSION AUTHORIZATION DEFAULT; RESET ROLE; RESET ALL; CLOSE ALL; UNLISTEN *; DEALLOCATE ALL; DISCARD PLANS; DISCARD SEQUENCES; DISCARD TEMP";
export { prismaUrl as a, openMigratingSession as i, openApplySession as n, takeYourTime as r, forgetSession as t };
