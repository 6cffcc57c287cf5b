import { Option } from 'commander'
import { type ClientInput, type Input, remote, type Register } from '../command.ts'
import { failureDocument, wrongUsage } from '../failure.ts'
import { confirm } from '../input/confirm.ts'
import { collect, countOption, first, rateOption, sizeOption } from '../input/operand.ts'
import { rateHoursOption } from '../input/group-options.ts'
import { awaitOne } from '../waiting/await-jobs.ts'
import type { Outcome } from '../outcome.ts'
import { formatBytes, formatSeconds, orDash } from '../output/format.ts'
import { renderFields } from '../output/table.ts'
import type { RestorePlan } from '../reply.ts'

interface Options {
  readonly original?: boolean
  readonly to?: string
  readonly path?: string
  readonly disk?: readonly string[]
  readonly partition?: string
  readonly name?: string
  readonly format?: string
  readonly preallocate?: boolean
  readonly evenIfOpen?: boolean
  readonly rate?: number
  readonly identity?: string
  readonly network?: readonly string[]
  readonly cpus?: number
  readonly memorySize?: number
  readonly start?: boolean
  readonly discardMemory?: boolean
  readonly safetyPoint: boolean
  readonly rateHours?: readonly string[]
  readonly timezone?: string
  readonly notify?: readonly string[]
  readonly plan?: boolean
  readonly yes?: boolean
  readonly wait: boolean
}

const FORMATS = ['raw', 'qcow2', 'vhd', 'vhd-fixed', 'vhdx', 'vmdk']

export const registerRestore: Register = (program, context) => {
  const description = 'Give a recovery point back: where it was, or anywhere else'
  remote<Options>(program, 'restore <point>', description, context, restore, refuseMixtures)
    .option('--original', 'in place of the data source as it is now')
    .option('--to <host>', 'to this host; needs --path')
    .option('--path <dir>', 'to this folder of the host, below one of its restore roots')
    .option('--disk <disk>', 'this disk only; may be given again', collect)
    .option('--partition <partition>', 'this partition only, or logical volume GROUP/VOLUME')
    .option('--name <name>', 'base name of the files to make')
    .addOption(new Option('--format <format>', 'of the files to make').choices(FORMATS))
    .option('--preallocate', 'reserve the whole size now')
    .option('--even-if-open', 'replace the original although something has it open')
    .option('--rate <rate>', 'at most so many bytes a second, such as 50MiB', rateOption)
    .addOption(
      new Option(
        '--identity <which>',
        'UUID and MAC addresses of a restored VM (default: new)',
      ).choices(['keep', 'new']),
    )
    .option(
      '--network <from=to>',
      'put a VM on another network, or on none; may be given again',
      collect,
    )
    .option('--cpus <n>', 'processors of the restored VM', countOption)
    .option('--memory-size <size>', 'memory of the restored VM, such as 2GiB', sizeOption)
    .option('--start', 'start the restored VM')
    .option('--no-start', 'leave it off')
    .option('--discard-memory', 'restore a point with memory as after a power cut')
    .option('--no-safety-point', 'do not keep a VM as it is before it is replaced')
    .option(
      '--rate-hours <hours>',
      '"08:00-18:00 mon-fri=10MiB": other limits then',
      rateHoursOption,
    )
    .option('--timezone <zone>', "of those hours, such as Europe/Berlin (the server's)")
    .option('--notify <address>', 'mail there what came of it; may be given again', collect)
    .option('--plan', 'say what would happen, do nothing')
    .option('--yes', 'do not ask')
    .option('--no-wait', 'return when the job is started')
    .addHelpText('after', EXAMPLES)
}

const EXAMPLES = `
Examples:
  holdfast restore alpha/web.qcow2@latest --original --plan
  holdfast restore alpha/web@latest --to beta --path /srv/vm --name copy --network br0=none --start
  holdfast restore p-4k2m9x --to beta --path /var/lib/images --format qcow2
  holdfast restore alpha/web.qcow2@latest --partition 2 --original`

async function restore(input: ClientInput<Options>): Promise<Outcome> {
  const { client, context, options } = input
  const request = toRequest(input)
  if (options.plan === true) return planned(await client.planRestore(request))
  if (options.yes !== true) await ask(input, await client.planRestore(request))
  const started = await client.startRestore(request)
  if (!options.wait)
    return { document: { job: started.id, ...NOTHING, error: null }, text: `${started.id}\n` }
  const { job, failure } = await awaitOne(client, started, context)
  const result = job?.restore ?? NOTHING
  return {
    document: { job: started.id, ...result, error: failure ? failureDocument(failure) : null },
    text: failure || job === undefined ? '' : resultText(result),
    failures: failure ? [failure] : [],
    warnings: job?.warnings ?? [],
    // What a point lacks is not restored: no run that lost something ends with 0.
    negative: job === undefined || job.state === 'completed-with-warnings',
  }
}

