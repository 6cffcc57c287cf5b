import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { TestContext } from 'node:test'
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from 'playwright-core'
import { until } from '../support/scene.ts'

/** Debian's browser, for a machine that reaches nothing. It ends with the test. */
export async function openBrowser(t: TestContext): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-proxy-server'],
  })
  t.after(() => browser.close())
  return browser
}

/** A page as somebody in Seoul or elsewhere has it, and what went wrong in it. */
export interface Watched {
  readonly page: Page
  /** Errors of scripts, of the content security policy, and of the page's own console. */
  readonly problems: string[]
}

export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({
    ...{ viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'Asia/Seoul' },
    acceptDownloads: true,
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !isRefusal(message.text())) problems.push(message.text())
  })
  return { page, problems }
}

const PATIENCE_MS = 60_000

/** Waits until there are so many of these: a page shows what it had until the answer is there. */
export async function thereAre(count: number, these: Locator): Promise<void> {
  await until(
    `${count} of ${String(these)}`,
    async () => (await these.count()) === count || undefined,
  )
}

/** A browser says itself that an answer was 401 or 403; the page shows what it means. */
function isRefusal(text: string): boolean {
  return text.startsWith('Failed to load resource')
}

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What keeps somebody from using this page: none is what WCAG 2.2 AA asks for. */
export async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'))
  const options = JSON.stringify({ runOnly: { type: 'tag', values: RULES } })
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>(
    `axe.run(document, ${options})`,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html}\n${failureSummary}`),
  )
}
