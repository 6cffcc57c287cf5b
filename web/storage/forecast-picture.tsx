import { useMemo } from 'react'
import type { StorageDay } from '../api/documents.ts'
import { Plot, type Drawn } from '../charts/plot.tsx'
import { useWords } from '../words/words.tsx'

interface Props {
  /** The oldest first, two at least. */
  readonly days: readonly StorageDay[]
  readonly fullAt: string
}

/** As far into the future as twice what was looked back on: further away a line says nothing. */
const AHEAD = 2
const STEPS = 12

/** What was stored, where that leads as it goes, and what there is room for. */
export function ForecastPicture({ days, fullAt }: Props) {
  const { usage: words } = useWords()
  const { times, past, ahead, room } = useMemo(() => linesOf(days, fullAt), [days, fullAt])
  const drawn = useMemo<Drawn[]>(
    () => [
      { label: words.stored, color: '--chart-1', values: past },
      { label: words.forecast, color: '--chart-1', values: ahead, isDashed: true },
      { label: words.room, color: '--chart-6', values: room },
    ],
    [past, ahead, room, words],
  )
  return <Plot label={words.forecastPicture} times={times} drawn={drawn} isBytes />
}

function linesOf(days: readonly StorageDay[], fullAt: string) {
  const before = days.map(({ day }) => Date.parse(day) / 1000)
  const [first = 0, last = 0] = [before[0], before.at(-1)]
  const { storedBytes = 0, freeBytes = 0 } = days.at(-1) ?? {}
  const full = Date.parse(fullAt) / 1000
  const end = Math.max(last + 1, Math.min(full, last + AHEAD * (last - first)))
  const after = Array.from({ length: STEPS }, (_, at) => last + ((at + 1) * (end - last)) / STEPS)
  const at = (time: number) => storedBytes + (freeBytes * (time - last)) / Math.max(1, full - last)
  const none = (count: number) => Array.from({ length: count }, () => null)
  const times = [...before, ...after]
  return {
    times,
    past: [...days.map((day) => day.storedBytes), ...none(after.length)],
    ahead: [...none(before.length - 1), storedBytes, ...after.map(at)],
    room: times.map(() => storedBytes + freeBytes),
  }
}
