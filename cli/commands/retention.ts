import type { Command } from 'commander'
import { remote } from '../command.ts'
import type { Context } from '../context.ts'
import { wrongUsage } from '../failure.ts'
import {
  addRetentionOptions,
  type GroupOptions,
  NEW_SETTINGS,
  withOptions,
} from '../input/group-options.ts'
import { countOption } from '../input/operand.ts'
import { formatTime, orDash } from '../output/format.ts'
import { renderTable, type Column } from '../output/table.ts'
import type { RetentionPreview } from '../reply.ts'

type PreviewOptions = Pick<GroupOptions, 'retain' | 'keep' | 'points' | 'timezone'> & {
  readonly group?: string
  readonly source?: string
  readonly simulate?: string
  readonly days?: number
}

export function registerRetention(storage: Command, context: Context): void {
  const description = 'What rules keep and let go, and why: of real points, or of a simulated year'
  const command = remote<PreviewOptions>(
    storage,
    'retention-preview',
    description,
    context,
    async ({ client, options }) => {
      const { group, source, days = 0 } = options
      const rules =
        options.simulate === undefined ? options : { ...options, ...rulesOf(options.simulate) }
      const isAsked = ['retain', 'keep', 'points', 'timezone'].some((key) => key in rules)
      const before =
        group === undefined ? NEW_SETTINGS : (await client.getGroup({ group })).settings
      const settings = isAsked ? withOptions(before ?? NEW_SETTINGS, rules) : undefined
      const { decisions } = await client.previewRetention({ group, source, days, settings })
      return { document: decisions, text: renderTable(decisions, COLUMNS, 'no recovery point') }
    },
    ({ options }) => requireOne(options),
  )
    .option('--group <group>', 'the points of its members, by its rules')
    .option('--source <source>', 'the points of this data source')
    .option('--simulate <rules>', 'a simulated year by these: retain=14d,daily=7,weekly=4')
    .option('--days <days>', 'so many days are simulated', countOption)
  addRetentionOptions(command)
  const confirm = 'Say that the time is right after the clock has jumped: points expire again'
  remote(storage, 'confirm-clock', confirm, context, async ({ client }) => {
    const state = await client.confirmClock({})
    const text = state.jumpedTo === null ? 'it was not in doubt' : `confirmed: ${state.jumpedTo}`
    return { document: state, text: `${text}\n` }
  })
}

function requireOne({ group, source, simulate }: PreviewOptions): void {
  if ([group, source, simulate].filter((one) => one !== undefined).length !== 1)
    throw wrongUsage('give one of --group, --source and --simulate')
  if (simulate !== undefined) rulesOf(simulate)
}

/** `retain=14d,daily=7,weekly=4`: the range and keep rules in one word. */
function rulesOf(text: string): { retain: number; keep: string } {
  const parts = text.split(',').map((part) => part.trim())
  const [range, ...more] = parts.filter((part) => part.startsWith('retain='))
  const days = /^retain=(\d{1,3})d?$/.exec(range ?? 'retain=1')?.[1]
  if (days === undefined || more.length > 0)
    throw wrongUsage(`--simulate ${text}: such as retain=14d,daily=7,weekly=4`)
  const keep = parts.filter((part) => !part.startsWith('retain=')).join(',')
  return { retain: Number(days), keep }
}

const COLUMNS: readonly Column<RetentionPreview['decisions'][number]>[] = [
  { title: 'SOURCE', value: (decision) => orDash(decision.source) },
  { title: 'POINT', value: (decision) => decision.point },
  { title: 'CREATED', value: (decision) => formatTime(decision.createdAt) },
  { title: 'STAYS', value: (decision) => (decision.keep ? 'yes' : 'no') },
  { title: 'REASON', value: (decision) => decision.reason },
]
