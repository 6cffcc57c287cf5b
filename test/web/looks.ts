import type { Page } from 'playwright-core'
import { barriers } from './browser.ts'

const THEMES = ['light', 'dark'] as const
const LANGUAGES = ['en', 'ko'] as const

/**
 * The page that is shown, light and dark, in English and in Korean: what keeps somebody from using
 * it in any of these. `ready` waits until it shows all it has.
 */
export async function barriersInEveryLook(
  page: Page,
  ready: () => Promise<unknown>,
): Promise<readonly string[]> {
  const found: string[] = []
  for (const theme of THEMES)
    for (const language of LANGUAGES) {
      await page.evaluate(
        `localStorage.setItem('holdfast-theme', '${theme}')
         localStorage.setItem('holdfast-language', '${language}')`,
      )
      await page.reload()
      await ready()
      const here = await barriers(page)
      found.push(...here.map((barrier) => `${theme}, ${language}: ${barrier}`))
    }
  await page.evaluate(`localStorage.clear()`)
  await page.reload()
  await ready()
  return found
}
