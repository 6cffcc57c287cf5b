import assert from 'node:assert/strict'
import { mkdir, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import type { GuestFileSystem } from '../../core/filesystem/file-system.ts'
import { recognisesXfs } from '../../core/filesystem/xfs/superblock.ts'
import { openXfs } from '../../core/filesystem/xfs/xfs-file-system.ts'
import { bytesOf, fileReader, makeTree, tool } from '../support/ext-images.ts'
import { canMount, whileMounted } from '../support/image-mount.ts'
import { compareWithMounted } from '../support/mounted.ts'
import { hasTool } from '../support/needs.ts'
import { contractSuite, type ExpectedNode } from './contract.suite.ts'

const folder = await mkdtemp(join(tmpdir(), 'holdfast-xfs-'))
const mountPoint = join(folder, 'mounted')
const closers: (() => Promise<void>)[] = []
after(async () => {
  for (const close of closers) await close()
  await rm(folder, { recursive: true })
})

const KINDS: Record<string, readonly string[]> = {
  xfs: ['-L', 'a label'],
  'xfs, blocks of 1 KiB, folders of 8 KiB': ['-b', 'size=1024', '-n', 'size=8192'],
  'xfs, old times, large inodes': ['-m', 'bigtime=0,reflink=0', '-i', 'size=1024,sparse=0'],
}
const isAble = ['mkfs.xfs', 'setfattr', 'setfacl'].every(hasTool) && (await canMount('kernel'))
const MIB = 2 ** 20

async function makeXfs(name: string, options: readonly string[]): Promise<string> {
  const image = join(folder, `${name}.img`)
  await writeFile(image, '')
  await truncate(image, 320 * MIB)
  await tool('mkfs.xfs', '-q', ...options, image)
  return image
}

async function filled(name: string, wide: number) {
  const image = await makeXfs(name, KINDS[name] ?? [])
  const tree = await whileMounted(image, mountPoint, ['mount'], () =>
    makeTree(mountPoint, { wide, depth: 15, huge: name === 'xfs' }),
  )
  return { name, image, tree }
}

async function reading(image: string): Promise<ByteReader> {
  const reader = await fileReader(image)
  closers.push(() => reader.close())
  return reader
}

async function openImage(image: string): Promise<GuestFileSystem> {
  return openXfs(await reading(image))
}

const built = []
for (const name of isAble ? Object.keys(KINDS) : [])
  built.push(await filled(name, name === 'xfs' ? 2500 : 300))
for (const { name, image, tree } of built) {
  contractSuite(name, () => openImage(image), tree)

  test(`${name}: is as the kernel sees it`, async () => {
    await whileMounted(image, mountPoint, ['mount'], () => fillFurther(mountPoint))
    const system = await openImage(image)
    assert.ok(recognisesXfs(await (await reading(image)).read(0, 512)))
    assert.deepEqual(system.warnings, [])
    assert.equal(system.label, name === 'xfs' ? 'a label' : '')
    const options = ['mount', '-o', 'ro,norecovery']
    const { entries } = await whileMounted(image, mountPoint, options, () =>
      compareWithMounted(system, mountPoint),
    )
    assert.ok(entries > 300)
  })
}

/** What the common tree has not: devices, attributes of any size, shared blocks, many pieces. */
async function fillFurther(root: string): Promise<void> {
  const at = (name: string) => join(root, name)
  // To compare it byte by byte takes half a minute; the parts of it that are no hole were.
  await rm(at('huge'), { force: true })
  await tool('mkfifo', at('fifo'))
  await tool('mknod', at('null'), 'c', '1', '3')
  await tool('mknod', at('block device'), 'b', '259', '200')
  await tool('chmod', '6751', at('odd'))
  await tool('chown', '12345:54321', at('odd'))
  for (const [name, length] of Object.entries({ few: 10, some: 900, large: 60_000 })) {
    await writeFile(at(name), '')
    const value = `0x${bytesOf(name, length).toString('hex')}`
    for (let i = 0; i < 3; i++)
      await tool('setfattr', '-n', `user.${name}${i}`, '-v', value, at(name))
  }
  await writeFile(at('many'), '')
  const names = Array.from(
    { length: 100 },
    (_, i) => `user.${'long-name-'.repeat(8)}${i}="value ${i}"`,
  )
  await writeFile(join(root, '../attributes'), `# file: ${at('many')}\n${names.join('\n')}\n`)
  await tool('setfattr', `--restore=${join(root, '../attributes')}`)
  await tool('setfattr', '-n', 'trusted.t', '-v', '1', at('few'))
  await tool('setfacl', '-m', 'u:1234:rw,g:4321:r', at('few'))
  await mkdir(at('with a default list'))
  await tool('setfacl', '-d', '-m', 'u:1234:rwx', at('with a default list'))
  const file = await open(at('in pieces'), 'w')
  for (let i = 0; i < 900; i++) await file.write(bytesOf(`piece ${i}`, 4096), 0, 4096, i * 20_480)
  await file.close()
  await tool('fallocate', '-l', '3000000', at('never written'))
  await tool('cp', '--reflink=auto', at('large'), at('a copy of large'))
  // Entries and inodes that were used before.
  for (let i = 0; i < 40; i++) await writeFile(at(`gone ${i}`), 'gone')
  for (let i = 0; i < 40; i += 2) await rm(at(`gone ${i}`))
}

/** Kernels of today do not mount version 4: mkfs.xfs itself fills these, from a list. */
async function filledByMkfs(name: string, options: readonly string[]): Promise<string> {
  const lines = ['none', '0 0', 'd--755 0 0']
  for (const [path, node] of version4) {
    if (path.includes('/')) continue
    if (node.type === 'link') lines.push(`${path} l--777 0 0 ${node.target.toString()}`)
    if (node.type === 'file') lines.push(`${path} ---640 7 9 ${join(folder, 'proto', path)}`)
    if (node.type !== 'folder') continue
    lines.push(`${path} d--755 0 0`)
    for (const inside of version4.keys())
      if (inside.startsWith(`${path}/`))
        lines.push(`${inside.slice(path.length + 1)} ---644 0 0 ${join(folder, 'proto', inside)}`)
    lines.push('$')
  }
  const list = join(folder, 'list')
  await writeFile(list, [...lines, '$', ''].join('\n'))
  return makeXfs(name, [...options, '-p', list])
}

const version4 = new Map<string, ExpectedNode>()
async function addVersion4(path: string, content: Buffer): Promise<void> {
  await writeFile(join(folder, 'proto', path), content)
  version4.set(path, { type: 'file', content })
}
for (const [name, count] of Object.entries({ few: 3, some: 40, wide: 1200 })) {
  await mkdir(join(folder, 'proto', name), { recursive: true })
  version4.set(name, { type: 'folder' })
  for (let i = 0; i < count; i++)
    await addVersion4(`${name}/${'long-'.repeat(i % 12)}name-${i}`, bytesOf(`v4 ${i}`, i * 3))
}
await addVersion4('large', bytesOf('large', 3 * MIB + 5))
version4.set('link', { type: 'link', target: Buffer.from('some/name-0') })
version4.set('long-link', { type: 'link', target: Buffer.from('far/'.repeat(200)) })

const VERSION_4 = {
  'xfs 4': ['-m', 'crc=0'],
  'xfs 4, no types, folders of 16 KiB': ['-m', 'crc=0', '-n', 'ftype=0,size=16384'],
}
for (const [name, options] of hasTool('mkfs.xfs') ? Object.entries(VERSION_4) : []) {
  const image = await filledByMkfs(name, options)
  contractSuite(name, () => openImage(image), version4)
}
