import { damaged } from '../damaged.ts'
import type { GuestAttribute } from '../file-system.ts'

const ROOT = 0x02
const SECURE = 0x04
/** Half written, or the names of a file for its parents: not the guest's. */
const HIDDEN = 0x80 | 0x08
const LISTS: ReadonlyMap<string, string> = new Map([
  ['SGI_ACL_FILE', 'system.posix_acl_access'],
  ['SGI_ACL_DEFAULT', 'system.posix_acl_default'],
])
const NOBODY = 0xffffffff
const USER = 0x02
const GROUP = 0x08

/** As Linux shows it; undefined for what it does not show. */
export function toAttribute(
  flags: number,
  name: Buffer,
  value: Buffer,
): GuestAttribute | undefined {
  if ((flags & HIDDEN) !== 0) return undefined
  const list = (flags & ROOT) !== 0 ? LISTS.get(name.toString('latin1')) : undefined
  if (list) return { name: Buffer.from(list), value: toLinuxAcl(value) }
  const space = (flags & ROOT) !== 0 ? 'trusted.' : (flags & SECURE) !== 0 ? 'security.' : 'user.'
  return { name: Buffer.concat([Buffer.from(space), name]), value: Buffer.from(value) }
}

/** XFS keeps access lists in a form of its own: 12 bytes an entry, ids everywhere. */
function toLinuxAcl(stored: Buffer): Buffer {
  const count = stored.length < 4 ? -1 : stored.readUInt32BE(0)
  if (count < 0 || 4 + count * 12 > stored.length) throw damaged('xfs: an access list is cut off')
  const list = Buffer.alloc(4 + count * 8)
  list.writeUInt32LE(2, 0)
  for (let index = 0; index < count; index++) {
    const from = 4 + index * 12
    const to = 4 + index * 8
    const tag = stored.readUInt32BE(from)
    list.writeUInt16LE(tag & 0xffff, to)
    list.writeUInt16LE(stored.readUInt16BE(from + 8), to + 2)
    const hasId = tag === USER || tag === GROUP
    list.writeUInt32LE(hasId ? stored.readUInt32BE(from + 4) : NOBODY, to + 4)
  }
  return list
}
