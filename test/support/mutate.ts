import { createHash } from 'node:crypto'

/** Numbers from a seed, the same on every machine. */
export function seeded(seed: string): (below: number) => number {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0) || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % below
  }
}

/** Where metadata lie, so that changes hit something: [offset, length]. */
export type Spot = readonly [offset: number, length: number]

const VALUES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]

/** One to six small changes within the spots. */
export function mutate(
  image: Buffer,
  spots: readonly Spot[],
  random: (below: number) => number,
): void {
  for (let left = 1 + random(6); left > 0; left--) {
    const [offset, length] = spots[random(spots.length)]!
    const at = offset + random(Math.max(1, length - 4))
    const value = VALUES[random(VALUES.length)]!
    const kind = random(4)
    if (kind === 0) image[at] = image[at]! ^ (1 << random(8))
    else if (kind === 1) image.writeUInt16LE(value & 0xffff, at)
    else if (kind === 2) image.writeUInt32LE(value, at & ~3)
    else image.copy(image, at, offset + random(length), offset + length)
  }
}
