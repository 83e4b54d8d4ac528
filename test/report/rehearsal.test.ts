import { describe, expect, test } from 'vitest'
import { rehearsalHtml } from '../../src/report/rehearsal-html.ts'
import { rehearsalMarkdown } from '../../src/report/rehearsal-markdown.ts'
import { type RehearsalSection, verdictOf } from '../../src/report/rehearsal-section.ts'
import { rehearsalText } from '../../src/report/rehearsal-text.ts'
import { rangeText } from '../../src/report/rehearsal-words.ts'
import type { StatementEstimate } from '../../src/stages/rehearse/estimate/estimate.ts'
import type { StoppedTrace } from '../../src/stages/rehearse/trace/trace.ts'
import { noEffects } from '../stages/rehearse/estimate/fixtures.ts'
import { deploy, duration, lock, statement } from './estimates.ts'

function section(
  files: readonly (readonly StatementEstimate[])[],
  more: Partial<RehearsalSection> = {},
  sql = 'ALTER TABLE "Order" ADD COLUMN a text',
): RehearsalSection {
  const estimate = deploy(files)
  const range = { startByte: 0, endByte: 1, line: 1, column: 1, endLine: 1 }
  return {
    mode: 'data',
    schema: 'public',
    estimate,
    plan: estimate.files.map(({ migration, statements }) => ({
      name: migration,
      statements: statements.map(({ index, kind }) => ({
        index,
        kind,
        sql,
        range,
        effects: noEffects,
        runsCode: false,
      })),
    })),
    trace: {
      files: estimate.files.map(({ migration }) => ({ migration, ms: 1_400, statements: [] })),
      stopped: undefined,
    },
    disagreements: [],
    checks: [],
    undo: [],
    halfway: [],
    notChecked: [],
    ...more,
  }
}

const stopped: StoppedTrace = {
  migration: '2_change',
  index: 0,
  line: 14,
  sql: 'ALTER TABLE "User" ALTER COLUMN email SET NOT NULL',
  sqlState: '23502',
  message: 'column "email" of relation "User" contains null values',
  cause: '2 rows of "User" have no value in "email".',
  offending: { kind: 'counted', rows: 2 },
  find: 'SELECT * FROM "User" WHERE email IS NULL;',
}

const order = (mode: Parameters<typeof lock>[1], held: number | string) => lock('public.Order', mode, held)

describe('ways back', () => {
  const written = { sql: 'BEGIN;\nDROP TABLE "<a>";\nCOMMIT;\n', checked: [], notChecked: [], writtenSince: [] }
  const loss = {
    kind: 'column' as const,
    name: 'public.User.age',
    rows: 5,
    text: 'The column public.User.age comes back without its values: 5 rows had one.',
  }
  const undo: RehearsalSection['undo'] = [
    { migration: '1_a', kind: 'proven', origin: { kind: 'generated' }, loses: [], ...written },
    {
      migration: '2_b',
      kind: 'lossy',
      origin: { kind: 'own', file: 'prisma/2_b/down.sql' },
      loses: [loss],
      ...written,
    },
    { migration: '3_c', kind: 'impossible', origin: { kind: 'generated' }, because: '7 rows of <b> | c' },
    {
      migration: '4_d',
      kind: 'not-proven',
      origin: { kind: 'generated' },
      because: 'The migration\ndid not go through.',
      sql: '',
    },
  ]

  test('are told for each migration, with what is lost, in every form', () => {
    const one = section([[statement(5)]], { undo })
    const markdown = rehearsalMarkdown(one)
    expect(markdown).toContain('4 ways back: 1 proven, 1 lossy, 1 impossible, 1 not proven.')
    expect(markdown).toContain('| `2_b` | lossy (prisma/2_b/down.sql) | The column public.User.age comes back')
    expect(markdown).toContain('The migration did not go through.')
    const text = rehearsalText(one)
    expect(text).toContain('way back: 1_a: proven. Nothing that was there is lost.')
    expect(text).toContain('way back: 3_c: impossible. 7 rows of <b> | c')
    const html = rehearsalHtml(one)
    expect(html).toContain('7 rows of &lt;b&gt; | c')
    expect(html).toContain('<details><summary>SQL</summary><pre>BEGIN;\nDROP TABLE &quot;&lt;a&gt;&quot;;')
    expect(html).not.toContain('<a>')
  })

  test('are not spoken of where none was tried', () => {
    const one = section([[statement(5)]])
    for (const shown of [rehearsalMarkdown(one), rehearsalText(one), rehearsalHtml(one)])
      expect(shown).not.toMatch(/way back/i)
  })
})

