import { RECORD_HEADER_BYTES } from '../../core/chunk/record.ts'
import { segmentOf } from '../../core/model/chunk-id.ts'
import type { Queryable } from '../catalog/database.ts'
import type { PackRange, PackRegion } from './pull.ts'
import { SegmentCache } from './segment-cache.ts'

/**
 * The same records from where they lie now, for a reader that found them wrong where they lay when
 * the read was planned: compaction may have moved them since. Undefined when nothing has moved:
 * then they are damaged.
 */
export async function findMovedRegion(
  q: Queryable,
  region: PackRegion,
): Promise<PackRegion | undefined> {
  const segments = new SegmentCache(q)
  const chunks = [...region.expected.chunks]
  await segments.load(chunks.map(segmentOf))
  const slices: { -readonly [key in keyof PackRange]: PackRange[key] }[] = []
  for (const chunk of chunks) {
    const place = segments.placeOf(chunk)
    if (!place) return undefined
    const { packName, volume, offset } = place
    const length = RECORD_HEADER_BYTES + place.storedLength
    const last = slices.at(-1)
    if (last?.packName === packName && last.offset + last.length === offset) last.length += length
    else slices.push({ packName, volume, offset, length })
  }
  return isSame(slices, region.slices) ? undefined : { ...region, slices }
}

function isSame(a: readonly PackRange[], b: readonly PackRange[]): boolean {
  return (
    a.length === b.length &&
    a.every((slice, i) => slice.packName === b[i]?.packName && slice.offset === b[i].offset)
  )
}
