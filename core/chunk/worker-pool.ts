import { Worker, type TransferListItem } from 'node:worker_threads'
import { fromFailure, HoldfastError } from '../model/error.ts'
import type { AnswerMessage } from './worker-task.ts'

/**
 * A few threads that run tasks. A thread that dies fails the tasks it had, never hangs them, and
 * is replaced at the next task. Threads start when the first task comes.
 */
export interface WorkerPool {
  readonly workers: number
  /** Tasks that are running or waiting. */
  readonly load: number
  run(task: unknown, options?: RunOptions): Promise<unknown>
  close(): Promise<void>
}

export interface RunOptions {
  readonly transfer?: readonly TransferListItem[]
  readonly onPart?: (part: unknown) => void
  /** The thread to run it, for what belongs to one thread; else the one with least to do. */
  readonly worker?: number
}

interface Pending {
  readonly resolve: (reply: unknown) => void
  readonly reject: (error: HoldfastError) => void
  readonly onPart: (part: unknown) => void
}

/** `file`: the worker's module, which calls `serveTasks`. */
export function openWorkerPool(file: URL, workers: number): WorkerPool {
  const slots = Array.from({ length: workers }, () => new WorkerSlot(file))
  const leastBusy = () => slots.reduce((a, b) => (b.load < a.load ? b : a))
  let closed = false
  return {
    workers,
    get load() {
      return slots.reduce((sum, slot) => sum + slot.load, 0)
    },
    run(task, options = {}) {
      if (closed) return Promise.reject(new HoldfastError('internal', 'The pool is closed'))
      const slot = options.worker === undefined ? leastBusy() : slots[options.worker]
      return (slot ?? leastBusy()).run(task, options)
    },
    async close() {
      closed = true
      await Promise.all(slots.map((slot) => slot.close()))
    },
  }
}

/** Where a worker's module is: `.ts` when run from source, `.js` when built. */
export function workerFile(name: string, base: string): URL {
  return new URL(`./${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base)
}

class WorkerSlot {
  readonly #file: URL
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #nextId = 1

  constructor(file: URL) {
    this.#file = file
  }

  get load(): number {
    return this.#pending.size
  }

  run(task: unknown, options: RunOptions): Promise<unknown> {
    const worker = (this.#worker ??= this.#start())
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      worker.postMessage({ id, task }, options.transfer ?? [])
      this.#pending.set(id, { resolve, reject, onPart: options.onPart ?? (() => {}) })
      worker.ref()
    })
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#fail('the pool was closed')
    await worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { execArgv: [...process.execArgv] })
    worker.on('message', (message: AnswerMessage) => this.#settle(message))
    worker.on('error', (error) => this.#lose(worker, String(error)))
    worker.on('exit', (code) => this.#lose(worker, `exit ${code}`))
    worker.unref()
    return worker
  }

  #settle(message: AnswerMessage): void {
    const pending = this.#pending.get(message.id)
    if (!pending) return
    if ('part' in message) return pending.onPart(message.part)
    this.#pending.delete(message.id)
    // An idle pool does not keep its process alive.
    if (this.#pending.size === 0) this.#worker?.unref()
    if ('reply' in message) pending.resolve(message.reply)
    else pending.reject(fromFailure(message.failure))
  }

  #lose(worker: Worker, reason: string): void {
    if (this.#worker === worker) this.#fail(reason)
  }

  #fail(reason: string): void {
    this.#worker = undefined
    const lost = [...this.#pending.values()]
    this.#pending.clear()
    const error = new HoldfastError('internal', `A worker thread ended: ${reason}`)
    for (const { reject } of lost) reject(error)
  }
}
