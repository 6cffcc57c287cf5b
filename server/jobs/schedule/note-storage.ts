import { isStorageDue, noteStorage, type Space } from '../../catalog/storage-days.ts'
import type { ChunkStore } from '../../store/chunk-store.ts'
import type { ScheduleDeps } from './schedule-deps.ts'

/** Once an hour, how full the store is: the last of each day is kept, and forecasts come from it. */
export async function noteStorageOfToday({ database, store, clock }: ScheduleDeps): Promise<void> {
  const now = new Date(clock.now())
  if (!(await isStorageDue(database, now))) return
  await noteStorage(database, await writableSpace(store), now)
}

async function writableSpace(store: Pick<ChunkStore, 'volumes'>): Promise<Space> {
  const writable = (await store.volumes()).filter(({ state }) => state === 'writable')
  const sum = (of: (volume: Space) => number) =>
    writable.reduce((total, volume) => total + of(volume), 0)
  return { totalBytes: sum((v) => v.totalBytes), freeBytes: sum((v) => v.freeBytes) }
}
