import { Metadata, status, type ServiceError } from '@grpc/grpc-js'
import {
  fromFailure,
  HoldfastError,
  toFailure,
  type ErrorCode,
  type FailureShape,
} from '../model/error.ts'

/*
 * Errors on the wire: the code, message and hint of HoldfastError travel as JSON in a trailer, so
 * that both sides speak of the same thing. The gRPC status is for tools that know nothing of it.
 */

const TRAILER = 'holdfast-error-bin'
const LONGEST_MESSAGE = 4096 // a trailer must stay below the limit on headers

export function errorTrailer(error: HoldfastError): Metadata {
  const { code, message, hint } = toFailure(error)
  const failure: FailureShape = {
    code,
    message: message.slice(0, LONGEST_MESSAGE),
    ...(hint === undefined ? {} : { hint: hint.slice(0, LONGEST_MESSAGE) }),
  }
  const metadata = new Metadata()
  metadata.set(TRAILER, Buffer.from(JSON.stringify(failure)))
  return metadata
}

/** What a failed call means. `peer` is the address that was called. */
export function fromServiceError(error: ServiceError, peer: string): HoldfastError {
  const sent = error.metadata?.get(TRAILER)[0]
  if (Buffer.isBuffer(sent)) return fromFailure(JSON.parse(sent.toString()) as FailureShape)
  const [code, message, hint] = meaningOf(error, peer)
  return new HoldfastError(code, message, { hint, cause: error })
}

type Meaning = readonly [code: ErrorCode, message: string, hint?: string]

const MEANINGS: Partial<Record<status, (details: string, peer: string) => Meaning>> = {
  [status.UNAVAILABLE]: unavailable,
  [status.DEADLINE_EXCEEDED]: (_, peer) => [
    'stalled',
    `the server at ${peer} did not answer in time`,
  ],
  [status.UNAUTHENTICATED]: refused,
  [status.PERMISSION_DENIED]: refused,
  [status.UNIMPLEMENTED]: (details, peer) => [
    'version-incompatible',
    `the server at ${peer} does not know this call: ${details}`,
    'bring both sides to the same version',
  ],
  [status.RESOURCE_EXHAUSTED]: (details) => [
    'protocol-violation',
    `a message was too large: ${details}`,
  ],
  [status.CANCELLED]: (details, peer) => [
    'job-interrupted',
    `the call to ${peer} was cut: ${details}`,
  ],
}

function meaningOf({ code, details }: ServiceError, peer: string): Meaning {
  const meaning = MEANINGS[code]
  if (meaning) return meaning(details, peer)
  // A connection that breaks under a stream shows as INTERNAL with the HTTP/2 reset's number.
  return /RST_STREAM|ECONNRESET|socket/i.test(details)
    ? ['server-unreachable', `the connection to ${peer} broke: ${details}`]
    : ['internal', details]
}

function refused(details: string, peer: string): Meaning {
  return ['credential-refused', `the server at ${peer} refused: ${details}`]
}

const UNTRUSTED =
  /self.signed certificate|unable to (?:verify|get)|signature failure|not match cert/
// Without a certificate there is an alert; with an untrusted one Node just closes the connection
// that TLS has set up, which leaves gRPC without any reason to report.
const REFUSED =
  /alert (?:certificate|bad certificate|unknown ca|unsupported cert)|Last error: Failed to connect \(/i

/** TLS failures reach us as texts of OpenSSL only. */
function unavailable(details: string, peer: string): Meaning {
  if (UNTRUSTED.test(details))
    return [
      'wrong-authority',
      `the server at ${peer} is not the one that this credential was made for`,
      'check the address; a server that was set up anew needs new credentials',
    ]
  if (REFUSED.test(details))
    return [
      'certificate-refused',
      `the server at ${peer} refused this host's certificate`,
      'enrol the host again with a new join token',
    ]
  if (/certificate has expired|certificate is not yet valid/.test(details))
    return [
      'wrong-authority',
      `the certificate of the server at ${peer} is not valid now: ${details}`,
      'compare the clocks of both machines; a restart of the server renews its certificate',
    ]
  return [
    'server-unreachable',
    `no connection to the server at ${peer}: ${withoutNoise(details)}`,
    'is the server running, and does a firewall let this port through?',
  ]
}

function withoutNoise(details: string): string {
  return details
    .replace(/^No connection established\. Last error: /, '')
    .replace(/ \(\d{4}-\d\d-\d\dT[\d:.]+Z\)/g, '')
    .replace(/\. Resolution note:\s*$/, '')
}
