import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { createReadStream, type BigIntStats } from 'node:fs'
import { lstat, mkdtemp, open, readdir, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import {
  MAX_READ_BYTES,
  type GuestFile,
  type GuestFileSystem,
  type GuestStatus,
  type GuestType,
  type NodeId,
} from '../../core/filesystem/file-system.ts'
import { tool } from './ext-images.ts'

const run = promisify(execFile)

/** Mounts an image by the kernel, as root; unmounted after the test at the latest. */
export async function mounted(
  t: TestContext,
  image: string,
  options = '',
): Promise<{ folder: string; unmount: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-mount-'))
  await tool('mount', '-o', ['loop', options].filter(Boolean).join(','), image, folder)
  let isMounted = true
  const unmount = async () => {
    if (!isMounted) return
    isMounted = false
    await tool('umount', folder)
    await rm(folder, { recursive: true })
  }
  t.after(unmount)
  return { folder, unmount }
}

/** What the driver that is compared with can tell. */
export interface Compared {
  /** Modes, owners, devices, times of change, attributes. */
  readonly unix: boolean
  /** One id for all names of a file, and their number. */
  readonly links: boolean
  /** Of last access and of birth: what is mounted has to be mounted for reading only. */
  readonly allTimes: boolean
  /** Times are as fine as this. */
  readonly stepNs: bigint
}

const UNIX: Compared = { unix: true, links: true, allTimes: false, stepNs: 1n }

/** Entry by entry: names, types, sizes, modes, owners, times, links, contents, extended attributes. */
export async function compareWithMounted(
  system: GuestFileSystem,
  folder: string,
  compared: Compared = UNIX,
): Promise<{ entries: number }> {
  const comparison = { entries: 0, ids: new Map<string, NodeId>(), compared }
  await compareFolder(system, system.root, Buffer.from(folder), comparison)
  if (compared.unix) await compareAttributes(system, folder)
  return comparison
}

interface Comparison {
  entries: number
  readonly compared: Compared
  /** By device as well: each subvolume of btrfs has its own. */
  readonly ids: Map<string, NodeId>
}

async function compareFolder(
  system: GuestFileSystem,
  id: NodeId,
  path: Buffer,
  comparison: Comparison,
): Promise<void> {
  const names = await readdir(path, { encoding: 'buffer' })
  const found = new Map<string, { id: NodeId; type: GuestType }>()
  for await (const entry of system.list(id)) found.set(entry.name.toString('latin1'), entry)
  assert.deepEqual([...found.keys()].sort(), names.map((name) => name.toString('latin1')).sort())
  for (const name of names) {
    const entry = found.get(name.toString('latin1'))
    assert.ok(entry)
    const below = Buffer.concat([path, Buffer.from('/'), name])
    await compareNode(system, entry, below, comparison)
    if (entry.type === 'folder') await compareFolder(system, entry.id, below, comparison)
  }
}

async function compareNode(
  system: GuestFileSystem,
  { id, type }: { id: NodeId; type: GuestType },
  path: Buffer,
  comparison: Comparison,
): Promise<void> {
  comparison.entries++
  const what = path.toString()
  const kernel = await lstat(path, { bigint: true })
  const status = await system.status(id)
  assert.equal(status.type, type, what)
  assert.equal(status.type, typeOf(kernel), what)
  compareTimes(status, kernel, comparison.compared, what)
  if (comparison.compared.unix) {
    assert.equal(status.mode, Number(kernel.mode) & 0o7777, what)
    assert.deepEqual(status.owner, { uid: Number(kernel.uid), gid: Number(kernel.gid) }, what)
  }
  if (comparison.compared.links) {
    if (type !== 'folder') assert.equal(status.links, Number(kernel.nlink), what)
    const inode = `${kernel.dev}:${kernel.ino}`
    const known = comparison.ids.get(inode)
    assert.equal(known ?? id, id, `${what}: hard links have one id`)
    comparison.ids.set(inode, id)
  }
  if (type === 'link')
    assert.deepEqual(await system.readLink(id), await readlink(path, { encoding: 'buffer' }), what)
  if (type.endsWith('device'))
    assert.deepEqual(status.device, {
      major: Number(kernel.rdev >> 8n),
      minor: Number(kernel.rdev & 0xffn),
    })
  if (type !== 'file') return
  assert.equal(status.sizeBytes, Number(kernel.size), what)
  if (status.sizeBytes > HUGE_BYTES) await compareHuge(await system.open(id), path, kernel)
  else assert.equal(await digestOf(system, id), await digestOfFile(path), what)
}

function compareTimes(
  status: GuestStatus,
  kernel: BigIntStats,
  { unix, allTimes, stepNs }: Compared,
  what: string,
): void {
  // Where a snapshot lost a subvolume of btrfs the kernel shows a folder of the moment, number 2.
  if (kernel.ino === 2n && status.modifiedAt === null) return
  const same = (ours: bigint | null, theirs: bigint, which: string) =>
    assert.equal((ours ?? 0n) / stepNs, theirs / stepNs, `${what}: ${which}`)
  same(status.modifiedAt, kernel.mtimeNs, 'modified')
  if (unix) same(status.changedAt, kernel.ctimeNs, 'changed')
  if (!allTimes) return
  same(status.accessedAt, kernel.atimeNs, 'accessed')
  if (status.createdAt !== null) same(status.createdAt, kernel.birthtimeNs, 'created')
}

const HUGE_BYTES = 256 * 2 ** 20
const PIECE_BYTES = 2 ** 20

/** What has data is compared byte for byte, of each hole its ends and its middle, and that no data is lacking. */
async function compareHuge(file: GuestFile, path: Buffer, kernel: BigIntStats): Promise<void> {
  const theirs = await open(path)
  let dataBytes = 0
  const same = async (at: number, length: number) => {
    const { buffer } = await theirs.read(Buffer.alloc(length), 0, length, at)
    assert.ok((await file.read(at, length)).equals(buffer), `${path.toString()} at ${at}`)
  }
  for await (const { offset, length, hole } of file.extents()) {
    const end = offset + length
    const whole = Math.min(PIECE_BYTES, length)
    if (hole)
      for (const at of [offset, offset + Math.floor((length - whole) / 2), end - whole])
        await same(at, whole)
    else
      for (let at = offset; at < end; at += PIECE_BYTES)
        await same(at, Math.min(PIECE_BYTES, end - at))
    if (!hole) dataBytes += length
  }
  await theirs.close()
  assert.ok(
    dataBytes + SLACK_BYTES >= Number(kernel.blocks) * 512,
    `${path.toString()}: data taken for holes`,
  )
}

/** Blocks that hold places, and ends of blocks. */
const SLACK_BYTES = 2 ** 20

async function digestOf(system: GuestFileSystem, id: NodeId): Promise<string> {
  const hash = createHash('sha256')
  const file = await system.open(id)
  for (let at = 0; at < file.sizeBytes; at += MAX_READ_BYTES)
    hash.update(await file.read(at, MAX_READ_BYTES))
  return hash.digest('hex')
}

async function digestOfFile(path: Buffer): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part as Buffer)
  return hash.digest('hex')
}

