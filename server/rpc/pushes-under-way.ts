import type { Clock } from '../../core/runtime/clock.ts'
import type { PushStep } from '../flows/ingest/steps.ts'
import type { JobNews } from '../jobs/job-news.ts'

/** Longer than a pack takes to be synced, shorter than an agent waits for a plan. */
const PATIENCE_MS = 15_000

/**
 * Uploads that this server receives, by job. What has arrived of one that was cut is staged a moment
 * later: a plan that does not wait for that has all of it sent again.
 */
export class PushesUnderWay {
  readonly #ends = new Map<string, Promise<void>>()
  readonly #clock: Clock
  readonly #news: Pick<JobNews, 'tell'>

  constructor(clock: Clock, news: Pick<JobNews, 'tell'>) {
    this.#clock = clock
    this.#news = news
  }

  /** Hands `steps` to `receive`, and is under way until that has ended. */
  async follow<T>(
    steps: AsyncIterable<PushStep>,
    receive: (steps: AsyncIterable<PushStep>) => Promise<T>,
  ): Promise<T> {
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const jobs: string[] = []
    const begin = (job: string) => {
      jobs.push(job)
      this.#ends.set(job, end)
    }
    try {
      return await receive(noted(steps, begin))
    } finally {
      resolve()
      for (const job of jobs) {
        if (this.#ends.get(job) === end) this.#ends.delete(job)
        this.#news.tell(job)
      }
    }
  }

  /** Resolves when no push of this job is under way, at the latest after 15 s. */
  async ended(job: string): Promise<void> {
    const end = this.#ends.get(job)
    if (!end) return
    const waiting = new AbortController()
    const limit = this.#clock.sleep(PATIENCE_MS, waiting.signal).catch(() => {})
    await Promise.race([end, limit])
    waiting.abort()
  }
}

async function* noted(
  steps: AsyncIterable<PushStep>,
  begin: (job: string) => void,
): AsyncGenerator<PushStep, void, undefined> {
  for await (const step of steps) {
    if ('open' in step) begin(step.open.job)
    yield step
  }
}
