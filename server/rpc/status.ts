import { status, type Metadata } from '@grpc/grpc-js'
import { ERROR_CODES, toHoldfastError, type ErrorCode } from '../../core/model/error.ts'
import { errorTrailer } from '../../core/wire/error.ts'

/*
 * Which gRPC status an error code travels under. Our own clients read the trailer; the status is
 * for tools that know nothing of it.
 */
const STATUSES: Partial<Record<ErrorCode, status>> = {
  'credential-missing': status.UNAUTHENTICATED,
  'credential-refused': status.UNAUTHENTICATED,
  'certificate-refused': status.UNAUTHENTICATED,
  'token-used': status.UNAUTHENTICATED,
  'token-expired': status.UNAUTHENTICATED,
  'token-unknown': status.UNAUTHENTICATED,
  'host-revoked': status.PERMISSION_DENIED,
  'permission-denied': status.PERMISSION_DENIED,
  'identity-in-use': status.PERMISSION_DENIED,
  'source-owned-elsewhere': status.PERMISSION_DENIED,
  'not-found': status.NOT_FOUND,
  'source-missing': status.NOT_FOUND,
  'already-exists': status.ALREADY_EXISTS,
  'host-name-taken': status.ALREADY_EXISTS,
  'target-exists': status.ALREADY_EXISTS,
  'invalid-argument': status.INVALID_ARGUMENT,
  'ambiguous-name': status.INVALID_ARGUMENT,
  'wrong-usage': status.INVALID_ARGUMENT,
  'version-incompatible': status.UNIMPLEMENTED,
  'format-unsupported': status.UNIMPLEMENTED,
  'database-unreachable': status.UNAVAILABLE,
  'host-unreachable': status.UNAVAILABLE,
  'job-interrupted': status.ABORTED,
  'job-fenced': status.ABORTED,
  'job-running': status.ABORTED,
  'job-cancelled': status.CANCELLED,
  stalled: status.DEADLINE_EXCEEDED,
  'store-full': status.RESOURCE_EXHAUSTED,
  'chunk-damaged': status.DATA_LOSS,
  'chunk-missing': status.DATA_LOSS,
  'point-damaged': status.DATA_LOSS,
}

export interface ErrorStatus {
  readonly code: status
  readonly details: string
  readonly metadata: Metadata
}

export function toStatus(error: unknown): ErrorStatus {
  const known = toHoldfastError(error)
  const byDefault = ERROR_CODES[known.code] === 'bug' ? status.INTERNAL : status.FAILED_PRECONDITION
  return {
    code: STATUSES[known.code] ?? byDefault,
    // Percent-encoded on its way, which fails on half a character.
    details: known.message.slice(0, 1024).toWellFormed(),
    metadata: errorTrailer(known),
  }
}
