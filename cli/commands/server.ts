import path from 'node:path'
import type { Command } from 'commander'
import { formatAddress } from '../../core/model/address.ts'
import type { RebuildResult, ServerReady } from '../../server/options.ts'
import { type ClientInput, group, type Input, local, remote, type Register } from '../command.ts'
import type { Context } from '../context.ts'
import { failureDocument } from '../failure.ts'
import { confirm } from '../input/confirm.ts'
import { collect, first } from '../input/operand.ts'
import { awaitOne } from '../waiting/await-jobs.ts'
import { sayReady, untilStopped } from '../long-running.ts'
import type { Outcome } from '../outcome.ts'
import { count } from '../output/format.ts'

export const registerServer: Register = (program, context) => {
  const server = group(program, 'server', 'The protection server')
  registerRun(server, context)
  registerRebuild(server, context)
  registerImportReplica(server, context)
}

interface ServerRunOptions {
  readonly data: string
  readonly store?: readonly string[]
  readonly listen: string
  readonly agents: string
  readonly console?: string
  readonly advertise?: readonly string[]
  readonly mail?: string
  readonly openid?: string
  readonly transfers: string
  readonly hostTransfers: string
  readonly recoveries: string
  readonly undo: string
  readonly history: string
  readonly trash: string
  readonly audit: string
  readonly sample: string
}

function registerRun(server: Command, context: Context): void {
  const description = 'Run the protection server until it is told to stop'
  local<ServerRunOptions>(server, 'run', description, context, runServer)
    .requiredOption('--data <dir>', 'its own folder: catalog, keys, operator.json')
    .option('--store <dir>', 'a volume of the store; may be given again (DATA/store)', collect)
    .option('--listen <address>', 'where operators connect', '127.0.0.1:7400')
    .option('--agents <address>', 'where agents connect', '127.0.0.1:7401')
    .option(
      '--console <address>',
      "where the web console is; none: nowhere (127.0.0.1, --listen's port + 80: 7480)",
    )
    .option(
      '--console-certificate <file>',
      "PEM, in place of the server's own; needs --console-key",
    )
    .option('--console-key <file>', 'PEM, the key of --console-certificate')
    .option('--console-plain', 'the console without TLS; on loopback only')
    .option(
      '--advertise <host>',
      'a name by which others reach this machine; may be given again',
      collect,
    )
    .option('--mail <file>', 'says how to send mail: docs/configuration.md (DATA/mail.json)')
    .option(
      '--openid <file>',
      'names an OpenID provider for the console: docs/configuration.md (DATA/openid.json)',
    )
    .option('--transfers <n>', 'so many at once, of all hosts', '16')
    .option('--host-transfers <n>', 'so many of one host at once', '2')
    .option('--recoveries <n>', 'so many at once, beside transfers', '8')
    .option('--history <time>', 'how long ended jobs are kept, 7d to 3650d', '33d')
    .option('--undo <time>', 'how long a deleted point can be brought back; 0: not', '72h')
    .option('--trash <time>', 'how long a pack rests in the trash before it is unlinked', '72h')
    .option(
      '--audit <time>',
      'how often a disk is read whole though its changes are tracked',
      '14d',
    )
    .option('--sample <percent>', 'of the chunks said to be unchanged, read all the same', '0.5')
    .addHelpText('after', SERVER_HELP)
}

const SERVER_HELP = `
DATABASE_URL   a PostgreSQL to use in place of the embedded one
The first run writes DATA/operator.json: the credentials of the first operator.
SIGTERM stops it; transfers that run are taken up when it is back.`

async function runServer({ options, context }: Input<ServerRunOptions>): Promise<Outcome> {
  const { asTyped, toServerOptions } = await import('../input/run-options.ts')
  const checked = toServerOptions(asTyped(options), context.env)
  const server = await import('../../server/main.ts')
  return untilStopped<ServerReady>(
    (onReady) => server.runServer({ ...checked, onReady }),
    (ready) => sayReady(options.json, ready, serverReadyText(ready), context),
    context,
  )
}

function serverReadyText({ listen, agents, console, operatorFile }: ServerReady): string {
  const web = console === null ? '' : `, console ${console}`
  return `ready: operators ${formatAddress(listen)}, agents ${formatAddress(agents)}${web}, credentials ${operatorFile}\n`
}

interface RebuildOptions {
  readonly data: string
  readonly store?: readonly string[]
  readonly yes?: boolean
}

function registerRebuild(server: Command, context: Context): void {
  const description = 'Make a lost catalog, or bring an older one up to date, from the store'
  local<RebuildOptions>(server, 'rebuild', description, context, rebuild)
    .requiredOption('--data <dir>', "the server's own folder")
    .option('--store <dir>', 'a volume of the store; may be given again (DATA/store)', collect)
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nThe server must not be running. Nothing in the store is changed.')
}

async function rebuild({ options, context }: Input<RebuildOptions>): Promise<Outcome> {
  const { asTyped, toRebuildOptions } = await import('../input/run-options.ts')
  const checked = toRebuildOptions(asTyped(options), context.env)
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

function rebuiltText({ points, versions, packs, deletedPoints }: RebuildResult): string {
  const found = `${count(points, 'recovery point')}, ${count(versions, 'version')}`
  return `brought in: ${found} from ${count(packs, 'pack')}; ${count(deletedPoints, 'deleted point')} kept deleted\n`
}

interface ImportOptions {
  readonly wait: boolean
}

function registerImportReplica(server: Command, context: Context): void {
  const description = 'Take in a first replica that `agent export-replica` wrote onto a drive'
  remote<ImportOptions>(server, 'import-replica <dir>', description, context, importReplica)
    .option('--no-wait', 'return when the job is started')
    .addHelpText('after', IMPORT_HELP)
}

const IMPORT_HELP = `
The folder is one of the machine that the server runs on. Run again after it was cut, it stores
nothing twice. A consistency check follows by itself: it makes the first recovery point.`

async function importReplica(input: ClientInput<ImportOptions>): Promise<Outcome> {
  const { client, args, options, context } = input
  const started = await client.startReplicaImport({ folder: path.resolve(first(args)) })
  const { id, source } = started
  if (!options.wait)
    return { document: { job: id, source, check: null, error: null }, text: `${id}\n` }
  const { job, failure } = await awaitOne(client, started, context)
  if (!job || failure) {
    const error = failure ? failureDocument(failure) : null
    return {
      document: { job: id, source, check: null, error },
      text: '',
      failures: failure ? [failure] : [],
    }
  }
  const request = { source: source ?? '', kind: 'consistency-check', limit: 1 }
  const [check] = (await client.listJobs(request)).jobs
  const follows = check ? `; a consistency check follows: holdfast job watch ${check.id}` : ''
  return {
    document: { job: id, source, check: check?.id ?? null, error: null },
    text: `${source ?? id}: the replica is there${follows}\n`,
    warnings: job.warnings,
  }
}
