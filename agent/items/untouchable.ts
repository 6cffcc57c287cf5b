import { stat } from 'node:fs/promises'
import type { SourceProvider } from '../source/source.ts'

/** `device:inode` of every disk that this host offers: no file of a guest replaces one. */
export async function untouchableFiles(
  provider: Pick<SourceProvider, 'offers'>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const { disks } of await provider.offers())
    for (const { path } of disks) {
      const status = await stat(path).catch(() => undefined) // one that is gone needs no guard
      if (status) found.add(`${status.dev}:${status.ino}`)
    }
  return found
}
