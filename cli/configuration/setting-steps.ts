import { HoldfastError } from '../../core/model/error.ts'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import { exactRate } from '../input/size.ts'
import type { Source } from '../reply.ts'
import type { Configuration, SourceEntry } from './configuration.ts'
import type { Step } from './step.ts'

/** Settings of data sources that the file says otherwise; what it does not say stays. */
export async function sourceSteps(client: OperatorClient, wanted: Configuration): Promise<Step[]> {
  if (wanted.sources.length === 0) return []
  const { sources } = await client.listSources({ unprotected: false })
  return wanted.sources.flatMap((entry, index) => {
    const source = sources.find(({ name }) => name === entry.name)
    if (source === undefined)
      throw missing(wanted.at('sources', index), `data source ${entry.name}`, 'source list')
    const changes = sourceChanges(entry, source)
    if (changes.length === 0) return []
    const { name, ...settings } = entry
    const carryOut = async () => {
      await client.setSource({ source: source.id, ...settings })
      return []
    }
    return [{ kind: 'source', name, action: 'change', changes, warnings: [], carryOut }]
  })
}

function sourceChanges(entry: SourceEntry, source: Source): string[] {
  return (['owner', 'tenant', 'allowUnsettled'] as const)
    .filter((key) => entry[key] !== undefined && entry[key] !== source[key])
    .map((key) => `${key}: ${source[key] || 'none'} → ${entry[key] || 'none'}`)
}

export async function hostSteps(client: OperatorClient, wanted: Configuration): Promise<Step[]> {
  if (wanted.hosts.length === 0) return []
  const { hosts } = await client.listHosts({})
  return wanted.hosts.flatMap(({ name, rate }, index) => {
    const host = hosts.find((one) => one.name === name)
    if (host === undefined) throw missing(wanted.at('hosts', index), `host ${name}`, 'host list')
    if (rate === undefined || rate === host.bytesPerSecond) return []
    const changes = [`rate: ${exactRate(host.bytesPerSecond)} → ${exactRate(rate)}`]
    const carryOut = async () => {
      await client.throttleHost({ host: host.id, bytesPerSecond: rate })
      return []
    }
    return [{ kind: 'host', name, action: 'change', changes, warnings: [], carryOut }]
  })
}

function missing(at: string, what: string, command: string): HoldfastError {
  return new HoldfastError('not-found', `${at}: there is no ${what}`, {
    hint: `Nothing was done. \`holdfast ${command}\` shows all.`,
  })
}
