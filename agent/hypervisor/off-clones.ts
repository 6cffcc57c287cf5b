import type { Logger } from '../../core/runtime/log.ts'
import { toHoldfastError } from '../../core/model/error.ts'
import type { Clones } from '../source/clone/clones.ts'
import { CloneableImage, type ImageClone, type NoClone } from '../source/clone/image-clone.ts'
import { openFormatClone, openRawClone, type CloneContext } from '../source/clone/open-clone.ts'
import { checkLayout, readLayout } from '../source/image-layout.ts'
import type { DiskContext } from '../source/opened-disk.ts'
import type { Settlement, SourceDisk } from '../source/source.ts'
import { Stillness } from '../source/stillness.ts'
import type { OffDisk } from './off-view.ts'

/** Why an image that could have a change record of clones has none. */
export type NoOffClone = 'format-without-bitmaps' | Exclude<NoClone, 'no-reflink'>

export interface OffClonesContext extends DiskContext {
  /** Absent: none are made. */
  readonly clones?: Clones | undefined
  readonly log: Logger
}

/**
 * Disks of a VM that is off whose format keeps no bitmaps, on file systems with reflink clones: read
 * from clones, which become the change record with the version. The images are watched from before
 * the first clone until the view is settled, so that all of its disks are of one moment.
 */
export class OffClones {
  readonly #context: OffClonesContext
  readonly #stillness: Stillness
  readonly #images: CloneableImage[] = []
  readonly #clones = new Map<string, ImageClone>()
  readonly #disks = new Map<string, SourceDisk>()
  readonly #reasons = new Map<string, NoOffClone>()

  private constructor(context: OffClonesContext, stillness: Stillness) {
    this.#context = context
    this.#stillness = stillness
  }

  static async take(disks: readonly OffDisk[], context: OffClonesContext): Promise<OffClones> {
    const { clones, searchPath } = context
    const wanted = clones ? disks.filter(({ isCloned }) => isCloned) : []
    const paths = wanted.map(({ path }) => path)
    const taken = new OffClones(context, await Stillness.begin(paths, searchPath))
    try {
      for (const disk of wanted) if (clones) await taken.#take(disk, clones)
      return taken
    } catch (error) {
      await taken.close()
      throw error
    }
  }

  /** Read from a clone; undefined where the image is read as it lies. */
  disk(name: string): SourceDisk | undefined {
    return this.#disks.get(name)
  }

  /** Why a disk that is not read from a clone has no change record. */
  reason(name: string): NoOffClone {
    return this.#reasons.get(name) ?? 'format-without-bitmaps'
  }

  settled(): Promise<Settlement> {
    return this.#stillness.verdict({ equalPass: false })
  }

  async keep(versionUid: string): Promise<void> {
    for (const [disk, clone] of this.#clones)
      await this.#context.clones?.keep(clone, versionUid, disk).catch((error: unknown) => {
        const { message: reason } = toHoldfastError(error)
        this.#context.log.warn('a clone cannot be kept: the next point of its disk is compared', {
          ...{ image: clone.image.path, reason },
        })
      })
  }

  async close(): Promise<void> {
    this.#stillness.close()
    try {
      await Promise.all([...this.#disks.values()].map(({ reader }) => reader.close()))
    } finally {
      await this.#release()
    }
  }

  async #release(): Promise<void> {
    try {
      await this.#context.clones?.release([...this.#clones.values()])
    } finally {
      await Promise.all(this.#images.map((image) => image.close()))
    }
  }

  async #take({ name, path, format }: OffDisk, clones: Clones): Promise<void> {
    this.#context.signal.throwIfAborted()
    const clone = await this.#clone(path, clones)
    if (typeof clone === 'string') {
      if (clone !== 'no-reflink') this.#reasons.set(name, clone)
      return
    }
    this.#clones.set(name, clone)
    const context = { ...this.#context, clones }
    if (format === 'raw') this.#disks.set(name, await openRawClone(name, clone, context))
    else this.#disks.set(name, await this.#openFormat(name, clone, context))
  }

  /** Headers once more, from the clone. It stands alone, so that no other file may be named. */
  async #openFormat(name: string, clone: ImageClone, context: CloneContext): Promise<SourceDisk> {
    const { path } = clone.image
    const standIns = new Map([[path, clone.path]])
    const layout = await readLayout(path, 'qcow2', [], standIns)
    await checkLayout(layout, standIns)
    return openFormatClone(name, clone, layout, context)
  }

  async #clone(path: string, clones: Clones): Promise<ImageClone | NoClone> {
    const image = await CloneableImage.open(path, undefined)
    if (typeof image === 'string') return image
    this.#images.push(image)
    const taken = await clones.take([image])
    return typeof taken === 'string' ? taken : (taken[0] ?? 'clone-failed')
  }
}
