import { HoldfastError } from '../../core/model/error.ts'
import type { Writers } from '../source/open-files.ts'
import type { DiskPlace } from './restore-plan.ts'

/** Who can write to files and block devices right now, one answer each. */
export type FindWriters = (paths: readonly string[]) => Promise<readonly Writers[]>

/** Refuses to replace what something is using, or may be using, unless that was asked for. */
export async function checkNotInUse(
  places: readonly DiskPlace[],
  evenIfOpen: boolean,
  findWriters: FindWriters,
): Promise<void> {
  // A device is written in place: whoever has it open would read a mixture of both.
  const asked = places.filter((place) => !evenIfOpen || place.kind === 'device')
  const paths = asked.flatMap(replacedPath)
  const found = paths.length === 0 ? [] : await findWriters(paths)
  for (const [i, { state, who }] of found.entries()) {
    if (state === 'free') continue
    const why = state === 'open' ? `is in use by ${who}` : `may be in use: ${who}`
    throw new HoldfastError('target-in-use', `${paths[i]} ${why}`, {
      hint: 'Stop what uses it. A file, not a block device, is replaced all the same with --even-if-open.',
    })
  }
}

function replacedPath(place: DiskPlace): string[] {
  if (place.kind === 'device') return [place.path]
  return place.kept === undefined ? [] : [`${place.folder.path}/${place.file}`]
}
