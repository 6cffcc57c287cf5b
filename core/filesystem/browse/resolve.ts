import { HoldfastError } from '../../model/error.ts'
import type { GuestFileSystem, GuestType, NodeId } from '../file-system.ts'

/** What Linux follows before it gives up. */
const MAX_LINKS = 40
const MAX_LINK_BYTES = 4096

export interface Found {
  readonly id: NodeId
  readonly type: GuestType
  /** As the file system has it; empty for the root. */
  readonly name: Buffer
  /** An alternate stream of the file, which `name` has too: FILE:STREAM. */
  readonly stream?: Buffer
}

/** A folder in which a walk goes on in another file system. */
export interface OtherRoot {
  readonly system: GuestFileSystem
  readonly root: NodeId
}

export interface ResolveOptions {
  readonly followLast?: boolean
  /** Where `/` is; by default the root of the file system. */
  readonly root?: NodeId
  /** What is mounted at a path such as `/home`, bytes as latin1. */
  readonly mountAt?: (at: string) => Promise<OtherRoot | undefined>
}

/** Where a walk stands. */
export interface Step extends Found {
  readonly system: GuestFileSystem
  /** From `/` on, links resolved; empty for `/` itself. */
  readonly at: string
}

/**
 * Walks a path inside of the guest's file system, following links in its middle as the guest would:
 * none leads out of it. Undefined where there is nothing.
 */
export async function resolvePath(
  system: GuestFileSystem,
  path: Buffer,
  { followLast = false, root: rootId = system.root, mountAt }: ResolveOptions = {},
): Promise<Step | undefined> {
  const root: Step = { system, id: rootId, type: 'folder', name: Buffer.alloc(0), at: '' }
  const todo = components(path)
  let trail = [root]
  let links = 0
  while (todo.length > 0) {
    const name = todo.shift()!
    if (isDot(name, 1)) continue
    if (isDot(name, 2)) {
      if (trail.length > 1) trail.pop()
      continue
    }
    const above = trail.at(-1)!
    if (above.type !== 'folder') return undefined
    const at = `${above.at}/${name.toString('latin1')}`
    const mount = await mountAt?.(at)
    if (mount) {
      trail.push({ system: mount.system, id: mount.root, type: 'folder', name, at })
      continue
    }
    const entry = await above.system.lookup(above.id, name)
    if (!entry) return todo.length === 0 ? streamOf(above, name, at) : undefined
    if (entry.type !== 'link' || (todo.length === 0 && !followLast)) {
      trail.push({ system: above.system, id: entry.id, type: entry.type, name: entry.name, at })
      continue
    }
    if (++links > MAX_LINKS) throw new HoldfastError('path-not-found', 'too many symbolic links')
    const target = await above.system.readLink(entry.id)
    if (target.length > MAX_LINK_BYTES) return undefined
    if (target[0] === SLASH) trail = [root]
    todo.unshift(...components(target))
  }
  return trail.at(-1)
}

/** FILE:STREAM, where the file system has streams and no file of that whole name. */
async function streamOf(
  { system, id: folder }: Step,
  full: Buffer,
  at: string,
): Promise<Step | undefined> {
  const colon = full.indexOf(':')
  if (colon < 1 || !system.streams) return undefined
  const entry = await system.lookup(folder, full.subarray(0, colon))
  if (entry?.type !== 'file') return undefined
  const wanted = full.subarray(colon + 1)
  const stream = (await system.streams(entry.id)).find(({ name }) => name.equals(wanted))
  if (!stream) return undefined
  return { system, id: entry.id, type: entry.type, name: full, at, stream: stream.name }
}

const SLASH = 0x2f

/** Empty ones, as between two slashes, are left out. */
export function components(path: Buffer): Buffer[] {
  const parts: Buffer[] = []
  for (let start = 0; start < path.length;) {
    const slash = path.indexOf(SLASH, start)
    const end = slash < 0 ? path.length : slash
    if (end > start) parts.push(path.subarray(start, end))
    start = end + 1
  }
  return parts
}

function isDot(name: Buffer, count: number): boolean {
  return name.length === count && name.every((byte) => byte === 0x2e)
}
