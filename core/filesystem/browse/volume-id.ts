import type { ByteReader } from '../byte-reader.ts'
import type { ContentKind } from '../probe.ts'

/**
 * What a guest calls the file system by in `UUID=…`, in lower case; undefined where it has none that is
 * known here. Only read: what is there is proven by nothing.
 */
export async function volumeId(
  content: ContentKind,
  reader: ByteReader,
): Promise<string | undefined> {
  const place = PLACES[content]
  if (!place) return undefined
  const { offset, length, show } = place
  if (offset + length > reader.sizeBytes) return undefined
  return show(await reader.read(offset, length))
}

interface IdPlace {
  readonly offset: number
  readonly length: number
  readonly show: (bytes: Buffer) => string
}

const PLACES: Partial<Record<ContentKind, IdPlace>> = {
  ext: { offset: 1024 + 0x68, length: 16, show: dashed },
  xfs: { offset: 32, length: 16, show: dashed },
  btrfs: { offset: 0x10020, length: 16, show: dashed },
  ntfs: { offset: 0x48, length: 8, show: (bytes) => Buffer.from(bytes).reverse().toString('hex') },
  exfat: { offset: 0x64, length: 4, show: serial },
  // FAT32 has it behind larger fields; its own count of sectors a table tells that it is one.
  fat: {
    ...{ offset: 0, length: 512 },
    show: (sector) => {
      const at = sector.readUInt16LE(0x16) === 0 ? 0x43 : 0x27
      return serial(sector.subarray(at, at + 4))
    },
  },
}

function dashed(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function serial(bytes: Buffer): string {
  const number = bytes.readUInt32LE(0).toString(16).padStart(8, '0')
  return `${number.slice(0, 4)}-${number.slice(4)}`
}
