import { createHash } from 'node:crypto'
import { connect, type DetailedPeerCertificate } from 'node:tls'
import { parseAddress } from '../../core/model/address.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { SERVER_NAME } from '../../core/wire/options.ts'

const CONNECT_LIMIT_MS = 10_000

export interface PinnedAuthority {
  /** PEM. */
  readonly authority: string
  /** Those that showed it, in the order given. */
  readonly addresses: readonly string[]
}

/**
 * Finds the authority with this pin among the certificates that the server shows. Nothing is sent
 * here, and nothing is trusted but the pin: that the server's own certificate is signed by it is
 * checked by the connection that follows.
 */
export async function fetchPinnedAuthority(
  addresses: readonly string[],
  pin: string,
): Promise<PinnedAuthority> {
  const looks = await Promise.all(addresses.map((address) => look(address, pin)))
  const found = looks.filter((one) => typeof one === 'string')
  const [authority] = found
  if (authority !== undefined)
    return { authority, addresses: addresses.filter((_, at) => typeof looks[at] === 'string') }
  const failures = looks.filter((one) => one instanceof HoldfastError)
  throw (
    failures.find(({ code }) => code === 'wrong-authority') ??
    failures[0] ??
    new HoldfastError('token-unknown', 'the join token names no address of a server')
  )
}

async function look(address: string, pin: string): Promise<string | HoldfastError> {
  try {
    const chain = await presentedChain(address)
    const authority = chain.find((der) => createHash('sha256').update(der).digest('hex') === pin)
    return authority ? toPem(authority) : wrongAuthority(address)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return new HoldfastError('server-unreachable', `no connection to ${address}: ${why}`, {
      hint: 'is the server running, and does a firewall let this port through?',
      cause,
    })
  }
}

function wrongAuthority(address: string): HoldfastError {
  return new HoldfastError(
    'wrong-authority',
    `the server at ${address} is not the one that this join token was made by`,
    { hint: 'check who answers at this address; nothing secret was sent to it' },
  )
}

/** DER of each certificate that is shown, the server's own first. */
function presentedChain(address: string): Promise<Buffer[]> {
  const target = parseAddress(address)
  if (!target) throw new TypeError('not an address')
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...target,
      servername: SERVER_NAME,
      ALPNProtocols: ['h2'],
      rejectUnauthorized: false,
      timeout: CONNECT_LIMIT_MS,
    })
    socket.once('secureConnect', () => {
      resolve(chainOf(socket.getPeerCertificate(true)))
      socket.destroy()
    })
    socket.once('timeout', () => socket.destroy(new Error('no answer in time')))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the connection was closed')))
  })
}

/** A root is its own issuer: the walk ends there. */
function chainOf(leaf: DetailedPeerCertificate): Buffer[] {
  const chain: Buffer[] = []
  let certificate: DetailedPeerCertificate | undefined = leaf
  while (certificate?.raw && !chain.some((der) => der.equals(certificate?.raw as Buffer))) {
    chain.push(certificate.raw)
    certificate = certificate.issuerCertificate
  }
  return chain
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
