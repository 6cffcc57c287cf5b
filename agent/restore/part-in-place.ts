import { volumeLayout, type VolumeLayout } from '../../core/filesystem/browse/layout.ts'
import { GuestVolumes } from '../../core/filesystem/browse/volumes.ts'
import { readPartitionTable } from '../../core/filesystem/partitions/table.ts'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { PartitionMark__Output } from '../../core/wire/generated/holdfast/v1/PartitionMark.ts'
import type { PartPiece__Output } from '../../core/wire/generated/holdfast/v1/PartPiece.ts'
import type { PartWork__Output } from '../../core/wire/generated/holdfast/v1/PartWork.ts'
import type { OpenedDisk } from './recover-in-place.ts'

const INTO_IMAGE =
  'Nothing was written. Restore the whole disk, or this into an image: --to HOST --path DIR.'

/** `Partition 2`, `Logical volume vg/data`: for the beginning of a sentence. */
export function partName({ partition, name }: PartWork__Output): string {
  return partition ? `Partition ${partition.number}` : `Logical volume ${name}`
}

/** Throws 'target-refused' unless the disks have it now where the point had it. */
export async function requireSamePlace(
  part: PartWork__Output,
  opened: readonly OpenedDisk[],
): Promise<void> {
  const [first] = opened
  if (!first) throw new HoldfastError('protocol-violation', `${part.name} lies on no disk`)
  if (part.partition) await requireSamePartition(first, part.partition, part.pieces)
  else await requireSameVolume(opened, part)
}

async function requireSamePartition(
  { disk: { reader }, path }: OpenedDisk,
  wanted: PartitionMark__Output,
  pieces: readonly PartPiece__Output[],
): Promise<void> {
  const { partitions } = await readPartitionTable(reader)
  const found = partitions.find(({ number }) => number === wanted.number)
  const isSame =
    found?.offset === wanted.offset &&
    found.sizeBytes === wanted.sizeBytes &&
    found.type === wanted.type
  const isInside = pieces.every(
    ({ diskOffset, length }) =>
      diskOffset >= wanted.offset && diskOffset + length <= wanted.offset + wanted.sizeBytes,
  )
  if (!isInside) throw new HoldfastError('protocol-violation', 'a piece lies beyond its partition')
  if (isSame) return
  const now = found
    ? `is of ${found.sizeBytes} bytes at ${found.offset} (${found.type})`
    : 'does not exist'
  const then = `of ${wanted.sizeBytes} bytes at ${wanted.offset} (${wanted.type})`
  const message = `partition ${wanted.number} of ${path} ${now}; in the point it is ${then}`
  throw new HoldfastError('target-refused', message, { hint: INTO_IMAGE })
}

/** Its group may have moved it, or have given its place to another volume. */
async function requireSameVolume(
  opened: readonly OpenedDisk[],
  part: PartWork__Output,
): Promise<void> {
  const now = await layoutNow(opened, part.name)
  const isSame = now.sizeBytes === part.sizeBytes && rowsOf(now, opened) === rowsText(part.pieces)
  if (isSame) return
  const message = `logical volume ${part.name} does not lie where it lay in the point`
  throw new HoldfastError('target-refused', message, { hint: INTO_IMAGE })
}

async function layoutNow(opened: readonly OpenedDisk[], name: string): Promise<VolumeLayout> {
  const disks = opened.map(({ name: disk, disk: { reader } }) => ({ name: disk, reader }))
  try {
    return await volumeLayout(new GuestVolumes(disks), name)
  } catch (error) {
    const message = `logical volume ${name} cannot be found on the disks: ${toHoldfastError(error).message}`
    throw new HoldfastError('target-refused', message, { hint: INTO_IMAGE, cause: error })
  }
}

function rowsOf({ pieces }: VolumeLayout, opened: readonly OpenedDisk[]): string {
  return rowsText(
    pieces.map(({ disk, ...piece }) => ({
      ...piece,
      ordinal: opened.find(({ name }) => name === disk)?.ordinal ?? -1,
    })),
  )
}

function rowsText(pieces: readonly PartPiece__Output[]): string {
  return pieces
    .map(
      ({ ordinal, diskOffset, length, targetOffset, runBytes, targetStride }) =>
        `${ordinal}:${diskOffset}+${length}>${targetOffset}/${runBytes}/${targetStride}`,
    )
    .join(' ')
}
