import type { FetchedHead, FetchedPart } from '../../../core/filesystem/browse/fetch-paths.ts'
import type { ListedEntry, ListedPage } from '../../../core/filesystem/browse/list-path.ts'
import type { GuestStatus, GuestTime } from '../../../core/filesystem/file-system.ts'
import { openOpenPool } from '../../../core/chunk/open-pool.ts'
import type { FileEntry__Output } from '../../../core/wire/generated/holdfast/v1/FileEntry.ts'
import type { FileHead__Output } from '../../../core/wire/generated/holdfast/v1/FileHead.ts'
import type { FilePage__Output } from '../../../core/wire/generated/holdfast/v1/FilePage.ts'
import type { FilePart__Output } from '../../../core/wire/generated/holdfast/v1/FilePart.ts'
import type { FileStatus__Output } from '../../../core/wire/generated/holdfast/v1/FileStatus.ts'
import { resolvePoint } from '../../catalog/names.ts'
import { ItemReaders } from '../../items/reader/item-readers.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import { requirePaths } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'

type FileHandlers = Pick<OperatorHandlers, 'listFiles' | 'getFiles'>

/** Files inside of points. What the guests wrote is parsed elsewhere (server/items/reader). */
export function fileHandlers(deps: OperatorDeps): FileHandlers {
  const { database } = deps
  const readers = new ItemReaders({ ...deps, pool: openOpenPool(deps.workers) })
  return {
    listFiles: async function* ({ point, path, disk }) {
      const id = await resolvePoint(database, point)
      const request = { kind: 'list' as const, path, ...withoutAbsent({ disk: disk || null }) }
      for await (const answer of readers.ask(id, request))
        if ('page' in answer) yield toPage(answer.page)
    },
    getFiles: async function* ({ point, paths, disk }) {
      requirePaths(paths)
      const id = await resolvePoint(database, point)
      const request = { kind: 'fetch' as const, paths, ...withoutAbsent({ disk: disk || null }) }
      for await (const answer of readers.ask(id, request))
        if ('part' in answer) yield toPart(answer.part)
    },
  }
}

function toPage({ entries, warnings }: ListedPage): FilePage__Output {
  return { entries: entries.map(toEntry), warnings: [...warnings] }
}

function toEntry(entry: ListedEntry): FileEntry__Output {
  const { name, type, sizeBytes, encrypted = false, content, target, failure, status } = entry
  return {
    ...{ name: Buffer.from(name), type, sizeBytes, encrypted },
    ...(status ? { status: toStatus(status) } : { status: null }),
    ...(target ? { target: Buffer.from(target) } : {}),
    ...(content === undefined ? {} : { content }),
    ...(failure ? { error: failure } : {}),
  }
}

function toStatus(status: GuestStatus): FileStatus__Output {
  const { mode, owner, links, device } = status
  return withoutAbsent({
    ...{ mode, owner, links, device },
    modifiedAt: toTime(status.modifiedAt),
    accessedAt: toTime(status.accessedAt),
    changedAt: toTime(status.changedAt),
    createdAt: toTime(status.createdAt),
  })
}

const SECOND = 1_000_000_000n

/** Nanoseconds count upwards also before 1970. */
function toTime(time: GuestTime): { seconds: number; nanoseconds: number } | null {
  if (time === null) return null
  const nanoseconds = ((time % SECOND) + SECOND) % SECOND
  return { seconds: Number((time - nanoseconds) / SECOND), nanoseconds: Number(nanoseconds) }
}

function toPart(part: FetchedPart): FilePart__Output {
  if ('data' in part)
    return { data: Buffer.from(part.data.buffer, part.data.byteOffset, part.data.length) }
  if ('hole' in part) return { hole: part.hole }
  if ('head' in part) return { head: toHead(part.head) }
  if ('warnings' in part) return { warnings: { warnings: [...part.warnings] } }
  const { path, failure } = part.failed
  return { failed: { path: Buffer.from(path), error: failure } }
}

function toHead(head: FetchedHead): FileHead__Output {
  const { path, type, status, target, sameAs, attributes, extents = [] } = head
  return {
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
