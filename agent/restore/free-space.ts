import { statfs } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import type { TargetFormat } from './target-format.ts'

/** Left free beside what a restore needs, so that it never fills a file system to its last block. */
const MARGIN_BYTES = 64 * 1024 * 1024
const MARGIN_SHARE = 0.01
/** Tables of the sparse formats: well below 0.1 % of what they map, and a few MiB to start with. */
const TABLE_BYTES = 4 * 1024 * 1024
const TABLE_SHARE = 0.001

export interface SpaceNeed {
  readonly format: TargetFormat
  readonly sizeBytes: number
  readonly allocatedBytes: number
}

/** What the files of a restore will take of their file system, without the margin. */
export function neededBytes(needs: readonly SpaceNeed[]): number {
  let sum = 0
  for (const { format, sizeBytes, allocatedBytes } of needs) {
    const content = format.preallocate ? sizeBytes : Math.min(allocatedBytes, sizeBytes)
    sum += content
    if (format.driver !== 'raw') sum += TABLE_BYTES + Math.ceil(sizeBytes * TABLE_SHARE)
  }
  return sum
}

/** Refuses a restore that the file system at `reachable` has no room for. */
export async function checkFreeSpace(
  reachable: string,
  shown: string,
  needs: readonly SpaceNeed[],
): Promise<void> {
  const needed = neededBytes(needs)
  const margin = Math.min(MARGIN_BYTES, Math.ceil(needed * MARGIN_SHARE))
  const { bavail, bsize } = await statfs(reachable)
  const freeBytes = bavail * bsize
  if (needed + margin <= freeBytes) return
  throw new HoldfastError(
    'target-full',
    `${shown} has ${freeBytes} bytes free and the restore needs ${needed + margin}`,
    {
      hint: 'Free space there, choose another folder, or restore fewer disks.',
      details: { freeBytes, neededBytes: needed + margin },
    },
  )
}
