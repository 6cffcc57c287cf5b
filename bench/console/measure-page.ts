import type { Page } from 'playwright-core'

export interface PageFigures {
  /** Until the first row was there. */
  readonly usableMs: number
  /** Between two frames, while it was scrolled. */
  readonly medianFrameMs: number
  readonly worstFrameMs: number
  /** That held up everything else for 50 ms and more: how many, and the longest. */
  readonly longTasks: number
  readonly longestTaskMs: number
  readonly rows: number
  /** From a click until the other rows were there. */
  readonly turnMs: number
}

const SCROLL_MS = 5000
const STEP_MS = 50

/** Opens a page of a list, scrolls it up and down by the wheel, then turns to the next rows. */
export async function measurePage(page: Page, url: string): Promise<PageFigures> {
  const began = performance.now()
  await page.goto(url)
  await page.locator('tbody tr').first().waitFor()
  const usableMs = performance.now() - began
  // What comes in parts has come by then, and what is asked for again comes meanwhile.
  await page.waitForTimeout(SCROLL_MS)
  await page.evaluate(WATCH)
  await page.mouse.move(900, 600)
  for (let at = 0; at < SCROLL_MS; at += STEP_MS) {
    await page.mouse.wheel(0, at < SCROLL_MS / 2 ? 240 : -240)
    await page.waitForTimeout(STEP_MS)
  }
  const { frames, tasks } = await page.evaluate<Watched>('globalThis.watched')
  const rows = await page.locator('tbody tr').count()
  return {
    ...{ usableMs, rows },
    medianFrameMs: middle(frames),
    worstFrameMs: Math.max(...frames),
    longTasks: tasks.length,
    longestTaskMs: Math.max(0, ...tasks),
    turnMs: await changeMs(page, 'button[aria-label="Go to next page"]'),
  }
}

interface Watched {
  readonly frames: readonly number[]
  readonly tasks: readonly number[]
}

/** As text: it runs in the page. */
const WATCH = `
  globalThis.watched = { frames: [], tasks: [] }
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.tasks.push(duration)
  }).observe({ type: 'longtask' })
  let last = performance.now()
  const next = (now) => {
    watched.frames.push(now - last)
    last = now
    requestAnimationFrame(next)
  }
  requestAnimationFrame(next)`

/** Until the first row is another one, and has been painted. */
async function changeMs(page: Page, button: string): Promise<number> {
  if ((await page.locator(button).count()) === 0) return 0
  return page.evaluate<number>(`new Promise((resolve) => {
    const first = () => document.querySelector('tbody tr')?.textContent
    const [before, began] = [first(), performance.now()]
    const look = () => {
      const took = performance.now() - began
      if (first() !== before || took > 10000) resolve(took)
      else requestAnimationFrame(look)
    }
    document.querySelector(${JSON.stringify(button)}).click()
    requestAnimationFrame(look)
  })`)
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

let isFirst = true

/** A line of the table, as it is measured. */
export function tellPages(name: string, figures: PageFigures): void {
  if (isFirst)
    console.log(
      '| list | usable | frame, median | frame, worst | long tasks | longest | rows in the page | next rows |\n| --- | --- | --- | --- | --- | --- | --- | --- |',
    )
  isFirst = false
  const ms = (value: number) => `${value.toFixed(0)} ms`
  const { usableMs, medianFrameMs, worstFrameMs, longTasks, longestTaskMs, ...rest } = figures
  const times = [usableMs, medianFrameMs, worstFrameMs].map(ms)
  const after = [ms(longestTaskMs), rest.rows, ms(rest.turnMs)]
  console.log(`| ${[name, ...times, longTasks, ...after].join(' | ')} |`)
}
