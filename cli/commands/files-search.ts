import type { Command } from 'commander'
import { pathBytes, showName } from '../../core/model/guest-name.ts'
import type { SearchPart__Output } from '../../core/wire/generated/holdfast/v1/SearchPart.ts'
import type { Filled } from '../../core/wire/shape.ts'
import { type ClientInput, remote } from '../command.ts'
import type { Context } from '../context.ts'
import { entryDocument } from '../files/listing.ts'
import { first, nth } from '../input/operand.ts'
import type { Outcome } from '../outcome.ts'
import { formatBytes, formatTime } from '../output/format.ts'
import { renderTable } from '../output/table.ts'

interface SearchOptions {
  readonly disk?: string
  readonly encoded?: boolean
  readonly ignoreCase?: boolean
}

export function registerSearch(files: Command, context: Context): void {
  const description = 'Look for names in all points of a data source'
  remote<SearchOptions>(files, 'search <source> <pattern>', description, context, search)
    .option('-i, --ignore-case', 'upper and lower case are the same')
    .option('--disk <disk>', 'on this disk')
    .option('--encoded', 'the pattern is percent-encoded')
    .addHelpText('after', PATTERNS)
}

const PATTERNS = `
* and ? stand for any letters and for one, [a-z] for one of these, ** for any folders. A pattern without
/ is for the name, at any depth; one that begins with / counts from the root of a file system.
Examples:
  holdfast files search alpha/web.qcow2 'report*.odt'
  holdfast files search alpha/web.qcow2 '/home/*/.ssh/**'`

type Part = Filled<SearchPart__Output>

interface Version {
  readonly found: NonNullable<Part['found']>
  readonly points: string[]
}

async function search(input: ClientInput<SearchOptions>): Promise<Outcome> {
  const { client, args, options, context } = input
  const { ignoreCase = false, disk, encoded = false } = options
  const pattern = pathBytes(nth(args, 1), encoded)
  const versions: Version[] = []
  const warnings = new Set<string>()
  let points = 0
  for await (const part of client.searchFiles({ source: first(args), pattern, ignoreCase, disk })) {
    take(part, versions, warnings)
    if (part.searched) points++
    if (part.searched && context.terminal.isLive)
      context.terminal.err(`\rsearched ${points} points, found ${versions.length} `)
  }
  if (points > 0 && context.terminal.isLive) context.terminal.err('\n')
  return { document: versions.map(versionDocument), text: table(versions), warnings: [...warnings] }
}

function take({ found, again, warnings }: Part, versions: Version[], warned: Set<string>): void {
  if (found) versions[found.number] = { found, points: [found.point] }
  for (const number of again?.numbers ?? []) versions[number]?.points.push(again!.point)
  for (const warning of warnings?.warnings ?? []) warned.add(warning)
}

/** What scripts read: the entry as `files list` has it, where it is, and the points that have it. */
function versionDocument({ found, points }: Version) {
  const { volume, path, entry } = found
  const shown = showName(path)
  return {
    path: `${volume}:/${shown.name}`,
    ...{ volume, points },
    ...(entry ? entryDocument(entry) : {}),
    encoded: shown.encoded,
  }
}

function table(versions: readonly Version[]): string {
  return renderTable(
    versions.map(versionDocument),
    [
      { title: 'MODIFIED', value: ({ modifiedAt }) => formatTime(modifiedAt ?? null) },
      { title: 'SIZE', value: ({ sizeBytes }) => formatBytes(sizeBytes ?? 0), align: 'right' },
      { title: 'POINTS', value: ({ points }) => String(points.length), align: 'right' },
      { title: 'NEWEST', value: ({ points }) => points[0] ?? '' },
      { title: 'PATH', value: ({ path }) => path },
    ],
    'nothing was found',
  )
}
