import { bytesOf, freeMemory, memoryOf, type DecodeReply, type DecodeTask } from './chunk-task.ts'
import { recordsOf } from './record-list.ts'
import type { RestoredDisk } from './restore.ts'
import { Slots } from './slots.ts'
import type { WorkerPool } from './worker-pool.ts'

/** Plain bytes that lie side by side on the disk. */
export interface PlainBytes {
  readonly offset: number
  readonly bytes: Buffer
}

export interface PlainPool {
  /**
   * Takes whole wire records (their memory is given away) and gives what they hold, each chunk
   * proven by its digest. Throws 'chunk-damaged', naming disk and offset, 'protocol-violation', ...
   */
  plain(records: Buffer, disk: RestoredDisk): Promise<PlainBytes[]>
}

const RUNNING = 4
/** Plain bytes of one frame: records of zeros that compress a hundredfold are not sent. */
const MOST_BYTES = 64 * 1024 * 1024

export function openPlainPool(workers: WorkerPool): PlainPool {
  const slots = new Slots(RUNNING)
  return { plain: (records, disk) => slots.use(() => decode(workers, records, disk)) }
}

async function decode(
  workers: WorkerPool,
  records: Buffer,
  disk: RestoredDisk,
): Promise<PlainBytes[]> {
  let length = 0
  for (const { plainLength } of recordsOf(records)) length += plainLength
  if (length === 0) return []
  if (length > MOST_BYTES) throw new RangeError(`a frame of ${length} plain bytes`)
  const room = memoryOf(Buffer.allocUnsafeSlow(length))
  const task: DecodeTask = { kind: 'decode', records: memoryOf(records), from: 0, room, disk }
  const reply = await workers.run<DecodeReply>(task, [task.records.memory, room.memory])
  freeMemory(reply.records.memory)
  const plain = bytesOf(reply.room)
  return reply.pieces.map(({ diskOffset, at, length: bytes }) => ({
    offset: diskOffset,
    bytes: plain.subarray(at, at + bytes),
  }))
}
