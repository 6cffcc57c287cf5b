/*
 * Names of guests are bytes, documents are text. In the API every `%` and every byte that is not
 * part of a well-formed UTF-8 character is written as %XX, so that a name read here can be asked
 * for again, whatever it is.
 */

export function encodeName(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at)
    const part = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.max(length, 1))
    text += length === 0 || part[0] === PERCENT ? hex(part[0] ?? 0) : part.toString('utf8')
    at += part.length
  }
  return text
}

/** Undefined where a `%` is not followed by two hexadecimal digits. */
export function decodeName(text: string): Buffer | undefined {
  const parts: Buffer[] = []
  for (const [whole, code] of text.matchAll(/%([0-9a-fA-F]{2})?|[^%]+/g)) {
    if (whole === '%') return undefined
    parts.push(code === undefined ? Buffer.from(whole) : Buffer.from(code, 'hex'))
  }
  return Buffer.concat(parts)
}

const PERCENT = 0x25
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes of the character at this place; 0 where none is. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0
  if (length === 0 || at + length > bytes.length) return 0
  try {
    DECODER.decode(bytes.subarray(at, at + length))
    return length
  } catch {
    return 0
  }
}

function hex(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}
