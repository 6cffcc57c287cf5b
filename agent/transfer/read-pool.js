import { openWorkerPool, workerFile } from '../../core/chunk/worker-pool.js'
import { FRAME_BYTES } from '../../core/wire/options.js'
import { CLAIM_BUFFERS } from './claims.js'
/** Two fill two cores; a third gains nothing (docs/performance.md). */
const READ_WORKERS = 2
/** Frame buffers that are kept for the next claim; above, memory goes back to the system. */
const KEPT_BUFFERS = 24
export function openReadPool(workers = READ_WORKERS) {
  const pool = openWorkerPool(workerFile('read-worker', import.meta.url), workers)
  const kept = []
  const giveBack = (buffers) => {
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
      const reply = await pool.run({ ...task, buffers }, [...buffers, ...plain])
      const used = (reply.frames.at(-1)?.buffer ?? -1) + 1
      giveBack(reply.buffers.slice(used))
      return { ...reply, buffers: reply.buffers.slice(0, used) }
    },
    giveBack,
    close: () => pool.close(),
  }
}
//# sourceMappingURL=read-pool.js.map
