import { remote, type Input, type Register } from '../command.ts'
import { wrongUsage } from '../failure.ts'
import { requireTarget, targetOf, type TargetOptions } from '../input/target.ts'
import {
  failuresOf,
  isIncomplete,
  runTransfers,
  type TransferResult,
  warningsOf,
} from '../waiting/transfers.ts'
import { formatBytes } from '../output/format.ts'
import { renderTable, type Column } from '../output/table.ts'

export const registerCheck: Register = (program, context) => {
  const description =
    'Consistency check: compare data sources with their replicas, repair what differs'
  remote<CheckOptions>(
    program,
    'check [sources...]',
    description,
    context,
    async (input) => {
      const { client, args, options } = input
      const inconsistentOnly = options.inconsistent === true
      const request = { ...targetOf(args, options), inconsistentOnly, kind: 'check' as const }
      const { results, detached } = await runTransfers(client, context, request, options.wait)
      return {
        document: results.map(checkEntry),
        text: results.length > 0 ? renderTable(results, COLUMNS) : NOTHING,
        failures: failuresOf(results),
        warnings: warningsOf(results),
        negative: detached || isIncomplete(results),
      }
    },
    requireGroupOrSources,
  )
    .option('--group <group>', 'all members of this group')
    .option('--inconsistent', 'of the group, only members whose replica is inconsistent')
    .option('--no-wait', 'return when the jobs are started')
    .addHelpText('after', '\nStored chunks are compared with their digests by `holdfast verify`.')
}

interface CheckOptions extends TargetOptions {
  readonly inconsistent?: boolean
}

const NOTHING = 'No replica of this group is inconsistent: nothing was started.\n'

function requireGroupOrSources(input: Input<CheckOptions>): void {
  requireTarget(input)
  const { group, inconsistent } = input.options
  if (inconsistent === true && (group === undefined || input.args.length > 0))
    throw wrongUsage('--inconsistent chooses among the members of a --group')
}

function checkEntry({ entry, job }: TransferResult) {
  const check = job?.check
  return {
    ...entry,
    comparedBytes: check?.comparedBytes ?? null,
    differingChunks: check?.differingChunks ?? null,
    sentBytes: check?.sentBytes ?? null,
  }
}

const COLUMNS: readonly Column<TransferResult>[] = [
  { title: 'SOURCE', value: ({ entry }) => entry.source },
  { title: 'JOB', value: ({ entry }) => entry.job ?? '-' },
  { title: 'STATE', value: ({ entry, job }) => job?.state ?? (entry.error ? 'failed' : 'started') },
  { title: 'COMPARED', value: ({ job }) => bytes(job?.check?.comparedBytes), align: 'right' },
  {
    title: 'DIFFERING CHUNKS',
    value: ({ job }) => number(job?.check?.differingChunks),
    align: 'right',
  },
  { title: 'SENT', value: ({ job }) => bytes(job?.check?.sentBytes), align: 'right' },
]

function bytes(value: number | undefined): string {
  return value === undefined ? '-' : formatBytes(value)
}

function number(value: number | undefined): string {
  return value === undefined ? '-' : String(value)
}
