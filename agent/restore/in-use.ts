import { HoldfastError } from '../../core/model/error.ts'
import type { DiskPlace } from './restore-plan.ts'

/** Names of the processes that have a file or block device open, or of where it is mounted. */
export type FindOpeners = (path: string) => Promise<readonly string[]>

/** Refuses to replace what something is using, unless that was asked for. */
export async function checkNotInUse(
  places: readonly DiskPlace[],
  evenIfOpen: boolean,
  findOpeners: FindOpeners,
): Promise<void> {
  for (const place of places) {
    const path = replacedPath(place)
    // A device is written in place: whoever has it mounted would read a mixture of both.
    if (path === undefined || (evenIfOpen && place.kind === 'file')) continue
    const openers = await findOpeners(path)
    if (openers.length > 0)
      throw new HoldfastError('target-in-use', `${path} is in use by ${openers.join(', ')}`, {
        hint: 'Stop it, or ask for the restore with --even-if-open.',
      })
  }
}

function replacedPath(place: DiskPlace): string | undefined {
  if (place.kind === 'device') return place.path
  return place.kept === undefined ? undefined : `${place.folder.path}/${place.file}`
}
