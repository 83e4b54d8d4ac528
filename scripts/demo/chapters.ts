import { existsSync } from 'node:fs'
import { airlock, airlockReading } from './airlock.ts'
import type { Shop } from './shop.ts'
import { found, heading, quote, say } from './terminal.ts'
import { expectThat } from './unexpected.ts'

/** What one chapter leaves for the next and for the end. */
export interface Memory {
  digest?: string
  backup?: string
  report?: string
}

export interface Chapter {
  readonly title: string
  tell(shop: Shop, memory: Memory, signal: AbortSignal): Promise<void>
}

const deploy = ['deploy', '--environment', 'production'] as const

const nothingPending: Chapter = {
  title: 'Nothing to do',
  async tell(shop, _memory, signal) {
    say('Most deploys bring no migration. That is answered from the history table; Prisma is not even started.')
    await airlock(shop, deploy, { code: 0, outcome: 'nothing-pending' }, signal)
  },
}

const refused: Chapter = {
  title: 'A migration that loses data is refused',
  async tell(shop, memory, signal) {
    const { name, path, sql } = await shop.addPending('destructive')
    say(`The coupons are over, and so is a column from the shop system before. A pull request adds ${path}:`)
    quote(statementsOf(sql))
    const { result } = await airlock(shop, deploy, { code: 3, outcome: 'refused' }, signal)
    expectThat(result.reasonCode === 'approval_missing', `The reason is ${result.reasonCode}, not approval_missing.`)
    expectThat(/^sha256:[0-9a-f]{64}$/.test(result.digest ?? ''), `${result.digest} is not a digest.`)
    const lost = result.migrations.flatMap(({ statements }) => statements.flatMap(({ effects }) => effects.loses))
    for (const loss of ['public.Coupon', 'public.Product.legacyCode', 'public.Order.couponId']) {
      expectThat(
        lost.some((candidate) => candidate.name === loss),
        `${loss} is not among what the plan says is lost.`,
      )
    }
    expectThat(result.findings.length > 0, 'There is no finding.')
    if (result.digest !== undefined) memory.digest = result.digest

    const coupons = await shop.number('SELECT count(*) AS value FROM "Coupon"')
    const codes = await shop.number('SELECT count("legacyCode") AS value FROM "Product"')
    expectThat(coupons === 20 && codes === 350, `There are ${coupons} coupons and ${codes} codes.`)
    expectThat((await finishedRows(shop, name)) === 0, `${name} is in the history.`)
    found(`nothing was changed: ${coupons} coupons and ${codes} values of legacyCode are where they were`)
  },
}

const approved: Chapter = {
  title: 'Approved, backed up, rehearsed, applied, verified',
  async tell(shop, memory, signal) {
    say(
      'Somebody read the plan and approves exactly this plan, by its digest. Another file, another database or another policy would have another digest.',
    )
    const approve = ['--approve', memory.digest ?? '']
    const { result } = await airlock(shop, [...deploy, ...approve], { code: 0, outcome: 'applied' }, signal)
    const stages = new Map(result.stages.map((stage) => [stage.name, stage.outcome]))
    for (const stage of ['backup', 'rehearse', 'verify'] as const) {
      expectThat(stages.get(stage) === 'pass', `The stage ${stage} is ${stages.get(stage) ?? 'missing'}.`)
    }
    expectThat(result.applied.length === 1, `${result.applied.length} migrations were applied.`)
    expectThat(result.backup !== undefined && existsSync(result.backup.manifest), 'There is no backup.')
    memory.backup = result.backup.manifest

    expectThat(!(await shop.hasColumn('Product', 'legacyCode')), 'Product.legacyCode is still there.')
    expectThat(!(await shop.hasColumn('Coupon', 'id')), 'Coupon is still there.')
    expectThat((await finishedRows(shop, result.migrations[0]?.name ?? '')) === 1, 'It is not in the history.')
    found('the column and the table are gone, Prisma has the migration in its history, and the backup has both')
  },
}

const rehearsed: Chapter = {
  title: 'A migration that the data does not allow',
  async tell(shop, _memory, signal) {
    const { name, sql } = await shop.addPending('fails-on-data')
    say(
      'No payment twice, says the next one. But in May twelve were recorded twice, and no test database has those rows:',
    )
    quote(statementsOf(sql))
    say(
      'The backup has them. It was restored to prove it, and on that copy the migration runs before production sees it.',
    )
    const { result } = await airlock(shop, deploy, { code: 3, outcome: 'refused' }, signal)
    expectThat(result.reasonCode === 'rehearsal_failed', `The reason is ${result.reasonCode}, not rehearsal_failed.`)
    expectThat(result.backup !== undefined && existsSync(result.backup.manifest), 'There is no backup.')
    expectThat(!(await shop.hasColumn('Payment', 'settledAt')), 'Payment.settledAt is there.')
    expectThat((await failedRows(shop)) + (await finishedRows(shop, name)) === 0, 'The history knows it.')
    found('production never saw it: no column, no failed row, no blocked deploy')
    await shop.removePending(name)
  },
}

