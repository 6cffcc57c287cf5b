import { toFailure, type FailureShape } from '../../core/model/error.ts'
import { showName } from '../../core/model/guest-name.ts'
import type { ItemResult } from '../../core/wire/generated/holdfast/v1/ItemResult.ts'
import { Lost } from './lost.ts'

interface Failed {
  readonly path: string
  readonly encoded: boolean
  readonly error: FailureShape
}

/** What came of each item so far. */
export class Tally {
  restored = 0
  skipped = 0
  bytes = 0
  /** Not held by the target although it was asked for. */
  readonly lost = new Lost()
  /** Left out on purpose. */
  readonly leftOut = new Lost()
  readonly #failed: Failed[] = []
  readonly #warnings = new Set<string>()
  #failedCount = 0

  get failedCount(): number {
    return this.#failedCount
  }

  get firstFailure(): FailureShape | undefined {
    return this.#failed[0]?.error
  }

  get warnings(): string[] {
    const more = this.#failedCount - this.#failed.length
    return [
      ...this.#warnings,
      ...this.leftOut.sentences(),
      ...(more > 0 ? [`${more} further items failed that are not listed`] : []),
    ]
  }

  warn(text: string): void {
    if (this.#warnings.size < MOST_WARNINGS) this.#warnings.add(text)
  }

  fail(path: Buffer, error: unknown): void {
    this.#failedCount++
    if (this.#failed.length >= MOST_FAILED) return
    const { name, encoded } = showName(path)
    this.#failed.push({ path: name, encoded, error: toFailure(error) })
  }

  result(folder: string): ItemResult {
    const { restored, skipped, bytes, failedCount } = this
    const lost = this.lost.sentences()
    return { folder, restored, skipped, bytes, failedCount, failed: [...this.#failed], lost }
  }
}

/** One report has to hold them. */
const MOST_FAILED = 2000
const MOST_WARNINGS = 100
