import { randomUUID } from 'node:crypto'
import { RESTORE_FORMATS } from '../../../core/model/restore-format.ts'
import type { VolumeLayout } from '../../../core/filesystem/browse/layout.ts'
import { HoldfastError } from '../../../core/model/error.ts'
import { getJob } from '../../catalog/jobs-view.ts'
import { resolveHost, resolvePoint } from '../../catalog/names.ts'
import { planRestore, type RestorePlan } from '../../flows/plan-restore.ts'
import { requireRestoreHost, requireTransferable } from '../../flows/requirements.ts'
import { RECOVERY_PRIORITY, type MachineRequest } from '../../catalog/job-requests.ts'
import { getSource } from '../../catalog/sources.ts'
import type { Caller, OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import { requireOneOf, requireText } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'
import { toJobs } from './job-shape.ts'
import { requireRateHours } from './rate-limits.ts'
import { requireReachable } from './reachable.ts'

type RestoreHandlers = Pick<OperatorHandlers, 'planRestore' | 'startRestore'>
type RestoreRequest = Parameters<OperatorHandlers['planRestore']>[0]

export function restoreHandlers(deps: OperatorDeps): RestoreHandlers {
  const { database, queue } = deps
  return {
    planRestore: async (request) => {
      const plan = await plan_(deps, request)
      const { bytes, seconds, target, files, warnings, overwrites, changes } = plan
      return {
        ...withoutAbsent({ seconds }),
        ...{ bytes, target, host: plan.host.name, files: [...files] },
        ...{ warnings: [...warnings], overwrites: [...overwrites], changes: [...changes] },
        wholeVm: plan.machine !== undefined,
      }
    },
    startRestore: async (request, caller) => {
      const notify = await requireReachable(deps.sender, request.notify)
      const plan = await plan_(deps, request)
      requireRestoreHost(plan.host)
      const { original, preallocate, evenIfOpen, bytesPerSecond } = request
      const after = await safetyPoint(deps, request, plan, caller)
      const id = await queue.enqueue({
        kind: 'recovery',
        dataSource: plan.point.dataSource,
        host: plan.host.id,
        request: {
          point: plan.point.id,
          ...{ original, format: plan.format, disks: plan.disks, preallocate, evenIfOpen },
          ...(original ? {} : { folder: request.path, name: plan.name }),
          bytesPerSecond,
          ...(notify.length > 0 ? { notify } : {}),
          ...requireRateHours(request.rateHours, request.timeZone),
          ...(plan.part ? { part: plan.part } : {}),
          ...{ after, formats: plan.formats, machine: plan.machine?.request },
        },
        requestedBy: caller.name,
        priority: RECOVERY_PRIORITY,
      })
      const [job] = await toJobs(database, [await getJob(database, id)])
      return job!
    },
  }
}

async function plan_(deps: OperatorDeps, request: RestoreRequest): Promise<RestorePlan> {
  const { database } = deps
  const { original, toHost, path, name, format, disks } = request
  if (original && toHost)
    throw new HoldfastError('invalid-argument', 'the original location has its own host')
  const point = await resolvePoint(database, request.point)
  const part = await partOf(deps, point, request)
  return planRestore(database, {
    ...{ point, part },
    original,
    toHost: original
      ? undefined
      : await resolveHost(database, requireText('the host', toHost ?? '')),
    folder: original ? undefined : requireText('the folder', path ?? ''),
    disks: part ? [...new Set(part.pieces.map(({ disk }) => disk))] : disks,
    name: name || undefined,
    format: format ? requireOneOf('the format', format, RESTORE_FORMATS) : undefined,
    machine: machineOf(request),
  })
}

/** What lies where is read from the guest's own tables, by a process that may do nothing else. */
async function partOf(
  { readers }: OperatorDeps,
  point: string,
  { partition, disks }: RestoreRequest,
): Promise<VolumeLayout | undefined> {
  if (!partition) return undefined
  if (disks.length > 1) throw new HoldfastError('invalid-argument', 'a partition is of one disk')
  const request = { kind: 'layout' as const, wanted: partition }
  const [disk] = disks
  for await (const answer of readers.ask(point, { ...request, ...(disk ? { disk } : {}) }))
    if ('layout' in answer) return answer.layout
  return undefined
}

function machineOf({ machine }: RestoreRequest): MachineRequest {
  const { identity, networks = [], cpus, memoryBytes, start, discardMemory } = machine ?? {}
  const kept = identity ? requireOneOf('the identity', identity, ['keep', 'new'] as const) : 'new'
  return {
    uuid: randomUUID(),
    keepsIdentity: kept === 'keep',
    networks,
    cpus: cpus || undefined,
    memoryBytes: memoryBytes || undefined,
    discardMemory: discardMemory ?? false,
    start,
  }
}

/** What a VM is now is kept first, where it is about to be replaced. Gives the id of the job. */
async function safetyPoint(
  { database, queue }: OperatorDeps,
  { original, noSafetyPoint }: RestoreRequest,
  { machine, point }: RestorePlan,
  caller: Caller,
): Promise<string | undefined> {
  if (!original || !machine || noSafetyPoint === true) return undefined
  const source = await getSource(database, point.dataSource)
  await requireTransferable(database, source, 'point')
  return queue.enqueue({
    kind: 'recovery-point',
    dataSource: source.id,
    host: source.hostId,
    request: { kind: 'point', label: `before restore of ${point.id}`, protect: false },
    requestedBy: caller.name,
    priority: RECOVERY_PRIORITY,
  })
}
