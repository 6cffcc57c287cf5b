import { type Command, Option } from 'commander'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import { group, remote, type Register } from '../command.ts'
import type { Context } from '../context.ts'
import { differenceTable, fileDifferences } from '../files/difference-list.ts'
import { confirm } from '../input/confirm.ts'
import { first, nth, pastOption } from '../input/operand.ts'
import { formatBytes, formatTime } from '../output/format.ts'
import { comparisonText, pointTable, pointText } from '../output/point-text.ts'
import type { Point, PointDeletion } from '../reply.ts'
import { registerPointCreate } from './point-create.ts'

export const registerPoint: Register = (program, context) => {
  const point = group(program, 'point', 'Recovery points')
  point.addHelpText('after', '\nA point is named by its id or as HOST/NAME@latest.')
  registerPointCreate(point, context)
  registerList(point, context)
  registerShow(point, context)
  registerCompare(point, context)
  registerComment(point, context)
  registerProtect(point, context)
  registerDelete(point, context)
  registerUndelete(point, context)
}

interface ListOptions {
  readonly source?: string
  readonly group?: string
  readonly host?: string
  readonly state?: string
  readonly label?: string
  readonly since?: string
  readonly until?: string
}

const STATES = ['ready', 'partial', 'suspect', 'damaged', 'deleted']

function registerList(point: Command, context: Context): void {
  const moment = pastOption(context.clock.now())
  remote<ListOptions>(point, 'list', 'Recovery points, newest first', context, async (input) => {
    const { client, options } = input
    const { source, group, host, state, label, since, until } = options
    const points = await allPoints(client, { source, group, host, state, label, since, until })
    return { document: points, text: pointTable(points) }
  })
    .option('--source <source>', 'of this data source only')
    .option('--group <group>', 'of members of this group only')
    .option('--host <host>', 'of this host only')
    .addOption(new Option('--state <state>', 'in this state only').choices(STATES))
    .option('--label <label>', 'with this label only')
    .option('--since <time>', 'made at or after this time, or this long ago (2d)', moment)
    .option('--until <time>', 'made before this time, or this long ago', moment)
}

const PAGE = 1000

/** A message holds some thousands at most. */
async function allPoints(
  client: OperatorClient,
  filter: Parameters<OperatorClient['listPoints']>[0],
): Promise<Point[]> {
  const all: Point[] = []
  for (;;) {
    const before = all.at(-1)?.id
    const { points } = await client.listPoints({ ...filter, limit: PAGE, before })
    all.push(...points)
    if (points.length < PAGE) return all
  }
}

function registerShow(point: Command, context: Context): void {
  remote(point, 'show <point>', 'One recovery point', context, async ({ client, args }) =>
    shown(await client.getPoint({ point: first(args) })),
  )
}

function shown(point: Point) {
  return { document: point, text: pointText(point) }
}

function registerCompare(point: Command, context: Context): void {
  const description = 'What differs between two points, by blocks, and by files'
  remote<{ files?: boolean }>(point, 'compare <from> <to>', description, context, async (input) => {
    const { client, args, options } = input
    const [from, to] = [first(args), nth(args, 1)]
    const comparison = await client.comparePoints({ from, to })
    if (options.files !== true) return { document: comparison, text: comparisonText(comparison) }
    const { files, warnings } = await fileDifferences(client, from, to)
    const text = `${comparisonText(comparison)}\n${differenceTable(files)}`
    return { document: { ...comparison, files }, text, warnings }
  }).option('--files', 'which files were added, removed and changed, too')
}

function registerComment(point: Command, context: Context): void {
  const description = 'Write a comment on a point; an empty one takes it away'
  remote(point, 'comment <point> <text>', description, context, async ({ client, args }) =>
    shown(await client.commentPoint({ point: first(args), comment: nth(args, 1) })),
  )
}

function registerProtect(point: Command, context: Context): void {
  const protect = 'Keep a point: it neither expires nor can be deleted'
  remote(point, 'protect <point>', protect, context, async ({ client, args }) =>
    shown(await client.protectPoint({ point: first(args) })),
  )
  const unprotect = 'Let a point expire and be deleted again'
  remote(point, 'unprotect <point>', unprotect, context, async ({ client, args }) =>
    shown(await client.unprotectPoint({ point: first(args) })),
  )
}

interface DeleteOptions {
  readonly preview?: boolean
  readonly reason?: string
  readonly yes?: boolean
}

function registerDelete(point: Command, context: Context): void {
  remote<DeleteOptions>(point, 'delete <point>', 'Delete a point', context, async (input) => {
    const { client, args, options } = input
    const found = await client.getPoint({ point: first(args) })
    const preview = options.preview ?? false
    if (!preview) {
      const size = formatBytes(found.sizeBytes)
      const touched = [`${found.id} of ${found.source}, ${formatTime(found.createdAt)}, ${size}`]
      await confirm(context, 'Delete this recovery point?', touched, options.yes)
    }
    const request = { point: found.id, preview, reason: options.reason }
    const document = await client.deletePoint(request)
    return { document, text: deletionText(document) }
  })
    .option('--preview', 'say what it would free, delete nothing')
    .option('--reason <text>', 'kept with the event')
    .option('--yes', 'do not ask')
}

function deletionText({ point, deleted, freedBytes, undeleteUntil }: PointDeletion): string {
  if (!deleted) return `deleting ${point} would free ${formatBytes(freedBytes)}\n`
  const back = undeleteUntil === null ? '' : `; can be undone until ${formatTime(undeleteUntil)}`
  return `deleted ${point}, ${formatBytes(freedBytes)} to be freed${back}\n`
}

function registerUndelete(point: Command, context: Context): void {
  const description = 'Bring back a deleted point while its chunks are still there'
  remote(point, 'undelete <point>', description, context, async ({ client, args }) =>
    shown(await client.undeletePoint({ point: first(args) })),
  )
}
