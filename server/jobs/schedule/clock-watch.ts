import { raiseAlert } from '../../catalog/alerts.ts'
import { noteJump, readScheduleClock, sawClock } from '../../catalog/schedule-clock.ts'
import type { ScheduleDeps } from './schedule-deps.ts'

const HOUR_MS = 3_600_000

/** More than the steady clock says: the wall clock was moved. */
const JUMP_MS = HOUR_MS
/** Nobody saw the clock for so long: it may be right, but what expires by it would be much at once. */
const UNSEEN_MS = 7 * 24 * HOUR_MS

/** Finds jumps of the wall clock forward, by which everything would expire. */
export class ClockWatch {
  readonly #deps: ScheduleDeps
  #last: { readonly wall: number; readonly steady: number } | undefined

  constructor(deps: ScheduleDeps) {
    this.#deps = deps
  }

  async look(): Promise<void> {
    const { database, clock } = this.#deps
    const now = { wall: clock.now(), steady: clock.monotonic() }
    const seen = await readScheduleClock(database)
    const from = this.#jumpFrom(now, seen?.seenAt.getTime())
    await sawClock(database, new Date(now.wall))
    if (from !== undefined) await this.#tell(from, now.wall)
    this.#last = now
  }

  /** What the clock showed before it jumped. */
  #jumpFrom(now: { wall: number; steady: number }, seen: number | undefined): number | undefined {
    if (this.#last) {
      const expected = this.#last.wall + (now.steady - this.#last.steady)
      if (now.wall - expected > JUMP_MS) return this.#last.wall
    }
    return seen !== undefined && now.wall - seen > UNSEEN_MS ? seen : undefined
  }

  async #tell(from: number, to: number): Promise<void> {
    const { database, random, log } = this.#deps
    const [before, after] = [new Date(from), new Date(to)]
    await database.tx(async (q) => {
      await noteJump(q, before, after)
      await raiseAlert(q, random, {
        type: 'clock-jumped',
        severity: 'critical',
        object: 'server',
        cause: `the clock went from ${before.toISOString()} to ${after.toISOString()}`,
        action:
          'Nothing expires until somebody says that the time is right, with the command below.',
        command: 'holdfast storage confirm-clock',
      })
    })
    log.warn('the clock jumped: nothing expires until it is confirmed', { before, after })
  }
}
