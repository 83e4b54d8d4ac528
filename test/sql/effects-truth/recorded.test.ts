import { describe, expect, it } from 'vitest'
import { loadParser } from '../../../src/sql/parse.ts'
import { postgresMajors } from '../../lab/postgres-package.ts'
import { observedIn, readMatrix } from '../../truth/matrix.ts'
import { comparison } from './agreement.ts'
import { catalogue, Model } from './model.ts'

const model = new Model(await loadParser())
const recorded = new Map(readMatrix().map((row) => [row.sql, row.seen]))

describe('the recorded truth', () => {
  it('has an answer of every major for every statement of the catalogue, and nothing else', () => {
    expect([...recorded.keys()].toSorted()).toEqual(catalogue.map(({ sql }) => sql).toSorted())
    for (const [sql, seen] of recorded)
      expect(
        seen.flatMap(({ majors }) => majors).toSorted((one, other) => one - other),
        sql,
      ).toEqual(postgresMajors)
  })

  it('has no error but that a server is too old for a statement', () => {
    const refused = [...recorded].flatMap(([sql, seen]) =>
      seen.flatMap((one) => ('error' in one ? one.majors.map((major) => `${major} ${sql}`) : [])),
    )
    const tooOld = catalogue.flatMap(({ sql, since }) =>
      postgresMajors.filter((major) => major < since).map((major) => `${major} ${sql}`),
    )
    expect(refused.toSorted()).toEqual(tooOld.toSorted())
  })
})

describe.each(postgresMajors)('on PostgreSQL %i the model says what the server did', (major) => {
  it.each(catalogue.filter((entry) => entry.since <= major))('$sql', (entry) => {
    const seen = recorded.get(entry.sql)?.find(({ majors }) => majors.includes(major))
    const observed = seen === undefined ? undefined : observedIn(seen)
    if (observed === undefined) throw new Error(`${entry.sql} was not recorded on ${major}: npm run truth`)
    const judged = model.effectsOf(entry.sql)
    expect(judged.effects.unknown, judged.effects.unknownBecause).toBe(entry.unknown)
    if (entry.unknown) return
    const { said, seen: happened } = comparison(entry, judged, observed)
    expect(said).toEqual(happened)
  })
})
