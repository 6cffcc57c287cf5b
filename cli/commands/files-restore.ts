import { type Command, Option } from 'commander'
import { fromFailure, HoldfastError } from '../../core/model/error.ts'
import { type ClientInput, type Input, remote } from '../command.ts'
import type { Context } from '../context.ts'
import { failureDocument, wrongUsage } from '../failure.ts'
import {
  EXCEPT,
  MATCHING,
  namedFiles,
  requireSomething,
  type ChoiceOptions,
} from '../files/named-files.ts'
import { collect, first, rateOption } from '../input/operand.ts'
import { rateHoursOption } from '../input/group-options.ts'
import type { Outcome } from '../outcome.ts'
import { count, formatBytes } from '../output/format.ts'
import type { Job } from '../reply.ts'
import { awaitOne, type Waited } from '../waiting/await-jobs.ts'

interface RestoreOptions extends ChoiceOptions {
  readonly to: string
  readonly onConflict: string
  readonly owners: string
  readonly special?: boolean
  readonly resultFolder?: boolean
  readonly rate?: number
  readonly rateHours?: readonly string[]
  readonly timezone?: string
  readonly notify?: readonly string[]
  readonly wait: boolean
}

export function registerFilesRestore(files: Command, context: Context): void {
  const description = 'Write files and folders of a point onto a host'
  remote<RestoreOptions>(
    files,
    'restore <point> [path...]',
    description,
    context,
    restore,
    (input) => {
      requireSomething(input)
      targetOf(input)
    },
  )
    .requiredOption('--to <host:dir>', 'below this folder of this host, one of its restore roots')
    .addOption(
      new Option('--on-conflict <what>', 'what to do where a name is taken')
        .choices(['copy', 'skip', 'overwrite'])
        .default('copy'),
    )
    .addOption(
      new Option('--owners <whose>', "the guest's owners and access lists, or the folder's")
        .choices(['keep', 'target'])
        .default('keep'),
    )
    .option('--special', 'devices, pipes, setuid bits and capabilities too')
    .option('--result-folder', 'into a new folder there, named HOST_DAY-MONTH-YEAR_TIME')
    .option('--disk <disk>', 'from this disk')
    .option('--matching <folder/pattern>', MATCHING, collect)
    .option('--except <folder/name>', EXCEPT, collect)
    .option('--encoded', 'paths are percent-encoded')
    .option('--rate <rate>', 'at most so many bytes a second, such as 50MiB', rateOption)
    .option(
      '--rate-hours <hours>',
      '"08:00-18:00 mon-fri=10MiB": other limits then',
      rateHoursOption,
    )
    .option('--timezone <zone>', "of those hours, such as Europe/Berlin (the server's)")
    .option('--notify <address>', 'mail there what came of it; may be given again', collect)
    .option('--no-wait', 'return when the job is started')
    .addHelpText('after', EXAMPLES)
}

const EXAMPLES = `
Folders that are there are gone into; what is in them stays. Links in the target are not followed.
Examples:
  holdfast files restore alpha/web.qcow2@latest /srv/data --to alpha:/srv/restored
  holdfast files restore p-4k2m9x 2:/etc /home --to beta:/srv --on-conflict skip --result-folder`

/** HOST:DIR; names of hosts have no colon. */
function targetOf({ options }: Input<RestoreOptions>): { toHost: string; folder: string } {
  const colon = options.to.indexOf(':')
  const [toHost, folder] = [options.to.slice(0, Math.max(0, colon)), options.to.slice(colon + 1)]
  if (colon < 1) throw wrongUsage(`--to ${options.to}: give HOST:DIR`)
  if (!folder.startsWith('/')) throw wrongUsage(`--to ${options.to}: DIR must begin with /`)
  return { toHost, folder }
}

async function restore(input: ClientInput<RestoreOptions>): Promise<Outcome> {
  const { client, args, options, context } = input
  const { disk, onConflict, owners, special, resultFolder, rate } = options
  const started = await client.startFileRestore({
    ...{ point: first(args), disk, onConflict, owners, ...targetOf(input) },
    ...namedFiles(args, options),
    special: special ?? false,
    resultFolder: resultFolder ?? false,
    bytesPerSecond: rate ?? 0,
    notify: [...(options.notify ?? [])],
    rateHours: [...(options.rateHours ?? [])],
    ...(options.timezone === undefined ? {} : { timeZone: options.timezone }),
  })
  if (!options.wait)
    return { document: { job: started.id, ...NOTHING, error: null }, text: `${started.id}\n` }
  return shown(started, await awaitOne(client, started, context))
}

type Items = NonNullable<Job['items']>

const NOTHING = { folder: null, restored: 0, skipped: 0, bytes: 0, failed: [], lost: [] }

/** What was lost of what was asked for makes the exit status 1, also where every file came. */
function shown(started: Job, { job, failure }: Waited): Outcome {
  const { items } = job ?? {}
  const failed = items?.failed ?? []
  const lost = items?.lost ?? []
  const result = items ? documentOf(items) : NOTHING
  return {
    document: { job: started.id, ...result, error: failure ? failureDocument(failure) : null },
    text: items ? textOf(items) : '',
    failures: [...(failure ? [failure] : []), ...failed.map(failureOf)],
    warnings: [...lost, ...(job?.warnings ?? [])],
    negative: job === undefined || lost.length > 0 || (items?.failedCount ?? 0) > 0,
  }
}

function documentOf({ folder, restored, skipped, bytes, failed, lost }: Items) {
  return {
    ...{ folder, restored, skipped, bytes, lost },
    failed: failed.map((one) => ({
      path: one.path,
      encoded: one.encoded,
      error: failureDocument(failureOf(one)),
    })),
  }
}

function failureOf({ path, error }: Items['failed'][number]): HoldfastError {
  if (!error) return new HoldfastError('internal', `${path}: no reason was given`)
  const { code, message, hint } = error
  const text = message.includes(path) ? message : `${path}: ${message}`
  return fromFailure({ code, message: text, hint })
}

function textOf({ folder, restored, skipped, failedCount, bytes }: Items): string {
  const parts = [
    `${count(restored, 'item')} restored, ${formatBytes(bytes)}`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(failedCount > 0 ? [`${failedCount} failed`] : []),
  ]
  return `${parts.join(', ')}\n${folder}\n`
}
