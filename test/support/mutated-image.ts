import assert from 'node:assert/strict'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import type { GuestFileSystem, NodeId } from '../../core/filesystem/file-system.ts'
import { HoldfastError } from '../../core/model/error.ts'

/** Numbers from a seed, so that what failed can be run again. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Mutations {
  readonly seed: number
  readonly rounds: number
  /** Parts of the image that hold structures: [offset, length]. */
  readonly hot: readonly (readonly [number, number])[]
  /** Makes checksums right again, inside of the hot parts. */
  readonly repair?: (image: Buffer) => void
}

/**
 * Opens and reads all of an image `rounds` times, each time with other bytes changed. Nothing but
 * errors of ours may come out, and each round has to end. Gives how many rounds got past opening.
 * `image` is changed in place and undone in its hot parts.
 */
export async function surviveMutations(
  image: Buffer,
  open: (disk: ByteReader) => Promise<GuestFileSystem>,
  { seed, rounds, hot, repair }: Mutations,
): Promise<number> {
  const sound = hot.map(([offset, length]) => Buffer.from(image.subarray(offset, offset + length)))
  const undo = () => hot.forEach(([offset], index) => sound[index]?.copy(image, offset))
  let opened = 0
  for (let round = 0; round < rounds; round++) {
    mutate(image, numbersFrom(seed + round), hot)
    repair?.(image)
    try {
      const system = await open(bufferReader(image))
      opened++
      await readAll(system)
    } catch (error) {
      const isOurs = error instanceof HoldfastError && error.code !== 'internal'
      assert.ok(isOurs, `seed ${seed + round}: ${error instanceof Error ? error.stack : ''}`)
    } finally {
      undo()
    }
  }
  return opened
}

const VALUES = [0, 1, 0x7f, 0x80, 0xff]

function mutate(image: Buffer, random: () => number, hot: Mutations['hot']): void {
  const changes = 1 + Math.floor(random() * 8)
  for (let change = 0; change < changes; change++) {
    const [offset, length] = hot[Math.floor(random() * hot.length)] ?? [0, image.length]
    const at = offset + Math.floor(random() * length)
    const byte = random() < 0.5 ? VALUES[Math.floor(random() * VALUES.length)] : random() * 256
    const run = random() < 0.8 ? 1 : 1 + Math.floor(random() * 8)
    image.fill(byte ?? 0, at, Math.min(at + run, offset + length))
  }
}

export function bufferReader(image: Buffer): ByteReader {
  return {
    sizeBytes: image.length,
    async read(offset, length) {
      // Readers have to look first: this is no error of theirs.
      if (!(offset >= 0 && length >= 0 && offset + length <= image.length))
        throw new RangeError(`read of ${length} at ${offset}`)
      return image.subarray(offset, offset + length)
    },
  }
}

const MAX_NODES = 400
const MAX_PIECES = 40

async function readAll(system: GuestFileSystem): Promise<void> {
  const seen = new Set<NodeId>()
  const waiting: NodeId[] = [system.root]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id) || seen.size > MAX_NODES) continue
    seen.add(id)
    const folder = id
    await tried(async () => {
      for await (const entry of system.list(folder)) {
        if (waiting.length > MAX_NODES) break
        waiting.push(entry.id)
      }
    })
    await tried(() => system.status(folder))
    await tried(() => system.readLink(folder))
    await tried(() => system.attributes(folder))
    await tried(() => readFile(system, folder))
    for (const stream of (await tried(async () => system.streams?.(folder))) ?? [])
      await tried(() => readFile(system, folder, stream.name))
  }
}

async function readFile(system: GuestFileSystem, id: NodeId, stream?: Buffer): Promise<void> {
  const file = await system.open(id, stream)
  let pieces = 0
  for await (const { offset, length } of file.extents()) {
    if (pieces++ > MAX_PIECES) break
    assert.ok(length > 0)
    await file.read(offset, Math.min(length, 20_000))
  }
}

async function tried<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof HoldfastError && error.code !== 'internal') return undefined
    throw error
  }
}
