import { expect, test } from 'vitest'
import type { Invocation } from '../../../src/invocation.ts'
import { prismaWords } from '../../../src/migrations/prisma-history.ts'
import type { Plan } from '../../../src/stages/plan/plan.ts'
import { nextFor } from '../../../src/stages/recover/next-steps.ts'
import type { StoppedState } from '../../../src/stages/recover/stopped-state.ts'

const plan: Pick<Plan, 'migrations'> = { migrations: [] }

function nextAfter(added: readonly string[]): readonly string[] {
  const state: StoppedState = {
    applied: [],
    notAsPlanned: [],
    failed: [
      {
        name: '2_index',
        planned: { atomic: false, mustShow: false, firstMustShow: false, firstBuilt: undefined, beyond: [] },
        refusedWith: '55P03',
        succeeded: false,
        rolledBack: false,
        resumption: undefined,
      },
    ],
    notReached: [],
    takenBack: undefined,
    difference: { added, removed: [] },
    atWork: undefined,
    historyInDoubt: undefined,
  }
  return nextFor(state, plan as Plan, { environment: 'production' } as Invocation, prismaWords('public'))
}

test.each([
  [
    'index CREATE INDEX user_email ON public.users USING btree (email) invalid',
    'DROP INDEX CONCURRENTLY public.user_email;',
  ],
  [
    'index CREATE UNIQUE INDEX "User ""x"" email" ON "my schema"."User" USING btree (email) WHERE (a = 1) invalid',
    'DROP INDEX CONCURRENTLY "my schema"."User ""x"" email";',
  ],
])('an index that was not finished is dropped before anything else: %s', (line, drop) => {
  expect(nextAfter([line]).slice(0, 2)).toEqual(['Drop what is left of an index that was not finished:', drop])
})

test('one that is whole is not', () => {
  expect(nextAfter(['index CREATE INDEX user_email ON public.users USING btree (email)']).join()).not.toContain('DROP')
})
