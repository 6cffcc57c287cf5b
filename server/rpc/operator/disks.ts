import { openServePool } from '../../../core/chunk/serve-pool.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import { resolvePoint } from '../../catalog/names.ts'
import type { ChunkRun } from '../../items/disk-map.ts'
import { DiskSessions, type DiskSession } from '../../items/disk-sessions.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { SERVE_OPTIONS } from '../pull-frames.ts'
import type { OperatorDeps } from './deps.ts'
import { diskFrames } from './disk-frames.ts'

type DiskHandlers = Pick<OperatorHandlers, 'openDisk' | 'readDisk' | 'getDiskRuns'>

/** 8 MiB at the usual size of chunks; a reader asks for the next before it has the last. */
const MOST_CHUNKS = 64
const MOST_RUN_CHUNKS = 1024 * 1024

export function diskHandlers(deps: OperatorDeps): DiskHandlers {
  const { database, store } = deps
  const sessions = new DiskSessions(deps)
  const pool = openServePool(deps.workers, SERVE_OPTIONS)
  return {
    openDisk: async function* ({ point: name, disk }, caller, signal) {
      const point = await resolvePoint(database, name)
      const wanted = { point, disk: disk || undefined, purpose: 'export' }
      const session = await sessions.open(caller.name, wanted)
      try {
        yield sessionMessage(point, session)
        await aborted(signal)
      } finally {
        await session.close()
      }
    },
    readDisk: ({ session: id, firstChunk, count }, caller) => {
      const session = sessions.get(caller.name, id)
      requireChunks(session, firstChunk, count, MOST_CHUNKS)
      return diskFrames({ database, store, pool }, session, firstChunk, count)
    },
    getDiskRuns: async ({ session: id, firstChunk, count }, caller) => {
      const session = sessions.get(caller.name, id)
      requireChunks(session, firstChunk, count, MOST_RUN_CHUNKS)
      const runs = await session.map.runs(firstChunk, count)
      return { runs: runs.flatMap(runMessage) }
    },
  }
}

function sessionMessage(point: string, { id, version, disk }: DiskSession) {
  const { ordinal, name, sizeBytes, chunkBytes } = disk
  return { session: id, point, version, ordinal, disk: name, sizeBytes, chunkBytes }
}

function requireChunks(
  { disk, map }: DiskSession,
  first: number,
  count: number,
  most: number,
): void {
  if (first >= 0 && count > 0 && count <= most && first + count <= map.chunks) return
  throw new HoldfastError(
    'invalid-argument',
    `disk ${disk.name} has no ${count} chunks at ${first} that could be asked for at once`,
  )
}

function runMessage({ kind, start, count }: ChunkRun) {
  if (kind === 'data') return []
  return [{ kind: kind === 'zero' ? ('ZERO' as const) : ('UNREADABLE' as const), start, count }]
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
