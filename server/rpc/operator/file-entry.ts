import type { ListedEntry } from '../../../core/filesystem/browse/listed-entry.ts'
import type { FileEntry__Output } from '../../../core/wire/generated/holdfast/v1/FileEntry.ts'
import { toStatus } from '../file-parts.ts'

export function toFileEntry(entry: ListedEntry): FileEntry__Output {
  const { name, type, sizeBytes, encrypted = false, content, target, failure, status } = entry
  return {
    ...{ name: Buffer.from(name), type, sizeBytes, encrypted },
    ...(status ? { status: toStatus(status) } : { status: null }),
    ...(target ? { target: Buffer.from(target) } : {}),
    ...(content === undefined ? {} : { content }),
    ...(failure ? { error: failure } : {}),
  }
}
