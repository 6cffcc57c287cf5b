import { toHoldfastError } from '../../../model/error.ts'
import { ITEM, LOG_ID, MAX_OFFSET, type Key } from '../key.ts'
import { isSubvolume, parseRoot } from '../subvolumes.ts'
import type { Trees } from '../subvolumes.ts'
import type { BtrfsVolume } from '../volume.ts'
import { NOTHING, Overlay } from './overlay.ts'
import { replayLog } from './replay.ts'

/** More than a point of a real guest has: each has to be looked at before anything else. */
const MAX_LOGS = 1024

/** Replays what was synced after the last commit, in memory; gives the checksums that came with it. */
export async function replayLogs(volume: BtrfsVolume, trees: Trees): Promise<Overlay> {
  const checksums = new Overlay(NOTHING)
  const { log, sectorBytes } = volume.superblock
  if (!log) return checksums
  const key = (offset: bigint): Key => ({ id: LOG_ID, type: ITEM.root, offset })
  let count = 0
  try {
    for await (const item of volume.tree(log).items(key(0n), key(MAX_OFFSET))) {
      const id = item.key.offset
      const base = isSubvolume(id) ? await trees.find(id) : undefined
      if (!base || ++count > MAX_LOGS) continue
      const { root } = parseRoot(id, item.data)
      trees.replace(id, await replayLog(base, volume.tree(root), checksums, sectorBytes))
    }
  } catch (error) {
    const { message, code } = toHoldfastError(error)
    if (!code.startsWith('filesystem-')) throw error
    volume.warnings.push(
      `btrfs: the log could not be replayed (${message}): files that were synced in the last seconds before the point may be missing or as they were before`,
    )
  }
  if (count > MAX_LOGS) volume.warnings.push('btrfs: not all logs were replayed')
  return checksums
}
