import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { createCertificateRequest } from './certificate-request.ts'
import { renewalDue, type Identity } from './identity.ts'
import { writeIdentity } from './identity-store.ts'

export interface RenewalOptions {
  readonly folder: string
  readonly identity: Identity
  readonly clock: Clock
  readonly log: Logger
  /** The server's part: ServerLink's `renew`. */
  readonly renew: (
    request: Buffer,
    signal: AbortSignal,
  ) => Promise<{ readonly certificate: string }>
  /** Called when the new identity is safe on the disk. */
  readonly onRenewed: (identity: Identity) => void
}

/** A third of 30 days is left when the first try is made: an hour between tries is soon enough. */
const RETRY_MS = 3_600_000
/** Timers hold 24 days at most; a clock that was set right is noticed at the next look. */
const LONGEST_SLEEP_MS = 6 * 3_600_000

/** Keeps this host's certificate alive until `signal` aborts. Failures are logged and tried again. */
export async function keepRenewed(options: RenewalOptions, signal: AbortSignal): Promise<void> {
  const { clock, log } = options
  let { identity } = options
  while (!signal.aborted) {
    const wait = renewalDue(identity) - clock.now()
    if (wait > 0) {
      await clock.sleep(Math.min(wait, LONGEST_SLEEP_MS), signal).catch(() => {}) // stopped
      continue
    }
    try {
      identity = await renewOnce(options, identity, signal)
      log.info('certificate renewed', { host: identity.hostName })
    } catch (error) {
      if (signal.aborted) return
      log.warn('cannot renew the certificate', { error })
      await clock.sleep(RETRY_MS, signal).catch(() => {})
    }
  }
}

/** A new key with each certificate. Until both are on the disk the old ones stay in use. */
export async function renewOnce(
  { folder, renew, onRenewed }: Pick<RenewalOptions, 'folder' | 'renew' | 'onRenewed'>,
  identity: Identity,
  signal: AbortSignal,
): Promise<Identity> {
  const { key, request } = await createCertificateRequest()
  const { certificate } = await renew(request, signal)
  const renewed: Identity = { ...identity, certificate, key }
  await writeIdentity(folder, renewed)
  onRenewed(renewed)
  return renewed
}

/** What the server calls itself now is tried too; what was known stays, it may be a way around. */
export async function rememberAddresses(
  folder: string,
  identity: Identity,
  reported: readonly string[],
): Promise<Identity> {
  const addresses = [...new Set([...identity.addresses, ...reported])].slice(0, 16)
  if (addresses.length === identity.addresses.length) return identity
  const updated = { ...identity, addresses }
  await writeIdentity(folder, updated)
  return updated
}
