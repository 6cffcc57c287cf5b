import { isUtf8 } from 'node:buffer'

/** A name of a guest as a document can hold it. */
export interface ShownName {
  readonly name: string
  /** `name` is percent-encoded: the bytes are no UTF-8. */
  readonly encoded: boolean
}

export function showName(bytes: Uint8Array): ShownName {
  if (isUtf8(bytes)) return { name: Buffer.from(bytes).toString('utf8'), encoded: false }
  return { name: Array.from(bytes, encodeByte).join(''), encoded: true }
}

function encodeByte(byte: number): string {
  const isPlain = byte >= 0x20 && byte < 0x7f && byte !== PERCENT
  if (isPlain) return String.fromCharCode(byte)
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

const PERCENT = 0x25

/** The bytes that `--encoded` paths stand for; what is no two hexadecimal digits stays as it is. */
export function pathBytes(text: string, isEncoded: boolean): Buffer {
  if (!isEncoded) return Buffer.from(text, 'utf8')
  const parts = text.split(/(%[0-9A-Fa-f]{2})/)
  return Buffer.concat(
    parts.map((part, at) => (at % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))),
  )
}
