import { mkdir, readdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesOf, EXT_KINDS, makeExt, tool } from '../ext-images.ts'
import { whileMounted } from '../image-mount.ts'
import type { FuzzTarget } from './target.ts'

const MIB = 2 ** 20

/** Few of each: rounds are short, and changes hit what is read. */
async function makeSmallTree(root: string, hasLinks: boolean): Promise<void> {
  const at = (...names: string[]) => join(root, ...names)
  for (const size of [0, 1, 100, 5000, 70_000])
    await writeFile(at(`size ${size}`), bytesOf(`${size}`, size))
  await mkdir(at('wide'))
  for (let i = 0; i < 70; i++)
    await writeFile(at('wide', `${'entry '.repeat(1 + (i % 9))}${i}`), bytesOf(`${i}`, i))
  await mkdir(at('deep', 'deeper', 'deepest'), { recursive: true })
  await writeFile(at('deep', 'deeper', 'deepest', 'file'), bytesOf('deep', 300))
  if (!hasLinks) return
  await symlink('size 100', at('short link'))
  await symlink('far/'.repeat(60), at('long link'))
}

/** Extents that do not fit into an inode, holes, and attributes in and outside of it. */
async function addPieces(root: string): Promise<void> {
  const file = join(root, 'in pieces')
  await writeFile(file, '')
  const commands: string[] = []
  for (let i = 0; i < 60; i++) commands.push('-c', `pwrite -q ${((i * 7) % 61) * 8192} 1024`)
  await tool('xfs_io', ...commands, file)
  await tool('setfattr', '-n', 'user.small', '-v', 'value', file)
  const names = Array.from(
    { length: 6 },
    (_, i) => `user.${'n'.repeat(40)}${i}="${'v'.repeat(60)}"`,
  )
  await writeFile(`${root}.attributes`, `# file: ${file}\n${names.join('\n')}\n`)
  await tool('setfattr', `--restore=${root}.attributes`)
}

type Make = (folder: string, image: string) => Promise<void>

function ext(kind: keyof typeof EXT_KINDS): Make {
  return async (folder, image) => {
    const tree = join(folder, 'tree')
    await mkdir(tree)
    await makeSmallTree(tree, true)
    await makeExt(image, kind, tree, 8 * MIB)
  }
}

/** A journal with changes that are nowhere else. */
const extCut: Make = async (folder, image) => {
  const whole = `${image}.whole`
  await empty(whole, 16 * MIB)
  await tool('mke2fs', '-q', '-F', '-t', 'ext4', '-b', '1024', '-J', 'size=2', whole)
  const root = join(folder, 'mounted')
  await whileMounted(whole, root, ['mount'], async () => {
    await makeSmallTree(root, true)
    await tool('sync', '-f', root)
    await addPieces(root)
    await tool('rm', '-r', join(root, 'deep'))
    await tool('sync', '-f', root)
    await tool('cp', whole, image)
  })
}

function xfs(options: readonly string[], isCut: boolean): Make {
  return async (folder, image) => {
    const whole = `${image}.whole`
    await empty(whole, 32 * MIB)
    const small = ['TEST_DIR=1', 'TEST_DEV=1', 'QA_CHECK_FS=1']
    const make = ['mkfs.xfs', '-q', '-b', 'size=1024', ...options, whole]
    await tool('env', ...small, ...make)
    const root = join(folder, 'mounted')
    await whileMounted(whole, root, ['mount'], async () => {
      await makeSmallTree(root, true)
      await tool('sync', '-f', root)
      await addPieces(root)
      await tool('rm', '-r', join(root, 'deep'))
      if (isCut) await tool('xfs_io', '-x', '-c', 'shutdown -f', root)
    })
    await tool('cp', whole, image)
  }
}

/** Kernels of today do not mount version 4: mkfs.xfs itself copies a folder of files into it. */
const xfs4: Make = async (folder, image) => {
  const tree = join(folder, 'tree')
  await mkdir(tree)
  await makeSmallTree(tree, false)
  const lines = ['none', '0 0', 'd--755 0 0', 'wide d--755 0 0']
  for (const name of await readdir(join(tree, 'wide')))
    lines.push(`${name.replaceAll(' ', '-')} ---644 0 0 ${join(tree, 'odd')}`)
  await writeFile(join(tree, 'odd'), bytesOf('odd', 3000))
  lines.push(
    '$',
    `link l--777 0 0 ${'far/'.repeat(60)}`,
    `large ---644 0 0 ${join(tree, 'odd')}`,
    '$',
  )
  await writeFile(`${tree}.list`, `${lines.join('\n')}\n`)
  await empty(image, 32 * MIB)
  const small = ['TEST_DIR=1', 'TEST_DEV=1', 'QA_CHECK_FS=1']
  const make = ['-q', '-m', 'crc=0', '-b', 'size=1024', '-p', `${tree}.list`, image]
  await tool('env', ...small, 'mkfs.xfs', ...make)
}

