import { describe, expect, test } from 'vitest'
import { timelineOf } from '../../src/report/timeline.ts'
import { mermaidTimeline } from '../../src/report/timeline-mermaid.ts'
import { svgTimeline } from '../../src/report/timeline-svg.ts'
import { textTimeline } from '../../src/report/timeline-text.ts'
import { tickStep, tickText } from '../../src/report/timeline-ticks.ts'
import { deploy, lock, statement } from './estimates.ts'

const order = 'public.Order'

describe('a timeline', () => {
  test('has one statement behind the other, and each file begins where the last one ended', () => {
    const timeline = timelineOf(deploy([[statement(100), statement(200)], [statement(50)]]))
    expect(timeline.files).toMatchObject([
      { startMs: 0, endMs: 300, starts: [0, 100] },
      { startMs: 300, endMs: 350, starts: [300] },
    ])
    expect(timeline.totalMs).toBe(350)
  })

  test('shows the strongest of several locks, and what is left of the others around it', () => {
    const timeline = timelineOf(
      deploy([
        [
          statement(100, [lock(order, 'ShareLock', 350)]),
          statement(200, [lock(order, 'AccessExclusiveLock', 200)]),
          statement(50),
        ],
      ]),
    )
    expect(timeline.rows).toMatchObject([
      {
        relation: order,
        intervals: [
          { startMs: 0, endMs: 100, blocks: 'writes' },
          { startMs: 100, endMs: 300, blocks: 'reads-and-writes' },
          { startMs: 300, endMs: 350, blocks: 'writes' },
        ],
      },
    ])
  })

  test('has no row for a lock that nobody waits for', () => {
    expect(timelineOf(deploy([[statement(100, [lock(order, 'ShareUpdateExclusiveLock', 100)])]])).rows).toEqual([])
  })

  test('says what it cannot draw because its length is not known', () => {
    const timeline = timelineOf(
      deploy([[statement('it works on rows', [lock(order, 'ShareLock', 'it works on rows')])]]),
    )
    expect(timeline).toMatchObject({
      rows: [],
      unknown: 1,
      notDrawn: [{ relation: order, blocks: 'writes', place: '1_change:1' }],
    })
  })

  test('begins with the table that others wait for longest', () => {
    const locks = [lock('public.a', 'ShareLock', 100), lock('public.b', 'AccessExclusiveLock', 100)]
    expect(timelineOf(deploy([[statement(100, locks)]])).rows.map(({ relation }) => relation)).toEqual([
      'public.b',
      'public.a',
    ])
  })
})

