import { realpath } from 'node:fs/promises'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { PartPiece__Output } from '../../core/wire/generated/holdfast/v1/PartPiece.ts'
import type { PartWork__Output } from '../../core/wire/generated/holdfast/v1/PartWork.ts'
import type { CarryOptions, OnWritten, Restored } from './carry-out.ts'
import { openInPlace, type DiskInPlace } from './in-place.ts'
import { checkNotInUse } from './in-use.ts'
import { partName, requireSamePlace } from './part-in-place.ts'
import { pullPart, type PiecePlace } from './pull-part.ts'

export interface OpenedDisk {
  readonly ordinal: number
  /** Of the point's disk. */
  readonly name: string
  readonly path: string
  readonly disk: DiskInPlace
}

/**
 * Writes a partition or logical volume over where it is, in disks that nothing else has open and that
 * are divided as those of the point are.
 */
export async function recoverInPlace(
  options: CarryOptions,
  part: PartWork__Output,
  onWritten: OnWritten,
): Promise<Restored> {
  const places = await findPlaces(options, part)
  const paths = places.map(({ path }) => path)
  // Written in place: whoever has it open would read a mixture of both.
  const replaced = places.map(({ path, disk }) => ({ kind: 'device' as const, path, disk }))
  await checkNotInUse(replaced, false, options.findWriters)
  const opened: OpenedDisk[] = []
  let hasBegun = false
  try {
    for (const { path, format, disk } of places) {
      const inPlace = await openInPlace(path, format, options.signal)
      opened.push({ ordinal: disk.ordinal, name: disk.name, path, disk: inPlace })
    }
    await requireSamePlace(part, opened)
    options.signal.throwIfAborted()
    hasBegun = true
    const warnings = await pullPart(options, part, (piece) => placeOn(opened, piece), onWritten)
    for (const { disk } of opened) await disk.finish()
    return { files: paths, changes: [], warnings }
  } catch (error) {
    await Promise.allSettled(opened.map(({ disk }) => disk.abandon()))
    throw hasBegun ? inPart(error, part, paths) : error
  }
}

interface Place {
  readonly path: string
  readonly format: string
  readonly disk: PartWork__Output['disks'][number]
}

async function findPlaces(
  { work, resolveOriginal }: CarryOptions,
  part: PartWork__Output,
): Promise<Place[]> {
  const known = await resolveOriginal(work.sourceKey)
  const places: Place[] = []
  for (const disk of part.disks) {
    const original = known.find(({ name }) => name === disk.name)
    const path = original && (await realpath(original.path).catch(() => undefined))
    if (!original || path === undefined)
      throw new HoldfastError('source-missing', `disk ${disk.name} is no longer where it was`, {
        hint: 'Restore it into an image: --to HOST --path DIR.',
      })
    places.push({ path, format: original.format, disk })
  }
  return places
}

/** Each byte goes to where it lay on its disk. */
function placeOn(opened: readonly OpenedDisk[], piece: PartPiece__Output): PiecePlace {
  const found = opened.find(({ ordinal }) => ordinal === piece.ordinal)
  if (!found) throw new Error(`no disk ${piece.ordinal} is open`)
  const { disk } = found
  const { diskOffset, length } = piece
  return {
    target: { ...disk, wrote: (bytes) => disk.wrote(bytes), isUsed: true },
    to: { ...piece, targetOffset: diskOffset, runBytes: length, targetStride: length },
  }
}

function inPart(error: unknown, part: PartWork__Output, paths: readonly string[]): HoldfastError {
  const { code, message, details } = toHoldfastError(error)
  const which = `${partName(part)} of ${paths.join(', ')}`
  return new HoldfastError(code, message, {
    hint: `${which} is overwritten in part: restore it again before it is used.`,
    details,
    cause: error,
  })
}
