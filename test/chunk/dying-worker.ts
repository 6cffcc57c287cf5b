import { serveTasks } from '../../core/chunk/worker-task.ts'
import { HoldfastError } from '../../core/model/error.ts'

/** A worker whose tasks say what is to become of it. */
serveTasks((task) => {
  if (task === 'exit') process.exit(3)
  if (task === 'throw later')
    setImmediate(() => {
      throw new Error('out of the blue')
    })
  if (task === 'fail') throw new HoldfastError('chunk-damaged', 'so it is', { details: { at: 5 } })
  if (task === 'forever') for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
  return { reply: task, transfer: [] }
})
