import { HoldfastError, toHoldfastError } from '../../../core/model/error.ts'
import type { Logger } from '../../../core/runtime/log.ts'
import type { ImageDisk } from '../image-view.ts'
import { refuseOutside } from '../image-folders.ts'
import { checkLayout, readLayout, type ImageLayout } from '../image-layout.ts'
import type { DiskContext } from '../opened-disk.ts'
import type { Evidence, Settlement, SourceDisk, SourceView, ViewPlan } from '../source.ts'
import { Stillness } from '../stillness.ts'
import type { Clones } from './clones.ts'
import { CloneableImage, type ImageClone, type NoClone } from './image-clone.ts'
import { isPlaced, openFormatClone, openRawClone } from './open-clone.ts'
import { ofOneInstant } from './same-instant.ts'

export interface ClonedViewOptions {
  readonly disks: readonly ImageDisk[]
  /** Folders in which backing files may lie. */
  readonly allowed: readonly string[]
  readonly clones: Clones
  readonly context: DiskContext
  readonly log: Logger
}

/**
 * Images on a file system with reflink clones: cloned when the view is opened, and read from the
 * clones. Each clone is one instant of its file, whatever is written to it meanwhile. The clones of raw
 * images, and of a qcow2 that stands alone, stay once their version is acknowledged: what lies elsewhere the next time has changed.
 */
export class ClonedView implements SourceView {
  readonly powerState = 'none'
  readonly configuration = ''
  readonly #options: ClonedViewOptions
  readonly #images: readonly CloneableImage[]
  #taken: Taken
  #plan: ViewPlan | undefined

  private constructor(options: ClonedViewOptions, images: readonly CloneableImage[], taken: Taken) {
    this.#options = options
    this.#images = images
    this.#taken = taken
  }

  /** Or why there can be none: then the images are read where they lie. */
  static async open(options: ClonedViewOptions): Promise<ClonedView | NoClone> {
    const images = await cloneableImages(options)
    if (typeof images === 'string') return images
    try {
      const taken = await take(options, images)
      if (typeof taken !== 'string') return new ClonedView(options, images, taken)
      await closeImages(images)
      return taken
    } catch (error) {
      await closeImages(images)
      throw error
    }
  }

  get disks(): readonly SourceDisk[] {
    return this.#taken.disks
  }

  get capturedAt(): string {
    return this.#taken.capturedAt
  }

  async begin(plan: ViewPlan): Promise<void> {
    this.#plan = plan
  }

  async settled(evidence: Evidence = { equalPass: false }): Promise<Settlement> {
    const { settlement } = this.#taken
    // Two rounds of the same bytes: between them nothing was written.
    if (!settlement.settled && evidence.equalPass) return { settled: true, consistency: 'crash' }
    return settlement
  }

