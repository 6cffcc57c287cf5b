import { parentPort, type TransferListItem } from 'node:worker_threads'
import { HoldfastError, toFailure, type FailureShape } from '../model/error.ts'

/** What crosses between a pool's main side and its workers. */
export interface TaskMessage {
  readonly id: number
  readonly task: unknown
}

export type AnswerMessage =
  | { readonly id: number; readonly reply: unknown }
  | { readonly id: number; readonly failure: FailureShape & Detailed }

interface Detailed {
  readonly details?: Readonly<Record<string, unknown>>
}

/** A task's result and the memory that goes with it: given away, not copied. */
export interface Answer {
  readonly reply: unknown
  readonly transfer: readonly TransferListItem[]
}

/**
 * The worker's side of `openWorkerPool`: runs tasks one by one, each wholly synchronous. An
 * exception is that task's failure and no more.
 */
export function serveTasks(run: (task: unknown) => Answer): void {
  const port = parentPort
  if (!port) throw new Error('runs only as a worker thread')
  port.on('message', ({ id, task }: TaskMessage) => {
    try {
      const answer = run(task)
      port.postMessage({ id, reply: answer.reply }, answer.transfer)
    } catch (error) {
      port.postMessage({ id, failure: { ...toFailure(error), ...detailsOf(error) } })
    }
  })
}

function detailsOf(error: unknown): Detailed {
  return error instanceof HoldfastError ? { details: error.details } : {}
}
