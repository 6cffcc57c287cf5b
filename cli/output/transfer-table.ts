import type { TransferResult } from '../waiting/transfers.ts'
import { formatBytes } from './format.ts'
import { renderTable, type Column } from './table.ts'

/** What came of `point create` and `sync`: one line a data source, then how each disk was read. */
export function transferTable(results: readonly TransferResult[]): string {
  const disks = results.flatMap(({ entry, job }) =>
    (job?.disks ?? []).map((disk) => ({ source: entry.source, ...disk })),
  )
  const proofs = results.flatMap(checksums)
  const details = disks.length > 0 ? `\n${renderTable(disks, DISK_COLUMNS)}` : ''
  return renderTable(results, COLUMNS) + details + (proofs.length > 0 ? `\n${proofs.join('')}` : '')
}

const COLUMNS: readonly Column<TransferResult>[] = [
  { title: 'SOURCE', value: ({ entry }) => entry.source },
  { title: 'JOB', value: ({ entry }) => entry.job ?? '-' },
  { title: 'STATE', value: ({ entry, job }) => job?.state ?? (entry.error ? 'failed' : 'started') },
  { title: 'POINT', value: ({ entry }) => entry.point?.id ?? '-' },
  { title: 'CONSISTENCY', value: ({ entry }) => entry.point?.consistency ?? '-' },
]

type Disk = NonNullable<TransferResult['job']>['disks'][number] & { readonly source: string }

const DISK_COLUMNS: readonly Column<Disk>[] = [
  { title: 'DISK', value: (disk) => `${disk.source} ${disk.name}` },
  { title: 'TRANSFER', value: (disk) => disk.transferMode },
  { title: 'REASON', value: (disk) => disk.transferReason ?? '' },
  { title: 'READ', value: (disk) => formatBytes(disk.readBytes), align: 'right' },
  { title: 'CHANGED', value: (disk) => formatBytes(disk.changedBytes), align: 'right' },
  { title: 'SENT', value: (disk) => formatBytes(disk.sentBytes), align: 'right' },
  { title: 'STORED', value: (disk) => formatBytes(disk.storedBytes), align: 'right' },
]

/** After the first replica: that what was read is what is stored. */
function checksums({ entry }: TransferResult): string[] {
  return (entry.point?.disks ?? []).flatMap(({ name, readChecksum, storedChecksum }) => {
    if (readChecksum === null || storedChecksum === null) return []
    const verdict = readChecksum === storedChecksum ? 'equal' : 'DIFFERENT'
    const short = (checksum: string): string => checksum.slice(0, 16)
    return `${entry.source} ${name}: read ${short(readChecksum)}, stored ${short(storedChecksum)}: ${verdict}\n`
  })
}
