/** What Airlock gives a server that lives for one restore; whatever is compared with it gets the same. */
export const tuned = {
  shared_buffers: '128MB',
  autovacuum: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  maintenance_work_mem: '256MB',
}
