import type { ChunkId } from '../../../core/model/chunk-id.ts'
import type { MapRun } from '../../../core/model/map-page.ts'

/** A manifest's runs with the chunks that were healed since. Runs may be of any length. */
export function renameRuns(
  runs: readonly MapRun[],
  healed: ReadonlyMap<ChunkId, ChunkId>,
): readonly MapRun[] {
  if (healed.size === 0) return runs
  const rising = [...healed.keys()].sort((a, b) => a - b)
  return runs.flatMap((run) => renameRun(run, rising, healed))
}

function renameRun(
  run: MapRun,
  rising: readonly ChunkId[],
  healed: ReadonlyMap<ChunkId, ChunkId>,
): MapRun[] {
  const parts: MapRun[] = []
  const end = run.chunk + run.length
  let at = run.chunk
  for (let i = firstFrom(rising, run.chunk); run.chunk !== 0; i++) {
    const chunk = rising[i]
    if (chunk === undefined || chunk >= end) break
    if (chunk > at) parts.push({ chunk: at, length: chunk - at })
    parts.push({ chunk: healed.get(chunk) ?? chunk, length: 1 })
    at = chunk + 1
  }
  if (at < end) parts.push({ chunk: at, length: end - at })
  return run.chunk === 0 ? [run] : parts
}

/** Index of the first that is not below `chunk`. */
function firstFrom(rising: readonly ChunkId[], chunk: ChunkId): number {
  let [low, high] = [0, rising.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rising[middle] ?? 0) < chunk) low = middle + 1
    else high = middle
  }
  return low
}
