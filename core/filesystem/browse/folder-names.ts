import { HoldfastError } from '../../model/error.ts'
import type { GuestEntry, GuestType } from '../file-system.ts'

const BLOCK_BYTES = 1024 * 1024
const HEAD_BYTES = 6
const TYPES: readonly GuestType[] = [
  ...(['file', 'folder', 'link', 'fifo', 'socket'] as const),
  ...(['character-device', 'block-device', 'other'] as const),
]

/**
 * The entries of one folder, held as bytes: a million of them as objects would be more than a reader's
 * process may have. A record has type, flag, lengths, the name and the id; a row is where one begins.
 */
export class FolderNames {
  readonly #blocks: Buffer[] = []
  readonly #mostBytes: number
  #end = BLOCK_BYTES
  #places = new Uint32Array(1024)
  #count = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#blocks.length * BLOCK_BYTES + this.#places.byteLength
  }

  add({ name, type, id, encrypted = false }: GuestEntry): void {
    const length = HEAD_BYTES + name.length + id.length
    if (this.#end + length > BLOCK_BYTES) this.#grow()
    const block = this.#blocks.at(-1)!
    block[this.#end] = TYPES.indexOf(type)
    block[this.#end + 1] = encrypted ? 1 : 0
    block.writeUInt16LE(name.length, this.#end + 2)
    block.writeUInt16LE(id.length, this.#end + 4)
    block.set(name, this.#end + HEAD_BYTES)
    block.write(id, this.#end + HEAD_BYTES + name.length, 'latin1')
    if (this.#count === this.#places.length) this.#places = longer(this.#places)
    this.#places[this.#count++] = (this.#blocks.length - 1) * BLOCK_BYTES + this.#end
    this.#end += length
  }

  entry(row: number): GuestEntry {
    const [block, at] = this.#record(row)
    const idAt = at + HEAD_BYTES + block.readUInt16LE(at + 2)
    return {
      name: Buffer.from(this.name(row)),
      type: this.type(row),
      id: block.toString('latin1', idAt, idAt + block.readUInt16LE(at + 4)),
      ...(block[at + 1] === 1 ? { encrypted: true } : {}),
    }
  }

  type(row: number): GuestType {
    const [block, at] = this.#record(row)
    return TYPES[block[at]!] ?? 'other'
  }

  /** Shares its memory. */
  name(row: number): Buffer {
    const [block, at] = this.#record(row)
    const start = at + HEAD_BYTES
    return block.subarray(start, start + block.readUInt16LE(at + 2))
  }

  #record(row: number): [Buffer, number] {
    const place = this.#places[row]!
    const block = this.#blocks[Math.floor(place / BLOCK_BYTES)]
    if (row >= this.#count || !block) throw new RangeError(`there is no row ${row}`)
    return [block, place % BLOCK_BYTES]
  }

  #grow(): void {
    if (this.bytes + BLOCK_BYTES > this.#mostBytes)
      throw new HoldfastError(
        'invalid-argument',
        `the folder holds more names than can be put in order (${this.#count} fit)`,
        { hint: 'Narrow it by a pattern for names: `holdfast files list POINT PATH --name "a*"`.' },
      )
    this.#blocks.push(Buffer.allocUnsafeSlow(BLOCK_BYTES))
    this.#end = 0
  }
}

function longer(places: Uint32Array): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(2 * places.length)
  more.set(places)
  return more
}
