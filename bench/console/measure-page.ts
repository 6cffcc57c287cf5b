import type { Page } from 'playwright-core'

export interface PageFigures {
  /** Until the first row was there. */
  readonly usableMs: number
  /** By the wheel, as somebody reads; by the scroll bar, from the first row to the last. */
  readonly wheel: Frames
  readonly bar: Frames
  /** Of the list, as it said itself at the end of that. */
  readonly rows: number
  /** In the page, at most. */
  readonly drawn: number
}

interface Frames {
  /** Between two frames. */
  readonly medianMs: number
  readonly worstMs: number
  /** Of a hundred frames, those that came later than 33 ms after the one before. */
  readonly latePercent: number
  /** The longest that held up everything else, of those of 50 ms and more. */
  readonly longestTaskMs: number
}

const WHEEL_MS = 5000
const STEP_MS = 50
const BAR_MS = 10_000

/** Opens a page of a list, scrolls it up and down by the wheel, then goes through all of it by its bar. */
export async function measurePage(page: Page, url: string): Promise<PageFigures> {
  const began = performance.now()
  await page.goto(url)
  await page.locator('tbody tr[aria-rowindex]').first().waitFor()
  const usableMs = performance.now() - began
  // What is asked for again comes meanwhile.
  await page.waitForTimeout(1000)
  const wheel = await watched(page, () => turnWheel(page))
  const bar = await watched(page, () => page.evaluate(DRAG))
  const { rows, drawn } = await page.evaluate<{ rows: number; drawn: number }>(COUNTED)
  return { usableMs, wheel, bar, rows, drawn }
}

async function turnWheel(page: Page): Promise<void> {
  await page.mouse.move(900, 600)
  for (let at = 0; at < WHEEL_MS; at += STEP_MS) {
    await page.mouse.wheel(0, at < WHEEL_MS / 2 ? 240 : -240)
    await page.waitForTimeout(STEP_MS)
  }
}

interface Watched {
  readonly frames: readonly number[]
  readonly tasks: readonly number[]
}

async function watched(page: Page, scroll: () => Promise<unknown>): Promise<Frames> {
  await page.evaluate(WATCH)
  await scroll()
  const { frames, tasks } = await page.evaluate<Watched>('globalThis.watched')
  return {
    medianMs: middle(frames),
    worstMs: Math.max(...frames),
    latePercent: (100 * frames.filter((ms) => ms > 33).length) / frames.length,
    longestTaskMs: Math.max(0, ...tasks),
  }
}

/** As text: it runs in the page. */
const WATCH = `
  globalThis.watched = { frames: [], tasks: [] }
  globalThis.observer?.disconnect()
  globalThis.observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.tasks.push(duration)
  })
  observer.observe({ type: 'longtask' })
  globalThis.round = (globalThis.round ?? 0) + 1
  {
    const mine = round
    let last = performance.now()
    const next = (now) => {
      if (mine !== round) return
      watched.frames.push(now - last)
      last = now
      requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  }`

/** A step each frame, such that a list that is all there takes ${BAR_MS} ms; one that grows, as long as it does. */
const DRAG = `new Promise((resolve) => {
  const main = document.querySelector('.pf-v6-c-page__main')
  const began = performance.now()
  let stuck = 0
  let last = began
  main.scrollTop = 0
  const next = (now) => {
    const before = main.scrollTop
    main.scrollTop += (main.scrollHeight * (now - last)) / ${BAR_MS}
    last = now
    stuck = main.scrollTop === before ? stuck + 1 : 0
    if (stuck > 60 || now - began > 60000) resolve()
    else requestAnimationFrame(next)
  }
  requestAnimationFrame(next)
})`

const COUNTED = `(() => {
  const rows = [...document.querySelectorAll('tbody tr[aria-rowindex]')]
  return { rows: Number(rows.at(-1)?.ariaRowIndex) - 1, drawn: rows.length }
})()`

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

let isFirst = true

/** Two lines of the table, as they are measured. */
export function tellPages(name: string, { usableMs, wheel, bar, rows, drawn }: PageFigures): void {
  if (isFirst)
    console.log(
      '| list | usable | scrolled by | frame, median | frame, worst | later than 33 ms | longest task | rows, drawn |\n| --- | --- | --- | --- | --- | --- | --- | --- |',
    )
  isFirst = false
  const ms = (value: number) => `${value.toFixed(0)} ms`
  for (const [way, frames] of [
    ['wheel', wheel],
    ['bar', bar],
  ] as const) {
    const { medianMs, worstMs, latePercent, longestTaskMs } = frames
    const late = `${latePercent.toFixed(1)} %`
    const figures = [ms(medianMs), ms(worstMs), late, ms(longestTaskMs), `${rows}, ${drawn}`]
    console.log(`| ${[name, ms(usableMs), way, ...figures].join(' | ')} |`)
  }
}
