import type { InspectedRecords } from '../../../core/chunk/inspect-pool.ts'
import type { DiskSamples } from '../audit/disk-audit.ts'
import type { Consistency } from '../../../core/model/state.ts'

/** A transfer as it arrives, freed of the wire: the rpc layer translates into these. */
export type PushStep =
  | { readonly open: PushOpening }
  | { readonly records: Buffer }
  | { readonly runs: DiskRuns }
  | { readonly diskEnd: DiskEnding }
  | { readonly end: PushEnding }
  | { readonly samples: DiskSamples }
  | { readonly changed: DiskRuns }

export interface PushOpening {
  readonly job: string
  readonly epoch: number
  readonly transfer: string
}

export interface DiskRuns {
  readonly ordinal: number
  readonly runs: readonly ChunkRun[]
}

export interface ChunkRun {
  readonly kind: 'ZERO' | 'BASE' | 'STAGED' | 'UNREADABLE'
  readonly start: number
  readonly count: number
}

export interface DiskEnding {
  readonly ordinal: number
  readonly records: number
  readonly readBytes: number
  readonly comparedBytes: number
  /** Of what was read; undefined where it was not read in one pass. */
  readonly checksum: Buffer | undefined
}

export interface PushEnding {
  readonly consistency: Consistency
  readonly capturedAt: string
  readonly powerState: string
  /** False: keep what is staged, another pass follows. */
  readonly seal: boolean
  readonly configuration: string
  readonly unsettledReason: string
  readonly paused: boolean
  readonly hasMemory: boolean
  readonly warnings: readonly string[]
}

/** `inspected`: every chunk was decompressed and hashed. */
export type InspectedStep =
  Exclude<PushStep, { records: Buffer }> | { readonly inspected: InspectedRecords }

export interface TransferReceipt {
  readonly committed: boolean
  readonly versionUid: string
  readonly version: number
  readonly point: string
  readonly records: number
  readonly receivedBytes: number
  readonly storedBytes: number
  readonly duplicateChunks: number
  readonly disks: readonly {
    readonly ordinal: number
    readonly checksum: Buffer
    readonly differingChunks: number
  }[]
}
