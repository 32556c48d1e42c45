/** How the embedded server is set: small, durable, with room for one busy organisation. `ALTER SYSTEM` overrides any of it and stays. */
import { totalmem } from 'node:os'

const megabyte = 1024 ** 2

/** The text of postgresql.conf for a machine with so many bytes of memory. */
export function configuration(memory: number = totalmem()): string {
  const megabytes = memory / megabyte
  const cache = Math.max(128, Math.round(megabytes / 2))
  const own = Math.min(512, Math.max(128, Math.round(megabytes / 32)))
  return `${rows(cache, own)
    .map(([name, value, why]) => `# ${why}\n${name} = ${value}`)
    .join('\n\n')}\n`
}

const rows = (cacheMegabytes: number, ownMegabytes: number): [name: string, value: string, why: string][] => [
  ['listen_addresses', `'127.0.0.1'`, 'Only this machine, and only with the password that the server made.'],
  ['unix_socket_directories', `''`, 'A socket would need a short path and a folder that several users may enter.'],
  ['password_encryption', 'scram-sha-256', 'The only kind of password that pg_hba.conf lets in.'],
  ['max_connections', '60', 'The server needs about 20; the rest is for the command line, several workers, and whoever looks in.'],
  ['superuser_reserved_connections', '3', 'So that doctor and backup get in when everything else is taken.'],
  ['fsync', 'on', 'What was acknowledged survives a power cut.'],
  ['synchronous_commit', 'on', 'An answer is given after its commit is on disk, not before.'],
  ['full_page_writes', 'on', 'A page that was half written when the power went is made whole from the log.'],
  ['wal_level', 'minimal', 'No replica reads from the embedded server; bulk loading into new tables then writes once, not twice.'],
  ['max_wal_senders', '0', 'Goes with wal_level minimal.'],
  ['wal_compression', 'pglz', 'Full pages after each checkpoint shrink to about a third; the one method these binaries have.'],
  ['max_wal_size', '512MB', 'Bounds what must be replayed after a crash, so that a start takes seconds.'],
  ['checkpoint_timeout', '10min', 'Fewer full pages in the log than with the default of five minutes.'],
  [
    'shared_buffers',
    `${ownMegabytes}MB`,
    "Touched only as needed; what does not fit comes out of the operating system's cache, at several times the price.",
  ],
  ['effective_cache_size', `${cacheMegabytes}MB`, "Half of this machine's memory: what the planner may expect to find cached."],
  ['work_mem', '8MB', 'Per sort; a page of the inbox sorts far less, a roll-up spills rather than taking the memory.'],
  ['maintenance_work_mem', '128MB', 'Indexes over a million rows are built in a few passes.'],
  ['random_page_cost', '1.1', 'Data lies on solid-state disks or in the cache, where a random read costs hardly more.'],
  ['io_method', 'sync', 'Saves the three resident worker processes of the default; reads here are short.'],
  ['jit', 'off', 'Compiling pays for long analytic queries only, and costs short ones their plan time.'],
  ['max_parallel_workers_per_gather', '1', 'On two cores a second worker for one query takes it from someone else.'],
  ['max_worker_processes', '4', 'Two parallel workers and what an extension may start.'],
  ['max_logical_replication_workers', '0', 'Saves the launcher process; nothing is replicated.'],
  [
    'autovacuum_naptime',
    '20s',
    'A new house grows fast: until a table is looked at for the first time, lookups by key are planned as walks through it.',
  ],
  ['autovacuum_max_workers', '2', 'One large table must not keep the others waiting; more would take both cores.'],
  ['autovacuum_vacuum_insert_threshold', '20000', 'A small table that only grows has nothing to be cleared away.'],
  ['autovacuum_vacuum_insert_scale_factor', '0.05', 'The activity log only grows; index-only scans need its visibility map fresh.'],
  ['default_statistics_target', '200', 'Organisations differ in size by orders of magnitude; the planner must see that.'],
  ['timezone', `'UTC'`, "Zones belong to people, not to the machine's setting."],
  ['log_timezone', `'UTC'`, 'The same for the log.'],
  ['lc_messages', `'C'`, 'The supervisor reads these messages.'],
  ['log_destination', 'stderr', 'Read by the supervisor, which writes the one log.'],
  ['logging_collector', 'off', 'Saves a process.'],
  ['log_line_prefix', `''`, 'The one log adds its own time.'],
  ['log_min_messages', 'log', 'Errors of statements belong to whoever sent them, who logs them without the data in them.'],
  ['log_checkpoints', 'off', 'Of no use to the reader of the one log.'],
]

/** Who may connect: whoever knows a password, from this machine. */
export const hostRules = 'host all all 127.0.0.1/32 scram-sha-256\n'
