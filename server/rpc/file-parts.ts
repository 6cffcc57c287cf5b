import type { RestoredDisk } from '../../core/chunk/restore.ts'
import type { FetchedHead } from '../../core/filesystem/browse/fetch-paths.ts'
import type { GuestStatus, GuestTime } from '../../core/filesystem/file-system.ts'
import { inSeconds } from '../../core/filesystem/guest-time.ts'
import type { FileHead__Output } from '../../core/wire/generated/holdfast/v1/FileHead.ts'
import type { FilePart__Output } from '../../core/wire/generated/holdfast/v1/FilePart.ts'
import type { FileStatus__Output } from '../../core/wire/generated/holdfast/v1/FileStatus.ts'
import type { FilledPart } from '../items/reader/stored-content.ts'
import { withoutAbsent } from './operator/absent.ts'

/** Files out of guests as messages, for operators and agents alike. */

export function toStatus(status: GuestStatus): FileStatus__Output {
  const { mode, owner, links, device } = status
  return withoutAbsent({
    ...{ mode, owner, links, device },
    modifiedAt: toTime(status.modifiedAt),
    accessedAt: toTime(status.accessedAt),
    changedAt: toTime(status.changedAt),
    createdAt: toTime(status.createdAt),
  })
}

function toTime(time: GuestTime): { seconds: number; nanoseconds: number } | null {
  return time === null ? null : inSeconds(time)
}

/** The messages of one stream. */
export class FileParts {
  /** Whose records came last. */
  #disk: RestoredDisk | undefined;

  *of(part: FilledPart): Iterable<FilePart__Output> {
    if (!('records' in part)) {
      yield toPart(part)
      return
    }
    if (this.#disk?.ordinal !== part.disk.ordinal) yield { disk: { ...part.disk } }
    this.#disk = part.disk
    yield { records: part.records }
  }
}

function toPart(part: Exclude<FilledPart, { readonly records: Buffer }>): FilePart__Output {
  if ('data' in part)
    return { data: Buffer.from(part.data.buffer, part.data.byteOffset, part.data.length) }
  if ('hole' in part) return { hole: part.hole }
  if ('head' in part) return { head: toHead(part.head) }
  if ('warnings' in part) return { warnings: { warnings: [...part.warnings] } }
  const { path, failure, index } = part.failed
  return { failed: { path: Buffer.from(path), error: failure, index } }
}

function toHead(head: FetchedHead): FileHead__Output {
  const { path, type, status, target, sameAs, attributes, extents = [], index } = head
  return {
    index,
    ...{ path: Buffer.from(path), type, sizeBytes: status.sizeBytes, status: toStatus(status) },
    ...(target ? { target: Buffer.from(target) } : {}),
    ...(sameAs ? { sameAs: Buffer.from(sameAs) } : {}),
    attributes: attributes.map(({ name, value }) => ({
      name: Buffer.from(name),
      value: Buffer.from(value),
    })),
    extents: extents.map((extent) => ({ ...extent })),
  }
}
