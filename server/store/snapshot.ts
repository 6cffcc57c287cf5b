import { z } from 'zod'
import type { ChunkStore } from './chunk-store.ts'
import { decodeSealed, encodeSealed } from './sealed-document.ts'

/**
 * Sealed snapshots of what points are not: operators, hosts, enrolments, revocations, the authority.
 * The content is the caller's: tables by name, each a list of rows as objects.
 */
export const SNAPSHOTS_PREFIX = 'snapshots/'
const KEPT = 8

const snapshot = z.object({
  /** Rises with every snapshot; names its document. */
  number: z.number().int().positive(),
  writtenAt: z.string(),
  catalogId: z.string(),
  generation: z.number().int().nonnegative(),
  tables: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
})

export type Snapshot = z.infer<typeof snapshot>
type SnapshotStore = Pick<
  ChunkStore,
  'writeDocument' | 'readDocument' | 'removeDocument' | 'listDocuments'
>

function snapshotName(number: number): string {
  return `${SNAPSHOTS_PREFIX}${String(number).padStart(12, '0')}.json`
}

function encodeSnapshot(content: Snapshot): Buffer {
  return encodeSealed('snapshot', snapshot.parse(content))
}

/** Writes the next one, then removes all but the last 8. */
export async function writeSnapshot(
  store: SnapshotStore,
  content: Omit<Snapshot, 'number'>,
): Promise<string> {
  const names = await snapshotNames(store)
  const number = numberOf(names.at(-1)) + 1
  const name = snapshotName(number)
  await store.writeDocument(name, encodeSnapshot({ ...content, number }))
  for (const old of names.slice(0, Math.max(names.length + 1 - KEPT, 0)))
    await store.removeDocument(old)
  return name
}

/** All that are whole, oldest first. */
export async function* readAllSnapshots(
  store: Pick<SnapshotStore, 'readDocument' | 'listDocuments'>,
): AsyncIterable<Snapshot> {
  for (const name of await snapshotNames(store)) {
    const bytes = await store.readDocument(name)
    if (!bytes) continue
    try {
      yield decodeSealed(name, 'snapshot', snapshot, bytes)
    } catch {
      // A rebuild names what is damaged; others may still be whole.
    }
  }
}

/** The newest that is whole; those that are not are named through `onDamage`. */
export async function readNewestSnapshot(
  store: SnapshotStore,
  onDamage: (name: string, error: unknown) => void,
): Promise<Snapshot | undefined> {
  for (const name of (await snapshotNames(store)).reverse()) {
    const bytes = await store.readDocument(name)
    if (!bytes) continue
    try {
      return decodeSealed(name, 'snapshot', snapshot, bytes)
    } catch (error) {
      onDamage(name, error)
    }
  }
  return undefined
}

async function snapshotNames(store: Pick<SnapshotStore, 'listDocuments'>): Promise<string[]> {
  const names: string[] = []
  for await (const name of store.listDocuments(SNAPSHOTS_PREFIX))
    if (numberOf(name) > 0) names.push(name)
  return names.sort()
}

function numberOf(name: string | undefined): number {
  return Number(/(\d{12})\.json$/.exec(name ?? '')?.[1] ?? 0)
}
