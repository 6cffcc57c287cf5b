import { RawFile } from '../../../core/disk/raw-file.ts'
import type { Logger } from '../../../core/runtime/log.ts'
import { refuseEmpty } from '../opened-disk.ts'
import type { SourceDisk } from '../source.ts'
import { changeRecord, rangesOf } from './change-record.ts'
import type { Clones } from './clones.ts'
import type { ImageClone } from './image-clone.ts'

/** What opening a clone needs beside the clone. */
export interface CloneContext {
  readonly clones: Clones
  readonly log: Logger
  readonly signal: AbortSignal
}

/** A raw image's clone as the disk, with what its older clone tells of its changes. */
export async function openRawClone(
  name: string,
  clone: ImageClone,
  { clones, log, signal }: CloneContext,
): Promise<SourceDisk> {
  const { sizeBytes, path, handle, image } = clone
  refuseEmpty(image.path, sizeBytes)
  const { claim, changed } = await changeRecord(clones, { clone, disk: name }, log, signal)
  // The clone closes its own handle, once nobody reads it any more.
  const borrowed = {
    fd: handle.fd,
    read: handle.read.bind(handle),
    close: () => Promise.resolve(),
  }
  const reader = new RawFile(borrowed, { path: image.path, sizeBytes, trustHoles: true })
  const disk = { name, format: 'raw', sizeBytes, rawPath: path, reader, tracker: claim }
  return changed ? { ...disk, changed: () => rangesOf(changed) } : disk
}
