import type { Clock } from '../../core/runtime/clock.ts'
import type { Offer } from '../source/source.ts'

const LOOK_MS = 5_000
/** Where changes are told: for those that are not, such as a disk that grows. */
const LOOK_TOLD_MS = 30_000
/** What happens to a VM comes as several events at once. */
const BURST_MS = 200
/** A VM that moved is the other host's until that host has told, too: so often a change is told. */
const TELLINGS = 5

export interface News {
  /** While it is false, nothing comes. */
  readonly isTold: boolean
  /** Resolves at the next change. */
  readonly news: Promise<void>
}

/**
 * QEMU tells nobody that a VM started: such are looked at often, which costs a few commands each. Where
 * somebody tells, at each news, and otherwise seldom.
 */
export function followOffers(
  offers: () => Promise<readonly Offer[]>,
  changed: () => void,
  clock: Clock,
  told?: News,
): () => void {
  const stop = new AbortController()
  void follow(offers, changed, clock, stop.signal, told)
  return () => {
    stop.abort()
  }
}

async function follow(
  offers: () => Promise<readonly Offer[]>,
  changed: () => void,
  clock: Clock,
  signal: AbortSignal,
  told?: News,
): Promise<void> {
  let before = ''
  let tellings = 0
  while (!signal.aborted) {
    const news = told?.news
    const now = JSON.stringify(await offers().catch(() => []))
    if (before !== '' && now !== before) tellings = TELLINGS
    if (tellings-- > 0) changed()
    before = now
    const waitMs = tellings <= 0 && told?.isTold === true ? LOOK_TOLD_MS : LOOK_MS
    await pause(waitMs, news, clock, signal)
  }
}

/** Until that time is over, or there is news. */
async function pause(
  waitMs: number,
  news: Promise<void> | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController()
  const slept = clock.sleep(waitMs, AbortSignal.any([signal, over.signal])).catch(() => {})
  const isNews = news ? await Promise.race([slept, news.then(() => true)]) : await slept
  over.abort()
  if (isNews === true) await clock.sleep(BURST_MS, signal).catch(() => {})
}
