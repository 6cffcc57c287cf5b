import type { DiskReader } from '../../core/disk/disk.ts'
import type { Extent } from '../../core/model/extent.ts'
import type { Consistency, ConsistencyFallback, WantedConsistency } from '../../core/model/state.ts'

/** One disk of a host's offer. `reason` says why it cannot be protected. */
export interface OfferedDisk {
  readonly name: string
  readonly path: string
  readonly format: string
  readonly sizeBytes: number
  readonly protectable: boolean
  readonly reason: string
}

/** One thing on this host that can be protected. `key` is stable; `name` is the NAME of HOST/NAME. */
export interface Offer {
  readonly key: string
  readonly name: string
  readonly kind: 'image' | 'block-device' | 'vm'
  readonly uuid: string
  readonly disks: readonly OfferedDisk[]
  /** Of a VM. */
  readonly powerState?: 'running' | 'paused' | 'migrating' | 'off' | undefined
  readonly firmware?: string | undefined
  /** Words that rules of protection groups may go by. */
  readonly tags?: readonly string[] | undefined
}

/** Where data sources of a kind come from: folders of images, declared sources, VMs. */
export interface SourceProvider {
  /** What there is now: looks afresh at every call, so that new and vanished things show. */
  offers(): Promise<Offer[]>
  /** Calls `changed` when offers() would answer otherwise, at times for nothing. Returns how to end it. */
  watch(changed: () => void): () => void
  /** Opens for reading. Throws source-missing, source-in-use, backing-file-refused, source-damaged, … */
  open(key: string, options: OpenOptions): Promise<SourceView>
}

/** Data sources of one kind, beside those of others on a host. */
export interface KindProvider extends SourceProvider {
  /** Where the disks of one of them lie, without looking at all the others; undefined when there is none. */
  pathsOf(key: string): Promise<readonly string[] | undefined>
}

export interface OpenOptions {
  readonly excludeDisks: readonly string[]
  /** What was asked of a running VM's instant. */
  readonly wishes?: InstantWishes | undefined
  readonly signal: AbortSignal
}

/** Settings of a group or of a command, as they travel with the job. '' where nobody said. */
export interface InstantWishes {
  readonly consistency: WantedConsistency | ''
  readonly fallback: ConsistencyFallback | ''
  readonly memory: boolean
}

export const NO_WISHES: InstantWishes = { consistency: '', fallback: '', memory: false }

/** How a running VM's instant was had. */
export interface Instant {
  /** The VM was stopped for it. */
  readonly paused: boolean
  readonly hasMemory: boolean
  /** Why it is not what was asked for. */
  readonly warnings: readonly string[]
}

/** The disks of one source, being read. What `settled` says is decided after the last byte was read. */
export interface SourceView {
  readonly capturedAt: string
  readonly powerState: 'off' | 'running' | 'none'
  /** Known once it is settled. */
  readonly configuration: string
  /** Absent where nothing ran. */
  readonly instant?: Instant | undefined
  readonly disks: readonly SourceDisk[]
  /** May be called while the job is planned: what can be made ready before. What fails here fails the job. */
  prepare?(job: string): Promise<void>
  /** Call once it is planned and before anything is read; the instant may be taken only now. */
  begin?(plan: ViewPlan): Promise<void>
  /** Call when the server has acknowledged: from now on change records count from this version. */
  committed?(versionUid: string): Promise<void>
  /** Call when all was read: was everything one instant, as far as anyone can tell? */
  settled(evidence?: Evidence): Promise<Settlement>
  /** Call before a further pass over everything, so that it reads the source and no cache of it. */
  again(): Promise<void>
  close(): Promise<void>
}

/** What the server decided, as far as a source needs to know. */
export interface ViewPlan {
  readonly job: string
  /** What change records that begin now are named after. */
  readonly versionUid: string
  readonly baseUid: string
  /** Names of the disks whose change record since the base is wanted. */
  readonly tracked: ReadonlySet<string>
}

/** What is known of a disk's changes. */
export interface TrackerClaim {
  /** Versions from which a usable change record counts. */
  readonly bases: readonly string[]
  /** Stable word: why there is none, or why not all that are there count. */
  readonly reason: string
}

/** `equalPass`: two whole passes, with again() between them, gave the same bytes. */
export interface Evidence {
  readonly equalPass: boolean
}

export type Settlement =
  | { readonly settled: true; readonly consistency: Consistency }
  | { readonly settled: false; readonly reason: string }

export interface SourceDisk {
  readonly name: string
  readonly format: string
  readonly sizeBytes: number
  /**
   * Set when its bytes are the disk itself, so that workers may read it directly: a path that opens
   * the very file that was checked, whatever is renamed meanwhile, until the view is closed.
   */
  readonly rawPath: string | undefined
  readonly reader: DiskReader
  /** Known when the view is opened. None: no-tracker. */
  readonly tracker?: TrackerClaim | undefined
  /** Once begun, for what is tracked: rising ranges that may differ from the base; all else is as in it. */
  changed?(signal?: AbortSignal): AsyncIterable<Extent>
}