  /** New clones: other instants, of which all may be one. */
  async again(): Promise<void> {
    const sizes = sizesOf(this.disks)
    this.#plan = undefined
    await this.#release()
    const taken = await take(this.#options, this.#images)
    if (typeof taken === 'string')
      throw new HoldfastError('source-unsettled', `the images cannot be cloned again: ${taken}`)
    this.#taken = taken
    if (sizesOf(taken.disks) !== sizes)
      throw new HoldfastError('source-unsettled', 'a disk changed its size between two passes')
  }

  /**
   * The clones that were read become the change record. Not where this view was never read, because
   * an attempt before it had been acknowledged already.
   */
  async committed(versionUid: string): Promise<void> {
    if (this.#plan?.versionUid !== versionUid) return
    const { clones, log } = this.#options
    for (const [disk, clone] of this.#taken.records)
      await clones.keep(clone, versionUid, disk).catch((error: unknown) => {
        const { message: reason } = toHoldfastError(error)
        log.warn('a clone cannot be kept: the next point of its image is compared', {
          ...{ image: clone.image.path, reason },
        })
      })
  }

  async close(): Promise<void> {
    try {
      await this.#release()
    } finally {
      await closeImages(this.#images)
    }
  }

  async #release(): Promise<void> {
    const { disks, clones } = this.#taken
    try {
      await closeReaders(disks)
    } finally {
      await this.#options.clones.release(clones)
      this.#taken = { ...this.#taken, disks: [], clones: [], records: new Map() }
    }
  }
}

/** One round of clones, opened. */
interface Taken {
  readonly disks: readonly SourceDisk[]
  readonly clones: readonly ImageClone[]
  /** Those that can be change records, by the disk's name. */
  readonly records: ReadonlyMap<string, ImageClone>
  readonly settlement: Settlement
  readonly capturedAt: string
}

/** Every file that the disks are made of, open, if all of them can be cloned. */
async function cloneableImages(
  options: ClonedViewOptions,
): Promise<readonly CloneableImage[] | NoClone> {
  const { disks, allowed } = options
  const images = new Map<string, CloneableImage>()
  try {
    for (const { path, format, folder } of disks) {
      await refuseOutside(path, folder)
      const layout = await readLayout(path, format, allowed)
      if (!isChain(layout)) return await refused([...images.values()], 'no-reflink')
      for (const file of layout.files) {
        if (images.has(file)) continue
        const image = await CloneableImage.open(file, file === path ? folder : undefined)
        if (typeof image === 'string') return await refused([...images.values()], image)
        images.set(file, image)
      }
    }
  } catch (error) {
    await closeImages([...images.values()])
    throw error
  }
  return [...images.values()]
}

async function refused(images: readonly CloneableImage[], why: NoClone): Promise<NoClone> {
  await closeImages(images)
  return why
}

/** QEMU finds the extents of a VMDK's descriptor by itself, beside it: those cannot be stood in for. */
function isChain({ node, files }: ImageLayout): boolean {
  let length = 0
  for (let at = node; ; at = at['backing'] as typeof node) {
    length++
    if (!at['backing']) return length === files.length
  }
}

async function take(
  options: ClonedViewOptions,
  images: readonly CloneableImage[],
): Promise<Taken | NoClone> {
  const { clones, context } = options
  const stillness = await Stillness.begin(
    images.map(({ path }) => path),
    context.searchPath,
  )
  try {
    const capturedAt = new Date(context.clock.now()).toISOString()
    const first = await clones.take(images)
    if (typeof first === 'string') return first
    const { settled, instant } = await instantOf(options, images, first, stillness)
    return await openTaken(options, { clones: instant, settlement: settled, capturedAt })
  } finally {
    stillness.close()
  }
}

/** Nobody could write around it: cold. One file, or proved to be one instant: as after a power cut. */
async function instantOf(
  { clones, context }: ClonedViewOptions,
  images: readonly CloneableImage[],
  first: readonly ImageClone[],
  stillness: Stillness,
): Promise<{ settled: Settlement; instant: readonly ImageClone[] }> {
  const verdict = await stillness.verdict({ equalPass: false })
  if (verdict.settled) return { settled: verdict, instant: first }
  const crash = { settled: true, consistency: 'crash' } as const
  if (images.length === 1) return { settled: crash, instant: first }
  const takeAgain = async () => {
    const next = await clones.take(images).catch(() => 'clone-failed' as const)
    return typeof next === 'string' ? undefined : next
  }
  const found = await ofOneInstant(first, takeAgain, (them) => clones.release(them), context.signal)
  const reason = `its files were written between their clones: ${verdict.reason}`
  return { settled: found.isOne ? crash : { settled: false, reason }, instant: found.clones }
}

/** Headers once more, from the clones: what is read is what they say, not what the images said. */
async function openTaken(
  { disks, allowed, clones: all, context, log }: ClonedViewOptions,
  taken: Pick<Taken, 'clones' | 'settlement' | 'capturedAt'>,
): Promise<Taken> {
  const byPath = new Map(taken.clones.map((clone) => [clone.image.path, clone]))
  const standIns = new Map(taken.clones.map(({ image, path }) => [image.path, path]))
  const opened: SourceDisk[] = []
  const records = new Map<string, ImageClone>()
  const around = { ...context, clones: all, log }
  try {
    for (const { name, path, format } of disks) {
      context.signal.throwIfAborted()
      const clone = byPath.get(path)
      if (!clone) throw new RangeError(`${path} was not cloned`)
      if (format === 'raw') {
        opened.push(await openRawClone(name, clone, around))
        records.set(name, clone)
        continue
      }
      const layout = await readLayout(path, format, allowed, standIns)
      if (layout.files.some((file) => !byPath.has(file)))
        throw new HoldfastError('source-unsettled', `${path} got another backing file just now`)
      await checkLayout(layout, standIns)
      opened.push(await openFormatClone(name, clone, layout, around))
      if (isPlaced(layout)) records.set(name, clone)
    }
    return { ...taken, disks: opened, records }
  } catch (error) {
    await closeReaders(opened).catch(() => {}) // the first error counts
    await all.release(taken.clones)
    throw error
  }
}

function sizesOf(disks: readonly SourceDisk[]): string {
  return JSON.stringify(disks.map(({ sizeBytes }) => sizeBytes))
}

async function closeReaders(disks: readonly SourceDisk[]): Promise<void> {
  const outcomes = await Promise.allSettled(disks.map(({ reader }) => reader.close()))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

async function closeImages(images: readonly CloneableImage[]): Promise<void> {
  await Promise.all(images.map((image) => image.close()))
}
