import type { Browser, Page } from 'playwright-core'

const ROUNDS = 7

interface FirstLoad {
  /** From going there until the overview says what it has. */
  readonly usableMs: number
  readonly bytes: number
  readonly requests: number
}

/** By a browser that is signed in and has kept nothing; the median of some. */
export async function tellFirstLoads(browser: Browser, signedIn: Page, url: string): Promise<void> {
  const cookies = await signedIn.context().cookies()
  const loads: FirstLoad[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    await context.addCookies(cookies)
    loads.push(await load(await context.newPage(), new URL('/', url).href))
    await context.close()
  }
  const sorted = loads.toSorted((a, b) => a.usableMs - b.usableMs)
  const [fastest, middle, slowest] = [0, ROUNDS >> 1, ROUNDS - 1].map((at) => sorted[at]!)
  console.log(
    `first load: usable after ${fastest!.usableMs.toFixed(0)}, ${middle!.usableMs.toFixed(0)}, ` +
      `${slowest!.usableMs.toFixed(0)} ms (fastest, median, slowest of ${ROUNDS}); ` +
      `${(middle!.bytes / 1024).toFixed(0)} KiB in ${middle!.requests} requests\n`,
  )
}

async function load(page: Page, url: string): Promise<FirstLoad> {
  const began = performance.now()
  await page.goto(url)
  await page.locator('main .number, main table').first().waitFor()
  const usableMs = performance.now() - began
  await page.waitForLoadState('networkidle')
  const sizes = await page.evaluate<number[]>(
    `performance.getEntries().filter((one) => one.transferSize > 0).map((one) => one.transferSize)`,
  )
  return { usableMs, bytes: sizes.reduce((a, b) => a + b, 0), requests: sizes.length }
}
