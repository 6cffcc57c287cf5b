import type { Clock } from '../runtime/clock.ts'
import type { PushFrameOut } from './frame.ts'
import { closeSource } from './stream.ts'

/** Well below the limit at which a silent stream is given up. */
const IDLE_MS = 30_000

/** Says nothing about a disk: the receiver drops it. */
export const IDLE_FRAME: PushFrameOut = { runs: { ordinal: 0, runs: [] } }

/**
 * Puts `idle`, a frame without meaning, in wherever `frames` is silent for a while: an agent that
 * compares a large disk, and finds it unchanged, has nothing to send for many minutes.
 */
export async function* withIdle<Frame>(
  frames: AsyncIterable<Frame>,
  clock: Clock,
  idle: Frame,
  idleMs = IDLE_MS,
): AsyncGenerator<Frame, void, undefined> {
  const iterator = frames[Symbol.asyncIterator]()
  let asked = false
  try {
    for (;;) {
      asked = true
      const next = iterator.next()
      while (await isSilent(next, clock, idleMs)) yield idle
      const result = await next
      asked = false
      if (result.done) return
      yield result.value
    }
  } finally {
    await closeSource(iterator, asked)
  }
}

async function isSilent(next: Promise<unknown>, clock: Clock, idleMs: number): Promise<boolean> {
  const arrived = new AbortController()
  const silent = clock.sleep(idleMs, arrived.signal).then(
    () => true,
    () => false,
  )
  const came = next.then(
    () => false,
    () => false, // thrown where it is awaited
  )
  try {
    return await Promise.race([came, silent])
  } finally {
    arrived.abort()
  }
}
