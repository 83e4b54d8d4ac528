/**
 * The lock that each command of ALTER TABLE takes and whether the children of a table take it too. Measured on 14 to 18; the
 * server's table is AlterTableGetLockLevel, the manual's https://www.postgresql.org/docs/18/sql-altertable.html
 */

import type { AlterTableCmd, AlterTableType } from 'libpg-query'
import type { LockMode } from '../model.ts'
import { allOf, as } from './tree.ts'

export type Reach = 'table' | 'children' | 'partitions'

interface CommandLock {
  readonly mode: LockMode
  /** `children`: inheriting tables and partitions alike. */
  readonly reach: Reach
}

const strongest: LockMode = 'AccessExclusiveLock'
const light: LockMode = 'ShareUpdateExclusiveLock'
const onTable = (mode: LockMode): CommandLock => ({ mode, reach: 'table' })
const withChildren = (mode: LockMode): CommandLock => ({ mode, reach: 'children' })
const withPartitions = (mode: LockMode): CommandLock => ({ mode, reach: 'partitions' })

const locks: Partial<Readonly<Record<AlterTableType, CommandLock>>> = {
  AT_AddColumn: withChildren(strongest),
  AT_ColumnDefault: withChildren(strongest),
  AT_DropNotNull: withChildren(strongest),
  AT_SetNotNull: withChildren(strongest),
  AT_SetExpression: withChildren(strongest),
  AT_DropExpression: withChildren(strongest),
  AT_SetStatistics: withChildren(light),
  AT_SetOptions: onTable(light),
  AT_ResetOptions: onTable(light),
  AT_SetStorage: withChildren(strongest),
  AT_SetCompression: onTable(strongest),
  AT_DropColumn: withChildren(strongest),
  AT_AddIndexConstraint: onTable(strongest),
  AT_AddConstraint: withChildren(strongest),
  AT_AlterConstraint: withPartitions(strongest),
  AT_ValidateConstraint: withChildren(light),
  AT_DropConstraint: withChildren(strongest),
  AT_AlterColumnType: withChildren(strongest),
  AT_AlterColumnGenericOptions: onTable(strongest),
  AT_ChangeOwner: onTable(strongest),
  AT_ClusterOn: onTable(light),
  AT_DropCluster: onTable(light),
  AT_SetLogged: onTable(strongest),
  AT_SetUnLogged: onTable(strongest),
  AT_SetAccessMethod: onTable(strongest),
  AT_SetTableSpace: onTable(strongest),
  AT_EnableTrig: withPartitions('ShareRowExclusiveLock'),
  AT_EnableAlwaysTrig: withPartitions('ShareRowExclusiveLock'),
  AT_EnableReplicaTrig: withPartitions('ShareRowExclusiveLock'),
  AT_DisableTrig: withPartitions('ShareRowExclusiveLock'),
  AT_EnableTrigAll: withPartitions('ShareRowExclusiveLock'),
  AT_DisableTrigAll: withPartitions('ShareRowExclusiveLock'),
  AT_EnableTrigUser: withPartitions('ShareRowExclusiveLock'),
  AT_DisableTrigUser: withPartitions('ShareRowExclusiveLock'),
  AT_EnableRule: onTable(strongest),
  AT_EnableAlwaysRule: onTable(strongest),
  AT_EnableReplicaRule: onTable(strongest),
  AT_DisableRule: onTable(strongest),
  AT_AddInherit: onTable(strongest),
  AT_DropInherit: onTable(strongest),
  AT_AddOf: onTable(strongest),
  AT_DropOf: onTable(strongest),
  AT_ReplicaIdentity: onTable(strongest),
  AT_EnableRowSecurity: onTable(strongest),
  AT_DisableRowSecurity: onTable(strongest),
  AT_ForceRowSecurity: onTable(strongest),
  AT_NoForceRowSecurity: onTable(strongest),
  AT_GenericOptions: onTable(strongest),
  AT_AttachPartition: onTable(light),
  AT_DetachPartition: onTable(strongest),
  AT_DetachPartitionFinalize: onTable(light),
  AT_AddIdentity: withPartitions(strongest),
  AT_SetIdentity: withPartitions(strongest),
  AT_DropIdentity: withPartitions(strongest),
}

/** Storage parameters that only steer vacuum, fill or planning; every other one takes the strongest lock. */
const lightParameters =
  /^(fillfactor|toast_tuple_target|parallel_workers|vacuum_index_cleanup|vacuum_truncate|vacuum_max_eager_freeze_failure_rate|log_autovacuum_min_duration|autovacuum_\w+|n_distinct|n_distinct_inherited|deduplicate_items|fastupdate|gin_pending_list_limit|pages_per_range|autosummarize|buffering)$/

export function lockOfCommand(command: AlterTableCmd): CommandLock | undefined {
  switch (command.subtype) {
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions': {
      const options = allOf(as(command.def, 'List')?.items, 'DefElem')
      return onTable(options.every((option) => lightParameters.test(option.defname ?? '')) ? light : strongest)
    }
    case 'AT_AddConstraint':
      return as(command.def, 'Constraint')?.contype === 'CONSTR_FOREIGN'
        ? withChildren('ShareRowExclusiveLock')
        : withChildren(strongest)
    case 'AT_DetachPartition':
      return onTable(as(command.def, 'PartitionCmd')?.concurrent === true ? light : strongest)
    default:
      return command.subtype === undefined ? undefined : locks[command.subtype]
  }
}
