import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { type ApiCall, type ApiReply, type PublishedApi, servePublishedApi } from '../../../lab/published-api.ts'

/** Neon’s own description of its API, as its package has it. */
const require = createRequire(import.meta.url)
const folder = dirname(dirname(require.resolve('@neondatabase/api-client')))
const description = parse(readFileSync(join(folder, 'public-v2-for-users.gen.yaml'), 'utf8'))

interface Branch {
  id: string
  name: string
  parent?: string
  tags: Record<string, string>
  createdAt: string
  state: string
}

/** A project with one branch and one compute, which does what the description says that Neon does. */
export interface NeonProject {
  readonly api: PublishedApi
  readonly branches: Map<string, Branch>
  /** Which branch the compute is on. */
  computeOn: string
  /** Answers in place of the project’s own, first ones first. */
  readonly instead: ((call: ApiCall, really: () => ApiReply) => ApiReply | Promise<ApiReply> | undefined)[]
  /** How often an operation is asked for until it is through; its states on the way. */
  operationStates: string[]
}

export const neonKey = 'napi_0123456789abcdefghij'

export async function neonProject(): Promise<NeonProject> {
  const operations = new Map<string, { asked: number; action: string; branch: string }>()
  let made = 0
  const now = () => new Date().toISOString()
  const main: Branch = { id: 'br-main-1', name: 'main', tags: {}, createdAt: '2026-01-01T00:00:00Z', state: 'ready' }
  const branches = new Map([[main.id, main]])

  const branchJson = ({ id, name, parent, createdAt, state }: Branch) => ({
    id,
    project_id: 'shiny-wind-028834',
    ...(parent === undefined ? {} : { parent_id: parent, parent_lsn: '0/1DE2850' }),
    name,
    current_state: state,
    state_changed_at: createdAt,
    logical_size: 30_000_000,
    creation_source: 'console',
    created_at: createdAt,
    updated_at: createdAt,
    default: parent === undefined,
    protected: false,
    cpu_used_sec: 1,
    active_time_seconds: 1,
    compute_time_seconds: 1,
    written_data_bytes: 1,
    data_transfer_bytes: 1,
  })
  const annotation = ({ id, tags }: Branch) => ({ object: { type: 'console/branch', id }, value: tags })
  const begin = (action: string, branch: string) => {
    const id = randomUUID()
    operations.set(id, { asked: 0, action, branch })
    return operationJson(id)
  }
  const operationJson = (id: string) => {
    const operation = operations.get(id)
    if (operation === undefined) return undefined
    const { operationStates } = project
    const status = operationStates[Math.min(operation.asked, operationStates.length - 1)] ?? 'finished'
    if (status === 'finished') {
      const branch = branches.get(operation.branch)
      if (branch !== undefined) branch.state = 'ready'
    }
    return {
      id,
      project_id: 'shiny-wind-028834',
      branch_id: operation.branch,
      action: operation.action,
      status,
      ...(status === 'failed' ? { error: 'pageserver is restarting' } : {}),
      failures_count: 0,
      created_at: now(),
      updated_at: now(),
      total_duration_ms: 10,
    }
  }
  const error = (status: number, message: string): ApiReply => ({ status, body: { code: '', message } })
  const make = (fields: Omit<Branch, 'id' | 'createdAt' | 'state'>): Branch => {
    made += 1
    const branch = { ...fields, id: `br-made-${made}`, createdAt: now(), state: 'init' }
    branches.set(branch.id, branch)
    return branch
  }

  const really = ({ operation, path, body, query, authorization }: ApiCall): ApiReply => {
    if (authorization !== `Bearer ${neonKey}`) return error(401, 'authentication failed')
    if (path.project_id !== 'shiny-wind-028834') return error(404, 'project not found')
    const branch = branches.get(path.branch_id ?? '')
    let reply: ApiReply
    switch (operation) {
      case 'getProjectEndpoint':
        if (path.endpoint_id !== 'ep-cool-darkness-123456') return error(404, 'endpoint not found')
        return { status: 200, body: { endpoint: endpointJson(project.computeOn) } }
      case 'createProjectBranch': {
        const { branch: asked, annotation_value: tags } = body as {
          branch: { parent_id: string; name: string }
          annotation_value: Record<string, string>
        }
        if (!branches.has(asked.parent_id)) return error(404, 'parent branch not found')
        const fresh = make({ name: asked.name, parent: asked.parent_id, tags })
        const begun = [begin('create_branch', fresh.id)]
        return {
          status: 201,
          body: { branch: branchJson(fresh), endpoints: [], operations: begun, roles: [], databases: [] },
        }
      }
      case 'getProjectOperation': {
        const known = operations.get(path.operation_id ?? '')
        if (known === undefined) return error(404, 'operation not found')
        known.asked += 1
        return { status: 200, body: { operation: operationJson(path.operation_id ?? '') } }
      }
      case 'getProjectBranch':
        if (branch === undefined) return error(404, 'branch not found')
        reply = { status: 200, body: { branch: branchJson(branch), annotation: annotation(branch) } }
        // It goes on by itself, whether somebody asks for its operations or not.
        branch.state = 'ready'
        return reply
      case 'listProjectBranches': {
        const all = [...branches.values()].filter(({ name }) => name.includes(query.get('search') ?? ''))
        // Pages of two, so that the second is asked for.
        const from = Number(query.get('cursor') ?? 0)
        const page = all.slice(from, from + 2)
        const next = from + 2 < all.length ? { next: String(from + 2) } : {}
        const annotations = Object.fromEntries(page.map((one) => [one.id, annotation(one)]))
        return { status: 200, body: { branches: page.map(branchJson), annotations, pagination: next } }
      }
      case 'restoreProjectBranch': {
        const { source_branch_id: source, preserve_under_name: name } = body as Record<string, string>
        if (branch === undefined || !branches.has(source ?? '')) return error(404, 'branch not found')
        make({ name: name ?? '', tags: {}, ...(branch.parent === undefined ? {} : { parent: branch.parent }) })
        return {
          status: 200,
          body: { branch: branchJson(branch), operations: [begin('switch_pageserver', branch.id)] },
        }
      }
      case 'deleteProjectBranch':
        if (branch === undefined) return { status: 204 }
        branches.delete(branch.id)
        return { status: 200, body: { branch: branchJson(branch), operations: [begin('delete_timeline', branch.id)] } }
      case 'getProject':
        return { status: 200, body: { project: projectJson() } }
      default:
        return error(404, operation)
    }
  }

  const api = await servePublishedApi(description, '/api/v2', (call) => {
    const [first] = project.instead
    if (first === undefined) return really(call)
    const reply = first(call, () => really(call))
    if (reply === undefined) return really(call)
    project.instead.shift()
    return reply
  })
  const project: NeonProject = {
    api,
    branches,
    computeOn: main.id,
    instead: [],
    operationStates: ['running', 'finished'],
  }
  return project
}

