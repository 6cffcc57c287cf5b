/** Chunks that are worth fetching before they are asked for. */
export interface Batch {
  readonly first: number
  readonly last: number
}

/** Somebody who reads forward: up to where, and up to where it was fetched for. */
interface Forward {
  next: number
  fetched: number
  hits: number
}

const FOLLOWED = 8
/** Reads in a row: twice is chance, from the third on it pays. */
const PROVEN = 3
/** Reads that somebody has under way at once arrive out of order, this many batches apart at most. */
const SLACK = 2

/** Finds out who reads forward, several at a time, and what each will want next. */
export class ReadAhead {
  readonly #batch: number
  /** Most recently seen last. */
  #readers: Forward[] = []

  constructor(batchChunks: number) {
    this.#batch = batchChunks
  }

  /**
   * What to fetch when chunks `first`..`last` are asked for, some of those with it; `end` is the
   * disk's last chunk. Without room only whole batches that begin with what was asked for.
   */
  after(first: number, last: number, end: number, hasRoom: boolean): Batch[] {
    const reader = this.#find(first) ?? { next: first, fetched: first, hits: 0 }
    this.#readers = [...this.#readers.filter((one) => one !== reader), reader].slice(-FOLLOWED)
    // Several reads of one chunk are no reading forward.
    if (last + 1 > reader.next) reader.hits++
    reader.next = Math.max(reader.next, last + 1)
    if (reader.hits < PROVEN) {
      reader.fetched = Math.max(reader.fetched, reader.next)
      return []
    }
    const target = Math.min(reader.next + (hasRoom ? this.#depth(reader) : 0), end + 1)
    const batches: Batch[] = []
    // Whole batches but at the end of the disk: little ones cost as much as large ones.
    while (reader.fetched < target) {
      const to = Math.min(reader.fetched + this.#batch, end + 1)
      if (to > target && reader.fetched >= reader.next) break
      batches.push({ first: reader.fetched, last: to - 1 })
      reader.fetched = to
    }
    return batches
  }

  #find(first: number): Forward | undefined {
    const slack = SLACK * this.#batch
    return this.#readers.find(({ next }) => first >= next - slack && first <= next + slack)
  }

  #depth({ hits }: Forward): number {
    return hits < 2 * PROVEN ? this.#batch : 2 * this.#batch
  }
}
