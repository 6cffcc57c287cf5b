import { parseRateHours, rateAt } from '../../core/model/group/rate-hours.ts'
import type { GroupSettings } from '../../core/model/group/settings.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Database } from '../catalog/database.ts'
import { limitedJobs, limitedRecoveries } from '../catalog/group-options.ts'
import type { RestoreJobRequest } from '../catalog/job-requests.ts'
import type { AgentPort } from './work.ts'

/** A change is told within so long, and acts within a second then. */
const LOOK_EVERY_MS = 2000

type RateByHours = Pick<GroupSettings, 'rateHours' | 'bytesPerSecond' | 'timeZone'>

/** The limit of a recovery at a moment, in bytes a second; 0: none. */
export function recoveryRate(
  request: Pick<RestoreJobRequest, 'bytesPerSecond' | 'rateHours' | 'timeZone'>,
  now: number,
): number {
  const { bytesPerSecond, rateHours = [], timeZone = 'UTC' } = request
  return groupRate({ bytesPerSecond, rateHours, timeZone }, now)
}

/** The limit of a group at a moment, in bytes a second; 0: none. */
export function groupRate(
  { rateHours, bytesPerSecond, timeZone }: RateByHours,
  now: number,
): number {
  return rateAt(rateHours.map(parseRateHours), bytesPerSecond, timeZone, now)
}

/** Tells agents when the limit of a job under way becomes another: by the hour, or by a change of its group. */
export class GroupRates {
  readonly #database: Database
  readonly #agents: AgentPort
  readonly #clock: Clock
  readonly #told = new Map<string, number>()
  #lookedAt = -Infinity

  constructor(database: Database, agents: AgentPort, clock: Clock) {
    this.#database = database
    this.#agents = agents
    this.#clock = clock
  }

  /** What an order said of its job. */
  began(job: string, bytesPerSecond: number): void {
    this.#told.set(job, bytesPerSecond)
  }

  /** `running` are all jobs that this process has given out. */
  async look(running: readonly string[]): Promise<void> {
    const now = this.#clock.monotonic()
    if (now - this.#lookedAt < LOOK_EVERY_MS) return
    this.#lookedAt = now
    for (const job of this.#told.keys()) if (!running.includes(job)) this.#told.delete(job)
    if (this.#told.size === 0) return
    const jobs = [...this.#told.keys()]
    const limited = [
      ...(await limitedJobs(this.#database, jobs)),
      ...(await limitedRecoveries(this.#database, jobs)),
    ]
    for (const { job, host, settings } of limited) {
      const bytesPerSecond = groupRate(settings, this.#clock.now())
      if (this.#told.get(job) === bytesPerSecond) continue
      if (this.#agents.send(host, { throttle: { job, bytesPerSecond } }))
        this.#told.set(job, bytesPerSecond)
    }
  }
}
