import { bytesOf, memoryOf, type OpenReply, type OpenTask } from './chunk-task.ts'
import { openCodec, type ChunkCodec } from './codec.ts'
import type { DamagedRecord, ExpectedRecords } from './expected.ts'
import { openRecords } from './open-records.ts'
import { Slots } from './slots.ts'
import type { WorkerPool } from './worker-pool.ts'

export interface OpenedRecords {
  /** One buffer a record, in order. Not to be used for those that are damaged. */
  readonly plain: readonly Buffer[]
  readonly damaged: readonly DamagedRecord[]
}

export interface OpenPool {
  /** Decompresses and proves what lies in `region`, whose memory is given away. */
  open(region: Buffer, expected: ExpectedRecords): Promise<OpenedRecords>
}

const RUNNING = 4

/** A chunk takes a third of a millisecond: less than waiting behind what the workers have to do. */
const HERE = 2

export function openOpenPool(workers: WorkerPool): OpenPool {
  const slots = new Slots(RUNNING)
  let codec: ChunkCodec | undefined
  return {
    async open(region, expected) {
      const room = Buffer.allocUnsafeSlow(expected.plainLengths.reduce((sum, n) => sum + n, 0))
      if (expected.plainLengths.length <= HERE) {
        codec ??= openCodec()
        const damaged = openRecords(region, expected, room, codec)
        return { plain: cut(room, expected), damaged }
      }
      return slots.use(async () => {
        const task: OpenTask = {
          kind: 'open',
          region: memoryOf(region),
          expected,
          room: memoryOf(room),
        }
        const given = [task.region.memory, task.room.memory]
        const reply = await workers.run<OpenReply>(task, given)
        return { plain: cut(bytesOf(reply.room), expected), damaged: reply.damaged }
      })
    },
  }
}

function cut(room: Buffer, { plainLengths }: ExpectedRecords): Buffer[] {
  const pieces: Buffer[] = []
  let at = 0
  for (const length of plainLengths) {
    pieces.push(room.subarray(at, at + length))
    at += length
  }
  return pieces
}
