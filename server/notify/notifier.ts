import { toHoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { Database } from '../catalog/database.ts'
import { recordEvent } from '../catalog/events.ts'
import {
  dueRecipients,
  markFailed,
  markSent,
  waitingNotices,
  type Recipient,
} from '../catalog/notices.ts'
import { deliver, togetherOf, type Sender } from './deliver.ts'

export interface NotifierDeps extends Sender {
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
}

const LOOK_EVERY_MS = 5000
/** Whoever has not answered by then is tried later. */
const DELIVERY_MS = 30_000
const WAIT_SECONDS = [60, 300, 900, 3600] as const
const GIVE_UP_SECONDS = 3 * 86_400
const AT_ONCE = 200

/**
 * Sends what is to be told. Each recipient has a sending of its own: one that hangs, or is away, holds
 * nobody else up, and never what is told of. What was accepted when the process dies may come twice.
 */
export class Notifier {
  readonly #d: NotifierDeps
  readonly #stopped = new AbortController()
  readonly #sending = new Map<string, Promise<void>>()
  #loop: Promise<void> = Promise.resolve()

  constructor(deps: NotifierDeps) {
    this.#d = deps
  }

  start(): void {
    this.#loop = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#loop
    await Promise.all(this.#sending.values())
  }

  /** Begins to send whatever is due; resolves when that is under way, not when it is sent. */
  async look(): Promise<void> {
    for (const to of await dueRecipients(this.#d.database)) {
      const key = `${to.kind} ${to.address}`
      if (this.#sending.has(key) || this.#stopped.signal.aborted) continue
      const sending = this.#send(to).finally(() => this.#sending.delete(key))
      this.#sending.set(key, sending)
    }
  }

  /** Resolves when nothing is being sent any more. */
  async settled(): Promise<void> {
    while (this.#sending.size > 0) await Promise.all(this.#sending.values())
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#d
    while (!this.#stopped.signal.aborted) {
      try {
        await this.look()
      } catch (error) {
        log.warn('notices cannot be sent', { reason: toHoldfastError(error).message })
      }
      await clock.sleep(LOOK_EVERY_MS, this.#stopped.signal).catch(() => {})
    }
  }

  /** All that waits for one recipient, in order, up to the first failure. */
  async #send(to: Recipient): Promise<void> {
    try {
      while (!this.#stopped.signal.aborted) {
        const waiting = await waitingNotices(this.#d.database, to, AT_ONCE)
        const together = waiting.slice(0, togetherOf(to.kind, waiting))
        if (together.length === 0 || !(await this.#sendTogether(to, together))) return
      }
    } catch (error) {
      this.#d.log.warn('notices cannot be sent', { reason: toHoldfastError(error).message })
    }
  }

  async #sendTogether(
    to: Recipient,
    notices: Awaited<ReturnType<typeof waitingNotices>>,
  ): Promise<boolean> {
    const { database, log } = this.#d
    const ids = notices.map(({ id }) => id)
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(DELIVERY_MS)])
    try {
      await deliver(this.#d, to, notices, signal)
    } catch (error) {
      if (this.#stopped.signal.aborted) return false
      const { message } = toHoldfastError(error)
      log.warn('a notice was not sent', { kind: to.kind, reason: message })
      await this.#failed(to, ids, notices[0]?.attempts ?? 0, message)
      return false
    }
    await markSent(database, ids)
    return true
  }

  async #failed(to: Recipient, ids: readonly number[], attempts: number, why: string) {
    const wait = WAIT_SECONDS[Math.min(attempts, WAIT_SECONDS.length - 1)] ?? 60
    await this.#d.database.tx(async (q) => {
      const over = await markFailed(q, ids, why, wait, GIVE_UP_SECONDS)
      if (attempts > 0 && over === 0) return
      const what = over > 0 ? `${over} were given up` : `${ids.length} wait for the next try`
      const message = `notices to ${shownAddress(to)} were not sent (${why}); ${what}`
      await recordEvent(q, { kind: 'notice-failed', about: 'server', message })
    })
  }
}

/** Paths and queries of webhooks are often as good as a password. */
export function shownAddress({ kind, address }: Recipient): string {
  return kind === 'webhook' && URL.canParse(address) ? new URL(address).origin : address
}
