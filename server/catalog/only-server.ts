import { hostname } from 'node:os'
import pg from 'pg'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { databaseError } from './database-error.ts'

/** Two keys, so that whoever holds it is found in pg_locks. Any numbers, the same in every release. */
const LOCK = [74, 1] as const
const TRY_EVERY_MS = 500
/** How long a start waits for the connection of a server that was just killed to be gone. */
const PATIENCE_MS = 5_000
/** Of a machine that is gone PostgreSQL lets go after 10 + 3 × 5 s. */
const KEEPALIVE =
  '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c idle_session_timeout=0'

/** The lock on the catalog. */
export interface CatalogLock {
  /**
   * PostgreSQL's process that holds it for this server; undefined while it is known to be lost. That it
   * still does, only PostgreSQL can tell: `holdsCatalog` is for statements that depend on it.
   */
  backend(): number | undefined
  release(): Promise<void>
}

/** SQL that is true while the process of PostgreSQL in this parameter holds the lock. */
export function holdsCatalog(parameter: string): string {
  return `EXISTS (SELECT FROM pg_locks WHERE pid = ${parameter} AND granted AND locktype = 'advisory'
    AND classid = ${LOCK[0]} AND objid = ${LOCK[1]} AND objsubid = 2)`
}

export interface OnlyServerOptions {
  readonly url: string
  readonly clock: Clock
  readonly log: Logger
  /** Another server holds the catalog by now: this one must end. */
  readonly onSuperseded: (error: HoldfastError) => void
}

/**
 * One server process works on a catalog, wherever it runs: a lock that lives as long as a connection
 * of its own. Throws 'catalog-in-use'. When the database comes back after it was away the lock is
 * taken anew; whoever is faster has it, epochs fence what the other has under way, and it can claim
 * nothing more.
 */
export async function holdCatalog(options: OnlyServerOptions): Promise<CatalogLock> {
  const { clock } = options
  const deadline = clock.monotonic() + PATIENCE_MS
  for (;;) {
    const held = await tryHold(options)
    if (held instanceof HoldfastError) {
      if (clock.monotonic() >= deadline) throw held
      await clock.sleep(TRY_EVERY_MS)
    } else return keep(options, held)
  }
}

/** Takes the lock again and again whenever its connection breaks, until it is let go. */
function keep(options: OnlyServerOptions, first: Held): CatalogLock {
  const stopped = new AbortController()
  let lock: Held | undefined = first
  const watch = async () => {
    while (!stopped.signal.aborted) {
      if (lock) await broken(lock.client, stopped.signal)
      if (stopped.signal.aborted) return
      lock = undefined
      await options.clock.sleep(TRY_EVERY_MS, stopped.signal).catch(() => {})
      const held = await tryHold(options).catch(() => undefined) // the database is still away
      if (held instanceof HoldfastError) return options.onSuperseded(held)
      lock = held
    }
  }
  const watching = watch()
  return {
    backend: () => lock?.backend,
    release: async () => {
      stopped.abort()
      await watching
      await lock?.client.end().catch(() => {})
    },
  }
}

function broken(client: pg.Client, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    client.once('end', () => resolve())
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

interface Held {
  readonly client: pg.Client
  readonly backend: number
}

/** The connection that holds it, or who else does. Throws where the database cannot be reached. */
async function tryHold({ url, log }: OnlyServerOptions): Promise<Held | HoldfastError> {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    application_name: `holdfast server, ${hostname()} process ${process.pid}`.slice(0, 63),
    options: KEEPALIVE,
  })
  client.on('error', ({ message }) =>
    log.warn('the lock on the catalog was lost', { reason: message }),
  )
  try {
    await client.connect()
    const { rows } = await client.query<{ held: boolean; backend: number }>(
      'SELECT pg_try_advisory_lock($1, $2) AS held, pg_backend_pid() AS backend',
      [...LOCK],
    )
    if (rows[0]?.held === true) return { client, backend: rows[0].backend }
    const other = await holderOf(client)
    await client.end()
    return inUse(other)
  } catch (error) {
    await client.end().catch(() => {})
    throw databaseError(error)
  }
}

async function holderOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT activity.application_name AS name FROM pg_locks
       JOIN pg_stat_activity activity USING (pid)
      WHERE locktype = 'advisory' AND classid = $1 AND objid = $2 AND granted
        AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [...LOCK],
  )
  return rows[0]?.name ?? 'another server'
}

function inUse(other: string): HoldfastError {
  return new HoldfastError('catalog-in-use', `the catalog is in use by ${other}`, {
    hint: 'Stop that server first. One whose machine is gone is let go within 30 s: then try again.',
  })
}
