import { HoldfastError, toFailure, toHoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import type { Logger } from '../../core/runtime/log.ts'
import type { JobReport } from '../../core/wire/generated/holdfast/v1/JobReport.ts'
import type { ReportReply__Output } from '../../core/wire/generated/holdfast/v1/ReportReply.ts'

export type SendReport = (report: JobReport) => Promise<ReportReply__Output>

export interface ReportedJob {
  readonly job: string
  readonly epoch: number
  readonly totalBytes: number
  readonly send: SendReport
  readonly clock: Clock
  readonly log: Logger
}

const INTERVAL_MS = 1000
const END_TRIES = 8
const END_FIRST_WAIT_MS = 250

/** Tells the server about once a second how far a job is, and brings back a wish to cancel. */
export class ProgressReport {
  readonly #job: ReportedJob
  readonly #stop = new AbortController()
  readonly #cancel = new AbortController()
  #doneBytes = 0
  #totalBytes: number
  #running: Promise<void> | undefined

  constructor(job: ReportedJob) {
    this.#job = job
    this.#totalBytes = job.totalBytes
  }

  /** Aborts when the server's answer says cancel, or that another owns the job now. */
  get cancelled(): AbortSignal {
    return this.#cancel.signal
  }

  get doneBytes(): number {
    return this.#doneBytes
  }

  add(bytes: number): void {
    this.#doneBytes += bytes
  }

  /** Where a job stands that begins anew, with another total perhaps. */
  set(doneBytes: number, totalBytes: number): void {
    this.#doneBytes = doneBytes
    this.#totalBytes = totalBytes
  }

  start(): void {
    this.#running = this.#loop()
  }

  /** Ends the reports without an end of the job: it goes on elsewhere, or later. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** Sends how it ended, over a few tries; false, and a line in the log, when it did not arrive. */
  async end(report: JobReport): Promise<boolean> {
    await this.stop()
    const { clock, log, job } = this.#job
    for (let tries = 1; ; tries++) {
      try {
        const { fenced } = await this.#send(report)
        return !fenced
      } catch (error) {
        if (tries === END_TRIES || toHoldfastError(error).code === 'job-fenced') {
          log.error('the end of a job is not reported', { job, ...toFailure(error) })
          return false
        }
      }
      await clock.sleep(END_FIRST_WAIT_MS * 2 ** tries)
    }
  }

  async #loop(): Promise<void> {
    const { clock, log, job } = this.#job
    while (!this.#stop.signal.aborted) {
      try {
        this.#obey(await this.#send({ state: 'running' }))
      } catch (error) {
        log.debug('progress is not reported', { job, ...toFailure(error) })
      }
      await clock.sleep(INTERVAL_MS, this.#stop.signal).catch(() => {})
    }
  }

  #obey({ cancel, fenced }: ReportReply__Output): void {
    if (fenced) this.#cancel.abort(new HoldfastError('job-fenced', 'another run owns this job now'))
    else if (cancel) this.#cancel.abort(new HoldfastError('job-cancelled', 'the job was cancelled'))
  }

  #send(report: JobReport): Promise<ReportReply__Output> {
    const { job, epoch, send } = this.#job
    const doneBytes = this.#doneBytes
    const bytes = { doneBytes, writtenBytes: doneBytes, totalBytes: this.#totalBytes }
    return send({ job, epoch, ...bytes, ...report })
  }
}
