import 'reflect-metadata'
import { createHash, type webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import { Pkcs10CertificateRequest, PublicKey } from '@peculiar/x509'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Random } from '../../core/runtime/random.ts'
import { SERVER_NAME } from '../../core/wire/options.ts'
import { readAuthority, writeAuthority } from './authority-files.ts'
import {
  createRoot,
  exportKey,
  generateKeyPair,
  issue,
  KEY_ALGORITHM,
  toPem,
  type Issuer,
  type Validity,
} from './certificates.ts'

const DAY_MS = 86_400_000
const ROOT_DAYS = 3650
/** Made anew at each start of a server, and its key never leaves the process. */
const SERVER_DAYS = 825
export const AGENT_DAYS = 30
/** Clocks of hosts that are a little behind must not refuse a certificate that was just made. */
const BACKDATE_MS = 3_600_000

export interface ServerIdentity {
  /** Leaf and authority: a client that has only the pin finds the authority here. */
  readonly chain: string
  readonly key: string
}

export interface AgentCertificate {
  readonly pem: string
  /** Lower-case hex. */
  readonly serial: string
  readonly expiresAt: Date
}

/** The server's own certificate authority: it alone says who is a server and who is a host. */
export interface Authority {
  /** PEM, the root. */
  readonly certificate: string
  /** SHA-256 of the root's DER, hex: what join tokens carry. */
  readonly pin: string
  issueServer(advertise: readonly string[]): Promise<ServerIdentity>
  /** `request` is a PKCS #10, DER; only its key is taken over. Throws 'invalid-argument'. */
  issueAgent(hostId: string, request: Uint8Array): Promise<AgentCertificate>
}

/** Opens the authority of a data folder, or founds it there. The key's file is for its owner only. */
export async function openAuthority(
  folder: string,
  clock: Clock,
  random: Random,
): Promise<Authority> {
  const root = (await readAuthority(folder)) ?? (await found(folder, clock, random))
  return new OpenAuthority(root, clock, random)
}

async function found(folder: string, clock: Clock, random: Random): Promise<Issuer> {
  const name = `CN=Holdfast authority ${random.bytes(4).toString('hex')}`
  const root = await createRoot(name, validity(clock, ROOT_DAYS), random)
  return writeAuthority(folder, root)
}

class OpenAuthority implements Authority {
  readonly certificate: string
  readonly pin: string
  readonly #root: Issuer
  readonly #clock: Clock
  readonly #random: Random

  constructor(root: Issuer, clock: Clock, random: Random) {
    this.certificate = toPem(root.certificate)
    this.pin = createHash('sha256').update(Buffer.from(root.certificate.rawData)).digest('hex')
    this.#root = root
    this.#clock = clock
    this.#random = random
  }

  async issueServer(advertise: readonly string[]): Promise<ServerIdentity> {
    const keys = await generateKeyPair()
    const names = [...new Set([SERVER_NAME, 'localhost', '127.0.0.1', '::1', ...advertise])]
    const leaf = await issue(
      this.#root,
      {
        subject: 'CN=Holdfast server',
        publicKey: keys.publicKey,
        usage: 'server',
        names: names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value })),
        validity: this.#validity(SERVER_DAYS),
      },
      this.#random,
    )
    return { chain: toPem(leaf) + this.certificate, key: await exportKey(keys.privateKey) }
  }

  async issueAgent(hostId: string, request: Uint8Array): Promise<AgentCertificate> {
    const leaf = await issue(
      this.#root,
      {
        subject: `CN=${hostId}`,
        publicKey: await keyOf(request),
        usage: 'client',
        names: [{ type: 'url', value: hostUri(hostId) }],
        validity: this.#validity(AGENT_DAYS),
      },
      this.#random,
    )
    return { pem: toPem(leaf), serial: leaf.serialNumber.toLowerCase(), expiresAt: leaf.notAfter }
  }

  /** A leaf that outlives its authority would only look valid. */
  #validity(days: number): Validity {
    const { notBefore, notAfter } = validity(this.#clock, days)
    const { notAfter: end } = this.#root.certificate
    return { notBefore, notAfter: notAfter < end ? notAfter : end }
  }
}

const URI = 'holdfast:host/'

export function hostUri(hostId: string): string {
  return URI + hostId
}

/** The host that a certificate names, from its subject alternative names as Node shows them. */
export function hostOfNames(subjectAltName: string | undefined): string | undefined {
  const uris = (subjectAltName ?? '').split(', ').filter((name) => name.startsWith(`URI:${URI}`))
  return uris.length === 1 ? uris[0]?.slice(`URI:${URI}`.length) : undefined
}

async function keyOf(request: Uint8Array): Promise<PublicKey> {
  try {
    const parsed = new Pkcs10CertificateRequest(Uint8Array.from(request))
    const { name, namedCurve } = parsed.publicKey.algorithm as webcrypto.EcKeyAlgorithm
    if (name !== KEY_ALGORITHM.name || namedCurve !== KEY_ALGORITHM.namedCurve)
      throw new TypeError(`a key on ${KEY_ALGORITHM.namedCurve} is wanted`)
    // Proof that the one who asks has the key.
    if (!(await parsed.verify())) throw new TypeError('its signature is wrong')
    return parsed.publicKey
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new HoldfastError('invalid-argument', `unusable certificate request: ${why}`, { cause })
  }
}

function validity(clock: Clock, days: number): Validity {
  const now = clock.now()
  return { notBefore: new Date(now - BACKDATE_MS), notAfter: new Date(now + days * DAY_MS) }
}
