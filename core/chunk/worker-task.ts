import { parentPort, type TransferListItem } from 'node:worker_threads'
import { toFailure, type FailureShape } from '../model/error.ts'

/** What crosses between a pool's main side and its workers, in both directions. */
export interface TaskMessage {
  readonly id: number
  readonly task: unknown
}

export type AnswerMessage =
  | { readonly id: number; readonly part: unknown }
  | { readonly id: number; readonly reply: unknown }
  | { readonly id: number; readonly failure: FailureShape }

/** A task's result and the memory that goes with it: given away, not copied. */
export interface Answer {
  readonly reply: unknown
  readonly transfer: readonly TransferListItem[]
}

/** Gives the main side a part of the result while the task goes on. */
export type SendPart = (part: unknown, transfer: readonly TransferListItem[]) => void

/**
 * The worker's side of `openWorkerPool`: runs tasks one by one, each wholly synchronous. An
 * exception is that task's failure and no more.
 */
export function serveTasks(run: (task: unknown, sendPart: SendPart) => Answer): void {
  const port = parentPort
  if (!port) throw new Error('runs only as a worker thread')
  port.on('message', ({ id, task }: TaskMessage) => {
    try {
      const answer = run(task, (part, transfer) => port.postMessage({ id, part }, transfer))
      port.postMessage({ id, reply: answer.reply }, answer.transfer)
    } catch (error) {
      port.postMessage({ id, failure: toFailure(error) })
    }
  })
}
