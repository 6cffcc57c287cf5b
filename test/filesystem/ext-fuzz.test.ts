import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { fetchPaths } from '../../core/filesystem/browse/fetch-paths.ts'
import { GuestVolumes } from '../../core/filesystem/browse/volumes.ts'
import type { ByteReader } from '../../core/filesystem/byte-reader.ts'
import { crc32c, uint32le } from '../../core/filesystem/crc32c.ts'
import { openExt } from '../../core/filesystem/ext/ext-file-system.ts'
import { EXT_KINDS, makeExt, makeTree } from '../support/ext-images.ts'
import { temporaryFolder } from '../support/images.ts'
import { mutate, seeded, type Spot } from '../support/mutate.ts'

const ROUNDS = Number(process.env['HOLDFAST_FUZZ_ROUNDS'] ?? 120)
const SEED = process.env['HOLDFAST_FUZZ_SEED'] ?? 'ext'
/** A walk over a whole damaged image; bytes of holes are not counted. */
const MOST_PARTS = 2_000

/** An image that asserts what readers promise: nothing outside, nothing huge. */
function checkedReader(bytes: Buffer): ByteReader {
  return {
    sizeBytes: bytes.length,
    async read(offset, length) {
      assert.ok(Number.isSafeInteger(offset) && Number.isSafeInteger(length))
      assert.ok(offset >= 0 && length >= 0 && offset + length <= bytes.length)
      assert.ok(length <= 4 * 2 ** 20, `a read of ${length} bytes`)
      return Buffer.from(bytes.subarray(offset, offset + length))
    },
  }
}

/** Superblock, descriptors, inode tables, and blocks of folders and trees. */
function spotsOf(image: Buffer, blockBytes: number, tables: readonly number[]): Spot[] {
  const descriptors = blockBytes === 1024 ? 2048 : blockBytes
  const inodes = tables.map((block) => [block * blockBytes, 16 * 1024] as const)
  const blocks: Spot[] = []
  for (let at = blockBytes; at < image.length; at += blockBytes) {
    const isTree = image.readUInt16LE(at) === 0xf30a
    const isFolder = image.readUInt16LE(at + 4) === 12 && image.readUInt16LE(at + 6) === 0x201
    if (isTree || isFolder) blocks.push([at, Math.min(256, blockBytes)])
  }
  return [[1024, 400], [descriptors, 64], ...inodes, ...inodes, ...blocks]
}

/** So that damage gets past being noticed at once. */
function repairChecksums(image: Buffer, blockBytes: number, tables: readonly number[]): void {
  if (!(image.readUInt32LE(1024 + 0x64) & 0x400)) return
  const seed = crc32c(0xffffffff, image.subarray(1024 + 0x68, 1024 + 0x78))
  const inodeBytes = image.readUInt16LE(1024 + 0x58)
  // The size itself may be what was damaged: then there are no checksums to repair.
  if (inodeBytes < 256) return
  for (const [group, table] of tables.entries()) {
    const perGroup = image.readUInt32LE(1024 + 0x28)
    for (let i = 0; i < Math.min(perGroup, 300); i++) {
      const at = table * blockBytes + i * inodeBytes
      const inode = image.subarray(at, at + inodeBytes)
      if (inode.length < inodeBytes) break
      inode.writeUInt16LE(0, 0x7c)
      const hasHigh = inode.readUInt16LE(0x80) >= 4
      if (hasHigh) inode.writeUInt16LE(0, 0x82)
      const number = crc32c(seed, uint32le(group * perGroup + i + 1))
      const sum = crc32c(crc32c(number, inode.subarray(0x64, 0x68)), inode)
      inode.writeUInt16LE(sum & 0xffff, 0x7c)
      if (hasHigh) inode.writeUInt16LE(sum >>> 16, 0x82)
    }
  }
  image.writeUInt32LE(crc32c(0xffffffff, image.subarray(1024, 1024 + 0x3fc)), 1024 + 0x3fc)
}

/** Walks everything; true where the root could be opened. */
async function walkAll(image: Buffer): Promise<boolean> {
  let isOpen = false
  try {
    const system = await openExt(checkedReader(image))
    isOpen = true
    let left = 2000
    for await (const entry of system.list(system.root)) {
      if (left-- === 0) break
      await system.attributes(entry.id).catch(requireTyped)
      await system.lookup(system.root, entry.name).catch(requireTyped)
    }
  } catch (error) {
    requireTyped(error)
  }
  const volumes = new GuestVolumes([{ name: 'disk', reader: checkedReader(image) }])
  let parts = 0
  for await (const part of fetchPaths(volumes, [Buffer.from('/')])) {
    if ('failed' in part)
      assert.notEqual(part.failed.failure.code, 'internal', part.failed.failure.message)
    if (parts++ > MOST_PARTS) break
  }
  return isOpen
}

function requireTyped(error: unknown): void {
  const isTyped = error instanceof Error && error.name === 'HoldfastError'
  const code = isTyped ? (error as Error & { code: string }).code : ''
  if (!code || code === 'internal') throw error
}

const KINDS = ['ext4', 'ext2, blocks of 1 KiB', 'ext4, inline data'] as const

for (const kind of KINDS satisfies readonly (keyof typeof EXT_KINDS)[])
  test(`${kind}: damaged images are refused or read, never worse (seed ${SEED})`, async (t) => {
    const folder = await temporaryFolder(t)
    await mkdir(join(folder, 'tree'))
    await makeTree(join(folder, 'tree'), { wide: 60, depth: 5, huge: false })
    await makeExt(join(folder, 'image'), kind, join(folder, 'tree'), 24 * 2 ** 20)
    const original = await readFile(join(folder, 'image'))
    const blockBytes = 1024 * 2 ** original.readUInt32LE(1024 + 0x18)
    const descriptors = blockBytes === 1024 ? 2048 : blockBytes
    const tables = [original.readUInt32LE(descriptors + 8)]
    const spots = spotsOf(original, blockBytes, tables)
    assert.ok(spots.length > 6, `${spots.length}`)
    let opened = 0
    for (let round = 0; round < ROUNDS; round++) {
      const image = Buffer.from(original)
      mutate(image, spots, seeded(`${SEED} ${kind} ${round}`))
      repairChecksums(image, blockBytes, tables)
      try {
        opened += (await walkAll(image)) ? 1 : 0
      } catch (error) {
        throw new Error(`seed ${SEED}, round ${round}`, { cause: error })
      }
    }
    assert.ok(opened * 2 >= ROUNDS, `only ${opened} of ${ROUNDS} got past being opened`)
  })
