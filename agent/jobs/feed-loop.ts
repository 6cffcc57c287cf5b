import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import { VERSION } from '../../core/model/release.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { PROTOCOL } from '../../core/wire/protocol.ts'
import type { HelloReply__Output } from '../../core/wire/generated/holdfast/v1/HelloReply.ts'
import type { Work__Output } from '../../core/wire/generated/holdfast/v1/Work.ts'
import type { ServerLink } from '../link/server-link.ts'

export interface FeedLoopDeps {
  readonly link: ServerLink
  readonly session: string
  /** What this host can do, for the server to know beforehand. */
  readonly features: () => Promise<string[]>
  readonly clock: Clock
  readonly log: Logger
  /** Called when the server has greeted; the inventory goes out before work comes in. */
  readonly onConnected: (reply: HelloReply__Output) => Promise<void>
  readonly onWork: (work: Work__Output) => void
}

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000
/** How long another process with our identity may take to be noticed as dead. */
const IDENTITY_PATIENCE_MS = 20_000

const FATAL = new Set([
  'wrong-authority',
  'certificate-refused',
  'host-revoked',
  'version-incompatible',
  'credential-missing',
])

/** Keeps the feed open until `signal` aborts. Throws only what no waiting mends. */
export async function runFeedLoop(deps: FeedLoopDeps, signal: AbortSignal): Promise<void> {
  const { clock, log } = deps
  let inUseSince: number | undefined
  for (let failures = 0; !signal.aborted;) {
    try {
      await followFeed(deps, signal, () => (failures = 0))
    } catch (error) {
      if (signal.aborted) return
      const { code, message } = toHoldfastError(error)
      if (FATAL.has(code)) throw error
      inUseSince = code === 'identity-in-use' ? (inUseSince ?? clock.monotonic()) : undefined
      if (inUseSince !== undefined && clock.monotonic() - inUseSince > IDENTITY_PATIENCE_MS)
        throw error
      log.warn('not connected to the server', { code, reason: message })
    }
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** failures++, LONGEST_WAIT_MS)
    await clock.sleep(waitMs, signal).catch(() => {}) // ends early when stopped
  }
}

async function followFeed(
  deps: FeedLoopDeps,
  signal: AbortSignal,
  onAlive: () => void,
): Promise<void> {
  const { link, session, clock, log } = deps
  const features = await deps.features()
  const reply = await link.hello(
    {
      protocol: PROTOCOL,
      version: VERSION,
      features,
      session,
      clock: new Date(clock.now()).toISOString(),
    },
    signal,
  )
  await deps.onConnected(reply)
  log.info('connected', { server: reply.serverId, host: reply.hostName })
  for await (const work of link.feed({ session }, signal)) {
    onAlive()
    deps.onWork(work)
  }
  throw new HoldfastError('server-unreachable', 'the server closed the connection')
}
