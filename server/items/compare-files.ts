import type { CompareAnswer } from '../../core/filesystem/browse/compare-volumes.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { getPoint } from '../catalog/points.ts'
import { closeDisks, openDisks } from './open-disks.ts'
import type { PointDiskDeps } from './point-disk.ts'
import { READER_LIMITS } from './reader/process-limits.ts'
import { BEFORE } from './reader/protocol.ts'
import { ReaderProcess } from './reader/reader-process.ts'
import { SharedChunks } from './shared-chunks.ts'
import { unlikeRanges } from './unlike-ranges.ts'

const SHARED_BYTES = 96 * 1024 * 1024
const CACHE_BYTES = 24 * 1024 * 1024
const ALL = [{ offset: 0, length: Number.MAX_SAFE_INTEGER }]

/**
 * Files that were added, removed or changed from one point to the other. What their maps have in common
 * is read once for both; a partition that has no unlike chunk is not read at all.
 */
export async function* compareFiles(
  deps: PointDiskDeps,
  from: string,
  to: string,
  signal: AbortSignal,
): AsyncGenerator<CompareAnswer> {
  const [older, newer] = [await versionOf(deps, from), await versionOf(deps, to)]
  const shared = new SharedChunks(SHARED_BYTES)
  const options = { cacheBytes: CACHE_BYTES, shared }
  const before = await openDisks(deps, from, 'files', options)
  try {
    const after = await openDisks(deps, to, 'files', options)
    const reader = new ReaderProcess(READER_LIMITS)
    try {
      const unlike = await unlikeRanges(deps.database, older, newer, signal)
      const named = before.map((disk) => ({ name: BEFORE + disk.name, reader: disk }))
      reader.introduce(
        after.map((disk) => ({ name: disk.name, reader: disk })),
        named,
      )
      const request = {
        kind: 'compare' as const,
        before: named.map(({ name, reader: { sizeBytes } }) => ({ name, sizeBytes })),
        unlike: unlike.map(({ disk, ranges }) => ({
          disk,
          ranges: ranges === 'all' ? ALL : ranges,
        })),
      }
      for await (const answer of reader.ask(request)) {
        signal.throwIfAborted()
        if ('compared' in answer) yield answer.compared
      }
    } finally {
      reader.kill()
      await closeDisks(after)
    }
  } finally {
    await closeDisks(before)
  }
}

async function versionOf({ database }: PointDiskDeps, point: string): Promise<number> {
  const { version } = await getPoint(database, point)
  if (version !== null) return version
  throw new HoldfastError('not-found', `the data of recovery point ${point} are gone`, {
    hint: 'It was deleted more than 72 hours ago.',
  })
}
