import { chmod, lchown, lutimes, type FileHandle } from 'node:fs/promises'
import { utimeOf } from '../../core/model/file-time.ts'
import type { FileHead__Output } from '../../core/wire/generated/holdfast/v1/FileHead.ts'
import type { Filled } from '../../core/wire/shape.ts'
import type { Tally } from './tally.ts'

export type ItemHead = Filled<FileHead__Output>

/** How owners, modes and times are given. */
export interface Dressing {
  readonly owners: 'keep' | 'target'
  /** setuid, setgid and capabilities too. */
  readonly special: boolean
  readonly isRoot: boolean
  /** Of the folder that was named: what files get that bring none, or are to have its. */
  readonly target: { readonly uid: number; readonly gid: number; readonly mode: number }
}

const SPECIAL_BITS = 0o6000

/** Before all else: it clears bits of the mode, and capabilities. */
export async function giveOwner(
  handle: FileHandle,
  head: ItemHead,
  dressing: Dressing,
): Promise<void> {
  const owner = ownerOf(head, dressing)
  if (owner) await attempt(() => handle.chown(owner.uid, owner.gid))
}

/** After the attributes: who may not write gives none. Then says what the target did not take. */
export async function dress(
  handle: FileHandle,
  head: ItemHead,
  dressing: Dressing,
  tally: Tally,
  shown: string,
): Promise<void> {
  const mode = modeOf(head, dressing, head.type === 'folder')
  await attempt(() => handle.chmod(mode))
  const times = timesOf(head)
  if (times) await attempt(() => handle.utimes(times.accessed, times.modified))
  await look(handle, { owner: wantedOwner(head, dressing), mode, times }, tally, shown)
  const dropped = (head.status?.mode ?? 0) & SPECIAL_BITS & ~mode
  if (dropped !== 0) tally.leftOut.note('setuid and setgid bits, which --special gives', shown)
}

/** Devices and pipes are not opened: that alone could do something. `path` is in a private folder. */
export async function dressSpecial(
  path: Buffer,
  head: ItemHead,
  dressing: Dressing,
): Promise<void> {
  const owner = ownerOf(head, dressing)
  if (owner) await lchown(path, owner.uid, owner.gid)
  await chmod(path, modeOf(head, dressing, false))
  const times = timesOf(head)
  if (times) await lutimes(path, times.accessed, times.modified)
}

export async function dressLink(
  path: Buffer,
  head: ItemHead,
  dressing: Dressing,
  tally: Tally,
  shown: string,
): Promise<void> {
  const owner = ownerOf(head, dressing)
  if (owner) await attempt(() => lchown(path, owner.uid, owner.gid))
  else if (wantedOwner(head, dressing)) tally.lost.note(NO_OWNERS, shown)
  const times = timesOf(head)
  if (times) await attempt(() => lutimes(path, times.accessed, times.modified))
}

const NO_OWNERS = 'owners that the target does not hold'

/** Network shares and FAT take what they cannot hold without a word: only looking tells. */
async function look(
  handle: FileHandle,
  wanted: {
    owner: { uid: number; gid: number } | undefined
    mode: number
    times: { modified: number } | undefined
  },
  tally: Tally,
  shown: string,
): Promise<void> {
  const { owner, mode, times } = wanted
  const is = await handle.stat()
  if (owner && (is.uid !== owner.uid || is.gid !== owner.gid)) tally.lost.note(NO_OWNERS, shown)
  if ((is.mode & 0o7777) !== mode) tally.lost.note('modes that the target does not hold', shown)
  if (times && Math.abs(is.mtimeMs - times.modified * 1000) > 1)
    tally.lost.note('times that the target does not hold exactly', shown)
}

/** What cannot be set is seen afterwards. */
async function attempt(run: () => Promise<void>): Promise<void> {
  await run().catch(() => {})
}

function wantedOwner({ status }: ItemHead, { owners, target, isRoot }: Dressing) {
  if (owners === 'keep') return status?.owner ?? undefined
  return isRoot ? target : undefined
}

function ownerOf(head: ItemHead, dressing: Dressing) {
  return dressing.isRoot ? wantedOwner(head, dressing) : undefined
}

function modeOf({ status }: ItemHead, { special, target }: Dressing, isFolder: boolean): number {
  const own = status?.mode ?? (target.mode & (isFolder ? 0o777 : 0o666)) | 0o600
  return special ? own : own & 0o1777
}

function timesOf({ status }: ItemHead): { accessed: number; modified: number } | undefined {
  const modified = utimeOf(status?.modifiedAt)
  if (modified === undefined) return undefined
  return { modified, accessed: utimeOf(status?.accessedAt) ?? modified }
}
