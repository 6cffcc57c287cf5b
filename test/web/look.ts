import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { barriers } from './browser.ts'

const SCREENS = process.env['HOLDFAST_SCREENS']

/** As one kind of person sees the console. */
export interface Look {
  readonly name: string
  readonly theme: 'light' | 'dark'
  readonly language: 'en' | 'ko'
  readonly viewport: { readonly width: number; readonly height: number }
}

const WIDE = { width: 1280, height: 800 }
const NARROW = { width: 390, height: 844 }

export const LIGHT: Look = { name: 'light', theme: 'light', language: 'en', viewport: WIDE }
export const DARK: Look = { name: 'dark', theme: 'dark', language: 'ko', viewport: WIDE }
export const PHONE: Look = { name: 'phone', theme: 'light', language: 'en', viewport: NARROW }

/** From the next page that is gone to. */
export async function wear(page: Page, { theme, language, viewport }: Look): Promise<void> {
  await page.setViewportSize(viewport)
  await page.evaluate(
    `localStorage.setItem('holdfast-theme', '${theme}'); localStorage.setItem('holdfast-language', '${language}')`,
  )
}

/**
 * Nothing keeps anybody from reading the page that is shown, once it has what it asked for. With
 * HOLDFAST_SCREENS=FOLDER a picture of it is left there (docs/screens has the last ones).
 */
export async function readable(page: Page, name: string): Promise<void> {
  await settled(page)
  if (SCREENS) await picture(page, SCREENS, name)
  assert.deepEqual(await barriers(page), [])
  assert.equal(await overflow(page), 0, 'nothing is wider than the window')
}

async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('.pf-v6-c-spinner').first().waitFor({ state: 'detached' })
  await page
    .getByText(/^(Loading|불러오는 중)$/)
    .first()
    .waitFor({ state: 'detached' })
  await page.waitForLoadState('load')
}

/** Of all of the page: in a window that is as high. */
async function picture(page: Page, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const { width, height } = page.viewportSize() ?? WIDE
  const hidden = await page.evaluate<number>(
    `(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.querySelector('.pf-v6-c-page__main'))`,
  )
  await page.setViewportSize({ width, height: height + hidden })
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
  await page.setViewportSize({ width, height })
}

/** Of the window, and of what scrolls in it. */
async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>(
    `Math.max(...[document.documentElement, document.querySelector('.pf-v6-c-page__main')].map(
       ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))`,
  )
}
