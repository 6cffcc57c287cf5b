/**
 * UTF-8 of little-endian UTF-16. Halves of surrogate pairs, which FAT and NTFS let stand alone,
 * become three bytes each, so that two names never become one.
 */
export function fromUtf16(units: Buffer): Buffer {
  const text = units.toString('utf16le')
  if (text.isWellFormed()) return Buffer.from(text)
  // By code points: whole pairs come as one character, halves alone.
  return Buffer.concat(Array.from(text, (character) => encode(character)))
}

function encode(character: string): Buffer {
  if (character.isWellFormed()) return Buffer.from(character)
  const unit = character.charCodeAt(0)
  return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)])
}

/** The reverse. What is no UTF-8 becomes U+FFFD and thus no name that exists. */
export function toText(name: Buffer): string {
  return name
    .toString('latin1')
    .split(/(\xed[\xa0-\xbf][\x80-\xbf])/)
    .map((part, index) => {
      const bytes = Buffer.from(part, 'latin1')
      if (index % 2 === 0) return bytes.toString('utf8')
      return String.fromCharCode(
        0xd000 | ((bytes.readUInt8(1) & 0x3f) << 6) | (bytes.readUInt8(2) & 0x3f),
      )
    })
    .join('')
}
