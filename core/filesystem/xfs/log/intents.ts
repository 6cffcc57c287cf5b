import type { LogItem } from './transactions.ts'

/*
 * Work in several steps leaves its intent in the log, and a mark when it is done. What is not done
 * when the guest ends, the kernel does when it mounts. To free space, to note who owns or shares it
 * changes nothing that is read. These do.
 */
const MAP = 0x1244
const ATTRIBUTE = 0x1246
const EXCHANGE = 0x1248
const FILES_OF: ReadonlyMap<number, (format: Buffer) => bigint[]> = new Map([
  [MAP, (format) => wide(format, 16)],
  [ATTRIBUTE, (format) => wide(format, 16)],
  [EXCHANGE, (format) => [...wide(format, 16), ...wide(format, 24)]],
])
const WHAT: ReadonlyMap<number, string> = new Map([
  [MAP, 'where a part of its content lies'],
  [ATTRIBUTE, 'an extended attribute'],
  [EXCHANGE, 'content, exchanged with another file'],
])
const MOST_TOLD = 100

/** Intents that nobody finished. */
export class Intents {
  readonly #open = new Map<string, string>()

  take({ type, regions }: LogItem): void {
    const [format] = regions
    if (!format || format.length < 16) return
    const id = (kind: number) => `${kind} ${format.readBigUInt64LE(8)}`
    const filesOf = FILES_OF.get(type)
    // What says that it is done has the next number, and the same id.
    if (!filesOf) this.#open.delete(id(type - 1))
    else {
      const files = filesOf(format).join(' and ')
      this.#open.set(id(type), `xfs: inode ${files}: a change of ${WHAT.get(type)} was under way`)
    }
  }

  warnings(): string[] {
    const all = [...new Set(this.#open.values())]
    const more = all.length - MOST_TOLD
    return more > 0 ? [...all.slice(0, MOST_TOLD), `xfs: the same of ${more} more`] : all
  }
}

function wide(format: Buffer, at: number): bigint[] {
  return at + 8 <= format.length ? [format.readBigUInt64LE(at)] : []
}
