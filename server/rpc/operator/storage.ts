import { readStorageFigures } from '../../catalog/storage.ts'
import { addVolume } from '../../flows/add-volume.ts'
import { requireWritable } from '../../flows/server-mode.ts'
import { nextCollection } from '../../jobs/next-collection.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { without, withoutAbsent } from './absent.ts'
import { requireText } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'

type StorageHandlers = Pick<OperatorHandlers, 'getStorage' | 'addVolume'>

export function storageHandlers(deps: OperatorDeps): StorageHandlers {
  const { database, store, mode, clock } = deps
  const shown = async () => {
    const { oldestUnverifiedAt, ...figures } = await readStorageFigures(database)
    const volumes = (await store.volumes()).map((volume) => without(volume, 'uid'))
    return {
      ...{ volumes, ...figures, trashBytes: await store.trashBytes() },
      ...withoutAbsent({ oldestUnverifiedAt, nextCollectAt: nextCollection(clock, mode) }),
    }
  }
  return {
    getStorage: shown,
    addVolume: async ({ path }, caller) => {
      requireWritable(mode)
      await addVolume(database, store, requireText('the folder', path), caller.name)
      return shown()
    },
  }
}
