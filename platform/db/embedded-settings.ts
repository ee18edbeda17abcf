import { existsSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';

/**
 * `test` is for throw-away clusters only: it forgets everything when the machine stops. `loading` is as safe as `production`, but what a
 * transaction writes into tables of its own making goes to their files alone, not to the log as well: half of what a large load writes.
 * No backup of the running server is possible meanwhile.
 */
export type Durability = 'production' | 'loading' | 'test';

const MEBIBYTE = 1024 * 1024;
const SHARED_MEMORY_MIN_MIB = 256;

/** Settings given on the command line at every start: the program is the only place where they are kept. */
export function postgresSettings(durability: Durability): Record<string, string | number> {
  const common = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    password_encryption: 'scram-sha-256',
    // Above ERROR: error messages can quote what a user typed (ASVS 16.2.5), and the application logs them itself.
    log_min_messages: 'log',
    dynamic_shared_memory_type: hasSharedMemory() ? 'posix' : 'mmap',
  };
  const kinds = { production: lasting, loading: () => ({ ...lasting(), ...loading }), test: () => throwAway };
  return { ...common, ...kinds[durability]() };
}

const loading = {
  wal_level: 'minimal',
  max_wal_senders: 0,
  checkpoint_timeout: '30min',
};

const throwAway = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  shared_buffers: '128MB',
  max_wal_size: '4GB',
  autovacuum: 'on',
};

function lasting(): Record<string, string | number> {
  return {
    fsync: 'on',
    // After a crash one system call instead of a file at a time: 0.5 s instead of up to 2.5 s. Linux only.
    recovery_init_sync_method: process.platform === 'linux' ? 'syncfs' : 'fsync',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    wal_level: 'replica',
    shared_buffers: `${sharedBuffersMib()}MB`,
    effective_cache_size: `${sharedBuffersMib() * 4}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '256MB',
    min_wal_size: '256MB',
    max_wal_size: '4GB',
    checkpoint_timeout: '5min',
    checkpoint_completion_target: '0.9',
    random_page_cost: '1.1',
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgresql-%a.log',
    log_rotation_age: '1d',
    log_rotation_size: '0',
    log_truncate_on_rotation: 'on',
    log_parameter_max_length_on_error: '0',
    // Statements and error details can hold personal data (ASVS 16.2.5): the log keeps the message only.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  };
}

/** An eighth of the memory this process may use, between 128 MiB and 4 GiB. */
function sharedBuffersMib(): number {
  const limit = process.constrainedMemory();
  const available = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.min(4096, Math.max(128, Math.floor(available / 8 / MEBIBYTE)));
}

/** Containers often have 64 MiB of /dev/shm, too little for parallel queries. */
function hasSharedMemory(): boolean {
  if (!existsSync('/dev/shm')) return process.platform !== 'win32';
  const { blocks, bsize } = statfsSync('/dev/shm');
  return (blocks * bsize) / MEBIBYTE >= SHARED_MEMORY_MIN_MIB;
}
