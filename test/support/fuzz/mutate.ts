import { createHash } from 'node:crypto'
import type { Structure } from './structure.ts'

export type Random = (below: number) => number

/** Numbers from a seed, the same on every machine. */
export function seeded(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0) || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % below
  }
}

const VALUES = [0, 1, 2, 7, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]
const MOST_CHANGES = 4

/**
 * One to four changes in structures of any sort. Mostly their checksums are right afterwards, as a
 * guest that means harm would make them. Gives what undoes it.
 */
export function mutate(
  image: Buffer,
  sorts: readonly (readonly Structure[])[],
  random: Random,
): () => void {
  const touched = new Map<Structure, Buffer>()
  for (let left = 1 + random(MOST_CHANGES); left > 0; left--) {
    const sort = sorts[random(sorts.length)]!
    const structure = sort[random(sort.length)]!
    const bytes = bytesOf(image, structure)
    if (!touched.has(structure)) touched.set(structure, Buffer.from(bytes))
    change(
      hotOf(structure, bytes),
      hotOf(structure, bytesOf(image, sort[random(sort.length)]!)),
      random,
    )
  }
  if (random(10) > 0)
    for (const structure of touched.keys()) structure.repair?.(bytesOf(image, structure))
  return () => {
    for (const [structure, before] of [...touched].reverse()) before.copy(image, structure.offset)
  }
}

function bytesOf(image: Buffer, { offset, length }: Structure): Buffer {
  return image.subarray(offset, offset + length)
}

function hotOf({ hot }: Structure, bytes: Buffer): Buffer {
  return hot ? bytes.subarray(hot[0], hot[0] + hot[1]) : bytes
}

/** `other` is a structure of the same sort: parts of it fit here, and are wrong. */
function change(bytes: Buffer, other: Buffer, random: Random): void {
  // Beginnings say how the rest is to be read: they are changed as often as all the rest.
  const within = random(2) === 0 ? Math.min(bytes.length, 96) : bytes.length
  const at = random(Math.max(1, within - 8))
  const value = VALUES[random(VALUES.length)]!
  const kinds = [
    () => void (bytes[at] = bytes[at]! ^ (1 << random(8))),
    () => void (bytes[at] = value & 0xff),
    () => void bytes.writeUInt16LE(value & 0xffff, at & ~1),
    () => void bytes.writeUInt32LE(value, at & ~3),
    () => void bytes.writeUInt32BE(value, at & ~3),
    () => void bytes.writeUInt32LE((bytes.readUInt32LE(at & ~3) + random(9) - 4) >>> 0, at & ~3),
    () => void bytes.writeUInt16BE((bytes.readUInt16BE(at & ~1) + random(9) - 4) & 0xffff, at & ~1),
    () => void bytes.copy(bytes, at, random(bytes.length), bytes.length),
    () => copyPart(other, bytes, at, 1 + random(64)),
    () => void bytes.fill(random(2) * 0xff, at, Math.min(bytes.length, at + 1 + random(32))),
  ]
  if (bytes.length >= 12) kinds[random(kinds.length)]!()
}

function copyPart(from: Buffer, to: Buffer, at: number, length: number): void {
  if (at < from.length) from.copy(to, at, at, Math.min(from.length, at + length))
}
