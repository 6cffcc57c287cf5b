import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { systemRandom } from '../../core/runtime/random.ts'
import { raiseAlert } from '../../server/catalog/alerts.ts'
import type { Database } from '../../server/catalog/database.ts'
import { recordEvent } from '../../server/catalog/events.ts'
import { serve } from '../http/served.ts'
import { CatalogRows } from '../support/catalog-rows.ts'
import { lacksTool } from '../support/needs.ts'
import { barriers, openBrowser, openPage, thereAre } from './browser.ts'

const MANY = 10_000
/** Rows that a page has at most, however long its list. */
const DRAWN = 80

test('ten thousand rows are drawn where they are seen', async (t) => {
  if (lacksTool(t, 'chromium')) return
  const { database, url, token } = await serve(t)
  await fill(database)
  const { page, problems } = await openPage(await openBrowser(t))
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in with a token instead' }).click()
  await page.getByLabel('Operator’s token').fill(token)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()

  await t.test('jobs: older ones come as one scrolls, each with its place', async () => {
    await page.goto(`${url}jobs?kind=verification`)
    await rowOf(page, 'job 1 ')
    await scrolledUntil(page, 'job 1200 ')
    assert.deepEqual(await barriers(page), [])
    const row = page.getByRole('row', { name: 'job 1200 ' })
    assert.equal(await row.getAttribute('aria-rowindex'), '1201')
    // Nobody knows yet how many there are.
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '-1')
  })

  await t.test('who is at a row stays there, however far the list is scrolled', async () => {
    const link = page.getByRole('row', { name: 'job 1200 ' }).getByRole('link')
    const where = await link.getAttribute('href')
    await link.focus()
    await page.evaluate('document.querySelector(".pf-v6-c-page__main").scrollTop = 0')
    await rowOf(page, 'job 1 ')
    assert.equal(await page.evaluate('document.activeElement.getAttribute("href")'), where)
    // And goes on from there by the keyboard.
    await page.keyboard.press('Tab')
    await page.getByRole('row', { name: 'job 1201 ' }).waitFor()
    const next = await page.evaluate('document.activeElement.closest("tr").ariaRowIndex')
    assert.equal(next, '1202')
  })

  await t.test('jobs by a column: the server puts all of them in order', async () => {
    await page.goto(`${url}jobs?kind=verification`)
    await rowOf(page, 'job 1 ')
    const head = page.getByRole('columnheader', { name: 'Started' })
    assert.equal(await head.getAttribute('aria-sort'), 'descending')
    await head.getByRole('button').click()
    await page.waitForURL(/order=queued/)
    await rowOf(page, `job ${MANY} `)
    assert.equal(await head.getAttribute('aria-sort'), 'ascending')
    // Who sorts by keyboard stays at the column.
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Started')
    await scrolledUntil(page, `job ${MANY - 400} `)
    await page.getByRole('columnheader', { name: 'State' }).getByRole('button').click()
    await page.waitForURL(/order=state/)
    assert.deepEqual(await barriers(page), [])
  })

  await t.test('jobs by what they were, of what, in which state: an address', async () => {
    await page.goto(`${url}jobs`)
    await page.getByLabel('State').selectOption('failed')
    await page.getByLabel('Kind').selectOption('verification')
    await page.waitForURL(/state=failed&kind=verification/)
    await rowOf(page, 'job 1 ')
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
    assert.match(page.url(), new RegExp(`day=${wanted}`))
    await page
      .locator(`tbody time[datetime^="${wanted.slice(0, 4)}"]`)
      .first()
      .waitFor()
    await thereAre(24, page.locator('tbody tr'))
  })

  await t.test('or all of them, to the last', async () => {
    await page.getByText('All days').click()
    await page.waitForURL(/day=all/)
    await page.locator(`[aria-rowcount="${MANY + 1}"]`).waitFor()
    await page.evaluate('document.querySelector(".pf-v6-c-page__main").scrollTop = 1e9')
    await page.locator(`tr[aria-rowindex="${MANY + 1}"]`).waitFor()
    assert.ok((await page.locator('tbody tr').count()) <= DRAWN)
  })

  await t.test('events by kind, words and what they are about', async () => {
    await page.goto(`${url}events`)
    const rows = page.locator('tbody tr')
    await page.getByLabel('Kind').selectOption('host')
    await page.waitForURL(/kind=host/)
    await page.getByText('beta has gone').waitFor()
    await thereAre(1, rows)
    await page.getByLabel('Kind').selectOption('')
    await page.getByLabel('Part of the message').fill('HAS COME')
    await page.getByLabel('Part of the message').press('Enter')
    await page.getByText('web.raw has come').waitFor()
    await thereAre(1, rows)
    await page.getByLabel('Until').fill('2001-01-01')
    await page.getByText('There is no such event.').waitFor()
    assert.deepEqual(await barriers(page), [])
  })

  await t.test('an alert has an address, and leads to what happened there', async () => {
    await page.goto(`${url}alerts`)
    await page.getByRole('link', { name: 'it is late' }).click()
    await page.getByRole('heading', { name: 'Alert about alpha/web.raw' }).waitFor()
    await page.getByText('look at its host').waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('link', { name: 'What happened there' }).click()
    await page.getByText('web.raw has come').waitFor()
    await thereAre(0, page.getByText('beta has gone'))
  })
  assert.deepEqual(problems, [])
})

/** Waits for this job, and that there are no more rows than are seen and some beyond. */
async function rowOf(page: Page, job: string): Promise<void> {
  await page.getByRole('row', { name: job }).first().waitFor()
  assert.ok((await page.locator('tbody tr').count()) <= DRAWN)
}

async function scrolledUntil(page: Page, job: string): Promise<void> {
  await page.mouse.move(700, 600)
  const row = page.getByRole('row', { name: job })
  for (let turns = 0; turns < 200 && (await row.count()) === 0; turns++) {
    await page.mouse.wheel(0, 900)
    await page.waitForTimeout(20)
  }
  await rowOf(page, job)
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
  await recordEvent(database, {
    kind: 'source-changed',
    about: source,
    message: 'web.raw has come',
  })
  await recordEvent(database, {
    kind: 'host-renamed',
    about: 'host-beta',
    message: 'beta has gone',
  })
  const late = { cause: 'it is late', action: 'look at its host' }
  await raiseAlert(database, systemRandom, {
    ...{ type: 'rpo-exceeded', severity: 'warning', object: source, ...late },
  })
  await database.query(
    `INSERT INTO job (id, kind, state, queued_at, finished_at, error)
     SELECT 'j-' || n, 'verification', 'failed', now() - make_interval(mins => n),
            now() - make_interval(mins => n),
            jsonb_build_object('code', 'stalled', 'message', 'job ' || n || ' came to nothing')
       FROM generate_series(1, $1::int) AS n`,
    [MANY],
  )
}
