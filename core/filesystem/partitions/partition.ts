export interface Partition {
  /** As Linux counts: logical ones of an MBR from 5 on; 0 where the disk is not partitioned. */
  readonly number: number
  readonly offset: number
  readonly sizeBytes: number
  /** `0x83`, or a GUID in lower case; empty where the disk is not partitioned. */
  readonly type: string
  readonly name: string
  /** Its own, in a GPT; lower case. */
  readonly uuid?: string
}

export interface PartitionTable {
  readonly kind: 'gpt' | 'mbr' | 'none'
  readonly partitions: readonly Partition[]
  readonly warnings: readonly string[]
}

/** Keeps what lies on the disk, and says what does not. */
export function onDisk(
  sizeBytes: number,
  found: readonly Partition[],
): { partitions: Partition[]; warnings: string[] } {
  const partitions: Partition[] = []
  const warnings: string[] = []
  for (const partition of found) {
    const room = sizeBytes - partition.offset
    if (room <= 0) warnings.push(`partition ${partition.number} begins beyond the end of the disk`)
    else if (partition.sizeBytes > room) {
      warnings.push(`partition ${partition.number} is cut off by the end of the disk`)
      partitions.push({ ...partition, sizeBytes: room })
    } else partitions.push(partition)
  }
  return { partitions, warnings }
}
