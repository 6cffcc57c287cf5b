import assert from 'node:assert/strict'
import { mkdir, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { openBtrfs } from '../../core/filesystem/btrfs/btrfs-file-system.ts'
import type { GuestFileSystem } from '../../core/filesystem/file-system.ts'
import { bytesOf, fileReader, makeTree, tool } from '../support/ext-images.ts'
import { canMount, whileMounted } from '../support/image-mount.ts'
import { compareWithMounted } from '../support/mounted.ts'
import { hasTool } from '../support/needs.ts'
import { contractSuite } from './contract.suite.ts'

const folder = await mkdtemp(join(tmpdir(), 'holdfast-btrfs-'))
const mountPoint = join(folder, 'mounted')
const closers: (() => Promise<void>)[] = []
after(async () => {
  for (const close of closers) await close()
  await rm(folder, { recursive: true })
})

const KINDS: Record<string, { make: readonly string[]; mount: string }> = {
  btrfs: { make: ['-L', 'a label'], mount: 'compress=zstd' },
  'btrfs, zlib, blocks of 4 KiB': { make: ['-n', '4096'], mount: 'compress-force=zlib' },
  'btrfs, lzo, holes told': { make: ['-O', '^no-holes'], mount: 'compress-force=lzo' },
  'btrfs, mixed, SHA-256': { make: ['-M', '--csum', 'sha256'], mount: '' },
  'btrfs, all twice, xxHash': { make: ['-d', 'dup', '--csum', 'xxhash'], mount: 'compress=lzo' },
  'btrfs, all once, no checksums': { make: ['-m', 'single'], mount: 'nodatasum' },
}
const isAble = ['mkfs.btrfs', 'setfattr', 'setfacl'].every(hasTool) && (await canMount('kernel'))
const MIB = 2 ** 20

async function makeBtrfs(name: string, options: readonly string[]): Promise<string> {
  const image = join(folder, `${name}.img`)
  await writeFile(image, '')
  await truncate(image, 256 * MIB)
  await tool('mkfs.btrfs', '-q', ...options, image)
  return image
}

async function openImage(image: string): Promise<GuestFileSystem> {
  const reader = await fileReader(image)
  closers.push(() => reader.close())
  return openBtrfs(reader)
}

/** What the common tree has not. */
async function fillFurther(root: string): Promise<void> {
  const at = (name: string) => join(root, name)
  // To compare it byte by byte takes half a minute; the parts of it that are no hole were.
  await rm(at('huge'), { force: true })
  await tool('mkfifo', at('fifo'))
  await tool('mknod', at('null'), 'c', '1', '3')
  await tool('mknod', at('block device'), 'b', '259', '200')
  await tool('chown', '12345:54321', at('odd'))
  await tool('chmod', '6751', at('odd'))
  for (const [name, length] of Object.entries({ few: 10, some: 900, large: 3_000 })) {
    await writeFile(at(name), 'x')
    const value = `0x${bytesOf(name, length).toString('hex')}`
    for (let i = 0; i < 3; i++)
      await tool('setfattr', '-n', `user.${name}${i}`, '-v', value, at(name))
  }
  await tool('setfattr', '-n', 'trusted.t', '-v', '1', at('few'))
  await tool('setfattr', '-n', 'user.empty', at('few'))
  await tool('setfacl', '-m', 'u:1234:rw,g:4321:r', at('few'))
  await mkdir(at('with a default list'))
  await tool('setfacl', '-d', '-m', 'u:1234:rwx', at('with a default list'))
  const file = await open(at('in pieces'), 'w')
  for (let i = 0; i < 300; i++) await file.write(bytesOf(`piece ${i}`, 4096), 0, 4096, i * 20_480)
  await file.close()
  await tool('fallocate', '-l', '3000000', at('never written'))
  await tool('fallocate', '-p', '-o', '8192', '-l', '12288', at('large'))
  await writeFile(at('repeating'), 'a line that repeats itself, more or less\n'.repeat(50_000))
  await writeFile(at('repeating, and noise'), mixed(900_001))
  await tool('cp', '--reflink=always', at('repeating'), at('a copy'))
  const copy = await open(at('a copy'), 'r+')
  for (let i = 0; i < 40; i++) await copy.write(bytesOf(`${i}`, 5000), 0, 5000, i * 50_001)
  await copy.close()
  await writeFile(at('small and repeating'), 'small '.repeat(300))
  await writeFile(at('grown'), 'small '.repeat(300))
  await truncate(at('grown'), 10_000)
  for (let i = 0; i < 40; i++) await writeFile(at(`gone ${i}`), 'gone')
  for (let i = 0; i < 40; i += 2) await rm(at(`gone ${i}`))
  await addSubvolumes(root)
}

/** Half of each 7,000 bytes repeats, half does not. */
function mixed(length: number): Buffer {
  const bytes = Buffer.alloc(length, 'repeats ')
  for (let at = 0; at + 3500 < length; at += 7000) bytesOf(`${at}`, 3500).copy(bytes, at)
  return bytes
}

async function addSubvolumes(root: string): Promise<void> {
  const at = (name: string) => join(root, name)
  await tool('btrfs', 'subvolume', 'create', at('sub'))
  for (let i = 0; i < 200; i++) await writeFile(at(`sub/file ${i}`), bytesOf(`sub ${i}`, i * 57))
  await mkdir(at('sub/within'))
  await tool('btrfs', 'subvolume', 'create', at('sub/within/inner'))
  await writeFile(at('sub/within/inner/deep'), 'deep')
  await tool('btrfs', 'subvolume', 'snapshot', '-r', at('sub'), at('snapshot'))
  for (let i = 0; i < 200; i += 3) await writeFile(at(`sub/file ${i}`), `changed ${i}`)
  await tool('btrfs', 'subvolume', 'snapshot', at('sub'), at('wide/second snapshot'))
  await tool('btrfs', 'subvolume', 'create', at('deleted'))
  await tool('btrfs', 'subvolume', 'delete', at('deleted'))
}

const built = []
for (const [name, { make, mount }] of isAble ? Object.entries(KINDS) : []) {
  const image = await makeBtrfs(name, make)
  const options = mount === '' ? ['mount'] : ['mount', '-o', mount]
  const tree = await whileMounted(image, mountPoint, options, () =>
    makeTree(mountPoint, {
      wide: name === 'btrfs' ? 2500 : 200,
      depth: 15,
      huge: name === 'btrfs',
    }),
  )
  built.push({ name, image, options, tree })
}

for (const { name, image, options, tree } of built) {
  contractSuite(name, () => openImage(image), tree)

  test(`${name}: is as the kernel sees it`, async () => {
    await whileMounted(image, mountPoint, options, () => fillFurther(mountPoint))
    const system = await openImage(image)
    assert.equal(system.label, name === 'btrfs' ? 'a label' : '')
    const { entries } = await whileMounted(image, mountPoint, ['mount', '-o', 'ro'], () =>
      compareWithMounted(system, mountPoint),
    )
    assert.deepEqual(system.warnings, [])
    assert.ok(entries > 700)
  })
}
