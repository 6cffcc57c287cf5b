import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { AllocatedExtent } from '../../core/disk/disk.ts'
import { ImageFile, openImage } from '../../core/disk/format/image-file.ts'
import { readVhdx, vhdxBlocks } from '../../core/disk/format/vhdx.ts'
import { RawFile } from '../../core/disk/raw-file.ts'
import { HoldfastError } from '../../core/model/error.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { blockDeviceSize } from './block-device.ts'
import { ExportReader } from './export-reader.ts'
import { findTool, type SearchPath } from './find-tool.ts'
import { refuseOutside } from './image-folders.ts'
import type { BlockNode, ImageLayout } from './image-layout.ts'
import { startNbdExport } from './nbd-export.ts'
import type { SourceDisk } from './source.ts'

/** What opening a disk needs beside the disk. */
export interface DiskContext {
  readonly searchPath: SearchPath
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Others may open it for writing while it is read: they must not be kept from it, and are noticed. */
  readonly isShared?: boolean | undefined
  /** Why raw images have no change record, where there could be one. */
  readonly noRecord?: string | undefined
}

/** A disk of a view, and how a further pass reads the source rather than a cache of it. */
export interface OpenedDisk {
  readonly disk: SourceDisk
  /** All that its bytes come from. */
  readonly files: readonly string[]
  /** `isFree`: nobody can write to its files now. */
  readonly again: (isFree: boolean) => Promise<void>
}

/** Opens a raw image or a block device; its bytes are the disk. */
export async function openRaw(
  { name, path, folder }: { name: string; path: string; folder?: string | undefined },
  isFree: boolean,
  context: DiskContext,
): Promise<OpenedDisk> {
  const deviceSize = await blockDeviceSize(path)
  if (deviceSize !== undefined) await forgetCache(path, context.searchPath).catch(() => {})
  const handle = await openImage(path)
  try {
    // What was opened, not what the path says now: a link may have taken the image's place.
    await refuseOutside(`/proc/self/fd/${handle.fd}`, folder)
    const status = await handle.stat()
    const sizeBytes = deviceSize ?? status.size
    if (deviceSize === undefined && !status.isFile())
      throw new HoldfastError('source-not-protectable', `${path} is no file and no block device`)
    refuseEmpty(path, sizeBytes)
    const reader = new RawFile(handle, { path, sizeBytes, trustHoles: false })
    const prepare = async (isStillFree: boolean) => {
      // File systems have reported holes where data was still on its way to the disk.
      await handle.datasync().catch(() => {}) // a read-only mount has nothing to write
      reader.trustHoles = status.isFile() && isStillFree
    }
    await prepare(isFree)
    const again = async (isStillFree: boolean) => {
      if (deviceSize !== undefined) await forgetCache(path, context.searchPath)
      await prepare(isStillFree)
    }
    const rawPath = `/proc/${process.pid}/fd/${handle.fd}`
    const { noRecord } = context
    const tracker = noRecord === undefined ? {} : { tracker: { bases: [], reason: noRecord } }
    const disk = { name, format: 'raw', sizeBytes, rawPath, reader, ...tracker }
    return { disk, files: [path], again }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Opens any other format through `qemu-nbd`. */
export async function openFormat(
  name: string,
  path: string,
  layout: ImageLayout,
  context: DiskContext,
): Promise<OpenedDisk> {
  refuseEmpty(path, layout.sizeBytes)
  const { searchPath, clock, signal, isShared } = context
  const node = isShared ? { ...layout.node, 'force-share': true } : layout.node
  const start = (during?: AbortSignal) =>
    startNbdExport({ node, name: path, searchPath, clock, signal: during })
  const { format } = layout
  const tables = format === 'vhdx' ? () => vhdxAllocation(fileOf(layout.node)) : undefined
  const reader = new ExportReader(await start(signal), start, tables)
  const disk = { name, format, sizeBytes: reader.sizeBytes, rawPath: undefined, reader }
  return { disk, files: layout.files, again: () => reader.reopen() }
}

function fileOf(node: BlockNode): string {
  return (node['file'] as { filename: string }).filename
}

/** QEMU calls all of a VHDX data; its own table knows which blocks were never written. */
async function* vhdxAllocation(path: string): AsyncIterable<AllocatedExtent> {
  const file = await ImageFile.open(path)
  try {
    yield* vhdxBlocks(file, await readVhdx(file))
  } finally {
    await file.close()
  }
}

export function refuseEmpty(path: string, sizeBytes: number): void {
  if (sizeBytes > 0) return
  throw new HoldfastError('source-not-protectable', `${path} is empty: a disk of 0 bytes`, {
    hint: 'was it made by a copy that failed?',
  })
}

/**
 * The page cache of a device does not learn what a file system mounted from it has written: a second
 * pass would find the first one's bytes there, and call them equal.
 */
async function forgetCache(path: string, searchPath: SearchPath): Promise<void> {
  const tool = await findTool('blockdev', `${searchPath}:/usr/sbin:/sbin`)
  if (tool === undefined)
    throw new HoldfastError('tool-missing', `a second pass over ${path} needs blockdev`, {
      hint: 'apt-get install util-linux',
    })
  try {
    await promisify(execFile)(tool, ['--flushbufs', path])
  } catch (cause) {
    throw new HoldfastError('tool-failed', `the cache of ${path} cannot be dropped`, {
      hint: 'the agent has to run as root for block devices that are in use',
      cause,
    })
  }
}
