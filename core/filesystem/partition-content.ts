import type { ByteReader } from './byte-reader.ts'
import type { Partition } from './partitions/partition.ts'
import { probe, type ContentKind } from './probe.ts'

/** Types whose content is part of something larger, whatever its first bytes look like. */
const PARTS: Readonly<Record<string, ContentKind>> = {
  '0x42': 'ldm',
  '5808c8aa-7e8f-42e0-85d2-e1e90434cfb3': 'ldm',
  'af9b60a0-1431-4f62-bc68-3311714a69ad': 'ldm',
  'e75caf8f-f680-4cee-afa3-b001e56efc2d': 'storage-spaces',
}

/** Types that have no file system; asked where there is none. */
const OTHERS: Readonly<Record<string, ContentKind>> = {
  '21686148-6449-6e6f-744e-656564454649': 'boot-loader',
  'e3c9e316-0b5c-4db8-817d-f92df00215ae': 'reserved',
}

/** What a partition holds: by what it contains and, where that says nothing, by its type. */
export async function partitionContent(
  { type }: Pick<Partition, 'type'>,
  reader: ByteReader,
): Promise<ContentKind> {
  const part = PARTS[type]
  if (part) return part
  const content = await probe(reader)
  const isNothing = content === 'unknown' || content === 'empty'
  return isNothing ? (OTHERS[type] ?? content) : content
}
