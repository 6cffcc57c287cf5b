import type { TrackerClaim } from '../source/source.ts'
import { judgeBitmaps, type BitmapNames, type DirtyBitmap } from './bitmap.ts'
import type { BlockGraph } from './block-graph.ts'
import type { LiveDisk } from './live-disk.ts'

/** What the change record of a running VM's disk is good for; doubt means that it is not used. */
export function judgeDisk(disk: LiveDisk, graph: BlockGraph, names: BitmapNames): TrackerClaim {
  // Another program may write to the data file, and the bitmap would not know.
  if (hasDataFile(disk)) return { bases: [], reason: 'external-data-file' }
  const state = judgeBitmaps(disk.bitmaps, names, disk.name)
  if (state.bases.length > 0 || state.reason !== 'bitmap-absent') return state
  const hasOverlay = backingChain(graph, disk.node).some((bitmaps) => hasOurs(bitmaps, names))
  return hasOverlay ? { bases: [], reason: 'overlay-on-top' } : state
}

function hasDataFile({ info }: LiveDisk): boolean {
  return info.image['format-specific']?.data['data-file'] !== undefined
}

function hasOurs(bitmaps: readonly DirtyBitmap[], names: BitmapNames): boolean {
  return bitmaps.some(({ name }) => names.versionOf(name) !== undefined)
}

function backingChain(graph: BlockGraph, node: string): DirtyBitmap[][] {
  const chain: DirtyBitmap[][] = []
  for (let below = graph.child(node, 'backing'); below !== undefined && chain.length < 64;) {
    chain.push(graph.node(below)?.['dirty-bitmaps'] ?? [])
    below = graph.child(below, 'backing')
  }
  return chain
}
