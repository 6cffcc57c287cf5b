import type { Command } from 'commander'
import { group, remote, type Register } from '../command.ts'
import type { Context } from '../context.ts'
import { countOption, pastOption } from '../input/operand.ts'
import { formatTime, orDash } from '../output/format.ts'
import { renderFields, renderTable, type Column } from '../output/table.ts'
import type { AuditEntry } from '../reply.ts'

export const registerAudit: Register = (program, context) => {
  const audit = group(program, 'audit', 'Who did what to what, and from where')
  registerList(audit, context)
  registerVerify(audit, context)
}

interface ListOptions {
  readonly by?: string
  readonly refused?: boolean
  readonly since?: string
  readonly before?: number
  readonly limit: number
}

function registerList(audit: Command, context: Context): void {
  const description = 'Entries, newest first'
  remote<ListOptions>(audit, 'list', description, context, async ({ client, options }) => {
    const { by: actor, since, limit, before = 0 } = options
    const outcome = options.refused === true ? 'refused' : undefined
    const { entries } = await client.listAudit({ actor, outcome, since, limit, before })
    return { document: entries, text: renderTable(entries, COLUMNS, 'no entry') }
  })
    .option('--by <operator>', 'of this operator or host')
    .option('--refused', 'only what was refused')
    .option(
      '--since <time>',
      'at or after this time, or this long ago (2d)',
      pastOption(context.clock.now()),
    )
    .option('--before <id>', 'older than this entry', countOption)
    .option('--limit <count>', 'so many at most', countOption, 1000)
}

const COLUMNS: readonly Column<AuditEntry>[] = [
  { title: 'ENTRY', value: ({ id }) => String(id), align: 'right' },
  { title: 'AT', value: ({ at }) => formatTime(at) },
  { title: 'BY', value: ({ actor }) => orDash(actor) },
  { title: 'FROM', value: ({ peer }) => peer },
  { title: 'DID', value: ({ method }) => method },
  { title: 'TO', value: ({ object }) => orDash(object) },
  {
    title: 'OUTCOME',
    value: ({ outcome, code }) => (code == null ? outcome : `${outcome}: ${code}`),
  },
]

function registerVerify(audit: Command, context: Context): void {
  const description = 'Is the log whole, and as it was written? Exit status 1 when not'
  remote(audit, 'verify', description, context, async ({ client }) => {
    const found = await client.verifyAudit({})
    const { entries, head, hash, sealedHeads, problems, notes } = found
    const text = renderFields([
      ['entries', String(entries)],
      ['newest', String(head)],
      ['its hash', hash],
      ['sealed heads', `${sealedHeads} agree`],
      ...notes.map((note) => ['note', note] as const),
      ...problems.map(({ kind, message }) => [kind, message] as const),
    ])
    return { document: found, text, negative: problems.length > 0 }
  })
}
