import { HoldfastError } from '../../../core/model/error.ts'
import type { Extent } from '../../../core/model/extent.ts'
import type { Logger } from '../../../core/runtime/log.ts'
import type { TrackerClaim } from '../source.ts'
import type { Clones } from './clones.ts'
import { differing } from './compare-extents.ts'
import { diskPlaces, type DiskPlaces, type PlacedFormat } from './disk-places.ts'
import type { FileExtent } from './file-extents.ts'
import { Granules } from './granules.ts'
import type { ImageClone } from './image-clone.ts'

/**
 * Above this share of what holds data, comparing by digest is the better way: it sends only what
 * differs. So it is with an image that was replaced by a copy, moved by a defragmentation, or
 * compressed by its file system, which does not tell where compressed bytes lie.
 */
const MOST_CHANGED = 0.5

/** What an image's clone tells of its changes, and those changes. */
export interface ChangeRecord {
  readonly claim: TrackerClaim
  readonly changed: Granules | undefined
}

/** A clone of now, as which disk its source has it, and in what format. */
export interface DiskClone {
  readonly clone: ImageClone
  readonly disk: string
  readonly format: PlacedFormat
}

/** Judges the clone that an image has from an earlier version, against one of now. */
export async function changeRecord(
  clones: Clones,
  { clone: now, disk, format }: DiskClone,
  log: Logger,
  signal: AbortSignal,
): Promise<ChangeRecord> {
  const record = await clones.recordOf(now.image, disk)
  if (typeof record === 'string') return none(record)
  try {
    const places = await diskPlaces(now.handle, now.sizeBytes, format)
    const before = await diskPlaces(record.handle, record.sizeBytes, format)
    if (before.sizeBytes !== places.sizeBytes) return none('size-changed')
    const outcome = await changesSince(before, places, signal)
    // Once more, now that its map was read: what it was then is what it was kept as.
    if (!(await record.isUntouched())) return none('clone-changed')
    if (outcome === undefined) return none('extents-mostly-changed')
    return { claim: { bases: [record.versionUid], reason: '' }, changed: outcome }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof HoldfastError)) throw error
    log.warn('the extents of an image cannot be read', {
      ...{ image: now.image.path, reason: error.message },
    })
    return none('extents-unreadable')
  } finally {
    await record.close()
  }
}

function none(reason: string): ChangeRecord {
  return { claim: { bases: [], reason }, changed: undefined }
}

/** Undefined where it is too much to be worth it. */
async function changesSince(
  before: DiskPlaces,
  places: DiskPlaces,
  signal: AbortSignal,
): Promise<Granules | undefined> {
  const granules = new Granules(places.sizeBytes)
  let [changed, data] = [0, 0]
  const now = counted(places.extents(signal), (bytes) => (data += bytes))
  for await (const range of differing(before.extents(signal), now)) {
    granules.mark(range)
    changed += range.length
  }
  return changed > data * MOST_CHANGED && isMuch(changed) ? undefined : granules
}

/** Reading this much whole costs nothing worth a thought, whichever way. */
function isMuch(bytes: number): boolean {
  return bytes > 4 * 2 ** 20
}

async function* counted(
  extents: AsyncIterable<FileExtent>,
  count: (bytes: number) => void,
): AsyncIterable<FileExtent> {
  for await (const extent of extents) {
    if (extent.kind !== 'zero') count(extent.length)
    yield extent
  }
}

export async function* rangesOf(granules: Granules): AsyncIterable<Extent> {
  yield* granules.ranges()
}
