import { HoldfastError } from '../../../core/model/error.ts'
import { systemFileSystem } from '../../../core/runtime/file-system.ts'
import type { ReplicaManifest } from '../../../core/replica/manifest.ts'
import { ASKED_PRIORITY } from '../../catalog/job-requests.ts'
import { getJob } from '../../catalog/jobs-view.ts'
import { findImportTarget, type ImportTarget } from '../../catalog/replica-imports.ts'
import { hasReplica } from '../../flows/replica/import-replica.ts'
import { openMedia } from '../../flows/replica/open-media.ts'
import { requireWritable } from '../../flows/server-mode.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { requireText } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'
import { toJobs } from './job-shape.ts'

type ImportHandlers = Pick<OperatorHandlers, 'startReplicaImport'>

/** Media that cannot be used are refused at once, before there is a job. */
export function importHandlers(deps: OperatorDeps): ImportHandlers {
  const { database, queue, mode, serverId, authority } = deps
  return {
    startReplicaImport: async ({ folder }, caller) => {
      requireWritable(mode)
      const place = requireText('the folder', folder)
      const media = { fs: systemFileSystem, database, serverId, authority: authority.certificate }
      const { manifest } = await openMedia(media, place)
      const target = await findImportTarget(database, manifest.hostId, manifest.sourceKey)
      const source = requireImportable(target, manifest)
      const id = await queue.enqueue({
        ...{ kind: 'initial-replication', dataSource: source.id, group: source.group ?? undefined },
        ...{ requestedBy: caller.name, priority: ASKED_PRIORITY },
        request: {
          kind: 'synchronize',
          protect: false,
          folder: place,
          exportId: manifest.exportId,
        },
      })
      return (await toJobs(database, [await getJob(database, id)]))[0]!
    },
  }
}

function requireImportable(
  target: ImportTarget | undefined,
  { hostName, sourceName }: ReplicaManifest,
): ImportTarget {
  const name = `${hostName}/${sourceName}`
  if (!target)
    throw new HoldfastError('not-found', `host ${hostName} has no data source ${sourceName} here`, {
      hint: 'Its agent has to have been connected once since the source is there, and to own it.',
    })
  if (target.hasReplica) throw hasReplica(name)
  if (target.busyWith !== null)
    throw new HoldfastError('job-running', `${name} is busy: ${target.busyWith}`, {
      hint: 'Wait for it with `holdfast job watch`, or stop it with `holdfast job cancel`.',
    })
  return target
}
