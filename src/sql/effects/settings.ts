/** SET, RESET and set_config(): a setting can change what every statement after it means. */

import type { Catalog } from '../catalog/model.ts'
import type { EffectSink, Handler } from './sink.ts'
import { as } from './tree.ts'

/** They change how fast something is done, how it is shown, or when it is given up; never what it does. */
const harmless = new Set(
  (
    'application_name bytea_output check_function_bodies client_min_messages constraint_exclusion datestyle ' +
    'deadlock_timeout default_statistics_target default_table_access_method default_tablespace default_toast_compression ' +
    'default_with_oids effective_cache_size effective_io_concurrency escape_string_warning extra_float_digits ' +
    'from_collapse_limit gin_fuzzy_search_limit gin_pending_list_limit hash_mem_multiplier ' +
    'idle_in_transaction_session_timeout idle_session_timeout intervalstyle jit join_collapse_limit lc_messages lc_monetary ' +
    'lc_numeric lc_time log_min_messages log_statement maintenance_io_concurrency maintenance_work_mem ' +
    'max_parallel_maintenance_workers max_parallel_workers max_parallel_workers_per_gather ' +
    'parallel_leader_participation random_page_cost row_security seed seq_page_cost statement_timeout ' +
    'synchronous_commit temp_buffers temp_tablespaces timezone tcp_keepalives_idle transaction_timeout ' +
    'vacuum_cost_delay vacuum_cost_limit wal_compression work_mem xmloption'
  ).split(' '),
)

/** What they are in every session that is set up as usual; anything else changes how the text of later statements is read. */
const usual: Readonly<Record<string, RegExp>> = {
  standard_conforming_strings: /^(on|true|yes|1)$/i,
  client_encoding: /^utf-?8$/i,
  names: /^utf-?8$/i,
  session_replication_role: /^origin$/i,
}

export const setVariable: Handler = (node, sink) => {
  const statement = as(node, 'VariableSetStmt')
  const { name, kind } = statement ?? {}
  if (kind === 'VAR_RESET_ALL') changePath(undefined, sink)
  // Isolation level, read only, deferrable: of the transaction that they stand in.
  else if (kind === 'VAR_SET_MULTI') return
  // What the session began with is the one that this program chose.
  else if (kind === 'VAR_RESET' && name?.toLowerCase() === 'lock_timeout') return
  else if (kind !== 'VAR_SET_VALUE') changeSetting(name, undefined, sink)
  else {
    const values = (statement?.args ?? []).map((argument) => constantOf(as(argument, 'A_Const')))
    const known = values.every((value) => value !== undefined)
    if (name?.toLowerCase() === 'search_path')
      changePath(known ? { path: values, local: statement?.is_local } : undefined, sink)
    else changeSetting(name, known ? values.join() : undefined, sink)
  }
}

/** `value` is undefined where it is computed, or what the server starts with. */
export function changeSetting(
  name: string | undefined,
  value: string | undefined,
  sink: EffectSink,
  { certain, local } = { certain: true, local: false },
): void {
  const setting = name?.toLowerCase()
  if (setting === undefined) {
    sink.unknown('which setting it changes is computed')
    changePath(undefined, sink)
  } else if (setting === 'search_path') {
    changePath(value === undefined || !certain ? undefined : { path: namesIn(value), local }, sink)
  } else if (setting === 'lock_timeout') {
    if (!isShort(value))
      sink.unknown('how long it waits for locks, and queues the application: it changes lock_timeout')
  } else if (usual[setting] !== undefined) {
    if (value === undefined || !usual[setting].test(value))
      sink.unknown(`it changes ${setting}, and with it how the server takes later statements`)
  } else if (!harmless.has(setting) && !setting.startsWith('enable_') && !setting.includes('.')) {
    sink.unknown(`it changes ${setting}, which can change what later statements do`)
  }
}

const longestLockTimeoutMs = 5_000

/** `0` takes away what keeps a deploy from queueing the application; a shorter one only helps. */
function isShort(timeout: string | undefined): boolean {
  const [, amount, unit = 'ms'] = /^\s*(\d+)\s*(ms|s)?\s*$/.exec(timeout ?? '') ?? []
  const ms = Number(amount ?? 0) * (unit === 's' ? 1_000 : 1)
  return ms > 0 && ms <= longestLockTimeoutMs
}

function changePath(
  to: { readonly path: readonly string[]; readonly local?: boolean | undefined } | undefined,
  sink: EffectSink,
): void {
  const path = to === undefined ? undefined : schemasIn(to.path, sink.catalog)
  const same = path !== undefined && path[0] === sink.context.path?.[0]
  // For how long SET LOCAL holds depends on where the transaction ends.
  sink.change({ kind: 'search-path', path: to?.local === true && !same ? undefined : path })
}

/** `$user` is the schema named like whoever is signed in, or whose rights a function has: where there may be one, nobody knows. */
export function schemasIn(
  written: readonly string[],
  catalog: Pick<Catalog, 'schemas'>,
): readonly string[] | undefined {
  const schemas = written.filter((schema) => schema !== '' && schema !== '$user')
  const at = written.indexOf('$user')
  // One that stands before it, or next behind it, has that place anyway; no role is called public.
  const same = at === -1 ? [] : [...written.slice(0, at + 2), 'public']
  return at === -1 || [...catalog.schemas].every((schema) => same.includes(schema)) ? schemas : undefined
}

function constantOf(
  constant: { readonly sval?: { readonly sval?: string }; readonly ival?: { readonly ival?: number } } | undefined,
): string | undefined {
  if (constant?.sval !== undefined) return constant.sval.sval ?? ''
  return constant?.ival === undefined ? undefined : String(constant.ival.ival ?? 0)
}

/** `app, "My schema"` as names; or the parts of one, with a dot in between. */
export function namesIn(list: string, between: ',' | '.' = ','): readonly string[] {
  const written = between === ',' ? /"((?:[^"]|"")*)"|[^\s,]+/g : /"((?:[^"]|"")*)"|[^\s.]+/g
  return [...list.matchAll(written)].map(([name, quoted]) =>
    quoted === undefined ? name.toLowerCase() : quoted.replaceAll('""', '"'),
  )
}
