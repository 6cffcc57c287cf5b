import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createReadStream, type BigIntStats } from 'node:fs'
import { lstat, mkdtemp, readdir, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import {
  MAX_READ_BYTES,
  type GuestFileSystem,
  type GuestType,
  type NodeId,
} from '../../core/filesystem/file-system.ts'
import { tool } from './ext-images.ts'

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

/** Entry by entry: names, types, sizes, modes, owners, times, links, contents, extended attributes. */
export async function compareWithMounted(
  system: GuestFileSystem,
  folder: string,
): Promise<{ entries: number }> {
  const comparison = { entries: 0, ids: new Map<string, NodeId>() }
  await compareFolder(system, system.root, Buffer.from(folder), comparison)
  await compareAttributes(system, folder)
  return comparison
}

interface Comparison {
  entries: number
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
  assert.equal(status.mode, Number(kernel.mode) & 0o7777, what)
  assert.deepEqual(status.owner, { uid: Number(kernel.uid), gid: Number(kernel.gid) }, what)
  // Where a snapshot lost a subvolume of btrfs the kernel shows a folder of the moment, number 2.
  if (kernel.ino !== 2n || status.modifiedAt !== null) {
    assert.equal(status.modifiedAt, kernel.mtimeNs, what)
    assert.equal(status.changedAt, kernel.ctimeNs, what)
  }
  if (type !== 'folder') assert.equal(status.links, Number(kernel.nlink), what)
  const inode = `${kernel.dev}:${kernel.ino}`
  const known = comparison.ids.get(inode)
  assert.equal(known ?? id, id, `${what}: hard links have one id`)
  comparison.ids.set(inode, id)
  if (type === 'link')
    assert.deepEqual(await system.readLink(id), await readlink(path, { encoding: 'buffer' }), what)
  if (type.endsWith('device'))
    assert.deepEqual(status.device, {
      major: Number(kernel.rdev >> 8n),
      minor: Number(kernel.rdev & 0xffn),
    })
  if (type !== 'file') return
  assert.equal(status.sizeBytes, Number(kernel.size), what)
  assert.equal(await digestOf(system, id), await digestOfFile(path), what)
}

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

/** Of those files that have any; their names are plain in the tests that set some. */
async function compareAttributes(system: GuestFileSystem, folder: string): Promise<void> {
  const text = await tool('getfattr', '-Rhd', '-m-', '-ehex', '--absolute-names', folder)
  for (const block of text.split('\n\n').filter(Boolean)) {
    const [head = '', ...lines] = block.split('\n')
    const names = head.replace('# file: ', '').slice(folder.length).split('/').filter(Boolean)
    let id = system.root
    for (const name of names) id = (await system.lookup(id, Buffer.from(name)))?.id ?? ''
    const found = (await system.attributes(id)).map(
      ({ name, value }) => `${name.toString()}=0x${value.toString('hex')}`,
    )
    assert.deepEqual(found.sort(), lines.filter(isShownOnce).map(withValue).sort(), head)
  }
}

/** XFS shows access lists a second time, as it stores them. */
function isShownOnce(line: string): boolean {
  return line !== '' && !line.startsWith('trusted.SGI_ACL_')
}

/** An empty value is shown as no value at all. */
function withValue(line: string): string {
  return line.includes('=') ? line : `${line}=0x`
}
