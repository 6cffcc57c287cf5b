import { damaged, safeNumber, unsupported, type ImageFile } from './image-file.ts'

/** What a qcow2 header says. Written after `qemu/qemu` docs/interop/qcow2.rst. */
export interface Qcow2Header {
  readonly sizeBytes: number
  readonly clusterBits: number
  /** The backing file as the header names it; undefined when there is none. */
  readonly backingFile: string | undefined
  readonly backingFormat: string | undefined
  readonly tableOffset: number
  readonly tableEntries: number
  readonly hasExtendedEntries: boolean
  /** From version 3 on; images of version 2 (compat 0.10) have no place for them. */
  readonly canHoldBitmaps: boolean
}

const MAGIC = 0x514649fb
const LONGEST_BACKING_NAME = 1023

const INCOMPATIBLE = {
  dirty: 1n << 0n,
  corrupt: 1n << 1n,
  dataFile: 1n << 2n,
  compression: 1n << 3n,
  extendedEntries: 1n << 4n,
}
const READABLE = INCOMPATIBLE.dirty | INCOMPATIBLE.compression | INCOMPATIBLE.extendedEntries

const EXTENSION_END = 0
const EXTENSION_BACKING_FORMAT = 0xe2792aca

/** Reads and judges the header. Refuses what could lead elsewhere or cannot be read, by name. */
export async function readQcow2(file: ImageFile): Promise<Qcow2Header> {
  const head = await file.head(64 * 1024)
  if (head.length < 72 || head.readUInt32BE(0) !== MAGIC)
    throw damaged(file.path, 'it has no qcow2 header')
  const version = head.readUInt32BE(4)
  if (version !== 2 && version !== 3)
    throw unsupported(file.path, `qcow version ${version}`, 'convert it with `qemu-img convert`')
  if (version === 3 && head.length < 104) throw damaged(file.path, 'it is shorter than its header')
  const features = version === 3 ? head.readBigUInt64BE(72) : 0n
  refuseFeatures(file.path, features, head.readUInt32BE(32))
  const clusterBits = head.readUInt32BE(20)
  if (clusterBits < 9 || clusterBits > 21)
    throw damaged(file.path, `a cluster size of 2^${clusterBits} bytes`)
  return {
    sizeBytes: safeNumber(file.path, head.readBigUInt64BE(24), 'size'),
    clusterBits,
    backingFile: await backingName(file, head),
    backingFormat: backingFormat(file.path, head, version),
    tableOffset: safeNumber(file.path, head.readBigUInt64BE(40), 'table offset'),
    tableEntries: head.readUInt32BE(36),
    hasExtendedEntries: (features & INCOMPATIBLE.extendedEntries) !== 0n,
    canHoldBitmaps: version === 3,
  }
}

function refuseFeatures(path: string, features: bigint, encryption: number): void {
  if (encryption !== 0)
    throw unsupported(path, 'it is encrypted', 'decrypt it with `qemu-img convert` first')
  if ((features & INCOMPATIBLE.dataFile) !== 0n)
    throw unsupported(
      path,
      'its data is in an external data file',
      'merge it with `qemu-img convert`',
    )
  if ((features & INCOMPATIBLE.corrupt) !== 0n)
    throw damaged(path, 'QEMU has marked it corrupt (`qemu-img check -r all` repairs)')
  if ((features & ~READABLE) !== 0n && (features & ~READABLE) !== INCOMPATIBLE.corrupt)
    throw unsupported(path, `it uses features this version does not know (${features})`)
}

async function backingName(file: ImageFile, head: Buffer): Promise<string | undefined> {
  const offset = safeNumber(file.path, head.readBigUInt64BE(8), 'backing name offset')
  const length = head.readUInt32BE(16)
  if (offset === 0) return undefined
  if (length > LONGEST_BACKING_NAME) throw damaged(file.path, `a backing name of ${length} bytes`)
  return (await file.bytes(offset, length)).toString()
}

function backingFormat(path: string, head: Buffer, version: number): string | undefined {
  let at = version === 2 ? 72 : head.readUInt32BE(100)
  if (at < 72) throw damaged(path, `a header of ${at} bytes`)
  while (at + 8 <= head.length) {
    const type = head.readUInt32BE(at)
    const length = head.readUInt32BE(at + 4)
    if (type === EXTENSION_END) return undefined
    if (at + 8 + length > head.length)
      throw damaged(path, 'a header extension leads past the header')
    if (type === EXTENSION_BACKING_FORMAT) return head.subarray(at + 8, at + 8 + length).toString()
    at += 8 + Math.ceil(length / 8) * 8
  }
  return undefined
}
