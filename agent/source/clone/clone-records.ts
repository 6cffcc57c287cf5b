import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { removeIfThere, systemFileSystem, writeDurably } from '../../../core/runtime/file-system.ts'

/** A clone that is a change record: what it was when its version was acknowledged. */
const keptClone = z.object({
  name: z.string(),
  versionUid: z.string(),
  /** What the image is called in that version; older records do not say it. */
  disk: z.string().optional(),
  inode: z.string(),
  changedNs: z.string(),
  sizeBytes: z.number(),
  /** ISO 8601. */
  takenAt: z.string(),
})
export type KeptClone = z.infer<typeof keptClone>

const cloneRecord = z.object({
  /** Of the image, and of its clones. */
  folder: z.string(),
  /** Begins the names of this image's clones. */
  prefix: z.string(),
  kept: keptClone.optional(),
})
export type CloneRecord = z.infer<typeof cloneRecord>

/**
 * What this agent has beside images, a file an image: written before the first clone is made, so that
 * none is ever forgotten, and again with each acknowledged version.
 */
export class CloneRecords {
  readonly #folder: string
  #records: Map<string, CloneRecord> | undefined

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'clones')
  }

  async all(): Promise<CloneRecord[]> {
    return [...(await this.#read()).values()]
  }

  async of(folder: string, prefix: string): Promise<CloneRecord | undefined> {
    return (await this.#read()).get(fileOf({ folder, prefix }))
  }

  async put(record: CloneRecord): Promise<void> {
    const file = fileOf(record)
    const records = await this.#read()
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const text = Buffer.from(JSON.stringify(record, null, 2))
    await writeDurably(systemFileSystem, join(this.#folder, file), text)
    records.set(file, record)
  }

  async remove(record: CloneRecord): Promise<void> {
    const file = fileOf(record)
    await removeIfThere(systemFileSystem, join(this.#folder, file))
    ;(await this.#read()).delete(file)
  }

  async #read(): Promise<Map<string, CloneRecord>> {
    if (this.#records) return this.#records
    const records = new Map<string, CloneRecord>()
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!name.endsWith('.json') || name.startsWith('.')) continue
      const record = await read(join(this.#folder, name))
      if (record) records.set(name, record)
    }
    return (this.#records ??= records)
  }
}

/** One that cannot be read is none: then the next point is compared, and makes it anew. */
async function read(path: string): Promise<CloneRecord | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  try {
    return cloneRecord.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function fileOf({ folder, prefix }: Pick<CloneRecord, 'folder' | 'prefix'>): string {
  const digest = createHash('sha256').update(`${folder}/${prefix}`).digest('hex')
  return `${digest.slice(0, 32)}.json`
}
