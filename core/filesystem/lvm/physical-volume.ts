import { crc32 } from 'node:zlib'
import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import { readChecked } from '../mapped-file.ts'
import { readWide } from '../wide-number.ts'

/** A disk or partition that LVM2 has taken, and what it says of its group. */
export interface PhysicalVolume {
  /** 32 letters, without the dashes that people see. */
  readonly id: string
  /** The newest whole copy of the group's metadata that it has; undefined where it has none. */
  readonly metadata: string | undefined
  readonly warnings: readonly string[]
}

const SECTOR = 512
const LABEL_SECTORS = 4
const AREA_HEAD_BYTES = 512
const AREA_MAGIC = ' LVM2 x[5A%r0N*>'
const IGNORED = 1
const MAX_METADATA_BYTES = 16 * 2 ** 20
const MAX_AREAS = 16

interface Range {
  readonly offset: number
  readonly length: number
}

export async function readPhysicalVolume(disk: ByteReader): Promise<PhysicalVolume> {
  const head = await readChecked(disk, 0, Math.min(LABEL_SECTORS * SECTOR, disk.sizeBytes))
  const label = findLabel(head)
  if (!label) throw damaged('lvm2: the label is damaged')
  const at = label.readUInt32LE(20)
  if (at < 32 || at + 40 > SECTOR) throw damaged('lvm2: the label leads nowhere')
  const id = label.toString('latin1', at, at + 32)
  const data = ranges(label, at + 40)
  const areas = ranges(label, data.end)
  const warnings: string[] = []
  let newest: string | undefined
  for (const area of areas.found) {
    try {
      const text = await readArea(disk, area)
      if (text !== undefined && (newest === undefined || age(text) > age(newest))) newest = text
    } catch {
      warnings.push(`lvm2: a copy of the metadata at ${area.offset} is damaged`)
    }
  }
  return { id, metadata: newest, warnings }
}

/** The sector with the label; its checksum covers the header behind it. */
function findLabel(head: Buffer): Buffer | undefined {
  for (let sector = 0; (sector + 1) * SECTOR <= head.length; sector++) {
    const label = head.subarray(sector * SECTOR, (sector + 1) * SECTOR)
    if (label.toString('latin1', 0, 8) !== 'LABELONE') continue
    const isSound =
      label.readBigUInt64LE(8) === BigInt(sector) &&
      label.readUInt32LE(16) === checksum(label.subarray(20)) &&
      label.toString('latin1', 24, 32) === 'LVM2 001'
    if (isSound) return label
  }
  return undefined
}

/** A CRC-32 that begins with another number and is not inverted. */
export function checksum(bytes: Uint8Array): number {
  return ~crc32(bytes, ~0xf597a6cf >>> 0) >>> 0
}

/** Offsets and lengths, up to one of zeros; `end` is what comes behind that. */
function ranges(label: Buffer, from: number): { found: Range[]; end: number } {
  const found: Range[] = []
  for (let at = from; at + 16 <= label.length && found.length < MAX_AREAS; at += 16) {
    const offset = readWide(label, at, 'lvm2: the place of an area')
    const length = readWide(label, at + 8, 'lvm2: the size of an area')
    if (offset === 0) return { found, end: at + 16 }
    found.push({ offset, length })
  }
  throw damaged('lvm2: the list of areas has no end')
}

/** Undefined where the area is not used. Texts are written one behind the other, and around its end. */
async function readArea(disk: ByteReader, area: Range): Promise<string | undefined> {
  const head = await readChecked(disk, area.offset, AREA_HEAD_BYTES)
  const isSound =
    head.readUInt32LE(0) === checksum(head.subarray(4)) &&
    head.toString('latin1', 4, 20) === AREA_MAGIC &&
    head.readUInt32LE(20) === 1 &&
    head.readBigUInt64LE(24) === BigInt(area.offset)
  if (!isSound) throw damaged('lvm2: an area of metadata is damaged')
  const room = readWide(head, 32, 'lvm2: the size of an area')
  const start = readWide(head, 40, 'lvm2: the place of metadata')
  const length = readWide(head, 48, 'lvm2: the size of metadata')
  if (start === 0 || length === 0 || (head.readUInt32LE(60) & IGNORED) !== 0) return undefined
  const isInside = start >= AREA_HEAD_BYTES && start < room && length <= room - AREA_HEAD_BYTES
  if (!isInside || length > MAX_METADATA_BYTES)
    throw damaged('lvm2: metadata lie out of their area')
  const before = Math.min(length, room - start)
  const text = Buffer.concat([
    await readChecked(disk, area.offset + start, before),
    await readChecked(disk, area.offset + AREA_HEAD_BYTES, length - before),
  ])
  if (checksum(text) !== head.readUInt32LE(56)) throw damaged('lvm2: metadata are damaged')
  return text.toString('utf8').replace(/\0+$/, '')
}

/** Copies are compared by the number that rises with each change. */
export function age(metadata: string): number {
  return Number(/^\s*seqno\s*=\s*(\d+)/m.exec(metadata)?.[1] ?? 0)
}
