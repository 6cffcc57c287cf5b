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

  /** What to fetch after chunks `first`..`last` were asked for; `end` is the disk's last chunk. */
  after(first: number, last: number, end: number): Batch[] {
    const reader = this.#find(first) ?? { next: first, fetched: last + 1, hits: 0 }
    this.#readers = [...this.#readers.filter((one) => one !== reader), reader].slice(-FOLLOWED)
    // Several reads of one chunk are no reading forward.
    if (last + 1 > reader.next) reader.hits++
    reader.next = Math.max(reader.next, last + 1)
    reader.fetched = Math.max(reader.fetched, reader.next)
    const batches: Batch[] = []
    const target = Math.min(reader.next + this.#depth(reader), end + 1)
    while (reader.fetched < target) {
      // Whole batches but at the end of the disk: little ones cost as much as large ones.
      const to = Math.min(reader.fetched + this.#batch, end + 1)
      if (to > target) break
      batches.push({ first: reader.fetched, last: to - 1 })
      reader.fetched = to
    }
    return batches
  }

  #find(first: number): Forward | undefined {
    const slack = SLACK * this.#batch
    return this.#readers.find(({ next }) => first >= next - slack && first <= next + slack)
  }

  /** Twice is chance; from the third read on it pays, more and more. */
  #depth({ hits }: Forward): number {
    if (hits < 3) return 0
    return hits < 6 ? this.#batch : 2 * this.#batch
  }
}
