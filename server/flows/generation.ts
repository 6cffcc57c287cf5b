import type { ChunkStore } from '../store/chunk-store.ts'

const raising = new WeakMap<ChunkStore, Promise<void>>()

/** Raises the marker to `generation`; one after the other, and never back. */
export function raiseMarker(store: ChunkStore, generation: number): Promise<void> {
  const before = raising.get(store) ?? Promise.resolve()
  const raised = before.catch(() => {}).then(() => raise(store, generation))
  raising.set(store, raised)
  return raised
}

async function raise(store: ChunkStore, generation: number): Promise<void> {
  const marker = await store.readMarker()
  if (marker.generation < generation) await store.writeMarker({ ...marker, generation })
}
