import { HoldfastError } from '../../model/error.ts'
import { unsupported } from '../damaged.ts'
import type { Partition } from '../partitions/partition.ts'
import { fits, parseAddress } from './locate.ts'
import type { GuestVolume, GuestVolumes, VolumePiece } from './volumes.ts'

/** Where all bytes of a partition or a logical volume lie, for bringing it back as a whole. */
export interface VolumeLayout {
  readonly name: string
  readonly sizeBytes: number
  /** Of which it is one; undefined for a logical volume. */
  readonly partition: Partition | undefined
  readonly pieces: readonly VolumePiece[]
}

/** What a job carries: volumes in more pieces were extended hundreds of times. */
const MAX_PIECES = 1024

/** `wanted` is a partition's number or a logical volume's name, as in addresses. */
export async function volumeLayout(
  volumes: GuestVolumes,
  wanted: string,
  disk?: string,
): Promise<VolumeLayout> {
  const address = parseAddress(Buffer.from(`${wanted}:/`), disk)
  const all = await volumes.all()
  const fitting = all.filter((one) => isPart(one) && fits(one, address))
  const [found, ...others] = fitting
  if (!found) throw noSuchPart(wanted, all)
  if (others.length > 0)
    throw new HoldfastError('ambiguous-name', `several disks have a partition ${wanted}`, {
      hint: `Say which with --disk: ${fitting.map(({ name }) => name).join(', ')}.`,
    })
  const { name, sizeBytes, partition, where, holds } = found
  const pieces = found.pieces()
  if (!pieces) throw unsupported(`${where} holds ${holds}: it cannot be brought back alone`)
  if (pieces.length > MAX_PIECES)
    throw unsupported(`${where} lies in ${pieces.length} pieces: it cannot be brought back alone`)
  return { name, sizeBytes, partition, pieces }
}

/** A disk that is not divided is restored as a disk. */
function isPart({ partition }: GuestVolume): boolean {
  return partition?.number !== 0
}

function noSuchPart(wanted: string, all: readonly GuestVolume[]): HoldfastError {
  const names = all.filter(isPart).map(({ name }) => name)
  return new HoldfastError('not-found', `there is no partition or logical volume ${wanted}`, {
    hint: names.length > 0 ? `There are: ${names.join(', ')}.` : 'The disks are not divided.',
  })
}
