import { Button } from '@patternfly/react-core'
import { useState } from 'react'
import type { Point } from '../api/documents.ts'
import { dayOf } from '../shown/format.ts'
import { useWords } from '../words/words.tsx'

interface Props {
  readonly points: readonly Point[]
  /** YYYY-MM-DD. */
  readonly day: string
  readonly onDay: (day: string) => void
}

/** A month; days that have points are buttons, the others are just days. */
export function Calendar({ points, day, onDay }: Props) {
  const { locale, earlierMonth, laterMonth, pointsOn } = useWords()
  const [month, setMonth] = useState(day.slice(0, 7))
  const counts = countsByDay(points)
  const first = new Date(`${month}-01T12:00:00`)
  const title = first.toLocaleDateString(locale, { month: 'long', year: 'numeric' })
  return (
    <section aria-label={title}>
      <Button variant="plain" aria-label={earlierMonth} onClick={() => setMonth(moved(first, -1))}>
        ‹
      </Button>
      <strong aria-live="polite">{title}</strong>
      <Button variant="plain" aria-label={laterMonth} onClick={() => setMonth(moved(first, 1))}>
        ›
      </Button>
      <div className="calendar">
        {weekdays(locale).map((name) => (
          <span key={name} className="weekday">
            {name}
          </span>
        ))}
        {Array.from({ length: (first.getDay() + 6) % 7 }, (_, at) => (
          <span key={`before-${at}`} />
        ))}
        {daysOf(first).map((one) => {
          const count = counts.get(one) ?? 0
          const number = Number(one.slice(8))
          if (count === 0) return <span key={one}>{number}</span>
          return (
            <Button
              key={one}
              variant={one === day ? 'primary' : 'secondary'}
              aria-pressed={one === day}
              aria-label={pointsOn(one, count)}
              onClick={() => onDay(one)}
            >
              {number}
            </Button>
          )
        })}
      </div>
    </section>
  )
}

function countsByDay(points: readonly Point[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { createdAt } of points)
    counts.set(dayOf(createdAt), (counts.get(dayOf(createdAt)) ?? 0) + 1)
  return counts
}

function daysOf(first: Date): readonly string[] {
  const last = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate()
  const month = dayOf(first.toISOString()).slice(0, 7)
  return Array.from({ length: last }, (_, at) => `${month}-${String(at + 1).padStart(2, '0')}`)
}

function moved(first: Date, months: number): string {
  return dayOf(new Date(first.getFullYear(), first.getMonth() + months, 1, 12).toISOString()).slice(
    0,
    7,
  )
}

/** Monday first. */
function weekdays(locale: string): readonly string[] {
  const monday = new Date(2024, 0, 1, 12)
  return Array.from({ length: 7 }, (_, at) =>
    new Date(2024, 0, monday.getDate() + at, 12).toLocaleDateString(locale, { weekday: 'short' }),
  )
}
