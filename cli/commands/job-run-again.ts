import type { OperatorClient } from '../../core/wire/operator-client.ts'
import { HoldfastError, fromFailure } from '../../core/model/error.ts'
import { showName } from '../../core/model/guest-name.ts'
import { type ClientInput, remote } from '../command.ts'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { confirm } from '../input/confirm.ts'
import { first } from '../input/operand.ts'
import type { Outcome } from '../outcome.ts'
import { formatBytes } from '../output/format.ts'
import { jobText } from '../output/job-text.ts'
import { type Job, jobDocument } from '../reply.ts'
import { awaitOne } from '../waiting/await-jobs.ts'
import { jobFailure } from '../waiting/await-job.ts'

interface Options {
  readonly yes?: boolean
  readonly wait: boolean
}

/** What starts a transfer of the same kind. */
const TRANSFERS: Readonly<Record<string, string>> = {
  'initial-replication': 'point',
  'recovery-point': 'point',
  synchronization: 'synchronize',
  'consistency-check': 'check',
}

export function registerRunAgain(job: Command, context: Context): void {
  const description = 'The same once more: a recovery as it was asked, or a transfer'
  remote<Options>(job, 'run-again <job>', description, context, runAgain)
    .option('--yes', 'do not ask')
    .option('--no-wait', 'return when the job is started')
}

async function runAgain(input: ClientInput<Options>): Promise<Outcome> {
  const { client, args, options, context } = input
  const started = await start(input, await client.getJob({ job: first(args) }))
  if (!options.wait) return { document: jobDocument(started), text: `${started.id}\n` }
  const { job, failure } = await awaitOne(client, started, context)
  const last = job ?? started
  const problem = failure ?? jobFailure(last)
  return {
    ...{ document: jobDocument(last), text: jobText(last) },
    failures: problem ? [problem] : [],
    negative: job === undefined || last.state === 'completed-with-warnings',
  }
}

async function start({ client, context, options }: ClientInput<Options>, job: Job): Promise<Job> {
  const { fileRestoreRequest, source, kind } = job
  if (job.restoreRequest) {
    const request = sendable(job.restoreRequest)
    const touched = await restoreLines(client, request)
    await confirm(context, `Restore ${request.point} again?`, touched, options.yes)
    return client.startRestore(request)
  }
  if (fileRestoreRequest) {
    const question = `Restore these files of ${fileRestoreRequest.point} again?`
    await confirm(context, question, fileLines(fileRestoreRequest), options.yes)
    return client.startFileRestore(fileRestoreRequest)
  }
  const transfer = TRANSFERS[kind]
  if (transfer === undefined || source === null) throw notAgain(job)
  const { starts } = await client.startTransfers({ sources: [source], kind: transfer })
  const [begun] = starts
  if (begun?.error) throw fromFailure(begun.error)
  return client.getJob({ job: begun?.job ?? '' })
}

/** What is null in a document is not there on the wire, also inside of it. */
function sendable({ machine, ...request }: NonNullable<Job['restoreRequest']>) {
  if (!machine) return request
  const { identity, cpus, memoryBytes, start, discardMemory, networks } = machine
  return {
    ...request,
    machine: {
      networks,
      ...(identity === null ? {} : { identity }),
      ...(cpus === null ? {} : { cpus }),
      ...(memoryBytes === null ? {} : { memoryBytes }),
      ...(start === null ? {} : { start }),
      ...(discardMemory === null ? {} : { discardMemory }),
    },
  }
}

type RestoreRequest = ReturnType<typeof sendable>
type FileRestoreRequest = NonNullable<Job['fileRestoreRequest']>

/** What would happen, as `restore --plan` has it. */
async function restoreLines(client: OperatorClient, request: RestoreRequest): Promise<string[]> {
  const { host, target, bytes, files, overwrites, changes, warnings } =
    await client.planRestore(request)
  return [
    `${formatBytes(bytes)} to ${host}, ${target}`,
    ...files.filter((file) => !overwrites.includes(file)),
    ...overwrites.map((file) => `overwrites ${file}`),
    ...[...changes, ...warnings, ...limitLines(request)],
  ]
}

function fileLines(request: FileRestoreRequest): string[] {
  const { paths, matching, except, toHost, folder, onConflict, owners, special } = request
  const shown = (bytes: Uint8Array) => showName(bytes).name
  return [
    ...[...paths, ...matching].map(shown),
    ...except.map((path) => `but for ${shown(path)}`),
    `to ${toHost}:${folder}${request.resultFolder ? ', into a new folder there' : ''}`,
    `on conflict: ${onConflict}; owners: ${owners}${special ? '; special files too' : ''}`,
    ...limitLines(request),
  ]
}

function limitLines({ bytesPerSecond, rateHours, notify }: RestoreRequest | FileRestoreRequest) {
  return [
    ...(bytesPerSecond > 0 ? [`at most ${formatBytes(bytesPerSecond)} a second`] : []),
    ...rateHours.map((hours) => `limit ${hours}`),
    ...notify.map((address) => `told: ${address}`),
  ]
}

function notAgain({ id, kind }: Job): HoldfastError {
  return new HoldfastError('invalid-argument', `${id} is a job of kind ${kind}: it has no again`, {
    hint: 'Transfers and recoveries can be run again; the server starts the others itself.',
  })
}
