import { z } from 'zod'

/** Sentences of the user's own about the data, each with the query that shows it. */
export const assertions = z
  .array(
    z
      .strictObject({
        name: z.string().min(1).describe('as reports call it'),
        sql: z.string().min(1).describe('one SELECT, run in a read-only transaction'),
        expect: z
          .union([z.enum(['none', 'rows', 'same']), z.strictObject({ value: z.string() })])
          .default('none')
          .describe(
            '`none`: it finds no row; `rows`: it finds one or more; `same`: it answers after the migrations as before them; `{ value: "42" }`: it answers with that one value',
          ),
        when: z
          .enum(['before', 'after', 'both'])
          .optional()
          .describe('the migrations; `after` where nothing is said, and always both with `expect: same`'),
      })
      .superRefine(({ expect, when }, context) => {
        if (expect === 'same' && when !== undefined)
          context.addIssue({ code: 'custom', path: ['when'], message: '`expect: same` asks before and after, always' })
      }),
  )
  .readonly()
  .default([])
  .describe('what has to hold on the copy for a rehearsal to pass; not checked where there is no copy of the data')

export type Assertion = z.output<typeof assertions>[number]
