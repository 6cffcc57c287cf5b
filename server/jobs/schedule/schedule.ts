import { toHoldfastError } from '../../../core/model/error.ts'
import { applyRules } from './apply-rules.ts'
import { closeCheckWindows } from './check-windows.ts'
import { ClockWatch } from './clock-watch.ts'
import { doOwnWork } from './own-work.ts'
import { planDues } from './plan-dues.ts'
import { noteStorageOfToday } from './note-storage.ts'
import { observeReplicas } from './replicas.ts'
import type { ScheduleDeps } from './schedule-deps.ts'
import { settleDues } from './settle-dues.ts'
import { startDues } from './start-dues.ts'

/**
 * What happens by itself. Each minute, in every server process of the catalog:
 *
 *  1. look at the clock: after a jump nothing expires until somebody confirms the time;
 *  2. rules bring new data sources into their groups;
 *  3. replicas that became inconsistent are noted, and their checks planned;
 *  4. checks whose window is over are stopped; dues whose jobs have ended are settled: done, tried again, or told;
 *  5. what is due is written down, each row once, whichever server is first;
 *  6. what may start becomes a job, in the transaction that says so of its row;
 *  7. the servers' own work of the night;
 *  8. once an hour, how full the store is.
 *
 * A step that fails is logged and tried again a minute later; it does not stop the others.
 */
export class Schedule {
  readonly #deps: ScheduleDeps
  readonly #watch: ClockWatch
  #running: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(deps: ScheduleDeps) {
    this.#deps = deps
    this.#watch = new ClockWatch(deps)
  }

  /** One look; a further one waits for it. */
  tick(): Promise<void> {
    this.#running = this.#running.then(() => this.#look())
    return this.#running
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
  }

  async #look(): Promise<void> {
    const deps = this.#deps
    if (deps.mode.name !== 'normal') return this.#step('own work', () => doOwnWork(deps))
    await this.#step('clock', () => this.#watch.look())
    await this.#step('rules', () => applyRules(deps))
    await this.#step('replicas', () => observeReplicas(deps))
    await this.#step('windows', () => closeCheckWindows(deps))
    await this.#step('ends', () => settleDues(deps))
    await this.#step('dues', () => planDues(deps))
    await this.#step('starts', () => startDues(deps))
    await this.#step('own work', () => doOwnWork(deps))
    await this.#step('storage', () => noteStorageOfToday(deps))
  }

  async #step(name: string, run: () => Promise<void>): Promise<void> {
    if (this.#isStopped) return
    try {
      await run()
    } catch (error) {
      const reason = toHoldfastError(error).message
      this.#deps.log.error('a step of the schedule failed', { step: name, reason })
    }
  }
}
