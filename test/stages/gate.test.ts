import { describe, expect, test } from 'vitest'
import { approvalReasons, defaultConfig, type Policy, policyFor } from '../../src/config.ts'
import { decideGate, refuseOutsiders, type Trigger } from '../../src/stages/gate/decide.ts'
import type { Plan, PlanDigest, Risk } from '../../src/stages/plan/plan.ts'

const digest = `sha256:${'a'.repeat(64)}` as PlanDigest
const safeDefaults = policyFor(defaultConfig, 'production')
const terminal: Trigger = { kind: 'terminal', attempt: 1 }
const manual: Trigger = { kind: 'manual', attempt: 1 }
const nothingGiven = { confirm: '', approve: '', planned: '', environment: 'production' }

function planWith(reasons: readonly Risk['reason'][]): Plan {
  const risks = reasons.map((reason) => ({ reason, migration: '1_drop', line: 1, text: `${reason} thing` }))
  return { migrations: [], findings: [], allowed: [], risks, obstacles: [], digest, leftOut: [] }
}

function decide(
  given: Partial<typeof nothingGiven>,
  options: { plan?: Plan; policy?: Policy; trigger?: Trigger } = {},
) {
  const { plan = planWith([]), policy = safeDefaults, trigger = terminal } = options
  const verdict = decideGate(plan, policy, trigger, { ...nothingGiven, ...given })
  return verdict.kind === 'clear' ? 'clear' : verdict.code
}

describe('a manual run', () => {
  test('goes on with exactly CONFIRM', () => {
    expect(decide({ confirm: 'CONFIRM' }, { trigger: manual })).toBe('clear')
  })

  test('is refused without anything typed', () => {
    expect(decide({}, { trigger: manual })).toBe('confirm_missing')
  })

  test.each([
    'confirm',
    'Confirm',
    ' CONFIRM',
    'CONFIRM ',
    'CONFIRM\n',
    'CONFIRMED',
    'СONFIRM',
    'CONFlRM',
    '"CONFIRM"',
    'yes',
    'true',
  ])('is refused when %j was typed', (confirm) => {
    expect(decide({ confirm }, { trigger: manual })).toBe('confirm_not_exact')
  })

  test('is refused as a re-run, because the CONFIRM in it was typed for an earlier attempt', () => {
    expect(decide({ confirm: 'CONFIRM' }, { trigger: { kind: 'manual', attempt: 2 } })).toBe('confirm_replayed')
  })
})

describe('a run that nobody started by hand', () => {
  test.each<Trigger>([terminal, { kind: 'automatic', attempt: 1 }, { kind: 'automatic', attempt: 3 }])(
    'needs no CONFIRM: %j',
    (trigger) => {
      expect(decide({}, { trigger })).toBe('clear')
    },
  )

  test('is refused when something other than CONFIRM is handed over', () => {
    expect(decide({ confirm: 'confirm' })).toBe('confirm_not_exact')
  })
})

test('a deploy is refused where anybody can have caused the run, a plan is not', () => {
  const trigger: Trigger = { kind: 'outsider', attempt: 1, eventName: 'pull_request_target' }
  expect(() => refuseOutsiders(trigger)).toThrow(/GITHUB.EVENT_REFUSED/)
  expect(decide({}, { trigger })).toBe('clear')
  for (const kind of ['manual', 'automatic', 'terminal'] as const) refuseOutsiders({ kind, attempt: 1 })
})

describe('approval', () => {
  test.each(approvalReasons)('is needed for a risk that is %s by default', (reason) => {
    expect(decide({}, { plan: planWith([reason]) })).toBe('approval_missing')
    expect(decide({ confirm: 'CONFIRM' }, { plan: planWith([reason]), trigger: manual })).toBe('approval_missing')
  })

  test('by the digest of this very plan clears it', () => {
    expect(decide({ approve: digest }, { plan: planWith(['destructive']) })).toBe('clear')
  })

  test.each([
    `sha256:${'b'.repeat(64)}`,
    digest.slice(0, -1),
    `${digest} `,
    digest.toUpperCase(),
    digest.slice('sha256:'.length),
    'CONFIRM',
    '*',
  ])('by %j is refused, even where none is needed', (approve) => {
    expect(decide({ approve }, { plan: planWith(['destructive']) })).toBe('approval_of_another_plan')
    expect(decide({ approve })).toBe('approval_of_another_plan')
  })

  test('is not needed for what the policy waives, and the clearance says what was waived', () => {
    const policy: Policy = { ...safeDefaults, 'require-approval': ['destructive'] }
    const verdict = decideGate(planWith(['long-lock']), policy, terminal, nothingGiven)
    expect(verdict).toMatchObject({
      kind: 'clear',
      clearance: { because: expect.stringContaining('waives approval for long-lock') },
    })
  })

  test('names the environment, or the command would approve the plan of another one', () => {
    const verdict = decideGate(planWith(['destructive']), safeDefaults, terminal, {
      ...nothingGiven,
      environment: 'staging',
    })
    expect(verdict).toMatchObject({
      next: expect.arrayContaining([`airlock deploy --environment staging --approve ${digest}`]),
    })
  })

  test('says how to give it', () => {
    const verdict = decideGate(planWith(['destructive']), safeDefaults, terminal, nothingGiven)
    expect(verdict).toMatchObject({
      kind: 'needs-approval',
      next: expect.arrayContaining([`airlock deploy --approve ${digest}`]),
    })
  })
})

test('a plan that is known to fail is refused even with approval', () => {
  const obstacles = [{ migration: '2_index', text: 'CREATE INDEX CONCURRENTLY cannot run here.', instead: 'Move it.' }]
  expect(decide({ approve: digest }, { plan: { ...planWith(['destructive']), obstacles } })).toBe('will_fail')
})

test('a plan other than the one that the plan job showed is refused, and being planned approves nothing', () => {
  expect(decide({ planned: digest })).toBe('clear')
  expect(decide({ planned: `sha256:${'b'.repeat(64)}` })).toBe('plan_changed')
  expect(decide({ planned: digest }, { plan: planWith(['destructive']) })).toBe('approval_missing')
})
