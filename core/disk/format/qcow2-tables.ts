import { damaged, LARGEST_READ, type ImageFile } from './image-file.ts'
import type { Qcow2Header } from './qcow2.ts'

/** The longest first-level table that QEMU opens. */
const LONGEST_TABLE = 8 * LARGEST_READ

const COMPRESSED = 0x40000000
const READS_AS_ZEROS = 1

/** A second-level table, and where on the disk its clusters begin; none: nothing was ever written there. */
export interface Qcow2Table {
  readonly guestOffset: number
  readonly table: Buffer | undefined
}

/**
 * Proves that every cluster which the guest can see lies inside the file. QEMU reads zeros beyond
 * the end of a truncated image, without an error: a point of it would be a silent loss.
 */
export async function checkQcow2(file: ImageFile, header: Qcow2Header): Promise<void> {
  for await (const { table, guestOffset } of qcow2Tables(file, header))
    if (table) checkTable(file, header, table, guestOffset)
}

/** All tables of the disk, rising. */
export async function* qcow2Tables(
  file: ImageFile,
  header: Qcow2Header,
): AsyncGenerator<Qcow2Table> {
  const clusterBytes = 2 ** header.clusterBits
  const entryBytes = header.hasExtendedEntries ? 16 : 8
  const tableSpan = (clusterBytes / entryBytes) * clusterBytes
  const needed = Math.ceil(header.sizeBytes / tableSpan)
  if (header.tableEntries < needed || needed * 8 > LONGEST_TABLE)
    throw damaged(file.path, `its table has ${header.tableEntries} entries, not ${needed}`)
  let guestOffset = 0
  for await (const part of file.table(header.tableOffset, needed * 8, 8)) {
    for (let at = 0; at < part.length; at += 8, guestOffset += tableSpan) {
      const offset = hostOffset(part, at)
      if (offset % clusterBytes !== 0)
        throw damaged(file.path, `a table at byte ${offset}, which is no cluster`)
      const table = offset === 0 ? undefined : await file.bytes(offset, clusterBytes)
      yield { guestOffset, table }
    }
  }
}

/** `guestOffset`: where on the disk the table begins. Entries past the disk's end are not looked at. */
function checkTable(
  file: ImageFile,
  header: Qcow2Header,
  table: Buffer,
  guestOffset: number,
): void {
  const clusterBytes = 2 ** header.clusterBits
  const step = header.hasExtendedEntries ? 16 : 8
  let visible = header.sizeBytes - guestOffset
  for (let at = 0; at < table.length && visible > 0; at += step, visible -= clusterBytes) {
    if (isCompressed(table, at)) checkCompressed(file, header, table, at)
    else checkCluster(file, header, table, at, Math.min(visible, clusterBytes))
  }
}

function checkCluster(
  file: ImageFile,
  header: Qcow2Header,
  table: Buffer,
  at: number,
  visible: number,
): void {
  const offset = hostOffset(table, at)
  if (offset === 0) return
  // What such an entry points at is not read. Extended entries keep that in their second half.
  if (!header.hasExtendedEntries && readsAsZeros(table, at)) return
  if (offset % 2 ** header.clusterBits !== 0)
    throw damaged(file.path, `a cluster at byte ${offset}, which is no cluster's start`)
  const written = header.hasExtendedEntries ? writtenPart(header, table, at) : visible
  const needed = Math.min(written, visible)
  if (offset + needed > file.sizeBytes)
    throw damaged(file.path, `it ends at byte ${file.sizeBytes}, a cluster is at byte ${offset}`)
}

/** A cluster with an extended entry need be written only up to its last allocated subcluster. */
function writtenPart(header: Qcow2Header, table: Buffer, at: number): number {
  const allocated = table.readUInt32BE(at + 12)
  return (32 - Math.clz32(allocated)) * (2 ** header.clusterBits / 32)
}

/** The upper bits count sectors after the first; the file may end inside the last of them. */
function checkCompressed(file: ImageFile, header: Qcow2Header, table: Buffer, at: number): void {
  const offsetBits = BigInt(62 - (header.clusterBits - 8))
  const descriptor = table.readBigUInt64BE(at) & ((1n << 62n) - 1n)
  const offset = Number(descriptor & ((1n << offsetBits) - 1n))
  const sectors = Number(descriptor >> offsetBits)
  if (offset - (offset % 512) + sectors * 512 > file.sizeBytes)
    throw damaged(file.path, `it ends at byte ${file.sizeBytes}, inside a compressed cluster`)
}

export function isCompressed(table: Buffer, at: number): boolean {
  return (table.readUInt32BE(at) & COMPRESSED) !== 0
}

/** Of entries that are not extended. */
export function readsAsZeros(table: Buffer, at: number): boolean {
  return (table.readUInt32BE(at + 4) & READS_AS_ZEROS) !== 0
}

/** Bits 9 to 55 of an entry. */
export function hostOffset(table: Buffer, at: number): number {
  const high = table.readUInt32BE(at) & 0x00ffffff
  const low = table.readUInt32BE(at + 4)
  return high * 2 ** 32 + (low - (low % 512))
}