const NOTHING = { bytesWritten: 0, files: [], changes: [] }

function refuseMixtures({ options }: Input<Options>): void {
  const { original, to, path, name, format, preallocate, evenIfOpen } = options
  if (options.partition !== undefined && evenIfOpen === true)
    throw wrongUsage('--partition is never restored into a disk that is in use')
  for (const text of options.network ?? []) toNetwork(text)
  if (original === true) {
    if (to !== undefined || path !== undefined) throw wrongUsage('--original does not go with --to')
    if (name !== undefined || format !== undefined || preallocate === true)
      throw wrongUsage('--original keeps name and format of what it replaces')
    const { identity, network, cpus, memorySize } = options
    if (
      identity !== undefined ||
      network !== undefined ||
      cpus !== undefined ||
      memorySize !== undefined
    )
      throw wrongUsage('--original keeps the VM as it is declared', 'the options go with --to')
    return
  }
  if (to === undefined) throw wrongUsage('give --original, or --to HOST and --path DIR')
  if (path === undefined) throw wrongUsage('--to needs --path')
  if (!path.startsWith('/')) throw wrongUsage(`--path ${path}: it must begin with /`)
  if (evenIfOpen === true) throw wrongUsage('--even-if-open goes with --original')
}

function toRequest({ args, options }: ClientInput<Options>) {
  return {
    point: first(args),
    original: options.original ?? false,
    toHost: options.to,
    path: options.path,
    disks: [...(options.disk ?? [])],
    ...(options.partition === undefined ? {} : { partition: options.partition }),
    name: options.name,
    format: options.format,
    preallocate: options.preallocate ?? false,
    evenIfOpen: options.evenIfOpen ?? false,
    bytesPerSecond: options.rate ?? 0,
    machine: machineWish(options),
    noSafetyPoint: !options.safetyPoint,
    notify: [...(options.notify ?? [])],
    rateHours: [...(options.rateHours ?? [])],
    ...(options.timezone === undefined ? {} : { timeZone: options.timezone }),
  }
}

function machineWish(options: Options) {
  const { identity, network = [], cpus, memorySize, start, discardMemory } = options
  const networks = network.map(toNetwork)
  return {
    networks,
    ...(identity === undefined ? {} : { identity }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(memorySize === undefined ? {} : { memoryBytes: memorySize }),
    ...(start === undefined ? {} : { start }),
    ...(discardMemory === undefined ? {} : { discardMemory }),
  }
}

function toNetwork(text: string): { from: string; to: string } {
  const at = text.indexOf('=')
  const [from, to] = [text.slice(0, at), text.slice(at + 1)]
  if (at > 0 && to !== '') return { from, to }
  throw wrongUsage(`--network ${text}: it must be FROM=TO`, 'such as br0=br1, or br0=none')
}

/** Only what replaces something is asked about. */
async function ask(input: ClientInput<Options>, plan: RestorePlan): Promise<void> {
  const { context, options, args } = input
  if (options.original !== true && plan.overwrites.length === 0) return
  const touched = plan.overwrites.length > 0 ? plan.overwrites : plan.files
  const where = touched.map((file) => `${plan.host}:${file}`)
  await confirm(
    context,
    plan.wholeVm
      ? `Stop the VM and overwrite these with ${first(args)}?`
      : `Overwrite these with ${first(args)}?`,
    [...where, ...plan.warnings],
    false,
  )
}

function planned(plan: RestorePlan): Outcome {
  const { bytes, seconds, host, target, files, warnings, overwrites, changes } = plan
  const text = renderFields([
    ['host', host],
    ['target', target],
    ['bytes', formatBytes(bytes)],
    ['time', seconds == null ? '-' : `about ${formatSeconds(seconds)}`],
    ['files', orDash(files.join(', '))],
    ['overwrites', orDash(overwrites.join(', '))],
    ...changes.map((change) => ['change', change] as const),
  ])
  const document = {
    ...{ bytes, seconds: seconds ?? null, host, target, files, warnings, overwrites, changes },
  }
  return { document, text: `${text}nothing was done\n`, warnings }
}

function resultText(result: { bytesWritten: number; files: string[]; changes: string[] }): string {
  const lines = [
    `${formatBytes(result.bytesWritten)} written`,
    ...result.files,
    ...result.changes.map((change) => `changed: ${change}`),
  ]
  return `${lines.join('\n')}\n`
}
