import { demandsOf } from '../../compatibility/demands.ts'
import { goneFrom } from '../../compatibility/gone.ts'
import type { RunningRelease } from '../../compatibility/prisma-schema.ts'
import { retypedBy } from '../../compatibility/retyped.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'breaks-running-release',
  title: 'The release that is running still uses what this changes',
  group: 'application-compatibility',
  documentation: {
    summary:
      'Migrations are applied while the old release serves requests, and its Prisma Client knows the schema it was built with: ' +
      'it selects every field of a model, leaves out columns it does not know, and casts enums by their names. With a git ref ' +
      '(`--base REF`, `base-ref`, on pull requests the base branch) Airlock reads schema.prisma of the release that is running ' +
      'and names the models and fields that would break. What that release no longer has, or has with `@ignore`, is no finding.',
    bad: 'ALTER TABLE "User" DROP COLUMN "email";',
    good: 'ALTER TABLE "User" ADD COLUMN "nickname" TEXT;',
  },
  judges: ({ running }) => running !== undefined,
  check: (context) => {
    const { running } = context
    if (running === undefined) return []
    if (running.schema.problems.length > 0) return notTold(context, running)
    return context.statements.flatMap((statement) => [
      ...goneFrom(statement, context, running),
      ...retypedBy(statement, context, running),
      ...demandsOf(statement, context, running),
    ])
  },
}

/** What was not understood may be the very model that this migration is about. */
function notTold(context: RuleContext, { ref, schema }: RunningRelease): readonly Remark[] {
  const [statement] = context.statements
  const [problem] = schema.problems
  if (statement === undefined || problem === undefined) return []
  const more = schema.problems.length > 1 ? `, and ${schema.problems.length - 1} more` : ''
  return [
    {
      statement,
      severity: 'error',
      message: `Whether the release that is running (${ref}) goes on working cannot be told: its Prisma schema could not be read to the end.`,
      why: `Not understood: ${problem.file}:${problem.line}, ${problem.text}${more}.`,
      instead: `git show ${ref}:${problem.file}   # line ${problem.line}; compare this migration with the models there by hand`,
    },
  ]
}
