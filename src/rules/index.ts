/** Every rule there is: one per folder beside this file, which a test compares. */

import { rule as addCheck } from './add-check/rule.ts'
import { rule as addForeignKey } from './add-foreign-key/rule.ts'
import { rule as addNotNullWithoutDefault } from './add-not-null-without-default/rule.ts'
import { rule as addUniqueConstraint } from './add-unique-constraint/rule.ts'
import { rule as airlockComment } from './airlock-comment/rule.ts'
import { rule as attachPartition } from './attach-partition/rule.ts'
import { rule as autovacuumOff } from './autovacuum-off/rule.ts'
import { rule as banDropColumn } from './ban-drop-column/rule.ts'
import { rule as banDropEnumLabel } from './ban-drop-enum-label/rule.ts'
import { rule as banDropSchema } from './ban-drop-schema/rule.ts'
import { rule as banDropTable } from './ban-drop-table/rule.ts'
import { rule as banTruncateOrDelete } from './ban-truncate-or-delete/rule.ts'
import { rule as breaksRunningRelease } from './breaks-running-release/rule.ts'
import { rule as changeColumnType } from './change-column-type/rule.ts'
import { rule as constraintNotValidated } from './constraint-not-validated/rule.ts'
import { rule as createExtension } from './create-extension/rule.ts'
import { rule as createIndexBlocksWrites } from './create-index-blocks-writes/rule.ts'
import { rule as createTrigger } from './create-trigger/rule.ts'
import { rule as disableTrigger } from './disable-trigger/rule.ts'
import { rule as domainConstraint } from './domain-constraint/rule.ts'
import { rule as dropConstraint } from './drop-constraint/rule.ts'
import { rule as dropDefault } from './drop-default/rule.ts'
import { rule as dropNotNull } from './drop-not-null/rule.ts'
import { rule as dropView } from './drop-view/rule.ts'
import { rule as duplicateIndex } from './duplicate-index/rule.ts'
import { rule as foreignKeyWithoutIndex } from './foreign-key-without-index/rule.ts'
import { rule as grantToPublic } from './grant-to-public/rule.ts'
import { rule as hiddenInvalidIndex } from './hidden-invalid-index/rule.ts'
import { rule as lockHeldDuringWork } from './lock-held-during-work/rule.ts'
import { rule as lockOrder } from './lock-order/rule.ts'
import { rule as lockTable } from './lock-table/rule.ts'
import { rule as migrationHistory } from './migration-history/rule.ts'
import { rule as mixedStages } from './mixed-stages/rule.ts'
import { rule as nonAtomicMigration } from './non-atomic-migration/rule.ts'
import { rule as outOfOrder } from './out-of-order/rule.ts'
import { rule as overwriteValues } from './overwrite-values/rule.ts'
import { rule as policyAlwaysTrue } from './policy-always-true/rule.ts'
import { rule as refreshBlocksReads } from './refresh-blocks-reads/rule.ts'
import { rule as reindexBlocksWrites } from './reindex-blocks-writes/rule.ts'
import { rule as renameAsDropAdd } from './rename-as-drop-add/rule.ts'
import { rule as renameColumn } from './rename-column/rule.ts'
import { rule as renameEnum } from './rename-enum/rule.ts'
import { rule as renameSchema } from './rename-schema/rule.ts'
import { rule as renameTable } from './rename-table/rule.ts'
import { rule as rowSecurityOff } from './row-security-off/rule.ts'
import { rule as rowSecurityOn } from './row-security-on/rule.ts'
import type { Rule } from './rule.ts'
import { rule as securityDefinerSearchPath } from './security-definer-search-path/rule.ts'
import { rule as sequenceStartsOver } from './sequence-starts-over/rule.ts'
import { rule as serverWideStatement } from './server-wide-statement/rule.ts'
import { rule as sessionSettingStays } from './session-setting-stays/rule.ts'
import { rule as setLocalWithoutTransaction } from './set-local-without-transaction/rule.ts'
import { rule as setNotNull } from './set-not-null/rule.ts'
import { rule as tableRewrite } from './table-rewrite/rule.ts'
import { rule as tableWithoutRowSecurity } from './table-without-row-security/rule.ts'
import { rule as unknownEffect } from './unknown-effect/rule.ts'
import { rule as unloggedTable } from './unlogged-table/rule.ts'
import { rule as updateAllRows } from './update-all-rows/rule.ts'
import { rule as useNewEnumValue } from './use-new-enum-value/rule.ts'
import { rule as viewBypassesRowSecurity } from './view-bypasses-row-security/rule.ts'

export const rules: readonly Rule[] = [
  addCheck,
  addForeignKey,
  addNotNullWithoutDefault,
  addUniqueConstraint,
  airlockComment,
  attachPartition,
  autovacuumOff,
  banDropColumn,
  banDropEnumLabel,
  banDropSchema,
  banDropTable,
  banTruncateOrDelete,
  breaksRunningRelease,
  changeColumnType,
  constraintNotValidated,
  createExtension,
  createIndexBlocksWrites,
  createTrigger,
  disableTrigger,
  domainConstraint,
  dropConstraint,
  dropDefault,
  dropNotNull,
  dropView,
  duplicateIndex,
  foreignKeyWithoutIndex,
  grantToPublic,
  hiddenInvalidIndex,
  lockHeldDuringWork,
  lockOrder,
  lockTable,
  migrationHistory,
  mixedStages,
  nonAtomicMigration,
  outOfOrder,
  overwriteValues,
  policyAlwaysTrue,
  refreshBlocksReads,
  reindexBlocksWrites,
  renameAsDropAdd,
  renameColumn,
  renameEnum,
  renameSchema,
  renameTable,
  rowSecurityOff,
  rowSecurityOn,
  securityDefinerSearchPath,
  sequenceStartsOver,
  serverWideStatement,
  sessionSettingStays,
  setLocalWithoutTransaction,
  setNotNull,
  tableRewrite,
  tableWithoutRowSecurity,
  unknownEffect,
  unloggedTable,
  updateAllRows,
  useNewEnumValue,
  viewBypassesRowSecurity,
]

export const ruleIds: readonly string[] = rules.map((rule) => rule.id)
