import assert from 'node:assert/strict'
import test from 'node:test'
import { serve } from '../http/served.ts'
import { lacksTool } from '../support/needs.ts'
import { barriers, openBrowser, openPage } from './browser.ts'

test('a store that fills is seen filling, on the overview and as a picture', async (t) => {
  if (lacksTool(t, 'chromium')) return
  const { database, url, token } = await serve(t)
  // Today's figures are those of the store; what was before rose by a gibibyte a day.
  await database.query(
    `INSERT INTO storage_day
     SELECT (now() AT TIME ZONE 'UTC')::date - 31 + n, now(), n::int8 << 30, n::int8 << 31, NULL,
            0, 0, n, 1::int8 << 40, 1::int8 << 39
       FROM generate_series(1, 30) n`,
  )
  const { page, problems } = await openPage(await openBrowser(t))
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in with a token instead' }).click()
  await page.getByLabel('Operator’s token').fill(token)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('link', { name: /^As it went in the last 30 days/ }).click()
  const picture = page.getByRole('img', { name: /^Stored bytes, where they lead/ })
  await picture.locator('canvas').waitFor()
  await page.getByText('All that fits').waitFor()
  assert.equal(await page.getByRole('img', { name: /bytes of 31 days$/ }).count(), 1)
  assert.deepEqual(await barriers(page), [])
  assert.deepEqual(problems, [])
})
