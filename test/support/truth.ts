import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { mkdir, open, readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openFileSystem } from '../../core/filesystem/open.ts'
import type { GuestFileSystem } from '../../core/filesystem/file-system.ts'
import { probe } from '../../core/filesystem/probe.ts'
import { walk } from '../filesystem/contract.suite.ts'
import { bytesOf, fileReader, tool } from './ext-images.ts'
import { whileMounted } from './image-mount.ts'
import { compareWithMounted, type Compared } from './mounted.ts'
import { RandomTree, type TreeKind } from './random-tree.ts'

const MIB = 2 ** 20
const run = promisify(execFile)

/** One file system, how it is filled, and by what it is read beside our reader. */
export interface TruthKind {
  readonly needs: readonly string[]
  readonly driver: 'kernel' | 'fuse'
  readonly make: readonly string[]
  /** For writing, and for reading. */
  readonly mount: readonly [readonly string[], readonly string[]]
  readonly tree: TreeKind
  readonly compared: Compared
  /** Reads a file by its number, from the image. */
  readonly cat?: (image: string, id: string) => readonly [string, ...string[]]
}

const UNIX_TREE = { unix: true, links: true, sparse: true, emoji: true }
const UNIX = { unix: true, links: true, allTimes: true, stepNs: 1n }
const KERNEL = {
  driver: 'kernel',
  mount: [['mount'], ['mount', '-o', 'ro']],
  tree: UNIX_TREE,
  compared: UNIX,
} as const

export const TRUTH_KINDS: Readonly<Record<string, TruthKind>> = {
  ext4: {
    ...KERNEL,
    needs: ['mke2fs', 'setfattr', 'icat'],
    make: ['mke2fs', '-q', '-F', '-t', 'ext4'],
    cat: (image, id) => ['icat', image, id],
  },
  xfs: { ...KERNEL, needs: ['mkfs.xfs', 'setfattr'], make: ['mkfs.xfs', '-q'] },
  btrfs: {
    ...KERNEL,
    needs: ['mkfs.btrfs', 'setfattr'],
    make: ['mkfs.btrfs', '-q'],
    mount: [
      ['mount', '-o', 'compress=zstd'],
      ['mount', '-o', 'ro'],
    ],
  },
  ntfs: {
    needs: ['mkntfs', 'ntfs-3g', 'ntfscat', 'icat'],
    driver: 'fuse',
    make: ['mkntfs', '-F', '-Q', '-q'],
    mount: [['ntfs-3g'], ['ntfs-3g', '-o', 'ro']],
    tree: { unix: false, links: true, sparse: true, emoji: true },
    compared: { unix: false, links: true, allTimes: false, stepNs: 1n },
    cat: (image, id) => ['ntfscat', '-f', '-i', String(id.split('-')[0]), image],
  },
  exfat: {
    needs: ['mkfs.exfat', 'mount.exfat-fuse'],
    driver: 'fuse',
    make: ['mkfs.exfat'],
    mount: [['mount.exfat-fuse'], ['mount.exfat-fuse', '-o', 'ro']],
    tree: { unix: false, links: false, sparse: false, emoji: true },
    compared: { unix: false, links: false, allTimes: false, stepNs: 2_000_000_000n },
  },
}

export interface TruthSize {
  readonly imageBytes: number
  readonly steps: number
  /** Of a file beyond 4 GiB: pieces of data in it, or all of it. */
  readonly huge: 'pieces' | 'whole' | 'none'
}

/** Fills an image by its driver, and compares all of it with what the driver reads afterwards. */
export async function compareTruth(
  kind: TruthKind,
  folder: string,
  seed: string,
  size: TruthSize,
): Promise<number> {
  const image = join(folder, 'image')
  const mountPoint = join(folder, 'mounted')
  await writeFile(image, '')
  await truncate(image, size.imageBytes)
  const [make = '', ...words] = kind.make
  await tool(make, ...words, image)
  await whileMounted(image, mountPoint, kind.mount[0], async () => {
    await mkdir(join(mountPoint, 'tree'))
    new RandomTree(join(mountPoint, 'tree'), seed, kind.tree).grow(size.steps)
    if (kind.compared.unix) await addAttributes(folder, join(mountPoint, 'tree'))
    if (size.huge !== 'none') await addHuge(join(mountPoint, 'huge'), size.huge === 'whole')
  })
  const reader = await fileReader(image)
  try {
    const system = await openFileSystem(reader, await probe(reader), 'the image')
    assert.deepEqual(system.warnings, [])
    const { entries } = await whileMounted(image, mountPoint, kind.mount[1], () =>
      compareWithMounted(system, mountPoint, kind.compared),
    )
    if (kind.cat) await compareByNumber(system, image, kind.cat)
    return entries
  } finally {
    await reader.close()
  }
}

/** One in seven of the root's plain names gets attributes of all lengths. */
async function addAttributes(folder: string, root: string): Promise<void> {
  const entries = await readdir(root, { withFileTypes: true })
  const names = entries.flatMap((entry) =>
    !entry.isSymbolicLink() && /^[a-z0-9]+$/.test(entry.name) ? [entry.name] : [],
  )
  const blocks = names
    .filter((_, at) => at % 7 === 0)
    .map((name, at) => {
      const values = Array.from(
        { length: 1 + (at % 4) },
        (_, i) =>
          `user.${'n'.repeat(1 + ((at * 13) % 60))}${i}=0x${bytesOf(`${at} ${i}`, (at * 37) % 700).toString('hex')}`,
      )
      return `# file: ${join(root, name)}\n${values.join('\n')}\n`
    })
  assert.ok(blocks.length > 0)
  const list = join(folder, 'attributes')
  await writeFile(list, blocks.join('\n'))
  await tool('setfattr', `--restore=${list}`)
}

const HUGE_BYTES = 2 ** 32 + 77 * MIB + 5

/** Longer than 32 bits can say; in pieces, written from the end on, or whole. */
async function addHuge(path: string, isWhole: boolean): Promise<void> {
  const file = await open(path, 'w')
  const piece = 3 * MIB + 777
  const count = Math.ceil(HUGE_BYTES / piece)
  await file.truncate(HUGE_BYTES)
  for (let at = count - 1; at >= 0; at--) {
    if (!isWhole && at % 211 !== 0 && at !== count - 1) continue
    const length = Math.min(piece, HUGE_BYTES - at * piece)
    await file.write(bytesOf(`huge ${at}`, length), 0, length, at * piece)
  }
  await file.close()
}

const SAMPLED = 25

/** Some of the files, as a tool gives them that knows them by their number and mounts nothing. */
async function compareByNumber(
  system: GuestFileSystem,
  image: string,
  cat: NonNullable<TruthKind['cat']>,
): Promise<void> {
  const entries = [...(await walk(system)).values()].filter(({ type }) => type === 'file')
  const step = Math.max(1, Math.floor(entries.length / SAMPLED))
  for (let at = 0; at < entries.length; at += step) {
    const { id, name } = entries[at]!
    const file = await system.open(id)
    if (file.sizeBytes > MIB) continue
    const [command, ...words] = cat(image, id)
    const { stdout } = await run(command, words, { encoding: 'buffer', maxBuffer: 2 * MIB })
    assert.equal(digest(stdout), digest(await file.read(0, MIB)), name.toString())
  }
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
