import { Share } from '../runtime/share.ts'
import type { InspectReply, InspectTask } from './chunk-task.ts'
import { bytesOf, freeMemory, memoryOf } from './chunk-task.ts'
import type { RecordTable } from './inspect.ts'
import { Slots } from './slots.ts'
import type { WorkerPool } from './worker-pool.ts'

/** Proven records: the same bytes that came, with digest and stored CRC-32 filled in. */
export interface InspectedRecords extends RecordTable {
  readonly records: Buffer
  /** Frees the records' memory now rather than at some garbage collection. Digests stay. */
  release(): void
}

export interface InspectPool {
  /** How many buffers each upload may have that are inspected or wait for it, or to be stored. */
  readonly ahead: Share
  /**
   * Takes `records` (whole wire records; their memory is given away) and proves each. Results come
   * in the order of the calls. Throws 'protocol-violation' or 'chunk-mismatch'; then nothing of
   * the buffer may be used.
   */
  inspect(records: Buffer): Promise<InspectedRecords>
  /** Resolves once a call would start at once: await it before taking more from the network. */
  room(): Promise<void>
}

/** Buffers in the hands of the workers or waiting for one. */
const QUEUED = 4
/** Of 1 MiB at most: 16 uploads at once take no more than three. */
const AHEAD_OF_ALL = 24
const AHEAD = { least: 1, most: 8 }

export function openInspectPool(workers: WorkerPool): InspectPool {
  const slots = new Slots(QUEUED)
  let last: Promise<unknown> = Promise.resolve()
  return {
    ahead: new Share(AHEAD_OF_ALL, AHEAD),
    inspect(records) {
      const result = slots.use(() => inspectIn(workers, records))
      const inOrder = last.then(() => result)
      last = inOrder.catch(() => {})
      result.catch(() => {}) // reported through inOrder, perhaps later
      return inOrder
    },
    async room() {
      await slots.acquire()
      slots.release()
    },
  }
}

async function inspectIn(workers: WorkerPool, records: Buffer): Promise<InspectedRecords> {
  const task: InspectTask = { kind: 'inspect', records: memoryOf(records) }
  const reply = await workers.run<InspectReply>(task, [task.records.memory])
  const { digests, ...table } = reply.table
  const shared = Buffer.from(digests.buffer, digests.byteOffset, digests.byteLength)
  return {
    ...table,
    digests: shared,
    records: bytesOf(reply.records),
    release: () => freeMemory(reply.records.memory),
  }
}
