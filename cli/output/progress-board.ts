import type { Clock } from '../../core/runtime/clock.ts'
import type { Job } from '../reply.ts'
import type { Terminal } from '../terminal.ts'
import { formatBytes, formatRate, formatSeconds } from './format.ts'
import { printable } from './table.ts'

const REPAINT_MS = 200
const LINE_EVERY_MS = 5000

/**
 * How far running jobs are. On a terminal one line a job, painted again in place; elsewhere a line
 * when a job's state changes and every few seconds between.
 */
export class ProgressBoard {
  readonly #terminal: Terminal
  readonly #clock: Clock
  readonly #jobs = new Map<string, Job>()
  readonly #saidAt = new Map<string, { atMs: number; state: string }>()
  #paintedLines = 0
  #paintedAtMs = -Infinity

  constructor(terminal: Terminal, clock: Clock) {
    this.#terminal = terminal
    this.#clock = clock
  }

  show(job: Job): void {
    const before = this.#jobs.get(job.id)
    this.#jobs.set(job.id, job)
    if (!this.#terminal.isLive) return this.#say(job)
    const isDue = this.#clock.monotonic() - this.#paintedAtMs >= REPAINT_MS
    if (isDue || before?.state !== job.state) this.#paint()
  }

  /** Leaves the last state of each job standing. */
  close(): void {
    if (this.#terminal.isLive && this.#jobs.size > 0) this.#paint()
    this.#paintedLines = 0
  }

  #say(job: Job): void {
    const nowMs = this.#clock.monotonic()
    const said = this.#saidAt.get(job.id)
    if (said && said.state === job.state && nowMs - said.atMs < LINE_EVERY_MS) return
    this.#saidAt.set(job.id, { atMs: nowMs, state: job.state })
    this.#terminal.err(`${progressLine(job)}\n`)
  }

  #paint(): void {
    const up = this.#paintedLines > 0 ? `\u001b[${this.#paintedLines}A` : ''
    // A line that wraps would shift all that follows; one column stays free.
    const width = this.#terminal.columns - 1
    const lines = [...this.#jobs.values()].map(
      (job) => `\r\u001b[2K${progressLine(job).slice(0, width)}\n`,
    )
    this.#terminal.err(up + lines.join(''))
    this.#paintedLines = lines.length
    this.#paintedAtMs = this.#clock.monotonic()
  }
}

/** `alpha/web.raw  recovery-point  running  41 %  1.23 GiB of 3.00 GiB  210 MiB/s  9s left`. */
export function progressLine(job: Job): string {
  const parts = [job.source ?? job.id, job.kind, job.state, ...amounts(job)]
  return printable(parts.join('  '))
}

function amounts({ state, progress }: Job): string[] {
  if (!progress || progress.totalBytes <= 0) return []
  const { doneBytes, totalBytes, bytesPerSecond } = progress
  const amount = `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`
  if (state !== 'running') return [amount]
  const percent = Math.min(100, Math.floor((doneBytes / totalBytes) * 100))
  if (bytesPerSecond <= 0) return [`${percent} %`, amount]
  const left = formatSeconds(Math.max(0, totalBytes - doneBytes) / bytesPerSecond)
  return [`${percent} %`, amount, formatRate(bytesPerSecond), `${left} left`]
}
