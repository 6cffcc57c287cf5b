import { damaged } from '../damaged.ts'
import { readWide } from '../wide-number.ts'
import type { AttributePart } from './record.ts'

/** Clusters of a file that lie together. */
export interface ClusterRun {
  /** Cluster of the file. */
  readonly at: number
  /** Cluster of the volume; null where none is allocated. */
  readonly cluster: number | null
  readonly count: number
}

/** Clusters of the file that a part of an attribute covers: [first, end). */
export function spanOf(part: AttributePart): { first: number; end: number } {
  const first = readWide(part.bytes, 16, 'ntfs: the first cluster of a part')
  // Of an empty attribute the last cluster is -1.
  const last = part.bytes.readBigInt64LE(24)
  if (last < BigInt(first) - 1n || last > BigInt(Number.MAX_SAFE_INTEGER - 1))
    throw damaged(`ntfs: a part of a file goes from cluster ${first} to ${last}`)
  return { first, end: Number(last) + 1 }
}

/** In order and without gap from the part's first cluster to its last. */
export function parseRuns(part: AttributePart, clusterCount: number): ClusterRun[] {
  const { first, end } = spanOf(part)
  const { bytes } = part
  const runs: ClusterRun[] = []
  let cluster = 0
  let file = first
  for (let at = bytes.readUInt16LE(32); at < bytes.length && bytes[at] !== 0;) {
    const countSize = bytes.readUInt8(at) & 0x0f
    const placeSize = bytes.readUInt8(at) >> 4
    if (
      countSize < 1 ||
      countSize > 6 ||
      placeSize > 6 ||
      at + 1 + countSize + placeSize > bytes.length
    )
      throw damaged('ntfs: the places of a file make no sense')
    const count = bytes.readIntLE(at + 1, countSize)
    if (count <= 0 || file + count > end)
      throw damaged(`ntfs: ${count} clusters at ${file} of a part that ends at ${end}`)
    if (placeSize > 0) {
      cluster += bytes.readIntLE(at + 1 + countSize, placeSize)
      if (cluster < 0 || cluster + count > clusterCount)
        throw damaged(`ntfs: ${count} clusters at ${cluster} of ${clusterCount}`)
    }
    runs.push({ at: file, cluster: placeSize > 0 ? cluster : null, count })
    file += count
    at += 1 + countSize + placeSize
  }
  if (file !== end) throw damaged(`ntfs: the places of a file end at cluster ${file} of ${end}`)
  return runs
}
