import type { GuestFile } from '../file-system.ts'

const UNITS = 65536

/** How a volume orders names: by its own table of upper-case letters, then as they are written. */
export class NameOrder {
  readonly #upper: Uint16Array

  constructor(upper: Uint16Array) {
    this.#upper = upper
  }

  /** Names in little-endian UTF-16. */
  compareFolded(a: Buffer, b: Buffer): number {
    return compareUnits(a, b, (unit) => this.#upper[unit] ?? unit)
  }

  compare(a: Buffer, b: Buffer): number {
    return this.compareFolded(a, b) || compareUnits(a, b, (unit) => unit)
  }
}

function compareUnits(a: Buffer, b: Buffer, fold: (unit: number) => number): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at + 2 <= length; at += 2) {
    const difference = fold(a.readUInt16LE(at)) - fold(b.readUInt16LE(at))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** From $UpCase. What it lacks stays as it is. */
export async function readNameOrder(table: GuestFile): Promise<NameOrder> {
  const bytes = await table.read(0, UNITS * 2)
  const upper = Uint16Array.from({ length: UNITS }, (_, unit) => unit)
  for (let unit = 0; unit * 2 + 2 <= bytes.length; unit++)
    upper[unit] = bytes.readUInt16LE(unit * 2)
  return new NameOrder(upper)
}
