import { FOLDER_ORDERS } from '../../../core/filesystem/browse/folder-order.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import type { ListFilesRequest__Output } from '../../../core/wire/generated/holdfast/v1/ListFilesRequest.ts'
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
    listFiles: async function* ({ point, path, disk, name, ...page }) {
      const part = requirePart(page)
      const id = await resolvePoint(database, point)
      const asked = { kind: 'list' as const, path, name, ...(part ? { part } : {}) }
      const request = { ...asked, ...withoutAbsent({ disk: disk || null }) }
      for await (const answer of readers.ask(id, request))
        if ('page' in answer)
          yield Buffer.from(answer.page.buffer, answer.page.byteOffset, answer.page.length)
    },
    getFiles: async function* ({ point, disk, ...named }) {
      const { paths, matching, except, repeatLinked, records } = named
      requirePaths([...paths, ...matching])
      const id = await resolvePoint(database, point)
      const wanted = { kind: 'fetch' as const, paths, matching, except, repeatLinked, records }
      const request = { ...wanted, ...withoutAbsent({ disk: disk || null }) }
      const parts = new FileParts()
      for await (const answer of readers.ask(id, request))
        if ('part' in answer) yield* parts.of(answer.part)
    },
    startFileRestore: async (request, caller) => {
      const { paths, matching, except, disk, folder, special, bytesPerSecond } = request
      requirePaths([...paths, ...matching])
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
          paths: asText(paths),
          ...(matching.length > 0 ? { matching: asText(matching), except: asText(except) } : {}),
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

function asText(paths: readonly Buffer[]): string[] {
  return paths.map((path) => path.toString('base64'))
}

type Part = Pick<ListFilesRequest__Output, 'limit' | 'offset' | 'order' | 'descending'>

/** Undefined where all is asked for. */
function requirePart({ limit, offset, order, descending }: Part) {
  if (limit < 0 || offset < 0)
    throw new HoldfastError('invalid-argument', 'a page begins at 0 or behind it, and has entries')
  if (limit > 0)
    return {
      ...{ limit, offset, descending },
      order: requireOneOf('the order', order || 'name', FOLDER_ORDERS),
    }
  if (offset === 0 && order === '' && !descending) return undefined
  throw new HoldfastError('invalid-argument', 'an order and an offset are of pages: give a limit')
}

const CONFLICTS = ['copy', 'skip', 'overwrite'] as const
const OWNERS = ['keep', 'target'] as const
