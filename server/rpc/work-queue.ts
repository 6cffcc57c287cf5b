import type { Clock } from '../../core/runtime/clock.ts'
import type { Work } from '../../core/wire/generated/holdfast/v1/Work.ts'

/** More than this waits for an agent only when it does not read any more. */
const LIMIT = 1000

/** Work on its way to one agent. One reader. */
export class WorkQueue {
  readonly #works: Work[] = []
  #arrived = Promise.withResolvers<void>()

  put(work: Work): boolean {
    if (this.#works.length >= LIMIT) return false
    this.#works.push(work)
    this.#arrived.resolve()
    return true
  }

  /** The next piece of work; undefined when none came within `ms`. */
  async take(clock: Clock, ms: number): Promise<Work | undefined> {
    if (this.#works.length === 0) {
      this.#arrived = Promise.withResolvers<void>()
      const enough = new AbortController()
      const tooLate = clock.sleep(ms, enough.signal).catch(() => {})
      await Promise.race([this.#arrived.promise, tooLate])
      enough.abort()
    }
    return this.#works.shift()
  }
}
