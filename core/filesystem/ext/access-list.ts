import { damaged } from '../damaged.ts'

const USER = 0x02
const GROUP = 0x08
const NOBODY = 0xffffffff

/** ext stores access lists shorter than Linux hands them out: without ids where there are none. */
export function toLinuxAcl(stored: Buffer): Buffer {
  if (stored.length < 4 || stored.readUInt32LE(0) !== 1)
    throw damaged('ext: an access control list of an unknown version')
  const parts = [Buffer.from([2, 0, 0, 0])]
  for (let at = 4; at < stored.length;) {
    if (at + 4 > stored.length) throw damaged('ext: an access control list is cut')
    const tag = stored.readUInt16LE(at)
    const hasId = tag === USER || tag === GROUP
    if (hasId && at + 8 > stored.length) throw damaged('ext: an access control list is cut')
    const entry = Buffer.alloc(8)
    stored.copy(entry, 0, at, at + 4)
    entry.writeUInt32LE(hasId ? stored.readUInt32LE(at + 4) : NOBODY, 4)
    parts.push(entry)
    at += hasId ? 8 : 4
  }
  return Buffer.concat(parts)
}