function typeOf(status: BigIntStats): GuestType {
  const kinds = {
    isFile: 'file',
    isDirectory: 'folder',
    isSymbolicLink: 'link',
    isFIFO: 'fifo',
    isSocket: 'socket',
    isCharacterDevice: 'character-device',
    isBlockDevice: 'block-device',
  } as const
  for (const [name, type] of Object.entries(kinds))
    if (status[name as keyof typeof kinds]()) return type
  return 'other'
}

/** Of those files that have any. */
async function compareAttributes(system: GuestFileSystem, folder: string): Promise<void> {
  const words = ['-Rhd', '-m-', '-ehex', '--absolute-names', folder]
  const { stdout } = await run('getfattr', words, { encoding: 'latin1', maxBuffer: 2 ** 28 })
  for (const block of stdout.split('\n\n').filter(Boolean)) {
    const [head = '', ...lines] = block.split('\n')
    const path = unquoted(head.replace('# file: ', '')).subarray(Buffer.byteLength(folder))
    let id = system.root
    for (const name of path.toString('latin1').split('/').filter(Boolean))
      id = (await system.lookup(id, Buffer.from(name, 'latin1')))?.id ?? ''
    const found = (await system.attributes(id)).map(
      ({ name, value }) => `${name.toString('latin1')}=0x${value.toString('hex')}`,
    )
    assert.deepEqual(found.sort(), lines.filter(isShownOnce).map(withValue).sort(), head)
  }
}

/** Blanks, backslashes and what is no letter come as three digits. */
function unquoted(text: string): Buffer {
  const plain = text.replace(/\\([0-7]{3})/g, (_, code: string) =>
    String.fromCharCode(parseInt(code, 8)),
  )
  return Buffer.from(plain, 'latin1')
}

/** XFS shows access lists a second time, as it stores them. */
function isShownOnce(line: string): boolean {
  return line !== '' && !line.startsWith('trusted.SGI_ACL_')
}

/** An empty value is shown as no value at all. */
function withValue(line: string): string {
  return line.includes('=') ? line : `${line}=0x`
}
