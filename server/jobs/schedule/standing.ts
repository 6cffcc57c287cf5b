import type { Queryable } from '../../catalog/database.ts'
import { openDuesOf, type DueRow } from '../../catalog/dues.ts'
import { groupsOf, type GroupRow } from '../../catalog/groups.ts'
import { listHosts, type HostView } from '../../catalog/hosts-view.ts'
import { busySources } from '../../catalog/jobs.ts'
import {
  listPresentDisks,
  listSources,
  type PresentDisk,
  type SourceView,
} from '../../catalog/sources.ts'
import { replicatedOf } from '../../catalog/versions.ts'

/** All that decides what becomes of dues, read at once: a few statements, however many dues. */
export interface Standing {
  readonly sources: ReadonlyMap<string, SourceView>
  readonly hosts: ReadonlyMap<string, HostView>
  readonly groups: ReadonlyMap<string, GroupRow>
  readonly disks: ReadonlyMap<string, readonly PresentDisk[]>
  readonly replicated: ReadonlySet<string>
  /** By data source, earliest first. */
  readonly open: ReadonlyMap<string, readonly DueRow[]>
  /** Data sources with a job that excludes another. */
  readonly busy: ReadonlySet<string>
}

export async function readStanding(q: Queryable, dues: readonly DueRow[]): Promise<Standing> {
  const ids = [...new Set(dues.map(({ dataSource }) => dataSource))]
  const open = Map.groupBy(await openDuesOf(q, ids), ({ dataSource }) => dataSource)
  const busy = await busySources(q, ids)
  const sources = await listSources(q, { ids })
  const hosts = await listHosts(q, [...new Set(sources.map(({ hostId }) => hostId))])
  return {
    sources: new Map(sources.map((source) => [source.id, source])),
    hosts: new Map(hosts.map((host) => [host.id, host])),
    groups: await groupsOf(q, new Set(dues.map(({ group }) => group))),
    disks: await listPresentDisks(q, ids),
    replicated: await replicatedOf(q, ids),
    ...{ open, busy },
  }
}

/** Of one kind, earliest first. */
export function openOf({ open }: Standing, dataSource: string, kind: DueRow['kind']): DueRow[] {
  return (open.get(dataSource) ?? []).filter((due) => due.kind === kind)
}
