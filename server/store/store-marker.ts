import { join } from 'node:path'
import { HoldfastError } from '../../core/model/error.ts'
import { errorCode, writeDurably, type FileSystem } from '../../core/runtime/file-system.ts'
import type { StoreMarker } from './chunk-store.ts'
import { writeFailed } from './store-error.ts'
import { MARKER_FILE } from './store-layout.ts'

/** Newest layout of volumes, packs and manifests that this release reads, and the one it writes. */
export const STORE_FORMAT = 1

/** A volume's own copy of the marker. */
export interface VolumeMarker extends StoreMarker {
  readonly volume: string
}

/** What a store was bound to, as far as the caller knows; a rebuild knows nothing. */
export interface ExpectedStore {
  readonly storeId?: string | undefined
  readonly catalogId?: string | undefined
}

export async function writeVolumeMarker(
  files: FileSystem,
  folder: string,
  marker: VolumeMarker,
): Promise<void> {
  const text = JSON.stringify(marker, undefined, 2) + '\n'
  try {
    await writeDurably(files, join(folder, MARKER_FILE), Buffer.from(text))
  } catch (error) {
    throw writeFailed(`writing the marker of ${folder}`, error)
  }
}

/** Throws 'store-missing' where no store is, 'store-newer' where a later release wrote. */
export async function readVolumeMarker(files: FileSystem, folder: string): Promise<VolumeMarker> {
  let text: string
  try {
    text = (await files.readFile(join(folder, MARKER_FILE))).toString('utf8')
  } catch (error) {
    throw missing(folder, `there is no ${MARKER_FILE} (${errorCode(error) ?? 'unreadable'})`, error)
  }
  const marker = parse(text)
  if (!marker) throw missing(folder, `its ${MARKER_FILE} is damaged`)
  if (marker.format > STORE_FORMAT)
    throw new HoldfastError('store-newer', `${folder} has format ${marker.format}`, {
      hint: `This release reads formats up to ${STORE_FORMAT}. Install a newer Holdfast.`,
    })
  return marker
}

function parse(text: string): VolumeMarker | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { format, storeId, catalogId, generation, volume } = value as Record<string, unknown>
  if (!isCount(format) || !isCount(generation)) return undefined
  if (typeof storeId !== 'string' || typeof catalogId !== 'string') return undefined
  return typeof volume === 'string' ? { format, storeId, catalogId, generation, volume } : undefined
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** Never said of a store that is merely slow or forbidden: an error is no proof of absence. */
function missing(folder: string, why: string, cause?: unknown): HoldfastError {
  return new HoldfastError('store-missing', `no store in ${folder}: ${why}`, {
    hint: 'Is its file system mounted? Nothing was changed. A new store is made only where none was.',
    cause,
  })
}

export function checkExpected(folder: string, marker: StoreMarker, expected: ExpectedStore): void {
  const { storeId, catalogId } = expected
  if (storeId !== undefined && storeId !== marker.storeId)
    throw foreign(folder, `store ${marker.storeId}, not ${storeId}`)
  if (catalogId !== undefined && catalogId !== marker.catalogId)
    throw foreign(folder, `a store of catalog ${marker.catalogId}, not ${catalogId}`)
}

function foreign(folder: string, what: string): HoldfastError {
  return new HoldfastError('store-foreign', `${folder} holds ${what}`, {
    hint: 'Give the folder of this server, or bring this store in with: holdfast server rebuild',
  })
}
