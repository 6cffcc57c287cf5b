import type { FailureShape } from '../../core/model/error.ts'
import type { TransferMode } from '../../core/model/state.ts'

/** What came of a job: its `result` column. Keys and units are those of the wire's Job message. */
export interface JobResult {
  /** Transfers: id of the point that was kept; absent when none was. */
  readonly point?: string
  readonly versionUid?: string
  readonly disks?: readonly DiskResult[]
  /** Consistency checks. */
  readonly check?: CheckResult
  /** Verifications. */
  readonly verification?: VerificationResult
  /** Recoveries. */
  readonly restore?: RestoreResult
  /** Recoveries of files. */
  readonly items?: ItemResult
  /** Collections and compactions. */
  readonly collection?: CollectionResult
  /** Expiries: points that went. */
  readonly expired?: number
}

export interface DiskResult {
  readonly name: string
  readonly transferMode: TransferMode
  readonly transferReason?: string
  readonly readBytes: number
  readonly sentBytes: number
  readonly storedBytes: number
  readonly changedBytes: number
}

export interface CheckResult {
  readonly comparedBytes: number
  readonly differingChunks: number
  readonly sentBytes: number
}

export interface VerificationResult {
  readonly checkedChunks: number
  readonly checkedBytes: number
  readonly damaged: readonly DamagedRange[]
}

/** `source` is HOST/NAME; one entry per point that names the bytes. */
export interface DamagedRange {
  readonly point: string
  readonly source: string
  readonly disk: string
  readonly offset: number
  readonly length: number
}

export interface RestoreResult {
  readonly bytesWritten: number
  readonly files: readonly string[]
  readonly changes: readonly string[]
}

export interface ItemResult {
  readonly folder: string
  readonly restored: number
  readonly skipped: number
  readonly failedCount: number
  /** The first of them. */
  readonly failed: readonly ItemFailure[]
  /** What the target could not hold, in sentences. */
  readonly lost: readonly string[]
  readonly bytes: number
}

export interface ItemFailure {
  readonly path: string
  /** `path` is percent-encoded: its bytes are no UTF-8. */
  readonly encoded: boolean
  readonly error: FailureShape
}

export interface CollectionResult {
  readonly freedBytes: number
  readonly removedSegments: number
  readonly removedPacks: number
  readonly rewrittenBytes: number
}
