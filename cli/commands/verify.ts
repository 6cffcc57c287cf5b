import { type ClientInput, type Input, remote, type Register } from '../command.ts'
import { failureDocument, wrongUsage } from '../failure.ts'
import { awaitOne } from '../waiting/await-jobs.ts'
import type { Outcome } from '../outcome.ts'
import { count, formatBytes } from '../output/format.ts'
import { renderTable, type Column } from '../output/table.ts'
import type { VerifyResult } from '../reply.ts'

interface Options {
  readonly all?: boolean
  readonly wait: boolean
}

export const registerVerify: Register = (program, context) => {
  const description = 'Verification: compare stored chunks with their digests'
  remote<Options>(program, 'verify [points...]', description, context, verify, pointsOrAll)
    .option('--all', 'everything that is stored')
    .option('--no-wait', 'return when the job is started')
    .addHelpText('after', '\nDamage makes the exit status 1; the next `holdfast check` heals it.')
}

function pointsOrAll({ args, options }: Input<Options>): void {
  if ((options.all ?? false) === args.length > 0) throw wrongUsage('name points, or --all')
}

async function verify({ client, args, options, context }: ClientInput<Options>): Promise<Outcome> {
  const all = options.all ?? false
  const started = await client.startVerify({ points: [...new Set(args)], all })
  if (!options.wait) return { document: { ...UNKNOWN, job: started.id }, text: `${started.id}\n` }
  const { job, failure } = await awaitOne(client, started, context)
  const result = job?.verification ?? null
  const damaged = result?.damaged ?? []
  return {
    document: {
      ...(result ?? UNKNOWN),
      job: started.id,
      error: failure ? failureDocument(failure) : null,
    },
    text: result ? resultText(result) : '',
    failures: failure ? [failure] : [],
    warnings: job?.warnings ?? [],
    // A damaged header, footer or manifest is a finding that no point's range can show.
    negative: damaged.length > 0 || job === undefined || job.warnings.length > 0,
  }
}

const UNKNOWN = { checkedChunks: null, checkedBytes: null, damaged: [], error: null }

function resultText(result: VerifyResult): string {
  const { checkedChunks, checkedBytes, damaged } = result
  const checked = `${count(checkedChunks, 'chunk')}, ${formatBytes(checkedBytes)} checked`
  if (damaged.length === 0) return `${checked}, all as their digests say\n`
  return `${checked}; damaged:\n\n${renderTable(damaged, COLUMNS)}`
}

const COLUMNS: readonly Column<VerifyResult['damaged'][number]>[] = [
  { title: 'POINT', value: (range) => range.point },
  { title: 'SOURCE', value: (range) => range.source },
  { title: 'DISK', value: (range) => range.disk },
  { title: 'OFFSET', value: (range) => String(range.offset), align: 'right' },
  { title: 'LENGTH', value: (range) => String(range.length), align: 'right' },
]
