import { damaged } from '../damaged.ts'

/*
 * LZO1X: instructions that copy literal bytes from the input or bytes from what was written already.
 * What an instruction below 16 means depends on how many literals came last: `state` (4: many).
 */

interface Cursor {
  readonly input: Buffer
  at: number
}

/** Writes what `input` stands for into `output`; gives how many bytes that is. */
export function unpackLzo1x(input: Buffer, output: Buffer): number {
  const from: Cursor = { input, at: 0 }
  let written = 0
  let state = 0
  const literals = (count: number) => {
    const end = from.at + count
    if (end > input.length || written + count > output.length) throw broken()
    input.copy(output, written, from.at, end)
    from.at = end
    written += count
  }
  if ((input[0] ?? 0) > 17) {
    const count = next(from) - 17
    literals(count)
    state = Math.min(count, 4)
  }
  for (;;) {
    const instruction = next(from)
    if (instruction < 16 && state === 0) {
      literals(3 + longCount(from, instruction, 15))
      state = 4
      continue
    }
    const { distance, length, following } = match(from, instruction, state)
    if (distance === 0) return written
    if (distance > written || written + length > output.length) throw broken()
    // Byte by byte: what is copied may overlap with what is written.
    for (const end = written + length; written < end; written++)
      output[written] = output[written - distance] ?? 0
    literals(following)
    state = following
  }
}

interface Match {
  /** Back from the end of what was written; 0: the end of all. */
  readonly distance: number
  readonly length: number
  /** Literals that come after it. */
  readonly following: number
}

function match(from: Cursor, instruction: number, state: number): Match {
  if (instruction < 16) {
    const distance = (instruction >> 2) + (next(from) << 2)
    const following = instruction & 3
    if (state < 4) return { distance: distance + 1, length: 2, following }
    return { distance: distance + 2049, length: 3, following }
  }
  if (instruction >= 64) {
    const distance = ((instruction >> 2) & 7) + (next(from) << 3) + 1
    return { distance, length: (instruction >> 5) + 1, following: instruction & 3 }
  }
  const isFar = instruction < 32
  const short = isFar ? instruction & 7 : instruction & 31
  const length = 2 + longCount(from, short, isFar ? 7 : 31)
  const word = next(from) | (next(from) << 8)
  const near = word >> 2
  const following = word & 3
  if (!isFar) return { distance: near + 1, length, following }
  const far = ((instruction & 8) << 11) + near
  return { distance: far === 0 ? 0 : far + 16384, length, following }
}

/** A count that did not fit into the instruction: every zero byte adds 255, the next one ends it. */
function longCount(from: Cursor, short: number, base: number): number {
  if (short > 0) return short
  let count = base
  for (;;) {
    const byte = next(from)
    if (byte > 0) return count + byte
    count += 255
  }
}

function next(from: Cursor): number {
  const byte = from.input[from.at++]
  if (byte === undefined) throw broken()
  return byte
}

function broken() {
  return damaged('btrfs: what is compressed with LZO is damaged')
}
