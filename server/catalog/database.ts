import pg from 'pg'
import { HoldfastError } from '../../core/model/error.ts'
import { systemClock, type Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { databaseError, isUnreachable } from './database-error.ts'
import { columnTypes } from './database-types.ts'
import { requireDurability, requireVersion } from './database-checks.ts'
import { inTransaction } from './transaction.ts'

export type Row = Record<string, unknown>

/** Runs statements: the database itself (each commits alone) or one transaction. Gives the rows. */
export interface Queryable {
  query<R = Row>(text: string, values?: readonly unknown[]): Promise<R[]>
}

export interface TransactionOptions {
  /** Aborting cancels the running statement and rolls back. */
  readonly signal?: AbortSignal | undefined
  /** The server ends a transaction that takes longer; 0: no limit. Default 20 s. */
  readonly timeoutMs?: number
  /** Reads one unchanging state of the catalog, and writes nothing. */
  readonly snapshot?: boolean
}

export interface Database extends Queryable {
  /**
   * One READ COMMITTED transaction: commits what `work` did when it resolves, rolls back when it
   * throws. Fails with 'database-failed' and details `{outcome: 'unknown'}` when the connection
   * broke while it committed: look before doing it again.
   */
  tx<T>(work: (q: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** `postgresql://…`; a socket folder goes into `?host=`. */
  readonly url: string
  readonly log: Logger
  readonly clock?: Clock
  readonly maxConnections?: number
  /** How long the first connection may take, database start included. Default 30 s. */
  readonly startTimeoutMs?: number
  /** False for unit tests only: the server may be one that loses what it committed. */
  readonly durable?: boolean
  readonly signal?: AbortSignal | undefined
}

const CONNECT_TIMEOUT_MS = 10_000
const STATEMENT_TIMEOUT_MS = 300_000
const RETRY_MS = 250

/** Connects, trying again while the database starts, and checks that it is one we can rely on. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const pool = createPool(options)
  try {
    await firstConnection(pool, options)
    const database = new PooledDatabase(pool)
    await requireVersion(database)
    if (options.durable !== false) await requireDurability(database)
    return database
  } catch (error) {
    await pool.end()
    throw error
  }
}

function createPool(options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 20,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // Later than the server's own limit: only a connection that hangs meets this one.
    query_timeout: STATEMENT_TIMEOUT_MS + 10_000,
    application_name: 'holdfast',
    options: '-c synchronous_commit=on -c timezone=UTC',
    types: columnTypes,
  })
  // Without listeners a connection that breaks while nobody uses it would end the process.
  const note = (error: Error) =>
    options.log.warn('a database connection broke', { reason: error.message })
  pool.on('error', note)
  pool.on('connect', (client) => void client.on('error', note))
  return pool
}

async function firstConnection(pool: pg.Pool, options: DatabaseOptions): Promise<void> {
  const clock = options.clock ?? systemClock
  const deadline = clock.monotonic() + (options.startTimeoutMs ?? 30_000)
  for (;;) {
    try {
      await pool.query('SELECT 1')
      return
    } catch (error) {
      if (!isUnreachable(error) || clock.monotonic() >= deadline)
        throw databaseError(error, 'cannot connect to the database')
    }
    await clock.sleep(RETRY_MS, options.signal)
  }
}

class PooledDatabase implements Database {
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async query<R = Row>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    try {
      const result = await this.#pool.query<Row>(text, [...values])
      return result.rows as R[]
    } catch (error) {
      throw databaseError(error)
    }
  }

  tx<T>(work: (q: Queryable) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return inTransaction(this.#pool, work, options)
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }
}

/** For what must be there: the first row, or an error that names what is missing. */
export function expectRow<R>(rows: readonly R[], what: string): R {
  const [row] = rows
  if (row === undefined) throw new HoldfastError('not-found', `${what} is not in the catalog`)
  return row
}
