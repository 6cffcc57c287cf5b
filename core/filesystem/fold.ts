import type { GuestEntry } from './file-system.ts'

/**
 * The entry of that name where case does not count. One that is written exactly so goes first:
 * folders can hold names that differ in nothing else.
 */
export async function findFolded(
  entries: AsyncIterable<GuestEntry>,
  name: Buffer,
): Promise<GuestEntry | undefined> {
  const wanted = folded(name)
  let similar: GuestEntry | undefined
  for await (const entry of entries) {
    if (entry.name.equals(name)) return entry
    if (!similar && folded(entry.name) === wanted) similar = entry
  }
  return similar
}

/** Character by character, as the tables of these file systems do: ß stays ß. */
function folded(name: Buffer): string {
  return Array.from(name.toString('utf8'), upper).join('')
}

function upper(character: string): string {
  const folded = character.toUpperCase()
  return folded.length === character.length ? folded : character
}
