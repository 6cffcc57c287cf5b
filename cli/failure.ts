import { type ErrorCode, HoldfastError, toHoldfastError } from '../core/model/error.ts'
import { printable } from './output/table.ts'

export type ExitStatus = 0 | 1 | 2 | 3

export const DONE = 0
export const FAILED = 1
export const WRONG_USAGE = 2
export const NOT_CONNECTED = 3

const STATUS: Partial<Record<ErrorCode, ExitStatus>> = {
  'wrong-usage': WRONG_USAGE,
  'confirmation-needed': WRONG_USAGE,
  'credential-missing': NOT_CONNECTED,
  'credential-refused': NOT_CONNECTED,
  'permission-denied': NOT_CONNECTED,
  'server-unreachable': NOT_CONNECTED,
}

// Said of the connection itself. The same code as the reason of a job, or of an agent that cannot
// start, is a failure like any other.
const STATUS_OF_CONNECTION: Partial<Record<ErrorCode, ExitStatus>> = {
  'wrong-authority': NOT_CONNECTED,
  'certificate-refused': NOT_CONNECTED,
  stalled: NOT_CONNECTED,
}

/** What the process ends with when a command ended in this error (docs/errors.md lists them all). */
export function exitStatus(code: ErrorCode, asOperator: boolean): ExitStatus {
  return STATUS[code] ?? (asOperator ? STATUS_OF_CONNECTION[code] : undefined) ?? FAILED
}

export function wrongUsage(message: string, hint?: string): HoldfastError {
  return new HoldfastError('wrong-usage', message, { hint })
}

/** For people: what happened, what it came from, what to do. */
export function describeFailure(failure: unknown): string {
  const error = toHoldfastError(failure)
  const lines = [`error: ${error.message}`, ...causes(error).map((cause) => `cause: ${cause}`)]
  if (error.hint !== undefined) lines.push(`hint: ${error.hint}`)
  return `${lines.map(printable).join('\n')}\n`
}

function causes(error: HoldfastError): string[] {
  const found: string[] = []
  let cause = error.cause
  while (cause instanceof Error) {
    const text = cause.message
    // `internal` repeats the message of what it wraps.
    if (text !== '' && text !== error.message && found.at(-1) !== text) found.push(text)
    cause = cause.cause
  }
  return found
}

export interface FailureDocument {
  readonly code: string
  readonly message: string
  readonly hint: string | null
}

/** For scripts: always the same three keys. */
export function failureDocument(failure: unknown): FailureDocument {
  const { code, message, hint } = toHoldfastError(failure)
  return { code, message, hint: hint ?? null }
}
