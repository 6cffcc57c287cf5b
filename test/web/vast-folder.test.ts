import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { makeVastFolder, VAST_ENTRIES } from '../items/vast-folder.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { barriers, thereAre } from './browser.ts'
import { openConsole } from './console-scene.ts'

/** Rows in the page at most. */
const DRAWN = 80

test('of a folder with more entries than a page can be high each is reached', async (t) => {
  if (lacksTool(t, 'mkfs.xfs')) return
  const console = await openConsole(t)
  if (!console) return
  const { scene, url } = console
  await makeVastFolder(scene.image('vast.raw'), await temporaryFolder(t))
  await scene.holdfast.source('alpha/vast.raw')
  const { id } = await scene.point('alpha/vast.raw')
  const { page, problems } = await console.signedIn()
  await page.goto(`${url}points/${id}/files?path=/vast`)

  await t.test('by parts, each of which begins at its beginning', async () => {
    await page.getByText('120,000 entries', { exact: true }).waitFor()
    await thereAre(2, page.getByText('Entries 1 to 50,000', { exact: true }))
    await toEnd(page)
    await entry(page, 49_999)
    await page.getByRole('button', { name: 'Go to next page' }).last().click()
    await thereAre(2, page.getByText('Entries 50,001 to 100,000', { exact: true }))
    await entry(page, 50_000)
    assert.deepEqual(await barriers(page), [])
  })

  await t.test('the very last one, in the part that is an address', async () => {
    await page.goto(`${url}points/${id}/files?path=/vast&part=3`)
    await entry(page, 100_000)
    await toEnd(page)
    await entry(page, VAST_ENTRIES - 1)
    assert.ok((await page.locator('tbody tr').count()) <= DRAWN)
  })

  await t.test('by its name', async () => {
    const narrow = page.getByRole('textbox', { name: 'Part of a name in this folder' })
    await narrow.fill('entry-119987')
    await narrow.press('Enter')
    await page.getByText('1 is called so.').waitFor()
    await page.getByRole('checkbox', { name: 'Choose entry-119987' }).check()
    await page.getByText('1 chosen').waitFor()
  })
  assert.deepEqual(problems, [])
})

async function toEnd(page: Page): Promise<void> {
  await page.evaluate('document.querySelector(".pf-v6-c-page__main").scrollTop = 1e9')
}

/** Waits for the one that has this place in the order of names. */
async function entry(page: Page, place: number): Promise<void> {
  await page.locator(`tr[aria-rowindex="${place + 2}"]`, { hasText: IN_ORDER[place]! }).waitFor()
}

const IN_ORDER = Array.from({ length: VAST_ENTRIES }, (_, n) => `entry-${n}`).sort()
