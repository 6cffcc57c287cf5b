import { foldPointTally } from '../../catalog/point-tally.ts'
import { isStorageDue, noteStorage } from '../../catalog/storage-days.ts'
import { writableSpace } from '../../flows/writable-space.ts'
import type { ScheduleDeps } from './schedule-deps.ts'

/**
 * Once an hour, how full the store is: the last of each day is kept, and forecasts come from it. What
 * points came and went since is folded into one figure a data source.
 */
export async function noteStorageOfToday({ database, store, clock }: ScheduleDeps): Promise<void> {
  const now = new Date(clock.now())
  if (!(await isStorageDue(database, now))) return
  await foldPointTally(database)
  await noteStorage(database, await writableSpace(store), now)
}
