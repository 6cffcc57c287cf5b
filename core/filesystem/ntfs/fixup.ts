import { damaged } from '../damaged.ts'

const STRIDE = 512

/**
 * Gives a copy of a record or index block with the last two bytes of each 512 put back, which were
 * replaced by a number when it was written. A number that differs means a torn write.
 */
export function fixedUp(raw: Buffer, signature: string, where: string): Buffer {
  if (raw.toString('latin1', 0, 4) !== signature)
    throw damaged(`${where} does not begin with ${signature}`)
  const block = Buffer.from(raw)
  const array = block.readUInt16LE(4)
  const count = block.readUInt16LE(6)
  if (count - 1 !== block.length / STRIDE || array + count * 2 > block.length || array % 2 !== 0)
    throw damaged(`${where} has ${count} fixups at ${array}`)
  const number = block.readUInt16LE(array)
  for (let index = 1; index < count; index++) {
    const at = index * STRIDE - 2
    if (block.readUInt16LE(at) !== number) throw damaged(`${where} was written in part only`)
    block.writeUInt16LE(block.readUInt16LE(array + index * 2), at)
  }
  return block
}
