import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { HoldfastError, toFailure, fromFailure } from '../../../core/model/error.ts'
import { watchProcess, type ProcessLimits } from './process-limits.ts'
import {
  ANSWERS_AHEAD,
  type FromReader,
  type ItemAnswer,
  type ItemRequest,
  type SentAnswer,
  type ToReader,
} from './protocol.ts'
import { StoredContent, type ContentDisk, type FilledPart } from './stored-content.ts'
import { withoutNetwork } from './without-network.ts'

export interface OpenedDisk {
  readonly name: string
  readonly reader: ContentDisk
}

/** One process that parses the disks of one point, for one request after another. */
export class ReaderProcess {
  readonly #child: ChildProcess
  readonly #limits: ProcessLimits
  #disks: ReadonlyMap<string, ContentDisk> = new Map()
  #heard: ((message: FromReader) => void) | undefined
  #ended: HoldfastError | undefined
  #onEnd: ((error: HoldfastError) => void) | undefined

  constructor(limits: ProcessLimits) {
    this.#limits = limits
    this.#child = startReader()
    this.#child.on('message', (message: FromReader) => {
      if ('read' in message) void this.#read(message.read)
      else this.#heard?.(message)
    })
    this.#child.on('exit', () => this.#end(crashed('it ended by itself')))
    this.#child.on('error', (error) => this.#end(crashed(error.message)))
  }

  get isAlive(): boolean {
    return this.#ended === undefined
  }

  /**
   * Tells of the disks; their readers may be exchanged for equal ones at the next request. `others` may
   * be read too, and the request tells of them.
   */
  introduce(disks: readonly OpenedDisk[], others: readonly OpenedDisk[] = []): void {
    this.#wake()
    this.#disks = new Map([...disks, ...others].map(({ name, reader }) => [name, reader]))
    const shapes = disks.map(({ name, reader }) => ({ name, sizeBytes: reader.sizeBytes }))
    this.#send({ disks: shapes })
  }

  useDisks(disks: readonly OpenedDisk[]): void {
    this.#wake()
    this.#disks = new Map(disks.map(({ name, reader }) => [name, reader]))
  }

  /** After an early end the process is of no further use, and gone. */
  async *ask(request: ItemRequest): AsyncGenerator<ItemAnswer> {
    const inbox = new Inbox()
    this.#heard = (message) => inbox.put(message)
    this.#onEnd = (error) => inbox.fail(error)
    if (this.#ended) throw this.#ended
    const watch = watchProcess(this.#child.pid ?? 0, this.#limits, (reason) => {
      this.#end(crashed(reason))
      this.kill()
    })
    const asRecords = request.kind === 'fetch' && request.records === true
    if (request.kind === 'fetch') watch.earn((request.fromIndex ?? 0) * WORTH_OF_HEAD)
    const content = new StoredContent(this.#disks, asRecords)
    let isDone = false
    try {
      this.#send({ start: request })
      this.#send({ more: ANSWERS_AHEAD })
      for (;;) {
        const message = await inbox.take()
        if ('failed' in message || 'done' in message) isDone = true
        if ('failed' in message) throw fromFailure(message.failed)
        if (!('answers' in message)) return
        for (const answer of message.answers) {
          for await (const whole of filled(content, answer)) {
            watch.earn(bytesOf(whole))
            yield whole
          }
        }
        this.#send({ more: 1 })
      }
    } finally {
      watch.stop()
      this.#heard = undefined
      if (!isDone) this.kill()
    }
  }

  /** While it waits for a further request it does not keep the server from ending. */
  rest(): void {
    this.#child.unref()
    this.#child.channel?.unref()
  }

  #wake(): void {
    this.#child.ref()
    this.#child.channel?.ref()
  }

  kill(): void {
    this.#ended ??= crashed('it was stopped')
    this.#child.kill('SIGKILL')
  }

  #end(error: HoldfastError): void {
    this.#ended ??= error
    this.#onEnd?.(this.#ended)
  }

  #send(message: ToReader): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  async #read(read: { id: number; disk: string; offset: number; length: number }): Promise<void> {
    const { id, disk, offset, length } = read
    try {
      const reader = this.#disks.get(disk)
      if (!reader || length > MOST_BYTES) throw crashed('it asked for what it may not have')
      this.#send({ bytes: { id, data: await reader.read(offset, length) } })
    } catch (error) {
      this.#send({ noBytes: { id, failure: toFailure(error) } })
    }
  }
}

/** Readers ask for 4 MiB of content at most, and for less of everything else. */
const MOST_BYTES = 8 * 1024 * 1024

class Inbox {
  readonly #messages: FromReader[] = []
  #error: HoldfastError | undefined
  #wake: (() => void) | undefined

  put(message: FromReader): void {
    this.#messages.push(message)
    this.#wake?.()
  }

  fail(error: HoldfastError): void {
    this.#error = error
    this.#wake?.()
  }

  async take(): Promise<FromReader> {
    for (;;) {
      const message = this.#messages.shift()
      if (message) return message
      if (this.#error) throw this.#error
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}

/** May read the program's own files and nothing else; has no environment, no network, and is not heard. */
function startReader(): ChildProcess {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const program = fileURLToPath(new URL(`./item-reader.${extension}`, import.meta.url))
  const words = [
    '--max-old-space-size=256',
    '--permission',
    ...programFiles(program).map((file) => `--allow-fs-read=${file}`),
    '--disable-warning=ExperimentalWarning',
  ]
  const [execPath = process.execPath, ...execArgv] = [
    ...withoutNetwork(),
    process.execPath,
    ...words,
  ]
  return fork(program, {
    ...{ execPath, execArgv, env: {} },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}

/** Where the modules of `program` lie, and the files that may say that they are modules. */
function programFiles(program: string): string[] {
  const folder = path.dirname(program)
  const root = path.resolve(folder, '../../..')
  const isBundled = path.basename(folder) !== 'reader'
  const modules = isBundled ? [folder] : [path.join(root, 'core'), path.join(root, 'server')]
  const above = [folder, path.join(folder, '..'), path.join(folder, '../..'), root]
  const words = [...above, path.dirname(root)].map((one) => path.join(one, 'package.json'))
  return [...modules, ...words]
}

function crashed(reason: string): HoldfastError {
  return new HoldfastError(
    'filesystem-unsupported',
    `the process that reads this point's file systems was lost: ${reason}`,
    {
      hint: 'The file system may be damaged. `holdfast export` gives the whole disk to its own tools.',
    },
  )
}

async function* filled(content: StoredContent, answer: SentAnswer): AsyncGenerator<ItemAnswer> {
  if (!('part' in answer)) yield answer
  else for await (const part of content.fill(answer.part)) yield { part }
}

/** Bytes of content that take as long to hand out as one entry of a walk to look at. */
const WORTH_OF_ENTRY = 8 * 1024
/** And as one whose attributes and extents are told. */
const WORTH_OF_HEAD = 32 * 1024

function worthOf(part: FilledPart): number {
  if ('head' in part) return WORTH_OF_HEAD
  if ('data' in part) return part.data.length
  return 'records' in part ? part.length : 0
}

function bytesOf(answer: ItemAnswer): number {
  if ('part' in answer) return worthOf(answer.part)
  if ('layout' in answer) return 0
  if ('page' in answer) return (answer.walked ?? 0) * WORTH_OF_ENTRY
  const looked = 'searched' in answer ? answer.searched : answer.compared
  return 'walked' in looked ? looked.walked * WORTH_OF_ENTRY : 0
}
