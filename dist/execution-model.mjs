import { n as fail } from "./errors.mjs";
import { t as errnoOf } from "./errno.mjs";
import { a as tokens } from "./lexer.mjs";
import { t as fileStatements } from "./execution-statements.mjs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readFile } from "node:fs/promises";
// src/migrations/execution-transactions.ts
function transactionRole({ words, bodies }) {
	const [first, second] = words;
	switch (first) {
		case "BEGIN": return "begin";
		case "START": return second === "TRANSACTION" ? "begin" : "work";
		case "COMMIT":
		case "END": return second === "PREPARED" ? "work" : "commit";
		case "ABORT": return "rollback";
		case "ROLLBACK":
			if (second === "PREPARED") return "work";
			return words.includes("TO") ? "session" : "rollback";
		case "PREPARE": return second === "TRANSACTION" ? "commit" : "session";
		case "SAVEPOINT":
		case "RELEASE":
		case "SET":
		case "RESET":
		case "SHOW":
		case "LOCK": return "session";
		case "CALL": return "work-in-steps";
		case "DO": return bodies.length === 1 && bodies.every(keepsTransaction) ? "work" : "work-in-steps";
		default: return words.includes("CONCURRENTLY") && needsOwnTransaction(words) !== void 0 ? "work-in-steps" : "work";
	}
}
function keepsTransaction(body) {
	if (!body.startsWith("$") && body.includes("\\")) return false;
	return !/COMMIT|ROLLBACK|\bCALL\b/i.test(body);
}
function needsOwnTransaction(words) {
	const [first, second] = words;
	const concurrently = words.includes("CONCURRENTLY");
	switch (first) {
		case "CREATE": {
			const kind = second === "UNIQUE" ? words[2] : second;
			if (kind === "INDEX" && concurrently) return "CREATE INDEX CONCURRENTLY";
			if (kind === "DATABASE" || kind === "TABLESPACE") return `CREATE ${kind}`;
			return;
		}
		case "DROP":
			if (second === "INDEX" && concurrently) return "DROP INDEX CONCURRENTLY";
			if (second === "DATABASE" || second === "TABLESPACE") return `DROP ${second}`;
			return;
		case "REINDEX":
			if (concurrently) return "REINDEX CONCURRENTLY";
			return words.slice(1, 4).find((word) => word === "DATABASE" || word === "SYSTEM" || word === "SCHEMA") === void 0 ? void 0 : "REINDEX";
		case "VACUUM": return "VACUUM";
		case "ALTER":
			if (second === "SYSTEM") return "ALTER SYSTEM";
			if (second === "DATABASE" && words.includes("TABLESPACE")) return "ALTER DATABASE SET TABLESPACE";
			if (second === "TABLE" && words.includes("DETACH") && concurrently) return "ALTER TABLE … DETACH CONCURRENTLY";
			return;
		default: return;
	}
}
function needsTransaction(words) {
	const [first, second] = words;
	if (first === "LOCK") return {
		what: "LOCK TABLE",
		fails: true
	};
	if (first === "SAVEPOINT") return {
		what: "SAVEPOINT",
		fails: true
	};
	if (first !== "SET") return void 0;
	if (second === "LOCAL" || second === "CONSTRAINTS" || second === "TRANSACTION") return {
		what: `SET ${second}`,
		fails: false
	};
}
function cannotFail({ words: [first, second = ""] }) {
	return first === "RESET" && /^(?:ALL|ROLE|SEARCH_PATH|LOCK_TIMEOUT|STATEMENT_TIMEOUT|(?:MAINTENANCE_)?WORK_MEM)$/.test(second);
}
function walkTransactions(statements, together) {
	const implicitBlock = together && statements.length > 1;
	const walk = {
		committing: 0,
		leavesBehind: void 0,
		afterCommit: void 0,
		explicit: false,
		refused: void 0
	};
	const stray = [];
	let explicitOpen = false;
	let pendingWork = false;
	const close = (committed) => {
		if (pendingWork && committed) walk.committing += 1;
		pendingWork = false;
		explicitOpen = false;
	};
	for (const [index, statement] of statements.entries()) {
		const role = transactionRole(statement);
		if (role === "begin") {
			explicitOpen = true;
			walk.explicit = true;
			continue;
		}
		if (role === "commit" || role === "rollback") {
			close(role === "commit");
			explicitOpen = statement.words.includes("CHAIN") && !statement.words.includes("NO");
			continue;
		}
		if (walk.committing > 0 && !cannotFail(statement)) walk.afterCommit ??= index;
		if (role === "session") {
			const need = needsTransaction(statement.words);
			const covered = explicitOpen || implicitBlock && need?.what !== "SAVEPOINT";
			if (need !== void 0 && !covered) stray.push({
				statement: index,
				...need
			});
			continue;
		}
		const what = needsOwnTransaction(statement.words);
		if (what !== void 0 && (implicitBlock || explicitOpen)) walk.refused ??= {
			statement: index,
			what
		};
		if (role === "work-in-steps" && !implicitBlock && !explicitOpen) walk.leavesBehind ??= remainsOf(statement.words, what);
		pendingWork = true;
		if (!implicitBlock && !explicitOpen) close(true);
	}
	const leftOpen = explicitOpen;
	close(!leftOpen);
	return {
		...walk,
		leftOpen,
		stray
	};
}
function remainsOf(words, what) {
	if (what === void 0) return `${words[0] ?? "it"} may commit on its way, and a failure leaves what was committed`;
	if (what.startsWith("ALTER")) return `${what} that fails leaves the partition half detached`;
	return `${what} that fails leaves an invalid index`;
}
// src/migrations/execution-model.ts
function executionModel(prismaVersion, sql, parser) {
	const statements = fileStatements(sql);
	if (!splitsFiles(prismaVersion)) return modelOf("batch", sql, statements, `Prisma ${prismaVersion} sends the file in one message`);
	const asPrismaReadsIt = hasNothingToSplit(sql) ? statements.length : parser.countStatements(sql);
	if (asPrismaReadsIt === void 0) return modelOf("batch", sql, statements, `Prisma ${prismaVersion} cannot split the file, because its SQL parser does not read it, and sends it in one message`);
	if (asPrismaReadsIt !== statements.length) {
		const how = asPrismaReadsIt === "unknown" ? `How Prisma ${prismaVersion} reads the file is not known, because its SQL parser breaks on an expression as deep as one here` : `Prisma ${prismaVersion} reads ${asPrismaReadsIt} statements where PostgreSQL reads ${statements.length}`;
		return {
			...modelOf("split", sql, statements, how),
			atomic: false,
			because: `${how}: what a failure leaves behind is unknown.`
		};
	}
	return modelOf("split", sql, statements, `Prisma ${prismaVersion} sends every statement in a message of its own`);
}
function asksParser(prismaVersion, sql) {
	return splitsFiles(prismaVersion) && !hasNothingToSplit(sql);
}
function hasNothingToSplit(sql) {
	const end = sql.search(/;|[^\S \t\r\n]|\r(?!\n)/);
	return end === -1 || /^;[ \t\r\n]*$/.test(sql.slice(end));
}
function splitsFiles(prismaVersion) {
	const { major, minor } = parseVersion(prismaVersion);
	return major > 7 || major === 7 && minor >= 4;
}
function parseVersion(version) {
	const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? [];
	if (major === void 0 || minor === void 0 || Number(major) >= 8) throw fail("PRISMA.UNSUPPORTED", {
		what: `How Prisma ${version} executes a migration is not known.`,
		why: major === void 0 ? `\`${version}\` is not a version number.` : "From version 8 on Prisma compiles its migrations and has no `migrate deploy`.",
		next: ["Use Prisma 6 or 7: npm install --save-dev --save-exact prisma@7.10.1"]
	});
	return {
		major: Number(major),
		minor: Number(minor)
	};
}
function modelOf(kind, sql, statements, how) {
	const walk = walkTransactions(statements, kind === "batch");
	const whole = {
		sql,
		startByte: 0,
		endByte: Buffer.byteLength(sql)
	};
	return {
		kind,
		atomic: walk.committing <= 1 && walk.leavesBehind === void 0 && walk.afterCommit === void 0 && !walk.leftOpen,
		pieces: kind === "batch" || statements.length === 0 ? [whole] : statements.map(({ sql: text, startByte, endByte }) => ({
			sql: text,
			startByte,
			endByte
		})),
		statements: statements.length,
		because: `${how}: ${consequence(walk, statements.length, kind)}.`,
		refused: walk.refused,
		stray: walk.stray,
		leftOpen: walk.leftOpen
	};
}
function consequence(walk, count, kind) {
	if (walk.leftOpen) return "it opens a transaction and never commits it, so everything in it is rolled back at the end";
	if (walk.refused !== void 0) return `${walk.refused.what} cannot run inside a transaction, so the file fails at statement ${walk.refused.statement + 1} of ${count}`;
	if (walk.committing > 1) return `a failure leaves the ${walk.explicit ? "transactions" : "statements"} before it applied`;
	const failing = walk.stray.find(({ fails }) => fails);
	if (failing !== void 0) return `${failing.what} can only be used inside a transaction, so the file fails at statement ${failing.statement + 1} of ${count}`;
	if (walk.leavesBehind !== void 0) return walk.leavesBehind;
	if (walk.afterCommit !== void 0) return `what comes before statement ${walk.afterCommit + 1} of ${count} is committed when that fails`;
	if (count <= 1) return "a single statement is applied as a whole or not at all";
	if (kind === "batch" && !walk.explicit) return "PostgreSQL runs them in one transaction, and a failure leaves nothing behind";
	return "all its changes are in one transaction, and a failure leaves nothing behind";
}
// node_modules/@guanmingchiu/sqlparser-ts/wasm/sqlparser_rs_wasm.js
function parse_sql(dialect, sql) {
	const ptr0 = passStringToWasm0(dialect, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
	const len0 = WASM_VECTOR_LEN;
	const ptr1 = passStringToWasm0(sql, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
	const len1 = WASM_VECTOR_LEN;
	const ret = wasm.parse_sql(ptr0, len0, ptr1, len1);
	if (ret[2]) throw takeFromExternrefTable0(ret[1]);
	return takeFromExternrefTable0(ret[0]);
}
function validate_sql(dialect, sql) {
	const ptr0 = passStringToWasm0(dialect, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
	const len0 = WASM_VECTOR_LEN;
	const ptr1 = passStringToWasm0(sql, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
	const len1 = WASM_VECTOR_LEN;
	const ret = wasm.validate_sql(ptr0, len0, ptr1, len1);
	if (ret[2]) throw takeFromExternrefTable0(ret[1]);
	return ret[0] !== 0;
}
function __wbg_get_imports() {
	return {
		__proto__: null,
		"./sqlparser_rs_wasm_bg.js": {
			__proto__: null,
			__wbg_Error_8c4e43fe74559d73: function(arg0, arg1) {
				return Error(getStringFromWasm0(arg0, arg1));
			},
			__wbg_Number_04624de7d0e8332d: function(arg0) {
				return Number(arg0);
			},
			__wbg_String_8f0eb39a4a4c2f66: function(arg0, arg1) {
				const ptr1 = passStringToWasm0(String(arg1), wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
				const len1 = WASM_VECTOR_LEN;
				getDataViewMemory0().setInt32(arg0 + 4, len1, true);
				getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
			},
			__wbg___wbindgen_bigint_get_as_i64_8fcf4ce7f1ca72a2: function(arg0, arg1) {
				const v = arg1;
				const ret = typeof v === "bigint" ? v : void 0;
				getDataViewMemory0().setBigInt64(arg0 + 8, isLikeNone(ret) ? BigInt(0) : ret, true);
				getDataViewMemory0().setInt32(arg0 + 0, !isLikeNone(ret), true);
			},
			__wbg___wbindgen_boolean_get_bbbb1c18aa2f5e25: function(arg0) {
				const v = arg0;
				const ret = typeof v === "boolean" ? v : void 0;
				return isLikeNone(ret) ? 16777215 : ret ? 1 : 0;
			},
			__wbg___wbindgen_debug_string_0bc8482c6e3508ae: function(arg0, arg1) {
				const ptr1 = passStringToWasm0(debugString(arg1), wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
				const len1 = WASM_VECTOR_LEN;
				getDataViewMemory0().setInt32(arg0 + 4, len1, true);
				getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
			},
			__wbg___wbindgen_in_47fa6863be6f2f25: function(arg0, arg1) {
				return arg0 in arg1;
			},
			__wbg___wbindgen_is_bigint_31b12575b56f32fc: function(arg0) {
				return typeof arg0 === "bigint";
			},
			__wbg___wbindgen_is_null_ac34f5003991759a: function(arg0) {
				return arg0 === null;
			},
			__wbg___wbindgen_is_object_5ae8e5880f2c1fbd: function(arg0) {
				const val = arg0;
				return typeof val === "object" && val !== null;
			},
			__wbg___wbindgen_is_undefined_9e4d92534c42d778: function(arg0) {
				return arg0 === void 0;
			},
			__wbg___wbindgen_jsval_eq_11888390b0186270: function(arg0, arg1) {
				return arg0 === arg1;
			},
			__wbg___wbindgen_jsval_loose_eq_9dd77d8cd6671811: function(arg0, arg1) {
				return arg0 == arg1;
			},
			__wbg___wbindgen_number_get_8ff4255516ccad3e: function(arg0, arg1) {
				const obj = arg1;
				const ret = typeof obj === "number" ? obj : void 0;
				getDataViewMemory0().setFloat64(arg0 + 8, isLikeNone(ret) ? 0 : ret, true);
				getDataViewMemory0().setInt32(arg0 + 0, !isLikeNone(ret), true);
			},
			__wbg___wbindgen_string_get_72fb696202c56729: function(arg0, arg1) {
				const obj = arg1;
				const ret = typeof obj === "string" ? obj : void 0;
				var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
				var len1 = WASM_VECTOR_LEN;
				getDataViewMemory0().setInt32(arg0 + 4, len1, true);
				getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
			},
			__wbg___wbindgen_throw_be289d5034ed271b: function(arg0, arg1) {
				throw new Error(getStringFromWasm0(arg0, arg1));
			},
			__wbg_error_7534b8e9a36f1ab4: function(arg0, arg1) {
				let deferred0_0;
				let deferred0_1;
				try {
					deferred0_0 = arg0;
					deferred0_1 = arg1;
					console.error(getStringFromWasm0(arg0, arg1));
				} finally {
					wasm.__wbindgen_free(deferred0_0, deferred0_1, 1);
				}
			},
			__wbg_fromCodePoint_22365db7b7d6ac39: function() {
				return handleError(function(arg0) {
					return String.fromCodePoint(arg0 >>> 0);
				}, arguments);
			},
			__wbg_get_with_ref_key_1dc361bd10053bfe: function(arg0, arg1) {
				return arg0[arg1];
			},
			__wbg_instanceof_ArrayBuffer_c367199e2fa2aa04: function(arg0) {
				let result;
				try {
					result = arg0 instanceof ArrayBuffer;
				} catch (_) {
					result = false;
				}
				return result;
			},
			__wbg_instanceof_Uint8Array_9b9075935c74707c: function(arg0) {
				let result;
				try {
					result = arg0 instanceof Uint8Array;
				} catch (_) {
					result = false;
				}
				return result;
			},
			__wbg_isSafeInteger_bfbc7332a9768d2a: function(arg0) {
				return Number.isSafeInteger(arg0);
			},
			__wbg_length_32ed9a279acd054c: function(arg0) {
				return arg0.length;
			},
			__wbg_new_361308b2356cecd0: function() {
				return /* @__PURE__ */ new Object();
			},
			__wbg_new_3eb36ae241fe6f44: function() {
				return new Array();
			},
			__wbg_new_8a6f238a6ece86ea: function() {
				return /* @__PURE__ */ new Error();
			},
			__wbg_new_dd2b680c8bf6ae29: function(arg0) {
				return new Uint8Array(arg0);
			},
			__wbg_prototypesetcall_bdcdcc5842e4d77d: function(arg0, arg1, arg2) {
				Uint8Array.prototype.set.call(getArrayU8FromWasm0(arg0, arg1), arg2);
			},
			__wbg_set_3f1d0b984ed272ed: function(arg0, arg1, arg2) {
				arg0[arg1] = arg2;
			},
			__wbg_set_f43e577aea94465b: function(arg0, arg1, arg2) {
				arg0[arg1 >>> 0] = arg2;
			},
			__wbg_stack_0ed75d68575b0f3c: function(arg0, arg1) {
				const ret = arg1.stack;
				const ptr1 = passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
				const len1 = WASM_VECTOR_LEN;
				getDataViewMemory0().setInt32(arg0 + 4, len1, true);
				getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
			},
			__wbindgen_cast_0000000000000001: function(arg0) {
				return arg0;
			},
			__wbindgen_cast_0000000000000002: function(arg0) {
				return arg0;
			},
			__wbindgen_cast_0000000000000003: function(arg0, arg1) {
				return getStringFromWasm0(arg0, arg1);
			},
			__wbindgen_cast_0000000000000004: function(arg0) {
				return BigInt.asUintN(64, arg0);
			},
			__wbindgen_init_externref_table: function() {
				const table = wasm.__wbindgen_externrefs;
				const offset = table.grow(4);
				table.set(0, void 0);
				table.set(offset + 0, void 0);
				table.set(offset + 1, null);
				table.set(offset + 2, true);
				table.set(offset + 3, false);
			}
		}
	};
}
function addToExternrefTable0(obj) {
	const idx = wasm.__externref_table_alloc();
	wasm.__wbindgen_externrefs.set(idx, obj);
	return idx;
}
function debugString(val) {
	const type = typeof val;
	if (type == "number" || type == "boolean" || val == null) return `${val}`;
	if (type == "string") return `"${val}"`;
	if (type == "symbol") {
		const description = val.description;
		if (description == null) return "Symbol";
		else return `Symbol(${description})`;
	}
	if (type == "function") {
		const name = val.name;
		if (typeof name == "string" && name.length > 0) return `Function(${name})`;
		else return "Function";
	}
	if (Array.isArray(val)) {
		const length = val.length;
		let debug = "[";
		if (length > 0) debug += debugString(val[0]);
		for (let i = 1; i < length; i++) debug += ", " + debugString(val[i]);
		debug += "]";
		return debug;
	}
	const builtInMatches = /\[object ([^\]]+)\]/.exec(toString.call(val));
	let className;
	if (builtInMatches && builtInMatches.length > 1) className = builtInMatches[1];
	else return toString.call(val);
	if (className == "Object") try {
		return "Object(" + JSON.stringify(val) + ")";
	} catch (_) {
		return "Object";
	}
	if (val instanceof Error) return `${val.name}: ${val.message}\n${val.stack}`;
	return className;
}
function getArrayU8FromWasm0(ptr, len) {
	ptr = ptr >>> 0;
	return getUint8ArrayMemory0().subarray(ptr / 1, ptr / 1 + len);
}
let cachedDataViewMemory0 = null;
function getDataViewMemory0() {
	if (cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || cachedDataViewMemory0.buffer.detached === void 0 && cachedDataViewMemory0.buffer !== wasm.memory.buffer) cachedDataViewMemory0 = new DataView(wasm.memory.buffer);
	return cachedDataViewMemory0;
}
function getStringFromWasm0(ptr, len) {
	ptr = ptr >>> 0;
	return decodeText(ptr, len);
}
let cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
	if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
	return cachedUint8ArrayMemory0;
}
function handleError(f, args) {
	try {
		return f.apply(this, args);
	} catch (e) {
		const idx = addToExternrefTable0(e);
		wasm.__wbindgen_exn_store(idx);
	}
}
function isLikeNone(x) {
	return x === void 0 || x === null;
}
function passStringToWasm0(arg, malloc, realloc) {
	if (realloc === void 0) {
		const buf = cachedTextEncoder.encode(arg);
		const ptr = malloc(buf.length, 1) >>> 0;
		getUint8ArrayMemory0().subarray(ptr, ptr + buf.length).set(buf);
		WASM_VECTOR_LEN = buf.length;
		return ptr;
	}
	let len = arg.length;
	let ptr = malloc(len, 1) >>> 0;
	const mem = getUint8ArrayMemory0();
	let offset = 0;
	for (; offset < len; offset++) {
		const code = arg.charCodeAt(offset);
		if (code > 127) break;
		mem[ptr + offset] = code;
	}
	if (offset !== len) {
		if (offset !== 0) arg = arg.slice(offset);
		ptr = realloc(ptr, len, len = offset + arg.length * 3, 1) >>> 0;
		const view = getUint8ArrayMemory0().subarray(ptr + offset, ptr + len);
		const ret = cachedTextEncoder.encodeInto(arg, view);
		offset += ret.written;
		ptr = realloc(ptr, len, offset, 1) >>> 0;
	}
	WASM_VECTOR_LEN = offset;
	return ptr;
}
function takeFromExternrefTable0(idx) {
	const value = wasm.__wbindgen_externrefs.get(idx);
	wasm.__externref_table_dealloc(idx);
	return value;
}
let cachedTextDecoder = new TextDecoder("utf-8", {
	ignoreBOM: true,
	fatal: true
});
cachedTextDecoder.decode();
const MAX_SAFARI_DECODE_BYTES = 2146435072;
let numBytesDecoded = 0;
function decodeText(ptr, len) {
	numBytesDecoded += len;
	if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
		cachedTextDecoder = new TextDecoder("utf-8", {
			ignoreBOM: true,
			fatal: true
		});
		cachedTextDecoder.decode();
		numBytesDecoded = len;
	}
	return cachedTextDecoder.decode(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}
const cachedTextEncoder = new TextEncoder();
if (!("encodeInto" in cachedTextEncoder)) cachedTextEncoder.encodeInto = function(arg, view) {
	const buf = cachedTextEncoder.encode(arg);
	view.set(buf);
	return {
		read: arg.length,
		written: buf.length
	};
};
let WASM_VECTOR_LEN = 0;
let wasm;
function __wbg_finalize_init(instance, module) {
	wasm = instance.exports;
	cachedDataViewMemory0 = null;
	cachedUint8ArrayMemory0 = null;
	wasm.__wbindgen_start();
	return wasm;
}
function initSync(module) {
	if (wasm !== void 0) return wasm;
	if (module !== void 0) {
		if (Object.getPrototypeOf(module) === Object.prototype) ({module} = module);
		else console.warn("using deprecated parameters for `initSync()`; pass a single object instead");
	}
	const imports = __wbg_get_imports();
	if (!(module instanceof WebAssembly.Module)) module = new WebAssembly.Module(module);
	return __wbg_finalize_init(new WebAssembly.Instance(module, imports), module);
}
// src/migrations/execution-wasm.ts
async function wasmBytes(file, source) {
	const beside = new URL(`./${file}`, import.meta.url);
	try {
		return new Uint8Array(await readFile(beside));
	} catch (error) {
		if (errnoOf(error) !== "ENOENT") throw error;
	}
	const entry = createRequire(import.meta.url).resolve(source.packageName);
	return new Uint8Array(await readFile(join(dirname(entry), source.fromEntry, file)));
}
// src/migrations/statement-shapes.ts
function shapesOf(sql) {
	if (/[\f\v]|\r(?!\n)/.test(sql)) return void 0;
	const shapes = [];
	let shape = "";
	let end = 0;
	for (const token of tokens(sql)) {
		const text = sql.slice(token.start, token.end);
		if (token.kind === "symbol" && text === ";") {
			if (shape !== "") shapes.push(shape);
			shape = "";
		} else if (shape !== "" && token.kind === "word" && /^end$/i.test(text)) return;
		else shape += `${shape !== "" && token.start > end ? " " : ""}${shapeOf(token.kind, text)}`;
		end = token.end;
	}
	if (shape !== "") shapes.push(shape);
	return shapes;
}
function shapeOf(kind, text) {
	if (kind === "quoted") return /^"[^"\\]+"$/.test(text) ? "\"n\"" : text;
	if (kind === "string") return /^'[^'\\]*'$/.test(text) ? "'s'" : text;
	if (kind === "number") return /^\d{1,9}$/.test(text) ? "1" : text;
	return text;
}
// src/migrations/execution-parser.ts
let loading;
function loadSqlParser() {
	loading ??= load();
	return loading;
}
async function load() {
	initSync({ module: await wasmBytes("sqlparser_rs_wasm_bg.wasm", {
		packageName: "@guanmingchiu/sqlparser-ts",
		fromEntry: "../wasm"
	}) });
	return { countStatements };
}
const readable = /* @__PURE__ */ new Map();
let broken = false;
function countStatements(sql) {
	const shapes = shapesOf(sql);
	if (shapes?.every(isReadable)) return shapes.length;
	const count = validates(sql) ? unlessRefused(() => parse_sql("postgresql", sql).length) : void 0;
	return broken ? "unknown" : count;
}
function validates(sql) {
	return unlessRefused(() => validate_sql("postgresql", sql)) === true;
}
function isReadable(shape) {
	const known = readable.get(shape);
	if (known !== void 0) return known;
	const answer = validates(shape);
	if (!broken) readable.set(shape, answer);
	return answer;
}
function unlessRefused(ask) {
	if (broken) return void 0;
	try {
		return ask();
	} catch (error) {
		broken = error instanceof Error && (error.name === "RuntimeError" || error instanceof RangeError);
		return;
	}
}
export { modelOf as a, transactionRole as c, executionModel as i, wasmBytes as n, splitsFiles as o, asksParser as r, needsOwnTransaction as s, loadSqlParser as t };
