import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { Logger } from '../../core/runtime/log.ts'

interface Run {
  readonly stop: AbortController
  readonly ended: Promise<void>
}

/** The jobs that run in this agent: at most one run of each, the newest. */
export class JobRuns {
  readonly #log: Logger
  readonly #runs = new Map<string, Run>()

  constructor(log: Logger) {
    this.#log = log
  }

  /** A further run of a job waits until the one before has stopped. */
  start(job: string, run: (signal: AbortSignal) => Promise<void>): void {
    const before = this.#runs.get(job)
    before?.stop.abort(new HoldfastError('job-fenced', 'the server started the job anew'))
    const stop = new AbortController()
    const ended = this.#run(job, run, stop.signal, before?.ended)
    this.#runs.set(job, { stop, ended })
    void ended.then(() => {
      if (this.#runs.get(job)?.stop === stop) this.#runs.delete(job)
    })
  }

  cancel(job: string, reason: string): void {
    this.#runs.get(job)?.stop.abort(new HoldfastError('job-cancelled', reason))
  }

  async stopAll(reason: HoldfastError): Promise<void> {
    const runs = [...this.#runs.values()]
    for (const { stop } of runs) stop.abort(reason)
    await Promise.all(runs.map(({ ended }) => ended))
  }

  async #run(
    job: string,
    run: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
    before: Promise<void> | undefined,
  ): Promise<void> {
    await before
    try {
      await run(signal)
    } catch (error) {
      this.#log.error('a job ended with an error of ours', {
        job,
        reason: toHoldfastError(error).message,
      })
    }
  }
}
