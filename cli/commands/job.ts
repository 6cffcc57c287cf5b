import { type Command, Option } from 'commander'
import { type ClientInput, group, remote, type Register } from '../command.ts'
import type { Context } from '../context.ts'
import { countOption, first, pastOption } from '../input/operand.ts'
import { jobFailure } from '../waiting/await-job.ts'
import { awaitOne } from '../waiting/await-jobs.ts'
import type { Outcome } from '../outcome.ts'
import { jobTable, jobText } from '../output/job-text.ts'
import { type Job, jobDocument } from '../reply.ts'
import { registerRunAgain } from './job-run-again.ts'

export const registerJob: Register = (program, context) => {
  const job = group(program, 'job', 'Jobs: what runs, what ran and how it ended')
  registerList(job, context)
  remote(job, 'show <job>', 'One job', context, async ({ client, args }) =>
    shown(await client.getJob({ job: first(args) })),
  )
  remote(job, 'watch <job>', 'Follow a job to its end; fails when it failed', context, watch)
  const cancel = 'Ask a job to stop; nothing of it becomes visible'
  remote(job, 'cancel <job>', cancel, context, async ({ client, args }) =>
    shown(await client.cancelJob({ job: first(args) })),
  )
  registerRunAgain(job, context)
}

interface ListOptions {
  readonly state?: string
  readonly source?: string
  readonly group?: string
  readonly kind?: string
  readonly since?: string
  readonly before?: string
  readonly limit: number
}

const STATES = [
  'queued',
  'running',
  'completed',
  'completed-with-warnings',
  'failed',
  'cancelled',
  'skipped',
]
const DEFAULT_LIMIT = 100

function registerList(job: Command, context: Context): void {
  const moment = pastOption(context.clock.now())
  remote<ListOptions>(job, 'list', 'Jobs, newest first', context, async ({ client, options }) => {
    const { jobs } = await client.listJobs(options)
    return { document: jobs.map(jobDocument), text: jobTable(jobs) }
  })
    .addOption(new Option('--state <state>', 'in this state only').choices(STATES))
    .option('--source <source>', 'of this data source only')
    .option('--group <group>', 'done for this group only')
    .option('--kind <kind>', 'of this kind only')
    .option('--since <time>', 'asked for at or after this time, or this long ago', moment)
    .option('--before <job>', 'older than this job: the next page')
    .option('--limit <count>', 'so many at most', countOption, DEFAULT_LIMIT)
}

function shown(job: Job): Outcome {
  return { document: jobDocument(job), text: jobText(job) }
}

async function watch({ client, args, context }: ClientInput<object>): Promise<Outcome> {
  const started = await client.getJob({ job: first(args) })
  const { job, failure } = await awaitOne(client, started, context)
  const last = job ?? started
  const problem = failure ?? jobFailure(last)
  return { ...shown(last), failures: problem ? [problem] : [], negative: job === undefined }
}
