import { HoldfastError } from '../../model/error.ts'
import type { ByteReader } from '../byte-reader.ts'
import { damaged } from '../damaged.ts'
import type { GuestEntry, GuestFile, GuestFileSystem, GuestStatus, NodeId } from '../file-system.ts'
import { cached } from '../read-cache.ts'
import { readAttributes } from './attributes.ts'
import { BtrfsFile, readLinkOf } from './content.ts'
import { findEntry, folderEntries, type FolderEntry } from './folder.ts'
import { emptyFolder, readInode, type Inode } from './inode.ts'
import { FIRST_FREE_ID, ITEM, TREE } from './key.ts'
import { replayLogs } from './log/open-logs.ts'
import { isSubvolume, Trees } from './subvolumes.ts'
import { readSuperblock } from './superblock.ts'
import type { ItemSource } from './tree.ts'
import { BtrfsVolume } from './volume.ts'

/** The number of a folder that is nothing but a name of a subvolume that is not there. */
const EMPTY_FOLDER = 2n

/** btrfs on one device. The root is that of the whole, with all subvolumes and snapshots below. */
export async function openBtrfs(source: ByteReader): Promise<GuestFileSystem> {
  const disk = cached(source)
  const warnings: string[] = []
  const superblock = await readSuperblock(disk, warnings)
  const missing = superblock.totalBytes - source.sizeBytes
  if (missing > 0)
    warnings.push(`btrfs: the file system is ${missing} bytes larger than its partition`)
  const volume = new BtrfsVolume(disk, superblock, warnings)
  const trees = new Trees(volume)
  const checksums = await trees.find(TREE.checksums)
  if (!checksums) throw damaged('btrfs: the checksums of content are missing')
  const synced = await replayLogs(volume, trees)
  const system = new BtrfsFileSystem(volume, trees, [checksums, synced])
  await system.status(system.root)
  return system
}

class BtrfsFileSystem implements GuestFileSystem {
  readonly kind = 'btrfs'
  readonly label: string
  readonly root: NodeId = `${TREE.files}.${FIRST_FREE_ID}`
  readonly warnings: readonly string[]
  readonly #volume: BtrfsVolume
  readonly #trees: Trees
  readonly #checksums: readonly ItemSource[]

  constructor(volume: BtrfsVolume, trees: Trees, checksums: readonly ItemSource[]) {
    this.#volume = volume
    this.#trees = trees
    this.#checksums = checksums
    this.label = volume.superblock.label
    this.warnings = volume.warnings
  }

  async *list(folder: NodeId): AsyncGenerator<GuestEntry> {
    if (numbersOf(folder).inode === EMPTY_FOLDER) return
    const inode = await this.#inode(folder, 'folder')
    for await (const entry of folderEntries(inode)) yield this.#typed(inode, entry)
  }

  async lookup(folder: NodeId, name: Buffer): Promise<GuestEntry | undefined> {
    if (numbersOf(folder).inode === EMPTY_FOLDER) return undefined
    const inode = await this.#inode(folder, 'folder')
    const entry = await findEntry(inode, name)
    return entry && this.#typed(inode, entry)
  }

  async status(id: NodeId): Promise<GuestStatus> {
    if (numbersOf(id).inode === EMPTY_FOLDER) return emptyFolder(id)
    return (await this.#inode(id)).status
  }

  async open(id: NodeId): Promise<GuestFile> {
    return new BtrfsFile(this.#volume, await this.#inode(id, 'file'), this.#checksums)
  }

  async readLink(id: NodeId): Promise<Buffer> {
    return readLinkOf(this.#volume, await this.#inode(id, 'link'), this.#checksums)
  }

  async attributes(id: NodeId) {
    if (numbersOf(id).inode === EMPTY_FOLDER) return []
    return readAttributes(await this.#inode(id))
  }

  async #inode(id: NodeId, type?: 'file' | 'folder' | 'link'): Promise<Inode> {
    const { tree, inode: number } = numbersOf(id)
    const items = isSubvolume(tree) ? await this.#trees.find(tree) : undefined
    if (!items) throw new HoldfastError('path-not-found', `btrfs: there is no subvolume ${tree}`)
    const inode = await readInode({ id: tree, items }, number)
    if (type === undefined || inode.status.type === type) return inode
    throw new HoldfastError(
      'invalid-argument',
      `btrfs: inode ${id} is a ${inode.status.type}, not a ${type}`,
    )
  }

  async #typed({ subvolume, number }: Inode, entry: FolderEntry): Promise<GuestEntry> {
    const { name, target } = entry
    if (target.type === ITEM.root) {
      const isHere = await this.#trees.isAt(target.id, subvolume.id, number, name)
      return { name, type: 'folder', id: `${target.id}.${isHere ? FIRST_FREE_ID : EMPTY_FOLDER}` }
    }
    if (target.type !== ITEM.inode || target.id < FIRST_FREE_ID)
      throw damaged(`btrfs: folder ${subvolume.id}.${number} has an entry that leads nowhere`)
    const id = `${subvolume.id}.${target.id}`
    return { name, id, type: entry.type ?? (await this.#inode(id)).status.type }
  }
}

function numbersOf(id: NodeId): { tree: bigint; inode: bigint } {
  const [, tree, inode] = /^([1-9]\d{0,18})\.([1-9]\d{0,18})$/.exec(id) ?? []
  if (tree === undefined || inode === undefined)
    throw new HoldfastError('path-not-found', `btrfs: there is no inode ${id}`)
  return { tree: BigInt(tree), inode: BigInt(inode) }
}
