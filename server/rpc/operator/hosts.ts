import { renameHost, revokeHost, throttleHost } from '../../catalog/hosts.ts'
import { getHost, listHosts } from '../../catalog/hosts-view.ts'
import { resolveHost } from '../../catalog/names.ts'
import { issueJoinToken } from '../join.ts'
import type { OperatorHandlers } from '../operator-handlers.ts'
import { requireText } from './arguments.ts'
import type { OperatorDeps } from './deps.ts'
import { toHost } from './shapes.ts'

type HostHandlers = Pick<
  OperatorHandlers,
  'createToken' | 'listHosts' | 'getHost' | 'renameHost' | 'revokeHost' | 'throttleHost'
>

const USUAL_TTL_SECONDS = 15 * 60

export function hostHandlers(deps: OperatorDeps): HostHandlers {
  const { database, authority, random, reach, feeds } = deps
  const shown = async (id: string) => toHost(await getHost(database, id))
  return {
    createToken: ({ ttlSeconds, host }, caller) =>
      // It enrols at the listener that operators use: an agent has no certificate yet.
      issueJoinToken(database, authority, random, reach().operators, {
        ttlSeconds: ttlSeconds || USUAL_TTL_SECONDS,
        hostName: host,
        actor: caller.name,
      }),
    listHosts: async (_, { sees }) => ({
      hosts: (await listHosts(database, sees?.hosts)).map(toHost),
    }),
    getHost: async ({ host }) => shown(await resolveHost(database, host)),
    renameHost: async ({ host, name }, caller) => {
      const id = await resolveHost(database, host)
      await renameHost(database, id, requireText('the new name', name), caller.name)
      return shown(id)
    },
    revokeHost: async ({ host }, caller) => {
      const id = await resolveHost(database, host)
      await revokeHost(database, id, caller.name)
      return shown(id)
    },
    throttleHost: async ({ host, bytesPerSecond }, caller) => {
      const id = await resolveHost(database, host)
      await throttleHost(database, id, bytesPerSecond, caller.name)
      // What runs now is limited too; an agent that is not there hears of it with its next job.
      feeds.send(id, { throttle: { job: '', bytesPerSecond } })
      return shown(id)
    },
  }
}
