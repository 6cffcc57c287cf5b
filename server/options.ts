import type { Address } from '../core/model/address.ts'
import type { JobLimits } from './limits.ts'

/** What `holdfast server run` was asked for. Checked already: folders are absolute paths. */
export interface ServerOptions {
  readonly dataFolder: string
  /** Volumes of the store, first the one with the marker; empty means `dataFolder`/store. */
  readonly storeFolders: readonly string[]
  /** For operators. */
  readonly listen: Address
  readonly agents: Address
  /** Absent: no console. */
  readonly console?: ConsoleOptions | undefined
  /** Further names or numbers of this machine: in the server's certificate and in tokens. */
  readonly advertise: readonly string[]
  /** Absent means the embedded PostgreSQL inside `dataFolder`. */
  readonly databaseUrl?: string | undefined
  /** How long a deleted point can be brought back, and a pack rests in the trash: milliseconds. */
  readonly undoMs: number
  readonly trashMs: number
  /** After how long a disk is read whole although its changes are tracked; 0: never by itself. */
  readonly auditMs: number
  /** Share of the chunks that a change record calls unchanged that each run looks at all the same. */
  readonly sampleShare: number
  /** Jobs of agents at once. */
  readonly limits: JobLimits
  /** How long jobs that have ended are kept. */
  readonly historyMs: number
  /** Says how to send mail, where it is there. */
  readonly mailFile: string
  /** Says through which OpenID provider people sign in to the console, where it is there. */
  readonly openIdFile: string
  /** winston's: error, warn, info, debug. */
  readonly logLevel: string
  /** Called once, when both listeners accept. */
  readonly onReady?: ((ready: ServerReady) => void) | undefined
}

/** Where the web console is, and behind which certificate: the server's own, or one's own. */
export interface ConsoleOptions {
  readonly at: Address
  /** Without TLS: loopback only. */
  readonly plain: boolean
  /** Files, PEM. */
  readonly own: { readonly certificate: string; readonly key: string } | undefined
}

export interface ServerReady {
  readonly serverId: string
  /** With the real port where 0 was asked for. */
  readonly listen: Address
  readonly agents: Address
  /** Its address for a browser. */
  readonly console: string | null
  readonly operatorFile: string
}

/** What `holdfast server rebuild` was asked for. */
export interface RebuildOptions {
  readonly dataFolder: string
  readonly storeFolders: readonly string[]
  readonly databaseUrl?: string | undefined
  readonly logLevel: string
}

/** What a rebuild brought in; what the catalog had before is not counted. */
export interface RebuildResult {
  readonly packs: number
  readonly segments: number
  readonly chunks: number
  readonly versions: number
  readonly points: number
  /** Points that were deleted before and stay so. */
  readonly deletedPoints: number
  /** One sentence each: what could not be brought back, or is damaged. */
  readonly warnings: readonly string[]
}
