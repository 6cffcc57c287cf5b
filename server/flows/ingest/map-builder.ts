import { HoldfastError } from '../../../core/model/error.ts'
import { DIGEST_BYTES, ZERO_DIGEST } from '../../../core/model/digest.ts'
import { chunkCount, PAGE_CHUNKS, pageEntries } from '../../../core/model/geometry.ts'
import { compressPage, encodeRun, pageSegments } from '../../../core/model/map-page.ts'
import { pageDigest, zeroPageDigest } from '../../../core/model/page-digest.ts'
import { segmentOf, type ChunkId } from '../../../core/model/chunk-id.ts'
import type { NewPage } from '../../catalog/pages.ts'
import type { BasePages, ExpandedPage } from '../base-pages.ts'
import type { SegmentCache } from '../segment-cache.ts'

const FROM_BASE = -1
const FROM_STAGED = -2

export interface MapBuilderOptions {
  readonly disk: number
  readonly sizeBytes: number
  readonly chunkBytes: number
  readonly base: BasePages | undefined
  /** Chunks below this index may be taken from the base: its short last chunk may not, once the disk grew. */
  readonly baseChunks: number
  readonly segments: SegmentCache
  /** Staged chunks of positions [from, to) of the disk. */
  readonly staged: (from: number, to: number) => Promise<ReadonlyMap<number, ChunkId>>
  /** Told of each chunk that is certainly not the base's. */
  readonly onDiffering?: (index: number) => void
}

/**
 * Turns what arrives for one disk, in rising order and without gap, into the pages that differ from
 * its base. A page that is wholly the base's costs nothing.
 */
export class MapBuilder {
  readonly pages: NewPage[] = []
  /** Chunks whose content differs from the base's, zeroed ones included. */
  differingChunks = 0
  readonly #o: MapBuilderOptions
  readonly #chunks: number
  readonly #ids: ChunkId[] = []
  readonly #digests = Buffer.alloc(PAGE_CHUNKS * DIGEST_BYTES)
  #page = 0
  #fromBase = 0
  #zero = 0

  constructor(options: MapBuilderOptions) {
    this.#o = options
    this.#chunks = chunkCount(options.sizeBytes, options.chunkBytes)
  }

