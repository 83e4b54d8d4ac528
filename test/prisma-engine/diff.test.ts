import { describe, expect, it } from 'vitest'
import { planDiff, withoutUrls } from '../../src/prisma-engine/diff.ts'

const empty = { tag: 'empty' }
const datamodel = { tag: 'schemaDatamodel', files: [{ path: 'a.prisma', content: 'model A {\n}\n' }] }
const migrations = { tag: 'migrations', baseDir: '/m', migrationDirectories: [] }
const url = 'postgresql://user:secret@db.example/shop'

describe('planDiff', () => {
  it('needs no database to compare schema files', () => {
    expect(planDiff({ from: empty, to: datamodel, script: true })).toEqual({
      params: { from: empty, to: datamodel, script: true },
      database: undefined,
      needsShadow: false,
      shadowUrl: undefined,
    })
  })

  it('needs a shadow database for a migrations directory, and takes the URL that CLI 6 sends', () => {
    const plan = planDiff({ from: migrations, to: datamodel, shadowDatabaseUrl: url })
    expect(plan).toMatchObject({ needsShadow: true, shadowUrl: url, database: undefined })
    expect(plan.params).not.toHaveProperty('shadowDatabaseUrl')
  })

  it('makes a URL the database that the engine is connected to', () => {
    expect(planDiff({ from: { tag: 'url', url }, to: datamodel })).toMatchObject({
      database: { url },
      params: { from: { tag: 'schemaDatasource', files: [{ content: expect.stringContaining('postgresql') }] } },
    })
  })

  it('takes schema files as a database for the project’s own, unless they say which', () => {
    const datasource = { tag: 'schemaDatasource', files: [], configDir: '/p' }
    expect(planDiff({ from: datasource, to: empty }).database).toBe('own')
    const files = [{ path: 's.prisma', content: 'datasource db {\n  url = env("OTHER")\n}\n' }]
    const plan = planDiff(withoutUrls({ from: { ...datasource, files }, to: empty }))
    expect(plan.database).toMatchObject({ urls: { url: { kind: 'environment', name: 'OTHER' } } })
    expect(plan.params).toMatchObject({ from: { files: [{ content: 'datasource db {\n\n}\n' }] } })
    expect(plan.params).not.toHaveProperty('from.urls')
  })

  it('refuses to compare two databases and what it does not know', () => {
    expect(() => planDiff({ from: { tag: 'url', url }, to: { tag: 'url', url } })).toThrow(/two databases/)
    expect(() => planDiff({ from: { tag: 'd1' }, to: empty })).toThrow(/`d1`/)
  })
})
