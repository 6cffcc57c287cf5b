import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import type { GuestEntry, GuestFileSystem, NodeId } from '../file-system.ts'
import { HoldfastError } from '../../model/error.ts'
import { cached } from '../read-cache.ts'
import { readAttributes } from './attributes.ts'
import { openContent } from './content.ts'
import { folderEntries } from './folder.ts'
import { readInode, requireReadable, type Inode } from './inode.ts'
import { replayJournal } from './journal.ts'
import { parseSuperblock, SUPERBLOCK_BYTES, SUPERBLOCK_OFFSET } from './superblock.ts'
import { Volume } from './volume.ts'

const ROOT = 2
const MAX_LINK_BYTES = 4096
const SHORT_LINK_BYTES = 60

/** ext2, ext3 and ext4. What is in the journal only is read as if it had been replayed. */
export async function openExt(source: ByteReader): Promise<GuestFileSystem> {
  const disk = cached(source)
  const before = parseSuperblock(await disk.read(SUPERBLOCK_OFFSET, SUPERBLOCK_BYTES))
  const warnings: string[] = []
  const replayed = before.needsRecovery
    ? await replayJournal(new Volume(disk, before), warnings)
    : disk
  const superblock = parseSuperblock(await replayed.read(SUPERBLOCK_OFFSET, SUPERBLOCK_BYTES))
  const missing = superblock.blocks * superblock.blockBytes - source.sizeBytes
  if (missing > 0) warnings.push(`the file system is ${missing} bytes larger than its partition`)
  const system = new ExtFileSystem(new Volume(replayed, superblock), warnings)
  await system.status(system.root)
  return system
}

class ExtFileSystem implements GuestFileSystem {
  readonly kind: string
  readonly label: string
  readonly root = String(ROOT)
  readonly warnings: readonly string[]
  readonly #volume: Volume

  constructor(volume: Volume, warnings: readonly string[]) {
    this.#volume = volume
    this.kind = volume.superblock.kind
    this.label = volume.superblock.label
    this.warnings = warnings
  }

  async *list(folder: NodeId): AsyncGenerator<GuestEntry> {
    const inode = await this.#inodeOf(folder, 'folder')
    for await (const entry of folderEntries(this.#volume, inode)) yield this.#typed(entry)
  }

  async lookup(folder: NodeId, name: Buffer): Promise<GuestEntry | undefined> {
    const inode = await this.#inodeOf(folder, 'folder')
    for await (const entry of folderEntries(this.#volume, inode))
      if (entry.name.equals(name)) return this.#typed(entry)
    return undefined
  }

  async status(id: NodeId) {
    return (await this.#inodeOf(id)).status
  }

  async open(id: NodeId) {
    const inode = await this.#inodeOf(id, 'file')
    requireReadable(inode, this.kind)
    return openContent(this.#volume, inode)
  }

  async readLink(id: NodeId): Promise<Buffer> {
    const inode = await this.#inodeOf(id, 'link')
    requireReadable(inode, this.kind)
    const { sizeBytes, isInline } = inode
    if (sizeBytes > MAX_LINK_BYTES)
      throw damaged(`${this.kind}: the link in inode ${id} has ${sizeBytes} bytes`)
    if (sizeBytes < SHORT_LINK_BYTES && !isInline)
      return Buffer.from(inode.root.subarray(0, sizeBytes))
    return (await openContent(this.#volume, inode)).read(0, sizeBytes)
  }

  async attributes(id: NodeId) {
    return readAttributes(this.#volume, await this.#inodeOf(id))
  }

  async #inodeOf(id: NodeId, type?: 'file' | 'folder' | 'link'): Promise<Inode> {
    if (!/^[1-9]\d{0,9}$/.test(id)) throw damaged(`${this.kind}: there is no inode ${id}`)
    const number = Number(id)
    // Below are the journal, quotas and other inner affairs: no folder leads there.
    if (number !== ROOT && number < this.#volume.superblock.firstInode)
      throw damaged(`${this.kind}: inode ${id} is no file of the guest`)
    const inode = await readInode(this.#volume, number)
    if (type === undefined || inode.type === type) return inode
    throw new HoldfastError('invalid-argument', `inode ${id} is a ${inode.type}, not a ${type}`)
  }

  async #typed(entry: GuestEntry): Promise<GuestEntry> {
    if (entry.type !== 'other') return entry
    return { ...entry, type: (await this.#inodeOf(entry.id)).type }
  }
}
