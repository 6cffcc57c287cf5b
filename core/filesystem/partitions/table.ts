import type { ByteReader } from '../byte-reader.ts'
import { isBootSector } from '../probe.ts'
import { readGpt } from './gpt.ts'
import { hasMbr, isProtective, readMbr } from './mbr.ts'
import { onDisk, type PartitionTable } from './partition.ts'

const SECTOR = 512

/** What the disk is divided into; one whole where it is not divided. */
export async function readPartitionTable(disk: ByteReader): Promise<PartitionTable> {
  const whole = { number: 0, offset: 0, sizeBytes: disk.sizeBytes, type: '', name: '' }
  const none: PartitionTable = { kind: 'none', partitions: [whole], warnings: [] }
  if (disk.sizeBytes < SECTOR) return none
  const sector = await disk.read(0, SECTOR)
  const warnings: string[] = []
  if (isProtective(sector)) {
    const found = onDisk(disk.sizeBytes, await readGpt(disk, warnings))
    return { kind: 'gpt', ...found, warnings: [...warnings, ...found.warnings] }
  }
  // A boot sector of FAT or NTFS ends like an MBR, and has code where that has its table.
  if (isBootSector(sector) || !hasMbr(sector)) return none
  const found = onDisk(disk.sizeBytes, await readMbr(disk, sector, warnings))
  return { kind: 'mbr', ...found, warnings: [...warnings, ...found.warnings] }
}
