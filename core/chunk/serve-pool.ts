import { HoldfastError } from '../model/error.ts'
import { bytesOf, memoryOf, type Memory, type ServeReply, type ServeTask } from './chunk-task.ts'
import type { VerifyReply, VerifyTask } from './chunk-task.ts'
import type { DamagedRecord, ExpectedRecords } from './expected.ts'
import type { FileSlice } from './read-region.ts'
import { Slots } from './slots.ts'
import type { WorkerPool } from './worker-pool.ts'

/** Neighbouring bytes of a pack: through an open descriptor, or by a call on the main thread. */
export type PackSlice = FileSlice | CalledSlice

export interface CalledSlice {
  readonly length: number
  /** Fills `into` or throws; 'pack-damaged' and 'chunk-missing' count as damage of its records. */
  read(into: Buffer): Promise<void>
}

export interface ServedRecords {
  /** Headroom, then the good records with their places on the wire. */
  readonly frame: Buffer
  /** What the good records are of. */
  readonly plainBytes: number
  readonly damaged: readonly DamagedRecord[]
  /** Gives the frame's memory back once it is sent. Without it the memory is merely not reused. */
  readonly release: () => void
}

export interface ServePool {
  /**
   * Reads the slices one behind the other, `expected` telling which records they are, and checks
   * each record without decompressing it. Bounded: a few calls run, the others wait their turn.
   */
  serve(
    slices: readonly PackSlice[],
    expected: ExpectedRecords,
    places: Float64Array,
  ): Promise<ServedRecords>
}

export interface VerifyPool {
  /** Decompresses and hashes every record; gives those that are not what the catalog says. */
  verify(slices: readonly PackSlice[], expected: ExpectedRecords): Promise<DamagedRecord[]>
}

export interface ServeOptions {
  /** Room in front of the records for what the wire puts there. */
  readonly headroomBytes: number
  /** Most bytes of a frame, headroom included. */
  readonly frameBytes: number
}

const RUNNING = 4
const KEPT_FRAMES = 8

export function openServePool(workers: WorkerPool, options: ServeOptions): ServePool {
  const slots = new Slots(RUNNING)
  const kept: ArrayBuffer[] = []
  const { headroomBytes, frameBytes } = options
  return {
    serve: (slices, expected, places) =>
      slots.use(async () => {
        const length = totalLength(slices)
        if (headroomBytes + length > frameBytes)
          throw new HoldfastError('internal', `A frame cannot hold ${length} bytes of records`)
        const memory = kept.pop() ?? new ArrayBuffer(frameBytes)
        const region = { memory, offset: headroomBytes, length }
        const prepared = await prepare(region, slices)
        const task: ServeTask = { kind: 'serve', region, slices: prepared, expected, places }
        const reply = await workers.run<ServeReply>(task, [memory])
        const back = reply.region.memory
        return {
          frame: Buffer.from(back, 0, headroomBytes + reply.bytes),
          plainBytes: plainBytesOf(expected, reply.damaged),
          damaged: reply.damaged,
          release: once(() => kept.length < KEPT_FRAMES && kept.push(back)),
        }
      }),
  }
}

export function openVerifyPool(workers: WorkerPool): VerifyPool {
  const slots = new Slots(RUNNING)
  return {
    verify: (slices, expected) =>
      slots.use(async () => {
        if (slices.every(isFile)) {
          const task: VerifyTask = { kind: 'verify', region: undefined, slices, expected }
          return (await workers.run<VerifyReply>(task)).damaged
        }
        const region = memoryOf(Buffer.allocUnsafeSlow(totalLength(slices)))
        await prepare(region, slices)
        const task: VerifyTask = { kind: 'verify', region, slices: [], expected }
        return (await workers.run<VerifyReply>(task, [region.memory])).damaged
      }),
  }
}

function plainBytesOf(
  { plainLengths }: ExpectedRecords,
  damaged: readonly DamagedRecord[],
): number {
  const all = plainLengths.reduce((sum, length) => sum + length, 0)
  return damaged.reduce((left, { index }) => left - (plainLengths[index] ?? 0), all)
}

function isFile(slice: PackSlice): slice is FileSlice {
  return 'fd' in slice
}

function totalLength(slices: readonly PackSlice[]): number {
  return slices.reduce((sum, { length }) => sum + length, 0)
}

/** Calls what must be called here; gives the slices that are left for the worker. */
async function prepare(
  region: Memory,
  slices: readonly PackSlice[],
): Promise<readonly FileSlice[]> {
  if (slices.every(isFile)) return slices
  const bytes = bytesOf(region)
  let at = 0
  for (const slice of slices) {
    if (isFile(slice))
      throw new HoldfastError('internal', 'A region is read in one way or the other')
    await readCalled(slice, bytes.subarray(at, at + slice.length))
    at += slice.length
  }
  return []
}

async function readCalled(slice: CalledSlice, into: Buffer): Promise<void> {
  try {
    await slice.read(into)
  } catch (error) {
    const code = error instanceof HoldfastError ? error.code : 'internal'
    if (code !== 'pack-damaged' && code !== 'chunk-missing') throw error
    into.fill(0) // no record begins with zeros: each is found to be damaged
  }
}

function once(act: () => unknown): () => void {
  let done = false
  return () => {
    if (!done) act()
    done = true
  }
}
