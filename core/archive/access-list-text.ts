/** Entries of a POSIX access list as Linux has them in an attribute: `user:1000:rw-,…`, or undefined. */
export function accessListText(value: Buffer): string | undefined {
  if (value.length < 4 || value.readUInt32LE(0) !== VERSION || (value.length - 4) % 8 !== 0)
    return undefined
  const entries: string[] = []
  for (let at = 4; at < value.length; at += 8) {
    const tag = TAGS[value.readUInt16LE(at)]
    if (tag === undefined) return undefined
    const bits = value.readUInt16LE(at + 2)
    const id = tag.isNamed ? String(value.readUInt32LE(at + 4)) : ''
    entries.push(
      `${tag.word}:${id}:${[...'rwx'].map((x, i) => (bits & (4 >> i) ? x : '-')).join('')}`,
    )
  }
  return entries.join(',')
}

const VERSION = 2

const TAGS: Readonly<Record<number, { word: string; isNamed: boolean }>> = {
  0x01: { word: 'user', isNamed: false },
  0x02: { word: 'user', isNamed: true },
  0x04: { word: 'group', isNamed: false },
  0x08: { word: 'group', isNamed: true },
  0x10: { word: 'mask', isNamed: false },
  0x20: { word: 'other', isNamed: false },
}
