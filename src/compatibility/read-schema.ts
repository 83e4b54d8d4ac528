/** From the files of a Prisma schema to the models that Prisma Client has. Unknown attributes are no problem; unknown types are. */

import { joinTablesOf } from './join-tables.ts'
import type { PrismaSchema, SchemaEnum, SchemaField, SchemaModel } from './prisma-schema.ts'
import {
  type Attribute,
  type Block,
  type BlockLine,
  readBlocks,
  type SchemaFile,
  type SchemaProblem,
  textArgument,
} from './schema-blocks.ts'

const scalars: ReadonlySet<string> = new Set([
  'String',
  'Boolean',
  'Int',
  'BigInt',
  'Float',
  'Decimal',
  'DateTime',
  'Json',
  'Bytes',
])

/** `defaultSchema`: where tables without `@@schema` are. */
export function readPrismaSchema(files: readonly SchemaFile[], defaultSchema: string): PrismaSchema {
  const readings = files.map(readBlocks)
  const problems = readings.flatMap((reading) => reading.problems)
  const blocks = readings.flatMap((reading) => reading.blocks)
  const names = {
    models: new Set(blocks.filter(({ keyword }) => keyword !== 'enum').map(({ name }) => name)),
    enums: new Set(blocks.filter(({ keyword }) => keyword === 'enum').map(({ name }) => name)),
  }
  const models: SchemaModel[] = []
  const enums: SchemaEnum[] = []
  const relations: RelationField[] = []
  for (const block of blocks) {
    const inDatabase = databaseName(block, defaultSchema)
    if (block.keyword === 'enum') {
      enums.push({ name: block.name, type: inDatabase, labels: labelsOf(block, problems) })
      continue
    }
    const fields = fieldsOf(block, names, problems)
    const ignored = block.lines.some(({ attributes }) => has(attributes, '@ignore'))
    if (!ignored) models.push({ name: block.name, table: inDatabase, fields: fields.columns })
    relations.push(...fields.relations)
  }
  return { models, enums, joinTables: joinTablesOf(relations, models), problems }
}

export interface RelationField {
  readonly model: string
  readonly to: string
  readonly list: boolean
  readonly relation: string | undefined
}

interface Names {
  readonly models: ReadonlySet<string>
  readonly enums: ReadonlySet<string>
}

function fieldsOf(
  block: Block,
  names: Names,
  problems: SchemaProblem[],
): { readonly columns: readonly SchemaField[]; readonly relations: readonly RelationField[] } {
  const columns: SchemaField[] = []
  const relations: RelationField[] = []
  for (const line of block.lines) {
    if (line.head.length === 0) continue
    const head = headOf(line)
    if (head === undefined) {
      problems.push({ file: block.file, line: line.line, text: `a field of ${block.name} cannot be read` })
      continue
    }
    const { name, type, list, optional } = head
    // Prisma Client has neither.
    if (type === 'Unsupported' || has(line.attributes, 'ignore')) continue
    if (names.models.has(type)) {
      const relation = find(line.attributes, 'relation')
      relations.push({ model: block.name, to: type, list, relation: textArgument(relation, 'name') })
      continue
    }
    const kind = names.enums.has(type) ? 'enum' : scalars.has(type) ? 'scalar' : undefined
    if (kind === undefined) {
      const text = `the type \`${type}\` of ${block.name}.${name} is not known`
      problems.push({ file: block.file, line: line.line, text })
      continue
    }
    columns.push({
      name,
      column: textArgument(find(line.attributes, 'map'), 'name') ?? name,
      type,
      kind,
      nativeType: line.attributes.find((one) => one.name.startsWith('db.'))?.name.slice('db.'.length),
      list,
      required: !optional && !list,
      filledByDatabase: /^(autoincrement|dbgenerated|sequence)$/.test(defaultOf(line.attributes)),
    })
  }
  return { columns, relations }
}

/** `name Type`, `name Type?`, `name Type[]`, `name Unsupported("…")?`. */
function headOf({ head }: BlockLine) {
  const [name, type, ...rest] = head
  if (name?.kind !== 'name' || type?.kind !== 'name') return undefined
  const modifier = rest.map((token) => (token.kind === 'text' ? '"' : token.text)).join('')
  const known = type.text === 'Unsupported' ? /^\("\)(\?|\[\])?$/ : /^(\?|\[\])?$/
  if (!known.test(modifier)) return undefined
  return { name: name.text, type: type.text, list: modifier.endsWith('[]'), optional: modifier.endsWith('?') }
}

function labelsOf(block: Block, problems: SchemaProblem[]): SchemaEnum['labels'] {
  return block.lines.flatMap(({ head, attributes, line }) => {
    const [name, ...rest] = head
    if (name === undefined) return []
    if (name.kind !== 'name' || rest.length > 0) {
      problems.push({ file: block.file, line, text: `a value of ${block.name} cannot be read` })
      return []
    }
    return [{ name: name.text, label: textArgument(find(attributes, 'map'), 'name') ?? name.text }]
  })
}

function databaseName(block: Block, defaultSchema: string): string {
  const own = block.lines.filter(({ head }) => head.length === 0).flatMap(({ attributes }) => attributes)
  const schema = textArgument(find(own, '@schema'), 'map') ?? defaultSchema
  return `${schema}.${textArgument(find(own, '@map'), 'name') ?? block.name}`
}

function defaultOf(attributes: readonly Attribute[]): string {
  return (
    find(attributes, 'default')?.argumentTokens.find((token) => token.text !== 'value' && token.text !== ':')?.text ??
    ''
  )
}

function find(attributes: readonly Attribute[], name: string): Attribute | undefined {
  return attributes.find((one) => one.name === name)
}

function has(attributes: readonly Attribute[], name: string): boolean {
  return find(attributes, name) !== undefined
}
