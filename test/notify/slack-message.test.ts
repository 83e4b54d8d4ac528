import { describe, expect, test } from 'vitest'
import type { NotifyEvent } from '../../src/notify/event.ts'
import { type SlackMessage, shortDigest, slackLimits, slackMessage } from '../../src/notify/slack-message.ts'

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
const run = {
  environment: 'production',
  repository: 'acme/shop',
  ref: 'refs/tags/v1.2.3',
  actor: 'octocat',
  runUrl: 'https://github.com/acme/shop/actions/runs/1/attempts/1',
  target: { host: 'db.example.com', database: 'shop' },
  digest,
}
const refused: NotifyEvent = {
  kind: 'refused',
  run,
  migrations: ['20260101000000_drop_email'],
  reasonCode: 'approval_missing',
  reason: 'One statement in this plan needs approval (destructive).',
  next: ['Read the plan.', `--approve ${digest}`],
}

const texts = (message: SlackMessage) =>
  message.blocks.flatMap((block) =>
    block.type === 'context' ? block.elements.map((element) => element.text) : [block.text.text],
  )
const whole = (message: SlackMessage) => texts(message).join('\n')

describe('a Slack message', () => {
  test('of a refusal says environment, reason with its code, migration, next steps, database, digest and run', () => {
    expect(texts(slackMessage(refused))).toEqual([
      'Migration refused: production',
      'One statement in this plan needs approval (destructive). (approval_missing)',
      '*Migrations*\n• `20260101000000_drop_email`',
      `*What to do now*\n• Read the plan.\n• --approve ${digest}`,
      'Database `shop` on `db.example.com` · Plan `sha256:0123456789ab…` · acme/shop · `v1.2.3` · by octocat · <https://github.com/acme/shop/actions/runs/1/attempts/1|Open the run>',
    ])
  })

  test('of an applied plan says how long it took, which backup there is and what was not checked', () => {
    const applied: NotifyEvent = {
      kind: 'applied',
      run,
      migrations: ['a', 'b'],
      ms: 83_400,
      backup: 'read back to the last byte',
      notChecked: ['rehearsal', 'application health'],
    }
    expect(texts(slackMessage(applied))[1]).toBe(
      '2 migrations applied in 1 min 23 s. Backup: read back to the last byte. Not checked: rehearsal, application health.',
    )
    expect(texts(slackMessage({ ...applied, backup: undefined, notChecked: [], ms: 950 }))[1]).toBe(
      '2 migrations applied in 950 ms. No backup was taken.',
    )
  })

  test.each([
    ['started', 'Migration started: production'],
    ['failed', 'Migration failed: production'],
    ['recovered', 'Migration failed, database recovered: production'],
    ['needs-human', 'Migration stopped, a human is needed: production'],
    ['unreported', 'Run ended without a report: production'],
  ] as const)('of the kind %s has a title and a fallback text that begins with it', (kind, title) => {
    const message = slackMessage({ ...refused, kind })
    expect(message.blocks[0]).toEqual({ type: 'header', text: { type: 'plain_text', text: title, emoji: false } })
    expect(message.text.startsWith(`${title}. `)).toBe(true)
  })

  test('escapes what Slack would read as markup, mentions included', () => {
    const hostile = '<!channel> <@U1> <https://evil.example|click> a & b'
    const message = slackMessage({ ...refused, reason: hostile, migrations: [hostile], next: [hostile] })
    const escaped = '&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|click&gt; a &amp; b'
    expect(whole(message)).not.toContain('<!channel>')
    expect(whole(message).split(escaped)).toHaveLength(4)
    expect(message.text).toContain(escaped)
  })

  test('lets no backtick or line break of a name end the code it stands in', () => {
    const message = slackMessage({ ...refused, migrations: ['a`b\n*c*'] })
    expect(whole(message)).toContain("• `a'b *c*`")
  })

  test('counts the migrations it does not list', () => {
    const migrations = Array.from({ length: 120 }, (_, index) => `m${index}`)
    const section = texts(slackMessage({ ...refused, migrations }))[2] ?? ''
    expect(section.split('\n')).toHaveLength(17)
    expect(section).toMatch(/• `m14`\nand 105 more$/)
  })

  test('stays within every limit of Block Kit however long its parts are', () => {
    const long = '<&>😀'.repeat(5_000)
    const message = slackMessage({
      ...refused,
      run: {
        ...run,
        environment: long,
        repository: long,
        actor: long,
        ref: long,
        target: { host: long, database: long },
      },
      reason: long,
      migrations: Array.from({ length: 200 }, () => long),
      next: Array.from({ length: 200 }, () => long),
    })
    expect(message.blocks.length).toBeLessThanOrEqual(slackLimits.blocks)
    expect(message.text.length).toBeLessThanOrEqual(slackLimits.fallback)
    for (const block of message.blocks) {
      if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(slackLimits.header)
      if (block.type === 'section') expect(block.text.text.length).toBeLessThanOrEqual(slackLimits.section)
      if (block.type === 'context') expect(block.elements[0]?.text.length).toBeLessThanOrEqual(slackLimits.context)
    }
    // Nothing was cut in the middle of an entity or of a character.
    const escaped = [message.text, ...texts(message).slice(1)].join('\n')
    expect(escaped.match(/&(?!amp;|lt;|gt;)/)).toBeNull()
    expect(JSON.stringify(message).match(/\\ud[89a-f]/i)).toBeNull()
    expect(whole(message)).toMatch(/and \d+ more/)
  })

  test('leaves out what is not known instead of printing "undefined"', () => {
    const message = slackMessage({ ...refused, run: { environment: 'staging' }, migrations: [], next: [] })
    expect(message.blocks).toHaveLength(2)
    expect(JSON.stringify(message)).not.toContain('undefined')
  })

  test('links only to web addresses', () => {
    const message = slackMessage({ ...refused, run: { ...run, runUrl: 'javascript:alert(1)' } })
    expect(whole(message)).not.toContain('javascript')
  })
})

test('a digest is shortened so far that nobody can approve with it', () => {
  expect(shortDigest(digest)).toBe('sha256:0123456789ab…')
  expect(shortDigest('something else')).toBe('something else')
})

test('what turns the direction of writing does not reach Slack, in a short text or a long one', () => {
  for (const reason of ['\u202egnitset', `\u202e${'x'.repeat(4_000)}`]) {
    const message = slackMessage({ ...refused, reason, run: { ...run, ref: 'refs/heads/\u202ea' } })
    expect(JSON.stringify(message)).not.toContain('\u202e')
  }
})
