/* What tests read of the documents that `--json` prints: design part 9, test/cli/contract.test.ts. */

export interface FailureAnswer {
  readonly code: string
  readonly message: string
  readonly hint: string | null
}

export interface PointDiskAnswer {
  readonly name: string
  readonly sizeBytes: number
  readonly transferMode: string
  readonly transferReason: string | null
}

export interface PointAnswer {
  readonly id: string
  readonly source: string
  readonly sequence: number
  readonly createdAt: string
  readonly state: string
  readonly consistency: string
  readonly powerState: string | null
  readonly paused: boolean
  readonly hasMemory: boolean
  readonly label: string | null
  readonly comment: string | null
  readonly protected: boolean
  readonly sizeBytes: number
  readonly sentBytes: number
  readonly disks: readonly PointDiskAnswer[]
}

/** One entry of `point create`, `sync` and `check`. */
export interface StartedAnswer {
  readonly source: string
  readonly job: string | null
  readonly point: PointAnswer | null
  readonly error: FailureAnswer | null
  readonly warnings: readonly string[]
  readonly sentBytes?: number
  readonly differingChunks?: number
}

export interface RestoreAnswer {
  readonly job: string
  readonly bytesWritten: number
  readonly files: readonly string[]
  readonly changes: readonly string[]
  readonly error: FailureAnswer | null
}

export interface VerifyAnswer {
  readonly checkedChunks: number
  readonly checkedBytes: number
  readonly damaged: readonly {
    readonly point: string
    readonly source: string
    readonly disk: string
    readonly offset: number
    readonly length: number
  }[]
  readonly error: FailureAnswer | null
}

export interface JobAnswer {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly progress: { readonly doneBytes: number; readonly totalBytes: number }
  readonly error: FailureAnswer | null
  readonly warnings: readonly string[]
}

export interface SourceAnswer {
  readonly uuid?: string
  readonly firmware?: string
  readonly powerState?: string | null
  readonly name: string
  readonly state: string
  readonly replicaState: string
  readonly disks: readonly {
    readonly name: string
    readonly format: string
    readonly sizeBytes: number
    readonly protected: boolean
    readonly reason: string | null
  }[]
}

/** Of a command that failed as a whole. */
export interface RefusedAnswer {
  readonly error: FailureAnswer
}
