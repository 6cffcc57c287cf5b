import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import type { Database } from '../../server/catalog/database.ts'
import { serve } from '../http/served.ts'
import { CatalogRows } from '../support/catalog-rows.ts'
import { lacksTool } from '../support/needs.ts'
import { barriers, openBrowser, openPage } from './browser.ts'

const MANY = 10_000
/** Rows that a page has at most, however long its list. */
const SHOWN = 50

test('ten thousand points and jobs are fifty rows at a time', async (t) => {
  if (lacksTool(t, 'chromium')) return
  const { database, url, token } = await serve(t)
  await fill(database)
  const { page, problems } = await openPage(await openBrowser(t))
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in with a token instead' }).click()
  await page.getByLabel('Operator’s token').fill(token)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()

  await t.test('of jobs the newest thousand, and older ones from there', async () => {
    await page.goto(`${url}jobs?kind=verification`)
    await rowsOf(page, 'job 1 ')
    await page.getByRole('button', { name: 'Go to last page' }).click()
    await rowsOf(page, 'job 1000 ')
    await page.getByRole('button', { name: 'Older' }).click()
    await rowsOf(page, 'job 1001 ')
    assert.deepEqual(await barriers(page), [])
    await page.goBack()
    await rowsOf(page, 'job 1 ')
  })

  await t.test('jobs by what they were, of what, in which state: an address', async () => {
    await page.goto(`${url}jobs`)
    await page.getByLabel('State').selectOption('failed')
    await page.getByLabel('Kind').selectOption('verification')
    await page.waitForURL(/state=failed&kind=verification/)
    await rowsOf(page, 'job 1 ')
    await page.getByLabel('State').selectOption('completed')
    await page.getByText('There is no such job.').waitFor()
    await page.getByLabel('State').selectOption('')
    await page.getByLabel('Data source').selectOption('alpha/web.raw')
    await page.getByText('There is no such job.').waitFor()
  })

  await t.test('of points those of a day, out of years of them', async () => {
    await page.goto(`${url}recovery/${encodeURIComponent('alpha/web.raw')}`)
    await page
      .getByRole('button', { name: /: 24 points$/ })
      .first()
      .waitFor()
    assert.ok((await page.locator('tbody tr').count()) <= 25)
    for (let month = 0; month < 12; month++)
      await page.getByRole('button', { name: 'Earlier month' }).click()
    const day = page.getByRole('button', { name: /: 24 points$/ }).nth(9)
    await day.click()
    const [, wanted = ''] = /^([\d-]+):/.exec((await day.getAttribute('aria-label')) ?? '') ?? []
    await page
      .locator(`tbody time[datetime^="${wanted.slice(0, 4)}"]`)
      .first()
      .waitFor()
    assert.equal(await page.locator('tbody tr').count(), 24)
  })
  assert.deepEqual(problems, [])
})

/** Waits for this job, and that there are no more rows than one can look at. */
async function rowsOf(page: Page, job: string): Promise<void> {
  await page.getByRole('row', { name: job }).first().waitFor()
  assert.ok((await page.locator('tbody tr').count()) <= SHOWN)
}

/** A point each hour, and as many jobs, each with what names it. */
async function fill(database: Database): Promise<void> {
  const rows = new CatalogRows(database)
  const source = await rows.source(await rows.host('alpha'), 'web.raw')
  await database.query(
    `WITH made AS (
       INSERT INTO version (uid, data_source, sequence, generation, state)
       SELECT 'v-' || n, $1, n, n, 'committed' FROM generate_series(1, $2::int) AS n
       RETURNING id, sequence)
     INSERT INTO recovery_point (id, version, data_source, state, created_at)
     SELECT 'p-' || id, id, $1, 'ready', now() - make_interval(hours => sequence::int) FROM made`,
    [source, MANY],
  )
  await database.query(
    `INSERT INTO job (id, kind, state, queued_at, finished_at, error)
     SELECT 'j-' || n, 'verification', 'failed', now() - make_interval(mins => n),
            now() - make_interval(mins => n),
            jsonb_build_object('code', 'stalled', 'message', 'job ' || n || ' came to nothing')
       FROM generate_series(1, $1::int) AS n`,
    [MANY],
  )
}
