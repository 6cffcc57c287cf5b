import { type Command, Option } from 'commander'
import { HoldfastError } from '../../core/model/error.ts'
import { pathBytes } from '../../core/model/guest-name.ts'
import { group, remote, type ClientInput, type Input, type Register } from '../command.ts'
import type { Context } from '../context.ts'
import { failureDocument } from '../failure.ts'
import { entryDocument, entryTable } from '../files/listing.ts'
import { withRecords } from '../files/with-records.ts'
import { openSink, requirePossible, type Target } from '../files/open-sink.ts'
import { receive, type Received } from '../../core/archive/receive.ts'
import { collect, countOption, first, nth, offsetOption } from '../input/operand.ts'
import {
  EXCEPT,
  isByName,
  MATCHING,
  namedFiles,
  requireSomething,
  type ChoiceOptions,
} from '../files/named-files.ts'
import type { Outcome } from '../outcome.ts'
import { count, formatBytes } from '../output/format.ts'
import type { FileEntry } from '../reply.ts'
import { registerFilesRestore } from './files-restore.ts'
import { registerSearch } from './files-search.ts'

export const registerFiles: Register = (program, context) => {
  const files = group(program, 'files', 'Files and folders inside of recovery points')
  files.addHelpText('after', PATHS)
  registerList(files, context)
  registerGet(files, context)
  registerFilesRestore(files, context)
  registerSearch(files, context)
}

const PATHS = `
A path is /path, or DISK:PARTITION:/path where several partitions have it; DISK: or PARTITION:
alone will do where that is enough. / shows the partitions where there are several.`

interface PathOptions {
  readonly disk?: string
  readonly encoded?: boolean
}

interface ListOptions extends PathOptions {
  readonly name?: string
  readonly sort: string
  readonly descending?: boolean
  readonly offset: number
  readonly limit: number
}

/** Of one answer: a document of more is more than programs read at once. */
const MOST_LISTED = 100_000

function registerList(files: Command, context: Context): void {
  const description = 'What a folder inside of a point holds'
  remote<ListOptions>(files, 'list <point> <path>', description, context, list)
    .option('--disk <disk>', 'on this disk')
    .option('--encoded', 'the path is percent-encoded, as names that are no UTF-8 are shown')
    .option('--name <pattern>', 'only names like this, such as "*.log"; upper and lower case alike')
    .addOption(
      new Option('--sort <by>', 'by name, folders come first')
        .choices(['name', 'type', 'size', 'modified'])
        .default('name'),
    )
    .option('--descending', 'the other way round')
    .option('--offset <count>', 'leave out so many that come first', offsetOption, 0)
    .option('--limit <count>', 'so many at most', countOption, MOST_LISTED)
}

async function list({ client, args, options }: ClientInput<ListOptions>): Promise<Outcome> {
  const { disk, encoded, name = '', sort, descending = false, offset, limit } = options
  const path = pathBytes(nth(args, 1), encoded === true)
  const entries: FileEntry[] = []
  const warnings: string[] = []
  let total = 0
  const request = { point: first(args), path, disk, name: Buffer.from(name), order: sort }
  for await (const page of client.listFiles({ ...request, descending, offset, limit })) {
    for (const entry of page.entries) entries.push(entry)
    warnings.push(...page.warnings)
    total = page.total ?? total
  }
  const next = offset + entries.length
  if (next < total)
    warnings.push(`${total - next} further entries: --offset ${next} shows the next`)
  const failures = entries.flatMap(({ error }) => (error ? [error.message] : []))
  const text = entryTable(entries)
  return { document: entries.map(entryDocument), text, warnings: [...warnings, ...failures] }
}

interface GetOptions extends ChoiceOptions {
  readonly output: string
  readonly archive?: 'tar' | 'zip'
}

function registerGet(files: Command, context: Context): void {
  const description = 'Fetch files and folders out of a point'
  remote<GetOptions>(files, 'get <point> [path...]', description, context, get, (input) => {
    requireSomething(input)
    requirePossible(targetOf(input))
  })
    .requiredOption('-o, --output <target>', 'file or folder to write, or - for standard output')
    .addOption(new Option('--archive <format>', 'write one archive').choices(['tar', 'zip']))
    .option('--disk <disk>', 'from this disk')
    .option('--matching <folder/pattern>', MATCHING, collect)
    .option('--except <folder/name>', EXCEPT, collect)
    .option('--encoded', 'paths are percent-encoded')
    .addHelpText('after', EXAMPLES)
}

const EXAMPLES = `
Nothing is overwritten, and no link is followed. Owners are kept as root; access lists and extended
attributes are kept in a tar.
Examples:
  holdfast files get alpha/web.qcow2@latest /etc/fstab -o -
  holdfast files get p-4k2m9x /srv/data /etc -o back.tar --archive tar
  holdfast files get p-4k2m9x --matching '/srv/log/*.gz' --except /srv/log/old.gz -o back/`

function targetOf({ args, options }: Input<GetOptions>): Target {
  const { output, archive } = options
  return { output, archive, isSeveral: args.length > 2 || isByName(options) }
}

async function get(input: ClientInput<GetOptions>): Promise<Outcome> {
  const { client, args, options, context } = input
  const answer = client.getFiles({
    ...{ point: first(args), disk: options.disk, ...namedFiles(args, options) },
    // A zip has no links of this kind: each name has the content.
    repeatLinked: options.archive === 'zip',
    records: true,
  })
  const received = await withRecords(answer, async (plain) => {
    const { sink, parts } = await openSink(targetOf(input), plain, context)
    return receive(parts, sink)
  })
  if (options.output === '-') return { ...shown(received), document: undefined, text: '' }
  return shown(received)
}

/** One path that failed for itself is the error of the command. */
function shown({ files, bytes, failed, warnings }: Received): Outcome {
  const [only] = failed
  if (only && files === 0 && failed.length === 1) throw only.error
  return {
    document: {
      ...{ files, bytes, warnings },
      failed: failed.map(({ name, encoded, error }) => ({
        ...{ path: name, encoded },
        error: failureDocument(error),
      })),
    },
    text: `fetched ${count(files, 'item')}, ${formatBytes(bytes)}\n`,
    warnings,
    failures: failed.map(({ name, error }) => named(name, error)),
  }
}

function named(path: string, error: HoldfastError): HoldfastError {
  if (error.message.includes(path)) return error
  return new HoldfastError(error.code, `${path}: ${error.message}`, { hint: error.hint })
}
