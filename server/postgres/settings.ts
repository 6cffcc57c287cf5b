/** PostgreSQL's settings, given at each start so that they are always this release's. */
export interface SettingsOptions {
  readonly socketFolder: string
  readonly logFolder: string
  /** False for unit tests only: a crash of the machine may lose what was committed. */
  readonly durable: boolean
}

export function postgresSettings(options: SettingsOptions): string[] {
  const safety = options.durable ? 'on' : 'off'
  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: options.socketFolder,
    unix_socket_permissions: '0700',
    fsync: safety,
    full_page_writes: safety,
    synchronous_commit: safety,
    max_connections: '100',
    shared_buffers: '128MB',
    max_wal_size: '1GB',
    // The catalog's statements are short: neither pays.
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    // A client that is gone while its statement runs would keep its locks until the end of it.
    client_connection_check_interval: '5s',
    idle_in_transaction_session_timeout: '60s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
    // One file a weekday, each overwritten a week later: bounded without anybody's help.
    logging_collector: 'on',
    log_directory: options.logFolder,
    log_filename: 'postgresql-%a.log',
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    log_rotation_size: '0',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
