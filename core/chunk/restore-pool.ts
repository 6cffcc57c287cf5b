import {
  bytesOf,
  freeMemory,
  memoryOf,
  type DecodeReply,
  type DecodeTask,
  type Memory,
  type WriteReply,
  type WriteTask,
} from './chunk-task.ts'
import type { RestoredDisk } from './restore.ts'
import { Slots } from './slots.ts'
import type { WorkerPool } from './worker-pool.ts'
import type { SinkFile } from './write-plain.ts'

/** Where plain bytes go: straight into a file or device, or through a call on the main thread. */
export type PlainSink = SinkFile | { write(offset: number, data: Uint8Array): Promise<void> }

export interface RestorePool {
  /**
   * Takes whole wire records (their memory is given away), proves each chunk by its digest and
   * writes it; resolves with the plain bytes once all are written. Bounded: a few calls run, the
   * others wait. Throws 'chunk-damaged', naming disk and offset, 'target-full', ...
   */
  write(records: Buffer, disk: RestoredDisk, sink: PlainSink): Promise<number>
}

const RUNNING = 4
const ROOM_BYTES = 1024 * 1024

export function openRestorePool(workers: WorkerPool): RestorePool {
  const slots = new Slots(RUNNING)
  const kept: ArrayBuffer[] = []
  return {
    write: (records, disk, sink) =>
      slots.use(async () => {
        if ('fd' in sink) return writeInWorker(workers, records, disk, sink)
        const memory = kept.pop() ?? new ArrayBuffer(ROOM_BYTES)
        const room = { memory, offset: 0, length: ROOM_BYTES }
        const done = await writeHere(workers, records, disk, sink, room)
        kept.push(done.room)
        return done.bytes
      }),
  }
}

async function writeInWorker(
  workers: WorkerPool,
  records: Buffer,
  disk: RestoredDisk,
  { fd, direct }: SinkFile,
): Promise<number> {
  const task: WriteTask = { kind: 'write', records: memoryOf(records), disk, file: { fd, direct } }
  return (await workers.run<WriteReply>(task, [task.records.memory])).bytes
}

/** The plain bytes come back one room at a time: a frame may hold a hundred times its own size. */
async function writeHere(
  workers: WorkerPool,
  records: Buffer,
  disk: RestoredDisk,
  sink: Exclude<PlainSink, SinkFile>,
  room: Memory,
): Promise<{ bytes: number; room: ArrayBuffer }> {
  let task: DecodeTask = { kind: 'decode', records: memoryOf(records), from: 0, room, disk }
  let bytes = 0
  while (task.from < task.records.length) {
    const given = [task.records.memory, task.room.memory]
    const reply: DecodeReply = await workers.run<DecodeReply>(task, given)
    const plain = bytesOf(reply.room)
    for (const { diskOffset, at, length } of reply.pieces) {
      await sink.write(diskOffset, plain.subarray(at, at + length))
      bytes += length
    }
    task = { ...task, records: reply.records, room: reply.room, from: reply.next }
  }
  freeMemory(task.records.memory)
  return { bytes, room: task.room.memory }
}
