import type { Clock } from '../../core/runtime/clock.ts'
import type { Offer } from '../source/source.ts'

const LOOK_MS = 5_000
/** A VM that moved is the other host's until that host has told, too: so often a change is told. */
const TELLINGS = 5

/** VMs tell nobody that they started: they are looked at often, which costs a few commands each. */
export function followOffers(
  offers: () => Promise<readonly Offer[]>,
  changed: () => void,
  clock: Clock,
): () => void {
  const stop = new AbortController()
  void follow(offers, changed, clock, stop.signal)
  return () => {
    stop.abort()
  }
}

async function follow(
  offers: () => Promise<readonly Offer[]>,
  changed: () => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let before = ''
  let tellings = 0
  while (!signal.aborted) {
    const now = JSON.stringify(await offers().catch(() => []))
    if (before !== '' && now !== before) tellings = TELLINGS
    if (tellings-- > 0) changed()
    before = now
    await clock.sleep(LOOK_MS, signal).catch(() => {})
  }
}
