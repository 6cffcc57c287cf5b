import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, describe } from 'node:test'
import { openFat } from '../../core/filesystem/fat/fat-file-system.ts'
import { recognisesFat } from '../../core/filesystem/fat/geometry.ts'
import type { GuestFileSystem } from '../../core/filesystem/file-system.ts'
import { bytesOf, fileReader, tool } from '../support/ext-images.ts'
import { hasTool, lacksTool } from '../support/needs.ts'
import { makePlainTree, writtenAt, type PlainTree } from '../support/plain-tree.ts'
import { contractSuite, walk } from './contract.suite.ts'

Object.assign(process.env, { TZ: 'UTC', LC_ALL: 'C.UTF-8', MTOOLS_SKIP_CHECK: '1' })

const folder = await mkdtemp(join(tmpdir(), 'holdfast-fat-'))
const closers: (() => Promise<void>)[] = []
after(async () => {
  for (const close of closers) await close()
  await rm(folder, { recursive: true })
})

const MIB = 2 ** 20
const KINDS = {
  fat12: { sizeBytes: 7 * MIB, options: ['-F', '12', '-s', '4'], wide: 150 },
  fat16: { sizeBytes: 24 * MIB, options: ['-F', '16', '-s', '4'], wide: 500 },
  fat32: { sizeBytes: 72 * MIB, options: ['-F', '32', '-s', '2', '-n', 'A LABEL'], wide: 150 },
} as const
type Kind = keyof typeof KINDS

async function emptyImage(name: string, kind: Kind): Promise<string> {
  const image = join(folder, `${name}.img`)
  await writeFile(image, '')
  await truncate(image, KINDS[kind].sizeBytes)
  await tool('mkfs.fat', ...KINDS[kind].options, image)
  return image
}

/** Gaps first, then the tree into them: files in pieces, entries that were used before. */
async function fill(image: string, tree: string): Promise<void> {
  const gaps = join(folder, 'gaps')
  await mkdir(gaps, { recursive: true })
  for (let i = 0; i < 150; i++) await writeFile(join(gaps, `gap to be ${i}`), bytesOf('gap', 5000))
  await tool('mcopy', '-i', image, '-s', gaps, '::')
  await tool('mdel', '-i', image, '::gaps/*[02468]')
  const names = await readdir(tree)
  await tool('mcopy', '-i', image, '-s', '-m', ...names.map((name) => join(tree, name)), '::')
  await tool('mdeltree', '-i', image, '::gaps')
}

async function openImage(image: string): Promise<GuestFileSystem> {
  const reader = await fileReader(image)
  closers.push(() => reader.close())
  return openFat(reader)
}

const built = new Map<Kind, { image: string; tree: PlainTree }>()
const hasTools = ['mkfs.fat', 'mcopy'].every(hasTool)
const kinds = hasTools ? (Object.keys(KINDS) as Kind[]) : []
for (const kind of kinds) {
  const source = join(folder, kind)
  await mkdir(source)
  const tree = await makePlainTree(source, KINDS[kind].wide)
  const image = await emptyImage(kind, kind)
  await fill(image, source)
  built.set(kind, { image, tree })
}

for (const [kind, { image, tree }] of built) {
  contractSuite(kind, () => openImage(image), tree.expected)

  test(`${kind}: is recognised, has its label and the times of its files`, async () => {
    assert.ok(recognisesFat((await readFile(image)).subarray(0, 512)))
    const system = await openImage(image)
    assert.equal(system.kind, kind)
    assert.equal(system.label, kind === 'fat32' ? 'A LABEL' : '')
    assert.deepEqual(system.warnings, [])
    const found = await walk(system)
    for (const [index, path] of tree.files.entries()) {
      const entry = found.get(Buffer.from(path).toString('latin1'))
      const { modifiedAt } = await system.status(entry?.id ?? '')
      assert.equal(modifiedAt, BigInt(writtenAt(index)) * 1_000_000_000n, path)
    }
  })

  test(`${kind}: another reader sees the same names`, async (t) => {
    if (lacksTool(t, 'fls')) return
    const listed = await tool('fls', '-r', '-p', '-u', '-F', image)
    const theirs = listed
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(line.indexOf('\t') + 1))
      .filter((name) => !name.startsWith('$') || name === '$x')
      .filter((name) => name !== 'A LABEL     (Volume Label Entry)')
    const entries = await walk(await openImage(image))
    const ours = [...entries]
      .filter(([, { type }]) => type === 'file')
      .map(([path]) => Buffer.from(path, 'latin1').toString())
    // It cuts the longest names.
    const cut = (name: string) => name.slice(0, 200)
    assert.deepEqual(ours.map(cut).sort(), theirs.map(cut).sort())
  })
}

test('fat: names are found in any case', async (t) => {
  if (lacksTool(t, 'mcopy') || lacksTool(t, 'mkfs.fat')) return
  const system = await openImage(built.get('fat16')?.image ?? '')
  for (const name of ['upper.txt', 'LOWER.TXT', 'mixed.txt', 'üNÏCÖDÉ ß.TXT']) {
    const entry = await system.lookup(system.root, Buffer.from(name))
    assert.equal(entry?.name.toString().toUpperCase(), name.toUpperCase())
  }
})

describe('fat: hostile images', () => {
  test('a chain in a circle is damage', async (t) => {
    if (lacksTool(t, 'mcopy') || lacksTool(t, 'mkfs.fat')) return
    const image = await emptyImage('circle', 'fat16')
    const source = join(folder, 'circle')
    await writeFile(source, bytesOf('circle', 200_000))
    await tool('mcopy', '-i', image, source, '::')
    const bytes = await readFile(image)
    // The table is behind one or more reserved sectors; the file's chain is 2, 3, 4, …
    const table = bytes.readUInt16LE(14) * bytes.readUInt16LE(11)
    bytes.writeUInt16LE(40, table + 50 * 2)
    await writeFile(image, bytes)
    const system = await openImage(image)
    const entry = await system.lookup(system.root, Buffer.from('circle'))
    const file = await system.open(entry?.id ?? '')
    await assert.rejects(file.read(0, 200_000), { code: 'filesystem-damaged' })
    const beginning = await file.read(0, 40 * 2048)
    assert.ok(beginning.equals(bytesOf('circle', 200_000).subarray(0, 40 * 2048)))
  })

  test('a short name with zeros in it ends there, and does not hide its folder', async (t) => {
    if (lacksTool(t, 'mcopy') || lacksTool(t, 'mkfs.fat')) return
    const image = await emptyImage('zeros', 'fat16')
    for (const name of ['FIRST.TXT', 'ZEROSINN.AME', 'LAST.TXT']) {
      await writeFile(join(folder, name), name)
      await tool('mcopy', '-i', image, join(folder, name), '::')
    }
    const bytes = await readFile(image)
    // As mtools 4.0.32 writes some names that begin with `~`.
    Buffer.from('Z \0\0\0\0\0\0A\0E').copy(bytes, bytes.indexOf('ZEROSINNAME'))
    await writeFile(image, bytes)
    const system = await openImage(image)
    assert.deepEqual([...(await walk(system)).keys()], ['FIRST.TXT', 'Z.A', 'LAST.TXT'])
    const entry = await system.lookup(system.root, Buffer.from('z.a'))
    const file = await system.open(entry?.id ?? '')
    assert.equal((await file.read(0, 100)).toString(), 'ZEROSINN.AME')
  })
})