const stopped: Chapter = {
  title: 'The same without a rehearsal: it fails half-way',
  async tell(shop, memory, signal) {
    const { name } = await shop.addPending('fails-on-data')
    say(
      'What would have happened? The rehearsal can be switched off, in one visible line of airlock.yml: `rehearse: off`.',
    )
    await shop.write('airlock.yml', withoutRehearsal(await shop.read('airlock.yml')))
    say('Prisma 7.4 and newer commit each statement by itself: when the second fails, the first has happened.')
    const { result, report } = await airlock(shop, deploy, { code: 5, outcome: 'needs-human' }, signal)
    expectThat(result.next.join('\n').includes(`resolve --rolled-back ${name}`), 'It does not say what to do next.')
    expectThat(result.backup !== undefined && existsSync(result.backup.manifest), 'There is no backup.')
    memory.report = report
    expectThat(await shop.hasColumn('Payment', 'settledAt'), 'Payment.settledAt is not there.')
    expectThat((await failedRows(shop)) === 1, 'The failed migration is not in the history.')
    found('the column settledAt is there, the index is not, and the history has a failed row: as it says')

    say('\nNext, as it says: undo the first half by hand, tell Prisma, and every deploy is free again.')
    await shop.write('undo.sql', 'ALTER TABLE "Payment" DROP COLUMN "settledAt";\n')
    await shop.prisma('db', 'execute', '--file', 'undo.sql')
    await shop.prisma('migrate', 'resolve', '--rolled-back', name)
    expectThat((await failedRows(shop)) === 0, 'The history still has a failed row.')
    found('the history has no failed row any more')
  },
}

function withoutRehearsal(policy: string): string {
  return policy.replace('  production:\n', '  production:\n    rehearse: off\n')
}

const recovered: Chapter = {
  title: 'The same, all or nothing',
  async tell(shop, _memory, signal) {
    const { name, path, sql } = await shop.addPending('fails-on-data')
    say('Airlock also says how to write it so that there is no first half: one transaction around the file.')
    const wrapped = `BEGIN;\n${statementsOf(sql)}\nCOMMIT;\n`
    await shop.write(path, wrapped)
    quote(wrapped.trim())
    await airlock(shop, deploy, { code: 4, outcome: 'recovered' }, signal)
    expectThat(!(await shop.hasColumn('Payment', 'settledAt')), 'Payment.settledAt is there.')
    expectThat((await failedRows(shop)) === 0, 'The history has a failed row.')
    found('nothing of it stayed, and nothing blocks the next deploy')
    await shop.removePending(name)
  },
}

const rename: Chapter = {
  title: 'A rename that would empty a column',
  async tell(shop, _memory, signal) {
    const { sql } = await shop.addPending('rename')
    say('In schema.prisma somebody renamed User.name to fullName. This is what Prisma made of it:')
    quote(statementsOf(sql))
    const result = await airlockReading(
      shop,
      ['plan', '--environment', 'production'],
      { code: 3, outcome: 'needs-approval' },
      signal,
    )
    const recognised = result.findings.find((finding) => finding.rule === 'rename-as-drop-add')
    expectThat(
      /RENAME COLUMN "?name"? TO "fullName"/.test(recognised?.instead ?? ''),
      'No finding has the SQL of the rename.',
    )
    const names = await shop.number('SELECT count("name") AS value FROM "User"')
    expectThat(names === 1900, `There are ${names} names.`)
    found(`recognised, with the SQL that keeps the data; all ${names} names are where they were`)
  },
}

export const chapters: readonly Chapter[] = [nothingPending, refused, approved, rehearsed, stopped, recovered, rename]

export async function tellAll(shop: Shop, signal: AbortSignal): Promise<Memory> {
  const memory: Memory = {}
  for (const [index, chapter] of chapters.entries()) {
    heading(`${index + 1}  ${chapter.title}`)
    await chapter.tell(shop, memory, signal)
  }
  return memory
}

async function finishedRows(shop: Shop, name: string): Promise<number> {
  return shop.number(
    `SELECT count(*) AS value FROM _prisma_migrations WHERE migration_name = '${name}' AND finished_at IS NOT NULL`,
  )
}

async function failedRows(shop: Shop): Promise<number> {
  return shop.number(
    'SELECT count(*) AS value FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL',
  )
}

/** Without the comments that Prisma writes: the story tells them in its own words. */
function statementsOf(sql: string): string {
  return sql
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^--.*\n/gm, '')
    .replaceAll(/\n{2,}/g, '\n')
    .trim()
}
