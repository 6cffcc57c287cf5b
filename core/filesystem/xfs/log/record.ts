import { crc32c } from '../../crc32c.ts'
import { damaged, unsupported } from '../../damaged.ts'
import { RECORD_MAGIC, SECTOR_BYTES, type LogRing } from './ring.ts'

/** A piece of the log that was written at once, as its first sector announces it. */
export interface RecordHead {
  readonly sector: number
  readonly round: number
  /** Of what follows the heads; whole sectors. */
  readonly dataBytes: number
  readonly lsn: bigint
  /** Where what is not in its place yet begins. */
  readonly tailSector: number
  readonly operations: number
  /** Sectors of heads, which keep what the numbers of rounds displaced. */
  readonly heads: number
  /** With the heads. */
  readonly sectors: number
  readonly checksum: number
  readonly isLittleEndian: boolean
}

const LINUX_LITTLE = 1
const HEAD_COVERS_BYTES = 32 * 1024
const HEAD_COVERS_SECTORS = HEAD_COVERS_BYTES / SECTOR_BYTES
/** What the kernel writes at once at most; logs of later kernels may not have more either. */
const MAX_RECORD_BYTES = 256 * 1024
/** The longest record with its heads, in sectors. */
export const LONGEST_RECORD = MAX_RECORD_BYTES / SECTOR_BYTES + MAX_RECORD_BYTES / HEAD_COVERS_BYTES
/** Of the first head and of the others, those bytes that checksums cover. */
const HEAD_BYTES = 328
const FURTHER_HEAD_BYTES = 260
const CHECKSUM_AT = 32

export function isHead(sector: Buffer): boolean {
  return sector.readUInt32BE(0) === RECORD_MAGIC
}

export function parseHead(bytes: Buffer, sector: number): RecordHead {
  const version = bytes.readUInt32BE(8)
  const dataBytes = bytes.readUInt32BE(12)
  const size = bytes.readUInt32BE(320)
  const operations = bytes.readUInt32BE(40)
  // Some versions of mkfs said too little of a record with one operation.
  const isSound =
    isHead(bytes) &&
    (version === 1 || version === 2) &&
    dataBytes > 0 &&
    (dataBytes <= size || operations === 1 || version === 1) &&
    dataBytes <= MAX_RECORD_BYTES &&
    dataBytes % SECTOR_BYTES === 0
  if (!isSound) throw damaged(`xfs: the log has a broken record in sector ${sector}`)
  const covered = version === 2 ? Math.min(size, MAX_RECORD_BYTES) : 0
  const heads = Math.max(1, Math.ceil(covered / HEAD_COVERS_BYTES))
  return {
    ...{ sector, dataBytes, operations, heads },
    round: bytes.readUInt32BE(4),
    lsn: bytes.readBigUInt64BE(16),
    tailSector: bytes.readUInt32BE(28),
    sectors: heads + dataBytes / SECTOR_BYTES,
    checksum: bytes.readUInt32LE(CHECKSUM_AT),
    isLittleEndian: bytes.readUInt32BE(300) === LINUX_LITTLE,
  }
}

/** What was written, or undefined where less than that came to the disk. */
export async function readRecord(ring: LogRing, head: RecordHead): Promise<Buffer | undefined> {
  const whole = await ring.read(head.sector, head.sectors)
  if (!isWhole(whole, head, ring.hasChecksums)) return undefined
  if (!head.isLittleEndian)
    throw unsupported('xfs: the log was written by a machine of other byte order')
  const data = whole.subarray(head.heads * SECTOR_BYTES)
  for (let index = 0; index < data.length / SECTOR_BYTES; index++)
    whole.copy(data, index * SECTOR_BYTES, displacedAt(index), displacedAt(index) + 4)
  return data
}

/** Where the heads keep the first four bytes of that sector of data. */
function displacedAt(index: number): number {
  const head = Math.floor(index / HEAD_COVERS_SECTORS)
  const within = (index % HEAD_COVERS_SECTORS) * 4
  return head === 0 ? 44 + within : head * SECTOR_BYTES + 4 + within
}

/** Before version 5 not all kernels made a checksum. */
function isWhole(
  whole: Buffer,
  { heads, dataBytes, checksum }: RecordHead,
  must: boolean,
): boolean {
  if (checksum === 0 && !must) return true
  const first = Buffer.from(whole.subarray(0, HEAD_BYTES))
  first.writeUInt32LE(0, CHECKSUM_AT)
  const data = whole.subarray(heads * SECTOR_BYTES)
  const further = Math.ceil(dataBytes / HEAD_COVERS_BYTES)
  // The head is four bytes shorter where 32-bit kernels wrote it.
  return [HEAD_BYTES, HEAD_BYTES - 4].some((headBytes) => {
    let sum = crc32c(0xffffffff, first.subarray(0, headBytes))
    for (let index = 1; index < further && index < heads; index++) {
      const at = index * SECTOR_BYTES
      sum = crc32c(sum, whole.subarray(at, at + FURTHER_HEAD_BYTES))
    }
    return (crc32c(sum, data) ^ 0xffffffff) >>> 0 === checksum
  })
}
