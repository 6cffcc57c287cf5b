import { isAbsolute } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import type { Database } from '../catalog/database.ts'
import { recordEvent } from '../catalog/events.ts'
import { putVolume } from '../catalog/volumes.ts'
import type { ChunkStore } from '../store/chunk-store.ts'

/** A further folder for packs. The store marks it first; then the catalog knows of it. */
export async function addVolume(
  database: Database,
  store: ChunkStore,
  folder: string,
  by: string,
): Promise<void> {
  if (!isAbsolute(folder))
    throw new HoldfastError('invalid-argument', `${folder} is no absolute path of the server`, {
      hint: 'Give a folder that is empty, or that can be made, beginning with /.',
    })
  const { uid, path } = await store.addVolume(folder)
  await database.tx(async (q) => {
    await putVolume(q, uid, path)
    const message = `volume ${path} was added`
    await recordEvent(q, { kind: 'volume-added', about: uid, message, actor: by })
  })
}
