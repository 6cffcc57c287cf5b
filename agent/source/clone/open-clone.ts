import { RawFile } from '../../../core/disk/raw-file.ts'
import type { Logger } from '../../../core/runtime/log.ts'
import type { ImageLayout } from '../image-layout.ts'
import { openFormat, refuseEmpty, type DiskContext } from '../opened-disk.ts'
import type { SourceDisk } from '../source.ts'
import { changeRecord, rangesOf, type DiskClone } from './change-record.ts'
import type { Clones } from './clones.ts'
import type { ImageClone } from './image-clone.ts'

/** What opening a clone needs beside the clone. */
export interface CloneContext extends DiskContext {
  readonly clones: Clones
  readonly log: Logger
}

/** A raw image's clone as the disk, with what its older clone tells of its changes. */
export async function openRawClone(
  name: string,
  clone: ImageClone,
  context: CloneContext,
): Promise<SourceDisk> {
  const { sizeBytes, path, handle, image } = clone
  refuseEmpty(image.path, sizeBytes)
  const record = await recordOf({ clone, disk: name, format: 'raw' }, context)
  // The clone closes its own handle, once nobody reads it any more.
  const borrowed = {
    fd: handle.fd,
    read: handle.read.bind(handle),
    close: () => Promise.resolve(),
  }
  const reader = new RawFile(borrowed, { path: image.path, sizeBytes, trustHoles: true })
  return { name, format: 'raw', sizeBytes, rawPath: path, reader, ...record }
}

/** The same of any other format; `layout` is of the clone, which stands in for its image. */
export async function openFormatClone(
  name: string,
  clone: ImageClone,
  layout: ImageLayout,
  context: CloneContext,
): Promise<SourceDisk> {
  const record = isPlaced(layout)
    ? await recordOf({ clone, disk: name, format: 'qcow2' }, context)
    : {}
  const { disk } = await openFormat(name, clone.image.path, layout, context)
  return { ...disk, ...record }
}

/** Whether the clone, once kept, can tell of changes: of a chain the base may be written, too. */
export function isPlaced({ format, files }: Pick<ImageLayout, 'format' | 'files'>): boolean {
  return format === 'raw' || (format === 'qcow2' && files.length === 1)
}

async function recordOf(
  clone: DiskClone,
  { clones, log, signal }: CloneContext,
): Promise<Pick<SourceDisk, 'tracker' | 'changed'>> {
  const { claim, changed } = await changeRecord(clones, clone, log, signal)
  return { tracker: claim, ...(changed ? { changed: () => rangesOf(changed) } : {}) }
}
