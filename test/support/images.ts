import { execFile } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const BLOCK = 4096

/**
 * Bytes of a guest disk: every 4 KiB block differs from every other and from those of another seed;
 * every seventh is zero, and so is the range from 1 to 2 MiB; the last block is short.
 */
export function guestContent(seed: string, sizeBytes: number): Buffer {
  const key = createHash('sha256').update(seed).digest()
  const noise = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes))
  const bytes = Buffer.alloc(sizeBytes)
  for (let index = 0; index * BLOCK < sizeBytes; index++) {
    if (index % 7 === 3 || isInZeroRange(index)) continue
    const block = bytes.subarray(index * BLOCK, (index + 1) * BLOCK)
    // Half of a block is a pattern, so that it compresses; half is noise, so that it does not vanish.
    block.fill(`${seed} ${index}. `)
    noise.copy(block, 0, index * BLOCK, index * BLOCK + Math.ceil(block.length / 2))
  }
  return bytes
}

function isInZeroRange(index: number): boolean {
  return index >= 256 && index < 512
}

/** 5 MiB, three blocks and 1,536 bytes: no multiple of a block, a grain, a cluster or a chunk. */
export const GUEST_BYTES = 5 * 2 ** 20 + 3 * BLOCK + 3 * 512

/** How an image of each kind is made from a raw file by the tool that owns the format. */
export const IMAGE_KINDS = {
  'plain.qcow2': ['qcow2'],
  'old.qcow2': ['qcow2', 'compat=0.10'],
  'small-clusters.qcow2': ['qcow2', 'cluster_size=512'],
  'large-clusters.qcow2': ['qcow2', 'cluster_size=2M'],
  'subclusters.qcow2': ['qcow2', 'extended_l2=on,cluster_size=64k'],
  'compressed.qcow2': ['qcow2', 'compressed'],
  'zstd.qcow2': ['qcow2', 'compression_type=zstd', 'compressed'],
  'dynamic.vhd': ['vpc', 'force_size=on'],
  'fixed.vhd': ['vpc', 'subformat=fixed,force_size=on'],
  'rounded.vhd': ['vpc'],
  'dynamic.vhdx': ['vhdx', 'block_size=1M'],
  'fixed.vhdx': ['vhdx', 'subformat=fixed'],
  'sparse.vmdk': ['vmdk', 'subformat=monolithicSparse'],
  'flat.vmdk': ['vmdk', 'subformat=monolithicFlat'],
  'split.vmdk': ['vmdk', 'subformat=twoGbMaxExtentSparse'],
  'split-flat.vmdk': ['vmdk', 'subformat=twoGbMaxExtentFlat'],
  'stream.vmdk': ['vmdk', 'subformat=streamOptimized'],
} as const satisfies Record<string, readonly string[]>

export type ImageKind = keyof typeof IMAGE_KINDS
export const IMAGE_NAMES = Object.keys(IMAGE_KINDS) as ImageKind[]

/** Makes an image of this kind, with these bytes as its disk, in `folder`; returns its path. */
export async function makeImage(folder: string, kind: ImageKind, guest: Buffer): Promise<string> {
  const [driver, ...settings] = IMAGE_KINDS[kind]
  const raw = join(folder, `.${kind}.guest`)
  const path = join(folder, kind)
  await writeFile(raw, guest)
  const isCompressed = (settings as string[]).includes('compressed')
  const options = (settings as string[]).filter((one) => one !== 'compressed')
  await qemuImg(
    'convert',
    ...(isCompressed ? ['-c'] : []),
    ...['-f', 'raw', '-O', driver],
    ...options.flatMap((one) => ['-o', one]),
    ...[raw, path],
  )
  await rm(raw)
  return path
}

/** The guest's bytes as `qemu-img` reads them: the oracle for everything that we read ourselves. */
export async function guestBytes(path: string, driver: string): Promise<Buffer> {
  const raw = join(await mkdtemp(join(tmpdir(), 'holdfast-guest-')), 'raw')
  try {
    await qemuImg('convert', '-f', driver, '-O', 'raw', path, raw)
    return await readFile(raw)
  } finally {
    await rm(join(raw, '..'), { recursive: true })
  }
}

export async function qemuImg(...args: string[]): Promise<string> {
  return (await run('qemu-img', args)).stdout
}

/** Changes an image as its guest would. */
export async function qemuIo(path: string, driver: string, ...commands: string[]): Promise<void> {
  await run('qemu-io', ['-f', driver, ...commands.flatMap((one) => ['-c', one]), path])
}

/** A folder that is gone after the test. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}
