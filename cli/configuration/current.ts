import { stringify } from 'yaml'
import { HoldfastError } from '../../core/model/error.ts'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import { exactRate } from '../input/size.ts'
import type { Kind } from './configuration.ts'
import { toGroupEntry } from './group-entry.ts'

type Entry = Readonly<Record<string, unknown>>

/** What `apply` would change nothing of: all kinds or one, all of them or one by its name. */
export async function currentConfiguration(
  client: OperatorClient,
  kind?: Kind,
  name?: string,
): Promise<Partial<Record<Kind, readonly Entry[]>>> {
  const kinds = kind === undefined ? (['groups', 'sources', 'hosts'] as const) : [kind]
  const found: Partial<Record<Kind, readonly Entry[]>> = {}
  for (const one of kinds) {
    const all = await READERS[one](client, name !== undefined)
    const chosen = name === undefined ? all : all.filter((entry) => entry['name'] === name)
    if (name !== undefined && chosen.length === 0)
      throw new HoldfastError('not-found', `there is no ${one.slice(0, -1)} ${name}`)
    if (chosen.length > 0 || kind !== undefined) found[one] = chosen
  }
  return found
}

type Reader = (client: OperatorClient, everything: boolean) => Promise<Entry[]>

/** Of sources and hosts only those that have settings, unless everything is asked for. */
const READERS: Readonly<Record<Kind, Reader>> = {
  groups: async (client) => (await client.listGroups({})).groups.map(toGroupEntry),
  sources: async (client, everything) =>
    (await client.listSources({ unprotected: false })).sources
      .filter(
        ({ owner, tenant, allowUnsettled }) => everything || owner || tenant || allowUnsettled,
      )
      .map(({ name, owner, tenant, allowUnsettled }) => ({ name, owner, tenant, allowUnsettled })),
  hosts: async (client, everything) =>
    (await client.listHosts({})).hosts
      .filter(({ bytesPerSecond }) => everything || bytesPerSecond > 0)
      .map(({ name, bytesPerSecond }) => ({ name, rate: exactRate(bytesPerSecond) })),
}

export function toYaml(configuration: Partial<Record<Kind, readonly Entry[]>>): string {
  return stringify(configuration, { lineWidth: 0 })
}
