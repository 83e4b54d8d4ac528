import { z } from 'zod'
import { fail, messageOf } from '../../../../errors.ts'

/** The parts of Neon’s answers that are used (API description 2, https://console.neon.tech/api/v2). Pure. */

const branch = z.object({
  id: z.string().min(1),
  name: z.string(),
  parent_id: z.string().optional(),
  parent_lsn: z.string().optional(),
  current_state: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  logical_size: z.int().nonnegative().optional(),
})
const operation = z.object({
  id: z.string().min(1),
  action: z.string(),
  status: z.string(),
  error: z.string().optional(),
})
const annotation = z.object({ value: z.record(z.string(), z.string()) })

export const endpointAnswer = z.object({ endpoint: z.object({ id: z.string(), branch_id: z.string() }) })
export const projectAnswer = z.object({ project: z.object({ history_retention_seconds: z.int().nonnegative() }) })
export const branchAnswer = z.object({ branch, annotation: annotation.optional() })
export const branchesAnswer = z.object({
  branches: z.array(branch),
  annotations: z.record(z.string(), annotation),
  pagination: z.object({ next: z.string().optional() }).optional(),
})
export const changedAnswer = z.object({ branch, operations: z.array(operation) })
export const operationAnswer = z.object({ operation })

export type NeonBranch = z.infer<typeof branch>
export type NeonOperation = z.infer<typeof operation>

export function readAnswer<Answer>(schema: z.ZodType<Answer>, text: string, question: string): Answer {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw unexpected(question, messageOf(error))
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw unexpected(question, parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
}

function unexpected(question: string, why: string) {
  return fail('PROVIDER.UNEXPECTED', {
    what: 'Neon answered in a way that this release does not know.',
    why: `${question}: ${why}`,
    next: ['Look for a newer release of Airlock, or use `strategy: pg_dump`, which needs no provider.'],
  })
}
