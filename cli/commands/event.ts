import { group, remote, type Register } from '../command.ts'
import { countOption, pastOption } from '../input/operand.ts'
import { formatTime, orDash } from '../output/format.ts'
import { renderTable, type Column } from '../output/table.ts'
import type { Event } from '../reply.ts'

interface Options {
  readonly about?: string
  readonly kind?: string
  readonly text?: string
  readonly since?: string
  readonly until?: string
  readonly before?: string
  readonly limit: number
}

const DEFAULT_LIMIT = 1000

export const registerEvent: Register = (program, context) => {
  const moment = pastOption(context.clock.now())
  const event = group(program, 'event', 'What happened, on every object')
  remote<Options>(event, 'list', 'Events, newest first', context, async ({ client, options }) => {
    const { events } = await client.listEvents(options)
    return { document: events, text: renderTable(events, COLUMNS, 'no event') }
  })
    .option('--about <object>', 'about this point, data source, host or job')
    .option('--kind <kind>', 'of this kind, or by its first word: point, alert, job')
    .option('--text <text>', 'with this in their message')
    .option('--since <time>', 'at or after this time, or this long ago (2d)', moment)
    .option('--until <time>', 'at or before this time, or this long ago', moment)
    .option('--before <event>', 'older than the event of this id: the next page')
    .option('--limit <count>', 'so many at most', countOption, DEFAULT_LIMIT)
}

const COLUMNS: readonly Column<Event>[] = [
  { title: 'AT', value: (event) => formatTime(event.at) },
  { title: 'KIND', value: (event) => event.kind },
  { title: 'ABOUT', value: (event) => event.about },
  { title: 'BY', value: (event) => orDash(event.actor) },
  { title: 'MESSAGE', value: (event) => event.message },
]
