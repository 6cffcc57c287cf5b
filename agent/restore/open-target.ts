import { chmod, chown } from 'node:fs/promises'
import { openDeviceTarget } from './device-target.ts'
import type { DiskTarget } from './disk-target.ts'
import { openImageTarget } from './image-target.ts'
import { openRawTarget } from './raw-target.ts'
import type { DiskPlace, FilePlace } from './restore-plan.ts'

/** Makes the target of one disk and opens it for writing. */
export async function openTarget(place: DiskPlace, signal: AbortSignal): Promise<DiskTarget> {
  if (place.kind === 'device') return openDeviceTarget(place)
  const open = place.format.driver === 'raw' ? openRawTarget : openImageTarget
  const target = await open(place, signal)
  await takeOver(place)
  return target
}

/** The new file belongs to whom the old one belonged. */
export async function takeOver({ folder, temporary, owner }: FilePlace): Promise<void> {
  if (!owner) return
  const path = folder.child(temporary)
  if (process.getuid?.() === 0) await chown(path, owner.uid, owner.gid)
  await chmod(path, owner.mode)
}
