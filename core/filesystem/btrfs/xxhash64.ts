const MASK = 2n ** 64n - 1n
const P1 = 11400714785074694791n
const P2 = 14029467366897019727n
const P3 = 1609587929392839161n
const P4 = 9650029242287828579n
const P5 = 2870177450012600261n
const STRIPE_BYTES = 32

/** xxHash64 with seed 0, little endian. */
export function xxhash64(input: Uint8Array): Buffer {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  let at = 0
  let sum: bigint = P5
  if (bytes.length >= STRIPE_BYTES) {
    const lanes: bigint[] = [(P1 + P2) & MASK, P2, 0n, (MASK + 1n - P1) & MASK]
    for (; at + STRIPE_BYTES <= bytes.length; at += STRIPE_BYTES)
      for (let lane = 0; lane < 4; lane++)
        lanes[lane] = round(lanes[lane] ?? 0n, bytes.readBigUInt64LE(at + lane * 8))
    const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes
    sum = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & MASK
    for (const lane of lanes) sum = ((sum ^ round(0n, lane)) * P1 + P4) & MASK
  }
  sum = (sum + BigInt(bytes.length)) & MASK
  for (; at + 8 <= bytes.length; at += 8)
    sum = (rotate(sum ^ round(0n, bytes.readBigUInt64LE(at)), 27n) * P1 + P4) & MASK
  if (at + 4 <= bytes.length) {
    sum ^= (BigInt(bytes.readUInt32LE(at)) * P1) & MASK
    sum = (rotate(sum, 23n) * P2 + P3) & MASK
    at += 4
  }
  for (; at < bytes.length; at++)
    sum = (rotate(sum ^ ((BigInt(bytes[at] ?? 0) * P5) & MASK), 11n) * P1) & MASK
  sum = ((sum ^ (sum >> 33n)) * P2) & MASK
  sum = ((sum ^ (sum >> 29n)) * P3) & MASK
  const out = Buffer.alloc(8)
  out.writeBigUInt64LE(sum ^ (sum >> 32n))
  return out
}

function round(lane: bigint, input: bigint): bigint {
  return (rotate((lane + input * P2) & MASK, 31n) * P1) & MASK
}

function rotate(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & MASK
}
