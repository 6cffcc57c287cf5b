import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { refuseOutside } from './image-folders.ts'
import { checkLayout, readLayout, type ImageLayout } from './image-layout.ts'
import type { ImageFormat } from './image-format.ts'
import {
  openFormat,
  openRaw,
  refuseEmpty,
  type DiskContext,
  type OpenedDisk,
} from './opened-disk.ts'
import type { Evidence, Settlement, SourceDisk, SourceView } from './source.ts'
import { Stillness } from './stillness.ts'

/** A disk of a source, found and not yet opened. */
export interface ImageDisk {
  readonly name: string
  readonly path: string
  readonly format: ImageFormat
  /** The folder that it was found below, and may not lead out of; none where it was declared. */
  readonly folder?: string | undefined
}

/** The disks of one source, watched from before the first byte is read. */
export class ImageView implements SourceView {
  readonly powerState = 'none'
  readonly configuration = ''
  readonly disks: readonly SourceDisk[]
  readonly #opened: readonly OpenedDisk[]
  readonly #stillness: Stillness
  readonly #clock: Clock
  #capturedAt: string

  private constructor(opened: readonly OpenedDisk[], stillness: Stillness, clock: Clock) {
    this.#clock = clock
    this.#capturedAt = timeOf(clock)
    this.disks = opened.map(({ disk }) => disk)
    this.#opened = opened
    this.#stillness = stillness
  }

  /** Reads all headers, begins to watch, then opens: what changes in between is noticed. */
  static async open(
    disks: readonly ImageDisk[],
    allowed: readonly string[],
    context: DiskContext,
  ): Promise<ImageView> {
    const layouts = await layoutsOf(disks, allowed)
    const files = [...new Set(layouts.flatMap(({ files }) => files))]
    const stillness = await Stillness.begin(files, context.searchPath)
    const opened: OpenedDisk[] = []
    try {
      for (const [index, disk] of disks.entries()) {
        context.signal.throwIfAborted()
        const layout = layouts[index]
        if (layout) opened.push(await openDisk(disk, layout, stillness, allowed, context))
      }
      return new ImageView(opened, stillness, context.clock)
    } catch (error) {
      await closeAll(opened, stillness)
      throw error
    }
  }

  settled(evidence: Evidence = { equalPass: false }): Promise<Settlement> {
    return this.#stillness.verdict(evidence)
  }

  /** When the last pass began: what was read is the source at that instant, or later. */
  get capturedAt(): string {
    return this.#capturedAt
  }

  async again(): Promise<void> {
    await this.#stillness.renew()
    for (const { again, files } of this.#opened) await again(isFree(this.#stillness, files))
    this.#capturedAt = timeOf(this.#clock)
  }

  close(): Promise<void> {
    return closeAll(this.#opened, this.#stillness)
  }
}

function isFree(stillness: Stillness, files: readonly string[]): boolean {
  return stillness.writersOf(files).every(({ state }) => state === 'free')
}

function timeOf(clock: Clock): string {
  return new Date(clock.now()).toISOString()
}

async function layoutsOf(
  disks: readonly ImageDisk[],
  allowed: readonly string[],
): Promise<ImageLayout[]> {
  const layouts: ImageLayout[] = []
  for (const { path, format, folder } of disks) {
    await refuseOutside(path, folder)
    const layout = await readLayout(path, format, allowed)
    refuseEmpty(path, layout.sizeBytes)
    await checkLayout(layout)
    layouts.push(layout)
  }
  return layouts
}

async function openDisk(
  disk: ImageDisk,
  layout: ImageLayout,
  stillness: Stillness,
  allowed: readonly string[],
  context: DiskContext,
): Promise<OpenedDisk> {
  if (disk.format === 'raw') return openRaw(disk, isFree(stillness, layout.files), context)
  const writer = stillness.writersOf(layout.files).find(({ state }) => state === 'open')
  // Tables and data of a format change one after the other: a reader beside the writer sees torn ones.
  if (writer)
    throw new HoldfastError('source-in-use', `${disk.path} is open for writing by ${writer.who}`, {
      hint: 'stop the virtual machine, or protect it as a VM instead of as an image',
    })
  const opened = await openFormat(disk.name, disk.path, layout, context)
  try {
    await refuseOtherLayout(disk, layout, allowed)
    return opened
  } catch (error) {
    await opened.disk.reader.close()
    throw error
  }
}

/** The headers once more, now that the tool has them open: what was judged is what it reads. */
async function refuseOtherLayout(
  disk: ImageDisk,
  layout: ImageLayout,
  allowed: readonly string[],
): Promise<void> {
  await refuseOutside(disk.path, disk.folder)
  const now = await readLayout(disk.path, disk.format, allowed)
  if (JSON.stringify(now) === JSON.stringify(layout)) return
  throw new HoldfastError('source-unsettled', `${disk.path} changed while it was being opened`, {
    hint: 'try again when nothing works on the image',
  })
}

async function closeAll(opened: readonly OpenedDisk[], stillness: Stillness): Promise<void> {
  stillness.close()
  const outcomes = await Promise.allSettled(opened.map(({ disk }) => disk.reader.close()))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