describe('in Mermaid', () => {
  const drawn = (relation: string, mode: Parameters<typeof lock>[1] = 'ShareLock') =>
    mermaidTimeline(timelineOf(deploy([[statement(3_000, [lock(relation, mode, 3_000)])]])), 'public')

  test('a table is a section and a wait a task', () => {
    expect(drawn(order)?.split('\n')).toEqual([
      '```mermaid',
      '%%{init: {"gantt": {"leftPadding": 90}}}%%',
      'gantt',
      '  dateFormat YYYY-MM-DD HH:mm:ss.SSS',
      '  axisFormat %-S s',
      '  todayMarker off',
      '  section migrations',
      '    runs 1_change :2000-01-01 00:00:00.000, 2000-01-01 00:00:03.000',
      '  section #34;Order#34;',
      '    writes wait about 3.0 s (1.5 to 6.0 s) :2000-01-01 00:00:00.000, 2000-01-01 00:00:03.000',
      '```',
    ])
  })

  test('what readers wait for is marked as critical', () => {
    expect(drawn(order, 'AccessExclusiveLock')).toContain('reads and writes wait about 3.0 s (1.5 to 6.0 s) :crit, ')
  })

  test.each(['a:b', 'a;b', 'a#b', 'a"b', '```', '%%{init}', '<img src=x>', 'a\n  section b', '\u001b[2J'])(
    'the name %j stays a name',
    (name) => {
      const chart = drawn(`public.${name}`) ?? ''
      expect(chart.split('\n')).toHaveLength(11)
      const section = /^ {2}section (.*)$/m.exec(chart.slice(chart.indexOf('migrations')))?.[1] ?? ''
      expect(section.replaceAll(/#\d+;/g, '')).toMatch(/^[\p{L}\p{N} ._,()-]*$/u)
    },
  )

  test('names in any script are left as they are', () => {
    expect(drawn('public.日本語')).toContain('section #34;日本語#34;')
  })

  test('a wait that nobody notices is not drawn, and nothing at all where no other is', () => {
    const short = deploy([[statement(5, [lock(order, 'AccessExclusiveLock', 5)])]])
    expect(mermaidTimeline(timelineOf(short), 'public')).toBeUndefined()
  })

  test('of very many waits the heaviest are drawn and the others counted', () => {
    const statements = Array.from({ length: 200 }, (_, at) =>
      statement(100 + at, [lock(`public.t${at}`, 'ShareLock', 100 + at)]),
    )
    const chart = mermaidTimeline(timelineOf(deploy(statements.map((one) => [one]))), 'public') ?? ''
    expect(chart.match(/writes wait/g)).toHaveLength(30)
    expect(chart).toContain('section t199')
    expect(chart).not.toContain('section t169\n')
    expect(chart).toContain('170 shorter waits are not drawn. 180 later migrations are not drawn.')
    expect(chart.length).toBeLessThan(20_000)
  })
})

describe('in SVG', () => {
  const svgOf = (relation: string) =>
    svgTimeline(timelineOf(deploy([[statement(3_000, [lock(relation, 'AccessExclusiveLock', 3_000)])]])), 'public')

  test('it says in words what it shows, and fetches and runs nothing', () => {
    const svg = svgOf(order)
    expect(svg).toContain('role="img" aria-labelledby="airlock-timeline-title airlock-timeline-text"')
    expect(svg).toContain('&quot;Order&quot;: from 0 ms to 3.0 s reads and writes wait.</desc>')
    expect(svg).not.toMatch(/<script|href|url\((?!#)|\bon[a-z]+=|@import|foreignObject/)
  })

  test.each(['<script>', '"><g onload="x', 'a&b', '\uffff', 'a\u0000b'])('the name %j stays text', (name) => {
    const svg = svgOf(`public.${name}`)
    const tags = svg.replaceAll(/<style>[\s\S]*<\/style>/g, '').match(/<\/?[a-z]+/gi) ?? []
    expect(new Set(tags)).toEqual(
      new Set(
        svgOf(order)
          .replaceAll(/<style>[\s\S]*<\/style>/g, '')
          .match(/<\/?[a-z]+/gi),
      ),
    )
    expect(svg).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/)
    expect(svg).not.toMatch(/(?!\n)\p{Cc}|\uffff/u)
  })

  test('of very many tables it shows the heaviest and counts the others', () => {
    const statements = Array.from({ length: 100 }, (_, at) => statement(100, [lock(`public.t${at}`, 'ShareLock', 100)]))
    const svg = svgTimeline(timelineOf(deploy([statements])), 'public')
    expect(svg).toContain('60 more tables with shorter waits</text>')
    expect(svg.length).toBeLessThan(60_000)
  })
})

describe('in text', () => {
  test('a letter says who waits, and a wait too short for a letter has one', () => {
    const timeline = timelineOf(
      deploy([
        [
          statement(2_000, [lock(order, 'ShareLock', 2_000)]),
          statement(2_000, [lock('public.User', 'AccessExclusiveLock', 1)]),
        ],
      ]),
    )
    expect(textTimeline(timeline, 'public')).toEqual([
      '         0                                          4.0 s',
      '"Order"  wwwwwwwwwwwwwwwwwwwwwwww........................  writes wait about 2.0 s (1.0 to 4.0 s)',
      '"User"   ........................A.......................  reads and writes wait under 50 ms',
      '(A: all wait, w: writes wait, r: writes to the same rows wait, .: nobody waits)',
    ])
  })

  test('there is nothing to draw where nobody waits', () => {
    expect(textTimeline(timelineOf(deploy([[statement(10)]])), 'public')).toEqual([])
  })
})

test.each([
  [3, 1, '1 ms'],
  [4_000, 500, '500 ms'],
  [95_000, 15_000, '15 s'],
  [600_000, 120_000, '2 min'],
  [86_400_000, 10_800_000, '180 min'],
])('an axis of %d ms has a tick every %d', (totalMs, step, words) => {
  expect(tickStep(totalMs)).toBe(step)
  expect(tickText(step)).toBe(words)
})
