import { type Command, Option } from 'commander'
import { group, remote, type Register } from '../command.ts'
import { wrongUsage } from '../failure.ts'
import type { Context } from '../context.ts'
import { confirm } from '../input/confirm.ts'
import { first, nth } from '../input/operand.ts'
import { formatBytes, formatTime, orDash } from '../output/format.ts'
import { renderFields, renderTable, type Column } from '../output/table.ts'
import type { Source } from '../reply.ts'

export const registerSource: Register = (program, context) => {
  const source = group(program, 'source', 'Data sources: what can be protected')
  registerList(source, context)
  registerShow(source, context)
  registerSet(source, context)
  registerMoveOwner(source, context)
}

interface ListOptions {
  readonly host?: string
  readonly unprotected?: boolean
}

function registerList(source: Command, context: Context): void {
  const description = 'Data sources that agents offer or that have recovery points'
  remote<ListOptions>(source, 'list', description, context, async ({ client, options }) => {
    const request = { host: options.host, unprotected: options.unprotected ?? false }
    const sources = (await client.listSources(request)).sources
    return { document: sources, text: renderTable(sources, COLUMNS, 'no data source') }
  })
    .option('--host <host>', 'of this host only')
    .option('--unprotected', 'only those in no protection group')
}

const COLUMNS: readonly Column<Source>[] = [
  { title: 'SOURCE', value: (source) => source.name },
  { title: 'KIND', value: (source) => source.kind },
  { title: 'STATE', value: (source) => source.state },
  { title: 'GROUP', value: (source) => orDash(source.group) },
  { title: 'REPLICA', value: (source) => source.replicaState },
  { title: 'SIZE', value: (source) => formatBytes(sizeOf(source)), align: 'right' },
  { title: 'POINTS', value: (source) => String(source.points), align: 'right' },
  { title: 'LAST POINT', value: (source) => formatTime(source.lastPoint?.createdAt) },
  { title: 'NOTE', value: (source) => note(source) },
]

function sizeOf(source: Source): number {
  return source.disks.reduce((sum, disk) => sum + disk.sizeBytes, 0)
}

function note(source: Source): string {
  const reasons = source.disks.flatMap((disk) => disk.reason ?? [])
  return source.replicaReason ?? reasons[0] ?? ''
}

function registerShow(source: Command, context: Context): void {
  remote(source, 'show <source>', 'One data source', context, async ({ client, args }) =>
    shown(await client.getSource({ source: first(args) })),
  )
}

function shown(source: Source) {
  const fields = renderFields([
    ['source', source.name],
    ['id', source.id],
    ['kind', source.kind],
    ['state', source.state],
    ['replica', source.replicaState],
    ['because', orDash(source.replicaReason)],
    ['owner', orDash(source.owner)],
    ['tenant', orDash(source.tenant)],
    ['points', String(source.points)],
    ['last point', source.lastPoint ? lastPoint(source.lastPoint) : '-'],
    ['unsettled reads', source.allowUnsettled ? 'allowed' : 'refused'],
    ...(source.kind === 'vm'
      ? ([['VM', `${source.powerState || 'unknown'}, ${source.firmware}, ${source.uuid}`]] as [
          string,
          string,
        ][])
      : []),
    ['restored from', orDash(source.currentBranchOf)],
  ])
  return {
    document: source,
    text: `${fields}\n${renderTable(source.disks, DISK_COLUMNS, 'no disk')}`,
  }
}

function lastPoint({
  id,
  createdAt,
  consistency,
  state,
}: NonNullable<Source['lastPoint']>): string {
  return `${id}, ${formatTime(createdAt)}, ${consistency}, ${state}`
}

const DISK_COLUMNS: readonly Column<Source['disks'][number]>[] = [
  { title: 'DISK', value: (disk) => disk.name },
  { title: 'FORMAT', value: (disk) => disk.format },
  { title: 'SIZE', value: (disk) => formatBytes(disk.sizeBytes), align: 'right' },
  { title: 'PROTECTED', value: (disk) => (disk.protected ? 'yes' : 'no') },
  { title: 'REASON', value: (disk) => disk.reason ?? '' },
]

interface SetOptions {
  readonly allowUnsettled?: string
  readonly owner?: string
  readonly tenant?: string
}

function registerSet(source: Command, context: Context): void {
  const description = 'Settings of one data source'
  remote<SetOptions>(
    source,
    'set <source>',
    description,
    context,
    async ({ client, args, options }) => {
      const { allowUnsettled, owner, tenant } = options
      const unsettled =
        allowUnsettled === undefined ? {} : { allowUnsettled: allowUnsettled === 'yes' }
      return shown(await client.setSource({ source: first(args), ...unsettled, owner, tenant }))
    },
    ({ options: { allowUnsettled, owner, tenant } }) => {
      if (allowUnsettled === undefined && owner === undefined && tenant === undefined)
        throw wrongUsage('say what to set: --allow-unsettled, --owner or --tenant')
    },
  )
    .addOption(
      new Option(
        '--allow-unsettled <answer>',
        'keep points of a disk that was written while it was read',
      ).choices(['yes', 'no']),
    )
    .option('--owner <name>', 'whose it is in the self-service; an empty word: nobody’s')
    .option('--tenant <word>', 'which scopes of tenants it lies in; an empty word: none')
}

function registerMoveOwner(source: Command, context: Context): void {
  const description = 'Let another host continue the history of this data source'
  remote<{ yes?: boolean }>(
    source,
    'move-owner <source> <host>',
    description,
    context,
    async (input) => {
      const { client, args, options } = input
      const found = await client.getSource({ source: first(args) })
      const host = nth(args, 1)
      const touched = [`${found.name}: from ${found.host} to ${host}; ${found.host} loses it`]
      await confirm(context, 'Move this history?', touched, options.yes)
      return shown(await client.moveOwner({ source: found.id, host }))
    },
  ).option('--yes', 'do not ask')
}
