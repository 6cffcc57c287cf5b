import { HoldfastError } from '../../core/model/error.ts'
import type { Queryable } from '../catalog/database.ts'
import { getPoint, type PointView } from '../catalog/points.ts'
import { readRestoreHost, type RestoreHost } from '../catalog/restore-target.ts'
import { requireRestoreHost } from './requirements.ts'
import { requireTargetFolder } from './restore-place.ts'

export interface ItemRestorePlan {
  readonly point: PointView
  readonly host: RestoreHost
}

/** Whether files of the point may go there, as far as it can be known here; the agent looks again. */
export async function planItemRestore(
  q: Queryable,
  wish: { readonly point: string; readonly host: string; readonly folder: string },
): Promise<ItemRestorePlan> {
  const point = await getPoint(q, wish.point)
  if (point.state === 'deleted' || point.version === null)
    throw new HoldfastError('not-found', `recovery point ${point.id} is deleted`, {
      hint: '`holdfast point undelete` brings it back for 72 hours.',
    })
  const host = await readRestoreHost(q, wish.host)
  if (!host) throw new HoldfastError('not-found', `there is no host ${wish.host}`)
  requireRestoreHost(host)
  requireTargetFolder(host, wish.folder)
  return { point, host }
}

/** As DPM names them: `HOST_DAY-MONTH-YEAR_TIME`, with the time of the point, in UTC. */
export function resultFolderName({ source, createdAt }: PointView): string {
  const host = source.slice(0, source.indexOf('/')).replaceAll(/[^\w.-]/g, '-')
  const at = new Date(createdAt)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${two(at.getUTCDate())}-${two(at.getUTCMonth() + 1)}-${at.getUTCFullYear()}`
  return `${host}_${day}_${two(at.getUTCHours())}.${two(at.getUTCMinutes())}.${two(at.getUTCSeconds())}`
}
