import { dirname, join } from 'node:path'
import { checkQcow2 } from '../../core/disk/format/qcow2-tables.ts'
import { readQcow2 } from '../../core/disk/format/qcow2.ts'
import { readVhd, checkVhd } from '../../core/disk/format/vhd.ts'
import { readVhdx, checkVhdx } from '../../core/disk/format/vhdx.ts'
import { checkSparse, readSparse, readVmdk, type Vmdk } from '../../core/disk/format/vmdk.ts'
import type { VmdkExtent } from '../../core/disk/format/vmdk-descriptor.ts'
import { damaged, withImage, type ImageFile } from '../../core/disk/format/image-file.ts'
import { plainFile, refuse, resolveBacking } from './backing-file.ts'
import { blockDeviceSize } from './block-device.ts'
import { QEMU_DRIVERS, type ImageFormat } from './image-format.ts'

/** How QEMU is to open an image: every file and format said, nothing left for it to look up. */
export interface BlockNode {
  readonly driver: string
  readonly [option: string]: unknown
}

/** An image as its own headers describe it, read by our own code before any tool opens it. */
export interface ImageLayout {
  readonly format: ImageFormat
  readonly sizeBytes: number
  /** All files that the disk's bytes come from, the image itself first. */
  readonly files: readonly string[]
  readonly node: BlockNode
}

/** Longer chains than this are a loop, or as good as one. */
const LONGEST_CHAIN = 32

/** What is opened in place of a file, such as a clone of it. Names inside images mean the files. */
export type StandIns = ReadonlyMap<string, string>
const NONE: StandIns = new Map()

/** Reads the headers of an image and of all it is made of. `allowed`: folders for backing files. */
export async function readLayout(
  path: string,
  format: ImageFormat,
  allowed: readonly string[],
  standIns = NONE,
  depth = 0,
): Promise<ImageLayout> {
  if (depth >= LONGEST_CHAIN)
    throw damaged(path, `its chain of backing files is longer than ${depth}`)
  if (format === 'raw') return rawLayout(path, standIns)
  const link = async (name: string, said: string | undefined) => {
    const below = await resolveBacking(path, name, said, allowed)
    return readLayout(below.path, below.format, allowed, standIns, depth + 1)
  }
  const deviceSize = await blockDeviceSize(path)
  const opened = standIns.get(path) ?? path
  const node = fileNode(opened, format, deviceSize !== undefined)
  return withImage(path, (file) => describe(file, node, format, link), deviceSize, opened)
}

type Link = (name: string, format: string | undefined) => Promise<ImageLayout>

async function describe(
  file: ImageFile,
  node: BlockNode,
  format: Exclude<ImageFormat, 'raw'>,
  link: Link,
): Promise<ImageLayout> {
  const alone = { format, files: [file.path] }
  switch (format) {
    case 'vhd': {
      // The size that the footer states, not the one of its disk geometry, which may be smaller.
      const sized = { ...node, force_size_calc: 'current_size' }
      return { ...alone, sizeBytes: (await readVhd(file)).sizeBytes, node: sized }
    }
    case 'vhdx':
      return { ...alone, sizeBytes: (await readVhdx(file)).sizeBytes, node }
    case 'qcow2': {
      const header = await readQcow2(file)
      const below =
        header.backingFile === undefined
          ? undefined
          : await link(header.backingFile, header.backingFormat)
      return chained(alone, header.sizeBytes, node, below)
    }
    case 'vmdk': {
      const image = await readVmdk(file)
      const extents = image.kind === 'descriptor' ? await extentFiles(file.path, image) : []
      const parent = image.descriptor?.parent
      const below = parent === undefined ? undefined : await link(parent, 'vmdk')
      return chained({ ...alone, files: [file.path, ...extents] }, image.sizeBytes, node, below)
    }
  }
}

function chained(
  own: Pick<ImageLayout, 'format' | 'files'>,
  sizeBytes: number,
  node: BlockNode,
  below: ImageLayout | undefined,
): ImageLayout {
  // Said even where there is none: QEMU would otherwise ask the header, which may have changed.
  const backing = below?.node ?? null
  const files = [...own.files, ...(below?.files ?? [])]
  return { format: own.format, sizeBytes, files, node: { ...node, backing } }
}

async function rawLayout(path: string, standIns: StandIns): Promise<ImageLayout> {
  const deviceSize = await blockDeviceSize(path)
  const opened = standIns.get(path) ?? path
  const sizeBytes = await withImage(path, async (file) => file.sizeBytes, deviceSize, opened)
  const node = fileNode(opened, 'raw', deviceSize !== undefined)
  return { format: 'raw', sizeBytes, files: [path], node }
}

function fileNode(path: string, format: ImageFormat, isDevice: boolean): BlockNode {
  const driver = isDevice ? 'host_device' : 'file'
  return { driver: QEMU_DRIVERS[format], file: { driver, filename: path } }
}

/** Extents lie beside their descriptor, under plain names; anything else is refused. */
async function extentFiles(path: string, image: Vmdk & { kind: 'descriptor' }): Promise<string[]> {
  const files: string[] = []
  for (const extent of image.descriptor.extents) {
    if (extent.kind === 'ZERO') continue
    if (/[/:]/.test(extent.file) || extent.file === '..' || extent.file === '.')
      throw refuse(path, extent.file, 'extents must lie beside their descriptor')
    const file = join(dirname(path), extent.file)
    if (!(await plainFile(file)))
      throw refuse(path, extent.file, 'it is missing, or not a plain file')
    files.push(file)
  }
  return files
}

/**
 * Proves, by the image's own tables, that no part that the guest can see was cut off. `standIns`: those
 * that it was read with.
 */
export async function checkLayout(layout: ImageLayout, standIns = NONE): Promise<void> {
  const names = new Map([...standIns].map(([path, opened]) => [opened, path]))
  for (const file of chainFiles(layout.node))
    await withImage(
      names.get(file.path) ?? file.path,
      (image) => checkFile(image, file.driver),
      await blockDeviceSize(file.path),
      file.path,
    )
}

function* chainFiles(node: BlockNode): Iterable<{ path: string; driver: string }> {
  const file = node['file'] as { filename: string }
  yield { path: file.filename, driver: node.driver }
  const backing = node['backing'] as BlockNode | null | undefined
  if (backing) yield* chainFiles(backing)
}

async function checkFile(file: ImageFile, driver: string): Promise<void> {
  if (driver === 'qcow2') return checkQcow2(file, await readQcow2(file))
  if (driver === 'vpc') return checkVhd(file, await readVhd(file))
  if (driver === 'vhdx') return checkVhdx(file, await readVhdx(file))
  if (driver !== 'vmdk') return
  const image = await readVmdk(file)
  if (image.kind === 'sparse') return checkSparse(file, image.header)
  for (const extent of image.descriptor.extents) await checkExtent(file.path, extent)
}

async function checkExtent(descriptor: string, extent: VmdkExtent): Promise<void> {
  if (extent.kind === 'ZERO') return
  await withImage(join(dirname(descriptor), extent.file), async (file) => {
    if (extent.kind === 'SPARSE') return checkSparse(file, await readSparse(file))
    if (extent.fileOffset + extent.sizeBytes > file.sizeBytes)
      throw damaged(
        file.path,
        `it has ${file.sizeBytes} bytes, its descriptor says ${extent.sizeBytes}`,
      )
  })
}
