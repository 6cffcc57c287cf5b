import type { RestoredDisk } from '../../core/chunk/restore.ts'
import { chunkLength } from '../../core/model/geometry.ts'
import type { PlacedChunk } from './disk-map.ts'
import { placeReadable, servedRecords, type ServedDisk, type ServeDeps } from './served-records.ts'

/** Content of a disk, in order: as it is stored, or so many bytes of zeros. */
export type WholeChunks =
  | {
      readonly records: Buffer
      readonly disk: RestoredDisk
      /** Bytes that they are of. */
      readonly length: number
      /** To be called once it is sent. */
      readonly release: () => void
    }
  | { readonly hole: number }

/** 8 MiB at the usual size of chunks: what is looked up at once. */
const CHUNKS_AT_ONCE = 64

/** The bytes of chunks `first`..`end - 1`, none of them decompressed here. */
export async function* wholeChunks(
  deps: ServeDeps,
  served: ServedDisk,
  first: number,
  end: number,
): AsyncGenerator<WholeChunks> {
  for (let at = first; at < end; at += CHUNKS_AT_ONCE) {
    const placed = await placeReadable(served, at, Math.min(CHUNKS_AT_ONCE, end - at))
    for (const run of runsOf(placed)) {
      const { disk } = served
      if (run[0]?.id === 0) yield { hole: lengthOf(run, disk) }
      else yield* asRecords(deps, served, run)
    }
  }
}

async function* asRecords(
  deps: ServeDeps,
  served: ServedDisk,
  run: readonly PlacedChunk[],
): AsyncGenerator<WholeChunks> {
  const { ordinal, name, sizeBytes, chunkBytes } = served.disk
  const disk = { ordinal, name, sizeBytes, chunkBytes }
  for await (const { frame, plainBytes, release } of servedRecords(deps, served, run))
    yield { records: frame, length: plainBytes, disk, release }
}

/** Neighbours that are all zero or all not. */
function runsOf(placed: readonly PlacedChunk[]): PlacedChunk[][] {
  const runs: PlacedChunk[][] = []
  for (const chunk of placed) {
    const last = runs.at(-1)
    if (last && (last[0]?.id === 0) === (chunk.id === 0)) last.push(chunk)
    else runs.push([chunk])
  }
  return runs
}

function lengthOf(run: readonly PlacedChunk[], disk: RestoredDisk): number {
  return run.reduce(
    (sum, { index }) => sum + chunkLength(index, disk.sizeBytes, disk.chunkBytes),
    0,
  )
}
