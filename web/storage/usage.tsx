import { useMemo } from 'react'
import type { StorageDay, StorageHistory } from '../api/documents.ts'
import { useDocument } from '../api/use-api.ts'
import { Plot, type Drawn } from '../charts/plot.tsx'
import { Figures } from '../shown/figures.tsx'
import { bytes, percent } from '../shown/format.ts'
import { ListTable } from '../shown/list-table.tsx'
import { Loaded } from '../shown/loaded.tsx'
import { Moment } from '../shown/moment.tsx'
import { useWords } from '../words/words.tsx'
import { ForecastPicture } from './forecast-picture.tsx'

const DAYS = 90

/** Space by day: what there was, how much of it was read again, and how long it will last. */
export function Usage() {
  const { usage: words } = useWords()
  const history = useDocument<StorageHistory>(['storage', 'history'], { days: DAYS })
  return (
    <section aria-label={words.title} className="spaced">
      <h2>{words.title}</h2>
      <Loaded of={history}>{(document) => <History history={document} />}</Loaded>
    </section>
  )
}

function History({ history: { days, fullAt } }: { readonly history: StorageHistory }) {
  const { usage: words } = useWords()
  const today = days.at(-1)
  if (!today) return <p>{words.none}</p>
  return (
    <>
      <Ratios day={today} />
      {days.length > 1 && <Picture days={days} />}
      <p>
        {fullAt === null ? words.notFull : words.fullAt}{' '}
        {fullAt !== null && (
          <strong>
            <Moment at={fullAt} />
          </strong>
        )}
      </p>
      {days.length > 1 && fullAt !== null && <ForecastPicture days={days} fullAt={fullAt} />}
      <details>
        <summary>{words.table}</summary>
        <Days days={days} />
      </details>
    </>
  )
}

/** From copies to stored bytes in two steps, and how much of it was read again. */
function Ratios({ day }: { readonly day: StorageDay }) {
  const { usage: words } = useWords()
  const { logicalBytes, plainBytes, storedBytes, verifiedBytes } = day
  const times = (many: number, few: number) => (few > 0 ? `${(many / few).toFixed(1)} : 1` : '–')
  const facts: [string, string][] = [
    [words.dedup, plainBytes === null ? '–' : times(logicalBytes, plainBytes)],
    [words.compression, plainBytes === null ? '–' : times(plainBytes, storedBytes)],
    [words.verified, percent(verifiedBytes, storedBytes)],
  ]
  return <Figures facts={facts} />
}

function Picture({ days }: { readonly days: readonly StorageDay[] }) {
  const { usage: words } = useWords()
  const times = useMemo(() => days.map(({ day }) => Date.parse(day) / 1000), [days])
  const drawn = useMemo<Drawn[]>(
    () => [
      line(words.stored, '--chart-1', days, ({ storedBytes }) => storedBytes),
      line(words.reclaimable, '--chart-2', days, ({ reclaimableBytes }) => reclaimableBytes),
      line(words.verifiedBytes, '--chart-3', days, ({ verifiedBytes }) => verifiedBytes),
    ],
    [days, words],
  )
  return <Plot label={words.picture(days.length)} times={times} drawn={drawn} isBytes />
}

function line(
  label: string,
  color: Drawn['color'],
  days: readonly StorageDay[],
  of: (day: StorageDay) => number,
): Drawn {
  return { label, color, values: days.map(of) }
}

function Days({ days }: { readonly days: readonly StorageDay[] }) {
  const { usage: words } = useWords()
  return (
    <ListTable
      label={words.table}
      rows={[...days].reverse()}
      keyOf={({ day }) => day}
      empty={words.none}
      columns={[
        { title: words.day, show: ({ day }) => day, sortBy: ({ day }) => day },
        { title: words.stored, show: ({ storedBytes }) => bytes(storedBytes) },
        { title: words.copies, show: ({ logicalBytes }) => bytes(logicalBytes) },
        { title: words.reclaimable, show: ({ reclaimableBytes }) => bytes(reclaimableBytes) },
        { title: words.verifiedBytes, show: ({ verifiedBytes }) => bytes(verifiedBytes) },
        { title: words.free, show: ({ freeBytes }) => bytes(freeBytes) },
        { title: words.points, show: ({ points }) => points },
      ]}
    />
  )
}
