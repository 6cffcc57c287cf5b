import { damaged } from './damaged.ts'

/** A 64-bit count or offset. No real one passes 2^53; `what` names it where the image's does. */
export function readWide(buffer: Buffer, at: number, what: string): number {
  const value = buffer.readBigUInt64LE(at)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`${what} is ${value}`)
  return Number(value)
}
