import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import { systemFileSystem, type FileSystem } from '../../core/runtime/file-system.ts'
import { randomId, systemRandom, type Random } from '../../core/runtime/random.ts'
import type { StoreMarker } from './chunk-store.ts'
import { writeFailed } from './store-error.ts'
import { FOLDERS, MARKER_FILE } from './store-layout.ts'
import { STORE_FORMAT, writeVolumeMarker } from './store-marker.ts'

export interface CreateStoreOptions {
  readonly catalogId: string
  readonly files?: FileSystem
  readonly random?: Random
}

/**
 * Makes a new store in folders that are absent or empty, and nowhere else. Only for a catalog that
 * knows of none: opening never makes one. The marker is written last.
 */
export async function createStore(
  folders: readonly string[],
  options: CreateStoreOptions,
): Promise<StoreMarker> {
  const { files = systemFileSystem, random = systemRandom, catalogId } = options
  const storeId = randomId(random, 'store')
  const marker = { format: STORE_FORMAT, storeId, catalogId, generation: 0 }
  for (const folder of folders) await checkEmpty(files, folder)
  for (const folder of folders) await createVolume(files, folder, marker, random)
  return marker
}

/** One volume more for the store of `marker`; returns its uid. */
export async function createVolume(
  files: FileSystem,
  folder: string,
  marker: StoreMarker,
  random: Random,
): Promise<string> {
  await checkEmpty(files, folder)
  const volume = randomId(random, 'volume')
  try {
    await files.makeFolder(folder)
    for (const name of FOLDERS) await files.makeFolder(join(folder, name))
    await files.syncFolder(folder)
  } catch (error) {
    throw writeFailed(`making a volume in ${folder}`, error)
  }
  const { format, storeId, catalogId, generation } = marker
  await writeVolumeMarker(files, folder, { format, storeId, catalogId, generation, volume })
  return volume
}

// What a fresh file system, or a volume whose making was cut, may hold.
const HARMLESS = new Set<string>([...FOLDERS, 'lost+found', `.${MARKER_FILE}.new`])

async function checkEmpty(files: FileSystem, folder: string): Promise<void> {
  const status = await files.stat(folder)
  if (!status) return
  const entries = status.kind === 'folder' ? await files.readFolder(folder) : undefined
  if (!entries) throw refused(folder, 'it is not a folder')
  if (entries.some(({ name }) => name === MARKER_FILE))
    throw new HoldfastError('store-foreign', `${folder} already holds a store`, {
      hint: 'Give another folder, or bring this store in with: holdfast server rebuild',
    })
  const stray = entries.find(({ name }) => !HARMLESS.has(name))
  if (stray) throw refused(folder, `it holds ${stray.name}`)
  for (const name of FOLDERS) {
    const inside =
      (await files.stat(join(folder, name))) && (await files.readFolder(join(folder, name)))
    if (inside && inside.length > 0) throw refused(folder, `its folder ${name} is not empty`)
  }
}

function refused(folder: string, why: string): HoldfastError {
  return new HoldfastError('already-exists', `no store can be made in ${folder}: ${why}`, {
    hint: 'Give a folder that is empty or does not exist.',
  })
}
