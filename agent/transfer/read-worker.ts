import { openCodec } from '../../core/chunk/codec.ts'
import { serveTasks } from '../../core/chunk/worker-task.ts'
import { readClaim } from './read-claim.ts'
import type { ReadTask } from './read-task.ts'

const codec = openCodec()

serveTasks((task) => {
  const reply = readClaim(task as ReadTask, codec)
  const plain = reply.plain ? [reply.plain] : []
  return { reply, transfer: [...reply.buffers, ...plain] }
})
