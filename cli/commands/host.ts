import type { Command } from 'commander'
import { group, remote, type Register } from '../command.ts'
import type { Context } from '../context.ts'
import { confirm } from '../input/confirm.ts'
import { first, nth, rateOption } from '../input/operand.ts'
import { formatRate, formatTime, orDash } from '../output/format.ts'
import { renderFields, renderTable, type Column } from '../output/table.ts'
import type { Host } from '../reply.ts'

export const registerHost: Register = (program, context) => {
  const host = group(program, 'host', 'Hosts whose agents have joined')
  registerList(host, context)
  registerShow(host, context)
  registerRename(host, context)
  registerRevoke(host, context)
  registerThrottle(host, context)
}

function registerList(host: Command, context: Context): void {
  remote(
    host,
    'list',
    'All hosts and whether their agents are there',
    context,
    async ({ client }) => {
      const hosts = (await client.listHosts({})).hosts
      return { document: hosts, text: renderTable(hosts, COLUMNS, 'no host has joined') }
    },
  )
}

const COLUMNS: readonly Column<Host>[] = [
  { title: 'HOST', value: (host) => host.name },
  { title: 'STATE', value: (host) => host.state },
  { title: 'SOURCES', value: (host) => String(host.sources), align: 'right' },
  { title: 'VERSION', value: (host) => orDash(host.version) },
  { title: 'LAST SEEN', value: (host) => formatTime(host.lastSeenAt) },
  { title: 'LIMIT', value: limit },
]

function limit({ bytesPerSecond }: Host): string {
  return bytesPerSecond === 0 ? '-' : formatRate(bytesPerSecond)
}

function registerShow(host: Command, context: Context): void {
  remote(host, 'show <host>', 'One host', context, async ({ client, args }) =>
    shown(await client.getHost({ host: first(args) })),
  )
}

function shown(host: Host) {
  const text = renderFields([
    ['host', host.name],
    ['id', host.id],
    ['state', host.state],
    ['version', orDash(host.version)],
    ['sources', String(host.sources)],
    ['enrolled', formatTime(host.enrolledAt)],
    ['last seen', formatTime(host.lastSeenAt)],
    ['certificate until', formatTime(host.certificateExpiresAt)],
    ['limit', limit(host)],
    ['restores below', orDash(host.restoreRoots.join(', '))],
    ...host.warnings.map((warning) => ['warning', warning] as const),
  ])
  return { document: host, text }
}

function registerRename(host: Command, context: Context): void {
  const description = 'Give a host another name; its data sources are named after it'
  remote(host, 'rename <host> <name>', description, context, async ({ client, args }) =>
    shown(await client.renameHost({ host: first(args), name: nth(args, 1) })),
  )
}

function registerRevoke(host: Command, context: Context): void {
  const description = 'Refuse this host from now on; what it sent stays'
  remote<{ yes?: boolean }>(host, 'revoke <host>', description, context, async (input) => {
    const { client, args, options } = input
    const found = await client.getHost({ host: first(args) })
    const touched = [`${found.name} (${found.id}), ${found.sources} data sources, ${found.state}`]
    await confirm(context, 'Revoke this host?', touched, options.yes)
    return shown(await client.revokeHost({ host: found.id }))
  }).option('--yes', 'do not ask')
}

function registerThrottle(host: Command, context: Context): void {
  const description = 'Limit what a host sends and receives'
  remote<{ rate: number }>(host, 'throttle <host>', description, context, async (input) => {
    const { client, args, options } = input
    const request = { host: first(args), bytesPerSecond: options.rate }
    return shown(await client.throttleHost(request))
  }).requiredOption(
    '--rate <rate>',
    'bytes a second, such as 50MiB; none lifts the limit',
    rateOption,
  )
}
