/**
 * Every error that a user can meet. `docs/errors.md` has cause and remedy of each; a test ties the
 * two. `transient`: trying again may help. `permanent`: somebody has to change something. `bug`:
 * ours.
 */
export const ERROR_CODES = {
  // command line and credentials
  'wrong-usage': 'permanent',
  'confirmation-needed': 'permanent',
  'credential-missing': 'permanent',
  'credential-refused': 'permanent',
  'server-unreachable': 'transient',
  'permission-denied': 'permanent',
  'too-many-attempts': 'transient',
  'provider-unreachable': 'transient',
  'sign-in-failed': 'permanent',
  'role-missing': 'permanent',
  // starting
  'port-taken': 'permanent',
  'data-folder-in-use': 'permanent',
  'data-folder-newer': 'permanent',
  'data-folder-full': 'permanent',
  'catalog-in-use': 'permanent',
  'database-unreachable': 'transient',
  'database-failed': 'transient',
  'setup-missing': 'permanent',
  // identity
  'wrong-authority': 'permanent',
  'token-used': 'permanent',
  'token-expired': 'permanent',
  'token-unknown': 'permanent',
  'certificate-refused': 'permanent',
  'host-revoked': 'permanent',
  'host-name-taken': 'permanent',
  'identity-in-use': 'permanent',
  'version-incompatible': 'permanent',
  // things that were named
  'not-found': 'permanent',
  'ambiguous-name': 'permanent',
  'invalid-argument': 'permanent',
  'already-exists': 'permanent',
  'host-unreachable': 'transient',
  // sources
  'source-missing': 'permanent',
  'source-not-protectable': 'permanent',
  'source-unreadable': 'permanent',
  'source-damaged': 'permanent',
  'source-unsettled': 'transient',
  'source-in-use': 'transient',
  'source-owned-elsewhere': 'permanent',
  'source-running-twice': 'transient',
  'backing-file-refused': 'permanent',
  'format-unsupported': 'permanent',
  // virtual machines
  'vm-unreachable': 'transient',
  'vm-busy': 'transient',
  'hypervisor-failed': 'permanent',
  'snapshot-broken': 'transient',
  'scratch-full': 'permanent',
  'consistency-unreached': 'permanent',
  'guest-frozen': 'permanent',
  // transfers
  'job-running': 'transient',
  'job-fenced': 'permanent',
  'job-cancelled': 'permanent',
  'job-interrupted': 'transient',
  'transfer-mismatch': 'bug',
  'chunk-mismatch': 'transient',
  'tracker-wrong': 'transient',
  'protocol-violation': 'bug',
  stalled: 'transient',
  // files inside of disks
  'filesystem-damaged': 'permanent',
  'filesystem-unsupported': 'permanent',
  'path-not-found': 'permanent',
  // store and catalog
  'store-full': 'permanent',
  'store-missing': 'permanent',
  'store-foreign': 'permanent',
  'store-newer': 'permanent',
  'store-write-failed': 'permanent',
  'media-incomplete': 'permanent',
  'media-damaged': 'permanent',
  'media-foreign': 'permanent',
  'chunk-damaged': 'permanent',
  'chunk-missing': 'permanent',
  'pack-damaged': 'permanent',
  'manifest-damaged': 'permanent',
  'catalog-older-than-store': 'permanent',
  'catalog-inconsistent': 'bug',
  'point-held': 'transient',
  'point-locked': 'permanent',
  'point-protected': 'permanent',
  'point-damaged': 'permanent',
  'last-good-point': 'permanent',
  // restores
  'safety-point-failed': 'permanent',
  'host-lacks': 'permanent',
  'target-refused': 'permanent',
  'target-exists': 'permanent',
  'target-in-use': 'permanent',
  'target-full': 'permanent',
  'target-write-failed': 'permanent',
  'format-cannot-hold': 'permanent',
  'tool-missing': 'permanent',
  'tool-failed': 'permanent',
  'script-failed': 'permanent',
  // telling people
  'notice-failed': 'transient',
  internal: 'bug',
} as const

export type ErrorCode = keyof typeof ERROR_CODES

export interface ErrorDetails {
  readonly hint?: string | undefined
  readonly details?: Readonly<Record<string, unknown>> | undefined
  readonly cause?: unknown
}

/** What a person reads: what happened, to what, and what to do. Codes are what programs read. */
export class HoldfastError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, more: ErrorDetails = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'HoldfastError'
    this.code = code
    this.hint = more.hint
    this.details = more.details ?? {}
  }
}

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERROR_CODES, value)
}

/** The error itself when it is one of ours, else wrapped as `internal`. */
export function toHoldfastError(error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new HoldfastError('internal', message, { cause: error })
}

export interface FailureShape {
  readonly code: string
  readonly message: string
  readonly hint?: string
}

/** How an error travels and is stored. */
export function toFailure(error: unknown): FailureShape {
  const { code, message, hint } = toHoldfastError(error)
  return hint === undefined ? { code, message } : { code, message, hint }
}

export function fromFailure(failure: {
  readonly code: string
  readonly message: string
  readonly hint?: string | null | undefined
}): HoldfastError {
  const code = isErrorCode(failure.code) ? failure.code : 'internal'
  return new HoldfastError(code, failure.message, { hint: failure.hint ?? undefined })
}
