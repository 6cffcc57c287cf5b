import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef } from 'react'
import uPlot, { type AlignedData, type Options, type Series } from 'uplot'
import { useAppearance } from '../shell/appearance.tsx'
import { wholeBytes } from '../shown/format.ts'
import { useWords } from '../words/words.tsx'
import { BYTE_STEPS, COUNT_STEPS, DAY_STEPS, ticksBack } from './steps.ts'

/** One line, or one colour of bars. */
export interface Drawn {
  readonly label: string
  /** A variable of the style sheet, such as --chart-1. */
  readonly color: `--chart-${string}`
  readonly values: readonly (number | null)[]
  /** What is expected, not known. */
  readonly isDashed?: boolean
}

interface Props {
  /** What the picture shows, for who does not see it; the same figures stand in a table beside it. */
  readonly label: string
  /** Seconds since 1970, where days of UTC begin: figures are kept by those. */
  readonly times: readonly number[]
  readonly drawn: readonly Drawn[]
  /** Bars stand on each other; lines do not. */
  readonly bars?: boolean
  /** The values are bytes: the axis has whole units of them. */
  readonly isBytes?: boolean
}

const HEIGHT = 240

/** Values over time. Loaded with the pages that draw something. */
export function Plot({ label, times, drawn, bars = false, isBytes = false }: Props) {
  const { locale } = useWords()
  const { theme } = useAppearance()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (!element) return undefined
    const options = optionsOf({ drawn, bars, isBytes, locale, width: element.clientWidth })
    const plot = new uPlot(options, dataOf(times, drawn, bars), element)
    const watch = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: HEIGHT }),
    )
    watch.observe(element)
    return () => {
      watch.disconnect()
      plot.destroy()
    }
  }, [times, drawn, bars, isBytes, locale, theme])
  return (
    <figure className="chart">
      <div ref={place} role="img" aria-label={label} className="chart-area" />
      <figcaption>
        {drawn.map(({ label, color, isDashed }) => (
          <span key={label}>
            <span
              className={`chart-patch ${color.slice(2)} ${isDashed ? 'dashed' : ''}`}
              aria-hidden="true"
            />{' '}
            {label}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

interface Look extends Pick<Props, 'drawn'> {
  readonly bars: boolean
  readonly isBytes: boolean
  readonly locale: string
  readonly width: number
}

function optionsOf({ drawn, bars, isBytes, locale, width }: Look): Options {
  const style = getComputedStyle(document.documentElement)
  const color = (name: string) => style.getPropertyValue(name)
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' })
  const axis = {
    ...{
      stroke: color('--chart-text'),
      font: `12px ${getComputedStyle(document.body).fontFamily}`,
    },
    grid: { stroke: color('--chart-grid'), width: 1 },
  }
  const days = { incrs: [...DAY_STEPS], space: 60 }
  const amounts = { incrs: [...(isBytes ? BYTE_STEPS : COUNT_STEPS)], size: 72 }
  const write = isBytes ? wholeBytes : String
  const series = drawn.map((one) => seriesOf(one, color(one.color), bars))
  return {
    ...{ width, height: HEIGHT, legend: { show: false } },
    cursor: { show: false },
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] } },
    axes: [
      {
        ...{ ...axis, ...days, splits: (_, __, from, until, step) => ticksBack(from, until, step) },
        values: (_, ticks) => ticks.map((at) => day.format(at * 1000)),
      },
      { ...axis, ...amounts, values: (_, ticks) => ticks.map(write) },
    ],
    // Bars that reach higher lie behind those that stand before them.
    series: [{}, ...(bars ? series.reverse() : series)],
  }
}

function seriesOf({ label, isDashed = false }: Drawn, color: string, bars: boolean): Series {
  const paths = uPlot.paths.bars?.({ size: [0.8, 40] })
  if (bars) return { label, stroke: color, fill: color, width: 0, points: { show: false }, paths }
  const dash = isDashed ? { dash: [6, 4], points: { show: false } } : {}
  return { label, stroke: color, width: 2, points: { size: 5, fill: color }, ...dash }
}

function dataOf(times: readonly number[], drawn: readonly Drawn[], bars: boolean): AlignedData {
  if (!bars) return [[...times], ...drawn.map(({ values }) => [...values])]
  const sums = times.map(() => 0)
  const stacked = drawn.map(({ values }) =>
    values.map((value, at) => (sums[at] = (sums[at] ?? 0) + (value ?? 0))),
  )
  return [[...times], ...stacked.reverse()]
}
