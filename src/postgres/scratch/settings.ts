/** Settings of a server whose data is thrown away: nothing is kept safe, everything is made fast. */

export interface ScratchMachine {
  readonly memoryBytes: number
  readonly cpus: number
  /** Free in /dev/shm, which is 64 MiB in a container unless somebody asked for more; null where there is none. */
  readonly sharedMemoryBytes: number | null
}

const mebibyte = 1_048_576

export function scratchSettings(machine: ScratchMachine): Readonly<Record<string, string>> {
  const { memoryBytes, cpus, sharedMemoryBytes } = machine
  const megabytes = (share: number, least: number, most: number) =>
    `${Math.min(most, Math.max(least, Math.floor((memoryBytes * share) / mebibyte)))}MB`
  return {
    // Reached through a socket in a folder that only we may enter, and through nothing else.
    listen_addresses: '',
    unix_socket_permissions: '0700',
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_replication_slots: '0',
    archive_mode: 'off',
    max_wal_size: '4GB',
    min_wal_size: '80MB',
    checkpoint_timeout: '1h',
    wal_init_zero: 'off',
    autovacuum: 'off',
    jit: 'off',
    shared_buffers: megabytes(1 / 16, 32, 1_024),
    // Every process that builds an index may take as much, and there are as many as jobs of pg_restore.
    maintenance_work_mem: megabytes(1 / 4 / Math.max(1, cpus), 64, 1_024),
    max_parallel_maintenance_workers: String(Math.min(4, Math.floor(cpus / 2))),
    max_connections: '50',
    // A dump locks every table of the database in one transaction.
    max_locks_per_transaction: '1024',
    huge_pages: 'off',
    // Parallel workers would fail there with "could not resize shared memory segment".
    ...(sharedMemoryBytes !== null && sharedMemoryBytes < 1_024 * mebibyte
      ? { dynamic_shared_memory_type: 'mmap' }
      : {}),
    timezone: 'UTC',
    log_timezone: 'UTC',
    // What it says may be shown: no statement, and so no data, is in it.
    log_min_error_statement: 'panic',
    log_min_messages: 'warning',
    logging_collector: 'off',
    log_destination: 'stderr',
    cluster_name: 'airlock-scratch',
  }
}
