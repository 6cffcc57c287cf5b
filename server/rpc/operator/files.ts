import { RECOVERY_PRIORITY } from '../../catalog/job-requests.ts'
import { getJob } from '../../catalog/jobs-view.ts'
import { resolveHost, resolvePoint } from '../../catalog/names.ts'
import { planItemRestore, resultFolderName } from '../../flows/plan-item-restore.ts'
import { FileParts } from '../file-parts.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import { requireOneOf, requirePaths } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'
import { toJobs } from './job-shape.ts'
import { requireRateHours } from './rate-limits.ts'
import { requireReachable } from './reachable.ts'

type FileHandlers = Pick<OperatorHandlers, 'listFiles' | 'getFiles' | 'startFileRestore'>

/** Files inside of points. What the guests wrote is parsed elsewhere (server/items/reader). */
export function fileHandlers(deps: OperatorDeps): FileHandlers {
  const { database, readers, queue } = deps
  return {
    listFiles: async function* ({ point, path, disk }) {
      const id = await resolvePoint(database, point)
      const request = { kind: 'list' as const, path, ...withoutAbsent({ disk: disk || null }) }
      for await (const answer of readers.ask(id, request))
        if ('page' in answer)
          yield Buffer.from(answer.page.buffer, answer.page.byteOffset, answer.page.length)
    },
    getFiles: async function* ({ point, paths, disk, repeatLinked, records }) {
      requirePaths(paths)
      const id = await resolvePoint(database, point)
      const wanted = { kind: 'fetch' as const, paths, repeatLinked, records }
      const request = { ...wanted, ...withoutAbsent({ disk: disk || null }) }
      const parts = new FileParts()
      for await (const answer of readers.ask(id, request))
        if ('part' in answer) yield* parts.of(answer.part)
    },
    startFileRestore: async (request, caller) => {
      const { paths, disk, folder, special, bytesPerSecond } = request
      requirePaths(paths)
      const notify = await requireReachable(deps.sender, request.notify)
      const { point, host } = await planItemRestore(database, {
        point: await resolvePoint(database, request.point),
        host: await resolveHost(database, request.toHost),
        folder,
      })
      const id = await queue.enqueue({
        kind: 'item-recovery',
        dataSource: point.dataSource,
        host: host.id,
        request: {
          ...{ point: point.id, folder, special, bytesPerSecond },
          ...(notify.length > 0 ? { notify } : {}),
          ...requireRateHours(request.rateHours, request.timeZone),
          paths: paths.map((path) => path.toString('base64')),
          ...(disk ? { disk } : {}),
          onConflict: requireOneOf('what to do on a conflict', request.onConflict, CONFLICTS),
          owners: requireOneOf('whose owners', request.owners, OWNERS),
          resultFolder: request.resultFolder ? resultFolderName(point) : '',
        },
        requestedBy: caller.name,
        priority: RECOVERY_PRIORITY,
      })
      const [job] = await toJobs(database, [await getJob(database, id)])
      return job!
    },
  }
}

const CONFLICTS = ['copy', 'skip', 'overwrite'] as const
const OWNERS = ['keep', 'target'] as const
