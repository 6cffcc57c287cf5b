import type { ChunkUse } from '../catalog/damage.ts'
import { nameUses } from '../catalog/verification.ts'
import type { Queryable } from '../catalog/database.ts'

/** `source` is HOST/NAME; one entry per point that names the bytes. */
export interface DamagedRange {
  readonly point: string
  readonly source: string
  readonly disk: string
  readonly offset: number
  readonly length: number
}

/** Where damaged chunks are read, per point and disk: neighbours joined, the disk's end respected. */
export async function damagedRanges(
  q: Queryable,
  uses: readonly ChunkUse[],
): Promise<DamagedRange[]> {
  const indexes = new Map<string, number[]>()
  for (const { version, disk, index } of uses) {
    const key = `${version} ${disk}`
    const list = indexes.get(key)
    if (list) list.push(index)
    else indexes.set(key, [index])
  }
  const ranges: DamagedRange[] = []
  for (const named of await nameUses(q, [...new Set(uses.map((use) => use.version))])) {
    const { point, source, disk, chunkBytes, sizeBytes } = named
    for (const run of runsOf(indexes.get(`${named.version} ${named.diskId}`) ?? [])) {
      const offset = run.from * chunkBytes
      const length = Math.min(run.to * chunkBytes, sizeBytes) - offset
      if (length > 0) ranges.push({ point, source, disk, offset, length })
    }
  }
  return ranges
}

function runsOf(indexes: number[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  for (const index of [...new Set(indexes)].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last?.to === index) last.to++
    else runs.push({ from: index, to: index + 1 })
  }
  return runs
}
