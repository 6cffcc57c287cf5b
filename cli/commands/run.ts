import type { Command } from 'commander'
import type { AgentReady } from '../../agent/options.ts'
import { formatAddress } from '../../core/model/address.ts'
import type { RebuildResult, ServerReady } from '../../server/options.ts'
import { group, type Input, local, type Register } from '../command.ts'
import type { Context } from '../context.ts'
import { confirm } from '../input/confirm.ts'
import { collect } from '../input/operand.ts'
import type { Given } from '../input/run-options.ts'
import type { Outcome } from '../outcome.ts'
import { count } from '../output/format.ts'

export const registerRun: Register = (program, context) => {
  const server = group(program, 'server', 'The protection server')
  registerServerRun(server, context)
  registerServerRebuild(server, context)
  const agent = group(program, 'agent', 'The agent of this host')
  registerAgentRun(agent, context)
}

interface ServerRunOptions {
  readonly data: string
  readonly store?: readonly string[]
  readonly listen: string
  readonly agents: string
  readonly console?: string
  readonly advertise?: readonly string[]
}

function registerServerRun(server: Command, context: Context): void {
  const description = 'Run the protection server until it is told to stop'
  local<ServerRunOptions>(server, 'run', description, context, runServer)
    .requiredOption('--data <dir>', 'its own folder: catalog, keys, operator.json')
    .option('--store <dir>', 'a volume of the store; may be given again (DATA/store)', collect)
    .option('--listen <address>', 'where operators connect', '127.0.0.1:7400')
    .option('--agents <address>', 'where agents connect', '127.0.0.1:7401')
    .option('--console <address>', 'where the web console will be; nothing listens there yet')
    .option(
      '--advertise <host>',
      'a name by which others reach this machine; may be given again',
      collect,
    )
    .addHelpText('after', SERVER_HELP)
}

const SERVER_HELP = `
DATABASE_URL   a PostgreSQL to use in place of the embedded one
The first run writes DATA/operator.json: the credentials of the first operator.
SIGTERM stops it; transfers that run are taken up when it is back.`

async function runServer({ options, context }: Input<ServerRunOptions>): Promise<Outcome> {
  const { toServerOptions } = await import('../input/run-options.ts')
  const { data, store, listen, agents, console, advertise } = options
  const given = { data, store, listen, agents, console, advertise }
  const checked = toServerOptions(asTyped(given), context.env)
  const process = await import('../../server/main.ts')
  const onReady = (ready: ServerReady) => say(options.json, ready, serverReadyText(ready), context)
  await process.runServer({ ...checked, onReady })
  return { document: undefined, text: '' }
}

/** The names that people typed, for messages about them. */
function asTyped(options: Readonly<Record<string, unknown>>): Given {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [`--${name}`, value]))
}

/** A long-running process prints its one document when it is ready. */
function say(json: boolean | undefined, document: object, text: string, context: Context): void {
  context.terminal.out(json === true ? `${JSON.stringify(document, null, 2)}\n` : text)
}

function serverReadyText({ listen, agents, operatorFile }: ServerReady): string {
  return `ready: operators ${formatAddress(listen)}, agents ${formatAddress(agents)}, credentials ${operatorFile}\n`
}

interface RebuildOptions {
  readonly data: string
  readonly store?: readonly string[]
  readonly yes?: boolean
}

function registerServerRebuild(server: Command, context: Context): void {
  const description = 'Make a lost catalog, or bring an older one up to date, from the store'
  local<RebuildOptions>(server, 'rebuild', description, context, rebuild)
    .requiredOption('--data <dir>', "the server's own folder")
    .option('--store <dir>', 'a volume of the store; may be given again (DATA/store)', collect)
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nThe server must not be running. Nothing in the store is changed.')
}

async function rebuild({ options, context }: Input<RebuildOptions>): Promise<Outcome> {
  const { toRebuildOptions } = await import('../input/run-options.ts')
  const { data, store } = options
  const checked = toRebuildOptions(asTyped({ data, store }), context.env)
  await confirm(
    context,
    'Write the catalog anew from the store?',
    [checked.dataFolder],
    options.yes,
  )
  const { rebuildServer } = await import('../../server/rebuild.ts')
  const result: RebuildResult = await rebuildServer(checked)
  return { document: result, text: rebuiltText(result), warnings: result.warnings }
}

function rebuiltText({ sources, points, deletedPoints, hosts }: RebuildResult): string {
  const found = [
    count(points, 'recovery point'),
    count(sources, 'data source'),
    count(hosts, 'host'),
  ]
  return `rebuilt: ${found.join(', ')}; ${count(deletedPoints, 'point')} stay deleted\n`
}

interface AgentRunOptions {
  readonly data: string
  readonly name?: string
  readonly joinFile?: string
  readonly images?: readonly string[]
  readonly source?: readonly string[]
  readonly restoreRoot?: readonly string[]
  readonly scratch?: string
}

function registerAgentRun(agent: Command, context: Context): void {
  const description = 'Run the agent until it is told to stop'
  local<AgentRunOptions>(agent, 'run', description, context, runAgent)
    .requiredOption('--data <dir>', 'its own folder: identity, undo log')
    .option('--name <name>', 'name of this host, when it joins')
    .option('--join-file <file>', 'the join token, when it joins; - is standard input')
    .option(
      '--images <dir>',
      'offer the disk images below this folder; may be given again',
      collect,
    )
    .option(
      '--source <name=path,...>',
      'offer these disks as one data source; may be given again',
      collect,
    )
    .option('--restore-root <dir>', 'recoveries may write below; may be given again', collect)
    .option('--scratch <dir>', 'for what is needed while a job runs')
    .addHelpText('after', AGENT_HELP)
}

const AGENT_HELP = `
HOLDFAST_JOIN_TOKEN   the join token, in place of --join-file
Recoveries write below the restore roots, to the data sources' own places and to DATA/restores.

Example:
  holdfast agent run --data /var/lib/holdfast-agent --join-file join.token \\
    --images /var/lib/libvirt/images --source web=/srv/a.raw,/srv/b.raw`

async function runAgent({ options, context }: Input<AgentRunOptions>): Promise<Outcome> {
  const { toAgentOptions } = await import('../input/run-options.ts')
  const { data, name, joinFile, images, source, restoreRoot, scratch } = options
  const given = { data, name, images, source, scratch }
  const spelled = { ...asTyped(given), '--join-file': joinFile, '--restore-root': restoreRoot }
  const checked = toAgentOptions(spelled, context.env)
  const process = await import('../../agent/main.ts')
  const onReady = (ready: AgentReady) => say(options.json, ready, agentReadyText(ready), context)
  await process.runAgent({ ...checked, onReady })
  return { document: undefined, text: '' }
}

function agentReadyText({ host, server, sources }: AgentReady): string {
  return `ready: host ${host}, server ${server}, ${count(sources, 'data source')} offered\n`
}
