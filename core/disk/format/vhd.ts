import { damaged, safeNumber, unsupported, type ImageFile } from './image-file.ts'

/** What the footer and the header of a VHD say. */
export interface VhdHeader {
  readonly sizeBytes: number
  readonly kind: 'fixed' | 'dynamic'
  readonly tableOffset: number
  readonly tableEntries: number
  readonly blockBytes: number
}

const FOOTER_BYTES = 512
const FIXED = 2
const DYNAMIC = 3
const DIFFERENCING = 4
const UNUSED = 0xffffffff

/** Reads and judges footer and header. A differencing disk is refused, naming its parent. */
export async function readVhd(file: ImageFile): Promise<VhdHeader> {
  const footer = await readFooter(file)
  const sizeBytes = safeNumber(file.path, footer.readBigUInt64BE(48), 'size')
  const type = footer.readUInt32BE(60)
  if (type === FIXED) return fixed(file, sizeBytes)
  if (type !== DYNAMIC && type !== DIFFERENCING)
    throw unsupported(file.path, `a VHD of type ${type}`)
  const header = await file.bytes(
    safeNumber(file.path, footer.readBigUInt64BE(16), 'header offset'),
    1024,
  )
  if (header.toString('latin1', 0, 8) !== 'cxsparse' || !isChecksumRight(header, 36))
    throw damaged(file.path, 'its dynamic header is not whole')
  if (type === DIFFERENCING) throw differencing(file.path, parentName(header))
  return {
    sizeBytes,
    kind: 'dynamic',
    tableOffset: safeNumber(file.path, header.readBigUInt64BE(16), 'table offset'),
    tableEntries: header.readUInt32BE(28),
    blockBytes: header.readUInt32BE(32),
  }
}

function fixed(file: ImageFile, sizeBytes: number): VhdHeader {
  if (sizeBytes > file.sizeBytes - FOOTER_BYTES)
    throw damaged(file.path, `a disk of ${sizeBytes} bytes in a file of ${file.sizeBytes}`)
  return { sizeBytes, kind: 'fixed', tableOffset: 0, tableEntries: 0, blockBytes: 0 }
}

/** The footer is the end of the file: a file cut short has lost it, whatever its copy says. */
async function readFooter(file: ImageFile): Promise<Buffer> {
  if (file.sizeBytes < FOOTER_BYTES) throw damaged(file.path, 'it is shorter than a VHD footer')
  const footer = await file.bytes(file.sizeBytes - FOOTER_BYTES, FOOTER_BYTES)
  if (footer.toString('latin1', 0, 8) !== 'conectix' || !isChecksumRight(footer, 64))
    throw damaged(file.path, 'it does not end with a VHD footer (cut short?)')
  return footer
}

/** The checksum is the complement of the sum of all bytes but its own four. */
function isChecksumRight(bytes: Buffer, at: number): boolean {
  let sum = 0
  for (const [index, byte] of bytes.entries()) if (index < at || index >= at + 4) sum += byte
  return ~sum >>> 0 === bytes.readUInt32BE(at)
}

/** UTF-16, big endian. */
function parentName(header: Buffer): string {
  const text = Buffer.from(header.subarray(64, 576)).swap16().toString('utf16le')
  return text.split('\0')[0] ?? ''
}

export function differencing(path: string, parent: string): Error {
  return unsupported(
    path,
    `it is a differencing disk of ${parent || 'a parent that it does not name'}`,
    'merge it into its parent, or protect the virtual machine',
  )
}

/** Proves that every block of a dynamic VHD lies inside the file. */
export async function checkVhd(file: ImageFile, header: VhdHeader): Promise<void> {
  if (header.kind === 'fixed') return
  const { blockBytes, tableEntries } = header
  if (blockBytes < 512 || blockBytes % 512 !== 0)
    throw damaged(file.path, `blocks of ${blockBytes} bytes`)
  const needed = Math.ceil(header.sizeBytes / blockBytes)
  if (tableEntries < needed)
    throw damaged(file.path, `its table has ${tableEntries} entries, not ${needed}`)
  // Each block begins with a bitmap of its sectors, rounded up to a sector.
  const bitmapBytes = Math.ceil(blockBytes / 512 / 8 / 512) * 512
  for await (const part of file.table(header.tableOffset, needed * 4, 4)) {
    for (let at = 0; at < part.length; at += 4) {
      const sector = part.readUInt32BE(at)
      if (sector !== UNUSED && sector * 512 + bitmapBytes + blockBytes > file.sizeBytes)
        throw damaged(file.path, `a block at byte ${sector * 512} leads past its end`)
    }
  }
}