  /** The chunk index that must come next. */
  get next(): number {
    return Math.min(this.#page * PAGE_CHUNKS + this.#ids.length, this.#chunks)
  }

  /** The base's page that holds chunk `index`, to compare a received chunk with. */
  async basePage(index: number): Promise<ExpandedPage | undefined> {
    return this.#o.base?.page(Math.floor(index / PAGE_CHUNKS))
  }

  async chunk(index: number, id: ChunkId, digest: Buffer): Promise<void> {
    this.#expect(index, 1)
    digest.copy(this.#digests, this.#ids.length * DIGEST_BYTES)
    this.#ids.push(id)
    await this.#completeFullPage()
  }

  zeros(start: number, count: number): Promise<void> {
    return this.#fill(start, count, 0)
  }

  async base(start: number, count: number): Promise<void> {
    if (start + count > this.#o.baseChunks)
      throw violation(`chunks ${start}..${start + count - 1} are not in the base version`)
    await this.#fill(start, count, FROM_BASE)
  }

  staged(start: number, count: number): Promise<void> {
    return this.#fill(start, count, FROM_STAGED)
  }

  /** Proves that the whole disk was covered. */
  finish(): void {
    if (this.next !== this.#chunks)
      throw violation(`disk ended at chunk ${this.next} of ${this.#chunks}`)
  }

  #expect(start: number, count: number): void {
    if (start !== this.next) throw violation(`chunk ${start} came where ${this.next} was due`)
    if (count < 1 || start + count > this.#chunks)
      throw violation(`chunk ${start + count - 1} lies beyond the disk's ${this.#chunks}`)
  }

  async #fill(start: number, count: number, id: ChunkId): Promise<void> {
    this.#expect(start, count)
    let left = count
    while (left > 0) {
      const entries = this.#entries()
      const now = Math.min(left, entries - this.#ids.length)
      left -= now
      if (now === entries && (await this.#takesWholePage(entries, id))) continue
      this.#digests.fill(
        0,
        this.#ids.length * DIGEST_BYTES,
        (this.#ids.length + now) * DIGEST_BYTES,
      )
      for (let i = 0; i < now; i++) this.#ids.push(id)
      if (id === FROM_BASE) this.#fromBase += now
      if (id === 0) this.#zero += now
      await this.#completeFullPage()
    }
  }

  #entries(): number {
    return pageEntries(this.#page, this.#o.sizeBytes, this.#o.chunkBytes)
  }

  /** Most pages of a sparse disk are of one kind: they are done without a look at each chunk. */
  async #takesWholePage(entries: number, id: ChunkId): Promise<boolean> {
    if (id === 0) await this.#completeZeros(entries)
    else if (id !== FROM_BASE || !this.#hasBasePage(entries)) return false
    this.#page++
    return true
  }

  async #completeFullPage(): Promise<void> {
    const entries = this.#entries()
    if (this.#ids.length < entries) return
    if (this.#zero === entries) await this.#completeZeros(entries)
    else if (this.#fromBase !== entries || !this.#hasBasePage(entries))
      await this.#complete(entries)
    this.#page++
    this.#ids.length = 0
    this.#fromBase = 0
    this.#zero = 0
  }

  /** The base has this page, with as many chunks. */
  #hasBasePage(entries: number): boolean {
    if (!this.#o.base) return false
    const ends = this.#o.base.chunks - this.#page * PAGE_CHUNKS
    return Math.min(ends, PAGE_CHUNKS) === entries
  }

  async #completeZeros(entries: number): Promise<void> {
    const base = await this.#o.base?.page(this.#page)
    const digest = zeroPageDigest(entries)
    if (base?.entries === entries && base.digest.equals(digest)) return
    for (const [position, id] of (base?.ids ?? []).entries()) {
      if (id === 0) continue
      this.differingChunks++
      if (this.#o.segments.digestOf(id)) this.#tell(position)
    }
    this.#keep(entries, [0], digest)
  }

  async #complete(entries: number): Promise<void> {
    const base = await this.#o.base?.page(this.#page)
    if (base) this.#takeFromBase(base)
    await this.#takeFromStaged(base)
    const digest = pageDigest(this.#digests.subarray(0, entries * DIGEST_BYTES))
    this.#countDiffering(base)
    if (base?.entries === entries && base.digest.equals(digest) && !this.#heals(base)) return
    this.#keep(entries, this.#ids, digest)
  }

  #keep(entries: number, ids: readonly ChunkId[], digest: Buffer): void {
    const runs =
      ids.length === 1 && ids[0] === 0 ? [{ chunk: 0, length: entries }] : compressPage(ids)
    this.pages.push({
      disk: this.#o.disk,
      page: this.#page,
      entries,
      runs: runs.map(encodeRun),
      segments: pageSegments(runs),
      digest,
    })
  }

  #takeFromBase(base: ExpandedPage): void {
    for (let from = 0, to = 0; from < this.#ids.length; from = to) {
      to = from + 1
      if (this.#ids[from] !== FROM_BASE) continue
      while (this.#ids[to] === FROM_BASE) to++
      this.#takeRun(base, from, to)
    }
  }

  #takeRun(base: ExpandedPage, from: number, to: number): void {
    const digests = this.#digests.subarray(from * DIGEST_BYTES, to * DIGEST_BYTES)
    for (let position = from; position < to; position++)
      this.#ids[position] = base.ids[position] ?? 0
    const damaged = this.#o.segments.copyDigests(this.#ids.slice(from, to), digests)
    if (damaged !== undefined) throw foundDamaged(damaged)
  }

  /** The base's segments stay in mind with those of what is staged: both are compared afterwards. */
  async #takeFromStaged(base: ExpandedPage | undefined): Promise<void> {
    if (!this.#ids.includes(FROM_STAGED)) return
    const first = this.#page * PAGE_CHUNKS
    const staged = await this.#o.staged(first, first + this.#ids.length)
    const named = [...staged.values(), ...(base?.ids ?? [])]
    await this.#o.segments.load(named.filter((id) => id !== 0).map(segmentOf))
    for (const [position, id] of this.#ids.entries()) {
      if (id !== FROM_STAGED) continue
      const chunk = staged.get(first + position)
      if (chunk === undefined) throw violation(`chunk ${first + position} is not staged`)
      this.#set(position, chunk)
    }
  }

  #set(position: number, chunk: ChunkId): void {
    const digest = chunk === 0 ? ZERO_DIGEST : this.#o.segments.digestOf(chunk)
    if (!digest) throw foundDamaged(chunk)
    this.#ids[position] = chunk
    digest.copy(this.#digests, position * DIGEST_BYTES)
  }

  #countDiffering(base: ExpandedPage | undefined): void {
    for (let position = 0; position < this.#ids.length; position++) {
      const before = base?.ids[position] ?? 0
      if (before === this.#ids[position]) continue
      const digest = this.#digests.subarray(position * DIGEST_BYTES, (position + 1) * DIGEST_BYTES)
      const known = before === 0 ? ZERO_DIGEST : this.#o.segments.digestOf(before)
      if (known?.equals(digest)) continue
      this.differingChunks++
      if (known) this.#tell(position)
    }
  }

  #tell(position: number): void {
    this.#o.onDiffering?.(this.#page * PAGE_CHUNKS + position)
  }

  /** Equal bytes, but a damaged chunk of the base was replaced: the page must name the new one. */
  #heals(base: ExpandedPage): boolean {
    return base.ids.some(
      (id, at) => id !== 0 && id !== this.#ids[at] && !this.#o.segments.digestOf(id),
    )
  }
}

function foundDamaged(chunk: ChunkId): HoldfastError {
  return new HoldfastError('chunk-damaged', `stored chunk ${chunk} was found damaged meanwhile`, {
    hint: 'Run it again: the chunk is sent anew.',
  })
}

function violation(what: string): HoldfastError {
  return new HoldfastError('protocol-violation', `transfer refused: ${what}`)
}
