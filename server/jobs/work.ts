/** What an agent is told to do: the server's side of the wire's Work message. */
export type Work =
  | { readonly transfer: TransferOrder }
  | { readonly restore: RestoreOrder }
  | { readonly items: ItemOrder }
  | { readonly cancel: { readonly job: string; readonly reason: string } }
  | { readonly throttle: { readonly job: string; readonly bytesPerSecond: number } }

export interface TransferOrder {
  readonly job: string
  readonly epoch: number
  readonly source: string
  readonly sourceKey: string
  readonly kind: string
  readonly allowUnsettled: boolean
  readonly bytesPerSecond: number
  readonly excludeDisks: string[]
  readonly jobBytesPerSecond: number
  readonly preScript: string
  readonly postScript: string
  readonly consistency: string
  readonly fallback: string
  readonly memory: boolean
}

export interface RestoreOrder {
  readonly job: string
  readonly epoch: number
  readonly point: string
  readonly original: boolean
  readonly sourceKey: string
  readonly folder: string
  readonly name: string
  readonly format: string
  readonly preallocate: boolean
  readonly evenIfOpen: boolean
  readonly bytesPerSecond: number
  readonly disks: {
    readonly ordinal: number
    readonly name: string
    readonly sizeBytes: number
    readonly chunkBytes: number
    readonly sourceFormat: string
    readonly allocatedBytes: number
    readonly targetFormat?: string
  }[]
  /** JSON, where a whole VM is restored. */
  readonly configuration?: string
  readonly machine?: MachineOrder
  readonly part?: PartOrder
}

/** One partition or logical volume, from the disks that it lies on. */
export interface PartOrder {
  readonly name: string
  readonly sizeBytes: number
  readonly disks: RestoreOrder['disks']
  readonly pieces: {
    readonly ordinal: number
    readonly diskOffset: number
    readonly length: number
    readonly targetOffset: number
    readonly runBytes: number
    readonly targetStride: number
  }[]
  readonly partition?: {
    readonly number: number
    readonly offset: number
    readonly sizeBytes: number
    readonly type: string
  }
}

export interface MachineOrder {
  readonly uuid: string
  readonly keepsIdentity: boolean
  readonly networks: { readonly from: string; readonly to: string }[]
  readonly cpus: number
  readonly memoryBytes: number
  readonly discardMemory: boolean
  readonly start: string
}

export interface ItemOrder {
  readonly job: string
  readonly epoch: number
  readonly folder: string
  readonly resultFolder: string
  readonly onConflict: string
  readonly owners: string
  readonly special: boolean
  readonly bytesPerSecond: number
}

/** The agents that are connected. */
export interface AgentPort {
  online(host: string): boolean
  /** False when the agent is not there (any more). */
  send(host: string, work: Work): boolean
}
