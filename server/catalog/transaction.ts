import type pg from 'pg'
import { HoldfastError } from '../../core/model/error.ts'
import type { Queryable, Row, TransactionOptions } from './database.ts'
import { databaseError, isUnreachable, sqlStateOf, unknownOutcome } from './database-error.ts'

const TIMEOUT_MS = 20_000
const CANCELLED = '57014'

export async function inTransaction<T>(
  pool: pg.Pool,
  work: (q: Queryable) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  options.signal?.throwIfAborted()
  const client = await connect(pool)
  const cancellation = cancelOnAbort(pool, client, options.signal)
  let broken = false
  try {
    await begin(client, options)
    const result = await work(onClient(client))
    options.signal?.throwIfAborted()
    await commit(client)
    return result
  } catch (error) {
    broken = !(await rollBack(client))
    if (sqlStateOf(error) === CANCELLED) options.signal?.throwIfAborted()
    throw error // the work's own, or one of ours already
  } finally {
    // Awaited: a late cancel must not meet whoever gets this connection next.
    await cancellation.done()
    client.release(broken)
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw databaseError(error)
  }
}

async function begin(client: pg.PoolClient, options: TransactionOptions): Promise<void> {
  try {
    await client.query(beginning(options))
  } catch (error) {
    throw databaseError(error)
  }
}

function beginning({ snapshot = false, timeoutMs = TIMEOUT_MS }: TransactionOptions): string {
  const level = snapshot ? 'REPEATABLE READ READ ONLY' : 'READ COMMITTED'
  return `BEGIN ISOLATION LEVEL ${level}; SET LOCAL transaction_timeout = ${Math.trunc(timeoutMs)}`
}

function onClient(client: pg.PoolClient): Queryable {
  return {
    async query<R = Row>(text: string, values: readonly unknown[] = []): Promise<R[]> {
      try {
        // Without values a text may hold several statements, as migrations do.
        const result =
          values.length === 0
            ? await client.query<Row>(text)
            : await client.query<Row>(text, [...values])
        return result.rows as R[]
      } catch (error) {
        throw databaseError(error)
      }
    },
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  let command: string
  try {
    command = (await client.query('COMMIT')).command
  } catch (error) {
    throw isUnreachable(error) ? unknownOutcome(error) : databaseError(error)
  }
  // COMMIT of a transaction in which a statement failed rolls back and reports no error.
  if (command !== 'COMMIT')
    throw new HoldfastError('database-failed', 'a failed transaction was rolled back at its commit')
}

/** False when the connection is of no more use. */
async function rollBack(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK')
    return true
  } catch {
    return false // the server rolls back by itself when the connection is gone
  }
}

function cancelOnAbort(
  pool: pg.Pool,
  client: pg.PoolClient,
  signal: AbortSignal | undefined,
): { done(): Promise<void> } {
  let cancelling: Promise<unknown> | undefined
  const cancel = () => {
    const { processID } = client as pg.PoolClient & { readonly processID: number }
    // When it cannot be cancelled, the transaction's own time limit ends it.
    cancelling = pool.query('SELECT pg_cancel_backend($1)', [processID]).catch(() => {})
  }
  signal?.addEventListener('abort', cancel, { once: true })
  return {
    async done() {
      signal?.removeEventListener('abort', cancel)
      await cancelling
    },
  }
}
