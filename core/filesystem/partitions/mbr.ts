import type { ByteReader } from '../byte-reader.ts'
import type { Partition } from './partition.ts'

const SECTOR = 512
const EXTENDED = new Set([0x05, 0x0f, 0x85])
const PROTECTIVE = 0xee
const MAX_LOGICAL = 128

interface Entry {
  readonly type: number
  readonly start: number
  readonly sectors: number
  readonly isValid: boolean
}

export function hasMbr(sector: Buffer): boolean {
  if (sector.readUInt16LE(510) !== 0xaa55) return false
  const all = entries(sector)
  return all.every(({ isValid }) => isValid) && all.some(({ type }) => type !== 0)
}

/** The disk has a GPT; the MBR is there so that old programs see it as taken. */
export function isProtective(sector: Buffer): boolean {
  return sector.readUInt16LE(510) === 0xaa55 && entries(sector).some((e) => e.type === PROTECTIVE)
}

function entries(sector: Buffer): Entry[] {
  return [446, 462, 478, 494].map((at) => {
    const [status, type] = [sector[at]!, sector[at + 4]!]
    const [start, sectors] = [sector.readUInt32LE(at + 8), sector.readUInt32LE(at + 12)]
    const isSound = (status & 0x7f) === 0 && (type === 0 || (start > 0 && sectors > 0))
    return { type, start, sectors, isValid: isSound }
  })
}

export async function readMbr(disk: ByteReader, sector: Buffer, warnings: string[]) {
  const found: Partition[] = []
  for (const [index, entry] of entries(sector).entries()) {
    if (entry.type === 0) continue
    if (!EXTENDED.has(entry.type)) found.push(toPartition(index + 1, entry, 0))
  }
  const extended = entries(sector).find(({ type }) => EXTENDED.has(type))
  if (extended) found.push(...(await readLogical(disk, extended, warnings)))
  return found
}

/** A chain of small tables, each with one partition and a link to the next. */
async function readLogical(
  disk: ByteReader,
  extended: Entry,
  warnings: string[],
): Promise<Partition[]> {
  const found: Partition[] = []
  const seen = new Set<number>()
  let at = extended.start
  while (found.length < MAX_LOGICAL) {
    const isInside = at - extended.start < extended.sectors && (at + 1) * SECTOR <= disk.sizeBytes
    const table = isInside && !seen.has(at) ? await disk.read(at * SECTOR, SECTOR) : undefined
    if (table?.readUInt16LE(510) !== 0xaa55) {
      warnings.push(`the chain of logical partitions is broken after ${found.length} of them`)
      return found
    }
    seen.add(at)
    const [own, link] = entries(table)
    if (own && own.type !== 0 && own.sectors > 0) found.push(toPartition(5 + found.length, own, at))
    if (!link || !EXTENDED.has(link.type) || link.start === 0) return found
    at = extended.start + link.start
  }
  warnings.push(`there are more than ${MAX_LOGICAL} logical partitions`)
  return found
}

function toPartition(number: number, { type, start, sectors }: Entry, base: number): Partition {
  return {
    number,
    offset: (base + start) * SECTOR,
    sizeBytes: sectors * SECTOR,
    type: `0x${type.toString(16).padStart(2, '0')}`,
    name: '',
  }
}
