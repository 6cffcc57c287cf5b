import type { Extent } from '../../core/model/extent.ts'
import { chunkOffset } from '../../core/model/geometry.ts'
import type { PartPiece__Output } from '../../core/wire/generated/holdfast/v1/PartPiece.ts'
import type { PartWork__Output } from '../../core/wire/generated/holdfast/v1/PartWork.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { CarryOptions, OnWritten } from './carry-out.ts'
import { lostRanges } from './lost-ranges.ts'
import { partSink, runsOf, type WriteAt } from './part-map.ts'
import { pullDisk } from './pull-disk.ts'

export interface PartTarget {
  /** By offsets in what `to` leads to. */
  readonly write: WriteAt
  readonly wrote: (bytes: number) => void
  /** It holds something: zeros have to be written. */
  readonly isUsed: boolean
}

/** Where a piece of a part goes: `to` says of each of its bytes at which offset of the target. */
export interface PiecePlace {
  readonly target: PartTarget
  readonly to: PartPiece__Output
}

const ZEROS = Buffer.alloc(1024 * 1024)

/** Brings all pieces of a part to their places; gives what the point lacks of it, in words. */
export async function pullPart(
  options: CarryOptions,
  part: PartWork__Output,
  placeOf: (piece: PartPiece__Output) => PiecePlace,
  onWritten: OnWritten,
): Promise<string[]> {
  const lost: string[] = []
  for (const piece of part.pieces) {
    const disk = part.disks.find(({ ordinal }) => ordinal === piece.ordinal)
    if (!disk || !isSound(piece, part, disk.sizeBytes))
      throw new HoldfastError('protocol-violation', `a piece of ${part.name} lies nowhere`)
    lost.push(...(await pullPiece(options, disk, placeOf(piece), onWritten)))
  }
  return lost
}

async function pullPiece(
  options: CarryOptions,
  disk: PartWork__Output['disks'][number],
  { target: { write, wrote, isUsed }, to: piece }: PiecePlace,
  onWritten: OnWritten,
): Promise<string[]> {
  const { job, epoch } = options.work
  const range = {
    first: Math.floor(piece.diskOffset / disk.chunkBytes),
    end: Math.ceil((piece.diskOffset + piece.length) / disk.chunkBytes),
  }
  const zeros = async (start: number, count: number) => {
    const from = chunkOffset(start, disk.chunkBytes)
    for (const run of isUsed ? runsOf(piece, from, count * disk.chunkBytes) : [])
      for (let at = 0; at < run.length; at += ZEROS.length)
        await write(run.target + at, ZEROS.subarray(0, Math.min(ZEROS.length, run.length - at)))
  }
  const target = { sink: partSink(piece, write), zeros, wrote }
  const { unreadable } = await pullDisk({ ...options, job, epoch, target, disk, range, onWritten })
  return lostRanges(
    disk.name,
    unreadable.flatMap((one) => within(one, piece)),
  )
}

function within({ offset, length }: Extent, piece: PartPiece__Output): Extent[] {
  const start = Math.max(offset, piece.diskOffset)
  const end = Math.min(offset + length, piece.diskOffset + piece.length)
  return end > start ? [{ offset: start, length: end - start }] : []
}

function isSound(piece: PartPiece__Output, part: PartWork__Output, diskBytes: number): boolean {
  const { diskOffset, length, runBytes, targetOffset, targetStride } = piece
  const all = [diskOffset, length, runBytes, targetOffset, targetStride]
  if (all.some((one) => !Number.isSafeInteger(one) || one < 0)) return false
  if (length === 0 || runBytes === 0 || targetStride < runBytes) return false
  const last = Math.ceil(length / runBytes) - 1
  const end = targetOffset + last * targetStride + (length - last * runBytes)
  return diskOffset + length <= diskBytes && end <= part.sizeBytes
}
