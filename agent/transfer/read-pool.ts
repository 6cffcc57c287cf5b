import { openWorkerPool, workerFile, type WorkerPool } from '../../core/chunk/worker-pool.ts'
import { FRAME_BYTES } from '../../core/wire/options.ts'
import { CLAIM_BUFFERS } from './claims.ts'
import type { ReadReply, ReadTask } from './read-task.ts'

/** Two fill two cores; a third gains nothing (docs/decisions/0010-block-pipeline.md). */
const READ_WORKERS = 2
/** Frame buffers that are kept for the next claim; above, memory goes back to the system. */
const KEPT_BUFFERS = 24

/** The threads that read and compress, and their buffers; one for all transfers of the agent. */
export interface ReadPool {
  readonly workers: number
  read(task: Omit<ReadTask, 'buffers'>): Promise<ReadReply>
  /** Call when the frames of a reply are sent: their memory is used again. */
  giveBack(buffers: readonly ArrayBuffer[]): void
  close(): Promise<void>
}

export function openReadPool(workers = READ_WORKERS): ReadPool {
  const pool: WorkerPool = openWorkerPool(workerFile('read-worker', import.meta.url), workers)
  const kept: ArrayBuffer[] = []
  const giveBack = (buffers: readonly ArrayBuffer[]) => {
    kept.push(...buffers.slice(0, KEPT_BUFFERS - kept.length))
  }
  return {
    workers,
    async read(task) {
      const buffers = Array.from(
        { length: CLAIM_BUFFERS },
        () => kept.pop() ?? new ArrayBuffer(FRAME_BYTES),
      )
      const plain = 'plain' in task.from ? [task.from.plain] : []
      const reply = await pool.run<ReadReply>({ ...task, buffers }, [...buffers, ...plain])
      const used = (reply.frames.at(-1)?.buffer ?? -1) + 1
      giveBack(reply.buffers.slice(used))
      return { ...reply, buffers: reply.buffers.slice(0, used) }
    },
    giveBack,
    close: () => pool.close(),
  }
}
