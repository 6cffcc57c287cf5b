import { RESTORE_FORMATS } from '../../../core/model/restore-format.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import { getJob } from '../../catalog/jobs-view.ts'
import { resolveHost, resolvePoint } from '../../catalog/names.ts'
import { planRestore, type RestorePlan } from '../../flows/plan-restore.ts'
import { requireRestoreHost } from '../../flows/requirements.ts'
import { RECOVERY_PRIORITY } from '../../catalog/job-requests.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import { requireOneOf, requireText } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'
import { toJobs } from './job-shape.ts'

type RestoreHandlers = Pick<OperatorHandlers, 'planRestore' | 'startRestore'>
type RestoreRequest = Parameters<OperatorHandlers['planRestore']>[0]

export function restoreHandlers(deps: OperatorDeps): RestoreHandlers {
  const { database, queue } = deps
  return {
    planRestore: async (request) => {
      const plan = await plan_(deps, request)
      const { bytes, seconds, target, files, warnings, overwrites } = plan
      return {
        ...withoutAbsent({ seconds }),
        ...{ bytes, target, host: plan.host.name, files: [...files] },
        ...{ warnings: [...warnings], overwrites: [...overwrites] },
      }
    },
    startRestore: async (request, caller) => {
      const plan = await plan_(deps, request)
      requireRestoreHost(plan.host)
      const { original, preallocate, evenIfOpen, bytesPerSecond } = request
      const id = await queue.enqueue({
        kind: 'recovery',
        dataSource: plan.point.dataSource,
        host: plan.host.id,
        request: {
          point: plan.point.id,
          ...{ original, format: plan.format, disks: plan.disks, preallocate, evenIfOpen },
          ...(original ? {} : { folder: request.path, name: plan.name }),
          bytesPerSecond,
        },
        requestedBy: caller.name,
        priority: RECOVERY_PRIORITY,
      })
      const [job] = await toJobs(database, [await getJob(database, id)])
      return job!
    },
  }
}

async function plan_({ database }: OperatorDeps, request: RestoreRequest): Promise<RestorePlan> {
  const { original, toHost, path, name, format, disks } = request
  if (original && toHost)
    throw new HoldfastError('invalid-argument', 'the original location has its own host')
  return planRestore(database, {
    point: await resolvePoint(database, request.point),
    original,
    toHost: original
      ? undefined
      : await resolveHost(database, requireText('the host', toHost ?? '')),
    folder: original ? undefined : requireText('the folder', path ?? ''),
    disks,
    name: name || undefined,
    format: format ? requireOneOf('the format', format, RESTORE_FORMATS) : undefined,
  })
}