function endpointJson(branch: string) {
  return {
    host: 'ep-cool-darkness-123456.eu-central-1.aws.neon.tech',
    id: 'ep-cool-darkness-123456',
    project_id: 'shiny-wind-028834',
    branch_id: branch,
    region_id: 'aws-eu-central-1',
    autoscaling_limit_max_cu: 1,
    autoscaling_limit_min_cu: 0.25,
    type: 'read_write',
    current_state: 'active',
    pooler_enabled: false,
    pooler_mode: 'transaction',
    disabled: false,
    passwordless_access: true,
    creation_source: 'console',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    settings: {},
    proxy_host: 'eu-central-1.aws.neon.tech',
    suspend_timeout_seconds: 0,
    provisioner: 'k8s-neonvm',
  }
}

function projectJson() {
  return {
    consumption_period_end: '2026-12-01T00:00:00Z',
    consumption_period_start: '2026-11-01T00:00:00Z',
    active_time_seconds: 1,
    compute_time_seconds: 1,
    written_data_bytes: 1,
    data_transfer_bytes: 1,
    data_storage_bytes_hour: 1,
    id: 'shiny-wind-028834',
    platform_id: 'aws',
    region_id: 'aws-eu-central-1',
    name: 'shop',
    pg_version: 17,
    proxy_host: 'eu-central-1.aws.neon.tech',
    branch_logical_size_limit: 1,
    branch_logical_size_limit_bytes: 1,
    store_passwords: true,
    cpu_used_sec: 1,
    provisioner: 'k8s-neonvm',
    creation_source: 'console',
    history_retention_seconds: 86_400,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    owner_id: 'owner',
  }
}