describe('deploys that end inside of a migration', () => {
  const again = { next: 'again', says: 'nothing is there', wrong: false } as const
  const recorded = { next: 'recorded', says: 'all is there', wrong: false } as const
  const person = { next: 'person', says: 'In force are its statements up to line 1.', wrong: false } as const
  const none = { line: null, inForce: 0, of: 2, killed: again, refused: again }
  const all = { line: 2, inForce: 2, of: 2, killed: recorded, refused: undefined }
  const part = { line: 1, inForce: 1, of: 2, killed: person, refused: { ...again, wrong: true } }
  const halfway: RehearsalSection['halfway'] = [
    { migration: '1_whole', states: [none, all], notTried: [] },
    { migration: '2_parts', states: [none, part, all], notTried: ['what line 2 leaves'] },
  ]

  test('are told by what is in force then and what the next deploy does, in every form; a wrong one is called that', () => {
    const one = section([[statement(5)]], { halfway })
    const markdown = rehearsalMarkdown(one)
    expect(markdown).toContain(
      '| `1_whole` | nothing or all of it | applies it from its start, or records it as applied. |',
    )
    expect(markdown).toContain('| `2_parts` | nothing of it | applies it from its start. |')
    expect(markdown).toContain(
      '| `2_parts` | 1 of 2 statements, up to line 1 | when it was killed: asks a person. In force',
    )
    expect(markdown).toContain('When the server refused it: WRONG, not what is in force: applies it from its start.')
    const text = rehearsalText(one)
    expect(text).toContain(
      '2_parts, in force all of it, and its end is not recorded: the next deploy records it as applied.',
    )
    expect(text).toContain('2_parts, not tried: what line 2 leaves')
    expect(rehearsalHtml(one)).toContain('<td>not tried</td><td>what line 2 leaves</td>')
  })
})

describe('the verdict', () => {
  test('names what the data says and does not hold, and every report has it first in its list', () => {
    const check = (outcome: 'pass' | 'fail' | 'not-checked', name: string) =>
      ({ kind: 'assertion', name, outcome, text: 'so it is' }) as const
    const checks = [check('pass', 'one'), check('not-checked', 'two'), check('fail', 'three <b>')]
    const shown = section([[statement(1)]], { checks })
    expect(verdictOf(shown).at(-1)).toBe('What the data says does not hold: three <b>.')
    for (const report of [rehearsalMarkdown(shown), rehearsalText(shown), rehearsalHtml(shown)])
      expect(report).toMatch(/does not hold: three .*so it is[\s\S]*not checked: two: so it is[\s\S]*one: so it is/)
    expect(rehearsalHtml(shown)).not.toContain('<b>')
  })

  test('says that all ran, in what time, and who waits longest', () => {
    const files = [
      [statement(3_000, [order('ShareLock', 3_000)])],
      [statement(10, [lock('public.User', 'AccessExclusiveLock', 10)])],
      [statement(20)],
    ]
    expect(verdictOf(section(files))).toEqual([
      'All 3 migrations ran on a copy of production’s data in 4.2 s. Longest lock: writes to "Order" wait about 3.0 s (1.5 to 6.0 s).',
      'In production they take about 3.0 s (1.5 to 6.1 s); waiting for locks that somebody holds comes on top.',
    ])
  })

  test('prefers a lock of a table to one of its rows, which stops fewer', () => {
    const rows = { ...order('RowExclusiveLock', 9_000), blocks: 'same-rows' as const }
    expect(verdictOf(section([[statement(9_000, [rows, order('ShareLock', 1_000)])]]))[0]).toContain(
      'Longest lock: writes to "Order" wait about 1.0 s',
    )
    expect(verdictOf(section([[statement(9_000, [rows])]]))[0]).toContain(
      'writes to the same rows of "Order" wait about 9.0 s',
    )
  })

  test('says so where nobody notices', () => {
    expect(verdictOf(section([[statement(5, [order('AccessExclusiveLock', 5)])]]))[0]).toBe(
      'The migration ran on a copy of production’s data in 1.4 s. Nobody waits for a lock for 50 ms or longer.',
    )
  })

  test('never takes a time that is not known for none', () => {
    const because = 'it works on rows, and the copy has none'
    const told = verdictOf(section([[statement(because, [order('ShareLock', because)])]], { mode: 'schema' })).join(' ')
    expect(told).toContain('on an empty copy of production’s schema')
    expect(told).toContain('For how long writes to "Order" wait is not known.')
    expect(told).toContain('1 statement of unknown length')
    expect(told).not.toContain('Nobody waits')
  })

  test('says where it stopped and why', () => {
    const cut = section([[statement(5)], [statement(5)]])
    const trace = { files: cut.trace.files.slice(0, 1), stopped }
    expect(verdictOf({ ...cut, trace })).toEqual([
      'The migrations did not run on a copy of production’s data: 2_change stopped at line 14, after 1 migration of 2 had run. 2 rows of "User" have no value in "email".',
    ])
  })

  test('does not call all what is not all', () => {
    const one = section([[statement(5)], [statement(5)]])
    expect(verdictOf({ ...one, trace: { files: one.trace.files.slice(0, 1), stopped: undefined } })[0]).toMatch(
      /^Only 1 of/,
    )
  })
})

