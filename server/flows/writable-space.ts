import type { Space } from '../catalog/storage-days.ts'
import type { ChunkStore } from '../store/chunk-store.ts'

/** Of all volumes that take packs. */
export async function writableSpace(store: Pick<ChunkStore, 'volumes'>): Promise<Space> {
  const writable = (await store.volumes()).filter(({ state }) => state === 'writable')
  const sum = (of: (volume: Space) => number) =>
    writable.reduce((total, volume) => total + of(volume), 0)
  return { totalBytes: sum((v) => v.totalBytes), freeBytes: sum((v) => v.freeBytes) }
}
