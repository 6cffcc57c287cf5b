import type { VolumeLayout } from '../../core/filesystem/browse/layout.ts'
import type { MachineWish } from '../../core/machine/machine-wish.ts'
import type { RestoreFormat } from '../../core/model/restore-format.ts'
import type {
  ConsistencyFallback,
  JobKind,
  TransferKind,
  WantedConsistency,
} from '../../core/model/state.ts'

/** What was asked for, per kind of job: the `request` column of a job. Times are ISO 8601 UTC. */

export type TransferJobKind = Extract<
  JobKind,
  'initial-replication' | 'synchronization' | 'recovery-point' | 'consistency-check'
>

export interface TransferRequest {
  /** `point` keeps the version as a recovery point; a check keeps one only where it repaired. */
  readonly kind: TransferKind
  readonly label?: string | undefined
  readonly expiresAt?: string | undefined
  readonly protect: boolean
  /** Of a running VM; absent where nobody said. */
  readonly consistency?: WantedConsistency | undefined
  readonly fallback?: ConsistencyFallback | undefined
  readonly memory?: boolean | undefined
}

/** The first replica out of removable media; the server itself reads them. */
export interface ReplicaImportRequest extends TransferRequest {
  readonly kind: 'synchronize'
  /** Absolute, on the server's machine. */
  readonly folder: string
  readonly exportId: string
}

export interface VerifyRequest {
  /** Ids of points; empty with `all`: every pack that is sealed, the longest unverified first. */
  readonly points: readonly string[]
  readonly all: boolean
  /** Set on a nightly slice: stop after so many stored bytes. */
  readonly limitBytes?: number | undefined
}

export interface RestoreJobRequest {
  /** Id of the point. */
  readonly point: string
  readonly original: boolean
  /** Absolute folder on the job's host; absent when original. */
  readonly folder?: string | undefined
  /** Base name of the files to make; absent when original. */
  readonly name?: string | undefined
  readonly format: RestoreFormat
  /** A partition or logical volume alone; `disks` are those it lies on. */
  readonly part?: VolumeLayout | undefined
  /** Names of the disks, never empty. */
  readonly disks: readonly string[]
  /** By name of disk, where it is not `format`. */
  readonly formats?: Readonly<Record<string, RestoreFormat>> | undefined
  readonly preallocate: boolean
  readonly evenIfOpen: boolean
  /** 0 = no limit. */
  readonly bytesPerSecond: number
  /** Other limits at some hours of the zone: `08:00-18:00 mon-fri=10485760`. */
  readonly rateHours?: readonly string[] | undefined
  readonly timeZone?: string | undefined
  /** Mail addresses that are told what came of it. */
  readonly notify?: readonly string[] | undefined
  /** Set where a whole VM is restored. */
  readonly machine?: MachineRequest | undefined
  /** Id of the job that takes a safety point: this one waits for it, and fails when it fails. */
  readonly after?: string | undefined
}

export interface MachineRequest extends MachineWish {
  /** Absent: as the VM was. */
  readonly start: boolean | undefined
}

/** What happens where a file of that name is there already. */
export type OnConflict = 'copy' | 'skip' | 'overwrite'

export interface ItemRestoreRequest {
  /** Id of the point. */
  readonly point: string
  /** Base64: names are bytes. */
  readonly paths: readonly string[]
  /** FOLDER/PATTERN and FOLDER/NAME, the same way: what of a folder is called so, but for these. */
  readonly matching?: readonly string[] | undefined
  readonly except?: readonly string[] | undefined
  readonly disk?: string | undefined
  /** Absolute folder on the job's host. */
  readonly folder: string
  /** Name of a new folder below it; '' for none. */
  readonly resultFolder: string
  readonly onConflict: OnConflict
  readonly owners: 'keep' | 'target'
  readonly special: boolean
  /** 0 = no limit. */
  readonly bytesPerSecond: number
  /** Other limits at some hours of the zone: `08:00-18:00 mon-fri=10485760`. */
  readonly rateHours?: readonly string[] | undefined
  readonly timeZone?: string | undefined
  /** Mail addresses that are told what came of it. */
  readonly notify?: readonly string[] | undefined
}

/** Expiry, collection and compaction act on the whole store. */
export type StoreWideRequest = Readonly<Record<string, never>>

interface Asked<Kind extends JobKind, Request> {
  readonly kind: Kind
  readonly request: Request
  /** Id of the data source: what is transferred, or what the restored point is of. */
  readonly dataSource?: string | undefined
  /** Id of the host whose agent does it; absent: the server does. */
  readonly host?: string | undefined
  /** Name of who asked. */
  readonly requestedBy: string
  /** Id of the protection group that it is done for. */
  readonly group?: string | undefined
  /** Higher goes first; people's requests are 10, recoveries 20, the schedule's 0. */
  readonly priority?: number | undefined
}

export type NewJob =
  | Asked<TransferJobKind, TransferRequest>
  | Asked<'initial-replication', ReplicaImportRequest>
  | Asked<'verification', VerifyRequest>
  | Asked<'recovery', RestoreJobRequest>
  | Asked<'item-recovery', ItemRestoreRequest>
  | Asked<'expiry', StoreWideRequest>
  | Asked<'collection', StoreWideRequest>
  | Asked<'compaction', StoreWideRequest>

export const ASKED_PRIORITY = 10
export const RECOVERY_PRIORITY = 20
