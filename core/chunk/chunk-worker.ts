import { alignedMemory } from '../runtime/aligned-memory.ts'
import { openCodec } from './codec.ts'
import {
  bytesOf,
  freeMemory,
  type ChunkTask,
  type DecodeReply,
  type DecodeTask,
  type InspectReply,
  type InspectTask,
  type OpenReply,
  type OpenTask,
  type ServeReply,
  type ServeTask,
  type VerifyReply,
  type VerifyTask,
  type WriteReply,
  type WriteTask,
} from './chunk-task.ts'
import { inspectRecords } from './inspect.ts'
import { openRecords } from './open-records.ts'
import { readRegion } from './read-region.ts'
import { decodeInto } from './restore.ts'
import { serveRecords, verifyRecords } from './serve.ts'
import { serveTasks, type Answer } from './worker-task.ts'
import { writePlain } from './write-plain.ts'

const codec = openCodec()
const WRITE_ROOM_BYTES = 1024 * 1024
/** Memory of this worker, made at first use and kept. */
let writeRoom: Buffer | undefined
let verifyRoom = Buffer.alloc(0)

serveTasks((task) => runTask(task as ChunkTask))

function runTask(task: ChunkTask): Answer {
  switch (task.kind) {
    case 'inspect':
      return inspect(task)
    case 'serve':
      return serve(task)
    case 'verify':
      return verify(task)
    case 'open':
      return open(task)
    case 'decode':
      return decode(task)
    case 'write':
      return write(task)
  }
}

function inspect({ records }: InspectTask): Answer {
  const table = inspectRecords(bytesOf(records), codec)
  return { reply: { records, table } satisfies InspectReply, transfer: [records.memory] }
}

function serve({ region, slices, expected, places }: ServeTask): Answer {
  const bytes = bytesOf(region)
  if (slices.length > 0) readRegion(bytes, slices, expected)
  const served = serveRecords(bytes, expected, places)
  return { reply: { region, ...served } satisfies ServeReply, transfer: [region.memory] }
}

function verify({ region, slices, expected }: VerifyTask): Answer {
  const bytes = region
    ? bytesOf(region)
    : verifyMemory(slices.reduce((sum, s) => sum + s.length, 0))
  if (!region) readRegion(bytes, slices, expected)
  const damaged = verifyRecords(bytes, expected, codec)
  if (region) freeMemory(region.memory)
  return { reply: { damaged } satisfies VerifyReply, transfer: [] }
}

function verifyMemory(length: number): Buffer {
  if (verifyRoom.length < length) verifyRoom = Buffer.allocUnsafeSlow(length)
  return verifyRoom.subarray(0, length)
}

function open({ region, expected, room }: OpenTask): Answer {
  const damaged = openRecords(bytesOf(region), expected, bytesOf(room), codec)
  freeMemory(region.memory)
  return { reply: { room, damaged } satisfies OpenReply, transfer: [room.memory] }
}

function decode({ records, from, room, disk }: DecodeTask): Answer {
  const decoded = decodeInto(bytesOf(room), bytesOf(records), from, disk, codec)
  const reply: DecodeReply = { records, room, ...decoded }
  return { reply, transfer: [records.memory, room.memory] }
}

function write({ records, disk, file }: WriteTask): Answer {
  const bytes = bytesOf(records)
  const room = (writeRoom ??= Buffer.from(alignedMemory(WRITE_ROOM_BYTES)))
  let written = 0
  for (let from = 0; from < bytes.length;) {
    const { pieces, next } = decodeInto(room, bytes, from, disk, codec)
    for (const { diskOffset, at, length } of pieces) {
      writePlain(file, room.subarray(at, at + length), diskOffset, disk.name)
      written += length
    }
    from = next
  }
  freeMemory(records.memory)
  return { reply: { bytes: written } satisfies WriteReply, transfer: [] }
}