describe('in Markdown', () => {
  test('a statement has its place, both its times, who waits and its rows', () => {
    const report = rehearsalMarkdown(
      section([[statement(3_000, [order('ShareLock', 3_000)], { copyMs: 2_100, rows: 7 })]]),
    )
    expect(report).toContain('| statement | line | on the copy | in production | who waits | rows |')
    expect(report).toContain(
      '| `ALTER TABLE "Order" ADD COLUMN a text` | 1 | 2.1 s | about 3.0 s (1.5 to 6.0 s) | "Order": writes wait about 3.0 s (1.5 to 6.0 s) (ShareLock) | 7 |',
    )
    expect(report).toContain('```mermaid')
  })

  test('a cold cache is told where it makes a difference, and the transactions of others always', () => {
    const told = (more: Partial<StatementEstimate>) => rehearsalMarkdown(section([[statement(3_000, [], more)]]))
    expect(told({ cold: duration(9_000) })).toContain('from a cold cache about 9.0 s (4.5 to 18 s)')
    expect(told({ cold: duration(3_100) })).not.toContain('cold cache')
    expect(told({ waitsForOthers: true })).toContain('and until the transactions of others end')
  })

  test('what stopped it comes with the count and the SQL that finds the rows', () => {
    const report = rehearsalMarkdown(section([[statement(5)]], { trace: { files: [], stopped } }))
    for (const text of [
      '2 rows stand in the way.',
      'SQLSTATE 23502',
      `\`\`\`sql\n${stopped.find}\n\`\`\``,
      '`2_change:14`',
    ])
      expect(report).toContain(text)
  })

  test('rows that were not counted are told as such', () => {
    const open = {
      ...stopped,
      find: undefined,
      offending: { kind: 'not-counted', because: 'a trigger refused it' },
    } as const
    expect(rehearsalMarkdown(section([[statement(5)]], { trace: { files: [], stopped: open } }))).toContain(
      'were not counted: a trigger refused it',
    )
  })

  test('what others wrote stays text', () => {
    const odd = '<img src=x> | `a` @everyone ![x](http://x.test)\n# heading'
    const report = rehearsalMarkdown(
      section(
        [[statement(3_000, [lock(`public.${odd}`, 'ShareLock', 3_000)])]],
        { disagreements: [{ migration: odd, line: 1, text: odd }], notChecked: [odd] },
        odd,
      ),
    )
    const outside = report.replaceAll(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
    expect(outside).not.toMatch(/<img|@everyone|\]\(|^# heading/m)
    const [head, , row] = report.split('\n').filter((text) => text.startsWith('|'))
    const cells = (text: string | undefined) => text?.match(/(?<!\\)\|/g)?.length
    expect(cells(row)).toBe(cells(head))
  })

  test('of very many statements the heaviest are shown and the others counted', () => {
    const files = Array.from({ length: 20 }, (_, file) =>
      Array.from({ length: 50 }, (_, at) =>
        statement(file * 50 + at, [lock(`public.t${at}`, 'ShareLock', file * 50 + at)]),
      ),
    )
    const report = rehearsalMarkdown(section(files, {}, `SELECT '${'x'.repeat(5_000)}'`))
    expect(report.match(/^\| `/gm)).toHaveLength(60)
    expect(report).toContain('50 more statements, none of them longer than those shown.')
    expect(report.length).toBeLessThan(40_000)
  })

  test('statements of unknown length are shown before all others', () => {
    const files = [Array.from({ length: 100 }, (_, at) => statement(at === 3 ? 'it works on rows' : 1_000 + at))]
    expect(rehearsalMarkdown(section(files))).toContain('not known: it works on rows')
  })

  test('disagreements, what was not observed and what was not checked are all told', () => {
    const one = section([[statement(5)]], {
      disagreements: [{ migration: '1_change', line: 1, text: 'rewrites public.Order' }],
      notChecked: ['the seed'],
    })
    const [file] = one.trace.files
    const seen = { ...traced, notObserved: ['locks: it runs outside of a transaction'] }
    const trace = { stopped: undefined, files: [{ migration: '1_change', ms: file?.ms ?? 0, statements: [seen] }] }
    const report = rehearsalMarkdown({ ...one, trace })
    for (const text of ['rewrites public.Order', 'locks: it runs outside of a transaction', 'the seed'])
      expect(report).toContain(text)
  })
})

const traced = {
  ...{ index: 0, line: 1, kind: 'IndexStmt', ms: 1, transaction: 0, locks: [], rewrites: [], scans: [], rows: null },
  ...{ walBytes: 0, temporaryBytes: 0, indexes: [], notObserved: [] },
}

describe('on the terminal', () => {
  test('the verdict comes first, then who waits when, then the statements', () => {
    const text = rehearsalText(section([[statement(3_000, [order('ShareLock', 3_000)], { rows: 1 })]]))
    expect(text.split('\n')).toEqual([
      expect.stringMatching(
        /^rehearsal: The migration ran on a copy of production’s data in 1.4 s\. Longest lock: writes to "Order"/,
      ),
      expect.stringMatching(/^rehearsal: In production it takes about 3.0 s/),
      expect.stringMatching(/^ +0 +3.0 s$/),
      `"Order"  ${'w'.repeat(48)}  writes wait about 3.0 s (1.5 to 6.0 s)`,
      '(A: all wait, w: writes wait, r: writes to the same rows wait, .: nobody waits)',
      '1_change:1  1 ms on the copy, in production about 3.0 s (1.5 to 6.0 s)',
      '  waits: "Order": writes wait about 3.0 s (1.5 to 6.0 s) (ShareLock); 1 row',
      '',
    ])
  })

  test('nothing of it steers the terminal', () => {
    const text = rehearsalText(section([[statement(5)]], { notChecked: ['\u001b[2J'], trace: { files: [], stopped } }))
    expect(text).not.toContain('\u001b')
    expect(text).toContain('  SELECT * FROM "User" WHERE email IS NULL;')
  })
})

describe('as a page', () => {
  const tagsOf = (html: string) => new Set(html.replaceAll(/<style>[\s\S]*?<\/style>/g, '').match(/<\/?[a-z!]+[^>]*/gi))
  const page = (name: string) =>
    rehearsalHtml(
      section(
        [[statement(3_000, [lock(`public.${name}`, 'ShareLock', 3_000)])]],
        { disagreements: [{ migration: '1_change', line: 1, text: name }], notChecked: [name] },
        name,
      ),
    )

  test('it has the verdict, the picture and the statements, and fetches and runs nothing', () => {
    const html = page('Order')
    const places = ['class="verdict"', 'Who waits when', '<svg', 'scope="col"', 'Not checked'].map((text) =>
      html.indexOf(text),
    )
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(html).not.toMatch(/<script|<img|<link|src=|href=|url\((?!#)|@import/)
  })

  test('what others wrote stays text', () => {
    const html = page('</style><script>alert(1)</script> " onload="x & <b>')
    expect(tagsOf(html)).toEqual(tagsOf(page('Order')))
    expect(html).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/)
  })

  test('what stopped it stands on top, with the SQL that finds the rows', () => {
    const html = rehearsalHtml(section([[statement(5)]], { trace: { files: [], stopped } }))
    expect(html).toContain('<pre>SELECT * FROM &quot;User&quot; WHERE email IS NULL;</pre>')
    expect(html).toContain('2 rows stand in the way.')
  })
})

test.each([
  [{ low: 1, likely: 5, high: 50 }, 'under 50 ms'],
  [{ low: 10, likely: 40, high: 90 }, 'about 40 ms (10 to 90 ms)'],
  [{ low: 480, likely: 1_234, high: 9_876 }, 'about 1.2 s (480 ms to 9.9 s)'],
  [{ low: 10_400, likely: 19_000, high: 44_000 }, 'about 19 s (10 to 44 s)'],
  [{ low: 50_000, likely: 80_000, high: 200_000 }, 'about 1 min 20 s (50 s to 3 min 20 s)'],
])('%j is told as %s', (range, text) => {
  expect(rangeText(range)).toBe(text)
})
