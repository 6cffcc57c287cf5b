import { getGroup } from '../../catalog/groups.ts'
import { resolveHost, resolvePoint, resolveSource } from '../../catalog/names.ts'
import { getPoint, listPoints } from '../../catalog/points.ts'
import { comparePoints } from '../../flows/compare.ts'
import { derivePoint } from '../../flows/derive.ts'
import { commentPoint, protectPoint, undeletePoint } from '../../flows/point-changes.ts'
import { deletePoint, previewDeletion } from '../../flows/point-deletion.ts'
import { requireWritable } from '../../flows/server-mode.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { withoutAbsent } from './absent.ts'
import { requireOneOf, requireText, requireTime } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'
import { toPoint } from './shapes.ts'

type PointHandlers = Pick<
  OperatorHandlers,
  | 'createPointFrom'
  | 'listPoints'
  | 'getPoint'
  | 'comparePoints'
  | 'commentPoint'
  | 'protectPoint'
  | 'unprotectPoint'
  | 'deletePoint'
  | 'undeletePoint'
>

const STATES = ['ready', 'partial', 'suspect', 'damaged', 'deleted'] as const

export function pointHandlers(deps: OperatorDeps): PointHandlers {
  return { ...pointReads(deps), ...pointChanges(deps) }
}

function pointReads({ database }: OperatorDeps) {
  return {
    listPoints: async (request, { sees }) => {
      const { source, group, host, state, label, since, until, limit, before } = request
      const points = await listPoints(database, {
        dataSource: source ? await resolveSource(database, source) : undefined,
        group: group ? (await getGroup(database, group)).id : undefined,
        host: host ? await resolveHost(database, host) : undefined,
        state: state ? requireOneOf('a state', state, STATES) : undefined,
        label: label || undefined,
        since: requireTime('since', since),
        until: requireTime('until', until),
        within: sees?.sources,
        before: before ? await resolvePoint(database, before) : undefined,
        limit,
      })
      return { points: points.map(toPoint) }
    },
    getPoint: async ({ point }) =>
      toPoint(await getPoint(database, await resolvePoint(database, point))),
    comparePoints: async ({ from, to }) => {
      const ids = [await resolvePoint(database, from), await resolvePoint(database, to)] as const
      const { disks, ...found } = await comparePoints(database, ...ids)
      return { ...found, disks: disks.map((disk) => ({ ...disk, ranges: [...disk.ranges] })) }
    },
  } satisfies Partial<OperatorHandlers>
}

function pointChanges(deps: OperatorDeps) {
  const { database, mode } = deps
  type Change = (id: string, by: string) => Promise<void>
  const changed = async (point: string, by: string, change: Change) => {
    requireWritable(mode)
    const id = await resolvePoint(database, point)
    await change(id, by)
    return toPoint(await getPoint(database, id))
  }
  return {
    createPointFrom: async ({ point, disk, label }, caller) => {
      requireWritable(mode)
      const made = await derivePoint(deps, {
        point: await resolvePoint(database, point),
        disk: requireText('the disk', disk),
        label: label || null,
        by: caller.name,
      })
      return toPoint(await getPoint(database, made))
    },
    commentPoint: ({ point, comment }, caller) =>
      changed(point, caller.name, (id, by) => commentPoint(deps, id, comment, by)),
    protectPoint: ({ point }, caller) =>
      changed(point, caller.name, (id, by) => protectPoint(deps, id, true, by)),
    unprotectPoint: ({ point }, caller) =>
      changed(point, caller.name, (id, by) => protectPoint(deps, id, false, by)),
    undeletePoint: ({ point }, caller) =>
      changed(point, caller.name, (id, by) => undeletePoint(deps, id, by)),
    deletePoint: async ({ point, preview, reason }, caller) => {
      const id = await resolvePoint(database, point)
      if (!preview) requireWritable(mode)
      const deletion = preview
        ? await previewDeletion(deps, id)
        : await deletePoint(deps, id, reason || null, caller.name)
      return { point: id, ...withoutAbsent(deletion) }
    },
  } satisfies Partial<OperatorHandlers>
}
