import { HoldfastError } from '../../core/model/error.ts'

/** Classes and codes of SQLSTATE that say: there is no database to talk to at the moment. */
const UNREACHABLE_STATES = /^(08...|57P0[123]|53300)$/
const UNREACHABLE_ERRNO = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
const UNREACHABLE_TEXT =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed)/

const DISK_FULL = '53100'
export const UNIQUE_VIOLATION = '23505'
export const FOREIGN_KEY_VIOLATION = '23503'

export function isUnreachable(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== undefined) return UNREACHABLE_ERRNO.has(code) || UNREACHABLE_STATES.test(code)
  if (error instanceof AggregateError) return error.errors.some(isUnreachable)
  return error instanceof Error && UNREACHABLE_TEXT.test(error.message)
}

/** What an error of the driver means; ours, and the reasons of aborted signals, pass untouched. */
export function databaseError(error: unknown, what = 'the database refused a statement'): Error {
  if (error instanceof HoldfastError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (isUnreachable(error))
    return new HoldfastError('database-unreachable', `the database cannot be reached: ${message}`, {
      hint: 'Check that PostgreSQL runs; a server that runs reconnects by itself.',
      cause: error,
    })
  if (codeOf(error) === DISK_FULL)
    return new HoldfastError('store-full', `the database's disk is full: ${message}`, {
      hint: 'Free space on the disk of the data folder, or of the PostgreSQL in use.',
      cause: error,
    })
  return new HoldfastError('database-failed', `${what}: ${message}`, {
    details: describe(error),
    cause: error,
  })
}

/** The connection broke while it committed: nobody knows yet whether it did. */
export function unknownOutcome(error: unknown): HoldfastError {
  const message = error instanceof Error ? error.message : String(error)
  return new HoldfastError('database-failed', `the outcome of a commit is unknown: ${message}`, {
    hint: 'The server looks at the catalog again before it goes on.',
    details: { outcome: 'unknown' },
    cause: error,
  })
}

export function isUnknownOutcome(error: unknown): boolean {
  return error instanceof HoldfastError && error.details['outcome'] === 'unknown'
}

/** SQLSTATE of a failed statement, of the driver's error or of ours. */
export function sqlStateOf(error: unknown): string | undefined {
  if (error instanceof HoldfastError) {
    const state = error.details['sqlState']
    return typeof state === 'string' ? state : undefined
  }
  const code = codeOf(error)
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (sqlStateOf(error) !== UNIQUE_VIOLATION) return false
  return (
    constraint === undefined ||
    (error instanceof HoldfastError && error.details['constraint'] === constraint)
  )
}

function describe(error: unknown): Record<string, unknown> {
  const { constraint, table, detail } = error as Record<string, unknown>
  return { sqlState: sqlStateOf(error), constraint, table, detail }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
