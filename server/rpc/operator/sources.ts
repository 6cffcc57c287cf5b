import { resolveHost, resolveSource } from '../../catalog/names.ts'
import { getSource, listSources } from '../../catalog/sources.ts'
import { allowUnsettled, changePeople, moveOwner } from '../../flows/source-changes.ts'
import { requireWritable } from '../../flows/server-mode.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import type { OperatorDeps } from './deps.ts'
import { toSource } from './shapes.ts'

type SourceHandlers = Pick<
  OperatorHandlers,
  'listSources' | 'getSource' | 'setSource' | 'moveOwner'
>

export function sourceHandlers({ database, mode }: OperatorDeps): SourceHandlers {
  const shown = async (id: string) => toSource(await getSource(database, id))
  return {
    listSources: async ({ host, unprotected }, { sees }) => {
      const hostId = host ? await resolveHost(database, host) : undefined
      const sources = await listSources(database, {
        ids: sees?.sources,
        host: hostId,
        unprotected,
      })
      return { sources: sources.map(toSource) }
    },
    getSource: async ({ source }) => shown(await resolveSource(database, source)),
    setSource: async (request, caller) => {
      requireWritable(mode)
      const id = await resolveSource(database, request.source)
      if (request.allowUnsettled !== undefined)
        await allowUnsettled(database, id, request.allowUnsettled, caller.name)
      const { owner, tenant } = request
      if (owner !== undefined || tenant !== undefined)
        await changePeople(database, id, { owner, tenant }, caller.name)
      return shown(id)
    },
    moveOwner: async ({ source, host }, caller) => {
      requireWritable(mode)
      const id = await resolveSource(database, source)
      await moveOwner(database, id, await resolveHost(database, host), caller.name)
      return shown(id)
    },
  }
}
