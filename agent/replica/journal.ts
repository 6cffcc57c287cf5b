import { join } from 'node:path'
import { z } from 'zod'
import { HoldfastError } from '../../core/model/error.ts'
import { type FileSystem, type OpenFile, writeAll } from '../../core/runtime/file-system.ts'
import { JOURNAL } from '../../core/replica/layout.ts'
import type { MediaDisk, MediaPart } from '../../core/replica/manifest.ts'

const header = z.object({
  exportId: z.string(),
  hostId: z.string(),
  sourceKey: z.string(),
  disks: z.array(
    z.object({
      name: z.string(),
      format: z.string(),
      sizeBytes: z.number(),
      chunkBytes: z.number(),
    }),
  ),
})

const line = z.object({
  bytes: z.number(),
  sha256: z.string(),
  /** Where to go on after this part. */
  ordinal: z.number(),
  chunk: z.number(),
})

/** What an export is of: one that is taken up must be the same. */
export interface ExportHeader {
  readonly exportId: string
  readonly hostId: string
  readonly sourceKey: string
  readonly disks: readonly MediaDisk[]
}

export interface Position {
  readonly ordinal: number
  readonly chunk: number
}

/** An export that was cut. */
export interface BegunExport {
  readonly header: ExportHeader
  readonly parts: readonly MediaPart[]
  readonly position: Position
  /** Of the journal, as far as it is whole. */
  readonly journalBytes: number
}

/** Undefined where none was begun in this folder. A line that was cut off is not there. */
export async function readJournal(
  fs: FileSystem,
  folder: string,
): Promise<BegunExport | undefined> {
  const file = join(folder, JOURNAL)
  if (!(await fs.stat(file))) return undefined
  const [first = '', ...rest] = (await fs.readFile(file)).toString().split('\n').slice(0, -1)
  const begun = header.safeParse(parsed(first))
  if (!begun.success) return undefined
  const parts: MediaPart[] = []
  let position: Position = { ordinal: 0, chunk: 0 }
  let journalBytes = Buffer.byteLength(first) + 1
  for (const text of rest) {
    const read = line.safeParse(parsed(text))
    if (!read.success) break
    const { bytes, sha256, ordinal, chunk } = read.data
    parts.push({ bytes, sha256 })
    position = { ordinal, chunk }
    journalBytes += Buffer.byteLength(text) + 1
  }
  return { header: begun.data, parts, position, journalBytes }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Grows by a line for each part that is on the media; synced with each. */
export class Journal {
  readonly #file: OpenFile
  #length: number

  private constructor(file: OpenFile, length: number) {
    this.#file = file
    this.#length = length
  }

  static async begin(fs: FileSystem, folder: string, what: ExportHeader): Promise<Journal> {
    // A header that was cut off is no journal: nothing was begun.
    if (await fs.stat(join(folder, JOURNAL))) await fs.unlink(join(folder, JOURNAL))
    const journal = new Journal(await fs.open(join(folder, JOURNAL), 'create'), 0)
    try {
      await journal.#append(what)
      await fs.syncFolder(folder)
      return journal
    } catch (error) {
      await journal.close().catch(() => {}) // the first error counts
      throw error
    }
  }

  static async resume(fs: FileSystem, folder: string, begun: BegunExport): Promise<Journal> {
    const file = await fs.open(join(folder, JOURNAL), 'write')
    await file.truncate(begun.journalBytes).catch(async (error: unknown) => {
      await file.close().catch(() => {}) // the first error counts
      throw error
    })
    return new Journal(file, begun.journalBytes)
  }

  add(part: MediaPart, { ordinal, chunk }: Position): Promise<void> {
    return this.#append({ ...part, ordinal, chunk })
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  async #append(entry: object): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(entry)}\n`)
    await writeAll(this.#file, bytes, this.#length)
    await this.#file.datasync()
    this.#length += bytes.length
  }
}

/** Two exports in one folder would be neither. */
export function requireSame(begun: BegunExport, wanted: Omit<ExportHeader, 'exportId'>): void {
  const of = ({ hostId, sourceKey, disks }: Omit<ExportHeader, 'exportId'>) =>
    JSON.stringify([hostId, sourceKey, disks.map((d) => [d.name, d.format, d.sizeBytes])])
  if (of(begun.header) === of(wanted)) return
  throw new HoldfastError(
    'target-exists',
    'another export was begun in this folder, or the disks are others by now',
    { hint: 'Name an empty folder, or empty this one.' },
  )
}
