import { Option, type Command } from 'commander'
import { CONSISTENCY_FALLBACKS, WANTED_CONSISTENCIES } from '../../core/model/state.ts'
import { type ClientInput, type Input, remote } from '../command.ts'
import type { Context } from '../context.ts'
import { wrongUsage } from '../failure.ts'
import { futureOption } from '../input/operand.ts'
import { targetOf } from '../input/target.ts'
import { failuresOf, isIncomplete, runTransfers, warningsOf } from '../waiting/transfers.ts'
import type { Outcome } from '../outcome.ts'
import { pointText } from '../output/point-text.ts'
import { transferTable } from '../output/transfer-table.ts'

interface Options {
  readonly from?: string
  readonly disk?: string
  readonly group?: string
  readonly label?: string
  readonly expires?: string
  readonly protect?: boolean
  readonly consistency?: string
  readonly fallback?: string
  readonly memory?: boolean
  readonly wait: boolean
}

export function registerPointCreate(point: Command, context: Context): void {
  const description = 'Make a recovery point of each data source, or of one disk of another point'
  remote<Options>(point, 'create [sources...]', description, context, create, refuseMixtures)
    .option('--from <point>', 'make it from this point, without reading the data source')
    .option('--group <group>', 'all members of this group')
    .option('--disk <disk>', 'the disk to take, with --from')
    .option('--label <text>', 'a word to find it by')
    .option(
      '--expires <duration>',
      'when it may go: 30d, or a time',
      futureOption(context.clock.now()),
    )
    .option('--protect', 'keep it until `point unprotect`')
    .addOption(
      new Option('--consistency <level>', 'wanted of a running VM').choices(WANTED_CONSISTENCIES),
    )
    .addOption(
      new Option('--fallback <what>', 'where that level is not reached').choices(
        CONSISTENCY_FALLBACKS,
      ),
    )
    .option('--memory', 'with memory and device state: the restored VM goes on where it was')
    .option('--no-wait', 'return when the jobs are started')
    .addHelpText('after', EXAMPLES)
}

const EXAMPLES = `
Examples:
  holdfast point create alpha/web.qcow2 alpha/db.raw --label before-upgrade
  holdfast point create alpha/db --consistency application --fallback fail
  holdfast point create --from alpha/web@latest --disk data.raw`

function create(input: ClientInput<Options>): Promise<Outcome> {
  const { from } = input.options
  return from === undefined ? fromSources(input) : fromPoint(input, from)
}

function refuseMixtures({ args, options }: Input<Options>): void {
  const { from, disk, expires, protect, consistency, fallback, memory } = options
  if (from === undefined) {
    if (disk !== undefined) throw wrongUsage('--disk goes with --from')
    if (args.length === 0 && options.group === undefined)
      throw wrongUsage('name a data source, a --group, or a point with --from')
    return
  }
  if (args.length > 0 || options.group !== undefined)
    throw wrongUsage('give data sources or --from, not both')
  if (disk === undefined) throw wrongUsage('--from needs --disk')
  if (expires !== undefined || protect === true)
    throw wrongUsage(
      '--from does not go with --expires and --protect',
      'protect the point afterwards',
    )
  if (consistency !== undefined || fallback !== undefined || memory === true)
    throw wrongUsage('--from reads no VM: no --consistency, --fallback and --memory')
}

async function fromSources({
  client,
  context,
  args,
  options,
}: ClientInput<Options>): Promise<Outcome> {
  const request = {
    ...targetOf(args, options),
    kind: 'point' as const,
    label: options.label,
    expiresAt: options.expires,
    protect: options.protect ?? false,
    consistency: options.consistency,
    fallback: options.fallback,
    memory: options.memory ?? false,
  }
  const { results, detached } = await runTransfers(client, context, request, options.wait)
  return {
    document: results.map(({ entry }) => entry),
    text: transferTable(results),
    failures: failuresOf(results),
    warnings: warningsOf(results),
    negative: detached || isIncomplete(results),
  }
}

async function fromPoint(
  { client, options }: ClientInput<Options>,
  from: string,
): Promise<Outcome> {
  const request = { point: from, disk: options.disk ?? '', label: options.label }
  const point = await client.createPointFrom(request)
  const entry = { source: point.source, job: null, point, error: null, warnings: [] }
  return { document: [entry], text: pointText(point) }
}
