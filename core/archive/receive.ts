import { fromFailure, HoldfastError } from '../model/error.ts'
import { showName, type ShownName } from '../model/guest-name.ts'
import type { FilePart__Output } from '../wire/generated/holdfast/v1/FilePart.ts'
import type { Filled } from '../wire/shape.ts'
import type { FileSink } from './file-sink.ts'

export type FilePart = Filled<FilePart__Output>

export interface Received {
  readonly files: number
  readonly bytes: number
  readonly failed: readonly (ShownName & { readonly error: HoldfastError })[]
  readonly warnings: readonly string[]
}

/**
 * Hands a stream of files to where they go. What fails of one is kept; the others go on. `last` may
 * add files that tell of what came before.
 */
export async function receive(
  parts: AsyncIterable<FilePart>,
  sink: FileSink,
  last?: (received: Received) => readonly FilePart[],
): Promise<Received> {
  const receiver = new Receiver(sink)
  try {
    for await (const part of parts) await receiver.take(part)
    await receiver.endItem(true)
    for (const part of last?.(receiver) ?? []) await receiver.take(part)
    await receiver.endItem(true)
    await sink.finish()
  } catch (error) {
    await sink.abandon()
    throw error
  }
  const { files, bytes, failed, warnings } = receiver
  return { files, bytes, failed, warnings: [...warnings, ...sink.warnings] }
}

interface Item {
  readonly path: Buffer
  isRefused: boolean
  /** Bytes of content that have not come yet. */
  left: number
}

class Receiver {
  files = 0
  bytes = 0
  readonly failed: (ShownName & { readonly error: HoldfastError })[] = []
  readonly warnings: string[] = []
  readonly #sink: FileSink
  /** What is open; its content is passed over once the sink has refused it. */
  #open: Item | undefined

  constructor(sink: FileSink) {
    this.#sink = sink
  }

  async take(part: FilePart): Promise<void> {
    if (part.part === 'warnings') this.warnings.push(...(part.warnings?.warnings ?? []))
    else if (part.part === 'head') await this.#begin(part)
    else if (part.part === 'failed') await this.#fail(part)
    else if (this.#open && !this.#open.isRefused) await this.#content(part)
  }

  async endItem(isWhole: boolean): Promise<void> {
    const open = this.#open
    this.#open = undefined
    if (!open || open.isRefused) return
    if (!isWhole || open.left > 0) {
      await this.#sink.end(false)
      if (isWhole) this.failed.push({ ...showName(open.path), error: shortened() })
    } else
      await this.#trying(open, async () => {
        await this.#sink.end(true)
        this.files++
      })
  }

  async #begin({ head }: FilePart): Promise<void> {
    await this.endItem(true)
    if (!head) return
    const hasContent = head.type === 'file' && head.sameAs === null
    const left = hasContent ? head.sizeBytes : 0
    const item: Item = { path: head.path, isRefused: false, left }
    this.#open = item
    await this.#trying(item, () => this.#sink.begin(head))
  }

  async #content({ data, hole }: FilePart): Promise<void> {
    const item = this.#open
    if (!item) return
    await this.#trying(item, async () => {
      if (data) await this.#sink.data(data)
      else await this.#sink.hole(hole ?? 0)
    })
    const length = data?.length ?? hole ?? 0
    this.bytes += length
    item.left -= length
  }

  async #fail({ failed }: FilePart): Promise<void> {
    const path = failed?.path ?? Buffer.alloc(0)
    const isOpen = this.#open?.path.equals(path) === true
    await this.endItem(!isOpen)
    const error = failed?.error ? fromFailure(failed.error) : undefined
    if (error) this.failed.push({ ...showName(path), error })
  }

  /** Only what is said of this one item; a full disk ends it all. */
  async #trying(item: Item, run: () => Promise<void>): Promise<void> {
    try {
      await run()
    } catch (error) {
      const isOwn = error instanceof HoldfastError && !FATAL.has(error.code)
      if (!isOwn) throw error
      await this.#sink.end(false)
      item.isRefused = true
      this.failed.push({ ...showName(item.path), error })
    }
  }
}

function shortened(): HoldfastError {
  return new HoldfastError('transfer-mismatch', 'its content did not come as long as it is')
}

const FATAL = new Set(['target-full', 'wrong-usage', 'protocol-violation'])
