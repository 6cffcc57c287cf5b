import type { Job__Output } from '../../../core/wire/generated/holdfast/v1/Job.ts'
import type { ItemRestoreRequest, RestoreJobRequest } from '../../catalog/job-requests.ts'
import type { JobView } from '../../catalog/jobs-view.ts'
import { withoutAbsent } from './absent.ts'

type Asked = Pick<Job__Output, 'restoreRequest' | 'fileRestoreRequest'>
type RestoreRequest = NonNullable<Asked['restoreRequest']>
type FileRestoreRequest = NonNullable<Asked['fileRestoreRequest']>

/** The request that makes the same recovery once more; nothing of other jobs. */
export function askedAgain({ kind, host, request }: JobView): Asked {
  if (host === null) return {}
  if (kind === 'recovery') return { restoreRequest: restore(request as RestoreJobRequest, host) }
  if (kind === 'item-recovery')
    return { fileRestoreRequest: files(request as ItemRestoreRequest, host) }
  return {}
}

function restore(request: RestoreJobRequest, host: string): RestoreRequest {
  const { point, original, folder, name, machine, after } = request
  const { preallocate, evenIfOpen, bytesPerSecond } = request
  return {
    ...{ point, original, preallocate, evenIfOpen, bytesPerSecond },
    // The original has its own place and format.
    ...(original ? {} : { toHost: host, ...withoutAbsent({ path: folder, name }) }),
    ...(original ? {} : formatOf(request)),
    ...whatOf(request),
    ...(machine ? { machine: wish(machine), noSafetyPoint: original && after === undefined } : {}),
    ...limitsAndMail(request),
  }
}

/** None where the disks of a machine were to keep formats that differ. */
function formatOf({ format, formats = {} }: RestoreJobRequest): { format?: string } {
  return Object.values(formats).every((one) => one === format) ? { format } : {}
}

/** A whole machine has all of its disks; a logical volume those it lies on. */
function whatOf({ disks, part, machine }: RestoreJobRequest) {
  const number = part?.partition?.number
  if (part && number === undefined) return { disks: [], partition: part.name }
  const named = machine ? [] : [...disks]
  return number === undefined ? { disks: named } : { disks: named, partition: String(number) }
}

function wish(machine: NonNullable<RestoreJobRequest['machine']>) {
  const { keepsIdentity, networks, cpus, memoryBytes, start, discardMemory } = machine
  return {
    identity: keepsIdentity ? 'keep' : 'new',
    ...{ networks: [...networks], discardMemory },
    ...withoutAbsent({ cpus, memoryBytes, start }),
  }
}

function files(request: ItemRestoreRequest, toHost: string): FileRestoreRequest {
  const { point, paths, matching = [], except = [], disk, folder, resultFolder } = request
  const { onConflict, owners, special, bytesPerSecond } = request
  return {
    ...{ point, toHost, folder, onConflict, owners, special, bytesPerSecond },
    ...{ paths: paths.map(fromText), matching: matching.map(fromText) },
    ...{ except: except.map(fromText), resultFolder: resultFolder !== '' },
    ...withoutAbsent({ disk }),
    ...limitsAndMail(request),
  }
}

function limitsAndMail(request: RestoreJobRequest | ItemRestoreRequest) {
  const { rateHours = [], timeZone, notify = [] } = request
  return { rateHours: [...rateHours], notify: [...notify], ...withoutAbsent({ timeZone }) }
}

function fromText(base64: string): Buffer {
  return Buffer.from(base64, 'base64')
}
