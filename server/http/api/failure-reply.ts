import {
  ERROR_CODES,
  toFailure,
  type ErrorCode,
  type FailureShape,
} from '../../../core/model/error.ts'

/*
 * Errors over HTTP: the same code, message and hint as everywhere. The status is for tools that
 * know nothing of them.
 */
const STATUSES: Partial<Record<ErrorCode, number>> = {
  'credential-missing': 401,
  'credential-refused': 401,
  'certificate-refused': 401,
  'sign-in-failed': 401,
  'permission-denied': 403,
  'role-missing': 403,
  'host-revoked': 403,
  'source-owned-elsewhere': 403,
  'not-found': 404,
  'path-not-found': 404,
  'source-missing': 404,
  'already-exists': 409,
  'host-name-taken': 409,
  'target-exists': 409,
  'job-running': 409,
  'invalid-argument': 400,
  'ambiguous-name': 400,
  'wrong-usage': 400,
  'confirmation-needed': 400,
  'too-many-attempts': 429,
  'database-unreachable': 503,
  'host-unreachable': 503,
  'server-unreachable': 503,
  'provider-unreachable': 503,
  stalled: 504,
  'store-full': 507,
}

export interface FailureReply {
  readonly status: number
  readonly body: { readonly error: FailureShape }
}

export function failureReply(error: unknown): FailureReply {
  const failure = toFailure(error)
  const code = failure.code as ErrorCode
  const byDefault = ERROR_CODES[code] === 'bug' ? 500 : 422
  return { status: STATUSES[code] ?? byDefault, body: { error: failure } }
}
