import { unsupported } from '../../damaged.ts'
import { compareKeys, type Key } from '../key.ts'
import { findItem, type Item, type ItemSource } from '../tree.ts'

/** What was synced within 30 seconds is not more than this; what is more is not replayed. */
const MAX_BYTES = 64 * 2 ** 20
const MAX_ITEMS = 200_000

/** A tree with changes over it that are kept in memory. */
export class Overlay implements ItemSource {
  readonly #base: ItemSource
  /** Sorted; without data where the item is gone. */
  readonly #changes: { readonly key: Key; data: Buffer | undefined }[] = []
  #bytes = 0

  constructor(base: ItemSource) {
    this.#base = base
  }

  set(key: Key, data: Buffer): void {
    this.#bytes += data.length
    this.#put(key, Buffer.from(data))
  }

  delete(key: Key): void {
    this.#put(key, undefined)
  }

  find(key: Key): Promise<Buffer | undefined> {
    return findItem(this, key)
  }

  async *items(from: Key, to: Key): AsyncGenerator<Item> {
    let at = this.#countUpTo(from)
    if (at > 0 && compareKeys(this.#changes[at - 1]!.key, from) === 0) at--
    for await (const item of this.#base.items(from, to)) {
      for (; ; at++) {
        const change = this.#changes[at]
        if (!change || compareKeys(change.key, item.key) >= 0) break
        if (change.data) yield { key: change.key, data: change.data }
      }
      const change = this.#changes[at]
      if (!change || compareKeys(change.key, item.key) !== 0) yield item
    }
    for (; at < this.#changes.length; at++) {
      const { key, data } = this.#changes[at]!
      if (compareKeys(key, to) > 0) return
      if (data) yield { key, data }
    }
  }

  async upTo(key: Key): Promise<Item | undefined> {
    let at = this.#countUpTo(key) - 1
    while (at >= 0 && !this.#changes[at]!.data) at--
    const changed = this.#changes[at]
    for (let wanted = key; ;) {
      const item = await this.#base.upTo(wanted)
      const isLater = item && (!changed || compareKeys(item.key, changed.key) > 0)
      if (!isLater) return changed?.data && { key: changed.key, data: changed.data }
      if (!this.#hides(item.key)) return item
      const before = keyBefore(item.key)
      if (!before) return undefined
      wanted = before
    }
  }

  #hides(key: Key): boolean {
    const at = this.#countUpTo(key) - 1
    return at >= 0 && compareKeys(this.#changes[at]!.key, key) === 0
  }

  #put(key: Key, data: Buffer | undefined): void {
    const at = this.#countUpTo(key)
    const last = this.#changes[at - 1]
    if (last && compareKeys(last.key, key) === 0) last.data = data
    else this.#changes.splice(at, 0, { key, data })
    if (this.#changes.length > MAX_ITEMS || this.#bytes > MAX_BYTES)
      throw unsupported('btrfs: the log is too large to be replayed')
  }

  #countUpTo(key: Key): number {
    let [low, high] = [0, this.#changes.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeys(this.#changes[middle]!.key, key) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

function keyBefore({ id, type, offset }: Key): Key | undefined {
  const last = 2n ** 64n - 1n
  if (offset > 0n) return { id, type, offset: offset - 1n }
  if (type > 0) return { id, type: type - 1, offset: last }
  return id > 0n ? { id: id - 1n, type: 255, offset: last } : undefined
}

/** For what is made of changes alone. */
export const NOTHING: ItemSource = {
  async *items() {},
  upTo: async () => undefined,
}
