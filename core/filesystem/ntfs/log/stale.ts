import { HoldfastError } from '../../../model/error.ts'
import type { GuestFile } from '../../file-system.ts'
import type { FileTable } from '../file-table.ts'
import { readFile } from '../ntfs-file.ts'
import { ATTRIBUTE } from '../record.ts'
import { LogChanges, type LogChange } from './changes.ts'
import { pathOf } from './path-of.ts'
import { LogRecords } from './records.ts'
import { readLogShape } from './restart.ts'

const INDEX = Buffer.from('$I30')
const FIRST_OF_GUEST = 16
const ROOT = 5
const MOST_TOLD = 50
const MOST_FILES = 100_000
const OLDER = 'names, sizes, times and places'
const GENERAL = `${OLDER} of files changed in the last seconds before the point may be older than their content`

/**
 * The log is not replayed (docs/decisions/0034-logs-of-ntfs.md). Each structure says which record of
 * the log it has seen last, so it is known which ones miss something: those files are named.
 */
export async function staleWarnings(table: FileTable, log: GuestFile): Promise<string[]> {
  const shape = await readLogShape(log)
  if (shape?.isClean) return []
  if (!shape) return [`ntfs: the log ($LogFile) is unreadable: ${GENERAL}`]
  const stale = new Stale(table)
  try {
    const changes = new LogChanges(table.geometry)
    const records = new LogRecords(log, shape)
    for await (const record of records.from(shape.oldest)) changes.look(record)
    for await (const record of records.from(shape.oldest)) {
      const change = changes.take(record)
      if (change && 'ended' in change) stale.end(change.ended)
      else if (change) await stale.take(change)
    }
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error
    return [`ntfs: the log ($LogFile) cannot be read (${error.message}): ${GENERAL}`]
  }
  return stale.warnings()
}

/** Files with changes that are not in their places, or that would have to be taken back. */
class Stale {
  readonly #table: FileTable
  readonly #files = new Set<number>()
  readonly #unfinished = new Map<number, Set<number>>()
  #isUnsure = false

  constructor(table: FileTable) {
    this.#table = table
  }

  async take(change: LogChange): Promise<void> {
    const { file, transaction } = change
    if (file === undefined || this.#files.size >= MOST_FILES) {
      this.#isUnsure = true
      return
    }
    const open = this.#unfinished.get(transaction) ?? new Set()
    this.#unfinished.set(transaction, open.add(file))
    if (!this.#files.has(file) && (await this.#isMissing(file, change))) this.#files.add(file)
  }

  end(transaction: number): void {
    this.#unfinished.delete(transaction)
  }

  async warnings(): Promise<string[]> {
    const all = new Set([...this.#files, ...[...this.#unfinished.values()].flatMap((s) => [...s])])
    const told = [...all].filter((file) => file >= FIRST_OF_GUEST || file === ROOT)
    const unsure = this.#isUnsure
      ? [
          `ntfs: the log ($LogFile) has changes of which it cannot be told what they are of: ${GENERAL}`,
        ]
      : []
    if (told.length === 0) return unsure
    const names: string[] = []
    for (const file of told.slice(0, MOST_TOLD)) names.push(await pathOf(this.#table, file))
    const more = told.length > MOST_TOLD ? ` and ${told.length - MOST_TOLD} more` : ''
    const what = `ntfs: the log ($LogFile) has changes that are not in their places yet and is not replayed: ${OLDER} may be older than the content of ${names.join(', ')}${more}`
    return [what, ...unsure]
  }

  async #isMissing(file: number, { lsn, indexOffset }: LogChange): Promise<boolean> {
    try {
      const seen =
        indexOffset === undefined
          ? (await this.#table.record(file)).lsn
          : await this.#indexLsn(file, indexOffset)
      return seen < lsn
    } catch (error) {
      // What is not there yet has seen nothing.
      if (error instanceof HoldfastError && error.code.startsWith('filesystem-')) return true
      throw error
    }
  }

  async #indexLsn(file: number, offset: number): Promise<bigint> {
    const folder = await readFile(this.#table, file)
    const blocks = await folder.open(this.#table.disk, ATTRIBUTE.indexAllocation, INDEX)
    const head = await blocks.read(offset, 16)
    return head.length === 16 && head.toString('latin1', 0, 4) === 'INDX'
      ? head.readBigUInt64LE(8)
      : 0n
  }
}
