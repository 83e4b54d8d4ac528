import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadParser } from '../../../src/sql/parse.ts'
import { type LabServer, startServer } from '../../lab/server.ts'
import { connected } from './connected.ts'
import { type Judged, judgeSeed } from './judge.ts'

const parser = await loadParser()
const seeds = [1, 2]
const statementsPerSeed = 80

describe('on made-up databases the model says what the server does, or that it cannot tell', () => {
  let server: LabServer
  const judged: Judged[] = []

  beforeAll(async () => {
    server = await startServer(18)
    await connected(server.superuserUrl('postgres'), (client) => client.query('CREATE ROLE somebody'))
  })

  afterAll(() => server[Symbol.asyncDispose]())

  it.each(seeds)('with seed %i', async (seed) => {
    await server.createDatabase(`seed_${seed}`)
    const these = await connected(server.superuserUrl(`seed_${seed}`), (client) =>
      connected(server.superuserUrl(`seed_${seed}`), (witness) =>
        judgeSeed(parser, { client, witness }, seed, statementsPerSeed),
      ),
    )
    judged.push(...these)
    expect(these.filter(({ verdict }) => verdict === 'differs')).toEqual([])
  })

  it('runs most of the statements and can tell about nearly all of them', () => {
    const share = (verdict: Judged['verdict']) => judged.filter((one) => one.verdict === verdict).length / judged.length
    expect(judged).toHaveLength(seeds.length * statementsPerSeed)
    expect(share('refused')).toBeLessThan(0.35)
    expect(share('unknown')).toBeLessThan(0.05)
    expect(new Set(judged.map(({ kind }) => kind)).size).toBeGreaterThan(15)
  })
})
