import { damaged } from '../damaged.ts'
import type { GuestType } from '../file-system.ts'
import { fromUtf16 } from '../utf16.ts'

/** What a file is when it is not just content. */
export interface Special {
  readonly type: GuestType
  /** Of links. */
  readonly target?: Buffer
  /** Why the content cannot be read here, in words that follow "the file". */
  readonly obstacle?: string
}

const TAG = {
  junction: 0xa0000003,
  link: 0xa000000c,
  linuxLink: 0xa000001d,
  deduplicated: 0x80000013,
  compressed: 0x80000017,
} as const

const LINUX: ReadonlyMap<number, GuestType> = new Map([
  [0x80000023, 'socket'],
  [0x80000024, 'fifo'],
  [0x80000025, 'character-device'],
  [0x80000026, 'block-device'],
])
const CLOUD = 0x9000001a
const CLOUD_MASK = 0xffff0fff
const RELATIVE = 1

/** By the tag of a $REPARSE_POINT. A folder with a tag that is not known is still a folder. */
export function parseReparsePoint(value: Buffer, isFolder: boolean): Special {
  if (value.length < 8) throw damaged('ntfs: a reparse point is too short')
  const tag = value.readUInt32LE(0)
  const type = LINUX.get(tag)
  if (type) return { type }
  if (tag === TAG.linuxLink) return { type: 'link', target: value.subarray(12) }
  if (tag === TAG.junction) return { type: 'link', target: targetOf(value, 16, false) }
  if (tag === TAG.link) {
    if (value.length < 20) throw damaged('ntfs: a link is too short')
    const isRelative = (value.readUInt32LE(16) & RELATIVE) !== 0
    return { type: 'link', target: targetOf(value, 20, isRelative) }
  }
  if (isFolder) return { type: 'folder' }
  return { type: 'file', obstacle: obstacleOf(tag) }
}

/** The name for people where there is one; slashes only where the target is within the volume. */
function targetOf(value: Buffer, base: number, isRelative: boolean): Buffer {
  if (value.length < base) throw damaged('ntfs: a link is too short')
  const text = (at: number) => {
    const from = base + value.readUInt16LE(at)
    const to = from + value.readUInt16LE(at + 2)
    if (to > value.length) throw damaged('ntfs: the target of a link is cut off')
    return fromUtf16(value.subarray(from, to))
  }
  const shown = text(12)
  const target = (shown.length > 0 ? shown : text(8)).toString('latin1').replace(/^\\\?\?\\/, '')
  return Buffer.from(isRelative ? target.replaceAll('\\', '/') : target, 'latin1')
}

function obstacleOf(tag: number): string {
  if (tag === TAG.compressed) return 'is compressed by Windows (WOF, "compact")'
  if (tag === TAG.deduplicated) return 'is deduplicated by Windows Server'
  if ((tag & CLOUD_MASK) >>> 0 === CLOUD) return 'is managed by a cloud service'
  return `has content that a driver provides (reparse tag 0x${tag.toString(16)})`
}

const INTERIX_MAX_BYTES = 8192

/** Unix files as Interix and ntfs-3g keep them: system files that begin with a mark. */
export function parseInterix(content: Buffer): Special | undefined {
  if (content.length > INTERIX_MAX_BYTES) return undefined
  const mark = content.toString('latin1', 0, 8)
  if (mark === 'IntxLNK\u0001') return { type: 'link', target: fromUtf16(content.subarray(8)) }
  if (mark === 'IntxCHR\u0000' && content.length === 24) return { type: 'character-device' }
  if (mark === 'IntxBLK\u0000' && content.length === 24) return { type: 'block-device' }
  return undefined
}
