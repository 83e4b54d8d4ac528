#!/usr/bin/env node
import { runCliCommand } from './cli-commands.ts'
import type { Environment } from './datasources.ts'
import { Engine } from './engine.ts'
import { toEngineFailure } from './failures.ts'
import { readInvocation, type ServeInvocation } from './invocation.ts'
import { RpcConnection } from './json-rpc.ts'
import { writeLog } from './log.ts'
import { servedPrismaVersion } from './prisma-version.ts'
import { engineHash, enginePanic } from './wasm.ts'

/**
 * Stands in for Prisma's native schema engine (PRISMA_SCHEMA_ENGINE_BINARY): the same arguments, JSON-RPC lines on
 * stdin and stdout and log lines on stderr, answered by the same engine in WebAssembly.
 */
async function main(): Promise<void> {
  // On stderr the CLI reads nothing but its engine's JSON lines, and chokes on a warning of Node.js.
  process.removeAllListeners('warning')
  const environment = { ...process.env }
  // The driver reads PGPASSWORD, PGOPTIONS and more; the native engine goes by the URL alone.
  for (const name of Object.keys(process.env)) if (name.startsWith('PG')) delete process.env[name]

  const invocation = readInvocation(process.argv.slice(2))
  switch (invocation.kind) {
    case 'version':
      process.stdout.write(`schema-engine-cli ${await engineHash()}\n`)
      return
    case 'command':
      writeLog('INFO', 'Starting schema engine CLI')
      writeLog('INFO', await runCliCommand(invocation.command, invocation.url))
      return
    case 'serve':
      return serve(invocation, environment)
  }
}

const connection = new RpcConnection(process.stdin, process.stdout)

async function serve(invocation: ServeInvocation, environment: Environment): Promise<void> {
  const prismaVersion = await servedPrismaVersion(environment, process.cwd())
  const engine = await Engine.start(invocation, { environment, prismaVersion })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => leave(engine))
  await connection.serve((method, params, print) => engine.answer(method, params, print))
  leave(engine)
}

const patienceMs = 500

/** A server that does not answer any more must not keep this process: its socket closes with it. */
function leave(engine: Engine): void {
  setTimeout(() => process.exit(0), patienceMs)
  void engine.dispose().finally(() => process.exit(0))
}

function reportAndExit(thrown: unknown): void {
  // A trap in the WebAssembly surfaces here, and its own message says nothing.
  const failure = enginePanic() ?? toEngineFailure(thrown)
  connection.abandon(failure)
  writeLog('ERROR', failure.message, { is_panic: false, error_code: failure.code ?? '' })
  // 1 is the engine's code for an error that it explains; anything else makes the CLI offer to report a crash.
  process.exit(1)
}

process.on('uncaughtException', reportAndExit)
process.on('unhandledRejection', reportAndExit)
// A pipe without a reader: the CLI is gone, and nobody is left to answer.
process.stdout.on('error', () => process.exit(0))
process.stderr.on('error', () => process.exit(0))

main().catch(reportAndExit)
