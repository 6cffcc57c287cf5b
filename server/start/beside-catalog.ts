import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemFileSystem, writeDurably } from '../../core/runtime/file-system.ts'
import type { Snapshot } from '../store/snapshot.ts'

/** Files of the data folder without which agents would have to enrol anew. */
const FILES = ['server.json', 'authority.pem'] as const
const TABLE = 'file'

/** For a sealed snapshot: who the server is, and its authority. */
export async function readBesideCatalog(
  dataFolder: string,
): Promise<Record<string, { name: string; content: string }[]>> {
  const rows = []
  for (const name of FILES)
    rows.push({ name, content: await readFile(join(dataFolder, name), 'utf8') })
  return { [TABLE]: rows }
}

/** Out of a snapshot, where the data folder was lost too. What is there stays. */
export async function restoreBesideCatalog(dataFolder: string, snapshot: Snapshot): Promise<void> {
  for (const { name, content } of snapshot.tables[TABLE] ?? []) {
    if (!FILES.some((known) => known === name) || typeof content !== 'string') continue
    const path = join(dataFolder, String(name))
    if (await exists(path)) continue
    await writeDurably(systemFileSystem, path, Buffer.from(content))
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
