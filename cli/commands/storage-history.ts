import type { Command } from 'commander'
import { remote } from '../command.ts'
import type { Context } from '../context.ts'
import { countOption } from '../input/operand.ts'
import { formatBytes, formatTime } from '../output/format.ts'
import { renderTable, type Column } from '../output/table.ts'
import type { StorageDay } from '../reply.ts'

export function registerHistory(storage: Command, context: Context): void {
  const description = 'Space by day, and when it is used up as it goes'
  remote<{ days: number }>(storage, 'history', description, context, async (input) => {
    const { client, options } = input
    const { days, fullAt } = await client.getStorageHistory({ days: options.days })
    const last = fullAt ? `\nas it goes, full on ${formatTime(fullAt)}\n` : ''
    return { document: { days, fullAt }, text: renderTable(days, COLUMNS, 'no day yet') + last }
  }).option('--days <count>', 'so many back', countOption, 30)
}

const COLUMNS: readonly Column<StorageDay>[] = [
  { title: 'DAY', value: ({ day }) => day },
  { title: 'STORED', value: ({ storedBytes }) => formatBytes(storedBytes), align: 'right' },
  { title: 'AS COPIES', value: ({ logicalBytes }) => formatBytes(logicalBytes), align: 'right' },
  {
    title: 'RECLAIMABLE',
    value: ({ reclaimableBytes }) => formatBytes(reclaimableBytes),
    align: 'right',
  },
  { title: 'VERIFIED', value: ({ verifiedBytes }) => formatBytes(verifiedBytes), align: 'right' },
  { title: 'FREE', value: ({ freeBytes }) => formatBytes(freeBytes), align: 'right' },
  { title: 'POINTS', value: ({ points }) => String(points), align: 'right' },
]
