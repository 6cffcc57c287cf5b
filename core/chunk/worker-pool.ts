import { Worker, type TransferListItem } from 'node:worker_threads'
import { HoldfastError, fromFailure } from '../model/error.ts'
import type { AnswerMessage } from './worker-task.ts'

/**
 * A few threads that run tasks. A thread that dies fails the tasks it had, never hangs them, and
 * is replaced at the next task. Threads start when the first task comes.
 */
export interface WorkerPool {
  readonly workers: number
  /**
   * Gives the task to worker `worker`, or else to the one with least to do; `transfer` lists the
   * memory in it that is given away. The reply has the type that the worker's module says.
   */
  run<Reply>(task: unknown, transfer?: readonly TransferListItem[], worker?: number): Promise<Reply>
  /** Ends all threads; what still runs fails. */
  close(): Promise<void>
}

/** `file`: the worker's module, which calls `serveTasks`. */
export function openWorkerPool(file: URL, workers: number): WorkerPool {
  const slots = Array.from({ length: workers }, () => new WorkerSlot(file))
  let closed = false
  return {
    workers,
    run<Reply>(task: unknown, transfer: readonly TransferListItem[] = [], worker?: number) {
      if (closed) return Promise.reject<Reply>(new HoldfastError('internal', 'The pool is closed'))
      const chosen = worker === undefined ? undefined : slots[worker]
      const slot = chosen ?? slots.reduce((a, b) => (b.load < a.load ? b : a))
      return slot.run(task, transfer) as Promise<Reply>
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

interface Pending {
  readonly resolve: (reply: unknown) => void
  readonly reject: (error: HoldfastError) => void
}

class WorkerSlot {
  readonly #file: URL
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #nextId = 1

  constructor(file: URL) {
    this.#file = file
  }

  /** Tasks that run or wait here. */
  get load(): number {
    return this.#pending.size
  }

  run(task: unknown, transfer: readonly TransferListItem[]): Promise<unknown> {
    const worker = (this.#worker ??= this.#start())
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      worker.postMessage({ id, task }, transfer)
      this.#pending.set(id, { resolve, reject })
      worker.ref()
    })
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#fail('the pool was closed')
    await worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(this.#file)
    worker.on('message', (message: AnswerMessage) => this.#settle(message))
    worker.on('error', (error) => this.#lose(worker, String(error)))
    worker.on('exit', (code) => this.#lose(worker, `exit ${code}`))
    worker.unref()
    return worker
  }

  #settle(message: AnswerMessage): void {
    const pending = this.#pending.get(message.id)
    this.#pending.delete(message.id)
    // An idle pool does not keep its process alive.
    if (this.#pending.size === 0) this.#worker?.unref()
    if ('reply' in message) pending?.resolve(message.reply)
    else pending?.reject(failureOf(message.failure))
  }

  #lose(worker: Worker, reason: string): void {
    if (this.#worker === worker) this.#fail(reason)
  }

  #fail(reason: string): void {
    this.#worker = undefined
    const lost = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of lost)
      reject(new HoldfastError('internal', `A worker thread ended: ${reason}`))
  }
}

function failureOf(
  failure: Extract<AnswerMessage, { failure: unknown }>['failure'],
): HoldfastError {
  const { code, message, hint } = fromFailure(failure)
  return new HoldfastError(code, message, { hint, details: failure.details })
}
