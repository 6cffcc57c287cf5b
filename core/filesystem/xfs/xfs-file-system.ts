import { HoldfastError } from '../../model/error.ts'
import type { ByteReader } from '../byte-reader.ts'
import { damaged, unsupported } from '../damaged.ts'
import type { GuestEntry, GuestFile, GuestFileSystem, GuestStatus, NodeId } from '../file-system.ts'
import { heldFile, mappedFile, readChecked } from '../mapped-file.ts'
import { cached } from '../read-cache.ts'
import { readAttributes } from './attributes.ts'
import { ForkMap, forkMapping } from './extents.ts'
import { folderEntries, type FolderEntry } from './folder.ts'
import { readInode, type Inode } from './inode.ts'
import { replayLog, type Replayed } from './log/replay.ts'
import { parseSuperblock, SUPERBLOCK_BYTES } from './superblock.ts'
import { XfsVolume } from './volume.ts'

const MAX_LINK_BYTES = 1024
const LINK_HEAD_BYTES = 56

/** XFS, versions 4 and 5. What is in the log only is read as if it had been replayed. */
export async function openXfs(source: ByteReader): Promise<GuestFileSystem> {
  const disk = cached(source)
  const before = parseSuperblock(await readChecked(disk, 0, SUPERBLOCK_BYTES))
  const replayed = await replay(new XfsVolume(disk, source, before))
  const geometry = parseSuperblock(await readChecked(replayed.disk, 0, SUPERBLOCK_BYTES))
  const volume = new XfsVolume(replayed.disk, source, geometry)
  const system = new XfsFileSystem(volume, replayed.warnings)
  await system.status(system.root)
  return system
}

const STALE =
  'files and folders changed in the last seconds before the point may be missing, as they were before, or unreadable'

/** A log that cannot be replayed is told; what is in its place can be read all the same. */
async function replay(volume: XfsVolume): Promise<Replayed> {
  const { disk, geometry } = volume
  if (geometry.logStart === 0n)
    return { disk, warnings: [`xfs: the log is on another device: ${STALE}`] }
  try {
    return await replayLog(volume)
  } catch (error) {
    if (!(error instanceof HoldfastError) || !error.code.startsWith('filesystem-')) throw error
    return { disk, warnings: [`xfs: the log cannot be replayed (${error.message}): ${STALE}`] }
  }
}

class XfsFileSystem implements GuestFileSystem {
  readonly kind = 'xfs'
  readonly label: string
  readonly root: NodeId
  readonly warnings: readonly string[]
  readonly #volume: XfsVolume

  constructor(volume: XfsVolume, warnings: readonly string[]) {
    this.#volume = volume
    this.label = volume.geometry.label
    this.root = String(volume.geometry.rootInode)
    this.warnings = warnings
  }

  async *list(folder: NodeId): AsyncGenerator<GuestEntry> {
    const inode = await this.#inode(folder, 'folder')
    for await (const entry of folderEntries(this.#volume, inode)) yield this.#typed(entry)
  }

  async lookup(folder: NodeId, name: Buffer): Promise<GuestEntry | undefined> {
    const inode = await this.#inode(folder, 'folder')
    for await (const entry of folderEntries(this.#volume, inode))
      if (entry.name.equals(name)) return this.#typed(entry)
    return undefined
  }

  async status(id: NodeId): Promise<GuestStatus> {
    return (await this.#inode(id)).status
  }

  async open(id: NodeId): Promise<GuestFile> {
    const inode = await this.#inode(id, 'file')
    if (inode.isRealtime) throw unsupported('xfs: the file is on a realtime device')
    const { sizeBytes } = inode.status
    return mappedFile(this.#volume.source, forkMapping(this.#volume, inode.data, sizeBytes))
  }

  async readLink(id: NodeId): Promise<Buffer> {
    const { data, status } = await this.#inode(id, 'link')
    const { sizeBytes } = status
    if (sizeBytes > MAX_LINK_BYTES) throw damaged(`xfs: the link ${id} has ${sizeBytes} bytes`)
    if (data.format === 'local') return heldFile(data.bytes).read(0, sizeBytes)
    const map = new ForkMap(this.#volume, data)
    const head = this.#volume.geometry.version === 5 ? LINK_HEAD_BYTES : 0
    const parts: Buffer[] = []
    for (let left = sizeBytes, at = 0; left > 0; at++) {
      const found = await map.at(at)
      if ('next' in found) throw damaged(`xfs: the link ${id} is cut off`)
      const block = await this.#volume.readBlock(found.block + BigInt(at - found.at))
      parts.push(block.subarray(head, head + left))
      left -= block.length - head
    }
    return Buffer.concat(parts)
  }

  async attributes(id: NodeId) {
    return readAttributes(this.#volume, await this.#inode(id))
  }

  async #inode(id: NodeId, type?: 'file' | 'folder' | 'link'): Promise<Inode> {
    if (!/^[1-9]\d{0,18}$/.test(id))
      throw new HoldfastError('path-not-found', `xfs: there is no inode ${id}`)
    const inode = await readInode(this.#volume, BigInt(id))
    if (type === undefined || inode.status.type === type) return inode
    throw new HoldfastError(
      'invalid-argument',
      `xfs: inode ${id} is a ${inode.status.type}, not a ${type}`,
    )
  }

  async #typed({ name, inode, type }: FolderEntry): Promise<GuestEntry> {
    const id = String(inode)
    return { name, id, type: type ?? (await this.#inode(id)).status.type }
  }
}
