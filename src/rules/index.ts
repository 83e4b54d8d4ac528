/** Every rule there is: one per folder beside this file, which a test compares. */

import { rule as addCheck } from './add-check/rule.ts'
import { rule as addForeignKey } from './add-foreign-key/rule.ts'
import { rule as addNotNullWithoutDefault } from './add-not-null-without-default/rule.ts'
import { rule as addUniqueConstraint } from './add-unique-constraint/rule.ts'
import { rule as banDropColumn } from './ban-drop-column/rule.ts'
import { rule as banDropEnumLabel } from './ban-drop-enum-label/rule.ts'
import { rule as banDropSchema } from './ban-drop-schema/rule.ts'
import { rule as banDropTable } from './ban-drop-table/rule.ts'
import { rule as banTruncateOrDelete } from './ban-truncate-or-delete/rule.ts'
import { rule as byteOrderMark } from './byte-order-mark/rule.ts'
import { rule as changeColumnType } from './change-column-type/rule.ts'
import { rule as createIndexBlocksWrites } from './create-index-blocks-writes/rule.ts'
import { rule as nonAtomicMigration } from './non-atomic-migration/rule.ts'
import { rule as renameAsDropAdd } from './rename-as-drop-add/rule.ts'
import type { Rule } from './rule.ts'
import { rule as setNotNull } from './set-not-null/rule.ts'
import { rule as tableRewrite } from './table-rewrite/rule.ts'
import { rule as unknownEffect } from './unknown-effect/rule.ts'

export const rules: readonly Rule[] = [
  addCheck,
  addForeignKey,
  addNotNullWithoutDefault,
  addUniqueConstraint,
  banDropColumn,
  banDropEnumLabel,
  banDropSchema,
  banDropTable,
  banTruncateOrDelete,
  byteOrderMark,
  changeColumnType,
  createIndexBlocksWrites,
  nonAtomicMigration,
  renameAsDropAdd,
  setNotNull,
  tableRewrite,
  unknownEffect,
]

export const ruleIds: readonly string[] = rules.map((rule) => rule.id)
