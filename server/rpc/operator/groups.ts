import type { GroupWish__Output } from '../../../core/wire/generated/holdfast/v1/GroupWish.ts'
import { DEFAULT_SETTINGS } from '../../../core/model/group/settings.ts'
import { findGroup } from '../../catalog/groups.ts'
import { getGroupView, listGroupViews } from '../../catalog/groups-view.ts'
import { resolveSources } from '../../catalog/names.ts'
import type { GroupWish } from '../../flows/groups/group-wish.ts'
import { planGroup } from '../../flows/groups/plan-group.ts'
import { deleteGroup, saveGroup } from '../../flows/groups/save-group.ts'
import { requireWritable } from '../../flows/server-mode.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { requireOneOf, requireText } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'
import { fromSettings, toGroup } from './group-shape.ts'

type GroupHandlers = Pick<
  OperatorHandlers,
  'planGroup' | 'saveGroup' | 'listGroups' | 'getGroup' | 'deleteGroup'
>

const POINTS = ['keep', 'delete'] as const

export function groupHandlers(deps: OperatorDeps): GroupHandlers {
  const { database, clock, mode } = deps
  const shown = async (name: string, warnings: readonly string[] = []) => {
    const now = clock.now()
    return toGroup(await getGroupView(database, name, now), now, warnings)
  }
  return {
    planGroup: async (request) => {
      const plan = await planGroup(deps, await wishOf(deps, request))
      return {
        ...plan,
        changes: [...plan.changes],
        added: [...plan.added],
        removed: [...plan.removed],
        pointsToGo: [...plan.pointsToGo],
        warnings: [...plan.warnings],
      }
    },
    saveGroup: async (request, caller) => {
      requireWritable(mode)
      const { group, warnings } = await saveGroup(deps, await wishOf(deps, request), caller.name)
      deps.wakeSchedule?.()
      return shown(group.id, warnings)
    },
    listGroups: async () => {
      const now = clock.now()
      return { groups: (await listGroupViews(database, now)).map((group) => toGroup(group, now)) }
    },
    getGroup: ({ group }) => shown(requireText('the group', group)),
    deleteGroup: async ({ group, points, preview }, caller) => {
      const before = await shown(requireText('the group', group))
      if (preview) return before
      requireWritable(mode)
      const kept = requireOneOf('points', points || 'keep', POINTS)
      const { warnings } = await deleteGroup(deps, before.id, kept, caller.name)
      return { ...before, warnings: [...warnings] }
    },
  }
}

async function wishOf(deps: OperatorDeps, request: GroupWish__Output): Promise<GroupWish> {
  const { database } = deps
  const name = requireText('the name', request.name)
  const before = request.create ? undefined : await findGroup(database, name)
  return {
    ...{ name, create: request.create, newName: request.newName || undefined },
    settings: request.settings
      ? fromSettings(request.settings, serverZone())
      : (before?.settings ?? { ...DEFAULT_SETTINGS, timeZone: serverZone() }),
    add: await resolveSources(database, request.add),
    move: request.move,
    remove: await resolveSources(database, request.remove),
    removedPoints: requireOneOf('points', request.removedPoints || 'keep', POINTS),
  }
}

function serverZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
