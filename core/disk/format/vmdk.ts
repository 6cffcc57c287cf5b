import { damaged, safeNumber, unsupported, type ImageFile } from './image-file.ts'
import { parseDescriptor, type VmdkDescriptor } from './vmdk-descriptor.ts'

/** The header of a sparse extent. A monolithic image is one such extent with a descriptor inside. */
export interface SparseHeader {
  readonly sizeBytes: number
  readonly grainBytes: number
  readonly perTable: number
  readonly directoryOffset: number
  readonly isCompressed: boolean
  readonly hasZeroGrains: boolean
  readonly descriptorOffset: number
  readonly descriptorBytes: number
}

/** The top file of a VMDK: a descriptor that names extents, or a sparse extent that is all of it. */
export type Vmdk =
  | { readonly kind: 'descriptor'; readonly descriptor: VmdkDescriptor; readonly sizeBytes: number }
  | {
      readonly kind: 'sparse'
      readonly descriptor: VmdkDescriptor | undefined
      readonly header: SparseHeader
      readonly sizeBytes: number
    }

const SPARSE_MAGIC = 'KDMV'
const SECTOR = 512
const AT_THE_END = (1n << 64n) - 1n
const FLAG_ZERO_GRAINS = 1 << 2
const FLAG_COMPRESSED = 1 << 16
const LONGEST_DESCRIPTOR = 1024 * 1024
const ZERO_GRAIN = 1

export async function readVmdk(file: ImageFile): Promise<Vmdk> {
  const magic = (await file.head(4)).toString('latin1')
  if (magic === SPARSE_MAGIC) return monolithic(file)
  if (magic === 'COWD' || magic === 'SESP')
    throw unsupported(file.path, 'an ESXi redo log is not a whole disk')
  if (file.sizeBytes > LONGEST_DESCRIPTOR) throw damaged(file.path, 'it has no VMDK header')
  const text = (await file.head(LONGEST_DESCRIPTOR)).toString()
  if (!text.trimStart().startsWith('# Disk DescriptorFile'))
    throw damaged(file.path, 'it has no VMDK header')
  const descriptor = parseDescriptor(file.path, text)
  if (descriptor.extents.length === 0) throw damaged(file.path, 'its descriptor names no extent')
  const sizeBytes = descriptor.extents.reduce((sum, extent) => sum + extent.sizeBytes, 0)
  return { kind: 'descriptor', descriptor, sizeBytes }
}

async function monolithic(file: ImageFile): Promise<Vmdk> {
  const header = await readSparse(file)
  const { descriptorOffset, descriptorBytes } = header
  if (descriptorOffset === 0 || descriptorBytes === 0)
    return { kind: 'sparse', descriptor: undefined, header, sizeBytes: header.sizeBytes }
  const text = (await file.bytes(descriptorOffset, descriptorBytes)).toString()
  const descriptor = parseDescriptor(file.path, text)
  return { kind: 'sparse', descriptor, header, sizeBytes: header.sizeBytes }
}

/** Reads the header of a sparse extent; of a stream-optimized one, the copy at its end. */
export async function readSparse(file: ImageFile): Promise<SparseHeader> {
  const head = await file.bytes(0, SECTOR)
  if (head.toString('latin1', 0, 4) !== SPARSE_MAGIC)
    throw damaged(file.path, 'it has no VMDK header')
  if (head.readBigUInt64LE(56) !== AT_THE_END) return sparseHeader(file.path, head)
  const footer = await file.bytes(file.sizeBytes - 2 * SECTOR, SECTOR)
  if (footer.toString('latin1', 0, 4) !== SPARSE_MAGIC)
    throw damaged(file.path, 'it does not end with a VMDK footer (cut short?)')
  return sparseHeader(file.path, footer)
}

function sparseHeader(path: string, head: Buffer): SparseHeader {
  const sectors = (at: number, field: string) =>
    safeNumber(path, head.readBigUInt64LE(at) * BigInt(SECTOR), field)
  const version = head.readUInt32LE(4)
  if (version < 1 || version > 3) throw unsupported(path, `a VMDK of version ${version}`)
  const flags = head.readUInt32LE(8)
  const header = {
    sizeBytes: sectors(12, 'size'),
    grainBytes: sectors(20, 'grain size'),
    perTable: head.readUInt32LE(44),
    directoryOffset: sectors(56, 'directory offset'),
    isCompressed: (flags & FLAG_COMPRESSED) !== 0,
    hasZeroGrains: (flags & FLAG_ZERO_GRAINS) !== 0,
    descriptorOffset: sectors(28, 'descriptor offset'),
    descriptorBytes: sectors(36, 'descriptor size'),
  }
  // QEMU takes a header of no capacity for a descriptor, whose extents it would follow.
  if (header.sizeBytes === 0) throw damaged(path, 'its header says that it holds nothing')
  if (header.grainBytes < SECTOR || header.perTable < 1 || header.perTable > 65536)
    throw damaged(path, `grains of ${header.grainBytes} bytes, ${header.perTable} in a table`)
  return header
}

/** Proves that every grain of a sparse extent lies inside the file. */
export async function checkSparse(file: ImageFile, header: SparseHeader): Promise<void> {
  const { grainBytes, perTable, sizeBytes } = header
  const tables = Math.ceil(sizeBytes / (grainBytes * perTable))
  for await (const part of file.table(header.directoryOffset, tables * 4, 4)) {
    for (let at = 0; at < part.length; at += 4) {
      const sector = part.readUInt32LE(at)
      if (sector !== 0) await checkGrains(file, header, sector * SECTOR)
    }
  }
}

async function checkGrains(file: ImageFile, header: SparseHeader, at: number): Promise<void> {
  const table = await file.bytes(at, header.perTable * 4)
  for (let entry = 0; entry < table.length; entry += 4) {
    const sector = table.readUInt32LE(entry)
    if (sector === 0 || (header.hasZeroGrains && sector === ZERO_GRAIN)) continue
    // How long a compressed grain is stands at its front; its stream is checked when it is read.
    const length = header.isCompressed ? SECTOR : header.grainBytes
    if (sector * SECTOR + length > file.sizeBytes)
      throw damaged(file.path, `a grain at byte ${sector * SECTOR} leads past its end`)
  }
}
