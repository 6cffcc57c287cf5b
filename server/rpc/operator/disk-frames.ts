import type { DiskFrameOut } from '../../../core/wire/frame.ts'
import type { PlacedChunk } from '../../items/disk-map.ts'
import {
  placeReadable,
  servedRecords,
  type ServedDisk,
  type ServeDeps,
} from '../../items/served-records.ts'

/** Chunks as they lie in the store: checked, compressed, in order but for zeros, which come first. */
export async function* diskFrames(
  deps: ServeDeps,
  session: ServedDisk,
  first: number,
  count: number,
): AsyncIterable<DiskFrameOut> {
  const placed = await placeReadable(session, first, count)
  yield { runs: { runs: zeroRuns(placed) } }
  for await (const { frame, release } of servedRecords(deps, session, placed)) {
    yield { records: frame }
    release()
  }
}

function zeroRuns(placed: readonly PlacedChunk[]) {
  const runs: { kind: 'ZERO'; start: number; count: number }[] = []
  for (const { index, id } of placed) {
    if (id !== 0) continue
    const last = runs.at(-1)
    if (last && last.start + last.count === index) last.count++
    else runs.push({ kind: 'ZERO', start: index, count: 1 })
  }
  return runs
}