const ntfs: Make = async (folder, image) => {
  await empty(image, 8 * MIB)
  await tool('mkntfs', '-F', '-Q', '-q', '-c', '1024', image)
  const root = join(folder, 'mounted')
  const driver = ['ntfs-3g', '-o', 'streams_interface=windows,compression']
  await whileMounted(image, root, driver, async () => {
    await makeSmallTree(root, true)
    await writeFile(join(root, 'size 100:stream'), bytesOf('stream', 3000))
    const packed = join(root, 'packed')
    await mkdir(packed)
    await tool('setfattr', '-h', '-v', '0x00000810', '-n', 'system.ntfs_attrib_be', packed)
    await writeFile(join(packed, 'text'), 'line of text\n'.repeat(9000))
    await tool('truncate', '-s', '3M', join(root, 'sparse'))
    await writeFile(join(root, 'sparse'), 'end', { flag: 'a' })
  })
}

const btrfs: Make = async (folder, image) => {
  const tree = join(folder, 'tree')
  await mkdir(tree)
  await makeSmallTree(tree, true)
  await empty(image, 20 * MIB)
  await tool('mkfs.btrfs', '-q', '--mixed', '-n', '4096', '--rootdir', tree, image)
}

/** What was synced after the last commit, compressed content, and a snapshot. */
const btrfsLog: Make = async (folder, image) => {
  const whole = `${image}.whole`
  await empty(whole, 24 * MIB)
  await tool('mkfs.btrfs', '-q', '--mixed', '-n', '4096', whole)
  const root = join(folder, 'mounted')
  await whileMounted(whole, root, ['mount', '-o', 'commit=300,compress=lzo'], async () => {
    await makeSmallTree(root, true)
    await writeFile(join(root, 'repeats'), 'a line that repeats itself\n'.repeat(8000))
    await tool('btrfs', 'subvolume', 'snapshot', root, join(root, 'snapshot'))
    await tool('sync', '-f', root)
    await addPieces(root)
    await tool('mv', join(root, 'size 5000'), join(root, 'moved'))
    await tool('rm', join(root, 'wide', 'entry 0'))
    await writeFile(join(root, 'wide', 'new'), bytesOf('new', 9000))
    for (const name of ['in pieces', 'moved', 'wide', 'wide/new'])
      await tool('xfs_io', '-r', '-c', 'fsync', join(root, name))
    await tool('cp', whole, image)
  })
}

function fat(width: string, sizeBytes: number): Make {
  return async (folder, image) => {
    const tree = join(folder, 'tree')
    await mkdir(tree)
    await makeSmallTree(tree, false)
    await empty(image, sizeBytes)
    await tool('mkfs.fat', '-F', width, '-s', '1', image)
    const names = (await readdir(tree)).map((name) => join(tree, name))
    await tool('mcopy', '-i', image, '-s', ...names, '::')
  }
}

const exfat: Make = async (folder, image) => {
  await empty(image, 8 * MIB)
  await tool('mkfs.exfat', image)
  const root = join(folder, 'mounted')
  await whileMounted(image, root, ['mount.exfat-fuse'], () => makeSmallTree(root, false))
}

async function empty(image: string, sizeBytes: number): Promise<void> {
  await writeFile(image, '')
  await truncate(image, sizeBytes)
}

interface ImageMaker {
  readonly name: string
  readonly kind: FuzzTarget['kind']
  readonly needs: readonly string[]
  readonly mounts?: 'kernel' | 'fuse'
  readonly make: Make
}

const KERNEL = { needs: ['xfs_io', 'setfattr', 'mkfs.xfs', 'mke2fs'], mounts: 'kernel' } as const

export const FUZZ_IMAGES: readonly ImageMaker[] = [
  { name: 'ext4', kind: 'ext', needs: ['mke2fs'], make: ext('ext4') },
  { name: 'ext2', kind: 'ext', needs: ['mke2fs'], make: ext('ext2, blocks of 1 KiB') },
  { name: 'ext4-inline', kind: 'ext', needs: ['mke2fs'], make: ext('ext4, inline data') },
  { name: 'ext4-journal', kind: 'ext', ...KERNEL, make: extCut },
  { name: 'xfs', kind: 'xfs', ...KERNEL, make: xfs([], false) },
  { name: 'xfs-log', kind: 'xfs', ...KERNEL, make: xfs(['-n', 'size=4096'], true) },
  { name: 'xfs4', kind: 'xfs', needs: ['mkfs.xfs'], make: xfs4 },
  { name: 'btrfs', kind: 'btrfs', needs: ['mkfs.btrfs'], make: btrfs },
  {
    name: 'btrfs-log',
    kind: 'btrfs',
    ...KERNEL,
    needs: [...KERNEL.needs, 'btrfs'],
    make: btrfsLog,
  },
  {
    name: 'ntfs',
    kind: 'ntfs',
    needs: ['mkntfs', 'ntfs-3g', 'setfattr'],
    mounts: 'fuse',
    make: ntfs,
  },
  { name: 'fat12', kind: 'fat', needs: ['mkfs.fat', 'mcopy'], make: fat('12', 2 * MIB) },
  { name: 'fat16', kind: 'fat', needs: ['mkfs.fat', 'mcopy'], make: fat('16', 4 * MIB) },
  { name: 'fat32', kind: 'fat', needs: ['mkfs.fat', 'mcopy'], make: fat('32', 36 * MIB) },
  {
    name: 'exfat',
    kind: 'exfat',
    needs: ['mkfs.exfat', 'mount.exfat-fuse'],
    mounts: 'fuse',
    make: exfat,
  },
]
